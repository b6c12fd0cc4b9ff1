"""Other keys for what has a key: from {binding id: keys} to the keymap of Textual's, with what must not be lost kept.

The ids are those of the `BINDINGS` of screens and widgets. An id that stands on several screens means the same on each.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from textual.app import App
from textual.binding import Binding, InvalidBinding
from textual.dom import DOMNode

from rnn_tutor.engine.errors import did_you_mean

KEPT = (
    "enter",
    "escape",
    "q",
    "f9",
)  # the ways in, out and to the help, for whoever has forgotten the others
_BINDING = (
    *(f"screens.{name}" for name in ("closing", "code", "course", "exercise", "glossary", "lab", "learner", "look")),
    *(f"screens.{name}" for name in ("page", "play", "solution", "trace")),
    *(f"widgets.{name}" for name in ("course", "heatmap", "line", "options", "program")),
)


class KeymapError(ValueError):
    """Keys that cannot be had; the text is the sentence that says why."""


def remap(app: App[Any], wanted: Mapping[str, str]) -> None:
    """Give the app other keys, {binding id: keys with commas between}. Raises KeymapError, and then changes nothing."""
    app.set_keymap(keymap(wanted))


def keymap(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what Textual's `set_keymap` takes. Raises KeymapError."""
    places = [_bindings(cls) for cls in _classes()]
    found: dict[str, tuple[str, ...]] = {}
    for name, keys in wanted.items():
        kept = {_kept(place, name) for place in places if any(one.id == name for one in place)}
        if not kept:
            ids = sorted({one.id for place in places for one in place if one.id})
            raise KeymapError(f"There is nothing called {name} that has a key.{did_you_mean(name, ids)}")
        if len(kept) > 1:
            raise KeymapError(f"{name} keeps its keys: they are different ones on different screens.")
        (own,) = kept
        taken = [key for key in _keys(keys) if key in KEPT and key not in own]
        if taken:
            raise KeymapError(f"{taken[0]} cannot be the key of {name}: it keeps what it does.")
        found[name] = tuple(dict.fromkeys([*_keys(keys), *own]))
    for place in places:
        _refuse_clashes(place, found)
    return {name: ",".join(keys) for name, keys in found.items()}


def _classes() -> Iterable[type[DOMNode]]:
    """Give all screens and widgets that have bindings of their own."""
    for name in _BINDING:
        module = import_module(f"rnn_tutor.tui.{name}")
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, DOMNode) and found.__module__ == module.__name__:
                yield found


def _bindings(cls: type[DOMNode]) -> list[Binding]:
    """Return a class's bindings, with those of ours that it is made of: for each key the one that it has there."""
    found: dict[str, Binding] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("rnn_tutor."):
            found |= {one.key: one for one in Binding.make_bindings(vars(base).get("BINDINGS", ()))}
    return list(found.values())


def _keys(keys: str) -> list[str]:
    """Return the names that Textual has for keys: "?" is "question_mark"."""
    try:
        return [one.key for one in Binding.make_bindings([Binding(keys, "")])]
    except InvalidBinding as error:
        raise KeymapError(f"'{keys}' names no key: write for instance f2,h.") from error


def _kept(place: list[Binding], name: str) -> tuple[str, ...]:
    """Return the keys of an id that it cannot lose."""
    return tuple(sorted({one.key for one in place if one.id == name and one.key in KEPT}))


def _refuse_clashes(place: list[Binding], found: Mapping[str, tuple[str, ...]]) -> None:
    """Raise KeymapError where on one screen a key would have to do two things."""
    here = {one.id for one in place}
    after = {(key, name) for name, keys in found.items() if name in here for key in keys}
    for key, name in sorted(after):
        others = [one for one in place if one.key == key and one.id != name and one.id not in found]
        words = [one.id or one.description or one.action for one in others]
        words += [other for same, other in after if same == key and other != name]
        if words and key not in KEPT:
            raise KeymapError(f"{key} cannot be the key of {name}: it is that of {words[0]} on the same screen.")
