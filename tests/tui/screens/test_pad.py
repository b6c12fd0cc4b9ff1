"""The scratchpad, by its keys."""

import re
import sqlite3

from textual import events

from rnn_tutor.exercises.scratch import MAX_LINES
from rnn_tutor.tui.terminal.capabilities import Terminal
from rnn_tutor.tui.widgets.lines import MOST

from ..conftest import HOSTILE, burst, screen_text, settled, type_in

_ACTS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


async def write(pilot, text):
    """Type lines at the cursor of the pad, at once."""
    pilot.app.screen.post_message(events.Paste(text))
    await settled(pilot)


def line_with(app, text):
    return next(line for line in screen_text(app).splitlines() if text in line)


async def test_a_line_shows_its_value_and_names_it_for_the_answer(open_app, tmp_path):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await burst(pilot, "f6", *"a=f", "space", "asterisk", *"c_prev")
        assert "a vector (2): 0.9 -0.2" in line_with(app, "a=f *c_prev")
        assert "a (2)" in screen_text(app)  # its heatmap
        await pilot.press("f6")
        await type_in(pilot, "a + i*cand")
        await settled(pilot)
        assert "read as a vector (2): 0.95 0" in screen_text(app)
        await pilot.press("enter")
        assert app.screen.visit.solved
    (row,) = sqlite3.connect(tmp_path / "progress.sqlite3").execute("SELECT text, scratch FROM attempt")
    assert row == ("a + i*cand", "a=f *c_prev")


async def test_what_a_name_stands_for_changes_the_echo_of_the_answer(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[k, 1]")
        assert "There is no name k" in screen_text(app)
        await pilot.press("f6")
        await write(pilot, "k = 1/4")
        assert "read as a vector (2): 0.25 1" in screen_text(app)


async def test_a_line_that_is_not_understood_says_so_beside_and_in_full_below_and_disturbs_no_other(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await write(pilot, "a = q + 1\n\nb = 1 + 1")
        assert "? There is no name q" in line_with(app, "a = q + 1")
        assert line_with(app, "b = 1 + 1").split()[-1] == "2"
        await pilot.press("up", "up")
        await settled(pilot)
        assert " ".join(screen_text(app).split()).count("There is no name q") == 2


async def test_a_line_beyond_those_that_are_worked_out_says_so(open_app):
    async with open_app((80, 70), exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await write(pilot, "\n".join(f"v{row} = {row}" for row in range(MAX_LINES + 1)))
        assert line_with(app, f"v{MAX_LINES - 1} = ").split()[-1] == str(MAX_LINES - 1)
        assert f"only {MAX_LINES} lines" in line_with(app, f"v{MAX_LINES} = ")


async def test_the_pad_stays_with_the_exercise_and_with_new_numbers(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await write(pilot, "a = f[0]")
        assert line_with(app, "a = f[0]").split()[-1] == "0.9"
        await pilot.press("f8", "f7")
        await settled(pilot)
        assert line_with(app, "a = f[0]").split()[-1] == "0.9"
        await pilot.press("f4")
        await settled(pilot)
        assert float(line_with(app, "a = f[0]").split()[-1]) == app.screen.visit.question.givens["f"][0]
        await pilot.press("f8")
        assert app.screen.pad is None


async def test_arrows_tab_and_esc_lead_in_and_out(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("escape", "e")
        lines = app.screen.pad.lines
        assert app.focused is lines
        await pilot.press("1", "enter", "2", "up", "up")
        assert app.focused is app.screen.boxes[0].entry
        await pilot.press("down", "down", "3")
        assert lines.text == "1\n32" or lines.text == "1\n23"
        await pilot.press("tab")
        assert app.focused is app.screen.boxes[0].entry
        await pilot.press("shift+tab", "escape")
        assert app.focused is None
        await pilot.press("e", "f6")
        assert app.focused is app.screen.boxes[0].entry


async def test_hostile_lines_are_only_text(open_app):
    for terminal in (Terminal("utf8", 256), Terminal("ascii", 0)):
        async with open_app((80, 40), exercise="lstm-cell", terminal=terminal) as (app, pilot):
            await pilot.press("f6")
            await write(pilot, f"{HOSTILE}\n{HOSTILE} = 1\na = [1, 2] {HOSTILE}")
            for _ in range(3):
                assert not _ACTS.search(screen_text(app))
                assert "evil" in screen_text(app)
                await burst(pilot, "home", "up", "end")
            await burst(pilot, "home")
            assert "a[/b] [red]x[/]" in screen_text(app)
            await type_in(pilot, "a")
            await pilot.press("f8", "f7")
            await settled(pilot)
            assert not _ACTS.search(screen_text(app))


async def test_there_is_an_end_to_it(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await write(pilot, "1\n" * MOST)
        assert len(app.screen.pad.lines.text) == MOST
        assert "At most 8,000 characters fit here." in screen_text(app)


async def test_a_long_pad_is_walked_through_on_a_small_screen(open_app):
    async with open_app((80, 14), exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await write(pilot, "\n".join(f"v{row} = {row} / 8" for row in range(30)))
        assert "v29 = 29 / 8" in screen_text(app)
        await burst(pilot, *["up"] * 29)
        assert "v0 = 0 / 8" in screen_text(app)


async def test_typing_there_lays_out_nothing_but_what_changes(open_app, monkeypatch):
    async with open_app((120, 40), exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await write(pilot, "a = 12")
        layouts = []
        original = type(app.screen)._refresh_layout
        monkeypatch.setattr(
            type(app.screen), "_refresh_layout", lambda self, *a, **k: (layouts.append(1), original(self, *a, **k))
        )
        await pilot.press("3")
        await settled(pilot)
        assert "a = 123" in screen_text(app)
        assert layouts == []
