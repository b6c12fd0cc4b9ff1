"""Draw the pictures of docs/lecturers.md with the program itself: `python docs/make_lecturers.py`.

The notebook docs/lecturers/week7.ipynb is imported into a folder. The commands run as a lecturer runs them;
two screens are those of `rnn-tutor author` and of a learner who opens the folder. A class is made up; its answers are
marked and collected.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from html import escape
from pathlib import Path

import numpy as np

from rnn_tutor.commands.classes.telling import terms_of
from rnn_tutor.exercises.anticipated import anticipated
from rnn_tutor.exercises.assignment import seed_of
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.paths import content_folder
from rnn_tutor.progress import handin
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.class_report import ClassReport, Report
from rnn_tutor.progress.record import attempt_of
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.authoring.app import Author
from rnn_tutor.tui.authoring.author_session import DraftLibrary, folders_around
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal
from rnn_tutor.tui.watching.app import Watch

FOLDER = Path(__file__).with_name("lecturers")
NOTEBOOK = FOLDER / "week7.ipynb"
UNIT = "week-7-a-recurrent-network-by-hand"
FIRST = "week7-one-step"
FINISHED = "week7-in-words.yaml"
SIZE = (100, 24)
ASSIGNMENT = """\
format: 1
id: week-7
title: A recurrent network by hand
exercises: [task-shapes, rnn-update, lstm-cell]
tries: 4
until: 2027-01-31T23:59+01:00
extended: {bob: 2027-02-07T23:59+01:00}
points: {lstm-cell: 3}
"""
BEGAN = datetime(2027, 1, 29, 13, 0, tzinfo=UTC)
LATE = timedelta(days=3)
MOST_TRIES = 4  # as in the assignment
NOTHING = "-"
ASSIGNED = ("task-shapes", "rnn-update", "lstm-cell")
# Of each learner, for each exercise: the mistakes that come before the right answer to each part.
CLASS = {
    "ada": ("", "", ""),
    "bob": ("", "1", "1"),
    "cyd": ("1", "1122", "-"),
    "dora": ("", "", "1"),
    "ed": ("1", "1", "12"),
    "finn": ("", "1", "-"),
    "gil": ("", "2", "1late"),
    "hana": (NOTHING, NOTHING, NOTHING),
}


COLLECT = "rnn-tutor collect handed-in --assignment assignment.yaml"
IMPORT = "rnn-tutor import week7.ipynb -o week7"
CHECK = "rnn-tutor check week7"
EXPORTS = (
    f"rnn-tutor export {UNIT} --content week7 --only --ipynb sheet.ipynb --seed 3",
    f"rnn-tutor export {UNIT} --content week7 --only --ipynb graded.ipynb --nbgrader",
    f"rnn-tutor export {UNIT} --content week7 --only --moodle quiz.xml --variants 20",
)
_WIDTH, _LINE, _EDGE = 100, 17, 12
_CELL = 8.43  # the width of a character of the 14px font


async def draw(folder: Path) -> None:
    """Write every picture into this folder."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copy(NOTEBOOK, work)
        (folder / "import.svg").write_text(_terminal(_typed(IMPORT, work)), "utf-8")
        told = [line for line in _typed(CHECK, work) if re.search(r"^\$|: (warning|draft|error): |no errors", line)]
        (folder / "check.svg").write_text(_terminal(told), "utf-8")
        _finish(work / "week7")
        (folder / "export.svg").write_text(_terminal([line for one in EXPORTS for line in _typed(one, work)]), "utf-8")
        (folder / "sheet.svg").write_text(_terminal(_cells(work / "sheet.ipynb")), "utf-8")
        file = work / "week7" / UNIT / f"{FIRST}.yaml"
        (folder / "author.svg").write_text(await _author(file), "utf-8")
        (folder / "class.svg").write_text(await _learner(work), "utf-8")
        (work / "assignment.yaml").write_text(ASSIGNMENT, "utf-8")
        _hand_in(work / "handed-in")
        (folder / "report.svg").write_text(_terminal(_typed(COLLECT, work)), "utf-8")
        (folder / "watch.svg").write_text(await _watched(work), "utf-8")


