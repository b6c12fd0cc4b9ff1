"""A question with its worked solution -> a document."""

from collections.abc import Iterator

import numpy as np

from rnn_tutor.engine.shapes import in_words
from rnn_tutor.exercises import words
from rnn_tutor.exercises.model import Option
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.exercises.solution import Worked, solve
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.numbers import rounded_list
from rnn_tutor.figures.pages import without_numbers
from rnn_tutor.figures.words import shape_with_axes

from .document import Answer, Block, Choice, Choices, Document, Drawn, Given, Givens, Heading, Prose, Section, Step

_LONGEST = 400  # characters of an answer that is written out


def solved(question: Question) -> Document:
    """Return the worked solution: what is asked and given, the steps, what there is to look at, the sources."""
    exercise = question.exercise
    sections = [Section(tuple(_asked(question)))]
    steps = list(worked(question))
    sections += [Section((Heading("Solution", 2), *steps[:1])), *(Section((step,)) for step in steps[1:])]
    pictures = [blocks for figure in question.shown() if (blocks := tuple(_drawn(figure, question.asked_with)))]
    sections += [Section((*([] if at else [Heading("To look at", 2)]), *blocks)) for at, blocks in enumerate(pictures)]
    if exercise.sources:
        listed = "\n".join(f"- {' '.join(source.split())}" for source in exercise.sources)
        sections.append(Section((Heading("Sources", 2), Prose(listed, quiet=True))))
    subtitle = ", ".join(filter(None, [f"Level {exercise.level}", question.asked_as]))
    return Document(exercise.title, subtitle, tuple(sections), foot=exercise.id)


def stated(question: Question, *, hidden: bool = False) -> Iterator[Block]:
    """Give what stands before the parts: the prompt, the picture, the givens; `hidden` as of `givens`."""
    yield Prose(question.exercise.prompt)
    if question.asked_with is not None:
        yield Drawn(question.asked_with)
    given = givens(question, hidden=hidden)
    if given is not None:
        yield given


def _asked(question: Question) -> Iterator[Block]:
    yield from stated(question, hidden=True)
    for part in question.parts:
        if part.ask.prompt:
            yield Prose(part.ask.prompt)
        if part.ask.options:
            yield choices(part, solved=True)


def givens(question: Question, *, hidden: bool) -> Givens | None:
    """Return what is given, None for nothing. hidden: the knobs behind the picture too, which a learner never sees."""
    figure = question.asked_with
    pictured = (
        set[str]()
        if figure is None
        else {item.name for item in (*figure.items, figure.x, figure.level) if item is not None}
    )
    names = list(question.givens) if hidden else question.told
    entries = tuple(_given(question, name, name in pictured) for name in names)
    return Givens(entries) if entries else None


def _given(question: Question, name: str, pictured: bool) -> Given:
    given = question.exercise.given[name]
    value = question.givens[name]
    means = f"{given.means} (behind the picture)" if given.hidden else given.means
    shape = value if isinstance(value, tuple) else value.shape
    shape_words = shape_with_axes(shape, given.axes) if shape else ""
    return Given(name, means, shape_words, None if isinstance(value, tuple) else value, pictured)


def choices(part: Part, *, solved: bool) -> Choices:
    """Return the options of a part; solved: with which are right and why, or why not."""
    numbered_options = enumerate(part.ask.options, start=1)
    options = tuple(
        Choice(at, option.text, solved and option.right, _why(option) if solved else "")
        for at, option in numbered_options
    )
    return Choices(options, several=part.kind == "checklist", told=solved)


def _why(option: Option) -> str:
    """Return why an option is right or wrong: of a wrong one, authors write what follows a colon."""
    return f"Wrong: {option.why}" if option.why and not option.right else option.why


def worked(question: Question) -> Iterator[Step | Drawn]:
    """Give the steps that compute something, each with its heatmap where nothing else shows that; no options."""
    pictured = {item.name for figure in question.shown() for item in figure.items}
    for at, step in enumerate(computed(question), start=1):
        yield Step(at, step.symbols, step.say, step.numbers, step.result, step.shape)
        picture = step.picture
        if picture is not None and picture.values.ndim >= 2 and step.name not in pictured:
            yield Drawn(Figure("heatmap", (Item(picture.title, picture.values, picture.axes),)))


def computed(question: Question) -> list[Worked]:
    """Return the worked steps without those that only repeat a right option: the options themselves are there."""
    chosen = {part.name for part in question.parts if part.ask.options}
    return [step for step in solve(question) if step.name.rpartition(" ")[0] not in chosen]


def _drawn(figure: Figure, asked_with: Figure | None) -> Iterator[Block]:
    """Give a figure, and the numbers that stand alone in it as text; not again what stands beside the question."""
    if figure is asked_with:
        return
    drawable, note = without_numbers(figure)
    if drawable is not None:
        yield Drawn(drawable)
    if note:
        yield Prose(f"{note[0].upper()}{note[1:]}.", quiet=True)


def answers(question: Question) -> Iterator[Answer]:
    """Give the expected answers, at the digits that are asked for."""
    for part in question.parts:
        expected = part.expected
        if isinstance(expected, frozenset):
            yield Answer(part.name, ", ".join(map(str, sorted(expected))), "option" + "s" * (len(expected) > 1))
        elif isinstance(expected, np.ndarray):
            text = rounded_list(expected[:100] if expected.ndim else expected, part.ask.digits)
            cut = text if len(text) <= _LONGEST else text[:_LONGEST] + " ..."
            form = f"{words.kind_of(expected.shape)} {shape_with_axes(expected.shape, part.axes)}"
            yield Answer(part.name, cut, form if expected.shape else "")
        else:
            yield Answer(part.name, in_words(expected), f"shape {shape_with_axes(expected, part.axes)}")
