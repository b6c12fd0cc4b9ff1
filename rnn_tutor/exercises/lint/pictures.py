"""What there is to look at: can it be drawn, and does the picture of the question keep the answer back."""

from collections.abc import Iterator

import numpy as np

from rnn_tutor.engine.compare import close
from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.compiled import Compiled, CompiledShow, ExerciseError
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.figure import evaluator, figure
from rnn_tutor.exercises.files.finding import Severity, shown
from rnn_tutor.exercises.question import Part, Question, scratch
from rnn_tutor.figures.figure import Figure, Item

MOST_LINES = 6  # more are not told apart without colour
Said = tuple[str, str, Severity]


def all_shows(source: Compiled) -> list[CompiledShow]:
    """Return all there is to look at, the picture of the question first."""
    return [*([source.picture] if source.picture is not None else []), *source.shows]


def looked_at(question: Question) -> Iterator[Said]:
    """Give what is to be said about pictures with these numbers: the key, what it is, how bad."""
    for show in all_shows(question.compiled):
        try:
            picture = figure(show, evaluator(scratch(question)), question.axes)
        except ExerciseError as error:
            yield error.key, error.says, "error"
            continue
        if picture is None:
            continue
        for key, sentence in _drawn(picture, show.key):
            yield key, sentence, "warning"
        if show.key == "picture":
            for key, sentence in _given_away(question, show, picture):
                yield key, sentence, "error"


def _drawn(picture: Figure, key: str) -> Iterator[tuple[str, str]]:
    """What can be drawn, but not well."""
    if picture.kind in ("heatmap", "table", "tree"):
        return
    series = picture.series
    if picture.kind == "lines":
        for place, item in enumerate(picture.items):
            if len(item.values) < 2:
                yield f"{key}.lines[{place}]", f"{shown(item.name)} has fewer than 2 points; expected a line"
        if len(series) > MOST_LINES:
            yield f"{key}.lines", f"more than {MOST_LINES} lines are hard to tell apart; expected fewer"
    values = [item.values for item in series] + ([picture.level.values] if picture.level is not None else [])
    if picture.log and any((array <= 0).any() for array in values):
        yield f"{key}.log", "some values are not positive, and a logarithmic axis leaves them out; expected no log"


def _given_away(question: Question, show: CompiledShow, picture: Figure) -> Iterator[tuple[str, str]]:
    """What in the picture of a question is an answer, or has the same numbers."""
    for part in question.parts:
        if part.step and part.step in show.reads and part.step not in question.givens:
            sentence = f"{shown(part.step)} is the answer, and the picture shows it; expected only what leads to it"
            yield show.key, sentence
        elif isinstance(part.expected, np.ndarray):
            yield from _equal(question, part, part.expected, show, picture)


def _equal(
    question: Question, part: Part, expected: Array, show: CompiledShow, picture: Figure
) -> Iterator[tuple[str, str]]:
    one_by_one = not expected.ndim and show.kind != "lines"  # the numbers of all others can be read one by one
    places = [(f"{show.key}.{show.kind}[{place}]", item) for place, item in _numbered(show, picture)]
    places += [
        (f"{show.key}.{name}", item) for name in ("x", "y", "level") if (item := getattr(picture, name)) is not None
    ]
    for key, item in places:
        if item.name in question.givens or not item.values.size:
            continue
        if item.values.shape == expected.shape:
            given_away = bool(_same(part, item.values, expected).all())
        else:
            given_away = one_by_one and _has(question, part, show, item)
        if given_away:
            yield key, f"{shown(item.name)} has the numbers of {shown(part.name)}, which is the answer"


def _same(part: Part, values: Array, expected: Array) -> Array:
    """Tell which numbers would be marked right."""
    return close(values, np.broadcast_to(expected, values.shape), part.ask.rtol, part.ask.atol)


def _has(question: Question, part: Part, show: CompiledShow, item: Item) -> bool:
    """Tell whether one place of an item has the number that is asked for, with other numbers too.

    In a large picture some number is always near it; only one that is it in every draw gives it away.
    """
    places = _same(part, item.values, np.asarray(part.expected))
    for probe in probes(question.exercise) if places.any() else ():
        probe_figure = probe.figure(show)
        values = (
            next((other.values for other in probe_figure.items if other.name == item.name), None)
            if probe_figure is not None
            else None
        )
        if values is not None and values.shape == places.shape:
            places &= _same(part, values, np.asarray(probe.part(part.name).expected))
    return bool(places.any())


def _numbered(show: CompiledShow, picture: Figure) -> Iterator[tuple[int, Item]]:
    """Give the items with their places in the file: those without numbers are not among them."""
    names = [text for text, _ in show.items]
    return ((names.index(item.name), item) for item in picture.items)
