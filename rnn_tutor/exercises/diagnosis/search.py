"""The search for the learner's computation: programs near the right one, the likeliest mistakes first.

A slip is one edit at one place of one step. The slips at all places are computed in one walk, on a batch axis. `pairs`
has two mistakes at once. Budgets count operations and never look at a clock: the same answer gets the same verdict on
every machine. What a match is worth is decided in `chance`: what is likelier costs less, and needs fewer digits to be
named.
"""

import re
import threading
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, takewhile
from typing import Any

import numpy as np

from rnn_tutor.engine.compare import EXACTLY, same
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import (
    Call,
    Expr,
    Index,
    Item,
    Name,
    NewAxis,
    Number,
    Slice,
    children,
    names_in,
    renamed,
    show,
    walk,
)
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.batched import Choice, NotBatchedError, Versions
from rnn_tutor.engine.graph.graph import CONSTANTS
from rnn_tutor.engine.graph.rerun import Changes
from rnn_tutor.engine.graph.steps import START, Let, Loop, Program, Start, lets
from rnn_tutor.engine.mutate import (
    ALIKE,
    COSTS,
    LOCAL_RULES,
    Edit,
    edited,
    edits,
    edits_across,
    edits_and_methods,
    edits_of_name,
    exchanges_across,
    result_edits,
)
from rnn_tutor.engine.mutate.algebra import places_changed
from rnn_tutor.engine.mutate.defaults import defaults
from rnn_tutor.engine.mutate.mutation import ONE, UNSAID, Context, op, substituted, told, whole_number
from rnn_tutor.engine.mutate.operands import is_numbered
from rnn_tutor.engine.mutate.parallel import is_telling, parents, pattern
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape
from rnn_tutor.engine.turns import give_way, waited_for
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.mistakes import (
    ANSWER,
    Mutant,
    context_of,
    in_several_steps,
    mutants_of,
    needed_steps,
    started_from_zero,
    tape,
    value_of,
    value_with,
)
from rnn_tutor.exercises.question import Part, Question

MOST_STEPS = 150_000  # slips times nodes of the program: of a long one only the likelier slips are tried
MOST_ALONE = 45  # slips that are computed one by one, where they cannot be batched; the likeliest
MOST_WALKS = 12  # for versions some of which cannot be had with the others
MOST_IN_A_WALK = 400_000  # versions times the elements of the largest value
FEWEST_TOGETHER = 8  # versions that are worth a walk along the program
MOST_EVERYWHERE_ALONE = 6  # of these one by one
MOST_EVERYWHERE = 160  # kinds of mistakes that are tried all over
MOST_OF_LINES = 40  # ... at the same place of steps that are alike
MOST_EXCHANGED = 40  # pairs of steps
MOST_SAME = 8  # places of one kind
MOST_ELEMENTS = 6  # pairs of elements of one list
MOST_REPEATED = 12  # expressions that stand in several places, taken as 0
FREE = 3.0  # what mistakes may cost that are tried without the bounds that do nothing
FREED = 1.5  # what it costs that a bound is not thought of
DEEPEST = 4  # steps that are written out one within the other
LIKELY = 2.0  # ... and those that are tried behind an earlier part that is right
SAME = 0.5  # what it costs to make the same mistake again
PAIRED = 3.0  # what it costs that there are two mistakes, beside what each of them does
STARTS = COSTS["start"]
BEHIND = 0.75  # what it costs that a mistake is in a step that an earlier part is made from, too
MATRIX = 2  # axes
MOST_NUMBERS = 3  # of a formula, that are told one by one


@dataclass(frozen=True, eq=False)
class Slip:
    """An edit in its step: `step` is its name, `h_start` for a start, ANSWER for the expression that is asked for."""

    edit: Edit
    step: str
    root: Expr


ALL_OVER = ", everywhere in the formula"
AT_ONE_PLACE = ", in one place only"


