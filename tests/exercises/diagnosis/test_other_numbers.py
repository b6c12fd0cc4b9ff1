"""An expression that is right here has to be right with other numbers; numbers put in for givens are no fault."""

from pathlib import Path

import pytest

from rnn_tutor.exercises.diagnosis.other_numbers import RIGHT_HERE
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.mark import mark
from rnn_tutor.exercises.read import load_exercise

CONTENT = Path(__file__).parents[3] / "content"


def question_of(name, seed=None):
    return ask(load_exercise(next(CONTENT.glob(f"*/{name}.yaml"))), seed)


NUMBERS_PUT_IN = [
    ("gradient-clipping", "clipped", "g * min(1.0, 5.0 / np.linalg.norm(g))"),
    ("gradient-clipping", "clipped", "[6, 8] * 5 / norm(g)"),
    ("gradient-product", "total", "scale**10"),
    ("gradient-product", "total", "0.8**steps"),
    ("task-shapes", "logits", "(B, T, 100)"),
    ("masked-loss", "loss", "(0.4+0.6)/sum(mask)"),
    ("sequence-probability", "p", "0.5 * 0.6 * probs[0]"),
]


@pytest.mark.parametrize(("name", "part", "text"), NUMBERS_PUT_IN)
def test_a_number_may_stand_for_the_given_that_it_is_here(name, part, text):
    assert mark(question_of(name), part, text).verdict == "right"


def test_a_number_may_stand_for_a_given_in_the_scratchpad_too():
    question = question_of("gradient-clipping")
    assert mark(question, "clipped", "c * g", scratch=["n = norm(g)", "c = 5 / n"]).verdict == "right"


@pytest.mark.parametrize(
    ("name", "part", "text"),
    [
        ("gradient-clipping", "clipped", "g / 2"),
        ("gradient-clipping", "clipped", "g * norm(g) / 20"),
        ("masked-loss", "loss", "sum(losses) / 2"),
        ("masked-loss", "loss", "losses[:2].mean()"),
        ("masked-loss", "loss", "(losses * [1, 1, 0]).sum() / 2"),
        ("masked-loss", "loss", "sum(losses * (arange(3) < 2)) / sum(mask)"),
        ("masked-loss", "loss", "losses[1] - 0.1"),
        ("task-shapes", "logits", "(B, T, 2 * 50)"),
    ],
)
def test_numbers_put_in_are_right_for_the_numbers_shown_and_it_is_remarked_that_they_are_no_formula(name, part, text):
    verdict = mark(question_of(name), part, text)
    assert (verdict.verdict, verdict.score, verdict.diagnosis) == ("right", 1.0, None)
    assert verdict.says == RIGHT_HERE


MADE = """
format: 1
id: made
title: Made
prompt: Numbers.
given:
  x: {means: values, value: "[0.5, 1.5, 4.0, 2.0]", draw: "uniform(0.2, 5)"}
  w: {means: weight, value: "2", draw: "uniform(1, 3)"}
  S: {means: weights, value: "[[1, 2], [2, 5]]", draw: "normal(0, 1)"}
steps:
  - let: "top = max(x)"
  - let: "double = w + w"
  - let: "ends = x[0] + x[-1]"
  - let: "row = S[0]"
ask:
  - {answer: top, as: scalar}
  - {answer: double, as: scalar}
  - {answer: ends, as: scalar}
  - {answer: row, as: vector}
"""


@pytest.fixture
def made(tmp_path):
    path = tmp_path / "made.yaml"
    path.write_text(MADE, encoding="utf-8")
    return ask(load_exercise(path))


@pytest.mark.parametrize(
    ("part", "text"), [("top", "x[2]"), ("top", "w * x[3]"), ("row", "S @ [1, 0]"), ("double", "8 / w")]
)
def test_a_place_that_was_looked_up_is_right_for_the_numbers_shown(made, part, text):
    verdict = mark(made, part, text)
    assert (verdict.verdict, verdict.says) == ("right", RIGHT_HERE)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("top", "w * w"),  # 4 here: of names alone
        ("double", "w**2"),  # a square belongs to a formula
        ("top", "sum(x) - w * w"),
        ("row", "S[:, 0]"),  # 0 stands in the steps too, and S is symmetric here
        ("row", "S.T[0]"),
    ],
)
def test_what_is_made_of_names_has_to_hold_with_other_numbers(made, part, text):
    verdict = mark(made, part, text)
    assert (verdict.verdict, verdict.diagnosis.kind) == ("wrong", "these_numbers_only")
    assert verdict.says.startswith("That expression is right for these numbers only")


