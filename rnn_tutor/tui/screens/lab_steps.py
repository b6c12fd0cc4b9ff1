"""How a lab computes what it shows: its givens, and its steps with their sentences."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from rnn_tutor.exercises.labs.told import lines_of
from rnn_tutor.tui.screens.text import TextScreen

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Step
    from rnn_tutor.tui.visits import LabVisit


class LabStepsScreen(TextScreen):
    """The steps of a lab as its file has them."""

    name_shown = "How it is computed"

    def __init__(self, visit: "LabVisit") -> None:
        super().__init__()
        self.visit = visit

    def text(self) -> Content:
        """Return givens, then steps."""
        lab = self.visit.bench.lab
        lines = [self.show(lab.title, style="bold"), Content(), self.prose(lab.prompt), Content()]
        for name, given in lab.given.items():
            sizes = getattr(self.visit.bench.givens[name], "shape", ())
            shape = f" ({', '.join(map(str, sizes))})" if sizes else ""
            lines.append(Content.assemble("  ", self.show(name, style="bold"), "  ", self.show(given.means), shape))
        for name, dial in self.visit.bench.dials.items():
            value = self.show(dial.shown(self.visit.settings[name]))
            lines.append(
                Content.assemble(
                    "  ", self.show(name, style="bold"), "  ", self.show(dial.control.means), ", now ", value
                )
            )
        lines.append(Content())
        lines += self._steps(lab.steps)
        if lab.sources:
            lines += [Content("Sources"), *(Content.assemble("  ", self.show(source)) for source in lab.sources)]
        return Content("\n").join(lines)

    def _steps(self, steps: "Sequence[Step]") -> Iterator[Content]:
        for line in lines_of(steps):
            indent = "  " * line.depth
            yield Content.assemble(indent, line.when, self.show(line.formula, style="bold"))
            if line.loop:
                continue
            if line.says:
                yield Content.assemble(indent, "    ", self.prose(line.says))
            yield Content()
