"""Labs on screens of all sizes, and what comes from outside them: files, text, progress."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.tui.keymap import remap
from rnn_tutor.tui.screens.lab import LabScreen, shortened
from rnn_tutor.tui.terminal.capabilities import Terminal
from tests.exercises.labs_for_tests import TEXT

from ..conftest import _hostile, burst, flat, screen_text, settled
from .conftest import state


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.long)])
async def test_every_lab_of_the_course_fits_the_smallest_screen(open_app, every):
    content = Path(__file__).parents[3] / "content"
    async with open_app(folder=content) as (app, pilot):
        assert len(app.session.library.labs) >= 10
        for lab in [*app.session.library.labs][::every]:
            app.open_lab(lab)
            await settled(pilot)
            assert app.screen.left.max_scroll_y == 0, lab
            await pilot.press("tab")
            app.focused.insert_text_at_cursor("1")
            await pilot.press("enter")
            await pilot.pause()
            while app.screen.visit.judging is not None:  # a network is trained first, in the pauses
                await asyncio.sleep(0.05)
            await settled(pilot)
            assert len(app.screen.visit.outcomes) == 1, lab
            assert app.screen.left.max_scroll_y == 0, lab
            await pilot.press("q")
            await settled(pilot)


async def test_keys_all_at_once_end_where_they_should(open_lab):
    async with open_lab() as (app, pilot):
        await burst(pilot, "right", "right", "down", "right", "tab", "1", "enter", "left")
        assert app.screen.visit.settings == {"T": 1, "w": 11, "kind": 0, "word": "abba"}
        assert "Right." in flat(app)


async def test_wide_the_pictures_stand_beside_together(open_lab):
    async with open_lab(size=(120, 40)) as (app, pilot):
        text = screen_text(app)
        assert "h (time 10, unit 2)" in text
        assert "count" in text
        assert "Watch what is left" in text
        line = next(line for line in text.splitlines() if "h (time 10" in line)
        assert line.index("h (time 10") > 40
        await pilot.press("right")
        assert "Watch what is left" in screen_text(app)  # there is room for all


async def test_a_place_that_cannot_be_evaluated_says_so_and_goes_on(open_lab, folder):
    path = folder / "memory" / "labs" / "decay.yaml"
    path.write_text(TEXT.replace("h[-1][0]", "h[9][0]").replace("bars: [count]", "bars: [count, left]"), "utf-8")
    async with open_lab() as (app, pilot):
        await pilot.press("left")
        assert "nothing to see with these controls:" in flat(app)
        await pilot.press("right")
        assert "nothing to see with these controls:" not in flat(app)
        assert state(app).shape == (10, 2)


async def test_a_lab_that_does_not_open_says_why(open_app, folder):
    path = folder / "memory" / "labs" / "decay.yaml"
    for text in ("format: 1", TEXT.replace("w * h[t-1])", "v * h[t-1])"), None):
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
        async with open_app(folder=folder) as (app, pilot):
            app.open_lab("decay")
            await settled(pilot)
            assert not isinstance(app.screen, LabScreen)
            assert "decay" in flat(app)


async def test_progress_and_course_know_what_was_predicted(open_lab):
    async with open_lab() as (app, pilot):
        await pilot.press("1", "enter", "q", "p")
        await settled(pilot)
        assert "predicted 1 of 2, right 1" in flat(app)
        assert "0 of 0 exercises done" in flat(app)
        assert app.session.due == ()


@pytest.mark.parametrize("terminal", [Terminal("ascii", 0), Terminal("ascii", 16)])
async def test_ascii_is_ascii(open_lab, terminal):
    async with open_lab(terminal=terminal) as (app, pilot):
        for keys in (("right",), ("1", "enter"), ("tab",), ("right_square_bracket",)):
            await pilot.press(*keys)
            assert screen_text(app).isascii(), keys


class HostileLabs(Library):
    """What a loader that lets everything through would give: HOSTILE wherever the file says HERE."""

    def lab(self, lab):
        loaded = super().lab(lab)
        return replace(loaded, lab=_hostile(loaded.lab))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_foreign_text_acts_nowhere(open_app, folder, size):
    text = (
        TEXT.replace("A state that decays", "HERE")
        .replace("prompt: Watch", "prompt: HERE Watch")
        .replace("means: weight", "means: HERE weight")
        .replace("text: it grows", "text: HERE it grows")
        .replace("say: More than 1", "say: HERE more than 1")
        .replace("ask: What becomes", "ask: HERE what becomes")
        .replace("choices: [linear, tanh], start: linear", "choices: [HERE, tanh]")
        .replace("title: the state", "title: HERE")
    )
    (folder / "memory" / "labs" / "decay.yaml").write_text(text, encoding="utf-8")
    async with open_app(folder=folder, library=HostileLabs, size=size) as (app, pilot):
        app.open_lab("decay")
        await settled(pilot)
        assert isinstance(app.screen, LabScreen), flat(app)
        for keys in ((), ("1",), ("enter",), ("tab", "tab"), ("n",)):
            await pilot.press(*keys)
            await settled(pilot)
            shown = screen_text(app)
            assert all(char.isprintable() or char == "\n" for char in shown), keys
        assert "a[/b] [red]x[/] ␛[31m" in " ".join(shown.split())


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_way_out_stands_in_the_row_of_keys_whatever_else_does(open_lab, size):
    async with open_lab(size=size) as (app, pilot):
        for keys in ((), ("right",), ("n", "right")):
            await pilot.press(*keys)
            await settled(pilot)
            row = screen_text(app).splitlines()[-1]
            assert row.split()[-2:] == ["q", "back"], keys
            assert {"s", "?"} <= set(row.split())


def test_keys_give_up_words_only_where_there_is_no_room():
    every = [("next-line", "predict"), ("reset", "reset"), ("look", "look"), ("help", "help"), ("back", "back")]
    shown = {"next-line": "Tab", "reset": "0", "look": "v", "help": "?", "back": "q"}
    words = [("Tab", "predict"), ("0", "reset"), ("v", "look"), ("?", "help"), ("q", "back")]
    assert shortened(every, shown, 80) == words
    assert shortened(every, shown, 40) == [*words[:2], *words[3:]]
    assert shortened(every, shown, 30) == [("Tab", "predict"), ("0", ""), ("?", ""), ("q", "back")]


async def test_a_text_that_a_prediction_asks_about_stands_on_its_line(open_lab, folder):
    asked = TEXT.replace("at: {w: 1.1}", 'at: {w: 1.1, word: "cab c"}')
    (folder / "memory" / "labs" / "decay.yaml").write_text(asked, encoding="utf-8")
    async with open_lab() as (app, pilot):
        await pilot.press("1", "enter")
        await settled(pilot)
        assert app.screen.visit.settings["word"] == "cab c"
        assert "word: cab c" in flat(app)
        await pilot.press("tab", "tab")
        assert app.screen.texts[0].line.value == "cab c"


@pytest.mark.parametrize(("size", "there"), [((80, 24), False), ((80, 40), True), ((120, 24), True)])
async def test_who_comes_back_finds_the_picture_as_large_as_it_was(open_lab, size, there):
    async with open_lab(size=size) as (app, pilot):
        assert app.screen.prompt.display
        await pilot.press("right", "q")
        app.open_lab("decay")
        await settled(pilot)
        assert app.screen.prompt.display is there


async def test_another_key_is_told_in_the_row(open_lab):
    async with open_lab() as (app, pilot):
        remap(app, {"next-line": "ctrl+g", "new-numbers-letter": "z", "control-below": "j"})
        await settled(pilot)
        row = screen_text(app).splitlines()[-1]
        assert "Left Right Up j move" in row and "Ctrl+G predict" in row and "z new" in row


async def test_the_key_that_shows_what_has_no_room_is_one_that_works_now(open_app):
    async with open_app(folder=Path(__file__).parents[3] / "content") as (app, pilot):
        app.open_lab("saturation")
        await burst(pilot, "right")
        assert "(]: the next)" in screen_text(app)
        await burst(pilot, "tab")  # on a line ] is text
        assert "(F8: the next)" in screen_text(app)
        await burst(pilot, "escape")
        remap(app, {"next-picture": "j"})
        await burst(pilot, "right")
        assert "(j: the next)" in screen_text(app)


async def test_on_a_line_the_row_has_all_that_works_there(open_lab):
    async with open_lab() as (app, pilot):
        await burst(pilot, "tab")
        assert app.screen.focused is not None
        assert len(app.screen.key_row()) == len(list(app.screen.key_items()))
        assert "Up Down controls" in screen_text(app).splitlines()[-1]
