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
from rnn_tutor.stand_ins import standing_in

_LATE = ("numpy._core._add_newdocs", "numpy._core._add_newdocs_scalars", "numpy._typing", "ctypes")


class _Late(ModuleType):
    """Stands for a module until something of it is read."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def import_numpy() -> None:
    """Import NumPy, unless it is there already; afterwards all that it was imported without can be imported as ever."""
    if "numpy" in sys.modules:
        return
    late = {name: _Late(name) for name in _LATE}
    late["numpy._typing"].NDArray = NDArray  # type: ignore[attr-defined]  # for the annotations of linear algebra
    with standing_in(late):
        import_module("numpy")


import_numpy()
