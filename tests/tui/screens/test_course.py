import asyncio
import shutil
import sqlite3
import time

import pytest
from textual.geometry import Region
from textual.style import Style
from textual.visual import Visual

from rnn_tutor.exercises.load import Library
from rnn_tutor.progress.resets import reset
from rnn_tutor.tui.query import About, Query, query
from rnn_tutor.tui.rows import Index
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.progress import ProgressScreen

from ..conftest import COURSE, FILES, answered, burst, course_read, screen_text, settled, stored, type_in


async def test_enter_opens_what_is_next(open_app):
    async with open_app() as (app, pilot):
        assert next(line for line in screen_text(app).splitlines() if "next" in line).count("Sequence probability")
        await pilot.press("enter")
        assert app.screen.visit.question.exercise.id == "sequence-probability"


async def test_the_chosen_line_shows_without_colour(open_app):
    async with open_app() as (app, pilot):
        await pilot.press("down")
        await settled(pilot)
        rows = [app.screen.list.render_line(y) for y in range(app.screen.list.size.height)]
        chosen = [row.text for row in rows if any(segment.style and segment.style.reverse for segment in row)]
        assert [row.split()[2] for row in chosen] == ["Task"]


@pytest.mark.parametrize("size", [(120, 40), (44, 10)])
async def test_lines_look_as_a_visual_of_them_would(open_app, size):
    def looks(strip):
        styles = [segment.style.clear_meta_and_links() if segment.style else None for segment in strip]
        assert strip.cell_length == sum(segment.cell_length for segment in strip)
        return [(segment.text, str(style)) for segment, style in zip(strip, styles, strict=True)]

    async with open_app(size=size) as (app, pilot):
        await pilot.press("down")
        await settled(pilot)
        shown = app.screen.list
        width, style = shown.scrollable_content_region.width, shown.visual_style
        for y, row in enumerate(shown.rows[shown.scroll_offset.y :][: shown.size.height]):
            chosen = style + Style(bold=True, reverse=True) if row is shown.current else style
            content = app.screen._row(row).truncate(width, ellipsis=True)
            assert looks(shown.render_line(y)) == looks(Visual.to_strips(shown, content, width, 1, chosen)[0])
        drawn = shown.render_lines(Region(0, 0, *shown.size))
        assert [line.text.strip() for line in drawn] == [
            shown.render_line(y).text.strip() for y in range(shown.size.height)
        ]


async def test_arrows_go_over_units_and_exercises(open_app):
    async with open_app() as (app, pilot):
        await pilot.press("down", "down")
        assert app.screen.list.current.key == ("unit", "gates")
        await pilot.press("down", "enter")
        assert app.screen.visit.question.exercise.id == "lstm-cell"


async def test_what_was_done_is_there_next_time(open_app, tmp_path):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await type_in(pilot, "[0.95 0]")
        await pilot.press("enter")
        assert app.screen.visit.solved
    assert sqlite3.connect(tmp_path / "progress.sqlite3").execute("SELECT count(*) FROM attempt").fetchone() == (1,)
    async with open_app() as (app, pilot):
        text = screen_text(app)
        assert "1 of 5 done" in text
        assert next(line for line in text.splitlines() if "LSTM cell update" in line).split()[:2] == ["[x]", "LSTM"]
        await pilot.press("p")
        assert isinstance(app.screen, ProgressScreen)
        assert "done     1 try" in screen_text(app)


async def test_done_and_begun_are_told_in_words_after_coming_back(open_app):
    async with open_app() as (app, pilot):
        await pilot.press("enter")
        await type_in(pilot, "0.24")
        await pilot.press("enter", "escape", "q")
        await settled(pilot)
        line = next(line for line in screen_text(app).splitlines() if "Sequence probability" in line)
        assert "[~]" in line


async def test_a_store_that_cannot_be_used_is_said_and_nothing_stops(open_app, tmp_path):
    bad = tmp_path / "bad.sqlite3"
    bad.write_bytes(b"this is no database " * 100)
    async with open_app(store=bad) as (app, pilot):
        assert app.session.problem
        assert "".join(app.session.problem.split()) in "".join(screen_text(app).split())
        assert "Nothing is being saved" in screen_text(app)
        await pilot.press("down", "down", "down", "enter")
        await type_in(pilot, "[0.95 0]")
        await pilot.press("enter")
        assert isinstance(app.screen, ExerciseScreen)
        assert app.screen.visit.solved
        assert "Right." in screen_text(app)
        await pilot.press("escape", "q")
        await settled(pilot)
        assert "1 of 5 done" in screen_text(app)


