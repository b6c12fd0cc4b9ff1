"""A text as numbers: which characters it has, where each of them stands, and how well one character tells the next."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from rnn_tutor.engine.array_types import NDArray
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.training import limits


@dataclass(frozen=True, slots=True)
class Corpus:
    """A text that is trained on. alphabet: its characters, in order; places: that of each character, one by one."""

    alphabet: str
    places: NDArray[np.intp]
    entropy_after_one: float
    """The mean of -log p(next | this character) by the text's own counts, in nats: what a table of pairs reaches."""

    def encoded(self, text: str) -> NDArray[np.intp]:
        """Return the places of a text's characters; those that are not in the alphabet are left out."""
        return np.array(
            [self.alphabet.index(char) for char in plain_text(text) if char in self.alphabet], dtype=np.intp
        )

    def decoded(self, places: NDArray[np.intp]) -> str:
        """Return the characters at places."""
        return "".join(self.alphabet[place] for place in places.tolist())

    @property
    def passage(self) -> NDArray[np.intp]:
        """The characters along which units are shown, the first of the text, and the one that follows them."""
        return self.places[: limits.PASSAGE + 1]


def plain_text(text: str) -> str:
    """Return a text in small letters, with one space for any run of spaces and line ends, and nothing unprintable."""
    return " ".join("".join(char if char.isprintable() else " " for char in text.casefold()).split())


def corpus(text: str, length: int) -> Corpus:
    """Return a text as numbers; a short one is repeated until sequences of `length` can be cut out anywhere.

    Raises EngineError("value") where it has no characters.
    """
    plain = plain_text(text[: limits.MOST_CHARACTERS])
    counts = Counter(plain)
    # the more frequent first; of equally frequent ones the smaller, so that the order is the same everywhere
    kept = sorted(counts, key=lambda char: (-counts[char], char))[: limits.MOST_ALPHABET]
    alphabet = "".join(sorted(kept))
    if not alphabet:
        raise EngineError("value", "There is nothing to train on in this text: no letter, digit or sign.")
    place_of = {char: place for place, char in enumerate(alphabet)}
    places = np.array([place_of[char] for char in plain if char in place_of], dtype=np.intp)
    least = max(2 * (length + 1), limits.PASSAGE + 1)
    if len(places) < least:
        places = np.tile(places, -(-least // len(places)))
    return Corpus(alphabet, places, _entropy_after_one(places, len(alphabet)))


def _entropy_after_one(places: NDArray[np.intp], size: int) -> float:
    pairs = np.zeros((size, size))
    np.add.at(pairs, (places[:-1], places[1:]), 1.0)
    rows = pairs.sum(axis=1, keepdims=True)
    shares = np.divide(pairs, rows, out=np.ones_like(pairs), where=pairs > 0)
    return float(-(pairs * np.log(shares)).sum() / pairs.sum())
