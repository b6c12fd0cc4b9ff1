"""What is understood of an answer, and what is said where nothing is; never whether it is right."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.exercises import reading as reading_module
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.reading import read

HELD_BACK = Path(__file__).parent / "held_back"
QUESTIONS = {path.stem: ask(load_exercise(path)) for path in sorted(HELD_BACK.glob("*.yaml"))}

NOTATIONS = [
    "[0.6805, -0.9716]",
    "[0.6805 -0.9716]",
    "0.6805, -0.9716",
    "(0.6805, -0.9716)",
    "h = [0.6805, -0.9716]",
    "h: [0.6805 -0.9716]",
    "array([ 0.6805, -0.9716])",
    "np.array([0.6805, -0.9716])",
    "tensor([ 0.6805, -0.9716], grad_fn=<TanhBackward0>)",
    "[0.6805; -0.9716]",
    "[.6805, −0.9716]",
    "[68.05%, -97.16%]",
    "0.6805\n-0.9716",
    "[6.805e-1, -9.716e-1]",
]


@pytest.mark.parametrize("text", NOTATIONS)
def test_a_vector_is_understood_as_people_and_libraries_write_it(text):
    reading = read(QUESTIONS["rnn-step"], "h", text)
    assert reading.error is None
    assert np.allclose(reading.value, [0.6805, -0.9716])
    assert reading.says == "read as a vector (2): 0.6805 -0.9716"


@pytest.mark.parametrize(
    ("name", "part", "text", "says"),
    [
        ("word-chain", "joint", "1/3", "read as 0.333333"),
        ("word-chain", "joint", "24%", "read as 0.24"),
        ("attention", "A", "[1 2; 3 4]", "read as a matrix (2, 2): [1 2] [3 4]"),
        ("attention", "A", "tensor([[1., 2.],\n        [3., 4.]])", "read as a matrix (2, 2): [1 2] [3 4]"),
        ("shapes-vocab", "logits", "(B, T, 4*H)", "read as the shape (B, T, 4 * H) = (4, 7, 64)"),
        ("shapes-vocab", "logits", "3 x 5 x 100", "read as the shape (3, 5, 100)"),
        ("shapes-vocab", "logits", "torch.Size([3, 5, 100])", "read as the shape (3, 5, 100)"),
        ("radius", "fate", "2", "read as option 2"),
        ("radius", "fate", "b)", "read as option 2"),
        ("radius", "fate", "it explodes", "read as option 2"),
        ("radius", "fate", "vanishes", "read as option 1"),
        ("radius", "fate", "Vanishes", "read as option 1"),
        ("checks", "picks", "the colour", "read as option 2"),
        ("checks", "picks", "1, 3", "read as options 1 and 3"),
        ("checks", "picks", "[1 3]", "read as options 1 and 3"),
        ("checks", "picks", "1 and 3", "read as options 1 and 3"),
    ],
)
def test_what_is_understood_is_said_with_its_shape(name, part, text, says):
    assert read(QUESTIONS[name], part, text).says == says


@pytest.mark.parametrize(
    ("name", "part", "text", "kind", "said"),
    [
        ("rnn-step", "h", "tanh(a)", "name", "You have to compute a yourself"),
        ("rnn-step", "h", "h_prv", "name", "Did you mean h_prev?"),
        ("rnn-step", "h", "", "notation", "There is no answer yet"),
        ("rnn-step", "h", "W_xh @ h_prev", "shape", "these two must be equal"),
        ("word-chain", "ppl", "exp(-logp / 4)", "name", "logp is an earlier part"),
        ("word-chain", "joint", "0,01", "notation", "decimal"),
        ("word-chain", "joint", "2^3", "notation", "**"),
        ("radius", "fate", "9", "notation", "numbered 1 to 3"),
        ("radius", "fate", "1 2", "notation", "exactly one"),
        ("radius", "fate", "0.5", "notation", "Type the number of one option."),
        ("radius", "fate", "", "notation", "Type the number of the option"),
        ("checks", "picks", "1 + 3", "notation", "with spaces between them"),
        ("checks", "picks", "colour", "notation", "colour is not one of them"),
        ("radius", "fate", "vanish", "notation", "vanish is not one of them"),
        ("shapes-vocab", "logits", "(B, -1)", "value", "cannot be negative"),
        ("shapes-vocab", "logits", "(B, T / 2)", "value", "must be whole"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_to_type(name, part, text, kind, said):
    reading = read(QUESTIONS[name], part, text)
    assert reading.value is None
    assert reading.error.kind == kind
    assert said in reading.says


@pytest.mark.parametrize(
    ("text", "so_far"),
    [
        ("2 * lo", "lo...: logp, local(), log(), log10(), log1p(), ..."),
        ("lo ", "lo...: logp, local(), log(), log10(), log1p(), ..."),
        ("ppl = 2 * sig", "sig...: sigmoid(), sign()"),
        ("exp", ""),  # that is a function: what to write is said
        ("zz + lo", ""),  # zz is a mistake whatever lo becomes
        ("zz", ""),
        ("lo + 1", ""),
        ("logp.su", ""),
        ("2 *", ""),
    ],
)
def test_half_a_name_is_no_mistake_while_it_is_typed(text, so_far):
    reading = read(QUESTIONS["word-chain"], "ppl", text)
    assert reading.error is not None
    assert reading.so_far == so_far


def test_an_earlier_answer_can_be_used_by_its_name():
    reading = read(QUESTIONS["word-chain"], "ppl", "exp(-logp / 4)", {"logp": "-4"})
    assert float(reading.value) == pytest.approx(np.e)


def test_rows_in_brackets_of_their_own_stay_rows():
    assert read(QUESTIONS["rnn-step"], "h", "[[0.6805], [-0.9716]]").value.shape == (2, 1)
    assert read(QUESTIONS["attention"], "A", "[0.5 1; 0.2 -1]").value.shape == (2, 2)


PASTED = [
    "0.5", "W_xh", " x", " h_prev", "tanh(", ")", "[", "]", ", ", "\n", ">>> ", "... ", "In [1]: ", "Out[1]: ",
    "```", "`", "$", "7,260.05", " x 10^-1", "10⁻¹", " e-1", "0·5", "0,4", "\u200b", "\ufeff", "True", "1 3", "a)",
    ".shape", "shape(",
]  # fmt: skip
TEXTS = (
    st.lists(st.sampled_from(PASTED), max_size=20).map("".join)
    | st.text(max_size=60)
    | st.text(alphabet="0123456789.,;:+-*/@()[]{}^%=xXTBVhz \n_'\"", max_size=60)
)


@given(st.sampled_from(sorted(QUESTIONS)), TEXTS)
def test_no_text_raises(name, text):
    for part in QUESTIONS[name].parts:
        reading = read(QUESTIONS[name], part.name, text)
        assert (reading.value is None) == (reading.error is not None)
        assert 0 < len(reading.says) <= 300


@pytest.mark.parametrize(
    ("name", "part", "text", "says"),
    [
        ("rnn-step", "h", "0.6805 -0.9716", "read as a vector (2): 0.6805 -0.9716"),
        ("rnn-step", "h", "-0.5 -0.5", "read as a vector (2): -0.5 -0.5"),
        ("rnn-step", "h", "[123.45, 0.1234567]", "read as a vector (2): 123.45 0.1234567"),
        ("word-chain", "joint", "123.4567", "read as 123.4567"),
    ],
)
def test_what_was_typed_is_echoed_as_it_was_typed(name, part, text, says):
    assert read(QUESTIONS[name], part, text).says == says


def test_where_one_number_is_asked_for_a_tight_sign_is_asked_about():
    assert "one value or two" in read(QUESTIONS["word-chain"], "joint", "0.85 -0.76").says


def test_half_options_and_sizes_below_0():
    assert read(QUESTIONS["checks"], "picks", "1.3").error is not None
    assert read(QUESTIONS["checks"], "picks", "1. 3.").says == "read as options 1 and 3"
    assert read(QUESTIONS["shapes-vocab"], "logits", "(B, -1)").says == "A size cannot be negative: -1."


IDENTITY = """
format: 1
id: identity
title: Identity
prompt: The inverse.
given:
  A: {means: matrix, value: "[[0.5, 0.2], [0.1, 0.4]]", draw: "uniform(0.1, 0.4)"}
  b: {means: vector, value: "[1, 2]", draw: "normal(0, 1)"}
  c: {means: vector, value: "[1, 2, 3]", draw: "normal(0, 1)"}
