"""Bars as on paper: |p - q|, which is abs(p - q) of numbers, and of a vector may be its length too."""

from collections.abc import Sequence
from itertools import pairwise

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.reading.notation import BESIDE, DOT
from rnn_tutor.engine.reading.token import Token

_REDUCTIONS = frozenset(("sum", "mean", "max", "min"))  # of a length they would be that length
_BEFORE = frozenset(("+", "-", "*", DOT, BESIDE, "/", "**", "@", "==", "!=", "<", "<=", ">", ">=", "(", "[", ",", ";"))
_AFTER = (_BEFORE - {"(", "["}) | {")", "]", ":", "."}


def with_bars(token_list: list[Token]) -> list[Token]:
    """Return an answer with its bars as abs(...) where they mean nothing else: sum(|p - q|), |0.3 - 0.5|."""
    made: dict[int, list[Token]] = {}
    for opening, closing in _pairs(token_list):
        numbers = all(token.kind != "name" for token in token_list[opening + 1 : closing])
        if _begins(token_list, opening) and (numbers or _is_argument(token_list, opening, closing)):
            bar = token_list[opening]
            made[opening] = [bar.becomes("name", "abs"), Token("op", "(", bar.start, bar.end)]
            made[closing] = [token_list[closing].becomes("op", ")")]
    return [piece for place, token in enumerate(token_list) for piece in made.get(place, [token])]


def about_bars(token_list: Sequence[Token]) -> EngineError | None:
    """Return the question about bars in a text that cannot be read; None where it has none."""
    for opening, closing in _pairs(token_list):
        inside = token_list[opening + 1 : closing]
        text = "".join(f"{' ' * token.space}{_paper(token)}" for token in inside).strip()
        if text.startswith("(") and text.find(")") == len(text) - 1:
            text = text[1:-1]
        if inside[0].text in _AFTER - {"+", "-"} or inside[-1].text in _BEFORE:  # bars within bars
            text = "x"
        sentence = f"Write abs({text}) for |{text}|, or norm({text}) for the length of a vector."
        return EngineError("notation", sentence, (token_list[opening].start, token_list[closing].end))
    return None


def _paper(token: Token) -> str:
    return {BESIDE: "", DOT: "*"}.get(token.text, token.text)


def _pairs(token_list: Sequence[Token]) -> list[tuple[int, int]]:
    """Return the places of bars that belong together; [] where all of them may be the sign for "or"."""
    levels: list[list[int]] = [[]]
    groups: list[list[int]] = []
    for place, token in enumerate(token_list):
        if token.text in ("(", "["):
            levels.append([])
        elif token.text in (")", "]") and len(levels) > 1:
            groups.append(levels.pop())
        elif token.text == ",":
            groups.append(levels[-1])
            levels[-1] = []
        elif token.text == "|":
            levels[-1].append(place)
    found: list[tuple[int, int]] = []
    for bars in [*groups, *levels]:
        if len(bars) % 2 == 0 and any(_begins(token_list, bar) or _ends(token_list, bar) for bar in bars):
            found += [pair for pair in list(pairwise(bars))[::2] if pair[1] > pair[0] + 1]
    return sorted(found)


def _begins(token_list: Sequence[Token], place: int) -> bool:
    return place == 0 or token_list[place - 1].text in _BEFORE


def _ends(token_list: Sequence[Token], place: int) -> bool:
    return place == len(token_list) - 1 or token_list[place + 1].text in _AFTER - {"+", "-"}


def _is_argument(token_list: Sequence[Token], opening: int, closing: int) -> bool:
    """Tell whether bars are the whole argument of a function that makes one number of several."""
    around = token_list[max(0, opening - 2) : opening]
    called = len(around) == 2 and around[1].text == "(" and canonical(around[0].text) in _REDUCTIONS
    after = [token.text for token in token_list[closing + 1 : closing + 3]]
    return called and (after[:1] == [")"] or (after[:1] == [","] and after[1:] in (["axis"], ["dim"])))
