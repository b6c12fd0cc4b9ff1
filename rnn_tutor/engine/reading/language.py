"""Text -> a checked expression: the allow-list of the language.

The text becomes tokens (`notation`, `lists`), the tokens become a plain text that `ast.parse` cannot be hurt by, and
of what it returns only numbers, names, operators, comparisons, indexes, lists and calls of named functions are
carried over. Nothing is ever compiled or run: an `Expr` is data, and `graph` gives it values.
"""

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from rnn_tutor.engine import functions
from rnn_tutor.engine.errors import EngineError, did_you_mean
from rnn_tutor.engine.expression import (
    Array,
    Call,
    Expr,
    Index,
    Item,
    Name,
    NewAxis,
    Number,
    Rest,
    Slice,
    Span,
    Style,
    children,
    show,
)
from rnn_tutor.engine.functions import names as names_of_libraries
from rnn_tutor.engine.reading import libraries
from rnn_tutor.engine.reading.bars import about_bars, with_bars
from rnn_tutor.engine.reading.characters import UNSEEN, seen, spelled
from rnn_tutor.engine.reading.implied_commas import ANSWER, PLAIN, SHAPE, with_commas
from rnn_tutor.engine.reading.latex import from_latex, without_fences
from rnn_tutor.engine.reading.measures import Asked
from rnn_tutor.engine.reading.notation import BESIDE, DOT, DOTS, MAX_CHARACTERS, NOTHING, check_length, tokens
from rnn_tutor.engine.reading.pasted import unpasted
from rnn_tutor.engine.reading.token import Token

MAX_NODES = 300
MAX_DEPTH = 48
MAX_ARGUMENTS = 50

ONLY_THE_VALUE = "Write only the value, without '='. For 'is equal' write ==."
COLONS = "You can use : only in an index, as in x[0:2] or x[0:6:2]."
_OPERATORS = frozenset(
    ("+", "-", "*", DOT, "/", "**", "@", "==", "!=", "<", "<=", ">", ">=", ".", "&", "|", "~", "//", "%")
)
_NO_BEGINNING = (_OPERATORS - {"+", "-", "~"}) | {",", ";"}
_CLOSING = frozenset((")", "]", ",", ":"))
_WAITING = _OPERATORS | {"(", "[", ","}
MAX_COMPARISONS = 4

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.MatMult: "matmul",
    ast.Mod: "dotted",
    ast.FloorDiv: "beside",
    ast.BitAnd: "logical_and",
    ast.BitOr: "logical_or",
}
_PYTHON = {DOT: "%", BESIDE: "//"}  # these bind as * does; the tokens tell them from Python's own
_UNARY: dict[type[ast.unaryop], str] = {
    ast.USub: "negative",
    ast.UAdd: "positive",
    ast.Invert: "logical_not",
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
}
_LETTERS = re.compile(r"\b[A-Z](?:x[A-Z])+\b")  # BxTxV
_CROSS = re.compile(r"(?<=\d)(?P<cross>[xX])(?=\d)|(?<=[\w)\]]) +(?P<spaced>[xX])(?= )")  # 3x5, B x T
_SIZE = re.compile(r"\s*(?:(?:torch\.)?Size|TensorShape|(?:\w+\.)?shape)\s*(?:[=:]|(?=\())")
_PRINTED_TRUTHS = {"True_": "True", "False_": "False"}  # as NumPy prints them
_OF_ONE = re.compile(r"\s*(?:\w+\.)?shape(?=\( ?[A-Za-z_])")  # shape(W @ x), and not shape(3, 5)
_WORD_BETWEEN = re.compile(r"\\times\b|(?<= )by(?= )")  # H \times D, 3 by 5
_BETWEEN = re.compile(r"[\w)\]] +[\w(\[]")  # a gap between two values
_WHOLE_TYPES = frozenset(f"{sign}int{bits}" for sign in ("", "u") for bits in ("", "8", "16", "32", "64"))
ATTRIBUTES = {"T": "transpose", "shape": "shape", "size": "size", "ndim": "ndim"}
KEYWORDS = names_of_libraries.OWN_KEYWORDS
CONSTANTS = ("pi", "e", "inf", "nan", "True", "False")


