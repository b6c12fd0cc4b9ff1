"""How an exercise, a verdict and a worked step are told in lines of text."""

import textwrap
from typing import Any

import numpy as np

from rnn_tutor.exercises import words
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.programs import starter
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.solution import Worked
from rnn_tutor.exercises.verdict import RIGHT_AFTER, Verdict
from rnn_tutor.figures.numbers import values
from rnn_tutor.figures.words import shape_with_axes

from .output import page_width, say
from .pictures import figure_lines, heatmap_lines


def say_question(question: Question, hints: int) -> None:
    """Print what is asked, with which numbers, and so many hints."""
    exercise = question.exercise
    say_title(question, f"level {exercise.level}")
    say()
    say(wrapped(exercise.prompt))
    say()
    if question.asked_with is not None:
        for line in figure_lines(question.asked_with, page_width()):
            say(line)
        if question.told:
            say()
    say_givens(question)
    for part in question.parts:
        say()
        say_part(part, alone=len(question.parts) == 1)
    for number in range(1, min(hints, len(exercise.hints)) + 1):
        say()
        say_hint(exercise, number)


def say_title(question: Question, *about: str) -> None:
    """Print the title, what is said about it, and which numbers it has."""
    exercise = question.exercise
    heading = [*about, *filter(None, [question.asked_as])]
    say(f"{exercise.title}  ({', '.join(heading)})" if heading else exercise.title, "bold")


def say_givens(question: Question) -> None:
    """Print the givens that a learner is told of, each with what it means and its numbers."""
    name_width = max([len(name) for name in question.told], default=0)
    for name in question.told:
        value = question.givens[name]
        means = question.meaning(name)
        axes = question.exercise.given[name].axes
        if isinstance(value, tuple):
            say(f"  {name:<{name_width}}  {means}, of shape {shape_with_axes(value, axes)}")
            continue
        shape = f", {words.kind_of(value.shape)} {shape_with_axes(value.shape, axes)}" if value.shape else ""
        say(f"  {name:<{name_width}}  {means}{shape}")
        for line in _rows(value):
            say(f"  {'':<{name_width}}    {line}")


def say_part(part: Part, *, alone: bool) -> None:
    """Print what is asked for, with its options, or with the lines that its program begins with."""
    prompt = part.ask.prompt or f"Asked: {part.name}"
    say(f"{wrapped(prompt)}  [{part.name}, {part.kind}]" if not alone or not part.ask.options else prompt)
    for k, option in enumerate(part.ask.options, start=1):
        say(textwrap.fill(f"{k}. {option.text}", page_width(), initial_indent="  ", subsequent_indent="     "))
    if part.kind == "program" and starter(part):
        say(textwrap.indent(starter(part).rstrip(), "  "))


def say_hint(exercise: Exercise, number: int) -> None:
    """Print a hint, by its number from 1."""
    say(wrapped(f"Hint {number} of {len(exercise.hints)}: {exercise.hints[number - 1]}"))


def _rows(value: "np.ndarray[Any, Any]") -> list[str]:
    if value.ndim < 2:
        return textwrap.wrap(values(value, 6, 2_000), page_width() - 12) or ["(empty)"]
    return [values(row, 6, 400) for row in value.reshape(-1, value.shape[-1])]


def wrapped(text: str) -> str:
    """Return prose wrapped to the width of a page, its paragraphs kept; a name, a path or an option stays whole."""
    paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    return "\n\n".join(
        textwrap.fill(part, page_width(), break_long_words=False, break_on_hyphens=False) for part in paragraphs
    )


def say_verdict(verdict: Verdict, *, elements: str = "", ways: str = "", looked_up: bool = False) -> None:
    """Print how an answer is understood, and what is said to it; then its elements, and ways to do what comes next.

    looked_up: the solution was read before.
    """
    leads = {"right": "Right.", "rounded": "Nearly.", "wrong": "Not yet.", "not_understood": "Not understood."}
    if verdict.reading.error is None:
        say(f"{verdict.part}: {verdict.reading.says}")
    words = RIGHT_AFTER if looked_up and verdict.verdict == "right" else leads[verdict.verdict]
    say(words, "good" if verdict.verdict == "right" else "bad")
    if verdict.says:
        say(wrapped(verdict.says))
    if elements:
        say(wrapped(elements))
    if verdict.next:
        say(wrapped(f"{verdict.next} ({ways})" if ways else verdict.next))
    if verdict.verdict == "right" and verdict.fuller:
        picked = isinstance(verdict.reading.value, frozenset)
        lines = verdict.fuller.splitlines() if picked else [f"{verdict.part} = {verdict.fuller}"]
        for line in lines:  # of options, the reason of each on a line of its own
            say(wrapped(line))


def say_step(k: int, step: Worked) -> None:
    """Print a step of the solution, the k-th."""
    say(f"{k}. {step.symbols}", "bold")
    for line in step.numbers:
        say(textwrap.fill(line, page_width(), initial_indent="   ", subsequent_indent="       "))
    if step.result:
        shape = f"   {step.shape}" if step.shape else ""
        say(
            textwrap.fill(f"{step.result}{shape}", page_width(), initial_indent="   ", subsequent_indent="       "),
            "name",
        )
    if step.say:
        say(textwrap.fill(" ".join(step.say.split()), page_width(), initial_indent="   ", subsequent_indent="   "))
    if step.picture is not None and step.picture.values.ndim >= 2:
        for line in heatmap_lines(step.picture):
            say(f"   {line}")
