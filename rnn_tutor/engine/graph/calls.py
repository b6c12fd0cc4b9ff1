"""Calls of functions: which node is an array argument, which a number known beforehand, and the few special forms."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from rnn_tutor.engine import functions
from rnn_tutor.engine.compare import IDENTICAL, same
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Name, Number, brief
from rnn_tutor.engine.functions import TABLE, Function, Param
from rnn_tutor.engine.functions.base import MAX_DIMENSIONS, REQUIRED, broadcast
from rnn_tutor.engine.functions.linear import matmul_shape
from rnn_tutor.engine.graph.gradient import differentiated
from rnn_tutor.engine.graph.graph import Graph
from rnn_tutor.engine.graph.joining import join
from rnn_tutor.engine.graph.node import MAX_WHOLE, Node, whole_number
from rnn_tutor.engine.reading.libraries import typed_whole
from rnn_tutor.engine.shapes import in_words


def called(graph: Graph, expr: Call) -> Node:
    """Return the node of a call."""
    try:
        special = _SPECIAL.get(expr.function)
        node = special(graph, expr) if special is not None else None
        return _from_table(graph, expr) if node is None else node
    except EngineError as error:
        raise error.placed(expr.span) from None


def _measure(graph: Graph, expr: Call) -> Node:
    """shape(x), size(x), ndim(x), len(x): known even where the numbers are not."""
    if len(expr.args) != 1 or expr.keywords:
        raise EngineError("notation", f"{expr.function} takes one array: write {expr.function}(x).")
    if expr.function == "len":
        return graph.constant(np.array(float(graph.length(expr.args[0]))), expr)
    shape = graph.node(expr.args[0]).shape
    if expr.function == "shape":
        return graph.constant(np.array(shape, dtype=float), expr)
    return graph.constant(np.array(float(functions.size(shape) if expr.function == "size" else len(shape))), expr)


def _of_several(graph: Graph, expr: Call) -> Node | None:
    """max(a, b, ...): element by element, as Python means it. max(x, 0) of an array reads two ways: ask."""
    if expr.style != "call" or len(expr.args) < 2 or expr.keywords:
        return None
    name = "maximum" if expr.function == "max" else "minimum"
    nodes = [graph.node(arg) for arg in expr.args]
    axis = typed_whole(expr.args[1])
    if len(nodes) == 2 and nodes[0].shape and axis is not None:
        raise EngineError(
            "notation",
            f"Is {expr.function}(..., {axis}) element by element or over an axis? Write {name}(..., {axis}) for the "
            f"first, {expr.function}(..., axis={axis}) for the second.",
        )
    result = nodes[0]
    for node in nodes[1:]:
        result = graph.apply(name, (result, node), {}, expr)
    return result


def _transposed(graph: Graph, expr: Call) -> Node | None:
    """x.transpose(a, b) swaps two axes, as PyTorch's does: NumPy's, of all axes, would do nothing, or not exist."""
    if len(expr.args) != 3 or expr.keywords or any(isinstance(arg, ArrayExpr) for arg in expr.args[1:]):
        return None
    node, *others = (graph.node(arg) for arg in expr.args)
    if others[0].shape or others[1].shape:
        return None
    axis1, axis2 = (whole_number(axis_node, "An axis of transpose") for axis_node in others)
    swapped = graph.apply("swapaxes", (node,), {"axis1": axis1, "axis2": axis2}, replace(expr, function="swapaxes"))
    if (axis1 % len(node.shape), axis2 % len(node.shape)) != (1, 0) or len(node.shape) > 2:
        graph.remark(f"transpose({axis1}, {axis2}) as PyTorch means it: two axes swapped")
    return swapped


def _spread(graph: Graph, expr: Call) -> Node | None:
    """x.std() and x.var(): divided by n in NumPy, by n - 1 in PyTorch; asked of a learner, where it matters."""
    given = {key for key, _ in expr.keywords}
    if graph.gradients or expr.style != "method" or given & {"axis", "ddof"}:
        return None
    over_n = _from_table(graph, expr)
    try:
        over_n_less_1 = _from_table(graph, replace(expr, keywords=(*expr.keywords, ("ddof", Number(1.0, "1")))))
    except EngineError:
        return over_n  # of one number PyTorch's does not exist
    if same(over_n.value, over_n_less_1.value, IDENTICAL):
        return over_n
    name = expr.function
    sentence = (
        f".{name}() divides by n in NumPy and by n - 1 in PyTorch. Write .{name}(ddof=0) for n, .{name}(ddof=1) for"
    )
    raise EngineError("notation", f"{sentence} n - 1.")


def _repeated(graph: Graph, expr: Call) -> Node | None:
    """x.repeat(...): each number again in NumPy, the whole array again in PyTorch; asked where both are possible."""
    if graph.gradients or expr.style != "method" or expr.keywords or len(expr.args) < 2:
        return None
    if any(isinstance(arg, ArrayExpr) for arg in expr.args[1:]):
        return None
    node, *others = (graph.node(arg) for arg in expr.args)
    counts = tuple(whole_number(count, "repeats of repeat") for count in others)
    numpy = torch = None
    if len(counts) < 3:
        static = {"repeats": counts[0], "axis": counts[1] if len(counts) > 1 else None}
        numpy = _if_possible(graph, "repeat", node, static, expr)
    if len(counts) >= len(node.shape):
        torch = _if_possible(graph, "tile", node, {"repeats": counts}, replace(expr, function="tile", style="call"))
    if torch is None:
        return numpy  # or None, and the error of the table is told
    written = ", ".join(str(count) for count in counts)
    if numpy is None or same(numpy.value, torch.value, IDENTICAL):
        if numpy is None:
            graph.remark(f"repeat({written}) as PyTorch means it: the whole array again")
        return torch
    each = f"repeat(x, {written})" if len(counts) == 1 else f"repeat(x, {counts[0]}, axis={counts[1]})"
    sentence = (
        f".repeat({written}) repeats each number in NumPy, the whole array in PyTorch. Write {each} for the first, "
    )
    raise EngineError("notation", f"{sentence}tile(x, {written}) for the second.")


def _normed(graph: Graph, expr: Call) -> Node | None:
    """W.norm(1), a method that only PyTorch has, is of all elements; norm(W, 1) that of a matrix, as NumPy's."""
    if expr.style != "method" or len(expr.args) != 2 or expr.keywords:
        return None
    flat = Call("ravel", expr.args[:1], span=expr.span)
    return _from_table(graph, replace(expr, args=(flat, expr.args[1])))


