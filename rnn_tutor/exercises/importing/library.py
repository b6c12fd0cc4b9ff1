"""Calls of NumPy, math and Python in a notebook -> calls of the language.

What a function of NumPy is called in the language stands in `engine/functions/names`, and the engine's reader looks
there: `np.` stays before the name. Here is only what is no function of numbers: what makes lists, keeps shapes, has a
type, draws random numbers or gives several arrays.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from rnn_tutor.engine.functions import METHODS, Array, canonical
from rnn_tutor.engine.reading import libraries
from rnn_tutor.exercises.importing.numbers import Numbers
from rnn_tutor.exercises.importing.numbers import bracketed as bracketed_tree
from rnn_tutor.exercises.importing.values import (
    Box,
    Complex,
    Dict,
    Eigenvalues,
    Func,
    Lib,
    List,
    Nothing,
    Num,
    Random,
    Shown,
    Strange,
    Text,
    Tup,
    UnsupportedError,
    Value,
    call,
)

BUILTINS = frozenset((
    "abs", "all", "any", "bool", "dict", "enumerate", "float", "int", "isinstance", "len", "list", "map", "max", "min",
    "pow", "print", "range", "reversed", "round", "sorted", "str", "sum", "tuple", "zip", "filter", "type", "repr",
    "divmod", "callable", "set", "next", "iter", "id", "hash", "input", "open", "display",
))  # fmt: skip
MODULES = {
    "numpy": "np", "numpy.linalg": "np.linalg", "numpy.random": "np.random", "math": "math",
    "scipy.special": "scipy.special", "cmath": "cmath",
    "scipy.stats": "scipy.stats",
}  # fmt: skip
_DTYPES = frozenset((
    "float", "int", "bool", "float64", "float32", "int64", "int32", "bool_", "np.float64", "np.float32", "np.int64",
    "np.int32", "np.bool_", "np.float_", "np.int_", "np.double", "np.intp", "np.uint8", "np.int8",
))  # fmt: skip
_CONSTANTS = {"pi": "pi", "e": "e", "inf": "inf", "nan": "nan", "Inf": "inf", "NaN": "nan", "NAN": "nan"}
_DROPPED = frozenset(("dtype", "copy", "order", "rcond", "subok", "like", "indexing", "hermitian", "kind"))
_CUT = frozenset(("floor", "ceil", "trunc", "argmax", "argmin", "argsort", "count_nonzero", "arange"))
MAX_RANDOM = 400


def found(run: Numbers, path: str) -> Value:
    """Return what a dotted name of a library is. Raises UnsupportedError for a library that is not read."""
    path = f"np{path.removeprefix('numpy')}" if path.startswith("numpy.") else path
    root, _, rest = path.partition(".")
    if rest in _CONSTANTS and root in ("np", "math"):
        return run.program.num(ast.Name(_CONSTANTS[rest]))
    return Lib(path)


def bracketed(run: Numbers, path: str, items: Sequence[Value]) -> Value:
    """Return np.c_[a, b] and np.r_[a, b]. Raises UnsupportedError."""
    nums = [run.num(item) for item in items]
    if path == "np.c_" and all(num.value.ndim == 1 for num in nums):
        return run.program.num(call("stack", ast.List([num.tree for num in nums]), axis=ast.Constant(1)))
    if path == "np.c_" and all(num.value.ndim in (1, 2) for num in nums):
        columns = [_column(num) if num.value.ndim == 1 else num.tree for num in nums]
        return run.program.num(call("concat", ast.List(columns), axis=ast.Constant(1)))
    if path == "np.r_":
        return run.program.num(call("concat", ast.List([_flat(num) for num in nums])))
    raise UnsupportedError(f"`{path}[...]`")


def _column_stack(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Return vectors and matrices beside each other, a vector as a column."""
    if len(args) != 1 or keywords:
        raise UnsupportedError("`np.column_stack` with other arguments")
    return bracketed(run, "np.c_", run.items(args[0]))


def _column(num: Num) -> ast.expr:
    return call("expand_dims", num.tree, ast.Constant(1))


def _flat(num: Num) -> ast.expr:
    return call("reshape", num.tree, ast.List([ast.Constant(1)])) if num.value.ndim == 0 else num.tree


def percent(text: Text, values: Sequence[Value]) -> Text:
    """Return `text % values`, as a text with values in it. Raises UnsupportedError."""
    plain = text.plain
    if plain is None:
        raise UnsupportedError("a text with `%` that is made of others")
    return _filled(plain, list(values), percent_signs=True)


def _filled(plain: str, values: list[Value], *, percent_signs: bool) -> Text:
    """Return a text whose fields stand for values in their order; what is between them is kept."""
    import re

    field = re.compile(
        r"%%|%[-+ #0]*(\d*(?:\.\d+)?)([a-zA-Z])" if percent_signs else r"\{\{|\}\}|\{(\d*)(?::([^{}]*))?\}"
    )
    pieces: list[str | Shown] = []
    at = place = 0
    for match in field.finditer(plain):
        pieces.append(plain[at : match.start()])
        at = match.end()
        if match[1] is None:
            pieces.append(match.group()[0])
            continue
        which = int(match[1]) if not percent_signs and match[1] else place
        place += 1
        if which >= len(values):
            raise UnsupportedError("a text with more fields than values")
        spec = f"{match[1]}{match[2]}".replace("i", "d") if percent_signs else (match[2] or "")
        value = values[which]
        pieces += list(value.pieces) if isinstance(value, Text) else [Shown(value, spec.removesuffix("s"))]
    return Text((*pieces, plain[at:]))


