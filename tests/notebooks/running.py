"""Runs the code of a notebook without a kernel: cell by cell, as one would, with what draws left out."""

import io
import json
import sys
from contextlib import redirect_stdout
from types import ModuleType
from unittest import mock

import numpy as np


class _Anything(mock.MagicMock):
    """matplotlib, of which only the names are tried here: `make test-notebooks` draws."""


def cells_of(text):
    """Return the cells of a notebook as they stand in its file."""
    cells = json.loads(text)["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def code_of(text):
    """Return the texts of its code cells."""
    return [cell["source"] for cell in cells_of(text) if cell["cell_type"] == "code"]


def run(text, answers=()):
    """Run a notebook and return what it prints, line by line.

    answers: (name, code) put where `name = ...` stands, one after the other.
    """
    waiting = list(answers)
    plots = ModuleType("matplotlib")
    plots.pyplot = _Anything()
    plots.pyplot.subplots.return_value = (_Anything(), _Anything())
    names = {"__name__": "__main__", "In": []}
    printed = io.StringIO()
    with (
        redirect_stdout(printed),
        mock.patch.dict(sys.modules, {"matplotlib": plots, "matplotlib.pyplot": plots.pyplot}),
    ):
        for code in code_of(text):
            if waiting and f"{waiting[0][0]} = ..." in code and "Your answer" in code:
                name, answer = waiting.pop(0)
                code = code.replace(f"{name} = ...", f"{name} = {answer}")  # noqa: PLW2901
            if "plt.show()" in code:
                continue
            names["In"].append(code)
            with np.errstate(all="ignore"):
                exec(compile(code, "<cell>", "exec"), names)  # noqa: S102
    assert not waiting, waiting
    return printed.getvalue().splitlines()


def verdicts(text, answers=()):
    """Return what the checks say, by the names of the answers; the last of each."""
    return dict(line.split(": ", 1) for line in run(text, answers) if ": " in line)
