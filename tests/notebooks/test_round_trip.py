"""Out as a notebook with solutions, and in again: the same givens, steps and expected values."""

import pytest

from rnn_tutor.exercises.read import load_exercise
from tests.notebooks.round_trip import OF_OPTIONS, SAME, trip
from tests.scripts.collection import COURSE

BY_ID = {path.stem: path for path in COURSE}
KINDS = ("rnn-update", "weight-shapes", "bptt-by-hand", "attend-program", "attention-context", "masked-softmax",
         "selective-scan", "query-timing")  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_an_exercise_comes_back_the_same(name):
    assert trip(load_exercise(BY_ID[name])).outcome == SAME


def test_options_alone_do_not_come_back():
    assert trip(load_exercise(BY_ID["attention-claims"])).outcome == OF_OPTIONS
