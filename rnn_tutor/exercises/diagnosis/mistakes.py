"""The mistakes that are known of an exercise, with the value that each gives for a question's numbers.

Authored ones come from the file; wrong versions are made from the steps by `engine.mutate`, one mistake at a time and
everything after it evaluated again. They stand in the same order for every draw of an exercise, so that two that never
differ can be told by trying other draws.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise, permutations

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array as ArrayExpr
from rnn_tutor.engine.expression import Call, Expr, Index, Name, Number, Slice, functions_in, names_in, renamed, walk
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import Node, Sequence, as_numbers
from rnn_tutor.engine.graph.rerun import DERIVATIVES, Changes, Tape
from rnn_tutor.engine.graph.steps import Let, Loop, Program, ProgramError, Start, lets
from rnn_tutor.engine.mutate import Context, changes, further_changes, mutations
from rnn_tutor.engine.mutate.mutation import COMPARISONS, ONE, op, substituted
from rnn_tutor.engine.mutate.networks import SQUASHED
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.question import Part, Question, scratch

_WORD = re.compile(r"[^\W\d]\w*")
_CODE = re.compile(r"`[^`]*`")
_ENGLISH = re.compile(r"[a-z]{2,}|[aAI]")  # what is no name where it stands in a sentence
_IN_FORMULA = re.compile(r"\b[^\W\d]\w*(?=\[|\s*[=*@])|(?:(?<=[=*@+])|(?<=[=*@+] ))[^\W\d]\w*")


@dataclass(frozen=True, eq=False)
class Mutant:
    """A program with one mistake in it.

    `lets`, `starts` and `counts` are what is done otherwise; `let` is the step that it is in, "" where in several.
    """

    rule: str
    clause: str
    let: str
    lets: Mapping[str, Expr] = field(default_factory=dict)
    starts: Mapping[str, Expr] = field(default_factory=dict)
    counts: Mapping[int, Expr] = field(default_factory=dict)

    @property
    def changes(self) -> Changes:
        lets = {name: expr for name, expr in self.lets.items() if name != ANSWER}
        return Changes(lets, self.starts, self.counts, self.lets.get(ANSWER))


def mutants(question: Question, part: Part) -> list[Mutant]:
    """Return the wrong versions of the steps that a part's answer is made from, in a fixed order.

    None where so much tolerance is allowed that the answer is read off a picture: they would fit by chance.
    """
    if part.ask.rtol > READ_OFF or part.ask.atol > READ_OFF_COUNT:
        return []
    program = question.compiled.program
    needed = needed_steps(question, part) - question.compiled.pictured
    used = {let.name: let.expr for let in lets(program) if let.name in needed}
    context = context_of(question)
    versions = [
        Mutant(change.rule, change.clause, "", lets=change.lets)
        for change in changes(used, frozenset(question.givens), context)
    ]
    answer = question.compiled.answers[question.parts.index(part)]
    for position, statement in enumerate(program):
        if isinstance(statement, Let) and statement.name in needed:
            versions += _of_let(statement, context)
        elif isinstance(statement, Loop) and any(let.name in needed for let in statement.body):
            versions += _of_loop(position, statement, needed, context)
            versions += _of_starts(program[:position], statement, needed)
    versions += _of_whole(question, part)
    if answer is not None and part.name not in used:
        versions += [
            Mutant(mutation.rule, mutation.clause, ANSWER, lets={ANSWER: mutation.expr})
            for mutation in mutations(answer, context)
        ]
    return versions


READ_OFF_COUNT = 0.5  # within 1, say, of an epoch
READ_OFF = 0.01  # by more than this nobody is off who computes, rounding on the way included
ANSWER = "(answer)"  # no name of the language: the expression that is asked for, where it is no step


def _of_whole(question: Question, part: Part) -> Iterator[Mutant]:
    """The answer turned: transposed, backwards in time, moved by a time step."""
    entry = question.graph.names.get(part.name)
    answer = question.compiled.answers[question.parts.index(part)]
    if part.node is None or answer is None or not part.node.shape:
        return
    if len(part.node.shape) == 2:
        turned = Call("transpose", (answer,), style="attribute")
        yield Mutant("transposed", "the result were transposed", "", lets={ANSWER: turned})
    if not isinstance(entry, Sequence):
        return
    backwards = Call("flip", (answer, Number(0.0, "0")))
    yield Mutant("backwards", "the time steps stood in reverse order", "", lets={ANSWER: backwards})
    start = _start_of(question.compiled.program, part.name)
    if start is not None:
        first = ArrayExpr((start,))
        all_but_last = Index(answer, (Slice(None, op("negative", ONE)),))
        clause = f"the start counted as a time step; `{part.name}[0]` is the first value after it"
        yield Mutant("start", clause, "", lets={ANSWER: Call("concat", (first, all_but_last))})
        yield Mutant("start", clause, "", lets={ANSWER: Call("concat", (first, answer))})


def _start_of(program: Program, name: str) -> Expr | None:
    for before, loop in pairwise(program):
        if isinstance(before, Start) and isinstance(loop, Loop) and not loop.reverse and name in before.values:
            return before.values[name]
    return None


def _of_let(let: Let, context: Context) -> list[Mutant]:
    return [
        Mutant(mutation.rule, mutation.clause, let.name, lets={let.name: mutation.expr})
        for mutation in mutations(let.expr, context)
    ]


OF_ALL_STEPS = (
    "shapes",
    "means",
    "masks",
    "recurrent",
    "definitions",
    "networks",
    "hidden",
    "whole",
    "shown",
    "unseen",
)


def _of_loop(position: int, loop: Loop, needed: set[str], context: Context) -> list[Mutant]:
    inside = Context(
        **{name: getattr(context, name) for name in OF_ALL_STEPS},
        variable=loop.variable,
        count=loop.count,
        reverse=loop.reverse,
    )
    versions: list[Mutant] = []
    for let in loop.body:
        if let.name in needed:
            versions += _of_let(let, inside)
    fewer = op("subtract", loop.count, ONE)
    return [*versions, Mutant("loop", "the loop stopped one time step too early", "", counts={position: fewer})]


def in_several_steps(question: Question, part: Part) -> Iterator[Mutant]:
    """Yield the mistakes in several steps at once, and those of how a loop runs, that choose no numbers."""
    needed = needed_steps(question, part)
    used = {let.name: let.expr for let in lets(question.compiled.program) if let.name in needed}
    for change in further_changes(used, context_of(question)):
        yield Mutant(change.rule, change.clause, "", lets=change.lets)
    yield from _of_another_family(question, used)
    yield from longer(question, needed)
    yield from otherwise_run(question, part, needed)


def _of_another_family(question: Question, used: Mapping[str, Expr]) -> Iterator[Mutant]:
    """Yield the steps with the numbers of another test, layer or asset: sens2 for sens1, and spec2 for spec1 too."""
    context = context_of(question)
    families: dict[str, dict[str, str]] = {}
    for name in question.givens:
        stem = name.rstrip("0123456789")
        if stem and stem != name:
            families.setdefault(name[len(stem) :], {})[stem] = name
    for (_, first), (_, second) in permutations(families.items(), 2):
        both = [stem for stem in first if stem in second]
        instead = {first[stem]: second[stem] for stem in both}
        if len(both) < 2 or any(context.shapes[one] != context.shapes[other] for one, other in instead.items()):
            continue
        changed = {name: renamed(expr, instead) for name, expr in used.items() if names_in(expr) & instead.keys()}
        if changed:
            clause = f"{_enumerated(instead.values())} were used instead of {_enumerated(instead)}"
            yield Mutant("other_name", clause, "", lets=changed)


def _enumerated(names: Iterable[str]) -> str:
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}"


def longer(question: Question, needed: set[str]) -> Iterator[Mutant]:
    """Yield the loops with one time step more."""
    for position, statement in enumerate(question.compiled.program):
        if isinstance(statement, Loop) and any(let.name in needed for let in statement.body):
            more = op("add", statement.count, ONE)
            yield Mutant("loop", "the loop went on for one time step more", "", counts={position: more})


def otherwise_run(question: Question, part: Part, needed: set[str]) -> Iterator[Mutant]:
    """Yield the loops that run the other way, and those that carry on another of their values than they should."""
    program = question.compiled.program
    answer = question.compiled.answers[question.parts.index(part)]
    for position, statement in enumerate(program):
        if not isinstance(statement, Loop) or not any(let.name in needed for let in statement.body):
            continue
        after = {let.name: let.expr for let in lets(program[position + 1 :]) if let.name in needed}
        if answer is not None:
            after[ANSWER] = answer
        yield from _turned(statement, after)
        yield from _unrolled(statement, after)
        start = program[position - 1] if position else None
        if isinstance(start, Start):
            yield from _carrying_another(statement, start, after)


def _turned(loop: Loop, after: Mapping[str, Expr]) -> Iterator[Mutant]:
    """The loop from the other end: what it reads from there, and what it makes put in order again."""
    last = op("subtract", op("subtract", loop.count, ONE), Name(loop.variable))
    made = {let.name for let in loop.body}

    def mirrored(part: Expr) -> Expr | None:
        match part:
            case Index(base=Name(id=name), items=(Name(id=at), *further)) if at == loop.variable and name not in made:
                return Index(part.base, (last, *further))
        return None

    def in_order(part: Expr) -> Expr | None:
        return Call("flip", (part, Number(0.0, "0"))) if isinstance(part, Name) and part.id in made else None

    changed = _changed({let.name: let.expr for let in loop.body}, mirrored)
    if changed:
        clause = f"the loop over `{loop.variable}` ran the other way"
        yield Mutant("turned_loop", clause, "", lets={**changed, **_changed(after, in_order)})


def _unrolled(loop: Loop, after: Mapping[str, Expr]) -> Iterator[Mutant]:
    """What is added at each step, weighed by powers of the factor, and not carried on; or added up from the front."""
    now = Name(loop.variable)
    whole = partial(_of_all_steps, now)

    for let in loop.body:
        match let.expr:
            case Call(function="add", args=(x, Call(function="multiply", args=(c, Index(base=Name(id=name)))))):
                own = name == let.name and loop.variable not in names_in(c) and name not in names_in(x)
            case _:
                continue
        if not own or not all(part.function in ELEMENTWISE for part in walk(x) if isinstance(part, Call)):
            continue
        weighed = op("multiply", substituted(x, whole), op("power", c, Call("arange", (loop.count,))))
        for changed, clause in (
            (weighed, f"each step of `{name}` were weighed by a power of its factor, and nothing carried on"),
            (
                Call("cumsum", (weighed,)),
                f"the steps of `{name}`, weighed by powers of its factor, were added up in order",
            ),
        ):

            def instead(part: Expr, by: Expr = changed, name: str = name) -> Expr | None:
                return by if part == Name(name) else None

            yield Mutant("unrolled", clause, "", lets=_changed(after, instead))


def _of_all_steps(now: Expr, part: Expr) -> Expr | None:
    """Return `x` for `x[t]`: what is read at this step is taken at all of them."""
    match part:
        case Index(base=Name() as base, items=(at,)) if at == now:
            return base
    return None


def _changed(steps: Mapping[str, Expr], by: Callable[[Expr], Expr | None]) -> dict[str, Expr]:
    """Return the steps in which something is replaced."""
    done = {name: substituted(expr, by) for name, expr in steps.items()}
    return {name: expr for name, expr in done.items() if expr is not steps[name]}


def _carrying_another(loop: Loop, start: Start, after: Mapping[str, Expr]) -> Iterator[Mutant]:
    """Another value carried on than the state: the sum before the tanh, the gradient before the derivative.

    What the state is made of it is made of after the loop, all steps at once: where that is element by element.
    """
    now = Name(loop.variable)
    whole = partial(_of_all_steps, now)

    for let in loop.body:
        read = [part for part in walk(let.expr) if isinstance(part, Index) and part.items[0] == now]
        made = [other.name for other in loop.body if Index(Name(other.name), (now,)) in read]
        elementwise = all(part.function in ELEMENTWISE for part in walk(let.expr) if isinstance(part, Call))
        if let.name not in start.values or len(made) != 1 or not elementwise:
            continue
        outside = substituted(let.expr, whole)

        def instead(part: Expr, name: str = let.name, by: Expr = outside) -> Expr | None:
            return by if part == Name(name) else None

        carried = {let.name: Index(Name(made[0]), (now,)), **_changed(after, instead)}
        clause = f"`{made[0]}` of the step before were carried on, not `{let.name}`"
        yield Mutant("carried", clause, "", lets=carried)


ELEMENTWISE = ("add", "subtract", "multiply", "divide", "power", "negative", "tanh", "sigmoid", "relu", "exp")


def _of_starts(before: Program, loop: Loop, needed: set[str]) -> Iterator[Mutant]:
    """A start that is not 0 is taken as 0."""
    if not before or not isinstance(before[-1], Start):
        return
    for name, expr in before[-1].values.items():
        zero = started_from_zero(expr)
        if name in needed and zero is not None:
            yield Mutant("start", f"`{name}` started from 0", "", starts={name: zero})


def started_from_zero(expr: Expr) -> Expr | None:
    """Return 0 in the shape of a start; None where it is 0 already."""
    zero = isinstance(expr, Number) and expr.value == 0
    return None if zero or (isinstance(expr, Call) and expr.function == "zeros") else Call("zeros_like", (expr,))


def needed_steps(question: Question, part: Part) -> set[str]:
    """Return the names of the steps that an answer is made from, itself among them."""
    return question.compiled.dependencies.steps_behind(_names(part))


def _names(part: Part) -> set[str]:
    return ({part.step} if part.step else set()) | (
        names_in(part.node.expr) if part.node is not None and part.node.expr else set()
    )


@remembered(16)
def context_of(question: Question) -> Context:
    """Return what the rules may know of a question."""
    nodes: dict[str, Node] = {}
    for name, entry in question.graph.names.items():
        node = entry.whole if isinstance(entry, Sequence) else entry
        if node is not None:
            nodes[name] = node
    means = {name: given.means for name, given in question.exercise.given.items()}
    recurrent = frozenset(name for name, entry in question.graph.names.items() if isinstance(entry, Sequence))
    definitions = {let.name: let.expr for let in lets(question.compiled.program) if let.name not in recurrent}
    masks = frozenset(name for name, node in nodes.items() if _is_mask(name, node, means, definitions))
    squashed = any(
        isinstance(part, Call) and part.function in SQUASHED
        for let in lets(question.compiled.program)
        for part in walk(let.expr)
    )
    about = " ".join([*means.values(), question.exercise.title]).lower()
    networks = squashed or any(word in about for word in ("gate", "cell", "hidden", "state", "candidate"))
    shapes = {name: node.shape for name, node in nodes.items()}
    hidden = dict(_hidden(question))
    whole = frozenset(name for name, node in nodes.items() if _is_whole(node))
    asked = [answer for answer in question.compiled.answers if answer is not None]
    exprs = [*(let.expr for let in lets(question.compiled.program)), *asked]
    differentiated = any(functions_in(expr) & DERIVATIVES for expr in exprs)
    return Context(
        shapes,
        means,
        masks,
        None,
        recurrent,
        definitions,
        networks=networks,
        hidden=hidden,
        whole=whole,
        differentiated=differentiated,
        shown=_shown(question),
        unseen=frozenset(name for name in question.givens if name not in question.told) - _shown(question),
    )


def _shown(question: Question) -> frozenset[str]:
    """Return the names under which the picture of a question shows what it does."""
    picture = question.compiled.picture
    if picture is None:
        return frozenset()
    exprs = [*(expr for _, expr in picture.items), picture.x, picture.y, picture.level]
    return frozenset(expr.id for expr in exprs if isinstance(expr, Name))


def _is_whole(node: Node) -> bool:
    value = node.value
    if value is None or not np.all(value == np.round(value)):
        return False
    return not value.shape or bool((np.abs(value) > 1).any())


def _hidden(question: Question) -> Iterator[tuple[str, tuple[str | None, Expr]]]:
    """Yield the steps whose names a learner does not see, with the variable of their loop and what they are."""
    seen = names_seen(question)
    for statement in question.compiled.program:
        variable = statement.variable if isinstance(statement, Loop) else None
        for let in lets((statement,)):
            if let.name not in seen:
                yield let.name, (variable, let.expr)


def names_seen(question: Question) -> set[str]:
    """Return the names that a learner sees: of givens, of what is asked for, and those that a prompt speaks of."""
    prompts = [question.exercise.prompt, *(part.ask.prompt or "" for part in question.parts)]
    asked = " ".join(part.name for part in question.parts)  # of `h[-1] + c[-1]` both
    return {*question.told, *_WORD.findall(asked), *_names_told(" ".join(prompts))}


def _names_told(prose: str) -> set[str]:
    """Return the names that a text speaks of: what is code or stands in a formula, and other words that are no English.

    "A tagger scores every label" speaks of no `scores`, nor of an `a`.
    """
    plain = _CODE.sub(" ", prose)
    unusual = {word for word in _WORD.findall(plain) if not _ENGLISH.fullmatch(word)}
    return unusual | set(_IN_FORMULA.findall(plain)) | set(_WORD.findall(" ".join(_CODE.findall(prose))))


def _is_mask(name: str, node: Node, means: Mapping[str, str], definitions: Mapping[str, Expr]) -> bool:
    """Tell whether a name is 1 (or True) where something is real and 0 where it is padding."""
    if node.value is None or not node.shape or not node.value.size:
        return False
    expr = definitions.get(name)
    if isinstance(expr, Call) and expr.function in COMPARISONS:
        return True
    description = f"{name} {means.get(name, '')}".lower()
    return any(word in description for word in ("mask", "padding", "real")) and bool(
        np.isin(node.value, (0.0, 1.0)).all()
    )


def value_of(question: Question, part: Part, mutant: Mutant) -> Array | None:
    """Return what a mutant gives for a part with a question's numbers; None where it cannot be computed."""
    return value_with(question, part, mutant.changes)


