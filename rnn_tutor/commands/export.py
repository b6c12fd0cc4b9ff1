"""solve and sheet into files: worked solutions, problem sheets, and the keys to them."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.exercises import words
from rnn_tutor.exercises.load import ContentError, Library
from rnn_tutor.exercises.model import Exercise, Unit
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.figures.figure import Figure

from .output import ascii_only, complain
from .paper.document import Document
from .source import UseError, library_of, question_with_seed
from .written import STANDARD, check_target, write

_MOST = 200  # exercises of a sheet
_TITLES = {"sheet": "Problem sheet", "notebook": "Exercises"}  # of exercises that are of no unit alone


def export(question: Question, options: argparse.Namespace) -> None:
    """Write the worked solution of a question as was asked for. Raises UseError."""
    from .paper.page import page, picture
    from .paper.solved import solved

    if options.json:
        raise UseError("--json prints; it cannot be used with --md, --html or --svg.")
    if options.picture is not None and options.svg is None:
        raise UseError("--picture can only be used with --svg: it writes one picture.")
    target: str = options.svg or options.html or options.md
    check_target(target, force=options.force)
    if options.svg is None:
        text = _text(solved(question), options, target)
    elif options.picture is None:
        text = page(solved(question))
    else:
        text = picture(_picture(question, options.picture))
    write(target, text, force=options.force)


def _text(document: Document, options: argparse.Namespace, target: str) -> str:
    """Return a document in the form that is asked for."""
    from .paper.html import html
    from .paper.markdown import markdown

    if options.html is not None:
        return html(document)
    return markdown(document, ascii_only=target == STANDARD and ascii_only())


def _picture(question: Question, name: str) -> Figure:
    """Return a picture by its title, or by the name of what it shows; of any step, its heatmap."""
    pages = [page for figure in question.shown() for page in figure.pages]
    pictures = {picture.title: picture for picture in pages if picture.title and picture.kind != "heatmap"}
    pictures |= {item.name: picture for picture in pages if picture.kind == "heatmap" for item in picture.items}
    pictures |= {item.name: picture for picture in pages for item in picture.items if item.name not in pictures}
    heatmaps = question.heatmaps(question.graph.names)
    pictures |= {
        picture.items[0].name: picture
        for picture in heatmaps
        if picture.items[0].name not in pictures and picture.items[0].values.size > 1
    }
    if name in pictures:
        return pictures[name]
    if not pictures:
        raise UseError(f"The exercise {question.exercise.id} has no picture.")
    near = did_you_mean(name, pictures)
    raise UseError(f"There is no picture {name}.{near} There {'is' if len(pictures) == 1 else 'are'} "
                   f"{words.enumerated(list(pictures))}.")  # fmt: skip


def sheet(options: argparse.Namespace) -> int:
    """Write a problem sheet, and the key to it where that is asked for; each into its own file."""
    from .paper import sheets

    target: str = options.html or options.md
    try:
        _check_targets(options, target)
        chosen = chosen_exercises(options)
        questions = [question_with_seed(exercise, options.seed) for exercise in chosen.exercises]
        title = chosen.title if options.title is None else options.title
        write(target, _text(sheets.sheet(title, questions), options, target), force=options.force)
        if options.key is not None:
            write(options.key, _text(sheets.key(title, questions), options, options.key), force=options.force)
    except UseError as error:
        return complain(str(error))
    return 0


def exam(options: argparse.Namespace) -> int:
    """Write an exam to print, and the key to it where that is asked for: the one that its seed draws."""
    from rnn_tutor.tui.sets import AskedFor, Sets
    from rnn_tutor.tui.visits import TroubleError

    from .paper import sheets

    target: str = options.html or options.md
    try:
        if options.plain:
            raise UseError("--plain asks here; it cannot be used with --md or --html.")
        if not options.units:
            raise UseError("Name the units of the exam; `rnn-tutor list` shows their ids.")
        _check_targets(options, target)
        library = library_of(options)
        wanted = AskedFor(options.seed, options.questions, options.minutes)
        begun, chosen = Sets.drawn(library, "exam", options.units, wanted)
        questions = [question_with_seed(library.exercise(one.exercise), begun.seed) for one in chosen]
        title = options.title or f"Exam: {words.enumerated([library.unit(unit).title for unit in begun.units])}"
        paper = sheets.sheet(title, questions, minutes=begun.minutes, seed=begun.seed)
        write(target, _text(paper, options, target), force=options.force)
        if options.key is not None:
            paper = sheets.key(title, questions, seed=begun.seed)
            write(options.key, _text(paper, options, options.key), force=options.force)
    except (UseError, TroubleError) as error:
        return complain(str(error))
    return 0


def _check_targets(options: argparse.Namespace, target: str) -> None:
    """Raise UseError where a file cannot be written."""
    if options.key is not None and _same_file(options.key, target):
        raise UseError("--key names the file of the sheet itself: give the key another file.")
    for path in (target, options.key):
        if path is not None:
            check_target(path, force=options.force)


def _same_file(first: str, second: str) -> bool:
    return first == second or (STANDARD not in (first, second) and Path(first).resolve() == Path(second).resolve())


LAB = "it is a lab, which is played in the tutor"
_DRAFT = "it is a draft, which is not finished"


def not_written(library: Library, unit: Unit) -> dict[str, str]:
    """Return what a unit has that is in no file for others, each with why."""
    return {lab.id: LAB for lab in unit.labs} | {draft.id: _DRAFT for draft in library.drafts(unit.id)}


@dataclass
class Chosen:
    """The exercises that are meant, each once, in the order in which they were named; and what is not among them."""

    title: str
    exercises: list[Exercise]
    left_out: dict[str, str]  # of the units that were named, each with why


def chosen_exercises(options: argparse.Namespace, what: str = "sheet") -> Chosen:
    """Return what is meant, under a title. what: the file that it is for."""
    library = library_of(options) if any(not _is_file(name) for name in options.exercises) else None
    titles: list[str] = []
    left_out: dict[str, str] = {}
    exercises_by_id: dict[str, Exercise] = {}
    for name in options.exercises:
        try:
            for exercise in _meant(name, library, titles, left_out, what):
                exercises_by_id.setdefault(exercise.id, exercise)
        except ContentError as error:
            raise UseError(why_not("exercise", name, error, paths=True)) from None
    if len(exercises_by_id) > _MOST:
        raise UseError(f"A {what} has at most {_MOST} exercises, not {len(exercises_by_id)}.")
    title = titles[0] if len(titles) == 1 == len(options.exercises) else _TITLES[what]
    return Chosen(title, list(exercises_by_id.values()), left_out)


def _is_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _meant(
    name: str, library: Library | None, titles: list[str], left_out: dict[str, str], what: str
) -> list[Exercise]:
    if _is_file(name) or library is None:
        return [load_exercise(Path(name))]
    if name in library.exercises:
        return [library.exercise(name)]
    units = {unit.id: unit for unit in library.course.units}
    if name in units:
        if not units[name].exercises:
            raise UseError(f"The unit {name} has no exercises.")
        titles.append(units[name].title)
        left_out |= not_written(library, units[name])
        return [library.exercise(entry.id) for entry in units[name].exercises]
    if name in library.labs:
        raise UseError(f"{name} is a lab, played in the tutor; a {what} has exercises.")
    near = did_you_mean(name, [*library.ids, *units])
    raise UseError(f"There is no exercise or unit {name}.{near} `rnn-tutor list` shows them all.")
