"""A thousand events of nonsense on the line, over all screens; for more, see `fuzz_line`."""

import pytest

from tests.terminal.conftest import PROGRAM
from tests.terminal.fuzz_line import EVENTS, WAYS, fuzz

pytestmark = [pytest.mark.slow, pytest.mark.long]


def test_a_thousand_events(capsys):
    assert EVENTS * len(WAYS) > 1_000
    bad = fuzz(11, [PROGRAM], rounds=len(WAYS))
    assert not bad, capsys.readouterr().out
