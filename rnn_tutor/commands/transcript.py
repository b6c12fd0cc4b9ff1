"""progress --transcript: what was asked, answered and said, in order, as Markdown.

The numbers are those that were asked with then; the words are those of the exercise as it is now. Of what was said the
verdict is told, and which mistake was named: an answer is not marked again for this.
"""

import argparse
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from rnn_tutor.engine.mutate.phrases import PHRASES
from rnn_tutor.exercises import words
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.load import ContentError, Library
from rnn_tutor.exercises.renamed import stored_question
from rnn_tutor.paths import progress_file, shown
from rnn_tutor.progress.attempt import RATED, Attempt
from rnn_tutor.progress.store import StoreError
from rnn_tutor.progress.summary import BOTH, EITHER

from .output import ascii_only, complain, say
from .paper.document import Block, Code, Document, Drawn, Heading, Prose, Section
from .paper.markdown import markdown
from .paper.solved import choices, givens
from .source import UseError, attempts_at, library_of
from .written import STANDARD, check_target, write

_SAID = {"right": "Right", "rounded": "Nearly", "wrong": "Not yet", "not_understood": "Not understood"}


def transcript(options: argparse.Namespace) -> int:
    """Write all answers that count into a file."""
    target: str = options.transcript
    try:
        if options.json or options.csv:
            raise UseError("--transcript writes Markdown; it does not go with --json or --csv.")
        check_target(target, force=options.force)
        attempts = attempts_at(progress_file(options.data))
        document = of_attempts(library_of(options), attempts)
        text = markdown(document, ascii_only=target == STANDARD and ascii_only())
        write(target, text, force=options.force, private=True)
    except (UseError, StoreError) as error:
        return complain(str(error))
    if target != STANDARD:
        say(f"{_count(attempts)} written to {shown(Path(target))}.")
    return 0


def of_attempts(library: Library, attempts: list[Attempt]) -> Document:
    """Return the transcript: a section for each exercise with its numbers, as often as they were gone on with."""
    runs = groupby(attempts, key=lambda attempt: (attempt.exercise, attempt.numbers))
    sections = [Section(tuple(_run(library, list(run)))) for _, run in runs]
    return Document("Transcript", f"{_count(attempts)}", tuple(sections))


def _count(attempts: list[Attempt]) -> str:
    return words.times(sum(attempt.verdict != RATED for attempt in attempts), "answer").capitalize()


def _run(library: Library, run: list[Attempt]) -> Iterator[Block]:
    first = run[0]
    try:
        yield from _asked(library, first, {attempt.part for attempt in run})
    except (ContentError, ExerciseError):
        yield Heading(first.exercise, aside=_when(first))
        yield Prose("What was asked cannot be shown: the exercise is in no course here, or has changed.", quiet=True)
        yield Code((first.givens,))
    for attempt in run:
        if attempt.verdict == RATED:
            yield Prose(f"You rated this review: {attempt.text}.", quiet=True)
        else:
            yield from _answered(attempt)


def _asked(library: Library, attempt: Attempt, parts: set[str]) -> Iterator[Block]:
    """Give what was asked, as much of it as was answered. Raises ContentError and ExerciseError before it gives any."""
    if attempt.exercise in library.labs and attempt.exercise not in library.exercises:
        lab = library.lab(attempt.exercise).lab
        yield Heading(lab.title, aside=f"{lab.id}, {_when(attempt)}")
        yield Prose(lab.prompt)
        for place, prediction in enumerate(lab.predict, start=1):
            yield Prose(f"Predict {place}: {prediction.ask}")
        return
    if attempt.exercise not in library.exercises:
        raise ContentError([])
    exercise = library.exercise(attempt.exercise)
    question = stored_question(exercise, attempt.givens, attempt.seed)
    numbers = f", {question.asked_as}" if question.asked_as else ""
    yield Heading(exercise.title, aside=f"{exercise.id}, {_when(attempt)}{numbers}")
    yield Prose(exercise.prompt)
    if question.asked_with is not None:
        yield Drawn(question.asked_with)
    given = givens(question, hidden=False)
    if given is not None:
        yield given
    for part in question.parts:
        if part.name in parts and part.ask.prompt:
            yield Prose(f"{part.name}: {part.ask.prompt}")
        if part.name in parts and part.ask.options:
            yield choices(part, solved=False)


def _answered(attempt: Attempt) -> Iterator[Block]:
    """Give an answer: which part, what was typed, what was said of it."""
    verdict = _SAID.get(attempt.verdict, attempt.verdict)
    named = _named(attempt.rule)
    helped = [
        *([f"hints open: {attempt.hints}"] if attempt.hints else []),
        *(["after the solution"] if attempt.solution else []),
    ]
    aside = f"{_when(attempt)}{''.join(f', {one}' for one in helped)}"
    yield Heading(f"{attempt.part}: {verdict}", 2, aside)
    yield Code(tuple(attempt.text.split("\n")))
    if named:
        yield Prose(f"Named: {named}.")


def _named(rule: str) -> str:
    """Return the mistake that was named, in words; "" where none was, or one that there is no more."""
    joint = EITHER if EITHER in rule else BOTH
    phrases = [PHRASES[one] for one in rule.split(joint) if one in PHRASES]
    return (" or " if joint == EITHER else " and ").join(phrases)


def _when(attempt: Attempt) -> str:
    return f"{attempt.at.astimezone():%Y-%m-%d %H:%M}"
