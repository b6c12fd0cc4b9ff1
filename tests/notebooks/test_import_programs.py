"""Functions of a notebook as programs: what draws tell a wrong program from the right one, and what stays a draft."""

from pathlib import Path

import pytest

from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.convert import convert
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.importing.mutants import MOST, mutants
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Exercise
from tests.notebooks.test_import_styles import NUMPY, the_one, walked

pytest.importorskip("nbformat")

LSTM = """def lstm(x, c, W, b):
    z = W @ x + b
    i = 1 / (1 + np.exp(-z[:1]))
    f = 1 / (1 + np.exp(-z[1:2]))
    g = np.tanh(z[2:])
    return f * c + i * g"""


def exercise_of(result, entry):
    return convert(parse(result.files[entry.file], Path("x.yaml")), Exercise).value


def verdicts(*cells, wrong):
    """Return the verdicts on the notebook's own solution, which stands last but one, and on a wrong one."""
    result = walked(*cells)
    entry, file = the_one(result)
    assert (entry.status, entry.reasons) == ("imported", ())
    question = ask(exercise_of(result, entry))
    texts = (cells[-2], wrong)
    return [mark(question, file["ask"][0]["answer"], text).verdict for text in texts], file


def test_arguments_that_are_all_equal_are_drawn():
    told, file = verdicts(
        NUMPY, "## Exercise 1\nWrite `lstm(x, c, W, b)`.", LSTM,
        "lstm(np.array([1., -1.]), np.zeros(1), np.ones((3, 2)), np.zeros(3))",
        wrong=LSTM.replace("f * c + i * g", "i * c + f * g"),
    )  # fmt: skip
    assert told == ["right", "wrong"]
    assert all("draw" in given for given in file["given"].values())


@pytest.mark.parametrize("returned", ["True", "False", "np.pi"])
def test_a_function_that_returns_a_constant_is_a_draft(returned):
    source = f"def f(x):\n    return {returned}"
    entry, _ = the_one(walked(NUMPY, "## Exercise 1\nWrite `f(x)`.", source, "f(np.array([1., 2.]))"))
    assert entry.status == "draft"


def test_a_count_of_what_is_written_out_is_an_argument():
    source = "def centres(X, labels, k):\n    return np.array([X[labels == j].mean(axis=0) for j in range(k)])"
    told, file = verdicts(
        NUMPY, "## Exercise 1\nWrite `centres(X, labels, k)`.", source,
        "centres(np.array([[1., 2.], [3., 4.], [0., -1.], [2., 2.5]]), np.array([0, 1, 0, 1]), 2)",
        wrong=source.replace("mean", "sum"),
    )  # fmt: skip
    assert told == ["right", "wrong"]
    assert "draw" not in file["given"]["k"]


def test_vectors_and_matrices_beside_each_other():
    source = "def features(x, A):\n    return np.column_stack([np.ones(len(x)), A, x])"
    told, _ = verdicts(
        NUMPY, "## Exercise 1\nWrite `features(x, A)`.", source,
        "features(np.array([1., 2.5]), np.array([[3., 4.], [0., -1.]]))",
        wrong=source.replace("A, x", "x, A"),
    )  # fmt: skip
    assert told == ["right", "wrong"]


@pytest.mark.parametrize(
    ("returned", "why"),
    [
        ("x.sum(), x", "`f` returns arrays of several shapes together; a program here returns one array."),
        ("np.fft.fft(x)", "`f` returns complex numbers, which no program here can."),
        ("{'a': x}", "`f` returns a dict; a program here returns one array."),
    ],
)
def test_what_no_single_array_is_says_so(returned, why):
    source = f"def f(x):\n    return {returned}"
    entry, _ = the_one(walked(NUMPY, "## Exercise 1\nWrite `f(x)`.", source, "f(np.array([1., 2., 4.]))"))
    assert (entry.status, entry.reasons) == ("draft", (why,))


def test_a_size_stays_where_the_solution_was_written_out_for_it():
    source = (
        "def mean_of(x, m):\n    y = np.zeros(len(x) - m + 1)\n    for k in range(len(y)):\n"
        "        y[k] = np.mean(x[k:k + m])\n    return y"
    )
    told, file = verdicts(
        NUMPY, "## Exercise 1\nWrite `mean_of(x, m)`.", source, "mean_of(np.array([1., 2., 6., 3., 0.]), 3)",
        wrong=source.replace("np.mean(x[k:k + m])", "x[k]"),
    )  # fmt: skip
    assert told == ["right", "wrong"]
    assert "draw" in file["given"]["x"]
    assert "draw" not in file["given"]["m"]