@dataclass(frozen=True)
class Dialect:
    """What expressions of a program have beyond those of an answer: words of Python, and what they become.

    `convert` returns the expression of a parsed node that only programs have, None for any other; it is handed the
    way to convert what is inside, and the node's span.
    """

    words: frozenset[str]
    convert: Callable[[ast.expr, Callable[[ast.expr], Expr], Span], Expr | None]


def parse(
    text: str,
    *,
    loose: bool = False,
    several: bool = False,
    dialect: Dialect | None = None,
    names: Collection[str] | None = None,
    pair: bool = False,
    asked: Asked | None = None,
) -> Expr:
    """Return the checked expression of a text.

    `loose` is for answers: the outermost list needs no brackets, and numbers and products are read as on paper, too;
    `several` tells that more than one number is asked for, `names` what the answer may use, `pair` that two names are
    given what it is, `asked` in which unit a number is asked for. Raises EngineError with
    the place in the text.
    """
    if dialect is not None:
        return _from_tokens(with_commas(tokens(text, dialect.words), replace(PLAIN, loose=loose)), dialect, pair=pair)
    if not loose:
        return _from_tokens(with_commas(tokens(text)))
    token_list = with_bars(tokens(text, answer=True, names=names, asked=asked))
    return _from_tokens(with_commas(token_list, replace(ANSWER, several=several)))


def parse_let(text: str, *, paper: bool = False, names: Collection[str] | None = None) -> tuple[Expr, Expr]:
    """Return target and expression of `name = expression` or `name[t] = expression`.

    `paper`: a learner's, with numbers and products read as on paper, too; `names` are those that it may use. Raises
    EngineError with the place in the text.
    """
    token_list = tokens(text, answer=paper, names=names)
    token_list = with_bars(token_list) if paper else token_list
    equals = _outer_equals(token_list)
    if len(equals) != 1 or equals[0] == 0 or equals[0] == len(token_list) - 1:
        raise EngineError(
            "notation", "Write one assignment: name = expression.", (token_list[0].start, token_list[-1].end)
        )
    target = _from_tokens(with_commas(token_list[: equals[0]]))
    return target, _from_tokens(with_commas(token_list[equals[0] + 1 :], replace(PLAIN, paper=paper)))


def _outer_equals(token_list: list[Token]) -> list[int]:
    """Return the positions of = outside brackets; inside they are keywords."""
    depth = 0
    positions: list[int] = []
    for position, token in enumerate(token_list):
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if token.text == "=" and depth == 0:
            positions.append(position)
    return positions


_BLANK = " \t\r\n\f\v" + "".join(sorted(UNSEEN))


_EQUALS = re.compile(r"(?<![=<>!:])(?::=|[=:≈≃≅]|\\approx\b)(?!=)")
_ABOUT = re.compile(
    r"(?:≈|≃|≅|=~|~(?! ?[A-Za-z(])|:=|=(?!=)|\\approx\b"
    r"|(?:about|approx\.?|approximately|ca\.?|circa|roughly|around)(?= ))(?=[ \d.+\-\[(√\\A-Za-z])"
)
MAX_TARGET = 60  # characters left of =


def without_target(text: str, name: str) -> str:
    """Return an answer without a leading `c =`, `c:` or `≈`, blanked so that places stay where they were.

    The name may be written as on paper: `h̃ =`, `\\tilde{h} =`.
    """
    text = without_fences(text)
    start = len(text) - len(text.lstrip(_BLANK))
    if text.startswith(name, start):
        rest = text[start + len(name) :].lstrip(_BLANK)
        if rest[:1] in ("=", ":", "≈") and rest[1:2] != "=":
            text = " " * (len(text) - len(rest) + 1) + rest[1:]
            start = len(text) - len(text.lstrip(_BLANK))
    else:
        sign = _EQUALS.search(text, start, start + MAX_TARGET)
        if sign is not None and _as_typed(text[start : sign.start()]) == "".join(name.split()):
            text = " " * sign.end() + text[sign.end() :]
            start = len(text) - len(text.lstrip(_BLANK))
    about = _ABOUT.match(text, start)
    return text if about is None else " " * about.end() + text[about.end() :]


def _as_typed(target: str) -> str:
    """Return what stands left of = in plain ASCII and without spaces; "" for what is not read."""
    try:
        return "".join(from_latex(spelled(target)).text.split())
    except EngineError:
        return ""


