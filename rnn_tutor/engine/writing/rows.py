"""Which row of `functions.names.WRITTEN` a call of ours is written by."""

from functools import cache

from rnn_tutor.engine.functions.names import WRITTEN
from rnn_tutor.engine.writing.library import Library
from rnn_tutor.engine.writing.pieces import UnwrittenError


@cache
def _rows() -> dict[str, list[tuple[frozenset[str], str | tuple[str, ...]]]]:
    rows: dict[str, list[tuple[frozenset[str], str | tuple[str, ...]]]] = {}
    for signature, written in WRITTEN.items():
        function, _, params = signature.rstrip(")").partition("(")
        rows.setdefault(function, []).append((frozenset(param.strip() for param in params.split(",")), written))
    return rows


def written(function: str, given: set[str], library: Library) -> str:
    """Return the template of a call of ours that gives these arguments. Raises UnwrittenError where there is none."""
    for params, texts in _rows().get(function, []):
        if given <= params:
            if isinstance(texts, str):
                return texts
            if library.column < len(texts):
                return texts[library.column]
            return texts[0].replace("np.", "jnp.")
    raise UnwrittenError(f"{function} with these arguments is not written in {library.name}.")
