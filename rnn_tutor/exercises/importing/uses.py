"""How an exercise uses a name: what it is multiplied with, whether it has to be positive, whether it is a size."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, Slice, children, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.reading.language import parse

_LOGS = frozenset(("log", "log2", "log10", "sqrt", "reciprocal"))
_ROOTS = ("divide", "floor_divide")
_MAKERS = frozenset(("zeros", "ones", "full", "eye", "arange", "linspace", "one_hot", "reshape", "repeat", "tile",
                     "broadcast_to", "roll", "tril", "triu", "split", "matrix_power", "length_mask"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uses:
    """What an exercise does with a given.

    steps: the expressions that it computes, as text of the language. values: the value of each name in them. whole:
    the given was written with whole numbers only. looped: a loop runs over its first axis. fixed: what is computed
    hangs on its numbers, so new ones cannot be had. comment: what stands beside it in the code. needed: it has to be
    drawn if it can.
    """

    steps: tuple[str, ...] = ()
    values: Mapping[str, Array] = field(default_factory=dict)
    whole: bool = False
    looped: bool = False
    fixed: bool = False
    comment: str = ""
    needed: bool = False


@dataclass(slots=True)
class Role:
    """What follows for a given from how it is used."""

    positive: bool = False  # the logarithm or the root of it is taken, or it is a denominator
    denominator: bool = False
    within_one: bool = False  # arctanh
    complement: bool = False  # `1 - name` is used too
    size: bool = False  # a size, or an index
    indexes: bool = False
    left_of: list[str] = field(default_factory=list)  # names that it is multiplied with: name @ other
    right_of: list[str] = field(default_factory=list)
    by_element: list[str] = field(default_factory=list)  # names that it is multiplied with element by element


def role(name: str, uses: Uses) -> Role:
    """Return what follows for a given from the expressions that an exercise computes."""
    found = Role()
    for text in uses.steps:
        try:
            expr = parse(text)
        except EngineError:  # a step that is no expression tells nothing
            continue
        for part in walk(expr):
            _note(found, name, part)
    return found


def is_looped(name: str, code: str) -> bool:
    """Tell whether a loop in code runs over the first axis of a name."""
    plain = re.escape(name)
    if re.search(rf"\bfor [\w, ()]{{1,40}} in (?:enumerate\(|zip\([^)\n]{{0,60}}\b)?{plain}\b(?!\()", code):
        return True
    counters = re.findall(r"\bfor (\w{1,20}) in range\(", code)
    return any(re.search(rf"\b{plain}\[{re.escape(one)}[\],]", code) for one in dict.fromkeys(counters[:20]))


def _note(found: Role, name: str, part: Expr) -> None:
    if isinstance(part, Index):
        if any(_is(one, name) for item in part.items if isinstance(item, Slice) for one in _of_slice(item)):
            found.size = True
        if any(_reads(item, name) for item in part.items if isinstance(item, Name | Call | Index)):
            found.indexes = True
    if not isinstance(part, Call):
        return
    args = part.args
    if part.function in _LOGS and args and _is(args[0], name):
        found.positive = True
    if part.function == "arctanh" and args and _is(args[0], name):
        found.within_one = True
    if part.function in _ROOTS and len(args) == 2 and _is(args[1], name):
        found.positive = found.denominator = True
    if part.function == "power" and len(args) == 2 and _is(args[0], name) and not _whole_power(args[1]):
        found.positive = True
    if part.function == "subtract" and len(args) == 2 and _is(args[1], name) and args[0] == Number(1.0, "1"):
        found.complement = True
    if part.function in _MAKERS and any(_reads(arg, name) for arg in args[0 if part.function in _BY_FIRST else 1 :]):
        found.size = True
    if part.function in ("matmul", "dot") and len(args) == 2:
        found.left_of += list(_names(args[1])) if _is(args[0], name) else []
        found.right_of += list(_names(args[0])) if _is(args[1], name) else []
    if part.function == "multiply" and len(args) == 2:
        for one, other in (args, args[::-1]):
            found.by_element += [*_names(other)] if _is(one, name) else []


_BY_FIRST = frozenset(("zeros", "ones", "full", "eye", "arange", "linspace"))


def _is(expr: Expr, name: str) -> bool:
    """Tell whether an expression is a name, or a part of it."""
    while isinstance(expr, Index):
        expr = expr.base
    return isinstance(expr, Name) and expr.id == name


def _names(expr: Expr) -> Iterator[str]:
    while isinstance(expr, Index):
        expr = expr.base
    if isinstance(expr, Name):
        yield expr.id


def _reads(expr: Expr, name: str) -> bool:
    return any(isinstance(part, Name) and part.id == name for part in walk(expr))


def _of_slice(item: Slice) -> Iterator[Expr]:
    yield from (one for one in (item.start, item.stop, item.step) if one is not None)


def _whole_power(expr: Expr) -> bool:
    if isinstance(expr, Number):
        return bool(expr.value == np.floor(expr.value) and expr.value >= 0)
    return not children(expr)  # a name: how often, as a rule
