"""Text -> tokens: what people write on paper and what libraries print, made plain.

Every rewriting is done here, on characters and tokens that remember where they stood, before any parser sees the
text. What can be read two ways is not guessed: it is an `EngineError` that asks. Limits come first, so that no later
stage meets a text that could hurt it.
"""

import math
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import canonical
from rnn_tutor.engine.reading.characters import Plain, spelled
from rnn_tutor.engine.reading.latex import from_latex
from rnn_tutor.engine.reading.measures import Asked
from rnn_tutor.engine.reading.numerals import edited, with_numerals, with_powers, without_times, without_underscores
from rnn_tutor.engine.reading.token import Token
from rnn_tutor.engine.reading.units import is_unit, without_units

NOTHING = "There is no answer yet. Type a number, a list such as [1, 2], or an expression."
MAX_CHARACTERS = 2_000
MAX_TOKENS = 400
MAX_LITERAL = 64
MAX_NAME = 40
MAX_NESTING = 32
MAX_SIGNS = 4
LEAST_GLUED = 2  # letters of a unit without a space before it: 5m and 10k may be many things
BESIDE = "\u2062"  # between names side by side; no text becomes a token like it
DOT = "·"  # a product: of matrices or element by element, as the shapes tell

# What libraries print around the numbers; it says nothing about them, but for dtype=int, which cuts them.
_PRINTED = re.compile(
    r",\s*(?:(?!dtype\s*=\s*(?:\w{1,20}\.)?u?int\d{0,2}\b)"
    r"(?:dtype|device|grad_fn|requires_grad|layout)\s*=\s*(?:<[\w :.]{0,60}>|'[\w:]{0,20}'|[\w.]{1,30})"
    r"|shape\s*=\s*\([\d, ]{0,40}\)(?=\s*,\s*dtype))"
)
_SORTING = re.compile(r""",\s*kind\s*=\s*(['"])(?:stable|quicksort|mergesort|heapsort)\1""")  # all of ours are stable
_QUOTED = re.compile(r"""(['"])(?P<word>[+-]?inf|infinity|nan|mean|sum|none|fro|cpu|cuda)\1""")  # reduction='sum'
_EINSUM = re.compile(r"""\beinsum\( ?(['"])(?P<spec>[A-Za-z, ]{1,20}(?:-> ?[A-Za-z]{0,5})?) ?\1 ?,""")
_PREFIXES = ("numpy", "np", "torch", "math", "jnp", "jax", "tf", "keras", "activations", "linalg", "nn", "functional",
             "scipy", "special", "lax")  # fmt: skip
# Words of Python that are none of the language, each with what to write instead where there is something.
_WORDS = dict.fromkeys(
    ["as", "assert", "async", "await", "break", "class", "continue", "def", "del", "except", "finally", "from",
     "global", "import", "in", "is", "nonlocal", "pass", "raise", "try", "with", "yield"], ""
) | {
    "and": "Write logical_and(a, b), or for numbers between two others 0 < x < 1.",
    "or": "Write logical_or(a, b).",
    "not": "Write logical_not(x).",
    "if": "Write where(condition, a, b).",
    "elif": "Write where(condition, a, b).",
    "else": "Write where(condition, a, b).",
    "for": "Write it for whole arrays: x * 2 instead of a loop over x.",
    "while": "Write it for whole arrays instead of a loop.",
    "return": "Write only the value.",
    "lambda": "It makes a function: write the value itself, in a program a function with def. For λ write lam.",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<space>[ \n]+)"
    r"|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<op>\.\.\.|\*\*|//|==|!=|<=|>=|[-+*/@()\[\],:.=;%<>^~&|·])"
)
_PAIRS = {")": "(", "]": "["}


