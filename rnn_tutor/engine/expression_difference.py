"""In what two expressions differ, in as few and as small places as there are, and how to say it.

Sums and products are compared as what they are made of, in any order. What is told is one thing that stands there and
should not, or that is needed and does not stand there: never the whole of the right expression, where that is long.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Literal, Protocol

from rnn_tutor.engine.expression import (
    Call,
    Expr,
    Index,
    Name,
    NewAxis,
    Number,
    Slice,
    children,
    names_in,
    show,
    walk,
)
from rnn_tutor.engine.mutate.mutation import substituted

Show = Callable[[Expr], str]
Within = Literal["add", "multiply"]
Piece = tuple[bool, Expr]  # of a sum: added, or else subtracted; of a product: multiplied by, or else divided by
SHORT = 3  # parts of an expression that may be told as a whole
_ONE = Number(1.0, "1")


@dataclass(frozen=True)
class Difference:
    """One place: what stands there and what belongs there; None where there is, or should be, nothing.

    `within` is what the place is a part of: "add" and "multiply" for a term and a factor, "" for anything else.
    """

    stands: Expr | None
    right: Expr | None
    within: Within | Literal[""] = ""
    plain: bool = True  # added or multiplied by, not subtracted or divided by
    turned: bool = False  # it is there, the other way


def size(expr: Expr) -> int:
    """Return of how many names, numbers and operations an expression is made."""
    return sum(1 for _ in walk(expr))


def pieces_apart(first: Expr, second: Expr) -> int:
    """Return how many names, numbers and operations one of two expressions has and the other has not."""
    return apart_by(counted(first), counted(second))


def counted(expr: Expr) -> Counter[object]:
    """Return which names, numbers and operations an expression has, and how often."""
    return Counter(map(_label, walk(expr)))


def apart_by(mine: Counter[object], theirs: Counter[object]) -> int:
    """Return how many pieces one of two counts has and the other has not."""
    common = sum(min(count, theirs[label]) for label, count in mine.items() if label in theirs)
    return mine.total() + theirs.total() - 2 * common


def _label(expr: Expr) -> object:
    match expr:
        case Call(function=function):
            return function, len(expr.args)
        case Name() | Number():
            return expr
        case Index(items=items):
            return "index", tuple(type(item).__name__ for item in items if isinstance(item, Slice | NewAxis))
        case _:
            return type(expr)


def same_expression(first: Expr, second: Expr) -> bool:
    """Tell whether two expressions are the same but for the order in sums and products."""
    return first == second or (
        names_in(first) == names_in(second) and not any(True for _ in differences(first, second))
    )


def differences(stands: Expr, right: Expr) -> Iterator[Difference]:
    """Yield the places in which what stands there differs from what is right."""
    if stands == right:
        return
    for within, split in _SPLIT:
        found = _of_pieces(within, split(stands), split(right))
        if found is not None and len(found) > 1:  # or as brackets have it together
            together = _of_pieces(within, split(stands, inside=False), split(right, inside=False))
            found = min((found, together or found), key=_told)
        if found is not None:
            yield from found
            return
    if isinstance(stands, Call) and isinstance(right, Call) and _alike(stands, right):
        for mine_part, their_part in zip(children(stands), children(right), strict=True):
            yield from differences(mine_part, their_part)
        return
    if isinstance(stands, Index) and isinstance(right, Index) and _same_kinds(stands, right):
        for mine_part, their_part in zip(children(stands), children(right), strict=True):
            if mine_part != their_part:
                yield Difference(stands, right)
                return
    yield Difference(stands, right)


def _alike(first: Call, second: Call) -> bool:
    keys = tuple(key for key, _ in first.keywords), tuple(key for key, _ in second.keywords)
    return first.function == second.function and len(first.args) == len(second.args) and keys[0] == keys[1]


def _same_kinds(first: Index, second: Index) -> bool:
    return [type(item) for item in first.items] == [type(item) for item in second.items] and len(
        children(first)
    ) == len(children(second))


def terms(expr: Expr, plain: bool = True, *, inside: bool = True) -> list[Piece]:
    """Return what an expression adds and subtracts; itself, where it is no sum. inside: in brackets, too."""
    match expr:
        case Call(function="add" | "subtract" as function, args=(left, right)):
            last = plain == (function == "add")
            return terms(left, plain, inside=inside) + (terms(right, last) if inside else [(last, right)])
        case Call(function="negative", args=(inner,)):
            return terms(inner, not plain, inside=inside)
        case _:
            return [(plain, expr)]


def factors(expr: Expr, plain: bool = True, *, inside: bool = True) -> list[Piece]:
    """Return what an expression multiplies by and divides by, element by element; itself, where it is no product."""
    match expr:
        case Call(function="multiply" | "divide" as function, args=(left, right)):
            last = plain == (function == "multiply")
            above = [] if left == _ONE and not last else factors(left, plain, inside=inside)
            return above + (factors(right, last) if inside else [(last, right)])
        case _:
            return [(plain, expr)]


def _told(found: list[Difference]) -> int:
    """Return how much there is to tell of differences."""
    return sum(size(part) for one in found for part in (one.stands, one.right) if part is not None) + 2 * len(found)


class _Split(Protocol):
    def __call__(self, expr: Expr, plain: bool = True, *, inside: bool = True) -> list[Piece]: ...


_SPLIT: tuple[tuple[Within, _Split], ...] = (("add", terms), ("multiply", factors))


def _of_pieces(within: Within, mine: list[Piece], theirs: list[Piece]) -> list[Difference] | None:
    """Return the differences of two sums, or of two products; None where they have nothing in common."""
    if len(mine) == len(theirs) == 1:
        return None
    left, rest = list(mine), list(theirs)
    for piece in mine:
        same = next((one for one in rest if one[0] == piece[0] and same_expression(piece[1], one[1])), None)
        if same is not None:
            left.remove(piece)
            rest.remove(same)
    if len(left) == len(mine) and (len(left) != len(rest) or len(left) == 1):
        return None
    found: list[Difference] = []
    for piece in list(left):
        other = next((one for one in rest if one[0] != piece[0] and same_expression(piece[1], one[1])), None)
        if other is not None:
            left.remove(piece)
            rest.remove(other)
            found.append(Difference(piece[1], other[1], within, piece[0], turned=True))
    if within == "add":
        for sums, others, missing in ((left, rest, True), (rest, left, False)):
            for plain, factor in _factors_of_sum(sums, others):
                one = (
                    Difference(None, factor, "multiply", plain)
                    if missing
                    else Difference(factor, None, "multiply", plain)
                )
                found.append(one)
                left, rest = [], []
    for piece in list(left):
        alike = [one for one in rest if one[0] == piece[0]]
        if not alike:
            continue
        other = min(alike, key=lambda one: pieces_apart(piece[1], one[1]))
        left.remove(piece)
        rest.remove(other)
        found += differences(piece[1], other[1])
    found += [Difference(piece, None, within, plain) for plain, piece in left]
    found += [Difference(None, piece, within, plain) for plain, piece in rest]
    return found


def _factors_of_sum(pieces: list[Piece], others: list[Piece]) -> list[Piece]:
    """Return what a sum is multiplied and divided by in the one term of the other side: `1 - d` and `(1 - d) / N`."""
    if len(pieces) < 2 or len(others) != 1:
        return []
    plain, term = others[0]
    split = factors(term, inside=False)
    for at, (above, factor) in enumerate(split):
        inside = list(terms(factor, plain)) if above else []
        if len(inside) == len(pieces) and all(
            any(one[0] == piece[0] and same_expression(piece[1], one[1]) for one in inside) for piece in pieces
        ):
            return split[:at] + split[at + 1 :]
    return []


# ---- in words


def clauses(stands: Expr, right: Expr, text: Show) -> list[str]:
    """Return what is wrong with an expression, each as a clause that follows "Line 5" or "`a * b`": " adds b; ..."."""
    found = list(differences(stands, right))
    turned = [one for one in found if one.turned]
    if len(found) == len(turned) == 1 or (len(found) == len(turned) == 2 and turned[0].plain != turned[1].plain):
        return [_turned_round(turned, text)]
    missing = first_missing(stands, right)
    if not pieces_apart(stands, right) and missing is not None:  # all of it is there, in another order
        moved = _function_moved(stands, right, text) or _exchanged(stands, right, text)
        if moved or _without_brackets(stands) == _without_brackets(right):
            return [moved or f": the brackets are in the wrong place: it needs {text(missing)}"]
        return [f" needs {text(missing)}, which it does not compute"]
    told = [_clause(one, right, text) for one in found]
    if len(told) <= MOST_PLACES and all(told):
        return told
    if missing is not None and (missing != right or size(right) <= SHORT + 2):
        return [f" needs {text(missing)}, which it does not compute"]
    return []


MOST_PLACES = 2


def _turned_round(turned: list[Difference], text: Show) -> str:
    """Return in words what is added for subtracted, or multiplied by for divided by: one thing, or one of each."""
    within = turned[0].within
    above, below = (next((one.stands for one in turned if one.plain == plain), None) for plain in (True, False))
    if above is not None and below is not None:
        does, also = DOES[within, True], DOES[within, False]
        return f" {does} {text(above)} and {also} {text(below)}; it should do the reverse"
    one, plain = (above, True) if above is not None else (below, False)
    assert one is not None  # noqa: S101 - one of the two is there
    return f" {DOES[within, plain]} {text(one)}; it should {SHOULD[within, not plain]} it"


def _clause(one: Difference, whole: Expr, text: Show) -> str:
    """Return one difference in words; "" where that would tell too much."""
    stands, right = one.stands, one.right
    if stands is not None and right is not None and one.turned:
        return _turned_round([one], text)
    if right is None and stands is not None:
        return f" {DOES[one.within, one.plain]} {text(stands)}; leave it out"
    assert right is not None  # noqa: S101 - one of the two is there
    long = size(right) > max(SHORT, size(whole) // 2)
    if stands is None:
        word = MISSING[one.within, one.plain]
        if not long:
            return f": the {word} {text(right)} is missing"
        names = [part.id for part in walk(right) if isinstance(part, Name)]
        return f": a {word} with {names[0]} is missing" if names and one.plain else ""
    if isinstance(right, Call) and len(right.args) == 1 and same_expression(stands, right.args[0]):
        return f": the {NAMES.get(right.function, right.function)} of {text(stands)} is missing"
    if isinstance(stands, Call) and len(stands.args) == 1 and same_expression(stands.args[0], right):
        name = NAMES.get(stands.function, stands.function)
        return f" takes the {name} of {text(right)}; leave the {name} out"
    return "" if long else f" uses {text(stands)}; it should use {text(right)}"


DOES = {
    ("add", True): "adds",
    ("add", False): "subtracts",
    ("multiply", True): "multiplies by",
    ("multiply", False): "divides by",
}
SHOULD = {
    ("add", True): "add",
    ("add", False): "subtract",
    ("multiply", True): "multiply by",
    ("multiply", False): "divide by",
}
MISSING = {
    ("add", True): "term",
    ("add", False): "subtraction of",
    ("multiply", True): "factor",
    ("multiply", False): "division by",
}
NAMES = {"negative": "minus sign", "transpose": "transposition"}


def _function_moved(stands: Expr, right: Expr, text: Show) -> str:
    """Say which function is applied to something else than it should, where that is all; "" otherwise."""
    if pieces_apart(stands, right):
        return ""
    for mine in _functions(stands):
        for theirs in _functions(right):
            if theirs.function != mine.function or theirs.args == mine.args:
                continue
            if same_expression(_without(stands, mine), _without(right, theirs)):
                name = NAMES.get(mine.function, mine.function)
                return f": {name} is applied to {text(mine.args[0])}; it belongs to {text(theirs.args[0])}"
    return ""


def _without_brackets(expr: Expr) -> str:
    return show(expr).translate(str.maketrans("", "", "() "))


def _exchanged(stands: Expr, right: Expr, text: Show) -> str:
    """Say which two parts stand in each other's place, where that is all; "" otherwise."""
    parts = list(dict.fromkeys(part for part in value_parts(stands) if not isinstance(part, Number)))
    for first, second in combinations(parts, 2):
        if size(first) + size(second) > LARGE:
            continue
        if same_expression(substituted(stands, partial(_other_of, first, second)), right):
            return f" exchanges {text(first)} and {text(second)}"
    return ""


LARGE = 12  # parts of two that may be exchanged


def _other_of(first: Expr, second: Expr, part: Expr) -> Expr | None:
    return second if part == first else first if part == second else None


def value_parts(expr: Expr) -> Iterator[Expr]:
    """Yield an expression and all inside it that is computed with: nothing that only says at which place."""
    yield expr
    for part in (expr.base,) if isinstance(expr, Index) else children(expr):
        yield from value_parts(part)


def _functions(expr: Expr) -> list[Call]:
    return [part for part in walk(expr) if isinstance(part, Call) and len(part.args) == 1]


def _without(expr: Expr, call: Call) -> Expr:
    """Return an expression in which a function is left out, where it is applied to just this."""
    return substituted(expr, lambda part: call.args[0] if part is call else None)


def first_missing(stands: Expr, right: Expr) -> Expr | None:
    """Return the innermost part of what is right that is nowhere in what stands there, though all inside it is."""
    parts = list(walk(stands))
    for part in reversed(list(value_parts(right))):
        if isinstance(part, Call) and not any(same_expression(one, part) for one in parts):
            return part
    return None
