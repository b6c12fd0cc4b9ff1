"""Questions and their draws: as stated, as drawn, and fit to ask with."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import yaml

from rnn_tutor.engine.graph.graph import as_numbers
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.exercises import drawing
from rnn_tutor.exercises import question as question_module
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.diagnosis import at_once
from rnn_tutor.exercises.diagnosis.distinguishable import looks_right
from rnn_tutor.exercises.diagnosis.mistakes import authored
from rnn_tutor.exercises.drawing import ask, hidden_by_the_book, probes
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.exercises.read import load_exercise
from rnn_tutor.exercises.script import givens_code

HELD_BACK = Path(__file__).parent / "held_back"
ALL = sorted(path.stem for path in HELD_BACK.glob("*.yaml"))


def held_back(name):
    return load_exercise(HELD_BACK / f"{name}.yaml")


def made(**parts):
    """An exercise from Python values, in the file's own form."""
    text = yaml.safe_dump({"format": 1, "id": "made", "title": "Made", "prompt": "p", **parts}, sort_keys=False)
    return msgspec.convert(yaml.safe_load(text), Exercise, strict=False)


def given(value, draw=None, **more):
    return {"value": value, "means": "a number", **({"draw": draw} if draw else {}), **more}


@pytest.mark.parametrize("name", ALL)
def test_every_exercise_is_asked_with_the_original_numbers_and_with_drawn_ones(name):
    exercise = held_back(name)
    book = ask(exercise)
    assert book.seed is None
    again = [ask(exercise, 3), ask(exercise, 3)]
    for key, value in again[0].givens.items():
        assert np.array_equal(value, again[1].givens[key])
    if book.compiled.draws:
        fresh = ask(exercise, 11)
        assert any(not np.array_equal(fresh.givens[key], book.givens[key]) for key in book.givens)


