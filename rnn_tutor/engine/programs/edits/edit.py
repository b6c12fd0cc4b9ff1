"""A small change of a program, after which it may be right, and what that says of the program as it stands."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from rnn_tutor.engine.expression import BRIEF, Array, Call, Expr, show
from rnn_tutor.engine.programs.edits.tree import Changed, Spot, with_block
from rnn_tutor.engine.programs.standing import Standing, Standings
from rnn_tutor.engine.programs.statements import Code
from rnn_tutor.engine.shapes import Shape

STRUCTURE = 1  # costs: how a loop runs, what is carried on, in which order, which block of an array
PLACE = 2  # one name, one place of an array, one function for another
FORMULA = 3  # signs, operands, numbers
FAR = 4


@dataclass(frozen=True)
class Edit:
    """The program changed, and what is wrong with the one that it was made from if this one is right.

    `line` is the one that is told, `touched` are those whose values the change can be seen in first.
    """

    rule: str
    line: int
    says: str
    base: Code
    changed: Changed
    cost: int
    touched: frozenset[int]
    reorders: bool = False  # lines are run in another order, or once more, or not

    @property
    def code(self) -> Code:
        """The program changed; made when it is asked for, as most edits are never tried."""
        return with_block(self.base, self.changed)

    def begins(self, standings: Standings) -> Standing | None:
        """Return where the program begins to be another one, in a run of it as it was; None for unknown."""
        there, block, function = self.changed.place.block, self.changed.block, self.changed.place.function
        same = next((at for at, (one, other) in enumerate(zip(there, block, strict=False)) if one is not other), None)
        at = min(len(there), len(block)) if same is None else same
        differs = there[min(at, len(there) - 1) :][:1]
        noted = [standings.first.get(id(one)) for one in (*differs, *reversed(self.changed.place.around))]
        begins = next((one for one in noted if one is not None), None)
        return standings.first_of(function) if begins is None and function != standings.function else begins


@dataclass(frozen=True)
class Scope:
    """What is known of a program beside its text: the shapes of its names, and which functions a right one may need."""

    shapes: Mapping[str, Shape] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()
    called: frozenset[str] = frozenset()  # by the program as it stands
    unknown: frozenset[str] = frozenset()  # names that are nothing: any other may be meant

    def alike(self, first: str, second: str) -> bool:
        """Tell whether two names may stand for each other: their shapes are the same, as far as these are known."""
        if self.unknown and not self.unknown.isdisjoint((first, second)):
            return True
        return first in self.shapes and self.shapes.get(first) == self.shapes.get(second)


Edits: TypeAlias = Iterator[Edit]
Rule: TypeAlias = Callable[[Spot, Scope], Edits]


def made(  # noqa: PLR0917 - what an edit is
    rule: str, spot: Spot, clause: str, changed: Changed, cost: int, touched: frozenset[int] | None = None
) -> Edit:
    """Return an edit of a statement: `clause` follows "Line 5", with a colon or a verb."""
    says = f"Line {spot.line}{clause}."
    return Edit(rule, spot.line, says, spot.code, changed, cost, touched or frozenset((spot.line,)))


def brief(expr: Expr) -> str:
    """Return an expression of a program as text for a sentence, cut where it is long."""
    text = show(expr, _in_words)
    return text if len(text) <= BRIEF else text[: BRIEF - 3] + "..."


def _in_words(expr: Expr) -> str | None:
    """Return what only programs have as Python writes it; None for what expressions have too."""
    match expr:
        case Array(items=()):
            return "[]"
        case Call(function="and" | "or" as word, args=args):
            return f" {word} ".join(show(arg, _in_words) for arg in args)
        case Call(function="not", args=(arg,)):
            return f"not {show(arg, _in_words)}"
        case Call(function="if", args=(condition, yes, no)):
            return f"{show(yes, _in_words)} if {show(condition, _in_words)} else {show(no, _in_words)}"
        case Call(function="for"):
            return "[... for ...]"
        case Call(function=function, args=args) if function.endswith("()"):
            return f"{function[:-2]}({', '.join(show(arg, _in_words) for arg in args)})"
        case Call(function=function, args=(base, *args)) if function.startswith("."):
            return f"{show(base, _in_words)}{function}({', '.join(show(arg, _in_words) for arg in args)})"
        case _:
            return None


def belongs(stands: Expr, right: Expr) -> str:
    """Return a clause for one expression that is used instead of another one."""
    return f" uses {brief(stands)}; it should use {brief(right)}"
