"""What is said of a class, on a screen and in a report: mistakes by name, states, counts, and the rules that count."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from rnn_tutor.engine.mutate.phrases import PHRASES
from rnn_tutor.exercises.words import times
from rnn_tutor.progress.class_report import (
    MISLED_LEAST,
    MISLED_RIGHT,
    MISLED_SAME,
    MOST_MINUTES,
    STUCK_LEAST,
    STUCK_MINUTES,
    STUCK_WRONG,
    Cell,
    LearnerReport,
    Made,
    Misleads,
    Mistake,
    Report,
    Stuck,
)

KINDS = {
    "authored": "a mistake that the exercise explains",
    "expression": "another short formula of the same values",
    "intermediate": "an intermediate value given as the answer",
    "not_finite": "a value that is infinite or not a number",
    "program": "a line of a program that goes wrong",
    "right_here": "an expression that is right for these numbers only",
    "shape": "another shape than the one needed",
    "these_numbers_only": "an expression that is right for these numbers only",
}
"""What is said of a mistake that no rule names, by the kind of its diagnosis."""
NAMES = PHRASES | KINDS
NOT_BEGUN = "not begun"
MOST_LISTED = 40  # of a list that is read


def name_of(mistake: Mistake) -> str:
    """Return a mistake by name; what a file says of it is a sentence, and quoted."""
    return mistake.says if mistake.says == NAMES.get(mistake.rule) else f'"{mistake.says}"'


def state_of(cell: Cell | None) -> str:
    """Return how far a learner is with an exercise, in a word or two."""
    return NOT_BEGUN if cell is None or not cell.state else cell.state


def have(count: int) -> str:
    """Return the verb for so many."""
    return "has" if count == 1 else "have"


def begins(report: Report) -> Iterator[str]:
    """Give what a report begins with: how many have begun and solved how much, and until when there is time."""
    terms, learners = report.terms, len(report.learners)
    solved = sum(learner.solved for learner in report.learners)
    begun = f"{learners - len(report.not_begun)} of {learners} learners {have(learners - len(report.not_begun))} begun"
    if terms.assignment:
        yield f"{begun}. Together they have solved {share(solved, learners * len(report.exercises))}."
    else:
        yield f"{begun}, and solved {times(solved, 'exercise')} in all."
    if terms.until is not None:
        extended = sum(learner.extended for learner in report.learners)
        longer = {0: "", 1: " One learner has longer."}.get(extended, f" {extended} learners have longer.")
        yield f"Due on {moment(terms.until)}.{longer}"
    last = max((learner.last for learner in report.learners if learner.last is not None), default=None)
    if last is not None:
        yield f"The last answer was given on {moment(last)}."
    if report.elsewhere:
        yield f"Answers to other exercises are left out ({report.elsewhere})."


def share(part: int, whole: int) -> str:
    """Return so many of all exercises in words: 12 of 180 exercises (7%)."""
    return f"{part} of {whole} exercises" + (f" ({part / whole:.0%})" if whole else "")


def number(value: float | None) -> str:
    """Return a figure in a few characters, "" for none."""
    return "" if value is None else f"{value:.1f}".removesuffix(".0")


def moment(at: datetime) -> str:
    """Return a time as it is told here, with its zone; the first and the last that there are have no other zone."""
    with suppress(OverflowError):
        at = at.astimezone()
    return f"{at:%Y-%m-%d %H:%M %Z}".rstrip()


def said_of_made(made: Made) -> str:
    """Return how many made a mistake, and where: 12 learners, 20 times, in a and b."""
    often = f", {times(made.times, 'time')}" if made.times > made.learners else ""
    where = ", ".join(made.exercises[:3])
    more = f" and {len(made.exercises) - 3} more" if len(made.exercises) > 3 else ""
    return f"{times(made.learners, 'learner')}{often}, in {where}{more}"


def said_of_stuck(stuck: Stuck) -> str:
    """Return how somebody is stuck: at which part, after how many answers and minutes, with which mistake."""
    wrong = times(stuck.wrong, "wrong answer")
    after = f"no try left after {wrong}" if stuck.no_try else f"{wrong}, {times(round(stuck.minutes), 'minute')}"
    mistake = f"; the last is {name_of(stuck.mistake)}" if stuck.mistake is not None else ""
    return f"{stuck.part} ({after}{mistake})"


def said_of_misleading(misleads: Misleads) -> str:
    """Return in what way a part misleads."""
    first = f"{misleads.part}: {misleads.learners} of {times(misleads.answered, 'learner')}"
    if misleads.mistake is None:
        return f"{first} {'was' if misleads.learners == 1 else 'were'} right at the first try"
    return f"{first} began with the same mistake, {name_of(misleads.mistake)}"


def said_of_learner(learner: LearnerReport) -> str:
    """Return what else there is to say of a learner: not begun, late, looked up, practised and so on."""
    cells = learner.cells.values()
    looked_up = sum(cell.looked_up > 0 for cell in cells)
    repeated, practice = sum(cell.repeated for cell in cells), sum(cell.practice for cell in cells)
    no_try, in_vain = sum(cell.no_try for cell in cells), sum(cell.wrong_no_try for cell in cells)
    words = [
        *([NOT_BEGUN] if not learner.begun else []),
        *([f"stuck at {', '.join(one.exercise for one in learner.stuck)}"] if learner.stuck else []),
        *([f"late with {', '.join(learner.late)}"] if learner.late else []),
        *([f"extended to {moment(learner.due)}"] if learner.extended and learner.due is not None else []),
        *([f"solution read in {looked_up}"] if looked_up else []),
        *([f"{times(no_try, 'right answer')} without a try left"] if no_try else []),
        *([f"{times(in_vain, 'wrong answer')} without a try left"] if in_vain else []),
        *([f"{times(repeated, 'answer')} repeated"] if repeated else []),
        *([f"{times(practice, 'answer')} for practice"] if practice else []),
    ]
    return "; ".join(words)


def rules(report: Report) -> Iterator[str]:
    """Give the rules that a report counts by, a sentence or two each."""
    if report.terms.assignment:
        yield "Only answers with a learner's own numbers count. Answers with other numbers are practice."
        yield (
            "The points of an exercise are split evenly over its parts. A part counts if it was right in time. "
            "`+1 late` stands for 1 point that late work would have."
        )
    yield (
        f"A learner is stuck at an exercise after {STUCK_WRONG} wrong answers since the last right part. "
        f"{STUCK_MINUTES} minutes of work with {STUCK_LEAST} wrong answers count as stuck too, and so does a part "
        "without a try left."
    )
    yield (
        f"An exercise misleads if {MISLED_LEAST} learners or more have answered a part, and {MISLED_SAME:.0%} of them "
        f"began with the same mistake. It misleads too if at most {MISLED_RIGHT:.0%} were right at the first try."
    )
    yield "A mistake counts if marking could name it. Every wrong answer that counts is taken, also after a right one."
    yield f"An answer counts for {MOST_MINUTES} minutes at the most."
    yield "Tries and minutes are medians, over the learners who solved the exercise."
