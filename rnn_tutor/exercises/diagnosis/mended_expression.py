"""The one place of a learner's expression that is wrong, where the rest of it leads to the answer, on whatever way.

The worked solution is one way of several: a value that it does not have may be right all the same. So the learner's own
expression is changed at one place (a name, an operation, a function or factor too many, a factor left out), and what
makes it right, with these numbers and with others, is what was wrong.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from rnn_tutor.engine.compare import PROBE, same
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Name, brief, children, names_in, walk, with_children
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.mutate.mutation import TWO, op
from rnn_tutor.exercises.drawing import probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import scope_of
from rnn_tutor.exercises.verdict import Diagnosis, Reading

MOST_CHANGES = 400
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
ALIKE = (
    ("add", "subtract"), ("multiply", "divide"), ("minimum", "maximum"), ("min", "max"), ("sum", "mean"),
    ("sin", "cos"), ("tanh", "sigmoid"), ("log", "log2"), ("var", "std"),
)  # fmt: skip
Change = tuple[Expr, Expr, str, str]  # what stands there, what is needed, the rule, what is said


def mended_expression(question: Question, part: Part, reading: Reading, own: Mapping[str, Array]) -> Diagnosis | None:
    """Return which one change makes an expression right with all numbers; None for none."""
    expr, expected = reading.expr, part.expected
    if expr is None or part.node is None or not isinstance(expected, np.ndarray):
        return None
    used = names_in(expr) & set(own)
    draws = [question, *probes(question.exercise)]
    if len(draws) == 1 or not all(used <= set(draw.truths) for draw in draws):
        return None
    names = [*question.told, *sorted(used)]
    for place, (wrong, right, rule, says) in enumerate(_changes(expr, names)):
        if place >= MOST_CHANGES:
            return None
        mended = _with(expr, wrong, right)
        if all(_is_right(draw, part.name, mended, used) for draw in draws):
            return Diagnosis("expression", says, rule)
    return None


def _is_right(draw: Question, part: str, expr: Expr, used: set[str]) -> bool:
    try:
        scope = scope_of(draw, {name: draw.truths[name] for name in used})
        with np.errstate(all="ignore"):
            value = as_numbers(scope.evaluate(expr).number)
    except EngineError:
        return False
    return same(value, np.asarray(draw.part(part).expected), PROBE)


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
