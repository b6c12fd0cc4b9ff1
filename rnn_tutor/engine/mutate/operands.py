"""Wrong versions by operands: another value of the same kind, its complement, square or reciprocal, another element."""

from copy import deepcopy
from difflib import SequenceMatcher

from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, NewAxis, Number, Slice, names_in, walk
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, brief, op, whole_number

ALIKE = 0.5  # how much of two names is the same, for one to be taken for the other easily
MOST_ELEMENTS = 6


def other_name(part: Expr, context: Context) -> Versions:
    """One place of a name holds another value in scope of the same shape: beta2 for beta1, P for P_pred."""
    name = part.base if isinstance(part, Index) else part
    if not isinstance(name, Name) or name.id == context.variable or name.id not in context.shapes:
        return
    if isinstance(part, Name) and name.id in context.recurrent and context.variable is not None:
        return  # of a recurrence some time step is read, by an index
    for other, shape in context.shapes.items():
        if other == name.id or shape != context.shapes[name.id] or other in context.hidden:
            continue
        if (other in context.recurrent) == (name.id in context.recurrent):
            changed = Index(Name(other), part.items) if isinstance(part, Index) else Name(other)
            yield changed, f"{context.named(changed)} were used instead of {context.named(part)}"


def is_alike(first: str, second: str) -> bool:
    """Tell whether two names are easily taken for each other."""
    return SequenceMatcher(None, first.lower(), second.lower(), autojunk=False).ratio() >= ALIKE


def other_size(part: Expr, context: Context) -> Versions:
    """A name of another shape that still fits element by element: one number for another array's, and back."""
    if isinstance(part, Name) and context.shapes.get(part.id) == () and part.id != context.variable:
        for other, shape in context.shapes.items():
            if len(shape) == 1 and other not in context.hidden and other not in context.recurrent:
                for f, word in MADE if part.id in context.means else MADE[:1]:
                    made = Call(f, (Name(other),))
                    yield made, f"the {word} of {context.named(Name(other))} were used instead of {context.named(part)}"


MADE = (
    ("mean", "mean"),
    ("sum", "sum"),
    ("max", "largest"),
)  # of a list; for a step that is worked out the first alone


def is_numbered(first: str, second: str) -> bool:
    """Tell whether two names differ in their number alone: k2 and k3, of steps that are written out."""
    stem = first.rstrip("0123456789")
    return stem not in ("", first, second) and stem == second.rstrip("0123456789")


def complement_taken(part: Expr, context: Context) -> Versions:
    """1 - r for r."""
    if isinstance(part, Name | Index) and not _counts(part, context):
        changed = op("subtract", ONE, part)
        yield changed, f"{context.code(changed)} were used instead of {context.named(part)}"


def _counts(part: Expr, context: Context) -> bool:
    """Tell whether a name counts something, is a mask or a constant: nobody takes it from 1, or its root."""
    name = part.base if isinstance(part, Index) else part
    counted = context.masks | context.whole
    fixed = ("True", "False", "None", "pi", "e")
    return isinstance(name, Name) and (
        name.id == context.variable or name.id in counted or (name.id in fixed and name.id not in context.shapes)
    )


def powers(part: Expr, context: Context) -> Versions:
    """The square, the root or the reciprocal of an operand."""
    if isinstance(part, Name | Index) and not _counts(part, context):
        yield op("power", part, TWO), f"{context.named(part)} were squared"
        yield Call("sqrt", (part,)), f"the square root of {context.named(part)} were taken"
        yield (
            op("divide", ONE, part),
            context.instead(op("divide", ONE, part), part),
        )
        yield op("negative", part), f"{context.named(part)} had the opposite sign"


def another_element(part: Expr, context: Context) -> Versions:
    """Another element, row or time step of the same array."""
    match part:
        case Index(base=Name(id=name) as base, items=(item, *further)):
            length = (context.shapes.get(name) or (0,))[0]
            if length < 2 or isinstance(item, Slice):
                return
            if isinstance(item, Number) or (isinstance(item, Call) and item.function == "negative"):
                for place in range(min(length, MOST_ELEMENTS)):
                    changed = Index(base, (whole_number(place), *further))
                    yield changed, context.instead(changed, part)
            elif item == Name(context.variable or "") and name not in context.recurrent:
                for other, word in ((Number(0.0, "0"), "first"), (whole_number(length - 1), "last")):
                    yield Index(base, (other, *further)), f"the {word} of {context.code(base)} were used at every step"
                for shift, word in ((op("subtract", item, ONE), "previous"), (op("add", item, ONE), "next")):
                    changed = Index(base, (shift, *further))
                    yield changed, f"{context.code(base)} of the {word} time step were used instead of the current one"
            if len(further) == 1 and further[0] != item:
                yield Index(base, (further[0], item)), f"row and column of {context.code(base)} were exchanged"


