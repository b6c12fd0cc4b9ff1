"""What the language costs: reading an expression, and a written-out LSTM (T=50, H=32) forwards and backwards.

    python benchmarks/language.py [--rounds 30]

Medians and best of the rounds. The aims: an expression is read in under 0.3 ms, the LSTM evaluated in under 25 ms.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # read when NumPy is imported

import numpy as np  # noqa: E402

from rnn_tutor.engine.graph.steps import Program, Start, read_let, read_loop, run  # noqa: E402
from rnn_tutor.engine.reading.language import parse  # noqa: E402

T, H, D = 50, 32, 8
BODY = (
    "v[t] = concat(h[t-1], x[t])",
    "f[t] = sigmoid(W_f @ v[t] + b_f)",
    "i[t] = sigmoid(W_i @ v[t] + b_i)",
    "o[t] = sigmoid(W_o @ v[t] + b_o)",
    "u[t] = tanh(W_u @ v[t] + b_u)",
    "c[t] = f[t] * c[t-1] + i[t] * u[t]",
    "h[t] = o[t] * tanh(c[t])",
)
READ = ("tanh(W_xh @ x + W_hh @ h_prev + b)", "[[1.5, -0.25], [0.125, 3e-4]]", "[0.85 -0.76]", "(1 - z) * h + z * σ(n)")


def timed(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return median and best, in milliseconds."""
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1e3)
    return statistics.median(took), min(took)


def lstm() -> tuple[Program, dict[str, np.ndarray]]:
    rng = np.random.default_rng(0)
    givens = {"x": rng.normal(size=(T, D)), "T": np.asarray(float(T))}
    for gate in "fiou":
        givens[f"W_{gate}"] = rng.normal(size=(H, H + D))
        givens[f"b_{gate}"] = rng.normal(size=H)
    start = Start({"h": parse(f"zeros({H})"), "c": parse(f"zeros({H})")})
    return (
        start,
        read_loop("t in range(T)", tuple((text, "") for text in BODY)),
        read_let("L = sum(h[-1]**2)"),
    ), givens


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=30)
    rounds = options.parse_args().rounds
    for text in READ:
        median, best = timed(lambda text=text: parse(text, loose=True), rounds * 10)
        print(f"read {text:40} {median:7.3f} ms, best {best:.3f}")
    program, givens = lstm()
    nodes = run(program, givens).size
    median, best = timed(lambda: run(program, givens), rounds)
    print(f"LSTM forwards, {nodes} nodes{'':22} {median:7.1f} ms, best {best:.1f} ({best / nodes * 1e3:.1f} us a node)")
    with_gradient = (*program, read_let("dW = grad(L, W_f)"))
    median, best = timed(lambda: run(with_gradient, givens), rounds)
    print(f"LSTM forwards and backwards{'':19} {median:7.1f} ms, best {best:.1f}")


if __name__ == "__main__":
    main()
