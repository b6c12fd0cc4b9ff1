"""Textual's app without its command palette, which is off here: with it come eight widgets that nothing here shows.

Gain: 0.05 of a bare app's start. Where Textual will not be imported so, it is imported as ever; whoever imports the
palette afterwards has it.
"""

import sys
from importlib import import_module
from types import ModuleType

_NAME = "textual.command"
_NAMES = (  # what Textual 8.2's app and themes ask of it
    "CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider",
)  # fmt: skip


class _Absent:
    """What stands for the palette and what belongs to it: nobody opens one."""


def import_app() -> None:
    """Import Textual's app, unless that or the palette is there already."""
    if "textual.app" in sys.modules or _NAME in sys.modules:
        return
    before = set(sys.modules)
    absent = ModuleType(_NAME)
    for name in _NAMES:
        setattr(absent, name, _Absent)
    sys.modules[_NAME] = absent
    try:
        import_module("textual.app")
    except (ImportError, AttributeError, TypeError):
        for name in set(sys.modules) - before:  # half of it may be there
            del sys.modules[name]
    finally:
        if sys.modules.get(_NAME) is absent:
            del sys.modules[_NAME]
