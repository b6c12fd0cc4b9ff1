"""How attempts are made of what was asked, said and done before."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from rnn_tutor.progress import record
from rnn_tutor.progress.attempt import DRAFT
from rnn_tutor.progress.record import Run, attempt_of, attempt_of_prediction, draft_of, givens_json


@dataclass(frozen=True)
class Said:
    """A verdict, or what is told of a prediction."""

    part: str
    verdict: str
    score: float = 0.0
    diagnosis: object = None
    text: str = ""


QUESTION = SimpleNamespace(
    exercise=SimpleNamespace(id="blend"),
    seed=3,
    givens={"z": np.array([0.25, 0.75]), "W": (2, 3)},
    parts=("h", "length"),
)
BENCH = SimpleNamespace(lab=SimpleNamespace(id="decay", predict=("one", "two")), seed=None, givens={"h": np.ones(())})
WRONG = Said("h", "wrong", 0.5, SimpleNamespace(kind="mutation", rule="sign"))


@pytest.fixture
def clock(monkeypatch):
    times = iter((107.5, 108.0, 110.0))
    monkeypatch.setattr(record.time, "monotonic", lambda: next(times))


def test_of_an_answer_everything_is_kept_that_tells_what_it_was(clock):
    run = Run(hints=2, solution=True, scratch="a = z * 2", since=100.0)
    made = attempt_of(QUESTION, "0123", WRONG, " [1, 2]", run)
    assert (made.exercise, made.content_hash, made.seed, made.parts) == ("blend", "0123", 3, 2)
    assert made.givens == '{"z": [0.25, 0.75], "W": {"shape": [2, 3]}}'
    assert (made.part, made.text, made.verdict, made.score) == ("h", " [1, 2]", "wrong", 0.5)
    assert (made.diagnosis, made.rule) == ("mutation", "sign")
    assert (made.hints, made.solution, made.scratch, made.seconds) == (2, True, "a = z * 2", 7.5)
    assert made.at.tzinfo is not None


def test_the_time_of_an_answer_is_that_since_the_one_before_whichever_part_it_was_or_since_the_beginning(clock):
    run = Run(since=100.0)
    assert [attempt_of(QUESTION, "", replace(WRONG, part=part), "", run).seconds for part in ("h", "length", "h")] == [
        7.5, 0.5, 2.0,
    ]  # fmt: skip


def test_the_time_of_a_prediction_is_that_since_the_one_before(clock):
    run = Run(since=100.0)
    told = Said("predict-1", "right"), Said("predict-2", "wrong")
    assert [attempt_of_prediction(BENCH, "", one, run).seconds for one in told] == [7.5, 0.5]


def test_without_a_run_nothing_was_done_and_no_time_is_known():
    made = attempt_of(QUESTION, "", Said("h", "right", 1.0), "1")
    assert (made.hints, made.solution, made.scratch, made.seconds, made.diagnosis) == (0, False, "", 0.0, "")
    made = attempt_of_prediction(BENCH, "", Said("predict-1", "right"))
    assert (made.seconds, made.solution) == (0.0, False)


def test_a_prediction_counts_as_told_where_it_was_looked_up_first():
    made = attempt_of_prediction(BENCH, "89ab", Said("predict-2", "right", text="1"), Run(), looked_up=True)
    assert (made.exercise, made.content_hash, made.seed, made.givens) == ("decay", "89ab", None, '{"h": 1.0}')
    assert (made.part, made.text, made.score, made.parts, made.solution) == ("predict-2", "1", 1.0, 2, True)
    assert attempt_of_prediction(BENCH, "", Said("predict-2", "wrong"), Run()).score == 0.0


def test_a_draft_takes_no_time_and_counts_nowhere(clock):
    run = Run(hints=1, since=100.0)
    made = draft_of(QUESTION, "0123", "h", "[1,", run)
    assert (made.verdict, made.part, made.text, made.seed, made.hints) == (DRAFT, "h", "[1,", 3, 1)
    assert (made.seconds, made.givens, made.counts) == (0.0, "{}", False)
    assert attempt_of(QUESTION, "", WRONG, "", run).seconds == 7.5  # the time went on


def test_a_copy_of_a_run_stays_as_it_is():
    run = Run(hints=1)
    before = run.copied()
    run.hints, run.scratch = 2, "a = 1"
    run.lap()
    assert before == Run(1, since=before.since)
    assert run != before


def test_numbers_without_axes_and_shapes_are_json():
    assert givens_json({}) == "{}"
    assert givens_json({"a": np.array(2.5), "s": (4,)}) == '{"a": 2.5, "s": {"shape": [4]}}'