@dataclass(frozen=True, eq=False)
class Version:
    """A wrong version of the steps with the value that it gives: its slips, or one mistake in several steps."""

    value: Array
    cost: float
    slips: tuple[Slip, ...] = ()
    mutant: Mutant | None = None
    own: Mapping[str, Array] | None = None  # the learner's own values of earlier parts, which it goes on from
    right: bool = False  # ... where these are right
    everywhere: bool = False  # the same mistake wherever it can be made
    in_full: bool = False  # one number (or row) for all, written out as often as the answer has it
    both: "tuple[Version, Version] | None" = None  # the two mistakes that it is made of

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules that made it."""
        if self.both is not None:
            return (*self.both[0].rules, *self.both[1].rules)
        if self.mutant is not None:
            return (self.mutant.rule,)
        return tuple(slip.edit.rule for slip in (self.slips[:1] if self.everywhere else self.slips))

    @property
    def clauses(self) -> list[tuple[str, str]]:
        """What was done, as clauses after "if", each with its step ("" for several)."""
        if self.both is not None:
            return [*self.both[0].clauses, *self.both[1].clauses]
        if self.mutant is not None:
            return [(self.mutant.clause, self.mutant.let)]
        if self.everywhere:
            said = list(dict.fromkeys(slip.edit.clause for slip in self.slips))  # of t0 + h / 2 and t0 + h both terms
            if len(said) > 1 and self.slips[0].edit.method:
                said = [said[0].split(": `")[0]]  # the formula is another one at each place
            if all(one.endswith(AT_ONE_PLACE) for one in said):
                return [(f"{said[0].removesuffix(AT_ONE_PLACE)}, in what each step reads of another one", "")]
            if len(said) == MATRIX and self.slips[0].edit.rule == "term_left_out":
                return [(f"{said[0]}, and {said[1]}{ALL_OVER}", "")]
            if self.slips[0].edit.rule in ("elements_exchanged", "rounded_first"):
                return [(said[0], "")]
            names = _names_for_names(self.slips)
            if names:
                return [(names, "")]
            if 1 < len(said) <= MOST_NUMBERS and all(isinstance(slip.edit.place, Number) for slip in self.slips):
                return [(", and ".join(said), "")]  # 6 for 5, and 4 for 3: of one alone that would not be true
            return [(_one_clause(said) or f"{said[0]}{ALL_OVER}", "")]
        return [(slip.edit.clause, slip.step) for slip in self.slips]

    def changes(self) -> Changes:
        """What is done otherwise."""
        if self.mutant is not None:
            return self.mutant.changes
        if self.both is not None and not self.both[0].slips:  # what is done to the result of a loop that runs otherwise
            return replace(self.both[0].changes(), answer=self.both[1].changes().answer)
        roots: dict[str, tuple[Expr, dict[int, Expr]]] = {}
        for slip in self.slips:
            roots.setdefault(slip.step, (slip.root, {}))[1][id(slip.edit.place)] = slip.edit.replacement
        done = {step: _all_edited(root, replacements) for step, (root, replacements) in roots.items()}
        starts = {step.removesuffix(START): expr for step, expr in done.items() if step.endswith(START)}
        steps = {step: expr for step, expr in done.items() if step != ANSWER and not step.endswith(START)}
        own = {name: literal(value) for name, value in (self.own or {}).items()}
        return Changes(own | steps, starts, {}, done.get(ANSWER))

    @property
    def nested(self) -> bool:
        """Tell whether one of its places lies within another one."""
        parts = [(slip.edit.place, {id(part) for part in walk(slip.edit.place)}) for slip in self.slips]
        return any(one is not place and id(one) in inside for one, _ in parts for place, inside in parts)


def _all_edited(root: Expr, replacements: Mapping[int, Expr]) -> Expr:
    """Return an expression with parts (by identity) replaced, those too that stand within what replaces another one."""

    def instead(part: Expr) -> Expr | None:
        other = replacements.get(id(part))
        if other is None:
            return None
        left = {place: new for place, new in replacements.items() if place != id(part)}
        return _all_edited(other, left) if left else other

    return substituted(root, instead)


_CODE = re.compile(r"(`[^`]*`)")


def _one_clause(said: Sequence[str]) -> str:
    """Return clauses that differ in one expression as one that has all of these; "" for one alone, and for others."""
    pieces = [_CODE.split(clause) for clause in said]
    if not 1 < len(said) <= MOST_NUMBERS or len({len(one) for one in pieces}) > 1:
        return ""
    differ = [at for at, texts in enumerate(zip(*pieces, strict=True)) if len(set(texts)) > 1]
    if len(differ) != 1 or not differ[0] % 2 or any("..." in one[differ[0]] or UNSAID in one for one in pieces):
        return ""
    together = words.enumerated([one[differ[0]] for one in pieces])
    return "".join([*pieces[0][: differ[0]], together, *pieces[0][differ[0] + 1 :]])


def _names_for_names(slips: Sequence[Slip]) -> str:
    """Return what was done where several names that a learner sees stand for several others; "" for anything else.

    Elements of such names, too: `K[0]` and `V[0]` for `K[1]` and `V[1]`.
    """
    pairs: dict[tuple[str, str], None] = {}
    for slip in slips:
        place, other, clause = slip.edit.place, slip.edit.replacement, slip.edit.clause
        if not isinstance(place, Name | Index) or not isinstance(other, Name | Index):
            return ""
        old, new = show(place), show(other)
        if f"`{old}`" not in clause or f"`{new}`" not in clause:
            return ""
        pairs[old, new] = None
    if len(pairs) == 1:
        return ""
    old, new = (words.enumerated([f"`{pair[at]}`" for pair in pairs]) for at in (0, 1))
    return f"{new} were used instead of {old}"


NOTHING = Version(np.zeros(0), 0.0)  # a bound left out that cuts nothing off: no mistake that is told


def literal(value: Array) -> Expr:
    """Return a value as the expression that it is when written out."""
    if value.ndim:
        return ArrayExpr(tuple(literal(row) for row in value))
    number = float(value)
    return Number(number, repr(number))


MOST_KEPT = 400  # values of versions that are kept of a part
MOST_KEPT_ELEMENTS = 100  # of a value that is kept


def computed(question: Question, part: Part, version: Version) -> Array | None:
    """Return what a version gives for a part with a question's numbers; None where it cannot be computed.

    It is kept: the same answer is looked at in several ways, and the next answer may fit the same versions.
    """
    kept = _kept_values(question, part)
    known = kept.get(id(version))
    if known is not None and known[0] is version:
        return known[1]
    value = _computed(question, part, version)
    if len(kept) < MOST_KEPT and (value is None or value.size <= MOST_KEPT_ELEMENTS):
        kept[id(version)] = version, value
    return value


@remembered(16, by=lambda _question, part: (part, ()))
def _kept_values(question: Question, part: Part) -> dict[int, tuple[Version, Array | None]]:
    return {}  # by identity; each holds its version


def _computed(question: Question, part: Part, version: Version) -> Array | None:
    if version.right:  # of these numbers, which may be others than those that it was found with
        parts = {other.step: other for other in question.parts if other.step in (version.own or {})}
        version = replace(version, own={name: np.asarray(one.expected, dtype=float) for name, one in parts.items()})
    value = value_with(question, part, version.changes())
    shape = part.node.shape if part.node is not None else ()
    if value is not None and version.in_full and _ends_with(shape, value.shape):
        return np.broadcast_to(value, shape)
    return value


def _ends_with(shape: tuple[int, ...], end: tuple[int, ...]) -> bool:
    return len(end) < len(shape) and shape[len(shape) - len(end) :] == end


@dataclass(frozen=True, eq=False)
class Place:
    """A place of a step with the slips that can be made there, the likeliest first."""

    root: Expr
    step: str
    expr: Expr
    slips: tuple[Slip, ...]

    @property
    def cost(self) -> float:
        """What the likeliest of its slips costs."""
        return self.slips[0].edit.cost


class Search:
    """All that is tried for wrong answers to one part of a question."""

    def __init__(self, question: Question, part: Part) -> None:
        assert part.node is not None  # noqa: S101 - only parts with a value are searched
        self.question = question
        self.part = part
        self.tape = tape(question, part)
        wanted = self.tape.wanted
        assert wanted is not None  # noqa: S101 - only what was written can be changed
        self.versions = Versions(question.graph, self.tape.dependencies, wanted, self.tape.inner)
        self.places = places(question, part, wanted)
        self._largest = max([1, *(int(np.prod(node.shape)) for node in self.tape.nodes)])
        self._at_work = threading.Lock()
        self._walks_left = MOST_WALKS
        self._made = {let.name: at for at, let in enumerate(lets(question.compiled.program))}
        self._without_effect: set[int] | None = None
        self._impossible: set[tuple[Slip, ...]] = set()  # what the walks have found not to give a number
        alone = list(self._alone())
        singles = [*self._exchanged(), *self._in_several_steps(), *self._everywhere(), *alone]
        singles += [*self._without_bounds(alone), *self._with_right_parts()]
        singles += self._in_full(singles)
        self.singles = sorted(singles, key=lambda version: version.cost)

    def _in_full(self, versions: Iterable[Version]) -> list[Version]:
        """Return versions that give one number (or row) for all, as who writes the answer out in full has them."""
        shape = self.part.node.shape if self.part.node is not None else ()
        shorter = (one for one in versions if one.value.shape != shape and _ends_with(shape, one.value.shape))
        return [replace(one, value=np.broadcast_to(one.value, shape), in_full=True) for one in shorter]

    def _in_several_steps(self) -> Iterator[Version]:
        for mutant in (*mutants_of(self.question, self.part), *in_several_steps(self.question, self.part)):
            if (not mutant.let or mutant.counts) and not mutant.starts:  # the starts are among the places
                value = value_of(self.question, self.part, mutant)
                if value is not None and np.isfinite(value).all():
                    yield Version(value, COSTS.get(mutant.rule, STARTS), mutant=mutant)

    def _exchanged(self) -> Iterator[Version]:
        """Two steps of one shape exchanged in all that reads them: gates cut in another order."""
        needed = needed_steps(self.question, self.part)
        context = context_of(self.question)
        shapes = context.shapes
        names = [name for name in shapes if name in needed and name != self.part.step]
        steps = {let.name: let.expr for let in lets(self.question.compiled.program) if let.name in needed}
        for first, second in list(combinations(names, 2))[:MOST_EXCHANGED]:
            if shapes[first] != shapes[second]:
                continue
            both = {first: second, second: first}
            changed = {
                name: renamed(expr, both)
                for name, expr in steps.items()
                if name not in both and names_in(expr) & both.keys()
            }
            if not changed or not all(names_in(expr) & both.keys() for expr in changed.values()):
                continue
            read = set().union(*map(names_in, (steps[name] for name in changed))) & both.keys()
            rule, clause = "swapped_names", places_changed(first, second, context)
            if len(read) == 1:  # the other is read by the first alone
                (old,) = read
                rule, clause = "other_name", context.instead(Name(both[old]), Name(old))
            mutant = Mutant(rule, clause, "", lets=changed)
            value = value_of(self.question, self.part, mutant)
            if value is not None and np.isfinite(value).all():
                yield Version(value, COSTS["swapped_names"], mutant=mutant)

    def _everywhere(self) -> Iterator[Version]:
        """The same mistake wherever it can be made: every mean over the other axis, no square anywhere."""
        groups: dict[object, dict[int, Slip]] = {}
        alike: dict[object, dict[int, Slip]] = {}
        roots: dict[int, dict[int, tuple[str, int]]] = {}
        lines = _alike_lines(self.places)
        for place in self.places:
            if place.step == ANSWER and isinstance(place.root, Name):
                continue
            count: dict[str, int] = {}
            form = _form_of(place.expr)
            read = roots.setdefault(id(place.root), parents(place.root)).get(id(place.expr))
            for slip in place.slips:
                rule = slip.edit.rule
                count[rule] = count.get(rule, 0) + 1
                for key in (*_kinds(slip, count[rule], form), *_parallel(slip, count[rule], read)):
                    groups.setdefault(key, {}).setdefault(id(place.expr), slip)
                at = lines.get(id(place.root), {}).get(id(place.expr))
                if at is not None and slip.edit.cost <= LIKELY:
                    key = rule, count[rule], at, pattern(slip.edit.replacement)
                    alike.setdefault(key, {}).setdefault(id(place.expr), slip)
        sets = _sets(groups)
        several = sorted(sets.values(), key=lambda slips: slips[0].edit.cost)[:MOST_EVERYWHERE]
        of_lines = [slips for which, slips in _sets(alike).items() if which not in sets]
        several += sorted(of_lines, key=lambda slips: slips[0].edit.cost)[:MOST_OF_LINES]
        several += self._of_names()
        alone = MOST_EVERYWHERE_ALONE
        for slips_of_it, value in zip(several, self.together(several), strict=True):
            found = value
            if found is None and alone > 0 and slips_of_it not in self._impossible:
                found = computed(self.question, self.part, Version(np.zeros(0), 0.0, slips_of_it))
                alone -= 1
            if found is not None and np.isfinite(found).all():
                yield Version(found, slips_of_it[0].edit.cost + SAME, slips_of_it, everywhere=True)

    def _of_names(self) -> list[tuple[Slip, ...]]:
        """Return what is done to a given wherever it stands in the steps: one matrix is transposed in all of them."""
        if not self.places:
            return []
        needed = needed_steps(self.question, self.part) - self.question.compiled.pictured
        context = context_of(self.question)
        steps = [let for let in lets(self.question.compiled.program) if let.name in needed]
        places: dict[str, list[tuple[Let, Expr]]] = {}
        read: set[str] = set()  # by an index: no rule for a single place has these
        elements: dict[str, list[tuple[Let, Index, int]]] = {}
        for let in steps:
            for part in walk(let.expr):
                if isinstance(part, Name) and part.id in context.means:
                    places.setdefault(part.id, []).append((let, part))
                if isinstance(part, Index) and isinstance(part.base, Name):
                    read.add(part.base.id)
                    if isinstance(part.items[0], Number):
                        elements.setdefault(part.base.id, []).append((let, part, int(part.items[0].value)))
        of_one = [
            tuple(Slip(replace(edit, place=place), let.name, let.expr) for let, place in found)
            for name, found in places.items()
            if len(found) > 1 or name in read
            for edit in edits_of_name(name, context)
        ]
        of_one += [slips for found in elements.values() for slips in _elements_exchanged(found, context)]
        return [*of_one, *_left_out_everywhere(steps, context)] + [
            tuple(
                Slip(Edit("default", place, value, usual.clause, COSTS["default"]), let.name, let.expr)
                for name, value in usual.instead.items()
                for let, place in places[name]
            )
            for usual in defaults(places, context)
        ]

    def _alone(self) -> Iterator[Version]:
        slips = [slip for place in self.places for slip in place.slips]
        slips.sort(key=lambda slip: slip.edit.cost)  # so that no place uses up what the likelier ones of others need
        slips = slips[: MOST_STEPS // max(1, len(self.tape.nodes))]
        apart: list[Slip] = []
        for slip, value in zip(slips, self.together([(slip,) for slip in slips]), strict=True):
            if value is not None:
                yield Version(value, slip.edit.cost, (slip,))
            elif (slip,) not in self._impossible:
                apart.append(slip)
        for slip in apart[:MOST_ALONE]:
            value = computed(self.question, self.part, Version(np.zeros(0), 0.0, (slip,)))
            if value is not None and np.isfinite(value).all():
                yield Version(value, slip.edit.cost, (slip,))

    def _without_bounds(self, alone: Sequence[Version]) -> Iterator[Version]:
        """Yield mistakes together with a bound that nobody would think of: it does nothing with these numbers.

        `exp(1 - b / a)` for `minimum(1, exp(1 - a / b))`: the mistake alone would be cut off.
        """
        free = [slip for place in self.places for slip in place.slips if self._does_nothing(slip)]
        if not free:
            return
        found: list[Version] = []
        behind = {bound.step: self._behind(bound) for bound in free}  # of what is made after it, a bound does as little
        for version in alone:
            (slip,) = version.slips
            if slip.edit.cost <= FREE:
                reached = [bound for bound in free if slip.step == bound.step or slip.step in behind[bound.step]]
                found += [
                    self._freed(version, slip, bound) for bound in reached if bound.edit.place is not slip.edit.place
                ]
        had = {rounded(version.value) for version in alone}  # what the bound cuts off, or does not reach
        for version, value in zip(found, self.together([one.slips for one in found]), strict=True):
            if value is not None and rounded(value) not in had:
                yield replace(version, value=value)

    def _behind(self, slip: Slip) -> set[str]:
        """Return the steps, and the starts, that the step of a slip is made of."""
        names = {slip.step.removesuffix(START)} if slip.step != ANSWER else names_in(slip.root)
        steps = self.question.compiled.dependencies.steps_behind(names)
        return steps | {f"{step}{START}" for step in steps}

    def _does_nothing(self, slip: Slip) -> bool:
        """Tell whether a bound is left out that cuts nothing off."""
        if slip.edit.rule != "bounds" or not isinstance(slip.edit.place, Call):
            return False
        if not any(slip.edit.replacement is arg for arg in slip.edit.place.args):
            return False
        nodes = [self.tape.inner.get((id(part), None)) for part in (slip.edit.place, slip.edit.replacement)]
        root = self.root(slip.step) if slip.step != ANSWER else slip.root
        before, after = ((None if node is None else node.value) for node in nodes)
        if slip.edit.place is root and before is None:
            before = self.question.graph.whole(slip.step).value
        return before is not None and after is not None and np.array_equal(before, after)

    def _freed(self, version: Version, slip: Slip, bound: Slip) -> Version:
        """Return a mistake without a bound: within it, both are one edit."""
        cost, inside = slip.edit.cost + FREED, bound.edit.replacement
        clause = partial(_without_bound, slip.edit)
        if slip.step == bound.step and any(part is slip.edit.place for part in walk(inside)):
            changed = edited(inside, {id(slip.edit.place): slip.edit.replacement})
            edit = Edit(slip.edit.rule, bound.edit.place, changed, clause, cost)
            return Version(np.zeros(0), cost, (Slip(edit, bound.step, bound.root),))
        both = replace(slip, edit=replace(slip.edit, said=clause))
        return Version(np.zeros(0), cost, (both, bound), both=(replace(version, slips=(both,)), NOTHING))

    def _with_right_parts(self) -> Iterator[Version]:
        """Yield mistakes behind an earlier part that is right, where another way leads past it: b1 forgotten again."""
        steps = {other.step: other for other in self.question.parts[: self.question.parts.index(self.part)]}
        wanted = needed_steps(self.question, self.part)
        own: dict[str, Array] = {}
        for name, other in steps.items():
            if name in wanted and isinstance(other.expected, np.ndarray) and self.root(name) is not None:
                if name not in self.versions.graph.names or name in context_of(self.question).recurrent:
                    continue
                own[name] = np.asarray(other.expected, dtype=float)
        if not own:
            return
        past = self._past(set(own))
        slips = [
            s for place in self.places if place.step in past for s in place.slips if s.edit.cost <= LIKELY + BEHIND
        ]
        if not slips:
            return
        for slip, value in zip(slips, self.together([(slip,) for slip in slips], own), strict=True):
            if value is not None:
                yield Version(value, slip.edit.cost + SAME, (slip,), own=own, right=True)

    def _past(self, parts: set[str]) -> set[str]:
        """Return the steps behind some parts from which a way leads to the answer that goes through none of them."""
        reads = {let.name: names_in(let.expr) for let in lets(self.question.compiled.program)}
        behind = set().union(*[self.question.compiled.dependencies.steps_behind({name}) for name in parts]) - parts
        wanted = self.tape.wanted
        assert wanted is not None  # noqa: S101 - only what was written can be changed
        reached: set[str] = set()
        left = [name for name in names_in(wanted) if name not in parts]
        while left:
            name = left.pop()
            if name not in reached and name in reads:
                reached.add(name)
                left += [other for other in reads[name] if other not in parts]
        return behind & reached

    def together(
        self, versions: Sequence[tuple[Slip, ...]], own: Mapping[str, Array] | None = None
    ) -> list[Array | None]:
        """Return the value of each of several versions, given by their slips; None where it cannot be had together.

        Where they cannot be had in one walk, two walks of one half each are made, and so on.
        """
        values: list[Array | None] = []
        most = max(FEWEST_TOGETHER, MOST_IN_A_WALK // self._largest)
        for start in range(0, len(versions), most):
            self._walks_left = MOST_WALKS
            values += self._in_one_walk(versions[start : start + most], own or {})
        return values

    def _in_one_walk(self, versions: Sequence[tuple[Slip, ...]], own: Mapping[str, Array]) -> list[Array | None]:
        if self._walks_left <= 0:
            return [None] * len(versions)
        self._walks_left -= 1
        choices, roots = _choices(versions)
        everyone = np.arange(len(versions) + 1)  # the last is the program as it is
        for name, value in own.items():
            root = self.root(name)
            if root is not None:
                roots[name] = root
                choices.append(Choice(root, (literal(value),), (everyone,)))
        try:
            values = self.versions.values(choices, roots, len(everyone))
        except NotBatchedError:
            return self._in_several_walks(versions, own)
        finite = np.asarray(np.isfinite(values).reshape(len(values), -1).all(axis=1))
        never = np.flatnonzero(~finite[:-1] & ~self.versions.open[:-1])
        self._impossible |= {versions[int(at)] for at in never}
        # Each is an array of its own: a view would keep the values of all versions as long as one of them is known.
        found = [values[at].copy() if finite[at] else None for at in range(len(versions))]
        return found if own else self._of_other_shapes(versions, choices, found)

    def _in_several_walks(self, versions: Sequence[tuple[Slip, ...]], own: Mapping[str, Array]) -> list[Array | None]:
        """Return values where there are some that cannot be had with the others: those of one step in a walk each.

        What is made last comes first: before it less can be in the way. Of one step two halves, while they are worth a
        walk.
        """
        by_steps: dict[tuple[int, ...], list[int]] = {}
        for at, slips in enumerate(versions):
            by_steps.setdefault(tuple(self._made.get(slip.step, len(self._made)) for slip in slips), []).append(at)
        groups = [by_steps[steps] for steps in sorted(by_steps, key=min, reverse=True)]
        if len(groups) == 1:
            half = (len(versions) + 1) // 2
            if half < FEWEST_TOGETHER:
                return [None] * len(versions)
            groups = [list(range(half)), list(range(half, len(versions)))]
        found: list[Array | None] = [None] * len(versions)
        for members in groups:
            for at, value in zip(members, self._in_one_walk([versions[at] for at in members], own), strict=True):
                found[at] = value
        return found

    def _of_other_shapes(
        self, versions: Sequence[tuple[Slip, ...]], choices: Sequence[Choice], found: list[Array | None]
    ) -> list[Array | None]:
        """Return values with those of single slips that give a place another shape: all of one shape together."""
        where = {slips[0]: at for at, slips in enumerate(versions) if len(slips) == 1}
        misfits: dict[tuple[int, tuple[int, ...]], list[Slip]] = {}
        of_place = {id(choice.place): choice for choice in choices}
        for (place, which), shape in self.versions.misfits.items():
            replacement = of_place[place].alternatives[which]
            slip = next((slip for slip in where if slip.edit.replacement is replacement), None)
            if slip is not None:
                misfits.setdefault((place, shape), []).append(slip)
        for slips in misfits.values():
            several, roots = _choices([(slip,) for slip in slips])
            try:
                values = self.versions.values(several, roots, len(slips))
            except NotBatchedError:
                continue
            for slip, value in zip(slips, values, strict=True):
                if np.isfinite(value).all():
                    found[where[slip]] = value.copy()
        return found

    def changes_nothing(self, slip: Slip) -> bool:
        """Tell whether a slip alone gives the right answer with these numbers."""
        if self._without_effect is None:
            expected = np.asarray(self.part.expected)
            right = (one for one in self.singles if len(one.slips) == 1 and one.mutant is None and one.both is None)
            self._without_effect = {id(one.slips[0]) for one in right if same(one.value, expected, EXACTLY)}
        return id(slip) in self._without_effect

    def root(self, name: str) -> Expr | None:
        """Return the expression of a step; None for a given."""
        return next((let.expr for let in lets(self.question.compiled.program) if let.name == name), None)

    @contextmanager
    def alone_at_work(self) -> Iterator[None]:
        """Let one thread at a time compute: what has been walked is noted in here."""
        if not self._at_work.acquire(blocking=False):
            with waited_for():
                self._at_work.acquire()
        try:
            yield
        finally:
            self._at_work.release()

    def going_on(self, own: Mapping[str, Array]) -> Iterator[Version]:
        """Yield versions with one mistake that go on from the learner's own values of earlier parts."""
        names = {name: value for name, value in own.items() if name in needed_steps(self.question, self.part)}
        if not names:
            return
        slips = [slip for place in self.places if place.step not in names for slip in place.slips]
        with self.alone_at_work():
            values = self.together([(slip,) for slip in slips], names)
        for slip, value in zip(slips, values, strict=True):
            if value is not None:
                yield Version(value, slip.edit.cost + PAIRED, (slip,), own=names)


