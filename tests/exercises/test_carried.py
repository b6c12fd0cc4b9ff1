"""An earlier answer that is right and rounded is right everywhere after it, by its name and by its number."""

import json
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnn_tutor.cli import main
from rnn_tutor.engine.compare import TYPED, same
from rnn_tutor.exercises import carried
from rnn_tutor.exercises.diagnosis.distinguishable import compared
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.exercises.reading import read

LOAN = """
format: 1
id: loan
title: A loan
prompt: What is paid each month, what in all, and what of it is interest?
given:
  L: {value: "18000", means: loan, draw: "integers(5000, 20000)"}
  i: {value: "0.005", means: rate of a month, draw: "uniform(0.003, 0.01)"}
  n: {value: "36", means: months, draw: "integers(12, 60)"}
steps:
  - let: "payment = L * i / (1 - (1 + i)**(-n))"
    say: What is paid each month.
  - let: "paid = n * payment"
    say: What is paid in all.
  - let: "interest = paid - L"
    say: What of it is interest.
ask:
  - {answer: payment, as: scalar, digits: 5, rtol: 1e-6}
  - {answer: interest, as: scalar, digits: 5, rtol: 1e-6}
hints: [A series., A difference.]
"""


@pytest.fixture(scope="module")
def loan(tmp_path_factory):
    file = tmp_path_factory.mktemp("loan") / "loan.yaml"
    file.write_text(LOAN)
    return ask(read_exercise(file).exercise)


PAYMENT = 18_000 * 0.005 / (1 - 1.005**-36)  # 547.5949
ROUNDED = 36 * 547.59 - 18_000  # 1713.24, and in full 1713.4172


@pytest.mark.parametrize("payment", ["547.59", "547.5949", "547.59487"])
@pytest.mark.parametrize("typed", ["n * payment - L", "36 * 547.59 - 18000", "1713.24", "1713.2", "1713.42", "1713.4"])
def test_what_follows_from_a_right_rounding_is_right(loan, payment, typed):
    verdict = mark(loan, "interest", typed, {"payment": payment})
    assert verdict.verdict == "right", verdict.says
    assert (verdict.follows, verdict.fuller) == ("", "1713.42")


@pytest.mark.parametrize("payment", ["547.59", "547.5949"])
def test_a_mistake_made_with_a_rounded_value_is_known_as_with_the_full_one(loan, payment):
    verdict = mark(loan, "interest", "n * payment", {"payment": payment})
    assert verdict.says == "That is `n * payment`: one step is still missing."
    assert mark(loan, "interest", "36 * twice / 2", {"payment": payment}, ["twice = 2 * payment"]).says == verdict.says


@pytest.mark.parametrize(
    ("typed", "earlier"),
    [
        ("1728", {"payment": "547.59"}),  # from a payment rounded further than was asked for
        ("1692", {"payment": "547.59"}),  # from one cut off
        ("1713.3", {"payment": "547.59"}),
        ("1713.24", {}),  # nothing was rounded before
        ("1713.24", {"payment": "500"}),
        ("19713.24", {"payment": "547.59"}),
    ],
)
def test_nothing_else_becomes_right_by_it(loan, typed, earlier):
    assert mark(loan, "interest", typed, earlier).verdict == "wrong"


def test_of_several_earlier_answers_each_is_rounded_to_its_own_digits(tmp_path):
    """Noughts after a rate's first digits are asked for nowhere; a payment is asked for to five digits."""
    text = LOAN.replace(
        '  - let: "payment', '  - let: "rate = L * i"\n    say: Of the first month.\n  - let: "payment', 1
    )
    (tmp_path / "loan.yaml").write_text(text.replace("ask:\n", "ask:\n  - {answer: rate, as: scalar, digits: 3}\n"))
    question = ask(read_exercise(tmp_path / "loan.yaml").exercise)
    earlier = {"rate": "90", "payment": "547.5949"}
    assert mark(question, "interest", "1713.24", earlier).verdict == "right"
    assert mark(question, "interest", "1728", earlier).verdict == "wrong"  # from a payment of three digits


