"""Wrong versions of formulas with matrices: a matrix that is inverted, exponentiated or updated in another way."""

from collections.abc import Iterator

from rnn_tutor.engine.expression import Call, Expr, Index, NewAxis, Number, Slice
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, op, whole_number

VECTOR, MATRIX = 1, 2  # axes
ZERO = Number(0.0, "0")
HALVINGS = 2**9  # (I + A / n)**n for exp(A): n as large as a power may be, once its steps are done better than Euler's


def discretised(part: Expr, context: Context) -> Versions:
    """Euler's rules and the matrix exponential for the bilinear rule (scipy.signal.cont2discrete), of A and of B."""
    for eye, half, other, scale in _bilinear(part):
        whole = _doubled(half)
        forward = op("add", eye, whole)
        backward = Call("inv", (op("subtract", eye, whole),))
        exact = _exponential(eye, whole)
        if other is None:
            yield forward, f"forward Euler were used: {context.code(forward)}"
            yield backward, f"backward Euler were used: {context.code(backward)}"
            yield exact, f"the matrix exponential of {context.code(whole)} were used"
            continue
        for changed, clause in (
            (other, f"forward Euler were used: {context.code(other)} without the inverse"),
            (op("matmul", backward, other), f"backward Euler were used: {context.code(backward)}"),
            (
                op("matmul", op("matmul", Call("inv", (whole,)), op("subtract", exact, eye)), other),
                "the input were held over the step (zero-order hold)",
            ),
        ):
            yield changed if scale is None else op("multiply", scale, changed), clause


def _bilinear(part: Expr) -> Iterator[tuple[Expr, Expr, Expr | None, Expr | None]]:
    """Yield the identity, half of the step's matrix, what it acts on (None for the state), and the factor before it."""
    match part:
        case Call(
            function="matmul",
            args=(
                Call(function="inv", args=(Call(function="subtract", args=(eye, half)),)),
                Call(function="add", args=(other_eye, other_half)),
            ),
        ) if eye == other_eye and half == other_half:
            yield eye, half, None, None
        case Call(
            function="matmul",
            args=(
                Call(function="add", args=(other_eye, other_half)),
                Call(function="inv", args=(Call(function="subtract", args=(eye, half)),)),
            ),
        ) if eye == other_eye and half == other_half:
            yield eye, half, None, None
        case Call(function="multiply", args=(scale, Call(function="matmul", args=(inverse, other)))):
            match inverse:
                case Call(function="inv", args=(Call(function="subtract", args=(eye, half)),)):
                    yield eye, half, other, scale


def _doubled(half: Expr) -> Expr:
    """Return dt * A for dt / 2 * A."""
    match half:
        case Call(function="multiply", args=(Call(function="divide", args=(dt, Number(value=2.0))), a)):
            return op("multiply", dt, a)
        case Call(function="divide", args=(x, Number(value=2.0))):
            return x
    return op("multiply", TWO, half)


def _exponential(eye: Expr, whole: Expr) -> Expr:
    """Return what a matrix exponential is to more digits than anyone types: (I + x + x**2 / 2)**n of x = A / n."""
    x = op("divide", whole, whole_number(HALVINGS))
    square = op("divide", op("matmul", x, x), TWO)
    return Call("matrix_power", (op("add", op("add", eye, x), square), whole_number(HALVINGS)))


def divided_by_elements(part: Expr, context: Context) -> Versions:
    """Each element divided by its own one, where a matrix is inverted; weights that are divided by their sum."""
    match part:
        case Call(function="matmul", args=(Call(function="inv", args=(m,)), x)) | Call(function="solve", args=(m, x)):
            pass
        case Call(function="matmul", args=(x, Call(function="inv", args=(m,)))):
            pass
        case _:
            return
    size, below = context.size_of(x), context.size_of(m)
    if size is not None and len(size) == MATRIX and below in (None, size):
        nothing = op("equal", m, ZERO)
        own = op("divide", x, Call("where", (nothing, ONE, m)))
        changed = Call("where", (nothing, ZERO, own))
        yield changed, f"{context.code(x)} were divided by {context.code(m)} element by element"
    if size is not None and len(size) == VECTOR:
        diagonal = op("divide", x, Call("diag", (m,)))
        yield diagonal, f"{context.code(x)} were divided by the diagonal of {context.code(m)}"
        share = op("divide", x, Call("sum", (x,)))
        yield share, f"{context.code(x)} were divided by its sum, and {context.code(m)} were not used"


