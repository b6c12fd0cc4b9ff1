"""Keys as they are told: the sections of the help, what each key is called, and which ones work now.

What there is to tell of a key stands in its binding, and nowhere else. `id` is its name: the bottom row and
sentences go by it, and so does whoever wants other keys. `group` is the section of the help, `tooltip` the sentence
there. Bindings with the same two stand on one row; those that have their description in common too are ways to do the
same. A binding that is `system` is not told: it does what every line to type on does, or keeps a key from doing
anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from textual.binding import Binding
from textual.dom import DOMNode

EVERYWHERE = Binding.Group("On every screen")
TYPING = Binding.Group("While typing an answer")
LINES = Binding.Group("While typing a program, or on the scratchpad")
EXERCISE = Binding.Group("In an exercise: while typing / when no line is active")
LETTERS = Binding.Group("In an exercise or a lab, when no line is active")
SET = Binding.Group("In a placement, a check or an exam")
LIST = Binding.Group("In a list: the course, what a search finds, the glossary")
COURSE = Binding.Group("In the course")
PAGE = Binding.Group("On a unit's page")
WAYS = Binding.Group("On the first screen")
GLOSSARY = Binding.Group("In the glossary")
SOLUTION = Binding.Group("In the solution")
LOOK = Binding.Group("Looking at heatmaps, lines, bars, tables")
LAB = Binding.Group("In a lab")
TRACE = Binding.Group("Where a number comes from")
SETTINGS = Binding.Group("In the settings")
ACTIONS = Binding.Group("Among all actions, and in what can be copied")
ELSEWHERE = Binding.Group("On other pages")
WRITE = Binding.Group("While you write")
CLASS = Binding.Group("Watching a class")

# In the order in which the help has them.
SECTIONS = (
    WRITE, EVERYWHERE, TYPING, LINES, EXERCISE, LETTERS, SET, LIST, COURSE, WAYS, PAGE, GLOSSARY, SOLUTION, LOOK, LAB,
    TRACE, SETTINGS, ACTIONS, ELSEWHERE, CLASS,
)  # fmt: skip

_SIGNS = {
    "escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn", "question_mark": "?", "slash": "/", "backslash": "\\",
    "left_square_bracket": "[", "right_square_bracket": "]", "comma": ",", "full_stop": ".", "less_than_sign": "<",
    "greater_than_sign": ">", "plus": "+", "minus": "-", "equals_sign": "=", "underscore": "_", "colon": ":",
    "semicolon": ";", "exclamation_mark": "!", "number_sign": "#", "dollar_sign": "$", "percent_sign": "%",
    "ampersand": "&", "asterisk": "*", "at": "@", "apostrophe": "'", "quotation_mark": '"', "tilde": "~",
    "grave_accent": "`", "circumflex_accent": "^", "vertical_line": "|", "left_parenthesis": "(",
    "right_parenthesis": ")", "left_curly_bracket": "{", "right_curly_bracket": "}",
}  # fmt: skip
_ARROWS = {"Left", "Right", "Up", "Down"}


Way = tuple[str, str, str, str]
"""An id, keys with commas between, an action, and a few words on it."""


# What screens speak of where it does not work: they are not to import the one where it does.
NEW_NUMBERS: Way = ("new-numbers", "f4", "new_numbers", "new numbers")
PLACEMENT: Way = ("placement", "p", "placement", "placement")
CHECK: Way = ("check-unit", "k", "check_unit", "check of the unit")
EXAM: Way = ("exam", "x", "exam", "exam")
WELCOME: Way = ("ways", "w", "app.welcome", "ways through the course")
REVIEW: Way = ("review", "r", "app.review", "review")
OF_AUTHORS = ("next-draw", "draw-before", "book-numbers", "answers", "findings", "panel")
"""The ids of the keys that only the app of authors has: elsewhere they may stand in the settings too."""


def told(
    group: Binding.Group, says: str, *ways: Way, display: str | None = None, priority: bool = False
) -> list[Binding]:
    """Return the bindings of one row of the help. `display`: what their keys are called, if not by their names."""
    return [
        Binding(keys, action, words, key_display=display, priority=priority, tooltip=says, id=name, group=group)
        for name, keys, action, words in ways
    ]


def untold(*ways: Way) -> list[Binding]:
    """Return bindings that the help does not tell."""
    return [Binding(keys, action, words, id=name, system=True) for name, keys, action, words in ways]


GIVE_WAY = "filter-"
"""How ids of keys begin that only type: whatever key somebody chooses for something else is free there."""

WHILE_TYPING = (
    *told(
        LIST,
        "choose a line",
        ("row-up", "up", "list('move', -1)", "up"),
        ("row-down", "down", "list('move', 1)", "down"),
        ("rows-up", "pageup", "list('page', -1)", "a page up"),
        ("rows-down", "pagedown", "list('page', 1)", "a page down"),
    ),
    *untold(("stay", "tab,shift+tab", "list('move', 0)", "stay")),
)
"""The keys of a list that work while a line has the focus; the screen's `action_list` hands them on to the list."""


