"""Reverse mode over the graph: grad, jacobian, local, parts.

`grad(L, h)` is total: every path from h to the scalar L counts, and `grad(L, h)[t]` counts every later path through
the recurrence. `local(y, x)` holds every other named node fixed. `parts(L, W)` is each time step's share of
`grad(L, W)`: what reaches W through the uses of it at step t. Results are numbers: they are not differentiated again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import numpy as np

from rnn_tutor.engine import functions
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Index, Name, brief
from rnn_tutor.engine.functions import Array, Function, size
from rnn_tutor.engine.graph.graph import Graph
from rnn_tutor.engine.graph.indexing import INDEX
from rnn_tutor.engine.graph.node import UNKNOWN, Node, Sequence, as_numbers, frozen
from rnn_tutor.engine.shapes import in_words

LEAVES = ("given", "number", "replaced", "grad", UNKNOWN)
MAX_ROWS = 400
_ORDER = attrgetter("order")


def rule(op: str) -> Function:
    """Return the function of an operation of the graph."""
    return INDEX if op == "index" else functions.TABLE[op]


def reachable(target: Node, stop: Callable[[Node], bool] | None = None) -> list[Node]:
    """Return target and all it was made from, latest first; nothing behind a node for which `stop` holds."""
    reached = {target}
    stack = [target]
    while stack:
        for parent in stack.pop().parents:
            if parent not in reached:
                reached.add(parent)
                if stop is None or not stop(parent):
                    stack.append(parent)
    return sorted(reached, key=_ORDER, reverse=True)


def pulled_back(node: Node, gradient: Array) -> tuple[Array | None, ...]:
    """Return dL/d(parent) for each parent of a node, given dL/d(node)."""
    with np.errstate(all="ignore"):
        return _pulled_back(node, gradient)


def _pulled_back(node: Node, gradient: Array) -> tuple[Array | None, ...]:
    function = rule(node.op)
    if function.gradient is None:
        return (None,) * len(node.parents)
    values = [parent.number for parent in node.parents]
    if not function.keeps_masks:
        values = [as_numbers(value) for value in values]
    try:
        shares = function.gradient(gradient, as_numbers(node.number), *values, **node.static)
    except np.linalg.LinAlgError:
        raise EngineError("value", f"{function.name} has no derivative for these numbers.") from None
    return tuple([_like(share, parent) for share, parent in zip(shares, node.parents, strict=True)])


def _like(share: Array | None, parent: Node) -> Array | None:
    """Return a share of a gradient in the shape of what it is of."""
    if share is None or (type(share) is np.ndarray and share.shape == parent.shape):
        return share
    return np.asarray(share).reshape(parent.shape)


def backward(target: Node, seed: Array | None = None, stop: Callable[[Node], bool] | None = None) -> dict[Node, Array]:
    """Return dL/d(node) for every node that the target was made from, the target included.

    `seed` is dL/d(target), 1 by default. Nothing flows through a node for which `stop` holds (the target apart).
    Raises EngineError (`value`) where a derivative does not exist, or only shapes are known.
    """
    with np.errstate(all="ignore"):
        return _backward(target, reachable(target, stop), seed, stop)


def _backward(
    target: Node,
    nodes: list[Node],
    seed: Array | None = None,
    stop: Callable[[Node], bool] | None = None,
    leading: set[Node] | None = None,
) -> dict[Node, Array]:
    """Return what `backward` does; `nodes` are `reachable`, and only those `leading` somewhere are gone through."""
    adjoints = {target: np.ones(target.shape) if seed is None else seed}
    for node in nodes:
        gradient = adjoints.get(node)
        if gradient is None or node.op in LEAVES or (stop is not None and stop(node) and node is not target):
            continue
        for parent, share in zip(node.parents, _pulled_back(node, gradient), strict=True):
            if share is not None and (leading is None or parent in leading):
                adjoints[parent] = adjoints[parent] + share if parent in adjoints else share
    return adjoints


def _leading_to(wanted: list[Node], nodes: list[Node]) -> set[Node]:
    """Return those of some nodes (latest first) that are among the wanted ones, or are made of one of them."""
    leading = set(wanted)
    for node in reversed(nodes):
        if not leading.isdisjoint(node.parents):
            leading.add(node)
    return leading


@dataclass
class _Wrt:
    """What is differentiated by: one node, or the steps of a recurrence; and an index into it."""

    nodes: list[Node]
    stacked: bool
    key: Any = None

    def gather(self, adjoints: dict[Node, Array]) -> Array:
        gradients = [np.asarray(adjoints.get(node, np.zeros(node.shape)), dtype=float) for node in self.nodes]
        whole = np.stack(gradients) if self.stacked else gradients[0]
        return whole if self.key is None else np.asarray(whole[self.key])


def differentiated(graph: Graph, expr: Call) -> Node:
    """Return the node of grad(L, x), jacobian(y, x), local(y, x) or parts(L, W)."""
    name = expr.function
    if not graph.gradients:
        raise EngineError("name", f"{name} cannot be used in answers: write the derivative itself, or its numbers.")
    if len(expr.args) != 2 or expr.keywords:
        raise EngineError("notation", f"Write {name}(y, x): the derivative of y with respect to x.")
    target = graph.node(expr.args[0])
    wrt = _wrt(graph, expr.args[1], name)
    if name in ("grad", "parts") and size(target.shape) != 1:
        raise EngineError(
            "shape", f"{name} differentiates one number; {brief(expr.args[0])} has the shape {in_words(target.shape)}."
        )
    nodes = reachable(target)
    for node in (target, *wrt.nodes):
        graph.charge(node.number.shape, 0)
    rows = 1 if name in ("grad", "parts") else size(target.shape)
    if rows > MAX_ROWS:
        raise EngineError("limit", f"A Jacobian has at most {MAX_ROWS} rows here; y has {rows} elements.")
    if graph.counts_work:
        graph.charge((), rows * sum(map(_work, nodes)))
    if name == "grad":
        with np.errstate(all="ignore"):
            value = wrt.gather(_backward(target, nodes, leading=_leading_to(wrt.nodes, nodes)))
    elif name == "parts":
        value = _parts(nodes, wrt, brief(expr.args[1]), _count(graph, nodes))
    else:
        value = _jacobian(target, wrt, local=name == "local")
    graph.charge(value.shape, 0)
    return graph.add(graph.inner_name(), "grad", (target, *wrt.nodes), value.shape, frozen(value), expr)


def _work(node: Node) -> int:
    """Return about how many element operations the gradient of a node takes."""
    own = max(1, size(node.shape))
    if node.op in LEAVES:
        return own
    work = rule(node.op).work
    if work is not None:
        return max(own, 2 * work(*[parent.shape for parent in node.parents], **node.static))
    return max([own, *(size(parent.shape) for parent in node.parents)])


def _count(graph: Graph, nodes: list[Node]) -> int:
    """Return how many time steps the recurrences among some nodes have (the most, where there are several)."""
    among = set(nodes)
    lengths = [
        len(entry.steps)
        for entry in graph.names.values()
        if isinstance(entry, Sequence) and any(step in among for step in entry.steps)
    ]
    return max(lengths, default=0)


def _wrt(graph: Graph, expr: Expr, name: str) -> _Wrt:
    match expr:
        case Name(id=wanted) if wanted in graph.names:
            node = graph.whole(wanted)
            entry = graph.names[wanted]
            if isinstance(entry, Sequence):
                return _Wrt(_steps(entry), stacked=True)
            return _Wrt([node], stacked=False)
        case Index(base=Name(id=wanted)) if wanted in graph.names:
            node = graph.node(expr)
            entry = graph.names[wanted]
            if node.named or node.op == "given":
                return _Wrt([node], stacked=False)
            if isinstance(entry, Sequence) and node.parents[0] is entry.whole:
                return _Wrt(_steps(entry), stacked=True, key=node.static["key"])
            if node.op == "index" and node.parents[0].named:
                return _Wrt([node.parents[0]], stacked=False, key=node.static["key"])
    raise EngineError(
        "notation",
        f"{name} takes a given or a step to differentiate with respect to, as in {name}(L, W), not {brief(expr)}.",
        expr.span,
    )


def _steps(sequence: Sequence) -> list[Node]:
    return [node for node in sequence.steps if node is not None]


def _jacobian(target: Node, wrt: _Wrt, local: bool) -> Array:
    """Return dy/dx with the shape y.shape + x.shape; local: through the expression of y alone."""
    if local and _is_whole(target) and target.parents:
        return np.stack([_jacobian(step, wrt, local) for step in target.parents])  # each step by its own line
    count = size(target.shape)
    fixed = set(wrt.nodes)

    def stop(node: Node) -> bool:
        return node in fixed or (local and node.named and node is not target and not _is_whole(node))

    ends = stop if local else None
    nodes = reachable(target, ends)  # the same for each row
    leading = _leading_to(wrt.nodes, nodes)
    rows = []
    for position in range(count):
        seed = np.zeros(count)
        seed[position] = 1.0
        seed = seed.reshape(target.shape)
        if local and target in fixed:
            rows.append(wrt.gather({target: seed}))
        else:
            with np.errstate(all="ignore"):
                rows.append(wrt.gather(_backward(target, nodes, seed, ends, leading)))
    if not rows:
        return np.zeros(target.shape + wrt.gather({}).shape)
    return np.stack(rows).reshape(target.shape + rows[0].shape)


def _is_whole(node: Node) -> bool:
    """Tell whether a node is the whole of a recurrence: only its steps side by side, so that nothing is held there."""
    return node.op == "stack" and node.named and isinstance(node.expr, Name)


def _parts(nodes: list[Node], wrt: _Wrt, name: str, count: int) -> Array:
    """Return the shares of dL/dW by time step, stacked on axis 0; `nodes` are all that L was made from, L first.

    An adjoint is kept by the step through which it left the loop; inside a step all are one.
    """
    if wrt.stacked or wrt.nodes[0].step is not None:
        raise EngineError("value", f"parts needs something that all time steps share; {name} has a value at each step.")
    if not count:
        raise EngineError("value", "parts needs a recurrence, but there is no loop.")
    target = nodes[0]
    adjoints: dict[Node, dict[int | None, Array]] = {target: {target.step: np.ones(target.shape)}}
    for node in nodes:
        gradients = adjoints.get(node)
        if gradients is None or node.op in LEAVES:
            continue
        if node.step is not None:
            gradients = {node.step: sum(gradients.values(), np.zeros(node.shape))}
        for step, gradient in gradients.items():
            _pass_on(node, step, gradient, adjoints)
    by_step = adjoints.get(wrt.nodes[0], {})
    if None in by_step:
        raise EngineError("value", f"{name} is also used outside the loop, where there is no time step.")
    zero = np.zeros(wrt.nodes[0].shape)
    shares = np.stack([by_step.get(step, zero) for step in range(count)])
    return shares if wrt.key is None else np.stack([np.asarray(share[wrt.key]) for share in shares])


def _pass_on(node: Node, step: int | None, gradient: Array, adjoints: dict[Node, dict[int | None, Array]]) -> None:
    for parent, share in zip(node.parents, pulled_back(node, gradient), strict=True):
        if share is None:
            continue
        gradients = adjoints.setdefault(parent, {})
        gradients[step] = gradients[step] + share if step in gradients else share
