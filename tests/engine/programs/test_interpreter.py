"""What each statement of a program does, held to what Python and NumPy do."""

import numpy as np
import pytest

from rnn_tutor.engine.expression import OPERATORS
from rnn_tutor.engine.functions import TABLE
from rnn_tutor.engine.programs.interpreter import run_program
from rnn_tutor.engine.programs.lines import LineError

GIVEN = {"x": np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "v": np.array([0.5, -1.0]), "T": np.array(3.0)}


def result(text, **more):
    return run_program(text, GIVEN, answer="y", **more).value.tolist()


def refused(text):
    with pytest.raises(LineError) as caught:
        run_program(text, GIVEN, answer="y")
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y = 3", 3),
        ("f = lambda z: 1 / (1 + exp(-z))\ny = f(v - v)", [0.5, 0.5]),
        ("f = lambda a, b: a * b + 1\ny = f(2, 3)", 7),
        ("f = lambda: 3\ny = f()", 3),
        ("sigmoid = lambda z: 2 * z\ny = sigmoid(v)", [1, -2]),
        ("f = lambda z: z + T\nT = 5\ny = f(1)", 6),
        ("y = 0\nfor t in range(3):\n    f = lambda z: z + 1\n    y = f(y)", 3),
        ("f = lambda z: z if z > 0 else 0\ny = f(-1)", 0),
        ("a, b = np.split(v, 2)\ny = b", [-1]),
        ("a, b, c = np.split(range(8), [2, 5])\ny = b", [2, 3, 4]),
        ("y = len(np.split(range(8), [2, 5]))", 3),
        ("a, b = torch.chunk(x, 2, dim=1)\ny = b", [[2], [4], [6]]),
        ("y = 0\nfor k, a in enumerate(v, start=1): y += k * a", -1.5),
        ("y = 0\nfor k, (a, b) in enumerate(zip(v, v), 1): y += k * a * b", 2.25),
        ("values, places = torch.max(x[:2], dim=1)\ny = [values, places]", [[2, 4], [1, 1]]),
        ("values, places = x[:2].min(dim=0)\ny = [values, places]", [[1, 2], [0, 0]]),
        ("_, y = torch.max(x, 1)", [1, 1, 1]),
        ("a, b = np.max(x[:2], axis=1)\ny = b", 4),
        ("y = 7\ny //= 2", 3),
        ("import torch\nimport torch.nn.functional as F\ny = F.relu(v)", [0.5, 0]),
        ("return 2 + 3 * 4", 14),
        ("a = b = 2\ny = a + b", 4),
        ("a, b = 1, 2\na, b = b, a\ny = [a, b]", [2, 1]),
        ("(a, b), c = [1, 2], 3\ny = [a, b, c]", [1, 2, 3]),
        ("rows, columns = x.shape\ny = [rows, columns]", [3, 2]),
        ("_, y = 1, 2", 2),
        ("y = 1\ny += 2\ny *= 5\ny -= 1\ny /= 2\ny **= 2", 49),
        ("y = eye(2)\ny @= v", [0.5, -1]),
        ("y = 0\nfor t in range(4): y += t", 6),
        ("y = []\nfor t in range(4, 0, -2):\n    y.append(t)", [4, 2]),
        ("y = []\nfor t in reversed(range(3)): y.append(t)", [2, 1, 0]),
        ("y = []\nfor row in reversed(x): y.append(row[0])", [5, 3, 1]),
        ("y = []\nfor row in x: y.append(sum(row))", [3, 7, 11]),
        ("y = []\nfor k, row in enumerate(x): y.append(k * row[1])", [0, 4, 12]),
        ("y = 0\nfor a, b in zip(v, x): y += a * b[0]", -2.5),
        ("y = 0\nfor t in range(10):\n    if t == 2: continue\n    if t > 4: break\n    y += t", 8),
        ("y = 1\nwhile y < 100:\n    y = y * 3", 243),
        ("y = 0\nwhile True:\n    y += 1\n    if y > 6:\n        break", 7),
        ("if T > 5:\n    y = 1\nelif T > 2:\n    y = 2\nelse:\n    y = 3", 2),
        ("if T > 5: y = 1\nelse: y = 3", 3),
        ("if not v[0] > 1 and T == 3 or False: y = 1\nelse: y = 0", 1),
        ("y = 1 if T < 0 else 2", 2),
        ("y = [t * t for t in range(4) if t != 2]", [0, 1, 9]),
        ("t = 7\nz = [t for t in range(3)]\ny = t", 7),
        ("y = [1, 2] + [3]", [1, 2, 3]),
        ("y = [0.5] * 3", [0.5, 0.5, 0.5]),
        ("y = x + [1, 2]", [[2, 4], [4, 6], [6, 8]]),
        ("def double(a):\n    return 2 * a\ny = double(double(v))", [2, -4]),
        ("def step(a, b):\n    b = b + 1\n    return a * b, b\nb = 1\ny, c = step(3, b)\ny = [y, b, c]", [6, 1, 2]),
        ("def fact(n):\n    if n <= 1:\n        return 1\n    return n * fact(n - 1)\ny = fact(5)", 120),
        ("def sigmoid(z):\n    return 7\ny = sigmoid(1)", 7),
        ("def fill(a):\n    a[0] = 9\nb = zeros(2)\nfill(b)\ny = b", [9, 0]),
        ("h = [1, 2, 3, 4]\ny = h[1:3]", [2, 3]),
        ("h = [1, 2, 3]\nh[-1] = 5\nh[0] += 2\ny = h", [3, 2, 5]),
        ("h = [1]\nh.extend([2, 3])\nh.insert(0, 0)\nh.reverse()\ny = h", [3, 2, 1, 0]),
        ("h = [1, 2]\nh += [3]\ny = len(h)", 3),
        ("h = [1, 2, 3, 4]\nh.pop()\nh.pop(0)\ny = h", [2, 3]),
        ("h = [1, 2, 3]\na = h.pop()\nb = h.pop(-2)\ny = [a, b, len(h)]", [3, 1, 1]),
        ("h = [1, 2, 3]\ny = 0\nwhile h:\n    y = 10 * y + h.pop()", 321),
        ("h = [1, 2, 3, 4]\ny = 0\nfor a in reversed(h):\n    h.pop()\n    h.pop(0)\n    y += a", 4),
        ("h = [1, 2, 3]\nh[0] += h.pop()\ny = h", [4, 2]),
        ("y = [7 % -4, 7%-4, T % -2, 24% - 4]", [-1, -1, -1, -3.76]),
        ("h = []\nif h: y = 1\nelse: y = 2", 2),
        ("y = zeros((2, 2))\ny[0] = v\ny[1, 0] = 3\ny[1][1] = 4", [[0.5, -1], [3, 4]]),
        ("y = zeros(4)\ny[1:3] = v", [0, 0.5, -1, 0]),
        ("y = v.copy()\ny[y < 0] = 0", [0.5, 0]),
        ("y = zeros(2)\ny[0] += 1.5\ny[:] += 1", [2.5, 1]),
        ("y = np.stack([row for row in x], axis=1)", [[1, 3, 5], [2, 4, 6]]),
        ("y = np.concatenate([v, v])", [0.5, -1, 0.5, -1]),
        ("y = vstack([v, v])", [[0.5, -1], [0.5, -1]]),
        ("y = hstack([v, v])", [0.5, -1, 0.5, -1]),
        ("h = [v, v]\ny = h[0][1]", -1),
        ("y = mean([v, v], axis=0)", [0.5, -1]),
        ("y = list(range(3))", [0, 1, 2]),
        ("y = (x\n     @ v)", [-1.5, -2.5, -3.5]),
        ("import numpy as np\ny = np.tanh(0)  # a comment: here\n# y = 1", 0),
        ('"""What it does:\nthis."""\ny = 1\n\'and that\'', 1),
        ("    y = 1\n    y += 1", 2),
        ("if True:\n\ty = 4", 4),
        ("pass\ny = 1", 1),
        ("λ = 2\ny = λ × T", 6),
    ],
)
def test_statements(text, expected):
    assert result(text) == expected


