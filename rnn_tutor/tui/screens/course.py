"""The course: its units, what is in them, what is done, what is next; and what a search finds in it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.messages import Chosen
from rnn_tutor.tui.pauses import REST
from rnn_tutor.tui.rows import DUE, Found, Index, Kind, Row, around, count_rows, course_rows, unit_rows
from rnn_tutor.tui.screens.frame import WIDE, FrameScreen, Items
from rnn_tutor.tui.widgets.course import CourseList
from rnn_tutor.tui.widgets.rows import BESIDE, due_line, heading, needs, noted, unit_line, written

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Unit, Way
    from rnn_tutor.tui.query import Query
    from rnn_tutor.tui.widgets.search import SearchLine

_KIND_WORDS: tuple[tuple[Kind, str], ...] = (
    ("exercise", "exercise"),
    ("lab", "lab"),
    ("page", "page"),
    ("term", "word"),
)

# Seconds without a key before what is under the cursor is made ready, which costs ten keys: each key of a word finds
# another exercise, and who walks down a list leaves 0.12 to 0.25 between two.
_REST_BETWEEN_KEYS = 0.25
_MANY = 1_000  # exercises: what is searched in is made in the first pause, and not when one searches
_AROUND = 8  # lines of a screen that are not the list: the bar, the keys, two rules, what is said of the cursor's row
_LIST = 74  # columns of the list where something stands beside it, if its titles need no more
_LEAST_BESIDE = 40  # ... of what stands there
_AROUND_WIDE = 4  # ... where that stands beside the list
_SCREENS = ("exercise", "lab", "page", "term")  # the kinds of rows that have a screen of their own


class CourseScreen(FrameScreen):
    """The first screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(keys.COURSE, "the page of the unit at the cursor", ("page", "u", "page", "the unit's page")),
        *keys.told(
            keys.COURSE,
            "fold or unfold a unit",
            ("fold", "left", "fold", "fold"),
            ("unfold", "right", "unfold", "unfold"),
        ),
        *keys.told(keys.COURSE, "the glossary: words and symbols", ("glossary", "g", "app.glossary", "glossary")),
        *keys.told(keys.COURSE, "review what is due, each with new numbers", keys.REVIEW),
        *keys.told(keys.COURSE, "progress: what you have done", ("progress", "p", "app.progress", "progress")),
        *keys.told(keys.COURSE, "a check of the unit at the cursor: five questions without hints", keys.CHECK),
        *keys.told(keys.COURSE, "an exam on some units", keys.EXAM),
        *keys.told(keys.COURSE, "the ways through the course, and a placement", keys.WELCOME),
        *keys.told(keys.COURSE, "end the search", ("end-search", "escape", "end_search", "end the search")),
        *keys.told(keys.COURSE, "leave rnn-tutor", ("quit", "q", "app.quit", "quit")),
        # while one types what to search for
        *keys.WHILE_TYPING,
    ]

    scrolled_by = "rows-up rows-down"

    _following: str | None = None
    _way: "Way | None" = None  # by which the cursor went to what follows
    _index: Index | None = None
    _index_closed = False  # whether it was made while there were no pages to search in
    _found: "Found | None" = None
    _unfolded: set[str]
    _glossary = False
    _longest: int | None = None  # characters of the longest title
    search: "SearchLine | None" = None  # imported and made when it is first used: 8 ms of 200 until the course is there
    _seen = False  # whether it was shown before
    _opened_found = False  # whether something was opened from a search, which ends when one comes back from it
    _about = ""  # what an assignment says it is for, until one comes back
    _told = ""  # what was said of an assignment last
    _cursor_before_search: tuple[Kind, str] | None = None  # where the cursor was when the search began

    def body(self) -> Iterable[Widget]:
        """Return the list, and the line to search with."""
        self._unfolded = set()
        self.list = CourseList(self._row, self._say_more)
        self.aim = Static(id="aim", markup=False)
        self.beside = Static(id="course-beside", markup=False)
        return (Horizontal(self.list, self.beside, id="course-columns"), self.aim)

    def columns(self) -> Iterable[Widget]:
        """Return the list: it is what scrolls here."""
        return (self.list,)

    def on_mount(self) -> None:
        """List the course before anything is painted, or say why there is none."""
        self.bar.left = Content.assemble(("rnn-tutor", "bold"))
        self.set_focus(self.list)
        if self.tutor.ready:
            self._begin()
        else:
            self.say(self.tutor.unreadable)

    def key_items(self) -> Items:
        """Return the keys of the course."""
        choose = ("row-up row-down", "choose")
        if self.searching:
            return [choose, ("enter", "open"), ("help", "help"), ("end-search", "end the search")]
        due = [("review", "review")] if self.tutor.ready and self.session.due else []
        words = [("glossary", "glossary")] if self._glossary and not due else []  # on 80 columns there is room for one
        first = [choose, ("open", "open"), *due, ("search", "search"), *words]
        return [*first, ("progress", "progress"), ("help", "help"), ("quit", "quit")]

    def _begin(self) -> None:
        """List the course and go to what is next."""
        height = max(0, self.app.size.height - (_AROUND if self.width < WIDE else _AROUND_WIDE))
        if count_rows(self.session.library, most=height) <= height:  # a long course has that open which one is in
            self._unfolded = {unit.id for unit in self.session.course.units}
        self._glossary = self.session.library.has_glossary
        if len(self.session.library.ids) > _MANY:
            self.tutor.later("search", self._make_index)
        self._share()
        self.refresh_course()
        above = self.list.begin_at_cursor(height)
        self.tell_lines(above, max(0, len(self.list.rows) - height - above))
        self.refresh_keys()
        if not self.list.rows:
            self.say("There are no exercises here.")
        assignment = self.session.assignment
        if self.tutor.saving_problem or self.session.meanwhile:
            self.say(self.tutor.saving_problem or self.session.meanwhile)
        elif assignment is not None:
            self._about = assignment.about
            self._tell_of_assignment()

    def on_screen_resume(self) -> None:
        """Show what has been done since, in other sittings too."""
        if self._seen and self.tutor.ready:
            self._end_what_was_found()
            if self.session.look_again():
                self.tutor.read_past()
            if self.session.past_is_read:  # else that comes when it is
                self.session.find_due()
            self.refresh_course()
            self._about = ""
            self._tell_of_assignment()
            self.tutor.ask_of_class()
        self._seen = True

    @override
    def is_due(self) -> None:
        """Tell it in the bar and in a sentence, if one looks at the course; else that comes when one is back."""
        if self.is_current:
            self.refresh_course()
            self._tell_of_assignment()

    def _tell_of_assignment(self) -> None:
        """Say what is true of an assignment now; only how it is handed in takes the place of another sentence."""
        assignment = self.session.assignment
        if assignment is None or self.tutor.saving_problem:
            return
        how = self.session.to_hand_in()
        told = " ".join(filter(None, ("" if how else self._about, assignment.due(), how)))
        if how or not self.notice.display or self.notice.content == self.show(self._told, style="bold"):
            self.say(told)
        self._told = told

    # the list

    def refresh_course(self) -> None:
        """Write the list anew: the cursor on what one comes from or, when that is done, on what is next."""
        session = self.session
        following = session.next_open()
        opened, self.tutor.last_opened = self.tutor.last_opened, None
        row = self.list.current
        stays = self._way == session.way and (self._following is not None or following is None)
        self._way = session.way
        cursor = row.key if row is not None and stays else None
        if opened is not None:
            cursor = "exercise", opened if following is None or not session.done(opened) else following
        elif cursor is None and (following is not None or self._left() is not None):
            cursor = "exercise", self._left() or following or ""
        self._following = following
        if cursor is not None and cursor[0] == "exercise" and (position := session.position(cursor[1])) is not None:
            self._unfolded.add(position[0].id)
        self._fill(cursor)
        done_count = sum(session.done(exercise) for exercise in session.standings if session.library.lists(exercise))
        way = Content.assemble("   ", self.show(session.way.title)) if session.way is not None else Content()
        self.bar.left = Content.assemble(("rnn-tutor", "bold"), "   ", self.show(session.course.title), way)
        due = f", {len(session.due)} due ({self.key('review')})" if session.due else ""
        self._fill_right(f"{done_count} of {len(session.library.ids)} done{due}")
        self.refresh_keys()

    def _fill_right(self, told: str) -> None:
        """Write who is there, and how much is done: of an assignment also when it is due."""
        assignment = self.session.assignment
        learner = f"{self.tutor.learner}   " if self.tutor.learner else ""
        if assignment is not None:
            told = "   ".join(filter(None, (assignment.summary(), assignment.due_briefly())))
        self.bar.right = Content(f"{learner}{told}")

    def _left(self) -> str | None:
        """Return the exercise that the sitting before has left before it was done."""
        left = self.session.left
        listed = left is not None and self.session.position(left) is not None and not self.session.done(left)
        return left if listed else None

    def _fill(self, cursor: tuple[Kind, str] | None) -> None:
        """Show the rows of the course, or (while one searches) what is found."""
        asked = self._asked
        if self._index is None or asked is None:
            due = [DUE] if self.session.due else []
            self.list.show([*due, *course_rows(self.session.library, self._unfolded)], cursor)
            return
        found = self._found = self._index.search(asked, self.session.about)
        self.list.show(found.rows, cursor or found.named, anew=False)
        counts = {kind: found.counts.get(kind, 0) for kind, _ in _KIND_WORDS}
        tallies = [f"{counts[kind]} {word}{'s' * (counts[kind] != 1)}" for kind, word in _KIND_WORDS if counts[kind]]
        meant = " ".join(dict.fromkeys(found.instead.values()))
        self.rule.words = (f"for {self.show(meant).plain}: " if meant else "") + ", ".join(tallies)
        if asked.asked_kinds and self.session.answers.unread:
            self.rule.words = f"reading {self.session.answers.unread} files. {self.rule.words}"
            self.tutor.later("kinds", self._read_kinds)

    def _read_kinds(self) -> None:
        """Read some more files, for what they ask; they are read once, in pauses, and only for who asks for a kind."""
        asked = self._asked
        if asked is not None and asked.asked_kinds:
            self.session.answers.read_some()
            row = self.list.current
            self._fill(row.key if row is not None else None)

    def _row(self, row: Row) -> Content:
        if row.kind == "due":
            return due_line(self.session.reviews.planned, self.list.size.width, self.key("review"))
        if row.kind == "heading":
            return heading(row, self.list.size.width, self.show)
        if row.kind == "unit" and row.unit is not None:
            unit = row.unit
            unfolded = unit.id in self._unfolded
            told = [self._word_of_unit(unit, unfolded=unfolded), *noted(unit, self.session)]
            if told[0] == "done" and len(told) > 1:  # the count says it
                told[0] = ""
            word = ", ".join(filter(None, told))
            done_count, total = self.session.tally(unit)
            nothing = "drafts" if self.session.library.drafts(unit.id) else "empty"
            count = f"{done_count}/{total}" if total else nothing
            return unit_line(row, count, self.list.size.width, self.show, unfolded=unfolded, word=word)
        return written(row, self.session, self._following, self.list.size.width, self.show)

    def _word_of_unit(self, unit: "Unit", *, unfolded: bool) -> str:
        """Return what is next or due in a unit that is folded, else how far it is."""
        exercise_ids = unit.exercise_ids
        due = self.session.due_in(unit)
        if not unfolded and (due or self._following in exercise_ids):
            return "next" if self._following in exercise_ids else f"{due} due"
        mastered = self.session.mastered(unit)
        if mastered:
            return "mastered" if mastered == len(exercise_ids) else f"{mastered} mastered"
        done, total = self.session.tally(unit)
        return "done" if total and done == total else "begun" if not unfolded and self.session.unit_begun(unit) else ""

    def _say_more(self) -> None:
        """Say more of what is under the cursor: what its unit is for, what a word means."""
        row = self.list.current
        sentence = Content()
        if row is None:
            sentence = self.show(self._why_nothing())
        elif row.kind == "due":
            titles = {entry.id: entry.title for _, entry in self.session.entries()}
            sentence = self.show(", ".join(titles.get(exercise, exercise) for exercise in self.session.due))
        elif row.kind == "trouble":
            sentence = self.show(row.text)
        elif row.kind in ("page", "term") and row.text and self.session.closed:
            from rnn_tutor.tui.session import CLOSED  # late: the first frame needs no notes

            sentence = Content(CLOSED)  # whoever searched before an exam still finds what stands in pages
        elif row.kind == "term":
            sentence = Content.assemble(self.show(row.id, style="bold"), "  ", self.prose(row.text))
        elif row.kind == "page" and row.text:
            sentence = self.show(around(row.text, self._found.words if self._found is not None else ()))
        elif row.unit is not None:
            sentence = needs(row.unit, self.session, self.show, self.prose)
        if sentence != self.aim.content:
            self.aim.update(sentence, layout=False)  # it has its lines, whatever stands there
        if self.width >= WIDE:
            self.tutor.later("course beside", self._fill_beside)
        name = row.id if row is not None and row.kind in ("exercise", "lab") else None
        found = self.searching and row is not None and self._is_found(row)
        self.tutor.expect(name, rest=REST if found else _REST_BETWEEN_KEYS)

    def _why_nothing(self) -> str:
        """Say why a search finds nothing; nothing while it still reads files."""
        asked, index = self._asked, self._index
        if asked is None or index is None or (asked.asked_kinds and self.session.answers.unread):
            return ""
        from rnn_tutor.tui.query import why_nothing

        return why_nothing(asked, lambda one: bool(index.search(one, self.session.about).rows))

    def _is_found(self, row: Row) -> bool:
        """Whether a search has come to its end: it names what is in this row, or finds no other exercise."""
        found = self._found
        return found is not None and (found.named == row.key or found.counts.get("exercise") == 1)

    def _fill_beside(self) -> None:
        """Say beside the list what there is to say of the cursor's row: in a pause, as it takes reading a page."""
        if not self.is_attached or self.width < WIDE:
            return
        from rnn_tutor.tui.widgets.cut import cut  # late, both: the first frame has nothing beside the list
        from rnn_tutor.tui.widgets.overview import overview

        row, width = self.list.current, max(1, self.beside.content_size.width)
        more = f"{self.key('page')}: the page" if row is not None and row.kind not in ("page", "term") else ""
        text = Content()
        if row is not None and row.unit is not None and row.kind != "term":
            text = overview(row, self.session, self.show, self.prose)
            if row.kind == "page" and row.text and isinstance(self.aim.content, Content):  # found by a search
                text = Content("\n\n").join([self.aim.content, text])
        elif isinstance(self.aim.content, Content):
            text = self.aim.content
        text = cut(text, width, self.beside.content_size.height, more)
        if text != self.beside.content:
            self.beside.update(text, layout=False)

    def on_resize(self) -> None:
        """Fill what stands beside the list for another size."""
        if self.tutor.ready:
            self._share()
        if self.width >= WIDE and self.tutor.ready:
            self.tutor.later("course beside", self._fill_beside)

    def _share(self) -> None:
        """Give the list on a wide screen the columns that its titles need, and leave some beside it."""
        if self.width < WIDE:
            self.list.styles.width = "1fr"
            return
        if self._longest is None:
            self._longest = max((unit.longest_title for unit in self.session.course.units), default=0)
        room = self._longest + BESIDE + 2
        self.list.styles.width = max(_LIST, min(room, self.width - _LEAST_BESIDE))

    def action_fold(self) -> None:
        """Fold the unit in which the cursor is, and go to its line."""
        row = self.list.current
        if row is not None and row.unit is not None and not self.searching:
            self._unfolded.discard(row.unit.id)
            self._fill(("unit", row.unit.id))

    def action_unfold(self) -> None:
        """Unfold the unit under the cursor, with all of it in view."""
        row = self.list.current
        if row is not None and row.kind == "unit" and row.unit is not None and not self.searching:
            self._unfolded.add(row.unit.id)
            self._fill(row.key)
            self.list.bring_all(len(list(unit_rows(self.session.library, row.unit))))

    @on(Chosen)
    def _chosen(self, message: Chosen) -> None:
        self._open(message.row)

    def _open(self, row: Row) -> None:
        if row.kind == "exercise":
            self.tutor.open_exercise(row.id)
        elif row.kind == "due":
            self.tutor.action_review()
        elif row.kind == "page":
            self.tutor.open_page(row.id)
        elif row.kind == "lab":
            self.tutor.open_lab(row.id)
        elif row.kind == "term":
            self.tutor.open_glossary(row.id)
        elif row.kind == "trouble":
            self.say(row.text)
        elif row.kind == "draft":
            self.say(f"{row.id} is a draft, which is not finished, so it cannot be opened.")
        elif row.id in self._unfolded:
            self.action_fold()
        else:
            self.action_unfold()

    def action_page(self) -> None:
        """Open the page of the unit at the cursor."""
        row = self.list.current
        if row is not None and row.unit is not None:
            self.tutor.open_page(row.unit.id)

    def action_check_unit(self) -> None:
        """Begin the check of the unit at the cursor, or go on with it; while it is not done, only if that is meant."""
        row = self.list.current
        if row is None or row.unit is None:
            return
        done, total = self.session.tally(row.unit)
        begun = self.session.notes.under_way("check")
        going_on = begun is not None and list(begun[0].units) == [row.unit.id]
        title = self.show(row.unit.title).plain
        if (
            done >= total
            or going_on
            or self.confirmed(
                f"You have done {done} of {total} exercises of {title}. Press {self.key('check-unit')} again for a"
                " check of it, without hints."
            )
        ):
            self.tutor.open_set("check", [row.unit.id])

    def action_exam(self) -> None:
        """Ask what an exam is to be about, or go on with the one that is not handed in."""
        if not self.tutor.ready:
            return
        if self.session.notes.under_way("exam") is not None:
            self.tutor.open_set("exam")
            return
        row = self.list.current
        self.tutor.open_exam(row.unit.id if row is not None and row.unit is not None else "")

    # searching

    @property
    def searching(self) -> bool:
        """Whether the search line is open."""
        return self.search is not None and self.search.has_class("open")

    @property
    def _words(self) -> str:
        """What is typed to search with, while one searches."""
        return self.search.line.value.strip() if self.search is not None and self.searching else ""

    @property
    def _asked(self) -> "Query | None":
        """What is looked for, None while nothing is."""
        if not self._words:
            return None
        from rnn_tutor.tui.query import query

        asked = query(self._words)
        return asked if asked.words or asked.filters else None

    async def begin_search(self) -> None:
        """Open the search line, or go back to it; it is made, and pages and the glossary are read, the first time."""
        self._end_what_was_found()
        if self.search is None:
            from rnn_tutor.tui.widgets.search import SearchLine

            self.search = SearchLine(self._searched, self._open_current)
            await self.mount(self.search, after=self.aim)
        if not self.searching:
            row = self.list.current
            self._cursor_before_search = row.key if row is not None else None
        self.search.add_class("open")
        self.set_focus(self.search.line)
        self.hush()
        self.refresh_keys()
        self._make_index()

    def _make_index(self) -> None:
        if self._index is None or self._index_closed != self.session.closed:
            self._index_closed = self.session.closed
            self._index = Index(self.session.library, *self.session.book())

    def action_end_search(self) -> None:
        """Show the whole course again, the cursor where it is; Esc does not leave the program."""
        self._opened_found = False
        if self.search is not None and self.searching:
            row = self.list.current
            cursor = self._cursor_before_search
            if row is not None and row.unit is not None and row.kind != "term" and self._words:
                cursor = row.key
                self._unfolded.add(row.unit.id)
            self.search.remove_class("open")
            self.search.line.value = ""
            self.set_focus(self.list)
            self._fill(cursor)
            self.refresh_keys()
            self.tell_more()

    def _searched(self) -> None:
        if self.searching:
            self._fill(None)
            if not self._words:
                self.tell_more()

    def _open_current(self) -> None:
        row = self.list.current
        if row is None:
            return
        if row.kind not in _SCREENS:
            self.action_end_search()
            self._open(row)
            return
        self.set_focus(self.list)
        self._opened_found = True
        self._open(row)
        if self.is_current:  # it did not open
            self._end_what_was_found()

    def _end_what_was_found(self) -> None:
        """End a search from which something was opened."""
        if self._opened_found:
            self.action_end_search()

    def tell_more(self, *args: object) -> None:
        """Say in the rule what was found or, without a search, whether there is more above or below."""
        if not self._words:
            super().tell_more(*args)

    def action_list(self, motion: str, by: int) -> None:
        """Move the cursor of the list while the search line has the focus."""
        self.list.go(motion, by)
