"""A program as an answer: run on the numbers shown and on others, and told where it goes wrong.

The reference is the exercise's own graph: the value of the step asked for. A program is right when it gives that
for the numbers shown and for fresh draws, in which sizes may differ too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rnn_tutor.engine.compare import close
from rnn_tutor.engine.errors import EngineError, exact
from rnn_tutor.engine.functions import Array, in_words
from rnn_tutor.engine.programs.evaluator import MAX_SECONDS
from rnn_tutor.engine.programs.interpreter import Outcome, run_program
from rnn_tutor.engine.programs.lines import LineError
from rnn_tutor.engine.programs.parser import read_program
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.program_difference import Departure, departure, watched
from rnn_tutor.exercises.model import Ask
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.verdict import Diagnosis, Reading, Verdict
from rnn_tutor.figures.numbers import MAX_ECHO, values

INDENT = "    "
MORE_SECONDS = 0.4  # of CPU time, that fresh numbers may take beyond what those shown took
NAMES_THE_CAUSE = ("authored", "intermediate", "mutation", "shape", "not_finite")

_SIGNATURE = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*\(([A-Za-z0-9_,\s]*)\)\s*")


@dataclass(frozen=True)
class ProgramReading(Reading):
    """What a program gives for the numbers shown. Where it does not run, `line` is where its error is, from 1."""

    line: int | None = None
    outcome: Outcome | None = None
    left: float = MAX_SECONDS  # of its CPU time, after the numbers shown


def signature(ask: Ask) -> tuple[str, tuple[str, ...]]:
    """Return the name and the arguments of the function that is asked for; ("", ()) where none is."""
    match = _SIGNATURE.fullmatch(ask.function)
    if match is None:
        return "", ()
    return match[1], tuple(name.strip() for name in match[2].split(",") if name.strip())


def starter(part: Part) -> str:
    """Return the text that a learner begins with: the file's own, or the head of the function that is asked for."""
    if part.ask.starter:
        return part.ask.starter
    return f"def {part.ask.function.strip()}:\n{INDENT}" if part.ask.function else ""


def misread(text: str) -> LineError | None:
    """Return what is wrong with how a program is written, None for nothing; it is not run, so this is quick."""
    try:
        read_program(text)
    except LineError as error:
        return error
    return None


def read_answer(question: Question, asked: Part, text: str) -> ProgramReading:
    """Return what a program gives for the numbers of a question; never raises."""
    try:
        outcome = _run(question, asked, text, MAX_SECONDS)
    except EngineError as error:
        line = error.line if isinstance(error, LineError) else None
        return ProgramReading(text, error.says, error=error, line=line)
    value = outcome.value
    echo = f"returns {words.a_kind(value.shape)}: {values(value)}" if value.shape else (f"returns {values(value, 6)}")
    echo += words.remarks(outcome.remarks)
    return ProgramReading(
        text, echo[:MAX_ECHO], value, value.shape, outcome=outcome, left=MAX_SECONDS - outcome.seconds
    )


def judged(question: Question, asked: Part, verdict: Verdict, fresh: Sequence[Question]) -> Verdict:
    """Return the verdict on a program from that on what it gave for the numbers shown.

    One that is right there is tried on fresh ones; of one that is not, the first line that differs is named.
    """
    reading = verdict.reading
    if not isinstance(reading, ProgramReading) or reading.outcome is None:
        return verdict
    if verdict.verdict == "right":
        return _tried(question, asked, verdict, fresh, MAX_SECONDS - reading.left)
    place = departure(question, asked, reading.outcome.events)
    if place is None or verdict.diagnosis is None:
        return verdict
    cause = f" {verdict.diagnosis.says}" if verdict.diagnosis.kind in NAMES_THE_CAUSE else ""
    kind = verdict.diagnosis.kind if cause else "elements"
    return replace(verdict, diagnosis=Diagnosis(kind, place.sentence + cause), line=place.line)


def _run(question: Question, asked: Part, text: str, seconds: float) -> Outcome:
    function, arguments = signature(asked.ask)
    givens = {name: value for name, value in question.givens.items() if isinstance(value, np.ndarray)}
    return run_program(
        text,
        givens,
        answer=asked.name,
        function=function,
        arguments=arguments,
        watch=watched(question, asked),
        seconds=seconds,
    )


def _tried(question: Question, asked: Part, verdict: Verdict, fresh: Sequence[Question], took: float) -> Verdict:
    """Try a program that is right for the numbers shown on others.

    Each of them may take as long as those shown (`took` seconds), and some more: a slow host makes no program wrong.
    Where all together have taken what one may, no further ones are begun.
    """
    used = took
    for tried, other in enumerate(fresh):
        if tried and used > MAX_SECONDS:
            break
        other_part = other.part(asked.name)
        place: Departure | None = None
        line: int | None = None
        try:
            outcome = _run(other, other_part, verdict.reading.text, max(MAX_SECONDS - used, took + MORE_SECONDS))
        except LineError as error:
            why, line = error.says, error.line
        else:
            used += outcome.seconds
            if _right(other_part, outcome.value):
                continue
            place = departure(other, other_part, outcome.events)
            line = place.line if place else None
            why = place.sentence if place else _difference(other_part, outcome.value)
        sentence = f"Right for the numbers shown, but not for others{_other_sizes(question, other)}. {why}"
        return replace(
            verdict,
            verdict="wrong",
            score=0.0,
            elements=None,
            fuller="",
            diagnosis=Diagnosis("these_numbers_only", sentence),
            line=line,
        )
    return verdict


def _right(part: Part, value: Array) -> bool:
    expected = part.expected
    if not isinstance(expected, np.ndarray) or value.shape != expected.shape:
        return False
    return bool(close(value, expected, part.ask.rtol, part.ask.atol).all())


def _difference(part: Part, value: Array) -> str:
    expected = part.expected
    if isinstance(expected, np.ndarray) and value.shape != expected.shape:
        return words.wrong_shape(value.shape, expected.shape, part.axes, part.name)
    return f"With other numbers {part.name} is something else: is a number or a size written out that is given?"


def _other_sizes(question: Question, other: Question) -> str:
    """Return the sizes of which others were drawn: " (T = 5)"; of arrays, where no number says it."""
    sizes = [
        f"{name} = {exact(float(value))}"
        for name, value in other.givens.items()
        if isinstance(value, np.ndarray)
        and value.shape == ()
        and float(value).is_integer()
        and not np.array_equal(value, np.asarray(question.givens[name]))
    ]
    if not sizes:
        sizes = [
            f"{name} {in_words(np.shape(value))}"
            for name, value in other.givens.items()
            if isinstance(value, np.ndarray) and value.shape != np.shape(question.givens[name])
        ]
    return f" ({', '.join(sizes[:3])})" if sizes else ""
