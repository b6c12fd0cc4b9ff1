"""What cannot leave [0, 1], whatever the numbers are: gates, probabilities, masks, and what is made of them."""

from rnn_tutor.engine.graph.node import Node

_BOUNDED = {"sigmoid", "softmax", "masked_softmax", "one_hot", "length_mask", "zeros", "ones", "eye"}
_KEEPS = {
    *("array", "stack", "concat", "reshape", "ravel", "transpose", "swapaxes", "squeeze", "expand_dims", "repeat"),
    *(
        "tile",
        "broadcast_to",
        "flip",
        "roll",
        "full",
        "multiply",
        "maximum",
        "minimum",
        "where",
        "stop",
        "tril",
        "triu",
    ),
    *("mean", "prod", "max", "min", "cumprod", "index"),
}


def within_one(node: Node) -> bool:
    """Tell whether it is known, from how it was made, that every value lies in [0, 1]; False where it is not known."""
    todo, visited = [node], {node}
    while todo:
        further = _read_by(todo.pop())
        if further is None:
            return False
        todo += (parent for parent in further if parent not in visited)
        visited.update(further)
    return True


def _read_by(node: Node) -> tuple[Node, ...] | None:
    """Return the nodes that have to be within [0, 1] for this one to be; None where it can be anything."""
    if node.op in _BOUNDED or (node.value is not None and node.value.dtype.char == "?"):
        return ()
    if node.op in _KEEPS:
        return node.parents[:1] if node.op == "index" else node.parents
    if node.op == "number":
        return () if _constant_within(node, 1.0) else None
    if node.op == "subtract" and node.parents[0].op == "number" and _is_one(node.parents[0]):
        return node.parents[1:]
    if node.op == "power" and node.parents[1].op == "number" and _constant_within(node.parents[1], float("inf")):
        return node.parents[:1]
    return None


def _constant_within(node: Node, high: float) -> bool:
    return node.value is not None and bool(((node.value >= 0) & (node.value <= high)).all())


def _is_one(node: Node) -> bool:
    return node.value is not None and bool((node.value == 1).all())
