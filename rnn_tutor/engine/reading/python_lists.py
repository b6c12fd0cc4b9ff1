"""Python's lists in an answer, where a list is an array: [0] * 3 is three noughts, [1] + [2] is two numbers.

An answer can be read both ways; which one is taken is decided where it is known what was asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array, Call, Expr, brief, children, show, with_children

MAX_ITEMS = 10_000


@dataclass(frozen=True)
class Written:
    """An expression with its lists repeated and joined; `list` is what came of the first place, `first`."""

    expr: Expr
    first: Call
    list: Array

    @property
    def remark(self) -> str:
        return f"{brief(self.first)} as Python means a list: {brief(self.list)}"

    def question(self) -> EngineError:
        """Ask which is meant, with both ways to write it."""
        left, right = self.first.args
        if self.first.function == "add":
            what = "one list after the other, or a sum"
            array = f"array({show(left)}) + {show(right)}"
        else:
            what = "the list again and again, or a product"
            array = " * ".join(
                f"array({show(side)})" if isinstance(side, Array) else show(side) for side in (left, right)
            )
        sentence = f"Is {brief(self.first)} {what}? Write {brief(self.list)} for the first, {array} for the second."
        return EngineError("notation", sentence, self.first.span)


def as_lists(expr: Expr, count: Callable[[Expr], int | None]) -> Written | None:
    """Return an expression with each `[..] * n` and `[..] + [..]` of lists that are written out as Python means it.

    `count` gives the whole number that an expression is, None for anything else. None where there is nothing to do.
    Raises EngineError (`limit`) for a list that is too long.
    """
    joined_lists: list[tuple[Call, Array]] = []
    done = _written_out(expr, count, joined_lists)
    return Written(done, *joined_lists[0]) if joined_lists else None


def _written_out(expr: Expr, count: Callable[[Expr], int | None], joined_lists: list[tuple[Call, Array]]) -> Expr:
    parts = children(expr)
    if not parts:
        return expr
    done = with_children(expr, tuple([_written_out(part, count, joined_lists) for part in parts]))
    if not isinstance(done, Call) or done.style != "operator" or len(done.args) != 2:
        return done
    joined = _joined(done, count)
    if joined is None:
        return done
    if len(joined.items) > MAX_ITEMS:
        raise EngineError("limit", f"A list holds at most {MAX_ITEMS:,} items.", done.span)
    assert isinstance(expr, Call)  # noqa: S101 - with other parts it is what it was
    joined_lists.append((expr, joined))
    return joined


def _joined(call: Call, count: Callable[[Expr], int | None]) -> Array | None:
    left, right = call.args
    if call.function == "add" and isinstance(left, Array) and isinstance(right, Array):
        return Array(left.items + right.items, call.span)
    if call.function != "multiply" or isinstance(left, Array) == isinstance(right, Array):
        return None
    several, number = (left, right) if isinstance(left, Array) else (right, left)
    times = count(number)
    if times is None or not isinstance(several, Array):
        return None
    if len(several.items) * max(times, 0) > MAX_ITEMS:
        raise EngineError("limit", f"A list holds at most {MAX_ITEMS:,} items.", call.span)
    return Array(several.items * max(times, 0), call.span)
