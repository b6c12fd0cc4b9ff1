"""What to do next after an answer that no mistake explains: a first step to check, a hint, the scratchpad, new numbers.

Kinds `none` and `elements` name no mistake; whatever is said here names none either.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from rnn_tutor.engine.compare import PROBE, same
from rnn_tutor.engine.functions import Array
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.diagnosis.chance import few_digits
from rnn_tutor.exercises.diagnosis.checkpoints import checkpoints
from rnn_tutor.exercises.diagnosis.diagnose import decided, suspects
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right, near
from rnn_tutor.exercises.diagnosis.mistakes import needed_steps
from rnn_tutor.exercises.diagnosis.pad_lines import so_far
from rnn_tutor.exercises.diagnosis.search import Version, computed
from rnn_tutor.exercises.diagnosis.sentences import alternatives, worded
from rnn_tutor.exercises.drawing import ask, probes
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.reading import own_values
from rnn_tutor.exercises.scratch import Note, notes
from rnn_tutor.exercises.verdict import Diagnosis, Reading, Verdict

UNEXPLAINED = ("none", "elements")
MOST_DRAWS = 2  # that are looked at for numbers on which mistakes differ
VISIBLE = 0.01  # relative: what a learner who types two or three digits can tell apart
LIKELY_ENOUGH = 4.0  # what a mistake may cost that is an example of what gives a number of few digits
MOST_EXAMPLES = 2
FEW_DIGITS = "I can't tell from these digits which mistake it is."


def advised(
    question: Question, part: Part, verdict: Verdict, earlier: Mapping[str, str], scratch: Sequence[str]
) -> Verdict:
    """Return a verdict with what to do next, where it is wrong and no mistake is named.

    What of the scratchpad is right is said with it.
    """
    diagnosis = verdict.diagnosis
    if verdict.verdict != "wrong" or diagnosis is None:
        return verdict
    if verdict.reading.suspects and (known := decided(question, part, verdict.reading)) is not None:
        return replace(verdict, diagnosis=known)
    if diagnosis.kind not in UNEXPLAINED or diagnosis.next:
        return verdict
    if diagnosis.kind == "none" and (found := suspects(question, part, verdict.reading)):
        diagnosis = replace(diagnosis, says=_with_examples(question, part, verdict.reading, found), suspects=found)
    own = own_values(question, part, earlier, scratch)
    pad = [] if part.kind == "program" else notes(question, scratch, own)
    of_pad = so_far(question, part, verdict.reading.unsolved, pad)
    diagnosis = replace(diagnosis, says=f"{diagnosis.says} {of_pad}".strip())
    return replace(verdict, diagnosis=_with_next(question, part, verdict.reading.unsolved, pad, diagnosis))


def _with_examples(question: Question, part: Part, reading: Reading, found: Sequence[Version]) -> str:
    """Say that digits are too few to tell a mistake by, and which likely ones give them: none of them is named."""
    likely = [version for version in found if len(version.rules) == 1 and version.cost <= LIKELY_ENOUGH]
    clauses = alternatives(worded(question, part, version) for version in likely)
    if not 1 <= len(clauses) <= MOST_EXAMPLES or few_digits(part, reading):
        return FEW_DIGITS
    return f"{FEW_DIGITS} You would get this, for example, if {', or if '.join(clauses)}."


def _with_next(
    question: Question, part: Part, unsolved: Collection[str], pad: Sequence[Note], diagnosis: Diagnosis
) -> Diagnosis:
    points = checkpoints(question, part, unsolved)
    known = [note.value for note in pad if note.value is not None]
    left = [point for point in points if not any(same(point.value, value, PROBE) for value in known)]
    if points:
        step = (left or points[-1:])[0].text
        return replace(diagnosis, next=f"Check one step first: your value of `{step}`.", step=step)
    earlier = [other.name for other in question.parts[: question.parts.index(part)]]
    needed = needed_steps(question, part) if part.node is not None else set[str]()
    first = next((name for name in earlier if name in unsolved and name in needed), None)
    if first is not None:
        return replace(diagnosis, next=f"Answer `{first}` first: this part follows from it.")
    if question.exercise.hints:
        return replace(diagnosis, next="Open a hint: it says where to look.")
    return replace(diagnosis, next="Compute it line by line on the scratchpad.")


@np.errstate(all="ignore")
def offered(question: Question, verdict: Verdict) -> Verdict:
    """Return a verdict with numbers on which the mistakes that it may show differ, where there are such numbers.

    It draws a few times, which takes longer than marking.
    """
    diagnosis = verdict.diagnosis
    if diagnosis is None or not diagnosis.suspects:
        return verdict
    numbers = telling(question, question.part(verdict.part), diagnosis.suspects)
    if numbers is None:
        return verdict
    sentence = "Try it with new numbers: then I can tell which it is."
    return replace(verdict, diagnosis=replace(diagnosis, differs=numbers, next=f"{sentence} {diagnosis.next}".strip()))


def telling(question: Question, part: Part, found: Sequence[object]) -> Question | None:
    """Return the question with numbers on which each of some mistakes gives an answer of its own, and a wrong one."""
    draws = question.compiled.draws
    if not draws or not any(_apart(probe, probe.part(part.name), found) for probe in probes(question.exercise)):
        return None  # the probes are at hand; drawing numbers to ask with takes longer
    seeds = [seed for seed in range(1, MOST_DRAWS + 2) if seed != question.seed]
    for seed in seeds[:MOST_DRAWS]:
        try:
            fresh = ask(question.exercise, seed)
        except ExerciseError:
            continue  # `check` tells the author; there are others
        if _apart(fresh, fresh.part(part.name), found):
            return fresh
    return None


def _apart(fresh: Question, part: Part, found: Sequence[object]) -> bool:
    values = [computed(fresh, part, version) for version in found if isinstance(version, Version)]
    told: list[Array] = []
    for value in values:
        if value is None or not np.isfinite(value).all() or looks_right(part, value):
            return False
        if any(_alike(part, value, other) for other in told):
            return False
        told.append(value)
    return True


def _alike(part: Part, value: Array, other: Array) -> bool:
    """Tell whether two values may be typed alike: within 1 % too, however many digits are asked for."""
    if value.shape != other.shape:
        return False
    return bool((near(part, value, other) | (np.abs(value - other) <= VISIBLE * np.abs(other))).all())
