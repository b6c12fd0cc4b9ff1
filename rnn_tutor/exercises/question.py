"""An exercise with its numbers: givens, graph, expected answers.

Without a seed a question has the original numbers (the `value` of each given); with one it has numbers drawn from it,
the same on every machine. Nothing in a file says what an answer is: it is read off the graph.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import msgspec
import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Name, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.axes import Axes, axes_of
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import Node, Sequence, as_numbers
from rnn_tutor.engine.graph.rerun import branch
from rnn_tutor.engine.graph.steps import ProgramError, lets, run
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape, in_words
from rnn_tutor.exercises.compiled import Compiled, CompiledGiven, CompiledShow, ExerciseError, compiled
from rnn_tutor.exercises.figure import evaluator, figure
from rnn_tutor.exercises.model import Ask, Exercise, Kind
from rnn_tutor.exercises.options import in_order_of, right
from rnn_tutor.exercises.words import numbers_of
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.heatmap import Picture

MAX_ANSWER = 10_000
MAX_ANSWER_AXES = 4

_STEP = re.compile(r"([A-Za-z]\w*)(?:\[[^\[\]]*\])?")

Givens: TypeAlias = dict[str, "Array | Shape"]
Expected: TypeAlias = "Array | Shape | frozenset[int]"
Anew: TypeAlias = Literal["numbers", "options", ""]


@dataclass(frozen=True)
class Part:
    """One thing asked: its name, how it is answered, and the expected answer.

    `expected` is an array for a value, a tuple for a shape, the numbers (from 1) of the right options otherwise.
    `axes` has a name, or "", for each axis of the answer (for a shape: of what has that shape).
    """

    name: str
    kind: Kind
    ask: Ask
    expected: Expected
    axes: Axes = ()
    node: Node | None = None

    @property
    def step(self) -> str:
        """The step that is asked for: `h` of `h`, `h[-1]`; "" of any other expression."""
        match = _STEP.fullmatch(self.name)
        return match[1] if match else ""


@dataclass(frozen=True)
class Question:
    """An exercise with numbers. `seed` is None for the original numbers."""

    exercise: Exercise
    seed: int | None
    givens: Givens
    graph: Graph
    parts: tuple[Part, ...]
    compiled: Compiled
    tries: int = 1
    axes_known: dict[Node, Axes] = field(default_factory=dict, repr=False)
    figures: dict[str, Figure | None] = field(default_factory=dict, repr=False)  # by key; what was worked out

    def part(self, name: str) -> Part:
        """Return a part by its name. Raises KeyError."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)

    def axes(self, node: Node) -> Axes:
        """Return a name, or "", for each axis of a node."""
        return axes_of(node, self.compiled.axes, self.axes_known)

    def meaning(self, name: str) -> str:
        """Return what a given means, "" for any other name."""
        given = self.exercise.given.get(name)
        return given.means if given else ""

    def picture(self, title: str, node: Node) -> Picture:
        """Return a node as something to look at."""
        return Item(title, np.asarray(as_numbers(node.number)), self.axes(node), node).picture

    def figure(self, show: CompiledShow) -> Figure | None:
        """Return something to look at with these numbers, None where it has none. Raises ExerciseError.

        It is worked out once, so that looking again costs nothing and is the same figure.
        """
        if show.key not in self.figures:
            self.figures[show.key] = figure(show, evaluator(self.graph), self.axes)
        return self.figures[show.key]

    @property
    def anew(self) -> Anew:
        """What is new in it with another seed: its numbers, else the order of its options, "" for nothing."""
        if self.compiled.draws:
            return "numbers"
        return "options" if any(part.ask.options for part in self.parts) else ""

    @property
    def asked_as(self) -> str:
        """Which numbers it has or, where those are always the same, its options in which order; "" for neither."""
        if self.anew == "options":
            return "" if self.seed is None else f"options of seed {self.seed}"
        return numbers_of(self.seed if self.compiled.draws else None) if self.exercise.given else ""

    @property
    def truths(self) -> dict[str, Array]:
        """The right values of the parts that have one, by name."""
        return {part.name: part.expected for part in self.parts if isinstance(part.expected, np.ndarray)}

    @property
    def told(self) -> list[str]:
        """The givens that a learner is told of and may use: all but the hidden knobs of a picture."""
        hidden = {name for name, given in self.exercise.given.items() if given.hidden}
        return [name for name in self.givens if name not in hidden]

    @property
    def asked_with(self) -> Figure | None:
        """The picture that is shown with the question, None where it has none."""
        return self._drawable(self.compiled.picture) if self.compiled.picture is not None else None

    def shown(self, *, given_away: bool = True) -> list[Figure]:
        """Return what there is to look at: the picture of the question, then what the file has under `show`; if
        nothing, the givens and the answers. What cannot be drawn with these numbers is left out.

        given_away: also what would tell an answer. If not, only the picture and what shows givens alone.
        """
        picture = self.asked_with
        others = [self._drawable(show) for show in self.compiled.shows if show.show != self.exercise.picture]
        if not self.compiled.shows:
            others = [self._givens_and_answers()]
        figures = [figure for figure in others if figure is not None]
        if not given_away:
            figures = [part for figure in figures if (part := self._of_givens(figure)) is not None]
        return [picture, *figures] if picture is not None else figures

    def others(self, names: Collection[str]) -> list[Figure]:
        """Return the givens but for those named, each as a heatmap; numbers alone are not worth a look."""
        figures = self.heatmaps(name for name in self.told if name not in names)
        return [figure for figure in figures if figure.items[0].values.size > 1]

    def heatmaps(self, names: Iterable[str]) -> list[Figure]:
        """Return givens and steps by their names, each as a heatmap; what has no numbers is left out."""
        items = [self._item(name, self.graph.whole(name)) for name in names if name in self.graph.names]
        return [Figure("heatmap", (item,)) for item in items if item is not None]

    def _item(self, name: str, node: Node) -> Item | None:
        if node.value is None:
            return None
        return Item(name, np.asarray(as_numbers(node.value)), self.axes(node), node)

    def _drawable(self, show: CompiledShow) -> Figure | None:
        try:
            return self.figure(show)
        except ExerciseError:  # `check` tells the author, for the original numbers and for many draws
            self.figures[show.key] = None
            return None

    def _givens_and_answers(self) -> Figure | None:
        nodes = [(name, self.graph.whole(name)) for name in self.givens]
        nodes += [(part.name, part.node) for part in self.parts if part.node is not None and part.kind != "shape"]
        items = tuple(item for item in (self._item(name, node) for name, node in nodes) if item is not None)
        return Figure("heatmap", items) if items else None

    def _of_givens(self, figure: Figure) -> Figure | None:
        """Return the part of a figure that shows givens alone, by their names: any expression could be an answer."""
        items = tuple(item for item in figure.items if item.name in self.told)
        apart = figure.kind in ("heatmap", "table")
        if not items or (len(items) < len(figure.items) and not apart):
            return None
        show = next((show for show in self.compiled.shows if self.figures.get(show.key) is figure), None)
        others = [part for part in (show.x, show.level) if part is not None] if show else []
        if set[str]().union(*map(names_in, others)) - set(self.told):
            return None
        return replace(figure, items=items) if len(items) < len(figure.items) else figure


