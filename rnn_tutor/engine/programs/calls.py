"""Calls in a program: those that only programs have, and those that mean something of their own for lists."""

import operator
from collections.abc import Callable, Iterator

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import OPERATORS, UNARY, Call, Expr, show
from rnn_tutor.engine.graph.calls import called
from rnn_tutor.engine.graph.node import Node, whole_number
from rnn_tutor.engine.programs.dialect import GENERATED, GROWS
from rnn_tutor.engine.programs.evaluator import LIST_STEP, Machine
from rnn_tutor.engine.programs.values import List, Table, Value

MAX_RANGE = 1_000_000


def called_in_program(machine: Machine, expr: Call) -> Value:
    """Return the value of a call."""
    try:
        special = _SPECIAL.get(expr.function)
        if special is not None:
            return special(machine, expr)
        if expr.function.endswith("()"):
            result = machine.call_own(expr.function[:-2], *given_to(machine, expr))
            if result is None:
                raise EngineError("value", f"{expr.function} returns nothing: end it with return and a value.")
            return result
        if expr.function in OPERATORS and len(expr.args) == 2:
            return _operator(machine, expr)
        if expr.function in UNARY and expr.style == "operator":
            return _signed(machine, expr)
        return called(machine, expr)
    except EngineError as error:
        raise error.placed(expr.span) from None


def given_to(machine: Machine, expr: Call) -> tuple[list[Value], dict[str, Value]]:
    """Return what a call of one of the program's functions hands over, in order and by name."""
    return [machine.value(arg) for arg in expr.args], {name: machine.value(value) for name, value in expr.keywords}


def change(machine: Machine, expr: Call) -> None:
    """Carry out a method that changes a list: append, extend, insert, reverse, pop."""
    method = expr.function[1:]
    if method == "pop":
        popped(machine, expr)
        return
    base = _list_of(machine, expr)
    name = show(expr.args[0])
    values = [machine.value(arg) for arg in expr.args[1:]]
    wanted = {"append": 1, "extend": 1, "insert": 2, "reverse": 0}[method]
    if len(values) != wanted:
        example = {"append": "h", "extend": "[a, b]", "insert": "0, h", "reverse": ""}[method]
        raise EngineError("notation", f"Write {name}.{method}({example}).", expr.span)
    if method == "reverse":
        base.items.reverse()
    elif method == "extend":
        base.items[:] = machine.listed(base.items + machine.several(values[0])).items
    else:
        machine.room(base)
        at = len(base.items)
        if method == "insert":
            at = whole_number(machine.as_array(values[0], expr), "Where to insert")
        base.items.insert(at, values[-1])


def _list_of(machine: Machine, expr: Call) -> List:
    """Return the list that a method is called of."""
    base = machine.value(expr.args[0])
    if not isinstance(base, List):
        name = show(expr.args[0])
        sentence = f"{name} is not a list, and only lists have {expr.function[1:]}: begin with {name} = []."
        raise EngineError("shape", sentence, expr.span)
    return base


def popped(machine: Machine, expr: Call) -> Value:
    """Take an entry off a list, the last one unless a place is given, and return it."""
    base, name = _list_of(machine, expr), show(expr.args[0])
    if isinstance(base, Table):
        raise EngineError("notation", "A dict has no pop here: write a new value under its key.", expr.span)
    if len(expr.args) > 2:
        raise EngineError("notation", f"Write {name}.pop() or {name}.pop(0).", expr.span)
    places = [whole_number(machine.as_array(machine.value(arg), arg), "What to take off") for arg in expr.args[1:]]
    at, count = places[0] if places else -1, len(base.items)
    if not -count <= at < count:
        has = f"has {count} entr{'y' if count == 1 else 'ies'}" if count else "is empty"
        raise EngineError("value", f"{name} {has}, so there is no entry {at} to take off.", expr.span)
    return base.items.pop(at)


def _operator(machine: Machine, expr: Call) -> Value:
    """Two arrays are calculated with; of lists, + joins two and * repeats one, as in Python."""
    left, right = machine.value(expr.args[0]), machine.value(expr.args[1])
    if isinstance(left, Node) and isinstance(right, Node):
        return machine.apply(expr.function, (left, right), {}, expr)
    return with_lists(machine, expr.function, left, right, expr)


def _signed(machine: Machine, expr: Call) -> Value:
    value = machine.value(expr.args[0])
    if isinstance(value, List):
        raise EngineError("shape", _not_calculated_with(expr.args[0]))
    return machine.apply(expr.function, (value,), {}, expr)


