"""A lab under the keys: what moves, what is asked, what is kept, and what reaches the screen."""

import pytest

from rnn_tutor.tui.screens.lab import LabScreen
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.screens.words import WordsScreen
from rnn_tutor.tui.widgets.line import AnswerLine

from ..conftest import flat, screen_text, settled, type_in
from .conftest import rows, state


def answers(tmp_path):
    """What counts of what was stored: no drafts."""
    return [row for row in rows(tmp_path) if row["verdict"] != "draft"]


async def test_the_screen_has_text_picture_controls_and_question(open_lab):
    async with open_lab() as (app, _):
        text = screen_text(app)
        lines = text.splitlines()
        assert "Memory / A state that decays" in lines[0]
        assert lines[0].rstrip().endswith("lab   original numbers")
        for said in ("Watch what is left of h0", "h (time 10, unit 2)", "> T", "0.90", "[linear] tanh", "word: abba",
                     "Predict 1 of 2", "1 it grows   2 it shrinks", "I say:"):  # fmt: skip
            assert said in text
        assert "Arrows move  Tab predict" in lines[-1]
        assert lines[-1].rstrip().endswith("q back")


async def test_arrows_move_the_chosen_control_and_the_picture_follows(open_lab):
    async with open_lab() as (app, pilot):
        assert state(app).shape == (10, 2)
        await pilot.press("right")
        assert state(app).shape == (15, 2)
        await pilot.press("down", "left", "left")
        assert app.screen.visit.settings["w"] == 6  # 0.80
        assert state(app)[0, 0] == pytest.approx(0.8 * 2)
        await pilot.press("down", "right")
        assert state(app)[0, 0] == pytest.approx(0.921668554, abs=1e-8)  # tanh(1.6)
        assert "linear [tanh]" in flat(app)


async def test_big_steps_ends_and_back_to_the_start(open_lab):
    async with open_lab() as (app, pilot):
        await pilot.press("down")
        where = app.screen.visit.settings
        keys = ["pagedown", "shift+right", "pageup", "shift+left", "end", "right", "home", "left", "0", "end"]
        places = [10, 12, 10, 8, 20, 20, 0, 0, 8, 20]
        for key, place in zip(keys, places, strict=True):
            await pilot.press(key)
            assert where["w"] == place, key
        await pilot.press("backspace")
        assert where["w"] == 8


async def test_what_was_read_makes_room_for_the_picture_and_comes_back(open_lab):
    async with open_lab() as (app, pilot):
        before = app.screen.below.size.height
        await pilot.press("right")
        await pilot.pause()
        assert "Watch what is left" not in flat(app)
        assert app.screen.below.size.height > before
        await pilot.press("h")
        await pilot.pause()
        assert "Watch what is left" in flat(app)


async def test_brackets_turn_the_pictures(open_lab):
    async with open_lab() as (app, pilot):
        assert "h (time 10" in flat(app)
        await pilot.press("right_square_bracket")
        assert "h (time 10" not in flat(app)
        await pilot.press("left_square_bracket")
        assert "h (time 10" in flat(app)


async def test_pictures_without_room_are_named_with_the_key_that_turns_to_them(open_lab):
    async with open_lab(size=(80, 20)) as (app, _):
        assert "h (time 10" in flat(app)
        assert "no room for" in flat(app)
        assert "]: the next" in flat(app)
    async with open_lab(size=(80, 50)) as (app, _):
        assert "no room for" not in flat(app)


async def test_a_right_prediction_is_kept_and_the_controls_go_there(open_lab, tmp_path):
    async with open_lab() as (app, pilot):
        await pilot.press("1")
        assert isinstance(app.focused, AnswerLine)
        assert "read as option 1" in flat(app)
        assert app.screen.visit.settings["w"] == 8  # nothing moves before it is said
        await pilot.press("enter")
        text = flat(app)
        assert "Right. It grows. More than 1 is more than 1." in text
        assert "1.10" in text
        assert app.screen.visit.settings["w"] == 12
        assert app.focused is None
    (row,) = answers(tmp_path)
    assert (row["exercise"], row["part"], row["text"], row["verdict"], row["score"]) == (
        "decay", "predict-1", "1", "right", 1.0,
    )  # fmt: skip
    assert (row["parts"], row["seed"], row["solution"], row["givens"]) == (2, None, 0, '{"h0": [1.0, -0.5]}')