def test_every_operator_takes_two_arrays():
    """The machine hands operands on without asking the table how many there are."""
    assert {TABLE[name].arrays_only for name in OPERATORS} == {2}


def test_names_share_their_array_as_in_numpy():
    assert result("a = zeros(2)\nb = a\nb[0] = 1\ny = a") == [1, 0]
    assert result("a = zeros((2, 2))\nrow = a[1]\nrow[0] = 1\ny = a") == [[0, 0], [1, 0]]
    assert result("a = zeros(2)\nh = [a]\na += 1\nh.append(a)\ny = h") == [[1, 1], [1, 1]]
    assert result("a = zeros(2)\nh = [a]\na = a + 1\nh.append(a)\ny = h") == [[0, 0], [1, 1]]
    assert result("a = zeros(2)\nb = array(a)\nc = a.copy()\nd = a.flatten()\na[0] = 1\ny = [b, c, d]") == [[0, 0]] * 3
    assert result("a = [1]\nb = a\nb.append(2)\ny = a") == [1, 2]
    assert result("s = 1\nu = s\nu += 1\ny = s") == 1


def test_functions_have_names_of_their_own():
    assert result("def f(a):\n    T = 9\n    return a + T\ny = f(1) + T") == 13
    assert result("def f(a):\n    return a + T\ny = f(1)") == 4
    assert "has no value yet" in refused("def f():\n    a = T + 1\n    T = 2\n    return a\ny = f()").says


