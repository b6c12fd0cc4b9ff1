"""A unit or a word after a number: `44 steps`, `6.91 nats`, `24 per cent`. It says nothing about the number.

What may be a name of the exercise, or a misspelt one, is left to be asked about.
"""

from collections.abc import Collection
from dataclasses import replace

from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.reading.characters import LETTERS
from rnn_tutor.engine.reading.token import Token

MOST_WORDS = 4
LONGEST_SHORT = 2  # letters of a unit that has to be a known one
CONSTANTS = frozenset(("pi", "e", "inf", "nan", "True", "False", "None", "newaxis", "T", "x", "X"))
_SHORT = frozenset((*"smgJKVBNH", "ms", "us", "ns", "kB", "KB", "MB", "GB", "Hz", "cm", "mm", "km", "kg", "px", "dB"))
_TIMES = {"thousand": "1000", "million": "1000000", "billion": "1000000000"}
_COUNTED = frozenset(
    ("step", "steps", "token", "tokens", "word", "words", "bit", "bits", "nat", "nats", "epoch", "epochs", "unit",
     "units", "weight", "weights", "parameter", "parameters", "position", "positions", "layer", "layers", "second",
     "seconds", "entry", "entries", "element", "elements")
)  # fmt: skip
_PLACES = frozenset(
    ("position", "step", "index", "row", "column", "token", "entry", "place", "layer", "time", "number")
)
_ENDS = frozenset((",", ";", "]", ")"))


def without_units(token_list: list[Token], names: Collection[str]) -> list[Token]:
    """Return the tokens without the words that end a number which nothing else follows; per cent becomes %."""
    done: list[Token] = []
    position = 0
    if len(token_list) > 1 and token_list[-1].text == "." and _ends_a_sentence(token_list[-2], names):
        token_list = token_list[:-1]
    if _is_place(token_list, names):
        position = 1
    while position < len(token_list):
        token = token_list[position]
        done.append(token)
        position += 1
        if token.kind != "number":
            continue
        if position < len(token_list) and token_list[position].text == "%":
            end = _end(token_list, position + 1, names)
            done.append(token_list[position])
            position = end or position + 1
            continue
        end = _end(token_list, position, names)
        if end is not None:
            done += _meant(token, [one.text for one in token_list[position:end]])
            position = end
    return done


def _is_place(token_list: list[Token], names: Collection[str]) -> bool:
    """Tell whether a text is a word for a place and its number, and nothing else: step 4, position 3."""
    word, number = token_list if len(token_list) == 2 else (token_list[0], token_list[0])
    return word.text.lower() in _PLACES and word.text not in names and number.kind == "number"


def _ends_a_sentence(last: Token, names: Collection[str]) -> bool:
    """Tell whether a dot behind this token ends a sentence: 0.5. and 44 steps., where x. is not at its end."""
    return "." in last.text if last.kind == "number" else last.kind == "name" and is_unit(last.text, names)


def is_unit(word: str, names: Collection[str]) -> bool:
    """Tell whether a word after a number can be nothing but a unit."""
    if word in names or word in CONSTANTS or canonical(word) is not None or not word.isalpha():
        return False
    if len(word) <= LONGEST_SHORT:  # lr and h are names that somebody has in mind
        return word in _SHORT and word.lower() not in {name.lower() for name in names}
    if word in LETTERS:
        return False
    if word in _COUNTED:  # whatever name looks like it
        return True
    return not did_you_mean(word, [*names])


def _end(token_list: list[Token], start: int, names: Collection[str]) -> int | None:
    """Return where the words of a unit end: (bits / character, nats per token); None where there is none."""
    place = start
    while place < len(token_list) and place - start <= 2 * MOST_WORDS:
        token = token_list[place]
        slash = token.text == "/" and place > start and place + 1 < len(token_list)
        if slash and is_unit(token_list[place + 1].text, names):
            place += 1
        elif not (token.kind == "name" and token.library == "" and is_unit(token.text, names)):
            break
        place += 1
    ended = place == len(token_list) or token_list[place].text in _ENDS
    return place if ended and start < place <= start + MOST_WORDS else None


def _meant(number: Token, words: list[str]) -> list[Token]:
    """Return what the words make of the number before them: nothing, but for per cent and million."""
    if words[:1] == ["percent"] or words[:2] == ["per", "cent"]:
        return [replace(number, kind="op", text="%", space=False, line=False)]
    factor = _TIMES.get(words[0])
    if factor is None:
        return []
    return [
        replace(number, kind="op", text="*", space=False, line=False),
        replace(number, kind="number", text=factor, space=False, line=False),
    ]
