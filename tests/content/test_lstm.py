"""The LSTM unit: its answers against plain NumPy, its gradients against differences, its claims against numbers."""

from math import exp, log, tanh

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import SEEDS, agrees, drawn, given, has_values


def s(a: float) -> float:
    return 1 / (1 + exp(-a))


@pytest.mark.parametrize("seed", SEEDS)
def test_output(seed: int | None) -> None:
    found = drawn("lstm-output", seed)
    g = given(found)
    h, far = ([o * tanh(k * c) for o, c in zip(g["o"], g["c"], strict=True)] for k in (1, 1000))
    agrees(found, {"h": np.array(h), "limit": np.array(far)})


@pytest.mark.parametrize("seed", SEEDS)
def test_gate_order(seed: int | None) -> None:
    found = drawn("lstm-gate-order", seed)
    g = given(found)
    n = int(g["units"])
    i, f, cand, o = (g["a"].reshape(4, n)[k] for k in range(4))  # rows as PyTorch stacks them
    c = [s(f[k]) * g["c_prev"][k] + s(i[k]) * tanh(cand[k]) for k in range(n)]
    has_values(
        found,
        {"f": np.array([s(v) for v in f]), "c": np.array(c), "h": np.array([s(o[k]) * tanh(c[k]) for k in range(n)])},
    )
    assert max(abs(s(-50) * tanh(one)) for one in c) < 1e-12  # the last block at -50: h is 0, and c is made without it
    assert mark(found, "shut", "1").verdict == "right"


@pytest.mark.parametrize("seed", SEEDS)
def test_forget_bias(seed: int | None) -> None:
    found = drawn("forget-bias", seed)
    g = given(found)
    left = 1.0
    for _ in range(int(g["T"])):
        left *= s(float(g["b_f"]))
    low, high = -20.0, 20.0
    for _ in range(200):  # the bias by bisection, not by the formula
        middle = (low + high) / 2
        low, high = (middle, high) if s(middle) ** g["T"] < g["fraction"] else (low, middle)
    agrees(found, {"left": left, "needed": low})


