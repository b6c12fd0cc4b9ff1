"""What widgets and workers tell the screens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from rnn_tutor.tui.rows import Row


@dataclass
class Ticked(Message):
    """Options were ticked: `numbers` as the learner would type them."""

    part: str
    numbers: tuple[int, ...]


@dataclass
class Chosen(Message):
    """What stands in a row of a list is to be opened."""

    row: "Row"


@dataclass
class NothingBefore(Message):
    """There is nothing to bring back."""


@dataclass
class TooLong(Message):
    """More was typed or pasted than there is room for."""

    most: int


@dataclass
class PasteCut(Message):
    """A paste was longer than anything takes: so many characters after the first `most` were thrown away."""

    most: int
    dropped: int


@dataclass
class KeysCut(Message):
    """So many keys wait already: those that came after them were thrown away."""

    most: int
