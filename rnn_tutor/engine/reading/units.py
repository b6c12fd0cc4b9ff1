"""A unit or a word after a number: `44 steps`, `6.91 nats`, `24 per cent`, `4 kHz`.

What is counted (steps, tokens) says nothing about the number. Of what is measured, the unit that is asked for decides:
4 kHz is 4000 where hertz are asked for, and where that is not known, it is not guessed. What may be a name of the
exercise, or a misspelt one, is left to be asked about.
"""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from rnn_tutor.engine.errors import EngineError, did_you_mean
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.reading.characters import LETTERS
from rnn_tutor.engine.reading.measures import Asked, measure_of, power_for, speaks_of
from rnn_tutor.engine.reading.token import Token

MOST_WORDS = 4
LONGEST_SHORT = 2  # letters of a unit that has to be a known one
CONSTANTS = frozenset(("pi", "e", "inf", "nan", "True", "False", "None", "newaxis", "T", "x", "X"))
_SHORT = frozenset(
    (*"smgJKVBNH", "ms", "us", "ns", "ps", "kB", "KB", "MB", "GB", "TB", "Hz", "cm", "mm", "um", "nm", "km", "kg", "mg",
     "kJ", "MJ", "mV", "kV", "kW", "MW", "mW", "mA", "Pa", "px", "dB", "db")
)  # fmt: skip
_FUNCTION_OR_NAME = frozenset(("min", "h"))  # a minute is also a function, an hour what a hidden state is called
_TIMES = {
    "hundred": 2, "thousand": 3, "million": 6, "mio": 6, "mln": 6, "billion": 9, "bn": 9, "trillion": 12,
}  # fmt: skip
_FRACTIONS = {("percentage", "points"): -2, ("per", "mille"): -3, ("basis", "points"): -4, ("permille",): -3,
              ("ppm",): -6, ("ppb",): -9}  # fmt: skip
_LETTERS_OF_MANY = {"k": "e3", "K": "e3", "M": "e6", "B": "e9", "G": "e9", "m": "e-3"}
# Words of arithmetic: what they make of the number before them is to be written with signs.
_ARITHMETIC_TEXT = """
    squared cubed factorial negative minus plus point comma over divided multiplied less more root inverse reciprocal
    halved doubled double twice dozen dozens half halves third thirds quarter quarters fourth fourths fifth fifths sixth
    sixths seventh sevenths eighth eighths ninth ninths tenth tenths hundredth hundredths thousandth thousandths
    millionth millionths one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty
    seventy eighty ninety zero"""
_ARITHMETIC = frozenset(_ARITHMETIC_TEXT.split())
_COUNTED = frozenset(
    ("step", "steps", "token", "tokens", "word", "words", "bit", "bits", "nat", "nats", "epoch", "epochs", "unit",
     "units", "weight", "weights", "parameter", "parameters", "position", "positions", "layer", "layers", "second",
     "seconds", "entry", "entries", "element", "elements")
)  # fmt: skip
_PLACES = frozenset(
    ("position", "step", "index", "row", "column", "token", "entry", "place", "layer", "time", "number")
)
_CLOSING = frozenset((")", "]"))
_ENDS = frozenset((",", ";", "]", ")"))


def without_units(token_list: list[Token], names: Collection[str], asked: Asked | None = None) -> list[Token]:
    """Return the tokens without the words that end a number which nothing else follows; per cent becomes %.

    `asked` is what is known of the unit that is asked for. Raises EngineError (`notation`) where a unit may be another.
    """
    asked = asked or Asked()
    done: list[Token] = []
    position = 0
    if len(token_list) > 1 and token_list[-1].text == "." and _ends_a_sentence(token_list[-2], names):
        token_list = token_list[:-1]
    if _is_place(token_list, names):
        position = 1
    while position < len(token_list):
        token = token_list[position]
        position += 1
        if token.kind != "number":
            done.append(token)
            if token.text in _CLOSING and _end(token_list, position, names, asked) == len(token_list):
                _same_unit(token, token_list[position:], asked)
                break
            continue
        if position < len(token_list) and token_list[position].text == "%":
            end = _end(token_list, position + 1, names, asked)
            ended = end is not None or position + 1 == len(token_list) or token_list[position + 1].text in _ENDS
            done += _percent(token, token_list[position], asked) if ended else [token, token_list[position]]
            position = end or position + 1
            continue
        _ask_about_words(token, token_list[position : position + 2], names, asked)
        end = _end(token_list, position, names, asked)
        if end is not None and done and _is_angle_of_a_function(done):
            _ask_about_degrees(token, token_list[position:end])
        done += [token] if end is None else _meant(token, token_list[position:end], asked)
        position = end or position
    return done


def _ask_about_words(number: Token, after: list[Token], names: Collection[str], asked: Asked) -> None:
    """Ask about 5 squared and 4 k: a word that changes the number before it, and a letter that may."""
    if not after or after[0].kind != "name" or after[0].text in names:
        return
    word = after[0].text
    span = (number.start, after[0].end)
    if word.lower() in _ARITHMETIC:
        raise EngineError("notation", f"Write {number.text} {word} with numbers and signs instead of words.", span)
    if word in _LETTERS_OF_MANY and (len(after) == 1 or after[1].kind == "name" or after[1].text in _ENDS):
        measure = measure_of((word,))
        if measure is None or not speaks_of(measure, asked):
            sentence = f"What does {word} stand for in {number.text} {word}? Write the whole number, such as "
            raise EngineError("notation", f"{sentence}{number.text}{_LETTERS_OF_MANY[word]}.", span)


