"""All keys, as their bindings have them, and how answers may be typed."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.tui.keymap import places
from rnn_tutor.tui.keys import ELSEWHERE, EVERYWHERE, WELCOME, Row, sections, told
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen

_INDENT = 23  # where what a key does begins
_GAP = 2  # columns before it that are empty
_LEAST = 16  # columns that it has at least

_HERE, _ELSEWHERE = " What works here ", " What works elsewhere "

_TYPING = """\
Numbers as on paper or as libraries print them: -0.5  .5  1/3  24%  1e-3
Vectors: [0.85, -0.76]  or  0.85 -0.76  or  array([0.85, -0.76])
Matrices: [[1, 2], [3, 4]]  or  [1 2; 3 4]; pasted lines are joined
Shapes: (3, 5, 100)  or  3 x 5 x 100  or, with named sizes, (B, T, V)
Expressions of the givens: tanh(W @ x), f*c + i*g, sum(losses*mask)/sum(mask)
Lists: an array in an answer, [1, 2] * 2 is [2, 4]; Python's list in a program
The line below the answer says how it is read, before you check it. An answer that cannot be read is not counted.\
"""


class HelpScreen(TextScreen):
    """The keys and the notation."""

    name_shown = "Help"
    BINDINGS: ClassVar[list[BindingType]] = [
        *told(ELSEWHERE, "in the help: the settings", ("settings", "s", "app.settings", "settings")),
        *told(ELSEWHERE, "in the help: the first screen again", WELCOME),
    ]

    def text(self) -> Content:
        """Return both, keys first: those that work on the screen below this one, then all others."""
        classes = [type(self.app), *self.tutor.OWN_SCREENS, *places()]
        below = self._below()
        here = sections([cls for cls in classes if cls in below], self.tutor.keymap)
        here = [one for one in here if one[0] != EVERYWHERE.description] + [
            one for one in here if one[0] == EVERYWHERE.description
        ]
        told_here = {row for _, rows in here for row in rows}
        others = [
            (title, left)
            for title, rows in sections(classes, self.tutor.keymap)
            if (left := [row for row in rows if row not in told_here])
        ]
        lines = [Content.styled(_HERE, "bold reverse"), *table_of_keys(here, self.width)] if here else []
        lines += [Content.styled(_ELSEWHERE, "bold reverse")] if here and others else []
        lines += [*table_of_keys(others, self.width), Content.assemble(("What can be typed", "bold"))]
        width = max(_LEAST, self.width - 2)
        for line in _TYPING.splitlines():
            lines += map(Content, wrap(line, width, initial_indent="  ", subsequent_indent="    ") or [""])
        return Content("\n").join(lines)

    def _below(self) -> set[type]:
        """Return the classes of the screen that the help was opened on, and of what can have the focus there."""
        stack = self.app.screen_stack
        if len(stack) < 2:
            return set()
        return {cls for node in (self.app, stack[-2], *stack[-2].focus_chain) for cls in type(node).__mro__}

    def key_items(self) -> Items:
        """Return the keys of this page."""
        return [("page-up page-down", "scroll"), ("settings", "settings"), ("ways", "first screen"),
                ("search", "search"), ("back", "back")]  # fmt: skip

    def on_resize(self) -> None:
        """Fold anew."""
        self.page.update(self.text())
        super().on_resize()


def table_of_keys(some: Sequence[tuple[str, Sequence[Row]]], width: int) -> Iterator[Content]:
    """Give sections of keys (or of other words that are explained), a line that is empty after each."""
    for title, rows in some:
        yield Content.assemble((title, "bold"))
        for shown, says in rows:
            yield from _folded(shown, says, width)
        yield Content()


def _folded(shown: str, says: str, width: int) -> Iterator[Content]:
    """Give keys and what they do; what does not fit into the line goes on below itself."""
    left, right = wrap(shown, _INDENT - _GAP - 2), wrap(says, max(_LEAST, width - 2 - _INDENT))
    for some, line in zip_longest(left, right, fillvalue=""):
        yield Content.assemble("  ", (some.ljust(_INDENT - 2), "ansi_cyan"), line)
