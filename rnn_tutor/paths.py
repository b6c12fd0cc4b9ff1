"""Where the exercises and a learner's progress live on this machine.

Nothing here touches the disk beyond looking: the store makes its folder when it opens. Every failure is a
`PathError`, one sentence that can be shown as it is.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

PROGRESS = "progress.sqlite3"
LOG = "crash.log"
INDEX = "course.index"
VARIABLE = "RNN_TUTOR_DATA"
MOST_ID = 32
_LEARNER = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MOST_ID - 1}}}")


class PathError(Exception):
    """A folder that rnn-tutor needs cannot be found; the message is one sentence for the reader."""


class HomelessError(PathError):
    """The account has no home folder, and nobody named another: progress can only not be kept."""


NO_HOME = f"This account has no home folder: name a folder with --data DIR or {VARIABLE}."


def content_folder() -> Path:
    """The folder with the exercises: inside an installed package, at the top of the repository otherwise.

    Raises PathError when there is neither.
    """
    package = Path(__file__).resolve().parent
    installed = package / "content"
    if installed.is_dir():
        return installed
    # An installed package without content must not take some other package that is called "content" for it.
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "content").is_dir():
        return checkout / "content"
    raise PathError(f"The exercises are missing from {shown(package)}: install rnn-tutor again.")


def content_folders(named: Sequence[Path] | None, *, only: bool = False) -> list[Path]:
    """The folders to learn from: the course, and after it those that were `named`, or `only` those; each once.

    Raises PathError for a folder that is not there, and for `only` without any.
    """
    if only and not named:
        raise PathError("--only leaves out the course, so it can only be used with --content DIR.")
    folders = [*([] if only else [content_folder()]), *(named or [])]
    for folder in named or []:
        if not folder.is_dir():
            raise PathError(f"There is no folder {shown(folder)}.")
    return list({folder.resolve(): folder for folder in reversed(folders)}.values())[::-1]


def index_files() -> list[tuple[Path, Path]]:
    """The course that comes along, and the file in which what it lists was kept when the package was built; if any."""
    package = Path(__file__).resolve().parent
    return [(package / "content", package / INDEX)] if (package / "content").is_dir() else []


def cache_folder() -> Path | None:
    """The folder of what a user's machine keeps to be quicker the next time, None where none can be named."""
    if os.environ.get("HOME") == "":
        return None
    from platformdirs import user_cache_path  # late: start-up time

    try:
        folder = user_cache_path("rnn-tutor", appauthor=False)
    except RuntimeError:  # as in data_folder
        return None
    return folder if folder.is_absolute() else None


def data_folder(override: str | None = None) -> Path:
    """The absolute folder of a learner's data: `override` (--data), RNN_TUTOR_DATA, or the usual place.

    A `~` in front is the home folder, also where no shell has read it (`--data=~/x`). It need not exist.
    Raises PathError when no folder can be named.
    """
    if override is not None:
        return _chosen(override, "--data")
    if os.environ.get(VARIABLE):
        return _chosen(os.environ[VARIABLE], VARIABLE)
    if os.environ.get("HOME") == "":  # would be the root folder
        raise HomelessError(NO_HOME)
    from platformdirs import user_data_path  # late: start-up time

    try:
        folder = user_data_path("rnn-tutor", appauthor=False)
    except RuntimeError:  # what newer versions do where older ones leave the `~` unexpanded
        folder = Path("~")
    if not folder.is_absolute():
        raise HomelessError(NO_HOME)
    return folder


def progress_file(override: str | None = None) -> Path:
    """The file of a learner's attempts, in `data_folder(override)`; raises PathError as that does."""
    return data_folder(override) / PROGRESS


def log_file(override: str | None = None) -> Path | None:
    """The file of the program's own mistakes, in `data_folder(override)`; None where no folder can be named.

    It is private to the account; many learners who share an account share it.
    """
    try:
        return data_folder(override) / LOG
    except PathError:
        return None


def learner_file(everyone: Path, learner: str) -> Path:
    """The file of one learner's attempts, where many share an account whose own file would be `everyone`.

    learner: an id, never a path; capitals and small letters are one. Raises PathError for what is no id.
    """
    if not _LEARNER.fullmatch(learner):
        raise PathError(
            f"An id has 1 to {MOST_ID} letters, digits, dots, hyphens or underscores; a letter or a digit comes first."
        )
    return everyone.parent / "learners" / learner.lower() / everyone.name


def shown(path: Path, width: int = 120) -> str:
    """A path as it may stand in a sentence: printable, on one line, at most `width` long, its end kept."""
    text = "".join(char if char.isprintable() else "?" for char in str(path))
    return text if len(text) <= width else "..." + text[3 - width :]


def _chosen(text: str, source: str) -> Path:
    """The folder that a user named; an empty name is an unset variable, never the current folder."""
    if not text.strip() or "\0" in text:
        raise PathError(f"{source} needs a folder, for example {source} ~/rnn-tutor.")
    try:
        return Path(text).expanduser().absolute()
    except (RuntimeError, OSError):  # an unknown user, or a current folder that is gone
        raise PathError(f"{source} cannot be resolved: give the full path of the folder.") from None
