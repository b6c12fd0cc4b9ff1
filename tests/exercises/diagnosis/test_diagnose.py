"""Which mistake a wrong answer shows: the wrong answers are worked out here, in plain NumPy, as a learner would."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise

HELD_BACK = Path(__file__).parents[1] / "held_back"
CONTENT = Path(__file__).parents[3] / "content"


def question_of(name, seed=None):
    return ask(load_exercise(HELD_BACK / f"{name}.yaml"), seed)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x, axis=-1):
    raised = np.exp(x - x.max(axis=axis, keepdims=True))
    return raised / raised.sum(axis=axis, keepdims=True)


def typed(value, digits=4):
    value = np.asarray(value)
    if value.ndim == 0:
        return f"{float(value):.{digits}g}"
    return "[" + ", ".join(typed(one, digits) for one in value) + "]"


def said_of(name, part, wrong, seed=None):
    """The diagnosis of a wrong value worked out from the givens."""
    question = question_of(name, seed)
    givens = {key: value for key, value in question.givens.items() if isinstance(value, np.ndarray)}
    verdict = mark(question, part, typed(wrong(**givens)), solved=[one.name for one in question.parts])
    assert verdict.verdict == "wrong"
    return verdict.diagnosis


def rnn(f=np.tanh, by=lambda a: a):
    return lambda x, h_prev, W_xh, W_hh, b: f(by(W_xh @ x + W_hh @ h_prev + b))


def lstm(step, T, x, W_f, W_i, W_o, W_g, b_f, h=None, c=None):
    h, c = np.zeros(2), np.zeros(2)
    for t in range(int(T)):
        both = np.concatenate([h, x[t]])
        f, i, o = sigmoid(W_f @ both + b_f), sigmoid(W_i @ both), sigmoid(W_o @ both)
        h, c = step(f, i, o, np.tanh(W_g @ both), c, h)
    return h


def of_lstm(step):
    return lambda **givens: lstm(step, **givens)


def gru(x, h_prev, W_z, U_z, W_r, U_r, W_h, U_h, *, blend, reset=True, tilde=np.tanh):
    z, r = sigmoid(W_z @ x + U_z @ h_prev), sigmoid(W_r @ x + U_r @ h_prev)
    return blend(z, h_prev, tilde(W_h @ x + U_h @ (r * h_prev if reset else h_prev)))


def blend(z, old, new):
    return z * old + (1 - z) * new


def leaky(lam, s0, T, x, *, keep=None, start=None):
    found, s = [], s0 if start is None else start
    for t in range(int(T)):
        s = lam * s + (1 - lam) * x[t] if keep is None else keep(lam, s, x[t])
        found.append(s)
    return np.array(found)


def attention(Q, K, V, d, *, scale=np.sqrt, axis=1):
    return softmax(Q @ K.T / scale(d), axis=axis) @ V


# ruff: noqa: E501 - a table reads best with a mistake on each line
MISTAKES = [
    ("rnn-step", "h", rnn(f=lambda a: a), "intermediate", "That is `W_xh @ x + W_hh @ h_prev + b`: one step is still missing."),
    ("rnn-step", "h", rnn(f=sigmoid), "mutation", "if sigmoid were used instead of tanh"),
    ("rnn-step", "h", lambda x, h_prev, W_xh, W_hh, b: np.tanh(W_xh @ x + W_hh @ h_prev), "mutation", "if the bias `b` were left out."),
    ("rnn-step", "h", lambda x, h_prev, W_xh, W_hh, b: np.tanh(W_xh @ x + b), "mutation", "if `W_hh @ h_prev` were missing from the sum."),
    ("rnn-step", "h", lambda x, h_prev, W_xh, W_hh, b: np.tanh(W_xh @ x + W_hh.T @ h_prev + b), "mutation", "if the order of `W_hh @ h_prev` were reversed."),
    ("rnn-step", "h", lambda x, h_prev, W_xh, W_hh, b: np.tanh(W_xh @ x + W_hh @ b + h_prev), "mutation", "if `h_prev` (old state) and `b` (bias) were exchanged."),
    ("rnn-step", "h", lambda x, h_prev, W_xh, W_hh, b: W_xh @ x, "intermediate", "That is `W_xh @ x`, an intermediate value for `h`. Still missing: 2 sums, and what is made of that."),
    ("rnn-step", "h", lambda x, h_prev, W_xh, W_hh, b: h_prev, "intermediate", "That is `h_prev` (old state) itself, unchanged."),
    ("gru-chung", "h", lambda z, h_prev, h_tilde: z * h_prev + (1 - z) * h_tilde, "mutation", "if `z` (update gate) and `1 - z` were exchanged."),
    ("gru-chung", "h", lambda z, h_prev, h_tilde: (1 - z) * h_prev, "intermediate", "That is `(1 - z) * h_prev`: one step is still missing."),
    ("gru-chung", "h", lambda z, h_prev, h_tilde: h_prev + z * h_tilde, "mutation", "if the factor `1 - z` were left out."),
    ("gate-blend", "h", lambda **g: gru(**g, blend=lambda z, a, b: blend(1 - z, a, b)), "mutation", "if `z` and `1 - z` were exchanged."),
    ("gate-blend", "h", lambda **g: gru(**g, blend=blend, reset=False), "mutation", "if the factor `sigmoid(W_r @ x + U_r @ h_prev)` were left out, in `h_tilde`."),
    ("gate-blend", "h", lambda **g: gru(**g, blend=blend, tilde=sigmoid), "mutation", "if sigmoid were used instead of tanh"),
    ("gate-blend", "h", lambda **g: gru(**g, blend=lambda z, a, b: b), "intermediate", "h_tilde"),
    ("lstm-sequence", "h[-1]", of_lstm(lambda f, i, o, g, c, h: (o * np.tanh(i * c + f * g), i * c + f * g)), "mutation", "if `sigmoid(W_f @ concat(h[t - 1], x[t]) + b_f)` and `sigmoid(W_i @ concat(h[t - 1], x[t]))` were exchanged."),
    ("lstm-sequence", "h[-1]", of_lstm(lambda f, i, o, g, c, h: (o * (f * c + i * g), f * c + i * g)), "mutation", "if the tanh of `sigmoid(... + b_f) * ... + sigmoid(W_i @ ...) * tanh(W_g @ ...)` were left out."),
    ("lstm-sequence", "h[-1]", of_lstm(lambda f, i, o, g, c, h: (np.tanh(f * c + i * g), f * c + i * g)), "mutation", "if the factor `sigmoid(W_o @ concat(h[t - 1], x[t]))` were left out."),
    ("lstm-sequence", "h[-1]", of_lstm(lambda f, i, o, g, c, h: (o * np.tanh(c), f * c + i * g)), "mutation", "of the previous time step were used instead of the current one"),
    ("scalar-recurrence", "s", lambda **g: leaky(**g, start=0.0), "mutation", "if `s` started from 0, not from `s0`."),
    ("scalar-recurrence", "s", lambda **g: leaky(**g, keep=lambda k, s, x: (1 - k) * s + k * x), "mutation", "if `lam` (leak) and `1 - lam` were exchanged."),
    ("scalar-recurrence", "s", lambda **g: leaky(**g, keep=lambda k, s, x: k * s + x), "mutation", "if the factor `1 - lam` were left out."),
    ("scalar-recurrence", "s", lambda **g: np.array([g["s0"], *leaky(**g)[:-1]]), "mutation", "if the start counted as a time step; `s[0]` is the first value after it."),
    ("scalar-recurrence", "s", lambda **g: np.array([g["s0"], *leaky(**g)]), "mutation", "if the start counted as a time step; `s[0]` is the first value after it."),
    ("scalar-recurrence", "s", lambda **g: leaky(**g)[::-1], "mutation", "if the time steps stood in reverse order."),
    ("scalar-recurrence", "s", lambda **g: leaky(**{**g, "x": g["x"][::-1]}), "mutation", "if `x` were read from its end."),
    ("scalar-recurrence", "s", lambda **g: leaky(**g)[-1], "intermediate", "That is `s[3]`: one time step only."),
    ("attention", "C", lambda **g: attention(**g, scale=lambda d: 1), "mutation", "if the division by `sqrt(d)` were left out."),
    ("attention", "C", lambda **g: attention(**g, scale=lambda d: d), "mutation", "if the square root of `d` were left out."),
    ("attention", "C", lambda **g: attention(**g, axis=0), "mutation", "axis 0"),
    ("attention", "C", lambda Q, K, V, d: Q @ K.T / np.sqrt(d) @ V, "mutation", "if the softmax of `Q @ K.T / sqrt(d)` were left out, in `A`."),
    ("attention", "A", lambda Q, K, V, d: softmax(Q @ K.T / np.sqrt(d)).T, "mutation", "if the result were transposed."),
    ("masked-attention", "context", lambda s, ids, H: softmax(s) @ H, "mutation", "so that padding counts."),
    ("masked-attention", "context", lambda s, ids, H: (softmax(s) * (ids != 0)) @ H, "mutation", "if the mask came after the softmax"),
    ("mask-given", "loss", lambda losses, mask: losses.mean(), "mutation", "so that padding counts."),
    ("mask-given", "loss", lambda losses, mask: (losses * mask).mean(), "mutation", "if padding were counted, and not only the real positions."),
    ("mask-given", "loss", lambda losses, mask: (losses * mask).sum(), "intermediate", "Still missing: a division."),
    ("masked-mean", "mean_loss", lambda loss, n: loss.sum() / n.sum(), "mutation", "if the mask were left out, so that padding counts."),
    ("clip-norm", "clipped", lambda g, c: np.clip(g, -c, c), "mutation", "if each element were clipped at `c` separately, whatever the norm."),
    ("clip-norm", "clipped", lambda g, c: g * c / np.abs(g).sum(), "mutation", "the sum of absolute values"),
    ("clip-norm", "clipped", lambda g, c: g / np.linalg.norm(g), "mutation", "if 1 were divided by `norm(g)`, and not `c` (largest norm allowed)."),
    ("clip-norm", "clipped", lambda g, c: g, "intermediate", "That is `g` (gradient) itself, unchanged."),
    ("radius", "rho", lambda W, n: np.linalg.norm(W, 2), "mutation", "the largest singular value"),
    ("radius", "growth", lambda W, n: np.abs(np.linalg.eigvals(W)).max() ** (n - 1), "mutation", "one too low"),
    ("radius", "growth", lambda W, n: np.abs(np.linalg.eigvals(W)).max() * n, "mutation", "if `rho` were multiplied by `n`, not raised to that power."),
    ("layer-norm", "y", lambda x, gain, shift: gain * (x - x.mean()) / x.var() + shift, "mutation", "the square root"),
    ("layer-norm", "y", lambda x, gain, shift: gain * x / x.std() + shift, "mutation", "`x.mean()`"),
    ("layer-norm", "y", lambda x, gain, shift: (x - x.mean()) / x.std(), "intermediate", "That is `(x - x.mean()) / sqrt(((x - x.mean())**2).mean() + 1e-5)`: one step"),
    ("word-chain", "ppl", lambda p: np.exp(-np.log(p).sum()), "authored", "divide by their number"),
    ("word-chain", "ppl", lambda p: 2 ** (-np.log(p).mean()), "mutation", "if 2 were raised to the power, not e."),
    ("word-chain", "logp", lambda p: np.log10(p).sum(), "mutation", "the logarithm to base 10"),
    ("word-chain", "logp", lambda p: np.log(p).mean(), "mutation", "if the mean of `log(p)` were taken, not the sum."),
    ("cross-entropy", "loss", lambda logits, y: np.log(softmax(logits))[int(y)], "intermediate", "a minus sign"),
    ("cross-entropy", "dlogits", lambda logits, y: np.eye(3)[int(y)] - softmax(logits), "mutation", "if the subtraction were reversed: `one_hot(y, 3) - softmax(logits)`."),
    ("word-softmax", "context", lambda q, K, w: softmax(K @ q) @ K, "mutation", "if the factor `w` (prior weights) were left out."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "part", "wrong", "kind", "said"), MISTAKES, ids=[f"{m[0]}-{m[4][:30]}" for m in MISTAKES]
)
def test_a_mistake_is_known_by_its_numbers(name, part, wrong, kind, said):
    diagnosis = said_of(name, part, wrong)
    assert diagnosis.kind == kind, diagnosis
    assert said in diagnosis.says


@pytest.mark.parametrize("seed", [None, 3])
def test_a_mask_that_is_inverted_is_known(seed):
    """Only the padding counts then. With H[3] = [9, 9], as in the book, a digit is enough, as it is so likely."""
    told = said_of("masked-attention", "context", lambda s, ids, H: H[3], seed=seed)
    assert told.says == "You would get this if the mask `ids != 0` were inverted."


def bptt_truth(T, w, u, x, y):
    """h, and dL/dw with dL/dh, by hand."""
    h, before, direct = 0.0, [], []
    for t in range(int(T)):
        before.append(h)
        h = np.tanh(w * h + u * x[t])
        direct.append(h)
    dh, dw = np.zeros(int(T)), 0.0
    dh[-1] = direct[-1] - y
    shares = np.zeros(int(T))
    for t in reversed(range(int(T))):
        slope = dh[t] * (1 - direct[t] ** 2)
        shares[t] = slope * before[t]
        if t:
            dh[t - 1] = slope * w
    dw = shares.sum()
    return dw, dh, shares


@pytest.mark.parametrize("seed", [None, 2, 3])
def test_backpropagation_by_hand_is_right_and_its_mistakes_are_known(seed):
    question = question_of("bptt", seed)
    dw, dh, shares = bptt_truth(**question.givens)
    for part, value in (("dw", dw), ("dh", dh), ("shares", shares)):
        assert mark(question, part, typed(value)).verdict == "right"
    last = mark(question, "dw", typed(shares[-1]))
    assert (
        last.diagnosis.kind,
        "if only the last time step counted, not every use of `w`." in last.diagnosis.says,
    ) == ("mutation", True)
    sign = mark(question, "dh", typed(-dh))
    assert sign.diagnosis.kind == "mutation"


def test_a_reversed_loop_by_hand_and_its_mistakes():
    question = question_of("reversed-loop")
    h, e, w = (question.givens[name] for name in "hew")

    def back(slope, weight=w):
        d = 0.0
        for t in reversed(range(4)):
            d = (e[t] + weight * d) * slope(h[t])
        return d

    assert mark(question, "d[0]", typed(back(lambda a: 1 - a**2))).verdict == "right"
    said = mark(question, "d[0]", typed(back(lambda a: a * (1 - a)))).diagnosis.says
    assert "the derivative of the sigmoid were used instead of that of the tanh" in said
    assert "the factor `1 - h[t]**2` were left out" in mark(question, "d[0]", typed(back(lambda a: 1.0))).diagnosis.says
    assert (
        "the factor `w` (recurrent weight) were left out"
        in mark(question, "d[0]", typed(back(lambda a: 1 - a**2, 1.0))).diagnosis.says
    )


EXPRESSIONS = [
    ("rnn-step", "h", "tanh(W_xh @ x + W_hh @ h_prev)", "mutation", "if the bias `b` were left out."),
    (
        "rnn-step",
        "h",
        "sigmoid(W_xh @ x + W_hh @ h_prev)",
        "mutation",
        "if sigmoid were used instead of tanh, and the bias `b` were left out.",
    ),
    (
        "rnn-step",
        "h",
        "sigmoid(W_xh @ x + W_hh @ h_prev) / 3",
        "elements",
        "sigmoid(W_xh @ x + W_hh @ h_prev) is the first",
    ),
    ("rnn-step", "h", "tanh(W_xh @ x + b) + W_hh @ h_prev", "expression", "tanh is applied to `W_xh @ x + b`"),
    (
        "relu-step",
        "s_new",
        "relu(R @ u + A @ s)",
        "mutation",
        "if `A` (input matrix) and `R` (recurrent matrix) were exchanged.",
    ),
    (
        "mask-given",
        "loss",
        "sum(losses) / 3",
        "mutation",
        "if the mask were left out, so that padding counts.",
    ),  # 3 was put in for sum(mask)
    ("cross-entropy", "loss", "-log(softmax(logits)[0])", "mutation", "counted from 1"),
    ("no-draws", "c", "i * c_prev + f * cand", "mutation", "if `f` (forget gate) and `i` (input gate) were exchanged."),
]


@pytest.mark.parametrize(("name", "part", "text", "kind", "said"), EXPRESSIONS, ids=[e[2] for e in EXPRESSIONS])
def test_an_expression_is_known_by_its_value_and_by_where_it_parts(name, part, text, kind, said):
    verdict = mark(question_of(name), part, text)
    assert (verdict.verdict, verdict.diagnosis.kind) == ("wrong", kind)
    assert said in verdict.diagnosis.says


def test_an_expression_that_fits_a_mistake_with_these_numbers_only_is_not_called_that():
    exercise = msgspec.convert(
        {
            "format": 1,
            "id": "made",
            "title": "Made",
            "prompt": "p",
            "given": {
                "a": {"value": "2.5", "means": "base", "draw": "uniform(2, 3)"},
                "b": {"value": "5", "means": "exponent", "draw": "integers(3, 9)"},
            },
            "steps": [{"let": "y = a ** b"}],
            "ask": [{"answer": "y", "as": "scalar"}],
        },
        Exercise,
    )
    question = ask(exercise)
    assert "`a` were multiplied by `b`" in mark(question, "y", "a * b").diagnosis.says
    assert "`a` were multiplied by `b`" in mark(question, "y", "12.5").diagnosis.says
    assert mark(question, "y", "b + b + a").diagnosis.kind != "mutation"  # 12.5 here, but no product


@pytest.mark.parametrize("text", ["0.5", "2", "0.3", "7", "1.6", "0.1", "4"])
def test_a_number_of_one_digit_is_no_proof_of_a_mistake(text):
    for name, part in (("mask-given", "loss"), ("masked-mean", "mean_loss"), ("cross-entropy", "loss")):
        verdict = mark(question_of(name), part, text)
        assert verdict.verdict != "wrong" or verdict.diagnosis.kind != "mutation"


def test_made_up_answers_are_rarely_called_a_mistake():
    """Two digits at random, near the right size: that few of them may look like a known mistake."""
    generator = np.random.default_rng(7)
    called = total = 0
    for name, part in (("mask-given", "loss"), ("cross-entropy", "loss"), ("radius", "growth"), ("word-chain", "logp")):
        question = question_of(name)
        for _ in range(150):
            size = float(question.part(part).expected) * generator.uniform(-3, 3)
            verdict = mark(question, part, f"{size:.2g}")
            called += verdict.diagnosis is not None and verdict.diagnosis.kind == "mutation"
            total += 1
    assert called / total < 0.06, called / total


def test_two_that_fit_are_both_named_as_possible():
    verdict = mark(question_of("no-draws"), "h", "[0.665, 0]")  # c is positive: relu(c) is c
    assert verdict.diagnosis.says == (
        "You would get this if the tanh of `c` were left out, or if relu were used instead of tanh."
    )


def test_elements_that_are_right_are_told_apart():
    verdict = mark(question_of("gru-chung"), "h", "[0.775, 0.1, 0.31]")
    assert verdict.diagnosis.kind == "elements"
    assert verdict.diagnosis.says == "h[0] and h[1] are right; h[2] is not yet."
    assert verdict.elements == [True, True, False]
    assert verdict.score == pytest.approx(2 / 3)


def test_rounding_on_the_way_is_told_as_that():
    verdict = mark(question_of("radius"), "growth", "0.3293")
    assert verdict.verdict == "wrong"
    assert "Carry more digits" in verdict.diagnosis.next


SHAPES = [
    ("rnn-step", "h", "0.8483", "Yours is a single number; h is a vector (unit 2)."),  # that is h[0]
    ("rnn-step", "h", "0.76", "Yours is a single number; h is a vector (unit 2)."),
    ("rnn-step", "h", "[1, 2, 3.3]", "Yours has 3 entries along unit; h is a vector (unit 2)."),
    ("attention", "C", "[1, 2, 3.5]", "The axis query is missing: C is a matrix (query 2, value 3); yours is (3)."),
    ("attention", "C", "1E308*10", "Yours is a single number; C is a matrix (query 2, value 3)."),
    ("attention", "A", "[[[1, 2, 3.5], [4, 5, 6]]]", "There is one axis too many (axis 0, of length 1)"),
    ("attention", "A", "[[1, 2], [3, 4], [5, 6.5]]", "The axes are in the wrong order: A is a matrix (query 2, key 3)"),
    ("relu-step", "s_new", "[1, 2, 3.3]", "Yours has 3 entries along axis 0; s_new is a vector (2)."),
    ("word-chain", "logp", "[1.5, 2.5]", "The answer is a single number; yours is a vector (2)."),
]


@pytest.mark.parametrize(("name", "part", "text", "said"), SHAPES, ids=[s[3][:40] for s in SHAPES])
def test_wrong_shapes_are_told_in_words_with_the_axes_names(name, part, text, said):
    verdict = mark(question_of(name), part, text)
    assert (verdict.verdict, verdict.diagnosis.kind, verdict.score) == ("wrong", "shape", 0.0)
    assert said in verdict.diagnosis.says


def test_a_wrong_shape_that_is_a_known_value_is_told_as_that():
    question = question_of("clip-norm")
    assert (
        mark(question, "clipped", "0.5").diagnosis.says == "That is `min(1, c / norm(g))`: one step is still missing."
    )
    assert mark(question, "clipped", "7").diagnosis.says == "That is `norm(g)`: 2 steps are still missing."


def test_a_shape_of_symbols_and_numbers_may_be_a_known_mistake():
    question = ask(load_exercise(CONTENT / "shapes" / "task-shapes.yaml"))
    size = question.givens["V"].item()
    assert mark(question, "logits", f"(B, {size:g})").diagnosis.kind == "authored"
    assert mark(question, "logits", "(B, V)").diagnosis.kind == "authored"


def test_of_a_shape_no_name_is_told_that_is_nowhere_on_the_screen():
    """A hidden step is told by what it is made of: `scores` is none of the names that a learner sees."""
    question = ask(load_exercise(CONTENT / "shapes" / "task-shapes.yaml"))
    diagnosis = mark(question, "last_only", "(B, T, V)", {"logits": "(B, T, V)"}).diagnosis
    assert diagnosis.says == "That is the shape of `H @ W_hy` and `logits`, not of `last_only`."


def test_the_right_numbers_in_the_wrong_shape_are_acknowledged():
    verdict = mark(question_of("rnn-step"), "h", "[[0.680], [-0.972]]")
    assert verdict.diagnosis.kind == "shape"
    assert verdict.diagnosis.says.endswith("The numbers themselves are right.")


ASKED_SHAPES = [
    ("(B, V)", "You would get this if the axis `time` were left out."),
    ("(B, V, T)", "You would get this if the axes stood in another order. `batch` is right."),
    ("(B, T, 4 * H)", "Not the right size for word. batch and time are right."),
    ("(B, T, V, 2)", "There is one axis too many: number 4 of yours, of size 2."),
    ("(B, T, H)", "That is the shape of `states` (hidden states), not of `logits`."),
]


@pytest.mark.parametrize(("text", "said"), ASKED_SHAPES)
def test_a_wrong_shape_that_was_asked_for_does_not_give_the_right_one_away(text, said):
    verdict = mark(question_of("shapes-vocab"), "logits", text)
    assert verdict.verdict == "wrong"
    assert verdict.diagnosis.says == said
    assert "50000" not in said


def asked_of(steps, answer, kind="scalar"):
    given = {
        "x": {"value": "[0.5, -1.1, 0.8]", "means": "signal", "draw": "normal(0, 1)"},
        "w": {"value": "0.7", "means": "weight", "draw": "uniform(0.3, 1.2)"},
    }
    whole = {"format": 1, "id": "made", "title": "Made", "prompt": "p", "given": given, "steps": steps}
    return ask(msgspec.convert(whole | {"ask": [{"answer": answer, "as": kind}]}, Exercise))


def test_an_expression_of_several_steps_is_asked_for_and_each_is_on_its_way():
    lets = [{"let": "c[t] = w * c[t-1] + x[t]"}, {"let": "h[t] = tanh(c[t]) + h[t-1]"}]
    steps = [{"start": {"h": "0.2", "c": "0"}}, {"for": "t in range(3)", "do": lets}]
    question = asked_of(steps, "h[-1] + c[-1]")
    h, c = (question.graph.whole(name).number for name in "hc")
    assert (
        mark(question, "h[-1] + c[-1]", typed(h[2])).says == "That is `h[2]`: one time step of an intermediate value."
    )
    assert "if `c[-1]` were subtracted, not added." in mark(question, "h[-1] + c[-1]", typed(h[2] - c[2])).says
    assert mark(asked_of(steps, "h[1]"), "h[1]", typed(h[2])).says.startswith(
        "That is `h[2]`: not the time step asked for"
    )


def test_an_exercise_without_steps_is_diagnosed_too():
    question = asked_of([], "tanh(w * x)", "vector")
    x, w = question.givens["x"], question.givens["w"]
    assert "Still missing: the tanh." in mark(question, "tanh(w * x)", typed(w * x)).says
    assert mark(question, "tanh(w * x)", typed(sigmoid(w * x))).says == (
        "You would get this if sigmoid were used instead of tanh."
    )
