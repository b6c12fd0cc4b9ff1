"""A class that was joined, on screens: what is sent to whom is told first, and nothing is sent before a yes."""

import time

import pytest
from textual import events

from rnn_tutor.exercises.load import Library
from rnn_tutor.progress.erasing import erase_by_uid
from rnn_tutor.progress.server.joined import Joined, joined
from rnn_tutor.progress.server.membership import Membership, keep
from rnn_tutor.progress.store import Store
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.kiosk import Kiosk
from rnn_tutor.tui.screens.class_server import ClassServerScreen
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.session import Session
from rnn_tutor.tui.terminal.capabilities import Options

from ..progress.fake_server import FakeServer
from .conftest import FULL, flat, settled, type_in

ROOT = "-----BEGIN CERTIFICATE-----"


@pytest.fixture
def server(monkeypatch):
    one = FakeServer()
    monkeypatch.setattr(Joined, "connect", lambda _self: one.connect())
    return one


def joined_at(folder, kind="learner", name="ada"):
    progress = folder / "progress.sqlite3"
    keep(progress, Membership(kind, "lstm", name, f"lstm.{name}", "db.example.org", 5432, ROOT, "secret"))
    return progress


def app_on(content, progress, kind=Tutor, **options):
    return kind(lambda: Library([content]), progress, FULL, Options(**options))


def until(what):
    end = time.monotonic() + 20
    while not what():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.01)


async def answer(pilot, app, text):
    app.open_exercise("lstm-cell")
    await settled(pilot)
    await type_in(pilot, text)
    await pilot.press("enter")
    await settled(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_is_sent_is_told_before_anything_is(content, tmp_path, server, size):
    progress = joined_at(tmp_path)
    app = app_on(content, progress)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, ClassServerScreen)
        text = flat(app)
        for sentence in (
            "Your class is lstm. Your answers are sent to its class server on db.example.org.",
            "Your lecturer sees them under the id ada",
            "what you typed, and the lines of the scratchpad that your answer uses",
            "What you typed and did not check",
            "nothing is sent. You can change your answer in the settings.",
        ):
            assert sentence in text
        await pilot.press("enter")  # typed ahead: neither a yes nor a no
        assert isinstance(app.screen, ClassServerScreen)
        assert "y says yes, n says no." in flat(app)
        await pilot.press("q")
        await settled(pilot)
        await answer(pilot, app, "[7 7]")
    assert server.commands == 0


