"""What libraries mean differently by one name: settled where `np.`, `torch.`, a keyword or the form says which.

The table of names (`functions/names`) has what a call of a library is in our language; here it is told whose call
one is, and which row its arguments fit. What only the shapes can settle is left to `calls`, and what nothing settles
is asked there. The result is always a call of the language's own, so nothing behind this has to know of a library.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import (
    Array,
    Call,
    Expr,
    Index,
    Item,
    Name,
    Number,
    Slice,
    Span,
    children,
    with_children,
)
from rnn_tutor.engine.functions import TABLE, canonical, names

KEYWORDS = names.KEYWORDS
_SPREAD_KEYWORDS = ("unbiased", "correction")
_SWAPPED = ("dim0", "dim1")
TORCH_KEYWORDS = frozenset((*KEYWORDS, *_SPREAD_KEYWORDS, *_SWAPPED))
_LIBRARIES: dict[str, tuple[str, ...]] = {
    "torch": ("torch",), "functional": ("torch",), "nn": ("torch",), "F": ("torch",), "numpy": ("numpy",),
    "np": ("numpy",), "jnp": ("jax", "numpy"), "jax": ("jax", "numpy"), "tf": ("tf",), "keras": ("tf",),
}  # fmt: skip
_ROWS: dict[str, Mapping[str, str]] = {
    "torch": {**names.TORCH, **names.FUNCTIONAL, **names.EINSUM},
    "method": names.METHOD_ROWS,
    "numpy": names.NUMPY,
    "jax": names.JAX,
    "tf": names.TF,
}
_ANY = ("torch", "numpy", "jax", "tf")
MAX_MEANT = 2_000  # parts of an expression in which calls stand for longer ones


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: its parameters, each with whether it needs its keyword and which value, and what it means."""

    params: tuple[tuple[str, bool, str], ...]
    rest: str  # the name of what is left, one by one or as a list
    meaning: str

    def bound(self, args: Sequence[Expr], keywords: Mapping[str, Expr]) -> dict[str, Expr] | None:
        """Return what each parameter is given; None where the arguments are others than the row's."""
        left, named, found = list(args), dict(keywords), dict[str, Expr]()
        for name, by_keyword, value in self.params:
            if name in named:
                found[name] = named.pop(name)
            elif left and not (by_keyword and not value):
                found[name] = left.pop(0)
            else:
                return None
            if value and _written(found[name]) != value:
                return None
        if self.rest and self.rest in named and not left:
            left = [named.pop(self.rest)]
        if named or (left and not self.rest) or (self.rest and not left):
            return None
        if self.rest:
            found[self.rest] = left[0] if len(left) == 1 and isinstance(left[0], Array) else Array(tuple(left))
        return found


@cache
def _rows(library: str, name: str) -> tuple[Row, ...]:
    return tuple(_all_rows(library).get(name, ()))


