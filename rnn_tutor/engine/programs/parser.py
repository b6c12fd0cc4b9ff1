"""A program's text -> its statements.

A statement's words and its indentation are read here; its expressions are read by `language`, with the checks that
every expression has. Nothing is compiled or run.
"""

import re
from dataclasses import replace
from itertools import pairwise

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array, Expr, Index, Name, Slice, walk
from rnn_tutor.engine.graph.steps import check_name
from rnn_tutor.engine.programs.dialect import BUILTINS, dialect_of
from rnn_tutor.engine.programs.lines import NOTHING_DONE, Line, LineError, located, logical_lines
from rnn_tutor.engine.programs.statements import (
    Assign,
    Augment,
    Block,
    Code,
    Def,
    Do,
    For,
    If,
    Jump,
    Return,
    Statement,
    While,
    assigned,
)
from rnn_tutor.engine.reading.language import Dialect, parse

MAX_NODES = 1_500
MAX_BLOCKS = 12
MAX_PARAMETERS = 20
MAX_TARGETS = 20
PAIR = 2  # values and indices, which PyTorch's max and min give

_FIRST = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*|@)?")
_DEF = re.compile(r"\s*def\s+([A-Za-z][A-Za-z0-9_]*)\s*\(([^()]*)\)\s*(?:->[^:]*)?")
_LAMBDA = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*=\s*lambda\b([^:()\[\]]*):")  # f = lambda a, b: a + b
_DEFINED = re.compile(r"\s*def\s+([A-Za-z][A-Za-z0-9_]*)")
_TYPED = re.compile(r"\s*[A-Za-z]\w{0,39}\s*(:\s*[A-Za-z][\w.\[\], |]{0,60}?)\s*=(?!=)")  # h: np.ndarray = h0
_CLIPPED = re.compile(r"\s*(?:np\.)?clip\(\s*([A-Za-z]\w{0,39})\s*,[^=]{1,200}?(,\s*out\s*=\s*\1)\s*\)\s*")
_EMPTY = re.compile(r"\{ {0,9}\}")  # an empty dict
_AUGMENTED = re.compile(r"(\*\*|//|>>|<<|[-+*/@%&|^])=(?!=)")
_EQUALS = re.compile(r"(?<![=<>!:])=(?!=)")
_IN = re.compile(r"\bin\b")
_SIGNS = {
    "+": "add", "-": "subtract", "*": "multiply", "/": "divide", "@": "matmul", "**": "power", "//": "floor_divide",
}  # fmt: skip
_COMPOUND = ("for", "while", "if", "def")
_NOT_HERE = {
    "import": "np is already available; leave this line out.",
    "from": "The functions are already available; leave this line out.",
    "class": "Write functions with def; there are no classes here.",
    "global": "Pass the value to the function and return it.",
    "nonlocal": "Pass the value to the function and return it.",
    "del": "Leave this line out.",
    "print": "There is no print here; leave it out.",
    "try": "Errors are shown with their line; write only the steps.",
    "@": "There are no decorators here; leave this line out.",
} | dict.fromkeys(
    ("with", "except", "finally", "raise", "assert", "async", "await", "yield", "match", "exec", "eval"),
    "Programs here consist of assignments, for, while, if, return and def.",
)  # fmt: skip


def read_program(text: str) -> Code:
    """Return the statements of a program. Raises LineError, which names the line."""
    lines = logical_lines(text)
    own = [match[1] for line in lines if (match := _DEFINED.match(line.text) or _LAMBDA.match(line.text))]
    parser = _Parser(lines, dialect_of(frozenset(own)), frozenset(own) | BUILTINS)
    try:
        body, _ = parser.block(0, lines[0].indent)
    except RecursionError:  # pragma: no cover - nesting is bounded before it comes to this
        raise LineError("limit", "The program is nested too deep.", 1, (0, 0)) from None
    if not body and not parser.functions:
        raise LineError("notation", "Nothing is done there yet.", lines[0].number, (0, len(text)))
    return Code(body, parser.functions, len(lines))


