"""Foreign text made printable: what a learner typed, what a file holds, what was stored earlier.

What could act on a terminal (ESC, other control characters, bidirectional overrides, invisible characters) is replaced
by something that is seen. Nothing here needs textual: the commands use it too.
"""

import codecs
import re
import sys
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

MOST_CHARACTERS = 20_000
_NUMBERED = re.compile(r"[0-9]+[.)] ")  # an item of a list; a line may well begin with a number
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
    "␣": "_", "░": ".", "▒": ":", "▓": "#", "█": "@", "─": "-", "│": "|", "┆": "|", "▎": "|", "▌": "|",
}  # fmt: skip


def plain(text: str, *, ascii_only: bool = False, lines: bool = False) -> str:
    """Return foreign text as printable text (of at most 20,000 characters)."""
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS] + " ..."
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    if text.isascii() and text.replace("\n", " ").isprintable():
        return text if lines else text.replace("\n", " ")
    parts: list[str] = []
    combining = 0
    for char in unicodedata.normalize("NFC", text):
        if char == "\n":
            parts.append("\n" if lines else " ")
            continue
        combining = combining + 1 if unicodedata.combining(char) else 0
        parts.append(_char(char, ascii_only) if combining <= _MOST_COMBINING else "")
    return "".join(parts)


def copyable(text: str) -> str:
    """Return a text for a clipboard: without control characters and without a line end behind it, else as it is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").rstrip("\n").split("\n")
    return "\n".join("".join(map(_kept, line)) for line in lines)


def _kept(char: str) -> str:
    return char if char.isprintable() else " " if char.isspace() else ""


def flowing(text: str) -> str:
    """Return prose with the lines of each paragraph joined; what is indented or begins a list keeps its line."""
    out: list[str] = []
    flowing = False
    for line in text.strip().split("\n"):
        begins = not line.strip() or line.startswith((" ", "- ", "* ")) or _NUMBERED.match(line) is not None
        if flowing and not begins:
            out[-1] += " " + line.strip()
        else:
            out.append(line.rstrip())
        flowing = bool(line.strip()) and not line.startswith(" ")
    return "\n".join(out)


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


def is_utf8(encoding: str, environ: Mapping[str, str]) -> bool:
    """Tell whether the locale is one of UTF-8.

    Where it is C, POSIX or unknown, Python takes UTF-8 all the same (PEP 538 and 540); the terminal need not. Then
    only what somebody asked for counts: PYTHONUTF8 or -X utf8.
    """
    asked = environ.get("PYTHONUTF8") == "1" or "utf8" in sys._xoptions  # noqa: SLF001 - there is no other way to ask
    if sys.flags.utf8_mode and not asked:
        return False
    try:
        return codecs.lookup(encoding).name == "utf-8"
    except LookupError:
        return False
