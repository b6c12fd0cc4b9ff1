"""Moodle XML, read back by a reader of our own: right answers get all marks, known mistakes their feedback."""

import itertools
import random

import numpy as np
import pytest

from rnn_tutor.commands.quiz.items import CannotHoldError, Item, item
from rnn_tutor.commands.quiz.markup import Markup, html
from rnn_tutor.commands.quiz.moodle import document
from rnn_tutor.exercises.anticipated import anticipated, anticipated_sizes
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.question import Part, Question
from rnn_tutor.paths import content_folders

from . import moodle

LIBRARY = Library(content_folders(None, only=False))
SEEDS = (None, 1, 2**40 + 7)


def read_one(one: Item) -> moodle.Read:
    (read,) = moodle.read(document([(("Unit / one", "a/b"), [one])]))
    assert read.category == ("Unit / one", "a / b")
    return read


def gaps_of(read: moodle.Read, one: Item) -> list[tuple[Part, tuple[int, ...], moodle.Gap]]:
    """Return the gaps with what they ask for."""
    places = [(asked.part, at) for asked in one.parts for at in ([place for place, _ in asked.gaps] or [()])]
    return [(part, at, gap) for (part, at), gap in zip(places, read.gaps, strict=True)]


def told(question: Question, says: str) -> str:
    return moodle.words(html(Markup(question).line(says)))


@pytest.mark.parametrize("exercise", LIBRARY.exercises)
def test_every_exercise_grades_right_answers_and_known_mistakes(exercise: str) -> None:
    for seed in SEEDS:
        question = ask(LIBRARY.exercise(exercise), seed)
        try:
            one = item(question)
        except CannotHoldError:
            held = [part.kind != "program" and np.size(part.expected) <= 64 for part in question.parts]
            assert not all(held) or question.asked_with is not None or question.givens
            return
        read = read_one(one)
        assert len(read.hints) == len(question.exercise.hints)
        right_marks = sum(gap.weight for gap in read.gaps)
        assert read.points == right_marks
        for part, at, gap in gaps_of(read, one):
            if part.ask.options:
                check_options(part, gap)
            elif isinstance(part.expected, tuple):
                check_size(question, part, at[0], gap)
            else:
                check_number(question, part, at, gap)
        if not question.compiled.draws:
            return


def check_options(part: Part, gap: moodle.Gap) -> None:
    assert [one.fraction > 0 for one in gap.answers] == [option.right for option in part.ask.options]
    assert gap.of_options({at for at, option in enumerate(part.ask.options) if option.right}) == pytest.approx(
        1.0, abs=1e-4
    )
    for option, one in zip(part.ask.options, gap.answers, strict=True):
        assert moodle.words(one.text).split()
        assert bool(moodle.words(one.feedback).strip()) == bool(option.why.strip())


def check_size(question: Question, part: Part, at: int, gap: moodle.Gap) -> None:
    assert isinstance(part.expected, tuple)
    assert gap.of_number(part.expected[at])[0] == 1.0
    for mistake in anticipated_sizes(question, part):
        share, feedback = gap.of_number(mistake.sizes[at])
        if mistake.sizes[at] == part.expected[at]:
            assert share == 1.0
        else:
            assert share == 0.0
            assert moodle.words(feedback)


def check_number(question: Question, part: Part, at: tuple[int, ...], gap: moodle.Gap) -> None:
    truth = float(np.asarray(part.expected)[at])
    for digits in range(part.ask.digits, 17):
        assert gap.of_number(float(f"{truth:.{digits}g}"))[0] == 1.0, digits
    assert gap.of_number(truth)[0] == 1.0
    mistakes = anticipated(question, part)
    feedbacks = [told(question, mistake.says) for mistake in mistakes]
    for place, (mistake, says) in enumerate(zip(mistakes, feedbacks, strict=True)):
        value = float(mistake.value[at])
        share, feedback = gap.of_number(value)
        if moodle.words(feedback) == says:
            assert share == 0.0
            continue
        # Left out: near to the right number, or to a likelier mistake.
        earlier = [float(other.value[at]) for other in mistakes[:place]]
        like_right = abs(value - truth) <= part.ask.atol + 3 * max(part.ask.rtol, 10.0**-part.ask.digits) * abs(truth)
        near = [other for other in (truth, *earlier) if abs(value - other) <= reach(part, value) + reach(part, other)]
        assert near or like_right, (part.name, at, says, value)
        assert share == 0.0 or near[0] == truth


