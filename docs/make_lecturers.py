"""Draw the pictures of docs/lecturers.md with the program itself: `python docs/make_lecturers.py`.

The notebook docs/lecturers/week7.ipynb is imported into a folder. The commands run as a lecturer runs them;
two screens are those of `rnn-tutor author` and of a learner who opens the folder.
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
from collections.abc import Sequence
from html import escape
from pathlib import Path

from rnn_tutor.exercises.load import Library
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.authoring.app import Author
from rnn_tutor.tui.authoring.author_session import DraftLibrary, folders_around
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal

FOLDER = Path(__file__).with_name("lecturers")
NOTEBOOK = FOLDER / "week7.ipynb"
UNIT = "week-7-a-recurrent-network-by-hand"
FIRST = "week7-one-step"
FINISHED = "week7-in-words.yaml"
SIZE = (100, 24)
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
    environment = {**os.environ, "COLUMNS": str(_WIDTH), "HOME": str(work), "LC_ALL": "C.UTF-8"}
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
