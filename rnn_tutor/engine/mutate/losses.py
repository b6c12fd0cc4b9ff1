"""Wrong versions of softmaxes, losses, perplexities and of the numbers of tokens that these are divided by.

Mistakes of practice have their source: a report by somebody who made it, or by whoever found it.
"""

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, is_one, op
from rnn_tutor.engine.mutate.networks import with_mask

Keywords = tuple[tuple[str, Expr], ...]
LAST_AXIS: Keywords = (("axis", op("negative", ONE)),)
TEN = Number(10.0, "10")


def softmaxed(expr: Expr, context: Context) -> tuple[Expr, Expr | None, Keywords] | None:
    """Return the scores, the mask (None without one) and the keywords of a softmax, written out in steps or not."""
    match expr:
        case Call(function="softmax", args=(inside, *_), keywords=keywords):
            match context.resolved(inside):
                case Call(function="where", args=(mask, scores, _)) if context.is_mask(mask):
                    return scores, mask, keywords
            return inside, None, keywords
        case Call(function="masked_softmax", args=(scores, mask), keywords=keywords):
            return scores, mask, keywords
        case Call(function="divide", args=(shares, total)):
            match context.resolved(total):
                case Call(function="sum", args=(same,), keywords=keywords) if same == shares:
                    over = tuple(pair for pair in keywords if pair[0] == "axis")
                    return _of_shares(context.resolved(shares), over, context)
    return None


def _of_shares(shares: Expr, over: Keywords, context: Context) -> tuple[Expr, Expr | None, Keywords] | None:
    match shares:
        case Call(function="exp", args=(x,)):
            return x, None, over
        case (
            Call(function="where", args=(mask, inner, Number(value=0.0)))
            | Call(function="multiply", args=(inner, mask))
        ) if context.is_mask(mask):
            match context.resolved(inner):
                case Call(function="exp", args=(x,)):
                    return x, mask, over
    return None


def softmax_otherwise(part: Expr, context: Context) -> Versions:
    """Other ways to make scores into shares; of a softmax that is written out in steps, all that `softmax` has too."""
    found = softmaxed(part, context)
    if found is None:
        return
    x, mask, keywords = found
    over = (*(keywords or LAST_AXIS), ("keepdims", Name("True")))
    name, shares = context.code(x), Call("softmax", (x,), keywords)
    positive, rectified = Call("abs", (x,)), Call("relu", (x,))
    yield op("divide", positive, Call("sum", (positive,), over)), f"the absolute values of {name} were normalised"
    yield op("divide", rectified, Call("sum", (rectified,), over)), f"the relu of {name} were normalised"
    yield op("subtract", x, Call("max", (x,), over)), f"only the largest of {name} were subtracted"
    yield Call("softmax", (op("negative", x),), keywords), f"the softmax were of minus {name}"
    if mask is not None:
        real = op("multiply", x, mask)
        yield (
            op("divide", real, Call("sum", (real,), over)),
            "the exponential were left out (only a division by the sum)",
        )
    if isinstance(part, Call) and part.function != "divide":
        return
    for changed, clause in (
        (Call("sigmoid", (x,)), "sigmoid were used instead of softmax"),
        (op("divide", x, Call("sum", (x,), over)), "the exponential were left out (only a division by the sum)"),
        (op("multiply", ONE, op("equal", x, Call("max", (x,), over))), "all weight were on the largest"),
    ):
        yield changed if mask is None else op("multiply", changed, mask), clause
    if mask is None:
        yield Call("log_softmax", (x,), keywords), "the logarithm of the softmax were taken"
        return
    yield from with_mask(x, mask, context, keywords)
    late = op("multiply", shares, mask)
    yield late, "the mask came after the softmax, so that the weights no longer sum to 1"


def softmax_twice(part: Expr, context: Context) -> Versions:
    """Probabilities handed to a loss that takes logits, the commonest bug of all.

    Reported again and again: huggingface/transformers#7827, MicrosoftDocs/ml-basics#48, Yard1/ray-skorch#18.
    """
    found = softmaxed(part, context)
    if found is not None and found[1] is None:
        x, _, keywords = found
        twice = Call("softmax", (Call("softmax", (x,), keywords),), keywords)
        yield twice, f"the softmax of {context.code(x)} were taken twice"