def sign(key: str) -> str:
    """Return what a key is called: "pageup" is PgUp, "ctrl+shift+r" is Ctrl+Shift+R."""
    *held, last = key.split("+")
    name = last if len(last) == 1 and not held else _SIGNS.get(last) or last.capitalize()
    return "+".join([*(one.capitalize() for one in held), name])


def signs(bindings: Iterable[Binding]) -> list[str]:
    """Return what the keys of bindings are called, each once."""
    return list(dict.fromkeys(binding.key_display or sign(binding.key) for binding in bindings))


def own(cls: type[DOMNode]) -> list[Binding]:
    """Return the bindings that a class states itself, a binding for each key."""
    return list(Binding.make_bindings(vars(cls).get("BINDINGS", ())))


def bindings(cls: type[DOMNode]) -> list[Binding]:
    """Return a class's bindings, with those of ours that it is made of: for each key the one that it has there."""
    by_key: dict[str, Binding] = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("rnn_tutor."):
            for binding in own(base):
                by_key.pop(binding.key, None)  # so that the order is that of the class which has the last word
                by_key[binding.key] = binding
    return list(by_key.values())


def remapped(some: Iterable[Binding], keymap: Mapping[str, str]) -> list[Binding]:
    """Return bindings with the keys that a keymap gives them."""
    by_key: dict[tuple[str, str | None], Binding] = {}
    for binding in some:
        wanted = keymap.get(binding.id or "")
        for changed in [binding] if wanted is None else [binding.with_key(key) for key in wanted.split(",")]:
            by_key.setdefault((changed.key, changed.id), changed)
    return list(by_key.values())


def key_of(way: Way, keymap: Mapping[str, str]) -> str:
    """Return the first key of a way to do something, wherever it is bound."""
    return signs(Binding.make_bindings(remapped(untold(way), keymap)))[0]


def key_on(cls: type[DOMNode], name: str, keymap: Mapping[str, str]) -> str:
    """Return the first key of a binding on a screen of this class, "" for none."""
    return next(iter(signs(binding for binding in remapped(bindings(cls), keymap) if binding.id == name)), "")


@lru_cache(64)
def _places(cls: type[DOMNode]) -> Mapping[tuple[str | None, str], int]:
    return {(binding.id, binding.key): place for place, binding in enumerate(bindings(cls))}


def working(bound: Iterable[tuple[DOMNode, Binding]], keymap: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each id what its keys are called, of those that work now, in the order in which they are stated."""
    by_id: dict[str, list[tuple[int, Binding]]] = {}
    for node, binding in bound:
        if not binding.id:
            continue
        if binding.id in keymap:
            place = keymap[binding.id].split(",").index(binding.key)
        else:
            place = _places(type(node)).get((binding.id, binding.key), 0)
        by_id.setdefault(binding.id, []).append((place, binding))
    return {name: signs(binding for _, binding in sorted(some, key=_place)) for name, some in by_id.items()}


def _place(placed: tuple[int, Binding]) -> int:
    return placed[0]


def preferred(some: Sequence[str], *, letters: bool) -> str:
    """Return the one key that is told: the first or, with `letters`, the first that is none like F2, if any is."""
    others = [one for one in some if not (one.startswith("F") and one[1:].isdigit())]
    return next(iter((letters and others) or some), "")


def together(some: Iterable[str]) -> str:
    """Return keys that belong together, in as few characters as they can be told in."""
    every = list(dict.fromkeys(one for one in some if one))
    if set(every) == _ARROWS:
        return "Arrows"
    if len(every) > 2 and all(one.isdigit() for one in every):
        return f"{min(every)} to {max(every)}"
    held = {one.rpartition("+")[0] for one in every}
    if len(every) > 1 and len(held) == 1 and "" not in held:
        return f"{held.pop()}+" + "/".join(one.rpartition("+")[2] for one in every)
    return " ".join(every)


Row = tuple[str, str]
"""Keys, and what they do."""


def sections(places: Iterable[type[DOMNode]], keymap: Mapping[str, str]) -> list[tuple[str, list[Row]]]:
    """Return what the help says of the keys of screens and widgets, by section; with the keys of a keymap."""
    # section -> sentence -> description (of what is done) -> the keys that do it
    told: dict[Binding.Group, dict[str, dict[str, list[str]]]] = {}
    for place in places:
        for binding in remapped(own(place), keymap):
            if binding.group is not None and not binding.system:
                ways = told.setdefault(binding.group, {}).setdefault(binding.tooltip, {})
                ways.setdefault(binding.description, []).extend(signs([binding]))
    return [(one.description, _rows(told[one])) for one in SECTIONS if one in told]


def _rows(told: Mapping[str, Mapping[str, Sequence[str]]]) -> list[Row]:
    return [(_ways([list(dict.fromkeys(keys)) for keys in ways.values()]), says) for says, ways in told.items()]


def _ways(columns: Sequence[Sequence[str]]) -> str:
    """Return the first keys of what is done, then the second ones: "F7 F8 / [ ]"."""
    most = max(map(len, columns))
    ways = [together(keys[at] for keys in columns if at < len(keys)) for at in range(most)]
    return " / ".join(dict.fromkeys(ways))
