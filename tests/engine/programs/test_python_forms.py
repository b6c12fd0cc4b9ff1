"""The usual ways to write a program in Python: each gives here what Python and NumPy give."""

import numpy as np
import pytest

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.programs.interpreter import run_program

GIVENS = {
    "x": np.array([[0.5, -1.0, 0.2], [1.1, 0.4, -0.6], [-0.3, 0.8, 0.9]]),
    "W": np.array([[0.4, -0.7, 0.2], [0.1, 0.9, -0.5]]),
    "U": np.array([[0.6, -0.2], [0.3, 0.5]]),
    "b": np.array([0.1, -0.2]),
    "h0": np.array([0.3, -0.4]),
    "V": np.arange(24.0).reshape(8, 3) / 20 - 0.5,
    "Q": np.arange(16.0).reshape(8, 2) / 30 - 0.2,
}
STEP = "np.tanh(W @ xt + U @ h + b)"
SIG = "sig = lambda z: 1 / (1 + np.exp(-z))\n"
GATES = "V @ xt + Q @ h"
LSTM = "\n    c = sig(f) * c + sig(i) * np.tanh(g)\n    h = sig(o) * np.tanh(c)\nreturn h"

FORMS = {
    "a function inside": "def step(h, xt):\n    return np.tanh(W @ xt + U @ h + b)\nh = h0\nfor xt in x:\n    h = step(h, xt)\nreturn h",
    "a function on one line": "def sigmoid(z): return 1 / (1 + np.exp(-z))\nreturn sigmoid(h0)",
    "a lambda inside": f"step = lambda h, xt: {STEP}\nh = h0\nfor xt in x:\n    h = step(h, xt)\nreturn h",
    "what a function inside reads may change": "k = 1\nscale = lambda a: a * k\nfirst = scale(h0)\nk = 3\nreturn first + scale(h0)",
    "its names are its own": "k = 1\ndef f(a):\n    k = 5\n    return a * k\nreturn f(h0) + k",
    "a function two deep": "def f(a):\n    def g(c):\n        return c * a + b\n    return g(a) + 1\nreturn f(h0)",
    "one that calls itself": "def f(h, t):\n    if t == len(x):\n        return h\n    return f(np.tanh(W @ x[t] + U @ h + b), t + 1)\nreturn f(h0, 0)",
    "defined in a loop": "h = h0\nfor xt in x:\n    def step(h):\n        return np.tanh(W @ xt + U @ h + b)\n    h = step(h)\nreturn h",
    "parameters with a value": "def scaled(a, eps=1e-2, k=2):\n    return a * k + eps\nreturn scaled(h0) + scaled(h0, 0.5) + scaled(h0, k=3)",
    "arguments by name": "def f(a, c):\n    return a - 2 * c\nreturn f(c=b, a=h0)",
    "types": "def f(a: np.ndarray, k: float = 2.0) -> np.ndarray:\n    return a * k\nh: np.ndarray = f(h0)\nreturn h",
    "several on a line": "h = h0; T = len(x)\nfor t in range(T):\n    a = W @ x[t]; r = U @ h\n    h = np.tanh(a + r + b)\nreturn h",
    "print and assert": 'assert x.ndim == 2, "a matrix; of inputs"\nprint("h0 is", h0)\nreturn h0',
    "is None": "if b is None:\n    b2 = h0\nelse:\n    b2 = b\nk = 1 if h0 is not None else 0\nreturn b2 * k",
    "sum of a generator of arrays": "return sum(W @ xt for xt in x)",
    "sum of a generator of numbers": "return h0 * sum(xt[0] * t for t, xt in enumerate(x))",
    "all, any, max of a generator": "return h0 * all(xt.sum() < 9 for xt in x) + max(xt[1] for xt in x) + any(xt[0] > 9 for xt in x)",
    "a generator taken apart": SIG + f"h, c = h0, np.zeros(2)\nfor xt in x:\n    a = {GATES}\n    i, f, g, o = (a[2 * k:2 * k + 2] for k in range(4)){LSTM}",
    "map": SIG + f"h, c = h0, 0\nfor xt in x:\n    a = {GATES}\n    i, f, o = map(sig, (a[:2], a[2:4], a[6:]))\n    c = f * c + i * np.tanh(a[4:6])\n    h = o * np.tanh(c)\nreturn h",
    "map of a function of NumPy": "return np.array(list(map(np.tanh, [h0, b])))",
    "empty": "hs = np.empty((len(x), 2))\nh = h0\nfor t in range(len(x)):\n    h = np.tanh(W @ x[t] + U @ h + b)\n    hs[t] = h\nreturn hs",
    "empty_like": "a = np.empty_like(h0)\na[0] = 1\na[1] = 2\nreturn a",
    "a dict by time step": "xs, hs = {}, {}\nhs[-1] = np.copy(h0)\nfor t in range(len(x)):\n    hs[t] = np.tanh(W @ x[t] + U @ hs[t - 1] + b)\nreturn hs[len(x) - 1] + hs[-1] + len(hs)",
    "a dict's keys": "d = dict()\nd[3] = 1\nd[5] = 2\nd[3] = 7\ns = 0\nfor k in d:\n    s += k * d[k]\nreturn h0 * s",
    "clipped where it is": "dW, db = W * 3, b * 9\nfor g in [dW, db]:\n    np.clip(g, -1, 1, out=g)\nreturn dW.sum(1) + db",
    "backwards through time": "hs = [h0]\nfor xt in x:\n    hs.append(np.tanh(W @ xt + U @ hs[-1] + b))\ndU, dW, db = [np.zeros_like(p) for p in (U, W, b)]\ndnext = np.zeros_like(h0)\nfor t in reversed(range(len(x))):\n    draw = (1 - hs[t + 1] ** 2) * (np.ones_like(b) + dnext)\n    db += draw\n    dW += np.outer(draw, x[t])\n    dU += np.outer(draw, hs[t])\n    dnext = np.dot(U.T, draw)\nreturn dU",
    "a difference quotient": "eps = 1e-5\ndef loss(Up):\n    h = h0\n    for xt in x:\n        h = np.tanh(W @ xt + Up @ h + b)\n    return h.sum()\ng = np.zeros_like(U)\nfor i in range(U.shape[0]):\n    for j in range(U.shape[1]):\n        Up = U.copy(); Up[i, j] += eps\n        Um = U.copy(); Um[i, j] -= eps\n        g[i, j] = (loss(Up) - loss(Um)) / (2 * eps)\nreturn g",
}  # fmt: skip
# ruff: noqa: E501 - a program reads best as it would be told to somebody: on one line


