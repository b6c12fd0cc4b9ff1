"""The plausible wrong versions of an expression: what people do when they go wrong in this subject.

Each rule looks at one place of an expression and gives what might stand there instead, with a clause that completes
"This is what you get when ...". Rules know the names' shapes and meanings, nothing of any exercise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from rnn_tutor.engine.expression import Call, Expr, Name, Number, children, names_in, with_children
from rnn_tutor.engine.mutate import algebra as mutate_algebra
from rnn_tutor.engine.mutate import networks as mutate_networks
from rnn_tutor.engine.mutate.mutation import ONE, Context, Rule, Versions, op, renamed, substituted

MAX_MUTATIONS = 400

# In this order, so that of two that come to the same the one that says more speaks.
WHOLE_RULES: dict[str, Rule] = {**mutate_networks.WHOLE, **mutate_algebra.WHOLE}
LOCAL_RULES: dict[str, Rule] = {**mutate_networks.LOCAL, **mutate_algebra.LOCAL}
LAST_RULES: dict[str, Rule] = {**mutate_algebra.LAST, **mutate_networks.LAST}


@dataclass(frozen=True)
class Mutation:
    """A wrong version: the rule that made it, the whole expression, and what was done, as a clause after "when"."""

    rule: str
    expr: Expr
    clause: str


@dataclass(frozen=True)
class Change:
    """A wrong version of several steps at once: name -> expression."""

    rule: str
    lets: Mapping[str, Expr]
    clause: str


def mutations(expr: Expr, context: Context) -> list[Mutation]:
    """Return the wrong versions of an expression, each once, the first rule that makes it speaking for it."""
    mutations: dict[Expr, Mutation] = {}
    for rule, changed, clause in _all(expr, context):
        if changed != expr:
            mutations.setdefault(changed, Mutation(rule, changed, clause))
    return list(mutations.values())[:MAX_MUTATIONS]


def _all(expr: Expr, context: Context) -> Iterator[tuple[str, Expr, str]]:
    for name, rule in WHOLE_RULES.items():
        for changed, clause in rule(expr, context):
            yield name, changed, clause
    for path, part in _places(expr):
        for name, rule in LOCAL_RULES.items():
            for replacement, clause in rule(part, context):
                yield name, _replaced(expr, path, replacement), clause
    for name, rule in LAST_RULES.items():
        for changed, clause in rule(expr, context):
            yield name, changed, clause


def _places(expr: Expr, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Expr]]:
    yield path, expr
    for position, part in enumerate(children(expr)):
        yield from _places(part, (*path, position))


def _replaced(expr: Expr, path: tuple[int, ...], by: Expr) -> Expr:
    if not path:
        return by
    parts = list(children(expr))
    parts[path[0]] = _replaced(parts[path[0]], path[1:], by)
    return with_children(expr, tuple(parts))


def changes(lets: Mapping[str, Expr], givens: frozenset[str], context: Context) -> list[Change]:
    """Return the wrong versions that show in several steps at once; `lets` are the steps that count."""
    return [*_other_convention(lets, context), *_swapped_givens(lets, givens, context), *_no_mask(lets, context)]


def _swapped_givens(lets: Mapping[str, Expr], givens: frozenset[str], context: Context) -> Iterator[Change]:
    """Two givens of one shape change places in every step."""
    present = [name for name in mutate_algebra.in_order(lets.values()) if name in givens]
    for first, second in combinations(present, 2):
        if context.shapes.get(first) != context.shapes.get(second):
            continue
        exchange = {first: second, second: first}
        changed = {name: renamed(expr, exchange) for name, expr in lets.items() if names_in(expr) & set(exchange)}
        if len(changed) > 1:
            yield Change("swapped_names", changed, mutate_algebra.places_changed(first, second, context))


def _other_convention(lets: Mapping[str, Expr], context: Context) -> Iterator[Change]:
    """A gate and 1 - gate change places, in every step but the gate's own."""
    gates = dict.fromkeys(gate for expr in lets.values() for gate in mutate_algebra.complements(expr))
    for gate in gates:
        own = names_in(gate)
        changed = {}
        for name, expr in lets.items():
            other = mutate_algebra.exchanged_complement(expr, gate)
            if name not in own and other != expr:
                changed[name] = other
        if len(changed) > 1:
            yield Change("swapped_complements", changed, mutate_algebra.complement_clause(gate, context))


def _no_mask(lets: Mapping[str, Expr], context: Context) -> Iterator[Change]:
    """The mask is not there: every position counts, wherever the mask is used."""
    for mask in sorted(context.masks):
        clause = "padding is counted: the mask is left out everywhere"
        if mask in lets:
            shape = context.shapes.get(mask, ())
            ones: Expr = Call("ones", tuple(Number(float(length), str(length)) for length in shape))
            yield Change("padding", {mask: op("equal", ones, ONE) if _is_bool(lets[mask]) else ones}, clause)
            continue
        changed = {
            name: substituted(expr, lambda part, mask=mask: _ones_for(part, mask))  # type: ignore[misc]
            for name, expr in lets.items()
            if mask in names_in(expr)
        }
        if changed:
            yield Change("padding", changed, clause)


def _is_bool(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.function in ("equal", "not_equal", "less", "less_equal", "greater")


def _ones_for(part: Expr, mask: str) -> Expr | None:
    return Call("ones_like", (part,)) if isinstance(part, Name) and part.id == mask else None


__all__ = [
    "LAST_RULES",
    "LOCAL_RULES",
    "WHOLE_RULES",
    "Change",
    "Context",
    "Mutation",
    "Rule",
    "Versions",
    "changes",
    "mutations",
]
