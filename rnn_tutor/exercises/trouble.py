"""Why an exercise, a lab or a page cannot be opened, as one sentence; screens and commands say the same."""

from typing import Literal

from rnn_tutor.exercises.files.finding import ContentError, shown
from rnn_tutor.exercises.unfinished import DraftError

Kind = Literal["exercise", "lab", "page"]

_CANNOT: dict[Kind, str] = {"exercise": "asked", "lab": "evaluated", "page": "read"}
_MOST = 5  # findings that a command tells of one file


def why_not(kind: Kind, name: str, error: Exception, *, paths: bool = False) -> str:
    """Return why something with this id cannot be opened: what its file, its numbers or its absence have raised.

    error: a ContentError, an ExerciseError, or the KeyError of an unknown id. A screen has room for the first finding,
    and tells no folder; with `paths`, the first few findings as `rnn-tutor check` writes them.
    """
    if isinstance(error, DraftError):
        return f"{shown(name)} is a draft, which is not finished, so it cannot be opened.{shown(error.says, 300)}"
    if isinstance(error, ContentError):
        return " ".join(map(str, error.told[:_MOST])) if paths else error.findings[0].brief
    if isinstance(error, KeyError):
        return f"There is no {kind} {name}."
    return f"The {kind} {name} cannot be {_CANNOT[kind]}: {error}"
