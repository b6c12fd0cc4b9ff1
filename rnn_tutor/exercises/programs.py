"""A program as an answer: run on the numbers shown and on others, and told where it goes wrong.

The reference is the exercise's own graph: the value of the step asked for. A program is right when it gives that
for the numbers shown and for fresh draws, in which sizes may differ too.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from rnn_tutor.engine.compare import close
from rnn_tutor.engine.errors import EngineError, exact
from rnn_tutor.engine.expression import functions_in, names_in
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.graph.graph import CONSTANTS
from rnn_tutor.engine.graph.steps import lets
from rnn_tutor.engine.number_text import SHOWN
from rnn_tutor.engine.programs.edits import FORMULA, Edit, Scope, all_functions, all_names, with_names
from rnn_tutor.engine.programs.edits.tree import line_of, slots, spots
from rnn_tutor.engine.programs.evaluator import MAX_SECONDS
from rnn_tutor.engine.programs.interpreter import Meter, Outcome, States, run_program
from rnn_tutor.engine.programs.lines import LineError
from rnn_tutor.engine.programs.parser import read_program
from rnn_tutor.engine.programs.standing import Standing, Standings
from rnn_tutor.engine.programs.statements import Code, Statement
from rnn_tutor.engine.programs.watch import Event
from rnn_tutor.engine.shapes import in_words
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.called_with import called_on
from rnn_tutor.exercises.diagnosis.program_difference import Compared, Departure, compared_by_step, watched
from rnn_tutor.exercises.diagnosis.program_lines import (
    Place,
    WrongLines,
    parts_for,
    places,
    right_lines,
    two_wrong_lines,
    wrong_lines,
)
from rnn_tutor.exercises.diagnosis.program_repair import (
    LONGEST,
    MOST_WORK,
    Accepts,
    Candidates,
    is_worth_it,
    repair,
    shapes_of,
)
from rnn_tutor.exercises.model import Ask
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.verdict import Diagnosis, Reading, Verdict
from rnn_tutor.figures.numbers import MAX_ECHO, values

INDENT = "    "
MORE_SECONDS = 0.4  # of CPU time, that fresh numbers may take beyond what those shown took
KNOWN_BY_VALUE = ("authored", "intermediate", "mutation")
NAMES_THE_CAUSE = (*KNOWN_BY_VALUE, "shape", "not_finite")
NOTHING_KNOWN = "I don't recognise this mistake."
LATER = Diagnosis("", "")  # stands for what the value of a program shows, where that has not been looked for yet


class OfValue(NamedTuple):
    """What can be found out about the value that a program gave: how, for who judges the program.

    `known` gives the known mistake that it is, with other numbers (each with what the program gives there) too;
    `may_be_known` tells whether it fits one; `shows` gives what it shows, where the verdict has LATER for that.
    """

    known: Callable[[Question, Part, Reading, list[tuple[Question, Array]]], Diagnosis | None]
    may_be_known: Callable[[Question, Part, Reading], bool]
    shows: Callable[[], Diagnosis]


_SIGNATURE = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*\(([A-Za-z0-9_,\s]*)\)\s*")


@dataclass(frozen=True)
class ProgramReading(Reading):
    """What a program gives for the numbers shown. Where it does not run, `line` is where its error is, from 1."""

    line: int | None = None
    code: Code | None = None
    outcome: Outcome | None = None
    left: float = MAX_SECONDS  # of its CPU time, after the numbers shown


def signature(ask: Ask) -> tuple[str, tuple[str, ...]]:
    """Return the name and the arguments of the function that is asked for; ("", ()) where none is."""
    match = _SIGNATURE.fullmatch(ask.function)
    if match is None:
        return "", ()
    return match[1], tuple(name.strip() for name in match[2].split(",") if name.strip())


def starter(part: Part) -> str:
    """Return the text that a learner begins with: the file's own, or the head of the function that is asked for."""
    if part.ask.starter:
        return part.ask.starter
    return f"def {part.ask.function.strip()}:\n{INDENT}" if part.ask.function else ""


def misread(text: str) -> LineError | None:
    """Return what is wrong with how a program is written, None for nothing; it is not run, so this is quick."""
    try:
        read_program(text)
    except LineError as error:
        return error
    return None


