"""The app of a lecturer who watches a class: it reads, in a thread of its own, and changes nothing."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import cast

from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.crash_log import CrashLog
from rnn_tutor.progress.class_report import Report
from rnn_tutor.tui.terminal.app import TerminalApp
from rnn_tutor.tui.terminal.capabilities import Options, Terminal
from rnn_tutor.tui.watching.follow import Follower, Source
from rnn_tutor.tui.watching.screens import ClassHelp, ClassScreen, OneScreen


class News(Message):
    """There is another report (None: the last one holds), or something is wrong or right again."""

    def __init__(self, report: Report | None, trouble: str) -> None:
        super().__init__()
        self.report = report
        self.trouble = trouble


class Watch(TerminalApp, inherit_bindings=False):
    """A class on a terminal. opens: makes where answers are read from, in the thread that reads."""

    CSS_PATH = "../app.tcss"
    TITLE = "rnn-tutor"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    theme = Reactive("ansi-dark")  # only terminal colours
    saving_problem = ""  # nothing is saved here

    def __init__(self, opens: Callable[[], Source], terminal: Terminal, options: Options | None = None) -> None:
        super().__init__(terminal, options or Options())
        self.report: Report | None = None
        self.trouble = ""
        self._follower = Follower(opens, self._tell)

    @cached_property
    @override
    def mistakes(self) -> CrashLog:
        """Where mistakes of the program's own are written down."""
        return CrashLog(self.options.log)

    @override
    def get_default_screen(self) -> Screen[object]:
        """Begin with the list."""
        return cast("Screen[object]", ClassScreen())

    def beneath(self) -> Iterable[Widget]:
        """Return what stands beneath every screen: nothing."""
        return ()

    def on_mount(self) -> None:
        """Begin to read once the first frame is out."""
        self.call_after_refresh(self._follower.start)

    def on_unmount(self) -> None:
        """Have the reading end; nobody waits for it."""
        self._follower.stop()

    def _tell(self, report: Report | None, trouble: str) -> None:
        """Take what the thread has read."""
        self.post_message(News(report, trouble))

    def on_news(self, news: News) -> None:
        """Show it on every screen."""
        self.report = news.report or self.report
        self.trouble = news.trouble
        for screen in self.screen_stack:
            if isinstance(screen, ClassScreen | OneScreen) and screen.is_mounted:
                screen.fill()

    def open_exercise(self, exercise: str) -> None:
        """Show one exercise on a screen of its own."""
        self.push_screen(OneScreen(exercise))

    def action_help(self) -> None:
        """Open the help, once."""
        if not isinstance(self.screen, ClassHelp):
            self.push_screen(ClassHelp())
