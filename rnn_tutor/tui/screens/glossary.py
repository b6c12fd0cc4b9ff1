"""The glossary: words and symbols of the subject, which unit teaches them, and below them the notation."""

from collections.abc import Iterable, Sequence
from string import ascii_letters
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import Chosen
from rnn_tutor.tui.query import Vocabulary
from rnn_tutor.tui.rows import Row, sign_row, term_row
from rnn_tutor.tui.screens.frame import FrameScreen, Items
from rnn_tutor.tui.widgets.course import CourseList
from rnn_tutor.tui.widgets.rows import heading
from rnn_tutor.tui.widgets.search import SearchLine

if TYPE_CHECKING:
    from rnn_tutor.exercises.book import Glossary

NOTATION = "Notation: the same names everywhere"
_TERM = 30
_SYMBOLS = 20
_UNIT = 30


class GlossaryScreen(FrameScreen):
    """A list of words with what the one under the cursor means below it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.GLOSSARY,
            "filter: type letters of a word, a symbol or its meaning",
            ("filter", "slash", "filter", "filter"),
        ),
        # a letter begins it too: who looks for a word types it; q leads back, as everywhere
        *keys.untold(
            *(
                (f"{keys.GIVE_WAY}{letter}", letter, f"filter('{letter}')", "filter")
                for letter in ascii_letters
                if letter != "q"
            )
        ),
        *keys.told(
            keys.GLOSSARY,
            "show all words again; then go back",
            ("leave", "escape", "leave", "leave the line, or go back"),
        ),
        # while one types what to look for
        *keys.WHILE_TYPING,
    ]

    letters = True
    scrolled_by = "rows-up rows-down"

    def __init__(self, glossary: "Glossary", first_term: str | None = None, trouble: str = "") -> None:
        """Show words that are sorted, the cursor at `first_term`; `trouble` is what is wrong with a file of more."""
        super().__init__()
        self._glossary = glossary
        self._first_term = first_term
        self._trouble = trouble

    def body(self) -> Iterable[Widget]:
        """Return the list, the meaning, and the line to filter with."""
        units = {unit.id: unit for unit in self.session.course.units}
        rows = [term_row(term, units) for term in self._glossary.terms]
        rows += [sign_row(sign) for sign in self._glossary.notation]
        self._texts = [(row, f"{row.id} {row.symbols} {row.text} {_group(row)}".casefold()) for row in rows]
        self._vocabulary = Vocabulary(lambda: (text for _, text in self._texts))
        self.list = CourseList(self._row, self._say_meaning)
        self.meaning = Static(id="meaning", markup=False)
        self.search = SearchLine(self._typed, self._open_current, "letters of a word, a symbol or its meaning")
        return (self.list, self.meaning, self.search)

    def columns(self) -> Iterable[Widget]:
        """Return the list: it is what scrolls here."""
        return (self.list,)

    def on_mount(self) -> None:
        """Show all words, and say what could not be read."""
        self.bar.left = Content.assemble("rnn-tutor   ", ("Glossary", "bold"))
        self.set_focus(self.list)
        self._fill(self._first_term)
        if self._trouble:
            self.call_after_refresh(self.say, self._trouble)

    def key_items(self) -> Items:
        """Return the keys of the glossary."""
        choose = ("row-up row-down", "choose")
        if self.filtering:
            return [choose, ("enter", "the unit's page"), ("help", "help"), ("leave", "all words")]
        return [choose, ("open", "the unit's page"), ("filter", "filter"), ("help", "help"), ("back", "back")]

    def _fill(self, term: str | None) -> None:
        words = self.search.words
        rows = self._having(words)
        instead = {} if rows else self._vocabulary.instead(words)
        if instead:
            words = [instead.get(word, word) for word in words]
            rows = self._having(words)
        if words:  # words that are called so before those whose meaning speaks of it
            rows.sort(key=lambda row: any(word not in f"{row.id} {row.symbols}".casefold() for word in words))
        signs = [row for row in rows if row.kind == "sign"]
        heading = [Row("heading", NOTATION, text=NOTATION)] if signs else []
        listed = [*(row for row in rows if row.kind != "sign"), *heading, *signs]
        self.list.show(listed, ("term", term) if term is not None else None)
        meant = self.show(f"for {', '.join(instead.values())}   " if rows and instead else "")
        count = f"{len(rows)} of {len(self._texts)}" if words else f"{len(rows) - len(signs)} words"
        self.bar.right = Content.assemble(meant, count)

    def _having(self, words: Sequence[str]) -> list[Row]:
        return [row for row, text in self._texts if all(word in text for word in words)]

    def _row(self, row: Row) -> Content:
        width = self.list.size.width
        if row.kind == "heading":
            return heading(row, width, self.show)
        unit = self.show(row.unit.title if row.unit is not None else "", style="dim")
        extra = max(0, (width - _TERM - _SYMBOLS - _UNIT - 4) // 2)  # columns that each of them gets on a wide screen
        term = self.show(row.id, style="bold").truncate(_TERM + extra, ellipsis=True, pad=True)
        symbols = self.show(row.symbols).truncate(_SYMBOLS + extra, ellipsis=True, pad=True)
        if width < _TERM + _SYMBOLS + 12:
            return Content.assemble(term, "  ", symbols)
        return Content.assemble(term, "  ", symbols, "  ", unit)

    def _say_meaning(self) -> None:
        row = self.list.current
        if row is None:
            self.meaning.update("No entry matches all of this.")
            return
        symbols = self.show(f"   {row.symbols}") if row.symbols else ""
        self.meaning.update(Content.assemble(self.show(row.id, style="bold"), symbols, "\n", self.prose(row.text)))

    @on(Chosen)
    def _chosen(self, message: Chosen) -> None:
        self._open(message.row)

    def _open(self, row: Row) -> None:
        if row.unit is not None:
            self.tutor.open_page(row.unit.id)
        else:
            self.say(
                "This name means the same in every unit." if row.kind == "sign" else "No unit is given for this word."
            )

    # filtering

    @property
    def filtering(self) -> bool:
        """Whether the line to filter with is open."""
        return self.search.has_class("open")

    def action_filter(self, letter: str = "") -> None:
        """Open the line to filter with, or go back to it; with a letter that was typed."""
        self.search.add_class("open")
        self.set_focus(self.search.line)
        if letter:
            self.search.line.insert_text_at_cursor(letter)
        self.hush()
        self.refresh_keys()

    def action_leave(self) -> None:
        """Show all words again, the cursor where it is; from there, go back."""
        if not self.filtering:
            self.action_back()
            return
        row = self.list.current
        self.search.remove_class("open")
        self.search.line.value = ""
        self.set_focus(self.list)
        self._fill(row.id if row is not None else None)
        self.refresh_keys()

    def _typed(self) -> None:
        if self.filtering:
            self._fill(None)

    def _open_current(self) -> None:
        row = self.list.current
        if row is not None:
            self._open(row)

    def action_list(self, motion: str, by: int) -> None:
        """Move the cursor of the list while the line has the focus."""
        self.list.go(motion, by)


def _group(row: Row) -> str:
    """Return what finds a whole group of rows: `notation` all names of the notation."""
    return NOTATION if row.kind == "sign" else ""
