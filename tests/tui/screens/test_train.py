"""A lab that trains under the keys: updates in slices, what stops them, a guess that is judged when they are made."""

import asyncio

import pytest

from rnn_tutor.engine.training import limits
from rnn_tutor.progress.attempt import DRAFT
from rnn_tutor.tui.screens.lab import LabScreen
from rnn_tutor.tui.screens.train import TrainScreen
from tests.exercises.labs_for_tests import course_that_trains

from ..conftest import flat, settled, type_in
from .conftest import rows


@pytest.fixture
def folder(tmp_path):
    return course_that_trains(tmp_path / "content")


async def until(pilot, holds):
    """Wait, while the loop goes on, for what comes of updates."""
    for _ in range(2000):
        if holds():
            await settled(pilot)
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


def updates(app):
    return app.screen.labs.run(app.screen.visit).updates


async def test_a_press_makes_its_updates_and_then_nothing_is_left_to_do(open_lab):
    async with open_lab("learn") as (app, pilot):
        assert isinstance(app.screen, TrainScreen)
        assert "t T train" in flat(app)
        await pilot.press("t")
        await until(pilot, lambda: updates(app) == 100)
        assert app.screen._figures[0].items[0].values.shape == (101,)
        assert "updates 100" in flat(app)
        assert "training:" not in flat(app)
        assert "train" not in app.pauses._planned
        await pilot.press("t", "t")  # the second is added to the first
        await until(pilot, lambda: updates(app) == 300)


async def test_a_long_press_shows_how_far_it_is_and_escape_stops_it(open_lab, monkeypatch):
    monkeypatch.setattr("rnn_tutor.tui.screens.train._SLICE", 0.0)  # an update at a time
    async with open_lab("learn") as (app, pilot):
        await pilot.press("T")
        await until(pilot, lambda: 0 < updates(app) < 900)
        assert "of 1,000 updates" in flat(app)
        assert "Esc stop" in flat(app)
        await pilot.press("escape")
        there = updates(app)
        await settled(pilot)
        assert isinstance(app.screen, LabScreen)
        assert updates(app) == there < 1000
        assert "training:" not in flat(app)
        await pilot.press("a")
        assert updates(app) == 0


async def test_the_bar_tells_of_the_first_updates_before_any_picture(open_lab, monkeypatch):
    done: list[tuple[str, int]] = []

    def noted(name):
        real = getattr(TrainScreen, name)

        def method(self):
            done.append((name, self.labs.run(self.visit).updates))
            real(self)

        monkeypatch.setattr(TrainScreen, name, method)

    async with open_lab("learn") as (app, pilot):
        noted("_look")
        noted("_tell")
        await pilot.press("t")
        await until(pilot, lambda: updates(app) == 100)
    first_updates = [name for name, made in done if made]
    assert done[0] == ("_tell", 0)
    assert first_updates[0] == "_tell"
    assert "_look" in first_updates


async def test_many_controls_stand_in_two_columns_on_a_low_screen(open_lab, folder):
    lab = folder / "memory" / "labs" / "learn.yaml"
    some = "".join(f'  - {{name: c{n}, means: number {n}, choices: ["1", "2"], start: "1"}}\n' for n in range(3))
    wide = '  - {name: rate, means: the rate, choices: ["0.0001", "0.001", "0.01", "0.1", "0.5", "1"], start: "0.1"}\n'
    text = lab.read_text(encoding="utf-8").replace("train:", f"{some}{wide}train:")
    text = text.replace('rate: "0.03"', "rate: rate").replace("-10:]", "-10:] * c0 * c1 * c2")
    lab.write_text(text, encoding="utf-8")
    async with open_lab("learn", size=(80, 24)) as (app, pilot):
        shown = app.screen.dials.render().plain.splitlines()
        assert len(shown) == app.screen.dials.size.height == 5
        assert shown[0].startswith("> task") and "  c1     [1] 2" in shown[0]
        assert shown[-1].strip() == "the task"
        await pilot.press("up", *["down"] * 6)
        shown = app.screen.dials.render().plain.splitlines()
        assert "> rate   [0.1] 4 of 6" in shown[2]
        assert shown[-1].strip() == "the rate   0.0001  0.001  0.01 [0.1] 0.5  1"
        await pilot.resize_terminal(80, 40)
        await settled(pilot)
        assert app.screen.dials.size.height == 7


async def test_a_control_that_moves_stops_it_and_finds_its_own_network(open_lab, monkeypatch):
    monkeypatch.setattr("rnn_tutor.tui.screens.train._SLICE", 0.0)
    async with open_lab("learn") as (app, pilot):
        await pilot.press("T")
        await until(pilot, lambda: updates(app) > 5)
        await pilot.press("left")
        assert updates(app) == 0
        await settled(pilot)
        assert updates(app) == 0
        await pilot.press("right")
        assert updates(app) > 5


async def test_what_is_not_seen_is_not_trained(open_lab, monkeypatch):
    monkeypatch.setattr("rnn_tutor.tui.screens.train._SLICE", 0.0)
    async with open_lab("learn") as (app, pilot):
        screen = app.screen
        await pilot.press("T")
        await until(pilot, lambda: updates(app) > 3)
        await pilot.press("question_mark")
        await until(pilot, lambda: not screen._goal)
        there = screen.labs.run(screen.visit).updates
        await asyncio.sleep(0.05)
        assert screen.labs.run(screen.visit).updates == there < 1000


async def test_a_guess_is_judged_when_its_updates_are_made(open_lab, tmp_path):
    async with open_lab("learn") as (app, pilot):
        await pilot.press("tab")
        await type_in(pilot, "1")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.visit.outcomes)
        assert updates(app) == 60
        assert app.screen.visit.settings["units"] == 2
        (row,) = (one for one in rows(tmp_path) if one["verdict"] != DRAFT)  # how the lab is left is a row, too
        assert (row["part"], row["solution"]) == ("predict-1", 0)  # it was not seen first
        assert "Predict 1 of 2" in flat(app)
        assert "One step back is enough." in flat(app)


async def test_a_guess_that_is_stopped_is_open_again(open_lab, tmp_path):
    async with open_lab("learn") as (app, pilot):
        await pilot.press("tab")
        await type_in(pilot, "1")
        app.screen.tutor.later = lambda *_, **__: None  # nothing goes on but by itself
        await pilot.press("enter")
        app.screen._slice()
        assert (updates(app), app.screen.visit.judging) == (1, 0)
        await pilot.press("escape")
        del app.screen.tutor.later
        assert not app.screen.visit.outcomes
        assert not rows(tmp_path)
        await pilot.press("enter")
        assert app.screen.guess.line.value == "1"
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.visit.outcomes)
        assert updates(app) == 60


async def test_what_ends_by_itself_is_told(open_lab, monkeypatch):
    monkeypatch.setattr("rnn_tutor.engine.training.run.MOST_UPDATES", 30)
    async with open_lab("learn") as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: updates(app) == 30 and not app.screen._goal)
        assert "A run has at most 30 updates." in flat(app)
        await pilot.press("t")
        assert "a starts again." in flat(app)


def test_the_long_key_is_as_long_as_the_help_says():
    assert limits.PRESSES == 10
