"""A lab that trains a network in plain mode: :train makes updates, a line for each press; Ctrl+C stops them."""

from collections.abc import Sequence

from rnn_tutor.commands.output import say
from rnn_tutor.commands.practice.lab import LabPlace
from rnn_tutor.commands.practice.place import Command, say_line, say_prose
from rnn_tutor.engine.number_text import significant
from rnn_tutor.engine.training.limits import PRESSES
from rnn_tutor.tui.visits import TroubleError

_DIGITS = 4


class TrainPlace(LabPlace):
    """A lab with a network, which learns line by line."""

    def commands(self) -> Sequence[Command]:
        """Return the commands of a lab, and those that train."""
        return [
            Command("train", self._train, f"make updates: those of one press, or of N (at most {PRESSES})", "[N]"),
            Command("again", lambda _: self._again(), "train from the start again"),
            *super().commands(),
        ]

    def _see(self) -> None:
        """Tell in a few words what is seen now, and what the network writes."""
        super()._see()
        written = self._session.labs.sample(self._visit)
        if written:
            say_line(f"It writes: {written}")

    def _train(self, text: str) -> None:
        presses = int(text[:4]) if text.isdecimal() else 0 if text else 1
        if not 1 <= presses <= PRESSES:
            raise TroubleError(f"Type a number of presses from 1 to {PRESSES} behind it, or none.")
        run = self._session.labs.run(self._visit)
        self._make(run.updates + presses * run.recipe.press)
        self._see()

    def _again(self) -> None:
        self._session.labs.train_again(self._visit)
        say("It starts again.")
        self._see()

    def _guess(self, text: str) -> None:
        """Train the network that a guess is about, and only then judge it."""
        labs, visit = self._session.labs, self._visit
        reading = labs.read(visit, text)
        if reading is not None and reading.error is None and labs.begin_judging(visit):
            try:
                stopped = not self._make(visit.bench.lab.predict[visit.place].after or 0)
            finally:
                visit.judging = None
            if stopped:
                say_prose("Stopped, so your guess is not judged. Type it again to go on.")
                return
        super()._guess(text)

    def _make(self, goal: int) -> bool:
        """Make updates up to so many, with a line for each press; False where Ctrl+C has ended it before."""
        labs, visit = self._session.labs, self._visit
        run = labs.run(visit)
        say(f"Training: {goal - run.updates:,} updates. Ctrl+C stops.")
        try:
            while run.updates < goal and not run.ended:
                run = labs.train(visit, min(run.recipe.press, goal - run.updates))
                say(f"  {run.updates:,} of {goal:,}: loss {significant(float(run.losses[-1]), _DIGITS)}")
        except KeyboardInterrupt:
            say(f"Stopped after {labs.run(visit).updates:,} updates.")
            return False
        if run.ended:
            say_prose(run.ended)
        return True
