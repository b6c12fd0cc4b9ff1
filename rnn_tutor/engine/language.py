"""Text -> a checked expression: the allow-list of the language.

The text becomes tokens (`notation`, `lists`), the tokens become a plain text that `ast.parse` cannot be hurt by, and
of what it returns only numbers, names, operators, comparisons, indexes, lists and calls of named functions are
carried over. Nothing is ever compiled or run: an `Expr` is data, and `graph` gives it values.
"""

import ast
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from . import functions
from .errors import EngineError, did_you_mean
from .expression import Array, Call, Expr, Index, Item, Name, NewAxis, Number, Slice, Span, show
from .lists import with_commas
from .notation import Token, tokens

MAX_NODES = 300
MAX_DEPTH = 48
MAX_ARGUMENTS = 50

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.MatMult: "matmul",
}
_UNARY: dict[type[ast.unaryop], str] = {ast.USub: "negative", ast.UAdd: "positive"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "equal",
    ast.NotEq: "not_equal",
    ast.Lt: "less",
    ast.LtE: "less_equal",
    ast.Gt: "greater",
    ast.GtE: "greater_equal",
}
_LETTERS = re.compile(r"\b[A-Z](?:x[A-Z])+\b")  # BxTxV
ATTRIBUTES = {"T": "transpose", "shape": "shape", "size": "size", "ndim": "ndim"}
KEYWORDS = ("axis", "keepdims", "decimals")
CONSTANTS = ("pi", "e", "inf", "nan", "True", "False")


def parse(text: str, *, loose: bool = False) -> Expr:
    """Return the checked expression of a text.

    `loose` is for answers: the outermost list needs no brackets. Raises EngineError with the place in the text.
    """
    return _from_tokens(with_commas(tokens(text), loose=loose))


def parse_let(text: str) -> tuple[Expr, Expr]:
    """Return target and expression of `name = expression` or `name[t] = expression`."""
    found = tokens(text)
    equals = [position for position, token in enumerate(found) if token.text == "=" and not _inside(found, position)]
    if len(equals) != 1 or equals[0] == 0 or equals[0] == len(found) - 1:
        raise EngineError("notation", "Expected: name = expression.")
    target = _from_tokens(with_commas(found[: equals[0]]))
    return target, _from_tokens(with_commas(found[equals[0] + 1 :]))


def _inside(found: list[Token], position: int) -> bool:
    depth = 0
    for token in found[:position]:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
    return depth > 0


def without_target(text: str, name: str) -> str:
    """Return an answer without a leading `c =` or `c:`, blanked so that places stay where they were."""
    stripped = text.lstrip()
    if stripped.startswith(name):
        rest = stripped[len(name) :].lstrip()
        if rest[:1] in ("=", ":") and rest[1:2] != "=":
            return " " * (len(text) - len(rest) + 1) + rest[1:]
    return text


def parse_shape(text: str) -> Expr:
    """Return a shape: sizes or symbols, separated by commas, spaces, `x` or `×`; `*` multiplies.

    The result is an Array of expressions, one an axis.
    """
    found = [token for token in tokens(_shape_text(text)) if token.text != ";"]
    if found and found[0].text in ("(", "[") and found[-1].text in (")", "]"):
        found = found[1:-1]
    while found and found[-1].text == ",":
        found.pop()
    if not found:
        return Array(())
    expr = _from_tokens(with_commas(found, loose=True, shape=True))
    return expr if isinstance(expr, Array) else Array((expr,), expr.span)


