"""The words that an exercise stands on are one key away, and from there the page where it is about them."""

import pytest

from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.glossary import GlossaryScreen
from rnn_tutor.tui.screens.page import PageScreen
from rnn_tutor.tui.screens.words import WordsScreen

from ..conftest import flat, screen_text, settled

LONG = "".join(f"  Paragraph {number} says little.\n\n" for number in range(30))
PAGE = f"format: 1\ntext: |\n{LONG}  A number is doubled here.\n\n{LONG}"
NUMBER = "  - {term: number, unit: second, means: Something to count with.}\n"


@pytest.fixture
def explained(book):
    """The book with a word that stands in its exercises, and a page that is about it far below."""
    (book / "second" / "page.yaml").write_text(PAGE, "utf-8")
    glossary = book / "glossary.yaml"
    glossary.write_text(glossary.read_text("utf-8") + NUMBER, "utf-8")
    return book


async def test_words_and_page_are_one_key_away_and_a_new_unit_offers_them(open_app, explained):
    async with open_app(folder=explained) as (app, pilot):
        app.open_exercise("three")
        await settled(pilot)
        assert "This unit is new to you. Ctrl+L shows its words and its page." in flat(app)
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert isinstance(app.screen, WordsScreen)
        assert "Page: Second steps (Enter opens it here) A number is doubled here." in flat(app)
        assert "Something to count with." in screen_text(app)
        await pilot.press("enter")
        await settled(pilot)
        assert isinstance(app.screen, PageScreen)
        assert "A number is doubled here." in screen_text(app).splitlines()[2]
        await pilot.press("q", "g")
        await settled(pilot)
        assert isinstance(app.screen, GlossaryScreen)
        assert app.screen.list.current.id == "number"
        await pilot.press("q", "q", "escape", "w")
        await settled(pilot)
        assert isinstance(app.screen, WordsScreen)
        await pilot.press("q", "q")
        app.open_exercise("three")
        await settled(pilot)
        assert isinstance(app.screen, ExerciseScreen)
        assert "new to you" not in flat(app)  # said once


async def test_without_a_page_or_words_it_says_so(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        app.open_exercise("four")
        await settled(pilot)
        assert "new to you" not in flat(app)
        await pilot.press("ctrl+l", "enter")
        assert "This unit has no page." in flat(app)
        assert "The glossary has no word that stands here." in flat(app)


async def test_the_offer_takes_no_place_from_what_has_to_be_known(open_app, explained):
    async with open_app(folder=explained) as (app, pilot):
        app.session.problem = "Nothing is being saved: the disk is full."
        app.open_exercise("three")
        await settled(pilot)
        assert "Nothing is being saved: the disk is full." in flat(app)
