"""Notebooks of many styles: where a solution stands, what is asked, what becomes of loops, functions and the rest."""

import builtins
import json

import numpy as np
import pytest
import yaml

from rnn_tutor.exercises.importing.notebook import imported
from rnn_tutor.exercises.importing.source import Cell, SourceError, cells_of

pytest.importorskip("nbformat")


def walked(*cells, name="notes"):
    """Import cells: what begins with ##, **, > is text, all else code; a pair is code and its output."""
    made = []
    for number, cell in enumerate(cells, 1):
        text, output = cell if isinstance(cell, tuple) else (cell, None)
        words = text.startswith(("## ", "### ", "**", "> ")) and "BEGIN SOLUTION" not in text
        made.append(Cell(number, "text" if words else "code", text, output))
    return imported(made, name)


def the_one(result):
    assert len(result.entries) == 1, result.entries
    entry = result.entries[0]
    return entry, yaml.safe_load(result.files[entry.file])


NUMPY = "import numpy as np"
SUM = "x = np.array([1.5, 2.0])\ns = x.sum()\nprint('total:', s)"

STYLES = {
    "a comment": ["## Exercise 1: add", "# Your code here", f"# Solution\n{SUM}"],
    "a heading": ["## Exercise 1: add", "x = np.array([1.5, 2.0])", "### Solution", SUM],
    "straight after the prose": ["## Exercise 1: add\nAdd the numbers.", SUM],
    "no heading": ["**1.** Add the numbers.", SUM],
    "folded": [f"## Exercise 1: add\n<details><summary>Solution</summary>\n\n```python\n{SUM}\n```\n</details>"],
    "marks of nbgrader": ["## Problem 1: add", f"### BEGIN SOLUTION\n{SUM}\n### END SOLUTION"],
    "at the end": ["## Exercise 1\nAdd.", "x = np.array([1.5, 2.0])", "## Solutions", "## Solution 1", SUM],
    "without a mark": ["## Add the numbers", SUM],
}


@pytest.mark.parametrize("style", STYLES)
def test_a_solution_is_found(style):
    entry, file = the_one(walked(NUMPY, *STYLES[style]))
    assert (entry.status, entry.reasons) == ("imported", ())
    assert [step["let"] for step in file["steps"]] == ["s = x.sum()"]
    assert file["given"]["x"]["value"] == "[1.5, 2.0]"
    assert [part["answer"] for part in file["ask"]] == ["s"]


def test_what_the_notebook_has_stored_has_to_agree():
    right, _ = the_one(walked(NUMPY, "## Exercise 1", (SUM, "total: 3.5\n")))
    assert (right.status, right.compared) == ("imported", True)
    wrong, file = the_one(walked(NUMPY, "## Exercise 1", (SUM, "total: 3.25\n")))
    assert (wrong.status, file["status"]) == ("draft", "draft")
    assert "it is 3.5 here and 3.25 in the notebook" in wrong.reasons[0]


@pytest.mark.parametrize(
    ("code", "output", "agrees"),
    [
        ("print(np.array([0.5, 0.123456789]) * x[0])", "[0.75       0.18518518]", True),
        ("print(x[0] * 0.5)", "0.7", False),  # what is printed in full has all its digits
        ("print(f'{x[0] / 7:.2f}')", "0.21", True),
        ("print(f'{x[0] / 7:.2f}')", "0.22", False),
        ("print(x[0] > 1, x[1] * 1e-17)", "True 2.1e-17", True),  # rounding leaves this of a 0
        ("x[0] / 3", "np.float64(0.5)", True),
        ("print(x * 2, 7)", "[3. 4.] 8", False),
    ],
)
def test_digits_are_compared_as_they_are_printed(code, output, agrees):
    entry, _ = the_one(walked(NUMPY, "## Exercise 1", (f"x = np.array([1.5, 2.0])\n{code}", output)))
    assert (entry.status == "imported") is agrees, entry.reasons


def test_a_loop_over_time_is_one_of_the_language():
    code = (
        "X = np.array([[1.0, 0.5], [0.2, -1.0], [0.3, 0.4]])\nW = np.array([[0.5, 0.1], [0.2, 0.3]])\n"
        "h = np.zeros(2)\nhs = []\nfor x in X:\n    h = np.tanh(W @ h + x)\n    hs.append(h)\nprint(np.array(hs))"
    )
    _, file = the_one(walked(NUMPY, "## Exercise 1", code))
    assert file["steps"][0]["start"] == {"h": "zeros([2])"} or "start" in file["steps"][0]
    assert file["steps"][1]["for"] == "t in range(len(X))"
    assert file["steps"][1]["do"][0]["let"] == "h[t] = np.tanh(W @ h[t - 1] + X[t])"
    assert file["ask"][0]["answer"] == "h"


