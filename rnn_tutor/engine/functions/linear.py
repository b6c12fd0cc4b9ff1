"""Linear algebra: products, norms of matrices, what a matrix does to a vector again and again."""

from collections.abc import Callable

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions.base import Array, Function, Param, array_params, broadcast, size, unbroadcast
from rnn_tutor.engine.shapes import Shape, in_words


def matmul_shape(a: Shape, b: Shape) -> Shape:
    """Return the shape of a @ b. Raises EngineError (`shape`), which says which axes do not fit."""
    if not a or not b:
        raise EngineError("shape", "@ multiplies vectors and matrices; for a scalar use *.")
    inner_a, inner_b = a[-1], b[-2] if len(b) > 1 else b[0]
    if inner_a != inner_b:
        last = "last" if len(a) > 1 else "only"
        first = "first" if len(b) == 2 else "only" if len(b) == 1 else "last but one"
        raise EngineError(
            "shape",
            f"@ runs along the {last} axis of the left, {inner_a} in {in_words(a)}, and the {first} axis of the right, "
            f"{inner_b} in {in_words(b)}: these two must be equal.",
        )
    rows = a[-2:-1] if len(a) > 1 else ()
    columns = b[-1:] if len(b) > 1 else ()
    return (*broadcast(a[:-2], b[:-2]), *rows, *columns)


def _matmul_work(a: Shape, b: Shape) -> int:
    return size(matmul_shape(a, b)) * a[-1]


