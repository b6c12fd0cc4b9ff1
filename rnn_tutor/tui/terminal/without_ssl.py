"""asyncio without the encryption that it imports and nothing here needs.

Gain: 8 ms of 200 until the course is there. Where asyncio will not be imported so, it is imported as ever; whoever
imports ssl afterwards has it.
"""

import sys
from importlib import import_module


def import_asyncio() -> None:
    """Import asyncio, unless that or ssl is there already."""
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    before = set(sys.modules)
    sys.modules["ssl"] = None  # type: ignore[assignment]  # what Python takes for a module that cannot be had
    try:
        import_module("asyncio")
    except ImportError:
        for name in set(sys.modules) - before:  # half of it may be there
            del sys.modules[name]
    finally:
        sys.modules.pop("ssl", None)
