"""A review: what is due comes back with new numbers, one after the other, and at the end it is summed up."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from rnn_tutor.progress.abilities import Ability
from rnn_tutor.progress.summary import Standing
from rnn_tutor.tui.review import how_far, this_week
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.recalled import RecalledScreen

from ..conftest import answered, flat, screen_text, settled, stored, type_in

OLD = '{"old": 1}'
TWO_DUE = (answered("lstm-cell", 100, givens=OLD), answered("task-shapes", 90, "logits", givens=OLD))


async def test_it_goes_from_one_to_the_next_with_new_numbers_and_sums_up(open_app, tmp_path):
    stored(tmp_path, *TWO_DUE)
    async with open_app() as (app, pilot):
        assert "2 due (r)" in screen_text(app)
        assert "r review" in screen_text(app).splitlines()[-1]
        assert screen_text(app).splitlines()[-1].rstrip().endswith("q quit")
        await pilot.press("r")
        await settled(pilot)
        assert app.screen.visit.id == "lstm-cell"
        assert app.screen.visit.seed is not None
        assert "review 1/2" in screen_text(app).splitlines()[0]
        await type_in(pilot, "f * c_prev + i * cand")
        await pilot.press("enter")
        await settled(pilot)
        assert "Solved, and recalled. Rated good (Ctrl+G changes it). Next in this review: Task shapes (F8)." in flat(
            app
        )
        await pilot.press("ctrl+g", "ctrl+g")
        assert "Solved. You rated it again: it comes back soon. Ctrl+G changes it. Next" in flat(app)
        await pilot.press("escape", "r")
        assert "Solved. You rated it hard: it comes back sooner." in flat(app)
        assert [one.text for one in app.session.log if one.verdict == "rated"] == ["easy", "again", "hard"]
        await pilot.press("f8")
        await settled(pilot)
        assert app.screen.visit.id == "task-shapes"
        await pilot.press("enter")
        await type_in(pilot, "(B, V)")
        await pilot.press("enter")
        app.focused.value = ""
        await type_in(pilot, "(B, T, V)")
        await pilot.press("enter")
        await settled(pilot)
        assert "with a second try or a hint" in flat(app)
        await pilot.press("f8")
        await settled(pilot)
        assert isinstance(app.screen, RecalledScreen)
        assert "0 of 2 recalled at once." in screen_text(app)
        rows = screen_text(app).splitlines()
        assert "with help" in next(row for row in rows if "LSTM cell update" in row)
        assert "with help" in next(row for row in rows if "Task shapes" in row)
        assert "Skills due next:" in flat(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, CourseScreen)
        assert "due" not in screen_text(app).splitlines()[0]


async def test_one_may_leave_it_out_and_come_back_to_it(open_app, tmp_path):
    stored(tmp_path, *TWO_DUE)
    async with open_app() as (app, pilot):
        await pilot.press("home")
        assert "LSTM cell update, Task shapes" in flat(app)
        await pilot.press("enter", "f8")
        await settled(pilot)
        assert app.screen.visit.id == "task-shapes"
        await pilot.press("escape", "q")
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        assert app.screen.visit.id == "lstm-cell"
        seed = app.screen.visit.seed
        await pilot.press("escape", "q", "r")
        await settled(pilot)
        assert app.screen.visit.seed == seed  # it goes on, it does not begin anew


async def test_what_was_typed_is_there_to_be_brought_back(open_app, tmp_path):
    stored(tmp_path, *TWO_DUE)
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f *")
        await pilot.press("escape", "q", "r")
        await settled(pilot)
        assert app.focused.value == ""
        await pilot.press("ctrl+underscore")
        assert app.focused.value == "f *"


async def test_without_anything_due_it_says_when_something_is(open_app, tmp_path):
    stored(tmp_path, answered("lstm-cell", 0, "c"))
    async with open_app() as (app, pilot):
        await pilot.press("r")
        await settled(pilot)
        assert isinstance(app.screen, CourseScreen)
        assert "Nothing is due today. Skills due next: 1 on" in flat(app)


async def test_outside_the_review_an_exercise_goes_on_in_the_course(open_app, tmp_path):
    stored(tmp_path, *TWO_DUE)
    async with open_app() as (app, pilot):
        await pilot.press("r", "escape", "q")
        await settled(pilot)
        app.open_exercise("sequence-probability")
        await settled(pilot)
        await pilot.press("f8")
        await settled(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        assert app.session.following("sequence-probability").kind == "exercise"


async def test_it_can_be_begun_from_the_command_line(content, tmp_path):
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.tui.app import Tutor
    from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal

    stored(tmp_path, *TWO_DUE)
    wanted = Options(review=True)
    app = Tutor(lambda: Library([content]), tmp_path / "progress.sqlite3", Terminal(colours=TRUECOLOUR), wanted)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert app.screen.visit.id == "lstm-cell"


async def test_progress_says_what_is_shaky_and_what_trains_it(open_app, tmp_path):
    stored(tmp_path, *TWO_DUE, answered("sequence-probability", 0, "p", parts=2))
    async with open_app() as (app, pilot):
        await pilot.press("p")
        await settled(pilot)
        assert "This week: 1 exercise." in flat(app)
        assert "Shaky: 2 of 2 skills" in flat(app)
        assert "Gates: forward step: done, recalled at" in flat(app)
        assert "Train it with LSTM cell update" in flat(app)


def skill(**more):
    about = {
        "skill": "shape",
        "state": "done",
        "recall": 1.0,
        "due": None,
        "again": False,
        "exercises": (),
        "train": "",
    }
    return Ability(**{**about, **more})


@pytest.mark.parametrize(
    ("ability", "says"),
    [
        (skill(), "done, recalled at 100%"),
        (skill(again=True), "done, but not recalled the last time"),
        (skill(state="begun", again=True), "begun, not right yet"),
        (skill(recall=0.61), "done, recalled at 61%"),
    ],
)
def test_a_skill_that_is_shaky_says_why(ability, says):
    assert how_far(ability) == says


def test_labs_of_this_week_are_no_exercises():
    now = datetime.now(UTC)
    standings = [Standing(name, 1, counted_at=now) for name in ("one", "two", "play")]
    reviews = SimpleNamespace(coming=lambda: [])
    assert this_week(standings, {"play"}, reviews) == "This week: 2 exercises and 1 lab."
    assert this_week(standings[2:], {"play"}, reviews) == "This week: 1 lab."
    assert this_week([], {"play"}, reviews) == ""


async def test_what_is_due_is_worked_out_once_for_all_that_tells_of_it(open_app, tmp_path, monkeypatch):
    from rnn_tutor.progress import review

    runs, reviews = [], review.reviews
    monkeypatch.setattr(review, "reviews", lambda *given: runs.append(1) or reviews(*given))
    stored(tmp_path, *TWO_DUE)
    async with open_app() as (app, pilot):
        await pilot.press("p")
        await settled(pilot)
        await pilot.resize_terminal(100, 30)
        await settled(pilot)
        assert "Shaky: 2 of 2 skills" in flat(app)
        assert len(runs) == 1


async def test_a_review_that_was_summed_up_is_over(open_app, tmp_path):
    stored(tmp_path, TWO_DUE[0])
    async with open_app() as (app, pilot):
        await pilot.press("r")
        await type_in(pilot, "f * c_prev + i * cand")
        await pilot.press("enter", "f8")
        await settled(pilot)
        assert isinstance(app.screen, RecalledScreen)
        await pilot.press("enter")
        app.open_exercise("lstm-cell")
        await settled(pilot)
        assert "level 1" in screen_text(app).splitlines()[0]
        assert app.session.following("lstm-cell").kind == "exercise"
