"""page and glossary: what teaches beside the exercises, as text."""

import argparse
import textwrap

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.printable import flowing

from .output import complain, say, say_json
from .source import UseError, library_of

WIDTH = 78


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
    say(unit.title, "bold")
    say(_prose(unit.aim))
    if unit.needs:
        say(_prose("Needs: " + ", ".join(units[needed].title for needed in unit.needs) + "."))
    say()
    say(_prose(unit_page.text))
    if unit_page.sources:
        say()
        say("Sources:", "bold")
        for source in unit_page.sources:
            say(textwrap.fill(" ".join(source.split()), WIDTH, initial_indent="- ", subsequent_indent="  "))
    return 0


def glossary(options: argparse.Namespace) -> int:
    """Print the glossary and the notation, or what of them has all the words given; 1 where that is nothing."""
    try:
        library = library_of(options)
    except UseError as error:
        return complain(str(error))
    searched = " ".join(options.words).casefold().split()
    findings_before = len(library.findings)
    terms = [
        term
        for term in library.glossary().terms
        if all(word in f"{term.term} {' '.join(term.symbols)} {term.means}".casefold() for word in searched)
    ]
    signs = [
        sign
        for sign in library.glossary().notation
        if all(word in f"notation {sign.sign} {sign.shape} {sign.means}".casefold() for word in searched)
    ]
    for finding in library.findings[findings_before:]:
        complain(str(finding))
    if options.json:
        entries = [
            {"term": entry.term, "symbols": entry.symbols, "unit": entry.unit, "means": " ".join(entry.means.split())}
            for entry in terms
        ]
        notation = [{"sign": sign.sign, "shape": sign.shape, "means": " ".join(sign.means.split())} for sign in signs]
        say_json({"terms": entries, "notation": notation})
    else:
        for term in terms:
            symbols = f" ({', '.join(term.symbols)})" if term.symbols else ""
            say(f"{term.term}{symbols}", "name")
            say(textwrap.indent(_prose(term.means), "  "))
        if signs:
            say("Notation", "bold")
        for sign in signs:
            say(f"{sign.sign}  {sign.shape}".rstrip(), "name")
            say(textwrap.indent(_prose(sign.means), "  "))
    if searched and not terms and not signs:
        every_term = library.glossary().terms
        known_words = [name for term in every_term for name in (term.term, *term.symbols)]
        known_words += [sign.sign for sign in library.glossary().notation]
        known_words += [word for term in every_term for word in term.term.split()]  # after the whole: that is nearer
        near = did_you_mean(" ".join(options.words), dict.fromkeys(known_words))
        searched_text = (
            f"the word {options.words[0]}" if len(searched) == 1 else f"all of these words: {' '.join(options.words)}"
        )
        complain(f"No glossary entry has {searched_text}.{near}")
    return 0 if terms or signs else 1


def _prose(text: str) -> str:
    """Return prose folded to the width; formulas, which are indented, as they stand."""
    lines = flowing(text).split("\n")
    return "\n".join(line if line.startswith(" ") else textwrap.fill(line, WIDTH) for line in lines)