def test_what_a_difference_makes_of_a_rounding_is_another_number(tmp_path):
    text = LOAN.replace("0.005", "0.003").replace('"36"', '"12"').replace("digits: 5, rtol: 1e-6", "digits: 3")
    (tmp_path / "loan.yaml").write_text(text)
    question = ask(read_exercise(tmp_path / "loan.yaml").exercise)
    assert mark(question, "interest", "352.96", {"payment": "1529.4"}).verdict == "right"  # 12 * 1529.413 - 18000
    assert mark(question, "interest", "352.8", {"payment": "1529.413"}).verdict == "right"  # 12 * 1529.4 - 18000
    assert mark(question, "interest", "360", {"payment": "1529.413"}).verdict == "wrong"  # 12 * 1530 - 18000


def test_a_wrong_earlier_answer_is_not_put_right(loan):
    verdict = mark(loan, "interest", "n * payment - L", {"payment": "500"})
    assert verdict.follows == "It follows from your `payment`. (Your `payment` is still wrong.)"


@given(st.floats(1600, 1800))
def test_only_what_some_correct_rounding_gives_is_right(loan, value):
    typed = f"{value:.2f}"
    made = [36 * float(f"{PAYMENT:.{digits - 1}e}") - 18_000 for digits in range(5, 9)]
    near = min(abs(float(typed) - one) for one in [*made, 36 * PAYMENT - 18_000])
    right = mark(loan, "interest", typed, {"payment": "547.59"}).verdict == "right"
    assert right == (near <= 0.006) or 0.004 < near < 0.008  # typed to 0.01


def test_on_the_command_line_too(loan, tmp_path, capsys):
    (tmp_path / "loan.yaml").write_text(LOAN)
    assert main(["answer", str(tmp_path / "loan.yaml"), "547.59", "n * payment - L", "--json"]) == 0
    assert [part["verdict"] for part in json.loads(capsys.readouterr().out)["parts"]] == ["right", "right"]
    assert np.isclose(ROUNDED, 1713.24)


@given(
    expected=st.floats(1e-9, 1e9) | st.floats(-1e3, -1e-6) | st.just(0.0),
    off=st.floats(-1, 1) | st.sampled_from([-1.0, 1.0]),
    digits=st.integers(1, 5),
    more=st.integers(0, 2),
    tolerances=st.tuples(st.sampled_from([0.0, 1e-6, 1e-3, 0.5]), st.sampled_from([0.0, 1e-6, 0.3])),
    typed=st.sampled_from(["half up", "half even", "above", "below"]),
)
def test_nothing_that_may_be_right_is_out_of_reach(loan, expected, off, digits, more, tolerances, typed):
    """What follows is as far from what is expected as it may be, and the answer as far from that as it may be."""
    followed = expected + off * (TYPED.atol + TYPED.rtol * abs(expected))
    rtol, atol = tolerances
    if typed in ("above", "below"):
        answer = followed + (1 if typed == "above" else -1) * (atol + rtol * abs(followed))
        text = repr(answer)
    else:
        exact = Decimal(repr(followed))
        unit = Decimal(1).scaleb(exact.adjusted() + 1 - digits - more)
        text = str(exact.quantize(unit, rounding=ROUND_HALF_UP if typed == "half up" else ROUND_HALF_EVEN))
    asked = loan.part("interest")
    ask_for = msgspec.structs.replace(asked.ask, digits=digits, rtol=rtol, atol=atol)
    part = replace(asked, ask=ask_for, expected=np.asarray(expected))
    reading = read(loan, "interest", text)
    assume(same(np.asarray(followed), part.expected, TYPED))
    assume(compared(part, reading, np.asarray(followed)).verdict == "right")
    assert carried._within_reach(part, reading.value, part.expected)


@pytest.mark.parametrize(("typed", "reruns"), [("1800", False), ("1720", True), ("1713.24", True), ("-1713", False)])
def test_steps_run_again_only_for_answers_that_a_rounding_can_reach(loan, monkeypatch, typed, reruns):
    """For each of them, they ran up to five times."""
    run: list[int] = []
    monkeypatch.setattr(carried, "what_follows", lambda *_: bool(run.append(1)) or None)
    mark(loan, "interest", typed, {"payment": "547.5949"})
    assert bool(run) == reruns
