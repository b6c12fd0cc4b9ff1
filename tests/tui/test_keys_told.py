"""The keys of the help and of the README are those of the bindings: none does nothing, and none is missing."""

import re
from pathlib import Path

import pytest

from rnn_tutor.tui.authoring.app import Author
from rnn_tutor.tui.authoring.screens import FindingsScreen
from rnn_tutor.tui.keymap import _bindings
from rnn_tutor.tui.screens import help as helped
from rnn_tutor.tui.screens.course import CourseScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.frame import FrameScreen
from rnn_tutor.tui.screens.glossary import GlossaryScreen
from rnn_tutor.tui.screens.lab import LabScreen
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.screens.page import PageScreen
from rnn_tutor.tui.screens.solution import SolutionScreen
from rnn_tutor.tui.screens.trace import TraceScreen
from rnn_tutor.tui.widgets.course import CourseList
from rnn_tutor.tui.widgets.heatmap import Heatmap
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.options import Options
from rnn_tutor.tui.widgets.program import ProgramLines

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")

WHERE = {
    "While typing an answer": (AnswerLine, Options, ExerciseScreen),
    "While typing a program": (ProgramLines, ExerciseScreen),
    "Both while typing / when no line is active": (ExerciseScreen,),
    "When no line is active": (ExerciseScreen,),
    "In the course": (CourseScreen, CourseList),
    "On a unit's page": (PageScreen,),
    "In the glossary": (GlossaryScreen, CourseList),
    "In the solution": (SolutionScreen,),
    "Looking at heatmaps, lines, bars, tables": (LookScreen, Heatmap),
    "In a lab": (LabScreen, AnswerLine),
    "Where a number comes from": (TraceScreen,),
    "While you write": (FindingsScreen, Author),
}
SIGNS = {
    "?": "question_mark", "/": "slash", "[": "left_square_bracket", "]": "right_square_bracket", ",": "comma",
    ".": "full_stop", "<": "less_than_sign", ">": "greater_than_sign", "+": "plus", "-": "minus", "Esc": "escape",
    "PgUp": "pageup", "PgDn": "pagedown", "Ctrl+_": "ctrl+underscore",
}  # fmt: skip
NAMED = r"Shift\+\w+|Ctrl\+[A-Z_]|F\d+|Esc|Enter|Tab|Space|Backspace|PgUp|PgDn|Home|End|Up|Down|Left|Right|Arrows"
OWN = {"typing": {"enter", "tab", "left", "right"}}  # of the lines that Textual itself moves and hands in


def keys_in(text):
    """The names of the keys in a cell of a table; " / " and ", " stand between them."""
    found = set()
    for part in re.split(r" / |, (?!\.)", text):
        for word in re.findall(rf"{NAMED}|\S", part):
            found |= {"left", "right", "up", "down"} if word == "Arrows" else {SIGNS.get(word, word.lower())}
    return found


def bound(classes):
    return {one.key: one for cls in reversed(classes) for one in _bindings(cls)}


SECTIONS = dict((*helped._KEYS, *Author.OWN_KEYS))


def test_every_section_of_the_help_is_looked_at():
    assert set(SECTIONS) == set(WHERE)
    assert keys_in("F7 F8 / [ ]") == {"f7", "f8", "left_square_bracket", "right_square_bracket"}
    assert keys_in(", .") == {"comma", "full_stop"} and keys_in("0, Backspace") == {"0", "backspace"}
    assert keys_in("s / F3, h / F2, u") == {"s", "f3", "h", "f2", "u"}
    assert keys_in("Ctrl+N, Ctrl+P") == {"ctrl+n", "ctrl+p"}


@pytest.mark.parametrize("title", WHERE)
def test_a_key_that_the_help_tells_does_something_there(title):
    there = set(bound(WHERE[title])) | (OWN["typing"] if "typing" in title else set())
    told = set().union(*(keys_in(keys) for keys, _ in SECTIONS[title]))
    assert told - there == set()


def told_in(titles):
    return {key for title in titles for row in SECTIONS[title] for cell in row for key in keys_in(cell)}


@pytest.mark.parametrize("title", WHERE)
def test_what_has_an_id_is_in_the_help_by_one_of_its_keys(title):
    """In a section about where it works, in a row's keys or its sentence; what all screens have, in an exercise's."""
    told = told_in(other for other, where in WHERE.items() if set(where) & set(WHERE[title]))
    of_all = told_in(["Both while typing / when no line is active", "When no line is active"])
    everywhere = {one.id for one in _bindings(FrameScreen)}
    keys = {}
    for one in bound(WHERE[title]).values():
        if one.id:
            keys.setdefault(one.id, set()).add(one.key)
    missing = {name for name in keys if not keys[name] & (told | of_all if name in everywhere else told)}
    assert missing == set()


def readme_keys():
    """The keys of the README's table, with what is said of them."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", README, flags=re.MULTILINE)
    return [cells for row in rows if row[0] not in ("key", "---") for cells in ((row[0], row[1]), (row[2], row[3]))]


def test_the_readmes_table_has_the_keys_of_an_exercise():
    table = readme_keys()
    assert len(table) >= 10
    told = set().union(*(keys_in(key) for key, _ in table))
    there = bound((ProgramLines, ExerciseScreen))
    assert told - set(there) == set()
    assert {key for key in there if re.fullmatch(r"f\d", key)} - told == set()


def test_the_readmes_letters_are_those_that_work_when_no_line_is_active():
    (said,) = [says for key, says in readme_keys() if key == "Esc"]
    letters = {SIGNS.get(one, one) for one in said.partition("then work: ")[2].split()}
    signs = {name for name in SIGNS.values() if "+" not in name} - {"escape", "pageup", "pagedown"}
    assert letters == {key for key in bound((ExerciseScreen,)) if len(key) == 1 or key in signs}
