"""A sitting in plain mode: where one is, and how one goes from there to another exercise, page, lab or list."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from rnn_tutor.commands.book import no_entry, say_entries, say_page
from rnn_tutor.commands.output import say
from rnn_tutor.commands.practice.exercise import ExercisePlace
from rnn_tutor.commands.practice.lines import EndedError, Lines, TimeIsUpError
from rnn_tutor.commands.practice.place import Command, Place, open_book, say_line, say_prose
from rnn_tutor.commands.practice.question import QuestionPlace, say_result
from rnn_tutor.engine.errors import did_you_mean
from rnn_tutor.progress.notes import MOST_MINUTES
from rnn_tutor.progress.queue import MOST, time_of
from rnn_tutor.tui.review import coming_back
from rnn_tutor.tui.sets import TITLES, USUAL, AskedFor, in_minutes
from rnn_tutor.tui.visits import TroubleError

if TYPE_CHECKING:
    from rnn_tutor.exercises.model import Unit
    from rnn_tutor.progress.notes import Sort
    from rnn_tutor.tui.clipboard import Clipboard
    from rnn_tutor.tui.sending import Sending
    from rnn_tutor.tui.session import Following, Session

_MOST_FOUND = 20
_DIGITS = 5


class Sitting:
    """What one does in plain mode, from the first line to the last."""

    def __init__(
        self, session: "Session", lines: Lines, clipboard: "Clipboard", sending: "Sending | None" = None
    ) -> None:
        """Go through a course. clipboard: where copies go. sending: to the class that was joined, None without one."""
        self._sending = sending
        self._session = session
        self._lines = lines
        self._clipboard = clipboard
        self._place: Place | None = None
        self._done = False

    def run(self, name: str) -> bool:
        """Begin at what has an id ("": at what one goes on with); False where nothing has it, which is told."""
        if not self._go(name):
            return False
        self._go_through()
        return True

    def run_review(self) -> bool:
        """Begin with what is due; where nothing is, that is told, and one is in the course."""
        try:
            self._review()
        except TroubleError as error:
            say_prose(str(error))
        self._go_through()
        return True

    def run_set(self, sort: "Sort", units: Sequence[str] = (), asked: "AskedFor" = USUAL) -> bool:
        """Begin with a placement or an exam; False where there is none, which is told."""
        try:
            self._open_set(sort, units, asked)
        except TroubleError as error:
            say_prose(str(error))
            return False
        self._go_through()
        return True

    def _go_through(self) -> None:
        """Take lines until they end."""
        while not self._done:
            try:
                self._take(self._lines.ask(self._place.prompt if self._place is not None else "course>"))
            except EndedError:
                break
            except TimeIsUpError:
                say_prose("The time is over. What you had typed is marked.")
                self._hand_in()
        if self._place is not None:
            self._place.leave()

    def _take(self, line: str) -> None:
        """Take one line: a command, an answer, or an empty one."""
        try:
            if line.lstrip().startswith(":"):
                self._command(line.lstrip()[1:])
            elif self._place is None and not line.strip():
                self._next()
            elif self._place is None:
                say_prose("Type :go and an id to open an exercise, or :list to see what there is.")
            elif line.strip():
                self._place.typed(line)
            elif self._place.blank():
                self._next()
        except TroubleError as error:
            say_prose(str(error))

    def _command(self, text: str) -> None:
        """Do what a command says; the beginning of its name is enough where no other begins so."""
        word, _, argument = text.partition(" ")
        commands = self._commands()
        names = [command.name for command in commands]
        near = [name for name in names if name.startswith(word)]
        name = word if word in names else near[0] if len(near) == 1 and word else ""
        if not name:
            several = f" It may be {', '.join(f':{one}' for one in near)}." if word and near else ""
            say_prose(f"There is no command :{word}.{several or did_you_mean(word, names)} :help tells them all.")
            return
        if self._place is not None:
            self._place.commanded()
        keeps_indent = name in ("line", "insert")
        next(command for command in commands if command.name == name).run(
            argument if keeps_indent else argument.strip()
        )

    def _commands(self) -> Sequence[Command]:
        if isinstance(self._place, QuestionPlace):
            return self._set_commands(self._place)
        here = self._place.commands() if self._place is not None else []
        return [
            *here,
            Command("next", lambda _: self._next(), "go to the next exercise"),
            Command("back", lambda _: self._back(), "go to the exercise before this one"),
            Command("go", self._go_to, "open an exercise, a lab or a unit by its id", "ID"),
            Command("list", self._list, "list what a unit has, and how it went", "[UNIT]"),
            Command("units", lambda _: self._units(), "list the units"),
            Command("search", self._search, "find exercises, labs, pages and words", "WORDS"),
            Command("page", lambda _: self._page(), "read the page of this unit"),
            Command("glossary", self._glossary, "explain words and symbols", "WORD"),
            Command("review", lambda _: self._review(), "begin a review of what is due, or go on with it"),
            Command("placement", lambda _: self._open_set("placement"), "find out which units you know"),
            Command("check", self._check, "take the check of a unit: five questions without hints", "[UNIT]"),
            Command("exam", self._exam, "take an exam on units; a number is its minutes", "UNITS [MINUTES]"),
            Command("question", self._open_answered, "open a question of what you handed in", "N"),
            Command("ways", self._ways, "tell the ways through the course, or choose one; none ends that", "[ID]"),
            Command("progress", lambda _: self._say_progress(), "tell what you have done"),
            *self._class_commands(),
            Command("help", lambda _: self._help(), "tell what can be typed here"),
            Command("quit", lambda _: self._quit(), "leave; so does the end of the input"),
        ]

    def _class_commands(self) -> Sequence[Command]:
        """Return what can be typed about the class that was joined."""
        if self._sending is None or self._sending.joined is None:
            return []
        from rnn_tutor.commands.practice.joined import answer

        return [
            Command(
                "class",
                partial(answer, self._sending),
                "tell what is sent to your class, and agree or not",
                "[yes or no]",
            )
        ]

    def _set_commands(self, place: QuestionPlace) -> Sequence[Command]:
        """Return what can be typed at a question of a set: no help."""
        return [
            *place.commands(),
            Command("next", lambda _: self._question(1), "go to the next question"),
            Command("back", lambda _: self._question(-1), "go to the question before this one"),
            Command("go", self._go_to, "leave it for now, and open an exercise, a lab or a unit", "ID"),
            Command("help", lambda _: self._help(), "tell what can be typed here"),
            Command("quit", lambda _: self._quit(), "leave; what you typed is there again the next time"),
        ]

    def _help(self) -> None:
        say_prose("Anything that does not begin with a colon is your answer. The commands here:")
        for command in self._commands():
            say_line(f"  :{f'{command.name} {command.takes}'.strip()}  {command.says}")
        say_prose("The beginning of a command is enough where no other command begins the same way.")

    def _quit(self) -> None:
        self._done = True

    # going

    def _enter(self, place: Place) -> None:
        if self._place is not None:
            self._place.leave()
            say()
        self._place = place
        place.open()

    def _go_to(self, name: str) -> None:
        if name:
            self._go(name)
        else:
            say_prose("Type an id behind it, such as :go ID. :list tells the ids of this unit.")

    def _go(self, name: str) -> bool:
        """Open what has an id; False where nothing has it, which is told."""
        found = self._session.named(name)
        if found is None:
            units = [unit.id for unit in self._session.course.units]
            known = [*self._session.library.ids, *self._session.library.labs, *units]
            near = did_you_mean(name, known) if name else ""
            say_prose(f"There is no exercise, lab or unit {name}.{near}" if name else "There is no exercise here.")
            return False
        try:
            if found.kind == "lab":
                self._open_lab(found.id)
            elif found.kind == "page":
                self._open_unit(self._session.library.unit(found.id))
            else:
                self._open_exercise(found.id)
        except TroubleError as error:
            say_prose(str(error))
        return True

    def _open_exercise(self, exercise: str) -> None:
        self._enter(ExercisePlace(self._session, self._session.exercises.visit(exercise), self._clipboard))

    def _open_lab(self, lab: str) -> None:
        from rnn_tutor.commands.practice.lab import LabPlace
        from rnn_tutor.commands.practice.training import TrainPlace

        visit = self._session.labs.visit(lab)
        place = LabPlace if visit.bench.runs is None else TrainPlace
        self._enter(place(self._session, visit))

    def _open_unit(self, unit: "Unit") -> None:
        """Read the page of a unit, then go on to its exercise that is next."""
        open_book(self._session)
        say()
        self._say_page(unit)
        found = self._session.begins_with(unit)
        if found is None:
            return
        say()
        if found.kind == "lab":
            self._open_lab(found.id)
        else:
            self._open_exercise(found.id)

    def _next(self) -> None:
        """Go on from here: within a review, the course, or from a lab to its unit."""
        if self._place is None:
            self._go("")
            return
        if isinstance(self._place, QuestionPlace):
            self._next_question(self._place)
            return
        name = self._place.visit.id
        if self._session.position(name) is None and self._session.way is not None:
            self._go("")
            return
        if self._session.position(name) is None:
            unit = self._session.unit_of(name)
            first = self._session.first_open(unit) if unit is not None else None
            if first is None:
                raise TroubleError("No exercise follows here. :units lists the units.")
            self._open_exercise(first)
            return
        self._go_on(self._session.following(name))

    def _go_on(self, following: "Following") -> None:
        if following.kind == "exercise":
            self._open_exercise(following.id)
        elif following.kind == "lab":
            self._session.offered.add(following.id)
            self._open_lab(following.id)
        elif following.kind == "page":
            self._open_unit(self._session.library.unit(following.id))
        elif following.kind == "review":
            self._open_review(following.id)
        elif following.kind == "review-end":
            self._say_recalled()
        elif following.kind == "check":
            self._check(following.id)
        else:
            self._say_closing(int(following.id))

    def _back(self) -> None:
        name = self._place.visit.id if self._place is not None else ""
        if name and self._session.position(name) is None:
            self._next()  # a lab stands beside the exercises of its unit
            return
        previous = self._session.library.neighbours(name)[0] if name else None
        if previous is None:
            say("This is the first exercise.")
        else:
            self._open_exercise(previous)

    def _say_closing(self, number: int) -> None:
        """Tell what a course closes with, and how much of it is done."""
        sections = self._session.library.sections
        section = sections[number]
        exercises = [entry.id for unit, entry in self._session.entries() if unit.id in section.units]
        done = sum(self._session.done(exercise) for exercise in exercises)
        if section.closing:
            say_prose(section.closing)
        say(f"Exercises solved: {done} of {len(exercises)}.")
        if how := self._session.to_hand_in():
            say_prose(how)
        following = next((unit for later in sections[number + 1 :] for unit in later.units), None)
        if following is not None:
            say_prose(f"Another course follows: :go {following}")

    # sets of questions

    def _open_set(self, sort: "Sort", units: Sequence[str] = (), asked: "AskedFor" = USUAL) -> None:
        """Begin a set, or go on with it. Raises TroubleError."""
        current = self._session.sets.begin(sort, units, asked)
        seconds = current.seconds_left()
        if seconds == 0:
            say_prose("The time is over. What you had typed is marked.")
            self._hand_in()
            return
        self._lines.alarm(seconds)
        count = f"{len(current.asked)} questions, no hints, and nothing is said before the end"
        time = f" You have {in_minutes(seconds)}; :time tells what is left." if seconds is not None else ""
        say_prose(f"{TITLES[sort]}: {count}. :skip leaves one out, :finish hands in.{time}")
        if current.fewer:
            say_prose(current.fewer)
        say()
        self._enter(QuestionPlace(self._session, current, self._hand_in, self._clipboard))

    def _next_question(self, place: QuestionPlace) -> None:
        """Go to the next open question; without any, a placement and a check are over."""
        following = place.current.following()
        if following is not None:
            self._enter_question(following)
        elif place.current.sort == "exam":
            say_prose("You have answered every question. :finish hands the exam in.")
        else:
            self._hand_in()

    def _question(self, by: int) -> None:
        current = self._session.sets.current
        if current is not None:
            self._enter_question((current.place + by) % len(current.asked))

    def _enter_question(self, number: int) -> None:
        current = self._session.sets.current
        if current is not None:
            current.place = number
            self._enter(QuestionPlace(self._session, current, self._hand_in, self._clipboard))

    def _hand_in(self) -> None:
        """Mark all that was typed, and tell what came of it."""
        current = self._session.sets.current
        if current is None or current.over:
            return
        self._lines.alarm(None)
        if isinstance(self._place, QuestionPlace):
            self._place.leave()
            self._place = None
        self._session.sets.finish(current)
        if self._session.saving_problem:
            say_prose(self._session.saving_problem)
        say_result(self._session, current)

    def _check(self, name: str) -> None:
        unit = self._session.library.unit(name) if name in self._unit_ids() else None
        if name and unit is None:
            raise TroubleError(f"There is no unit {name}.{did_you_mean(name, self._unit_ids())}")
        unit = unit or self._unit()
        self._session.offered.add(unit.id)
        self._open_set("check", [unit.id])

    def _exam(self, text: str) -> None:
        names = text.replace(",", " ").split()
        minutes = int(names.pop()) if names and names[-1].isdecimal() and len(names[-1]) <= _DIGITS else 0
        if minutes > MOST_MINUTES:
            raise TroubleError(f"An exam takes at most {MOST_MINUTES} minutes.")
        if not names and self._session.notes.under_way("exam") is None:
            raise TroubleError("Type the ids of units behind it, such as :exam lstm gru 30. :units tells the ids.")
        self._open_set("exam", names, AskedFor(minutes=minutes))

    def _open_answered(self, text: str) -> None:
        current = self._session.sets.current
        if current is None or not current.over:
            raise TroubleError("You have handed in nothing yet.")
        if not (text.isdecimal() and 1 <= int(text[:_DIGITS]) <= len(current.asked)):
            raise TroubleError(f"Type the number of a question behind it, from 1 to {len(current.asked)}.")
        asked = current.asked[int(text[:_DIGITS]) - 1]
        self._enter(ExercisePlace(self._session, self._session.sets.open(current, asked), self._clipboard))

    def _unit_ids(self) -> list[str]:
        return [unit.id for unit in self._session.course.units]

    def _ways(self, name: str) -> None:
        """Tell the ways through the course, or go one from now on."""
        ways = {way.id: way for way in self._session.course.ways}
        if not ways:
            raise TroubleError("This course has no ways to choose from.")
        if name and name not in ways and name != "none":
            raise TroubleError(f"There is no way {name}.{did_you_mean(name, [*ways, 'none'])}")
        if name:
            self._session.choose_way("" if name == "none" else name)
        for way in ways.values():
            chosen = " (chosen)" if way is self._session.way else ""
            say_line(f"  {way.id}: {way.title}{chosen}. {way.about}")
        say_prose("Type :ways and an id to choose one, or :ways none for the whole course in its order.")

    # review

    def _review(self) -> None:
        reviews = self._session.reviews
        following = reviews.begin(MOST)
        if following is None:
            say_prose(f"Nothing is due today. {coming_back(reviews)}".rstrip())
            return
        if reviews.round is not None and not reviews.round.opened:
            count = len(reviews.round.exercises)
            planned = reviews.planned[:count]
            say_prose(f"Review: {count} due, about {time_of(planned)}. Each has new numbers.")
        self._open_review(following)

    def _open_review(self, exercise: str) -> None:
        """Open an exercise of the review, the first time with new numbers where it has any."""
        self._session.begin_in_review(exercise)
        self._open_exercise(exercise)

    def _say_recalled(self) -> None:
        """Tell what a review came to, and when each exercise comes back."""
        reviews = self._session.reviews
        rows = reviews.sum_up()
        if reviews.round is None:
            return
        say(f"The review is done. {reviews.round.good} of {len(rows)} recalled at once.")
        for exercise, went, due in rows:
            back = f", comes back {due.astimezone():%Y-%m-%d}" if due is not None else ""
            say_line(f"  {self._title(exercise)}: {went}{back}")
        if reviews.left:
            say(f"{reviews.left} more are due today: :review goes on with them.")
        else:
            say_prose(f"Nothing more is due today. {coming_back(reviews)} :go and an id opens an exercise.")

    def _say_progress(self) -> None:
        from rnn_tutor.commands.lists import say_progress

        say_progress(self._session.library, self._session, self._session.reviews, ":review")
        if self._sending is not None:
            say_prose(self._sending.state())

    def _title(self, exercise: str) -> str:
        position = self._session.position(exercise)
        return position[1].title if position is not None else exercise

    # reading

    def _unit(self) -> "Unit":
        unit = self._session.unit_of(self._place.visit.id) if self._place is not None else None
        if unit is None:
            raise TroubleError("This is not part of a unit.")
        return unit

    def _page(self) -> None:
        open_book(self._session)
        unit = self._unit()
        if not self._session.library.has_page(unit.id):
            raise TroubleError("This unit has no page.")
        self._say_page(unit)

    def _say_page(self, unit: "Unit") -> None:
        self._session.met.add(unit.id)
        needed, better_first = self._session.needs(unit)
        say_page(unit, self._session.page(unit.id), [one.title for one in needed])
        if better_first:
            say_prose(f"Best done first: {', '.join(one.title for one in better_first)}.")
        if unit.labs:
            say_prose(f"Labs of this unit: {', '.join(f'{lab.title} (:go {lab.id})' for lab in unit.labs)}.")

    def _glossary(self, text: str) -> None:
        open_book(self._session)
        book, trouble = self._session.glossary()
        words = text.split()
        if trouble:
            say_prose(trouble)
        if not words:
            names = ", ".join(term.term for term in book.terms)
            say_prose(f"The glossary has: {names}." if names else "There is no glossary here.")
        elif not say_entries(book, words):
            say_prose(no_entry(book, words))

    def _list(self, name: str) -> None:
        """List the page, the exercises and the labs of a unit."""
        units = {unit.id: unit for unit in self._session.course.units}
        if name and name not in units:
            raise TroubleError(f"There is no unit {name}.{did_you_mean(name, units)}")
        unit = units[name] if name else self._unit()
        say(f"{unit.title} ({unit.id})", "bold")
        for entry in unit.exercises:
            say_line(f"  {entry.id}: {entry.title}, level {entry.level}{self._state(entry.id)}")
        for entry in self._session.library.drafts(unit.id):
            say_line(f"  {entry.id}: {entry.title}, a draft")
        for lab in unit.labs:
            say_line(f"  {lab.id}: {lab.title}, lab")

    def _state(self, exercise: str) -> str:
        session = self._session
        if session.unreadable(exercise):
            return ", cannot be read"
        state = session.state(exercise)
        return f", {state}" if state else ""

    def _units(self) -> None:
        for unit in self._session.course.units:
            done, count = self._session.tally(unit)
            say_line(f"{unit.id}: {unit.title}, {done} of {count} done")

    def _search(self, text: str) -> None:
        """Tell what has all these words."""
        from rnn_tutor.tui.query import query
        from rnn_tutor.tui.rows import Index, around

        asked = query(text)
        if asked.asked_kinds:
            self._session.answers.read_some(self._session.answers.unread)
        result = Index(self._session.library, *self._session.book()).search(asked, self._session.about)
        found, words = [row for row in result.rows if row.choosable], result.words
        for word, meant in result.instead.items():
            say_prose(f"Nothing has {word}; this is what has {meant}.")
        if not found:
            nothing = asked.refused or f"Nothing has all of: {text}."
            say_prose(nothing if text.strip() else "Type words behind it, such as :search gate.")
        for row in found[:_MOST_FOUND]:
            title = row.entry.title if row.entry is not None else row.unit.title if row.unit is not None else ""
            symbols = f" ({row.symbols})" if row.symbols else ""
            more = around(row.text, words) if row.kind == "term" else title
            say_line(f"  {row.kind} {row.id}{symbols}: {more}")
        if len(found) > _MOST_FOUND:
            say(f"{len(found) - _MOST_FOUND} more are not told: add a word.")
