"""Nonsense on the line of a real terminal: `python tests/terminal/fuzz_line.py --minutes 10 [--seed N]`.

Keys, text, pastes, answers of terminals, odd codes and plain bytes, cut anywhere, at sizes from 1x1 to 200x60, on every
screen. The session must not end but by q, must end by it with the terminal given back and status 0, must paint no
traceback and note no mistake in its log. What does otherwise is printed with the events that led to it; the exit
status is 1 then. Round K of seed N is repeated by `--seed N --round K`.
"""

import argparse
import os
import random
import select
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks/ is no package of the program's

from benchmarks.pty_session import Session, environ  # noqa: E402

EVENTS = 91  # of a round: a thousand over all screens
DEAF = 20.0  # seconds after which a program that reads no keys is taken for dead
ENTER, ESC = b"\r", b"\x1b"
TAKEN = b"\x1b[?1004h"  # among the last that is written when the terminal is taken, after it is raw

DRAFT = """\
format: 1
id: draft
title: A draft
prompt: What is twice the vector?
given:
  a: {value: "[2, 3]", means: a vector, axes: [unit], draw: "integers(1, 9)"}
steps:
  - let: "y = a * 2"
    say: Each is doubled.
ask:
  - {answer: y, as: vector, axes: [unit]}
hints: [Double.]
"""


@dataclass(frozen=True)
class Way:
    """How a screen is reached from the start: keys, and what is on the screen after each of them."""

    steps: tuple[tuple[bytes, str], ...] = ()
    author: bool = False


_EXERCISE = ((b"/lstm-cell", "1 exercise"), (ENTER, "Enter check"))
WAYS = {
    "course": Way(),
    "exercise": Way(_EXERCISE),
    "solution": Way((*_EXERCISE, (b"\x1bOR", "of 4"))),
    "look": Way((*_EXERCISE, (b"\x1b[15~", "f[0] = 0.9"))),
    "lab": Way(((b"/gradient-journey", "1 lab"), (ENTER, "Predict"))),
    "pad": Way((*_EXERCISE, (b"\x1b[17~", "pad"))),
    "page": Way(((b"u", "Enter exercises"),)),
    "glossary": Way(((b"g", "Glossary"),)),
    "progress": Way(((b"p", "Progress"),)),
    "help": Way(((b"\x1b[20~", "Help"),)),
    "author": Way(author=True),
}

SIZES = [(1, 1), (2, 1), (1, 30), (3, 2), (6, 4), (12, 5), (40, 12), (60, 20), (80, 24), (80, 24), (120, 40), (200, 60)]
KEYS = [
    *(f"\x1b[{final}".encode() for final in "ABCDHFZ"),
    *(f"\x1bO{final}".encode() for final in "ABCDPQRS"),
    *(f"\x1b[{number}~".encode() for number in (2, 3, 5, 6, 11, 13, 15, 17, 18, 19, 20, 21, 23, 24)),
    *(f"\x1b[1;{shift}{final}".encode() for shift in (2, 3, 5) for final in "ABCDHF"),
    *(bytes([code]) for code in range(1, 32) if code not in (26, 27)),
    *(bytes([code]) for code in range(32, 127)),
    *[ENTER] * 8,
    *[ESC] * 4,
    b"\x7f",
]
TEXTS = [
    b"0.95",
    b"[0.95, 0]",
    b"f * c_prev + i * cand",
    "λ 漢 é \U0001f600 e\u0301 \u202e".encode(),
    b"0.5\r",
    b"x = 1\ry",
]
PASTES = [
    b"",
    b"1 2 3",
    b"[[1, 2],\r [3, 4]]",
    b"9 " * 3000,
    b"for t in x:\r\th = t\r" * 900,
    b"\x1b[A\x1b]0;x\x07\x00",
    b"y" * 40_000,
]
REPORTS = [
    b"\x1b[?62;22c",
    b"\x1b[>41;366;0c",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1b]10;rgb:ff/ff/ff\x07",
    b"\x1b[?997;1n",
    b"\x1bP>|XTerm(397)\x1b\\",
    b"\x1bP1+r524742=38\x1b\\",
    b"\x1b_Gi=31;OK\x1b\\",
    b"\x1b[?25u",
    b"\x1b[0n",
    b"\x1b[24;80R",
    b"\x1b[?2026;2$y",
    b"\x1b[?2048;0$y",
    b"\x1b[I",
    b"\x1b[O",
    b"\x1b[4;480;800t",
    b"\x1b]52;c;aGk=\x07",
]
ODD = [
    b"\xc3",
    b"\xe9\xff",
    b"\xf0\x9f",
    b"\x80",
    b"\x9b1m",
    b"\x1b[99999999;5u",
    b"\x1b[12345678901234567890u",
    b"\x1b[55296u",
    b"\x1b[97;;" + b"229:" * 50 + b"230u",
    b"\x1b[97;1:3u",
    b"\x1b[;;;;u",
    b"\x1b[:::u",
    b"\x1b[200~",
    b"\x1b[201~",
    b"\x1b[" + b"1" * 300,
    b"\x1b]11;",
    b"\x1bP",
    b"\x1b[?",
    b"\x1b[<",
    b"\x1b[M !",
    b"\x1b[[",
    b"\x1b\x1b\x1b",
    b"\x1b[48;0;0;0;0t",
    b"\x1b[48;24;80;0;0t",
    b"\x1b[48;99999999999;1;1;1t",
    b"\x1b[48;-1;-1;0;0t",
    b"\x1b[<99;999999999999;999999999999M",
]


