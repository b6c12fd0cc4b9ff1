"""Units that fold, their pages, the glossary, and a search in all of it; courses of others beside the own one."""

import pytest

from rnn_tutor.exercises import book as book_files
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.glossary import GlossaryScreen
from rnn_tutor.tui.screens.page import PageScreen
from rnn_tutor.tui.terminal.capabilities import Terminal
from rnn_tutor.tui.widgets.frame import fitted

from ..conftest import HOSTILE, HostileLibrary, burst, screen_text, settled, type_in

ASCII = Terminal("ascii", 0)


def _lines(app):
    return [line.strip() for line in screen_text(app).splitlines()]


def _line(app, words):
    return next(line for line in _lines(app) if words in line)


def _there(app):
    return app.screen.list.current.key


SMALL = (80, 13)  # five rows of a list


# units


async def test_a_long_course_is_folded_but_for_where_one_is(open_app, book):
    async with open_app(SMALL, folder=book) as (app, pilot):
        assert _there(app) == ("exercise", "one")
        assert _line(app, "First steps").split() == ["-", "First", "steps", "0/2"]
        assert _line(app, "Second steps").split() == ["+", "Second", "steps", "0/1"]
        assert "Number three" not in screen_text(app)
        await burst(pilot, "down", "down", "right")
        assert _there(app) == ("unit", "second")
        assert "Number three" in screen_text(app)
        assert _line(app, "Read this first").split()[-1] == "page"
        assert _line(app, "Playing with weights").split()[-1] == "lab"
        await burst(pilot, "down", "left")
        assert _there(app) == ("unit", "second")
        assert "Number three" not in screen_text(app)
        await burst(pilot, "enter", "down", "down")
        assert _there(app) == ("exercise", "three")
        await burst(pilot, "up", "up", "enter")
        assert "Number three" not in screen_text(app)


async def test_a_short_course_is_unfolded(open_app, book):
    async with open_app((80, 24), folder=book) as (app, _):
        assert all(f"Number {name}" in screen_text(app) for name in ("one", "two", "three", "four"))


async def test_a_folded_unit_says_that_what_is_next_is_in_it(open_app, book):
    async with open_app(SMALL, folder=book) as (app, pilot):
        await burst(pilot, "left")
        assert _line(app, "First steps").split() == ["+", "First", "steps", "0/2", "next"]


async def test_what_a_unit_needs_is_told_until_it_was_begun_and_nothing_is_locked(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "end")
        assert "Third steps  needs First steps, Second steps: best done first" in screen_text(app)
        await burst(pilot, "home", "down", "down", "enter")
        await type_in(pilot, "3")
        await burst(pilot, "enter", "escape", "q", "end")
        assert _line(app, "First steps").split()[-1] == "1/2"
        assert "Third steps  needs First steps; do first: Second steps" in screen_text(app)
        await burst(pilot, "enter")
        assert isinstance(app.screen, ExerciseScreen)
        await type_in(pilot, "3")
        await burst(pilot, "enter", "escape", "q")
        assert app.session.next_open() == "two"
        await burst(pilot, "end", "up", "up", "up")
        assert _there(app) == ("exercise", "three")
        assert "needs First steps\n" in "\n".join(_lines(app)) + "\n"


# pages


async def test_a_page_shows_prose_and_formulas_and_leads_to_its_exercises(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "u")
        assert isinstance(app.screen, PageScreen)
        assert "First things." in screen_text(app)
        await burst(pilot, "enter")
        assert app.screen.visit.question.exercise.id == "one"
        await burst(pilot, "escape", "q", "down", "down", "down", "enter")
        text = screen_text(app)
        assert "What the second unit says, with a symbol in the middle of a paragraph." in text
        assert "\n   h[t] = tanh(W @ x[t])" in text
        assert "Needs  First steps" in text and "Best done first   First steps" in text
        assert "- A paper of 1997." in text
        bold = [span for span in app.screen.text().spans if "bold" in str(span.style)]
        assert "symbol" in {app.screen.text().plain[span.start : span.end] for span in bold}
        await burst(pilot, "left_square_bracket")
        assert app.screen.visit.question.exercise.id == "two"
        await burst(pilot, "q")
        assert isinstance(app.screen, CourseScreen)


