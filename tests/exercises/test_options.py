"""Where nothing is drawn, a question is asked anew with its options in another order."""

import msgspec
import numpy as np
import pytest
import yaml

from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.renamed import stored_question
from rnn_tutor.exercises.solution import solve
from rnn_tutor.paths import content_folder
from rnn_tutor.progress.record import attempt_of

SEEDS = range(30)


def made(*texts, right=(1,), kind="choice", **more):
    options = [{"text": text, "right": at in right, "why": f"because {text}"} for at, text in enumerate(texts, start=1)]
    data = {"format": 1, "id": "made", "title": "Made", "prompt": "p", **more}
    data["ask"] = [*more.get("ask", []), {"answer": "which", "as": kind, "options": options}]
    return msgspec.convert(yaml.safe_load(yaml.safe_dump(data)), Exercise, strict=False)


def texts(question, part="which"):
    return [option.text for option in question.part(part).ask.options]


def right_texts(question, part="which"):
    asked = question.part(part)
    return {asked.ask.options[number - 1].text for number in asked.expected}


def test_a_seed_has_its_order_and_the_right_option_another_number():
    exercise = made("a", "b", "c", "d")
    assert texts(ask(exercise)) == ["a", "b", "c", "d"]
    orders = {tuple(texts(ask(exercise, seed))) for seed in SEEDS}
    assert len(orders) > 5
    for seed in SEEDS:
        question = ask(exercise, seed)
        assert question.seed == seed
        assert sorted(texts(question)) == ["a", "b", "c", "d"]
        assert texts(question) == texts(ask(exercise, seed))
        assert right_texts(question) == {"a"}
        assert question.part("which").expected != {1}


def test_two_options_change_places():
    assert {tuple(texts(ask(made("yes", "no"), seed))) for seed in SEEDS} == {("no", "yes")}


def test_an_option_about_the_others_keeps_its_place():
    exercise = made("a", "b", "c", "none of them", right=(4,))
    orders = [texts(ask(exercise, seed)) for seed in SEEDS]
    assert {order[3] for order in orders} == {"none of them"}
    assert len({tuple(order) for order in orders}) > 3


def test_where_numbers_are_drawn_the_options_stay():
    exercise = made(
        *"abcd", given={"x": {"value": "1", "means": "a number", "draw": "uniform(0, 1)"}}, steps=[{"let": "y = 2*x"}]
    )
    assert all(texts(ask(exercise, seed)) == list("abcd") for seed in SEEDS)
    assert ask(exercise).anew == "numbers"


def test_what_is_typed_is_marked_by_the_order_that_was_shown():
    exercise = made("a", "b", "c", "d", right=(1, 3), kind="checklist")
    for seed in SEEDS:
        question = ask(exercise, seed)
        numbers = sorted(texts(question).index(text) + 1 for text in "ac")
        verdict = mark(question, "which", " ".join(map(str, numbers)))
        assert verdict.verdict == "right"
        assert verdict.expected == numbers
        for number, text in enumerate(texts(question), start=1):
            assert f"{number}" in (line := verdict.fuller.splitlines()[number - 1])
            assert f"because {text}" in line
        wrong = texts(question).index("b") + 1
        assert f'Option {wrong} ("b") is wrong' in mark(question, "which", str(wrong)).says
        assert {step.symbols for step in solve(question)} == {"a", "c"}


def test_an_attempt_is_asked_again_in_its_order():
    exercise = made("a", "b", "c", "d")
    question = ask(exercise, 17)
    attempt = attempt_of(question, "", mark(question, "which", "2"), "2")
    again = stored_question(exercise, attempt.givens, attempt.seed)
    assert texts(again) == texts(question)
    assert attempt.numbers != attempt_of(ask(exercise), "", mark(ask(exercise), "which", "2"), "2").numbers


def test_a_seed_beyond_all_bounds_is_told():
    with pytest.raises(ExerciseError):
        ask(made("a", "b"), 2**63)


def test_every_exercise_of_the_course_that_draws_nothing_can_be_asked_anew():
    library = Library([content_folder()])
    fixed = [name for name in library.ids if not ask(library.exercise(name)).compiled.draws]
    assert len(fixed) > 5
    for name in fixed:
        book, other = ask(library.exercise(name)), ask(library.exercise(name), 5)
        assert other.anew == "options"
        picked = [part.name for part in book.parts if part.ask.options]
        assert any(texts(book, part) != texts(other, part) for part in picked)
        assert all(right_texts(book, part) == right_texts(other, part) for part in picked)
        for part in book.parts:
            if isinstance(part.expected, np.ndarray):
                assert np.array_equal(part.expected, other.part(part.name).expected)