def event(chance: random.Random) -> object:
    """Draw one: bytes to be sent, a size, or a signal."""
    kind = chance.randrange(100)
    if kind < 40:
        return chance.choice(KEYS)
    if kind < 48:
        return ESC + bytes([chance.randrange(32, 127)])
    if kind < 54:
        return chance.choice(TEXTS)
    if kind < 60:
        paste = chance.choice(PASTES)
        return chance.choice([b"\x1b[200~%s\x1b[201~", b"\x1b[200~%s\x1b[201~", b"%s\r\n", b"\x1b[200~%s"]) % paste
    if kind < 68:
        return chance.choice(REPORTS)
    if kind < 76:
        return chance.choice(ODD)
    if kind < 80:
        button, x, y = chance.randrange(70), chance.randrange(-1, 210), chance.randrange(70)
        return f"\x1b[<{button};{x};{y}{chance.choice('Mm')}".encode()
    if kind < 84:
        return f"\x1b[{chance.randrange(60000)};{chance.randrange(300)};{chance.randrange(60000)}u".encode()
    if kind < 88:
        return chance.randbytes(chance.randrange(1, 12)).replace(b"\x1a", b"")
    if kind < 90:
        return signal.SIGCONT
    return chance.choice(SIZES)


def cut(chance: random.Random, data: bytes) -> list[bytes]:
    """Return the pieces in which the line carries it: mostly one."""
    if len(data) < 2 or chance.random() < 0.6:
        return [data]
    at = chance.randrange(1, len(data))
    return [data[:at], *cut(chance, data[at:])]


