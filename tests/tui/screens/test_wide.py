"""A wide screen is used: beside the course, an exercise, a heatmap and a number stands what belongs to them."""

import re

import pytest

from rnn_tutor.paths import content_folder
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.widgets.cut import cut

from ..conftest import answered, burst, flat, screen_text, settled, stored, type_in, until

WIDE = (120, 40)


async def rested(pilot):
    """Wait until what is filled in pauses is there."""
    await pilot.pause(0.05)
    await until(pilot, lambda: not pilot.app.pauses.busy)
    await settled(pilot)


def right_half(app, of=2):
    return "\n".join(line[len(line) // of :] for line in screen_text(app).splitlines())


async def test_beside_the_course_stand_aim_progress_and_page_of_what_the_cursor_is_on(open_app, book, tmp_path):
    stored(tmp_path, answered("three", 3, part="a"))
    async with open_app(WIDE, folder=book) as (app, pilot):
        place = {row.id: at for at, row in enumerate(app.screen.list.rows)}
        app.screen.list.cursor = place["three"]
        await rested(pilot)
        beside = " ".join(right_half(app).split())
        assert "Number three" in beside and "level 1, done 1 try" in beside
        assert "Second steps 1 of 1 exercise done" in beside.replace("one exercise", "1 exercise")
        assert "Aim To go on." in beside and "h[t] = tanh(W @ x[t])" in beside
        app.screen.list.cursor = place["one"]
        await rested(pilot)
        assert "First things." in right_half(app) and "tanh" not in right_half(app)


async def test_moving_in_the_course_reads_no_page_before_a_pause(open_app, book, monkeypatch):
    async with open_app(WIDE, folder=book) as (app, pilot):
        await rested(pilot)
        read = []
        page = type(app.session).page
        monkeypatch.setattr(type(app.session), "page", lambda self, unit: (read.append(unit), page(self, unit))[1])
        monkeypatch.setattr(app.pauses, "plan", lambda *_, **__: None)
        await pilot.press("down", "down", "end")
        assert not read


async def test_a_narrow_course_has_all_below_the_list(open_app):
    async with open_app((100, 30)) as (app, _):
        assert (app.screen.aim.display and not app.screen.beside.is_on_screen) or not app.screen.beside.region.width


async def test_beside_an_exercise_stands_the_page_and_once_it_is_solved_the_solution(open_app, book):
    async with open_app(WIDE, folder=book, exercise="three") as (app, pilot):
        await rested(pilot)
        assert "h[t] = tanh(W @ x[t])" in right_half(app) and "a = x + 1" not in right_half(app)
        await type_in(pilot, "3")
        await pilot.press("enter")
        await settled(pilot)
        await rested(pilot)
        assert "Solution" in right_half(app) and "a = x + 1" in right_half(app)
        assert "tanh" not in right_half(app)


async def test_beside_a_heatmap_stands_where_the_number_under_the_cursor_comes_from(open_app):
    async with open_app(WIDE, exercise="lstm-cell") as (app, pilot):
        await pilot.press("f5", "right")
        await settled(pilot)
        assert isinstance(app.screen, LookScreen)
        await rested(pilot)
        assert "f[1] = 0.2" in right_half(app) and "given: forget gate" in right_half(app)
        assert "c_prev (unit 2)" in right_half(app)  # the other pictures
        assert "kept" not in screen_text(app)  # nothing is given away


async def test_a_heatmap_that_needs_the_width_has_all_of_it(open_app):
    async with open_app(WIDE, exercise="wide") as (app, pilot):
        await pilot.press("f5")
        await settled(pilot)
        assert app.screen.beside.display
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert app.screen.heatmap.size.width > 100 and not app.screen.beside.display


async def test_beside_a_number_stand_the_arrays_that_it_was_made_of(open_app):
    async with open_app(WIDE, exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3", "q", "f5", "f7", "f7", "f7", "enter")
        await settled(pilot)
        await rested(pilot)
        text = right_half(app)
        assert [name in text for name in ("c (unit 2)", "kept (unit 2)", "new (unit 2)")] == [True] * 3
        assert "0.95" in text and "-0.2" in text  # cells with their numbers


@pytest.mark.parametrize("size", [(109, 30), (80, 24)])
async def test_on_a_narrow_screen_nothing_stands_beside(open_app, size):
    async with open_app(size, exercise="lstm-cell") as (app, pilot):
        await pilot.press("f5")
        await settled(pilot)
        await rested(pilot)
        assert not app.screen.beside.display and "given: forget gate" not in flat(app)


@pytest.mark.parametrize(("height", "lines"), [(9, 5), (5, 5), (4, 4), (3, 0)])
def test_what_is_cut_says_how_all_of_it_is_opened(height, lines):
    from textual.content import Content

    text = cut(Content("\n".join("abcde")), 20, height, "u: the page").plain
    assert len(text.splitlines()) == lines
    assert ("u: the page" in text) == (lines == 4)


async def test_numbers_stand_in_one_place_whichever_way_the_screen_grows(open_app, book):
    async with open_app((80, 24), folder=book, exercise="three") as (app, pilot):
        for size in (WIDE, (80, 24), WIDE):
            await pilot.resize_terminal(*size)
            await rested(pilot)
            shown = [
                row.id for row in (app.screen.givens_below, app.screen.givens_beside) if row.display and row.region
            ]
            assert shown == ["givens-beside" if size == WIDE else "givens-below"]


async def test_the_scale_of_a_heatmap_is_there_with_both_ends_or_not_at_all(open_app):
    async with open_app((120, 40), folder=content_folder()) as (app, pilot):
        app.open_lab("train-it")
        await settled(pilot)
        await burst(
            pilot, "down", "down", "end", "down", "end", *["right_square_bracket"] * 2
        )  # 32 units, 100 time steps
        heads = [line.rstrip() for line in screen_text(app).splitlines() if "(unit 32, time 100)" in line]
        assert heads
        for head in heads:
            assert re.search(r"of 100 columns( {3}-?[\d.]+ to [\d.]+)?$", head), head
