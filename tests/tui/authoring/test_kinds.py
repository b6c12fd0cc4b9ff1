"""A lab, a page and a glossary that are being written."""

import pytest

from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.glossary import GlossaryScreen
from rnn_tutor.tui.screens.lab import LabScreen
from rnn_tutor.tui.screens.page import PageScreen
from tests.exercises.labs_for_tests import TEXT

from ..conftest import screen_text, type_in
from .conftest import DECAY, changed, flat, rechecked, shown

PAGE = """\
format: 1
text: |
  A state is what a network keeps.

    h[t] = w h[t-1]
""" + "".join(f"\n  Paragraph {k} says it again.\n" for k in range(30))

GLOSSARY = """\
format: 1
terms:
  - {term: gate, symbols: [f], unit: gates, means: A number between 0 and 1.}
  - {term: state, symbols: [h], unit: gates, means: What is kept.}
"""


@pytest.fixture
def lab(tmp_path):
    path = tmp_path / "labs" / "decay.yaml"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


async def test_a_lab_keeps_its_controls_and_judges_its_predictions_anew(open_author, lab):
    async with open_author(lab) as (app, pilot):
        assert isinstance(app.screen, LabScreen)
        await pilot.press("right")
        moved = dict(app.screen.visit.settings)
        assert moved != app.screen.visit.bench.start
        await pilot.press("ctrl+g")
        assert "expected: prediction 1: " in flat(app) and "expected: prediction 2: " in flat(app)
        before = screen_text(app)
        await rechecked(pilot, lambda: changed(lab, "title: A state that decays", "title: Something decays"))
        assert "Something decays" in flat(app) and app.screen.visit.settings == moved
        assert screen_text(app).splitlines()[5:15] == before.splitlines()[5:15]
        await pilot.press("tab")
        await type_in(pilot, "1")
        await pilot.press("enter")
        told = dict(app.screen.visit.outcomes)
        assert len(told) == 1
        await rechecked(pilot, lambda: changed(lab, "title: Something decays", "title: All decays"))
        assert {place: one.verdict for place, one in app.screen.visit.outcomes.items()} == {
            place: one.verdict for place, one in told.items()
        }
        assert app.session.log == []


async def test_a_labs_draws_and_its_errors(open_author, lab):
    async with open_author(lab) as (app, pilot):
        await pilot.press("ctrl+n")
        await shown(pilot, "numbers of seed 0")
        await rechecked(pilot, lambda: changed(lab, "controls:", "control:"))
        assert "error: control" in flat(app) and "numbers of seed 0" in flat(app)
        await pilot.press("s")
        lab.write_text(TEXT.replace("title: A state that decays", "title: Another one"), encoding="utf-8")
        await shown(pilot, "Another one")
        assert len(app.screen_stack) == 3


async def test_a_page_stays_where_one_reads_it(open_author, content, tmp_path):
    path = tmp_path / "gates" / "page.yaml"
    path.parent.mkdir()
    path.write_text(PAGE, encoding="utf-8")
    async with open_author(path) as (app, pilot):
        assert isinstance(app.screen, PageScreen)
        assert "rnn-tutor Gates" in flat(app) and "Ctrl+N" not in flat(app)
        await pilot.press("pagedown")
        line = screen_text(app).splitlines()[2]
        assert "A state is" not in flat(app)
        await rechecked(pilot, lambda: changed(path, "says it again", "told it again"))
        assert screen_text(app).splitlines()[2] == line.replace("says", "told")
        await rechecked(pilot, lambda: changed(path, "text: |", "texts: |"))
        assert "error: texts" in flat(app) and "told it again" in flat(app)
        await pilot.press("ctrl+n")
        assert "no random numbers here" in flat(app)
        await pilot.press("enter")
        assert "no exercises" in flat(app)


async def test_a_glossary_keeps_the_word_that_one_is_at(open_author, tmp_path):
    path = tmp_path / "glossary.yaml"
    path.write_text(GLOSSARY, encoding="utf-8")
    async with open_author(path) as (app, pilot):
        assert isinstance(app.screen, GlossaryScreen)
        assert "3: error: terms[0].unit: there is no unit 'gates'" in flat(app)  # beside it there is no course
        await pilot.press("down")
        await rechecked(pilot, lambda: changed(path, "What is kept.", "What is kept from step to step."))
        assert "What is kept from step to step." in flat(app)


async def test_an_exercise_may_become_a_lab(open_author, file):
    async with open_author() as (app, pilot):
        file.write_text(TEXT, encoding="utf-8")
        await shown(pilot, "Predict 1 of 2")
        assert isinstance(app.screen, LabScreen)
        file.write_text(DECAY, encoding="utf-8")
        await shown(pilot, "A state is multiplied")
        assert isinstance(app.screen, ExerciseScreen)