def _left_out_everywhere(steps: Sequence[Let], context: Context) -> Iterator[tuple[Slip, ...]]:
    """Yield what stands in several places taken as 0 in all of them: a trend that starts at nothing."""
    found: dict[Expr, list[tuple[Let, Expr]]] = {}
    for let in steps:
        for part in walk(let.expr):
            if isinstance(part, Call) and part is not let.expr and names_in(part):
                found.setdefault(part, []).append((let, part))
    often = [places for places in found.values() if 1 < len(places) <= MOST_SAME]
    for places in often[:MOST_REPEATED]:
        first = places[0][1]
        nothing = Number(0.0, "0") if context.size_of(first) == () else Call("zeros_like", (first,))
        clause = f"{context.code(first)} were taken as 0"
        yield tuple(
            Slip(Edit("taken_as", part, nothing, clause, COSTS["taken_as"]), let.name, let.expr) for let, part in places
        )


def _elements_exchanged(found: Sequence[tuple[Let, Index, int]], context: Context) -> Iterator[tuple[Slip, ...]]:
    """Yield the elements of one list with two of them in each other's place, wherever they are read one by one."""
    read = {at: part for _, part, at in reversed(found)}
    for one, other in list(combinations(sorted(read), 2))[:MOST_ELEMENTS]:
        swap = {one: other, other: one}
        both = context.codes(*[Index(read[at].base, read[at].items[:1]) for at in (one, other)])
        clause = f"{both[0]} and {both[1]} were exchanged"
        slips = []
        for let, part, at in found:
            if at in swap:
                instead = Index(part.base, (whole_number(swap[at]), *part.items[1:]))
                edit = Edit("elements_exchanged", part, instead, clause, COSTS["elements_exchanged"])
                slips.append(Slip(edit, let.name, let.expr))
        if len(slips) > 1:
            yield tuple(slips)


