"""The words of a notebook: its formulas, titles, and what is not asked."""

import pytest

from rnn_tutor.commands.notebook.file import notebook
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.importing.sections import plain_text
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
    r"$p=\frac{e^{z_i}}{\sum_j e^{z_j}}$": "p=(e^(z_i))/(sum_j e^(z_j))",
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
