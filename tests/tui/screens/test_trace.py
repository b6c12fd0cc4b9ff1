import pytest

from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.screens.solution import SolutionScreen
from rnn_tutor.tui.screens.trace import TraceScreen

from ..conftest import burst, screen_text, settled

LONG = """\
format: 1
id: long
title: A long sum
prompt: What is `y`?
given:
  weights: {value: "arange(8) / 8 - 0.4375", means: weights}
  inputs: {value: "arange(8) * 0.12345", means: inputs}
steps:
  - let: "y = sum(weights * inputs)"
ask:
  - {answer: y, as: scalar}
hints: [Add.]
"""


async def test_one_goes_deeper_and_back_again(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3", "right", "right", "f5", "right", "enter")
        await settled(pilot)
        text = screen_text(app)
        assert isinstance(app.screen, TraceScreen)
        assert "c[1] = kept[1] + new[1]" in text
        assert "= -0.2 + 0.2" in text
        assert "> kept[1]   -0.2" in text
        await pilot.press("down", "enter")
        await settled(pilot)
        text = screen_text(app)
        assert "new[1]  <  c[1]" in text
        assert "new[1] = i[1] * cand[1]" in text
        assert "1 deep" in text
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert "given: input gate" in screen_text(app)
        assert "the calculation starts here" in screen_text(app)
        await pilot.press("escape", "left")
        await settled(pilot)
        assert "> new[1]" in screen_text(app)  # where one was
        await pilot.press("q")
        assert isinstance(app.screen, LookScreen)
        await pilot.press("q")
        assert isinstance(app.screen, SolutionScreen)


async def test_a_given_says_what_it_is_and_gives_nothing_away(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f5", "right", "enter")
        await settled(pilot)
        assert "f[1] = 0.2" in screen_text(app)
        assert "given: forget gate" in screen_text(app)
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, ExerciseScreen)


async def test_a_cell_of_a_slice_is_found(open_app):
    async with open_app(exercise="wide") as (app, pilot):
        await pilot.press("f5", "full_stop", "right", "down", "enter")
        await settled(pilot)
        assert "X[1, 1, 1] = -8" in screen_text(app)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_long_arithmetic_wraps_and_every_source_is_reached(open_app, content, tmp_path, size):
    import shutil

    folder = tmp_path / "content"
    shutil.copytree(content, folder)
    (folder / "gates/wide.yaml").write_text(LONG.replace("id: long", "id: wide"), encoding="utf-8")
    async with open_app(size, folder=folder, exercise="wide") as (app, pilot):
        await pilot.press("f3", "v", "enter")
        await settled(pilot)
        trace = app.screen.trace
        assert len(trace.sources) == 16
        assert all(len(line.rstrip()) <= size[0] for line in screen_text(app).splitlines())
        for source in trace.sources[1:]:
            await burst(pilot, "down")
            assert f"> {source.name} " in screen_text(app)
        await burst(pilot, "up", *["pageup"] * 9)
        assert "y = weights[0] * inputs[0]" in screen_text(app)