def _choices(versions: Sequence[tuple[Slip, ...]]) -> tuple[list[Choice], dict[str, Expr]]:
    """Return the places at which some versions differ, and the steps that these are in."""
    members: dict[int, dict[int, list[int]]] = {}
    slips: dict[int, Slip] = {}
    roots: dict[str, Expr] = {}
    for at, several in enumerate(versions):
        give_way()
        for slip in several:
            slips[id(slip)] = slip
            roots[slip.step] = slip.root
            members.setdefault(id(slip.edit.place), {}).setdefault(id(slip), []).append(at)
    choices = []
    for of_place in members.values():
        alternatives = [slips[one] for one in of_place]
        replacements = tuple(slip.edit.replacement for slip in alternatives)
        choices.append(Choice(alternatives[0].edit.place, replacements, tuple(map(np.array, of_place.values()))))
    return choices, roots


EVERYWHERE = (
    "axis",
    "axis_left_out",
    "reduction",
    "logarithm",
    "power",
    "squared_sums",
    "activation",
    "bounds",
    "one_less",
    "squares_of_counts",
    "number_of_gates",
    "softmax_otherwise",
    "largest_product",
)


def _sets(groups: Mapping[object, Mapping[int, Slip]]) -> dict[frozenset[int], tuple[Slip, ...]]:
    """Return the mistakes that are made at several places, each once."""
    sets: dict[frozenset[int], tuple[Slip, ...]] = {}
    for slips in groups.values():
        if 2 <= len(slips) <= MOST_SAME:
            sets.setdefault(frozenset(map(id, slips.values())), tuple(slips.values()))
    return sets


