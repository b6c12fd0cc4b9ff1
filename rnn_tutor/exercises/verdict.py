"""What is said of an answer, as data: what was understood, which mistake it shows, the verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Expr
from rnn_tutor.engine.shapes import Shape

if TYPE_CHECKING:
    from rnn_tutor.engine.functions import Array
    from rnn_tutor.exercises.question import Question

Understood: TypeAlias = "Array | Shape | frozenset[int] | None"
Word = Literal["right", "rounded", "wrong", "not_understood"]
RIGHT_AFTER = "Right, after the solution."
"""What is said of a right answer to a question of which the worked solution was read before."""


@dataclass(frozen=True)
class Reading:
    """What is understood of an answer. Where it is not, `value` is None and `error` says what to type instead.

    `uses` has the givens and parts that its value comes from; `own` the values of the learner's own (earlier parts,
    scratchpad) that stand in it; `unsolved` the other parts that are still to be found: nothing may be said of it
    that gives one of them away. `bounded` tells that only so many answers are taken. `suspects` are the mistakes that
    an answer with other numbers may have been. `so_far` is what to say in place of `says` while it is being typed: half
    a name is no mistake yet.
    """

    text: str
    says: str
    value: Understood = None
    shape: Shape | None = None
    error: EngineError | None = None
    expr: Expr | None = None
    uses: frozenset[str] = frozenset()
    own: Mapping[str, "Array"] = field(default_factory=dict)
    unsolved: frozenset[str] = frozenset()
    bounded: bool = False
    suspects: tuple[object, ...] = ()
    so_far: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """What a wrong answer shows: its kind (see the design's list) and what is said.

    `rule` is the stable id of the edit that gives the answer ("" where none is named; two are joined by +); `next` is
    advice on what to do next, which names no mistake, and `step` what to compute first, as text ("" for nothing).
    `suspects` are the mistakes that it may be, where that cannot be told; only `diagnosis` looks into them. `differs`
    has the numbers on which they differ.
    """

    kind: str
    says: str
    rule: str = ""
    next: str = ""
    step: str = ""
    suspects: tuple[object, ...] = ()
    differs: "Question | None" = None


@dataclass(frozen=True)
class Verdict:
    """What is said of an answer to one part.

    `expected` and `elements` are nested lists (None where there is nothing to say element by element); `score` is from
    0 to 1; `fuller` is the right value with more digits; `follows` is said when an answer is right given the
    learner's own earlier ones, `remark` when it is right for the numbers shown and not for others; `line` is where a
    program first goes wrong, from 1.
    """

    part: str
    verdict: Word
    reading: Reading
    expected: Any
    score: float
    elements: Any = None
    diagnosis: Diagnosis | None = None
    fuller: str = ""
    follows: str = ""
    remark: str = ""
    line: int | None = None

    @property
    def says(self) -> str:
        """What is said of it, in a sentence or two."""
        if self.diagnosis is not None:
            return self.diagnosis.says
        return self.follows or self.remark

    @property
    def next(self) -> str:
        """What to do next where no mistake is named, "" where nothing is to be said."""
        return self.diagnosis.next if self.diagnosis is not None else ""


def places_of(elements: object, outer: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], bool]]:
    """Yield the place of each element of a verdict's `elements`, and whether it is right."""
    if isinstance(elements, list):
        for place, nested in enumerate(elements):
            yield from places_of(nested, (*outer, place))
    else:
        yield outer, bool(elements)


def named_in_diagnosis(verdict: Verdict) -> bool:
    """Tell whether the diagnosis itself says which elements are right; of a matrix it cannot say each."""
    of_vector = isinstance(verdict.elements, list) and not any(isinstance(row, list) for row in verdict.elements)
    return of_vector and verdict.diagnosis is not None and verdict.diagnosis.kind == "elements"
