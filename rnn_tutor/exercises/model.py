"""The typed form of an exercise file and of the course file.

Everything here is data as the author wrote it: values and steps are still text of the language of
`rnn_tutor.engine`. `rnn_tutor.exercises.question` gives them numbers. The JSON Schema for editors is made from
these types, so a field's description here is what an author sees while typing. What types cannot say is in
`rnn_tutor.exercises.files.rules`.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, overload

import msgspec
from msgspec import Meta

# `$` alone would let a line end through at the very end, as a block scalar (`id: |`) has it.
type_id = r"^[a-z0-9][a-z0-9-]{0,63}$(?!\n)"
type_name = r"^[A-Za-z][A-Za-z0-9_]{0,39}$(?!\n)"
_one_line = r"^[^\n]*$(?!\n)"

Id = Annotated[str, Meta(pattern=type_id, description="small letters, digits and hyphens; never changes")]
Name = Annotated[str, Meta(pattern=type_name, description="a name of the language: a letter, then letters, digits, _")]
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=_one_line, description="one line")]
Code = Annotated[str, Meta(min_length=1, max_length=2000, description="an expression of the language")]
Axis = Annotated[str, Meta(min_length=1, max_length=40, pattern=_one_line, description="the name of an axis")]
Text = Annotated[str, Meta(min_length=1, max_length=1000, description="a sentence or a few")]
Kind = Literal["scalar", "vector", "matrix", "shape", "choice", "checklist", "program"]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all that a file may hold: immutable, and a misspelt key is an error."""


class Given(_Data, frozen=True, kw_only=True):
    """A number, vector, matrix or size that the exercise starts from.

    Either `value` (the original numbers) or, for something that needs no numbers, `shape` alone.
    """

    value: Annotated[Code | None, Meta(description="the original numbers, e.g. [0.9, 0.2], in quotes")] = None
    means: Annotated[str, Meta(min_length=1, max_length=200, description="what it is, in a few words")]
    axes: Annotated[list[Axis], Meta(description="a name for each axis, e.g. [time, unit]")] = []
    shape: Annotated[Code | None, Meta(description="e.g. (B, T, V); with `draw`, the size to draw")] = None
    draw: Annotated[Code | None, Meta(description="how new numbers are drawn, e.g. normal(0, 1)")] = None
    decimals: Annotated[int, Meta(ge=0, le=10, description="drawn numbers are rounded to this")] = 2
    hidden: Annotated[bool, Meta(description="a number behind the picture, which the question does not show")] = False


class Step(_Data, frozen=True, kw_only=True, rename={"for_": "for"}):
    """One step of the worked solution: exactly one of `let`, `start`, `for` with `do`."""

    let: Annotated[Code | None, Meta(description="name = expression, or inside `do`: name[t] = expression")] = None
    start: Annotated[dict[Name, Code] | None, Meta(description="recurrent names before the first step")] = None
    for_: Annotated[Code | None, Meta(description="t in range(T), or t in reversed(range(T))")] = None
    do: Annotated["list[Step] | None", Meta(description="the steps for each t, in order")] = None
    say: Annotated[str, Meta(max_length=1000, description="one sentence: what this step does and why")] = ""


class Option(_Data, frozen=True, kw_only=True):
    """One option of a choice or checklist."""

    text: Annotated[str, Meta(min_length=1, max_length=300, description="the options")]
    right: Annotated[bool, Meta(description="true if it belongs to the answer")] = False
    why: Annotated[str, Meta(max_length=1000, description="why it is right or wrong")] = ""
    missed: Annotated[
        str, Meta(max_length=300, description="of a right option of a checklist: what to think of, if it is not picked")
    ] = ""


class Ask(_Data, frozen=True, kw_only=True, rename={"as_": "as"}):
    """One thing that is asked for: a part of the question."""

    answer: Annotated[Code, Meta(description="the name of the step to compute (or an expression)")]
    as_: Annotated[Kind, Meta(description="the kind of answer")]
    prompt: Annotated[str, Meta(max_length=2000, description="the question, if there are several parts")] = ""
    axes: Annotated[list[Axis], Meta(description="a name for each axis of the answer")] = []
    digits: Annotated[int, Meta(ge=1, le=15, description="significant digits that are enough when rounded")] = 3
    rtol: Annotated[float, Meta(ge=0, le=0.5, description="tolerance relative to the expected value")] = 1e-3
    atol: Annotated[float, Meta(ge=0, description="tolerance that counts near zero")] = 1e-6
    options: Annotated[list[Option], Meta(description="the options (only for choice and checklist)")] = []
    function: Annotated[
        str, Meta(max_length=200, pattern=_one_line, description="for a program: its head, e.g. rnn(x, W_xh, W_hh, b)")
    ] = ""
    starter: Annotated[str, Meta(max_length=2000, description="for a program: the text to start with")] = ""


