"""Foreign text made showable: what a learner typed, what a file holds, what was stored earlier.

Nothing that is not printable reaches the terminal, and nothing is read as markup: what could act (ESC, other
control characters, bidirectional overrides, invisible characters) is replaced by something that is seen. Every
place that shows foreign text goes through `showable` or `plain`; a test holds that.
"""

import unicodedata
from functools import lru_cache

from textual.content import Content, Span

MOST_CHARACTERS = 20_000
_MOST_COMBINING = 2  # marks on one character; more of them only draw over the lines above and below

_ASCII = {
    "−": "-", "–": "-", "—": " - ", "‐": "-", "‑": "-", "×": "x", "·": "*", "⋅": "*", "⊙": "*", "∘": "*",
    "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∞": "inf", "√": "sqrt", "…": "...", "→": "->",
    "←": "<-", "↑": "^", "↓": "v", "∂": "d", "∇": "grad ", "∑": "sum", "∏": "prod", "∈": " in ", "±": "+-",
    "‖": "||", "ᵀ": ".T", "²": "^2", "³": "^3", "°": " degrees", "½": "1/2", "¼": "1/4",
    "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "•": "*", "✓": "x",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "Delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lam", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "Σ": "Sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Ω": "Omega", "ß": "ss", "æ": "ae", "ø": "o",
    "░": ".", "▒": ":", "▓": "#", "█": "@", "─": "-", "│": "|", "┆": "|", "▎": "|", "▌": "|",
}  # fmt: skip


def showable(text: object, *, ascii_only: bool = False, lines: bool = False, style: str = "") -> Content:
    """Return foreign text as content to show, in one style, never read as markup.

    `lines` keeps line breaks (else each is shown as a space); `ascii_only` spells it in ASCII.
    """
    shown = plain(str(text), ascii_only=ascii_only, lines=lines)
    return Content(shown, [Span(0, len(shown), style)] if style and shown else None)


def prose(text: object, *, ascii_only: bool = False) -> Content:
    """Return foreign prose: lines of a paragraph joined, so that it wraps anew, and what is in `backticks` bold."""
    shown = _flowing(plain(str(text), ascii_only=ascii_only, lines=True))
    pieces = shown.split("`")
    if len(pieces) % 2 == 0:  # one is left over: it stands for itself
        return Content(shown)
    return Content.assemble(*((piece, "bold") if at % 2 else piece for at, piece in enumerate(pieces)))


def _flowing(text: str) -> str:
    """Join the lines of each paragraph; lines that are indented or begin a list keep their place."""
    out: list[str] = []
    flowing = False
    for line in text.strip().split("\n"):
        begins = not line.strip() or line.startswith((" ", "- ", "* ")) or line[:1].isdigit()
        if flowing and not begins:
            out[-1] += " " + line.strip()
        else:
            out.append(line.rstrip())
        flowing = bool(line.strip()) and not line.startswith(" ")
    return "\n".join(out)


def plain(text: str, *, ascii_only: bool = False, lines: bool = False) -> str:
    """Return foreign text as printable text (of at most 20,000 characters)."""
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS] + " ..."
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    if text.isascii() and text.isprintable():
        return text
    parts: list[str] = []
    combining = 0
    for char in unicodedata.normalize("NFC", text):
        if char == "\n":
            parts.append("\n" if lines else " ")
            continue
        combining = combining + 1 if unicodedata.combining(char) else 0
        parts.append(_char(char, ascii_only) if combining <= _MOST_COMBINING else "")
    return "".join(parts)


@lru_cache(2048)
def _char(char: str, ascii_only: bool) -> str:
    if char.isascii() and char.isprintable():
        return char
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if not char.isprintable() or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF:
        return _visible(char, ascii_only)
    return _in_ascii(char) if ascii_only else char


def _visible(char: str, ascii_only: bool) -> str:
    """Return something to see for a character that acts or does not show."""
    code = ord(char)
    if code < 0x20 and not ascii_only:
        return chr(0x2400 + code)  # the pictures of control characters: ESC is "␛"
    if code < 0x20:
        return "^" + chr(0x40 + code)
    return f"<U+{code:04X}>"


def _in_ascii(char: str) -> str:
    if char in _ASCII:
        return _ASCII[char]
    bare = "".join(one for one in unicodedata.normalize("NFKD", char) if one.isascii() and one.isprintable())
    return bare or ("" if unicodedata.combining(char) else "?")
