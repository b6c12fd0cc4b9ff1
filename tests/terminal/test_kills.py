"""Killed at any moment, the tutor loses no answer whose verdict was seen."""

from random import Random

import pytest

from ..kills import kill_once


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_each_verdict_seen_is_on_the_disk(tmp_path, seed):
    chance = Random(seed)  # noqa: S311
    seen, kept = kill_once(tmp_path, chance)
    assert 0 < seen <= kept
