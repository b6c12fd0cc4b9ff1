"""Commas that read two ways, decimal, between thousands or between two numbers: they are asked about."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.reading.brackets import Bracket, Kind, Part, text_of
from rnn_tutor.engine.reading.token import Token

_DECIMAL_COMMA = "Is {0},{1} a decimal number or two numbers? Write {0}.{1} for one, {0}, {1} for two."
_DECIMAL_COMMAS = "Are these decimal commas? Write {0}. A comma that separates numbers needs a space after it."
_THOUSANDS = "Is {0},{1} one number or two? Write {0}{1} for one, {0}, {1} for two."

_SIGNS = frozenset(("+", "-", "*", "/", "**", "@", "·"))


_BETWEEN_DIGITS = re.compile(r"(?<![\w.,])(?P<whole>\d{1,20}),(?P<decimals>\d{1,20})(?![\w.,])")


@dataclass(frozen=True, slots=True)
class Decimals:
    """A text with its commas between digits as decimal points, and what to ask where that may be meant."""

    text: str
    question: EngineError


def decimal_points(text: str) -> Decimals | None:
    """Return a text with the comma of each 2,625 as a point; None where there is no such comma."""
    first = _BETWEEN_DIGITS.search(text)
    if first is None:
        return None
    points, count = _BETWEEN_DIGITS.subn(lambda found: f"{found['whole']}.{found['decimals']}", text)
    sentence = _DECIMAL_COMMA.format(first["whole"], first["decimals"])
    if count > 1 and "\n" not in text:
        sentence = _DECIMAL_COMMAS.format(points.strip())
    return Decimals(points, EngineError("notation", sentence, first.span()))


def ask_about_comma_before(parts: list[Part], position: int) -> None:
    """Ask about the comma of 0,848 where that is a value with a gap behind it, as in 0,848 -0,762."""
    if _is_tight_comma(parts, position - 1) and _is_decimal(parts, position - 1):
        raise _about_decimals(parts, position - 1)


def _about_decimals(parts: list[Part], position: int) -> EngineError:
    """Return the question about the decimal comma at a position, and about all of its level if there are several."""
    left, right = _digits(parts[position - 1]), _digits(parts[position + 1])
    span = (parts[position - 1].span[0], parts[position + 1].span[1])
    points, count = _with_points(parts)
    sentence = _DECIMAL_COMMAS.format(points) if points and count > 1 else _DECIMAL_COMMA.format(left, right)
    return EngineError("notation", sentence, span)


def _with_points(parts: list[Part]) -> tuple[str, int]:
    """Return a level with its decimal commas as points, and how many; "" where it has brackets or several lines."""
    written: list[str] = []
    count, end = 0, -1  # the decimals of the number before: they are not those of a second comma
    for position, part in enumerate(parts):
        if isinstance(part, Bracket) or (part.line and position):
            return "", 0
        if (
            part.text == ","
            and end < position - 1
            and _is_tight_comma(parts, position)
            and _is_decimal(parts, position)
        ):
            written.append(".")
            count, end = count + 1, position + 1
        elif part.text in (",", ";"):
            written.append(f"{part.text} ")
        else:
            written.append(f"{' ' * (part.space and not ''.join(written[-1:]).endswith(' '))}{part.text}")
    return "".join(written).strip(), count


def _is_decimal(parts: list[Part], position: int) -> bool:
    left, right = _digits(parts[position - 1]), _digits(parts[position + 1])
    return left.isdigit() and right.lower().partition("e")[0].isdigit()


def ask_about_commas(parts: list[Part], kind: Kind, gaps: bool) -> None:
    """Ask where a comma between two digits may be a decimal comma or one between thousands."""
    commas = [position for position, part in enumerate(parts) if text_of(part) == ","]
    tight = [position for position in commas if _is_tight_comma(parts, position)]
    bare = [position for position in commas if _is_bare(parts, position)]
    apart = kind != "call" and _is_apart(commas, bare)
    for position in tight:
        left, right = _digits(parts[position - 1]), _digits(parts[position + 1])
        question = _question(left, right, kind)
        if question is None and _is_decimal(parts, position):
            alone = len(commas) == 1 and (kind == "top" or (kind == "answer" and left == "0"))
            alone = alone and not _between_fractions(parts, position)
            mixed = apart and (left == "0" or len(commas) > 2)
            rows = kind == "top" and left == "0" and any(text_of(part) == ";" for part in parts)
            if alone or mixed or rows or gaps:
                question = _DECIMAL_COMMA
        if question is _DECIMAL_COMMA:
            raise _about_decimals(parts, position)
        if question is not None:
            span = (parts[position - 1].span[0], parts[position + 1].span[1])
            raise EngineError("notation", question.format(left, right), span)


def ask_about_decimals(parts: list[Part], kind: Kind) -> None:
    """Ask about decimal commas that are calculated with: 0,4+0,6, and (0,4+0,6)/2 at every level.

    The commas of calls, indexes and lists are their own; 1/3,2/3,1/3 are fractions.
    """
    if kind in ("top", "answer"):
        _ask_between_signs(parts)
    for position, part in enumerate(parts):
        if isinstance(part, Bracket) and part.kind == "group":
            around = [*parts[max(0, position - 1) : position], *parts[position + 1 : position + 2]]
            if any(text_of(neighbour) in _SIGNS for neighbour in around):
                _ask_about_any(part.inside)


def _ask_between_signs(parts: list[Part]) -> None:
    """Ask where each comma is tight and signs stand between them all, so that none can part a list of numbers."""
    commas = [position for position, part in enumerate(parts) if text_of(part) == ","]
    if len(commas) < 2 or not all(_is_tight_comma(parts, position) for position in commas):
        return
    edges = [-1, *commas, len(parts)]
    between = [{text_of(part) for part in parts[a + 1 : b]} & _SIGNS for a, b in pairwise(edges)]
    if all(between[1:-1]) and not all("/" in signs for signs in between):
        _ask_about_any(parts)


def _ask_about_any(parts: list[Part]) -> None:
    for position in range(len(parts)):
        comma = text_of(parts[position]) == "," and _is_tight_comma(parts, position)
        if comma and _is_decimal(parts, position):
            raise _about_decimals(parts, position)


def with_thousands(parts: list[Part]) -> list[Part]:
    """Return the outermost level with 7,260.05 and 1,234,567 as one number each; 16,000 stays to be asked about.

    Only where all commas of the level are of that kind: else they may part numbers.
    """
    commas = [position for position, part in enumerate(parts) if text_of(part) == ","]
    runs: list[list[int]] = []
    for position in commas:
        if runs and position == runs[-1][-1] + 2:
            runs[-1].append(position)
        else:
            runs.append([position])
    if not runs or not all(_is_one_number(parts, run) for run in runs):
        return parts
    done: list[Part] = []
    after = 0
    for run in runs:
        first, last = parts[run[0] - 1], parts[run[-1] + 1]
        assert isinstance(first, Token) and isinstance(last, Token)  # noqa: S101 - what such a run is made of
        text = "".join(text_of(part) for part in parts[run[0] - 1 : run[-1] + 2] if text_of(part) != ",")
        done += [*parts[after : run[0] - 1], replace(first, text=text, end=last.end)]
        after = run[-1] + 2
    return done + parts[after:]


def _is_one_number(parts: list[Part], run: list[int]) -> bool:
    """Tell whether commas part thousands, and can part nothing else: there are two of them, or decimals follow."""
    if run[0] < 1 or run[-1] + 1 >= len(parts) or any(not _is_tight_comma(parts, comma) for comma in run):
        return False
    numbers = [parts[run[0] - 1], *(parts[comma + 1] for comma in run)]
    if not all(isinstance(number, Token) for number in numbers):
        return False
    first, *rest = (text_of(number) for number in numbers)
    whole, point, decimals = rest[-1].partition(".")
    if not (first.isdigit() and len(first) <= 3 and not first.startswith("0")):
        return False
    digits = [*rest[:-1], whole]
    return all(len(digit_group) == 3 and digit_group.isdigit() for digit_group in digits) and (
        len(run) > 1 or bool(point and decimals.isdigit())
    )


def ask_about_thousands(parts: list[Part]) -> None:
    """Ask about the 50,000 of (32, 20, 50,000): no size begins with 0, and the other commas have a space."""
    commas = [position for position, part in enumerate(parts) if text_of(part) == ","]
    tight = [position for position in commas if _is_tight_comma(parts, position)]
    for position in tight:
        left, right = _digits(parts[position - 1]), _digits(parts[position + 1])
        if not (left.isdigit() and len(left) <= 3 and right.isdigit() and len(right) == 3):
            continue
        if right.startswith("0") or (len(tight) < len(commas) and not left.startswith("0")):
            span = (parts[position - 1].span[0], parts[position + 1].span[1])
            raise EngineError("notation", _THOUSANDS.format(left, right), span)


def _is_apart(commas: list[int], bare: list[int]) -> bool:
    """Tell whether commas without space and commas with space take turns: [0,5, 0,7]."""
    turns = [comma in set(bare) for comma in commas]
    return len(turns) > 1 and all(turn == (place % 2 == 0) for place, turn in enumerate(turns))


def _question(left: str, right: str, kind: Kind) -> str | None:
    """Return the question that two numbers with a bare comma between them raise by themselves, if any."""
    whole, _, decimals = right.partition(".")
    thousands = len(whole) == 3 and left.isdigit() and 1 <= len(left) <= 3 and not left.startswith("0")
    if thousands and (kind == "top" or whole.startswith("0")):
        return _THOUSANDS
    if decimals or not right.isdigit():
        return None
    head, _, tail = left.partition(".")
    if tail and len(tail) == 3 and kind == "top" and not head.startswith("0"):  # 1.234,5
        return f"Is {{0}},{{1}} one number or two? Write {head}{tail}.{{1}} for one, {{0}}, {{1}} for two."
    if kind != "call" and left == "0" and len(right) > 1:
        return _DECIMAL_COMMA
    return None


def _is_bare(parts: list[Part], position: int) -> bool:
    """Tell whether a comma has no space around it."""
    return 0 < position < len(parts) - 1 and not parts[position].space and not parts[position + 1].space


def _is_tight_comma(parts: list[Part], position: int) -> bool:
    """Tell whether a comma without space stands between two numbers without signs."""
    if not _is_bare(parts, position):
        return False
    return bool(_digits(parts[position - 1]) and _digits(parts[position + 1]))


def _digits(part: Part) -> str:
    """Return the number that a part is, without its percent sign; "" for anything else."""
    if isinstance(part, Token):
        return part.text if part.kind == "number" else ""
    first = part.inside[0] if part.inside else None
    percent = isinstance(first, Token) and first.kind == "number" and first.span == part.opening.span
    return text_of(first) if percent and first is not None else ""


def _between_fractions(parts: list[Part], position: int) -> bool:
    """Tell whether a comma stands as in 1/3,2/3: each side is a fraction of its own."""
    around = parts[position - 2 : position - 1] + parts[position + 2 : position + 3]
    return position > 1 and len(around) == 2 and all(text_of(neighbour) == "/" for neighbour in around)
