"""Gaps within a text, as Moodle's embedded answers have them: `{weight:TYPE:=right#feedback~wrong#feedback}`.

Moodle finds a gap in the text of the question by its braces, parts it at `~` and `#`, and then reads what it has found
as HTML once more than the text around it. So what stands in a gap is HTML put in as text, in which these signs are
written by their numbers: a sign that Moodle parts at cannot stand there, whoever wrote it. A backslash stays, because
Moodle looks for TeX by it: the element that it is in ends behind it, so none of these signs follows.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from math import lcm

from .answers import Accepted
from .items import Asked
from .markup import Markup, add, html, put
from .tables import tables

_PARTS_AT = str.maketrans({char: f"&#{ord(char)};" for char in "{}~#=%"})
_MOST_WEIGHT = 9_999
_WEIGHT = 60  # of a part, where no whole numbers share it out exactly


def quoted(element: ET.Element) -> str:
    """Return an element as it may stand in a gap, which is text."""
    return html(element).translate(_PARTS_AT)


def weights(parts: Sequence[Asked]) -> list[int]:
    """Return the weight of each gap of the parts: each part counts the same, and each number of a part."""
    counts = [max(1, len(part.gaps)) for part in parts]
    together = lcm(*counts)
    if together > _MOST_WEIGHT:
        return [max(1, round(_WEIGHT / count)) for count in counts]
    return [together // count for count in counts]


def add_gaps(parent: ET.Element, asked: Asked, weight: int, markup: Markup) -> None:
    """Add a part's gaps behind its question: one for each number, those of a vector or matrix in a table."""
    if asked.options:
        line = ET.SubElement(parent, "div")
        line.text = _choice(asked, weight, markup)
        return
    if not asked.shape:
        line = ET.SubElement(parent, "p")
        markup.formula(line, asked.part.name)
        put(line, " = ")
        add(line, _number(asked.gaps[0][1], weight, markup))
        return
    gaps = dict(asked.gaps)
    tables(parent, asked, markup, lambda cell, place: add(cell, _number(gaps[place], weight, markup)))


def _number(accepted: Sequence[Accepted], weight: int, markup: Markup) -> str:
    return f"{{{weight}:NUMERICAL:{'~'.join(_alternative(one, markup) for one in accepted)}}}"


def _alternative(one: Accepted, markup: Markup) -> str:
    says = f"#{quoted(markup.line(one.says))}" if one.says else ""
    return f"{'=' if one.right else ''}{one.value}:{one.tolerance}{says}"


def _choice(asked: Asked, weight: int, markup: Markup) -> str:
    kind = "MULTIRESPONSE_S" if asked.several else "MULTICHOICE_VS"
    alternatives = (
        ("=" if option.right else "")
        + quoted(markup.line(option.text))
        + (f"#{quoted(markup.line(option.why))}" if option.why.strip() else "")
        for option in asked.options
    )
    return f"{{{weight}:{kind}:{'~'.join(alternatives)}}}"
