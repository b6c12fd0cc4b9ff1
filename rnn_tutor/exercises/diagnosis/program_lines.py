"""Which lines of a program are wrong by themselves: given the right values, they do not give the right one.

Each line is compared with the formulas of the worked steps, written in the names of the program. These are found by
their values, as they were when the line was first run. A line that gives what one of the formulas gives, with any
numbers, is right. For one that does not, the nearest formulas are tried in its place. What makes the program right with
all numbers tells which lines were wrong, and how a line differs from its formula tells in what.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Protocol

from rnn_tutor.engine.compare import PROBE, same
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, names_in
from rnn_tutor.engine.expression_difference import clauses, size
from rnn_tutor.engine.programs.edits.edit import brief
from rnn_tutor.engine.programs.edits.tree import (
    Spot,
    Way,
    carried,
    line_of,
    own_writes,
    put,
    slots,
    spots,
    with_inner,
    with_slot,
    written,
)
from rnn_tutor.engine.programs.interpreter import Meter, States
from rnn_tutor.engine.programs.statements import (
    Assign,
    Augment,
    Block,
    Code,
    Do,
    For,
    Return,
    Statement,
    While,
    inner_blocks,
)
from rnn_tutor.exercises.diagnosis.called_with import Known
from rnn_tutor.exercises.diagnosis.own_names import OwnNames, Right, evaluated
from rnn_tutor.exercises.diagnosis.worked_steps import worked
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.figures.numbers import alone, values

RULE = "line"  # the id of what is told here
MOST_RIGHTS = 4  # formulas that are tried in the place of a line
MOST_TRIED = 20  # formulas in their places
NEAR = 3  # pieces in which a line that is one of several wrong ones differs
MOST_WRONG = 3  # lines
MOST_TOLD = 2
MOST_EACH = 2  # formulas that are tried in the place of a line together with one in that of another
MOST_NEAR = 10  # ... of all lines
MOST_TWO = 30  # ... pairs of these
FEW = 6  # elements that are shown
SHORT_START = 7  # parts of a formula that is told as what a name starts from


@dataclass(frozen=True)
class Place:
    """An expression of a line, and what may belong there, the likeliest first; `is_right` if it gives what
    one of the formulas does, and `is_whole` if that is all of a step.
    """

    spot: Spot
    slot: int
    way: Way
    stands: Expr
    target: str
    rights: tuple[Right, ...] = ()
    is_right: bool = False
    is_whole: bool = False
    states: States = field(default_factory=dict)

    @property
    def is_near(self) -> bool:
        """Whether what may belong there is much like what stands there."""
        return bool(self.rights) and self.rights[0].distance <= max(NEAR, size(self.stands) // 3)

    @property
    def is_given_back(self) -> bool:
        """Whether a function of the program returns it."""
        return isinstance(self.spot.statement, Return) and bool(self.spot.place.function)

    @property
    def starts(self) -> bool:
        """Whether it is what a later loop carries on from."""
        later = self.spot.place.block[self.spot.at + 1 :]
        return bool(self.target) and any(isinstance(one, For | While) and self.target in carried(one) for one in later)


class Bench(Protocol):
    """What runs a program with the numbers of a question."""

    def places(self, code: Code, meter: Meter) -> Sequence[Place]:
        """Return the formulas of a program, with what may belong there."""

    def is_right_everywhere(self, code: Code, meter: Meter, changed: Sequence[Statement]) -> bool:
        """Tell whether a program is right on all draws: the learner's, with these statements of it changed."""

    def may_go_on(self, meter: Meter) -> bool: ...


@dataclass(frozen=True)
class Fix:
    """A statement that is wrong, what stands in its place, and what is said."""

    statement: Statement
    instead: Statement
    dropped: tuple[Statement, ...]
    line: int
    says: tuple[str, ...]

    def applied(self, code: Code) -> Code:
        """Return a program with this done."""
        changes: dict[int, Block] = {id(self.statement): (self.instead,), **{id(one): () for one in self.dropped}}
        functions = {}
        for name, one in code.functions.items():
            body = _rewritten(one.body, changes)
            functions[name] = replace(one, body=body, local=frozenset(one.params) | written(body))
        return replace(code, body=_rewritten(code.body, changes), functions=functions)