def with_givens(exercise: Exercise, givens: Givens, seed: int | None, tries: int = 1) -> Question:
    """Return the question for given numbers (those of a stored attempt, say).

    Where nothing is drawn, what is new with a seed is the order of the options.
    """
    source = compiled(exercise)
    try:
        graph = run(source.program, givens)
    except ProgramError as error:
        raise ExerciseError(error.key or "steps", error) from None
    axes_known: dict[Node, Axes] = {}
    parts = tuple(part_of(source, graph, k, axes_known) for k in range(len(exercise.ask)))
    if seed is not None and not source.draws:
        parts = _in_another_order(parts, seed)
    return Question(exercise, seed, givens, graph, parts, source, tries, axes_known)


def _in_another_order(parts: tuple[Part, ...], seed: int) -> tuple[Part, ...]:
    try:
        ordered = in_order_of(seed, [part.ask.options for part in parts])
    except EngineError as error:
        raise ExerciseError("seed", error) from None
    return tuple(
        replace(part, ask=msgspec.structs.replace(part.ask, options=options), expected=right(options))
        if options
        else part
        for part, options in zip(parts, ordered, strict=True)
    )


def by_the_book(exercise: Exercise) -> Question:
    """Return the question of an exercise with the original numbers. Raises ExerciseError."""
    return with_givens(exercise, original_givens(compiled(exercise)), None)


def original_givens(source: Compiled) -> Givens:
    """Return the givens with the values that the file states."""
    return dict(originals(source))


@remembered(8)
def originals(source: Compiled) -> Mapping[str, "Array | Shape"]:
    """Return what `original_givens` does, evaluated once: what hands it on copies it."""
    graph = Graph()
    givens = {given.name: stated(given, graph) for given in in_order(source)}
    return {given.name: givens[given.name] for given in source.givens}


@remembered(8)
def in_order(source: Compiled) -> tuple[CompiledGiven, ...]:
    """Return the givens so that each comes after those that its shape and draw read (a size before what has it).

    Those that read each other in a circle keep the order of the file; evaluating them names what is missing.
    """
    names = {given.name for given in source.givens}
    left, done, ordered = list(source.givens), set[str](), list[CompiledGiven]()
    while left:
        ready = [given for given in left if not (given.reads & names) - done - {given.name}] or left[:1]
        for given in ready[:1]:
            ordered.append(given)
            done.add(given.name)
            left.remove(given)
    return tuple(ordered)


