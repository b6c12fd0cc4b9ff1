"""Wrong versions of what recurrent cells are made of: gates, derivatives, paths of a gradient, numbers of weights.

Mistakes of practice have their source: a report by somebody who made it, or by whoever found it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from rnn_tutor.engine.expression import Call, Expr, Index, Item, Name, Number, Slice, names_in, walk
from rnn_tutor.engine.mutate.algebra import complements
from rnn_tutor.engine.mutate.mutation import ONE, TWO, Context, Rule, Versions, is_one, op, substituted, whole_number

HALF = Number(0.5, "0.5")
MOST_BLOCKS = 4
FEW_BLOCKS = 2  # of a step that is worked out these may be anything
GATES = {1: "one block", 2: "two blocks", 3: "three gates (a GRU's)", 4: "four gates (an LSTM's)"}


def forget_bias(part: Expr, context: Context) -> Versions:
    """1 added before a gate's sigmoid, as TensorFlow's cells do for the forget gate (tensorflow/tensorflow#1326)."""
    match part:
        case Call(function="sigmoid", args=(a,)):
            yield Call("sigmoid", (op("add", a, ONE),)), f"1 were added to {context.code(a)} (a forget bias)"


def coupled(part: Expr, context: Context) -> Versions:
    """One gate for two, as in a GRU: f * c + (1 - f) * g for f * c + i * g."""
    match part:
        case Call(
            function="add",
            args=(Call(function="multiply", args=(f, a)), Call(function="multiply", args=(i, b))),
        ) if not complements(part) and not isinstance(f, Number) and not isinstance(i, Number):
            one = op("subtract", ONE, f)
            clause = f"{context.code(one)} were used instead of {context.named(i)}"
            yield op("add", op("multiply", f, a), op("multiply", one, b)), clause
            one = op("subtract", ONE, i)
            clause = f"{context.code(one)} were used instead of {context.named(f)}"
            yield op("add", op("multiply", one, a), op("multiply", i, b)), clause


def derivative_for_value(part: Expr, context: Context) -> Versions:
    """A value for its derivative and back: h for 1 - h**2, 1 - z for z (1 - z)."""
    match part:
        case Call(function="subtract", args=(one, Call(function="power", args=(h, Number(value=2.0))))) if is_one(one):
            yield h, f"{context.named(h)} were used, not its derivative {context.code(part)}"
        case Call(function="subtract", args=(one, Name() | Index() as z)) if is_one(one):
            changed = op("multiply", z, part)
            yield changed, f"the derivative {context.code(changed)} were used instead of {context.code(part)}"
        case Call(
            function="multiply",
            args=(Call(function="multiply", args=(rest, z)), Call(function="subtract", args=(one, same))),
        ) if is_one(one) and z == same:
            other = op("subtract", ONE, op("power", z, TWO))
            clause = f"the derivative of the tanh were used instead of that of the sigmoid, for {context.code(z)}"
            yield op("multiply", rest, other), clause
        case Call(function="multiply" | "outer" | "matmul" as f, args=(a, b)) if context.networks:
            for at, one in enumerate((a, b)):
                if isinstance(one, Name | Index) and _has_steps(one, context):
                    changed = op("subtract", ONE, op("power", one, TWO))
                    both = (changed, b) if at == 0 else (a, changed)
                    made = op(f, *both) if f != "outer" else Call(f, both)
                    yield made, f"the derivative {context.code(changed)} were used instead of {context.named(one)}"


def _has_steps(expr: Expr, context: Context) -> bool:
    name = expr.base if isinstance(expr, Index) else expr
    return isinstance(name, Name) and len(context.shapes.get(name.id, ())) > 0 and name.id not in context.whole


def paths(part: Expr, context: Context) -> Versions:
    """All but the direct path of a gradient; the paths subtracted from each other."""
    match part:
        case Call(function="grad" | "jacobian", args=(y, x)):
            direct = Call("local", (y, x))
            around = op("subtract", part, direct)
            yield around, f"the direct path from {context.code(x)} were left out"
            yield op("subtract", direct, around), "the other paths were subtracted from the direct one"


def biases(part: Expr, context: Context) -> Versions:
    """Numbers of weights with one bias in all, one for the layer, or PyTorch's two vectors.

    PyTorch and cuDNN have two vectors of biases in each layer, Keras one (pytorch/pytorch#36905, onnx/onnx#1127).
    """
    match part:
        case Call(function="add", args=(weights, Name(id=name) as bias)) if _is_count(bias, context):
            if any(isinstance(one, Name) and one.id == name for one in walk(weights)) or isinstance(weights, Name):
                yield op("add", weights, ONE), "there were one bias for the whole layer"
                two = op("add", weights, op("multiply", TWO, bias))
                yield two, "there were two vectors of biases, as in PyTorch"
        case Call(function="multiply", args=(Number() as gates, block)):
            match context.resolved(block):
                case Call(function="add", args=(weights, Name() as bias)) if _is_count(bias, context):
                    inside = op("multiply", gates, weights)
                    yield op("add", inside, bias), f"the biases {context.code(bias)} were counted once in all"
                    yield op("add", inside, ONE), "one bias were counted in all"
                    two = op("add", weights, op("multiply", TWO, bias))
                    yield op("multiply", gates, two), "there were two vectors of biases, as in PyTorch"


def _is_count(expr: Expr, context: Context) -> bool:
    return isinstance(expr, Name) and expr.id in context.whole and context.shapes.get(expr.id) == ()


def number_of_gates(part: Expr, context: Context) -> Versions:
    """Another number of gates: an LSTM counted as a GRU, one block of several."""
    match part:
        case Call(function="multiply", args=(Number(value=gates), block)) if gates in (3.0, 4.0):
            whole = context.resolved(block)
            names = [one.id for one in walk(whole) if isinstance(one, Name)]
            if isinstance(whole, Call) and names and all(name in context.whole for name in names):
                for count, words in GATES.items():
                    if count != gates:
                        changed = op("multiply", whole_number(count), block)
                        yield changed, f"there were {words}, not {gates:g}"


def number_of_parts(part: Expr, context: Context) -> Versions:
    """One bias for two, three gates for four: another number of what is counted, among sizes that are given."""
    match part:
        case Call(function="add", args=(sizes, Number() as number)):
            names = names_in(sizes)
            if names and names <= context.whole and names <= context.means.keys() and number.value in FEW:
                less = Number(number.value - 1, f"{number.value - 1:g}")
                yield (
                    op("add", sizes, less),
                    f"{context.code(less)} were added to {context.code(sizes)}, not {context.code(number)}",
                )
        case Call(function="multiply", args=(Number() as first, Number(value=gates) as number)):
            if first.value == 2.0 and gates in GATES and context.whole:
                for count in GATES:
                    if count not in (1, gates):
                        changed = op("multiply", first, whole_number(count))
                        yield changed, context.instead(changed, part)


FEW = (2.0, 3.0)  # vectors of biases, say


LOCAL: dict[str, Rule] = {
    "forget_bias": forget_bias,
    "coupled": coupled,
    "derivative_for_value": derivative_for_value,
    "paths": paths,
    "biases": biases,
    "number_of_gates": number_of_gates,
    "number_of_parts": number_of_parts,
}


def of_gates(expr: Expr, context: Context) -> Versions:
    """A number of weights multiplied by the gates of another cell."""
    for count in (3, 4):
        yield op("multiply", whole_number(count), expr), f"there were {GATES[count]}, not one block"


RESULT: dict[str, Rule] = {"of_gates": of_gates}

Changed = tuple[str, Mapping[str, Expr], str]  # the rule, the steps that are otherwise, the clause


def in_several_steps(lets: Mapping[str, Expr], context: Context) -> Iterator[Changed]:
    """Yield the mistakes that show in several steps at once, the steps being those that count."""
    yield from _blocks_in_another_order(lets, context)
    yield from _half_open(lets, context)


def _blocks_in_another_order(lets: Mapping[str, Expr], context: Context) -> Iterator[Changed]:
    """The blocks of stacked gates, or the rows of a given, taken for each other.

    The order of gates is another one in each library: i, f, g, o in PyTorch and Keras, i, o, f, g in ONNX, i, g, f, o
    in TensorFlow's old cells (tensorflow/tensorflow#29308, CrispStrobe/CrispASR#106, apple/coremltools#93).
    """
    for base, blocks in _blocks(lets).items():
        if not 2 <= len(blocks) <= MOST_BLOCKS:
            continue
        items, steps = list(blocks), list(blocks.values())
        for order in permutations(range(len(items))):
            if list(order) == sorted(order):
                continue
            exchange = {items[at]: items[to] for at, to in enumerate(order)}
            changed = {name: _with_blocks(lets[name], base, exchange) for name in steps}
            moved = [at for at in range(len(items)) if order[at] != at]
            what = f"the blocks of {context.code(Name(base))}"
            if len(moved) == len("ab"):
                clause = f"{what} for {_listed([steps[at] for at in moved])} were exchanged"
            else:
                read = [steps[order.index(at)] for at in range(len(items))]
                clause = f"{what} stood for {_listed(read)}, in this order"
            yield "gate_order", changed, clause
        yield from _unit_by_unit(lets, base, items, steps, context)


def _unit_by_unit(
    lets: Mapping[str, Expr], base: str, items: Sequence[Item], steps: Sequence[str], context: Context
) -> Iterator[Changed]:
    """Stacked blocks read as if those of one unit stood next to each other: a[1::4] for the second of four blocks."""
    shape, own = context.shapes.get(base, ()), context.shapes.get(steps[0], ())
    if not shape or not own or not all(isinstance(item, Slice) and item.step is None for item in items):
        return
    count = shape[0] // own[0] if own[0] else 0
    if count < len(items) or count * own[0] != shape[0] or own[0] == 1:
        return
    size = whole_number(count)
    apart: dict[Item, Item] = {item: Slice(whole_number(at), None, size) for at, item in enumerate(items)}
    changed = {name: _with_blocks(lets[name], base, apart) for name in steps}
    yield "gate_order", changed, f"the {count} blocks of {context.code(Name(base))} stood unit by unit, not one by one"


def _blocks(lets: Mapping[str, Expr]) -> dict[str, dict[Item, str]]:
    """Return for each name the blocks that are read of it, in their order there, each with the step that reads it."""
    found: dict[str, dict[Item, str]] = {}
    shared: set[str] = set()
    for step, expr in lets.items():
        for part in walk(expr):
            if isinstance(part, Index) and isinstance(part.base, Name):
                item, base = part.items[0], part.base.id
                if base in lets and not isinstance(item, Slice):
                    shared.add(base)
                blocks = found.setdefault(base, {})
                if isinstance(item, Name | Call) or blocks.get(item, step) != step or step in _others(blocks, item):
                    shared.add(base)
                blocks[item] = step
    return {
        base: blocks
        for base, blocks in found.items()
        if base not in shared and (base not in lets or len(blocks) > FEW_BLOCKS)
    }


def _others(blocks: Mapping[Item, str], item: Item) -> set[str]:
    return {step for other, step in blocks.items() if other != item}


def _with_blocks(expr: Expr, base: str, exchange: Mapping[Item, Item]) -> Expr:
    def other(part: Expr) -> Expr | None:
        match part:
            case Index(base=Name(id=name) as whole, items=(item, *further)) if name == base and item in exchange:
                return Index(whole, (exchange[item], *further))
        return None

    return substituted(expr, other)


def _listed(steps: list[str]) -> str:
    marked = [f"`{step}`" for step in steps]
    return f"{', '.join(marked[:-1])} and {marked[-1]}"


def _half_open(lets: Mapping[str, Expr], context: Context) -> Iterator[Changed]:
    """A gate that is half open, in every step: the mean of the two that it weighs."""
    gates = dict.fromkeys(gate for expr in lets.values() for gate in complements(expr))
    for gate in gates:
        if isinstance(gate, Name):
            changed = {
                step: substituted(expr, lambda part, gate=gate: HALF if part == gate else None)  # type: ignore[misc]
                for step, expr in lets.items()
                if step != gate.id and any(part == gate for part in walk(expr))
            }
            yield "half_open", changed, f"{context.named(gate)} were one half"
