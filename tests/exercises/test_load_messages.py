"""YAML errors that authors really make: each gets the line, and a sentence that says what to write."""

from pathlib import Path

import pytest

from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.files.yaml_text import parse


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
        ("a: text\n  b: c\n", 2, "'b' stands under a text"),
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
