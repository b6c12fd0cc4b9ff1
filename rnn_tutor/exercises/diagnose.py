"""Which mistake a wrong answer shows.

An authored mistake, an intermediate value, a wrong version of a step: the first kind that fits speaks. What is said is
"this is what you get when ...", which is true by construction. One that fits is named; two are both named, as possible;
of more none is. Two that give the same for every draw count as one. A wrong diagnosis is worse than none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from rnn_tutor.engine.compare import Comparison, compare, typed_numbers
from rnn_tutor.engine.expression import Expr, names_in, show
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.gradient import reachable
from rnn_tutor.engine.graph import Node, Sequence, as_numbers
from rnn_tutor.engine.program import lets

from . import words
from .compiled import ExerciseError
from .mistakes import Known, authored, value_of, wrong_versions
from .question import Part, Question, ask
from .reading import Reading

FEW_DIGITS = 2
PROBE_SEEDS = (4_099, 5_003)


@dataclass(frozen=True)
class Diagnosis:
    """What a wrong answer shows: its kind (see the design's list) and what is said."""

    kind: str
    says: str


def diagnose(question: Question, part: Part, reading: Reading, found: Comparison | None) -> Diagnosis:
    """Return the diagnosis of an answer that is finite and not right; `found` is None where its shape is wrong."""
    value = reading.value
    assert isinstance(value, np.ndarray) and isinstance(part.expected, np.ndarray)  # noqa: S101 - a value part
    fits = [one for one in authored(question, part) if _fits(part, reading, one.value)]
    if fits:
        return Diagnosis("authored", " Or: ".join(dict.fromkeys(one.said for one in fits[:2])))
    middle = intermediate(question, part, reading)
    if middle is not None:
        return Diagnosis("intermediate", middle)
    versions = [one for one in wrong_versions(question, part) if _fits(part, reading, one.value)]
    said = _mutation(question, part, versions)
    if said is not None:
        return Diagnosis("mutation", said)
    if found is None:
        return Diagnosis("shape", words.wrong_shape(value.shape, part.expected.shape, part.axes, part.name))
    return _elements(part, found)


def _fits(part: Part, reading: Reading, candidate: Array) -> bool:
    """Tell whether the learner's value is a candidate's, which is itself not the expected one."""
    value, expected = reading.value, part.expected
    assert isinstance(value, np.ndarray) and isinstance(expected, np.ndarray)  # noqa: S101 - a value part
    return same(part, reading.expr, value, candidate) and not looks_right(part, candidate)


def same(part: Part, expr: Expr | None, value: Array, candidate: Array) -> bool:
    """Tell whether a value is a candidate's, as closely as it was typed (but to two digits at least)."""
    if value.shape != candidate.shape:
        return False
    typed = typed_numbers(expr) if expr is not None else None
    digits = min(FEW_DIGITS, part.ask.digits)
    found = compare(value, candidate, digits=digits, rtol=part.ask.rtol, atol=part.ask.atol, typed=typed)
    return found.verdict == "right"


def looks_right(part: Part, candidate: Array) -> bool:
    """Tell whether a mistake gives, at the digits asked for, what is expected: then it cannot be seen."""
    expected = part.expected
    if not isinstance(expected, np.ndarray) or candidate.shape != expected.shape:
        return False
    scale = 10.0 ** -(part.ask.digits - 1)
    gap = np.abs(candidate - expected)
    return bool((gap <= part.ask.atol + np.maximum(part.ask.rtol, scale) * np.abs(expected)).all())


def _mutation(question: Question, part: Part, fits: list[Known]) -> str | None:
    groups = _distinct(question, part, fits)
    if not 1 <= len(groups) <= 2:
        return None
    clauses = [_clause(part, one) for one in groups]
    if len(clauses) == 1:
        return f"This is what you get when {clauses[0]}."
    return f"This is what you get when {clauses[0]}, or when {clauses[1]}."


def _clause(part: Part, one: Known) -> str:
    if one.mutant is None or one.mutant.let == part.name.split("[")[0]:
        return one.said
    return f"in {one.mutant.let} {one.said}"


def _distinct(question: Question, part: Part, fits: list[Known]) -> list[Known]:
    """Return one of each group of mistakes that give the same for other draws too."""
    if len(fits) <= 1:
        return fits
    probes = _probes(question)
    groups: list[tuple[Known, list[Array | None]]] = []
    for one in fits:
        if one.mutant is None:
            continue
        there = [value_of(probe, probe.part(part.name), one.mutant) for probe in probes]
        if not any(_alike(there, other) for _, other in groups):
            groups.append((one, there))
    return [one for one, _ in groups]


def _alike(first: list[Array | None], second: list[Array | None]) -> bool:
    return bool(first) and all(
        a is not None and b is not None and a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-12)
        for a, b in zip(first, second, strict=True)
    )


def _probes(question: Question) -> list[Question]:
    if not question.compiled.draws:
        return []
    probes: list[Question] = []
    for seed in PROBE_SEEDS:
        try:
            probes.append(ask(question.exercise, seed))
        except ExerciseError:
            continue  # no such draw: fewer probes, so fewer are told to be one
    return probes


