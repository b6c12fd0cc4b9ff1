"""Exercises with a picture: it is on their screen, new with new numbers, and gives nothing away; all is looked at."""

from pathlib import Path

import numpy as np
import pytest

from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.terminal.capabilities import Terminal

from ..conftest import screen_text, settled, type_in

FOLDER = Path(__file__).parents[2] / "exercises" / "pictured"
ASCII = Terminal("ascii", 0)


@pytest.fixture
def pictured(open_app):
    def opened(size=(80, 24), exercise="turning-point", **options):
        return open_app(size, folder=FOLDER.parent, exercise=exercise, **options)

    return opened


def lines(app):
    return screen_text(app).splitlines()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_picture_is_there_with_prompt_and_answer(pictured, size):
    async with pictured(size, terminal=ASCII) as (app, _):
        text = screen_text(app)
        assert "loss per epoch   o train   x held   -- 0.5" in text
        assert "The curves show two losses" in text
        assert "gap = " in text
        assert "more line" not in text
        at = next(k for k, line in enumerate(lines(app)) if "loss per epoch" in line)
        drawn = [line for line in lines(app)[at + 1 :] if "|" in line or "+" in line]
        assert 7 <= len(drawn) <= (12 if size[0] == 80 else 20)


async def test_the_numbers_in_the_picture_are_left_out_and_the_others_are_there(pictured):
    async with pictured(terminal=ASCII) as (app, _):
        text = screen_text(app)
        (train,) = [line for line in lines(app) if "training loss" in line]
        assert "0.7" not in train
        assert "(6)" in train
        assert "epochs" in text


async def test_new_numbers_are_another_picture(pictured):
    async with pictured(terminal=ASCII) as (app, pilot):
        before = [line for line in lines(app) if "|" in line]
        await pilot.press("f4")
        await settled(pilot)
        assert "loss per epoch   o train   x held" in screen_text(app)
        assert [line for line in lines(app) if "|" in line] != before


async def test_bars_of_a_step_are_a_picture_too(pictured):
    async with pictured(exercise="shares", terminal=ASCII) as (app, _):
        text = screen_text(app)
        assert "attention weights" in text
        assert [line.strip()[:3] for line in lines(app) if "|" in line] == ["0 |", "1 |", "2 |", "3 |"]
        assert "-1.0" in text  # the scores are no part of the picture


async def test_what_is_looked_at_before_and_after(pictured):
    async with pictured(terminal=ASCII) as (app, pilot):
        await pilot.press("f5")
        assert kinds(app.screen) == [("lines", "train"), ("table", "train"), ("heatmap", "held")]
        await pilot.press("q")
        await type_in(pilot, "held[-1] - train[-1]")
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("f5")
        assert kinds(app.screen) == [
            ("lines", "train"), ("lines", "apart"), ("bars", "apart"), ("table", "train"), ("heatmap", "held")
        ]  # fmt: skip
        assert "loss per epoch" in screen_text(app)
        await pilot.press("right_square_bracket")
        assert "the gap grows   o apart   x train" in screen_text(app)
        await pilot.press("tab")
        assert "gap at each epoch" in screen_text(app)
        await pilot.press("f8")
        assert "epoch  train  held  apart" in screen_text(app)
        await pilot.press("f8", "right")
        assert "held[1] = 0.8" in screen_text(app)
        assert "held out" in lines(app)[0]
        await pilot.press("enter")
        await settled(pilot)
        assert "held[1]" in screen_text(app)


def kinds(screen):
    return [(one.kind, one.items[0].name) for one in screen.figures]


async def test_marks_are_chosen_for_lines_too(pictured):
    async with pictured(terminal=Terminal("utf8", 256)) as (app, pilot):
        await pilot.press("f5")
        assert any("\u2800" < char < "\u28ff" for char in screen_text(app))
        await pilot.press("m")
        assert screen_text(app).count("o") > 20
        assert not any("\u2800" < char < "\u28ff" for char in screen_text(app))


async def test_on_a_wide_screen_what_else_there_is_stands_below(pictured):
    async with pictured((120, 50), terminal=ASCII) as (app, pilot):
        assert "the gap grows" not in screen_text(app)
        await type_in(pilot, "held[-1] - train[-1]")
        await pilot.press("enter")
        await settled(pilot)
        assert "the gap grows" in screen_text(app)


