"""The values on the way to an answer, and what is said of an answer that is one of them."""

from collections.abc import Callable
from functools import partial

from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, children, names_in, with_children
from rnn_tutor.engine.graph.gradient import reachable
from rnn_tutor.engine.graph.graph import Node, Sequence
from rnn_tutor.engine.graph.steps import lets
from rnn_tutor.engine.mutate.mutation import UNSAID, brief
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.mistakes import context_of
from rnn_tutor.exercises.question import Part, Question

Say = Callable[[], str]
Stage = list[tuple[Node, Say]]

OPERATIONS = {
    "add": "a sum",
    "subtract": "a difference",
    "multiply": "a product",
    "divide": "a division",
    "matmul": "a matrix product",
    "dot": "a product",
    "power": "a power",
    "negative": "a minus sign",
    "index": "a choice of elements",
    "concat": "a joining",
    "transpose": "a transpose",
    "where": "a mask",
    "equal": "a comparison",
    "not_equal": "a comparison",
    "less": "a comparison",
    "less_equal": "a comparison",
    "greater": "a comparison",
    "greater_equal": "a comparison",
    "outer": "an outer product",
    "sum": "a sum",
    "mean": "a mean",
    "prod": "a product of all",
    "cumsum": "a running sum",
    "norm": "a norm",
    "sqrt": "a square root",
    "square": "a square",
    "log": "a logarithm",
    "log2": "a logarithm to base 2",
    "log10": "a logarithm to base 10",
    "exp": "an exponential",
    "abs": "an absolute value",
    "floor": "rounding down",
    "ceil": "rounding up",
    "round": "rounding",
    "argmax": "the place of the largest",
    "argmin": "the place of the smallest",
    "argsort": "putting in order",
    "sort": "putting in order",
    "flip": "the other direction",
    "diag": "a diagonal",
    "inv": "an inverse",
    "min": "a bound",
    "max": "a bound",
    "minimum": "a bound",
    "maximum": "a bound",
}
SILENT = ("array", "stack", "positive", "broadcast_to", "ravel", "reshape", "squeeze", "expand_dims")


@remembered(16, by=lambda question, part: (part, ()))
def stages(question: Question, part: Part) -> tuple[Stage, ...]:
    """Return the values that an answer may be, the nearest to it first, each with what to say.

    First the steps on the way, then what is computed inside of them, other parts, other time steps, the givens.
    The last is what is computed inside of steps that the answer is not made from.
    """
    assert part.node is not None  # noqa: S101 - asked for parts with a value
    ancestors = reachable(part.node)
    return (
        _steps_on_the_way(question, part, set(ancestors)),
        _inside_steps(question, part, ancestors),
        _other_steps(question, part),
        _givens(question),
        _inside_other_steps(question, part, set(ancestors)),
    )


def _steps_on_the_way(question: Question, part: Part, on_the_way: set[Node]) -> Stage:
    stage: Stage = []
    for name, entry in question.graph.names.items():
        if name in question.givens or name in question.compiled.pictured:
            continue
        whole = entry.whole if isinstance(entry, Sequence) else entry
        nodes = [node for node in entry.steps if node is not None] if isinstance(entry, Sequence) else []
        if whole is not None and whole is not part.node and (whole in on_the_way or on_the_way & set(nodes)):
            stage.append((whole, partial(_missing, question, part, name)))
        own = name == part.step
        for node in nodes:
            if node is part.node:
                continue
            phrase = "one time step of an intermediate value"
            if own:
                phrase = "one time step only" if whole is part.node else "not the time step asked for"
            if node in on_the_way or _one_step(question, node):  # what leads elsewhere and has no name tells nothing
                stage.append((node, partial(_of_one_step, question, node, phrase)))
    return stage


def _of_one_step(question: Question, node: Node, phrase: str) -> str:
    seen = _one_step(question, node)
    return f"That is {seen}: {phrase}." if seen else f"That is {phrase}."


def _one_step(question: Question, node: Node) -> str:
    name, _, step = node.name.rstrip("]").partition("[")
    at = Number(float(step), step) if step.isdigit() else Number(0.0, "0")
    return as_seen(question, Index(Name(name), (at,)))


