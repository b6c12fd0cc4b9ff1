"""A notebook's cells -> exercise files: walked, built, written as text, and then read by the tutor's own reader.

What does not read, has another value than the notebook, or cannot be drawn as a program has to, is a draft.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.exercises.compiled import ExerciseError, compiled
from rnn_tutor.exercises.diagnosis.other_numbers import fresh_questions
from rnn_tutor.exercises.drawing import ask, draw_question
from rnn_tutor.exercises.files.convert import convert
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.files.rules import problems
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.importing import outputs, writing
from rnn_tutor.exercises.importing.building import NO_NUMBERS, NO_SOLUTION, Built, built
from rnn_tutor.exercises.importing.draws import plain
from rnn_tutor.exercises.importing.machine import Done, Machine
from rnn_tutor.exercises.importing.mutants import mutants
from rnn_tutor.exercises.importing.numbers import TOO_LONG
from rnn_tutor.exercises.importing.proposing import Proposal, guessed, proposals
from rnn_tutor.exercises.importing.refusing import refusal
from rnn_tutor.exercises.importing.sections import Piece, Task, only_givens, tasks_of
from rnn_tutor.exercises.importing.source import Cell
from rnn_tutor.exercises.importing.writing import GivenText
from rnn_tutor.exercises.lint.hints import given_away
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import DraftExercise, Exercise
from rnn_tutor.exercises.programs import is_accepted

SEEDS = (1, 2, 3)
SAME = 1e-9
MOST_TASKS = 500
MOST_DRAWN = 30  # steps of an exercise with draws


@dataclass(frozen=True)
class Entry:
    """A line of the table: an exercise or a draft, its file, and where it comes from."""

    status: str
    title: str
    cell: int
    reasons: tuple[str, ...] = ()
    id: str = ""
    file: str = ""
    compared: bool = False
    kind: str = "values"
    notes: tuple[str, ...] = ()


@dataclass
class Imported:
    """What a notebook became: files by their place in the folder, and a line for each task."""

    title: str
    files: dict[str, str] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


def imported(cells: Sequence[Cell], name: str) -> Imported:
    """Return the files of a notebook's exercises; `name` is what the notebook is called."""
    course, tasks = tasks_of(cells)
    machine = Machine()
    done = _walked(machine, tasks)
    everything = list(done.values())
    result = Imported(course or name)
    prefix = writing.slug(name)[:24].strip("-")
    ids: set[str] = set()
    units: dict[str, tuple[str, list[tuple[str, str, int, bool]]]] = {}
    wanted = [task for task in tasks if task.asked and _is_task(task)]
    for task in wanted[:MOST_TASKS]:
        why, cell = refusal(task, done)
        if why:
            result.entries.append(Entry("refused", _headline(task), cell, (why,)))
            continue
        for found in built(machine, task, done, everything):
            if time.process_time() >= machine.ends:
                result.entries.append(Entry("refused", _headline(task), task.number, (f"{TOO_LONG}.",)))
                break
            made = found
            headed = task.title == course and len(tasks) > 1
            if made.needs in ([NO_NUMBERS], [NO_SOLUTION]) and (headed or not task.marked):
                continue  # the notebook's own title, or code that leads up to something
            _compare(machine, task, made, done)
            ident = writing.new_id(made.title, prefix, ids)
            text = _verified(made, ident, name)
            unit, exercises = units.setdefault(
                made.unit or result.title, (_unit_id(made.unit or result.title, units), [])
            )
            path = f"{unit}/{ident}.yaml"
            result.files[path] = text
            exercises.append((ident, writing.title_of(made), writing.level_of(made), made.status == "draft"))
            result.entries.append(Entry(made.status, writing.title_of(made), made.cell, tuple(made.needs), ident, path,
                                        made.compared, made.kind, tuple(made.notes)))  # fmt: skip
    if len(wanted) > MOST_TASKS:
        first = wanted[MOST_TASKS]
        says = (
            f"The notebook has {len(wanted):,} tasks; the first {MOST_TASKS} are read, and this and the others are not."
        )
        result.entries.append(Entry("refused", _headline(first), first.number, (says,)))
    if result.files:
        rows = [(unit, title, exercises) for title, (unit, exercises) in units.items()]
        result.files["course.yaml"] = writing.course_text(_line(result.title), [
            (unit, _line(title), exercises) for unit, title, exercises in rows], name)  # fmt: skip
    return result


