"""The patterns of Textual's parser, compiled when it first looks for one: rules that are kept need no parser.

Gain, together with the rules that are kept (`parsed_styles`): see docs/performance.md.
"""

import re
import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any

_TOKENIZER = "textual.css.tokenizer"


def with_late_patterns(imports: Callable[[], None]) -> None:
    """Import something; the patterns that Textual's tokenizer makes meanwhile are compiled late."""
    compiled = re.compile

    def compile_(pattern: Any, flags: Any = 0) -> Any:  # noqa: ANN401 - as `re` has it
        late = sys._getframe(1).f_globals.get("__name__") == _TOKENIZER
        return LatePattern(pattern, flags) if late else compiled(pattern, flags)

    re.compile = compile_
    try:
        imports()
    finally:
        re.compile = compiled


class LatePattern:
    """A pattern that is compiled when it is first used."""

    def __init__(self, *source: Any) -> None:  # noqa: ANN401 - as `re.compile` takes it
        self._source = source

    @cached_property
    def _pattern(self) -> "re.Pattern[str]":
        return re.compile(*self._source)

    def match(self, *where: Any) -> "re.Match[str] | None":  # noqa: ANN401 - as `re` has it
        """As of a pattern."""
        return self._pattern.match(*where)

    def search(self, *where: Any) -> "re.Match[str] | None":  # noqa: ANN401 - as `re` has it
        """As of a pattern."""
        return self._pattern.search(*where)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever is asked for
        return getattr(self._pattern, name)
