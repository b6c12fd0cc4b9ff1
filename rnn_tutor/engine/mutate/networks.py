"""Wrong versions of what networks are made of: activations, softmax, norms, clipping, masks, time steps, gradients."""

from functools import partial

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, walk
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, brief, is_one, op, substituted

ACTIVATIONS = ("tanh", "sigmoid", "relu")
MORE_ACTIVATIONS = (*ACTIVATIONS, "leaky_relu", "softplus", "silu")
SQUASHED = (*MORE_ACTIVATIONS, "softmax", "log_softmax", "layer_norm")


def activation(part: Expr, context: Context) -> Versions:
    """An activation left out or replaced by another."""
    if not isinstance(part, Call) or part.function not in MORE_ACTIVATIONS or not part.args:
        return
    yield part.args[0], f"the {part.function} is left out"
    for other in ACTIVATIONS:
        if other != part.function:
            yield Call(other, part.args[:1]), f"{other} stands where {part.function} belongs"


def softmax(part: Expr, context: Context) -> Versions:
    """Softmax without its exponential, without its sum, or not taken at all; a mask that comes too late."""
    if not isinstance(part, Call) or part.function not in ("softmax", "log_softmax") or not part.args:
        return
    name, x, keywords = part.function, part.args[0], part.keywords
    yield x, f"the {name} is left out"
    if name == "log_softmax":
        yield Call("softmax", part.args, keywords), "the logarithm of the softmax is left out"
        return
    over = keywords if keywords else (("axis", op("negative", ONE)),)
    summed = Call("sum", (x,), (*over, ("keepdims", Name("True"))))
    where = context.resolved(x)
    if not (isinstance(where, Call) and where.function == "where"):
        yield op("divide", x, summed), "the exponential is left out of the softmax: only a division by the sum is left"
    yield Call("exp", (x,)), "the division by the sum is left out of the softmax"
    yield Call("sigmoid", (x,)), "sigmoid stands where softmax belongs"
    yield Call("log_softmax", part.args, keywords), "the logarithm of the softmax is taken"
    match where:
        case Call(function="where", args=(mask, scores, _)) if context.is_mask(mask):
            late = op("multiply", Call("softmax", (scores, *part.args[1:]), keywords), mask)
            yield late, "the mask comes after the softmax, so that the weights no longer sum to 1"


def norm(part: Expr, context: Context) -> Versions:
    """Another norm: of absolute values, squared, the largest; of a matrix the radius and the singular value."""
    match part:
        case Call(function="norm", args=(x, *order), keywords=keywords):
            over = tuple(pair for pair in keywords if pair[0] in ("axis", "keepdims"))
            squares = Call("sum", (op("power", x, TWO),), over)
            euclid = not order or (isinstance(order[0], Number) and order[0].value == 2)
            if euclid:
                clause = f"the sum of absolute values stands where the norm of {brief(x)} belongs"
                yield Call("sum", (Call("abs", (x,)),), over), clause
                yield squares, "the square root of the norm is left out"
            if order:
                yield Call("norm", (x,), over), f"the root of the sum of squares stands where {brief(part)} belongs"
            clause = f"the largest absolute value stands where the norm of {brief(x)} belongs"
            yield Call("max", (Call("abs", (x,)),), over), clause
            yield Call("sum", (x,), over), f"the sum stands where the norm of {brief(x)} belongs"
        case Call(function="sqrt", args=(inside,)):
            squared = _squared(context.resolved(inside))
            if squared is not None:
                clause = "the sum of absolute values stands where the norm belongs"
                yield Call("sum", (Call("abs", (squared,)),)), clause
        case Call(function="spectral_radius", args=(w,)):
            yield Call("norm", (w, TWO)), "the largest singular value stands where the largest |eigenvalue| belongs"
            yield Call("norm", (w,)), "the root of the sum of squares stands where the largest |eigenvalue| belongs"
            yield Call("max", (Call("abs", (w,)),)), "the largest entry stands where the largest |eigenvalue| belongs"
            yield Call("det", (w,)), "the determinant stands where the largest |eigenvalue| belongs"
            yield Call("trace", (w,)), "the trace stands where the largest |eigenvalue| belongs"


