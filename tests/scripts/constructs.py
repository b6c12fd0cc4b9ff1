"""Programs with whatever steps can be: lines `start: h = ...`, `for t in ...:` with indented ones below, `name = ...`.

The last line of each is what is expected; where it says so, NumPy cannot be told (it takes differences).
"""

import numpy as np

from rnn_tutor.engine.expression import Name
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.graph.steps import Let, Program, Start, read_loop, run
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.writing.library import LIBRARIES, Key
from rnn_tutor.engine.writing.script import Expected, GivenText, Source, written

GIVENS = {
    name: np.asarray(value, dtype=float)
    for name, value in {
        "T": 4, "w": 0.7, "u": 0.3, "lr": 0.1, "y": 0.5, "x": [0.5, -1.0, 0.8, 0.2], "k": [2, 0, 1, 1],
        "W": [[0.4, -0.3], [0.2, 0.5]], "U": [[0.7, 0.1], [-0.2, 0.6]], "v": [0.3, -0.8],
        "X": [[0.1, 0.9], [-0.5, 0.4], [0.3, 0.3], [0.8, -0.6]], "mask": [1, 1, 0, 1], "lengths": [4, 2],
        "B": [[[0.1, 0.9], [-0.5, 0.4], [0.3, 0.3], [0.8, -0.6]], [[0.2, 0.1], [0.7, -0.4], [0.0, 0.0], [0.0, 0.0]]],
        "W3": [[0.4, -0.3], [0.2, 0.5], [0.1, 0.1], [-0.6, 0.2], [0.3, 0.3], [-0.2, 0.4]],
        "W4": [[0.4, -0.3], [0.2, 0.5], [0.1, 0.1], [-0.6, 0.2], [0.3, 0.3], [-0.2, 0.4], [0.5, 0.5], [-0.1, 0.2]],
    }.items()
}  # fmt: skip

_RNN = "start: h = 0\nfor t in range(T):\n  h[t] = tanh(w * h[t-1] + u * x[t])\nL = 0.5 * (h[-1] - y)**2\n"
_NET = "start: h = zeros(2)\nfor t in range(T):\n  h[t] = tanh(W @ X[t] + U @ h[t-1])\nL = sum(h[-1] * v)\n"
_BACK = "start: a = 0\nfor t in reversed(range(T)):\n  a[t] = w * a[t+1] + x[t]\n"

