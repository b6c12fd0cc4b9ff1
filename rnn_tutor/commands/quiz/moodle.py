"""Questions -> a file of Moodle's question bank (Moodle XML).

One number is a question of the type numerical, one choice or checklist of the type multichoice; vectors, matrices,
shapes and questions in several parts are embedded answers (`cloze`). Each exercise has a category of its own within
that of its unit.
"""

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from html import escape
from xml.dom import minidom

from rnn_tutor.printable import plain

from ..paper.document import Prose
from ..paper.solved import stated
from . import cloze
from .answers import rounding
from .items import Asked, Item, solution
from .markup import Markup, html, put

PENALTY = "0.3333333"  # of a further try: Moodle's own
_ALL = 100.0  # per cent
_MOST_NAME = 200  # characters
_ACTS = re.compile(r"<(?!\s)|&(?=#?\w+;)")  # begins a tag, or an entity
_MARKUP = re.compile(r"[<>&]")
_END_OF_CDATA = re.compile(r"(?<=\]\])(?=>)")


def document(categories: Iterable[tuple[tuple[str, ...], Iterable[Item]]]) -> str:
    """Return questions as the text of a file; each with the names of its category, from the outermost on."""
    root = ET.Element("quiz")
    for names, items in categories:
        _category(root, names)
        for item in items:
            _question(root, item)
    ET.indent(root, space=" ")
    return _written(root)


def _written(root: ET.Element) -> str:
    """Return XML in which a text with signs of markup is a CDATA section.

    Of a text with escaped signs Moodle gets pieces, and drops each piece that is white space alone: `&lt; &lt;`.
    """
    written = minidom.Document()
    written.appendChild(_copied(root, written))
    return f"{written.toxml('UTF-8').decode()}\n"


def _copied(element: ET.Element, into: minidom.Document) -> minidom.Element:
    copy = into.createElement(element.tag)
    for name, value in element.attrib.items():
        copy.setAttribute(name, value)
    text = element.text or ""
    if _MARKUP.search(text):
        for piece in _END_OF_CDATA.split(text):
            copy.appendChild(into.createCDATASection(piece))
    else:
        copy.appendChild(into.createTextNode(text))
    for child in element:
        copy.appendChild(_copied(child, into))
        copy.appendChild(into.createTextNode(child.tail or ""))
    return copy


def _category(root: ET.Element, names: tuple[str, ...]) -> None:
    question = ET.SubElement(root, "question", {"type": "category"})
    _text(ET.SubElement(question, "category"), "/".join(["$course$", "top", *map(_category_name, names)]))


def _category_name(name: str) -> str:
    """Return a name as it stands in a path: a slash of its own is doubled, and does not stand at an end."""
    return _name(name.replace("/", " / ")).strip("/ ").replace("/", "//") or "-"


def _name(text: str) -> str:
    """Return foreign text as a name: Moodle takes tags out of names, and shows what is left as HTML."""
    line = " ".join(plain(text).split())
    while len(written := _ACTS.sub(lambda sign: escape(sign[0]), line)) > _MOST_NAME:
        line = line[:-1]
    return written.strip()


def _question(root: ET.Element, item: Item) -> None:
    kind = _kind(item)
    question = ET.SubElement(root, "question", {"type": kind})
    _text(ET.SubElement(question, "name"), _name(item.title))
    body = Markup(item.question)
    asked = body.element(stated(item.question))
    share = cloze.weights(item.parts)
    for part, weight in zip(item.parts, share, strict=True):
        _part(asked, part, body, alone=len(item.parts) == 1)
        if kind == "cloze":
            cloze.add_gaps(asked, part, weight, body)
    _html(ET.SubElement(question, "questiontext"), asked, body)
    worked = Markup(item.question)
    _html(ET.SubElement(question, "generalfeedback"), worked.element(solution(item.question)), worked)
    ET.SubElement(question, "defaultgrade").text = str(_points(item) if kind == "cloze" else 1)
    ET.SubElement(question, "penalty").text = PENALTY
    ET.SubElement(question, "hidden").text = "0"
    ET.SubElement(question, "idnumber").text = item.id
    if kind == "numerical":
        _numerical(question, item.parts[0], body)
    elif kind == "multichoice":
        _multichoice(question, item.parts[0], body)
    for hint in item.question.exercise.hints:
        own = Markup(item.question)
        _html(ET.SubElement(question, "hint"), own.element([Prose(hint)]), own)


def _kind(item: Item) -> str:
    if len(item.parts) > 1:
        return "cloze"
    (part,) = item.parts
    return "multichoice" if part.options else "cloze" if part.shape else "numerical"


def _points(item: Item) -> int:
    """Return the sum of the weights of all gaps, as Moodle itself has it."""
    share = cloze.weights(item.parts)
    return sum(weight * max(1, len(part.gaps)) for part, weight in zip(item.parts, share, strict=True))


def _part(parent: ET.Element, asked: Asked, markup: Markup, *, alone: bool) -> None:
    """Add what a part asks, and how its numbers are to be given."""
    if asked.prompt:
        parent.extend(markup.element([Prose(asked.prompt)]))
    elif not alone and not asked.options:
        line = ET.SubElement(parent, "p")
        put(line, "Compute ")
        markup.formula(line, asked.part.name)
        put(line, ".")
    rounded = rounding(asked.part)
    if rounded:
        put(ET.SubElement(parent, "p"), rounded)


def _numerical(question: ET.Element, asked: Asked, markup: Markup) -> None:
    for one in asked.gaps[0][1]:
        answer = ET.SubElement(question, "answer", {"fraction": "100" if one.right else "0", "format": "plain_text"})
        ET.SubElement(answer, "text").text = one.value
        _feedback(answer, one.says, markup)
        ET.SubElement(answer, "tolerance").text = one.tolerance


def _multichoice(question: ET.Element, asked: Asked, markup: Markup) -> None:
    right = sum(option.right for option in asked.options)
    for name, value in (
        ("single", "false" if asked.several else "true"),
        ("shuffleanswers", "true"),
        ("answernumbering", "none"),
    ):
        ET.SubElement(question, name).text = value
    for option in asked.options:
        share = _ALL / right if option.right else -_ALL / right if asked.several else 0.0
        answer = ET.SubElement(question, "answer", {"fraction": f"{share:.7g}", "format": "html"})
        ET.SubElement(answer, "text").text = html(markup.line(option.text))
        _feedback(answer, option.why, markup)


def _feedback(answer: ET.Element, says: str, markup: Markup) -> None:
    feedback = ET.SubElement(answer, "feedback", {"format": "html"})
    ET.SubElement(feedback, "text").text = html(markup.line(says)) if says.strip() else ""


def _html(parent: ET.Element, element: ET.Element, markup: Markup) -> None:
    """Put an element into a field of Moodle's, with the pictures that it shows."""
    parent.set("format", "html")
    ET.SubElement(parent, "text").text = html(element)
    for name, svg in markup.pictures.items():
        file = ET.SubElement(parent, "file", {"name": name, "path": "/", "encoding": "base64"})
        file.text = base64.b64encode(svg.encode()).decode("ascii")


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text
