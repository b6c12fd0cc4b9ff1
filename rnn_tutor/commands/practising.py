"""practice --plain: the tutor without a screen, line by line on standard input and output."""

import argparse
import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from rnn_tutor.engine.number_text import SHOWN
from rnn_tutor.exercises.files.finding import ContentError, told_once
from rnn_tutor.exercises.kept import Kept
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import (
    MEMBERSHIP,
    HomelessError,
    cache_folder,
    content_folders,
    index_files,
    log_file,
    progress_file,
    settings_file,
)
from rnn_tutor.settings import Settings
from rnn_tutor.tui.clipboard import Clipboard
from rnn_tutor.tui.session import Session
from rnn_tutor.tui.sets import AskedFor

from .mistakes import written_down
from .output import complain, say
from .practice.joined import begin_to_send
from .practice.lines import EndedError, Lines
from .practice.place import say_prose
from .practice.sitting import Sitting
from .source import UseError, text_of

if TYPE_CHECKING:
    from rnn_tutor.tui.sending import Sending

_ENDINGS = tuple(getattr(signal, name) for name in ("SIGHUP", "SIGTERM") if hasattr(signal, name))  # Windows: no SIGHUP
_AGAIN = 0.2  # seconds after which a signal that was not handled is sent again


def practice(options: argparse.Namespace) -> int:
    """Practise until the input ends; 2 where there is nothing of the id that was named."""
    try:
        own_text = text_of(options)
    except UseError as error:
        return complain(str(error))
    return _practise(options, options.seed, lambda sitting: sitting.run(options.exercise or ""), own_text=own_text)


def review(options: argparse.Namespace) -> int:
    """Review what is due, and practise on until the input ends."""
    return _practise(options, None, Sitting.run_review, review=True)


def placement(options: argparse.Namespace) -> int:
    """Find out what the learner knows, and practise on until the input ends."""
    return _practise(options, None, lambda sitting: sitting.run_set("placement"))


def exam(options: argparse.Namespace) -> int:
    """Take an exam, and practise on until the input ends; 2 where there is none to take."""
    asked = AskedFor(options.seed, options.questions, options.minutes)
    return _practise(options, None, lambda sitting: sitting.run_set("exam", options.units, asked))


def _practise(
    options: argparse.Namespace,
    seed: int | None,
    run: Callable[[Sitting], bool],
    *,
    review: bool = False,
    own_text: str = "",
) -> int:
    settings = Settings(settings_file())
    settings.read()
    _settle_characters(options, settings)
    _show_digits(settings)
    try:
        library = Library(content_folders(options.content, only=options.only), Kept(index_files(), cache_folder))
    except ContentError as error:
        return complain(str(error))
    for finding in told_once(library.findings, of_all_files=True):
        complain(str(finding))
    lines, assigned = Lines(sys.stdin), None
    try:
        path = progress_file(options.data)
    except HomelessError:  # said below; there is much to learn without keeping it
        path = None
    mine = path  # of which that of an assignment is a part
    clipboard = Clipboard(settings.value("clipboard"), os.environ, log_file(options.data))
    if options.assignment is not None:
        from .assignments import file_of, taken

        try:
            assigned = taken(options, library, lambda: _asked_for_id(lines))
            path = file_of(options, assigned)
        except UseError as error:
            return complain(str(error))
    session = Session(library, seed, assigned)
    sending = _sending_of(mine, session, options)
    session.labs.own_text = own_text
    with _ended_by_signals():
        try:
            session.open_store(path)
            session.find_due()
            _greet(session, review=review)
            if sending is not None:
                begin_to_send(sending)
            begun = run(Sitting(session, lines, clipboard, sending))
        finally:  # what is typed and not checked is kept, however it ends
            session.close()
            if sending is not None:
                sending.stop()
    return 0 if begun else 2


def _sending_of(progress: Path | None, session: Session, options: argparse.Namespace) -> "Sending | None":
    """Return what is sent to the class that was joined; None where none was."""
    if progress is None or not progress.with_name(MEMBERSHIP).exists():
        return None
    from rnn_tutor.tui.sending import Sending

    def failed(error: Exception) -> None:
        complain(written_down(error, "sending answers", options.data, path_is_shown=True))

    sending = Sending(progress, None, None, rest=lambda: None, failed=failed)
    session.kept = sending.saved
    return sending


def _asked_for_id(lines: Lines) -> str:
    say_prose("Under which id do you work in this class? Type the one that your lecturer knows you by.")
    try:
        return lines.ask("id:").strip()
    except EndedError:
        return ""


def _show_digits(settings: Settings) -> None:
    """Show numbers with the digits that were chosen, and say what of the settings cannot be used."""
    digits = settings.value("digits")
    SHOWN.digits = digits if isinstance(digits, int) else None
    for problem in settings.problems:
        complain(problem)


def _settle_characters(options: argparse.Namespace, settings: Settings) -> None:
    """Write in the characters that were asked for, or chosen, whatever the locale says."""
    characters = "ascii" if options.ascii else "utf8" if options.utf8 else settings.value("characters")
    if characters == "utf8":
        os.environ["PYTHONUTF8"] = "1"  # where one asks for it; see `printable.is_utf8`
    encoding = {"ascii": "ascii", "utf8": "utf-8"}.get(str(characters))
    if encoding is not None and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=encoding)


def _greet(session: Session, *, review: bool) -> None:
    say_prose("rnn-tutor, plain mode. Type an answer, or :help to see the commands; :quit leaves.")
    if session.saving_problem:
        say_prose(session.saving_problem)
    if session.assignment is not None:
        told = (f"{session.assignment.title}: {session.assignment.summary()}.", session.assignment.about)
        say_prose(" ".join(filter(None, (*told, session.assignment.due(), session.to_hand_in()))))
    elif session.due and not review:
        say_prose(f"Due for review: {len(session.due)}. :review begins.")
    say()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Have a line that is cut, or a session that is ended, leave as any other end does: what is typed is kept."""
    left: list[int] = []  # no event: what handles a signal may be interrupted by the next, and must not wait for a lock

    def leave(number: int, _frame: FrameType | None) -> None:
        if not left:  # the second time one is leaving already, and what is typed is being kept
            left.append(number)
            raise SystemExit(128 + number)

    before = {number: signal.getsignal(number) for number in _ENDINGS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # whoever started us with nohup wants it so
            signal.signal(number, leave)
    with _sent_again(left):
        try:
            yield
        finally:
            left.append(0)
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def _sent_again(handled: Sized) -> Iterator[None]:
    """Send the ending signals to the main thread again until one was handled, which is noted in `handled`.

    Python handles a signal between two steps of its own. One that comes right before a read that waits, or is handed
    to another thread, would be handled after the next line only.
    """
    if not hasattr(signal, "pthread_kill"):  # Windows, where a read that waits is not interrupted at all
        yield
        return
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    main = threading.get_ident()

    def send() -> None:
        while came := os.read(ear, 64):  # nothing, once this is over
            for number in came:
                while number in _ENDINGS and not handled:
                    time.sleep(_AGAIN)
                    if not handled:
                        signal.pthread_kill(main, number)

    thread = threading.Thread(target=send, name="rnn-tutor-signals", daemon=True)
    thread.start()
    before = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(mouth)
        thread.join()
        os.close(ear)
