"""What one sitting at the tutor knows: the course, and what is done of it; no widget in here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from rnn_tutor.progress import clock
from rnn_tutor.progress.notes import Notes, deadline
from rnn_tutor.tui.review import Plan, Reviews, next_open, way_of

if TYPE_CHECKING:
    from rnn_tutor.engine.writing.library import Key
    from rnn_tutor.exercises.assignment import Assigned
    from rnn_tutor.exercises.book import Glossary, Page, Term
    from rnn_tutor.exercises.labs.model import Lab
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.model import Course, Entry, Exercise, LabEntry, Unit, Way
    from rnn_tutor.progress.history import History
    from rnn_tutor.progress.review import Rounds
    from rnn_tutor.progress.store import Attempt, Store, StoreError
    from rnn_tutor.progress.summary import Mistakes, Standing
    from rnn_tutor.tui.answers import Answers
    from rnn_tutor.tui.assignment import Assignment
    from rnn_tutor.tui.exercises import Exercises
    from rnn_tutor.tui.labs import Labs
    from rnn_tutor.tui.query import About
    from rnn_tutor.tui.rows import Row
    from rnn_tutor.tui.sets import Sets
    from rnn_tutor.tui.visits import ExerciseVisit


CLOSED = "Pages, hints and solutions are closed until you hand in your exam."
_CHECKED = 3  # exercises of a unit that has a check at its end
_DRAWS_IN_REVIEW = 4  # seeds that are tried for one on which earlier mistakes show
_PATIENCE = 0.05  # seconds that the first frame waits for another sitting that is saving an answer


def _nobody_waits() -> None:
    pass


class Following(NamedTuple):
    """What one goes on with: an exercise, a unit's page, the closing page of a course (by its number), or alone.

    On a way: a lab after an exercise. Within a review: its next exercise, or its end. After the last exercise
    of a unit: its check, by the unit's id.
    """

    kind: Literal["exercise", "page", "end", "alone", "review", "review-end", "check", "lab"]
    id: str
    title: str


class Named(NamedTuple):
    """What an id stands for, and the id of what is opened for it."""

    kind: Literal["exercise", "lab", "page"]
    id: str


class Ground(NamedTuple):
    """What an exercise stands on: words, its unit, and which paragraph of the unit's page is about it ("": no page)."""

    words: "list[Term]"
    unit: "Unit | None"
    paragraph: str
    place: int


class Past(NamedTuple):
    """What earlier sittings have left, as it was when this one had saved so often."""

    saves: int
    history: "History"
    plan: Plan
    problem: str


