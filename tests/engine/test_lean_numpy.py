"""NumPy as the program imports it: less of it at first, all of it for whoever asks."""

import subprocess
import sys

import pytest

from rnn_tutor.tui.late_imports import _OPENING

LATE = ("ctypes", "numpy._core._add_newdocs", "numpy._typing")


def ran(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_what_opens_an_exercise_imports_nothing_that_it_does_not_read():
    wanted = ", ".join(map(repr, LATE))
    code = f"""
import sys
from importlib import import_module
for name in {_OPENING!r}:
    import_module(name)
print(*[name for name in ({wanted}) if name in sys.modules])
"""
    assert ran(code) == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("print(np.zeros(3).ctypes.shape[0])", "3"),
        ("import ctypes; print(ctypes.sizeof(ctypes.c_double))", "8"),
        ("from numpy.typing import ArrayLike, NDArray; print(NDArray is not None)", "True"),
        ("print(np.linalg.eigh(np.eye(2)).eigenvalues.sum())", "2.0"),
        ("import numpy._core._add_newdocs as docs; print(hasattr(docs, 'add_newdoc'))", "True"),
        ("print(np._core._add_newdocs.add_newdoc.__name__)", "add_newdoc"),
        ("import pickle; print(pickle.loads(pickle.dumps(np.arange(3))).sum())", "3"),
        ("import numpy.ma, numpy.random, numpy.ctypeslib; print(numpy.random.default_rng(1).integers(1))", "0"),
    ],
)
def test_what_was_left_out_is_there_for_who_reads_it(code, told):
    assert ran(f"import rnn_tutor.engine.lean_numpy\nimport numpy as np\n{code}") == [told]


def test_numpy_that_is_there_already_stays_as_it_is():
    assert ran("import numpy, sys\nimport rnn_tutor.engine.lean_numpy\nprint('ctypes' in sys.modules)") == ["True"]