def stated(given: CompiledGiven, graph: Graph) -> "Array | Shape":
    """Return the value that the file states for a given, or its shape; it is added to the graph."""
    key = f"given.{given.name}"
    try:
        if given.value is None:
            if given.draw is not None:
                raise EngineError("value", "A given with a draw also needs its original numbers: add value.")
            shape = sizes_of(given, graph)
            graph.leaf(given.name, None, shape)
            return shape
        value = as_numbers(graph.evaluate(given.value).number)
        if given.shape is not None and sizes_of(given, graph) != value.shape:
            raise EngineError("shape", f"The value has the shape {in_words(value.shape)}, not the one under shape.")
        if given.given.axes and len(given.given.axes) != len(value.shape):
            raise EngineError(
                "shape", f"There are {len(given.given.axes)} axes named for a value {in_words(value.shape)}."
            )
        return graph.leaf(given.name, value).number
    except EngineError as error:
        raise ExerciseError(f"{key}.{'value' if given.value is not None else 'shape'}", error) from None


def sizes_of(given: CompiledGiven, graph: Graph) -> Shape:
    """Return the sizes under `shape`, evaluated in the graph. Raises EngineError."""
    if given.shape is None:
        raise EngineError("shape", "A given has a value or a shape.")
    sizes = graph.evaluate(given.shape if isinstance(given.shape, ArrayExpr) else ArrayExpr((given.shape,))).number
    return _whole_sizes(sizes)


def _whole_sizes(sizes: Array) -> Shape:
    if sizes.ndim != 1 or not np.isfinite(sizes).all() or (sizes != np.floor(sizes)).any() or (sizes < 0).any():
        raise EngineError("shape", "A shape is a list of whole numbers, such as (B, T, V).")
    return tuple(int(size) for size in sizes)


def part_of(source: Compiled, graph: Graph, position: int, axes_known: dict[Node, Axes]) -> Part:
    """Return a part with what is expected, read off the graph of the steps. Raises ExerciseError."""
    asked = source.exercise.ask[position]
    if asked.as_ in ("choice", "checklist"):
        return Part(asked.answer, asked.as_, asked, right(asked.options))
    expr = source.answers[position]
    key = f"ask[{position}]"
    try:
        assert expr is not None  # noqa: S101 - only choices have none
        node = graph.whole(expr.id) if isinstance(expr, Name) and expr.id in graph.names else graph.evaluate(expr)
        axes = tuple(asked.axes) or axes_of(node, source.axes, axes_known)
        if asked.as_ == "shape":
            return Part(asked.answer, "shape", asked, _shape_asked(source, asked.answer, node), axes, node)
        expected = as_numbers(node.number)
    except EngineError as error:
        raise ExerciseError(f"{key}.answer", error) from None
    _check_kind(asked, expected, key)
    return Part(asked.answer, asked.as_, asked, expected, axes, node)


def _shape_asked(source: Compiled, name: str, node: Node) -> Shape:
    """Return the shape asked for: that of the step, or, of a step that lists sizes, (B, T, V), the sizes."""
    listed = any(let.name == name and isinstance(let.expr, ArrayExpr) for let in lets(source.program))
    if listed and node.value is not None and node.value.ndim == 1:
        return _whole_sizes(as_numbers(node.value))
    return node.shape


def _check_kind(asked: Ask, expected: Array, key: str) -> None:
    wanted = {"scalar": 0, "vector": 1, "matrix": 2}.get(asked.as_, expected.ndim)
    if expected.ndim != wanted and not (wanted == 2 and expected.ndim > 2):
        error = EngineError("shape", f"{asked.answer} is {in_words(expected.shape)}, which is not a {asked.as_}.")
        raise ExerciseError(f"{key}.as", error)
    if expected.size > MAX_ANSWER or expected.ndim > MAX_ANSWER_AXES:
        raise ExerciseError(f"{key}.answer", EngineError("limit", f"An answer has at most {MAX_ANSWER:,} elements."))
    if asked.axes and len(asked.axes) != expected.ndim:
        error = EngineError(
            "shape", f"There are {len(asked.axes)} axes named for an answer {in_words(expected.shape)}."
        )
        raise ExerciseError(f"{key}.axes", error)


def scratch(question: Question) -> Graph:
    """Return a graph that sees every name of a question, and keeps nothing in it that is evaluated there."""
    return branch(question.graph)


def visible(question: Question, own: Mapping[str, Node] | None = None) -> dict[str, Node | Sequence]:
    """Return the names that a learner may use: the givens told of, and those of their own that are handed in."""
    names: dict[str, Node | Sequence] = {name: question.graph.names[name] for name in question.told}
    return names | dict(own or {})


def as_list(value: Array) -> str:
    """Return numbers exactly, as Python and as an answer write them: 0.5, [0.5, 1.0], [[1.0], [2.0]]."""
    if value.shape == ():
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return repr(value.tolist())
