"""Runs of plain entries, read at once: nothing differs from what YAML says of them, for good files and bad."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.exercises.files import entries, yaml_text
from rnn_tutor.exercises.files.finding import ContentError

FILE = Path("course.yaml")
LINE = "      - {{id: cell-{0}, title: Cell update {0}, level: {1}}}\n"
HEAD = "format: 1\ntitle: A course\nunits:\n  - id: one\n    title: One\n    aim: To be one.\n    exercises:\n"


def lines(count, start=0):
    return "".join(LINE.format(number, 1 + number % 3) for number in range(start, start + count))


def slowly(text, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(entries, "take", lambda text: entries.Runs(text, {}))
        return outcome(text)


def outcome(text):
    """What is read, and the line of every entry and of every other key; or what is found wrong."""
    try:
        tree = yaml_text.parse(text, FILE)
    except ContentError as error:
        return [(found.line, found.key, found.says) for found in error.findings]
    keys = [key for key in tree.lines if not key.endswith((".id", ".title", ".level"))]
    findings = [(found.line, found.key, found.says) for found in tree.findings]
    return tree.data, {key: tree.line(key) for key in keys}, tree.line("units[0].exercises[30].title"), findings


CASES = {
    "a run": HEAD + lines(50),
    "a run between others": HEAD
    + "      - {id: first, title: 'The first, quoted', level: 1}\n"
    + lines(40)
    + "      - id: last\n        title: Last\n"
    + "  - id: two\n    title: Two\n    aim: More.\n    exercises:\n"
    + lines(30, 100),
    "a line that is none, in the middle": HEAD
    + lines(25)
    + "      - {id: odd, title: a: b, level: 1}\n"
    + lines(25, 30),
    "within a text": HEAD + lines(3) + "closing: |\n" + lines(30),
    "a text goes on": "title: something\n" + lines(30),
    "within brackets": "x: [\n" + lines(30) + "]\n",
    "less deep after it": HEAD + lines(30) + "    needs: []\n",
    "wrong depth after it": HEAD + lines(30) + "     - {id: x, title: X, level: 1}\n",
    "a duplicate key after it": HEAD + lines(30) + "title: Again\n",
    "the mark itself": HEAD + lines(30) + "closing: run-0 and run\n",
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_read_as_yaml_reads_it(monkeypatch, name):
    assert outcome(CASES[name]) == slowly(CASES[name], monkeypatch)


def test_long_runs_are_taken_and_short_ones_are_not():
    assert len(entries.take(HEAD + lines(50)).taken) == 1
    assert entries.take(HEAD + lines(19)).taken == {}


def test_they_count_as_what_they_would_have_been(monkeypatch):
    text = HEAD + lines(3000)
    assert "more than 20,000 values" in str(outcome(text))
    assert outcome(text) == slowly(text, monkeypatch)


@given(
    st.lists(st.sampled_from(["id", "a-b", "x1"]), min_size=25, max_size=25),
    st.lists(st.text("ab .'()-#:,&*!%@`?{}[]\"\\", min_size=1, max_size=6), min_size=25, max_size=25),
)
def test_titles_of_any_kind(names, titles):
    text = HEAD + "".join(f"      - {{id: {a}, title: {b}, level: 2}}\n" for a, b in zip(names, titles, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        assert outcome(text) == slowly(text, patch)


@given(st.lists(st.from_regex(r"[A-Za-z][A-Za-z .'()-]{0,8}[a-z.]", fullmatch=True), min_size=21, max_size=21))
def test_plain_titles(titles):
    text = HEAD + "".join(f"      - {{id: x, title: {title}, level: 2}}\n" for title in titles)
    with pytest.MonkeyPatch.context() as patch:
        assert outcome(text) == slowly(text, patch)
