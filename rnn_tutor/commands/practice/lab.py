"""A lab in plain mode: predictions first, controls by `name = value`, what is seen in words, how it is computed."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rnn_tutor.commands.lab import controls_of, places, say_outcome
from rnn_tutor.commands.output import say
from rnn_tutor.commands.practice.place import Command, Place, draw, look, open_book, say_line, say_prose, say_words
from rnn_tutor.exercises import seeds
from rnn_tutor.exercises.labs.controls import SettingError
from rnn_tutor.exercises.labs.told import lines_of
from rnn_tutor.exercises.words import numbers_of
from rnn_tutor.figures.told import in_words
from rnn_tutor.tui.visits import TroubleError

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.controls import Dial, Setting
    from rnn_tutor.exercises.model import Step
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.tui.session import Session
    from rnn_tutor.tui.visits import LabVisit

_SETTING = re.compile(r"\s*([A-Za-z]\w*)\s*=(?!=)\s*(.*)")
_FEW = 6  # numbers of a line that are told when a control is moved; :look tells more


class LabPlace(Place):
    """One lab, with the numbers and the places of the controls that its visit has."""

    def __init__(self, session: "Session", visit: "LabVisit") -> None:
        self._session = session
        self._visit = visit

    @property
    def visit(self) -> "LabVisit":
        """The lab as the sitting has it."""
        return self._visit

    @property
    def prompt(self) -> str:
        """Whether a guess is asked for, or only controls move."""
        return "control:" if self._visit.place in self._visit.outcomes else "guess:"

    def figures(self) -> "Sequence[Figure]":
        """Return what is seen where the controls stand."""
        return self._session.labs.figures(self._visit)

    def open(self) -> None:
        """Tell what the lab is about, its controls, and what is to be predicted."""
        lab, visit = self._visit.bench.lab, self._visit
        say(f"{lab.title}  (lab{f', {numbers_of(visit.seed)}' if visit.draws else ''})", "bold")
        say()
        say_prose(lab.prompt)
        say()
        if visit.resumed:
            visit.resumed = False
            say_prose("Here is the lab as you left it.")
        self._controls()
        say_prose("Type a name and a value, such as T = 20, to move a control. First predict.")
        self._ask()

    def _controls(self) -> None:
        say("Controls:")
        for name, dial in self._visit.bench.dials.items():
            now = dial.shown(self._visit.settings[name])
            say_line(f"  {name} = {now}  {dial.control.means}: {places(dial)}")

    def _ask(self) -> None:
        """Tell the next prediction that is open, or that all were made."""
        visit, lab = self._visit, self._visit.bench.lab
        say()
        if visit.place in visit.outcomes and visit.next_open is not None:
            visit.place = visit.next_open
        if visit.place in visit.outcomes or not lab.predict:
            again = " :new asks again with new numbers." if visit.draws else ""
            say_prose(f"Done: you predicted {visit.score} of {len(visit.outcomes)} correctly.{again}")
            say_prose("The controls still move. An empty line goes to the exercises.")
            return
        prediction = lab.predict[visit.place]
        seen = " (seen first)" if visit.place in visit.looked_up else ""
        say_prose(f"Predict {visit.place + 1} of {len(lab.predict)}{seen}: {prediction.ask}")
        if prediction.at:
            say(f"  with {controls_of(visit.bench, prediction)}")
        for number, option in enumerate(prediction.options, 1):
            say_line(f"  {number}. {option.text}")

    # lines

    def typed(self, line: str) -> None:
        """Move a control, or take a guess."""
        setting = _SETTING.fullmatch(line)
        if setting is not None and setting[1] in self._visit.bench.dials:
            self._move(setting[1], setting[2].strip())
        elif self._visit.place not in self._visit.outcomes:
            self._guess(line.strip())
        else:
            say_prose(f"Type a control and a value: {', '.join(self._visit.bench.dials)}. :help tells what else works.")

    def blank(self) -> bool:
        """Go on once all is predicted."""
        if self._visit.next_open is None:
            return True
        say_prose("Type what you expect. :help tells what else can be typed.")
        return False

    def commanded(self) -> None:
        """Nothing here goes on with an empty line."""

    def leave(self) -> None:
        """Keep where the controls stand, and what was guessed."""
        self._session.labs.keep(self._visit)

    def _move(self, name: str, text: str) -> None:
        labs, dial = self._session.labs, self._visit.bench.dials[name]
        if dial.kind == "text":
            typed = labs.typed(self._visit, name, text)
            if typed.dropped:
                say_prose(
                    f"Left out: {' '.join(typed.dropped)}. {name} takes these characters: {dial.control.alphabet}"
                )
            if not typed.text:
                say("Type at least one character.")
                return
            text = typed.text
        try:
            setting = dial.at(text)
        except SettingError as error:
            nearest = _nearest(dial, text)
            if nearest is None:
                say_prose(f"{name} cannot be {text}: {error}.")
                return
            setting = nearest
            say_prose(f"The nearest that {name} can be is {dial.shown(nearest)}.")
        labs.move(self._visit, name, setting)
        say(f"{name} = {dial.shown(setting)}")
        self._see()

    def _see(self) -> None:
        """Tell in a few words what is seen now."""
        for figure in self.figures():
            for line in in_words(figure, _FEW, whole=False):
                say_line(line)

    def _guess(self, text: str) -> None:
        """Take a guess; it is on disk before anything is said."""
        outcome = self._session.labs.guess(self._visit, text)
        if outcome.verdict != "not_understood" and self._session.saving_problem:
            say_prose(self._session.saving_problem)
        say_outcome(outcome)
        if outcome.verdict == "not_understood":
            return
        stands = ", ".join(
            f"{name} = {dial.shown(self._visit.settings[name])}" for name, dial in self._visit.bench.dials.items()
        )
        say_prose(f"The controls stand there now: {stands}.")
        self._see()
        self._ask()

    # commands

    def commands(self) -> Sequence[Command]:
        """Return the commands of a lab."""
        return [
            Command("controls", lambda _: self._controls(), "tell where the controls stand"),
            Command("reset", self._reset, "put a control back where it started, or all", "[NAME]"),
            Command("look", lambda which: look(self, which), "tell what is seen, in words and numbers", "[N]"),
            Command("draw", lambda which: draw(self, which), "draw what is seen with characters", "[N]"),
            Command("steps", lambda _: self._steps(), "tell how it is computed"),
            Command("words", lambda _: say_words(self._session, self), "explain the words of this lab"),
            Command("new", lambda _: self._new_numbers(), "begin anew with new numbers"),
            Command("original", lambda _: self._original(), "begin anew with the original numbers"),
            Command("show", lambda _: self.open(), "tell the lab again"),
        ]

    def _reset(self, name: str) -> None:
        dials = self._visit.bench.dials
        if name and name not in dials:
            say_prose(f"There is no control {name}. The controls are: {', '.join(dials)}.")
            return
        for control in [name] if name else dials:
            self._session.labs.move(self._visit, control, dials[control].start)
        self._controls()
        self._see()

    def _steps(self) -> None:
        open_book(self._session)
        lab, bench = self._visit.bench.lab, self._visit.bench
        for name, given in lab.given.items():
            sizes = getattr(bench.givens[name], "shape", ())
            shape = f" ({', '.join(map(str, sizes))})" if sizes else ""
            say_line(f"{name}: {given.means}{shape}")
        for line in _told(lab.steps):
            say_line(line)
        if lab.sources:
            say("Sources:")
        for source in lab.sources:
            say_line(f"  {source}")

    def _new_numbers(self) -> None:
        if self._visit.draws:
            self.renew(seeds.any_seed())
        else:
            say_prose("This lab has no random numbers, so there are no new ones.")

    def _original(self) -> None:
        if self._visit.seed is None:
            raise TroubleError("These are the original numbers.")
        self.renew(None)

    def renew(self, seed: int | None) -> None:
        """Begin anew with the numbers of a seed (None: the original ones). Raises TroubleError."""
        self._visit = self._session.labs.visits.renew(self._visit, seed)
        self.open()


def _nearest(dial: "Dial", text: str) -> "Setting | None":
    """Return the place of a control that is nearest to a number within its ends, None for any other text."""
    try:
        wanted = float(text)
    except ValueError:
        return None
    if dial.kind != "number" or not float(dial.shown(0)) <= wanted <= float(dial.shown(dial.last)):
        return None
    return min(range(dial.last + 1), key=lambda place: abs(float(dial.shown(place)) - wanted))


def _told(steps: "Sequence[Step]") -> Iterator[str]:
    for line in lines_of(steps):
        indent = "  " * line.depth
        yield f"{indent}{line.when}{line.formula}{':' if line.loop else ''}"
        if line.says:
            yield f"{indent}  {' '.join(line.says.split())}"