def parse_shape(text: str) -> Expr:
    """Return a shape: sizes or symbols, separated by commas, spaces, `x` or `×`; `*` multiplies.

    The result is an Array of expressions, one an axis. Raises EngineError with the place in the text.
    """
    check_length(text)
    token_list = [token for token in tokens(_shape_text(text), shape=True) if token.text != ";"]
    if len(token_list) > 1 and _closing(token_list, 0) == len(token_list) - 1:
        token_list = token_list[1:-1]
    while token_list and token_list[-1].text == ",":
        token_list.pop()
    if not token_list:
        return Array(())
    expr = _from_tokens(with_commas(token_list, SHAPE))
    return expr if isinstance(expr, Array) else Array((expr,), expr.span)


def _closing(token_list: list[Token], opening: int) -> int | None:
    """Return the position of the bracket that closes the one at `opening`, None where there is no bracket."""
    if token_list[opening].text not in ("(", "["):
        return None
    depth = 0
    for position in range(opening, len(token_list)):
        depth += (token_list[position].text in ("(", "[")) - (token_list[position].text in (")", "]"))
        if depth == 0:
            return position
    return None


def _shape_text(text: str) -> str:
    """Write the separators x and × as commas, and blank torch.Size and the like; every place stays where it was."""
    text = _WORD_BETWEEN.sub(lambda match: "," + " " * (len(match.group()) - 1), text)
    chars = list(_LETTERS.sub(lambda match: match.group().replace("x", ","), text).replace("×", ",").replace("✕", ","))
    for cross in _CROSS.finditer(text):
        chars[cross.start(cross.lastgroup or "cross")] = ","
    plain = "".join(chars)
    size = None if _is_shape_of(plain) else _SIZE.match(plain)
    return plain if size is None else " " * size.end() + plain[size.end() :]


def _is_shape_of(plain: str) -> bool:
    """Tell whether a text begins with the shape of one expression: shape(zeros(B, D)), where shape(B, D) has sizes."""
    opening = _OF_ONE.match(plain)
    if opening is None:
        return False
    depth = 0
    for place in range(opening.end(), len(plain)):
        depth += (plain[place] in "([") - (plain[place] in ")]")
        if depth == 0:
            inside = plain[opening.end() + 1 : place].strip()
            return _BETWEEN.search(inside) is None and not plain[place + 1 :].lstrip().startswith("(")
        if depth == 1 and plain[place] == ",":
            return False
    return False


def one_line(text: str) -> str:
    """Return a text of several lines (a pasted matrix) as one line that reads the same.

    Fences, prompts and what cannot be seen are left out. What cannot be read comes back with its line breaks as spaces,
    for the learner to mend.
    """
    text = unpasted(seen(text))
    if len(text) > MAX_CHARACTERS or "\n" not in text.strip():
        return text.strip()
    try:
        return show(parse(text, loose=True))
    except EngineError:
        return " ".join(text.split())


@dataclass
class _Source:
    """The plain text that is parsed, and what its placeholders stand for."""

    text: str
    columns: list[int]  # where each token begins in the plain text
    tokens: list[Token]
    numbers: dict[str, Token]
    dialect: Dialect | None = None
    read: dict[int, Expr] = field(default_factory=dict)  # by the identity of the node, all of which one tree holds

    def span(self, node: ast.expr) -> Span:
        """Return the characters, in the text as given, that a parsed node came from."""
        first = max(0, bisect_right(self.columns, node.col_offset) - 1)
        last = self.token_before(node.end_col_offset or 0)
        return (self.tokens[first].start, max(last.end, self.tokens[first].end))

    def operator(self, left: ast.expr) -> Token:
        """Return the sign of an operation, by its left side."""
        place = bisect_left(self.columns, left.end_col_offset or 0)
        while self.tokens[place].text == ")":
            place += 1
        return self.tokens[place]

    def token_before(self, column: int) -> Token:
        """Return the last token that begins before a column of the plain text."""
        return self.tokens[max(0, bisect_left(self.columns, column) - 1)]