def reach(part: Part, value: float) -> float:
    """Return how far from a value something may be that is accepted for it: within tolerance, or a rounding."""
    return part.ask.atol + max(part.ask.rtol, 0.5 * 10.0 ** (1 - part.ask.digits)) * abs(value) * 1.001


@pytest.mark.parametrize("exercise", ["rnn-update", "sequence-probability", "seq2seq-loss", "weight-gradient"])
def test_the_quiz_accepts_what_the_tutor_accepts(exercise: str) -> None:
    """Numbers typed with enough digits, around the edges of what is right: the same verdict."""
    question = ask(LIBRARY.exercise(exercise), 5)
    one = item(question)
    read = read_one(one)
    chance = random.Random(1)  # noqa: S311 - the same numbers each time
    seen = set()
    for part, at, gap in gaps_of(read, one):
        if not isinstance(part.expected, np.ndarray):
            continue
        truth = float(part.expected[at])
        for _ in range(25):
            off = chance.choice((1.0, -1.0)) * chance.choice((0.3, 0.9, 0.999, 1.001, 1.1, 3.0, 6.0))
            number = truth + off * (part.ask.atol + part.ask.rtol * abs(truth))
            typed = f"{number:.{chance.randint(part.ask.digits, 9)}g}"
            if len(typed.strip("-0.").replace(".", "")) < part.ask.digits:
                continue  # with a nought at the end: the quiz cannot see it
            answer = np.array(part.expected, dtype=object)
            answer[at] = typed
            text = str(answer.tolist()).replace("'", "")
            verdict = mark(question, part.name, text)
            right = verdict.verdict == "right"
            assert (gap.of_number(float(typed))[0] == 1.0) == right, (part.name, typed, truth)
            seen.add(right)
    assert seen == {True, False}


def test_options_get_the_share_that_the_tutor_gives() -> None:
    checked = 0
    for exercise in list(LIBRARY.exercises)[::2]:
        question = ask(LIBRARY.exercise(exercise))
        if not all(part.ask.options for part in question.parts):
            continue
        one = item(question)
        for part, _, gap in gaps_of(read_one(one), one):
            if part.kind != "checklist" or len(part.ask.options) > 6:
                continue
            for count in range(1, len(part.ask.options) + 1):
                for chosen in itertools.combinations(range(len(part.ask.options)), count):
                    score = mark(question, part.name, ", ".join(str(at + 1) for at in chosen)).score
                    assert gap.of_options(set(chosen)) == pytest.approx(score, abs=1e-4)
                    checked += 1
    assert checked > 30


def test_each_number_of_a_part_and_each_part_counts_the_same() -> None:
    one = item(ask(LIBRARY.exercise("seq2seq-loss"), 3))
    read = read_one(one)
    share: dict[str, int] = {}
    for part, _, gap in gaps_of(read, one):
        share[part.name] = share.get(part.name, 0) + gap.weight
    assert len(share) > 2
    assert len(set(share.values())) == 1


def test_feedback_stands_only_where_a_vector_differs() -> None:
    question = ask(LIBRARY.exercise("rnn-update"), 3)
    one = item(question)
    part = question.parts[0]
    first, second = [gap for own, _, gap in gaps_of(read_one(one), one) if own is part]
    (transposed,) = [found for found in anticipated(question, part) if "transposed both" in found.says]
    assert "transposed both" in moodle.words(first.of_number(float(transposed.value[0]))[1])
    assert "transposed both" in moodle.words(second.of_number(float(transposed.value[1]))[1])
    assert moodle.words(first.of_number(float(transposed.value[1]))[1]) == ""


def test_a_rounding_with_too_few_digits_is_told() -> None:
    question = ask(LIBRARY.exercise("rnn-update"), 3)
    truth = float(np.asarray(question.parts[0].expected)[0])
    gap = read_one(item(question)).gaps[0]
    assert gap.of_number(float(f"{truth:.2g}")) == (
        0.0,
        "<span>That may be right, but give at least 3 significant digits.</span>",
    )


def test_pictures_are_files_of_their_own() -> None:
    pictured = next(e for e in map(LIBRARY.exercise, LIBRARY.exercises) if e.picture is not None)
    read = read_one(item(ask(pictured, 1)))
    assert read.files
    for content in read.files.values():
        root = moodle.ET.fromstring(content)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert not [one for one in root.iter() if one.tag.endswith(("script", "foreignObject", "image", "}a"))]
