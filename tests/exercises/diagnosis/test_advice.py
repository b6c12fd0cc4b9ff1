"""What is said to do next where no mistake is named, what of the pad is right, and numbers that tell mistakes apart."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.exercises.diagnosis.advice import offered
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right, near
from rnn_tutor.exercises.diagnosis.search import computed, search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.figures.numbers import listed

COURSE = Library([Path(__file__).parents[3] / "content"])

PLAIN = """
format: 1
id: plain
title: Plain
prompt: Softmax, and its first.
given:
  s: {value: "[1, 2, 4]", means: scores, axes: [item], draw: "uniform(-2, 2)"}
steps:
  - let: "p = softmax(s)"
    say: Softmax.
  - let: "q = -log(p[0])"
    say: Surprise.
ask:
  - {answer: p, as: vector}
  - {answer: q, as: scalar}
"""


def plain(tmp_path, text=PLAIN):
    (tmp_path / "plain.yaml").write_text(text, "utf-8")
    return ask(load_exercise(tmp_path / "plain.yaml"))


def diagnosis_of(name, text, part=None, pad=(), seed=3, **more):
    question = ask(COURSE.exercise(name), seed)
    return mark(question, part or question.parts[0].name, text, {}, pad, **more).diagnosis


def test_an_answer_that_stays_unexplained_is_told_the_first_step_to_check():
    found = diagnosis_of("rnn-update", "0.3 0.5")
    assert (found.kind, found.rule, found.says) == ("none", "", "I don't recognise this mistake.")
    assert (found.next, found.step) == ("Check one step first: your value of `W_xh @ x`.", "W_xh @ x")


def test_where_a_mistake_is_named_there_is_its_rule_and_nothing_else_to_do():
    found = diagnosis_of("rnn-update", "tanh(W_xh @ x)")
    assert (found.kind, found.rule, found.next) == ("mutation", "term_left_out", "")


def test_a_mistake_that_the_file_describes_has_the_rule_that_gives_it_as_well(tmp_path):
    described = PLAIN + 'mistakes:\n  - {answer: p, value: "sigmoid(s)", say: These do not sum to 1.}\n'
    found = mark(plain(tmp_path, described), "p", "sigmoid(s)").diagnosis
    assert (found.kind, found.says, found.rule) == ("authored", "These do not sum to 1.", "softmax")


def test_none_and_elements_are_told_what_to_do_and_no_other_kind_is():
    kinds = set()
    for name in COURSE.ids[::4]:
        question = ask(COURSE.exercise(name))
        for part in question.parts:
            if isinstance(part.expected, np.ndarray) and part.kind != "program":
                wrong = part.expected * 0.437 + 1.371
                some = part.expected.copy()
                some.flat[0] += 3.7  # the others are right
                for value in (wrong, some):
                    verdict = mark(question, part.name, listed(value, 6))
                    if verdict.verdict == "wrong" and verdict.diagnosis is not None:
                        unexplained = verdict.diagnosis.kind in ("none", "elements")
                        assert bool(verdict.next) == unexplained, (name, verdict.diagnosis)
                        assert bool(verdict.diagnosis.rule) <= (not unexplained)
                        kinds.add(verdict.diagnosis.kind)
    assert {"none", "elements"} <= kinds


def test_without_a_step_an_open_part_comes_first_then_a_hint_then_the_pad(tmp_path):
    question = plain(tmp_path)
    assert mark(question, "q", "17.3").next == "Answer `p` first: this part follows from it."
    assert mark(question, "p", "0.2 0.3 0.5").next == "Compute it line by line on the scratchpad."
    hinted = plain(tmp_path, PLAIN + "hints: [Look.]\n")
    assert mark(hinted, "p", "0.2 0.3 0.5").next == "Open a hint: it says where to look."


def test_an_answer_that_is_very_close_is_told_to_carry_more_digits():
    question = ask(COURSE.exercise("text-perplexity"))
    found = mark(question, "ppl", listed(question.part("ppl").expected * 1.003, 5)).diagnosis
    assert (found.kind, found.says) == ("none", "That is very close.")
    assert found.next == "Carry more digits where you rounded on the way."


def test_what_is_right_is_said_first():
    question = ask(COURSE.exercise("lstm-cell"))
    right = listed(question.part("c").expected, 6).strip("[]").split(", ")
    assert mark(question, "c", f"{right[0]} 17.3").diagnosis.says.startswith("c[0] is right; c[1] is not yet.")
    question = ask(COURSE.exercise("token-loss"))
    p = question.part("p").expected.copy()
    p[1] = 17.3
    assert len(p) == 4
    says = "p[0], p[2] and p[3] are right; p[1] is not yet."
    assert mark(question, "p", listed(p, 6)).diagnosis.says.startswith(says)


@pytest.mark.parametrize(
    ("pad", "says"),
    [
        (["a = W_xh @ x", "b = W_hh.T @ h_prev"], "On your pad `a` matches the worked solution; `b` is the first that"),
        (["a = W_xh @ x", "b = W_hh @ h_prev"], "On your pad `a` and `b` match the worked solution. Check what"),
        (["a = W_xh @ x", "a + q", "c = W_xh.T @ x"], "On your pad `a` matches the worked solution; `c` is the first"),
        (["b = W_hh.T @ h_prev", "a = W_xh @ x"], ""),  # nothing before it is right
        (["x2 = x", "one = 1"], ""),  # a given, and a number that is anywhere
    ],
)
def test_lines_of_the_pad_are_told_up_to_the_first_that_is_not_on_the_way(pad, says):
    found = diagnosis_of("rnn-update", "0.3 0.5", pad=pad)
    assert says in found.says
    assert ("pad" in found.says) == bool(says)


def test_numbers_on_the_pad_are_compared_as_typed():
    question = ask(COURSE.exercise("rnn-update"), 3)
    drive = listed(question.graph.whole("drive").number, 3)
    found = mark(question, "h", "0.3 0.5", {}, [f"a = {drive}", "b = [1.17, 4.4]"]).diagnosis
    assert "`a` matches the worked solution; `b` is the first that does not." in found.says
    assert found.step == "W_hh @ h_prev"  # the first step that is not on the pad


def test_of_a_line_that_has_the_value_of_an_open_part_nothing_is_said(tmp_path):
    question = plain(tmp_path)
    pad = ["guess = softmax(s)", "e = 1 - softmax(s)"]
    found = mark(question, "q", "17.3", {}, pad).diagnosis
    assert "pad" not in found.says
    solved = mark(question, "q", "17.3", {}, pad, solved=["p"]).diagnosis
    assert solved.says.endswith("On your pad `guess` matches the worked solution; `e` is the first that does not.")


def short_answers():
    """Wrong answers of two digits to parts of the course, of which the mistake cannot be told."""
    for name in ("rnn-parameters", "lstm-count", "gru-count", "nats-and-bits", "padding-mask", "gru-step-gradient"):
        question = ask(COURSE.exercise(name))
        for part in (one for one in question.parts if one.node is not None):
            for version in search(question, part).singles[::12][:8]:
                solved = [other.name for other in question.parts]
                verdict = mark(question, part.name, listed(version.value, 2), solved=solved)
                if verdict.diagnosis is not None and verdict.diagnosis.suspects:
                    yield question, part, verdict, solved


def test_where_digits_are_too_few_numbers_are_offered_that_decide():
    decided = 0
    for question, part, verdict, solved in short_answers():
        told = offered(question, verdict).diagnosis
        if told.differs is None:
            assert told.next or told.kind == "mutation"
            continue
        there = told.differs.part(part.name)
        assert told.next.startswith("Try it with new numbers: then I can tell which it is.")
        values = [computed(told.differs, there, version) for version in told.suspects]
        assert not any(looks_right(there, value) for value in values)
        for at, value in enumerate(values):
            assert not any(near(there, value, other).all() for other in values[:at])
            answer = listed(value, 4)
            again = mark(told.differs, part.name, answer, solved=solved, suspects=told.suspects).diagnosis
            if again is not None and again.kind == "mutation":
                assert again.rule == "+".join(told.suspects[at].rules)
                decided += 1
    assert decided > 5


def test_two_that_fit_are_both_named_with_their_rules_and_with_numbers_that_decide():
    question = ask(COURSE.exercise("gru-count"))
    part = question.part("plain")
    pairs = [one for one in search(question, part).singles if one.value.shape == ()]
    same = next(
        (first, second)
        for at, first in enumerate(pairs)
        for second in pairs[at + 1 :]
        if first.value == second.value and first.cost == second.cost and first.rules != second.rules
    )
    verdict = mark(question, "plain", listed(same[0].value, 6))
    assert verdict.diagnosis is not None and verdict.verdict == "wrong"
    if " or " in verdict.diagnosis.rule:
        assert len(verdict.diagnosis.suspects) == 2


def test_without_new_numbers_none_are_offered(tmp_path):
    question = plain(tmp_path, PLAIN.replace(', draw: "uniform(-2, 2)"', ""))
    verdict = mark(question, "p", "0.2 0.3 0.5")
    some = tuple(search(question, question.part("p")).singles[:2])
    told = offered(question, replace(verdict, diagnosis=replace(verdict.diagnosis, suspects=some)))
    assert told.diagnosis.differs is None


@pytest.mark.parametrize(("typed", "example"), [("3.33", True), ("2.3", False)])
def test_of_few_digits_what_gives_them_is_told_as_an_example(tmp_path, typed, example):
    """Three digits are not enough to name one of thirty versions; what it is may be said, as an example."""
    question = plain(tmp_path, WELCH)
    found = mark(question, "t", typed).diagnosis
    assert (found.kind, found.rule) == ("none", "")
    assert found.says.startswith("I can't tell from these digits which mistake it is.")
    assert ("You would get this, for example, if the last of `a` were left out of the mean." in found.says) is example
    assert found.suspects


WELCH = """
format: 1
id: plain
title: Two groups
level: 2
prompt: Compute Welch's t.
given:
  a: {value: "[5.1, 4.7, 6.2, 5.8, 5.5, 4.9]", means: group a, axes: [patient], draw: "normal(5.5, 0.8)", decimals: 1}
  b: {value: "[4.2, 3.1, 4.9, 3.6]", means: group b, axes: [patient], draw: "normal(4, 1.2)", decimals: 1}
steps:
  - let: "gap = mean(a) - mean(b)"
    say: The gap.
  - let: "se = sqrt(var(a, ddof=1) / 6 + var(b, ddof=1) / 4)"
    say: Its error.
  - let: "t = gap / se"
    say: The gap in errors.
ask:
  - {answer: t, as: scalar}
hints: [a, b]
"""
