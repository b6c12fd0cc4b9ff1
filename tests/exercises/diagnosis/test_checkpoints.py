"""The steps on which learners check themselves: what is asked for is computed, and never tells more than it may."""

from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.exercises.diagnosis.checkpoints import check, checkpoints
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.figures.numbers import listed

COURSE = Library([Path(__file__).parents[3] / "content"])

LOOP = """
format: 1
id: loop
title: A loop
prompt: Carry it on.
given:
  x: {value: "[2, 3, 5]", means: inputs, axes: [time], draw: "uniform(1, 9)"}
  w: {value: "0.5", means: weight, draw: "uniform(0.1, 0.9)"}
  h0: {value: "4", means: start, draw: "uniform(1, 3)"}
steps:
  - start: {h: "h0"}
    say: It starts from what is given.
  - for: t in range(3)
    say: One time step after the other.
    do:
      - let: "hidden[t] = w * h[t-1]"
        say: What is kept.
      - let: "h[t] = hidden[t] + x[t]"
        say: And what is new.
  - let: "secret = h[-1] ** 2"
    say: Squared.
  - let: "out = secret + h[0]"
    say: And the first.
ask:
  - {answer: h, as: vector}
  - {answer: out, as: scalar}
hints: [Begin at the start., Go on.]
"""


@pytest.fixture
def loop(tmp_path):
    (tmp_path / "loop.yaml").write_text(LOOP, "utf-8")
    return ask(load_exercise(tmp_path / "loop.yaml"))


def texts(question, part, unsolved=()):
    return [point.text for point in checkpoints(question, question.part(part), unsolved)]


def test_a_hidden_step_is_written_out_in_what_the_learner_sees():
    question = ask(COURSE.exercise("rnn-update"))
    assert texts(question, "h") == ["W_xh @ x", "W_hh @ h_prev", "W_xh @ x + W_hh @ h_prev"]


def test_of_a_loop_the_first_time_step_is_asked_for_with_the_start_in_its_place(loop):
    question = loop
    assert texts(question, "h") == ["w * h0", "h[0]", "h[1]", "h[2]"]
    assert [float(point.value) for point in checkpoints(question, question.part("h"), ())] == [2.0, 4.0, 5.0, 7.5]
    assert texts(question, "out") == ["w * h0", "w * h0 + x[0]", "h[-1]**2"]


def test_what_reads_or_is_an_open_part_is_not_asked_for(loop):
    question = loop
    assert "h[-1]**2" not in texts(question, "out", {"h"})
    question = ask(COURSE.exercise("sequence-probability"))
    assert texts(question, "logp", {"p"}) == ["log(probs)"]


def parts_of_the_course():
    for name in COURSE.ids:
        question = ask(COURSE.exercise(name))
        yield from ((question, part) for part in question.parts if isinstance(part.expected, np.ndarray))


def test_in_the_whole_course_each_gives_its_value_as_an_answer_would_and_names_no_hidden_step():
    asked = 0
    for question, part in parts_of_the_course():
        earlier = {name: listed(value, 17) for name, value in question.truths.items()}
        for point in checkpoints(question, part, ()):
            if point.text.partition("[")[0] != part.step:  # of what is asked for itself the learner has no name yet
                checked = check(question, part, point, point.text, earlier=earlier)
                assert checked.verdict == "right", (question.exercise.id, part.name, point.text, checked.says)
            asked += 1
    assert asked > 300


def test_in_the_whole_course_none_has_the_value_of_an_open_part_or_of_the_answer():
    for question, part in parts_of_the_course():
        names = {other.name for other in question.parts} - {part.name}
        for point in checkpoints(question, part, names):
            for other in question.parts:
                expected = other.expected
                if isinstance(expected, np.ndarray) and expected.shape == point.value.shape:
                    assert not np.allclose(expected, point.value, rtol=1e-9, atol=0), (question.exercise.id, point.text)


@pytest.mark.parametrize(
    ("text", "verdict", "says"),
    [
        ("1 -1", "right", "That is `W_xh @ x`."),
        ("W_xh @ x", "right", "That is `W_xh @ x`."),
        ("1 1", "wrong", "Not this one. The mistake is in this step or in a value it uses."),
        ("1", "wrong", "Not this one. Yours is a single number; `W_xh @ x` is a vector (2)."),
        ("q", "not_understood", "There is no name q"),
    ],
)
def test_a_value_is_marked_as_an_answer_is(text, verdict, says):
    question = ask(COURSE.exercise("rnn-update"))
    part = question.part("h")
    checked = check(question, part, checkpoints(question, part, ())[0], text)
    assert checked.verdict == verdict
    assert checked.says.startswith(says)


def test_a_value_that_is_too_short_is_no_slip():
    question = ask(COURSE.exercise("lstm-output"))
    part = question.part("h")
    point = checkpoints(question, part, ())[0]
    checked = check(question, part, point, listed(point.value, 2))
    assert (checked.verdict, "3 significant digits" in checked.says) == ("rounded", True)
