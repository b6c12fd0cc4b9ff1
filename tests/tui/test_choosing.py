"""Settings on the screens: they hold from the first frame on, are changed with keys, and say what is wrong."""

import tomllib

import pytest

from rnn_tutor.engine.number_text import SHOWN
from rnn_tutor.exercises.load import Library
from rnn_tutor.settings import Settings
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.help import HelpScreen
from rnn_tutor.tui.screens.palette import PaletteScreen
from rnn_tutor.tui.screens.settings import SettingsScreen
from rnn_tutor.tui.terminal.capabilities import Options

from .conftest import FULL, burst, course_read, flat, screen_text, settled


@pytest.fixture(autouse=True)
def digits_of_the_others():
    yield
    SHOWN.digits = None


def an_app(content, tmp_path, text="", *, terminal=FULL, **options):
    path = tmp_path / "config" / "settings.toml"
    path.parent.mkdir(exist_ok=True)
    if text:
        path.write_text(text)
    settings = Settings(path)
    settings.read()
    options = Options(settings=settings, log=tmp_path / "crash.log", **options)
    return Tutor(lambda: Library([content]), tmp_path / "progress.sqlite3", terminal, options), path


def grounds(app):
    return {
        segment.style.bgcolor.triplet
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if segment.style is not None and segment.style.bgcolor is not None
    }


async def test_what_the_file_says_holds_and_what_is_wrong_is_told(content, tmp_path):
    app, _path = an_app(
        content,
        tmp_path,
        'theme = "high-contrast-light"\npictures = "ascii"\ndigits = 99\n[keys]\nprogress = "z"\nglossary = "z"\n',
    )
    async with app.run_test(size=(100, 24)) as pilot:
        await course_read(pilot)
        await settled(pilot)
        assert grounds(app) == {(255, 255, 255)}
        assert app.drawn == "ascii"
        text = flat(app)
        assert "line 3, digits: found 99; expected auto or a number from 3 to 10. (1 more" in text
        assert "z progress" in text
        await pilot.press("f9")
        assert "g the glossary" in " ".join(app.screen.text().plain.split())


async def test_the_help_leads_to_the_settings_and_a_choice_holds_at_once(content, tmp_path):
    app, path = an_app(content, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        await burst(pilot, "f9", "s")
        assert isinstance(app.screen, SettingsScreen)
        await burst(pilot, "right")
        assert tomllib.loads(path.read_text()) == {"theme": "high-contrast"}
        assert grounds(app) == {(0, 0, 0)}
        await burst(pilot, "left", *["down"] * 4, "right", "right")
        assert tomllib.loads(path.read_text()) == {"digits": 4}
        assert SHOWN.digits == 4
        assert "It is from " in flat(app) and "config/settings.toml." in flat(app)
        await burst(pilot, "backspace")
        assert tomllib.loads(path.read_text()) == {}
        assert SHOWN.digits is None
        path.unlink()
        path.parent.rmdir()
        path.parent.write_text("")
        await burst(pilot, "right")
        assert "This holds until you leave:" in flat(app)
        assert SHOWN.digits == 3


async def test_a_key_is_exchanged_for_the_next_one_that_is_pressed(content, tmp_path):
    app, path = an_app(content, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        app.action_settings("hint")
        await settled(pilot)
        await burst(pilot, "enter")
        assert "Press the new key of hint. Esc leaves it as it is." in flat(app)
        await burst(pilot, "f10")
        assert tomllib.loads(path.read_text()) == {"keys": {"hint": "f10,h"}}
        await burst(pilot, "enter", "k")
        assert tomllib.loads(path.read_text()) == {"keys": {"hint": "k,f10"}}
        await burst(pilot, "enter", "s")
        assert "s cannot be the key of hint: solution has it on the same screen." in flat(app)
        for key, says in (("q", "q cannot be the key of hint"), ("f9", "f9 cannot be"), ("enter", "enter cannot be")):
            await burst(pilot, "enter", key)
            assert says in flat(app)
        await burst(pilot, "enter", "escape")
        assert isinstance(app.screen, SettingsScreen)
        assert tomllib.loads(path.read_text()) == {"keys": {"hint": "k,f10"}}
        await burst(pilot, "q", "enter", "f10")
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.visit.run.hints == 1
        assert "F10 hint" in screen_text(app).splitlines()[-1]
        app.action_settings("hint")
        await settled(pilot)
        await burst(pilot, "backspace")
        assert "keys" not in tomllib.loads(path.read_text()) or tomllib.loads(path.read_text())["keys"] == {}
        await burst(pilot, "q")
        assert "F2 hint" in screen_text(app).splitlines()[-1]


async def test_keys_of_a_screen_that_is_not_yet_imported_hold_when_it_opens(content, tmp_path, monkeypatch):
    app, _ = an_app(content, tmp_path, '[keys]\nhint = "f10,k"\nnobody = "z"\n')
    said = []  # whenever: the app looks at all keys in a pause too, which may come before the key
    monkeypatch.setattr(app, "say", lambda text, **_: said.append(text))
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        await burst(pilot, "enter")
        assert "F10 hint" in screen_text(app).splitlines()[-1]
        await burst(pilot, "f10")
        assert app.screen.visit.run.hints == 1
        app.look_at_all_keys()
        await settled(pilot)
        assert any("settings.toml, line 3, nobody: No key is called nobody." in text for text in said)


async def test_an_action_is_found_by_its_name_and_done(content, tmp_path):
    app, _ = an_app(content, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        await burst(pilot, "enter", "escape", "colon")
        assert isinstance(app.screen, PaletteScreen)
        await burst(pilot, *"hint")
        assert "hint" in screen_text(app).splitlines()[2]
        await burst(pilot, "enter")
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.visit.run.hints == 1
        await burst(pilot, "colon", *"fold")
        await burst(pilot, "enter")
        assert "This does not work here. In the course: " in flat(app)
        await burst(pilot, "escape", "colon", *"digits", "enter")
        assert isinstance(app.screen, SettingsScreen)
        assert app.screen.list.current.id == "digits"
        await burst(pilot, "q", "colon", *"help", "enter")
        assert isinstance(app.screen, HelpScreen)
        await burst(pilot, "q", "q", "colon", *"nothing like this")
        assert "No action is called so." in flat(app)
        await burst(pilot, "escape")
        assert isinstance(app.screen, CourseScreen)


async def test_a_colon_on_a_line_is_text(content, tmp_path):
    app, _ = an_app(content, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        await burst(pilot, "enter", "colon")
        assert isinstance(app.screen, ExerciseScreen)
        assert app.focused.value == ":"


async def test_numbers_are_copied_to_the_terminal_or_into_a_file(content, tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    app, _path = an_app(content, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        await burst(pilot, "enter", "escape", "y", "enter")
        assert app.clipboard == "[0.8, 0.6, 0.5]"
        assert "Copied probs to the terminal's clipboard." in flat(app)
        assert app.choose("clipboard", "file") == ""
        await burst(pilot, "down", "enter")
        copied = (tmp_path / "copied.txt").read_text()
        assert copied.startswith("import numpy as np\n\nprobs = np.array([0.8, 0.6, 0.5])")
        assert (tmp_path / "copied.txt").stat().st_mode & 0o777 == 0o600
        await burst(pilot, "q", "v")
        await burst(pilot, "y")
        assert (tmp_path / "copied.txt").read_text() == "0.8\n"
        assert "Copied probs[0] into " in flat(app)