def _if_possible(graph: Graph, op: str, node: Node, static: dict[str, Any], expr: Call) -> Node | None:
    try:
        return graph.apply(op, (node,), static, expr)
    except EngineError as error:
        if error.kind == "limit":
            raise
        return None


def _mask_sign(graph: Graph, expr: Call) -> Node | None:
    """~a, a & b, a | b: of masks, of numbers that are all 0 or 1 too; Python's of other numbers is another thing."""
    if expr.style != "operator":
        return None
    nodes = tuple(graph.node(arg) for arg in expr.args)
    if any(node.value is not None and not bool(np.isin(node.value, (0, 1)).all()) for node in nodes):
        sign = {"logical_not": "~", "logical_and": "&", "logical_or": "|"}[expr.function]
        says = f"{sign} is for masks, of True and False or 1 and 0: compare first, as in {sign.strip('&|')}(x > 0)."
        raise EngineError("notation", says)
    return graph.apply(expr.function, nodes, {}, replace(expr, style="call"))


def _dotted(graph: Graph, expr: Call) -> Node:
    """W · x, as on paper: a matrix product where it fits and element by element would not; asked where both do."""
    left, right = (graph.node(arg) for arg in expr.args)
    axes = {len(left.shape), len(right.shape)}
    if 0 in axes or axes == {1} or not _fits(matmul_shape, left, right):
        return graph.apply("multiply", (left, right), {}, replace(expr, function="multiply"))
    if left.shape == right.shape:
        raise EngineError("notation", DOTTED)
    return graph.apply("matmul", (left, right), {}, replace(expr, function="matmul"))


DOTTED = "Is · the matrix product here, or element by element? Write @ for the first, * for the second."


def _beside(graph: Graph, expr: Call) -> Node:
    """W x, as on paper: of matrices and vectors the matrix product, else element by element; asked where both may be.

    Nobody writes two arrays side by side for a product in which the smaller is repeated.
    """
    left, right = graph.node(expr.args[0]), _second(graph, expr)
    function = "multiply"
    if left.shape and right.shape:
        matrices = _fits(matmul_shape, left, right)
        row_by_column = isinstance(expr.args[0], Call) and expr.args[0].function == "transpose"
        if matrices and left.shape == right.shape and not (row_by_column and len(left.shape) == 1):
            meant = replace(expr, args=tuple([graph.settled(arg) for arg in expr.args]))
            raise EngineError("notation", _which_product(meant, vectors=len(left.shape) == 1))
        if matrices or len(left.shape) != len(right.shape) or not _fits(broadcast, left, right):
            function = "matmul"
    graph.products[id(expr)] = expr, function
    return graph.apply(function, (left, right), {}, replace(expr, function=function))


def _second(graph: Graph, expr: Call) -> Node:
    """Return the node of what stands after a number; a name that there is not may be a unit, as in 0.24 nats."""
    number, name = expr.args
    try:
        return graph.node(name)
    except EngineError as error:
        if error.kind == "name" and isinstance(number, Number) and isinstance(name, Name):
            raise EngineError("name", f"{error.says} A unit is left out.", error.at) from None
        raise


def _which_product(expr: Call, *, vectors: bool) -> str:
    """Ask; of two vectors the product element by element is the likelier, of two matrices that of matrices."""
    times, at = (brief(replace(expr, function=function)) for function in ("multiply", "matmul"))
    first, second = (times, at) if vectors else (at, times)
    return f"Is {brief(expr)} element by element (*) or the matrix product (@)? Write {first}, or else {second}."


