"""The unit training: starts, updates, baselines and the sunspot numbers, all by plain NumPy."""

from pathlib import Path

import numpy as np
import pytest

from tests.content.course import SEEDS, asked, expected, has_values

SERIES = np.loadtxt(Path(__file__).with_name("sunspots.csv"), delimiter=",", skiprows=1)


def years(first: int, last: int) -> np.ndarray:
    """The sunspot numbers of these years, both ends included."""
    return SERIES[(SERIES[:, 0] >= first) & (SERIES[:, 0] <= last), 1]


def test_the_sunspot_numbers_are_whole() -> None:
    assert np.array_equal(SERIES[:, 0], np.arange(1700, 2009))
    np.testing.assert_allclose(SERIES[:, 1].sum(), 15373.4)
    np.testing.assert_allclose([SERIES[0, 1], SERIES[-1, 1], SERIES[:, 1].max()], [5.0, 2.9, 190.2])


@pytest.mark.parametrize("seed", SEEDS)
def test_persistence_baseline(seed: int | None) -> None:
    question, g = asked("persistence-baseline", seed)
    np.testing.assert_array_equal(g["x"], years(1996, 2008))
    copied = [abs(g["x"][t + 1] - g["x"][t]) for t in range(12)]
    model = [abs(g["x"][t + 1] - (g["x"][t] + g["d"][t])) for t in range(12)]
    has_values(question, {"base": sum(copied) / 12, "ratio": sum(model) / sum(copied)})
    flat = np.abs(g["x"][1:] - g["x"].mean()).mean()
    assert flat > sum(model) / 12 + 3  # beside the mean, the model looks good
    forecasts = g["x"][:-1] + g["d"]
    late = np.corrcoef(forecasts, g["x"][:-1])[0, 1]
    assert late > np.corrcoef(forecasts, g["x"][1:])[0, 1]  # its curve is that of a year before
    assert expected(question, "ratio") > 1


@pytest.mark.parametrize("seed", SEEDS)
def test_init_variance(seed: int | None) -> None:
    """By drawing such weights: the variance of a sum, of many steps, and of a uniform start."""
    question, g = asked("init-variance", seed)
    units, rng = int(g["H"]), np.random.default_rng(0)
    state = rng.normal(0, np.sqrt(g["v"]), (units, 4000))
    once = rng.normal(0, g["s"], (200, units)) @ state
    np.testing.assert_allclose(expected(question, "var"), once.var(), rtol=0.1)
    np.testing.assert_allclose(expected(question, "var"), units * g["s"] ** 2 * g["v"], rtol=1e-9)
    per_step = np.sqrt(expected(question, "var") / g["v"])
    np.testing.assert_allclose(expected(question, "growth"), np.prod([per_step] * int(g["n"])), rtol=1e-9)
    bound = float(expected(question, "bound"))
    np.testing.assert_allclose(bound**2 / 3 * units, 1, rtol=1e-9)
    np.testing.assert_allclose((rng.uniform(-bound, bound, (200, units)) @ state).var(), g["v"], rtol=0.1)


@pytest.mark.parametrize("seed", SEEDS)
def test_torch_default_init(seed: int | None) -> None:
    question, g = asked("torch-default-init", seed)
    units, inputs = int(g["H"]), int(g["D"])
    weight = (2 / np.sqrt(units)) ** 2 / 12  # of a uniform distribution, its width squared over 12
    left, gone = 1.0, 0
    while left >= g["eps"]:
        left, gone = left * np.sqrt(units * weight), gone + 1
    has_values(question, {"heard": np.sqrt(inputs * weight), "kept": np.sqrt(units * weight), "gone": gone})
    assert question.part("wider").expected == {2}


def test_the_radius_of_pytorchs_start() -> None:
    """For wide layers it is about 0.577, the root of a third."""
    rng = np.random.default_rng(1)
    for units in (64, 128):
        bound = 1 / np.sqrt(units)
        radii = [np.abs(np.linalg.eigvals(rng.uniform(-bound, bound, (units, units)))).max() for _ in range(3)]
        assert abs(np.mean(radii) - 1 / np.sqrt(3)) < 0.07


