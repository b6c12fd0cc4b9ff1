"""The id that a learner works under in assignments: asked once, and kept beside the progress."""

import os
from pathlib import Path

from rnn_tutor.paths import LEARNER, PathError, flags, learner_id, shown

_MOST = 200  # bytes that are read: an id is shorter


def kept_id(progress: Path) -> str | None:
    """Return the id that was kept beside a progress file, None where none was, or none that is an id."""
    try:
        with progress.with_name(LEARNER).open("rb") as file:
            return learner_id(file.read(_MOST).decode("utf-8", "replace").strip())
    except (OSError, PathError):
        return None


def keep_id(progress: Path, learner: str) -> str:
    """Keep an id beside a progress file, private to the account; returns why that cannot be done, "" where it was."""
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
