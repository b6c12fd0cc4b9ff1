"""`make bench`: what the tutor costs, beside a bare Textual app in the same run.

Every figure that has a floor is measured in turns with benchmarks/bare.py, so that a busy machine slows both; the
ratio is the median of the rounds' ratios. --quick takes few rounds and short waits: a look, not a measurement.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import generate, lab, scenes
from benchmarks.pty_session import Answered
from benchmarks.scenes import BARE, BIN, TUTOR, percentile

WIDE, SMALL = (120, 40), (80, 24)


@dataclass(frozen=True)
class Row:
    """One line of the table: `value` of the tutor, `bare` of the floor, the figure that the goal speaks of."""

    what: str
    value: float
    unit: str
    most: float
    bare: float | None = None
    ratio: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool:
        found = self.value if self.ratio is None else self.ratio
        return found >= self.most if self.at_least else found <= self.most

    @property
    def goal(self) -> str:
        return f"{'>=' if self.at_least else '<='} {self.most:g}{'x' if self.ratio is not None else ' ' + self.unit}"


def compared(what: str, unit: str, most: float, pairs: Sequence[tuple[float, float]]) -> Row:
    """A row of a ratio: of (bare, tutor) of each round."""
    bare, tutor = (median(side) for side in zip(*pairs, strict=True))
    return Row(what, tutor, unit, most, bare, median(ours / max(floor, 1e-9) for floor, ours in pairs))


def starts(home: Path, rounds: int) -> list[Row]:
    found = [(scenes.start(BARE, home), scenes.start(TUTOR, home)) for _ in range(rounds)]

    def row(what: str, key: str, unit: str, most: float, by: float = 1.0) -> Row:
        return compared(what, unit, most, [(floor[key] * by, ours[key] * by) for floor, ours in found])

    return [
        row("first frame", "first", "ms", 1.25, 1e3),
        row("usable", "usable", "ms", 1.35, 1e3),
        row("CPU to usable", "cpu", "ms", 1.35, 1e3),
        row("quit", "quit", "ms", 1.1, 1e3),
    ]


def untouched(home: Path, rounds: int) -> list[Row]:
    rows = []
    for size, most in ((WIDE, 60), (SMALL, 25)):
        ours, floor = (scenes.untouched(program, home, size)["bytes"] / 1000 for program in (TUTOR, BARE))
        rows.append(Row(f"bytes until settled, {size[0]}x{size[1]}", ours, "kB", most, floor))
    found = [(scenes.untouched(BARE, home), scenes.untouched(TUTOR, home)) for _ in range(rounds)]
    return [
        *rows,
        compared("PSS, nothing pressed", "MB", 1.5, [(floor["pss"], ours["pss"]) for floor, ours in found]),
        Row("threads, nothing pressed", max(ours["threads"] for _, ours in found), "", 4),
    ]


def idle(home: Path, seconds: float) -> list[Row]:
    found = scenes.idle([BARE, TUTOR], home, seconds)
    floor, ours = found["bare"], found["tutor"]
    return [
        Row(f"idle bytes in {seconds:g} s", ours["bytes"], "bytes", 0, floor["bytes"]),
        compared(f"idle CPU in {seconds:g} s", "ms", 1.2, [(floor["cpu"] * 1e3, ours["cpu"] * 1e3)]),
    ]


def keys(home: Path, rounds: int) -> list[Row]:
    typed: list[Answered] = []
    looked: list[Answered] = []
    moved: list[Answered] = []
    memory: list[tuple[float, float]] = []
    threads = 0.0
    for _ in range(rounds):
        with scenes.running(BARE, home) as session:
            floor = session.pss()
        keys, looks, cost = scenes.typing(home)
        moved += scenes.moving(home)
        typed += keys
        looked += looks
        memory.append((floor, cost["pss"]))
        threads = max(threads, cost["threads"])
    return [
        Row("key to paint, p50", percentile(seconds(typed), 50), "ms", 10),
        Row("key to paint, p95", percentile(seconds(typed), 95), "ms", 10),
        Row("frames a key, most", max(one.frames for one in typed), "", 1),
        Row("bytes a key, mean", sum(one.size for one in typed) / len(typed), "bytes", 400),
        Row("bytes a key, p95", percentile([one.size for one in typed], 95), "bytes", 400),
        Row("bytes a move in the course, most", max(one.size for one in moved), "bytes", 500),
        Row("bytes a move in a heatmap, most", max(one.size for one in looked), "bytes", 500),
        Row("move in the course, p95", percentile(seconds(moved), 95), "ms", 10),
        Row("move in a heatmap, p95", percentile(seconds(looked), 95), "ms", 10),
        compared("PSS, an exercise opened", "MB", 2.0, memory),
        Row("threads, an exercise opened", threads, "", 4),
    ]


def exercises(home: Path, rounds: int) -> list[Row]:
    opened: list[Answered] = []
    verdicts: list[Answered] = []
    steps: list[Answered] = []
    for at in range(rounds):
        opened += scenes.opening(home / f"opening-{at}")
        marked, walked = scenes.answering(home / f"answering-{at}")
        verdicts += marked
        steps += walked
    at_once = [scenes.opening_at_once(home / "at-once") for _ in range(rounds * 2)]
    rows = [Row("opening the first, Enter the first key", percentile(seconds(at_once), 50), "ms", 100)]
    for what, found, most in (
        ("opening an exercise", opened, 100),
        ("verdict after Enter", verdicts, 60),
        ("next solution step", steps, 40),
    ):
        rows.append(Row(f"{what}, p50", percentile(seconds(found), 50), "ms", most))
        rows.append(Row(f"{what}, p95", percentile(seconds(found), 95), "ms", most))
    return rows


def labs(home: Path, rounds: int) -> list[Row]:
    rows = []
    for size in (WIDE, SMALL):
        found = [one for at in range(rounds) for one in lab.moving(home / f"{size[0]}-{at}", size)]
        where = f"a control in a lab, T=50 H=32, {size[0]}x{size[1]}"
        rows += [
            Row(f"{where}, p50", percentile(seconds(found), 50), "ms", 50),
            Row(f"{where}, p95", percentile(seconds(found), 95), "ms", 50),
            Row("  bytes a move, mean", sum(one.size for one in found) / len(found), "bytes", 4000),
            Row("  frames a move, most", max(one.frames for one in found), "", 1),
        ]
    return rows


def seconds(found: Sequence[Answered]) -> list[float]:
    return [one.seconds * 1e3 for one in found]


def twenty(home: Path, count: int, duration: float, rounds: int) -> list[Row]:
    floor, ours, alone = [], [], []
    for at in range(rounds):
        floor.append(scenes.many(BARE, home / str(at), count, duration))
        ours.append(scenes.many(TUTOR, home / str(at), count, duration))
        alone.append(scenes.many(TUTOR, home / str(at) / "alone", 1, duration, rate=5.0))

    def row(what: str, key: str, unit: str, most: float, beside: list[dict[str, float]]) -> Row:
        by = 1e3 if unit == "ms" else 1.0
        pairs = [(one[key] * by, other[key] * by) for one, other in zip(beside, ours, strict=True)]
        return compared(f"{count} at once: {what}", unit, most, pairs)

    return [
        row("last usable", "usable", "ms", 1.6, floor),
        row("memory", "memory", "MB", 1.9, floor),
        row("key p95, beside one alone", "key", "ms", 1.5, alone),
    ]


def large(home: Path, rounds: int, checked: int) -> list[Row]:
    few = scenes.with_content(generate.course(home / "few", 10))
    lots = scenes.with_content(generate.course(home / "lots", 10_000))
    found = [(scenes.start(few, home)["usable"] * 1e3, scenes.start(lots, home)["usable"] * 1e3) for _ in range(rounds)]
    some = generate.course(home / "some", checked)
    began = time.perf_counter()
    subprocess.run([BIN / "rnn-tutor", "check", "--draws", "0", some], check=True, stdout=subprocess.DEVNULL)
    rate = checked / (time.perf_counter() - began)
    return [
        compared("10,000 exercises: usable, beside ten", "ms", 1.3, found),
        Row(f"check --draws 0, of {checked}", rate, "exercises/s", 50, at_least=True),
    ]


def table(rows: Sequence[Row]) -> str:
    head = f"{'':<44}{'bare':>10}{'tutor':>10}{'':<13}{'ratio':>7}  {'goal':<20}"
    lines = [head, "-" * len(head)]
    for row in rows:
        bare = "" if row.bare is None else f"{row.bare:.1f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
        met = "" if row.met else "MISSED"
        lines.append(
            f"{row.what:<44}{bare:>10}{row.value:>10.1f} {row.unit:<12}{ratio:>7}  {row.goal:<20}{met}".rstrip()
        )
    return "\n".join(lines)


def as_json(rows: Sequence[Row], quick: bool) -> str:
    about = {
        "when": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "quick": quick,
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("textual", "numpy", "msgspec", "rich", "rnn-tutor")},
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
    }
    found = [{**asdict(row), "met": row.met} for row in rows]
    return json.dumps({**about, "rows": found}, indent=1) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, short waits")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the JSON goes")
    parser.add_argument("--only", action="append", help="parts to run: starts, sizes, idle, keys, ...")
    options = parser.parse_args()
    quick: bool = options.quick
    parts: dict[str, Callable[[Path], list[Row]]] = {
        "starts": lambda home: starts(home, 3 if quick else 12),
        "untouched": lambda home: untouched(home, 1 if quick else 5),
        "keys": lambda home: keys(home, 1 if quick else 4),
        "exercises": lambda home: exercises(home, 1 if quick else 3),
        "labs": lambda home: labs(home, 1 if quick else 3),
        "idle": lambda home: idle(home, 5 if quick else 30),
        "twenty": lambda home: twenty(home, 20, 5 if quick else 10, 1 if quick else 3),
        "large": lambda home: large(home, 2 if quick else 8, 100 if quick else 1000),
    }
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for program in (BARE, TUTOR):  # once, so that everything is byte-compiled and in the page cache
            scenes.start(program, Path(folder) / "warm")
        for name, part in parts.items():
            if options.only and name not in options.only:
                continue
            rows += part(Path(folder) / name)
            print(f"{name} done", file=sys.stderr, flush=True)
    print(table(rows))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(as_json(rows, quick), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
