"""No bytes whatsoever raise anything but ContentError, are read differently by the two parsers, or take a second."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.exercises.book import Glossary, Page
from rnn_tutor.exercises.files import yaml_text
from rnn_tutor.exercises.files.convert import convert
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.files.source import EXERCISE_LIMITS, decode
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.load import COURSE_LIMITS
from rnn_tutor.exercises.model import Course, Exercise
from rnn_tutor.exercises.read import load_exercise

FILE = Path("some.yaml")
GOOD = """\
format: 1
id: some
title: 'A title'
prompt: |
  Some text, `code`: and more.
given:
  f: {value: "[0.9, 0.2]", means: gate, axes: [unit, "b"]}
steps:
- let: "a = f * 2"
  say: >-
    Folded
    text.
- start: {h: "0"}
- for: t in range(3)
  do:
    - let: h[t] = h[t-1] # comment
ask:
  - answer: a
    as: vector
"""

single = list("ab01 \n,:[]{}-?'\"|>#%\\@`~=<+&*!.é\t")
marks = [": ", "- ", "\n  ", "\n- ", " #", "---\n", "...\n", "\\x", "\\u", "''", '""', "|\n", "|-\n", ">\n", "{}", "[]"]
marks += [", ", "a: b\n", "  a: b\n", "<<: ", "\n    ", "&a ", "*a", "!!b ", "\ufeff", "\r\n", "%YAML 1.1\n"]
words = ["format: 1\n", "given:\n", "steps:\n", "  - let: x\n", "ask:\n", "  - ", "0.5", "true"]
pieces = st.sampled_from(single + marks + words)
made = st.lists(pieces, max_size=40).map("".join)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """Return the good file with a few places overwritten."""
    text = GOOD
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        text = text[:start] + draw(pieces) + text[start + draw(st.integers(0, 5)) :]
    return text


def outcome(content: bytes) -> object:
    """Return what reading gives; any exception but ContentError is let through."""
    try:
        tree = parse(decode(content, FILE), FILE)
        for model in (Exercise, Course, Page, Glossary):
            convert(tree, model)
        return tree
    except ContentError as error:
        assert error.findings
        assert all(found.line >= 1 and found.says.isprintable() for found in error.findings)
        return error.findings


@given(st.one_of(st.text(), made, edited()))
def test_no_text_raises_anything_else(text):
    outcome(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(content):
    outcome(content)


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="PyYAML without libyaml has the one parser only")
@given(st.one_of(made, edited()))
def test_both_parsers_give_the_same(text):
    content = text.encode()
    with_both = outcome(content)
    fast, yaml_text._fast = yaml_text._fast, None
    try:
        assert outcome(content) == with_both
    finally:
        yaml_text._fast = fast


def test_the_good_file_is_good(tmp_path):
    file = tmp_path / "some.yaml"
    file.write_text(GOOD)
    assert load_exercise(file).title == "A title"


MOST = EXERCISE_LIMITS.size
LARGEST = {
    "flow": "a: [" + "b," * (MOST // 2 - 3) + "]",
    "list of the most events": "- a\n" * 19_990,
    "list": "- a\n" * (MOST // 4),
    "empty items": "- ''\n" * (MOST // 5),
    "one block text": "a: |\n" + "  text text text\n" * (MOST // 17 - 1),
    "folded lines": "a: " + "x\n " * (MOST // 3 - 2),
    "blank lines": "a: x" + "\n" * (MOST - 5),
    "blank lines kept": "a: |+\n" + "\n" * (MOST - 10),
    "comment": "#" * MOST,
    "comments": "#\n" * (MOST // 2),
    "escapes": 'a: "' + "\\x41" * (MOST // 4 - 2) + '"',
    "line ends in quotes": "a: '" + " x\n" * (MOST // 3 - 3) + "'",
    "keys": "".join(f"k{number}: v\n" for number in range(9_990)),
    "long keys": "".join(f"{number:0100}: v\n" for number in range(2_400)),
    "unknown keys of items": "ask:\n" + "".join(f"- k{number}: v\n" for number in range(4_900)),
    "one key again and again": "a: b\n" * (MOST // 5),
    "anchors": "- &a\n" * (MOST // 5),
    "aliases": "- *a\n" * (MOST // 5),
    "tags": "- !a\n" * (MOST // 5),
    "brackets": "[" * MOST,
    "brackets closed": "[]" * (MOST // 2),
    "braces": "{a: " * (MOST // 4),
    "pairs": "[" + "? : ," * (MOST // 6) + "]",
    "dashes": "- " * (MOST // 2),
    "questions": "? " * (MOST // 2),
    "colons": ": " * (MOST // 2),
    "quotes": "'" * MOST,
    "percents": "%" * MOST,
    "spaces": "a: x" + " " * (MOST - 10) + "y",
    "spaces only": " " * MOST,
    "indents": "".join(" " * depth + "a:\n" for depth in range(200)),
    "intervals": "a: |\n" + "  [0, 1) and (0, 1]\n" * (MOST // 20 - 1),
    "openers far apart": ("[" + "x" * 2000) * (MOST // 2002),
    "bars": "|" * MOST,
    "invisible": "\x07\n" * (MOST // 2),
    "documents": "---\n" * (MOST // 4),
}


HANG = 10.0  # seconds: what these files are for is to hang a parser; how fast they are read is no matter of a test


def least_seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of some work; of up to three runs, as the machine may be busy with other tests."""
    least = float("inf")
    for _ in range(3):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
        if least < HANG:
            break
    return least


@pytest.mark.parametrize("parser", ["as installed", pytest.param("pure Python", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_files_do_not_hang_the_reader(name, parser, monkeypatch):
    content = LARGEST[name].encode()[:MOST]
    if parser == "pure Python":
        monkeypatch.setattr(yaml_text, "_fast", None)
    assert least_seconds(lambda: outcome(content)) < HANG


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="without libyaml the largest course takes some seconds")
def test_the_largest_course_does_not_hang_the_reader():
    item = "    - {id: exercise-number-%05d, title: The title of an exercise, level: 1}\n"
    head = "format: 1\ntitle: c\nunits:\n- id: u\n  title: U\n  aim: a\n  exercises:\n"
    text = head + "".join(item % number for number in range(12_400))
    assert 0.8 * COURSE_LIMITS.size < len(text) < COURSE_LIMITS.size
    assert least_seconds(lambda: convert(parse(text, FILE, COURSE_LIMITS), Course)) < HANG
    course = convert(parse(text, FILE, COURSE_LIMITS), Course).value
    assert course is not None
    assert len(course.units[0].exercises) == 12_400
