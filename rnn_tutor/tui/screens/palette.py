"""All actions by name: one types a few letters of what is wanted, and Enter does it."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import Chosen
from rnn_tutor.tui.rows import Row
from rnn_tutor.tui.screens.frame import FrameScreen, Items
from rnn_tutor.tui.widgets.course import CourseList
from rnn_tutor.tui.widgets.search import SearchLine

if TYPE_CHECKING:
    from rnn_tutor.tui.actions import Action

_NAME = 30  # columns
_KEYS = 16


class PaletteScreen(FrameScreen):
    """A list of actions, and a line to find one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.ACTIONS, "go back without doing anything", ("leave-actions", "escape", "back", "back without doing")
        ),
        *keys.WHILE_TYPING,
    ]

    scrolled_by = "rows-up rows-down"

    def __init__(self, some: "Sequence[Action]", run: "Callable[[Action], Awaitable[None]]") -> None:
        """Show actions; `run` does the one that is chosen, once this screen is gone, and before the next key."""
        super().__init__()
        self._actions = some
        self._run = run

    def body(self) -> Iterable[Widget]:
        """Return the list, a sentence on what the cursor is on, and the line."""
        self._all = [Row("action", str(number)) for number in range(len(self._actions))]
        self.list = CourseList(self._row, self._say_more)
        self.more = Static(id="aim", markup=False)
        self.search = SearchLine(self._typed, self._do_current, "letters of what you want to do")
        self.search.add_class("open")
        return (self.list, self.more, self.search)

    def columns(self) -> Iterable[Widget]:
        """Return the list: it is what scrolls here."""
        return (self.list,)

    def on_mount(self) -> None:
        """Show all actions, the cursor on the line."""
        self.bar.left = Content.assemble("rnn-tutor   ", ("All actions", "bold"))
        self.list.show(self._all, None)
        self.set_focus(self.search.line)

    def key_items(self) -> Items:
        """Return the keys of this screen."""
        return [("row-up row-down", "choose"), ("enter", "do it"), ("help", "help"), ("leave-actions", "back")]

    def _action(self, row: Row) -> "Action":
        return self._actions[int(row.id)]

    def _row(self, row: Row) -> Content:
        action, width = self._action(row), self.list.size.width
        name = self.show(action.name, style="" if action.place else "bold").truncate(_NAME, ellipsis=True, pad=True)
        known = self.show(action.keys).truncate(_KEYS, ellipsis=True, pad=True)
        if width < _NAME + _KEYS + 12:
            return Content.assemble(name, "  ", known)
        return Content.assemble(name, "  ", known, "  ", self.show(action.place or action.says, style="dim"))

    def _say_more(self) -> None:
        row = self.list.current
        if row is None:
            self.more.update("No action is called so.")
            return
        action = self._action(row)
        place = f"\nIt does not work here. {action.place}." if action.place else ""
        self.more.update(self.show(f"{action.says}{place}", lines=True))

    def _typed(self) -> None:
        words = self.search.words
        found = [row for row in self._all if all(word in self._action(row).searched for word in words)]
        if words:
            found.sort(key=lambda row: self._action(row).rank(words))
        self.list.show(found, None)

    @on(Chosen)
    def _chosen(self, message: Chosen) -> None:
        self.app.call_later(self._do, self._action(message.row))

    async def _do_current(self) -> None:
        row = self.list.current
        if row is not None:
            await self._do(self._action(row))

    async def _do(self, action: "Action") -> None:
        if action.place:
            self.say(f"This does not work here. {action.place}: {action.keys}.")
        elif self.is_current:
            self.app.pop_screen()
            await self._run(action)

    def action_list(self, motion: str, by: int) -> None:
        """Move the cursor of the list while the line has the focus."""
        self.list.go(motion, by)