def read_answer(question: Question, asked: Part, text: str) -> ProgramReading:
    """Return what a program gives for the numbers of a question; never raises."""
    code: Code | None = None
    try:
        code = with_names(read_program(text), question.exercise.was)
        outcome = _run(question, asked, code, MAX_SECONDS)
    except EngineError as error:
        line = error.line if isinstance(error, LineError) else None
        return ProgramReading(text, error.says, error=error, line=line, code=code)
    value = outcome.value
    echo = (
        f"returns {words.a_kind(value.shape)}: {values(value, SHOWN.of(4))}"
        if value.shape
        else (f"returns {values(value, SHOWN.of(6))}")
    )
    echo += words.remarks(outcome.remarks)
    return ProgramReading(
        text, echo[:MAX_ECHO], value, value.shape, code=code, outcome=outcome, left=MAX_SECONDS - outcome.seconds
    )


def is_accepted(draws: Sequence[Question], part: str, text: str) -> bool:
    """Tell whether a program gives what is asked with the numbers of each of some draws; what is wrong is not told."""
    try:
        code = read_program(text)
        return all(
            _right(draw.part(part), _run(draw, draw.part(part), code, MAX_SECONDS, watch=frozenset()).value)
            for draw in draws
        )
    except EngineError:
        return False


def judged(question: Question, asked: Part, verdict: Verdict, fresh: Sequence[Question], of_value: OfValue) -> Verdict:
    """Return the verdict on a program from that on what it gave for the numbers shown.

    One that is right there is tried on fresh ones; of one that is not, the line at fault is named, or the first whose
    value differs.
    """
    reading = verdict.reading
    if not isinstance(reading, ProgramReading) or reading.outcome is None:
        return verdict
    if verdict.verdict == "right":
        return _tried(question, asked, verdict, reading, fresh)
    return _explained(question, asked, verdict, reading, fresh, of_value)


def _explained(  # noqa: PLR0917 - what is asked and read, and what may be known of it
    question: Question,
    asked: Part,
    verdict: Verdict,
    reading: ProgramReading,
    fresh: Sequence[Question],
    of_value: OfValue,
) -> Verdict:
    """Say of a wrong program which line is at fault, or which known mistake it is and where its values first differ."""
    diagnosis, code, outcome = verdict.diagnosis, reading.code, reading.outcome
    if diagnosis is None or code is None or outcome is None:
        return verdict
    compared = compared_by_step(question, asked, outcome.events)
    place = compared.first
    further: list[Edit] = []
    lines = _lines([question, *fresh], asked, code)
    fault = _fault(outcome, lines, compared, further)
    if fault is None and diagnosis is LATER:
        diagnosis = of_value.shows()
    by_value = diagnosis.kind in KNOWN_BY_VALUE
    by_value = by_value or (diagnosis is not LATER and of_value.may_be_known(question, asked, reading))
    if by_value and is_worth_it(outcome):  # chance does not make a program fit with other numbers too
        elsewhere = _known_elsewhere(question, asked, reading, code, fresh, of_value)
        diagnosis = elsewhere or _unknown(asked, verdict, outcome)
    if not isinstance(fault, Edit) and further and (fault is not None or diagnosis.kind not in KNOWN_BY_VALUE):
        two = _two_edits(question, fresh, asked, further)
        if two is not None:
            says, rule = " ".join(one.says for one in two), "+".join(one.rule for one in two)
            return replace(verdict, diagnosis=Diagnosis("program", says, rule), line=two[0].line)
    one_mistake = diagnosis.kind in KNOWN_BY_VALUE and "+" not in diagnosis.rule
    if fault is None and not one_mistake and is_worth_it(outcome):
        fault = two_wrong_lines(lines, code, lines.found)
    if fault is not None:
        return _of_line(verdict, diagnosis, fault, place)
    if place is None:
        return replace(verdict, diagnosis=diagnosis)
    cause = f" {diagnosis.says}" if diagnosis.kind in NAMES_THE_CAUSE else ""
    kind = diagnosis.kind if cause else "elements"
    rule = diagnosis.rule if cause else ""
    sentence = place.sentence
    if not cause and is_worth_it(outcome) and place.line in right_lines(lines.found):
        sentence = f"{sentence} That line is right for the values that it reads; look at what comes before."
    elif called := called_on(code, place.line):
        names, it = words.enumerated(called), "it gives" if len(called) == 1 else "they give"
        sentence = f"{sentence} That line calls {names}: check first what {it}."
    return replace(verdict, diagnosis=Diagnosis(kind, sentence + cause, rule), line=place.line)


