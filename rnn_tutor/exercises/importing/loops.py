"""A loop of a notebook -> `start`, `for` and `do` of the language, where every turn does the same.

The body is walked once. What it assigns is `name[t]`, what it reads of the turn before `name[t-1]`, and both have the
values of the first turn while it is walked. Whatever would decide by such a value raises UnsupportedError, and the loop
is written out turn by turn instead. A dict that a turn fills in one place, `h[t] = ...`, is such a name, too: then
`h[t - 1]` is what it has of the turn before, and `h = {-1: start}` what there is before the first.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rnn_tutor.exercises.importing.expressions import Expressions
from rnn_tutor.exercises.importing.numbers import bracketed
from rnn_tutor.exercises.importing.program import Walk, plain_name
from rnn_tutor.exercises.importing.values import (
    Box,
    Dict,
    Filling,
    Func,
    Lib,
    List,
    Num,
    Scope,
    Tup,
    UnsupportedError,
    Value,
    call,
)

MAX_LOOP = 2_000
LEAST = 2  # turns


@dataclass
class _Loop:
    """A loop while it is walked: what is carried from turn to turn, and the lists that grow."""

    walk: Walk
    count: Num
    carried: dict[str, Num] = field(default_factory=dict)  # as they are before the loop, by name
    lists: dict[str, List] = field(default_factory=dict)
    filled: dict[str, Box] = field(default_factory=dict)
    dicts: dict[str, Dict] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)  # of dicts: the place that is filled, from what is counted
    items: dict[str, Num] = field(default_factory=dict)  # what is put into them in a turn


class Looping(Expressions):
    """Walks loops once, where that is enough."""

    def block(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Walk statements; `machine` knows how."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Let a target stand for a value; `machine` knows how."""
        raise NotImplementedError

    def as_one(self, node: ast.For, scope: Scope) -> bool:
        """Walk a loop as one of the language; tell whether that could be done. If not, nothing has changed."""
        if self.program.walk is not None or node.orelse or not all(_plain(one) for one in node.body):
            return False
        names = dict(scope.names)
        boxes = {id(one): (one, one.num, one.viewed) for one in names.values() if isinstance(one, Box)}
        try:
            self._once(node, scope)
        except UnsupportedError:
            self.program.walk = None
            scope.names.clear()
            scope.names.update(names)
            for box, num, viewed in boxes.values():
                box.num, box.viewed = num, viewed
            return False
        return True

    def _once(self, node: ast.For, scope: Scope) -> None:
        over, reverse = _forwards(node.iter) if scope.look("reversed") is None else (node.iter, False)
        walk = Walk(self.program.fresh(_variable(node.target, over)), reverse)
        t = Num(ast.Name(walk.variable), self.program.evaluate, whole=True)
        count, bound = self._counted(over, t, scope)
        turns = count.value
        if turns.ndim or not LEAST <= float(turns) <= MAX_LOOP or float(turns) % 1:
            raise UnsupportedError("a loop of that many turns")
        walk.first = int(float(turns)) - 1 if reverse else 0
        loop = _Loop(walk, count)
        self._prepare(loop, node, scope)
        self.program.walk = walk
        self.bind(node.target, bound, scope)
        self._begin_dicts(loop, node.body, scope)
        self._walk_body(loop, node.body, scope, t)
        self._finish(loop, node, scope)

    def _counted(self, node: ast.expr, t: Num, scope: Scope) -> tuple[Num, Value]:
        """Return how many turns there are, and what the target stands for in one of them."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and scope.look(node.func.id) is None:
            args = [self.value(arg, scope) for arg in node.args]
            if node.func.id == "range" and not node.keywords:
                return self._of_range([self.num(arg) for arg in args], t)
            if node.func.id == "enumerate" and len(args) == 1 and not node.keywords:
                count, item = self._of_array(args[0], t)
                return count, Tup((t, item))
            if node.func.id == "zip" and args:
                pairs = [self._of_array(arg, t) for arg in args]
                if len({float(count.value) for count, _ in pairs}) != 1:
                    raise UnsupportedError("sequences of several lengths")
                return pairs[0][0], Tup(tuple(item for _, item in pairs))
        return self._of_array(self.value(node, scope), t)

    def _of_range(self, args: list[Num], t: Num) -> tuple[Num, Value]:
        if len(args) == 1:
            return args[0], t
        if len(args) != 2:
            raise UnsupportedError("a range with a step")
        first = int(float(args[0].value))
        if not args[0].constant:
            raise UnsupportedError("a range with a start that is computed")
        if first == 0:
            return args[1], t
        sign, size = (ast.Sub(), ast.Constant(first)) if first > 0 else (ast.Add(), ast.Constant(-first))
        back = ast.Add() if first > 0 else ast.Sub()
        count = self.program.num(ast.BinOp(args[1].tree, sign, size), whole=True)
        if args[1].constant:
            count = self.number(int(float(args[1].value)) - first)
        return count, Num(ast.BinOp(t.tree, back, ast.Constant(abs(first))), self.program.evaluate, whole=True)

    def _of_array(self, value: Value, t: Num) -> tuple[Num, Value]:
        if not isinstance(value, Num | Box | List):
            raise UnsupportedError("a loop over something else")
        num = self.num(value)
        if num.value.ndim == 0:
            raise UnsupportedError("a loop over a single number")
        item = Num(ast.Subscript(bracketed(num.tree), t.tree), self.program.evaluate, num.whole)
        return self.program.num(call("len", num.tree), whole=True), item

    def _prepare(self, loop: _Loop, node: ast.For, scope: Scope) -> None:
        """Look at what the body changes; names that were there before are carried."""
        for name in sorted(_assigned(node.body)):
            held = scope.look(name)
            if isinstance(held, Box) and _has_two_names(held, scope):
                raise UnsupportedError("an array of two names that is changed")
            if isinstance(held, Num | Box):
                loop.carried[name] = self.num(held)
                loop.walk.starts[name] = self.num(held).tree
                scope.names[name] = Num(loop.walk.before(name), self.program.evaluate, self.num(held).whole)
            elif held is not None and not isinstance(held, Func | Lib):
                raise UnsupportedError("a name that stands for something else")
        self._prepare_parts(loop, node, scope)

    def _prepare_parts(self, loop: _Loop, node: ast.For, scope: Scope) -> None:
        """Look at the lists that the body appends to, and at the arrays and dicts that it fills by step."""
        read = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
        for statement in node.body:
            grown = _grown(statement)
            if grown is not None:
                held = scope.look(grown)
                if not isinstance(held, List) or grown in loop.lists or held.items:
                    raise UnsupportedError("something that grows twice")
                loop.lists[grown] = held
            filled = _filled(statement)
            if filled is not None:
                held = scope.look(filled)
                if isinstance(held, Dict) and not _has_two_names(held, scope):
                    loop.dicts[filled] = held
                    continue
                times = sum(isinstance(one, ast.Name) and one.id == filled for one in ast.walk(node))
                if not isinstance(held, Box) or filled in loop.filled or times > 1 or held.viewed:
                    raise UnsupportedError("an array that is read while it is filled")
                loop.filled[filled] = held
        for name, grown_list in loop.lists.items():
            times = sum(isinstance(one, ast.Name) and one.id == name for one in ast.walk(node))
            if times > 1 or _has_two_names(grown_list, scope) or name not in read:
                raise UnsupportedError("a list that is read while it grows")

    def _begin_dicts(self, loop: _Loop, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Let the dicts that the body fills have what they have before its first turn."""
        for statement in body:
            name = _filled(statement)
            if name is None or name not in loop.dicts:
                continue
            assert isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript)  # noqa: S101
            offset = self.offset(statement.targets[0].slice, scope)
            if offset is None or loop.offsets.get(name, offset) != offset:
                raise UnsupportedError("a dict that is filled in another order")
            loop.offsets[name] = offset
            filling = Filling(offset)
            start = loop.dicts[name].items.get(offset + (int(float(loop.count.value)) if loop.walk.reverse else -1))
            if isinstance(start, Num | Box):
                loop.walk.starts[name] = self.num(start).tree
                filling.before = Num(loop.walk.before(name), self.program.evaluate, self.num(start).whole)
            scope.names[name] = filling

    def _walk_body(self, loop: _Loop, body: Sequence[ast.stmt], scope: Scope, t: Num) -> None:
        for statement in body:
            grown, filled = _grown(statement), _filled(statement)
            if grown is not None:
                assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)  # noqa: S101
                loop.items[grown] = self._step(grown, self.value(statement.value.args[0], scope))
            elif filled is not None:
                assert isinstance(statement, ast.Assign)  # noqa: S101
                target = statement.targets[0]
                assert isinstance(target, ast.Subscript)  # noqa: S101
                into = scope.look(filled)
                if isinstance(into, Filling):
                    if self.offset(target.slice, scope) != into.offset:
                        raise UnsupportedError("a dict that is filled in another order")
                    loop.items[filled] = into.now = self._step(filled, self.value(statement.value, scope))
                    continue
                index = self.num(self.value(target.slice, scope))
                if ast.dump(index.tree) != ast.dump(t.tree):
                    raise UnsupportedError("an array that is filled in another order")
                loop.items[filled] = self._step(filled, self.value(statement.value, scope))
            else:
                self.block([statement], scope)

    def _step(self, name: str, value: Value) -> Num:
        num = self.num(value)
        walk = self.program.walk
        assert walk is not None  # noqa: S101 - only here
        if walk.name_of(num.tree) is None:
            return self.program.define(name, num, "let", self.cell)
        return num

    def _finish(self, loop: _Loop, node: ast.For, scope: Scope) -> None:
        """Give the loop to the program, and the names what they are after its last turn."""
        walk = loop.walk
        last: dict[str, tuple[str, bool]] = {}
        own: dict[str, str] = {}
        for name in loop.dicts:
            item = loop.items[name]
            made = walk.name_of(item.tree)
            if made is None or made in own.values():
                loop.items[name] = item = self.program.define(name, item, "let", self.cell)
                made = walk.name_of(item.tree)
            assert made is not None  # noqa: S101 - defined above
            own[name] = made
        for name in sorted(_assigned(node.body)):
            held = scope.names.get(name)
            if not isinstance(held, Num | Box):
                raise UnsupportedError("a name that stands for something else")
            num = self.num(held)
            made = walk.name_of(num.tree)
            if made is None or (name in loop.carried and made in own.values()):
                num = self.program.define(name, num, "let", self.cell)
                made = walk.name_of(num.tree)
            assert made is not None  # noqa: S101 - defined above
            last[name] = made, num.whole
            if name in loop.carried:
                own[name] = made
        steps = {key: walk.name_of(item.tree) for key, item in loop.items.items()}
        self.program.walked(loop.count, own, self.cell)
        turns = int(float(loop.count.value))
        for name, (made, whole) in last.items():
            end = self.program.num(ast.Subscript(ast.Name(made), walk.last()), whole=whole)
            scope.names[name] = Box(end) if end.value.ndim else end
        for name, box in loop.filled.items():
            whole_array = self.program.num(ast.Name(steps[name] or ""), whole=box.num.whole)
            if whole_array.value.shape != box.num.value.shape:
                raise UnsupportedError("an array that is filled in part")
            if box.num.whole and (np.asarray(whole_array.value) % 1).any():
                raise UnsupportedError("numbers that are cut off")
            box.num = whole_array
        order = range(turns)[:: -1 if walk.reverse else 1]
        for name, grown in loop.lists.items():
            grown.items = [self._at_step(steps[name] or "", k) for k in order]
        for name, held_dict in loop.dicts.items():
            offset = loop.offsets[name]
            held_dict.items |= {k + offset: self._at_step(steps[name] or "", k) for k in order}
            scope.names.pop(name)
            if scope.look(name) is not held_dict:
                scope.names[name] = held_dict
        if loop.lists or loop.dicts:
            self.program.freeze(loop.count)
        for name in _stored_names(node.target):
            scope.names.pop(name, None)

    def _at_step(self, name: str, k: int) -> Num:
        return self.program.num(ast.Subscript(ast.Name(name), ast.Constant(k)))