def _headline(task: Task) -> str:
    """Return the title of a task of which no file is written."""
    return writing.title_of(Built(task.title, task.unit, task.number, ""))


def _line(text: str) -> str:
    return " ".join(text.split())[:200] or "Untitled"


def _unit_id(title: str, units: dict[str, tuple[str, list[tuple[str, str, int, bool]]]]) -> str:
    return writing.new_id(title, "", {unit for unit, _ in units.values()})


def _is_task(task: Task) -> bool:
    """Tell whether there is something to answer: code or words of a solution, or prose that is called an exercise."""
    if not task.marked and not task.answers and all(only_givens(piece.text) for piece in task.pieces):
        return False
    return bool(task.of("solution") or task.answers or (task.marked and (task.of("starter") or task.prose)))


def _walked(machine: Machine, tasks: Sequence[Task]) -> dict[int, Done]:
    pieces: list[Piece] = sorted((piece for task in tasks for piece in task.pieces), key=lambda piece: piece.number)
    return {id(piece): machine.run(piece.text, piece.number) for piece in pieces}


def _compare(machine: Machine, task: Task, made: Built, done: dict[int, Done]) -> None:
    """Compare what the notebook has stored with what the engine makes of the same code."""
    if made.status != "imported":
        return
    for piece in task.pieces:
        if piece.role == "starter" or piece.output is None or piece.failed:
            continue
        one = done[id(piece)]
        difference = outputs.agrees(machine, one.printed, piece.output)
        if difference and not one.troubles:
            made.needs.append(f"In cell {piece.number} {difference}.")
            made.status = "draft"
            return
        made.compared = made.compared or (outputs.compared(piece.output) and not one.troubles)


# -- what is written, and read again --------------------------------------------------------------------------


def _verified(made: Built, ident: str, name: str) -> str:
    """Return the text of a file that the tutor has read, evaluated and drawn; as a draft where it cannot."""
    if made.status == "imported":
        try:
            return _with_hints(made, ident, _as_exercise(made, ident, name))
        except _UnfitError as error:
            made.needs.append(str(error))
            made.status = "draft"
    for attempt in (made, _bare(made)):
        text = writing.exercise_text(attempt, ident, name, guessed(attempt))
        try:
            _read(text, ident, DraftExercise)
        except _UnfitError as error:
            if attempt is not made:
                raise ValueError(str(error)) from None
        else:
            return text
    raise AssertionError("a draft without anything reads")


def _with_hints(made: Built, ident: str, text: str) -> str:
    """Return the text of an exercise with the sentences of its steps as hints, where none gives an answer away."""
    hints = writing.hints_of(made)
    if not hints:
        return text
    hinted = f"{text}{writing.hints_text(hints)}"
    question = ask(_read(hinted, ident, Exercise))
    return text if any(given_away(question, hint) for hint in hints) else hinted


class _UnfitError(Exception):
    pass


def _bare(made: Built) -> Built:
    """Return a draft of its title, prompt and needs alone."""
    return Built(made.title, made.unit, made.cell, made.prompt, made.status, made.needs)


def _as_exercise(made: Built, ident: str, name: str) -> str:
    """Return the text of an exercise with as many of the proposed draws as hold. Raises _UnfitError."""
    if made.kind == "program":
        return _as_program(made, ident, name)
    problem = ""
    ways = proposals(made, ident, name)
    if sum(1 for _ in made.lets()) > MOST_DRAWN:
        ways = ways[-1:]  # new numbers are compared with the wrong versions of every step: that would take seconds
    for given, conditions in ways:
        text = writing.exercise_text(made, ident, name, given, conditions)
        try:
            _tried(made, ident, text)
        except _UnfitError as error:
            problem = problem or str(error)
        else:
            return text
    raise _UnfitError(problem)


