"""One part of an exercise: what is asked, the options, the answer, how it is read, what is said to it."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.tui.safe_content import plain, prose, showable
from rnn_tutor.tui.widgets import verdict as verdicts
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.options import Options
from rnn_tutor.tui.widgets.said import Said

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.exercises.verdict import Reading, Verdict
    from rnn_tutor.tui.trail import Trail
    from rnn_tutor.tui.visits import Change
    from rnn_tutor.tui.widgets.program import ProgramLines

_EXAMPLES = {
    "scalar": "a number, such as 0.25 or 1/4",
    "vector": "a vector, such as [0.5, -1]",
    "matrix": "a matrix, such as [1 2; 3 4]",
    "shape": "a shape, such as (2, 3)",
    "choice": "the number of one option",
    "checklist": "numbers, such as 1 3, or {tick} to tick",
}


class PartBox(Vertical):
    """Everything that belongs to one part.

    `entry` is where the answer is typed: a line, or the lines of a program. `typed` is called with each change,
    `submitted` with the part's name when it is to be checked.
    """

    def __init__(
        self,
        part: "Part",
        text: str,
        alone: bool,
        ascii_only: bool,
        *,
        typed: "Callable[[PartBox], None]",
        submitted: Callable[[str], Awaitable[None]],
        trail: "Trail",
        tick: str,
        key: "Callable[[str], str] | None" = None,
    ) -> None:
        """Begin with a text; `tick` is the key that ticks an option, `key` names the key of a binding by its id."""
        super().__init__(classes="part")
        self.part = part
        self.alone = alone
        self.ascii_only = ascii_only
        self._tick_key = tick
        self._tight = False
        self._said: tuple[Verdict | None, Change | None, bool] = (None, None, False)
        self._key = key
        self.entry: AnswerLine | ProgramLines = self._entry(text, typed, submitted)
        self.entry.trail = trail
        self.options: Options | None = None
        if part.ask.options:
            texts = [prose(option.text, ascii_only=ascii_only) for option in part.ask.options]
            self.options = Options(part.name, texts, part.kind == "checklist", self._digit, self._cursor_moved)
        self.asked: Static | None = None
        if part.ask.prompt and not alone:
            self.asked = Static(prose(part.ask.prompt, ascii_only=ascii_only), classes="asked", markup=False)
        self._echo = Static(classes="echo", markup=False)
        self._verdict = Said(classes="verdict", markup=False)
        self._folded = Static(classes="folded", markup=False)

    @override
    def compose(self) -> ComposeResult:
        """Lay them out from top to bottom."""
        yield self._folded
        if self.asked is not None:
            yield self.asked
        if self.options is not None:
            yield self.options
        if isinstance(self.entry, AnswerLine):
            with Horizontal(classes="typing"):
                name = "answer" if self.options is not None else plain(self.part.name, ascii_only=self.ascii_only)
                yield Static(Content.assemble((name, "bold"), " = " if self.options is None else ": "), classes="name")
                yield self.entry
        else:
            yield self.entry
        yield self._echo
        yield self._verdict

    @property
    def text(self) -> str:
        """What is typed."""
        return self.entry.value if isinstance(self.entry, AnswerLine) else self.entry.text

    @property
    def first(self) -> "Options | AnswerLine | ProgramLines":
        """Where one begins to answer."""
        return self.options or self.entry

    def _entry(
        self, text: str, typed: "Callable[[PartBox], None]", submitted: Callable[[str], Awaitable[None]]
    ) -> "AnswerLine | ProgramLines":
        if self.part.kind != "program":
            line = AnswerLine(self.part.name, text, _EXAMPLES.get(self.part.kind, "").format(tick=self._tick_key))
            line.typed = lambda _: typed(self)
            line.submitted = submitted
            return line
        from rnn_tutor.exercises.programs import starter
        from rnn_tutor.tui.widgets.program import ProgramLines  # late: the text area behind it takes long to import

        lines = ProgramLines(self.part.name, text or starter(self.part).rstrip("\n"), self.ascii_only)
        lines.changed = lambda: typed(self)
        lines.submitted = submitted
        return lines

    def fold(self, line: Content | None) -> None:
        """Show one line in the place of all (None: all). What is folded can still have the focus, which unfolds it."""
        if line is not None and line != self._folded.content:
            self._folded.update(line, layout=False)
        self.set_class(line is not None, "-folded")

    def tighten(self, tight: bool) -> None:
        """Take as few lines as can be: a line for each option, and the reason of the one under the cursor alone."""
        if tight != self._tight and self.options is not None:
            self._tight = self.options.tight = tight
            self._cursor_moved()

    def _cursor_moved(self) -> None:
        """Show the reason of the option under the cursor, where only that is shown."""
        verdict, changed, looked_up = self._said
        if verdict is not None:
            self.show_verdict(verdict, changed, looked_up=looked_up)

    @property
    def line_at(self) -> int:
        """The line of the column at which the answer is typed."""
        row = self.entry.parent if isinstance(self.entry, AnswerLine) else self.entry
        return self.virtual_region.y + (row.virtual_region.y if isinstance(row, Widget) else 0)

    def show_running(self) -> None:
        """Say that a program is being run; that may take a moment."""
        self._set(self._echo, Content())
        self._set(self._verdict, Content("Running it ..."))

    def show_reading(self, reading: "Reading | None") -> None:
        """Show how the text on the line is understood (None: nothing is typed)."""
        if reading is None:
            self._set(self._echo, Content())
            self._tick(None)
            self._flag(None, "")
            return
        self._flag(getattr(reading, "line", None), reading.says)
        self._echo_of(reading.so_far or reading.says)
        self._tick(reading.value)

    def _echo_of(self, says: str) -> None:
        self._set(self._echo, showable(says, ascii_only=self.ascii_only, style="dim"))

    @property
    def verdict_at(self) -> int:
        """The line of the column at which what is said to the answer begins."""
        return self.virtual_region.y + self._verdict.virtual_region.y

    def show_verdict(
        self, verdict: "Verdict | None", changed: "Change | None" = None, *, looked_up: bool = False
    ) -> None:
        """Show a verdict (None: take it away), as one on something else where that has `changed` since.

        looked_up: the solution was open before the answer was given.
        """
        said = Content()
        self._said = verdict, changed, looked_up
        if verdict is not None:
            chosen = verdict.reading.value
            if self.options is not None and not self.options.has_focus and isinstance(chosen, frozenset) and chosen:
                self.options.cursor = min(chosen) - 1  # typed on the line: its reason is what one wants to read
            under_cursor = self.options.cursor + 1 if self.options is not None and self._tight else None
            said = verdicts.verdict_text(
                self.part, verdict, self.ascii_only, changed, self._key, looked_up=looked_up, reason_of=under_cursor
            )
            if verdict.reading.so_far and changed is None:  # it was checked: half a name is a mistake now
                self._echo_of(verdict.reading.says)
            elif under_cursor is not None and not verdict.reading.error:  # the options show how it is read
                self._set(self._echo, Content())
        bar = verdict is not None and verdict.verdict == "right" and changed is None and not looked_up
        if bar != self._verdict.bar:
            self._verdict.bar = bar
            self._verdict.refresh()
        self._set(self._verdict, said)
        if verdict is not None and verdict.line is not None and changed is None:
            self._flag(verdict.line, verdict.says, at_once=True)

    def _digit(self, digit: str) -> None:
        """Go on with a number on the line; of one option alone it is another choice."""
        if isinstance(self.entry, AnswerLine):
            text = self.entry.value.strip() if self.part.kind == "checklist" else ""
            self.screen.set_focus(self.entry)
            self.entry.value = f"{text} {digit}" if text else digit
            self.entry.cursor_position = len(self.entry.value)

    def _flag(self, line: int | None, sentence: str, *, at_once: bool = False) -> None:
        if not isinstance(self.entry, AnswerLine):
            self.entry.flag(None if line is None else line - 1, sentence, at_once=at_once)

    def _tick(self, picked: object) -> None:
        if self.options is not None:
            self.options.ticked = picked if isinstance(picked, frozenset) else frozenset()

    def _set(self, row: Static, content: Content) -> None:
        # The screen is measured again only when the height changes: a key then costs two rows, not a screen.
        old_content = row.content
        if old_content == content and row.display == bool(content):
            return
        width = max(1, row.size.width)
        same_height = isinstance(old_content, Content) and row.display == bool(content)
        same_height = same_height and len(old_content.wrap(width)) == len(content.wrap(width))  # type: ignore[union-attr]
        row.display = bool(content)
        row.update(content, layout=not same_height)