def matmul_gradient(g: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """dL/da = g @ b.T and dL/db = a.T @ g, with vectors as rows or columns and batches summed."""
    wide_a = a[None, :] if a.ndim == 1 else a
    wide_b = b[:, None] if b.ndim == 1 else b
    wide_g = np.asarray(g)
    if a.ndim == 1:
        wide_g = np.expand_dims(wide_g, -1 if b.ndim == 1 else -2)
    if b.ndim == 1:
        wide_g = np.expand_dims(wide_g, -1)
    da = wide_g @ np.swapaxes(wide_b, -1, -2)
    db = np.swapaxes(wide_a, -1, -2) @ wide_g
    return unbroadcast(da, wide_a.shape).reshape(a.shape), unbroadcast(db, wide_b.shape).reshape(b.shape)


def square(name: str, shape: Shape) -> int:
    """Return the side of a square matrix. Raises EngineError (`shape`) for anything else."""
    if len(shape) != 2 or shape[0] != shape[1]:
        raise EngineError("shape", f"{name} needs a square matrix; this is {in_words(shape)}.")
    return shape[0]


def _dot_shape(a: Shape, b: Shape) -> Shape:
    return matmul_shape(a, b) if a and b else broadcast(a, b)


def _dot_gradient(g: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    if a.ndim and b.ndim:
        return matmul_gradient(g, y, a, b)
    return unbroadcast(g * b, a.shape), unbroadcast(g * a, b.shape)


def _vectors(a: Shape, b: Shape) -> Shape:
    if len(a) != 1 or len(b) != 1:
        raise EngineError("shape", f"outer takes two vectors; these are {in_words(a)} and {in_words(b)}.")
    return (a[0], b[0])


def _inner_shape(a: Shape, b: Shape) -> Shape:
    if len(a) != 1 or a != b:
        raise EngineError("shape", f"inner takes two vectors of one length; these are {in_words(a)} and {in_words(b)}.")
    return ()


def _power(x: Array, n: int) -> Array:
    return np.asarray(np.linalg.matrix_power(x, n))


def _power_gradient(g: Array, y: Array, x: Array, n: int) -> tuple[Array]:
    """Backwards through X^n = X^(n // 2) X^(n // 2) (X): a few products, however large n is."""
    if n == 0:
        return (np.zeros(x.shape),)
    if n == 1:
        return (g,)
    half = np.linalg.matrix_power(x, n // 2)
    if n % 2:
        whole = half @ half
        (from_half,) = _power_gradient(_square_gradient(g @ x.T, half), half, x, n // 2)
        return (whole.T @ g + from_half,)
    return _power_gradient(_square_gradient(g, half), half, x, n // 2)


def _square_gradient(g: Array, half: Array) -> Array:
    return np.asarray(g @ half.T + half.T @ g)


def _power_shape(x: Shape, n: int) -> Shape:
    square("matrix_power", x)
    if not 0 <= n <= 1000:
        raise EngineError("limit", "matrix_power takes whole powers from 0 to 1,000.")
    return x


def _finite(x: Array) -> bool:
    return bool(np.isfinite(x).all())


def _radius(x: Array) -> Array:
    if not _finite(x):
        return np.asarray(np.nan)
    return np.asarray(np.abs(np.linalg.eigvals(x)).max(initial=0.0))


DEFECTIVE = 1e7  # a condition number of an eigenvalue beyond which it is no smooth function of its matrix


def _radius_gradient(g: Array, y: Array, x: Array) -> tuple[Array]:
    """d|lambda|/dX = Re(conj(lambda)/|lambda| * conj(u) v^T / (u^H v)), u, v left and right eigenvectors."""
    values, right = np.linalg.eig(x)
    top = int(np.argmax(np.abs(values)))
    if values[top] == 0:
        return (np.zeros_like(x),)
    left = np.linalg.inv(right)[top]
    if np.linalg.norm(left) > DEFECTIVE:
        raise np.linalg.LinAlgError
    direction = np.outer(left, right[:, top])
    return (np.asarray(g) * np.real(np.conj(values[top]) / np.abs(values[top]) * direction),)


def _eigenvalues(x: Array) -> Array:
    values = np.linalg.eigvals(x) if _finite(x) else np.full(len(x), np.nan)
    if np.iscomplexobj(values) and np.abs(values.imag).max(initial=0.0) > 0:
        raise EngineError("value", "These eigenvalues are complex: write abs(eigvals(W)), or spectral_radius(W).")
    return np.asarray(values.real)


def _eigenvalue_sizes(x: Array) -> Array:
    return np.abs(np.linalg.eigvals(x)) if _finite(x) else np.full(len(x), np.nan)


def _one_each(name: str) -> Callable[[Shape], Shape]:
    def shape(x: Shape) -> Shape:
        return (square(name, x),)

    return shape


def _singular_values(x: Array) -> Array:
    return np.linalg.svd(x, compute_uv=False) if _finite(x) else np.full(min(x.shape), np.nan)


def _singular_shape(x: Shape) -> Shape:
    if len(x) != 2 or 0 in x:
        raise EngineError("shape", f"svdvals takes a matrix; this is {in_words(x)}.")
    return (min(x),)


def _singular_gradient(g: Array, y: Array, x: Array) -> tuple[Array]:
    u, _, v = np.linalg.svd(x, full_matrices=False)
    return (np.asarray((u * g) @ v),)


def _inverse(x: Array) -> Array:
    try:
        return np.linalg.inv(x)
    except np.linalg.LinAlgError:
        raise EngineError("value", "This matrix has no inverse.") from None


def _square_only(name: str) -> Callable[[Shape], Shape]:
    def shape(x: Shape) -> Shape:
        return (square(name, x),) * 2

    return shape


def _square_scalar(name: str) -> Callable[[Shape], Shape]:
    def shape(x: Shape) -> Shape:
        square(name, x)
        return ()

    return shape


def _cofactors(g: Array, y: Array, x: Array) -> tuple[Array]:
    u, s, v = np.linalg.svd(x)
    sign = np.linalg.det(u) * np.linalg.det(v)
    others = np.array([np.prod(np.delete(s, k)) for k in range(len(s))])
    return (np.asarray(g) * sign * (u * others) @ v,)


FUNCTIONS = [
    Function(
        "matmul",
        array_params("a b"),
        lambda a, b: np.asarray(np.matmul(a, b)),
        matmul_shape,
        matmul_gradient,
        "matmul",
        "{0} times {1} (matrix product)",
        work=_matmul_work,
    ),
    Function(
        "dot",
        array_params("a b"),
        lambda a, b: np.asarray(np.matmul(a, b) if a.ndim and b.ndim else a * b),
        _dot_shape,
        _dot_gradient,
        "matmul",
        "the dot product of {0} and {1}",
        work=lambda a, b: size(_dot_shape(a, b)) * (a[-1] if a else 1),
    ),
    Function(
        "inner",
        array_params("a b"),
        lambda a, b: np.asarray(a @ b),
        _inner_shape,
        lambda g, y, a, b: (g * b, g * a),
        "matmul",
        "the inner product of {0} and {1}",
    ),
    Function(
        "outer",
        array_params("a b"),
        np.outer,
        _vectors,
        lambda g, y, a, b: (g @ b, a @ g),
        "whole",
        "the outer product of {0} and {1}",
    ),
    Function(
        "trace",
        array_params("x"),
        lambda x: np.asarray(np.trace(x)),
        _square_scalar("trace"),
        lambda g, y, x: (np.asarray(g) * np.eye(len(x)),),
        "whole",
        "the trace of {0}",
    ),
    Function(
        "det",
        array_params("x"),
        lambda x: np.asarray(np.linalg.det(x)),
        _square_scalar("det"),
        _cofactors,
        "whole",
        "the determinant of {0}",
        work=lambda x: x[0] ** 3,
    ),
    Function(
        "inv",
        array_params("x"),
        _inverse,
        _square_only("inv"),
        lambda g, y, x: (-(y.T @ g @ y.T),),
        "whole",
        "the inverse of {0}",
        work=lambda x: x[0] ** 3,
    ),
    Function(
        "matrix_power",
        (Param("x"), Param("n", "whole")),
        _power,
        _power_shape,
        _power_gradient,
        "whole",
        "the matrix {0} to a power",
        work=lambda x, n: x[0] ** 3 * max(1, 2 * n.bit_length()),
    ),
    Function(
        "spectral_radius",
        array_params("x"),
        _radius,
        _square_scalar("spectral_radius"),
        _radius_gradient,
        "whole",
        "the largest |eigenvalue| of {0}",
        work=lambda x: 30 * x[0] ** 3,
    ),
    *(
        Function(name, array_params("x"), value, _one_each(name), None, "whole", says, work=lambda x: 30 * x[0] ** 3)
        for name, value, says in (
            ("eigvals", _eigenvalues, "the eigenvalues of {0}"),
            ("abs_eigvals", _eigenvalue_sizes, "the |eigenvalues| of {0}"),
        )
    ),
    Function(
        "svdvals",
        array_params("x"),
        _singular_values,
        _singular_shape,
        _singular_gradient,
        "whole",
        "the singular values of {0}",
        work=lambda x: 30 * max(x) ** 2 * min(x),
    ),
]
