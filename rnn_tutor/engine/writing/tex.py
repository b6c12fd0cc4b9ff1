"""Expressions as TeX, for browsers, quizzes and notebooks.

What is written comes from a closed alphabet: a name is letters and digits, a number is digits. So nothing of a foreign
text reaches TeX as a command.
"""

import re
from collections.abc import Collection

from rnn_tutor.engine.errors import EngineError
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
    Unknown,
    walk,
)
from rnn_tutor.engine.reading.language import parse, parse_let

_GREEK = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
)  # fmt: skip
_OWN_COMMANDS = ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "arctan", "det", "min", "max")
_AROUND = {"abs": (r"\left|", r"\right|"), "norm": (r"\lVert ", r"\rVert"), "floor": (r"\lfloor ", r"\rfloor"),
           "ceil": (r"\lceil ", r"\rceil")}  # fmt: skip
_COMPARED = {
    "equal": "=", "not_equal": r"\ne", "less": "<", "less_equal": r"\le", "greater": ">", "greater_equal": r"\ge",
}  # fmt: skip
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = 4, 5, 6, 7, 9  # what binds how tightly
_NUMBER = re.compile(r"(?P<mantissa>\d*\.?\d+|\d+\.)(?:[eE](?P<exponent>[+-]?\d+))?", re.ASCII)
_PIECES = re.compile(r"(?P<letters>[A-Za-z]+)(?P<digits>\d*)", re.ASCII)
_SHORT = 2  # letters of an index that are written as variables, as the two of W_xh are
_ITALIC = 1  # letters of a name that is a variable, and no word


def tex(expr: Expr, arrays: Collection[str] = ()) -> str:
    """Return an expression as TeX, without signs around it.

    arrays: the names that are vectors or matrices, of which a product is taken element by element.
    """
    return _Writer(frozenset(arrays)).write(expr, 0)


def formula(text: str, names: Collection[str], arrays: Collection[str] = ()) -> str:
    """Return a text as TeX, "" for one that is no formula of these names; `name = expression` is one, too."""
    text = text.strip()
    try:
        target, expr = parse_let(text, paper=True, names=names)
    except EngineError:
        target, expr = None, None
    try:
        expr = parse(text, loose=True, names=names) if expr is None else expr
    except EngineError:
        return ""
    known = set(names)
    parts = [*walk(expr), *(walk(target) if target is not None else ())]
    if any(isinstance(part, Unknown) or (isinstance(part, Name) and part.id not in known) for part in parts):
        return ""
    if "." in text and any(isinstance(part, Name) and f".{part.id}" in text for part in parts):
        return ""  # nn.GRU is read as GRU
    written = tex(expr, arrays)
    return f"{tex(target, arrays)} = {written}" if target is not None else written


def name_in_tex(name: str) -> str:
    """Return a name as TeX: W_xh with its index below, h_prev with a word below, loss as a word."""
    first, *rest = [piece for piece in name.split("_") if piece] or [name]
    below = [_piece(piece, below=True) for piece in rest]
    match = _PIECES.fullmatch(first)
    if match is None:
        return rf"\mathrm{{{re.sub('[^A-Za-z0-9]', '', name)}}}"
    base = _piece(match["letters"], below=False)
    below = [match["digits"], *below] if match["digits"] else below
    return f"{base}_{{{','.join(below)}}}" if below else base


def _piece(piece: str, *, below: bool) -> str:
    if piece in _GREEK:
        return rf"\{piece}"
    piece = re.sub("[^A-Za-z0-9]", "", piece)
    return piece if len(piece) <= (_SHORT if below else _ITALIC) or piece.isdigit() else rf"\mathrm{{{piece}}}"


