"""A step towards the answer, checked by itself; numbers that tell mistakes apart; mistakes that come back."""

import sqlite3
from dataclasses import replace

from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.figures.numbers import listed
from rnn_tutor.progress.attempt import DRAFT
from rnn_tutor.tui.widgets.line import AnswerLine

from ..conftest import FULL, burst, flat, screen_text, settled, type_in

WRONG = "[0.317, 4.5]"


def attempts(tmp_path):
    con = sqlite3.connect(tmp_path / "progress.sqlite3")
    found = con.execute("SELECT text, verdict, rule FROM attempt WHERE verdict <> ? ORDER BY id", (DRAFT,)).fetchall()
    con.close()
    return found


async def answer(pilot, text):
    await type_in(pilot, text)
    await pilot.press("enter")
    await settled(pilot)


async def test_an_unexplained_answer_ends_with_what_to_do_and_with_which_keys(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await answer(pilot, WRONG)
        assert "Not yet. I don't recognise this mistake." in flat(app)
        assert "Check one step first: your value of f * c_prev. (Ctrl+T: check it, F2: a hint)" in flat(app)


async def test_steps_are_checked_one_after_the_other_and_none_is_an_attempt(open_app, tmp_path):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await answer(pilot, WRONG)
        await pilot.press("ctrl+t")
        await settled(pilot)
        assert "Step 1 of 2, not counted. Your value of f * c_prev:" in flat(app)
        assert "Ctrl+T to the answer" in screen_text(app).splitlines()[-1]
        await answer(pilot, "0.9 0.2")
        assert "Not this one. The mistake is in this step or in a value it uses." in flat(app)
        await pilot.press("minus")  # a change takes the sentence away
        await settled(pilot)
        assert "Not this one" not in flat(app)
        app.focused.value = ""
        await answer(pilot, "0.9 -0.2")
        assert "Right. That is f * c_prev. Here is the next step." in flat(app)
        assert "Step 2 of 2, not counted. Your value of i * cand:" in flat(app)
        await answer(pilot, "i * cand")
        assert "That was the last step: now the answer itself." in flat(app)
        await pilot.press("ctrl+t")
        assert app.focused is app.screen.boxes[0].entry
        app.focused.value = ""
        await answer(pilot, "0.95 0")
        assert app.screen.visit.solved
        assert "not counted" not in flat(app)
    assert [text for text, *_ in attempts(tmp_path)] == [WRONG, "0.95 0"]


async def test_steps_come_after_a_first_try_and_outlive_the_screen(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await pilot.press("ctrl+t")
        await settled(pilot)
        assert "Check an answer first. Then Ctrl+T checks a step towards it." in flat(app)
        await answer(pilot, WRONG)
        await pilot.press("ctrl+t")
        await answer(pilot, "0.9 -0.2")
        await burst(pilot, "f8", "f7", "ctrl+t")
        assert "Step 2 of 2" in flat(app)
        await burst(pilot, "escape", "t")  # a letter, where no line is active
        assert isinstance(app.focused, AnswerLine)


async def test_where_there_is_no_step_it_says_so(open_app):
    async with open_app(exercise="wide") as (app, pilot):
        await answer(pilot, "-17.31")
        await pilot.press("ctrl+t")
        await settled(pilot)
        assert "This answer has no steps to check. F2 opens a hint." in flat(app)


async def test_code_in_a_verdict_is_bold_without_backticks_in_ascii_too(open_app):
    for terminal in (FULL, replace(FULL, characters="ascii")):
        async with open_app(exercise="lstm-cell", terminal=terminal) as (app, pilot):
            await pilot.press("ctrl+u")  # the answer of the sitting before
            await answer(pilot, "f*c_prev + cand")
            verdict = app.screen.boxes[0]._verdict.content
            says = app.screen.visit.verdicts["c"].says
            assert says.replace("`", "") in verdict.plain and "`" not in verdict.plain
            code = says.split("`")[1::2]
            bold = [verdict.plain[span.start : span.end] for span in verdict.spans if "bold" in str(span.style)]
            assert code and set(code) <= set(bold)


async def test_numbers_that_decide_are_a_key_away_and_the_next_answer_names_the_mistake(open_app):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        exercises, visit = app.session.exercises, app.screen.visit
        versions = search(visit.question, visit.question.parts[0]).singles
        first, second = (next(one for one in versions if one.rules == (rule,)) for rule in ("sign", "term_left_out"))
        verdict = exercises.check(visit, "c", WRONG)
        suspected = replace(verdict.diagnosis, suspects=(first, second))
        visit.verdicts["c"] = replace(verdict, diagnosis=suspected)
        app.screen._offer(app.screen.boxes[0], visit.verdicts["c"])
        await settled(pilot)
        assert "Try it with new numbers: then I can tell which it is." in flat(app)
        assert "F4: those numbers" in flat(app)
        numbers = visit.verdicts["c"].diagnosis.differs
        await pilot.press("f4")
        await settled(pilot)
        assert app.screen.visit.seed == numbers.seed
        assert app.screen.visit.suspects == {"c": (first, second)}
        assert "Answer c with these numbers: then I can tell which mistake it is." in flat(app)
        value = numbers.graph.whole("kept").number - numbers.graph.whole("new").number
        await answer(pilot, listed(value, 2))
        assert app.screen.visit.verdicts["c"].diagnosis.rule == "sign"
        await pilot.press("f4")  # from here on new numbers are any
        await settled(pilot)
        assert app.screen.visit.suspects == {}


async def test_progress_tells_which_kinds_of_mistakes_come_back(open_app, tmp_path):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await answer(pilot, "f*c_prev + cand")
        (log,) = app.session.log
        assert log.rule == "term_left_out"
        app.session.log.append(replace(log, exercise="sequence-probability"))
        await burst(pilot, "escape", "q", "p")
        assert "Mistakes you made more than once a term or a factor left out, in 2 exercises:" in flat(app)
        assert "in 2 exercises: LSTM cell update, Sequence prob" in flat(app)
    assert attempts(tmp_path)[0][2] == "term_left_out"
