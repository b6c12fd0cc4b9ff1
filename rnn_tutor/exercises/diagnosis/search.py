"""The search for the learner's computation: programs near the right one, the likeliest mistakes first.

A slip is one edit at one place of one step. All slips at a place are computed together, on a batch axis; then, where
the digits typed are worth it, pairs of places, until the budget is spent. The budget counts operations and never looks
at a clock: the same answer gets the same verdict on every machine. What a match is worth is not decided here, but in
`chance`: what is likelier costs less, and needs fewer digits to be named.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from rnn_tutor.engine.compare import EXACTLY, same
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Item, Name, Number, Slice, names_in, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.batched import Choice, NotBatchedError, Versions
from rnn_tutor.engine.graph.rerun import Changes
from rnn_tutor.engine.graph.steps import Let, Loop, Start, lets
from rnn_tutor.engine.mutate import COSTS, Edit, edited, edits, result_edits
from rnn_tutor.engine.mutate.mutation import ONE, Context, op, renamed, substituted
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.diagnosis.mistakes import (
    ANSWER,
    READ_OFF,
    READ_OFF_COUNT,
    Mutant,
    context_of,
    in_several_steps,
    mutants_of,
    needed_steps,
    tape,
    value_of,
)
from rnn_tutor.exercises.question import Part, Question

MOST_ALONE = 45  # slips that are computed one by one, where they change a shape or cannot be batched; the likeliest
MOST_TOGETHER = 7  # alternatives of a place, in pairs of places
MOST_PAIRS = 40  # pairs of places that are tried for one answer
MOST_OPERATIONS = 2_000_000  # of elements, for the pairs of one answer
MOST_EVERYWHERE = 60  # kinds of mistakes that are tried all over
MOST_EXCHANGED = 40  # pairs of steps
MOST_SAME = 8  # places of one kind
SAME = 0.5  # what it costs to make the same mistake again
PAIRED = 3.0  # what it costs that there are two mistakes, beside what each of them does
STARTS = COSTS["start"]


@dataclass(frozen=True, eq=False)
class Slip:
    """An edit in its step: `step` is its name, `h_start` for a start, ANSWER for the expression that is asked for."""

    edit: Edit
    step: str
    root: Expr


@dataclass(frozen=True, eq=False)
class Version:
    """A wrong version of the steps with the value that it gives: its slips, or one mistake in several steps."""

    value: Array
    cost: float
    slips: tuple[Slip, ...] = ()
    mutant: Mutant | None = None
    own: Mapping[str, Array] | None = None  # the learner's own values of earlier parts, which it goes on from
    everywhere: bool = False  # the same mistake wherever it can be made
    in_full: bool = False  # one number (or row) for all, written out as often as the answer has it

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules that made it."""
        if self.mutant is not None:
            return (self.mutant.rule,)
        return tuple(slip.edit.rule for slip in (self.slips[:1] if self.everywhere else self.slips))

    @property
    def clauses(self) -> list[tuple[str, str]]:
        """What was done, as clauses after "if", each with its step ("" for several)."""
        if self.mutant is not None:
            return [(self.mutant.clause, self.mutant.let)]
        if self.everywhere:
            return [(f"{self.slips[0].edit.clause} (and so wherever it stands)", "")]
        return [(slip.edit.clause, slip.step) for slip in self.slips]

    def changes(self) -> Changes:
        """What is done otherwise."""
        if self.mutant is not None:
            return self.mutant.changes
        roots: dict[str, tuple[Expr, dict[int, Expr]]] = {}
        for slip in self.slips:
            roots.setdefault(slip.step, (slip.root, {}))[1][id(slip.edit.place)] = slip.edit.replacement
        done = {step: edited(root, replacements) for step, (root, replacements) in roots.items()}
        starts = {step.removesuffix(START): expr for step, expr in done.items() if step.endswith(START)}
        steps = {step: expr for step, expr in done.items() if step != ANSWER and not step.endswith(START)}
        own = {name: literal(value) for name, value in (self.own or {}).items()}
        return Changes(own | steps, starts, {}, done.get(ANSWER))


START = "_start"


def literal(value: Array) -> Expr:
    """Return a value as the expression that it is when written out."""
    if value.ndim:
        return ArrayExpr(tuple(literal(row) for row in value))
    number = float(value)
    return Number(number, repr(number))


