"""A mistake of the program's own, wherever it is: one sentence, the log, and the session goes on."""

import asyncio
import stat
import threading
from contextlib import asynccontextmanager

import pytest
from textual.widgets import Static

from rnn_tutor import paths
from rnn_tutor.crash_log import CrashLog
from rnn_tutor.exercises.load import Library
from rnn_tutor.tui.authoring.latest_worker import Lane
from rnn_tutor.tui.kiosk import Kiosk
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.progress import ProgressScreen
from rnn_tutor.tui.terminal.capabilities import Options
from rnn_tutor.tui.widgets.course import CourseList
from rnn_tutor.tui.widgets.frame import Bar, Keys
from rnn_tutor.tui.widgets.line import AnswerLine

from ..conftest import FULL, screen_text, settled, type_in

TYPED = "0.3141592"


class MadeUpError(Exception):
    pass


def broken(*_, **__):
    """A mistake whose text and variables hold what was typed."""
    typed = TYPED
    raise MadeUpError(f"no {typed}")


@pytest.fixture
def open_broken(open_app):
    """Open the app; that something failed in it is what the test is about, so the pilot does not tell of it."""

    @asynccontextmanager
    async def opened(*args, **more):
        async with open_app(*args, **more) as (app, pilot):
            try:
                yield app, pilot
            finally:
                app._exception = None

    return opened


async def told(app, pilot, tmp_path):
    """The sentence is on the screen, the log is private and without what was typed, and the keys work."""
    app._exception_event.clear()
    await settled(pilot)
    text = " ".join(screen_text(app).split())
    assert "That did not work: rnn-tutor has a bug here (MadeUpError). What you typed is kept;" in text
    assert app.failure == "" and app._running
    log = tmp_path / "crash.log"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "MadeUpError" in log.read_text() and "in broken" not in text
    assert "broken: raise MadeUpError" in log.read_text()
    assert TYPED not in log.read_text()
    await pilot.press("f9")
    await settled(pilot)
    assert "Help" in screen_text(app)
    await pilot.press("q")
    await settled(pilot)


async def test_files_that_an_update_has_exchanged_are_said_to_be_no_bug(open_broken, tmp_path, monkeypatch):
    """The log itself is imported late too: it may be what is missing."""

    def gone(*_, **__):
        raise ModuleNotFoundError("No module named 'rnn_tutor.tui.screens.hints'")

    monkeypatch.setattr(ExerciseScreen, "action_hint", gone)
    monkeypatch.setattr(paths, "_as_it_is", lambda: None)
    monkeypatch.setattr(CrashLog, "note", gone)
    async with open_broken(exercise="sequence-probability") as (app, pilot):
        await pilot.press("f2")
        await settled(pilot)
        text = " ".join(screen_text(app).split())
        assert "That did not work: rnn-tutor was updated while it ran, so end it and start it again." in text
        assert "What you typed is kept; the details could not be saved." in text
        assert app.failure == "" and app._running


async def test_a_key_of_an_exercise_fails_and_the_answer_stays(open_broken, tmp_path, monkeypatch):
    monkeypatch.setattr(ExerciseScreen, "action_hint", broken)
    async with open_broken(exercise="sequence-probability") as (app, pilot):
        await type_in(pilot, TYPED)
        await pilot.press("f2")
        await told(app, pilot, tmp_path)
        assert app.focused.value == TYPED
        await pilot.press("enter")
        await settled(pilot)
        assert app.session.log[-1].text == TYPED


@pytest.mark.parametrize("what", ["marking", "reading", "pasting", "submitting"])
async def test_what_a_line_brings_about_fails(open_broken, tmp_path, monkeypatch, what):
    async with open_broken(exercise="sequence-probability") as (app, pilot):
        await type_in(pilot, TYPED)
        if what == "marking":
            monkeypatch.setattr(app.session.exercises, "check", broken)
            await pilot.press("enter")
        elif what == "reading":
            monkeypatch.setattr(app.session.exercises, "read", broken)
            await pilot.press("1")
        elif what == "submitting":
            monkeypatch.setattr(AnswerLine, "action_submit", broken)
            await pilot.press("enter")
        else:
            app.focused.call_later(broken)
        await told(app, pilot, tmp_path)
        assert app.focused.value.startswith(TYPED)


WHO = ("app", "screen", "widget")
HOW = ("call_later", "call_next", "call_after_refresh", "set_timer", "worker", "task")
CALLBACKS = [  # each way once in `make test`, all with each of them in `make test-long`
    pytest.param(how, who, marks=() if at % len(WHO) == nth else pytest.mark.long)
    for at, how in enumerate(HOW)
    for nth, who in enumerate(WHO)
]


@pytest.mark.parametrize(("how", "who"), CALLBACKS)
async def test_a_callback_fails(open_broken, tmp_path, how, who):
    async with open_broken() as (app, pilot):
        pump = {"app": app, "screen": app.screen, "widget": app.screen.list}[who]
        if how == "worker":
            pump.run_worker(broken, thread=True)
        elif how == "set_timer":
            pump.set_timer(0.01, broken)
            await asyncio.sleep(0.05)
        elif how == "task":
            app.loop_failed(asyncio.get_running_loop(), {"exception": MadeUpError(TYPED)})
            app.call_later(broken)
        else:
            getattr(pump, how)(broken)
        await pilot.pause()
        await told(app, pilot, tmp_path)


