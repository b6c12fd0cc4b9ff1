"""The hand-ins of one learner: each answer marked again with its numbers, and what does not fit told.

What counts is what is found here. What a file says of an answer is only compared with it.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from rnn_tutor.crash_log import CrashLog
from rnn_tutor.exercises.again import Again, Named, keep_in_hand
from rnn_tutor.exercises.assignment import may_have, seed_of
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.drawing import drawn_from
from rnn_tutor.exercises.kept import Kept
from rnn_tutor.exercises.load import ContentError, Library
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.verdict import Verdict
from rnn_tutor.paths import index_files
from rnn_tutor.progress import handin
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.class_report import ClassReport, Terms
from rnn_tutor.progress.record import givens_json

MOST_SECONDS = 120.0  # of CPU time, to mark the answers of one file
MOST_SAID = 5  # things that are told of one file; more are counted
MOST_ALTERED = 20  # answers of a file that do not fit; then it is not read on
SAVED = "another program saved it and changed its white space; no answer is changed by that"
_MOST_NAME = 60  # characters of a name from a file, in a sentence

State: TypeAlias = Literal["", "unsure", "damaged", "altered", "foreign", "refused"]
"""What is wrong with a file; "": nothing. Of several, the one that comes last here is told first."""
WORST: tuple[State, ...] = ("", "unsure", "foreign", "damaged", "altered", "refused")


class Source(NamedTuple):
    """What a process needs to mark: the folders of the course, what the report tells of, and a log of own mistakes.

    learners: whose hand-ins there are. Of who hands in another's numbers it is told whose they are.
    """

    folders: tuple[Path, ...]
    terms: Terms
    log: Path | None = None
    learners: tuple[str, ...] = ()


class Job(NamedTuple):
    """The files of one learner."""

    learner: str
    files: tuple[Path, ...]


@dataclass(frozen=True)
class FileTold:
    """What is said of a file: whose it is, what is wrong with it (sentences), and how many of its answers count.

    Of a whole file there may be something to say too.
    """

    name: str
    learner: str
    state: State
    says: tuple[str, ...]
    answers: int


class Problem(NamedTuple):
    """Why an answer is not what its file says."""

    state: State
    says: str


class Done(NamedTuple):
    """What came of a job."""

    files: tuple[FileTold, ...]
    report: ClassReport


class Checked(NamedTuple):
    """An answer as it was marked again; with it what the file of the exercise says of it, "" for nothing."""

    attempt: Attempt
    says: str


class Marker:
    """Marks hand-ins in one process, which keeps what it works out of the exercises."""

    def __init__(self, source: Source) -> None:
        self.terms = source.terms
        self._learners = tuple(dict.fromkeys((*source.learners, *source.terms.extended)))
        self._library = Library(list(source.folders), Kept(index_files(), lambda: None))
        self._assigned = frozenset(asked.id for asked in source.terms.exercises) if source.terms.assignment else None
        self._again = Again()
        self._mistakes = CrashLog(source.log)
        self._asked: tuple[tuple[object, ...], Question | Problem] | None = None  # by `says`, last
        keep_in_hand()

    def work(self, job: Job) -> Done:
        """Return what the files of one learner hold, together: each answer once, by its uid."""
        report = ClassReport(self.terms)
        told: list[FileTold] = []
        every: dict[str, Checked] = {}
        seen: dict[str, tuple[Attempt, str]] = {}
        counting = 0
        for path in job.files:
            handed = handin.read(path)
            answers, problems = self._unlike(handed, seen) or self._tried(handed, job.learner)
            state: State = max((problem.state for problem in problems), key=WORST.index, default="")
            if state in ("altered", "refused"):
                answers = {}
            counting += bool(answers)
            seen |= {attempt.uid: (attempt, path.name) for attempt in handed.attempts if attempt.uid in answers}
            every = answers | every
            says = _told(problems) or ((SAVED,) if handed.saved else ())
            told.append(FileTold(str(path), job.learner, state, says, len(answers)))
        if any(one.answers or one.state != "foreign" for one in told):
            report.meet(job.learner)
        ordered = list(every.values())
        if counting > 1:
            ordered.sort(key=lambda one: one.attempt.at)
        for checked in ordered:
            report.add(job.learner, checked.attempt, checked.says)
        report.close(job.learner)
        return Done(tuple(told), report)

    def _tried(self, handed: handin.Handed, learner: str) -> tuple[dict[str, Checked], list[Problem]]:
        """Do `file`. What a foreign file may find wrong with this program is told of that file; the others go on."""
        try:
            return self.file(handed, learner)
        except Exception as error:  # noqa: BLE001 - it is written down and told
            kept = self._mistakes.note(error, "marking a hand-in again")
            where = " (see crash.log in the data folder)" if kept else ""
            return {}, [Problem("refused", f"marking it again fails by a mistake of rnn-tutor's own{where}")]

    def file(self, handed: handin.Handed, learner: str) -> tuple[dict[str, Checked], list[Problem]]:
        """Return what counts of a file, by uids in the order of the file, and what is wrong with it."""
        problems = [Problem(handed.trouble.kind, handed.trouble.says)] if handed.trouble is not None else []
        foreign = self._foreign(handed.head, learner)
        if foreign or (problems and problems[0].state != "damaged"):
            return {}, problems or [Problem("foreign", foreign)]
        if others := list(islice(self._of_others(handed), MOST_ALTERED)):
            return {}, problems + others
        lines = {attempt.uid: line for line, attempt in zip(handed.lines, handed.attempts, strict=True)}
        end, altered = time.process_time() + MOST_SECONDS, 0
        found: dict[str, Checked] = {}
        for attempt, checked, more in self._marked_again(handed.attempts):
            if checked is not None:
                found[attempt.uid] = checked
            problems += [_in_line(lines[attempt.uid], problem) for problem in more]
            altered += any(problem.state == "altered" for problem in more)
            if altered > MOST_ALTERED:
                return {}, problems
            if time.process_time() > end:
                return {}, [Problem("refused", f"it takes more than {MOST_SECONDS:g} seconds to mark")]
        return {one.uid: found[one.uid] for one in handed.attempts if one.uid in found}, problems

    def says(self, attempt: Attempt, typed: Mapping[str, str], right: Collection[str]) -> str:
        """Return what the file of the exercise says of a wrong answer, "" for nothing, or where that cannot be known.

        typed, right: what was typed into the parts so far, and which were right. A program is not run for this.
        """
        numbers = attempt.exercise, attempt.content_hash, attempt.seed, attempt.givens
        if self._asked is None or self._asked[0] != numbers:
            self._asked = numbers, self._question(attempt)
        question = self._asked[1]
        if isinstance(question, Problem):
            return ""
        names = [part.name for part in question.parts]
        if attempt.part not in names or question.parts[names.index(attempt.part)].kind == "program":
            return ""
        earlier = {part: typed[part] for part in names[: names.index(attempt.part)] if part in typed}
        try:
            return _says(self._marked(question, attempt, [earlier], set(right)))
        except Exception as error:  # noqa: BLE001 - one row must not take the report of a class with it
            self._mistakes.note(error, "marking a row of a class again")
            return ""

    @staticmethod
    def _unlike(
        handed: handin.Handed, seen: Mapping[str, tuple[Attempt, str]]
    ) -> tuple[dict[str, Checked], list[Problem]] | None:
        """Return that an answer of a file is another one in a file before; None where none is."""
        for attempt in handed.attempts:
            before = seen.get(attempt.uid)
            if before is not None and before[0] != attempt:
                return {}, [
                    Problem("altered", f"an answer to {_name(attempt.exercise)} is another one in {_name(before[1])}")
                ]
        return None

    def _foreign(self, head: handin.Head | None, learner: str) -> str:
        """Return why a file is none of this class, "" where it is one."""
        if head is None:
            return "it is not a hand-in"
        if head.learner != learner:
            return "it names another learner than before"
        if self._assigned is None or head.assignment == self.terms.assignment:
            return ""
        whose = f"for the assignment {_name(head.assignment)}" if head.assignment else "for no assignment"
        return f"it was handed in {whose}"

    def _of_others(self, handed: handin.Handed) -> Iterator[Problem]:
        """Yield which answers say that they were given in an assignment, and have numbers that nobody is asked there.

        Its file has the learner's own numbers, and what the tutor draws for practice (see `assignment.may_have`).
        """
        head = handed.head
        if head is None or not head.assignment:
            return
        for line, attempt in zip(handed.lines, handed.attempts, strict=True):
            exercise = attempt.exercise
            elsewhere = self._assigned is not None and exercise not in self._assigned  # told as that
            if not elsewhere and not may_have(head.learner, head.assignment, exercise, attempt.seed):
                owner = self._owner(head.assignment, attempt)
                whose = f"{owner}'s numbers of {_name(exercise)}" if owner else f"numbers of {_name(exercise)} that are"
                told = f"it has {whose}{', ' if owner else ' '}not those of {head.learner} in {_name(head.assignment)}"
                yield _in_line(line, Problem("altered", told))

    def _owner(self, assignment: str, attempt: Attempt) -> str:
        """Return whose numbers an answer has, "" where they are nobody's who is known."""
        return next((one for one in self._learners if seed_of(one, assignment, attempt.exercise) == attempt.seed), "")

    def _marked_again(self, attempts: Iterable[Attempt]) -> Iterator[tuple[Attempt, Checked | None, list[Problem]]]:
        """Yield each answer as it counts, None where it does not, and what is wrong with it."""
        for group in _groups(attempts):
            yield from self._group(group)

    def _group(self, group: Sequence[Attempt]) -> Iterator[tuple[Attempt, Checked | None, list[Problem]]]:
        """Yield the answers to one exercise with the same numbers."""
        first = group[0]
        if first.exercise in self._library.labs:
            return  # what is predicted in a lab is neither marked again nor counted
        question = self._question(first)
        if isinstance(question, Problem):
            yield from ((attempt, None, [question]) for attempt in group)
            return
        names = [part.name for part in question.parts]
        typed: dict[str, str] = {}
        right: set[str] = set()
        for at, attempt in enumerate(group):
            if attempt.part not in names or attempt.parts != len(names):
                yield attempt, None, [Problem("altered", f"{_name(first.exercise)} has other parts than it says")]
                continue
            before = names[: names.index(attempt.part)]
            verdict = self._marked(question, attempt, _ways(before, typed, islice(group, at + 1, None)), right)
            yield attempt, *_judged(question, attempt, verdict)
            typed[attempt.part] = attempt.text
            if verdict.verdict == "right":
                right.add(attempt.part)

    def _question(self, first: Attempt) -> Question | Problem:
        """Return the question that was answered, with its numbers; or why it is none of this course."""
        name = _name(first.exercise)
        if self._assigned is not None and first.exercise not in self._assigned:
            return Problem("foreign", f"{name} is not in the assignment")
        if first.exercise not in self._library.exercises:
            return Problem("foreign", f"there is no exercise {name}")
        try:
            if self._library.hash(first.exercise) != first.content_hash:
                return Problem("foreign", f"it has answers to another version of {name}")
            exercise = self._library.exercise(first.exercise)
            question = drawn_from(exercise, first.seed, lambda givens: givens_json(givens) == first.givens)
        except (ContentError, ExerciseError):
            return Problem("foreign", f"{name} cannot be asked here")
        return question or Problem("altered", f"the numbers of {name} are not those of its seed")

    def _marked(
        self, question: Question, attempt: Attempt, ways: Iterable[Mapping[str, str]], right: set[str]
    ) -> Verdict:
        """Mark an answer again; of the ways in which the parts before it may have stood, the first that agrees.

        What stood in them need not have been checked, and then it is nowhere.
        """
        named = Named(attempt.diagnosis, attempt.rule) if attempt.verdict == "wrong" else Named("", "")
        scratch = attempt.scratch.split("\n") if attempt.scratch else []
        first: Verdict | None = None
        for earlier in ways:
            verdict = self._again.mark(
                question, attempt.part, attempt.text, earlier, scratch, named=named, solved=right - {attempt.part}
            )
            if verdict.verdict == attempt.verdict:
                return verdict
            first = first or verdict
        assert first is not None  # noqa: S101 - there is always one way
        return first