def test_numbers_that_tell_no_wrong_program_make_a_draft():
    entry, _ = the_one(
        walked(
            NUMPY,
            "## Exercise 1\nWrite `f(x)`.",
            "def f(x):\n    return np.sign(np.exp(x) * 2)",
            "f(np.array([1.5, 2.5]))",
        )
    )
    assert entry.status == "draft"
    assert "wrong programs give what the right one gives" in entry.reasons[0]


@pytest.mark.parametrize("begun", ["def step(f, x):\n    # YOUR CODE HERE\n    return x", ""])
def test_a_function_that_is_asked_for_is_never_a_question_about_a_number(begun):
    cells = [NUMPY, "## Exercise 1\nWrite `step(f, x)`.", *([begun] if begun else []),
             "# SOLUTION\ndef step(f, x):\n    return x - f(x) / 2\n\nstep(lambda x: x**3, 1.5)"]  # fmt: skip
    entry, _ = the_one(walked(*cells))
    assert (entry.status, entry.kind) == ("draft", "program")
    assert entry.reasons == ("The argument `f` of `step` is a function, which no program here can be given.",)


def test_a_starter_that_returns_something_asks_for_its_function():
    entry, file = the_one(
        walked(NUMPY, "## Exercise 1: half of it", "def half(x):\n    # YOUR CODE HERE\n    return x",
               "# SOLUTION\ndef half(x):\n    return x / 2\n\ny = half(np.array([1.5, 3.0]))\nprint(y)")
    )  # fmt: skip
    assert (entry.status, entry.kind, file["ask"][0]["function"]) == ("imported", "program", "half(x)")


def test_mutants_change_one_thing():
    text = "def f(a, b):\n    c = a @ b + np.sum(a)\n    return c - 1"
    made = mutants(text)
    assert text.replace("a @ b + np.sum(a)", "b @ a + np.sum(b)") in made
    assert text.replace("+ np", "- np") in made
    assert text.replace("c - 1", "c + 1") in made
    assert len(made) == len(set(made)) == 3
    assert len(mutants("def f(a, b, c):\n    return " + " + ".join("abc"[k % 3] for k in range(200)))) == MOST


CALLS = {
    "values of earlier cells": (
        "hours = np.array([2.0, 3.5, 1.0])\npoints = np.array([51, 60, 40])",
        "def zscore(x):\n    return (x - x.mean(axis=0)) / x.std(axis=0)",
        "assert np.allclose(zscore(np.column_stack([hours, points])).mean(axis=0), 0)",
    ),
    "in a test": (
        "x = np.array([2.0, 3.5, 1.0])",
        "def zscore(x):\n    return (x - x.mean()) / x.std()",
        "def test_it(f):\n    assert np.isclose(zscore(x).mean(), 0)\n    return 1\n\ntest_it(zscore)",
    ),
    "how often, and whole numbers": (
        "X0 = np.array([2.0, 3.0])",
        "def zscore(A, x, steps):\n    for _ in range(steps):\n        x = A @ x\n    return x",
        "zscore(A=np.eye(2) * 2, x=X0, steps=3)",
    ),
    "names of math": (
        "n = 5",
        "def zscore(k, n, p):\n    return math.comb(n, k) * p**k * (1 - p) ** (n - k)",
        "print(zscore(2, n, 0.3))",
    ),
    "a column beside a matrix": (
        "X = np.array([[1.5, 2.0], [0.5, -1.0], [2.0, 1.0]])\nZ = np.column_stack([np.ones(3), X])",
        "def zscore(Z, y):\n    return np.linalg.solve(Z.T @ Z, Z.T @ y)",
        "zscore(Z, np.array([1.0, 2.0, 4.0]))",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", CALLS)
def test_a_call_is_had(how):
    before, source, called = CALLS[how]
    entry, file = the_one(walked("import math\nimport numpy as np", "## Data", before,
                                 "## Exercise 1\nWrite `zscore`.", source, called))  # fmt: skip
    assert (entry.status, entry.kind, entry.reasons) == ("imported", "program", ())
    assert any("draw" in given for given in file["given"].values())
