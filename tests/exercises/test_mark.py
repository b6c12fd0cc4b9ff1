"""Verdicts: right in every notation and rounding, follow-through and its guards, what a verdict always holds."""

import json
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise, read_exercise

HELD_BACK = Path(__file__).parent / "held_back"
EXERCISES = {path.stem: load_exercise(path) for path in sorted(HELD_BACK.glob("*.yaml"))}
QUESTIONS = {name: ask(exercise) for name, exercise in EXERCISES.items()}
VALUES = [
    (name, part.name)
    for name, question in QUESTIONS.items()
    for part in question.parts
    if isinstance(part.expected, np.ndarray)
]


@cache
def asked(name, seed):
    """Return an exercise with the numbers of a seed; drawing them takes longer than marking an answer."""
    return ask(EXERCISES[name], seed)


def printed(value, write):
    value = np.asarray(value)
    return write(float(value)) if value.ndim == 0 else "[" + ", ".join(printed(one, write) for one in value) + "]"


WAYS = {
    "full": repr,
    "digits": lambda x: f"{x:#.{5}g}",
    "powers": lambda x: f"{x:.4e}",
    "fixed": lambda x: f"{x:.8f}",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", [None, 5])
def test_the_right_answer_is_right_however_it_is_printed(way, seed):
    for name, part in VALUES:
        question = asked(name, seed)
        verdict = mark(question, part, printed(question.part(part).expected, WAYS[way]))
        assert verdict.verdict == "right", (name, part, verdict)
        assert verdict.score == 1.0
        assert verdict.fuller


@pytest.mark.parametrize(
    ("name", "part", "text"),
    [
        ("rnn-step", "h", "tanh(b + W_hh.dot(h_prev) + np.matmul(W_xh, x))"),
        ("relu-step", "s_new", "np.maximum(A @ u + R @ s, 0)"),
        ("word-chain", "ppl", "prod(p) ** (-1/4)"),
        ("gru-chung", "h", "h_prev + z * (h_tilde - h_prev)"),
        ("attention", "C", "softmax(Q @ K.T / sqrt(2)) @ V"),
        ("masked-attention", "context", "softmax(s[:3]) @ H[:3]"),
        ("mask-given", "loss", "losses[mask > 0].mean()"),
        ("clip-norm", "clipped", "c * g / norm(g)"),
        ("layer-norm", "y", "gain * layer_norm(x) + shift"),
        ("cross-entropy", "loss", "logsumexp(logits) - logits[y]"),
        ("radius", "growth", "spectral_radius(W) ** n"),
        ("integer-matrices", "h2", "W @ (W @ h0 + x) + x"),
        ("shapes-vocab", "logits", "(B, T, V)"),
        ("shapes-vocab", "gates", "4*H x H"),
    ],
)
def test_other_ways_to_the_same_value_are_right(name, part, text):
    verdict = mark(QUESTIONS[name], part, text)
    assert verdict.verdict == "right", verdict


@pytest.mark.parametrize(
    ("text", "verdict", "kind"),
    [
        ("-4.605", "right", None),
        ("-4.61", "right", None),
        ("-4.6", "rounded", "rounding"),
        ("-5", "rounded", "rounding"),
        ("-4.5", "wrong", "none"),
        ("nan", "wrong", "not_finite"),
        ("log(0)", "wrong", "not_finite"),
        ("[-4.605]", "wrong", "shape"),
        ("q + 1", "not_understood", "name"),
        ("2 +", "not_understood", "notation"),
    ],
)
def test_the_order_of_the_design(text, verdict, kind):
    found = mark(QUESTIONS["word-chain"], "logp", text)
    assert found.verdict == verdict
    assert (found.diagnosis.kind if found.diagnosis else None) == kind


def test_rounded_comes_before_a_known_value():
    """Where it is not exactly one: asking for more digits blames nobody."""
    exercise = EXERCISES["rnn-step"]
    question = ask(exercise)
    assert mark(question, "h", "[0.7, -1.0]").verdict == "rounded"


@pytest.mark.parametrize(
    ("short", "says"),
    [
        ([(0,)], "That may be right, but give at least 3 significant digits for h[0]."),
        ([(0,), (1,)], "That may be right, but give at least 3 significant digits for each entry."),
    ],
)
def test_which_entries_are_too_short_is_said(short, says):
    question = ask(EXERCISES["rnn-step"])
    expected = np.asarray(question.part("h").expected)
    typed = [f"{one:.1f}" if (k,) in short else f"{one:.6f}" for k, one in enumerate(expected)]
    verdict = mark(question, "h", f"[{', '.join(typed)}]")
    assert (verdict.verdict, verdict.says) == ("rounded", says)


def test_an_entry_that_is_too_short_is_counted_the_same_everywhere():
    question = ask(EXERCISES["rnn-step"])
    expected = np.asarray(question.part("h").expected)
    verdict = mark(question, "h", f"[{expected[0]:.1f}, {expected[1] + 1.234:.6f}]")
    assert "h[0] is right; h[1] is not yet" in verdict.says
    assert verdict.elements == [True, False]


def test_right_for_these_numbers_only():
    verdict = mark(QUESTIONS["shapes-vocab"], "gates", "(64, H)")
    assert (verdict.verdict, verdict.remark[:36]) == ("right", "It is right for these numbers, but n")
    assert mark(QUESTIONS["shapes-vocab"], "gates", "(64, 16)").verdict == "right"


def test_later_parts_follow_from_ones_own_earlier_answers():
    question = QUESTIONS["radius"]
    wrong = mark(question, "growth", str(0.9**6))
    assert wrong.verdict == "wrong"
    followed = mark(question, "growth", str(0.9**6), {"rho": "0.9"})
    assert (followed.verdict, followed.score) == ("right", 1.0)
    assert followed.follows == followed.says == "It follows from your `rho`. (Your `rho` is still wrong.)"


def test_what_follows_from_ones_own_rounding_is_right_too():
    question = QUESTIONS["radius"]
    assert mark(question, "growth", str(0.831**6)).verdict == "wrong"
    assert mark(question, "growth", str(0.831**6), {"rho": "0.831"}).verdict == "right"
    assert mark(question, "growth", "rho ** n", {"rho": "0.831"}).verdict == "right"
    assert mark(question, "growth", "rho ** n", {"rho": "0.9"}).verdict == "right"


@pytest.mark.parametrize("trivial", ["0", "1", "-1", "nan", "[1, 2]", "n", "no_such"])
def test_trivial_earlier_answers_earn_nothing(trivial):
    for text in ("0", "1"):
        assert mark(QUESTIONS["radius"], "growth", text, {"rho": trivial}).verdict != "right"


@pytest.mark.parametrize("trivial", ["zeros(2)", "ones(2)", "x", "h_prev", "[1000, 1000]"])
def test_trivial_vectors_earn_nothing_and_neither_do_saturated_ones(trivial):
    question = QUESTIONS["gate-blend"]
    givens = question.givens
    tilde = {"zeros(2)": np.zeros(2), "ones(2)": np.ones(2), "x": givens["x"], "h_prev": givens["h_prev"]}
    own = tilde.get(trivial, np.full(2, 1000.0))
    z = question.graph.whole("z").number
    h = z * givens["h_prev"] + (1 - z) * own
    verdict = mark(question, "h", printed(h, repr), {"h_tilde": trivial})
    assert (verdict.verdict == "right") == (trivial == "[1000, 1000]")  # a wrong number of any size may be followed


GUARDED = """
format: 1
id: guarded
title: Guarded
prompt: Compute them.
given:
  x: {value: "[[0.3, 0.9], [0.2, 0.7]]", means: weights, draw: "uniform(0.1, 2)"}
  v: {value: "[0.37, 1.9]", means: state, draw: "uniform(0.1, 2)"}
steps:
  - let: "A = x * 2"
    say: Doubled.
  - let: "y = A @ v"
    say: Their product.
  - let: "z = tanh(y)"
    say: Bent.
  - let: "s = sum(v)"
    say: Their sum.
  - let: "r = relu(s)"
    say: What is above 0.
  - let: "f = 1 - v[0] / 1000"
    say: Nearly 1.
  - let: "g = f ** 100"
    say: A power of it.
ask: [{answer: A, as: matrix}, {answer: y, as: vector}, {answer: z, as: vector}, {answer: s, as: scalar},
      {answer: r, as: scalar}, {answer: f, as: scalar}, {answer: g, as: scalar}]
hints: [Double., Multiply.]
"""


@pytest.mark.parametrize(
    ("part", "typed", "earlier", "earns"),
    [
        ("y", "[0.37, 1.9]", {"A": "eye(2)"}, False),  # what was given comes out of an identity
        ("y", "[2.27, 1.9]", {"A": "[[1, 1], [0, 1]]"}, True),
        ("z", "[1, -1]", {"y": "[50, -50]"}, False),  # large enough numbers always give that
        ("z", "[0.462117, -0.462117]", {"y": "[0.5, -0.5]"}, True),
        ("r", "0", {"s": "-5"}, False),
        ("r", "5", {"s": "5"}, True),
        ("g", "1", {"f": "1.00"}, True),  # a right answer may be a 1: g is 0.964
        ("g", "1", {"f": "1.01"}, False),
    ],
)
def test_what_follows_from_an_earlier_answer_counts_where_it_says_something(tmp_path, part, typed, earlier, earns):
    (tmp_path / "guarded.yaml").write_text(GUARDED)
    verdict = mark(ask(load_exercise(tmp_path / "guarded.yaml")), part, typed, earlier)
    assert (verdict.verdict == "right") is earns, verdict


@pytest.mark.parametrize(
    ("text", "score", "verdict"),
    [
        ("1 3", 1.0, "right"),
        ("3 1", 1.0, "right"),
        ("1", 0.5, "wrong"),
        ("1 2", 0.0, "wrong"),
        ("1 2 3", 0.5, "wrong"),
        ("1 2 3 4", 0.0, "wrong"),
        ("2", 0.0, "wrong"),
    ],
)
def test_a_checklist_gives_partial_credit_and_a_reason_for_each_wrong_pick(text, score, verdict):
    found = mark(QUESTIONS["checks"], "picks", text)
    assert (found.verdict, found.score) == (verdict, score)
    if "2" in text.split():
        ticked = QUESTIONS["checks"].part("picks").ask.options[1].text
        assert f'2 ("{ticked}") is wrong: Colour changes nothing.' in found.says


def test_a_choice_says_why_not():
    verdict = mark(QUESTIONS["radius"], "fate", "2")
    picked = QUESTIONS["radius"].part("fate").ask.options[1].text
    assert verdict.says == f'Option 2 ("{picked}") is wrong: That needs a radius above 1.'


def test_after_a_right_answer_the_reason_of_each_option_stands_with_its_number():
    assert mark(QUESTIONS["radius"], "fate", "1").fuller.splitlines() == [
        "1: The radius is below 1.",
        "Not 2: That needs a radius above 1.",
    ]
    reasons = mark(QUESTIONS["checks"], "picks", "1 3").fuller.splitlines()
    assert "Not 2: Colour changes nothing." in reasons
    assert [line for line in reasons if line.startswith(("1", "3"))] == [
        line for line in reasons if not line.startswith("Not ")
    ]


def test_a_wrong_checklist_says_what_was_picked_wrongly_and_not_which_ones_are_missing():
    says = mark(QUESTIONS["checks"], "picks", "2 3").says
    assert says.startswith('Option 2 ("') and says.endswith(
        "Colour changes nothing. You have found 1 of the 2 right ones."
    )
    assert mark(QUESTIONS["checks"], "picks", "1 2 3").says.endswith("You have found both right ones.")


OVERLOOKED = """
format: 1
id: sides
title: Sides
prompt: Which have four sides?
steps:
  - let: "n = 4"
    say: So many.
ask:
  - answer: four
    as: {kind}
    options:
      - {{text: A square, right: true, why: Four equal ones., missed: Count the sides of what has equal ones.}}
      - {{text: A circle, why: it has none.}}
{more}
hints: [Count., Count again.]
"""
MORE = """\
      - {text: A kite, right: true, why: Two pairs., missed: "Need all sides be equal?"}
      - {text: A trapezium, right: true, why: Two of them are parallel.}
"""


@pytest.mark.parametrize(
    ("picked", "kind", "ends"),
    [
        ("3 4", "authored", "You have found 2 of the 3 right ones. Count the sides of what has equal ones."),
        ("1 4", "authored", "You have found 2 of the 3 right ones. Need all sides be equal?"),
        ("4", "authored", "You have found 1 of the 3 right ones. Count the sides of what has equal ones."),
        ("1 3", "elements", "You have found 2 of the 3 right ones."),  # the author asks nothing of that one
        ("1 2 3", "authored", "You have found 2 of the 3 right ones."),  # what is wrong comes first
    ],
)
def test_what_is_overlooked_in_a_checklist_is_asked_about_and_not_named(tmp_path, picked, kind, ends):
    (tmp_path / "sides.yaml").write_text(OVERLOOKED.format(kind="checklist", more=MORE))
    verdict = mark(ask(read_exercise(tmp_path / "sides.yaml").exercise), "four", picked)
    assert verdict.diagnosis.kind == kind and verdict.says.endswith(ends), verdict.says
    assert "kite" not in verdict.says and "square" not in verdict.says


def test_of_a_choice_nothing_is_overlooked(tmp_path):
    (tmp_path / "sides.yaml").write_text(OVERLOOKED.format(kind="choice", more=""))
    verdict = mark(ask(read_exercise(tmp_path / "sides.yaml").exercise), "four", "2")
    assert verdict.says == 'Option 2 ("A circle") is wrong: it has none.'


ANSWERS = (
    st.text(max_size=40)
    | st.text(alphabet="0123456789.,;+-*/@()[] xhWzpTBV=\n", max_size=40)
    | st.lists(st.floats(-10, 10), min_size=1, max_size=4).map(str)
    | st.sampled_from(["x", "h", "p", "zeros(2)", "ones((2, 3))", "1e308 * 10", "2 * x", "h_prev"])
)
KINDS = {
    "notation", "name", "shape", "rounding", "not_finite", "authored", "intermediate", "mutation",
    "these_numbers_only", "elements", "none", "expression", "slip",
}  # fmt: skip


PARTS = [(name, part.name) for name in sorted(QUESTIONS) for part in QUESTIONS[name].parts]


@given(st.sampled_from(PARTS), ANSWERS, ANSWERS)
def test_a_verdict_always_holds_what_it_promises(at, text, before):
    question = QUESTIONS[at[0]]
    part = question.part(at[1])
    earlier = {other.name: before for other in question.parts if other is not part}
    verdict = mark(question, part.name, text, earlier)
    assert verdict.verdict in ("right", "rounded", "wrong", "not_understood")
    assert 0.0 <= verdict.score <= 1.0
    assert (verdict.score == 1.0) == (verdict.verdict == "right")
    assert (verdict.diagnosis is None) == (verdict.verdict == "right")
    if verdict.diagnosis is not None:
        assert verdict.diagnosis.kind in KINDS
        assert 0 < len(verdict.diagnosis.says) <= 600
    if verdict.elements is not None and isinstance(part.expected, np.ndarray):
        assert np.shape(verdict.elements) == part.expected.shape
    json.dumps([verdict.expected, verdict.elements, verdict.score])


@given(st.sampled_from(VALUES), st.integers(3, 14), st.integers(0, 2**32))
def test_a_right_answer_with_at_least_the_digits_asked_for_is_right(at, digits, seed):
    name, part = at
    question = QUESTIONS[name]
    least = question.part(part).ask.digits
    text = printed(question.part(part).expected, lambda x: f"{x:#.{max(digits, least)}g}")
    assert mark(question, part, text).verdict == "right"


def test_of_two_mistakes_of_the_file_that_both_fit_two_digits_the_exact_one_is_told():
    """1.2 is the first one's value, and the second one's 1.177 rounded."""
    exercise = msgspec.convert(
        {
            "format": 1,
            "id": "two-fit",
            "title": "Two that fit",
            "prompt": "Clip g.",
            "given": {"g": {"value": "[3, 4]", "means": "a gradient"}},
            "steps": [{"let": "y = 2 * g / (norm(g) + 1)"}],
            "ask": [{"answer": "y", "as": "vector"}],
            "mistakes": [
                {"value": "2 * g / norm(g)", "say": "The epsilon is missing."},
                {"value": "2 * g / sqrt(sum(g**2) + 1)", "say": "The epsilon is under the root."},
            ],
        },
        Exercise,
    )
    question = ask(exercise)
    assert mark(question, "y", "[1.2, 1.6]").says.startswith("The epsilon is missing.")
    assert "Or:" not in mark(question, "y", "[1.2, 1.6]").says
    assert "The epsilon is under the root." in mark(question, "y", "[1.177, 1.569]").says