def test_right_here_only_names_the_mistake_that_other_numbers_show():
    verdict = mark(question_of("masked-loss"), "loss", "sum(losses) / sum(mask)")
    assert verdict.diagnosis.kind == "these_numbers_only"
    assert "the mask were left out, so that padding counts" in verdict.says
    assert (
        "another part of the question" in mark(question_of("sequence-probability"), "logp", "p", {"p": "-1.427"}).says
    )


@pytest.mark.parametrize("text", ["g / 2", "2 * g", "g**2"])
def test_an_expression_is_not_taken_for_two_mistakes_that_nobody_makes_together(text):
    verdict = mark(question_of("gradient-clipping", 3), "clipped", text)
    assert (verdict.verdict, verdict.diagnosis.kind) == ("wrong", "none")


@pytest.mark.parametrize("text", ["e**-0.6931471805599453", "pi - 2.641592653589793"])
def test_constants_are_numbers_and_not_tried_elsewhere(text):
    assert mark(question_of("masked-loss"), "loss", text).verdict == "right"
    assert mark(question_of("masked-loss"), "loss", "a", scratch=[f"a = {text}"]).verdict == "right"


PICKED = """
format: 1
id: picked
title: Picked
prompt: The loss.
given:
  z: {means: scores, value: "[[1, 0.5, 2], [0.3, 0.1, -1], [2, 1, 0.4]]", draw: "normal(0, 1)"}
  y: {means: tokens, value: "[0, 2, 1]", draw: "integers(0, 3)"}
steps:
  - let: "lp = log_softmax(z)"
  - let: "loss = -mean(lp[arange(3), y])"
ask: [{answer: loss, as: scalar}]
"""


@pytest.mark.parametrize(
    "steps", ["lp = log_softmax(z)", "lp = stack(log_softmax(z[0]), log_softmax(z[1]), log_softmax(z[2]))"]
)
def test_a_place_that_was_read_off_drawn_places_is_right_though_the_steps_have_its_number_too(tmp_path, steps):
    path = tmp_path / "picked.yaml"
    path.write_text(PICKED.replace("lp = log_softmax(z)", steps), encoding="utf-8")
    looked_up = "-(log_softmax(z)[0, 0] + log_softmax(z)[1, 2] + log_softmax(z)[2, 1]) / 3"
    verdict = mark(ask(load_exercise(path)), "loss", looked_up)
    assert (verdict.verdict, verdict.says) == ("right", RIGHT_HERE)


@pytest.mark.parametrize("seed", [None, *range(12)])
def test_an_index_by_a_given_is_right_with_all_numbers(tmp_path, seed):
    path = tmp_path / "picked.yaml"
    path.write_text(PICKED, encoding="utf-8")
    question = ask(load_exercise(path), seed)
    assert mark(question, "loss", "-log_softmax(z)[arange(3), y].mean()").verdict == "right"


def test_a_question_that_other_numbers_raise_is_no_fault(tmp_path):
    path = tmp_path / "picked.yaml"
    text = PICKED.replace("-mean(lp[arange(3), y])", "sum(z[y])")
    path.write_text(text.replace("integers(0, 3)", "integers(0, 2)"), encoding="utf-8")
    assert mark(ask(load_exercise(path)), "loss", "z[y].sum()").verdict == "right"


@pytest.mark.parametrize("theirs", ["0.5", "1", "0.2"])
def test_an_expression_of_ones_own_earlier_answer_follows_though_the_graph_goes_another_way(theirs):
    question = question_of("sequence-probability")
    verdict = mark(question, "logp", "log(p)", {"p": theirs})
    assert (verdict.verdict, verdict.score) == ("right", 1.0)
    assert verdict.follows.startswith("It follows from your `p`.")
    assert mark(question, "logp", "-log(p)", {"p": theirs}).verdict == "wrong"
    assert mark(question, "logp", "log(p) + 0 * a", {"p": theirs}, ["a = p"]).verdict == "right"


@pytest.mark.parametrize(
    ("name", "part", "text", "kind"),
    [
        ("rnn-update", "h", "[1, -1]", "intermediate"),
        ("masked-loss", "loss", "1", "intermediate"),
        ("attention-context", "context", "1 1", "authored"),
    ],
)
def test_what_an_answer_exactly_is_comes_before_what_it_may_round(name, part, text, kind):
    verdict = mark(question_of(name), part, text)
    assert (verdict.verdict, verdict.diagnosis.kind) == ("wrong", kind)