def _finish(course: Path) -> None:
    """Do what the page tells the lecturer: finish one draft, and take the other out of the course."""
    shutil.copy(FOLDER / FINISHED, course / UNIT)
    (course / UNIT / "week7-look-at-it.yaml").unlink()
    listed = (course / "course.yaml").read_text("utf-8").splitlines(keepends=True)
    kept = [line.replace(", status: draft", "") for line in listed if "week7-look-at-it" not in line]
    (course / "course.yaml").write_text("".join(kept), "utf-8")


def _typed(command: str, work: Path) -> list[str]:
    """Run a command in this folder; its own line comes first."""
    _, *arguments = shlex.split(command)
    environment = {**os.environ, "COLUMNS": str(_WIDTH), "HOME": str(work), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "rnn_tutor", *arguments],
        cwd=work,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return [f"$ {command}", *done.stdout.rstrip().splitlines(), ""]


def _cells(file: Path) -> list[str]:
    """The first exercise of a notebook, as text: a mark for each cell, then what stands in it."""
    cells = json.loads(file.read_text("utf-8"))["cells"]
    begin = next(at for at, cell in enumerate(cells) if "".join(cell["source"]).startswith("## Exercise 1."))
    shown: list[str] = []
    for cell in cells[begin : begin + 5]:
        mark = "In [ ]: " if cell["cell_type"] == "code" else "        "
        for number, line in enumerate("".join(cell["source"]).splitlines()):
            short = line if len(line) < _WIDTH - 12 else line[: _WIDTH - 16] + " ..."
            shown.append((mark if number == 0 else " " * 8) + short)
        shown.append("")
    return shown


async def _author(file: Path) -> str:
    app = Author(
        lambda: DraftLibrary(folders_around(file, ()), file),
        None,
        Terminal("utf8", TRUECOLOUR),
        Options(author=file),
    )
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(200):
            await pilot.pause(0.05)
            if app.quiet and "checking" not in app.export_screenshot():
                break
        await pilot.pause(0.5)
        return _plain(app.export_screenshot(title=f"rnn-tutor author {file.name}"))


async def _learner(work: Path) -> str:
    app = Tutor(
        lambda: Library([work / "week7"]),
        work / "p.sqlite3",
        Terminal("utf8", TRUECOLOUR),
        Options(exercise=FIRST),
    )
    async with app.run_test(size=SIZE) as pilot:
        while type(app.screen).__name__ != "ExerciseScreen":
            await pilot.pause(0.05)
        await pilot.pause(0.5)
        return _plain(app.export_screenshot(title="rnn-tutor --content week7 --only"))


def _hand_in(folder: Path) -> None:
    """Write what a class hands in: each answer is marked here."""
    library = Library([content_folder()])
    folder.mkdir()
    for learner, plans in CLASS.items():
        answers = [
            answer
            for exercise, plan in zip(ASSIGNED, plans, strict=True)
            if plan != NOTHING
            for answer in _answers(library, learner, exercise, plan)
        ]
        head = handin.Head(learner, "week-7", "1.0")
        (folder / f"{learner}.jsonl").write_bytes(b"".join(handin.lines(head, answers)))


def _answers(library: Library, learner: str, exercise: str, plan: str) -> Iterator[Attempt]:
    """Give what a learner answers to an exercise, a few minutes after one another."""
    question = ask(library.exercise(exercise), seed_of(learner, "week-7", exercise))
    at = BEGAN + (LATE if plan.endswith("late") else timedelta())
    for part in question.parts:
        wrong = _wrong(question, part)
        texts = [wrong[int(which) - 1] for which in plan.removesuffix("late") if int(which) <= len(wrong)]
        texts += [_right(part)] if len(texts) < MOST_TRIES else []
        for text in texts:
            at += timedelta(minutes=4)
            attempt = attempt_of(question, library.hash(exercise), mark(question, part.name, text), text)
            uid = md5(f"{learner} {exercise} {at}".encode(), usedforsecurity=False).hexdigest()
            yield replace(attempt, at=at, seconds=240.0, uid=uid)


