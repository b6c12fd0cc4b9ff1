"""What an author wants to know about one exercise before a learner meets it; all of it, not the first error only.

In this order: what is written for the learner, whether every expression reads, whether the original numbers evaluate,
what the answers are made of, the mistakes, the hints, and then the same for many draws.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec
import numpy as np

from rnn_tutor.engine.compare import close
from rnn_tutor.engine.draw import holds
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import names_in
from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.exercises.compiled import Compiled, ExerciseError, compiled
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.drawing import ask, hidden
from rnn_tutor.exercises.files.convert import related
from rnn_tutor.exercises.files.finding import ContentError, Finding, Severity, line_of, listed, shown
from rnn_tutor.exercises.files.rules import CHOSEN, let_name, lets, problems
from rnn_tutor.exercises.known import Known, known_part
from rnn_tutor.exercises.lint.beyond import beyond
from rnn_tutor.exercises.lint.draws import draws as many_draws
from rnn_tutor.exercises.lint.hints import given_away
from rnn_tutor.exercises.lint.language import texts, told
from rnn_tutor.exercises.lint.pictures import all_shows, looked_at
from rnn_tutor.exercises.lint.superfluous import superfluous
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.programs import signature
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.read import Loaded, is_draft, read_exercise
from rnn_tutor.exercises.unfinished import DraftError

SLOW = 1.0  # CPU seconds for one draw: more is a defect (the limits say 0.1 s for an expression)
LEAST_HINTS = 2
_LACKED = {"prompt": "question", "ask": "answer to ask for"}  # which a draft may lack
_BY_PLACE = re.compile(
    r"(?i)\b(?:options?|statements?) \d+|\b(?:first|second|third|last) (?:option|statement)|\boptions? (?:above|below)"
)
MOST_HIDDEN = 5
MOST_SHOWN = 160  # characters of what would be said of a mistake


@dataclass(slots=True)
class _Notes:
    """The findings of one file; the same is said once."""

    file: Path
    loaded: Loaded
    blamed: frozenset[str] = frozenset()  # keys that were told of already: what is said of them would be an echo
    evaluable: Known | None = None  # whose keys are those of what is looked at
    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)

    def add(self, key: str, sentence: str, severity: Severity = "error") -> None:
        key = key if self.evaluable is None else self.evaluable.place(key)
        if related(key, self.blamed):
            return
        finding = Finding(self.file, line_of(self.loaded.lines, key), shown(key, 120), sentence, severity)
        self.findings.setdefault((key, sentence), finding)


def examine_file(path: Path, inside: Path, draws: int = 100) -> list[Finding]:
    """Return what is to be said about an exercise file whose real place is within `inside`, whatever is in it."""
    try:
        return examine(read_exercise(path, inside), path, draws)
    except DraftError as error:
        return _of_draft(error, path, draws)
    except ContentError as error:
        if is_draft(path, inside):
            return error.findings
        rest = beyond(error, path, inside, Exercise, problems)
        if rest.value is None:
            return rest.findings
        loaded = Loaded(rest.value, rest.lines, rest.hash)
        found = examine(loaded, path, draws, rest.blamed, rest.unknown)
        return sorted([*rest.findings, *found], key=lambda one: (one.line, one.key))


def _of_draft(error: DraftError, path: Path, draws: int) -> list[Finding]:
    """Return what a draft needs: what its author says, and what would be an error if it were finished."""
    draft = error.draft
    wrong = [(key, says) for key, says in problems(draft) if key != "prompt" or draft.prompt]
    lacking = [(key, f"there is no {word} yet") for key, word in _LACKED.items() if not getattr(draft, key)]
    further = [Finding(path, 1, key, says, "draft") for key, says in lacking]
    if wrong:
        found = [Finding(path, line_of(error.lines, key), shown(key, 120), says) for key, says in wrong]
    else:
        found = examine(Loaded(draft.finished(), error.lines, error.hash), path, draws)
    further += [replace(one, severity="draft") for one in found if one.severity == "error"]
    return sorted([*error.findings, *further], key=lambda one: (one.line, one.key))


def examine(
    loaded: Loaded,
    file: Path,
    draws: int = 100,
    blamed: Collection[str] = (),
    unknown: Iterable[str] = (),
) -> list[Finding]:
    """Return what is to be said about an exercise; `draws` is how often it is drawn anew.

    Of a file that could be read in part, `blamed` are the keys that were told of already, `unknown` the names that its
    author made and of which nothing else is known.
    """
    notes = _Notes(file, loaded, frozenset(blamed))
    _written(notes, loaded.exercise)
    evaluable = known_part(loaded.exercise, lambda error: notes.add(error.key, error.says), blamed, unknown)
    if evaluable.reads and not blamed:
        _made_of(notes, compiled(loaded.exercise))
    if evaluable.exercise.ask:
        notes.evaluable = evaluable
        _asked(notes, evaluable.exercise, draws)
    return sorted(notes.findings.values(), key=lambda finding: (finding.line, finding.key))


def _asked(notes: _Notes, exercise: Exercise, draws: int) -> None:
    """What is to be said about the numbers: the original ones, and those of many draws."""
    question = ask(exercise)
    _conditions(notes, question)
    _answers(notes, question)
    differing = _differing_mistakes(notes, question)
    _pictures(notes, question)
    _hints(notes, question)
    drawn = _drawn(notes, exercise, draws)
    if drawn is not None and _all_drawn(notes.loaded.exercise) == _all_drawn(exercise):
        _never_differing(notes, question, differing | drawn, draws)
    _hidden(notes, question)
    if draws:  # what is said is compared on draws
        _superfluous(notes, question)


def _written(notes: _Notes, exercise: Exercise) -> None:
    """What is written for the learner: a sentence to each step, hints, a reason for each wrong option."""
    for key, step in lets(exercise.steps):
        if not step.say.strip():
            name = shown(let_name(step.let or "") or "this step")
            notes.add(f"{key}.say", f"{name} has no sentence; expected one that says what the step does and why")
    if len(exercise.hints) < LEAST_HINTS:
        notes.add("hints", f"{len(exercise.hints)} hints; expected at least {LEAST_HINTS}", "warning")
    asks = (
        asked
        for index, asked in enumerate(exercise.ask)
        if notes.blamed.isdisjoint(("ask", f"ask[{index}]", f"ask[{index}].as"))
    )
    if not _all_drawn(exercise) and any(asked.as_ not in CHOSEN for asked in asks):
        expected = listed(("draw: normal(0, 1)", "draw: uniform(0, 1)"))
        notes.add("given", f"no given has a draw, so there are no new numbers; expected {expected}", "warning")
    for index, asked in enumerate(exercise.ask):
        if len(exercise.ask) > 1 and not asked.prompt.strip():
            notes.add(f"ask[{index}].prompt", "one of several parts has no prompt; expected the question", "warning")
        for place, option in enumerate(asked.options):
            if not option.right and not option.why.strip():
                notes.add(f"ask[{index}].options[{place}].why", "a wrong option has no reason; expected one")
            if option.missed.strip() and not (option.right and asked.as_ == "checklist"):
                sentence = "it is never said; expected `missed` of right options of a checklist alone"
                notes.add(f"ask[{index}].options[{place}].missed", sentence, "warning")
    for key, hit in told(texts(exercise), notes.file):
        notes.add(key, hit.says, "warning")
    for key, text in texts(exercise) if not _all_drawn(exercise) else ():
        if (named := _BY_PLACE.search(text)) is not None:
            sentence = f"'{named[0]}' is another one once the options are in another order; expected its words"
            notes.add(key, sentence, "warning")


def _made_of(notes: _Notes, source: Compiled) -> None:
    """Every given and every step leads to an answer, and no answer is a given."""
    exercise = source.exercise
    asked = [expr for expr in source.answers if expr is not None]
    if not asked:
        return  # choices only: givens and steps are there to look at
    of_givens = {given.name: given.reads for given in source.givens}
    used = set().union(*(names_in(expr) for expr in asked))
    shown_names = set().union(*(show.reads for show in all_shows(source)))
    wrong_names = set().union(*(names_in(mistake.expr) for mistake in source.mistakes), set())
    behind = partial(source.dependencies.behind, also=of_givens)
    in_answers, in_any = behind(used), behind(used | shown_names | wrong_names)
    for index, part in enumerate(exercise.ask):
        if part.answer in exercise.given:
            sentence = f"{shown(part.answer)} is a given, so there is nothing to compute; expected the name of a step"
            notes.add(f"ask[{index}].answer", sentence)
    # A program takes its arguments, of which one that is never drawn may only say how often something is done.
    taken = {name for part in exercise.ask for name in signature(part)[1]
             if name in exercise.given and exercise.given[name].draw is None}  # fmt: skip
    for name in exercise.given:
        if name not in in_answers | behind(wrong_names) | taken:
            notes.add(f"given.{name}", "not used by any answer; expected every given to be used")
    for key, step in lets(exercise.steps):
        step_name = let_name(step.let or "")
        if step_name is not None and step_name not in in_any:
            notes.add(f"{key}.let", f"{shown(step_name)} is not used by any answer or picture", "warning")


def _conditions(notes: _Notes, question: Question) -> None:
    for index, condition in enumerate(question.compiled.conditions):
        if not holds(question.graph, condition):
            notes.add(f"conditions[{index}]", "the original numbers do not meet this condition", "warning")


def _values(question: Question) -> Iterator[tuple[int, Part, np.ndarray]]:
    """Give the parts that ask for a value, with their place."""
    for index, part in enumerate(question.parts):
        if isinstance(part.expected, np.ndarray):
            yield index, part, part.expected


def _answers(notes: _Notes, question: Question, when: str = "with the original numbers") -> None:
    """Answers are finite, and not so small that 0 is marked right."""
    for index, part, expected in _values(question):
        if not np.isfinite(expected).all():
            notes.add(f"ask[{index}].answer", f"{shown(part.name)} is not finite {when}")
        elif expected.any() and close(np.zeros(expected.shape), expected, part.ask.rtol, part.ask.atol).all():
            notes.add(f"ask[{index}].atol", f"0 is marked right {when}; expected an atol smaller than the answer")


def _differing_mistakes(notes: _Notes, question: Question) -> set[int]:
    """Return which mistakes give something else than what is asked for; every one has to evaluate."""
    differing: set[int] = set()
    for index, compiled_mistake in enumerate(question.compiled.mistakes):
        try:
            wrong = as_numbers(question.graph.evaluate(compiled_mistake.expr).number)
        except EngineError as error:
            notes.add(f"mistakes[{index}].value", error.says)
            differing.add(index)  # it has been told of
            continue
        parts = [part for _, part, _ in _values(question) if compiled_mistake.mistake.answer in (None, part.name)]
        if not any(looks_right(part, wrong) for part in parts):
            differing.add(index)
    return differing


def _never_differing(notes: _Notes, question: Question, differing: set[int], draws: int) -> None:
    """A mistake that gives the right answer with all numbers tried is no mistake."""
    if question.compiled.draws and not draws:
        return  # other numbers might tell it apart, and none were tried
    for index, compiled_mistake in enumerate(question.compiled.mistakes):
        if index not in differing:
            sentence = "gives the right answer for all numbers tried; expected something that is never right"
            several = compiled_mistake.mistake.answer is None and len(question.parts) > 1
            hint = "; name the part it belongs to with 'answer'" if several else ""
            notes.add(f"mistakes[{index}].value", sentence + hint)


def _hidden(notes: _Notes, question: Question) -> None:
    """Tell which mistakes the original numbers cannot tell from the right answer."""
    try:
        mistakes = hidden(question)
    except (ExerciseError, EngineError):
        return  # the draws said why there are no other numbers to compare with
    for entry in mistakes[:MOST_HIDDEN]:
        clause = {"authored": entry.mistake, "intermediate": f"stopping at {entry.mistake}"}.get(
            entry.kind, entry.mistake
        )
        notes.add("given", f"the original numbers do not show, for {entry.part}, when {shown(clause, 160)}", "note")
    if len(mistakes) > MOST_HIDDEN:
        notes.add(
            "given", f"and {len(mistakes) - MOST_HIDDEN} more mistakes that the original numbers do not show", "note"
        )


def _superfluous(notes: _Notes, question: Question) -> None:
    """Tell which mistakes an author need not describe, because the same is said of them without that."""
    for one in superfluous(question):
        says = shown(one.says.rstrip("."), MOST_SHOWN)
        sentence = f"the engine already says this: {says}; keep it only if your sentence teaches more"
        notes.add(f"mistakes[{one.index}]", sentence, "note")


def _hints(notes: _Notes, question: Question) -> None:
    for index, hint in enumerate(question.exercise.hints):
        for giveaway in given_away(question, hint):
            sentence = (
                f"'{shown(giveaway.piece)}' is marked right for {shown(giveaway.part)}; "
                "expected a hint that does not give the answer away"
            )
            notes.add(f"hints[{index}]", sentence)


def _pictures(notes: _Notes, question: Question, when: str = "") -> None:
    """What there is to look at can be drawn; of each key the first thing that is wrong is told."""
    for key, sentence, severity in looked_at(question):
        if not any(at == key for at, _ in notes.findings):
            notes.add(key, sentence + when, severity)


def _drawn(notes: _Notes, exercise: Exercise, draws: int) -> set[int] | None:
    """Draw new numbers again and again; return which mistakes were seen to differ, None if not all could be drawn.

    Each draw evaluates, in time, and is fit to ask with; how often one had to be repeated is told.
    """
    differing: set[int] = set()
    tries: list[int] = []
    answers: set[bytes] = set()
    masks = _masks(exercise)
    as_written = _all_drawn(notes.loaded.exercise) == _all_drawn(exercise)
    for fresh in _all_draws(notes, exercise, range(draws if _all_drawn(exercise) else 0)):
        if fresh is None:
            return None
        _answers(notes, fresh, "for some draws")
        differing |= _differing_mistakes(notes, fresh)
        _pictures(notes, fresh, f" (seed {fresh.seed})")
        masks = {name for name in masks if np.all(fresh.givens[name])}
        tries.append(fresh.tries)
        answers.add(b"|".join(np.asarray(part.expected).tobytes() for part in fresh.parts if part.node is not None))
    if as_written and tries and len(answers) == 1 and draws > 1:
        notes.add("given", f"the answer is the same in all {draws} draws", "warning")
    if tries and sum(tries) > draws:
        notes.add("given", f"{draws} draws took {sum(tries)} tries, one of them {max(tries)}", "note")
    for name in masks if len(tries) > 1 else ():
        notes.add(
            f"given.{name}.draw",
            f"none of {draws} draws has padding, so mistakes with padding do not show; "
            "expected lengths below the number of steps, such as mask(1)",
            "warning",
        )
    return differing


def _all_drawn(exercise: Exercise) -> set[str]:
    return {name for name, given in exercise.given.items() if given.draw is not None}


def _masks(exercise: Exercise) -> set[str]:
    return {name for name, given in exercise.given.items() if given.draw and given.draw.strip().startswith("mask")}


def _all_draws(notes: _Notes, exercise: Exercise, seeds: range) -> Iterator[Question | None]:
    """Yield what is drawn; None and no more where something is in the way, which is told.

    A given that cannot be drawn is told of and keeps the original numbers.
    """
    while len(seeds):
        drawn = None
        for drawn in many_draws(exercise, seeds, SLOW):
            if drawn.seconds > SLOW:
                sentence = f"seed {drawn.seed} takes {drawn.seconds:.1f} s to draw; expected less than {SLOW:g} s"
                notes.add("given", sentence)
                yield None
                return
            if drawn.question is not None:
                yield drawn.question
        if drawn is None or drawn.error is None:
            return
        notes.add(drawn.error.key, f"seed {drawn.seed}: {drawn.error.says}")
        fewer = _without_draw(exercise, drawn.error.key)
        if fewer is None:
            yield None  # the next seeds would say the same, each after hundreds of tries
            return
        exercise, seeds = fewer, range(drawn.seed, seeds.stop)


def _without_draw(exercise: Exercise, key: str) -> Exercise | None:
    """Return an exercise in which the given that cannot be drawn keeps the original numbers; None for another key."""
    for name, given in exercise.given.items():
        if key == f"given.{name}.draw":
            fixed = msgspec.structs.replace(given, draw=None)
            return msgspec.structs.replace(exercise, given={**exercise.given, name: fixed})
    return None
