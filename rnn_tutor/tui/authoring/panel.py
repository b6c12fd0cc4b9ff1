"""What is beneath every screen of an author: how the file is, what is expected, what was found, the author's keys."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widgets import Static

from rnn_tutor.tui.safe_content import showable
from rnn_tutor.tui.widgets.frame import fitted

if TYPE_CHECKING:
    from rnn_tutor.exercises.files.finding import Finding

_SEVERITIES = ("error", "draft", "warning", "note")
_INK = {"error": "bold ansi_red", "draft": "bold", "warning": "bold ansi_yellow", "note": "bold"}
_LEAST = 20  # columns of a text
_SHARE = 4  # of the lines of a screen, so much is for what is found


@dataclass
class State:
    """What there is to say of the file.

    trouble: why what is shown is not what is in it ("": it is). heading: which numbers are shown, and when it was read.
    key_of_all: what shows all findings.
    """

    name: str
    trouble: str = ""
    heading: str = ""
    checking: bool = True
    findings: "Sequence[Finding]" = ()
    answers: Sequence[str] = ()
    keys: Sequence[tuple[str, str]] = ()
    key_of_all: str = ""

    @property
    def counts(self) -> str:
        """How many findings there are of each kind."""
        numbers = [(sum(finding.severity == kind for finding in self.findings), kind) for kind in _SEVERITIES]
        counted = ", ".join(
            f"{count} to finish" if kind == "draft" else f"{count} {kind}{'s' * (count > 1)}"
            for count, kind in numbers
            if count
        )
        return (
            f"{counted}{' so far' * self.checking}"
            if counted
            else "checking ..."
            if self.checking
            else "nothing to fix"
        )


def by_weight(findings: "Sequence[Finding]") -> "list[Finding]":
    """Return findings with the errors above all, then by line."""
    return sorted(findings, key=lambda finding: (_SEVERITIES.index(finding.severity), finding.line, finding.key))


def lines_of(findings: "Sequence[Finding]", width: int, ascii_only: bool) -> list[list[Content]]:
    """Return for each finding its lines on a screen: the line of the file, how grave it is, the key, what it is."""
    number_width = max((len(str(finding.line)) for finding in findings), default=1)
    lines = []
    for finding in by_weight(findings):
        head = Content.assemble(f"{finding.line:>{number_width}}: ", (finding.severity, _INK[finding.severity]), ": ")
        key = f"{finding.key}: " if finding.key else ""
        text = Content.assemble(showable(key, ascii_only=ascii_only), showable(finding.says, ascii_only=ascii_only))
        lines.append(hung(head, text, width))
    return lines


def hung(head: Content, text: Content, width: int) -> list[Content]:
    """Return a text behind its head, its further lines a little indented."""
    in_full = Content.assemble(head, text)
    first_line, *other_lines = in_full.wrap(max(_LEAST, width)) or [Content()]
    if not other_lines:
        return [first_line]
    remainder = Content(in_full.plain[len(first_line.plain) :].lstrip())
    return [first_line, *(Content.assemble("    ", line) for line in remainder.wrap(max(_LEAST, width - 4)))]


class Panel(Static):
    """Stands below the learner's screen; as high as what there is to say, up to a share of the screen."""

    DEFAULT_CSS: ClassVar[str] = "Panel { height: auto; padding: 0; }"

    def __init__(self, state: Callable[[], State], ascii_only: bool) -> None:
        super().__init__(id="author", markup=False)
        self._state = state
        self._ascii = ascii_only

    def on_mount(self) -> None:
        """Say what is known so far."""
        self.fill()

    def on_resize(self) -> None:
        """Fold anew."""
        self.fill()

    def fill(self) -> None:
        """Say it all anew."""
        width, height = self.app.size.width, self.app.size.height
        state, room = self._state(), width - 2
        most_rows = max(2, height // _SHARE)
        rows = [*self._answers(state, room)[:most_rows], *self._findings(state, room, most_rows)]
        if state.trouble:
            rows = [*hung(Content(), showable(state.trouble, ascii_only=self._ascii, style="bold"), room), *rows]
        rows = [Content.assemble(" ", row) for row in [*rows, fitted(state.keys, room)]]
        self.update(Content("\n").join([self._head(state, width), *rows]))

    def _answers(self, state: State, room: int) -> list[Content]:
        rows: list[Content] = []
        for text in state.answers:
            rows += hung(Content("expected: ").stylize("bold"), showable(text, ascii_only=self._ascii), room)
        return rows

    def _findings(self, state: State, room: int, most_rows: int) -> list[Content]:
        """Return as many of the findings as there is room for, whole, and how many more there are."""
        rows: list[Content] = []
        finding_lines = lines_of(state.findings, room, self._ascii)
        for count, lines in enumerate(finding_lines):
            last = count + 1 == len(finding_lines)
            if len(rows) + len(lines) + (not last) <= most_rows:
                rows += lines
                continue
            key = state.key_of_all
            note = f"and {len(finding_lines) - count} more: {key}" if count else f"{key} shows everything"
            return [*(rows or lines[: most_rows - 1]), Content(note).stylize("dim")]
        return rows

    def _head(self, state: State, width: int) -> Content:
        """Return the line between the learner's screen and the author's."""
        right = showable(f" {state.heading} ", ascii_only=self._ascii) if state.heading else Content()
        left = showable(f" {state.name}: {state.counts} ", ascii_only=self._ascii, style="bold")
        if left.cell_length + right.cell_length + 6 > width:
            right = Content()
        left = left.truncate(max(1, width - right.cell_length - 6), ellipsis=True)
        line = "─" * max(1, width - left.cell_length - right.cell_length - 6)
        return Content.assemble(" ", ("──", "dim"), left, (line, "dim"), right, ("──", "dim"))
