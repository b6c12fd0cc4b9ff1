"""What it costs to open an exercise with new numbers and to mark a wrong answer.

    python benchmarks/marking.py [--quick] [--draws N] [--every N] [FOLDER ...]
    python benchmarks/marking.py --base CHECKOUT            (under four minutes on a quiet machine)

Every exercise of the folders (default: content and the held-back exercises of the tests), ten draws each. For each
value asked for, wrong answers are marked after `prepare`: near misses, known mistakes, nonsense, wrong shapes. Where a
program is asked for, wrong programs are marked (`wrong_programs`): about ten, as for a value.
Aims: an exercise opens in 60 ms (150 ms for an LSTM written out over five steps); a wrong answer is marked in 10 ms in
the median, 60 ms at the 95th percentile and 120 ms at the 99th. Times are CPU time, so that others on the machine do
not count; its load is told at the end. --quick takes one draw of a few exercises: a look, not a measurement.

--base measures the program of another checkout beside this one, with the content of this one: both in turn, three
times, a process each. Told are the medians of the three. One draw of one exercise in six, if not told otherwise.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from wrong_programs import wrong_programs

from rnn_tutor.exercises.diagnosis.foreseen import prepare
from rnn_tutor.exercises.diagnosis.search import search
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.figures.numbers import listed

HERE = Path(__file__).parent.parent
DRAWS = 10
SEVERAL = 12
SHARES = (0.5, 0.95, 0.99, 1)
FEW = 25  # of every so many exercises a quick look takes one
COMPARED = 6  # ... and a comparison
ROUNDS = 3


def wrong_answers(question: Question, part: Part) -> Iterator[str]:
    """Yield texts of wrong answers: what known mistakes give, and what none does."""
    if part.kind == "program":
        yield from wrong_programs(question, part)
        return
    expected = np.asarray(part.expected, dtype=float)
    versions = search(question, part).singles if part.node is not None else []
    for version in versions[:: max(1, len(versions) // SEVERAL)]:
        if version.value.size < 200:
            yield listed(version.value, 4)
    yield listed(expected * 1.07 + 0.013, 5)
    yield listed(expected.reshape(-1)[:1] * 3, 3)
    yield listed(np.zeros(expected.shape) + 0.123, 3)
    for name, value in question.givens.items():
        if isinstance(value, np.ndarray):
            yield name
            yield f"2 * {name} - 0.1"


def milliseconds(times: list[float], share: float) -> float:
    return float(np.quantile(times, share)) * 1e3


def measured(checkout: Path, options: list[str]) -> dict[str, float]:
    """Return what this benchmark gives for the program of a checkout, in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    command = [sys.executable, __file__, "--json", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(base: Path, draws: int, every: int, folders: list[Path]) -> None:
    """Print the medians of what both checkouts give, measured in turn."""
    options = ["--draws", str(draws), "--every", str(every), *map(str, folders)]
    checkouts = {"base": base.resolve(), "here": HERE}
    rounds: dict[str, list[dict[str, float]]] = {name: [] for name in checkouts}
    for _ in range(ROUNDS):
        for name, checkout in checkouts.items():
            rounds[name].append(measured(checkout, options))
    keys = list(rounds["here"][0])
    print(" " * 6 + "".join(f"{key:>12}" for key in keys))
    for name, found in rounds.items():
        print(f"{name:6}" + "".join(f"{statistics.median(one[key] for one in found):12,.1f}" for key in keys))
    print(f"ms, medians of {ROUNDS}; load of the machine {os.getloadavg()[0]:.1f}")


def totals(everything: list[float], programs: list[float], preparing: list[float], *, as_json: bool) -> None:
    """Print what marking took in all, programs apart as well; and as JSON if that is asked for."""
    times = [milliseconds(everything, share) for share in SHARES]
    of_programs = [milliseconds(programs, share) for share in SHARES] if programs else [0.0] * len(SHARES)
    for name, found in (("all", times), ("programs", of_programs)):
        print(f"{name:24} {'':28} {found[0]:8.2f} " + " ".join(f"{one:6.1f}" for one in found[1:]))
    load = os.getloadavg()[0]
    print(f"{len(everything):,} wrong answers, of these {len(programs):,} programs; load of the machine {load:.1f}")
    if as_json:
        told = dict(zip(("median", "p95", "p99", "worst"), times, strict=True))
        told |= dict(zip(("programs", "programs p95", "programs p99"), of_programs, strict=False))
        told |= {"prepare": milliseconds(preparing, 0.5), "prepare p99": milliseconds(preparing, 0.99)}
        print(json.dumps({key: round(value, 2) for key, value in told.items()} | {"answers": len(everything)}))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    options.add_argument("--quick", action="store_true", help="one draw of a few exercises")
    options.add_argument("--draws", type=int, metavar="N", help=f"draws of each exercise (default {DRAWS})")
    options.add_argument("--every", type=int, metavar="N", help="one of so many exercises")
    options.add_argument("--base", type=Path, metavar="CHECKOUT", help="compare with the program of another checkout")
    options.add_argument("--json", action="store_true", help="end with one line of JSON")
    found = options.parse_args()
    if found.base is not None:
        compare(found.base, found.draws or 1, found.every or COMPARED, found.folders)
        return
    roots = found.folders or [HERE / "content", HERE / "tests" / "exercises" / "held_back"]
    draws, every = (1, FEW) if found.quick else (found.draws or DRAWS, found.every or 1)
    libraries = [Library([root]) for root in roots]  # which knows labs and pages from exercises
    exercises = [library.exercise(name) for library in libraries for name in library.ids][::every]
    heads = f"{'open':>6} {'worst':>6} {'tries':>5} {'prepare':>8} {'median':>7} {'p95':>6} {'p99':>6} {'worst':>6}"
    print(f"{'exercise':24} {heads}  ms")
    everything: list[float] = []
    programs: list[float] = []  # of all these
    preparing: list[float] = []
    for exercise in exercises:
        opened, prepared, marked, tries = [], [], [], 0
        for seed in range(draws):
            started = time.process_time()
            question = ask(exercise, seed)
            opened.append(time.process_time() - started)
            started = time.process_time()
            prepare(question)
            prepared.append(time.process_time() - started)
            tries = max(tries, question.tries)
            for part in question.parts:
                if not isinstance(part.expected, np.ndarray):
                    continue
                for text in wrong_answers(question, part):
                    started = time.process_time()
                    mark(question, part.name, text)
                    marked.append(time.process_time() - started)
                    programs += marked[-1:] if part.kind == "program" else []
        everything += marked
        preparing += prepared
        times = [milliseconds(marked, share) for share in SHARES] if marked else [0.0] * len(SHARES)
        print(
            f"{exercise.id:24} {milliseconds(opened, 0.5):6.1f} {max(opened) * 1e3:6.1f} {tries:5} "
            f"{milliseconds(prepared, 0.5):8.1f} {times[0]:7.2f} " + " ".join(f"{one:6.1f}" for one in times[1:])
        )
    totals(everything, programs, preparing, as_json=found.json)


if __name__ == "__main__":
    main()
