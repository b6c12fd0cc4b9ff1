from rnn_tutor.tui.screens.exercise import ExerciseScreen

from ..conftest import screen_text, settled, type_in


async def test_one_step_per_key_there_and_back(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("f3")
        for key, word in (("right", "let"), ("space", "survives"), ("left", "let"), ("left", "keeps")):
            await pilot.press(key)
            await settled(pilot)
            assert word in screen_text(app)
        assert app.screen.visit.told
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