class Mistake(_Data, frozen=True, kw_only=True):
    """A wrong way that teachers know, as an expression, with what to say about it."""

    value: Annotated[Code, Meta(description="the expression that gives the wrong answer")]
    say: Annotated[Text, Meta(description="what went wrong, said to the learner")]
    answer: Annotated[Code | None, Meta(description="the part it belongs to, if there are several")] = None


class Show(_Data, frozen=True, kw_only=True):
    """Something to look at: exactly one of `heatmap`, `lines`, `bars`, `table`, `tree`."""

    heatmap: Annotated[list[Code], Meta(description="names (or expressions), each shown as a heatmap")] = []
    lines: Annotated[
        list[Code], Meta(description="vectors, drawn as lines over their index; a matrix as one line for each column")
    ] = []
    bars: Annotated[list[Code], Meta(description="vectors or numbers, drawn as bars")] = []
    table: Annotated[list[Code], Meta(description="what is shown as plain numbers")] = []
    tree: Annotated[
        list[Code],
        Meta(
            max_length=3,
            description="a tree: matrices of levels and places. The first has the place of each node's parent in the "
            "level above, -1 for no node. The others are written at the nodes and behind the leaves",
        ),
    ] = []
    title: Annotated[str, Meta(max_length=200, pattern=_one_line, description="what it shows, in a few words")] = ""
    x: Annotated[
        Code | None,
        Meta(
            description="for lines, bars and heatmaps: the values on the horizontal axis, instead of 0, 1, 2; for "
            "lines also a matrix with a column for each line"
        ),
    ] = None
    y: Annotated[Code | None, Meta(description="for heatmaps: the values on the vertical axis, instead of 0, 1, 2")] = (
        None
    )
    level: Annotated[Code | None, Meta(description="for lines: a number that is drawn as a horizontal line")] = None
    log: Annotated[bool, Meta(description="for lines and bars: the vertical axis is logarithmic")] = False


class Exercise(_Data, frozen=True, kw_only=True):
    """One exercise file."""

    format: Annotated[Literal[1], Meta(description="the version of this file format")]
    id: Annotated[Id, Meta(description="the file's name without .yaml: small letters, digits, hyphens; never changes")]
    title: Title
    level: Annotated[Literal[1, 2, 3], Meta(description="1 one idea, 2 linked ideas, 3 to infer or build")] = 1
    prompt: Annotated[str, Meta(min_length=1, description="the question and why it matters")]
    trains: Annotated[
        list[Id], Meta(max_length=8, description="the skills it trains; without it: read off the file")
    ] = []
    words: Annotated[
        list[
            Annotated[str, Meta(min_length=1, max_length=80, pattern=_one_line, description="a word of the glossary")]
        ],
        Meta(max_length=12, description="further words of the glossary that it stands on; most are found in its text"),
    ] = []
    was: Annotated[
        dict[Name, Name], Meta(description="for givens and steps that were renamed: the old name and the current one")
    ] = {}
    given: Annotated[dict[Name, Given], Meta(description="the givens, by name")] = {}
    conditions: Annotated[list[Code], Meta(description="conditions for every draw, e.g. max(abs(h)) < 0.99")] = []
    steps: Annotated[list[Step], Meta(description="the worked solution, in order")] = []
    ask: Annotated[list[Ask], Meta(min_length=1, description="the answers: one part or several")]
    mistakes: Annotated[list[Mistake], Meta(description="mistakes that the engine does not find by itself")] = []
    hints: Annotated[list[Text], Meta(description="shown one by one; none gives the answer away")] = []
    picture: Annotated[
        Show | None, Meta(description="shown with the question instead of the numbers of its givens")
    ] = None
    show: Annotated[list[Show], Meta(description="the figures to look at")] = []
    sources: Annotated[list[Text], Meta(description="papers and books that it comes from")] = []


