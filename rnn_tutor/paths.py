"""Where the exercises and a learner's progress live on this machine.

Nothing here touches the disk beyond looking: the store makes its folder when it opens. Every failure is a
`PathError`, one sentence that can be shown as it is.
"""

import os
import re
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

PROGRESS_STEM = "progress"
PROGRESS = f"{PROGRESS_STEM}.sqlite3"
LOG = "crash.log"
INDEX = "course.index"
SETTINGS = "settings.toml"
ASSIGNMENTS = "assignments"
MEMBERSHIP = "class.json"
LEARNER = "learner"
VARIABLE = "RNN_TUTOR_DATA"
HOST_VARIABLE = "RNN_TUTOR_HOST"
_MOST_HOST = 60
_NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "virtiofs", "afs", "ceph", "lustre", "gpfs", "beegfs",
    "orangefs", "pvfs2", "ocfs2", "gfs2", "glusterfs", "coda", "ncpfs", "prl_fs", "vboxsf",
})  # fmt: skip
_LOCAL_FUSE = frozenset({"fuse.fuse-overlayfs", "fuse.lxcfs", "fuse.ntfs", "fuse.ntfs-3g", "fuse.exfat"})
_PLACES = {  # of each kind of folder: the variable that names it, and the place within the home without one
    "data": ("XDG_DATA_HOME", ".local/share"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
    "config": ("XDG_CONFIG_HOME", ".config"),
}
_ANDROID = {"ANDROID_DATA", "ANDROID_ROOT"}  # a system with places of its own
MOST_ID = 32
_LEARNER = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MOST_ID - 1}}}")


class PathError(Exception):
    """A folder that rnn-tutor needs cannot be found; the message is one sentence for the reader."""


class HomelessError(PathError):
    """The account has no home folder, and nobody named another: progress can only not be kept."""


NO_HOME = f"This account has no home folder: name a folder with --data DIR or {VARIABLE}."


def _as_it_is() -> tuple[int, int] | None:
    """Return what tells this file from the one that an update puts into its place; None where there is none."""
    try:
        found = Path(__file__).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


_AS_IT_WAS = _as_it_is()


def replaced() -> bool:
    """Tell whether rnn-tutor was updated or removed since it began: what it imports now may be of another version."""
    return _as_it_is() != _AS_IT_WAS


def whose(name: str) -> str:
    """Say why something of the type `name` was raised, without a full stop: a bug, or files that were exchanged."""
    if replaced():
        return "rnn-tutor was updated while it ran, so end it and start it again"
    return f"rnn-tutor has a bug here ({name})"


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
    folder = _usual("cache")
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
    folder = _usual("data")
    if not folder.is_absolute():
        raise HomelessError(NO_HOME)
    return folder


def settings_file() -> Path | None:
    """The file of a user's settings, in the usual place of this system; None where no folder can be named.

    It may not be there, and neither may its folder.
    """
    if os.environ.get("HOME") == "":
        return None
    folder = _usual("config")
    return folder / SETTINGS if folder.is_absolute() else None


def _usual(kind: str) -> Path:
    """Return the usual folder for data, cache or config on this system; a relative one where none can be named.

    platformdirs knows it. On Linux with a plain home it is named without: that is 11 ms of a start.
    """
    variable, place = _PLACES[kind]
    base, home = os.environ.get(variable, ""), os.environ.get("HOME", "")
    if sys.platform == "linux" and not _ANDROID.intersection(os.environ):
        if base.startswith("/"):
            return Path(base, "rnn-tutor")
        if not base and home.startswith("/"):
            return Path(home, place, "rnn-tutor")
    import platformdirs  # late: start-up time

    try:
        return Path(getattr(platformdirs, f"user_{kind}_path")("rnn-tutor", appauthor=False))
    except RuntimeError:  # what newer versions do where older ones leave the `~` unexpanded
        return Path("~")


def progress_file(override: str | None = None) -> Path:
    """The file of a learner's attempts, in `data_folder(override)`; raises PathError as that does.

    On a folder that other machines share it is a file of this machine alone: `progress.hosts` says why.
    """
    folder = data_folder(override)
    host = os.environ.get(HOST_VARIABLE) or (_machine() if is_shared(folder) else "")
    return folder / (f"{PROGRESS_STEM}-at-{_cleaned(host)}.sqlite3" if host else PROGRESS)


def is_shared(folder: Path) -> bool:
    """Tell whether a folder, which need not exist yet, is on a file system that other machines write in."""
    for place in (folder, *folder.parents):
        try:
            device = place.stat().st_dev
            mounts = Path("/proc/self/mountinfo").read_text("utf-8", "replace")
        except FileNotFoundError:
            continue  # not made yet; without /proc none is found, and the folder counts as local
        except OSError:
            return False
        kind = _kind_of(mounts, f"{os.major(device)}:{os.minor(device)}")
        return kind in _NETWORK or (kind.startswith("fuse.") and kind not in _LOCAL_FUSE)
    return False


def _kind_of(mounts: str, device: str) -> str:
    """Return the kind of file system on a device, by the kernel's table of mounts; "" where it has none."""
    for line in mounts.splitlines():
        mount, _, system = line.partition(" - ")
        if mount.split(" ", 3)[2:3] == [device]:
            return system.partition(" ")[0]
    return ""


def _machine() -> str:
    """Return a name for this machine. Two with the same name mostly differ in the number that a system gives itself."""
    try:
        number = Path("/etc/machine-id").read_text("ascii", "replace").strip()
    except OSError:
        number = ""
    import platform  # late: start-up time

    name = platform.node()
    return f"{_cleaned(name)}-{zlib.crc32(f'{name} {number}'.encode('utf-8', 'surrogateescape')):08x}"


def _cleaned(host: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", host.lower()).strip("-.")[:_MOST_HOST] or "host"


def log_file(override: str | None = None) -> Path | None:
    """The file of the program's own mistakes, in `data_folder(override)`; None where no folder can be named.

    It is private to the account; many learners who share an account share it.
    """
    try:
        return data_folder(override) / LOG
    except PathError:
        return None


def flags(*names: str) -> int:
    """Return flags for `os.open` by their names, as far as this system has them."""
    found = 0
    for name in names:
        found |= getattr(os, name, 0)
    return found


def learner_file(everyone: Path, learner: str) -> Path:
    """The file of one learner's attempts, where many share an account whose own file would be `everyone`.

    learner: an id, never a path; capitals and small letters are one. Raises PathError for what is no id.
    """
    return everyone.parent / "learners" / learner_id(learner) / everyone.name


def learner_id(text: str) -> str:
    """A learner's id as it is kept: capitals and small letters are one. Raises PathError for what is no id."""
    if not _LEARNER.fullmatch(text):
        raise PathError(
            f"An id has 1 to {MOST_ID} letters, digits, dots, hyphens or underscores; a letter or a digit comes first."
        )
    return text.lower()


def assignment_file(own: Path, assignment: str, learner: str) -> Path:
    """The file of a learner's answers to an assignment, whose own file is `own`; both are named by their ids."""
    return own.parent / ASSIGNMENTS / assignment / learner_id(learner) / own.name


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