def tokens(
    text: str,
    words: frozenset[str] = frozenset(),
    *,
    answer: bool = False,
    shape: bool = False,
    names: Collection[str] | None = None,
    asked: Asked | None = None,
) -> list[Token]:
    """Return the tokens of an expression, signs and names of paper and print rewritten to the language's own.

    Lists are still as typed; `implied_commas` puts their commas in. `words` are words of Python that are let through,
    as operators: a program has some that an answer has not. `answer`: numbers are read as on paper, too
    (8.48 x 10^-1, $548.22), and LaTeX, of a `shape` only powers of ten. `names` are those that it may use: where they
    are told, a word after a number that is none of them is its unit, to be put into what is `asked`.
    Raises EngineError (kinds `notation`, `limit`) with the place in `text`.
    """
    check_length(text)
    plain = spelled(text)
    plain.text = _PRINTED.sub(lambda match: " " * len(match.group()), plain.text)
    plain.text = _SORTING.sub(lambda match: " " * len(match.group()), plain.text)
    plain = edited(plain, ((*match.span(), f" {match['word']} ") for match in _QUOTED.finditer(plain.text)))
    plain = edited(plain, ((*match.span(), _einsum(match)) for match in _EINSUM.finditer(plain.text)))
    plain = from_latex(plain, names or ()) if answer else plain
    plain = without_underscores(plain)
    if answer or shape:
        plain = with_numerals(plain, names or ()) if answer else with_powers(plain)
    if answer and names is not None and not {"x", "X"}.intersection(names):
        plain = without_times(plain)
    token_list = list(islice(_scan(plain, words, names), MAX_TOKENS + 1))
    if len(token_list) > MAX_TOKENS:
        raise EngineError("limit", f"That has more than {MAX_TOKENS} numbers, names and signs; I read no more.")
    if not token_list:
        raise EngineError(
            "notation",
            NOTHING,
        )
    token_list = _with_products(_without_prefixes(token_list), shape=shape)
    token_list = token_list if names is None else _with_known_digits(token_list, names)
    if names is not None and "sigma" not in names:
        token_list = _sigma_called(token_list)
    token_list = token_list if names is None else without_units(token_list, names, asked)
    token_list = _remainders(token_list, names) if answer and names is not None else token_list
    token_list = _percent(token_list, python=bool(words) or any(token.text == "//" for token in token_list))
    _check_brackets(token_list)
    _check_signs(token_list)
    return token_list


def _einsum(match: re.Match[str]) -> str:
    """Return einsum('ij,j->i', as the call of a name that says so: the letters by their order."""
    spec = match["spec"].replace(" ", "")
    letters = {
        letter: "abcdef"[place]
        for place, letter in enumerate(dict.fromkeys(re.sub("[^A-Za-z]", "", spec)))
        if place < 6
    }
    inside, arrow, outside = spec.partition("->")
    if not arrow:  # as NumPy means it: what stands once, by the alphabet
        outside = "".join(sorted(letter for letter in letters if inside.count(letter) == 1))
    name = "_".join("".join(letters.get(letter, "x") for letter in part) for part in inside.split(","))
    return f"einsum_{name}_to_{''.join(letters.get(letter, 'x') for letter in outside)}("


def check_length(text: str) -> None:
    """Raise EngineError (`limit`) for a text that is too long to be looked at."""
    if len(text) > MAX_CHARACTERS:
        raise EngineError("limit", f"That is {len(text):,} characters long; {MAX_CHARACTERS:,} is the most I read.")


def _scan(plain: Plain, words: frozenset[str], names: Collection[str] | None) -> Iterator[Token]:
    position = 0
    space = line = False
    previous: Token | None = None
    while position < len(plain.text):
        match = _TOKEN.match(plain.text, position)
        start = plain.spans[position][0]
        if match is None:
            char = plain.text[position]
            sentence = _DICTS if words and char in "{}" else _unknown_character(char, previous)
            raise EngineError("notation", sentence, plain.spans[position])
        kind = match.lastgroup or "op"
        word = match.group()
        if kind == "space":
            space, line = True, line or "\n" in word
        else:
            kind = "op" if word in words else kind
            token = Token(kind, word, start, plain.spans[match.end() - 1][1], space, line)
            _check_token(token, previous, names)
            yield token
            previous, space, line = token, False, False
        position = match.end()


