"""A reader of QTI 2.1 packages: valid by the schema of IMS, and graded by their own response processing.

What each expression means is that of the QTI 2.1 specification (IMS, "Assessment Test, Section, and Item Information
Model"); only what our files use is here, and anything else is refused.
"""

import io
import zipfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

SCHEMAS = Path(__file__).with_name("schemas")
NS = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"


class _Kept(etree.Resolver):
    """Has the schemas from their folder, whatever address they name."""

    def resolve(self, url: str, _: str, context: Any) -> Any:  # type: ignore[override]
        if url and "://" in url and not url.startswith("file:"):
            return self.resolve_filename(str(SCHEMAS / url.split("://")[1]), context)
        return None


@cache
def schema() -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Kept())
    return etree.XMLSchema(etree.parse(SCHEMAS / "www.imsglobal.org/xsd/imsqti_v2p1.xsd", parser))


@dataclass
class Outcome:
    """What response processing gives: the score, and the feedback that is then shown, by the response it is of."""

    score: float
    shown: dict[str, list[str]]


@dataclass
class Read:
    """An item: its element, its responses in order, and the files that it shows."""

    root: Any
    responses: list[str]
    files: dict[str, bytes] = field(default_factory=dict)

    def kind(self, name: str) -> tuple[str, str]:
        declared = self._declared("responseDeclaration", name)
        return declared.get("cardinality"), declared.get("baseType")

    def right(self) -> dict[str, Any]:
        """Return the answers that are declared as right."""
        found: dict[str, Any] = {}
        for name in self.responses:
            values = [one.text for one in self._declared("responseDeclaration", name).iter(f"{NS}value")]
            cardinality, kind = self.kind(name)
            found[name] = {*values} if cardinality == "multiple" else float(values[0]) if kind == "float" else values[0]
        return found

    def grade(self, answers: dict[str, Any]) -> Outcome:
        """Return what some answers get; a response without one is null."""
        outcomes: dict[str, Any] = {}
        for declared in self.root.iter(f"{NS}outcomeDeclaration"):
            value = declared.find(f"{NS}defaultValue/{NS}value")
            outcomes[declared.get("identifier")] = None if value is None else float(value.text)
        for rule in self.root.find(f"{NS}responseProcessing"):
            self._rule(rule, answers, outcomes)
        shown: dict[str, list[str]] = {}
        for tag in ("feedbackInline", "modalFeedback"):
            for feedback in self.root.iter(f"{NS}{tag}"):
                name = feedback.get("outcomeIdentifier")
                value = outcomes[name]
                chosen = value if isinstance(value, set) else {value}
                if feedback.get("identifier") in chosen:
                    shown.setdefault(name, []).append("".join(feedback.itertext()))
        return Outcome(outcomes["SCORE"], shown)

    def _declared(self, tag: str, name: str) -> Any:
        (declared,) = (one for one in self.root.iter(f"{NS}{tag}") if one.get("identifier") == name)
        return declared

    def _rule(self, rule: Any, answers: dict[str, Any], outcomes: dict[str, Any]) -> None:
        tag = rule.tag.removeprefix(NS)
        if tag == "setOutcomeValue":
            assert rule.get("identifier") in outcomes
            outcomes[rule.get("identifier")] = self._value(rule[0], answers, outcomes)
            return
        assert tag == "responseCondition", tag
        for branch in rule:
            assert branch.tag in (f"{NS}responseIf", f"{NS}responseElseIf")
            if self._value(branch[0], answers, outcomes) is True:
                for inner in branch[1:]:
                    self._rule(inner, answers, outcomes)
                return

    def _value(self, expr: Any, answers: dict[str, Any], outcomes: dict[str, Any]) -> Any:
        values = [self._value(one, answers, outcomes) for one in expr]
        match expr.tag.removeprefix(NS):
            case "variable":
                name = expr.get("identifier")
                return answers.get(name) if name in self.responses else outcomes[name]
            case "baseValue":
                return float(expr.text) if expr.get("baseType") == "float" else expr.text
            case "correct":
                return self.right()[expr.get("identifier")]
            case "or":
                return True if True in values else None if None in values else False
            case "not":
                return None if values[0] is None else not values[0]
            case "isNull":
                return values[0] is None or values[0] == set()
            case "equal":
                if None in values:
                    return None
                if expr.get("toleranceMode") == "exact":
                    return values[0] == values[1]
                assert expr.get("toleranceMode") == "absolute"
                return abs(values[0] - values[1]) <= float(expr.get("tolerance"))
            case "match":
                return None if None in values else values[0] == values[1]
            case "sum":
                return None if None in values else sum(values)
            case "product":
                return None if None in values else values[0] * values[1]
            case "mapResponse":
                return self._mapped(expr.get("identifier"), answers)
        raise AssertionError(expr.tag)

    def _mapped(self, name: str, answers: dict[str, Any]) -> float:
        mapping = self._declared("responseDeclaration", name).find(f"{NS}mapping")
        entries = {one.get("mapKey"): float(one.get("mappedValue")) for one in mapping}
        total = sum(entries.get(chosen, float(mapping.get("defaultValue"))) for chosen in answers.get(name) or ())
        return min(float(mapping.get("upperBound")), max(float(mapping.get("lowerBound")), total))


def read(content: bytes) -> list[Read]:
    """Return the items of a package; its manifest names each file that is there, and no other."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = archive.namelist()
    assert names[0] == "imsmanifest.xml"
    assert len(set(names)) == len(names)
    assert not [name for name in names if "/" in name or "\\" in name or name.startswith(".")]
    manifest = etree.fromstring(archive.read("imsmanifest.xml"))
    assert manifest.tag == f"{CP}manifest"
    assert [one.tag.removeprefix(CP) for one in manifest] == ["metadata", "organizations", "resources"]
    listed: list[str] = []
    found = []
    for resource in manifest.find(f"{CP}resources"):
        assert resource.get("type") == "imsqti_item_xmlv2p1"
        files = [file.get("href") for file in resource]
        assert files[0] == resource.get("href")
        listed += files
        found.append(_item(archive.read(files[0]), {name: archive.read(name) for name in files[1:]}))
    assert sorted(listed) == sorted(names[1:])
    return found


def _item(content: bytes, files: dict[str, bytes]) -> Read:
    root = etree.fromstring(content)
    schema().assertValid(root)
    responses = [one.get("identifier") for one in root.iter(f"{NS}responseDeclaration")]
    asked = [one.get("responseIdentifier") for one in root.iter(f"{NS}textEntryInteraction", f"{NS}choiceInteraction")]
    assert sorted(asked) == sorted(responses)
    assert {one.get("src") for one in root.iter(f"{NS}img")} == set(files)
    outcomes = {one.get("identifier") for one in root.iter(f"{NS}outcomeDeclaration")}
    assert {one.get("outcomeIdentifier") for one in root.iter(f"{NS}feedbackInline", f"{NS}modalFeedback")} <= outcomes
    return Read(root, responses, files)