def _from_tokens(token_list: list[Token], dialect: Dialect | None = None, *, pair: bool = False) -> Expr:
    if not token_list:
        raise EngineError("notation", NOTHING)
    pieces: list[str] = []
    columns: list[int] = []
    numbers: dict[str, Token] = {}
    column = 0
    keywords = any(token.text == "(" for token in token_list)
    for token in token_list:
        text = token.text
        if token.kind == "number":
            text = f"_{len(numbers)}"
            numbers[text] = token
        elif token.kind == "name" and text.startswith("_"):
            raise EngineError("name", f"Names begin with a letter: {text} does not.", token.span)
        elif text in _PYTHON:
            text = _PYTHON[text]
        elif text == ";":
            raise EngineError("notation", "A ; separates the rows of a matrix, inside [ ].", token.span)
        elif text == "=" and not keywords:
            raise EngineError("notation", ONLY_THE_VALUE, token.span)
        columns.append(column)
        pieces.append(text)
        column += len(text) + 1
    source = _Source(" ".join(pieces), columns, token_list, numbers, dialect)
    try:
        tree = ast.parse(source.text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError) as error:
        raise _syntax_error(error, source) from None
    if len(token_list) > MAX_DEPTH:  # each node has a sign, a name or a number of its own
        _check_size(tree)
    if pair:
        span = source.span(tree.body)
        halves = [_half(tree.body, which, source, span) for which in ("values", "indices")]
        if None not in halves:
            return Array(tuple(half for half in halves if half is not None), span)
    whole = _convert(tree.body, source)
    return _as_pair(tree.body, whole, source) if pair else whole


def _syntax_error(error: Exception, source: _Source) -> EngineError:
    """Say what the parser stumbled over.

    Its own place is often too early, so neighbours that cannot stand together are looked for first.
    """
    token_list = source.tokens
    first, last = token_list[0], token_list[-1]
    bars = about_bars(token_list)
    if bars is not None:
        return bars
    for before, after in pairwise(token_list):
        waits = before.text in _WAITING
        stops = before.text in _OPERATORS and after.text in _CLOSING
        if (waits and after.text in _NO_BEGINNING) or stops or (before.text, after.text) == ("[", "]"):
            if before.span == after.span:  # the end of a list without brackets
                break
            return EngineError("notation", _missing(before.text, after.text), (before.start, after.end))
    if first.text in _NO_BEGINNING:
        return EngineError("notation", f"Something is missing before the {_said(first)}.", first.span)
    ending = token_list[-2] if len(token_list) > 1 and token_list[-2].span == last.span else last
    if ending.text in _OPERATORS:
        return EngineError("notation", f"Something is missing after the {_said(ending)}.", ending.span)
    equals = next((token for token in token_list if token.text == "="), None)
    if equals is not None:
        return EngineError("notation", ONLY_THE_VALUE, equals.span)
    colon = next((token for token in token_list if token.text == ":"), None)
    if colon is not None:
        return EngineError("notation", COLONS, colon.span)
    column = (getattr(error, "offset", None) or 1) - 1
    near = token_list[min(bisect_left(source.columns, column), len(token_list) - 1)]
    return EngineError("notation", f"I cannot read this near {near.text}: is a sign or a value missing?", near.span)


def _said(token: Token) -> str:
    return "dot" if token.text == "." else token.text


def _missing(before: str, after: str) -> str:
    if (before, after) == ("[", "]"):
        return "An index is missing: write x[0] or x[0:2]."
    if before == after == ",":
        return "There are two commas in a row: is a value missing between them?"
    return f"Something is missing between {before} and {after}."


def _check_size(tree: ast.AST) -> None:
    """Count nodes and depth without recursion."""
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    count = 0
    while stack:
        node, depth = stack.pop()
        if isinstance(node, ast.expr):
            count += 1
            depth += 1
        if count > MAX_NODES or depth > MAX_DEPTH:
            raise EngineError("limit", "That expression has too many parts; do it in smaller steps.")
        stack += [(child, depth) for child in ast.iter_child_nodes(node)]


def _convert(node: ast.expr, source: _Source) -> Expr:
    """Return the expression of a parsed node; each node is read once, however often it is looked at."""
    known = source.read.get(id(node))
    if known is None:
        known = source.read[id(node)] = _converted(node, source)
    return known


