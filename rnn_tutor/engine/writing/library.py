"""The three libraries that scripts are written for, and what each calls what every script needs."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Key: TypeAlias = Literal["numpy", "torch", "jax"]


@dataclass(frozen=True, slots=True)
class Library:
    """A library: `module` is its name in a script, `column` its place in a row of `functions.names.WRITTEN`."""

    key: Key
    name: str
    module: str
    column: int
    imports: tuple[str, ...]
    precision: tuple[str, ...]  # what makes every number float64
    array: str  # what makes an array of numbers
    floats: str  # the method that makes numbers of masks and of whole numbers
    wholes: str
    words: tuple[tuple[str, str], ...]  # for the texts of `helpers`

    @property
    def differentiates(self) -> bool:
        """Whether it has derivatives of its own."""
        return self.key != "numpy"


_JOINS = (("CONCAT", "np.concatenate"), ("SPLIT", "np.split"), ("AXIS", "axis"), ("KEEP", "keepdims"),
          ("MAX", "np.max"), ("TAKE", "np.take_along_axis"), ("RELU(", "np.maximum(0, "), ("SIGMOID", "sigmoid"),
          ("LOG_SOFTMAX(", "log_softmax("), ("SOFTMAX(", "softmax("), ("BACKWARDS(x)", "np.flip(x, axis=-2)"),
          ("AT_LEAST(", "np.maximum("))  # fmt: skip

NUMPY = Library(
    "numpy", "NumPy", "np", 0, ("import numpy as np",), (), "np.array", "astype(float)", "astype(int)", _JOINS,
)  # fmt: skip
TORCH = Library(
    "torch", "PyTorch", "torch", 1, ("import torch",),
    ("# float64, as in NumPy; PyTorch itself begins with float32.", "torch.set_default_dtype(torch.float64)"),
    "torch.tensor", "double()", "long()",
    (("CONCAT", "torch.cat"), ("SPLIT", "torch.chunk"), ("AXIS", "dim"), ("KEEP", "keepdim"), ("MAX", "torch.amax"),
     ("TAKE", "torch.take_along_dim"), ("RELU", "torch.relu"), ("SIGMOID", "torch.sigmoid"),
     ("LOG_SOFTMAX(x)", "torch.log_softmax(x, dim=-1)"), ("SOFTMAX(x)", "torch.softmax(x, dim=-1)"),
     ("BACKWARDS(x)", "torch.flip(x, (-2,))"), ("AT_LEAST(size, limit)", "torch.clamp(size, min=limit)")),
)  # fmt: skip
JAX = Library(
    "jax", "JAX", "jnp", 2, ("import jax", "import jax.numpy as jnp", "import numpy as np"),
    ("# float64, as in NumPy; JAX itself begins with float32.", 'jax.config.update("jax_enable_x64", True)'),
    "jnp.array", "astype(float)", "astype(int)",
    (*((word, text.replace("np.", "jnp.")) for word, text in _JOINS if word != "SIGMOID" and "SOFTMAX" not in word),
     ("SIGMOID", "jax.nn.sigmoid"), ("LOG_SOFTMAX(", "jax.nn.log_softmax("), ("SOFTMAX(", "jax.nn.softmax(")),
)  # fmt: skip

LIBRARIES: dict[Key, Library] = {library.key: library for library in (NUMPY, TORCH, JAX)}
