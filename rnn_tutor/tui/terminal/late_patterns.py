"""Patterns of modules that are imported for screens, compiled when something is first looked for.

Most of them never are: Textual's parser has nothing to parse where rules are kept, no number is read as a fraction, and
what a terminal sends is mostly keys.

Gain: of Textual's parser, together with the rules that are kept (`parsed_styles`), see docs/performance.md; of all
others 11 ms of the 16 that they took before a key was answered, where the imports take 170; and most of the 20 of what
an exercise needs, a quarter of them for one of PyYAML's.
"""

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, partial
from inspect import CO_OPTIMIZED
from types import CodeType
from typing import Any

_TOKENIZER = "textual.css.tokenizer"
_GIVEN_TO_RE = {"textual.widgets._input"}  # which hands a pattern to a function of `re`; a test looks for others
_compiled = re.compile
_turns = threading.Lock()
_importing = 0  # threads


@contextmanager
def late_patterns() -> Iterator[None]:
    """While modules are imported, in whatever threads, have the patterns in them compiled late.

    Not those that functions make.
    """
    global _importing  # noqa: PLW0603 - as `re` is: one for all
    with _turns:
        _importing += 1
        re.compile = _compile
    try:
        yield
    finally:
        with _turns:
            _importing -= 1
            if not _importing:
                re.compile = _compiled


def _compile(pattern: Any, flags: Any = 0) -> Any:  # noqa: ANN401 - as `re` has it
    frame = sys._getframe(1)
    module = frame.f_globals.get("__name__")
    late = module not in _GIVEN_TO_RE and (module == _TOKENIZER or _is_made_once(frame.f_code))
    return LatePattern(pattern, flags) if late else _compiled(pattern, flags)


def _is_made_once(code: CodeType) -> bool:
    """Whether it is a module's own code or that of a class in it, or what makes a class."""
    return not code.co_flags & CO_OPTIMIZED or code.co_name == "__init_subclass__"


_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class LatePattern:
    """A pattern that is compiled when something is first looked for with it; its methods may be asked for before."""

    def __init__(self, *source: Any) -> None:  # noqa: ANN401 - as `re.compile` takes it
        self._source = source

    @cached_property
    def _pattern(self) -> "re.Pattern[str]":
        pattern = _compiled(*self._source)
        vars(self).update({name: getattr(pattern, name) for name in _METHODS})  # whoever asks from now on has its own
        return pattern

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is asked for
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _METHODS:
            return partial(self._ask, name)
        return getattr(self._pattern, name)

    def _ask(self, name: str, *where: Any, **named: Any) -> Any:  # noqa: ANN401 - as `re` has it
        return getattr(self._pattern, name)(*where, **named)
