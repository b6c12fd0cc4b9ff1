"""What of a lab is left once something of it was told of: a lab of its own, without that and without what reads it.

Nothing is evaluated to find out. `places` leads from the keys of what is left back to those of the file.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, Unknown, names_in, walk
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.graph import CONSTANTS, NOTHING
from rnn_tutor.engine.graph.steps import Let, Loop, Program, Start, Statement
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.training.names import RESULTS
from rnn_tutor.exercises.compiled import Compiled, CompiledGiven, CompiledShow, ExerciseError, compiled_partly
from rnn_tutor.exercises.files.convert import related
from rnn_tutor.exercises.known import file_key, items_of, shows_of, steps_of
from rnn_tutor.exercises.labs.model import Lab, Prediction
from rnn_tutor.exercises.model import Given, Show

_OF_A_CONTROL = ("name", "from", "to", "step", "choices", "text", "alphabet", "start")  # what it moves by
_OF_A_PREDICTION = ("at", "options", "answer")

changed = msgspec.structs.replace


@dataclass(frozen=True)
class KnownLab:
    """What is left of a lab; `places` has the keys of its items where they have others in the file."""

    lab: Lab
    places: Mapping[str, str] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """Return the file's key of something that stands at a key here."""
        return file_key(key, self.places)


def known_lab(lab: Lab, blamed: Collection[str]) -> KnownLab:
    """Return what is left of a lab without what stands at the keys that are blamed, and what reads it."""
    if not blamed:
        return KnownLab(lab)
    return _Rest(lab, frozenset(blamed)).lab_left()


def texts_of(prediction: Prediction, key: str) -> dict[str, str]:
    """Return the expressions of a prediction, by their keys: those of its options, or the number asked for."""
    texts = {f"{key}.options[{place}].when": option.when for place, option in enumerate(prediction.options)}
    return texts if prediction.answer is None else {f"{key}.answer": prediction.answer}


def _nothing(_: ExerciseError) -> None:
    """It was told of already."""


def _within(key: str, other: str) -> bool:
    return not other or key == other or key.startswith((f"{other}.", f"{other}["))


class _Rest:
    def __init__(self, lab: Lab, blamed: frozenset[str]) -> None:
        self.lab = lab
        self.blamed = blamed
        self.source: Compiled = compiled_partly(lab.as_exercise, _nothing, blamed)
        self.known: set[str] = {*CONSTANTS, *NOTHING, *(RESULTS if lab.train is not None else ())}
        self.places: dict[str, str] = {}

    def lab_left(self) -> KnownLab:
        controls = [k for k in range(len(self.lab.controls)) if not self._any_of(f"controls[{k}]", _OF_A_CONTROL)]
        self.known |= {self.lab.controls[k].name for k in controls}
        givens = self._givens()
        program = tuple(one for block in Dependencies(self.source.program).blocks for one in self._block(block))
        shows = [self._show(show) for show in self.source.shows]
        asked = [k for k in range(len(self.lab.predict)) if self._asked(k)]
        left = changed(
            self.lab,
            given=givens,
            controls=items_of("controls", self.lab.controls, controls, self.places),
            steps=steps_of(self.lab.steps, program, self.places),
            show=shows_of(shows, self.places),
            predict=items_of("predict", self.lab.predict, asked, self.places),
        )
        return KnownLab(left, self.places)

    def _reads(self, expr: Expr, also: Collection[str] = ()) -> bool:
        """Tell whether all that an expression reads is left."""
        return names_in(expr) <= self.known.union(also) and not any(isinstance(one, Unknown) for one in walk(expr))

    def _blamed(self, key: str) -> bool:
        return related(key, self.blamed)

    def _any_of(self, key: str, parts: Collection[str]) -> bool:
        """Tell whether something was told of a thing as a whole or of one of these parts of it."""
        return any(_within(key, one) for one in self.blamed) or any(self._blamed(f"{key}.{part}") for part in parts)

    def _givens(self) -> dict[str, Given]:
        """Return the givens that are left, those that cannot be drawn with the original numbers alone."""
        found: dict[str, Given] = {}
        waiting = list(self.source.givens)
        while ready := [one for one in waiting if self._stated(one)]:
            self.known |= {one.name for one in ready}
            found |= {one.name: one.given for one in ready}
            waiting = [one for one in waiting if one not in ready]
        for one in self.source.givens:
            drawn = one.draw is not None and all(map(self._reads, one.draw.args))
            if one.name in found and (not drawn or self._blamed(f"given.{one.name}.draw")):
                found[one.name] = changed(one.given, draw=None)
        return {name: found[name] for name in self.lab.given if name in found}

    def _stated(self, given: CompiledGiven) -> bool:
        key = f"given.{given.name}"
        parts = [part for part in (given.value, given.shape) if part is not None]
        blamed = self._any_of(key, ("value", "shape", "axes"))
        return given.value is not None and not blamed and all(map(self._reads, parts))

    def _block(self, statements: Program) -> Iterator[Statement]:
        """Give what is left of statements that belong together; what they make is known from then on."""
        last = statements[-1]
        starts = [self._started(one) for one in statements if isinstance(one, Start)]
        if isinstance(last, Let):
            if not self._blamed(last.key) and self._reads(last.expr):
                self.known.add(last.name)
                yield last
        elif isinstance(last, Loop):
            lost = {name for one in statements if isinstance(one, Start) for name in one.values}
            lost -= {name for one in starts for name in one.values}
            body = self._body(last, lost)
            names = {let.name for let in body}
            self.known |= names
            if body:
                for one in starts:
                    values = {name: expr for name, expr in one.values.items() if name in names}
                    yield from [replace(one, values=values)] if values else []
                yield replace(last, body=body)

    def _started(self, start: Start) -> Start:
        values = {
            name: expr
            for name, expr in start.values.items()
            if not self._blamed(f"{start.key}.{name}") and self._reads(expr)
        }
        return replace(start, values=values)

    def _body(self, loop: Loop, lost: Collection[str]) -> tuple[Let, ...]:
        """Return the lines of a loop that are left: none where nobody knows how often it runs."""
        if self._blamed(loop.key) or not self._reads(loop.count):
            return ()
        body = tuple(let for let in loop.body if let.name not in lost and not self._blamed(let.key))
        while True:
            own = {loop.variable, *(let.name for let in body)}
            fewer = tuple(let for let in body if self._reads(let.expr, own))
            if fewer == body:
                return body
            body = fewer

    def _show(self, show: CompiledShow) -> tuple[Show, list[int]]:
        """Return what of something to look at is left, and which of its items."""
        if show.key in self.blamed:
            return changed(show.show, **{show.kind: []}), []
        items = [
            place
            for place, (_, expr) in enumerate(show.items)
            if not self._blamed(f"{show.key}.{show.kind}[{place}]") and self._reads(expr)
        ]
        if show.kind == "tree" and len(items) < len(show.items):
            items = []  # without one of them it is no tree
        along = {
            name: text if expr is not None and not self._blamed(f"{show.key}.{name}") and self._reads(expr) else None
            for name, text, expr in (
                ("x", show.show.x, show.x),
                ("y", show.show.y, show.y),
                ("level", show.show.level, show.level),
            )
        }
        return changed(show.show, **{show.kind: [show.items[place][0] for place in items]}, **along), items

    def _asked(self, place: int) -> bool:
        key, prediction = f"predict[{place}]", self.lab.predict[place]
        if self._any_of(key, _OF_A_PREDICTION) or not self.known.issuperset(prediction.at):
            return False
        try:
            return all(self._reads(parse(text)) for text in texts_of(prediction, key).values())
        except EngineError:
            return False
