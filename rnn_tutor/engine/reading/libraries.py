"""What NumPy and PyTorch mean differently by one name: settled where `np.`, `torch.`, a keyword or the form says which.

What only the shapes can settle is left to `calls`, and what nothing settles is asked there. The result is always a call
of the language's own, so nothing behind this has to know of a library.
"""

from collections.abc import Collection
from dataclasses import replace

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import Array, Call, Expr, Index, Name, Number

KEYWORDS = {"dim": "axis", "dims": "axis", "keepdim": "keepdims"}  # PyTorch's own, and what they are called here
_SPREAD_KEYWORDS = ("unbiased", "correction")
_SWAPPED = ("dim0", "dim1")
TORCH_KEYWORDS = frozenset((*KEYWORDS, *_SPREAD_KEYWORDS, *_SWAPPED))
FUNCTIONS = {"permute": "transpose", "t": "transpose"}  # of PyTorch alone, and what they are called here
METHODS = {"size": "shape", "dim": "ndim", "numel": "size", "copy": "array"}  # that have no function of their name
_TORCH = ("torch", "functional", "nn")
_NUMPY = ("numpy", "np", "jnp")


def is_torch(library: str, keywords: Collection[str]) -> bool:
    """Tell whether a call is PyTorch's: by what stands before its name, or by a keyword that only PyTorch has."""
    return library.split(".", maxsplit=1)[0] in _TORCH or (not library and not TORCH_KEYWORDS.isdisjoint(keywords))


def settled(call: Call, library: str, written: Collection[str], *, program: bool) -> Expr:
    """Return a call as the language means it.

    `library` is what stood before the name ("np", "torch.linalg", ...; "" for nothing, and for a method), `written` the
    keywords as typed. Raises EngineError where the library named has no such call.
    """
    torch = is_torch(library, written)
    numpy = library.split(".", maxsplit=1)[0] in _NUMPY
    if call.function in ("std", "var"):
        return _spread(call, torch=torch)
    if call.function in ("max", "min") and (numpy or torch) and len(call.args) == 2 and typed_whole(call.args[1]):
        return replace(call, args=call.args[:1], keywords=(*call.keywords, ("axis", call.args[1])))
    if call.function == "norm" and "linalg" not in library and torch and call.style == "call":
        return _norm_of_all(call)
    if call.function in ("transpose", "swapaxes") and any(key in _SWAPPED for key, _ in call.keywords):
        return _swapped(call)
    if call.function == "transpose" and numpy and len(call.args) == 3:
        return _permuted(call)
    if call.function == "transpose" and torch and len(call.args) == 3:
        return replace(call, function="swapaxes")
    if call.function == "sum" and numpy and program and len(call.args) == 1 and not call.keywords:
        return replace(call, keywords=(("axis", Name("None")),))  # Python's sum of a list is another one
    return call


def method_of(base: Expr, method: str, args: tuple[Expr, ...], at: tuple[int, int]) -> Expr:
    """Return x.size(), x.size(0), x.dim() and x.numel() of PyTorch, where x.size is NumPy's count; and x.copy()."""
    call = Call(METHODS[method], (base,), span=at)
    if method == "size" and len(args) == 1:
        return Index(call, args, at)
    if args:
        raise EngineError("notation", f"{method} takes nothing in its brackets: write .{method}().", at)
    return call


def of_torch(name: str, call: Call) -> Call:
    """Return PyTorch's permute, of all axes however they are written, and its t, of a matrix.

    Raises EngineError (`notation`) where they are written in another way.
    """
    keywords = dict(call.keywords)
    axes = (keywords["axis"],) if set(keywords) == {"axis"} else call.args[1:]
    if len(axes) == 1 and isinstance(axes[0], Array):
        axes = axes[0].items
    if name == "t" and len(call.args) == 1 and not keywords:
        return replace(call, function="transpose", style="attribute")
    if name == "permute" and axes and set(keywords) <= {"axis"} and len(call.args) > 0:
        return Call("transpose", (call.args[0], Array(axes, call.span)), span=call.span)
    sentence = "permute takes all axes, as in x.permute(1, 0, 2)." if name == "permute" else "Write x.t(), or x.T."
    raise EngineError("notation", sentence, call.span)


def _swapped(call: Call) -> Call:
    """x.transpose(dim0=0, dim1=1), or one of the two by its place."""
    keywords = dict(call.keywords)
    args = (*call.args, *(keywords.pop(key) for key in _SWAPPED if key in keywords))
    if keywords or len(args) != 3 or len(call.keywords) > len(_SWAPPED):
        raise EngineError("notation", "Two axes are swapped: write x.transpose(0, 1).", call.span)
    return Call("swapaxes", args, span=call.span)


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


def _norm_of_all(call: Call) -> Call:
    """A norm of PyTorch's tensor is that of all its elements, of whatever order; that of a matrix is linalg's."""
    if len(call.args) != 2 or call.keywords:
        return call
    flat = Call("ravel", (call.args[0],), span=call.span)
    return replace(call, args=(flat, call.args[1]))


def _permuted(call: Call) -> Call:
    if tuple(typed_whole(arg) for arg in call.args[1:]) == ("1", "0"):
        return call
    sentence = (
        "np.transpose takes all axes as one list, as in np.transpose(x, (1, 0)). To swap two axes write "
        "swapaxes(x, 0, 1)."
    )
    raise EngineError("notation", sentence, call.span)