def _of_line(verdict: Verdict, diagnosis: Diagnosis, fault: Edit | WrongLines, place: Departure | None) -> Verdict:
    """Return the verdict on a program of which the line at fault is known; what a file says of it is said with it."""
    if diagnosis.kind != "authored":
        more = f" {diagnosis.says}" if diagnosis.kind == "shape" and isinstance(fault, Edit) else ""
        return replace(verdict, diagnosis=Diagnosis("program", fault.says + more, fault.rule), line=fault.line)
    if isinstance(fault, Edit) and fault.cost < FORMULA:
        says = f"{fault.says} {diagnosis.says}"
        return replace(verdict, diagnosis=Diagnosis("authored", says, fault.rule), line=fault.line)
    if isinstance(fault, Edit) and place is not None:
        return replace(
            verdict, diagnosis=replace(diagnosis, says=f"{place.sentence} {diagnosis.says}"), line=place.line
        )
    return replace(verdict, diagnosis=replace(diagnosis, says=f"Line {fault.line}: {diagnosis.says}"), line=fault.line)


def _fault(outcome: Outcome, lines: "_Lines", compared: Compared, further: list[Edit]) -> Edit | WrongLines | None:
    """Return the small change that makes a program right on all draws, or the lines that are wrong by themselves.

    First how it runs; then which lines are none of the worked formulas; then any formula. Where one line is known to be
    wrong, a change of it alone is told if there is one: that says more of what was done.
    """
    if not is_worth_it(outcome):
        return None
    code, draws = lines.code, lines.draws
    asked = draws[0].part(lines.part)
    own, standings, _ = lines.noted
    tries = Candidates(code, _scope(draws[0], asked, code, own), standings, own.events)
    fixing = partial(repair, tries, outcome, draws, asked, _Bench(asked.name))
    found = fixing(compared, within=frozenset())
    if found is not None:
        return found
    wrong = wrong_lines(lines, code, lines.found)
    if wrong is not None and len(wrong.fixes) == 1:
        return fixing(compared, within=frozenset((wrong.line,)) | parts_for(lines.found, wrong.line)) or wrong
    others = frozenset(line_of(spot.statement) for spot in spots(code)) - right_lines(lines.found)
    found = fixing(compared, further, within=others)
    if found is None and not further and compared.first is not None:
        # A name may hold something else than the step of that name, such as exp(alpha): only the result tells then.
        # So may a line be right for the turn that was looked at alone, such as the one that always reads x[0].
        found = fixing(Compared(), again=True)
    return found or wrong


def is_known_edit(question: Question, asked: Part, reading: Reading, fresh: Sequence[Question], rule: str) -> bool:
    """Tell whether a program is wrong in the way that a rule takes back: one edit of it makes the program right."""
    if not isinstance(reading, ProgramReading) or reading.code is None or reading.outcome is None:
        return False
    compared = compared_by_step(question, asked, reading.outcome.events)
    return _edit(reading.code, reading.outcome, [question, *fresh], asked, compared, rule) is not None


MENDED = ("name", "shape", "value", "notation")  # kinds of errors that one wrong place of a program leads to
MOST_ON_ITS_WAY = Meter(1_500, 200_000)  # about what a program takes that would have gone on


def mended(question: Question, asked: Part, reading: Reading, fresh: Sequence[Question]) -> Edit | None:
    """Return the change after which a program that stops with an error is right on all draws; None where none is.

    The line of the error comes first: a name that is nothing, a place that is not there, shapes that do not fit.
    """
    if not isinstance(reading, ProgramReading) or reading.code is None or reading.line is None:
        return None
    if reading.error is None or reading.error.kind not in MENDED:
        return None
    code = reading.code
    own, standings, _ = _noted(question, asked, code, Meter(LONGEST, MOST_WORK))
    own = replace(own, steps=max(own.steps, MOST_ON_ITS_WAY.steps), work=max(own.work, MOST_ON_ITS_WAY.work))
    if not is_worth_it(own):
        return None
    lines = frozenset(line_of(spot.statement) for spot in spots(code))
    scope = _scope(question, asked, code, own)
    unknown = _names_of_nothing(code, scope)
    if reading.error.kind == "shape":  # a name of another shape may stand there
        there = [spot for spot in spots(code) if line_of(spot.statement) == reading.line]
        unknown |= {name for spot in there for slot in slots(spot.statement) for name in names_in(slot.expr)}
    scope = replace(scope, unknown=unknown)
    compared = Compared(settled=lines - {reading.line})
    tries = Candidates(code, scope, standings, own.events)
    return repair(tries, own, [question, *fresh], asked, _Bench(asked.name), compared)


