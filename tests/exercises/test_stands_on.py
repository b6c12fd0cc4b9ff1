"""The words that an exercise stands on are found in its text, and the paragraph of the page that is about it."""

import msgspec
import pytest
import yaml

from rnn_tutor.exercises.book import Term
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.stands_on import MOST, paragraph_of, paragraphs_of, unknown_words, words_of
from rnn_tutor.paths import content_folder

from ..files_for_tests import write


def term(word, *symbols, unit="u"):
    return Term(term=word, symbols=list(symbols), unit=unit, means="A meaning.")


def made(prompt, **more):
    data = {"format": 1, "id": "made", "title": "Made", "prompt": prompt, **more}
    data.setdefault("ask", [{"answer": "y", "as": "scalar"}])
    return msgspec.convert(yaml.safe_load(yaml.safe_dump(data)), Exercise, strict=False)


def found(prompt, *terms, unit="u", **more):
    return [one.term for one in words_of(made(prompt, **more), terms, unit)]


@pytest.mark.parametrize(
    ("word", "prompt"),
    [
        ("gate", "Three gates are open."),
        ("bias", "All biases are 0."),
        ("loss", "Add the losses."),
        ("vocabulary", "Two vocabularies."),
        ("time step", "At each time-step."),
        ("time step", "Over all time\nsteps of it."),
        ("pre-activation", "Its pre-activations"),
        ("key and value", "The keys are equal."),
        ("BPTT (in full)", "Now with BPTT."),
    ],
)
def test_a_word_is_found_in_any_number_and_over_the_end_of_a_line(word, prompt):
    assert found(prompt, term(word)) == [word]


@pytest.mark.parametrize(("word", "prompt"), [("gate", "An aggregate."), ("norm", "A normal draw."), ("mask", "")])
def test_a_part_of_a_word_is_none(word, prompt):
    assert found(prompt or "p", term(word)) == []


def test_the_longest_word_counts_and_all_come_in_their_order():
    terms = [term("weights"), term("input weights"), term("gradient")]
    assert found("The gradient of the input weights.", *terms) == ["gradient", "input weights"]
    assert found("The weights, the input weights.", *terms) == ["weights", "input weights"]


def test_symbols_count_where_they_are_names_of_the_file():
    given = {"W_xh": {"value": "1", "means": "m"}, "h": {"value": "2", "means": "m"}}
    steps = [{"let": "y = W_xh * h", "say": "s"}]
    terms = [term("input weights", "W_xh"), term("state", "h[t]"), term("other", "k"), term("abroad", "h", unit="v")]
    assert found("p", *terms, given=given, steps=steps) == ["input weights", "state"]
    assert found("p", *terms, given=given, steps=steps, unit="v") == ["input weights", "abroad"]


def test_an_author_names_more_and_these_come_first():
    terms = [term("gate"), term("spectral radius")]
    assert found("A gate.", *terms, words=["Spectral radius"]) == ["spectral radius", "gate"]
    assert unknown_words(made("p", words=["gate", "no such word"]), terms) == [1]


def test_there_are_at_most_as_many_as_explain_something():
    terms = [term(f"word{letter}") for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert len(found(" ".join(one.term for one in terms), *terms)) == MOST


PAGE = """\
First of all, states.

  h = tanh(a)

Then gates, which are sigmoids.

At last clipping; gates again."""


def test_a_page_has_its_paragraphs_with_their_formulas():
    assert len(paragraphs_of(PAGE)) == 3
    assert "tanh" in paragraphs_of(PAGE)[0]
    assert "\n\n".join(paragraphs_of(PAGE)) == PAGE


@pytest.mark.parametrize(("words", "place"), [(["state"], 0), (["gate", "clipping"], 2), (["gate"], 1), (["none"], 0)])
def test_the_paragraph_is_the_one_that_is_most_about_it(words, place):
    assert paragraph_of(made("p"), [term(word) for word in words], PAGE) == place


def test_every_exercise_of_the_course_stands_on_some_words():
    library = Library([content_folder()])
    terms = library.glossary().terms
    for unit in library.course.units:
        for entry in unit.exercises:
            assert words_of(library.exercise(entry.id), terms, unit.id), entry.id


def test_check_tells_of_a_word_that_the_glossary_does_not_have(tmp_path):
    exercise = "format: 1\nid: one\ntitle: One\nprompt: p\nwords: [gate, gait]\nsteps: [{let: 'y = 1 + 1', say: s}]\n"
    files = {
        "course.yaml": "format: 1\ntitle: C\nunits: [{id: u, title: U, aim: a, exercises: [{id: one, title: One}]}]\n",
        "glossary.yaml": "format: 1\nterms: [{term: gate, unit: u, means: It opens.}]\n",
        "u/one.yaml": exercise + "ask: [{answer: y, as: scalar}]\n",
    }
    told = [(one.key, one.says) for one in check(write(tmp_path / "pack", files), 0).findings if "glossary" in one.says]
    assert told == [("words[1]", "the glossary has no word 'gait'")]
