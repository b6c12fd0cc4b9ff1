"""What is typed to search with: words, filters such as `level:2 is:due`, and words with a typing error. No widget."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

ROW_KINDS = {"exercise": "exercise", "lab": "lab", "page": "page", "word": "term"}
"""The kinds of lines, and what they are in `rows`."""
ANSWER_KINDS = ("scalar", "vector", "matrix", "shape", "choice", "checklist", "program", "picture")
"""What an exercise may ask for, and that it asks about a picture."""
STATES = ("new", "begun", "done", "mastered", "due")
VALUES = {"level": ("1", "2", "3"), "kind": (*ROW_KINDS, *ANSWER_KINDS), "is": STATES, "unit": ()}
"""The filters, and what they take; a unit is given by its id, or the beginning of it."""
EXAMPLES = "words; also level:2  kind:program  is:due  unit:ID"
MOST_WORD = 40  # characters of a word that is looked for with a typing error
_FILTER = re.compile(r"([a-z]+):(\S*)")
_WORD = re.compile(r"[^\W_]{3,}")
_LEAST = 4  # letters of a word that may be mistyped: of a shorter one too much is near
_LEAST_OF_TWO = 8  # ... that may be mistyped twice
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Query(NamedTuple):
    """What is looked for; casefolded."""

    words: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def asked_kinds(self) -> bool:
        """Whether it asks for a kind of answer, for which files have to be read."""
        return any(name == "kind" and set(_beginning(value, ANSWER_KINDS)) for name, value in self.filters)

    @property
    def refused(self) -> str:
        """What is wrong with a filter, in a sentence; "" for nothing."""
        for name, value in self.filters:
            if VALUES[name] and not list(_beginning(value, VALUES[name])):
                return f"{name}:{value} finds nothing: {name} takes {', '.join(VALUES[name])}."
        return ""


def why_nothing(asked: Query, finds: "Callable[[Query], bool]") -> str:
    """Say why nothing is found: which filter alone finds nothing, or the words. finds: whether a query finds any."""
    if asked.refused:
        return asked.refused
    for name, value in asked.filters:
        if not finds(Query(filters=((name, value),))):
            return f"{name}:{value} finds nothing{_reason(name, value)}."
    if asked.words and not finds(Query(asked.words)):
        return "No match for all these words." if len(asked.words) > 1 else "No match for this word."
    each = [f"{name}:{value}" for name, value in asked.filters]
    return f"Nothing has all of this: {' '.join([*asked.words, *each])}. Each alone is found."


def _reason(name: str, value: str) -> str:
    meant = " or ".join(_beginning(value, VALUES[name]))
    if name == "is":
        return f": no exercise is {meant} now"
    return f": no unit's id begins with {value}" if name == "unit" else f": nothing here has {name} {meant}"


class About(NamedTuple):
    """What filters ask of a line."""

    kind: str
    unit: str
    level: int | None = None
    states: Collection[str] = ()
    answers: Collection[str] = ()


def query(text: str) -> Query:
    """Return what a text looks for. A filter that has no value yet finds everything."""
    words: list[str] = []
    filters: list[tuple[str, str]] = []
    for piece in text.casefold().split():
        match = _FILTER.fullmatch(piece)
        name = _filter_meant(match[1]) if match is not None else ""
        if match is None or not name:
            words.append(piece)
        elif match[2]:
            filters.append((name, match[2]))
    return Query(tuple(words), tuple(filters))


def _filter_meant(name: str) -> str:
    """Return the filter of a name, which may be mistyped as any word may; "" where it is none."""
    if name in VALUES:
        return name
    near = _one_off(name) if len(name) <= MOST_WORD else ()
    return next((one for one in VALUES if len(one) >= _LEAST and one in near), "")


def fits(asked: Query, about: About) -> bool:
    """Tell whether a line has what all filters ask for; the beginning of a word is enough."""
    return all(_fits(name, value, about) for name, value in asked.filters)


def _fits(name: str, value: str, about: About) -> bool:
    if name == "unit":
        return about.unit.startswith(value)
    wanted = set(_beginning(value, VALUES[name]))
    if name == "level":
        return str(about.level) in wanted
    if name == "is":
        return not wanted.isdisjoint(about.states)
    return any(ROW_KINDS.get(one) == about.kind for one in wanted) or not wanted.isdisjoint(about.answers)


def _beginning(value: str, words: Iterable[str]) -> Iterator[str]:
    """Give the words that begin so; only the one that is the value, if it is one."""
    every = tuple(words)
    yield from [value] if value in every else (word for word in every if word.startswith(value))


class Vocabulary:
    """All words of some texts, for finding the one that was meant. Made of the texts when it is first asked."""

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts = texts

    @cached_property
    def _words(self) -> dict[str, int]:
        """How often each word stands there."""
        counts: dict[str, int] = {}
        for text in self._texts():
            for word in _WORD.findall(text):
                counts[word] = counts.get(word, 0) + 1
        return counts

    @cached_property
    def _beginnings(self) -> dict[str, int]:
        """How often each word, and each beginning of one, stands there: who types has not come to the end yet."""
        counts: dict[str, int] = {}
        for word, count in self._words.items():
            for length in range(_LEAST - 1, len(word) + 1):
                counts[word[:length]] = counts.get(word[:length], 0) + count
        return counts

    def instead(self, words: Iterable[str]) -> dict[str, str]:
        """Return for each of these words that stands nowhere, not even within another one, the one that was meant."""
        nowhere = [word for word in words if not any(word in text for text in self._texts())]
        return {word: meant for word in nowhere if (meant := self.meant(word)) is not None}

    def meant(self, word: str) -> str | None:
        """Return the word, or the beginning of one, that was meant with a word that stands nowhere; None for none.

        One letter too many, too few, another one, or two exchanged; in a long word twice, but not in its first letter.
        """
        if not _LEAST <= len(word) <= MOST_WORD:
            return None
        near = [one for one in _one_off(word) if one in self._beginnings]
        if not near and len(word) >= _LEAST_OF_TWO:
            lengths = range(len(word) - 2, len(word) + 3)
            near = [one for one in self._words if one[0] == word[0] and len(one) in lengths and _two_off(word, one)]
        return max(near, key=lambda one: (one in self._words, self._beginnings[one], one), default=None)


def _one_off(word: str) -> set[str]:
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    deleted = {left + right[1:] for left, right in halves if right}
    exchanged = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    replaced = {left + letter + right[1:] for left, right in halves if right for letter in _LETTERS}
    inserted = {left + letter + right for left, right in halves for letter in _LETTERS}
    return deleted | exchanged | replaced | inserted


def _two_off(word: str, other: str) -> bool:
    """Tell whether two words differ by at most two letters (Levenshtein's distance, exchanged neighbours as one)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(word, start=1):
        row = [at]
        for place, another in enumerate(other, start=1):
            least = min(row[-1] + 1, last[place] + 1, last[place - 1] + (letter != another))
            if before and place > 1 and letter == other[place - 2] and word[at - 2] == another:
                least = min(least, before[place - 2] + 1)
            row.append(least)
        if min(row) > 2:
            return False
        before, last = last, row
    return last[-1] <= 2
