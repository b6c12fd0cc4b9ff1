"""What the lists show, row by row: the course as it is folded, and what a search finds. No widget in here."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from operator import contains
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from rnn_tutor.exercises.book import Page, Sign, Term
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.model import Entry, LabEntry, Unit
    from rnn_tutor.tui.query import About, Query, Vocabulary

Kind = Literal[
    "due",
    "heading",
    "unit",
    "page",
    "exercise",
    "draft",
    "lab",
    "term",
    "sign",
    "trouble",
    "setting",
    "class",
    "key",
    "action",
    "copy",
]


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


DUE = Row("due", "due")
"""What is due for review: one row, before all units."""


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
        count += len(unit.exercises) + len(library.drafts(unit.id)) + len(unit.labs) + library.has_page(unit.id)
        if count > most:
            break
    return count


def unit_rows(library: "Library", unit: "Unit") -> Iterator[Row]:
    """Yield what a unit has: its page, its exercises, its drafts (which are not in `unit`), its labs."""
    if library.has_page(unit.id):
        yield Row("page", unit.id, unit)
    for entry in unit.exercises:
        yield Row("exercise", entry.id, unit, entry)
    for entry in library.drafts(unit.id):
        yield Row("draft", entry.id, unit, entry)
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
        self._found: dict[tuple[str, ...], Found] = {}  # for who takes a letter back, and types it again
        units = {unit.id: unit for unit in library.course.units}
        paged = {unit.id for unit, _ in pages}  # their aims are found as their pages, not as each of their exercises
        self._units = [
            (
                f"{unit.title} {unit.id} {'' if unit.id in paged else unit.aim}".casefold(),
                Row("heading", unit.id, text=unit.title),
                _Texts((Row("exercise", e.id, unit, e), f"{e.title} {e.id}".casefold()) for e in unit.exercises),
                _Texts((Row("lab", lab.id, unit, lab), f"{lab.title} {lab.id}".casefold()) for lab in unit.labs),
            )
            for unit in units.values()
        ]
        self._pages = _Texts(
            (Row("page", unit.id, unit, text=page.text), f"{unit.title} {unit.aim} {page.text}".casefold())
            for unit, page in pages
        )
        words = [term_row(term, units) for term in terms]
        self._named: dict[str, tuple[Kind, str]] = {row.id.casefold(): row.key for row in reversed(words)}
        for unit in reversed(library.course.units):
            for lab in reversed(unit.labs):
                self._named[lab.title.casefold()] = self._named[lab.id] = ("lab", lab.id)
            for entry in reversed(unit.exercises):
                self._named[entry.title.casefold()] = self._named[entry.id] = ("exercise", entry.id)
        self._terms = _Texts((row, f"{row.id} {row.symbols} {row.text}".casefold()) for row in words)
        self._vocabulary: Vocabulary | None = None

    def search(self, asked: "Query", about: "Callable[[Row], About]") -> "Found":
        """Return what a query finds; what a line is, as far as filters ask, is told by `about`.

        Where its words find nothing, those that stand nowhere are taken to be mistyped: `Found.instead` says for what.
        """
        if not asked.words and not asked.filters:
            return Found([], {})
        words, instead = asked.words, dict[str, str]()
        found = self._with_words(words)
        if not found.rows and not asked.refused:
            instead = self._instead(words)
            words = tuple(instead.get(word, word) for word in words)
            found = self._with_words(words) if instead else found
        if asked.filters:
            from rnn_tutor.tui.query import fits

            found = _filtered(found.rows, lambda row: fits(asked, about(row)))
        named = self._named.get(" ".join(words))
        if named is not None and not any(row.key == named for row in found.rows):  # a filter is against it
            named = None
        return Found(found.rows, found.counts, words, instead if found.rows else {}, named)

    def _with_words(self, words: tuple[str, ...]) -> "Found":
        return self.rows(words) if words else self._look(())

    def _instead(self, words: Sequence[str]) -> dict[str, str]:
        from rnn_tutor.tui.query import Vocabulary  # late: the first frame needs no search

        if self._vocabulary is None:
            self._vocabulary = Vocabulary(self._all_texts)
        return self._vocabulary.instead(words)

    def _all_texts(self) -> Iterator[str]:
        for unit_text, _, exercises, labs in self._units:
            yield unit_text
            yield from exercises.texts
            yield from labs.texts
        yield from self._pages.texts
        yield from self._terms.texts

    def rows(self, words: Sequence[str]) -> "Found":
        """Return what has all the words: exercises and labs (themselves or in their unit), pages, the glossary.

        words: casefolded. Without any, nothing is found.
        """
        key = tuple(words)
        if not key:
            return Found([], {})
        if key not in self._found:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            self._found[key] = self._look(words)
        return self._found[key]

    def _look(self, words: Sequence[str]) -> "Found":
        rows: list[Row] = []
        labs: list[Row] = []
        headings = 0
        for unit_text, heading, exercise_texts, lab_texts in self._units:
            words_left = [word for word in words if word not in unit_text]
            listed = exercise_texts.having(words_left)
            if listed:
                headings += 1
                rows.append(heading)
                rows += listed
            labs += lab_texts.having(words_left)
        counts: dict[Kind, int] = {"exercise": len(rows) - headings}
        further: list[tuple[Kind, list[Row]]] = [
            ("lab", labs), ("page", self._pages.having(words)), ("term", self._terms.having(words)),
        ]  # fmt: skip
        for kind, found in further:
            counts[kind] = len(found)
            if found:
                rows += [_BELOW[kind], *found]
        return Found(rows, counts)


class Found(NamedTuple):
    """What a search finds: rows, with headings, and how many there are of each kind."""

    rows: list[Row]
    counts: dict[Kind, int]
    words: tuple[str, ...] = ()
    """The words that are found in them."""
    instead: Mapping[str, str] = {}
    """For each word that was mistyped the one that was taken for it."""
    named: tuple[Kind, str] | None = None
    """The key of the exercise, lab or word that is called just so."""


def _filtered(rows: Sequence[Row], fit: "Callable[[Row], bool]") -> Found:
    """Return the rows that fit, and the headings that have some of these."""
    kept: list[Row] = []
    counts: dict[Kind, int] = {}
    for row in rows:
        if row.kind == "heading" and kept and kept[-1].kind == "heading":
            kept[-1] = row
        elif row.kind == "heading":
            kept.append(row)
        elif fit(row):
            kept.append(row)
            counts[row.kind] = counts.get(row.kind, 0) + 1
    if kept and kept[-1].kind == "heading":
        kept.pop()
    return Found(kept, counts)


_BELOW: dict[Kind, Row] = {
    "lab": Row("heading", "Labs", text="Labs"),
    "page": Row("heading", "Pages", text="Pages"),
    "term": Row("heading", "Glossary", text="Glossary"),
}
_MOST_FOUND = 32  # that are kept


class _Texts:
    """Rows, and the text of each that is searched."""

    def __init__(self, pairs: "Iterable[tuple[Row, str]]") -> None:
        pairs = list(pairs)
        self._rows = [row for row, _ in pairs]
        self.texts = [text for _, text in pairs]
        self._joined = "\n".join(self.texts)
        shared = set(self.texts[0].split()).intersection(*(text.split() for text in self.texts)) if pairs else ()
        self._shared = "\n".join(sorted(shared))  # the words of each text: what stands in one of them all texts have

    def having(self, words: Sequence[str]) -> list[Row]:
        """Return the rows whose text has all the words.

        Only for what some texts may have they are looked at one by one: 10,000 take 0.5 ms, and a key waits for it.
        """
        words = [word for word in words if word not in self._shared]
        if not all(word in self._joined for word in words):
            return []
        rows, texts = self._rows, self.texts
        for word in words[:-1]:
            has = [*map(contains, texts, repeat(word))]
            rows, texts = list(compress(rows, has)), list(compress(texts, has))
        return list(compress(rows, map(contains, texts, repeat(words[-1])))) if words else rows


def around(text: str, words: Sequence[str], most: int = 160) -> str:
    """Return the part of a text in which the first of the words stands that it has, on one line."""
    line = " ".join(text.split())
    places = [place for word in words if (place := line.casefold().find(word)) >= 0]
    start = max(0, min(places, default=0) - most // 3)
    start = line.rfind(" ", 0, start) + 1 if start else 0
    cut = line[start : start + most]
    return ("... " if start else "") + cut + (" ..." if start + most < len(line) else "")