def called(run: Numbers, path: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Return what a call of a library gives. Raises UnsupportedError."""
    special = SPECIAL.get(path)
    if special is not None:
        return special(run, args, keywords)
    root, _, name = path.partition(".")
    if root == "np" and name.startswith("random."):
        return _random(run, name.removeprefix("random."), args, keywords)
    if root == "np" and name.split(".")[0] in ("fft", "polynomial", "ma", "testing", "char", "load", "loadtxt",
                                               "genfromtxt", "save", "savetxt", "fromfile"):  # fmt: skip
        raise UnsupportedError(f"`{path}`")
    if root == "np" or (root == "math" and "." not in name and name) or path.startswith("scipy.special."):
        return numbers(run, path, args, keywords)
    if path in ("open", "input", "type", "id", "hash", "callable", "next", "iter", "set", "filter", "display"):
        raise UnsupportedError(f"`{path}`")
    if path in BUILTINS:
        return numbers(run, path, args, keywords)
    raise UnsupportedError(f"`{path}`")


def numbers(run: Numbers, path: str, args: Sequence[Value], keywords: Mapping[str, Value]) -> Num:
    """Return a call of a function of numbers, by the engine's table of names."""
    root, _, rest = path.partition(".")
    name = rest.rpartition(".")[2] or root
    if root == "np" and canonical(name) is None and not _in_numpy(rest):
        raise UnsupportedError(f"the language has no `{path}`")
    trees = [_argument(run, name, arg) for arg in args]
    given = {key: tree for key, value in keywords.items() if (tree := keyword(run, key, value)) is not None}
    function: ast.expr = ast.Name(name)
    if root == "np":
        function = ast.Name("np")
        for part in rest.split("."):
            function = ast.Attribute(function, part)
    tree = ast.Call(function, trees, [ast.keyword(key, value) for key, value in given.items()])
    wholes = [_is_empty(arg) or run.num(arg).whole for arg in args] or [False]
    stays = name in ("sum", "abs", "prod", "max", "min", "sort", "cumsum", "dot", "reshape", "maximum", "minimum",
                     "diff",
                     "concatenate", "stack", "vstack", "hstack", "transpose", "diag", "flip", "roll", "outer", "clip",
                     "tile", "repeat", "arange", "where")  # fmt: skip
    return run.program.num(tree, whole=name in _CUT - {"arange"} or (stays and all(wholes)))


def _argument(run: Numbers, name: str, arg: Value) -> ast.expr:
    """Return an argument of a function of numbers; that of `reshape` may be the shape of a number, ()."""
    return ast.List([]) if name == "reshape" and _is_empty(arg) else run.num(arg).tree


def _is_empty(arg: Value) -> bool:
    return isinstance(arg, List | Tup) and not arg.items


def _in_numpy(rest: str) -> bool:
    name = rest.rpartition(".")[2]
    return any(libraries._rows(library, one) for library in ("numpy",) for one in (rest, name))  # noqa: SLF001


def keyword(run: Numbers, key: str, value: Value) -> ast.expr | None:
    """Return what a keyword is given, None for one that changes no value. Raises UnsupportedError."""
    if key in _DROPPED or isinstance(value, Nothing):
        return None
    if isinstance(value, Text):
        plain = value.plain
        if plain is None or not plain.isidentifier():
            raise UnsupportedError(f"`{key}` as a text")
        return ast.Name(plain)
    return run.num(value).tree


def method(run: Numbers, base: Num, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Return what a method of an array gives. Raises UnsupportedError."""
    if name in ("copy", "view", "squeeze") and not args and (name != "squeeze"):
        return Box(base)
    if name == "astype":
        return _as_type(run, base, _type_name(args[0]) if args else "")
    if name == "tolist":
        return _listed(run, base)
    if name == "item":
        if not args:
            return run.program.num(call("reshape", base.tree, ast.List([])) if base.value.ndim else base.tree,
                                   whole=base.whole)  # fmt: skip
        return run.at(base, [run.num(arg).tree for arg in args])
    if name == "nonzero":
        return _places(run, [base], {})
    if name in ("conj", "conjugate"):
        return base
    if name == "ptp":
        return numbers(run, "np.ptp", [base, *args], keywords)
    if name == "fill" or (name not in METHODS and name not in ("dot", "flatten", "trace", "diagonal", "take")):
        raise UnsupportedError(f"the method `.{name}()`")
    trees = [_argument(run, name, arg) for arg in args]
    given = {key: tree for key, value in keywords.items() if (tree := keyword(run, key, value)) is not None}
    if name in ("dot", "trace", "diagonal", "take", "repeat", "transpose", "std", "var", "max", "min"):
        return numbers(run, f"np.{name}", [base, *args], keywords)
    bare: ast.expr = call("array", base.tree) if isinstance(base.tree, ast.List | ast.Constant) else base.tree
    tree = ast.Call(ast.Attribute(bare, name), trees, [ast.keyword(key, value) for key, value in given.items()])
    return run.program.num(
        tree, whole=(base.whole and name not in ("mean",)) or name in ("argmax", "argmin", "argsort")
    )


def _as_type(run: Numbers, num: Num, kind: str) -> Num:
    last = kind.rpartition(".")[2]
    if last in ("bool", "bool_"):
        return run.program.num(ast.Compare(num.tree, [ast.NotEq()], [ast.Constant(0)]))
    if "int" in last:
        made = num.tree if num.whole or num.value.dtype == bool else call("trunc", num.tree)
        if num.value.dtype == bool:
            made = ast.BinOp(ast.Constant(1), ast.Mult(), num.tree)
        return run.program.num(made, whole=True)
    if "float" in last or last == "double":
        if num.value.dtype == bool:
            return run.program.num(ast.BinOp(ast.Constant(1), ast.Mult(), num.tree))
        return run.program.num(num.tree)
    raise UnsupportedError(f"the type `{kind}`")


def _type_name(value: Value) -> str:
    if isinstance(value, Lib):
        return value.path
    return (value.plain or "") if isinstance(value, Text) else ""


def _listed(run: Numbers, num: Num) -> Value:
    if num.value.ndim == 0:
        return num
    return List([_listed(run, run.at(num, [ast.Constant(k)])) for k in range(len(num.value))])


# -- what is made ---------------------------------------------------------------------------------------------


def _array(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if not args:
        raise UnsupportedError("an array of nothing")
    num = run.num(args[0])
    kind = _type_name(keywords["dtype"]) if "dtype" in keywords else _type_name(args[1]) if len(args) > 1 else ""
    tree = call("array", num.tree) if isinstance(num.tree, ast.List) and not num.constant else num.tree
    made = run.program.num(tree, whole=num.whole)
    made.value.shape  # noqa: B018 - what is no array is told here
    if kind and kind != "object":
        return Box(_as_type(run, made, kind))
    if kind == "object":
        raise UnsupportedError("an array of objects")
    return Box(made)


def _filled_with(number: int | None) -> Callable[..., Value]:
    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        sizes = args[0] if args else keywords.get("shape")
        if sizes is None:
            raise UnsupportedError("an array without a shape")
        kind = _type_name(keywords["dtype"]) if "dtype" in keywords else _type_name(args[1]) if len(args) > 1 else ""
        tree = call("ones" if number == 1 else "zeros", run.num(sizes).tree)
        if "bool" in kind:
            return Box(run.program.num(ast.Compare(tree, [ast.NotEq()], [ast.Constant(0)])))
        return Box(run.program.num(tree, whole="int" in kind))

    return make


def _like(number: int) -> Callable[..., Value]:
    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        base = run.num(args[0])
        kind = _type_name(keywords["dtype"]) if "dtype" in keywords else ""
        whole = "int" in kind or (base.whole and not kind)
        return Box(run.program.num(call("ones_like" if number else "zeros_like", base.tree), whole=whole))

    return make


def _stack(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Return arrays on top of each other; all steps of a loop are that already."""
    if len(args) == 1 and not keywords and isinstance(args[0], List | Tup):
        num = run.num(args[0])
        if not isinstance(num.tree, ast.List):
            return num
    return numbers(run, "np.stack", args, keywords)


def _full(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    sizes = args[0] if args else keywords["shape"]
    value = args[1] if len(args) > 1 else keywords["fill_value"]
    num = run.num(value)
    return Box(run.program.num(call("full", run.num(sizes).tree, num.tree), whole=num.whole))


def _arange(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    nums = [run.num(arg) for arg in args]
    nums += [run.num(keywords[key]) for key in ("start", "stop", "step") if key in keywords]
    whole = all(num.whole for num in nums) and "float" not in _type_name(keywords.get("dtype", Text(())))
    return Box(run.program.num(call("arange", *[num.tree for num in nums]), whole=whole))


def _linspace(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    names = ("start", "stop", "num")
    given = {**dict(zip(names, args, strict=False)), **keywords}
    if any(key not in (*names, "endpoint", "dtype") for key in given) or len(args) > 3:
        raise UnsupportedError("`np.linspace` with other arguments")
    trees = [run.num(given[key]).tree for key in names if key in given]
    if "endpoint" in given and not run.truth(given["endpoint"]):
        count = run.count(given.get("num", run.number(50)))
        start, stop = trees[:2]
        step = ast.BinOp(ast.BinOp(stop, ast.Sub(), start), ast.Div(), ast.Constant(count))
        return Box(run.program.num(ast.BinOp(start, ast.Add(), ast.BinOp(
            step, ast.Mult(), call("arange", ast.Constant(count))))))  # fmt: skip
    return Box(run.program.num(call("linspace", *trees)))


def _meshgrid(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if len(args) != 2:
        raise UnsupportedError("`np.meshgrid` of other than two")
    x, y = (run.num(arg) for arg in args)
    other = "indexing" in keywords and _type_name(keywords["indexing"]) == "ij"
    x, y = (run.program.num(bracketed_tree(one.tree)) for one in (x, y))
    rows, columns = call("size", y.tree), call("size", x.tree)
    sizes = ast.List([columns, rows] if other else [rows, columns])
    wide = ast.Subscript(x.tree, ast.Tuple([ast.Slice(), ast.Constant(None)]) if other else
                         ast.Tuple([ast.Constant(None), ast.Slice()]))  # fmt: skip
    tall = ast.Subscript(y.tree, ast.Tuple([ast.Constant(None), ast.Slice()]) if other else
                         ast.Tuple([ast.Slice(), ast.Constant(None)]))  # fmt: skip
    return Tup(tuple(Box(run.program.num(call("broadcast_to", one, sizes))) for one in (wide, tall)))


# -- what Python makes of lists -------------------------------------------------------------------------------


def _range(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    return range(*[run.count(arg) for arg in args])


def _len(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    match args[0]:
        case Num() | Box():
            num = run.num(args[0])
            if num.value.ndim == 0:
                raise UnsupportedError("the length of a single number")
            return run.program.num(call("len", num.tree), whole=True)
        case Dict(items=items):
            return run.number(len(items))
        case _:
            return run.number(len(run.items(args[0])))


def _zip(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    return List([Tup(items) for items in zip(*[run.items(arg) for arg in args], strict=False)])


def _enumerate(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    first = run.count(args[1] if len(args) > 1 else keywords.get("start", run.number(0)))
    return List([Tup((run.number(k), item)) for k, item in enumerate(run.items(args[0]), first)])


def _list(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    return List(run.items(args[0]) if args else [])


def _tuple(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    return Tup(tuple(run.items(args[0])) if args else ())


def _dict(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if args:
        pairs = [run.items(item) for item in run.items(args[0])]
        return Dict({run.key(pair[0]): pair[1] for pair in pairs if len(pair) == 2})
    return Dict(dict(keywords))


def _reversed(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    return List(run.items(args[0])[::-1])


def _sorted(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if "key" in keywords:
        raise UnsupportedError("`sorted` by a key")
    tree = call("sort", run.num(args[0]).tree)
    if "reverse" in keywords and run.truth(keywords["reverse"]):
        tree = call("flip", tree)
    return run.program.num(tree, whole=run.num(args[0]).whole)


def _sum(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if len(args) > 1 or keywords:
        raise UnsupportedError("`sum` with a start")
    if isinstance(args[0], List | Tup):
        items = args[0].items
        if not items:
            return run.number(0)
        if not all(run.num(item).value.ndim == 0 for item in items):
            total = run.num(items[0])
            for item in items[1:]:
                total = run.num(run.operated(total, ast.Add(), item))
            return total
    num = run.num(args[0])
    over = {"axis": ast.Constant(0)} if num.value.ndim > 1 else {}
    return run.program.num(call("sum", num.tree, **over), whole=num.whole)


def _extreme(name: str) -> Callable[..., Value]:
    def find(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        if keywords:
            raise UnsupportedError(f"`{name}` with a key")
        if len(args) == 1:
            num = run.num(args[0])
            if num.value.ndim != 1:
                raise UnsupportedError(f"`{name}` of rows")
            return run.program.num(call(name, num.tree), whole=num.whole)
        nums = [run.num(arg) for arg in args]
        if any(num.value.size != 1 for num in nums):
            raise UnsupportedError(f"`{name}` of arrays")
        tree = nums[0].tree
        for num in nums[1:]:
            tree = call(f"{name}imum", tree, num.tree)
        return run.program.num(tree, whole=all(num.whole for num in nums))

    return find


def _float(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    if isinstance(args[0], Text):
        plain = (args[0].plain or "").strip().lower()
        if plain in ("inf", "-inf", "nan"):
            return run.number(float(plain))
        raise UnsupportedError("a text that is made a number")
    num = run.num(args[0])
    return run.program.num(_single(num))


def _single(num: Num) -> ast.expr:
    if num.value.dtype == bool:
        return ast.BinOp(ast.Constant(1), ast.Mult(), num.tree)
    return call("reshape", num.tree, ast.List([])) if num.value.ndim else num.tree


def _int(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    num = run.num(args[0])
    if num.whole and num.value.ndim == 0:
        return num
    tree = _single(num)
    return run.program.num(tree if num.value.dtype == bool else call("trunc", tree), whole=True)


def _bool(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    if not isinstance(args[0], Num | Box):
        return run.number(run.truth(args[0]))
    num = run.num(args[0])
    if num.value.dtype == bool:
        return num
    return run.program.num(ast.Compare(num.tree, [ast.NotEq()], [ast.Constant(0)]))


def _all_of(name: str) -> Callable[..., Value]:
    def find(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        del keywords
        if isinstance(args[0], List | Tup) and not args[0].items:
            return run.number(name == "all")
        return run.program.num(call(name, run.num(args[0]).tree))

    return find


def _map(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    groups = zip(*[run.items(arg) for arg in args[1:]], strict=False)
    return List([run.call_value(args[0], list(group), {}) for group in groups])


def _str(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del run, keywords
    return args[0] if args and isinstance(args[0], Text) else Text((Shown(args[0]),)) if args else Text(())


def _isinstance(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords, args
    del run
    raise UnsupportedError("`isinstance`")


# -- NumPy beyond functions of numbers ------------------------------------------------------------------------


def _where(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if len(args) == 1:
        return _places(run, args, keywords)
    return numbers(run, "np.where", args, keywords)


def _places(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Return np.where(condition) and np.nonzero(x) of a vector."""
    del keywords
    return Tup((_flat_places(run, args, {}),))


def _flat_places(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    num = run.num(args[0])
    if num.value.ndim != 1:
        raise UnsupportedError("the places in a matrix where something holds")
    test = num.tree if num.value.dtype == bool else ast.Compare(num.tree, [ast.NotEq()], [ast.Constant(0)])
    run.program.freeze(num)
    tree = ast.Subscript(call("arange", call("size", num.tree)), test)
    return run.program.num(tree, whole=True)


def _append(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if keywords or len(args) != 2:
        raise UnsupportedError("`np.append` along an axis")
    base, more = (run.num(arg) for arg in args)
    parts = [one.tree if one.value.ndim == 1 else call("reshape", one.tree, ast.List([ast.UnaryOp(
        ast.USub(), ast.Constant(1))])) for one in (base, more)]  # fmt: skip
    return run.program.num(call("concat", ast.List(parts)), whole=base.whole and more.whole)


def _pad(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    mode = keywords.get("mode", args[2] if len(args) > 2 else Text(("constant",)))
    if not isinstance(mode, Text) or mode.plain != "constant" or set(keywords) - {"mode", "constant_values"}:
        raise UnsupportedError("`np.pad` other than with a constant")
    num = run.num(args[0])
    widths = np.broadcast_to(np.asarray(run.num(args[1]).value), (num.value.ndim, 2)).astype(int)
    run.program.freeze(run.num(args[1]))
    with_value = run.num(keywords["constant_values"]).tree if "constant_values" in keywords else ast.Constant(0)
    shape = list(num.value.shape)
    tree = num.tree
    for axis, (before, after) in enumerate(widths):
        parts = [tree]
        for width, first in ((int(before), True), (int(after), False)):
            if width:
                sizes = [ast.Constant(width if k == axis else size) for k, size in enumerate(shape)]
                part: ast.expr = call("full", ast.List(list(sizes)), with_value)
                parts = [part, *parts] if first else [*parts, part]
        if len(parts) > 1:
            tree = call("concat", ast.List(parts), axis=ast.Constant(axis))
        shape[axis] += int(before) + int(after)
    return run.program.num(tree, whole=num.whole)


def _svd(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    values = run.program.num(call("svdvals", run.num(args[0]).tree))
    if "compute_uv" in keywords and not run.truth(keywords["compute_uv"]):
        return values
    vectors = Strange("the language has no singular vectors", run.cell)
    return Tup((vectors, values, vectors))


def _eig(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    values = _eigvals(run, args, {})
    return Tup((values, Strange("the language has no eigenvectors", run.cell)))


def _eigvals(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Return eigenvalues, in NumPy's order where that can be told from the numbers."""
    del keywords
    num = run.num(args[0])
    matrix = np.asarray(num.value, float)
    ours = run.program.num(call("eigvals", num.tree))
    if matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1] and np.isfinite(matrix).all():
        theirs = np.linalg.eigvals(matrix)
        if np.iscomplexobj(theirs) and np.abs(theirs.imag).max() > 0:
            return _complex_eigenvalues(run, num, np.abs(theirs))
        if np.allclose(theirs, ours.value):
            return ours
        if np.allclose(theirs, ours.value[::-1]):
            return run.program.num(call("flip", ours.tree))
    raise UnsupportedError("the order of these eigenvalues")


def _complex_eigenvalues(run: Numbers, matrix: Num, theirs: Array) -> Eigenvalues:
    """Return complex eigenvalues with their sizes, in NumPy's order where that can be told from the numbers."""
    ours = run.program.num(call("abs_eigvals", matrix.tree))
    if not np.allclose(theirs, ours.value):
        ours = run.program.num(call("flip", ours.tree))
    return Eigenvalues("complex eigenvalues", run.cell, ours if np.allclose(theirs, ours.value) else None)


def _eigh(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    return Tup((_eigvalsh(run, args, {}), Strange("the language has no eigenvectors", run.cell)))


def _eigvalsh(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    return run.program.num(call("sort", call("eigvals", run.num(args[0]).tree)))


def _pinv_tree(num: Num) -> ast.expr:
    rows, columns = num.value.shape
    across = ast.Attribute(num.tree, "T")
    if rows >= columns:
        square = ast.BinOp(across, ast.MatMult(), num.tree)
        return ast.BinOp(call("inv", square), ast.MatMult(), across)
    square = ast.BinOp(num.tree, ast.MatMult(), across)
    return ast.BinOp(across, ast.MatMult(), call("inv", square))


def _full_rank(num: Num) -> None:
    if num.value.ndim != 2 or np.linalg.matrix_rank(np.asarray(num.value, float)) < min(num.value.shape):
        raise UnsupportedError("a matrix without full rank")


def _pinv(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    num = run.num(args[0])
    _full_rank(num)
    return run.program.num(_pinv_tree(num))


def _lstsq(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    a, b = run.num(args[0]), run.num(args[1])
    _full_rank(a)
    solution = run.program.num(ast.BinOp(_pinv_tree(a), ast.MatMult(), b.tree))
    gap = call("square", ast.BinOp(b.tree, ast.Sub(), ast.BinOp(a.tree, ast.MatMult(), solution.tree)))
    residuals = run.program.num(call("sum", gap, axis=ast.Constant(0), keepdims=ast.Name("True")))
    rest: tuple[Value, ...] = (residuals, run.number(min(a.value.shape)), run.program.num(call("svdvals", a.tree)))
    if a.value.shape[0] <= a.value.shape[1]:
        rest = (Strange("residuals of a system without any", run.cell), *rest[1:])
    return Tup((solution, *rest))


def _vectorize(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del run, keywords
    if not isinstance(args[0], Func):
        raise UnsupportedError("`np.vectorize` of a library's function")
    return Tup((Text(("vectorize",)), args[0]))


def _isclose(name: str) -> Callable[..., Value]:
    def find(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        a, b = run.num(args[0]), run.num(args[1])
        relative = run.num(keywords.get("rtol", args[2] if len(args) > 2 else run.number(1e-5))).tree
        absolute = run.num(keywords.get("atol", args[3] if len(args) > 3 else run.number(1e-8))).tree
        most = ast.BinOp(absolute, ast.Add(), ast.BinOp(relative, ast.Mult(), call("abs", b.tree)))
        tree: ast.expr = ast.Compare(call("abs", ast.BinOp(a.tree, ast.Sub(), b.tree)), [ast.LtE()], [most])
        return run.program.num(call("all", tree) if name == "allclose" else tree)

    return find


def _outer(operator: ast.operator) -> Callable[..., Value]:
    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        del keywords
        a, b = (run.num(arg) for arg in args)
        if a.value.ndim != 1 or b.value.ndim != 1:
            raise UnsupportedError("an outer operation of matrices")
        left = ast.Subscript(a.tree, ast.Tuple([ast.Slice(), ast.Constant(None)]))
        right = ast.Subscript(b.tree, ast.Tuple([ast.Constant(None), ast.Slice()]))
        if isinstance(a.tree, ast.List):
            left.value = call("array", a.tree)
        if isinstance(b.tree, ast.List):
            right.value = call("array", b.tree)
        return run.program.num(ast.BinOp(left, operator, right), whole=a.whole and b.whole)

    return make


def _running(name: str) -> Callable[..., Value]:
    """Return np.maximum.accumulate and its like, of a vector."""

    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        del keywords
        num = run.num(args[0])
        if num.value.ndim != 1:
            raise UnsupportedError(f"a running {name} of a matrix")
        n = call("size", num.tree)
        bound: ast.expr = ast.Name("inf") if name == "min" else ast.UnaryOp(ast.USub(), ast.Name("inf"))
        seen = ast.Compare(call("tril", call("ones", n, n)), [ast.Eq()], [ast.Constant(1)])
        return run.program.num(call(name, call("where", seen, num.tree, bound), axis=ast.Constant(1)), whole=num.whole)

    return make


def _as(name: str) -> Callable[..., Value]:
    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        return numbers(run, f"np.{name}", args, keywords)

    return make


def _reduced(name: str) -> Callable[..., Value]:
    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        first = run.num(args[0])
        over = {} if keywords or len(args) > 1 or first.value.ndim < 2 else {"axis": run.number(0)}
        return numbers(run, f"np.{name}", args, {**over, **keywords})

    return make


def _cov(name: str) -> Callable[..., Value]:
    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        rows = [run.num(arg) for arg in args]
        if len(rows) == 2 and all(row.value.ndim == 1 for row in rows):
            tree: ast.expr = call("stack", ast.List([row.tree for row in rows]))
        elif len(rows) == 1:
            tree = rows[0].tree
        else:
            raise UnsupportedError(f"`np.{name}` of matrices")
        if "rowvar" in keywords and not run.truth(keywords["rowvar"]):
            tree = call("transpose", tree)
        made = numbers(run, f"np.{name}", [run.program.num(tree)], {})
        biased = "bias" in keywords and run.truth(keywords["bias"])
        biased = biased or ("ddof" in keywords and run.count(keywords["ddof"]) == 0)
        if set(keywords) - {"rowvar", "bias", "ddof"}:
            raise UnsupportedError(f"`np.{name}` with other arguments")
        if not biased or name == "corrcoef":
            return made
        count = run.program.num(tree).value.shape[-1]
        return run.program.num(ast.BinOp(made.tree, ast.Mult(), ast.BinOp(
            ast.Constant(count - 1), ast.Div(), ast.Constant(count))))  # fmt: skip

    return make


def _unique(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    num = run.num(args[0])
    run.program.freeze(num)
    made = numbers(run, "np.unique", args[:1], {})
    made.whole = num.whole
    if not keywords:
        return Box(made)
    if set(keywords) != {"return_counts"}:
        raise UnsupportedError("`np.unique` with other arguments")
    same = ast.Compare(_spread(call("ravel", num.tree), first=True), [ast.Eq()], [_spread(made.tree, first=False)])
    counts = run.program.num(call("sum", same, axis=ast.Constant(1)), whole=True)
    return Tup((Box(made), Box(counts)))


def _spread(tree: ast.expr, *, first: bool) -> ast.expr:
    parts: list[ast.expr] = [ast.Constant(None), ast.Slice()]
    return ast.Subscript(tree, ast.Tuple(parts if first else parts[::-1]))


def _gradient(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    num = run.num(args[0])
    if num.value.ndim != 1 or keywords or len(args) > 2 or (len(args) == 2 and run.num(args[1]).value.ndim):
        raise UnsupportedError("`np.gradient` other than of a vector with even steps")
    middle = ast.BinOp(ast.BinOp(_cut(num, 2, None), ast.Sub(), _cut(num, None, -2)), ast.Div(), ast.Constant(2))
    first = ast.BinOp(_cut(num, 1, 2), ast.Sub(), _cut(num, None, 1))
    last = ast.BinOp(_cut(num, -1, None), ast.Sub(), _cut(num, -2, -1))
    tree: ast.expr = call("concat", ast.List([first, middle, last]))
    if len(args) == 2:
        tree = ast.BinOp(tree, ast.Div(), run.num(args[1]).tree)
    return run.program.num(tree)


def _cut(num: Num, start: int | None, stop: int | None) -> ast.expr:
    ends = [None if one is None else ast.parse(repr(one), mode="eval").body for one in (start, stop)]
    base = call("array", num.tree) if isinstance(num.tree, ast.List) else num.tree
    return ast.Subscript(base, ast.Slice(*ends))


def _polyfit(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if keywords or len(args) != 3:
        raise UnsupportedError("`np.polyfit` with other arguments")
    x, y, degree = run.num(args[0]), run.num(args[1]), run.count(args[2])
    powers = call("arange", *[ast.parse(repr(one), mode="eval").body for one in (degree, -1, -1)])
    table = run.program.num(ast.BinOp(_spread(call("array", x.tree), first=False), ast.Pow(), powers))
    _full_rank(table)
    return run.program.num(ast.BinOp(_pinv_tree(table), ast.MatMult(), y.tree))


def _log(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    if len(args) == 2:
        return run.program.num(ast.BinOp(call("log", run.num(args[0]).tree), ast.Div(),
                                         call("log", run.num(args[1]).tree)))  # fmt: skip
    return numbers(run, "math.log", args, keywords)


def _normal(name: str) -> Callable[..., Value]:
    """Return scipy.stats.norm.cdf and .pdf."""

    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        given = {**dict(zip(("x", "loc", "scale"), args, strict=False)), **keywords}
        x = run.num(given["x"]).tree
        scale: ast.expr = run.num(given["scale"]).tree if "scale" in given else ast.Constant(1)
        if "loc" in given:
            x = ast.BinOp(x, ast.Sub(), run.num(given["loc"]).tree)
        z = ast.BinOp(x, ast.Div(), scale) if "scale" in given else x
        if name == "cdf":
            part = call("erf", ast.BinOp(z, ast.Div(), call("sqrt", ast.Constant(2))))
            return run.program.num(
                ast.BinOp(ast.Constant(0.5), ast.Mult(), ast.BinOp(ast.Constant(1), ast.Add(), part))
            )
        bell = call("exp", ast.BinOp(ast.UnaryOp(ast.USub(), call("square", z)), ast.Div(), ast.Constant(2)))
        root = call("sqrt", ast.BinOp(ast.Constant(2), ast.Mult(), ast.Name("pi")))
        return run.program.num(ast.BinOp(bell, ast.Div(), ast.BinOp(scale, ast.Mult(), root)))

    return make


def _print_options(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Note how many decimals the notebook prints from here on."""
    del args
    if "precision" in keywords:
        run.decimals = run.count(keywords["precision"])
    return Nothing()


def _eye(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    given = {**dict(zip(("N", "M", "k"), args, strict=False)), **{k: v for k, v in keywords.items() if k != "dtype"}}
    n = run.num(given["N"])
    if "M" not in given and "k" not in given:
        return Box(run.program.num(call("eye", n.tree), whole=True))
    m = run.num(given.get("M", given["N"])).tree
    k = run.num(given["k"]).tree if "k" in given else ast.Constant(0)
    off = ast.BinOp(_spread(call("arange", m), first=True), ast.Sub(), _spread(call("arange", n.tree), first=False))
    return Box(run.program.num(ast.BinOp(ast.Constant(1), ast.Mult(), ast.Compare(off, [ast.Eq()], [k])), whole=True))


def _diag(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    num = run.num(args[0])
    k = run.count(args[1] if len(args) > 1 else keywords.get("k", run.number(0)))
    if k == 0:
        return run.program.num(call("diag", num.tree), whole=num.whole)
    if num.value.ndim == 1:
        size = len(num.value) + abs(k)
        off = _eye(run, [run.number(size)], {"k": run.number(k)})
        parts = [num.tree, call("zeros", ast.Constant(abs(k)))]
        line = call("concat", ast.List(parts if k > 0 else parts[::-1]))
        column = ast.Subscript(line, ast.Tuple([ast.Slice(), ast.Constant(None)]))
        return run.program.num(ast.BinOp(run.num(off).tree, ast.Mult(), column), whole=num.whole)
    rows, columns = num.value.shape
    count = min(rows - max(0, -k), columns - max(0, k))
    at = [ast.BinOp(call("arange", ast.Constant(count)), ast.Add(), ast.Constant(max(0, one))) for one in (-k, k)]
    return run.program.num(ast.Subscript(bracketed_tree(num.tree), ast.Tuple(list(at))), whole=num.whole)


def _correlate(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    a, v = run.num(args[0]), run.num(args[1])
    mode = keywords.get("mode", args[2] if len(args) > 2 else Text(("valid",)))
    plain = mode.plain if isinstance(mode, Text) else None
    if plain == "valid" and len(a.value) < len(v.value):
        raise UnsupportedError("`np.correlate` of a short vector with a long one")
    turned = run.program.num(call("flip", v.tree))
    return numbers(run, "np.convolve", [a, turned], {"mode": Text((plain or "",))})


def _norm(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    kind = keywords.get("ord", args[1] if len(args) > 1 else None)
    if isinstance(kind, Text) and kind.plain == "fro":
        return numbers(run, "np.linalg.norm", args[:1], {k: v for k, v in keywords.items() if k != "ord"})
    return numbers(run, "np.linalg.norm", args, keywords)


def _xor(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    sides = [ast.Compare(run.num(arg).tree, [ast.NotEq()], [ast.Constant(0)]) for arg in args]
    return run.program.num(ast.Compare(sides[0], [ast.NotEq()], [sides[1]]))


def _histogram(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    x = run.num(args[0]).tree
    bins = keywords.get("bins", args[1] if len(args) > 1 else run.number(10))
    if set(keywords) - {"bins"} or len(args) > 2 or run.num(bins).value.ndim:
        raise UnsupportedError("`np.histogram` with other arguments")
    k = run.num(bins).tree
    part = ast.BinOp(ast.BinOp(call("ravel", x), ast.Sub(), call("min", x)), ast.Div(),
                     ast.BinOp(call("max", x), ast.Sub(), call("min", x)))  # fmt: skip
    place = call("minimum", call("floor", ast.BinOp(part, ast.Mult(), k)), ast.BinOp(k, ast.Sub(), ast.Constant(1)))
    counts = run.program.num(call("sum", call("one_hot", place, k), axis=ast.Constant(0)), whole=True)
    more = ast.BinOp(k, ast.Add(), ast.Constant(1))
    return Tup((Box(counts), Box(run.program.num(call("linspace", call("min", x), call("max", x), more)))))


def _fft(*, half: bool) -> Callable[..., Value]:
    """Return np.fft.fft and .rfft of real numbers: sums of cosines and sines."""

    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        num = run.num(args[0])
        if len(args) > 1 or keywords or num.value.ndim != 1 or num.value.size > 256:
            raise UnsupportedError("a Fourier transform other than of a short vector")
        x = bracketed_tree(num.tree)
        n = call("size", num.tree)
        rows: ast.expr = call("arange", n)
        if half:
            rows = call("arange", ast.Constant(num.value.size // 2 + 1))
        angle = ast.BinOp(ast.BinOp(ast.BinOp(ast.Constant(2), ast.Mult(), ast.Name("pi")), ast.Mult(),
                                    call("outer", rows, call("arange", n))), ast.Div(), n)  # fmt: skip
        re = run.program.num(ast.BinOp(call("cos", angle), ast.MatMult(), x))
        im = run.program.num(ast.UnaryOp(ast.USub(), ast.BinOp(call("sin", angle), ast.MatMult(), x)))
        return Complex(re, im)

    return make


def _fftfreq(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    n = run.count(args[0])
    d = run.num(args[1] if len(args) > 1 else keywords.get("d", run.number(1.0))).tree
    places = [k if k < (n + 1) // 2 else k - n for k in range(n)]
    tree = call("array", ast.parse(repr(places), mode="eval").body)
    return run.program.num(ast.BinOp(tree, ast.Div(), ast.BinOp(ast.Constant(n), ast.Mult(), d)))


def of_complex(run: Numbers, value: Complex, name: str) -> Num:
    """Return the size, the parts or the angle of complex numbers. Raises UnsupportedError."""
    re, im = value.re.tree, value.im.tree
    match name:
        case "abs" | "absolute":
            return run.program.num(call("sqrt", ast.BinOp(call("square", re), ast.Add(), call("square", im))))
        case "real":
            return value.re
        case "imag":
            return value.im
        case "angle":
            return numbers(run, "np.arctan2", [value.im, value.re], {})
    raise UnsupportedError("complex numbers")


def _of_complex(name: str) -> Callable[..., Value]:
    def make(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
        if isinstance(args[0], Complex):
            return of_complex(run, args[0], name)
        if isinstance(args[0], Eigenvalues) and name == "abs" and args[0].sizes is not None:
            return args[0].sizes
        if name == "real":
            return run.num(args[0])
        if name in ("imag", "angle"):
            raise UnsupportedError(f"`np.{name}` of real numbers")
        return numbers(run, "np.abs", args, keywords)

    return make


def _factorial(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    n = run.num(args[0])
    return run.program.num(_factorial_tree(n.tree), whole=True)


def _factorial_tree(n: ast.expr) -> ast.expr:
    return call("prod", call("arange", ast.Constant(1), ast.BinOp(n, ast.Add(), ast.Constant(1))))


def _comb(run: Numbers, args: list[Value], keywords: dict[str, Value]) -> Value:
    del keywords
    n, k = (run.num(arg).tree for arg in args[:2])
    first = ast.BinOp(ast.BinOp(n, ast.Sub(), k), ast.Add(), ast.Constant(1))
    above = call("prod", call("arange", first, ast.BinOp(n, ast.Add(), ast.Constant(1))))
    return run.program.num(ast.BinOp(above, ast.Div(), _factorial_tree(k)), whole=True)


def _random(run: Numbers, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Return what NumPy's random numbers give: seeded ones are numbers like others, without a seed there are none."""
    if name == "seed":
        run.random = Random(np.random.RandomState(run.count(args[0]))) if args else None
        return Nothing()
    if name in ("default_rng", "RandomState"):
        if not args and "seed" not in keywords:
            raise UnsupportedError("random numbers without a seed")
        seed = run.count(args[0] if args else keywords["seed"])
        return Random(np.random.default_rng(seed) if name == "default_rng" else np.random.RandomState(seed))
    if run.random is None:
        raise UnsupportedError("random numbers without a seed")
    return drawn(run, run.random, name, args, keywords)


_DRAWS = frozenset((
    "normal", "uniform", "rand", "randn", "random", "standard_normal", "integers", "randint", "random_sample", "choice",
    "permutation", "exponential", "poisson", "binomial", "beta", "gamma", "dirichlet", "ranf",
))  # fmt: skip


def drawn(run: Numbers, source: Random, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
    """Return numbers that a seeded source draws, as a given's. Raises UnsupportedError."""
    if run.program.walk is not None:
        raise UnsupportedError("random numbers in a loop")
    if name not in _DRAWS or not hasattr(source.source, name):
        raise UnsupportedError(f"random numbers by `{name}`")
    plain = [_plain(run, arg) for arg in args]
    named = {key: _plain(run, value) for key, value in keywords.items() if key != "dtype"}
    size = named.get("size", plain if name in ("rand", "randn") else plain[-1] if len(plain) > 1 else None)
    if size is not None and np.prod(np.asarray(size, float)) > 1e6:
        raise UnsupportedError("very many random numbers")
    try:
        value = np.asarray(getattr(source.source, name)(*plain, **named))
    except (TypeError, ValueError, OverflowError, MemoryError):
        raise UnsupportedError(f"random numbers by `{name}` with these arguments") from None
    if value.size > MAX_RANDOM or value.dtype.kind not in "fiu":
        raise UnsupportedError(f"{value.size:,} random numbers are more than an exercise can state")
    made = literal(run, value)
    made.whole = value.dtype.kind in "iu"
    return Box(made) if value.ndim else made


def literal(run: Numbers, value: "np.ndarray[Any, Any]") -> Num:
    """Return numbers that are written out."""
    return run.program.num(ast.parse(repr(value.tolist()), mode="eval").body)


def _plain(run: Numbers, value: Value) -> Any:  # noqa: ANN401
    """Return a value for NumPy's random numbers."""
    if isinstance(value, Nothing):
        return None
    if isinstance(value, Tup | List):
        return [_plain(run, item) for item in value.items] if isinstance(value, List) else tuple(
            _plain(run, item) for item in value.items)  # fmt: skip
    num = run.num(value)
    run.program.freeze(num)
    array = num.value
    if array.dtype == bool:
        return array.tolist()
    if array.size > 10_000:
        raise UnsupportedError("random numbers of a large array")
    return array.astype(int).tolist() if num.whole else array.tolist() if array.ndim == 0 else array


SPECIAL: dict[str, Callable[[Numbers, list[Value], dict[str, Value]], Value]] = {
    "np.array": _array, "np.asarray": _array, "np.asanyarray": _array, "np.matrix": _array,
    "np.zeros": _filled_with(0), "np.empty": _filled_with(0), "np.ones": _filled_with(1),
    "np.zeros_like": _like(0), "np.empty_like": _like(0), "np.ones_like": _like(1), "np.full": _full,
    "np.arange": _arange, "np.linspace": _linspace, "np.meshgrid": _meshgrid,
    "range": _range, "len": _len, "zip": _zip, "enumerate": _enumerate, "list": _list, "tuple": _tuple,
    "dict": _dict, "reversed": _reversed, "sorted": _sorted, "sum": _sum, "max": _extreme("max"),
    "min": _extreme("min"), "float": _float, "int": _int, "bool": _bool, "all": _all_of("all"),
    "any": _all_of("any"), "map": _map, "str": _str, "repr": _str, "isinstance": _isinstance,
    "np.float64": _float, "np.float32": _float, "np.int64": _int, "np.int32": _int,
    "np.where": _where, "np.nonzero": _places, "np.flatnonzero": _flat_places, "np.append": _append, "np.pad": _pad,
    "np.linalg.svd": _svd, "np.linalg.eig": _eig, "np.linalg.eigh": _eigh, "np.linalg.eigvals": _eigvals,
    "np.linalg.eigvalsh": _eigvalsh, "np.linalg.pinv": _pinv, "np.linalg.lstsq": _lstsq,
    "np.add.outer": _outer(ast.Add()), "np.subtract.outer": _outer(ast.Sub()),
    "np.multiply.outer": _outer(ast.Mult()), "np.divide.outer": _outer(ast.Div()),
    "np.maximum.accumulate": _running("max"), "np.minimum.accumulate": _running("min"),
    "np.add.accumulate": _as("cumsum"), "np.multiply.accumulate": _as("cumprod"),
    "np.add.reduce": _reduced("sum"), "np.multiply.reduce": _reduced("prod"),
    "np.maximum.reduce": _reduced("max"), "np.minimum.reduce": _reduced("min"),
    "np.cov": _cov("cov"), "np.corrcoef": _cov("corrcoef"), "np.unique": _unique, "np.gradient": _gradient,
    "np.polyfit": _polyfit, "math.log": _log, "scipy.stats.norm.cdf": _normal("cdf"),
    "scipy.stats.norm.pdf": _normal("pdf"),
    "np.eye": _eye, "np.identity": _eye, "np.diag": _diag, "np.correlate": _correlate, "np.linalg.norm": _norm,
    "np.logical_xor": _xor, "np.histogram": _histogram, "np.fft.fft": _fft(half=False), "np.fft.rfft": _fft(half=True),
    "np.fft.fftfreq": _fftfreq, "np.abs": _of_complex("abs"), "np.absolute": _of_complex("abs"),
    "abs": _of_complex("abs"), "np.real": _of_complex("real"), "np.imag": _of_complex("imag"),
    "np.angle": _of_complex("angle"), "np.rint": _as("round"), "np.set_printoptions": _print_options,
    "np.vectorize": _vectorize, "np.stack": _stack, "np.column_stack": _column_stack,
    "np.isclose": _isclose("isclose"), "np.allclose": _isclose("allclose"),
    "math.factorial": _factorial, "math.comb": _comb,
    "scipy.special.factorial": _factorial, "scipy.special.comb": _comb,
}  # fmt: skip
