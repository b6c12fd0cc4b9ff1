"""Which value on the way to an answer, or which other value of the exercise, an answer is."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from rnn_tutor.engine.compare import EXACTLY, PROBE, same, typed_numbers
from rnn_tutor.engine.expression import Expr, brief
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import Node, as_numbers
from rnn_tutor.exercises.diagnosis.chance import TOO_CROWDED, by_chance, few_digits
from rnn_tutor.exercises.diagnosis.first_difference import over_time
from rnn_tutor.exercises.diagnosis.fits import (
    Elsewhere,
    Fits,
    fits_closely,
)
from rnn_tutor.exercises.diagnosis.intermediate import Stage, stages
from rnn_tutor.exercises.diagnosis.mistakes import context_of
from rnn_tutor.exercises.diagnosis.withheld import gives_away
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.verdict import Diagnosis, Reading


def intermediate(
    question: Question, part: Part, reading: Reading, elsewhere: Elsewhere, fits: Fits, *, inside: bool = False
) -> str | None:
    """Say which value on the way to the answer (or which other value of the exercise) an answer is.

    inside: say it of the values inside of steps that the answer is not made from, and of no others.
    """
    if part.node is None:
        return None
    assert isinstance(reading.value, np.ndarray)  # noqa: S101 - a value part
    at_probes = [(stages(probe, probe.part(part.name)), value) for probe, value in elsewhere]
    known = stages(question, part)
    short = not reading.uses and few_digits(part, reading)
    crowded = short and _crowded_with(part, reading, known, TOO_CROWDED)
    by_accident = short and _one_digit(reading) and _crowded_with(part, reading, known, ANY_DIGIT)
    others = [other.node for other in question.parts if other is not part and other.node is not None]
    if inside and (short or reading.uses or _crowded_with(part, reading, known, OF_OTHERS)):
        return None  # there is much in other steps: it has to fit in more digits, and a formula is told by its own form
    last = len(known) - 1
    for at, stage in enumerate(known):
        if inside != (at == last):
            continue
        places: list[int] = []
        for place, (node, _) in enumerate(stage):
            if node.value is None or not fits(part, reading, as_numbers(node.value)) or not _tells(node):
                continue
            if crowded and not same(reading.value, as_numbers(node.value), EXACTLY):
                continue
            if by_accident and (node.op == "given" or node in others):
                continue
            if node.op == "given" and reading.uses and not elsewhere:
                continue  # something was done with it, or with others
            if gives_away(question, reading, partial(_value_at_stage, part, (at, place, len(stage)))):
                continue
            there = [(probe_stages[at], value) for probe_stages, value in at_probes]
            if all(
                place < len(other) and other[place][0].value is not None and same(other[place][0].number, value, PROBE)
                for other, value in there
            ):
                places.append(place)
        sentences = list(dict.fromkeys(stage[place][1]() for place in _apart(question, part, at, stage, places)))
        if 1 <= len(sentences) <= 2:
            return " Or: ".join(sentences)
        if sentences:
            return None
    return None


TENS = 10


def _one_digit(reading: Reading) -> bool:
    """Tell whether one whole number of one digit was typed: where there are many, it is some given by chance."""
    typed = typed_numbers(reading.expr) if reading.expr is not None else []
    return (
        len(typed) == 1 and typed[0] is not None and abs(typed[0]) < TENS and typed[0] == typed[0].to_integral_value()
    )


OF_OTHERS = 0.01  # values, those inside of other steps too, that may be expected to fit by chance
ANY_DIGIT = 1.0  # values that may be expected to be a digit that was typed


def _crowded_with(part: Part, reading: Reading, known: Sequence[Stage], most: float) -> bool:
    values = [as_numbers(node.number) for stage in known for node, _ in stage if node.value is not None]
    assert isinstance(reading.value, np.ndarray)  # noqa: S101 - a value part
    return by_chance(part, reading.expr, reading.value, [value for value in values if not value.shape], most)


def _value_at_stage(part: Part, where: tuple[int, int, int], probe: Question) -> Array | None:
    """Return what is at a place of a stage with other numbers; None where there are not as many time steps."""
    at, place, count = where
    stage = stages(probe, probe.part(part.name))[at]
    value = stage[place][0].value if len(stage) == count else None
    return None if value is None else as_numbers(value)


def _apart(question: Question, part: Part, at: int, stage: Stage, places: list[int]) -> list[int]:
    """Return one of each group of values that are the same with other numbers too, the first of it."""
    if len(places) < 2:
        return places
    probe_stages = [stages(probe, probe.part(part.name))[at] for probe in probes(question.exercise)]
    # Only those with as many time steps.
    probe_stages = [probe_stage for probe_stage in probe_stages if len(probe_stage) == len(stage)]
    firsts: list[int] = []
    for place in places:
        same_as = (
            other
            for other in firsts
            if stage[other][0] is stage[place][0]
            or (
                probe_stages
                and all(
                    same(probe_stage[other][0].value, probe_stage[place][0].value, PROBE)
                    for probe_stage in probe_stages
                )
            )
        )
        if next(same_as, None) is None:
            firsts.append(place)
    return firsts


def _tells(node: Node) -> bool:
    """Nothing but zeros is on the way everywhere, and tells nothing; nor does a given that is a 1, or what is true."""
    value = node.number
    if value.shape == () and value.dtype.char == "?":
        return False
    return bool(np.any(value)) and not (node.op == "given" and value.shape == () and float(value) == 1.0)


def at_every_step(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Say what of a recurrence an answer is, at every time step: a value on the way to it that has no name."""
    if reading.uses or part.node is None or not part.node.shape:
        return None
    for expr, name, value in over_time(question):
        step = question.graph.names.get(name)
        if name in question.compiled.pictured or step is None or not fits_closely(part, reading, value):
            continue
        if not gives_away(question, reading, partial(_at_every_step_elsewhere, expr=expr)):
            text = brief(context_of(question).visible(expr))
            return Diagnosis("intermediate", f"That is `{text}` at every time step; `{part.name}` needs more steps.")
    return None


def _at_every_step_elsewhere(probe: Question, expr: Expr) -> Array | None:
    return next((value for other, _, value in over_time(probe) if other is expr), None)