async def test_the_cursor_stays_where_a_page_was_opened(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "home", "down", "enter", "q")
        assert _there(app) == ("page", "first")


async def test_a_page_opened_from_an_exercise_leads_back_with_all_that_was_typed(open_app, book):
    async with open_app(folder=book, exercise="three") as (app, pilot):
        await type_in(pilot, "1 + 1")
        await burst(pilot, "escape", "u")
        assert "eigenvalues" in screen_text(app)
        await burst(pilot, "enter")
        assert app.screen.visit.texts == {"a": "1 + 1"}
        assert app.screen.boxes[0].text == "1 + 1"
        await burst(pilot, "g", "enter", "q", "q", "u", "g", "q", "left_square_bracket")
        assert isinstance(app.screen, ExerciseScreen)


async def test_on_the_way_to_a_new_unit_its_page_comes_first(open_app, book):
    async with open_app(folder=book, exercise="two") as (app, pilot):
        await type_in(pilot, "3")
        await burst(pilot, "enter")
        assert "Next: Second steps, a new unit (F8)" in screen_text(app)
        await burst(pilot, "f8")
        assert isinstance(app.screen, PageScreen)
        await burst(pilot, "f8")
        assert app.screen.visit.question.exercise.id == "three"
        await type_in(pilot, "1")
        await burst(pilot, "enter", "f7", "f8")
        assert app.screen.visit.question.exercise.id == "three"  # begun: its page is known
        await burst(pilot, "f8")
        assert app.screen.visit.question.exercise.id == "four"  # a unit without a page


async def test_a_unit_without_a_page_and_a_bad_page_say_so(open_app, book):
    (book / "first" / "page.yaml").write_text("format: 1\ntxt: x\n")
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "u")
        assert "page.yaml, line 2: txt" in screen_text(app)
        assert _line(app, "Read this first").split()[0] == "[!]"
        await burst(pilot, "end", "u")
        assert "This unit has no page." in screen_text(app)


async def test_a_long_page_scrolls_by_keys(open_app, book):
    async with open_app((80, 12), folder=book) as (app, pilot):
        app.open_page("second")
        await settled(pilot)
        assert "eigenvalues" not in screen_text(app)
        await burst(pilot, "end")
        assert "1997" in screen_text(app)
        await burst(pilot, "home")
        assert "Aim" in screen_text(app)
        await burst(pilot, "space", "down")
        assert "Aim" not in screen_text(app)


# the glossary


