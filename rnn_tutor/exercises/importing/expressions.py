"""Expressions of a notebook's code -> values: what Python does with lists, texts and names, and numbers as text."""

import ast
import itertools
from collections.abc import Callable, Sequence
from typing import Any, cast

from rnn_tutor.exercises.importing import library
from rnn_tutor.exercises.importing.numbers import MAX_ITEMS, Numbers, bracketed
from rnn_tutor.exercises.importing.values import (
    Box,
    Complex,
    Dict,
    Filling,
    Func,
    Lib,
    List,
    Nothing,
    Num,
    Scope,
    Shown,
    Strange,
    Text,
    Tup,
    UnsupportedError,
    Value,
    call,
)

MAX_TEXT = 20_000
VIEWS = frozenset(("T", "reshape", "ravel", "swapaxes", "squeeze", "transpose"))
_BITS = (ast.BitAnd, ast.BitOr)
_WHOLE_STAYS = (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod)


class Expressions(Numbers):
    """Evaluates expressions in scopes."""

    # -- expressions ------------------------------------------------------------------------------------------

    def value(self, node: ast.expr, scope: Scope) -> Value:
        """Return what an expression is. Raises UnsupportedError."""
        self.spend()
        method = cast("Callable[[Any, Scope], Value] | None", getattr(self, f"on_{type(node).__name__}", None))
        if method is None:
            raise UnsupportedError(f"`{_short(node)}`")
        return method(node, scope)

    def on_Constant(self, node: ast.Constant, _: Scope) -> Value:
        if node.value is None:
            return Nothing()
        if isinstance(node.value, str):
            return Text((node.value,))
        if node.value is ...:
            return Strange("it is left open (`...`)", self.cell)
        if isinstance(node.value, complex):
            raise UnsupportedError("complex numbers")
        if isinstance(node.value, bytes):
            raise UnsupportedError("bytes")
        return self.number(node.value)

    def on_Name(self, node: ast.Name, scope: Scope) -> Value:
        found = scope.look(node.id)
        if found is not None:
            return found
        if node.id in library.BUILTINS:
            return Lib(node.id)
        raise UnsupportedError(f"there is no `{node.id}` above it")

    def on_NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> Value:
        raise UnsupportedError("`:=`")

    def on_List(self, node: ast.List, scope: Scope) -> Value:
        return List(self._several(node.elts, scope))

    def on_Tuple(self, node: ast.Tuple, scope: Scope) -> Value:
        return Tup(tuple(self._several(node.elts, scope)))

    def _several(self, nodes: Sequence[ast.expr], scope: Scope) -> list[Value]:
        found: list[Value] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                found += self.items(self.value(node.value, scope))
            else:
                found.append(self.value(node, scope))
        return found

    def on_Dict(self, node: ast.Dict, scope: Scope) -> Value:
        found: dict[Any, Value] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise UnsupportedError("`**` in a dict")
            found[self.key(self.value(key, scope))] = self.value(value, scope)
        return Dict(found)

    def on_JoinedStr(self, node: ast.JoinedStr, scope: Scope) -> Value:
        pieces: list[str | Shown] = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                pieces.append(str(part.value))
            elif isinstance(part, ast.FormattedValue):
                spec = self.value(part.format_spec, scope) if part.format_spec is not None else Text(())
                plain = spec.plain if isinstance(spec, Text) else None
                inner = self.shown(part.value, scope)
                pieces += inner.pieces if isinstance(inner, Text) else [Shown(inner, plain or "", name_of(part.value))]
        return Text(tuple(pieces))

    def shown(self, node: ast.expr, scope: Scope) -> Value:
        """Return what is shown of an expression; what cannot be had is strange there and no error."""
        try:
            return self.value(node, scope)
        except UnsupportedError as error:
            return Strange(str(error), self.cell)

    def on_UnaryOp(self, node: ast.UnaryOp, scope: Scope) -> Value:
        inner = self.value(node.operand, scope)
        if isinstance(node.op, ast.Not):
            if isinstance(inner, Num | Box) and self.num(inner).value.dtype == bool:
                return self.program.num(call("logical_not", self.num(inner).tree))
            return self.number(not self.truth(inner))
        num = self.num(inner)
        if isinstance(node.op, ast.Invert) and num.value.dtype != bool:
            raise UnsupportedError("`~` of whole numbers")
        return self.program.num(ast.UnaryOp(node.op, num.tree), whole=num.whole)

    def on_BinOp(self, node: ast.BinOp, scope: Scope) -> Value:
        return self.operated(self.value(node.left, scope), node.op, self.value(node.right, scope))

    def operated(self, left: Value, op: ast.operator, right: Value) -> Value:
        """Return what an operator makes of two values. Raises UnsupportedError."""
        match (left, op, right):
            case (List(), ast.Add(), List()):
                return List(_few_items([*left.items, *right.items]))
            case (Tup(), ast.Add(), Tup()):
                return Tup(tuple(_few_items([*left.items, *right.items])))
            case (List(), ast.Mult(), Num() | Box()):
                return List(left.items * self._few(right, len(left.items)))
            case (Num() | Box(), ast.Mult(), List()):
                return self.operated(right, op, left)
            case (Tup(), ast.Mult(), Num() | Box()):
                return Tup(left.items * self._few(right, len(left.items)))
            case (Text(), ast.Add(), Text()):
                return _short_text((*left.pieces, *right.pieces))
            case (Text(), ast.Mult(), Num()):
                return _short_text(left.pieces * min(200, max(0, self.count(right))))
            case (Text(), ast.Mod(), _):
                values = right.items if isinstance(right, Tup) else (right,)
                return library.percent(left, values)
        a, b = self.num(left), self.num(right)
        whole = a.whole and b.whole and isinstance(op, _WHOLE_STAYS)
        if isinstance(op, _BITS) and not (a.value.dtype == bool == b.value.dtype):
            raise UnsupportedError("an operation on bits")
        if isinstance(op, ast.BitXor | ast.LShift | ast.RShift):
            raise UnsupportedError("an operation on bits")
        if isinstance(op, ast.Mod):
            times = ast.BinOp(b.tree, ast.Mult(), call("floor_divide", a.tree, b.tree))
            return self.program.num(ast.BinOp(a.tree, ast.Sub(), times), whole=whole)
        if isinstance(op, ast.Pow) and a.whole and b.whole and (b.value >= 0).all():
            whole = True
        return self.program.num(ast.BinOp(_array(a.tree, b.tree), op, _array(b.tree, a.tree)), whole=whole)

    def _few(self, value: Value, items: int) -> int:
        count = self.count(value)
        if count * max(1, items) > MAX_ITEMS:
            raise UnsupportedError("a very long list")
        return count

    def on_Compare(self, node: ast.Compare, scope: Scope) -> Value:
        sides = [self.value(one, scope) for one in (node.left, *node.comparators)]
        found = [self._compared(a, op, b) for (a, b), op in zip(itertools.pairwise(sides), node.ops, strict=True)]
        if len(found) == 1:
            return found[0]
        tree = found[0].tree
        for one in found[1:]:
            tree = call("logical_and", tree, one.tree)
        return self.program.num(tree)

    def _compared(self, left: Value, op: ast.cmpop, right: Value) -> Num:
        if isinstance(op, ast.Is | ast.IsNot):
            if not isinstance(right, Nothing):
                raise UnsupportedError("`is`")
            return self.number(isinstance(left, Nothing) == isinstance(op, ast.Is))
        if isinstance(op, ast.In | ast.NotIn):
            inside = self.key(left) in [self.key(one) for one in self.items(right)]
            return self.number(inside == isinstance(op, ast.In))
        if isinstance(left, Text | Nothing | Tup) or isinstance(right, Text | Nothing):
            if not isinstance(op, ast.Eq | ast.NotEq):
                raise UnsupportedError("texts that are compared")
            same = not isinstance(left, Nothing | Num | Box) and self.key(left) == self.key(right)
            return self.number(same == isinstance(op, ast.Eq))
        a, b = self.num(left), self.num(right)
        return self.program.num(ast.Compare(_array(a.tree, b.tree), [op], [_array(b.tree, a.tree)]))

    def on_BoolOp(self, node: ast.BoolOp, scope: Scope) -> Value:
        wants = isinstance(node.op, ast.Or)
        tree: ast.expr | None = None
        for k, part in enumerate(node.values):
            value = self.value(part, scope)
            if isinstance(value, Num) and value.value.ndim == 0 and value.value.dtype == bool:
                if value.constant:
                    if bool(value.value) is wants:
                        return value
                    if k < len(node.values) - 1 or tree is not None:
                        continue
                tree = value.tree if tree is None else call(
                    "logical_or" if wants else "logical_and", tree, value.tree)  # fmt: skip
                if k == len(node.values) - 1:
                    return self.program.num(tree)
                continue
            if tree is not None:
                raise UnsupportedError("`and` and `or` of several kinds")
            if self.truth(value) is wants or k == len(node.values) - 1:
                return value
        return self.program.num(tree) if tree is not None else self.number(not wants)

    def on_IfExp(self, node: ast.IfExp, scope: Scope) -> Value:
        test = self.value(node.test, scope)
        if isinstance(test, Num) and not test.constant and test.value.size == 1:
            try:
                return self.either(test, self.value(node.body, scope), self.value(node.orelse, scope))
            except UnsupportedError:
                pass  # only one of the two can be had: the condition decides
        return self.value(node.body if self.truth(test) else node.orelse, scope)

    def either(self, test: Num, left: Value, right: Value) -> Num:
        """Return what is one of two by a condition. Raises UnsupportedError where their shapes differ."""
        a, b = self.num(left), self.num(right)
        if a.value.shape != b.value.shape or test.value.size != 1:
            raise UnsupportedError("a condition that decides on a shape")
        if ast.dump(a.tree) == ast.dump(b.tree):
            return a
        return self.program.num(call("where", test.tree, a.tree, b.tree), whole=a.whole and b.whole)

    # -- parts ------------------------------------------------------------------------------------------------

    def on_Subscript(self, node: ast.Subscript, scope: Scope) -> Value:
        base = self.value(node.value, scope)
        if isinstance(base, Lib):
            return library.bracketed(self, base.path, self._several(
                node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice], scope))  # fmt: skip
        if isinstance(base, Complex):
            index, _ = self.index(node.slice, scope)
            return Complex(*(self.program.num(ast.Subscript(part.tree, index)) for part in (base.re, base.im)))
        if isinstance(base, Filling):
            return self._of_turn(base, node.slice, scope)
        if isinstance(base, List | Tup | Text | range | Dict):
            return self._item(base, node.slice, scope)
        num = self.num(base)
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int) and node.slice.value >= 0 and (
                isinstance(num.tree, ast.List) and node.slice.value < len(num.tree.elts)):  # fmt: skip
            return self.at(num, [node.slice])
        index, views = self.index(node.slice, scope)
        if isinstance(index, ast.Constant) and isinstance(num.tree, ast.List) and isinstance(index.value, int):
            return self.at(num, [index])
        found = self.program.num(ast.Subscript(bracketed(num.tree), index), whole=num.whole)
        if views and isinstance(base, Box) and not isinstance(node.value, ast.Call):
            found.view_of = base
        return found

    def offset(self, index: ast.expr, scope: Scope) -> int | None:
        """Return how far an index is from what the loop that is walked counts; None where it is something else."""
        walk = self.program.walk
        return None if walk is None else walk.offset(self.num(self.value(index, scope)).tree)

    def _of_turn(self, base: Filling, index: ast.expr, scope: Scope) -> Num:
        """Return what a dict has that is filled by step: at this turn, or at the one before."""
        walk = self.program.walk
        offset = self.offset(index, scope)
        before = base.offset + (1 if walk is not None and walk.reverse else -1)
        found = base.now if offset == base.offset else base.before if offset == before else None
        if found is None:
            raise UnsupportedError("a dict that is read elsewhere while it is filled")
        return found

    def _of_steps(self, base: Dict, place: Value) -> Num | None:
        """Return one step of a dict that another loop has filled, at a place that this loop counts; None otherwise."""
        walk = self.program.walk
        if walk is None or not isinstance(place, Num) or not walk.reads(place.tree):
            return None
        held = list(itertools.takewhile(lambda one: isinstance(one, Num), map(base.items.get, itertools.count())))
        whole = self._all_of_a_loop([one for one in held if isinstance(one, Num)])
        return None if whole is None else self.program.num(ast.Subscript(whole.tree, place.tree), whole=whole.whole)

    def _item(self, base: Value, index: ast.expr, scope: Scope) -> Value:
        if isinstance(base, Dict):
            place = self.value(index, scope)
            step = self._of_steps(base, place)
            if step is not None:
                return step
            key = self.key(place)
            if key not in base.items:
                raise UnsupportedError("a key that is not in its dict")
            return base.items[key]
        items = self.items(base)
        if isinstance(index, ast.Slice):
            cut = items[slice(*(None if part is None else self.count(self.value(part, scope))
                                for part in (index.lower, index.upper, index.step)))]  # fmt: skip
            if isinstance(base, Text):
                return Text(tuple(piece for one in cut if isinstance(one, Text) for piece in one.pieces))
            return Tup(tuple(cut)) if isinstance(base, Tup) else List(cut)
        place = self.value(index, scope)
        if isinstance(place, Num) and not place.constant:  # the place is computed: an element of the array
            with_numbers = self.num(base)
            return self.program.num(ast.Subscript(bracketed(with_numbers.tree), place.tree))
        try:
            return items[self.count(place)]
        except IndexError:
            raise UnsupportedError("a place outside of its list") from None

    def index(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, bool]:
        """Return what stands in brackets, translated, and whether it makes a view of the array's memory."""
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        trees: list[ast.expr] = []
        views = False
        for part in parts:
            if isinstance(part, ast.Slice):
                views = True
                trees.append(ast.Slice(*(None if one is None else self.num(self.value(one, scope)).tree
                                         for one in (part.lower, part.upper, part.step))))  # fmt: skip
                continue
            if isinstance(part, ast.Constant) and part.value is ...:
                trees.append(part)
                views = True
                continue
            value = self.value(part, scope)
            if isinstance(value, Nothing) or (isinstance(value, Lib) and value.path == "np.newaxis"):
                trees.append(ast.Constant(None))
            else:
                trees.append(_folded(self.num(value)))
        return (trees[0] if len(trees) == 1 and not isinstance(node, ast.Tuple) else ast.Tuple(trees)), views

    def on_Attribute(self, node: ast.Attribute, scope: Scope) -> Value:
        base = self.value(node.value, scope)
        if isinstance(base, Lib):
            return library.found(self, f"{base.path}.{node.attr}")
        if isinstance(base, Strange):
            raise UnsupportedError(self.because(base))
        if isinstance(base, Complex):
            return library.of_complex(self, base, node.attr)
        if isinstance(base, Num | Box):
            num = self.num(base)
            if node.attr == "shape":
                return Tup(tuple(self._size(num, axis) for axis in range(num.value.ndim)))
            if node.attr in ("size", "ndim"):
                return self.program.num(call(node.attr, num.tree), whole=True)
            if node.attr == "T":
                made = self.program.num(ast.Attribute(bracketed(num.tree), "T"), whole=num.whole)
                made.view_of = base if isinstance(base, Box) and not isinstance(node.value, ast.Call) else None
                return made
            if node.attr == "real":
                return num
        raise UnsupportedError(f"`.{node.attr}`")

    def _size(self, num: Num, axis: int) -> Num:
        return self.program.num(ast.Subscript(call("shape", num.tree), ast.Constant(axis)), whole=True)

    # -- lists that are made ----------------------------------------------------------------------------------

    def on_ListComp(self, node: ast.ListComp, scope: Scope) -> Value:
        return List(self._made(node, scope))

    def on_GeneratorExp(self, node: ast.GeneratorExp, scope: Scope) -> Value:
        return List(self._made(node, scope))

    def on_DictComp(self, node: ast.DictComp, scope: Scope) -> Value:
        pair = ast.ListComp(ast.Tuple([node.key, node.value]), node.generators)
        made = [one for one in self._made(pair, scope) if isinstance(one, Tup)]
        return Dict({self.key(one.items[0]): one.items[1] for one in made})

    def _made(self, node: ast.ListComp | ast.GeneratorExp, scope: Scope) -> list[Value]:
        found: list[Value] = []
        inner = Scope({}, scope)

        def through(k: int) -> None:
            if k == len(node.generators):
                found.append(self.value(node.elt, inner))
                if len(found) > MAX_ITEMS:
                    raise UnsupportedError("a very long list")
                return
            loop = node.generators[k]
            for item in self.items(self.value(loop.iter, inner)):
                self.bind(loop.target, item, inner)
                if all(self.truth(self.value(test, inner)) for test in loop.ifs):
                    through(k + 1)

        through(0)
        return found

    def bind(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Let a name, or several, stand for a value, without a name of its own in the program."""
        match target:
            case ast.Name(id=name):
                scope.names[name] = value
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                items = self.items(value)
                if len(items) != len(elts) or any(isinstance(one, ast.Starred) for one in elts):
                    raise UnsupportedError("several names for another number of values")
                for one, item in zip(elts, items, strict=True):
                    self.bind(one, item, scope)
            case _:
                raise UnsupportedError(f"`{_short(target)}` on the left")

    def on_Lambda(self, node: ast.Lambda, scope: Scope) -> Value:
        return Func("lambda", node.args, [ast.Return(node.body)], scope)


def name_of(node: ast.expr) -> str:
    """Return a name that an expression is, "" for any other expression."""
    return node.id if isinstance(node, ast.Name) else ""


def _few_items(items: list[Value]) -> list[Value]:
    if len(items) > MAX_ITEMS:
        raise UnsupportedError("a very long list")
    return items


def _short_text(pieces: tuple[str | Shown, ...]) -> Text:
    if len(pieces) > MAX_ITEMS or sum(len(one) for one in pieces if isinstance(one, str)) > MAX_TEXT:
        raise UnsupportedError("a very long text")
    return Text(pieces)


def _folded(num: Num) -> ast.expr:
    """Return an index as a whole number where it is written down as one."""
    if not num.constant or isinstance(num.tree, ast.Constant):
        return num.tree
    value = num.value
    if value.ndim or value.dtype == bool or float(value) % 1:
        return num.tree
    place = int(value)
    return ast.Constant(place) if place >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-place))


def _short(node: ast.AST) -> str:
    text = ast.unparse(node).replace("\n", " ")
    return text if len(text) <= 60 else f"{text[:57]}..."


def _array(tree: ast.expr, other: ast.expr) -> ast.expr:
    """Return a side of an operation: two lists that are written out are arrays here."""
    del other
    return call("array", tree) if isinstance(tree, ast.List) else tree
