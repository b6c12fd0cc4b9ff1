"""uniplot without what it reads keys with and its annotations: plots here are drawn and not asked.

Gain: 4 MB of what an opened exercise costs (readchar brings importlib.metadata and email), half of the import's time.
Where uniplot will not be imported so, it is imported as ever; whoever imports any of it afterwards has it.
"""

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.stand_ins import Late, import_with

# All that uniplot 0.23 asks of each. A thread that imports one of them meanwhile has the rest of it, too.
_STAND_INS = [Late("readchar", readkey=None, key=None), Late("numpy.typing", NDArray=NDArray)]

import_with({module.__name__: module for module in _STAND_INS}, "uniplot")
from uniplot import plot_to_string as plot_to_string  # noqa: E402, PLC0414 - handed on
