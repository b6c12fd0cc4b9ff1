"""What leaves a machine of an answer, and what of a foreign line is believed to be one."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.exercises.scratch import MAX_LINES
from rnn_tutor.progress import events
from rnn_tutor.progress.attempt import MOST_TEXT, Attempt, bounded

ANSWER = bounded(
    Attempt(
        exercise="one-step",
        content_hash="ab" * 16,
        seed=7,
        givens='{"x": [0.5, -1.25]}',
        part="h",
        text="tanh(W @ x) — ħ",
        verdict="wrong",
        score=0.5,
        diagnosis="mutation",
        hints=1,
        seconds=12.25,
        at=datetime(2027, 1, 31, 22, 59, 1, 5, tzinfo=UTC),
        parts=2,
        rule="term_left_out",
        uid="0f" * 16,
    )
)


def test_an_answer_comes_back_as_it_was():
    line = events.written(events.as_event(ANSWER))
    assert events.from_event(events.read(line)) == ANSWER
    assert events.from_event(events.read(line)).uid == ANSWER.uid


@pytest.mark.parametrize("verdict", ["draft", "reset", "undo", "note", "rated", ""])
def test_what_is_no_answer_does_not_leave(verdict):
    assert not events.is_event(replace(ANSWER, verdict=verdict))
    with pytest.raises(ValueError, match="not an answer"):
        events.as_event(replace(ANSWER, verdict=verdict))
    with pytest.raises(ValueError, match="not an answer"):
        events.from_event(events.as_event(ANSWER) | {"verdict": verdict})


def test_what_was_not_kept_has_no_name_yet():
    with pytest.raises(ValueError, match="kept"):
        events.as_event(replace(ANSWER, uid=""))


def test_of_the_scratchpad_only_what_the_answer_reads_leaves():
    pad = "z = W @ x\nsecret = 5\n>>> a = z + b\nthis is a thought\na == 3\n2 + 2"
    event = events.as_event(replace(ANSWER, text="tanh(a)", scratch=pad))
    assert event["scratch"] == "z = W @ x\n>>> a = z + b"
    assert events.as_event(events.from_event(event)) == event
    assert events.as_event(replace(ANSWER, text="0.5", scratch=pad))["scratch"] == ""


def test_lines_that_the_scratchpad_does_not_read_are_not_read_here():
    assert events.MOST_LINES == MAX_LINES
    pad = "\n".join([*(["1 + 1", ""] * MAX_LINES), "late = 3"])
    assert events.lines_read("late", pad) == []


@pytest.mark.parametrize(
    "change",
    [
        {"exercise": 5},
        {"seed": True},
        {"seed": -1},
        {"seed": 2**63},
        {"seed": 1.5},
        {"score": 1.5},
        {"score": "0.5"},
        {"hints": -1},
        {"hints": 2**31},
        {"parts": 0},
        {"parts": 10**30},
        {"seconds": -0.5},
        {"seconds": 1e300},
        {"at": "2027-01-31"},
        {"at": "2027-01-31T22:59:01.000005"},
        {"at": "2027-01-31T23:59:01.000005+01:00"},
        {"at": "0001-01-01T00:00:00.000000+23:59"},
        {"at": ""},
        {"uid": "0F" * 16},
        {"uid": ""},
        {"text": "x" * (MOST_TEXT + 1)},
        {"text": "\ud800"},
        {"scratch": "unread = 1"},
        {"solution": 1},
        {"more": "of it"},
    ],
    ids=str,
)
def test_a_field_that_none_has_is_refused(change):
    with pytest.raises(ValueError, match=r"^(its?|a field) "):
        events.from_event(events.as_event(ANSWER) | change)


@pytest.mark.parametrize("name", list(events.as_event(ANSWER)))
def test_a_field_that_is_missing_is_refused(name):
    event = events.as_event(ANSWER)
    del event[name]
    with pytest.raises(ValueError, match=f"it has no {name}"):
        events.from_event(event)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"null",
        b'"text"',
        b"{" * 100_000,
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"a": 1}',
        b'{"a":1.0e0}',
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 10_000 + b"}",
        b'{"a":1,"a":2}',
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\x1b[2J"}',
        b'{"a":"\\u0041"}',
        b'{"a":[1]}',
        b'{"a":{}}',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
    ],
    ids=lambda line: line[:20],
)
def test_a_line_that_was_not_written_here_is_refused(line):
    with pytest.raises(ValueError, match=r"^it is not"):
        events.read(line)


def test_a_line_that_is_too_long_is_not_looked_at():
    with pytest.raises(ValueError, match="longer than 10 MB"):
        events.read(b"x" * (events.MOST_LINE + 1))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(TEXTS, TEXTS))
def test_whatever_stands_in_a_line_it_acts_on_no_terminal(data):
    line = events.written(data)
    assert line.decode("utf-8").isprintable()
    assert json.loads(line) == data
    assert events.read(line) == data


@given(st.data())
def test_a_byte_that_was_changed_is_noticed_or_is_another_event(data):
    line = events.written(events.as_event(ANSWER))
    at = data.draw(st.integers(0, len(line) - 1))
    changed = bytearray(line)
    changed[at] ^= data.draw(st.integers(1, 255))
    try:
        told = events.from_event(events.read(bytes(changed)))
    except ValueError:
        return
    assert (told, told.uid) != (ANSWER, ANSWER.uid)