_DICTS = (
    "A dict begins empty here: write d = {} and then d[0] = 1. Its keys are whole numbers; for pairs take a matrix."
)
_CHARACTERS = {
    "{": "Curly brackets are not part of the language: write lists with [ ].",
    "}": "Curly brackets are not part of the language: write lists with [ ].",
    "$": "Write it without dollar signs: plain text such as W_xh @ x.",
    "\\": "Write it without backslashes: names such as tanh or sigma need none.",
    "!": "I do not read '!'. For 'not equal' write !=.",
    "#": "Comments are not read here; leave out the # and what follows it.",
    "?": "I do not read '?'. Write every number.",
    "‖": "For the length of a vector write norm(x).",
    "∑": "For a sum write sum(x), or sum(x, axis=0) along an axis.",
    "∏": "For a product write prod(x).",
    "∂": "Write the derivative itself, or its numbers.",
    "∇": "Write the gradient itself, or its numbers.",
    "⊗": "Write outer(a, b) for the outer product, * for element by element.",
    "\u2062": "There is an invisible multiplication sign here: write * or @.",
    "≈": "Write only the value.",
    "∈": "Write only the value.",
}


def _unknown_character(char: str, previous: Token | None) -> str:
    if char in "'′" and previous is not None and (previous.kind == "name" or previous.text in (")", "]")):
        return f"For the transpose write .T, as in {previous.text if previous.kind == 'name' else 'W'}.T."
    if char in "'\"`’‘“”":
        return "Quotation marks are not needed here: write numbers and names without them."
    if char in _CHARACTERS:
        return _CHARACTERS[char]
    char_shown = char if char.isprintable() and not unicodedata.combining(char) else f"U+{ord(char):04X}"
    return f"I do not read the character {char_shown}. Use numbers, names, + - * / ** @ and brackets."


def _check_token(token: Token, previous: Token | None, names: Collection[str] | None) -> None:
    if token.kind == "number":
        _check_number(token, previous)
    elif token.kind == "name":
        _check_word(token, previous, names)
    elif token.text == "..." and previous is not None and previous.text in ("[", ","):
        pass  # in an index it stands for axes; in a list it is asked about when it is known to be one
    elif token.text in _QUESTIONS:
        raise EngineError("notation", _QUESTIONS[token.text], token.span)


DOTS = "'...' leaves numbers out; write all of them. In an index it means the other axes: x[..., 0]."
_QUESTIONS = {"^": "Is ^ meant as a power? Write ** for it, as in x**2.", "...": DOTS}


def _check_number(token: Token, previous: Token | None) -> None:
    if len(token.text) > MAX_LITERAL:
        raise EngineError("limit", f"A number has at most {MAX_LITERAL} characters.", token.span)
    if previous is not None and not token.space and previous.kind == "number":
        raise EngineError(
            "notation",
            f"'{previous.text}{token.text}' has two decimal points; which one is meant?",
            (previous.start, token.end),
        )
    if math.isinf(float(token.text)):
        raise EngineError("limit", f"{token.text} is larger than the largest possible number (1.8e308).", token.span)


def _is_factor(number: Token, name: Token, names: Collection[str] | None) -> bool:
    """Tell whether 2D can be nothing but 2 * D: a whole number before a name, which is that of no unit or power."""
    if not number.text.isdigit() or name.text in _MANY_THINGS:
        return False
    return name.text in names if names is not None else _FACTOR.fullmatch(name.text) is not None


def _with_products(token_list: list[Token], *, shape: bool) -> list[Token]:
    """Return 2D as 2 * D in a shape, where a space is a comma, and as `2 D` elsewhere, which is that product."""
    done: list[Token] = []
    for token in token_list:
        before = done[-1] if done else None
        glued = token.kind == "name" and before is not None and before.kind == "number" and not token.space
        if glued and before is not None and before.end == token.start and shape:
            done.append(replace(token, kind="op", text="*", end=token.start))
        done.append(replace(token, space=True) if glued and not shape else token)
    return done


