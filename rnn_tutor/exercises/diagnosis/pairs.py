"""Two mistakes in one answer: which pairs are tried, and what they give.

The likeliest pairs of all places come first, until the budget is spent. It counts pairs and element operations, and
never looks at a clock. One mistake of a pair may be made in several steps, or lie within the place of the other. What
is done to the result is computed of the values that single mistakes have, so that no step is computed anew.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import overload

import numpy as np
from typing_extensions import override

from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Name, children, names_in, walk, with_children
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.batched import Choice, NotBatchedError
from rnn_tutor.engine.graph.node import Node
from rnn_tutor.engine.mutate import COSTS, Edit, edited, last_edits, likely_edits
from rnn_tutor.engine.mutate.mutation import Context, substituted
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.engine.turns import give_way
from rnn_tutor.exercises.diagnosis.fits import rough
from rnn_tutor.exercises.diagnosis.mistakes import ANSWER, authored, context_of
from rnn_tutor.exercises.diagnosis.rates import bits
from rnn_tutor.exercises.diagnosis.search import PAIRED, Search, Slip, Version, operations, rounded

MOST_PAIRED = 500  # mistakes that are tried together with another one, the likeliest
MOST_PAIRED_OF_SEVERAL = 700  # ... where several numbers are asked for, which chance hardly makes fit
MOST_PAIRED_WITH_DERIVATIVES = 40  # each of them makes the way back longer
MOST_PAIRS = 4_000  # pairs of mistakes that are tried for one answer
MOST_PAIRS_OF_SEVERAL = 5_000
PAIRS_AT_ONCE = 1_000
MOST_OPERATIONS = 4_000_000  # of elements, for the pairs of one answer
MOST_BEFORE = 150  # mistakes of which something is done to the result
MOST_AFTER = 32  # ... and what is done to it
OF_THE_RESULT = ("complement_of_result", "of_result", "of_unit", "of_array", "of_entries")
MOST_ELEMENTS = 600_000  # of all these
MOST_WITHIN = 120  # mistakes made in addition to one that the file describes
NOTHING = np.zeros(0)


Found = list[tuple[Version, Version, Array]]


class Pairs(Sequence[Version]):
    """Versions with two mistakes. Thousands are kept as numbers: one is made a version when it is asked for."""

    def __init__(self, found: Iterable[Found], likelihood: float = 0.0) -> None:
        """Take some after the other, each two mistakes with the value that both together give.

        likelihood: of all pairs that may be made, also those that are not tried, on the scale of `rates.bits`.
        """
        self.likelihood = likelihood
        self._mistakes: list[Version] = []
        self._looked_at: dict[int, Version] = {}
        number: dict[int, int] = {}
        values: dict[Shape, list[Array]] = {}
        where: list[Array] = []
        for some in found:
            for one in chain.from_iterable((first, second) for first, second, _ in some):
                if id(one) not in number:
                    number[id(one)] = len(self._mistakes)
                    self._mistakes.append(one)
            for shape in {value.shape for _, _, value in some}:
                values.setdefault(shape, [])
            shapes = {shape: which for which, shape in enumerate(values)}
            of_some = [(number[id(first)], number[id(second)], shapes[value.shape]) for first, second, value in some]
            where.append(np.array(of_some, dtype=np.int32).reshape(-1, 3))
            for shape, known in values.items():
                own = [value for _, _, value in some if value.shape == shape]
                known.extend([np.array(own, dtype=float)] if own else [])
        self._firsts, self._seconds, self._which = np.concatenate([np.zeros((0, 3), dtype=np.int32), *where]).T.copy()
        self._shapes = list(values)
        self._values = [np.concatenate(known) for known in values.values()]
        self._members = [np.flatnonzero(self._which == which) for which in range(len(values))]
        self._rows = np.zeros(len(self), dtype=np.int32)
        for members in self._members:
            self._rows[members] = np.arange(len(members))
        costs = np.array([one.cost for one in self._mistakes])
        self._costs = costs[self._firsts] + costs[self._seconds] + PAIRED

    @override
    def __len__(self) -> int:
        return len(self._firsts)

    @overload
    def __getitem__(self, at: int) -> Version: ...

    @overload
    def __getitem__(self, at: slice) -> list[Version]: ...

    @override
    def __getitem__(self, at: int | slice) -> Version | list[Version]:
        if isinstance(at, slice):
            return [self._at(one) for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self._at(at % len(self))

    def _at(self, at: int) -> Version:
        """Return one made anew."""
        first, second = self._mistakes[self._firsts[at]], self._mistakes[self._seconds[at]]
        return paired(first, second, self._values[self._which[at]][self._rows[at]])

    def cheap(self, most: float) -> list[Version]:
        """Return those that cost no more."""
        return [self._at(int(at)) for at in np.flatnonzero(self._costs <= most)]

    def roughly(self, value: Array, most: int | None = None) -> list[Version]:
        """Return those that may have a value, without a look at the digits typed; `most` tells of how many.

        The next answer is given the same ones: what is kept of a version is kept by its identity.
        """
        if value.shape not in self._shapes:
            return []
        which = self._shapes.index(value.shape)
        near = [int(self._members[which][at]) for at in rough(value, self._values[which])]
        near = [at for at in near if most is None or at < most]
        for at in near:
            if at not in self._looked_at:
                self._looked_at[at] = self._at(at)
        return [self._looked_at[at] for at in near]

    def values(self, shape: Shape, most: float, behind: Collection[str]) -> list[Array]:
        """Return the values of one shape of those that cost no more, and have no mistake in some steps."""
        if shape not in self._shapes:
            return []
        which = self._shapes.index(shape)
        left = np.array([all(slip.step not in behind for slip in one.slips) for one in self._mistakes])
        members = self._members[which]
        chosen = (self._costs <= most) & left[self._firsts] & left[self._seconds]
        return list(self._values[which][self._rows[members[chosen[members]]]])


@remembered(8, once=True)
def pairs(engine: Search) -> Pairs:
    """Return versions with two mistakes, at two places, the likeliest first, until the budget is spent.

    Those of which one mistake is not seen with these numbers are none: the other alone gives the same. Computed
    once: the numbers of an expression are read in several ways, and each way is looked for among them.
    """
    with engine.alone_at_work():
        seen = {rounded(one.value) for one in engine.singles} | {rounded(np.asarray(engine.part.expected))}
        seen |= {rounded(one.value) for one in authored(engine.question, engine.part)}
        likeliest, likelihood = _likeliest(engine)
        return Pairs((_others(some, seen) for some in _computed(engine, likeliest)), likelihood)


def _others(found: Found, seen: Container[tuple[Shape, bytes]]) -> Found:
    """Return those whose values are none of those seen, as `rounded` has them: all of a shape are rounded together."""
    by_shape: dict[Shape, list[int]] = {}
    for at, (_, _, value) in enumerate(found):
        by_shape.setdefault(value.shape, []).append(at)
    others: list[int] = []
    for shape, members in by_shape.items():
        give_way()
        with np.errstate(over="ignore"):
            rows = np.array([found[at][2] for at in members], dtype=float).round(9) + 0.0
        others += [at for at, row in zip(members, rows, strict=True) if (shape, row.tobytes()) not in seen]
    return [found[at] for at in sorted(others)]


def _computed(engine: Search, found: Sequence[tuple[Version, Version]]) -> Iterator[Found]:
    """Yield pairs of mistakes, each with the value that both together give, some at a time: all take much memory."""
    budget = engine.versions.operations + MOST_OPERATIONS
    for start in range(0, len(found), PAIRS_AT_ONCE):
        if engine.versions.operations > budget:
            break
        some = found[start : start + PAIRS_AT_ONCE]
        values = engine.together([(*first.slips, *second.slips) for first, second in some])
        yield [(*pair, value) for pair, value in zip(some, values, strict=True) if value is not None]
    known = _with_values(engine, described(engine))
    after = chain(
        _then_done_to_the_result(engine, known), _then_of_other_sign_or_size(engine, known), _within(engine, known)
    )
    while done := list(islice(after, PAIRS_AT_ONCE)):
        yield done


def paired(first: Version, second: Version, value: Array) -> Version:
    """Return two mistakes as one version: of two slips at places apart these are all there is to know."""
    slips = (*first.slips, *second.slips)
    if len(first.slips) == len(second.slips) == 1 and first.slips[0].edit.place is second.slips[0].edit.place:
        slips = (_one_after_the_other(first.slips[0], second.slips[0]),)
        return Version(value, first.cost + second.cost + PAIRED, slips, both=(first, second))
    plain = len(first.slips) == len(second.slips) == 1 and first.mutant is None and second.mutant is None
    return Version(value, first.cost + second.cost + PAIRED, slips, both=None if plain else (first, second))


# Which


def _candidates(engine: Search) -> list[Version]:
    """Return the mistakes that may be one of two, the likeliest first, each by the places that it changes."""
    found = [Version(NOTHING, slip.edit.cost, (slip,)) for place in engine.places for slip in place.slips]
    found += [version for version in engine.singles if version.everywhere]
    in_steps = ((version, as_slips(engine, version)) for version in engine.singles if version.mutant is not None)
    found += [replace(one, slips=slips) for one, slips in in_steps if slips]
    found += [*stopped_early(engine), *described(engine)]
    found.sort(key=bits)
    if engine.versions.differentiates:
        return found[:MOST_PAIRED_WITH_DERIVATIVES]
    return found[: MOST_PAIRED_OF_SEVERAL if _is_of_several(engine) else MOST_PAIRED]


def _is_of_several(engine: Search) -> bool:
    return np.asarray(engine.part.expected).size > 1


def _most_pairs(engine: Search) -> int:
    """Return how many pairs are tried."""
    return MOST_PAIRS_OF_SEVERAL if _is_of_several(engine) else MOST_PAIRS


@dataclass(frozen=True, eq=False)
class Tried:
    """The mistakes of which two are tried together: which can be made together, with how rare each is.

    together: a table of booleans, each pair once. least: bits of both below which all pairs are among the likeliest.
    values: what each gives alone, one row each, not a number where that is not known or has another shape.
    """

    mistakes: Sequence[Version]
    together: Array
    rarity: Array
    least: float
    values: Array


@remembered(8, once=True)
def tried(engine: Search) -> Tried:
    """Return the mistakes of which two are tried together, with what each gives."""
    found = _candidates(engine)
    rarity = np.array([bits(one) for one in found])
    together = np.triu(made_together(found), 1) if found else np.zeros((0, 0), dtype=bool)
    both = (rarity[:, None] + rarity[None])[together]
    most = _most_pairs(engine)
    least = float(np.partition(both, most)[most]) if len(both) > most else np.inf
    return Tried(found, together, rarity, least, _alone(engine, found))


def _alone(engine: Search, found: Sequence[Version]) -> Array:
    """Return what each of some mistakes gives alone, in a row."""
    expected = np.asarray(engine.part.expected, dtype=float)
    plain = (one for one in engine.singles if len(one.slips) == 1 and one.mutant is None and one.both is None)
    of_slips = {id(one.slips[0]): one.value for one in plain if not one.right and not one.in_full}
    values = np.full((len(found), expected.size), np.nan)
    for at, one in enumerate(found):
        value = one.value if one.value is not NOTHING else of_slips.get(id(one.slips[0]))
        if value is not None and value.shape == expected.shape:
            values[at] = value.reshape(-1)
    return values


def _likeliest(engine: Search) -> tuple[list[tuple[Version, Version]], float]:
    """Return the likeliest pairs of mistakes that can be made together, by the product of how often each is made.

    And how likely all of them are, tried or not.
    """
    known = tried(engine)
    found, rarity = known.mistakes, known.rarity
    firsts, seconds = np.nonzero(known.together)
    both = rarity[firsts] + rarity[seconds]
    likelihood = float((2.0**-both).sum())
    most = _most_pairs(engine)
    if len(both) > most:
        near = lowest(both, most)
        firsts, seconds, both = firsts[near], seconds[near], both[near]
    return [(found[firsts[at]], found[seconds[at]]) for at in np.argsort(both, kind="stable")], likelihood


def lowest(numbers: Array, count: int) -> Array:
    """Return the places of the lowest numbers, in their order; of equal ones at the end the first. There are more.

    `argpartition` alone takes any of these: which ones differs between processors, and very many pairs are as likely.
    """
    most = np.partition(numbers, count)[count]
    lower, equal = np.flatnonzero(numbers < most), np.flatnonzero(numbers == most)
    return np.sort(np.concatenate((lower, equal[: count - len(lower)])))


def made_together(mistakes: Sequence[Version]) -> Array:
    """Tell of each two of several mistakes whether each is still seen once the other is made.

    A place may lie within one of the other: where that keeps it, it is changed in what stands there instead.
    """

    places: dict[int, int] = {}
    for one in mistakes:
        for slip in one.slips:
            places.setdefault(id(slip.edit.place), len(places))
    has = np.zeros((len(mistakes), len(places)), dtype=np.float32)
    hides = np.zeros((len(mistakes), len(places)), dtype=np.float32)
    inside: dict[int, frozenset[int]] = {}
    for at, one in enumerate(mistakes):
        give_way()
        for slip in one.slips:
            place = slip.edit.place
            has[at, places[id(place)]] = 1
            if id(place) not in inside:
                inside[id(place)] = frozenset(id(part) for part in walk(place)) & places.keys()
            within = inside[id(place)]
            gone = within - {id(part) for part in walk(slip.edit.replacement)} if len(within) > 1 else within
            for key in gone | {id(place)}:
                hides[at, places[key]] = 1
    hidden = hides @ has.T > 0
    return ~(hidden | hidden.T | _said_twice(mistakes))


def _said_twice(mistakes: Sequence[Version]) -> Array:
    """Tell of each two of several mistakes whether one is the other in several places: that is the same once more."""
    found = np.zeros((len(mistakes), len(mistakes)), dtype=bool)
    done: dict[str, set[int]] = {}
    several = {one.rules for one in mistakes if one.everywhere}
    for at, one in enumerate(mistakes):
        for slip in one.slips if one.rules in several else ():
            done.setdefault(slip.edit.clause, set()).add(at)
    for members in done.values():
        if len(members) > 1:
            found[np.ix_(list(members), list(members))] = True
    return found


def as_slips(engine: Search, version: Version) -> tuple[Slip, ...]:
    """Return what a mistake in several steps changes, place by place; nothing for one in how a loop runs."""
    mutant = version.mutant
    if mutant is None or mutant.starts or mutant.counts:
        return ()
    roots = {name: engine.root(name) for name in mutant.lets}
    return tuple(
        Slip(Edit(mutant.rule, place, instead, mutant.clause, version.cost), name, root)
        for name, root in roots.items()
        if root is not None
        for place, instead in apart(root, mutant.lets[name])
    )


def apart(old: Expr, new: Expr) -> Iterator[tuple[Expr, Expr]]:
    """Yield the parts of an expression that another one has otherwise, each with what stands there instead."""
    if old is new or old == new:
        return
    inside, instead = children(old), children(new)
    alike = isinstance(old, Call | ArrayExpr) and len(inside) == len(instead) and with_children(old, instead) == new
    differ = [pair for pair in zip(inside, instead, strict=False) if pair[0] != pair[1]]
    if not alike or (isinstance(old, Call) and any(one not in old.args for one, _ in differ)):  # an axis is no place
        yield old, new
        return
    for one, other in differ:
        yield from apart(one, other)


# What no rule has alone


def stopped_early(engine: Search) -> list[Version]:
    """Return what the last step is made of, in place of the result: that alone is told as a value on the way."""
    root = _last_step(engine)
    if root is None:
        return []
    context, expected = context_of(engine.question), np.shape(np.asarray(engine.part.expected))
    known = {id(slip.edit.replacement) for place in engine.places if place.expr is root for slip in place.slips}
    found = []
    for part in operations(root):
        node = engine.tape.inner.get((id(part), None)) if isinstance(part, Call) else None
        if part is not root and id(part) not in known and node is not None and node.shape == expected:
            clause = partial(_stopped_after, context, part)
            edit = Edit("stopped_early", root, part, clause, COSTS["stopped_early"])
            found.append(Version(NOTHING, edit.cost, (Slip(edit, engine.part.step or ANSWER, root),)))
    return found


def _last_step(engine: Search) -> Expr | None:
    """Return the expression of the step that is asked for; None for one of a loop."""
    wanted = engine.tape.wanted
    if not isinstance(wanted, Name):
        return None
    return engine.root(wanted.id) if isinstance(engine.question.graph.names.get(wanted.id), Node) else None


def _stopped_after(context: Context, part: Expr) -> str:
    return f"the calculation stopped after {context.code(part)}"


def described(engine: Search) -> list[Version]:
    """Return the mistakes that the file describes: with another one nobody has foreseen them."""
    wanted, context, found = engine.tape.wanted, context_of(engine.question), []
    assert wanted is not None  # noqa: S101 - only what was written can be changed
    for one in engine.question.compiled.mistakes:
        if one.mistake.answer in (None, engine.part.name) and context.unseen.isdisjoint(names_in(one.expr)):
            edit = Edit("described", wanted, one.expr, partial(_result_is, context, one.expr), COSTS["described"])
            found.append(Version(NOTHING, edit.cost, (Slip(edit, ANSWER, wanted),)))
    return found


def _result_is(context: Context, expr: Expr) -> str:
    return f"the result were {context.code(expr)}"


def _with_values(engine: Search, versions: Sequence[Version]) -> list[Version]:
    """Return versions with the values that they have, those that have one."""
    values = engine.together([one.slips for one in versions])
    return [replace(one, value=value) for one, value in zip(versions, values, strict=True) if value is not None]


def _within(engine: Search, versions: Sequence[Version]) -> Iterator[tuple[Version, Version, Array]]:
    """Yield mistakes that the file describes with a likely one in what is then computed."""
    found: list[tuple[Version, Version]] = []
    context = context_of(engine.question)
    for one in versions:
        (first,) = one.slips
        made = first.edit.replacement
        for edit in likely_edits(made, context):
            whole = replace(edit, place=first.edit.place, replacement=edited(made, {id(edit.place): edit.replacement}))
            found.append((one, Version(NOTHING, edit.cost, (replace(first, edit=whole),))))
    found = sorted(found, key=lambda both: bits(both[1]))[:MOST_WITHIN]
    for both, value in zip(found, engine.together([second.slips for _, second in found]), strict=True):
        if value is not None:
            yield (*both, value)


# What is done to the result


def _then_done_to_the_result(engine: Search, known: Sequence[Version]) -> Iterator[tuple[Version, Version, Array]]:
    """Yield the likeliest mistakes of which the result is then taken otherwise: in another unit, without its sign.

    Only that is computed, of the value that each mistake has by itself. known: those that the file describes.
    """
    wanted = engine.tape.wanted
    if not isinstance(wanted, Name) or not isinstance(engine.question.graph.names.get(wanted.id), Node):
        return
    done = [slip for place in engine.places if place.step == ANSWER and place.expr is wanted for slip in place.slips]
    done = [slip for slip in done if slip.edit.rule in OF_THE_RESULT]
    after = sorted(done, key=lambda slip: slip.edit.cost)[:MOST_AFTER]
    before = _before(engine, known, wanted, len(after))
    if not after or not before:
        return
    values = np.repeat(np.array([one.value for one in before]), len(after), axis=0)
    members = tuple(np.arange(at, len(values), len(after)) for at in range(len(after)))
    choice = Choice(wanted, tuple(slip.edit.replacement for slip in after), members)
    try:
        found = engine.versions.values([choice], {ANSWER: wanted}, len(values), {wanted.id: values})
    except NotBatchedError:
        return
    taken = [Version(NOTHING, slip.edit.cost, (slip,)) for slip in after]
    whole = np.isfinite(found).reshape(len(found), -1).all(axis=1)
    for at in np.flatnonzero(whole):
        yield before[at // len(after)], taken[at % len(after)], found[at].copy()


def _then_of_other_sign_or_size(engine: Search, known: Sequence[Version]) -> Iterator[tuple[Version, Version, Array]]:
    """Yield the likeliest mistakes of which the result then has another sign, or is doubled or halved.

    The mistake may be in what is done to the result, too: minus the reciprocal.
    """
    wanted, shape = engine.tape.wanted, np.shape(np.asarray(engine.part.expected))
    assert wanted is not None  # noqa: S101 - only what was written can be changed
    last = [(Version(NOTHING, edit.cost, (Slip(edit, ANSWER, wanted),)), by) for edit, by in last_edits(wanted)]
    before = _before(engine, known, wanted, len(last))
    before += [one for one in engine.singles if one.value.shape == shape and _is_of_the_result(one, wanted)]
    for version in before:
        yield from ((version, done, by * version.value) for done, by in last)


def _before(engine: Search, known: Sequence[Version], wanted: Expr, ways: int) -> list[Version]:
    """Return the likeliest mistakes whose result is then changed in so many ways, as far as it is cheap."""
    shape = np.shape(np.asarray(engine.part.expected))
    found = [one for one in engine.singles if one.value.shape == shape and _is_before(one, wanted)]
    found += [one for one in known if one.value.shape == shape]
    return sorted(found, key=bits)[: min(MOST_BEFORE, MOST_ELEMENTS // max(1, ways * int(np.prod(shape))))]


def _one_after_the_other(first: Slip, second: Slip) -> Slip:
    """Return what two slips at one place make of it: the second is done to what the first has made."""
    made, place = first.edit.replacement, second.edit.place
    both = substituted(second.edit.replacement, lambda part: made if part is place else None)
    return replace(second, edit=replace(second.edit, replacement=both))


def _is_of_the_result(version: Version, wanted: Expr) -> bool:
    """Tell whether a mistake is made in what is done to the result, and in nothing else."""
    slips = version.slips
    plain = len(slips) == 1 and version.mutant is None and version.both is None and not version.in_full
    return plain and slips[0].edit.place is wanted and slips[0].edit.rule in OF_THE_RESULT


def _is_before(version: Version, wanted: Expr) -> bool:
    """Tell whether a mistake is made before the result is there."""
    if version.mutant is not None and version.mutant.changes.answer is not None:
        return False
    made = version.both is None and version.own is None and not version.in_full
    return made and all(slip.edit.place is not wanted for slip in version.slips)


__all__ = ["Pairs", "Tried", "apart", "as_slips", "lowest", "made_together", "paired", "pairs", "tried"]
