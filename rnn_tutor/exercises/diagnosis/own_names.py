"""The formulas of the worked steps in the names of a learner's program, as these are when a line is run.

What a formula reads is looked for among the values that the program has by then: in what was computed rightly, under
the same name, in the line itself, anywhere. What is not found may be in a name that was computed wrongly; else it is
written out, by what it is made of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.compare import PROBE, same
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, children, names_in, walk, with_children
from rnn_tutor.engine.expression_difference import apart_by, counted, differences
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.graph import CONSTANTS, as_numbers
from rnn_tutor.engine.programs.edits.tree import SIZES, Spot, body_of, written
from rnn_tutor.engine.programs.statements import For
from rnn_tutor.exercises.diagnosis.worked_steps import Key, Worked, is_whole, key_of

MOST_FORMULAS = 8  # that are returned of those that may be meant
DEEPEST = 8  # steps that are written out within each other
LARGEST = 60  # parts of a formula
SMALL = 4  # pieces in which what has another shape may differ
TRIALS = 3
WHOLE = ("one_hot", "equal", "not_equal")  # functions that make sense of whole numbers
ROWS = (0, 1, -1)  # of an array, counted from where the loop is


Meanings = dict[Expr, Expr]
"""What names and places of a program have, as far as it was computed rightly: the formula of the steps."""


@dataclass(frozen=True)
class Right:
    """A formula that may belong somewhere: in the program's own names, and as the steps have it.

    `starts` tells that it is what a recurrence starts from, `whole` that it is all of a step, `row` that it is a row
    of one.
    """

    expr: Expr
    formula: Expr
    starts: bool
    whole: bool
    distance: int
    row: bool = False


@dataclass(frozen=True, slots=True)
class _Written:
    """A formula in the program's names: which steps are written `out` in it, and how `deep` within each other."""

    expr: Expr | None
    out: frozenset[Name] = frozenset()
    deep: int = 0


