"""Commas and rows: lists as people and libraries write them.

`[0.85 -0.76]`, `[1 2; 3 4]`, a matrix over several lines, `(3 5 100)`, and in answers numbers without any bracket.
A gap between two values is a comma. Where a sign or a comma could be read two ways (`[a -b]`, `0,5`, `16,000`) the
answer is a question.
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from .errors import EngineError
from .notation import Token

Kind = Literal["top", "list", "index", "call", "group"]

# NumPy breaks long vectors at 75 characters: a line shorter than this is a row that somebody wrote.
WRAPPED = 48


@dataclass
class Bracket:
    """A bracket with what stands directly inside it."""

    kind: Kind
    opening: Token
    closing: Token
    inside: "list[Part]"

    @property
    def space(self) -> bool:
        """Whether white space stands before it."""
        return self.opening.space

    @property
    def line(self) -> bool:
        """Whether a line break stands before it."""
        return self.opening.line

    @property
    def span(self) -> tuple[int, int]:
        """Its characters in the text."""
        return (self.opening.start, self.closing.end)


Part: TypeAlias = Token | Bracket


def with_commas(found: list[Token], *, loose: bool = False, shape: bool = False) -> list[Token]:
    """Return the tokens with every comma and row bracket of the lists written out.

    `loose`: an answer, whose outermost level may be a list without brackets. `shape`: a shape, in which a comma is
    always a separator. Raises EngineError (`notation`) where two readings are possible.
    """
    parts = _nested(found)
    ends = (found[0].becomes("op", "["), found[-1].becomes("op", "]"))
    return _flat(_level(parts, "top", loose=loose, shape=shape, ends=ends), loose=loose, shape=shape)


def _nested(found: list[Token]) -> list[Part]:
    top: list[Part] = []
    levels: list[list[Part]] = [top]
    opened: list[tuple[Kind, Token]] = []
    for token in found:
        if token.text in ("(", "["):
            kind = _kind(token, levels[-1], opened[-1][0] if opened else "top")
            opened.append((kind, token))
            levels.append([])
        elif token.text in (")", "]"):
            kind, opening = opened.pop()
            inside = levels.pop()
            levels[-1].append(Bracket(kind, opening, token, inside))
        else:
            levels[-1].append(token)
    return top


def _kind(token: Token, before: list[Part], around: Kind) -> Kind:
    previous = before[-1] if before else None
    if token.text == "(":
        return "call" if isinstance(previous, Token) and previous.kind == "name" else "group"
    if previous is None or not _is_value(previous):
        return "list"
    if isinstance(previous, Token) and previous.kind == "number":
        return "list"
    if isinstance(previous, Bracket) and previous.kind == "list":
        return "list"
    return "list" if token.space and around in ("list", "top") else "index"


def _is_value(part: Part) -> bool:
    return isinstance(part, Bracket) or part.kind in ("number", "name")


def _is_sign(part: Part) -> bool:
    return isinstance(part, Token) and part.text in ("+", "-")


def _text(part: Part) -> str:
    return part.text if isinstance(part, Token) else ""


def _flat(parts: list[Part], *, loose: bool, shape: bool) -> list[Token]:
    tokens: list[Token] = []
    for part in parts:
        if isinstance(part, Token):
            tokens.append(part)
        else:
            inside = _level(part.inside, part.kind, loose=loose, shape=shape, ends=(part.opening, part.closing))
            tokens.append(part.opening)
            tokens += _flat(inside, loose=loose, shape=shape)
            tokens.append(part.closing)
    return tokens


def _level(parts: list[Part], kind: Kind, *, loose: bool, shape: bool, ends: tuple[Token, Token]) -> list[Part]:
    """Return one level of brackets with its gaps as commas and its rows in brackets."""
    listing = kind == "list" or (kind == "top" and loose)
    gaps = _gaps(parts, kind, listing)
    if not shape:
        _ask_about_commas(parts, kind, bool(gaps))
    for position in gaps if kind != "list" else []:
        worded = any(isinstance(one, Token) and one.kind == "name" for one in parts[position - 1 : position + 1])
        if kind not in ("top", "group") or not (loose or kind == "group") or (worded and not shape):
            _missing_operator(parts, position)
    if not listing:
        return _joined(parts, gaps)
    rows = _rows(parts, gaps, kind)
    if len(rows) > 1:
        columns = [_joined(row, _gaps(row, kind, listing)) for row in rows if row]
        if all(len(row) == 1 and not isinstance(row[0], Bracket) for row in columns):
            parts = _comma_between(columns, ends)
        elif all(len(row) == 1 for row in columns) or any(_text(row[-1]) == "," for row in columns[:-1]):
            parts = _comma_between([_without_last_comma(row) for row in columns], ends)
        else:
            parts = _comma_between([[Bracket("list", *ends, row)] for row in columns], ends)
    else:
        parts = _joined(parts, gaps)
    if kind == "top" and (len(rows) > 1 or any(_text(part) == "," for part in parts)):
        return [Bracket("group", *ends, parts)]
    return parts


def _without_last_comma(row: list[Part]) -> list[Part]:
    return row[:-1] if row and _text(row[-1]) == "," else row


def _comma_between(rows: list[list[Part]], ends: tuple[Token, Token]) -> list[Part]:
    comma = replace(ends[0], kind="op", text=",")
    joined: list[Part] = []
    for row in rows:
        joined += [*([comma] if joined else []), *row]
    return joined


def _gaps(parts: list[Part], kind: Kind, listing: bool) -> list[int]:
    """Return the positions before which a comma belongs."""
    plain = [
        position
        for position in range(1, len(parts))
        if _is_value(parts[position - 1])
        and _is_value(parts[position])
        and not _belongs(parts[position - 1], parts[position])
    ]
    if not listing:
        return plain
    commas = any(_text(part) == "," for part in parts)
    signs = [position for position in range(1, len(parts) - 1) if _tight_sign(parts, position)]
    for position in signs:
        before, sign, after = parts[position - 1 : position + 2]
        numbers = _is_number(before) and _is_number(after)
        if (numbers and not commas and (kind == "list" or plain)) or sign.line:
            continue
        if numbers or (not commas and (kind == "list" or plain)):
            raise EngineError(
                "notation",
                f"Is {_words(before)} {_text(sign)}{_words(after)} one value or two? "
                f"Write {_words(before)} {_text(sign)} {_words(after)} for one, "
                f"{_words(before)}, {_text(sign)}{_words(after)} for two.",
                (before.span[0], after.span[1]),
            )
    two = [p for p in signs if parts[p].line or (_is_number(parts[p - 1]) and _is_number(parts[p + 1]))]
    return sorted(plain + two)


def _belongs(before: Part, part: Part) -> bool:
    """Tell whether a bracket belongs to the value before it: a call or an index."""
    return isinstance(part, Bracket) and part.kind in ("call", "index")


def _tight_sign(parts: list[Part], position: int) -> bool:
    before, sign, after = parts[position - 1 : position + 2]
    return _is_sign(sign) and sign.space and _is_value(before) and _is_value(after) and not after.space


def _is_number(part: Part) -> bool:
    """A number, or a bracket that holds nothing but numbers (24% is one)."""
    if isinstance(part, Token):
        return part.kind == "number" or part.text in ("inf", "nan")
    return part.kind == "group" and all(_is_number(one) or _text(one) == "/" for one in part.inside)


def _words(part: Part) -> str:
    return part.text if isinstance(part, Token) else "(...)"


def _missing_operator(parts: list[Part], position: int) -> None:
    before, after = parts[position - 1], parts[position]
    if isinstance(before, Token) and isinstance(after, Token):
        raise EngineError(
            "notation",
            f"Something is missing between {before.text} and {after.text}: "
            f"write {before.text} * {after.text} or {before.text} @ {after.text} for a product.",
            (before.start, after.end),
        )
    raise EngineError("notation", "A sign is missing before this bracket: write * or @ for a product.", after.span)


def _joined(parts: list[Part], gaps: list[int]) -> list[Part]:
    joined: list[Part] = []
    for position, part in enumerate(parts):
        if position in gaps:
            start = part.span[0]
            joined.append(Token("op", ",", start, start))
        joined.append(part)
    return joined


def _rows(parts: list[Part], gaps: list[int], kind: Kind) -> list[list[Part]]:
    """Split a level at `;`, and at line breaks where they are rows; `;` before a line break counts once."""
    breaks = [p for p in range(1, len(parts)) if parts[p].line and _text(parts[p - 1]) not in (";", ",")]
    breaks = [p for p in breaks if p in gaps]
    if kind == "list" and breaks and not any(_text(part) in (",", ";") for part in parts):
        plain = all(isinstance(part, Token) for part in parts)
        first_line = parts[breaks[0] - 1].span[1] - parts[0].span[0]
        if plain and first_line < WRAPPED and any(p not in breaks for p in gaps):
            raise EngineError(
                "notation",
                "Are these lines the rows of a matrix? Then put ; at their ends; for one long list use commas.",
                parts[0].span,
            )
        breaks = []
    if kind == "list" and any(_text(part) == "," for part in parts):
        breaks = []
    rows: list[list[Part]] = [[]]
    for position, part in enumerate(parts):
        if _text(part) == ";":
            rows.append([])
            continue
        if position in breaks:
            rows.append([])
        rows[-1].append(part)
    return [row for row in rows if row]


def _ask_about_commas(parts: list[Part], kind: Kind, gaps: bool) -> None:
    commas = [position for position, part in enumerate(parts) if _text(part) == ","]
    tight = [position for position in commas if _is_tight_comma(parts, position)]
    for position in tight:
        left, right = _text(parts[position - 1]), _text(parts[position + 1])
        span = (parts[position - 1].span[0], parts[position + 1].span[1])
        thousands = len(right) == 3 and not left.startswith("0") and len(left) <= 3
        if thousands and (kind == "top" or right.startswith("0")):
            raise EngineError(
                "notation",
                f"Is {left},{right} one number or two? Write {left}{right} for one, {left}, {right} for two.",
                span,
            )
        mixed = kind != "call" and len(tight) < len(commas) and left == "0"
        if (kind == "top" and len(commas) == 1) or mixed or gaps or (left == "0" and len(right) > 1):
            raise EngineError(
                "notation",
                f"Is {left},{right} a decimal number or two numbers? "
                f"Write {left}.{right} for one, {left}, {right} for two.",
                span,
            )


def _is_tight_comma(parts: list[Part], position: int) -> bool:
    if not 0 < position < len(parts) - 1 or parts[position].space or parts[position + 1].space:
        return False
    return all(
        isinstance(part, Token) and part.kind == "number" and part.text.isdigit()
        for part in (parts[position - 1], parts[position + 1])
    )
