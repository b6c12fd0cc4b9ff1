"""Which method an expression is, whoever wrote it: two expressions are the same method if they are the same function.

An expression is cut at some of its parts, which become variables: `0.5 * (W @ x + b) * (1 + erf(...))` is a function of
`W @ x + b`. It is computed for numbers that are fixed here, and its values are looked up among those of the methods in
`methods`. So an author's spelling does not matter. Which cuts are computed at all, the kinds of functions tell that
stand outside of them: what has no `cos` is no window.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import permutations

import numpy as np

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Call, Expr, Index, Name, NewAxis, Number, Rest, Slice, names_in, walk
from rnn_tutor.engine.functions import TABLE, Array
from rnn_tutor.engine.functions.base import REQUIRED
from rnn_tutor.engine.mutate.further_methods import FAMILIES
from rnn_tutor.engine.mutate.methods import Family, Method
from rnn_tutor.engine.mutate.mutation import Context, op, substituted
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.shapes import Shape

MOST_VARIABLES = 3
MOST_CUTS = 48  # of one part; those with fewer variables first
MOST_PARTS = 120  # of an expression: a longer one is no method that has a name
MOST_WALKED = 300  # ... with those that stand there more than once
MOST_TRIED = 200  # cuts that are computed for an expression
LENGTH = 7  # entries of a list whose length does not matter
ARITHMETIC = ("add", "subtract", "multiply", "divide", "negative", "positive", "square", "reciprocal")
REDUCED = ("sum", "mean", "max", "min", "var", "std", "prod", "norm", "logsumexp")
KINDS = {
    **dict.fromkeys(ARITHMETIC, ""),
    **dict.fromkeys(("exp", "expm1", "sigmoid", "tanh", "silu", "sinh", "cosh"), "exp"),
    **dict.fromkeys(("log", "log2", "log10", "log1p"), "log"),
    **dict.fromkeys(("sin", "cos", "tan"), "angle"),
    **dict.fromkeys(("erf", "gelu", "arctan"), "erf"),
    **dict.fromkeys(("sqrt", "power"), "power"),
    **dict.fromkeys(("abs", "relu", "maximum", "minimum", "clip", "where", "sign", "leaky_relu"), "bound"),
    **dict.fromkeys(("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"), "bound"),
    **dict.fromkeys(("sum", "mean", "var", "prod", "len", "size", "dot"), "all"),
    **dict.fromkeys(("max", "min"), "extreme"),
    **dict.fromkeys(("sort", "argsort"), "order"),
    **dict.fromkeys(("concat", "stack", "ravel", "cumsum", "cumprod"), "place"),
    **{"softplus": "exp log", "logsumexp": "exp log all", "softmax": "exp all", "std": "all power"},
    **{"norm": "all power", "erfc": "erf"},
}
PLACE = "place"
WHOLE = frozenset(("all", "extreme", "order", PLACE))  # of these, how many entries there are is told apart
ROWS = 3
RANGES = ((0.0, 1.9), (0.5, 0.43), (1.6, 1.3))  # around what, and how far from it
NUMBERS = {"a": (0.37, 2.83, 5.7), "b": (1.93, 3.3, 2.2), "c": (2.71, 1.46, 3.9)}
SCALARS = tuple(NUMBERS)  # variables that are numbers; the others are lists too
PLAIN = (0.0, 0.5, 1.0, 2.0)  # numbers of a formula, never what it is a function of


@dataclass(frozen=True)
class Part:
    """A distinct part of an expression: what it calls, with which parts, and in which ways it can be cut.

    A cut has the places of the variables, and the kinds of functions outside of them.
    """

    expr: Expr
    inside: tuple[int, ...]
    all_inside: frozenset[int]
    cuts: tuple[tuple[frozenset[int], frozenset[str]], ...]
    size: Shape | None


@dataclass(frozen=True)
class Recognised:
    """A part of an expression that is a method: `given` has what its variables stand for."""

    expr: Expr
    family: Family
    method: Method
    given: Mapping[str, Expr]
    factor: float
    along: tuple[tuple[str, Expr], ...]  # the axis that it sums over


@dataclass
class _Parts:
    """The distinct parts of an expression, each once, those inside before those around."""

    context: Context
    parts: list[Part] = field(default_factory=list)
    known: dict[object, int] = field(default_factory=dict)

    def add(self, expr: Expr) -> int:
        """Return the place of a part, with all that is inside of it put before it."""
        inside: tuple[int, ...] = ()
        key: object = (type(expr), expr)
        if isinstance(expr, Call) and _is_computed(expr):
            inside = tuple(self.add(arg) for arg in expr.args)
            if expr.function == "matmul" and any(len(self.parts[at].size or (0, 0)) != 1 for at in inside):
                inside = ()  # a product of matrices is taken as it is
            key = (expr.function, inside or expr.args, expr.keywords)
        elif isinstance(expr, Index) and _is_fixed(expr):
            inside = (self.add(expr.base),)
            key = inside, expr.items
        if key not in self.known:
            self.known[key] = len(self.parts)
            size = self.context.size_of(expr)
            size = self._size(expr, inside) if size is None else size
            deeper = frozenset(inside).union(*[self.parts[at].all_inside for at in inside])
            part = Part(expr, inside, deeper, (), size)
            self.parts.append(replace(part, cuts=tuple(self._cuts(part, len(self.parts)))))
        return self.known[key]

    def _size(self, expr: Expr, inside: Sequence[int]) -> Shape | None:
        """Return the shape of what is computed element by element, or summed up altogether; None for anything else."""
        if isinstance(expr, Name) or not isinstance(expr, Call) or not inside:
            return None
        sizes = [self.parts[at].size for at in inside]
        if expr.function in (*REDUCED, "len", "size", "dot") and not expr.keywords:
            return ()
        kinds = KINDS.get(expr.function, PLACE).split()
        if WHOLE.intersection(kinds) or None in sizes:
            return None
        return max((size for size in sizes if size is not None), key=len)

    def _one_in_another(self, variables: frozenset[int]) -> bool:
        return any(one in self.parts[other].all_inside for one in variables for other in variables if one != other)

    def _cuts(self, part: Part, at: int) -> Iterator[tuple[frozenset[int], frozenset[str]]]:
        own = frozenset((at,))
        if isinstance(part.expr, Number):
            yield frozenset(), frozenset()
        if isinstance(part.expr, Name) and part.expr.id in ("pi", "e") and part.expr.id not in self.context.shapes:
            yield frozenset(), frozenset()
            return
        if not isinstance(part.expr, Number) or part.expr.value not in PLAIN:
            yield own, frozenset()
        if not part.inside:
            return
        kinds = frozenset(_kinds(part.expr))
        found: dict[tuple[frozenset[int], frozenset[str]], None] = {(frozenset(), kinds): None}
        for one in part.inside:
            found = {
                (variables | more, outside | further): None
                for variables, outside in found
                for more, further in self.parts[one].cuts
                if len(variables | more) <= MOST_VARIABLES
            }
        found = {cut: None for cut in found if not self._one_in_another(cut[0])}
        yield from sorted(found, key=lambda cut: len(cut[0]))[:MOST_CUTS]


def _is_computed(expr: Call) -> bool:
    """Tell whether a call is computed along with what it is called with, not taken as it is."""
    if expr.function not in KINDS or (expr.function in ("max", "min") and len(expr.args) > 1):
        return expr.function == "matmul"
    return all(key in ("axis", "keepdims", "ddof") for key, _ in expr.keywords)


def _is_fixed(expr: Index) -> bool:
    """Tell whether an index says where something is read by numbers alone."""
    for item in expr.items:
        ends = (item.start, item.stop, item.step) if isinstance(item, Slice) else (item,)
        if isinstance(item, Rest) or not all(
            end is None or isinstance(end, NewAxis) or _whole(end) is not None for end in ends
        ):
            return False
    return True


def _whole(expr: object) -> int | None:
    match expr:
        case Number(value=value) if value == int(value):
            return int(value)
        case Call(function="negative", args=(Number(value=value),)) if value == int(value):
            return -int(value)
    return None


def _kinds(expr: Expr) -> list[str]:
    """Return of which kinds a call or an index is."""
    if isinstance(expr, Index):
        return [] if _is_lifted(expr) else [PLACE]
    if not isinstance(expr, Call):
        return []
    if expr.function == "matmul":
        return ["all"]
    if expr.function == "power" and len(expr.args) > 1 and expr.args[1] == Number(2.0, "2"):
        return []
    if expr.function == "norm" and len(expr.args) > 1:
        order = expr.args[1]
        return ["all", "bound"] if order == Number(1.0, "1") else ["extreme", "bound"]
    return KINDS[expr.function].split()


def _is_lifted(expr: Index) -> bool:
    """Tell whether an index only writes a sum of each row as a column: `x[:, None]`."""
    return all(isinstance(item, NewAxis) or item == Slice() for item in expr.items)


def _of_text(text: str) -> frozenset[str]:
    """Return of which kinds the functions of a method are, without reading it: hardly one of them is needed."""
    text = HALF.sub("1", text)
    found = {kind for name in _CALLED.findall(text) for kind in KINDS[name].split()}
    found |= ({"power"} if _POWER.search(text) else set()) | ({PLACE} if "[" in text else set())
    return _told_apart(frozenset(found))


def _told_apart(kinds: frozenset[str]) -> frozenset[str]:
    """Return the kinds by which methods are told apart: who reads single entries may add them up without a sum."""
    return kinds - {"all"} if PLACE in kinds else kinds


_CALLED = re.compile(r"([a-z_0-9]+)\(")
HALF = re.compile(r"(?<=\[)len\(y\)(?=:)|(?<=:)len\(y\)(?=\])")  # where a list is cut, at a length that is known
_POWER = re.compile(r"\*\*(?! ?2(?![\d.]))")


@lru_cache(maxsize=512)
def _read(text: str) -> Expr:
    return parse(text)


@lru_cache(maxsize=64)
def probe(name: str, length: int | None) -> Array:
    """Return what a variable is computed for, a row each: signed numbers, numbers between 0 and 1, positive ones."""
    shift = float(sum(map(ord, name)))
    if name in SCALARS:
        return np.array(NUMBERS[name])[:, None]
    places = np.arange(LENGTH if length is None else length)
    waves = (np.sin(factor * places + shift) for factor in (2.3, 3.1, 1.7))
    return np.array([around + wide * wave for (around, wide), wave in zip(RANGES, waves, strict=True)])


Assigned = tuple[tuple[int, str], ...]  # which part is which variable


def _computed(parts: Sequence[Part], at: int, values: dict[int, Array | None]) -> Array | None:
    """Return the rows of values of a part; None where it cannot be computed for these."""
    if at not in values:
        part = parts[at]
        inside = [_computed(parts, one, values) for one in part.inside]
        try:
            values[at] = None if any(one is None for one in inside) else _of_part(part, inside)  # type: ignore[arg-type]
        except (EngineError, ValueError, TypeError, IndexError):
            values[at] = None
    return values[at]


def _of_part(part: Part, inside: list[Array]) -> Array | None:
    match part.expr:
        case Number(value=value):
            return np.full((ROWS, 1), value)
        case Name(id="pi" | "e" as name):
            return np.full((ROWS, 1), np.pi if name == "pi" else np.e)
        case Index() as expr:
            return inside[0] if _is_lifted(expr) else _indexed(expr, inside[0])
        case Call() as expr if inside:
            return _called(expr, inside)
    return None


def _indexed(expr: Index, values: Array) -> Array | None:
    """Return an entry or a slice of each row; of a matrix only the lists in it are known."""
    if len(expr.items) != 1:
        return None
    item = expr.items[0]
    if isinstance(item, Slice):
        at = slice(*(None if end is None else _whole(end) for end in (item.start, item.stop, item.step)))
        return values[:, at]
    place = _whole(item)
    return None if place is None else values[:, [place]]


def _called(expr: Call, args: list[Array]) -> Array | None:
    """Return what a function gives for each row; whatever it sums up, it sums up along the row."""
    name = expr.function
    if name in ("len", "size"):
        return np.full((ROWS, 1), float(args[0].shape[1]))
    if name in ("matmul", "dot"):
        return np.asarray((args[0] * args[1]).sum(axis=1, keepdims=True))
    function, keywords = TABLE[name], dict(expr.keywords)
    if name == "norm" and len(args) > 1:
        return np.array([[float(np.linalg.norm(row, float(args[1][0, 0])))] for row in args[0]])
    if function.params[0].variadic:
        return _joined(name, args, _whole(keywords.get("axis", Number(0.0, "0"))))
    if name == "ravel":
        return args[0]
    static = {p.name: p.default for p in function.params[len(args) :] if p.default is not REQUIRED}
    if "ddof" in keywords:
        static["ddof"] = _whole(keywords["ddof"])
    if "axis" in static:
        static["axis"] = 1
    if "keepdims" in static:
        static["keepdims"] = True
    return np.asarray(function.value(*args, **static), dtype=float)


def _joined(name: str, args: list[Array], axis: int | None) -> Array | None:
    """Return rows one after the other, or of lists that are stacked side by side and then read in turns."""
    if name == "concat":
        return np.concatenate(args, axis=1)
    alike = len({arg.shape for arg in args}) == 1
    return np.stack(args, axis=2).reshape(ROWS, -1) if alike and axis in (1, -1) else None


Signature = tuple[object, ...]


def _signature(values: Array | None) -> tuple[Signature, float] | None:
    """Return what tells a function from others by its values, up to a factor, and that factor; None for a constant."""
    if values is None or values.size == 0:
        return None
    flat = values.reshape(-1)
    finite = flat[np.isfinite(flat)]
    apart = finite[np.abs(finite) > SMALL]
    if not apart.size or (finite.size > 2 and np.ptp(finite) <= SMALL):
        return None
    factor = float(apart[0])
    return (values.shape, (np.where(np.isfinite(flat), flat / factor, np.inf).round(7) + 0.0).tobytes()), factor


SMALL = 1e-9


@lru_cache(maxsize=1)
def _by_kinds() -> dict[tuple[int, frozenset[str]], list[tuple[Family, Method, tuple[str, ...]]]]:
    """Return the methods that are recognised, by how many variables they have and the kinds of their functions."""
    found: dict[tuple[int, frozenset[str]], list[tuple[Family, Method, tuple[str, ...]]]] = {}
    for family in FAMILIES:
        for method in family.methods:
            if method.recognised:
                used = tuple(name for name in family.variables if re.search(rf"\b{name}\b", method.text))
                found.setdefault((len(used), _of_text(method.text)), []).append((family, method, used))
    return found


@lru_cache(maxsize=4096)
def _known(text: str, lengths: tuple[tuple[str, int | None], ...]) -> tuple[Signature, float] | None:
    """Return the signature of a method for lists of these lengths."""
    variables = dict(lengths)
    if HALF.search(text):
        if not variables.get("y"):
            return None
        text = HALF.sub(str(variables["y"]), text)
    shapes: dict[str, Shape] = {name: () if name in SCALARS else (LENGTH,) for name in variables}
    own = _Parts(Context(shapes))
    at = own.add(_read(text))
    values: dict[int, Array | None] = {
        place: probe(part.expr.id, variables[part.expr.id])
        for place, part in enumerate(own.parts)
        if isinstance(part.expr, Name) and part.expr.id in variables
    }
    return _signature(_computed(own.parts, at, values))


def recognised(expr: Expr, context: Context, before: frozenset[int] = frozenset()) -> list[Recognised]:
    """Return the parts of an expression that are methods of a family.

    before: where steps were written out in the expression, the identities of what stood there before: a part is told
    only if it holds something of both.
    """
    sizes = tuple(sorted((name, context.shapes[name]) for name in names_in(expr) if name in context.shapes))
    return _recognised(expr, sizes, before, context)


@remembered(1_000, by=lambda expr, sizes, before, _: (expr, (sizes, before)))
def _recognised(expr: Expr, sizes: object, before: frozenset[int], context: Context) -> list[Recognised]:
    if sum(1 for _ in walk(expr)) > MOST_WALKED:
        return []
    own = _Parts(context)
    own.add(expr)
    if len(own.parts) > MOST_PARTS:
        return []
    found: dict[tuple[int, str, tuple[str, ...]], Recognised] = {}
    computed: dict[object, dict[int, Array | None]] = {}
    tried = 0
    table = _by_kinds()
    with np.errstate(all="ignore"):  # a method is told by what is finite
        for at, part in enumerate(own.parts):
            if not isinstance(part.expr, Call) or id(part.expr) in before:
                continue
            for variables, kinds in part.cuts:
                methods = table.get((len(variables), _told_apart(kinds)), ())
                if not methods or at in variables or tried > MOST_TRIED:
                    continue
                tried += 1
                for one in _matching(own.parts, at, tuple(sorted(variables)), kinds, methods, computed):
                    known = found.get((at, one.family.rule, one.family.variables))
                    if known is None or _length_of(one) < _length_of(known):
                        found[at, one.family.rule, one.family.variables] = one
    return list(found.values())


def _length_of(found: Recognised) -> int:
    """Return how much stands for the variables: what is cut further inside says more of an expression."""
    return sum(1 for expr in found.given.values() for _ in walk(expr))


def _matching(  # noqa: PLR0917 - what may be which method, and what was computed before
    parts: Sequence[Part],
    at: int,
    variables: tuple[int, ...],
    kinds: frozenset[str],
    methods: Sequence[tuple[Family, Method, tuple[str, ...]]],
    computed: dict[object, dict[int, Array | None]],
) -> Iterator[Recognised]:
    whole = bool(WHOLE & kinds)
    signatures: dict[Assigned, tuple[Signature, float] | None] = {}
    for family, method, used in methods:
        for order in permutations(variables):
            names = tuple(zip(order, used, strict=True))
            if not all(_fits(parts[one], name, whole) for one, name in names):
                continue
            lengths = tuple((name, _length(parts[one], whole)) for one, name in names)
            if names not in signatures:
                values = computed.setdefault(
                    (names, lengths), {one: probe(*length) for (one, _), length in zip(names, lengths, strict=True)}
                )
                signatures[names] = _signature(_computed(parts, at, values))
            found, known = signatures[names], _known(method.text, lengths)
            if found is None or known is None or found[0] != known[0]:
                continue
            factor = found[1] / known[1]
            factor = 1.0 if abs(factor - 1) < SMALL else factor
            if factor == 1 or family.scaled:
                given = {name: parts[one].expr for one, name in names}
                yield Recognised(parts[at].expr, family, method, given, factor, _along(parts, at, set(variables)))
                break


def _fits(part: Part, name: str, whole: bool) -> bool:
    """Tell whether a part may be this variable: a number for one, a list where something is summed up."""
    if name in SCALARS:
        return part.size in (None, ())
    return not (whole and part.size == ()) and not isinstance(part.expr, Number)


def _length(part: Part, whole: bool) -> int | None:
    return part.size[0] if whole and part.size is not None and len(part.size) == 1 else None


def _along(parts: Sequence[Part], at: int, cut: set[int]) -> tuple[tuple[str, Expr], ...]:
    """Return the axis over which a part sums up, with whether it is kept: of the outermost sum."""
    if at in cut:
        return ()
    expr = parts[at].expr
    lifted = isinstance(expr, Index) and _is_lifted(expr)
    if isinstance(expr, Call) and expr.function in REDUCED and expr.keywords:
        return tuple(pair for pair in expr.keywords if pair[0] in ("axis", "keepdims"))
    for one in parts[at].inside:
        found = _along(parts, one, cut)
        if found:
            return (found[0], ("keepdims", Name("True"))) if lifted else found
    return ()


def exchanged(found: Recognised, other: Method) -> Expr:
    """Return another method in the place of one, of the same variables."""
    return written_for(found, _read(other.text))


def written_for(found: Recognised, expr: Expr) -> Expr:
    """Return an expression of a family's variables for what a method was recognised in."""
    changed = _with_axis(expr, found.along, False)
    changed = substituted(changed, lambda part: found.given.get(part.id) if isinstance(part, Name) else None)
    if found.factor == 1:
        return changed
    if found.factor == -1:
        return op("negative", changed)
    return op("multiply", Number(found.factor, f"{found.factor:.12g}"), changed)


