"""Placement, check and exam on the screen, and the first screen for somebody new."""

import asyncio
import shutil
import sqlite3

import pytest
from textual import events

from rnn_tutor.exercises.load import Library
from rnn_tutor.tui import keys
from rnn_tutor.tui.kiosk import Kiosk
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.question import QuestionScreen
from rnn_tutor.tui.screens.result import ResultScreen
from rnn_tutor.tui.screens.welcome import WelcomeScreen
from rnn_tutor.tui.terminal.capabilities import Options, Questions

from ..conftest import COURSE, FULL, answered, flat, screen_text, settled, stored, type_in, until

EXAM = Questions("exam", ("gates",), seed=7, minutes=30)
WELCOMES = f"""{COURSE}welcome: You need matrices.
ways:
  - {{id: short, title: The short way, about: Half of it., through: [lstm-cell]}}
"""


@pytest.fixture
def welcoming(content, tmp_path):
    """The small course, which says what one needs and has a way."""
    folder = tmp_path / "welcoming"
    shutil.copytree(content, folder)
    (folder / "course.yaml").write_text(WELCOMES, encoding="utf-8")
    return folder


async def to_question(app, pilot, exercise):
    """Go on to a question of the set."""
    for _ in app.session.sets.current.asked:
        if app.screen.visit.id == exercise:
            return
        await pilot.press("f8")
        await settled(pilot)
    raise AssertionError(exercise)


async def shown(pilot, text, *, tries=3_000):
    """Wait for a text that comes in a pause; with fewer tries, for one that is not to come."""
    for _ in range(tries):
        if text in flat(pilot.app):
            return True
        await pilot.pause(0.01)
    return False


async def press(pilot, *keys):
    await pilot.press(*keys)
    await settled(pilot)


# an exam


async def test_an_exam_says_nothing_before_the_end_and_all_of_it_then(open_app):
    async with open_app(questions=EXAM) as (app, pilot):
        assert isinstance(app.screen, QuestionScreen)
        assert "exam   question 1 of 3" in screen_text(app).splitlines()[0]
        await to_question(app, pilot, "lstm-cell")
        assert app.screen.visit.seed == 7
        for key in ("f2", "ctrl+t", "escape", "h", "u", "g", "b", "slash"):
            await press(pilot, key)
            assert isinstance(app.screen, QuestionScreen)
        assert "There is no help in an exam." in flat(app)
        await press(pilot, "enter")
        await type_in(pilot, "i * cand")
        await press(pilot, "enter")
        await press(pilot, "f7", "ctrl+r", "ctrl+l", "ctrl+g")
        await to_question(app, pilot, "lstm-cell")
        await press(pilot, "ctrl+r")
        assert "Not yet" not in flat(app) and "Right" not in flat(app)
        assert app.session.log == []
        await press(pilot, "f3")
        assert "2 questions are not answered. Press F3 again" in flat(app)
        await press(pilot, "f3")
        assert isinstance(app.screen, ResultScreen)
        assert "0 of 3 right." in flat(app)
        assert [attempt.verdict for attempt in app.session.log] == ["wrong"]
        while app.screen.list.current.entry.id != "lstm-cell":
            await press(pilot, "up" if app.screen.list.cursor else "end")
        assert "c = i * cand x Not yet." in flat(app)
        await press(pilot, "enter")
        assert type(app.screen) is ExerciseScreen
        assert "Not yet." in flat(app)
        assert app.screen.visit.seed == 7
        await press(pilot, "q", "q")
        assert isinstance(app.screen, CourseScreen)
        await press(pilot, "p")
        assert "0 of 3 right. Gates" in flat(app)


@pytest.mark.parametrize("between", [["9"], ["escape", "enter"], ["backspace"], ["left"], ["f8", "f7"], "a paste"])
async def test_an_exam_is_handed_in_only_by_the_key_right_after_the_question(open_app, between):
    async with open_app(questions=EXAM) as (app, pilot):
        await type_in(pilot, "1 2")
        for _ in range(2):  # asked anew each time
            await press(pilot, "f3")
            assert "Press F3 again" in flat(app)
            if between == "a paste":
                app.post_message(events.Paste("3"))
                await settled(pilot)
            else:
                await press(pilot, *between)
        await press(pilot, "f3")
        assert isinstance(app.screen, QuestionScreen) and not app.session.sets.current.over
        await press(pilot, "f3")
        assert app.session.sets.current.over