async def test_a_broken_file_is_a_sentence_and_the_others_open(open_app, content, tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(content, folder)
    (folder / "gates/lstm-cell.yaml").write_text("format: 1\nid: lstm-cell\ntitel: x\n")
    async with open_app(folder=folder) as (app, pilot):
        await pilot.press("down", "down", "down", "enter")
        await settled(pilot)
        assert "lstm-cell.yaml, line" in screen_text(app)
        await pilot.press("up", "up", "enter")
        assert isinstance(app.screen, ExerciseScreen)


@pytest.fixture
def folder_with_long_title(tmp_path):
    for name, text in FILES.items():
        file = tmp_path / "long" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (tmp_path / "long" / "course.yaml").write_text(COURSE.replace("LSTM cell update", LONG), encoding="utf-8")
    return tmp_path / "long"


def _row(app, title):
    return next(line for line in screen_text(app).splitlines() if title in line and "Train it with" not in line)


async def test_what_is_due_says_so_and_the_course_goes_on_in_its_order(open_app, tmp_path):
    stored(tmp_path, answered("lstm-cell", 100), answered("gone", 200), answered("task-shapes", 0, "logits"))
    async with open_app() as (app, pilot):
        assert "2 of 5 done, 1 due (r)" in screen_text(app)
        assert "Due for review: 1 exercise, about 1 minute (r)" in screen_text(app).splitlines()[2]
        assert _row(app, "LSTM cell update").split()[-2:] == ["due", "again"]
        assert _row(app, "Task shapes").split()[-1] == "done"
        assert _row(app, "many dimensions").split()[-1] == "next"
        await pilot.press("p")
        await settled(pilot)
        assert _row(app, "LSTM cell update").split()[-1] == "due"
        assert "One exercise is due for review. r on the course opens it with new numbers." in screen_text(app)
        await pilot.press("q", "enter", "f7", "f4")
        await type_in(pilot, "f*c_prev + i*cand")
        await pilot.press("enter", "escape", "q")
        await settled(pilot)
        assert "due" not in screen_text(app)


async def test_when_all_is_done_the_longest_due_is_next(open_app, tmp_path):
    stored(
        tmp_path, answered("lstm-cell", 100), answered("wide", 300, "s"), answered("task-shapes", 100, "logits"),
        answered("sequence-probability", 0, "p", parts=2), answered("sequence-probability", 0, "logp", parts=2),
        answered("debug-checklist", 0, "checks"),
    )  # fmt: skip
    async with open_app() as (app, pilot):
        assert "5 of 5 done" in screen_text(app)
        assert app.session.next_open() == "wide"
        await pilot.press("enter")
        assert app.screen.visit.question.exercise.id == "wide"


async def test_a_file_that_did_not_open_is_marked_in_the_list(open_app, content, tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(content, folder)
    (folder / "gates/lstm-cell.yaml").write_text("format: 1\nid: lstm-cell\ntitel: x\n")
    (folder / "gates/wide.yaml").write_text(FILES["gates/wide"].replace("sum(v)", "sum(u)"))
    async with open_app(folder=folder) as (app, pilot):
        async with asyncio.timeout(20):
            while "unreadable" not in screen_text(app):  # nobody has opened it yet
                await pilot.pause(0.01)
        assert _row(app, "LSTM cell update").split()[-1] == "unreadable"
        assert screen_text(app).count("unreadable") == 1  # the other can be read, and not be evaluated
        await burst(pilot, "down", "down", "down", "enter", "down", "enter")
        assert "There is no name u" in screen_text(app)
        for title in ("LSTM cell update", "many dimensions"):
            assert _row(app, title).split()[0] == "[!]"
            assert _row(app, title).split()[-1] == "unreadable"
        assert screen_text(app).count("unreadable") == 2


# searching


def _titles(app):
    return [line.split("  level")[0][7:].strip() for line in screen_text(app).splitlines() if "  level" in line]


async def test_slash_searches_and_enter_opens(open_app):
    async with open_app() as (app, pilot):
        assert "/ search" in screen_text(app)
        await burst(pilot, "slash", *"UPDATE", "space", *"lst")
        assert _titles(app) == ["LSTM cell update"]
        assert "Esc end the search" in screen_text(app)
        await burst(pilot, "enter")
        assert app.screen.visit.question.exercise.id == "lstm-cell"
        await burst(pilot, "escape", "q")
        assert len(_titles(app)) == 5
        assert app.screen.list.current.key == ("exercise", "lstm-cell")


async def test_a_search_finds_units_and_aims_and_esc_ends_it(open_app):
    async with open_app() as (app, pilot):
        await burst(pilot, "slash", *"kept")  # of the aim of a unit
        assert _titles(app) == ["LSTM cell update", "Numbers of many dimensions", "Debug checklist"]
        await burst(pilot, "down", "space", *"gates")
        await burst(pilot, *["backspace"] * 10, *"q/debug-x")
        assert _titles(app) == []
        assert "No match for this word." in screen_text(app)
        await burst(pilot, "enter")
        assert app.screen.searching
        await burst(pilot, *["backspace"] * 20, *"debug-", "escape")
        assert len(_titles(app)) == 5
        assert not app.screen.searching
        await burst(pilot, "enter")
        assert app.screen.visit.question.exercise.id == "debug-checklist"


async def test_what_is_opened_does_not_wait_for_the_end_of_the_search(open_app, monkeypatch):
    listed = []
    fill = CourseScreen._fill

    def filled(self, cursor):
        listed.append(cursor)
        fill(self, cursor)

    monkeypatch.setattr(CourseScreen, "_fill", filled)
    async with open_app() as (app, pilot):
        whole = len(app.screen.list.rows)
        await burst(pilot, "slash", *"lstm-cell")
        listed.clear()
        await burst(pilot, "enter")
        await settled(pilot)
        assert app.screen.visit.id == "lstm-cell"
        assert not listed
        await burst(pilot, "escape", "escape")
        course = app.screen
        assert not course.searching
        assert len(course.list.rows) == whole
        assert course.list.current.key == ("exercise", "lstm-cell")
        await burst(pilot, "slash", *"shapes", "enter", "escape", "slash", *"lst")
        assert app.screen is course
        assert course.search.line.value == "lst"


async def test_what_cannot_be_opened_ends_the_search(open_app, content, tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(content, folder)
    async with open_app(folder=folder) as (app, pilot):
        (path,) = folder.glob("*/lstm-cell.yaml")
        path.write_text("format: 1\nid: other\n", "utf-8")
        await burst(pilot, "slash", *"lstm-cell", "enter")
        await settled(pilot)
        assert isinstance(app.screen, CourseScreen)
        assert not app.screen.searching
        assert app.screen.saying()


@pytest.mark.parametrize("way", [["escape"], ["f3"], ["f3", "v", "enter"], ["f9"]])
async def test_slash_searches_from_wherever_no_line_is_active(open_app, way):
    async with open_app(exercise="lstm-cell") as (app, pilot):
        await burst(pilot, *way, "slash", *"shapes")
        assert isinstance(app.screen, CourseScreen)
        assert app.focused.value == "shapes"
        assert _titles(app) == ["Task shapes"]
        await burst(pilot, "f9", "q")
        assert app.focused.value == "shapes"
        assert _titles(app) == ["Task shapes"]
        await burst(pilot, "escape", "q")
        assert not app.is_running


def test_what_is_called_just_so_is_found_first(tmp_path):
    """Enter opens it, though all exercises of a unit of that name stand above it."""
    entries = "[{id: one, title: Training on paper}, {id: train, title: Other things}]"
    (tmp_path / "course.yaml").write_text(
        "format: 1\ntitle: Small\nunits:\n"
        f"  - {{id: u, title: Train it well, aim: Aim, exercises: {entries}, labs: [{{id: lab, title: Train it}}]}}\n"
    )
    index = Index(Library([tmp_path]), [], [])
    named = {text: index.search(query(text), lambda row: About(row.kind, "u")).named for text in ("train IT", "train")}
    assert named == {"train IT": ("lab", "lab"), "train": ("exercise", "train")}
    assert index.search(query("train it kind:page"), lambda row: About(row.kind, "u")).named is None


def test_a_key_of_a_search_costs_little_in_a_large_course(tmp_path):
    units = []
    for k in range(100):
        entries = [f"      - {{id: exercise-{k}-{n}, title: The state after {n} steps}}\n" for n in range(100)]
        units.append(f"  - id: u{k}\n    title: A unit\n    aim: Aim\n    exercises:\n{''.join(entries)}")
    (tmp_path / "course.yaml").write_text("format: 1\ntitle: Large\nunits:\n" + "".join(units))
    index = Index(Library([tmp_path]), [], [])
    started = time.process_time()
    rows, counts, *_ = index.rows(["state", "77"])
    assert time.process_time() - started < 1  # 5 ms, where nothing else runs
    assert len([row for row in rows if row.kind == "exercise"]) == counts["exercise"] == 100 + 99
    assert all("77" in row.id for row in rows if row.kind == "exercise")
    assert index.rows([]).rows == []
    started = time.process_time()
    mistyped = index.search(Query(("sttate", "77")), lambda row: About(row.kind, ""))
    assert time.process_time() - started < 1  # 60 ms: all words are collected
    assert mistyped.rows == rows and mistyped.instead == {"sttate": "state"}


async def test_a_key_that_finds_the_same_draws_and_lays_out_nothing(open_app, monkeypatch):
    async with open_app() as (app, pilot):
        await burst(pilot, "slash", *"se")
        await settled(pilot)
        drawn, draw = [], app.screen.list._draw
        monkeypatch.setattr(app.screen.list, "_draw", lambda row: drawn.append(row.id) or draw(row))
        laid_out = []
        monkeypatch.setattr(type(app.screen), "_refresh_layout", lambda *args: laid_out.append(args))
        await burst(pilot, "q")
        await settled(pilot)
        assert app.focused.value == "seq"
        assert _titles(app)
        assert drawn == []
        assert laid_out == []


@pytest.mark.parametrize("size", [(80, 24), (44, 10), (120, 40), (120, 8)])
async def test_the_course_is_laid_out_for_its_size_and_not_once_more_for_a_bar(open_app, monkeypatch, size):
    sizes, lay_out = [], CourseScreen._refresh_layout
    monkeypatch.setattr(
        CourseScreen,
        "_refresh_layout",
        lambda self, size=None, scroll=False: sizes.append(size) or lay_out(self, size, scroll),
    )
    async with open_app(size=size) as (app, _):
        assert app.screen.list.show_vertical_scrollbar == (len(app.screen.list.rows) > app.screen.list.size.height)
        assert sizes and None not in sizes


LONG = "A title that is a good deal longer than the column of forty-four"


@pytest.mark.parametrize(("width", "shown"), [(160, LONG), (80, LONG[:30])])
async def test_a_title_is_cut_only_where_there_is_no_room(open_app, folder_with_long_title, tmp_path, width, shown):
    stored(tmp_path, answered("lstm-cell", 100))
    async with open_app((width, 24), folder=folder_with_long_title) as (app, pilot):
        await pilot.press("down", "down", "down", "right")
        assert shown in screen_text(app)
        await pilot.press("p")
        await settled(pilot)
        row = _row(app, shown)
        assert row.split()[-1] == "due"
        assert len(row.rstrip()) <= width
        assert (LONG in row) == (width == 160)


async def test_the_counts_of_progress_do_not_contradict_each_other(open_app, tmp_path):
    stored(tmp_path, *(answered(one, 100, verdict="wrong") for one in ("lstm-cell", "task-shapes")))
    async with open_app() as (app, pilot):
        await pilot.press("p")
        await settled(pilot)
        assert "0 of 5 exercises done." in screen_text(app)
        assert "2 exercises are due for review. r on the course opens them" in screen_text(app)


async def test_a_reset_from_another_terminal_is_seen_on_the_course(open_app, tmp_path):
    async with open_app() as (app, pilot):
        await pilot.press("down", "down", "down", "enter")
        await type_in(pilot, "[0.95 0]")
        await pilot.press("enter")
        assert app.screen.visit.solved
        reset(tmp_path / "progress.sqlite3", "")
        await pilot.press("escape", "q")
        assert "1 of 5 done" in screen_text(app)
        await course_read(pilot)
        await settled(pilot)
        assert "1 of 5 done" not in screen_text(app)
