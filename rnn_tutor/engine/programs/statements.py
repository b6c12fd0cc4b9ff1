"""The statements that a program is made of: data, which `interpreter` walks.

Assignments, `for`, `while`, `if`, `return`, `break`, `continue`, `pass`, functions of the program's own; nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rnn_tutor.engine.expression import Array, Expr, Name
from rnn_tutor.engine.programs.lines import Line


@dataclass(frozen=True, slots=True)
class Assign:
    """target = target = value; a target is a name, an element of one, or several of these (an Array)."""

    line: Line
    targets: tuple[Expr, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class Augment:
    """target += value and its like; `function` is what the sign stands for."""

    line: Line
    target: Expr
    function: str
    value: Expr


@dataclass(frozen=True, slots=True)
class Do:
    """A call that stands by itself: hs.append(h)."""

    line: Line
    expr: Expr


@dataclass(frozen=True, slots=True)
class For:
    """for target in values: body."""

    line: Line
    target: Expr
    values: Expr
    body: "Block"


@dataclass(frozen=True, slots=True)
class While:
    """while condition: body."""

    line: Line
    condition: Expr
    body: "Block"


@dataclass(frozen=True, slots=True)
class If:
    """The branches of if and elif, each with its line, and what else is done."""

    line: Line
    branches: tuple[tuple[Line, Expr, "Block"], ...]
    otherwise: "Block"


@dataclass(frozen=True, slots=True)
class Return:
    """return value; without one, None."""

    line: Line
    value: Expr | None


@dataclass(frozen=True, slots=True)
class Jump:
    """break, continue or pass."""

    line: Line
    word: Literal["break", "continue", "pass"]


@dataclass(frozen=True, slots=True)
class Def:
    """A function of the program's own; `local` are the names that are its own."""

    line: Line
    name: str
    params: tuple[str, ...]
    body: "Block"
    local: frozenset[str]
    defaults: tuple[Expr, ...] = ()  # of the last parameters, numbers
    within: str = ""  # the function that it is defined in


Statement: TypeAlias = Assign | Augment | Do | For | While | If | Return | Jump
Block: TypeAlias = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A program as read: what it does, and the functions that it defines."""

    body: Block
    functions: dict[str, Def]
    lines: int


def assigned(body: Block) -> Iterator[str]:
    """Yield the names that a block gives values to."""
    for statement in body:
        match statement:
            case Assign(targets=targets):
                yield from (name for target in targets for name in _named(target))
            case Augment(target=target):
                yield from _named(target)
            case For(target=target, body=inner):
                yield from _named(target)
                yield from assigned(inner)
            case While(body=inner):
                yield from assigned(inner)
            case If(branches=branches, otherwise=otherwise):
                for _, _, inner in branches:
                    yield from assigned(inner)
                yield from assigned(otherwise)


def _named(target: Expr) -> Iterator[str]:
    if isinstance(target, Name):
        yield target.id
    elif isinstance(target, Array):
        for item in target.items:
            yield from _named(item)


def inner_blocks(statement: Statement) -> tuple[Block, ...]:
    """Return the blocks of a statement: the body of a loop, the branches of an if and its else."""
    match statement:
        case For(body=body) | While(body=body):
            return (body,)
        case If(branches=branches, otherwise=otherwise):
            return (*(body for _, _, body in branches), otherwise)
        case _:
            return ()
