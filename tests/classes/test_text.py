"""A report of a class on a terminal: what it says, in 80 columns, whatever the ids are."""

import pytest

from rnn_tutor.commands.classes.text import say_report
from rnn_tutor.progress.class_report import Asked
from rnn_tutor.tui.watching import words

from .conftest import DUE, answer, build, terms, told


@pytest.fixture(autouse=True)
def in_utc(monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def said(report, capsys):
    say_report(report)
    return capsys.readouterr().out


def test_it_answers_what_a_lecturer_asks(report, capsys):
    text = said(report, capsys)
    for line in (
        "5 of 6 learners have begun. Together they have solved 4 of 12 exercises (33%).",
        "Due on 2026-12-11 12:00 UTC. One learner has longer.",
        "  lstm-cell        5      2     1    1",
        "  4 learners, in lstm-cell: a sum or a softmax over the wrong axis",
        "  one learner, 4 times, in lstm-cell: a wrong sign",
        "  cyd: lstm-cell, c (5 wrong answers, 5 minutes; the last is a wrong sign)",
        "  lstm-cell, c: 4 of 5 learners began with the same mistake, a sum or a",
        "  bob        0     1.5  extended to 2026-12-18 12:00 UTC",
        "  dora       1       0 (+3 late)  late with lstm-cell",
        "  ed         1       1  solution read in 1; one answer for practice",
        "  finn       0       0  not begun",
    ):
        assert line in text
    told_rules = " ".join(text.partition("How this is counted")[2].split())
    assert told_rules == " ".join(words.rules(report))


def test_who_has_no_answer_that_counts_is_told_not_to_have_begun(capsys):
    rows = [("gil", answer("lstm-cell", "c", "not_understood")), ("hal", answer("lstm-cell", "c", "wrong", seed=1))]
    text = said(build(rows, terms(extended={"hal": DUE})), capsys)
    assert "  gil        0       0  not begun\n" in text
    assert "  hal        0       0  not begun; extended to 2026-12-11 12:00 UTC;" in text


def test_a_right_answer_without_a_try_left_is_told(capsys):
    rows = [("gil", answer("task-shapes", "x", verdict, parts=1)) for verdict in ("wrong", "wrong", "right")]
    text = said(build(rows, terms(tries=2)), capsys)
    assert "stuck at task-shapes; one right answer without a try left" in " ".join(text.split())
    text = said(build([*rows, *rows[:2]], terms(tries=2)), capsys)
    assert "one right answer without a try left; 2 wrong answers without a try left" in " ".join(text.split())


def test_without_an_assignment_there_are_no_points_and_nothing_is_late(capsys):
    text = said(build(told(), terms(assignment="", seed_of=None, until=None, extended={})), capsys)
    assert "5 of 6 learners have begun, and solved 4 exercises in all." in text
    assert "points" not in text
    assert "Due on" not in text


def test_nothing_was_done_yet(capsys):
    text = said(build([], terms()), capsys)
    assert "0 of 1 learners have begun." in text
    assert "The commonest mistakes" not in text
    assert "Stuck" not in text.partition("How this is counted")[0]


def test_it_fits_eighty_columns_and_nothing_acts_on_the_terminal(capsys):
    hostile = "\x1b[31m\x9b\u202e=cmd()" + "x" * 200
    rows = [(f"l{at}-{hostile}", answer("lstm-cell", "c", "wrong", "axis")) for at in range(300)]
    rows += [(learner, attempt) for learner, attempt in rows for _ in range(4)]
    text = said(build(rows, terms(title=hostile)), capsys)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "".join(char for char in text if not char.isprintable()).strip("\n") == ""
    assert "and 101 more; --csv has them all" in text
    assert "and 260 more" in text


def test_points_are_split_over_the_parts_and_told_with_two_decimals(capsys):
    third = Asked("lstm-cell", "An LSTM cell", "u", 1, ("a", "b", "c"))
    rows = [("ada", answer("lstm-cell", "a", "right", parts=3)), ("bob", answer("lstm-cell", "a", "right", hours=200))]
    text = said(build(rows, terms(exercises=(third,))), capsys)
    assert "  ada        0    0.33" in text and "  bob        0       0 (+0.33 late)" in text
    assert "split evenly over its parts" in text and "`+1 late` stands for" in text
