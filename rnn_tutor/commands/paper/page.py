"""A document as one picture: an SVG file as long as it has to be."""

from collections.abc import Iterable, Iterator

from rnn_tutor.figures import arrays
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.svg import heatmaps
from rnn_tutor.figures.svg.sketch import INK, QUIET, Bold, Sketch, width_of
from rnn_tutor.printable import plain

from .document import Answer, Block, Choices, Code, Document, Drawn, Given, Givens, Heading, Prose, Room, Step
from .prose import Spans, paragraphs

WIDTH = 800.0
_MARGIN = 36.0
_SIZE = 13.0
_MONO = 12.0
_LINE = 19.0
_BOX = 11.0


def page(document: Document) -> str:
    """Return a document as the text of an SVG file."""
    return _Page().document(document)


def picture(figure: Figure) -> str:
    """Return one figure as the text of an SVG file."""
    drawing = heatmaps.draw(figure, WIDTH - 2 * _MARGIN)
    sketch = Sketch()
    sketch.put(drawing, _MARGIN / 2, _MARGIN / 2)
    sketch.grow(sketch.width + _MARGIN / 2, sketch.height + _MARGIN / 2)
    return sketch.svg(heatmaps.label(figure), alone=True)


class _Page:
    """Text and drawings from top to bottom; `y` is where the next line begins."""

    def __init__(self) -> None:
        self.sketch = Sketch(WIDTH)
        self.y = _MARGIN

    def document(self, document: Document) -> str:
        self.line(document.title, size=19, bold="all", high=26)
        if document.subtitle:
            self.line(document.subtitle, fill=QUIET)
        for section in document.sections:
            for block in section.blocks:
                self.block(block)
        if document.foot:
            self.y += 10
            self.line(document.foot, size=10, fill=QUIET)
        self.sketch.grow(WIDTH, self.y + _MARGIN / 2)
        return self.sketch.svg(document.title, alone=True)

    def block(self, block: Block) -> None:
        match block:
            case Heading():
                self.y += 12
                self.line(block.text, size=15, bold="all", high=24)
            case Prose():
                self.prose(block.text, QUIET if block.quiet else INK)
            case Givens():
                self.givens(block)
            case Drawn():
                self.drawn(heatmaps.draw(block.figure, WIDTH - 2 * _MARGIN))
            case Code():
                self.code(block.lines)
            case Step():
                self.step(block)
            case Choices():
                self.choices(block)
            case Answer():
                self.code((f"{block.name} = {block.value}",))
            case Room():
                self.y += _LINE * block.lines

    def line(
        self, text: str, *, x: float = 0.0, size: float = _SIZE, high: float = _LINE, bold: Bold = "", fill: str = INK
    ) -> None:
        """Write text that wraps, in one style."""
        self.wrapped(((plain(text), False),), x, size, high, bold=bold, fill=fill)

    def prose(self, text: str, fill: str, x: float = 0.0) -> None:
        self.y += 3
        for paragraph in paragraphs(text):
            indent = 20.0 if paragraph.formula else 14.0 if paragraph.item else 0.0
            if paragraph.item:
                self.sketch.text(_MARGIN + x + 2, self.y + _LINE - 5, "-", size=_SIZE, fill=fill)
            self.wrapped(tuple(paragraph.spans), x + indent, _SIZE, _LINE, fill=fill)

    def wrapped(self, spans: Spans, x: float, size: float, high: float, *, bold: Bold = "", fill: str = INK) -> None:
        """Write spans, in as many lines as they need."""
        for row in _rows(spans, size, WIDTH - 2 * _MARGIN - x, bold=bold == "all"):
            self.sketch.flow(_MARGIN + x, self.y + high - 5, row, size=size, bold=bold, fill=fill)
            self.y += high

    def code(self, lines: Iterable[str]) -> None:
        """Write lines as they stand; longer ones go on below, indented."""
        most = int((WIDTH - 2 * _MARGIN - 20) / width_of("x", _MONO, mono=True))
        self.y += 3
        for line in lines:
            printable = plain(line)
            for at in range(0, max(1, len(printable)), most):
                x = _MARGIN + 14 + (12 if at else 0)
                self.sketch.text(x, self.y + 13, printable[at : at + most], size=_MONO, mono=True)
                self.y += 17
        self.y += 3

    def drawn(self, drawing: Sketch) -> None:
        self.y += 8
        self.sketch.put(drawing, _MARGIN, self.y)
        self.y += drawing.height + 8

    def givens(self, block: Givens) -> None:
        self.y += 4
        x = max(width_of(given.name, _MONO, mono=True) for given in block.entries) + 14
        descriptions = [
            " ".join((entry.means, entry.shape, "see the picture" * entry.pictured)).strip() for entry in block.entries
        ]
        column = x + max(width_of(entry, _SIZE) for entry in descriptions) + 14
        for given, words in zip(block.entries, descriptions, strict=True):
            base = self.y + _LINE - 5
            self.sketch.text(_MARGIN, base, given.name, size=_MONO, mono=True, bold=True)
            rows = _numbers(given)
            wide = max((width_of(row, _MONO, mono=True) for row in rows), default=0.0)
            beside = column + wide <= WIDTH - 2 * _MARGIN
            for at, row in enumerate(rows if beside else ()):
                self.sketch.text(_MARGIN + column, base + at * 17, row, size=_MONO, mono=True)
            self.line(words, x=x)
            if beside:
                self.y += 17 * (len(rows) - 1) if rows else 0
            else:
                self.code(rows)

    def step(self, step: Step) -> None:
        self.y += 9
        self.wrapped(((f"{step.number}. ", False), (plain(step.symbols), step.formula)), 0, _SIZE, _LINE, bold="all")
        if step.say:
            self.prose(step.say, INK)
        self.code(step.numbers)
        if step.result:
            self.y -= 3
            self.wrapped(((plain(step.result), True), (f"   {plain(step.shape)}", False)), 0, _SIZE, _LINE, bold="code")

    def choices(self, block: Choices) -> None:
        for option in block.options:
            y = self.y + _LINE - 5 - _BOX + 1
            self.sketch.rect(_MARGIN + 4, y, _BOX, _BOX, fill="#fff", stroke=INK)
            if block.told and option.right:
                self.sketch.text(_MARGIN + 4 + _BOX / 2, y + _BOX - 1, "x", size=_SIZE, anchor="middle", bold=True)
            number = f"{option.number}. " if block.told else ""
            self.prose(number + " ".join(option.text.split()), INK, x=26)
            if option.why:
                self.prose(option.why, QUIET, x=26)


