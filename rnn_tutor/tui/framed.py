"""An app whose screens have a frame, with a row on which one sentence can be said."""

from typing_extensions import override

from rnn_tutor.tui.screens.frame import FrameScreen
from rnn_tutor.tui.terminal.app import TerminalApp


class FramedApp(TerminalApp, inherit_bindings=False):
    """A `TerminalApp` that says what it has to say on the screen in front."""

    @override
    def say(self, text: object) -> None:
        """Show one sentence on the screen in front."""
        if isinstance(self.screen, FrameScreen):
            self.screen.say(text)

    @override
    def saying(self) -> bool:
        """Tell whether a sentence is on the screen in front."""
        return isinstance(self.screen, FrameScreen) and bool(self.screen.notice.display)