def _with_known_digits(token_list: list[Token], names: Collection[str]) -> list[Token]:
    """Return h_1 as h1 where only that is a name, and h1 as h_1: a subscript of paper."""
    done: list[Token] = []
    for token in token_list:
        digits = _DIGITS.fullmatch(token.text) if token.kind == "name" and token.text not in names else None
        if digits is not None and not canonical(token.text):
            other = f"{digits[1]}{'' if digits[2] else '_'}{digits[3]}"
            done.append(replace(token, text=other) if other in names else token)
            continue
        done.append(token)
    return done


_DIGITS = re.compile(r"([A-Za-z]\w{0,30}?)(_?)(\d{1,3})")
_FACTOR = re.compile(r"[A-DF-Z]|[A-Z][A-Z_]{1,10}")  # of a shape, whose names are not told here; 2E is a number cut off
_MANY_THINGS = frozenset("kKmMsejJEx")  # thousands, millions, metres, seconds, powers of ten, a sign of times


def _check_word(token: Token, previous: Token | None, names: Collection[str] | None) -> None:
    if len(token.text) > MAX_NAME:
        raise EngineError("limit", f"A name has at most {MAX_NAME} characters; choose a shorter one.", token.span)
    glued = previous is not None and previous.kind == "number" and not token.space
    unit = names is not None and len(token.text) >= LEAST_GLUED and is_unit(token.text, names)  # 44steps
    if previous is not None and glued and not unit and not _is_factor(previous, token, names):
        raise EngineError("notation", _glued(previous.text, token.text), (previous.start, token.end))
    if token.text in _WORDS:
        instead = _WORDS[token.text]
        raise EngineError(
            "notation", f"'{token.text}' is a word of Python, not of this language. {instead}".rstrip(), token.span
        )


def _glued(number: str, name: str) -> str:
    """Say what is wrong with a name directly behind a number."""
    if name in ("j", "J"):
        return "Complex numbers are not part of the language."
    if name.startswith("_") and name.replace("_", "").isdigit():
        return f"'{number}{name}' is not a number: a number has no subscript, and a name begins with a letter."
    if name in ("e", "E"):
        return f"'{number}{name}' is not a number. Write the power of ten out, as in {number}e-3, or {number} * e."
    if name in ("k", "K", "M", "B", "G"):
        power = {"k": "3", "K": "3", "M": "6"}.get(name, "9")
        full = f"{number}e{power}"
        return f"'{number}{name}' is not a number. Write {full} if {name} counts, or {number} * {name} for a product."
    return f"'{number}{name}' is not a number. For a product write {number} * {name}."


def _without_prefixes(token_list: list[Token]) -> list[Token]:
    """Drop `np.`, `np.linalg.`, `torch.`, ... before a name; one that stands alone is a name like any other."""
    kept: list[Token] = []
    position = 0
    while position < len(token_list):
        token = token_list[position]
        bare = not kept or kept[-1].text != "."
        if (
            bare
            and token.kind == "name"
            and token.text in _PREFIXES
            and position + 2 < len(token_list)
            and token_list[position + 1].text == "."
            and token_list[position + 2].kind == "name"
        ):
            after = token_list[position + 2]
            library = f"{token.library}.{token.text}".lstrip(".")
            token_list[position + 2] = replace(
                after, space=token.space, line=token.line, start=token.start, library=library
            )
            position += 2
            continue
        kept.append(token)
        position += 1
    return kept


def _sigma_called(token_list: list[Token]) -> list[Token]:
    """sigma(a) is the sigmoid, as σ(a) is."""
    calls = [after.text == "(" and not after.space for after in token_list[1:]] + [False]
    return [
        replace(token, text="sigmoid") if is_called and token.kind == "name" and token.text == "sigma" else token
        for token, is_called in zip(token_list, calls, strict=True)
    ]


def _is_value(token: Token | None) -> bool:
    """Tell whether a value begins with a token."""
    return token is not None and (token.kind in ("number", "name") or token.text in ("(", "["))


def _is_signed(following: list[Token]) -> bool:
    """Tell whether a value with a sign of its own begins here: -4 does, - 4 may be subtracted."""
    match following[:2]:
        case [Token(text="-" | "+"), value]:
            return not value.space and _is_value(value)
        case _:
            return False


