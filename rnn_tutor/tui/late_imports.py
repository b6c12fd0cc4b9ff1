"""Imports that take long, made in a thread while the learner looks at something: NumPy, the engine, its screens.

They are not made at once: a tutor that only shows its course needs a third less memory without them. What opening an
exercise needs is imported when the first key is pressed, and what marking and drawing need in the pause after one was
opened.
Whoever needs any of either waits for all of it: two threads that import the same modules in another order would meet
half of one, or wait for each other for ever.
"""

import gc
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module

from rnn_tutor.tui.terminal.late_patterns import late_patterns

# In small steps, so that leaving need not wait long.
_OPENING = (
    "rnn_tutor.engine.lean_numpy",
    "rnn_tutor.engine.graph.graph",
    "rnn_tutor.exercises.question",
    "rnn_tutor.exercises.reading",
    "rnn_tutor.tui.screens.exercise",
)
_MARKING = (
    "rnn_tutor.exercises.drawing",
    "rnn_tutor.engine.cells",
    "rnn_tutor.exercises.mark",
    "rnn_tutor.exercises.diagnosis.foreseen",
    "rnn_tutor.exercises.solution",
    "rnn_tutor.tui.screens.solution",
)
# Without NumPy, imported one by one in the first pauses: a third of the memory of all that an exercise needs, and what
# is opened with the very first key is there so much sooner (120 ms for 144).
READERS = (
    "rnn_tutor.tui.beforehand",
    "rnn_tutor.exercises.files.yaml_text",
    "rnn_tutor.exercises.files.convert",
    "rnn_tutor.exercises.read",
    "rnn_tutor.exercises.book",
    "rnn_tutor.engine.expression",
    "rnn_tutor.engine.reading.numerals",
    "rnn_tutor.tui.visits",
    "rnn_tutor.tui.widgets.part",
    "rnn_tutor.engine.reading.measures",
    "rnn_tutor.engine.reading.pasted",
    "rnn_tutor.engine.reading.python_lists",
    "rnn_tutor.tui.exercises",
    "rnn_tutor.tui.screens.play",
    "rnn_tutor.tui.widgets.score",
    "rnn_tutor.tui.widgets.folding",
)
PLOTS = "rnn_tutor.figures.characters.uniplot_alone"
_PYTHONS_OWN = sys.getswitchinterval()
TURN = 0.0005  # seconds that a thread may hold up a key each time; Python's own 0.005 is felt, ten times a key
_turns = threading.Lock()
_imports = threading.Lock()  # held by a thread for each step in which it imports
_taking_turns = 0  # threads


@contextmanager
def short_turns() -> Iterator[None]:
    """Let the keys have their turn soon, while this thread is busy."""
    global _taking_turns  # noqa: PLW0603 - as the interval is: one for all
    with _turns:
        _taking_turns += 1
        sys.setswitchinterval(TURN)
    try:
        yield
    finally:
        with _turns:
            _taking_turns -= 1
            if not _taking_turns:
                sys.setswitchinterval(_PYTHONS_OWN)


def import_alone(name: str) -> None:
    """Import something while no thread here imports anything else; what cannot be had is told by who needs it."""
    with _imports, suppress(ImportError):
        import_module(name)


class Warm:
    """What is imported so far."""

    def __init__(self, modules: Sequence[str] = ()) -> None:
        """Know what to import: what exercises need, and after it these modules."""
        self._opening = _Batch(_OPENING, freezes=True)
        self._marking = _Batch((*_MARKING, *modules))

    def begin(self) -> None:
        """Import what opening an exercise needs, in a thread, once; called from one thread only."""
        self._opening.begin()

    @property
    def begun(self) -> bool:
        """Whether importing has begun."""
        return self._opening.begun

    @property
    def can_open(self) -> bool:
        """Whether all is there that opening an exercise needs."""
        return self._opening.done

    @property
    def done(self) -> bool:
        """Whether all is there."""
        return self._marking.done

    def wait_to_open(self) -> None:
        """Wait until all is there that opening an exercise needs."""
        self._opening.wait()

    def finish(self) -> None:
        """Import the rest, in a thread, once; where the first part is not there yet, wait for it there."""
        self._marking.begin(after=self._opening)

    def wait(self) -> None:
        """Wait until all is there."""
        self._opening.wait()
        self.finish()
        self._marking.wait()

    def stop(self) -> None:
        """Import no more: the learner leaves."""
        self._opening.stop()
        self._marking.stop()


class _Batch:
    """Modules that are imported in one go, once."""

    def __init__(self, names: Sequence[str], *, freezes: bool = False) -> None:
        """Import these; `freezes`: what is there then is never looked through for garbage, a screen as little."""
        self._names = names
        self._freezes = freezes
        self._finished = threading.Event()
        self.begun = self._stopped = False

    def begin(self, after: "_Batch | None" = None) -> None:
        """Import them in a thread, after those of another batch."""
        if not self.begun:
            self.begun = True
            threading.Thread(target=self._run, args=(after,), name="rnn-tutor-warm").start()

    @property
    def done(self) -> bool:
        """Whether they are all there."""
        return self._finished.is_set()

    def wait(self) -> None:
        """Wait until they are all there."""
        self.begin()
        self._finished.wait()

    def stop(self) -> None:
        """Import no more of them."""
        self.begun = self._stopped = True

    def _run(self, after: "_Batch | None") -> None:
        if after is not None:
            after.wait()
        collecting_garbage = gc.isenabled()
        gc.disable()  # what is imported is no garbage
        try:
            with short_turns(), late_patterns():
                for name in self._names:
                    if self._stopped:
                        return
                    with _imports:
                        import_module(name)
            if self._freezes:
                gc.freeze()
        finally:  # what failed fails again, and is told, where it is needed
            self._finished.set()
            if collecting_garbage:
                gc.enable()
