"""Questions -> a package of QTI 2.1: a zip with a manifest, an XML file for each question, and its pictures.

Each number is a text entry of the base type float. Response processing compares it with what is accepted, in order, and
adds its weight to SCORE or chooses the feedback that stands behind the gap.
"""

import io
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from rnn_tutor.printable import plain

from ..paper.document import Prose
from ..paper.solved import stated
from .answers import Accepted, rounding
from .items import Asked, Item, solution
from .markup import Markup, add, put
from .tables import tables

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_PACKAGING = "http://www.imsglobal.org/xsd/imscp_v1p1"
_ITEM = "imsqti_item_xmlv2p1"
_LONGEST = "12"  # characters that a gap has room for
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip knows: the same questions give the same file
_SOLUTION = "SOLUTION"


def package(items: Iterable[Item]) -> bytes:
    """Return the bytes of a package."""
    files: dict[str, tuple[str, dict[str, str]]] = {}
    for item in items:
        pictures: dict[str, str] = {}
        files[item.id] = _text(_item(item, pictures)), pictures
    manifest = _text(_manifest({name: list(pictures) for name, (_, pictures) in files.items()}))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "imsmanifest.xml", manifest)
        for name, (text, pictures) in files.items():
            _put(archive, f"{name}.xml", text)
            for picture, svg in pictures.items():
                _put(archive, picture, svg)
    return written.getvalue()


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, text)


def _text(root: ET.Element) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _manifest(files: dict[str, list[str]]) -> ET.Element:
    root = ET.Element("manifest", {"xmlns": _PACKAGING, "identifier": "rnn-tutor"})
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "QTIv2.1 Package"
    ET.SubElement(metadata, "schemaversion").text = "1.0.0"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    for at, (name, pictures) in enumerate(files.items(), start=1):
        about = {"identifier": f"item-{at}", "type": _ITEM, "href": f"{name}.xml"}
        resource = ET.SubElement(resources, "resource", about)
        for file in (f"{name}.xml", *pictures):
            ET.SubElement(resource, "file", {"href": file})
    return root


def _item(item: Item, pictures: dict[str, str]) -> ET.Element:
    about = {"xmlns": NAMESPACE, "identifier": item.id, "title": plain(item.title)}
    root = ET.Element("assessmentItem", {**about, "adaptive": "false", "timeDependent": "false"})
    body, worked = (Markup(item.question, math=False, at=f"{item.id}-{what}") for what in ("", "solution-"))
    questions = list(_numbered(item.parts))
    for name, asked, accepted in questions:
        _declare(root, name, asked, accepted)
    _outcome(root, "SCORE", "float", "0")
    _outcome(root, _SOLUTION, "identifier")
    for name, asked, _ in questions:
        _outcome(root, f"F{name}", "identifier", several=asked.several)
    shown = ET.SubElement(ET.SubElement(root, "itemBody"), "div")
    shown.extend(body.element(stated(item.question)))
    for asked in item.parts:
        _ask(shown, asked, [name for name, of, _ in questions if of is asked], body, alone=len(item.parts) == 1)
    processing = ET.SubElement(root, "responseProcessing")
    for name, asked, accepted in questions:
        weight = 1 / len(item.parts) / max(1, len(asked.gaps))
        if asked.options:
            _choose(processing, name, asked, weight)
        else:
            _compare(processing, name, accepted, weight)
    _set(processing, _SOLUTION).append(_value("identifier", "shown"))
    told = {"outcomeIdentifier": _SOLUTION, "identifier": "shown", "showHide": "show", "title": "Solution"}
    ET.SubElement(root, "modalFeedback", told).append(worked.element(solution(item.question)))
    for markup in (body, worked):
        pictures |= {f"{markup.at}{name}": svg for name, svg in markup.pictures.items()}
    return root


def _numbered(parts: Sequence[Asked]) -> Iterator[tuple[str, Asked, tuple[Accepted, ...]]]:
    """Yield each response: its name, the part that it is of, and what is accepted where it is a number."""
    at = 0
    for asked in parts:
        for _, accepted in asked.gaps or (((), ()),):
            at += 1
            yield f"R{at}", asked, accepted


def _declare(root: ET.Element, name: str, asked: Asked, accepted: Sequence[Accepted]) -> None:
    kind = ("multiple" if asked.several else "single", "identifier" if asked.options else "float")
    about = {"identifier": name, "cardinality": kind[0], "baseType": kind[1]}
    declared = ET.SubElement(root, "responseDeclaration", about)
    right = ET.SubElement(declared, "correctResponse")
    numbered = list(enumerate(asked.options, start=1))
    for text in [f"C{at}" for at, option in numbered if option.right] or [accepted[0].value]:
        ET.SubElement(right, "value").text = text
    if asked.several:
        count = sum(option.right for option in asked.options)
        mapping = ET.SubElement(declared, "mapping", {"lowerBound": "0", "upperBound": "1", "defaultValue": "0"})
        for at, option in numbered:
            share = (1 if option.right else -1) / count
            ET.SubElement(mapping, "mapEntry", {"mapKey": f"C{at}", "mappedValue": f"{share:.10g}"})


def _outcome(root: ET.Element, name: str, kind: str, default: str = "", *, several: bool = False) -> None:
    about = {"identifier": name, "cardinality": "multiple" if several else "single", "baseType": kind}
    if default:
        about["normalMaximum"] = "1"
    declared = ET.SubElement(root, "outcomeDeclaration", about)
    if default:
        ET.SubElement(ET.SubElement(declared, "defaultValue"), "value").text = default


