"""One idea changed in several steps, and what a few terms are made of otherwise."""

import numpy as np
import pytest

from rnn_tutor.engine.expression import show, walk
from rnn_tutor.engine.mutate import COSTS, throughout
from rnn_tutor.engine.mutate.mutation import Context, told
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import read_exercise
from rnn_tutor.figures.numbers import listed

SCALARS = dict.fromkeys(("a", "b", "n", "m", "k", "T", "t"), ())
LISTS = dict.fromkeys(("w", "x", "y"), (3,))
STEPS = {
    "pooled": parse("sqrt(((n - 1) * a + (m - 1) * b) / (n + m - 2))"),
    "height": parse("log(tan(x / 2))"),
    "rate": parse("log(2) / T"),
    "running": parse("cumsum(x)"),
}
CONTEXT = Context(
    shapes=SCALARS | LISTS | {"pooled": (), "height": (3,), "rate": (), "running": (3,)},
    means=dict.fromkeys(SCALARS | LISTS, "given"),
    definitions=STEPS,
    networks=False,
    whole=frozenset(("w", "n", "m")),
    several=True,
)


def alternatives(rule, place):
    return [one for part in walk(parse(place)) for one in throughout.LOCAL[rule](part, CONTEXT)]


OTHERWISE_CASES = [
    ("other_weights", "(4 * a + 2 * b) / (5 + 3 - 2)", "(a + b) / 2"),
    ("other_weights", "(4 * a + 2 * b) / 6", "(5 * a + 3 * b) / (5 + 3)"),
    ("other_weights", "((n - 1) * a + (m - 1) * b) / (n + m - 2)", "(n * a + m * b) / (n + m)"),
    ("other_weights", "(a * n + b * m) / (n + m)", "(a + b) / 2"),
    ("other_weights", "sqrt((a * n + b * m) / (n + m))", "(n * sqrt(a) + m * sqrt(b)) / (n + m)"),
    ("other_weights", "sqrt((a * n + b * m) / (n + m))", "(sqrt(a) + sqrt(b)) / 2"),
    ("each_by_itself", "pooled * sqrt(1 / n + 1 / m)", "sqrt(a / n + b / m)"),
    ("each_by_itself", "pooled * sqrt(1 / n + 1 / m)", "sqrt(a + b)"),
    ("of_difference", "height[1] - height[0]", "log(tan((x[1] - x[0]) / 2))"),
    ("of_difference", "2**((a - 40) / 10) - 2**((b - 40) / 10)", "2**((a - b - 40) / 10)"),
    ("of_difference", "sqrt(1 + a) / sqrt(1 + b)", "sqrt(1 + a / b)"),
    ("halves_in_line", "exp(-rate * t)", "1 + (-rate) * t / (2 * log(2))"),
    ("which_of_two", "maximum(x, y)", "y > x"),
    ("mean_for_weighted", "sum(x * w)", "mean(x) * sum(w)"),
]


@pytest.mark.parametrize(("rule", "place", "instead"), OTHERWISE_CASES)
def test_a_few_terms_are_made_otherwise(rule, place, instead):
    found = {show(changed): told(clause) for changed, clause in alternatives(rule, place)}
    assert instead in found, found
    assert found[instead] and rule in COSTS


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("other_weights", "(4 * a + 2 * b) / 5"),  # no mean
        ("other_weights", "(a + b) / 2"),
        ("each_by_itself", "a * sqrt(1 / n + 1 / m)"),
        ("of_difference", "running[1] - running[0]"),  # no function of an entry
        ("of_difference", "2 * a - 3 * b"),
        ("halves_in_line", "exp(-k * t)"),
        ("which_of_two", "maximum(x, 0)"),
        ("mean_for_weighted", "sum(x * y)"),
    ],
)
def test_what_is_made_in_another_way_is_left(rule, place):
    found = {show(changed) for changed, _ in alternatives(rule, place)}
    assert not found, found