@pytest.mark.parametrize("draws", [2, pytest.param(12, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", ALL)
def test_no_draw_hides_a_mistake_that_the_file_describes(name, draws):
    exercise = held_back(name)
    for seed in range(draws):
        question = ask(exercise, seed)
        for part in question.parts:
            if isinstance(part.expected, np.ndarray):
                assert not any(looks_right(part, known.value) for known in authored(question, part))


def test_the_givens_stay_in_the_order_of_the_file_though_sizes_come_later():
    exercise = made(
        given={
            "x": given("[[1, 2], [3, 4], [5, 6]]", "normal(0, 1)", shape="(T, D)"),
            "T": given("3", "integers(2, 7)"),
            "D": given("2", "integers(2, 5)"),
        },
        steps=[{"let": "y = x.sum(axis=0)"}],
        ask=[{"answer": "y", "as": "vector"}],
    )
    sizes = set()
    for seed in range(30):
        question = ask(exercise, seed)
        assert list(question.givens) == ["x", "T", "D"]
        assert question.givens["x"].shape == (question.givens["T"], question.givens["D"])
        assert question.parts[0].expected.shape == (question.givens["D"],)
        sizes.add(question.givens["x"].shape)
    assert len(sizes) > 5


def test_sizes_of_a_shape_question_are_drawn_distinct():
    for seed in range(60):
        question = ask(held_back("shapes-vocab"), seed)
        sizes = [float(question.givens[name]) for name in "BTHV"]
        assert len(set(sizes)) == 4


def test_two_fixed_sizes_may_be_equal():
    exercise = made(
        given={"B": given("4", "integers(2, 9)"), "E": given("8"), "H": given("8")},
        steps=[{"let": "w = (B, E, H)"}],
        ask=[{"answer": "w", "as": "shape"}],
    )
    assert all(float(ask(exercise, seed).givens["B"]) != 8 for seed in range(40))


def test_a_vocabulary_costs_nothing():
    question = ask(held_back("shapes-vocab"))
    assert question.parts[0].expected == (4, 7, 50_000)
    assert question.graph.whole("logits").value is None


def test_conditions_hold_in_every_draw():
    for seed in range(40):
        question = ask(held_back("clip-norm"), seed)
        assert np.linalg.norm(question.givens["g"]) > 1.2 * float(question.givens["c"])


def test_when_no_draw_fits_the_condition_is_named_with_how_often():
    exercise = made(
        given={"x": given("0.5", "uniform(0, 1)")},
        conditions=["x > 0", "x > 2"],
        steps=[{"let": "y = 2 * x"}],
        ask=[{"answer": "y", "as": "scalar"}],
    )
    assert float(ask(exercise).parts[0].expected) == 1.0  # the original numbers are never refused
    with pytest.raises(ExerciseError, match=r"In 500 draws no numbers were suitable: \d+ times because the cond"):
        ask(exercise, 1)


def test_a_mistake_that_is_right_by_algebra_does_not_stop_the_draws():
    exercise = made(
        given={"x": given("0.5", "uniform(0, 1)")},
        steps=[{"let": "y = 2 * x"}],
        ask=[{"answer": "y", "as": "scalar"}],
        mistakes=[{"value": "x + x", "say": "no mistake at all"}],
    )
    assert ask(exercise, 1).tries == 40


def test_a_mistake_that_only_some_draws_show_is_shown_by_every_draw_that_is_kept():
    exercise = made(
        given={"x": given("[1, -1]", "normal(0, 1)")},
        steps=[{"let": "y = relu(x)"}],
        ask=[{"answer": "y", "as": "vector"}],
        mistakes=[{"value": "x", "say": "The relu is missing."}],
    )
    assert all((ask(exercise, seed).givens["x"] < 0).any() for seed in range(60))


def test_wrong_versions_are_told_apart_where_they_can_be():
    exercise = made(
        given={"x": given("[1, -1]", "normal(0, 1)")},
        steps=[{"let": "y = relu(x)"}],
        ask=[{"answer": "y", "as": "vector"}],
    )
    assert sum((ask(exercise, seed).givens["x"] < 0).any() for seed in range(60)) >= 58


def test_what_cannot_be_computed_for_some_numbers_is_drawn_again():
    exercise = made(
        given={"n": given("1", "integers(0, 3)")},
        steps=[{"let": "v = [3, 4]"}, {"let": "y = v[n]"}],
        ask=[{"answer": "y", "as": "scalar"}],
    )
    assert all(float(ask(exercise, seed).givens["n"]) < 2 for seed in range(20))


def test_the_original_numbers_that_hide_a_mistake_are_reported():
    exercise = made(
        given={"x": given("[1, 2]", "normal(0, 1)"), "w": given("[1, 1]", "uniform(0.1, 2)")},
        steps=[{"let": "a = w * x"}, {"let": "y = relu(a)"}],
        ask=[{"answer": "y", "as": "vector"}],
        mistakes=[{"value": "w * abs(x)", "say": "abs for relu"}],
    )
    said = {(one.kind, one.mistake) for one in hidden_by_the_book(exercise)}
    assert ("authored", "w * abs(x)") in said
    assert ("intermediate", "a") in said
    assert ("mutation", "the relu of `w * x` were left out") in said
    assert not any("tanh were" in says for _, says in said)


def test_what_no_numbers_tell_apart_is_not_reported():
    exercise = made(
        given={"x": given("[1, 2]", "uniform(0.1, 2)")},
        steps=[{"let": "y = relu(x)"}],
        ask=[{"answer": "y", "as": "vector"}],
    )
    assert not [one for one in hidden_by_the_book(exercise) if "relu" in one.mistake]


def test_without_draws_the_numbers_are_shaken_and_what_counts_stays():
    exercise = made(
        given={
            "w": given("[0.2, 0.3, 0.5]"),
            "mask": {"value": "[1, 1, 0]", "means": "1 where real"},
            "n": given("3"),
            "v": given("[1.0, -2.0, 4.0]"),
        },
        steps=[{"let": "y = sum(w * mask * v) / n"}],
        ask=[{"answer": "y", "as": "scalar"}],
    )
    for probe in probes(exercise):
        assert probe.givens["mask"].tolist() == [1, 1, 0]
        assert float(probe.givens["n"]) == 3
        assert probe.givens["w"].sum() == pytest.approx(1)
        assert not np.array_equal(probe.givens["v"], [1, -2, 4])


@pytest.mark.parametrize(
    ("parts", "key", "said"),
    [
        ({"given": {"x": given("[1, 2")}}, "given.x.value", "not closed"),
        ({"given": {"x": given("1", "normal(")}}, "given.x.draw", "as a call"),
        ({"given": {"x": given("[1, 2]", axes=["a", "b"])}}, "given.x.value", "2 axes named"),
        ({"steps": [{"let": "y = x +"}]}, "steps[0].let", "missing after the +"),
        ({"steps": [{"let": "y = no_such + 1"}]}, "steps[0].let", "no_such"),
        ({"ask": [{"answer": "y", "as": "vector"}]}, "ask[0].as", "not a vector"),
        ({"ask": [{"answer": "z", "as": "scalar"}]}, "ask[0].answer", "z"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_key(parts, key, said):
    whole = {
        "given": {"x": given("2")},
        "steps": [{"let": "y = 2 * x"}],
        "ask": [{"answer": "y", "as": "scalar"}],
    } | parts
    with pytest.raises(ExerciseError) as caught:
        ask(made(**whole))
    assert caught.value.key == key
    assert said in caught.value.says


def test_the_givens_as_code_give_the_same_numbers():
    question = ask(held_back("rnn-step"))
    names: dict = {}
    exec(givens_code(question, "numpy"), names)  # noqa: S102 - our own text, run as a learner would
    for name, value in question.givens.items():
        assert np.array_equal(names[name], value)


def titles(exercise):
    return [item.name for one in ask(held_back(exercise)).shown() for item in one.items]


def test_pictures_follow_show_and_else_givens_and_answers():
    assert titles("gate-blend") == ["z", "r", "h_tilde", "h"]
    assert titles("gru-chung") == ["z", "h_prev", "h_tilde", "h"]


def test_marking_adds_nothing_to_the_questions_graph():
    question = ask(held_back("masked-mean"))
    before = len(question.graph.nodes)
    for _ in range(3):
        authored(question, question.parts[0])
        as_numbers(question.graph.scope({}).evaluate(parse("1 + 1")).number)
    assert len(question.graph.nodes) == before


SIGNS = made(
    given={"x": given("[0.5, -2.0]", "normal(0, 1)", axes=["unit"]), "k": given("2", "integers(1, 4)")},
    conditions=["sum(x > 0) < 2"],
    steps=[{"let": "a = abs(x)", "say": "s"}, {"let": "y = sum(a) * k", "say": "s"}],
    ask=[{"answer": "y", "as": "scalar"}],
    hints=["one", "two"],
)


def test_what_hides_as_much_as_the_best_draw_is_not_looked_at_further_and_the_choice_is_the_same(monkeypatch):
    """With k = 1, or a positive x, some wrong version is hidden now and then: draws are compared."""
    looked = []
    value = at_once.value_of
    monkeypatch.setattr(at_once, "value_of", lambda *args: looked.append(0) or value(*args))

    def drawn():
        looked.clear()
        found = [
            (question.givens["x"].tolist(), question.tries) for question in (ask(SIGNS, seed) for seed in range(40))
        ]
        return found, len(looked)

    ask(SIGNS, 40)  # what is the same for all draws is remembered
    quick, few = drawn()
    monkeypatch.setattr(drawing, "ENOUGH", 10**9)  # never enough: every draw is looked at to the end
    full, many = drawn()
    assert quick == full
    assert few < many
    assert any(tries > 1 for _, tries in full)


def test_a_condition_of_givens_alone_spares_the_steps(monkeypatch):
    ran = []
    run = question_module.run
    monkeypatch.setattr(question_module, "run", lambda *args, **more: ran.append(0) or run(*args, **more))
    with pytest.raises(ExerciseError, match="500 times because the condition sum\\(x > 0\\) > 2 did not hold"):
        ask(msgspec.structs.replace(SIGNS, conditions=["sum(x > 0) > 2"]), 1)
    assert not ran


def test_a_place_is_not_always_the_one_that_hides_the_fewest_mistakes():
    exercise = made(
        given={"x": given("[1, 2, 3]", "uniform(0, 9)", decimals=0)},
        steps=[{"let": "top = max(x)"}, {"let": "late = x == top"}, {"let": "place = argmax(late) * 1 + 0"}],
        ask=[{"answer": "place", "as": "scalar"}],
    )
    found = [float(ask(exercise, seed).parts[0].expected) for seed in range(40)]
    assert min(found.count(place) for place in (0, 1, 2)) >= 5


def test_a_draw_without_a_finite_answer_is_drawn_again(tmp_path):
    (tmp_path / "logarithm.yaml").write_text("""
format: 1
id: logarithm
title: A logarithm
prompt: Take the logarithm.
given:
  x: {value: "0.5", means: a number, draw: "uniform(-1, 1)"}
steps:
  - let: "y = log(x)"
    say: The logarithm.
ask: [{answer: y, as: scalar}]
hints: [Below 1., Negative.]
""")
    exercise = load_exercise(tmp_path / "logarithm.yaml")
    questions = [ask(exercise, seed) for seed in range(12)]
    assert all(np.isfinite(one.parts[0].expected) for one in questions)
    assert max(one.tries for one in questions) > 1
