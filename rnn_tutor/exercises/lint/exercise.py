"""What an author wants to know about one exercise before a learner meets it; all of it, not the first error only.

In this order: what is written for the learner, whether every expression reads, whether the book's numbers evaluate,
what the answers are made of, the mistakes, the hints, and then the same for many draws.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from rnn_tutor.engine.compare import close
from rnn_tutor.engine.draw import holds, parse_draw
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.expression import names_in
from rnn_tutor.engine.graph import as_numbers
from rnn_tutor.engine.language import parse
from rnn_tutor.engine.program import Loop, ProgramError, Start, check_name, read_let, read_loop
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.diagnosis.visible import looks_right
from rnn_tutor.exercises.drawing import ask, hidden
from rnn_tutor.exercises.files.finding import Finding, Severity, line_of, listed, shown
from rnn_tutor.exercises.files.rules import let_name, lets
from rnn_tutor.exercises.lint.hints import given_away
from rnn_tutor.exercises.load import Loaded
from rnn_tutor.exercises.model import Exercise, Step
from rnn_tutor.exercises.question import Part, Question

SLOW = 1.0  # seconds for one draw: more is a defect (the limits say 0.1 s for an expression)
LEAST_HINTS = 2
MOST_HIDDEN = 5
_CHOSEN = ("choice", "checklist")


@dataclass(slots=True)
class _Notes:
    """The findings of one file; the same is said once."""

    file: Path
    loaded: Loaded
    findings: dict[tuple[str, str], Finding] = field(default_factory=dict)

    def add(self, key: str, says: str, severity: Severity = "error") -> None:
        finding = Finding(self.file, line_of(self.loaded.lines, key), shown(key, 120), says, severity)
        self.findings.setdefault((key, says), finding)


def examine(loaded: Loaded, file: Path, draws: int = 100) -> list[Finding]:
    """Return what is to be said about an exercise whose file could be read; `draws` is how often it is drawn anew."""
    exercise = loaded.exercise
    notes = _Notes(file, loaded)
    _written(notes, exercise)
    unread = list(_unread(exercise))
    for key, says in unread:
        notes.add(key, says)
    question = None if unread else _evaluated(notes, exercise)
    if question is not None:
        _made_of(notes, question)
        _pictures(notes, question)
        _conditions(notes, question)
        _answers(notes, question)
        seen = _seen_mistakes(notes, question)
        _hints(notes, question)
        seen |= _drawn(notes, question, draws)
        _never_seen(notes, question, seen, draws)
        _hidden(notes, question)
    return sorted(notes.findings.values(), key=lambda found: (found.line, found.key))


def _written(notes: _Notes, exercise: Exercise) -> None:
    """What is written for the learner: a sentence to each step, hints, a reason for each wrong option."""
    for key, step in lets(exercise.steps):
        if not step.say.strip():
            name = shown(let_name(step.let or "") or "this step")
            notes.add(f"{key}.say", f"no sentence for {name}; expected what the step does and why")
    if len(exercise.hints) < LEAST_HINTS:
        notes.add("hints", f"{len(exercise.hints)} hints; expected at least {LEAST_HINTS}", "warning")
    for index, asked in enumerate(exercise.ask):
        if len(exercise.ask) > 1 and not asked.prompt.strip():
            notes.add(
                f"ask[{index}].prompt", "one of several parts without a prompt; expected what is asked", "warning"
            )
        for place, option in enumerate(asked.options):
            if not option.right and not option.why.strip():
                notes.add(f"ask[{index}].options[{place}].why", "no reason why this option is wrong; expected one")


def _unread(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Give every text of the language that does not read, with what is wrong."""
    for name, given in exercise.given.items():
        key = f"given.{name}"
        yield from _tried(key, check_name, name)
        for part, text in (("value", given.value), ("shape", given.shape)):
            if text is not None:
                yield from _tried(f"{key}.{part}", parse, text)
        if given.draw is not None:
            yield from _tried(f"{key}.draw", parse_draw, given.draw)
    for index, text in enumerate(exercise.conditions):
        yield from _tried(f"conditions[{index}]", parse, text)
    for index, step in enumerate(exercise.steps):
        yield from _unread_step(step, f"steps[{index}]")
    for index, asked in enumerate(exercise.ask):
        if asked.as_ not in _CHOSEN:
            yield from _tried(f"ask[{index}].answer", parse, asked.answer)
    for index, mistake in enumerate(exercise.mistakes):
        yield from _tried(f"mistakes[{index}].value", parse, mistake.value)
    for index, show in enumerate(exercise.show):
        for place, text in enumerate(show.heatmap):
            yield from _tried(f"show[{index}].heatmap[{place}]", parse, text)