def _names_of_nothing(code: Code, scope: Scope) -> frozenset[str]:
    """Return the names that a program reads, and that neither it nor the exercise has."""
    read = {name for spot in spots(code) for slot in slots(spot.statement) for name in names_in(slot.expr)}
    params = {param for function in code.functions.values() for param in function.params}
    return frozenset(read) - scope.shapes.keys() - all_names(code) - params - CONSTANTS.keys()


MOST_FIRST = 1  # of two edits that are tried as the first: each costs as much as all single ones


def _two_edits(
    question: Question, fresh: Sequence[Question], asked: Part, further: Sequence[Edit]
) -> tuple[Edit, Edit] | None:
    """Return two changes, by their lines, after which a program is right on all draws; one alone mends a value."""
    for first in further[:MOST_FIRST]:
        try:
            outcome = _run(question, asked, first.code, MAX_SECONDS)
        except LineError:
            continue
        compared = compared_by_step(question, asked, outcome.events)
        second = _fault(outcome, _lines([question, *fresh], asked, first.code), compared, [])
        if isinstance(second, Edit) and second.line != first.line:
            return (first, second) if first.line < second.line else (second, first)
    return None


def _unknown(asked: Part, verdict: Verdict, outcome: Outcome) -> Diagnosis:
    """Return what is said of a program that shows no known mistake: its shape, or how much of it is right."""
    if verdict.elements is None:
        return Diagnosis("shape", _difference(asked, outcome.value))
    right = np.asarray(verdict.elements, dtype=bool)
    if right.any():
        found = words.of_elements(int(right.sum()), right.size)
        missing = int((~right).sum())
        sentence = f"{found} right; {missing} {'is' if missing == 1 else 'are'} not yet."
        return Diagnosis("elements", sentence)
    return Diagnosis("none", NOTHING_KNOWN)


def _known_elsewhere(  # noqa: PLR0917 - what is asked and read, and what may be known of it
    question: Question, asked: Part, reading: Reading, code: Code, fresh: Sequence[Question], of_value: OfValue
) -> Diagnosis | None:
    """Return the known mistake that a program shows with other numbers too: it may be one here by chance.

    A value on the way has to be that only where the sizes are the same: elsewhere it may be at another time step.
    """
    elsewhere: list[tuple[Question, Array]] = []
    for draw in fresh:
        try:
            elsewhere.append((draw, _run(draw, draw.part(asked.name), code, MAX_SECONDS).value))
        except LineError:
            continue  # it gives nothing there, so nothing can be said of it
    everywhere = of_value.known(question, asked, reading, elsewhere)
    if everywhere is not None:
        return everywhere
    alike = of_value.known(question, asked, reading, [pair for pair in elsewhere if _same_sizes(question, pair[0])])
    return alike if alike is not None and alike.kind == "intermediate" else None


def _same_sizes(question: Question, draw: Question) -> bool:
    return all(np.shape(value) == np.shape(draw.givens[name]) for name, value in question.givens.items())


def _edit(  # noqa: PLR0917 - the program, and what is known of where it goes wrong
    code: Code, outcome: Outcome, draws: Sequence[Question], asked: Part, compared: Compared, only: str
) -> Edit | None:
    """Return the small change by one rule after which a program is right on all draws; it is wrong on the first."""
    if not is_worth_it(outcome):
        return None
    own, standings, _ = _noted(draws[0], asked, code)
    bench, tries = _Bench(asked.name), Candidates(code, _scope(draws[0], asked, code, own), standings, own.events)
    found = repair(tries, outcome, draws, asked, bench, compared, None, only)
    if found is None and compared.first is not None:
        found = repair(tries, outcome, draws, asked, bench, Compared(), None, only, again=True)
    return found


def _noted(question: Question, asked: Part, code: Code, most: Meter | None = None) -> tuple[Outcome, Standings, States]:
    """Return what a run of a program gave all its names, and how it stood before each statement.

    Where it stops with an error, that is what was noted until then. To note all that may take too much of a program
    that takes nearly too much; `most` has what it may take.
    """
    standings, states, seen, meter = Standings(code, signature(asked.ask)[0]), States(), list[Event](), Meter()
    noting = partial(_run, watch=all_names(code), standings=standings, states=states, seen=seen, meter=meter)
    try:
        own = noting(question, asked, code, MAX_SECONDS, most=most)
    except LineError:
        own = Outcome(np.zeros(()), tuple(seen), meter.steps, code.lines, 0.0, work=meter.work)
    return own, standings, states