@pytest.mark.parametrize("sort", ["exam", "placement", "check"])
async def test_a_question_of_a_new_unit_offers_nothing_that_it_refuses(open_app, welcoming, sort):
    for unit in ("gates", "sequences"):
        (welcoming / unit / "page.yaml").write_text("format: 1\ntext: All about it.\n", "utf-8")
    async with open_app(folder=welcoming) as (app, pilot):
        app.open_set(sort, ["gates"] if sort != "placement" else [])
        await settled(pilot)
        assert isinstance(app.screen, QuestionScreen)
        assert "This unit is new" not in flat(app)
        if sort != "exam":
            return
        await press(pilot, "ctrl+o")
        app.open_exercise("lstm-cell")  # left open, it closes what helps
        await settled(pilot)
        await press(pilot, "enter")
        assert "Type an answer first." in flat(app)
        assert "This unit is new" not in flat(app) and "opens a hint" not in flat(app)


AWAY = {"q", "escape", "ctrl+o", "o", "f3", "s", "ctrl+c"}  # they leave the question, or hand in
BESIDE = {"HelpScreen", "PaletteScreen", "LookScreen", "CodeScreen", "CopiesScreen"}  # they tell nothing of an answer


async def test_no_key_helps_or_tells_before_the_end(open_app):
    """Also no key that an exercise is given later on."""
    every = {one.action: one.key for one in keys.bindings(QuestionScreen)}
    async with open_app(questions=EXAM) as (app, pilot):
        current = app.session.sets.current
        await to_question(app, pilot, "lstm-cell")
        await type_in(pilot, "i * cand")
        for key in every.values():
            if key in AWAY:
                continue
            await to_question(app, pilot, "lstm-cell")
            app.screen.set_focus(None)
            await press(pilot, key)
            if not isinstance(app.screen, QuestionScreen):
                assert type(app.screen).__name__ in BESIDE, key
                app.pop_screen()
                await settled(pilot)
            assert not current.over, key
            for asked in current.asked:
                visit = asked.visit
                told = visit is not None and (visit.verdicts or visit.run.hints or visit.run.solution)
                assert not told and (visit is None or visit.seed in (7, None)), key
        assert app.session.log == []


async def test_on_a_wide_screen_the_page_of_the_unit_does_not_stand_beside(open_app, welcoming):
    (welcoming / "gates" / "page.yaml").write_text("format: 1\ntext: A gate is between 0 and 1.\n", "utf-8")
    async with open_app((120, 40), folder=welcoming, exercise="lstm-cell") as (app, pilot):
        assert await shown(pilot, "A gate is between 0 and 1.")
    async with open_app((120, 40), folder=welcoming, questions=EXAM) as (app, pilot):
        await to_question(app, pilot, "lstm-cell")
        assert not await shown(pilot, "A gate is between 0 and 1.", tries=60)


async def test_when_the_time_is_over_what_stands_on_the_line_is_marked(open_app):
    async with open_app(questions=EXAM) as (app, pilot):
        await to_question(app, pilot, "lstm-cell")
        await type_in(pilot, "f * c_prev + i * cand")
        await press(pilot, "f2")
        assert "Time left: 30 minutes." in flat(app)
        app._alarm._callback()  # the only timer there is
        await settled(pilot)
        assert isinstance(app.screen, ResultScreen)
        assert "The time is over. What you had typed is marked." in flat(app)
        assert "1 of 3 right." in flat(app)
        assert [attempt.verdict for attempt in app.session.log] == ["right"]


async def test_one_timer_rings_once_and_nothing_ticks(open_app, monkeypatch):
    from textual.timer import Timer

    begun = []
    start = Timer._start
    monkeypatch.setattr(Timer, "_start", lambda self: begun.append(self) or start(self))
    async with open_app(questions=EXAM) as (app, pilot):
        await to_question(app, pilot, "lstm-cell")
        await press(pilot, "f8", "f7")
        (alarm,) = [timer for timer in begun if timer._interval > 60]
        assert (alarm._repeat, alarm) == (0, app._alarm)
        written = app._driver
        assert written is not None
        before = len(begun)
        await asyncio.sleep(1.2)
        assert len(begun) == before
        await press(pilot, "f3", "f3")
        assert app._alarm is None


