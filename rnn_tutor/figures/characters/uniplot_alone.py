"""uniplot without what it reads keys with and its annotations: plots here are drawn and not asked.

Gain: 4 MB of what an opened exercise costs (readchar brings importlib.metadata and email), half of the import's time.
Where uniplot will not be imported so, it is imported as ever; whoever imports any of it afterwards has it.
"""

import sys
from collections.abc import Callable
from types import ModuleType

from rnn_tutor.engine.array_types import NDArray

_STAND_INS: dict[str, dict[str, object]] = {  # all that uniplot 0.23 asks of each
    "readchar": {"readkey": None, "key": None},
    "numpy.typing": {"NDArray": NDArray},
}


def _imported() -> Callable[..., str]:
    absent = {name: ModuleType(name) for name in _STAND_INS if name not in sys.modules}
    for name, module in absent.items():
        vars(module).update(_STAND_INS[name])
    sys.modules |= absent
    try:
        from uniplot import plot_to_string
    except (ImportError, AttributeError, TypeError):
        _forget(absent)
        for name in [name for name in sys.modules if name.partition(".")[0] == "uniplot"]:  # half of it may be there
            del sys.modules[name]
        from uniplot import plot_to_string
    finally:
        _forget(absent)
    return plot_to_string


def _forget(absent: dict[str, ModuleType]) -> None:
    for name, module in absent.items():
        if sys.modules.get(name) is module:
            del sys.modules[name]


plot_to_string = _imported()
