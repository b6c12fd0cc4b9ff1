"""The mistakes that are known of an exercise, with the value that each gives for a question's numbers.

Authored ones come from the file; wrong versions are made from the steps by `engine.mutate`, one step changed at a time
and everything after it evaluated again. They stand in the same order for every draw of an exercise, so that two that
never differ can be told by trying other draws.
"""

from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph import Graph, Node, Sequence, as_numbers
from rnn_tutor.engine.mutate import Context, mutations
from rnn_tutor.engine.program import Let, Loop, Program, ProgramError, Start, Statement, resume

from .question import Part, Question


@dataclass(frozen=True)
class Mutant:
    """A program with one step done wrong: which statement, what it is instead, and what to say."""

    position: int
    statement: Statement
    let: str
    rule: str
    says: str


def mutants(question: Question, part: Part) -> list[Mutant]:
    """Return the wrong versions of the steps that a part's answer is made from, in a fixed order."""
    needed = _needed(question.compiled.program, part)
    context = _context(question)
    found: list[Mutant] = []
    for position, statement in enumerate(question.compiled.program):
        if isinstance(statement, Let) and statement.name in needed:
            found += _of_let(position, statement, part, context)
        elif isinstance(statement, Loop):
            found += _of_loop(position, statement, needed, context, question)
    return found


def _of_let(position: int, let: Let, part: Part, context: Context) -> list[Mutant]:
    return [
        Mutant(position, Let(let.name, one.expr, let.text, None, let.key), let.name, one.rule, one.says)
        for one in mutations(let.expr, context)
    ]


def _of_loop(position: int, loop: Loop, needed: set[str], context: Context, question: Question) -> list[Mutant]:
    inside = Context(context.shapes, context.means, context.masks, loop.variable, context.recurrent)
    found: list[Mutant] = []
    for k, let in enumerate(loop.body):
        if let.name not in needed:
            continue
        for one in mutations(let.expr, inside):
            body = (*loop.body[:k], Let(let.name, one.expr, let.text, loop.variable, let.key), *loop.body[k + 1 :])
            changed = Loop(loop.variable, loop.count, loop.reverse, body, loop.key)
            found.append(Mutant(position, changed, let.name, one.rule, one.says))
    return found


def _needed(program: Program, part: Part) -> set[str]:
    """Return the names of the steps that an answer is made from, itself among them."""
    reads: dict[str, set[str]] = {}
    for statement in program:
        if isinstance(statement, Let):
            reads[statement.name] = names_in(statement.expr)
        elif isinstance(statement, Loop):
            for let in statement.body:
                reads[let.name] = names_in(let.expr) - {statement.variable}
    todo = [name for name in _names(part) if name in reads]
    needed: set[str] = set()
    while todo:
        name = todo.pop()
        if name not in needed:
            needed.add(name)
            todo += [one for one in reads[name] if one in reads]
    return needed


def _names(part: Part) -> set[str]:
    return {part.name.split("[")[0]} | (names_in(part.node.expr) if part.node is not None and part.node.expr else set())


def _context(question: Question) -> Context:
    shapes = {}
    for name, entry in question.graph.names.items():
        node = entry.whole if isinstance(entry, Sequence) else entry
        if node is not None:
            shapes[name] = node.shape
    masks = frozenset(
        name
        for name, value in question.givens.items()
        if isinstance(value, np.ndarray)
        and value.ndim
        and value.size
        and np.isin(value, (0.0, 1.0)).all()
        and "mask" in (name + question.meaning(name)).lower()
    )
    means = {name: given.means for name, given in question.exercise.given.items()}
    recurrent = frozenset(name for name, entry in question.graph.names.items() if isinstance(entry, Sequence))
    return Context(shapes, means, masks, None, recurrent)


def value_of(question: Question, part: Part, mutant: Mutant) -> Array | None:
    """Return what a mutant gives for a part with a question's numbers; None where it cannot be computed."""
    program = question.compiled.program
    graph = Graph()
    remade = _made_from(program, mutant.position)
    graph.names = {name: entry for name, entry in question.graph.names.items() if name not in remade}
    graph._first = question.graph.size
    starts = tuple(one for one in program[: mutant.position] if isinstance(one, Start)) if _is_loop(mutant) else ()
    try:
        resume(graph, (*starts[-1:], mutant.statement, *program[mutant.position + 1 :]))
        node = graph.evaluate(_answer(question, part)) if part.name not in graph.names else graph.whole(part.name)
        return as_numbers(node.number)
    except (ProgramError, EngineError):
        return None


def _is_loop(mutant: Mutant) -> bool:
    return isinstance(mutant.statement, Loop)


def _answer(question: Question, part: Part) -> Expr:
    position = question.parts.index(part)
    expr = question.compiled.answers[position]
    assert expr is not None  # noqa: S101 - only parts with a value have mutants
    return expr


def _made_from(program: Program, position: int) -> set[str]:
    names: set[str] = set()
    for statement in program[position:]:
        if isinstance(statement, Let):
            names.add(statement.name)
        elif isinstance(statement, Loop):
            names |= {let.name for let in statement.body}
    return names


@dataclass(frozen=True)
class Known:
    """A known mistake with its value for a question: `said` completes the diagnosis."""

    kind: str
    value: Array
    said: str
    node: Node | None = None
    mutant: Mutant | None = None


def authored(question: Question, part: Part) -> list[Known]:
    """Return the mistakes that the file describes for a part. Those that cannot be evaluated are left to lint."""
    found: list[Known] = []
    for one in question.compiled.mistakes:
        if one.mistake.answer not in (None, part.name):
            continue
        try:
            value = as_numbers(question.graph.evaluate(one.expr).number)
        except EngineError:
            continue
        found.append(Known("authored", value, one.mistake.say))
    return found


def wrong_versions(question: Question, part: Part) -> list[Known]:
    """Return the mutants of a part with their values, computed once a question."""
    cache = _values.get(id(question))
    if cache is None or cache[0] is not question:
        if len(_values) > 16:
            _values.clear()
        cache = _values[id(question)] = (question, {})
    if part.name not in cache[1]:
        found = []
        for mutant in mutants(question, part):
            value = value_of(question, part, mutant)
            if value is not None and np.isfinite(value).all():
                found.append(Known("mutation", value, mutant.says, mutant=mutant))
        cache[1][part.name] = found
    return cache[1][part.name]


_values: dict[int, tuple[Question, dict[str, list[Known]]]] = {}


def prepare(question: Question) -> None:
    """Compute every wrong version beforehand, so that the first wrong answer is marked as fast as any."""
    for part in question.parts:
        if isinstance(part.expected, np.ndarray):
            wrong_versions(question, part)