async def test_a_wrong_one_says_what_was_said_and_what_it_is(open_lab, tmp_path):
    async with open_lab() as (app, pilot):
        await pilot.press("2", "enter")
        assert 'Not this time. You said "it shrinks"; the answer is "it grows".' in flat(app)
        await pilot.press("5", "tab")  # the digit does nothing once it is told
        assert "Predict 2 of 2" in flat(app)
        await pilot.press("escape", "5")
        assert "Tab goes to the line" in flat(app)
        await pilot.press("tab")
        await type_in(pilot, "1/3")
        assert "read as 0.333333" in flat(app)
        await pilot.press("enter")
        text = flat(app)
        assert "Not this time. You said 0.3333; it is 0.08713." in text
        assert "you predicted 0 of 2 correctly" in text
        assert (app.screen.visit.settings["w"], app.screen.visit.settings["kind"]) == (6, 1)
    kept = [(row["part"], row["verdict"]) for row in answers(tmp_path)]
    assert kept == [("predict-1", "wrong"), ("predict-2", "wrong")]


async def test_what_is_not_understood_costs_nothing(open_lab, tmp_path):
    async with open_lab() as (app, pilot):
        await pilot.press("tab")
        await type_in(pilot, "it flies")
        await pilot.press("enter")
        assert "The options are numbered 1 to 2" in flat(app)
        assert app.screen.visit.outcomes == {}
        await pilot.press("enter")
    assert not (tmp_path / "progress.sqlite3").exists() or answers(tmp_path) == []


async def test_a_prediction_that_was_looked_up_counts_as_seen_first(open_lab, tmp_path):
    async with open_lab() as (app, pilot):
        await pilot.press("down", "right", "right", "right", "right")
        assert "seen first" in flat(app)
        await pilot.press("1", "enter")
        assert "Right." in flat(app)
    (row,) = answers(tmp_path)
    assert (row["solution"], row["verdict"]) == (1, "right")


async def test_saved_before_it_is_told(open_lab, tmp_path, monkeypatch):
    async with open_lab() as (app, pilot):
        seen = []
        fill = app.screen.guess.fill
        monkeypatch.setattr(
            app.screen.guess, "fill", lambda: (seen.append([row["verdict"] for row in rows(tmp_path)]), fill())
        )
        await pilot.press("1", "enter")
        assert seen == [["right", "draft"]]  # how the lab is left is kept with it


async def test_a_text_control_takes_its_alphabet_and_says_what_it_left_out(open_lab):
    async with open_lab() as (app, pilot):
        await pilot.press("tab", "tab")
        line = app.focused
        assert line is app.screen.texts[0].line
        for key in ("C", "x", "exclamation_mark", "b"):
            await pilot.press(key)
        assert line.value == "abbacb"
        assert app.screen.visit.settings["word"] == "abbacb"
        await pilot.press("x")
        assert "Left out: x. It takes abc and space." in flat(app)
        assert app.screen._figures[1].items[0].values.tolist() == [2, 3, 1, 0]
        for _ in range(6):
            await pilot.press("backspace")
        assert "Type at least one character" in flat(app)
        assert app.screen.visit.settings["word"] == "a"
        line.insert_text_at_cursor("a" * 500)
        await settled(pilot)
        assert len(line.value) == 200
        assert "At most 200 characters fit here." in flat(app)


async def test_up_and_down_reach_the_text_and_enter_goes_into_it(open_lab):
    async with open_lab() as (app, pilot):
        await pilot.press("down", "down", "down", "enter")
        assert app.focused is app.screen.texts[0].line
        await pilot.press("b", "up")
        assert app.focused is None
        await pilot.press("0")
        assert app.screen.texts[0].line.value == "abba"


async def test_how_it_is_computed_can_be_read(open_lab):
    async with open_lab() as (app, pilot):
        await pilot.press("s")
        await settled(pilot)
        text = flat(app)
        assert "still = h0 * 2 No control moves this." in text
        assert "for t in range(T)" in text
        assert "w weight, now 0.90" in text
        await pilot.press("q")
        await settled(pilot)
        assert isinstance(app.screen, LabScreen)


async def test_the_pictures_can_be_looked_at_closely_with_other_marks(open_lab):
    async with open_lab() as (app, pilot):
        await pilot.press("right", "right", "right", "v")  # more than what is printed as numbers
        await settled(pilot)
        assert isinstance(app.screen, LookScreen)
        await pilot.press("m", "q")
        await settled(pilot)
        assert isinstance(app.screen, LabScreen)
        assert app.drawn == "ascii"
        assert "@@" in screen_text(app)  # the largest there is


async def test_the_page_of_the_unit_is_a_key_away(open_lab, folder):
    (folder / "memory" / "page.yaml").write_text("format: 1\ntext: What memory is.\n", encoding="utf-8")
    async with open_lab() as (app, pilot):
        await pilot.press("u")
        await settled(pilot)
        assert "What memory is." in flat(app)
        await pilot.press("q")
        await settled(pilot)
        assert isinstance(app.screen, LabScreen)