def _with_axis(expr: Expr, along: tuple[tuple[str, Expr], ...], inside: bool) -> Expr:
    """Return a method that sums up along an axis; sums within sums keep it."""
    if not along:
        return expr
    keywords = (along[0], ("keepdims", Name("True"))) if inside else along

    def with_axis(part: Expr) -> Expr | None:
        if isinstance(part, Call) and part.function in ("len", "size"):
            return Index(Call("shape", part.args), (along[0][1],))
        if not isinstance(part, Call) or part.function not in REDUCED:
            return None
        args = tuple(_with_axis(arg, along, True) for arg in part.args)
        return replace(part, args=args, keywords=(*part.keywords, *keywords))

    return substituted(expr, with_axis)


def is_about(found: Recognised, context: Context) -> bool:
    """Tell whether what a method reads is about what its family is about."""
    family = found.family
    if not family.words:
        return True
    names = names_in(found.expr) | names_in(context.visible(found.expr))
    about = " ".join([*names, *(context.means.get(name, "") for name in names)]).lower()
    return any(word in about for word in family.words)


def over_the_other_axis(found: Recognised) -> Expr | None:
    """Return a method that sums up along the other axis of a matrix, and is written so that it fits; None of a list."""
    axis = _whole(found.along[0][1]) if found.along and found.along[0][0] == "axis" else None
    if axis is None:
        return None
    other = Number(1.0, "1") if axis == 0 else Number(0.0, "0")
    return exchanged(replace(found, along=(("axis", other), ("keepdims", Name("True")))), found.method)
