"""Make optimisers.json: what PyTorch's SGD and Adam in float64 make of weights, update by update.

    python tests/engine/cells/frozen/make_optimisers.py      (needs torch; the file holds the version it was made with)

Each case has the name of the optimiser, its options, the weights at the start, the gradients of each update, and the
weights after each update. One gradient is 0 throughout and one is 0 at first: where Adam divides by little.
"""

import json
from pathlib import Path

FILE = Path(__file__).with_name("optimisers.json")
UPDATES = 12


def cases():
    yield "sgd", {"rate": 0.1}
    yield "sgd", {"rate": 0.05, "momentum": 0.9}
    yield "adam", {"rate": 0.01}
    yield "adam", {"rate": 0.3, "betas": [0.8, 0.95]}
    yield "adam", {"rate": 0.001, "eps": 0.1}


def after_each_update(name, options, start, gradients):
    import torch

    weights = [torch.tensor(W, dtype=torch.float64) for W in start]
    rest = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items() if key != "rate"}
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[name]
    optimiser = make(weights, lr=options["rate"], **rest)
    for update in gradients:
        for W, g in zip(weights, update, strict=True):
            W.grad = torch.tensor(g, dtype=torch.float64)
        optimiser.step()
        yield [W.tolist() for W in weights]


def main():
    import torch

    torch.manual_seed(0)
    start = [torch.randn(3, 2, dtype=torch.float64).tolist(), torch.randn(4, dtype=torch.float64).tolist()]
    gradients = []
    for n in range(UPDATES):
        W, b = torch.randn(3, 2, dtype=torch.float64) * 10.0 ** (n % 5 - 3), torch.randn(4, dtype=torch.float64)
        W[0, 0] = 0.0
        b[1] *= n > 3
        gradients.append([W.tolist(), b.tolist()])
    found = [
        {
            "optimiser": name,
            "options": options,
            "start": start,
            "gradients": gradients,
            "after": list(after_each_update(name, options, start, gradients)),
        }
        for name, options in cases()
    ]
    FILE.write_text(json.dumps({"torch": torch.__version__, "cases": found}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
