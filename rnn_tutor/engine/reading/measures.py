"""What a unit measures, and how large it is: kHz is a thousand hertz, a nat is no bit, a year has no one length.

Only what differs by a power of ten is ever converted, because then the digits that were typed stay the same digits.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

PREFIXES = {"T": 12, "G": 9, "M": 6, "k": 3, "K": 3, "c": -2, "m": -3, "u": -6, "mu": -6, "n": -9, "p": -12}
_SPOKEN = {"tera": 12, "giga": 9, "mega": 6, "kilo": 3, "centi": -2, "milli": -3, "micro": -6, "nano": -9, "pico": -12}
_SYMBOLS = {
    "s": "time", "g": "mass", "m": "length", "Hz": "frequency", "J": "energy", "V": "voltage", "W": "power",
    "N": "force", "H": "inductance", "F": "capacitance", "A": "current", "Pa": "pressure", "eV": "energy of a charge",
    "Wh": "energy sold", "K": "temperature", "mol": "amount", "bit": "information", "bits": "information",
    "bps": "information a second", "Ohm": "resistance", "ohm": "resistance", "Omega": "resistance", "sec": "time",
    "hz": "frequency",
}  # fmt: skip
_WORDS = {
    "hertz": "Hz", "second": "s", "gram": "g", "meter": "m", "metre": "m", "joule": "J", "volt": "V", "watt": "W",
    "newton": "N", "ampere": "A", "amp": "A", "pascal": "Pa", "bit": "bit", "kelvin": "K", "ohm": "ohm", "mole": "mol",
    "sec": "s",
}  # fmt: skip
# What is no power of ten of the others of its kind.
_APART = {
    "min": "time", "minute": "time", "hr": "time", "h": "time", "hour": "time", "day": "time", "week": "time",
    "month": "time", "year": "time", "deg": "angle", "degree": "angle", "rad": "angle", "radian": "angle",
    "nat": "information", "B": "information", "byte": "information", "inch": "length", "inches": "length",
    "foot": "length", "feet": "length", "yard": "length", "mile": "length", "pound": "mass", "lb": "mass",
    "ounce": "mass", "tonne": "mass", "ton": "mass", "celsius": "temperature", "fahrenheit": "temperature",
    "dB": "level", "decibel": "level", "db": "level", "cent": "money", "dollar": "money", "euro": "money",
    "rpm": "frequency",
}  # fmt: skip
_SAME = {
    "min": "minute", "hr": "hour", "h": "hour", "deg": "degree", "radian": "rad", "B": "byte", "decibel": "dB",
    "db": "dB", "inches": "inch", "foot": "feet", "sec": "s", "hz": "Hz", "lb": "pound", "bits": "bit", "Ohm": "ohm",
    "Omega": "ohm",
}  # fmt: skip
_ALONE = frozenset(("rad", "nat", "bit", "byte", "dollar", "euro", "kg", "inch", "feet", "yard", "mile", "pound",
                    "ounce", "celsius", "fahrenheit", "rpm"))  # fmt: skip
_BYTES = re.compile(r"(?:(?P<prefix>[kKMGT])(?P<two>i?)B|(?P<spoken>kilo|mega|giga|tera|kibi|mebi|gibi)bytes?)")


@dataclass(frozen=True)
class Measure:
    """A unit of a kind: `power` of ten times that of its `size`; what differs in size is not converted.

    `plain` tells that the number before it may stand for itself where nothing is known of the unit asked for.
    """

    kind: str
    size: str
    power: int
    text: str
    plain: bool = True
    asked: bool = False  # in a text: whether it says so there, "in Hz", and does not only speak of it


def measure_of(words: Sequence[str]) -> Measure | None:
    """Return what words such as `ms`, `kHz`, `bits / character` or `km per hour` measure; None for what is counted."""
    kinds: list[str] = []
    sizes: list[str] = []
    power, plain, below = 0, True, False
    for word in words:
        if word in ("/", "per"):
            below = True
            continue
        one = _of_word(word)
        if one is not None:
            sign = "/" if below else ""
            kinds.append(sign + one.kind)
            sizes.append(sign + one.size)
            power += -one.power if below else one.power
            plain = plain and one.plain
    if not kinds:
        return None
    return Measure(" ".join(sorted(kinds)), " ".join(sorted(sizes)), power, _joined(words), plain)


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).replace(" / ", "/")


def _of_word(word: str) -> Measure | None:
    word = word.replace("µ", "mu").replace("μ", "mu")
    data = _BYTES.fullmatch(word)
    if data is not None:  # 1000 bytes to some, 1024 to others; each is itself
        size = f"{(data['prefix'] or data['spoken'])[0].upper()}{data['two'] or ''}B"
        return Measure("information", size, 0, word, plain=False)
    for form in (word, word.lower(), word.lower().removesuffix("s"), word.removesuffix("s")):
        if form in _APART:
            size = _SAME.get(form, form)
            return Measure(_APART[form], size, 0, word, size in _ALONE)
        if len(form) > 1 and form in _WORDS:
            return _symbol(_WORDS[form], 0, word)
    if word in _SYMBOLS:
        return _symbol(word, 0, word)
    for prefix, power in PREFIXES.items():
        base = word[len(prefix) :] if word.startswith(prefix) else ""
        base = "Hz" if base == "hz" else base
        if base in _SYMBOLS and base not in ("sec", "hz"):
            return _symbol(base, power, word)
    for prefix, power in _SPOKEN.items():
        base = word.lower()[len(prefix) :] if word.lower().startswith(prefix) else ""
        base = base if base in _WORDS else base.removesuffix("s")
        if base in _WORDS:
            return _symbol(_WORDS[base], power, word)
    return None


def _symbol(symbol: str, power: int, word: str) -> Measure:
    size = _SAME.get(symbol, symbol)
    word = "u" + word[2:] if word == f"mu{symbol}" else word
    return Measure(_SYMBOLS[symbol], size, power, word, plain=power == 0 or word in ("kg", "kilogram"))


_CODE = re.compile(r"`[^`]*`")
_PIECE = re.compile(r"[A-Za-zµμ]+|\d[\d.,]*|[^\s]")
_OPENING = frozenset(("in", "(", "[", "many"))
_COMMON = frozenset(("second", "minute", "bit", "cent", "min", "foot", "mole", "us", "am", "rad", "pound", "ton", "as"))


def mentioned(text: str) -> Iterator[Measure]:
    """Yield the units that a text speaks of: "in Hz", "every 10 ms"; nothing that may be a word or a name."""
    pieces = _PIECE.findall(_CODE.sub(" ` ", text))
    at = 0
    while at < len(pieces):
        before = pieces[at - 1].lower() if at else ""
        end = at + 1
        while end + 1 < len(pieces) and pieces[end] in ("/", "per") and pieces[end + 1].isalpha():
            end += 2
        words = pieces[at:end]
        at = end
        one = _of_word(words[0])
        said = before in _OPENING
        if one is None and not (len(words) > 1 and words[0].isalpha() and measure_of(words) is not None):
            continue
        after = pieces[end] if end < len(pieces) else ""
        if before in ("(", "[") and len(words[0]) == 1 and after not in (")", "]"):
            continue  # the axes of an array: (B, T)
        known = said or before[:1].isdigit()
        if (len(words[0]) == 1 or words[0].lower() in _COMMON) and not known:
            continue  # the second sentence, a bit more
        if pieces[end : end + 2] == ["of", "freedom"]:
            continue
        found = measure_of(words)
        if found is not None:
            yield Measure(found.kind, found.size, found.power, found.text, found.plain, said)


@dataclass(frozen=True)
class Asked:
    """What is known of the unit in which a number is asked for: the units of its `own` question, and of all around it.

    `percent`: whether it is asked for in per cent; None where that cannot be told.
    """

    own: tuple[Measure, ...] = ()
    around: tuple[Measure, ...] = ()
    percent: bool | None = False


_IN_PERCENT = re.compile(r"\b(?:in|many) per ?cent\b|\bin %|[(\[]%[)\]]|\bpercentage\b(?! points?\b)", re.IGNORECASE)


def asked_for(own: str, around: Iterable[str], *, alone: bool) -> Asked:
    """Return what texts tell of the unit asked for; `alone`: there is no other question that `around` may be about."""
    texts = list(around)
    percent: bool | None = _IN_PERCENT.search(own) is not None
    if not percent and any(_IN_PERCENT.search(text) for text in texts):
        percent = True if alone else None
    return Asked(tuple(mentioned(own)), tuple(found for text in (own, *texts) for found in mentioned(text)), percent)


def power_for(measure: Measure, asked: Asked) -> int | str:
    """Return the power of ten by which a number of this unit is to be scaled; or, where there is none, why not."""
    own = [one for one in asked.own if one.asked]
    if own and all(one.kind != measure.kind for one in asked.own):
        return _convert(own[0], measure)
    for known in (asked.own, asked.around):
        alike = [one for one in known if one.kind == measure.kind]
        wanted = {(one.size, one.power): one for one in alike if one.asked} or {
            (one.size, one.power): one for one in alike
        }
        if len(wanted) > 1:
            listed = " and ".join(sorted(one.text for one in wanted.values())[:2])
            return f"The question speaks of {listed}. Write the number alone, in the unit that it asks for."
        for one in wanted.values():
            if one.size == measure.size:
                return measure.power - one.power
            return (
                f"The question has {one.text}, and yours is in {measure.text}. Convert it, and write the number alone."
            )
    if measure.plain:
        return 0
    return f"The question names no unit that {measure.text} could be converted to. Write the number alone."


def _convert(wanted: Measure, measure: Measure) -> str:
    return f"The question has {wanted.text}, and yours is in {measure.text}. Convert it, and write the number alone."


def speaks_of(measure: Measure, asked: Asked) -> bool:
    """Tell whether a unit of one letter may be what is asked for: K where it is kelvins, and not thousands."""
    return any(one.kind == measure.kind for one in [*asked.own, *(one for one in asked.around if one.asked)])
