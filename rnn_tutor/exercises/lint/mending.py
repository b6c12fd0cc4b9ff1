"""An exercise in which what was told of is replaced by something harmless, so that the rest can be looked at.

What is lost is a name of which nothing is known: all that reads it is replaced too, without a word. What is made up is
a name with numbers of the right shape: what reads it has shapes that can be trusted, and numbers that cannot.
"""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import Array, Shape, size
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.compiled import CompiledGiven
from rnn_tutor.exercises.files.rules import figure_kinds, let_name, lets
from rnn_tutor.exercises.lint.texts import asked_of_all, count_words, right, variable_of, words_of
from rnn_tutor.exercises.model import Ask, Exercise, Given, Option, Show, Step
from rnn_tutor.exercises.question import sizes_of

_MOST = 2_000  # elements of numbers that are made up
_GIVEN = re.compile(r"given\.([^.\[\]]+)(?:\.(value|shape|draw|axes))?")
_STEP = re.compile(r"steps\[(\d+)\](?:\.(?:let|for|do|start(?:\..*)?))?")
_INNER = re.compile(r"steps\[(\d+)\]\.do\[(\d+)\](?:\.(?:let|for|do|start).*)?")
_OTHER = re.compile(r"(conditions|mistakes|ask)\[(\d+)\](?:\.(value|answer|as|options.*|axes))?(?:\[(\d+)\])?")
_SHOW = re.compile(r"(?:show\[(\d+)\]|picture)(?:\.(\w+))?(?:\[(\d+)\])?")
NO_PART = Ask(answer="no_part", as_="choice", options=[Option(text="one"), Option(text="other")])
NO_CONDITION, NO_MISTAKE, NO_PICTURE = "1 == 1", "nan", "0"

replace = msgspec.structs.replace


