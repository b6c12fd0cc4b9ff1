"""What is made ready while nothing happens: it is there when it is opened, and nothing of it counts before that."""

import asyncio
import gc
import shutil
import weakref
from contextlib import asynccontextmanager

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.progress.store import Store
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.pauses import REST
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.terminal import unseen
from rnn_tutor.tui.terminal.capabilities import Options
from rnn_tutor.tui.terminal.screen import TerminalScreen
from tests.exercises.labs_for_tests import course_with_lab

from .conftest import FULL, burst, course_read, flat, screen_text, settled, type_in, until


async def made_ready(app, pilot, exercise):
    """Rest until an exercise is ready; a screen that is not shown."""
    for _ in range(300):
        made = app._beforehand._made
        if made is not None and made.name == exercise and not app.pauses.busy:
            return made.screen
        await pilot.pause(0.02)
    raise AssertionError(f"{exercise} was not made ready")


@pytest.fixture
def ready(open_app, content, tmp_path):
    """The app with the first exercise of the course made ready, under the cursor."""

    def opened(**options):
        folder = tmp_path / "content"
        shutil.copytree(content, folder)
        return open_app(folder=folder, **options)

    return opened


async def rested(app, pilot):
    await pilot.press("down", "up")
    return await made_ready(app, pilot, "sequence-probability")


async def test_what_is_under_the_cursor_is_ready_when_it_has_rested(ready):
    async with ready() as (app, pilot):
        assert app._beforehand._made is None, "nothing was pressed yet"
        screen = await rested(app, pilot)
        assert not screen.is_current
        assert "sequence-probability" not in app.session.exercises.visits
        await burst(pilot, "enter")
        assert app.screen is screen
        assert app.session.exercises.visits["sequence-probability"] is screen.visit
        assert "probability of each token" in screen_text(app)


async def test_it_looks_as_when_it_is_opened_at_once(ready, tmp_path):
    async with ready(size=(120, 40)) as (app, pilot):
        await rested(app, pilot)
        await burst(pilot, "enter")
        text, focused = screen_text(app), app.focused.part
        await burst(pilot, "escape", "escape")
        app._beforehand.take("none", typing=True)
        app.session.exercises.visits.clear()
        app.open_exercise("sequence-probability")
        await settled(pilot)
        assert screen_text(app) == text
        assert app.focused.part == focused


async def test_there_is_one_screen_whatever_one_walks_over(ready):
    async with ready() as (app, pilot):
        await rested(app, pilot)
        widgets = len(app._registry)
        for key, exercise in (("down", "task-shapes"), ("up", "sequence-probability")) * 2:
            await pilot.press(key)
            await made_ready(app, pilot, exercise)
        assert len(app._registry) == pytest.approx(widgets, abs=8)
        assert sum(isinstance(one, ExerciseScreen) for one in app._registry) == 1


async def test_what_is_not_opened_leaves_nothing(ready, tmp_path):
    path = tmp_path / "store.sqlite3"
    async with ready(store=path) as (app, pilot):
        await rested(app, pilot)
        await pilot.press("down")
        await made_ready(app, pilot, "task-shapes")
        assert not app.session.exercises.visits
    assert list(Store.open(path).kept()) == []


async def test_time_counts_from_the_opening(ready, monkeypatch):
    async with ready() as (app, pilot):
        screen = await rested(app, pilot)
        began = screen.visit.run.since
        await asyncio.sleep(0.3)
        await burst(pilot, "enter")
        assert screen.visit.run.since >= began + 0.3


async def test_a_file_that_changed_meanwhile_is_read_anew(ready, tmp_path):
    async with ready() as (app, pilot):
        await rested(app, pilot)
        path = tmp_path / "content" / "sequences" / "sequence-probability.yaml"
        path.write_text(path.read_text("utf-8").replace("Each token", "Every small token"), "utf-8")
        await burst(pilot, "enter")
        assert "Every small token" in flat(app)
        assert app.session.library.hash("sequence-probability") != ""
        await burst(pilot, "escape", "escape")
        path.write_text(path.read_text("utf-8").replace("Every small", "No"), "utf-8")
        await burst(pilot, "enter")
        assert "Every small token" in flat(app), "what was opened stays as it was read"


async def test_a_file_that_is_broken_or_gone_meanwhile_is_told_as_ever(ready, tmp_path):
    async with ready() as (app, pilot):
        await rested(app, pilot)
        path = tmp_path / "content" / "sequences" / "sequence-probability.yaml"
        whole = path.read_text("utf-8")
        path.write_text("format: 1\nid: [", "utf-8")
        await burst(pilot, "enter")
        assert "unreadable" in screen_text(app)
        assert app.session.unreadable("sequence-probability")
        assert whole