def _numbers(given: Given) -> list[str]:
    """Return the numbers of a given as aligned lines."""
    if given.value is None or given.pictured:
        return []
    lines: list[str] = []
    for block in arrays.blocks(given.value):
        wide = max(len(number) for row in block.rows for number in row)
        lines += [block.caption] if block.caption else []
        lines += ["  ".join(number.rjust(wide) for number in row) for row in block.rows]
    return lines


def _rows(spans: Spans, size: float, width: float, *, bold: bool) -> Iterator[list[tuple[str, bool]]]:
    """Give spans line by line, broken where there is a space; a word that is too long is broken anywhere."""
    row: list[tuple[str, bool]] = []
    used = 0.0
    for word, code in _words(spans, int(width / size)):
        if row and used + width_of(word.rstrip(), size, mono=code, bold=bold) > width:
            yield row
            row, used = [], 0.0
        used += width_of(word, size, mono=code, bold=bold)
        if row and row[-1][1] == code:
            row[-1] = (row[-1][0] + word, code)
        else:
            row.append((word, code))
    if row:
        yield row


def _words(spans: Spans, most: int) -> Iterator[tuple[str, bool]]:
    """Give the words of spans, each with the space behind it, and none longer than `most` letters."""
    for text, code in spans:
        start = 0
        for at, char in enumerate(text):
            if char == " " or at - start >= most:
                yield text[start : at + 1], code
                start = at + 1
        if start < len(text):
            yield text[start:], code
