"""The way in: everything that has to be set before textual is imported, and how a sitting ends."""

import gc
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.tui.terminal import capabilities as terminal
from rnn_tutor.tui.terminal import quick_dataclasses
from rnn_tutor.tui.terminal.capabilities import Options, Terminal
from rnn_tutor.tui.terminal.late_patterns import late_patterns
from rnn_tutor.tui.terminal.lean_app import import_app, import_asyncio, import_msgspec, stand_for_types

if TYPE_CHECKING:
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.tui.app import Tutor
    from rnn_tutor.tui.terminal.app import TerminalApp


def run(library: "Callable[[], Library]", store_path: Path | None, *, options: Options | None = None) -> int:
    """Show the tutor until the learner leaves; the exit status is returned, as by `show`.

    library: makes the library; called in a thread after the first frame. store_path: where progress is kept (None:
    there is no home to keep it in, which is said on the screen).
    """
    return show(lambda can: _app(options)(library, store_path, can, options), options)


def show(made: "Callable[[Terminal], TerminalApp]", options: Options | None) -> int:
    """Show an app until whoever looks at it leaves; the exit status is returned.

    made: makes it, once everything is set that has to be before textual is imported. Status 1: stopped on a mistake of
    the program's own; 2: this terminal cannot show screens. Either is said in one sentence on stderr.
    """
    reason = terminal.why_not(sys.__stdin__, sys.__stderr__, os.environ)
    if reason is not None:
        _say(reason)
        return 2
    gc.disable()  # nothing made while starting is garbage: a third of the start
    terminal.prepare(os.environ)
    can = terminal.terminal(os.environ, sys.__stderr__.encoding, options)  # type: ignore[union-attr]
    if options is not None and options.settings is not None:
        options.settings.read()
        terminal.settle(can, terminal.suited(can, options, options.settings), os.environ)
    else:
        terminal.settle(can, can, os.environ)
    quick_dataclasses.install()
    stand_for_types()
    status: int | None = None
    with late_patterns():
        import_asyncio()
        import_msgspec()
        import_app()
        # Late: what it needs is not there where no screen can be shown.
        from rnn_tutor.tui.terminal.endings import Endings

    with Endings() as endings:
        with late_patterns():
            app = made(can)
        endings.ask = app.end
        endings.leave = app.give_up
        before, threading.excepthook = threading.excepthook, app.thread_failed
        try:
            status = app.run(mouse=False)
        except Exception as error:  # noqa: BLE001 - told below
            app.failed(error, "running the screens")
            app.give_up()
        finally:
            threading.excepthook = before
    if app.failure:
        _say(app.failure)
        return 1
    return status or 0


def _app(options: Options | None) -> "type[Tutor]":
    """Return the app that is wanted: late, after the environment is set."""
    if options is not None and options.kiosk:
        from rnn_tutor.tui.kiosk import Kiosk

        return Kiosk
    if options is not None and options.author is not None:
        from rnn_tutor.tui.authoring.app import Author

        return Author
    if options is not None and options.assignment is not None:
        from rnn_tutor.tui.assigned import AssignedTutor

        return AssignedTutor
    from rnn_tutor.tui.app import Tutor

    return Tutor


def _say(sentence: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{sentence}\n")
