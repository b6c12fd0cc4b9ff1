"""Diagnostics: what is to be read off each picture, worked out again from the knobs by plain loops."""

import math
from typing import Any

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import CONTENT, SEEDS, Givens, agrees_in_order
from tests.content.course import drawn as question


def overfit_point(g: Givens) -> list[Any]:
    epochs, top, tau, rise = int(g["N"]), float(g["top"]), float(g["tau"]), float(g["rise"])
    train = [1 + (top - 1) * math.exp(-t / tau) for t in range(epochs)]
    validation = [train[t] + 0.2 + rise * (t / epochs) ** 2 for t in range(epochs)]
    best = min(range(epochs), key=lambda t: validation[t])
    assert all(validation[t] < validation[t + 1] for t in range(best, epochs - 1)), "it turns once"
    return [best, validation[-1] - train[-1], None]


def first_loss(g: Givens) -> list[Any]:
    expected = -math.log(1 / float(g["V"]))
    return [expected, expected + float(g["wide"]) ** 2 / 2, float(g["wide"])]


def gradient_slope(g: Givens) -> list[Any]:
    steps, wiggle = int(g["T"]), np.asarray(g["wiggle"])
    norm = float(g["last"])
    for _ in range(steps - 1):
        norm *= float(g["rho"])
    ratio = norm * math.exp(wiggle[0]) / (float(g["last"]) * math.exp(wiggle[-1]))
    factor = math.exp(math.log(ratio) / (steps - 1))
    left, needed = 1.0, 0
    while left > 0.01:
        left, needed = left * factor, needed + 1
    exact = math.log(0.01) / math.log(factor)
    assert needed - 1 < exact <= needed
    return [factor, exact, None]


def forget_histogram(g: Givens) -> list[Any]:
    raw = [math.exp(float(g["uneven"][k]) - float(g["steep"]) * abs(k - float(g["peak"]))) for k in range(8)]
    counts = [round(float(g["N"]) * one / sum(raw)) for one in raw]
    highest = counts.index(max(counts))
    left = 1.0
    for _ in range(int(g["n"])):
        left *= (highest + 0.5) / 8
    return [(counts[0] + counts[1]) / float(g["N"]), left, None]


def length_split(g: Givens) -> list[Any]:
    accuracy = [round(0.5 + (float(g["top"]) - 0.5) / (1 + math.exp(-2 * (float(g["half"]) - k))), 2) for k in range(7)]
    rights = [one * float(n) for one, n in zip(accuracy, g["counts"], strict=True)]
    return [sum(rights) / float(sum(g["counts"])), next(k for k in range(7) if accuracy[k] < 0.75), None]


def padding_curve(g: Givens) -> list[Any]:
    real, steps = int(g["real"]), int(g["T"])
    losses = [float(one) for one in g["base"][:real]]
    return [real, (sum(losses) + (steps - real) * float(g["pad"])) / steps, sum(losses) / real, None]


def three_rates(g: Givens) -> list[Any]:
    """The curvature is that of which the diverging run has x = big * c."""
    growth = (1 - float(g["x"])) ** 2
    curvature = float(g["x"]) / float(g["big"])
    return [g["order"], growth, 2 / curvature]


def loss_spike(g: Givens) -> list[Any]:
    jump, usual = int(g["jump"]), float(g["usual"])
    others = [math.log(usual) + float(one) for at, one in enumerate(g["uneven"]) if at != jump] + [math.log(usual)]
    return [jump, float(g["peak"]) / math.exp(sum(others) / len(others)), None]


VALUES = {
    "loss-spike": loss_spike,
    "overfit-point": overfit_point,
    "first-loss": first_loss,
    "gradient-slope": gradient_slope,
    "forget-histogram": forget_histogram,
    "length-split": length_split,
    "padding-curve": padding_curve,
    "three-rates": three_rates,
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", VALUES)
def test_answers(name: str, seed: int | None) -> None:
    agrees_in_order(question(name, seed), VALUES[name])


@pytest.mark.parametrize("name", VALUES)
def test_the_picture_does_not_need_the_knobs(name: str) -> None:
    """What is not told of is behind the picture, which can be drawn."""
    found = question(name)
    hidden = {name for name, given in found.exercise.given.items() if given.hidden}
    assert hidden
    assert not hidden & set(found.told)
    assert found.asked_with is not None


def test_random_logits_add_half_their_variance() -> None:
    """What the page and `first-loss` say of the first loss, with logits drawn: near for V in the thousands only."""
    rng = np.random.default_rng(1)

    def excess(spread: float, tokens: int) -> float:
        z = rng.normal(0, spread, (500, tokens))
        return float(np.mean(np.log(np.exp(z).mean(axis=1))))

    for spread in (1.0, 2.0, 3.0):
        assert excess(spread, 5_000) == pytest.approx(spread**2 / 2, rel=0.05)
    assert excess(3.0, 50) < 0.85 * 3.0**2 / 2  # so the page says for which V it holds


def test_three_runs_by_gradient_descent() -> None:
    """The curves are those of gradient descent on c * w**2 / 2, and the limit is where it turns to diverging."""
    found = question("three-rates", 4)
    limit = float(np.asarray(found.part("limit").expected))
    page = (CONTENT / "diagnostics" / "page.yaml").read_text()
    assert "curvature c is stable for `lr < 2 / c`" in page  # the letter of the exercise
    curvature = float(found.givens["x"]) / float(found.givens["big"])
    for rate, diverges in ((0.98 * limit, False), (1.02 * limit, True)):
        w = 1.0
        for _ in range(100):
            w -= rate * curvature * w
        assert (abs(w) > 1) is diverges


EARLY = """\
def early(val, patience):
    best = 0
    for t in range(len(val)):
        if val[t] < val[best]:
            best = t
        if t - best >= patience:
            return [best, t]
    return [best, len(val) - 1]
"""


def stopped(val: list[float], patience: int) -> list[int]:
    for t in range(len(val)):
        seen = val[: t + 1]
        best = seen.index(min(seen))
        if t >= best + patience:
            return [best, t]
    return [best, len(val) - 1]


@pytest.mark.parametrize("seed", [*SEEDS, 5, 6, 7])
def test_early_stopping(seed: int | None) -> None:
    found = question("early-stopping", seed)
    wanted = stopped([float(one) for one in found.givens["val"]], int(found.givens["patience"]))
    np.testing.assert_array_equal(np.asarray(found.parts[0].expected), wanted)
    assert mark(found, "found", EARLY).verdict == "right"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("t - best >= patience", "t - best > patience", "one epoch late"),
        ("return [best, t]", "return [t, t]", "epoch to keep"),
        ("best = 0\n", "best = argmin(val)\n    return [best, min(best + patience, len(val) - 1)]\n", "beforehand"),
    ],
)
def test_wrong_programs(old: str, new: str, says: str) -> None:
    verdict = mark(question("early-stopping"), "found", EARLY.replace(old, new))
    assert verdict.verdict == "wrong"
    assert says in verdict.says
