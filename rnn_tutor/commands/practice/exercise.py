"""An exercise in plain mode: what is asked, what is typed, what is said to it, hints, solution, steps, new numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rnn_tutor.commands.output import say
from rnn_tutor.commands.practice import inspecting
from rnn_tutor.commands.practice.place import Command, Place, draw, look, open_book, say_line, say_prose, say_words
from rnn_tutor.commands.practice.program import HOW, Program
from rnn_tutor.commands.practice.verdicts import elements, tally, ways
from rnn_tutor.commands.telling import say_givens, say_hint, say_part, say_step, say_title, say_verdict
from rnn_tutor.exercises import seeds
from rnn_tutor.exercises.programs import starter
from rnn_tutor.tui.assignment import ARE_OWN
from rnn_tutor.tui.review import SOLVED_AFTER

if TYPE_CHECKING:
    from rnn_tutor.exercises.diagnosis.checkpoints import Checkpoint
    from rnn_tutor.exercises.question import Part
    from rnn_tutor.exercises.solution import Worked
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.tui.clipboard import Clipboard
    from rnn_tutor.tui.session import Session
    from rnn_tutor.tui.visits import ExerciseVisit

_HOW = {
    "choice": "Type the number of one option.",
    "checklist": "Type the numbers of all that hold, such as 1 3.",
    "program": HOW,
}


class ExercisePlace(Place):
    """One exercise, with the numbers that its visit has."""

    def __init__(self, session: "Session", visit: "ExerciseVisit", clipboard: "Clipboard") -> None:
        self._session = session
        self._begin(visit)
        self._inspecting = inspecting.Inspecting(session, lambda: self._visit, clipboard)

    def _begin(self, visit: "ExerciseVisit") -> None:
        """Begin at the first open part of a visit."""
        self._visit = visit
        self._part = self._first_open()
        self._program = self._program_of(self._part)
        self._again = False  # whether a part is answered again, though all are right
        self._solution: list[Worked] = []
        self._step = 0  # steps of the solution that were told
        self._reading = False  # whether an empty line goes on with the solution
        self._points: list[Checkpoint] = []  # the steps on which one checks oneself now

    # what it is

    @property
    def visit(self) -> "ExerciseVisit":
        """The exercise as the sitting has it."""
        return self._visit

    @property
    def prompt(self) -> str:
        """The name of what is typed next."""
        if self._points:
            return "your value ="
        if self._visit.solved and not self._again:
            return "solved>"
        if self._part.ask.options:
            return "answer:"
        return "program:" if self._part.kind == "program" else f"{self._part.name} ="

    def figures(self) -> "Sequence[Figure]":
        """Return what there is to look at; until nothing is given away by it, only the givens and the picture."""
        return self._session.exercises.all_to_look_at(self._visit)

    def open(self) -> None:
        """Tell the prompt, the picture, the givens, and what is asked first."""
        question, exercise = self._visit.question, self._visit.source
        say_title(question, *filter(None, self.about()))
        say()
        say_prose(exercise.prompt)
        if question.asked_with is not None:
            from rnn_tutor.figures.told import in_words

            say()
            for line in in_words(question.asked_with):
                say_line(line)
        if question.told:
            say()
            say("Given:")
            say_givens(question)
        if len(question.parts) > 1:
            say()
            say_prose(f"{len(question.parts)} parts: {', '.join(part.name for part in question.parts)}.")
        unit = self._session.unit_of(exercise.id)
        if unit is not None and self._session.is_new(unit):
            self._session.met.add(unit.id)
            say_prose("This unit is new to you. :page reads its page, and :words explains its words.")
        self._mark_again()
        self._ask()
        self._say_resumed()

    def _mark_again(self) -> None:
        """Take answers of an earlier sitting as they were taken then, and tell how many are right."""
        if self._visit.to_mark:
            for part in self._visit.question.parts:
                self._session.exercises.mark_again(self._visit, part.name)
            say()
            say(tally(self._visit.question.parts, self._visit.verdicts))
            self._choose(self._first_open())

    def about(self) -> Sequence[str]:
        """Return its level, and where it stands in the course or in a review."""
        exercise = self._visit.source
        position, review = self._session.position(exercise.id), self._session.reviews.round
        about = f"exercise {position[2]} of {position[3]}" if position is not None else ""
        if review is not None and exercise.id in review.opened:
            about = f"review, {review.exercises.index(exercise.id) + 1} of {len(review.exercises)}"
        return f"level {exercise.level}", about

    def _say_resumed(self) -> None:
        """Tell what an earlier sitting has left and nobody has checked."""
        resumed, self._visit.resumed = self._visit.resumed, ""
        texts = {part: self._visit.texts[part] for part in self._visit.unchecked()}
        if resumed == "elsewhere":
            drafts = self._session.drafts_of(self._visit.id)
            names = {part.name for part in self._visit.question.parts}
            texts = {part: draft.text for part, draft in drafts.items() if part in names}
        if not resumed or not texts:
            return
        where = ", for other numbers" if resumed == "elsewhere" else ""
        say(f"Last time you typed this{where}. It is not checked yet.")
        for part, text in texts.items():
            for line in f"{part} = {text}".split("\n"):
                say(f"  {line}")
        if resumed == "here" and self._part.name in texts:
            end = "A line with a single full stop" if self._part.kind == "program" else "An empty line"
            say(f"{end} checks {self._part.name} as it stands.")

    def _ask(self) -> None:
        """Tell what is asked now: the part, or that all is solved."""
        if self._visit.solved and not self._again:
            return
        say()
        say_part(self._part, alone=len(self._visit.question.parts) == 1)
        if self._part.kind in _HOW:
            say_prose(_HOW[self._part.kind])
        assignment = self._session.assignment
        if assignment is not None and (told := assignment.told_before(self._visit, self._part.name)):
            say_prose(told)

    def _first_open(self) -> "Part":
        parts = self._visit.question.parts
        unsolved = [part for part in parts if not self._visit.right(part.name)]
        return next((part for part in unsolved if not self._no_try_left(part)), (unsolved or parts)[-1])

    def _no_try_left(self, part: "Part") -> str:
        return self._session.no_try_left(self._visit, part.name)

    def _program_of(self, part: "Part") -> Program | None:
        if part.kind != "program":
            return None
        text = self._visit.texts.get(part.name, "") or starter(part)
        return Program(text, lambda now: self._typed_so_far(part.name, now))

    def _typed_so_far(self, part: str, text: str) -> None:
        self._session.exercises.read(self._visit, part, text)

    def _choose(self, part: "Part", *, again: bool = False) -> None:
        self._part, self._again, self._points = part, again, []
        self._program = self._program_of(part)

    # lines

    def typed(self, line: str) -> None:
        """Check an answer, or the value of a step, or take a line of a program."""
        self.commanded()
        if self._points:
            self._check_step(line.strip())
        elif self._visit.solved and not self._again:
            say_prose("This is solved. An empty line goes on, and :part NAME answers a part again.")
        elif self._program is None:
            self._mark(line.strip())
        elif line.strip() == ".":
            self._program.begun = False
            self._mark(self._program.text)
        else:
            self._program.typed(line)

    def blank(self) -> bool:
        """Go on with the solution; check what stands there from an earlier sitting; of what is solved, go on."""
        if self._reading:
            self._next_step()
        elif self._points:
            self._points = []
            say("Back to the answer.")
            self._ask()
        elif self._visit.solved and not self._again:
            return True
        elif self._program is not None:
            if self._program.begun:
                self._program.typed("")
        elif self._part.name in self._visit.unchecked():
            self._mark(self._visit.texts[self._part.name])
        else:
            say_prose("Type an answer. :hint opens a hint, and :help tells what else can be typed.")
        return False

    def commanded(self) -> None:
        """Know that an empty line goes on with nothing."""
        self._reading = False

    def _mark(self, text: str) -> None:
        """Mark an answer; the attempt is on disk before anything is said."""
        exercises, visit, part = self._session.exercises, self._visit, self._part
        if not text.strip():
            say_prose("There is no program yet. Type its lines first.")
            return
        if refused := self._no_try_left(part):
            say_prose(refused)
            return
        assignment = self._session.assignment
        verdict = exercises.check(visit, part.name, text)
        if self._session.saving_problem:
            say_prose(self._session.saving_problem)
        if verdict.diagnosis is not None and verdict.diagnosis.suspects:
            verdict = exercises.offer(visit, part.name)
        looked_up = part.name in visit.looked_up
        say_verdict(verdict, elements=elements(part, verdict), ways=ways(verdict), looked_up=looked_up)
        if assignment is not None and verdict.verdict in ("right", "wrong"):
            say_prose(assignment.told_after(visit, part.name))
        if verdict.verdict != "right":
            if self._no_try_left(part) and self._first_open() is not part:
                self._choose(self._first_open())
                self._ask()
            return
        if visit.solved:
            self._again = False
            self._say_solved()
        else:
            say(tally(visit.question.parts, visit.verdicts))
            self._choose(self._first_open())
            self._ask()

    def _say_solved(self) -> None:
        following = self._session.following(self._visit.id)
        reviews = self._session.reviews
        looked_up = self._visit.looked_up and not reviews.solved(self._visit.id)
        solved = SOLVED_AFTER if looked_up else reviews.says(self._visit.id, ":rate")
        words = {
            "exercise": f"{solved} Next: {following.title}.",
            "page": f"{solved} Next: {following.title}, a new unit.",
            "lab": f"{solved} Next: {following.title}, a lab.",
            "check": f"{solved} The whole unit is done. Next: a check of it, without hints.",
            "end": f"{solved} That was the last exercise.",
            "alone": solved,
            "review": f"{solved} Next in this review: {following.title}.",
            "review-end": f"{solved} That was the last one of this review.",
        }[following.kind]
        new = f" :new asks it again with {self._visit.anew}." if self._visit.draws else ""
        say_prose(f"{words} An empty line goes on.{new}")
        if how := self._session.to_hand_in():
            say_prose(how)

    # commands

    def commands(self) -> Sequence[Command]:
        """Return the commands of an exercise."""
        own = [
            Command("hint", lambda _: self._hint(), "open the next hint"),
            Command("solution", self._open_solution, "read the solution, step by step; all of it with all", "[all]"),
            Command("step", lambda _: self._begin_steps(), "check one step towards the answer; it is not counted"),
            Command("new", lambda _: self._new_numbers(), "ask it with new numbers"),
            Command("original", lambda _: self._original(), "ask it with the original numbers"),
            Command("part", self._go_to_part, "answer another part, or a part again", "[NAME]"),
            Command("words", lambda _: say_words(self._session, self), "explain the words of this exercise"),
            Command("rate", self._rate, "rate what you solved in a review", "[RATING]"),
            Command("show", lambda _: self.open(), "tell the exercise again"),
            Command("look", lambda which: look(self, which), "tell the pictures in words", "[N]"),
            Command("draw", lambda which: draw(self, which), "draw the pictures with characters", "[N]"),
        ]
        return [*own, *self._inspecting.commands(), *(self._program.commands() if self._program is not None else [])]

    def _rate(self, rating: str) -> None:
        """Rate a solved exercise of a review otherwise."""
        from rnn_tutor.progress.review import RATINGS

        if rating and rating not in RATINGS:
            say_prose(f"There is no rating {rating}. The ratings are: {', '.join(RATINGS)}.")
        elif self._visit.solved and self._session.rate(self._visit.id, rating):
            self._say_solved()
        else:
            say_prose("You can rate an exercise of a review once it is solved.")

    def _hint(self) -> None:
        open_book(self._session)
        hints, run = self._visit.source.hints, self._visit.run
        if run.hints < len(hints):
            run.hints += 1
            say_hint(self._visit.source, run.hints)
        elif hints:
            say_prose("Those were all the hints. :solution reads the solution step by step.")
        else:
            say_prose("There are no hints here. :solution reads the solution step by step.")

    def _open_solution(self, argument: str) -> None:
        """Tell the next step of the solution; it counts as seen from the first one on."""
        from rnn_tutor.exercises.solution import solve

        open_book(self._session)
        if waits := self._session.solution_waits(self._visit):
            say_prose(waits)
            return
        self._visit.run.solution = True
        if not self._solution:
            self._solution = solve(self._visit.question)
        if not self._solution:
            say("This exercise has no steps to show.")
            return
        if self._step == len(self._solution):
            self._step = 0
        self._next_step()
        while argument == "all" and self._step < len(self._solution):
            self._next_step()

    def _next_step(self) -> None:
        say()
        self._step += 1
        say_step(self._step, self._solution[self._step - 1])
        self._reading = self._step < len(self._solution)
        if self._reading:
            say(f"Step {self._step} of {len(self._solution)}. An empty line shows the next one.")
        else:
            say("That was the last step.")

    def _begin_steps(self) -> None:
        """Ask for the value of a step towards the answer."""
        visit, part = self._visit, self._part
        tried = visit.verdicts.get(part.name)
        if tried is None or tried.verdict == "not_understood":
            say_prose("Check an answer first. Then :step checks a step towards it.")
            return
        if visit.right(part.name):
            say("This part is already right.")
            return
        self._points = self._session.exercises.checkpoints(visit, part.name)
        if not self._points:
            say_prose("This answer has no steps to check. :hint opens a hint.")
            return
        visit.steps[part.name] = self._session.exercises.first_step(visit, part.name, self._points)
        self._ask_step()

    def _ask_step(self) -> None:
        place = self._visit.steps[self._part.name]
        point = self._points[place]
        say_prose(f"Step {place + 1} of {len(self._points)}, not counted. Type your value of `{point.text}`.")
        say("An empty line goes back to the answer.")

    def _check_step(self, text: str) -> None:
        part = self._part.name
        place = self._visit.steps[part]
        checked = self._session.exercises.check_step(self._visit, part, self._points[place], text)
        if checked.verdict != "not_understood":
            say_line(checked.reading.says)
        lead = {"right": "Right. ", "rounded": "Nearly. "}.get(checked.verdict, "")
        say_prose(lead + checked.says, "good" if checked.verdict == "right" else "bad")
        if checked.verdict != "right":
            return
        if place + 1 < len(self._points):
            self._visit.steps[part] = place + 1
            self._ask_step()
        else:
            say("That was the last step. Now the answer itself.")
            self._points = []
            self._ask()

    def _go_to_part(self, name: str) -> None:
        parts = self._visit.question.parts
        if not name:
            say(tally(parts, self._visit.verdicts))
            return
        part = next((part for part in parts if part.name == name), None)
        if part is None:
            say_prose(f"There is no part {name}. The parts are: {', '.join(part.name for part in parts)}.")
            return
        self._choose(part, again=True)
        self._ask()

    # numbers

    def _new_numbers(self) -> None:
        """Ask with new numbers: those that tell what the last answer was, where they were offered."""
        telling = self._visit.telling
        if telling is not None:
            part, numbers = telling
            say_prose(f"Answer {part} with these numbers: then I can tell which mistake it is.")
            self.renew(numbers.seed)
        elif self._visit.draws:
            self.renew(seeds.any_seed())
        else:
            say_prose("This exercise has no random numbers, so there are no new ones.")

    def _original(self) -> None:
        as_written = self._session.as_written(self._visit.id)
        if self._visit.seed != as_written:
            self.renew(as_written)
        else:
            say(ARE_OWN if as_written is not None else self._visit.is_as_written)

    def renew(self, seed: int | None) -> None:
        """Begin anew with the numbers of a seed (None: the original ones). Raises TroubleError."""
        lost = self._visit.lost()
        visit = self._session.exercises.visits.renew(self._visit, seed)
        self._begin(visit)
        for part, text in lost.items():
            say(f"For the earlier numbers you had typed {part} = {text}")
        self.open()

    def leave(self) -> None:
        """Keep what is typed and not checked."""
        self._session.exercises.keep(self._visit)