def computed(question: Question, part: Part, version: Version) -> Array | None:
    """Return what a version gives for a part with a question's numbers; None where it cannot be computed."""
    changes = version.changes()
    answer = {} if changes.answer is None else {ANSWER: changes.answer}
    mutant = Mutant("", "", "", {**changes.lets, **answer}, changes.starts, changes.counts)
    value = value_of(question, part, mutant)
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
        singles = [*self._exchanged(), *self._in_several_steps(), *self._everywhere(), *self._alone()]
        self._pairs: list[Version] | None = None
        singles += self._in_full(singles)
        self.singles = sorted(singles, key=lambda version: version.cost)

    def _in_full(self, versions: Iterable[Version]) -> list[Version]:
        """Return versions that give one number (or row) for all, as who writes the answer out in full has them."""
        shape = self.part.node.shape if self.part.node is not None else ()
        shorter = (one for one in versions if one.value.shape != shape and _ends_with(shape, one.value.shape))
        return [replace(one, value=np.broadcast_to(one.value, shape), in_full=True) for one in shorter]

    def _in_several_steps(self) -> Iterator[Version]:
        for mutant in (*mutants_of(self.question, self.part), *in_several_steps(self.question, self.part)):
            if not mutant.let or mutant.counts or mutant.starts:
                value = value_of(self.question, self.part, mutant)
                if value is not None and np.isfinite(value).all():
                    yield Version(value, COSTS.get(mutant.rule, STARTS), mutant=mutant)

    def _exchanged(self) -> Iterator[Version]:
        """Two steps of one shape exchanged in all that reads them: gates cut in another order."""
        needed = needed_steps(self.question, self.part)
        shapes = context_of(self.question).shapes
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
            mutant = Mutant("swapped_names", self._exchange(first, second), "", lets=changed)
            value = value_of(self.question, self.part, mutant)
            if value is not None and np.isfinite(value).all():
                yield Version(value, COSTS["swapped_names"], mutant=mutant)

    def _exchange(self, first: str, second: str) -> str:
        context = context_of(self.question)
        return f"{context.named(Name(first))} and {context.named(Name(second))} were exchanged"

    def _everywhere(self) -> Iterator[Version]:
        """The same mistake wherever it can be made: every mean over the other axis, no square anywhere."""
        groups: dict[object, dict[int, Slip]] = {}
        tried: set[frozenset[int]] = set()
        for place in self.places:
            if place.step == ANSWER and isinstance(place.root, Name):
                continue
            count: dict[str, int] = {}
            for slip in place.slips:
                rule = slip.edit.rule
                count[rule] = count.get(rule, 0) + 1
                for key in (_kind(slip, count[rule]), _form(slip)):
                    if key is not None:
                        groups.setdefault(key, {}).setdefault(id(place.expr), slip)
        for slips in list(groups.values())[:MOST_EVERYWHERE]:
            several = tuple(slips.values())
            if 2 <= len(several) <= MOST_SAME:
                if frozenset(map(id, several)) in tried:
                    continue
                tried.add(frozenset(map(id, several)))
                value = computed(self.question, self.part, Version(np.zeros(0), 0.0, several))
                if value is not None and np.isfinite(value).all():
                    yield Version(value, several[0].edit.cost + SAME, several, everywhere=True)

    def _alone(self) -> Iterator[Version]:
        apart: list[Slip] = []
        for place in self.places:
            values = self._batch([place], len(place.slips))
            for at, slip in enumerate(place.slips):
                if values is not None and np.isfinite(values[at]).all():
                    yield Version(values[at], slip.edit.cost, (slip,))
                else:
                    apart.append(slip)
        apart.sort(key=lambda slip: slip.edit.cost)  # so that no place uses up what the likelier ones of others need
        for slip in apart[:MOST_ALONE]:
            value = computed(self.question, self.part, Version(np.zeros(0), 0.0, (slip,)))
            if value is not None and np.isfinite(value).all():
                yield Version(value, slip.edit.cost, (slip,))

    def _batch(self, chosen: Sequence[Place], most: int, own: Mapping[str, Array] | None = None) -> Array | None:
        """Return the value of each combination of slips at some places; None where they cannot be had together."""
        counts = [min(most, len(place.slips)) for place in chosen]
        total = int(np.prod(counts))
        index = np.arange(total)
        choices: list[Choice] = []
        inner = total
        for place, count in zip(chosen, counts, strict=True):
            inner //= count
            members = tuple(index[(index // inner) % count == at] for at in range(count))
            replacements = tuple(slip.edit.replacement for slip in place.slips[:count])
            choices.append(Choice(place.expr, replacements, members))
        roots = {place.step: place.root for place in chosen}
        for name, value in (own or {}).items():
            root = self._root(name)
            if root is not None:
                roots[name] = root
                choices.append(Choice(root, (literal(value),), (index,)))
        try:
            return self.versions.values(choices, roots, total)
        except NotBatchedError:
            return None

    def _root(self, name: str) -> Expr | None:
        return next((let.expr for let in lets(self.question.compiled.program) if let.name == name), None)

    def pairs(self) -> list[Version]:
        """Return versions with two mistakes, at two places, the likeliest places first, until the budget is spent.

        Those of which one mistake is not seen with these numbers are none: the other alone gives the same. Computed
        once: the numbers of an expression are read in several ways, and each way is looked for among them.
        """
        if self._pairs is None:
            seen = {_rounded(version.value) for version in self.singles} | {_rounded(np.asarray(self.part.expected))}
            self._pairs = [version for version in self._in_pairs() if _rounded(version.value) not in seen]
        return self._pairs

    def _in_pairs(self) -> Iterator[Version]:
        budget = self.versions.operations + MOST_OPERATIONS
        for first, second in self._pairs_of_places():
            if self.versions.operations > budget:
                return
            values = self._batch([first, second], MOST_TOGETHER)
            if values is None:
                continue
            each = min(MOST_TOGETHER, len(second.slips))
            for at in np.flatnonzero(np.isfinite(values).reshape(len(values), -1).all(axis=1)):
                slips = (first.slips[at // each], second.slips[at % each])
                yield Version(values[at], sum(slip.edit.cost for slip in slips) + PAIRED, slips)

    def _pairs_of_places(self) -> list[tuple[Place, Place]]:
        found: list[tuple[Place, Place]] = []
        for at, first in enumerate(self.places):
            for second in self.places[at + 1 :]:
                if not _nested(first, second):
                    found.append((first, second))
        found.sort(key=lambda both: both[0].cost + both[1].cost)
        return found[:MOST_PAIRS]

    def going_on(self, own: Mapping[str, Array]) -> Iterator[Version]:
        """Yield versions with one mistake that go on from the learner's own values of earlier parts."""
        names = {name: value for name, value in own.items() if name in needed_steps(self.question, self.part)}
        if not names:
            return
        for place in self.places:
            if place.step in names:
                continue
            values = self._batch([place], len(place.slips), names)
            if values is None:
                continue
            for at in np.flatnonzero(np.isfinite(values).reshape(len(values), -1).all(axis=1)):
                slip = place.slips[at]
                yield Version(values[at], slip.edit.cost + PAIRED, (slip,), own=names)


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
)


def _kind(slip: Slip, which: int) -> object:
    """Return what the same mistakes have in common, None for one that nobody makes all over."""
    edit, place = slip.edit, slip.edit.place
    if edit.rule in ("axis", "axis_left_out"):
        return edit.rule, edit.replacement.keywords if isinstance(edit.replacement, Call) else ()
    if edit.rule in EVERYWHERE and isinstance(place, Call):
        return edit.rule, place.function, which
    if edit.rule in (
        "other_name",
        "taken_as",
        "complement_taken",
        "powers",
        "start_kept",
        "another_element",
        "time_step",
        "squashed_again",
        "slope",
        "number_changed",
        "as_identity",
        "count_off",
        "logits_taken",
    ):
        return edit.rule, place, edit.replacement
    if edit.rule == "pooled":
        return edit.rule, which
    if edit.rule == "term_left_out" and isinstance(place, Call):
        gone = [arg for arg in place.args if arg is not edit.replacement]
        return edit.rule, gone[0] if len(gone) == 1 else None
    return None


def _form(slip: Slip) -> object:
    """Return what mistakes of one kind at places that are alike but for their names have in common."""
    place = slip.edit.place
    if not isinstance(place, Call) or not any(isinstance(arg, Call) for arg in place.args):
        return None
    return slip.edit.rule, _without_names(place), _without_names(slip.edit.replacement)


def _without_names(expr: Expr) -> Expr:
    return substituted(expr, lambda part: Name("_") if isinstance(part, Name) else None)


def _rounded(value: Array) -> tuple[tuple[int, ...], bytes]:
    with np.errstate(over="ignore"):
        return value.shape, (np.asarray(value, dtype=float).round(9) + 0.0).tobytes()  # -0 is 0


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


def places(question: Question, part: Part, wanted: Expr) -> list[Place]:
    """Return the places of the steps that a part is made from, with the slips that can be made there.

    None where so much tolerance is allowed that the answer is read off a picture: they would fit by chance.
    """
    if part.ask.rtol > READ_OFF or part.ask.atol > READ_OFF_COUNT:
        return []
    program, context = question.compiled.program, context_of(question)
    needed = needed_steps(question, part) - question.compiled.pictured
    found: list[Place] = []
    scope = {name for name in question.told if name in context.shapes}
    started = [statement.values for statement in program if isinstance(statement, Start)]
    begun = {name: expr for values in started for name, expr in values.items()}
    context = replace(context, starts=begun, slices=_slices(question))
    for statement in program:
        if isinstance(statement, Let):
            if statement.name in needed:
                found += _of(statement.name, statement.expr, edits(statement.expr, _within(context, scope)))
            scope |= {statement.name}
        elif isinstance(statement, Start):
            for name, expr in statement.values.items():
                if name in needed:
                    within = _within(context, scope)
                    found += _of(f"{name}{START}", expr, [*starts(name, expr, within), *edits(expr, within)])
        else:
            found += _of_loop(statement, context, scope, needed)
            scope |= {let.name for let in statement.body}
    within = _within(context, scope)
    if not isinstance(wanted, Name):
        found += _of(ANSWER, wanted, edits(wanted, within))
    found += _of(ANSWER, wanted, _result_edits(part, wanted, within))
    own = [_told_of_its_step(place, part, context) for place in found]
    return sorted(own, key=lambda place: place.cost)


def _told_of_its_step(place: Place, part: Part, context: Context) -> Place:
    """Return a place whose clauses speak of what its step gives, where that is not the result."""
    if place.step in (part.step, ANSWER) or place.expr is not place.root:
        return place
    given = context.code(place.root)
    slips = tuple(
        replace(slip, edit=replace(slip.edit, clause=slip.edit.clause.replace("the result", given)))
        for slip in place.slips
    )
    return replace(place, slips=slips)


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
        unfit |= {"odds_of_result"}
    unfit |= {"times_given"} if expected.ndim != 1 else set()
    unfit |= {"of_array", "of_several"} if not expected.ndim else {"of_unit"} if whole else set()
    return [edit for edit in result_edits(wanted, context) if edit.rule not in unfit]


def _of_loop(loop: Loop, context: Context, scope: set[str], needed: set[str]) -> Iterator[Place]:
    own = scope | {let.name for let in loop.body}
    inside = replace(_within(context, own), variable=loop.variable, count=loop.count, reverse=loop.reverse)
    now, before = Name(loop.variable), op("add" if loop.reverse else "subtract", Name(loop.variable), ONE)
    for let in loop.body:
        if let.name not in needed:
            continue
        found = edits(let.expr, inside)
        if let.name in context.starts:
            clause = f"`{let.name}` were not updated"
            found.append(Edit("not_updated", let.expr, Index(Name(let.name), (before,)), clause, COSTS["not_updated"]))
        later = {other.name: other for other in loop.body[loop.body.index(let) + 1 :]}
        for part in walk(let.expr):
            match part:
                case Index(base=Name(id=name), items=(at,)) if at == before and name in later:
                    clause = f"the new `{name}` were used, and not that of the step before"
                    found.append(Edit("new_value", part, later[name].expr, clause, COSTS["new_value"]))
                case Index(base=Name(id=name) as base, items=(at, *further)) if at == now and name in later:
                    clause = f"{context.code(base)} of the previous time step were used instead of the current one"
                    found.append(Edit("time_step", part, Index(base, (before, *further)), clause, COSTS["time_step"]))
        yield from _of(let.name, let.expr, found)


def _within(context: Context, scope: set[str]) -> Context:
    return replace(context, shapes={name: shape for name, shape in context.shapes.items() if name in scope})


def _of(step: str, root: Expr, found: Iterable[Edit]) -> Iterator[Place]:
    by_place: dict[int, list[Slip]] = {}
    for edit in found:
        by_place.setdefault(id(edit.place), []).append(Slip(edit, step, root))
    for slips in by_place.values():
        slips.sort(key=lambda slip: slip.edit.cost)
        yield Place(root, step, slips[0].edit.place, tuple(slips))


def starts(name: str, expr: Expr, context: Context) -> Iterator[Edit]:
    """Return what a recurrence may be started from by mistake: 0, 1, another given of the same shape."""
    zero = (isinstance(expr, Number) and expr.value == 0) or (isinstance(expr, Call) and expr.function == "zeros")
    if not zero:
        clause = f"`{name}` started from 0, not from {context.code(expr)}"
        yield Edit("start", expr, Call("zeros_like", (expr,)), clause, STARTS)
    yield Edit("start", expr, Call("ones_like", (expr,)), f"`{name}` started from 1", STARTS + 1)
    shape = context.shapes.get(name, ())[1:]
    for other, size in context.shapes.items():
        if size == shape and other not in context.recurrent and other not in context.hidden and Name(other) != expr:
            yield Edit("start", expr, Name(other), f"`{name}` started from {context.named(Name(other))}", STARTS + 1)


@remembered(8, by=lambda question, part: (question, part.name), once=True)
def search(question: Question, part: Part) -> Search:
    """Return the search for a part, its single mistakes computed; once a question."""
    return Search(question, part)


def verified(question: Question, part: Part, version: Version) -> bool:
    """Tell whether a version gives its value on the graph itself too: nothing is named that was not computed."""
    value = computed(question, part, version)
    return value is not None and same(value, version.value, EXACTLY)


__all__ = ["Search", "Slip", "Version", "computed", "search", "verified"]
