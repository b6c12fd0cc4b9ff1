"""Wrong versions of what networks are made of: activations, softmax, norms, clipping, masks, time steps, gradients."""

from copy import deepcopy
from functools import partial

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, walk
from rnn_tutor.engine.mutate.masks import all_counted, left_out, scores_of_zero, the_mask
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, is_one, op, substituted, whole_number

ACTIVATIONS = ("tanh", "sigmoid", "relu")
MORE_ACTIVATIONS = (*ACTIVATIONS, "leaky_relu", "softplus", "silu")
SQUASHED = (*MORE_ACTIVATIONS, "softmax", "log_softmax", "layer_norm")


def activation(part: Expr, context: Context) -> Versions:
    """An activation left out or replaced by another."""
    if not isinstance(part, Call) or part.function not in MORE_ACTIVATIONS or not part.args:
        return
    yield part.args[0], f"the {part.function} of {context.code(part.args[0])} were left out"
    for other in ACTIVATIONS:
        if other != part.function:
            yield Call(other, part.args[:1]), f"{other} were used instead of {part.function}"


def softmax(part: Expr, context: Context) -> Versions:
    """Softmax without its exponential, without its sum, or not taken at all; a mask that comes too late."""
    if not isinstance(part, Call) or part.function not in ("softmax", "log_softmax") or not part.args:
        return
    name, x, keywords = part.function, part.args[0], part.keywords
    yield x, f"the {name} of {context.code(x)} were left out"
    if name == "log_softmax":
        yield Call("softmax", part.args, keywords), "the logarithm of the softmax were left out"
        return
    over = keywords if keywords else (("axis", op("negative", ONE)),)
    summed = Call("sum", (x,), (*over, ("keepdims", Name("True"))))
    where = context.resolved(x)
    if not (isinstance(where, Call) and where.function == "where"):
        yield op("divide", x, summed), "the exponential were left out of the softmax (only a division by the sum)"
    yield Call("exp", (x,)), "the division by the sum were left out of the softmax"
    yield Call("sigmoid", (x,)), "sigmoid were used instead of softmax"
    yield Call("log_softmax", part.args, keywords), "the logarithm of the softmax were taken"
    match where:
        case Call(function="where", args=(mask, scores, _)) if context.is_mask(mask):
            late = op("multiply", Call("softmax", (scores, *part.args[1:]), keywords), mask)
            yield late, "the mask came after the softmax, so that the weights no longer sum to 1"


def norm(part: Expr, context: Context) -> Versions:
    """Another norm: of absolute values, squared, the largest; of a matrix the radius and the singular value."""
    match part:
        case Call(function="norm", args=(x, *order), keywords=keywords):
            over = tuple(pair for pair in keywords if pair[0] in ("axis", "keepdims"))
            squares = Call("sum", (op("power", x, TWO),), over)
            euclid = not order or (isinstance(order[0], Number) and order[0].value == 2)
            if euclid:
                clause = f"the sum of absolute values were taken, not the norm of {context.code(x)}"
                yield Call("sum", (Call("abs", (x,)),), over), clause
                yield squares, "the square root of the norm were left out"
            if order:
                yield Call("norm", (x,), over), f"the root of the sum of squares were taken, not {context.code(part)}"
            clause = f"the largest absolute value were taken, not the norm of {context.code(x)}"
            yield Call("max", (Call("abs", (x,)),), over), clause
            yield Call("sum", (x,), over), f"the sum were taken, not the norm of {context.code(x)}"
        case Call(function="sqrt", args=(inside,)):
            squared = _squared(context.resolved(inside))
            if squared is not None:
                clause = "the sum of absolute values were taken, not the norm"
                yield Call("sum", (Call("abs", (squared,)),)), clause
        case Call(function="spectral_radius", args=(w,)):
            yield Call("norm", (w, TWO)), "the largest singular value were taken, not the largest absolute eigenvalue"
            yield Call("norm", (w,)), "the root of the sum of squares were taken, not the largest absolute eigenvalue"
            yield Call("max", (Call("abs", (w,)),)), "the largest entry were taken, not the largest absolute eigenvalue"
            yield Call("det", (w,)), "the determinant were taken, not the largest absolute eigenvalue"
            yield Call("trace", (w,)), "the trace were taken, not the largest absolute eigenvalue"


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
            yield centred, "the division by the standard deviation were left out"
            yield op("divide", x, Call("std", (x,), over)), "the mean were not subtracted"
            yield (
                op("divide", centred, Call("var", (x,), over)),
                "the division were by the variance, not by its square root",
            )


