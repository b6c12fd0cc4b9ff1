"""Make spelled.json: what PyTorch, JAX and TensorFlow say about the lines of spelled.txt.

    python tests/engine/reading/frozen/make_spelled.py torch      (or jax, or tf; needs that library)

A run replaces the values of its library and leaves the others: no environment has to hold all three. Everything is
float64. A line that the library itself refuses is an error: such a line teaches nobody anything.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
DECIMALS = 10
FILE = HERE / "spelled.json"


def givens():
    rng = np.random.default_rng(17)
    found = {
        name: rng.normal(size=shape)
        for name, shape in {
            "A": (3, 4), "B": (3, 4), "M": (3, 3), "C": (2, 3, 4), "v": (4,), "w": (4,), "u": (3,), "x": (2, 4),
            "W": (3, 4), "b": (3,), "logits": (3, 4), "Q": (3, 2), "K": (4, 2), "V": (4, 5), "G": (8,),
        }.items()
    }  # fmt: skip
    found["P"] = rng.uniform(0.5, 2.0, size=(3, 4))
    found["p"] = rng.uniform(0.1, 0.9, size=4)
    found["mask"] = rng.random((3, 4)) < 0.5
    found["mask"][:, 1] = True  # of a row that is masked throughout, PyTorch's softmax is nan
    found["target"] = np.array([2, 0, 3])
    found["ids"] = np.array([2, 0, 1])
    return found


def with_torch():
    import torch
    from torch import nn
    from torch.nn import functional

    torch.set_default_dtype(torch.float64)
    names = {
        "torch": torch,
        "nn": nn,
        "F": functional,
        "range": range,
        "float": float,
        "min": min,
        "sum": sum,
        "np": np,
    }
    names["math"] = math
    return torch.__version__, names, torch.tensor


def with_jax():
    import jax
    from jax import numpy as jnp

    jax.config.update("jax_enable_x64", True)
    import jax.scipy.special

    return jax.__version__, {"jax": jax, "jnp": jnp, "float": float}, jnp.asarray


def with_tf():
    import tensorflow as tf

    tf.keras.backend.set_floatx("float64")
    return tf.__version__, {"tf": tf}, tf.constant


def plain(value):
    value = value.resolve_neg().numpy() if hasattr(value, "resolve_neg") else value
    return np.round(np.asarray(value, dtype=float), DECIMALS).tolist()


def main(library):
    version, names, tensor = {"torch": with_torch, "jax": with_jax, "tf": with_tf}[library]()
    names |= {name: tensor(value) for name, value in givens().items()}
    frozen = json.loads(FILE.read_text()) if FILE.exists() else {"versions": {}, "givens": {}, "values": {}}
    frozen["versions"][library] = version
    frozen["givens"] = {name: np.asarray(value, dtype=float).tolist() for name, value in givens().items()}
    values = {}
    for line in (HERE / "spelled.txt").read_text().splitlines():
        of, _, text = line.partition(" | ")
        if of == library:
            try:
                values[text] = plain(eval(text, dict(names)))  # noqa: S307 - this project's own lines
            except Exception as error:
                raise SystemExit(f"{text}: {error}") from error
    frozen["values"][library] = values
    FILE.write_text(json.dumps(frozen, separators=(",", ":")) + "\n")
    sys.stdout.write(f"{library} {version}: {len(values)} lines\n")


if __name__ == "__main__":
    main(sys.argv[1])
