"""What holds on every screen: the keys in the bottom row work, and fit 80 columns; hostile text is only text."""

import re

import pytest
from textual import events
from textual.widgets import Input, TextArea

from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.frame import WIDE, FrameScreen
from rnn_tutor.tui.screens.solution import SolutionScreen
from rnn_tutor.tui.terminal.capabilities import Terminal
from rnn_tutor.tui.terminal.screen import DirtyLines
from rnn_tutor.tui.widgets.frame import fitted

from ..conftest import HOSTILE, HOSTILE_COURSE, HOSTILE_FILE, HostileLibrary, burst, screen_text, settled, type_in

_NAMES = {
    "Enter": ["enter"], "Esc": ["escape"], "Up Down": ["up", "down"], "PgUp PgDn": ["pageup", "pagedown"],
    "[ ]": ["left_square_bracket", "right_square_bracket"], ", .": ["comma", "full_stop"], "?": ["question_mark"],
    "/": ["slash"], "Right": ["right"], "Left": ["left"], "Arrows": ["left", "right", "up", "down"],
}  # fmt: skip

_WAYS = {
    "course": [],
    "exercise": ["enter"],
    "not typing": ["enter", "escape"],
    "drawn": ["enter", "f4", "escape"],
    "checklist": ["end", "enter"],
    "solution": ["enter", "f3"],
    "look": ["enter", "f5"],
    "gradient": ["enter", "f3", "g"],
    "trace": ["enter", "f3", "v", "enter"],
    "given": ["enter", "f5", "enter"],
    "code": ["enter", "escape", "c"],
    "pad": ["enter", "f6"],
    "help": ["f9"],
    "progress": ["p"],
    "closing": ["end", "enter", "f8"],
}


@pytest.mark.parametrize("way", _WAYS.values(), ids=_WAYS)
async def test_keys_in_the_bottom_row_are_bound_and_fit(open_app, way):
    async with open_app() as (app, pilot):
        for key in way:
            await pilot.press(key)
            await settled(pilot)
        items = app.screen.key_row()
        assert items
        assert len([word for _, word in items if word != "course"]) == len(list(app.screen.key_items()))
        bound = set(app.screen.active_bindings)
        for key, _ in items:
            names = _NAMES.get(key, [key.lower()])
            assert set(names) <= bound | {"enter"}, key
        whole = fitted(items, 1000)
        assert fitted(items, 78).plain == whole.plain
        assert whole.plain in screen_text(app)


async def test_every_action_of_an_exercise_is_in_the_help(open_app):
    async with open_app() as (app, pilot):
        await pilot.press("enter")
        keys = {binding.key for binding in app.screen._bindings.key_to_bindings["f2"]}
        assert keys == {"f2"}
        bound = set(app.screen._bindings.key_to_bindings)
        app.action_help()
        await settled(pilot)
        text = app.screen.text().plain
        for number in range(2, 10):
            assert f"f{number}" in bound
            assert re.search(rf"\bF{number}\b", text)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_a_key_does_stands_in_its_own_column_in_the_help(open_app, size):
    async with open_app(size=size) as (app, pilot):
        app.action_help()
        await settled(pilot)
        lines = app.screen.text().plain.split("\n")
        assert max(map(len, lines)) <= size[0] - 2
        at = next(k for k, line in enumerate(lines) if line.startswith("  g ") and "gradient" in line)
        if size[0] == 80:
            assert lines[at + 1] == " " * 23 + "also over time"


@pytest.fixture
def hostile(tmp_path):
    folder = tmp_path / "hostile"
    (folder / "unit").mkdir(parents=True)
    (folder / "course.yaml").write_text(HOSTILE_COURSE, encoding="utf-8")
    (folder / "unit/hostile.yaml").write_text(HOSTILE_FILE, encoding="utf-8")
    return folder


_ACTS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


UTF8, ASCII = Terminal("utf8", 256), Terminal("ascii", 0)
HOSTILE_PLACES = [
    (UTF8, (80, 40)),
    (ASCII, (120, 40)),
    pytest.param(UTF8, (120, 40), marks=pytest.mark.long),
    pytest.param(ASCII, (80, 40), marks=pytest.mark.long),
]