def _forwards(node: ast.expr) -> tuple[ast.expr, bool]:
    """Return what a loop runs over, and whether backwards: `reversed(range(T))`, `range(T - 1, -1, -1)`, `x[::-1]`."""
    minus_one = ast.dump(ast.UnaryOp(ast.USub(), ast.Constant(1)))
    match node:
        case ast.Call(func=ast.Name(id="reversed"), args=[inner], keywords=[]):
            return inner, True
        case ast.Call(func=ast.Name(id="range"), args=[first, stop, step], keywords=[]) if (
            ast.dump(stop) == ast.dump(step) == minus_one
        ):
            match first:
                case ast.BinOp(left=count, op=ast.Sub(), right=ast.Constant(value=1)):
                    pass
                case _:
                    count = ast.BinOp(first, ast.Add(), ast.Constant(1))
            return ast.copy_location(ast.Call(node.func, [count], []), node), True
        case ast.Subscript(value=inner, slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp() as step)) if (
            ast.dump(step) == minus_one
        ):
            return inner, True
    return node, False


def _plain(node: ast.stmt) -> bool:
    """Tell whether a statement of a loop's body is one that may be walked once."""
    if isinstance(node, ast.Assign):
        return len(node.targets) == 1 and (_names_only(node.targets[0]) or _filled(node) is not None)
    if isinstance(node, ast.AugAssign):
        return isinstance(node.target, ast.Name)
    if isinstance(node, ast.If):
        return all(_plain(one) and _filled(one) is None for one in (*node.body, *node.orelse))
    if isinstance(node, ast.For):
        return all(_plain(one) and _filled(one) is None and _grown(one) is None for one in node.body)
    return isinstance(node, ast.Pass) or _grown(node) is not None or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))  # fmt: skip


