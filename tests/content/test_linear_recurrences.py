"""What the unit beyond asks about linear recurrences and about time: against loops, and the claims beside them."""

from math import ceil, cos, exp, log, pi, tanh

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, asked, drawn, expected, has_values


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


def chosen(name: str, part: str) -> list[int]:
    found = drawn(name)
    count = len(found.part(part).ask.options)
    return [k for k in range(1, count + 1) if mark(found, part, str(k)).verdict == "right"]


@pytest.mark.parametrize("seed", SEEDS)
def test_min_gru(seed: int | None) -> None:
    found, g = asked("min-gru", seed)

    def run(h: float) -> float:
        for x in g["x"]:
            z = sigmoid(g["w_z"] * x)
            h = h + z * (g["w_h"] * x - h)
        return h

    start = float(g["h_start"])
    z = np.array([sigmoid(g["w_z"] * x) for x in g["x"]])
    slope = run(start + 1) - run(start)  # exact: the last state is linear in the first
    has_values(found, {"z": z, "h_last": run(start), "left": slope})
    assert run(start + 7) - run(start) == pytest.approx(7 * slope)


@pytest.mark.parametrize("seed", SEEDS)
def test_min_lstm(seed: int | None) -> None:
    found, g = asked("min-lstm", seed)
    D, H = int(g["D"]), int(g["H"])
    keep, h = [], []
    for a_f, a_i, old, new in zip(g["a_f"], g["a_i"], g["h_prev"], g["h_tilde"], strict=True):
        f, i = sigmoid(a_f), sigmoid(a_i)
        keep.append(f / (f + i))
        h.append((f * old + i * new) / (f + i))
        assert min(old, new) <= h[-1] <= max(old, new)
        by_softplus = sigmoid(np.logaddexp(0, -a_i) - np.logaddexp(0, -a_f))  # a form that never divides 0 by 0
        assert by_softplus == pytest.approx(keep[-1])
    lstm = sum(H * D + H * H + H for _block in "ifgo")
    minimal = sum(H * D + H for _block in ("f", "i", "candidate"))
    has_values(found, {"keep": np.array(keep), "h": np.array(h), "saved": lstm - minimal})
    assert sigmoid(-30.0) / (sigmoid(-30.0) + sigmoid(-30.0)) == 0.5
    assert chosen("min-lstm", "shut") == [3]


