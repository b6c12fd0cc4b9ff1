"""A notebook's statements, walked from top to bottom: assignments become givens and steps, prints name what is asked.

Loops whose turns are known are written out, a function is put in where it is called, and a condition becomes `where`
where both of its sides can be had. Nothing of the notebook runs: there are only these few statements.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rnn_tutor.exercises.importing import library
from rnn_tutor.exercises.importing.expressions import name_of
from rnn_tutor.exercises.importing.loops import Looping
from rnn_tutor.exercises.importing.numbers import MAX_ITEMS
from rnn_tutor.exercises.importing.values import (
    Box,
    Dict,
    Func,
    Lib,
    List,
    Nothing,
    Num,
    Random,
    Scope,
    Shown,
    Strange,
    Text,
    Tup,
    UnsupportedError,
    Value,
    call,
    names_by_value,
    names_of,
)

MAX_STATEMENTS = 1_000  # of a cell
MAX_TURNS = 600
MAX_CALLS = 20
MAX_KEPT = 8  # calls of a function, of a cell
MAX_PLACES = 64  # elements of an array of which some are assigned
_QUIET = frozenset((
    "plt", "matplotlib", "sns", "ax", "fig", "display", "warnings", "sys", "os", "axes", "print",
    "check",  # of a notebook that `export` has written
))  # fmt: skip
_CONSTRUCTORS = frozenset((
    "array", "zeros", "ones", "eye", "arange", "linspace", "full", "identity", "zeros_like", "ones_like", "diag",
    "reshape", "log", "sqrt", "exp", "tri", "broadcast_to", "stack", "concat",
))  # fmt: skip


_MAGIC, _NO_PYTHON = "a cell magic of Jupyter", "code that is not Python"
_UNREAD = {_MAGIC: "begins with a cell magic of Jupyter, so it may be of another language", _NO_PYTHON: "is not Python"}
_OF_PYTHON = ("time", "timeit", "capture", "python", "python3", "prun")  # cell magics before code of Python


@dataclass(frozen=True)
class Printed:
    """A line that is printed, or the value that a cell ends with: its pieces in order."""

    pieces: tuple[str | Shown, ...]
    end: str = "\n"
    last: bool = False  # the value of a cell's last line
    turn: tuple[int, ...] = ()
    decimals: int = 8  # that NumPy prints of an array there


@dataclass(frozen=True, eq=False)
class Called:
    """A function of the notebook's own that a cell has called, with what it was given."""

    name: str
    function: Func
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    result: Value


@dataclass
class Done:
    """What a cell did: what it printed, which names it assigned, what it called, and what could not be had."""

    printed: list[Printed] = field(default_factory=list)
    assigned: list[tuple[str, Value]] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)
    defined: list[Func] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # what the cell asserts and does not hold
    unread: str = ""  # why nothing of the cell was walked, behind "it": "is not Python"


class _Returned(Exception):  # noqa: N818 - not an error
    def __init__(self, value: Value) -> None:
        self.value = value


class _Jump(Exception):  # noqa: N818
    def __init__(self, how: str) -> None:
        self.how = how