@dataclass(slots=True)
class Mended:
    """An exercise, and what in it is not the author's any more."""

    exercise: Exercise
    lost: set[str] = field(default_factory=set)
    made_up: set[str] = field(default_factory=set)

    def drop(self, key: str) -> bool:
        """Replace what stands at a key, and what follows from it; False if there is nothing that could be replaced."""
        if match := _GIVEN.fullmatch(key):
            done = self._drop_given(match[1], match[2] or "")
        elif match := _INNER.fullmatch(key):
            done = self._drop_inner(int(match[1]), int(match[2]))
        elif match := _STEP.fullmatch(key):
            done = self._drop_step(int(match[1]))
        elif match := _OTHER.fullmatch(key):
            done = self._drop_other(match[1], int(match[2]))
        elif match := _SHOW.fullmatch(key):
            done = self._drop_show(match)
        else:
            return False
        self._follow()
        return done

    def lose(self, names: AbstractSet[str]) -> None:
        """Take names for lost, and what reads them."""
        self.lost |= names
        self._follow()

    def make_up(self, name: str, value: Array) -> None:
        """Put numbers in for a given's own: those of its own that are finite, and others."""
        text = _numbers(np.where(np.isfinite(value), value, 0.5))
        if not value.shape and any(name in words_of(given.shape) for given in self.exercise.given.values()):
            self.lose({name})  # a size
        else:
            self.made_up.add(name)
            self._set_given(name, replace(self.exercise.given[name], value=text))

    # what follows

    def uncertain(self) -> set[str]:
        """Return the names whose numbers are made up, or are made of such."""
        found = set(self.made_up)
        while more := {name for name, reads in self._reads() if reads & found} - found:
            found |= more
        return found

    def drop_uncertain(self) -> None:
        """Replace all answers, conditions, mistakes and pictures whose numbers are made up."""
        uncertain = self.uncertain()
        for key, text in list(asked_of_all(self.exercise)):
            if words_of(text) & uncertain:
                self.drop(key)

    def _reads(self) -> Iterator[tuple[str, set[str]]]:
        starts: dict[str, set[str]] = {}
        for name, given in self.exercise.given.items():
            yield name, words_of(given.value) | words_of(given.shape)
        for step in self.exercise.steps:
            starts |= {name: words_of(text) for name, text in (step.start or {}).items()}
            for _, one in lets([step]):
                name = let_name(one.let or "") or ""
                yield name, words_of(right(one.let or "")) | count_words(step.for_ or "") | starts.get(name, set())

    def reads_at(self, key: str) -> set[str]:
        """Return the names that the text at a key reads."""
        if match := _GIVEN.fullmatch(key):
            return dict(self._reads()).get(match[1], set())
        for path, step in lets(self.exercise.steps):
            if key == f"{path}.let":
                return words_of(right(step.let or ""))
        item = key.split(".", maxsplit=1)[0]
        return next((words_of(text) for path, text in asked_of_all(self.exercise) if path.startswith(item)), set())

    def _follow(self) -> None:
        """Replace what reads lost names, until nothing does."""
        while any([self._follow_givens(), *map(self._follow_step, range(len(self.exercise.steps)))]):
            pass
        for key, text in list(asked_of_all(self.exercise)):
            if words_of(text) & self.lost and (match := _OTHER.fullmatch(key)):
                self._drop_other(match[1], int(match[2]))
            elif words_of(text) & self.lost and (match := _SHOW.fullmatch(key)):
                self._drop_show(match)

    def _follow_givens(self) -> bool:
        for name, given in self.exercise.given.items():
            if name not in self.lost and (words_of(given.value) | words_of(given.shape)) & self.lost:
                return self._drop_given(name, "")
            if words_of(given.draw, draw=True) & self.lost:
                self._set_given(name, replace(given, draw=None))
                return True
        return False

    def _follow_step(self, index: int) -> bool:
        step = self.exercise.steps[index]
        name = let_name(step.let or "")
        if step.let is not None and words_of(right(step.let)) & self.lost:
            return self._drop_step(index)
        if step.let is not None and name in self.lost and right(step.let) != "0":
            return self._drop_step(index)
        if bad := {name for name, text in (step.start or {}).items() if words_of(text) & self.lost}:
            self.lost |= bad
            return self._set_step(
                index, replace(step, start={k: v for k, v in (step.start or {}).items() if k not in bad})
            )
        if step.for_ is not None and count_words(step.for_) & self.lost:
            return self._drop_step(index)
        for place, inner in enumerate(step.do or []):
            text = right(inner.let or "")
            if text != "0" and (words_of(text) | {let_name(inner.let or "") or ""}) & self.lost:
                return self._drop_inner(index, place)
        return False

    # replacing

    def _set_given(self, name: str, given: Given) -> None:
        self.exercise = replace(self.exercise, given={**self.exercise.given, name: given})

    def _set_step(self, index: int, step: Step) -> bool:
        steps = list(self.exercise.steps)
        steps[index] = step
        self.exercise = replace(self.exercise, steps=steps)
        return True

    def _drop_given(self, name: str, part: str) -> bool:
        given = self.exercise.given.get(name)
        if given is None:
            return False
        if part == "draw":
            self._set_given(name, replace(given, draw=None))
        elif given.axes and self._value(replace(given, axes=[])) is not None:
            self._set_given(name, replace(given, axes=[]))  # only their number was wrong
        elif (shape := self._shape(given)) is not None and 0 < size(shape) <= _MOST and name not in self.made_up:
            self.made_up.add(name)
            wave = 0.5 + 0.4 * np.sin(1 + np.arange(size(shape)))
            self._set_given(name, replace(given, value=_numbers(wave.reshape(shape)), axes=[]))
        else:
            self.lost.add(name)
            self._set_given(name, replace(given, value="0", shape=None, draw=None, axes=[]))
        return True

    def _value(self, given: Given) -> Array | None:
        """Return the numbers that a given states, if its shape is the one that it states."""
        graph = self.stated()
        try:
            value = graph.evaluate(parse(given.value or "")).number
            shape = self._shape(given)
        except EngineError:
            return None
        return value if given.shape is None or shape == value.shape else None

    def _shape(self, given: Given) -> Shape | None:
        try:
            shape = parse(given.shape) if given.shape is not None else None
            return sizes_of(CompiledGiven("", given, None, shape, None), self.stated())
        except EngineError:
            return None

    def stated(self) -> Graph:
        """Return a graph of the givens that can be evaluated."""
        graph = Graph()
        for name, given in self.exercise.given.items():
            try:
                if name not in self.lost:
                    graph.leaf(name, graph.evaluate(parse(given.value or "")).number)
            except EngineError:
                continue
        return graph

    def _drop_step(self, index: int) -> bool:
        if index >= len(self.exercise.steps):
            return False
        step = self.exercise.steps[index]
        made = {name for _, one in lets([step]) if (name := let_name(one.let or "")) is not None}
        self.lost |= made | set(step.start or {})
        if step.do is not None or step.for_ is not None:
            self._drop_starts(index)
            inner = [
                replace(
                    one,
                    let=f"{self._own_name(f'steps[{index}].do[{place}]', one.let)}[t_] = 0",
                    start=None,
                    for_=None,
                    do=None,
                )
                for place, one in enumerate(step.do or [Step()])
            ]
            return self._set_step(index, Step(for_="t_ in range(1)", do=inner))
        if step.start is not None and step.let is None:
            return self._set_step(index, Step(start={}))
        return self._set_step(index, Step(let=f"{self._own_name(f'steps[{index}]', step.let)} = 0"))

    def _drop_starts(self, loop: int) -> None:
        for before in range(loop - 1, -1, -1):
            if self.exercise.steps[before].for_ is not None:
                return
            if self.exercise.steps[before].start is not None:
                self._set_step(before, Step(start={}))

    def _drop_inner(self, index: int, place: int) -> bool:
        if index >= len(self.exercise.steps) or place >= len(self.exercise.steps[index].do or []):
            return False
        step = self.exercise.steps[index]
        body = list(step.do or [])
        name = let_name(body[place].let or "")
        self.lost |= {name} if name is not None else set()
        own = self._own_name(f"steps[{index}].do[{place}]", body[place].let)
        body[place] = Step(let=f"{own}[{variable_of(step.for_ or '')}] = 0")
        return self._set_step(index, replace(step, do=body))

    def _own_name(self, key: str, let: str | None) -> str:
        """Return the name that a step makes; another, if something else has it or it is none."""
        name = let_name(let or "")
        others = {let_name(one.let or "") for path, one in lets(self.exercise.steps) if path != key}
        if name is None or not re.fullmatch(r"[A-Za-z]\w*", name) or name in others | set(self.exercise.given):
            return "stand_in_" + re.sub(r"\W+", "_", key)
        return name

    def _drop_other(self, kind: str, index: int) -> bool:
        items: list[Any] = list(getattr(self.exercise, kind))
        if index >= len(items):
            return False
        new: dict[str, Callable[[Any], Any]] = {
            "conditions": lambda _: NO_CONDITION,
            "mistakes": lambda mistake: replace(mistake, value=NO_MISTAKE),
            "ask": lambda _: replace(NO_PART, answer=f"no_part_{index}"),
        }
        items[index] = new[kind](items[index])
        self.exercise = replace(self.exercise, **{kind: items})
        return True

    def _drop_show(self, match: re.Match[str]) -> bool:
        """Replace one thing to look at, or what is wrong in it: a name, `x`, `y`, `level`."""
        every = list(self.exercise.show)
        index = None if match[1] is None else int(match[1])
        old = self.exercise.picture if index is None else every[index] if index < len(every) else None
        if old is None:
            return False
        part = match[2] or ""
        names = getattr(old, part, None)
        if isinstance(names, list) and match[3] is not None and len(figure_kinds(old)) == 1:
            harmless = f"[{NO_PICTURE}, {NO_PICTURE}]"
            left = [harmless if place == int(match[3]) else text for place, text in enumerate(names)]
            new = replace(old, **{part: left}, x=None, y=None)  # they have to be as long as they are
        elif part in ("x", "y", "level"):
            new = replace(old, **{part: None})
        else:
            new = Show(heatmap=[NO_PICTURE])
        if index is None:
            self.exercise = replace(self.exercise, picture=new)
        else:
            self.exercise = replace(self.exercise, show=[new if k == index else one for k, one in enumerate(every)])
        return True

    @property
    def asks(self) -> bool:
        """Whether there is still something asked for, of the author's own."""
        return any(not asked.answer.startswith(NO_PART.answer) for asked in self.exercise.ask)


def _numbers(value: Array) -> str:
    return repr(np.round(value, 6).tolist())