def _scope(question: Question, asked: Part, code: Code, own: Outcome) -> Scope:
    """Return what is known of a program beside its text, from a run of it."""
    function, arguments = signature(asked.ask)
    known = {name: np.shape(value) for name, value in question.givens.items() if isinstance(value, np.ndarray)}
    if function in code.functions:
        params = zip(code.functions[function].params, arguments, strict=False)
        given = {param: known[name] for param, name in params if name in known}
    else:
        given = known
    needed = frozenset(name for let in lets(question.compiled.program) for name in functions_in(let.expr))
    called = all_functions(code)
    written_out = {name for function in needed for name in MADE_OF.get(function, ())}
    return Scope(shapes_of(code, own.events, given), needed | (written_out & called), called)


def _lines(draws: Sequence[Question], asked: Part, code: Code) -> "_Lines":
    return _Lines(draws, asked.name, code, _given(draws[0], asked, code))


def _given(question: Question, asked: Part, code: Code) -> dict[str, str]:
    """Return the given that each argument of a program has, by the names that the program has for them."""
    function, arguments = signature(asked.ask)
    if function in code.functions:
        return dict(zip(code.functions[function].params, arguments, strict=False))
    return {name: name for name in question.givens}


# What a function is made of, for programs that write it out: they need these, though the exercise calls none of them.
MADE_OF = {
    "logsumexp": ("exp", "log", "sum"),
    "softmax": ("exp", "sum"),
    "log_softmax": ("exp", "log", "sum"),
    "sigmoid": ("exp",),
    "norm": ("sqrt", "sum"),
    "var": ("mean", "sum"),
    "std": ("sqrt", "mean", "sum"),
}


@dataclass(frozen=True)
class _Bench:
    """Runs what is tried in place of a learner's program."""

    part: str

    def run(  # noqa: PLR0917 - a program, and how it is run
        self,
        draw: Question,
        code: Code,
        accepts: Accepts | None,
        most: Meter,
        meter: Meter,
        begin: Standing | None = None,
    ) -> Array | None:
        part, watch = draw.part(self.part), None if accepts is not None else frozenset[str]()
        try:
            return _run(
                draw, part, code, MAX_SECONDS, watch=watch, accepts=accepts, most=most, meter=meter, begin=begin
            ).value
        except LineError:
            return None  # what was tried stops with an error: that is not it

    def is_right(self, draw: Question, value: Array) -> bool:
        return _right(draw.part(self.part), value)


@dataclass(frozen=True)
class _Lines:
    """A learner's program, and how what is tried in its place is run, for `program_lines`."""

    draws: Sequence[Question]
    part: str
    code: Code
    given: Mapping[str, str]

    @cached_property
    def found(self) -> Sequence[Place]:
        """The formulas of the program, with what may belong there."""
        draw = self.draws[0]
        return list(places(self.code, draw, draw.part(self.part), self.noted[2], self.given))

    @cached_property
    def noted(self) -> tuple[Outcome, Standings, States]:
        """A run of the program, and how it stood before each statement."""
        return _noted(self.draws[0], self.draws[0].part(self.part), self.code)

    def places(self, code: Code, meter: Meter) -> Sequence[Place]:
        states = States()
        draw, part = self.draws[0], self.draws[0].part(self.part)
        with suppress(LineError):
            _run(draw, part, code, MAX_SECONDS, watch=frozenset(), meter=meter, states=states)
        return list(places(code, draw, part, states, self.given))

    def is_right_everywhere(self, code: Code, meter: Meter, changed: Sequence[Statement]) -> bool:
        noted = [self.noted[1].first.get(id(statement)) for statement in changed]
        begins = sorted((one for one in noted if one is not None), key=lambda one: one.spent.steps)
        begin = begins[0] if len(begins) == len(noted) else None  # where it is another program for the first time
        if begin is not None and not self._is_right(self.draws[0], code, meter, begin):
            return False
        return all(self._is_right(draw, code, meter, None) for draw in self.draws)

    def _is_right(self, draw: Question, code: Code, meter: Meter, begin: Standing | None) -> bool:
        most, part = Meter(LONGEST, MOST_WORK), draw.part(self.part)
        try:
            outcome = _run(draw, part, code, MAX_SECONDS, watch=frozenset(), most=most, meter=meter, begin=begin)
        except LineError:
            return False
        return _right(part, outcome.value)

    def may_go_on(self, meter: Meter) -> bool:
        return meter.steps <= LONGEST and meter.work <= MOST_WORK


