"""Calls of NumPy that are rows of the table of names mean what NumPy computes."""

import numpy as np
import pytest

from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.reading.language import parse

RNG = np.random.default_rng(0)
GIVENS = {
    "A": RNG.normal(size=(3, 4)), "M": RNG.normal(size=(3, 3)), "v": RNG.normal(size=6), "w": RNG.normal(size=3),
    "u": RNG.normal(size=3), "k": np.array([3, 1, 2, 1, 0, 3]), "z": np.array([-1.0, 0.0, 1.0, 0.5]),
    "y0": np.array([1.0, -1.0, 0.0, 0.0, 2.0, -2.0]), "x0": np.array([0.0, 0.0, 1.0, -1.0, -2.0, -2.0]),
}  # fmt: skip
CALLS = """
np.mod(v, 0.7); np.remainder(k, 2); np.median(v); np.median(w); np.median(A, axis=0); np.median(A, axis=1)
np.percentile(v, 30); np.percentile(v, 100); np.percentile(v, 0); np.percentile(v, [25, 50, 75]); np.quantile(A, 0.4)
np.ptp(A); np.ptp(A, axis=1); np.deg2rad(v); np.radians(v); np.rad2deg(v); np.degrees(v); np.cbrt(v); np.arcsin(z)
np.arccos(z); np.arctan2(y0, x0); np.sinc(z); np.heaviside(z, 0.5); np.isclose(v, v); np.allclose(v, v + 1)
np.array_equal(v, v); np.cross(u, w); np.cross(M, M[::-1]); np.kron(M, A); np.convolve(v, w)
np.convolve(v, w, mode="full"); np.convolve(v, w, mode="same"); np.convolve(w, v, mode="same")
np.convolve(v, w, mode="valid"); np.convolve(w, v, mode="valid"); np.diff(v, n=2); np.diff(A, axis=0)
np.linalg.matrix_rank(M); np.linalg.cond(M); np.rot90(A); np.bincount(k); np.unique(k); np.polyval(w, v)
np.polyval(w, 2); np.logspace(0, 2, 5); np.geomspace(1, 8, 4); np.searchsorted(np.sort(v), 0.1)
np.searchsorted(np.sort(k), [1, 2], side="right"); np.hanning(5); np.hamming(6); np.trapezoid(v); np.trapezoid(v, k)
np.trapezoid(v, dx=0.1)
"""
TEXTS = [text.strip() for line in CALLS.strip().split("\n") for text in line.split(";")]


@pytest.mark.parametrize("text", TEXTS)
def test_a_call_gives_what_numpy_gives(text):
    graph = Graph()
    for name, value in GIVENS.items():
        graph.leaf(name, value.astype(float))
    with np.errstate(all="ignore"):
        wanted = np.asarray(eval(text, {"np": np, **GIVENS}), dtype=float)  # noqa: S307 - the texts above
    value = graph.evaluate(parse(text.replace('"', ""))).value
    assert value.shape == wanted.shape
    assert np.allclose(value, wanted, 1e-9, 1e-11)


def test_the_median_is_pytorchs_only_in_pytorch():
    graph = Graph()
    graph.leaf("v", np.array([1.0, 2.0, 4.0, 8.0]))
    assert graph.evaluate(parse("np.median(v)")).value == 3
    assert graph.evaluate(parse("torch.median(v)")).value == 2
