"""A command on a real pty, driven and measured from outside.

The harness is the terminal: it drains what the command writes and stamps it with the time, answers the questions that
an xterm would be asked, sends keys, and reads from /proc what the process costs. pyte turns the bytes into a screen,
only when the screen is asked for, so that measuring is not slowed down by it.

It says that it can do synchronised output (mode 2026), as kitty, foot, WezTerm, iTerm and tmux do: Textual then marks
where each frame begins and ends (16 bytes a frame, which are counted), and frames can be counted exactly.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SYNC_END = b"\x1b[?2026l"
# What is asked, and how it is answered: 2026 is there and off; 2048 (resize in band) is not; a VT220 with colour.
_ANSWERS = (
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
    (re.compile(rb"\x1b\[6n"), None),  # where the cursor is: pyte knows
    (re.compile(rb"\x1b\[0?c"), b"\x1b[?62;22c"),
)
_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cDEHM])")
_PRIVATE = re.compile(rb"\x1b\[(?:[<>=][0-?]*[ -/]*[@-~]|\?[0-9;]*\$p|\?(?!25[hl])[0-9;]*[hl])")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*)?$")
QUIET = 0.25


@dataclass(frozen=True)
class Answered:
    """What came back for a key: seconds to the end of the last frame, bytes, frames, and the bytes themselves."""

    seconds: float
    frames: int
    raw: bytes

    @property
    def size(self) -> int:
        return len(self.raw)


@dataclass
class Session:
    """A command on a pty of `size` (columns, rows); `stdin`, `stdout`, `stderr` replace the pty for one of them."""

    command: Sequence[str]
    environ: Mapping[str, str]
    size: tuple[int, int] = (120, 40)
    cwd: str | Path | None = None
    stdin: int | None = None
    stdout: int | None = None
    stderr: int | None = None
    answers: bool = True
    raw: bytearray = field(default_factory=bytearray)
    stamps: list[tuple[float, int, float]] = field(default_factory=list)  # when, how many bytes, how much CPU by then
    status: int | None = None

    def __post_init__(self) -> None:
        self.master, self.slave = pty.openpty()
        self.resize(*self.size, tell=False)
        self.before = termios.tcgetattr(self.slave)
        self._asked = self._fed = 0
        self._screen = self._stream = None
        slave = self.slave

        def own_terminal() -> None:
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            list(self.command),
            stdin=slave if self.stdin is None else self.stdin,
            stdout=slave if self.stdout is None else self.stdout,
            stderr=slave if self.stderr is None else self.stderr,
            env=dict(self.environ),
            cwd=self.cwd,
            start_new_session=True,
            preexec_fn=own_terminal,  # noqa: PLW1509 - one thread here
        )
        self.pid = self.process.pid

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End whatever is left of it."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for end in (self.master, self.slave):
            if end >= 0:
                os.close(end)
        self.master = self.slave = -1

    # the terminal's part

    def pump(self, timeout: float) -> bool:
        """Take in what comes within `timeout`; False when nothing did."""
        if self.master < 0 or not select.select([self.master], [], [], max(0.0, timeout))[0]:
            return False
        return self.take()

    def take(self) -> bool:
        """Take in what is there now."""
        try:
            found = os.read(self.master, 1 << 16)
        except OSError:
            return False
        self.raw += found
        self.stamps.append((time.perf_counter(), len(self.raw), self.cpu()))
        if self.answers:
            self._answer()
        return True

    def _answer(self) -> None:
        start = max(0, self._asked - 16)
        fresh = bytes(self.raw[start:])
        for asked, answer in _ANSWERS:
            for match in asked.finditer(fresh):
                if start + match.end() > self._asked:
                    self.send(answer or self._place(start + match.end()))
        self._asked = len(self.raw)

    def _place(self, until: int) -> bytes:
        self._feed(until)
        return f"\x1b[{self._screen.cursor.y + 1};{self._screen.cursor.x + 1}R".encode()

    def send(self, keys: bytes) -> None:
        """Type."""
        os.write(self.master, keys)

    def resize(self, columns: int, rows: int, *, tell: bool = True) -> None:
        """Give the terminal another size; the kernel sends SIGWINCH."""
        self.size = (columns, rows)
        fcntl.ioctl(self.master if tell else self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if tell and self._screen is not None:
            self._feed()
            self._screen.resize(rows, columns)

    # waiting

    def settle(self, quiet: float = QUIET, most: float = 20.0) -> None:
        """Wait until nothing has come for `quiet` seconds."""
        end = time.perf_counter() + most
        while time.perf_counter() < end and self.pump(quiet):
            pass

    def until(self, there: Callable[["Session"], bool], most: float = 20.0) -> bool:
        """Wait until `there(self)`; False when it took too long or the command ended."""
        end = time.perf_counter() + most
        while not there(self):
            left = end - time.perf_counter()
            if left <= 0 or (not self.pump(min(left, 0.1)) and self.process.poll() is not None and not self.pump(0)):
                return there(self)
        return True

    def until_text(self, text: str, most: float = 20.0) -> bool:
        """Wait until a text has been written, whatever escapes stand between its words."""
        wanted = text.encode()
        return self.until(lambda session: wanted in session.words(), most)

    def until_shown(self, text: str, most: float = 20.0) -> bool:
        """Wait until a text is on the screen."""
        return self.until(lambda session: text in session.text, most)

    def press(self, keys: bytes, quiet: float = 0.06, most: float = 5.0) -> Answered:
        """Type and wait for all that comes back, until nothing has come for `quiet` seconds."""
        while self.pump(0):
            pass
        start = len(self.raw)
        began = time.perf_counter()
        self.send(keys)
        end = began + most
        while time.perf_counter() < end and self.pump(quiet if len(self.raw) > start else most):
            pass
        raw = bytes(self.raw[start:])
        return Answered(self.stamps[-1][0] - began if raw else most, raw.count(SYNC_END), raw)

    def ended(self, most: float = 10.0) -> float | None:
        """Wait for the end of the process while draining it; the seconds it took, or None."""
        began = time.perf_counter()
        while time.perf_counter() - began < most:
            self.pump(0.002)
            if self.process.poll() is not None:
                took = time.perf_counter() - began
                self.status = self.process.returncode
                self.settle(0.05)
                return took
        return None

    # what was seen

    def words(self, since: int = 0) -> bytes:
        """What was written since a byte, without escapes."""
        return _ESCAPE.sub(b"", bytes(self.raw[since:]))

    def first_words(self) -> float | None:
        """Seconds until something was to be read on the screen, from the start of the process."""
        for when, count, _ in self.stamps:
            if _ESCAPE.sub(b"", bytes(self.raw[:count])).strip():
                return when - self.began
        return None

    @property
    def last(self) -> float:
        """Seconds until the last byte."""
        return self.stamps[-1][0] - self.began if self.stamps else 0.0

    @property
    def screen(self) -> object:
        """The screen as pyte has it."""
        self._feed()
        return self._screen

    @property
    def lines(self) -> list[str]:
        """The rows of the screen."""
        self._feed()
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The screen, as one text."""
        return "\n".join(self.lines)

    def _feed(self, until: int | None = None) -> None:
        if self._screen is None:
            import pyte

            columns, rows = self.size
            self._screen = pyte.Screen(columns, rows)
            self._stream = pyte.ByteStream(self._screen)
        fresh = bytes(self.raw[self._fed : until])
        cut = _UNFINISHED.search(fresh)
        if cut:
            fresh = fresh[: cut.start()]
        self._fed += len(fresh)
        self._stream.feed(_PRIVATE.sub(b"", fresh))  # what pyte would print or misread

    def restored(self) -> list[str]:
        """What of the terminal is not as it was before the command: empty when all is."""
        wrong = []
        if self.slave >= 0 and termios.tcgetattr(self.slave) != self.before:
            wrong.append("raw mode is still on")
        raw = bytes(self.raw)
        for name, on, off in (
            ("alternate screen", b"\x1b[?1049h", b"\x1b[?1049l"),
            ("hidden cursor", b"\x1b[?25l", b"\x1b[?25h"),
            ("bracketed paste", b"\x1b[?2004h", b"\x1b[?2004l"),
            ("focus reports", b"\x1b[?1004h", b"\x1b[?1004l"),
            ("mouse", b"\x1b[?1000h", b"\x1b[?1000l"),
            ("mouse motion", b"\x1b[?1003h", b"\x1b[?1003l"),
            ("synchronised output", b"\x1b[?2026h", SYNC_END),
        ):
            if raw.rfind(on) > raw.rfind(off):
                wrong.append(f"{name} is still on")
        if len(re.findall(rb"\x1b\[>[0-9]*u", raw)) > raw.count(b"\x1b[<u"):
            wrong.append("kitty keyboard is still on")
        return wrong

    # what it costs

    def cpu(self) -> float:
        """Seconds of CPU that the process has used, all threads, those that ended too; 0.0 once it is gone."""
        try:
            return time.clock_gettime((~self.pid << 3) | 2)  # the process's CPU clock, as clock_getcpuclockid makes it
        except OSError:
            return 0.0

    def asleep(self) -> bool:
        """Tell whether no thread runs or waits for a processor: on a busy machine no CPU time is not yet rest."""
        try:
            tasks = [task.read_text("ascii", "replace") for task in Path(f"/proc/{self.pid}/task").glob("*/stat")]
        except OSError:  # a thread, or all of it, has just ended
            return self.process.poll() is not None
        return not any(stat.rsplit(")", 1)[1].split()[0] in "RD" for stat in tasks)

    def pss(self) -> float:
        """MB of memory, shared pages counted by their share."""
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
        raise OSError("no Pss")

    def threads(self) -> int:
        """How many threads there are."""
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def signal(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Take the line away: the kernel sends SIGHUP, and reading and writing fail from then on."""
        os.close(self.master)
        self.master = -1

    def stall(self) -> None:
        """Let the terminal stop reading, with its buffer full (as an SSH line that hangs)."""
        os.set_blocking(self.slave, False)
        try:
            while os.write(self.slave, b"\0" * 4096):
                pass
        except BlockingIOError:
            pass
        finally:
            os.set_blocking(self.slave, True)


def gather(sessions: Sequence[Session], timeout: float) -> list[Session]:
    """Take in what came for any of several sessions within `timeout`; those that something came for."""
    known = {session.master: session for session in sessions if session.master >= 0}
    ready = select.select(list(known), [], [], timeout)[0]
    return [known[end] for end in ready if known[end].take()]


def environ(
    home: Path, term: str | None = "xterm-256color", *, met: bool = False, **more: str | None
) -> dict[str, str]:
    """A plain environment; a variable that is None is left out.

    met: the learner has met the first screen before, and has done nothing since; else the course may begin with it.
    """
    if met:
        welcomed(home / "data")
    found: dict[str, str | None] = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": term,
        "RNN_TUTOR_DATA": str(home / "data"),
        **more,
    }
    return {name: value for name, value in found.items() if value is not None}


def welcomed(data: Path) -> None:
    """Have the first screen be over where there is no progress yet."""
    from rnn_tutor.progress.notes import WELCOMED
    from rnn_tutor.progress.record import note_of
    from rnn_tutor.progress.store import Store

    if not (data / "progress.sqlite3").exists():
        Store.open(data / "progress.sqlite3").add(note_of(WELCOMED))


HANG_UP, TERMINATE = signal.SIGHUP, signal.SIGTERM