def _alike_lines(places: Iterable[Place]) -> dict[int, dict[int, object]]:
    """Return of the steps that are alike but for names and numbers, as those of two directions, where each part stands.

    By the identity of the step, and of the part.
    """
    roots = {id(place.root): place.root for place in places}
    by_pattern: dict[object, list[Expr]] = {}
    for root in roots.values():
        if sum(isinstance(part, Call) for part in walk(root)) >= TELLING:
            by_pattern.setdefault(pattern(root), []).append(root)
    alike = [same_ones for same_ones in by_pattern.values() if 1 < len(same_ones) <= MOST_SAME]
    return {id(root): dict(_standing(root, (which,))) for which, some in enumerate(alike) for root in some}


def _standing(expr: Expr, at: tuple[int, ...]) -> Iterator[tuple[int, object]]:
    """Yield the parts of an expression that are computed with, by identity, each with where it stands."""
    yield id(expr), at
    if isinstance(expr, Call):
        for which, arg in enumerate(expr.args):
            yield from _standing(arg, (*at, which))


TELLING = 3  # operations of a step that is alike to another one, and not by chance


def _kinds(slip: Slip, which: int, form: object) -> Iterator[object]:
    """Yield what the same mistakes at several places have in common; `form` is what `_form_of` makes of its place."""
    edit, place = slip.edit, slip.edit.place
    yield edit.rule, place, edit.replacement
    yield edit.rule, place, edit.replacement, slip.step
    if edit.method:
        yield edit.rule, edit.method
    if edit.rule in ("axis", "axis_left_out"):
        yield edit.rule, edit.replacement.keywords if isinstance(edit.replacement, Call) else ()
    if edit.rule in EVERYWHERE and isinstance(place, Call):
        yield edit.rule, place.function, which
    if edit.rule == "term_left_out" and isinstance(place, Call):
        yield edit.rule, place.function, edit.replacement  # t0 for t0 + h / 2 and for t0 + h
    if edit.rule == "other_column" and isinstance(edit.replacement, Index) and isinstance(place, Index):
        yield edit.rule, place.base, place.items[-1], edit.replacement.items[-1]
    if edit.rule == "another_element":
        yield from _shifted(edit)
    if edit.rule == "pooled":
        yield edit.rule, which
    if edit.rule == "other_name" and isinstance(place, Name) and isinstance(edit.replacement, Name):
        ends = _ends(place.id, edit.replacement.id)
        if ends is not None:
            yield edit.rule, ends, slip.step  # q0 and v0 for q_half and v_half
    if edit.rule == "other_name" and isinstance(place, Index) and isinstance(edit.replacement, Index):
        yield from _of_other_lists(edit, place, edit.replacement)
    if edit.rule == "other_reduction":
        yield edit.rule, _axes_of(place), _axes_of(edit.replacement)
    if edit.rule == "term_left_out" and isinstance(place, Call):
        gone = [arg for arg in place.args if arg is not edit.replacement]
        if len(gone) == 1:
            yield edit.rule, gone[0]
            yield edit.rule, gone[0], place.function
            yield edit.rule, gone[0], place.function, slip.step
            if isinstance(gone[0], Index):
                yield edit.rule, gone[0].base  # the emissions, of whichever day
    if form is not None:
        yield edit.rule, form, _without_names(edit.replacement)


def _shifted(edit: Edit) -> Iterator[object]:
    """Yield what elements have in common that are read elsewhere: the group 0 for 1, the step before of one array."""
    match edit.place, edit.replacement:
        case Index(base=base, items=(Number(value=own), *further)), Index(items=(Number(value=other), *_)):
            yield edit.rule, own, other, len(further)
            yield edit.rule, base, other - own


