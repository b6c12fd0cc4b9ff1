"""The steps of an exercise as single formulas: those of its loops as they are at the first time steps.

Within a formula `h[t-1]` is one name with one value, such as `h@0`, and the counter of the loop another one, `@1`. So a
formula has values in all its parts, by which it can be written in the names of somebody who calls things otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, Slice, children, names_in, walk, with_children
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import Node, Sequence, as_numbers
from rnn_tutor.engine.graph.steps import Let, Loop, Start
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises.diagnosis.program_difference import watched
from rnn_tutor.exercises.question import Part, Question

TURNS = 2  # time steps of a loop of which the formulas are written out
MOST_PARTS = 300
MOST_COUNTED = 5  # places of an array, from its beginning
BY_ELEMENTS = frozenset((
    "add", "subtract", "multiply", "divide", "power", "negative", "maximum", "minimum",
    "abs", "square", "sqrt", "exp", "log", "tanh", "sigmoid", "relu", "where",
    "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "logical_and", "logical_or", "logical_not",
))  # fmt: skip
_NOTHING = np.zeros(0)
Key = tuple[Shape, bytes]


@dataclass(frozen=True)
class Formula:
    """A part of a step, its value, and the name that stands for it, or itself.

    `step` is the name of the step where it is all of it, and `starts` tells that it is what this starts from. `parts`
    tells that its parts are formulas, too, and `row` that it is a row or an element of a step.
    """

    expr: Expr
    value: Array
    meaning: Expr
    step: str = ""
    starts: bool = False
    parts: bool = True
    row: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a formula: its value, by which it is found, and the name that stands for it, or itself."""

    expr: Expr
    value: Array
    key: Key
    meaning: Expr
    whole: bool
    constant: bool


@dataclass(frozen=True, eq=False)
class Worked:
    """The formulas that an answer is made by, what each name in them is made of, and the values of all of them."""

    formulas: tuple[Formula, ...]
    made_of: Mapping[str, Expr]
    values: Mapping[Expr, Array]
    counts: Mapping[str, int]
    meanings: Mapping[Expr, Expr]
    _known: dict[int, Known] = field(default_factory=dict)  # by identity; each holds its formula

    def known(self, expr: Expr) -> Known | None:
        """Return what is known of one of the formulas, or of a part of one; None where it has no value."""
        kept = self._known.get(id(expr))
        if kept is not None:
            return kept
        value = self.values.get(expr)
        if value is None:
            return None
        constant = value.size <= 1 or bool((value == value.flat[0]).all())
        meaning = self.meanings.get(expr, expr)
        return self._known.setdefault(id(expr), Known(expr, value, key_of(value), meaning, is_whole(value), constant))


def key_of(value: Array) -> Key:
    """Return by what a value is found among others: its shape and its numbers, up to rounding."""
    return value.shape, (np.round(value, 9) + 0.0).tobytes()


def is_whole(value: Array) -> bool:
    """Tell whether all of a value are whole numbers."""
    return bool(np.isfinite(value).all() and (value == np.round(value)).all())


@remembered(16, by=lambda question, part: (part, ()))
def worked(question: Question, part: Part) -> Worked:
    """Return the formulas of all steps that an answer is made from."""
    wanted = watched(question, part)
    made: dict[str, tuple[str, Expr, bool]] = {}
    counts = {f"@{count}": count for count in range(MOST_COUNTED)}
    values = _values_of_names(question)
    starts: dict[str, Expr] = {}
    later: set[str] = set()
    for statement in question.compiled.program:
        match statement:
            case Let(name=name, expr=expr) if name in wanted:
                made[name] = (name, expr, False)
            case Start(values=given):
                starts |= {name: expr for name, expr in given.items() if name in wanted}
            case Loop():
                for nth, turn in enumerate(_first_turns(question, statement)):
                    counts[f"@{turn}"] = turn
                    for let in statement.body:
                        if let.name in wanted:
                            later |= {f"{let.name}@{turn}"} if nth else set()
                            made[f"{let.name}@{turn}"] = (let.name, _at(let.expr, statement, turn), False)
            case _:
                pass
    for name, expr in starts.items():
        entry = question.graph.names[name]
        for turn in (-1, len(entry.steps)) if isinstance(entry, Sequence) else ():
            made[f"{name}@{turn}"] = (name, expr, True)
    graph = Graph()
    for name, value in (*values.items(), *((name, np.asarray(float(turn))) for name, turn in counts.items())):
        graph.leaf(name, value)
    known: dict[Expr, Array] = {}
    formulas = [
        formula
        for label, (name, expr, starting) in made.items()
        for formula in _formulas(
            graph, known, Name(label), Formula(expr, _NOTHING, expr, name, starting, label not in later)
        )
    ]
    formulas += [one for formula in formulas for one in _elements(graph, known, formula)]
    made_of = {label: expr for label, (_, expr, _) in made.items()}
    meanings = {expr: Name(label) for label, (_, expr, starting) in made.items() if not starting}
    return Worked(tuple(formulas[:MOST_PARTS]), made_of, known, counts, meanings)