async def test_after_a_yes_what_is_saved_is_sent(content, tmp_path, server):
    progress = joined_at(tmp_path)
    app = app_on(content, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert isinstance(app.screen, CourseScreen)
        await answer(pilot, app, "[7 7]")
        until(lambda: server.texts == ["[7 7]"])
        app.action_progress()
        await settled(pilot)
        assert "All answers are sent to the class server." in flat(app)
    again = app_on(content, progress)
    async with again.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(again.screen, CourseScreen)  # asked once


async def test_a_no_is_kept_and_can_be_changed_in_the_settings(content, tmp_path, server):
    progress = joined_at(tmp_path)
    app = app_on(content, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        await answer(pilot, app, "[7 7]")
        await pilot.press("escape")
        app.action_settings()
        await settled(pilot)
        await pilot.press(*["down"] * len(app.settings.there))
        assert "Your answers are not sent to your class: you said no." in flat(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "You said no." in flat(app)
        assert server.commands == 0
        await pilot.press("y")
        until(lambda: server.texts == ["[7 7]"])
        await settled(pilot)
        assert "class yes Whether" in flat(app)


async def test_what_is_typed_into_a_named_exercise_is_no_answer_to_the_question(content, tmp_path, server, monkeypatch):
    """Neither what was typed ahead of it nor what is typed later: it is asked on the course."""
    progress = joined_at(tmp_path)
    app = app_on(content, progress, exercise="lstm-cell")
    begin = Tutor._begin

    def typed_first(app):
        app.post_message(events.Key("y", "y"))
        app.call_later(begin, app)

    monkeypatch.setattr(Tutor, "_begin", typed_first)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("y", "n")
        assert app.screen.boxes[0].entry.value == "yyn"
        assert joined(progress).agreed is None
        for front, key in ((ClassServerScreen, "q"), (CourseScreen, "enter")):  # it is asked once
            await pilot.press("escape", "escape")
            await settled(pilot)
            assert isinstance(app.screen, front)
            await pilot.press(key)
            await settled(pilot)
    assert server.commands == 0


@pytest.mark.parametrize("came", [{"exercise": "nobody"}, {"review": True}])
async def test_where_nothing_is_opened_the_class_is_asked_of_at_once(content, tmp_path, server, came):
    app = app_on(content, joined_at(tmp_path), **came)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, ClassServerScreen)


async def test_a_server_that_is_away_is_one_quiet_word(content, tmp_path, server):
    server.away = True
    progress = joined_at(tmp_path)
    Joined(progress, Membership("learner", "lstm", "ada", "lstm.ada", "db.example.org", 5432, ROOT)).answer(send=True)
    app = app_on(content, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await answer(pilot, app, "[7 7]")
        assert "server" not in flat(app)
        until(lambda: server.commands)
        app.action_progress()
        await settled(pilot)
        until(lambda: "cannot be reached" in app.sending.state())
        assert app.sending.state() == "1 answer not sent yet: the class's server cannot be reached."


async def test_each_learner_of_a_kiosk_is_asked(content, tmp_path, server):
    progress = joined_at(tmp_path, "host", "lab-1")
    app = app_on(content, progress, Kiosk, kiosk=True, learner="bob")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text = flat(app)
        assert "This account belongs to lstm." in text
        assert "under the id bob" in text
        assert "rnn-tutor forget" not in text
        await pilot.press("y")
        await settled(pilot)
        await answer(pilot, app, "[7 7]")
        until(lambda: server.texts == ["[7 7]"])
    assert (tmp_path / "learners" / "bob" / "class-consent.json").exists()
    assert [one.text for one in Store.open(tmp_path / "learners" / "bob" / "progress.sqlite3").attempts()] == ["[7 7]"]


async def test_an_open_course_shows_what_was_forgotten_on_another_machine(content, tmp_path, server):
    progress = joined_at(tmp_path)
    joined(progress).answer(send=True)
    app = app_on(content, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await answer(pilot, app, "[0.95 0]")
        until(lambda: server.texts)
        server.gone |= server.events.keys()
    again = app_on(content, progress)
    async with again.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        end = time.monotonic() + 20
        while again.session.standings or "0 of" not in flat(again):
            assert time.monotonic() < end, flat(again)
            await pilot.pause(0.05)
    assert list(Store.open(progress).kept()) == []


async def test_what_is_forgotten_while_the_course_is_being_read_is_gone_from_it(content, tmp_path, monkeypatch):
    progress = tmp_path / "progress.sqlite3"
    app = app_on(content, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await answer(pilot, app, "[0.95 0]")
    again = app_on(content, progress)
    read, times = Session.read_past, []

    def read_then_forgotten(session):
        past = read(session)
        times.append(past)
        if len(times) == 1:
            assert erase_by_uid(progress, {row.uid for row in Store.open(progress).kept()})
            again._erased()
        return past

    monkeypatch.setattr(Session, "read_past", read_then_forgotten)
    async with again.run_test(size=(80, 24)) as pilot:
        end = time.monotonic() + 20
        while len(times) < 2 or not again.session.past_is_read:
            assert time.monotonic() < end, "it is not read again"
            await pilot.pause(0.02)
        await settled(pilot)
        assert not again.session.standings
        assert "0 of" in flat(again)


async def test_a_membership_that_cannot_be_read_is_told_and_harms_nothing(content, tmp_path, server):
    progress = tmp_path / "progress.sqlite3"
    (tmp_path / "class.json").write_text("{")
    (tmp_path / "class.json").chmod(0o600)
    app = app_on(content, progress)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.action_progress()
        await settled(pilot)
        assert "membership: name the file" in flat(app)
