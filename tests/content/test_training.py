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
