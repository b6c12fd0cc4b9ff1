"""Every screen at every size, also such as a tiling window manager has for a moment: nothing is raised."""

from pathlib import Path

import pytest
from rich.console import Console
from textual import events
from textual.geometry import Size

from rnn_tutor.tui.kiosk import Kiosk
from rnn_tutor.tui.terminal.capabilities import Options
from rnn_tutor.tui.terminal.frame_diff import Painted

from .authoring.conftest import file, open_author  # noqa: F401 - fixtures
from .conftest import FULL, settled
from .screens.conftest import book, folder, open_lab  # noqa: F401 - fixtures

SIZES = [(width, height) for width in range(1, 13) for height in range(1, 7)]
LARGE = [(3, 40), (200, 60), (80, 24)]
SOME = [*SIZES[::8], *LARGE]  # widths and heights of all kinds; every size of all is for `make test-long`
CONSOLE = Console(color_system="truecolor", force_terminal=True)
PROGRAMS = Path(__file__).parents[1] / "exercises" / "programs"

WAYS = {
    "course": [],
    "search": ["slash", "s"],
    "exercise": ["enter", "1", "enter"],
    "not typing": ["enter", "escape"],
    "hints": ["enter", "f2", "f2"],
    "checklist": ["end", "enter", "space"],
    "solution": ["enter", "f3", "right"],
    "gradient": ["enter", "f3", "g"],
    "look": ["enter", "f5"],
    "trace": ["enter", "f3", "v", "enter"],
    "code": ["enter", "escape", "c"],
    "pad": ["enter", "f6", "1"],
    "help": ["f9"],
    "progress": ["p"],
    "settings": ["f9", "s", "down"],
    "actions": ["colon", "h"],
    "copies": ["enter", "escape", "y", "enter"],
    "closing": ["end", "enter", "f8"],
}


async def resized(app, pilot, size):
    """Bring the screen in front to a size, and paint it, as it is for that terminal and for one that is another now."""
    app._size = app._driver._size = Size(*size)
    app.screen.post_message(events.Resize(app._size, app._size))
    await pilot._wait_for_screen()
    assert app._exception is None, size
    update = app.screen._compositor.render_full_update()
    for terminal in (size, (5, 2)):
        assert Painted().changes(update, terminal, CONSOLE)


@pytest.fixture(params=["some", pytest.param("every size", marks=pytest.mark.long)])
def through_all(request):
    """Bring a screen to one size after the other."""

    async def through(app, pilot):
        for size in SOME if request.param == "some" else [*SIZES, *LARGE]:
            await resized(app, pilot, size)

    return through


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_a_screen_at_every_size(open_app, way, through_all):
    async with open_app() as (app, pilot):
        for key in way:
            await pilot.press(key)
            await settled(pilot)
        await through_all(app, pilot)


@pytest.mark.parametrize("size", [pytest.param((1, 1), marks=pytest.mark.long), (6, 2)])
async def test_screens_that_are_opened_and_used_at_a_tiny_size(open_app, size):
    async with open_app(size) as (app, pilot):
        for way in WAYS.values():
            for key in way:
                await pilot.press(key)
                await settled(pilot)
            app.screen._compositor.render_full_update()
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await settled(pilot)
            await pilot.press("escape", "home")


@pytest.mark.parametrize("what", ["page", "glossary", "terms", "search"])
async def test_a_book_at_every_size(open_app, book, what, through_all):  # noqa: F811 - a fixture
    async with open_app(folder=book) as (app, pilot):
        if what == "page":
            app.open_page("second")
        elif what != "search":
            app.open_glossary("gate" if what == "terms" else None)
        else:
            await pilot.press("slash", "t")
        await settled(pilot)
        await through_all(app, pilot)


async def test_a_lab_at_every_size(open_lab, through_all):  # noqa: F811 - a fixture
    async with open_lab() as (app, pilot):
        await through_all(app, pilot)
        await pilot.press("tab", "1", "enter")
        await through_all(app, pilot)


async def test_a_program_at_every_size(open_app, through_all):
    async with open_app(folder=PROGRAMS.parent, exercise="rnn-forward") as (app, pilot):
        await pilot.press("enter", "(")
        await through_all(app, pilot)


SHOWN = """\
format: 1
id: shown
title: Pictures
prompt: What is `s`?
given:
  v: {value: "arange(12) / 4 - 1", means: numbers, axes: [time]}
  A: {value: "outer(v, v)", means: a matrix, axes: [time, unit]}
steps:
  - let: "s = sum(v)"
    say: All of them.
ask:
  - {answer: s, as: scalar}
hints: [Add.]
show:
  - {lines: [v], title: A line}
  - {lines: [v, "v * v"], title: Two lines, log: true}
  - {bars: [v], title: Bars}
  - {table: [A, v], title: A table}
  - heatmap: [A, v]
"""


async def test_each_kind_of_picture_at_every_size(open_app, tmp_path, through_all):
    (tmp_path / "content" / "unit").mkdir(parents=True)
    (tmp_path / "content" / "unit" / "shown.yaml").write_text(SHOWN, encoding="utf-8")
    async with open_app(folder=tmp_path / "content", exercise="shown") as (app, pilot):
        await pilot.press("f5")
        await settled(pilot)
        for _ in range(5):
            await through_all(app, pilot)
            await pilot.press("full_stop")
            await settled(pilot)


async def test_the_author_at_every_size(open_author, through_all):  # noqa: F811 - a fixture
    async with open_author() as (app, pilot):
        await through_all(app, pilot)
        await pilot.press("ctrl+g", "ctrl+l")
        await through_all(app, pilot)


async def test_the_question_who_is_there_at_every_size(content, tmp_path, through_all):
    from rnn_tutor.exercises.load import Library

    app = Kiosk(lambda: Library([content]), tmp_path / "progress.sqlite3", FULL, Options(kiosk=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        await through_all(app, pilot)
