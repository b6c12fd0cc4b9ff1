"""Characters -> plain ASCII: the signs and letters of paper, and what cannot be seen.

Each character of the plain text remembers the characters that it came from.
"""

import unicodedata
from dataclasses import dataclass

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Span

_SPELLED = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "⁃": "-", "﹘": "-", "﹣": "-", "➖": "-",
    "˗": "-", "﹢": "+", "➕": "+", "➗": "/", "✕": "*", "✖": "*", "×": "*", "⋅": "·", "∙": "·", "•": "·", "⊙": "*",
    "∘": "*", "÷": "/", "∕": "/", "⁄": "/", "≤": "<=", "≥": ">=", "≠": "!=", "∞": "inf", "√": "sqrt", "…": "...",
    "⋯": "...", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ", "\u2007": " ", "\u2002": " ",
    "\u2003": " ", "\u2008": " ", "\u200a": " ", "\u205f": " ", "\t": " ", "\r": " ", "\f": " ", "\v": " ",
    "℃": " celsius", "℉": " fahrenheit",
    "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)", "⅓": "(1/3)", "⅔": "(2/3)",
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "Delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lam", "μ": "mu", "µ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "Σ": "Sigma", "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Ω": "Omega", "\u0303": "_tilde", "\u0302": "_hat", "\u0304": "_bar",
}  # fmt: skip
LETTERS = frozenset(name for char, name in _SPELLED.items() if "\u0370" <= char <= "\u03ff" and name.isalpha()) - {"pi"}
_SPELLED |= {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
_SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_SUBSCRIPT = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)) | {"ₜ": "t", "₋": "-", "₊": "+"}
_TRANSPOSED = "ᵀ⊤"

# Characters without width, which come along with what is copied from a page: they are no part of the text. Those that
# change the order in which the others are shown are not among them: what is seen would not be what is read.
UNSEEN = frozenset(
    "\u00ad\u034f\u180e\u200b\u200c\u200d\u200e\u2060\u2061\u206a\u206b\u206c\u206d\u206e\u206f\ufeff"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)


def seen(text: str) -> str:
    """Return a text without the characters that have no width."""
    return text if text.isascii() else "".join(char for char in text if char not in UNSEEN)


@dataclass(slots=True)
class Plain:
    """A text in plain ASCII; for each of its characters, the span that it came from."""

    text: str
    spans: list[Span]
    source: str  # the text as typed

    def written(self, start: int, end: int) -> str:
        """Return the characters, as typed, that a stretch of the plain text came from."""
        first, last = self.span(start, end)
        return self.source[first:last]

    def span(self, start: int, end: int) -> Span:
        """Return the characters of the source that a stretch of the plain text came from."""
        return (self.spans[start][0], self.spans[end - 1][1])


def spelled(text: str) -> Plain:
    """Return a text in plain ASCII as far as there is a way to write it so; the rest of its characters stay."""
    kept = [place for place, char in enumerate(text) if char not in UNSEEN]
    if len(kept) == len(text):
        return _spelled(text)
    try:
        plain = _spelled("".join(text[place] for place in kept))
    except EngineError as error:
        at = error.at
        raise EngineError(error.kind, error.says, None if at is None else (kept[at[0]], kept[at[1] - 1] + 1)) from None
    return Plain(plain.text, [(kept[start], kept[end - 1] + 1) for start, end in plain.spans], text)


def _spelled(text: str) -> Plain:
    if text.isascii() and text.isprintable():
        return Plain(text, [(place, place + 1) for place in range(len(text))], text)
    plain: list[str] = []
    spans: list[Span] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char < "\x80" and char > "\x1f":
            spelled, end = char, position + 1
        elif char in _SUPERSCRIPT or char in _SUBSCRIPT:
            spelled, end = _script(text, position)
        elif char == "°":
            spelled, end = _degrees(text, position)
        else:
            spelled, end = _letter(text, position), position + 1
        plain.append(spelled)
        spans += [(position, end)] * len(spelled)
        position = end
    return Plain("".join(plain), spans, text)


def _degrees(text: str, position: int) -> tuple[str, int]:
    """Return what a sign for degrees is written as, and where it ends: of an angle, of Celsius or of Fahrenheit."""
    after = text[position + 1 : position + 12].lstrip(" ")[:1]
    if after.isdigit():
        sentence = "Write an angle as one number of degrees, such as 68.6."
        raise EngineError("notation", sentence, (position, position + 1))
    scale = {"C": " celsius", "F": " fahrenheit"}.get(text[position + 1 : position + 2])
    return (" degrees", position + 1) if scale is None else (scale, position + 2)


def _script(text: str, position: int) -> tuple[str, int]:
    """Return a run of superscripts or subscripts spelled out, and where it ends."""
    script = _SUPERSCRIPT if text[position] in _SUPERSCRIPT else _SUBSCRIPT
    end = position
    while end < len(text) and text[end] in script:
        end += 1
    digits = "".join(script[char] for char in text[position:end])
    if script is _SUBSCRIPT:
        return (f"_{digits}" if digits.isdigit() else f"[{digits}]"), end
    before = text[position - 1 : position]
    if digits == "-1" and not before.isdigit():
        raise EngineError(
            "notation", "Is ⁻¹ the inverse of a matrix or one over? Write inv(W) or 1 / x.", (position, end)
        )
    return f"**({digits})", end


def _letter(text: str, position: int) -> str:
    """Return what one character that is not ASCII is written as."""
    char = text[position]
    after = text[position + 1 : position + 12].lstrip(" ")[:1]
    if char in _TRANSPOSED:
        return ".T"
    if char == "σ" and after == "(":
        return "sigmoid"
    if char == "√" and after != "(":
        raise EngineError("notation", "Put brackets around what is under the root: sqrt(2).", (position, position + 1))
    if char in _SPELLED:
        return _SPELLED[char]
    parts = unicodedata.normalize("NFD", char)  # ĥ is h with a hat
    return "".join(_SPELLED.get(one, one) for one in parts) if len(parts) == 2 and parts.isascii() is False else char
