"""What is told of keys is made from the bindings: the bottom row, the help, sentences, the README's table."""

import re

import pytest

from rnn_tutor.tui import keys
from rnn_tutor.tui.authoring.app import Author
from rnn_tutor.tui.keymap import places, remap
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.help import HelpScreen
from rnn_tutor.tui.screens.solution import SolutionScreen

from .conftest import burst, screen_text, settled
from .readme_keys import README, written

CLASSES = (Author, *Author.OWN_SCREENS, *places())
NAMED = re.compile(r"\b(F\d+|Esc|Enter|Tab|Space|Backspace|PgUp|PgDn|Ctrl\+.|Shift\+\w+)(?!\w)")


def every():
    return [(cls, binding) for cls in CLASSES for binding in keys.own(cls)]


def test_every_binding_has_an_id_and_is_told_or_is_said_not_to_be():
    assert len(every()) > 150
    without_id = [(cls.__name__, binding.key) for cls, binding in every() if not binding.id]
    told = [
        (cls.__name__, binding.key) for cls, binding in every() if binding.group in keys.SECTIONS and binding.tooltip
    ]
    system = [(cls.__name__, binding.key) for cls, binding in every() if binding.system]
    assert without_id == []
    assert sorted([*told, *system]) == sorted((cls.__name__, binding.key) for cls, binding in every())


def test_an_id_does_one_thing_on_a_screen():
    for cls in CLASSES:
        actions = {}
        for binding in keys.bindings(cls):
            actions.setdefault(binding.id, set()).add(binding.action)
        assert {name: some for name, some in actions.items() if len(some) > 1} == {}, cls


def test_a_sentence_names_no_key():
    """It would not be that of another keymap."""
    assert [binding.tooltip for _, binding in every() if NAMED.search(binding.tooltip)] == []


def test_bindings_with_the_same_section_and_sentence_stand_on_one_row():
    told = dict(keys.sections(CLASSES, {}))
    assert ("F7 F8 / [ ]", "the previous, the next exercise") in told[keys.EXERCISE.description]
    assert ("1 to 9", "pick an option of the prediction, from anywhere") in told[keys.LAB.description]
    assert ("Left Right", "move the control") in told[keys.LAB.description]
    for rows in told.values():
        assert len({says for _, says in rows}) == len(rows)


@pytest.mark.parametrize(
    ("key", "sign"),
    [("f2", "F2"), ("question_mark", "?"), ("ctrl+n", "Ctrl+N"), ("shift+left", "Shift+Left"), ("pagedown", "PgDn"),
     ("ctrl+underscore", "Ctrl+_"), ("n", "n"), ("N", "N"), ("exclamation_mark", "!"), ("backspace", "Backspace")],
)  # fmt: skip
def test_what_a_key_is_called(key, sign):
    assert keys.sign(key) == sign


def test_the_readmes_table_is_that_of_the_bindings():
    """`make keys` writes it."""
    readme = README.read_text("utf-8")
    assert written(readme) == readme


OTHER = {
    "hint": "f10,k", "solution": "f14", "new-numbers": "f11", "new-numbers-letter": "z", "next": "ctrl+n",
    "look": "f1", "undo": "ctrl+b", "page-down": "ctrl+pagedown", "next-line": "ctrl+g",
}  # fmt: skip


async def test_another_key_is_told_in_the_bottom_row_and_in_sentences(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        remap(app, OTHER)
        await settled(pilot)
        row = screen_text(app).splitlines()[-1]
        assert {"F10", "F14", "F11", "F1"} <= set(row.split())
        assert not {"F2", "F3", "F4", "F5", "k"} & set(row.split())
        await pilot.press("enter")
        await settled(pilot)
        assert "Type an answer first. F10 opens a hint." in screen_text(app)
        await burst(pilot, *"0.95", "f11")
        assert "Ctrl+B then brings the text back." in " ".join(screen_text(app).split())
        await burst(pilot, "f11")
        assert "Ctrl+B brings back what you typed." in screen_text(app)
        await burst(pilot, "escape")
        row = screen_text(app).splitlines()[-1]
        assert "k hint" in row and "z new" in row and "F1 look" in row
        await burst(pilot, *["k"] * 9)
        assert "F14 shows the solution step by step." in screen_text(app)
        await burst(pilot, "f14")
        assert isinstance(app.screen, SolutionScreen)
        await burst(pilot, *["right"] * 40)
        assert "Press F11 there for new numbers." in screen_text(app)


async def test_another_key_is_told_in_the_help(open_app):
    async with open_app() as (app, pilot):
        remap(app, OTHER)
        await burst(pilot, "f9")
        assert isinstance(app.screen, HelpScreen)
        text = app.screen.text().plain
        assert re.search(r"F10 / k +the next hint", text)
        assert re.search(r"F7 Ctrl\+N / \[ \] +the previous, the next exercise", text)
        assert "more lines below: PgUp Ctrl+PgDn" in screen_text(app)


async def test_a_key_that_is_text_where_one_types_is_not_told_there(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        remap(app, {"hint": "k"})
        await settled(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        assert "hint" not in screen_text(app).splitlines()[-1]
        await burst(pilot, "escape")
        assert "k hint" in screen_text(app).splitlines()[-1]


async def test_a_screen_that_is_only_being_made_tells_the_keys_that_it_gets_meanwhile(open_app):
    async with open_app() as (app, pilot):
        app.push_screen(HelpScreen())
        remap(app, {"search": "f1"})
        await settled(pilot)
        assert "F1 search" in screen_text(app).splitlines()[-1]


async def test_the_help_tells_what_works_here_first_and_each_key_once(open_app):
    async with open_app() as (app, pilot):
        await burst(pilot, "f9")
        here, elsewhere = app.screen.text().plain.split("What works elsewhere")
        assert here.splitlines()[0].strip() == "What works here"
        assert "fold or unfold a unit" in here and "the next hint" in elsewhere
        assert "all keys, and what can be typed" in here and "On every screen" in here
        assert "check the answer" in elsewhere  # the line to search with is there, but not open
        await burst(pilot, "q")
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await settled(pilot)
        await burst(pilot, "f9")
        here, elsewhere = app.screen.text().plain.split("What works elsewhere")
        assert "check the answer" in here and "the next hint" in here
        assert "fold or unfold a unit" in elsewhere
        rows = [row for _, rows in keys.sections((type(app), *places()), {}) for row in rows]
        text = app.screen.text().plain
        assert all(" ".join(says.split()) in " ".join(text.split()) for _, says in rows)
