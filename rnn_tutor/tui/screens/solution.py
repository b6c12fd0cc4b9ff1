"""The worked solution, one step per key."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui.screens.frame import FrameScreen, Items, Scroll
from rnn_tutor.tui.widgets import picture
from rnn_tutor.tui.widgets.picture import View

if TYPE_CHECKING:
    from rnn_tutor.exercises.solution import Worked
    from rnn_tutor.tui.session import Visit


class SolutionScreen(FrameScreen):
    """One step: symbols, numbers put in, result with its shape, a sentence, and a picture."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space,enter", "step(1)", "next step", id="next-step"),
        Binding("left,backspace", "step(-1)", "step before", id="step-before"),
    ]

    def __init__(self, visit: "Visit", steps: "list[Worked]") -> None:
        super().__init__()
        self.visit = visit
        self.steps = steps
        self.at = 0

    def body(self) -> Iterable[Widget]:
        """Return the column with the step and its picture."""
        self.step = Static(id="step", markup=False)
        self.column = Scroll(self.step)
        return (self.column,)

    def on_mount(self) -> None:
        """Show the first step."""
        exercise = self.visit.question.exercise
        self.bar.left = Content.assemble("rnn-tutor   ", self.show(exercise.title, style="bold"), "   solution")
        self.refresh_step()

    def on_resize(self) -> None:
        """Draw the picture anew for another width."""
        self.refresh_step()

    def key_items(self) -> Items:
        """Return the keys of the solution."""
        return [("Right", "next step"), ("Left", "step before"), ("PgUp PgDn", "scroll"), ("q", "back")]

    def refresh_step(self) -> None:
        """Show the step."""
        if not self.steps:
            self.step.update(Content("This exercise has no steps to show."))
            return
        self.bar.right = Content(f"step {self.at + 1} of {len(self.steps)}")
        self.step.update(self._text(self.steps[self.at]))
        self.column.scroll_home(animate=False)
        self.call_after_refresh(self.tell_more)

    def _text(self, worked: "Worked") -> Content:
        parts: list[Content] = []
        for past in self.steps[max(0, self.at - 2) : self.at]:
            parts.append(self.show(past.result, style="dim"))
        if parts:
            parts.append(Content())
        if worked.say:
            parts += [self.prose(worked.say), Content()]
        parts.append(self.show(worked.symbols, style="bold"))
        parts += [self.show(f"  {line}") for line in worked.numbers]
        if worked.result:
            shape = self.show(f"   {worked.shape}" if worked.shape else "", style="dim")
            parts.append(Content.assemble(self.show(worked.result, style="bold ansi_cyan"), shape))
        if worked.picture is not None:
            view = View(worked.picture, self.terminal, self.tutor.drawn)
            parts += [Content(), picture.small(view, max(20, self.width - 2), 12)]
        return Content("\n").join(parts)

    def action_step(self, by: int) -> None:
        """Go to the next step or the one before."""
        at = self.at + by
        if 0 <= at < len(self.steps):
            self.at = at
            self.refresh_step()
        elif by > 0:
            again = " F4 there asks it with new numbers." if self.visit.question.compiled.draws else ""
            self.say(f"That was the last step. q goes back.{again}")
