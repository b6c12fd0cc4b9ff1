import numpy as np

from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.terminal.capabilities import Terminal
from rnn_tutor.tui.widgets.heatmap import Heatmap

from ..conftest import screen_text, settled

ASCII = Terminal("ascii", 16)


def Picture(name, values, axes=()):
    return Figure("heatmap", (Item(name, values, axes),))


async def _look(app, pilot, *figures):
    app.push_screen(LookScreen("a title", figures))
    await settled(pilot)


async def test_the_cursor_reads_out_cells_and_stays_inside(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, Picture("W", np.array([[1.0, -0.25], [0.0, 1 / 3]])))
        assert "W[0, 0] = 1 " in screen_text(app)
        await pilot.press("right", "down", "down", "right", "right")
        assert "W[1, 1] = 0.3333333333" in screen_text(app)
        await pilot.press("home", "up", "up")
        assert "W[0, 0] = 1 " in screen_text(app)


async def test_a_large_matrix_scrolls_with_the_cursor(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, Picture("W", np.arange(3000.0).reshape(50, 60)))
        assert "rows 0-" in screen_text(app)
        await pilot.press("end", *["pagedown"] * 4)
        assert "W[49, 59] = 2999" in screen_text(app)
        assert "-49 of 50, columns" in screen_text(app)
        assert "[@@]" in screen_text(app)


async def test_slices_and_axes(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, Picture("X", np.arange(24.0).reshape(2, 3, 4), axes=("batch", "time", "unit")))
        assert "batch 0, slice 1 of 2" in screen_text(app)
        await pilot.press("full_stop", "right")
        assert "batch 1, slice 2 of 2" in screen_text(app)
        assert "X[1, 0, 1] = 13" in screen_text(app)
        await pilot.press("x", "comma")
        assert "time 2, slice 3 of 3" in screen_text(app)


async def test_marks_are_switched_for_all_pictures(open_app):
    async with open_app(terminal=Terminal("utf8", 256)) as (app, pilot):
        pictures = [Picture(name, np.tile([1.0, -1.0], 30)) for name in ("a", "b")]
        await _look(app, pilot, *pictures)
        assert app.drawn == "colour"
        await pilot.press("m")
        assert app.drawn == "ascii"
        assert "[+@]" in screen_text(app)
        assert "All pictures are now drawn with ASCII marks. Press m for other marks." in screen_text(app)
        await pilot.press("right_square_bracket")
        assert "picture 2 of 2" in screen_text(app)
        assert "-@@" in screen_text(app)
        assert "All pictures" not in screen_text(app)
        await pilot.press("m", "left")
        assert app.drawn == "blocks"
        assert "are now drawn with blocks" in screen_text(app)
        assert "█" in screen_text(app)


async def test_an_ascii_terminal_is_never_offered_blocks(open_app):
    async with open_app(terminal=Terminal("ascii", 0)) as (app, pilot):
        await _look(app, pilot, Picture("a", np.array([1.0, -1.0])))
        for _ in range(3):
            await pilot.press("m")
            assert app.drawn == "ascii"
        assert "This terminal can show only these marks." in screen_text(app)


async def test_scalars_vectors_and_nothing(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(
            app, pilot, Picture("p", np.array(0.24)), Picture("v", np.array([np.nan])), Picture("e", np.zeros((0, 2)))
        )
        assert "p = 0.24" in screen_text(app)
        await pilot.press("tab", "right", "down")
        assert "v[0] = nan" in screen_text(app)
        await pilot.press("tab", "right", "pagedown", "end")
        assert "empty" in screen_text(app)


async def test_bars_have_a_cursor_that_reads_out(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        grouped = Figure(
            "bars", tuple(Item(n, v, ("unit",)) for n, v in (("a", np.arange(3.0)), ("b", -np.arange(3.0))))
        )
        await _look(app, pilot, grouped)
        assert "unit 0   a 0   b 0" in screen_text(app)
        await pilot.press("right", "right", "right")
        assert "unit 2   a 2   b -2" in screen_text(app)
        assert len([line for line in screen_text(app).splitlines() if ">" in line]) == 2  # both bars of the place
        await pilot.press("home", "shift+right")
        assert "unit 1   a 1   b -1" in screen_text(app)


async def test_of_many_bars_the_cursor_reads_each_out_though_some_share_a_place(open_app):
    async with open_app(terminal=ASCII) as (app, pilot):
        await _look(app, pilot, Figure("bars", (Item("v", np.arange(1.0, 301.0), ("time",)),)))
        assert "each bar is the largest of 5" in screen_text(app)
        assert "time 0   v 1 " in f"{screen_text(app)} "
        columns = []
        for key, said in (("right", "time 1   v 2"), ("end", "time 299   v 300")):
            await pilot.press(key)
            assert said in screen_text(app)
            columns += [line.index("v") for line in screen_text(app).splitlines() if "300+" in line]
        assert columns[0] < 15 and columns[1] > 55


async def test_a_move_paints_the_lines_that_are_others_now_and_no_more(open_app, monkeypatch):
    async with open_app(size=(120, 40)) as (app, pilot):
        await _look(app, pilot, Picture("W", np.sin(np.arange(900.0)).reshape(30, 30)))
        heatmap = app.focused
        lines = []
        render_line = Heatmap.render_line

        def rendered(self, y):
            lines.append(y)
            return render_line(self, y)

        monkeypatch.setattr(Heatmap, "render_line", rendered)
        for key in ("right", "down", "left", "pagedown", "end", "up", "minus", "left", "plus", "x", "home"):
            lines.clear()
            await pilot.press(key)
            await settled(pilot)
            if key in ("right", "down"):
                assert 0 < len(set(lines)) < 8
            seen = screen_text(app)
            heatmap.refresh()
            await settled(pilot)
            assert screen_text(app) == seen, key
