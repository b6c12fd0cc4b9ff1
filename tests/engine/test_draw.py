"""Draws: the same seed gives the same numbers for ever, and each kind is what it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutor.engine import draw as module
from rnn_tutor.engine.draw import Bits, drawn, holds, parse_draw
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.reading.language import parse


def take(text, shape, seed=0, decimals=2, graph=None):
    return drawn(parse_draw(text), shape, decimals, Bits(seed), graph or Graph())


# What these seeds gave when they were first used. They never change: learners' questions hang on them.
FROZEN = [
    ("uniform(0.05, 0.95)", (3,), [0.62, 0.29, 0.09], [0.61, 0.86, 0.75]),
    ("normal(0, 1)", (3,), [1.42, 0.31, 0.25], [0.22, -0.66, 1.21]),
    ("integers(2, 9)", (4,), [6, 3, 2, 2], [6, 8, 7, 3]),
    ("choice(16, 32, 64)", (3,), [32, 16, 16], [32, 64, 64]),
    ("simplex()", (4,), [0.71, 0.23, 0.04, 0.02], [0.2, 0.44, 0.3, 0.06]),
    ("mask(1, 3)", (2, 4), [[1, 1, 0, 0], [1, 0, 0, 0]], [[1, 1, 0, 0], [1, 1, 1, 0]]),
    ("scaled(0.9)", (2, 2), [[1.32, 1.62], [-0.54, -0.06]], [[-0.23, 0.79], [0.91, 0.16]]),
]


@pytest.mark.parametrize(("text", "shape", "zero", "seven"), FROZEN, ids=[one[0] for one in FROZEN])
def test_the_same_seed_gives_the_same_numbers(text, shape, zero, seven):
    assert take(text, shape, 0).tolist() == zero
    assert take(text, shape, 7).tolist() == seven


def test_the_raw_bits_are_those_that_pcg64_is_known_by():
    """PCG64 seeded by SeedSequence(42): the first draw of default_rng(42).random(), published in NumPy's own docs."""
    assert Bits(42).uniform((1,))[0] == pytest.approx(0.7739560485559633, abs=0)