def _run(
    question: Question,
    asked: Part,
    code: Code,
    seconds: float,
    *,
    watch: frozenset[str] | None = None,
    accepts: Accepts | None = None,
    most: Meter | None = None,
    meter: Meter | None = None,
    seen: list[Event] | None = None,
    states: States | None = None,
    standings: Standings | None = None,
    begin: Standing | None = None,
) -> Outcome:
    function, arguments = signature(asked.ask)
    givens = {name: value for name, value in question.givens.items() if isinstance(value, np.ndarray)}
    return run_program(
        code,
        givens,
        answer=asked.name,
        function=function,
        arguments=arguments,
        watch=watched(question, asked) if watch is None else watch,
        seconds=seconds,
        accepts=accepts,
        most=most,
        meter=meter,
        seen=seen,
        states=states,
        standings=standings,
        begin=begin,
    )


def _tried(
    question: Question, asked: Part, verdict: Verdict, reading: ProgramReading, fresh: Sequence[Question]
) -> Verdict:
    """Try a program that is right for the numbers shown on others.

    Each of them may take as long as those shown, and some more: a slow host makes no program wrong. Where all together
    have taken what one may, no further ones are begun.
    """
    used = took = MAX_SECONDS - reading.left
    code = reading.code
    for tried, other in enumerate(fresh if code is not None else ()):
        assert code is not None  # noqa: S101 - nothing is tried without it
        if tried and used > MAX_SECONDS:
            break
        other_part = other.part(asked.name)
        line: int | None = None
        try:
            outcome = _run(other, other_part, code, max(MAX_SECONDS - used, took + MORE_SECONDS))
        except LineError as error:
            why, line = error.says, error.line
        else:
            used += outcome.seconds
            if _right(other_part, outcome.value):
                continue
            others = [other, question, *(draw for draw in fresh if draw is not other)]
            why, line = _why_elsewhere(others, other_part, code, outcome)
        sentence = f"Right for the numbers shown, but not for others{_other_sizes(question, other)}. {why}"
        return replace(
            verdict,
            verdict="wrong",
            score=0.0,
            elements=None,
            fuller="",
            diagnosis=Diagnosis("these_numbers_only", sentence),
            line=line,
        )
    return verdict


def _why_elsewhere(draws: Sequence[Question], asked: Part, code: Code, outcome: Outcome) -> tuple[str, int | None]:
    """Return what is said of a program that is wrong on the first draw, and the line."""
    compared = compared_by_step(draws[0], asked, outcome.events)
    place = compared.first
    fault = _fault(outcome, _lines(draws, asked, code), compared, [])
    if fault is not None:
        return fault.says, fault.line
    if place is not None:
        return place.sentence, place.line
    return _difference(asked, outcome.value), None


def _right(part: Part, value: Array) -> bool:
    expected = part.expected
    if not isinstance(expected, np.ndarray) or value.shape != expected.shape:
        return False
    return bool(close(value, expected, part.ask.rtol, part.ask.atol).all())


def _difference(part: Part, value: Array) -> str:
    expected = part.expected
    if isinstance(expected, np.ndarray) and value.shape != expected.shape:
        return words.wrong_shape(value.shape, expected.shape, part.axes, part.name)
    return f"With other numbers {part.name} is wrong: did you type a number or a size where a given belongs?"


def _other_sizes(question: Question, other: Question) -> str:
    """Return the sizes of which others were drawn: " (T = 5)"; of arrays, where no number says it."""
    sizes = [
        f"{name} = {exact(float(value))}"
        for name, value in other.givens.items()
        if isinstance(value, np.ndarray)
        and value.shape == ()
        and float(value).is_integer()
        and not np.array_equal(value, np.asarray(question.givens[name]))
    ]
    if not sizes:
        sizes = [
            f"{name} {in_words(np.shape(value))}"
            for name, value in other.givens.items()
            if isinstance(value, np.ndarray) and value.shape != np.shape(question.givens[name])
        ]
    return f" ({', '.join(sizes[:3])})" if sizes else ""