def logits_taken(part: Expr, context: Context) -> Versions:
    """Logits, or their logarithms of probabilities, where probabilities are meant; of a cross-entropy's gradient too.

    The gradient is p - y, whatever way the exercise has it: `grad(loss, logits)` with the steps before it.
    """
    match part:
        case Name():
            found = softmaxed(context.resolved(part), context)
            if found is not None and found[1] is None:
                x, _, keywords = found
                yield x, f"{context.code(x)} were used as they are, and not their softmax"
                yield Call("log_softmax", (x,), keywords), f"the logarithms of {context.code(part)} were used"
        case Call(function="grad", args=(loss, Name() as logits)):
            target = _target(context.resolved(loss), logits, context)
            if target is None:
                return
            p: Expr = Call("softmax", (logits,))
            one = Call("one_hot", (target, Call("len", (logits,))))
            yield p, "1 were not subtracted at the target"
            yield op("subtract", logits, one), f"{context.code(logits)} stood in place of their softmax"
            yield op("subtract", Call("sigmoid", (logits,)), one), "sigmoid were used instead of softmax"
            logs = op("subtract", Call("log_softmax", (logits,)), one)
            yield logs, "the logarithms of the probabilities stood in place of the probabilities"
            again = op("subtract", Call("softmax", (p,)), one)
            yield again, f"the softmax of {context.code(logits)} were taken twice"
            yield op("multiply", p, op("subtract", ONE, p)), "only the diagonal of the softmax's Jacobian counted"


def _target(loss: Expr, logits: Expr, context: Context) -> Expr | None:
    """Return k of -log(softmax(logits)[k])."""
    match loss:
        case Call(function="negative", args=(Call(function="log", args=(Index(base=p, items=(k,)),)),)) if isinstance(
            k, Name | Number
        ):
            found = softmaxed(context.resolved(p), context)
            return k if found is not None and found[:2] == (logits, None) else None
    return None


def token_counts(part: Expr, context: Context) -> Versions:
    """Tokens counted with one less or one more of each text, with padding, or the texts counted and not their tokens.

    Shark-NLP/OpenICL#26 (one token of each text has no loss), neulab/xnmt#229 (padding in the divisor).
    """
    match part:
        case Call(function="sum", args=(Name(id=name) as n,), keywords=()) if name in context.whole:
            if len(context.shapes.get(name, ())) == 1:
                count = Call("len", (n,))
                what = context.named(n)
                yield op("subtract", part, count), f"one less were counted for each of {what}"
                yield op("add", part, count), f"one more were counted for each of {what} (an end mark, say)"
                padded = op("multiply", count, Call("max", (n,)))
                yield padded, f"each of {what} counted as the largest, padding included"
                yield count, f"{what} were counted as one each"
        case Call(function="divide", args=(x, Name(id=name) as n)) if name in context.whole and context.shapes.get(
            name
        ):
            for other in (op("subtract", n, ONE), op("add", n, ONE)):
                yield op("divide", x, other), f"the division were by {context.code(other)}"
        case Call(function="mean", args=(x,), keywords=()):
            more = op("divide", Call("sum", (x,)), op("add", Call("size", (x,)), ONE))
            yield more, "the sum were divided by n + 1, not by n"


def perplexities(part: Expr, context: Context) -> Versions:
    """Neighbours of exp(mean(-log(p))): the mean probability, its reciprocal, that of the whole text."""
    match part:
        case Call(function="exp", args=(x,)):
            match context.resolved(x):
                case Call(function="mean", args=(losses,)):
                    p = _probabilities(context.resolved(losses))
                    if p is not None:
                        what = context.code(p)
                        yield Call("mean", (p,)), f"the mean of {what} were taken"
                        yield op("divide", ONE, Call("mean", (p,))), f"1 were divided by the mean of {what}"
                        yield Call("prod", (p,)), f"{what} were multiplied"
                        yield op("divide", ONE, Call("prod", (p,))), f"1 were divided by the product of {what}"
                        yield Call("mean", (op("divide", ONE, p),)), f"the mean of 1 / p were taken, of {what}"
        case Call(function="sum" | "mean" as reduced, args=(Name() as logs,), keywords=()):
            p = _probabilities(context.resolved(logs))
            if p is not None:
                what, minus = context.code(p), context.resolved(logs) != Call("log", (p,))
                for f in ("mean", "sum"):
                    log: Expr = Call("log", (Call(f, (p,)),))
                    yield op("negative", log) if minus else log, f"the logarithm of the {f} of {what} were taken"
                yield Call(reduced, (Call("exp", (p,)),)), f"the exponential of {what} were taken, not the logarithm"


def _probabilities(losses: Expr) -> Expr | None:
    """Return p of log(p) or -log(p)."""
    match losses:
        case Call(function="negative", args=(Call(function="log", args=(p,)),)) | Call(function="log", args=(p,)):
            return p
    return None


def other_power(part: Expr, context: Context) -> Versions:
    """e for 2 and 10, and back, as the base of a power; 10 for 2 in log(2), which changes nats into bits."""
    match part:
        case Call(function="power", args=(Number(value=base), x)) if base in (2.0, 10.0):
            yield Call("exp", (x,)), f"e were raised to the power, not {base:g}"
        case Call(function="power", args=(Number(value=0.5), x)):
            yield Call("exp", (op("negative", x),)), "e were raised to the power, not 2"
        case Call(function="exp", args=(x,)):
            yield op("power", TEN, x), "10 were raised to the power, not e"
        case Call(function="log", args=(Number(value=2.0),)):
            yield Call("log", (TEN,)), "log(10) stood in place of log(2)"


