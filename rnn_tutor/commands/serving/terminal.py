"""A kiosk on a pseudo-terminal: started, fed with keys, its frames handed on, ended. POSIX only."""

import asyncio
import fcntl
import os
import signal
import struct
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress

Send = Callable[[bytes], Awaitable[None]]

MOST_COLUMNS, MOST_ROWS = 640, 240  # as `tui/terminal/bounded_driver` has it
_PIECE = 64 << 10  # bytes that are read at once
_ENDS = 5.0  # seconds in which a kiosk that is told to end keeps what was typed, and ends
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
}
"""All that a kiosk finds in its environment: nothing of the server's, nothing of a visitor's."""


class KioskTerminal:
    """One kiosk. Who is attached gets what it writes; while nobody is, that is dropped."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] = ENVIRONMENT) -> None:
        """Know what is to be started: an argument list, which no shell reads."""
        self._command = command
        self._environment = dict(environment)
        self._process: Process | None = None
        self._master = -1
        self._send: Send | None = None
        self._pump: asyncio.Task[None] | None = None
        self._readable = asyncio.Event()
        self.ended = asyncio.Event()

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and not self.ended.is_set()

    async def start(self, columns: int, rows: int) -> None:
        """Start it on a terminal of this size. OSError where that cannot be done."""
        self._master, slave = os.openpty()
        try:
            os.set_blocking(self._master, False)
            self._measure(columns, rows)
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                env=self._environment,
                cwd="/",
                start_new_session=True,
                preexec_fn=_take_terminal,  # between fork and exec: the server has one thread
            )
        finally:
            os.close(slave)
        asyncio.get_running_loop().add_reader(self._master, self._readable.set)
        self._pump = asyncio.create_task(self._hand_on())

    async def _hand_on(self) -> None:
        """Hand on what it writes, no faster than it is taken, until it ends."""
        try:
            while True:
                await self._readable.wait()
                self._readable.clear()
                try:
                    piece = os.read(self._master, _PIECE)
                except BlockingIOError:
                    continue
                except OSError:  # the other end is closed
                    return
                if not piece:
                    return
                if self._send is not None:
                    try:
                        await self._send(piece)
                    except ConnectionError:
                        self._send = None
                self._readable.set()
        finally:
            loop = asyncio.get_running_loop()
            loop.remove_reader(self._master)
            os.close(self._master)
            self._master = -1
            if self._process is not None:
                await self._process.wait()
            self.ended.set()

    def attach(self, send: Send) -> None:
        """Hand on to somebody else from now on: all is painted anew for them."""
        self._send = send
        self._signal(signal.SIGCONT)  # the driver takes the terminal anew then

    def begin(self, send: Send) -> None:
        """Hand on to the first one, for whom it paints anyway."""
        self._send = send

    def detach(self, send: Send) -> None:
        """Hand on to nobody, unless somebody else was attached meanwhile."""
        if self._send == send:
            self._send = None

    def resize(self, columns: int, rows: int) -> None:
        """Have another size."""
        if self._master >= 0:
            self._measure(columns, rows)
            self._signal(signal.SIGWINCH)

    def _measure(self, columns: int, rows: int) -> None:
        columns, rows = min(max(columns, 1), MOST_COLUMNS), min(max(rows, 1), MOST_ROWS)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    async def typed(self, text: bytes) -> None:
        """Hand on keys, as fast as they are taken."""
        while text and self._master >= 0:
            try:
                text = text[os.write(self._master, text) :]
            except BlockingIOError:
                await asyncio.sleep(0.02)
            except OSError:  # it has ended
                return

    async def end(self) -> None:
        """Have it keep what was typed and end; one that does not is ended."""
        if not self.running:
            return
        self._send = None
        self._signal(signal.SIGHUP)
        try:
            async with asyncio.timeout(_ENDS):
                await self.ended.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
            await self.ended.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)


def kiosk_command(learner: str, options: Sequence[str]) -> list[str]:
    """Return what starts a learner's kiosk; no variable of Python's is honoured."""
    return [sys.executable, "-I", "-m", "rnn_tutor", "--kiosk", "--learner", learner, *options]


def _take_terminal() -> None:
    """Have the pseudo-terminal be the session's own: it is then hung up when the server goes."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
