"""Text -> tokens: what people write on paper and what libraries print, made plain.

Every rewriting is done here, on characters and tokens that remember where they stood, before any parser sees the
text. What can be read two ways is not guessed: it is an `EngineError` that asks. Limits come first, so that no later
stage meets a text that could hurt it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .errors import EngineError
from .expression import Span

MAX_CHARACTERS = 2_000
MAX_TOKENS = 400
MAX_LITERAL = 64
MAX_NAME = 40
MAX_NESTING = 32
MAX_SIGNS = 4

_SPELLED = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": "*", "·": "*", "⋅": "*", "∙": "*", "•": "*", "⊙": "*",
    "∘": "*", "÷": "/", "∕": "/", "≤": "<=", "≥": ">=", "≠": "!=", "∞": "inf", "√": "sqrt", "…": "...",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ", "\u2007": " ", "\ufeff": " ", "\t": " ", "\r": " ",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "Delta", "ε": "epsilon", "ϵ": "epsilon",
    "ζ": "zeta", "η": "eta", "θ": "theta", "κ": "kappa", "λ": "lam", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "Σ": "Sigma", "τ": "tau", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Ω": "Omega", "\u0303": "_tilde", "\u0302": "_hat", "\u0304": "_bar",
}  # fmt: skip
_SPELLED |= {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
_SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_SUBSCRIPT = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True)) | {"ₜ": "t", "₋": "-", "₊": "+"}

# What libraries print around the numbers; it says nothing about them.
_PRINTED = re.compile(
    r",\s*(?:dtype|device|grad_fn|requires_grad|layout)\s*=\s*(?:<[\w :.]{0,60}>|'[\w:]{0,20}'|[\w.]{1,30})"
)
_PREFIXES = ("numpy", "np", "torch", "math", "jnp", "linalg")
_WORDS = frozenset(
    [
        "and",
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "else",
        "except",
        "finally",
        "for",
        "from",
        "global",
        "if",
        "import",
        "in",
        "is",
        "lambda",
        "nonlocal",
        "not",
        "or",
        "pass",
        "raise",
        "return",
        "try",
        "while",
        "with",
        "yield",
    ]
)
_TOKEN = re.compile(
    r"(?P<space>[ \n]+)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<op>\.\.\.|\*\*|==|!=|<=|>=|[-+*/@()\[\],:.=;%<>^~&|])"
)
_PAIRS = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a name or an operator, with its span in the text that was given.

    `space` tells whether white space stands before it, `line` whether a line break does.
    """

    kind: str
    text: str
    start: int
    end: int
    space: bool = False
    line: bool = False

    @property
    def span(self) -> Span:
        """The characters it came from."""
        return (self.start, self.end)

    def becomes(self, kind: str, text: str) -> "Token":
        """Return another token that stands at the same place."""
        return replace(self, kind=kind, text=text)


def tokens(text: str) -> list[Token]:
    """Return the tokens of an expression, signs and names of paper and print rewritten to the language's own.

    Lists are still as typed; `rnn_tutor.engine.lists` puts their commas in.
    Raises EngineError (kinds `notation`, `limit`) with the place in `text`.
    """
    if len(text) > MAX_CHARACTERS:
        raise EngineError("limit", f"That is {len(text):,} characters long; {MAX_CHARACTERS:,} is the most I read.")
    found = list(_scan(_plain_prints(text)))
    if len(found) > MAX_TOKENS:
        raise EngineError("limit", f"That has more than {MAX_TOKENS} numbers, names and signs; I read no more.")
    if not found:
        raise EngineError(
            "notation",
            "Nothing is written there yet. Type a number, a list such as [1, 2], or an expression.",
        )
    found = _without_prefixes(found)
    found = _percent(found)
    _check_brackets(found)
    _check_signs(found)
    return found


def _plain_prints(text: str) -> str:
    return _PRINTED.sub(lambda match: " " * len(match.group()), text)


def _spelled(text: str) -> tuple[str, list[int]]:
    """Return the text in plain ASCII and, for each of its characters, where it came from."""
    plain: list[str] = []
    origin: list[int] = []
    position = 0
    while position < len(text):
        char = text[position]
        script = _SUPERSCRIPT if char in _SUPERSCRIPT or char == "ᵀ" else _SUBSCRIPT if char in _SUBSCRIPT else None
        if script is not None:
            end = position
            while end < len(text) and text[end] in script:
                end += 1
            if char == "ᵀ":
                spelled, end = ".T", position + 1
            else:
                digits = "".join(script[one] for one in text[position:end])
                spelled = f"**({digits})" if script is _SUPERSCRIPT else _subscript(digits)
        else:
            end = position + 1
            spelled = _SPELLED.get(char, char)
            if char == "σ" and text[end:].lstrip(" ").startswith("("):
                spelled = "sigmoid"
        plain.append(spelled)
        origin += [position] * len(spelled)
        position = end
    return "".join(plain), [*origin, len(text)]


def _subscript(digits: str) -> str:
    return f"[{digits}]" if not digits.isdigit() else f"_{digits}"


