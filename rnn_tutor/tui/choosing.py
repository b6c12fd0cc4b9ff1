"""What a user has chosen, put to use: colours, pictures, digits, keys; and chosen anew while the program runs."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from typing_extensions import override

from rnn_tutor.settings import AUTO, Value
from rnn_tutor.tui.terminal.app import TerminalApp
from rnn_tutor.tui.terminal.capabilities import Drawn, Options, Terminal, drawn

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from rnn_tutor.tui.keymap import KeymapError


class Choosing(TerminalApp, inherit_bindings=False):
    """An app that is as its user has chosen. `drawn`: how every figure is drawn, for a screen to change."""

    OWN_SCREENS: "ClassVar[Sequence[type[DOMNode]]]" = ()  # whose keys are in the help of this kind of app alone

    def __init__(self, terminal: Terminal, options: Options) -> None:
        super().__init__(terminal, options)
        self.drawn: Drawn = drawn(self.terminal, self.settings)
        self._modules = 0  # how many there were when keys were looked at
        self._refused: dict[str, str] = {}  # ids of bindings that cannot have the keys that were chosen, and why

    @property
    @override
    def keymap(self) -> Mapping[str, str]:
        """The keys that are others than the bindings have, of all that is imported so far."""
        self._look_at_keys()
        return super().keymap

    @override
    def keeps(self, key: events.Key) -> bool:
        """Keep none; from now on it does what was chosen."""
        self._look_at_keys()
        return False

    def _look_at_keys(self, *, anew: bool = False) -> None:
        """Give bindings the keys that were chosen, those of a screen when it has been imported: most are, late."""
        wanted = self.settings.keys
        if not wanted and not anew:
            return
        from rnn_tutor.tui.keymap import imported, put, usable

        if anew or self._modules != imported():
            self._modules = imported()
            found, refused = usable(wanted, self.own_places(), so_far=True)
            if anew:
                put(self, found)
            else:
                self.set_keymap(found)
            self._note_refused(refused)

    def own_places(self) -> "tuple[type[DOMNode], ...]":
        """Return the classes that have keys in this kind of app alone."""
        return (type(self), *self.OWN_SCREENS) if self.OWN_SCREENS else ()

    def _note_refused(self, refused: "list[KeymapError]") -> None:
        for error in refused:
            if error.name not in self._refused:
                self._refused[error.name] = sentence = f"{self.settings.where(error.name)}{error}"
                self.settings.problems.append(sentence)
                self.call_later(self.tell_problems)

    def look_at_all_keys(self) -> None:
        """Look at the keys of all screens: each is imported for it."""
        if self.settings.keys:
            from rnn_tutor.tui.keymap import usable

            self._note_refused(usable(self.settings.keys, self.own_places())[1])
            self._look_at_keys()

    def tell_problems(self) -> None:
        """Say what cannot be used of the settings, once: the first of it, and how much more there is."""
        if self.settings.problems:
            first, *more = self.settings.problems
            self.settings.problems.clear()
            count = f" ({len(more)} more in the settings file.)" if more else ""
            self.say(f"{first}{count}")

    def begin_with_settings(self) -> None:
        """Put to use what the first frame does without, and say what cannot be used."""
        self._show_digits()
        self.tell_problems()

    def take_settings(self) -> None:
        """Begin with other settings: those of the learner who has said who is there."""
        self.settings.read()
        self.repaint()
        self.drawn = drawn(self.terminal, self.settings)
        self._look_at_keys(anew=True)

    def choose(self, name: str, value: Value) -> str:
        """Choose a setting; it holds at once. A sentence is returned where it cannot be kept, or not be seen here."""
        trouble = self.settings.choose(name, value)
        self._show_digits()
        if name != "clipboard":
            self.repaint()
        if name != "digits":
            self.drawn = drawn(self.terminal, self.settings)
        return trouble or self._unseen(name, value)

    def _unseen(self, name: str, value: Value) -> str:
        """Say why a choice changes nothing on this terminal, if so."""
        if name == "characters" and value != AUTO and self.options.characters is not None:
            return "For now, what the command line asked for holds."
        if name in ("theme", "colours") and not self._given.colours:
            return "This terminal shows no colours (or NO_COLOR is set), so nothing changes here."
        if name == "theme":
            from rnn_tutor.tui.terminal.theme import can_show

            if not can_show(str(value), self.terminal.colours):
                return "This theme needs 256 colours; this terminal is taken to have 16."
        if name == "pictures" and value not in (AUTO, self.drawn):
            return "This terminal cannot show such pictures."
        return ""

    def _show_digits(self) -> None:
        """Have numbers shown with the digits that were chosen."""
        digits = self.settings.value("digits")
        module = "rnn_tutor.engine.number_text"
        if digits != AUTO or module in sys.modules:
            from rnn_tutor.engine.number_text import SHOWN

            SHOWN.digits = digits if isinstance(digits, int) else None

    def copy(self, text: str, name: str) -> str:
        """Copy a text to where the user wants copies, and return a sentence on it; `name`: what it is."""
        from rnn_tutor.printable import copyable
        from rnn_tutor.tui import clipboard  # late: the first frame copies nothing

        text = copyable(text)
        if self.options.kiosk:
            self.copy_to_clipboard(text)
            return f"Copied {name}: Ctrl+V puts it on a line here."
        wanted = clipboard.Clipboard(self.settings.value("clipboard"), os.environ, self.options.log)
        if wanted.is_file:
            return wanted.into_file(text, name)
        trouble = clipboard.too_long(text, name)
        if not trouble:
            self.copy_to_clipboard(text)
        return trouble or clipboard.sent(name)

    def choose_keys(self, name: str, asked: str | None) -> str:
        """Give a binding other keys, None: its own. Returns a sentence as `choose` does.

        Raises KeymapError, and then changes nothing.
        """
        from rnn_tutor.tui.keymap import keymap, usable

        if asked is not None:
            others = {one: keys for one, keys in self.settings.keys.items() if one != name}
            own = self.own_places()
            keymap(usable(others, own)[0] | {name: asked}, own)
        trouble = self.settings.choose_keys(name, asked)
        self._refused.pop(name, None)
        self._look_at_keys(anew=True)
        return trouble