async def _look(app, pilot, *figures):
    app.push_screen(LookScreen("a title", figures))
    await settled(pilot)


async def test_going_near_to_a_long_line_and_along_it(open_app):
    walk = Figure("lines", (Item("walk", np.arange(2000.0)),), "a walk")
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, walk)
        assert "points" not in lines(app)[0]
        await pilot.press("greater_than_sign", "greater_than_sign", "plus")
        assert "points 500-1499 of 2000" in lines(app)[0]
        await pilot.press("plus", "less_than_sign")
        assert "points 750-1249 of 2000" in lines(app)[0]
        assert "800" in lines(app)[-4]
        await pilot.press(*["less_than_sign"] * 9)
        assert "points 0-499 of 2000" in lines(app)[0]
        await pilot.press("end")
        assert "points 1500-1999 of 2000" in lines(app)[0]
        await pilot.press("minus", "minus")
        assert "points" not in lines(app)[0]


async def test_a_cursor_on_lines_reads_out_each_of_them(open_app):
    squares = Figure("lines", (Item("v", np.arange(9.0), ("time",)), Item("w", np.arange(7.0) ** 2, ("time",))), "two")
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, squares)
        assert lines(app)[-3].strip() == "time 0   v 0   w 0"
        await pilot.press("right", "right", "right")
        assert lines(app)[-3].strip() == "time 3   v 3   w 9"
        assert sum("|" in line[4:] for line in lines(app)) > 10  # the stroke that shows where it is
        await pilot.press("end")
        assert lines(app)[-3].strip() == "time 8   v 8"
        await pilot.press("right", "home", "left")
        assert lines(app)[-3].strip() == "time 0   v 0   w 0"


async def test_a_short_line_stays_as_it_is(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, Figure("lines", (Item("v", np.arange(9.0)),), "short"))
        before = screen_text(app)
        await pilot.press("plus", "minus", "right", "left", "comma", "x", "enter")
        assert screen_text(app) == before
        assert "zoom" not in lines(app)[-1]


async def test_a_long_table_scrolls(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, Figure("table", (Item("v", np.arange(300.0)),), "numbers"))
        assert " 17   17" in screen_text(app)
        assert "more lines below" in screen_text(app)
        await pilot.press(*["pagedown"] * 20)
        assert "299  299" in screen_text(app)


async def test_a_large_matrix_is_seen_as_a_whole_and_walked_into(open_app):
    values = np.zeros((512, 512))
    values[300, 77], values[301, 70] = -7.5, 3
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, Figure("heatmap", (Item("W", values),)))
        await pilot.press(*["minus"] * 8)
        text = screen_text(app)
        assert "each mark is the largest of 37 x 37" in text
        assert "rows 0-" not in text
        await pilot.press(*["down"] * 8, "right", "right")
        assert "W[300, 77] = -7.5" in screen_text(app)
        await pilot.press(*["plus"] * 8)
        assert "each mark" not in screen_text(app)
        assert "W[300, 77] = -7.5" in screen_text(app)
        assert "[-@]" in screen_text(app)


async def test_pages_to_the_side(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, Figure("heatmap", (Item("W", np.arange(10_000.0).reshape(100, 100)),)))
        await pilot.press("greater_than_sign", "shift+right")
        there = screen_text(app)
        assert "W[0, 36] = 36" in there or "W[0, 38] = 38" in there
        await pilot.press("less_than_sign", "shift+left")
        assert "W[0, 0] = 0" in screen_text(app)


async def test_where_a_step_of_the_picture_comes_from_is_told_when_it_is_solved(open_app, tmp_path):
    text = (FOLDER / "shares.yaml").read_text()
    (tmp_path / "unit").mkdir()
    (tmp_path / "unit" / "shares.yaml").write_text(text.replace("picture: {bars", "picture: {heatmap"))
    async with open_app(folder=tmp_path, exercise="shares", terminal=ASCII) as (app, pilot):
        await pilot.press("f5")
        assert "weights[0] = 0.158" in screen_text(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, LookScreen)
        assert "once the exercise is solved" in screen_text(app)
        await pilot.press("q")
        await type_in(pilot, "2")
        await pilot.press("enter", "f5", "enter")
        await settled(pilot)
        assert not isinstance(app.screen, LookScreen)
        assert "weights[0]" in screen_text(app)
