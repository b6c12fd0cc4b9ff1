"""What an answer is if something was rounded before it was used: a given, a step, all that is on the way.

Who computes with a pocket calculator writes numbers down on the way, and goes on with what is written. Each is rounded
to some decimals or significant digits: one step alone, those that are alike, all of them, or all givens.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from rnn_tutor.engine.expression import Call, Expr, Name, walk
from rnn_tutor.engine.graph.graph import CONSTANTS
from rnn_tutor.engine.graph.steps import Loop, lets
from rnn_tutor.engine.mutate import COSTS, Edit
from rnn_tutor.engine.mutate.mutation import UNSAID, op, whole_number
from rnn_tutor.engine.mutate.parallel import pattern
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.mistakes import ANSWER, context_of, needed_steps
from rnn_tutor.exercises.diagnosis.search import Search, Slip, Version, rounded, search
from rnn_tutor.exercises.question import Part, Question

RULE = "rounded_first"
TEN = whole_number(10)
# To what numbers are rounded, and how much less likely it is than the likeliest. The first are decimals.
DECIMALS = ((2, 0.0), (0, 0.5), (1, 0.5), (3, 0.5))
DIGITS = ((2, 0.5), (3, 0.5))
COUNTS = ("no", "one", "two", "three")
INNER, PARALLEL, GIVENS, GIVEN = 2.0, 0.5, 1.0, 2.0  # by how much each of these is less likely than a step, or all
MOST_PLACES = 20  # inside of steps
MOST_ALIKE = 4
COPIED = ("negative", "index", "transpose", "reshape", "ravel", "expand_dims", "squeeze", "flip", "concat", "stack")

Where = tuple[str, Expr, Expr]  # a step, what it is made of, and a part of that


@remembered(8, by=lambda question, part: (question, part.name))
def rounded_first(question: Question, part: Part) -> list[Version]:
    """Return the versions in which something is rounded before it is used, the likeliest first.

    None of an answer that is whole: a count has been rounded itself.
    """
    expected = np.asarray(part.expected)
    if part.node is None or bool(np.all(expected == np.round(expected))):
        return []
    engine = search(question, part)
    tried = list(_tried(question, part, engine))
    with engine.alone_at_work():
        values = engine.together([slips for slips, _ in tried])
    made: dict[object, Version] = {rounded(expected): Version(expected, 0.0)}
    for (slips, cost), value in sorted(zip(tried, values, strict=True), key=lambda pair: pair[0][1]):
        if value is not None and value.shape == expected.shape:
            made.setdefault(rounded(value), Version(value, cost, slips, everywhere=True))
    return [version for version in made.values() if version.slips]


def _tried(question: Question, part: Part, engine: Search) -> Iterator[tuple[tuple[Slip, ...], float]]:
    """Yield the places at which something is rounded together, with what is said there, and what it costs."""
    context = context_of(question)
    steps, inner, givens = _places(question, part, engine)
    groups: list[tuple[str, Sequence[Where], float]] = []
    groups += [(context.named(Name(where[0])), (where,), 0.0) for where in steps]
    groups += [(context.code(where[2]), (where,), INNER) for where in inner]
    for alike in (*_alike(inner), *_alike(steps)):
        names = dict.fromkeys(context.code(Name(where[0]) if where in steps else where[2]) for where in alike)
        groups.append((words.enumerated(list(names)), alike, PARALLEL))
    groups += [(context.named(Name(name)), places, GIVEN) for name, places in givens.items()]
    for family in _of_one_shape(question, givens):
        alike = [where for name in family for where in givens[name]]
        groups.append((words.enumerated([f"`{name}`" for name in family]), alike, GIVENS))
    if len(givens) > 1:
        everywhere = [where for places in givens.values() for where in places]
        groups.append(("all given numbers", everywhere, GIVENS))
    if len(steps) > 1:
        groups.append(("all steps", steps, 0.0))
    if steps or inner:
        groups.append(("all values on the way", [*steps, *inner], 0.0))
    for told, places, further in groups:
        if UNSAID not in told:
            yield from _rounded(told, places, COSTS[RULE] + further)


def _rounded(told: str, places: Sequence[Where], cost: float) -> Iterator[tuple[tuple[Slip, ...], float]]:
    for count, further in DECIMALS:
        to = "whole numbers" if not count else f"{COUNTS[count]} decimal{'s' if count > 1 else ''}"
        yield _slips(f"{told} were rounded to {to} first", places, count, cost + further, digits=False)
    for count, further in () if _are_nested(places) else DIGITS:  # each of which is written out three times
        to = f"{COUNTS[count]} significant digits"
        yield _slips(f"{told} were rounded to {to} first", places, count, cost + further, digits=True)


def _are_nested(places: Sequence[Where]) -> bool:
    """Tell whether one of some places lies within another one."""
    own = {id(place) for _, _, place in places}
    return any(id(one) in own for _, _, place in places for one in walk(place) if one is not place)


def _slips(
    clause: str, places: Sequence[Where], count: int, cost: float, *, digits: bool
) -> tuple[tuple[Slip, ...], float]:
    rounding = _to_digits if digits else _to_decimals
    return tuple(
        Slip(Edit(RULE, place, rounding(place, count), clause, cost), step, root) for step, root, place in places
    ), cost


def _to_decimals(expr: Expr, count: int) -> Expr:
    return Call("round", (expr, whole_number(count)) if count else (expr,))


def _to_digits(expr: Expr, count: int) -> Expr:
    size = Call("floor", (Call("log10", (Call("abs", (expr,)),)),))
    unit = op("power", TEN, op("subtract", size, whole_number(count - 1)))
    return op("multiply", Call("round", (op("divide", expr, unit),)), unit)


def _places(question: Question, part: Part, engine: Search) -> tuple[list[Where], list[Where], dict[str, list[Where]]]:
    """Return the steps that an answer is made from, what is computed inside of them, and where each given stands."""
    needed = needed_steps(question, part) - question.compiled.pictured
    context = context_of(question)
    loops = {let.name for one in question.compiled.program if isinstance(one, Loop) for let in one.body}
    roots = [(let.name, let.expr) for let in lets(question.compiled.program) if let.name in needed]
    if engine.tape.wanted is not None and not isinstance(engine.tape.wanted, Name):
        roots.append((ANSWER, engine.tape.wanted))
    steps: list[Where] = []
    inner: list[Where] = []
    givens: dict[str, list[Where]] = {}
    for step, root in reversed(roots):  # what is nearest to the answer first
        own = step in (part.step, ANSWER)
        if not own and isinstance(root, Call) and root.function not in COPIED:
            steps.append((step, root, root))
        for one in walk(root):
            if isinstance(one, Name) and one.id in context.means and not _is_whole(question.givens.get(one.id)):
                givens.setdefault(one.id, []).append((step, root, one))
            elif one is not root and step not in loops and _is_computed(one):
                inner.append((step, root, one))
    return steps, inner[:MOST_PLACES], givens


def _of_one_shape(question: Question, givens: Iterable[str]) -> Iterator[list[str]]:
    """Yield the given lists that have as many numbers: those of the same things."""
    shapes: dict[tuple[int, ...], list[str]] = {}
    for name in givens:
        shapes.setdefault(np.shape(question.givens[name]), []).append(name)
    yield from (names for shape, names in shapes.items() if shape and 1 < len(names) <= MOST_ALIKE)


def _is_computed(expr: Expr) -> bool:
    if isinstance(expr, Name):
        return expr.id in CONSTANTS
    return isinstance(expr, Call) and expr.function not in COPIED


def _is_whole(value: object) -> bool:
    return not isinstance(value, int | float | np.ndarray) or bool(np.all(np.asarray(value) == np.round(value)))


def _alike(places: Sequence[Where]) -> Iterator[list[Where]]:
    """Yield the places that are alike but for names: the means of two groups; a sine and a cosine."""
    found: dict[object, list[Where]] = {}
    for where in places:
        kind = str(pattern(where[2])).replace("'cos'", "'sin'")  # both components of one thing
        for key in (kind, (kind, where[0])):  # of all steps, and of one
            found.setdefault(key, []).append(where)
    for group in found.values():
        if 1 < len({where[2] for where in group}) <= MOST_ALIKE:
            yield group