def updated_covariance(part: Expr, context: Context) -> Versions:
    """Other forms of the covariance of a Kalman filter after a measurement (any text on it), each with a mistake."""
    found = _update(part)
    if found is None:
        return
    k, h, p = found
    column = Index(k, (Slice(), NewAxis()))
    first = Index(k, (ZERO,))
    forms = (
        (op("multiply", op("subtract", ONE, first), p), "all of it were scaled by 1 minus the first gain"),
        (op("multiply", op("subtract", ONE, column), p), "each row were scaled by 1 minus its gain"),
        (op("multiply", op("subtract", ONE, Call("outer", (k, h))), p), "`*` were used instead of `@`"),
        (op("matmul", p, op("subtract", _eye(p, context), Call("outer", (k, h)))), "the product were reversed"),
        (op("subtract", p, Call("outer", (k, k))), "the squares of the gain were subtracted"),
        (op("subtract", p, op("multiply", Call("outer", (k, h)), p)), "`*` were used instead of `@`"),
    )
    for changed, clause in forms:
        yield changed, f"{clause}: {context.code(changed)}"


def _update(part: Expr) -> tuple[Expr, Expr, Expr] | None:
    """Return gain, measurement and covariance of (I - outer(K, H)) @ P and P - outer(K, H @ P)."""
    match part:
        case Call(
            function="matmul",
            args=(
                Call(function="subtract", args=(Call(function="eye"), Call(function="outer", args=(k, h)))),
                p,
            ),
        ):
            return k, h, p
        case Call(
            function="subtract",
            args=(p, Call(function="outer", args=(k, Call(function="matmul", args=(h, same))))),
        ) if p == same:
            return k, h, p
        case Call(
            function="subtract",
            args=(p, Call(function="matmul", args=(Call(function="outer", args=(k, h)), same))),
        ) if p == same:
            return k, h, p
    return None


def _eye(p: Expr, context: Context) -> Expr:
    size = context.size_of(p)
    return Call("eye", (whole_number(size[0]) if size else Call("len", (p,)),))


def averaged_over_rows(part: Expr, context: Context) -> Versions:
    """X.T @ e / n for X.T @ e: the mean of a gradient over the examples (PyTorch's reduction="mean")."""
    match part:
        case Call(function="matmul", args=(Call(function="transpose", args=(x,)), _)):
            count = Call("len", (x,))
            yield op("divide", part, count), f"{context.code(part)} were divided by the number of rows"
            yield (
                op("divide", part, op("subtract", count, ONE)),
                f"{context.code(part)} were divided by the rows less 1",
            )


def quadratic_form(part: Expr, context: Context) -> Versions:
    """The largest eigenvalue, the length of the product, or the diagonal alone, for u @ C @ u."""
    match part:
        case Call(function="matmul", args=(Call(function="matmul", args=(u, c)), same)) if u == same:
            pass
        case Call(function="matmul", args=(u, Call(function="matmul", args=(c, same)))) if u == same:
            pass
        case _:
            return
    product = op("matmul", c, u)
    told = context.code(part)
    for changed, clause in (
        (Call("spectral_radius", (c,)), f"the largest eigenvalue of {context.code(c)} were taken"),
        (Call("norm", (product,)), f"the length of {context.code(product)} were taken"),
        (Call("sum", (product,)), f"the sum of {context.code(product)} were taken"),
        (op("matmul", op("power", u, TWO), Call("diag", (c,))), f"only the diagonal of {context.code(c)} counted"),
        (op("matmul", u, u), f"{context.code(c)} were left out"),
    ):
        yield changed, f"{clause}, not {told}"
    own = op("matmul", op("power", u, TWO), Call("diag", (c,)))
    once = op("divide", op("add", part, own), TWO)
    yield once, f"each pair beside the diagonal of {context.code(c)} were counted once, not twice, in {told}"
    plain = op("add", op("subtract", part, own), op("matmul", u, Call("diag", (c,))))
    yield plain, f"{context.code(u)} were not squared for the diagonal of {context.code(c)}, in {told}"


def contrasted(part: Expr, context: Context) -> Versions:
    """Other denominators of a softmax of which the diagonal is read (van den Oord et al. 2018; CLIP: both axes)."""
    match part:
        case Call(function="diag", args=(Call(function="log_softmax", args=(x, *_), keywords=keywords),)):
            axis = dict(keywords).get("axis", ONE)
        case _:
            return
    other = ZERO if axis != ZERO else ONE
    columns = Call("diag", (Call("log_softmax", (x,), (("axis", other),)),))
    own = Call("diag", (x,))
    rest = op("subtract", Call("sum", (Call("exp", (x,)),), (("axis", axis),)), Call("exp", (own,)))
    told = context.code(x)
    yield op("divide", op("add", part, columns), TWO), f"the mean over both axes of {told} were taken"
    yield op("subtract", own, Call("log", (rest,))), f"the diagonal of {told} were missing from the sum below"
    yield op("subtract", own, Call("logsumexp", (x,))), f"the softmax went over all of {told}"


