"""The one place of a learner's expression that is wrong, or two, where the rest leads to the answer, on whatever way.

The worked solution is one way of several: a value that it does not have may be right all the same. So the learner's own
expression is changed at one place (a name, an operation, a function or factor too many, a factor left out), and what
makes it right, with these numbers and with others, is what was wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from rnn_tutor.engine.compare import PROBE, compare, same
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Name, brief, children, names_in, renamed, walk, with_children
from rnn_tutor.engine.expression_difference import clauses, pieces_apart, size
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import CONSTANTS, as_numbers
from rnn_tutor.engine.graph.steps import Let
from rnn_tutor.engine.mutate.mutation import TWO, op
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import scope_of
from rnn_tutor.exercises.verdict import Diagnosis, Reading

MOST_CHANGES = 400
MOST_SMALL = 16  # changes of which two are made together
MOST_APART = 6  # pieces in which an expression differs from the steps
DEEPEST = 12
WORKED = "formula"  # the id of what is told by comparing with the steps
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
ALIKE = (
    ("add", "subtract"), ("multiply", "divide"), ("minimum", "maximum"), ("min", "max"), ("sum", "mean"),
    ("sin", "cos"), ("tanh", "sigmoid"), ("log", "log2"), ("var", "std"),
)  # fmt: skip
Change = tuple[Expr, Expr, str, str]  # what stands there, what is needed, the rule, what is said


def mended_expression(question: Question, part: Part, reading: Reading, own: Mapping[str, Array]) -> Diagnosis | None:
    """Return which one change makes an expression right with all numbers; None for none.

    The items of a list that is typed are looked at each by itself, where one of them is wrong.
    """
    expr, expected = reading.expr, part.expected
    if expr is None or part.node is None or not isinstance(expected, np.ndarray):
        return None
    used = names_in(expr) & set(own)
    draws = [question, *probes(question.exercise)]
    if len(draws) == 1 or not all(used <= set(draw.truths) for draw in draws):
        return None
    wrong_items = _wrong_items(question, part, expr, own)
    formulas = [at for at in wrong_items if isinstance(expr, ArrayExpr) and names_in(expr.items[at])]
    at = formulas[0] if len(formulas) == 1 else None
    if at is not None and isinstance(expr, ArrayExpr):
        expr = expr.items[at]
    also = "".join(f" {part.name}[{other}] is not right either." for other in wrong_items if other != at)
    goal = _Goal(draws, part.name, frozenset(used), at)
    where = "" if at is None else f"In {part.name}[{at}]: "
    names = [*question.told, *sorted(used)]
    for place, (wrong, right, rule, says) in enumerate(_changes(expr, names)):
        if place >= MOST_CHANGES:
            break
        if goal.is_right(_with(expr, wrong, right)):
            return Diagnosis("expression", f"{where}{_within(says)}{also}" if where else says, rule)
    two = None if where else _two_changes(expr, goal)
    if two is not None:
        return two
    says = _beside_the_steps(question, part, reading, expr, names) if not where else ""
    return Diagnosis("expression", says, WORKED) if says else None


def _two_changes(expr: Expr, goal: "_Goal") -> Diagnosis | None:
    """Return which two small changes make an expression right: an operation for its like, a function too many.

    Where several do, none is told. Each change keeps what it stands around, so the outer one is made first.
    """
    calls = [part for part in walk(expr) if isinstance(part, Call)]
    functions = [call for call in calls if call.style != "operator"]
    small = [change for call in calls for change in _otherwise(call)]
    small += [change for call in functions for change in _too_many(call)]
    found: list[tuple[Change, Change]] = []
    for first, second in combinations(small[:MOST_SMALL], 2):
        if first[0] is second[0]:
            continue
        around = any(part is first[0] for part in walk(second[0]))
        outer, inner = (second, first) if around else (first, second)
        if goal.is_right(_with(_with(expr, *outer[:2]), *inner[:2])):
            found.append((first, second))
    if len(found) != 1:
        return None
    (_, _, rule, says), (_, _, other, also) = found[0]
    return Diagnosis("expression", f"{says} {also}", f"{rule}+{other}")


def is_of_one_thing(found: Diagnosis) -> bool:
    """Tell whether one thing is said of what stands there, and not of several, or only of what is not computed."""
    return found.rule != WORKED or (" needs " not in found.says and ". " not in found.says)


def _within(says: str) -> str:
    return says[0].lower() + says[1:]


@dataclass(frozen=True)
class _Goal:
    """What a mended expression has to give: the answer, or one item of it, with all numbers."""

    draws: Sequence[Question]
    part: str
    used: frozenset[str]
    at: int | None

    def is_right(self, expr: Expr) -> bool:
        """Tell whether an expression gives it."""
        for draw in self.draws:
            value = _value(draw, {name: draw.truths[name] for name in self.used}, expr)
            right = np.asarray(draw.part(self.part).expected)
            if value is None or not same(value, right if self.at is None else right[self.at], PROBE):
                return False
        return True


def _value(draw: Question, own: Mapping[str, Array], expr: Expr) -> Array | None:
    try:
        scope = scope_of(draw, own)
        with np.errstate(all="ignore"):
            return as_numbers(scope.evaluate(expr).number)
    except EngineError:
        return None


def _wrong_items(question: Question, part: Part, expr: Expr, own: Mapping[str, Array]) -> list[int]:
    """Return which items of a typed list are wrong; none where it is no list of so many items."""
    right = np.asarray(part.expected)
    if not isinstance(expr, ArrayExpr) or not right.ndim or len(expr.items) != len(right):
        return []
    rules = {"digits": part.ask.digits, "rtol": part.ask.rtol, "atol": part.ask.atol}
    wrong: list[int] = []
    for at, item in enumerate(expr.items):
        value = _value(question, own, item)
        if value is None or value.shape != right[at].shape:
            return []
        compared = compare(value, right[at], **rules)  # type: ignore[arg-type]
        if not (compared.right | compared.rounded).all():
            wrong.append(at)
    return wrong


def keeps_enough(question: Question, part: Part, reading: Reading) -> bool:
    """Tell whether a typed expression has all names of the right one, or half of its names, numbers and operations.

    Two mistakes leave that much of a formula. What has less, such as `2 * g` for `min(1, c / norm(g)) * g`, is another
    idea, though some two changes give it. Of a loop there is no formula to compare with.
    """
    if reading.expr is None:
        return True
    right = _written_out(question, Name(part.name), frozenset([*question.told, *reading.uses]), frozenset())
    if right is None or names_in(right) <= names_in(reading.expr):
        return True
    both = size(reading.expr) + size(right)
    return both - pieces_apart(reading.expr, right) >= size(right)


def _beside_the_steps(question: Question, part: Part, reading: Reading, expr: Expr, names: Sequence[str]) -> str:
    """Say in what an expression differs from the steps written out, where that is little; "" otherwise."""
    right = _written_out(question, Name(part.name), frozenset(names), reading.unsolved - {part.name})
    if right is None or pieces_apart(expr, right) > min(MOST_APART, size(right) // 2):
        return ""
    told = clauses(expr, right, lambda place: f"`{brief(place)}`")
    start = f"`{brief(expr)}`"
    return " ".join(f"In {start}{clause}." if clause.startswith(":") else f"{start}{clause}." for clause in told)


def _written_out(
    question: Question, expr: Expr, names: frozenset[str], open_parts: frozenset[str], depth: int = 0
) -> Expr | None:
    """Return an expression in which each step stands as what it is made of; None for a loop's, or a part still open."""
    if isinstance(expr, Name) and expr.id not in names and expr.id not in CONSTANTS:
        lets = {step.name: step.expr for step in question.compiled.program if isinstance(step, Let)}
        if expr.id not in lets or expr.id in open_parts or depth > DEEPEST:
            return None
        return _written_out(question, lets[expr.id], names, open_parts, depth + 1)
    parts = [_written_out(question, part, names, open_parts, depth) for part in children(expr)]
    if any(part is None for part in parts):
        return None
    return with_children(expr, tuple(part for part in parts if part is not None)) if parts else expr


