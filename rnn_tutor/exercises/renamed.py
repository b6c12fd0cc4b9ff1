"""What a given or a step was called once (`was` in its file), so that nothing that was typed or stored is lost.

Texts and stored numbers are read in the names of today. Numbers are drawn in those of then: which wrong versions of a
step there are hangs on names, and a seed has to go on drawing what it drew.
"""

import json
import re
from collections.abc import Collection

import msgspec
import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, renamed
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.compiled import ExerciseError, compiled
from rnn_tutor.exercises.files.rules import FIGURES
from rnn_tutor.exercises.model import Ask, Exercise, Mistake, Show, Step
from rnn_tutor.exercises.question import Givens, Question, original_givens, with_givens


def names_to_type(exercise: Exercise, names: Collection[str]) -> Collection[str]:
    """Return the names that a text may use, those of then among them."""
    return {*names, *exercise.was} if exercise.was else names


def in_todays_names(exercise: Exercise, expr: Expr, own: Collection[str]) -> Expr:
    """Return an expression that was typed in the names of today; a name of then that is a learner's `own` stays."""
    meant = {old: new for old, new in exercise.was.items() if old not in own}
    return renamed(expr, meant)


def stored_question(exercise: Exercise, givens: str, seed: int | None) -> Question:
    """Return the question of a stored attempt, with the numbers that it was asked with, as JSON.

    A given that the exercise has got since then has the number of the file; one that it has no more is left out. Raises
    ExerciseError where these numbers cannot be what was asked with.
    """
    try:
        stored = json.loads(givens)
        kept = {exercise.was.get(name, name): _numbers(value) for name, value in stored.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        raise ExerciseError("given", EngineError("value", "The stored numbers cannot be read.")) from None
    own = original_givens(compiled(exercise))
    return with_givens(exercise, {name: kept.get(name, value) for name, value in own.items()}, seed)


def _numbers(value: object) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]] | tuple[int, ...]":
    if isinstance(value, dict):
        return tuple(int(size) for size in value["shape"])
    numbers = np.array(value, dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ValueError
    numbers.setflags(write=False)
    return numbers


@remembered(32)
def as_it_was(exercise: Exercise) -> Exercise:
    """Return the exercise in the names of then. Of a name that was another one twice, the last in the file counts."""
    then = {new: old for old, new in exercise.was.items()}
    name = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, then))})(?![\w(])")

    def text(code: str) -> str:
        return name.sub(lambda found: then[found[1]], code)

    def any_text(code: str | None) -> str | None:
        return None if code is None else text(code)

    def texts(codes: list[str]) -> list[str]:
        return [text(code) for code in codes]

    def step(one: Step) -> Step:
        start = None if one.start is None else {text(key): text(code) for key, code in one.start.items()}
        do = None if one.do is None else [step(inner) for inner in one.do]
        return msgspec.structs.replace(one, let=any_text(one.let), start=start, for_=any_text(one.for_), do=do)

    def ask(one: Ask) -> Ask:
        return msgspec.structs.replace(one, answer=text(one.answer), function=text(one.function))

    def mistake(one: Mistake) -> Mistake:
        return msgspec.structs.replace(one, value=text(one.value), answer=any_text(one.answer))

    def show(one: Show) -> Show:
        lists = {kind: texts(getattr(one, kind)) for kind in FIGURES}
        return msgspec.structs.replace(one, **lists, x=any_text(one.x), y=any_text(one.y), level=any_text(one.level))

    return msgspec.structs.replace(
        exercise,
        was={},
        given={
            text(key): msgspec.structs.replace(
                one, value=any_text(one.value), shape=any_text(one.shape), draw=any_text(one.draw)
            )
            for key, one in exercise.given.items()
        },
        conditions=texts(exercise.conditions),
        steps=[step(one) for one in exercise.steps],
        ask=[ask(one) for one in exercise.ask],
        mistakes=[mistake(one) for one in exercise.mistakes],
        picture=None if exercise.picture is None else show(exercise.picture),
        show=[show(one) for one in exercise.show],
    )


def in_todays_givens(exercise: Exercise, givens: Givens) -> Givens:
    """Return numbers that were drawn in the names of then by the names of today, in the order of the file."""
    then = {new: old for old, new in exercise.was.items()}
    return {name: givens[then.get(name, name)] for name in exercise.given}