@cache
def _all_rows(library: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for signature, meaning in _ROWS[library].items():
        name, _, inside = signature.rstrip(")").partition("(")
        params: list[tuple[str, bool, str]] = []
        rest = ""
        for part in inside.split(", "):
            if part.startswith("*"):
                rest = part[1:]
                continue
            param, equals, value = part.partition("=")
            params.append((param, bool(equals), value))
        found.setdefault(name, []).append(Row(tuple(params), rest, meaning))
    return found


@cache
def row_keywords() -> frozenset[str]:
    """Return the keywords of the tables; made when one is asked for that is none of NumPy's."""
    every = (row for library in _ROWS for rows in _all_rows(library).values() for row in rows)
    return frozenset(name for row in every for name in (row.rest, *(param for param, _, _ in row.params)) if name)


def is_torch(library: str, keywords: Collection[str]) -> bool:
    """Tell whether a call is PyTorch's: by what stands before its name, or by a keyword that only PyTorch has."""
    known = _LIBRARIES.get(library.split(".", maxsplit=1)[0], ())
    return known == ("torch",) or (not library and not TORCH_KEYWORDS.isdisjoint(keywords))


def has_rows(name: str, *, method: bool = False) -> bool:
    """Tell whether any library's call of this name is in the table."""
    return any(_rows(library, name) for library in (*_ANY, *(("method",) if method else ())))


def meant(
    name: str, library: str, args: Sequence[Expr], keywords: Mapping[str, Expr], *, method: bool = False
) -> tuple[str, dict[str, Expr]] | None:
    """Return what a call means, as a text of the language and what its names stand for; None for a call of our own.

    `keywords` have the names as typed. Of no library, a name that is ours means ours, unless its keywords are others.
    """
    known = _LIBRARIES.get(library.split(".", maxsplit=1)[0], ())
    if not known and is_torch(library, keywords):
        known = ("torch",)
    own = canonical(name)
    if not known and own is not None and _takes(own, keywords):
        return None
    written = [f"linalg.{name}", name] if "linalg" in library else [name]
    for one in written:
        sources = known or _ANY
        if own is None and not any(_rows(source, one) for source in sources):
            sources = _ANY  # the others' call of that name: there is no other
        for source in (*(("method",) if method else ()), *sources):
            for row in _rows(source, one):
                found = row.bound(args, keywords)
                if found is not None:
                    return row.meaning, found
    return None


def usage(name: str, *, method: bool = False) -> str:
    """Return how a call of the table is written."""
    row = next(row for library in ("method", *_ANY) for row in _rows(library, name))
    words = [f"{param}={value}" if by_keyword else param for param, by_keyword, value in row.params]
    words += [f"{row.rest}..."] * bool(row.rest)
    return f"Write x.{name}({', '.join(words[1:])})." if method else f"Write {name}({', '.join(words)})."


def _takes(function: str, keywords: Collection[str]) -> bool:
    params = {param.name for param in TABLE[function].params} if function in TABLE else set[str]()
    return all(KEYWORDS.get(key, key) in (*params, "ddof", *_SPREAD_KEYWORDS) for key in keywords) or not keywords


def put_in(meaning: Expr, given: Mapping[str, Expr], at: Span) -> Expr:
    """Return a meaning with what was given in the place of its names; `[sizes]` of a list is that list."""
    if isinstance(meaning, Name):
        return given.get(meaning.id, replace(meaning, span=at))
    if isinstance(meaning, Array) and len(meaning.items) == 1 and isinstance(meaning.items[0], Name):
        several = given.get(meaning.items[0].id)
        if isinstance(several, Array):
            return several
    parts = children(meaning)
    done = with_children(meaning, tuple([put_in(part, given, at) for part in parts])) if parts else meaning
    return replace(done, span=at)


def check_size(expr: Expr) -> None:
    """Raise EngineError (`limit`) for an expression that has become too long by what its calls mean."""
    stack = [expr]
    count = 0
    while stack:
        stack += children(stack.pop())
        count += 1
        if count > MAX_MEANT:
            raise EngineError("limit", "That expression has too many parts; do it in smaller steps.")


def converted(value: Expr, kind: Expr, at: Span) -> Expr | None:
    """Return x.astype(float), x.to(int), tf.cast(x, tf.bool); None where `kind` is the name of no type."""
    if not isinstance(kind, Name) or kind.id not in names.TYPES:
        return None
    if names.TYPES[kind.id] == "bool":
        return Call("not_equal", (value, Number(0.0, "0", at)), style="operator", span=at)
    return Call(names.TYPES[kind.id], (value,), span=at)


def piece_of(expr: Expr, which: Expr) -> Expr | None:
    """Return one of the pieces that np.split(x, [2, 5]) cuts an array into, by its number as typed."""
    pieces = _pieces(expr)
    at = typed_whole(which)
    if pieces is None or at is None or not -len(pieces) <= int(at) < len(pieces):
        return None
    return pieces[int(at)]


def cut_by_sizes(name: str, args: Sequence[Expr], keywords: Mapping[str, Expr], library: str, at: Span) -> Call | None:
    """Return PyTorch's split(x, [2, 2, 4]), by sizes, as np.split has it, by places; None for any other call."""
    named = next((keywords[key] for key in ("split_size_or_sections", "split_size") if key in keywords), None)
    sizes = args[1] if len(args) > 1 else named
    if name != "split" or library == "numpy" or not isinstance(sizes, Array) or not 1 < len(sizes.items) <= MOST_PIECES:
        return None
    places = [sizes.items[0]]
    for size in sizes.items[1:-1]:
        places.append(Call("add", (places[-1], size), style="operator", span=at))
    axis = args[2] if len(args) > 2 else keywords.get("dim", keywords.get("axis"))
    over = () if axis is None else (("axis", axis),)
    return Call("split", (args[0], Array(tuple(places), at)), over, span=at)


def columns_beside(name: str, args: Sequence[Expr], keywords: Mapping[str, Expr], at: Span) -> Call | None:
    """Return column_stack([x, A]) of a list that is written out, where vectors and matrices may stand side by side.

    A vector is a column: transposed, all of them are rows, as vstack has them. None for any other call.
    """
    if name != "column_stack" or keywords or len(args) != 1 or not isinstance(args[0], Array) or not args[0].items:
        return None
    rows = Array(tuple(Call("transpose", (part,), span=at) for part in args[0].items), args[0].span)
    return Call("transpose", (Call("vstack", (rows,), span=at),), span=at)


MOST_PIECES = 20


def as_pieces(expr: Expr) -> Expr:
    """Return np.split(x, [2, 5]) as the list of its pieces, and anything else as it is."""
    pieces = _pieces(expr)
    return expr if pieces is None else Array(tuple(pieces), expr.span)


def _pieces(expr: Expr) -> list[Expr] | None:
    if not isinstance(expr, Call) or expr.function != "split" or len(expr.args) < 2:
        return None
    places = expr.args[1]
    axis = dict(expr.keywords).get("axis", expr.args[2] if len(expr.args) > 2 else Number(0.0, "0"))
    along = typed_whole(axis)
    if not isinstance(places, Array) or along is None or int(along) < 0:
        return None
    whole: tuple[Item, ...] = (Slice(),) * int(along)
    edges = (None, *places.items, None)
    return [Index(expr.args[0], (*whole, Slice(a, b)), expr.span) for a, b in pairwise(edges)]


def _written(expr: Expr) -> str:
    return expr.id if isinstance(expr, Name) else typed_whole(expr) or "?"


def settled(call: Call, library: str, written: Collection[str], *, program: bool) -> Expr:
    """Return a call as the language means it.

    `library` is what stood before the name ("np", "torch.linalg", ...; "" for nothing, and for a method), `written` the
    keywords as typed. Raises EngineError where the library named has no such call.
    """
    torch = is_torch(library, written)
    numpy = "numpy" in _LIBRARIES.get(library.split(".", maxsplit=1)[0], ())
    if call.function in ("std", "var"):
        return _spread(call, torch=torch)
    if call.function in ("max", "min") and (numpy or torch) and len(call.args) == 2 and typed_whole(call.args[1]):
        return replace(call, args=call.args[:1], keywords=(*call.keywords, ("axis", call.args[1])))
    if call.function == "transpose" and numpy and len(call.args) == 3:
        return _permuted(call)
    if call.function == "sum" and numpy and program and len(call.args) == 1 and not call.keywords:
        return replace(call, keywords=(("axis", Name("None")),))  # Python's sum of a list is another one
    return call


def of_pair(call: Expr, which: str) -> Call | None:
    """Return one of the two that PyTorch's max and min along an axis give: `values` or `indices`."""
    if not isinstance(call, Call) or call.function not in ("max", "min"):
        return None
    axis = call.args[1:] or any(key == "axis" for key, _ in call.keywords)
    if not axis or which not in ("values", "indices"):
        return None
    return call if which == "values" else replace(call, function=f"arg{call.function}")


def typed_whole(expr: Expr) -> str | None:
    """Return a whole number that was typed as such, with its sign; None for anything else."""
    match expr:
        case Number(value=value, text=text) if value.is_integer():
            return text
        case Call(function="negative", args=(Number(value=value, text=text),)) if value.is_integer():
            return f"-{text}"
    return None


def _spread(call: Call, *, torch: bool) -> Call:
    """std and var: PyTorch divides by n - 1 unless told otherwise, NumPy by n."""
    args, keywords = call.args, list(call.keywords)
    if torch and len(args) > 1 and isinstance(args[1], Name) and args[1].id in ("True", "False"):
        keywords.append(("unbiased", args[1]))
        args = (args[0], *args[2:])
    kept = [(key, value) for key, value in keywords if key not in _SPREAD_KEYWORDS]
    for key, value in keywords:
        if key in _SPREAD_KEYWORDS:
            torch = False
            kept.append(("ddof", value))
    if torch and not any(key == "ddof" for key, _ in kept):
        kept.append(("ddof", Number(1.0, "1")))
    return replace(call, args=args, keywords=tuple(kept))


def _permuted(call: Call) -> Call:
    if tuple(typed_whole(arg) for arg in call.args[1:]) == ("1", "0"):
        return call
    sentence = (
        "np.transpose takes all axes as one list, as in np.transpose(x, (1, 0)). To swap two axes write "
        "swapaxes(x, 0, 1)."
    )
    raise EngineError("notation", sentence, call.span)