def other_slice(part: Expr, context: Context) -> Versions:
    """Another block of rows of stacked gates, by the blocks that are read."""
    match part:
        case Index(base=Name(id=name) as base, items=(Slice(start=start, stop=stop) as at, *further)):
            for other in context.slices.get(name, ()):
                if other != at and isinstance(other, Slice) and (other.start, other.stop) != (start, stop):
                    changed = Index(base, (other, *further))
                    yield changed, context.instead(changed, part)


def shifted_index(part: Expr, context: Context) -> Versions:
    """The element before or after the one that is meant."""
    match part:
        case Index(base=base, items=(Name(id=name) as item, *further)) if name != context.variable:
            for other, word in ((op("add", item, ONE), "after"), (op("subtract", item, ONE), "before")):
                yield Index(base, (other, *further)), f"the element {word} {context.code(part)} were taken"


def uniform(part: Expr, context: Context) -> Versions:
    """Weights taken as all equal."""
    match part:
        case Call(function="matmul" | "dot", args=(Name(id=w) as weights, x)) if len(context.shapes.get(w, ())) == 1:
            changed: Expr = Call("mean", (x,), (("axis", Number(0.0, "0")),))
            yield changed, f"{_the_weights(weights, context)} were all equal"
            if isinstance(x, Name) and len(context.shapes.get(x.id, ())) == 1:
                yield Call("sum", (x,)), f"{_the_weights(weights, context)} were left out"
        case Call(function="sum", args=(Call(function="multiply", args=(a, b)),), keywords=keywords):
            for weighting, values in ((a, b), (b, a)):
                yield Call("mean", (values,), keywords), f"{_the_weights(weighting, context)} were all equal"
                yield Call("sum", (values,), keywords), f"{_the_weights(weighting, context)} were left out"


def _the_weights(expr: Expr, context: Context) -> str:
    named = context.named(expr)
    return "the weights" if named == "`weights`" else f"the weights {named}"


def twice(part: Expr, context: Context) -> Versions:
    """A function of one argument applied twice; a term added twice; a factor twice."""
    match part:
        case Call(function=f, args=(x,), keywords=keywords) if f in REPEATABLE:
            yield Call(f, (part,), keywords), f"the {f} of {context.code(x)} were taken twice"
        case Call(function="multiply" | "add" | "subtract" | "divide" as f, args=(left, right)) if not isinstance(
            right, Number
        ):
            yield op(f, part, right), _again(f, right, left, context)
            if f in ("multiply", "add") and not isinstance(left, Number):
                yield op(f, part, left), _again(f, left, right, context)
        case Call(function="matmul", args=(left, right)) if isinstance(left, Name):
            yield op("matmul", left, part), f"the product with {context.named(left)} were taken twice"


REPEATABLE = ("tanh", "sigmoid", "relu", "softmax", "log", "exp", "sqrt", "square")
DONE = {"add": "added", "subtract": "subtracted"}


def _again(function: str, operand: Expr, other: Expr, context: Context) -> str:
    if function in DONE:
        to = (
            f" to {context.code(other)}" if function == "add" and not names_in(operand) else ""
        )  # a number tells nothing
        return f"{context.named(operand)} were {DONE[function]} twice{to}"
    kind = "division" if function == "divide" else "multiplication"
    return f"the {kind} by {context.named(operand)} were done twice"


def number_changed(part: Expr, context: Context) -> Versions:
    """A number of the formula one off, doubled, halved."""
    if not isinstance(part, Number) or part.value == 0 or abs(part.value) > LARGEST:
        return
    for value, clause in ((part.value + 1, ""), (part.value - 1, ""), (2 * part.value, ""), (part.value / 2, "")):
        text = f"{value:g}"
        if value != 0:
            yield Number(value, text), f"`{text}` stood in place of `{brief(part)}`{clause}"


