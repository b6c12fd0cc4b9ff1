"""An exercise as code of a library: its givens, and once it is open its steps too."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen
from rnn_tutor.tui.widgets.inked import inked

if TYPE_CHECKING:
    from rnn_tutor.engine.writing.library import Key
    from rnn_tutor.tui.visits import ExerciseVisit

_LIBRARIES = "on the page with code: in which library it is written"


class CodeScreen(TextScreen):
    """An exercise as code, to select with the mouse or to copy with a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.ELSEWHERE, "on the page with code: copy it", ("copy", "y", "copy", "copy")),
        *keys.told(
            keys.ELSEWHERE,
            _LIBRARIES,
            ("in-numpy", "n", "write_in('numpy')", "NumPy"),
            ("in-torch", "t", "write_in('torch')", "PyTorch"),
            ("in-jax", "x", "write_in('jax')", "JAX"),
        ),
    ]

    def __init__(self, visit: "ExerciseVisit") -> None:
        super().__init__()
        self._visit = visit

    def _written(self) -> tuple[str, str]:
        from rnn_tutor.tui.copying import code_of

        return code_of(self._visit, self.session.code_in)

    @property
    def code(self) -> str:
        """The code."""
        return self._written()[0]

    def text(self) -> Content:
        """Return the code as it can be shown, and a sentence on what is left out of it."""
        code, note = self._written()
        shown = inked(self.show(code, lines=True))
        return Content.assemble(shown, "\n" if code and note else "", self.show(note, style="dim"))

    def heading(self) -> Content:
        """Return the exercise and the library."""
        from rnn_tutor.engine.writing.library import LIBRARIES

        title = self.show(self._visit.source.title, style="bold")
        return Content.assemble("rnn-tutor   ", title, f"   {LIBRARIES[self.session.code_in].name}")

    def key_items(self) -> Items:
        """Return the keys of this page."""
        return [
            ("in-numpy", "NumPy"), ("in-torch", "PyTorch"), ("in-jax", "JAX"), ("copy", "copy"),
            ("page-up page-down", "scroll"), ("back", "back"),
        ]  # fmt: skip

    def action_write_in(self, library: "Key") -> None:
        """Write it in another library, here and on the next such page."""
        self.session.code_in = library
        self.bar.left = self.heading()
        self.page.update(self.text())

    def action_copy(self) -> None:
        """Copy the code."""
        code = self.code
        self.say(self.tutor.copy(code, "the code") if code else "There is no code here to copy.")
