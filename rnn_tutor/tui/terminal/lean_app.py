"""asyncio and Textual's app without what they import and nothing here needs.

That is encryption, a command palette, and folders for screenshots. Gain: 8 ms of 200 until the course is there by ssl;
0.05 of a bare app's start by the palette, with which come eight widgets that nothing here shows; 0.03 and 1.2 MB by
platformdirs, with which come tempfile, random, shutil and three compressions (`paths` names a learner's folders).
Where one of the two will not be imported so, it is imported as ever; whoever imports any of it afterwards has it.
"""

import sys
from pathlib import Path

from rnn_tutor.stand_ins import having, import_with


def import_asyncio() -> None:
    """Import asyncio, unless that or ssl is there already."""
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    import_with({"ssl": None}, "asyncio")


class _Absent:
    """What stands for the palette and what belongs to it: nobody opens one."""


def _downloads() -> Path:
    from platformdirs import user_downloads_path

    return user_downloads_path()


_PALETTE = "textual.command"
_STAND_INS: dict[str, dict[str, object]] = {  # what Textual 8.2's app and themes ask of each
    _PALETTE: dict.fromkeys(
        ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider"), _Absent
    ),
    "platformdirs": {"user_downloads_path": _downloads},
}


def import_app() -> None:
    """Import Textual's app, unless that or the palette is there already."""
    if "textual.app" in sys.modules or _PALETTE in sys.modules:
        return
    import_with(having(_STAND_INS), "textual.app")
