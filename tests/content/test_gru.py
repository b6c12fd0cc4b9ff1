"""The GRU unit: its answers against plain NumPy, its gradients against differences, its claims against numbers."""

from math import exp, tanh

import numpy as np
import pytest

from rnn_tutor.exercises.mark import mark
from tests.content.course import CONTENT, SEEDS, agrees, drawn, given, has_values


def s(a: float) -> float:
    return 1 / (1 + exp(-a))


def candidate(g: dict[str, np.ndarray], a: np.ndarray, gate: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return the candidate with the reset before the product, unit by unit."""
    n = len(a)
    return np.array(
        [tanh(a[k] + sum(g["W_hh"][k, j] * gate[j] * g["h_prev"][j] for j in range(n)) + bias[k]) for k in range(n)]
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_candidate(seed: int | None) -> None:
    found = drawn("gru-candidate", seed)
    g = given(found)
    has_values(found, {"h_tilde": candidate(g, g["a_x"], g["r"], np.zeros(2))})
    one = np.array([0.0, 1.0])  # with r[1] at 0, another old state of unit 1 changes nothing in any unit
    pushed = candidate({**g, "h_prev": g["h_prev"] + one}, g["a_x"], g["r"] * (1 - one), np.zeros(2))
    assert np.array_equal(pushed, candidate(g, g["a_x"], g["r"] * (1 - one), np.zeros(2)))
    assert mark(found, "hidden", "1").verdict == "right"


@pytest.mark.parametrize("seed", SEEDS)
def test_reset_place(seed: int | None) -> None:
    found = drawn("gru-reset-place", seed)
    g = given(found)

    def after(r: np.ndarray, bias: np.ndarray) -> np.ndarray:
        inner = [sum(g["W_hh"][k, j] * g["h_prev"][j] for j in range(2)) + bias[k] for k in range(2)]
        return np.array([tanh(g["a_x"][k] + r[k] * inner[k]) for k in range(2)])

    before = candidate(g, g["a_x"], g["r"], g["b_hh"])
    has_values(found, {"before": before, "after": after(g["r"], g["b_hh"])})
    same, none = np.ones(2), np.zeros(2)
    cases = [(same, g["b_hh"]), (0.5 * same, none), (none, g["b_hh"]), (g["r"], none)]
    equal = {k for k, one in enumerate(cases, 1) if np.allclose(candidate(g, g["a_x"], *one), after(*one))}
    assert equal == found.part("agree").expected


def test_the_two_resets_agree_for_one_number_in_all_units_and_no_bias() -> None:
    g = {"W_hh": np.array([[0.6, -1.0], [0.8, 0.5]]), "h_prev": np.array([0.5, 0.7])}
    a, r = np.array([0.3, -0.5]), np.array([0.4, 0.4])
    assert np.allclose(candidate(g, a, r, np.zeros(2)), np.tanh(a + r * (g["W_hh"] @ g["h_prev"])))


@pytest.mark.parametrize("seed", SEEDS)
def test_flip_gate(seed: int | None) -> None:
    """The parameters found are PyTorch's gate for this input and for others, and the state is the same."""
    found = drawn("gru-flip-gate", seed)
    g = given(found)
    theta, x, old, new = g["theta"], float(g["x"]), float(g["h_prev"]), float(g["h_tilde"])
    chung = s(theta[0] * x + theta[1] * old + theta[2])
    flipped = np.asarray(found.part("flipped").expected)
    for inputs in ((x, old, 1.0), (0.3, -0.8, 1.0), (-2.0, 0.1, 1.0)):
        assert s(float(flipped @ inputs)) == pytest.approx(1 - s(float(theta @ inputs)), rel=1e-9)
    h = old + chung * (new - old)
    agrees(found, {"z_torch": 1 - chung, "flipped": flipped, "h": h})


@pytest.mark.parametrize("seed", SEEDS)
def test_count(seed: int | None) -> None:
    found = drawn("gru-count", seed)
    D, H = (int(v) for v in given(found).values())
    block = np.zeros((H, D)).size + np.zeros((H, H)).size + np.zeros(H).size
    plain = block + block + block
    agrees(found, {"plain": plain, "fewer": block, "doubled": plain + sum(np.zeros(H).size for _ in "rzn")})


@pytest.mark.parametrize("seed", SEEDS)
def test_same_budget(seed: int | None) -> None:
    """The widest GRU, found by trying one width after the other."""
    found = drawn("gru-same-budget", seed)
    D, H = (int(v) for v in given(found).values())
    budget = 4 * H * (D + H + 1)
    width = 0
    while 3 * (width + 1) * (D + (width + 1) + 1) <= budget:
        width += 1
    agrees(found, {"budget": budget, "width": width})


@pytest.mark.parametrize("seed", SEEDS)
def test_mgu_step(seed: int | None) -> None:
    found = drawn("mgu-step", seed)
    g = given(found)
    f = np.array([s(a) for a in g["a_f"]])
    new = candidate(g, g["a_x"], f, np.zeros(2))
    has_values(found, {"f": f, "h_tilde": new, "h": g["h_prev"] + f * (new - g["h_prev"])})
    assert mark(found, "cannot", "1").verdict == "right"


def test_a_blend_lies_between_its_two_numbers() -> None:
    found = drawn("gru-update")
    z = np.linspace(0, 1, 1001)
    blends = (1 - z) * -0.4 + z * 0.6
    outside = {
        k
        for k, option in enumerate(found.part("outside").ask.options, 1)
        if np.abs(blends - float(option.text)).min() > 0.01
    }
    assert outside == found.part("outside").expected


@pytest.mark.parametrize("seed", SEEDS)
def test_step_gradient_by_differences(seed: int | None) -> None:
    found = drawn("gru-step-gradient", seed)
    g = {name: float(value) for name, value in given(found).items()}

    def state(copied: float, in_gate: float, in_candidate: float) -> float:
        z = s(g["u_z"] * in_gate + g["d_z"])
        return (1 - z) * copied + z * tanh(g["u"] * in_candidate + g["d"])

    h, e = g["h_prev"], 1e-5
    copy = (state(h + e, h, h) - state(h - e, h, h)) / (2 * e)
    by_gate = (state(h, h + e, h) - state(h, h - e, h)) / (2 * e)
    total = (state(h + e, h + e, h + e) - state(h - e, h - e, h - e)) / (2 * e)
    for name, wanted in {"copy": copy, "by_gate": by_gate, "total": total}.items():
        assert float(np.asarray(found.part(name).expected)) == pytest.approx(wanted, rel=1e-6, abs=1e-8), name


@pytest.mark.parametrize("seed", SEEDS)
def test_gate_trace(seed: int | None) -> None:
    """A state that says where it came from: one number for the old state and one for each candidate."""
    found = drawn("gru-gate-trace", seed)
    z = given(found)["z_torch"]
    T = len(z)
    mixture = np.eye(T + 1)[0]
    for t in range(T):
        mixture = z[t] * mixture + (1 - z[t]) * np.eye(T + 1)[t + 1]
    assert mixture.sum() == pytest.approx(1)
    agrees(found, {"main": int(np.argmax(mixture[1:])), "most": mixture[1:].max()})


def test_the_lab_on_blending_says_how_long_half_a_state_lasts() -> None:
    keeps = 1 - s(-2)
    said = (CONTENT / "gru" / "labs" / "blend.yaml").read_text(encoding="utf-8")
    assert f"log(0.5) / log({keeps:.3f}) is {np.log(0.5) / np.log(keeps):.1f}" in said


def test_start_bias() -> None:
    """Fifty steps of a unit with no input and a candidate of 0, in PyTorch's blend."""
    left = []
    for bias in (4, -4, 0, 0, 1):
        h = 1.0
        for _ in range(50):
            h = s(bias) * h
        left.append(h)
    assert left[0] > 0.3 and max(left[1:]) < 1e-6
    found = drawn("gru-start-bias", None)
    assert mark(found, "start", "1").verdict == "right"
    assert mark(found, "start", "2").verdict == "wrong"


def test_dialects() -> None:
    """Negating the update gate mends the shares exactly and the reset not at all."""
    rng = np.random.default_rng(0)
    W, U, xs = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2, 2)), rng.normal(size=(6, 2))

    def run(sign: float, new_share: bool, reset_first: bool) -> np.ndarray:
        h = np.zeros(2)
        for x in xs:
            r = 1 / (1 + np.exp(-(W[0] @ x + U[0] @ h)))
            z = 1 / (1 + np.exp(-sign * (W[1] @ x + U[1] @ h)))
            n = np.tanh(W[2] @ x + (U[2] @ (r * h) if reset_first else r * (U[2] @ h)))
            h = (1 - z) * h + z * n if new_share else z * h + (1 - z) * n
        return h

    chung = run(1, new_share=True, reset_first=True)
    assert np.abs(run(1, new_share=False, reset_first=False) - chung).max() > 0.1
    assert np.allclose(run(-1, new_share=False, reset_first=True), chung)
    assert np.abs(run(-1, new_share=False, reset_first=False) - chung).max() > 0.01
    found = drawn("gru-dialects", None)
    assert mark(found, "differ", "1 3 5").verdict == "right"
    assert mark(found, "differ", "1 3 7").verdict == "wrong"