def _unread_step(step: Step, key: str) -> Iterator[tuple[str, str]]:
    if step.let is not None:
        yield from _tried(f"{key}.let", read_let, step.let)
    for name, text in (step.start or {}).items():
        yield from _tried(f"{key}.start.{name}", parse, text)
    if step.for_ is not None:
        yield from _unread_loop(
            step.for_, [(inner.let or "", f"{key}.do[{k}].let") for k, inner in enumerate(step.do or [])], key
        )


def _unread_loop(text: str, body: list[tuple[str, str]], key: str) -> Iterator[tuple[str, str]]:
    """Reading a loop stops at the first step that does not read; without that one it goes on to the next."""
    while body:
        try:
            read_loop(text, tuple(body))
        except ProgramError as error:
            yield error.key, error.says
            body = body[1 + next((k for k, (_, at) in enumerate(body) if at == error.key), len(body)) :]
        except EngineError as error:
            yield f"{key}.for", error.says
            return
        else:
            return


def _tried(key: str, read: Callable[[str], object], text: str) -> Iterator[tuple[str, str]]:
    try:
        read(text)
    except EngineError as error:
        yield key, error.says


def _evaluated(notes: _Notes, exercise: Exercise) -> Question | None:
    """Return the question with the book's numbers; None, and why, if it does not evaluate.

    A part that cannot be asked is left out and the others are tried, so that each is told.
    """
    left = list(enumerate(exercise.ask))
    refused = False
    while left:
        tried = exercise if not refused else msgspec.structs.replace(exercise, ask=[asked for _, asked in left])
        try:
            question = ask(tried)
        except ExerciseError as error:
            key, place = error.key, _place_of_part(error.key)
            if place is not None:
                key = key.replace(f"ask[{place}]", f"ask[{left[place][0]}]", 1)
            notes.add(key, error.says)
            refused = True
            if place is None:
                return None
            del left[place]
        else:
            return None if refused else question
    return None


def _place_of_part(key: str) -> int | None:
    return int(key[4 : key.index("]")]) if key.startswith("ask[") else None


def _made_of(notes: _Notes, question: Question) -> None:
    """Every given and every step leads to an answer, and no answer is a given."""
    exercise, source = question.exercise, question.compiled
    asked = [expr for expr in source.answers if expr is not None]
    if not asked:
        return  # choices only: givens and steps are there to look at
    reads = _reads(question)
    used = set().union(*(names_in(expr) for expr in asked))
    shown_names = set().union(*(names_in(expr) for _, expr in source.shows), set())
    wrong_names = set().union(*(names_in(mistake.expr) for mistake in source.mistakes), set())
    in_answers, in_any = _closure(used, reads), _closure(used | shown_names | wrong_names, reads)
    for index, part in enumerate(exercise.ask):
        if part.answer in exercise.given:
            says = f"{shown(part.answer)} is a given: there is nothing to work out; expected the name of a step"
            notes.add(f"ask[{index}].answer", says)
    for name in exercise.given:
        if name not in in_answers | _closure(wrong_names, reads):
            notes.add(f"given.{name}", "not used by any answer; expected every given to matter")
    for key, step in lets(exercise.steps):
        step_name = let_name(step.let or "")
        if step_name is not None and step_name not in in_any:
            notes.add(f"{key}.let", f"{shown(step_name)} leads to no answer and no picture", "warning")


def _reads(question: Question) -> dict[str, set[str]]:
    """Return, for each given and step, the names that its expressions have."""
    reads: dict[str, set[str]] = {}
    for given in question.compiled.givens:
        parts = [given.value, given.shape, *(given.draw.args if given.draw else ())]
        reads[given.name] = set().union(*(names_in(part) for part in parts if part is not None))
    starts: dict[str, set[str]] = {}
    for statement in question.compiled.program:
        if isinstance(statement, Start):
            starts |= {name: names_in(expr) for name, expr in statement.values.items()}
        elif isinstance(statement, Loop):
            for let in statement.body:
                reads[let.name] = names_in(let.expr) | names_in(statement.count) | starts.get(let.name, set())
            starts = {}
        else:
            reads[statement.name] = names_in(statement.expr)
    return reads


