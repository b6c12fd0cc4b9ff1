"""What all screens share: the bar, a body that scrolls, the rule that tells of more, the keys."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import NothingBefore, TooLong
from rnn_tutor.tui.safe_content import prose, showable
from rnn_tutor.tui.terminal.screen import TerminalScreen
from rnn_tutor.tui.widgets.frame import Bar, Keys, Rule, fits

if TYPE_CHECKING:
    from rnn_tutor.tui.host import Host
    from rnn_tutor.tui.session import Session
    from rnn_tutor.tui.terminal.capabilities import Terminal

WIDE = 110
_DEEP = 2  # screens above each other: from there on, one step back does not lead to the course
Items = Iterable[tuple[str, str]]
"""Ids of bindings, with spaces between, and a word on what they do."""


class Scroll(VerticalScroll, can_focus=False, inherit_bindings=False):
    """A column that scrolls without taking the focus from the answer line."""

    def on_resize(self) -> None:
        """Let the screen say what is out of view now, and bring back what was said last."""
        if isinstance(self.screen, FrameScreen):
            self.screen.look_soon()


class FrameScreen(TerminalScreen):
    """A screen with bar, body and keys; a subclass says what is in them."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(WIDE, "-wide")]  # noqa: RUF012 - as textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.EVERYWHERE, "all keys, and what can be typed", ("help", "f9,question_mark", "app.help", "help")
        ),
        *keys.told(keys.EVERYWHERE, "all actions, by name", ("palette", "colon", "app.palette", "all actions")),
        *keys.told(keys.EVERYWHERE, "search in the course", ("search", "slash", "app.search", "search")),
        *keys.told(
            keys.EVERYWHERE, "go back", ("back", "q", "back", "back"), ("back-escape", "escape", "back", "back")
        ),
        *keys.told(
            keys.EVERYWHERE,
            "go back to the course, from wherever you are; what you typed stays",
            ("course", "ctrl+o,o", "app.course", "the course"),
        ),
        *keys.told(
            keys.EVERYWHERE,
            "scroll, if there is more than fits on the screen",
            ("page-up", "pageup", "scroll(-1)", "a page up"),
            ("page-down", "pagedown", "scroll(1)", "a page down"),
        ),
        *keys.told(
            keys.EVERYWHERE,
            "scroll by a line, if there is nothing to choose",
            ("line-up", "up", "line(-1)", "up"),
            ("line-down", "down", "line(1)", "down"),
        ),
        *keys.untold(("how-to-leave", "ctrl+c", "app.how_to_leave", "say how to leave")),
    ]

    letters: ClassVar[bool] = False  # whether the bottom row names letters, where they work, rather than F keys
    scrolled_by: ClassVar[str] = "page-up page-down"  # the ids of what scrolls

    _wanted: Widget | None = None
    _columns: tuple[Widget, ...] | None = None
    _seen_places: tuple[object, ...] = ()  # what it was when that was last brought into view
    _to_look = _to_tell = False  # whether that is planned for when all is laid out
    _confirming: tuple[str, int] | None = None  # what asks for a key again, and how many inputs had come then
    _working: tuple[Widget | None, Mapping[str, str], Mapping[str, Sequence[str]]] | None = None  # for what has focus

    @override
    def compose(self) -> ComposeResult:
        """Lay the frame around the body."""
        self.set_class(self.width >= WIDE, "-wide")  # before the first layout, or it would be painted twice
        self.bar = Bar(id="bar")
        sentence = self.show(self.tutor.saving_problem or self.opening_sentence(), style="bold")
        self.notice = Static(sentence, id="notice", markup=False)
        self.notice.display = bool(sentence)
        self.rule = Rule(id="rule")
        self.keys = Keys(id="keys")
        yield self.bar
        yield Rule()
        yield self.notice
        yield from self.body()
        yield self.rule
        yield self.keys
        yield from self.tutor.beneath()

    def body(self) -> Iterable[Widget]:
        """Return the widgets between the bar and the keys."""
        return ()

    def opening_sentence(self) -> str:
        """Return what is said above the body from the first frame on: said later, it would push the body down."""
        return ""

    def is_due(self) -> None:
        """Tell that an assignment is due now, where that matters."""

    def columns(self) -> Iterable[Widget]:
        """Return what scrolls: looked for once, as that takes 0.2 ms, several times a key."""
        if self._columns is None:
            self._columns = tuple(self.query(Scroll))
        return self._columns

    def key_items(self) -> Items:
        """Return what stands in the bottom row, the most needed first."""
        return ()

    def key_row(self) -> list[tuple[str, str]]:
        """Return the bottom row as it is shown: (keys, word), without what no key does now."""
        working = self.working()
        row = [(self._keys_of(ids, working), word) for ids, word in self.key_items()]
        row = [(shown, word) for shown, word in row if shown]
        home = self._keys_of("course", working)
        if home and len(self.app.screen_stack) > _DEEP and fits([*row, (home, "course")], self.width - 2):
            row.append((home, "course"))
        return row

    def working(self) -> Mapping[str, Sequence[str]]:
        """Return for each id what its keys are called, of those that work now."""
        focused, keymap = self.focused, self.tutor.keymap
        if self._working is None or self._working[0] is not focused or self._working[1] is not keymap:
            self._working = focused, keymap, keys.working(self.bound(), keymap)
        return self._working[2]

    def _keys_of(self, ids: str, working: Mapping[str, Sequence[str]]) -> str:
        every = (keys.preferred(working.get(name, ()), letters=self.letters) for name in ids.split())
        return keys.together(every)

    def key(self, name: str) -> str:
        """Return what the key of a binding of this screen is called in a sentence: one that works now, if any does."""
        working = self.working().get(name, ())
        return keys.preferred(working, letters=False) or keys.key_on(type(self), name, self.tutor.keymap)

    @property
    def width(self) -> int:
        """The screen's width, known also before its first layout."""
        return self.size.width or self.app.size.width

    @property
    def tutor(self) -> "Host":
        """The app, as far as a screen may ask it for something."""
        return cast("Host", self.app)

    @property
    def session(self) -> "Session":
        """The sitting."""
        return self.tutor.session

    @property
    def terminal(self) -> "Terminal":
        """What the terminal can do."""
        return self.tutor.terminal

    def show(self, text: object, *, lines: bool = False, style: str = "") -> Content:
        """Return foreign text as it can be shown on this terminal."""
        return showable(text, ascii_only=self.terminal.ascii_only, lines=lines, style=style)

    def prose(self, text: object) -> Content:
        """Return foreign prose as it can be shown on this terminal."""
        return prose(text, ascii_only=self.terminal.ascii_only)

    def say(self, text: object) -> None:
        """Show one sentence above the body, or (empty) take it away."""
        content = self.show(text, style="bold")
        if self.notice.display == bool(content) and self.notice.content == content:
            return  # else the screen would be laid out anew for it, with each verdict
        self.notice.update(content)
        self.notice.display = bool(content)
        self.tell_more_soon()

    def confirmed(self, sentence: str) -> bool:
        """Tell whether a key is pressed again right after a sentence that asks for it; else say the sentence.

        Whatever is pressed, typed or clicked in between takes it back: then the sentence is said anew.
        """
        inputs = self.tutor.inputs
        before, self._confirming = self._confirming, (sentence, inputs)
        if before == (sentence, inputs - 1):
            self._confirming = None
            return True
        self.say(sentence)
        return False

    def saying(self) -> bool:
        """Tell whether a sentence is above the body."""
        return bool(self.notice.display)

    def hush(self) -> None:
        """Take a sentence away that has been read; that nothing is being saved stays."""
        if self.notice.display and not self.tutor.saving_problem:
            self.say("")

    def on_mount(self) -> None:
        """Fill the rows around the body and follow what is in view."""
        self.refresh_keys()
        for column in self.columns():
            self.watch(column, "scroll_y", self.tell_more, init=False)
            self.watch(column, "virtual_size", self._laid_out, init=False)
        self.tell_more_soon()

    def on_screen_resume(self) -> None:
        """Say again what has to be known on every screen, and bring back what was said last.

        A screen that was opened before that was laid out may have kept it from being scrolled to.
        """
        if self.is_mounted and self.tutor.saving_problem:
            self.say(self.tutor.saving_problem)
        if self._wanted is not None:
            self.look_soon()

    def on_resize(self) -> None:
        """Look again at what is in view."""
        self.tell_more_soon()

    @on(TooLong)
    def _too_long(self, message: TooLong) -> None:
        self.say(f"At most {message.most:,} characters fit here.")

    @on(NothingBefore)
    def _nothing_before(self) -> None:
        self.say("There is nothing more to undo or redo here.")

    def refresh_keys(self) -> None:
        """Show the keys that work now."""
        self.keys.show(self.key_row())

    def tell_more(self, *_: object) -> None:
        """Say in the rule whether there is more above or below."""
        above = below = 0
        for column in self.columns():
            if column.display and column.size.height:
                # Not max_scroll_y: while a column is laid out, it knows of the height that it had before.
                most_below = max(0, column.virtual_size.height - column.size.height)
                above = max(above, round(column.scroll_y))
                below = max(below, most_below - round(column.scroll_y))
        self.tell_lines(above, below)

    def tell_more_soon(self) -> None:
        """Do that when all is laid out: once, however many things change until then."""
        if not self._to_tell:
            self._to_tell = self.call_after_refresh(self._tell_now)

    def _tell_now(self) -> None:
        self._to_tell = False
        if not self._to_look:  # else that is done after it, too
            self.tell_more()

    def tell_lines(self, above: int, below: int) -> None:
        """Say in the rule how many lines there are above and below."""
        counts = ((above, "above"), (below, "below"))
        words = [f"{count} more line{'s' * (count > 1)} {direction}" for count, direction in counts if count]
        self.rule.words = f"{', '.join(words)}: {self._scrolling_keys()}" if words else ""

    def _scrolling_keys(self) -> str:
        return self._keys_of(self.scrolled_by, self.working())

    def bring(self, widget: Widget) -> None:
        """Scroll to what was just said: now, and again when it has been laid out and has its height."""
        self._wanted = widget
        self.look_soon()

    def look_soon(self) -> None:
        """Look at what is in view when all is laid out: once, however many things change until then."""
        if not self._to_look:
            self._to_look = self.call_after_refresh(self._look_now)

    def _look_now(self) -> None:
        """Do so, unless nothing was laid out or scrolled since it was done: with most letters that are typed."""
        self._to_look = False
        places = self._all_places()
        if places != self._seen_places:
            self._laid_out()
            self._seen_places = self._all_places()

    def _all_places(self) -> tuple[object, ...]:
        """Return all that what is in view, and what is said of it, depends on."""
        scrolled = tuple((column.scroll_y, column.size.height, column.virtual_size) for column in self.columns())
        return self._wanted, self.focused, self.layouts, self.tutor.keymap, scrolled

    def _laid_out(self, *_: object) -> None:
        if self._wanted is not None and self._wanted.is_attached and self._wanted.display:
            self.show_wanted(self._wanted)
        self.tell_more()

    def show_wanted(self, widget: Widget) -> None:
        """Scroll to what was just said.

        At once: all is laid out, and a scroll that waits for a frame may come when the column has another height.
        """
        widget.scroll_visible(animate=False, immediate=True)

    def action_scroll(self, pages: int) -> None:
        """Scroll all columns by a page."""
        self._wanted = None
        for column in self.query(Scroll):
            column.scroll_to(y=column.scroll_y + pages * max(1, column.size.height - 2), animate=False, immediate=True)

    def action_line(self, by: int) -> None:
        """Scroll all columns by a line."""
        self._wanted = None
        for column in self.query(Scroll):
            column.scroll_to(y=column.scroll_y + by, animate=False, immediate=True)

    def action_back(self) -> None:
        """Go back to where one came from."""
        self.app.pop_screen()
