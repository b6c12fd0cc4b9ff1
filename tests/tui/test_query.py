"""What is typed to search with: words with typing errors, and filters."""

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder
from rnn_tutor.tui.answers import Answers
from rnn_tutor.tui.query import About, Query, Vocabulary, fits, query
from rnn_tutor.tui.rows import Index, Row, _Texts
from rnn_tutor.tui.session import Session

TEXTS = ["the recurrence of a gate", "backpropagation through time", "a gated unit", "gradient norm"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recurence", "recurrence"),  # one too few
        ("gradiennt", "gradient"),  # one too many
        ("gradkent", "gradient"),  # another one
        ("graident", "gradient"),  # exchanged
        ("recurenc", "recurrenc"),  # a beginning, as it is being typed
        ("backpropogtion", "backpropagation"),  # twice
        ("nrom", "norm"),
        ("gte", None),  # too short
        ("zzzzzz", None),
        ("x" * 500, None),
    ],
)
def test_the_word_that_was_meant(typed, meant):
    assert Vocabulary(lambda: TEXTS).meant(typed) == meant


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("levl:2", (("level", "2"),)), ("lvel:2", (("level", "2"),)), ("knd:lab", (("kind", "lab"),)),
        ("units:gru", (("unit", "gru"),)), ("a:2", ()), ("os:due", ()), ("shape:2", ()),
    ],
)  # fmt: skip
def test_the_name_of_a_filter_may_be_mistyped(typed, filters):
    assert query(typed) == Query(() if filters else (typed,), filters)


def test_a_query_has_words_and_filters():
    assert query("Gate  level:2 is:due") == Query(("gate",), (("level", "2"), ("is", "due")))
    assert query("kind: gate") == Query(("gate",), ())  # it is being typed
    assert query("colour:red") == Query(("colour:red",), ())
    assert query("level:7").refused == "level:7 finds nothing: level takes 1, 2, 3."
    assert query("is:mas kind:prog level:1 unit:lstm").refused == ""
    assert query("kind:program").asked_kinds and query("kind:c").asked_kinds
    assert not query("kind:lab gate").asked_kinds


ONE = About("exercise", "lstm", 2, ("done", "mastered"), ("program", "picture"))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("level:2", True), ("level:1", False), ("is:mastered", True), ("is:d", True), ("is:due", False),
        ("kind:program", True), ("kind:pi", True), ("kind:exercise", True), ("kind:lab", False), ("kind:shape", False),
        ("unit:ls", True), ("unit:gru", False), ("level:2 is:done kind:prog unit:lstm", True),
        ("level:2 is:due", False), ("", True),
    ],
)  # fmt: skip
def test_a_line_fits_where_all_filters_do(text, holds):
    assert fits(query(text), ONE) is holds


@pytest.fixture(scope="module")
def session():
    return Session(Library([content_folder()]))


@pytest.fixture(scope="module")
def index(session):
    return Index(session.library, *session.book())


def ids(found):
    return [row.id for row in found.rows if row.kind == "exercise"]


@pytest.mark.parametrize(
    "words", ["update", "pdat", "update two", "two update", "t", "one", "update x", "u\nc", "none", "cell update one"]
)
def test_what_has_all_words_is_found_whether_all_texts_have_them_or_some_or_none(words):
    texts = ["cell update one", "cell update two", "cell update one-two"]
    found = _Texts((Row("exercise", text), text) for text in texts).having(words.split(" "))
    assert [row.id for row in found] == [text for text in texts if all(word in text for word in words.split(" "))]
    assert _Texts([]).having(words.split(" ")) == []


def test_a_typing_error_finds_what_the_right_word_finds(session, index):
    right, wrong = (index.search(query(word), session.about) for word in ("perplexity", "perplexty"))
    assert wrong.instead == {"perplexty": "perplexity"}
    assert wrong.rows == right.rows and right.rows and not right.instead
    several = index.search(query("perplexty tokn"), session.about)
    assert several.rows == index.search(query("perplexity token"), session.about).rows


def test_words_that_stand_apart_are_not_taken_for_others(session, index):
    found = index.search(query("eigenvalue perplexity padding"), session.about)
    assert found.rows == [] and found.instead == {}


def test_filters_alone_list_all_that_fit_with_their_headings(session, index):
    found = index.search(query("level:3"), session.about)
    levels = {entry.id: entry.level for _, entry in session.entries()}
    assert ids(found) == [name for name in session.library.ids if levels[name] == 3]
    assert found.rows[0].kind == "heading" and found.rows[-1].kind == "exercise"
    assert found.counts == {"exercise": len(ids(found))}
    assert {row.kind for row in index.search(query("kind:lab"), session.about).rows} == {"heading", "lab"}
    assert index.search(query("is:mastered"), session.about).rows == []
    assert ids(index.search(query("is:new"), session.about)) == list(session.library.ids)
    lstm = index.search(query("level:2 unit:lstm gate"), session.about)
    assert ids(lstm) and all(row.unit.id == "lstm" for row in lstm.rows if row.kind == "exercise")


def test_kinds_of_answers_are_known_of_files_that_were_read(session, index):
    answers = Answers(session.library)
    session.answers = answers
    assert ids(index.search(query("kind:program"), session.about)) == []
    while answers.unread:
        answers.read_some(50)
    programs = ids(index.search(query("kind:program"), session.about))
    assert programs == [
        name for name in session.library.ids if any(ask.as_ == "program" for ask in session.library.exercise(name).ask)
    ]
    assert programs and all(session.library.exercise(name).picture for name in
                            ids(index.search(query("kind:picture"), session.about)))  # fmt: skip


def test_of_words_that_are_as_near_the_one_that_stands_there_most_often_is_meant():
    vocabulary = Vocabulary(lambda: ["gates", "gates", "dates"])
    assert vocabulary.meant("hates") == "gates"
