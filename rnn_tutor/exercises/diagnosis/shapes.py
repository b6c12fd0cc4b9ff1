"""Which mistake a wrong shape shows, where a shape is what is asked for."""

import re
from collections.abc import Iterator
from functools import partial
from math import gcd

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Expr, Name
from rnn_tutor.engine.graph.graph import Node, Sequence
from rnn_tutor.engine.graph.steps import lets
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.intermediate import UNNAMED, as_seen
from rnn_tutor.exercises.diagnosis.mistakes import names_seen
from rnn_tutor.exercises.diagnosis.withheld import gives_away
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question, scratch
from rnn_tutor.exercises.reading import sizes_of_text
from rnn_tutor.exercises.verdict import Diagnosis, Reading

_NUMBER = re.compile(r"(?<![\w.])\d")


def diagnose_shape(question: Question, part: Part, reading: Reading) -> Diagnosis:
    """Return the diagnosis of a shape that is not the one asked for.

    An authored mistake speaks first, then a given or step that has this shape; else which sizes are not right. A text
    with symbols has to be the mistake's with other sizes too.
    """
    got, want = reading.value, part.expected
    assert isinstance(got, tuple) and isinstance(want, tuple)  # noqa: S101 - what a shape part holds
    sized_draws = [(question, got)]
    if reading.uses:
        for probe in probes(question.exercise):
            sizes = sizes_of_text(probe, part, reading.text)
            sized_draws += [(probe, sizes)] if sizes is not None else []
    sentences = _authored(question, part, sized_draws)
    if not sentences and _NUMBER.search(reading.text):
        sentences = _authored(question, part, sized_draws[:1])  # numbers put in for symbols hold here only
    if 1 <= len(sentences) <= 2:
        return Diagnosis("authored", " Or: ".join(sentences))
    named = [name for name in question.graph.names if all(_has_shape(draw, name, sizes) for draw, sizes in sized_draws)]
    named = [name for name in named if not gives_away(question, reading, partial(_shape_of_name, name))]
    if named and len(got) > 1 and len(named) <= 2:
        seen = list(dict.fromkeys(filter(None, (_seen(question, name) for name in named)))) or [UNNAMED]
        return Diagnosis("intermediate", f"That is the shape of {words.enumerated(seen)}, not of `{part.name}`.")
    found = [_mistakes(draw, draw.part(part.name), sizes) for draw, sizes in sized_draws]
    clauses = {key: clause for key, clause in found[0].items() if all(key in other for other in found)}
    if 1 <= len(clauses) <= 2:
        rule = " or ".join(dict.fromkeys(key[0] for key in clauses))
        sentence = f"You would get this if {', or if '.join(clauses.values())}."
        return Diagnosis("mutation", f"{sentence} {what_is_right(got, want, part)}".rstrip(), rule)
    return Diagnosis("shape", words.wrong_sizes(got, want, part.axes, part.name))


def _seen(question: Question, name: str) -> str:
    """Return what has a name as the learner knows it: a hidden step by what it is made of, "" if that is too long."""
    meaning = question.meaning(name)
    seen = names_seen(question)
    steps = [let.expr for let in lets(question.compiled.program) if let.name == name and name not in seen]
    return f"{as_seen(question, steps[0] if steps else Name(name))}{f' ({meaning})' if meaning else ''}"


def what_is_right(got: Shape, want: Shape, part: Part) -> str:
    """Say which sizes are right, where the typed shape has as many as are asked for."""
    if len(got) != len(want):
        return ""
    right = [f"`{part.axes[k]}`" for k in range(len(want)) if got[k] == want[k] and k < len(part.axes)]
    return f"{words.enumerated(right)} {'is' if len(right) == 1 else 'are'} right." if right else ""


Key = tuple[str, int, str]  # the rule, the axis, the name that it is about: the same for every draw


def _mistakes(question: Question, part: Part, got: Shape) -> dict[Key, str]:
    """Return the mistakes that give these sizes for the shape that is asked for, as clauses after "if".

    Nothing is told of a size that is still to find: what is named is what the sizes typed are.
    """
    want = part.expected
    assert isinstance(want, tuple)  # noqa: S101 - what a shape part holds
    axes = [f"`{part.axes[k]}`" if k < len(part.axes) and part.axes[k] else f"number {k + 1}" for k in range(len(want))]
    found: dict[Key, str] = {}
    if len(got) == len(want) - 1:
        found.update(_one_missing(got, want, axes))
    elif len(got) == len(want) + 1:
        found.update(_one_too_many(question, got, want))
    elif len(got) == len(want):
        if sorted(got) == sorted(want) and got != want:
            return {("shape_order", 0, ""): "the axes stood in another order"}
        differing = [k for k in range(len(want)) if got[k] != want[k]]
        if len(differing) == 1:
            found.update(_another_size(question, got[differing[0]], want[differing[0]], differing[0], axes))
        elif len({want[k] for k in differing}) == 1 == len({got[k] for k in differing}):
            other = dict(_another_size(question, got[differing[0]], want[differing[0]], differing[0], axes))
            both = words.enumerated([axes[k] for k in differing])
            found.update({key: clause.replace(axes[differing[0]], both) for key, clause in other.items()})
    if len(got) == 1 < len(want) - 1 and got[0] == int(np.prod(want)):
        found["shape_merged", 0, ""] = "all axes were made into one"
    return found


