"""Functions that work element by element, with broadcasting as in NumPy.

At kinks the derivative is 0 (relu'(0) = abs'(0) = sign' = 0); ties of maximum and minimum share equally.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from rnn_tutor.engine.functions.base import Array, Function, Param, array_params, broadcast, same_shape, unbroadcast


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), without overflow for any finite x."""
    half = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + half), half / (1 + half))


def softplus(x: Array) -> Array:
    """log(1 + exp(x)), without overflow."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


_erf = np.vectorize(math.erf, otypes=[float])


def erf(x: Array) -> Array:
    """Twice the integral of the normal density over (0, x sqrt(2))."""
    return np.asarray(_erf(x))


def gelu(x: Array) -> Array:
    """x times the share of a normal distribution that lies below x (Hendrycks and Gimpel 2016), not its tanh form."""
    return np.asarray(0.5 * x * (1 + erf(x / math.sqrt(2))))


def _gelu_derivative(x: Array, _y: Array) -> Array:
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return np.asarray(0.5 * (1 + erf(x / math.sqrt(2))) + x * density)


def _unary(
    name: str, value: Callable[[Array], Array], derivative: Callable[[Array, Array], Any], says: str = ""
) -> Function:
    """derivative(x, y) is dy/dx."""

    def gradient(g: Array, y: Array, x: Array) -> tuple[Array]:
        return (g * derivative(x, y),)

    return Function(name, array_params("x"), value, same_shape, gradient, "elementwise", says or f"the {name} of {{0}}")


def _binary(
    name: str,
    value: Callable[[Array, Array], Array],
    derivatives: Callable[[Array, Array, Array], tuple[Any, Any]] | None,
    says: str,
    keeps_masks: bool = False,
) -> Function:
    """derivatives(a, b, y) are dy/da and dy/db."""

    def gradient(g: Array, y: Array, a: Array, b: Array) -> tuple[Array | None, ...]:
        if derivatives is None:
            return (None, None)
        da, db = derivatives(a, b, y)
        return unbroadcast(g * da, a.shape), unbroadcast(g * db, b.shape)

    return Function(name, array_params("a b"), value, broadcast, gradient, "elementwise", says, keeps_masks=keeps_masks)


def _power_derivatives(a: Array, b: Array, y: Array) -> tuple[Array, Array]:
    below = np.where(b == 0, 0.0, b * np.power(a, np.where(b == 0, 1.0, b - 1)))
    log_a = np.log(np.where(a > 0, a, 1.0))
    return below, np.where(a > 0, y * log_a, 0.0)


def _share_of(
    picked: Callable[[Array, Array], Array],
) -> Callable[[Array, Array, Array], tuple[Array, Array]]:
    def derivatives(a: Array, b: Array, _y: Array) -> tuple[Array, Array]:
        tie = (a == b) * 0.5
        return picked(a, b) + tie, picked(b, a) + tie

    return derivatives


def _where_gradient(g: Array, y: Array, condition: Array, a: Array, b: Array) -> tuple[Array | None, ...]:
    yes = condition != 0
    return None, unbroadcast(np.where(yes, g, 0.0), a.shape), unbroadcast(np.where(yes, 0.0, g), b.shape)


def _clip_gradient(g: Array, y: Array, x: Array, low: Array, high: Array) -> tuple[Array | None, ...]:
    """At the bounds themselves it flows to x, as in PyTorch; where they cross, high wins, as in the value."""
    above = np.maximum(x, low) > high
    below = ~above & (x < low)
    return (
        unbroadcast(np.where(below | above, 0.0, g), x.shape),
        unbroadcast(np.where(below, g, 0.0), low.shape),
        unbroadcast(np.where(above, g, 0.0), high.shape),
    )


def _flat(x: Array, y: Array) -> float:
    return 0.0


UNARY = [
    _unary("negative", np.negative, lambda x, y: -1.0, "minus {0}"),
    _unary("positive", np.positive, lambda x, y: 1.0, "{0}"),
    _unary("exp", np.exp, lambda x, y: y, "e to the power of {0}"),
    _unary("expm1", np.expm1, lambda x, y: y + 1),
    _unary("log", np.log, lambda x, y: 1 / x, "the natural logarithm of {0}"),
    _unary("log2", np.log2, lambda x, y: 1 / (x * np.log(2)), "the logarithm of {0} to base 2"),
    _unary("log10", np.log10, lambda x, y: 1 / (x * np.log(10)), "the logarithm of {0} to base 10"),
    _unary("log1p", np.log1p, lambda x, y: 1 / (1 + x)),
    _unary("sqrt", np.sqrt, lambda x, y: 0.5 / y, "the square root of {0}"),
    _unary("square", np.square, lambda x, y: 2 * x, "the square of {0}"),
    _unary("reciprocal", lambda x: 1 / x, lambda x, y: -y * y, "one over {0}"),
    _unary("abs", np.abs, lambda x, y: np.sign(x), "the absolute value of {0}"),
    _unary("sign", np.sign, _flat, "the sign of {0}"),
    _unary("floor", np.floor, _flat, "{0} rounded down"),
    _unary("ceil", np.ceil, _flat, "{0} rounded up"),
    _unary("trunc", np.trunc, _flat, "the whole part of {0}"),
    _unary("sin", np.sin, lambda x, y: np.cos(x), "the sine of {0}"),
    _unary("cos", np.cos, lambda x, y: -np.sin(x), "the cosine of {0}"),
    _unary("tan", np.tan, lambda x, y: 1 + y * y, "the tangent of {0}"),
    _unary("arctan", np.arctan, lambda x, y: 1 / (1 + x * x), "the arctangent of {0}"),
    _unary("sinh", np.sinh, lambda x, y: np.cosh(x)),
    _unary("cosh", np.cosh, lambda x, y: np.sinh(x)),
    _unary("arctanh", np.arctanh, lambda x, y: 1 / (1 - x * x)),
    _unary("erf", erf, lambda x, y: 2 / np.sqrt(np.pi) * np.exp(-x * x), "the error function of {0}"),
    _unary("tanh", np.tanh, lambda x, y: 1 - y * y),
    _unary("sigmoid", sigmoid, lambda x, y: y * (1 - y)),
    _unary("relu", lambda x: np.maximum(x, 0.0), lambda x, y: (x > 0) * 1.0),
    _unary("softplus", softplus, lambda x, y: sigmoid(x)),
    _unary("silu", lambda x: x * sigmoid(x), lambda x, y: sigmoid(x) * (1 + x * (1 - sigmoid(x)))),
    _unary("gelu", gelu, _gelu_derivative),
    _unary("logical_not", lambda x: x == 0, _flat, "not {0}"),
]

BINARY = [
    _binary("add", np.add, lambda a, b, y: (1.0, 1.0), "{0} plus {1}"),
    _binary("subtract", np.subtract, lambda a, b, y: (1.0, -1.0), "{0} minus {1}"),
    _binary("multiply", np.multiply, lambda a, b, y: (b, a), "{0} times {1}"),
    _binary("divide", np.divide, lambda a, b, y: (1 / b, -y / b), "{0} divided by {1}"),
    _binary("floor_divide", np.floor_divide, None, "{0} divided by {1}, rounded down"),
    _binary("power", np.power, _power_derivatives, "{0} to the power of {1}"),
    _binary("maximum", np.maximum, _share_of(lambda a, b: a > b), "the larger of {0} and {1}"),
    _binary("minimum", np.minimum, _share_of(lambda a, b: a < b), "the smaller of {0} and {1}"),
    _binary("equal", np.equal, None, "whether {0} equals {1}", keeps_masks=True),
    _binary("not_equal", np.not_equal, None, "whether {0} differs from {1}", keeps_masks=True),
    _binary("less", np.less, None, "whether {0} is below {1}"),
    _binary("less_equal", np.less_equal, None, "whether {0} is at most {1}"),
    _binary("greater", np.greater, None, "whether {0} is above {1}"),
    _binary("greater_equal", np.greater_equal, None, "whether {0} is at least {1}"),
    _binary("logical_and", np.logical_and, None, "{0} and {1}", keeps_masks=True),
    _binary("logical_or", np.logical_or, None, "{0} or {1}", keeps_masks=True),
]

OTHERS = [
    Function(
        "where",
        array_params("condition a b"),
        lambda condition, a, b: np.where(condition != 0, a, b),
        broadcast,
        _where_gradient,
        "elementwise",
        "{1} where {0}, else {2}",
    ),
    Function(
        "clip",
        array_params("x low high"),
        lambda x, low, high: np.minimum(np.maximum(x, low), high),
        broadcast,
        _clip_gradient,
        "elementwise",
        "{0} kept between {1} and {2}",
    ),
    Function(
        "round",
        (Param("x"), Param("decimals", "whole", 0)),
        np.round,
        same_shape,
        lambda g, y, x, decimals: (np.zeros_like(g),),
        "elementwise",
        "{0} rounded",
    ),
    Function(
        "leaky_relu",
        (Param("x"), Param("slope", "number", 0.01)),
        lambda x, slope: np.where(x > 0, x, slope * x),
        same_shape,
        lambda g, y, x, slope: (g * np.where(x > 0, 1.0, np.where(x < 0, slope, 0.0)),),
        "elementwise",
    ),
    Function(
        "stop",
        array_params("x"),
        lambda x: x,
        same_shape,
        lambda g, y, x: (None,),
        "elementwise",
        "{0}, through which no gradient flows",
    ),
]

FUNCTIONS = [*UNARY, *BINARY, *OTHERS]