def _fits(shape: Callable[..., object], left: Node, right: Node) -> bool:
    try:
        shape(left.shape, right.shape)
    except EngineError:
        return False
    return True


_SPECIAL: dict[str, Callable[[Graph, Call], Node | None]] = {
    "beside": _beside,
    "dotted": _dotted,
    "logical_not": _mask_sign,
    "logical_and": _mask_sign,
    "logical_or": _mask_sign,
    "shape": _measure,
    "size": _measure,
    "ndim": _measure,
    "len": _measure,
    "max": _of_several,
    "min": _of_several,
    "transpose": _transposed,
    "norm": _normed,
    "std": _spread,
    "var": _spread,
    "repeat": _repeated,
    "concat": join,
    "stack": join,
    "hstack": join,
    "vstack": join,
    "grad": differentiated,
    "jacobian": differentiated,
    "local": differentiated,
    "parts": differentiated,
}


def _from_table(graph: Graph, expr: Call) -> Node:
    function = TABLE[expr.function]
    if len(expr.args) == function.arrays_only and not expr.keywords:
        return graph.apply(expr.function, tuple([graph.node(arg) for arg in expr.args]), {}, expr)
    arrays: list[Node] = []
    static: dict[str, Any] = {}
    for param, given in bound_arguments(function, expr):
        if param.kind == "array":
            arrays += [graph.node(argument) for argument in given]
        else:
            static[param.name] = static_argument(graph, param, given, function)
    return graph.apply(expr.function, tuple(arrays), static, expr)


def bound_arguments(function: Function, expr: Call) -> list[tuple[Param, tuple[Expr, ...]]]:
    """Match the arguments with the parameters, as Python would."""
    left = list(expr.args)
    named = dict(expr.keywords)
    if len(named) < len(expr.keywords):
        raise EngineError("notation", f"{function.name} has the same keyword twice.  {_usage(function)}")
    bound: list[tuple[Param, tuple[Expr, ...]]] = []
    for param in function.params:
        if param.name in named:
            bound.append((param, (named.pop(param.name),)))
        elif param.variadic:
            several = tuple(left)
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
        raise EngineError("notation", f"{function.name} does not take so many values. {_usage(function)}")
    if named:
        raise EngineError("notation", f"{function.name} has no keyword {next(iter(named))}. {_usage(function)}")
    return bound


def _usage(function: Function) -> str:
    words = [_usage_word(param) for param in function.params]
    return f"Write {function.name}({', '.join(words)})."


def _usage_word(param: Param) -> str:
    if param.variadic:
        return "a, b, ..." if param.kind == "array" else f"{param.name}..."
    return param.name if param.default is REQUIRED else f"{param.name}={_shown(param.default)}"


def _shown(default: object) -> str:
    return f"{default:g}" if isinstance(default, int | float) and not isinstance(default, bool) else str(default)


def static_argument(graph: Graph, param: Param, given: tuple[Expr, ...], function: Function) -> object:
    """Return an argument that is no array, its default where none is given. Raises EngineError."""
    if not given:
        return param.default
    label = f"{param.name} of {function.name}"
    if len(given) == 1 and isinstance(given[0], Name) and given[0].id == "None":
        if param.default is None:
            return None
        raise EngineError("value", f"{label} cannot be None. {_usage(function)}")
    if param.kind == "sizes":
        return _several_whole(graph, given, label)
    if isinstance(given[0], ArrayExpr):
        if param.kind == "axes":
            return _several_whole(graph, given, label)
        raise EngineError("shape", f"{label} is one number, not a list. {_usage(function)}")
    node = graph.node(given[0])
    if param.kind == "number":
        if node.shape:
            raise EngineError("shape", f"{label} must be one number, not an array {in_words(node.shape)}.")
        return float(node.number)
    if param.kind == "flag":
        return bool(whole_number(node, label))
    return whole_number(node, label)


def _several_whole(graph: Graph, given: tuple[Expr, ...], label: str) -> tuple[int, ...]:
    """Return whole numbers written one by one, as a list, or as a vector such as x.shape."""
    numbers: list[int] = []
    for expr in given:
        items = expr.items if isinstance(expr, ArrayExpr) else (expr,)
        for item in items:
            node = graph.node(item)
            if len(node.shape) != 1:
                numbers.append(whole_number(node, label))
                continue
            if len(node.number) <= MAX_DIMENSIONS:
                if not all(float(number).is_integer() for number in node.number):
                    raise EngineError("value", f"{label} must be whole numbers.")
                numbers += [int(min(max(number, -MAX_WHOLE), MAX_WHOLE)) for number in node.number]
                continue
            numbers += [0] * len(node.number)
        if len(numbers) > MAX_DIMENSIONS:
            raise EngineError("limit", f"{label}: arrays have at most {MAX_DIMENSIONS} axes here.")
    return tuple(numbers)
