"""Which mistake a wrong answer shows.

An authored mistake, a value on the way, a wrong version of a step: the first kind that fits speaks. What is said is
"this is what you get when ...", which is true by construction. One that fits is named; two are both named, as possible;
of more none is. Two that give the same for every draw count as one. A fit that chance makes likely is not told, and an
expression has to fit with other numbers too: a wrong diagnosis is worse than none.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice

import numpy as np

from rnn_tutor.engine.compare import EXACTLY, PROBE, Comparison, compare, same, typed_numbers
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Number, names_in, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import Node, as_numbers
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.chance import by_chance
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.diagnosis.first_difference import parted
from rnn_tutor.exercises.diagnosis.intermediate import Stage, stages
from rnn_tutor.exercises.diagnosis.literals import meanings, puts_in
from rnn_tutor.exercises.diagnosis.mistakes import Known, authored, value_of, wrong_versions
from rnn_tutor.exercises.diagnosis.withheld import gives_away
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import scope_of
from rnn_tutor.exercises.verdict import Diagnosis, Reading

FEW_DIGITS = 2
MOST_MEANINGS = 12  # ways to take the numbers of an expression for givens
NEAR_TYPED = (1e-3, 1e-6)  # relative and absolute: how near a value on the way is to be, whatever the answer may be off
NEAR_COMPUTED = (1e-6, 1e-9)  # ... and one that is computed from names alone


def diagnose(
    question: Question,
    part: Part,
    reading: Reading,
    comparison: Comparison | None,
    own: Mapping[str, Array] | None = None,
) -> Diagnosis:
    """Return the diagnosis of an answer that is finite and not right; `comparison` is None where its shape is wrong.

    `own` has the values of the learner's earlier parts, which their expression may use.
    """
    value = reading.value
    assert isinstance(value, np.ndarray) and isinstance(part.expected, np.ndarray)  # noqa: S101 - a value part
    elsewhere = _elsewhere(question, reading, own or {})
    diagnosis = _known_mistake(question, part, reading, elsewhere)
    if diagnosis is None and elsewhere and reading.expr is not None:
        for meant, _ in islice(meanings(question, reading.expr), MOST_MEANINGS):
            instead = replace(reading, expr=meant)  # with names for the numbers that stand for them
            diagnosis = diagnosis or _known_mistake(question, part, instead, _elsewhere(question, instead, own or {}))
        if diagnosis is None and puts_in(question, reading.expr):
            diagnosis = _known_mistake(question, part, reading, [])  # a number put in for a step holds here only
    if diagnosis is not None:
        return diagnosis
    if comparison is None:
        return Diagnosis("shape", _shape(part, value))
    way = parted(question, part, reading, own or {}) if reading.uses else ""
    return _elements(part, reading, comparison, way)


def known_everywhere(question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere") -> Diagnosis | None:
    """Return the known mistake that an expression is, with these numbers and with all the others."""
    return _known_mistake(question, part, reading, elsewhere)


def known_exactly(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Return the authored mistake or value on the way that an answer exactly is, though it rounds the right one too."""
    return _authored(question, part, reading, [], _exactly) or _on_the_way(question, part, reading, [], _exactly)


def _exactly(part: Part, reading: Reading, candidate: Array) -> bool:
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    return same(value, candidate, EXACTLY) and not looks_right(part, candidate)


