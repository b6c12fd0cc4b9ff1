"""A thread that does what it is asked for last: what was asked before that, and not begun, need not be done."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lane(Generic[T]):
    """One thing at a time, in a thread of its own.

    `work` is called there with what was asked for; `merge` makes one of two that wait; `failed` is given what `work`
    raised, and the thread goes on. When the program leaves, it does
    not wait for what is under way.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[T], None],
        failed: Callable[[Exception], None],
        merge: Callable[[T, T], T] = lambda _old, new: new,
    ) -> None:
        self._failed = failed
        self._work = work
        self._merge = merge
        self._waiting: list[T] = []  # none or one
        self._busy = self._over = False
        self._condition = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def ask(self, task: T) -> None:
        """Have something done, after what is under way."""
        with self._condition:
            self._waiting = [self._merge(self._waiting[0], task) if self._waiting else task]
            self._condition.notify()
        if self._thread.ident is None:
            self._thread.start()

    def stop(self) -> None:
        """Do nothing more."""
        with self._condition:
            self._waiting, self._over = [], True
            self._condition.notify()

    @property
    def busy(self) -> bool:
        """Whether something is waiting or under way."""
        return self._busy or bool(self._waiting)

    def _run(self) -> None:
        while True:
            with self._condition:
                self._busy = False
                while not self._waiting and not self._over:
                    self._condition.wait()
                if self._over:
                    return
                self._busy = True
                task = self._waiting.pop()
            try:
                self._work(task)
            except Exception as error:  # noqa: BLE001 - it is handed on
                self._failed(error)
