"""What is sent to the class that one has joined, and to whom: shown before anything is sent, and in the settings."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen


class ClassServerScreen(TextScreen):
    """A text, and a yes or a no; nothing is sent before the yes. Enter says neither: it may have been typed ahead."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.ELSEWHERE,
            "on what is sent to your class: agree, or not",
            ("send", "y", "answer(True)", "yes, send"),
            ("send-nothing", "n", "answer(False)", "no, send nothing"),
        ),
        *keys.untold(("neither", "enter", "neither", "neither")),
    ]
    name_shown = "Your class"
    letters = True

    def key_items(self) -> Items:
        """Return the keys of the question."""
        return [("send", "yes, send"), ("send-nothing", "no, send nothing"), ("page-up page-down", "scroll"),
                ("back", "later")]  # fmt: skip

    def text(self) -> Content:
        """Return what is sent to whom, and what holds now."""
        joined = self.tutor.sending.joined if self.tutor.sending is not None else None
        if joined is None:
            return Content("You have joined no class.")
        parts = [Content.styled("May your answers be sent to your class?", "bold"), Content()]
        for heading, text in joined.question():
            parts += [Content.assemble(self.show(heading, style="bold"), ". ", self.prose(text)), Content()]
        parts.append(self._now(joined.agreed))
        return Content("\n").join(parts)

    def _now(self, agreed: bool | None) -> Content:
        now = {True: "You said yes. ", False: "You said no. ", None: ""}[agreed]
        return Content.assemble(
            now, (self.key("send"), "bold"), " sends them, ", (self.key("send-nothing"), "bold"), " sends nothing."
        )

    def action_answer(self, send: bool) -> None:
        """Keep the answer, and go on."""
        trouble = self.tutor.sending.answer(send=send) if self.tutor.sending is not None else ""
        if trouble:
            self.say(trouble)
        else:
            self.app.pop_screen()

    def action_neither(self) -> None:
        """Say which keys answer."""
        self.say(f"{self.key('send')} says yes, {self.key('send-nothing')} says no.")
