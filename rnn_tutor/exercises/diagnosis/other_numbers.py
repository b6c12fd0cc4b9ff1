"""Whether an expression that is right here is right with other numbers too, and which mistake it is where it is not.

A learner may put numbers in: `0.8**steps` is right where the scale is 0.8. Where an expression fails on a fresh draw,
it is tried again with such a number taken for the given, the cell or the size that it is here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from rnn_tutor.engine.draw import Bits
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.diagnosis.diagnose import known_everywhere
from rnn_tutor.exercises.diagnosis.distinguishable import compared
from rnn_tutor.exercises.diagnosis.literals import meanings, numbers_put_in, reads_off
from rnn_tutor.exercises.diagnosis.shapes import diagnose_shape
from rnn_tutor.exercises.drawing import ask, changed, probes
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.question import Part, Question, with_givens
from rnn_tutor.exercises.reading import own_values, read, scope_of
from rnn_tutor.exercises.scratch import inlined, notes
from rnn_tutor.exercises.verdict import Diagnosis, Reading
from rnn_tutor.figures.numbers import listed

FRESH_SEEDS = (1_009, 2_003, 3_001)
MOST_WAYS = 150  # ways to take the numbers of an expression for givens
NOWHERE = np.zeros(0)  # no answer has this shape
RIGHT_HERE = "It is right for these numbers, but not for others."
ONLY_HERE = "That expression is right for these numbers only, not for others."


def only_here(
    question: Question, asked: Part, reading: Reading, earlier: Mapping[str, str], scratch: Sequence[str]
) -> Diagnosis | None:
    """Return what is said of an expression that is right here and not with other numbers; None where it is there too.

    Kind `right_here`: numbers are put in, so that it is right. A place alone (x[2]) may be one that was looked up, or a
    mistake that makes no difference here: that is wrong where it is a known one with other numbers.

    A question that other numbers raise (is this a mask?) says nothing about the expression; nor do other numbers about
    one in which something stands that was read off a picture.
    """
    if question.compiled.picture is not None and reading.expr is not None and reads_off(reading.expr):
        return None
    fresh = fresh_questions(question.exercise)
    failing = next(
        (draw for draw in fresh if _right_on_draw(draw, asked.name, reading.text, earlier, scratch) is False), None
    )
    if failing is None:
        return None
    expr = _written_out(question, reading, scratch, own_values(question, asked, earlier, scratch))
    mistake: Diagnosis | None = None
    if expr is not None:
        if _right_with_givens(question, asked, expr, fresh):
            return None
        fresh_reading = _reading(failing, asked.name, reading.text, earlier, scratch)
        mistake = _known_mistake(
            question,
            failing,
            asked.name,
            replace(fresh_reading, unsolved=reading.unsolved, bounded=reading.bounded),
            expr,
        )
    put_in = numbers_put_in(question, expr) if expr is not None else ""
    if put_in == "numbers" or (put_in == "places" and not mistake):
        return Diagnosis("right_here", RIGHT_HERE)
    if mistake is None:
        return Diagnosis("these_numbers_only", ONLY_HERE)
    return Diagnosis("these_numbers_only", f"{ONLY_HERE} {mistake.says}", mistake.rule)


def right_given_truth(
    question: Question, asked: Part, reading: Reading, scratch: Sequence[str], own: Mapping[str, Array]
) -> bool:
    """Tell whether an expression is right with the right values of the earlier parts that it uses.

    `own` has the learner's values of them, which the scratchpad may use.
    """
    expr = _written_out(question, reading, scratch, own)
    if expr is None:
        return False
    if _right(question, asked.name, expr) is not True:
        return False
    if numbers_put_in(question, expr) == "numbers":
        return True
    return all(_right(draw, asked.name, expr) is not False for draw in fresh_questions(question.exercise))


@remembered(8)
def fresh_questions(exercise: Exercise) -> list[Question]:
    """Return the exercise with a few other draws, the same each time; kept while the exercise is in hand."""
    questions: list[Question] = []
    for seed in FRESH_SEEDS:
        try:
            questions.append(ask(exercise, seed))
        except ExerciseError:
            continue  # an exercise that cannot be drawn is reported by lint; here its numbers are all there is
    return questions


def _reading(fresh: Question, part: str, text: str, earlier: Mapping[str, str], scratch: Sequence[str]) -> Reading:
    used = {name: _true_text(fresh, name) for name in earlier if name != part}
    return read(fresh, part, text, used, scratch)


def _right_on_draw(
    fresh: Question, part: str, text: str, earlier: Mapping[str, str], scratch: Sequence[str]
) -> bool | None:
    """Tell whether a text is right with other numbers; None where it raises a question there."""
    reading = _reading(fresh, part, text, earlier, scratch)
    if reading.error is not None:
        return None if reading.error.kind in ("notation", "limit") else False  # too large to be worked out is not wrong
    return _is_right(fresh.part(part), reading)


def _is_right(asked: Part, reading: Reading) -> bool:
    if isinstance(reading.value, tuple):
        return reading.value == asked.expected
    if not isinstance(reading.value, np.ndarray) or not isinstance(asked.expected, np.ndarray):
        return False
    if reading.value.shape != asked.expected.shape:
        return False
    return compared(asked, reading, asked.expected).verdict == "right"


def _true_text(fresh: Question, name: str) -> str:
    return listed(fresh.truths[name], 17) if name in fresh.truths else ""


def _known_mistake(question: Question, failing: Question, part: str, reading: Reading, expr: Expr) -> Diagnosis | None:
    """Return which known mistake an expression is, here (where that is right too) and with other numbers."""
    asked = failing.part(part)
    if isinstance(reading.value, tuple):
        diagnosis: Diagnosis | None = diagnose_shape(failing, asked, reading)
    else:
        values = [(draw, _value(draw, part, expr)) for draw in (failing, question, *probes(question.exercise))]
        computed = [(draw, value) for draw, value in values if value is not None]
        if len(computed) < 2 or computed[0][0] is not failing:
            return None
        diagnosis = known_everywhere(failing, asked, replace(reading, value=computed[0][1], expr=expr), computed[1:])
    named = diagnosis is not None and diagnosis.kind in ("authored", "intermediate", "mutation")
    return diagnosis if named else None


def _value(question: Question, part: str, expr: Expr) -> Array | None:
    """Return the value of an expression of givens and true earlier parts; None where it raises a question."""
    scope = scope_of(question, {name: value for name, value in question.truths.items() if name != part})
    try:
        return as_numbers(scope.evaluate(expr).number)
    except EngineError as error:
        return None if error.kind == "notation" else NOWHERE


def _right(question: Question, part: str, expr: Expr) -> bool | None:
    """Tell whether an expression of givens and true earlier parts is right; None where it raises a question."""
    asked = question.part(part)
    value = _value(question, part, expr)
    if value is None:
        return None
    if isinstance(asked.expected, tuple):
        return value.shape == (len(asked.expected),) and bool((value == np.array(asked.expected)).all())
    return _is_right(asked, Reading("", "", value, value.shape, expr=expr))


def _right_with_givens(question: Question, asked: Part, expr: Expr, fresh: Sequence[Question]) -> bool:
    """Tell whether an expression is right with other numbers too once its numbers are taken for the givens they are."""
    for meant, cells in islice(meanings(question, expr), MOST_WAYS):
        if all(_right(draw, asked.name, meant) is not False for draw in fresh):
            return True
        if cells and _right_with_cells_moved(question, asked, meant, cells):
            return True
    return False


def _right_with_cells_moved(question: Question, asked: Part, meant: Expr, cells: set[str]) -> bool:
    verdicts = [_right(draw, asked.name, meant) for draw in _cells_moved(question, cells)]
    return bool(verdicts) and all(verdicts)


def _cells_moved(question: Question, names: set[str]) -> Iterator[Question]:
    """Yield the question with some givens changed a little: what selects and counts holds, as when it was typed."""
    for seed in FRESH_SEEDS:
        bits = Bits(seed)
        givens = dict(question.givens)
        for name in sorted(names):
            value = givens[name]
            assert isinstance(value, np.ndarray)  # noqa: S101 - it has cells
            givens[name] = changed(value, bits)
        try:
            yield with_givens(question.exercise, givens, None)
        except ExerciseError:
            continue


def _written_out(question: Question, reading: Reading, scratch: Sequence[str], own: Mapping[str, Array]) -> Expr | None:
    """Return an expression with the lines of the scratchpad written out; None where that is too long."""
    if reading.expr is None:
        return None
    return inlined(reading.expr, notes(question, scratch, own)) if scratch else reading.expr
