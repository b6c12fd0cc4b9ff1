"""What stands on paper, in blocks. All text is foreign text, as the file has it: writers make it printable."""

from dataclasses import dataclass, field
from typing import TypeAlias

from rnn_tutor.engine.functions import Array
from rnn_tutor.figures.figure import Figure


@dataclass(frozen=True)
class Heading:
    """A heading within the document: `level` 1 is that of a problem, 2 of a part of it; `aside` stands at its right."""

    text: str
    level: int = 1
    aside: str = ""


@dataclass(frozen=True)
class Prose:
    """Paragraphs as authors write them: `code` in backticks, formulas indented. quiet: what is beside the point."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, eq=False)
class Given:
    """What a problem starts from: name, meaning, shape in words, and the numbers (None: only the shape is known).

    pictured: the numbers are in the picture, and are not repeated.
    """

    name: str
    means: str
    shape: str = ""
    value: Array | None = None
    pictured: bool = False


@dataclass(frozen=True, eq=False)
class Givens:
    """A table of what is given."""

    entries: tuple[Given, ...]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A figure."""

    figure: Figure


@dataclass(frozen=True)
class Code:
    """Lines as they stand, in letters of one width."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """A step of a worked solution. `formula`: its symbols are a formula, and no sentence."""

    number: int
    symbols: str
    say: str = ""
    numbers: tuple[str, ...] = ()
    result: str = ""
    shape: str = ""
    formula: bool = True


@dataclass(frozen=True)
class Choice:
    """An option: its number from 1, its text, and (in a key) whether it is right, and why or why not."""

    number: int
    text: str
    right: bool = False
    why: str = ""


@dataclass(frozen=True)
class Choices:
    """The options of a part, with a box each. several: more than one may be right; told: the right ones are marked."""

    options: tuple[Choice, ...]
    several: bool = False
    told: bool = False


@dataclass(frozen=True)
class Answer:
    """An expected answer: what is asked for, what is right, and in which form (a vector (unit 2), say)."""

    name: str
    value: str
    form: str = ""


@dataclass(frozen=True)
class Room:
    """Room to write: `lines` of it, behind a name and an equals sign where there is one."""

    lines: int = 1
    name: str = ""
    form: str = ""


Block: TypeAlias = Heading | Prose | Givens | Drawn | Code | Step | Choices | Answer | Room


@dataclass(frozen=True)
class Section:
    """Blocks that belong together, and on paper stay on one page where they fit."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A document: its title, a line below it, its sections, and a line at its end.

    fields: what a learner fills in at the top (Name, Date).
    """

    title: str
    subtitle: str = ""
    sections: tuple[Section, ...] = ()
    foot: str = ""
    fields: tuple[str, ...] = field(default=())