def _shape_text(text: str) -> str:
    """Write the separators x and × as commas; x counts between two sizes or spaces only."""
    text = _LETTERS.sub(lambda match: match.group().replace("x", ","), text)
    chars = list(text.replace("×", ",").replace("✕", ","))
    for position, char in enumerate(chars):
        before, after = text[:position].rstrip(" "), text[position + 1 :].lstrip(" ")
        if char in "xX" and before and after:
            spaced = text[position - 1] == " " and text[position + 1 : position + 2] == " "
            digits = before[-1].isdigit() and after[0].isdigit()
            if digits or (spaced and (before[-1].isalnum() or before[-1] in ")]")):
                chars[position] = ","
    plain = "".join(chars)
    for prefix in ("torch.Size", "Size", "TensorShape", "shape"):
        at = plain.lstrip()
        if at.startswith(prefix) and at[len(prefix) :].lstrip()[:1] in ("(", "=", ":"):
            rest = at[len(prefix) :].lstrip()
            rest = rest[1:] if rest[0] in "=:" else rest
            rest = rest.strip()
            if prefix != "shape" and rest.startswith("([") and rest.endswith("])"):
                rest = rest[1:-1]
            return rest
    return plain


def one_line(text: str) -> str:
    """Return a text of several lines (a pasted matrix) as one line that reads the same.

    What cannot be read comes back with its line breaks as spaces, for the learner to mend.
    """
    if "\n" not in text.strip():
        return text.strip()
    try:
        return show(parse(text, loose=True))
    except EngineError:
        return " ".join(text.split())


@dataclass
class _Source:
    """The plain text that is parsed, and what its placeholders stand for."""

    text: str
    starts: dict[int, Token]
    numbers: dict[str, Token]
    whole: Span

    def span(self, node: ast.expr) -> Span:
        """Return the characters, in the text as given, that a parsed node came from."""
        columns = list(self.starts)
        first = max(0, bisect_right(columns, node.col_offset) - 1)
        last = max(first, bisect_left(columns, node.end_col_offset or 0) - 1)
        return (self.starts[columns[first]].start, self.starts[columns[last]].end)


def _from_tokens(found: list[Token]) -> Expr:
    if not found:
        raise EngineError("notation", "Nothing is written there yet.")
    pieces: list[str] = []
    starts: dict[int, Token] = {}
    numbers: dict[str, Token] = {}
    column = 0
    for token in found:
        text = token.text
        if token.kind == "number":
            text = f"_{len(numbers)}"
            numbers[text] = token
        elif token.kind == "name" and text.startswith("_"):
            raise EngineError("name", f"Names begin with a letter: {text} does not.", token.span)
        elif token.text in (";", "="):
            text = _stray(token, found)
        starts[column] = token
        pieces.append(text)
        column += len(text) + 1
    source = _Source(" ".join(pieces), starts, numbers, (found[0].start, found[-1].end))
    try:
        tree = ast.parse(source.text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError) as error:
        raise _syntax_error(error, source) from None
    _check_size(tree)
    return _convert(tree.body, source)


def _stray(token: Token, found: list[Token]) -> str:
    if token.text == "=" and any(one.text == "(" for one in found):
        return "="  # a keyword such as axis=0; the parser refuses any other
    says = {
        ";": "A ; separates the rows of a matrix, inside [ ].",
        "=": "Write only the value, without '='. For 'is equal' write ==.",
    }[token.text]
    raise EngineError("notation", says, token.span)


