"""What is folded where there is no room for all: parts to a line each, options too, reasons to that of one option.

So what is asked stays in view.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.tui.safe_content import plain, prose
from rnn_tutor.tui.widgets.said import lead
from rnn_tutor.tui.widgets.score import OPEN

if TYPE_CHECKING:
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.exercises.verdict import Verdict
    from rnn_tutor.tui.visits import ExerciseVisit
    from rnn_tutor.tui.widgets.part import PartBox

_MEANS = {"right": "", "rounded": "   nearly", "wrong": "   not yet", "not_understood": "   not read"}


def folded_line(part: "Part", text: str, verdict: "Verdict | None", *, changed: bool, ascii_only: bool) -> Content:
    """Return a part in one line: how it came out, and what is typed; of one without an answer, what is asked."""
    name = plain(part.name, ascii_only=ascii_only)
    if not text.strip():
        asked = prose(part.ask.prompt, ascii_only=ascii_only).split("\n")[0] if part.ask.prompt else Content(name)
        return Content.assemble(f"{OPEN} ", asked)
    typed = plain(text.strip().split("\n")[0], ascii_only=ascii_only)
    typed += " ..." if "\n" in text.strip() else ""
    if verdict is None or changed:
        return Content.assemble(f"{OPEN} ", (name, "bold"), f" = {typed}", ("   not checked", "dim"))
    return Content.assemble(lead(verdict.verdict, name), f" = {typed}", (_MEANS[verdict.verdict], "dim"))


class Folding:
    """Which parts of an exercise are folded: once there is no room for all, those that are not in use.

    The one that was judged last is whole too, as long as there is room for it. `tight`: within parts that are whole,
    options have a line each, and of the reasons for them only that of the option under the cursor is shown.
    """

    def __init__(self, boxes: "Sequence[PartBox]", visit: "ExerciseVisit", *, ascii_only: bool) -> None:
        self.boxes = boxes
        self.on = self.tight = False
        self._visit = visit
        self._ascii = ascii_only
        self._in_use = boxes[0]
        self._judged: PartBox | None = None

    def use(self, box: "PartBox | None") -> None:
        """Know which part is in use now; None: none is, and it stays what it was."""
        self._in_use = box or self._in_use

    def judge(self, box: "PartBox") -> bool:
        """Know which part was judged last, or is typed on since, and tell whether that is another one now."""
        before, self._judged = self._judged, box
        return before is not box

    def fold_more(self, *, crowded: bool = False) -> bool:
        """Fold, or fold more, as there is no room; tell whether there was anything to fold.

        crowded: the part in use alone has no room beside what is given.
        """
        if not self.on and len(self.boxes) > 1:
            self.on = True
        elif self.on and self._judged is not None and self._judged is not self._in_use:
            self._judged = None
        elif crowded and not self.tight:
            self.tight = True
        else:
            return False
        self.show()
        return True

    def show(self) -> None:
        """Fold and unfold."""
        for box in self.boxes:
            part = box.part.name
            box.tighten(self.tight)
            whole = not self.on or box is self._in_use or box is self._judged
            verdict, changed = self._visit.verdicts.get(part), part in self._visit.changed
            box.fold(
                None if whole else folded_line(box.part, box.text, verdict, changed=changed, ascii_only=self._ascii)
            )
