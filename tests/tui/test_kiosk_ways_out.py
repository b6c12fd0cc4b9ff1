"""An account that many share: no action, setting or key opens a file, starts a process or reaches the clipboard."""

import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import learner_file
from rnn_tutor.settings import Settings
from rnn_tutor.tui.actions import actions
from rnn_tutor.tui.keymap import KEPT, KeymapError, _keymap, _Place, places
from rnn_tutor.tui.kiosk import Kiosk
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.learner import LearnerScreen
from rnn_tutor.tui.screens.settings import SettingsScreen
from rnn_tutor.tui.terminal.capabilities import Options

from .conftest import FULL, burst, course_read, flat, settled

_MOVES = ("up", "down", "left", "right", "a page up", "a page down", "first", "last", "back")
_STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "pty.spawn", "webbrowser.open")
_WATCHED = []  # the list, if any, in which is written down what Python does; a hook cannot be taken away


def _hook(event, args):
    if not _WATCHED:
        return
    if event in _STARTS:
        _WATCHED[-1].append((event, str(args[:1])))
    elif event == "open" and isinstance(args[0], str | bytes | os.PathLike) and "__pycache__" not in str(args[0]):
        flags = args[2] if len(args) > 2 and isinstance(args[2], int) else 0
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            _WATCHED[-1].append((event, os.fsdecode(args[0])))


sys.addaudithook(_hook)


@contextmanager
def watched():
    _WATCHED.append([])
    try:
        yield _WATCHED[-1]
    finally:
        _WATCHED.pop()


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def a_kiosk(content, data, learner="ada", text=""):
    everyone = data / "progress.sqlite3"
    settings = Settings(kiosk=True)
    if learner is not None:
        settings.path = learner_file(everyone, learner).with_name("settings.toml")
        if text:
            settings.path.parent.mkdir(parents=True)
            settings.path.write_text(text)
        settings.read()
    options = Options(kiosk=True, learner=learner, settings=settings, log=data / "crash.log")
    return Kiosk(lambda: Library([content]), everyone, FULL, options)


WAYS = {  # the keys that lead from the course to a screen
    "course": (), "settings": ("f9", "s"), "exercise": ("enter", "escape"),
    "copies": ("enter", "escape", "y"), "code": ("enter", "escape", "c"), "look": ("enter", "f5"),
    "solution": ("enter", "f3"),
}  # fmt: skip


async def to_screen(app, pilot, way):
    while len(app.screen_stack) > 1:
        app.pop_screen()
    await settled(pilot)
    await burst(pilot, *way)


@pytest.mark.parametrize("place", WAYS)
async def test_no_action_that_can_be_found_leads_out(content, data, monkeypatch, place):
    app = a_kiosk(content, data)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        sent = []
        monkeypatch.setattr(app._driver, "write", sent.append)
        await to_screen(app, pilot, WAYS[place])
        done = set()
        with watched() as seen:
            while left := [action for action in can_be_done(app, place) if action.name not in done]:
                action = left[0]
                done.add(action.name)
                assert "file" not in action.name
                app._do(action)
                await settled(pilot)
                assert str(data) not in flat(app), action
                await to_screen(app, pilot, WAYS[place])
        assert len(done) > (20 if place == "course" else 0)
        assert app.is_running
        learner = str(data / "learners" / "ada")
        assert [one for one in seen if not one[1].startswith(learner)] == []
        assert {one.name for one in Path(learner).iterdir()} <= {"settings.toml", "progress.sqlite3"}
        assert "\x1b]52" not in "".join(map(str, sent))


def can_be_done(app, place):
    """All that works on the course but leaving, and on another screen what is its own."""
    found = actions(app.screen.bound(), (type(app), *places()), app.settings.there, app.keymap)
    here = [action for action in found if not action.place and action.does != "app.quit"]
    if place == "course":
        return here
    return [one for one in here if one.node is not None and not one.does.startswith("app.") and one.name not in _MOVES]


async def test_what_is_copied_stays_here_and_can_be_pasted(content, data, monkeypatch):
    app = a_kiosk(content, data, text='clipboard = "file"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        sent = []
        monkeypatch.setattr(app._driver, "write", sent.append)
        await burst(pilot, "enter", "escape", "y", "enter")
        assert "Copied probs: Ctrl+V puts it on a line here." in flat(app)
        await burst(pilot, "down", "enter", "q", "enter", "ctrl+v")
        assert isinstance(app.screen, ExerciseScreen)
        assert app.focused.value.startswith("import numpy as np")
        assert "\n" not in app.focused.value
        assert sent == []
        assert not list(data.rglob("copied*"))


async def test_settings_are_those_of_the_learner_and_lie_in_the_learners_folder(content, data):
    app = a_kiosk(content, data, learner=None)
    for learner, theme in (("ada", "high-contrast"), ("bob", "nord")):
        folder = data / "learners" / learner
        folder.mkdir(parents=True)
        (folder / "settings.toml").write_text(f'theme = "{theme}"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, LearnerScreen)
        await burst(pilot, "colon", "backspace", *"bob", "enter", "enter")
        await course_read(pilot)
        await settled(pilot)
        assert isinstance(app.screen, CourseScreen)
        assert app.settings.value("theme") == "nord"
        await burst(pilot, "f9", "s")
        assert isinstance(app.screen, SettingsScreen)
        assert "clipboard" not in [row.id for row in app.screen.list.rows]
        await burst(pilot, "left")
        assert 'theme = "monokai"' in (data / "learners" / "bob" / "settings.toml").read_text()
        assert "high-contrast" in (data / "learners" / "ada" / "settings.toml").read_text()
        assert "You have chosen it." in flat(app)
        assert str(data) not in flat(app)


async def test_a_settings_file_that_is_too_long_is_neither_read_nor_written(content, data):
    app = a_kiosk(content, data, text='theme = "nord"\n#' + "x" * 65_536)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        await settled(pilot)
        assert "settings.toml is not read: it has more than 64 KiB." in flat(app)
        assert app.settings.value("theme") == "terminal"
        assert "settings.toml cannot be written, it cannot be read: it has more than 64 KiB." in app.choose("digits", 4)
        assert app.settings.path.stat().st_size > 65_536


EVERY = [_Place.of(cls) for cls in places()]
IDS = sorted({one.id for place in EVERY for one in place.bindings})


def test_no_binding_can_lose_enter_escape_q_or_f9():
    for name in IDS:
        kept = {one.key for place in EVERY for one in place.bindings if one.id == name and one.key in KEPT}
        assert kept <= set(_keymap({name: "ctrl+shift+f12"}, EVERY)[name].split(",")), name


@pytest.mark.parametrize("key", KEPT)
def test_no_binding_can_take_enter_escape_q_or_f9(key):
    for name in IDS:
        if not any(one.id == name and one.key == key for place in EVERY for one in place.bindings):
            with pytest.raises(KeymapError, match=f"{key} cannot be the key of {name}"):
                _keymap({name: key}, EVERY)