TURNS = """p = np.array([0.2, 0.3])
out = []
for i in range(4):
    {line}
        p = p * 2
    out.append(p.sum())
print(out)"""


def test_a_condition_on_the_turn_is_a_where():
    entry, file = the_one(walked(NUMPY, "## Exercise 1", (TURNS.format(line="if i == 1:"), "[0.5, 1.0, 1.0, 1.0]")))
    assert (entry.status, entry.compared) == ("imported", True)
    assert "where(i == 1, " in str(file["steps"])


def test_a_loop_that_ends_early_is_written_out():
    code = "w = 8.0\nfor i in range(9):\n    w = w / 2\n    if w < 1.5:\n        break\nprint(w, i)"
    entry, file = the_one(walked("## Exercise 1", (code, "1.0 2")))
    assert (entry.status, entry.compared) == ("imported", True)
    assert [list(step) for step in file["steps"]] == [["let", "say"]] * 3
    assert "draw" not in file["given"]["w"]  # other numbers would take another number of turns


def test_names_that_are_assigned_again_get_new_ones():
    code = "w = 2.5\nw = w * 2\nw = w + 1\nprint('w', w)"
    _, file = the_one(walked("## Exercise 1", code))
    assert list(file["given"]) == ["w"]
    assert [step["let"] for step in file["steps"]] == ["w_3 = w * 2", "w_2 = w_3 + 1"]
    assert file["ask"][0]["answer"] == "w_2"


FUNCTION = (
    "## Exercise 1\nComplete the function.",
    "def scale(x, a, shift=1.0):\n    '''Scale and shift.'''\n    # YOUR CODE HERE\n    pass",
    "def scale(x, a, shift=1.0):\n    '''Scale and shift.'''\n    return helper(x, a) + shift",
    "def helper(x, a):\n    return a * x",
    ("print(scale(np.array([1.0, -2.0]), 3.0))", "[ 4. -5.]"),
)


def test_an_open_function_becomes_a_program():
    entry, file = the_one(walked(NUMPY, *FUNCTION))
    assert (entry.status, entry.kind, entry.compared) == ("imported", "program", True)
    assert file["ask"][0]["function"] == "scale(x, a)"
    assert set(file["given"]) == {"x", "a"}
    assert any(given.get("draw") for given in file["given"].values())
    assert "Scale and shift" in file["ask"][0]["starter"]


def test_a_condition_in_a_function_is_a_where():
    cells = (
        "## Exercise 1",
        "def act(x):\n    raise NotImplementedError()",
        "def act(x):\n    if x > 0:\n        return 2 * x\n    return 0.1 * x\nprint(act(1.5))",
    )
    entry, file = the_one(walked(*cells))
    assert entry.status == "imported", entry.reasons
    assert "where(" in str(file["steps"])


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import torch\nt = torch.ones(3)\nprint(t)", "torch"),
        ("class Net:\n    pass\nprint(Net().n)", "The class `Net`"),
        ("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()", "It asks for a plot"),
        ("d = np.loadtxt('data.csv')\nprint(d.mean())", "np.loadtxt"),
        ("print(open('secret').read())", "`open`"),
        ("x = np.random.rand(3)\nprint(x.sum())", "Random numbers without a seed"),
        ("x = np.random.rand(3)\nprint(x.sum())\nprint('All done')", "Random numbers without a seed"),
        ("x = np.random.default_rng().normal()\nprint(x)", "Random numbers without a seed"),
        ("w, V = np.linalg.eigh(np.eye(2) * 2.0)\nprint(V)", "eigenvectors"),
        ("x = input()\nprint(x)", "`input`"),
        ("x = 1.5\nassert x > 2\nprint(x * 2)", "asserts what does not hold"),
    ],
)
def test_what_cannot_be_had_is_a_draft_that_says_so(code, says):
    entry, file = the_one(walked(NUMPY, "## Exercise 1", code))
    assert entry.status == file["status"] == "draft"
    assert says in entry.reasons[0]


def test_a_call_that_cannot_be_had_says_why():
    starter, solution = "def f(x):\n    pass", "def f(x):\n    return np.loadtxt('data') * x\nprint(f(2.0))"
    entry, _ = the_one(walked(NUMPY, "## Exercise 1", starter, "### Solution", solution))
    assert entry.status == "draft"
    assert "A call of `f` with numbers" in entry.reasons[0] and "np.loadtxt" in entry.reasons[0]


def test_seeded_random_numbers_are_those_of_the_notebook():
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=2), rng.uniform(size=2)
    code = "rng = np.random.default_rng(3)\na = rng.normal(size=2)\nb = rng.uniform(size=2)\nprint((a + b).sum())"
    entry, file = the_one(walked(NUMPY, "## Exercise 1", (code, repr(float((first + second).sum())))))
    assert (entry.status, entry.compared) == ("imported", True)
    assert file["given"]["b"]["value"] == repr(second.tolist())