async def test_the_glossary_is_sorted_filtered_and_leads_to_pages(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        assert "g glossary" in screen_text(app)
        await burst(pilot, "g")
        assert isinstance(app.screen, GlossaryScreen)
        assert [row.id for row in app.screen.list.rows] == ["Activation", "gate", "state"]
        assert "What bends a line." in screen_text(app)
        await burst(pilot, "end")
        assert "h, h[t]" in _line(app, "Second steps")
        assert "What is carried" in screen_text(app)
        await burst(pilot, "slash", *"SHUTS")
        assert [row.id for row in app.screen.list.rows] == ["gate"]
        assert "1 of 3" in screen_text(app)
        await burst(pilot, "ctrl+u", "s")  # in the name of one, and in what the others mean
        assert [row.id for row in app.screen.list.rows] == ["state", "Activation", "gate"]
        await burst(pilot, *"x")
        assert "No entry matches all of this." in screen_text(app)
        await burst(pilot, "escape", "up", "slash", "h", "left_square_bracket", "enter")
        assert isinstance(app.screen, PageScreen)
        assert "eigenvalues" in screen_text(app)
        await burst(pilot, "q", "escape")
        assert len(app.screen.list.rows) == 3
        await burst(pilot, "escape")
        assert isinstance(app.screen, CourseScreen)


async def test_a_letter_typed_in_the_glossary_begins_to_filter_it(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        for first in ("o", "u", "A", "x", "r"):  # some are keys of the course and of exercises
            await burst(pilot, "g", first)
            assert isinstance(app.screen, GlossaryScreen)
            assert app.screen.search.line.value == first
            await burst(pilot, "escape", "q")
        await burst(pilot, "g", *"opens")
        assert [row.id for row in app.screen.list.rows] == ["gate"]
        await burst(pilot, "escape", "question_mark")
        assert not isinstance(app.screen, GlossaryScreen)  # the help


async def test_the_glossary_forgives_typing_errors(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "g", "slash", *"Activatoin")
        await settled(pilot)
        assert [row.id for row in app.screen.list.rows] == ["Activation"]
        assert "for activation" in screen_text(app)
        await burst(pilot, *"zzz")
        assert app.screen.list.rows == []
        assert "for activation" not in screen_text(app)


async def test_the_notation_stands_below_the_words_of_the_glossary(open_app, book):
    with (book / "glossary.yaml").open("a") as file:
        file.write(
            'notation:\n  - {sign: W_xh, shape: "(H, D)", means: Input weights.}\n  - {sign: h, means: State.}\n'
        )
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "g")
        assert [row.id for row in app.screen.list.rows if row.kind == "term"] == ["Activation", "gate", "state"]
        assert [row.id for row in app.screen.list.rows[-2:]] == ["W_xh", "h"]
        assert "Notation: the same names everywhere" in screen_text(app)
        assert "3 words" in screen_text(app)
        await burst(pilot, "end", "up")
        assert "(H, D)" in _line(app, "W_xh ")
        assert "Input weights." in screen_text(app)
        await burst(pilot, "enter")
        assert "This name means the same in every unit." in screen_text(app)
        await burst(pilot, "slash", *"notation")
        assert [row.id for row in app.screen.list.rows if row.kind == "sign"] == ["W_xh", "h"]
        await burst(pilot, "ctrl+u", *"bends")
        assert "Notation" not in screen_text(app)


async def test_without_a_glossary_it_is_said(open_app, book):
    (book / "glossary.yaml").unlink()
    async with open_app(folder=book) as (app, pilot):
        assert "g glossary" not in screen_text(app)
        await burst(pilot, "g")
        assert "There is no glossary here." in screen_text(app)


# search


async def test_a_search_finds_exercises_labs_pages_and_words(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "slash", *"SECOND")
        assert [row.key for row in app.screen.list.rows if row.choosable] == [
            ("exercise", "three"), ("lab", "play"), ("page", "second"),
        ]  # fmt: skip
        assert "1 exercise, 1 lab, 1 page" in screen_text(app)
        await burst(pilot, *["backspace"] * 6, *"carried")
        assert _there(app) == ("term", "state")
        assert "What is carried from step to step." in screen_text(app)
        await burst(pilot, "enter")
        assert isinstance(app.screen, GlossaryScreen)
        assert app.screen.list.current.id == "state"
        await burst(pilot, "q")
        assert not app.screen.searching
        assert _there(app) == ("exercise", "one")
        await burst(pilot, "slash", *"eigenvalues", "space", *"word")
        assert "And a last word on eigenvalues." in " ".join(_lines(app))  # the place in the page
        await burst(pilot, "enter")
        assert isinstance(app.screen, PageScreen)
        await burst(pilot, "q")
        assert _there(app) == ("page", "second")


async def test_a_search_forgives_typing_errors_and_takes_filters(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "slash")
        assert "level:2  kind:program  is:due  unit:ID" in screen_text(app)
        await burst(pilot, *"secnd")
        assert _there(app) == ("exercise", "three")
        assert "for second: 1 exercise, 1 lab, 1 page" in screen_text(app)
        await burst(pilot, *["backspace"] * 5, *"kind:lab")
        assert [row.key for row in app.screen.list.rows if row.choosable] == [("lab", "play")]
        await burst(pilot, *["backspace"] * 3, *"scalar")
        await settled(pilot)
        found = [row.id for row in app.screen.list.rows if row.choosable]
        assert found == ["one", "two", "three", "four"]
        await burst(pilot, "space", *"is:soon")
        assert "is:soon finds nothing: is takes new, begun, done, mastered, due." in " ".join(_lines(app))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("level:1 is:due", "is:due finds nothing: no exercise is due now."),
        ("level:3 is:new", "level:3 finds nothing: nothing here has level 3."),
        ("unit:tenth", "unit:tenth finds nothing: no unit's id begins with tenth."),
        ("zzzzz is:new", "No match for this word."),
        ("four unit:first", "Nothing has all of this: four unit:first. Each alone is found."),
    ],
)
async def test_a_search_that_finds_nothing_says_which_part_of_it_does(open_app, book, typed, says):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "slash")
        await type_in(pilot, typed)
        await settled(pilot)
        assert says in " ".join(" ".join(_lines(app)).split())


