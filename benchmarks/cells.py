"""What whole sequences cost: LSTM and GRU at T=50, forwards and backwards, beside PyTorch where it is installed.

    python benchmarks/cells.py [--rounds 100] [--json FILE]

All contenders take turns within each round, on one thread each, so that a slow moment of the machine meets all of
them; the table gives medians in microseconds. The engine computes in float64, so nn.LSTM and nn.GRU in float64 are
the like for like; their float32, what PyTorch does unless told otherwise, is shown beside it. Both take time-major
or batch-first input as suits them best, both keep what their backward pass needs, and both return the gradients
of input and weights.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import time
import warnings
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # read when NumPy is imported

import numpy as np  # noqa: E402

from rnn_tutor.engine.cells import gru, gru_backward, lstm, lstm_backward  # noqa: E402

try:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch
except ImportError:
    torch = None

T = 50
CASES = [(cell, H, B) for H in (8, 64) for B in (1, 16) for cell in ("lstm", "gru")]


def ours(cell, H, B, numbers):
    """Return a function that runs forwards and backwards once and tells both times."""
    x, dh, W_xh, W_hh, b = numbers
    if cell == "lstm":

        def forward():
            return lstm(x, W_xh, W_hh, b)

        backward = lstm_backward
    else:

        def forward():
            return gru(x, W_xh, W_hh, b, b, blend="cho", reset="after")

        backward = gru_backward

    def once():
        start = time.perf_counter()
        run = forward()
        middle = time.perf_counter()
        grads = backward(run, dh)
        end = time.perf_counter()
        return middle - start, end - middle, np.asarray(run.h), np.asarray(grads.x)

    return once


def theirs(cell, H, B, numbers, dtype):
    x, dh, W_xh, W_hh, b = (torch.tensor(value, dtype=dtype) for value in numbers)
    module = (torch.nn.LSTM if cell == "lstm" else torch.nn.GRU)(H, H).to(dtype)
    with torch.no_grad():
        module.weight_ih_l0.copy_(W_xh)
        module.weight_hh_l0.copy_(W_hh)
        module.bias_ih_l0.copy_(b)
        module.bias_hh_l0.copy_(b if cell == "gru" else torch.zeros_like(b))
    x = x.transpose(0, 1).contiguous().requires_grad_(True)
    dh = dh.transpose(0, 1).contiguous()

    def once():
        module.zero_grad(set_to_none=True)
        x.grad = None
        start = time.perf_counter()
        h, _ = module(x)
        middle = time.perf_counter()
        h.backward(dh)
        end = time.perf_counter()
        return middle - start, end - middle, h.detach().numpy().swapaxes(0, 1), x.grad.numpy().swapaxes(0, 1)

    return once


def measure(cell, H, B, rounds):
    rng = np.random.default_rng(H + B)
    G = 4 if cell == "lstm" else 3
    k = 1 / np.sqrt(H)  # PyTorch's own initial weights
    shapes = [(G * H, H), (G * H, H), (G * H,)]
    numbers = (rng.normal(size=(B, T, H)), rng.normal(size=(B, T, H)), *(rng.uniform(-k, k, s) for s in shapes))
    contenders = {"ours": ours(cell, H, B, numbers)}
    if torch is not None:
        contenders["torch64"] = theirs(cell, H, B, numbers, torch.float64)
        contenders["torch32"] = theirs(cell, H, B, numbers, torch.float32)
        for mine, other in zip(contenders["ours"]()[2:], contenders["torch64"]()[2:], strict=True):
            np.testing.assert_allclose(mine, other, atol=1e-10, rtol=0)  # the same work, or it is no race
    times = {name: ([], []) for name in contenders}
    for number in range(rounds + 5):
        for name, once in contenders.items():
            forward, backward, *_ = once()
            if number >= 5:  # the first rounds warm up
                times[name][0].append(forward)
                times[name][1].append(backward)
    return {
        name: {
            "forward": statistics.median(forward) * 1e6,
            "backward": statistics.median(backward) * 1e6,
            "both": statistics.median(map(sum, zip(forward, backward, strict=True))) * 1e6,
        }
        for name, (forward, backward) in times.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args()
    if torch is None:
        print("PyTorch is not installed here: its columns are left out.")
    else:
        torch.set_num_threads(1)
    about = {"numpy": np.__version__, "torch": torch and torch.__version__, "python": platform.python_version()}
    print(f"T={T}, medians of {options.rounds} rounds in microseconds, one thread;", about)
    titles = f"{'cell':5}{'H':>4}{'B':>4}  {'pass':9}{'ours':>9}"
    if torch is not None:
        titles += f"{'torch f64':>11}{'ratio':>7}{'torch f32':>11}{'ratio':>7}"
    print(titles)
    rows = []
    for cell, H, B in CASES:
        figures = measure(cell, H, B, options.rounds)
        rows.append({"cell": cell, "H": H, "B": B, "T": T, "microseconds": figures})
        for which in ("forward", "backward", "both"):
            mine = figures["ours"][which]
            line = f"{cell:5}{H:4}{B:4}  {which:9}{mine:9.0f}"
            for name in ("torch64", "torch32"):
                if name in figures:
                    line += f"{figures[name][which]:11.0f}{mine / figures[name][which]:7.2f}"
            print(line)
    if options.json:
        options.json.write_text(json.dumps({"about": about, "rounds": options.rounds, "rows": rows}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
