"""Files that commands write: whole or not at all, and none that is there without being told to."""

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from rnn_tutor.paths import shown
from rnn_tutor.printable import is_utf8

from .source import UseError

STANDARD = "-"  # standard output


def check_target(target: str, *, force: bool) -> None:
    """Raise UseError where a file cannot be written, before anything is worked out for it."""
    if target == STANDARD:
        return
    if not target:
        raise UseError("Give a file name; - is standard output.")
    path = Path(target)
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = None
    except (OSError, ValueError) as error:
        raise _cannot(path, error) from None
    if mode is not None and not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "not an ordinary file"
        raise UseError(f"{shown(path)} is {kind}: name a file, or - for standard output.")
    if mode is not None and not force:
        raise UseError(f"{shown(path)} is there already; --force writes over it.")
    if mode is None and not path.parent.is_dir():
        raise UseError(f"There is no folder {shown(path.parent)} to write into.")


def write(target: str, text: str | bytes, *, force: bool = False, private: bool = False) -> None:
    """Write a text (as UTF-8) or bytes into a file, as `write_pieces` does; a text to standard output, too."""
    if target == STANDARD:
        if isinstance(text, bytes):
            raise UseError("This is not text: name a file to write it into.")
        _to_stdout(text)
        return
    write_pieces(target, [text if isinstance(text, bytes) else text.encode("utf-8")], force=force, private=private)


def write_pieces(target: str, pieces: Iterable[bytes], *, force: bool = False, private: bool = False) -> None:
    """Write bytes into a file, one piece after the other: they need not all be there at once.

    Raises UseError, and whatever `pieces` raises, and then leaves what was there.

    A file is made under another name and put into its place when it is complete. private: a new one is for its owner's
    eyes only.
    """
    check_target(target, force=force)
    path = Path(target)
    path = path.resolve() if path.is_symlink() else path
    unfinished = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        made = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if private else 0o666)
        with os.fdopen(made, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        _put(unfinished, path, force=force)
    except FileExistsError:
        raise UseError(f"{shown(path)} is there already; --force writes over it.") from None
    except OSError as error:
        raise _cannot(path, error) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _put(unfinished: Path, path: Path, *, force: bool) -> None:
    if force:
        if path.exists():
            unfinished.chmod(stat.S_IMODE(path.stat().st_mode))
        unfinished.replace(path)
        return
    try:
        os.link(unfinished, path)  # unlike a replacement, this fails where there is something already
    except FileExistsError:
        raise
    except OSError:  # a file system without links: an empty file holds the place
        path.open("x", encoding="utf-8").close()
        unfinished.replace(path)


def _to_stdout(text: str) -> None:
    """Write to standard output; where that cannot carry UTF-8, what it cannot is written as XML has it."""
    if is_utf8(getattr(sys.stdout, "encoding", None) or "ascii", os.environ):
        sys.stdout.write(text)
    else:
        sys.stdout.write(text.encode("ascii", "xmlcharrefreplace").decode("ascii"))


def _cannot(path: Path, error: Exception) -> UseError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "this is not a file name"
    return UseError(f"{shown(path)} cannot be written: {reason}.")