def _ask(parent: ET.Element, asked: Asked, names: Sequence[str], markup: Markup, *, alone: bool) -> None:
    """Add what a part asks, and its gaps or options."""
    if asked.options:
        _options(parent, asked, names[0], markup)
        return
    if asked.prompt:
        parent.extend(markup.element([Prose(asked.prompt)]))
    elif not alone:
        put(ET.SubElement(parent, "p"), f"Compute {asked.part.name}.")
    rounded = rounding(asked.part)
    if rounded:
        put(ET.SubElement(parent, "p"), rounded)
    named = {place: (name, accepted) for name, (place, accepted) in zip(names, asked.gaps, strict=True)}
    if asked.shape:
        tables(parent, asked, markup, lambda cell, place: _gap(cell, *named[place], markup))
        return
    line = ET.SubElement(parent, "p")
    put(ET.SubElement(line, "code"), asked.part.name)
    add(line, " = ")
    _gap(line, *named[()], markup)


def _gap(parent: ET.Element, name: str, accepted: Sequence[Accepted], markup: Markup) -> None:
    """Add a gap, and behind it the feedback of which one is shown."""
    ET.SubElement(parent, "textEntryInteraction", {"responseIdentifier": name, "expectedLength": _LONGEST})
    for at, says in enumerate(_sentences(accepted), start=1):
        shown = {"outcomeIdentifier": f"F{name}", "identifier": f"M{at}", "showHide": "show"}
        add(parent, " ")
        ET.SubElement(parent, "feedbackInline", shown).append(markup.line(says))


def _sentences(accepted: Sequence[Accepted]) -> list[str]:
    return list(dict.fromkeys(one.says for one in accepted if one.says))


def _options(parent: ET.Element, asked: Asked, name: str, markup: Markup) -> None:
    most = "0" if asked.several else "1"
    about = {"responseIdentifier": name, "shuffle": "true", "maxChoices": most}
    choice = ET.SubElement(parent, "choiceInteraction", about)
    if asked.prompt:
        ET.SubElement(choice, "prompt").append(markup.line(asked.prompt))
    for at, option in enumerate(asked.options, start=1):
        own = ET.SubElement(choice, "simpleChoice", {"identifier": f"C{at}"})
        own.append(markup.line(option.text))
        if option.why.strip():
            shown = {"outcomeIdentifier": f"F{name}", "identifier": f"C{at}", "showHide": "show"}
            add(own, " ")
            ET.SubElement(own, "feedbackInline", shown).append(markup.line(option.why))


def _compare(processing: ET.Element, name: str, accepted: Sequence[Accepted], weight: float) -> None:
    """Add the conditions for a number: the first that holds speaks."""
    sentences = _sentences(accepted)
    condition = ET.SubElement(processing, "responseCondition")
    for says in [None, *sentences]:
        if says is None:
            fitting = [one for one in accepted if one.right]
            branch = ET.SubElement(condition, "responseIf")
        else:
            fitting = [one for one in accepted if one.says == says]
            branch = ET.SubElement(condition, "responseElseIf")
        anyone = ET.SubElement(branch, "or")
        for one in fitting:
            anyone.append(_equal(name, one))
        if says is None:
            _add_to_score(branch, _value("float", f"{weight:.12g}"))
        else:
            _set(branch, f"F{name}").append(_value("identifier", f"M{sentences.index(says) + 1}"))


def _equal(name: str, one: Accepted) -> ET.Element:
    exact = float(one.tolerance) == 0
    tolerance = {"toleranceMode": "exact"} if exact else {"toleranceMode": "absolute", "tolerance": one.tolerance}
    equal = ET.Element("equal", tolerance)
    ET.SubElement(equal, "variable", {"identifier": name})
    equal.append(_value("float", one.value))
    return equal


def _choose(processing: ET.Element, name: str, asked: Asked, weight: float) -> None:
    """Add what is done with the options that were chosen."""
    worth = _value("float", f"{weight:.12g}")
    if asked.several:
        product = ET.Element("product")
        product.append(worth)
        ET.SubElement(product, "mapResponse", {"identifier": name})
        answered = ET.SubElement(ET.SubElement(processing, "responseCondition"), "responseIf")
        ET.SubElement(ET.SubElement(ET.SubElement(answered, "not"), "isNull"), "variable", {"identifier": name})
        _add_to_score(answered, product)
    else:
        right = ET.SubElement(ET.SubElement(processing, "responseCondition"), "responseIf")
        match = ET.SubElement(right, "match")
        ET.SubElement(match, "variable", {"identifier": name})
        ET.SubElement(match, "correct", {"identifier": name})
        _add_to_score(right, worth)
    ET.SubElement(_set(processing, f"F{name}"), "variable", {"identifier": name})


def _add_to_score(parent: ET.Element, worth: ET.Element) -> None:
    total = ET.SubElement(_set(parent, "SCORE"), "sum")
    ET.SubElement(total, "variable", {"identifier": "SCORE"})
    total.append(worth)


def _set(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, "setOutcomeValue", {"identifier": name})


def _value(kind: str, text: str) -> ET.Element:
    value = ET.Element("baseValue", {"baseType": kind})
    value.text = text
    return value
