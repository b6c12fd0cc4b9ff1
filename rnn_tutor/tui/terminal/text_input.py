"""Textual's line, without what takes addresses apart, for a check of them that no line here makes.

Gain: 0.3 MB of what the first key takes. Where it will not be imported so, it is imported as ever.
"""

from rnn_tutor.stand_ins import import_with, late

import_with(late({"urllib.parse": ("urlparse",)}), "textual.validation")
from textual.widgets import Input as Input  # noqa: E402, PLC0414 - handed on