def _converted(node: ast.expr, source: _Source) -> Expr:
    span = source.span(node)
    if source.dialect is not None:
        grown = source.dialect.convert(node, lambda inner: _convert(inner, source), span)
        if grown is not None:
            return grown
    match node:
        case ast.Name(id=name) if name in source.numbers:
            text = source.numbers[name].text
            return Number(float(text), text, span)
        case ast.Name(id=name):
            return Name(_PRINTED_TRUTHS.get(name, name), span)
        case ast.Constant(value=value) if value is ...:
            raise EngineError("notation", DOTS, span)
        case ast.Constant(value=True | False | None as value):
            return Name(str(value), span)
        case ast.BinOp(op=op) if type(op) in _BINARY:
            return _operation(node, source, span)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return Call(_UNARY[type(op)], (_convert(operand, source),), style="operator", span=span)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            return _comparison(left, ops, rights, source, span)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return Array(tuple(_convert(element, source) for element in elements), span)
        case ast.Subscript():
            return _indexed(node, source, span)
        case ast.Attribute():
            return _attribute(node, source, span)
        case ast.Call():
            return _call(node, source, span)
    if isinstance(node, ast.Starred):
        raise EngineError("notation", "A * needs something before it: write a * b.", span)
    if isinstance(node, ast.Slice):
        raise EngineError("notation", COLONS, span)
    raise EngineError(
        "notation", "This is not part of the language; use numbers, names, operators, indexes and calls.", span
    )


def _operation(node: ast.BinOp, source: _Source, span: Span) -> Expr:
    args = (_convert(node.left, source), _convert(node.right, source))
    if isinstance(node.op, ast.FloorDiv) and source.operator(node.left).text == "//":
        return Call("floor_divide", args, span=span)
    if isinstance(node.op, ast.Mod) and source.operator(node.left).text == "%":
        remainder = libraries.meant("mod", "", args, {})
        assert remainder is not None  # noqa: S101 - the table has it
        return _put_in(remainder, span)
    if isinstance(node.op, ast.BitAnd | ast.BitOr) and any(isinstance(arg, Number) for arg in args):
        sign = source.operator(node.left).text
        says = f"{sign} binds tighter than a comparison: put brackets, as in (a > 0) {sign} (b > 0)."
        raise EngineError("notation", says, span)
    return Call(_BINARY[type(node.op)], args, style="operator", span=span)


def _indexed(node: ast.Subscript, source: _Source, span: Span) -> Expr:
    """base[items]; of a pair that PyTorch gives, or of np.split(x, [2, 5]), the one that is meant."""
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if not items:
        raise EngineError("notation", "An index is missing: write x[0] or x[0:2].", span)
    alone = items[0] if len(items) == 1 and not isinstance(items[0], ast.Slice) else None
    half = _half(node.value, alone, source, span) if alone is not None else None
    if half is not None:
        return half
    if isinstance(node.value, ast.Name) and node.value.id == "r_" and _is_of_numpy(node.value, source):
        return Call("concat", tuple(_joined_item(item, source) for item in items), span=span)
    whole = _convert(node.value, source)
    if isinstance(whole, Call) and whole.function == "split" and alone is not None:
        piece = libraries.piece_of(whole, _convert(alone, source))
        if piece is not None:
            return piece
    pair_item = isinstance(alone, ast.Name) and _of_pair(node, whole, source)
    return pair_item or Index(whole, tuple(_item(item, source) for item in items), span)


def _is_of_numpy(node: ast.Name, source: _Source) -> bool:
    return source.token_before(node.end_col_offset or 0).library in ("np", "numpy", "jnp")


def _joined_item(item: ast.expr, source: _Source) -> Expr:
    """Return what np.r_[0, h[:-1]] joins: a number as a list of one."""
    expr = _convert(item, source)
    number = isinstance(expr, Number) or (isinstance(expr, Call) and expr.function == "negative")
    return Array((expr,), expr.span) if number else expr


def _attribute(node: ast.Attribute, source: _Source, span: Span) -> Expr:
    attribute = node.attr
    if attribute in ("values", "indices"):
        pair_item = _half(node.value, attribute, source, span)
        if pair_item is None:
            pair_item = libraries.of_pair(_convert(node.value, source), attribute)
        if pair_item is not None:
            return pair_item
    if attribute == "mT":
        return _put_in(("swapaxes(x, -1, -2)", {"x": _convert(node.value, source)}), span)
    if attribute not in ATTRIBUTES:
        raise EngineError("name", _unknown_attribute(attribute), _tail(node, source))
    return Call(ATTRIBUTES[attribute], (_convert(node.value, source),), style="attribute", span=span)


