"""What teaches beside the exercises: a page for each unit, and the glossary of the course.

Both are prose, read by the same safe path as exercises (`read`), and only when somebody looks at them: the course
opens and is listed without.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from rnn_tutor.exercises.files.finding import ContentError, Finding, shown
from rnn_tutor.exercises.files.yaml_text import Tree
from rnn_tutor.exercises.model import Id, Text
from rnn_tutor.exercises.read import read_as

_one_line = r"^[^\n]*$(?!\n)"
MOST_TEXT = 8_000  # characters of a page: five times what one is meant to have


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Immutable, and a misspelt key is an error."""


class Page(_Data, frozen=True, kw_only=True):
    """A unit's page: the file page.yaml of its folder."""

    format: Annotated[Literal[1], Meta(description="the version of this file format")]
    text: Annotated[
        str,
        Meta(min_length=1, max_length=MOST_TEXT, description="about 200 words; lines indented by two are formulas"),
    ]
    sources: Annotated[list[Text], Meta(description="papers and books that it comes from")] = []


class Term(_Data, frozen=True, kw_only=True):
    """A word of the subject, with what is written for it."""

    term: Annotated[str, Meta(min_length=1, max_length=80, pattern=_one_line, description="the word, on one line")]
    symbols: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=40, pattern=_one_line, description="a symbol")]],
        Meta(description="its symbols: h, h[t]"),
    ] = []
    unit: Annotated[Id, Meta(description="the unit that teaches it")]
    means: Annotated[Text, Meta(description="what it is, in a sentence or two")]


class Sign(_Data, frozen=True, kw_only=True):
    """A name that means the same in every file of a course."""

    sign: Annotated[str, Meta(min_length=1, max_length=40, pattern=_one_line, description="the name, or several: i, f")]
    shape: Annotated[str, Meta(max_length=40, pattern=_one_line, description="its shape: (H, D)")] = ""
    means: Annotated[Text, Meta(description="what it is; for a matrix also what its axes are")]


class Glossary(_Data, frozen=True, kw_only=True):
    """The file glossary.yaml, beside course.yaml."""

    format: Annotated[Literal[1], Meta(description="the version of this file format")]
    terms: Annotated[list[Term], Meta(description="in any order; they are shown sorted")]
    notation: Annotated[list[Sign], Meta(description="the names of the course, shown in this order")] = []


def read_page(path: Path, inside: Path | None = None) -> tuple[Page, Tree]:
    """Return the page of a file whose real place is within `inside`, and its lines. Raises ContentError."""
    page, tree = read_as(path, Page, inside)
    if not page.text.strip():
        raise ContentError([Finding(path, tree.line("text"), "text", "found only spaces; expected text")])
    return page, tree


def read_glossary(path: Path, inside: Path | None = None) -> tuple[Glossary, Tree]:
    """Return the glossary of a file whose real place is within `inside`, and its lines.

    Raises ContentError, for a term or a sign that stands twice too.
    """
    glossary, tree = read_as(path, Glossary, inside)
    twice = [
        *_twice([(f"terms[{index}].term", term.term) for index, term in enumerate(glossary.terms)], tree),
        *_twice([(f"notation[{index}].sign", sign.sign) for index, sign in enumerate(glossary.notation)], tree, str),
    ]
    if twice:
        raise ContentError(twice)
    return glossary, tree


def sort_key(term: Term) -> tuple[str, str]:
    """Return what terms are sorted by: as in a book's index, whatever the case."""
    return term.term.casefold(), term.term


def _twice(
    names: Iterable[tuple[str, str]], tree: Tree, folded: Callable[[str], str] = str.casefold
) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for key, name in names:
        first_line = first.setdefault(folded(name.strip()), tree.line(key))
        if first_line != tree.line(key):
            yield Finding(tree.file, tree.line(key), key, f"'{shown(name)}' is already on line {first_line}")