def _in_line(line: int, problem: Problem) -> Problem:
    """Return a problem with the line where it is; of what is no fault of the line, its exercise says enough."""
    return problem._replace(says=f"line {line}: {problem.says}") if problem.state == "altered" else problem


def _groups(attempts: Iterable[Attempt]) -> list[list[Attempt]]:
    """Return answers by exercise and numbers, in their order: what is worked out for one serves the next."""
    groups: dict[tuple[object, ...], list[Attempt]] = {}
    for attempt in attempts:
        groups.setdefault((attempt.exercise, attempt.content_hash, attempt.seed, attempt.givens), []).append(attempt)
    return list(groups.values())


def _ways(before: Sequence[str], typed: Mapping[str, str], later: Iterable[Attempt]) -> Iterator[dict[str, str]]:
    """Yield how the parts before one may have stood: as they were checked last, as they were checked next, empty."""
    last = {part: typed[part] for part in before if part in typed}
    yield last
    if before:
        following: dict[str, str] = {}
        for one in later:
            if one.part in before:
                following.setdefault(one.part, one.text)
        ways = [last, following | last, last | following, {}]
        yield from (way for at, way in enumerate(ways) if way not in ways[:at])


def _judged(question: Question, attempt: Attempt, verdict: Verdict) -> tuple[Checked, list[Problem]]:
    """Return an answer as it counts, and what is wrong with what was said of it."""
    diagnosis = verdict.diagnosis
    kind, rule = (diagnosis.kind, diagnosis.rule) if diagnosis is not None else ("", "")
    found = replace(
        attempt, verdict=verdict.verdict, score=verdict.score, diagnosis=kind, rule=rule, scratch="", givens="", text=""
    )
    problems = []
    if verdict.verdict != attempt.verdict:
        name = f"{_name(attempt.part)} of {_name(attempt.exercise)}"
        sentence = f"an answer to {name} was {_WORDS[attempt.verdict]} and is {_WORDS[verdict.verdict]}"
        problems.append(Problem("unsure" if _may_be(question, attempt, verdict) else "altered", sentence))
    return Checked(found, _says(verdict)), problems


