"""Reverse mode over the graph: grad, jacobian, local, parts.

`grad(L, h)` is total: every path from h to the scalar L counts, and `grad(L, h)[t]` counts every later path through
the recurrence. `local(y, x)` holds every other named node fixed. `parts(L, W)` is each time step's share of
`grad(L, W)`: what reaches W through the uses of it at step t. Results are numbers: they are not differentiated again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from . import functions
from .errors import EngineError
from .expression import Call, Expr, Index, Name, show
from .functions import Array, Function, in_words, size
from .indexing import INDEX

if TYPE_CHECKING:
    from .graph import Graph, Node

LEAVES = ("given", "number", "replaced", "grad")
MAX_ROWS = 400


def rule(op: str) -> Function:
    """Return the function of an operation of the graph."""
    return INDEX if op == "index" else functions.TABLE[op]


def reachable(target: "Node", stop: Callable[["Node"], bool] = lambda _: False) -> "list[Node]":
    """Return target and all it was made from, latest first; nothing behind a node for which `stop` holds."""
    seen = {target}
    stack = [target]
    while stack:
        for parent in stack.pop().parents:
            if parent not in seen:
                seen.add(parent)
                if not stop(parent):
                    stack.append(parent)
    return sorted(seen, key=lambda node: -node.order)


def pulled_back(node: "Node", gradient: Array) -> tuple[Array | None, ...]:
    """Return dL/d(parent) for each parent of a node, given dL/d(node)."""
    from .graph import as_numbers

    function = rule(node.op)
    if function.gradient is None:
        return (None,) * len(node.parents)
    values = [parent.number if function.keeps_masks else as_numbers(parent.number) for parent in node.parents]
    with np.errstate(all="ignore"):
        return function.gradient(gradient, as_numbers(node.number), *values, **node.static)


def backward(
    target: "Node", seed: Array | None = None, stop: Callable[["Node"], bool] = lambda _: False
) -> "dict[Node, Array]":
    """Return dL/d(node) for every node that the target was made from, the target included.

    `seed` is dL/d(target), 1 by default. Nothing flows through a node for which `stop` holds.
    """
    adjoints = {target: np.ones(target.shape) if seed is None else seed}
    for node in reachable(target, stop):
        gradient = adjoints.get(node)
        if gradient is None or node.op in LEAVES or (stop(node) and node is not target):
            continue
        for parent, share in zip(node.parents, pulled_back(node, gradient), strict=True):
            if share is not None:
                share = np.asarray(share).reshape(parent.shape)
                adjoints[parent] = adjoints[parent] + share if parent in adjoints else share
    return adjoints


@dataclass
class _Wrt:
    """What is differentiated by: one node, or the steps of a recurrence; and an index into it."""

    nodes: "list[Node]"
    stacked: bool
    key: Any = None

    def gather(self, adjoints: "dict[Node, Array]") -> Array:
        found = [np.asarray(adjoints.get(node, np.zeros(node.shape)), dtype=float) for node in self.nodes]
        whole = np.stack(found) if self.stacked else found[0]
        return whole if self.key is None else np.asarray(whole[self.key])


def differentiated(graph: "Graph", expr: Call) -> "Node":
    """Return the node of grad(L, x), jacobian(y, x), local(y, x) or parts(L, W)."""
    name = expr.function
    if not graph.gradients:
        raise EngineError("name", f"{name} is not for answers: work the derivative out.")
    if len(expr.args) != 2 or expr.keywords:
        raise EngineError("notation", f"Write {name}(y, x): what is differentiated, then by what.")
    target = graph._node(expr.args[0])
    wrt = _wrt(graph, expr.args[1], name)
    if name in ("grad", "parts") and size(target.shape) != 1:
        raise EngineError("shape", f"{name} differentiates a scalar; {show(expr.args[0])} is {in_words(target.shape)}.")
    graph.charge((), sum(max(1, size(node.shape)) for node in reachable(target)) * max(1, size(target.shape)))
    if name == "grad":
        value = wrt.gather(backward(target))
    elif name == "parts":
        value = _parts(target, wrt, show(expr.args[1]))
    else:
        value = _jacobian(target, wrt, local=name == "local")
    graph.charge(value.shape, 0)
    return graph._add(graph._inner_name(), "grad", (target, *wrt.nodes), value.shape, _read_only(value), expr)


def _read_only(value: Array) -> Array:
    from .graph import frozen

    return frozen(value)


def _wrt(graph: "Graph", expr: Expr, name: str) -> _Wrt:
    from .graph import Sequence

    match expr:
        case Name(id=wanted) if isinstance(graph.names.get(wanted), Sequence):
            graph.whole(wanted)
            sequence = graph.names[wanted]
            assert isinstance(sequence, Sequence)  # noqa: S101 - tells the type checker what the guard says
            return _Wrt([node for node in sequence.steps if node is not None], stacked=True)
        case Name(id=wanted) if wanted in graph.names:
            return _Wrt([graph.whole(wanted)], stacked=False)
        case Index(base=Name(id=wanted)) if wanted in graph.names:
            node = graph._node(expr)
            if node.named or node.op == "given":
                return _Wrt([node], stacked=False)
            if node.op == "index" and (isinstance(graph.names[wanted], Sequence) or node.parents[0].named):
                inner = _Wrt([node.parents[0]], stacked=False, key=node.static["key"])
                return inner
    raise EngineError(
        "notation",
        f"{name} differentiates by a given or a step, such as {name}(L, W); not by {show(expr)}.",
        expr.span,
    )


def _jacobian(target: "Node", wrt: _Wrt, local: bool) -> Array:
    """Return dy/dx with the shape y.shape + x.shape; local: through the expression of y alone."""
    count = size(target.shape)
    if count > MAX_ROWS:
        raise EngineError("limit", f"A Jacobian has at most {MAX_ROWS} rows here; y has {count} elements.")
    root = target
    fixed = set(wrt.nodes)

    def stop(node: "Node") -> bool:
        return node is not root and (node in fixed or (local and node.named))

    rows = []
    for position in range(count):
        seed = np.zeros(count)
        seed[position] = 1.0
        if root in fixed:
            rows.append(wrt.gather({root: seed.reshape(root.shape)}))
        else:
            rows.append(wrt.gather(backward(root, seed.reshape(root.shape), stop if local else lambda _: False)))
    return np.stack(rows).reshape(target.shape + rows[0].shape) if rows else np.zeros(0)


def _parts(target: "Node", wrt: _Wrt, name: str) -> Array:
    """Return the shares of dL/dW by time step, stacked on axis 0.

    An adjoint is kept by the step through which it left the loop; inside a step all are one.
    """
    if wrt.stacked or wrt.nodes[0].step is not None:
        raise EngineError("value", f"parts is for something shared by all time steps; {name} has a value at each step.")
    nodes = reachable(target)
    steps = [node.step for node in nodes if node.step is not None]
    if not steps:
        raise EngineError("value", "parts needs a recurrence: there is no loop on the way.")
    adjoints: dict[Node, dict[int | None, Array]] = {target: {target.step: np.ones(target.shape)}}
    for node in nodes:
        kept = adjoints.get(node)
        if kept is None or node.op in LEAVES:
            continue
        if node.step is not None:
            kept = {node.step: sum(kept.values(), np.zeros(node.shape))}
        for step, gradient in kept.items():
            _pass_on(node, step, gradient, adjoints)
    found = adjoints.get(wrt.nodes[0], {})
    if None in found:
        raise EngineError("value", f"{name} is used outside the loop too, where there is no time step.")
    zero = np.zeros(wrt.nodes[0].shape)
    shares = np.stack([found.get(step, zero) for step in range(max(steps) + 1)])
    return shares if wrt.key is None else np.stack([np.asarray(share[wrt.key]) for share in shares])


def _pass_on(node: "Node", step: int | None, gradient: Array, adjoints: "dict[Node, dict[int | None, Array]]") -> None:
    for parent, share in zip(node.parents, pulled_back(node, gradient), strict=True):
        if share is None:
            continue
        share = np.asarray(share).reshape(parent.shape)
        kept = adjoints.setdefault(parent, {})
        kept[step] = kept[step] + share if step in kept else share
