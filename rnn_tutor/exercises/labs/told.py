"""The steps of a lab as lines to read, in the order of the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Step


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step, or the head of a loop: how many loops it is in, when it is done, its formula and its sentence."""

    depth: int
    when: str
    formula: str
    says: str = ""
    loop: bool = False


def lines_of(steps: "Sequence[Step]", depth: int = 0) -> Iterator[StepLine]:
    """Yield a line for each step, those of a loop after its head."""
    for step in steps:
        if step.for_ is not None:
            yield StepLine(depth, "", f"for {step.for_}", loop=True)
            yield from lines_of(step.do or [], depth + 1)
            continue
        formula = step.let or ", ".join(f"{name} = {text}" for name, text in (step.start or {}).items())
        yield StepLine(depth, "" if step.let else "at the start ", formula, step.say or "")
