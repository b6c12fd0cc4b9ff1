"""An assignment on screens: who is there, what is due, tries, practice."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from rnn_tutor.exercises.assignment import seed_of
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder
from rnn_tutor.progress.clock import passed_in
from rnn_tutor.progress.learner import kept_id
from rnn_tutor.tui.assigned import AssignedTutor
from rnn_tutor.tui.kiosk import Kiosk
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.solution import SolutionScreen
from rnn_tutor.tui.terminal.capabilities import Options

from .conftest import FULL, flat, screen_text, settled, type_in

TEXT = """\
format: 1
id: week-3
title: Gates by hand
exercises: [lstm-cell, task-shapes]
tries: 1
until: 2099-12-11T23:59+01:00
"""


def app_on(content: Path, folder: Path, kind=AssignedTutor, text=TEXT, **options):
    file = folder / "assignment.yaml"
    file.write_text(text, "utf-8")
    wanted = Options(assignment=file, **options)
    return kind(lambda: Library([content]), folder / "progress.sqlite3", FULL, wanted)


async def test_from_the_id_to_the_solution(content, tmp_path):
    app = app_on(content, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Under which id do you work in this class?" in flat(app)
        await type_in(pilot, "../x")
        await pilot.press("enter")
        assert "An id has 1 to 32 letters" in flat(app)
        app.focused.value = "Ada"
        await pilot.press("enter")
        await settled(pilot)
        text = flat(app)
        assert "Gates by han" in text
        assert "0 of 2 done, 0 of 2 points" in text
        assert "LSTM cell update" in text
        assert "Sequence probability" not in text
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.visit.seed == seed_of("ada", "week-3", "lstm-cell")
        assert "1 try left" in flat(app)
        await pilot.press("f3")
        assert "The solution opens once each part is right" in flat(app)
        await type_in(pilot, "[7 7]")
        await pilot.press("enter")
        await settled(pilot)
        assert "No try left. The solution opens now." in flat(app)
        await pilot.press("enter")
        assert "You have used your only try. With" in flat(app)
        await pilot.press("escape", "n")
        await settled(pilot)
        assert "practice" in screen_text(app).splitlines()[0]
        await pilot.press("b")
        await settled(pilot)
        assert "your own numbers" in screen_text(app).splitlines()[0]
        await pilot.press("f3")
        await settled(pilot)
        assert isinstance(app.screen, SolutionScreen)
    assert (tmp_path / "learner").read_text("utf-8") == "ada\n"
    assert (tmp_path / "learner").stat().st_mode & 0o777 == 0o600


async def test_the_id_that_is_named_on_opening_is_kept_if_none_is(content, tmp_path):
    for named, kept in (("Zed", "zed"), ("ada", "zed"), (None, "zed")):
        app = app_on(content, tmp_path, learner=named)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            assert app.learner == (named or kept).lower()
        assert kept_id(tmp_path / "progress.sqlite3") == kept


async def test_in_a_kiosk_each_learner_has_work_of_their_own(content, tmp_path):
    app = app_on(content, tmp_path, Kiosk, kiosk=True, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "0 of 2 done" in flat(app)
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen.visit.seed == seed_of("ada", "week-3", "lstm-cell")
        await type_in(pilot, "[7 7]")
        await pilot.press("enter")
        await settled(pilot)
    assert (tmp_path / "learners/ada/assignments/week-3/ada/progress.sqlite3").exists()


async def test_an_assignment_that_cannot_be_used_is_told(content, tmp_path):
    app = app_on(content, tmp_path, learner="ada")
    app.options.assignment.write_text(TEXT.replace("task-shapes", "task-shape"), "utf-8")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "there is no exercise and no unit 'task-shape'" in flat(app)


async def test_what_has_no_try_left_is_not_what_comes_next(content, tmp_path):
    """The bar tells of the part that one is at; the course goes on with what can still be done."""
    app = app_on(content, tmp_path, learner="ada")
    app.options.assignment.write_text(TEXT.replace("[lstm-cell, task-shapes]", "[sequence-probability, lstm-cell]"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await type_in(pilot, "7")
        await pilot.press("enter")
        await settled(pilot)
        assert "No try left at p." in flat(app) and "The solution opens now" not in flat(app)
        await pilot.press("tab")
        await settled(pilot)
        assert "1 try left" in screen_text(app).splitlines()[0]
        await type_in(pilot, "7")
        await pilot.press("enter")
        await settled(pilot)
        assert "No try left at logp. The solution opens now." in flat(app)
        assert "no try left" in screen_text(app).splitlines()[0]
        await pilot.press("escape", "escape")
        await settled(pilot)
        rows = screen_text(app).splitlines()
        assert any("0/2, no try left" in row for row in rows)
        assert any("LSTM cell update" in row and "next" in row for row in rows)


def top(app):
    return screen_text(app).splitlines()[0]


async def answer(pilot, text):
    pilot.app.focused.value = ""
    await type_in(pilot, text)
    await pilot.press("enter")
    await settled(pilot)


async def test_what_is_said_to_the_last_try_stays_in_view_until_one_goes_on(tmp_path):
    two = TEXT.replace("[lstm-cell, task-shapes]", "[task-shapes]").replace("tries: 1", "tries: 2")
    app = app_on(content_folder(), tmp_path, text=two, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "2 tries left" in top(app)
        await answer(pilot, "(1, 1, 2)")
        assert "1 try left at logits." in flat(app) and "1 try left" in top(app)
        await answer(pilot, "(1, 1, 3)")
        said = flat(app)
        assert "No try left at logits. Tab goes on to another part." in said
        assert "x Not yet. Not the right size for B, T and V." in said and "no try left" in top(app)
        await pilot.press("tab")
        await settled(pilot)
        assert "2 tries left" in top(app)  # of the part that is in use now
        await pilot.press("up")
        await settled(pilot)
        assert "no try left" in top(app) and "Not the right size" in flat(app)
        await pilot.press("down")
        await answer(pilot, "(1, 1)")
        await answer(pilot, "(1, 2)")
        assert "No try left at last_only. The solution opens now." in flat(app)


@asynccontextmanager
async def lstm_cell_alone(tmp_path, tries):
    """An assignment of one exercise of the course, which is open."""
    text = TEXT.replace("[lstm-cell, task-shapes]", "[lstm-cell]").replace("tries: 1", f"tries: {tries}")
    app = app_on(content_folder(), tmp_path, text=text, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        yield app, pilot


async def test_a_part_whose_name_is_not_on_the_screen_is_not_called_by_it(tmp_path):
    """Options and programs stand there without the name of their part."""
    async with lstm_cell_alone(tmp_path, tries=3) as (app, pilot):
        assert "fate" in [part.name for part in app.screen.visit.question.parts]
        await answer(pilot, "[7 7]")
        assert "2 tries left at c." in flat(app)
        await pilot.press("down", "1", "enter")
        await settled(pilot)
        assert "2 tries left at part 2." in flat(app) and "fate" not in flat(app)


@pytest.mark.parametrize("tries", ["tries: 3", ""])
async def test_no_part_is_tried_by_answers_to_another_where_each_takes_only_so_many(tmp_path, tries):
    text = TEXT.replace("[lstm-cell, task-shapes]", "[unrolled-sum]").replace("tries: 1", tries)
    app = app_on(content_folder(), tmp_path, text=text, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        visit = app.screen.visit
        verdict = app.session.exercises.judge(visit, "gone", f"{float(visit.question.part('last').expected):.5g}")
        assert verdict.verdict == "wrong"
        assert ("`last`, another part" in verdict.says) == (not tries)


async def test_a_title_that_has_no_room_is_seen_to_be_cut(content, tmp_path):
    long = TEXT.replace("Gates by hand", "A recurrent network and its gates by hand")
    app = app_on(content, tmp_path, text=long, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "A recurrent … ada   0 of 2 done" in top(app)


ONE = TEXT.replace("[lstm-cell, task-shapes]", "[task-shapes]").replace("tries: 1", "tries: 3")


def right_answers(exercise):
    from rnn_tutor.exercises.drawing import ask

    asked = ask(Library([content_folder()]).exercise(exercise), seed_of("ada", "week-3", exercise))
    return [str(tuple(int(element) for element in part.expected)) for part in asked.parts]


async def test_an_answer_that_was_given_before_costs_no_try(tmp_path):
    """It is told, however it is written; an answer with the name of another part may be another each time."""
    app = app_on(content_folder(), tmp_path, text=ONE, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await answer(pilot, "(1, 1, 2)")
        assert "2 tries left at logits." in flat(app)
        for same in ("(1, 1, 2)", "( 1,1,2 )", "(1, 1, 4/2)"):
            await answer(pilot, same)
            assert "You gave this answer before, so it costs no try. 2 tries left at logits." in flat(app)
            assert "Not the right size" in flat(app) and "2 tries left" in top(app)
        await answer(pilot, "(1, 1, 3)")
        assert "1 try left at logits." in flat(app) and "You gave this answer" not in flat(app)
        work = app.session.assignment.work("task-shapes")
        assert dict(work.wrong) == {"logits": 2}
    again = app_on(content_folder(), tmp_path, text=ONE, learner="ada")
    async with again.run_test(size=(80, 24)) as pilot:  # in another sitting, too
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await answer(pilot, "(1, 1, 2)")
        assert "You gave this answer before, so it costs no try. 1 try left at logits." in flat(again)


async def test_with_the_names_of_other_parts_nothing_is_tried_for_nothing(content, tmp_path):
    text = TEXT.replace("[lstm-cell, task-shapes]", "[sequence-probability]").replace("tries: 1", "tries: 3")
    app = app_on(content, tmp_path, text=text, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        for guess in (7, 8):
            app.screen.boxes[0].entry.value = str(guess)
            app.screen.set_focus(app.screen.boxes[1].entry)
            await answer(pilot, "2 * p")
        assert dict(app.session.assignment.work("sequence-probability").wrong) == {"logp": 2}


async def test_what_was_answered_is_there_again_after_practice_and_in_another_sitting(tmp_path):
    right = right_answers("task-shapes")
    app = app_on(content_folder(), tmp_path, text=ONE, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await answer(pilot, right[0])
        await answer(pilot, "(1, 1)")
        assert "1 of 2 parts" in app.screen.after.content.plain
        await pilot.press("escape", "n")
        await settled(pilot)
        assert "practice" in top(app) and right[0] not in flat(app)
        await pilot.press("b")
        await settled(pilot)
        await pilot.pause(0.5)
        await settled(pilot)
        said = flat(app)
        assert f"logits = {right[0]}" in said and "last_only = (1, 1)" in said
        assert "1 of 2 parts" in app.screen.after.content.plain
        assert "Here is the exercise as you left it." in said
        await pilot.press("enter")
        await answer(pilot, right[1])
        assert "That was the last one." in flat(app)
        await pilot.press("escape", "n")
        await settled(pilot)
        await pilot.press("b")
        await settled(pilot)
        await pilot.pause(0.5)
        await settled(pilot)
        assert right[0] in flat(app) and "That was the last one." in flat(app)
    again = app_on(content_folder(), tmp_path, text=ONE, learner="ada")
    async with again.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        again.open_exercise("task-shapes")
        await settled(pilot)
        await pilot.pause(0.5)
        await settled(pilot)
        assert right[0] in flat(again) and "That was the last one." in flat(again)


async def test_when_nothing_is_left_it_is_said_how_to_hand_in(tmp_path):
    for kind, more, says in ((AssignedTutor, {}, True), (Kiosk, {"kiosk": True}, False)):
        folder = tmp_path / kind.__name__
        folder.mkdir()
        app = app_on(content_folder(), folder, kind, text=ONE, learner="ada", **more)
        command = f"rnn-tutor hand-in --assignment {folder / 'assignment.yaml'}"
        async with app.run_test(size=(80, 30)) as pilot:
            await settled(pilot)
            await pilot.press("enter")
            await settled(pilot)
            for text in right_answers("task-shapes"):
                assert "hand-in" not in flat(app)
                await answer(pilot, text)
            assert (command in "".join(flat(app).split()).replace("rnn-tutorhand-in--assignment", command[:31])) is says
            for keys in (("f8",), ("q", "escape", "escape")):  # the closing page, the course
                await pilot.press(*keys)
                await settled(pilot)
                assert ("hand-in --assignment" in flat(app)) is says


async def test_what_is_due_is_told_as_it_is_now(tmp_path):
    """On the course when one comes back, and in the heading of an exercise that is open."""
    text = TEXT.replace("tries: 1", "tries: 3")
    app = app_on(content_folder(), tmp_path, text=text, learner="ada")
    due = datetime(2099, 12, 11, 22, 59, tzinfo=UTC)
    now = [due - timedelta(minutes=17)]
    with passed_in(lambda: now[0]):
        async with app.run_test(size=(80, 30)) as pilot:
            await settled(pilot)
            assert "Due on" in flat(app) and "in 17 minutes. " in flat(app)
            await pilot.press("enter")
            await settled(pilot)
            assert "3 tries left " in top(app)
            await pilot.press("escape", "escape")
            now[0] += timedelta(minutes=7)
            await pilot.press("enter", "escape", "escape")
            await settled(pilot)
            assert "Due on" in flat(app) and "in 10 minutes. " in flat(app) and "due in 10 minutes" in top(app)
            await pilot.press("enter")
            now[0] = due + timedelta(seconds=1)
            await type_in(pilot, "1")
            assert "3 tries left, late " in top(app)
            await pilot.press("escape", "escape")
            await settled(pilot)
            assert "It was due on" in flat(app) and "What you do now counts as late." in flat(app)
            assert "Due on" not in flat(app) and top(app).rstrip().endswith("late")


@pytest.mark.parametrize("opened", [False, True])
async def test_it_is_told_by_itself_once_it_is_due(tmp_path, opened):
    """Without a key: one may look at the course, or think, when that comes."""
    due = datetime(2026, 12, 11, 22, 59, tzinfo=UTC)
    now = [due - timedelta(seconds=0.2)]
    with passed_in(lambda: now[0]):
        app = app_on(content_folder(), tmp_path, text=ONE.replace("2099", "2026"), learner="ada")
        async with app.run_test(size=(100, 24)) as pilot:
            await settled(pilot)
            if opened:
                await pilot.press("enter")
                await settled(pilot)
            assert "late" not in top(app) and "counts as late" not in flat(app)
            now[0] = due + timedelta(seconds=1)
            while "late" not in top(app):
                await pilot.pause(0.02)
            await settled(pilot)
            assert opened or "It was due on" in flat(app)
            assert "Due on" not in flat(app)
            if opened:
                await pilot.press("escape", "escape")
                await settled(pilot)
                assert "What you do now counts as late." in flat(app)


async def test_givens_never_stand_there_twice(tmp_path):
    """Wherever one scrolls to, and whatever is said: they are above the parts, or scroll with them."""
    async with lstm_cell_alone(tmp_path, tries=9) as (app, pilot):
        await answer(pilot, "[7 7]")
        pinned = 0
        for key in ("f2", "f2", "f2", "down", "escape", "up", "up", "up", "up", "up", "up", "pagedown", "up", "pageup"):
            await pilot.press(key)
            await settled(pilot)
            rows = [row.strip() for row in screen_text(app).splitlines()]
            givens = [row for row in rows if row.startswith(("f  forget gate", "i  input gate"))]
            assert len(givens) == len(set(givens)), (key, rows)
            assert not any(one[:9] == other[:9] == "\u2500" * 9 for one, other in pairwise(rows)), (key, rows)
            pinned += app.screen.pinned.display
        assert pinned > 3


async def test_a_part_that_is_right_stays_right_whatever_is_typed_into_it(tmp_path):
    right = right_answers("task-shapes")
    app = app_on(content_folder(), tmp_path, text=ONE, learner="ada")
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await answer(pilot, right[0])
        await answer(pilot, right[1])
        app.screen.set_focus(app.screen.boxes[0].entry)
        await answer(pilot, "(1, 1, 2)")
        assert "2 of 2 parts" in flat(app) and app.session.assignment.work("task-shapes").done
