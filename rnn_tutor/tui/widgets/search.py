"""The line to search with."""

from collections.abc import Awaitable, Callable

from textual.containers import Horizontal
from textual.widgets import Static

from rnn_tutor.tui.query import EXAMPLES
from rnn_tutor.tui.widgets.line import AnswerLine


class SearchLine(Horizontal):
    """One row at the bottom; hands on each change, and Enter."""

    def __init__(
        self,
        typed: Callable[[], None],
        submitted: Callable[[], Awaitable[None] | None],
        placeholder: str = EXAMPLES,
    ) -> None:
        self.line = AnswerLine("search", placeholder=placeholder)
        self.line.typed = lambda _: typed()
        self.line.submitted = lambda _: submitted()
        super().__init__(Static("Search: ", classes="name", markup=False), self.line, id="search")

    @property
    def words(self) -> list[str]:
        """What is looked for."""
        return self.line.value.casefold().split()