@dataclass(frozen=True)
class WrongLines:
    """The lines that are wrong by themselves, in their order, with what is said of each."""

    fixes: tuple[Fix, ...]
    rule: str = RULE

    @property
    def line(self) -> int:
        """The first of the lines."""
        return self.fixes[0].line

    @property
    def says(self) -> str:
        """What is wrong, line by line; of more than two only that there are more."""
        sentences = [sentence for fix in self.fixes[:MOST_TOLD] for sentence in fix.says]
        more = len(self.fixes) - MOST_TOLD
        return " ".join([*sentences, *(["One more line is wrong."] if more > 0 else [])])


def wrong_lines(bench: Bench, code: Code, found: Sequence[Place]) -> WrongLines | None:
    """Return the lines of a program that are wrong, if it is right with others in their places; None for unknown.

    found: its places.
    """
    meter = Meter()
    current, done = code, list[Fix]()
    while len(done) < MOST_WRONG:
        mended = {id(fix.instead) for fix in done}
        suspects = [place for place in found if place.rights and id(place.spot.statement) not in mended]
        pairs = [(place, right) for place in suspects for right in _tried(place)]
        pairs.sort(key=lambda pair: (pair[0].is_whole, pair[1].distance))
        for place, right in pairs[:MOST_TRIED]:
            fix = _fix(place, right)
            if not bench.may_go_on(meter):
                return None
            changed = [one.statement for one in (*done, fix) if one is not None]
            if fix is not None and bench.is_right_everywhere(fix.applied(current), meter, changed):
                return _as_few(code, [*done, fix], bench, meter)
        first = next((place for place in suspects if not place.is_right and place.is_near), None)
        fix = None if first is None else _fix(first, first.rights[0])
        if fix is None:
            return None
        current = fix.applied(current)
        done.append(fix)
        found = bench.places(current, meter)
    return None


def two_wrong_lines(bench: Bench, code: Code, found: Sequence[Place]) -> WrongLines | None:
    """Return the two lines that are wrong where none of both is told by itself: what is nearest to both comes first."""
    meter = Meter()
    near = [
        (place, right)
        for place in found
        if place.is_near and not place.is_whole
        for right in place.rights[:MOST_EACH]
        if right.distance <= NEAR
    ]
    near.sort(key=lambda one: one[1].distance)
    both = [pair for pair in combinations(near[:MOST_NEAR], 2) if pair[0][0].spot.line != pair[1][0].spot.line]
    both.sort(key=lambda pair: pair[0][1].distance + pair[1][1].distance)
    for pair in both[:MOST_TWO]:
        fixes = [fix for fix in (_fix(place, right) for place, right in pair) if fix is not None]
        if not bench.may_go_on(meter):
            return None
        if len(fixes) == len(pair) and bench.is_right_everywhere(
            fixes[1].applied(fixes[0].applied(code)), meter, [fix.statement for fix in fixes]
        ):
            return _as_few(code, fixes, bench, meter)
    return None


def _tried(place: Place) -> list[Right]:
    """Return the formulas to try in a place: the nearest, and where a function gives something, all rows of steps."""
    further = place.rights[MOST_RIGHTS:] if place.is_given_back else ()
    return [*place.rights[:MOST_RIGHTS], *(right for right in further if right.row)]


def right_lines(found: Sequence[Place]) -> frozenset[int]:
    """Return the lines that are a step as it should be: given the right values, they give the right one."""
    others = {place.spot.line for place in found if not place.is_whole}
    return frozenset(place.spot.line for place in found) - others


def parts_for(found: Sequence[Place], line: int) -> frozenset[int]:
    """Return the lines that compute part of a formula which a line goes on with: what that one lacks, they may lack."""
    read = {name for place in found if place.spot.line == line for name in names_in(place.stands)}
    parts = (place for place in found if place.is_right and not place.is_whole and place.target in read)
    return frozenset(place.spot.line for place in parts if place.spot.line < line)


