"""The settings: each with its value, all that can be chosen, and the keys, which can be others."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.keys import key_to_character
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.paths import shown
from rnn_tutor.settings import BY_NAME
from rnn_tutor.tui import keys
from rnn_tutor.tui.keymap import KeymapError, places
from rnn_tutor.tui.messages import Chosen
from rnn_tutor.tui.rows import Kind, Row
from rnn_tutor.tui.screens.frame import FrameScreen, Items
from rnn_tutor.tui.widgets.course import CourseList
from rnn_tutor.tui.widgets.rows import heading

if TYPE_CHECKING:
    from collections.abc import Callable

_NAME = 20  # columns of a name
_VALUE = 22
_CLASS = "class"
_ABOUT_CLASS = "Whether your answers are sent to your class."
_ORIGINS = {
    "default": "This is the default.",
    "sitting": "You have chosen it for now: it holds until you leave.",
}


class SettingsList(CourseList):
    """The list; while `taken` waits for a key, each is handed to it and does nothing else."""

    taken: "Callable[[events.Key], None] | None" = None

    @override
    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Tell whether a key is taken here."""
        return self.taken is not None

    def on_key(self, event: events.Key) -> None:
        """Hand a key on that is waited for."""
        if self.taken is not None:
            event.stop()
            event.prevent_default()
            self.taken(event)


