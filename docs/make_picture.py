"""Draw docs/exercise.svg, the picture of the README, with the program itself: `python docs/make_picture.py`."""

import asyncio
import re
import tempfile
from pathlib import Path

from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal

WRONG = "[0.55, -0.75]"
FILE = Path(__file__).with_name("exercise.svg")


async def draw(file: Path) -> None:
    """Open an exercise, answer it with the gates exchanged, and keep the screen."""
    with tempfile.TemporaryDirectory() as folder:
        options = Options(exercise="lstm-cell")
        app = Tutor(
            lambda: Library([content_folder()]), Path(folder) / "p.sqlite3", Terminal("utf8", TRUECOLOUR), options
        )
        async with app.run_test(size=(100, 24)) as pilot:
            while type(app.screen).__name__ != "ExerciseScreen":
                await pilot.pause(0.05)
            await pilot.press(*WRONG)
            await pilot.press("enter")
            await pilot.pause(0.5)
            picture = app.export_screenshot(title="rnn-tutor")
    # No names of this run, and no font from the network: the picture is the same each time and works offline.
    picture = re.sub(r"terminal-\d+", "terminal", picture)
    picture = re.sub(r"@font-face\s*\{[^}]*\}", "", picture)
    picture = re.sub(r"<!--.*?-->", "", picture)
    file.write_text("\n".join(line.rstrip() for line in picture.splitlines()) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(draw(FILE))
