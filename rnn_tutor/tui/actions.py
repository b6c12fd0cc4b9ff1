"""All that can be done, by name: what works on a screen now, what works anywhere, and where the rest works."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from textual.binding import Binding
from textual.dom import DOMNode

from rnn_tutor.settings import Setting
from rnn_tutor.tui import keys

_ANYWHERE = "app."
_UNNEEDED = "palette"  # the id of what one comes from


@dataclass(frozen=True)
class Action:
    """One thing to do. `place`: the section of the help that has it, where it does not work now ("": it does).

    node, does: whose action is to be run; setting: the one that is to be opened instead.
    """

    name: str
    keys: str
    says: str
    place: str = ""
    node: DOMNode | None = None
    does: str = ""
    setting: str = ""

    @property
    def searched(self) -> str:
        """What is searched for words."""
        return f"{self.name} {self.says} {self.place}".casefold()

    def rank(self, words: Iterable[str]) -> tuple[bool, bool]:
        """Return how early it comes among what was found: by its name, and where it works now."""
        name = self.name.casefold()
        return not all(word in name for word in words), bool(self.place)


def actions(
    bound: Iterable[tuple[DOMNode, Binding]],
    places: Iterable[type[DOMNode]],
    settings: Iterable[Setting],
    keymap: Mapping[str, str],
) -> list[Action]:
    """Return all that can be done: here, then anywhere, then the settings, then what works elsewhere.

    bound: what keys reach now (`TerminalScreen.bound`); places: all classes that have keys.
    """
    here = list(_here(bound))
    done = {action.does for action in here} | {action.name for action in here}
    every = [one for place in places for one in keys.remapped(keys.own(place), keymap) if _is_told(one)]
    anywhere = list(_unique(one for one in every if one.action.startswith(_ANYWHERE) and one.action not in done))
    done |= {action.does for action in anywhere}
    elsewhere = [
        Action(action.name, action.keys, action.says, action.place)
        for action in _unique(one for one in every if not one.action.startswith(_ANYWHERE))
        if action.name not in done
    ]
    chosen = [Action(f"settings: {one.name}", "", one.says, setting=one.name) for one in settings]
    ready = [Action(action.name, action.keys, action.says, "", None, action.does) for action in anywhere]
    return [*here, *ready, *chosen, *elsewhere]


def _is_told(binding: Binding) -> bool:
    return binding.group is not None and not binding.system and binding.id != _UNNEEDED


def _here(bound: Iterable[tuple[DOMNode, Binding]]) -> Iterator[Action]:
    found: dict[str, tuple[DOMNode, Binding, list[Binding]]] = {}
    for node, binding in bound:
        if _is_told(binding):
            found.setdefault(binding.description, (node, binding, []))[2].append(binding)
    for node, binding, some in found.values():
        yield Action(binding.description, " ".join(keys.signs(some)), binding.tooltip, "", node, binding.action)


def _unique(some: Iterable[Binding]) -> Iterator[Action]:
    """Give what bindings do, each once, with all of its keys on the first screen that has it."""
    found: dict[tuple[str, str], list[Binding]] = {}
    for binding in some:
        place = binding.group.description if binding.group is not None else ""
        found.setdefault((binding.description, place), []).append(binding)
    told: set[str] = set()
    for (name, place), same in found.items():
        if name not in told:
            told.add(name)
            yield Action(name, " ".join(keys.signs(same)), same[0].tooltip, place, None, same[0].action)