def test_forget_bias_grows_with_the_logarithm_of_the_length() -> None:
    def needed(steps: int) -> float:
        gate = 0.5 ** (1 / steps)
        return log(gate / (1 - gate))

    assert needed(1000) - needed(100) == pytest.approx(2.3, abs=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_count(seed: int | None) -> None:
    """Each array is made and its elements are counted."""
    found = drawn("lstm-count", seed)
    D, H = (int(v) for v in given(found).values())
    plain = sum(np.zeros((H, D)).size + np.zeros((H, H)).size + np.zeros(H).size for _ in "ifgo")
    peepholes = sum(np.zeros(H).size for _ in "ifo")
    second = sum(np.zeros(H).size for _ in "ifgo")
    has_values(found, {"plain": plain, "peeping": plain + peepholes, "torch": plain + second})
    assert peepholes + second == 7 * H
    assert mark(found, "what", "3").verdict == "right"


def test_recurrent_matrices_are_half_of_a_stacked_layer_and_dominate_only_in_a_wide_one() -> None:
    def fraction(inputs: int, units: int) -> float:
        return 4 * units * units / (4 * (units * inputs + units * units))

    assert fraction(100, 100) == 0.5
    assert fraction(10, 1000) > 0.98


@pytest.mark.parametrize("seed", SEEDS)
def test_peephole(seed: int | None) -> None:
    found = drawn("lstm-peephole", seed)
    g = given(found)
    c, h = [], []
    for k in range(2):
        old = g["c_prev"][k]
        i, f = s(g["a"][0][k] + g["w_c"][0][k] * old), s(g["a"][1][k] + g["w_c"][1][k] * old)
        c.append(f * old + i * g["g"][k])
        h.append(s(g["a"][2][k] + g["w_c"][2][k] * c[k]) * tanh(c[k]))
    has_values(found, {"c": np.array(c), "h": np.array(h)})


def test_what_a_peephole_does_to_a_cell_that_is_large() -> None:
    def after(in_forget: float, in_input: float) -> float:
        return s(in_forget * 20.0) * 20.0 + s(in_input * 20.0) * 0.5

    assert after(-1, 0) < 1  # emptied
    assert after(1, 0) > 19 and after(0, -1) > 9  # kept, or halved by a forget gate that does not look
    assert mark(drawn("lstm-peephole"), "reset", "1").verdict == "right"


@pytest.mark.parametrize("seed", SEEDS)
def test_highway_by_differences(seed: int | None) -> None:
    found = drawn("lstm-highway", seed)
    g = {name: float(value) for name, value in given(found).items()}

    def cell(c0: float, seen: float) -> float:
        h0 = g["o0"] * tanh(seen)
        f, i = s(g["u_f"] * h0 + g["d_f"]), s(g["u_i"] * h0 + g["d_i"])
        return f * c0 + i * tanh(g["u_g"] * h0 + g["d_g"])

    c0, e = g["c0"], 1e-5
    path = (cell(c0 + e, c0) - cell(c0 - e, c0)) / (2 * e)
    side = (cell(c0, c0 + e) - cell(c0, c0 - e)) / (2 * e)
    total = (cell(c0 + e, c0 + e) - cell(c0 - e, c0 - e)) / (2 * e)
    for part, wanted in zip(found.parts, (path, side, total), strict=True):
        assert float(np.asarray(part.expected)) == pytest.approx(wanted, rel=1e-6, abs=1e-8), part.name


def whole(T: int, feedback: float, forget: float, out: float, c0: float) -> float:
    """Return the last cell of one unit whose candidate alone sees h, after T steps from c0."""
    c, h = c0, out * tanh(c0)
    for t in range(T):
        c = forget * c + 0.5 * tanh(feedback * h + 0.05 * (-1) ** t)
        h = out * tanh(c)
    return c


def slope(T: int, feedback: float, forget: float, out: float) -> float:
    return (whole(T, feedback, forget, out, 0.05 + 1e-6) - whole(T, feedback, forget, out, 0.05 - 1e-6)) / 2e-6


def test_total_gradient_claims() -> None:
    """Each option of the checklist, by differences."""
    assert slope(12, 0.5, 1.0, 0.9) > 1.5  # 2: forget gates 1, and yet the total is not 1
    assert slope(12, -0.5, 1.0, 0.9) < 0.5
    assert slope(12, 0.5, 0.95, 0.9) > 1  # 3: gates below 1 do not bound the total
    assert slope(12, 0.5, 0.95, 0.0) == pytest.approx(0.95**12, rel=1e-6)  # 4: output gates 0
    assert slope(12, 0.0, 0.95, 0.9) == pytest.approx(0.95**12, rel=1e-6)  # 6: no recurrent weights
    assert s(8) * (1 - s(8)) < 0.001 and s(8) ** 12 > 0.99  # 5: saturated, and an open road
    found = drawn("lstm-total-gradient", None)
    assert mark(found, "true_ones", "1 4 6").verdict == "right"
    assert mark(found, "true_ones", "1 2 4 6").verdict == "wrong"


@pytest.mark.parametrize("seed", SEEDS)
def test_gate_picture(seed: int | None) -> None:
    """What is left, by following a 1; what remains of each step's writing, by following that."""
    found = drawn("lstm-gate-picture", seed)
    F = given(found)["F"]
    T, K = F.shape
    left, oldest = np.zeros(K), np.zeros(K)
    for k in range(K):
        cell = 1.0
        for t in range(T):
            cell *= F[t, k]
        left[k] = cell
        for start in reversed(range(T)):
            written = 1.0
            for t in range(start + 1, T):
                written *= F[t, k]
            if written > 0:
                oldest[k] = start
    agrees(found, {"left": left, "oldest": oldest})


PROGRAM = """def lstm(x, W_xh_T, W_hh_T, b, H):
    h = zeros(H)
    c = zeros(H)
    hs = []
    for t in range(len(x)):
        a = x[t] @ W_xh_T + h @ W_hh_T + b
        i = sigmoid(a[:H])
        f = sigmoid(a[H:2*H])
        g = tanh(a[2*H:3*H])
        o = sigmoid(a[3*H:])
        c = f * c + i * g
        h = o * tanh(c)
        hs.append(h)
    return hs
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_program(seed: int | None) -> None:
    found = drawn("lstm-program", seed)
    g = given(found)
    H = int(g["H"])
    h, c, states = np.zeros(H), np.zeros(H), []
    for x in g["x"]:
        new_h, new_c = np.zeros(H), np.zeros(H)
        for k in range(H):
            i, f, cand, o = (
                sum(x[d] * g["W_xh_T"][d, n] for d in range(2))
                + sum(h[j] * g["W_hh_T"][j, n] for j in range(H))
                + g["b"][n]
                for n in (k, H + k, 2 * H + k, 3 * H + k)
            )
            new_c[k] = s(f) * c[k] + s(i) * tanh(cand)
            new_h[k] = s(o) * tanh(new_c[k])
        h, c = new_h, new_c
        states.append(h)
    agrees(found, {"h": np.array(states)})
    assert mark(found, "h", PROGRAM).verdict == "right"


def test_a_wrong_program_is_told_where_it_departs() -> None:
    verdict = mark(drawn("lstm-program", None), "h", PROGRAM.replace("f * c + i * g", "i * c + f * g"))
    assert verdict.verdict == "wrong" and verdict.diagnosis is not None
    assert "Line 11 exchanges i and f" in verdict.diagnosis.says