async def test_a_broken_file_is_marked_when_it_is_opened_and_not_before(ready, tmp_path):
    async with ready() as (app, pilot):
        path = tmp_path / "content" / "sequences" / "task-shapes.yaml"
        path.write_text(path.read_text("utf-8").replace("(B, T, V)", "B @ nothing"), "utf-8")
        await rested(app, pilot)
        await pilot.press("down")
        await pilot.pause(0.4)
        assert not app.session.unreadable("task-shapes")
        assert not app.session.library.findings
        await burst(pilot, "enter")
        assert app.session.unreadable("task-shapes")


@pytest.mark.parametrize("size", [(60, 20), (130, 45)])
async def test_another_size_meanwhile_has_it_made_for_that(ready, size):
    async with ready(size=(80, 24)) as (app, pilot):
        old = await rested(app, pilot)
        await pilot.resize_terminal(*size)
        await burst(pilot, "enter")
        assert app.screen is not old
        assert app.screen.size == size
        assert "probability of each token" in flat(app)


async def test_a_draft_of_an_earlier_sitting_is_there_and_said(ready, tmp_path):
    path = tmp_path / "store.sqlite3"
    async with ready(store=path) as (app, pilot):
        app.open_exercise("sequence-probability")
        await settled(pilot)
        await type_in(pilot, "0.8 * 0.6")
    kept = list(Store.open(path).kept())
    shutil.rmtree(tmp_path / "content")
    async with ready(store=path) as (app, pilot):
        await rested(app, pilot)
        await burst(pilot, "enter")
        assert app.screen.boxes[0].text == "0.8 * 0.6"
        assert "not checked yet" in flat(app)
    assert list(Store.open(path).kept()) == kept


async def test_what_another_tutor_stores_meanwhile_is_kept(ready, tmp_path):
    path = tmp_path / "store.sqlite3"
    async with ready(store=path) as (app, pilot):
        async with open_other(path, tmp_path) as (other, second):
            other.open_exercise("sequence-probability")
            await settled(second)
            await type_in(second, "0.24")
            await rested(app, pilot)
            await burst(second, "enter")
        await burst(pilot, "enter")
        await type_in(pilot, "0.5")
        await burst(pilot, "enter")
    assert [one.text for one in Store.open(path).attempts()] == ["0.24", "0.5"]


@asynccontextmanager
async def open_other(path, tmp_path):
    app = Tutor(lambda: Library([tmp_path / "content"]), path, FULL, Options())
    async with app.run_test(size=(80, 24)) as pilot:
        await course_read(pilot)
        await settled(pilot)
        yield app, pilot


async def test_after_a_verdict_the_following_exercise_is_made_ready(ready):
    async with ready() as (app, pilot):
        app.open_exercise("sequence-probability")
        await settled(pilot)
        for answer in ("0.24", "log(0.24)"):
            await type_in(pilot, answer)
            await burst(pilot, "enter")
        assert app.screen.visit.solved
        screen = await made_ready(app, pilot, "task-shapes")
        await burst(pilot, "f8")
        assert app.screen is screen
        assert app.focused is screen.boxes[0].entry
        assert sum(isinstance(one, ExerciseScreen) for one in app.screen_stack) == 1


async def test_a_letter_opens_it_without_a_line(ready):
    async with ready() as (app, pilot):
        await rested(app, pilot)
        app.open_exercise("sequence-probability", typing=False)
        await settled(pilot)
        assert app.focused is None
        assert app.last_opened == "sequence-probability"


async def test_it_is_opened_while_it_is_being_made(ready, monkeypatch):
    begun = asyncio.Event()

    async def slow(screen, app, goes_on):
        app._get_screen(screen)
        begun.set()

    async with ready() as (app, pilot):
        await rested(app, pilot)
        monkeypatch.setattr(unseen, "lay_out", slow)
        await pilot.press("down")
        await asyncio.wait_for(begun.wait(), 5)
        await burst(pilot, "enter")
        assert app.screen.visit.id == "task-shapes"
        assert "one score" not in flat(app)
        assert app.focused is app.screen.boxes[0].entry


async def test_who_walks_on_while_it_is_being_made_does_not_wait_for_the_rest_of_it(ready, monkeypatch):
    drawn, on_the_way = [], asyncio.Event()
    lay_out = TerminalScreen._refresh_layout

    def noted(self, *args, **named):
        drawn.append(self)
        lay_out(self, *args, **named)

    async def given_way():
        on_the_way.set()
        await asyncio.sleep(0.05)

    async with ready() as (app, pilot):
        await rested(app, pilot)
        monkeypatch.setattr(TerminalScreen, "_refresh_layout", noted)
        monkeypatch.setattr(app.pauses, "give_way", given_way)
        await pilot.press("down")
        await asyncio.wait_for(on_the_way.wait(), 5)
        app.expect(None)
        await until(pilot, lambda: not app.pauses.busy)
        assert not any(isinstance(screen, ExerciseScreen) for screen in drawn)
        assert app._beforehand._made is None