def _as_program(made: Built, ident: str, name: str) -> str:
    """Return the text of a program exercise whose draws tell most wrong programs from the right one.

    Raises _UnfitError where none does, or no draw holds.
    """
    problem, best = "", ""
    wrong = mutants(made.solution)
    left = wrong
    for given, conditions in _ways_of_program(made, proposals(made, ident, name)):
        text = writing.exercise_text(made, ident, name, given, conditions)
        try:
            exercise = _tried(made, ident, text)
        except _UnfitError as error:
            problem = problem or str(error)
            continue
        draws = [ask(exercise), *fresh_questions(exercise)]
        unseen = [one for one in left if is_accepted(draws, made.asked[0].name, one)]
        if not best or len(unseen) < len(left):
            best, left = text, unseen
        if not left:
            break
    if not best:
        raise _UnfitError(
            problem or "A given that is drawn: the numbers of this call are all sizes, or written into it."
        )
    if wrong and len(left) == len(wrong):
        raise _UnfitError("Draws: with these numbers, wrong programs give what the right one gives.")
    return best


def _ways_of_program(made: Built, proposed: Sequence[Proposal]) -> Iterator[Proposal]:
    """Give the ways to draw the givens of a program: as proposed, then more plainly; no way draws nothing.

    In the later ones whole numbers stay, which may be sizes or how often something is done.
    """
    seen: list[list[tuple[str, int]]] = []
    for stays, structured in ((False, False), (True, False), (True, True)):
        for given, conditions in proposed:
            way = {key: _plainly(made, key, one, stays=stays, structured=structured) for key, one in given.items()}
            drawn = [(one.draw, one.decimals) for one in way.values()]
            if any(draw for draw, _ in drawn) and drawn not in seen:
                seen.append(drawn)
                yield way, conditions
    yield from proposed[:-1]


def _plainly(made: Built, name: str, one: GivenText, *, stays: bool, structured: bool) -> GivenText:
    """Return a given with the draw that it has, or with a plain one."""
    whole = name in made.whole
    if one.draw and not (stays and whole and not made.values[name].ndim):
        return one
    drawn = None if name in made.fixed else plain(name, made.values[name], whole=whole, structured=structured)
    draw, decimals = (drawn.draw, drawn.decimals) if drawn is not None else ("", 2)
    return GivenText(one.means, one.says, one.axes, draw, decimals)


def _tried(made: Built, ident: str, text: str) -> Exercise:
    """Return the exercise of a text that the tutor has read, evaluated and drawn. Raises _UnfitError."""
    exercise = _read(text, ident, Exercise)
    _same_values(made, exercise)
    _drawable(made, exercise)
    return exercise


def _read(text: str, ident: str, model: "type[Exercise]") -> Exercise:
    """Return the exercise of a text as the tutor reads it. Raises _UnfitError."""
    path = Path(f"{ident}.yaml")
    try:
        tree = parse(text, path)
    except ContentError as error:
        raise _UnfitError(f"The file would not read: {error.findings[0].says}.") from None
    converted = convert(tree, model)
    findings = [*tree.findings, *converted.findings]
    if converted.value is None or findings:
        raise _UnfitError(f"The file would not read: {findings[0].key}: {findings[0].says}.")
    found = converted.value if model is Exercise else None
    for key, sentence in problems(found) if found is not None else ():
        raise _UnfitError(f"{_reason(key)}: {sentence}.")
    return converted.value


def _reason(key: str) -> str:
    return {"ask[0].as": "A draw"}.get(key, key)


def _same_values(made: Built, exercise: Exercise) -> None:
    try:
        question = ask(exercise)
    except ExerciseError as error:
        raise _UnfitError(f"It cannot be evaluated: {error.key}: {error.says}") from None
    for name, value in made.values.items():
        node = question.graph.whole(name)
        if node.value is None or not np.allclose(np.asarray(node.value, float), value, SAME, SAME, equal_nan=True):
            raise _UnfitError(f"`{name}` has another value in the file than in the notebook.")


def _drawable(made: Built, exercise: Exercise) -> None:
    """Draw the exercise, and mark the notebook's own solution of a program. Raises _UnfitError."""
    drawn = any(given.draw for given in exercise.given.values())
    try:
        if drawn:
            for seed in SEEDS:
                draw_question(compiled(exercise), seed, choosy=False)
        if made.kind == "program":
            verdict = mark(ask(exercise), made.asked[0].name, made.solution)
            if verdict.verdict != "right":
                says = verdict.diagnosis.says if verdict.diagnosis is not None else ""
                raise _UnfitError(f"The tutor does not take the notebook's own solution: {says}"[:400])
    except (ExerciseError, EngineError) as error:
        raise _UnfitError(f"New numbers cannot be drawn: {error}") from None


def digest(text: str) -> str:
    """Return a short hash of a file's text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