@pytest.mark.parametrize("seed", SEEDS)
def test_chrono_init(seed: int | None) -> None:
    question, g = asked("chrono-init", seed)
    longest = float(g["T"])
    forget, write = 1 / (1 + np.exp(-np.log(g["tau"]))), 1 / (1 + np.exp(np.log(g["tau"])))
    slowest = 1 / (1 + np.exp(-np.log(longest - 1)))
    has_values(question, {"f": forget, "steps": 1 / (1 - forget), "slowest": slowest**longest})
    np.testing.assert_allclose(forget + write, 1)
    np.testing.assert_allclose(1 / (1 - forget), 1 + g["tau"])  # so from 2 to T steps
    np.testing.assert_allclose(forget ** (1 / (1 - forget)), 1 / np.e, atol=0.13)
    assert abs(slowest**longest - 0.368) < 0.006
    assert (1 / (1 + np.exp(-1))) ** longest < 1e-4
    cell = 0.0
    for _ in range(2000):  # a long memory that writes with a gate of one half leaves (-1, 1) by far
        cell = forget.max() * cell + 0.5 * 0.9
    assert cell > 3


def adam(gradients: list[float], beta1: float, beta2: float) -> list[float]:
    """The updates of one weight in units of the learning rate, without eps."""
    m = v = 0.0
    updates = []
    for count, g in enumerate(gradients, start=1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        updates.append(m / (1 - beta1**count) / np.sqrt(v / (1 - beta2**count)))
    return updates


@pytest.mark.parametrize("seed", SEEDS)
def test_adam_and_clip(seed: int | None) -> None:
    question, g = asked("adam-and-clip", seed)
    betas = float(g["beta1"]), float(g["beta2"])
    usual, spike, limit = (float(g[name]) for name in ("usual", "spike", "limit"))
    free = adam([usual, spike, usual], *betas)
    safe = adam([float(np.clip(one, -limit, limit)) for one in (usual, spike, usual)], *betas)
    has_values(question, {"first": np.sign(usual), "third": free[2], "clipped": safe[2]})
    np.testing.assert_allclose(adam([10 * usual, 10 * spike, 10 * usual], *betas), free)
    assert question.part("alike").expected == {2}
    later = adam([usual, spike] + [usual] * 60, *betas)
    assert abs(later[-1]) < 0.5  # tiny for a long time, once m has forgotten the spike
    assert abs(adam([usual, limit] + [usual] * 60, *betas)[-1]) > 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_token_weighted_accumulation(seed: int | None) -> None:
    question, g = asked("token-weighted-accumulation", seed)
    counts = g["n"].astype(int)
    tokens = np.concatenate([np.full(count, loss) for count, loss in zip(counts, g["losses"], strict=True)])
    whole, naive = tokens.mean(), g["losses"].mean()
    times = (1 / (len(counts) * counts[0])) / (1 / len(tokens))
    has_values(question, {"whole": whole, "naive": naive, "times": times, "factors": counts / len(tokens)})
    np.testing.assert_allclose(expected(question, "factors") @ g["losses"], whole)
    one, other = g["losses"][:1], g["losses"][1:]  # two machines with the total of both, averaged
    parts = expected(question, "factors")
    np.testing.assert_allclose(2 * np.mean([parts[:1] @ one, parts[1:] @ other]), whole)
    assert question.part("workers").expected == {2}


@pytest.mark.parametrize("seed", SEEDS)
def test_overfit_one_batch(seed: int | None) -> None:
    question, g = asked("overfit-one-batch", seed)
    pairs, batch = int(question.graph.whole("pairs").value), int(g["B"])
    guesses = np.linspace(0.01, 0.99, 99)
    twins = -(np.log(guesses) + np.log(1 - guesses)) / 2  # one network output, two targets
    assert abs(guesses[twins.argmin()] - 0.5) < 1e-9
    floor = pairs * 2 * twins.min() / batch
    np.testing.assert_allclose(expected(question, "floor"), floor, rtol=0.05)
    np.testing.assert_allclose(expected(question, "twins"), 2 * pairs, rtol=0.05)
    curve = question.graph.whole("loss").value
    np.testing.assert_allclose(curve[0], np.log(2))
    assert (np.diff(curve) < 0).all() and curve[40] - curve[-1] < 0.02  # level long before its end


@pytest.mark.parametrize("seed", SEEDS)
def test_copy_task_baseline(seed: int | None) -> None:
    question, g = asked("copy-task-baseline", seed)
    symbols, choices, blanks = (int(g[name]) for name in ("n", "K", "T"))
    have = int(question.graph.whole("have").value)
    losses = [0.0] * blanks + [-np.log(1 / choices)] * symbols
    np.testing.assert_allclose(expected(question, "blind"), np.mean(losses))
    np.testing.assert_allclose(expected(question, "known"), have, rtol=0.005)
    guessed = [0.0] * (blanks + have) + [-np.log(1 / choices)] * (symbols - have)
    np.testing.assert_allclose(g["seen"], np.mean(guessed), atol=1e-5)
    rng = np.random.default_rng(0)
    one, two = rng.uniform(size=(2, 400_000))
    np.testing.assert_allclose(expected(question, "flat"), np.mean((one + two - 1) ** 2), rtol=0.01)
    np.testing.assert_allclose(expected(question, "half"), np.mean((one + two - (two + 0.5)) ** 2), rtol=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_nan_hunt(seed: int | None) -> None:
    question, g = asked("nan-hunt", seed)
    assert g["big"] == np.finfo(np.float16).max
    limit = float(expected(question, "limit"))
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isfinite(np.exp(np.float16(limit - 0.02))) and np.isinf(np.exp(np.float16(limit + 0.02)))
        largest = question.graph.whole("largest").value
        over = [update for update, logit in enumerate(largest) if np.isinf(np.exp(np.float16(logit)))]
        logits = np.array([largest[over[0]], 1.0], dtype=np.float16)
        assert np.isnan(np.exp(logits) / np.exp(logits).sum()).any()  # as the prompt has it
        shifted = np.exp(logits - logits.max())
        assert np.isfinite(shifted / shifted.sum()).all()  # and with the cure
        assert np.isinf(np.exp(np.float32(88.8))) and np.isfinite(np.exp(np.float32(88.7)))
    assert expected(question, "when") == over[0]
    weight = 0.5 - 0.1 * np.float64("nan")  # an update that was applied
    assert np.isnan(weight) and np.isnan(0 * weight)


@pytest.mark.parametrize("seed", SEEDS)
def test_window_leak(seed: int | None) -> None:
    """By cutting the windows."""
    question, g = asked("window-leak", seed)
    values, inputs = len(SERIES), int(g["w"])
    assert (values, (SERIES[:, 0] <= 1940).sum()) == (g["N"], g["early"])
    np.testing.assert_allclose(g["levels"], [years(1700, 1940).mean(), years(1941, 2008).mean()], atol=0.006)
    windows = [range(start, start + inputs + 1) for start in range(values) if start + inputs < values]
    middle = windows[150]
    target = middle[-1]
    holding = sum(target in one[:-1] for one in windows)
    later = next(n for n, one in enumerate(windows) if n > 150 and not set(one) & set(middle))
    shift = SERIES[:, 1].mean() - years(1700, 1940).mean()
    assert expected(question, "windows") == len(windows)
    np.testing.assert_allclose(expected(question, "copies"), holding * (1 - g["q"]))
    assert expected(question, "gap") == later - 150 - 1
    np.testing.assert_allclose(expected(question, "shift"), shift, atol=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_forecast_horizon(seed: int | None) -> None:
    question, g = asked("forecast-horizon", seed)
    around = SERIES[:, 1] - SERIES[:, 1].mean()
    lags = [around[lag:] @ around[: len(around) - lag] / (around @ around) for lag in range(13)]
    np.testing.assert_allclose(g["r"], lags, atol=0.0051)
    np.testing.assert_allclose(g["sd"], SERIES[:, 1].std(), atol=0.05)
    r, ahead, sd = g["r"], int(g["k"]), float(g["sd"])
    chain = float(g["d"])
    for _ in range(ahead):
        chain *= r[1]

    def error(factor: float) -> float:
        return float(sd * np.sqrt(1 - 2 * factor * r[ahead] + factor**2))

    wanted = {"direct": r[ahead] * g["d"], "step": chain, "miss": error(r[1] ** ahead), "best": error(r[ahead])}
    has_values(question, wanted)
    assert min(error(f) for f in np.linspace(-1, 1, 201)) >= error(r[ahead]) - 1e-9  # no other factor does better
    for corr in (0.4, 0.6):  # repeating against the mean
        assert (2 - 2 * corr < 1) == (corr > 0.5)
    assert question.part("even").expected == {2}


@pytest.mark.parametrize("ahead", [1, 2, 3, 4])
def test_two_years_do_better_than_one(ahead: int) -> None:
    """On the real numbers: fitted on the first two hundred years, tried on those after."""
    around = SERIES[:, 1] - SERIES[:, 1].mean()
    rows = np.stack([around[:-1], around[1:]], axis=1)[:-ahead]
    targets = around[1 + ahead :]
    errors = []
    for inputs in (rows[:, 1:], rows):
        fit = np.linalg.lstsq(inputs[:200], targets[:200], rcond=None)[0]
        errors.append(np.sqrt(np.mean((inputs[200:] @ fit - targets[200:]) ** 2)))
    assert errors[1] < errors[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_repeat_which_year(seed: int | None) -> None:
    question, _ = asked("repeat-which-year", seed)
    named = question.graph.whole
    whole = np.concatenate([named(f"sun{n}").value for n in range(3)])
    np.testing.assert_array_equal(whole, SERIES[:, 1])
    first = int(named("start").value)
    picked = SERIES[first : first + 200, 1]
    errors = {lag: float(np.sqrt(np.mean((picked[lag:] - picked[:-lag]) ** 2))) for lag in range(1, 26)}
    np.testing.assert_allclose(named("e").value, list(errors.values()))
    cycle = min(range(5, 21), key=errors.__getitem__)
    peak = max(range(1, 10), key=errors.__getitem__)
    flat = float(np.sqrt(np.mean((picked - picked.mean()) ** 2)))
    wanted = {"cycle": cycle, "worst": errors[peak], "corr": 1 - errors[peak] ** 2 / (2 * flat**2)}
    has_values(question, wanted)
    assert errors[cycle] < min(errors[lag] for lag in range(2, 10))  # as its step says
    measured = np.corrcoef(picked[peak:], picked[:-peak])[0, 1]
    assert abs(measured - wanted["corr"]) < 0.15 and measured < 0  # near, and not equal
    choices = {"this year": errors[5], "mean": flat, "six years ago": errors[11], "eleven years ago": errors[16]}
    assert min(choices, key=choices.__getitem__) == "six years ago"


@pytest.mark.parametrize("seed", SEEDS)
def test_decay_beside(seed: int | None) -> None:
    question, g = asked("decay-beside", seed)
    lr, lam, gradients = float(g["lr"]), float(g["lam"]), [float(g["small"]), float(g["big"])]
    inside, beside = [], []
    for w, gradient in zip(g["w"], gradients, strict=True):
        inside.append(w - lr * adam([gradient + lam * w], 0.9, 0.999)[0])
        beside.append(w * (1 - lr * lam) - lr * adam([gradient], 0.9, 0.999)[0])
    weight = 0.0
    for update in adam([-0.3] * 2000, 0.9, 0.999):
        weight = weight * (1 - lr * lam) - lr * update
    has_values(question, {"inside": inside, "beside": beside, "rest": 1 / lam})
    np.testing.assert_allclose(weight, 1 / lam, rtol=1e-3)
    assert np.sign(gradients[0] + lam * g["w"][0]) != np.sign(gradients[0])  # the decay changes one sign
    assert np.sign(gradients[1] + lam * g["w"][1]) == np.sign(gradients[1])
    assert question.part("same").expected == {1}


def test_decay_beside_as_pytorch_has_it() -> None:
    """The original numbers, computed by torch 2.13.0: Adam and AdamW with weight_decay=0.1, lr=0.2, eps=0."""
    question, _ = asked("decay-beside", None)
    np.testing.assert_allclose(expected(question, "inside"), [1.7999999523, 3.2000000477], rtol=1e-6)
    np.testing.assert_allclose(expected(question, "beside"), [2.1600000858, 3.1400001049], rtol=1e-6)


def test_adam_and_clip_as_pytorch_has_it() -> None:
    """The original numbers, computed by torch 2.13.0 with lr=1, eps=0, in float64; updates are subtracted."""
    question, _ = asked("adam-and-clip", None)
    np.testing.assert_allclose(expected(question, "third"), 0.589590564524713)
    np.testing.assert_allclose(expected(question, "clipped"), 0.9419412637680766)
