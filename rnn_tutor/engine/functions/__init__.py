"""The functions and methods that the language has.

One table: name -> `Function` (value, gradient, size, how it reads). Several names may mean one function, as NumPy,
PyTorch and paper write it; `canonical` gives the name that the table has.
"""

from rnn_tutor.engine.functions import constructors, elementwise, linear, neural, reductions, sequences, structure
from rnn_tutor.engine.functions.base import Array, Function, Param, Shape, in_words, size

TABLE: dict[str, Function] = {
    function.name: function
    for module in (elementwise, reductions, linear, structure, constructors, neural, sequences)
    for function in module.FUNCTIONS
}

ALIASES = {
    "ln": "log",
    "absolute": "abs",
    "fabs": "abs",
    "amax": "max",
    "amin": "min",
    "product": "prod",
    "concatenate": "concat",
    "cat": "concat",
    "flatten": "ravel",
    "identity": "eye",
    "tensor": "array",
    "Tensor": "array",
    "Array": "array",
    "asarray": "array",
    "float64": "array",
    "float32": "array",
    "float": "array",
    "list": "array",
    "tuple": "array",
    "int64": "trunc",
    "int32": "trunc",
    "int": "trunc",
    "matrix": "array",
    "pow": "power",
    "mul": "multiply",
    "sub": "subtract",
    "div": "divide",
    "mm": "matmul",
    "mv": "matmul",
    "logistic": "sigmoid",
    "expit": "sigmoid",
}

# Handled by the graph itself: their arguments are names, or their form depends on what they are given.
SPECIAL = ("shape", "size", "ndim", "len", "grad", "jacobian", "local", "parts", "hstack", "vstack")

NAMES: tuple[str, ...] = tuple(sorted({*TABLE, *(alias for alias, name in ALIASES.items() if name in TABLE), *SPECIAL}))

# What a misspelt name may have meant: array() under its many names is never missed.
SUGGESTED: tuple[str, ...] = tuple(name for name in NAMES if ALIASES.get(name) != "array")

METHODS: dict[str, str] = {
    name: name
    for name in [
        "sum",
        "mean",
        "prod",
        "max",
        "min",
        "var",
        "std",
        "any",
        "all",
        "argmax",
        "argmin",
        "cumsum",
        "cumprod",
        "reshape",
        "ravel",
        "transpose",
        "squeeze",
        "round",
        "clip",
        "dot",
        "repeat",
        "swapaxes",
        "norm",
        "abs",
        "exp",
        "log",
        "sqrt",
        "tanh",
        "sigmoid",
        "softmax",
        "matmul",
    ]
} | {"flatten": "ravel"}


def canonical(name: str) -> str | None:
    """Return the name that the table (or the graph) has for a function, None where there is none."""
    name = ALIASES.get(name, name)
    return name if name in TABLE or name in SPECIAL else None


__all__ = [
    "ALIASES",
    "METHODS",
    "NAMES",
    "SPECIAL",
    "SUGGESTED",
    "TABLE",
    "Array",
    "Function",
    "Param",
    "Shape",
    "canonical",
    "in_words",
    "size",
]
