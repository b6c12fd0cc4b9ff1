"""The gradient view: dL/d(every step), and for recurrences how its norm runs over time.

L is what is asked for: itself where it is a scalar, the sum of its elements otherwise. It is read off the same graph,
walked backwards.
"""

from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.gradient import backward
from rnn_tutor.engine.graph.graph import Node, Sequence
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.figures.heatmap import Picture


@dataclass(frozen=True)
class Sensitivity:
    """dL/d(name), total. `norms` has the norm at each time step of a recurrent name, and is empty for any other."""

    name: str
    of: str
    picture: Picture
    norms: tuple[float, ...] = ()


def sensitivities(question: Question, part: Part | None = None) -> dict[str, Sensitivity]:
    """Return dL/d(name) for every step and given that what is asked for depends on, by name.

    Empty where nothing can be differentiated (choices, shapes without numbers).
    """
    asked = part if part is not None else question.parts[-1]
    if asked.node is None or asked.node.value is None or asked.kind == "shape":
        return {}
    of = asked.name if asked.node.shape == () else f"sum({asked.name})"
    try:
        adjoints = backward(asked.node)
    except EngineError:
        return {}  # a function in between has no gradient rule for these numbers; there is nothing to show
    by_name: dict[str, Sensitivity] = {}
    for name, entry in question.graph.names.items():
        node = question.graph.whole(name)
        value = _gathered(entry, adjoints)
        if value is None or not np.any(value):
            continue
        norms = _norms(value) if isinstance(entry, Sequence) else ()
        picture = Picture(f"d {of} / d {name}", value, axes=question.axes(node))
        by_name[name] = Sensitivity(name, of, picture, norms)
    return by_name


def _gathered(entry: "Node | Sequence", adjoints: "dict[Node, np.ndarray]") -> "np.ndarray | None":
    """Return dL/d(name); of a recurrent name, the total at each time step stacked."""
    if isinstance(entry, Node):
        adjoint = adjoints.get(entry)
        return None if adjoint is None else np.asarray(adjoint, dtype=float)
    nodes = [node for node in entry.steps if node is not None]
    if not nodes or not any(node in adjoints for node in nodes):
        return None
    return np.stack([np.asarray(adjoints.get(node, np.zeros(node.shape)), dtype=float) for node in nodes])


def _norms(value: "np.ndarray") -> tuple[float, ...]:
    rows = value.reshape(len(value), -1)
    return tuple(float(norm) for norm in np.sqrt((rows**2).sum(axis=1)))
