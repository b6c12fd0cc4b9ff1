"""The code of a notebook, run by a kernel for what it prints: `import --run` compares that and does nothing else.

The kernel is a new process of this environment's Python, whatever the notebook says of its own; it works in a temporary
folder and reads no start-up files. Of its output only text is kept. It is no sandbox: the code runs as whoever runs it.
"""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnn_tutor.exercises.importing.source import error_of

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

SECONDS = 60  # of a cell
MOST = 1_000_000  # characters that a cell writes
MOST_MESSAGE = 16 * 1024 * 1024  # bytes of one message: a larger one is dropped before it is read (a picture has fewer)
MOST_SOCKET = 80  # characters of a folder that a socket can lie in: its path has at most about 100
INSTALL = "pip install 'rnn-tutor[notebooks]'"


class RunError(Exception):
    """The code was not run to its end; the text is a sentence that says why."""


@dataclass(slots=True)
class Ran:
    """What a cell wrote to its standard output, and its value as text; whether it ended with an error, and which."""

    pieces: list[str] = field(default_factory=list)
    failed: bool = False
    error: str = ""  # on one line

    @property
    def text(self) -> str:
        """All of it, in the order in which it came."""
        return "\n".join(piece.removesuffix("\n") for piece in self.pieces)


def run_code(cells: Sequence[tuple[int, str]], *, seconds: int = SECONDS) -> list[Ran]:
    """Return what the code of each cell gives, run one after the other; each with its number. Raises RunError.

    A cell that ends with an error does not stop those after it: what is left open for a learner often does.
    """
    try:
        import ipykernel  # noqa: F401 - late, all: an optional group
        import nbclient.exceptions
        import nbformat.v4
    except ImportError:
        raise RunError(f"--run needs nbclient and ipykernel: {INSTALL}") from None
    v4: Any = nbformat.v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell(code) for _, code in cells])
    with tempfile.TemporaryDirectory(prefix="rnn-tutor-run-", ignore_cleanup_errors=True) as folder:
        manager = _manager(Path(folder))
        client = _client(notebook, manager, seconds, [number for number, _ in cells])
        # Neither what the kernel says of itself nor what the code writes past it is for the terminal.
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            client.execute(cwd=folder, env=_environment(folder), cleanup_kc=True, **quiet)
        except nbclient.exceptions.CellTimeoutError:
            raise RunError(client.why(seconds)) from None
        except nbclient.exceptions.DeadKernelError:
            raise RunError(client.why(None)) from None
        except (RuntimeError, OSError) as error:  # no kernel could be started
            raise RunError(f"No kernel could be started ({type(error).__name__}), so nothing was run.") from None
        finally:
            manager.context.destroy(linger=0)
    if client.too_much:  # and the last cell had come to its end before the kernel was stopped
        raise RunError(client.why(None))
    ran: list[Ran] = client.ran
    return ran


def _environment(folder: str) -> dict[str, str]:
    """Return the environment of the kernel: the user's own, without what would be read or shown beside the code."""
    own = {"IPYTHONDIR": folder, "MPLBACKEND": "agg", "JUPYTER_RUNTIME_DIR": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    return dict(os.environ) | own


def _manager(folder: Path) -> "AsyncKernelManager":
    """Return what starts a kernel with this Python, whatever kernels are installed under whatever names."""
    import zmq
    import zmq.asyncio
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class Own(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=argv, display_name="rnn-tutor", language="python")

    class Bounded(AsyncKernelManager):
        def client(self, **more: Any) -> Any:  # noqa: ANN401
            return super().client(context=context, **more)

    context = zmq.asyncio.Context()
    context.setsockopt(zmq.MAXMSGSIZE, MOST_MESSAGE)
    manager = Bounded(
        kernel_spec_manager=Own(), context=context, connection_file=str(folder / "kernel.json"), shutdown_wait_time=1.0
    )
    if hasattr(socket, "AF_UNIX") and len(str(folder)) <= MOST_SOCKET:  # nobody else can connect to these
        manager.transport, manager.ip = "ipc", str(folder / "kernel")
    return manager


class _Reading:
    """Keeps the text that cells write, up to a limit, and nothing else: to be put before NotebookClient."""

    km: Any
    ran: list[Ran]
    numbers: Sequence[int]
    at = 0
    begun = 0.0
    too_much = False

    async def async_execute_cell(self, cell: Any, cell_index: int, *args: Any, **more: Any) -> Any:  # noqa: ANN401
        """Run a cell, and note which it is and since when."""
        if not self.too_much:
            self.at, self.begun = cell_index, time.monotonic()
        return await super().async_execute_cell(cell, cell_index, *args, **more)  # type: ignore[misc]

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> None:  # noqa: ANN401
        """Take what the kernel sends."""
        kind, content = msg["msg_type"], msg["content"]
        if kind == "status":  # which says that the cell has come to its end
            super().process_message(msg, cell, cell_index)  # type: ignore[misc]
        elif kind == "error":
            self.ran[cell_index].failed = True
            self.ran[cell_index].error = error_of(content)
        elif kind == "stream" and content.get("name") == "stdout":
            self.keep(cell_index, content.get("text"), joined=True)
        elif kind == "execute_result":
            self.keep(cell_index, content.get("data", {}).get("text/plain"))

    def keep(self, cell_index: int, text: object, *, joined: bool = False) -> None:
        """Keep some text of a cell; of more than is allowed stop the kernel, and keep nothing more."""
        if not isinstance(text, str) or self.too_much:
            return
        pieces = self.ran[cell_index].pieces
        if sum(map(len, pieces)) + len(text) > MOST:
            self.too_much = True
            # Not the manager's own way to stop: the last cell may be at its end, and two that stop it meet.
            asyncio.ensure_future(self.km.provisioner.kill())  # noqa: RUF006 - its end is what is waited for
        elif joined and pieces:
            pieces[-1] += text
        else:
            pieces.append(text)

    def why(self, limit: int | None) -> str:
        """Return why it did not come to its end; `limit`: the seconds that were allowed, None where it died."""
        cell, end = f"Cell {self.numbers[self.at]}", "so the notebook was not run to its end."
        if self.too_much:
            return f"{cell} writes more than {MOST:,} characters, {end}"
        if limit is None:
            return f"{cell} stopped the kernel, {end}"
        if time.monotonic() - self.begun < limit:  # a message was too large to be read
            return f"{cell}, or the one before it, writes more than {MOST:,} characters, {end}"
        return f"{cell} takes longer than {limit} seconds, {end}"


def _client(notebook: Any, manager: "AsyncKernelManager", seconds: int, numbers: Sequence[int]) -> Any:  # noqa: ANN401
    from nbclient import NotebookClient

    class Reader(_Reading, NotebookClient):
        pass

    client = Reader(notebook, km=manager, timeout=seconds, allow_errors=True, raise_on_iopub_timeout=True)
    client.log.disabled = True  # it would write what cells wrote
    client.ran, client.numbers = [Ran() for _ in numbers], numbers
    return client