def _is_angle_of_a_function(before: list[Token]) -> bool:
    """Tell whether what follows these tokens is taken by a sine, cosine or tangent: sin(30, sin((30, sin 30.

    Not where another function makes radians of it first: sin(radians(30.
    """
    if before[-1].text in _OF_ANGLES:
        return True
    depth = 0
    for at in range(len(before) - 1, 0, -1):
        depth += (before[at].text in (")", "]")) - (before[at].text in ("(", "["))
        if depth < 0:
            if before[at - 1].text in _OF_ANGLES:
                return True
            if before[at - 1].text in _TO_RADIANS:
                return False
            depth = 0
    return False


_OF_ANGLES = ("sin", "cos", "tan")
_TO_RADIANS = ("radians", "deg2rad")


def _ask_about_degrees(number: Token, after: list[Token]) -> None:
    """Ask about sin(30 degrees): these functions take radians, whatever the question asks for."""
    measure = measure_of([token.text for token in after])
    if measure is not None and (measure.kind, measure.size) == ("angle", "degree"):
        sentence = f"Functions take radians: write {number.text} * pi / 180."
        raise EngineError("notation", sentence, (number.start, after[-1].end))


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


def _is_unit_here(word: str, names: Collection[str], asked: Asked) -> bool:
    """Tell whether a word after a number is a unit: min and h, too, where the question speaks of times, A of mA."""
    if is_unit(word, names):
        return True
    free = word.lower() not in {name.lower() for name in names}
    if not free or not (word in _FUNCTION_OR_NAME or word == "Omega" or len(word) <= LONGEST_SHORT):
        return False
    measure = measure_of((word,))
    return measure is not None and speaks_of(measure, asked)


def _end(token_list: list[Token], start: int, names: Collection[str], asked: Asked) -> int | None:
    """Return where the words of a unit end: (bits / character, nats per token); None where there is none."""
    place = start
    while place < len(token_list) and place - start <= 2 * MOST_WORDS:
        token = token_list[place]
        slash = token.text == "/" and place > start and place + 1 < len(token_list)
        if slash and _is_unit_here(token_list[place + 1].text, names, asked):
            place += 1
        elif not (token.kind == "name" and token.library == "" and _is_unit_here(token.text, names, asked)):
            break
        place += 1
    ended = place == len(token_list) or token_list[place].text in _ENDS
    return place if ended and start < place <= start + MOST_WORDS else None


def _meant(number: Token, after: list[Token], asked: Asked) -> list[Token]:
    """Return what the words after a number make of it."""
    words = [token.text for token in after]
    if words[0] in ("percent", "pct") or words[:2] == ["per", "cent"]:
        return _percent(number, replace(number, kind="op", text="%", space=False, line=False), asked)
    for fraction, power in _FRACTIONS.items():
        if tuple(words[: len(fraction)]) == fraction:
            in_percent = _in_percent(number, after[0], asked)
            return [_scaled(number, power + (2 if in_percent else 0))]
    while words and _times(words[0]) is not None:
        number = _scaled(number, _times(words[0]) or 0)
        words = words[1:]
    measure = measure_of(words)
    if measure is None:
        return [number]
    scale = power_for(measure, asked)
    if isinstance(scale, str):
        raise EngineError("notation", scale, (number.start, after[-1].end))
    return [_scaled(number, scale)]


def _same_unit(bracket: Token, after: list[Token], asked: Asked) -> None:
    """Ask about the unit behind a formula, as in `log(x) bits`, where it is not the one that is asked for."""
    measure = measure_of([token.text for token in after])
    scale = 0 if measure is None else power_for(measure, asked)
    if scale:
        sentence = scale if isinstance(scale, str) else "Put the factor of this unit into the formula."
        raise EngineError("notation", sentence, (bracket.start, after[-1].end))


def _times(word: str) -> int | None:
    """Return the power of ten that a word such as million is; None for another word."""
    return _TIMES.get(word.lower(), _TIMES.get(word.lower().removesuffix("s")))


def _percent(number: Token, sign: Token, asked: Asked) -> list[Token]:
    """Return a number of per cent: as it is where these are asked for, else with its sign, which divides by 100."""
    return [number] if _in_percent(number, sign, asked) else [number, sign]


def _in_percent(number: Token, sign: Token, asked: Asked) -> bool:
    if asked.percent is None:
        sentence = "I cannot tell whether this number is asked for in per cent. Write it as a number without a sign."
        raise EngineError("notation", sentence, (number.start, sign.end))
    return asked.percent


def _scaled(number: Token, power: int) -> Token:
    """Return a number times a power of ten, with the digits that were typed."""
    if not power:
        return number
    digits = number.text if "e" not in number.text.lower() else f"{Decimal(number.text):f}"
    return replace(number, text=f"{digits}e{power}")
