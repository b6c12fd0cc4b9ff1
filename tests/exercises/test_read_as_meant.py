"""What has one meaning is read without a question, what has two is asked about; said of the same exercise."""

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

EXERCISE = """
format: 1
id: meant
title: What is meant
prompt: Work it out.
given:
  T: {value: "5", means: time steps}
  B: {value: "3", means: sequences}
  D: {value: "16", means: units}
  a: {value: "[1.0, -2.0, 0.5]", means: a vector, shape: "(3,)"}
  b: {value: "[0.5, 1.0, 2.0]", means: another, shape: "(3,)"}
  h1: {value: "0.6", means: first state}
  w: {value: "0.8", means: weight}
  n: {value: "[4, 2, 3]", means: lengths, shape: "(3,)"}
steps:
  - let: "steps = 2 * T + 34"
  - let: "angle = sum(a * b)"
  - let: "state = tanh(w * h1)"
  - let: "pair = a[:2] * b[:2]"
  - let: "mask = where(arange(4) < n[:, None], 1, 0)"
  - let: "shares = exp(a) / sum(exp(a))"
  - let: "longest = max(exp(a) * 1)"
  - let: "before = concat([0], a[:-1])"
  - let: "rounds = ceil(log2(1000))"
  - let: "length = sqrt(w**2 + h1**2)"
  - let: "doubled = (B, T, 2 * D)"
ask:
  - {answer: steps, as: scalar}
  - {answer: angle, as: scalar}
  - {answer: state, as: scalar}
  - {answer: pair, as: vector}
  - {answer: mask, as: matrix}
  - {answer: shares, as: vector}
  - {answer: longest, as: scalar}
  - {answer: before, as: vector}
  - {answer: rounds, as: scalar, prompt: The variance.}
  - {answer: length, as: scalar}
  - {answer: doubled, as: shape, axes: [batch, time, unit]}
"""


@pytest.fixture(scope="module")
def question(tmp_path_factory):
    file = tmp_path_factory.mktemp("meant") / "meant.yaml"
    file.write_text(EXERCISE, encoding="utf-8")
    return ask(load_exercise(file))


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("steps", "44 steps"),  # a unit that looks like a name
        ("steps", "step 44"),
        ("steps", "Position 44"),
        ("steps", "k = 44"),  # a name of the learner's own
        ("steps", "k_total = 44 steps"),
        ("rounds", "kappa^2 = 10"),
        ("rounds", "kappa**2 = 10"),
        ("steps", "steps(2, 12) = 44"),
        ("steps", "chi(3)=44"),
        ("rounds", "ceil(log2 1000)"),
        ("rounds", "log2 1024"),
        ("rounds", "log2 1024 + 0"),
        ("rounds", "5 log10 100"),
        ("steps", "2T + 34"),
        ("pair", "(0.5; -2)"),
        ("pair", "[0.5; -2]"),
        ("angle", r"a \cdot b"),
        ("state", r"\tanh(w h_1)"),
        ("state", r"\tanh(w h_{1})"),
        ("state", "tanh(w * h_1)"),
        ("mask", "~(arange(4) >= n[:, None])"),
        ("mask", "~ (arange(4) >= n[:, None])"),
        ("shares", r"\frac{\exp(a)}{\sum(\exp(a))}"),
        ("longest", "exp(a).amax(0)"),
        ("longest", "np.exp(a).max(axis=0)"),
        ("before", "np.r_[0, a[:-1]]"),
        ("before", "np.insert(a[:-1], 0, 0)"),
        ("rounds", r"\lceil \log_2 1000 \rceil"),
        ("length", "np.hypot(w, h1)"),
        ("length", "torch.hypot(w, h1)"),
        ("longest", "np.exp2(a.max() / np.log(2))"),
        ("longest", "exp(np.logaddexp(max(a), -1000))"),
        ("mask", "np.count_nonzero(arange(4)[None, :, None] < n[:, None, None], axis=2)"),
        ("steps", "144 mod 100"),
        ("steps", "(12 * 12) mod 100"),
        ("steps", "44x"),
        ("steps", "4(10 + 1)"),
        ("pair", "(a[0]*b[0]; a[1]*b[1]).T"),
        ("doubled", "(B, T, 2D)"),
        ("doubled", "B x T x 2D"),
        ("doubled", "3 by 5 by 32"),
        ("doubled", "B by T by 2D"),
        ("doubled", r"B \times T \times 32"),
    ],
)
def test_one_meaning_is_read(question, part, text):
    verdict = mark(question, part, text)
    assert verdict.verdict == "right", verdict.says


@pytest.mark.parametrize(
    ("part", "text", "asked"),
    [
        ("steps", "4^2", "Is ^ meant as a power?"),
        ("angle", "0,5", "decimal"),
        ("steps", "16,000", "one number or two"),
        ("pair", "0.5*tanh(1) 0.4*tanh(2)", "a product or a list"),
        ("steps", "10k", "10 * k"),  # 10,000, or times k
        ("steps", "2e", "power of ten"),
        ("steps", "2 * 72 mod 100", "no name mod"),  # of the product or of 72?
        ("steps", "44 x", "no name x"),
        ("steps", "4.4(10)", "missing"),  # a product, or an uncertainty
        ("steps", "1j", "Complex"),
        ("angle", "b = 0.5", "Write only the value"),  # b is given: another value of it is no answer
        ("angle", "angle2 = w", "Write only the value"),
        ("steps", "tanh = 4", "Write only the value"),
        ("steps", "b(2) = 44", "Write only the value"),  # an element of a given
        ("steps", "steps^2 = 44", "Is ^ meant as a power?"),
        ("steps", "kappa^2 = 44", "the square of kappa"),  # or its root
        ("rounds", "log2 1024 / 2", "in brackets"),  # the function of which of both?
        ("rounds", "log2 1024 log2 8", "in brackets"),
        ("pair", "[2 ln 10, 3 ln 5]", "ln is a function"),  # two products, or four numbers?
        ("pair", "[1, 2 ln 10]", "ln is a function"),
        ("doubled", "(B, T, 2E)", "2E"),
        ("steps", "r_[0, 1]", "no name r_"),
    ],
)
def test_two_meanings_are_asked_about(question, part, text, asked):
    verdict = mark(question, part, text)
    assert verdict.verdict == "not_understood", verdict.says
    assert asked in verdict.says


def test_a_tilde_before_a_number_is_about_it(question):
    assert mark(question, "steps", "~44").verdict == "right"
    assert mark(question, "steps", "~ 44").verdict == "right"
