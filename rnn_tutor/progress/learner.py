"""The id that a learner works under in assignments: that of the class, or asked once and kept beside the progress."""

import os
from pathlib import Path

from rnn_tutor.paths import LEARNER, MEMBERSHIP, PathError, flags, learner_id, shown

_MOST = 200  # bytes that are read: an id is shorter


def id_of(progress: Path, named: str | None) -> str | None:
    """Return the id to work under beside a progress file: the one named, else the one known, None where none is.

    What is sent to a class goes there under the learner's id in it, so no other can be had then. Raises PathError for
    that, and for what is no id.
    """
    member = _id_in_class(progress)
    if member is None:
        return learner_id(named) if named else kept_id(progress)
    if named and learner_id(named) != member:
        raise PathError(f"You joined your class as {member}: leave --learner out, or name another folder with --data.")
    return member


def _id_in_class(progress: Path) -> str | None:
    """Return a learner's id in the class that was joined, None where none was, or its file cannot be read."""
    if not progress.with_name(MEMBERSHIP).exists():
        return None
    from rnn_tutor.progress.server.membership import MembershipError, kept  # late: start-up time

    try:
        membership = kept(progress)
    except MembershipError:  # told by whoever sends
        return None
    return membership.name if membership is not None and membership.kind == "learner" else None


def kept_id(progress: Path) -> str | None:
    """Return the id that was kept beside a progress file, None where none was, or none that is an id."""
    try:
        with progress.with_name(LEARNER).open("rb") as file:
            return learner_id(file.read(_MOST).decode("utf-8", "replace").strip())
    except (OSError, PathError):
        return None


def keep_id(progress: Path, learner: str) -> str:
    """Keep the id that somebody begins to work under beside a progress file, private to the account, if none is kept.

    Returns why that cannot be done, "" where it was.
    """
    if kept_id(progress) is not None:
        return ""
    path = progress.with_name(LEARNER)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = path.with_name(f"{LEARNER}.{os.urandom(4).hex()}.new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | flags("O_NOFOLLOW"), 0o600), "w") as file:
            file.write(f"{learner}\n")
        new.replace(path)
    except OSError as error:
        return f"Your id cannot be kept in {shown(path)}: {error.strerror}. You will be asked again."
    return ""
