"""Numbers as people write them in an answer: powers of ten, signs of currency, a decimal point in the middle.

A few passes over the plain text, before the tokens; every pattern is bounded, so each pass is linear in the length.
What has one meaning becomes a number of the language (8.48 x 10^-1 is 8.48e-1); what has two is asked about.
"""

import re
from collections.abc import Collection, Iterable
from typing import TypeAlias

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Span
from rnn_tutor.engine.reading.characters import Plain

CURRENCIES = frozenset("$€£¥₹₩₽₺₴₫₪₦₱฿￡￥")

_NUMBER = r"(?<![\w.])(?P<number>\d+(?:\.\d*)?|\.\d+)"
_WHOLE = r"[+-]? ?\d{1,4}"
_SPACED = re.compile(rf"{_NUMBER}(?: {{1,3}}[eE](?=[+-]?\d)|[eE] {{1,3}})(?P<power>{_WHOLE})(?![\w.])")
_TIMES_TEN = re.compile(
    rf"{_NUMBER} {{0,3}}(?P<sign>[xX*·]) {{0,3}}10 {{0,3}}(?:\^|\*\*) {{0,3}}"
    rf"(?P<power>{_WHOLE}|\( {{0,3}}{_WHOLE} {{0,3}}\)|\{{ {{0,3}}{_WHOLE} {{0,3}}\}})(?![\w.(\[]| {{0,3}}(?:\^|\*\*))"
)
_BESIDE_TEN = re.compile(
    rf"{_NUMBER} {{1,3}}10 {{0,3}}(?:\^|\*\*) {{0,3}}(?P<power>{_WHOLE}|\( {{0,3}}{_WHOLE} {{0,3}}\))"
    r"(?![\w.(\[]| {0,3}(?:\^|\*\*))"
)
_GROUPED = re.compile(r"(?<![\w.])\d[\d_]*\d(?:\.\d[\d_]*)?")
_CARET = re.compile(rf"(?<![\w.])10 {{0,3}}(?P<caret>\^) {{0,3}}(?P<braces>\{{ {{0,3}}{_WHOLE} {{0,3}}\}})?")
_MIDDLE = re.compile(r"(?<![\w.])(?P<left>\d+)·(?P<right>\d+)(?![\w.])(?! {0,3}(?:\*\*|\^))")
_TIMES = re.compile(r"·(?=[A-Za-z_(\[])|[A-Za-z_)\]]·|·\d{1,40}·")  # a dot in the middle that is no decimal point
_SO_MANY_TIMES = re.compile(r"\s{0,9}[+-]?\d{1,40}(?:\.\d{0,40})?(?P<times>[xX])\s{0,9}")
_BINDS = frozenset("/@%^")

_Edit: TypeAlias = tuple[int, int, str]  # what stands from here to there becomes this


def with_numerals(plain: Plain, names: Collection[str] = ()) -> Plain:
    """Return the text of an answer with its numbers as the language writes them.

    `names` are those that the answer may use: where e is one of them, `2 e-1` reads two ways. Raises EngineError
    (`notation`) for what does.
    """
    plain = edited(plain, _spaced_powers(plain, names))
    plain = edited(plain, _powers(plain))
    _ask_about_powers_alone(plain)
    plain = with_powers(plain)
    _ask_about_middle_dots(plain)
    return edited(plain, _currencies(plain))


def with_powers(plain: Plain) -> Plain:
    """Return a text with 10^3 as 10**3, and nothing else changed: in a shape x is no sign of times."""
    return edited(plain, _carets(plain))


def without_times(plain: Plain) -> Plain:
    """Return 1.11x, as the number of times that something is larger, as 1.11: where x is no name, and this is all."""
    match = _SO_MANY_TIMES.fullmatch(plain.text)
    return plain if match is None else edited(plain, ((*match.span("times"), " "),))


def edited(plain: Plain, edits: Iterable[_Edit]) -> Plain:
    """Return a text with stretches of it written in another way; each new character remembers its stretch."""
    texts: list[str] = []
    spans: list[Span] = []
    done = 0
    for start, end, instead in edits:
        texts += [plain.text[done:start], instead]
        spans += plain.spans[done:start] + [plain.span(start, end)] * len(instead)
        done = end
    if not done:
        return plain
    return Plain("".join([*texts, plain.text[done:]]), spans + plain.spans[done:], plain.source)


