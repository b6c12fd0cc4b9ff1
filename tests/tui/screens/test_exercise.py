import json
import shutil
import sqlite3
import threading
import time

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.progress.attempt import DRAFT
from rnn_tutor.tui.kiosk import Kiosk
from rnn_tutor.tui.screens.closing import ClosingScreen
from rnn_tutor.tui.screens.code import CodeScreen
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.screens.solution import SolutionScreen
from rnn_tutor.tui.terminal.capabilities import Options as AppOptions
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.options import Options

from ..conftest import FULL, burst, flat, screen_text, settled, type_in


def _attempts(tmp_path):
    con = sqlite3.connect(tmp_path / "progress.sqlite3")
    con.row_factory = sqlite3.Row
    rows = con.execute("SELECT * FROM attempt WHERE verdict <> ? ORDER BY id", (DRAFT,)).fetchall()
    con.close()
    return rows


def _flat(app):
    return " ".join(screen_text(app).split())


async def test_the_screen_of_the_design(open_app):
    async with open_app(exercise="lstm-cell") as (app, _):
        lines = screen_text(app).splitlines()
        assert "Gates / LSTM cell update" in lines[0]
        assert lines[0].rstrip().endswith("level 1   original numbers   3/5")
        assert "forget gate f scales the old cell" in lines[2]
        assert isinstance(app.focused, AnswerLine)
        assert "F2 hint 0/2" in lines[-1]
        assert lines[-1].rstrip().endswith("Esc")