class _Writer:
    def __init__(self, arrays: frozenset[str]) -> None:
        self._arrays = arrays

    def write(self, expr: Expr, level: int) -> str:
        match expr:
            case Number(value=value, text=text):
                return self._number(value, text)
            case Name(id=name):
                return name_in_tex(name)
            case Array(items=items):
                return rf"\left[{self._listed(items)}\right]"
            case Index(base=base, items=index):
                return self._index(base, index)
            case Call():
                return self._call(expr, level)
            case _:
                return "?"

    def _number(self, value: float, text: str) -> str:
        match = _NUMBER.fullmatch(text) or _NUMBER.fullmatch(repr(abs(value)))
        if match is None:
            return r"\infty" if value == float("inf") else r"\mathrm{nan}"
        power = rf" \cdot 10^{{{int(match['exponent'])}}}" if match["exponent"] else ""
        return match["mantissa"] + power

    def _listed(self, items: Collection[Expr]) -> str:
        return r",\, ".join(self.write(item, 0) for item in items)

    def _index(self, base: Expr, items: tuple[Item, ...]) -> str:
        inside = ",".join(map(self._item, items))
        if isinstance(base, Name) and "_" not in name_in_tex(base.id):
            return f"{name_in_tex(base.id)}_{{{inside}}}"
        return rf"{self.write(base, _ATOM)}[{inside}]"

    def _item(self, item: Item) -> str:
        match item:
            case Rest():
                return r"\ldots"
            case NewAxis():
                return r"\mathrm{None}"
            case Slice(start=start, stop=stop, step=step):
                pieces = ["" if part is None else self.write(part, 0) for part in (start, stop)]
                pieces += [] if step is None else [self.write(step, 0)]
                return "{:}".join(pieces)
            case _:
                return self.write(item, 0)

    def _call(self, call: Call, level: int) -> str:
        match call:
            case Call(function="add" | "subtract" as function, args=(left, right), keywords=()):
                sign = "+" if function == "add" else "-"
                text = f"{self.write(left, _SUM)} {sign} {self.write(right, _SUM + 1)}"
                return self._bracketed(text, _SUM, level)
            case Call(function="multiply" | "matmul" | "dotted" | "beside", args=(left, right), keywords=()):
                text = f"{self.write(left, _PRODUCT)}{self._times(call)}{self.write(right, _PRODUCT + 1)}"
                return self._bracketed(text, _PRODUCT, level)
            case Call(function="divide", args=(over, under), keywords=()):
                return self._bracketed(rf"\frac{{{self.write(over, 0)}}}{{{self.write(under, 0)}}}", _SIGN, level)
            case Call(function="power", args=(base, exponent), keywords=()):
                return self._bracketed(f"{self._base(base)}^{{{self.write(exponent, 0)}}}", _POWER, level)
            case Call(function="square", args=(base,), keywords=()):
                return self._bracketed(f"{self._base(base)}^{{2}}", _POWER, level)
            case Call(function="transpose", args=(base,), keywords=()):
                return self._bracketed(rf"{self._base(base)}^{{\top}}", _POWER, level)
            case Call(function="negative" | "positive" as function, args=(arg,), keywords=()):
                text = f"{'-' if function == 'negative' else '+'}{self.write(arg, _SIGN)}"
                return self._bracketed(text, _SUM if level <= _SUM else _SIGN - 2, level)
            case Call(function=function, args=(left, right), keywords=()) if function in _COMPARED:
                text = f"{self.write(left, _SUM)} {_COMPARED[function]} {self.write(right, _SUM)}"
                return self._bracketed(text, 3, level)
            case Call(function="sqrt", args=(arg,), keywords=()):
                return rf"\sqrt{{{self.write(arg, 0)}}}"
            case Call(function=function, args=(arg,), keywords=()) if function in _AROUND:
                before, after = _AROUND[function]
                return f"{before}{self.write(arg, 0)}{after}"
        return self._function(call)

    def _function(self, call: Call) -> str:
        arguments = [self.write(arg, 0) for arg in call.args]
        arguments += [rf"\mathrm{{{_plain(key)}}}{{=}}{self.write(value, 0)}" for key, value in call.keywords]
        if call.function in _OWN_COMMANDS:
            name = rf"\{call.function}"
        elif call.function == "sigmoid":
            name = r"\sigma"
        else:
            name = rf"\operatorname{{{_plain(call.function)}}}"
        listed = r",\, ".join(arguments)
        return rf"{name}\left({listed}\right)"

    def _base(self, base: Expr) -> str:
        """Return what stands below a power: what has a sign, an index of its own or a fraction needs brackets."""
        text = self.write(base, _ATOM)
        inner = not isinstance(base, Name | Number | Array) and not text.startswith(r"\left(")
        return (
            rf"\left({text}\right)" if inner and isinstance(base, Call) and base.function in _FUNCTIONS_ASIDE else text
        )

    def _times(self, call: Call) -> str:
        if call.function in ("matmul", "beside"):
            return r"\, "
        if all(self._is_array(arg) for arg in call.args):
            return r" \odot "
        return r" \cdot "

    def _is_array(self, expr: Expr) -> bool:
        """Tell whether something is known to be a vector or a matrix, from its names and what is done to them."""
        match expr:
            case Name(id=name):
                return name in self._arrays
            case Call(function=function, args=args) if function in _ELEMENTWISE:
                return any(map(self._is_array, args))
        return False

    def _bracketed(self, text: str, own: int, level: int) -> str:
        return rf"\left({text}\right)" if own < level else text


_ELEMENTWISE = ("add", "subtract", "multiply", "divide", "negative", "tanh", "sigmoid", "relu", "exp", "log", "power")
_FUNCTIONS_ASIDE = ("divide", "negative", "positive")


def _plain(name: str) -> str:
    """Return the name of a function or of an argument, of letters alone or with what TeX needs before an underscore."""
    return re.sub("[^A-Za-z0-9_]", "", name).replace("_", r"\_")


__all__ = ["formula", "name_in_tex", "tex"]
