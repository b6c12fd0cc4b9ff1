"""Verdicts belong to what they judged; what was typed is asked about, kept and brought back."""

import shutil
from pathlib import Path

import pytest
from textual import events

from rnn_tutor.tui.widgets.program import ProgramLines

from ..conftest import burst, flat, screen_text, settled, type_in
from .conftest import rows

PROGRAM = Path(__file__).parents[2] / "exercises" / "programs" / "rnn-forward.yaml"


@pytest.fixture
def programs(tmp_path):
    (tmp_path / "programs" / "unit").mkdir(parents=True)
    shutil.copy(PROGRAM, tmp_path / "programs" / "unit")
    return tmp_path / "programs"


async def answer(pilot, text):
    await type_in(pilot, text)
    await pilot.press("enter")
    await settled(pilot)


async def paste(pilot, text):
    pilot.app.screen.post_message(events.Paste(text))
    await settled(pilot)


# a verdict belongs to the text that it judged


async def test_an_edited_answer_does_not_look_judged_and_the_judged_one_does_again(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await answer(pilot, "[0.55, -0.75]")
        judged = flat(app)
        assert " Not yet. The gates" in judged and "Your earlier answer" not in judged
        await pilot.press("backspace")
        assert 'Your earlier answer "[0.55, -0.75]": Not yet. The gates have changed places.' in flat(app)
        await pilot.press("]")
        assert flat(app) == judged


async def test_a_part_edited_since_does_not_look_judged_when_another_is_checked(open_app):
    async with open_app((80, 40), exercise="sequence-probability") as (app, pilot):
        await answer(pilot, "0.3")
        await pilot.press("1", "down")
        await answer(pilot, "-1.2")
        assert 'Your earlier answer "0.3": Not yet.' in flat(app)
        assert "p x (before you changed it)" in flat(app)


async def test_a_right_answer_that_is_edited_is_right_before_the_change(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await answer(pilot, "f*c_prev + i*cand")
        await pilot.press("enter")  # to the line once more
        await type_in(pilot, "*2")
        assert 'Your earlier answer "f*c_prev + i*cand": Right.' in flat(app)
        assert app.screen.visit.solved


async def test_what_follows_from_an_earlier_part_is_about_that_part_as_it_was(open_app):
    async with open_app((80, 40), exercise="sequence-probability") as (app, pilot):
        await answer(pilot, "0.3")
        await pilot.press("down")
        await answer(pilot, "-1.203973")
        assert app.focused.part == "p"
        assert "Before you changed another answer" not in flat(app)
        await pilot.press("5")
        assert (
            "Before you changed another answer or the pad: Right. It follows from your p. (Your p is still wrong.)"
            in flat(app)
        )
        await pilot.press("backspace")
        assert "Before you changed another answer" not in flat(app)


async def test_an_answer_that_names_a_line_of_the_pad_is_judged_with_that_line(open_app):
    async with open_app((80, 40), exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await paste(pilot, "a = f")
        await pilot.press("f6")
        await answer(pilot, "a * c_prev + i*cand")
        await pilot.press("f6", "*", "2")
        assert "Before you changed another answer or the pad: Right." in flat(app)
        await burst(pilot, "enter", "z", "=", "1")
        await pilot.press(*["backspace"] * 6)
        assert "Before you changed another answer" not in flat(app)
        assert "Right." in flat(app)


async def test_what_names_an_earlier_part_is_read_anew_when_that_is_edited(open_app):
    async with open_app((80, 40), exercise="sequence-probability") as (app, pilot):
        await type_in(pilot, "0.5")
        await pilot.press("f6")
        await paste(pilot, "k = 2 * p")
        assert next(line for line in screen_text(app).splitlines() if "k = 2 * p" in line).split()[-1] == "1"
        await pilot.press("up", "up")
        app.screen.set_focus(app.screen.boxes[1].entry)
        await type_in(pilot, "log(p)")
        assert "read as -0.693147" in flat(app)
        app.screen.set_focus(app.screen.boxes[0].entry)
        await pilot.press("5")
        assert "read as -0.597837" in flat(app)
        assert next(line for line in screen_text(app).splitlines() if "k = 2 * p" in line).split()[-1] == "1.1"


async def test_ticks_in_another_order_are_the_same_answer(open_app):
    async with open_app(exercise="debug-checklist") as (app, pilot):
        await pilot.press("1")
        await answer(pilot, " 2")
        assert "Not yet." in flat(app)
        line = app.screen.boxes[0].entry
        line.value = "2 1"
        await settled(pilot)
        assert "Your earlier answer" not in flat(app)
        line.value = "2"
        await settled(pilot)
        assert 'Your earlier answer "1 2": Not yet.' in flat(app)


async def test_a_program_edited_since_it_ran_does_not_look_judged(open_app, programs):
    async with open_app((100, 40), folder=programs, exercise="rnn-forward") as (app, pilot):
        app.focused.clear()
        await paste(pilot, "k = 0\nreturn k")
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert "Your earlier answer" not in flat(app)
        await pilot.press("1")
        assert "Your earlier answer: Not yet." in flat(app)
        await pilot.press("ctrl+underscore")
        assert " Not yet." in flat(app) and "Your earlier answer" not in flat(app)


async def test_an_edited_answer_is_about_the_old_text_when_one_comes_back(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await answer(pilot, "[0.55, -0.75]")
        await pilot.press("backspace", "f8", "f7")
        await settled(pilot)
        assert 'Your earlier answer "[0.55, -0.75]": Not yet.' in flat(app)


# what was typed is asked about, kept and brought back


@pytest.mark.parametrize("key", ["f4", "n"])
async def test_new_numbers_ask_before_they_take_what_was_not_checked_and_it_comes_back(open_app, key):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f*c_prev + ")
        await pilot.press(*(["escape"] if key == "n" else []), key)
        assert "Press the key again for new numbers; Ctrl+_ then brings the text back." in flat(app)
        assert app.screen.visit.question.seed is None
        await pilot.press(key)
        await settled(pilot)
        assert app.screen.visit.question.seed is not None
        assert app.screen.boxes[0].entry.value == ""
        assert "Ctrl+_ brings back what you typed." in flat(app)
        await pilot.press("ctrl+underscore")
        assert app.screen.boxes[0].entry.value == "f*c_prev + "
        await pilot.press("ctrl+y")
        assert app.screen.boxes[0].entry.value == ""


async def test_what_was_checked_is_not_asked_about_and_comes_back_too(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await answer(pilot, "f + i")
        await pilot.press("f4")
        await settled(pilot)
        assert app.screen.visit.question.seed is not None
        await pilot.press("ctrl+underscore")
        assert app.focused.value == "f + i"


async def test_more_typed_since_is_asked_about_again(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f")
        await pilot.press("f4", "2", "f4")
        assert app.screen.visit.question.seed is None
        await pilot.press("f4")
        await settled(pilot)
        assert app.screen.visit.question.seed is not None


async def test_every_part_comes_back_when_no_line_is_active(open_app):
    async with open_app((80, 40), exercise="sequence-probability") as (app, pilot):
        await type_in(pilot, "0.5")
        await pilot.press("down")
        await type_in(pilot, "log(p)")
        await pilot.press("escape", "n", "n")
        await settled(pilot)
        assert [box.text for box in app.screen.boxes] == ["", ""]
        await pilot.press("ctrl+underscore")
        assert [box.text for box in app.screen.boxes] == ["0.5", "log(p)"]


async def test_a_program_that_is_not_finished_stays_with_new_numbers(open_app, programs):
    async with open_app(folder=programs, exercise="rnn-forward") as (app, pilot):
        assert isinstance(app.focused, ProgramLines)
        await pilot.press("k")
        text = app.focused.text
        await pilot.press("f4")
        await settled(pilot)
        assert app.screen.visit.question.seed is not None
        assert app.screen.boxes[0].text == text
        await pilot.press("escape", "b")
        await settled(pilot)
        assert app.screen.visit.question.seed is None
        assert app.screen.boxes[0].text == text


@pytest.mark.parametrize("keys", [["ctrl+u"], ["home", "ctrl+k"], ["ctrl+w"]])
async def test_what_a_key_deletes_in_an_answer_comes_back(open_app, keys):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f*c_prev + i*cand")
        await pilot.press(*keys)
        assert app.focused.value != "f*c_prev + i*cand"
        await pilot.press("ctrl+underscore")
        assert app.focused.value == "f*c_prev + i*cand"


async def test_a_misplaced_paste_is_taken_back(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f*c_prev")
        await paste(pilot, "a whole page\nof something else")
        await pilot.press("ctrl+underscore")
        assert app.focused.value == "f*c_prev"


async def test_what_was_typed_comes_back_after_one_was_elsewhere(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f*c_prev")
        await pilot.press("ctrl+u", "f8", "f7")
        await settled(pilot)
        await pilot.press("ctrl+underscore")
        assert app.focused.value == "f*c_prev"


async def test_nothing_more_to_bring_back_is_said(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("ctrl+underscore")
        await settled(pilot)
        assert "There is nothing more to undo or redo here." in flat(app)


async def test_the_pad_and_a_program_bring_back_too(open_app, programs):
    async with open_app((80, 40), exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await paste(pilot, "a = f\nb = i * cand")
        await pilot.press("ctrl+u")
        assert app.focused.text == "a = f\n"
        await pilot.press("ctrl+underscore")
        assert app.focused.text == "a = f\nb = i * cand"
        assert app.focused.cursor_location == (1, 12)
        assert "b = i * cand" in app.screen.visit.run.scratch
        await pilot.press("ctrl+u", "f8", "f7")
        await settled(pilot)
        app.screen.set_focus(app.screen.pad.lines)
        await pilot.press("ctrl+underscore")
        assert app.focused.text == "a = f\nb = i * cand"
    async with open_app(folder=programs, exercise="rnn-forward") as (app, pilot):
        begun = app.focused.text
        await paste(pilot, "x = 1\ny = 2")
        await pilot.press("ctrl+underscore")
        assert app.focused.text == begun


@pytest.mark.parametrize("key", ["ctrl+u", "ctrl+w"])
async def test_deleting_at_the_start_of_a_line_joins_no_lines(open_app, key):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f6")
        await paste(pilot, "a = 1\nb = 2")
        await pilot.press("home", key)
        assert app.focused.text == "a = 1\nb = 2"
        await pilot.press("backspace")
        assert app.focused.text == "a = 1b = 2"


async def test_a_guess_and_a_text_of_a_lab_are_asked_about_and_come_back(open_lab):
    async with open_lab() as (app, pilot):
        app.screen.set_focus(app.screen.texts[0].line)
        await type_in(pilot, "c")
        app.screen.set_focus(app.screen.guess.line)
        await type_in(pilot, "1")
        await pilot.press("escape", "n")
        assert "Press the key again for new numbers" in flat(app)
        assert app.screen.visit.bench.seed is None
        await pilot.press("n")
        await settled(pilot)
        assert app.screen.visit.bench.seed is not None
        assert (app.screen.guess.line.value, app.screen.texts[0].line.value) == ("", "abba")
        assert "Ctrl+_ brings back what you typed." in flat(app)
        await pilot.press("ctrl+underscore")
        await settled(pilot)
        assert (app.screen.guess.line.value, app.screen.texts[0].line.value) == ("1", "abbac")
        assert app.screen.visit.settings["word"] == "abbac"


async def test_each_prediction_has_its_own_texts_to_bring_back(open_lab):
    async with open_lab() as (app, pilot):
        app.screen.set_focus(app.screen.guess.line)
        await answer(pilot, "1")
        await pilot.press("tab")
        await pilot.press("ctrl+underscore")
        assert app.screen.guess.line.value == ""
        assert "nothing more to undo" in flat(app)


# over the end of a sitting


async def test_an_exercise_is_gone_on_with_as_it_was_left(open_app):
    async with open_app((80, 40)) as (app, pilot):
        app.open_exercise("sequence-probability")
        await settled(pilot)
        await pilot.press("f4", "f2")
        await settled(pilot)
        await answer(pilot, "prod(probs)")
        numbers = app.screen.visit.seed
    async with open_app((80, 40)) as (app, pilot):
        assert app.screen.list.current.id == "sequence-probability"
        await pilot.press("enter")
        await settled(pilot)
        assert "Here is the exercise as you left it." in flat(app)
        assert f"numbers of seed {numbers}" in flat(app) and "Hint 1 of 2" in flat(app)
        await pilot.pause(0.5)
        await settled(pilot)
        assert "+ Right." in flat(app) and "1 of 2 parts" in flat(app)
        assert app.focused is app.screen.boxes[1].entry


async def test_what_is_typed_is_kept_in_a_pause_too(open_app, tmp_path, monkeypatch):
    monkeypatch.setattr("rnn_tutor.tui.screens.exercise._KEEP", 0.05)
    async with open_app(exercise="lstm-cell") as (_, pilot):
        await type_in(pilot, "f*c_prev")
        await pilot.pause(0.5)
        assert [row["text"] for row in rows(tmp_path)] == ["f*c_prev"]


async def test_what_was_not_checked_is_there_in_the_next_sitting(open_app, programs, tmp_path):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f*c_prev + ")
        await pilot.press("f6")
        await paste(pilot, "a = f")
    async with open_app(exercise="lstm-cell") as (app, pilot):
        assert app.screen.boxes[0].text == "f*c_prev + "
        assert app.screen.pad.lines.text == "a = f"
        assert "Here is what you typed last time. It is not checked yet." in flat(app)
        assert not app.session.log and not app.session.begun("lstm-cell")
        app.screen.set_focus(app.screen.boxes[0].entry)
        await answer(pilot, "i*cand")
        assert app.screen.visit.solved
    async with open_app(exercise="lstm-cell") as (app, pilot):
        assert (app.screen.boxes[0].text, app.screen.visit.run.scratch) == ("", "")
        assert "last time" not in flat(app)
        assert [one.verdict for one in app.session.log] == ["right"]
    async with open_app(folder=programs, exercise="rnn-forward") as (app, pilot):
        await pilot.press("k")
        text = app.focused.text
    async with open_app(folder=programs, exercise="rnn-forward", seed=3) as (app, pilot):
        assert app.screen.boxes[0].text == text


async def test_what_was_typed_for_other_numbers_is_brought_back_in_the_next_sitting(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[0.5, 1]")
    for _ in range(2):
        async with open_app(exercise="lstm-cell", seed=3) as (app, pilot):
            assert app.screen.boxes[0].text == ""
            assert "Ctrl+_ brings back what you typed last time, for other numbers." in flat(app)
    async with open_app(exercise="lstm-cell", seed=3) as (app, pilot):
        await pilot.press("ctrl+underscore")
        assert app.focused.value == "[0.5, 1]"


async def test_what_was_deleted_before_the_end_is_not_there_again(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "f")
        await pilot.press("escape", "q")
        await settled(pilot)
        assert [one.text for one in app.session.store.kept()] == ["f"]
        await pilot.press("enter", "backspace")
    async with open_app(exercise="lstm-cell") as (app, pilot):
        assert app.screen.boxes[0].text == ""
        assert [one.text for one in app.session.store.kept()] == ["f", ""]
        assert list(app.session.store.attempts()) == []