UNNAMED = "an intermediate value"


def as_seen(question: Question, expr: Expr) -> str:
    """Return a step, or what is computed in one, as the learner knows it: hidden steps by what they are made of.

    "" where that is too long to be told: what is said of it then has to stand without it.
    """
    text = context_of(question).code(expr)
    return text if "..." not in text and text != UNSAID else ""


def _missing(question: Question, part: Part, name: str) -> str:
    """Say how many steps are missing from a step to the answer."""
    order = [let.name for let in lets(question.compiled.program)]
    reads = question.compiled.dependencies.reads
    behind = {name}
    for let in order:
        if reads[let] & behind:
            behind.add(let)
    target = {part.name} if part.name in reads else names_in(part.node.expr) if part.node and part.node.expr else set()
    towards = {part.step, *target}
    for let in reversed(order):
        if let in towards and let != name:  # what the value itself is made from is behind it
            towards |= reads[let]
    left = [let for let in order if let in behind and let in towards and let != name]
    if not left:
        seen = as_seen(question, Name(name))
        return f"That is {f'{seen} as a whole' if seen else UNNAMED}; the question asks for `{part.name}`."
    count, seen = len(left), as_seen(question, Name(name))
    if not seen:
        return f"That is `{part.name}` before its last {'step' if count == 1 else words.times(count, 'step')}."
    missing = f"{words.times(count, 'step')} {'is' if count == 1 else 'are'} still missing"
    return f"That is {seen}: {missing}."


def _inside_steps(question: Question, part: Part, ancestors: list[Node]) -> Stage:
    """What is computed inside a step, on the way to its value; not inside of those that the picture shows."""
    pictured = question.compiled.pictured
    owners: dict[Node, Node] = {}
    for node in ancestors:
        if node.named and node.op != "given" and node.name.partition("[")[0] not in pictured:
            for below in _inside(node):
                owners.setdefault(below, node)
    if part.node is not None and not part.node.named:
        for below in _inside(part.node):
            owners.setdefault(below, part.node)
    texts: dict[str, Node] = {}
    for node in ancestors:
        if node in owners and node.expr is not None:
            texts.setdefault(brief(node.expr) + str(node.step), node)
    first = set(texts.values())
    return [
        (node, partial(_unfinished, question, node, owners[node], part))
        for node in ancestors
        if node in owners
        and node in first
        and node.expr is not None
        and node.op not in ("given", "number", "replaced")
        and not (node.op == "index" and node.parents[0].op == "given")
    ]


def _inside(owner: Node) -> list[Node]:
    inside: list[Node] = []
    stack = [parent for parent in owner.parents if not parent.named]
    while stack:
        node = stack.pop()
        inside.append(node)
        stack += [parent for parent in node.parents if not parent.named]
    return inside


def _unfinished(question: Question, node: Node, owner: Node, part: Part) -> str:
    assert node.expr is not None  # noqa: S101 - chosen for having one
    missing = _counted([_operation(operation) for operation in _between(node, owner) if operation.op not in SILENT])
    own = owner.name if owner.named else part.name
    hidden = own.partition("[")[0] in context_of(question).hidden
    seen = as_seen(question, node.expr)
    told = f"`{part.name if hidden else own}`"
    if not missing or len(missing) > MOST_MISSING:
        return f"That is {f'{seen}, ' if seen else ''}{UNNAMED} for {told}. More steps are missing."
    if not seen and not hidden:
        return f"That is {told} without its last {_steps(missing)}: {words.enumerated(missing)}."
    further = ", and what is made of that" if hidden else ""  # what is missing is counted up to its own step
    sentence = f"That is {f'{seen}, ' if seen else ''}{UNNAMED} for {told}"
    return f"{sentence}. Still missing: {words.enumerated(missing)}{further}."


MOST_MISSING = 4  # kinds of operations that are told one by one


def _steps(missing: list[str]) -> str:
    return "step" if len(missing) == 1 and not missing[0][0].isdigit() else "steps"


def _counted(operations: list[str]) -> list[str]:
    """Return operations in order, those that come several times once with how often: 2 sums."""
    phrases: list[str] = []
    for word in dict.fromkeys(operations):
        count = operations.count(word)
        phrases.append(f"{count} {word.removeprefix('a ')}s" if count > 1 and word.startswith("a ") else word)
    return phrases


