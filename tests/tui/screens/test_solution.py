from textual.content import Content
from textual.visual import Visual

from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.solution import SolutionScreen

from ..conftest import screen_text, settled, type_in


async def test_one_step_per_key_there_and_back(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3")
        for key, word in (("right", "let"), ("space", "survives"), ("left", "let"), ("left", "keeps")):
            await pilot.press(key)
            await settled(pilot)
            assert word in screen_text(app)
        assert app.screen.visit.run.solution
        await pilot.press("q")
        assert isinstance(app.screen, ExerciseScreen)


async def test_a_step_has_symbols_numbers_result_shape_and_picture(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3")
        await settled(pilot)
        text = screen_text(app)
        assert "step 1 of 3" in text
        assert "f * c_prev" in text
        assert "0.9" in text
        assert "-0.2" in text
        assert "kept (unit 2)" in text


async def _rested(pilot):
    """Wait until what waits for a pause is done."""
    await settled(pilot)
    for _ in range(100):
        if not pilot.app.pauses.busy:
            return
        await pilot.pause(0.02)


async def test_the_next_step_is_made_while_one_is_looked_at(open_app, monkeypatch):
    """Its text is laid out and coloured as it would be without that, and nothing of it is made when the key comes."""
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3")
        await _rested(pilot)
        text = app.screen._text(1)
        made, wrapped = [], []
        monkeypatch.setattr(SolutionScreen, "_text", lambda self, number: (made.append(number), Content("more"))[1])
        wrap = Content._wrap_and_format

        def wrapping(self, *args, **options):
            wrapped.append(self.plain)
            return wrap(self, *args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(Content, "_wrap_and_format", wrapping)
            await pilot.press("right")
            await _rested(pilot)
        assert "step 2 of 3" in screen_text(app)
        assert 1 not in made
        assert text.plain not in wrapped
        step = app.screen.step
        as_ever = Visual.to_strips(step, text, *step.size, step.visual_style)
        assert [list(step.render_line(y)) for y in range(step.size.height)] == [list(strip) for strip in as_ever]


async def test_a_step_that_was_made_with_the_gradient_or_for_another_width_is_not_shown_without(open_app):
    async with open_app(exercise="lstm-cell", size=(100, 40)) as (app, pilot):
        await pilot.press("f3", "g")
        await _rested(pilot)
        await pilot.press("g", "right")
        await settled(pilot)
        assert "step 2 of 3" in screen_text(app)
        assert "d sum(c)" not in screen_text(app)
        await _rested(pilot)
        await pilot.resize_terminal(40, 40)
        await pilot.press("right")
        await settled(pilot)
        assert app.screen.number == 2
        step = app.screen.step
        text = app.screen._text(2)
        as_ever = Visual.to_strips(step, text, *step.size, step.visual_style)
        assert [list(step.render_line(y)) for y in range(step.size.height)] == [list(strip) for strip in as_ever]


async def test_after_the_last_step_it_says_so(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3", "enter", "enter", "enter")
        await settled(pilot)
        assert "That was the last step." in screen_text(app)


async def test_the_attempt_tells_that_the_solution_was_seen(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3", "q")
        await type_in(pilot, "[0.95 0]")
        await pilot.press("enter")
        assert app.session.log[-1].solution


async def test_the_gradient_stands_beside_the_value(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3", "g")
        await settled(pilot)
        assert "d sum(c) / d kept = 1 1" in screen_text(app)
        assert app.screen.visit.gradients is not None
        await pilot.press("right", "g")
        await settled(pilot)
        assert "d sum(c)" not in screen_text(app)


RECURRENCE = """\
format: 1
id: wide
title: A recurrence
prompt: What is `L`?
given:
  w: {value: "0.5", means: weight}
  x: {value: "[1, 2, 3]", means: inputs, axes: [time]}
  T: {value: "3", means: steps}
steps:
  - start: {h: "0"}
  - for: t in range(T)
    do:
      - let: "h[t] = w * h[t-1] + x[t]"
  - let: "unused = x * 2"
  - let: "L = h[-1]"
ask:
  - {answer: L, as: scalar}
hints: [Go on.]
"""


async def test_a_recurrence_shows_its_norm_at_every_time_step(open_app, content, tmp_path):
    import shutil

    folder = tmp_path / "content"
    shutil.copytree(content, folder)
    (folder / "gates/wide.yaml").write_text(RECURRENCE, encoding="utf-8")
    async with open_app((80, 30), folder=folder, exercise="wide") as (app, pilot):
        await pilot.press("f3", "right", "g")
        await settled(pilot)
        lines = [" ".join(line.split()) for line in screen_text(app).splitlines()]
        bars = [line for line in lines if line.startswith("h[") and line.endswith("▇")]
        assert [line.split()[1] for line in bars] == ["0.25", "0.5", "1"]
        assert [line.count("▇") for line in bars] == [8, 15, 30]
        await pilot.press("right")
        await settled(pilot)
        assert "does not change the answer" in screen_text(app)


async def test_without_numbers_there_is_nothing_to_differentiate(open_app):
    async with open_app(exercise="debug-checklist") as (app, pilot):
        await pilot.press("f3", "g")
        await settled(pilot)
        assert "nothing to differentiate" in screen_text(app)