def _squared(expr: Expr) -> Expr | None:
    """Return x of sum(x**2), sum(x * x), x @ x."""
    match expr:
        case Call(function="sum", args=(Call(function="power", args=(x, Number(value=2))),)):
            return x
        case Call(function="sum", args=(Call(function="square", args=(x,)),)):
            return x
        case Call(function="sum", args=(Call(function="multiply", args=(x, y)),)) if x == y:
            return x
        case Call(function="matmul" | "dot" | "inner", args=(x, y)) if x == y:
            return x
    return None


def layer_norm(part: Expr, context: Context) -> Versions:
    """Layer normalisation without one of its halves, or by the variance."""
    match part:
        case Call(function="layer_norm", args=(x, *_), keywords=keywords):
            over = (*(keywords if keywords else (("axis", op("negative", ONE)),)), ("keepdims", Name("True")))
            centred = op("subtract", x, Call("mean", (x,), over))
            yield centred, "the division by the standard deviation is left out"
            yield op("divide", x, Call("std", (x,), over)), "the mean is not subtracted"
            yield op("divide", centred, Call("var", (x,), over)), "the variance stands where its square root belongs"


def padding(part: Expr, context: Context) -> Versions:
    """Padding counted: in the sum, in the number divided by, or among the scores."""
    match part:
        case Call(function="sum" | "count_nonzero", args=(mask,), keywords=()) if context.is_mask(mask):
            yield Call("size", (mask,)), "padding is counted: all positions are, and not only the real ones"
        case Call(function="multiply", args=(left, mask)) if context.is_mask(mask):
            yield left, f"{_the(mask)} is left out, so that padding counts"
        case Call(function="multiply", args=(mask, right)) if context.is_mask(mask):
            yield right, f"{_the(mask)} is left out, so that padding counts"
        case Call(function="where", args=(mask, chosen, other)) if context.is_mask(mask):
            yield chosen, f"{_the(mask)} is left out, so that padding counts"
            yield Call("where", (mask, other, chosen)), f"{_the(mask)} is the wrong way round"
        case Index(base=base, items=(Name() | Call() | Index() as mask,)) if context.is_mask(mask):
            yield base, f"{_the(mask)} is left out, so that padding counts"


def _the(mask: Expr) -> str:
    return "the mask" if brief(mask) in ("mask", "m", "M") else f"the mask {brief(mask)}"


def time_step(part: Expr, context: Context) -> Versions:
    """The previous step for the current one and back; the first for the last; the sequence from its end."""
    match part:
        case Index(base=Name(id=name), items=(item, *further)) if context.variable is not None:
            now = Name(context.variable)
            if item == now and name in context.recurrent:
                other = op("add" if context.reverse else "subtract", now, ONE)
                which = "next" if context.reverse else "previous"
                clause = f"{name} of the {which} time step stands where the current one belongs"
                yield Index(part.base, (other, *further)), clause
            elif item == now and context.count is not None:
                last = op("subtract", op("subtract", context.count, ONE), now)
                yield Index(part.base, (last, *further)), f"{name} is read from its end"
            elif isinstance(item, Call) and item.function in ("subtract", "add") and item.args[0] == now:
                clause = f"{name} of the current time step stands where {brief(part)} belongs"
                yield Index(part.base, (now, *further)), clause
        case Index(base=Name(id=name), items=(Call(function="negative", args=(Number(value=1),)), *further)):
            first, before = Number(0.0, "0"), op("negative", TWO)
            yield Index(part.base, (first, *further)), f"the first of {name} is taken, not the last"
            yield Index(part.base, (before, *further)), f"the last but one of {name} is taken, not the last"


def slope(part: Expr, context: Context) -> Versions:
    """The slope of the sigmoid for that of the tanh, and back."""
    match part:
        case Call(function="subtract", args=(one, Call(function="power", args=(h, Number(value=2))))) if is_one(one):
            other = op("multiply", h, op("subtract", ONE, h))
            yield other, f"the slope of the sigmoid stands where that of the tanh belongs, of {brief(h)}"
        case Call(function="multiply", args=(h, Call(function="subtract", args=(one, same)))) if (
            is_one(one) and h == same
        ):
            other = op("subtract", ONE, op("power", h, TWO))
            yield other, f"the slope of the tanh stands where that of the sigmoid belongs, of {brief(h)}"


