"""How often a mistake is made beside others: by what it costs, by how often its rule was the truth, by where it is."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from rnn_tutor.engine.mutate import COSTS
from rnn_tutor.engine.mutate.counted import COUNTED
from rnn_tutor.exercises.diagnosis.rates import BITS, EARLIER, bits
from rnn_tutor.exercises.diagnosis.search import Version

GUESSED = 2.0  # mistakes that a guess counts as
MOST = 4.0


def version(rule, step="y", **more):
    slip = SimpleNamespace(edit=SimpleNamespace(rule=rule), step=step)
    return Version(np.zeros(0), COSTS.get(rule, 3.0), (slip,), **more)


def test_what_was_counted_is_of_rules_that_there_are():
    assert COUNTED.keys() <= COSTS.keys()
    assert len(COUNTED) > 100


@pytest.mark.parametrize("rule", COUNTED)
def test_how_rare_a_rule_is_follows_from_its_counts(rule):
    """No row is changed by hand. What was hardly counted stays near what it costs."""
    rarer, made, by_cost = COUNTED[rule]
    follows = -math.log2((made + GUESSED) / (by_cost + GUESSED))
    assert rarer == pytest.approx(min(max(follows, -MOST), MOST), abs=0.1)


def test_a_mistake_is_as_rare_as_it_costs_and_as_was_counted():
    assert bits(version("no such rule")) == BITS * 3.0
    for rule in ("term_left_out", "negated", "logarithm"):
        assert bits(version(rule)) == BITS * COSTS[rule] + COUNTED[rule][0]
    assert COUNTED["negated"][0] > 1 > 0 > COUNTED["logarithm"][0]


def test_a_mistake_in_what_earlier_parts_are_made_from_is_rarer_but_not_where_these_are_right():
    alone = bits(version("sign"))
    assert bits(version("sign"), {"y"}) == alone + EARLIER
    assert bits(version("sign"), {"z"}) == alone
    assert bits(version("sign", right=True), {"y"}) == alone
