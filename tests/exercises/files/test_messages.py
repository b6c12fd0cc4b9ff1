"""YAML errors that authors really make: each gets the line, and a sentence that says what to write."""

from itertools import pairwise
from pathlib import Path

import pytest

from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.read import read_exercise


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b\nsay: The rule: multiply\n", 2, "quote the text: it contains ': '"),
        ("hints:\n  - x\n  - let: a: b\n", 3, "quote the text: it contains ': '"),
        ("value: [1, 2] @ [3, 4]\n", 1, "quote the text: it starts with '['"),
        ("value: [1, 2] * x\nb: c\n", 1, "quote the text: it starts with '['"),
        ("value: [1, 2] + x\nb: c\n", 1, "quote the text: it starts with '['"),
        ("a: b\nvalue: [1, 2\nb: c\n", 2, "quote the text: it starts with '['"),
        ("value: {x} in the set\nb: c\n", 1, "quote the text: it starts with '{'"),
        ("let: @x\n", 1, "quote the text: it starts with '@'"),
        ("say: `f` scales the cell\n", 1, "quote the text: it starts with '`'"),
        ("hints:\n  - `f` scales\n", 2, "quote the text: it starts with '`'"),
        ("say: *emphasis* first\n", 1, "'*'"),
        ("say: ** first\n", 1, "quote the text: it starts with '*'"),
        ("say: & first\n", 1, "quote the text: it starts with '&'"),
        ("say: |x| is the norm\n", 1, "quote the text: it starts with '|'"),
        ("say: > 0 always\n", 1, "quote the text: it starts with '>'"),
        ("say: %d\n", 1, "quote the text: it starts with '%'"),
        ("say: !important\n", 1, "quote the text if it starts with '!'"),
        ('a: b\nsay: "never closed\nc: d\n', 2, "a quote that opens here is never closed"),
        ("say: 'it's closed'\n", 1, "text follows the closing quote; within the quotes write ''"),
        ('say: "a" and "b"\n', 1, 'within the quotes write \\"'),
        ('value: "\\d"\n', 1, "backslash in double quotes"),
        ("a: b\njust words\nc: d\n", 2, "expected 'key: value'"),
        ("a: b\njust words\n", 2, "expected 'key: value'"),
        ("a:\n  b: c\n d: e\n", 3, "the same indentation"),
        ("a: text\n  b: c\n", 2, "'b' is indented under a text"),
        ("a:\n- b\n c: d\n", 3, "the indentation of its neighbours"),
        ("a: [b, [c, d]\ne: f\n", 1, "quote the text: it starts with '['"),
        ("a: [b,\n  c\nd: e\n", 1, "quote the text: it starts with '['"),
        ("a: b\nhints: [What is it?, c]\n", 2, "quote the text: between brackets it may not contain '?'"),
        ("a: b\nhints: [c, What is it?]\n", 2, "quote the text: between brackets it may not contain '?'"),
        ("a: ]\n", 1, "where a value is expected"),
    ],
)
def test_a_cryptic_error_becomes_a_helpful_sentence(text, line, words):
    try:
        findings = parse(text, Path("some.yaml")).findings
    except ContentError as error:
        findings = tuple(error.findings)
    assert findings, "accepted"
    assert (findings[0].line, words in findings[0].says) == (line, True), findings


@pytest.mark.parametrize(
    ("text", "line", "quoted"),
    [
        ("a: b\nf: {title: Rows, then columns, level: 1}\n", 2, 'title: "Rows, then columns"'),
        ("f: {means: 'old cell', axes: [unit], draw: normal, wide}\n", 1, 'draw: "normal, wide"'),
        ("- {id: x, title: One, two, three}\n", 1, 'title: "One, two"'),
    ],
)
def test_a_comma_within_braces_says_which_text_to_quote(text, line, quoted):
    (finding,) = parse(text, Path("some.yaml")).findings
    assert finding.line == line
    assert finding.says.endswith(f"if the comma is part of it: {quoted}")


def test_a_key_that_is_left_empty_within_braces_is_no_comma():
    assert parse("f: {title: , level: 1}\n", Path("some.yaml")).findings == ()


def test_a_comma_in_a_title_is_not_told_as_an_unknown_key_too(tmp_path):
    (tmp_path / "course.yaml").write_text(
        "format: 1\ntitle: T\nunits:\n- {id: u, title: Rows, then columns, aim: a, exercises: [{id: b, title: B}]}\n"
    )
    (finding,) = Library([tmp_path]).findings
    assert (finding.line, finding.key) == (4, "units[0].then columns")
    assert 'title: "Rows, then columns"' in finding.says


BOMB = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefgh"))
KEYS = "format: 1\nid: keys\n" + "".join(f"key{at}: 1\n" for at in range(400))
TWICE = "format: 1\n" * 300
LISTED = "format: 1\nid: listed\nhints: 3\nsteps:\n" + "- {lett: x}\n" * 300


@pytest.mark.parametrize("text", [BOMB, KEYS, TWICE, LISTED])
def test_what_is_wrong_many_times_is_told_once_and_short(text, tmp_path):
    file = tmp_path / "file.yaml"
    file.write_text(text)
    with pytest.raises(ContentError) as raised:
        read_exercise(file)
    said = [str(found) for found in raised.value.told]
    assert sum(map(len, said)) < 1_500, said
    assert any("more of this kind, down to line" in one for one in said)
    assert len(str(check(file, draws=1))) < 2_000


def test_a_few_of_a_kind_are_each_told(tmp_path):
    (tmp_path / "few.yaml").write_text("format: 1\nid: few\nkeyone: 1\nkeytwo: 2\nkeythree: 3\n")
    with pytest.raises(ContentError) as raised:
        read_exercise(tmp_path / "few.yaml")
    assert raised.value.told == raised.value.findings
    assert sum("unknown key" in found.says for found in raised.value.told) == 3


def test_what_is_wrong_with_many_files_is_told_once(tmp_path):
    for number in range(300):
        (tmp_path / f"No_Id_{number}.yaml").touch()
    library = Library([tmp_path])
    assert len(library.findings) == 300
    (told,) = library.sections[0].findings
    assert told.says.endswith("(and 299 more of this kind, in 300 files)")