def _of_other_lists(edit: Edit, place: Index, other: Index) -> Iterator[object]:
    """Yield what elements have in common that are read of other lists: all of w_f and u_f for those of w_b and u_b."""
    if isinstance(place.base, Name) and isinstance(other.base, Name):
        ends = _ends(place.base.id, other.base.id)
        if ends is not None:
            yield edit.rule, ends, "elements"


def _ends(first: str, second: str) -> tuple[str, str] | None:
    """Return by which ends two names differ that begin alike; None for names that do not."""
    for cut in (str.rpartition, str.partition):
        (stem, bar, end), (other_stem, _, other_end) = cut(first, "_"), cut(second, "_")
        if bar and (stem == other_stem) != (end == other_end) and other_stem and other_end:
            return (end, other_end) if stem == other_stem else (stem, other_stem)  # w_f, u_f and w_b, u_b
    pairs = zip(first, second, strict=False)
    alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    ends = first[alike:], second[alike:]
    return ends if alike and not any(end[:1].isalpha() for end in ends) else None


def _parallel(slip: Slip, which: int, read: tuple[str, int] | None) -> Iterator[object]:
    """Yield what a mistake has in common with those at parallel places: the same but for names and numbers.

    `which` of its rule at its place it is; `read`, which argument of which function the place is.
    """
    edit = slip.edit
    if edit.rule in AT_ONE_USE and isinstance(edit.place, Name) and not isinstance(edit.replacement, Name):
        yield edit.rule, "one use", pattern(edit.replacement), read  # what each step reads of the one before it
    if isinstance(edit.place, Number):
        yield edit.rule, which, read
        yield edit.rule, which, read, slip.step
    elif is_telling(edit.place):
        kind = edit.rule, which, pattern(edit.place), pattern(edit.replacement)
        yield kind
        yield (*kind, slip.step)
    if edit.rule == "angles":
        yield edit.rule, which


def _axes_of(expr: Expr) -> object:
    """Return along which axis something is summed up, and whether it is written as a column."""
    inside = expr.base if isinstance(expr, Index) else expr
    return isinstance(expr, Index), inside.keywords if isinstance(inside, Call) else ()


def _form_of(place: Expr) -> object:
    """Return a place without its names; None for one that says nothing without them, a sum of two names."""
    if isinstance(place, Call) and (place.style != "operator" or any(_is_made(arg) for arg in place.args)):
        return _without_names(place)
    return None


def _is_made(expr: Expr) -> bool:
    return isinstance(expr.base if isinstance(expr, Index) else expr, Call)


def _without_names(expr: Expr) -> object:
    """Return what an expression is but for names and what is read of one: `a[0] + b` and `a[1] + c` are alike.

    Not an expression but what is told apart as quickly as an expression is not: each of thousands is asked for.
    """
    match expr:
        case Name() | Index(base=Name()):
            return None
        case Number(value=value):
            return value
        case Call(function=function, args=args, keywords=()):
            return function, *map(_without_names, args)
        case Call(keywords=keywords):
            kind: object = (expr.function, len(expr.args), *(key for key, _ in keywords))
        case Index(items=items):
            kind = tuple(
                (one.start is None, one.stop is None, one.step is None)
                if isinstance(one, Slice)
                else isinstance(one, NewAxis)
                for one in items
            )
        case _:
            kind = type(expr)
    return kind, *map(_without_names, children(expr))


def rounded(value: Array) -> tuple[tuple[int, ...], bytes]:
    """Return what two values have in common that are the same: their shape, and their numbers rounded."""
    give_way()
    with np.errstate(over="ignore"):
        return value.shape, (np.asarray(value, dtype=float).round(9) + 0.0).tobytes()  # -0 is 0


def places(question: Question, part: Part, wanted: Expr) -> list[Place]:
    """Return the places of the steps that a part is made from, with the slips that can be made there."""
    program, context = question.compiled.program, context_of(question)
    needed = needed_steps(question, part) - _drawn(question, part)
    found: list[Place] = []
    scope = {name for name in question.told if name in context.shapes}
    started = [statement.values for statement in program if isinstance(statement, Start)]
    begun = {name: expr for values in started for name, expr in values.items()}
    written: dict[str, Let] = {}
    often = _read_often(program, needed)
    context = replace(context, starts=begun, slices=_slices(question), **_what_stands(question, part))
    for statement in program:
        if isinstance(statement, Let):
            if statement.name in needed:
                found += _of(statement.name, statement.expr, _edits(statement, _within(context, scope), written, often))
            written[statement.name] = statement
            scope |= {statement.name}
        elif isinstance(statement, Start):
            for name, expr in statement.values.items():
                if name in needed:
                    within = _within(context, scope)
                    found += _of(f"{name}{START}", expr, [*starts(name, expr, within), *edits(expr, within)])
        else:
            found += _of_loop(statement, context, scope, needed, often)
            scope |= {let.name for let in statement.body}
    within = _within(context, scope)
    if not isinstance(wanted, Name):
        found += _of(ANSWER, wanted, edits(wanted, within))
    found += _of(ANSWER, wanted, _result_edits(part, wanted, within))
    behind = behind_earlier_parts(question, part)
    own = [_dearer(_told_of_its_step(place, part, context), behind) for place in found]
    return sorted(own, key=lambda place: place.cost)


def _drawn(question: Question, part: Part) -> set[str]:
    """Return the steps that draw the picture; not the one that is asked for, if it is made of what a learner sees."""
    own = {let.name for let in lets(question.compiled.program) if names_in(let.expr) <= set(question.told)}
    return set(question.compiled.pictured) - ({part.step} & own)


def behind_earlier_parts(question: Question, part: Part, unsolved: Container[str] = ()) -> set[str]:
    """Return the steps that an earlier part is made from, itself among them: who answered it made no mistake there.

    unsolved: the parts that were not answered, or not right.
    """
    earlier = [other for other in question.parts[: question.parts.index(part)] if other.name not in unsolved]
    own = {part.step, f"{part.step}{START}", ANSWER}
    steps = set().union(*[needed_steps(question, other) for other in earlier if other.node is not None])
    return (steps | {f"{step}{START}" for step in steps}) - own


def _dearer(place: Place, behind: set[str]) -> Place:
    if place.step not in behind:
        return place
    slips = (replace(slip, edit=replace(slip.edit, cost=slip.edit.cost + BEHIND)) for slip in place.slips)
    return replace(place, slips=tuple(slips))


def _edits(
    let: Let, context: Context, written: Mapping[str, Let], often: Container[str], now: Expr | None = None
) -> list[Edit]:
    """Return the mistakes that may be made in a step, those that show once the steps before it are written out too.

    often: the steps that are read at several places. now: in a loop, the index of what the other lines have made just
    before.
    """
    reads: dict[int, tuple[str, Expr, Expr]] = {}
    for part in walk(let.expr):
        match part:
            case Name(id=name) if now is None and name in written:
                reads[id(part)] = name, part, deepcopy(written[name].expr)  # no place of that step
            case Index(base=Name(id=name), items=(at,)) if at == now and name in written:
                reads[id(part)] = name, part, deepcopy(written[name].expr)
    found = edits_and_methods(let.expr, context)
    if reads:
        found += edits_across(let.expr, {key: made for key, (_, _, made) in reads.items()}, context)
        out = _WrittenOut(written, now, context)
        whole = {key: out.step(name) for key, (name, _, _) in reads.items()}
        found += exchanges_across(let.expr, whole, replace(context, sizes={**context.sizes, **out.sizes}))
        found += _at_one_use({key: (part, made) for key, (name, part, made) in reads.items() if name in often}, context)
    return found