async def test_without_the_parts_that_it_needs_everything_opens_as_ever(ready, monkeypatch):
    monkeypatch.setattr(unseen, "can_be_unseen", lambda *_: False)
    async with ready() as (app, pilot):
        await pilot.press("down", "up")
        await pilot.pause(0.5)
        assert app._beforehand._made is None
        await burst(pilot, "enter")
        assert "probability of each token" in screen_text(app)


async def test_the_mistakes_of_an_open_exercise_are_computed_in_the_next_pause_and_not_before(ready, monkeypatch):
    from rnn_tutor.exercises.diagnosis import search

    searched = []
    made = search.Search.__init__

    def noted(self, question, part):
        searched.append(part.name)
        made(self, question, part)

    monkeypatch.setattr(search.Search, "__init__", noted)
    async with ready() as (app, pilot):
        await rested(app, pilot)
        assert searched == []  # what is only made ready may never be opened
        await burst(pilot, "enter")
        parts = [part.name for part in app.screen.visit.question.parts]
        await until(pilot, lambda: len(searched) == len(parts))
        assert searched == parts
        await type_in(pilot, "0.123")
        await burst(pilot, "enter")
        assert searched == parts  # nothing is left for the first wrong answer


async def test_while_one_types_to_search_nothing_is_made_between_two_keys(open_app):
    async with open_app() as (app, pilot):
        await pilot.press("slash")
        app.pauses.stop()  # so that what is planned can be looked at
        await pilot.press("u")
        assert app.screen.list.current.kind == "exercise"
        assert app.pauses._planned["exercise"].rest > 2 * REST
        await pilot.press("backspace")
        await type_in(pilot, "sequence-probability")
        assert app.pauses._planned["exercise"].rest == REST  # it is found: no other key of a word is waited for
        await pilot.press("escape", "down", "up")
        assert app.pauses._planned["exercise"].rest > 2 * REST  # who walks on does not wait for it


@pytest.fixture
def with_lab(open_app, tmp_path):
    """The app with a course that has a lab, all imported, as after an exercise."""

    @asynccontextmanager
    async def opened(**options):
        async with open_app(folder=course_with_lab(tmp_path / "content"), **options) as (app, pilot):
            await pilot.press("down", "up")
            app.wait_to_mark()
            yield app, pilot

    return opened


async def to_the_lab(app, pilot):
    await pilot.press("home", "end")
    row = app.screen.list.current
    assert row.kind == "lab"
    return row.id


async def test_a_lab_under_the_cursor_is_ready_when_it_has_rested(with_lab):
    async with with_lab(size=(120, 40)) as (app, pilot):
        lab = await to_the_lab(app, pilot)
        screen = await made_ready(app, pilot, lab)
        assert lab not in app.session.labs.visits
        await burst(pilot, "enter")
        assert app.screen is screen
        assert app.session.labs.visits[lab] is screen.visit
        text = screen_text(app)
        assert app.session.labs.figures(screen.visit)
        await burst(pilot, "escape")
        app._beforehand.take("none")
        app.session.labs.visits.clear()
        app.open_lab(lab)
        await settled(pilot)
        assert app.screen is not screen
        assert screen_text(app) == text


async def test_a_lab_that_is_not_opened_leaves_nothing(with_lab, tmp_path):
    path = tmp_path / "store.sqlite3"
    async with with_lab(store=path) as (app, pilot):
        await made_ready(app, pilot, await to_the_lab(app, pilot))
        await pilot.press("up")
        await until(pilot, lambda: not app.pauses.busy)
        assert not app.session.labs.visits
    assert list(Store.open(path).kept()) == []


async def test_a_lab_whose_file_changed_meanwhile_is_read_anew(with_lab, tmp_path):
    async with with_lab() as (app, pilot):
        lab = await to_the_lab(app, pilot)
        screen = await made_ready(app, pilot, lab)
        (path,) = (tmp_path / "content").glob(f"*/labs/{lab}.yaml")
        path.write_text(path.read_text("utf-8").replace("title: ", "title: New ", 1), "utf-8")
        await burst(pilot, "enter")
        await settled(pilot)
        assert app.screen is not screen
        assert app.screen.visit.source.title.startswith("New ")


async def test_for_a_lab_nothing_is_imported_while_the_cursor_rests(with_lab, monkeypatch):
    async with with_lab() as (app, pilot):
        monkeypatch.setattr(type(app._warm), "done", False)
        await to_the_lab(app, pilot)
        await until(pilot, lambda: not app.pauses.busy)
        assert app._beforehand._made is None


async def test_a_screen_that_is_left_is_gone(open_app):
    """What is imported while the first exercise is open is no reason to keep its screen for good."""
    async with open_app() as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: app._warm.done and not app.pauses.busy)
        screen = weakref.ref(app.screen)
        assert isinstance(screen(), ExerciseScreen)
        await burst(pilot, "escape", "escape")
        app.pauses.stop()  # what is planned knows it
        await settled(pilot)
        gc.collect()
        assert screen() is None