steps:
  - let: "R = inv(eye(2) - A)"
  - let: "h = R @ b"
ask: [{answer: R, as: matrix}, {answer: h, as: vector}]
"""


def test_i_is_the_identity_matrix_where_one_size_fits(tmp_path):
    path = tmp_path / "identity.yaml"
    path.write_text(IDENTITY, encoding="utf-8")
    question = ask(load_exercise(path))
    for part, text in (("R", "inv(I - A)"), ("h", "inv(I - A) @ b"), ("h", "solve(I - A, b)")):
        verdict = mark(question, part, text)
        assert verdict.verdict == "right", text
        assert "I is the identity matrix, eye(2)" in verdict.reading.says
    unclear = read(question, "R", "I @ I")
    assert unclear.error is None  # the one of the size asked for
    assert "Write eye(n)" in read(question, "h", "sum(I) * b").error.says  # 2 or 3
    assert "Write eye(n)" in read(question, "h", "I @ (A + c)").error.says


def test_an_earlier_answer_is_read_once_for_all_that_is_typed_after_it(tmp_path, monkeypatch):
    path = tmp_path / "identity.yaml"
    path.write_text(IDENTITY, encoding="utf-8")
    question = ask(load_exercise(path))
    parsed = []
    parse = reading_module.parse
    monkeypatch.setattr(reading_module, "parse", lambda text, **how: parsed.append(text) or parse(text, **how))
    earlier = "[[2.22, 1.11], [0.556, 2.78]]"
    for text in ("R @ b", "2 * b", "[4.4, 6.1]"):
        assert read(question, "h", text, {"R": earlier}).error is None
    assert parsed.count(earlier) == 1


def test_what_an_answer_reads_counts_as_it_is_now(tmp_path):
    """Neither another earlier answer, nor another scratchpad, nor other numbers leave what was read before."""
    path = tmp_path / "identity.yaml"
    path.write_text(IDENTITY, encoding="utf-8")
    exercise = load_exercise(path)
    question = ask(exercise)
    for size in (1.0, 2.0, 1.0):
        own = {"R": f"{size} * [[1, 0], [0, 1]]"}
        assert np.array_equal(read(question, "h", "R @ b", own).value, [size, 2 * size])
        assert np.array_equal(read(question, "h", "k * b", {}, [f"k = {size}"]).value, [size, 2 * size])
        own = {"R": "k * [[1, 0], [0, 1]]"}
        assert np.array_equal(read(question, "h", "R @ b", own, [f"k = {size}"]).value, [size, 2 * size])
    other = ask(exercise, 7)
    assert np.array_equal(read(other, "h", "2 * b").value, 2 * other.givens["b"])
    assert np.array_equal(read(question, "h", "2 * b").value, [2, 4])