def _masked(text: str) -> str:
    """Return a text with what stands in brackets, and these, written as underscores: only the outermost is left."""
    depth = 0
    chars: list[str] = []
    for char in text:
        closes = char in ")]}"
        depth += char in "([{"
        chars.append("_" if depth else char)
        depth -= closes and depth > 0
    return "".join(chars)


class _Parser:
    def __init__(self, lines: list[Line], dialect: Dialect, taken: frozenset[str]) -> None:
        self.lines = lines
        self.dialect = dialect
        self.taken = taken
        self.functions: dict[str, Def] = {}
        self.nodes = 0
        self.depth = 0
        self.loops = 0
        self.defining = ""  # the function whose body is read

    def block(self, position: int, indent: int) -> tuple[Block, int]:
        """Return the statements from a position on that are indented alike, and where they end."""
        self.depth += 1
        statements: list[Statement] = []
        while position < len(self.lines) and self.lines[position].indent >= indent:
            line = self.lines[position]
            if self.depth > MAX_BLOCKS:
                raise located(EngineError("limit", f"Blocks are nested more than {MAX_BLOCKS} deep."), line)
            if line.indent > indent:
                raise located(EngineError("notation", "This indentation does not match any block above it."), line)
            try:
                statement, position = self.statement(position)
            except EngineError as error:
                raise located(error, line) from None
            if statement is not None:
                statements.append(statement)
        self.depth -= 1
        if self.depth == 0 and position < len(self.lines):
            sentence = "This indentation does not match any block above it."
            raise located(EngineError("notation", sentence), self.lines[position])
        return tuple(statements), position

    def statement(self, position: int) -> tuple[Statement | None, int]:
        """Return the statement that begins at a position (None for a def, which is kept), and where it ends."""
        line = self.lines[position]
        match = _FIRST.match(line.text)
        word = (match[1] if match else "") or ""
        self.count(1)
        if word in ("elif", "else"):
            raise EngineError("notation", f"There is no if for this {word}.", _span(match))
        if word not in _COMPOUND:
            return self.simple(line, word), position + 1
        colon = _masked(line.text).find(":")
        if colon < 0:
            end = len(line.text.rstrip())
            raise EngineError("notation", f"A : is missing at the end of this {word}.", (end, end))
        if word == "def":
            return None, self.definition(line, colon, position)
        if word == "if":
            return self.choice(position)
        begin = line.text.index(word) + len(word)
        if word == "while":
            condition = self.expr(line, begin, colon, "A condition is missing after while.")
            body, after = self.loop(line, colon, position)
            return While(line, condition, body), after
        within = _IN.search(_masked(line.text), begin, colon)
        if within is None:
            raise EngineError("notation", "Write for t in range(T): or for row in x:.")
        target = self.target(line, begin, within.start())
        values = self.expr(line, within.end(), colon, "The loop needs something to go over.")
        body, after = self.loop(line, colon, position)
        return For(line, target, values, body), after

    def loop(self, line: Line, colon: int, position: int) -> tuple[Block, int]:
        """Return the body of a loop and where it ends."""
        self.loops += 1
        body, after = self.body(line, colon, position)
        self.loops -= 1
        return body, after

    def body(self, line: Line, colon: int, position: int) -> tuple[Block, int]:
        """Return what stands behind a colon, on the same line or indented below it, and where it ends."""
        rest = line.text[colon + 1 :]
        if rest.strip():
            match = _FIRST.match(rest)
            word = (match[1] if match else "") or ""
            if word in _COMPOUND:
                raise EngineError("notation", f"Begin a new line for this {word}.", (colon + 1, len(line.text)))
            inline = Line(line.number, line.start, line.indent, " " * (colon + 1) + rest)
            self.count(1)
            only = self.simple(inline, word)
            return (only,) if only is not None else (), position + 1
        after = position + 1
        if after == len(self.lines) or self.lines[after].indent <= line.indent:
            raise EngineError("notation", "After a colon, indent at least one line.", (colon, colon + 1))
        return self.block(after, self.lines[after].indent)

    def choice(self, position: int) -> tuple[If, int]:
        """Return an if with its elifs and else, and where it ends."""
        first = self.lines[position]
        branches: list[tuple[Line, Expr, Block]] = []
        otherwise: Block = ()
        word = "if"
        while True:
            line = self.lines[position]
            try:
                colon = _masked(line.text).find(":")
                begin = line.text.index(word) + len(word)
                if colon < 0:
                    raise EngineError("notation", f"A : is missing at the end of this {word}.")
                if word == "else":
                    if line.text[begin:colon].strip():
                        raise EngineError("notation", "Write nothing between else and its colon, or write elif.")
                    otherwise, position = self.body(line, colon, position)
                    return If(first, tuple(branches), otherwise), position
                condition = self.expr(line, begin, colon, f"A condition is missing after {word}.")
                body, position = self.body(line, colon, position)
            except EngineError as error:
                raise located(error, line) from None
            branches.append((line, condition, body))
            match = _FIRST.match(self.lines[position].text) if position < len(self.lines) else None
            if match is None or match[1] not in ("elif", "else") or self.lines[position].indent != first.indent:
                return If(first, tuple(branches), otherwise), position
            word = match[1]

    def definition(self, line: Line, colon: int, position: int) -> int:
        """Keep a function of the program, and return where it ends."""
        match = _DEF.fullmatch(line.text[:colon])
        if match is None:
            raise EngineError("notation", "Write def name(a, b): with plain names in the brackets.")
        name = match[1]
        params, defaults = self.parameters(match, "Write def name(a, b): with plain names in the brackets.")
        loops, around, self.loops, self.defining = self.loops, self.defining, 0, name
        body, after = self.body(line, colon, position)
        self.loops, self.defining = loops, around
        local = frozenset(params) | frozenset(assigned(body))
        self.keep(Def(line, name, params, body, local, defaults, around), match.span(1))
        return after

    def keep(self, function: Def, at: tuple[int, int]) -> None:
        """Keep a function under its name. Raises EngineError where one inside of it has that name, too."""
        if function.name in self.functions:
            raise EngineError("name", f"There is a {function.name} already; choose another name.", at)
        self.functions[function.name] = function

    def parameters(self, match: re.Match[str], usage: str) -> tuple[tuple[str, ...], tuple[Expr, ...]]:
        """Return the parameters of a new function, and the numbers that the last of them are if they are not given.

        What is said of their types is read over. Raises EngineError for a name that it or they cannot have.
        """
        name = match[1]
        if name in BUILTINS or name in self.functions:
            raise EngineError("name", f"There is a {name} already; choose another name.", match.span(1))
        written = [part.partition("=") for part in match[2].split(",")] if match[2].strip() else []
        params = tuple(name.partition(":")[0].strip() for name, _, _ in written)
        given = [bool(equals) for _, equals, _ in written]
        if given != sorted(given):
            raise EngineError("notation", "Parameters with a value of their own stand last.", match.span(2))
        defaults = tuple(self.default(value, match.span(2)) for _, equals, value in written if equals)
        for param in params:
            if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", param):
                raise EngineError("notation", usage, match.span(2))
            self.check_name(param, match.span(2))
        if len(set(params)) < len(params) or len(params) > MAX_PARAMETERS:
            sentence = f"A function takes at most {MAX_PARAMETERS} arguments, each with its own name."
            raise EngineError("notation", sentence, match.span(2))
        return params, defaults

    def default(self, text: str, at: tuple[int, int]) -> Expr:
        """Return the number that a parameter is if it is not given."""
        number = parse(text, dialect=self.dialect) if text.strip() else None
        if number is None or any(isinstance(part, Name) and part.id not in ("True", "False") for part in walk(number)):
            raise EngineError("notation", "The value of a parameter is a number here, as in eps=1e-5.", at)
        return number

    def named_lambda(self, line: Line, match: re.Match[str]) -> None:
        """Keep f = lambda a, b: a + b as the function that it is; inside a def it reads the names around it."""
        usage = f"Write {match[1]} = lambda a, b: with plain names, or def {match[1]}(a, b): and return."
        params, defaults = self.parameters(match, usage)
        _name_lambda(line.text, match.end())
        value = self.expr(line, match.end(), len(line.text))
        body = (Return(line, value),)
        self.keep(Def(line, match[1], params, body, frozenset(params), defaults, self.defining), match.span(1))

    def simple(self, line: Line, word: str) -> Statement | None:
        text = line.text
        if NOTHING_DONE.fullmatch(text):
            return None
        typed = _TYPED.match(text)
        if typed is not None:
            text = text[: typed.start(1)] + " " * len(typed[1]) + text[typed.end(1) :]
            line = Line(line.number, line.start, line.indent, text)
        function = _LAMBDA.match(text)
        if function is not None:
            self.named_lambda(line, function)
            return None
        if word in _NOT_HERE and not re.match(rf"\s*{word}\s*(=(?!=)|[-+*/@]=)", text):
            at = text.index(word)
            raise EngineError(
                "notation", f"{word} is not part of this language. {_NOT_HERE[word]}", (at, at + len(word))
            )
        if word in ("break", "continue", "pass"):
            if text.strip() != word:
                raise EngineError("notation", f"{word} must be alone on its line.")
            if word != "pass" and not self.loops:
                raise EngineError("notation", f"{word} belongs inside a loop.")
            return Jump(line, word)  # type: ignore[arg-type]
        if word == "return":
            begin = text.index(word) + len(word)
            return Return(line, self.expr(line, begin, len(text)) if text[begin:].strip() else None)
        clipped = _CLIPPED.fullmatch(text)
        if clipped is not None:
            return self.clipped(line, clipped)
        masked = _masked(text)
        _name_lambda(text)
        _ask_about_signs(masked)
        augmented = _AUGMENTED.search(masked)
        if augmented is not None:
            if augmented[1] not in _SIGNS:
                raise EngineError("notation", f"{augmented[0]} is not part of the language.", augmented.span())
            target = self.target(line, 0, augmented.start())
            if isinstance(target, Array):
                raise EngineError("notation", f"Left of {augmented[0]} stands one name.")
            return Augment(line, target, _SIGNS[augmented[1]], self.expr(line, augmented.end(), len(text)))
        places = [match.start() for match in _EQUALS.finditer(masked)]
        if places:
            edges = [-1, *places]
            if len(places) > MAX_TARGETS:
                raise EngineError("limit", f"At most {MAX_TARGETS} names are given values at once.")
            targets = tuple(self.target(line, a + 1, b) for a, b in pairwise(edges))
            pair = any(isinstance(target, Array) and len(target.items) == PAIR for target in targets)
            return Assign(line, targets, self.expr(line, places[-1] + 1, len(text), pair=pair))
        expr = self.expr(line, 0, len(text))
        if not _does_something(expr):
            sentence = "This line computes something but does not keep it: give it a name (h = ...), or return it."
            raise EngineError("notation", sentence)
        return Do(line, expr)

    def clipped(self, line: Line, match: re.Match[str]) -> Assign:
        """Return np.clip(g, -5, 5, out=g) as g[...] = np.clip(g, -5, 5): the array itself is written into."""
        target = Index(Name(match[1], match.span(1)), (Slice(),), match.span(1))
        text = line.text[: match.start(2)] + " " * len(match[2]) + line.text[match.end(2) :]
        return Assign(line, (target,), self.expr(replace(line, text=text), 0, len(text)))

    def expr(
        self, line: Line, begin: int, end: int, missing: str = "A value is missing here.", *, pair: bool = False
    ) -> Expr:
        """Return the expression of a stretch of a line; places stay those of the line."""
        if not line.text[begin:end].strip():
            raise EngineError("notation", missing, (begin, end))
        text = _EMPTY.sub(lambda match: "D_".ljust(len(match.group())), line.text[begin:end])
        expr = parse(" " * begin + text, dialect=self.dialect, pair=pair)
        self.count(sum(1 for _ in walk(expr)))
        return expr

    def target(self, line: Line, begin: int, end: int) -> Expr:
        """Return what an assignment gives a value to: a name, an element, or several of these as an Array."""
        written = line.text[begin:end]
        inner = written.strip()
        if inner == "_":
            return Name("_", (begin, end))
        if inner[:1] in "([" and inner and set(_masked(inner)) == {"_"}:
            begin, end = begin + written.index(inner) + 1, begin + written.index(inner) + len(inner) - 1
            written = line.text[begin:end]
            if not written.strip():
                raise EngineError("notation", "A name is missing left of =.", (begin, end))
            return Array(self.targets(line, begin, end), (begin, end))
        if "," in _masked(written):
            return Array(self.targets(line, begin, end), (begin, end))
        target = self.expr(line, begin, end, "A name is missing here.")
        root = target
        while isinstance(root, Index):
            root = root.base
        if not isinstance(root, Name):
            raise EngineError("notation", "Write a name, or an element such as h[t], left of =.", target.span)
        if isinstance(target, Name):
            self.check_name(target.id, target.span)
        return target

    def targets(self, line: Line, begin: int, end: int) -> tuple[Expr, ...]:
        """Return the targets that commas separate."""
        commas = [begin + k for k, char in enumerate(_masked(line.text[begin:end])) if char == ","]
        if len(commas) >= MAX_TARGETS:
            raise EngineError("limit", f"At most {MAX_TARGETS} names are given values at once.", (begin, end))
        edges = [begin - 1, *commas, end]
        pairs = [(a + 1, b) for a, b in pairwise(edges)]
        if not line.text[pairs[-1][0] : pairs[-1][1]].strip():
            pairs.pop()
        return tuple(self.target(line, a, b) for a, b in pairs)

    def check_name(self, name: str, at: tuple[int, int]) -> None:
        """Raise EngineError for a name that a variable cannot have."""
        check_name(name, at)
        if name in self.taken:
            raise EngineError("name", f"{name} is a function; choose another name.", at)

    def count(self, nodes: int) -> None:
        """Count what has been read. Raises EngineError (`limit`)."""
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise EngineError("limit", f"The program has more than {MAX_NODES:,} parts; make it shorter.")


def _span(match: re.Match[str] | None) -> tuple[int, int] | None:
    return match.span(1) if match else None


def _name_lambda(text: str, start: int = 0) -> None:
    """Say what a lambda is: its colon would be taken for another one."""
    match = re.compile(r"\blambda\b").search(text, start)
    if match is not None:
        sentence = (
            "A lambda needs a name here. Write name = lambda x: ... on a line of its own, or use def name(x): and "
            "return."
        )
        raise EngineError("notation", sentence, match.span())


def _ask_about_signs(masked: str) -> None:
    """Say what is meant by signs of Python that an assignment here has not."""
    for sign, sentence in (
        (":=", "Write = , on a line of its own."),
        (";", "Write each statement on a line of its own."),
        (":", "A : belongs after for, while, if, else and def; a name has no type here."),
    ):
        at = masked.find(sign)
        if at >= 0:
            raise EngineError("notation", sentence, (at, at + len(sign)))


def _does_something(expr: Expr) -> bool:
    function = getattr(expr, "function", "")
    return function.startswith(".") or (function.endswith("()") and function[:-2] not in BUILTINS)