def _tail(node: ast.Attribute, source: _Source) -> Span:
    """Return the characters of the name behind the dot."""
    return (source.token_before(node.end_col_offset or 0).start, source.span(node)[1])


def _unknown_attribute(attribute: str) -> str:
    if attribute in functions.METHODS:
        return f"{attribute} needs brackets: .{attribute}()."
    return f"There is no .{attribute} here.{did_you_mean(attribute, [*ATTRIBUTES, *functions.METHODS])}"


def _comparison(left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr], source: _Source, span: Span) -> Expr:
    if len(ops) > MAX_COMPARISONS:
        raise EngineError("limit", f"At most {MAX_COMPARISONS} comparisons stand in a row.", span)
    operands = [_convert(operand, source) for operand in (left, *rights)]
    pairs: list[Expr] = []
    for op, first, second in zip(ops, operands, operands[1:], strict=False):
        if type(op) not in _COMPARE:
            raise EngineError("notation", "To compare, use == != < <= > >=.", span)
        pairs.append(Call(_COMPARE[type(op)], (first, second), style="operator", span=span))
    result = pairs[0]
    for pair in pairs[1:]:
        result = Call("logical_and", (result, pair), span=span)
    return result


def _item(node: ast.expr, source: _Source) -> Item:
    if isinstance(node, ast.Constant) and node.value is ...:
        return Rest()
    if isinstance(node, ast.Slice):
        return Slice(
            *(None if part is None else _convert(part, source) for part in (node.lower, node.upper, node.step))
        )
    if (isinstance(node, ast.Constant) and node.value is None) or (isinstance(node, ast.Name) and node.id == "newaxis"):
        return NewAxis()
    return _convert(node, source)


def _keyword(keyword: ast.keyword, source: _Source, span: Span) -> tuple[str, Expr]:
    """Return a keyword as typed and its value. Raises EngineError for one that is not on the closed list."""
    if keyword.arg is None:
        raise EngineError("notation", "Write the arguments out: ** before a name is not part of the language.", span)
    if keyword.arg in KEYWORDS or keyword.arg in libraries.TORCH_KEYWORDS or keyword.arg in libraries.row_keywords():
        return keyword.arg, _convert(keyword.value, source)
    word = source.numbers[keyword.arg].text if keyword.arg in source.numbers else keyword.arg
    raise _no_keyword(word, span)


def _no_keyword(word: str, span: Span) -> EngineError:
    allowed = ", ".join(KEYWORDS)
    return EngineError("name", f"{word}= is not part of the language; of keywords only {allowed} are.", span)


def _own(keywords: tuple[tuple[str, Expr], ...], span: Span) -> tuple[tuple[str, Expr], ...]:
    """Return the keywords of a call of ours by our names."""
    for key, _ in keywords:
        if key not in KEYWORDS and key not in libraries.TORCH_KEYWORDS:
            raise _no_keyword(key, span)
    return tuple((libraries.KEYWORDS.get(key, key), value) for key, value in keywords)


