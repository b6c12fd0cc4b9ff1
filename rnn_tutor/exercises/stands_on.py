"""What an exercise or a lab stands on: words of the glossary in it, and the paragraph of its unit's page about them.

Nothing of this is listed by hand: words are found in the text of the file, so that any exercise with any glossary has
them. An author may name more (`words:`). No expression is read and no number is computed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from rnn_tutor.exercises.book import Term
from rnn_tutor.exercises.labs.model import Lab
from rnn_tutor.exercises.model import Exercise, Step

MOST = 12
"""Words of one exercise: more of them explain less."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_NAME = re.compile(r"[A-Za-z]\w*")
_BRACKETS = re.compile(r"\([^)]*\)")
_Stems = tuple[str, ...]


def words_of(exercise: Exercise, terms: Sequence[Term], unit: str) -> list[Term]:
    """Return the terms that an exercise of a unit stands on: those that its file names, then as they come up in it.

    A term comes up where its words stand in the prose, in any number (gate, gates). After these come the terms whose
    symbol is a given or a step: of one letter only where the same unit teaches it, for another may mean another thing.
    """
    known = {_stems(form): term for term in terms for form in _forms(term.term)}
    named = [known[stems] for name in exercise.words if (stems := _stems(name)) in known]
    found = [known[stems] for text in _prose(exercise) for stems in _among(_stems(text), known)]
    names = _names(exercise)
    used = [term for term in terms if any(_is_used(symbol, names, term.unit == unit) for symbol in term.symbols)]
    every = {term.term: term for term in (*named, *found, *used)}
    return list(every.values())[:MOST]


def of_lab(lab: Lab) -> Exercise:
    """Return a lab as an exercise whose prompt has all that is said in it."""
    said = [lab.prompt, *(control.means for control in lab.controls), *(one.ask for one in lab.predict)]
    return replace(lab.as_exercise, prompt="\n".join(said))


def unknown_words(exercise: Exercise, terms: Sequence[Term]) -> list[int]:
    """Return the places of the words that a file names and the glossary does not have."""
    known = {_stems(form) for term in terms for form in _forms(term.term)}
    return [place for place, name in enumerate(exercise.words) if _stems(name) not in known]


def paragraph_of(exercise: Exercise, words: Sequence[Term], page: str) -> int:
    """Return the number of the paragraph of a page that is most about an exercise, 0 where none is.

    What stands in few paragraphs counts for more than what stands in all. A formula belongs to the paragraph before it.
    """
    paragraphs = paragraphs_of(page)
    signs: list[tuple[_Stems, str]] = [(_stems(form), "") for term in words for form in _forms(term.term)]
    signs += [((), name) for name in sorted(_names(exercise)) if len(name) > 1]
    stems = [_stems(paragraph) for paragraph in paragraphs]
    names = [set(_NAME.findall(paragraph)) for paragraph in paragraphs]
    scores = [0.0] * len(paragraphs)
    for term, name in signs:
        has = [
            name in names[at] if name else next(_among(stems[at], {term: None}), None) is not None
            for at in range(len(paragraphs))
        ]
        for at, holds in enumerate(has):
            scores[at] += holds / sum(has) if holds else 0.0
    best = max(scores, default=0.0)
    return scores.index(best) if best else 0


def paragraphs_of(page: str) -> list[str]:
    """Return the paragraphs of a page, each with the formulas that follow it; put together they are the page."""
    paragraphs: list[str] = []
    for block in page.strip().split("\n\n"):
        if paragraphs and block.startswith(" "):
            paragraphs[-1] += f"\n\n{block}"
        else:
            paragraphs.append(block)
    return paragraphs


def _forms(term: str) -> Iterator[str]:
    """Give the ways in which a term may be written: without what is in brackets, and "keys" for "key and value"."""
    plain = _BRACKETS.sub(" ", term)
    yield plain
    if plain.count(" and ") == 1 and len(plain.split()) == 3:
        yield plain.split(" and ")[0]


def _stems(text: str) -> _Stems:
    return tuple(_stem(word) for word in _TOKEN.findall(text.casefold()))


def _stem(word: str) -> str:
    """Return a word without what makes it a plural: the same for bias and biases, for loss and losses."""
    if len(word) <= 3:
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word.rstrip("es")


def _among(stems: _Stems, known: "dict[_Stems, Term] | dict[_Stems, None]") -> Iterator[_Stems]:
    """Give what is known of a text in its order, the longest at each place: no "weights" within "input weights"."""
    lengths = sorted({len(one) for one in known if one}, reverse=True)
    at = 0
    while at < len(stems):
        found = next((stems[at : at + length] for length in lengths if stems[at : at + length] in known), None)
        if found:
            yield found
        at += len(found) if found else 1


def _prose(exercise: Exercise) -> Iterator[str]:
    yield exercise.prompt
    yield exercise.title
    yield from (ask.prompt for ask in exercise.ask)
    yield from (given.means for given in exercise.given.values() if not given.hidden)
    yield from (option.text for ask in exercise.ask for option in ask.options)
    yield from (step.say for step in _steps(exercise.steps))


def _names(exercise: Exercise) -> set[str]:
    codes = [step.let for step in _steps(exercise.steps) if step.let is not None]
    codes += [ask.answer for ask in exercise.ask if ask.as_ not in ("choice", "checklist")]
    return set(exercise.given) | {name for code in codes for name in _NAME.findall(code)}


def _steps(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from _steps(step.do or [])


def _is_used(symbol: str, names: set[str], taught_here: bool) -> bool:
    match = _NAME.fullmatch(symbol.partition("[")[0])
    return match is not None and match[0] in names and (taught_here or len(match[0]) > 1)
