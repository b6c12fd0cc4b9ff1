"""Which mistake a wrong answer shows.

An authored mistake, a value on the way, a wrong version of a step: the first kind that fits speaks. What is said is
"you would get this if ...", which is true by construction. One that fits is named; two or three are, as possible; of
more none is. Two that give the same for every draw count as one. A fit that chance makes likely is not told, and an
expression has to fit with other numbers too: a wrong diagnosis is worse than none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, islice

import numpy as np

from rnn_tutor.engine.compare import Comparison, compare
from rnn_tutor.engine.expression import Expr, Name, brief, names_in, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.mutate import Edit
from rnn_tutor.engine.mutate.further_methods import FAMILIES
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.backwards import wanted_of_places
from rnn_tutor.exercises.diagnosis.built import levels, value_elsewhere
from rnn_tutor.exercises.diagnosis.chance import (
    COMMON,
    are_in_proportion,
    as_short_by_chance,
    as_typed_or_rounded,
    by_chance,
    few_digits,
    gives_as_typed,
    has_digits,
    is_likely,
    is_measured,
    nearness,
    numbers_typed,
    rounded_to,
    short,
    to_the_digit,
    worth_pairs,
)
from rnn_tutor.exercises.diagnosis.combined import Match, matches
from rnn_tutor.exercises.diagnosis.first_difference import parted
from rnn_tutor.exercises.diagnosis.fits import (
    NEAR_TYPED,
    Elsewhere,
    Fits,
    distinct,
    fits_as_right,
    fits_closely,
    fits_elsewhere,
    fits_exactly,
    holds_everywhere,
    likeliest,
    may_be,
    needs_what_is_typed,
    order_of_steps,
    rough,
    roughly,
    rounds_the_right_one,
    tells_a_part,
    values_elsewhere,
)
from rnn_tutor.exercises.diagnosis.foretold import foretold
from rnn_tutor.exercises.diagnosis.likely_pairs import is_judged_alone, likely_pairs
from rnn_tutor.exercises.diagnosis.literals import meanings, one_off, puts_in
from rnn_tutor.exercises.diagnosis.mended_expression import is_of_one_thing, keeps_enough, mended_expression
from rnn_tutor.exercises.diagnosis.mistakes import READ_OFF, READ_OFF_COUNT, authored, context_of
from rnn_tutor.exercises.diagnosis.on_the_way import at_every_step, intermediate
from rnn_tutor.exercises.diagnosis.pairs import Pairs, pairs
from rnn_tutor.exercises.diagnosis.rates import bits
from rnn_tutor.exercises.diagnosis.rounded_first import rounded_first
from rnn_tutor.exercises.diagnosis.rounding import rounding_explains
from rnn_tutor.exercises.diagnosis.search import (
    Slip,
    Version,
    behind_earlier_parts,
    computed,
    search,
    verified,
)
from rnn_tutor.exercises.diagnosis.sentences import alternatives, worded
from rnn_tutor.exercises.diagnosis.slips import CLOSE, DIGIT_WRONG, slip
from rnn_tutor.exercises.diagnosis.withheld import gives_away
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.verdict import Diagnosis, Reading

METHODS = frozenset(family.rule for family in FAMILIES)
MOST_NAMED = 3  # mistakes that are named as possible
MOST_LONG = 2  # ... of two mistakes each, or of expressions
MOST_SUSPECTS = 5  # mistakes of which one is looked for with other numbers
MOST_SUSPECTED_PAIRS = 1_000  # the likeliest, of which one is looked for with other numbers: of all one fits anything
MOST_MEANINGS = 12  # ways to take the numbers of an expression for givens


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
    elsewhere = values_elsewhere(question, reading, own or {})
    diagnosis = _known_mistake(question, part, reading, elsewhere)
    if diagnosis is None and elsewhere and reading.expr is not None:
        diagnosis = _with_names_for_numbers(question, part, reading, own or {})
    if diagnosis is not None and comparison is None and _is_an_entry(part, reading, diagnosis):
        return Diagnosis("shape", _shape(part, value))
    two = diagnosis is not None and diagnosis.kind == "mutation" and "+" in diagnosis.rule and not reading.uses
    if diagnosis is not None and reading.uses and set(diagnosis.rule.split(" or ")) <= METHODS:
        return mended_expression(question, part, reading, own or {}) or diagnosis  # the learner's own form comes first
    if diagnosis is not None and not two:
        return diagnosis
    slipped = slip(part, reading, comparison)
    if slipped is not None and slipped[0] != DIGIT_WRONG:  # a sign in one element is likelier than two mistakes
        return Diagnosis("slip", _with_what_is_right(comparison, slipped[1]), slipped[0])
    if diagnosis is not None:
        return _built(question, part, reading, of=PAIR) or diagnosis  # so is `c / r`
    if not reading.uses and not rounds_the_right_one(part, reading):
        made = _unchanged(question, part, reading, comparison) or _in_some_elements(question, part, reading, comparison)
        made = made or _built(question, part, reading) or _combined(question, part, reading)
        made = made or _two_mistakes(question, part, reading, elsewhere)  # of which none is likely
        made = made or _in_two_groups(question, part, reading, comparison)
        made = made or _foretold(question, part, reading)
        if made is not None:
            return made
    if slipped is not None and not suspects(question, part, reading):  # a computation is likelier than such a slip
        return Diagnosis("slip", _with_what_is_right(comparison, slipped[1]), slipped[0])
    if comparison is None:
        return Diagnosis("shape", _shape(part, value))
    mended = mended_expression(question, part, reading, own or {}) if reading.uses else None
    if elsewhere and not (
        mended is not None and is_of_one_thing(mended)
    ):  # with other numbers chance makes no pair fit
        mended = _two_mistakes(question, part, reading, elsewhere, whole=True) or mended
    if mended is not None:
        return mended
    way = parted(question, part, reading, own or {}) if reading.uses else ""
    return _elements(part, reading, comparison, way)


def _with_names_for_numbers(
    question: Question, part: Part, reading: Reading, own: Mapping[str, Array]
) -> Diagnosis | None:
    """Return the known mistake that an expression is once names are taken for the numbers that stand for them."""
    assert reading.expr is not None  # noqa: S101 - it was typed
    for meant, _ in islice(meanings(question, reading.expr), MOST_MEANINGS):
        instead = replace(reading, expr=meant)
        diagnosis = _known_mistake(question, part, instead, values_elsewhere(question, instead, own))
        if diagnosis is not None:
            return diagnosis
    for meant in islice(one_off(question, reading.expr), MOST_MEANINGS):
        instead = replace(reading, expr=meant)
        there = values_elsewhere(question, instead, own)
        diagnosis = _known_mistake(question, part, instead, there) if there else None
        if diagnosis is not None:
            return diagnosis
    if puts_in(question, reading.expr):
        return _known_mistake(question, part, reading, [])  # a number put in for a step holds here only
    return None


def suspects(question: Question, part: Part, reading: Reading) -> tuple[Version, ...]:
    """Return the wrong versions that typed numbers may be, the likeliest first, where there are few of them.

    None of them can be told from chance, or from the others, with these numbers alone.
    """
    value = reading.value
    if part.node is None or part.kind == "program" or reading.uses or not isinstance(value, np.ndarray):
        return ()
    engine = search(question, part)
    found = list(_suspected(question, part, reading, engine.singles))
    if not found and worth_pairs(part, reading):  # which are computed then
        found = list(_suspected(question, part, reading, pairs(engine).roughly(value, MOST_SUSPECTED_PAIRS)))
    groups = distinct(question, part, sorted(found, key=lambda version: version.cost), MOST_SUSPECTS)
    return tuple(groups) if len(groups) <= MOST_SUSPECTS else ()


def _suspected(question: Question, part: Part, reading: Reading, versions: Sequence[Version]) -> Iterator[Version]:
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    for version in roughly(value, versions):
        if fits_closely(part, reading, version.value) and may_be(question, part, reading, version):
            yield version


def may_be_known(question: Question, part: Part, reading: Reading) -> bool:
    """Tell whether some wrong version gives a value, though chance may have made it fit: other numbers will tell."""
    return part.node is not None and any(_suspected(question, part, reading, search(question, part).singles))


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
        if value is None or not fits_closely(part, reading, value) or tells_a_part(question, part, reading, version):
            continue
        fits.append(replace(version, value=value))
    fits = distinct(question, part, fits, 1)
    if len(fits) != 1:
        return None
    return Diagnosis("mutation", f"You would get this if {worded(question, part, fits[0])}.", "+".join(fits[0].rules))


def _rule_of(question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere") -> str:
    """Return the rule that an answer follows from as well, where a file says what is wrong with it; "" for none."""
    value = reading.value
    if part.node is None or not isinstance(value, np.ndarray):
        return ""
    fits = [
        version
        for version in roughly(value, search(question, part).singles)
        if fits_closely(part, reading, version.value) and holds_everywhere(question, part, version, elsewhere)
    ]
    groups = distinct(question, part, sorted(fits, key=lambda version: version.cost), 1)
    return "+".join(groups[0].rules) if len(groups) == 1 else ""


def known_everywhere(question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere") -> Diagnosis | None:
    """Return the known mistake that an expression is, with these numbers and with all the others."""
    return _known_mistake(question, part, reading, elsewhere)


def known_exactly(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Return the authored mistake or value on the way that an answer exactly is, though it rounds the right one too."""
    return _authored(question, part, reading, [], fits_exactly) or _on_the_way(
        question, part, reading, [], fits_exactly
    )