def _syntax_error(error: Exception, source: _Source) -> EngineError:
    column = (getattr(error, "offset", None) or 1) - 1
    near = source.starts.get(column)
    after = [token for start, token in sorted(source.starts.items()) if start >= column]
    token = near or (after[0] if after else None)
    if token is None or (token.kind == "op" and token.end == source.whole[1] and token.text not in ")]"):
        return EngineError("notation", "The expression stops too early: something is missing at its end.", source.whole)
    if token.text == "=":
        return EngineError("notation", "Write only the value, without '='. For 'is equal' write ==.", token.span)
    return EngineError("notation", f"I cannot read this near {token.text}: is a sign or a value missing?", token.span)


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
    span = source.span(node)
    match node:
        case ast.Name(id=name) if name in source.numbers:
            text = source.numbers[name].text
            return Number(float(text), text, span)
        case ast.Name(id=name):
            return Name(name, span)
        case ast.Constant(value=True | False | None as value):
            return Name(str(value), span)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            args = (_convert(left, source), _convert(right, source))
            return Call(_BINARY[type(op)], args, style="operator", span=span)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return Call(_UNARY[type(op)], (_convert(operand, source),), style="operator", span=span)
        case ast.Compare(left=left, ops=ops, comparators=rights):
            return _comparison(left, ops, rights, source, span)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return Array(tuple(_convert(element, source) for element in elements), span)
        case ast.Subscript(value=base, slice=index):
            items = index.elts if isinstance(index, ast.Tuple) else [index]
            return Index(_convert(base, source), tuple(_item(item, source) for item in items), span)
        case ast.Attribute(value=base, attr=attribute):
            if attribute not in ATTRIBUTES:
                raise EngineError("name", _unknown_attribute(attribute), span)
            return Call(ATTRIBUTES[attribute], (_convert(base, source),), style="attribute", span=span)
        case ast.Call():
            return _call(node, source, span)
    raise EngineError(
        "notation", "This is not part of the language: use numbers, names, signs, indexes and calls.", span
    )


def _unknown_attribute(attribute: str) -> str:
    if attribute in functions.METHODS:
        return f"{attribute} needs brackets: .{attribute}()."
    return f"There is no .{attribute} here.{did_you_mean(attribute, [*ATTRIBUTES, *functions.METHODS])}"


def _comparison(left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr], source: _Source, span: Span) -> Expr:
    operands = [_convert(one, source) for one in (left, *rights)]
    pairs: list[Expr] = []
    for op, first, second in zip(ops, operands, operands[1:], strict=False):
        if type(op) not in _COMPARE:
            raise EngineError("notation", "Only == != < <= > >= compare.", span)
        pairs.append(Call(_COMPARE[type(op)], (first, second), style="operator", span=span))
    result = pairs[0]
    for pair in pairs[1:]:
        result = Call("logical_and", (result, pair), span=span)
    return result


def _item(node: ast.expr, source: _Source) -> Item:
    if isinstance(node, ast.Slice):
        return Slice(
            *(None if part is None else _convert(part, source) for part in (node.lower, node.upper, node.step))
        )
    if isinstance(node, ast.Constant) and node.value is None:
        return NewAxis()
    return _convert(node, source)


def _call(node: ast.Call, source: _Source, span: Span) -> Expr:
    if len(node.args) + len(node.keywords) > MAX_ARGUMENTS:
        raise EngineError("limit", f"A function takes at most {MAX_ARGUMENTS} arguments here.", span)
    keywords: list[tuple[str, Expr]] = []
    for keyword in node.keywords:
        if keyword.arg not in KEYWORDS:
            raise EngineError(
                "name",
                f"The keyword {keyword.arg} is not part of the language; {', '.join(KEYWORDS)} are.",
                span,
            )
        keywords.append((keyword.arg, _convert(keyword.value, source)))
    match node.func:
        case ast.Name(id=written):
            if written in source.numbers:
                number = source.numbers[written].text
                raise EngineError("notation", f"For a product write {number}*(...).", span)
            function = functions.canonical(written)
            if function is None:
                known = did_you_mean(written, functions.NAMES)
                raise EngineError("name", f"There is no function {written} here.{known}", source.span(node.func))
            args = tuple(_convert(arg, source) for arg in node.args)
            return Call(function, args, tuple(keywords), span=span)
        case ast.Attribute(value=base, attr=method):
            if method not in functions.METHODS:
                raise EngineError(
                    "name",
                    f"There is no method .{method}() here.{did_you_mean(method, functions.METHODS)}",
                    span,
                )
            args = (_convert(base, source), *(_convert(arg, source) for arg in node.args))
            return Call(functions.METHODS[method], args, tuple(keywords), style="method", span=span)
    raise EngineError("notation", "Only named functions can be called.", span)
