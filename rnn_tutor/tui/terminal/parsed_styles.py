"""Style rules as Textual's parser gives them, kept as data in the package: until the first frame none are parsed.

`parsed_styles.json` is made by `packaging/make_styles.py` (`make styles`). It holds the style sheets of all widgets
that the tutor has, and the rules that they say. It is believed for the version of Textual that made it, for the same
theme, and for a sheet that is the same, character for character. Whatever else there is, Textual parses as ever.
Gain: see docs/performance.md.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import textual
from textual.color import Color
from textual.css.model import CombinatorType, RuleSet, Selector, SelectorSet, SelectorType
from textual.css.scalar import Scalar, Unit
from textual.css.styles import Styles
from textual.geometry import Spacing
from textual.layout import Layout
from textual.layouts.factory import get_layout

FILE = Path(__file__).with_name("parsed_styles.json")

Data: TypeAlias = Any  # what JSON can be
Sheet: TypeAlias = tuple[str, str]  # a style sheet, and the class that it is about, or ""


class UnknownValueError(Exception):
    """A rule has a value of a kind that is not kept."""


class ParsedStyles:
    """The rules that are kept; the file is read when they are first asked for."""

    def __init__(self, file: Path = FILE) -> None:
        self._file = file

    def rules(self, sheet: Sheet, variables: Mapping[str, str]) -> list[RuleSet] | None:
        """Return the rules of a style sheet under a theme's variables, made anew; None where they are not kept."""
        if not self._sheets or variables != self._variables:
            return None
        kept = self._sheets.get(sheet)
        with suppress(KeyError, IndexError, TypeError, ValueError):  # of a damaged file
            return None if kept is None else [_decoded_rule(one) for one in kept]
        return None

    @cached_property
    def _content(self) -> dict[str, Data]:
        import msgspec  # late: as what reads the course, which needs it too

        with suppress(OSError, msgspec.DecodeError):
            content = msgspec.json.decode(self._file.read_bytes())
            if isinstance(content, dict) and _is_installed(content.get("textual")):
                return content
        return {}

    @cached_property
    def _variables(self) -> Data:
        return self._content.get("variables")

    @cached_property
    def _sheets(self) -> dict[Sheet, list[Data]]:
        with suppress(TypeError, ValueError):
            return {(css, scope): rules for css, scope, rules in self._content.get("sheets", ())}
        return {}


def _is_installed(version: object) -> bool:
    """Tell whether Textual has this version: asking for its metadata would take 4 ms."""
    return bool(version) and Path(textual.__file__).parent.with_name(f"textual-{version}.dist-info").is_dir()


def encoded(version: str, variables: Mapping[str, str], sheets: Mapping[Sheet, list[RuleSet]]) -> bytes:
    """Return the file for a version of Textual; sheets with a value that cannot be kept are left out."""
    import msgspec

    rows = []
    for (css, scope), rules in sorted(sheets.items()):
        with suppress(UnknownValueError):
            rows.append([css, scope, [_encoded_rule(one) for one in rules]])
    head = msgspec.json.encode({"textual": version, "variables": dict(sorted(variables.items()))})
    lines = b",\n".join(msgspec.json.encode(row) for row in rows)
    return head.removesuffix(b"}") + b', "sheets": [\n' + lines + b"\n]}\n"


def _encoded_rule(rule: RuleSet) -> Data:
    selectors = [
        [list(one.specificity), [_encoded_selector(part) for part in one.selectors]] for one in rule.selector_set
    ]
    values = {name: _encoded_value(value) for name, value in sorted(rule.styles.get_rules().items())}
    return [selectors, values, sorted(rule.styles.important), sorted(rule.selector_names), sorted(rule.pseudo_classes)]


def _decoded_rule(kept: Data) -> RuleSet:
    selectors, values, important, names, pseudo_classes = kept
    styles = Styles(important=set(important))
    styles._rules.update({name: _decoded_value(value) for name, value in values.items()})  # type: ignore[typeddict-item]
    return RuleSet(
        selector_set=[_decoded_selectors(parts, tuple(specificity)) for specificity, parts in selectors],
        styles=styles,
        selector_names=set(names),
        pseudo_classes=set(pseudo_classes),
    )


def _encoded_selector(one: Selector) -> Data:
    return [
        one.name,
        one.combinator.value,
        one.type.value,
        sorted(one.pseudo_classes),
        list(one.specificity),
        one.advance,
    ]


def _decoded_selectors(parts: Data, specificity: Any) -> SelectorSet:  # noqa: ANN401 - three numbers
    selectors = [
        Selector(name, CombinatorType(combinator), SelectorType(type_), set(pseudo_classes), tuple(own))
        for name, combinator, type_, pseudo_classes, own, _ in parts
    ]
    found = SelectorSet(selectors, specificity)
    for selector, (*_, advance) in zip(selectors, parts, strict=True):
        selector.advance = advance
    return found


_KINDS: dict[type, tuple[str, Callable[[Any], list[Data]]]] = {
    Color: ("colour", list),
    Scalar: ("scalar", lambda scalar: [scalar.value, scalar.unit.value, scalar.percent_unit.value]),
    Spacing: ("spacing", list),
    tuple: ("tuple", lambda values: [_encoded_value(value) for value in values]),
}
_MADE: dict[str, Callable[..., object]] = {
    "colour": Color,
    "scalar": lambda value, unit, percent: Scalar(float(value), Unit(unit), Unit(percent)),
    "spacing": Spacing,
    "tuple": lambda *values: tuple(_decoded_value(value) for value in values),
    "layout": get_layout,
}


def _encoded_value(value: object) -> Data:
    if value is None or isinstance(value, bool | str | int | float):
        return value
    if isinstance(value, Layout):
        return ["layout", value.name]
    if type(value) not in _KINDS:
        raise UnknownValueError(type(value).__name__)
    kind, parts = _KINDS[type(value)]
    return [kind, *parts(value)]


def _decoded_value(kept: Data) -> object:
    return _MADE[kept[0]](*kept[1:]) if isinstance(kept, list) else kept
