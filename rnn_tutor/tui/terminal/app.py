"""The app as far as the terminal goes: how it takes keys, how it paints, and how it gives the terminal back."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from typing import Any, cast

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual import events, on
from textual._compositor import CompositorUpdate
from textual.filter import LineFilter
from textual.screen import Screen
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.settings import AUTO, TERMINAL, Settings
from rnn_tutor.tui.messages import KeysCut, PasteCut
from rnn_tutor.tui.terminal.bounded_driver import GuardedDriver
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal, speak, suited
from rnn_tutor.tui.terminal.driver import TutorDriver
from rnn_tutor.tui.terminal.failing import FailingApp
from rnn_tutor.tui.terminal.frame_diff import Painted
from rnn_tutor.tui.terminal.kept_styles import KeptStyles
from rnn_tutor.tui.terminal.key_order import drained, in_turn

_SYSTEMS = {16: ColorSystem.STANDARD, 256: ColorSystem.EIGHT_BIT, TRUECOLOUR: ColorSystem.TRUECOLOR}


class _Sent(CompositorUpdate):
    """An update whose escapes are worked out already."""

    def __init__(self, text: str) -> None:
        self._text = text

    @override
    def render_segments(self, console: Console) -> str:
        """Return them."""
        return self._text


class TerminalApp(FailingApp, inherit_bindings=False):
    """An app on a terminal: keys are taken in turn, and of a frame only what differs is sent."""

    def __init__(self, terminal: Terminal, options: Options) -> None:
        super().__init__(ansi_color=True, driver_class=TutorDriver)
        self.stylesheet = KeptStyles(variables=self.get_css_variables())
        self.animation_level = "none"
        # Textual puts two widgets for these on each screen, which are mounted, styled and laid out; nothing here uses
        # them. What is said stands in a row of its own.
        self._disable_tooltips = self._disable_notifications = True
        self.options = options
        self.settings = options.settings or Settings(kiosk=options.kiosk)
        self._given = terminal
        self.terminal = suited(terminal, options, self.settings)
        self._themed: Sequence[LineFilter] = ()
        self._own_system = self.console._color_system
        self._dress()
        self.painted = Painted()
        self.inputs = 0  # keys, pastes and clicks so far: whoever asks for a key again knows whether it is the next
        self._sized = False  # whether a size was told
        self._missed = False  # whether a frame was dropped, so that nothing less than a whole one may follow

    # what a subclass says

    @property
    def ready(self) -> bool:
        """Whether the app has what its screens show: a size that changes before is painted by nothing else."""
        return True

    def keeps(self, key: events.Key) -> bool:
        """Tell whether a key is kept for later; one that is not is about to do something."""
        return False

    def will_paint(self) -> None:
        """Do what has to be done before anything is sent to the terminal."""

    def has_painted(self) -> None:
        """Take note that something was sent to the terminal."""

    # keys

    @property
    def keymap(self) -> Mapping[str, str]:
        """The keys that are others than the bindings have: {id: keys with commas between}."""
        return self._keymap

    @override
    async def on_event(self, event: events.Event) -> None:
        """Take keys in turn."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self._exit:
                return  # pressed before the learner left, and waiting behind that: there is no screen for it
            if self.keeps(event):
                return
            self.inputs += 1
            if await in_turn(self, event):
                return
        elif isinstance(event, events.Paste | events.MouseDown) and not event.is_forwarded:
            self.inputs += 1
        elif isinstance(event, events.Resize) and isinstance(self._driver, GuardedDriver):
            event = self._driver.newest(event)
        await super().on_event(event)

    @override
    async def _on_key(self, event: events.Key) -> None:
        """Look for no bindings: `in_turn` has, on the screen that was in front when the key was pressed."""
        event.prevent_default()

    # painting

    @override
    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what the screen goes through on its way out; on an ASCII terminal nothing else gets past."""
        filters = [*super().get_line_filters(), *self._themed]
        return [*filters, self._ascii] if self.terminal.ascii_only else filters

    @cached_property
    def _ascii(self) -> LineFilter:
        from rnn_tutor.tui.terminal.ascii_filter import AsciiFilter  # late: few terminals need it

        return AsciiFilter()

    def _dress(self) -> None:
        """Take on the theme and the colours that were chosen."""
        theme = str(self.settings.value("theme"))
        if theme == TERMINAL:  # mostly: what themes are made of is not imported for it
            self._themed = ()
        else:
            from rnn_tutor.tui.terminal.theme import filters

            self._themed = filters(theme, self.terminal.colours)
        chosen = self.settings.value("colours") != AUTO
        system = _SYSTEMS.get(self.terminal.colours) if chosen else None
        self.console._color_system = system or self._own_system

    def repaint(self) -> None:
        """Paint all anew, in the theme, the colours and the characters that were chosen."""
        self.terminal = suited(self._given, self.options, self.settings)
        if not self.is_headless:
            speak(self.terminal)
        self._dress()
        self.painted.forget()
        for screen in self.screen_stack:
            for node in screen.walk_children(Widget, with_self=True):
                node.refresh()

    @override
    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Send of a frame only what differs from what stands on the terminal, and nothing if nothing does."""
        self.will_paint()
        listening = self._running and not self._closed and not self._batch_count and not self.is_headless
        update: object = renderable
        if listening and isinstance(update, CompositorUpdate):
            if screen._compositor.size != self.size:  # meant for a size that was: what the new one needs is on its way
                self.painted.forget()
                self._missed = True
                return
            if self._missed:
                self._missed = False
                update = screen._compositor.render_full_update()
            try:
                text = self.painted.changes(update, (self.size.width, self.size.height), self.console)
            except Exception as error:  # noqa: BLE001 - it is written down, and Textual paints it all
                self.failed(error, "comparing with what is painted")
                self.painted.forget()
                text = None
            if text == "":
                return
            if text is not None:
                renderable = cast("RenderableType", _Sent(text))
        with self._driver.one_write() if isinstance(self._driver, GuardedDriver) else nullcontext():
            super()._display(screen, renderable)
        self.has_painted()

    @property
    @override
    def _background_screens(self) -> list[Screen[Any]]:
        # None of our screens is seen through. Textual takes the one below for one that may be, lays it out and, when
        # anything about it changes, paints the one in front anew.
        return []

    def paint_missed(self) -> None:
        """Paint a screen that has its size now, where a frame was dropped because it did not have it."""
        if self._missed:
            self.screen.refresh()

    @override
    def _set_pointer_shape(self, shape: str) -> None:
        """Leave the mouse pointer alone: there is none to shape here, and some terminals would print the wish."""

    @on(events.Mount)
    def _begun_on(self) -> None:
        """Take what fails in the loop."""
        if not self.is_headless:  # else the loop is that of a test
            asyncio.get_running_loop().set_exception_handler(self.loop_failed)

    def on_resize(self, event: events.Resize) -> None:
        """Paint everything anew: what a terminal makes of its lines when it changes its size is its own affair."""
        first, self._sized = not self._sized, True
        if first and self.painted.size == event.size:
            return  # what is told at the beginning is no change: the first frame has that size already
        self.painted.forget()
        if self.ready:
            self.screen.refresh()

    # what is told

    @on(PasteCut)
    async def _paste_cut(self, message: PasteCut) -> None:
        for widget in (self.focused or self.screen).ancestors_with_self:  # what the line says of it comes first
            if isinstance(widget, Widget):
                await drained(widget)
        count = message.most + message.dropped
        self.say(f"You pasted {count:,} characters; only the first {message.most:,} were kept.")

    @on(KeysCut)
    def keys_cut(self, message: KeysCut) -> None:
        """Say that keys were thrown away."""
        self.say(f"More than {message.most:,} keys arrived at once; the last ones were dropped.")

    # what is outside

    @override
    def copy_to_clipboard(self, text: str) -> None:
        """Hand a text to the terminal's clipboard; where many share an account, keep it for pasting here."""
        if self.options.kiosk:
            self._clipboard = text
        else:
            super().copy_to_clipboard(text)

    def end(self, signum: int) -> None:
        """End because of a signal; called from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.exit, 128 + signum)

    def give_up(self) -> None:
        """Give the terminal back while the app cannot; from any thread."""
        if isinstance(self._driver, GuardedDriver):
            self._driver.give_up()