SCAN = """\
def scan(a, b, rounds):
    A = list(a)
    B = list(b)
    s = 1
    for r in range(rounds):
        A2 = list(A)
        B2 = list(B)
        for t in range(s, len(A)):
            A2[t] = A[t] * A[t - s]
            B2[t] = A[t] * B[t - s] + B[t]
        A = A2
        B = B2
        s = 2 * s
    return B
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_scan_program(seed: int | None) -> None:
    """After so many rounds, each position is a recurrence that began 2 ** rounds steps before."""
    found, g = asked("scan-program", seed)
    reach, wanted = 2 ** int(g["rounds"]), []
    for t in range(len(g["a"])):
        h = 0.0
        for s in range(max(0, t + 1 - reach), t + 1):
            h = g["a"][s] * h + g["b"][s]
        wanted.append(h)
    np.testing.assert_allclose(expected(found, "last"), wanted, rtol=1e-9, atol=1e-12)
    assert mark(found, "last", SCAN).verdict == "right"


def test_a_scan_in_place_is_wrong() -> None:
    """It reads values of its own round."""
    found = drawn("scan-program")
    in_place = SCAN.replace("A2[t] = A[t]", "A[t] = A[t]").replace("B2[t] = A[t]", "B[t] = A[t]")
    in_place = in_place.replace("        A = A2\n        B = B2\n", "")
    verdict = mark(found, "last", in_place)
    assert verdict.verdict == "wrong"
    assert verdict.says.startswith("Line 8: the loop overwrites elements of A and B that its later turns still read")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("A[t] * B[t - s] + B[t]", "A[t - s] * B[t] + B[t - s]", "Line 10 exchanges the places t - s and t."),
        ("range(s, len(A))", "range(len(A))", "Line 8: the loop starts too early. t - s is below 0 there"),
        ("B2[t] = A[t]", "B2[t] = A2[t]", "Line 10 reads A2 after line 9 has changed it."),
    ],
)
def test_what_goes_wrong_in_a_scan_is_named(old: str, new: str, says: str) -> None:
    assert old in SCAN
    verdict = mark(drawn("scan-program"), "last", SCAN.replace(old, new))
    assert verdict.verdict == "wrong"
    assert says in verdict.says


@pytest.mark.parametrize("seed", SEEDS)
def test_zoh_discretise(seed: int | None) -> None:
    """Very many small steps stand for the exact solution."""
    found, g = asked("zoh-discretise", seed)
    A, B, dt = (float(g[name]) for name in ("A", "B", "dt"))
    many = 200_000
    kept, made = 1.0, 0.0
    for _ in range(many):
        kept += dt / many * A * kept
        made += dt / many * (A * made + B)
    assert expected(found, "a_bar") == pytest.approx(kept, rel=1e-4)
    assert expected(found, "b_bar") == pytest.approx(made, rel=1e-4)
    has_values(
        found,
        {
            "a_bar": exp(A * dt),
            "b_bar": (exp(A * dt) - 1) / A * B,
            "gap": 1 + A * dt - exp(A * dt),
            "b_slow": (exp(2 * A * dt) - 1) / A * B,
        },
    )
    assert expected(found, "gap") < 0
    for factor, summand in ((exp(A * dt), (exp(A * dt) - 1) / A * B), (1 + A * dt, dt * B)):
        h = 0.0
        for _ in range(3_000):
            h = factor * h + summand
        assert h == pytest.approx(-B / A)


def test_half_the_step_makes_the_error_of_euler_about_four_times_smaller() -> None:
    gaps = [exp(-dt) - (1 - dt) for dt in (0.02, 0.01)]
    assert gaps[0] / gaps[1] == pytest.approx(4, rel=0.02)


@pytest.mark.parametrize("seed", SEEDS)
def test_complex_pole(seed: int | None) -> None:
    """The echo of the recurrence itself, in complex numbers; what is read from it is the factor."""
    found, g = asked("complex-pole", seed)
    r, turn = float(g["r"]), int(g["turn"])
    p, h, echo = r * np.exp(2j * pi / turn), 0j, []
    for t in range(25):
        h = p * h + (t == 0)
        echo.append(h.real)
    np.testing.assert_allclose(echo, [r**t * cos(2 * pi / turn * t) for t in range(25)], atol=1e-12)
    tops = [t for t in range(1, 24) if echo[t] > max(echo[t - 1], echo[t + 1])]
    height = echo[turn]
    assert abs(tops[0] - turn) <= 1  # the fading moves a top a little
    has_values(found, {"period": turn, "theta": np.angle(p), "radius": height ** (1 / turn), "radius_2": abs(p * p)})
    assert mark(found, "radius", f"{r * 1.02}").verdict == "right"  # a reading need not be exact
    assert mark(found, "radius", f"{r * 1.05}").verdict == "wrong"


def test_two_real_decays_cross_zero_once_at_most_and_a_rotation_has_complex_eigenvalues() -> None:
    generator = np.random.default_rng(0)
    for _ in range(500):
        a, b = generator.uniform(0, 1, 2)
        c, d = generator.normal(size=2)
        y = c * a ** np.arange(40.0) + d * b ** np.arange(40.0)
        y = y[abs(y) > 1e-12]
        assert (np.diff(np.sign(y)) != 0).sum() <= 1
    turned = 0.9 * np.array([[cos(0.8), -np.sin(0.8)], [np.sin(0.8), cos(0.8)]])
    np.testing.assert_allclose(sorted(np.linalg.eigvals(turned), key=lambda z: z.imag), 0.9 * np.exp([-0.8j, 0.8j]))
    assert chosen("complex-pole", "real") == [3]


@pytest.mark.parametrize("seed", SEEDS)
def test_clockwork_rates(seed: int | None) -> None:
    found, g = asked("clockwork-rates", seed)
    n, T = int(g["n"]), int(g["T"])
    periods = [2**k for k in range(n)]
    updates = np.array([sum(t % period == 0 for t in range(T)) for period in periods])
    period = 1
    while float(g["rho"]) ** (float(g["lag"]) / period) < 0.01:
        period *= 2
    has_values(found, {"updates": updates, "saved": 1 - updates.sum() / (n * T), "period": period})
    assert updates.sum() == pytest.approx(2 * T, rel=0.15)


def test_an_input_of_an_odd_step_reaches_the_fastest_module_only() -> None:
    """A clockwork RNN of four units: one input is changed, and the states are compared."""
    generator = np.random.default_rng(1)
    W, w = np.triu(generator.normal(size=(4, 4))), generator.normal(size=4)  # from slower to faster

    def run(x: np.ndarray) -> np.ndarray:
        h, states = np.zeros(4), []
        for t, value in enumerate(x):
            new = np.tanh(W @ h + w * value)
            h = np.where([t % period == 0 for period in (1, 2, 4, 8)], new, h)
            states.append(h)
        return np.array(states)

    x = generator.normal(size=20)
    changed = x + (np.arange(20) == 5)
    reached = (abs(run(changed) - run(x)) > 0).any(axis=0)
    assert reached.tolist() == [True, False, False, False]
    assert chosen("clockwork-rates", "odd") == [2]


@pytest.mark.parametrize("seed", SEEDS)
def test_ode_euler_step(seed: int | None) -> None:
    found, g = asked("ode-euler-step", seed)
    w, h, x, dt = (float(g[name]) for name in ("w", "h", "x", "dt"))

    def step(h: float, x: float, dt: float) -> float:
        return h + dt * (tanh(w * h + x) - h)

    e = 1e-6
    factor = (step(h + e, x, dt) - step(h - e, x, dt)) / (2 * e)
    limit = 2 / (1 - w)
    assert expected(found, "factor") == pytest.approx(factor, rel=1e-6)
    has_values(found, {"h_new": step(h, x, dt), "factor": expected(found, "factor"), "dt_max": limit})
    for size, settles in ((0.97 * limit, True), (1.03 * limit, False)):
        state = 0.001
        for _ in range(3_000):
            state = step(state, 0, size)
        assert (abs(state) < 1e-6) is settles
    state = 0.001
    for _ in range(500):
        before, state = state, step(state, 0, 1.0)
    assert state * before < 0
    assert abs(state) > 0.1
    assert chosen("ode-euler-step", "plain") == [2]


def test_the_remaining_claims() -> None:
    assert ceil(log(0.01) / log(0.8)) == 21  # a module with an ordinary factor forgets in some 20 updates
    assert chosen("min-gru", "order") == [2]
    assert chosen("zoh-discretise", "limit") == [1]