PONDS = """
format: 1
id: one
title: Two ponds
prompt: Compare the densities of animals in two ponds.
given:
  p: {value: "[3.1, 5.6, 4.2, 9.5, 6.3, 2.8]", means: animals in pond one}
  q: {value: "[7.4, 12.1, 8.3, 15.9]", means: animals in pond two}
steps:
  - let: "mp = mean(log(p))"
    say: One.
  - let: "mq = mean(log(q))"
    say: The other.
  - let: "ratio = exp(mq - mp)"
    say: A ratio of geometric means.
  - let: "z = (q - mean(p)) / std(p)"
    say: In units of pond one.
ask:
  - {answer: ratio, as: scalar}
  - {answer: z, as: vector}
"""
LOOPS = """
format: 1
id: one
title: Tanks and feedback
prompt: Rain fills an upper tank, which leaks into a lower one. A unit feeds back its output.
given:
  rain: {value: "[4.0, 0.5, 2.5, 1.2]", means: rain}
  k: {value: "0.35", means: share that leaks}
  s0: {value: "6.0", means: water at first}
  x: {value: "[0.8, -0.3, 0.5]", means: inputs}
  b: {value: "0.25", means: bias}
  v: {value: "1.4", means: output weight}
steps:
  - start: {up: "s0", low: "0"}
    say: At first.
  - for: t in range(4)
    do:
      - let: "up[t] = (1 - k) * (up[t-1] + rain[t])"
        say: Fill, then leak.
      - let: "low[t] = 0.8 * low[t-1] + k * (up[t-1] + rain[t])"
        say: What leaks comes in.
  - let: "end = low[-1]"
    say: The last.
  - start: {o: "0"}
    say: Nothing at first.
  - for: t in range(3)
    do:
      - let: "h[t] = tanh(x[t] + 0.7 * o[t-1] + b)"
        say: Hidden.
      - let: "o[t] = v * h[t]"
        say: Output.
  - let: "out = o[-1]"
    say: The last.
ask:
  - {answer: end, as: scalar}
  - {answer: up, as: vector}
  - {answer: out, as: scalar}
"""
P, Q = np.array([3.1, 5.6, 4.2, 9.5, 6.3, 2.8]), np.array([7.4, 12.1, 8.3, 15.9])
BOTH = np.concatenate([P, Q])
RAIN, LEAK = (4.0, 0.5, 2.5, 1.2), 0.35


def tanks(*, rain_missing=False, leak_before=False, both_fed_back=False):
    """Return the upper and lower tank where something is done otherwise, from the second hour on."""
    up, low, found = 6.0, 0.0, []
    for hour, rain in enumerate(RAIN):
        below = 0.8 * (low + (up if both_fed_back else 0.0)) + LEAK * (up + (0.0 if rain_missing and hour else rain))
        up, low = (1 - LEAK) * up + rain if leak_before and hour else (1 - LEAK) * (up + rain), below
        found.append((up, low))
    return np.array(found).T


def bias_behind():
    out = 0.0
    for x in (0.8, -0.3, 0.5):
        out = 1.4 * np.tanh(x + 0.7 * out) + 0.25
    return out


@pytest.mark.parametrize(
    ("exercise", "part", "value", "rule", "said"),
    [
        (PONDS, "ratio", Q.mean() - P.mean(), "no_logarithms", "no logarithm were taken anywhere"),
        (PONDS, "z", (Q - P.min()) / np.ptp(P), "scaled_by_range", "the minimum and the range of `p`"),
        (PONDS, "z", (Q - BOTH.mean()) / BOTH.std(), "scaled_by_others", "of `p` and `q` together"),
        (LOOPS, "end", tanks(rain_missing=True)[1, -1], "term_left_out", "from the second step on"),
        (LOOPS, "up", tanks(leak_before=True)[0], "brackets_moved", "from the second step on"),
        (LOOPS, "end", tanks(both_fed_back=True)[1, -1], "fed_back_as_well", "`up` of the step before"),
        (LOOPS, "out", bias_behind(), "term_moved", "`b` (bias) were added to"),
    ],
    ids=["no logarithms", "range", "both lists", "rain from the second", "leak from the second", "fed back", "bias"],
)
def test_one_idea_in_several_steps_is_named(exercise, part, value, rule, said, tmp_path):
    (tmp_path / "one.yaml").write_text(exercise)
    verdict = mark(ask(read_exercise(tmp_path / "one.yaml").exercise), part, listed(np.asarray(value), 5))
    assert verdict.diagnosis is not None and rule in verdict.diagnosis.rule, verdict
    assert said in verdict.says, verdict.says