PROGRAMS: dict[str, str] = {
    "reversed": _BACK + "r = a[0] + a[-1]",
    "reversed-gradient": _BACK + "r = grad(a[0]**2, a)",
    "two-loops": _RNN + _BACK + "r = grad(sum(h * a), w)",
    "of-steps": _RNN + "r = grad(L, h)",
    "of-one-step": _RNN + "r = grad(L, h[2])",
    "of-the-last-step": _RNN + "r = grad(L, h[-1])",
    "of-some-steps": _RNN + "r = grad(L, h[1:3])",
    "of-an-element": _NET + "r = grad(L, W[0, 1]) + grad(L, W)[1, 0]",
    "of-a-row": _NET + "r = grad(L, X[0])",
    "of-a-unit": _NET + "r = grad(L, h[:, 1])",
    "of-a-step-outside": "z = W @ v\ns = sum(tanh(z) ** 2)\nr = grad(s, z)",
    "of-a-copy": "z = v\ns = sum(z * v)\nr = grad(s, z)",
    "of-nothing": _NET + "r = grad(sum(v), W)",
    "of-a-constant": "z = ones(3)\nr = grad(sum(z ** 2), z)",
    "of-a-constant-state": (
        "start: h = zeros(2)\nfor t in range(3):\n  h[t] = 0.5 * h[t-1] + 1\nr = grad(sum(h[-1]), h)"
    ),
    "gradient-of-a-gradient": _NET + "d = grad(L, W)\nM = W - lr * d\ns = sum(M ** 2)\nr = grad(s, W)",
    "jacobian": _NET + "r = jacobian(h, W)",
    "jacobian-of-steps": _NET + "r = jacobian(h[-1], h)",
    "jacobian-of-a-row": _NET + "r = jacobian(h[-1], X[1])",
    "local": "z = W @ v\na = tanh(z) + v\nr = local(a, v)",
    "local-of-steps": _RNN + "r = local(h, x)",
    "local-of-a-step": _NET + "r = local(h[2], h[1])",
    "local-by-all-steps": (
        "start: h = zeros(2)\nfor t in range(T):\n  a[t] = W @ X[t] + U @ h[t-1]\n"
        "  h[t] = tanh(a[t]) + h[t-1]\nr = local(h, a)"
    ),
    "local-by-all-steps-before": (
        "start: h = zeros(2)\nfor t in range(T):\n  a[t] = W @ X[t] + U @ h[t-1]\n  h[t] = tanh(a[t])\nr = local(a, h)"
    ),
    "local-at-each-step": (
        "start: h = zeros(2)\nfor t in range(T):\n  h[t] = tanh(W @ X[t] + U @ h[t-1])\n"
        "  J[t] = local(h[t], h[t-1])\nr = J"
    ),
    "parts": _NET + "r = parts(L, U)",
    "parts-of-an-element": _NET + "r = parts(L, U[0, 1])",
    "parts-through-a-step": (
        "V = 2 * U\nstart: h = zeros(2)\nfor t in range(T):\n  h[t] = tanh(W @ X[t] + V @ h[t-1])\n"
        "L = sum(h[-1])\nr = parts(L, U)"
    ),
    "stop": _RNN + "s = (stop(h[1]) * w) ** 2\nr = grad(s, w)",
    "stop-at-a-start": _RNN + "start: g = stop(h[1])\nfor t in range(2):\n  g[t] = w * g[t-1]\nr = grad(g[-1], w)",
    "stop-at-each-step": (
        "start: h = 0\nfor t in range(T):\n  h[t] = tanh(w * stop(h[t-1]) + x[t])\nL = h[-1] ** 2\nr = grad(L, w)"
    ),
    "training": (
        "start: p = 0.2\nfor t in range(T):\n  loss[t] = (p[t-1] * x[t] - y)**2\n  g[t] = grad(loss[t], p[t-1])\n"
        "  p[t] = p[t-1] - lr * g[t]\nr = p"
    ),
    "momentum": (
        "start: p = v\nstart: m = zeros(2)\nfor t in range(T):\n  e[t] = X[t] @ p[t-1] - y\n  loss[t] = e[t] ** 2\n"
        "  m[t] = 0.9 * m[t-1] + grad(loss[t], p[t-1])\n  p[t] = p[t-1] - lr * m[t]\nr = p"
    ),
    "steps-so-far": "start: h = 0\nfor t in range(T):\n  h[t] = h[t-1] + x[t]\n  m[t] = sum(h[:t+1])\nr = m",
    "counting": (
        "start: best = 0\nfor t in range(T):\n  best[t] = where(x[t] > x[best[t-1]], t, best[t-1])\nr = x[best[-1]]"
    ),
    "masks": "ok = x > 0\nn = sum(ok)\nr = [n, mean(ok), sum(x[ok]), sum(mask * x) / sum(mask), sum(ok * mask)]",
    "whole-numbers": "n = floor(T / 2)\nr = x[n] * n / T + max(k) - 2 ** -n",
    "sizes": "r = zeros([shape(X)[1:], size(X), len(x)]) + T",
    "joining": "r = concat([X, reshape(x[:2], 1, 2)], axis=0) + stack(v, v, v, v, v)",
    "indexing": "r = X[::-1][k, :][:, None, 0] + X[..., 1][None, 3:0:-2].T[:1]",
    "one-hot": "r = one_hot(k, 3).T @ X",
    "rnn": "r = grad(sum(rnn(X, W, U) ** 2), U)",
    "rnn-lengths": "r = grad(sum(rnn(B, W, U, v, zeros(2, 2), lengths) ** 2), W)",
    "lstm": "r = grad(sum(lstm(X, W4, W4) ** 2), W4)",
    "gru": "r = grad(sum(gru(X, W3, W3) ** 2), W3)",
    "gru-pytorch": "r = grad(sum(gru_pytorch(B, W3, W3, zeros(6), zeros(6), zeros(2, 2), lengths) ** 2), W3)",
    "attention": "r = grad(sum(attention(X, X, X, mask) ** 2), X)",
    "cross-entropy": "r = grad(cross_entropy(X, minimum(k, 1), mask), X)",
    "clipping": "r = grad(sum(clip_by_norm(v, 0.5) ** 3), v)",
    "layer-norm": "r = jacobian(layer_norm(X, axis=0), X)",
    "infinity": "r = softmax([[-inf, -inf], [0, 1]]) + exp(-inf) + 1 / inf",
    "python-numbers": "r = [maximum(2, 3), 2 ** 10, 7 // 2, abs(-3), where(T > 3, 1, 0), sqrt(T), log(2), e, pi]",
}  # fmt: skip
NOT_IN_NUMPY = ("stop-at-each-step",)


def read(text: str) -> Program:
    """Return a program from its lines."""
    statements: list = []
    lines = text.split("\n")
    while lines:
        line = lines.pop(0)
        if line.startswith("for "):
            body = []
            while lines and lines[0].startswith("  "):
                body.append((lines.pop(0).strip(), "body"))
            statements.append(read_loop(line.removeprefix("for ").rstrip(":"), tuple(body)))
            continue
        name, _, expr = line.removeprefix("start: ").partition(" = ")
        is_start = line.startswith("start: ")
        statements.append(Start({name: parse(expr)}) if is_start else Let(name, parse(expr), line))
    return tuple(statements)


def of_program(name: str, key: Key) -> str:
    """Return the script of one of the programs."""
    program = read(PROGRAMS[name])
    graph = run(program, GIVENS)
    expected = [Expected("r", Name("r"), as_numbers(graph.whole("r").number))]
    givens = [GivenText(given, value, "") for given, value in GIVENS.items()]
    return written(Source(program, graph, givens, {}, expected), LIBRARIES[key])
