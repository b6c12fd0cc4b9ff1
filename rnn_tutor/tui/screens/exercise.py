"""An exercise: what is asked, what is given, what is typed, what is said to it."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.progress.drafts import PAD
from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import Ticked
from rnn_tutor.tui.review import SOLVED, SOLVED_AFTER
from rnn_tutor.tui.screens.frame import WIDE, Items, Scroll
from rnn_tutor.tui.screens.play import PlayScreen
from rnn_tutor.tui.widgets.folding import Folding
from rnn_tutor.tui.widgets.frame import Rule, Tone
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.material import material, stacked
from rnn_tutor.tui.widgets.options import Options
from rnn_tutor.tui.widgets.part import PartBox
from rnn_tutor.tui.widgets.score import score

if TYPE_CHECKING:
    from rnn_tutor.exercises.scratch import Note
    from rnn_tutor.exercises.verdict import Verdict
    from rnn_tutor.tui.exercises import Exercises
    from rnn_tutor.tui.visits import ExerciseVisit, Visits
    from rnn_tutor.tui.widgets.lines import Lines
    from rnn_tutor.tui.widgets.pad import Pad
    from rnn_tutor.tui.widgets.step import StepBox

_FRAME = 4  # lines of the bar, the keys, and the rules at them
_AROUND = 6  # lines of the frame, and between the parts of the body
_HERE = "Here is what you typed last time. It is not checked yet."
_LEFT = "Here is the exercise as you left it."
_KEEP = 2.0  # seconds without a key after which what was done is kept
_KEEP_WITHIN = 10.0  # seconds after which a short pause will do: hardly more than that is lost, whatever happens
_ELSEWHERE = "brings back what you typed last time, for other numbers. It was not checked."
_TONES: dict[str, Tone] = {"right": "right", "wrong": "wrong"}
_FEWEST = 2  # lines of a question that are worth showing
_MORE = Content("...").stylize("dim")
_LEAST_IN_USE = 4  # lines: of a part that is only being laid out, about as many as it will have


class ExerciseScreen(PlayScreen["ExerciseVisit"]):
    """One exercise, with the numbers that its visit has."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.EXERCISE, "the next hint", ("hint", "f2,h", "hint", "hint")),
        *keys.told(
            keys.EXERCISE, "the worked solution, one step at a time", ("solution", "f3,s", "solution", "solution")
        ),
        *keys.told(
            keys.EXERCISE,
            "new numbers for the same question; asks first if something is not checked yet",
            keys.NEW_NUMBERS,
            ("new-numbers-letter", "n", "new_numbers(False)", "new numbers"),
        ),
        *keys.told(keys.EXERCISE, "look: heatmaps, lines, bars, tables", ("look", "f5,v", "look", "look")),
        *keys.told(
            keys.EXERCISE, "the scratchpad: name values, such as a = W @ x", ("pad", "f6,e", "pad", "scratchpad")
        ),
        *keys.told(
            keys.EXERCISE,
            "check one step towards the answer; it is not counted",
            ("step", "ctrl+t,t", "step", "check a step"),
        ),
        *keys.told(
            keys.EXERCISE,
            "the words that it stands on, and the page about them",
            ("words", "ctrl+l,w", "words", "words"),
        ),
        *keys.told(
            keys.EXERCISE,
            "in a review, once it is solved: rate it again, hard, good or easy",
            ("rate", "ctrl+g,r", "rate", "rate"),
        ),
        *keys.told(
            keys.EXERCISE,
            "the previous, the next exercise",
            ("previous", "f7", "neighbour(-1)", "previous exercise"),
            ("next", "f8", "neighbour(1)", "next exercise"),
            ("previous-letter", "left_square_bracket", "neighbour(-1, False)", "previous exercise"),
            ("next-letter", "right_square_bracket", "neighbour(1, False)", "next exercise"),
        ),
        *keys.told(
            keys.EXERCISE,
            "check every part that is filled in and not checked yet",
            ("check-all", "ctrl+r,a", "check_all", "check all parts"),
        ),
        *keys.told(
            keys.LETTERS,
            "go to the answer line; on the options, check the answer",
            ("enter", "enter", "enter", "check"),
        ),
        *keys.told(
            keys.LETTERS, "the exercise as code of NumPy, PyTorch or JAX, to copy", ("code", "c", "code", "as code")
        ),
        *keys.told(
            keys.LETTERS, "copy a number: a given, a right answer, a step", ("copies", "y", "copies", "copy a number")
        ),
        *keys.told(
            keys.TYPING,
            "go up or down: to another part, its options, the scratchpad",
            ("part-above", "up", "walk(-1)", "previous part"),
            ("part-below", "down", "walk(1)", "next part"),
        ),
        *keys.told(
            keys.TYPING,
            "go to the next or the previous one, after the last to the first; in a program these keys indent",
            ("next-part", "tab", "walk(1, True)", "next part"),
            ("previous-part", "shift+tab", "walk(-1, True)", "previous part"),
        ),
    ]

    def __init__(self, visit: "ExerciseVisit", *, typing: bool = True, sentence: str = "", ahead: bool = False) -> None:
        """Show a visit, and a sentence; `typing` False leaves the answer line alone: the letters go on working.

        ahead: it is not opened yet, and may never be; `begin` opens it.
        """
        super().__init__(visit, sentence)
        self._resumed, visit.resumed = visit.resumed, ""
        self._typing = typing
        self._seen = not ahead
        self.pad: Pad | None = None
        self.step_box: StepBox | None = None
        self._filled: tuple[int, int, bool, str] | None = None
        self._tone: Tone = ""  # how what was checked last came out
        self._several = self._led = False  # whether several parts are to be checked; whether the keys say how to go on
        self._part_in_use = ""  # the part that had the focus last

    # what it is

    kind = "exercise"

    @property
    def exercises(self) -> "Exercises":
        """The exercises of the sitting."""
        return self.session.exercises

    @property
    def visits(self) -> "Visits[ExerciseVisit]":
        """The exercises that were opened."""
        return self.exercises.visits

    def about(self, numbers: str) -> Sequence[str]:
        """Return its level, which numbers it has, and where it stands in the course."""
        exercise = self.visit.source
        position = self.session.position(exercise.id)
        first = f"level {exercise.level}"
        review = self.session.reviews.round
        if review is not None and self.session.reviews.under_way(exercise.id):
            first = f"review {review.exercises.index(exercise.id) + 1}/{len(review.exercises)}"
        assignment = self.session.assignment
        if assignment is not None:
            first = assignment.briefly(self.visit, self._part_in_use)
            numbers = "your own numbers" if assignment.is_own(self.visit) else numbers
        return (
            first,
            numbers,
            f"{position[2]}/{position[3]}" if position else "",
        )

    def again(self, fresh: "ExerciseVisit", sentence: str, *, typing: bool) -> "ExerciseScreen":
        """Return a screen like this one for other numbers."""
        return ExerciseScreen(fresh, typing=typing, sentence=sentence)

    def entries(self) -> "Sequence[AnswerLine | Lines]":
        """Return the entries of the open parts, then those of the others from the last on."""
        done = [self.visit.right(box.part.name) for box in self.boxes]
        entries = [box.entry for box in self.boxes]
        open_entries = [entry for entry, right in zip(entries, done, strict=True) if not right]
        return [*open_entries, *(entry for entry in reversed(entries) if entry not in open_entries)]

    # what is on the screen

    def body(self) -> Iterable[Widget]:
        """Return the columns: with the talk at the left and, on a wide screen, the numbers at the right."""
        exercise = self.visit.source
        alone = len(self.visit.question.parts) == 1
        ascii_only = self.terminal.ascii_only
        tick = keys.key_on(Options, "tick", self.tutor.keymap)
        self.boxes = [
            PartBox(
                part,
                self.visit.texts.get(part.name, ""),
                alone,
                ascii_only,
                typed=self._typed,
                submitted=self._check,
                trail=self.visit.trail(part.name),
                tick=tick,
                key=self.key,
            )
            for part in self.visit.question.parts
        ]
        for box in self.boxes[1:]:
            box.add_class("later")
        self.folding = Folding(self.boxes, self.visit, ascii_only=ascii_only)
        self.givens_below = Static(id="givens-below", classes="givens", markup=False)
        self.givens_beside = Static(id="givens-beside", classes="givens", markup=False)
        self.pictures = Static(id="pictures", markup=False)
        self.after = Static(id="after", markup=False)
        self.hints = Static(id="hints", markup=False)
        self.prompt = Static(self.prose(exercise.prompt), id="prompt", markup=False)
        self.left = Scroll(
            self.prompt, self.givens_below, Rule(id="middle"), *self.boxes, self.after, self.hints, id="left"
        )
        self.beside = Static(id="beside-text", markup=False)
        self.right = Scroll(self.givens_beside, self.pictures, self.beside, id="right")
        self.pinned = Static(id="pinned", markup=False)
        self.pinned.display = False
        self.pinned_rule = Rule(id="pinned-rule")
        return (self.pinned, self.pinned_rule, Horizontal(self.left, self.right, id="columns"))

    def on_mount(self) -> None:
        """Fill in what depends on the visit, and put the cursor where the answer goes."""
        if self.visit.run.scratch.strip():
            self._open_pad()
        for box in self.boxes:
            box.show_reading(None)
            box.show_verdict(None)
            if self.visit.texts.get(box.part.name, "").strip():
                self._read(box)
            else:
                self._judge(box)
        self._fill_hints()
        self._fill_numbers()
        self._first_focus()
        self.folding.on = len(self.boxes) > 1 and self._lines_of_all() > self._room_for_all()
        self._fold()
        if self._seen:
            self._has_opened()
        if self.visit.to_mark:
            self.tutor.later(f"again {self.visit.id}", self._mark_again)

    def _mark_again(self) -> None:
        """Say of what was answered in an earlier sitting what was said then."""
        if not self.is_attached:
            return
        self.tutor.wait_to_mark()
        for box in self.boxes:
            self.exercises.mark_again(self.visit, box.part.name)
        for box in self.boxes:
            self._judge(box)
        self._fill_after()
        if self._seen and (self.focused is None or not self._typing_goes_on()):
            self._first_focus()

    def _typing_goes_on(self) -> bool:
        """Tell whether the line in use is one on which there is something left to do."""
        box = next((box for box in self.boxes if box.has_focus_within), None)
        return box is None or not self.visit.right(box.part.name)

    @override
    def opening_sentence(self) -> str:
        """Return what the screen was opened with, or that its unit is new, or what is left of another sitting."""
        if sentence := super().opening_sentence():
            return sentence
        if self.unit is not None and self.session.is_new(self.unit) and not self.session.closed:
            return f"This unit is new to you. {self.key('words')} shows its words and its page."
        if self._resumed:
            elsewhere = f"{self.key('undo')} {_ELSEWHERE}"
            return {"here": _HERE, "left": _LEFT, "elsewhere": elsewhere}[self._resumed]
        return ""

    def _has_opened(self) -> None:
        self.call_after_refresh(self.tutor.foresee, self.visit)
        self._keep_soon()
        if self.unit is not None and not self._first_sentence:  # else its page was not offered
            self.session.met.add(self.unit.id)

    @override
    def begin(self, *, typing: bool) -> None:
        """Open what was made ahead, with a line active or none."""
        self._seen = True
        self._typing = typing
        if self.is_mounted:  # else that comes with it
            self.say(self.tutor.saving_problem or self.opening_sentence())  # the unit may not be new any more
            self._has_opened()
            self._first_focus()

    def on_unmount(self) -> None:
        """Keep what is typed and not checked."""
        self._keep()

    def _keep(self) -> None:
        if self._seen:
            self.exercises.keep(self.visit)

    def _keep_soon(self) -> None:
        """Keep it in the next longer pause, too: nobody leaves who is killed."""
        self.tutor.later(f"keep {self.visit.id}", self._keep, rest=_KEEP, within=_KEEP_WITHIN)

    def on_resize(self) -> None:
        """Lay the numbers out anew; where there is more room than before, unfold what was folded for want of it."""
        self._fill_numbers()
        if (self.folding.on or self.folding.tight) and self._lines_of_all() <= self._room_for_all():
            self.folding.on = self.folding.tight = False
            self.left.remove_class("-tight")
            self._fold()

    # parts are folded where there is no room for all

    def _room_for_all(self) -> int:
        return (self.size.height or self.app.size.height) - _FRAME

    def _lines_of_all(self) -> int:
        """Return about how many lines the left column takes with every part whole and nothing said to any."""
        wide = self.width >= WIDE
        width = max(20, (self.width // 2 if wide else self.width) - 2)
        lines = len(self.prose(self.visit.source.prompt).wrap(width))
        below = self.givens_below.content
        if not wide and isinstance(below, Content) and below:
            lines += 2 + len(below.wrap(width))
        for box in self.boxes:
            ask = box.part.ask
            asked = len(self.prose(ask.prompt).wrap(width)) if ask.prompt else 0
            lines += 2 + asked + len(ask.options)
        return lines

    def _fold(self) -> None:
        self.folding.use(self._box_in_focus())
        self.folding.show()
        self._fill_after()

    def _box_in_focus(self) -> PartBox | None:
        if self.step_box is not None and self.step_box.has_focus_within:
            return self._box(self.step_box.part)
        return next((box for box in self.boxes if box.has_focus_within), None)

    def _fill_numbers(self) -> None:
        filled = (self.width, self.size.height, self.visit.open, self.tutor.drawn)
        if self._filled == filled:
            return
        self._filled = filled
        question, wide = self.visit.question, self.width >= WIDE
        width = max(20, (self.width // 2 if wide else self.width) - 2)
        room, look = self._room(width, wide), self.key("look")
        text = material(question, width, room, self.terminal, self.tutor.drawn, beside=wide, look=look)
        row, other = (self.givens_beside, self.givens_below)[:: 1 if wide else -1]
        row.update(text)
        row.display = bool(text)
        other.display = False
        if wide:
            alone = question.asked_with is not None and not self.visit.open  # then it is what there is to look at
            figures = (
                []
                if alone
                else [figure for figure in self.exercises.figures(self.visit) if figure is not question.asked_with]
            )
            lines = len(text.wrap(width)) + 1 if text else 0
            height = (self.size.height or self.app.size.height) - _FRAME - lines
            drawing = stacked(figures, width, height, self.terminal, self.tutor.drawn) if figures else Content()
            self.pictures.update(drawing)
            self.pictures.display = bool(drawing)
            left = height - 1 - (len(drawing.split("\n")) + 1 if drawing else 0)  # a sentence may come above
            self.tutor.later(f"beside {self.visit.id}", partial(self._fill_beside, width, left))

    def _fill_beside(self, width: int, height: int) -> None:
        """Fill what is left of the right column: with the solution where that was opened, else with the unit's page."""
        if not self.is_attached or self.width < WIDE:
            return
        if self.visit.open and not self.session.closed:
            self.tutor.wait_to_mark()
            from rnn_tutor.tui.widgets.worked import whole

            text = whole(self.exercises.solution(self.visit), self.show, self.prose)
        else:
            text = self.page_beside(width, height)
        if text != self.beside.content:
            self.beside.update(text)
            self.beside.display = bool(text)

    def _room(self, width: int, wide: bool) -> int:
        """Return how many lines there are for a picture, if prompt and first answer are to be in view with it."""
        height = self.size.height or self.app.size.height
        exercise = self.visit.source
        if wide:
            return height - _AROUND - len(self.visit.question.told)
        first_ask = self.boxes[0].part.ask
        ask_lines = 2 + len(first_ask.options) + bool(first_ask.prompt and len(self.boxes) > 1)
        prompt_lines = len(self.prose(exercise.prompt).wrap(width))
        return height - _AROUND - prompt_lines - len(self.visit.question.told) - ask_lines

    # what is given stays in view

    def tell_more(self, *_: object) -> None:
        """Say in the rule whether there is more; givens that are scrolled out of view are told above."""
        height = self._height_of_all()
        if height and self._lines_laid_out() > height:
            asked = min(_FEWEST, len(self._asked_lines())) if len(self.boxes) == 1 else 0
            widget = self._widget_in_use()
            begin = "alone" if self._judged_box(widget) is None else "ask"
            needed = len(self._given_lines()) + asked + self._lines_in_use(widget, begin)
            if self.folding.fold_more(crowded=needed >= height):
                self.left.set_class(self.folding.tight, "-tight")
                self._fill_after()
                self.look_soon()
                return
        super().tell_more()
        self._pin()

    def _height_of_all(self) -> int:
        """Return how many lines there are for what scrolls and what is told above it."""
        return self.left.size.height + (self.pinned.size.height + 1 if self.pinned.display else 0)

    def _lines_laid_out(self) -> int:
        """Return how many lines all that scrolls has: not `virtual_size`, which may be the height of a moment ago."""
        return max((child.virtual_region.bottom for child in self.left.children if child.display), default=0)

    def _pin(self) -> None:
        """Show question and givens above what scrolls while they are out of view, if the part in use leaves room."""
        lines = self._lines_to_pin() if self._is_above() else []
        if lines and self._wanted is not None and self.left.scroll_y < self._parts_at():
            self.left.scroll_to(y=self._parts_at(), animate=False, immediate=True)  # else givens stood there twice
        content = Content("\n").join(lines)
        if content == self.pinned.content and self.pinned.display == bool(lines):
            return
        stays = self.left.scroll_y - (self.pinned.size.height + 1 if self.pinned.display and not lines else 0)
        self.pinned.update(content)
        self.pinned.display = self.pinned_rule.display = bool(lines)
        if stays != self.left.scroll_y:  # what is read stays where it is
            self.left.scroll_to(y=max(0, stays), animate=False, immediate=True)
        self.look_soon()
        if self.pad is not None and self.focused is self.pad.lines:
            self.call_after_refresh(self.pad.lines.bring_cursor)

    def _parts_at(self) -> int:
        """Return the line of the column at which the parts begin: what stands above it is what can be pinned."""
        return self.boxes[0].virtual_region.y

    def _is_above(self) -> bool:
        """Tell whether question and givens are out of view: where somebody scrolls, only once none of them is left."""
        line = round(self.left.scroll_y)
        return line > 0 and (self._wanted is not None or line >= self._parts_at())

    def _lines_to_pin(self) -> list[Content]:
        """Return the givens, what the part in use asks where that has no room below, and of the question what fits."""
        widget, height = self._widget_in_use(), self._height_of_all() - 1  # the rule's line
        given, ask = self._given_lines(), self._ask_lines(widget)
        all_asked = [*given, *ask]
        for lines, begin in ((given, "ask"), (all_asked, "line"), (all_asked, "verdict"), (given, "verdict")):
            room = height - max(_LEAST_IN_USE, self._lines_in_use(widget, begin))
            if len(lines) <= room:
                break
        else:
            lines = [] if self._pictured() or room < _FEWEST else [*given[: room - 1], _MORE]
        return [*self._asked_in(room - len(lines)), *lines]

    def _asked_in(self, room: int) -> list[Content]:
        """Return the question in so many lines: its end, where no part asks for itself, else its beginning."""
        asked = self._asked_lines()
        if len(asked) <= room:
            return asked
        if len(self.boxes) == 1 and room > 0:
            return [*([_MORE] if room >= _FEWEST else []), *asked[-max(1, room - 1) :]]
        return [*asked[: room - 1], _MORE] if room >= _FEWEST else []

    def _widget_in_use(self) -> Widget:
        """Return what is to be in view: what was said last, the pad, or the part in use."""
        if self.pad is not None and self.pad.has_focus_within and self._wanted is None:
            return self.pad
        return self._wanted or next((box for box in self.boxes if box.has_focus_within), self.boxes[0])

    def show_wanted(self, widget: Widget) -> None:
        """Scroll to what was just said; of what is higher than the column with the line above it, to its end."""
        lines = self._lines_in_use(widget, "line")
        if self._judged_box(widget) is None and lines <= self.left.size.height:  # with the line typed on above it
            region = Region(0, widget.virtual_region.bottom - lines, 1, lines)
            self.left.scroll_to_region(region, animate=False, immediate=True)
        elif widget.virtual_region_with_margin.height > self.left.size.height:
            y = widget.virtual_region.bottom - self.left.size.height
            self.left.scroll_to(y=y, animate=False, immediate=True)
        else:
            super().show_wanted(widget)

    def _judged_box(self, widget: Widget) -> PartBox | None:
        """Return the part of which something in use is, or with which it is read; None for a hint or the pad."""
        if widget is self.after:
            return next((box for box in self.boxes if box.has_focus_within), self.boxes[-1])
        return widget if isinstance(widget, PartBox) else None

    def _lines_in_use(self, widget: Widget, begin: str = "ask") -> int:
        """Return how many lines something takes; of a part from what it asks, the line typed on, or the verdict on.

        Hints and the scratchpad count from the line typed on above them, or (`begin` a verdict's or "alone") alone.
        """
        box = self._judged_box(widget)
        if box is None and begin in ("verdict", "alone"):
            return widget.size.height
        if box is None:
            box, begin = self._answered_box(), "line"
        top = {"ask": box.virtual_region.y, "line": box.line_at, "verdict": box.verdict_at}[begin]
        return widget.virtual_region.bottom - top

    def _answered_box(self) -> PartBox:
        """Return the part that is being answered, or was before somebody went to the scratchpad."""
        return self._box_in_focus() or next(
            (box for box in self.boxes if box.part.name == self._part_in_use), self.boxes[0]
        )

    def _ask_lines(self, widget: Widget) -> list[Content]:
        box = self._judged_box(widget)
        if box is None or box.asked is None or not isinstance(box.asked.content, Content):
            return []
        return list(box.asked.content.wrap(max(1, self.left.content_size.width)))

    def _given_lines(self) -> list[Content]:
        content, givens = self.givens_below.content, self.givens_below
        if self.width >= WIDE or not givens.display or not isinstance(content, Content) or not content:
            return []
        return list(content.wrap(max(1, givens.size.width))) if givens.size.height else []

    def _asked_lines(self) -> list[Content]:
        """Return the lines of the question."""
        content = self.prompt.content
        if not isinstance(content, Content) or not self.prompt.size.width:
            return []
        return list(content.wrap(self.prompt.size.width))

    def _pictured(self) -> bool:
        return self.visit.question.asked_with is not None

    def _fill_hints(self) -> None:
        hints = self.visit.source.hints
        open_hints = hints[: self.visit.run.hints]
        lines = [
            Content.assemble((f"Hint {number} of {len(hints)}  ", "bold"), self.prose(hint))
            for number, hint in enumerate(open_hints, 1)
        ]
        self.hints.update(Content("\n").join(lines))
        self.hints.display = bool(lines)
        self.refresh_keys()

    def _fill_after(self) -> None:
        """Say how far one is with several parts and, when everything is right, what is next."""
        if not self.visit.solved:
            visit = self.visit
            assignment = self.session.assignment
            for_good = assignment.right_for_good(visit) if assignment is not None else ()
            summary = score(visit.question.parts, visit.verdicts, self.terminal.ascii_only, visit.changed, for_good)
            if self.folding.on and summary:
                summary = summary.split("\n")[0]  # the lines of the folded parts say the rest
            if self.after.content != summary or self.after.display != bool(summary):
                self.after.update(summary)
                self.after.display = bool(summary)
            return
        self.after.display = True
        solved = SOLVED_AFTER if self.visit.looked_up else SOLVED
        following = self.session.following(self.visit.id)
        title, on = self.show(following.title, style="bold"), self.key("next")
        rated = self.session.reviews.says(self.visit.id, self.key("rate"))
        words = {
            "exercise": Content.assemble(f"{solved} Next: ", title, f" ({on}). "),
            "page": Content.assemble(f"{solved} Next: ", title, f", a new unit ({on}). "),
            "lab": Content.assemble(f"{solved} Next: ", title, f", a lab ({on}). "),
            "check": Content(f"{solved} The whole unit is done. Next: a check of it without hints ({on}). "),
            "end": Content(f"{solved} That was the last one. {on} closes the course. "),
            "alone": Content(f"{solved} "),
            "review": Content.assemble(f"{rated} Next in this review: ", title, f" ({on}). "),
            "review-end": Content(f"{rated} That was the last one of this review. {on} sums it up. "),
        }[following.kind]
        offer = f"{self.key('new-numbers')} asks it again with {self.visit.anew}." if self.visit.draws else ""
        how = self.session.to_hand_in()
        self.after.update(Content.assemble(words, offer, "\n" if how else "", self.show(how)))

    def key_items(self) -> Items:
        """Return the keys of the design's table: those for typing, or the letters."""
        every = len(self.visit.source.hints)
        hint = ("hint", f"hint {self.visit.run.hints}/{every}")
        solution, look, leave = ("solution", "solution"), ("look", "look"), ("leave", "")
        new = ("check-all", "check all") if self._several else ("new-numbers", "new")
        if self.step_box is not None and self.focused is self.step_box.line:
            return [("enter", "check this step"), ("step", "to the answer"), hint, look, ("pad", "pad"),
                    ("help", "help"), leave]  # fmt: skip
        check = ("next", "next") if self._leads_on() else ("enter", "check")
        if isinstance(self.focused, AnswerLine):
            return [check, hint, solution, new, look, ("pad", "pad"),
                    ("help", "help"), leave]  # fmt: skip
        if any(self.focused is box.entry for box in self.boxes):
            return [("run", "check"), ("indent", "indent"), hint, solution, ("new-numbers", "new"),
                    ("help", "help"), leave]  # fmt: skip
        if self.pad is not None and self.focused is self.pad.lines:
            return [("new-line", "next line"), ("pad", "to the answer"), hint, look, ("help", "help"), leave]
        enter = ("enter", "check" if isinstance(self.focused, Options) else "type")
        enter = ("next-letter", "next") if self._leads_on() else enter
        drawn = self.visit.seed != self.session.as_written(self.visit.id)
        paged = self.unit is not None and self.session.library.has_page(self.unit.id)
        some = ("book", "old") if drawn else ("page", "page") if paged else ("previous-letter next-letter", "")
        return [enter, hint, solution, ("new-numbers-letter", "new"), look, ("pad", "pad"), some,
                ("help", ""), ("search", ""), ("back", "back")]  # fmt: skip

    # typing

    def _first_focus(self) -> None:
        for box in self.boxes:
            if not self.visit.right(box.part.name):
                wanted = box.first if self._typing or isinstance(box.first, Options) else None
                if self.focused is not wanted:
                    self.set_focus(wanted, scroll_visible=False)
                return

    def _box(self, part: str) -> PartBox:
        return next(box for box in self.boxes if box.part.name == part)

    def on_descendant_focus(self) -> None:
        """Show the keys that work there, and the givens with the part that is in use now."""
        self.refresh_keys()
        box = self._box_in_focus()
        if box is not None and box.part.name != self._part_in_use:
            self._part_in_use = box.part.name
            self.fill_right()
        if self.pad is not None and self.pad.has_focus_within:
            self._wanted = None  # there the row of the cursor is what is brought into view
        elif self.folding.on:
            self._fold()
        self.tell_more_soon()

    def _typed(self, box: PartBox) -> None:
        text = box.text
        if text == self.visit.texts.get(box.part.name, ""):
            return
        changed_before = dict(self.visit.changed)
        self._read(box)
        self._read_what_uses(box.part.name)
        if self.visit.changed != changed_before and not self.visit.solved:
            self._fill_after()
        if self.folding.judge(box) or self.visit.changed != changed_before:
            self._fold()
        self.hush()
        if self.session.assignment is not None:
            self.fill_right()  # it may be late by now
        self._tell_of_unchecked()
        self._keep_soon()
        self.bring(box)

    def _tell_of_unchecked(self) -> None:
        """Show the key for several parts as soon as several are to be checked, and how it went where none is."""
        unchecked = self.visit.unchecked()
        self.rule.tone = "" if unchecked else self._tone
        before = self._several, self._led
        self._several, self._led = len(unchecked) > 1, self._leads_on()
        if (self._several, self._led) != before:
            self.refresh_keys()

    def _read(self, box: PartBox) -> None:
        """Show how what stands in a part is understood, and whether its verdict is about that."""
        text = box.text
        reading = self.exercises.read(self.visit, box.part.name, text)
        box.show_reading(reading if text.strip() else None)
        self._judge(box)

    def _judge(self, box: PartBox) -> None:
        part = box.part.name
        verdict = self.visit.verdicts.get(part)
        if verdict is not None:
            box.show_verdict(verdict, self.visit.changed.get(part), looked_up=part in self.visit.looked_up)

    def _read_what_uses(self, part: str) -> None:
        """Read anew the other parts and the scratchpad where they name this one: it is another value now."""
        users = self.visit.uses_of(part)
        if self.pad is not None and PAD in users:
            self.pad.refresh_notes()  # which reads all parts
            return
        for box in self.boxes:
            if box.part.name in users:
                self._read(box)

    @on(Ticked)
    def _ticked(self, event: Ticked) -> None:
        entry = self._box(event.part).entry
        if isinstance(entry, AnswerLine):
            entry.value = " ".join(str(number) for number in event.numbers)

    async def action_enter(self) -> None:
        """Check the answer, or go to its line."""
        if isinstance(self.focused, Options):
            await self._check(self.focused.part)
        else:
            self.set_focus(self._first_open())

    async def _check(self, part: str) -> None:
        box = self._box(part)
        done = self._leads_on()  # then a check says nothing new
        if refused := self._no_try_left(part):
            self.say(refused)
        elif not box.text.strip():
            hint = "" if self.session.closed else f" {self.key('hint')} opens a hint."
            self.say(f"Type an answer first.{hint}")
        else:
            await self._show_running([box])
            self._mark(box)
        if done and not self.saying():
            self.say(f"Everything is right already. {self.key('next')} goes on.")

    def _leads_on(self) -> bool:
        """Tell whether what comes next is all that is left: all is right, and nothing was typed since."""
        solved = self.visit.solved and not self.visit.unchecked()
        return solved and self.session.following(self.visit.id).kind != "alone"

    async def _show_running(self, boxes: Sequence[PartBox]) -> None:
        """Say on the screen that programs are run; the next key waits for it, or it would be typed into what is run."""
        programs = [box for box in boxes if box.part.kind == "program"]
        for box in programs:
            box.show_running()
        if programs:
            await self.wait_for_refresh()

    def _no_try_left(self, part: str) -> str:
        return self.session.no_try_left(self.visit, part)

    async def action_check_all(self) -> None:
        """Check all parts that are filled in and not checked, the first one first: later ones may go on from it."""
        unchecked = self.visit.unchecked()
        boxes = [box for box in self.boxes if box.part.name in unchecked and not self._no_try_left(box.part.name)]
        if not boxes:
            self.say("Nothing that you typed is left to check.")
            return
        await self._show_running(boxes)
        for box in boxes:
            self._mark(box)
        wrong = [box for box in boxes if not self.visit.right(box.part.name)]
        if wrong:
            self.set_focus(wrong[0].first)
            self._tone = "wrong"
            self._tell_of_unchecked()
            self.bring(wrong[0])

    def _mark(self, box: PartBox) -> None:
        """Mark an answer, and say what is said to it."""
        self.tutor.wait_to_mark()
        part = box.part.name
        verdict = self.exercises.check(self.visit, part, box.text)
        self.say(self.tutor.known_saving_problem or self._told_after(verdict))
        box.show_reading(verdict.reading)
        box.show_verdict(verdict, looked_up=part in self.visit.looked_up)
        self.folding.judge(box)
        self._tone = _TONES.get(verdict.verdict, "")
        self._tell_of_unchecked()
        self._keep_soon()
        self._fill_after()
        self._fill_numbers()
        if self.visit.solved:
            following = self.session.following(self.visit.id)
            self.tutor.expect(following.id if following.kind in ("exercise", "lab") else None)
        if verdict.verdict == "right" and self.step_box is not None and self.step_box.part == part:
            self._close_steps()
        if verdict.diagnosis is not None and verdict.diagnosis.suspects:
            self.call_after_refresh(self._offer, box, verdict)
        if not self.visit.solved and verdict.verdict == "right":
            self.set_focus(self._first_open())
            box = self._box_in_focus() or box  # what was said stands above it
        elif box.options is not None and self.focused is box.entry:
            self.set_focus(box.options, scroll_visible=False)  # letters are keys again there
        elif self.visit.solved and self.focused is box.entry and not self.tutor.saving_problem:
            self.set_focus(None)  # and here, unless Enter is to save it once more
            self.done_typing = True
        self.bring(self.after if self.visit.solved else box)

    def _told_after(self, verdict: "Verdict") -> str:
        """Return what an assignment adds to a verdict, and show how many tries are left."""
        assignment = self.session.assignment
        if assignment is None or verdict.verdict not in _TONES:
            return ""
        self.fill_right()
        told = assignment.told_after(self.visit, verdict.part)
        return f"{told} {self._told_of_last(verdict.part)}".strip()

    def _told_of_last(self, part: str) -> str:
        """Return what one goes on with after the last try at a part: its verdict stays in view until then."""
        open_names = [box.part.name for box in self.boxes if not self.visit.right(box.part.name)]
        if self._no_try_left(part) and not all(map(self._no_try_left, open_names)):
            return f"{self.key('next-part')} goes on to another part."
        return ""

    def _offer(self, box: PartBox, verdict: "Verdict") -> None:
        """Say with which numbers the mistake could be told, once they are known."""
        part = box.part.name
        if self.visit.verdicts.get(part) is verdict and part not in self.visit.changed:
            box.show_verdict(self.exercises.offer(self.visit, part))
            self.bring(box)

    def _first_open(self) -> Widget:
        unsolved = [box for box in self.boxes if not self.visit.right(box.part.name)]
        first = next((box for box in unsolved if not self._no_try_left(box.part.name)), None)
        return first.first if first is not None else (unsolved or self.boxes)[-1].entry

    # keys

    def action_walk(self, by: int, around: bool = False) -> None:
        """Go to the line above or below; where there is none, scroll."""
        chain: list[Widget] = [
            widget for box in self.boxes for widget in (box.options, box.entry) if widget is not None
        ]
        if self.step_box is not None:
            chain.insert(chain.index(self._box(self.step_box.part).entry) + 1, self.step_box.line)
        chain += [self.pad.lines] if self.pad is not None else []
        place = chain.index(self.focused) if self.focused in chain else None
        if place is None and not around:
            self.action_line(by)
        elif place is None:
            self.set_focus(chain[0 if by > 0 else -1])
        elif around:
            self.set_focus(chain[(place + by) % len(chain)])
        elif 0 <= place + by < len(chain):
            self.set_focus(chain[place + by])
        else:
            self.action_line(by)

    def action_hint(self) -> None:
        """Open the next hint."""
        hints = self.visit.source.hints
        if self.tutor.closed():
            return
        if self.visit.run.hints < len(hints):
            self.visit.run.hints += 1
            self._fill_hints()
            self._next_to_answer(self.hints)
            self._keep_soon()
        elif hints:
            self.say(f"Those were all the hints. {self.key('solution')} shows the solution step by step.")
        else:
            self.say(f"There are no hints here. {self.key('solution')} shows the solution step by step.")
        self.bring(self.hints)

    def action_solution(self) -> None:
        """Open the worked solution."""
        self.tutor.open_solution(self.visit)

    def action_look(self) -> None:
        """Look at the numbers."""
        self.tutor.open_look(self.visit, self.exercises.all_to_look_at(self.visit))

    def action_pad(self) -> None:
        """Go to the scratchpad, or from there to the answer."""
        if self.pad is None:
            self.set_focus(self._open_pad().lines)
        elif self.focused is self.pad.lines:
            self.set_focus(self._first_open())
        else:
            self._next_to_answer(self.pad)
            self.set_focus(self.pad.lines)

    def _next_to_answer(self, widget: Widget) -> None:
        """Put hints or scratchpad, whichever was asked for last, in front of the other: the answer is above both."""
        other = self.pad if widget is self.hints else self.hints
        if other is not None:
            self.left.move_child(widget, before=other)

    def _open_pad(self) -> "Pad":
        from rnn_tutor.tui.widgets.pad import Pad

        drawn = lambda: self.tutor.drawn  # noqa: E731
        self.pad = Pad(self.visit.run.scratch, self.terminal, drawn, self._work_out, self.visit.trail(PAD))
        self.pad.lines.leave = self.action_walk
        self.left.mount(self.pad, after=self.boxes[-1])
        return self.pad

    def _work_out(self, text: str) -> "list[Note]":
        """Return what the lines of the scratchpad come to; what they name may stand in the answers."""
        notes = self.exercises.notes(self.visit, text)
        self._wanted = None  # it is the row of the cursor that is brought into view
        self._keep_soon()
        changed_before = dict(self.visit.changed)
        for box in self.boxes:
            if box.text.strip() and box.part.kind != "program":
                self._read(box)
        if self.visit.changed != changed_before and not self.visit.solved:
            self._fill_after()
        return notes

    def action_step(self) -> None:
        """Go to the line on which a step towards the answer is checked, or from there to the answer."""
        if self.step_box is not None and self.focused is self.step_box.line:
            self.set_focus(self._box(self.step_box.part).entry)
            return
        box = next((box for box in self.boxes if box.has_focus_within), None) or self._box_in_use()
        tried = self.visit.verdicts.get(box.part.name)
        if tried is None or tried.verdict == "not_understood":
            self.say(f"Check an answer first. Then {self.key('step')} checks a step towards it.")
            return
        if self.visit.right(box.part.name):
            self.say("This part is already right.")
            return
        if self.step_box is None or self.step_box.part != box.part.name:
            self._open_steps(box)
        if self.step_box is not None:
            self.set_focus(self.step_box.line)
            self.bring(self.step_box)

    def _box_in_use(self) -> PartBox:
        """Return the first part that was tried and is not right, or the first that is not right."""
        left = [box for box in self.boxes if not self.visit.right(box.part.name)] or self.boxes
        return next((box for box in left if box.part.name in self.visit.verdicts), left[0])

    def _open_steps(self, box: PartBox) -> None:
        from rnn_tutor.tui.widgets.step import StepBox

        self._close_steps()
        visit, part = self.visit, box.part.name
        points = self.exercises.checkpoints(visit, part)
        if not points:
            self.say(f"This answer has no steps to check. {self.key('hint')} opens a hint.")
            return
        self.step_box = StepBox(
            part,
            points,
            self.exercises.first_step(visit, part, points),
            self.terminal.ascii_only,
            read=lambda point, text: self.exercises.read_step(visit, part, point, text),
            check=lambda point, text: self.exercises.check_step(visit, part, point, text),
            right=self._step_right,
        )
        self.left.mount(self.step_box, after=box)

    def _step_right(self, steps: "StepBox") -> None:
        self.visit.steps[steps.part] = steps.place
        self.bring(steps)

    def _close_steps(self) -> None:
        if self.step_box is not None:
            self.step_box.remove()
            self.step_box = None

    def action_new_numbers(self, typing: bool = True) -> None:
        """Begin anew with other numbers: those that tell what the last answer was, where they were offered."""
        telling = self.visit.telling
        if telling is None:
            super().action_new_numbers(typing)
        else:
            part, numbers = telling
            sentence = f"Answer {part} with these numbers: then I can tell which mistake it is."
            self._renew(numbers.seed, typing=typing, sentence=sentence)

    def action_words(self) -> None:
        """Open the words that the exercise stands on, and the page about them."""
        self.tutor.open_words(self.visit.source)

    def action_rate(self) -> None:
        """Rate a solved exercise of a review otherwise: it comes back sooner or later."""
        if self.visit.solved and self.session.rate(self.visit.id):
            self.say(self.tutor.saving_problem)
            self._fill_after()
            self.bring(self.after)
        else:
            self.say("You can rate an exercise of a review once it is solved.")

    def action_copies(self) -> None:
        """Show what can be copied."""
        self.tutor.open_copies(self.visit)

    def action_code(self) -> None:
        """Show the givens as code, and the steps too once they give nothing away."""
        from rnn_tutor.tui.copying import code_of

        code, note = code_of(self.visit, self.session.code_in)
        if code:
            self.tutor.open_code(self.visit)
        else:
            self.say(note)

    def action_neighbour(self, by: int, typing: bool = True) -> None:
        """Go to the exercise before or after this one; after the last, to the closing page."""
        typing = typing and self.types
        exercise = self.visit.id
        if by > 0:
            self.tutor.go_on(self.session.following(exercise), typing=typing)
        elif previous := self.session.library.neighbours(exercise)[0]:
            self.tutor.open_exercise(previous, instead=True, typing=typing)
        else:
            self.say("This is the first exercise.")

    def on_screen_resume(self) -> None:
        """Show all pictures once the solution was seen, with the marks that were chosen."""
        if self.is_mounted:
            self._fill_numbers()