class Round:
    """So many events on one screen; where one of them leaves, in a session of its own they go on."""

    def __init__(self, seed: str, name: str, program: list[str], folder: Path) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - no secret: the same seed gives the same events
        self.name = name
        self.done: list[object] = []
        self.screen = ""
        self._program = program
        self._folder = folder

    def run(self, events: int) -> str | None:
        """Let them happen; return what is amiss, or None."""
        says = None
        while len(self.done) < events and says is None:
            home = self._folder / str(len(self.done))
            home.mkdir()
            words = []
            if WAYS[self.name].author:
                (home / "draft.yaml").write_text(DRAFT, encoding="utf-8")
                words = ["author", str(home / "draft.yaml")]
            command = [*self._program, *words, "--data", str(home / "data")]
            with Session(command, environ(home, met=True), (80, 24), home) as self.session:
                says = self._run(events, home / "data" / "crash.log")
                self.screen = self.session.text
        return says

    def _run(self, events: int, log: Path) -> str | None:
        if not self.session.until_shown("twice" if WAYS[self.name].author else "level 1", DEAF):
            return "it did not start"
        for keys, shows in WAYS[self.name].steps:
            self.session.send(keys)
            if not self.session.until_shown(shows, DEAF):
                return f"{shows!r} is not shown after {keys!r}"
        while len(self.done) < events and self.session.process.poll() is None:
            self.do(event(self.chance))
        return self.ended() or self.amiss(log)

    def do(self, what: object) -> None:
        """Let one event happen."""
        self.done.append(what)
        session = self.session
        if isinstance(what, tuple):
            session.resize(*what)
        elif isinstance(what, signal.Signals):
            taken = session.raw.count(TAKEN)
            session.signal(what)  # the terminal is given back and taken again: between the two Ctrl+C is the kernel's
            session.until(lambda one: one.raw.count(TAKEN) > taken, 3.0)
        elif isinstance(what, bytes):
            for piece in cut(self.chance, what):
                self.send(piece)
                session.settle(self.chance.choice([0.0, 0.0, 0.03, 0.12]), most=0.3)
        session.settle(0.005, most=0.3)

    def send(self, data: bytes) -> None:
        """Send as much at a time as the line takes, and read what comes meanwhile."""
        end = time.monotonic() + DEAF
        while data and time.monotonic() < end and self.session.process.poll() is None:
            self.session.pump(0)
            if select.select([], [self.session.master], [], 0.05)[1]:
                data = data[os.write(self.session.master, data[:4000]) :]

    def ended(self) -> str | None:
        """Leave as one leaves: the line, the screens above the course, the course."""
        session = self.session
        session.resize(80, 24)
        end = time.monotonic() + 3 * DEAF
        while session.process.poll() is None and time.monotonic() < end:
            self.send(ESC)
            session.settle(0.15, most=0.5)
            self.send(b"q")
            session.settle(0.15, most=0.5)
        if session.process.poll() is None:
            return "it does not leave: no key does anything"
        session.settle(0.1)
        return None

    def amiss(self, log: Path) -> str | None:
        """Return what is wrong with a session that has ended."""
        raw = bytes(self.session.raw)
        if b"Traceback" in raw:
            return "a traceback was painted"
        if log.exists():
            return f"a mistake was noted:\n{log.read_text('utf-8')}"
        if self.session.process.returncode != 0:
            return f"it ended with status {self.session.process.returncode}"
        return ", ".join(self.session.restored()) or None


def fuzz(seed: int, program: list[str], *, only: int | None = None, seconds: float = 0.0, rounds: int = 0) -> int:
    """Do rounds for some seconds, or so many of them; return how many went wrong."""
    bad = done = sent = 0
    end = time.monotonic() + seconds
    at = only or 0
    while done < rounds or time.monotonic() < end:
        name = list(WAYS)[at % len(WAYS)]
        with tempfile.TemporaryDirectory() as folder:
            one = Round(f"{seed}/{at}", name, program, Path(folder))
            says = one.run(EVENTS)
        sent += len(one.done)
        if says is not None:
            bad += 1
            sys.stdout.write(f"--seed {seed} --round {at} ({name}), event {len(one.done)}: {says}\n")
            sys.stdout.write(f"    the last of them: {[str(what)[:80] for what in one.done[-12:]]}\n{one.screen}\n\n")
            sys.stdout.flush()
        done += 1
        at += 1
    sys.stdout.write(f"seed {seed}: {done} rounds, {sent} events, {bad} went wrong\n")
    return bad


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--round", type=int, help="only this one of the seed's")
    options.add_argument("--program", default=str(Path(sys.executable).with_name("rnn-tutor")))
    chosen = options.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")
    sys.stdout.flush()
    alone = chosen.round is not None
    length = {"rounds": 1} if alone else {"seconds": chosen.minutes * 60}
    sys.exit(1 if fuzz(chosen.seed, [chosen.program], only=chosen.round, **length) else 0)