def _names_only(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple):
        return all(isinstance(one, ast.Name) for one in target.elts)
    return isinstance(target, ast.Name)


def _grown(node: ast.stmt) -> str | None:
    """Return the name of `name.append(x)`."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[_])):
            return name
    return None


def _filled(node: ast.stmt) -> str | None:
    """Return the name of `name[i] = x`."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=name), slice=ast.Name() | ast.BinOp())]):
            return name
    return None


def _assigned(body: Sequence[ast.stmt]) -> set[str]:
    return {one.id for node in body for one in ast.walk(node)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}  # fmt: skip


def _stored_names(target: ast.expr) -> set[str]:
    return {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}


def _variable(target: ast.expr, over: ast.expr) -> str:
    """Return a name for what a loop counts with: the notebook's own where it counts, else t."""
    if not (isinstance(over, ast.Call) and isinstance(over.func, ast.Name) and over.func.id in ("range", "enumerate")):
        return "t"
    first = target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target
    if isinstance(first, ast.Name) and len(plain_name(first.id)) <= 4 and first.id.strip("_"):
        return first.id
    return "t"


def _has_two_names(value: Value, scope: Scope) -> bool:
    return sum(one is value for one in _all_values(scope)) > 1


def _all_values(scope: Scope) -> list[Value]:
    found: list[Value] = []
    one: Scope | None = scope
    while one is not None:
        found += one.names.values()
        one = one.outer
    return found