def step_too_far(part: Expr, context: Context) -> Versions:
    """A @ (A @ x) for A @ x, and x @ A @ A for x @ A: a transition made once more."""
    match part:
        case Call(function="matmul", args=(left, right)):
            for matrix, state, again in (
                (left, right, op("matmul", left, part)),
                (right, left, op("matmul", part, right)),
            ):
                size, own = context.size_of(matrix), context.size_of(state)
                if size is None or len(size) != MATRIX or size[0] != size[1] or own is None or left == right:
                    continue
                if size[0] in own[:1] and (len(own) == VECTOR or matrix is left):
                    yield again, f"one step were made too many: {context.code(matrix)} were applied once more"


def power_by_elements(part: Expr, context: Context) -> Versions:
    """The elements of a matrix raised to a power, for a power of the matrix (`**` for matrix_power in NumPy)."""
    clause = "each element of {} were raised to the power, not the matrix"
    match part:
        case Call(function="matrix_power", args=(a, n)):
            yield op("power", a, n), clause.format(context.code(a))
        case Call(function="matmul", args=(Call(function="matmul", args=(x, a)), same)) if a == same:
            yield op("matmul", x, op("power", a, TWO)), clause.format(context.code(a))
        case Call(function="matmul", args=(a, Call(function="matmul", args=(same, x)))) if a == same:
            yield op("matmul", op("power", a, TWO), x), clause.format(context.code(a))
        case Call(function="matmul", args=(a, same)) if a == same and len(context.size_of(a) or ()) == MATRIX:
            yield op("power", a, TWO), clause.format(context.code(a))


def other_size_of_matrix(part: Expr, context: Context) -> Versions:
    """Another number that tells how large a matrix is, for its largest eigenvalue."""
    match part:
        case Call(function="spectral_radius", args=(w,)):
            pass
        case Call(function="max", args=(Call(function="abs_eigvals" | "eigvals", args=(w,)),)):
            pass
        case _:
            return
    size = context.size_of(w)
    if size is None or len(size) != MATRIX:
        return
    rows = Call("sum", (Call("abs", (w,)),), (("axis", ONE),))
    yield from (
        (Call("min", (Call("abs_eigvals", (w,)),)), "the smallest eigenvalue were taken, not the largest"),
        (Call("max", (Call("svdvals", (w,)),)), "the largest singular value were taken, not the largest eigenvalue"),
        (Call("mean", (Call("abs_eigvals", (w,)),)), "the mean of the eigenvalues were taken, not the largest"),
        (Call("max", (Call("abs", (w,)),)), f"the largest entry of {context.code(w)} were taken"),
        (Call("sum", (w,)), f"all entries of {context.code(w)} were added"),
        (
            Call("mean", (Call("sum", (w,), (("axis", ONE),)),)),
            f"the mean of the row sums of {context.code(w)} were taken",
        ),
        (Call("max", (rows,)), f"the largest row sum of {context.code(w)} were taken"),
        (Call("abs", (Call("trace", (w,)),)), f"the trace of {context.code(w)} were taken"),
        (Call("norm", (w,)), f"the norm of {context.code(w)} were taken"),
    )


def number_for_identity(part: Expr, context: Context) -> Versions:
    """1 for the identity matrix, in a sum with a matrix: each element gets it."""
    match part:
        case Call(function="add" | "subtract" as f, args=(left, right)):
            for at, one in enumerate((left, right)):
                if isinstance(one, Call) and one.function == "eye":
                    done = "subtracted from" if f == "subtract" and at else "added to"
                    clause = f"1 were {done} each element, not the identity matrix"
                    yield op(f, left, ONE) if at else op(f, ONE, right), clause


LOCAL: dict[str, Rule] = {
    "number_for_identity": number_for_identity,
    "discretised": discretised,
    "divided_by_elements": divided_by_elements,
    "updated_covariance": updated_covariance,
    "step_too_far": step_too_far,
    "power_by_elements": power_by_elements,
    "quadratic_form": quadratic_form,
    "contrasted": contrasted,
    "averaged_over_rows": averaged_over_rows,
    "other_size_of_matrix": other_size_of_matrix,
}
