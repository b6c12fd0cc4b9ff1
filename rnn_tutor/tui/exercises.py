"""What one sitting knows of exercises: their numbers, what is typed, what was said to it; no widget in here.

The way of an answer: mark it, put the attempt on disk, and only then hand back the verdict.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from rnn_tutor.tui.visits import ExerciseVisit, Visits, same_value

if TYPE_CHECKING:
    from rnn_tutor.engine.graph.graph import Node
    from rnn_tutor.exercises.diagnosis.checkpoints import Checked, Checkpoint
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.scratch import Note
    from rnn_tutor.exercises.sensitivity import Sensitivity
    from rnn_tutor.exercises.solution import Worked
    from rnn_tutor.exercises.trace import Trace
    from rnn_tutor.exercises.verdict import Reading, Verdict
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.progress.store import Attempt


class Record(Protocol):
    """What a sitting knows of answers, as far as its exercises ask."""

    @property
    def stores(self) -> bool:
        """Whether another sitting will have what is saved in this one."""

    def done(self, exercise: str) -> bool:
        """Tell whether every part of an exercise was right at least once."""

    def drafts_of(self, exercise: str) -> "Mapping[str, Attempt]":
        """Return what was typed and not checked, by part."""

    def save(self, attempt: "Attempt", left: "Attempt | None" = None) -> None:
        """Save an attempt, and with it how it leaves the exercise."""

    def save_draft(self, draft: "Attempt") -> None:
        """Keep what is typed and not checked; it is no attempt."""


def _none_given(_: ExerciseVisit) -> "Sequence[Attempt]":
    return ()


def _unbounded(_: ExerciseVisit) -> bool:
    return False


class Exercises:
    """The exercises of one sitting."""

    def __init__(
        self,
        library: "Library",
        first_seed: "Callable[[str], int | None]",
        record: Record,
        failed: set[str],
        given: "Callable[[ExerciseVisit], Sequence[Attempt]]" = _none_given,
        *,
        bounded: "Callable[[ExerciseVisit], bool]" = _unbounded,
    ) -> None:
        """Open each exercise with the numbers of its first seed (None: the original ones).

        failed: takes the ids of what cannot be evaluated with the original numbers. given: the answers to the numbers
        of a visit that stand, and of which none counts twice: those of an assignment. bounded: whether a part takes
        only so many answers.
        """
        self._given = given
        self._bounded = bounded
        self._library = library
        self.first_seed = first_seed
        self._record = record
        self.visits = Visits("exercise", library.exercise, ExerciseVisit.begin, failed)
        self.visits.renewed = self._take_up

    def visit(self, exercise: str) -> "ExerciseVisit":
        """Return an exercise as it was left, or with its first numbers. Raises TroubleError."""
        opened_before = exercise in self.visits
        visit = self.visits.open(exercise, self.first_seed(exercise) if opened_before else self.seed_of(exercise))
        if not opened_before:
            self._library.exercises.opened(exercise)
            self._resume(visit)
        return visit

    def ahead(self, exercise: str) -> "ExerciseVisit | None":
        """Return what `visit` would, for making ready what may be opened; nothing of it counts before `enter`.

        None where it cannot be opened: that is told when it is.
        """
        if exercise in self.visits:
            return self.visits[exercise]
        if not self._library.exercises.read_ahead(exercise):
            return None
        first_seed = self.first_seed(exercise)
        if first_seed is None and self.seed_of(exercise) is not None:
            return None  # what draws numbers may not be imported yet
        visit = self.visits.ahead(exercise, first_seed)
        if visit is not None:
            self._resume(visit)
        return visit

    def enter(self, visit: "ExerciseVisit") -> bool:
        """Take a visit that was made ahead, as it is opened now; False where it would be another one now."""
        known = self.visits.get(visit.id)
        if known is not None:
            return known is visit
        if not self._library.exercises.opened(visit.id):
            return False
        visit.run.begin()
        self.visits[visit.id] = visit
        return True

    def _place(self, exercise: str) -> "Attempt | None":
        """Return how an earlier sitting has left an exercise, if that was this one: its file may be another now."""
        from rnn_tutor.progress.drafts import PLACE

        place = self._record.drafts_of(exercise).get(PLACE)
        return place if place is not None and place.content_hash == self._library.hash(exercise) else None

    def seed_of(self, exercise: str) -> int | None:
        """Return the seed of the numbers that an exercise opens with: of those that it was left with, if it was."""
        first_seed = self.first_seed(exercise)
        if first_seed is not None or exercise in self.visits or exercise not in self._library.exercises:
            return first_seed
        place = self._place(exercise)
        return place.seed if place is not None else None

    def _resume_place(self, visit: "ExerciseVisit") -> None:
        """Go on from where an earlier sitting has left an exercise, if it has the same numbers here."""
        from rnn_tutor.progress.drafts import answers_of

        place = self._place(visit.id)
        if place is None or place.seed != visit.question.seed:
            return
        visit.run.hints = min(place.hints, len(visit.question.exercise.hints))
        visit.run.solution = place.solution
        names = {part.name for part in visit.question.parts}
        answers = answers_of(place)
        stands = {one.part for one in self._given(visit) if one.verdict == "right"}
        visit.to_mark |= {part: text for part, text in answers.texts.items() if part in names - stands}
        visit.looked_up = {part for part in answers.looked_up if part in visit.to_mark}
        visit.texts |= visit.to_mark
        visit.resumed = "left"

    def _take_up(self, visit: "ExerciseVisit") -> None:
        """Put back the answers that stand: to each part the one that was right or, where none was, the last one."""
        standing: dict[str, Attempt] = {}
        names = {part.name for part in visit.question.parts}
        for attempt in self._given(visit):
            if attempt.part not in names:
                continue
            if attempt.part not in standing or standing[attempt.part].verdict != "right":
                standing[attempt.part] = attempt
        for name, attempt in standing.items():
            if visit.question.part(name).kind == "program":
                if attempt.verdict != "right":
                    continue  # one works on at it
                visit.trail(name).take(visit.texts.get(name, ""))
            visit.texts[name] = visit.to_mark[name] = attempt.text
            if attempt.solution and attempt.verdict == "right":
                visit.looked_up.add(name)
            if attempt.scratch and not visit.run.scratch.strip():
                visit.run.scratch = attempt.scratch
        if visit.to_mark:
            visit.resumed = "left"

    def mark_again(self, visit: "ExerciseVisit", part: str) -> None:
        """Mark an answer of an earlier sitting that stands where it stood, as it was marked then: it is no attempt."""
        from rnn_tutor.exercises import mark

        text = visit.to_mark.pop(part, None)
        if text is None or text != visit.texts.get(part) or part in visit.verdicts:
            return
        lines = visit.run.scratch.split("\n")
        visit.verdicts[part] = mark.mark(
            visit.question,
            part,
            text,
            visit.earlier(part),
            lines,
            solved=visit.known_parts,
            bounded=self._bounded(visit),
        )
        visit.marked_with[part] = visit.earlier(part)

    def _resume(self, visit: "ExerciseVisit") -> None:
        """Put back what an earlier sitting has left; answers to other numbers can be brought back."""
        from rnn_tutor.progress.drafts import PAD

        self._take_up(visit)
        self._resume_place(visit)
        drafts = self._record.drafts_of(visit.id)
        if PAD in drafts and not self._record.done(visit.id):
            visit.run.scratch = drafts[PAD].text
        elif PAD in drafts:  # one begins anew, and has it when one wants it
            visit.trail(PAD).take(drafts[PAD].text)
        for part in visit.question.parts:
            if (draft := drafts.get(part.name)) is None:
                continue
            if part.kind == "program" or draft.seed == visit.question.seed:
                visit.texts[part.name] = draft.text
                visit.to_mark.pop(part.name, None)
            else:
                visit.trail(part.name).take(draft.text)
        if len(visit.texts) > len(visit.to_mark) or visit.run.scratch:
            visit.resumed = "here"
        elif any(part.name in drafts for part in visit.question.parts):
            visit.resumed = "elsewhere"

    def keep(self, visit: "ExerciseVisit") -> None:
        """Keep what is typed and not checked, so that another sitting has it; only what changed since is written."""
        from rnn_tutor.progress.drafts import PAD
        from rnn_tutor.progress.record import draft_of

        if not self._record.stores:
            return
        exercise = visit.id
        texts = {part: visit.texts[part] for part in visit.unchecked()}
        texts[PAD] = visit.run.scratch if visit.run.scratch.strip() else ""
        drafts = self._record.drafts_of(exercise)
        for part in [*(question_part.name for question_part in visit.question.parts), PAD]:
            kept_text = drafts[part].text if part in drafts else ""
            if texts.get(part, "") == kept_text or (not texts.get(part) and visit.trail(part).taken):
                continue
            text = texts.get(part, "")
            self._record.save_draft(draft_of(visit.question, self._library.hash(exercise), part, text, visit.run))
        if self._is_kept(visit) and (left := self._left(visit)) is not None:
            self._record.save_draft(left)

    def _is_kept(self, visit: "ExerciseVisit") -> bool:
        """Tell whether somebody will have how it is left: it has no other numbers by now, and is none of an exam."""
        return self._record.stores and self.visits.get(visit.id) is visit

    def _left(self, visit: "ExerciseVisit") -> "Attempt | None":
        """Return with which numbers, hints and answers an exercise is left; of one that is solved, that nothing is.

        None where that is kept already.
        """
        from rnn_tutor.progress.drafts import PLACE, Answers
        from rnn_tutor.progress.record import draft_of

        run, seed = visit.run, visit.question.seed
        answers = Answers(visit.answered(), frozenset(visit.looked_up))
        left = not visit.solved and bool(
            answers.texts or run.hints or run.solution or seed != self.first_seed(visit.id)
        )
        text = answers.text if left else ""
        before = self._place(visit.id)
        if before is None and not left:
            return None
        if before is not None and (before.text, before.seed, before.hints, before.solution) == (
            text,
            seed,
            run.hints,
            run.solution,
        ):
            return None
        return draft_of(visit.question, self._library.hash(visit.id), PLACE, text, run)

    def read(self, visit: "ExerciseVisit", part: str, text: str) -> "Reading | None":
        """Return how a text is understood, never whether it is right; it is kept as typed.

        A program is not run for that: only what is wrong with how it is written is returned, None for nothing.
        """
        from rnn_tutor.exercises import programs, reading

        visit.texts[part] = text
        if visit.question.part(part).kind == "program":
            error = programs.misread(text)
            visit.note(part, None)
            return None if error is None else programs.ProgramReading(text, error.says, error=error, line=error.line)
        understood = reading.read(visit.question, part, text, visit.earlier(part), visit.run.scratch.split("\n"))
        visit.note(part, understood)
        return understood

    def notes(self, visit: "ExerciseVisit", text: str) -> "list[Note]":
        """Return what the lines of the scratchpad come to; they are kept, and go with the next attempt."""
        from rnn_tutor.exercises import reading, scratch

        visit.run.scratch = text
        last = visit.question.parts[-1]
        lines = text.split("\n")
        return scratch.notes(
            visit.question, lines, reading.own_values(visit.question, last, visit.earlier(last.name), lines)
        )

    def figures(self, visit: "ExerciseVisit") -> "list[Figure]":
        """Return what there is to look at; until nothing is given away by it, only the givens and the picture."""
        return visit.question.shown(given_away=visit.open)

    def all_to_look_at(self, visit: "ExerciseVisit") -> "list[Figure]":
        """Return what there is to look at, one at a time, and after it the other givens that are more than a number."""
        pages = [page for figure in self.figures(visit) for page in figure.pages]
        return pages + visit.question.others(
            [item.name for page in pages if page.kind in ("heatmap", "table") for item in page.items]
        )

    def trace(self, visit: "ExerciseVisit", node: "Node", cell: tuple[int, ...]) -> "Trace":
        """Return where one number comes from."""
        from rnn_tutor.exercises.trace import trace

        return trace(visit.question, node, cell)

    def arrays(self, visit: "ExerciseVisit", trace: "Trace") -> "list[Figure]":
        """Return the arrays that an opened cell is about, each once: its own, then those that it was made of."""
        nodes = dict.fromkeys([trace.node, *(source.node for source in trace.sources)])
        names = dict.fromkeys(node.name for node in nodes)
        return [figure for figure in visit.question.heatmaps(names) if figure.items[0].values.size > 1]

    def gradients(self, visit: "ExerciseVisit") -> "dict[str, Sensitivity]":
        """Return how the last answer reacts to each step, by the step's name; worked out once."""
        from rnn_tutor.exercises.sensitivity import sensitivities

        if visit.gradients is None:
            visit.gradients = sensitivities(visit.question)
        return visit.gradients

    def solution(self, visit: "ExerciseVisit") -> "list[Worked]":
        """Return the worked solution; worked out once."""
        from rnn_tutor.exercises.solution import solve

        if visit.worked is None:
            visit.worked = solve(visit.question)
        return visit.worked

    def checkpoints(self, visit: "ExerciseVisit", part: str) -> "list[Checkpoint]":
        """Return the steps towards a part on which the learner can check themselves."""
        from rnn_tutor.exercises.diagnosis.checkpoints import checkpoints
        from rnn_tutor.exercises.diagnosis.withheld import answered

        question = visit.question
        right = answered(question, visit.earlier(part), visit.run.scratch.split("\n"))
        known = {part, *right, *visit.known_parts}
        unsolved = {other.name for other in question.parts} - known
        return checkpoints(question, question.part(part), unsolved)

    @staticmethod
    def first_step(visit: "ExerciseVisit", part: str, points: "Sequence[Checkpoint]") -> int:
        """Return where to begin with the steps of a part: where the diagnosis points, or where one has got to."""
        tried = visit.verdicts.get(part)
        told = tried.diagnosis.step if tried is not None and tried.diagnosis is not None else ""
        first = next((place for place, point in enumerate(points) if point.text == told), 0)
        return min(max(first, visit.steps.get(part, 0)), len(points) - 1)

    def read_step(self, visit: "ExerciseVisit", part: str, point: "Checkpoint", text: str) -> "Reading":
        """Return how a text is understood that is typed as the value of a step."""
        from rnn_tutor.exercises.diagnosis.checkpoints import read_as

        lines = visit.run.scratch.split("\n")
        return read_as(visit.question, visit.question.part(part), point, text, visit.earlier(part), lines)

    def check_step(self, visit: "ExerciseVisit", part: str, point: "Checkpoint", text: str) -> "Checked":
        """Tell whether a text is the value of a step. It is no attempt: nothing of it is kept."""
        from rnn_tutor.exercises.diagnosis.checkpoints import check

        lines = visit.run.scratch.split("\n")
        asked = visit.question.part(part)
        return check(visit.question, asked, point, text, earlier=visit.earlier(part), scratch=lines)

    def prepare(self, visit: "ExerciseVisit", busy: "Callable[[], bool]") -> None:
        """Work out beforehand, in a thread, what wrong answers will need; others who are `busy` go first."""
        from rnn_tutor.engine.turns import giving_way
        from rnn_tutor.exercises.diagnosis.foreseen import prepare

        with giving_way(busy):
            prepare(visit.question)

    def check(self, visit: "ExerciseVisit", part: str, text: str) -> "Verdict":
        """Mark an answer, and store the attempt and how it leaves the exercise before the verdict can be seen."""
        from rnn_tutor.progress.record import attempt_of

        verdict = self.judge(visit, part, text)
        if self._is_repeated(visit, verdict, text):
            visit.judged(verdict)
            visit.repeated.add(part)
            return verdict
        visit.repeated.discard(part)
        attempt = attempt_of(visit.question, self._library.hash(visit.id), verdict, text, visit.run)
        after = visit.copied()
        after.judged(verdict)
        self._record.save(attempt, self._left(after) if self._is_kept(visit) else None)
        visit.judged(verdict)
        return verdict

    def _is_repeated(self, visit: "ExerciseVisit", verdict: "Verdict", text: str) -> bool:
        """Tell whether a wrong answer is one that was given before, and counts no more.

        What it comes to is compared. That of an answer with names of other parts is not known any more: it is another.
        """
        from rnn_tutor.exercises import reading

        if verdict.verdict != "wrong":
            return False
        question, part = visit.question, verdict.part
        before = [one for one in self._given(visit) if one.part == part and one.verdict == "wrong"]
        if question.part(part).kind == "program":
            return any(one.text.rstrip() == text.rstrip() for one in before)
        values = (reading.read(question, part, one.text, {}, one.scratch.split("\n")).value for one in before)
        return any(value is not None and same_value(value, verdict.reading.value) for value in values)

    def judge(self, visit: "ExerciseVisit", part: str, text: str) -> "Verdict":
        """Mark an answer; it is no attempt, and nothing but its text is kept."""
        from rnn_tutor.exercises import mark

        visit.texts[part] = text
        return mark.mark(
            visit.question,
            part,
            text,
            visit.earlier(part),
            visit.run.scratch.split("\n"),
            solved=visit.known_parts,
            suspects=visit.suspects.get(part, ()),
            bounded=self._bounded(visit),
        )

    def offer(self, visit: "ExerciseVisit", part: str) -> "Verdict":
        """Return the verdict on a part with numbers that tell apart what the answer may have been, if there are any.

        It draws numbers, which takes longer than marking: the verdict is shown before.
        """
        from rnn_tutor.exercises.diagnosis.advice import offered

        visit.verdicts[part] = offered(visit.question, visit.verdicts[part])
        return visit.verdicts[part]