def _first_turns(question: Question, loop: Loop) -> range:
    entry = question.graph.names.get(loop.body[0].name)
    count = len(entry.steps) if isinstance(entry, Sequence) else 0
    return range(count - 1, max(count - 1 - TURNS, -1), -1) if loop.reverse else range(min(count, TURNS))


def _values_of_names(question: Question) -> dict[str, Array]:
    """Return the values of givens and steps, and of each step at each time, by the names of formulas."""
    found: dict[str, Array] = {}
    for name, entry in question.graph.names.items():
        nodes: list[tuple[str, Node | None]] = [(name, entry if isinstance(entry, Node) else entry.whole)]
        if isinstance(entry, Sequence):
            nodes += [(f"{name}@{turn}", node) for turn, node in enumerate(entry.steps)]
            nodes += [(f"{name}@{turn}", entry.start) for turn in (-1, len(entry.steps))]
        found |= {label: as_numbers(node.value) for label, node in nodes if node is not None and node.value is not None}
    return found


def _at(expr: Expr, loop: Loop, turn: int) -> Expr:
    """Return a formula of a loop as it is at one time step."""
    match expr:
        case Name(id=name) if name == loop.variable:
            return Name(f"@{turn}")
        case Index(base=Name(id=name), items=(first, *rest)) if any(let.name == name for let in loop.body):
            label = Name(f"{name}@{_which(first, loop, turn)}")
            inner = [_at(item, loop, turn) if isinstance(item, Name | Number | Index) else item for item in rest]
            return Index(label, tuple(inner)) if inner else label
        case _:
            parts = children(expr)
            changed = tuple(_at(part, loop, turn) for part in parts)
            return with_children(expr, changed) if parts else expr


def _which(item: object, loop: Loop, turn: int) -> str:
    """Return the time step that an index means."""
    graph = Graph()
    graph.leaf(loop.variable, np.asarray(float(turn)))
    try:
        return str(int(graph.evaluate(item).number))  # type: ignore[arg-type]
    except (EngineError, KeyError, TypeError):
        return "?"


def _formulas(graph: Graph, known: dict[Expr, Array], label: Name, whole: Formula) -> Iterator[Formula]:
    """Yield a formula and its parts, those that can be evaluated; their values are noted."""
    counters = {name for name in graph.names if name.startswith("@")}
    for part in walk(whole.expr):
        if part is not whole.expr and (isinstance(part, Number) or not names_in(part)):
            continue
        value = _value(graph, known, part)
        if value is None:
            continue
        if part is whole.expr:
            known[label] = value
            yield replace(whole, value=value, meaning=label)
        elif whole.parts and not isinstance(part, Name | Index) and not names_in(part) <= counters:
            yield Formula(part, value, part)


def _value(graph: Graph, known: dict[Expr, Array], expr: Expr) -> Array | None:
    """Return the value of a formula, and note it; None where it has none."""
    if expr not in known:
        try:
            known[expr] = np.array(as_numbers(graph.evaluate(expr).number))
        except EngineError:
            return None
    return known[expr]


def _elements(graph: Graph, known: dict[Expr, Array], formula: Formula) -> Iterator[Formula]:
    """Yield the first elements, or rows, of a formula that computes each by itself, as a loop over them has them."""
    if not formula.value.ndim or not isinstance(formula.expr, Call) or formula.starts:
        return
    for at in range(min(TURNS, len(formula.value))):
        element = _element(known, formula.expr, at, formula.value.shape)
        if element is not None:
            for part in walk(element):
                _value(graph, known, part)
            if element in known:
                yield Formula(element, known[element], element, row=bool(formula.step))


def _element(known: Mapping[Expr, Array], expr: Expr, at: int, shape: Shape) -> Expr | None:
    """Return an element of a formula that is made of such elements alone, None for any other formula."""
    value = known.get(expr)
    if isinstance(expr, Number) or (value is not None and value.shape == ()):
        return expr
    match expr:
        case Call(function=function, args=args, keywords=()) if function in BY_ELEMENTS:
            inside = [_element(known, arg, at, shape) for arg in args]
            parts = [part for part in inside if part is not None]
            return with_children(expr, tuple(parts)) if len(parts) == len(args) else None
        case Index(base=Name() as base, items=(Slice(start=start, step=None),)) if _is_as(value, shape):
            first = 0 if start is None else _count(known, start)
            return Index(base, (Name(f"@{first + at}"),)) if first is not None and first + at < MOST_COUNTED else None
        case Name() if _is_as(value, shape):
            return Index(expr, (Name(f"@{at}"),))
        case _:
            return None


def _is_as(value: Array | None, shape: Shape) -> bool:
    return value is not None and value.shape == shape


def _count(known: Mapping[Expr, Array], expr: Expr) -> int | None:
    value = np.asarray(expr.value) if isinstance(expr, Number) else known.get(expr)
    return int(value) if value is not None and value.shape == () and value >= 0 else None