def test_a_function_of_the_learner_is_called_with_the_givens():
    text = "def act(z):\n    return tanh(z)\ndef rnn(a, b):\n    return act(a @ b)"
    found = run_program(text, GIVEN, answer="y", function="rnn", arguments=("x", "v"))
    np.testing.assert_allclose(found.value, np.tanh(GIVEN["x"] @ GIVEN["v"]))
    body = run_program("y = tanh(x @ v)", GIVEN, answer="y", function="rnn", arguments=("x", "v"))
    np.testing.assert_allclose(body.value, found.value)


def test_what_is_given_cannot_be_changed():
    before = GIVEN["x"].copy()
    for text in ("x[0] = 1", "a = x\na[0, 0] = 1", "a = x[0]\na += 1", "a = x.T\na[0] = 3", "for r in x: r[0] = 1"):
        assert "given" in refused(text).says
    assert (GIVEN["x"] == before).all()
    assert result("x = x + 1\ny = x[0]") == [2, 3]


def test_many_parts_can_be_stacked():
    found = run_program("h = []\nfor t in range(1000): h.append([t, -t])\nreturn stack(h)", GIVEN, answer="y")
    np.testing.assert_array_equal(found.value, np.stack([np.arange(1000.0), -np.arange(1000.0)], axis=1))


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("y = 1\nz = w", 2, "no name w"),
        ("y = (1 +\n  2 +\n  w)", 3, "no name w"),
        ("y = 1\n  z = 2", 2, "indentation"),
        ("if T:\n    y = 1\n  z = 2", 3, "indentation"),
        ("  y = 1\nz = 2", 2, "indentation"),
        ("for t in range(3)\n    y = t", 1, ":"),
        ("if T > 2:\ny = 1", 1, "indent at least one line"),
        ("y = 1\nz = (1,\nw = 2", 2, "not closed"),
        ("for t in range(3):\n    y = x[t + 1]", 2, "index"),
        ("y = x @ x", 1, "@"),
        ("def f(a):\n    return a @ a\n\ny = f(x)", 2, "@"),
        ("def f(a):\n    b = 1\ny = f(x)", 3, "returns nothing"),
        ("def f(a):\n    return a\ny = f(x, v)", 3, "given 2"),
        ("y = 3\nif x > 2:\n    y = 1", 2, "any("),
        ("if T > 5:\n    y = 1\nelif x > 2:\n    y = 1", 3, "any("),
        ("while x > 2:\n    y = 1", 1, "any("),
        ("a, b = 1, 2, 3", 1, "2 names for 3"),
        ("a, b = 1", 1, "cannot be unpacked"),
        ("y = zeros(2)\ny[0] = v", 2, "does not fit"),
        ("y = zeros(2)\ny += x", 2, "write y ="),
        ("for t in T: y = t", 1, "range(T)"),
        ("h = zeros(2)\nh.append(1)", 2, "h = []"),
        ("h = []\nh = h.append(1)", 2, "line of its own"),
        ("h = [v]\ny = sum(h)", 2, "axis=0"),
        ("y = [v] - [v]", 1, "array("),
        ("h = [1]\ny = h[3]", 2, "index 3"),
        ("h = [v]\ny = h[0, 1]", 2, "h[i][j]"),
        ("y = [1, [2, 3]]", 1, "same shape"),
        ("tanh(v)", 1, "does not keep it"),
        ("break", 1, "loop"),
        ("z = 1", 1, "return y"),
        ("range = 3", 1, "range"),
        ("def f():\n    return 1\nf = 2", 3, "f is a function"),
    ],
)
def test_errors_name_the_line(text, line, word):
    error = refused(text)
    assert error.line == line
    assert error.says.startswith(f"Line {line}: ")
    assert word in error.says
    assert error.at is not None
    assert text.count("\n", 0, error.at[0]) + 1 == line or error.at[0] >= len(text)


