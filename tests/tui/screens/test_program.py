"""Answers that are programs, by their keys."""

import re
import shutil
from pathlib import Path

import pytest
from textual import events

from rnn_tutor.tui.widgets.program import ProgramLines

from ..conftest import HOSTILE, flat, screen_text, settled

FILE = Path(__file__).parents[2] / "exercises" / "programs" / "rnn-forward.yaml"
HEAD = "def rnn(x, W_xh, W_hh, b):\n    h = zeros(3)\n    H = []\n    for t in range(len(x)):\n"
RIGHT = HEAD + "        h = tanh(W_xh @ x[t] + W_hh @ h + b)\n        H.append(h)\n    return H"
WRONG = HEAD + "        h = tanh(W_xh @ x[t] + b)\n        H.append(h)\n    return H"
_ACTS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "content" / "unit").mkdir(parents=True)
    shutil.copy(FILE, tmp_path / "content" / "unit")
    return tmp_path / "content"


async def put(pilot, text):
    """Put a text in the place of what stands there."""
    pilot.app.focused.clear()
    pilot.app.screen.post_message(events.Paste(text))
    await settled(pilot)


async def test_it_begins_with_the_starter_where_there_is_something_to_write(open_app, folder):
    async with open_app(folder=folder, exercise="rnn-forward") as (app, pilot):
        assert isinstance(app.focused, ProgramLines)
        assert "1  def rnn(x, W_xh, W_hh, b):" in screen_text(app)
        await pilot.press("enter", "k")
        assert app.focused.text.splitlines()[3] == "    k"


@pytest.mark.parametrize("key", ["ctrl+r", "f12"])
async def test_a_right_one_is_right_and_kept(open_app, folder, key):
    async with open_app(folder=folder, exercise="rnn-forward") as (app, pilot):
        await put(pilot, RIGHT)
        await pilot.press(key)
        await settled(pilot)
        assert "Right." in flat(app)
        assert app.session.log[-1].text == RIGHT
        assert app.screen.visit.solved


async def test_the_first_line_that_goes_wrong_is_named_at_that_line(open_app, folder):
    async with open_app((100, 44), folder=folder, exercise="rnn-forward") as (app, pilot):
        await put(pilot, WRONG)
        await pilot.press("ctrl+r")
        await settled(pilot)
        line = next(line for line in screen_text(app).splitlines() if "W_xh @ x[t] + b)" in line)
        assert "<- the term with W_hh and h is missing" in line
        assert "Not yet. Line 5: the term with W_hh and h is missing, so h is not carried on." in flat(app)
        await pilot.press("backspace")
        assert "<-" not in screen_text(app)


async def test_what_cannot_be_read_is_said_while_typing_and_costs_nothing(open_app, folder):
    async with open_app(folder=folder, exercise="rnn-forward") as (app, pilot):
        await put(pilot, "for t in range(T)\n    k = 1\nreturn k")
        assert "1  for t in range(T)   <- A : is missing" in screen_text(app)
        assert "Line 1: A : is missing" in flat(app)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "not counted" in flat(app)
        assert not app.session.begun("rnn-forward")


async def test_enter_keeps_the_indentation_tab_adds_to_it_and_shift_tab_takes_it_back(open_app, folder):
    async with open_app(folder=folder, exercise="rnn-forward") as (app, pilot):
        app.focused.clear()
        await pilot.press(*"for", "colon", "enter", "a", "enter", "tab", "b", "shift+tab", "enter", "shift+tab", "c")
        assert app.focused.text == "for:\n    a\n    b\nc"
        await pilot.press("escape")
        assert app.focused is None
        await pilot.press("enter")
        assert isinstance(app.focused, ProgramLines)


async def test_a_program_that_never_ends_is_told_so(open_app, folder):
    async with open_app(folder=folder, exercise="rnn-forward") as (app, pilot):
        await put(pilot, "k = 0\nwhile True:\n    k = k + 1")
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "does a loop never end?" in flat(app)


async def test_hostile_programs_are_only_text(open_app, folder):
    async with open_app((80, 40), folder=folder, exercise="rnn-forward") as (app, pilot):
        await put(pilot, f"a = 1\n{HOSTILE}\nreturn {HOSTILE}")
        await pilot.press("up", "up", "home", "ctrl+r")
        await settled(pilot)
        assert not _ACTS.search(screen_text(app))
        assert "a[/b] [red]x[/]" in screen_text(app)
