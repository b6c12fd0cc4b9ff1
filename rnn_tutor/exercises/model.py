"""The typed form of an exercise file and of the course file.

Everything here is data as the author wrote it: values and steps are still text of the language of
`rnn_tutor.engine`. `rnn_tutor.exercises.question` gives them numbers. The JSON Schema for editors is made from
these types, so a field's description here is what an author sees while typing.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

type_id = r"^[a-z0-9][a-z0-9-]{0,63}$"
type_name = r"^[A-Za-z][A-Za-z0-9_]{0,39}$"

Id = Annotated[str, Meta(pattern=type_id, description="small letters, digits and hyphens; never changes")]
Name = Annotated[str, Meta(pattern=type_name, description="a name of the language: a letter, then letters, digits, _")]
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\n]*$", description="one line")]
Code = Annotated[str, Meta(min_length=1, max_length=2000, description="an expression of the language")]
Kind = Literal["scalar", "vector", "matrix", "shape", "choice", "checklist"]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all that a file may hold: immutable, and a misspelt key is an error."""


class Given(_Data, kw_only=True):
    """A number, vector, matrix or size that the exercise starts from.

    Either `value` (the book's numbers) or, for something that needs no numbers, `shape` alone.
    """

    value: Code | None = None
    means: Annotated[str, Meta(min_length=1, max_length=200, description="what it is, in a few words")]
    axes: Annotated[list[str], Meta(description="a name for each axis, e.g. [time, unit]")] = []
    shape: Annotated[Code | None, Meta(description="e.g. (B, T, V); with `draw`, the size to draw")] = None
    draw: Annotated[Code | None, Meta(description="how new numbers are drawn, e.g. normal(0, 1)")] = None
    decimals: Annotated[int, Meta(ge=0, le=10, description="drawn numbers are rounded to this")] = 2


class Step(_Data, kw_only=True, rename={"for_": "for"}):
    """One step of the worked solution: exactly one of `let`, `start`, `for` with `do`."""

    let: Annotated[Code | None, Meta(description="name = expression, or inside `do`: name[t] = expression")] = None
    start: Annotated[dict[Name, Code] | None, Meta(description="recurrent names before the first step")] = None
    for_: Annotated[Code | None, Meta(description="t in range(T), or t in reversed(range(T))")] = None
    do: "list[Step] | None" = None
    say: Annotated[str, Meta(description="one sentence: what this step does and why")] = ""


class Option(_Data, kw_only=True):
    """One option of a choice or checklist."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]
    right: bool = False
    why: Annotated[str, Meta(description="why it is right, or why not")] = ""


class Ask(_Data, kw_only=True, rename={"as_": "as"}):
    """One thing that is asked for: a part of the question."""

    answer: Annotated[Code, Meta(description="the name of the step that is asked for (or an expression of them)")]
    as_: Kind
    prompt: Annotated[str, Meta(description="what is asked, when there are several parts")] = ""
    axes: Annotated[list[str], Meta(description="a name for each axis of the answer")] = []
    digits: Annotated[int, Meta(ge=1, le=15)] = 3
    rtol: Annotated[float, Meta(ge=0, le=0.5)] = 1e-3
    atol: Annotated[float, Meta(ge=0)] = 1e-6
    options: list[Option] = []


class Mistake(_Data, kw_only=True):
    """A wrong way that teachers know, as an expression, with what to say about it."""

    value: Code
    say: Annotated[str, Meta(min_length=1, max_length=1000)]
    answer: Annotated[Code | None, Meta(description="the part it belongs to, when there are several")] = None


class Show(_Data, kw_only=True):
    """Something to look at."""

    heatmap: Annotated[list[Code], Meta(min_length=1, description="names (or expressions) shown as heatmaps")]


class Exercise(_Data, kw_only=True):
    """One exercise file."""

    format: Literal[1]
    id: Id
    title: Title
    level: Literal[1, 2, 3] = 1
    prompt: Annotated[str, Meta(min_length=1, description="what is asked and why it matters")]
    given: dict[Name, Given] = {}
    conditions: Annotated[list[Code], Meta(description="what every draw must meet, e.g. max(abs(h)) < 0.99")] = []
    steps: list[Step] = []
    ask: Annotated[list[Ask], Meta(min_length=1)]
    mistakes: list[Mistake] = []
    hints: list[str] = []
    show: list[Show] = []
    sources: Annotated[list[str], Meta(description="papers, books: where it comes from")] = []


class Entry(_Data, kw_only=True):
    """An exercise as the course lists it, so that the course opens without reading every file."""

    id: Id
    title: Title
    level: Literal[1, 2, 3] = 1


class Unit(_Data, kw_only=True):
    """A unit of the course: a folder of exercises."""

    id: Id
    title: Title
    aim: str
    exercises: list[Entry]


class Course(_Data, kw_only=True):
    """The file course.yaml."""

    format: Literal[1]
    title: Title
    units: list[Unit]
    closing: Annotated[str, Meta(description="the page after the last exercise")] = ""
