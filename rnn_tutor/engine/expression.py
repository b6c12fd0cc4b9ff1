"""The checked form of an expression: immutable trees, and how they read as text.

Everything that computes is a `Call` of a named function, operators too (`a + b` is `Call("add", (a, b))`), so that
the graph, the gradients and the wrong versions of an expression need one rule a function and no more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.turns import give_way

Span: TypeAlias = tuple[int, int]
NOWHERE: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed: its value, and the text, which claims a precision."""

    value: float
    text: str = field(compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A given, a step, or a name of the learner's own."""

    id: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Slice:
    """start:stop:step in an index; each may be absent."""

    start: "Expr | None" = None
    stop: "Expr | None" = None
    step: "Expr | None" = None


@dataclass(frozen=True, slots=True)
class NewAxis:
    """None in an index."""


@dataclass(frozen=True, slots=True)
class Rest(NewAxis):
    """... in an index: all the axes that no other item of it is about; like a new axis it has nothing inside."""


Item: TypeAlias = "Expr | Slice | NewAxis"


@dataclass(frozen=True, slots=True)
class Index:
    """base[items]."""

    base: "Expr"
    items: tuple[Item, ...]
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Array:
    """A list or tuple: its items stacked on a new first axis."""

    items: tuple["Expr", ...]
    span: Span = field(default=NOWHERE, compare=False)


Style = Literal["call", "operator", "method", "attribute"]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language with its arguments; `style` is how it was written and is how it reads."""

    function: str
    args: tuple["Expr", ...]
    keywords: tuple[tuple[str, "Expr"], ...] = ()
    style: Style = field(default="call", compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """What stands where a text could not be read: it has no value, nor has anything that it is part of.

    `parts` is what of it could be read.
    """

    parts: tuple["Expr", ...] = ()
    span: Span = field(default=NOWHERE, compare=False)


Expr: TypeAlias = Number | Name | Index | Array | Call | Unknown

OPERATORS = {
    "add": ("+", 4),
    "subtract": ("-", 4),
    "multiply": ("*", 5),
    "divide": ("/", 5),
    "matmul": ("@", 5),
    "power": ("**", 7),
    "equal": ("==", 3),
    "not_equal": ("!=", 3),
    "less": ("<", 3),
    "less_equal": ("<=", 3),
    "greater": (">", 3),
    "greater_equal": (">=", 3),
}
_SHOWN = OPERATORS | {"dotted": ("·", 5), "beside": ("", 7)}  # of paper: @ or *, as the shapes tell
UNARY = {"negative": ("-", 6), "positive": ("+", 6)}
ATOM = 9
BRIEF = 40
COMPARISON = 3
SIGN_BINDS = 6  # the rank of a sign itself
SIGN_STANDS = 4  # up to this rank a sign on the far left binds as it should without brackets: -a + b


def children(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct parts of an expression, those inside an index included, from left to right."""
    if isinstance(expr, Call):  # asked first, and without a pattern: this is asked thousands of times for an answer
        return expr.args if not expr.keywords else expr.args + tuple([value for _, value in expr.keywords])
    match expr:
        case Array(items=items):
            return items
        case Index(base=base, items=items):
            inside: list[Expr] = [base]
            for item in items:
                if isinstance(item, Slice):
                    inside += [part for part in (item.start, item.stop, item.step) if part is not None]
                elif not isinstance(item, NewAxis):
                    inside.append(item)
            return tuple(inside)
        case Unknown(parts=parts):
            return parts
        case _:
            return ()


def with_children(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    """Return the expression with its direct parts (as `children` gives them) replaced."""
    match expr:
        case Call(args=args, keywords=keywords):
            named = tuple((key, part) for (key, _), part in zip(keywords, parts[len(args) :], strict=True))
            return replace(expr, args=parts[: len(args)], keywords=named)
        case Array():
            return replace(expr, items=parts)
        case Unknown():
            return replace(expr, parts=parts)
        case Index(items=items):
            left = iter(parts[1:])
            return replace(expr, base=parts[0], items=tuple(_item_with(item, left) for item in items))
        case _:
            return expr


def renamed(expr: Expr, exchange: Mapping[str, str]) -> Expr:
    """Return an expression with names exchanged; what holds none of them stays the same object."""
    if isinstance(expr, Name):
        return replace(expr, id=exchange[expr.id]) if expr.id in exchange else expr
    before = children(expr)
    after = tuple(renamed(part, exchange) for part in before)
    same = all(new is old for new, old in zip(after, before, strict=True))
    return expr if same else with_children(expr, after)


def _item_with(item: Item, left: Iterator[Expr]) -> Item:
    if isinstance(item, NewAxis):
        return item
    if isinstance(item, Slice):
        start, stop, step = (None if part is None else next(left) for part in (item.start, item.stop, item.step))
        return Slice(start, stop, step)
    return next(left)


def walk(expr: Expr) -> Iterator[Expr]:
    """Yield the expression and everything inside it, outermost first, left to right."""
    give_way()  # whatever takes long walks through many
    stack = [expr]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(reversed(children(here)))


def names_in(expr: Expr) -> set[str]:
    """Return the names that an expression reads, a new set each time."""
    return set(_mentioned(expr)[0])


def functions_in(expr: Expr) -> frozenset[str]:
    """Return the functions that an expression calls, operators among them."""
    return _mentioned(expr)[1]


@remembered(2_000)
def _mentioned(expr: Expr) -> tuple[frozenset[str], frozenset[str]]:
    """Return names and functions of an expression. Those of wrong versions are asked for again with every draw."""
    parts = list(walk(expr))
    names = frozenset(part.id for part in parts if isinstance(part, Name))
    return names, frozenset(part.function for part in parts if isinstance(part, Call))


def show(expr: Expr, leaf: Callable[[Expr], str | None] = lambda _: None) -> str:
    """Return the expression as text of the language, with as few brackets as it needs.

    `leaf` may answer any sub-expression with a text of its own (a number put in for a name); None leaves it alone.
    A text that `leaf` gives and that begins with a minus sign is bracketed where an operator stands before it.
    """
    return _show(expr, leaf, 0)


def brief(expr: Expr) -> str:
    """Return the expression as text for a sentence, cut where it is long."""
    text = show(expr)
    return text if len(text) <= BRIEF else text[: BRIEF - 3] + "..."


def _show(expr: Expr, leaf: Callable[[Expr], str | None], level: int, edge: bool = True) -> str:
    """`level` is the rank of what stands around it; `edge` tells that nothing stands directly before it."""
    own = leaf(expr)
    if own is not None:
        bare = own[:1].isdigit() or own.startswith(".")
        return f"({own})" if _number_needs_brackets(own.startswith("-"), bare, level, edge) else own
    match expr:
        case Number(value=value, text=text):
            return f"({text})" if _number_needs_brackets(value < 0, True, level, edge) else text
        case Name(id=name):
            return name
        case Unknown():
            return "?"
        case Array(items=items):
            return "[" + ", ".join(_show(item, leaf, 0) for item in items) + "]"
        case Index(base=base, items=items):
            if isinstance(base, Array):  # [1, 2][0] might be two lists, and is never read as an index
                base = Call("array", (base,))
            return _show(base, leaf, ATOM) + "[" + ", ".join(_show_item(item, leaf) for item in items) + "]"
        case Call(style="attribute", function=function, args=(base,), keywords=()):
            return f"{_show(base, leaf, ATOM)}.{'T' if function == 'transpose' else function}"
        case Call(style="method", function=function, args=(base, *rest), keywords=keywords):
            return f"{_show(base, leaf, ATOM)}.{function}({_show_args(tuple(rest), keywords, leaf)})"
        case Call(function=function, args=args, keywords=()) if function in _SHOWN and len(args) == 2:
            return _show_operator(function, args, leaf, level, edge)
        case Call(function=function, args=(arg,), keywords=()) if function in UNARY:
            sign, own_level = UNARY[function]
            text = sign + _show(arg, leaf, own_level, edge=False)
            return f"({text})" if _needs_brackets(level, edge) else text
        case Call(function=function, args=args, keywords=keywords):
            return f"{function}({_show_args(args, keywords, leaf)})"


def _number_needs_brackets(minus: bool, bare: bool, level: int, edge: bool) -> bool:
    """Tell whether a number needs brackets: before a dot or an index it does, as in (2).sum() and (1)[None]."""
    return (minus and _needs_brackets(level, edge)) or (bare and level == ATOM)


def _needs_brackets(level: int, edge: bool) -> bool:
    """Tell whether a value with a sign needs brackets: -a / b and a + -b do not, (-a)**2 and a * (-b) do."""
    return level > SIGN_BINDS or (level > SIGN_STANDS and not edge)


def _show_operator(
    function: str, args: tuple[Expr, ...], leaf: Callable[[Expr], str | None], level: int, edge: bool
) -> str:
    sign, own_level = _SHOWN[function]
    right_first = function == "power"
    if function == "beside":
        return _show_beside(args, leaf, level, edge)
    alone = right_first or own_level == COMPARISON  # a == b == c would mean a == b and b == c
    bracketed = own_level < level
    left = _show(args[0], leaf, own_level + 1 if alone else own_level, edge or bracketed)
    right = _show(args[1], leaf, own_level if right_first else own_level + 1, edge=False)
    space = "" if right_first else " "
    text = f"{left}{space}{sign}{space}{right}"
    return f"({text})" if bracketed else text


def _show_beside(args: tuple[Expr, ...], leaf: Callable[[Expr], str | None], level: int, edge: bool) -> str:
    """Names side by side bind tighter than times, and less tight than a power; a / b c reads two ways."""
    first, second = args
    if isinstance(first, Call) and first.function == "beside" and leaf(first) is None:
        left = _show_beside(first.args, leaf, 0, edge=True)
    else:
        left = _show(first, leaf, SIGN_BINDS + 1, edge=False)
    text = f"{left} {_show(second, leaf, SIGN_BINDS + 1, edge=False)}"
    return f"({text})" if level > SIGN_BINDS or (level == SIGN_BINDS and not edge) else text


def _show_item(item: Item, leaf: Callable[[Expr], str | None]) -> str:
    if isinstance(item, NewAxis):
        return "..." if isinstance(item, Rest) else "None"
    if isinstance(item, Slice):
        start, stop = ("" if part is None else _show(part, leaf, 0) for part in (item.start, item.stop))
        step = "" if item.step is None else ":" + _show(item.step, leaf, 0)
        return f"{start}:{stop}{step}"
    return _show(item, leaf, 0)


def _show_args(
    args: tuple[Expr, ...], keywords: tuple[tuple[str, Expr], ...], leaf: Callable[[Expr], str | None]
) -> str:
    return ", ".join(
        [_show(arg, leaf, 0) for arg in args] + [f"{key}={_show(value, leaf, 0)}" for key, value in keywords]
    )
