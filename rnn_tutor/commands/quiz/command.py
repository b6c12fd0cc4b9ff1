"""export --moodle and --qti: exercises as questions of a quiz system, and what cannot be one."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.exercises import words
from rnn_tutor.exercises.compiled import ExerciseError, compiled
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import ContentError, Library
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.trouble import why_not

from ..export import LAB, not_written
from ..output import complain, printable, say_beside, tell_left_out
from ..source import UseError, library_of
from ..written import STANDARD, check_target, write
from .items import CannotHoldError, Item, item
from .moodle import document
from .qti import package

MOST_VARIANTS = 100
MOST_QUESTIONS = 2_000
MOST_CHARACTERS = 50_000_000  # of a file
_OTHERS = "Exercises"  # the category of those that are in no unit


@dataclass
class Chosen:
    """The exercises that are meant, each with its unit's title, and what cannot be had, with its reason."""

    exercises: dict[str, tuple[str, Exercise]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


@dataclass
class Counts:
    """How many questions there are of each exercise that has some, by its id."""

    questions: dict[str, int] = field(default_factory=dict)

    def of(self, exercise_id: str, items: Iterable[Item]) -> Iterator[Item]:
        """Pass on questions of an exercise, counted. Raises UseError where there are too many in all."""
        for one in items:
            self.questions[exercise_id] = self.questions.get(exercise_id, 0) + 1
            if sum(self.questions.values()) > MOST_QUESTIONS:
                raise UseError(f"These are more than {MOST_QUESTIONS} questions: export fewer at once.")
            yield one


def quiz(options: argparse.Namespace) -> int:
    """Write the exercises that are meant into a file for a quiz system, and say what it does not hold."""
    target: str = options.moodle if options.qti is None else options.qti
    try:
        if options.qti == STANDARD:
            raise UseError("--qti writes a zip file: name one.")
        check_target(target, force=options.force)
        chosen = chosen_of(options)
        counts = Counts()
        categories = _categories(chosen, seeds_of(options), counts)
        written = document(categories) if options.qti is None else package(one for _, own in categories for one in own)
        if not counts.questions:
            tell_left_out(chosen.left_out)
            raise UseError("Nothing was written: a quiz can hold none of these.")
        if len(written) > MOST_CHARACTERS:
            raise UseError(f"The file would have more than {MOST_CHARACTERS // 1_000_000} MB: export fewer at once.")
        write(target, written, force=options.force)
    except UseError as error:
        return complain(str(error))
    questions, exercises = sum(counts.questions.values()), len(counts.questions)
    say_beside(f"{words.times(questions, 'question')} of {words.times(exercises, 'exercise')} written.", target)
    if options.qti is not None:
        _hints(chosen, counts)
    tell_left_out(chosen.left_out)
    return 0


def _hints(chosen: Chosen, counts: Counts) -> None:
    """Note the exercises whose hints a question of QTI has no place for."""
    for exercise_id in counts.questions:
        count = len(chosen.exercises[exercise_id][1].hints)
        if count:
            chosen.left_out.setdefault(exercise_id, f"only {words.times(count, 'hint')}: QTI has none")


def seeds_of(options: argparse.Namespace) -> list[int | None]:
    """Return the seeds that are asked for: the original numbers (None), unless a seed or several variants are."""
    if options.variants is None:
        return [options.seed]
    first = 1 if options.seed is None else options.seed
    return list(range(first, first + options.variants))


def chosen_of(options: argparse.Namespace) -> Chosen:
    """Return the exercises that are meant: ids, units (all their exercises) and files, each once. Raises UseError."""
    names: list[str] = options.exercises
    library = library_of(options) if any(not _is_file(name) for name in names) else None
    chosen = Chosen()
    for name in names:
        if library is None or _is_file(name):
            _add(chosen, name, _OTHERS, partial(load_exercise, Path(name)))
        else:
            _of_library(chosen, name, library)
    return chosen


def _of_library(chosen: Chosen, name: str, library: Library) -> None:
    units = {unit.id: unit for unit in library.course.units}
    titles = {entry.id: unit.title for unit in library.course.units for entry in unit.exercises}
    if name in library.exercises:
        _add(chosen, name, titles.get(name, _OTHERS), partial(library.exercise, name))
    elif name in units:
        for entry in units[name].exercises:
            _add(chosen, entry.id, units[name].title, partial(library.exercise, entry.id))
        chosen.left_out |= not_written(library, units[name])
    elif name in library.labs:
        chosen.left_out[name] = LAB
    else:
        near = did_you_mean(name, [*library.ids, *units])
        raise UseError(f"There is no exercise or unit {name}.{near} `rnn-tutor list` shows them all.")


def _add(chosen: Chosen, name: str, unit: str, load: Callable[[], Exercise]) -> None:
    try:
        exercise = load()
    except ContentError as error:
        chosen.left_out[name] = why_not("exercise", name, error, paths=True)
        return
    chosen.exercises.setdefault(exercise.id, (unit, exercise))


def _is_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _categories(
    chosen: Chosen, seeds: list[int | None], counts: Counts
) -> Iterator[tuple[tuple[str, ...], Iterator[Item]]]:
    """Yield the category of each exercise with its questions, made one after the other: together they are large."""
    for exercise_id, (unit, exercise) in chosen.exercises.items():
        items = counts.of(exercise_id, _variants(exercise, seeds, chosen.left_out))
        for first in items:
            yield (unit, exercise.title), chain((first,), items)
        if sys.stderr.isatty() and len(chosen.exercises) > 1:
            sys.stderr.write(f"\r\x1b[K{printable(exercise_id)}")
    if sys.stderr.isatty() and len(chosen.exercises) > 1:
        sys.stderr.write("\r\x1b[K")


def _variants(exercise: Exercise, seeds: list[int | None], left_out: dict[str, str]) -> Iterator[Item]:
    """Yield an exercise with the numbers of each seed; once where it has no numbers to draw."""
    try:
        draws = bool(compiled(exercise).draws)
    except ExerciseError as error:
        left_out[exercise.id] = why_not("exercise", exercise.id, error)
        return
    found = False
    for seed in seeds if draws else [None]:
        try:
            yield item(ask(exercise, seed))
            found = True
        except CannotHoldError as error:
            of_seed = f", with {words.numbers_of(seed)}" if found else ""
            left_out.setdefault(exercise.id, f"{error}{of_seed}")
        except ExerciseError as error:
            left_out.setdefault(exercise.id, why_not("exercise", exercise.id, error))