class OwnNames:
    """What the names of a program have when one of its statements is run."""

    def __init__(self, steps: Worked, state: Mapping[str, Array], spot: Spot, meanings: Meanings) -> None:
        self.computed = written(body_of(spot)) - set(spot.counters)
        self.steps = steps
        self.state = state
        self.presumed = {meaning: own for own, meaning in meanings.items()}
        counting = [name for name in spot.counters if name not in _elements(spot)]
        self.counters = {name: int(state[name]) for name in counting if name in state and _is_count(state[name])}
        self._scope = _scope(state)
        self.meanings = {own: meaning for own, meaning in meanings.items() if self._still_has(own, meaning)}
        self._having: dict[Expr, list[Expr]] = {}
        for own, meaning in self.meanings.items():
            self._having.setdefault(meaning, []).append(own)
        self._atoms: dict[Key, Expr] = {}
        self._written: dict[int, _Written] = {}  # for the expression at hand; by identity, as formulas stay
        self._in_this: dict[int, _Written] = {}  # formula
        self._near: dict[Key, Expr] = {}
        self._known_here: dict[int, Expr | None] = {}  # by identity: formulas stay as long as the steps
        self._there: set[Expr] = set()
        self._looked_at: Expr | None = None
        for name, value in state.items():
            if name not in self.counters:
                self._add(value, Name(name))
        for name, value in state.items():
            for row, index in self._rows(value):
                self._add(row, Index(Name(name), (index,)))

    def _add(self, value: Array, atom: Expr) -> None:
        if atom not in self.meanings and value.size > 1:
            self._atoms.setdefault(key_of(value), atom)

    def _rows(self, value: Array) -> Iterator[tuple[Array, Expr]]:
        if not value.ndim:
            return
        for counter, count in self.counters.items():
            for off in ROWS:
                if 0 <= count + off < len(value):
                    yield value[count + off], _counted(counter, off)

    def formulas_near(self, stands: Expr, target: str, *, starts: bool, alone: bool = False) -> list[Right]:
        """Return the formulas that may belong where an expression stands, those that are most like it first.

        With `alone` only those of the step that is called as what it gives a value to.
        """
        value = self._value(stands)
        if value is None:
            return []
        self._look_at(stands)
        pieces, reads = counted(stands), names_in(stands) & self.computed
        limit = max(4, pieces.total())
        found: dict[Expr, Right] = {}
        for formula in self.steps.formulas:
            fits = formula.value.shape == value.shape
            if formula.starts != starts or not (fits or formula.step) or (alone and formula.step != target):
                continue
            self._in_this.clear()
            done = self._in_own_names(formula.expr, top=True)
            expr = done.expr
            if expr is None or (isinstance(expr, Name) and not starts):
                continue
            theirs = counted(expr)
            apart, total = apart_by(pieces, theirs), theirs.total()
            if total > LARGEST or (not fits and apart > SMALL):
                continue
            distance = apart - (formula.step == target) - bool(formula.step)
            if (not starts and distance > limit + total // 2) or self._goes_around(reads, done):
                continue
            if expr not in found or found[expr].distance > distance:
                whole = bool(formula.step)
                found[expr] = Right(expr, formula.meaning, formula.starts, whole, distance, formula.row)
        return sorted(found.values(), key=lambda right: right.distance)[:MOST_FORMULAS]

    def _look_at(self, stands: Expr) -> None:
        """Find what an expression reads by its values; what was written for another one is forgotten."""
        if stands is self._looked_at:
            return
        self._looked_at = stands
        self._near = {}
        self._known_here.clear()
        self._written.clear()
        self._there = set(walk(stands))
        counters = [Name(name) for name in self.counters]
        for part in walk(stands):
            if isinstance(part, Name | Index) and part not in self.meanings and part not in counters:
                known = self._value(part)
                if known is not None:
                    self._near.setdefault(key_of(known), part)

    def _goes_around(self, reads: set[str], done: "_Written") -> bool:
        """Tell whether a formula does without what a line reads that was computed before: that may be what is wrong."""
        if done.expr is None or reads <= names_in(done.expr):
            return False
        return any(not formula.id.endswith("@-1") for formula in done.out)

    def is_right_but_for_a_name(self, stands: Expr, right: Right) -> bool:
        """Tell whether an expression is a step, if the names in it that nothing is known of had what they should."""
        unknown = self.computed - {name for own in self.meanings for name in names_in(own)}
        return right.whole and all(
            isinstance(one.stands, Name) and one.stands.id in unknown and isinstance(one.right, Call | Index)
            for one in differences(stands, right.expr)
        )

    def may_be_called(self, target: str, formula: Expr) -> bool:
        """Tell whether what a name is given is no other step than that of the same name."""
        root = _root(formula)
        return (
            not target or root is None or target == root.id or target not in {one.step for one in self.steps.formulas}
        )

    def is_same(self, first: Expr, second: Expr) -> bool:
        """Tell whether two expressions have the same value with any numbers."""
        if first == second:
            return True
        names = names_in(first) | names_in(second)
        kept = _kept(first) | _kept(second)
        for trial in range(TRIALS):
            values = {
                name: value if name in kept else _changed(value, trial, at)
                for at, (name, value) in enumerate(self.state.items())
                if name in names
            }
            for name in names & self.counters.keys():  # the second trial is one turn on: x[0] is x[t] at first only
                values[name] = np.asarray(float(self.counters[name] + (trial == 1)))
            scope = _scope(values)
            one, two = _evaluated(scope, first), _evaluated(scope, second)
            if one is None and two is None and trial:
                continue
            if one is None or two is None or not np.isfinite(one).all() or not same(one, two, PROBE):
                return False
        return True

    def _value(self, expr: Expr) -> Array | None:
        return _evaluated(self._scope, expr)

    # ---- writing a formula in the program's names

    def _in_own_names(self, expr: Expr, *, top: bool = False, depth: int = 0) -> "_Written":
        """Return a formula in the program's names; None in it where something in it has no counterpart there.

        Most formulas are parts of others. So what was written is kept for the others, unless they have it so deep
        within them that fewer steps might be written out.
        """
        if isinstance(expr, Number):
            return _Written(expr)
        if top and not isinstance(expr, Name):
            return self._by_parts(expr, depth)
        kept = self._in_this.get(id(expr)) or self._written.get(id(expr))
        if kept is None or (depth + kept.deep > DEEPEST and id(expr) not in self._in_this):
            known = self._known_once(expr)
            kept = self._written[id(expr)] = _Written(known) if known is not None else self._by_parts(expr, depth)
        self._in_this[id(expr)] = kept
        return kept

    def _known_once(self, expr: Expr) -> Expr | None:
        if id(expr) not in self._known_here:
            self._known_here[id(expr)] = self._known(expr)
        return self._known_here[id(expr)]

    def _known(self, expr: Expr) -> Expr | None:
        """Return the name, or the row, that has the value of a formula: that is known to, or has the same numbers."""
        known = self.steps.known(expr)
        if known is None:
            return None
        key, value = known.key, known.value
        having = self._having.get(known.meaning)
        if having:
            same = _root(known.meaning)
            return min(having, key=lambda own: (own not in self._there, own != same, -self._age(own)))
        if isinstance(expr, Call):  # h + 0 is h by chance: only a name that nothing is known of may have it
            atom = None if known.constant else self._atoms.get(key)
            return atom if isinstance(atom, Name) else None
        root, count = _root(expr), value.shape == () and known.whole
        if (
            count and key in self._near and (root is None or root == expr)
        ):  # a size has the value of many things: the one that is there
            return self._near[key] if isinstance(expr, Name | Index) else None
        if root is not None and root not in self.meanings and root.id in self.state and self._has(root, key):
            return root
        if count and root is None:
            return None
        return self._near.get(key) or self._atoms.get(key)

    def _presumed(self, expr: Name) -> Expr | None:
        """Return the name that should have the value of a step, and has another one: a line before was wrong."""
        value, own = self.steps.values.get(expr), self.presumed.get(expr) or _root(expr)
        if own is None or own in self.meanings or value is None:
            return None
        now = self._value(own)
        return own if now is not None and now.shape == value.shape else None

    def _still_has(self, own: Expr, meaning: Expr) -> bool:
        known = self.steps.known(meaning)
        return known is not None and self._has(own, known.key)

    def _has(self, own: Expr, key: Key) -> bool:
        value = self._value(own)
        return value is not None and key_of(value) == key

    def _age(self, own: Expr) -> int:
        return list(self.meanings).index(own)

    def _by_parts(self, expr: Expr, depth: int) -> "_Written":
        match expr:
            case Name(id=name) if name in self.steps.counts:
                return _Written(self._count(self.steps.counts[name]))
            case Name(id=name) if name in self.steps.made_of:
                presumed = self._presumed(expr)
                if presumed is not None:
                    return _Written(presumed)
                if depth >= DEEPEST:
                    return _Written(None, deep=DEEPEST + 1)
                inside = self._in_own_names(self.steps.made_of[name], depth=depth + 1)
                return _Written(inside.expr, inside.out | {expr}, inside.deep + 1)
            case Name(id=name) if name in CONSTANTS:
                return _Written(expr)
            case Name():
                return _Written(None)
        own: list[Expr] = []
        out, deep = frozenset[Name](), 0
        for at, part in enumerate(children(expr)):
            in_an_index = isinstance(expr, Index) and at > 0
            there = self._index(part, depth) if in_an_index else self._in_own_names(part, depth=depth)
            out, deep = out | there.out, max(deep, there.deep)
            if there.expr is None:
                return _Written(None, out, deep)
            own.append(there.expr)
        return _Written(with_children(expr, tuple(own)), out, deep)

    def _index(self, expr: Expr, depth: int) -> "_Written":
        """Return what stands in an index: counted from the loop's own counter where the step counts."""
        value = self.steps.values.get(expr)
        if value is not None and value.shape == () and names_in(expr) & self.steps.counts.keys():
            return _Written(self._count(int(value)))
        return self._in_own_names(expr, depth=depth)

    def _count(self, count: int) -> Expr | None:
        for counter, now in self.counters.items():
            return _counted(counter, count - now)
        return None


def _root(expr: Expr) -> Name | None:
    """Return the name of the step that a name of formulas is of: h of h@2."""
    return Name(expr.id.partition("@")[0]) if isinstance(expr, Name) else None


def _counted(counter: str, off: int) -> Expr:
    if not off:
        return Name(counter)
    return Call(
        "add" if off > 0 else "subtract", (Name(counter), Number(float(abs(off)), str(abs(off)))), style="operator"
    )


def _scope(values: Mapping[str, Array]) -> Graph:
    graph = Graph()
    for name, value in values.items():
        graph.leaf(name, value)
    return graph


def evaluated(state: Mapping[str, Array], expr: Expr) -> Array | None:
    """Return the value of an expression as a program stood; None where it has none."""
    return _evaluated(_scope(state), expr)


def _evaluated(scope: Graph, expr: Expr) -> Array | None:
    """Return the value of an expression; None where it has none, or where only programs have such."""
    if isinstance(expr, Name) and expr.id not in scope.names and expr.id not in CONSTANTS:
        return None  # most are not there, and what is said of such a name takes long to make up
    try:
        return np.asarray(as_numbers(scope.evaluate(expr).number))
    except (EngineError, KeyError, RecursionError):
        return None


def _elements(spot: Spot) -> frozenset[str]:
    """Return the names that the loops around a statement give the elements of an array: whole numbers, it may be."""
    return frozenset(
        loop.target.id
        for loop in spot.loops
        if isinstance(loop, For) and isinstance(loop.target, Name) and isinstance(loop.values, Name | Index)
    )


def _is_count(value: Array) -> bool:
    return value.shape == () and is_whole(value)


def _kept(expr: Expr) -> set[str]:
    """Return the names that an expression takes for a place or a size: only whole numbers do for these."""
    found: set[str] = set()
    for part in walk(expr):
        if isinstance(part, Index):
            found |= {name for inside in children(part)[1:] for name in names_in(inside)}
        elif isinstance(part, Call) and part.function in (*SIZES, *WHOLE):
            found |= names_in(part)
        elif isinstance(part, Call):
            found |= {name for _, value in part.keywords for name in names_in(value)}
    return found


def _changed(value: Array, trial: int, at: int) -> Array:
    """Return other numbers in place of a value: the same ones for every host, positive where all of it is."""
    numbers = np.arange(1, value.size + 1).reshape(value.shape) if value.shape else np.asarray(1.0)
    spread = np.modf(np.abs(np.sin(numbers * 12.9898 + 78.233 * (at + 1) + 3.7 * trial)) * 97.31)[0]
    return np.asarray(0.1 + 0.85 * spread if (value >= 0).all() else 1.8 * spread - 0.9)