def wrapped(body):
    names = ", ".join(GIVENS)
    return f"def net({names}):\n" + "".join(f"    {line}\n" for line in body.split("\n"))


def run(body):
    return run_program(wrapped(body), GIVENS, answer="h", function="net", arguments=tuple(GIVENS)).value


def in_python(body):
    scope = {"np": np}
    exec(wrapped(body), scope)  # noqa: S102 - the programs of this file
    return np.asarray(scope["net"](*(value.copy() for value in GIVENS.values())), dtype=float)


@pytest.mark.parametrize("form", FORMS)
def test_it_gives_what_python_gives(form, capsys):
    np.testing.assert_allclose(run(FORMS[form]), in_python(FORMS[form]), atol=1e-9)


SPLIT = SIG + "h, c = h0, np.zeros(2)\nfor xt in x:\n    i, f, g, o = {}" + LSTM


@pytest.mark.parametrize(
    "cut",
    [
        "torch.split(V @ xt + Q @ h, [2, 2, 2, 2])",
        "torch.split(V @ xt + Q @ h, 2)",
        "torch.chunk(V @ xt + Q @ h, 4)",
        "(V @ xt + Q @ h).split([2, 2, 2, 2])",
        "(V @ xt + Q @ h).split(2)",
        "(V @ xt + Q @ h).chunk(4, dim=-1)",
        "torch.split(V @ xt + Q @ h, [len(b), len(b), len(h0), len(h0)], dim=0)",
    ],
)  # fmt: skip
def test_blocks_by_their_sizes_are_what_np_split_gives_by_their_places(cut):
    expected = in_python(SPLIT.format("np.split(V @ xt + Q @ h, [2, 4, 6])"))
    np.testing.assert_allclose(run(SPLIT.format(cut)), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("def f(a, k=2):\n    return a\nreturn f()", "takes 2 values"),
        ("def f(a, k=2):\n    return a\nreturn f(h0, c=3)", "no c that is still to be given"),
        ("def f(a, k=2):\n    return a\nreturn f(h0, a=3)", "no a that is still to be given"),
        ("def f(k=2, a):\n    return a\nreturn f(h0)", "stand last"),
        ("def f(a, k=b):\n    return a\nreturn f(h0)", "a number here"),
        ("def f(a):\n    def f(c):\n        return c\n    return a\nreturn f(h0)", "There is a f already"),
        ("def f(a):\n    g = lambda c: c\n    return a\nreturn g(h0)", "known there only"),
        ("k = 1\ndef f(a):\n    k += 1\n    return k\nreturn f(h0)", "k has no value yet here"),
        ("d = {}\nreturn d[3]", "There is no key 3 in d"),
        ("d = {}\nd[0] = h0\nreturn np.array(d)", "A dict is not an array"),
        ("return map(nothing, h0)", "There is no function nothing"),
        ("d = {1: h0}\nreturn d[1]", "A dict begins empty here"),
        ("d = {(0, 2): h0}\nreturn d[0, 2]", "for pairs take a matrix"),
        ("d = {1, 2}\nreturn h0", "A dict begins empty here"),
        ("np.tanh(h0, out=h0)\nreturn h0", "out="),
        ("np.clip(h0, 0, 1, out=h0)\nreturn h0", "is given and cannot be changed"),
    ],
)  # fmt: skip
def test_what_is_not_read_says_why(body, says):
    with pytest.raises(EngineError) as error:
        run(body)
    assert says in error.value.says


def test_statements_on_one_line_are_counted_as_lines():
    with pytest.raises(EngineError) as error:
        run_program("a = 1; " * 250 + "\nb = a", {}, answer="b")
    assert "200" in error.value.says


def test_a_program_that_only_prints_does_nothing():
    with pytest.raises(EngineError) as error:
        run_program("print(h0)", GIVENS, answer="h")
    assert "Nothing is done" in error.value.says