def _one_missing(got: Shape, want: Shape, axes: list[str]) -> Iterator[tuple[Key, str]]:
    """An axis left out, or two made into one."""
    for k in range(len(want)):
        if want[:k] + want[k + 1 :] == got:
            yield ("shape_missing", k, ""), f"the axis {axes[k]} were left out"
    for k in range(len(want) - 1):
        if (*want[:k], want[k] * want[k + 1], *want[k + 2 :]) == got:
            yield ("shape_merged", k, ""), f"the axes {axes[k]} and {axes[k + 1]} were made into one"
    for k in range(len(want) - 1):
        if (*want[:k], want[k] + want[k + 1], *want[k + 2 :]) == got:
            yield ("shape_merged", k, "+"), f"the sizes of {axes[k]} and {axes[k + 1]} were added"


def _one_too_many(question: Question, got: Shape, want: Shape) -> Iterator[tuple[Key, str]]:
    """An axis that is still there: of a size that a name has, or of 1."""
    names = sizes_of_givens(question)
    for k in range(len(got)):
        if got[:k] + got[k + 1 :] == want and (k == 0 or got[k] != got[k - 1]):
            for name, size in names.items():
                if size == got[k]:
                    yield ("shape_kept", k, name), f"the axis of {_named(question, name)} were still there"
            if got[k] == 1:
                yield ("shape_kept", k, "1"), "an axis of 1 were still there"


def _another_size(question: Question, got: int, want: int, at: int, axes: list[str]) -> Iterator[tuple[Key, str]]:
    """The size of something else, one more for a bias, and that of other gates or directions."""
    named = [name for name, size in sizes_of_givens(question).items() if size == got]
    for name in named:
        yield ("shape_size", at, name), f"{axes[at]} had the size of {_named(question, name)}"
    if named:
        return
    if got == 1:
        yield ("shape_size", at, "1"), f"{axes[at]} had the size 1"
        return
    if got == want + 1:
        yield ("shape_size", at, "+1"), f"{axes[at]} were one larger (a bias counted as a column, say)"
    for blocks in BLOCKS:
        for before in BLOCKS:
            if before != blocks and got * before == want * blocks and want % before == 0 and _common(before, blocks):
                count = "one block" if blocks == 1 else f"{blocks} blocks"
                yield ("shape_blocks", at, str(blocks)), f"{axes[at]} had {count} (gates, directions, layers)"
    for first, one in sizes_of_givens(question).items():
        for second, other in sizes_of_givens(question).items():
            if first < second and one + other == got and want in (one, other, 2 * one, 2 * other):
                both = f"{_named(question, first)} and {_named(question, second)}"
                yield ("shape_size", at, f"{first}+{second}"), f"{axes[at]} had the sizes of {both} together"


BLOCKS = (1, 2, 3, 4)


def _common(before: int, blocks: int) -> bool:
    """Tell whether these have no factor in common: of 2 and 4 blocks 1 and 2 say the same."""
    return gcd(before, blocks) == 1


def sizes_of_givens(question: Question) -> dict[str, int]:
    """Return the givens that are sizes: whole numbers above 1."""
    numbers = {name: value for name, value in question.givens.items() if isinstance(value, np.ndarray)}
    return {
        name: int(value)
        for name, value in numbers.items()
        if value.shape == () and float(value).is_integer() and value > 1
    }


def _named(question: Question, name: str) -> str:
    meaning = question.meaning(name)
    return f"`{name}` ({meaning})" if meaning else f"`{name}`"


def _authored(question: Question, part: Part, sized_draws: list[tuple[Question, Shape]]) -> list[str]:
    """Return what is said of the authored mistakes that have these sizes, each for its question."""
    sentences = [
        compiled.mistake.say
        for compiled in question.compiled.mistakes
        if compiled.mistake.answer in (None, part.name)
        and all(shape_of(draw, compiled.expr) == sizes != draw.part(part.name).expected for draw, sizes in sized_draws)
    ]
    return list(dict.fromkeys(sentences))


def shape_of(question: Question, expr: Expr) -> Shape | None:
    """Return the shape that an authored mistake stands for: the sizes that it lists, or the shape of its value."""
    try:
        node = scratch(question).evaluate(expr)
    except EngineError:
        return None
    if isinstance(expr, ArrayExpr) and node.value is not None and node.value.ndim == 1:
        return tuple(int(size) for size in node.value)
    return node.shape


def _has_shape(question: Question, name: str, sizes: Shape) -> bool:
    return _shape_of_name(name, question) == sizes


def _shape_of_name(name: str, question: Question) -> Shape | None:
    entry = question.graph.names[name]
    node: Node | None = entry.whole if isinstance(entry, Sequence) else entry
    return node.shape if node is not None else None