def test_no_distribution_of_numpy_is_used(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("NumPy's distributions may change")

    for name in ("default_rng", "Generator", "RandomState", "random", "normal", "uniform", "randint"):
        monkeypatch.setattr(np.random, name, refuse)
    for text, shape, *_ in FROZEN:
        take(text, shape)


@given(st.integers(0, 2**63 - 1), st.integers(1, 12), st.integers(2, 4))
def test_a_simplex_is_positive_and_sums_to_exactly_one(seed, count, decimals):
    weights = take("simplex()", (2, count), seed, decimals)
    assert (weights > 0).all()
    assert weights[0].sum() == 1.0 == weights[1].sum()
    assert np.array_equal(weights, np.round(weights, decimals))


@pytest.mark.parametrize("shape", [(2, 2), (5, 5), (4, 2), (2, 4)])
def test_an_orthogonal_matrix_is_orthogonal_times_its_factor(shape):
    for seed in range(20):
        matrix = take("orthogonal(1.5)", shape, seed)
        small = matrix.T @ matrix if shape[0] >= shape[1] else matrix @ matrix.T
        assert np.allclose(small, 1.5**2 * np.eye(min(shape)), atol=1e-13)


def test_a_scaled_matrix_has_its_spectral_radius_to_the_digits_it_is_rounded_to():
    for seed in range(20):
        matrix = take("scaled(0.9)", (3, 3), seed, decimals=4)
        assert np.abs(np.linalg.eigvals(matrix)).max() == pytest.approx(0.9, abs=2e-3)


def test_bounds_hold_after_rounding_and_there_is_no_minus_zero():
    for seed in range(200):
        values = take("uniform(-0.004, 0.004)", (20,), seed)
        assert (np.abs(values) <= 0.004).all()
        assert not np.signbit(values[values == 0]).any()
        assert set(take("uniform(0.014, 0.016)", (20,), seed, decimals=2)) == {0.014, 0.016}  # no rounding lies between
    wholes = np.concatenate([take("integers(-2, 3)", (50,), seed) for seed in range(20)])
    assert set(wholes.tolist()) == {-2, -1, 0, 1, 2}  # as in NumPy, the upper end is not drawn


def test_the_mean_and_spread_of_normal_numbers():
    values = take("normal(2, 3)", (20_000,), 5, decimals=6)
    assert values.mean() == pytest.approx(2, abs=0.1)
    assert values.std() == pytest.approx(3, abs=0.1)


def test_a_mask_is_ones_then_zeros_and_can_be_told_its_lengths():
    for seed in range(50):
        mask = take("mask(2, 3)", (4, 5), seed)
        assert set(mask.sum(axis=1)) <= {2, 3}
        assert (np.diff(mask, axis=1) <= 0).all()
    graph = Graph()
    graph.leaf("n", np.array([1.0, 3.0]))
    assert take("mask(n)", (2, 4), graph=graph).tolist() == [[1, 0, 0, 0], [1, 1, 1, 0]]


def test_one_number_is_the_least_length_of_a_mask_and_something_is_always_padded():
    for shape in ((4,), (3, 4)):
        lengths = {float(n) for seed in range(50) for n in np.ravel(take("mask(2)", shape, seed).sum(axis=-1))}
        assert lengths == {2.0, 3.0}
        with pytest.raises(EngineError, match="leaves nothing to pad in 4 steps"):
            take("mask(4)", shape)
        assert (take("mask(4, 4)", shape) == 1).all()
        assert take("mask()", shape).min() == 0


def test_arguments_may_be_written_without_spaces_and_read_earlier_givens():
    assert take("normal(0,1)", (3,)).tolist() == take("normal(0, 1)", (3,)).tolist()
    graph = Graph()
    graph.leaf("T", np.array(4.0))
    assert (take("integers(T, T + 1)", (5,), graph=graph) == 4).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gaussian(0, 1)", "no draw gaussian"),
        ("normals(0, 1)", "Did you mean normal"),
        ("0.5", "as a call"),
        ("uniform(1, 0)", "low < high"),
        ("choice()", "choose from"),
        ("orthogonal(1)", "a matrix"),
        ("uniform(1, 2, 3)", "at most 2"),
    ],
)
def test_what_cannot_be_drawn_says_so(text, said):
    with pytest.raises(EngineError, match=said):
        take(text, (3,))


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(EngineError, match="whole number"):
        Bits(seed)


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("x < 1", True),
        ("x < 0.5", False),
        ("x < 0.5 + 1e-12", False),  # within the margin: one machine might refuse it
        ("x <= 0.5", False),
        ("n <= 3", True),  # whole numbers need no margin
        ("n < 3", False),
        ("0 < x < 1", True),
        ("abs(v) < 2", True),
        ("v > 0", False),  # every element has to meet it
        ("any(v > 0)", True),
    ],
)
def test_conditions_hold_for_every_element_and_with_a_margin(condition, kept):
    graph = Graph()
    graph.leaf("x", np.array(0.5))
    graph.leaf("n", np.array(3.0))
    graph.leaf("v", np.array([1.0, -1.0]))
    assert holds(graph, parse(condition)) is kept


def test_every_distribution_is_in_the_table_of_frozen_values():
    assert {one[0].split("(")[0] for one in FROZEN} | {"orthogonal"} == set(module.DISTRIBUTIONS)


def test_a_simplex_that_no_order_of_its_parts_sums_to_one_is_changed_by_a_few_units():
    """346, 243, 206 and 205 thousandths sum to 0.9999999999999999 in every order, and with one unit moved too."""
    weights = take("simplex()", (2, 4), 4420, 3)
    assert [row.sum() for row in weights] == [1.0, 1.0]
