"""asyncio, msgspec and Textual's app without what they import and nothing here needs, or needs only later.

Never needed: encryption, a command palette, folders for screenshots. Gain: 8 ms of 200 until the course is there by
ssl; 0.05 of a bare app's start by the palette, with which come eight widgets that nothing here shows; 0.03 and 1.2 MB
by platformdirs, with which come tempfile, random, shutil and three compressions (`paths` names a learner's folders).

Late: what is there for rare things, such as other programs, addresses, types of files and logs. It is imported when it
is first used. Gain, with pathlib (`cli`): usable at 0.81 of a bare app for 0.87, and 1.9 MB.

Where one of the three will not be imported so, it is imported as ever; whoever imports any of it afterwards has it.
"""

import os
import sys
import typing
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from rnn_tutor.stand_ins import Late, having, import_with, late

_Method = TypeVar("_Method", bound=Callable[..., object])


class _LateLogger:
    """Stands for a logger until something is to be logged."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, *said: object, **named: object) -> None:
        """Log for who wants that: it takes `logging` to want it."""
        if "logging" in sys.modules:
            self.__getattr__("debug")(*said, **named)

    def __getattr__(self, name: str) -> Callable[..., object]:
        import logging

        return getattr(logging.getLogger(self._name), name)  # type: ignore[no-any-return]


def _override(method: _Method) -> _Method:
    """Mark a method as `typing.override` does (Python 3.12)."""
    method.__override__ = True  # type: ignore[attr-defined]
    return method


_TYPES = (
    "Final", "Literal", "NotRequired", "ParamSpec", "Protocol", "Required", "Self", "TypeAlias", "TypeGuard",
    "TypedDict", "get_type_hints", "runtime_checkable",
)  # fmt: skip


def stand_for_types() -> None:
    """Have what Python's own types are asked of `typing_extensions`, whoever imports it, until more is read of it."""
    name = "typing_extensions"
    if name not in sys.modules:
        types = {one: getattr(typing, one) for one in _TYPES}
        sys.modules[name] = Late(name, **types, override=getattr(typing, "override", _override))
        sys.modules[name].__spec__ = ModuleSpec(name, None)  # as it is asked of whatever can be imported


def import_asyncio() -> None:
    """Import asyncio, unless that or ssl is there already."""
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    stand_ins = {
        "ssl": None,
        "asyncio.sslproto": Late("asyncio.sslproto"),
        "subprocess": Late("subprocess", PIPE=-1, STDOUT=-2, DEVNULL=-3),
        "logging": Late("logging", getLogger=_LateLogger, DEBUG=10),
    }
    import_with(stand_ins, "asyncio")


def import_msgspec() -> None:
    """Import msgspec, unless it is there already: it reads JSON and Python's objects here, and describes no types."""
    if "msgspec" in sys.modules:
        return
    stand_ins: dict[str, ModuleType] = {
        "platform": Late("platform", system=lambda: os.uname().sysname),  # all that uuid asks of it
        **late(dict.fromkeys(("msgspec.inspect", "msgspec.toml", "msgspec.yaml"), ())),
        "msgspec._json_schema": Late("msgspec._json_schema", "schema", "schema_components"),
    }
    import_with(stand_ins, "msgspec")


class _Absent:
    """What stands for the palette and what belongs to it: nobody opens one."""


def _downloads() -> Path:
    from platformdirs import user_downloads_path

    return user_downloads_path()


def _bits(count: int) -> int:
    """Return a number of so many bits by chance."""
    return int.from_bytes(os.urandom(count // 8 + 1)) >> (8 - count % 8)


_PALETTE = "textual.command"
_STAND_INS: dict[str, dict[str, object]] = {  # what Textual 8.2's app and themes ask of each
    _PALETTE: dict.fromkeys(
        ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider"), _Absent
    ),
    "platformdirs": {"user_downloads_path": _downloads},
}
_LATE: dict[str, tuple[str, ...]] = {  # what is asked of each while Textual and rich are imported
    "difflib": ("get_close_matches",),
    "mimetypes": (),
    "rich.table": ("Table",),
    "rich.tree": ("Tree",),
    "urllib.parse": ("urlparse",),
    "uuid": ("uuid4",),
}


def import_app() -> None:
    """Import Textual's app, unless that or the palette is there already."""
    if "textual.app" in sys.modules or _PALETTE in sys.modules:
        return
    chosen: dict[str, ModuleType] = {"random": Late("random", getrandbits=_bits)}
    with suppress(ImportError):  # where Python has it in C: what it reads and writes is the same
        chosen["pickle"] = import_module("_pickle")
    import_with({**having(_STAND_INS), **late(_LATE), **chosen}, "textual.app")
