"""The scratchpad: values that a learner names on the way (`a = W_xh @ x`), to look at and to use in the answer.

Nothing here is marked. A line without a name is worked out and shown. What is not understood says so on its own line
and does not disturb the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from rnn_tutor.engine.compare import IDENTICAL, same
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, Name, children, functions_in, names_in, show, walk, with_children
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import Graph, as_numbers, counted
from rnn_tutor.engine.graph.steps import check_name
from rnn_tutor.engine.number_text import SHOWN
from rnn_tutor.engine.reading.language import parse, parse_let
from rnn_tutor.engine.reading.pasted import unpasted
from rnn_tutor.engine.reading.python_lists import as_lists
from rnn_tutor.engine.reading.step_text import target
from rnn_tutor.exercises import words
from rnn_tutor.exercises.question import Question, visible
from rnn_tutor.exercises.renamed import in_todays_names, names_to_type
from rnn_tutor.figures.heatmap import Picture
from rnn_tutor.figures.numbers import values

MAX_LINES = 50
MOST_PARTS = 600
MOST_SHOWN = 100


@dataclass(frozen=True)
class Note:
    """One line of the scratchpad: its name ("" for none), its value, and what to show beside it.

    `uses` has the names that its value comes from, those of other lines replaced by what they come from; constants are
    none of them. `expr` is what was written. `lost` is the name that the line would have given, had it been understood.
    """

    text: str
    name: str
    says: str
    value: Array | None = None
    picture: Picture | None = None
    error: EngineError | None = None
    uses: frozenset[str] = field(default_factory=frozenset)
    expr: Expr | None = None
    lost: str = ""


def notes(question: Question, lines: Sequence[str], own: Mapping[str, Array] | None = None) -> list[Note]:
    """Return the lines worked out in order; a line may use the givens, `own` values, and the names above it.

    Never raises. At most 50 lines are read. A line that is only a fence has a note without a value. Where a line is not
    understood its name is unknown from there on: what reads it waits, and says for what.
    """
    scope = question.graph.scope(visible(question))
    for name, value in (own or {}).items():
        scope.leaf(name, value, op="replaced")
    pad: list[Note] = []
    for line in islice((line for line in lines if line.strip()), MAX_LINES):
        plain = unpasted(line)
        pad.append(_note(question, scope, line, plain, pad) if plain.strip() else Note(line, "", "left out"))
    return pad


def named(pad: Sequence[Note]) -> dict[str, Array]:
    """Return the values by name; the last of a name counts, and none of a name that was lost last."""
    by_name: dict[str, Array] = {}
    for note in pad:
        by_name.pop(note.lost, None)
        if note.name and note.value is not None:
            by_name[note.name] = note.value
    return by_name


def lost(pad: Sequence[Note]) -> set[str]:
    """Return the names of lines that are not understood."""
    return {note.lost for note in pad if note.lost} - named(pad).keys()


def come_from(names: Iterable[str], pad: Sequence[Note]) -> frozenset[str]:
    """Return names with those of the scratchpad replaced by what their values come from (a number typed: nothing)."""
    uses = {note.name: note.uses for note in pad if note.name}
    return frozenset().union(*(uses.get(name, {name}) for name in names))


def inlined(expr: Expr, pad: Sequence[Note]) -> Expr | None:
    """Return an expression with the names of the scratchpad written out; None where that is too long."""
    meant: dict[str, Expr] = {}
    for note in pad:
        if note.name and note.expr is not None:
            meant[note.name] = _written_out(note.expr, meant)
            if sum(1 for _ in islice(walk(meant[note.name]), MOST_PARTS)) == MOST_PARTS:
                return None
    return _written_out(expr, meant)


def _written_out(expr: Expr, meant: Mapping[str, Expr]) -> Expr:
    if isinstance(expr, Name):
        return meant.get(expr.id, expr)
    parts = children(expr)
    return with_children(expr, tuple(_written_out(part, meant) for part in parts)) if parts else expr


def _note(question: Question, scope: Graph, line: str, plain: str, above: Sequence[Note]) -> Note:
    written: Expr | None = None
    names = names_to_type(question.exercise, scope.names)
    own = {*(note.name for note in above), *scope.unknown}
    try:
        name = ""
        if _assigns(plain):
            target, written = parse_let(plain, paper=True, names=names)
            if not isinstance(target, Name):
                raise EngineError("notation", "Write one name left of =, as in a = W_xh @ x.", target.span)
            name = target.id
            check_name(name, target.span)
            if name in question.told:
                raise EngineError("name", f"{name} is given: choose another name.", target.span)
        else:
            written = parse(plain, loose=True, names=names)
        written = in_todays_names(question.exercise, written, own)
        scope.remarks.clear()
        node = scope.evaluate(written)
        lists = as_lists(written, lambda count: counted(scope, count))
        if lists is not None and not same(node.value, scope.evaluate(lists.expr).value, IDENTICAL):
            raise lists.question()
        value = as_numbers(node.number)
        expr = scope.settled(written)
        uses = come_from(names_in(expr) & set(scope.names), above)
        if name:
            scope.unknown.discard(name)
            scope.leaf(name, value, op="replaced")
    except EngineError as error:
        return _not_understood(question, scope, line, written, error)
    shape = f"{words.a_kind(value.shape)}: " if value.shape else ""
    picture = Picture(name or line.strip(), value) if value.shape and value.size else None
    echo = f"{products(written, expr)}{shape}{values(value, SHOWN.of(6))}{words.remarks(scope.remarks)}"
    return Note(line, name, echo, value, picture, uses=uses, expr=expr)


def _not_understood(question: Question, scope: Graph, line: str, written: Expr | None, error: EngineError) -> Note:
    """Return the note of a line that has no value; the name that it would have given is unknown from here on."""
    assigned = target(unpasted(line))
    name = assigned.name if assigned is not None and assigned.index is None and assigned.name.isidentifier() else ""
    name = "" if name in question.told else name
    waits_for = sorted(scope.unknown & names_in(written)) if error.kind == "unknown" and written is not None else []
    if name:
        scope.lose([name])
    sentence = f"waits for {words.enumerated(waits_for)}: correct that line first" if waits_for else error.says
    return Note(line, "", sentence, error=error, lost=name)


def products(written: Expr, settled: Expr) -> str:
    """Return how an expression with names side by side was read, for the echo; "" for any other."""
    if "beside" not in functions_in(written):
        return ""
    text = show(settled)
    return f"{text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + '...'}: "


def _assigns(line: str) -> bool:
    """Tell whether a line names something: a single = outside brackets."""
    depth = 0
    for position, char in enumerate(line):
        depth += (char in "([") - (char in ")]")
        around = line[position - 1 : position] + line[position + 1 : position + 2]
        if char == "=" and depth == 0 and not any(other in "=<>!" for other in around):
            return True
    return False