def padding(part: Expr, context: Context) -> Versions:
    """Padding counted: in the sum, in the number divided by, or among the scores."""
    match part:
        case Call(function="sum" | "count_nonzero", args=(mask,), keywords=()) if context.is_mask(mask):
            yield Call("size", (mask,)), all_counted(mask, context)
        case Call(function="multiply", args=(left, mask)) if context.is_mask(mask):
            yield left, left_out(mask, context)
        case Call(function="multiply", args=(mask, right)) if context.is_mask(mask):
            yield right, left_out(mask, context)
        case Call(function="where", args=(mask, chosen, other)) if context.is_mask(mask):
            yield chosen, left_out(mask, context)
            yield Call("where", (mask, other, chosen)), f"{the_mask(mask, context)} were inverted"
        case Index(base=base, items=(Name() | Call() | Index() as mask,)) if context.is_mask(mask):
            yield base, left_out(mask, context)


def time_step(part: Expr, context: Context) -> Versions:
    """The previous step for the current one and back; the first for the last; the sequence from its end."""
    match part:
        case Index(base=Name(id=name), items=(item, *further)) if context.variable is not None:
            now = Name(context.variable)
            if item == now and name in context.recurrent:
                other = op("add" if context.reverse else "subtract", now, ONE)
                which = "next" if context.reverse else "previous"
                clause = f"{context.code(part.base)} of the {which} time step were used instead of the current one"
                yield Index(part.base, (other, *further)), clause
            elif item == now and context.count is not None:
                last = op("subtract", op("subtract", context.count, ONE), now)
                yield Index(part.base, (last, *further)), f"{context.code(part.base)} were read from its end"
            elif isinstance(item, Call) and item.function in ("subtract", "add") and item.args[0] == now:
                clause = f"{context.code(part.base)} of the current time step were used instead of {context.code(part)}"
                yield Index(part.base, (now, *further)), clause
        case Index(base=Name(id=name), items=(Call(function="negative", args=(Number(value=1),)), *further)):
            first, before = Number(0.0, "0"), op("negative", TWO)
            yield (
                Index(part.base, (first, *further)),
                f"the first of {context.code(part.base)} were taken, not the last",
            )
            yield (
                Index(part.base, (before, *further)),
                f"the last but one of {context.code(part.base)} were taken, not the last",
            )


def derivative(part: Expr, context: Context) -> Versions:
    """The derivative of the sigmoid for that of the tanh, and back."""
    match part:
        case Call(function="subtract", args=(one, Call(function="power", args=(h, Number(value=2))))) if is_one(one):
            other = op("multiply", h, op("subtract", ONE, h))
            said = f"the derivative of the sigmoid were used instead of that of the tanh, for {context.code(h)}"
            yield other, said if context.networks else context.instead(other, part)
        case Call(function="multiply", args=(h, Call(function="subtract", args=(one, same)))) if (
            is_one(one) and h == same
        ):
            other = op("subtract", ONE, op("power", h, TWO))
            said = f"the derivative of the tanh were used instead of that of the sigmoid, for {context.code(h)}"
            yield other, said if context.networks else context.instead(other, part)


def gradient(part: Expr, context: Context) -> Versions:
    """Only one time step's share, only the direct path, a Jacobian transposed."""
    match part:
        case Call(function="grad", args=(y, x)):
            last = op("negative", ONE)
            shares = Call("parts", (y, x))
            yield Index(shares, (last,)), f"only the last time step counted, not every use of {context.code(x)}"
            yield (
                Index(shares, (Number(0.0, "0"),)),
                f"only the first time step counted, not every use of {context.code(x)}",
            )
            yield Call("local", (y, x)), "only the direct path counted, not those through later steps"
        case Call(function="jacobian", args=(y, x)):
            yield Call("transpose", (part,), style="attribute"), "the Jacobian were transposed"
            yield Call("local", (y, x)), "only the direct path counted, not those through other steps"
        case Call(function="local", args=(y, x)):
            yield Call("jacobian", (y, x)), "every path counted, and not only the direct one"


