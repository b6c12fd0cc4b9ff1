"""What is known of an exercise in which something is wrong: one that can be asked, its keys those of the file."""

from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.convert import convert, usable
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.known import known_part
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.model import Exercise, Step

from .test_lint import GATES, LOOP


def made(text: str) -> Exercise:
    value = convert(parse(text, Path("some.yaml")), Exercise).value
    assert value is not None
    return value


def known(text: str, blamed: tuple[str, ...] = ()):
    told = []
    found = known_part(made(text), lambda error: told.append(error.key), blamed)
    return found, told


@pytest.mark.parametrize("text", [GATES, LOOP])
def test_all_of_a_good_exercise_is_known(text):
    exercise = made(text)
    assert known_part(exercise, pytest.fail).exercise is exercise


def test_the_rest_of_a_broken_exercise_can_be_asked_with_any_numbers():
    text = GATES.replace("- let: kept", "- {let: w = f + q, say: s}\n  - let: kept").replace(
        "[f, kept, c", "[w, kept, c"
    )
    text = text.replace("as: vector\n", "as: vector\n  - {answer: w, as: vector, prompt: two}\n")
    found, told = known(text)
    assert told == ["steps[0].let"]
    assert [step.let for step in found.exercise.steps] == ["kept = f * old", "c = kept + i * new"]
    assert [part.name for part in ask(found.exercise).parts] == ["c"]
    assert np.array_equal(ask(found.exercise, 3).part("c").expected, ask(made(GATES), 3).part("c").expected)
    assert found.place("steps[1].let") == "steps[2].let"
    assert found.place("show[0].heatmap[1]") == "show[0].heatmap[2]"
    assert found.place("ask[0].answer") == "ask[0].answer"
    assert found.place("given") == "given"


def test_a_line_of_a_loop_is_left_out_and_the_others_stay():
    text = LOOP.replace("    do:\n", "    do:\n      - {let: 'g[t] = x[t] + q', say: s}\n")
    found, told = known(text)
    assert told == ["steps[1].do[0].let"]
    assert found.place("steps[1].do[0].let") == "steps[1].do[1].let"
    assert [part.name for part in ask(found.exercise).parts] == ["h", "L"]


def test_a_given_keeps_its_shape_where_its_numbers_cannot_be_had():
    text = LOOP.replace('x: {value: "[1, 2, 3]"', 'x: {shape: "(T,)", value: "[1, 2, log(-1)]"')
    found, told = known(text)
    assert told == ["given.x.value"]
    assert (found.exercise.given["x"].value, found.exercise.given["x"].shape) == (None, "(T,)")
    shown = text.replace("answer: L, as: scalar", "answer: L, as: shape")
    assert [part.name for part in ask(known(shown)[0].exercise).parts] == ["L"]


def test_of_what_was_told_of_already_nothing_is_said():
    found, told = known(GATES.replace("kept = f", "kept = fff"), ("steps[0].let",))
    assert told == []
    assert not found.exercise.ask


def test_what_is_missing_in_a_file_is_in_its_place():
    text = GATES.replace("  - let: kept = f * old\n    say: What is kept.\n", "  - 3\n").replace(
        "title: Cell update\n", ""
    )
    exercise, made_up = usable(parse(text, Path("some.yaml")), Exercise)
    assert exercise is not None
    assert made_up == ["steps[0]", "title"]
    assert exercise.steps[0] == Step()
    assert exercise.steps[1].let == "c = kept + i * new"


def test_what_is_said_of_other_numbers_stands_at_the_keys_of_the_file(tmp_path):
    text = GATES.replace("- let: kept", "- {let: w = f + q, say: s}\n  - let: kept")
    text = text.replace("max(abs(old)) < 3", "1 == 1").replace(
        "let: kept = f * old", "let: kept = f * old + ones(2)[whole]"
    )
    text = text.replace("conditions:", '  whole: {value: 1, means: place, draw: "integers(2, 5)"}\nconditions:')
    (tmp_path / "gates.yaml").write_text(text)
    said = {(one.key, one.says[:6]) for one in check(tmp_path / "gates.yaml", 2).findings if one.severity == "error"}
    assert ("steps[0].let", "There ") in said
    assert ("steps[1].let", "seed 0") in said
