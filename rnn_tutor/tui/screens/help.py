"""All keys, and how answers may be typed."""

from collections.abc import Iterator
from textwrap import wrap

from textual.content import Content

from rnn_tutor.tui.screens.text import TextScreen

_KEYS = (
    ("While typing an answer", (
        ("Enter", "check the answer"),
        ("Tab, Up, Down", "the next or previous part, or the options"),
        ("Space", "on the options: tick one (or type the numbers)"),
        ("Ctrl+_", "bring back what stood there: what was typed, deleted, pasted; Ctrl+Y: forth again"),
        ("Esc", "leave the line; the letters below then work"),
    )),
    ("While typing a program", (
        ("Ctrl+R, F12", "run it on the numbers shown and on others, and check it"),
        ("Enter", "the next line, indented like this one"),
        ("Tab, Shift+Tab", "indent, take the indentation back"),
        ("Ctrl+_", "bring back what stood there, on the scratchpad too; Ctrl+Y: forth again"),
        ("Esc", "leave the program"),
    )),
    ("Both while typing / when no line is active", (
        ("F2 / h", "the next hint"),
        ("F3 / s", "the worked solution, one step at a time"),
        ("F4 / n", "new numbers for the same question; asks first where something was not checked"),
        ("F5 / v", "look: heatmaps, lines, bars, tables"),
        ("F6 / e", "the scratchpad: name values, such as a = W @ x"),
        ("F7 F8 / [ ]", "the previous, the next exercise"),
        ("F9 / ?", "this page"),
        ("PgUp PgDn", "scroll, when there is more than the screen holds"),
    )),
    ("When no line is active", (
        ("Enter", "to the answer line"),
        ("b", "the book's numbers again"),
        ("Ctrl+_", "bring back what new numbers have taken from the lines"),
        ("c", "the given numbers as NumPy code, to copy"),
        ("u", "the page of this unit: what it is about"),
        ("g", "the glossary: words and symbols"),
        ("/", "search in the course"),
        ("q, Esc", "back; from the course, q leaves rnn-tutor"),
    )),
    ("In the course", (
        ("Up Down Enter", "choose and open an exercise, a page or a lab"),
        ("Left Right", "fold a unit, unfold it (Enter on its line does either)"),
        ("u", "the page of the unit in which the cursor is"),
        ("/", "search: words of titles, aims, pages and the glossary; Enter opens, Esc ends it"),
        ("g", "the glossary: words and symbols"),
        ("p", "progress: what has been done"),
        ("q", "leave rnn-tutor"),
    )),
    ("On a unit's page", (
        ("Enter, F8 / ]", "on to the first exercise that is not done"),
        ("F7 / [", "the exercise before this unit"),
        ("Up Down, Space", "scroll"),
        ("g", "the glossary"),
    )),
    ("In the glossary", (
        ("Up Down", "choose a word; what it means stands below the list"),
        ("/", "filter: letters of a word, a symbol, or of what it means; Esc shows all again"),
        ("Enter", "the page of the unit that teaches it"),
    )),
    ("In the solution", (
        ("Right, Space, Enter", "the next step"),
        ("Left", "the step before"),
        ("g", "the gradient: how the answer reacts to this step, over time too"),
        ("F5 / v", "look: the steps' numbers as heatmaps"),
    )),
    ("Looking at heatmaps, lines, bars, tables", (
        ("Arrows, Home, End", "move the cursor; the line below reads out the cell. Long lines: along them"),
        ("PgUp PgDn, < >", "move it by a screen, up and down, left and right (Shift+Left, Shift+Right too)"),
        ("+ -", "nearer, further: each mark is then the largest of a block; of long lines, fewer or more points"),
        ("[ ]", "the previous, the next picture"),
        (", .", "the previous, the next slice of three-dimensional numbers"),
        ("x", "slice them along another axis"),
        ("m", "draw with other marks: ASCII, blocks, colour"),
        ("Enter", "where the number under the cursor comes from"),
    )),
    ("In a lab", (
        ("Up Down", "choose a control"),
        ("Left Right", "move it; PgUp PgDn (or with Shift) in big steps, Home End to its ends"),
        ("0, Backspace", "put it back to where it started"),
        ("Tab", "to the prediction, to a text, to the controls; a digit picks an option from anywhere"),
        ("[ ] / F7 F8", "the previous, the next picture; v looks at it closely"),
        ("n / F4, b", "new numbers, the book's numbers; the predictions are asked again"),
        ("Ctrl+_", "bring back what was typed on a line"),
        ("s / F3, h / F2, u, g", "how it is computed, what it is about, the page of its unit, the glossary"),
    )),
    ("Where a number comes from", (
        ("Up Down Enter", "choose one of the numbers that it was made of, and open it"),
        ("Esc, Left", "one step back"),
    )),
)  # fmt: skip

_INDENT = 23  # where what a key does begins
_LEAST = 16  # columns that it has at least

_TYPING = """\
Numbers as on paper or as libraries print them: -0.5  .5  1/3  24%  1e-3
Vectors: [0.85, -0.76]  or  0.85 -0.76  or  array([0.85, -0.76])
Matrices: [[1, 2], [3, 4]]  or  [1 2; 3 4]; lines that are pasted become one
Shapes: (3, 5, 100)  or  3 x 5 x 100  or, with the names of sizes, (B, T, V)
Expressions of the givens: tanh(W @ x), f*c + i*g, sum(losses*mask)/sum(mask)
Lists: an array in an answer, [1, 2] * 2 is [2, 4]; Python's list in a program
The line below the answer says how it is read, before it is marked. What cannot be read costs nothing.\
"""


class HelpScreen(TextScreen):
    """The keys and the notation."""

    name_shown = "Help"

    def text(self) -> Content:
        """Return both, keys first."""
        lines: list[Content] = []
        for title, keys in (*self.tutor.OWN_KEYS, *_KEYS):
            lines.append(Content.assemble((title, "bold")))
            lines += [line for key, says in keys for line in self._folded(key, says)]
            lines.append(Content())
        lines.append(Content.assemble(("What can be typed", "bold")))
        width = max(_LEAST, self.width - 2)
        for line in _TYPING.splitlines():
            lines += map(Content, wrap(line, width, initial_indent="  ", subsequent_indent="    ") or [""])
        return Content("\n").join(lines)

    def _folded(self, key: str, says: str) -> Iterator[Content]:
        """Give a key and what it does; what does not fit into the line goes on below itself."""
        first, *rest = wrap(says, max(_LEAST, self.width - 2 - _INDENT))
        yield Content.assemble("  ", (key.ljust(_INDENT - 2), "ansi_cyan"), first)
        yield from (Content(" " * _INDENT + line) for line in rest)

    def on_resize(self) -> None:
        """Fold anew."""
        self.page.update(self.text())
        super().on_resize()
