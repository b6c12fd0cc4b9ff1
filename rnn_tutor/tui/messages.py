"""What widgets and workers tell the screens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from rnn_tutor.tui.session import Session


@dataclass
class Ready(Message):
    """The course has been read."""

    session: "Session"


@dataclass
class Unreadable(Message):
    """The course cannot be read; `says` is why, in one sentence."""

    says: str


@dataclass
class Ticked(Message):
    """Options were ticked: `numbers` as the learner would type them."""

    part: str
    numbers: tuple[int, ...]


@dataclass
class Chosen(Message):
    """An exercise is to be opened."""

    exercise: str


@dataclass
class TooLong(Message):
    """More was typed or pasted than there is room for."""

    most: int
