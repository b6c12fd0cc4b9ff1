"""Garbage is looked for while nothing happens, and not while a screen is made.

Python looks for it each time that some objects more have come into being than have gone: in nearly every opening, for
4 ms, and for 68 in every twentieth. A screen is made of 10,000 objects, none of which is garbage before it is left.

Gain, openings of 40 exercises: p50 4 ms of 51, p95 15 ms of 72.
"""

import gc

from rnn_tutor.tui.pauses import Pauses

_SCREENS = 200_000  # objects: so many of them without a pause are looked through all the same
_SOME = 5_000  # objects that are worth a look at the new ones
_MANY = 150_000  # objects that came into being since all of them were looked through
_REST = 0.6  # seconds without a key: whoever goes through steps leaves 0.2 to 0.5, and a look takes 3 to 10 ms
_WITHIN = 3.0  # seconds after which a short pause will do: else Python looks by itself, for 100 ms
_LONG = 2.0  # seconds without a key: looking through all of them takes long enough to be felt


class Garbage:
    """Has it collected in the pauses."""

    def __init__(self, pauses: Pauses) -> None:
        self._pauses = pauses
        self._since = 0

    def begin(self) -> None:
        """Look for it from now on, where it was not looked for so far: nothing that is there now is any."""
        if not gc.isenabled():
            gc.freeze()
            gc.set_threshold(_SCREENS, 20, 20)
            gc.enable()

    def look(self) -> None:
        """See whether there is enough of it; to be called often."""
        if gc.get_count()[0] > _SOME:
            self._pauses.plan("garbage", self.collect, rest=_REST, within=_WITHIN)

    def collect(self) -> None:
        """Collect what came into being lately."""
        self._since += gc.get_count()[0]
        gc.collect(1)
        if self._since > _MANY:
            self._since = 0
            self._pauses.plan("old garbage", self._collect_all, rest=_LONG)

    def _collect_all(self) -> None:
        gc.collect()