async def test_what_waits_for_the_same_frame_is_done_all_the_same(open_broken, tmp_path):
    async with open_broken() as (app, pilot):
        done = []
        for callback in (broken, lambda: done.append(1)):
            app.screen.list.call_after_refresh(callback)
        await pilot.pause()
        await told(app, pilot, tmp_path)
        assert done == [1]


async def test_a_message_fails(open_broken, tmp_path, monkeypatch):
    async with open_broken() as (app, pilot):
        monkeypatch.setattr(app, "open_exercise", broken)
        await pilot.press("enter")
        await told(app, pilot, tmp_path)
        monkeypatch.undo()
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ExerciseScreen)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (Keys, "render"),
        (CourseList, "render_line"),
        (Static, "get_content_height"),
        (Bar, "render"),
        (CourseList, "get_content_width"),
    ],
)
async def test_a_widget_that_cannot_be_painted_leaves_the_rest(open_broken, tmp_path, monkeypatch, kind, method):
    async with open_broken() as (app, pilot):
        if method in ("get_content_height", "get_content_width"):  # of every one of its kind, that of the notice too
            monkeypatch.setattr(kind, method, broken)
            await pilot.press("p")
            await settled(pilot)
            app._exception_event.clear()
            assert "Progress" in screen_text(app)
            return
        one = app.screen.query(kind).last()
        monkeypatch.setattr(one, method, broken)
        one._layout_cache.clear()
        one.refresh(layout=True)
        await pilot.pause()
        assert "Sequence probability" in screen_text(app) or kind is CourseList
        await told(app, pilot, tmp_path)
        assert "(cannot be shown)" in screen_text(app)
        count = (tmp_path / "crash.log").read_text().count("raise MadeUpError")
        assert count == 1


@pytest.mark.parametrize("method", ["body", "on_mount", "key_items"])
async def test_a_screen_that_cannot_be_made_is_taken_away(open_broken, tmp_path, monkeypatch, method):
    monkeypatch.setattr(ProgressScreen, method, broken)
    async with open_broken() as (app, pilot):
        await pilot.press("p")
        await told(app, pilot, tmp_path)
        assert isinstance(app.screen, CourseScreen)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ExerciseScreen)


async def test_the_course_cannot_be_read_because_of_a_mistake(open_broken, tmp_path):
    async with open_broken(library=broken) as (app, pilot):
        app._exception_event.clear()
        await settled(pilot)
        assert "The course cannot be read: rnn-tutor has a bug here (MadeUpError)" in " ".join(screen_text(app).split())
        assert TYPED not in (tmp_path / "crash.log").read_text()
        assert not app.ready


async def test_a_thread_ends_on_a_mistake(open_broken, tmp_path, monkeypatch):
    async with open_broken() as (app, pilot):
        monkeypatch.setattr(threading, "excepthook", app.thread_failed)
        thread = threading.Thread(target=broken)
        thread.start()
        thread.join()
        await pilot.pause()
        await told(app, pilot, tmp_path)


def test_a_lane_goes_on():
    done, failures = threading.Event(), []

    def work(wanted):
        if wanted == "bad":
            broken()
        done.set()

    lane = Lane("lane", work, failures.append)
    lane.ask("bad")
    while lane.busy:
        pass
    lane.ask("good")
    assert done.wait(5)
    lane.stop()
    assert [type(one) for one in failures] == [MadeUpError]


async def test_the_first_screen_cannot_be_made_so_it_ends(open_app, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(CourseScreen, "body", broken)
    with pytest.raises(MadeUpError):
        async with open_app() as (_app, pilot):
            app = _app
            await pilot.pause()
    assert "rnn-tutor has crashed (MadeUpError). That is our bug." in app.failure
    assert "The answers that were checked are saved. The details are in" in app.failure
    assert app.return_code == 1
    out = capsys.readouterr()
    assert "Traceback" not in out.out + out.err and TYPED not in out.out + out.err + app.failure


async def test_one_failure_that_brings_about_the_next_without_end_ends(open_broken, tmp_path):
    async with open_broken() as (app, _):

        def again():
            app.call_later(again)
            broken()

        again_task = app.call_later(again)
        assert again_task
        while not app.failure:
            await asyncio.sleep(0.02)
        assert "has crashed" in app.failure
        assert len((tmp_path / "crash.log").read_text()) < 10_000


async def test_in_a_kiosk_no_path_is_shown(content, tmp_path):
    app = Kiosk(lambda: Library([content]), tmp_path / "progress.sqlite3", FULL, Options(kiosk=True))
    async with app.run_test(size=(100, 24)) as pilot:
        app.call_later(broken)
        await pilot.pause()
        app._exception_event.clear()
        await settled(pilot)
        text = " ".join(screen_text(app).split())
        assert "bug here (MadeUpError)" in text and "the details are in its log" in text
        assert str(tmp_path) not in text and "crash.log" not in text
        assert (tmp_path / "crash.log").exists()
        app._exception = None