def intermediate(question: Question, part: Part, reading: Reading) -> str | None:
    """Say which value on the way to the answer (or which other value of the exercise) an answer is."""
    if part.node is None:
        return None
    ancestors = reachable(part.node)
    for stage in (_steps_on_the_way, _parts_of_steps, _other_steps, _givens):
        fits: dict[str, None] = {}
        for node, say in stage(question, part, ancestors):
            if node.value is not None and _fits(part, reading, as_numbers(node.value)):
                fits.setdefault(say())
        if 1 <= len(fits) <= 2:
            return " Or: ".join(fits)
        if fits:
            return None
    return None


Say = Callable[[], str]


def _steps_on_the_way(question: Question, part: Part, ancestors: list[Node]) -> list[tuple[Node, Say]]:
    on_the_way = set(ancestors)
    found: list[tuple[Node, Say]] = []
    for name, entry in question.graph.names.items():
        if name in question.givens:
            continue
        whole = entry.whole if isinstance(entry, Sequence) else entry
        nodes = [node for node in entry.steps if node is not None] if isinstance(entry, Sequence) else []
        if whole is not None and whole is not part.node and (whole in on_the_way or on_the_way & set(nodes)):
            found.append((whole, partial(_missing, question, part, name)))
        found += [
            (node, partial(str, f"That is {node.name}, the value of another time step than the one asked for."))
            for node in nodes
            if node is not part.node
        ]
    return found


def _missing(question: Question, part: Part, name: str) -> str:
    """Say how many steps are missing from a step to the answer."""
    order = [let.name for let in lets(question.compiled.program)]
    reads: dict[str, set[str]] = {let.name: names_in(let.expr) for let in lets(question.compiled.program)}
    behind = {name}
    for let in order:
        if reads[let] & behind:
            behind.add(let)
    towards = {part.name.split("[")[0]}
    for let in reversed(order):
        if let in towards:
            towards |= reads[let]
    left = [let for let in order if let in behind and let in towards and let != name]
    count = max(1, len(left))
    return f"That is {name}: {words.times(count, 'step')} {'is' if count == 1 else 'are'} still missing."


def _parts_of_steps(question: Question, part: Part, ancestors: list[Node]) -> list[tuple[Node, Say]]:
    """What is computed inside a step, on the way to its value."""
    owners: dict[int, Node] = {}
    for node in ancestors:
        if node.named and node.expr is not None:
            for below in _inside(node):
                owners.setdefault(below.order, node)
    found: list[tuple[Node, Say]] = []
    for node in ancestors:
        if node.named or node.expr is None or node.op in ("given", "number", "replaced") or node.order not in owners:
            continue
        if _plain_index(node):
            continue
        found.append((node, partial(_unfinished, node, owners[node.order])))
    return found


def _plain_index(node: Node) -> bool:
    return node.op == "index" and node.parents[0].op == "given"


def _inside(owner: Node) -> list[Node]:
    found: list[Node] = []
    stack = [parent for parent in owner.parents if not parent.named]
    while stack:
        node = stack.pop()
        found.append(node)
        stack += [parent for parent in node.parents if not parent.named]
    return found


def _unfinished(node: Node, owner: Node) -> str:
    assert node.expr is not None and owner.expr is not None  # noqa: S101 - chosen for having them
    rest = show(owner.expr, lambda part: "..." if part is node.expr else None)
    return f"That is {show(node.expr)}, a part of the way to {owner.name}: still missing is {owner.name} = {rest}."


def _other_steps(question: Question, part: Part, ancestors: list[Node]) -> list[tuple[Node, Say]]:
    on_the_way = set(ancestors)
    found: list[tuple[Node, Say]] = []
    for other in question.parts:
        if other.node is not None and other.node not in on_the_way:
            found.append((other.node, partial(str, f"That is {other.name}, which is another part of the question.")))
    return found


def _givens(question: Question, part: Part, ancestors: list[Node]) -> list[tuple[Node, Say]]:
    """A given handed back unchanged; 0 and 1 alone are too common to mean anything."""
    found: list[tuple[Node, Say]] = []
    for name in question.givens:
        node = question.graph.whole(name)
        if node.value is None or (node.shape == () and float(node.value) in (0.0, 1.0)):
            continue
        means = question.meaning(name)
        said = f"That is {name}{f' ({means})' if means else ''} as it was given: nothing has been done with it yet."
        found.append((node, partial(str, said)))
    return found


def _elements(part: Part, found: Comparison) -> Diagnosis:
    right = found.right | found.rounded
    if not right.any() or right.ndim == 0:
        return Diagnosis("none", "That is not it, and it is none of the mistakes known for this exercise.")
    cells = [tuple(int(k) for k in cell) for cell in np.argwhere(~right)]
    names = [words.cell_name(part.name, cell) for cell in cells]
    if len(cells) > 4:
        return Diagnosis(
            "elements", f"{int(right.sum())} of the {right.size} elements are right; {len(cells)} are not yet."
        )
    verb = "is" if len(cells) == 1 else "are"
    return Diagnosis("elements", f"{int(right.sum())} of {right.size} right; {words.enumerated(names)} {verb} not yet.")