class _WrittenOut:
    """Steps written out down to the givens, each time anew, with the shapes of their parts."""

    def __init__(self, written: Mapping[str, Let], now: Expr | None, context: Context) -> None:
        self.written = written
        self.now = now
        self.context = context
        self.sizes: dict[int, Shape] = {}
        self._made: list[Expr] = []  # kept, so that no other part gets the identity of one of them

    def step(self, name: str, depth: int = DEEPEST) -> Expr:
        """Return what a step is made of, and what that is made of, and so on."""
        own = self.written[name].expr
        made = deepcopy(own)
        known = zip(walk(own), walk(made), strict=True)
        self.sizes |= {id(copy): self.context.sizes[id(one)] for one, copy in known if id(one) in self.context.sizes}
        whole = substituted(made, partial(self._further, depth - 1)) if depth else made
        shape = self.context.shapes.get(name)
        if shape is not None:
            self.sizes[id(whole)] = shape if self.now is None else shape[1:]
        self._made += [made, whole]
        return whole

    def _further(self, depth: int, part: Expr) -> Expr | None:
        match part:
            case Name(id=name) if self.now is None and name in self.written:
                return self.step(name, depth)
            case Index(base=Name(id=name), items=(at,)) if at == self.now and name in self.written:
                return self.step(name, depth)
        return None


def _at_one_use(reads: Mapping[int, tuple[Expr, Expr]], context: Context) -> Iterator[Edit]:
    """Yield the likeliest mistakes in what is read of a step, made where it is read here and nowhere else.

    reads: a part of the expression and what it is made of, by the identity of the part.
    """
    for part, made in reads.values():
        for place in operations(made):
            for rule in AT_ONE_USE:
                for replacement, clause in LOCAL_RULES[rule](place, context):
                    changed = edited(made, {id(place): replacement})
                    if changed not in (made, part):
                        yield Edit(rule, part, changed, f"{told(clause)}{AT_ONE_PLACE}", COSTS[rule] + ONCE)


def operations(expr: Expr) -> Iterator[Expr]:
    """Yield the parts of an expression that are computed with, not those that say where something is read."""
    yield expr
    if isinstance(expr, Call):
        for arg in expr.args:
            yield from operations(arg)


AFTER_THE_FIRST = ("term_left_out", "sign", "complement", "brackets_moved", "time_step")
AT_ONE_USE = ("term_left_out", "sign", "complement", "power", "activation")
ONCE = 2.0  # what it costs that a mistake in a step is made at one of the places that read it, and not in the step


def _told_of_its_step(place: Place, part: Part, context: Context) -> Place:
    """Return a place whose clauses speak of what its step gives, where that is not the result."""
    if place.step in (part.step, ANSWER) or place.expr is not place.root:
        return place
    given = context.code(place.root)
    slips = tuple(
        replace(slip, edit=replace(slip.edit, said=partial(_naming, slip.edit, given))) for slip in place.slips
    )
    return replace(place, slips=slips)


def _without_bound(edit: Edit) -> str:
    """Return the clause of an edit that is made together with a bound left out."""
    return f"{edit.clause}, and the bound were left out"


def _naming(edit: Edit, result: str) -> str:
    """Return the clause of an edit with the result by what it is."""
    return edit.clause.replace("the result", result)


def _slices(question: Question) -> dict[str, tuple[Item, ...]]:
    """Return the blocks that the steps read of each name."""
    found: dict[str, dict[Item, None]] = {}
    for let in lets(question.compiled.program):
        for part in walk(let.expr):
            if isinstance(part, Index) and isinstance(part.base, Name) and isinstance(part.items[0], Slice):
                found.setdefault(part.base.id, {})[part.items[0]] = None
    return {name: tuple(items) for name, items in found.items()}


def _result_edits(part: Part, wanted: Expr, context: Context) -> list[Edit]:
    """Return what may be done to the result; one off only of counts, and what is of several only to several."""
    expected = np.asarray(part.expected)
    whole = bool(np.all(expected == np.round(expected)))
    unfit = {"of_count", "of_gates"} if not whole else {"squashed_result"}
    if not ((expected > 0) & (expected < 1)).all():
        unfit |= {"odds_of_result", "of_probability"}
    unfit |= {"times_given"} if expected.ndim != 1 else set()
    unfit |= {"of_array", "of_several"} if not expected.ndim else {"of_unit"} if whole else set()
    unfit |= {"of_rows"} if expected.ndim < MATRIX else set()
    return [edit for edit in result_edits(wanted, context) if edit.rule not in unfit]


def _read_often(program: Program, needed: Container[str]) -> set[str]:
    """Return the names that some steps read at several places."""
    count: dict[str, int] = {}
    for let in lets(program):
        for part in walk(let.expr) if let.name in needed else ():
            if isinstance(part, Name):
                count[part.id] = count.get(part.id, 0) + 1
    return {name for name, times in count.items() if times > 1}


def _of_loop(loop: Loop, context: Context, scope: set[str], needed: set[str], often: Container[str]) -> Iterator[Place]:
    own = scope | {let.name for let in loop.body}
    inside = replace(context, variable=loop.variable, count=loop.count, reverse=loop.reverse)
    inside = _within(inside, own)
    now, before = Name(loop.variable), op("add" if loop.reverse else "subtract", Name(loop.variable), ONE)
    for at_line, let in enumerate(loop.body):
        if let.name not in needed:
            continue
        earlier = {line.name: line for line in loop.body[:at_line]}
        found = [*_edits(let, inside, earlier, often, now), *_updated(let, inside, earlier, now, before)]
        found += _of_other_lines(let, inside, earlier, now, before)
        found += _fed_back_as_well(let, inside, [line.name for line in loop.body], before)
        found += _from_the_second_step(let, loop, context, found)
        if let.name in context.starts:
            clause = f"`{let.name}` were not updated"
            found.append(Edit("not_updated", let.expr, Index(Name(let.name), (before,)), clause, COSTS["not_updated"]))
        later = {other.name: other for other in loop.body[loop.body.index(let) + 1 :]}
        for part in walk(let.expr):
            match part:
                case Index(base=Name(id=name), items=(at,)) if at == before and name in later:
                    clause = f"the new `{name}` were used instead of the previous one"
                    made = deepcopy(later[name].expr)  # no part of that step, which has its value later than this one
                    new = substituted(made, partial(_own, let, now))  # which may be made of this step
                    found.append(Edit("new_value", part, new, clause, COSTS["new_value"]))
                    before_it = _without_term(made, Index(Name(let.name), (now,)))
                    if before_it is not None:
                        clause = f"{context.code(before_it)} were used instead of the previous `{name}`"
                        found.append(Edit("new_value", part, before_it, clause, COSTS["new_value"]))
                case Index(base=Name(id=name) as base, items=(at, *further)) if at == now and name in later:
                    clause = f"{context.code(base)} of the previous time step were used instead of the current one"
                    found.append(Edit("time_step", part, Index(base, (before, *further)), clause, COSTS["time_step"]))
        yield from _of(let.name, let.expr, found)