def test_random_numbers_after_something_unknown_are_not_guessed():
    code = "np.random.seed(0)\nnp.random.shuffle(order)\nx = np.random.rand(2)\nprint(x)"
    entry, _ = the_one(walked(NUMPY, "## Exercise 1", code))
    assert entry.status == "draft"


def test_an_array_that_is_changed_through_another_name_is_not_guessed():
    code = "a = np.array([1.0, 2.0, 3.0])\nb = a[1:]\nb[0] = 9.0\nprint(a.sum() + b.sum())"
    entry, _ = the_one(walked(NUMPY, "## Exercise 1", code))
    assert entry.status == "draft"


def test_whole_numbers_are_cut_off_as_numpy_does():
    code = "a = np.array([1, 2, 3])\na[0] = 2.7\nprint(a * 1.5)"
    entry, _ = the_one(walked(NUMPY, "## Exercise 1", (code, "[3.  3.  4.5]")))
    assert (entry.status, entry.compared) == ("imported", True)


def test_names_of_files_come_from_ids():
    title = "../../etc/passwd \x1b[31m\u202e [/bold]"
    result = walked(NUMPY, f"## Exercise 1: {title}", SUM, name="../../up")
    assert all(
        part.replace("-", "").isalnum() for name in result.files for part in name.removesuffix(".yaml").split("/")
    )
    assert not any(sign in text for text in result.files.values() for sign in "\x1b\u202e")


def test_a_task_in_words_is_a_checklist_to_be_finished():
    entry, file = the_one(walked("## Question 1\nWhy?", "### Answer", "> It forgets. It also explodes."))
    assert (entry.status, entry.kind) == ("draft", "text")
    assert [option["text"] for option in file["ask"][0]["options"]] == ["It forgets.", "It also explodes."]


def test_python_text_and_markdown_are_read_without_their_header():
    pytest.importorskip("jupytext")
    header = "# ---\n# jupyter: {jupytext: {text_representation: {format_name: pandoc}}}\n# ---\n"
    percent = f"{header}# %% [markdown]\n# ## Exercise 1\n\n# %%\n{NUMPY}\n{SUM}\n"
    markdown = f"---\njupyter: x\n---\n## Exercise 1\n\n```python\n{NUMPY}\n{SUM}\n```\n"
    for text, suffix in ((percent, ".py"), (markdown, ".md")):
        result = imported(cells_of(text.encode(), suffix), "notes")
        assert [entry.status for entry in result.entries] == ["imported"]


@pytest.mark.parametrize(("name", "suffix"), [("nbformat", ".ipynb"), ("jupytext", ".py")])
def test_one_sentence_says_what_to_install(monkeypatch, name, suffix):
    real = builtins.__import__

    def without(module, *args, **kwargs):
        if module.partition(".")[0] == name:
            raise ImportError(module)
        return real(module, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    notebook = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "1"}]})
    with pytest.raises(SourceError, match=rf"needs {name}: pip install"):
        cells_of(notebook.encode() if suffix == ".ipynb" else b"# %%\n1", suffix)


@pytest.mark.parametrize(
    "code",
    [
        "x = [1]\nfor i in range(60):\n    x = [x, x]\nprint(x, np.array(x))",
        "x = [1.5]\n" + "x = [x[0] + x[0]]\n" * 60 + "print(x)",
        "x = [1]\n" + "x = x + x\n" * 60 + "print(len(x))",
        "x = [1]\n" + "x.extend(x)\n" * 60 + "print(len(x))",
        "s = 'a'\n" + "s = s + s\n" * 60 + "print(s)",
        "s = 'a' * 10**9\nprint(s)",
        "x = 9 ** 9 ** 9\nprint(x)",
        "x = np.zeros((10**6, 10**6))\nprint(x)",
        "def f(n):\n    return f(n) + f(n)\nprint(f(1))",
        "while True:\n    pass",
        "x = 1.5\nfor i in range(10**9):\n    x = x * 1.1\nprint(x)",
        "x = " + "-" * 200_000 + "1",
        "x = " + "(" * 5_000 + "1" + ")" * 5_000,
        "A = np.random.default_rng(0).normal(size=10**9)\nprint(A)",
    ],
)
def test_code_that_would_use_up_the_machine_is_not_walked_to_its_end(code):
    result = walked(NUMPY, "## Exercise 1", code)
    assert [entry.status for entry in result.entries] != ["imported"]


def test_an_exercise_of_many_steps_has_no_draws():
    code = "x = np.array([0.5, 1.5])\n" + "".join(f"y{k} = x * {k} + 1\n" for k in range(40))
    code += "print(" + " + ".join(f"y{k}" for k in range(40)) + ")"
    entry, file = the_one(walked(NUMPY, "## Exercise 1", code))
    assert (entry.status, len(file["steps"])) == ("imported", 41)
    assert "draw" not in file["given"]["x"]
