"""`make bench`: what the tutor costs, beside a bare Textual app in the same run.

Every figure that has a floor is measured in turns with benchmarks/bare.py, so that a busy machine slows both; the
ratio is the median of the rounds' ratios. --quick takes few rounds and short waits: a look, not a measurement.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import generate, lab, scenes
from benchmarks.pty_session import Answered
from benchmarks.scenes import BARE, BIN, TUTOR, Program, percentile

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
    """In both sizes, by who has done nothing and by who has stored 10,000 attempts."""
    rows = []
    stored = generate.attempts(home / "attempts.sqlite3", scenes.ROOT / "content", 10_000)
    for size in (WIDE, SMALL):
        for attempts in (0, 10_000):
            place = home / f"{size[0]}-{attempts}"
            if attempts:
                (place / "data").mkdir(parents=True)
                shutil.copy(stored, place / "data" / "progress.sqlite3")
            rows += started(f"{size[0]}x{size[1]}, {attempts:,} attempts", place, TUTOR, size, rounds)
    return rows


def started(where: str, home: Path, tutor: Program, size: tuple[int, int], rounds: int) -> list[Row]:
    """What a start costs, in turns with the bare app."""
    tutor = scenes.with_last_title(tutor, home, size)
    found = [(scenes.start(BARE, home, size), scenes.start(tutor, home, size)) for _ in range(rounds)]

    def row(what: str, key: str, unit: str, most: float, by: float = 1.0) -> Row:
        return compared(f"{what}, {where}", unit, most, [(floor[key] * by, ours[key] * by) for floor, ours in found])

    return [
        row("course painted", "painted", "ms", 1.05, 1e3),
        row("usable", "usable", "ms", 0.85, 1e3),
        row("CPU to usable", "cpu", "ms", 1.05, 1e3),
        row("quit", "quit", "ms", 1.1, 1e3),
        row("bytes until a key is answered", "bytes", "bytes", 1.0),
    ]


def variants(home: Path, rounds: int) -> list[Row]:
    """A wheel, a read-only installation without any home, and the very first start of a checkout."""
    python = scenes.installed_wheel(home / "wheel")
    wheel = scenes.installed("wheel", python)
    rows = started("a wheel", home / "of-wheel", wheel, WIDE, rounds)[:3]
    site = python.parent.parent
    for path in (site, *site.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o555)
    rows += started("a read-only wheel", home / "of-read-only", wheel, WIDE, rounds)[:3]
    for path in (site, *site.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    last = scenes.with_last_title(TUTOR, home / "look", WIDE)
    firsts = [(scenes.start(BARE, home), scenes.start(last, home / f"first-{at}")) for at in range(rounds)]
    pairs = [(floor["painted"] * 1e3, ours["painted"] * 1e3) for floor, ours in firsts]
    return [*rows, compared("course painted, a checkout's very first start", "ms", 1.45, pairs)]


def untouched(home: Path, rounds: int) -> list[Row]:
    rows = []
    for size, most in ((WIDE, 60), (SMALL, 25)):
        ours, floor = (scenes.untouched(program, home, size)["bytes"] / 1000 for program in (TUTOR, BARE))
        rows.append(Row(f"bytes until settled, {size[0]}x{size[1]}", ours, "kB", most, floor))
    found = [(scenes.untouched(BARE, home), scenes.untouched(TUTOR, home)) for _ in range(rounds)]
    return [
        *rows,
        compared("PSS, nothing pressed", "MB", 1.25, [(floor["pss"], ours["pss"]) for floor, ours in found]),
        compared("PSS, after the first key", "MB", 1.75, [(one["pss after"], two["pss after"]) for one, two in found]),
        Row("threads, nothing pressed", max(ours["threads"] for _, ours in found), "", 4),
    ]


def idle(home: Path, seconds: float) -> list[Row]:
    found = scenes.idle([BARE, TUTOR], home, seconds)
    floor, ours = found["bare"], found["tutor"]
    return [
        Row(f"idle bytes in {seconds:g} s", ours["bytes"], "bytes", 0, floor["bytes"]),
        compared(f"idle CPU in {seconds:g} s", "ms", 1.2, [(floor["cpu"] * 1e3, ours["cpu"] * 1e3)]),
    ]


def keys(home: Path, rounds: int, base: Program | None) -> list[Row]:
    typed: dict[str, list[Answered]] = {}
    looked: list[Answered] = []
    moved: list[Answered] = []
    memory: list[tuple[float, float]] = []
    threads = 0.0
    for at in range(rounds):
        with scenes.running(BARE, home) as session:
            floor = session.pss()
        if base is not None:
            typed[base.name] = typed.get(base.name, []) + scenes.typing(home / f"base-{at}", base)[0]
        keys, looks, cost = scenes.typing(home / f"{at}")
        moved += scenes.moving(home)
        typed["tutor"] = typed.get("tutor", []) + keys
        looked += looks
        memory.append((floor, cost["pss"]))
        threads = max(threads, cost["threads"])
    ours = typed["tutor"]
    return [
        *beside("key to paint", typed, 0.9),
        Row("frames a key, most", max(one.frames for one in ours), "", 1),
        Row("bytes a key, mean", sum(one.size for one in ours) / len(ours), "bytes", 400),
        Row("bytes a key, p95", percentile([one.size for one in ours], 95), "bytes", 400),
        Row("bytes a move in the course, most", max(one.size for one in moved), "bytes", 500),
        Row("bytes a move in a heatmap, most", max(one.size for one in looked), "bytes", 500),
        Row("move in the course, p95", percentile(seconds(moved), 95), "ms", 10),
        Row("move in a heatmap, p95", percentile(seconds(looked), 95), "ms", 10),
        compared("PSS, an exercise opened", "MB", 2.0, memory),
        Row("threads, an exercise opened", threads, "", 4),
    ]


def beside(what: str, found: Mapping[str, Sequence[Answered]], most: float, p50: float | None = None) -> list[Row]:
    """Rows of p50 and p95, in the same run beside another commit's where there is one (named in `--base`)."""
    rows = []
    for share, goal in ((50, p50 if p50 is not None else most), (95, most)):
        ours = percentile(seconds(found["tutor"]), share)
        theirs = percentile(seconds(found["base"]), share) if found.get("base") else None
        ratio = ours / theirs if theirs else None
        rows.append(Row(f"{what}, p{share}, beside the base", ours, "ms", goal, theirs, ratio))
    return rows