def _scan(text: str) -> Iterator[Token]:
    plain, origin = _spelled(text)
    position = 0
    space = line = False
    previous: Token | None = None
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        start = origin[position]
        if match is None:
            raise EngineError("notation", _unknown_character(plain[position]), (start, start + 1))
        kind = match.lastgroup or "op"
        word = match.group()
        if kind == "space":
            space, line = True, line or "\n" in word
        else:
            token = Token(kind, word, start, origin[match.end() - 1] + 1, space, line)
            _check_token(token, previous)
            yield token
            previous, space, line = token, False, False
        position = match.end()


def _unknown_character(char: str) -> str:
    if char in "'\"`":
        return "Quotation marks are not needed here: write numbers and names without them."
    if char in "{}":
        return "Curly brackets are not part of the language: write lists with [ ]."
    if char == "$":
        return "Write it without dollar signs: plain text such as W_xh @ x."
    if char == "\\":
        return "Write it without backslashes: names such as tanh or sigma stand alone."
    if char == "!":
        return "I do not read '!'. For 'not equal' write !=."
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    return f"I do not read the character {shown}. Use numbers, names, + - * / ** @ and brackets."


def _check_token(token: Token, previous: Token | None) -> None:
    if token.kind == "number" and len(token.text) > MAX_LITERAL:
        raise EngineError("limit", f"A number has at most {MAX_LITERAL} characters.", token.span)
    if token.kind == "name":
        if len(token.text) > MAX_NAME:
            raise EngineError("limit", f"A name has at most {MAX_NAME} characters.", token.span)
        if token.text in _WORDS:
            raise EngineError("notation", f"'{token.text}' is a word of Python, not of this language.", token.span)
        if previous is not None and previous.kind == "number" and not token.space:
            number, name = previous.text, token.text
            if name == "j":
                raise EngineError("notation", "Complex numbers are not part of the language.", token.span)
            raise EngineError(
                "notation",
                f"'{number}{name}' is not a number. For a product write {number}*{name}.",
                token.span,
            )
    if token.kind == "number" and previous is not None and not token.space and previous.kind == "number":
        raise EngineError(
            "notation",
            f"'{previous.text}{token.text}' has two decimal points; which one is meant?",
            token.span,
        )
    if token.text == "^":
        raise EngineError("notation", "Is ^ meant as a power? Write ** for it, as in x**2.", token.span)
    if token.text == "...":
        raise EngineError("notation", "'...' leaves numbers out; write all of them.", token.span)
    if token.text in ("&", "|", "~"):
        raise EngineError(
            "notation",
            f"'{token.text}' is not part of the language. Write abs(x), norm(x), or for masks logical_and, "
            "logical_or, logical_not.",
            token.span,
        )


def _without_prefixes(found: list[Token]) -> list[Token]:
    """Drop `np.`, `np.linalg.`, `torch.`, ... before a name; one that stands alone is a name like any other."""
    kept: list[Token] = []
    position = 0
    while position < len(found):
        token = found[position]
        bare = not kept or kept[-1].text != "."
        if (
            bare
            and token.kind == "name"
            and token.text in _PREFIXES
            and position + 2 < len(found)
            and found[position + 1].text == "."
            and found[position + 2].kind == "name"
        ):
            after = found[position + 2]
            found[position + 2] = replace(after, space=token.space, line=token.line, start=token.start)
            position += 2
            continue
        kept.append(token)
        position += 1
    return kept


def _percent(found: list[Token]) -> list[Token]:
    """Write 24% as 24/100; a % between two values is asked about."""
    done: list[Token] = []
    for position, token in enumerate(found):
        if token.text != "%":
            done.append(token)
            continue
        after = found[position + 1] if position + 1 < len(found) else None
        if not done or done[-1].kind != "number":
            raise EngineError("notation", "A % belongs directly after a number, as in 24%.", token.span)
        if after is not None and (after.kind in ("number", "name") or after.text == "(") and not after.space:
            raise EngineError(
                "notation",
                "Is % meant as percent or as remainder? Write 24/100; remainders are not part of the language.",
                token.span,
            )
        number = done.pop()
        bracket = replace(number, kind="op", text="(")
        done += [
            bracket,
            replace(number, space=False, line=False),
            token.becomes("op", "/"),
            token.becomes("number", "100"),
            token.becomes("op", ")"),
        ]
    return done


def _check_brackets(found: list[Token]) -> None:
    open_ones: list[Token] = []
    for token in found:
        if token.text in ("(", "["):
            open_ones.append(token)
            if len(open_ones) > MAX_NESTING:
                raise EngineError("limit", f"Brackets are nested more than {MAX_NESTING} deep.", token.span)
        elif token.text in _PAIRS:
            if not open_ones:
                raise EngineError("notation", f"There is a {token.text} that no bracket opened.", token.span)
            if open_ones[-1].text != _PAIRS[token.text]:
                raise EngineError("notation", f"A {open_ones[-1].text} is closed by a {token.text} here.", token.span)
            open_ones.pop()
    if open_ones:
        last = open_ones[-1]
        raise EngineError("notation", f"The {last.text} here is not closed yet.", last.span)


def _check_signs(found: list[Token]) -> None:
    run = 0
    for token in found:
        run = run + 1 if token.text in ("+", "-") else 0
        if run > MAX_SIGNS:
            raise EngineError("limit", f"More than {MAX_SIGNS} signs stand in a row.", token.span)
