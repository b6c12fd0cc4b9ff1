"""A question of a placement, a check or an exam in plain mode; and what came of all of them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rnn_tutor.commands.output import say
from rnn_tutor.commands.practice.exercise import ExercisePlace
from rnn_tutor.commands.practice.place import Command, draw, look, say_line, say_prose
from rnn_tutor.commands.practice.verdicts import elements
from rnn_tutor.commands.telling import say_verdict
from rnn_tutor.tui.sets import MARKS, TITLES

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.tui.clipboard import Clipboard
    from rnn_tutor.tui.session import Session
    from rnn_tutor.tui.sets import QuestionSet


class QuestionPlace(ExercisePlace):
    """The question of a set that is in front: an exercise without help, of which nothing is said before the end."""

    def __init__(
        self, session: "Session", current: "QuestionSet", hand_in: Callable[[], None], clipboard: "Clipboard"
    ) -> None:
        self._current = current
        self._asked = current.asked[current.place]
        self._hand_in = hand_in
        self._asked_again = self._is_next = False  # whether :finish was asked for again, and whether this line is next
        super().__init__(session, session.sets.open(current, self._asked), clipboard)

    @property
    def current(self) -> "QuestionSet":
        """The set that it is of."""
        return self._current

    def about(self) -> Sequence[str]:
        """Return what it is a question of, and which."""
        return self._current.sort, f"question {self._current.place + 1} of {len(self._current.asked)}"

    def open(self) -> None:
        """Tell it, and what was typed before; the time counts from now on."""
        self._asked.enter()
        super().open()
        for part in self._visit.question.parts:
            if text := self._asked.text(part.name):
                say(f"You typed {part.name} = {text}" if "\n" not in text else f"You typed for {part.name}:\n{text}")

    def _first_open(self) -> "Part":
        parts = self._visit.question.parts
        return next((part for part in parts if not self._asked.text(part.name)), parts[-1])

    def _mark(self, text: str) -> None:
        """Take an answer, and go on to what is open; nothing is said of whether it is right."""
        if not text.strip():
            say_prose("Type an answer first. :skip leaves the question out.")
            return
        part = self._part
        reading = self._session.exercises.read(self._visit, part.name, text)
        if reading is not None and reading.error is not None:
            say_prose(reading.says)
            say_prose("This cannot be read as an answer. Correct it, or go on with :next.")
            return
        if reading is not None:
            say(f"{part.name}: {reading.says}")
        self._asked.skipped = False
        self._session.sets.keep(self._current, self._asked)
        if self._asked.answered:
            left = self._current.left
            say_prose(f"Taken. {left} open. An empty line goes on." if left else "Taken. :finish hands all in.")
        else:
            self._choose(self._first_open())
            self._ask()

    def blank(self) -> bool:
        """Go on where this question is dealt with."""
        self.commanded()
        if self._program is not None and self._program.begun:
            self._program.typed("")
            return False
        if not self._asked.dealt_with:
            say_prose("Type an answer. :skip leaves the question out, and :help tells what else can be typed.")
        return self._asked.dealt_with

    def commanded(self) -> None:
        """Know that a line came: only the one right after it was asked for again hands in what is open."""
        super().commanded()
        self._asked_again, self._is_next = False, self._asked_again

    def commands(self) -> Sequence[Command]:
        """Return the commands of a question."""
        own = [
            Command("skip", lambda _: self._skip(), "I do not know: leave this question out"),
            Command("finish", lambda _: self._finish(), "hand in: all that you typed is marked"),
            Command("time", lambda _: self._say_time(), "tell how much time is left"),
            Command("part", self._go_to_part, "answer another part, or a part again", "[NAME]"),
            Command("show", lambda _: self.open(), "tell the question again"),
            Command("look", lambda which: look(self, which), "tell the pictures in words", "[N]"),
            Command("draw", lambda which: draw(self, which), "draw the pictures with characters", "[N]"),
        ]
        return [*own, *(self._program.commands() if self._program is not None else [])]

    def _skip(self) -> None:
        self._session.sets.skip(self._current, self._asked)
        say_prose("Left out. An empty line goes on." if self._current.left else "Left out. :finish hands all in.")

    def _finish(self) -> None:
        left = self._current.left
        if left and not self._is_next:
            self._asked_again = True
            say_prose(f"Not answered: {left}. Type :finish again to hand in all the same.")
        else:
            self._hand_in()

    def _say_time(self) -> None:
        say(self._current.time_left)

    def leave(self) -> None:
        """Keep what is typed."""
        self._asked.leave()
        self._session.sets.keep(self._current, self._asked)


def say_result(session: "Session", current: "QuestionSet") -> None:
    """Tell what came of a set: each question with what is said to its answers."""
    say()
    say_prose(f"{TITLES[current.sort]}: {current.right} of {len(current.asked)} right.", "bold")
    for number, asked in enumerate(current.asked, 1):
        position = session.position(asked.exercise)
        say()
        say_line(f"{number}. {position[1].title if position is not None else asked.exercise}: {MARKS[asked.mark]}")
        if asked.visit is None:
            continue
        for part in asked.visit.question.parts:
            verdict = asked.visit.verdicts.get(part.name)
            if verdict is not None:
                say_line(f"  You typed: {' '.join(verdict.reading.text.split())}")
                say_verdict(verdict, elements=elements(part, verdict))
    say()
    if current.sort == "placement":
        known = [session.library.unit(asked.unit).title for asked in current.asked if asked.mark == "right"]
        say_prose(f"Known now: {', '.join(known)}." if known else "No unit is marked as known.")
    say_prose("Type :question and a number to open one with its hints and its solution. An empty line goes on.")
