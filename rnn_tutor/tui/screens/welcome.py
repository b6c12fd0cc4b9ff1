"""The first screen for somebody new: what this is, what one needs, and the ways through the course."""

from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.text import TextScreen

_WHAT = """\
You answer questions, and rnn-tutor says at once whether an answer is right. If it is not, it says which mistake it \
shows. Hints and worked solutions are there when you want them, and so are new numbers. Every answer is saved."""
_MOST_WAYS = 9


class WelcomeScreen(TextScreen):
    """A text and a choice; it is there once by itself, and whenever it is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.WAYS, "go to the course", ("begin", "enter", "back", "begin")),
        *keys.told(
            keys.WAYS,
            "choose a way through the course",
            *(
                (f"way-{number}", str(number), f"choose({number})", "choose a way")
                for number in range(1, _MOST_WAYS + 1)
            ),
        ),
        *keys.told(keys.WAYS, "the whole course, in its order", ("no-way", "0", "choose(0)", "no way")),
        *keys.told(keys.WAYS, "a placement: mark what you know already", keys.PLACEMENT),
    ]
    name_shown = "Welcome"
    letters = True

    def key_items(self) -> Items:
        """Return the keys of the choice."""
        ways = " ".join(f"way-{number}" for number in range(1, len(self.session.course.ways) + 1))
        some = [(f"no-way {ways}", "choose a way")] if ways else []
        return [("begin", "to the course"), *some, ("placement", "placement"), ("page-up page-down", "scroll"),
                ("help", "help")]  # fmt: skip

    def text(self) -> Content:
        """Return what this is, what one needs, and the ways."""
        course = self.session.course
        parts = [self.show(course.title, style="bold"), Content(), Content(_WHAT), Content()]
        if course.welcome.strip():
            parts += [self.prose(course.welcome), Content()]
        if course.ways:
            parts.append(Content.styled("Ways through the course. You can change yours at any time.", "bold"))
            chosen = self.session.way
            for number, way in enumerate(course.ways, 1):
                parts.append(self._way(str(number), way.title, way.about, way is chosen))
            parts.append(self._way("0", "Everything", "The whole course, in its order.", chosen is None))
            parts.append(Content())
        parts.append(
            Content.assemble(
                (f"{self.key('placement')}  ", "bold"),
                "Placement: one question a unit, at most twelve. It marks as known what you can do already.",
            )
        )
        parts.append(Content.assemble((f"{self.key('begin')}  ", "bold"), "Begin."))
        return Content("\n").join(parts)

    def _way(self, key: str, title: str, about: str, chosen: bool) -> Content:
        mark = (" (chosen)", "bold") if chosen else ""
        return Content.assemble((f"{key}  ", "bold"), self.show(title, style="bold"), mark, ". ", self.prose(about))

    def action_choose(self, number: int) -> None:
        """Go a way from now on, and to the course."""
        ways = self.session.course.ways
        if number > len(ways):
            self.say(f"There is no way {number} here.")
            return
        self.session.choose_way(ways[number - 1].id if number else "")
        self.action_back()

    def action_back(self) -> None:
        """Go to the course; this screen does not come back by itself."""
        self.session.welcomed()
        self.tutor.leave_welcome()

    def action_placement(self) -> None:
        """Go to the course, and from there to a placement."""
        self.action_back()
        self.tutor.open_set("placement")
