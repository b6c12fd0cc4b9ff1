"""An account that many share: no action, setting or key opens a file, starts a process or reaches the clipboard."""

import asyncio
import os
import sys
from contextlib import contextmanager
from string import ascii_lowercase, printable

import pytest
from textual import events
from textual.keys import _character_to_key

from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder, learner_file
from rnn_tutor.settings import Settings
from rnn_tutor.tui.actions import actions
from rnn_tutor.tui.keymap import KEPT, KeymapError, _keymap, _Place, places
from rnn_tutor.tui.kiosk import Kiosk
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.learner import LearnerScreen
from rnn_tutor.tui.screens.settings import SettingsScreen
from rnn_tutor.tui.terminal.capabilities import Options

from ..exercises.labs_for_tests import COURSE, TEXT, TRAINING
from ..files_for_tests import write
from .conftest import FULL, burst, course_read, flat, screen_text, settled

CHAR_RNN = content_folder() / "training" / "labs" / "char-rnn.yaml"

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


LABS = {  # what is opened, and the keys that lead from there to a line or a screen
    "the controls of a lab": ("decay",), "the text of a lab": ("decay", "tab", "tab"), "its steps": ("decay", "f3"),
    "its picture": ("decay", "f5"), "its words": ("decay", "ctrl+l"), "one that trains": ("learn",),
    "one that writes": ("char-rnn",), "what it reads": ("char-rnn", "tab", "tab"),
}  # fmt: skip
PLACES = WAYS | LABS


@pytest.fixture
def labs(tmp_path):
    """A course of three labs: with a text and numbers to draw, one that trains, and one that learns a text."""
    names = {"decay": TEXT, "learn": TRAINING, "char-rnn": CHAR_RNN.read_text("utf-8")}
    entries = "".join(f"{{id: {name}, title: {name}}}, " for name in names)
    course = COURSE.replace("{id: decay, title: A state that decays}", entries.removesuffix(", "))
    return write(tmp_path / "labs", {"course.yaml": course} | {f"memory/labs/{one}.yaml": names[one] for one in names})


async def to_screen(app, pilot, place):
    while len(app.screen_stack) > 1:
        app.pop_screen()
    await settled(pilot)
    way = PLACES[place]
    if place in LABS:
        app.open_lab(way[0])
        await settled(pilot)
        app.set_focus(None)
        way = way[1:]
    await burst(pilot, *way)
    await settled(pilot)


@pytest.mark.parametrize("place", [place for place in PLACES if place != "its steps"])  # which has none of its own
async def test_no_action_that_can_be_found_leads_out(content, labs, data, monkeypatch, place):
    app = a_kiosk(labs if place in LABS else content, data)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        sent = []
        monkeypatch.setattr(app._driver, "write", sent.append)
        await to_screen(app, pilot, place)
        done = set()
        with watched() as seen:
            while left := [action for action in can_be_done(app, place) if action.name not in done]:
                action = left[0]
                done.add(action.name)
                assert "file" not in action.name
                await app._do(action)
                await settled(pilot)
                assert str(data) not in flat(app), action
                await to_screen(app, pilot, place)
        assert len(done) > (20 if place == "course" else 0)
        nothing_came_out(app, data, seen, sent)


def nothing_came_out(app, data, seen, sent):
    """No process, no file but the learner's own two, nothing for the terminal's clipboard."""
    assert app.is_running
    learner = data / "learners" / "ada"
    assert [one for one in seen if not one[1].startswith(str(learner))] == []
    assert {one.name for one in learner.iterdir()} <= {"settings.toml", "progress.sqlite3", "progress.sqlite3-journal"}
    assert not (data / "crash.log").exists()
    assert "\x1b]52" not in "".join(map(str, sent))


EVERY_KEY = sorted(
    {one.key for cls in places() for one in _Place.of(cls).bindings}
    | {*map(_character_to_key, printable), *(f"f{number}" for number in range(1, 13))}
    | {f"{held}{letter}" for held in ("ctrl+", "alt+") for letter in ascii_lowercase}
)


@pytest.mark.parametrize("place", LABS)
async def test_no_key_of_a_lab_leads_out(labs, data, monkeypatch, place):
    app = a_kiosk(labs, data)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        sent = []
        monkeypatch.setattr(app._driver, "write", sent.append)
        await to_screen(app, pilot, place)
        before = type(app.screen), type(app.focused)
        with watched() as seen:
            for key in EVERY_KEY:
                await pilot.press(key)
                assert str(data) not in flat(app), key
                if (type(app.screen), type(app.focused)) != before:
                    await to_screen(app, pilot, place)
        nothing_came_out(app, data, seen, sent)


WAYS_OUT = [
    "/etc/passwd", "file:///etc/passwd", "@/etc/passwd", "~/.ssh/id_ed25519", "$(id)", "`id`", "; id", "| sh", ":!sh",
    ":own /etc/passwd", "open('/etc/passwd').read()", "__import__('os').system('id')", "h0.tofile('out')",
    "\x1b]52;c;aWQ=\x07", "\x1b[2J\x1b]0;title\x07", "\x00\x1b\x9b\u202e\ud800", "a" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("lab", ["decay", "learn", "char-rnn"])
async def test_no_text_on_a_line_of_a_lab_leads_out(labs, data, monkeypatch, lab):
    """Pasted and typed: what is read, learnt, predicted, searched for among the actions."""
    app = a_kiosk(labs, data)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        sent = []
        monkeypatch.setattr(app._driver, "write", sent.append)
        with watched() as seen:
            for text in WAYS_OUT:
                app.open_lab(lab)
                await settled(pilot)
                for line in [entry for entry in app.screen.entries() if entry.display]:
                    app.set_focus(line)
                    app.post_message(events.Paste(text))
                    await burst(pilot, "enter")
                    assert "\x1b" not in screen_text(app)
                app.set_focus(None)
                await burst(pilot, "t", "colon")
                app.post_message(events.Paste(text))
                await burst(pilot, "enter")
                assert str(data) not in flat(app)
                while len(app.screen_stack) > 1:
                    app.pop_screen()
                await settled(pilot)
        nothing_came_out(app, data, seen, sent)


async def test_a_network_that_learns_what_was_pasted_writes_no_controls(labs, data, monkeypatch):
    app = a_kiosk(labs, data)
    async with app.run_test(size=(120, 40)) as pilot:
        await course_read(pilot)
        sent = []
        monkeypatch.setattr(app._driver, "write", sent.append)
        app.open_lab("char-rnn")
        await settled(pilot)
        with watched() as seen:
            app.set_focus(app.screen.texts[0].line)
            app.screen.texts[0].line.value = ""
            app.post_message(events.Paste("".join(WAYS_OUT[:-1]) * 20))
            await settled(pilot)
            app.set_focus(None)
            visit = app.screen.visit
            for control, place in (("source", 1), ("units", 0), ("cell", 0)):  # the own text; what trains soonest
                app.screen.labs.move(visit, control, place)
            await burst(pilot, "t")
            for _ in range(2000):
                if app.screen.labs.run(visit).updates >= 100:
                    break
                await asyncio.sleep(0.005)
            await settled(pilot)
            assert app.screen.labs.run(visit).updates >= 100
            assert not set("\x00\x07\x1b\x9b\u202e") & set(screen_text(app))
        nothing_came_out(app, data, seen, sent)


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