def _known_mistake(question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere") -> Diagnosis | None:
    """Return the known mistake that an answer shows: authored, a value on the way, a wrong version; None for none."""
    diagnosis = _authored(question, part, reading, elsewhere) or _on_the_way(question, part, reading, elsewhere)
    if diagnosis is not None:
        return diagnosis
    sentence = _mutation(question, part, reading, elsewhere)
    return None if sentence is None else Diagnosis("mutation", sentence)


def _authored(
    question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere", fits: "Fits | None" = None
) -> Diagnosis | None:
    fits = fits or _fits
    sentences = dict.fromkeys(
        mistake.wording
        for mistake in authored(question, part)
        if fits(part, reading, mistake.value) and _fits_elsewhere(elsewhere, part, mistake.text)
    )
    return Diagnosis("authored", " Or: ".join(sentences)) if 1 <= len(sentences) <= 2 else None


def _on_the_way(
    question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere", fits: "Fits | None" = None
) -> Diagnosis | None:
    middle = intermediate(question, part, reading, elsewhere, fits or _fits_closely)
    return None if middle is None else Diagnosis("intermediate", middle)


def _shape(part: Part, value: Array) -> str:
    expected = part.expected
    assert isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    sentence = words.wrong_shape(value.shape, expected.shape, part.axes, part.name)
    turned = [value.reshape(-1), value.T.reshape(-1)] if value.size == expected.size else []
    rules = {"digits": part.ask.digits, "rtol": part.ask.rtol, "atol": part.ask.atol}
    right = any(
        compare(flat, expected.reshape(-1), **rules).verdict == "right"  # type: ignore[arg-type]
        for flat in turned
    )
    return f"{sentence} The numbers themselves are right." if right else sentence


def _fits(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether the learner's value is an authored mistake's, as near as the right answer would have to be."""
    return _matches(part, reading, candidate, (part.ask.rtol, part.ask.atol))


def _fits_closely(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether the learner's value is one that the engine knows of: the more it knows, the nearer it has to be."""
    (rtol, atol), expr = NEAR_TYPED, reading.expr
    if expr is not None and reading.uses and not any(isinstance(piece, Number) for piece in walk(expr)):
        rtol, atol = NEAR_COMPUTED
    return _matches(part, reading, candidate, (min(rtol, part.ask.rtol), min(atol, part.ask.atol)))


def _matches(part: Part, reading: Reading, candidate: Array, within: tuple[float, float]) -> bool:
    """Tell whether a value is a candidate's, which is not the expected one; typed numbers to two digits at least."""
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if value.shape != candidate.shape or value.size == 0:
        return False
    typed = typed_numbers(reading.expr) if reading.expr is not None else None
    digits = min(FEW_DIGITS, part.ask.digits)
    comparison = compare(value, candidate, digits=digits, rtol=within[0], atol=within[1], typed=typed)
    return comparison.verdict == "right" and not looks_right(part, candidate)


Elsewhere = list[tuple[Question, Array]]
Fits = Callable[[Part, Reading, Array], bool]


def _elsewhere(question: Question, reading: Reading, own: Mapping[str, Array]) -> Elsewhere:
    """Return what an expression gives with other numbers, so that what it seems to be can be tried there.

    Earlier parts that it uses have their right values there; lines of the learner's own cannot be had.
    """
    if not reading.uses or reading.expr is None:
        return []
    used = names_in(reading.expr) & set(own)
    elsewhere: Elsewhere = []
    for probe in probes(question.exercise):
        if not used <= set(probe.truths):
            return []
        try:
            scope = scope_of(probe, {name: probe.truths[name] for name in used})
            elsewhere.append((probe, as_numbers(scope.evaluate(reading.expr).number)))
        except EngineError:
            continue  # it cannot be computed there; the numbers in hand have to do
    return elsewhere


def _fits_elsewhere(elsewhere: Elsewhere, part: Part, text: str) -> bool:
    """Tell whether an authored mistake is what an expression gives with other numbers too."""
    return all(
        any(
            mistake.text == text and same(mistake.value, value, PROBE)
            for mistake in authored(probe, probe.part(part.name))
        )
        for probe, value in elsewhere
    )


def _mutation(question: Question, part: Part, reading: Reading, elsewhere: Elsewhere) -> str | None:
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    versions = wrong_versions(question, part)
    fits = [version for version in versions if _fits_closely(part, reading, version.value)]
    fits = [
        version
        for version in fits
        if all(same(_value_elsewhere(probe, part, version), probe_value, PROBE) for probe, probe_value in elsewhere)
    ]
    fits = [
        version
        for version in fits
        if not gives_away(question, reading, partial(_value_elsewhere, part=part, version=version))
    ]
    if not fits:
        return None
    if not elsewhere and by_chance(part, reading.expr, value, (version.value for version in versions)):
        return None
    groups = _distinct(question, part, fits)
    if len(groups) > 2:
        return None
    clauses = [_clause(part, version) for version in groups]
    if len(clauses) == 1:
        return f"This is what you get when {clauses[0]}."
    return f"This is what you get when {clauses[0]}, or when {clauses[1]}."


def _value_elsewhere(probe: Question, part: Part, version: Known) -> Array | None:
    return None if version.mutant is None else value_of(probe, probe.part(part.name), version.mutant)


def _clause(part: Part, version: Known) -> str:
    if version.mutant is None or version.mutant.let in ("", part.step) or "(" in version.mutant.let:
        return version.wording
    return f"{version.wording}, in the step {version.mutant.let}"


def _distinct(question: Question, part: Part, fits: list[Known]) -> list[Known]:
    """Return one of each group of mistakes that give the same for other numbers too."""
    own = part.step
    fits = sorted(fits, key=lambda version: version.mutant is None or version.mutant.let not in ("", own))
    if len(fits) <= 1:
        return fits
    groups: list[tuple[Known, list[Array | None]]] = []
    for version in fits:
        probe_values = [_value_elsewhere(probe, part, version) for probe in probes(question.exercise)]
        alike = any(
            probe_values
            and all(same(a, b, PROBE) or (a is None and b is None) for a, b in zip(probe_values, other, strict=True))
            for _, other in groups
        )
        if not alike:
            groups.append((version, probe_values))
    return [version for version, _ in groups]


def intermediate(question: Question, part: Part, reading: Reading, elsewhere: Elsewhere, fits: Fits) -> str | None:
    """Say which value on the way to the answer (or which other value of the exercise) an answer is."""
    if part.node is None:
        return None
    at_probes = [(list(stages(probe, probe.part(part.name))), value) for probe, value in elsewhere]
    for at, stage in enumerate(stages(question, part)):
        places: list[int] = []
        for place, (node, _) in enumerate(stage):
            if node.value is None or not fits(part, reading, as_numbers(node.value)) or not _tells(node):
                continue
            if node.op == "given" and reading.uses and not elsewhere:
                continue  # something was done with it, or with others
            if gives_away(question, reading, partial(_value_at_stage, part, (at, place, len(stage)))):
                continue
            others = [(probe_stages[at], value) for probe_stages, value in at_probes]
            if all(
                place < len(other) and other[place][0].value is not None and same(other[place][0].number, value, PROBE)
                for other, value in others
            ):
                places.append(place)
        sentences = list(dict.fromkeys(stage[place][1]() for place in _apart(question, part, at, stage, places)))
        if 1 <= len(sentences) <= 2:
            return " Or: ".join(sentences)
        if sentences:
            return None
    return None


def _value_at_stage(part: Part, where: tuple[int, int, int], probe: Question) -> Array | None:
    """Return what is at a place of a stage with other numbers; None where there are not as many time steps."""
    at, place, count = where
    stage = list(stages(probe, probe.part(part.name)))[at]
    value = stage[place][0].value if len(stage) == count else None
    return None if value is None else as_numbers(value)


def _apart(question: Question, part: Part, at: int, stage: Stage, places: list[int]) -> list[int]:
    """Return one of each group of values that are the same with other numbers too, the first of it."""
    if len(places) < 2:
        return places
    probe_stages = [list(stages(probe, probe.part(part.name)))[at] for probe in probes(question.exercise)]
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
    """Nothing but zeros is on the way everywhere, and tells nothing; nor does a given that is a 1."""
    value = node.number
    return bool(np.any(value)) and not (node.op == "given" and value.shape == () and float(value) == 1.0)


def _elements(part: Part, reading: Reading, comparison: Comparison, way: str) -> Diagnosis:
    right = comparison.right | comparison.rounded
    if not way and _is_close(part, reading):
        return Diagnosis("none", "That is very close: where you rounded on the way, carry more digits.")
    if not right.any() or right.ndim == 0:
        if way:
            return Diagnosis("elements", f"That is not it yet. {way}")
        return Diagnosis("none", "That is not it yet, and no known mistake can be told from it.")
    cells = [tuple(int(k) for k in cell) for cell in np.argwhere(~right)]
    names = [words.cell_name(part.name, cell) for cell in cells]
    if len(cells) > 4:
        sentence = f"{int(right.sum())} of the {right.size} elements are right; {len(cells)} are not yet."
    else:
        verb = "is" if len(cells) == 1 else "are"
        sentence = f"{int(right.sum())} of {right.size} right; {words.enumerated(names)} {verb} not yet."
    return Diagnosis("elements", f"{sentence} {way}".strip())


CLOSE = 0.006  # relative: what rounding to three digits and going on with it makes of a result


def _is_close(part: Part, reading: Reading) -> bool:
    value, expected = reading.value, part.expected
    assert isinstance(value, np.ndarray) and isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    counted = np.array_equal(expected, np.round(expected)) and np.array_equal(value, np.round(value))
    if counted or part.kind == "program":  # neither rounds on the way
        return False
    return bool(np.all(np.abs(value - expected) <= CLOSE * np.abs(expected)))