def exercises(home: Path, rounds: int, base: Program | None, tree: Path | None, count: int) -> list[Row]:
    """Openings, verdicts and steps, a few exercises at a time in turns with the base, whose checkout is `tree`."""
    programs = [*([base] if base is not None else []), TUTOR]
    rested: dict[str, list[Answered]] = {}
    at_once: dict[str, list[Answered]] = {}
    firsts: dict[str, list[Answered]] = {}
    verdicts: dict[str, list[Answered]] = {}
    steps: dict[str, list[Answered]] = {}
    trees = [scenes.ROOT, *([tree] if tree is not None else [])]
    every = scenes.exercises(count, trees=trees)
    answered = scenes.exercises(max(4, count // 3), programs=False, trees=trees)
    for at in range(rounds):
        for program in programs:
            name, place = program.name, home / f"{program.name}-{at}"
            names = every[at::rounds]
            rested.setdefault(name, []).extend(scenes.opening(program, place / "rested", names, scenes.REST))
            at_once.setdefault(name, []).extend(scenes.opening(program, place / "at-once", names, 0.0))
            marked, walked = scenes.answering(program, place / "answering", answered[at::rounds])
            verdicts.setdefault(name, []).extend(marked)
            steps.setdefault(name, []).extend(walked)
            firsts.setdefault(name, []).extend(scenes.opening_at_once(program, place / "first") for _ in range(6))
    return [
        *beside("opening after a rest", rested, 0.45),
        *beside("opening at once", at_once, 0.8),
        *beside("opening, Enter the first key", firsts, 0.8),
        *beside("verdict after Enter", verdicts, 0.6),
        *beside("next solution step", steps, 0.9),
    ]


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
        row("last usable", "usable", "ms", 1.3, floor),
        row("memory", "memory", "MB", 1.62, floor),
        row("key p95, beside one alone", "key", "ms", 1.5, alone),
    ]


def large(home: Path, rounds: int, checked: int) -> list[Row]:
    few = scenes.with_content(generate.course(home / "few", 10))
    lots = scenes.with_content(generate.course(home / "lots", 10_000))
    short, long = (scenes.with_last_title(one, home, WIDE) for one in (few, lots))
    found = [(scenes.start(short, home), scenes.start(long, home)) for _ in range(rounds)]
    # In turns, and several times: some processes are a third slower than others in all that they do.
    searches = [[scenes.searching(one, home) for one in (few, lots)] for _ in range(max(1, rounds // 2))]
    some = generate.course(home / "some", checked)
    began = time.perf_counter()
    subprocess.run([BIN / "rnn-tutor", "check", "--draws", "0", some], check=True, stdout=subprocess.DEVNULL)
    rate = checked / (time.perf_counter() - began)

    def row(what: str, key: str, most: float) -> Row:
        pairs = [(one[key] * 1e3, other[key] * 1e3) for one, other in found]
        return compared(f"10,000 exercises: {what}, beside ten", "ms", most, pairs)

    def searched(what: str, kind: int) -> Row:
        sides = [[one for turn in searches for one in turn[side][kind]] for side in (0, 1)]
        pairs = [(percentile(seconds(sides[0]), 50), percentile(seconds(sides[1]), 50))]
        return compared(f"10,000 exercises: {what}, beside ten", "ms", 1.1, pairs)

    return [
        row("course painted", "painted", 1.07),
        row("usable", "usable", 1.07),
        searched("search opened", 0),
        searched("its keys", 1),
        Row(f"check --draws 0, of {checked}", rate, "exercises/s", 50, at_least=True),
    ]


def table(rows: Sequence[Row]) -> str:
    head = f"{'':<56}{'beside':>10}{'tutor':>10}{'':<13}{'ratio':>7}  {'goal':<20}"
    lines = [head, "-" * len(head)]
    for row in rows:
        bare = "" if row.bare is None else f"{row.bare:.1f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
        met = "" if row.met else "MISSED"
        lines.append(
            f"{row.what:<56}{bare:>10}{row.value:>10.1f} {row.unit:<12}{ratio:>7}  {row.goal:<20}{met}".rstrip()
        )
    return "\n".join(lines)


def as_markdown(rows: Sequence[Row]) -> str:
    """The table of docs/performance.md."""
    lines = ["| | beside | tutor | ratio | goal |", "|---|---|---|---|---|"]
    for row in rows:
        bare = "" if row.bare is None else f"{row.bare:.0f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        unit = f" {row.unit}" if row.unit else ""
        goal = f"{'at least' if row.at_least else 'at most'} {row.most:g}{'' if row.met else ': **missed**'}"
        lines.append(f"| {row.what.strip()} | {bare} | {row.value:.0f}{unit} | {ratio} | {goal} |")
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
    parser.add_argument("--markdown", action="store_true", help="print the table as docs/performance.md has it")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the JSON goes")
    parser.add_argument(
        "--base",
        type=Path,
        metavar="DIR",
        help="a worktree of another commit, with its .venv (git worktree add DIR 7352ea8; make -C DIR .venv/.done), in "
        "turns with which openings, verdicts, steps and keys are measured",
    )
    parser.add_argument("--only", action="append", help="parts to run: starts, sizes, idle, keys, ...")
    options = parser.parse_args()
    quick: bool = options.quick
    base = scenes.installed("base", options.base / ".venv" / "bin" / "python") if options.base is not None else None
    parts: dict[str, Callable[[Path], list[Row]]] = {
        "starts": lambda home: starts(home, 2 if quick else 10),
        "variants": lambda home: variants(home, 1 if quick else 6),
        "untouched": lambda home: untouched(home, 1 if quick else 3),
        "keys": lambda home: keys(home, 1 if quick else 3, base),
        "exercises": lambda home: exercises(home, 1 if quick else 4, base, options.base, 6 if quick else 40),
        "labs": lambda home: labs(home, 1 if quick else 2),
        "idle": lambda home: idle(home, 5 if quick else 30),
        "twenty": lambda home: twenty(home, 20, 5, 1 if quick else 2),
        "large": lambda home: large(home, 2 if quick else 20, 100 if quick else 300),
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
    print(as_markdown(rows) if options.markdown else table(rows))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(as_json(rows, quick), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