def _wrong(question: Question, part: Part) -> list[str]:
    """Return a wrong answer for each kind of mistake that is known of a part with a value."""
    by_rule: dict[str, str] = {}
    for one in anticipated(question, part):
        text = json.dumps(one.value.tolist())
        diagnosis = mark(question, part.name, text).diagnosis
        if diagnosis is not None and diagnosis.rule:
            by_rule.setdefault(diagnosis.rule, text)
    return list(by_rule.values())


def _right(part: Part) -> str:
    """Return the right answer to a part."""
    expected = part.expected
    if isinstance(expected, np.ndarray):
        return json.dumps(expected.tolist())
    return str(tuple(expected)) if isinstance(expected, tuple) else " ".join(map(str, sorted(expected)))


class _Handed:
    """What the class handed in, as if a server had it."""

    def __init__(self, work: Path) -> None:
        self._report = ClassReport(terms_of(Library([content_folder()]), work / "assignment.yaml"))
        for learner in CLASS:
            self._report.meet(learner)
            for attempt in handin.read(work / "handed-in" / f"{learner}.jsonl").attempts:
                self._report.add(learner, attempt)

    def report(self) -> Report | None:
        """Return the report."""
        return self._report.result()

    def wait(self, seconds: float) -> bool:
        """Wait: nothing more comes."""
        time.sleep(seconds)
        return False

    def close(self) -> None:
        """Do nothing."""


async def _watched(work: Path) -> str:
    app = Watch(lambda: _Handed(work), Terminal("utf8", TRUECOLOUR))
    async with app.run_test(size=(120, 24)) as pilot:
        while app.report is None:
            await pilot.pause(0.05)
        await pilot.press("down")
        await pilot.pause(0.5)
        return _plain(app.export_screenshot(title="rnn-tutor class watch"))


def _plain(picture: str) -> str:
    """Without the names and the time of this run, and without fonts from the network."""
    picture = re.sub(r"read(\W+#160;)\d\d:\d\d:\d\d", r"read\g<1>10:00:00", picture)
    picture = re.sub(r"terminal-\d+", "terminal", picture)
    picture = re.sub(r"@font-face\s*\{[^}]*\}", "", picture)
    picture = re.sub(r"<!--.*?-->", "", picture)
    return "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"


def _terminal(lines: Sequence[str]) -> str:
    """Draw lines of text as a terminal shows them; what was typed is bold."""
    rows: list[str] = []
    for line in lines:
        rows += textwrap.wrap(line, _WIDTH, subsequent_indent="    ", drop_whitespace=False) or [""]
    while rows and not rows[-1]:
        rows.pop()
    height = _LINE * len(rows) + 2 * _EDGE
    width = round(_WIDTH * _CELL) + 2 * _EDGE
    texts = []
    for at, row in enumerate(rows):
        words = row.lstrip()
        x = _EDGE + _CELL * (len(row) - len(words))
        typed = ' class="typed"' if row.startswith("$ ") else ""
        inner = escape(words, quote=False).replace("  ", "&#160; ")
        texts += [f'<text x="{x:g}" y="{_EDGE + _LINE * (at + 1) - 5}"{typed}>{inner}</text>'] if words else []
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
            "<style>text { font-family: Fira Code, DejaVu Sans Mono, monospace; font-size: 14px; fill: #e0e0e0; }"
            " .typed { font-weight: bold; fill: #ffffff; }</style>",
            f'<rect width="{width}" height="{height}" rx="8" fill="#121212"/>',
            *texts,
            "</svg>",
            "",
        ]
    )


if __name__ == "__main__":
    asyncio.run(draw(FOLDER))
