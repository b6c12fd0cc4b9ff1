from datetime import UTC, datetime, timedelta

import pytest

from rnn_tutor.progress.attempt import Attempt

MONDAY = datetime(2025, 3, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def made():
    """A right answer to lstm-cell with the original numbers on a Monday morning, but for what is given.

    `hours` moves it from there.
    """

    def make(*, hours: float = 0, **given) -> Attempt:
        usual = {
            "exercise": "lstm-cell",
            "content_hash": "0123456789abcdef",
            "seed": None,
            "givens": '{"f": [0.9, 0.2]}',
            "part": "c",
            "text": "[0.95, 0]",
            "verdict": "right",
            "score": 1.0,
            "diagnosis": "",
            "hints": 0,
            "seconds": 12.5,
            "at": MONDAY + timedelta(hours=hours),
            "parts": 1,
        }
        return Attempt(**(usual | given))

    return make