def test_a_recurrent_network_is_fast_enough():
    rng = np.random.default_rng(1)
    size, width, count = 8, 4, 50
    given = {
        "x": rng.normal(size=(count, width)),
        "W_xh": rng.normal(size=(size, width)),
        "W_hh": rng.normal(size=(size, size)) / 4,
        "b": rng.normal(size=size),
    }
    text = (
        "h = np.zeros(len(b))\nhs = []\nfor t in range(x.shape[0]):\n"
        "    h = np.tanh(W_xh @ x[t] + W_hh @ h + b)\n    hs.append(h)\nreturn np.stack(hs)"
    )
    h, truth = np.zeros(size), []
    for row in given["x"]:
        h = np.tanh(given["W_xh"] @ row + given["W_hh"] @ h + given["b"])
        truth.append(h)
    found = run_program(text, given, answer="h", watch=frozenset({"h"}))
    np.testing.assert_allclose(found.value, truth, rtol=1e-12)
    assert len(found.events) == count + 1


def test_a_pair_that_may_be_two_rows_is_asked_about():
    with pytest.raises(LineError, match=r"two rows\? Write torch.max\(x, dim=1\)"):
        run_program("a, b = x.max(1)\ny = a", GIVEN, answer="y")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("f = lambda a=b: a\ny = f()", "a number here"),
        ("f = lambda a, a: a\ny = f(1, 1)", "own name"),
        ("f = lambda a: a\nf = lambda a: a\ny = 1", "There is a f already"),
        ("range = lambda a: a\ny = 1", "There is a range already"),
        ("f = lambda a:\ny = 1", "missing"),
    ],
)
def test_a_named_lambda_that_is_no_function_here_says_why(text, says):
    with pytest.raises(LineError, match=says):
        run_program(text, GIVEN, answer="y")


@pytest.mark.parametrize(
    "text",
    [
        "y = (lambda a: a)(x)",
        "lambda: 1",
        "y = [lambda a: a for t in x]",
        "f = lambda a: lambda b: a",
        "y = list(map(lambda a: 2 * a, v))",
    ],
)
def test_a_lambda_is_named_as_what_it_is(text):
    with pytest.raises(LineError, match=r"A lambda needs a name here.*def name"):
        run_program(text, GIVEN, answer="y")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("h = [1, 2, 3]\nk = 0\nh[k], k = 5, 9\ny = h", [5, 2, 3]),
        ("y = zeros(3)\nk = 0\ny[k], k = 5, 9", [5, 0, 0]),
    ],
)
def test_a_watched_element_whose_index_is_another_one_by_now(text, expected):
    assert result(text, watch=frozenset("hky")) == expected
