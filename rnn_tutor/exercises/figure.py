"""An item of `show`, or the `picture` of an exercise, with numbers in it: read off the graph, and checked."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, Name
from rnn_tutor.engine.graph.axes import Axes
from rnn_tutor.engine.graph.graph import Graph, Node, as_numbers
from rnn_tutor.engine.number_text import significant
from rnn_tutor.engine.shapes import in_words
from rnn_tutor.exercises.compiled import CompiledShow, ExerciseError
from rnn_tutor.figures import FigureKind
from rnn_tutor.figures.figure import Figure, Item, Labels
from rnn_tutor.figures.heatmap import compared
from rnn_tutor.figures.tree import fault


def figure(
    show: CompiledShow,
    evaluate: Callable[[Expr], Node],
    axes: Callable[[Node], Axes],
    labels: Callable[[Node], tuple[Labels, ...]] | None = None,
) -> Figure | None:
    """Return something to look at with its numbers; None where nothing in it has numbers.

    evaluate: gives the node of an expression; axes: a name, or "", for each axis of a node; labels: for each axis what
    stands at its places, () for their index. Raises ExerciseError, with the key of the file, where something does not
    evaluate or cannot be drawn as what it should be.
    """
    items: list[Item] = []
    for place, (text, expr) in enumerate(show.items):
        item = _item(text, expr, f"{show.key}.{show.kind}[{place}]", evaluate, axes)
        if item is not None:
            _check_axes(show.kind, item, f"{show.key}.{show.kind}[{place}]")
            items.append(replace(item, labels=labels(item.node)) if labels and item.node is not None else item)
    if not items:
        return None
    if show.kind == "tree":
        _check_tree(items, show.key)
    x = show.x and _item(show.show.x or "", show.x, f"{show.key}.x", evaluate, axes)
    if x and show.kind == "lines" and x.values.ndim == 2:
        _check_columns(x, items, f"{show.key}.x")
    elif x:
        _check_along(x, items, f"{show.key}.x", 0 if show.kind != "heatmap" else -1)
    y = show.y and _item(show.show.y or "", show.y, f"{show.key}.y", evaluate, axes)
    if y:
        _check_along(y, items, f"{show.key}.y", -2)
    level = show.level and _item(show.show.level or "", show.level, f"{show.key}.level", evaluate, axes)
    if level and level.values.ndim:
        error = EngineError("shape", f"A level is one number; this is {in_words(level.values.shape)}.")
        raise ExerciseError(f"{show.key}.level", error)
    if show.kind == "heatmap":
        scales = compared([(item.values, item.within_one) for item in items])
        items = [
            replace(_labelled(item, x or None, y or None), scale=scale)
            for item, scale in zip(items, scales, strict=True)
        ]
    elif show.kind == "bars" and x:
        items = [replace(item, labels=(_texts(x),)) for item in items]
    return Figure(show.kind, tuple(items), show.show.title, x or None, y or None, level or None, show.show.log)


def evaluator(graph: Graph) -> Callable[[Expr], Node]:
    """Return what evaluates expressions in a graph; of a recurrent name, all its steps."""

    def evaluate(expr: Expr) -> Node:
        return graph.whole(expr.id) if isinstance(expr, Name) and expr.id in graph.names else graph.evaluate(expr)

    return evaluate


def _item(
    text: str, expr: Expr, key: str, evaluate: Callable[[Expr], Node], axes: Callable[[Node], Axes]
) -> Item | None:
    try:
        node = evaluate(expr)
        if node.value is None:
            return None
        return Item(text, np.asarray(as_numbers(node.value)), axes(node), node)
    except EngineError as error:
        raise ExerciseError(key, error) from None


def _check_axes(kind: FigureKind, item: Item, key: str) -> None:
    """Lines are vectors or the columns of a matrix, bars are vectors or numbers."""
    ndim = item.values.ndim
    if kind == "lines" and ndim not in (1, 2):
        sentence = f"Lines need vectors or the columns of a matrix; this is {in_words(item.values.shape)}."
        raise ExerciseError(key, EngineError("shape", sentence))
    if kind == "bars" and ndim > 1:
        sentence = f"Bars need numbers or vectors; this is {in_words(item.values.shape)}."
        raise ExerciseError(key, EngineError("shape", sentence))


def _check_tree(items: list[Item], key: str) -> None:
    """The first of a tree says where the parents are, and the others have a number for each node."""
    parents = items[0].values
    for place, item in enumerate(items):
        if item.values.ndim != 2 or item.values.shape != parents.shape:
            expected = "matrices of one shape, levels by places"
            sentence = f"A tree needs {expected}; {item.name} is {in_words(item.values.shape)}."
            raise ExerciseError(f"{key}.tree[{place}]", EngineError("shape", sentence))
    if sentence := fault(parents):
        raise ExerciseError(f"{key}.tree[0]", EngineError("value", sentence))


def _check_along(along: Item, items: list[Item], key: str, axis: int) -> None:
    """What runs along an axis is a vector with an element for each place of it."""
    name = key.rpartition(".")[2]
    if along.values.ndim != 1:
        raise ExerciseError(key, EngineError("shape", f"{name} is a vector; this is {in_words(along.values.shape)}."))
    for item in items:
        if not -item.values.ndim <= axis < item.values.ndim:
            sentence = f"{item.name} has no axis for {name}: it is {in_words(item.values.shape)}."
            raise ExerciseError(key, EngineError("shape", sentence))
        size = item.values.shape[axis]
        if size != len(along.values):
            places = "points" if axis == 0 else "columns" if axis == -1 else "rows"
            sentence = f"{name} has {len(along.values)} elements and {item.name} has {size} {places}; expected as many."
            raise ExerciseError(key, EngineError("shape", sentence))


def _check_columns(x: Item, items: list[Item], key: str) -> None:
    """A matrix that says where the points of lines lie has a row for each point and a column for each line."""
    points, columns = x.values.shape
    lines = sum(1 if item.values.ndim == 1 else item.values.shape[1] for item in items)
    if columns != lines:
        sentence = f"x has {columns} columns and there are {lines} lines; expected a column for each line."
        raise ExerciseError(key, EngineError("shape", sentence))
    for item in items:
        if len(item.values) != points:
            sentence = f"x has {points} rows and {item.name} has {len(item.values)} points; expected as many."
            raise ExerciseError(key, EngineError("shape", sentence))


def _texts(along: Item) -> Labels:
    return tuple(significant(float(value)) for value in along.values)


def _labelled(item: Item, x: Item | None, y: Item | None) -> Item:
    """Return a heatmap's item with the values of its axes at its rows and columns."""
    labels: list[Labels] = [item.labelled(axis) for axis in range(item.values.ndim)]
    if y is not None:
        labels[-2] = _texts(y)
    if x is not None:
        labels[-1] = _texts(x)
    return replace(item, labels=tuple(labels))