def may_be_authored(question: Question, part: Part, reading: Reading) -> bool:
    """Tell whether a file says anything of an answer with these numbers."""
    return any(fits_as_right(part, reading, mistake.value) for mistake in authored(question, part))


def by_the_author(question: Question, part: Part, reading: Reading) -> str:
    """Return what the file says of an answer with these numbers, "" where it says nothing."""
    diagnosis = _authored(question, part, reading, [])
    return diagnosis.says if diagnosis is not None else ""


def _known_mistake(question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere") -> Diagnosis | None:
    """Return the known mistake that an answer shows: authored, a value on the way, a wrong version; None for none."""
    diagnosis = _authored(question, part, reading, elsewhere) or _on_the_way(question, part, reading, elsewhere)
    if diagnosis is not None and diagnosis.kind == "authored":
        return replace(diagnosis, rule=_rule_of(question, part, reading, elsewhere))
    if diagnosis is not None:
        return diagnosis
    found = at_every_step(question, part, reading) or _searched(question, part, reading, elsewhere)
    if found is not None:
        return found
    beside = intermediate(question, part, reading, elsewhere, fits_closely, inside=True)
    return None if beside is None else Diagnosis("intermediate", beside)


def _authored(
    question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere", fits: "Fits | None" = None
) -> Diagnosis | None:
    fits = fits or fits_as_right
    found = [
        mistake
        for mistake in authored(question, part)
        if fits(part, reading, mistake.value) and fits_elsewhere(elsewhere, part, mistake.text)
    ]
    exact = [mistake for mistake in found if fits_exactly(part, reading, mistake.value)]
    near = [mistake for mistake in found if fits_closely(part, reading, mistake.value)]  # where much may be off
    sentences = dict.fromkeys(mistake.wording for mistake in exact or near or found)
    return Diagnosis("authored", " Or: ".join(sentences)) if 1 <= len(sentences) <= 2 else None


def _on_the_way(
    question: Question, part: Part, reading: Reading, elsewhere: "Elsewhere", fits: "Fits | None" = None
) -> Diagnosis | None:
    middle = intermediate(question, part, reading, elsewhere, fits or fits_closely)
    return None if middle is None else Diagnosis("intermediate", middle)


def _is_an_entry(part: Part, reading: Reading, diagnosis: Diagnosis) -> bool:
    """Tell whether a number is one of several that are asked for: why it was chosen, nobody knows."""
    value, expected = reading.value, np.asarray(part.expected)
    if (
        reading.uses
        or not isinstance(value, np.ndarray)
        or value.ndim
        or set(diagnosis.rule.split(" or ")) != {"of_several"}
    ):
        return False
    rules = {"digits": part.ask.digits, "rtol": part.ask.rtol, "atol": part.ask.atol}
    return any(compare(value, np.asarray(one), **rules).verdict == "right" for one in expected.reshape(-1))  # type: ignore[arg-type]


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


def _searched(question: Question, part: Part, reading: Reading, elsewhere: Elsewhere) -> Diagnosis | None:
    """Return what the search finds: wrong versions of the steps that give the answer, and that chance does not."""
    if part.node is None:
        return None
    engine = search(question, part)
    own = {} if reading.uses else reading.own
    found = _named(question, part, reading, elsewhere, engine.singles, []) or _rounded_first(question, part, reading)
    if found is None and own:
        found = _named(question, part, reading, elsewhere, list(engine.going_on(own)), engine.singles)
    return found or _two_mistakes(question, part, reading, elsewhere, LIKELY_PAIR)


def _rounded_first(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Return what was rounded too early, where that gives an answer near the right one."""
    value, expected = reading.value, np.asarray(part.expected)
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if reading.uses or part.kind == "program" or value.shape != expected.shape:
        return None
    if not to_the_digit(part, reading, value) or (np.abs(value - expected) > FAR_OFF * np.abs(expected)).any():
        return None
    early = rounded_first(question, part)
    if not any(to_the_digit(part, reading, one.value) for one in early):
        return None
    return _named(question, part, reading, [], [*search(question, part).singles, *early], [])


FAR_OFF = 0.2  # relative: further off nobody is who rounds on the way


def _two_mistakes(
    question: Question,
    part: Part,
    reading: Reading,
    elsewhere: Elsewhere,
    most: float | None = None,
    *,
    whole: bool = False,
) -> Diagnosis | None:
    """Return which two mistakes together give an answer that none gives alone; `most` is what they may cost.

    whole: an expression that no change of one place makes right may be any two that people make.
    """
    if part.node is None or not (is_judged_alone(part, reading) or worth_pairs(part, reading)):
        return None
    if reading.uses and not keeps_enough(question, part, reading):
        return None
    engine = search(question, part)
    alone = _suspected(question, part, reading, engine.singles)
    if any(not elsewhere or holds_everywhere(question, part, version, elsewhere) for version in alone):
        return None
    if is_judged_alone(part, reading):
        groups = likely_pairs(question, part, reading, pairs(engine), most)
        if groups:
            return _any_of(question, part, groups, "You would get this")
        if not worth_pairs(part, reading):
            return None
    two: Sequence[Version] = pairs(engine)
    if reading.uses:
        two = [
            version for version in pairs(engine).cheap(LIKELY_PAIR if whole else PLAIN) if whole or not version.nested
        ]
    return _named(question, part, reading, elsewhere, two, engine.singles, most)


def _foretold(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Return which two mistakes give several numbers that are not among the likeliest pairs."""
    if part.node is None or part.kind == "program" or part.ask.rtol > READ_OFF or part.ask.atol > READ_OFF_COUNT:
        return None
    engine = search(question, part)
    if engine.versions.differentiates or any(True for _ in _suspected(question, part, reading, engine.singles)):
        return None
    fits = sorted(foretold(question, part, reading, engine), key=partial(likeliest, order_of_steps(question)))
    groups = distinct(question, part, fits, MOST_LONG)
    if not 1 <= len(groups) <= MOST_LONG:
        return None
    return _any_of(question, part, groups, "You would get this")


PLAIN = 5.5  # what two mistakes may cost that an expression is taken for: two, and not one within the other
LIKELY_PAIR = 7.0  # ... that are likelier than a short expression of what the exercise has; of one within the other too


def _named(  # noqa: PLR0917 - what is asked, what was answered, what may be named
    question: Question,
    part: Part,
    reading: Reading,
    elsewhere: Elsewhere,
    versions: Sequence[Version],
    cheaper: Sequence[Version],
    most_cost: float | None = None,
) -> Diagnosis | None:
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    near_ones = versions.roughly(value) if isinstance(versions, Pairs) else roughly(value, versions)
    fits = [version for version in near_ones if fits_closely(part, reading, version.value)]
    if most_cost is not None and all(version.cost > most_cost for version in fits):
        return None
    fits = [version for version in fits if holds_everywhere(question, part, version, elsewhere)]
    fits = [version for version in fits if not tells_a_part(question, part, reading, version)]
    if reading.uses and not elsewhere:
        fits = [version for version in fits if needs_what_is_typed(question, part, reading, version)]
    if not fits:
        return None
    exact = [version for version in fits if to_the_digit(part, reading, version.value)]
    if part.ask.rtol > READ_OFF or part.ask.atol > READ_OFF_COUNT:
        fits = exact  # what is read off a picture fits many things
    near = nearness(part, reading)
    if near is not None:
        fits = [version for version in fits if version.cost <= LIKELY_ENOUGH]  # what is not likely has to be exact
    fits = sorted(exact or fits, key=partial(likeliest, order_of_steps(question)))
    if not fits:
        return None
    fits = [version for version in fits if version.cost <= fits[0].cost + RIVALS]
    behind = set[str]() if elsewhere else _behind_what_is_right(question, part, reading, fits[0])
    # Of pairs only what they give is asked for: to make versions of all takes longer than the rest.
    of_pairs = versions.values(value.shape, fits[0].cost, behind) if isinstance(versions, Pairs) else []
    others = () if isinstance(versions, Pairs) else versions
    rivals = [version for version in (*cheaper, *others) if not _is_behind(version, behind)]
    if not elsewhere and _may_be_chance(question, part, reading, fits, rivals, 0.0 if exact else near, of_pairs):
        short_ones = [version for version in fits if fits_exactly(part, reading, version.value)]
        as_likely = [*(version.value for version in rivals if version.cost <= fits[0].cost), *of_pairs]
        if fits[0] not in short_ones or not short(part, reading) or not value.any():
            return None
        if as_short_by_chance(part, reading, as_likely, SHORT[min(int(fits[0].cost), len(SHORT) - 1)]):
            return None
        fits = short_ones
    most = MOST_NAMED if len(fits[0].rules) == 1 else MOST_LONG
    groups = distinct(question, part, fits, most)
    if len(groups) > most:
        return None
    if short(part, reading):  # who has 3.16 types more than 3.2
        groups = [version for version in groups if gives_as_typed(part, reading, version.value)] or groups
    return _any_of(question, part, groups, "You would get this")


def _any_of(question: Question, part: Part, groups: Sequence[Version], what: str, kind: str = "mutation") -> Diagnosis:
    """Return the diagnosis of versions that these numbers do not tell apart: where there are several, any of them."""
    clauses = alternatives(worded(question, part, version) for version in groups)
    rules = dict.fromkeys("+".join(version.rules) for version in groups)
    told_apart = tuple(groups) if len(clauses) > 1 else ()
    return Diagnosis(kind, f"{what} if {', or if '.join(clauses)}.", " or ".join(rules), suspects=told_apart)


def _behind_what_is_right(question: Question, part: Part, reading: Reading, fit: Version) -> set[str]:
    """Return the steps that the learner's other answers have right.

    Mistakes in these do not compete with one that fits, unless that is in such a step itself.
    """
    solved = behind_earlier_parts(question, part, reading.unsolved)
    return set() if _is_behind(fit, solved) else solved


def _is_behind(version: Version, solved: set[str]) -> bool:
    """Tell whether a version has its mistake in steps of which the learner has the right values."""
    return not version.right and any(slip.step in solved for slip in version.slips)


def _may_be_chance(  # noqa: PLR0917 - what is asked, what was answered, what may be named
    question: Question,
    part: Part,
    reading: Reading,
    fits: Sequence[Version],
    versions: Sequence[Version],
    within: float | None,
    of_pairs: Sequence[Array] = (),
) -> bool:
    """Tell whether chance may have made the likeliest of some versions fit; `of_pairs` are values of further ones."""
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if is_measured(part, reading) and len(fits[0].rules) == 1:
        off = min(NEAR_TYPED[0], part.ask.rtol) if within is None else within
        rarity = partial(bits, behind=behind_earlier_parts(question, part))
        likely = is_likely(part, reading, map(rarity, fits), map(rarity, versions), off)
        if not likely or has_digits(part, reading):
            return not likely
    rivals = [*(version.value for version in versions if version.cost <= fits[0].cost), *of_pairs]
    several = numbers_typed(part, reading) > 1 and not few_digits(part, reading)
    if len(fits[0].rules) > 1 and are_in_proportion(part, reading):  # all numbers are one: some factor fits
        return by_chance(part, reading.expr, value, rivals, allowed(fits[0]), within, as_one=True)
    most = max(allowed(fits[0]), SEVERAL if several else 0.0)
    return by_chance(part, reading.expr, value, rivals, most, within)


LIKELY_ENOUGH = 2.0  # what a mistake may cost that is named of one or two digits
RIVALS = 1.0  # by so much dearer a version may be and still be as likely


def allowed(version: Version) -> float:
    """Return how many versions as cheap may be expected to fit by chance: the likelier the mistake, the more."""
    crowds = PAIRS if len(version.rules) > 1 else CROWDS
    return crowds[min(int(version.cost), len(crowds) - 1)]


CROWDS = (0.1, 0.1, 0.1, 0.04, 0.015, 0.003)
PAIRS = (0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.01)
SHORT = (0.35, 0.35, 0.35, 0.06, 0.04, 0.02, 0.01)  # ... of versions as short as what was typed
SEVERAL = 0.1  # ... of several numbers, which chance hardly makes fit together


def _with_what_is_right(comparison: Comparison | None, sentence: str) -> str:
    if comparison is None or comparison.right.size < 2:
        return sentence
    right = int((comparison.right | comparison.rounded).sum())
    return f"{words.of_elements(right, comparison.right.size)} right. {sentence}"


PAIR = 2  # names


def _built(question: Question, part: Part, reading: Reading, of: int | None = None) -> Diagnosis | None:
    """Say which short expression of givens and earlier parts an answer is, where chance cannot have made it.

    of: of how many names it is, None for any.
    """
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if part.ask.rtol > READ_OFF or part.ask.atol > READ_OFF_COUNT or value.shape != np.shape(np.asarray(part.expected)):
        return None
    shorter: list[Array] = []
    for level in levels(question, part):
        if of not in (None, level.size):
            continue
        shorter += [level.values]
        places = [at for at in rough(value, level.values) if fits_closely(part, reading, level.values[at])]
        exprs = [level.written(at) for at in places[:MOST_WRITTEN]]
        exprs = [one for one in exprs if not level.each_once or _each_once(one)]
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


def _unchanged(question: Question, part: Part, reading: Reading, comparison: Comparison | None) -> Diagnosis | None:
    """Say of which array the elements are that are not right, where these were left as they were given."""
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if comparison is None or comparison.right.size < 2:
        return None
    wrong = ~(comparison.right | comparison.rounded)
    if wrong.all() or not wrong.any() or np.isin(value[wrong], COMMON).any():
        return None
    same_shape = {
        name: as_numbers(node.number)
        for name in question.told
        if (node := question.graph.whole(name)).value is not None and node.shape == value.shape
    }
    fits = [name for name, given in same_shape.items() if (given[wrong] == value[wrong]).all()]
    if len(fits) != 1 or len(same_shape) > FEW_ARRAYS:
        return None
    count = int(wrong.size - wrong.sum())
    found = _named_cells(part, ~wrong) or words.of_elements(count, wrong.size)
    cells = [words.cell_name(fits[0], [int(k) for k in cell]) for cell in np.argwhere(wrong)]
    told = words.enumerated([f"`{cell}`" for cell in cells]) if len(cells) <= FEW_CELLS else f"those of `{fits[0]}`"
    others = "The other one is" if len(cells) == 1 else "The others are"
    return Diagnosis("intermediate", f"{found} right. {others} {told}, unchanged.")


FEW_ARRAYS = 3  # of an answer's shape, for one to be told by single elements


def _in_some_elements(
    question: Question, part: Part, reading: Reading, comparison: Comparison | None
) -> Diagnosis | None:
    """Say which mistake gives the elements that are not right, where the others were made without it."""
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if comparison is None or part.node is None or few_digits(part, reading):
        return None
    wrong = ~(comparison.right | comparison.rounded)
    if wrong.all() or not wrong.any():
        return None
    versions = [version for version in search(question, part).singles if version.value.shape == value.shape]
    low, high = as_typed_or_rounded(part, reading)
    fits = [one for one in versions if ((one.value >= low) & (one.value <= high))[wrong].all()]
    fits = sorted(fits, key=partial(likeliest, order_of_steps(question)))
    if not fits:
        return None
    there = [replace(one, value=np.where(wrong, one.value, value)) for one in versions]  # all that is compared of them
    if _may_be_chance(question, part, reading, fits[:1], there, 0.0):
        return None
    fits = [version for version in fits if version.cost <= fits[0].cost + RIVALS and verified(question, part, version)]
    fits = [version for version in fits if not tells_a_part(question, part, reading, version)]
    groups = distinct(question, part, fits, MOST_NAMED)
    if not 1 <= len(groups) <= MOST_NAMED:
        return None
    count = int(wrong.size - wrong.sum())
    found = _named_cells(part, ~wrong) or words.of_elements(count, wrong.size)
    return _any_of(question, part, groups, f"{found} right. You would get the others")


def _in_two_groups(question: Question, part: Part, reading: Reading, comparison: Comparison | None) -> Diagnosis | None:
    """Say which mistake gives some of the elements that are not right, and which other one gives the others.

    Each has to be more than chance by its own elements alone.
    """
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if comparison is None or part.node is None or few_digits(part, reading) or value.size > MOST_ELEMENTS:
        return None
    wrong = ~(comparison.right | comparison.rounded)
    low, high = as_typed_or_rounded(part, reading)
    groups: dict[bytes, tuple[Array, list[Version]]] = {}
    versions = [version for version in search(question, part).singles if version.value.shape == value.shape]
    values = np.array([version.value for version in versions]).reshape(len(versions), *value.shape)
    given = wrong & (values >= low) & (values <= high)
    for at in np.flatnonzero(given.reshape(len(versions), -1).any(axis=1)):
        groups.setdefault(given[at].tobytes(), (given[at], []))[1].append(versions[at])
    found = sorted(groups.values(), key=lambda group: group[1][0].cost)
    for (first, ones), (second, others) in combinations(found[:MOST_GROUPS], 2):
        if not ((first | second) == wrong).all() or (first >= second).all() or (second >= first).all():
            continue
        of_first, of_second = _cells_of(part, first & ~second), _cells_of(part, second)
        if not of_first or not of_second:
            continue
        one = _by_itself(question, part, reading, first & ~second, ones)
        other = None if one is None else _by_itself(question, part, reading, second & ~first, others)
        if one is None or other is None:
            continue
        right = int((~wrong).sum())
        start = f"{_named_cells(part, ~wrong) or words.of_elements(right, wrong.size)} right. " if right else ""
        says = f"{start}You would get {of_first} if {worded(question, part, one)}"
        says += f", and {of_second} if {worded(question, part, other)}."
        return Diagnosis("mutation", says, "+".join((*one.rules, *other.rules)))
    return None


MOST_GROUPS = 60  # of elements that some mistake gives, the likeliest mistakes
MOST_ELEMENTS = 24


def _by_itself(
    question: Question, part: Part, reading: Reading, there: Array, versions: Sequence[Version]
) -> Version | None:
    """Return the mistake that gives some elements, where these alone tell it from chance and from all others."""
    value, expected = reading.value, np.asarray(part.expected, dtype=float)
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    own = replace(reading, value=np.where(there, value, expected))
    fits = [one for one in versions if verified(question, part, one) and not tells_a_part(question, part, reading, one)]
    fits = [one for one in fits if one.cost <= versions[0].cost + RIVALS]
    if not fits or few_digits(part, own) or len(distinct(question, part, fits, 1)) != 1:
        return None
    rivals = [one for one in search(question, part).singles if one.value.shape == expected.shape]
    alike = [replace(one, value=np.where(there, one.value, expected)) for one in rivals]
    return None if _may_be_chance(question, part, own, fits[:1], alike, 0.0) else fits[0]


def _cells_of(part: Part, which: Array) -> str:
    """Return the names of some elements, "" where there are too many to name."""
    names = [words.cell_name(part.name, [int(k) for k in cell]) for cell in np.argwhere(which)]
    return words.enumerated(names) if len(names) <= FEW_CELLS else ""


def _combined(question: Question, part: Part, reading: Reading) -> Diagnosis | None:
    """Say which short expression stood in which place of the steps, where chance cannot have made it fit."""
    value = reading.value
    assert isinstance(value, np.ndarray)  # noqa: S101 - a value part
    if part.node is None or part.ask.rtol > READ_OFF or part.ask.atol > READ_OFF_COUNT:
        return None
    if value.shape != part.node.shape or not np.isfinite(value).all() or few_digits(part, reading):
        return None
    if any(fits_closely(part, reading, one.value) for one in roughly(value, search(question, part).singles)):
        return None  # it may be a mistake that is known, and these numbers do not tell which
    found = matches(question, part, wanted_of_places(question, part, rounded_to(part, reading)))
    fits: list[Version] = []
    for match in [one for one in found if one.chance <= (COMBINED if one.numbers > 1 else ALONE)][:MOST_WRITTEN]:
        version = _version_of(question, match)
        if names_in(match.expr).isdisjoint(reading.unsolved) and _gives(question, part, reading, version):
            fits.append(version)
    fits = [version for version in fits if version.cost <= fits[0].cost + RIVALS]
    groups = distinct(question, part, fits, MOST_LONG)
    if not 1 <= len(groups) <= MOST_LONG:
        return None
    return _any_of(question, part, groups, "You would get this", "expression")


COMBINED, ALONE = 0.015, 0.003  # short expressions that may be expected to fit by chance; a single number


def _version_of(question: Question, match: Match) -> Version:
    context, wanted = context_of(question), match.wanted
    edit = Edit("expression", wanted.place, match.expr, context.instead(match.expr, wanted.place), match.cost)
    return Version(np.zeros(0), match.cost, (Slip(edit, wanted.step, wanted.root),))


def _gives(question: Question, part: Part, reading: Reading, version: Version) -> bool:
    """Tell whether a version gives an answer on the graph, and does not tell a part that is still open."""
    value = computed(question, part, version)
    if value is None or not fits_closely(part, reading, value):
        return False
    return not tells_a_part(question, part, reading, version)


def _each_once(expr: Expr) -> bool:
    """Tell whether each name stands there once: x / x and x - x + y say nothing."""
    names = [part.id for part in walk(expr) if isinstance(part, Name)]
    return len(names) == len(set(names))


MOST_WRITTEN = 6  # of the expressions that fit
BUILT = 0.02  # short expressions that may be expected to fit by chance


def _elements(part: Part, reading: Reading, comparison: Comparison, way: str) -> Diagnosis:
    right = comparison.right | comparison.rounded
    if not way and rounds_the_right_one(part, reading):
        return Diagnosis("none", "That is the right number, but rounded.", next="Give all its digits.")
    if not way and _is_close(part, reading):
        if rounding_explains(part, *rounded_to(part, reading)):
            return Diagnosis("none", "That is very close.", next="Carry more digits where you rounded on the way.")
        return Diagnosis("none", "That is close, but further off than rounding to three digits on the way makes it.")
    if not right.any() or right.ndim == 0:
        if way:
            return Diagnosis("elements", way)
        return Diagnosis("none", "I don't recognise this mistake.")
    return Diagnosis("elements", f"{_right_first(part, right)} {way}".strip())


FEW_CELLS = 4  # elements that are named; more are counted


def _right_first(part: Part, right: Array) -> str:
    """Say which elements are right, and then which are not."""
    count = int(right.sum())
    found = _named_cells(part, right) or words.of_elements(count, right.size)
    missing = _named_cells(part, ~right) or f"{right.size - count} {'is' if right.size - count == 1 else 'are'}"
    return f"{found} right; {missing} not yet."


def _named_cells(part: Part, which: Array) -> str:
    """Return the names of some elements as a subject with its verb, "" where there are too many to name."""
    names = [words.cell_name(part.name, [int(k) for k in cell]) for cell in np.argwhere(which)]
    if len(names) > FEW_CELLS:
        return ""
    return f"{words.enumerated(names)} {'is' if len(names) == 1 else 'are'}"


def _is_close(part: Part, reading: Reading) -> bool:
    value, expected = reading.value, part.expected
    assert isinstance(value, np.ndarray) and isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    counted = np.array_equal(expected, np.round(expected)) and np.array_equal(value, np.round(value))
    if counted or part.kind == "program":  # neither rounds on the way
        return False
    return bool(np.all(np.abs(value - expected) <= CLOSE * np.abs(expected)))
