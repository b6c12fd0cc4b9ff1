"""A few screens as pictures; after a change that is meant: pytest tests/tui/test_snapshots.py --snapshot-update."""

from pathlib import Path

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal

from .conftest import settled, type_in

PICTURED = Path(__file__).parents[1] / "exercises" / "pictured"
COLOUR = Terminal("utf8", TRUECOLOUR)
PLAIN = Terminal("ascii", 0)


SCREENS = {
    "course": ((80, 24), COLOUR, None, "", []),
    "wrong": ((80, 24), PLAIN, "lstm-cell", "i*c_prev + f*cand", ["enter", "f2"]),
    "right": ((120, 40), COLOUR, "lstm-cell", "f*c_prev + i*cand", ["enter"]),
    "checklist": ((80, 24), COLOUR, "debug-checklist", "", ["space", "down"]),
    "solution": ((80, 24), COLOUR, "lstm-cell", "", ["f3", "right"]),
    "picture": ((80, 24), COLOUR, "turning-point", "", []),
    "bars": ((80, 24), PLAIN, "shares", "", []),
    "look": ((80, 24), PLAIN, "wide", "", ["f5", "right_square_bracket", "down", "right"]),
}


@pytest.mark.parametrize("name", SCREENS)
def test_screen(snap_compare, content, tmp_path, monkeypatch, name):
    size, terminal, exercise, typed, keys = SCREENS[name]
    if terminal.colours == 0:
        monkeypatch.setenv("NO_COLOR", "1")
    folder = PICTURED if exercise in ("turning-point", "shares") else content
    app = Tutor(lambda: Library([folder]), tmp_path / "progress.sqlite3", terminal, Options(exercise=exercise))

    async def before(pilot):
        await settled(pilot)
        if typed:
            await type_in(pilot, typed)
        await pilot.press(*keys)
        await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)
