"""What is done while nothing happens: step by step, each when no key has come for a moment: none waits for it."""

import asyncio
import contextvars
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

REST = 0.1  # seconds without a key after which one is resting
_SHORT = 0.02  # seconds without a key after which one is answered
_ANSWER = 0.2  # seconds in which a key is answered, if it is answered by anything that is painted
_LONGEST = 2.0  # seconds that something takes until it is painted; then nobody is waited for any more

Step: TypeAlias = Callable[[], Awaitable[None] | None]


@dataclass(frozen=True)
class _Planned:
    step: Step
    rest: float  # seconds without a key that it waits for
    since: float  # when it was planned
    first: float  # when one of its name was, that was not done yet
    within: float  # seconds from then on after which any pause will do


class Pauses:
    """Steps that wait for a pause, each with a name; once they are done, nothing is left that would wake anybody."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        """Tell `failed` what a step fails with; the others are done all the same."""
        self._failed = failed
        self._planned: dict[str, _Planned] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._context: contextvars.Context | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None  # of the step that is being done
        self._last = 0.0  # when the last key came, or something was painted
        self._asked = -math.inf  # when the last key came for which nothing was painted yet

    def begin(self) -> None:
        """Begin, in the loop of the app and with what its messages know; what was planned before waits from now on."""
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self.touched()
        self._wait()

    def asked(self) -> None:
        """Note that a key came."""
        if self._loop is not None:
            self._asked = self._loop.time()
        self.touched()

    def touched(self) -> None:
        """Note that something goes on: no step begins before the learner rests again."""
        if self._loop is not None:
            held, self._last = self._last, self._loop.time()
            if held > self._last:
                self._wait()

    def painted(self) -> None:
        """Note that a key is answered: something was painted."""
        self._asked = -math.inf
        self.touched()

    def hold(self) -> None:
        """Begin nothing before what is being done now is painted (`touched`), or long after it should have been."""
        if self._loop is not None:
            self._last = self._loop.time() + _LONGEST

    def plan(self, name: str, step: Step, *, rest: float = REST, within: float = math.inf) -> None:
        """Do a step in the next pause of `rest` seconds, in the place of the one that has its name.

        within: seconds after which it is done in a short pause too, however often it was put off.
        """
        since = self._loop.time() if self._loop is not None else 0.0
        before = self._planned.get(name)
        self._planned[name] = _Planned(step, rest, since, since if before is None else before.first, within)
        self._wait()

    @property
    def busy(self) -> bool:
        """Whether there is anything left to be done."""
        return bool(self._planned) or self._task is not None

    def answering(self) -> bool:
        """Tell, in any thread, whether a key is being answered, or may have another one right after it."""
        loop = self._loop
        return loop is not None and (loop.time() - self._last < _SHORT or loop.time() - self._asked < _ANSWER)

    async def give_way(self) -> None:
        """Wait, in a step that takes long, while keys are being answered."""
        while self.answering():
            await asyncio.sleep(_SHORT)

    def wait_for_one(self) -> None:
        """Wait, in a thread, while keys are being answered."""
        while self.answering():
            time.sleep(_SHORT)

    def stop(self) -> None:
        """Begin nothing more; a step that has begun goes to its end, or to that of the loop."""
        self._planned.clear()
        self._loop = None
        if self._waiting is not None:
            self._waiting.cancel()

    def _due(self, planned: _Planned) -> float:
        rested = max(self._last, planned.since) + planned.rest
        return min(rested, max(self._last + REST, planned.first + planned.within))

    def _wait(self) -> None:
        """Wait for the time of the first step; a key that comes meanwhile is seen then."""
        if self._loop is None or self._task is not None or not self._planned:
            return
        due = min(self._due(planned) for planned in self._planned.values())
        if self._waiting is not None:
            if self._waiting.when() <= due:
                return
            self._waiting.cancel()
        self._waiting = self._loop.call_at(due, self._turn, context=self._context)

    def _turn(self) -> None:
        self._waiting = None
        if self._loop is None:
            return
        now = self._loop.time()
        name = next((name for name, planned in self._planned.items() if self._due(planned) <= now), None)
        if name is not None:
            step = self._planned.pop(name).step
            self._task = asyncio.create_task(self._done(step), name=f"rnn-tutor-pause-{name}")
        self._wait()

    async def _done(self, step: Step) -> None:
        try:
            found = step()
            if found is not None:
                await found
        except Exception as error:  # noqa: BLE001 - it is written down and told
            self._failed(error)
        finally:
            self._task = None
            self._wait()
