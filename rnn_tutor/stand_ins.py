"""Imports a module while others that it imports, and that nothing here needs, are stand-ins for themselves.

What was there before stays as it is. Afterwards the stand-ins are gone: whoever imports one of these has it as ever.
"""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType

_leaving = threading.Lock()  # held while a stand-in is taken out, never while anything is imported
StandIns = Mapping[str, ModuleType | None]  # None: what Python takes for a module that cannot be had


def having(attributes: Mapping[str, Mapping[str, object]]) -> dict[str, ModuleType]:
    """Return stand-ins for modules, each with all that is asked of it."""
    stand_ins = {name: ModuleType(name) for name in attributes}
    for name, module in stand_ins.items():
        vars(module).update(attributes[name])
    return stand_ins


class Late(ModuleType):
    """Stands for a module until something is read of it that it does not have; then that is imported and asked."""

    def __init__(self, name: str, *functions: str, **known: object) -> None:
        """Have these functions of the module, each of which imports it when it is called, and what else is known."""
        super().__init__(name)
        vars(self).update({function: _late_function(self, function) for function in functions}, **known)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.real(name)

    def real(self, name: str) -> object:
        """Return what the module itself has of a name."""
        _take_out(self.__name__, self)
        return getattr(import_module(self.__name__), name)


def _late_function(module: Late, name: str) -> Callable[..., object]:
    def call(*args: object, **named: object) -> object:
        function = module.real(name)
        assert callable(function)  # noqa: S101 - tests say so of every one
        return function(*args, **named)

    call.__name__ = call.__qualname__ = name
    return call


def late(functions: Mapping[str, tuple[str, ...]]) -> dict[str, ModuleType]:
    """Return stand-ins of which these functions are there at once, and all else when it is read."""
    return {name: Late(name, *names) for name, names in functions.items()}


@contextmanager
def standing_in(stand_ins: StandIns) -> Iterator[None]:
    """Have stand-ins for those modules that are not there yet."""
    absent = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules |= absent  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name, module in absent.items():
            _take_out(name, module)


def _take_out(name: str, module: ModuleType | None) -> None:
    """Take a stand-in out if it is there still: of two threads that find it, the second may find what the first had."""
    with _leaving:
        if name in sys.modules and sys.modules[name] is module:
            del sys.modules[name]


def import_with(stand_ins: StandIns, name: str) -> None:
    """Import a module so; where it cannot be, nothing of its package is left, and it is imported as ever later."""
    before = set(sys.modules)
    with standing_in(stand_ins):
        try:
            import_module(name)
        except (ImportError, AttributeError, TypeError):
            package = name.partition(".")[0]
            for other in set(sys.modules) - before:  # half of it may be there
                if other.partition(".")[0] == package:
                    del sys.modules[other]
