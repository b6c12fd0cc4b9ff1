"""A stylesheet that remembers what it found for widgets of one kind, and styles nothing that is not on a screen yet.

Textual matches all rules against each widget that is mounted, and once more for each part of it that has colours of its
own (a cursor, a placeholder): a third of the time in which an exercise opens. What it finds depends on types, ids,
classes and states of the widget and of those that it is in, unless a rule asks for its place among others.
Gain: CPU of an opening at once (p50) 0.67 of 7352ea8's for 0.90, a third of its calls. Without these private parts of
Textual it is as it was.
"""

from collections.abc import Hashable, Iterable
from typing import Any, TypeAlias

from textual.app import App
from textual.color import Color, ColorParseError
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.dom import DOMNode
from textual.markup import parse_style
from textual.style import Style
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.tui.terminal.parsed_styles import ParsedStyles

_PLACES = ("_has_focus_within", "_has_order_style", "_has_odd_or_even")  # set where rules ask for what no key here has
_FLAGS = ("_has_hover_style", *_PLACES)
_COMPONENTS = "_process_component_classes"
_ATTRIBUTES = frozenset({"bold", "dim", "italic", "underline", "reverse", "strike"})
_MOST = 2_000  # kinds of widgets at their places that are remembered; the tutor has a tenth of that
_Found: TypeAlias = tuple[RulesMap, tuple[bool, ...]]


class KeptStyles(Stylesheet):
    """A stylesheet that looks each kind of widget up once."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._kept: dict[Hashable, _Found | None] = {}  # None: not to be remembered
        self._kept_of: object = None  # the rules that it was found in
        self._parsed = ParsedStyles()
        self._keeps = hasattr(self, _COMPONENTS) and all(hasattr(DOMNode(), flag) for flag in _FLAGS)

    @override
    def _parse_rules(
        self, css: str, read_from: CSSLocation, is_default_rules: bool = False, tie_breaker: int = 0, scope: str = ""
    ) -> list[RuleSet]:
        key = css, read_from, is_default_rules, tie_breaker, scope
        if key not in self._parse_cache and (found := self._parsed.rules((css, scope), self._variables)) is not None:
            for rule in found:
                rule.is_default_rules, rule.tie_breaker = is_default_rules, tie_breaker
            self._parse_cache[key] = found
        return super()._parse_rules(css, read_from, is_default_rules, tie_breaker, scope)

    @override
    def parse_style(self, style_text: str | Style) -> Style:
        """Return a style that is written in words; where none names a variable, no variables of the theme are read."""
        known = self._style_parse_cache
        if isinstance(style_text, str) and "$" not in style_text and style_text not in known:
            known[style_text] = _plain_style(style_text) or parse_style(style_text, {})
        return super().parse_style(style_text)

    @override
    def apply(self, node: DOMNode, *, animate: bool = False, cache: dict[Any, RulesMap] | None = None) -> None:
        """Give a node the styles that belong to it."""
        if not self._keeps or (key := _key(node)) is None:
            super().apply(node, animate=animate, cache=cache)
            return
        if self._kept_of is not self.rules or len(self._kept) >= _MOST:
            self._kept, self._kept_of = {}, self.rules
        found = self._kept.get(key)
        if found is not None:
            self._give(node, found, animate=animate)
            return
        super().apply(node, animate=animate, cache=cache)
        if key not in self._kept:
            self._kept[key] = _found(node)

    def _give(self, node: DOMNode, found: _Found, *, animate: bool) -> None:
        rules, flags = found
        for name, value in zip(_FLAGS, flags, strict=True):
            setattr(node, name, value)
        base = node.styles.base
        before = base.get_rules()
        if not before:
            base.merge_rules(rules)
            node.notify_style_update()
        elif before != rules:
            self.replace_rules(node, rules, animate=animate)
        elif not animate:
            node.notify_style_update()
        getattr(self, _COMPONENTS)(node)

    @override
    def update_nodes(self, nodes: Iterable[DOMNode], animate: bool = False) -> None:
        """Give styles to nodes; those that are not mounted yet get them when they are, with all that they are in."""
        super().update_nodes([node for node in nodes if _path(node) is not None], animate)


def _plain_style(text: str) -> Style | None:
    """Read a style in words as Textual's parser does, if none is more than an attribute or a colour of the terminal's.

    Gain: 3 ms of a start, most of them for a pattern of the parser's; the first frame has no other styles.
    """
    words, colours = text.split(), []
    attributes: dict[str, Any] = dict.fromkeys(_ATTRIBUTES & set(words), True)
    for word in words:
        if word.startswith("ansi_"):
            colours.append(word)
        elif word not in attributes:
            return None
    if len(colours) > 1:
        return None
    try:
        return Style(foreground=Color.parse(colours[0]) if colours else None, **attributes)
    except ColorParseError:
        return None


def _path(node: DOMNode) -> list[DOMNode] | None:
    """Return a node and all that it is in, up to the app; None for one that is in none."""
    path = [node]
    one: object = node._parent
    while isinstance(one, DOMNode):
        path.append(one)
        one = one._parent
    return path if isinstance(path[-1], App) else None


def _key(node: DOMNode) -> Hashable:
    """Return all that rules may ask for of a node and of what it is in; None for a node that is in no app."""
    path = _path(node)
    return None if path is None else tuple(map(_asked, path))


def _asked(node: DOMNode) -> Hashable:
    if isinstance(node, Widget):
        return type(node), node.id, node.classes, node.mouse_hover, node.has_focus, node.disabled, node.can_focus
    return type(node), node.id, node.classes, isinstance(node, App) and node.app_focus


def _found(node: DOMNode) -> _Found | None:
    rules = node.styles.base.get_rules()
    flags = tuple(bool(getattr(node, flag)) for flag in _FLAGS)
    if any(getattr(node, flag) for flag in _PLACES) or "transitions" in rules or not rules:
        return None
    return rules, flags
