"""NumPy as the program imports it: less of it at first, all of it for whoever asks."""

import importlib
import subprocess
import sys

import pytest

from rnn_tutor.engine import lean_numpy
from rnn_tutor.tui.late_imports import _MARKING, _OPENING

LATE = ("ctypes", "numpy._core._add_newdocs", "numpy._typing", *lean_numpy.FUNCTIONS)


def ran(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_what_opens_an_exercise_and_marks_it_imports_nothing_that_it_does_not_read():
    wanted = ", ".join(map(repr, LATE))
    code = f"""
import sys
from importlib import import_module
for name in {(*_OPENING, *_MARKING)!r}:
    import_module(name)
print(*[name for name in ({wanted}) if name in sys.modules])
"""
    assert ran(code) == []


def test_numpy_alone_imports_neither_pickle_nor_platform():
    code = "import rnn_tutor.engine.lean_numpy, sys; print(*{'pickle', 'platform', 'numpy'} & set(sys.modules))"
    assert ran(code) == ["numpy"]


def test_a_package_whose_name_begins_like_numpys_keeps_its_documentation(tmp_path):
    package = tmp_path / "numpyish.py"
    package.write_text('def told():\n    """Of\n    two lines."""\n', encoding="utf-8")
    code = f"import rnn_tutor.engine.lean_numpy, sys; sys.path.append({str(tmp_path)!r})\n"
    assert ran(f"{code}import numpyish; print(numpyish.told.__doc__)") == ["Of", "two", "lines."]


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
        ("print(np.nanmax([1.0, np.nan]))", "1.0"),
        ("import io; print(int(np.loadtxt(io.StringIO('1 2')).sum()))", "3"),
        ("from numpy.lib.npyio import NpzFile; print(NpzFile.__name__)", "NpzFile"),
        ("print(np.lib.format.MAGIC_LEN)", "8"),
        ("print(np.histogram([0, 1], bins=2)[0].sum())", "2"),
        ("import io; file = io.BytesIO(); np.save(file, [4]); file.seek(0); print(np.load(file)[0])", "4"),
        ("import io; file = io.BytesIO(); np.arange(3).dump(file); print(file.tell() > 9)", "True"),
        ("print(set(np.__all__) >= {'nanmax', 'load', 'histogram'})", "True"),
        ("import numpy.ma as ma; print(ma.median(ma.array([1, 5, 9], mask=[1, 0, 0])))", "7.0"),
        ("print(np.unique([2.0, np.nan, 2.0]).size)", "2"),
        ("import numpy.polynomial, numpy.fft, numpy.rec, numpy.testing; print(np.poly1d([1, 2])(3))", "5"),
        ("import numpy.ma, numpy.random, numpy.ctypeslib; print(numpy.random.default_rng(1).integers(1))", "0"),
    ],
)
def test_what_was_left_out_is_there_for_who_reads_it(code, told):
    assert ran(f"import rnn_tutor.engine.lean_numpy\nimport numpy as np\n{code}") == [told]


@pytest.mark.parametrize(("module", "names"), lean_numpy.FUNCTIONS.items())
def test_what_stands_for_a_module_has_all_its_functions_and_nothing_else(module, names):
    real = importlib.import_module(module)
    assert set(names) == set(real.__all__)
    assert not [name for name in names if isinstance(getattr(real, name), type)]


def test_code_without_its_documentation_does_what_it_did():
    source = '''
"""The module's."""
class C:
    """The class's,

    in two lines.
    """
    def method(self):
        """Said in

        several lines.
        """
        def none():
            return "none\\nsaid"
        return none(), "one\\nline", [part + "a\\nb" for part in "xy"], (lambda: "c\\nd")()
'''
    spaces = [{}, {}]
    exec(compile(source, "<test>", "exec"), spaces[0])  # noqa: S102 - the source above
    exec(lean_numpy._undocumented(compile(source, "<test>", "exec")), spaces[1])  # noqa: S102
    said, unsaid = (space["C"] for space in spaces)
    assert said.method.__doc__ and unsaid.method.__doc__ is None
    assert unsaid.__doc__ == said.__doc__
    assert unsaid().method() == said().method() == ("none\nsaid", "one\nline", ["xa\nb", "ya\nb"], "c\nd")


def test_numpy_that_is_there_already_stays_as_it_is():
    assert ran("import numpy, sys\nimport rnn_tutor.engine.lean_numpy\nprint('ctypes' in sys.modules)") == ["True"]
