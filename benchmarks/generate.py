"""A course of any number of exercises, for measuring what many cost: `python benchmarks/generate.py FOLDER COUNT`."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rnn_tutor.exercises.load import Library
from rnn_tutor.progress.attempt import Attempt, bounded
from rnn_tutor.progress.store import Store

PER_UNIT = 100

EXERCISE = """\
format: 1
id: {id}
title: Cell update {number}
level: {level}
prompt: |
  The forget gate `f` scales the old cell, the input gate `i` scales the candidate. Compute the new cell `c`.
given:
  f: {{value: "[0.9, 0.2]", means: forget gate, axes: [unit], draw: "uniform(0.05, 0.95)"}}
  i: {{value: "[0.1, 0.8]", means: input gate, axes: [unit], draw: "uniform(0.05, 0.95)"}}
  c_prev: {{value: "[1.0, -1.0]", means: old cell, axes: [unit], draw: "normal(0, 1)"}}
  cand: {{value: "[0.5, {number}]", means: candidate, axes: [unit], draw: "normal(0, 1)"}}
steps:
  - let: "kept = f * c_prev"
    say: What the forget gate keeps of the old cell.
  - let: "new = i * cand"
    say: What the input gate lets in.
  - let: "c = kept + new"
    say: The sum of both.
ask:
  - {{answer: c, as: vector}}
mistakes:
  - value: "i * c_prev + f * cand"
    say: The gates have changed places. f belongs to the old cell, i to the candidate.
hints:
  - Which gate belongs to the old cell?
  - Two products, element by element, and a sum.
"""


def course(folder: Path, count: int) -> Path:
    """Write a course of `count` exercises, each with its own numbers, in units of a hundred."""
    lines = ["format: 1", "title: A generated course", "units:"]
    for start in range(0, count, PER_UNIT):
        unit = f"unit-{start // PER_UNIT}"
        (folder / unit).mkdir(parents=True, exist_ok=True)
        lines += [f"  - id: {unit}", f"    title: Unit {start // PER_UNIT}", "    aim: To be many.", "    exercises:"]
        for number in range(start, min(start + PER_UNIT, count)):
            name, level = f"cell-{number}", 1 + number % 3
            lines.append(f"      - {{id: {name}, title: Cell update {number}, level: {level}}}")
            text = EXERCISE.format(id=name, number=number, level=level)
            (folder / unit / f"{name}.yaml").write_text(text, "utf-8")
    (folder / "course.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def attempts(path: Path, course: Path, count: int) -> Path:
    """Write a progress file of `count` answers to a course's exercises; a third of its beginning is done."""
    ids = Library([course]).ids
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    given = {"content_hash": "0123456789abcdef", "seed": None, "givens": '{"f": [0.9, 0.2]}', "part": "c"}
    found = [
        Attempt(
            exercise=ids[at * 7 % len(ids)],
            text="[0.5, 0.25]",
            verdict="right" if at % 3 == 0 and at * 7 % len(ids) < len(ids) / 2 else "wrong",
            score=0.0,
            diagnosis="",
            hints=0,
            seconds=3.0,
            at=begins + timedelta(minutes=at),
            parts=1,
            **given,
        )
        for at in range(count)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    store = Store(path)
    store._unsaved = [bounded(one) for one in found[:-1]]  # all in one transaction
    store.add(found[-1])
    return path


if __name__ == "__main__":
    course(Path(sys.argv[1]), int(sys.argv[2]))