def gradient(part: Expr, context: Context) -> Versions:
    """Only one time step's share, only the direct path, a Jacobian transposed."""
    match part:
        case Call(function="grad", args=(y, x)):
            last = op("negative", ONE)
            shares = Call("parts", (y, x))
            yield Index(shares, (last,)), f"only the last time step's share counts, not every use of {brief(x)}"
            yield Index(shares, (Number(0.0, "0"),)), f"only the first time step's share counts of {brief(x)}"
            yield Call("local", (y, x)), "only the direct path counts, not those through later steps"
        case Call(function="jacobian", args=(y, x)):
            yield Call("transpose", (part,), style="attribute"), "the Jacobian is transposed"
            yield Call("local", (y, x)), "only the direct path counts, not those through other steps"
        case Call(function="local", args=(y, x)):
            yield Call("jacobian", (y, x)), "every path counts here, though only the direct one is asked for"


LOCAL: dict[str, Rule] = {
    "activation": activation,
    "softmax": softmax,
    "norm": norm,
    "layer_norm": layer_norm,
    "padding": padding,
    "time_step": time_step,
    "slope": slope,
    "gradient": gradient,
}


def activation_added(expr: Expr, context: Context) -> Versions:
    """A tanh or sigmoid too much, around the whole."""
    if context.networks and not (isinstance(expr, Call) and expr.function in SQUASHED):
        for name in ("tanh", "sigmoid"):
            yield Call(name, (expr,)), f"a {name} is taken of the whole, where none belongs"


def exponential_left_out(expr: Expr, context: Context) -> Versions:
    """A softmax written out, without exp at any place."""
    raised = [part for part in walk(expr) if isinstance(part, Call) and part.function == "exp"]
    if len(raised) > 1 and len(set(raised)) == 1:

        def inside(part: Expr) -> Expr | None:
            return part.args[0] if isinstance(part, Call) and part in raised else None

        yield substituted(expr, inside), "the exponential is left out: only a division by the sum is left"


def clipped_by_element(expr: Expr, context: Context) -> Versions:
    """g * min(1, c / norm(g)) -> every element cut off at +-c by itself, and the other way round."""
    for part in walk(expr):
        match part:
            case Call(function="multiply", args=(first, second)):
                for g, scale in ((first, second), (second, first)):
                    limit = _clip_limit(scale, g, context)
                    if limit is not None:
                        clipped = Call("clip", (g, op("negative", limit), limit))
                        clause = f"each element is cut off at {brief(limit)} by itself, without a look at the norm"
                        yield substituted(expr, partial(_instead, part, clipped)), clause
            case Call(function="clip", args=(g, _, limit)):
                scale = Call("min", (ONE, op("divide", limit, Call("norm", (g,)))))
                clause = f"the whole of {brief(g)} is scaled by its norm; each element by itself is what counts"
                yield substituted(expr, partial(_instead, part, op("multiply", g, scale))), clause


def _instead(wanted: Expr, by: Expr, part: Expr) -> Expr | None:
    return by if part is wanted else None


def _clip_limit(scale: Expr, g: Expr, context: Context) -> Expr | None:
    """Return c of min(1, c / norm(g)), looked up through named steps."""
    match context.resolved(scale):
        case Call(function="min" | "minimum", args=(first, second)):
            for operand in (first, second):
                match context.resolved(operand):
                    case Call(function="divide", args=(limit, length)):
                        match context.resolved(length):
                            case Call(function="norm", args=(x, *_)) if x == g:
                                return limit
                            case Call(function="sqrt", args=(inside,)) if _squared(context.resolved(inside)) == g:
                                return limit
    return None


def averaged(expr: Expr, context: Context) -> Versions:
    """A factor 1/n too much, for n the length of a sequence that is read; only where no mean is taken."""
    if any(isinstance(part, Call) and part.function in ("mean", "divide") for part in walk(expr)):
        return
    lengths = sorted(
        {context.shapes[part.id][0] for part in walk(expr) if isinstance(part, Name) and context.shapes.get(part.id)}
    )
    for n in lengths:
        if n > 2 and not context.variable:
            yield op("divide", expr, Number(float(n), str(n))), f"a factor of 1/{n} too much stands before the whole"


WHOLE: dict[str, Rule] = {
    "exponential_left_out": exponential_left_out,
    "clipped_by_element": clipped_by_element,
}
LAST: dict[str, Rule] = {"activation_added": activation_added, "averaged": averaged}
