"""What was worked out for an object is kept while the object is in hand: by identity, a bounded number of results."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar, cast

from rnn_tutor.engine.turns import waited_for

_SIZES: "dict[object, dict[str, int]]" = {}  # of what is remembered, by its function
Function = TypeVar("Function", bound=Callable[..., Any])


def remembered(
    size: int, by: Callable[..., tuple[object, Hashable]] | None = None, *, once: bool = False
) -> Callable[[Function], Function]:
    """Keep the last `size` results of a function, by what `by` makes of its arguments: an object, and what else counts.

    By default that is the first argument, and the others. The object is told from others by being the same one, not by
    being equal: comparing exercises takes long. It is held as long as its result is, so that its id stays its own.
    Threads may ask at the same time; two that ask for the same thing at once may both work it out. With `once` the
    second waits for the first: for what takes long. Two never wait for each other, as nothing is made of itself.
    """

    def decorate(function: Function) -> Function:
        known: OrderedDict[tuple[int, Hashable], tuple[object, object]] = OrderedDict()
        most = {"size": size}
        at_work: dict[tuple[int, Hashable], threading.Event] = {}
        lock = threading.Lock()

        def first_to_ask(key: tuple[int, Hashable]) -> bool:
            """Tell whether nobody is working it out; else wait for who is."""
            with lock:
                done = at_work.get(key)
                if done is None:
                    at_work[key] = threading.Event()
                    return True
            with waited_for():
                done.wait()
            return False

        @wraps(function)
        def wrapped(*args: Any, **options: Any) -> object:  # noqa: ANN401 - the function's own
            subject, others = (args[0], args[1:]) if by is None else by(*args, **options)
            key = id(subject), others
            kept = known.get(key)
            if kept is not None and kept[0] is subject:
                return kept[1]
            if once and not first_to_ask(key):
                return wrapped(*args, **options)
            try:
                result = function(*args, **options)
                with lock:
                    known[key] = (subject, result)
                    while len(known) > most["size"]:
                        known.popitem(last=False)
            finally:
                if once:
                    at_work.pop(key).set()
            return result

        _SIZES[wrapped] = most
        return cast(Function, wrapped)

    return decorate


def widened(function: Callable[..., Any], size: int) -> None:
    """Have a function that remembers keep more: for a process that has a whole course in hand, not one exercise."""
    _SIZES[function]["size"] = max(size, _SIZES[function]["size"])
