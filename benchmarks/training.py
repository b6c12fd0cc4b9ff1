"""What a press of a lab that trains costs: `python benchmarks/training.py` (`--quick`: one size on a terminal).

In the engine: CPU milliseconds of one update and of one press, for the smallest and the largest network. On a terminal:
how long it takes from the key to the first progress that is painted, and to the end of the press; bytes and CPU time
in a second afterwards, in which nothing is trained.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.pty_session import Session, environ
from rnn_tutor.engine.training.recipe import Recipe
from rnn_tutor.engine.training.run import advanced, begin

SIZES = ((8, 10), (16, 20), (32, 50), (32, 100))
_BEGUN = re.compile(r"training: [1-9]|updates [1-9]")  # what the bar or a picture tells of the first updates
# keys that bring the lab "train it" to its largest network: an LSTM of 32 units over 100 steps
LARGEST = (b"\x1b[B", b"\x1b[C\x1b[C", b"\x1b[B", b"\x1b[F", b"\x1b[B", b"\x1b[F")


def in_the_engine() -> None:
    print("CPU milliseconds of an update, and of a press")
    for cell in ("rnn", "gru", "lstm"):
        for units, length in SIZES:
            recipe = Recipe(task="adding", cell=cell, units=units, length=length)
            run = advanced(begin(recipe, 0), 2)
            began = time.process_time()
            advanced(run, recipe.press)
            took = (time.process_time() - began) * 1e3
            each = took / recipe.press
            print(f"  {cell:4} {units:2} units {length:3} steps: {each:6.2f}, {recipe.press:3} updates {took:5.0f}")


def on_a_terminal(name: str, keys: tuple[bytes, ...], key: bytes, updates: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "rnn_tutor", "practice", "train-it"]
        with Session(command, environ(Path(folder), met=True), size=(80, 24)) as session:
            assert session.until_shown("updates 0"), session.text
            session.settle(1.0)
            for one in keys:
                session.press(one, quiet=0.3)
            session.settle(0.5)
            began, cpu, sent = time.perf_counter(), session.cpu(), len(session.raw)
            session.send(key)
            assert session.until(lambda one: _BEGUN.search(one.text) is not None)
            first, cpu_first = session.stamps[-1][0] - began, session.stamps[-1][2] - cpu
            assert session.until_shown(f"updates {updates} ", most=120), session.text
            took, used, bytes_sent = time.perf_counter() - began, session.cpu() - cpu, len(session.raw) - sent
            session.settle(0.5)
            idle, still = session.cpu(), len(session.raw)
            time.sleep(1.0)
            session.pump(0)
            rest = (session.cpu() - idle) * 1e3
            print(
                f"  {name}: first progress {first * 1e3:.0f} ms ({cpu_first * 1e3:.0f} of CPU),"
                f" done {took:.2f} s, CPU {used:.2f} s, {bytes_sent:,} bytes;"
                f" then in a second {len(session.raw) - still} bytes, {rest:.1f} ms CPU"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if not quick:
        in_the_engine()
    print("On a terminal")
    on_a_terminal("smallest of the lab (8 units, 20 steps), t", (), b"t", 100)
    if not quick:
        on_a_terminal("largest (LSTM, 32 units, 100 steps), t", LARGEST, b"t", 10)
        on_a_terminal("largest, T", LARGEST, b"T", 100)


if __name__ == "__main__":
    main()
