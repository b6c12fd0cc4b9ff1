"""New numbers that are worth asking with.

A draw is kept only if the conditions hold, everything is finite, sizes that stand for axes differ, and every mistake
that the file describes gives a visibly different answer. Beyond that, wrong versions of the steps and values on the way
to the answer should be told apart from it too, where they can be: of a few draws the one that hides fewest is taken,
within a budget that is counted and not timed, so that a seed gives the same numbers on every machine.
"""

from collections.abc import Callable, Generator, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from rnn_tutor.engine.draw import Bits, drawn, holds
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.evaluate import Graph
from rnn_tutor.engine.graph.steps import ProgramError, with_leaves
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.compiled import Compiled, ExerciseError, compiled
from rnn_tutor.exercises.diagnosis.at_once import Values, one_by_one
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.diagnosis.mistakes import Mutant, authored, mutants_of, steps_on_the_way, tape_length, value_of
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.question import (
    Givens,
    Part,
    Question,
    by_the_book,
    in_order,
    original_givens,
    sizes_of,
    stated,
    with_givens,
)
from rnn_tutor.exercises.renamed import as_it_was, in_todays_givens

MAX_TRIES = 500
MAX_CHOICES = 8
BUDGET = 28_000  # nodes walked for wrong versions, over all tries: less than a tenth of a second
NEVER = 40  # a mistake that none of so many draws shows is taken to be right by algebra
PER_MUTANT = 30  # what a wrong version costs beside its nodes, counted in nodes
ENOUGH = 2  # draws to come may have more time steps than this one
PROBE_SEEDS = (1_009, 2_003, 3_001)


def ask(exercise: Exercise, seed: int | None = None) -> Question:
    """Return the question of an exercise with the original numbers, or with those drawn from a seed.

    One that draws nothing has its options in the order of the seed. Raises ExerciseError where the file cannot be
    evaluated, or no draw meets its conditions.
    """
    source = compiled(exercise)
    if seed is None:
        return by_the_book(exercise)
    if not source.draws:
        return with_givens(exercise, original_givens(source), seed)
    return draw_question(source, seed)


def drawn_from(exercise: Exercise, seed: int | None, is_it: Callable[[Givens], bool]) -> Question | None:
    """Return the question of a seed whose numbers are known when they are seen; None where the seed draws no such ones.

    `ask` chooses among a few draws of a seed, which takes longer than drawing them. So who knows the numbers need not
    choose again: they are those of a seed if they are among its draws, and fit to ask with. Raises ExerciseError.
    """
    source = compiled(exercise)
    if seed is None or not source.draws:
        question = by_the_book(exercise) if seed is None else with_givens(exercise, original_givens(source), seed)
        return question if is_it(question.givens) else None
    then = compiled(as_it_was(exercise)) if exercise.was else source
    try:
        bits = Bits(seed)
    except EngineError as error:
        raise ExerciseError("seed", error) from None
    original = original_givens(then)
    for tries in range(1, MAX_TRIES + 1):
        givens = in_todays_givens(exercise, one_draw(then, bits, original))
        if is_it(givens):
            question = with_givens(exercise, givens, seed, tries)
            return question if unfit(question) is None else None
    return None


def draw_question(source: Compiled, seed: int, *, choosy: bool = True) -> Question:
    """Return the question that a seed draws, as `drawing` does."""
    steps = drawing(source, seed, choosy=choosy)
    try:
        question = next(steps)
        while True:
            question = steps.send(one_by_one(question))
    except StopIteration as done:
        found: Question = done.value
        return found