class DraftExercise(Exercise, frozen=True, kw_only=True):
    """An exercise file that is not finished: it may lack its prompt, steps and answers, and learners do not meet it."""

    status: Annotated[Literal["draft"], Meta(description="the exercise is not finished: learners cannot open it")]
    needs: Annotated[list[Text], Meta(max_length=50, description="what it still needs, each in a sentence")] = []
    prompt: Annotated[str, Meta(description="the question and why it matters")] = ""
    ask: Annotated[list[Ask], Meta(description="the answers: one part or several")] = []

    def finished(self) -> Exercise:
        """Return it as an exercise, for an author to look at; it need not have anything to answer."""
        return Exercise(**{name: getattr(self, name) for name in Exercise.__struct_fields__})


class Entry(_Data, frozen=True, kw_only=True):
    """An exercise as the course lists it, so that the course opens without reading every file."""

    id: Id
    title: Title
    level: Literal[1, 2, 3] = 1
    status: Annotated[Literal["draft"] | None, Meta(description="draft, where its file is a draft")] = None


class KeptEntries(Sequence[Entry]):
    """The exercises that a unit lists, as lists of what they have; entries are made when somebody looks at one.

    A list of 10,000 is told, counted and searched without: that is a twentieth of its start.
    """

    __slots__ = ("_made", "_titles", "drafts", "ids", "levels", "longest_title")

    def __init__(
        self, ids: list[str], titles: str, levels: str, drafts: frozenset[str] = frozenset(), longest_title: int = 0
    ) -> None:
        """Know the entries' ids, their titles, a line each, a digit for the level of each, and which are drafts."""
        self.ids = ids
        self._titles = titles
        self.levels = levels
        self.drafts = drafts
        self.longest_title = longest_title  # characters
        self._made: list[Entry] | None = None

    def _entries(self) -> list[Entry]:
        if self._made is None:
            titles = self._titles.split("\n") if self.ids else []
            self._made = [
                Entry(id=id, title=title, level=_LEVELS[level], status="draft" if id in self.drafts else None)
                for id, title, level in zip(self.ids, titles, self.levels, strict=True)
            ]
        return self._made

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        return self._entries()[at]

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeptEntries | list) and self._entries() == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list has none


_LEVELS: dict[str, Literal[1, 2, 3]] = {"1": 1, "2": 2, "3": 3}


class LabEntry(_Data, frozen=True, kw_only=True):
    """A lab as the course lists it."""

    id: Id
    title: Title


class Unit(_Data, frozen=True, kw_only=True):
    """A unit of the course: a folder of exercises, with a page that teaches it."""

    id: Annotated[Id, Meta(description="the unit's folder")]
    title: Title
    aim: Annotated[str, Meta(max_length=1000, description="what you can do after it")]
    needs: Annotated[list[Id], Meta(description="the units that come before it")] = []
    labs: Annotated[list[LabEntry], Meta(description="its labs, files of its folder labs")] = []
    exercises: Annotated[
        Sequence[Entry], Meta(description="in order; without it: all files of the folder, by name")
    ] = []

    @property
    def exercise_ids(self) -> list[str]:
        """The ids of its exercises."""
        listed = self.exercises
        return listed.ids if isinstance(listed, KeptEntries) else [entry.id for entry in listed]

    @property
    def longest_title(self) -> int:
        """How many characters the longest title of its exercises has."""
        listed = self.exercises
        if isinstance(listed, KeptEntries):
            return listed.longest_title
        return max((len(entry.title) for entry in listed), default=0)

    @property
    def has_drafts(self) -> bool:
        """Whether any of its exercises is a draft."""
        listed = self.exercises
        if isinstance(listed, KeptEntries):
            return bool(listed.drafts)
        return any(entry.status == "draft" for entry in listed)


class Way(_Data, frozen=True, kw_only=True):
    """A way through the course: some of its exercises, in an order of their own."""

    id: Id
    title: Title
    about: Annotated[str, Meta(max_length=1000, description="whom it is for, in a sentence")] = ""
    through: Annotated[list[Id], Meta(min_length=1, description="exercises, units (all of theirs) and labs, in order")]


class Course(_Data, frozen=True, kw_only=True):
    """The file course.yaml."""

    format: Annotated[Literal[1], Meta(description="the version of this file format")]
    title: Title
    units: Annotated[list[Unit], Meta(description="in order")]
    welcome: Annotated[str, Meta(max_length=1000, description="for the first screen: what learners need to know")] = ""
    ways: Annotated[list[Way], Meta(max_length=9, description="ways through the course, to choose from")] = []
    closing: Annotated[str, Meta(description="the page after the last exercise")] = ""