async def test_what_is_typed_is_on_disk_in_the_next_pause(open_app, tmp_path):
    async with open_app(questions=EXAM) as (app, pilot):
        await to_question(app, pilot, "lstm-cell")
        await pilot.press("f", "asterisk", "c")

        def kept():
            with sqlite3.connect(tmp_path / "progress.sqlite3") as con:
                return con.execute("SELECT text FROM attempt WHERE verdict = 'draft' ORDER BY id").fetchall()

        await until(pilot, lambda: kept()[-1:] == [("f*c",)])  # on a busy machine there may be a pause between two keys


async def test_in_an_exam_no_key_checks_all_and_no_page_stands_beside_it(open_app, book):
    async with open_app((120, 40), folder=book, questions=Questions("exam", ("second",), seed=3)) as (app, pilot):
        await type_in(pilot, "1")
        await press(pilot, "ctrl+r")
        await pilot.pause(0.5)
        await settled(pilot)
        assert "You have answered every question." in flat(app)
        assert not app.screen.visit.verdicts and app.session.log == []
        assert "tanh" not in screen_text(app)
    async with open_app((120, 40), folder=book, exercise="three") as (app, pilot):  # its numbers are the exam's alone
        assert app.screen.visit.seed is None


async def test_leaving_an_exam_says_how_to_come_back(open_app):
    async with open_app(questions=EXAM) as (app, pilot):
        await press(pilot, "escape", "q")
        assert isinstance(app.screen, CourseScreen)
        assert "Your exam is not handed in. x goes on with it." in flat(app)
        await press(pilot, "x")
        assert isinstance(app.screen, QuestionScreen)


async def test_the_course_asks_what_an_exam_is_about(open_app):
    async with open_app() as (app, pilot):
        await press(pilot, "x")
        await type_in(pilot, " gate")
        await press(pilot, "enter")
        assert "There is no unit gate. Did you mean gates?" in flat(app)
        app.focused.value = "gates sequences"
        await press(pilot, "down")
        await type_in(pilot, "0")
        await press(pilot, "enter")
        assert "Minutes are a whole number" in flat(app)
        app.focused.value = "20"
        await press(pilot, "enter")
        assert isinstance(app.screen, QuestionScreen)
        assert app.session.sets.current.begun.minutes == 20
        assert app.session.sets.current.begun.units == ["sequences", "gates"]


# a placement


async def test_a_placement_marks_what_is_known_and_can_be_undone(open_app):
    async with open_app(questions=Questions("placement")) as (app, pilot):
        current = app.session.sets.current
        for asked in current.asked:
            assert "placement" in screen_text(app).splitlines()[0]
            if asked.unit != "gates":
                await press(pilot, "f4")
                continue
            while not asked.answered:
                part = next(part for part in asked.visit.question.parts if not asked.text(part.name))
                await type_in(pilot, str(part.expected.tolist()))
                await press(pilot, "enter")
        assert isinstance(app.screen, ResultScreen)
        assert "1 of 2 right. Known now: Gates." in flat(app)
        assert app.session.log == []
        await press(pilot, "q")
        row = next(line for line in screen_text(app).splitlines() if "- Gates" in line or "+ Gates" in line)
        assert "0/3" in row and "known" in row
        app.push_screen(ResultScreen(current))
        await settled(pilot)
        await press(pilot, "z")
        assert app.session.notes.known == {}


# a check


async def test_at_the_end_of_a_unit_its_check_is_the_next_thing(open_app, tmp_path):
    for exercise in ("wide", "debug-checklist"):
        stored(tmp_path, answered(exercise, 1, "right"))
    async with open_app(exercise="lstm-cell") as (app, pilot):
        for other in ("wide", "debug-checklist"):
            app.session.standings[other].parts = len(app.session.standings[other].right)
        await type_in(pilot, "f * c_prev + i * cand")
        await press(pilot, "enter")
        assert "The whole unit is done. Next: a check of it without hints (F8)." in flat(app)
        await press(pilot, "f8")
        assert isinstance(app.screen, QuestionScreen)
        assert "check   question 1 of 5" in screen_text(app).splitlines()[0]
        await press(pilot, *["f4"] * 5)
        assert isinstance(app.screen, ResultScreen)
        await press(pilot, "q")
        assert "check 0/5" in screen_text(app)


# the first screen