def mask_as_bias(part: Expr, context: Context) -> Versions:
    """A 0/1 mask added to the scores or multiplied with them, where what it hides is set to minus infinity."""
    match part:
        case Call(function="softmax", args=(inside, *_), keywords=keywords):
            match context.resolved(inside):
                case Call(function="where", args=(mask, scores, _)):
                    yield from with_mask(scores, mask, context, keywords)
                case Call(function="where", args=(mask, _, scores)):
                    yield from with_mask(scores, op("subtract", ONE, mask), context, keywords)
        case Call(function="masked_softmax", args=(scores, mask), keywords=keywords):
            yield from with_mask(scores, mask, context, keywords)
            late = op("multiply", Call("softmax", (scores,), keywords), mask)
            yield late, "the mask came after the softmax, so that the weights no longer sum to 1"
            yield Call("softmax", (scores,), keywords), left_out(mask, context)


def with_mask(scores: Expr, mask: Expr, context: Context, keywords: tuple[tuple[str, Expr], ...]) -> Versions:
    """Ways to put a mask of 0 and 1 into a softmax that do not leave anything out."""
    added = Call("softmax", (op("add", scores, mask),), keywords)
    yield added, "the mask of 0 and 1 were added to the scores as a bias"
    inverted = Call("softmax", (op("add", scores, op("subtract", ONE, mask)),), keywords)
    yield inverted, "1 minus the mask were added to the scores as a bias"
    times = Call("softmax", (op("multiply", scores, mask),), keywords)
    yield times, scores_of_zero(mask, context)
    yield op("multiply", times, mask), "scores and weights were multiplied by the mask, without a new sum"


def squashed_again(part: Expr, context: Context) -> Versions:
    """A tanh, sigmoid or softmax of what has been through it already: a candidate, a cell, probabilities."""
    if isinstance(part, Name | Index) and context.networks:
        name = part.base if isinstance(part, Index) else part
        if (
            isinstance(name, Name)
            and context.shapes.get(name.id) is not None
            and (name.id != context.variable and name.id not in context.whole)
        ):
            for function in ("tanh", "sigmoid"):
                yield Call(function, (part,)), f"a {function} of {context.named(part)} were taken"
    match part:
        case Call(function="log_softmax", args=(x, *_), keywords=keywords):
            twice = Call("log_softmax", (Call("softmax", (x,), keywords),), keywords)
            yield twice, f"the softmax of {context.code(x)} were taken twice (the log-softmax takes logits)"


def other_base(part: Expr, context: Context) -> Versions:
    """Powers of 2 or 10 for those of e in a softmax; only the largest counts."""
    match part:
        case Call(function="softmax", args=(x, *further), keywords=keywords):
            for base in ("2", "10"):
                scaled = op("multiply", x, Call("log", (Number(float(base), base),)))
                yield (
                    Call("softmax", (scaled, *further), keywords),
                    f"powers of {base} were taken in the softmax, not of e",
                )
            hard = op("equal", x, Call("max", (x,), (("axis", op("negative", ONE)), ("keepdims", Name("True")))))
            yield op("multiply", ONE, hard), "all weight were on the largest"


def value_and_derivative(part: Expr, context: Context) -> Versions:
    """The derivative of an activation for its value."""
    match part:
        case Call(function="tanh", args=(_,)):
            yield op("subtract", ONE, op("power", part, TWO)), "the derivative of the tanh were taken, not its value"
        case Call(function="sigmoid", args=(_,)):
            changed = op("multiply", part, op("subtract", ONE, part))
            yield changed, "the derivative of the sigmoid were taken, not its value"


