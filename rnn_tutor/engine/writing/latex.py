"""Trees -> LaTeX, in the notation of papers as far as an expression has one; indexes count from 0, as everywhere here.

Nothing but names, numbers and commands of the tables below gets into the text: foreign text cannot become a command.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rnn_tutor.engine.expression import (
    ATOM,
    OPERATORS,
    SIGN_BINDS,
    SIGN_STANDS,
    UNARY,
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
)

_GREEK = frozenset((
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lam", "mu", "nu", "xi", "pi", "rho",
    "sigma", "tau", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega",
))  # fmt: skip
_COMMANDS = frozenset(("tanh", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "max", "min"))
_CALLED = {"sigmoid": r"\sigma", "maximum": r"\max", "minimum": r"\min"}
_SIGNS = {"add": "+", "subtract": "-", "equal": "=", "not_equal": r"\neq", "less": "<", "less_equal": r"\leq",
          "greater": ">", "greater_equal": r"\geq"}  # fmt: skip
_AROUND = {"abs": ("|", "|"), "norm": (r"\|", r"\|"), "floor": (r"\lfloor ", r"\rfloor"),
           "ceil": (r"\lceil ", r"\rceil")}  # fmt: skip
_CONSTANTS = {"pi": r"\pi", "inf": r"\infty", "nan": r"\mathrm{nan}", "e": "e"}
_COMMA = r",\ "
_NUMBERED = re.compile(r"([A-Za-z]+)([0-9]+)")

Axes = Callable[[Expr], int | None]


@dataclass(frozen=True)
class Mathematics:
    """Writes expressions as LaTeX. `axes` tells how many axes one has (None: not known), so * is the product it is."""

    axes: Axes = lambda _: None

    def step(self, name: str, expr: Expr, at: str = "") -> str:
        """Return an assignment, of the step `at` of a name that is made step by step."""
        target = self._indexed(Name(name), (Name(at),)) if at else name_of(name)
        return f"{target} = {self.expression(expr)}"

    def expression(self, expr: Expr) -> str:
        """Return an expression, without the signs around it that make it mathematics."""
        return self._write(expr, 0)

    def _write(self, expr: Expr, level: int, edge: bool = True) -> str:
        """`level` is the rank of what stands around it; `edge` tells that nothing stands directly before it."""
        match expr:
            case Number(value=value, text=text):
                return _bracketed(_number(text), value < 0 and (level > SIGN_BINDS or not edge))
            case Name(id=name):
                return name_of(name)
            case Array(items=items):
                return self._list(items)
            case Index(base=base, items=items):
                return self._indexed(base, items)
            case Call():
                return self._call(expr, level, edge)
            case _:
                return "?"

    def _list(self, items: tuple[Expr, ...]) -> str:
        rows = [item.items if isinstance(item, Array) else (item,) for item in items]
        if items and all(isinstance(item, Array) for item in items) and len({len(row) for row in rows}) == 1:
            inside = r" \\ ".join(" & ".join(self._write(part, 0) for part in row) for row in rows)
            return rf"\begin{{bmatrix}} {inside} \end{{bmatrix}}"
        return "[" + _COMMA.join(self._write(item, 0) for item in items) + "]"

    def _indexed(self, base: Expr, items: tuple[Item, ...]) -> str:
        inside = r",\,".join(self._item(item) for item in items)
        if isinstance(base, Name):
            letters, below = _apart(base.id)
            return f"{letters}_{{{below}{',' if below else ''}{inside}}}"
        return f"{self._write(base, ATOM)}_{{{inside}}}"

    def _item(self, item: Item) -> str:
        if isinstance(item, NewAxis):
            return r"\ldots" if isinstance(item, Rest) else r"\mathrm{new}"
        if isinstance(item, Slice):
            ends = [("" if part is None else self._write(part, 0)) for part in (item.start, item.stop)]
            step = "" if item.step is None else ":" + self._write(item.step, 0)
            return f"{ends[0]}:{ends[1]}{step}"
        return self._write(item, 0)

    def _call(self, expr: Call, level: int, edge: bool) -> str:
        function, args = expr.function, expr.args
        if function == "transpose" and len(args) == 1 and not expr.keywords:
            return rf"{self._write(args[0], ATOM)}^\top"
        if function in OPERATORS or function in ("beside", "dotted"):
            return self._operator(function, args, level, edge)
        if function in UNARY and len(args) == 1:
            text = ("-" if function == "negative" else "+") + self._write(args[0], 6, edge=False)
            return _bracketed(text, level > SIGN_BINDS or (level > SIGN_STANDS and not edge))
        if function == "sqrt":
            return rf"\sqrt{{{self._write(args[0], 0)}}}"
        if function in _AROUND and len(args) == 1 and not expr.keywords:
            left, right = _AROUND[function]
            return rf"\left{left}{self._write(args[0], 0)}\right{right}"
        if function == "grad" and len(args) == 2 and not expr.keywords:
            top, bottom = (rf"\partial {self._write(arg, ATOM)}" for arg in args)
            return rf"\frac{{{top}}}{{{bottom}}}"
        if function == "sum" and len(args) == 1 and not expr.keywords:
            return _bracketed(rf"\sum {self._write(args[0], ATOM)}", level > SIGN_STANDS)
        inside = [self._write(arg, 0) for arg in args]
        inside += [rf"\mathrm{{{_escaped(key)}}}={self._write(value, 0)}" for key, value in expr.keywords]
        return rf"{_function(function)}\left({_COMMA.join(inside)}\right)"

    def _operator(self, function: str, args: tuple[Expr, ...], level: int, edge: bool) -> str:
        left, right = args
        if function == "divide":
            return _bracketed(rf"\frac{{{self._write(left, 0)}}}{{{self._write(right, 0)}}}", level > 6)
        if function == "power":
            return _bracketed(f"{{{self._write(left, ATOM, edge=False)}}}^{{{self._write(right, 0)}}}", level > 7)
        own = 5 if function in ("matmul", "multiply", "beside", "dotted") else OPERATORS[function][1]
        bracketed = own < level  # of a power or an index the base stands alone
        first = self._write(left, own + (own == 3), edge or bracketed)
        second = self._write(right, own + 1, edge=False)
        return _bracketed(f"{first} {self._sign(function, args)} {second}", bracketed)

    def _sign(self, function: str, args: tuple[Expr, ...]) -> str:
        if function in _SIGNS:
            return _SIGNS[function]
        if function in ("matmul", "beside"):
            return r"\,"
        if function == "multiply" and all(self.axes(arg) for arg in args):
            return r"\odot"
        return r"\cdot"


def name_of(name: str) -> str:
    """Return a name: what is behind its first _ stands below, a word is upright."""
    if name in _CONSTANTS:
        return _CONSTANTS[name]
    letters, below = _apart(name)
    return f"{letters}_{{{below}}}" if below else letters


def _apart(name: str) -> tuple[str, str]:
    letters, _, below = name.partition("_")
    if below and letters == "d" + letters[1:] and len(letters) > 2:
        return rf"\mathrm{{{_escaped(letters)}}}", _word(below)
    numbered = _NUMBERED.fullmatch(letters)  # h1 is h_1
    if numbered is not None:
        return _word(numbered[1]), numbered[2] + (f",{_word(below)}" if below else "")
    return _word(letters) or r"\_", _word(below)


def _word(text: str) -> str:
    if text in _GREEK:
        return rf"\{'lambda' if text == 'lam' else text}"
    return text if len(text) < 2 or text.isdigit() else _two(text)


def _two(text: str) -> str:
    """Return what is below, as xh of W_xh, in italics; words are upright."""
    return text if len(text) == 2 and text.isalnum() else rf"\mathrm{{{_escaped(text)}}}"


def _function(name: str) -> str:
    if name in _CALLED:
        return _CALLED[name]
    return rf"\{name}" if name in _COMMANDS else rf"\operatorname{{{_escaped(name)}}}"


def _escaped(text: str) -> str:
    return text.replace("_", r"\_")


def _number(text: str) -> str:
    digits, sign, power = text.lower().partition("e")
    if not sign:
        return digits
    return rf"{digits} \cdot 10^{{{power.lstrip('+')}}}"


def _bracketed(text: str, needed: bool) -> str:
    return rf"\left({text}\right)" if needed else text