def _fed_back_as_well(let: Let, context: Context, lines: Sequence[str], before: Expr) -> Iterator[Edit]:
    """Yield what a line gives if the value of another line at the last step is fed back too: an output and a state."""
    for part in walk(let.expr):
        if not isinstance(part, Index) or not isinstance(part.base, Name) or part.items != (before,):
            continue
        shape = context.shapes.get(part.base.id)
        for other in lines:
            if other == part.base.id or other not in context.starts or context.shapes.get(other) != shape:
                continue
            both = op("add", part, Index(Name(other), (before,)))
            clause = f"`{other}` of the step before were fed back as well"
            yield Edit("fed_back_as_well", part, both, clause, COSTS["fed_back_as_well"])


def _from_the_second_step(let: Let, loop: Loop, context: Context, found: Iterable[Edit]) -> Iterator[Edit]:
    """Yield what a line gives if its first step is right and the mistake comes with the second one.

    Where a loop does not start at 0, its first step is often done in another way than the others.
    """
    if not any(_is_started(context.starts[line.name]) for line in loop.body if line.name in context.starts):
        return
    first: Expr = Number(0.0, "0") if not loop.reverse else op("subtract", loop.count, ONE)
    is_first = Call("equal", (Name(loop.variable), first))
    for edit in found:
        if edit.rule in AFTER_THE_FIRST and edit.cost <= LIKELY:
            changed = edited(let.expr, {id(edit.place): edit.replacement})
            later = Call("where", (is_first, let.expr, changed))
            clause = partial(_but_for_the_first, edit)
            yield Edit(edit.rule, let.expr, later, clause, edit.cost + FIRST_RIGHT)


def _is_started(start: Expr) -> bool:
    zero = started_from_zero(start)
    return zero is not None and not (isinstance(start, Call) and start.function in ("zeros", "zeros_like"))


def _but_for_the_first(edit: Edit) -> str:
    return f"from the second step on {edit.clause}"


FIRST_RIGHT = 1.5  # what it costs that the first step is right


def _updated(let: Let, context: Context, earlier: Mapping[str, Let], now: Expr, before: Expr) -> Iterator[Edit]:
    """Yield what a line of a loop gives if what it reads of an earlier line was made of values after their update."""
    for part in walk(let.expr):
        match part:
            case Index(base=Name(id=name), items=(at,)) if at == now and name in earlier:
                made = deepcopy(earlier[name].expr)
                for other in earlier.keys() - {name}:
                    old, new = Index(Name(other), (before,)), Index(Name(other), (now,))
                    changed = substituted(made, lambda one, old=old, new=new: new if one == old else None)  # type: ignore[misc]
                    if changed is not made:
                        clause = f"the new `{other}` were used instead of the previous one"
                        yield Edit("new_value", part, changed, clause, COSTS["new_value"])


def _of_other_lines(let: Let, context: Context, earlier: Mapping[str, Let], now: Expr, before: Expr) -> Iterator[Edit]:
    """Yield what a line of a loop gives if it reads another line's value of this step: k1 for k2, k1 for the state.

    Of names that a learner sees the rules have these.
    """
    for part in walk(let.expr):
        match part:
            case Index(base=Name(id=name), items=(at,)) if at in (now, before) and name in context.recurrent:
                for other in earlier if at == now or name not in earlier else ():
                    if (
                        other != name
                        and other in context.hidden
                        and context.shapes.get(other) == context.shapes.get(name)
                    ):
                        changed = Index(Name(other), (now,))
                        cost = COSTS["other_line"] - (ALIKE if is_numbered(name, other) else 0.0)
                        yield Edit("other_line", part, changed, partial(context.instead, changed, part), cost)


def _without_term(expr: Expr, term: Expr) -> Expr | None:
    """Return a sum as it is before its last term is added or subtracted; None where that is another one."""
    match expr:
        case Call(function="add" | "subtract", args=(sofar, last)) if last == term:
            return sofar
    return None


def _own(let: Let, now: Expr, part: Expr) -> Expr | None:
    return let.expr if part == Index(Name(let.name), (now,)) else None


def _what_stands(question: Question, part: Part) -> dict[str, Any]:
    """Return what rules may know of the parts of the steps: their shapes, and each once, for other places."""
    sizes = {key: node.shape for (key, _), node in tape(question, part).inner.items()}
    pool: dict[Expr, Shape] = {}
    loops = {
        let.name for statement in question.compiled.program if isinstance(statement, Loop) for let in statement.body
    }
    shapes = context_of(question).shapes
    for let in lets(question.compiled.program):
        if let.name in shapes:
            sizes.setdefault(id(let.expr), shapes[let.name][1:] if let.name in loops else shapes[let.name])
        for one in walk(let.expr):
            size = () if isinstance(one, Number) else sizes.get(id(one))
            if size is not None and not isinstance(one, Name):
                pool.setdefault(one, size)  # of a loop it holds the loop's variable, and is for places in it alone
    several = np.asarray(part.expected).size > 1
    return {"sizes": sizes, "pool": tuple(pool.items()), "several": several}


def _within(context: Context, scope: set[str]) -> Context:
    known = scope | CONSTANTS.keys() | ({context.variable} if context.variable is not None else set())
    pool = tuple((expr, shape) for expr, shape in context.pool if names_in(expr) <= known)
    shapes = {name: shape for name, shape in context.shapes.items() if name in scope}
    return replace(context, shapes=shapes, pool=pool)


def _of(step: str, root: Expr, found: Iterable[Edit]) -> Iterator[Place]:
    by_place: dict[int, list[Slip]] = {}
    for edit in found:
        by_place.setdefault(id(edit.place), []).append(Slip(edit, step, root))
    for slips in by_place.values():
        slips.sort(key=lambda slip: slip.edit.cost)
        yield Place(root, step, slips[0].edit.place, tuple(slips))


def starts(name: str, expr: Expr, context: Context) -> Iterator[Edit]:
    """Return what a recurrence may be started from by mistake: 0, 1, another given of the same shape."""
    zero = started_from_zero(expr)
    if zero is not None:
        yield Edit("start", expr, zero, f"`{name}` started from 0, not from {context.code(expr)}", STARTS)
    yield Edit("start", expr, Call("ones_like", (expr,)), f"`{name}` started from 1", STARTS + 1)
    shape = context.shapes.get(name, ())[1:]
    for other, size in context.shapes.items():
        if size == shape and other not in context.recurrent and other not in context.hidden and Name(other) != expr:
            yield Edit("start", expr, Name(other), f"`{name}` started from {context.named(Name(other))}", STARTS + 1)
        if size[1:] == shape and size and other in context.means and other not in context.recurrent:
            for place in (Number(0.0, "0"), op("negative", ONE)):
                end = Index(Name(other), (place,))
                yield Edit("start", expr, end, f"`{name}` started from {context.code(end)}", STARTS + 1)


@remembered(8, by=lambda question, part: (question, part.name), once=True)
def search(question: Question, part: Part) -> Search:
    """Return the search for a part, its single mistakes computed; once a question."""
    return Search(question, part)


def verified(question: Question, part: Part, version: Version) -> bool:
    """Tell whether a version gives its value on the graph itself too: nothing is named that was not computed."""
    value = computed(question, part, version)
    return value is not None and same(value, version.value, EXACTLY)


__all__ = ["Place", "Search", "Slip", "Version", "computed", "rounded", "search", "verified"]
