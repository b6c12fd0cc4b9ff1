"""What a worked step says where numbers put in would say nothing: shapes, derivatives, eigenvalues; and long lines."""

from collections.abc import Callable

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Name, show
from rnn_tutor.engine.functions import TABLE
from rnn_tutor.engine.graph.axes import Axes
from rnn_tutor.engine.graph.gradient import backward
from rnn_tutor.engine.graph.graph import Node, as_numbers
from rnn_tutor.engine.number_text import shown
from rnn_tutor.engine.shapes import in_words
from rnn_tutor.exercises import words
from rnn_tutor.figures.words import shape_with_axes

MAX_SHARES = 6
BREAKS = ((" + ", " = "), (" - ",), (" / ", " @ ", ", "))  # where to fold, the best first


def folded(line: str, width: int) -> list[str]:
    """Return a line as lines of at most `width` characters, broken where a term begins, the rest indented."""
    lines: list[str] = []
    left, indent = line, ""
    while " = " in line and len(indent) + len(left) > width:
        room = width - len(indent)
        places = [max(left.rfind(sign, 1, room) for sign in signs) for signs in BREAKS]
        at = next((place for place in places if place > width // 3), max(places))
        if at <= 8:
            break
        at += 1 if left[at] == "," else 0
        lines.append(indent + left[:at].rstrip())
        left = left[at:].lstrip()
        indent = "    "
    return [*lines, indent + left]


def sizes_in_words(node: Node, axes: Callable[[Node], Axes]) -> str:
    """Return what becomes of the axes in a step of which only shapes are known, "" where that is plain."""
    if node.op == "matmul" and all(parent.shape for parent in node.parents):
        left = node.parents[0]
        summed = shape_with_axes(left.shape[-1:], axes(left)[-1:]).strip("()")
        result = shape_with_axes(node.shape, axes(node))
        other = "first" if len(node.parents[1].shape) <= 2 else "last but one"
        return (
            f"The last axis of the left meets the {other} of the right ({summed}) and is summed over; {result} stays."
        )
    if node.op in ("concat", "stack") and len(node.parents) > 1:
        return _joined_in_words(node)
    elementwise = node.op in TABLE and TABLE[node.op].family == "elementwise"
    if elementwise and len(node.parents) == 2 and {parent.shape for parent in node.parents} != {node.shape}:
        small = min(node.parents, key=lambda parent: len(parent.shape))
        operand = in_words(small.shape) if small.shape else "the number"
        return f"Element by element: {operand} is spread over {shape_with_axes(node.shape, axes(node))}."
    return ""


def _joined_in_words(node: Node) -> str:
    """Return what joining does to the sizes: along an axis that is there, or along a new one."""
    axis = int(node.static.get("axis", 0)) % max(1, len(node.shape))
    if node.op == "stack":
        return f"Stacked: axis {axis} is new, with one entry for each of the {len(node.parents)}."
    sizes = [parent.shape[axis] for parent in node.parents]
    added = " + ".join(map(str, sizes[:MAX_SHARES])) + (" + ..." if len(sizes) > MAX_SHARES else "")
    return f"Joined along axis {axis}: {added} = {node.shape[axis]}."


def derivative(node: Node) -> list[str]:
    """Return how a derivative came about: the shares of the time steps where something is used at each."""
    inner = node.parents[0] if node.op == "array" and node.parents else node
    expr = inner.expr
    if not isinstance(expr, Call) or len(expr.args) != 2 or len(inner.parents) < 2:
        return []
    y, x = show(expr.args[0]), show(expr.args[1])
    if expr.function == "local":
        return [f"how {y} changes with {x}, with everything else held fixed"]
    if expr.function == "parts":
        top = y if isinstance(expr.args[0], Name) else f"({y})"
        return [f"what each time step adds to d{top}/d{x} through its own use of {x}"]
    if expr.function == "jacobian":
        return [f"row by row: how each element of {y} changes with each of {x}, through every step between"]
    target, wrt = inner.parents[0], inner.parents[1]
    sentence = f"from {y} backwards, along every path from {x}"
    shares = _users(target, wrt) if len(inner.parents) == 2 else []
    if wrt.shape or not 1 < len(shares) <= MAX_SHARES:
        return [sentence]
    total = shown(float(as_numbers(inner.number)))
    terms = " + ".join(f"({share})" if share.startswith("-") and k else share for k, share in enumerate(shares))
    return [sentence, f"{node.name} = {terms} = {total}   (the contributions of its uses, in order)"]


def _users(target: Node, wrt: Node) -> list[str]:
    """Return what each use of a number adds to its gradient."""
    from rnn_tutor.engine.graph.gradient import pulled_back

    try:
        adjoints = backward(target)
    except EngineError:
        return []
    texts: list[str] = []
    for node in sorted(adjoints, key=lambda node: node.order):
        if wrt in node.parents and node.op != "grad":
            shares = pulled_back(node, adjoints[node])
            total = sum(
                float(np.sum(share))
                for parent, share in zip(node.parents, shares, strict=True)
                if parent is wrt and share is not None
            )
            texts.append(shown(total))
    return texts


def eigenvalues(node: Node) -> str:
    """Return the sizes of the eigenvalues, the largest of which is the spectral radius."""
    sizes = sorted(np.abs(np.linalg.eigvals(as_numbers(node.parents[0].number))), reverse=True)
    listed = words.enumerated([shown(float(size)) for size in sizes[:MAX_SHARES]])
    return f"its eigenvalues have the absolute values {listed}; the largest counts"