def diagonal(part: Expr, context: Context) -> Versions:
    """A causal mask off by one diagonal, or the other half of it."""
    match part:
        case Call(function="tril" | "triu" as f, args=(x, *further), keywords=keywords):
            now = further[0] if further else dict(keywords).get("k", Number(0.0, "0"))
            for shifted in (op("add", now, ONE), op("subtract", now, ONE)):
                yield Call(f, (x, shifted)), "the mask were off by one diagonal"
            other = "triu" if f == "tril" else "tril"
            yield Call(other, part.args, keywords), "the mask were the other half"
        case Call(function="less" | "less_equal" | "greater" | "greater_equal" as f, args=(left, right)):
            near = {"less": "less_equal", "less_equal": "less", "greater": "greater_equal", "greater_equal": "greater"}
            yield (
                op(near[f], left, right),
                context.instead(op(near[f], left, right), part),
            )
            turned = {
                "less": "greater",
                "less_equal": "greater_equal",
                "greater": "less",
                "greater_equal": "less_equal",
            }
            yield op(turned[f], left, right), f"the comparison {context.code(part)} were reversed"


def surprise(part: Expr, context: Context) -> Versions:
    """1 - p for -log p, the exponential for the logarithm."""
    match part:
        case Call(function="negative", args=(Call(function="log", args=(p,)),)):
            yield op("subtract", ONE, p), f"1 - p were taken as the loss, and not the logarithm of {context.code(p)}"
            yield op("divide", ONE, p), f"1 / p were taken, and not the logarithm of {context.code(p)}"
        case Call(function="log", args=(x,)):
            yield Call("exp", (x,)), f"the exponential of {context.code(x)} were taken, not its logarithm"
        case Call(function="exp", args=(x,)):
            yield Call("log", (x,)), f"the logarithm of {context.code(x)} were taken, not its exponential"
            if context.networks:
                yield Call("sigmoid", (x,)), f"the sigmoid of {context.code(x)} were taken, not its exponential"


FURTHER: dict[str, Rule] = {
    "mask_as_bias": mask_as_bias,
    "diagonal": diagonal,
    "squashed_again": squashed_again,
    "other_base": other_base,
    "value_and_derivative": value_and_derivative,
    "surprise": surprise,
}

LOCAL: dict[str, Rule] = {
    "activation": activation,
    "softmax": softmax,
    "norm": norm,
    "layer_norm": layer_norm,
    "padding": padding,
    "time_step": time_step,
    "derivative": derivative,
    "gradient": gradient,
}


def activation_added(expr: Expr, context: Context) -> Versions:
    """A tanh or sigmoid too much, around the whole."""
    if context.networks and not (isinstance(expr, Call) and expr.function in SQUASHED):
        for name in ("tanh", "sigmoid"):
            yield Call(name, (expr,)), f"there were an extra {name} around the result"


def exponential_left_out(expr: Expr, context: Context) -> Versions:
    """A softmax written out, without exp at any place."""
    raised = [part for part in walk(expr) if isinstance(part, Call) and part.function == "exp"]
    if len(raised) > 1 and len(set(raised)) == 1:

        def inside(part: Expr) -> Expr | None:
            return part.args[0] if isinstance(part, Call) and part in raised else None

        yield substituted(expr, inside), "the exponential were left out (only a division by the sum)"


def clipped_by_element(expr: Expr, context: Context) -> Versions:
    """g * min(1, c / norm(g)) -> every element cut off at +-c by itself, and the other way round."""
    for part in walk(expr):
        match part:
            case Call(function="multiply", args=(first, second)):
                for g, scale in ((first, second), (second, first)):
                    limit = _clip_limit(scale, g, context)
                    if limit is not None:
                        of_its_own = deepcopy(limit)  # no place of the step that the scale is made in
                        clipped = Call("clip", (g, op("negative", of_its_own), of_its_own))
                        clause = f"each element were clipped at {context.code(limit)} separately, whatever the norm"
                        yield substituted(expr, partial(_instead, part, clipped)), clause
            case Call(function="clip", args=(g, _, limit)):
                scale = Call("min", (ONE, op("divide", limit, Call("norm", (g,)))))
                clause = f"{context.code(g)} were scaled as a whole, by its norm, and not clipped element by element"
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
            yield op("divide", expr, whole_number(n)), f"the result were divided by {n} once more"


WHOLE: dict[str, Rule] = {
    "exponential_left_out": exponential_left_out,
    "clipped_by_element": clipped_by_element,
}
LAST: dict[str, Rule] = {"activation_added": activation_added, "averaged": averaged}