class SettingsScreen(FrameScreen):
    """A list of what can be chosen; what is chosen holds at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.SETTINGS,
            "the previous, the next value; it holds at once",
            ("value-before", "left", "turn(-1)", "previous value"),
            ("value-after", "right", "turn(1)", "next value"),
        ),
        *keys.told(
            keys.SETTINGS,
            "the default value; of a key, the keys that it had at first",
            ("default", "backspace", "default", "default"),
        ),
    ]

    scrolled_by = "rows-up rows-down"

    def __init__(self, name: str = "") -> None:
        """Begin at a setting, or at the binding of an id."""
        super().__init__()
        self._first = name

    def body(self) -> Iterable[Widget]:
        """Return the list, and what is said of the row at the cursor."""
        self._ids = _by_id((*self.tutor.own_places(), *places()))
        self.list = SettingsList(self._row, self._say_more)
        self.more = Static(id="meaning", markup=False)
        return (self.list, self.more)

    def columns(self) -> Iterable[Widget]:
        """Return the list: it is what scrolls here."""
        return (self.list,)

    def on_mount(self) -> None:
        """List all settings and keys, and say what of the file cannot be used."""
        self.bar.left = Content.assemble("rnn-tutor   ", ("Settings", "bold"))
        self.set_focus(self.list)
        kind: Kind = "setting" if self._first in BY_NAME else "key"
        self.list.show(list(self._rows()), (kind, self._first) if self._first else None)
        self.tutor.look_at_all_keys()
        self.call_after_refresh(self.tutor.tell_problems)
        self.tutor.later("tomlkit", _import_writer)

    def key_items(self) -> Items:
        """Return the keys of this screen."""
        row = self.list.current
        on_key = row is not None and row.kind == "key"
        on_class = row is not None and row.kind == "class"
        other = ("open", "look") if on_class else ("value-before value-after", "change")
        change = ("open", "another key") if on_key else other
        return [("row-up row-down", "choose"), change, ("default", "default"), ("help", "help"), ("back", "back")]

    # the rows

    def _rows(self) -> Iterator[Row]:
        for setting in self.tutor.settings.there:
            yield Row("setting", setting.name)
        if self.tutor.sending is not None:
            yield Row("class", _CLASS)
        told: set[str] = set()
        for section in keys.SECTIONS:
            new = [
                name
                for name, some in self._ids.items()
                if name not in told and any(one.group == section and not one.system for one in some)
            ]
            if new:
                yield Row("heading", section.description, text=f"Keys: {section.description}")
                yield from (Row("key", name) for name in new)
                told.update(new)

    def _row(self, row: Row) -> Content:
        if row.kind == "heading":
            return heading(row, self.list.size.width, self.show)
        if row.kind == "setting":
            value, says = str(self.tutor.settings.value(row.id)), BY_NAME[row.id].says
        elif row.kind == "class":
            value, says = self._agreed(), _ABOUT_CLASS
        else:
            value, says = self._keys(row.id), self._ids[row.id][0].description
        name = self.show(row.id).truncate(_NAME, ellipsis=True, pad=True)
        changed = self._changed(row)
        shown_value = self.show(value, style="bold" if changed else "").truncate(_VALUE, ellipsis=True, pad=True)
        return Content.assemble(name, "  ", shown_value, "  ", self.show(says, style="dim"))

    def _changed(self, row: Row) -> bool:
        """Tell whether somebody has chosen it."""
        settings = self.tutor.settings
        if row.kind == "setting":
            return settings.origin(row.id) != "default"
        return row.kind == "key" and row.id in settings.keys

    def _agreed(self) -> str:
        """Return what the learner said of sending answers."""
        joined = self.tutor.sending.joined if self.tutor.sending is not None else None
        agreed = joined.agreed if joined is not None else None
        return {True: "yes", False: "no", None: "not asked"}[agreed]

    def _keys(self, name: str) -> str:
        return " ".join(keys.signs(keys.remapped(self._ids[name], self.tutor.keymap)))

    def _sentence(self, name: str) -> str:
        return next((one.tooltip for one in self._ids[name] if one.tooltip), "")

    def _say_more(self) -> None:
        row = self.list.current
        if row is None:
            return
        if row.kind == "key":
            own = " ".join(keys.signs(self._ids[row.id]))
            lines = [self._sentence(row.id), f"At first: {own}."]
        elif row.kind == "class":
            state = self.tutor.sending.state() if self.tutor.sending is not None else ""
            lines = [_ABOUT_CLASS, state, f"{self.key('open')} shows what is sent, and to whom."]
        else:
            setting = BY_NAME[row.id]
            lines = [setting.says, f"It can be {setting.expected}.", self._origin(row.id)]
        self.more.update(
            Content.assemble(self.show(row.id, style="bold"), "\n", self.show("\n".join(lines), lines=True))
        )
        self.refresh_keys()

    def _origin(self, name: str) -> str:
        settings = self.tutor.settings
        origin = settings.origin(name)
        if origin != "file":
            return _ORIGINS[origin]
        if settings.kiosk or settings.path is None:
            return "You have chosen it."
        return f"It is from {shown(settings.path, max(20, self.width - 12))}."

    @on(events.ScreenResume)
    def _look_again(self) -> None:
        """Show what was said meanwhile of sending answers."""
        self.list.refresh()
        self._say_more()

    # changing

    def action_turn(self, by: int) -> None:
        """Choose another value."""
        row = self.list.current
        if row is None or row.kind != "setting":
            return
        choices = BY_NAME[row.id].choices
        at = choices.index(self.tutor.settings.value(row.id))
        self._told(self.tutor.choose(row.id, choices[(at + by) % len(choices)]))

    def action_default(self) -> None:
        """Choose what holds where nobody has chosen."""
        row = self.list.current
        if row is not None and row.kind == "setting":
            self._told(self.tutor.choose(row.id, BY_NAME[row.id].default))
        elif row is not None and row.kind == "key":
            self._put(row.id, None)

    @on(Chosen)
    def _chosen(self, message: Chosen) -> None:
        if message.row.kind == "setting":
            self.action_turn(1)
        elif message.row.kind == "class":
            self.tutor.open_class()
        else:
            name = message.row.id
            self.list.taken = lambda event: self._take(name, event)
            self.say(f"Press the new key of {name}. Esc leaves it as it is.")

    def _take(self, name: str, event: events.Key) -> None:
        self.list.taken = None
        if event.key == "escape":
            self.hush()
        else:
            now = [one.key for one in keys.remapped(self._ids[name], self.tutor.keymap)]
            self._put(name, ",".join(_exchanged(now, event.key, printable=event.is_printable)))

    def _put(self, name: str, asked: str | None) -> None:
        try:
            self._told(self.tutor.choose_keys(name, asked))
        except KeymapError as error:
            self.say(error)

    def _told(self, trouble: str) -> None:
        """Show what holds now, and what there is to say of it."""
        if trouble:
            self.say(trouble)
        else:
            self.hush()
        self._say_more()
        self.list.refresh()


def _by_id(classes: Iterable[type[DOMNode]]) -> dict[str, list[Binding]]:
    """Return the bindings of each id, those of the first class that has it."""
    found: dict[str, list[Binding]] = {}
    for place in classes:
        here: dict[str, list[Binding]] = {}
        for binding in keys.own(place):
            if binding.id and binding.id not in found:
                here.setdefault(binding.id, []).append(binding)
        found |= here
    return found


def _exchanged(now: Sequence[str], new: str, *, printable: bool) -> list[str]:
    """Return keys with a new one in the place of those that are like it: letters, or keys that work on a line too."""
    return [new, *(key for key in now if _is_printable(key) is not printable)]


def _is_printable(key: str) -> bool:
    character = key_to_character(key)
    return character is not None and character.isprintable()


def _import_writer() -> None:
    import tomlkit  # noqa: F401 - so that the first change need not wait for it