class Session:
    """One sitting: the course, the store, and what was done."""

    def __init__(self, library: "Library", seed: int | None = None, assigned: "Assigned | None" = None) -> None:
        """Begin a sitting; with a seed, exercises open with the numbers drawn from it instead of the original ones.

        assigned: an assignment that the library has been kept to; its exercises open with the learner's own numbers.
        """
        self.library = library
        self.seed = seed
        self._assigned = assigned
        self.code_in: Key = "numpy"  # the library that exercises are shown as code of
        self.store: Store | None = None
        self.problem = ""
        self.hands_in = True  # whether the learner hands in what is done of an assignment
        self.held = False  # whether the store could not be read when this sitting began
        self.meanwhile = ""  # the sentence on why, where that takes a while
        self.changed = False  # whether another sitting has written meanwhile what is still to be read
        self._drafts: dict[str, dict[str, Attempt]] = {}  # what was typed and not checked, by exercise and part
        self._failed: set[str] = set()  # exercises and labs that cannot be evaluated with the original numbers
        self._log: list[Attempt] | None = []  # None: it is in the store, and was not asked for yet
        self._rounds: Rounds | None = None  # those of the log, and its mistakes; None: to be found in it
        self._mistakes: Mistakes | None = None
        self._all_in_log = True  # else there are too many attempts to be kept in memory
        self.saves = 0  # how often this sitting has saved something
        self.kept: Callable[[], None] = _nobody_waits  # told of each thing that is on the disk
        self.goes_on_while_saving = False  # whether somebody calls `will_tell` before anything is told
        self.untold = False  # whether saving has failed, and nobody was told yet
        self._saving: Callable[[], None] | None = None  # waits for what is being saved
        self._is_told = False  # whether that is told: what is typed and not checked is not
        self.standings: dict[str, Standing] = {}
        self.left: str | None = None  # what the sitting before was at last
        self.notes: Notes = Notes()
        self.offered: set[str] = set()  # the units whose check was offered
        self.new = False  # whether nobody has worked here yet, in a file that can be written to
        self.reviews = Reviews(library, self)
        self.met: set[str] = set()  # units whose page was opened or offered in this sitting

    # what is in the course

    @property
    def course(self) -> "Course":
        """The course."""
        return self.library.course

    def entries(self) -> "Iterator[tuple[Unit, Entry]]":
        """Yield every exercise with its unit, in order."""
        for unit in self.course.units:
            for entry in unit.exercises:
                yield unit, entry

    def position(self, exercise: str) -> "tuple[Unit, Entry, int, int] | None":
        """Return an exercise's unit, entry, number from 1, and how many there are."""
        before = 0
        for unit in self.course.units:
            ids = unit.exercise_ids
            if exercise in ids:
                at = ids.index(exercise)
                return unit, unit.exercises[at], before + at + 1, len(self.library.ids)
            before += len(ids)
        return None

    def unreadable(self, exercise: str) -> bool:
        """Tell whether an exercise is known not to open: its file cannot be read, or not be evaluated."""
        return exercise in self._failed or self.library.exercises.unreadable(exercise)

    def lab_unreadable(self, lab: str) -> bool:
        """Tell whether a lab is known not to open."""
        return lab in self._failed or self.library.labs.unreadable(lab)

    def find_unreadable(self) -> bool:
        """Find out which exercises of added folders cannot be read, and tell whether any; the own course's can be.

        It takes a millisecond for each, so it is for a thread. Labs, which take NumPy to read, are told when opened.
        """
        from rnn_tutor.paths import PathError, content_folder

        try:
            own_folder = content_folder()
        except PathError:  # there are added folders only
            own_folder = None
        return bool(self.library.look(but=own_folder, labs=False))

    @cached_property
    def exercises(self) -> "Exercises":
        """The exercises of this sitting."""
        from rnn_tutor.tui.exercises import Exercises  # late: the first frame has none

        return Exercises(self.library, self.first_seed, self, self._failed, self._given, bounded=self._bounded)

    def to_hand_in(self) -> str:
        """Return how what is done of an assignment is handed in, once nothing of it is left to be done; "" before."""
        return self.assignment.to_hand_in() if self.assignment is not None and self.hands_in else ""

    def _given(self, visit: "ExerciseVisit") -> "Sequence[Attempt]":
        """Return the answers of an assignment that count, with the numbers of a visit; of anything else, none."""
        return () if self.assignment is None else self.assignment.given(visit, self.library.hash(visit.id))

    def _bounded(self, visit: "ExerciseVisit") -> bool:
        """Tell whether each part takes only so many answers."""
        return self.assignment is not None and self.assignment.bounded(visit)

    def first_seed(self, exercise: str) -> int | None:
        """Return the seed of the numbers that an exercise has at first; None: the original ones."""
        return self.seed if self.assignment is None else self.assignment.seed_of(exercise)

    def as_written(self, exercise: str) -> int | None:
        """Return the seed of the numbers that one goes back to: the learner's own in an assignment, else None.

        So a seed that was named (`seed`) is one to go back from.
        """
        return None if self.assignment is None else self.assignment.seed_of(exercise)

    def no_try_left(self, visit: "ExerciseVisit", part: str) -> str:
        """Return that a part takes no more answers, "" where it does."""
        return "" if self.assignment is None else self.assignment.no_try_left(visit, part)

    def solution_waits(self, visit: "ExerciseVisit") -> str:
        """Return why a solution does not open yet, "" where it does."""
        return "" if self.assignment is None else self.assignment.solution_waits(visit)

    @property
    def draws_at_first(self) -> bool:
        """Whether exercises have drawn numbers at first."""
        return self.seed is not None or self.assignment is not None

    @cached_property
    def assignment(self) -> "Assignment | None":
        """The assignment that this sitting is at, None without one."""
        if self._assigned is None:
            return None
        from rnn_tutor.tui.assignment import Assignment

        return Assignment(self._assigned, self)

    @cached_property
    def labs(self) -> "Labs":
        """The labs of this sitting."""
        from rnn_tutor.tui.labs import Labs

        return Labs(self.library, self.seed, self, self._failed)

    @cached_property
    def sets(self) -> "Sets":
        """The sets of questions of this sitting: placement, checks, exams."""
        from rnn_tutor.tui.sets import Sets

        return Sets(self.library, self, self.exercises)

    def unit_of(self, name: str) -> "Unit | None":
        """Return the unit that an exercise or a lab belongs to."""
        for unit in self.course.units:
            if name in unit.exercise_ids or any(lab.id == name for lab in unit.labs):
                return unit
        return None

    def named(self, name: str) -> "Named | None":
        """Return what an id stands for: an exercise, a lab, or a unit's page, without one its exercise to go on with.

        "" is the exercise to go on with in the whole course. None: there is nothing of that id.
        """
        if not name:
            following = self.next_open() or next(iter(self.library.ids), None)
            return Named("exercise", following) if following is not None else None
        if name in self.library.exercises:
            return Named("exercise", name)
        if name in self.library.labs:
            return Named("lab", name)
        unit = next((unit for unit in self.course.units if unit.id == name), None)
        if unit is None:
            return None
        return Named("page", name) if self.library.has_page(name) else self.begins_with(unit)

    def begins_with(self, unit: "Unit") -> "Named | None":
        """Return where to go on in a unit: its exercise that is next, or its first lab where it has none."""
        first = self.first_open(unit)
        if first is not None:
            return Named("exercise", first)
        return Named("lab", unit.labs[0].id) if unit.labs else None

    # what has been done

    def open_store(self, path: Path | None) -> None:
        """Open the store and learn what was done before; where it cannot be used, `problem` says so (None: no home)."""
        from rnn_tutor.paths import NO_HOME
        from rnn_tutor.progress.store import HeldError, OldError, Store, StoreError
        from rnn_tutor.progress.summary import standings_so_far

        if path is None:
            self.problem = NO_HOME
            return
        try:
            store = Store.open(path, look=False, patience=_PATIENCE)
            beginning = store.beginning(patience=_PATIENCE)
            self.standings, self.notes = standings_so_far(beginning.tallies), Notes.of(beginning.notes)
            self.left = beginning.left
            self.store, self._log = store, None
            self.problem = store.trouble
            self.new = beginning.empty and not self.problem
        except HeldError as error:  # the first frame does not wait: what was done is read after it
            self.store, self._log = Store(path), None
            self.held = True
            self.meanwhile = str(error) if isinstance(error, OldError) else ""
        except StoreError as error:
            self.store = Store(path)  # knows of this sitting only, and tries again with each answer
            self.problem = str(error)

    @property
    def saving_problem(self) -> str:
        """That nothing is being saved, and why, or nothing; what is being saved is waited for."""
        self.wait_until_saved()
        told = not self.problem or "not being saved" in self.problem
        return self.problem if told else f"Nothing is being saved: {self.problem}"

    @property
    def known_saving_problem(self) -> str:
        """The same as long as something could not be saved; else "", and what is being saved is not waited for."""
        return self.saving_problem if self.problem else ""

    def close(self) -> None:
        """Keep what is typed and not checked, and give what could not be saved before a last chance."""
        from rnn_tutor.progress.store import StoreError

        for visit in self.exercises.visits.values():
            self.exercises.keep(visit)
        if "labs" in vars(self):  # else none was opened
            for lab in self.labs.visits.values():
                self.labs.keep(lab)
        self.wait_until_saved()
        if self.store is not None:
            try:
                self.store.close()
            except StoreError as error:
                self.problem = str(error)

    def done(self, exercise: str) -> bool:
        """Tell whether every part of an exercise was right at least once, in an assignment with its own numbers."""
        if self.assignment is not None:
            return self.assignment.work(exercise).done
        return exercise in self.standings and self.standings[exercise].done

    def state(self, exercise: str) -> str:
        """Return how far an exercise is: mastered, done, begun, or "" where nothing counts yet."""
        if self.assignment is not None:
            return self.assignment.state(exercise)
        state = self.standings[exercise].state if exercise in self.standings else ""
        return "" if state == "seen" else state

    def states(self, name: str) -> tuple[str, ...]:
        """Return all that an exercise or a lab is, as one searches for it: new, begun, done, mastered, due.

        A lab is done when every question about it was answered, however.
        """
        standing = self.standings.get(name)
        if name in self.library.labs and standing is not None:
            return ("done",) if len(standing.tried) >= standing.parts else ("begun",)
        state = self.state(name)
        found = ("done", "mastered") if state == "mastered" else (state or "new",)
        return (*found, "due") if name in self.due else found

    def about(self, row: "Row") -> "About":
        """Return what filters ask of a row."""
        from rnn_tutor.tui.query import About

        unit = row.unit.id if row.unit is not None else ""
        if row.kind not in ("exercise", "lab"):
            return About(row.kind, unit)
        answers = self.answers.of(row.id) if row.kind == "exercise" else ()
        return About(row.kind, unit, getattr(row.entry, "level", None), self.states(row.id), answers)

    @cached_property
    def answers(self) -> "Answers":
        """What the exercises ask for, as far as their files were read."""
        from rnn_tutor.tui.answers import Answers

        return Answers(self.library)

    def begun(self, exercise: str) -> bool:
        """Tell whether an exercise was tried and is not done."""
        if self.assignment is not None:
            return self.assignment.state(exercise) == "begun"
        return exercise in self.standings and not self.done(exercise) and self.standings[exercise].tries > 0

    def tally(self, unit: "Unit") -> tuple[int, int]:
        """Return how many exercises of a unit are done, and how many it has."""
        ids = unit.exercise_ids
        return sum(map(self.done, ids)) if self._any_counts(ids) else 0, len(ids)

    def unit_begun(self, unit: "Unit") -> bool:
        """Tell whether anything of a unit was tried."""
        ids = unit.exercise_ids
        return self._any_counts(ids) and any(self.done(exercise) or self.begun(exercise) for exercise in ids)

    def _any_counts(self, exercises: "Sequence[str]") -> bool:
        """Tell whether anything may count of some exercises: of most units nothing does, and a frame asks for all."""
        return self.assignment is not None or (bool(self.standings) and not self.standings.keys().isdisjoint(exercises))

    def mastered(self, unit: "Unit") -> int:
        """Return how many exercises of a unit are mastered."""
        ids = unit.exercise_ids
        return sum(self.state(exercise) == "mastered" for exercise in ids) if self._any_counts(ids) else 0

    def needs(self, unit: "Unit") -> "tuple[list[Unit], list[Unit]]":
        """Return the units that a unit needs, and those of them that have exercises of which none was tried yet."""
        needed = [self.library.unit(need) for need in unit.needs]
        return needed, [
            needed_unit for needed_unit in needed if needed_unit.exercises and not self.unit_begun(needed_unit)
        ]

    def first_open(self, unit: "Unit") -> str | None:
        """Return the exercise of a unit to go on with: the first not done (of the way, if any), or the first; None."""
        own = unit.exercise_ids
        through = self.way.through if self.way is not None else []
        ids = list(dict.fromkeys([*(exercise for exercise in through if exercise in own), *own]))
        return next((exercise for exercise in ids if not self.done(exercise)), ids[0] if ids else None)

    def section(self, unit: "Unit") -> int:
        """Return which of the library's folders a unit is from."""
        return next(number for number, section in enumerate(self.library.sections) if unit.id in section.units)

    def following(self, exercise: str) -> Following:
        """Return what comes after an exercise: another one, the page of a unit not begun, or the end of its course."""
        if self.reviews.round is not None and self.reviews.under_way(exercise):
            return self._following_in_review(self.reviews.round.after(exercise))
        position = self.position(exercise)
        lab = self._lab_after(exercise)
        if lab is not None:
            return Following("lab", lab.id, lab.title)
        if position is not None and self._is_to_check(position[0]):
            return Following("check", position[0].id, position[0].title)
        next_exercise = self._after(exercise)
        next_position = self.position(next_exercise) if next_exercise is not None else None
        if position is None or next_position is None or self.section(position[0]) != self.section(next_position[0]):
            number = self.section(position[0]) if position is not None else 0
            return Following("end", str(number), self.library.sections[number].title)
        unit, entry = next_position[:2]
        if unit.id != position[0].id and self.library.has_page(unit.id) and not self.unit_begun(unit):
            return Following("page", unit.id, unit.title)
        return Following("exercise", entry.id, entry.title)

    def _lab_after(self, exercise: str) -> "LabEntry | None":
        """Return the lab that comes after an exercise on the way that was chosen, until it was opened or answered."""
        lab = self.library.way_labs.get(self.way.id, {}).get(exercise) if self.way is not None else None
        if lab is None or lab in self.offered or lab in self.standings:
            return None
        return next((entry for unit in self.course.units for entry in unit.labs if entry.id == lab), None)

    def _is_to_check(self, unit: "Unit") -> bool:
        """Tell whether a unit has come to its end, and its check was neither taken nor offered yet."""
        done, count = self.tally(unit)
        return done == count >= _CHECKED and unit.id not in self.notes.checks and unit.id not in self.offered

    def _after(self, exercise: str) -> str | None:
        """Return what comes after an exercise: on the way that was chosen, else in the course, without known units."""
        through = self.way.through if self.way is not None else []
        if exercise in through[:-1]:
            return through[through.index(exercise) + 1]
        own_unit = self.unit_of(exercise)
        following: str | None = exercise
        while following is not None:
            _, following = self.library.neighbours(following)
            unit = self.unit_of(following) if following is not None else None
            if unit is None or unit is own_unit or not self.known(unit):
                break
        return following

    def _following_in_review(self, exercise: str | None) -> Following:
        position = self.position(exercise) if exercise is not None else None
        if position is None:
            return Following("review-end", "", "")
        return Following("review", position[1].id, position[1].title)

    @property
    def closed(self) -> bool:
        """Whether an exam is to be handed in, and its time is not over: whatever would help with it does not open."""
        under_way = self.notes.under_way("exam")
        end = deadline(*under_way) if under_way is not None else None
        return under_way is not None and (end is None or clock.now() < end)

    def page(self, unit: str) -> "Page":
        """Return the page of a unit. Raises TroubleError, also while an exam is to be handed in."""
        from rnn_tutor.exercises.files.finding import ContentError
        from rnn_tutor.exercises.trouble import why_not
        from rnn_tutor.tui.visits import TroubleError

        if self.closed:
            raise TroubleError(CLOSED)
        try:
            return self.library.page(unit)
        except ContentError as error:
            raise TroubleError(why_not("page", unit, error)) from error

    def book(self) -> "tuple[list[tuple[Unit, Page]], list[Term]]":
        """Return all pages that can be read, each with its unit, and the glossary; neither while they are `closed`.

        A page takes half a millisecond to read, the first time.
        """
        from rnn_tutor.tui.visits import TroubleError

        pages = []
        for unit in self.course.units:
            if self.library.has_page(unit.id):
                with suppress(TroubleError):  # told where it is opened
                    pages.append((unit, self.page(unit.id)))
        return pages, self.glossary()[0].terms

    def ground_of(self, source: "Exercise | Lab") -> Ground:
        """Return the words and the paragraph that an exercise or a lab stands on."""
        from rnn_tutor.exercises.labs.model import Lab
        from rnn_tutor.exercises.stands_on import of_lab, paragraph_of, paragraphs_of, words_of
        from rnn_tutor.tui.visits import TroubleError

        source = of_lab(source) if isinstance(source, Lab) else source
        unit = self.unit_of(source.id)
        words = words_of(source, self.glossary()[0].terms, unit.id if unit is not None else "")
        if unit is None or not self.library.has_page(unit.id):
            return Ground(words, unit, "", 0)
        try:
            text = self.page(unit.id).text
        except TroubleError:  # told where the page is opened
            return Ground(words, unit, "", 0)
        place = paragraph_of(source, words, text)
        return Ground(words, unit, paragraphs_of(text)[place], place)

    def is_new(self, unit: "Unit") -> bool:
        """Tell whether a unit with a page is new: nothing of it was tried, nor was it met in this sitting."""
        return unit.id not in self.met and not self.unit_begun(unit) and self.library.has_page(unit.id)

    def glossary(self) -> "tuple[Glossary, str]":
        """Return the glossary, and what is wrong with a file of it ("": nothing); an empty one while it is `closed`."""
        from rnn_tutor.exercises.book import Glossary
        from rnn_tutor.exercises.pack import GLOSSARY_FILE

        if self.closed:
            return Glossary(format=1, terms=[]), CLOSED

        glossary = self.library.glossary()
        return glossary, next(
            (finding.brief for finding in self.library.findings if finding.file.name == GLOSSARY_FILE), ""
        )

    def next_open(self) -> str | None:
        """Return the exercise to go on with: the way, the course's order, then what is due; None when all is done."""
        if self.assignment is not None:
            work = self.assignment.work
            return next((exercise for exercise in self.library.ids if not work(exercise).ended), None)
        return next_open(self.course, self, self.due)

    @property
    def way(self) -> "Way | None":
        """The way through the course that was chosen, if there still is one of that id."""
        return way_of(self.course, self.notes)

    def choose_way(self, way: str) -> None:
        """Go a way from now on, by its id; "" is none."""
        from rnn_tutor.progress.notes import WAY

        if way != self.notes.way:
            self.note(WAY, text=way)

    def welcomed(self) -> None:
        """Note that the first screen was there: it does not come back by itself."""
        from rnn_tutor.progress.notes import WELCOMED

        if self.new:
            self.new = False
            self.note(WELCOMED)

    def known(self, unit: "Unit") -> bool:
        """Tell whether a unit is known by a placement."""
        return unit.id in self.notes.known

    @property
    def due(self) -> tuple[str, ...]:
        """The exercises that train what is due today, in the order of a review; known after `find_due`."""
        return self.reviews.due

    def due_in(self, unit: "Unit") -> int:
        """Return how many of the exercises that are due are of a unit."""
        ids = frozenset(unit.exercise_ids) if self.due else frozenset()
        return sum(exercise in ids for exercise in self.due)

    def find_due(self) -> bool:
        """Work out what is due, and tell whether something is. Without new attempts nothing is done on the same day."""
        self.reviews.find()
        return bool(self.reviews.planned)

    def begin_in_review(self, exercise: str) -> None:
        """Have an exercise of the review with new numbers where it has any; only the first time. Raises TroubleError.

        What is shown again goes on with the numbers that it had.
        """
        if self.reviews.open(exercise):
            visit = self.exercises.visit(exercise)
            self.exercises.visits.renew(visit, self._seed_for_review(visit))

    def _seed_for_review(self, visit: "ExerciseVisit") -> int:
        """Return a seed on whose numbers the mistakes that were made before would show, as far as a few draws have one.

        They may have been made in any exercise: whoever forgot a bias once may forget it here.
        """
        from rnn_tutor.exercises import seeds

        drawn = [seeds.any_seed() for _ in range(_DRAWS_IN_REVIEW)]
        rules = self.mistakes.made
        if not rules:
            return drawn[0]
        from rnn_tutor.exercises.diagnosis.earlier import telling_seed

        return telling_seed(visit.source, drawn, rules)

    def rate(self, exercise: str, rating: str = "") -> bool:
        """Change how a solved exercise of the review is rated ("": to the next rating); False where it is not rated."""
        from rnn_tutor.progress.record import rating_of

        rating = rating or self.reviews.other_rating(exercise)
        last = next((one for one in reversed(self.answers_to(exercise)) if one.counts), None)
        if last is None or not self.reviews.other_rating(exercise):
            return False
        self.save(rating_of(last, rating))
        self.reviews.rated(exercise, rating)
        return True

    @property
    def log(self) -> "list[Attempt]":
        """All attempts; read when they are asked for. What is done is known without them, and so are other sums.

        Of very many attempts those of this sitting: `answers_to` has all at one exercise.
        """
        if self._log is None:
            self.take(self.read_past())
        return self._log if self._log is not None else []

    def answers_to(self, exercise: str) -> "list[Attempt]":
        """Return all attempts at an exercise, in the order in which they were added."""
        from rnn_tutor.progress.store import StoreError

        if self._all_in_log or self.store is None:
            return [one for one in self.log if one.exercise == exercise]
        try:
            return list(self.store.attempts(exercise))
        except StoreError:  # told with the next answer
            return [one for one in self.log if one.exercise == exercise]

    def saved_answers_to(self, exercise: str) -> "Iterator[Attempt]":
        """Yield all attempts at an exercise, in the order in which they were added, without reading any other."""
        from rnn_tutor.progress.store import StoreError

        if self.store is None:
            yield from self.answers_to(exercise)
            return
        with suppress(StoreError):  # told when the whole file is looked at, or with the next answer
            yield from self.store.attempts(exercise)

    @property
    def rounds(self) -> "Rounds":
        """The rounds of all attempts."""
        from rnn_tutor.progress.review import Rounds

        log = self.log
        if self._rounds is None or (self._all_in_log and self._rounds.count != len(log)):
            self._rounds = Rounds(log)
        return self._rounds

    @property
    def mistakes(self) -> "Mistakes":
        """The mistakes that were named in all attempts."""
        from rnn_tutor.progress.summary import Mistakes

        log = self.log
        if self._mistakes is None or self._all_in_log:
            self._mistakes = Mistakes(log)
        return self._mistakes

    def look_again(self) -> bool:
        """Tell whether another sitting has written since; what is known is then to be read anew, reset or answered."""
        if self._log is None or self.store is None or not self.store.touched():
            return False
        self._log, self.changed = None, True
        return True

    @property
    def past_is_read(self) -> bool:
        """Whether the log need not be waited for."""
        return self._log is not None

    def read_past(self) -> "Past":
        """Return what the store has, and what is due by that. Never raises; may be called in a thread."""
        from rnn_tutor.progress.history import History
        from rnn_tutor.progress.store import StoreError

        saves, problem, history = self.saves, "", History()
        if self.store is not None:
            try:
                self.store.open_late()
                self.store.look()
                history = self.store.history()
            except StoreError as error:  # of what is not saved it knows all the same
                problem = str(error)
                history = History(self.store.not_saved())
        plan = self.reviews.plan(history.rounds, history.standings, history.notes)
        return Past(saves, history, plan, problem)

    def take(self, past: "Past") -> bool:
        """Know what was read; False where something was saved meanwhile, which it may not have."""
        if past.saves != self.saves:
            return False
        if self._log is None:
            history = past.history
            self._all_in_log = history.log is not None
            self._log, self.standings, self._drafts = history.log or [], history.standings, history.drafts
            self._rounds, self._mistakes, self.notes = history.rounds, history.mistakes, history.notes
            self.reviews.take(past.plan)
            self.changed = False
            self.problem = past.problem or self.problem
        return True

    @property
    def stores(self) -> bool:
        """Whether another sitting will have what is saved in this one."""
        return self.store is not None

    def drafts_of(self, exercise: str) -> "Mapping[str, Attempt]":
        """Return what was typed and not checked, by part."""
        return self._drafts_now(exercise)

    def _drafts_now(self, exercise: str) -> "dict[str, Attempt]":
        from rnn_tutor.progress.drafts import latest_drafts
        from rnn_tutor.progress.store import StoreError

        if exercise not in self._drafts:
            self._drafts[exercise] = {}
            if self._log is None and self.store is not None:
                with suppress(StoreError):  # told when the whole file is looked at, or with the first answer
                    self._drafts |= latest_drafts(self.store.kept(exercise))
        return self._drafts[exercise]

    def save(self, attempt: "Attempt", left: "Attempt | None" = None) -> None:
        """Save an attempt and, so that a sitting that is cut off behind it can be gone on with, how it leaves things.

        left: a draft, None where nothing of it changes. Both are on the disk, or none is.
        """
        from rnn_tutor.progress.summary import count

        if self._log is not None:
            self._log.append(attempt)
        for kept in (self._rounds, self._mistakes):
            if kept is not None:
                kept.add(attempt)
        count(self.standings, attempt)
        self._add(attempt, *([left] if left is not None else []))

    def save_draft(self, draft: "Attempt") -> None:
        """Keep what is typed and not checked; it is no attempt."""
        self._add(draft)
        self._is_told = False

    def note(self, kind: str, about: str = "", text: str = "") -> None:
        """Note something that is no answer; see `progress.notes`."""
        from rnn_tutor.progress.record import note_of

        row = note_of(kind, about, text)
        self.notes.add(row)
        self._put(row)

    def _add(self, *attempts: "Attempt") -> None:
        from rnn_tutor.progress import drafts

        for attempt in attempts:
            drafts.note(self._drafts_now(attempt.exercise), attempt)
        self._put(*attempts)

    def _put(self, *rows: "Attempt") -> None:
        from rnn_tutor.progress.store import StoreError

        self.wait_until_saved()
        if self.store is not None and self.goes_on_while_saving:
            try:
                self._saving, self._is_told = self.store.begin(*rows), True
            except StoreError as error:
                self._not_saved(error)
        elif self.store is not None:
            self._saving = partial(self.store.add, *rows)
            self.wait_until_saved()
        self.saves += 1  # last: who reads the store meanwhile, in a thread, is to see that it was not all

    def will_tell(self) -> None:
        """Wait, before anything is told, until what may be told is on the disk."""
        if self._is_told:
            self.wait_until_saved()

    def wait_until_saved(self) -> None:
        """Wait until what was saved last is on the disk; where it is not, `problem` says so."""
        saving, self._saving = self._saving, None
        if saving is None:
            return
        from rnn_tutor.progress.store import StoreError

        try:
            saving()
        except StoreError as error:
            self._not_saved(error)
        else:
            self.kept()
            self.problem, self.untold = "", False

    def _not_saved(self, error: "StoreError") -> None:
        self.untold = self.untold or not self.problem
        self.problem = str(error)
