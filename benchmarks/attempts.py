"""What a million stored answers cost the one who opens the course, beside a hundred: `python benchmarks/attempts.py`.

The program starts on a pseudo-terminal with one progress file and with the other, in turns. Told are the CPU time until
the course is painted, the time of what the store does before it (in a process that has all imported), and what reading
all answers takes after the first frame, in a thread. Aim: at most 1.3 of what it is with a hundred.
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
from benchmarks.scenes import ROOT, TUTOR
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import PROGRESS
from rnn_tutor.progress.store import Store

MOST = 1.3
PATIENCE = 120.0


def painted(home: Path, data: Path) -> float:
    """Return the CPU time of all threads until the course is painted; others on the machine change it little."""
    welcomed(data)
    with Session((*TUTOR.command, "--data", str(data)), environ(home)) as session:
        if not session.until_text(TUTOR.ready, PATIENCE):
            raise RuntimeError(f"the course was not painted; the screen:\n{session.text}")
        return session.stamps[-1][2]


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
    print(f"{len(past.log):>9,} answers read after the first frame: {time.process_time() - began:.1f} s of a processor")
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
    options.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.read is not None:
        read(asked.read)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
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
