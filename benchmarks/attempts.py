"""What a million stored answers cost the one who opens the course, beside a hundred: `python benchmarks/attempts.py`.

The program starts on a pseudo-terminal with one progress file and with the other, in turns. Told are the CPU time until
the course is painted, the time of what the store does before it (in a process that has all imported), and what reading
all answers takes after the first frame, in a thread. Aim: at most 1.3 of what it is with a hundred.

`--sittings`: what a start, a key on the course, opening an exercise and a key in it cost with 0, 100 and 100,000
answers stored, and with a settings file; CPU time of all threads, in turns, as ratios to 0 answers.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import generate
from benchmarks.pty_session import Session, environ, welcomed
from benchmarks.scenes import DOWN, ENTER, ROOT, TUTOR, UP
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import PROGRESS
from rnn_tutor.progress.store import Store

MOST = 1.3
SEARCH = b"/"
PATIENCE = 120.0


def painted(home: Path, data: Path) -> float:
    """Return the CPU time of all threads until the course is painted; others on the machine change it little."""
    welcomed(data)
    with Session((*TUTOR.command, "--data", str(data)), environ(home)) as session:
        if not session.until_text(TUTOR.ready, PATIENCE):
            raise RuntimeError(f"the course was not painted; the screen:\n{session.text}")
        return session.stamps[-1][2]


SETTINGS = """\
theme = "nord"
digits = 5
[keys]
hint = "f2,j"
"""
REST, IDLE = 0.5, 0.005  # seconds, and seconds of CPU in it: with less, what is read late is there
SITTINGS = ("course painted", "a key on the course", "exercise opened", "a key in it")


def sitting(home: Path, data: Path, exercise: str) -> dict[str, float]:
    """Return the CPU time of each of SITTINGS; exercise: its title, that it is open."""
    with Session((*TUTOR.command, "--data", str(data)), environ(home)) as session:
        if not session.until_text(TUTOR.ready, PATIENCE):
            raise RuntimeError(f"the course was not painted; the screen:\n{session.text}")
        found = {SITTINGS[0]: session.stamps[-1][2]}

        def rest() -> None:
            before = -1.0
            while session.cpu() - before > IDLE:
                before, end = session.cpu(), time.monotonic() + REST
                while time.monotonic() < end:
                    session.pump(0.05)

        def spent(keys: list[bytes]) -> float:
            before = session.cpu()
            for key in keys:
                session.press(key, quiet=0.05)
            return (session.cpu() - before) / len(keys)

        rest()
        session.press(DOWN, quiet=0.3)  # with the first key all is imported
        session.press(UP, quiet=0.3)
        rest()
        found[SITTINGS[1]] = spent([DOWN, UP] * 4)
        session.press(SEARCH, quiet=0.3)
        for key in exercise:
            session.press(key.encode(), quiet=0.05)
        before = session.cpu()
        session.press(ENTER, quiet=0.2)
        found[SITTINGS[2]] = session.cpu() - before
        if exercise.casefold() not in session.lines[0].casefold():
            raise RuntimeError(f"{exercise} was not opened; the screen:\n{session.text}")
        rest()
        found[SITTINGS[3]] = spent([b"0", b".", b"5", b"\x7f"] * 2)
        return found


def sittings(home: Path, rounds: int, exercise: str) -> int:
    """Print the CPU time of sittings with other stores and settings, each beside one in which nothing was answered."""
    kinds = {"0 answers": 0, "100 answers": 100, "100,000 answers": 100_000, "a settings file": 0}
    for kind, count in kinds.items():
        data = home / kind / "data"
        if count:
            generate.attempts(data / PROGRESS, ROOT / "content", count)
        welcomed(data)
        if kind == "a settings file":
            file = home / kind / ".config" / "rnn-tutor" / "settings.toml"
            file.parent.mkdir(parents=True)
            file.write_text(SETTINGS, "utf-8")
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    for _ in range(rounds + 1):
        for kind, every in found.items():
            every.append(sitting(home / kind, home / kind / "data", exercise))
    worst = 0.0
    print(f"{'':<18}" + "".join(f"{what:>22}" for what in SITTINGS))
    for kind, every in found.items():
        cells = []
        for what in SITTINGS:
            pairs = [(one[what], floor[what]) for one, floor in zip(every[1:], found["0 answers"][1:], strict=True)]
            ratio = median(one for one, _ in pairs) / median(floor for _, floor in pairs)
            worst = max(worst, ratio)
            cells.append(f"{median(one for one, _ in pairs) * 1e3:8.1f} ms  {ratio:5.2f}")
        print(f"{kind:<18}" + "".join(f"{cell:>22}" for cell in cells))
    return 0 if worst <= MOST else 1


def opened(data: Path) -> float:
    """Return the seconds that the store needs before the first frame."""
    began = time.perf_counter()
    Store.open(data / PROGRESS, look=False).beginning()
    return time.perf_counter() - began


def read(data: Path) -> None:
    """Read all that was answered, as after the first frame, and say what it took."""
    from rnn_tutor.tui.session import Session as Sitting

    sitting = Sitting(Library([ROOT / "content"]))
    sitting.open_store(data / PROGRESS)
    began = time.process_time()
    past = sitting.read_past()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = time.process_time() - began
    print(f"{past.history.count:>9,} answers read after the first frame: {took:.1f} s of a processor")
    print(f"          and a process of {memory:.0f} MB")


def stored(home: Path, counts: tuple[int, int], ready: list[Path]) -> Iterator[Path]:
    for number, count in enumerate(counts):
        if number < len(ready):
            yield ready[number]
            continue
        data = home / str(count)
        generate.attempts(data / PROGRESS, ROOT / "content", count)
        yield data


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--counts", type=int, nargs=2, default=(100, 1_000_000), metavar="N", help="few, and many")
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--ready", type=Path, nargs=2, default=[], metavar="DIR", help="data folders made before")
    options.add_argument("--sittings", action="store_true", help="only sittings with 0, 100 and 100,000 answers")
    options.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.read is not None:
        read(asked.read)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if asked.sittings:
            return sittings(home, asked.rounds, "one input, and its echo")
        few, many = stored(home, tuple(asked.counts), asked.ready)
        ratios = []
        for what in (lambda data: painted(home, data), opened):
            for data in (few, many):
                what(data)  # once for what is kept from start to start
            rounds = [(what(few), what(many)) for _ in range(asked.rounds)]
            ratios.append(median(late / early for early, late in rounds))
            early, late = (median(column) * 1000 for column in zip(*rounds, strict=True))
            name = "course painted" if len(ratios) == 1 else "store opened"
            print(f"{name}: {early:.1f} ms with {asked.counts[0]:,}, {late:.1f} ms with {asked.counts[1]:,}", end="")
            print(f", ratio {ratios[-1]:.2f} (at most {MOST})")
        for data in (few, many):
            subprocess.run([sys.executable, __file__, "--read", data], check=True)
    return 0 if ratios[0] <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