def drawing(source: Compiled, seed: int, *, choosy: bool = True) -> Generator[Question, Values, Question]:
    """Draw until there are numbers to ask with, and return that question.

    On the way each draw that is fit to ask with is yielded; what comes back gives the values of its wrong versions.
    `choosy` False leaves wrong versions of the steps out of account (for draws that only serve to compare). Raises
    ExerciseError, which names what was in the way and how often. Where names were other ones, they are the old ones
    while draws are compared: which wrong versions there are hangs on names.
    """
    try:
        bits = Bits(seed)
    except EngineError as error:
        raise ExerciseError("seed", error) from None
    if choosy and source.exercise.was:
        then = yield from drawing(compiled(as_it_was(source.exercise)), seed)
        return with_givens(source.exercise, in_todays_givens(source.exercise, then.givens), seed, then.tries)
    failed: dict[str, int] = {}
    last: ExerciseError | None = None
    choice = _Choice()
    never = _Never()
    original = original_givens(source)
    for tries in range(1, MAX_TRIES + 1):
        givens = one_draw(source, bits, original)
        reason = _unmet(source, givens)
        if reason is not None:
            failed[reason] = failed.get(reason, 0) + 1
            continue
        try:
            question = with_givens(source.exercise, givens, seed, tries)
        except ExerciseError as error:
            if error.error.kind != "value":
                raise
            last = error
            failed[f"{error.key} could not be computed"] = failed.get(f"{error.key} could not be computed", 0) + 1
            continue
        reason = unfit(question) or never.reason(question)
        if reason is not None:
            failed[reason] = failed.get(reason, 0) + 1
        elif not choosy or choice.done(question, (yield question)):
            return choice.best or question
    if choice.best is not None:
        return choice.best
    if last is not None and len(failed) == 1 and len(last.says) < 200:
        raise last
    raise ExerciseError("conditions" if source.conditions else "given", EngineError("value", _none_fit(failed)))


def _none_fit(failed: dict[str, int]) -> str:
    often = sorted(failed.items(), key=lambda item: -item[1])[:3]
    reasons = "; ".join(f"{count} times because {reason}" for reason, count in often)
    return f"In {MAX_TRIES} draws no numbers were suitable: {reasons}."


def one_draw(source: Compiled, bits: Bits, original: Givens) -> Givens:
    """Return the next numbers of a stream of bits; givens without a draw keep theirs. Raises ExerciseError."""
    graph = Graph()
    givens: Givens = {}
    for given in in_order(source):
        if given.draw is None:
            givens[given.name] = stated(given, graph)
            continue
        try:
            shape = sizes_of(given, graph) if given.shape is not None else np.shape(original[given.name])
            value = drawn(given.draw, shape, given.given.decimals, bits, graph)
            givens[given.name] = graph.leaf(given.name, value).number
        except EngineError as error:
            raise ExerciseError(f"given.{given.name}.draw", error) from None
    return {given.name: givens[given.name] for given in source.givens}


def _unmet(source: Compiled, givens: Givens) -> str | None:
    """Return which condition of givens alone does not hold, as `unfit` says it: known before the steps are worked out.

    Only those before the first condition of a step are looked at, so that the same one is named.
    """
    names = set(givens)
    first = list(takewhile(lambda condition: names_in(condition) <= names, source.conditions))
    return _not_met(source, with_leaves(givens), first) if first else None


def _not_met(source: Compiled, graph: Graph, conditions: Sequence[Expr]) -> str | None:
    for text, condition in zip(source.exercise.conditions, conditions, strict=False):
        try:
            if not holds(graph, condition):
                return f"the condition {text} did not hold"
        except EngineError as error:
            raise ExerciseError("conditions", error) from None
    return None


def unfit(question: Question) -> str | None:
    """Return why these numbers are not fit to ask with, in words that follow "because"; None when they are."""
    reason = _not_met(question.compiled, question.graph, question.compiled.conditions)
    if reason is not None:
        return reason
    for part in question.parts:
        if isinstance(part.expected, np.ndarray) and not np.isfinite(part.expected).all():
            return f"{part.name} was not finite"
        if part.kind == "shape" and not _distinct_sizes(question):
            return "two sizes were equal"
    return None


class _Never:
    """The mistakes that the file describes: each has to be visible, but for those that no draw ever shows.

    Those are right by algebra (or belong to another part), which lint reports; a learner still gets new numbers.
    """

    def __init__(self) -> None:
        self._reached = 0
        self._hidden: dict[tuple[str, str], int] = {}

    def reason(self, question: Question) -> str | None:
        """Return why a draw is not fit to ask with, None when it is."""
        self._reached += 1
        invisible: list[tuple[str, str]] = []
        for part in _value_parts(question):
            invisible += [
                (part.name, mistake.text) for mistake in authored(question, part) if looks_right(part, mistake.value)
            ]
        for key in invisible:
            self._hidden[key] = self._hidden.get(key, 0) + 1
        for name, text in invisible:
            if self._hidden[name, text] < self._reached or self._reached < NEVER:
                return f"the mistake {text} gave the right answer for {name}"
        return None


