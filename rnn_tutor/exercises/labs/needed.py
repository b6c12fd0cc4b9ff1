"""Which steps have to be evaluated: those that lead to what is wanted, and of these those that a control moves."""

from collections.abc import Iterable
from dataclasses import dataclass

from rnn_tutor.engine.expression import names_in
from rnn_tutor.engine.program import Loop, Program, Start, Statement


@dataclass(frozen=True)
class _Block:
    """Statements that belong together (a loop and what it starts from), the names they make and those they read."""

    statements: tuple[Statement, ...]
    makes: frozenset[str]
    reads: frozenset[str]


def leading_to(program: Program, names: Iterable[str]) -> Program:
    """Return the statements that names are made of, in order."""
    wanted = set(names)
    kept: list[_Block] = []
    for block in reversed(_blocks(program)):
        if block.makes & wanted:
            wanted |= block.reads
            kept.append(block)
    return tuple(statement for block in reversed(kept) for statement in block.statements)


def made_by(program: Program) -> set[str]:
    """Return the names that statements make."""
    return set[str]().union(*(block.makes for block in _blocks(program)))


def read_by(program: Program) -> set[str]:
    """Return the names that statements read, but for those that a loop makes itself."""
    return set[str]().union(*(block.reads for block in _blocks(program)))


def moved_by(program: Program, control: str) -> set[str]:
    """Return a control and all names that depend on it."""
    moved = {control}
    for block in _blocks(program):
        if block.reads & moved:
            moved |= block.makes
    return moved


def parted(program: Program, controls: Iterable[str]) -> tuple[Program, Program]:
    """Return the statements that no control moves, and the others."""
    moved = set(controls)
    still: list[Statement] = []
    moving: list[Statement] = []
    for block in _blocks(program):
        if block.reads & moved:
            moved |= block.makes
            moving += block.statements
        else:
            still += block.statements
    return tuple(still), tuple(moving)


def _blocks(program: Program) -> list[_Block]:
    blocks: list[_Block] = []
    waiting: list[Start] = []
    for statement in program:
        if isinstance(statement, Start):
            waiting.append(statement)
        elif isinstance(statement, Loop):
            makes = frozenset(let.name for let in statement.body)
            parts = [statement.count, *(let.expr for let in statement.body)]
            parts += [expr for start in waiting for expr in start.values.values()]
            reads = frozenset().union(*map(names_in, parts)) - makes - {statement.variable}
            blocks.append(_Block((*waiting, statement), makes, reads))
            waiting = []
        else:
            blocks.append(_Block((statement,), frozenset({statement.name}), frozenset(names_in(statement.expr))))
    if waiting:  # a start without a loop, which running it will refuse
        blocks.append(_Block(tuple(waiting), frozenset(), frozenset()))
    return blocks