def _closure(names: set[str], reads: dict[str, set[str]]) -> set[str]:
    """Return the names and all that they are made of."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += reads.get(name, ())
    return found


def _pictures(notes: _Notes, question: Question) -> None:
    shows = iter(question.compiled.shows)
    for index, show in enumerate(question.exercise.show):
        for place in range(len(show.heatmap)):
            _, expr = next(shows)
            try:
                question.graph.evaluate(expr)
            except EngineError as error:
                notes.add(f"show[{index}].heatmap[{place}]", error.says)


def _conditions(notes: _Notes, question: Question) -> None:
    for index, condition in enumerate(question.compiled.conditions):
        try:
            if not holds(question.graph, condition):
                notes.add(f"conditions[{index}]", "the book's numbers do not meet this condition", "warning")
        except EngineError as error:
            notes.add(f"conditions[{index}]", error.says)


def _values(question: Question) -> Iterator[tuple[int, Part, np.ndarray]]:
    """Give the parts that ask for a value, with their place."""
    for index, part in enumerate(question.parts):
        if isinstance(part.expected, np.ndarray):
            yield index, part, part.expected


def _answers(notes: _Notes, question: Question, when: str = "with the book's numbers") -> None:
    """Answers are finite, and not so small that 0 is marked right."""
    for index, part, expected in _values(question):
        if not np.isfinite(expected).all():
            notes.add(f"ask[{index}].answer", f"{shown(part.name)} is not finite {when}")
        elif expected.any() and close(np.zeros(expected.shape), expected, part.ask.rtol, part.ask.atol).all():
            notes.add(f"ask[{index}].atol", f"0 is marked right {when}; expected an atol smaller than the answer")


def _seen_mistakes(notes: _Notes, question: Question) -> set[int]:
    """Return which mistakes give something else than what is asked for; every one has to evaluate."""
    seen: set[int] = set()
    for index, known in enumerate(question.compiled.mistakes):
        try:
            wrong = as_numbers(question.graph.evaluate(known.expr).number)
        except EngineError as error:
            notes.add(f"mistakes[{index}].value", error.says)
            seen.add(index)  # it has been told of already
            continue
        parts = [part for _, part, _ in _values(question) if known.mistake.answer in (None, part.name)]
        if not any(looks_right(part, wrong) for part in parts):
            seen.add(index)
    return seen


def _never_seen(notes: _Notes, question: Question, seen: set[int], draws: int) -> None:
    """A mistake that gives the right answer with all numbers tried is no mistake."""
    if question.compiled.draws and not draws:
        return  # other numbers might tell it apart, and none were tried
    for index, known in enumerate(question.compiled.mistakes):
        if index not in seen:
            says = "gives the right answer, with all numbers tried; expected something that never marks right"
            several = known.mistake.answer is None and len(question.parts) > 1
            hint = "; name the part it belongs to with 'answer'" if several else ""
            notes.add(f"mistakes[{index}].value", says + hint)


def _hidden(notes: _Notes, question: Question) -> None:
    """Tell which mistakes the book's numbers cannot tell from the right answer."""
    try:
        found = hidden(question)
    except (ExerciseError, EngineError):
        return  # the draws said why there are no other numbers to compare with
    for one in found[:MOST_HIDDEN]:
        said = {"authored": one.says, "intermediate": f"stopping at {one.says}"}.get(one.kind, one.says)
        notes.add("given", f"the book's numbers do not show, for {one.part}, when {shown(said, 160)}", "note")
    if len(found) > MOST_HIDDEN:
        notes.add("given", f"and {len(found) - MOST_HIDDEN} mistakes more that the book's numbers do not show", "note")


def _hints(notes: _Notes, question: Question) -> None:
    for index, hint in enumerate(question.exercise.hints):
        for found in given_away(question, hint):
            says = f"'{shown(found.piece)}' is marked right for {shown(found.part)}; a hint leaves the answer to find"
            notes.add(f"hints[{index}]", says)


def _drawn(notes: _Notes, question: Question, draws: int) -> set[int]:
    """Draw new numbers again and again; return which mistakes were seen to differ.

    Each draw evaluates, in time, and is fit to ask with; how often one had to be repeated is told.
    """
    seen: set[int] = set()
    if not question.compiled.draws:
        if any(part.kind not in _CHOSEN for part in question.parts):
            notes.add(
                "given", f"no given has a draw, so there are no new numbers; expected {listed(_DRAWS)}", "warning"
            )
        return seen
    tries: list[int] = []
    answers: set[bytes] = set()
    for seed in range(draws):
        started = time.process_time()
        try:
            fresh = ask(question.exercise, seed)
        except ExerciseError as error:
            notes.add(error.key, f"seed {seed}: {error.says}")
            return seen  # the next seeds would say the same, each after hundreds of tries
        seconds = time.process_time() - started
        if seconds > SLOW:
            notes.add("given", f"seed {seed} takes {seconds:.1f} s to draw; expected less than {SLOW:g} s")
            return seen
        _answers(notes, fresh, "for some draws")
        seen |= _seen_mistakes(notes, fresh)
        tries.append(fresh.tries)
        answers.add(b"|".join(np.asarray(part.expected).tobytes() for part in fresh.parts if part.node is not None))
    if draws > 1 and len(answers) == 1:
        notes.add("given", f"the answer is the same in all of {draws} draws", "warning")
    if sum(tries) > draws:
        notes.add("given", f"{draws} draws took {sum(tries)} tries, one of them {max(tries)}", "note")
    return seen


_DRAWS = ("draw: normal(0, 1)", "draw: uniform(0, 1)")
