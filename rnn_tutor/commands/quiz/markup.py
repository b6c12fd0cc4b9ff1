"""Blocks of a document as elements of HTML, for questions of a quiz: built as a tree, never by joining texts.

Mathematics is written as TeX between `\\(` and `\\)`, where a text is a formula of the exercise's names. All other text
is foreign: what a quiz system would take for its own signs (TeX, gaps, places of files) is taken apart there.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rnn_tutor.exercises.question import Question
from rnn_tutor.figures import arrays
from rnn_tutor.figures.figure import Figure
from rnn_tutor.figures.svg import heatmaps
from rnn_tutor.printable import plain

from ..notebook.mathematics import formulas_of
from ..paper.document import Answer, Block, Choices, Code, Drawn, Given, Givens, Heading, Prose, Step
from ..paper.prose import Paragraph, paragraphs

_WIDTH = 640.0  # of figures, in pixels
_SIGNS = re.compile(r"\\(?=[()\[\]])|\$(?=\$)|\[(?=/?tex\b)|@(?=@PLUGINFILE)|\{(?=#|\d*:)|<(?=/?tex\b)", re.IGNORECASE)
_LOOP = re.compile(r"for \w+ in [^:]*: ")
TABLE = "generaltable w-auto"  # how Moodle's pages call a table with lines


def put(parent: ET.Element, text: str) -> None:
    """Add foreign text behind what an element has, printable, and without a sign that acts in a quiz."""
    rest = 0
    printable = plain(text, lines=True)
    for sign in _SIGNS.finditer(printable):
        add(parent, printable[rest : sign.start()])
        ET.SubElement(parent, "span").text = sign[0]
        rest = sign.end()
    add(parent, printable[rest:])


def add(parent: ET.Element, text: str) -> None:
    """Add text of our own behind what an element has, as it stands."""
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _of_attribute(text: str) -> str:
    """Return foreign text for an attribute, where no element can take a sign apart."""
    return _SIGNS.sub(lambda sign: f"{sign[0]} ", plain(text))


@dataclass
class Markup:
    """Writes blocks about one question; `pictures` has the figures that were written, as SVG files by their names.

    math: whether formulas are written as TeX; at: what stands before the name of a picture.
    """

    question: Question
    math: bool = True
    at: str = "@@PLUGINFILE@@/"
    pictures: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._formulas = formulas_of(self.question)

    def element(self, blocks: Iterable[Block], tag: str = "div") -> ET.Element:
        """Return blocks within one element."""
        root = ET.Element(tag)
        for block in blocks:
            self._block(root, block)
        return root

    def line(self, text: str, tag: str = "span") -> ET.Element:
        """Return foreign text as one line: an option, a sentence."""
        root = ET.Element(tag)
        for paragraph in paragraphs(" ".join(text.split())):
            self._spans(root, paragraph)
        return root

    def formula(self, parent: ET.Element, text: str) -> None:
        """Add a formula: as TeX where it is one of the exercise's names, else as code."""
        written = self._formulas.latex(text) if self.math else None
        if written is not None:
            add(parent, rf"\({written}\)")
        else:
            put(ET.SubElement(parent, "code"), text)

    def picture(self, parent: ET.Element, figure: Figure) -> None:
        """Add a figure, as a file of its own."""
        label = heatmaps.label(figure)
        name = f"picture-{len(self.pictures) + 1}.svg"
        self.pictures[name] = heatmaps.draw(figure, _WIDTH).svg(label, alone=True)
        ET.SubElement(ET.SubElement(parent, "p"), "img", {"src": f"{self.at}{name}", "alt": _of_attribute(label)})

    def _block(self, parent: ET.Element, block: Block) -> None:
        match block:
            case Heading(text=text):
                put(ET.SubElement(ET.SubElement(parent, "p"), "strong"), text)
            case Prose(text=text):
                self._prose(parent, text)
            case Givens(entries=entries):
                self._givens(parent, entries)
            case Drawn(figure=figure):
                self.picture(parent, figure)
            case Code(lines=lines):
                put(ET.SubElement(parent, "pre"), "\n".join(lines))
            case Step():
                self._step(parent, block)
            case Choices():
                self._choices(parent, block)
            case Answer(name=name, value=value):
                line = ET.SubElement(parent, "p")
                self.formula(line, name)
                put(line, f" = {value}")
            case _:
                raise TypeError(f"a quiz has no {type(block).__name__}")

    def _prose(self, parent: ET.Element, text: str) -> None:
        items: ET.Element | None = None
        for paragraph in paragraphs(text):
            if paragraph.item:
                items = ET.SubElement(parent, "ul") if items is None else items
                self._spans(ET.SubElement(items, "li"), paragraph)
                continue
            items = None
            if paragraph.formula:
                self._apart(parent, paragraph.text)
            else:
                self._spans(ET.SubElement(parent, "p"), paragraph)

    def _apart(self, parent: ET.Element, text: str) -> None:
        """Add a formula on a line of its own, with the full stop or comma behind it."""
        written = self._formulas.latex(text, alone=True) if self.math else None
        if written is not None:
            add(ET.SubElement(parent, "p"), rf"\({written}\){text[len(text.rstrip('.,;')) :]}")
        else:
            put(ET.SubElement(parent, "pre"), text)

    def _spans(self, parent: ET.Element, paragraph: Paragraph) -> None:
        for text, code in paragraph.spans:
            if code:
                self.formula(parent, text)
            else:
                put(parent, text)

    def _givens(self, parent: ET.Element, entries: Sequence[Given]) -> None:
        body = ET.SubElement(ET.SubElement(parent, "table", {"class": TABLE}), "tbody")
        for given in entries:
            row = ET.SubElement(body, "tr")
            self.formula(ET.SubElement(row, "td"), given.name)
            put(ET.SubElement(row, "td"), given.means)
            put(ET.SubElement(row, "td"), given.shape)
            cell = ET.SubElement(row, "td")
            if given.pictured:
                put(cell, "see the picture")
            elif given.value is not None:
                for block in arrays.blocks(given.value):
                    self._matrix(cell, block, alone=not given.value.ndim)

    def _matrix(self, parent: ET.Element, block: arrays.Block, *, alone: bool) -> None:
        if block.caption:
            put(ET.SubElement(parent, "div"), block.caption)
        if alone:
            put(parent, block.rows[0][0])
            return
        body = ET.SubElement(ET.SubElement(parent, "table"), "tbody")
        for numbers in block.rows:
            row = ET.SubElement(body, "tr")
            for number in numbers:
                put(ET.SubElement(row, "td"), number)

    def _step(self, parent: ET.Element, step: Step) -> None:
        line = ET.SubElement(parent, "p")
        put(line, f"{step.number}. ")
        loop = _LOOP.match(step.symbols)
        if loop is not None:
            put(ET.SubElement(line, "code"), loop[0].rstrip())
            put(line, " ")
        symbols = step.symbols[loop.end() if loop is not None else 0 :]
        if step.formula:
            self.formula(line, symbols)
        else:
            put(line, symbols)
        if step.say:
            self._prose(parent, step.say)
        if step.numbers:
            put(ET.SubElement(parent, "pre"), "\n".join(step.numbers))
        if step.result:
            result = ET.SubElement(parent, "p")
            put(ET.SubElement(result, "code"), step.result)
            put(result, f" {step.shape}" if step.shape else "")

    def _choices(self, parent: ET.Element, block: Choices) -> None:
        listed = ET.SubElement(parent, "ul")
        for option in block.options:
            item = ET.SubElement(listed, "li")
            item.append(self.line(option.text, "strong" if option.right else "span"))
            if option.why:
                put(item, " ")
                item.append(self.line(option.why))


def html(element: ET.Element) -> str:
    """Return an element as text of HTML."""
    return ET.tostring(element, encoding="unicode", method="html")
