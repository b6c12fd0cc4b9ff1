"""A report of a class as data: rows for a spreadsheet, and JSON."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from rnn_tutor.printable import plain
from rnn_tutor.progress.class_report import Cell, ExerciseReport, LearnerReport, Made, Misleads, Mistake, Report, Stuck
from rnn_tutor.tui.watching import words

from .files import FileNote, of_nobody, says_of

_ACTS = ("=", "+", "-", "@")
COLUMNS = (
    "learner", "exercise", "state", "right", "parts", "points", "late_points", "tries", "minutes", "late", "extended",
    "looked_up", "repeated", "practice", "after_due", "right_no_try", "wrong_no_try", "last", "stuck_at", "mistake",
    "mistakes", "files",
)  # fmt: skip


def as_csv(report: Report, notes: Sequence[FileNote] = ()) -> str:
    """Return a row for each learner and exercise; of a learner who has not begun in a course, one row.

    notes: what is wrong with files. What belongs to no learner of the report has rows of its own.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(report, notes):
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue()


def _rows(report: Report, notes: Sequence[FileNote]) -> Iterator[list[object]]:
    assigned = [asked.id for asked in report.terms.exercises] if report.terms.assignment else []
    for learner in report.learners:
        files = says_of(learner.id, notes)
        for exercise in assigned or learner.cells or [""]:
            yield [learner.id, exercise, *_row(learner, learner.cells.get(exercise), graded=bool(assigned)), files]
    for note in of_nobody(report, notes):
        yield [note.learner, *[""] * (len(COLUMNS) - 2), note.says]


def _row(learner: LearnerReport, cell: Cell | None, *, graded: bool) -> list[object]:
    state = words.state_of(cell)
    if cell is None:
        return [state, *[""] * 7, int(learner.extended), *[""] * 10]
    points = [round(cell.points, 3), round(cell.late_points, 3)] if graded else ["", ""]
    return [
        state, cell.right, cell.parts, *points, cell.tries,
        round(cell.minutes, 1), int(cell.late), int(learner.extended), cell.looked_up, cell.repeated, cell.practice,
        cell.after, cell.no_try, cell.wrong_no_try, cell.last.isoformat() if cell.last is not None else "",
        cell.stuck.part if cell.stuck is not None else "",
        words.name_of(cell.now) if cell.now is not None else "",
        "; ".join(f"{words.name_of(one)} ({count})" for one, count in cell.mistakes),
    ]  # fmt: skip


def _harmless(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: such a text gets an apostrophe, which it then shows.

    Some take the wide forms of these signs for the same, and look behind blanks.
    """
    if not isinstance(cell, str):
        return cell
    text = plain(cell)
    begins = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if begins.startswith(_ACTS) or cell[:1] in ("\t", "\r", "\n") else text


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as JSON."""
    until = report.terms.until
    return {
        "title": report.terms.title,
        "assignment": report.terms.assignment or None,
        "until": until.isoformat() if until is not None else None,
        "of": report.most if report.terms.assignment else None,
        "not_begun": list(report.not_begun),
        "elsewhere": report.elsewhere,
        "exercises": [_exercise(one) for one in report.exercises if one.begun or report.terms.assignment],
        "mistakes": [_made(one) for one in report.mistakes],
        "learners": [_learner(one, graded=bool(report.terms.assignment)) for one in report.learners],
        "rules": list(words.rules(report)),
    }


def _exercise(one: ExerciseReport) -> dict[str, Any]:
    return {
        "id": one.asked.id,
        "title": one.asked.title,
        "unit": one.asked.unit or None,
        "begun": one.begun,
        "solved": one.solved,
        "late": one.late,
        "looked_up": one.looked_up,
        "tries": one.tries,
        "median_tries": one.median_tries,
        "median_minutes": round(one.median_minutes, 1) if one.median_minutes is not None else None,
        "stuck": [_stuck(stuck) for stuck in one.stuck],
        "mistakes": [_made(made) for made in one.mistakes],
        "now": [_made(made) for made in one.now],
        "misleads": [_misleads(why) for why in one.misleads],
    }


def _learner(one: LearnerReport, *, graded: bool) -> dict[str, Any]:
    return {
        "id": one.id,
        "begun": one.begun,
        "solved": one.solved,
        "points": round(one.points, 6) if graded else None,
        "late_points": round(one.late_points, 6) if graded else None,
        "due": one.due.isoformat() if one.due is not None else None,
        "extended": one.extended,
        "last": one.last.isoformat() if one.last is not None else None,
        "exercises": [_cell(exercise, cell) for exercise, cell in one.cells.items()],
    }


def _cell(exercise: str, cell: Cell) -> dict[str, Any]:
    return {
        "id": exercise,
        "state": cell.state or None,
        "right": cell.right,
        "parts": cell.parts,
        "tries": cell.tries,
        "minutes": round(cell.minutes, 1),
        "late": cell.late,
        "looked_up": cell.looked_up,
        "repeated": cell.repeated,
        "practice": cell.practice,
        "after": cell.after,
        "right_no_try": cell.no_try,
        "wrong_no_try": cell.wrong_no_try,
        "last": cell.last.isoformat() if cell.last is not None else None,
        "stuck": _stuck(cell.stuck) if cell.stuck is not None else None,
        "mistakes": [_mistake(one) | {"times": count} for one, count in cell.mistakes],
    }


def _stuck(one: Stuck) -> dict[str, Any]:
    return {
        "learner": one.learner,
        "part": one.part,
        "wrong": one.wrong,
        "minutes": round(one.minutes, 1),
        "no_try": one.no_try,
        "mistake": _mistake(one.mistake) if one.mistake is not None else None,
    }


def _misleads(one: Misleads) -> dict[str, Any]:
    mistake = _mistake(one.mistake) if one.mistake is not None else None
    return {"part": one.part, "answered": one.answered, "learners": one.learners, "mistake": mistake}


def _made(one: Made) -> dict[str, Any]:
    return _mistake(one.mistake) | {"learners": one.learners, "times": one.times, "exercises": list(one.exercises)}


def _mistake(one: Mistake) -> dict[str, Any]:
    return {"rule": one.rule, "says": one.says}
