"""Brackets: tokens as a tree, each bracket with what stands directly inside it and what it is."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from rnn_tutor.engine.functions.names import LAYERS
from rnn_tutor.engine.reading.token import Token

LIKE_NUMBERS = frozenset(("inf", "nan", "True", "False", "True_", "False_"))  # names that libraries print in lists
Kind = Literal["top", "list", "index", "call", "group", "answer"]  # answer: a group that is the whole text


@dataclass
class Bracket:
    """A bracket with what stands directly inside it."""

    kind: Kind
    opening: Token
    closing: Token
    inside: "list[Part]"

    @property
    def space(self) -> bool:
        return self.opening.space

    @property
    def line(self) -> bool:
        return self.opening.line

    @property
    def span(self) -> tuple[int, int]:
        return (self.opening.start, self.closing.end)


Part: TypeAlias = Token | Bracket


def nested(token_list: list[Token]) -> list[Part]:
    """Return the tokens as a tree of brackets; their brackets are known to match."""
    top: list[Part] = []
    levels: list[list[Part]] = [top]
    opened: list[tuple[Kind, Token]] = []
    for token in token_list:
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
        if isinstance(previous, Token):
            return "call" if previous.kind == "name" else "group"
        made = previous is not None and previous.kind == "call" and not token.space and text_of(before[-2]) in LAYERS
        return "call" if made else "group"
    if previous is None or not is_value(previous):
        return "list"
    if isinstance(previous, Token) and previous.kind == "number":
        return "list"
    if isinstance(previous, Bracket) and previous.kind == "list":
        return "list"
    return "list" if token.space and around in ("list", "top") else "index"


def is_value(part: Part) -> bool:
    """Tell whether a part is a number, a name or a bracket."""
    return isinstance(part, Bracket) or part.kind in ("number", "name")


def is_sign(part: Part) -> bool:
    """Tell whether a part is + or -."""
    return isinstance(part, Token) and part.text in ("+", "-")


def text_of(part: Part) -> str:
    """Return the text of a token, "" for a bracket."""
    return part.text if isinstance(part, Token) else ""