def _as_few(code: Code, fixes: list[Fix], bench: Bench, meter: Meter) -> WrongLines:
    """Return the lines without which the program stays wrong."""
    for fix in fixes[:-1]:
        others = [one for one in fixes if one is not fix]
        if any(one.statement is fix.instead for one in others):
            continue
        changed = code
        for other in others:
            changed = other.applied(changed)
        if bench.is_right_everywhere(changed, meter, [other.statement for other in others]):
            fixes = others
    return WrongLines(tuple(sorted(fixes, key=lambda fix: fix.line)))


def _rewritten(block: Block, changes: dict[int, Block]) -> Block:
    found: list[Statement] = []
    for statement in block:
        if id(statement) in changes:
            found += changes[id(statement)]
            continue
        new = statement
        for which, inner in enumerate(inner_blocks(statement)):
            changed = _rewritten(inner, changes)
            if changed != inner:
                new = with_inner(new, which, changed)
        found.append(new)
    return tuple(found)


# ---- the places of a program


def places(code: Code, question: Question, part: Part, states: States, given: Mapping[str, str]) -> Iterator[Place]:
    """Yield the formulas of a program that were run, in their order, each with what may belong there.

    given: the name of the given that each name has from the beginning.
    """
    steps = worked(question, part)
    there = {id(spot.statement): spot for spot in spots(code)}
    functions = Known(code, given)
    for known, state in states.items():
        spot = there.get(known)
        if spot is None:
            continue
        meanings = functions.inside(spot.place.function)
        names = OwnNames(steps, state, spot, dict(meanings))
        functions.enter(spot, names.counters)
        for place, target in _formulas_of(spot):
            done, meaning = _with_rights(place, names)
            yield replace(done, states=states)
            if meaning is None:
                meaning = meanings.get(place.stands) or _presumed(done)
            for own in [own for own in meanings if own == target or names_in(own) & names_in(target)]:
                if own == target or isinstance(target, Name):
                    del meanings[own]
            if meaning is not None and names_in(target):
                meanings[target] = meaning


