"""What the table says beside what is imported: notes, what is refused and why, formulas that stay TeX; and `check`."""

import pytest

from rnn_tutor.commands.importing import _table
from rnn_tutor.exercises.importing.machine import MAX_STATEMENTS
from rnn_tutor.exercises.importing.mathematics import as_tex, formula, in_words
from rnn_tutor.exercises.importing.refusing import what_acts
from rnn_tutor.exercises.lint.exercise import examine_file
from tests.notebooks.test_import_programs import exercise_of
from tests.notebooks.test_import_styles import NUMPY, the_one, walked

pytest.importorskip("nbformat")

GIVEN = "x = np.array([1.5, 2.0, -1.0])\nn = 3"


def test_a_given_that_is_printed_is_told():
    result = walked(NUMPY, "## Exercise 1", GIVEN, "# SOLUTION\ns = x.sum()\nprint(s, n)")
    entry, file = the_one(result)
    assert entry.status == "imported"
    assert [part["answer"] for part in file["ask"]] == ["s"]
    assert entry.notes == ("`n` is printed, too; it is given, so it is not asked for.",)
    assert any("`n` is printed, too" in line for line in _table(result.entries))


@pytest.mark.parametrize("shown", ["print('exact =', exact)", "print(f'{exact}')", "exact"])
def test_a_given_under_another_name_is_asked_for(shown):
    entry, file = the_one(
        walked(NUMPY, "## Exercise 1", GIVEN, f"# SOLUTION\nexact = n\ns = x.sum()\nprint(s)\n{shown}")
    )
    assert (entry.status, entry.notes) == ("imported", ())
    assert [part["answer"] for part in file["ask"]] == ["s", "exact"]
    assert "exact = n" in [step["let"] for step in file["steps"]]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("print 'x'", "Its solution is not Python."),
        ("%%bash\nls", "Its solution begins with a cell magic of Jupyter, so it may be of another language."),
        ("import os\nos.system('ls')\na = 2 * n\nprint(a)", "Its solution uses `os.system`:"),
        ("a = eval('2 * n')\nprint(a)", "Its solution uses `eval`:"),
        ("from subprocess import run\nrun(['ls'])", "Its solution uses `subprocess.run`:"),
        ("().__class__.__bases__[0].__subclasses__()", "Its solution uses `__"),
        ("n = 1\n" * (MAX_STATEMENTS + 1), "Its solution has 1,001 statements in one cell; at most 1,000 are read."),
    ],
)
def test_an_exercise_is_refused_and_the_others_are_not(code, says):
    result = walked(NUMPY, GIVEN, "## Exercise 1: other", f"# SOLUTION\n{code}" if "%%" not in code else code,
                    "## Exercise 2: sum", "# SOLUTION\ns = x.sum()\nprint(s)")  # fmt: skip
    refused, kept = result.entries
    assert (refused.status, refused.id, refused.file) == ("refused", "", "")
    assert refused.reasons[0].startswith(says)
    assert refused.cell == 4
    assert kept.status == "imported"
    assert set(result.files) == {"course.yaml", kept.file}
    assert "other" not in result.files["course.yaml"]


@pytest.mark.parametrize("magic", ["%%time", "%%capture out", "%matplotlib inline"])
def test_magics_before_code_of_python_refuse_nothing(magic):
    entry, _ = the_one(walked(NUMPY, "## Exercise 1", GIVEN, f"{magic}\ns = x.sum()\nprint(s)"))
    assert entry.status == "imported"


def test_what_only_reads_acts_on_nothing():
    assert not what_acts("import os\npath = os.path.join('a', 'b')\nf = open('data.csv')\nx = np.exp(2)")
    assert what_acts("import shutil\nshutil.rmtree('x')") == "shutil.rmtree"


FORMULAS = {
    r"x \in \mathbb{R}^n": "x in R^n",
    r"A_{i,j} \to \infty": "A_(i,j) -> infinity",
    r"\mathbb{E}[G x_t] = G \mu_t \tag{8}": "E[G x_t] = G mu_t",
    r"x_{i+1/2} \neq 2\pi k": "x_(i+1/2) != 2 pi k",
    r"h_\theta(x)": "h_theta(x)",
}
STILL = {
    r"\sum_{i=0}^{n} x_{i} \, \bar{x}": r"\sum_{i=0}^n x_i \bar{x}",
    r"\hat{z} = \frac{\partial z}{\partial x} \nonumber": r"\hat{z} = \frac{\partial z}{\partial x}",
    r"\left( \frac{\partial \mathbf{u}}{\partial t} \right)": r"( \frac{\partial u}{\partial t} )",
    r"\begin{bmatrix} 1 \\ \vdots \end{bmatrix}": r"\begin{bmatrix} 1 \\ \vdots \end{bmatrix}",
}


@pytest.mark.parametrize("latex", FORMULAS, ids=range(len(FORMULAS)))
def test_a_formula_becomes_words_where_nothing_is_lost(latex):
    assert (formula(latex) or in_words(latex)) == FORMULAS[latex]


@pytest.mark.parametrize("latex", STILL, ids=range(len(STILL)))
def test_what_has_more_than_letters_and_scripts_stays_tex(latex):
    assert not formula(latex)
    assert not in_words(latex)
    assert as_tex(latex) == STILL[latex]


def test_several_formulas_on_a_line_and_their_number():
    assert formula(r"s = \tanh(a), \quad a = w x \tag{3}") == "s = tanh(a), a = w x"


def test_the_table_says_what_is_still_tex():
    prose = "## Exercise 1\nCompute $\\int_0^1 f(x) dx$ and\n\n$$\\oint g$$"
    entry, file = the_one(walked(NUMPY, prose, GIVEN, "# SOLUTION\ns = x.sum()\nprint(s)"))
    assert entry.status == "imported"
    assert r"`\int_0^1 f(x) dx`" in file["prompt"]
    assert entry.notes == (r"2 formulas of the prompt are still TeX: `\int_0^1 f(x) dx`.",)


@pytest.mark.parametrize(
    "cells",
    [
        ["## Exercise 1\nAdd.", GIVEN, "# SOLUTION\ns = x.sum()\nprint(s)"],
        ["## Exercise 1\nAdd.", GIVEN, "# SOLUTION\ns = x[0] * x[1] + x[2]\nprint(s)"],
        ["## Exercise 1\nWrite `means(x, k)`.",
         "# SOLUTION\ndef means(x, k):\n    return np.array([x[j::k].mean() for j in range(k)])",
         "means(np.array([1., 2., 4., 3.]), 2)"],
    ],
)  # fmt: skip
def test_an_imported_exercise_passes_check_without_a_word(cells, tmp_path):
    result = walked(NUMPY, *cells)
    entry, _ = the_one(result)
    assert (entry.status, entry.reasons) == ("imported", ())
    assert exercise_of(result, entry).hints
    path = tmp_path / f"{entry.id}.yaml"
    path.write_text(result.files[entry.file])
    assert [one.says for one in examine_file(path, tmp_path, draws=5) if one.severity != "note"] == []