async def test_words_that_were_mistyped_are_told_together(open_app, book):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "slash")
        await type_in(pilot, "eigenvaleus paragrph")
        await settled(pilot)
        assert "for eigenvalues paragraph: 1 page" in screen_text(app)


async def test_pages_and_the_glossary_are_read_for_the_first_search_and_not_before(open_app, book, monkeypatch):
    read = []
    for name in ("read_page", "read_glossary"):
        whole = getattr(book_files, name)
        monkeypatch.setattr(
            book_files, name, lambda *where, whole=whole: (read.append(where[0].name), whole(*where))[1]
        )
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, "down", "down", "left", "right", "end", "home")
        assert read == []
        await burst(pilot, "slash", *"carried", "escape", "slash", *"eigen")
        assert sorted(read) == ["glossary.yaml", "page.yaml", "page.yaml"]
        assert _there(app) == ("page", "second")


# on every terminal


@pytest.mark.parametrize("keys", [["u"], ["enter", "escape", "u"], ["g"], ["g", "slash"], ["slash"], []])
async def test_keys_in_the_bottom_row_work_and_fit(open_app, book, keys):
    async with open_app(folder=book) as (app, pilot):
        await burst(pilot, *keys)
        items = app.screen.key_row()
        whole = fitted(items, 1000)
        assert fitted(items, 78).plain == whole.plain
        assert whole.plain in screen_text(app)
        names = {"Enter": "enter", "Esc": "escape", "/": "slash", "?": "question_mark", "F9": "f9", "g": "g", "q": "q"}
        bound = set(app.screen.active_bindings) | {"enter"}
        assert {names[key] for key, _ in items if key in names} <= bound


@pytest.mark.parametrize("terminal", [Terminal("utf8", 256), ASCII], ids=["utf8", "ascii"])
async def test_hostile_pages_words_and_titles_are_only_text(open_app, book, other, terminal):
    for file in (book / "second" / "page.yaml", book / "glossary.yaml", other / "course.yaml", book / "course.yaml"):
        text = file.read_text()
        for word in ("eigenvalues", "A paper of 1997.", "What is carried from step to step.", "h[t]\"", "To go on.",
                     "Somebody else's course", "Other steps", "Second steps"):  # fmt: skip
            text = text.replace(word, "HERE" + ('"' if word.endswith('"') else ""))
        file.write_text(text)

    def both(folders):
        return HostileLibrary([*folders, other])

    escape = "^[" if terminal.ascii_only else "␛"
    bad = f"a[/b] [red]x[/] {escape}[31m"
    async with open_app((80, 40), folder=book, library=both, terminal=terminal) as (app, pilot):
        for keys in ([], ["end", "up", "up"], ["slash", *"last", "space", *"word"], ["enter"], ["end"], ["g", "end"]):
            await burst(pilot, *keys)
            text = screen_text(app)
            assert bad in text, keys
            assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text
        assert HOSTILE not in screen_text(app)
        if terminal.ascii_only:
            for strip in app.screen._compositor.render_strips():
                line = strip.apply_filter(app._ascii, app.screen.background_colors[1])
                assert "".join(segment.text for segment in line).isascii()
