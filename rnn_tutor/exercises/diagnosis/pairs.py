"""Two mistakes in one answer: which pairs are tried, and what they give.

The likeliest pairs come first, until the budget is spent. It counts pairs and element operations, and never looks at a
clock. One mistake of a pair may be made in several steps, or lie within the place of the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice, permutations, product

import numpy as np

from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Name, children, walk, with_children
from rnn_tutor.engine.mutate import Edit, edited
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.diagnosis.mistakes import ANSWER
from rnn_tutor.exercises.diagnosis.search import PAIRED, Place, Search, Slip, Version, rounded

MOST_TOGETHER = 9  # alternatives of a place, in pairs of places
MOST_PAIRED_WITH_DERIVATIVES = 30  # each of them makes the way back longer
MOST_PAIRED = 180  # slips that are tried together with another one, the likeliest
MOST_ALL_OVER = 10  # mistakes made all over, that are tried with another one
MOST_BESIDE = 40  # of these
MOST_PAIRS = 1_000  # pairs of slips that are tried for one answer
PAIRS_AT_ONCE = 500
MOST_OPERATIONS = 4_000_000  # of elements, for the pairs of one answer


@remembered(8, once=True)
def pairs(engine: Search) -> list[Version]:
    """Return versions with two mistakes, at two places, the likeliest places first, until the budget is spent.

    Those of which one mistake is not seen with these numbers are none: the other alone gives the same. Computed
    once: the numbers of an expression are read in several ways, and each way is looked for among them.
    """
    with engine.alone_at_work():
        seen = {rounded(one.value) for one in engine.singles} | {rounded(np.asarray(engine.part.expected))}
        return [version for version in _computed(engine) if rounded(version.value) not in seen]


def _computed(engine: Search) -> Iterator[Version]:
    budget = engine.versions.operations + MOST_OPERATIONS
    candidates = sorted([*_of_slips(engine), *_with_everywhere(engine)], key=lambda pair: pair[0].cost + pair[1].cost)
    pairs = list(islice(_joined(candidates), MOST_PAIRS))
    for start in range(0, len(pairs), PAIRS_AT_ONCE):
        if engine.versions.operations > budget:
            return
        some = pairs[start : start + PAIRS_AT_ONCE]
        for pair, value in zip(some, engine.together([pair.slips for pair in some]), strict=True):
            if value is not None:
                yield replace(pair, value=value)


def _joined(candidates: Iterable[tuple[Version, Version]]) -> Iterator[Version]:
    """Yield the pairs of mistakes that can be made together, each as one version."""
    parts = Parts()
    for first, second in candidates:
        slips = joined(first.slips, second.slips, parts)
        if slips is not None:
            plain = len(slips) == 2 and not first.everywhere and not second.everywhere
            both = None if plain else (first, second)
            yield Version(np.zeros(0), first.cost + second.cost + PAIRED, slips, both=both)


def _with_everywhere(engine: Search) -> Iterator[tuple[Version, Version]]:
    """Yield the likeliest mistakes that are made in several places, each with one of the likeliest others."""
    all_over = [version for version in engine.singles if version.everywhere][:MOST_ALL_OVER]
    in_steps = ((version, _as_slips(engine, version)) for version in engine.singles if version.mutant is not None)
    all_over += [replace(one, slips=slips) for one, slips in in_steps if slips][:MOST_ALL_OVER]
    others = [slip for place in engine.places for slip in place.slips[:MOST_TOGETHER]]
    others = sorted(others, key=lambda slip: slip.edit.cost)[:MOST_BESIDE]
    yield from product(all_over, [Version(np.zeros(0), slip.edit.cost, (slip,)) for slip in others])
    yield from ((one, other) for one, other in combinations(all_over, 2) if one.rules != other.rules)


def _as_slips(engine: Search, version: Version) -> tuple[Slip, ...]:
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


def _of_slips(engine: Search) -> list[tuple[Version, Version]]:
    """Return the likeliest pairs of slips at two places, the likeliest first."""
    chosen = [(at, slip) for at, place in enumerate(engine.places) for slip in place.slips[:MOST_TOGETHER]]
    chosen.sort(key=lambda one: one[1].edit.cost)
    differentiates = engine.versions.differentiates
    chosen = chosen[: MOST_PAIRED_WITH_DERIVATIVES if differentiates else MOST_PAIRED]
    separate = np.array(
        [
            [at < to and not _nested(one, other) for to, other in enumerate(engine.places)]
            for at, one in enumerate(engine.places)
        ]
    ).reshape(len(engine.places), len(engine.places))
    where = np.array([at for at, _ in chosen], dtype=int)
    costs = np.array([slip.edit.cost for _, slip in chosen])
    both = separate[where][:, where] if len(where) else np.zeros((0, 0), dtype=bool)
    for at, (place, slip) in enumerate(chosen):
        both[at] |= np.isin(where, [inner for inner in _kept_by(engine, slip) if inner != place])
    firsts, seconds = np.nonzero(both)
    order = np.argsort(costs[firsts] + costs[seconds], kind="stable")[:MOST_PAIRS]
    alone = [Version(np.zeros(0), slip.edit.cost, (slip,)) for _, slip in chosen]
    return [(alone[firsts[at]], alone[seconds[at]]) for at in order]


def _kept_by(engine: Search, slip: Slip) -> list[int]:
    """Return the places within that of a slip which are still there once it is made."""
    inside = {id(part) for part in walk(slip.edit.place)} & {id(part) for part in walk(slip.edit.replacement)}
    return [at for at, place in enumerate(engine.places) if id(place.expr) in inside]


def _nested(first: Place, second: Place) -> bool:
    """Tell whether one place is within the other: what is done there would not be seen, or not be that any more.

    What is done to the whole of a step that is the answer, and to the result, is done to the same.
    """
    for result, other in ((first, second), (second, first)):
        if result.step == ANSWER and result.expr == Name(other.step) and other.expr is other.root:
            return True
    if first.step != second.step or ANSWER in (first.step, second.step):
        return False
    return any(part is second.expr for part in walk(first.expr)) or any(
        part is first.expr for part in walk(second.expr)
    )


class Parts:
    """The parts of expressions, by identity: each is asked for again with many others."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Expr, frozenset[int]]] = {}

    def of(self, expr: Expr) -> frozenset[int]:
        """Return the identities of an expression and all that it is made of."""
        if id(expr) not in self._known:
            self._known[id(expr)] = expr, frozenset(id(part) for part in walk(expr))
        return self._known[id(expr)][1]

    def are_separate(self, first: Sequence[Slip], second: Sequence[Slip]) -> bool:
        """Tell whether no place of either mistake is, or lies within, one of the other."""
        return not (self._reached(first) & self._places(second) or self._reached(second) & self._places(first))

    def _reached(self, slips: Sequence[Slip]) -> frozenset[int]:
        return frozenset().union(*[self.of(slip.edit.place) for slip in slips])

    @staticmethod
    def _places(slips: Sequence[Slip]) -> frozenset[int]:
        return frozenset(id(slip.edit.place) for slip in slips)


