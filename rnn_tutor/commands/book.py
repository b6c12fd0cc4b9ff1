"""page and glossary: what teaches beside the exercises, as text."""

import argparse
import textwrap
from typing import TYPE_CHECKING

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.printable import flowing

from .output import complain, page_width, say, say_json
from .source import UseError, library_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rnn_tutor.exercises.book import Glossary, Page, Sign, Term
    from rnn_tutor.exercises.model import Unit


def page(options: argparse.Namespace) -> int:
    """Print the page of a unit."""
    try:
        library = library_of(options)
        units = {unit.id: unit for unit in library.course.units}
        unit = units.get(options.unit)
        if unit is None:
            return complain(f"There is no unit {options.unit}.{did_you_mean(options.unit, units)}")
        if not library.has_page(unit.id):
            return complain(f"The unit {unit.id} has no page.")
        unit_page = library.page(unit.id)
    except UseError as error:
        return complain(str(error))
    except ContentError as error:
        return complain(why_not("page", options.unit, error, paths=True))
    if options.json:
        text = {"text": unit_page.text, "sources": unit_page.sources}
        say_json({"unit": unit.id, "title": unit.title, "aim": unit.aim, "needs": unit.needs, **text})
        return 0
    say_page(unit, unit_page, [units[needed].title for needed in unit.needs])
    return 0


def say_page(unit: "Unit", page: "Page", needs: "Sequence[str]") -> None:
    """Print the page of a unit; needs: the titles of the units that it needs."""
    say(unit.title, "bold")
    say(_prose(unit.aim))
    if needs:
        say(_prose("Needs: " + ", ".join(needs) + "."))
    say()
    say(_prose(page.text))
    if page.sources:
        say()
        say("Sources:", "bold")
        for source in page.sources:
            say(textwrap.fill(" ".join(source.split()), page_width(), initial_indent="- ", subsequent_indent="  "))


def glossary(options: argparse.Namespace) -> int:
    """Print the glossary and the notation, or what of them has all the words given; 1 where that is nothing."""
    try:
        library = library_of(options)
    except UseError as error:
        return complain(str(error))
    findings_before = len(library.findings)
    book = library.glossary()
    for finding in library.findings[findings_before:]:
        complain(str(finding))
    if not options.json:
        found = say_entries(book, options.words)
        if not found:
            complain(no_entry(book, options.words))
        return 0 if found else 1
    terms, signs = _having(book, options.words)
    entries = [
        {"term": entry.term, "symbols": entry.symbols, "unit": entry.unit, "means": " ".join(entry.means.split())}
        for entry in terms
    ]
    notation = [{"sign": sign.sign, "shape": sign.shape, "means": " ".join(sign.means.split())} for sign in signs]
    say_json({"terms": entries, "notation": notation})
    if not terms and not signs:
        complain(no_entry(book, options.words))
    return 0 if terms or signs else 1


def say_entries(book: "Glossary", words: "Sequence[str]") -> bool:
    """Print what of a glossary has all these words, and tell whether there is any."""
    terms, signs = _having(book, words)
    for term in terms:
        symbols = f" ({', '.join(term.symbols)})" if term.symbols else ""
        say(f"{term.term}{symbols}", "name")
        say(textwrap.indent(_prose(term.means), "  "))
    if signs:
        say("Notation", "bold")
    for sign in signs:
        say(f"{sign.sign}  {sign.shape}".rstrip(), "name")
        say(textwrap.indent(_prose(sign.means), "  "))
    return bool(terms or signs)


def _having(book: "Glossary", words: "Sequence[str]") -> "tuple[list[Term], list[Sign]]":
    searched = " ".join(words).casefold().split()
    terms = [
        term
        for term in book.terms
        if all(word in f"{term.term} {' '.join(term.symbols)} {term.means}".casefold() for word in searched)
    ]
    signs = [
        sign
        for sign in book.notation
        if all(word in f"notation {sign.sign} {sign.shape} {sign.means}".casefold() for word in searched)
    ]
    return terms, signs


def no_entry(book: "Glossary", words: "Sequence[str]") -> str:
    """Return the sentence that no entry has these words, with the nearest that there is; or that there is no entry."""
    if not book.terms and not book.notation:
        return "There is no glossary here."
    known_words = [name for term in book.terms for name in (term.term, *term.symbols)]
    known_words += [sign.sign for sign in book.notation]
    known_words += [word for term in book.terms for word in term.term.split()]  # after the whole: that is nearer
    near = did_you_mean(" ".join(words), dict.fromkeys(known_words))
    one = len(" ".join(words).split()) == 1
    searched_text = f"the word {words[0]}" if one else f"all of these words: {' '.join(words)}"
    return f"No glossary entry has {searched_text}.{near}"


def _prose(text: str) -> str:
    """Return prose folded to the width; formulas, which are indented, as they stand."""
    lines = flowing(text).split("\n")
    return "\n".join(line if line.startswith(" ") else textwrap.fill(line, page_width()) for line in lines)