def logit_otherwise(part: Expr, context: Context) -> Versions:
    """Another function for the inverse of the sigmoid: the sigmoid itself, the inverse of the tanh, the log alone."""
    match part:
        case Call(function="log", args=(Call(function="divide", args=(p, Call(function="subtract", args=(one, q)))),)):
            if is_one(one) and p == q:
                yield Call("sigmoid", (p,)), "the sigmoid were taken, not its inverse"
                yield Call("arctanh", (p,)), "the inverse of the tanh were taken, not that of the sigmoid"
                yield Call("log", (p,)), f"the logarithm of {context.code(p)} were taken, not of its odds"


def masks_otherwise(part: Expr, context: Context) -> Versions:
    """A mask of lengths one too short or too long, inverted (True for padding), padded in front, or causal.

    PyTorch's key_padding_mask is True where padding is, other masks where something is real: both are taken for the
    other. Keras pads in front unless it is told otherwise (Atcold/NYU-DLSP20#19).
    """
    match part:
        case Call(function="length_mask", args=(n, length)):
            for size, clause in ((op("subtract", n, ONE), "one too short"), (op("add", n, ONE), "one too long")):
                yield Call("length_mask", (size, length)), f"each row of the mask were {clause}"
            yield op("subtract", ONE, part), "the mask were 1 for padding and 0 for what is real"
            yield Call("flip", (part, ONE)), "the padding stood in front"
            ordered = Call("flip", (Call("sort", (n,)),))
            yield Call("length_mask", (ordered, length)), "the rows stood in the order of their lengths"
            rows = Call("len", (n,))
            yield Call("tril", (Call("ones", (rows, length)),)), "the mask were a causal one"
            ends = Call("one_hot", (op("subtract", n, ONE), length))
            yield ends, "only the last real position of each row were marked"
        case Call(function="less" | "less_equal" | "greater" | "greater_equal" as f, args=(a, b)):
            if not isinstance(b, Number):
                strict = {"less_equal": "less", "greater_equal": "greater"}.get(f, f)
                for other, shift in ((f, "subtract"), (f, "add"), (strict, "subtract")):
                    changed = op(other, a, op(shift, b, ONE))
                    yield changed, context.instead(changed, part)


def squares_of_counts(part: Expr, context: Context) -> Versions:
    """Pairs counted once: n (n - 1) / 2 or n (n + 1) / 2 for n n, the half of a causal mask."""
    match part:
        case Call(function="multiply", args=(Name(id=a) as n, Name(id=b))) if a == b and a in context.whole:
            pass
        case Call(function="power", args=(Name(id=a) as n, Number(value=2.0))) if a in context.whole:
            pass
        case _:
            return
    for other, word in ((op("subtract", n, ONE), "without itself"), (op("add", n, ONE), "with itself")):
        half = op("divide", op("multiply", n, other), TWO)
        yield half, f"each pair of {context.code(n)} were counted once, {word}"


def divergence(part: Expr, context: Context) -> Versions:
    """The KL divergence for the cross-entropy, and the two distributions in each other's place."""
    match part:
        case Call(
            function="negative",
            args=(Call(function="sum", args=(Call(function="multiply", args=(p, logs)),), keywords=over),),
        ):
            q = _of_logarithm(context.resolved(logs))
            if q is None or q == p or context.size_of(p) == ():
                return
            ratio = op("subtract", Call("log", (p,)), logs)
            yield Call("sum", (op("multiply", p, ratio),), over), "the KL divergence were taken, not the cross-entropy"
            turned = op("negative", Call("sum", (op("multiply", q, Call("log", (p,))),), over))
            yield turned, f"{context.code(p)} and {context.code(q)} were exchanged in the cross-entropy"


def _of_logarithm(expr: Expr) -> Expr | None:
    """Return what a logarithm is taken of, probabilities written out; None where it is none."""
    match expr:
        case Call(function="log", args=(q,)):
            return q
        case Call(function="log_softmax", args=args, keywords=keywords):
            return Call("softmax", args, keywords)
    return None


LOCAL: dict[str, Rule] = {
    "divergence": divergence,
    "softmax_twice": softmax_twice,
    "softmax_otherwise": softmax_otherwise,
    "logits_taken": logits_taken,
    "token_counts": token_counts,
    "perplexities": perplexities,
    "other_power": other_power,
    "logit_otherwise": logit_otherwise,
    "masks_otherwise": masks_otherwise,
    "squares_of_counts": squares_of_counts,
}
