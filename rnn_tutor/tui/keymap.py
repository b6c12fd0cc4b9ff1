"""All screens and widgets with keys; and other keys for what has one.

From {binding id: keys} to the keymap of Textual's, with what must not be lost kept. The ids are those of the `BINDINGS`
of screens and widgets. An id that stands on several screens means the same on each.
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Literal, NamedTuple, TypeAlias

from textual.app import App
from textual.binding import Binding, InvalidBinding
from textual.dom import DOMNode
from textual.screen import Screen

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import FrameScreen

KEPT = (
    "enter",
    "escape",
    "q",
    "f9",
)  # the ways in, out and to the help, for whoever has forgotten the others
# In the order in which the help tells of their keys, within a section.
_LINE = "textual.widgets._input"
_BINDING = (
    "screens.frame",
    *(f"widgets.{name}" for name in ("line", "options", "program", "lines", "course", "heatmap")),
    *(f"screens.{name}" for name in ("exercise", "play", "question", "result", "exam", "course", "welcome", "page")),
    *(f"screens.{name}" for name in ("glossary", "solution", "look", "lab", "train", "trace", "closing", "recalled")),
    *(f"screens.{name}" for name in ("words", "code", "learner", "help", "settings", "palette", "copies")),
    "screens.class_server",
)


Classes: TypeAlias = Iterable[type[DOMNode]]
"""Classes that have bindings in one kind of app alone, the app's own too."""


class KeymapError(ValueError):
    """Keys that cannot be had; the text is the sentence that says why. `name`: the id that cannot have them."""

    def __init__(self, name: str, says: str) -> None:
        super().__init__(says)
        self.name = name


def remap(app: App[Any], wanted: Mapping[str, str]) -> None:
    """Give the app other keys, {binding id: keys with commas between}. Raises KeymapError, and then changes nothing."""
    put(app, keymap(wanted))


def put(app: App[Any], found: Mapping[str, str]) -> None:
    """Give the app a keymap, and have its screens tell the keys."""
    app.set_keymap(dict(found))
    for screen in app.screen_stack:
        if isinstance(screen, FrameScreen) and screen.is_mounted:  # one that is not shows its keys when it is
            screen.refresh_keys()


def keymap(wanted: Mapping[str, str], own: Classes = ()) -> dict[str, str]:
    """Return what Textual's `set_keymap` takes, in an app that has places of its own. Raises KeymapError."""
    return _keymap(wanted, [_Place.of(cls) for cls in (*own, *places())])


def usable(
    wanted: Mapping[str, str], own: Classes = (), *, so_far: bool = False
) -> tuple[dict[str, str], list[KeymapError]]:
    """Return what Textual's `set_keymap` takes of all that can be had, and why the rest cannot; own: as in `keymap`.

    so_far: only the screens and widgets that are imported are looked at, and nothing is said of the others' keys.
    """
    every = [_Place.of(cls) for cls in (*own, *places(so_far=so_far))]
    ids = {one.id for place in every for one in place.bindings}
    left = {name: asked for name, asked in wanted.items() if not so_far or name in ids}
    refused: list[KeymapError] = []
    while True:
        try:
            return _keymap(left, every), refused
        except KeymapError as error:
            refused.append(error)
            del left[error.name]


class _Place(NamedTuple):
    """A screen, a widget on some of them, or an app; `taken`: the keys that Textual gives to whoever types there."""

    kind: Literal["screen", "widget", "app"]
    bindings: list[Binding]
    taken: frozenset[str]

    @classmethod
    def of(cls, place: type[DOMNode]) -> "_Place":
        textuals = [base for base in place.__mro__ if base.__module__ == _LINE]  # by name: it may not be imported yet
        typing = frozenset(
            one.key for base in textuals for one in Binding.make_bindings(vars(base).get("BINDINGS", ()))
        )
        kind: Literal["screen", "widget", "app"] = "screen" if issubclass(place, Screen) else "widget"
        bindings = [one for one in keys.bindings(place) if not (one.id or "").startswith(keys.GIVE_WAY)]
        return cls("app" if issubclass(place, App) else kind, bindings, typing)


