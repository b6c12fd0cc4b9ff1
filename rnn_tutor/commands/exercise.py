"""show, answer, solve: one exercise."""

import argparse
import sys
from typing import Any

import numpy as np

from rnn_tutor.engine.writing.pieces import UnwrittenError
from rnn_tutor.exercises import words
from rnn_tutor.exercises.diagnosis.advice import offered
from rnn_tutor.exercises.diagnosis.checkpoints import check, checkpoints
from rnn_tutor.exercises.mark import mark, plain
from rnn_tutor.exercises.programs import starter
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.script import givens_code, has_steps, script
from rnn_tutor.exercises.solution import Worked
from rnn_tutor.exercises.solution import solve as solved
from rnn_tutor.exercises.verdict import Diagnosis, Verdict
from rnn_tutor.progress.record import attempt_of

from .lab import answer_lab, lab_code, lab_of, show_lab
from .output import complain, say, say_code, say_json
from .pictures import figure_json
from .source import UseError, answers, keep, known_part, question_of, status
from .telling import say_question, say_step, say_verdict, wrapped

MAX_STDIN = 100_000


def show(options: argparse.Namespace) -> int:
    """Print an exercise: what is asked, with which numbers; or a lab."""
    try:
        lab = lab_of(options)
        if lab is not None:
            return show_lab(lab, options)
        question, _ = question_of(options)
    except UseError as error:
        return complain(str(error))
    if options.numpy and not question.told:
        return complain(f"There are no givens in {question.exercise.id}, so there is no code to show.")
    if options.numpy:
        say_code(givens_code(question, "numpy").rstrip("\n"))
    elif options.json:
        say_json(_as_json(question, options.hints))
    else:
        say_question(question, options.hints)
    return 0


def code(options: argparse.Namespace) -> int:
    """Print an exercise, or a lab, as a script that computes it in a library."""
    try:
        lab = lab_of(options)
        if lab is not None:
            if options.part is not None:
                raise UseError(f"{options.exercise} is a lab: --part goes with exercises.")
            text, name = lab_code(lab, options), lab[0].id
        else:
            question, _ = question_of(options)
            name = question.exercise.id
            if not has_steps(question):
                raise UseError(f"Nothing is computed in {name}, so there is no code to show.")
            part = "" if options.part is None else known_part(options.part, [one.name for one in question.parts])
            if part and question.part(part).node is None:
                raise UseError(f"The part {part} is answered by choosing, so there is no code that computes it.")
            text = script(question, options.library, part)
    except (UseError, UnwrittenError) as error:
        return complain(str(error))
    if options.json:
        say_json({"exercise": name, "seed": options.seed, "library": options.library, "code": text})
    else:
        say_code(text.rstrip("\n"))
    return 0


def _as_json(question: Question, hints: int) -> dict[str, Any]:
    exercise = question.exercise
    return {
        "exercise": exercise.id,
        "title": exercise.title,
        "level": exercise.level,
        "seed": question.seed,
        "prompt": exercise.prompt,
        "given": {
            name: {
                "means": question.meaning(name),
                "axes": list(exercise.given[name].axes),
                "shape": list(np.shape(value)) if isinstance(value, np.ndarray) else list(value),
                "value": plain(value) if isinstance(value, np.ndarray) else None,
            }
            for name in question.told
            for value in [question.givens[name]]
        },
        "parts": [
            {
                "part": part.name,
                "as": part.kind,
                "prompt": part.ask.prompt,
                "axes": list(part.axes),
                "options": [option.text for option in part.ask.options],
                **({"starter": starter(part)} if part.kind == "program" else {}),
            }
            for part in question.parts
        ],
        **({"picture": figure_json(question.asked_with)} if question.asked_with is not None else {}),
        "hints": list(exercise.hints[: max(0, hints)]),
    }


def answer(options: argparse.Namespace) -> int:
    """Mark an answer, or a prediction of a lab; the attempt is kept before the verdict is printed."""
    try:
        lab = lab_of(options)
        if lab is not None:
            if options.step is not None:
                raise UseError(f"{options.exercise} is a lab: --step goes with exercises.")
            return answer_lab(lab, options, _text)
        question, digest = question_of(options)
        pairs = answers(options, [part.name for part in question.parts])
        earlier = _earlier(question, options.earlier)
        texts = {part: _text(text, question.part(part).kind == "program") for part, text in pairs}
        if options.step is not None:
            return _check_step(question, texts, earlier, options)
    except UseError as error:
        return complain(str(error))
    verdicts: list[Verdict] = []
    for part, text in texts.items():
        verdicts.append(offered(question, mark(question, part, text, earlier, solved=_before(question, part))))
        earlier[part] = text
        if digest and not options.no_save:
            keep(options, attempt_of(question, digest, verdicts[-1], text))
    if options.json:
        part_verdicts = [_verdict_json(verdict) for verdict in verdicts]
        say_json({"exercise": question.exercise.id, "seed": question.seed, "parts": part_verdicts})
    else:
        for place, verdict in enumerate(verdicts):
            if place:
                say()
            numbers = verdict.diagnosis.differs if verdict.diagnosis is not None else None
            say_verdict(verdict, ways=f"--seed {numbers.seed}" if numbers is not None else "")
    return status([verdict.verdict for verdict in verdicts])