def _operation(node: Node) -> str:
    match node.op, node.expr:
        case "power", Call(args=(_, Call(function="divide", args=(Number(value=1.0), _)))):
            return "a root"
    return OPERATIONS.get(node.op, f"the {node.op}")


def _between(node: Node, owner: Node) -> list[Node]:
    """Return the operations from a node (not itself) to the step that it is in, that included, in order."""
    if node is owner:
        return []
    for parent in owner.parents:
        if parent is node:
            return [owner]
        if not parent.named and node in _inside(parent):
            return [*_between(node, parent), owner]
    return [owner]


def _other_steps(question: Question, part: Part) -> Stage:
    """Other parts of the question, and steps that the answer is not made from; a step that is a part is told once."""
    stage: Stage = []
    parts = {other.node for other in question.parts}
    for other in question.parts:
        if other.node is not None and other is not part:
            stage.append((other.node, partial(str, f"That is `{other.name}`, another part of the question.")))
    for name, entry in question.graph.names.items():
        node = entry.whole if isinstance(entry, Sequence) else entry
        taken_as_given = name in question.givens or name in question.compiled.pictured
        if not taken_as_given and node is not None and node not in parts:
            stage.append((node, partial(_another, question, part, name)))
    return stage


def _inside_other_steps(question: Question, part: Part, on_the_way: set[Node]) -> Stage:
    """What is computed inside of steps that the answer is not made from, such as those of later parts."""
    wanted = part.node
    if wanted is None:
        return []
    named: dict[str, Node] = {}
    for other in question.parts:
        for owner in reachable(other.node) if other.node is not None else ():
            if owner in on_the_way or not owner.named or owner.op == "given":
                continue
            for node in _inside(owner) if owner.name.partition("[")[0] not in question.compiled.pictured else ():
                if node.expr is not None and node.shape == wanted.shape and node not in on_the_way:
                    named.setdefault(brief(node.expr) + str(node.step), node)
    return [
        (node, partial(_of_another_step, question, node, part))
        for node in named.values()
        if node.op not in ("given", "number", "replaced") and not (node.op == "index" and node.parents[0].op == "given")
    ]


def _of_another_step(question: Question, node: Node, part: Part) -> str:
    assert node.expr is not None  # noqa: S101 - chosen for having one
    seen = as_seen(question, node.expr)
    return f"That is {seen or UNNAMED}; the question asks for `{part.name}`."


def _another(question: Question, part: Part, name: str) -> str:
    instead = _in_place_of(question, part, name)
    if instead:
        return f"You would get this if {instead}."
    return f"That is {as_seen(question, Name(name)) or UNNAMED}; the question asks for `{part.name}`."


def _in_place_of(question: Question, part: Part, name: str) -> str:
    """Return what another step has where the answer has something else, if nothing else differs; else ""."""
    context = context_of(question)
    own, other = context.definitions.get(part.step), context.definitions.get(name)
    if own is None or other is None:
        return ""
    pairs = _differences(context.visible(own), context.visible(other))
    if len(pairs) != 1:
        return ""
    ((mine, theirs),) = pairs
    told = context.instead(theirs, mine)
    apart = isinstance(mine, Number) or mine == context.visible(own) or "..." in told or UNSAID in told
    return "" if apart else told


def _differences(one: Expr, other: Expr) -> set[tuple[Expr, Expr]]:
    """Return the parts in which two expressions differ, each pair once."""
    if one == other:
        return set()
    inside, instead = children(one), children(other)
    if type(one) is not type(other) or len(inside) != len(instead) or with_children(one, instead) != other:
        return {(one, other)}
    return set[tuple[Expr, Expr]]().union(*map(_differences, inside, instead))


def _givens(question: Question) -> Stage:
    """A given handed back unchanged."""
    stage: Stage = []
    for name in question.told:
        node = question.graph.whole(name)
        if node.value is None:
            continue
        means = question.meaning(name)
        sentence = f"That is `{name}`{f' ({means})' if means else ''} itself, unchanged."
        stage.append((node, partial(str, sentence)))
    return stage
