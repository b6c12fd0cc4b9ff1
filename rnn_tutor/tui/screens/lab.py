"""A lab: what to predict, controls to move, and what is seen when they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.figures.pages import pages
from rnn_tutor.tui import keys
from rnn_tutor.tui.labs import Labs
from rnn_tutor.tui.screens.frame import WIDE, Items, Scroll
from rnn_tutor.tui.screens.play import PlayScreen
from rnn_tutor.tui.visits import TroubleError
from rnn_tutor.tui.widgets.alphabet import AlphabetRow
from rnn_tutor.tui.widgets.dials import Dials
from rnn_tutor.tui.widgets.figure import Figures
from rnn_tutor.tui.widgets.frame import fitted
from rnn_tutor.tui.widgets.guess import Guess
from rnn_tutor.tui.widgets.line import AnswerLine

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.controls import Setting
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.tui.visits import LabVisit, Visits

_LEFT = "Here is the lab as you left it."
_KEEP = 2.0  # seconds without a key after which what was done is kept
_KEEP_WITHIN = 10.0  # seconds after which a short pause will do: hardly more than that is lost, whatever happens
_TALL = 32  # lines of a screen that holds all at once
_LEAST_OF_PAGE = 6  # lines of the page that are worth showing
_MARGINS = 2  # columns beside the row of keys
# the first to give up its word, or all
_SPARED = ("look", None), ("help", ""), ("reset", ""), ("book", ""), ("steps", ""), ("new-numbers-letter", "")


class LabScreen(PlayScreen["LabVisit"]):
    """One lab, with the numbers and the places of the controls that its visit has."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.LAB,
            "choose a control",
            ("control-above", "up", "choose(-1)", "the control above"),
            ("control-below", "down", "choose(1)", "the control below"),
        ),
        *keys.told(
            keys.LAB, "move the control", ("less", "left", "move(-1)", "less"), ("more", "right", "move(1)", "more")
        ),
        *keys.told(
            keys.LAB,
            "move it in big steps",
            ("much-less", "pageup,shift+left", "move(-1, True)", "much less"),
            ("much-more", "pagedown,shift+right", "move(1, True)", "much more"),
        ),
        *keys.told(
            keys.LAB,
            "move it to its smallest or largest value",
            ("least", "home", "end(False)", "the least"),
            ("most", "end", "end(True)", "the most"),
        ),
        *keys.told(keys.LAB, "put it back where it started", ("reset", "0,backspace", "reset", "where it started")),
        *keys.told(
            keys.LAB,
            "go to the prediction, to a text, to the controls",
            ("next-line", "tab", "walk(1)", "next line"),
            ("previous-line", "shift+tab", "walk(-1)", "previous line"),
        ),
        *keys.told(
            keys.LAB, "go to the prediction; from a line, submit what you typed", ("enter", "enter", "enter", "predict")
        ),
        *keys.told(
            keys.LAB,
            "pick an option of the prediction, from anywhere",
            *((f"pick-{digit}", digit, f"pick('{digit}')", f"option {digit}") for digit in "123456789"),
        ),
        *keys.told(
            keys.LAB,
            "the previous, the next picture",
            ("previous-picture", "left_square_bracket,f7", "turn(-1)", "previous picture"),
            ("next-picture", "right_square_bracket,f8", "turn(1)", "next picture"),
        ),
        *keys.told(keys.LAB, "look closely at the picture", ("look", "f5,v", "look", "look")),
        *keys.told(
            keys.LAB,
            "new numbers; the predictions are asked again",
            keys.NEW_NUMBERS,
            ("new-numbers-letter", "n", "new_numbers", "new numbers"),
        ),
        *keys.told(keys.LAB, "how it is computed", ("steps", "f3,s", "steps", "how it is computed")),
        *keys.told(
            keys.LAB, "the words that it stands on, and the page about them", ("words", "ctrl+l,w", "words", "words")
        ),
        *keys.told(keys.LAB, "hide or show the introduction", ("prompt", "f2,h", "prompt", "the introduction")),
    ]

    def __init__(self, visit: "LabVisit", sentence: str = "") -> None:
        super().__init__(visit, sentence or (_LEFT if visit.resumed else ""))
        visit.resumed = False
        self._figures: Sequence[Figure] = ()

    # what it is

    kind = "lab"
    scrolled_by = "control-above control-below"  # beyond the first and the last control; the other keys move it

    @property
    def labs(self) -> Labs:
        """The labs of the sitting."""
        return self.session.labs

    @property
    def visits(self) -> "Visits[LabVisit]":
        """The labs that were opened."""
        return self.labs.visits

    def about(self, numbers: str) -> Sequence[str]:
        """Return which numbers it has, if it can have others."""
        return "lab", numbers if self.visit.draws else ""

    def again(self, fresh: "LabVisit", sentence: str, *, typing: bool) -> "LabScreen":
        """Return a screen like this one for other numbers; no line of a lab is active at first."""
        return type(self)(fresh, sentence)

    def entries(self) -> "Sequence[AnswerLine]":
        """Return the line of the prediction, where it is open, and those of texts."""
        guesses = [self.guess.line] if self.visit.place not in self.visit.outcomes else []
        return [*guesses, *(row.line for row in self.texts)]

    # what is on the screen

    def body(self) -> Iterable[Widget]:
        """Return the columns: text and controls at the left and, on a wide screen, the pictures at the right."""
        visit, ascii_only = self.visit, self.terminal.ascii_only
        dials = list(visit.bench.dials.values())
        self._moved_dials = [dial for dial in dials if dial.kind != "text"]
        self.dials = Dials(self._moved_dials, ascii_only)
        self.texts = [
            AlphabetRow(dial, str(visit.settings[dial.name]), ascii_only, self._text_typed)
            for dial in dials
            if dial.kind == "text"
        ]
        for row in self.texts:
            row.line.trail = visit.trail(row.dial.name)
        self.guess = Guess(visit, ascii_only, self._guess_typed, self._submit, lambda: self.key("next-line"))
        self.below = Figures(self.terminal, lambda: self.tutor.drawn, "figures-below")
        self.beside = Figures(self.terminal, lambda: self.tutor.drawn, "figures-beside")
        self.prompt = Static(self.prose(visit.bench.lab.prompt), id="lab-prompt", markup=False)
        self.page = Static(id="lab-page", markup=False)
        self.page.display = False
        rows = self.dials, *self.texts, self.guess, self.page
        self.left = Scroll(self.prompt, *self.above(), self.below, *rows, id="lab-left")
        return (Horizontal(self.left, self.beside, id="columns"),)

    def above(self) -> Iterable[Widget]:
        """Return what stands above the pictures."""
        return ()

    def on_mount(self) -> None:
        """Fill in what the visit has."""
        self.guess.fill()
        if self.visit.outcomes or self.visit.settings != self.visit.bench.start:
            self._make_room()  # one has been here before
        self._look()
        self._fill_page_soon()

    def on_unmount(self) -> None:
        """Keep where the controls stand, and what was guessed."""
        self._keep()

    def _keep(self) -> None:
        self.labs.keep(self.visit)

    def _keep_soon(self) -> None:
        """Keep it in the next longer pause, too: nobody leaves who is killed."""
        self.tutor.later(f"keep {self.visit.id}", self._keep, rest=_KEEP, within=_KEEP_WITHIN)

    def _fill_page_soon(self) -> None:
        self.tutor.later(f"page of {self.visit.id}", self._fill_page)

    def _fill_page(self) -> None:
        """Show on a wide screen as much of the unit's page as there is room for below the prediction."""
        if not self.is_attached:
            return
        width, above = self.left.content_size.width, self.guess.virtual_region.bottom
        room = self.left.size.height - above - 1
        text = Content()
        if self.width >= WIDE and room >= _LEAST_OF_PAGE:
            text = self.page_beside(width, room)
        if text != self.page.content or self.page.display != bool(text):
            self.page.update(text)
            self.page.display = bool(text)

    def on_resize(self) -> None:
        """Lay the pictures out anew."""
        self._show_figures()
        self._fill_page_soon()
        self.refresh_keys()
        super().on_resize()

    def key_items(self) -> Items:
        """Return the keys that work where one is."""
        many = len(pages(self._figures)) > 1
        draws = self.visit.draws
        if isinstance(self.focused, AnswerLine):
            what = "predict" if self.focused is self.guess.line else "done"
            some = [*([("next-picture", "picture")] if many else []), *([("new-numbers", "new")] if draws else [])]
            return [
                ("enter", what),
                ("control-above control-below", "controls"),
                ("next-line", "next"),
                *some,
                ("help", "help"),
                ("leave", "leave it"),
            ]
        some = [("previous-picture next-picture", "picture")] if many else []
        some += [("reset", "reset"), *([("new-numbers-letter", "new")] if draws else [])]
        some += [("steps", "steps"), ("look", "look")]
        some += [("book", "old")] if self.visit.seed is not None else []
        some += [("prompt", "text")] if not self.prompt.display else []
        move = ("less more control-above control-below", "move")
        return [move, ("next-line", "predict"), *some, ("help", "help"), ("back", "back")]

    @override
    def key_row(self) -> list[tuple[str, str]]:
        """Return the row; without a line, with as few words as it takes for all keys to be there."""
        if isinstance(self.focused, AnswerLine):
            return super().key_row()
        working = self.working()
        shown = {ids: self._keys_of(ids, working) for ids, _ in self.key_items()}
        return shortened([item for item in self.key_items() if shown[item[0]]], shown, self.width - _MARGINS)

    def on_descendant_focus(self) -> None:
        """Show the keys that work there."""
        self.refresh_keys()
        self._show_dials()
        self._show_figures()

    def on_descendant_blur(self) -> None:
        """Show the control that the keys move again."""
        self._show_dials()
        self._show_figures()

    # what is seen

    def _look(self) -> None:
        """Evaluate the lab where its controls stand, and show it."""
        self._show_dials()
        try:
            self._figures = self.labs.figures(self.visit)
        except TroubleError as error:
            self.say(error)
        self._show_figures()

    def _show_dials(self) -> None:
        chosen = self.visit.control if self.focused is None else None
        self.dials.show([self.visit.settings[dial.name] for dial in self._moved_dials], chosen)
        for place, row in enumerate(self.texts, len(self._moved_dials)):
            row.choose(place == self.visit.control or row.line is self.focused)

    def _show_figures(self) -> None:
        widget = self.beside if self.width >= WIDE else self.below
        widget.show(self._figures, self.visit.figure, self.key("next-picture"))

    # moving

    def action_words(self) -> None:
        """Open the words that the lab stands on, and the page about them."""
        self.tutor.open_words(self.visit.source)

    def _put(self, setting: "Setting") -> None:
        dial = self._moved_dials[self.visit.control]
        looked_up_before = set(self.visit.looked_up)
        if self.labs.move(self.visit, dial.name, setting):
            self.hush()
            self._keep_soon()
            self._make_room()
            self._look()
            if self.visit.looked_up != looked_up_before:
                self.guess.fill()

    def _make_room(self) -> None:
        """On a small screen what was read gives its lines to the picture; h brings it back."""
        height = self.size.height or self.app.size.height
        if self.prompt.display and self.width < WIDE and height < _TALL:
            self.prompt.display = False
            self.refresh_keys()

    def action_prompt(self) -> None:
        """Show or hide what the lab is about."""
        self.prompt.display = not self.prompt.display
        self.refresh_keys()
        self.bring(self.prompt if self.prompt.display else self.guess)

    def action_steps(self) -> None:
        """Show how the lab computes what is seen."""
        self.tutor.open_lab_steps(self.visit)

    def action_look(self) -> None:
        """Walk about in the pictures."""
        figures = pages(self._figures)
        if figures:
            self.tutor.open_lab_look(self.visit, figures, self.visit.figure % len(figures))

    def on_screen_resume(self) -> None:
        """Draw with the marks that were chosen meanwhile."""
        if self.is_mounted:
            self._show_figures()

    def _dial(self) -> bool:
        """Tell whether the keys move a number or a choice now."""
        return self.visit.control < len(self._moved_dials)

    def action_choose(self, by: int) -> None:
        """Go to another control; from a line, back to the controls. Beyond the last one, scroll."""
        count = len(self._moved_dials) + len(self.texts)
        if self.focused is not None:
            self.set_focus(None)
        elif 0 <= self.visit.control + by < count:
            self.visit.control += by
        else:
            self.action_line(by)
        self._show_dials()

    def action_move(self, by: int, big: bool = False) -> None:
        """Move the control."""
        if self._dial():
            dial = self._moved_dials[self.visit.control]
            self._put(dial.moved(self.visit.settings[dial.name], by, big))
        else:
            self.action_enter()

    def action_end(self, last: bool) -> None:
        """Move the control to an end."""
        if self._dial():
            self._put(self._moved_dials[self.visit.control].end(last))

    def action_reset(self) -> None:
        """Put the control back to where it started."""
        if self._dial():
            self._put(self._moved_dials[self.visit.control].start)
        elif self.texts:
            row = self.texts[self.visit.control - len(self._moved_dials)]
            row.line.value = str(row.dial.start)

    def action_turn(self, by: int) -> None:
        """Begin with another picture."""
        self.visit.figure = (self.visit.figure + by) % max(1, len(pages(self._figures)))
        self._show_figures()

    def _text_typed(self, control: str, text: str) -> None:
        if not text:
            self.say("Type at least one character. Until then you see the last text.")
        elif self.labs.move(self.visit, control, text):
            self.hush()
            self._keep_soon()
            self._make_room()
            self._look()

    # predicting

    def _guess_typed(self, text: str) -> None:
        is_new = text != self.visit.texts.get(self.visit.place, "")  # else it was put there by the screen
        reading = self.labs.read(self.visit, text)
        self.rule.tone = ""
        self.guess.show_reading(reading)
        if is_new:
            self.hush()
            self._keep_soon()

    def _submit(self) -> None:
        text = self.guess.line.value
        if not text.strip():
            self.say("First type what you expect. Then the arrow keys show what happens.")
            return
        try:
            outcome = self.labs.guess(self.visit, text)
        except TroubleError as error:
            self.say(error)
            return
        if outcome.verdict == "not_understood":
            self.guess.show_reading(outcome.reading)
            return
        self.say(self.tutor.known_saving_problem)
        self.rule.tone = "right" if outcome.verdict == "right" else "wrong"
        self.set_focus(None)
        self._make_room()
        self.guess.fill()
        for row in self.texts:  # a prediction puts its own text there
            row.line.value = str(self.visit.settings[row.dial.name])
        self._look()
        self._keep_soon()
        self._fill_page_soon()
        self.bring(self.guess)

    def action_pick(self, digit: str) -> None:
        """Type the number of an option from anywhere; a number of one's own begins on the line, as 0 is a key here."""
        if self.visit.place in self.visit.outcomes:
            return
        if self.visit.source.predict[self.visit.place].options:
            self.set_focus(self.guess.line)
            self.guess.line.insert_text_at_cursor(digit)
        else:
            self.say(f"{self.key('next-line')} goes to the line for your guess.")

    def action_enter(self) -> None:
        """Go to the line of what the keys are on: a text control's, or that of the prediction."""
        if self._dial() or not self.texts:
            self._predict_next()
        else:
            self.set_focus(self.texts[self.visit.control - len(self._moved_dials)].line)

    def _predict_next(self) -> None:
        """Go to the prediction's line; where it was made, to the next one that is open."""
        if self.visit.place in self.visit.outcomes:
            if self.visit.next_open is None:
                again = f". {self.key('new-numbers-letter')} asks again with new numbers."
                self.say(
                    f"You have predicted everything here{again if self.visit.draws else '; the controls still move.'}"
                )
                return
            self.visit.place = self.visit.next_open
            self.rule.tone = ""
            self.guess.fill()
        self.set_focus(self.guess.line)
        self.bring(self.guess)

    def action_walk(self, by: int) -> None:
        """Go round: controls, prediction, texts."""
        chain: list[Widget | None] = [None, self.guess.line, *(row.line for row in self.texts)]
        place = chain.index(self.focused) if self.focused in chain else 0
        target = chain[(place + by) % len(chain)]
        if target is self.guess.line:
            self._predict_next()
        else:
            self.set_focus(target)


def shortened(items: Items, shown: Mapping[str, str], width: int) -> list[tuple[str, str]]:
    """Return the keys that are shown for ids, with as few of their words left out as makes room for all of them.

    The way out is the last of them.
    """
    left = dict(items)

    def row() -> list[tuple[str, str]]:
        return [(shown[ids], word) for ids, word in left.items()]

    for ids, word in _SPARED:
        if fitted(row(), width).cell_length == fitted(row(), 10 * width).cell_length:
            break
        if word is None:
            left.pop(ids, None)
        elif ids in left:
            left[ids] = word
    return row()
