"""uniplot without what it reads keys with: plots here are drawn and not asked.

Gain: 3.6 MB of what an opened exercise costs (readchar brings importlib.metadata and email), half of the import's time.
Where uniplot will not be imported so, it is imported as ever; whoever imports readchar afterwards has it.
"""

import sys
from collections.abc import Callable
from types import ModuleType

_NAMES = ("readkey", "key")  # all that uniplot 0.23 asks of it
_READS_KEYS = "readchar"


def _imported() -> Callable[..., str]:
    absent = ModuleType(_READS_KEYS)
    vars(absent).update(dict.fromkeys(_NAMES))
    real = sys.modules.setdefault(_READS_KEYS, absent)
    try:
        from uniplot import plot_to_string
    except (ImportError, AttributeError, TypeError):
        del sys.modules[_READS_KEYS]
        for name in [name for name in sys.modules if name.partition(".")[0] == "uniplot"]:  # half of it may be there
            del sys.modules[name]
        from uniplot import plot_to_string
    finally:
        if real is absent and sys.modules.get(_READS_KEYS) is absent:
            del sys.modules[_READS_KEYS]
    return plot_to_string


plot_to_string = _imported()
