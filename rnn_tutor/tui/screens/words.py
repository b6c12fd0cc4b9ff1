"""The words that an exercise or a lab stands on, each with its sentence; from here to the page that explains them."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.model import Lab
    from rnn_tutor.exercises.model import Exercise
    from rnn_tutor.tui.session import Ground


class WordsScreen(TextScreen):
    """The words of one exercise or lab, and the unit's page at the paragraph about it."""

    name_shown = "Words and page"
    letters = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.ELSEWHERE,
            "on the words of an exercise or a lab: open the unit's page where it is about them",
            ("page-enter", "enter", "page", "the unit's page"),
            ("page", "u", "page", "the unit's page"),
        ),
        *keys.told(
            keys.ELSEWHERE,
            "on the words of an exercise or a lab: the glossary, at the first of them",
            ("glossary", "g", "glossary", "glossary"),
        ),
    ]

    def __init__(self, source: "Exercise | Lab", ground: "Ground") -> None:
        super().__init__()
        self._source = source
        self._ground = ground

    def on_mount(self) -> None:
        """Say what they are the words of."""
        self.bar.right = self.show(self._source.title)

    def text(self) -> Content:
        """Return the page with the beginning of its paragraph, then the words."""
        ground = self._ground
        lines: list[Content] = []
        if ground.unit is not None and ground.paragraph:
            first = ground.paragraph.strip().split("\n\n")[0]
            key = keys.key_on(type(self), "page-enter", self.tutor.keymap)
            title = self.show(ground.unit.title, style="bold")
            lines += [Content.assemble("Page: ", title, f" ({key} opens it here)"), self.prose(first), Content()]
        for term in ground.words:
            symbols = self.show(f"  {', '.join(term.symbols)}") if term.symbols else ""
            lines += [Content.assemble(self.show(term.term, style="bold"), symbols), self.prose(term.means), Content()]
        if not ground.words:
            lines.append(Content("The glossary has no word that stands here."))
        return Content("\n").join(lines)

    def key_items(self) -> Items:
        """Return the keys of this page."""
        page = [("page-enter", "page")] if self._ground.paragraph else []
        return [*page, ("glossary", "glossary"), ("page-up page-down", "scroll"), ("search", "search"),
                ("help", "help"), ("back", "back")]  # fmt: skip

    def action_page(self) -> None:
        """Open the unit's page at its paragraph; from there one comes back here."""
        if self._ground.unit is not None and self._ground.paragraph:
            self.tutor.open_page(self._ground.unit.id, beside=True, paragraph=self._ground.place)
        else:
            self.say("This unit has no page.")

    def action_glossary(self) -> None:
        """Open the glossary at the first word."""
        self.tutor.open_glossary(self._ground.words[0].term if self._ground.words else None)