@pytest.mark.parametrize(("terminal", "size"), HOSTILE_PLACES)
async def test_hostile_text_is_only_text_on_every_screen(open_app, hostile, terminal, size):
    escape = "^[" if terminal.ascii_only else "␛"
    async with open_app(size, folder=hostile, library=HostileLibrary, terminal=terminal) as (app, pilot):

        async def fine(*keys):
            await pilot.press(*keys)
            await settled(pilot)
            text = screen_text(app)
            assert not _ACTS.search(text)
            return text

        for keys, screen in (
            ([], "CourseScreen"), (["enter"], "ExerciseScreen"), (["f2", *"a", "enter"], "ExerciseScreen"),
            (["tab", "1", "enter"], "ExerciseScreen"), (["f5"], "LookScreen"), (["m", "right"], "LookScreen"),
            (["q", "escape", "c"], "CodeScreen"), (["q", "f3"], "SolutionScreen"), (["g"], "SolutionScreen"),
            (["v", "enter"], "TraceScreen"), (["enter"], "TraceScreen"),
            (["q", "q", "q"], "SolutionScreen"), (["right"], "SolutionScreen"),
            (["q", "f8"], "ClosingScreen"), (["q", "q", "p"], "ProgressScreen"),
        ):  # fmt: skip
            text = await fine(*keys)
            assert type(app.screen).__name__ == screen
            assert f"a[/b] [red]x[/] {escape}[31m" in text, screen
        app.say(HOSTILE)
        assert escape in await fine()


