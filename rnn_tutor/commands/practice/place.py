"""Where a learner is in plain mode: at an exercise or at a lab. What can be typed there, and what comes of it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rnn_tutor.commands.output import page_width, say
from rnn_tutor.commands.telling import wrapped
from rnn_tutor.tui.session import CLOSED
from rnn_tutor.tui.visits import TroubleError

if TYPE_CHECKING:
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.tui.session import Session
    from rnn_tutor.tui.visits import Visit


@dataclass(frozen=True)
class Command:
    """A word behind a colon: its name, what it does with what stands behind it, and what the help says."""

    name: str
    run: Callable[[str], None]
    says: str
    takes: str = ""


class Place(ABC):
    """An exercise or a lab as one is at it. What cannot be shown raises TroubleError, which is told."""

    @property
    @abstractmethod
    def visit(self) -> "Visit[Any]":
        """What the sitting has of it."""

    @property
    @abstractmethod
    def prompt(self) -> str:
        """What stands before the next line."""

    @abstractmethod
    def open(self) -> None:
        """Tell what it is, and what is asked first."""

    @abstractmethod
    def typed(self, line: str) -> None:
        """Take a line that is no command."""

    @abstractmethod
    def blank(self) -> bool:
        """Take an empty line; tell whether it means that one goes on to what comes next."""

    @abstractmethod
    def commands(self) -> Sequence[Command]:
        """Return the commands that work here."""

    @abstractmethod
    def figures(self) -> "Sequence[Figure]":
        """Return what there is to look at."""

    @abstractmethod
    def commanded(self) -> None:
        """Know that a command comes: whatever an empty line would have gone on with is over."""

    @abstractmethod
    def leave(self) -> None:
        """Keep what is not checked."""


def open_book(session: "Session") -> None:
    """Raise TroubleError where whatever would help is closed: an exam is to be handed in first."""
    if session.closed:
        raise TroubleError(f"{CLOSED} :exam goes on with it.")


def say_prose(text: str, style: str = "") -> None:
    """Print sentences, wrapped to the width of a page."""
    say(wrapped(text), style)


def say_words(session: "Session", place: Place) -> None:
    """Tell the words that an exercise or a lab stands on, and what the page of its unit says about it."""
    open_book(session)
    ground = session.ground_of(place.visit.source)
    if ground.paragraph:
        say_prose(f"The page of this unit (:page reads all of it): {ground.paragraph}")
    for term in ground.words:
        symbols = f" ({', '.join(term.symbols)})" if term.symbols else ""
        say_prose(f"{term.term}{symbols}: {term.means}")
    if not ground.words:
        say_prose("The glossary has no word that stands here.")


def look(place: Place, argument: str) -> None:
    """Tell a picture in words: the one of this number, all without."""
    from rnn_tutor.figures.told import in_words

    for number, figure in chosen(place, argument):
        say(f"Picture {number}")
        for line in in_words(figure):
            say_line(line)


def draw(place: Place, argument: str) -> None:
    """Print a picture of characters: the one of this number, all without."""
    from rnn_tutor.commands.pictures import figure_lines

    for number, figure in chosen(place, argument):
        say(f"Picture {number}")
        for line in figure_lines(figure, page_width()):
            say(line)


def chosen(place: Place, argument: str) -> "Sequence[tuple[int, Figure]]":
    """Return the pictures that a number stands for, each with its number; what is wrong with it is told."""
    figures = list(enumerate(place.figures(), 1))
    if not figures:
        say("There is nothing to look at here.")
    if not argument or not figures:
        return figures
    if argument.isdecimal() and 1 <= int(argument[:6]) <= len(figures):
        return [figures[int(argument[:6]) - 1]]
    say(f"Type the number of a picture, from 1 to {len(figures)}.")
    return []


def say_line(line: str) -> None:
    """Print a line that may be long, folded; what goes on is indented as far as the line is, and two more."""
    import textwrap

    indent = " " * (len(line) - len(line.lstrip()) + 2)
    say(textwrap.fill(line, page_width(), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False))
