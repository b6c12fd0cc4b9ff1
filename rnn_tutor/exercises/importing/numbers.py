"""Values of a notebook's code as numbers of the program: what Python's lists, tuples and ranges are as arrays."""

import ast
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_tutor.exercises.importing.program import Program
from rnn_tutor.exercises.importing.values import (
    Box,
    Complex,
    Dict,
    Func,
    Lib,
    List,
    Nothing,
    Num,
    Random,
    Scope,
    Strange,
    Text,
    Tup,
    UnsupportedError,
    Value,
    call,
)

MAX_ITEMS = 5_000
MAX_SECONDS = 60.0  # of the processor, for a notebook: a hundred exercises take a third of it
TOO_LONG = "The notebook takes longer than a minute to be translated, so this was left out"
MAX_SPENT = 30_000  # parts of one statement with all that it calls


class Numbers:
    """Values as numbers, and what is made of them; `expressions` reads expressions, `machine` statements."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.cell = 0
        self.random: Random | None = None  # np.random's own
        self.spent = 0
        self.ends = time.process_time() + MAX_SECONDS
        self.decimals = 8  # that NumPy prints of an array

    def call_value(
        self, function: Value, args: list[Value], keywords: dict[str, Value], scope: Scope | None = None
    ) -> Value:
        """Return what a call gives; `machine` knows how."""
        raise NotImplementedError

    def operated(self, left: Value, op: ast.operator, right: Value) -> Value:
        """Return what an operator makes of two values; `expressions` knows how."""
        raise NotImplementedError

    # -- what is made of numbers ------------------------------------------------------------------------------

    def number(self, value: float | bool) -> Num:
        """Return a number that stands in the text."""
        if isinstance(value, bool):
            return self.program.num(ast.Name(str(value)))
        if not isinstance(value, int | float):
            raise UnsupportedError(f"a number like `{value!r:.40}`")
        if isinstance(value, float) and not math.isfinite(value):
            name: ast.expr = ast.Name("nan" if math.isnan(value) else "inf")
            return self.program.num(name if not value < 0 else ast.UnaryOp(ast.USub(), name))
        plain = abs(value)
        tree: ast.expr = ast.Constant(plain)
        if value < 0:
            tree = ast.UnaryOp(ast.USub(), tree)
        return self.program.num(tree, whole=isinstance(value, int))

    def num(self, value: Value) -> Num:
        """Return a value as numbers. Raises UnsupportedError for what is none."""
        self.spend()
        match value:
            case Num():
                return value
            case Box():
                return value.num
            case range():
                args = [value.start, value.stop, value.step]
                trees = [self.number(one).tree for one in (args if value.step != 1 or value.start else args[1:2])]
                return self.program.num(call("arange", *trees), whole=True)
            case List(items=items) | Tup(items=items):
                nums = [self.num(item) for item in items]
                whole_loop = self._all_of_a_loop(nums)
                if whole_loop is not None:
                    return whole_loop
                if not nums:
                    raise UnsupportedError("an empty list as an array")
                return self.program.num(ast.List([one.tree for one in nums]), whole=all(one.whole for one in nums))
            case Strange():
                raise UnsupportedError(self.because(value))
            case Text():
                raise UnsupportedError("text where numbers are expected")
            case Func():
                raise UnsupportedError(f"the function `{value.name}` where numbers are expected")
            case Lib():
                raise UnsupportedError(f"`{value.path}` without a call")
            case Nothing():
                raise UnsupportedError("a value that is None")
            case Complex():
                raise UnsupportedError("complex numbers")
            case _:
                raise UnsupportedError("a value that is not made of numbers")

    def _all_of_a_loop(self, nums: list[Num]) -> Num | None:
        """Return the step of a loop whose turns are these, in order; None for anything else."""
        if len(nums) < 2:
            return None
        match nums[0].tree:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=0)):
                one = self.program.definitions.get(name)
                if one is None or not one.loop or len(self.program.num(ast.Name(name)).value) != len(nums):
                    return None
                wanted = (ast.dump(ast.Subscript(ast.Name(name), ast.Constant(k))) for k in range(len(nums)))
                if all(ast.dump(num.tree) == text for num, text in zip(nums, wanted, strict=True)):
                    return self.program.num(ast.Name(name), whole=nums[0].whole)
        return None

    def spend(self) -> None:
        """Count a part of a statement's work. Raises UnsupportedError where it is too much."""
        self.spent += 1
        if self.spent > MAX_SPENT:
            raise UnsupportedError("a statement that takes too long")
        if time.process_time() > self.ends:
            raise UnsupportedError(TOO_LONG)

    def because(self, strange: Strange) -> str:
        """Return why something could not be had, with its cell where that is another one."""
        return (
            strange.why
            if strange.cell in (0, self.cell) or strange.why.endswith(")")
            else f"{strange.why} (cell {strange.cell})"
        )

    def count(self, value: Value, *, freeze: bool = True) -> int:
        """Return a whole number that decides what is computed. Raises UnsupportedError."""
        num = self.num(value)
        array = num.value
        if array.size != 1 or not np.isfinite(array).all() or float(array.reshape(())) % 1:
            raise UnsupportedError("a whole number is needed")
        if freeze:
            self.program.freeze(num)
        return int(float(array.reshape(())))

    def truth(self, value: Value) -> bool:
        """Return whether a condition holds, which decides what is computed. Raises UnsupportedError."""
        match value:
            case Num() | Box():
                num = self.num(value)
                if num.value.size != 1:
                    raise UnsupportedError("a condition of several numbers")
                self.program.freeze(num)
                return bool(num.value.reshape(()))
            case List(items=items) | Tup(items=items):
                return bool(items)
            case Dict(items=items):
                return bool(items)
            case Nothing():
                return False
            case range():
                return bool(value)
            case Text() if value.plain is not None:
                return bool(value.plain)
            case Strange():
                raise UnsupportedError(self.because(value))
        return True

    def items(self, value: Value) -> list[Value]:
        """Return the items of what a loop runs over. Raises UnsupportedError."""
        self.spend()
        match value:
            case range():
                if len(value) > MAX_ITEMS:
                    raise UnsupportedError(f"a loop of {len(value):,} turns")
                return [self.number(one) for one in value]
            case List(items=items) | Tup(items=items):
                return list(items)
            case Dict(items=items):
                return [self.key_value(key) for key in items]
            case Text() if value.plain is not None:
                return [Text((char,)) for char in value.plain]
            case Num() | Box():
                num = self.num(value)
                if num.value.ndim == 0:
                    raise UnsupportedError("a loop over a single number")
                if len(num.value) > MAX_ITEMS:
                    raise UnsupportedError(f"a loop of {len(num.value):,} turns")
                return [self.at(num, [ast.Constant(k)]) for k in range(len(num.value))]
            case Strange():
                raise UnsupportedError(self.because(value))
        raise UnsupportedError("a loop over something that has no items")

    def key_value(self, key: Any) -> Value:  # noqa: ANN401
        """Return a key of a dict as a value."""
        if isinstance(key, tuple):
            return Tup(tuple(self.key_value(one) for one in key))
        return Text((key,)) if isinstance(key, str) else self.number(key)

    def key(self, value: Value) -> Any:  # noqa: ANN401
        """Return a value as a key of a dict. Raises UnsupportedError."""
        match value:
            case Text() if value.plain is not None:
                return value.plain
            case Tup(items=items):
                return tuple(self.key(item) for item in items)
            case Num() | Box():
                num = self.num(value)
                if num.value.ndim == 0:
                    self.program.freeze(num)
                    number = float(num.value)
                    return int(number) if number.is_integer() else number
        raise UnsupportedError("a key that is neither text nor a number")

    def at(self, num: Num, index: Sequence[ast.expr]) -> Num:
        """Return a part of an array, by constant places; of a list that is written out, the item itself."""
        tree = num.tree
        rest = list(index)
        while rest and isinstance(tree, ast.List) and isinstance(rest[0], ast.Constant):
            first = rest.pop(0)
            assert isinstance(first, ast.Constant)  # noqa: S101 - looked at above
            place = first.value
            if not isinstance(place, int) or not -len(tree.elts) <= place < len(tree.elts):
                raise UnsupportedError("a place outside of its list")
            tree = tree.elts[place]
        if not rest:
            return self.program.num(tree, whole=num.whole)
        inside = rest[0] if len(rest) == 1 else ast.Tuple(rest)
        return self.program.num(ast.Subscript(bracketed(tree), inside), whole=num.whole)


def bracketed(tree: ast.expr) -> ast.expr:
    """Return what brackets may follow: of a list that is written out, the array."""
    return call("array", tree) if isinstance(tree, ast.List | ast.Tuple) else tree
