"""Commas and rows: lists as people and libraries write them.

`[0.85 -0.76]`, `[1 2; 3 4]`, a matrix over several lines, `(3 5 100)`, and in answers numbers without any bracket.
A gap between two values is a comma. Where a sign or a comma could be read two ways (`[a -b]`, `0,5`, `16,000`) the
answer is a question.
"""

from dataclasses import dataclass
from itertools import pairwise

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.reading.ambiguity import (
    ask_about_comma_before,
    ask_about_commas,
    ask_about_decimals,
    ask_about_thousands,
    with_thousands,
)
from rnn_tutor.engine.reading.brackets import LIKE_NUMBERS, Bracket, Kind, Part, is_sign, is_value, nested, text_of
from rnn_tutor.engine.reading.products import is_factor, multiplied, with_arguments, with_fractions, with_groups
from rnn_tutor.engine.reading.token import Token

# NumPy breaks a long vector before the number that would go past 75 characters, less what its brackets take: a line
# that had room for another number is a row that somebody wrote.
LINE = 66


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is read.

    `loose`: an answer, whose outermost level may be a list without brackets. `shape`: a shape, in which a comma is a
    separator, but for one between thousands. `several`: several numbers are asked for, so that `0.85 -0.76` are two.
    `paper`: names side by side are a product, and 7,260.05 is a number.
    """

    loose: bool = False
    shape: bool = False
    several: bool = False
    paper: bool = False


PLAIN = Manner()
ANSWER = Manner(loose=True, paper=True)
SHAPE = Manner(loose=True, shape=True)


def with_commas(token_list: list[Token], manner: Manner = PLAIN) -> list[Token]:
    """Return the tokens with every comma and row bracket of the lists written out.

    Raises EngineError (`notation`) where two readings are possible.
    """
    while manner.loose and len(token_list) > 1 and token_list[-1].text == ";":  # as MATLAB ends a line
        token_list = token_list[:-1]
    parts = nested(token_list)
    if manner.loose and len(parts) == 3 and [text_of(part) for part in parts[1:]] == [".", "T"]:
        parts = parts[:1] if _is_column(parts[0]) else parts  # (0.8; -0.7).T, of one value a row
    only = parts[0] if manner.loose and len(parts) == 1 else None
    if isinstance(only, Bracket) and only.kind == "group" and any(text_of(part) == ";" for part in only.inside):
        parts = only.inside  # (0.8; -0.7) is what 0.8; -0.7 is
    if manner.several and manner.loose and _bare_numbers(parts):
        parts = _joined(parts, _gaps(parts, "list", listing=True))
    elif manner.paper and manner.loose and not manner.several:
        signs = [text_of(part) for part in parts]
        parts = _without_last_comma(parts) if signs.count(",") == 1 and ";" not in signs else parts
    ends = (token_list[0].becomes("op", "["), token_list[-1].becomes("op", "]"))
    return _flat(_level(parts, "top", manner, ends), manner)


def _is_column(part: Part) -> bool:
    """Tell whether a bracket is values with a `;` between each two of them, and nothing else between."""
    if not isinstance(part, Bracket) or part.kind != "group" or not any(text_of(one) == ";" for one in part.inside):
        return False
    return not any(text_of(one) == "," for one in part.inside) and not _gaps(part.inside, "list", listing=True)


def _bare_numbers(parts: list[Part]) -> bool:
    """Tell whether a level is nothing but numbers with signs of their own and gaps between them."""
    if is_sign(parts[-1]):
        return False
    signs = all(position == 0 or _tight_sign(parts, position) for position, part in enumerate(parts) if is_sign(part))
    return signs and all(_is_number(part) or is_sign(part) for part in parts) and not any(p.line for p in parts[1:])


def _flat(parts: list[Part], manner: Manner) -> list[Token]:
    tokens: list[Token] = []
    for part in parts:
        if isinstance(part, Token):
            tokens.append(part)
        else:
            inside = _level(part.inside, part.kind, manner, (part.opening, part.closing))
            tokens.append(part.opening)
            tokens += _flat(inside, manner)
            tokens.append(part.closing)
    return tokens


def _level(parts: list[Part], kind: Kind, manner: Manner, ends: tuple[Token, Token]) -> list[Part]:
    """Return one level of brackets with its gaps as commas and its rows in brackets."""
    listing = kind == "list" or (kind == "top" and manner.loose)
    if manner.paper:
        in_list = kind == "list"
        parts = with_fractions(with_arguments(with_groups(parts), in_list=in_list), in_list=in_list)
        if kind == "top" and not manner.several:
            parts = with_thousands(parts)
    gaps = _gaps(parts, kind, listing)
    if manner.paper and kind in ("top", "group", "call") and all(is_factor(parts, gap) for gap in gaps):
        parts, gaps = multiplied(parts, gaps), []
    _ask(parts, kind, manner, bool(gaps))
    glued = [position for position in gaps if not (parts[position].space or is_sign(parts[position]))]
    if glued:
        _missing_operator(parts, glued[0])
    for position in gaps if kind != "list" else []:
        worded = any(
            isinstance(neighbour, Token) and neighbour.kind == "name" and not _is_number(neighbour)
            for neighbour in parts[position - 1 : position + 1]
        )
        if kind not in ("top", "group") or not (manner.loose or kind == "group") or (worded and not manner.shape):
            _missing_operator(parts, position)
    if not listing:
        return _joined(parts, gaps)
    rows = _rows(parts, gaps, kind)
    if len(rows) > 1:
        columns = [_joined(row, _gaps(row, "list", listing)) for row in rows if row]
        if all(_one_value(row) for row in columns):
            parts = _comma_between(columns)
        elif all(len(row) == 1 for row in columns) or any(text_of(row[-1]) == "," for row in columns[:-1]):
            parts = _comma_between([_without_last_comma(row) for row in columns])
        else:
            parts = _comma_between([[Bracket("list", *ends, row)] for row in columns])
    else:
        parts = _joined(parts, gaps)
    if kind == "top" and (len(rows) > 1 or any(text_of(part) == "," for part in parts)):
        return [Bracket("group", *ends, parts)]
    return parts


def _ask(parts: list[Part], kind: Kind, manner: Manner, gaps: bool) -> None:
    """Raise EngineError (`notation`) for commas and spaces of a level that read two ways."""
    if manner.shape:
        ask_about_thousands(parts)
        return
    ask_about_commas(parts, kind, gaps)
    if manner.paper:
        ask_about_decimals(parts, kind)
    if kind == "top" and manner.loose:
        _ask_about_factor(parts)
        _ask_about_spaces(parts, several=manner.several)
        if len(parts) == 1 and isinstance(parts[0], Bracket) and parts[0].kind == "group":
            ask_about_commas(parts[0].inside, "answer", gaps=False)
            if manner.paper:
                ask_about_decimals(parts[0].inside, "answer")


def _one_value(row: list[Part]) -> bool:
    """Tell whether a row is one value, a sign or an operation in it included: [0.5; -0.2] is a vector."""
    return not any(text_of(part) == "," or (isinstance(part, Bracket) and part.kind == "list") for part in row)


def _without_last_comma(row: list[Part]) -> list[Part]:
    return row[:-1] if len(row) > 1 and text_of(row[-1]) == "," else row


def _comma_between(rows: list[list[Part]]) -> list[Part]:
    joined: list[Part] = []
    for row in rows:
        if joined:
            start = row[0].span[0]
            joined.append(Token("op", ",", start, start))
        joined += row
    return joined


def _gaps(parts: list[Part], kind: Kind, listing: bool) -> list[int]:
    """Return the positions before which a comma belongs."""
    plain = [
        position
        for position in range(1, len(parts))
        if is_value(parts[position - 1])
        and is_value(parts[position])
        and not _belongs(parts[position - 1], parts[position])
    ]
    if not listing:
        return plain
    commas = any(text_of(part) == "," for part in parts)
    signs = [position for position in range(1, len(parts) - 1) if _tight_sign(parts, position)]
    rows = any(text_of(part) == ";" for part in parts) or any(parts[position].line for position in signs)
    listed = not commas and (kind == "list" or bool(plain) or rows)
    for position in signs:
        before, sign, after = parts[position - 1 : position + 2]
        numbers = _is_number(before) and _is_number(after)
        if (numbers and listed) or sign.line:
            continue
        if numbers or listed:
            ask_about_comma_before(parts, position - 1)
            left = text_of(parts[position - 2]) if _has_sign(parts, position - 1) else ""
            raise EngineError("notation", _one_or_two(before, sign, after, left), (before.span[0], after.span[1]))
    two = [p for p in signs if parts[p].line or (_is_number(parts[p - 1]) and _is_number(parts[p + 1]))]
    return sorted(plain + two)


def _belongs(before: Part, part: Part) -> bool:
    """Tell whether a bracket belongs to the value before it: a call or an index."""
    return isinstance(part, Bracket) and part.kind in ("call", "index")


def _tight_sign(parts: list[Part], position: int) -> bool:
    before, sign, after = parts[position - 1 : position + 2]
    return is_sign(sign) and sign.space and is_value(before) and is_value(after) and not after.space


def _has_sign(parts: list[Part], position: int) -> bool:
    """Tell whether a sign stands before a value that is its own, and no operator."""
    if position < 1 or not is_sign(parts[position - 1]):
        return False
    return position == 1 or text_of(parts[position - 2]) in (",", ";")


def _is_number(part: Part) -> bool:
    """A number, or a bracket that holds nothing but numbers (24% is one)."""
    if isinstance(part, Token):
        return part.kind == "number" or part.text in LIKE_NUMBERS
    return part.kind == "group" and all(_is_number(inner) or text_of(inner) == "/" for inner in part.inside)


def _one_or_two(before: Part, sign: Part, after: Part, left_sign: str) -> str:
    """Ask; `left_sign` is the sign of the first value, "" for none."""
    mark = text_of(sign)
    plain = isinstance(before, Token) and isinstance(after, Token)
    left, right = (left_sign + text_of(before), text_of(after)) if plain else ("a", "b")
    what = f"{left} {mark}{right}" if plain else "this"
    return f"Is {what} one value or two? Write {left} {mark} {right} for one, {left}, {mark}{right} for two."


def _missing_operator(parts: list[Part], position: int) -> None:
    before, after = parts[position - 1], parts[position]
    if isinstance(before, Token) and canonical(before.text):
        where = (before.start, after.span[1])
        raise EngineError("notation", f"Put the argument of a function in brackets: {before.text}(...).", where)
    if isinstance(before, Token) and isinstance(after, Token):
        sentence = f"Something is missing between {before.text} and {after.text}: write {before.text} * {after.text}"
        number = "number" in (before.kind, after.kind)
        sentence += " for a product." if number else f" or {before.text} @ {after.text} for a product."
        if before.kind == "number" and after.kind == "name":
            sentence += " A unit is left out."
        raise EngineError("notation", sentence, (before.start, after.end))
    if isinstance(before, Token) and before.kind == "name" and isinstance(after, Bracket) and after.kind == "list":
        sentence = f"For an element write {before.text}[...] without a space; between two values write a sign."
        raise EngineError("notation", sentence, (before.start, after.span[1]))
    what = "A comma or a sign" if isinstance(after, Bracket) and after.kind == "list" else "A sign"
    raise EngineError("notation", f"{what} is missing before this: write * or @ for a product.", after.span)


def _joined(parts: list[Part], gaps: list[int]) -> list[Part]:
    joined: list[Part] = []
    places = set(gaps)
    for position, part in enumerate(parts):
        if position in places:
            start = part.span[0]
            joined.append(Token("op", ",", start, start))
        joined.append(part)
    return joined


def _rows(parts: list[Part], gaps: list[int], kind: Kind) -> list[list[Part]]:
    """Split a level at `;`, and at line breaks where they are rows; `;` before a line break counts once."""
    places = set(gaps)
    breaks = [
        p for p in range(1, len(parts)) if p in places and parts[p].line and text_of(parts[p - 1]) not in (";", ",")
    ]
    if kind == "list" and breaks:
        commas = any(text_of(part) == "," for part in parts)
        if not commas and not any(text_of(part) == ";" for part in parts):
            _ask_about_lines(parts, gaps, breaks)
        if commas or not any(text_of(part) == ";" for part in parts):
            breaks = []
    wanted = set(breaks)
    rows: list[list[Part]] = [[]]
    for position, part in enumerate(parts):
        if text_of(part) == ";":
            rows.append([])
            continue
        if position in wanted:
            rows.append([])
        rows[-1].append(part)
    return [row for row in rows if row]


def _ask_about_lines(parts: list[Part], gaps: list[int], breaks: list[int]) -> None:
    """A list over several lines is one long list where NumPy would have broken it, else it may be a matrix."""
    first = breaks[0]
    starts = [parts[0].span[0]] + [parts[gap].span[0] for gap in gaps if gap < first]
    widths = [after - before for before, after in pairwise(starts)]
    width = max(widths, default=parts[first - 1].span[1] - starts[0] + 1)  # NumPy pads all numbers to one width
    plain = all(isinstance(part, Token) for part in parts)
    room = starts[-1] - starts[0] + 2 * width < LINE
    if plain and room and len(breaks) < len(gaps):
        raise EngineError(
            "notation",
            "Are these lines the rows of a matrix? Then put ; at their ends; for one long list use commas.",
            parts[0].span,
        )


def _ask_about_factor(parts: list[Part]) -> None:
    """Ask about the factor that MATLAB prints above a matrix: 1.0e+03 * and then its lines."""
    for position in range(1, len(parts) - 1):
        if text_of(parts[position]) == "*" and parts[position + 1].line and position + 2 < len(parts):
            number = text_of(parts[position - 1])
            raise EngineError(
                "notation",
                f"Is {number or 'this'} * meant for all the numbers below? Then put them in brackets: * [1 2; 3 4].",
                parts[position].span,
            )


def _ask_about_spaces(parts: list[Part], *, several: bool) -> None:
    """Ask about 16 000, which is sixteen thousand on paper and two numbers in a list; where one is asked, 7 260.05."""
    written = [text_of(part) for part in parts]
    digits = written if several else [*written[:-1], written[-1].partition(".")[0]]
    if (
        len(parts) < 2
        or not all(digit_group.isdigit() for digit_group in digits)
        or any(part.line for part in parts[1:])
    ):
        return
    first, *rest = digits
    if len(first) <= 3 and not first.startswith("0") and all(len(digit_group) == 3 for digit_group in rest):
        as_typed = " ".join(written)
        raise EngineError(
            "notation",
            f"Is {as_typed} one number or several? Write {''.join(written)} for one, {', '.join(written)} for several.",
            (parts[0].span[0], parts[-1].span[1]),
        )
