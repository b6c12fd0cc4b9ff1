"""Imports that take long, made in a thread while the learner looks at something: NumPy, the engine, its screens.

They are not made at once: a tutor that only shows its course needs a third less memory without them. They are made
when the first key is pressed, so that they are there when an exercise is opened.
Whoever needs any of them waits for all of them: two threads that import the same modules in another order would meet
half of one, or wait for each other for ever.
"""

import gc
import sys
import threading
from collections.abc import Sequence
from importlib import import_module

# In small steps, so that leaving need not wait long.
_NAMES = (
    "numpy._core",
    "numpy",
    "rnn_tutor.engine.graph.graph",
    "rnn_tutor.exercises.question",
    "rnn_tutor.exercises.drawing",
    "rnn_tutor.exercises.reading",
    "rnn_tutor.exercises.mark",
    "rnn_tutor.exercises.solution",
    "rnn_tutor.tui.screens.exercise",
    "rnn_tutor.tui.screens.solution",
)
# Without NumPy, imported one by one in the first pauses: a third of the memory of all that an exercise needs, and what
# is opened with the very first key is there so much sooner (120 ms for 144).
READERS = (
    "rnn_tutor.exercises.files.yaml_text",
    "rnn_tutor.exercises.files.convert",
    "rnn_tutor.exercises.read",
    "rnn_tutor.exercises.book",
)
PLOTS = "uniplot"
TURN = 0.0005  # seconds that importing may hold up a key; Python's own 0.005 is felt, ten times a key


class Warm:
    """What is imported so far."""

    def __init__(self, modules: Sequence[str] = ()) -> None:
        """Know what to import: what exercises need, and after it these modules."""
        self._names = (*_NAMES, *modules)
        self._finished = threading.Event()
        self._begun = self._stopped = False

    def begin(self) -> None:
        """Import everything, in a thread, once; called from one thread only."""
        if not self._begun:
            self._begun = True
            threading.Thread(target=self._run, name="rnn-tutor-warm").start()

    @property
    def begun(self) -> bool:
        """Whether importing has begun."""
        return self._begun

    @property
    def done(self) -> bool:
        """Whether all is there."""
        return self._finished.is_set()

    def wait(self) -> None:
        """Wait until all is there."""
        self.begin()
        self._finished.wait()

    def stop(self) -> None:
        """Import no more: the learner leaves."""
        self._begun = self._stopped = True

    def _run(self) -> None:
        switch_interval, collecting_garbage = sys.getswitchinterval(), gc.isenabled()
        sys.setswitchinterval(TURN)
        gc.disable()  # what is imported is no garbage: not now, nor (frozen) each time that garbage is looked for
        try:
            for name in self._names:
                if self._stopped:
                    return
                import_module(name)
            gc.freeze()
        finally:  # what failed fails again, and is told, where it is needed
            self._finished.set()
            sys.setswitchinterval(switch_interval)
            if collecting_garbage:
                gc.enable()