def _changes(expr: Expr, names: list[str]) -> Iterator[Change]:
    """Yield the changes to try, what is mixed up most easily first."""
    above = {id(child): parent for parent in walk(expr) for child in children(parent)}
    parts = list(walk(expr))
    for part in parts:
        if isinstance(part, Name) and part.id in names:
            where = f", in `{brief(above[id(part)])}`" if isinstance(above.get(id(part)), Call) else ""
            for name in names:
                if name != part.id:
                    yield part, Name(name), "other_name", f"You used `{part.id}` instead of `{name}`{where}."
    calls = [part for part in parts if isinstance(part, Call)]
    for call in calls:
        yield from _renamed_within(call, expr, names)
    for call in calls:
        yield from _otherwise(call)
    for call in calls:
        yield from _too_many(call)
    factors: list[Expr] = [*(Name(name) for name in names), TWO]
    for part in parts:
        for factor in factors if isinstance(part, Name | Call) else ():
            if part == factor:
                continue
            code, by = brief(part), brief(factor)
            yield part, op("multiply", factor, part), "term_left_out", f"`{code}` lacks the factor `{by}`."
            yield part, op("divide", part, factor), "term_left_out", f"`{code}` is not divided by `{by}`."


def _renamed_within(call: Call, expr: Expr, names: list[str]) -> Iterator[Change]:
    """Yield a part of an expression with a name that stands there several times as another one."""
    there = [part.id for part in walk(call) if isinstance(part, Name)]
    for old in sorted(name for name in set(there) if there.count(name) > 1 and name in names):
        for new in names if call is not expr else ():
            if new != old:
                says = f"You used `{old}` instead of `{new}`, in `{brief(call)}`."
                yield call, renamed(call, {old: new}), "other_name", says


def _otherwise(call: Call) -> Iterator[Change]:
    for pair in ALIKE:
        if call.function in pair:
            other = pair[1 - pair.index(call.function)]
            if call.style == "operator":
                says = f"`{brief(call)}` needs a {SIGNS[other]} instead of the {SIGNS[call.function]}."
                yield call, op(other, *call.args), "operation_otherwise", says
            else:
                needed = Call(other, call.args, call.keywords, style=call.style)
                yield call, needed, "other_call", f"`{brief(call)}` needs {other} instead of {call.function}."
    if call.function in ("subtract", "divide", "matmul") and len(call.args) == 2:
        turned = Call(call.function, call.args[::-1], style=call.style)
        yield call, turned, "sign", f"The order in `{brief(call)}` is reversed."


def _too_many(call: Call) -> Iterator[Change]:
    if call.function in SIGNS and len(call.args) == 2:
        left, right = call.args
        yield call, left, "factor", f"`{brief(right)}` does not belong in `{brief(call)}`."
        if call.function in ("add", "multiply"):
            yield call, right, "factor", f"`{brief(left)}` does not belong in `{brief(call)}`."
    elif len(call.args) == 1 and call.function != "array":
        yield call, call.args[0], "wrapped", f"The {call.function} in `{brief(call)}` is too much."


def _with(expr: Expr, wrong: Expr, right: Expr) -> Expr:
    """Return an expression with one of its parts, by identity, replaced."""
    if expr is wrong:
        return right
    before = children(expr)
    after = tuple(_with(part, wrong, right) for part in before)
    return expr if all(new is old for new, old in zip(after, before, strict=True)) else with_children(expr, after)