def _presumed(place: Place) -> Expr | None:
    """Return the step that a wrong line is meant to be: the nearest, if that is near."""
    nearest = next((right for right in place.rights if right.whole or right.starts), None)
    return nearest.formula if nearest is not None and nearest.distance <= max(2, size(place.stands) // 2) else None


def _formulas_of(spot: Spot) -> Iterator[tuple[Place, Expr]]:
    """Yield what a statement computes, and what gets it."""
    match spot.statement:
        case Assign(targets=(ArrayExpr(items=targets),), value=ArrayExpr(items=items)) if len(targets) == len(items):
            for at, (target, item) in enumerate(zip(targets, items, strict=True)):
                yield Place(spot, 1, (at,), item, _root(target)), target
        case Assign(targets=(target,), value=value) if not isinstance(value, ArrayExpr):
            yield Place(spot, 1, (), value, _root(target)), target
        case Augment(target=target, function=function, value=value):
            yield Place(spot, 1, (), Call(function, (target, value), style="operator"), _root(target)), target
        case Do(expr=Call(function=".append", args=(base, item))):
            yield Place(spot, 0, (1,), item, _root(base)), Index(base, (_LAST,))
        case Return(value=Call() | Index() as value):
            yield Place(spot, 0, (), value, ""), Number(0.0, "0")
        case _:
            return


_LAST = Call("negative", (Number(1.0, "1"),), style="operator")


def _root(target: Expr) -> str:
    while isinstance(target, Index):
        target = target.base
    return target.id if isinstance(target, Name) else ""


def _with_rights(place: Place, names: OwnNames) -> tuple[Place, Expr | None]:
    """Return a place with the formulas that may belong there, and the formula that it is; None for none of them.

    Where it is the step that it is called as, nothing else is looked for.
    """
    called = names.formulas_near(place.stands, place.target, starts=place.starts, alone=True) if place.target else []
    is_called = next((right for right in called if right.whole and names.is_same(place.stands, right.expr)), None)
    if is_called is not None:
        return replace(place, is_right=True, is_whole=True), is_called.formula
    rights = names.formulas_near(place.stands, place.target, starts=place.starts)
    same = next((right for right in rights if names.is_same(place.stands, right.expr)), None)
    if same is None and place.starts:  # it may be a step outside of loops, which loops read
        others = names.formulas_near(place.stands, place.target, starts=False)
        same = next((right for right in others if right.whole and names.is_same(place.stands, right.expr)), None)
    own = min((right.distance for right in rights if _is_of(right, place.target)), default=None)
    if own is not None:  # it is called as a step, and most like this: another step is not meant
        rights = [one for one in rights if one.distance < own or names.may_be_called(place.target, one.formula)]
    if same is None and any(names.is_right_but_for_a_name(place.stands, right) for right in rights):
        return replace(place, is_right=True, is_whole=True), None
    if same is None:
        copies = isinstance(place.stands, Name) and not place.starts
        return replace(place, rights=tuple(rights), is_right=copies), None
    others = [right for right in rights if right.distance > 0 and right is not same]
    is_whole = same.whole and names.may_be_called(place.target, same.formula)
    return replace(place, rights=tuple(others), is_right=True, is_whole=is_whole), same.formula


def _is_of(right: Right, step: str) -> bool:
    return isinstance(right.formula, Name) and right.formula.id.partition("@")[0] == step


def _fix(place: Place, right: Right) -> Fix | None:
    """Return a right formula in its place, and what is wrong with the one that stands there; None for no words."""
    statement = place.spot.statement
    says = clauses(place.stands, right.expr, brief)
    further, loop = _start(place) if right.starts and not place.way else ((), None)
    line = line_of(further[-1] if further else statement)
    if right.starts and size(right.expr) <= SHORT_START and (further or not says):
        stands = place.states.get(id(loop), {}).get(place.target)
        shown = values(stands) if further and stands is not None and stands.size <= FEW else brief(place.stands)
        says = [f": {place.target} starts from {shown}; it should start from {brief(right.expr)}"]
    if place.is_given_back and right.row and not _is_short(says):
        says = [_of_argument(place, right) or f" gives {brief(place.stands)}, which is not what is needed here"]
    if not says:
        return None
    if isinstance(statement, Augment):
        instead: Statement = Assign(statement.line, (statement.target,), right.expr)
    else:
        slot = next(slot for slot in slots(statement) if slot.number == place.slot)
        instead = with_slot(statement, place.slot, put(slot.expr, place.way, right.expr))
    return Fix(statement, instead, further, line, tuple(f"Line {line}{clause}." for clause in says))


def _is_short(says: list[str]) -> bool:
    """Tell whether clauses say what stands there and should not, or the reverse, not only what is missing in all."""
    return bool(says) and not any(clause.startswith(" needs ") for clause in says)


def _of_argument(place: Place, right: Right) -> str:
    """Return for which elements of its one argument a function is right and for which it is not; "" where it has more.

    Its value there is not told.
    """
    function = place.spot.place.function
    params = place.spot.code.functions[function].params
    state = place.states.get(id(place.spot.statement), {})
    if len(params) != 1 or params[0] not in state:
        return ""
    given = state[params[0]]
    mine, theirs = evaluated(state, place.stands), evaluated(state, right.expr)
    if mine is None or theirs is None or not given.shape == mine.shape == theirs.shape:
        return ""
    is_right = [bool(same(one, other, PROBE)) for one, other in zip(mine.flat, theirs.flat, strict=True)]
    numbers = [alone(number) for number in given.ravel().tolist()]
    wrong = next((number for number, fits in zip(numbers, is_right, strict=True) if not fits), None)
    fits = next((number for number, fits in zip(numbers, is_right, strict=True) if fits), None)
    if wrong is None:
        return ""
    also = f"is right for {params[0]} = {fits} and " if fits is not None else "is "
    return f": {function} gives {brief(place.stands)}, which {also}wrong for {params[0]} = {wrong}"


def _start(place: Place) -> tuple[tuple[Statement, ...], Statement | None]:
    """Return what changes the start of a name further, and the loop that carries it on."""
    found: list[Statement] = []
    for statement in place.spot.place.block[place.spot.at + 1 :]:
        if isinstance(statement, For | While):
            return tuple(found), statement
        if place.target in own_writes(statement):
            found.append(statement)
    return tuple(found), None
