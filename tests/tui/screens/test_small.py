"""At 80x24 what is given and what is asked stay in view, while parts are answered and when they are marked."""

import numpy as np
import pytest

from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder

from ..conftest import screen_text, settled

COURSE = [*Library([content_folder()]).ids]


def right_text(part):
    """What is expected, as one types it; None for a program."""
    if part.kind == "program":
        return None
    if isinstance(part.expected, frozenset):
        return " ".join(map(str, sorted(part.expected)))
    return str(part.expected.tolist() if isinstance(part.expected, np.ndarray) else list(part.expected))


def wrong_text(part):
    """Something that can be read and is not right."""
    if part.ask.options:
        return next(str(k) for k in range(1, len(part.ask.options) + 1) if frozenset([k]) != part.expected)
    return str((1,) if part.kind == "shape" else (np.asarray(part.expected, float) * 1.37 + 3.123).tolist())


def missing(app, box):
    """Which lines of the givens, and of the question of a part, are not on the screen."""
    screen = app.screen
    there = [" ".join(line.split()) for line in screen_text(app).splitlines()]
    asked = box.asked.content.wrap(screen.left.content_size.width) if box.asked is not None else []
    asked = asked or list(screen.prompt.content.wrap(screen.left.content_size.width))[-1:]  # its end is what is asked
    wanted = [*screen._given_lines(), *asked]
    return [line.plain for line in wanted if line.plain.strip() and " ".join(line.plain.split()) not in there]


@pytest.mark.parametrize("exercise", COURSE)
async def test_what_is_given_and_asked_stays_in_view(open_app, exercise):
    async with open_app((80, 24), folder=content_folder(), exercise=exercise) as (app, pilot):
        screen, gone = app.screen, {}
        for box in screen.boxes:
            texts = [("wrong", wrong_text(box.part)), ("right", right_text(box.part))]
            for word, text in [one for one in texts if box.part.kind != "program"]:
                screen.set_focus(box.first)
                await settled(pilot)
                box.entry.value = text
                await settled(pilot)
                gone[box.part.name, word, "typed"] = missing(app, box)
                await screen._check(box.part.name)
                await settled(pilot)
                in_front = next((one for one in screen.boxes if one.has_focus_within), box)
                assert screen.visit.right(box.part.name) == (word == "right"), (box.part.name, text)
                gone[box.part.name, word, "marked"] = missing(app, in_front)
        assert not {what: lines for what, lines in gone.items() if lines}


def on_screen(screen, top, bottom):
    """Whether lines of the column are in view."""
    first = round(screen.left.scroll_y)
    return first <= top and bottom <= first + screen.left.size.height


@pytest.mark.parametrize("exercise", ["rnn-update", "unroll-unit", "lstm-cell", "embedding-shape", "causal-weights"])
async def test_what_was_asked_for_or_said_last_is_in_view_with_hints_and_pad_open(open_app, exercise):
    async with open_app((80, 24), folder=content_folder(), exercise=exercise) as (app, pilot):
        screen, gone = app.screen, []
        await pilot.press("f6")
        await settled(pilot)
        screen.pad.lines.text = "a = 1\nb = [1, 2]\nc = b * 2\na + 1"
        for _ in screen.visit.source.hints:
            await pilot.press("f2")
            await settled(pilot)
            at = screen._answered_box().line_at
            lines = screen.hints.virtual_region.bottom - at
            if lines + len(screen._given_lines()) + 1 <= screen._height_of_all():
                gone += [] if on_screen(screen, at, at + lines) else [f"hint {screen.visit.run.hints}"]
        for box in (box for box in screen.boxes if box.part.kind != "program"):
            screen.set_focus(box.entry)
            box.entry.value = wrong_text(box.part)
            await settled(pilot)
            await pilot.press("enter")
            await settled(pilot)
            top, bottom = box.verdict_at, box.virtual_region.bottom
            gone += [] if on_screen(screen, top, bottom) else [box.part.name]
        assert not gone