def _check_step(question: Question, texts: dict[str, str], earlier: dict[str, str], options: argparse.Namespace) -> int:
    """Say whether a text is the value of a step towards a part. Raises UseError where there is no such step."""
    if len(texts) > 1:
        raise UseError("--step checks the value of one step: give one TEXT, and --part if there are several parts.")
    ((name, text),) = texts.items()
    part = question.part(name)
    known = {name, *_before(question, name)}
    points = checkpoints(question, part, {other.name for other in question.parts} - known)
    if options.step > len(points):
        count = words.times(len(points), "step") if points else "no step"
        raise UseError(f"There {'is' if len(points) < 2 else 'are'} {count} to check for {name}.")
    point = points[options.step - 1]
    checked = check(question, part, point, text, earlier=earlier)
    if options.json:
        step = {"number": options.step, "of": len(points), "expression": point.text}
        told = {"part": name, "step": step, "verdict": checked.verdict, "says": checked.says}
        say_json({"exercise": question.exercise.id, "seed": question.seed, **told})
    else:
        say(f"Step {options.step} of {len(points)}: your value of `{point.text}`", "bold")
        lead = {"right": "Right. ", "rounded": "Nearly. "}.get(checked.verdict, "")
        say(wrapped(lead + checked.says), "good" if checked.verdict == "right" else "bad")
    return status([checked.verdict])


def _before(question: Question, part: str) -> list[str]:
    """Return the parts that are asked before one: whoever answers it here is taken to be done with them."""
    names = [part_of_question.name for part_of_question in question.parts]
    return names[: names.index(part)]


def _earlier(question: Question, pairs: list[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise UseError(f"--earlier takes NAME=TEXT, not {pair}.")
        texts[known_part(name, [part.name for part in question.parts])] = text
    return texts


def _text(text: str, program: bool = False) -> str:
    """Return an answer as typed, or what stands on standard input; the indentation of a program stays."""
    if text != "-":
        return text
    read = sys.stdin.read(MAX_STDIN)
    return read.rstrip() if program else read.strip()


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    reading, diagnosis = verdict.reading, verdict.diagnosis
    understood = reading.error is None
    return {
        "part": verdict.part,
        "verdict": verdict.verdict,
        "understood": {"value": plain(reading.value), "shape": list(reading.shape or ())} if understood else None,
        "expected": verdict.expected,
        "score": verdict.score,
        "elements": verdict.elements,
        "follows": verdict.follows or None,
        "remark": verdict.remark or None,
        "diagnosis": _diagnosis_json(diagnosis) if diagnosis else None,
    }


def _diagnosis_json(diagnosis: Diagnosis) -> dict[str, Any]:
    numbers = diagnosis.differs
    return {
        "kind": diagnosis.kind,
        "says": diagnosis.says,
        "rule": diagnosis.rule or None,
        "next": diagnosis.next or None,
        "differs": None
        if numbers is None
        else {"seed": numbers.seed, "givens": {name: plain(numbers.givens[name]) for name in numbers.told}},
    }


def solve(options: argparse.Namespace) -> int:
    """Print the worked solution, or write it into a file."""
    try:
        if lab_of(options) is not None:
            raise UseError(f"{options.exercise} is a lab, played in the tutor: `rnn-tutor show` prints what it asks.")
        question, _ = question_of(options)
        if (options.md, options.html, options.svg, options.picture) != (None, None, None, None):
            from .export import export

            export(question, options)
            return 0
    except UseError as error:
        return complain(str(error))
    steps = solved(question)
    if options.json:
        say_json(
            {"exercise": question.exercise.id, "seed": question.seed, "steps": [_step_json(step) for step in steps]}
        )
        return 0
    say(f"{question.exercise.title}: worked", "bold")
    for k, step in enumerate(steps, start=1):
        say()
        say_step(k, step)
    return 0


def _step_json(step: Worked) -> dict[str, Any]:
    return {
        "name": step.name,
        "symbols": step.symbols,
        "numbers": list(step.numbers),
        "result": step.result,
        "shape": step.shape,
        "say": step.say,
    }
