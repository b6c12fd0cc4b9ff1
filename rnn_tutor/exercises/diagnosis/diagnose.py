"""Which mistake a wrong answer shows.

An authored mistake, a value on the way, a wrong version of a step: the first kind that fits speaks. What is said is
"you would get this if ...", which is true by construction. One that fits is named; two are both named, as possible;
of more none is. Two that give the same for every draw count as one. A fit that chance makes likely is not told, and an
expression has to fit with other numbers too: a wrong diagnosis is worse than none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import islice

import numpy as np

from rnn_tutor.engine.compare import EXACTLY, PROBE, Comparison, compare, same, typed_numbers
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, Name, Number, brief, names_in, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import Node, as_numbers
from rnn_tutor.engine.graph.steps import lets
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.built import levels, value_elsewhere
from rnn_tutor.exercises.diagnosis.chance import by_chance, few_digits, nearness, to_the_digit, worth_pairs
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.diagnosis.first_difference import over_time, parted
from rnn_tutor.exercises.diagnosis.intermediate import Stage, stages
from rnn_tutor.exercises.diagnosis.literals import meanings, puts_in
from rnn_tutor.exercises.diagnosis.mistakes import READ_OFF, READ_OFF_COUNT, authored, context_of
from rnn_tutor.exercises.diagnosis.search import Version, computed, search, verified
from rnn_tutor.exercises.diagnosis.slips import slip
from rnn_tutor.exercises.diagnosis.withheld import gives_away
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import scope_of
from rnn_tutor.exercises.verdict import Diagnosis, Reading

FEW_DIGITS = 2
ROUNDING = 1e-12  # of what is computed as 0
MOST_SUSPECTS = 5  # mistakes of which one is looked for with other numbers
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
    slipped = slip(part, reading, comparison)
    if slipped is not None:
        return Diagnosis("slip", _with_what_is_right(comparison, slipped[1]), slipped[0])
    if not reading.uses:
        made = _built(question, part, reading)
        if made is not None:
            return made
    if comparison is None:
        return Diagnosis("shape", _shape(part, value))
    way = parted(question, part, reading, own or {}) if reading.uses else ""
    return _elements(part, reading, comparison, way)


def suspects(question: Question, part: Part, reading: Reading) -> tuple[Version, ...]:
    """Return the wrong versions that typed numbers may be, the likeliest first, where there are few of them.

    None of them can be told from chance, or from the others, with these numbers alone.
    """
    value = reading.value
    if part.node is None or part.kind == "program" or reading.uses or not isinstance(value, np.ndarray):
        return ()
    found = [
        version
        for version in _roughly(value, search(question, part).singles)
        if _fits_closely(part, reading, version.value) and _may_be(question, part, reading, version)
    ]
    groups = _distinct(question, part, sorted(found, key=lambda version: version.cost))
    return tuple(groups) if len(groups) <= MOST_SUSPECTS else ()


def decided(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Return which of the mistakes that an answer with other numbers may have been is the one; None for none, or more.

    A second fit is evidence enough: chance would have to make the same mistake fit twice.
    """
    if part.node is None or not isinstance(reading.value, np.ndarray):
        return None
    fits: list[Version] = []
    for version in reading.suspects:
        assert isinstance(version, Version)  # noqa: S101 - what `suspects` found
        value = computed(question, part, version)
        if value is None or not _fits_closely(part, reading, value) or _tells_a_part(question, part, reading, version):
            continue
        fits.append(replace(version, value=value))
    fits = _distinct(question, part, fits)
    if len(fits) != 1:
        return None
    return Diagnosis("mutation", f"You would get this if {worded(question, part, fits[0])}.", "+".join(fits[0].rules))


def _may_be(question: Question, part: Part, reading: Reading, version: Version) -> bool:
    """Tell whether a version gives its value on the graph too, and is not the value of a part that is still open."""
    value = computed(question, part, version)
    return value is not None and not _tells_a_part(question, part, reading, version)


def _tells_a_part(question: Question, part: Part, reading: Reading, version: Version) -> bool:
    """Tell whether naming a version would tell the value of a part that is still open."""
    return gives_away(question, reading, partial(_value_elsewhere, part=part, version=version))


