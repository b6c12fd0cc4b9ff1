import subprocess
import sys
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest

from rnn_tutor.exercises.files.finding import ContentError, Finding
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.late_imports import READERS
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.help import HelpScreen
from rnn_tutor.tui.terminal.capabilities import Terminal

from .conftest import screen_text, settled


def test_the_first_frame_needs_no_numpy_and_no_yaml():
    late = ("numpy", "yaml", "msgspec", "sqlite3", "pygments")
    code = f"import sys, rnn_tutor.tui.app; print([name for name in {late} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", READERS)
def test_what_is_imported_while_nothing_is_pressed_needs_no_numpy(module):
    code = f"import sys, {module}; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_way_in_needs_no_textual():
    code = (
        "import sys, rnn_tutor.tui.start; print([m for m in ('textual', 'rich', 'numpy', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_a_terminal_it_says_so_and_ends():
    code = "import sys; from pathlib import Path; from rnn_tutor.tui.start import run; sys.exit(run(None, Path('x')))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "terminal" in done.stderr


async def test_opens_on_the_course(open_app):
    async with open_app() as (app, _):
        assert isinstance(app.screen, CourseScreen)
        text = screen_text(app)
        assert "A small course" in text
        assert "What a model of sequences computes." in text
        assert "0 of 5 done" in text


async def test_opens_on_an_exercise_when_asked_to(open_app):
    async with open_app(exercise="lstm-cell", seed=7) as (app, _):
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.visit.question.seed == 7


async def test_an_unknown_exercise_is_a_sentence(open_app):
    async with open_app(exercise="no-such") as (app, _):
        assert isinstance(app.screen, CourseScreen)
        assert "There is no exercise, lab or unit no-such." in screen_text(app)


async def test_a_course_that_cannot_be_read_is_a_sentence(tmp_path):
    def broken():
        raise ContentError([Finding(Path("course.yaml"), 3, "title", "it is missing")])

    app = Tutor(broken, tmp_path / "p.sqlite3", Terminal())
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "course.yaml:3: title: it is missing" in screen_text(app)
        await pilot.press("p", "enter", "f9", "q", "q")
    assert app.return_value == 0


async def test_q_leaves_from_the_course_only(open_app):
    async with open_app() as (app, pilot):
        await pilot.press("escape")
        assert app.is_running
        await pilot.press("q")
    assert app.return_value == 0


async def test_ctrl_c_tells_how_to_leave(open_app):
    async with open_app() as (app, pilot):
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "q leaves rnn-tutor" in screen_text(app)
        assert app.is_running


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+p", "ctrl+z", "ctrl+s"])
async def test_keys_that_would_do_more_than_the_tutor_do_nothing(open_app, key):
    async with open_app() as (app, pilot):
        await pilot.press(key)
        await pilot.pause()
        assert app.is_running
        assert isinstance(app.screen, CourseScreen)


async def test_help_opens_once_and_closes(open_app):
    async with open_app() as (app, pilot):
        await pilot.press("f9", "question_mark")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("q")
        assert isinstance(app.screen, CourseScreen)


async def test_nothing_happens_when_nothing_happens(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await settled(pilot)
        running = [timer for node in app.screen.walk_children() for timer in node._timers if timer._active.is_set()]
        assert running == []
        assert app.animation_level == "none"


SOME_SIZES = [(1, 1), (79, 24), (300, 100)]
MORE_SIZES = [pytest.param(size, marks=pytest.mark.long) for size in ((20, 5), (80, 24), (110, 30))]


@pytest.mark.parametrize("size", [*SOME_SIZES, *MORE_SIZES])
async def test_any_size_shows_something_and_stops_nothing(open_app, size):
    async with open_app(size, exercise="wide") as (app, pilot):
        for keys in (
            ["f2"],
            ["f5", "m", "q"],
            ["f3", "right", "q"],
            ["f9", "q"],
            ["f6", *"a=1", "enter", "escape"],
            ["c", "q"],
        ):
            await pilot.press(*keys)
        assert isinstance(app.screen, ExerciseScreen)


async def test_no_garbage_is_there_when_marking_is_imported_and_all_stays(open_app, monkeypatch):
    class Cycle:
        pass

    async with open_app() as (app, pilot):
        await settled(pilot)
        monkeypatch.setattr(app, "_warm", SimpleNamespace(done=False, finish=lambda: left.append(gone()), stop=int))
        left = []
        garbage = Cycle()
        garbage.itself = garbage
        gone = weakref.ref(garbage)
        del garbage
        app._make_ready_to_mark()
        assert left == [None]