def _library(node: ast.expr, source: _Source) -> str:
    """Return what stood before the name of a function that is called: `np`, `torch.linalg`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return ""
    return source.token_before(node.func.end_col_offset or 0).library


def _half(base: ast.expr, which: ast.expr | str, source: _Source, span: Span) -> Expr | None:
    """Return the values or the places of what PyTorch gives as a pair and we do not: sort, topk; None for all else."""
    if not isinstance(base, ast.Call):
        return None
    method = isinstance(base.func, ast.Attribute)
    name = base.func.attr if isinstance(base.func, ast.Attribute) else getattr(base.func, "id", "")
    if not libraries.has_rows(f"{name}.values"):
        return None
    if not isinstance(which, str):
        if isinstance(which, ast.Constant):  # None and ...
            return None
        number = libraries.typed_whole(_convert(which, source))
        which = {"0": "values", "1": "indices"}.get(number or "", "")
    keywords = tuple(_keyword(keyword, source, span) for keyword in base.keywords)
    torch = method or libraries.is_torch(_library(base, source), dict(keywords)) or functions.canonical(name) is None
    if not which or not torch:
        return None
    whole = (base.func.value,) if isinstance(base.func, ast.Attribute) else ()
    args = tuple(_convert(arg, source) for arg in (*whole, *base.args))
    found = libraries.meant(f"{name}.{which}", "torch", args, dict(keywords))
    return None if found is None else _put_in(found, span)


def _as_pair(node: ast.expr, whole: Expr, source: _Source) -> Expr:
    """Return torch.max(x, dim=1), which two names are given, as its values and where they stand."""
    values = libraries.of_pair(whole, "values")
    where = libraries.of_pair(whole, "indices")
    if values is None or where is None or not isinstance(node, ast.Call):
        return whole
    if libraries.is_torch(_library(node, source), [keyword.arg or "" for keyword in node.keywords]):
        return Array((values, where), whole.span)
    if isinstance(node.func, ast.Attribute) and not node.keywords:
        name = node.func.attr
        says = (
            f"Are these PyTorch's values and their places, or two rows? Write torch.{name}(x, dim=1) for the first, "
            f"{name}(x, axis=1) for the second."
        )
        raise EngineError("notation", says, whole.span)
    return whole


def _of_pair(node: ast.Subscript, base: Expr, source: _Source) -> Expr | None:
    """Return torch.max(x, 1)[0] or [1]: the values, or where they stand. torch.amax gives no pair."""
    inner = node.value
    if not isinstance(inner, ast.Call):
        return None
    written_as = getattr(inner.func, "attr", getattr(inner.func, "id", ""))
    if written_as in ("amax", "amin"):
        return None
    written = [keyword.arg or "" for keyword in inner.keywords]
    which = {"0": "values", "1": "indices"}.get(libraries.typed_whole(_convert(node.slice, source)) or "")
    if which is None or not libraries.is_torch(_library(inner, source), written):
        return None
    return libraries.of_pair(base, which)


def _call(node: ast.Call, source: _Source, span: Span) -> Expr:
    """A call; with dtype=int of what it gives the whole parts."""
    kept = [keyword for keyword in node.keywords if not _cuts(keyword)]
    if len(kept) == len(node.keywords):
        return _plain_call(node, source, span)
    return Call("trunc", (_plain_call(ast.Call(node.func, node.args, kept), source, span),), span=span)


def _cuts(keyword: ast.keyword) -> bool:
    return keyword.arg == "dtype" and isinstance(keyword.value, ast.Name) and keyword.value.id in _WHOLE_TYPES


def _plain_call(node: ast.Call, source: _Source, span: Span) -> Expr:
    if len(node.args) + len(node.keywords) > MAX_ARGUMENTS:
        raise EngineError("limit", f"A function takes at most {MAX_ARGUMENTS} arguments here.", span)
    match node.func:
        case ast.Name(id=written):
            return _function_call(written, _library(node, source), node, source, span)
        case ast.Attribute(value=ast.Name(id="F"), attr=written) if _is_functional(written, node):
            return _function_call(written, "functional", node, source, span)
        case ast.Attribute(value=base, attr=method):
            return _method_call(base, method, node, source, span)
        case ast.Call(func=ast.Name(id=layer)) if layer in names_of_libraries.LAYERS:
            merged = ast.Call(node.func, node.args + node.func.args, node.func.keywords + node.keywords)
            return _function_call(names_of_libraries.LAYERS[layer], "nn", merged, source, span)
    raise EngineError("notation", "Only named functions can be called; for a product write *.", span)


def _is_functional(written: str, node: ast.Call) -> bool:
    """Tell whether F is torch.nn.functional: F.softmax(x, dim=1), where a matrix F has F.softmax(dim=1)."""
    known = written in names_of_libraries.OF_F or any(
        signature.startswith(f"{written}(") for signature in names_of_libraries.FUNCTIONAL
    )
    return known and bool(node.args or len(node.keywords) > 1)


def _function_call(written: str, library: str, node: ast.Call, source: _Source, span: Span) -> Expr:
    if written in source.numbers:
        number = source.numbers[written].text
        raise EngineError("notation", f"For a product write {number} * (...).", span)
    function = functions.canonical(written)
    if function is None and not libraries.has_rows(written) and written not in names_of_libraries.CONVERSIONS:
        if written in CONSTANTS:
            raise EngineError("notation", f"For a product write {written} * (...).", span)
        near = did_you_mean(written, functions.SUGGESTED)
        other = "" if near else f" For a product write {written} * (...), for an element {written}[...]."
        where = source.span(node.func)
        raise EngineError("name", f"There is no function {written} here.{near}{other}", where)
    args = tuple(_convert(arg, source) for arg in node.args)
    keywords = tuple(_keyword(keyword, source, span) for keyword in node.keywords)
    if written in names_of_libraries.CONVERSIONS and library and len(args) == 2 and not keywords:
        done = libraries.converted(*args, span)
        if done is not None:
            return done
    if libraries.is_torch(library, [key for key, _ in keywords]):
        cut = libraries.cut_by_sizes(written, args, dict(keywords), library, span)
        if cut is not None:
            return libraries.as_pieces(cut) if source.dialect is not None else cut
    found = libraries.meant(written, library, args, dict(keywords))
    if found is not None:
        return libraries.columns_beside(written, args, dict(keywords), span) or _put_in(found, span)
    if function is None:
        raise EngineError("notation", libraries.usage(written) if libraries.has_rows(written) else ONLY_METHOD, span)
    call = Call(function, args, _own(keywords, span), span=span)
    if _sizes_of_eigenvalues(call):
        return replace(call, function="abs_eigvals", args=children(call.args[0]), style="call")
    if source.dialect is not None and function == "split":
        return libraries.as_pieces(call)
    return libraries.settled(call, library, [key for key, _ in keywords], program=source.dialect is not None)


def _method_call(base: ast.expr, method: str, node: ast.Call, source: _Source, span: Span) -> Expr:
    if method.endswith("_") and source.dialect is None:  # x.clamp_(0, 1): in an answer nothing is changed
        method = method[:-1]
    table_has = libraries.has_rows(method, method=True)
    if method not in functions.METHODS and not table_has and method not in names_of_libraries.CONVERSIONS:
        raise EngineError(
            "name",
            f"There is no method .{method}() here.{did_you_mean(method, functions.METHODS)}",
            _tail(node.func, source) if isinstance(node.func, ast.Attribute) else span,
        )
    args = (_convert(base, source), *(_convert(arg, source) for arg in node.args))
    keywords = tuple(_keyword(keyword, source, span) for keyword in node.keywords)
    if method in names_of_libraries.CONVERSIONS:
        done = libraries.converted(*args, span) if len(args) == 2 and not keywords else None
        if done is None:
            raise EngineError("notation", f"{method} takes a type: write .{method}(float) or .{method}(int).", span)
        return done
    cut = libraries.cut_by_sizes(method, args, dict(keywords), "", span)  # arrays of NumPy have no split
    if cut is not None:
        return libraries.as_pieces(cut) if source.dialect is not None else cut
    own = method in functions.METHODS and (method in functions.TABLE or not table_has or len(args) == 1)
    taken = "" if own or method not in functions.NAMES else "torch"
    found = libraries.meant(method, taken, args, dict(keywords), method=True)
    if found is not None:
        return _put_in(found, span)
    if method not in functions.METHODS:
        raise EngineError("notation", libraries.usage(method, method=True), span)
    function = functions.METHODS[method]
    style: Style = "method" if method in (function, "flatten") else "call"
    call = Call(function, args, _own(keywords, span), style=style, span=span)
    if _sizes_of_eigenvalues(call):
        return replace(call, function="abs_eigvals", args=children(call.args[0]), style="call")
    if (
        method in ("amax", "amin") and len(args) == 2 and libraries.typed_whole(args[1])
    ):  # no pair, as max is in PyTorch
        return replace(call, args=args[:1], keywords=(*call.keywords, ("axis", args[1])))
    return libraries.settled(call, "", [key for key, _ in keywords], program=source.dialect is not None)


def _sizes_of_eigenvalues(call: Call) -> bool:
    """Tell whether a call is abs(eigvals(W)), which exists where the eigenvalues are complex, too."""
    inner = call.args[0] if call.args else None
    return call.function == "abs" and isinstance(inner, Call) and inner.function == "eigvals"


ONLY_METHOD = "Convert a type with .astype(float) or .astype(int)."


@cache
def _meaning(text: str) -> Expr:
    return parse(text)


def _put_in(found: tuple[str, dict[str, Expr]], span: Span) -> Expr:
    done = libraries.put_in(_meaning(found[0]), found[1], span)
    libraries.check_size(done)
    return done