class Machine(Looping):
    """Walks cells; `scope` has the names of the notebook."""

    def __init__(self) -> None:
        from rnn_tutor.exercises.importing.program import Program

        super().__init__(Program())
        self.scope = Scope()
        self.done = Done()
        self.calls: list[str] = []
        self.turn: tuple[int, ...] = ()

    def run(self, text: str, cell: int) -> Done:
        """Walk a cell and return what it did; never raises."""
        self.cell, self.done = cell, Done()
        body = parsed(text)
        if isinstance(body, str):
            self.done.troubles.append(body)
            self.done.unread = _UNREAD[body]
            return self.done
        if len(body) > MAX_STATEMENTS:
            self.done.troubles.append(f"more than {MAX_STATEMENTS:,} statements in a cell")
            self.done.unread = f"has {len(body):,} statements in one cell; at most {MAX_STATEMENTS:,} are read"
            return self.done
        self.scope.changing = changing(body)
        for k, statement in enumerate(body):
            self.spent = 0
            self.calls, self.turn = [], ()
            try:
                if k == len(body) - 1 and isinstance(statement, ast.Expr) and not text.rstrip().endswith(";"):
                    self.last(statement.value)
                else:
                    self.statement(statement, self.scope)
            except UnsupportedError as error:
                self.lose(statement, str(error))
            except (_Returned, _Jump):
                self.lose(statement, "a `return` or `break` outside")
            except RecursionError:
                self.lose(statement, "code that is nested too deep")
            except (ArithmeticError, MemoryError):
                self.lose(statement, "numbers that are too large")
        return self.done

    def last(self, node: ast.expr) -> None:
        """Walk the expression that a cell ends with: its value is shown."""
        value = self.value(node, self.scope)
        if isinstance(value, Num | Box | List | Tup | Dict | Text):
            shown = Shown(self.as_it_is(value), name=name_of(node))
            self.done.printed.append(Printed((shown,), last=True, decimals=self.decimals))

    def lose(self, statement: ast.stmt, why: str) -> None:
        """Note that a statement could not be had, and with it all that it assigns or could have changed."""
        root = _root(statement)
        if root in _QUIET and not _stored(statement):
            return
        strange = Strange(why, self.cell)
        if isinstance(statement, ast.Assign) and _root(statement.value) in _QUIET:  # a figure and its axes
            for name in _stored(statement):
                self.scope.names[name] = strange
            return
        if isinstance(statement, ast.For) and all(_root(one) in _QUIET for one in statement.body):
            return
        self.done.troubles.append(why)
        lost = _stored(statement)
        if not isinstance(statement, ast.FunctionDef | ast.Assert):
            lost |= {name for name in _handed(statement) if isinstance(self.scope.look(name), Box | List | Dict)}
            if root not in ("plt", "print"):
                self.random = None
                lost |= {name for name in _loaded(statement) if isinstance(self.scope.look(name), Random)}
        for name in lost:
            self.scope.names[name] = strange
            self.done.assigned.append((name, strange))

    # -- statements -------------------------------------------------------------------------------------------

    def block(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Walk statements in order. Raises UnsupportedError, and what ends a block early."""
        for k, statement in enumerate(body):
            if isinstance(statement, ast.If) and self.chosen(statement, body[k + 1 :], scope):
                return
            if not isinstance(statement, ast.If):
                self.statement(statement, scope)

    def statement(self, node: ast.stmt, scope: Scope) -> None:
        """Walk a statement. Raises UnsupportedError."""
        self.spend()
        match node:
            case ast.Assign(targets=[ast.Subscript() as where], value=ast.Subscript() as same) if (
                ast.dump(where.slice) == ast.dump(same.slice) and self._masked(where, scope)[0] is not None
            ):
                self._copied(where, same, scope)
            case ast.Assign(targets=targets, value=value):
                found = self.value(value, scope)
                for target in targets:
                    self.assign(target, found, scope)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.assign(target, self.value(value, scope), scope)
            case ast.AugAssign():
                self.augment(node, scope)
            case ast.Expr(value=value):
                self.value(value, scope)
            case ast.If():
                self.chosen(node, (), scope)
            case ast.For():
                self.loop(node, scope)
            case ast.While():
                self.while_(node, scope)
            case ast.FunctionDef(name=name, args=args, body=body):
                function = Func(name, args, body, scope, _source(node))
                scope.names[name] = function
                if scope is self.scope:
                    self.done.defined.append(function)
            case ast.Return(value=value):
                raise _Returned(Nothing() if value is None else self.value(value, scope))
            case ast.Break():
                raise _Jump("break")
            case ast.Continue():
                raise _Jump("continue")
            case ast.Pass() | ast.Global() | ast.Nonlocal() | ast.AnnAssign():
                pass
            case ast.Import() | ast.ImportFrom():
                self.imported(node, scope)
            case ast.Assert(test=test):
                self.asserted(test, scope)
            case ast.Raise():
                raise UnsupportedError("it raises an error")
            case ast.ClassDef(name=name):
                raise UnsupportedError(f"the class `{name}`")
            case ast.With():
                self.with_(node, scope)
            case ast.Try(body=body) if all(isinstance(one, ast.Import | ast.ImportFrom) for one in body[:1]):
                self.block([one for one in body if isinstance(one, ast.Import | ast.ImportFrom)], scope)
            case ast.Try(body=body, orelse=orelse, finalbody=finalbody):
                self.block([*body, *orelse, *finalbody], scope)
            case _:
                raise UnsupportedError(f"`{type(node).__name__.lower()}` as a statement")

    def _copied(self, where: ast.Subscript, same: ast.Subscript, scope: Scope) -> None:
        """Walk `x[mask] = y[mask]`."""
        holder, mask = self._masked(where, scope)
        assert holder is not None and mask is not None  # noqa: S101 - looked at by the caller
        self._put_where(holder, mask, self.num(self.value(same.value, scope)), where)

    def with_(self, node: ast.With, scope: Scope) -> None:
        """Walk what is within np.errstate and np.printoptions: they change no number."""
        names = {ast.unparse(item.context_expr).partition("(")[0] for item in node.items}
        if not names <= {"np.errstate", "np.printoptions", "warnings.catch_warnings", "numpy.errstate"}:
            raise UnsupportedError("`with`")
        self.block(node.body, scope)

    def imported(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        """Let the names of an import stand for their library."""
        if isinstance(node, ast.Import):
            for one in node.names:
                known = library.MODULES.get(one.name, one.name)
                scope.names[one.asname or one.name.partition(".")[0]] = Lib(
                    known if one.asname else known.partition(".")[0] if known != "np.linalg" else "np")  # fmt: skip
            return
        known = library.MODULES.get(node.module or "", node.module or "")
        for one in node.names:
            if one.name == "*":
                raise UnsupportedError(f"all names of `{known}`")
            scope.names[one.asname or one.name] = library.found(self, f"{known}.{one.name}")

    def asserted(self, test: ast.expr, scope: Scope) -> None:
        """Look whether what a cell asserts holds; what cannot be looked at is no trouble."""
        try:
            value = self.value(test, scope)
        except UnsupportedError:
            return
        if isinstance(value, Num) and value.value.size == 1 and not bool(value.value.reshape(())):
            self.done.wrong.append(ast.unparse(test))

    # -- assignments ------------------------------------------------------------------------------------------

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Let a target stand for a value; numbers get a name in the program. Raises UnsupportedError."""
        match target:
            case ast.Name(id=name):
                scope.names[name] = self.named(name, value, scope)
                if scope is self.scope and self.program.walk is None:
                    self.done.assigned.append((name, self.as_it_is(scope.names[name])))
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                items = self.items(value)
                starred = [k for k, one in enumerate(elts) if isinstance(one, ast.Starred)]
                if starred:
                    items = _gathered(items, starred[0], len(elts))
                if len(items) != len(elts):
                    raise UnsupportedError("several names for another number of values")
                for one, item in zip(elts, items, strict=True):
                    self.assign(one.value if isinstance(one, ast.Starred) else one, item, scope)
            case ast.Subscript(value=base, slice=index):
                self.assign_part(base, index, value, scope)
            case _:
                raise UnsupportedError(f"`{ast.unparse(target)[:40]}` on the left")

    def named(self, name: str, value: Value, scope: Scope) -> Value:
        """Return a value under its name: a given, a step, or as it is where it needs none."""
        match value:
            case Box() if not isinstance(value.num.tree, ast.Name):
                value.num = self.defined(name, value.num, scope)
                return value
            case Num():
                made = self.defined(name, value, scope)
                if value.view_of is not None:  # the two share their memory: neither may change in its place
                    value.view_of.viewed = True
                return Box(made, viewed=value.view_of is not None) if made.value.ndim else made
            case List() if self._plain_numbers(value) and name not in scope.changing:
                return value
        return value

    def _plain_numbers(self, value: List) -> bool:
        return all(isinstance(item, Num) for item in value.items)

    def defined(self, name: str, num: Num, scope: Scope) -> Num:
        """Return numbers by a name of the program. Raises UnsupportedError where the language has no value."""
        if isinstance(num.tree, ast.Name):
            num.value  # noqa: B018 - what is not there is told here
            return num
        value = num.value
        if name in scope.changing and not names_by_value(num.tree) and np.isin(value, (0, 1)).all():
            return num  # what a sum or a product begins with
        if num.constant and made_plainly(num.tree):
            return self.program.define(name, num, "given", self.cell)
        return self.program.define(name, num, "let", self.cell)

    def augment(self, node: ast.AugAssign, scope: Scope) -> None:
        """Walk `x += y`: of an array in its place, of anything else a new value."""
        load = ast.parse(ast.unparse(node.target), mode="eval").body
        old, more = self.value(load, scope), self.value(node.value, scope)
        if isinstance(old, List) and isinstance(node.op, ast.Add):
            if len(old.items) > MAX_ITEMS:
                raise UnsupportedError("a very long list")
            old.items += self.items(more)
            return
        if isinstance(node.target, ast.Subscript) and isinstance(old, Num) and old.value.ndim:
            holder, mask = self._masked(node.target, scope)
            if holder is not None and mask is not None and self.num(more).value.ndim == 0:
                changed = self.num(self.operated(holder, node.op, more))
                self._put_where(holder, mask, changed, node.target)
                return
        made = self.operated(old, node.op, more)
        if isinstance(old, Box) and isinstance(node.target, ast.Name) and isinstance(made, Num):
            self._unviewed(old)
            if self.program.walk is not None:
                self.assign(node.target, made, scope)
                return
            if made.value.shape != old.num.value.shape:
                raise UnsupportedError("an array that changes its shape in its place")
            old.num = self.defined(node.target.id, self._kept_whole(old.num, made), scope)
            self.done.assigned.append((node.target.id, old.num))
            return
        self.assign(node.target, made, scope)

    def _masked(self, target: ast.Subscript, scope: Scope) -> tuple[Box | None, Num | None]:
        """Return the array and the mask of `x[mask]`, None for anything else."""
        holder = self.value(target.value, scope)
        if not isinstance(holder, Box) or isinstance(target.slice, ast.Tuple | ast.Slice):
            return None, None
        mask = self.program.num(self.index(target.slice, scope)[0])
        return (holder, mask) if _is_mask(mask) and mask.value.shape == holder.num.value.shape else (None, None)

    def _put_where(self, holder: Box, mask: Num, new: Num, target: ast.Subscript) -> None:
        self._unviewed(holder)
        name = target.value.id if isinstance(target.value, ast.Name) else "changed"
        made = self.program.num(call("where", mask.tree, new.tree, holder.num.tree))
        holder.num = self.program.define(name, self._kept_whole(holder.num, made), "let", self.cell)
        self.done.assigned.append((name, holder.num))

    def _kept_whole(self, old: Num, new: Num) -> Num:
        """Return new values for an array of whole numbers, as NumPy cuts them off."""
        if old.whole and not new.whole:
            if (np.asarray(new.value) % 1 == 0).all():
                return self.program.num(new.tree, whole=True)
            return self.program.num(call("trunc", new.tree), whole=True)
        return new

    def _unviewed(self, box: Box) -> None:
        if box.viewed:
            raise UnsupportedError("an array that is changed through another name")

    def assign_part(self, base: ast.expr, index: ast.expr, value: Value, scope: Scope) -> None:
        """Walk `x[i] = y`: a list's item, a dict's, or elements of an array. Raises UnsupportedError."""
        holder = self.value(base, scope)
        if isinstance(holder, Dict):
            holder.items[self.key(self.value(index, scope))] = value
            return
        if isinstance(holder, List):
            place = self.count(self.value(index, scope))
            if not -len(holder.items) <= place < len(holder.items):
                raise UnsupportedError("a place outside of its list")
            holder.items[place] = value
            return
        if not isinstance(holder, Box) or not isinstance(base, ast.Name):
            raise UnsupportedError("a part of a part that is assigned")
        self._unviewed(holder)
        new = self.with_part(holder.num, index, self.num(value), scope)
        kept = self._kept_whole(holder.num, new)
        if kept.constant:
            holder.num = kept
        else:
            holder.num = kept if isinstance(kept.tree, ast.List) and len(ast.unparse(kept.tree)) < 1_200 else (
                self.program.define(base.id, kept, "let", self.cell))  # fmt: skip
        if scope is self.scope:
            self.done.assigned.append((base.id, holder.num))

    def with_part(self, old: Num, index: ast.expr, new: Num, scope: Scope) -> Num:
        """Return an array in which some elements are others. Raises UnsupportedError."""
        tree, _ = self.index(index, scope)
        key = self.program.num(tree)
        if isinstance(tree, ast.expr) and not isinstance(tree, ast.Slice | ast.Tuple):
            if _is_mask(key):
                return self.program.num(call("where", tree, new.tree, old.tree), whole=old.whole)
            if key.value.ndim == 0:
                return self._with_row(old, self.count(key), new)
        places = np.arange(old.value.size).reshape(old.value.shape)
        try:
            chosen = places[self._static(tree)]
            which = np.broadcast_to(np.arange(new.value.size).reshape(new.value.shape), chosen.shape)
        except (IndexError, ValueError, TypeError):
            raise UnsupportedError("elements that are assigned by such an index") from None
        if old.value.size > MAX_PLACES:
            raise UnsupportedError(f"single elements of {old.value.size} that are assigned")
        taken = dict(zip(chosen.reshape(-1).tolist(), which.reshape(-1).tolist(), strict=True))
        shape = new.value.shape
        flat = [
            self._element(new, shape, taken[place]) if place in taken else self._element(old, old.value.shape, place)
            for place in range(old.value.size)
        ]
        return self.program.num(_nested(flat, old.value.shape), whole=old.whole)

    def _element(self, num: Num, shape: tuple[int, ...], place: int) -> ast.expr:
        at = np.unravel_index(place, shape) if shape else ()
        if not names_by_value(num.tree) and not isinstance(num.tree, ast.List):
            return self.number(float(num.value[at])).tree if not num.whole else self.number(int(num.value[at])).tree
        return self.at(num, [ast.Constant(int(k)) for k in at]).tree if shape else num.tree

    def _with_row(self, old: Num, place: int, new: Num) -> Num:
        rows, rest = old.value.shape[0], old.value.shape[1:]
        if not -rows <= place < rows:
            raise UnsupportedError("a place outside of its array")
        if rows > MAX_PLACES:
            raise UnsupportedError(f"single rows of {rows} that are assigned")
        if new.value.shape != rest:
            new = self.program.num(call("broadcast_to", new.tree, ast.List([ast.Constant(size) for size in rest])))
            new.value  # noqa: B018 - a shape that does not fit is told here
        made = new.tree
        if old.whole and not new.whole:
            made = self._kept_whole(old, new).tree
        items = [made if k == place % rows else self._row(old, k) for k in range(rows)]
        return self.program.num(ast.List(items), whole=old.whole)

    def _row(self, num: Num, place: int) -> ast.expr:
        if not names_by_value(num.tree) and not isinstance(num.tree, ast.List):
            return library.literal(self, num.value[place]).tree if not num.whole else library.literal(
                self, num.value[place].astype(int)).tree  # fmt: skip
        return self.at(num, [ast.Constant(place)]).tree

    def _static(self, tree: ast.expr) -> "tuple[Any, ...]":
        """Return an index as NumPy's own, its numbers decided. Raises UnsupportedError."""
        parts = tree.elts if isinstance(tree, ast.Tuple) else [tree]
        found: list[Any] = []
        for part in parts:
            if isinstance(part, ast.Slice):
                ends = [None if one is None else self.count(self.program.num(one))
                        for one in (part.lower, part.upper, part.step)]  # fmt: skip
                found.append(slice(*ends))
            elif isinstance(part, ast.Constant) and part.value in (None, ...):
                found.append(part.value)
            else:
                num = self.program.num(part)
                self.program.freeze(num)
                array = num.value
                found.append(array if array.dtype == bool else array.astype(int))
        return tuple(found)

    # -- what is run several times, or perhaps ----------------------------------------------------------------

    def loop(self, node: ast.For, scope: Scope) -> None:
        """Walk a loop turn by turn. Raises UnsupportedError."""
        if self.as_one(node, scope):
            return
        items = self.items(self.value(node.iter, scope))
        if len(items) > MAX_TURNS:
            raise UnsupportedError(f"a loop of {len(items):,} turns is too long to be written out")
        for k, item in enumerate(items):
            self.bind(node.target, item, scope)
            if not self._goes_on(node.body, k, scope):
                break
        else:
            self.block(node.orelse, scope)

    def _goes_on(self, body: Sequence[ast.stmt], k: int, scope: Scope) -> bool:
        """Walk one turn of a loop; False where it ends the loop. However it is left, what comes after is no turn."""
        outer = self.turn
        self.turn = (*outer, k)
        try:
            self.block(body, scope)
        except _Jump as jump:
            return jump.how != "break"
        finally:
            self.turn = outer
        return True

    def while_(self, node: ast.While, scope: Scope) -> None:
        """Walk a while loop as often as the numbers say. Raises UnsupportedError."""
        for k in range(MAX_TURNS):
            if not self.truth(self.value(node.test, scope)) or not self._goes_on(node.body, k, scope):
                break
        else:
            raise UnsupportedError("a loop that is too long to be written out")

    def chosen(self, node: ast.If, rest: Sequence[ast.stmt], scope: Scope) -> bool:
        """Walk an `if`, and what follows where that belongs to its other side; tell whether that was walked, too."""
        test = self.value(node.test, scope)
        if isinstance(test, Num) and not test.constant and test.value.size == 1 and self._calls_once():
            ends = self._ends(node.body)
            if ends and scope.function:
                value = self._either_returned(test, node, rest, scope)
                if value is not None:
                    raise _Returned(value)
            elif not ends and self._merged(test, node, scope):
                return False
        self.block(node.body if self.truth(test) else node.orelse, scope)
        return False

    def _calls_once(self) -> bool:
        return len(set(self.calls)) == len(self.calls)

    @staticmethod
    def _ends(body: Sequence[ast.stmt]) -> bool:
        return bool(body) and isinstance(body[-1], ast.Return)

    def _either_returned(self, test: Num, node: ast.If, rest: Sequence[ast.stmt], scope: Scope) -> Value | None:
        try:
            left = self._tried(node.body, scope)
            right = self._tried([*node.orelse, *rest], scope)
            if left is None or right is None:
                return None
            return self.either(test, left, right)
        except UnsupportedError:
            return None

    def _tried(self, body: Sequence[ast.stmt], scope: Scope) -> Value | None:
        inner = Scope(dict(scope.names), scope.outer, scope.changing, scope.function)
        if not all(_harmless(one) for one in body):
            return None
        try:
            self.block(body, inner)
        except _Returned as returned:
            return returned.value
        except _Jump:
            return None
        return None

    def _merged(self, test: Num, node: ast.If, scope: Scope) -> bool:
        """Give each name that an `if` assigns one of two values; tell whether that could be done."""
        if not all(_only_assigns(one) for one in (*node.body, *node.orelse)):
            return False
        sides: list[Scope] = []
        try:
            for body in (node.body, node.orelse):
                inner = Scope(dict(scope.names), scope.outer, scope.changing, scope.function or "if")
                self.block(body, inner)
                sides.append(inner)
            names = set().union(*(_stored(one) for one in (*node.body, *node.orelse)))
            made: dict[str, Value] = {}
            for name in sorted(names):
                left, right = (side.look(name) for side in sides)
                if left is None or right is None:
                    return False
                made[name] = self.either(test, left, right)
            for name, value in made.items():
                self.assign(ast.Name(name), value, scope)
        except UnsupportedError:
            return False
        return True

    # -- calls ------------------------------------------------------------------------------------------------

    def on_Call(self, node: ast.Call, scope: Scope) -> Value:
        if isinstance(node.func, ast.Name) and node.func.id == "print" and scope.look("print") is None:
            self.printed(node, scope)
            return Nothing()
        args = self._several(node.args, scope)
        keywords: dict[str, Value] = {}
        for one in node.keywords:
            value = self.value(one.value, scope)
            if one.arg is not None:
                keywords[one.arg] = value
            elif isinstance(value, Dict) and all(isinstance(key, str) for key in value.items):
                keywords |= value.items
            else:
                raise UnsupportedError("`**` in a call")
        if isinstance(node.func, ast.Attribute):
            base = self.value(node.func.value, scope)
            if not isinstance(base, Lib):
                made = self.method(base, node.func.attr, args, keywords)
                if isinstance(made, Num) and isinstance(node.func.value, ast.Call):
                    made.view_of = None  # of an array that has no name
                return made
        return self.call_value(self.value(node.func, scope), args, keywords, scope)

    def printed(self, node: ast.Call, scope: Scope) -> None:
        """Note what is printed; what of it cannot be had is no trouble for the rest."""
        if self.program.walk is not None:
            raise UnsupportedError("a print in a loop that is walked once")
        named = {one.arg: self.shown(one.value, scope) for one in node.keywords}
        sep, end = (value.plain if isinstance(value := named.get(key), Text) and value.plain is not None else default
                    for key, default in (("sep", " "), ("end", "\n")))  # fmt: skip
        pieces: list[str | Shown] = []
        for k, arg in enumerate(node.args):
            pieces += [sep] if k else []
            if isinstance(arg, ast.Starred):
                values: list[Value] = self.items(self.value(arg.value, scope))
            else:
                values = [self.shown(arg, scope)]
            for place, value in enumerate(values):
                pieces += [sep] if place else []
                shown = Shown(value, name=name_of(arg))
                pieces += list(value.pieces) if isinstance(value, Text) else [shown]
        now = tuple(one if isinstance(one, str) else replace(one, value=self.as_it_is(one.value)) for one in pieces)
        self.done.printed.append(Printed(now, end, turn=self.turn, decimals=self.decimals))

    def as_it_is(self, value: Value) -> Value:
        """Return a value that later changes do not reach. Raises UnsupportedError for a very large one."""
        self.spend()
        match value:
            case Box():
                return value.num
            case List(items=items):
                return List([self.as_it_is(item) for item in items])
            case Dict(items=pairs):
                return Dict({key: self.as_it_is(item) for key, item in pairs.items()})
        return value

    def method(self, base: Value, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
        """Return what a method gives. Raises UnsupportedError."""
        match base:
            case Strange():
                raise UnsupportedError(self.because(base))
            case Random():
                return library.drawn(self, base, name, args, keywords)
            case List():
                return self._list_method(base, name, args)
            case Dict():
                return _dict_method(self, base, name, args)
            case Text():
                return _text_method(base, name, args, keywords)
            case Num() | Box():
                if name == "sort" and isinstance(base, Box) and not args and not keywords:
                    self._unviewed(base)
                    base.num = self.program.num(call("sort", base.num.tree), whole=base.num.whole)
                    return Nothing()
                made = library.method(self, self.num(base), name, args, keywords)
                if name in ("reshape", "ravel", "swapaxes", "transpose", "squeeze", "view") and isinstance(made, Num):
                    made.view_of = base if isinstance(base, Box) else None
                return made
        raise UnsupportedError(f"the method `.{name}()`")

    def _list_method(self, base: List, name: str, args: list[Value]) -> Value:
        match name:
            case "append":
                base.items.append(args[0])
            case "extend":
                if len(base.items) > MAX_ITEMS:
                    raise UnsupportedError("a very long list")
                base.items += self.items(args[0])
            case "insert":
                base.items.insert(self.count(args[0]), args[1])
            case "reverse":
                base.items.reverse()
            case "pop":
                place = self.count(args[0]) if args else -1
                if not -len(base.items) <= place < len(base.items):
                    raise UnsupportedError("a place outside of its list")
                return base.items.pop(place)
            case "copy":
                return List(list(base.items))
            case "index":
                keys = [self.key(item) for item in base.items]
                wanted = self.key(args[0])
                if wanted not in keys:
                    raise UnsupportedError("a value that is not in its list")
                return self.number(keys.index(wanted))
            case _:
                raise UnsupportedError(f"the method `.{name}()` of a list")
        return Nothing()

    def call_value(self, function: Value, args: list[Value], keywords: dict[str, Value],
                   scope: Scope | None = None) -> Value:  # fmt: skip
        """Return what a call gives. Raises UnsupportedError."""
        match function:
            case Func():
                value = self.inlined(function, args, keywords)
                if self.program.walk is None and self._is_kept(function):
                    now = tuple((key, self.as_it_is(one)) for key, one in keywords.items())
                    self.done.called.append(
                        Called(function.name, function, tuple(map(self.as_it_is, args)), now, self.as_it_is(value))
                    )
                return value
            case Lib(path=path):
                return library.called(self, path, args, keywords)
            case Strange():
                raise UnsupportedError(self.because(function))
            case Tup(items=(Text(), Func() as inner)):  # np.vectorize
                parts = [self.items(arg) for arg in args]
                return self.num(List([self.call_value(inner, list(one), {}) for one in zip(*parts, strict=True)]))
        raise UnsupportedError("a call of something that is not a function")

    def _is_kept(self, function: Func) -> bool:
        """Tell whether a call is noted: the first ones of each function, from wherever, but not those of itself."""
        return function.name not in self.calls and sum(one.name == function.name for one in self.done.called) < MAX_KEPT

    def inlined(self, function: Func, args: list[Value], keywords: dict[str, Value]) -> Value:
        """Return what a function of the notebook's own gives: its statements, put in here."""
        if len(self.calls) >= MAX_CALLS:
            raise UnsupportedError(f"`{function.name}` calls itself too often")
        scope = Scope(self.bound(function, args, keywords), function.scope, changing(function.body), function.name)
        self.calls.append(function.name)
        try:
            self.block(function.body, scope)
        except _Returned as returned:
            return returned.value
        finally:
            self.calls.pop()
        return Nothing()

    def bound(self, function: Func, args: list[Value], keywords: dict[str, Value]) -> dict[str, Value]:
        """Return what the parameters of a call stand for. Raises UnsupportedError."""
        spec = function.args
        names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
        found: dict[str, Value] = dict(zip(names, args, strict=False))
        if len(args) > len(names):
            if spec.vararg is None:
                raise UnsupportedError(f"`{function.name}` with too many arguments")
            found[spec.vararg.arg] = Tup(tuple(args[len(names) :]))
        elif spec.vararg is not None:
            found[spec.vararg.arg] = Tup(())
        names += [one.arg for one in spec.kwonlyargs]
        for key, value in keywords.items():
            if key not in names:
                raise UnsupportedError(f"`{function.name}` with the argument `{key}`")
            found[key] = value
        defaults = [*zip(names[len(spec.posonlyargs) + len(spec.args) - len(spec.defaults) :], spec.defaults,
                         strict=False)]  # fmt: skip
        defaults += [(one.arg, value) for one, value in zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
                     if value is not None]  # fmt: skip
        for name, node in defaults:
            if name not in found:
                found[name] = self.value(node, function.scope)
        missing = [name for name in names if name not in found]
        if missing:
            raise UnsupportedError(f"`{function.name}` without its argument `{missing[0]}`")
        return found


def _dict_method(run: Machine, base: Dict, name: str, args: list[Value]) -> Value:
    match name:
        case "items":
            return List([Tup((run.key_value(key), value)) for key, value in base.items.items()])
        case "keys":
            return List([run.key_value(key) for key in base.items])
        case "values":
            return List(list(base.items.values()))
        case "get" if args:
            return base.items.get(run.key(args[0]), args[1] if len(args) > 1 else Nothing())
        case "copy":
            return Dict(dict(base.items))
    raise UnsupportedError(f"the method `.{name}()` of a dict")


def _text_method(base: Text, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    plain = base.plain
    if name == "format" and plain is not None and not keywords:
        return library._filled(plain, args, percent_signs=False)  # noqa: SLF001
    if name == "join" and plain is not None and isinstance(args[0], List | Tup):
        pieces: list[str | Shown] = []
        for k, item in enumerate(args[0].items):
            pieces += [plain] if k else []
            pieces += list(item.pieces) if isinstance(item, Text) else [Shown(item)]
        return Text(tuple(pieces))
    if plain is not None and not args and name in ("upper", "lower", "strip", "title", "split"):
        done = getattr(plain, name)()
        return List([Text((one,)) for one in done]) if isinstance(done, list) else Text((done,))
    raise UnsupportedError(f"the method `.{name}()` of a text")


def _source(node: ast.FunctionDef) -> str:
    """Return a function as it could be typed: without its docstring, types and prints."""
    body = [one for one in node.body if not (isinstance(one, ast.Expr) and _is_told(one.value))]
    plain = ast.fix_missing_locations(ast.FunctionDef(node.name, _untyped(node.args), body or [ast.Pass()], []))
    return ast.unparse(ast.fix_missing_locations(_OfNumPy().visit(ast.parse(ast.unparse(plain)))))


class _OfNumPy(ast.NodeTransformer):
    """Says that `.std()` and `.var()` divide by n: the reader of programs asks which library is meant."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr in ("std", "var")
            and not any(one.arg == "ddof" for one in node.keywords)
        ):
            node.keywords.append(ast.keyword("ddof", ast.Constant(0)))
        return node


def _is_told(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    )


def _untyped(args: ast.arguments) -> ast.arguments:
    groups = [[ast.arg(one.arg) for one in group] for group in (args.posonlyargs, args.args, args.kwonlyargs)]
    return ast.arguments(groups[0], groups[1], args.vararg, groups[2], args.kw_defaults, args.kwarg, args.defaults)


def parsed(text: str) -> list[ast.stmt] | str:
    """Return the statements of a cell, or why there are none. What begins with % or ! is of Jupyter and left out."""
    lines = [("" if line.lstrip().startswith(("%", "!")) else line) for line in text.split("\n")]
    magic = re.match(r"\s*%%(\w*)", text)
    if magic is not None and magic[1] not in _OF_PYTHON:
        return _MAGIC
    try:
        return ast.parse("\n".join(lines)).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return _NO_PYTHON


def changing(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that statements assign more than once, or in a loop, or in part."""
    seen: set[str] = set()
    twice: set[str] = set()
    for statement in body:
        inner = isinstance(statement, ast.For | ast.While)
        for node in ast.walk(statement):
            if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
                twice.add(node.value.id)
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                twice.add(node.target.id)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                (twice if inner or node.id in seen else seen).add(node.id)
    return frozenset(twice)


def made_plainly(tree: ast.expr) -> bool:
    """Tell whether an expression only writes numbers down: literals, and what makes arrays of them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name not in _CONSTRUCTORS:
                return False
        elif isinstance(node, ast.Subscript | ast.Compare) or (
                isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)):  # fmt: skip
            return False
    return not names_of(tree)


_TRIED = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.If, ast.Expr, ast.For)


def _harmless(node: ast.stmt) -> bool:
    """Tell whether a statement, walked only to see what it would give, changes nothing that others see."""
    if not isinstance(node, _TRIED):
        return False
    for one in ast.walk(node):
        if isinstance(one, ast.Subscript) and isinstance(one.ctx, ast.Store):
            return False
        if isinstance(one, ast.Attribute) and one.attr in ("append", "extend", "pop", "insert"):
            return False
        if isinstance(one, ast.AugAssign) and not isinstance(one.target, ast.Name):
            return False
    return True


def _only_assigns(node: ast.stmt) -> bool:
    if isinstance(node, ast.If):
        return all(_only_assigns(one) for one in (*node.body, *node.orelse))
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Name) for target in node.targets) and _harmless(node)
    return (isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)) or isinstance(node, ast.Pass)


def _gathered(items: list[Value], place: int, names: int) -> list[Value]:
    after = names - place - 1
    if len(items) < names - 1:
        raise UnsupportedError("several names for another number of values")
    end = len(items) - after
    return [*items[:place], List(items[place:end]), *items[end:]]


def _is_mask(num: Num) -> bool:
    try:
        return num.value.dtype == bool and num.value.ndim > 0
    except UnsupportedError:
        return False


def _nested(flat: list[ast.expr], shape: tuple[int, ...]) -> ast.expr:
    if len(shape) <= 1:
        return ast.List(flat) if shape else flat[0]
    step = len(flat) // shape[0] if shape[0] else 1
    return ast.List([_nested(flat[k * step : (k + 1) * step], shape[1:]) for k in range(shape[0])])


def _stored(node: ast.AST) -> set[str]:
    """Return the names that a statement assigns."""
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    found |= {one.name for one in ast.walk(node) if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    for one in ast.walk(node):
        if isinstance(one, ast.Subscript | ast.Attribute) and isinstance(one.ctx, ast.Store):
            root = _root(one)
            found |= {root} if root else set()
        if isinstance(one, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in one.names}
    return found


def _loaded(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _handed(node: ast.AST) -> set[str]:
    """Return the names that a statement hands to calls, or calls a method of: what it could have changed."""
    found: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            root = _root(one.func) if isinstance(one.func, ast.Attribute) else ""
            if root in _QUIET or (isinstance(one.func, ast.Name) and one.func.id in ("print", "len", "zip", "range")):
                continue
            plain = not isinstance(one.func, ast.Attribute) or root not in ("np", "numpy", "math", "plt")
            if plain or (isinstance(one.func, ast.Attribute) and one.func.attr in ("shuffle", "fill_diagonal", "put")):
                found |= {arg.id for arg in one.args if isinstance(arg, ast.Name)}
                found |= {root} if root else set()
    return found


def _root(node: ast.AST) -> str:
    """Return the name that a statement or expression begins with."""
    while True:
        if isinstance(node, ast.Expr | ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return node.id if isinstance(node, ast.Name) else ""
