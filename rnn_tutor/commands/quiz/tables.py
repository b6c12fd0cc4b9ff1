"""Tables of gaps: one for each plane of an array, a cell for each number."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np

from .items import Asked
from .markup import TABLE, Markup, put

Fill = Callable[[ET.Element, tuple[int, ...]], None]
_AXES_OF_A_TABLE = 2


def tables(parent: ET.Element, asked: Asked, markup: Markup, fill: Fill) -> None:
    """Add the tables of a part that asks for several numbers; `fill` puts a gap into a cell, given its place."""
    outer, of_table = asked.shape[:-_AXES_OF_A_TABLE], asked.shape[-_AXES_OF_A_TABLE:]
    for plane in np.ndindex(outer):
        name = ET.SubElement(parent, "p")
        markup.formula(name, asked.part.name)
        put(name, "".join(f"[{at}]" for at in plane) + (", its shape:" if asked.part.kind == "shape" else ":"))
        body = ET.SubElement(ET.SubElement(parent, "table", {"class": TABLE}), "tbody")
        for row_at in np.ndindex(of_table[:-1]):
            row = ET.SubElement(body, "tr")
            for column in range(of_table[-1]):
                fill(ET.SubElement(row, "td"), (*plane, *row_at, column))
