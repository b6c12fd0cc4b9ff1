"""The functions and methods that the language has.

One table: name -> `Function` (value, gradient, size, how it reads). Several names may mean one function, as NumPy,
PyTorch and paper write it: `names` has them all; `canonical` gives the name that the table has.
"""

from rnn_tutor.engine.functions import constructors, elementwise, linear, neural, reductions, sequences, structure
from rnn_tutor.engine.functions.base import Array, Function, Param, size
from rnn_tutor.engine.functions.names import ALIASES

TABLE: dict[str, Function] = {
    function.name: function
    for module in (elementwise, reductions, linear, structure, constructors, neural, sequences)
    for function in module.FUNCTIONS
}

# Handled by the graph itself: their arguments are names, or their form depends on what they are given.
SPECIAL = ("shape", "size", "ndim", "len", "grad", "jacobian", "local", "parts", "hstack", "vstack")

NAMES: tuple[str, ...] = tuple(sorted({*TABLE, *(alias for alias, name in ALIASES.items() if name in TABLE), *SPECIAL}))

# What a misspelt name may have meant: array() under its many names is never missed.
SUGGESTED: tuple[str, ...] = tuple(name for name in NAMES if ALIASES.get(name) != "array")

# A method is a function whose first argument stands before the dot: x.sum(axis=0), x.exp(), x.mm(y).
# x.split(2) and x.sort() of libraries are other things than ours.
_NO_METHODS = frozenset(("where", "array", "stack", "concat", "full", "stop", "split", "sort"))
_OF_SEQUENCES = frozenset(function.name for function in sequences.FUNCTIONS)
METHODS: dict[str, str] = {
    name: function
    for name in (*TABLE, *ALIASES)
    if (function := ALIASES.get(name, name)) in TABLE
    and function not in _NO_METHODS
    and function not in _OF_SEQUENCES
    and TABLE[function].family in ("elementwise", "reduction", "matmul", "structure", "whole")
    and TABLE[function].params[0].name in ("x", "a")
}


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
    "canonical",
    "size",
]