def _value_parts(question: Question) -> list[Part]:
    return [part for part in question.parts if isinstance(part.expected, np.ndarray)]


def _distinct_sizes(question: Question) -> bool:
    """Sizes that are drawn differ from each other and from every other size, so that no wrong order looks right."""
    drawn_names = {given.name for given in question.compiled.givens if given.draw is not None}
    sizes = {
        name: float(value)
        for name, value in question.givens.items()
        if isinstance(value, np.ndarray) and value.shape == () and float(value).is_integer()
    }
    new = [size for name, size in sizes.items() if name in drawn_names]
    old = {size for name, size in sizes.items() if name not in drawn_names}
    return len(set(new)) == len(new) and not old & set(new)


@dataclass(frozen=True)
class Hidden:
    """A mistake that cannot be told from the right answer with a question's numbers, though it can with others."""

    part: str
    kind: str
    mistake: str


class _Choice:
    """Of several draws, the one that hides the fewest mistakes."""

    def __init__(self) -> None:
        self.best: Question | None = None
        self._fewest = 0
        self._budget = BUDGET
        self._drawn = 0
        self._suspects: list[tuple[str, int]] = []

    def done(self, question: Question, values: Values) -> bool:
        """Take a draw into account, and tell whether to stop; `best` is then the one to ask with."""
        self._drawn += 1
        hidden = self._count(question, values)
        if self.best is None or hidden < self._fewest:
            self.best, self._fewest = question, hidden
        return not hidden or self._drawn >= MAX_CHOICES or self._budget <= 0

    def _count(self, question: Question, values: Values) -> int:
        """Return how many mistakes a draw hides; of one that hides as many as the best does, no more are looked for.

        They are paid for all the same, and only where there is enough for all draws to come: what is found there puts
        first what is to be looked at, and that matters as soon as not everything can be looked at.
        """
        full = sum(self._cost(question, part) * len(mutants_of(question, part)) for part in _value_parts(question))
        enough = self.best is not None and self._budget > ENOUGH * full * (MAX_CHOICES - self._drawn + 1)
        left = self._budget - full
        count = 0
        for _ in self._hidden(question, values):
            count += 1
            if enough and count >= self._fewest:
                self._budget = left
                break
        return count

    @staticmethod
    def _cost(question: Question, part: Part) -> int:
        return tape_length(question, part) + PER_MUTANT

    def _hidden(self, question: Question, values: Values) -> Iterator[None]:
        for part in _value_parts(question):
            if _is_count(part):
                continue
            for step in steps_on_the_way(question, part):
                if looks_right(part, step.value) and _step_differs(question, part, step.text):
                    yield None
            cost = self._cost(question, part)
            for position, mutant in enumerate(_suspects_first(mutants_of(question, part), part, self._suspects)):
                if self._budget <= 0:
                    return
                self._budget -= cost
                value = values(part, mutant)
                if value is not None and looks_right(part, value) and _differs(question, part, mutant):
                    self._suspects.append((part.name, position))
                    yield None


def _is_count(part: Part) -> bool:
    """Tell whether an answer is a small whole number, or several: a place, a count, yes and no.

    Some of these hide more mistakes than others, and choosing by that would make the answer the same in all draws.
    """
    expected = part.expected
    return (
        isinstance(expected, np.ndarray)
        and bool(np.all(expected == np.round(expected)))
        and bool(np.abs(expected).max(initial=0.0) < SMALL)
    )


def _suspects_first(mutants: Sequence[Mutant], part: Part, suspects: list[tuple[str, int]]) -> list[Mutant]:
    first = {id(mutants[at]) for name, at in suspects if name == part.name and at < len(mutants)}
    return sorted(mutants, key=lambda mutant: id(mutant) not in first)


