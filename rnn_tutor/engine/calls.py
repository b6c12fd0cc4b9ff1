"""Calls of functions: which node is an array argument, which a number known beforehand, and the few special forms."""

from typing import TYPE_CHECKING, Any

import numpy as np

from . import functions
from .errors import EngineError
from .expression import Array as ArrayExpr
from .expression import Call, Expr, Name, Number
from .functions import Function, Param
from .functions.base import REQUIRED

if TYPE_CHECKING:
    from .graph import Graph, Node


def called(graph: "Graph", expr: Call) -> "Node":
    """Return the node of a call."""
    try:
        return _special(graph, expr) or _from_table(graph, expr)
    except EngineError as error:
        raise error.placed(expr.span) from None


def _special(graph: "Graph", expr: Call) -> "Node | None":
    match expr.function:
        case "shape" | "size" | "ndim" | "len":
            return _measure(graph, expr)
        case "max" | "min" if expr.style == "call" and len(expr.args) > 1 and not expr.keywords:
            return _of_several(graph, expr)
        case "hstack" | "vstack":
            parts = [_node(graph, part) for part in _listed(expr.args)]
            if expr.function == "hstack":
                axis = 0 if parts and len(parts[0].shape) == 1 else 1
                return graph._apply("concat", tuple(parts), {"axis": axis}, expr)
            if parts and len(parts[0].shape) == 1:
                return graph._apply("stack", tuple(parts), {"axis": 0}, expr)
            return graph._apply("concat", tuple(parts), {"axis": 0}, expr)
        case "grad" | "jacobian" | "local" | "parts":
            from .gradient import differentiated

            return differentiated(graph, expr)
    return None


def _node(graph: "Graph", expr: Expr) -> "Node":
    return graph._node(expr)


def _listed(args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    return args[0].items if len(args) == 1 and isinstance(args[0], ArrayExpr) else args


def _measure(graph: "Graph", expr: Call) -> "Node":
    """shape(x), size(x), ndim(x), len(x): known even where the numbers are not."""
    if len(expr.args) != 1 or expr.keywords:
        raise EngineError("notation", f"{expr.function} takes one array.")
    node = _node(graph, expr.args[0])
    shape = node.shape
    if expr.function == "len" and not shape:
        raise EngineError("shape", "A scalar has no length.")
    value: Any = {
        "shape": list(shape),
        "size": functions.size(shape),
        "ndim": len(shape),
        "len": shape[0] if shape else 0,
    }[expr.function]
    array = np.asarray(value, dtype=float)
    return graph._add(graph._inner_name(), "number", (), array.shape, array, expr)


def _of_several(graph: "Graph", expr: Call) -> "Node":
    """max(a, b, ...): element by element, as Python means it. max(x, 0) of an array reads two ways: ask."""
    name = "maximum" if expr.function == "max" else "minimum"
    nodes = [_node(graph, arg) for arg in expr.args]
    second = expr.args[1]
    if len(nodes) == 2 and nodes[0].shape and isinstance(second, Number) and second.value == int(second.value):
        axis = second.text
        raise EngineError(
            "notation",
            f"Is {expr.function}(..., {axis}) element by element or over an axis? Write {name}(..., {axis}) for the "
            f"first, {expr.function}(..., axis={axis}) for the second.",
        )
    result = nodes[0]
    for node in nodes[1:]:
        result = graph._apply(name, (result, node), {}, expr)
    return result


def _from_table(graph: "Graph", expr: Call) -> "Node":
    function = functions.TABLE[expr.function]
    arrays: list[Node] = []
    static: dict[str, Any] = {}
    for param, given in _bound(function, expr):
        if param.kind == "array":
            arrays += [_node(graph, one) for one in given]
        else:
            static[param.name] = _static(graph, param, given, function)
    return graph._apply(expr.function, tuple(arrays), static, expr)


def _bound(function: Function, expr: Call) -> list[tuple[Param, tuple[Expr, ...]]]:
    """Match the arguments with the parameters, as Python would."""
    left = list(expr.args)
    named = dict(expr.keywords)
    if len(named) < len(expr.keywords):
        raise EngineError("notation", f"{function.name} was given a keyword twice.")
    bound: list[tuple[Param, tuple[Expr, ...]]] = []
    for param in function.params:
        if param.name in named:
            bound.append((param, (named.pop(param.name),)))
        elif param.variadic:
            several = _listed(tuple(left)) if param.kind == "array" else tuple(left)
            left = []
            if not several and param.default is REQUIRED:
                raise EngineError("notation", _usage(function))
            bound.append((param, several))
        elif left:
            bound.append((param, (left.pop(0),)))
        elif param.default is REQUIRED:
            raise EngineError("notation", _usage(function))
        else:
            bound.append((param, ()))
    if left:
        raise EngineError("notation", _usage(function))
    if named:
        raise EngineError("notation", f"{function.name} has no keyword {next(iter(named))}. {_usage(function)}")
    return bound


def _usage(function: Function) -> str:
    words = [
        ("*" if param.variadic else "") + param.name + ("" if param.default is REQUIRED else "=...")
        for param in function.params
    ]
    return f"Write {function.name}({', '.join(words)})."


def _static(graph: "Graph", param: Param, given: tuple[Expr, ...], function: Function) -> Any:
    from .graph import whole_number

    if not given:
        return param.default
    if len(given) == 1 and isinstance(given[0], Name) and given[0].id == "None":
        return None
    what = f"{param.name} of {function.name}"
    if param.kind == "sizes":
        return tuple(size for one in given for size in _sizes(graph, one, what))
    if param.kind == "axis" and isinstance(given[0], ArrayExpr):
        return tuple(whole_number(_node(graph, item), what) for item in given[0].items)
    node = _node(graph, given[0])
    if param.kind == "number":
        if node.shape:
            raise EngineError("shape", f"{what} must be one number.")
        return float(node.number)
    if param.kind == "flag":
        return bool(whole_number(node, what))
    return whole_number(node, what)


def _sizes(graph: "Graph", expr: Expr, what: str) -> list[int]:
    from .graph import whole_number

    if isinstance(expr, ArrayExpr):
        return [whole_number(_node(graph, item), what) for item in expr.items]
    node = _node(graph, expr)
    if len(node.shape) == 1:
        if not all(float(one).is_integer() for one in node.number):
            raise EngineError("value", f"{what} must be whole.")
        return [int(one) for one in node.number]
    return [whole_number(node, what)]
