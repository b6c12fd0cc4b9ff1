"""Patterns of sentences that read as translated: found in what is written for learners, and not in plain English."""

import re
from pathlib import Path

import pytest

from rnn_tutor.exercises.lint import check, language
from rnn_tutor.exercises.lint.language import hits, sentences, told
from rnn_tutor.paths import content_folder

RULES = {
    "Asked is the whole sequence.": 1,
    "Asked are the scores, before the softmax.": 1,
    "`z` stands where `1 - z` belongs": 1,
    "`a` is taken without a look at `b`": 1,
    "Taking the mean off the units of one time step.": 1,
    "the gradient of the loss by the logits": 2,
    "The derivative of `h` by `h_prev`.": 2,
    "The Jacobian of the state by the input.": 2,
    "It shall predict the mark.": 3,
    "So one can read it.": 3,
    "The picture still looks like an alignment, which is why one checks the sums.": 3,
    "The sign of the whole is turned round.": 4,
    "The difference is taken the wrong way round.": 4,
    "The gates have changed places.": 4,
    "That is what the last step keeps.": 5,
    "It depends on what it has.": 5,
    "This comes from nowhere.": 5,
    "The slope of the tanh is at most 1.": 6,
    "The worked way is longer.": 6,
    "These are the book's numbers.": 6,
    "The share of the old state is small.": 6,
    "As long as the longest sequence runs, so many entries there are.": 8,
    "So many tokens there are.": 8,
    "It is no password.": 8,
    "The factors make a power and no product.": 8,
    "It looks well even where the model fails.": 8,
    "It jumps to and fro.": 8,
    "That is not it yet.": 10,
}
GOOD = [
    "Backpropagation multiplies a gradient by one more factor for each step back.",
    "You divided the gradient by the limit.",
    "Clip the gradient by norm.",
    "Work out the gradient by hand.",
    "The first one has the value 1, and the other one does not.",
    "One of them can be wrong; one may be enough.",
    "Layers that share their weights have one bias.",
    "The slope of the line is 2.",
    "The line falls, and its slope is the logarithm of a factor.",
    "There is no mask, and no path through time is needed.",
    "The gradient is no longer zero.",
    "It depends on how many steps there are.",
    "So the loss is the mean.",
    "So one number decides.",
    "This is the gradient of the whole batch.",
    "`Asked is` is code here, and `shall` too.",
]


@pytest.mark.parametrize("text", RULES)
def test_a_sentence_that_breaks_a_rule_is_found(text: str) -> None:
    found = list(hits(text))
    assert [hit.rule for hit in found][:1] == [RULES[text]], found
    assert found[0].instead and found[0].found in text


def test_which_word_is_the_term_for_a_thing_is_a_rule_for_the_course_alone(tmp_path: Path) -> None:
    """Another course has its own subject: a slope there may be a slope."""
    text = "The slope of the tanh is at most 1. Asked is the state."
    ours = told([("prompt", text)], content_folder() / "lstm" / "lstm-cell.yaml")
    assert [hit.rule for _, hit in ours] == [6, 1]
    assert [hit.rule for _, hit in told([("prompt", text)], tmp_path / "lstm-cell.yaml")] == [1]


@pytest.mark.parametrize("text", GOOD)
def test_good_english_is_left_alone(text: str) -> None:
    assert not list(hits(text))


def test_a_long_sentence_is_told_and_code_is_no_word() -> None:
    (hit,) = hits("Word " * 26 + "end.")
    assert (hit.rule, hit.found) == (9, "27 words")
    assert not list(hits("Word " * 24 + "end."))
    assert not list(hits("word " * 20 + "`" + "word " * 20 + "`."))
    assert not list(hits(("Word " * 20 + "T. ") + "But " * 20))
    assert not list(hits(("Word " * 12 + "end. ") * 4))


def test_sentences_end_where_they_do() -> None:
    text = "Cho et al. 2014 have it. So `a. B` is one: Two\n\n  h = tanh(A. B)\n\nThree (see Fig. 2)."
    assert list(sentences(text)) == ["Cho et al. 2014 have it.", "So `a. B` is one:", "Two", "Three (see Fig. 2)."]


def test_every_exception_names_its_reason_and_every_pattern_says_what_to_write() -> None:
    assert language._language().patterns
    for pattern in language._language().patterns:
        assert 1 <= pattern.rule <= 10 and pattern.instead
        assert all(re.compile(text) for text in (pattern.find, *(but.text for but in pattern.but)))
        assert all(len(but.reason.split()) > 2 for but in pattern.but)


EXERCISE = """\
format: 1
id: one
title: Asked is a number
prompt: So many there are.
given:
  x: {value: "2", means: a number, draw: "uniform(1, 3)"}
steps:
  - let: "a = x + 1"
    say: First add one,
  - let: "b = a + 1"
    say: That is what is left.
ask:
  - {answer: b, as: scalar}
mistakes:
  - {value: "x", say: The numbers have changed places.}
hints: [It shall be larger., One more.]
"""


def test_check_warns_with_line_sentence_and_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(EXERCISE)
    told = {finding.key: finding for finding in check(path, 3).findings if "(rule" in finding.says}
    assert {key: finding.line for key, finding in told.items()} == {
        "title": 3,
        "prompt": 4,
        "steps[0].say": 9,
        "steps[1].say": 11,
        "mistakes[0].say": 15,
        "hints[0]": 16,
    }
    assert all(finding.severity == "warning" for finding in told.values())
    assert told["hints[0]"].says == "'It shall be larger.' has 'shall'; expected must, or the imperative (rule 3)"
    assert "a whole sentence" in told["steps[0].say"].says
    assert not check(path, 3).errors


def test_check_reads_labs_pages_glossary_and_course_too(tmp_path: Path) -> None:
    from tests.exercises.labs_for_tests import course_with_lab

    folder = course_with_lab(tmp_path)
    for path in folder.rglob("*.yaml"):
        if path.parent.name == "labs":
            path.write_text(path.read_text().replace("A power, and", "Asked is a power, and"))
    course = folder / "course.yaml"
    text = course.read_text()
    course.write_text(text.replace("aim: ", "aim: So many steps. ", 1))
    unit = next(path.parent.parent for path in folder.rglob("labs/*.yaml"))
    (unit / "page.yaml").write_text("format: 1\ntext: |\n  " + "Word word word. " * 50 + "\n  It shall.\n")
    (folder / "glossary.yaml").write_text(
        f"format: 1\nterms:\n  - {{term: gate, unit: {unit.name}, means: It looks well.}}\n"
    )
    told = {(finding.file.name, finding.key) for finding in check(folder, 1).findings if "(rule" in finding.says}
    assert {(name, key.split("[")[0].split(".")[0]) for name, key in told} == {
        ("course.yaml", "units"),
        ("page.yaml", "text"),
        ("glossary.yaml", "terms"),
        ("decay.yaml", "predict"),
    }