def _says(verdict: Verdict) -> str:
    """Return what the file of the exercise says of a mistake, "" where a rule names it, or nothing does."""
    found = verdict.diagnosis
    return found.says if found is not None and found.kind == "authored" and not found.rule else ""


_WORDS = {"right": "right", "wrong": "wrong", "rounded": "too short", "not_understood": "not understood"}


def _may_be(question: Question, attempt: Attempt, verdict: Verdict) -> bool:
    """Tell whether an answer may have been marked so by what is in no file.

    A line of the scratchpad, an earlier part that was typed and not checked, the time that a program takes.
    """
    if "not_understood" in (attempt.verdict, verdict.verdict):
        return True
    before = question.parts[: [part.name for part in question.parts].index(attempt.part)]
    return attempt.verdict == "right" and any(part.name in question.truths for part in before)


def _told(problems: Sequence[Problem]) -> tuple[str, ...]:
    """Return what is told of a file, the worst first, each thing once."""
    ordered = sorted(problems, key=lambda problem: -WORST.index(problem.state))
    said = list(dict.fromkeys(problem.says for problem in ordered))
    more = len(said) - MOST_SAID
    return (*said[:MOST_SAID], *([f"and {more} more such {'things' if more > 1 else 'thing'}"] if more > 0 else []))


def _name(text: str) -> str:
    return text if len(text) <= _MOST_NAME else text[: _MOST_NAME - 3] + "..."