async def test_somebody_new_is_told_once_what_this_is(open_app, welcoming):
    async with open_app(folder=welcoming) as (app, pilot):
        assert isinstance(app.screen, WelcomeScreen)
        assert "You need matrices." in flat(app)
        await press(pilot, "1")
        assert isinstance(app.screen, CourseScreen)
        assert "The short way" in screen_text(app).splitlines()[0]
        assert app.screen.list.current.id == "lstm-cell"
        await press(pilot, "w", "0")
        assert app.screen.list.current.id == "sequence-probability"
        assert app.session.way is None
    async with open_app(folder=welcoming) as (app, pilot):
        assert isinstance(app.screen, CourseScreen)
        await press(pilot, "f9", "w")
        assert isinstance(app.screen, WelcomeScreen)


@pytest.mark.parametrize("key", ["enter", "escape", "q"])
async def test_it_is_left_with_each_way_out(open_app, welcoming, key):
    async with open_app(folder=welcoming) as (app, pilot):
        await press(pilot, key)
        assert isinstance(app.screen, CourseScreen)
        await press(pilot, "slash")
        assert app.screen.searching


async def test_it_does_not_stand_before_what_somebody_came_for(open_app, welcoming, tmp_path):
    async with open_app(folder=welcoming, exercise="wide") as (app, _):
        assert app.screen.visit.id == "wide"
    stored(tmp_path, answered("wide", 1))
    async with open_app(folder=welcoming) as (app, _):
        assert isinstance(app.screen, CourseScreen)


async def test_in_a_kiosk_all_of_it_is_there_and_nothing_writes_a_file(welcoming, tmp_path):
    app = Kiosk(lambda: Library([welcoming]), tmp_path / "kiosk" / "progress.sqlite3", FULL, Options(kiosk=True))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await type_in(pilot, "ada")
        await press(pilot, "enter", "enter")
        assert isinstance(app.screen, WelcomeScreen)
        await press(pilot, "p", "f3", "f3")
        assert isinstance(app.screen, ResultScreen)
        await press(pilot, "q", "x", "enter", "f3", "f3")
        assert isinstance(app.screen, ResultScreen)
        await press(pilot, "q", "k", "k", "f3", "f3", "q", "slash")
        assert isinstance(app.screen, CourseScreen)
    files = {path.name for path in (tmp_path / "kiosk").rglob("*") if path.is_file()}
    assert {name.partition(".")[2] for name in files} == {"sqlite3"}


async def test_no_page_hint_or_solution_opens_while_an_exam_is_to_be_handed_in(open_app, welcoming):
    (welcoming / "gates" / "page.yaml").write_text("format: 1\ntext: All about gates.\n", "utf-8")
    (welcoming / "glossary.yaml").write_text(
        "format: 1\nterms: [{term: gate, unit: gates, means: It opens.}]\n", "utf-8"
    )
    closed = "Pages, hints and solutions are closed until you hand in your exam. On the course, x goes on with it."
    async with open_app(size=(120, 40), folder=welcoming, questions=EXAM) as (app, pilot):
        await press(pilot, "escape")
        for open_it in (app.action_glossary, lambda: app.open_page("gates")):  # as the palette does
            open_it()
            await settled(pilot)
            assert isinstance(app.screen, QuestionScreen)
            assert "There is no help in an exam." in flat(app)
        await press(pilot, "ctrl+o")
        assert isinstance(app.screen, CourseScreen)
        await press(pilot, "u")
        assert isinstance(app.screen, CourseScreen) and closed in flat(app)
        await press(pilot, "g")
        assert isinstance(app.screen, CourseScreen)
        app.open_exercise("lstm-cell")
        await settled(pilot)
        for key in ("f2", "f3", "ctrl+l"):
            await press(pilot, key)
            assert isinstance(app.screen, ExerciseScreen) and closed in flat(app)
            app.screen.say("")
        assert (app.screen.visit.run.hints, app.screen.visit.run.solution) == (0, False)
        assert not await shown(pilot, "All about gates.", tries=60)
        app.finish_set(app.session.sets.current)
        await settled(pilot)
        app.open_page("gates")
        await settled(pilot)
        assert "All about gates." in flat(app)


async def test_a_check_of_a_unit_that_is_not_done_is_asked_about_first(open_app):
    async with open_app() as (app, pilot):
        await press(pilot, "k")
        assert isinstance(app.screen, CourseScreen)
        assert "You have done 0 of 2 exercises of Sequences. Press k again for a check of it" in flat(app)
        await press(pilot, "down", "k")
        assert isinstance(app.screen, CourseScreen)
        await press(pilot, "k")
        assert isinstance(app.screen, QuestionScreen)
        await press(pilot, "ctrl+o", "k")  # that one goes on
        assert isinstance(app.screen, QuestionScreen)