LARGEST = 10_000


def start_kept(part: Expr, context: Context) -> Versions:
    """The start of a recurrence where its previous (or another) step is meant: nothing is carried on."""
    match part:
        case Index(base=Name(id=name), items=(at, *further)) if name in context.starts and not isinstance(
            at, Slice | NewAxis
        ):
            if at != Name(context.variable or ""):
                start = deepcopy(context.starts[name])  # no place of the start itself, where another slip may be
                changed = Index(start, tuple(further)) if further else start
                yield changed, f"`{name}` were always {context.code(start)}, and not carried on"


def unit_left_out(part: Expr, context: Context) -> Versions:
    """One given with numbers around it, such as deg * pi / 180: the given alone."""
    if isinstance(part, Call) and part.function in ("multiply", "divide"):
        names = [one for one in walk(part) if isinstance(one, Name) and one.id not in ("pi", "e")]
        inside = [one for one in walk(part) if isinstance(one, Call)]
        if (
            len(names) == 1
            and all(one.function in ("multiply", "divide") for one in inside)
            and names[0] not in part.args
        ):
            yield names[0], f"{context.code(names[0])} were used as it is, and not {context.code(part)}"


def one_of_many(part: Expr, context: Context) -> Versions:
    """The first or the last where a sum, a mean or another reduction is meant."""
    match part:
        case Call(function="sum" | "mean" | "max" | "min" | "prod" as f, args=(x,), keywords=keywords) if not dict(
            keywords
        ).get("keepdims"):
            axis = dict(keywords).get("axis")
            if isinstance(axis, Number) and axis.value not in (0.0, -1.0):
                return
            for place, word in ((Number(0.0, "0"), "first"), (op("negative", ONE), "last")):
                at: tuple[Expr, ...] = (place,)
                whole: Expr = Call("ravel", (x,)) if axis is None else x
                if axis is not None and axis != Number(0.0, "0"):
                    whole = Call("transpose", (x,), style="attribute")
                yield Index(whole, at), f"the {word} of {context.code(x)} were taken, not the {f}"


def taken_as(part: Expr, context: Context) -> Versions:
    """1 or 0 for a given number."""
    if isinstance(part, Name) and context.shapes.get(part.id) == () and part.id in context.means.keys() - context.whole:
        for number in (ONE, Number(0.0, "0")):
            yield number, f"{context.named(part)} were taken as {number.text}"


def entries_exchanged(part: Expr, context: Context) -> Versions:
    """Two entries of a list exchanged."""
    if isinstance(part, Array) and 2 <= len(part.items) <= MOST_ELEMENTS:
        for at in range(len(part.items) - 1):
            first, second = part.items[at], part.items[at + 1]
            if first != second:
                changed = Array((*part.items[:at], second, first, *part.items[at + 2 :]))
                both = " and ".join(context.codes(first, second))
                numbers = isinstance(first, Number) and isinstance(second, Number)
                where = f"the entries {both} of {context.code(part)}" if numbers else both  # numbers alone tell nothing
                yield changed, f"{where} were exchanged"
    if isinstance(part, Call) and part.function in ("sin", "cos", "tan"):
        for other in ("sin", "cos", "tan"):
            if other != part.function:
                yield Call(other, part.args), f"the {other} were taken, not the {part.function}"


def times_count(part: Expr, context: Context) -> Versions:
    """Something given multiplied by how many there are, or divided by it."""
    if isinstance(part, Name) and context.shapes.get(part.id) == () and part.id != context.variable:
        for name, shape in context.shapes.items():
            if shape and name not in context.hidden:
                count = Call("len", (Name(name),))
                yield op("multiply", part, count), f"{context.named(part)} were multiplied by {context.code(count)}"


LOCAL: dict[str, Rule] = {
    "start_kept": start_kept,
    "unit_left_out": unit_left_out,
    "entries_exchanged": entries_exchanged,
    "one_of_many": one_of_many,
    "taken_as": taken_as,
    "times_count": times_count,
    "other_name": other_name,
    "other_slice": other_slice,
    "another_element": another_element,
    "shifted_index": shifted_index,
    "uniform": uniform,
    "complement_taken": complement_taken,
    "twice": twice,
    "powers": powers,
    "number_changed": number_changed,
    "other_size": other_size,
}
