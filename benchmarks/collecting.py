"""What it takes to collect the hand-ins of a class: files a second, and the most memory of all processes together.

    python benchmarks/collecting.py [--counts 50 500] [--attempts 200] [--exercises 40] [--workers 2]
    python benchmarks/collecting.py --counts 50 1000       (the whole, on a quiet machine: ten minutes)

An assignment of exercises of the course, and learners who answer each part of them with their own numbers: wrong as
often as right. Most of the wrong answers are wrong versions of the steps, some of them two mistakes together, or values
on the way: the tutor names these. The others are nothing that it knows. No program is among them. Each answer is marked
when it is made, and what the file says of it is what that gave. Then `rnn-tutor collect` is run on them.

Aims: a thousand hand-ins of 200 answers in eight minutes on two cores; as much memory for 500 files as for 50.
Where fewer are measured, the thousand is told as what it would be at this pace: said so, and no measurement.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from rnn_tutor.exercises.again import Again, Named, keep_in_hand
from rnn_tutor.exercises.assignment import seed_of
from rnn_tutor.exercises.compiled import compiled
from rnn_tutor.exercises.diagnosis.mistakes import authored, steps_on_the_way
from rnn_tutor.exercises.diagnosis.search import Version, computed, search
from rnn_tutor.exercises.drawing import ask, draw_question
from rnn_tutor.exercises.lint.processes import one_by_one
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.figures.numbers import listed
from rnn_tutor.paths import content_folder
from rnn_tutor.progress import handin
from rnn_tutor.progress.attempt import Attempt, bounded
from rnn_tutor.progress.record import attempt_of

FULL = 1_000
MINUTES = 8.0
FLAT = 1.15  # as much memory as this may the larger class take
BEGAN = datetime(2027, 1, 11, 8, tzinfo=UTC)
VERSIONS = 12  # mistakes of each part that the class makes: a few are common, the others are not
LOOK = 0.2  # seconds between two looks at the memory
ASSIGNMENT = "collecting"


class Class(NamedTuple):
    """What a class does: which exercises, how many answers each learner gives, where they are written to."""

    exercises: tuple[str, ...]
    attempts: int
    folder: Path
    chosen: bool
    """Whether numbers are chosen among draws as the tutor does; it takes longer, and changes hardly anything."""


class Made(NamedTuple):
    """What was made of one learner: answers, those that were wrong, and those of which a mistake was named."""

    answers: int
    wrong: int
    named: int


class Learners:
    """Makes hand-ins, in one process."""

    def __init__(self, klass: Class) -> None:
        self._class = klass
        self._library = Library([content_folder()])
        self._again = Again()
        self._mistakes: dict[tuple[str, str], list[Version]] = {}
        keep_in_hand()

    def make(self, learner: str) -> Made:
        """Write the hand-in of a learner."""
        rng = random.Random(learner)
        attempts: list[Attempt] = []
        names = list(self._class.exercises)
        rng.shuffle(names)
        at = BEGAN + timedelta(minutes=rng.randrange(600))
        for name in names:
            if len(attempts) < self._class.attempts:
                question = self._question(learner, name)
                for answer in self._answers(question, rng):
                    at += timedelta(seconds=rng.uniform(5, 90))
                    attempts.append(replace(answer, at=at, seconds=round(rng.uniform(5, 90), 3)))
        attempts = [bounded(one) for one in attempts[: self._class.attempts]]
        head = handin.Head(learner, ASSIGNMENT, "benchmark")
        (self._class.folder / f"{learner}.jsonl").write_bytes(b"".join(handin.lines(head, attempts)))
        wrong = [one for one in attempts if one.verdict == "wrong"]
        return Made(len(attempts), len(wrong), sum(one.diagnosis not in ("none", "elements") for one in wrong))

    def _question(self, learner: str, name: str) -> Question:
        exercise, seed = self._library.exercise(name), seed_of(learner, ASSIGNMENT, name)
        source = compiled(exercise)
        if self._class.chosen or not source.draws:
            return ask(exercise, seed)
        return draw_question(source, seed, choosy=False)

    def _answers(self, question: Question, rng: random.Random) -> Iterator[Attempt]:
        earlier: dict[str, str] = {}
        digest = self._library.hash(question.exercise.id)
        for part in question.parts:
            right = right_text(part)
            if right is None:
                continue
            for text, named in (self._wrong(question, part, rng), (right, Named("", ""))):
                verdict = self._again.mark(question, part.name, text, earlier, (), named=named, solved=list(earlier))
                yield attempt_of(question, digest, verdict, text)
                earlier[part.name] = text

    def _wrong(self, question: Question, part: Part, rng: random.Random) -> tuple[str, Named]:
        """Return a wrong answer, and what would be said of it."""
        if not isinstance(part.expected, np.ndarray):
            return other_choice(part, rng), Named("", "")
        kind = rng.random()
        if kind < COMMON:
            value, named = self._mistake(question, part, rng, 2 if kind < PAIRED else 1)
        elif kind < ON_THE_WAY:
            known = [(one.value, Named("authored", "")) for one in authored(question, part)]
            known += [(one.value, Named("intermediate", "")) for one in steps_on_the_way(question, part)]
            value, named = rng.choice(known) if known else (None, Named("", ""))
        else:
            value, named = None, Named("", "")
        if value is None or not np.isfinite(value).all() or value.size > MOST_SIZE:
            value = part.expected * rng.uniform(1.1, 1.9) + rng.uniform(0.01, 0.2)
            named = Named("none", "")
        return listed(value, 6), named

    def _mistake(
        self, question: Question, part: Part, rng: random.Random, count: int
    ) -> tuple["np.ndarray | None", Named]:
        """Return what one mistake, or two, give; the first few of those of a part are made by most."""
        if part.node is None:
            return None, Named("none", "")
        key = question.exercise.id, part.name
        if key not in self._mistakes:
            every = [one for one in search(question, part).singles if len(one.slips) == 1 and not one.in_full]
            chosen = random.Random(f"{key}").sample(every[: 8 * VERSIONS], min(VERSIONS, len(every)))
            self._mistakes[key] = [replace(one, value=np.zeros(0)) for one in chosen]
        known = self._mistakes[key]
        if len(known) < count:
            return None, Named("none", "")
        chosen = [known[min(int(rng.expovariate(0.4)), len(known) - 1)]]
        if count > 1:
            chosen.append(rng.choice([one for one in known if one is not chosen[0]]))
        slips = tuple(slip for one in chosen for slip in one.slips)
        value = computed(question, part, replace(chosen[0], slips=slips))
        return value, Named("mutation", "+".join(rule for one in chosen for rule in one.rules))


PAIRED, COMMON, ON_THE_WAY = 0.03, 0.7, 0.8  # shares of wrong answers, one after the other
MOST_SIZE = 200


def right_text(part: Part) -> str | None:
    """Return the right answer as text; None for a program, of which no file has one."""
    if part.kind == "program":
        return None
    if isinstance(part.expected, np.ndarray):
        return listed(part.expected, 6)
    return (
        ", ".join(str(one) for one in sorted(part.expected))
        if isinstance(part.expected, frozenset)
        else str(part.expected)
    )


def other_choice(part: Part, rng: random.Random) -> str:
    """Return another option, or another shape."""
    if isinstance(part.expected, frozenset):
        others = [number for number in range(1, len(part.ask.options) + 1) if number not in part.expected]
        return str(rng.choice(others or [1]))
    assert isinstance(part.expected, tuple)
    return str((*part.expected[::-1], 2))


def _make(learners: Learners, learner: str) -> Made:
    return learners.make(learner)


@dataclass
class Measured:
    """What collecting took."""

    files: int
    seconds: float
    cpu: float
    megabytes: float
    megabytes_of: tuple[float, ...]


def collected(folder: Path, assignment: Path, workers: int) -> Measured:
    """Run the command on the first `count` files of a folder, and look at the memory of its processes meanwhile."""
    files = sorted(folder.glob("*.jsonl"))
    command = [sys.executable, "-m", "rnn_tutor", "collect", str(folder), "--assignment", str(assignment), "--csv"]
    cores = sorted(os.sched_getaffinity(0))[:workers]
    began = time.perf_counter()
    with (folder / "report.csv").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, preexec_fn=lambda: os.sched_setaffinity(0, cores))  # noqa: PLW1509
        most, alone = 0.0, tuple[float, ...]()
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            sizes = tuple(sorted(memory_of(process.pid), reverse=True))
            if sum(sizes) > most:
                most, alone = sum(sizes), sizes
            time.sleep(LOOK)
    seconds, (_, status, used) = time.perf_counter() - began, ended
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"collect ended with {process.returncode}")
    return Measured(len(files), seconds, used.ru_utime + used.ru_stime, most, alone)


def memory_of(root: int) -> Iterator[float]:
    """Yield the resident megabytes of a process and of those that it has started."""
    children: dict[int, list[int]] = {}
    sizes: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.name))
        sizes[int(entry.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    waiting = [root]
    while waiting:
        process = waiting.pop()
        if process in sizes:
            yield sizes[process]
        waiting += children.get(process, [])


def chosen_exercises(count: int) -> tuple[str, ...]:
    """Return exercises from all over the course, which draw numbers; none that is answered by a program alone."""
    library = Library([content_folder()])
    found = []
    for name in library.ids:
        exercise = library.exercise(name)
        if any(one.as_ != "program" for one in exercise.ask):
            found.append(name)
    return tuple(found[at * len(found) // count] for at in range(min(count, len(found))))


def measure(count: int, asked: argparse.Namespace, folder: Path) -> Measured:
    """Make the hand-ins of so many learners, collect them, and tell what it took."""
    names = chosen_exercises(asked.exercises)
    files = folder / str(count)
    files.mkdir()
    assignment = folder / "assignment.yaml"
    listed_names = "".join(f"  - {name}\n" for name in names)
    assignment.write_text(f"format: 1\nid: {ASSIGNMENT}\ntitle: Collecting\nexercises:\n{listed_names}", "utf-8")
    began = time.perf_counter()
    klass = Class(names, asked.attempts, files, asked.chosen)
    learners = [f"learner-{at:04}" for at in range(count)]
    made = list(one_by_one(Learners, klass, _make, learners, asked.workers))
    answers, wrong, named = (sum(column) for column in zip(*made, strict=True))
    size = sum(one.stat().st_size for one in files.iterdir()) / 2**20
    print(
        f"{count} hand-ins of {answers / count:.0f} answers made in {time.perf_counter() - began:.0f} s: "
        f"{wrong / answers:.0%} wrong, of these {named / max(1, wrong):.0%} named; {size:.0f} MB",
        flush=True,
    )
    found = collected(files, assignment, asked.workers)
    alone = ", ".join(f"{one:.0f}" for one in found.megabytes_of)
    print(
        f"{found.files} files collected in {found.seconds:.1f} s ({found.files / found.seconds:.2f} files/s, "
        f"{found.cpu:.0f} s of CPU); at most {found.megabytes:.0f} MB ({alone})",
        flush=True,
    )
    return found


def told(measured: Sequence[Measured]) -> bool:
    """Say what the measurements mean for a thousand files, and whether the aims are met."""
    last = measured[-1]
    if last.files >= FULL:
        minutes = last.seconds * FULL / last.files / 60
        print(f"{FULL:,} files: {minutes:.1f} minutes, measured; the aim is {MINUTES:g}")
    elif len(measured) > 1:
        first = measured[0]  # what each start costs is in both: what one more file takes is the difference
        each = (last.seconds - first.seconds) / (last.files - first.files)
        minutes = (last.seconds + each * (FULL - last.files)) / 60
        print(
            f"{FULL:,} files: {minutes:.1f} minutes at {each:.3f} s for each more; extrapolated; the aim is {MINUTES:g}"
        )
    else:
        minutes = last.seconds * FULL / last.files / 60
        print(f"{FULL:,} files: {minutes:.1f} minutes at this pace; extrapolated; the aim is {MINUTES:g}")
    flat = last.megabytes <= FLAT * measured[0].megabytes
    if len(measured) > 1:
        print(f"memory: {last.megabytes / measured[0].megabytes:.2f} of that of {measured[0].files} files")
    return minutes <= MINUTES and flat


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", type=int, nargs="+", default=[50, 500], help="hand-ins, in classes one by one")
    options.add_argument("--attempts", type=int, default=200, help="answers of each")
    options.add_argument("--exercises", type=int, default=40, help="exercises of the assignment")
    options.add_argument("--workers", type=int, default=2, help="cores")
    options.add_argument("--chosen", action="store_true", help="numbers chosen among draws, as in the tutor")
    options.add_argument("--quick", action="store_true", help="that it runs: a few files of a few answers")
    asked = options.parse_args()
    if asked.quick:
        asked.counts, asked.attempts, asked.exercises = [2, 4], 12, 3
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        measured = [measure(count, asked, Path(folder)) for count in asked.counts]
    print(f"load of the machine by others before: {load:.1f}")
    return 0 if told(measured) or asked.quick else 1


if __name__ == "__main__":
    sys.exit(main())