def _rule_of(question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere") -> str:
    """Return the rule that an answer follows from as well, where a file says what is wrong with it; "" for none."""
    value = reading.value
    if part.node is None or not isinstance(value, np.ndarray):
        return ""
    fits = [
        version
        for version in _roughly(value, search(question, part).singles)
        if _fits_closely(part, reading, version.value) and _everywhere(question, part, version, elsewhere)
    ]
    groups = _distinct(question, part, sorted(fits, key=lambda version: version.cost))
    return "+".join(groups[0].rules) if len(groups) == 1 else ""


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
    if diagnosis is not None and diagnosis.kind == "authored":
        return replace(diagnosis, rule=_rule_of(question, part, reading, elsewhere))
    if diagnosis is not None:
        return diagnosis
    return _at_every_step(question, part, reading) or _searched(question, part, reading, elsewhere)


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
    atol = min(within[1], max(ROUNDING, within[0] * float(np.abs(value).max())))  # no other number is near to 1e-26
    rtol, near = within[0], nearness(reading)
    if near is not None:
        rtol, atol = min(rtol, near), min(atol, near * float(np.abs(value).max()))
    comparison = compare(value, candidate, digits=digits, rtol=rtol, atol=atol, typed=typed)
    if typed is not None and _counts(typed) and np.array_equal(candidate, np.round(candidate)):
        return bool(np.array_equal(value, candidate)) and not _too_near(part, candidate)
    return comparison.verdict == "right" and not _too_near(part, candidate)


def _counts(typed: Sequence[Decimal | None]) -> bool:
    """Tell whether whole numbers were typed to the last digit: 9999 is no 10000. One that ends in 0 may be rounded."""
    return all(one is not None and (one == 0 or one.normalize().as_tuple().exponent == 0) for one in typed)


TENS = 10


def _too_near(part: Part, candidate: Array) -> bool:
    """Tell whether a candidate is so near to what is expected that rounding on the way may have led there."""
    expected = part.expected
    assert isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    if candidate.shape != expected.shape:
        return False
    share = APART * max(part.ask.rtol, 10.0**-part.ask.digits)
    with np.errstate(all="ignore"):
        return bool((np.abs(candidate - expected) <= part.ask.atol + share * np.abs(expected)).all())


APART = 3.0  # by so many units of the last digit that is asked for a candidate has to differ


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


def _at_every_step(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Say what of a recurrence an answer is, at every time step: a value on the way to it that has no name."""
    if reading.uses or part.node is None or not part.node.shape:
        return None
    for expr, name, value in over_time(question):
        step = question.graph.names.get(name)
        if name in question.compiled.pictured or step is None or not _fits_closely(part, reading, value):
            continue
        if not gives_away(question, reading, partial(_at_every_step_elsewhere, expr=expr)):
            text = brief(context_of(question).visible(expr))
            return Diagnosis("intermediate", f"That is `{text}` at every time step, on the way to `{part.name}`.")
    return None


def _at_every_step_elsewhere(probe: Question, expr: Expr) -> Array | None:
    return next((value for other, _, value in over_time(probe) if other is expr), None)


def _searched(question: Question, part: Part, reading: Reading, elsewhere: Elsewhere) -> Diagnosis | None:
    """Return what the search finds: wrong versions of the steps that give the answer, and that chance does not."""
    if part.node is None:
        return None
    engine = search(question, part)
    own = {} if reading.uses else reading.own
    found = _named(question, part, reading, elsewhere, engine.singles, [])
    if found is None and own:
        found = _named(question, part, reading, elsewhere, list(engine.going_on(own)), engine.singles)
    if found is None and worth_pairs(part, reading):
        pairs = [version for version in engine.pairs() if not elsewhere or version.cost <= PLAIN]
        found = _named(question, part, reading, elsewhere, pairs, engine.singles)
    return found


PLAIN = 5.5  # what two mistakes may cost that an expression is taken for: of others it shows itself where it parts


def _named(  # noqa: PLR0917 - what is asked, what was answered, what may be named
    question: Question,
    part: Part,
    reading: Reading,
    elsewhere: Elsewhere,
    versions: Sequence[Version],
    cheaper: Sequence[Version],
) -> Diagnosis | None:
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    fits = [version for version in _roughly(value, versions) if _fits_closely(part, reading, version.value)]
    fits = [version for version in fits if _everywhere(question, part, version, elsewhere)]
    fits = [version for version in fits if not _tells_a_part(question, part, reading, version)]
    if not fits:
        return None
    exact = [version for version in fits if to_the_digit(part, reading, version.value)]
    near = nearness(reading)
    if near is not None:
        fits = [version for version in fits if version.cost <= LIKELY_ENOUGH]  # what is not likely has to be exact
    fits = sorted(exact or fits, key=partial(_likeliest, _order(question)))
    if not fits:
        return None
    fits = [version for version in fits if version.cost <= fits[0].cost + RIVALS]
    if not elsewhere:
        if fits[0].cost > LIKELY_ENOUGH and few_digits(part, reading):
            return None
        rivals = [version.value for version in (*cheaper, *versions) if version.cost <= fits[-1].cost]
        if by_chance(part, reading.expr, value, rivals, allowed(fits[0].cost), 0.0 if exact else near):
            return None
    groups = _distinct(question, part, fits)
    if len(groups) > 2:
        return None
    clauses = [worded(question, part, version) for version in groups]
    sentence = f"You would get this if {', or if '.join(clauses)}."
    rule = " or ".join("+".join(version.rules) for version in groups)
    return Diagnosis("mutation", sentence, rule, suspects=tuple(groups) if len(groups) > 1 else ())


def _order(question: Question) -> dict[str, int]:
    """Return the steps in their order."""
    return {let.name: at for at, let in enumerate(lets(question.compiled.program))}


def _likeliest(order: Mapping[str, int], version: Version) -> tuple[float, int]:
    """Return what versions are sorted by: the cheaper, and of these the one that is made nearer to the answer."""
    steps = [slip.step for slip in version.slips] or [version.mutant.let if version.mutant is not None else ""]
    return version.cost, -min(order.get(step, len(order)) for step in steps)


def _roughly(value: Array, versions: Sequence[Version]) -> list[Version]:
    """Return the versions that may fit a value, without a look at the digits typed: of thousands a few."""
    alike = [version for version in versions if version.value.shape == value.shape]
    if not alike:
        return []
    return [alike[at] for at in _rough(value, np.array([version.value for version in alike]))]


def _rough(value: Array, values: Array) -> list[int]:
    """Return which of many values may be one that was typed."""
    with np.errstate(all="ignore"):
        near = np.abs(values - value) <= ROUGHLY * np.abs(value) + NEAR_TYPED[1]
    return [int(at) for at in np.flatnonzero(near.reshape(len(values), -1).all(axis=1))]


LIKELY_ENOUGH = 2.0  # what a mistake may cost that is named of one or two digits
ROUGHLY = 0.06  # relative: two digits
RIVALS = 0.5  # by so much dearer a version may be and still be as likely


def allowed(cost: float) -> float:
    """Return how many versions as cheap may be expected to fit by chance: the likelier the mistake, the more."""
    return CROWDS[min(int(cost), len(CROWDS) - 1)]


CROWDS = (0.12, 0.12, 0.1, 0.05, 0.04, 0.015, 0.008)


def _everywhere(question: Question, part: Part, version: Version, elsewhere: Elsewhere) -> bool:
    """Tell whether a version gives its value on the graph, and what an expression gives with other numbers."""
    return verified(question, part, version) and all(
        same(_value_elsewhere(probe, part, version), probe_value, PROBE) for probe, probe_value in elsewhere
    )


def _value_elsewhere(probe: Question, part: Part, version: Version) -> Array | None:
    return computed(probe, probe.part(part.name), version)


def worded(question: Question, part: Part, version: Version) -> str:
    """Return what was done, as a clause after "if", with the part that it was done in where that is another one."""
    parts = {other.name for other in question.parts} - {part.name, part.step}
    clauses = [f"{clause}, in `{step}`" if step in parts else clause for clause, step in version.clauses]
    if version.own:
        clauses.append(f"it went on from your {words.enumerated(sorted(version.own))}")
    return ", and ".join(clauses)


def _distinct(question: Question, part: Part, fits: list[Version]) -> list[Version]:
    """Return one of each group of versions that give the same for other numbers too."""
    if len(fits) <= 1:
        return fits
    groups: list[tuple[Version, list[Array | None]]] = []
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
    known = list(stages(question, part))
    by_accident = not reading.uses and _one_digit(reading) and _crowded_with(part, reading, known)
    others = [other.node for other in question.parts if other is not part and other.node is not None]
    for at, stage in enumerate(known):
        places: list[int] = []
        for place, (node, _) in enumerate(stage):
            if node.value is None or not fits(part, reading, as_numbers(node.value)) or not _tells(node):
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


def _one_digit(reading: Reading) -> bool:
    """Tell whether one whole number of one digit was typed: where there are many, it is some given by chance."""
    typed = typed_numbers(reading.expr) if reading.expr is not None else []
    return (
        len(typed) == 1 and typed[0] is not None and abs(typed[0]) < TENS and typed[0] == typed[0].to_integral_value()
    )


def _crowded_with(part: Part, reading: Reading, known: Sequence[Stage]) -> bool:
    values = [as_numbers(node.number) for stage in known for node, _ in stage if node.value is not None]
    assert isinstance(reading.value, np.ndarray)  # noqa: S101 - a value part
    return by_chance(part, reading.expr, reading.value, [value for value in values if not value.shape])


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


def _with_what_is_right(comparison: Comparison | None, sentence: str) -> str:
    if comparison is None or comparison.right.size < 2:
        return sentence
    right = int((comparison.right | comparison.rounded).sum())
    return f"{right} of the {comparison.right.size} elements are right. {sentence}"


def _built(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Say which short expression of givens and earlier parts an answer is, where chance cannot have made it."""
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if part.ask.rtol > READ_OFF or part.ask.atol > READ_OFF_COUNT or value.shape != np.shape(np.asarray(part.expected)):
        return None
    shorter: list[Array] = []
    for level in levels(question, part):
        shorter += [level.values]
        places = [at for at in _rough(value, level.values) if _fits_closely(part, reading, level.values[at])]
        exprs = [one for at in places[:MOST_WRITTEN] if _each_once(one := level.written(at))]
        exprs = [one for one in exprs if names_in(one).isdisjoint(reading.unsolved - reading.uses)]
        exprs = [one for one in exprs if not gives_away(question, reading, partial(value_elsewhere, expr=one))]
        if exprs:
            if (
                few_digits(part, reading)
                or len(places) > 1
                or by_chance(part, reading.expr, value, np.concatenate(shorter), BUILT)
            ):
                return None
            return Diagnosis("expression", f"That is `{brief(exprs[0])}`.", "expression")
    return None


def _each_once(expr: Expr) -> bool:
    """Tell whether each name stands there once: x / x and x - x + y say nothing."""
    names = [part.id for part in walk(expr) if isinstance(part, Name)]
    return len(names) == len(set(names))


MOST_WRITTEN = 6  # of the expressions that fit
BUILT = 0.02  # short expressions that may be expected to fit by chance


def _elements(part: Part, reading: Reading, comparison: Comparison, way: str) -> Diagnosis:
    right = comparison.right | comparison.rounded
    if not way and _is_close(part, reading):
        return Diagnosis("none", "That is very close.", next="Carry more digits where you rounded on the way.")
    if not right.any() or right.ndim == 0:
        if way:
            return Diagnosis("elements", way)
        return Diagnosis("none", "I don't recognise this mistake.")
    return Diagnosis("elements", f"{_right_first(part, right)} {way}".strip())


FEW_CELLS = 4  # elements that are named; more are counted


def _right_first(part: Part, right: Array) -> str:
    """Say which elements are right, and then which are not."""
    count = int(right.sum())
    found = _named_cells(part, right) or f"{count} of the {right.size} elements are"
    missing = _named_cells(part, ~right) or f"{right.size - count} are"
    return f"{found} right; {missing} not yet."


def _named_cells(part: Part, which: Array) -> str:
    """Return the names of some elements as a subject with its verb, "" where there are too many to name."""
    names = [words.cell_name(part.name, [int(k) for k in cell]) for cell in np.argwhere(which)]
    if len(names) > FEW_CELLS:
        return ""
    return f"{words.enumerated(names)} {'is' if len(names) == 1 else 'are'}"


CLOSE = 0.006  # relative: what rounding to three digits and going on with it makes of a result


def _is_close(part: Part, reading: Reading) -> bool:
    value, expected = reading.value, part.expected
    assert isinstance(value, np.ndarray) and isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    counted = np.array_equal(expected, np.round(expected)) and np.array_equal(value, np.round(value))
    if counted or part.kind == "program":  # neither rounds on the way
        return False
    return bool(np.all(np.abs(value - expected) <= CLOSE * np.abs(expected)))
