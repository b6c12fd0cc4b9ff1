"""What is remembered of styles is what Textual finds, in whatever state a widget is."""

import pytest
from textual.color import Color
from textual.css.stylesheet import Stylesheet
from textual.markup import parse_style
from textual.style import Style
from textual.widget import Widget

from rnn_tutor.tui.terminal import kept_styles
from rnn_tutor.tui.terminal.kept_styles import KeptStyles
from tests.tui.conftest import burst, settled

NOTED = ("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even")


def styles(node):
    parts = {name: found.base.get_rules() for name, found in node._component_styles.items()}
    return node.styles.base.get_rules(), parts, [getattr(node, name) for name in NOTED]


def differing(app):
    """The widgets in front that Textual would style in another way."""
    plain = Stylesheet()
    vars(plain).update(vars(app.stylesheet))
    found = []
    for node in (app, *app.screen.walk_children(Widget, with_self=True)):
        before = styles(node)
        plain.apply(node)
        if styles(node) != before:
            found.append(node)
    return found


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_styles_are_those_that_textual_finds(open_app, size):
    async with open_app(size=size) as (app, pilot):
        assert isinstance(app.stylesheet, KeptStyles)
        for exercise in ("sequence-probability", "lstm-cell", "sequence-probability"):
            await burst(pilot, "slash", *exercise.replace("-", " "))
            assert differing(app) == []
            await burst(pilot, "enter")
            assert app.screen.visit.id == exercise
            assert differing(app) == []
            for keys in (("1",), ("enter",), ("tab",), ("f2",), ("f6", "a"), ("f3",), ("right",), ("q",), ("ctrl+o",)):
                await burst(pilot, *keys)
                assert differing(app) == []


async def test_rules_that_are_others_are_seen(open_app):
    async with open_app(size=(120, 40)) as (app, pilot):
        app.open_exercise("lstm-cell")
        await settled(pilot)
        red = Color.parse("red")
        assert app.screen.styles.background != red
        app.stylesheet.add_source("ExerciseScreen { background: red; }", read_from=("", "another"))
        app.stylesheet.update(app.screen)
        assert app.screen.styles.background == red
        assert differing(app) == []


async def opened(app, pilot, monkeypatch):
    """The widgets that are looked up in Textual's way while an exercise is opened."""
    found = []
    find = Stylesheet.apply

    def noted(self, node, **options):
        found.append(node)
        find(self, node, **options)

    monkeypatch.setattr(Stylesheet, "apply", noted)
    app.open_exercise("lstm-cell")
    await settled(pilot)
    monkeypatch.undo()
    return found


async def test_a_kind_of_widget_is_looked_up_once(open_app, monkeypatch):
    async with open_app(size=(120, 40)) as (app, pilot):
        assert len(await opened(app, pilot, monkeypatch)) > 20
        await burst(pilot, "ctrl+o")
        await opened(app, pilot, monkeypatch)  # with the first one came rules of widgets that were new
        await burst(pilot, "ctrl+o")
        assert await opened(app, pilot, monkeypatch) == []


async def test_what_is_in_no_app_yet_is_styled_once_it_is(open_app):
    async with open_app() as (app, _):
        line = Widget(classes="rows")
        app.update_styles(line)
        assert line.styles.base.get_rules() == {}
        await app.screen.mount(line)
        assert line.styles.base.get_rules()


async def test_without_what_it_needs_of_textual_it_is_as_it_was(open_app, monkeypatch):
    monkeypatch.setattr(kept_styles, "_COMPONENTS", "_gone")
    async with open_app(size=(120, 40)) as (app, pilot):
        for _ in range(2):
            await opened(app, pilot, monkeypatch)
            await burst(pilot, "ctrl+o")
        assert len(await opened(app, pilot, monkeypatch)) > 20
        assert differing(app) == []


@pytest.mark.parametrize(
    "text",
    [
        "bold",
        "dim",
        "bold ansi_cyan",
        "ansi_bright_red",
        "italic underline reverse strike",
        "  bold   dim ",
        "bold bold",
    ],
)
def test_a_plain_style_is_what_textual_reads(text):
    assert kept_styles._plain_style(text) == parse_style(text, {})


@pytest.mark.parametrize(
    "text",
    ["", "red", "ansi_mauve", "bold on ansi_red", "not bold", "ansi_red ansi_blue", "#fff", "bold 50%", "link=a", "b"],
)
def test_all_else_is_left_to_textual(text):
    assert kept_styles._plain_style(text) in (None, Style())