def _keymap(wanted: Mapping[str, str], every: Sequence[_Place]) -> dict[str, str]:
    found: dict[str, tuple[str, ...]] = {}
    for name, asked in wanted.items():
        kept = {_kept(place.bindings, name) for place in every if any(one.id == name for one in place.bindings)}
        if not kept and name in keys.OF_AUTHORS:  # they are there where a file is written, and do nothing here
            continue
        if not kept:
            from rnn_tutor.engine.errors import did_you_mean  # late: only a mistake needs it

            ids = sorted({one.id for place in every for one in place.bindings if one.id})
            raise KeymapError(name, f"No key is called {name}.{did_you_mean(name, ids)}")
        if len(kept) > 1:
            raise KeymapError(name, f"The keys of {name} cannot be changed: they differ from screen to screen.")
        (own,) = kept
        wanted_keys = _keys(name, asked)
        taken = [key for key in wanted_keys if key in KEPT and key not in own]
        if taken:
            raise KeymapError(name, f"{taken[0]} cannot be the key of {name}: what it does cannot be changed.")
        found[name] = tuple(dict.fromkeys([*wanted_keys, *own]))
    for place in every:
        _refuse_clashes(place.bindings, found)
    _refuse_shadows(every, found)
    return {name: ",".join(some) for name, some in found.items()}


def places(*, so_far: bool = False) -> Iterable[type[DOMNode]]:
    """Give the classes of all screens and widgets that have bindings of their own; `so_far`: that are imported."""
    for name in _BINDING:
        full_name = f"rnn_tutor.tui.{name}"
        if so_far and full_name not in sys.modules:
            continue
        module = import_module(full_name)
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, DOMNode) and found.__module__ == module.__name__:
                yield found


def imported() -> int:
    """Return how many of the modules that have bindings are imported."""
    return sum(f"rnn_tutor.tui.{name}" in sys.modules for name in _BINDING)


def _keys(name: str, asked: str) -> list[str]:
    """Return the names that Textual has for keys: "?" is "question_mark"."""
    try:
        return [one.key for one in Binding.make_bindings([Binding(asked, "")])]
    except InvalidBinding as error:
        raise KeymapError(name, f"'{asked}' is not a key: write for example f2,h.") from error


def _kept(place: list[Binding], name: str) -> tuple[str, ...]:
    """Return the keys of an id that it cannot lose."""
    return tuple(sorted({one.key for one in place if one.id == name and one.key in KEPT}))


def _refuse_clashes(place: list[Binding], found: Mapping[str, tuple[str, ...]]) -> None:
    """Raise KeymapError where on one screen a key would have to do two things."""
    here = {one.id for one in place}
    after = {(key, name) for name, some in found.items() if name in here for key in some}
    for key, name in sorted(after):
        others = [one for one in place if one.key == key and one.id != name and one.id not in found]
        words = [one.id or one.description or one.action for one in others]
        words += [other for same, other in after if same == key and other != name]
        if words and key not in KEPT:
            raise KeymapError(name, f"{key} cannot be the key of {name}: {words[0]} has it on the same screen.")


def _refuse_shadows(every: Sequence[_Place], found: Mapping[str, tuple[str, ...]]) -> None:
    """Raise KeymapError where a line or a list would take a key before the screen that it is on, which has it too.

    So would an app whose keys come first, that of authors.
    Which widgets stand on which screen is not known here, so it is refused on all; keys that are so at first may stay.
    """
    own = {(one.key, one.id) for place in every for one in place.bindings}
    for name, some in found.items():
        kinds = {place.kind for place in every if any(one.id == name for one in place.bindings)}
        for key in some:
            if key in KEPT or (key, name) in own:
                continue
            if "widget" not in kinds and any(key in place.taken for place in every):
                raise KeymapError(name, f"{key} cannot be the key of {name}: a line that you type on needs it.")
            for place in every:
                if kinds == {place.kind}:
                    continue
                other = next((one.id for one in place.bindings if _has(one, key, found) and one.id != name), None)
                if other is not None:
                    where = _WHERE[place.kind]
                    raise KeymapError(name, f"{key} cannot be the key of {name}: {other} has it on {where}.")


_WHERE = {"screen": "a screen", "widget": "a line or a list", "app": "every screen"}


def _has(binding: Binding, key: str, found: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a key is that of a binding after what is found."""
    return key in found[binding.id] if binding.id and binding.id in found else binding.key == key
