import pytest

from rnn_tutor.progress.attempt import DRAFT, MOST_TEXT
from rnn_tutor.progress.drafts import PAD, PLACE, Answers, answers_of, latest_drafts
from rnn_tutor.progress.store import Store


@pytest.fixture
def draft(made):
    def make(text, part="p"):
        return made(exercise="a", part=part, text=text, verdict=DRAFT)

    return make


def texts(kept):
    return {name: {part: one.text for part, one in drafts.items()} for name, drafts in latest_drafts(kept).items()}


def test_a_draft_holds_until_its_part_is_answered_or_another_comes(draft, made):
    first, second, other = draft("1"), draft("2"), draft("x", "q")
    assert texts([first, other, second]) == {"a": {"p": "2", "q": "x"}}
    assert texts([first, other, made(exercise="a", part="p", text="3")]) == {"a": {"q": "x"}}
    assert texts([first, draft("")]) == {}
    assert texts([first, made(exercise="b", part="p")]) == {"a": {"p": "1"}}


def test_the_pad_of_an_answer_is_left(draft, made):
    assert texts([draft("a = 1", PAD), made(exercise="a", part="p", scratch="a = 2")]) == {"a": {PAD: "a = 2"}}
    assert texts([made(exercise="a", part="p", scratch="a = 2"), draft("", PAD)]) == {}


def test_drafts_are_no_attempts(tmp_path, draft, made):
    store = Store.open(tmp_path / "progress.sqlite3")
    store.add(draft("1"))
    store.add(made(exercise="a", part="q"))
    assert [one.part for one in store.attempts()] == ["q"]
    assert [one.part for one in Store.open(tmp_path / "progress.sqlite3").kept()] == ["p", "q"]


def test_answers_come_back_from_what_is_kept_of_a_place(draft):
    answers = Answers({"p": "0.24", "W": "[1 2]"}, frozenset({"p"}))
    assert answers_of(draft(answers.text, PLACE)) == answers


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "3", '{"answers": [1]}', '{"answers": {"p": 3}, "looked up": {}}', "[" * 7000]
)
def test_what_is_no_place_of_ours_has_no_answers(draft, text):
    assert answers_of(draft(text, PLACE)) == Answers()


def test_answers_that_have_no_room_are_left_out(draft):
    kept = Answers({"p": "x" * MOST_TEXT}).text
    assert len(kept) <= MOST_TEXT and answers_of(draft(kept, PLACE)) == Answers()


def test_what_was_kept_of_last_is_where_one_goes_on(tmp_path, draft, made):
    store = Store.open(tmp_path / "progress.sqlite3")
    assert store.beginning().left is None
    store.add(made(exercise="b"))
    store.add(draft("1"))
    assert store.beginning().left == "a"
