"""What the lists show, row by row: the course as it is folded, and what a search finds. No widget in here."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rnn_tutor.exercises.book import Page, Sign, Term
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.model import Entry, LabEntry, Unit

Kind = Literal["heading", "unit", "page", "exercise", "lab", "term", "sign", "trouble"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list; what it has depends on its kind."""

    kind: Kind
    id: str
    """Of the unit, exercise or lab; of a term or sign the word itself; with `kind` it says which row this is."""
    unit: "Unit | None" = None
    entry: "Entry | LabEntry | None" = None
    text: str = ""
    """Of a heading its words; of trouble the sentence; of a page, term or sign that was found what it says."""
    symbols: str = ""
    across: bool = False
    """Of a heading: it parts the courses of two folders."""

    @property
    def key(self) -> tuple[Kind, str]:
        """Which row this is, among all rows of the course."""
        return self.kind, self.id

    @property
    def choosable(self) -> bool:
        """Whether the cursor can stand there."""
        return self.kind != "heading"


def course_rows(library: "Library", open_units: Collection[str]) -> list[Row]:
    """Return the whole course: its units, of those in `open_units` also their page, exercises and labs.

    What another folder brought comes below its title; what is wrong with a folder at first sight, before its units.
    """
    units = {unit.id: unit for unit in library.course.units}
    rows: list[Row] = []
    for number, section in enumerate(library.sections):
        if number:
            rows.append(Row("heading", f"section {number}", text=section.title, across=True))
        rows += [
            Row("trouble", f"{number}.{place}", text=finding.brief) for place, finding in enumerate(section.findings)
        ]
        for name in section.units:
            rows.append(Row("unit", name, units[name]))
            if name in open_units:
                rows += unit_rows(library, units[name])
    return rows


def count_rows(library: "Library", most: int) -> int:
    """Return how many rows the whole course has with all units open; of more than `most`, some number above it."""
    units = library.course.units
    count = len(units) + max(0, len(library.sections) - 1) + sum(len(one.findings) for one in library.sections)
    for unit in units:
        count += len(unit.exercises) + len(unit.labs) + library.has_page(unit.id)
        if count > most:
            break
    return count


def unit_rows(library: "Library", unit: "Unit") -> Iterator[Row]:
    """Yield what a unit has: its page, its exercises, its labs."""
    if library.has_page(unit.id):
        yield Row("page", unit.id, unit)
    for entry in unit.exercises:
        yield Row("exercise", entry.id, unit, entry)
    for lab in unit.labs:
        yield Row("lab", lab.id, unit, lab)


def term_row(term: "Term", units: "dict[str, Unit]") -> Row:
    """Return the row of a word of the glossary."""
    return Row("term", term.term, units.get(term.unit), text=term.means, symbols=", ".join(term.symbols))


def sign_row(sign: "Sign") -> Row:
    """Return the row of a name of the notation, with its shape in the place of symbols."""
    return Row("sign", sign.sign, text=sign.means, symbols=sign.shape)


class Index:
    """A course as one searches in it: made once, so that a key costs one look at each text."""

    def __init__(self, library: "Library", pages: "Sequence[tuple[Unit, Page]]", terms: "Sequence[Term]") -> None:
        units = {unit.id: unit for unit in library.course.units}
        paged = {unit.id for unit, _ in pages}  # their aims are found as their pages, not as each of their exercises
        self._units = [
            (
                f"{unit.title} {unit.id} {'' if unit.id in paged else unit.aim}".casefold(),
                Row("heading", unit.id, text=unit.title),
                [(Row("exercise", one.id, unit, one), f"{one.title} {one.id}".casefold()) for one in unit.exercises],
                [(Row("lab", one.id, unit, one), f"{one.title} {one.id}".casefold()) for one in unit.labs],
            )
            for unit in units.values()
        ]
        self._pages = [
            (Row("page", unit.id, unit, text=page.text), f"{unit.title} {unit.aim} {page.text}".casefold())
            for unit, page in pages
        ]
        words = [term_row(term, units) for term in terms]
        self._terms = [(row, f"{row.id} {row.symbols} {row.text}".casefold()) for row in words]

    def rows(self, words: Sequence[str]) -> list[Row]:
        """Return what has all the words: exercises and labs (themselves or in their unit), pages, the glossary.

        words: casefolded. Without any, nothing is found.
        """
        if not words:
            return []
        exercises: list[Row] = []
        labs: list[Row] = []
        for unit_text, heading, exercise_texts, lab_texts in self._units:
            words_left = [word for word in words if word not in unit_text]
            listed = _having(exercise_texts, words_left)
            if listed:
                exercises.append(heading)
                exercises += listed
            labs += _having(lab_texts, words_left)
        pages, terms = _having(self._pages, words), _having(self._terms, words)
        return [*exercises, *_below("Labs", labs), *_below("Pages", pages), *_below("Glossary", terms)]


def _having(texts: Sequence[tuple[Row, str]], words: Sequence[str]) -> list[Row]:
    for word in words[:-1]:
        texts = [found for found in texts if word in found[1]]
    return [row for row, text in texts if words[-1] in text] if words else [row for row, _ in texts]


def _below(title: str, rows: list[Row]) -> list[Row]:
    return [Row("heading", title, text=title), *rows] if rows else []


def around(text: str, words: Sequence[str], most: int = 160) -> str:
    """Return the part of a text in which the first of the words stands that it has, on one line."""
    line = " ".join(text.split())
    places = [place for word in words if (place := line.casefold().find(word)) >= 0]
    start = max(0, min(places, default=0) - most // 3)
    start = line.rfind(" ", 0, start) + 1 if start else 0
    cut = line[start : start + most]
    return ("... " if start else "") + cut + (" ..." if start + most < len(line) else "")
