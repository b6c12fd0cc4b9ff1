"""The worked solution, one step per key."""

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import FrameScreen, Items, Scroll
from rnn_tutor.tui.terminal.drawn_ahead import DrawnAhead
from rnn_tutor.tui.widgets import gradient, picture
from rnn_tutor.tui.widgets.picture import view_of

if TYPE_CHECKING:
    from rnn_tutor.exercises.solution import Worked
    from rnn_tutor.tui.visits import ExerciseVisit

_SOON = 0.03  # seconds without a key: a step is looked at for longer
_NO_GRADIENT = "Changing this step does not change the answer: its gradient is 0."


class SolutionScreen(FrameScreen):
    """One step: symbols, numbers put in, result with its shape, a sentence, and a picture."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.SOLUTION, "the next step", ("next-step", "right,space,enter", "step(1)", "next step")),
        *keys.told(keys.SOLUTION, "the step before", ("step-before", "left,backspace", "step(-1)", "step before")),
        *keys.told(
            keys.SOLUTION,
            "the gradient: how the answer changes with this step, also over time",
            ("gradient", "g", "gradient", "gradient"),
        ),
        *keys.told(keys.SOLUTION, "look: the steps' numbers as heatmaps", ("look", "f5,v", "look", "look")),
    ]

    letters = True

    def __init__(self, visit: "ExerciseVisit", steps: "list[Worked]") -> None:
        super().__init__()
        self.visit = visit
        self.steps = steps
        self.number = 0
        self.with_gradient = False
        self._next: tuple[Hashable, Content] | None = None  # the next step's text, and what it was made for

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
        gradient = "hide gradient" if self.with_gradient else "gradient"
        return [("next-step", "next"), ("step-before", "before"), ("gradient", gradient), ("look", "look"),
                ("page-up page-down", "scroll"), ("back", "back")]  # fmt: skip

    def refresh_step(self, *, from_top: bool = True) -> None:
        """Show the step."""
        if not self.steps:
            self.step.update(Content("This exercise has no steps to show."))
            return
        self.bar.right = Content(f"step {self.number + 1} of {len(self.steps)}")
        made, self._next = self._next, None
        is_made = made is not None and made[0] == self._made_for(self.number)
        self.step.update(made[1] if made is not None and is_made else self._text(self.number))
        if from_top:
            self.column.scroll_home(animate=False)
        self.tell_more_soon()
        self.tutor.later("next step", self._make_next, rest=_SOON)

    def _make_next(self) -> None:
        """Make the lines of the next step while this one is looked at."""
        number = self.number + 1
        if self.is_current and number < len(self.steps):
            self._next = self._made_for(number), DrawnAhead(self._text(number), self.step)

    def _made_for(self, number: int) -> Hashable:
        """Return all that the text of a step depends on."""
        settings = self.terminal, self.tutor.drawn, self.tutor.settings.changes
        return number, self.with_gradient, self.width, settings

    def _text(self, number: int) -> Content:
        worked = self.steps[number]
        parts: list[Content] = []
        for earlier in self.steps[max(0, number - 2) : number]:
            parts.append(self.show(earlier.result, style="dim"))
        if parts:
            parts.append(Content())
        if worked.say:
            parts += [self.prose(worked.say), Content()]
        parts.append(self.show(worked.symbols, style="bold"))
        parts += [self.show(f"  {line}") for line in worked.numbers]
        if worked.result:
            shape = self.show(f"   {worked.shape}" if worked.shape else "", style="dim")
            parts.append(Content.assemble(self.show(worked.result, style="bold ansi_cyan"), shape))
        parts += self._pictures(worked)
        return Content("\n").join(parts)

    def _pictures(self, worked: "Worked") -> list[Content]:
        """Return the step's heatmap and, where that is wanted, how the answer reacts to it."""
        width = max(20, self.width - 2)
        value = None
        if worked.picture is not None:
            value = picture.small(view_of(worked.picture, self.terminal, self.tutor.drawn), width, 12)
        gradients = self.session.exercises.gradients(self.visit) if self.with_gradient else {}
        if worked.name in gradients:
            view = view_of(gradients[worked.name].picture, self.terminal, self.tutor.drawn)
            reaction = gradient.gradient(gradients[worked.name], view, width)
            return [Content(), reaction if value is None else gradient.beside(value, reaction, width)]
        if self.with_gradient and worked.name in self.visit.question.graph.names:
            value = Content("\n\n").join([*([value] if value else []), Content(_NO_GRADIENT)])
        return [Content(), value] if value is not None else []

    def action_gradient(self) -> None:
        """Show or hide how the answer reacts to each step."""
        if not self.with_gradient and not self.session.exercises.gradients(self.visit):
            self.say("There is nothing to differentiate here.")
            return
        self.with_gradient = not self.with_gradient
        self.hush()
        self.refresh_keys()
        self.refresh_step(from_top=False)

    def action_look(self) -> None:
        """Look at the steps' numbers, beginning with this step's; from there, at where they come from."""
        figures = self.visit.question.heatmaps(dict.fromkeys(step.name for step in self.steps))
        titles = [figure.items[0].name for figure in figures]
        name = self.steps[self.number].name if self.steps else ""
        self.tutor.open_look(self.visit, figures, titles.index(name) if name in titles else 0)

    def action_step(self, by: int) -> None:
        """Go to the next step or the one before."""
        number = self.number + by
        if 0 <= number < len(self.steps):
            self.number = number
            self.refresh_step()
        elif by > 0:
            key = keys.key_of(keys.NEW_NUMBERS, self.tutor.keymap)
            offer = f" Press {key} there for {self.visit.anew}." if self.visit.draws else ""
            self.say(f"That was the last step. {self.key('back')} goes back.{offer}")
