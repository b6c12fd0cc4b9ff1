"""NumPy as it is imported here: without what nobody reads of it, before somebody does.

Its functions and types get their documentation, which is a tenth of the import; the types for annotations are another
sixth, of which linear algebra reads one; ctypes is there for those who hand arrays to C. Files of arrays, histograms
and what is worked out in spite of missing numbers are imported by their first use. What its own Python functions are
documented by goes as soon as it is read: a third of what they take.

Gain: 18 ms of the 62 that NumPy takes, of 200 until what is opened with the first key is there, and 0.7 MB; another
1.3 MB by files, and by the documentation of functions. Whatever is read of these modules, by this NumPy or a later
one, imports them.
"""

import inspect
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.stand_ins import Late, standing_in

_LATE = (
    "ctypes",
    "numpy._core._add_newdocs",
    "numpy._core._add_newdocs_scalars",
    "numpy._typing",
    "numpy.lib.format",
    "numpy.lib.npyio",
    "pickle",
    "platform",
)
_HANDS_ON = "numpy._core.multiarray"  # what its functions are documented by; before NumPy 2.4 to C, which takes text
_HAS_DOCSTRING: int = getattr(inspect, "CO_HAS_DOCSTRING", 0)
FUNCTIONS = {  # of modules of which NumPy hands on functions alone
    "numpy.lib._histograms_impl": ("histogram", "histogram_bin_edges", "histogramdd"),
    "numpy.lib._nanfunctions_impl": (
        "nanargmax", "nanargmin", "nancumprod", "nancumsum", "nanmax", "nanmean", "nanmedian", "nanmin",
        "nanpercentile", "nanprod", "nanquantile", "nanstd", "nansum", "nanvar",
    ),
    "numpy.lib._npyio_impl": (
        "fromregex", "genfromtxt", "load", "loadtxt", "packbits", "save", "savetxt", "savez", "savez_compressed",
        "unpackbits",
    ),
}  # fmt: skip


class _Undocumented(SourceFileLoader):
    """Reads a module, and lets go of what its functions are documented by."""

    def get_code(self, fullname: str) -> CodeType | None:
        """As `SourceFileLoader` has it."""
        code = super().get_code(fullname)
        return code and _undocumented(code)


def _undocumented(code: CodeType) -> CodeType:
    """Return code of which functions have no documentation of several lines: it is their first constant.

    NumPy allows for functions without any, as with `python -OO`; but not for what is put into it (`${...}`).
    """
    constants = [_undocumented(one) if isinstance(one, CodeType) else one for one in code.co_consts]
    said = constants[0] if constants and _may_be_documented(code) else None
    if isinstance(said, str) and "\n" in said and "${" not in said:
        constants[0] = None
    return code.replace(co_consts=tuple(constants))


def _may_be_documented(code: CodeType) -> bool:
    """Tell whether the first constant is documentation or None: in functions, since Python 3.14 in those with some."""
    marked = not _HAS_DOCSTRING or bool(code.co_flags & _HAS_DOCSTRING)
    return marked and bool(code.co_flags & inspect.CO_NEWLOCALS) and not code.co_name.startswith("<")


class _Finder:
    """Finds NumPy's modules as Python does; it stays, because some of them copy what others are documented by."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module, if it is NumPy's and of Python."""
        if name.partition(".")[0] != "numpy":  # nor numpydoc, or whatever else begins so
            return None
        spec = PathFinder.find_spec(name, path, target)
        if name != _HANDS_ON and spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _Undocumented(spec.loader.name, spec.loader.path)
        return spec


def import_numpy() -> None:
    """Import NumPy, unless it is there already; afterwards all that it was imported without can be imported as ever."""
    if "numpy" in sys.modules:
        return
    late = {name: Late(name) for name in _LATE}
    late["numpy._typing"].NDArray = NDArray  # type: ignore[attr-defined]  # for the annotations of linear algebra
    late |= {name: Late(name, *names, __all__=names) for name, names in FUNCTIONS.items()}
    sys.meta_path.insert(0, _Finder())
    with standing_in(late):
        import_module("numpy")
    for name, module in late.items():
        package, _, own = name.rpartition(".")
        if package and not hasattr(sys.modules[package], own):  # NumPy 2.0 leaves it to the import to put it there
            setattr(sys.modules[package], own, module)


import_numpy()
