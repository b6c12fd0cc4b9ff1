"""The wrong versions of many draws of an exercise at once: an axis for the draws stands before all others.

A draw is judged by what a hundred wrong versions of its steps give. One after the other they take most of the time of
`rnn-tutor check`. Here each is computed once for all draws that have the same sizes. A version is an expression of its
own for one or several steps; what it shares with the step as it is stays the same object, so the place where the two
part is found by going down while one part alone is another. What cannot be had in this way, and what looks right, is
computed on the tape: whether a draw is taken hangs on that.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from rnn_tutor.engine.clocks import CLOCKS
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, children, with_children
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.batched import Choice, NotBatchedError, Versions
from rnn_tutor.engine.graph.node import Node
from rnn_tutor.engine.graph.steps import START, Start, lets
from rnn_tutor.engine.remember import remembered
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.diagnosis.mistakes import ANSWER, Mutant, mutants_of, tape, value_of
from rnn_tutor.exercises.question import Part, Question

FEWEST = 4  # draws that are worth a walk along the program
MOST_ELEMENTS = 400_000  # draws times versions times the elements of the largest value, in one walk

Values = Callable[[Part, Mutant], Array | None]
Found = dict[Mutant, Array | None]


def one_by_one(question: Question) -> Values:
    """Return what gives the values of wrong versions of a question, each by itself."""
    return partial(value_of, question)


class Together:
    """Draws of one exercise; what is asked of one of them is computed for all, a part at a time.

    `seconds` are the CPU seconds that this took.
    """

    def __init__(self, questions: Sequence[Question], never: set[Hashable] | None = None) -> None:
        """never: what does not fit together with such shapes, noted here for the draws that come after these."""
        self.questions = questions
        self.seconds = 0.0
        self._never: set[Hashable] = set() if never is None else never
        self._shapes: dict[tuple[int, str], Hashable] = {}
        self._found: dict[str, list[Found]] = {}

    def of(self, at: int) -> Values:
        """Return what gives the values of wrong versions of one of the draws."""

        def value(part: Part, mutant: Mutant) -> Array | None:
            if part.name not in self._found:
                started = CLOCKS.cpu()
                self._found[part.name] = self._of_part(part.name)
                self.seconds += CLOCKS.cpu() - started
            found = self._found[part.name][at]
            if mutant in found:
                known = found[mutant]
                if known is None or not looks_right(part, known) or _is_the_answer(part, known):
                    return known
            return self._alone(at, part, mutant)

        return value

    def _alone(self, at: int, part: Part, mutant: Mutant) -> Array | None:
        """Return the value of a version by itself. What does not fit by its shapes fits in no draw that is alike."""
        question = self.questions[at]
        if (at, part.name) not in self._shapes:
            self._shapes[at, part.name] = _alike(question, part)
        key = part.name, mutant, self._shapes[at, part.name]
        if key in self._never:
            return None
        try:
            return tape(question, part).value(mutant.changes)
        except EngineError as error:
            if error.kind == "shape":
                self._never.add(key)
            return None

    def _of_part(self, name: str) -> list[Found]:
        found: list[Found] = [{} for _ in self.questions]
        groups: dict[Hashable, list[int]] = {}
        for at, question in enumerate(self.questions):
            groups.setdefault(_alike(question, question.part(name)), []).append(at)
        for members in groups.values():
            if len(members) >= FEWEST:
                for at, own in zip(members, _Walks([self.questions[at] for at in members], name).found(), strict=True):
                    found[at] = own
        return found


def _is_the_answer(part: Part, value: Array) -> bool:
    """Tell whether a value that looks right is no border case: it is the answer but for the last digits."""
    expected = np.asarray(part.expected, dtype=float)
    return value.shape == expected.shape and np.allclose(value, expected, rtol=SURELY, atol=0.0)


SURELY = 1e-9  # far less than what is marked right may be off by, and far more than the order of sums changes


def _alike(question: Question, part: Part) -> Hashable:
    """Return what draws share that can be computed together: sizes, and what sizes and indexes are read off."""
    structural = question.compiled.dependencies.structural
    givens = tuple(
        (value.shape, value.tobytes() if name in structural else b"") if isinstance(value, np.ndarray) else value
        for name, value in question.givens.items()
    )
    return id(mutants_of(question, part)), givens


class _Walks:
    """Walks along a program for draws that are alike, each with as many versions as fit."""

    def __init__(self, questions: Sequence[Question], name: str) -> None:
        self.questions = questions
        self.parts = [question.part(name) for question in questions]
        last = questions[-1]
        own = tape(last, self.parts[-1])
        self.others = _others(last, self.parts[-1])
        self.versions = None
        if own.wanted is not None:
            self.versions = Versions(last.graph, own.dependencies, own.wanted, own.inner)
        largest = max([1, *(int(np.prod(node.shape)) for node in own.nodes)])
        self.most = max(1, MOST_ELEMENTS // (largest * len(questions)) - 1)
        self.givens = dict(self._differing())

    def _differing(self) -> Iterator[tuple[str, Array]]:
        for name in self.questions[-1].givens:
            nodes = [question.graph.names.get(name) for question in self.questions]
            values = [node.value for node in nodes if isinstance(node, Node) and node.value is not None]
            if len(values) == len(nodes) and any(not np.array_equal(value, values[-1]) for value in values):
                yield name, np.stack(values)

    def found(self) -> list[Found]:
        """Return the values that can be had, for each of the draws."""
        values: list[Found] = [{} for _ in self.questions]
        as_it_is = self._walked([])
        if as_it_is is None:
            return values
        # Of a draw for which the program as it is does not give the answer, something was read off another draw.
        fit = [at for at, part in enumerate(self.parts) if looks_right(part, as_it_is[0][at])]
        mutants = [mutant for mutant, others in self.others.items() if others]
        for start in range(0, len(mutants), self.most):
            self._into(values, fit, mutants[start : start + self.most])
        for mutant in mutants:  # those that have another shape on the way: with no others beside them
            if any(mutant not in values[at] for at in fit):
                self._note(values, fit, [mutant], alone=True)
        return values

    def _into(self, values: list[Found], fit: Sequence[int], mutants: Sequence[Mutant]) -> None:
        """Note the values of some versions; where they cannot be had together, of those of one step, or of halves."""
        if not self._note(values, fit, mutants) and len(mutants) > 1:
            half = len(mutants) // 2
            for some in _by_steps(mutants, self.others) or (mutants[:half], mutants[half:]):
                self._into(values, fit, some)

    def _note(self, values: list[Found], fit: Sequence[int], mutants: Sequence[Mutant], *, alone: bool = False) -> bool:
        """Note what a walk gives; tell whether there was one."""
        got = self._walked(mutants, alone=alone)
        if got is None:
            return False
        numbers, had = got
        finite = np.asarray(np.isfinite(numbers).reshape(len(numbers), -1).all(axis=1))
        draws = len(self.questions)
        for at, mutant in enumerate(mutants):
            for draw in fit:
                row = at * draws + draw
                if had[row]:
                    values[draw][mutant] = numbers[row] if finite[row] else None
        return True

    def _walked(self, mutants: Sequence[Mutant], *, alone: bool = False) -> tuple[Array, Array] | None:
        """Return the values of versions, for one draw after the other, and whether each was computed.

        After them those of the program as it is, whose shapes all others have; not where one is `alone`.
        """
        if self.versions is None:
            return None
        draws, count = len(self.questions), len(mutants) + (0 if alone else 1)
        choices, roots = _choices([self.others[mutant] for mutant in mutants], draws)
        givens = {
            name: np.broadcast_to(own, (count, *own.shape)).reshape(count * draws, *own.shape[1:])
            for name, own in self.givens.items()
        }
        try:
            numbers = self.versions.values(choices, roots, count * draws, givens)
        except NotBatchedError:
            return None
        return numbers, ~self.versions.open


# What a version is


@dataclass(frozen=True, eq=False)
class _Other:
    """What stands otherwise in a version: `step` is a name, `h_start` for a start, ANSWER for what is asked for."""

    step: str
    root: Expr
    place: Expr
    instead: Expr


def _choices(versions: Sequence[tuple[_Other, ...]], draws: int) -> tuple[list[Choice], dict[str, Expr]]:
    """Return the places at which versions differ, for all draws of each, and the steps that these are in."""
    found: dict[int, list[tuple[int, _Other]]] = {}
    roots: dict[str, Expr] = {}
    for at, several in enumerate(versions):
        for other in several:
            roots[other.step] = other.root
            found.setdefault(id(other.place), []).append((at, other))
    choices = []
    for of_place in found.values():
        members = tuple(np.arange(at * draws, (at + 1) * draws) for at, _ in of_place)
        choices.append(Choice(of_place[0][1].place, tuple(other.instead for _, other in of_place), members))
    return choices, roots


def _by_steps(
    mutants: Iterable[Mutant], others: Mapping[Mutant, tuple[_Other, ...]]
) -> Sequence[Sequence[Mutant]] | None:
    """Return versions by the steps that they are in; None where these are the same."""
    groups: dict[tuple[str, ...], list[Mutant]] = {}
    for mutant in mutants:
        groups.setdefault(tuple(other.step for other in others[mutant]), []).append(mutant)
    return list(groups.values()) if len(groups) > 1 else None


def _versions_of(question: Question, part: Part) -> tuple[object, Hashable]:
    return mutants_of(question, part), part.name


@remembered(256, by=_versions_of)
def _others(question: Question, part: Part) -> dict[Mutant, tuple[_Other, ...]]:
    """Return what stands otherwise in each of the mutants of a part; nothing where loops run for other times."""
    roots: dict[str, Expr] = {let.name: let.expr for let in lets(question.compiled.program)}
    for statement in question.compiled.program:
        if isinstance(statement, Start):
            roots |= {f"{name}{START}": expr for name, expr in statement.values.items()}
    wanted = tape(question, part).wanted
    if wanted is None:
        return {}
    roots[ANSWER] = wanted
    return {mutant: tuple(_of(mutant, roots)) for mutant in mutants_of(question, part)}


def _of(mutant: Mutant, roots: Mapping[str, Expr]) -> Iterator[_Other]:
    if mutant.counts:
        return
    changed = dict(mutant.lets) | {f"{name}{START}": expr for name, expr in mutant.starts.items()}
    for step, expr in changed.items():
        yield _Other(step, roots[step], *parted(roots[step], expr))


def parted(before: Expr, after: Expr) -> tuple[Expr, Expr]:
    """Return the one part of an expression in which another differs, with what stands there in that one."""
    while True:
        old, new = children(before), children(after)
        differing = [at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] is not pair[1]]
        if len(old) != len(new) or len(differing) != 1 or not _same_apart_from_parts(before, after):
            return before, after
        before, after = old[differing[0]], new[differing[0]]


def _same_apart_from_parts(before: Expr, after: Expr) -> bool:
    if isinstance(before, Call) and isinstance(after, Call):
        names = [[name for name, _ in call.keywords] for call in (before, after)]
        return before.function == after.function and names[0] == names[1]
    return type(before) is type(after) and with_children(before, children(after)) == after