def _remainders(token_list: list[Token], names: Collection[str]) -> list[Token]:
    """Return 9 mod 4 as mod(9, 4), where both are one value alone: how far it reaches in a sum is no rule of paper."""
    done = list(token_list)
    for place, token in reversed(list(enumerate(token_list))):
        if token.text != "mod" or token.kind != "name" or "mod" in names or token_list[place + 1 : place + 2] == []:
            continue
        first = _operand(token_list, place - 1, -1)
        last = _operand(token_list, place + 1, 1)
        if first is None or last is None:
            continue
        left, right = token_list[first:place], token_list[place + 1 : last + 1]
        ends = left[0].becomes("op", "("), right[-1].becomes("op", ")")
        call = replace(token, space=left[0].space, line=left[0].line), replace(ends[0], space=False, line=False)
        done[first : last + 1] = [*call, *left, token.becomes("op", ","), *right, replace(ends[1], space=False)]
    return done


def _operand(token_list: list[Token], place: int, way: int) -> int | None:
    """Return where a number, a name or a bracket ends that stands alone from here on; None if there is more."""
    opening = "([" if way > 0 else ")]"
    depth = 0
    here = token_list[place] if 0 <= place < len(token_list) else None
    if here is None or not (here.kind in ("number", "name") or here.text in opening):
        return None
    while 0 <= place < len(token_list):
        text = token_list[place].text
        depth += (text in opening) - (text in ("([" if way < 0 else ")]"))
        if depth == 0:
            break
        place += way
    beyond = token_list[place + way] if 0 <= place + way < len(token_list) else None
    alone = beyond is None or beyond.text in ("(", "[", ",", ")", "]", ";")
    glued = beyond is not None and beyond.text in opening and way > 0  # a call
    return place if alone and not glued and depth == 0 else None


def _percent(token_list: list[Token], *, python: bool) -> list[Token]:
    """Write 24% as 24/100; a % between values stays: it is Python's remainder.

    In what is not certainly Python (a program, a // beside it) it is asked about behind a number: 24% 3, where a sign
    of times may be missing.
    """
    done: list[Token] = []
    for position, token in enumerate(token_list):
        if token.text != "%":
            done.append(token)
            continue
        after = token_list[position + 1] if position + 1 < len(token_list) else None
        value_next = _is_value(after)
        behind_number = bool(done) and done[-1].kind == "number"
        if done and (value_next or _is_signed(token_list[position + 1 :])) and (python or not behind_number):
            done.append(token)
            continue
        if not behind_number:
            raise EngineError(
                "notation", "A % belongs directly after a number, as in 24%; for anything else write / 100.", token.span
            )
        if value_next and after is not None and (token.space or not after.space):
            raise EngineError(
                "notation",
                f"Is % meant as percent or as remainder? For percent write {done[-1].text}/100, for the remainder "
                f"mod({done[-1].text}, ...).",
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


def _check_brackets(token_list: list[Token]) -> None:
    open_ones: list[Token] = []
    for token in token_list:
        if token.text in ("(", "["):
            open_ones.append(token)
            if len(open_ones) > MAX_NESTING:
                raise EngineError(
                    "limit", f"Brackets are nested more than {MAX_NESTING} deep; do it in smaller steps.", token.span
                )
        elif token.text in _PAIRS:
            if not open_ones:
                raise EngineError("notation", f"There is a {token.text} without an opening bracket.", token.span)
            if open_ones[-1].text != _PAIRS[token.text]:
                raise EngineError("notation", f"A {open_ones[-1].text} is closed by a {token.text} here.", token.span)
            open_ones.pop()
    if open_ones:
        last = open_ones[-1]
        raise EngineError("notation", f"The {last.text} here is not closed yet.", last.span)


def _check_signs(token_list: list[Token]) -> None:
    run = 0
    for token in token_list:
        run = run + 1 if token.text in ("+", "-") else 0
        if run > MAX_SIGNS:
            raise EngineError("limit", f"More than {MAX_SIGNS} signs are in a row; one is enough.", token.span)