def with_lists(machine: Machine, function: str, left: Value, right: Value, expr: Call) -> Value:
    """Return the result of an operator of which one operand at least is a list."""
    if isinstance(left, List) and isinstance(right, List):
        if function == "add":
            return machine.listed(left.items + right.items)
        if function in _COMPARED:
            return machine.constant(np.array(_compared(machine, function, left, right, expr)))
    elif function == "multiply":
        several, count = (left, right) if isinstance(left, List) else (right, left)
        if isinstance(several, List) and isinstance(count, Node) and count.shape == ():
            times = max(0, whole_number(count, "How often to repeat a list"))
            machine.check_length(len(several.items) * times)
            return machine.listed(several.items * times)
    arrays = [operand for operand in (left, right) if isinstance(operand, Node) and operand.shape]
    if not arrays:
        raise EngineError("shape", _not_calculated_with(expr.args[0] if isinstance(left, List) else expr.args[-1]))
    nodes = (machine.as_array(left, expr), machine.as_array(right, expr))
    return machine.apply(function, nodes, {}, expr)


def _not_calculated_with(expr: Expr) -> str:
    return f"You cannot calculate with a list: write array({show(expr)})."


_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "equal": operator.eq,
    "not_equal": operator.ne,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
}


def _compared(machine: Machine, function: str, left: List, right: List, expr: Call) -> bool:
    """Compare two lists as Python does: by the first items that differ, and where none does, by their lengths."""
    machine.tick(1 + min(len(left.items), len(right.items)) // LIST_STEP)
    for left_item, right_item in zip(left.items, right.items, strict=False):
        if left_item is right_item or _are_equal(machine, left_item, right_item, expr):
            continue
        if function in ("equal", "not_equal"):
            return function == "not_equal"
        if isinstance(left_item, List) and isinstance(right_item, List):
            return _compared(machine, function, left_item, right_item, expr)
        if isinstance(left_item, List) or isinstance(right_item, List):
            raise EngineError("shape", "A list and a number cannot be compared. Compare two numbers or two lists.")
        return _COMPARED[function](float(left_item.number), float(right_item.number))
    return _COMPARED[function](len(left.items), len(right.items))


def _are_equal(machine: Machine, left_item: Value, right_item: Value, expr: Call) -> bool:
    if isinstance(left_item, List) and isinstance(right_item, List):
        return _compared(machine, "equal", left_item, right_item, expr)
    if isinstance(left_item, List) or isinstance(right_item, List):
        return False
    if left_item.shape or right_item.shape:
        a, b = (f"array({show(arg)})" for arg in (expr.args[0], expr.args[-1]))
        sentence = f"These lists hold arrays, and arrays are compared number by number: write all({a} == {b})."
        raise EngineError("shape", sentence)
    return bool(left_item.number == right_item.number)


def _either(machine: Machine, expr: Call) -> Value:
    """`and`, `or`: the operand that decides, as in Python; what comes after it is not looked at."""
    for operand in expr.args[:-1]:
        value = machine.value(operand)
        if machine.true(value, operand) == (expr.function == "or"):
            return value
    return machine.value(expr.args[-1])


def _not(machine: Machine, expr: Call) -> Value:
    return machine.constant(np.array(not machine.truth(expr.args[0])))


def _choice(machine: Machine, expr: Call) -> Value:
    condition, yes, no = expr.args
    return machine.value(yes if machine.truth(condition) else no)


def _comprehension(machine: Machine, expr: Call) -> Value:
    """[item for target in values if condition]: its names are its own."""
    item, target, values, *conditions = expr.args
    frame = machine.frame
    before = dict(frame.names)
    items: list[Value] = []
    try:
        for _, element in machine.iterate(values):
            machine.tick()
            machine.bind(target, element)
            if all(machine.truth(condition) for condition in conditions):
                machine.check_length(len(items) + 1)
                items.append(machine.value(item))
    finally:
        frame.names = before
    return machine.listed(items)


def _copy(machine: Machine, expr: Call) -> Value:
    value = machine.value(expr.args[0])
    if isinstance(value, Table):
        return Table(list(value.items), dict(value.places))
    if len(expr.args) != 1:
        raise EngineError("notation", "copy takes nothing: write x.copy().")
    return machine.listed(list(value.items)) if isinstance(value, List) else machine.apply("array", (value,), {}, expr)


def _change_inside(machine: Machine, expr: Call) -> Value:
    method, name = expr.function[1:], show(expr.args[0])
    raise EngineError("notation", f"{method} returns nothing: write {name}.{method}(...) on a line of its own.")


def _sum(machine: Machine, expr: Call) -> Value:
    """Of a list of arrays Python's sum adds them, NumPy's adds every number: ask."""
    if len(expr.args) != 1 or expr.keywords:
        return called(machine, expr)
    value = machine.value(expr.args[0])
    inner = expr.args[0]
    if isinstance(value, List) and isinstance(inner, Call) and inner.function == GENERATED:
        return _added(machine, value, expr)
    if isinstance(value, List) and any(isinstance(item, List) or item.shape for item in value.items):
        name = show(expr.args[0])
        sentence = (
            f"Write sum(stack({name}), axis=0) to add the arrays of the list, sum(stack({name})) to add all numbers."
        )
        raise EngineError("notation", sentence)
    arrays = (machine.as_array(value, expr),)
    return machine.apply("sum", arrays, {"axis": None, "keepdims": False}, expr)


def _added(machine: Machine, value: List, expr: Call) -> Value:
    """Python's sum, of what a generator gives: NumPy's takes none."""
    total: Value = machine.number(0.0)
    for item in value.items:
        total = machine.apply("add", (machine.as_array(total, expr), machine.as_array(item, expr)), {}, expr)
    return total


def _is_given(machine: Machine, expr: Call) -> Value:
    """`x is not None`: there is no None among the values of a program, so what has a value is given."""
    machine.value(expr.args[0])
    return machine.constant(np.array(expr.function == "given"))


def _range_of(machine: Machine, expr: Call) -> range:
    numbers = [whole_number(machine.node(arg), "What range counts with") for arg in expr.args]
    if not 1 <= len(numbers) <= 3:
        raise EngineError("notation", "Write range(T), range(1, T) or range(T - 1, -1, -1).", expr.span)
    if len(numbers) == 3 and numbers[2] == 0:
        raise EngineError("value", "The step of a range cannot be 0.", expr.span)
    counted = range(*numbers)
    if len(counted) > MAX_RANGE:
        raise EngineError("limit", f"A range has at most {MAX_RANGE:,} numbers here.", expr.span)
    return counted


def _range(machine: Machine, expr: Call) -> Iterator[tuple[int, Value]]:
    for number in _range_of(machine, expr):
        yield number, machine.number(number)


def _one(expr: Call, usage: str) -> Expr:
    if len(expr.args) != 1:
        raise EngineError("notation", f"Write {usage}.", expr.span)
    return expr.args[0]


def _reversed(machine: Machine, expr: Call) -> Iterator[tuple[int, Value]]:
    inner = _one(expr, "reversed(range(T)) or reversed(x)")
    if isinstance(inner, Call) and inner.function == "range()":
        for number in reversed(_range_of(machine, inner)):
            yield number, machine.number(number)
        return
    if isinstance(inner, Call) and inner.function in ("enumerate()", "zip()"):
        raise EngineError("notation", "Put list(...) around reversed(...).", inner.span)
    items = machine.several(machine.value(inner))
    for position in range(len(items) - 1, -1, -1):
        if position >= len(items):  # as in Python, the loop ends where the list has become too short
            return
        yield position, items[position]


def _enumerate(machine: Machine, expr: Call) -> Iterator[tuple[int, Value]]:
    if not 1 <= len(expr.args) <= 2:
        raise EngineError("notation", "Write enumerate(x), or enumerate(x, 1).", expr.span)
    start = whole_number(machine.node(expr.args[1]), "What enumerate begins with") if expr.args[1:] else 0
    for count, (position, item) in enumerate(machine.iterate(expr.args[0]), start):
        yield position, machine.listed([machine.number(count), item])


def _zip(machine: Machine, expr: Call) -> Iterator[tuple[int, Value]]:
    if not expr.args:
        raise EngineError("notation", "Write zip(a, b).", expr.span)
    for pairs in zip(*(machine.iterate(arg) for arg in expr.args), strict=False):
        yield pairs[0][0], machine.listed([item for _, item in pairs])


def _list(machine: Machine, expr: Call) -> Iterator[tuple[int, Value]]:
    if expr.args:
        yield from machine.iterate(_one(expr, "list(x)"))


def _items(machine: Machine, expr: Call) -> Value:
    items: list[Value] = []
    for _, item in LOOPED_OVER[expr.function](machine, expr):
        machine.check_length(len(items) + 1)
        items.append(item)
    return machine.listed(items)


LOOPED_OVER: dict[str, Callable[[Machine, Call], Iterator[tuple[int, Value]]]] = {
    "range()": _range,
    "reversed()": _reversed,
    "enumerate()": _enumerate,
    "zip()": _zip,
    "list()": _list,
    "tuple()": _list,
}

_SPECIAL: dict[str, Callable[[Machine, Call], Value]] = {
    "and": _either,
    "or": _either,
    "not": _not,
    "if": _choice,
    "for": _comprehension,
    GENERATED: _comprehension,
    "dict()": lambda _machine, _expr: Table([]),
    "given": _is_given,
    "missing": _is_given,
    ".copy": _copy,
    "sum": _sum,
    ".pop": popped,
    **dict.fromkeys(GROWS, _change_inside),
    **dict.fromkeys(LOOPED_OVER, _items),
}
