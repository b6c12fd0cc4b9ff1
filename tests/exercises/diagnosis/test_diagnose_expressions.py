"""What is said of expressions in the course: true with other numbers too, or not said."""

from pathlib import Path

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

CONTENT = Path(__file__).parents[3] / "content"


def test_what_a_loop_computes_may_be_written_at_once():
    question = ask(load_exercise(CONTENT / "recurrence" / "unroll-unit.yaml"))
    part = question.parts[0].name
    assert mark(question, part, "exp(w_x * x) - x").diagnosis.says.startswith("w_x * x matches the worked solution")
    assert mark(question, part, "tanh(w_x * x)").diagnosis.rule == "operand_alone"


READ_OFF = [("clipping/clipping-log", "factor", "limit/12"), ("diagnostics/padding-curve", "reported", "12.7/T")]


@pytest.mark.parametrize(("name", "part", "text"), READ_OFF)
def test_a_number_read_off_a_picture_may_stand_in_an_expression(name, part, text):
    assert mark(ask(load_exercise(CONTENT / f"{name}.yaml")), part, text).verdict == "right"


def test_what_fits_with_these_numbers_alone_is_not_told_of_an_expression():
    question = ask(load_exercise(CONTENT / "lstm" / "lstm-highway.yaml"), 4)
    assert question.givens["u_f"] == question.givens["u_g"]
    told = mark(question, "path", "1-sigmoid(u_f*o0*tanh(c0)+d_f)").diagnosis
    assert (told.kind, told.says) == ("mutation", "You would get this if 1 minus the result were taken.")
    only_here = mark(question, "path", "1-sigmoid(u_g*o0*tanh(c0)+d_f)").diagnosis
    assert only_here.kind == "elements"


def test_a_wide_tolerance_is_not_for_other_values():
    question = ask(load_exercise(CONTENT / "diagnostics" / "overfit-point.yaml"))
    assert "That is gap" not in mark(question, "best", "5").says


def test_a_mistake_that_needs_less_than_what_was_typed_is_not_it():
    # 3 stands for something with these numbers only, so that other numbers tell nothing; 2.5 is both by chance
    question = ask(load_exercise(CONTENT / "shapes" / "silent-broadcast.yaml"))
    verdict = mark(question, "got", "sum(abs(pred - y)) / 3")
    assert verdict.diagnosis.kind == "elements"
    assert "abs(pred - y) is the first that does not" in verdict.diagnosis.says


def test_an_authored_mistake_is_known_where_much_may_be_off():
    # it has to be apart from what is right, and not by three times the 25% that a look at a picture may be off
    question = ask(load_exercise(CONTENT / "diagnostics" / "loss-spike.yaml"))
    assert mark(question, "times", "20").diagnosis.says.startswith("This is the norm itself.")


def test_of_two_digits_no_mistake_is_told_that_many_others_are_as_near_as():
    # a plain sigmoid gives 0.01799, and `c * exp(i / c)` for the sum 0.0183
    question = ask(load_exercise(CONTENT / "sequence-models" / "scheduled-sampling.yaml"))
    assert mark(question, "eps", "0.018").diagnosis.kind == "none"
