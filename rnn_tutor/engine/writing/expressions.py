"""Expressions -> expressions of a library.

The language has float64 arrays and masks alone; libraries tell whole numbers, masks, Python's numbers and tensors
apart. So each part has a kind, and is converted where the next one needs another.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import isnan

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array, Call, Expr, Index, Item, Name, NewAxis, Number, Rest, Slice
from rnn_tutor.engine.functions import TABLE
from rnn_tutor.engine.functions.linear import matmul_shape
from rnn_tutor.engine.graph.calls import bound_arguments
from rnn_tutor.engine.writing.facts import Facts
from rnn_tutor.engine.writing.helpers import HELPERS
from rnn_tutor.engine.writing.library import Library
from rnn_tutor.engine.writing.pieces import (
    Kind,
    Piece,
    UnwrittenError,
    call,
    constant,
    filled,
    listed,
    method,
    name,
    text_of,
    tuple_of,
)
from rnn_tutor.engine.writing.rows import written

_OPERATORS = {
    "add": ast.Add, "subtract": ast.Sub, "multiply": ast.Mult, "divide": ast.Div, "floor_divide": ast.FloorDiv,
    "power": ast.Pow,
}  # fmt: skip
_COMPARISONS = ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
_LOGIC = ("logical_and", "logical_or", "logical_not")
_MATHS = {name: name for name in ("exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "sinh",
                                  "cosh", "tanh", "erf", "floor", "ceil", "trunc")}  # fmt: skip
_MATHS |= {"arctan": "atan", "arctanh": "atanh"}
_TO_WHOLE = ("floor", "ceil", "trunc")
# What whole numbers stay whole in, and what masks may be handed to as they are.
_KEEPS_WHOLE = ("negative", "positive", "add", "subtract", "multiply", "floor_divide", "abs", "sign", "maximum",
                "minimum", "where", "clip", "sum", "prod", "max", "min", "cumsum", "cumprod", "stop", "stack",
                "concat", *_TO_WHOLE)  # fmt: skip
_TAKES_MASKS = ("sum", "any", "all", "count_nonzero", "where", "multiply", "equal", "not_equal", *_LOGIC)
_CELLS = ("rnn", "rnn_relu", "lstm", "lstm_c", "lstm_peephole", "gru", "gru_cho", "gru_pytorch")
# The arguments that are places, counts or classes: whole numbers.
PLACES = {"one_hot": ("ids",), "take_along_axis": ("ids",), "cross_entropy": ("targets",), "length_mask": ("lengths",),
          "reverse": ("lengths",), **dict.fromkeys(_CELLS, ("lengths",))}  # fmt: skip
_FLOATS_OF_JAX = ("sigmoid", "relu", "softplus", "silu", "gelu", "leaky_relu")  # jax.nn takes no whole numbers
_GIVES_WHOLE = ("argmax", "argmin", "argsort", "count_nonzero")
_GIVES_MASKS = ("any", "all", "length_mask", *_COMPARISONS, *_LOGIC)
_DERIVATIVES = ("grad", "jacobian", "local", "parts")


@dataclass
class Known:
    """What a name is in the script. Of a recurrent name inside its loop, `kind` is that of one step, kept in a dict."""

    kind: Kind
    by_step: bool = False
    text: str = ""  # how it is called in the script


@dataclass
class Writer:
    """Writes expressions. `known` has the names; `derivatives` those that were worked out before, by their call."""

    library: Library
    facts: Facts
    known: dict[str, Known]
    called: dict[str, None] = field(default_factory=dict)  # helpers and imports that are needed, in order
    derivatives: dict[int, Piece] = field(default_factory=dict)
    instead: dict[str, Piece] = field(default_factory=dict)  # names that stand for something else here
    stopped: dict[int, Piece] = field(default_factory=dict)  # what is held while a derivative is taken by differences
    taken: set[str] = field(default_factory=set)  # names that the script has beside those of the exercise
    elements: dict[str, Kind] = field(default_factory=dict)  # of recurrent names: the kind of one step
    holding: bool = False  # whether what is stopped must be held
    at_step: bool = False  # whether it writes the body of a loop

    @property
    def m(self) -> str:
        """The name of the library's module."""
        return self.library.module

    def write(self, expr: Expr) -> Piece:
        """Return an expression in the library. Raises UnwrittenError."""
        match expr:
            case Number():
                return self._number(expr)
            case Name(id=wanted):
                return self._name(wanted)
            case Array(items=items):
                return self._list(items)
            case Index():
                return self._index(expr)
            case Call():
                return self._call(expr)
            case _:
                raise UnwrittenError("What could not be read is not written either.")

    # Conversions.

    def array(self, piece: Piece) -> ast.expr:
        """Return a piece as something of the library: a number of Python becomes an array without axes."""
        if piece.is_python or piece.kind == "sizes":
            return call(self.library.array, piece.tree)
        return piece.tree

    def numbers(self, piece: Piece) -> ast.expr:
        """Return a piece as float64: masks and whole numbers are converted."""
        if piece.kind in ("mask", "whole"):
            return method(piece.tree, self.library.floats)
        if piece.kind == "truth":
            return call("float", piece.tree)
        return piece.tree

    def floating(self, piece: Piece) -> ast.expr:
        """Return a piece as float64, numbers of Python too: 2 as 2.0, T as float(T)."""
        if piece.kind != "int":
            return self.numbers(piece)
        value = _literal_or_none(piece.tree)
        return call("float", piece.tree) if value is None else constant(float(value))

    def whole(self, piece: Piece) -> ast.expr:
        """Return a piece as an array of whole numbers, to be used as places."""
        if piece.kind == "whole":
            return piece.tree
        if piece.is_python or piece.kind == "sizes":
            return call(self.library.array, self.count(piece) if piece.is_python else piece.tree)
        return method(piece.tree, self.library.wholes)

    def count(self, piece: Piece) -> ast.expr:
        """Return a piece as a whole number of Python."""
        return piece.tree if piece.kind == "int" else call("int", piece.tree)

    def mask(self, piece: Piece) -> ast.expr:
        """Return a piece as a mask."""
        if piece.kind == "mask":
            return piece.tree
        if piece.kind == "truth":
            return self.array(piece)
        return ast.Compare(self.array(piece), [ast.NotEq()], [ast.Constant(0)])

    # Names and numbers.

    def _number(self, expr: Number) -> Piece:
        value = expr.value
        if value.is_integer() and abs(value) < 1e15 and not any(sign in expr.text for sign in ".eE"):
            return Piece(constant(int(value)), "int", 0)
        return self.value(value)

    def value(self, value: float) -> Piece:
        """Return a number."""
        if isnan(value):
            return Piece(name(f"{self.m}.nan"), "float", 0)
        if value in (float("inf"), float("-inf")):
            positive = name(f"{self.m}.inf")
            return Piece(positive if value > 0 else ast.UnaryOp(ast.USub(), positive), "float", 0)
        return Piece(constant(value), "float", 0)

    def _name(self, wanted: str) -> Piece:
        if wanted in self.instead:
            return self.instead[wanted]
        known = self.known.get(wanted)
        if known is not None:
            return Piece(name(known.text), known.kind, self.facts.axes(Name(wanted)))
        if wanted in ("True", "False"):
            return Piece(ast.Constant(wanted == "True"), "truth", 0)
        if wanted in ("pi", "e", "inf", "nan"):
            return Piece(name(f"{self.m}.{wanted}"), "float", 0)
        raise UnwrittenError(f"There is no name {wanted} here.")

    def _list(self, items: Iterable[Expr]) -> Piece:
        return self.stacked([self.write(item) for item in items])

    def stacked(self, pieces: list[Piece]) -> Piece:
        """Return a list of pieces as an array, on a new first axis."""
        axes = None if not pieces or pieces[0].axes is None else pieces[0].axes + 1
        kind: Kind = "whole" if pieces and all(piece.kind in ("int", "whole") for piece in pieces) else "array"
        if all(piece.kind in ("mask", "truth") for piece in pieces) and pieces:
            kind = "mask"
        ints = self.library.key == "torch" and any(not piece.is_python for piece in pieces)
        convert = self.floating if ints else self.numbers
        trees = [convert(piece) if kind == "array" else piece.tree for piece in pieces]
        inner = [_inside(tree, self.library) for tree in trees]
        if all(tree is not None for tree in inner):  # numbers all through, or lists of them
            return Piece(
                call(self.library.array, listed([tree for tree in inner if tree is not None])), kind, axes or 1
            )
        if self.library.key != "torch":
            return Piece(call(self.library.array, listed(trees)), kind, axes)
        return Piece(
            call("torch.stack", listed([self._tensor(piece, tree) for piece, tree in zip(pieces, trees, strict=True)])),
            kind,
            axes,
        )

    def _tensor(self, piece: Piece, tree: ast.expr) -> ast.expr:
        return call("torch.tensor", tree) if piece.is_python or piece.kind == "sizes" else tree

    # Indexes.

    def _index(self, expr: Index) -> Piece:
        items = expr.items
        known = self.known.get(expr.base.id) if isinstance(expr.base, Name) else None
        if known is not None and known.by_step and isinstance(expr.base, Name) and expr.base.id not in self.instead:
            step, items = items[0], items[1:]
            axes = self.facts.axes(Index(expr.base, (step,)))
            if isinstance(step, Slice):
                base = self._steps(expr.base, known, step)
            elif isinstance(step, NewAxis):
                raise UnwrittenError("A new axis before the steps of a loop is not written.")
            else:
                at = self.count(self.write(step))
                base = Piece(ast.Subscript(name(known.text), at, ast.Load()), known.kind, axes)
            if not items:
                return base
        else:
            base = self.write(expr.base)
        if base.kind == "sizes":
            return self._of_sizes(base, items)
        if base.is_python:
            base = replace(base, tree=self.array(base), kind="array")
        if self.library.key == "torch":
            base, keys = self._forwards(base, items)
            if all(isinstance(key, ast.Slice) and key.lower is key.upper is key.step is None for key in keys):
                return replace(base, axes=self.facts.axes(expr))
        else:
            keys = [self.key(item) for item in items]
        key = keys[0] if len(keys) == 1 else tuple_of(keys)
        return Piece(ast.Subscript(base.tree, key, ast.Load()), base.kind, self.facts.axes(expr))

    def _forwards(self, base: Piece, items: tuple[Item, ...]) -> tuple[Piece, list[ast.expr]]:
        """PyTorch has no step below 0: x[::-1] is flipped, and its index goes on from there; x[5:1:-1] is a list."""
        turned: list[ast.expr] = []
        keys: list[ast.expr] = []
        for k, item in enumerate(items):
            if not isinstance(item, Slice) or item.step is None or _literal(item.step) >= 0:
                keys.append(self.key(item))
                continue
            axis = sum(not isinstance(other, NewAxis) for other in items[:k])
            if any(isinstance(other, Rest) for other in items[:k]):
                axis = -sum(not isinstance(other, NewAxis) for other in items[k:])
            if item.start is None and item.stop is None and _literal(item.step) == -1:
                turned.append(constant(axis))
                keys.append(ast.Slice())
            else:
                length = ast.Subscript(ast.Attribute(base.tree, "shape", ast.Load()), constant(axis), ast.Load())
                keys.append(ast.Subscript(call("list", call("range", length)), self._slice(item), ast.Load()))
        if not turned:
            return base, keys
        return replace(base, tree=call("torch.flip", base.tree, tuple_of(turned))), keys

    def _steps(self, base: Name, known: Known, step: Slice) -> Piece:
        """Return some steps of a recurrence whose loop is running, stacked."""
        sequence = self.facts.graph.names[base.id]
        count = len(getattr(sequence, "steps", ()))
        several = ast.Subscript(call("range", ast.Constant(count)), self._slice(step), ast.Load())
        element = Piece(ast.Subscript(name(known.text), ast.Name("k", ast.Load()), ast.Load()), known.kind)
        return self.all_steps(element, several)

    def all_steps(self, element: Piece, over: ast.expr) -> Piece:
        """Return `element`, written with k, for all k, stacked."""
        loop = ast.comprehension(ast.Name("k", ast.Store()), over, [], 0)
        made = ast.ListComp(element.tree, [loop])
        kind: Kind = {"int": "whole", "float": "array", "truth": "mask"}.get(element.kind, element.kind)  # type: ignore[assignment]
        axes = None if element.axes is None else element.axes + 1
        if element.is_python:
            return Piece(call(self.library.array, made), kind, axes)
        return Piece(call(f"{self.m}.stack", made), kind, axes)

    def _of_sizes(self, base: Piece, items: tuple[Item, ...]) -> Piece:
        """Return x.shape[0], a number of Python, or x.shape[:-1], some sizes."""
        (item,) = items
        if isinstance(item, Slice):
            return Piece(ast.Subscript(base.tree, self._slice(item), ast.Load()), "sizes", 1)
        if isinstance(item, NewAxis):
            raise UnwrittenError("Sizes with a new axis are not written.")
        at = self.write(item)
        if not at.is_python:
            places = Piece(self.array(base), "whole", 1)
            return Piece(ast.Subscript(places.tree, self._place(at), ast.Load()), "whole", at.axes)
        return Piece(ast.Subscript(base.tree, self.count(at), ast.Load()), "int", 0)

    def key(self, item: Item) -> ast.expr:
        match item:
            case Rest():
                return ast.Constant(...)
            case NewAxis():
                return ast.Constant(None)
            case Slice():
                return self._slice(item)
            case _:
                return self._place(self.write(item))

    def _place(self, piece: Piece) -> ast.expr:
        if piece.kind in ("int", "whole", "mask"):
            return piece.tree
        if piece.is_python:
            return self.count(piece)
        return self.whole(piece)

    def _slice(self, item: Slice) -> ast.expr:
        parts = [None if part is None else self.count(self.write(part)) for part in (item.start, item.stop, item.step)]
        return ast.Slice(*parts)

    # Calls.

    def _call(self, expr: Call) -> Piece:
        function = expr.function
        if function in _DERIVATIVES:
            if id(expr) not in self.derivatives:
                raise UnwrittenError(f"{function} is not written in this place.")
            return self.derivatives[id(expr)]
        if function in ("beside", "dotted"):
            return self._product(expr)
        if function in ("shape", "size", "ndim", "len"):
            return self._measure(expr)
        if function in ("concat", "stack", "hstack", "vstack"):
            return self._joined(expr)
        if function in ("max", "min") and expr.style == "call" and len(expr.args) > 1 and not expr.keywords:
            return self._of_several(expr)
        if function == "transpose" and len(expr.args) == 3 and not expr.keywords:
            return self._from_table("swapaxes", replace(expr, function="swapaxes"), expr)
        if function == "norm" and expr.style == "method" and len(expr.args) == 2:
            flat = Call("ravel", expr.args[:1])
            return self._from_table("norm", replace(expr, args=(flat, expr.args[1])), expr)
        return self._from_table(function, expr, expr)

    def _product(self, expr: Call) -> Piece:
        product = self.facts.graph.products.get(id(expr))
        if product is not None:
            function = product[1]
        else:
            left, right = (self.facts.shape(arg) for arg in expr.args)
            function = "multiply"
            if left and right and {len(left), len(right)} != {1}:
                try:
                    matmul_shape(left, right)
                    function = "matmul"
                except EngineError:
                    pass
        return self._from_table(function, replace(expr, function=function), expr)

    def _measure(self, expr: Call) -> Piece:
        (arg,) = expr.args
        if expr.function == "len" and isinstance(arg, Array):
            return Piece(ast.Constant(len(arg.items)), "int", 0)
        piece = self.write(arg)
        if piece.kind == "sizes" and expr.function in ("len", "size"):
            return Piece(call("len", piece.tree), "int", 0)
        tree = self.array(piece)
        if expr.function == "shape":
            return Piece(ast.Attribute(tree, "shape", ast.Load()), "sizes", 1)
        if expr.function == "len":
            return Piece(call("len", tree), "int", 0)
        if expr.function == "ndim":
            return Piece(ast.Attribute(tree, "ndim", ast.Load()), "int", 0)
        if self.library.key == "torch":
            return Piece(method(tree, "numel()"), "int", 0)
        return Piece(ast.Attribute(tree, "size", ast.Load()), "int", 0)

    def _joined(self, expr: Call) -> Piece:
        """What is joined is a list, or arrays one by one; an array alone is joined row by row."""
        function = expr.function
        first, *further = expr.args
        axis = dict(expr.keywords).get("axis")
        if function in ("concat", "stack") and len(further) == 1 and axis is None and self._is_axis(first, further[0]):
            axis, further = further[0], []
        if not further and isinstance(first, Array):
            pieces = [self.write(item) for item in first.items]
        elif not further:
            rows = self.write(first)
            if function == "stack" and axis is None:
                return rows
            over = call("list", self.array(rows)) if self.library.key == "torch" else self.array(rows)
            return self._join(function, over, axis, rows.kind if rows.kind in ("whole", "mask") else "array", expr)
        else:
            pieces = [self.write(arg) for arg in (first, *further)]
        kinds = {piece.kind for piece in pieces}
        kind: Kind = (
            "mask" if kinds <= {"mask", "truth"} else "whole" if kinds <= {"whole", "int", "sizes"} else "array"
        )
        if function == "stack" and axis is None:
            return self.stacked(pieces)
        trees = [
            self.array(piece if kind != "array" else replace(piece, tree=self.floating(piece))) for piece in pieces
        ]
        return self._join(function, listed(trees), axis, kind, expr)

    def _is_axis(self, first: Expr, second: Expr) -> bool:
        if isinstance(first, Array):
            return self.facts.axes(second) == 0
        number = second.args[0] if isinstance(second, Call) and second.function == "negative" else second
        if self.facts.axes(first) == 0:
            return False  # a number, and so another beside it
        return isinstance(number, Number) and number.value.is_integer() and "." not in number.text

    def _join(self, function: str, parts: ast.expr, axis: Expr | None, kind: Kind, expr: Call) -> Piece:
        given = {"parts": parts}
        if axis is not None:
            given["axis"] = self.count(self.write(axis))
        template = written(function, set(given), self.library)
        return Piece(filled(template, self.m, given, {"axis"} - given.keys()), kind, self.facts.axes(expr))

    def _of_several(self, expr: Call) -> Piece:
        name_of = "maximum" if expr.function == "max" else "minimum"
        result = expr.args[0]
        for other in expr.args[1:]:
            result = Call(name_of, (result, other))
        assert isinstance(result, Call)  # noqa: S101 - there are two at least
        return self._from_table(name_of, result, expr)

    def _from_table(self, function: str, expr: Call, whole: Expr) -> Piece:
        if function == "stop" and id(whole) in self.stopped:
            return self.stopped[id(whole)]
        arrays: dict[str, Piece] = {}
        given: dict[str, ast.expr] = {}
        kinds: set[Kind] = set()
        for param, args in bound_arguments(TABLE[function], expr):
            if not args or (isinstance(args[0], Name) and args[0].id == "None"):
                continue
            elif param.kind == "array":
                arrays[param.name] = self.write(args[0])
            elif param.kind in ("sizes", "axes") and not (param.kind == "axes" and not isinstance(args[0], Array)):
                given[param.name] = self._sizes(args)
            elif param.kind == "flag":
                given[param.name] = ast.Constant(bool(_literal(args[0])))
            elif param.kind == "number":
                number = self.write(args[0])
                kinds.add(number.kind)
                given[param.name] = number.tree if number.is_python else call("float", number.tree)
            else:
                given[param.name] = self.count(self.write(args[0]))
        axes = self.facts.axes(whole)
        if arrays and all(piece.is_python for piece in arrays.values()):
            by_python = self._by_python(function, [*arrays.values()], whole)
            if by_python is not None and not given:
                return by_python
        kind = self._kind(function, arrays, kinds)
        trees = {key: self._argument(function, key, piece, arrays, kind) for key, piece in arrays.items()}
        return Piece(self._filled(function, trees | given, arrays, expr), kind, axes)

    def _filled(self, function: str, args: dict[str, ast.expr], arrays: dict[str, Piece], expr: Call) -> ast.expr:
        """Return a call by its row, or by what takes the row's place for these arguments."""
        torch = self.library.key == "torch"
        axes = next(iter(arrays.values())).axes if arrays else None
        absent = {param.name for param in TABLE[function].params} - args.keys()
        if function == "transpose" and "axes" in absent and axes is not None and axes != 2:
            if axes < 2:
                return args["x"]
            args["axes"] = tuple_of([ast.Constant(k) for k in reversed(range(axes))])
            absent.clear()
        if function == "dot" and 0 in {piece.axes for piece in arrays.values()}:
            function = "multiply"
        if function == "full" and torch:
            args["x"] = self.array(Piece(args["x"], arrays["x"].kind))
        if function == "softmax" and self.facts.has_empty_rows(expr.args[0], self._axis(expr)):
            template = "softmax_or_0(x, axis)"
        elif function == "flip" and torch and isinstance(args.get("axis"), ast.Tuple):
            template = "torch.flip(x, axis)"
        else:
            template = written(function, set(args), self.library)
        self._note(template)
        return filled(template, self.m, args, absent)

    def _axis(self, expr: Call) -> int:
        given = expr.args[1] if len(expr.args) > 1 else dict(expr.keywords).get("axis")
        return -1 if given is None else int(_literal(given))

    def _note(self, template: str) -> None:
        """Note which helpers and imports a template needs."""
        called = template.partition("(")[0]
        if called in HELPERS:
            self.called[called] = None
        for module, imported in (("math.", "import math"), ("F.", "from torch.nn import functional as F")):
            if template.startswith(module) or f"({module}" in template:
                self.called[imported] = None

    def _sizes(self, args: tuple[Expr, ...]) -> ast.expr:
        """Return sizes as one tuple: written one by one, as a list, or with those of another array among them."""
        items: list[ast.expr] = []
        for arg in args:
            for item in arg.items if isinstance(arg, Array) else (arg,):
                piece = self.write(item)
                if piece.kind == "sizes":
                    items.append(ast.Starred(piece.tree, ast.Load()))
                elif piece.is_python or piece.axes == 0:
                    items.append(self.count(piece))
                else:
                    items.append(ast.Starred(method(self.whole(piece), "tolist()"), ast.Load()))
        if len(items) == 1 and isinstance(items[0], ast.Starred):
            return items[0].value
        return items[0] if len(items) == 1 else tuple_of(items)

    def _by_python(self, function: str, pieces: list[Piece], whole: Expr) -> Piece | None:
        """Return what Python calculates by itself, None where it is the library's. Numbers stay exact and finite."""
        if not self.facts.is_ordinary(whole):
            return None
        trees = [piece.tree for piece in pieces]
        is_int = all(piece.kind in ("int", "truth") for piece in pieces)
        if function in _OPERATORS:
            kind: Kind = "int" if is_int and function not in ("divide", "power") else "float"
            if function == "power" and is_int and _literal_or_none(trees[1]) is not None:
                kind = "int"
            return Piece(ast.BinOp(trees[0], _OPERATORS[function](), trees[1]), kind, 0)
        if function in ("negative", "positive"):
            sign = ast.USub() if function == "negative" else ast.UAdd()
            return Piece(ast.UnaryOp(sign, trees[0]), "int" if is_int else "float", 0)
        if function in ("maximum", "minimum"):
            nested = [item for tree in trees for item in _flat(tree, function[:3])]
            return Piece(call(function[:3], *nested), "int" if is_int else "float", 0)
        if function in _COMPARISONS:
            return Piece(
                filled(written(function, {"a", "b"}, self.library), self.m, dict(zip("ab", trees, strict=True)), set()),
                "truth",
                0,
            )
        if function == "where" and pieces[0].kind == "truth":
            return Piece(ast.IfExp(trees[0], trees[1], trees[2]), "int" if is_int else "float", 0)
        if function in ("logical_and", "logical_or") and all(piece.kind == "truth" for piece in pieces):
            return Piece(ast.BoolOp(ast.And() if function == "logical_and" else ast.Or(), trees), "truth", 0)
        if function == "logical_not" and pieces[0].kind == "truth":
            return Piece(ast.UnaryOp(ast.Not(), trees[0]), "truth", 0)
        if function == "abs":
            return Piece(call("abs", trees[0]), pieces[0].kind, 0)
        if function in _MATHS and self.library.key == "torch":
            self.called["import math"] = None
            return Piece(call(f"math.{_MATHS[function]}", trees[0]), "int" if function in _TO_WHOLE else "float", 0)
        return None

    def _kind(self, function: str, arrays: dict[str, Piece], numbers: set[Kind]) -> Kind:
        if function in _GIVES_MASKS:
            return "mask"
        if function in _GIVES_WHOLE:
            return "whole"
        counted = [piece.kind for key, piece in arrays.items() if key != "condition"]
        if function == "arange":
            return "whole" if numbers <= {"int"} else "array"
        if TABLE[function].family == "structure" and len(counted) == 1:
            kept = counted[0]
            return {"int": "whole", "float": "array", "truth": "mask", "sizes": "whole"}.get(kept, kept)  # type: ignore[return-value]
        if function == "take_along_axis":
            return "whole" if arrays["x"].kind in ("whole", "int") else "array"
        if function == "one_hot":
            return "whole" if self.library.key == "torch" else "array"
        if function == "sum" and counted[0] in ("mask", "whole"):
            return "whole"
        if function == "power":
            exponent = arrays["b"]
            if arrays["a"].kind == "whole" and exponent.kind == "int" and (_literal_or_none(exponent.tree) or -1) >= 0:
                return "whole"
            return "array"
        if function == "multiply" and set(counted) <= {"mask", "whole", "int", "truth"}:
            return "mask" if set(counted) <= {"mask", "truth"} else "whole"
        if function in _KEEPS_WHOLE and counted and all(kind in ("whole", "int", "sizes") for kind in counted):
            return "whole"
        if function == "where" and all(kind in ("mask", "truth") for kind in counted):
            return "mask"
        return "array"

    def _argument(self, function: str, key: str, piece: Piece, arrays: dict[str, Piece], kind: Kind) -> ast.expr:
        """Return an array argument as the library takes it there."""
        if key in PLACES.get(function, ()):
            return self.whole(piece)
        if (function == "where" and key == "condition") or function in _LOGIC:
            return self.mask(piece)
        if piece.kind == "sizes":
            piece = Piece(self.array(piece), "whole", 1)
        family = TABLE[function].family
        operator = function in _OPERATORS or function in _COMPARISONS or function == "where"
        if piece.is_python:
            if operator and all(other.is_python for other in arrays.values()):
                return self.array(replace(piece, tree=self.floating(piece), kind="float"))
            if operator:
                return piece.tree
            if self.library.key != "torch" and family in ("elementwise", "reduction"):
                return self.floating(piece) if self.library.key == "jax" and function in _FLOATS_OF_JAX else piece.tree
            tree = piece.tree if kind == "whole" else self.floating(piece)
            return self.array(replace(piece, tree=tree, kind="float"))
        if piece.kind == "mask":
            if function in _TAKES_MASKS or (family == "structure" and kind == "mask"):
                return piece.tree
            return self.numbers(piece)
        if piece.kind == "whole":
            if function in _COMPARISONS or function == "divide" or kind == "whole" or function in _TAKES_MASKS:
                return piece.tree
            if function in _OPERATORS and function != "power":
                return piece.tree
            if family == "elementwise" and self.library.key == "numpy" and function != "power":
                return piece.tree
            return self.numbers(piece)
        return piece.tree


def _literal(expr: Expr) -> float:
    match expr:
        case Number(value=value):
            return value
        case Call(function="negative", args=(Number(value=value),)):
            return -value
        case Name(id="True"):
            return 1.0
        case Name(id="False"):
            return 0.0
    raise UnwrittenError("An axis or a flag that is calculated is not written.")


def _literal_or_none(tree: ast.expr) -> int | None:
    return tree.value if isinstance(tree, ast.Constant) and type(tree.value) is int else None


def _flat(tree: ast.expr, function: str) -> list[ast.expr]:
    """Return the arguments of max(a, b) for max(max(a, b), c)."""
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == function:
        return tree.args
    return [tree]


def _inside(tree: ast.expr, library: Library) -> ast.expr | None:
    """Return what of a list within a list is written without a call of its own, None where it is computed."""
    match tree:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return tree
        case ast.Call(func=function, args=[ast.List() as items]) if text_of(function) == library.array:
            return items if all(_inside(item, library) is not None for item in items.elts) else None
        case ast.List(elts=items):
            return tree if all(_inside(item, library) is not None for item in items) else None
    return None