async def test_a_hostile_answer_is_only_text_and_is_kept_as_typed(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        app.screen.post_message(events.Paste(HOSTILE))
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert not _ACTS.search(screen_text(app))
        assert "[red]x[/]" in screen_text(app)
        assert app.session.log[-1].verdict == "not_understood"
        await pilot.press("f8", "f7")
        await settled(pilot)
        assert "[red]x[/]" in screen_text(app)


async def test_an_ascii_terminal_gets_ascii_only(open_app):
    async with open_app((120, 40), terminal=Terminal("ascii", 16), exercise="lstm-cell") as (app, pilot):
        pad = [*"k", "equals_sign", *"sqrt", "left_parenthesis", *"f", "right_parenthesis"]
        for keys in (
            ["f2"], [*"σ(f)"], ["enter"], ["f3"], ["g"], ["v", "right"], ["enter"], ["q", "q", "q", "f5"], ["q", "f9"],
            ["q", "f6", *pad],
        ):  # fmt: skip
            await burst(pilot, *keys)
            for strip in app.screen._compositor.render_strips():
                line = strip.apply_filter(app._ascii, app.screen.background_colors[1])
                assert "".join(segment.text for segment in line).isascii()


async def test_an_exercise_that_is_opened_is_painted_in_full_once(open_app, monkeypatch):
    async with open_app(size=(120, 40)) as (app, pilot):
        for exercise in ("lstm-cell", "sequence-probability"):
            painted = counted(monkeypatch, DirtyLines, "render_full_update")
            app.open_exercise(exercise)
            await settled(pilot)
            assert len(painted) == 1
            monkeypatch.undo()
            await burst(pilot, "ctrl+o")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_is_opened_is_laid_out_for_its_size_and_not_once_more(open_app, monkeypatch, size):
    async with open_app(size=size) as (app, pilot):
        for exercise in ("lstm-cell", "sequence-probability"):
            styled = counted(monkeypatch, ExerciseScreen, "update_node_styles")
            app.open_exercise(exercise)
            await settled(pilot)
            assert len(styled) == (size[0] >= WIDE)  # told that it is wide before anything is in it
            assert app.screen.has_class("-wide") == (size[0] >= WIDE)
            monkeypatch.undo()
            await burst(pilot, "ctrl+o")


async def test_a_layout_for_another_size_is_all_that_was_asked_for(open_app):
    async with open_app() as (app, pilot):
        await settled(pilot)
        app.screen._layout_required = True
        app.screen._refresh_layout(app.size)
        assert not app.screen._layout_required


async def test_a_step_of_a_solution_is_laid_out_once(open_app, monkeypatch):
    async with open_app(exercise="lstm-cell") as (_, pilot):
        await pilot.press("f3")
        await settled(pilot)
        layouts = counted(monkeypatch, SolutionScreen, "_refresh_layout")
        for at in (1, 2):
            await pilot.press("right")
            await settled(pilot)
            assert len(layouts) == at


async def test_a_verdict_as_tall_as_the_one_before_needs_no_layout(open_app, monkeypatch):
    async with open_app(exercise="lstm-cell") as (_, pilot):
        await type_in(pilot, "[0.123, 1")
        await pilot.press("right_square_bracket", "enter", "backspace", "right_square_bracket")
        await settled(pilot)
        layouts = counted(monkeypatch, ExerciseScreen, "_refresh_layout")
        said = counted(monkeypatch, ExerciseScreen, "tell_more")
        await pilot.press("enter")
        await settled(pilot)
        assert not layouts
        assert len(said) <= 1


def counted(monkeypatch, cls, name):
    """The calls of a method from now on."""
    calls, method = [], getattr(cls, name)

    def called(self, *args, **options):
        calls.append(args)
        return method(self, *args, **options)

    monkeypatch.setattr(cls, name, called)
    return calls


async def test_a_focus_that_moves_paints_what_changes_and_not_the_screen(open_app, monkeypatch):
    async with open_app(size=(120, 40), exercise="lstm-cell") as (app, pilot):
        await settled(pilot)
        painted = counted(monkeypatch, DirtyLines, "render_full_update")
        parts = counted(monkeypatch, DirtyLines, "render_partial_update")
        for key in ("escape", "enter"):
            before = app.focused
            await burst(pilot, key)
            assert app.focused is not before
        assert parts
        assert not painted


async def test_the_keys_that_work_are_shown_with_the_focus_that_moves(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await settled(pilot)
        for focused in (None, app.focused):
            before = app.screen.keys.items
            app.screen.set_focus(focused)
            assert app.screen.keys.items == tuple(app.screen.key_row()) != before


async def test_what_is_known_of_a_layout_is_right_after_something_was_scrolled(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "0.1")
        compositor = app.screen._compositor
        for by in (1, 2, -1):
            app.screen.action_line(by)
            await settled(pilot)
            await type_in(pilot, "2")
            app.screen.refresh(layout=True)
            await settled(pilot)
            known = dict(compositor.full_map)
            compositor._full_map_invalidated = True
            assert compositor.full_map == known


async def test_a_layout_after_a_scroll_is_the_last_one(open_app, monkeypatch):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await settled(pilot)
        compositor = app.screen._compositor
        compositor.reflow_visible(app.screen, app.screen.size)
        compositor.reflow(app.screen, app.screen.size)
        arranged = counted(monkeypatch, DirtyLines, "_arrange_root")
        app.screen.find_widget(app.screen.boxes[0])
        assert not arranged


async def test_a_letter_that_moves_nothing_is_told_to_nobody_and_brought_into_view_once(open_app, monkeypatch):
    told, brought = [], []
    dispatch, show = FrameScreen._dispatch_message, ExerciseScreen.show_wanted

    async def dispatched(self, message):
        told.append(type(message))
        await dispatch(self, message)

    def shown(self, widget):
        brought.append(widget)
        show(self, widget)

    monkeypatch.setattr(FrameScreen, "_dispatch_message", dispatched)
    monkeypatch.setattr(ExerciseScreen, "show_wanted", shown)
    async with open_app() as (app, pilot):
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("0", ".", "2")
        await settled(pilot)
        told.clear()
        brought.clear()
        await pilot.press("5", "1")
        await settled(pilot)
        assert app.focused.value == "0.251"
        assert not brought
        assert not {Input.Changed, TextArea.Changed, TextArea.SelectionChanged} & set(told)
        await pilot.press("f6", "a")
        await settled(pilot)
        assert not {Input.Changed, TextArea.Changed, TextArea.SelectionChanged} & set(told)


async def test_what_is_typed_on_is_brought_back_into_view_where_somebody_has_scrolled(open_app):
    async with open_app(size=(40, 10)) as (app, pilot):
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("0", ".", "2")
        await settled(pilot)
        place = app.screen.left.scroll_y
        app.screen.left.scroll_to(y=0, animate=False, immediate=True)
        await settled(pilot)
        assert place
        await pilot.press("5")
        await settled(pilot)
        assert app.screen.left.scroll_y == place