async def test_the_glossary_is_a_key_away_as_in_an_exercise(open_lab, folder):
    words = "format: 1\nterms:\n  - {term: decay, unit: memory, means: What a factor below 1 does again and again.}\n"
    (folder / "glossary.yaml").write_text(words, encoding="utf-8")
    async with open_lab() as (app, pilot):
        await pilot.press("g")
        await settled(pilot)
        assert "What a factor below 1 does" in flat(app)
        await pilot.press("q")
        await settled(pilot)
        assert isinstance(app.screen, LabScreen)


async def test_new_numbers_begin_anew_and_b_goes_back_to_the_book(open_lab, monkeypatch):
    monkeypatch.setattr(
        "rnn_tutor.exercises.seeds.any_seed", lambda: 7
    )  # which draws another h0: by chance it may be the same
    async with open_lab() as (app, pilot):
        await pilot.press("1", "enter", "n")
        await settled(pilot)
        assert "numbers of seed" in flat(app)
        assert isinstance(app.screen, LabScreen)
        assert app.screen.visit.outcomes == {}
        assert app.screen.visit.settings["w"] == 8
        assert state(app)[0, 0] != pytest.approx(1.8)
        await pilot.press("b")
        await settled(pilot)
        assert "original numbers" in flat(app)
        assert state(app)[0, 0] == pytest.approx(1.8)


async def test_it_is_as_one_left_it(open_lab):
    async with open_lab() as (app, pilot):
        await pilot.press("1", "enter", "right", "q")
        await settled(pilot)
        assert not isinstance(app.screen, LabScreen)
        app.open_lab("decay")
        await settled(pilot)
        assert app.screen.visit.settings["T"] == 2
        assert "Right." in flat(app)


async def test_on_a_screen_that_is_too_small_the_arrows_scroll_beyond_the_controls(open_lab):
    async with open_lab(size=(60, 16)) as (app, pilot):
        await pilot.press("h", "h")
        assert "below: Up Down" in screen_text(app)
        await pilot.press("down", "down", "down")
        top = app.screen.left.scroll_y
        await pilot.press("down", "down")
        await pilot.pause()
        assert app.screen.left.scroll_y == top + 2
        await pilot.press("pagedown")
        assert app.screen.left.scroll_y == top + 2


async def test_a_lab_is_there_again_as_it_was_left(open_lab, tmp_path):
    async with open_lab() as (app, pilot):
        await pilot.press("tab", "1", "enter")  # the first prediction, which moves the controls
        await pilot.press("down", "right", "right")
        outcome = flat(app)
        settings, outcomes = dict(app.screen.visit.settings), app.screen.visit.outcomes
        assert "Right." in outcome or "Not this time." in outcome
        await pilot.press("tab", "7")
        await pilot.press("escape", "q")
        await settled(pilot)
    before = len(rows(tmp_path))
    async with open_lab() as (app, pilot):
        visit = app.screen.visit
        assert "Here is the lab as you left it." in flat(app)
        assert (visit.settings, visit.place, visit.control) == (settings, 1, 1)
        assert {place: told.truth for place, told in visit.outcomes.items()} == {0: outcomes[0].truth}
        assert visit.texts[1] == "7"
    assert len(rows(tmp_path)) == before  # what is not changed is not written again, and no guess counts twice


async def test_a_lab_with_new_numbers_or_another_file_begins_anew(open_lab, folder, tmp_path):
    async with open_lab() as (app, pilot):
        await pilot.press("down", "right")
        assert app.screen.visit.settings != app.screen.visit.bench.start
    path = folder / "memory" / "labs" / "decay.yaml"
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    async with open_lab() as (app, pilot):
        assert "as you left it" not in flat(app)
        assert app.screen.visit.settings == app.screen.visit.bench.start


async def test_of_a_lab_that_is_done_nothing_is_left(open_lab):
    async with open_lab() as (app, pilot):
        visit = app.screen.visit
        for _ in visit.bench.lab.predict:
            await pilot.press("enter", "1", "enter")
        assert visit.next_open is None
    async with open_lab() as (app, pilot):
        assert not app.screen.visit.outcomes
        assert "as you left it" not in flat(app)


async def test_a_lab_tells_its_words(open_lab, folder):
    (folder / "glossary.yaml").write_text(
        "format: 1\nterms: [{term: weight, unit: memory, means: What a step multiplies by.}]\n", "utf-8"
    )
    async with open_lab() as (app, pilot):
        await pilot.press("w")
        assert isinstance(app.screen, WordsScreen)
        await pilot.press("q", "tab", "ctrl+l")
        assert isinstance(app.screen, WordsScreen)
        assert "What a step multiplies by." in flat(app)


async def test_a_guess_that_was_deleted_is_not_there_again(open_lab):
    async with open_lab() as (app, pilot):
        await pilot.press("tab", "7", "backspace", "escape", "q")
        await settled(pilot)
    async with open_lab() as (app, pilot):
        assert not app.screen.guess.line.value