def value_with(question: Question, part: Part, changes: Changes) -> Array | None:
    """Return what changed steps give for a part with a question's numbers; None where it cannot be computed."""
    try:
        return tape(question, part).value(changes)
    except (ProgramError, EngineError):
        return None


@remembered(64, by=lambda _question, part: (part, ()))
def tape(question: Question, part: Part) -> Tape:
    """Return the steps of a question, to be changed, as seen from a part."""
    assert part.node is not None  # noqa: S101 - only parts with a value have mutants
    answer = question.compiled.answers[question.parts.index(part)]
    return Tape(question.graph, question.compiled.program, part.node, answer)


AGAIN = 6  # how much more a node costs where derivatives are worked out anew


def tape_length(question: Question, part: Part) -> int:
    """Return about how many nodes are evaluated for a mutant of a part."""
    taped = tape(question, part)
    return taped.length * (AGAIN if taped.differentiates else 1)


@dataclass(frozen=True)
class Known:
    """A known mistake with its value for a question: `wording` is what is said, `text` its expression or name."""

    kind: str
    value: Array
    wording: str
    mutant: Mutant | None = None
    text: str = ""


def authored(question: Question, part: Part) -> list[Known]:
    """Return the mistakes that the file describes for a part. Those that cannot be evaluated are left to lint."""
    mistakes: list[Known] = []
    for compiled in question.compiled.mistakes:
        if compiled.mistake.answer not in (None, part.name):
            continue
        try:
            value = as_numbers(scratch(question).evaluate(compiled.expr).number)
        except EngineError:
            continue
        mistakes.append(Known("authored", value, compiled.mistake.say, text=compiled.mistake.value))
    return mistakes


def steps_on_the_way(question: Question, part: Part) -> list[Known]:
    """Return the named steps that a part's answer is made from, itself not among them."""
    steps: list[Known] = []
    for name in sorted(needed_steps(question, part) - {part.name}):
        node = question.graph.whole(name)
        if node.value is not None and node is not part.node:
            steps.append(Known("intermediate", as_numbers(node.number), name, text=name))
    return steps


def _sizes(question: Question, part: Part) -> tuple[object, Hashable]:
    sizes = tuple(np.shape(value) if isinstance(value, np.ndarray) else value for value in question.givens.values())
    return question.exercise, (part.name, sizes)


@remembered(256, by=_sizes)
def mutants_of(question: Question, part: Part) -> list[Mutant]:
    """Return the mutants of a part, made once an exercise (sizes that are drawn may change what there is)."""
    return mutants(question, part)