def hidden(question: Question) -> list[Hidden]:
    """Return the mistakes that a question's numbers cannot tell from the right answer, though others can."""
    mistakes: list[Hidden] = []
    for part in _value_parts(question):
        for mistake in authored(question, part):
            if looks_right(part, mistake.value):
                mistakes.append(Hidden(part.name, "authored", mistake.text))
        for step in steps_on_the_way(question, part):
            if looks_right(part, step.value) and _step_differs(question, part, step.text):
                mistakes.append(Hidden(part.name, "intermediate", step.text))
        for mutant in mutants_of(question, part):
            value = value_of(question, part, mutant)
            if value is not None and looks_right(part, value) and _differs(question, part, mutant):
                where = f"in {mutant.let}, " if mutant.let not in ("", part.name) and "(" not in mutant.let else ""
                mistakes.append(Hidden(part.name, "mutation", where + mutant.clause))
    return mistakes


def hidden_by_the_book(exercise: Exercise) -> list[Hidden]:
    """Return the mistakes that an exercise's fixed numbers cannot tell from the right answer, though others can.

    Those that are right by algebra are not among them, nor (without draws) those that no small change tells apart.
    """
    return hidden(by_the_book(exercise))


def _same_mistake(question: Question, part: Part, mutant: Mutant) -> tuple[object, Hashable]:
    """Return what a wrong version is known by: drawn sizes make the same ones again, as other objects."""
    changes = (frozenset(mutant.lets.items()), frozenset(mutant.starts.items()), frozenset(mutant.counts.items()))
    return question.exercise, (part.name, changes)


@remembered(2_000, by=_same_mistake)
def _differs(question: Question, part: Part, mutant: Mutant) -> bool:
    """Tell whether a mutant is visibly different for some other numbers: the same ones, whatever draw asks."""
    return any(
        (value := value_of(probe, probe.part(part.name), mutant)) is not None
        and not looks_right(probe.part(part.name), value)
        for probe in probes(question.exercise)
    )


SMALL = 20


def _step_differs(question: Question, part: Part, name: str) -> bool:
    for probe in probes(question.exercise):
        probe_part = probe.part(part.name)
        if any(
            step.text == name and not looks_right(probe_part, step.value)
            for step in steps_on_the_way(probe, probe_part)
        ):
            return True
    return False


@remembered(16)
def probes(exercise: Exercise) -> list[Question]:
    """Return the exercise with other numbers, the same each time: a few draws, or its own numbers shaken a little."""
    source = compiled(exercise)
    questions = []
    for seed in PROBE_SEEDS:
        try:
            if source.draws:
                questions.append(draw_question(source, seed, choosy=False))
            else:
                questions.append(_shaken(source, seed))
        except ExerciseError:
            continue  # lint reports what cannot be drawn; with fewer probes fewer mistakes are told to be one
    return questions


COUNTED = (
    "mask",
    "token",
    "id",
    "index",
    "indices",
    "length",
    "lengths",
    "class",
    "label",
    "padding",
    "real",
    "real",
)


def _shaken(source: Compiled, seed: int) -> Question:
    """Return an exercise without draws with its numbers changed a little; what counts or selects stays as it is."""
    bits = Bits(seed)
    original = original_givens(source)
    for whole_too in (True, False):
        givens: Givens = {}
        for name, value in original.items():
            words = f"{name} {source.exercise.given[name].means}".lower().replace("_", " ").split()
            counted = any(word.strip("s,.()") in COUNTED or word in COUNTED for word in words)
            whole = isinstance(value, np.ndarray) and bool(np.all(value == np.floor(value)))
            keep = isinstance(value, tuple) or (whole and (counted or value.ndim == 0 or not whole_too))
            givens[name] = value if keep or isinstance(value, tuple) else changed(value, bits)
        try:
            return with_givens(source.exercise, givens, None)
        except (ExerciseError, ProgramError) as error:
            failure = error
    assert isinstance(failure, ExerciseError)  # noqa: S101 - with_givens raises nothing else
    raise failure


def changed(value: Array, bits: Bits) -> Array:
    """Return numbers near the given ones: within 0 and 1 where they are, and summing to 1 where they do."""
    share = bits.uniform(value.shape)
    if (value >= 0).all() and (value <= 1).all():
        moved = value + 0.3 * share * (0.45 - value)
        ones = value.ndim > 0 and np.allclose(value.sum(axis=-1), 1)
        return np.asarray(moved / moved.sum(axis=-1, keepdims=True) if ones else moved)
    if (value > 0).all():
        return np.asarray(value * (1 + 0.3 * share))
    return np.asarray(value * (1 + 0.3 * share) + 0.2 * (bits.uniform(value.shape) - 0.4))