async def test_echo_says_how_it_is_read_and_never_whether_it_is_right(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press(*"[0.95 0]")
        right = _flat(app)
        assert "read as a vector" in right
        await pilot.press("backspace", "backspace")
        await type_in(pilot, "1]")
        wrong = _flat(app)
        assert "read as a vector" in wrong
        for word in ("Right", "Not yet", "right", "wrong"):
            assert word not in right + wrong


async def test_enter_stores_the_attempt_before_it_shows_the_verdict(open_app, tmp_path, monkeypatch):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        seen = []
        box = app.screen.boxes[0]
        shown = box.show_verdict
        monkeypatch.setattr(
            box, "show_verdict", lambda verdict, **more: (seen.append(len(_attempts(tmp_path))), shown(verdict, **more))
        )
        await pilot.press("f2")
        await type_in(pilot, "f*c_prev + i")
        await pilot.press("enter")
        assert seen == [1]
    (row,) = _attempts(tmp_path)
    assert (row["exercise"], row["part"], row["text"], row["verdict"]) == ("lstm-cell", "c", "f*c_prev + i", "wrong")
    assert (row["hints"], row["seed"], row["parts"]) == (1, None, 1)
    assert json.loads(row["givens"])["f"] == [0.9, 0.2]
    assert row["seconds"] > 0


async def test_a_wrong_answer_names_the_mistake_and_the_elements(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "i*c_prev + f*cand")
        await pilot.press("enter")
        await settled(pilot)
        text = _flat(app)
        assert "Not yet. The gates have changed places." in text
        assert "c[0] wrong" in text


async def test_right_says_so_and_what_is_next(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f*c_prev + i*cand")
        await pilot.press("enter")
        await settled(pilot)
        assert "Right." in _flat(app)
        assert "Next: Numbers of many dimensions (F8)" in _flat(app)
        await pilot.press("f8")
        assert app.screen.visit.question.exercise.id == "wide"


async def test_what_cannot_be_read_is_not_a_try(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[0.95,")
        await pilot.press("enter")
        await settled(pilot)
        assert "not counted" in _flat(app)
        assert not app.session.begun("lstm-cell")


async def test_an_empty_line_is_not_marked(open_app, tmp_path):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("enter")
        await settled(pilot)
        assert "Type an answer first" in _flat(app)
    assert _attempts(tmp_path) == []


@pytest.mark.parametrize("keys", [["f2"], ["escape", "h"]])
async def test_hints_come_one_at_a_time(open_app, keys):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press(*keys)
        assert "Hint 1 of 2" in _flat(app)
        assert "Hint 2 of 2" not in _flat(app)
        await pilot.press("f2", "f2")
        await settled(pilot)
        assert "Hint 2 of 2" in _flat(app)
        assert "Those were all the hints" in _flat(app)
        assert app.screen.visit.run.hints == 2


@pytest.mark.parametrize(
    ("keys", "screen"),
    [
        (["f3"], SolutionScreen), (["escape", "s"], SolutionScreen), (["f5"], LookScreen),
        (["escape", "v"], LookScreen),
        (["escape", "c"], CodeScreen), (["escape", "q"], CourseScreen),
        (["escape", "escape"], CourseScreen),
    ],
)  # fmt: skip
async def test_keys_while_typing_and_otherwise(open_app, keys, screen):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press(*keys)
        await settled(pilot)
        assert isinstance(app.screen, screen)


async def test_letters_are_typed_while_typing(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press(*"hsnvcqb?[]/")
        assert app.focused.value == "hsnvcqb?[]/"
        assert isinstance(app.screen, ExerciseScreen)


async def test_once_all_is_right_the_bottom_row_says_how_one_goes_on(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f*c_prev + i*cand")
        assert "Enter check" in screen_text(app).splitlines()[-1]
        await burst(pilot, "enter")
        assert "] next" in screen_text(app).splitlines()[-1]
        app.screen.set_focus(app.screen.boxes[0].entry)
        await settled(pilot)
        assert "F8 next" in screen_text(app).splitlines()[-1]
        assert "Enter check" not in screen_text(app).splitlines()[-1]
        await burst(pilot, "enter")
        assert "Everything is right already." in flat(app)
        app.screen.set_focus(app.screen.boxes[0].entry)
        await type_in(pilot, " + 1")
        assert "Enter check" in screen_text(app).splitlines()[-1]
        assert "goes on." not in flat(app)
        await burst(pilot, *["backspace"] * 4, "escape")
        assert "] next" in screen_text(app).splitlines()[-1]
        await burst(pilot, "right_square_bracket")
        assert app.screen.visit.id == "wide"


async def test_new_numbers_are_asked_for_anew_after_any_other_key(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "1 2")
        for between in ("left", "escape", "f2"):
            await pilot.press("f4")
            await settled(pilot)
            assert "What you typed is not checked yet." in _flat(app)
            await pilot.press(between)
        await pilot.press("f4")
        await settled(pilot)
        assert app.screen.visit.question.seed is None
        await pilot.press("f4")
        await settled(pilot)
        assert app.screen.visit.question.seed is not None


@pytest.mark.parametrize("key", ["f4", "n"])
async def test_new_numbers_and_back_to_the_book(open_app, key, tmp_path):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f2")
        await type_in(pilot, "1 2")
        if key == "n":
            await pilot.press("escape")
        await pilot.press(key)
        await settled(pilot)
        assert "What you typed is not checked yet." in _flat(app)
        assert app.screen.visit.question.seed is None
        await pilot.press(key)
        await settled(pilot)
        seed = app.screen.visit.question.seed
        assert seed is not None
        assert f"numbers of seed {seed}" in screen_text(app).splitlines()[0]
        assert app.screen.boxes[0].entry.value == ""
        assert "Hint 1 of 2" not in _flat(app)  # or every answer to come would count as one with a hint
        if key == "n":
            await pilot.press("enter")
        await type_in(pilot, "f*c_prev + i*cand")
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert app.screen.visit.solved
        await pilot.press("b")
        await settled(pilot)
        assert "original numbers" in screen_text(app).splitlines()[0]
        assert not app.screen.visit.solved
    assert [row["seed"] for row in _attempts(tmp_path)] == [seed]


async def test_the_letters_go_on_working_after_new_numbers_and_the_next_exercise(open_app):
    async with open_app(exercise="sequence-probability") as (app, pilot):
        await burst(pilot, "escape", "n", "n", "b")
        assert app.screen.visit.question.seed is None
        assert app.focused is None
        await burst(pilot, *["right_square_bracket"] * 2, "n", "h")
        assert app.screen.visit.question.exercise.id == "lstm-cell"
        assert app.screen.visit.run.hints == 1
        await burst(pilot, "enter", "f8", "x")
        assert app.focused.value == "x"  # a line was active, and is
        await burst(pilot, "escape", "right_square_bracket", "space", "left_square_bracket", "n")
        assert app.screen.visit.question.exercise.id == "wide"
        assert app.focused is None


async def test_numbers_that_cannot_be_drawn(open_app):
    async with open_app(exercise="task-shapes") as (app, pilot):
        await pilot.press("f4")
        await settled(pilot)
        assert "no random numbers" in _flat(app)


async def test_previous_next_and_both_ends(open_app):
    async with open_app(exercise="sequence-probability") as (app, pilot):
        await pilot.press("f7")
        await settled(pilot)
        assert "This is the first exercise." in _flat(app)
        for expected in ("task-shapes", "lstm-cell", "wide", "debug-checklist"):
            await pilot.press("f8")
            assert app.screen.visit.question.exercise.id == expected
        await pilot.press("escape", "left_square_bracket")
        assert app.screen.visit.question.exercise.id == "wide"
        await pilot.press("right_square_bracket", "f8")
        assert isinstance(app.screen, ClosingScreen)
        assert "gradients do not" in _flat(app)
        await pilot.press("q", "escape", "q")
        assert isinstance(app.screen, CourseScreen)


async def test_typed_text_is_kept_while_one_is_elsewhere(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[0.5, ")
        await pilot.press("f8", "f7")
        await settled(pilot)
        assert app.screen.boxes[0].entry.value == "[0.5, "
        await pilot.press("escape", "q", "enter")
        await settled(pilot)
        assert app.screen.boxes[0].entry.value == "[0.5, "


async def test_several_parts_are_marked_each_by_itself(open_app, tmp_path):
    async with open_app(exercise="sequence-probability") as (app, pilot):
        await pilot.press("down")
        await type_in(pilot, "-1.427116")
        await pilot.press("enter")
        assert app.focused.part == "p"  # the one that is still open
        await settled(pilot)
        assert "1 of 2 parts p . logp + + right . open" in _flat(app)
        await pilot.press("tab", "tab", "up", "down", "shift+tab")
        assert app.focused.part == "p"
        await type_in(pilot, "0.24")
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen.visit.solved
        assert _flat(app).count("Right.") == 2
    assert [(row["part"], row["verdict"]) for row in _attempts(tmp_path)] == [("logp", "right"), ("p", "right")]


async def test_a_later_part_follows_from_ones_own_earlier_value(open_app):
    async with open_app(exercise="sequence-probability") as (app, pilot):
        await type_in(pilot, "0.3")
        await pilot.press("enter", "down")
        await type_in(pilot, "-1.203973")
        await pilot.press("enter")
        await settled(pilot)
        assert "follows from your p" in _flat(app)


async def test_a_checklist_is_ticked_or_typed(open_app):
    async with open_app(exercise="debug-checklist") as (app, pilot):
        assert isinstance(app.focused, Options)
        await pilot.press("space", "down", "space")
        assert app.screen.boxes[0].entry.value == "1 2"
        await pilot.press("space", "down", "space")
        assert app.screen.boxes[0].entry.value == "1 3"
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen.visit.solved


async def test_a_checklist_that_is_typed_shows_its_ticks(open_app):
    async with open_app(exercise="debug-checklist") as (app, pilot):
        await pilot.press("1")
        await type_in(pilot, " 2")
        await settled(pilot)
        assert app.screen.boxes[0].options.ticked == {1, 2}
        assert _flat(app).count("[x]") == 2
        await pilot.press("enter")
        await settled(pilot)
        text = _flat(app)
        assert "That changes the model before the fault is known." in text
        assert "checks[" not in text  # which are right is not given away


async def test_the_pictures_give_nothing_away_before_it_is_solved(open_app):
    async with open_app((120, 40), exercise="lstm-cell") as (app, pilot):
        assert "c_prev (unit 2)" in screen_text(app)
        assert "kept (unit 2)" not in screen_text(app)
        await pilot.press("f5")
        assert [one.items[0].name for one in app.screen.figures] == ["f", "c_prev", "i", "cand"]
        await pilot.press("q")
        await type_in(pilot, "[0.95 0]")
        await pilot.press("enter", "f5")
        assert [one.items[0].name for one in app.screen.figures] == ["f", "c_prev", "kept", "c", "i", "cand"]


async def test_wide_screens_stand_in_two_columns(open_app):
    async with open_app((120, 40), exercise="lstm-cell") as (app, _):
        line = next(line for line in screen_text(app).splitlines() if "forget gate f scales" in line)
        assert "0.90   0.20" in line
        assert "c_prev (unit 2)" in screen_text(app)
        assert "more lines" not in screen_text(app)


async def test_everything_is_reached_on_a_small_screen(open_app):
    async with open_app((80, 12), exercise="wide") as (app, pilot):
        seen = screen_text(app)
        assert "more lines below: PgUp PgDn" in seen
        for _ in range(10):
            await pilot.press("pagedown")
            seen += screen_text(app)
        assert isinstance(app.focused, AnswerLine)
        for word in ("What is the sum", "three axes", "a large matrix", "a long vector", "9.75", "s ="):
            assert word in seen
        assert "more lines above: PgUp PgDn" in screen_text(app)


async def test_a_verdict_is_brought_into_view(open_app):
    async with open_app((80, 12), exercise="wide") as (app, pilot):
        await type_in(pilot, "194")
        await pilot.press("enter")
        await settled(pilot)
        assert "Not yet." in screen_text(app)


async def test_several_lines_are_pasted_as_one(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        from textual import events

        app.screen.post_message(events.Paste("[[1, 2],\n [3, 4]]\n"))
        await settled(pilot)
        assert "\n" not in app.focused.value
        assert app.focused.value.replace(" ", "") == "[[1,2],[3,4]]"


@pytest.mark.parametrize("text", ["0.\u200b55, -0.75", "```python\n[0.55, -0.75]\n```", ">>> c\narray([ 0.55, -0.75])"])
async def test_what_stands_around_a_paste_is_left_out(open_app, text):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        from textual import events

        app.screen.post_message(events.Paste(text))
        await settled(pilot)
        assert "read as a vector (2): 0.55 -0.75" in screen_text(app)
        assert "U+200B" not in screen_text(app)


async def test_more_than_an_answer_holds_is_said(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        from textual import events

        app.screen.post_message(events.Paste("1 " * 3000))
        await settled(pilot)
        assert "At most 2,000 characters fit here" in _flat(app)
        assert app.focused.value == ""


async def test_a_key_lays_out_nothing(open_app, monkeypatch):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[0.5, 1")
        await settled(pilot)
        layouts = []
        original = type(app.screen)._refresh_layout
        monkeypatch.setattr(
            type(app.screen), "_refresh_layout", lambda self, *a, **k: (layouts.append(1), original(self, *a, **k))
        )
        await pilot.press("2")
        await settled(pilot)
        assert app.focused.value == "[0.5, 12"
        assert layouts == []


async def test_the_saving_problem_is_said_with_the_verdict(open_app, monkeypatch):
    from rnn_tutor.progress.store import Store, StoreError

    async with open_app(exercise="lstm-cell") as (app, pilot):

        def full(self, *attempts):
            raise StoreError("The disk is full, so progress is not being saved.")

        with monkeypatch.context() as patch:
            patch.setattr(Store, "begin", full)
            await type_in(pilot, "[0.95 0]")
            await pilot.press("enter")
            await settled(pilot)
            assert "The disk is full, so progress is not being saved." in _flat(app)
            assert "Right." in _flat(app)
        await pilot.press("enter")
        await settled(pilot)
        assert "The disk is full" not in _flat(app)
        assert app.focused is None  # all is right and saved: letters are keys


async def test_a_verdict_is_painted_once_its_answer_is_on_the_disk(open_app, monkeypatch):
    from rnn_tutor.progress import store
    from rnn_tutor.tui.app import Tutor

    order = []
    wait, commit = store._Commit.wait, store._Commit._run

    def slowly(self):
        time.sleep(0.3)
        commit(self)
        order.append("on the disk")

    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[0.9 0.1]")
        await settled(pilot)
        monkeypatch.setattr(store._Commit, "_run", slowly)
        monkeypatch.setattr(store._Commit, "wait", lambda self: (order.append("waited for"), wait(self)))
        monkeypatch.setattr(Tutor, "has_painted", lambda self: order.append("painted"))
        await pilot.press("enter")
        await settled(pilot)
        assert order[:3] == ["waited for", "on the disk", "painted"]
        assert "Not yet." in _flat(app)
        assert [attempt.part for attempt in app.session.answers_to("lstm-cell")] == ["c"]


async def test_no_key_waits_for_what_is_typed_and_not_checked(open_app, monkeypatch):
    from rnn_tutor.progress import store
    from rnn_tutor.tui.app import Tutor

    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[0.9 0.1]")
        await settled(pilot)
        commit, may_commit, painted = store._Commit._run, threading.Event(), []
        monkeypatch.setattr(store._Commit, "_run", lambda self: (may_commit.wait(10), commit(self)))
        monkeypatch.setattr(Tutor, "has_painted", lambda self: painted.append(may_commit.is_set()))
        app.session.exercises.keep(app.screen.visit)
        await pilot.press("backspace")
        await settled(pilot)
        assert painted and not any(painted)
        may_commit.set()
        app.session.wait_until_saved()
        assert [one.text for one in app.session.store.kept("lstm-cell")][:1] == ["[0.9 0.1]"]


async def test_what_cannot_be_committed_is_said_after_the_verdict_and_saved_with_the_next(open_app, monkeypatch):
    from rnn_tutor.progress import store

    def full(self):
        self._failure = store.StoreError("The disk is full, so progress is not being saved.")
        self._steps.close()
        self._lock.release()

    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[0.9 0.1]")
        with monkeypatch.context() as patch:
            patch.setattr(store._Commit, "_run", full)
            await pilot.press("enter")
            await settled(pilot)
            assert "The disk is full, so progress is not being saved." in _flat(app)
            assert "Not yet." in _flat(app)
        await pilot.press("ctrl+u")
        await type_in(pilot, "[0.9 0.2]")
        await pilot.press("enter")
        await settled(pilot)
        assert "The disk is full" not in _flat(app)
        assert len([one for one in app.session.store.attempts("lstm-cell") if one.verdict == "wrong"]) == 2


async def test_code_is_shown_in_the_library_that_is_chosen_and_copied(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("escape", "c")
        await settled(pilot)
        assert isinstance(app.screen, CodeScreen)
        assert "np.array([0.9, 0.2])" in _flat(app)
        await pilot.press("t")
        await settled(pilot)
        assert "torch.tensor([0.9, 0.2])" in _flat(app)
        assert "PyTorch" in _flat(app)
        assert "kept" not in _flat(app)
        await pilot.press("y")
        await settled(pilot)
        assert "torch.set_default_dtype(torch.float64)" in app.clipboard
        await pilot.press("q", "f3")
        await settled(pilot)
        await pilot.press("q", "c")
        await settled(pilot)
        assert "kept = f * c_prev" in _flat(app)


@pytest.mark.parametrize(
    ("exercise", "key", "says"),
    [
        ("debug-checklist", "c", "There are no givens here, so there is no code to copy."),
        ("debug-checklist", "b", "The options are in the original order."),
        ("lstm-cell", "b", "These are the original numbers."),
    ],
)
async def test_a_key_that_has_nothing_to_do_says_so(open_app, exercise, key, says):
    async with open_app(exercise=exercise) as (app, pilot):
        await pilot.press("escape", key)
        await settled(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        assert says in _flat(app)


async def test_the_givens_stay_in_view_with_the_part_in_use(open_app):
    async with open_app((80, 13), exercise="sequence-probability") as (app, pilot):
        for text in ("0.3", "7"):
            await type_in(pilot, text)
            await pilot.press("enter")
            await settled(pilot)
            assert "probability of each token" in screen_text(app)
            assert f"= {text}" in screen_text(app) and "Not yet." in screen_text(app)
            app.screen.set_focus(app.screen.boxes[-1].entry)
            await settled(pilot)
        assert app.screen.pinned.display
        assert screen_text(app).count("probability of each token") == 1
        await pilot.press(*["pageup"] * 4)
        await settled(pilot)
        assert screen_text(app).count("probability of each token") == 1
        assert not app.screen.pinned.display


async def test_givens_that_do_not_fit_beside_the_part_in_use_are_cut_and_say_so(open_app):
    async with open_app((80, 14), exercise="wide") as (app, pilot):
        await type_in(pilot, "194")
        await pilot.press("enter")
        await settled(pilot)
        lines = screen_text(app).splitlines()
        assert "Not yet." in screen_text(app) and "s = 194" in screen_text(app)
        assert "three axes" in lines[2]
        assert any(line.strip() == "..." for line in lines)


async def test_one_key_checks_all_parts_that_are_filled_in(open_app, tmp_path):
    async with open_app((80, 40), exercise="sequence-probability") as (app, pilot):
        await pilot.press("ctrl+r")
        assert "Nothing that you typed is left to check." in _flat(app)
        await type_in(pilot, "0.24")
        assert "check all" not in screen_text(app)
        await pilot.press("down")
        await type_in(pilot, "7")
        assert "Ctrl+R check all" in screen_text(app)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert [(row["part"], row["verdict"]) for row in _attempts(tmp_path)] == [("p", "right"), ("logp", "wrong")]
        assert app.focused is app.screen.boxes[1].entry and app.screen.rule.tone == "wrong"
        await pilot.press("ctrl+u")
        await type_in(pilot, "log(p)")
        assert app.screen.rule.tone == ""
        await pilot.press("escape", "a")
        await settled(pilot)
        assert app.screen.visit.solved and app.screen.rule.tone == "right"
        assert len(_attempts(tmp_path)) == 3


async def test_what_was_typed_after_the_solution_was_read_is_told_as_that(open_app):
    async with open_app((120, 40)) as (app, pilot):
        app.open_exercise("lstm-cell")
        await settled(pilot)
        await pilot.press("f3", "q")
        await type_in(pilot, "f*c_prev + i*cand")
        await pilot.press("enter")
        await settled(pilot)
        assert "+ Right, after the solution." in _flat(app)
        assert "Solved after you read the solution." in _flat(app)
        await pilot.press("ctrl+o", "p")
        await settled(pilot)
        rows = screen_text(app).splitlines()
        assert "looked up" in next(row for row in rows if "LSTM cell" in row and "Train it with" not in row)
        assert "Shaky: 1 of 1 skills" in screen_text(app)


@pytest.mark.parametrize("keys", [[], ["f3"], ["f3", "v", "enter"], ["f9"], ["escape", "u"]])
async def test_one_key_leads_back_to_the_course_from_any_depth(open_app, keys):
    async with open_app() as (app, pilot):
        await pilot.press("enter", "7")
        for key in [*keys, "ctrl+o"]:
            await pilot.press(key)
            await settled(pilot)
        assert len(app.screen_stack) == 1
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen.boxes[0].entry.value == "7"


@pytest.mark.parametrize("key", ["ctrl+o", "slash"])
async def test_in_a_kiosk_both_keys_lead_to_the_course_and_not_to_the_question_who_is_there(content, tmp_path, key):
    app = Kiosk(lambda: Library([content]), tmp_path / "progress.sqlite3", FULL, AppOptions(kiosk=True))
    async with app.run_test(size=(80, 24)) as pilot:
        app.welcome("ada")
        await settled(pilot)
        await pilot.press("enter", "escape", key)
        await settled(pilot)
        assert isinstance(app.screen, CourseScreen)


THREE = """\
format: 1
id: three
title: Three parts
prompt: |
  A first sentence of what it is about. A second one, which is longer, so that all of it takes several lines.
  A third sentence asks for the sums.
given:
  x: {value: "[1, 2, 3]", means: numbers, axes: [place]}
  W: {value: "[[1, 2, 3], [3, 4, 5], [5, 6, 7], [6, 7, 8], [7, 7, 7], [8, 8, 8], [7, 8, 9]]", means: a matrix}
steps:
  - {let: "a = sum(x)", say: All.}
  - {let: "b = a + 1", say: One more.}
  - {let: "c = b + W[0, 0]", say: Another.}
ask:
  - {answer: a, as: scalar, prompt: "a, the sum of x"}
  - {answer: b, as: scalar, prompt: "b, one more than that"}
  - {answer: c, as: scalar, prompt: "c, with the first number of W"}
hints: [Add.]
"""


@pytest.fixture
def three(tmp_path):
    (tmp_path / "three" / "unit").mkdir(parents=True)
    (tmp_path / "three" / "unit" / "three.yaml").write_text(THREE, encoding="utf-8")
    return tmp_path / "three"


async def test_on_a_small_screen_givens_and_question_stay_while_parts_are_answered_and_marked(open_app, three):
    async with open_app((80, 24), folder=three, exercise="three") as (app, pilot):

        def in_view():
            text = screen_text(app)
            return "A first sentence" in text and "a matrix" in text and "7  8  9" in text

        async def check(text):
            await pilot.press("ctrl+u")
            await type_in(pilot, text)
            await pilot.press("enter")
            await settled(pilot)
            assert in_view()

        assert in_view() and ". b, one more than that" in screen_text(app)
        await check("5")
        assert "a, the sum of x" in screen_text(app) and "x Not yet." in screen_text(app)
        await check("6")
        assert "b, one more" in screen_text(app)
        await check("8")
        assert "+ a = 6" in screen_text(app) and "b, one more" in screen_text(app) and "x Not yet." in screen_text(app)
        await check("7")
        await check("8")
        assert app.screen.visit.solved and "+ b = 7" in screen_text(app) and "Solved." in screen_text(app)
        app.screen.set_focus(app.screen.boxes[0].entry)
        await settled(pilot)
        assert "a, the sum of x" in screen_text(app) and "+ Right." in screen_text(app)


async def test_what_was_folded_unfolds_where_there_is_room(open_app, three):
    async with open_app((80, 24), folder=three, exercise="three") as (app, pilot):
        assert ". c, with the first number of W" in screen_text(app)
        await pilot.resize_terminal(80, 50)
        await settled(pilot)
        assert ". c, with" not in screen_text(app) and screen_text(app).count("such as 0.25") == 3


async def test_nothing_is_folded_for_a_sentence_above_where_there_is_room(open_app, three):
    async with open_app((120, 40), folder=three, exercise="three") as (app, pilot):
        app.say("A sentence takes a line from the column.")
        await settled(pilot)
        assert screen_text(app).count("such as 0.25") == 3


async def test_what_a_look_decides_is_done_at_once(open_app):
    """A scroll that waits for a frame was decided for a height that the column may not have any more."""
    async with open_app(size=(40, 12)) as (app, pilot):
        await burst(pilot, "enter")
        await type_in(pilot, "0.5")
        screen = app.screen
        screen.left.scroll_to(y=0, animate=False, immediate=True)
        screen._look_now()
        assert round(screen.left.scroll_y) > 0


async def test_half_a_name_is_a_mistake_only_once_it_is_checked(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f * c_pr")
        assert "c_pr...: c_prev" in screen_text(app)
        await pilot.press("enter")
        assert "There is no name c_pr here. Did you mean c_prev?" in flat(app)
        assert "c_pr...:" not in screen_text(app)
        await pilot.press("e")
        assert "c_pre...: c_prev" in screen_text(app)


async def test_once_a_choice_is_checked_letters_are_keys_and_a_number_is_another_choice(open_app, content, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(content, folder)
    path = folder / "gates" / "debug-checklist.yaml"
    text = path.read_text("utf-8").replace("as: checklist", "as: choice")
    path.write_text(text.replace("averaged, right: true", "averaged, why: That is not it."), "utf-8")
    async with open_app(folder=folder, exercise="debug-checklist") as (app, pilot):
        for number, verdict in (("2", "wrong"), ("3", "right")):
            await pilot.press(number, "enter")
            await settled(pilot)
            assert app.screen.visit.verdicts["checks"].verdict == verdict
            assert isinstance(app.focused, Options)
            assert app.screen.boxes[0].text == number
        await pilot.press("q")
        await settled(pilot)
        assert isinstance(app.screen, CourseScreen)


async def test_once_all_is_right_letters_are_keys_and_the_next_one_is_typed_into_at_once(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[7 7]")
        await pilot.press("enter", "q")
        assert app.screen.boxes[0].text == "[7 7]q"  # it is not right: one types on
        app.focused.value = ""
        await type_in(pilot, "f * c_prev + i * cand")
        await pilot.press("enter")
        assert app.screen.visit.solved and app.focused is None
        await pilot.press("g" if app.session.library.has_glossary else "c")
        await settled(pilot)
        assert len(app.screen_stack) == 3
        await pilot.press("q", "f4")  # new numbers, with a line active as it was before
        await settled(pilot)
        assert isinstance(app.focused, AnswerLine)
        await type_in(pilot, "f * c_prev + i * cand")
        await pilot.press("enter", "f8")
        await settled(pilot)
        assert app.screen.visit.id == "wide" and isinstance(app.focused, AnswerLine)


@pytest.mark.parametrize("keys", [("q",), ("escape", "q"), ("escape", "escape")])
async def test_from_what_is_just_solved_the_usual_keys_lead_to_the_course(open_app, keys):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f * c_prev + i * cand")
        await pilot.press("enter", *keys)
        await settled(pilot)
        assert isinstance(app.screen, CourseScreen) and not app._exit


async def test_what_is_right_can_be_typed_on_after_enter(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f * c_prev + i * cand")
        await pilot.press("enter", "enter", "7")
        assert app.screen.boxes[0].text.endswith("7")
