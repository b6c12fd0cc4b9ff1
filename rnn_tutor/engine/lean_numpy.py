"""NumPy as it is imported here: without what nobody reads of it, before somebody does.

Its functions and types get their documentation, which is a tenth of the import; the types for annotations are another
sixth, of which linear algebra reads one; ctypes is there for those who hand arrays to C.

Gain: 18 ms of the 62 that NumPy takes, of 200 until what is opened with the first key is there, and 0.7 MB. Whatever is
read of these modules, by this NumPy or a later one, imports them.
"""

import sys
from importlib import import_module
from types import ModuleType

from rnn_tutor.engine.array_types import NDArray

_LATE = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars", "numpy._typing", "ctypes")


class _Late(ModuleType):
    """Stands for a module until something of it is read."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        _give_up(self)
        return getattr(import_module(self.__name__), name)


def _give_up(late: _Late) -> None:
    if sys.modules.get(late.__name__) is late:
        del sys.modules[late.__name__]


def import_numpy() -> None:
    """Import NumPy, unless it is there already; afterwards all that it was imported without can be imported as ever."""
    if "numpy" in sys.modules:
        return
    late = [_Late(name) for name in _LATE if name not in sys.modules]
    for module in late:
        sys.modules[module.__name__] = module
        if module.__name__ == "numpy._typing":
            module.NDArray = NDArray  # type: ignore[attr-defined]  # for the annotations of linear algebra
    try:
        import_module("numpy")
    finally:
        for module in late:
            _give_up(module)


import_numpy()