PROGRAM = """def gru(x, w_x, W_hh_T, H):
    h = zeros(H)
    hs = []
    for t in range(len(x)):
        a = x[t] * w_x
        r = sigmoid(a[:H] + h @ W_hh_T[:, :H])
        z = sigmoid(a[H:2*H] + h @ W_hh_T[:, H:2*H])
        h_tilde = tanh(a[2*H:] + (r * h) @ W_hh_T[:, 2*H:])
        h = (1 - z) * h + z * h_tilde
        hs.append(h)
    return hs
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_program(seed: int | None) -> None:
    found = drawn("gru-program", seed)
    g = given(found)
    H, W, U = int(g["H"]), g["w_x"], g["W_hh_T"]
    h, states = np.zeros(H), []
    for x in g["x"]:
        r = [s(x * W[k] + sum(h[j] * U[j, k] for j in range(H))) for k in range(H)]
        z = [s(x * W[H + k] + sum(h[j] * U[j, H + k] for j in range(H))) for k in range(H)]
        n = [tanh(x * W[2 * H + k] + sum(r[j] * h[j] * U[j, 2 * H + k] for j in range(H))) for k in range(H)]
        h = np.array([h[k] + z[k] * (n[k] - h[k]) for k in range(H)])
        states.append(h)
    agrees(found, {"h": np.array(states)})
    assert mark(found, "h", PROGRAM).verdict == "right"


def test_wrong_programs_are_told_where_they_depart() -> None:
    found = drawn("gru-program", None)
    swapped = mark(found, "h", PROGRAM.replace("(1 - z) * h + z * h_tilde", "z * h + (1 - z) * h_tilde"))
    assert swapped.verdict == "wrong" and swapped.diagnosis is not None
    assert "Line 9 exchanges z and 1 - z" in swapped.diagnosis.says
    late = mark(found, "h", PROGRAM.replace("(r * h) @ W_hh_T[:, 2*H:]", "r * (h @ W_hh_T[:, 2*H:])"))
    assert late.verdict == "wrong" and late.diagnosis is not None
    assert late.diagnosis.says.startswith("Line 8: Your reset gate acts after the product")
