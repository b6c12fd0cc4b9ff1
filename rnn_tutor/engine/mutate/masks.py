"""What is said of a mask: which one it is, and what comes of leaving it out."""

import re

from rnn_tutor.engine.expression import Call, Expr, Name, Number, functions_in, names_in
from rnn_tutor.engine.mutate.mutation import COMPARISONS, UNSAID, Context, brief

SIMPLE = ("mask", "m", "M")
OF_ONES = ("tril", "triu", "ones", "zeros", "ones_like", "zeros_like", "length_mask")
_OF_PADDING = re.compile(r"\b(?:pad|pads|padded|padding|lengths?|real)\b")


def the_mask(mask: Expr, context: Context) -> str:
    """Return which mask it is, in a few words; a comparison of other things is a condition."""
    inner = without_one(mask, context)
    if brief(inner) in SIMPLE:
        return "the mask"
    return f"the {'condition' if is_condition(inner, context) else 'mask'} {context.code(inner)}"


def is_condition(expr: Expr, context: Context) -> bool:
    """Tell whether an expression compares what is neither padding nor a mask."""
    made = context.resolved(expr)
    if not isinstance(made, Call) or made.function not in COMPARISONS or made.function == "length_mask":
        return False
    return without_one(made, context) is made and not is_of_padding(expr, context)


def without_one(mask: Expr, context: Context) -> Expr:
    """Return what is compared with 1 in `mask == 1`, if it is 0 and 1 itself; anything else as it is."""
    hidden = isinstance(mask, Name) and mask.id in context.hidden
    match context.resolved(mask) if hidden else mask:
        case Call(function="equal", args=(inner, Number(value=1.0))):
            made = context.resolved(inner)
            if context.is_mask(inner) or (isinstance(made, Call) and made.function in OF_ONES):
                return inner
    return mask


def left_out(mask: Expr, context: Context, where: str = "") -> str:
    """Return the clause of a mask that is left out, with what comes of it where that is known."""
    said = f"{the_mask(mask, context)} were left out{where}"
    if is_causal(mask, context):
        return f"{said}, so that each position sees the later ones"
    return f"{said}, so that padding counts" if is_of_padding(mask, context) else said


def all_counted(mask: Expr, context: Context) -> str:
    """Return the clause of a sum over a mask that counts everything."""
    if is_of_padding(mask, context):
        return "padding were counted, and not only the real positions"
    code = context.code(mask)
    if "..." in code or code == UNSAID:
        return "all were counted, not only some of them"
    return f"all were counted, not only those where {code}" + (" is 1" if isinstance(mask, Name) else "")


def scores_of_zero(mask: Expr, context: Context) -> str:
    """Return the clause of scores that are multiplied by a mask: what is masked has the score 0."""
    said = "the scores were multiplied by the mask, so that"
    if is_causal(mask, context):
        return f"{said} the later positions get the score 0, and exp(0) is 1"
    if is_of_padding(mask, context):
        return f"{said} padding gets the score 0"
    return f"{said} what is masked gets the score 0, and exp(0) is 1"


def is_causal(mask: Expr, context: Context) -> bool:
    """Tell whether a mask certainly lets each position see itself and what is before it, and nothing else."""
    match context.resolved(without_one(mask, context)):
        case Call(function="tril", args=(Call(function="ones" | "ones_like"),), keywords=()):
            return True
    return False


def is_of_padding(mask: Expr, context: Context) -> bool:
    """Tell whether the names that a mask is made of, or their meanings, speak of padding or of lengths."""
    left, known, said = [mask], set[str](), list[str]()
    while left:
        expr = left.pop()
        said += functions_in(expr)
        new = names_in(expr) - known
        known |= new
        left += [context.definitions[name] for name in sorted(new) if name in context.definitions]
    said += [*known, *(context.means.get(name, "") for name in known)]
    return _OF_PADDING.search(" ".join(said).replace("_", " ").lower()) is not None