def joined(first: Sequence[Slip], second: Sequence[Slip], parts: Parts) -> tuple[Slip, ...] | None:
    """Return two mistakes made together; None where one is not seen any more once the other is made.

    A place may lie within one of the other: where that keeps it, it is changed in what stands there instead.
    """
    slips = (*first, *second)
    within: dict[int, dict[int, Expr]] = {}
    if parts.are_separate(first, second):
        return slips
    for (outer, slip), (inner, other) in permutations(enumerate(slips), 2):
        if slip.edit.place is other.edit.place:
            return None
        if id(other.edit.place) in parts.of(slip.edit.place):
            if id(other.edit.place) not in parts.of(slip.edit.replacement):
                return None
            within.setdefault(outer, {})[inner] = other.edit.replacement
    hidden = {inner for inners in within.values() for inner in inners}
    if hidden & within.keys():
        return None  # one within the other within a third one
    return tuple(
        slip
        if at not in within
        else replace(slip, edit=replace(slip.edit, replacement=_with(slip, [slips[one] for one in within[at]])))
        for at, slip in enumerate(slips)
        if at not in hidden
    )


def _with(slip: Slip, inner: Sequence[Slip]) -> Expr:
    """Return what stands in the place of a slip once others are made within it."""
    return edited(slip.edit.replacement, {id(one.edit.place): one.edit.replacement for one in inner})


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


__all__ = ["Parts", "apart", "joined", "pairs"]
