"""A class of five on an assignment of two exercises, told in every form."""

from datetime import UTC, datetime, timedelta

import pytest

from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.class_report import Asked, ClassReport, Terms
from rnn_tutor.tui.watching.words import NAMES

DUE = datetime(2026, 12, 11, 12, 0, tzinfo=UTC)


def terms(**changed):
    usual = {
        "title": "Week 7",
        "exercises": (
            Asked("task-shapes", "Shapes of a task", "u", 1, ("x",)),
            Asked("lstm-cell", "An LSTM cell", "u", 3, ("c", "h")),
        ),
        "assignment": "week-7",
        "seed_of": lambda learner, assignment, exercise: 7,
        "until": DUE,
        "extended": {"bob": DUE + timedelta(days=7)},
        "names": NAMES,
    }  # fmt: skip
    return Terms(**(usual | changed))


def answer(exercise, part, verdict="wrong", rule="", *, hours=-1.0, parts=2, **more):
    usual = {
        "exercise": exercise, "content_hash": "", "seed": 7, "givens": "{}", "part": part, "text": "1",
        "verdict": verdict, "score": 0.0, "diagnosis": "mutation" if rule else "none", "hints": 0, "seconds": 60.0,
        "at": DUE + timedelta(hours=hours), "parts": parts, "rule": rule,
    }  # fmt: skip
    return Attempt(**(usual | more))


def told():
    """What the five did, one answer after another."""
    right, wrong = "right", "wrong"
    yield "ada", answer("task-shapes", "x", right)
    yield from (("ada", answer("lstm-cell", part, right)) for part in "ch")
    for learner in ("bob", "cyd", "dora", "ed"):
        yield learner, answer("lstm-cell", "c", wrong, "axis")
    yield "bob", answer("lstm-cell", "c", right, hours=2)
    yield from (("cyd", answer("lstm-cell", "c", wrong, "sign")) for _ in range(4))
    yield from (("dora", answer("lstm-cell", part, right, hours=3)) for part in "ch")
    yield "ed", answer("task-shapes", "x", right, solution=True)
    yield "ed", answer("task-shapes", "x", right, seed=1)


def build(rows, about):
    report = ClassReport(about)
    for learner, attempt in rows:
        report.add(learner, attempt)
    report.meet("finn")
    return report.result()


@pytest.fixture
def report():
    return build(told(), terms())
