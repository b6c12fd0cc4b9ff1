"""The words of a notebook: its formulas, titles, and what is not asked."""

import pytest

from rnn_tutor import cli
from rnn_tutor.commands.notebook.file import notebook
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.importing.notebook import imported
from rnn_tutor.exercises.importing.sections import plain_text
from rnn_tutor.exercises.importing.source import Cell
from rnn_tutor.exercises.importing.writing import own_title
from tests.notebooks.running import cells_of
from tests.notebooks.test_import_programs import exercise_of
from tests.notebooks.test_import_styles import NUMPY, the_one, walked

pytest.importorskip("nbformat")

FORMULAS = {
    "with $h_0 = 0$": "with `h_0 = 0`",
    r"Let $$A=\begin{pmatrix}2 & -1\\ 0 & 3\end{pmatrix}.$$ Then": "Let\n\n    A=[2, -1; 0, 3]\n\nThen",
    r"$$h_t = \tanh(W_{xh} x_t + b)$$": "    h_t = tanh(W_xh x_t + b)",
    r"\begin{align} a &= b \\ c &= \frac{1}{2} d \end{align}": "    a = b\n    c = 1/2 * d",
    r"\(x^{10}\), $X \in \{0, 1\}$": "`x**10`, X in (0, 1)",
    r"$p=\frac{e^{z_i}}{\sum_j e^{z_j}}$": r"`p=\frac{e^{z_i}}{\sum_j e^{z_j}}`",
    "It costs $5 and $6, or \\$7.": "It costs $5 and $6, or \\$7.",
    "`a**b` and `$c$**d`": "`a**b` and `$c$**d`",
}


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_a_formula_is_code_or_words(text):
    assert plain_text(text).strip("\n") == FORMULAS[text].strip()


def test_formulas_go_out_again_as_formulas():
    result = walked(NUMPY, "## Exercise 1\nCompute $s$:\n\n$$s = \\tanh(w x + b)$$", "w, x, b = 0.5, 2.0, 0.1",
                    "### Solution", "s = np.tanh(w * x + b)\nprint('s', s)")  # fmt: skip
    entry, _ = the_one(result)
    assert entry.status == "imported"
    cells = cells_of(notebook("x", [ask(exercise_of(result, entry))]))
    prose = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "markdown")
    assert "$s$" in prose
    assert "$$s = \\tanh" in prose
    assert "&#36;" not in prose
    assert "\\$" not in prose


def test_a_line_across_the_page_is_no_exercise():
    result = walked(NUMPY, "## Exercise 1", "x = np.array([1.5, 2.0])\nprint(x.sum())", "> ---", "**2.** Say why.")
    assert [entry.title for entry in result.entries] == ["Exercise 1", "Say why"]


def test_the_title_of_the_notebook_is_no_draft():
    result = walked(
        "## Problem set", "def f(x):\n    return x", "## Problem 1", "x = np.array([1.5, 2.0])\nprint(x.sum())"
    )
    assert len(result.entries) == 2  # a second heading is one of them
    made = [Cell(1, "text", "# Assignment 4"), Cell(2, "code", f"{NUMPY}\n\ndef f(x):\n    return x"),
            Cell(3, "text", "## Problem 1"), Cell(4, "code", "print(f(np.array([1.5, 2.0])).sum())")]  # fmt: skip
    assert [entry.title for entry in imported(made, "x").entries] == ["Problem 1"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [("Problem 1 (4 pts)", "Problem 1"), ("1. The sum (2 points)", "The sum"), ("Sum [3 Punkte]", "Sum"),
     ("Exercise 2: of (2, 3)", "of (2, 3)"), ("(4 pts)", "(4 pts)")],
)  # fmt: skip
def test_points_are_no_part_of_a_title(title, shown):
    assert own_title(title) == shown


def test_each_round_of_a_loop_is_asked_and_not_its_counter():
    loop = "w = 2.0\nv = 0.5\nfor step in range(3):\n    v = 0.9 * v - w\n    w = w + v\n    print(step + 1, w)"
    _, file = the_one(walked(NUMPY, "## Exercise 1: momentum", loop))
    assert [(part["answer"], part["prompt"]) for part in file["ask"]] == [
        ("w_2", "`w_2`, round 1"), ("w_3", "`w_3`, round 2"), ("w_4", "`w_4`, round 3"),
    ]  # fmt: skip
    _, file = the_one(walked(NUMPY, "## Exercise 1: momentum", loop.replace("range(3)", "range(7)")))
    assert len(file["ask"]) == 1


def test_a_name_is_what_it_is_at_the_end_of_a_loop():
    loop = "x = np.array([2.0, 1.5])\nfor k in range(3):\n    s = (x * (k + 1)).sum()\n    print(s)"
    _, file = the_one(walked(NUMPY, "## Exercise 1: sums", loop))
    assert [part["answer"] for part in file["ask"]] == ["s_1", "s_2", "s"]


def test_what_is_printed_after_a_loop_that_was_left_is_of_no_round():
    code = (
        "x = np.array([0.5, 2.0, 3.0])\ndef first(v):\n    for k in range(3):\n        if v[k] > 1:\n"
        "            return v[k] * 2\n"
        "def show(v):\n    y = first(v)\n    print(y)\n    print(y / 3)\nshow(x)"
    )
    _, file = the_one(walked(NUMPY, "## Exercise 1: the first", code))
    assert "round" not in str(file["ask"])


def test_sentences_of_steps_are_hints_where_there_are_two():
    two = "x = np.array([1.5, 2.0])\nm = x.mean()\ns = np.exp(m)  # the exponential\nprint('s', s)"
    _, file = the_one(walked(NUMPY, "## Exercise 1", two))
    assert file["hints"] == ["Compute `m` from `x`.", "The exponential."]
    _, file = the_one(walked(NUMPY, "## Exercise 1", two.replace("the exponential", "it is 5.7546027")))
    assert "hints" not in file
    _, file = the_one(walked(NUMPY, "## Exercise 1", "x = np.array([1.5, 2.0])\ns = x.sum()\nprint('s', s)"))
    assert file["hints"] == ["Compute `s` from `x`.", "What helps here: `sum`."]


def test_a_notebook_without_outputs_says_so(tmp_path, capsys):
    file = tmp_path / "notes.md"
    file.write_text("## Exercise 1\n\n```python\nimport numpy as np\nx = np.array([1.5, 2.0])\nprint(x.sum())\n```\n")
    pytest.importorskip("jupytext")
    assert cli.main(["import", str(file), "-o", str(tmp_path / "course")]) == 0
    assert "The notebook has no stored outputs with numbers to compare with." in capsys.readouterr().out