def _spaced_powers(plain: Plain, names: Collection[str]) -> Iterable[_Edit]:
    """8.48 e-1 and 8.48e -1: nobody means 8.48 times the number e, less 1, by it."""
    for match in _SPACED.finditer(plain.text):
        number, power = match["number"], _digits(match["power"])
        if power.isdigit() and plain.text[match.end("number")] == " ":
            letter = plain.text[match.start("power") - 1]
            if letter + power in names:
                continue  # a name of the exercise beside a number
            yield (*match.span(), f"{number}e{power}")
            continue
        if "e" in names and plain.text[match.end("number")] == " ":
            sentence = f"Is e the power of ten here, or the name e? Write {number}e{power} for the first, {number} * e "
            raise EngineError("notation", f"{sentence}for the second.", plain.span(*match.span()))
        yield (*match.span(), f"{number}e{power}")


def without_underscores(plain: Plain) -> Plain:
    """Return a text with Python's 12_764.34 as 12764.34; what was a subscript stays."""
    if "_" not in plain.text:
        return plain
    return edited(plain, _underscores(plain))


def _underscores(plain: Plain) -> Iterable[_Edit]:
    for match in _GROUPED.finditer(plain.text):
        for place in range(match.start() + 1, match.end() - 1):
            between = plain.text[place - 1].isdigit() and plain.text[place + 1].isdigit()
            if plain.text[place] == "_" and between and plain.written(place, place + 1) == "_":
                yield (place, place + 1, "")


def _ask_about_powers_alone(plain: Plain) -> None:
    """1.995 10^-4 is a number whose sign of times was lost, or two values of a list."""
    match = _BESIDE_TEN.search(plain.text)
    if match is not None:
        number, power = match["number"], _digits(match["power"])
        sentence = (
            f"Is a sign missing in {number} 10**{power}, or are these two values? Write {number}e{power} for one "
        )
        raise EngineError("notation", f"{sentence}number, {number}, 10**{power} for two.", plain.span(*match.span()))


def _powers(plain: Plain) -> Iterable[_Edit]:
    """8.48 x 10^-1 is one number, but behind a sign that would take its first digits for itself."""
    for match in _TIMES_TEN.finditer(plain.text):
        number, power = match["number"], _digits(match["power"])
        if not _is_bound(plain.text, match.start()):
            yield (*match.span(), f"{number}e{power}")
        elif match["sign"] in "xX":
            sentence = f"Does the sign before {number} belong to the whole number? Then write {number}e{power} for it."
            raise EngineError("notation", sentence, plain.span(*match.span()))


def _is_bound(text: str, start: int) -> bool:
    """Tell whether a sign stands before that binds as tightly as times, or tighter."""
    place = start - 1
    while place >= 0 and text[place] in " +-":
        place -= 1
    return place >= 0 and (text[place] in _BINDS or text[max(0, place - 1) : place + 1] == "**")


def _digits(power: str) -> str:
    return re.sub(r"[ (){}]", "", power)


def _carets(plain: Plain) -> Iterable[_Edit]:
    """10^3 is a power of ten; after anything else ^ is asked about."""
    for match in _CARET.finditer(plain.text):
        yield (*match.span("caret"), "**")
        if match["braces"]:
            yield (*match.span("braces"), f"({_digits(match['braces'])})")


def _ask_about_middle_dots(plain: Plain) -> None:
    """0·5 is a decimal number to some, a product to others; ⋅ is always a product, and so is · where another one is."""
    text = plain.text
    products = _TIMES.search(text) is not None
    for match in _MIDDLE.finditer(text):
        left, right = match["left"], match["right"]
        if plain.written(match.end("left"), match.start("right")) != "·" or (products and not left.startswith("0")):
            continue
        sentence = (
            f"Is {left}·{right} a decimal number or a product? Write {left}.{right} for the first, {left} * {right} "
        )
        raise EngineError("notation", f"{sentence}for the second.", plain.span(*match.span()))


def _currencies(plain: Plain) -> Iterable[_Edit]:
    """$548.22 is a number; a sign of currency beside anything else is none of the language's."""
    text = plain.text
    for place, char in enumerate(text):
        if char not in CURRENCIES:
            continue
        before = text[max(0, place - 3) : place]
        after = text[place + 1 : place + 5]
        leads = re.match(r" {0,2}[+-]? ?\.?\d", after) is not None
        trails = re.search(r"[\d.%)] {0,2}$", before) is not None
        apart = before.endswith(" ") != after.startswith(" ")  # [$1 $2]: the second belongs to the 2
        if (leads or trails) and (leads != trails or apart):
            yield (place, place + 1, "")
