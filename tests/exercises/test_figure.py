"""What there is to look at: figures with their numbers, what they give away, what the linter says of them."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.files.yaml_text import parse
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.model import Exercise
from rnn_tutor.figures.figure import Figure, Item

LOSSES = """\
format: 1
id: losses
title: Two loss curves
prompt: At which epoch is the validation loss smallest?
given:
  E: {value: "5", means: epochs, draw: "integers(4, 9)"}
  train:
    value: "[1, 0.6, 0.4, 0.3, 0.2]"
    means: training loss
    axes: [epoch]
    shape: "(E,)"
    draw: "uniform(0.1, 1)"
  validation:
    value: "[1.1, 0.8, 0.7, 0.9, 1.2]"
    means: validation loss
    axes: [epoch]
    shape: "(E,)"
    draw: "uniform(0.1, 1)"
steps:
  - {let: "gap = validation - train", say: What the model knows only of its own examples.}
  - {let: "worst = max(gap) + min(train)", say: Their sum.}
ask:
  - {answer: worst, as: scalar}
hints: [Look., Look again.]
picture: {lines: [train, validation], title: loss per epoch, x: "arange(1, E + 1)", level: "0.5"}
show:
  - {bars: [gap], title: the gap}
  - {lines: [train, gap]}
  - {table: [train, gap, worst]}
  - {heatmap: [validation, gap]}
"""


def made(text: str = LOSSES, **changes) -> Exercise:
    return msgspec.convert(parse(text, Path("losses.yaml")).data | changes, Exercise, strict=False)


def kinds(figures: list[Figure]) -> list[tuple[str, list[str]]]:
    return [(one.kind, [item.name for item in one.items]) for one in figures]


def test_a_figure_has_the_numbers_of_its_names():
    figure = ask(made()).asked_with
    assert figure is not None
    assert (figure.kind, figure.title, figure.log) == ("lines", "loss per epoch", False)
    assert [one.name for one in figure.series] == ["train", "validation"]
    for one in figure.series:
        assert one.x.tolist() == [1, 2, 3, 4, 5]
    assert figure.series[1].values.tolist() == [1.1, 0.8, 0.7, 0.9, 1.2]
    assert figure.level is not None
    assert float(figure.level.values) == 0.5


def test_new_numbers_are_another_figure_and_the_same_question_has_the_same():
    question = ask(made(), 3)
    assert question.asked_with is question.asked_with
    assert question.asked_with is not None
    assert question.asked_with.items[0].values.tolist() == question.givens["train"].tolist()
    size = question.graph.size
    question.shown()
    between = question.graph.size
    question.shown()
    assert size <= between == question.graph.size


def test_before_it_is_solved_only_the_picture_and_what_is_given_is_shown():
    question = ask(made())
    assert kinds(question.shown()) == [
        ("lines", ["train", "validation"]),
        ("bars", ["gap"]),
        ("lines", ["train", "gap"]),
        ("table", ["train", "gap", "worst"]),
        ("heatmap", ["validation", "gap"]),
    ]
    assert kinds(question.shown(given_away=False)) == [
        ("lines", ["train", "validation"]),
        ("table", ["train"]),
        ("heatmap", ["validation"]),
    ]


@pytest.mark.parametrize(
    "show", [{"bars": ["max(validation - train) + min(train)"]}, {"lines": ["train"], "level": "worst"}]
)
def test_an_expression_of_the_givens_may_be_the_answer_and_a_level_too(show):
    assert kinds(ask(made(picture=None, show=[show])).shown(given_away=False)) == []


def test_a_matrix_is_a_line_for_each_column():
    values = np.arange(6.0).reshape(3, 2)
    figure = Figure("lines", (Item("h", values, ("time", "unit")), Item("h * 2", values)))
    assert [one.name for one in figure.series] == ["h[:, 0]", "h[:, 1]", "(h * 2)[:, 0]", "(h * 2)[:, 1]"]
    assert figure.series[1].values.tolist() == [1, 3, 5]
    assert figure.series[1].x.tolist() == [0, 1, 2]
    assert figure.across == "time"


def test_numbers_that_stand_alone_are_one_group_of_bars():
    figure = Figure("bars", (Item("a", np.array(2.0)), Item("v", np.array([1.0, 3.0])), Item("b", np.array(-1.0))))
    assert [(one.name, one.values.tolist()) for one in figure.series] == [("v", [1, 3]), ("", [2, -1])]
    assert [one.places for one in figure.series] == [(), ("a", "b")]


def test_what_runs_along_bars_and_heatmaps_stands_at_their_places():
    show = [{"bars": ["train"], "x": "arange(1, E + 1)"}, {"heatmap": ["outer(train, gap)"], "x": "train", "y": "-gap"}]
    bars, heatmap = ask(made(picture=None, show=show)).shown()
    assert bars.series[0].places == ("1", "2", "3", "4", "5")
    assert heatmap.items[0].picture.columns == ("1", "0.6", "0.4", "0.3", "0.2")
    assert heatmap.items[0].picture.rows == ("-0.1", "-0.2", "-0.3", "-0.6", "-1")


def test_each_line_can_lie_over_a_column_of_x():
    show = [{"lines": ["gap", "outer(train, [1, 2])"], "x": "stack(train, validation, gap, axis=1)"}]
    (figure,) = ask(made(picture=None, show=show)).shown()
    given = ask(made()).givens
    gap = given["validation"] - given["train"]
    assert [one.x.tolist() for one in figure.series] == [
        given["train"].tolist(), given["validation"].tolist(), gap.tolist()
    ]  # fmt: skip
    assert [one.values.tolist() for one in figure.series[1:]] == [
        given["train"].tolist(),
        (2 * given["train"]).tolist(),
    ]


def test_what_is_compared_has_one_scale():
    show = [{"heatmap": ["train", "10 * validation", "-gap", "100 * train", "outer(train, gap)", "sigmoid(train)"]}]
    (figure,) = ask(made(picture=None, show=show)).shown()
    train, ten, minus, hundred, other, gate = (item.picture.span for item in figure.items)
    assert (train.low, train.high) == (0, 1)
    assert ten == hundred
    assert (ten.low, ten.high) == (0, 100)
    assert (minus.low, minus.high) == (-1, 0)
    assert (other.low, other.high) == (0, 1)
    assert gate == train


def test_heatmaps_are_looked_at_one_by_one():
    (page, other) = Figure("heatmap", (Item("a", np.zeros(2)), Item("b", np.zeros(3)))).pages
    assert [page.items[0].name, other.items[0].name] == ["a", "b"]
    assert len(Figure("lines", page.items + other.items).pages) == 1


@pytest.mark.parametrize(
    ("show", "key", "words"),
    [
        ({"lines": ["train", "worst"]}, "show[0].lines[1]", "vectors"),
        ({"bars": ["outer(train, gap)"]}, "show[0].bars[0]", "numbers or vectors"),
        ({"lines": ["train"], "x": "arange(E - 1)"}, "show[0].x", "x has 4 elements and train has 5 points"),
        ({"lines": ["train"], "x": "E"}, "show[0].x", "x is a vector"),
        ({"lines": ["train", "gap"], "x": "eye(E)"}, "show[0].x", "x has 5 columns and there are 2 lines"),
        ({"lines": ["train"], "x": "ones(E - 1, 1)"}, "show[0].x", "x has 4 rows and train has 5 points"),
        ({"bars": ["train"], "x": "ones(E, 1)"}, "show[0].x", "x is a vector"),
        ({"tree": ["zeros(2, E)", "train"]}, "show[0].tree[1]", "A tree needs matrices of one shape"),
        ({"tree": ["train"]}, "show[0].tree[0]", "A tree needs matrices of one shape"),
        ({"tree": ["[[0, -1], [1, 0]]"]}, "show[0].tree[0]", "At [1, 0] is 1, and there is no node"),
        ({"tree": ["[[0]]", "[[trian]]"]}, "show[0].tree[1]", "trian"),
        ({"bars": ["train"], "x": "arange(2)"}, "show[0].x", "x has 2 elements and train has 5 points"),
        ({"bars": ["worst"], "x": "train"}, "show[0].x", "worst has no axis for x"),
        ({"heatmap": ["outer(train, gap)"], "x": "arange(2)"}, "show[0].x", "has 5 columns; expected as many"),
        ({"heatmap": ["outer(train, gap)"], "y": "arange(2)"}, "show[0].y", "has 5 rows; expected as many"),
        ({"heatmap": ["train"], "y": "arange(2)"}, "show[0].y", "train has no axis for y"),
        ({"lines": ["train"], "level": "gap"}, "show[0].level", "one number"),
        ({"table": ["train", "train @ ones(3)"]}, "show[0].table[1]", ""),
        ({"table": ["train", "trian"]}, "show[0].table[1]", "train"),
        ({"lines": ["train"], "x": "arange(N)"}, "show[0].x", "N"),
        ({"lines": ["train"], "level": "1 +"}, "show[0].level", ""),
    ],
)
def test_what_cannot_be_drawn_is_told_with_its_key(show, key, words, tmp_path):
    with pytest.raises(ExerciseError) as caught:
        question = ask(made(show=[show]))
        question.figure(question.compiled.shows[0])
    assert caught.value.key == key
    assert words in caught.value.says
    text = LOSSES[: LOSSES.index("show:")] + "show:\n  - " + msgspec.json.encode(show).decode() + "\n"
    told = [(one.key, one.severity) for one in findings(text, tmp_path) if one.severity == "error"]
    assert told == [(key, "error")]


def test_a_figure_that_cannot_be_drawn_with_these_numbers_is_left_out():
    question = ask(made(show=[{"lines": ["train"], "x": "arange(5)"}, {"table": ["gap"]}], picture=None), 1)
    assert question.givens["E"] != 5
    assert kinds(question.shown()) == [("table", ["gap"])]


def findings(text, folder, draws=4):
    file = folder / "losses.yaml"
    file.write_text(text)
    return check(file, draws).findings


def test_there_is_nothing_to_say_about_good_pictures(tmp_path):
    assert [one for one in findings(LOSSES, tmp_path) if one.severity != "note"] == []


@pytest.mark.parametrize(
    ("old", "new", "key", "words", "severity"),
    [
        ("lines: [train, validation]", "lines: [train, gap * worst]", "picture", "worst is the answer", "error"),
        ('level: "0.5"', 'level: "worst"', "picture", "worst is the answer", "error"),
        ('level: "0.5"', 'level: "max(gap) + min(train)"', "picture.level", "has the numbers of worst", "error"),
        ('level: "0.5"', 'level: "0.5", log: true', None, "", ""),
        ('level: "0.5"', 'level: "0", log: true', "picture.log", "positive", "warning"),
        ("{bars: [gap]", "{bars: [gap], log: true", "show[0].log", "positive", "warning"),
        ("{lines: [train, gap]}", '{lines: ["train[:1]"]}', "show[1].lines[0]", "fewer than 2 points", "warning"),
        ("{lines: [train, gap]}", '{lines: ["outer(train, ones(7))"]}', "show[1].lines", "tell apart", "warning"),
        ('x: "arange(1, E + 1)"', 'x: "arange(5)"', "picture.x", "(seed 0)", "error"),
    ],
)
def test_what_the_linter_says_of_pictures(old, new, key, words, severity, tmp_path):
    assert LOSSES.count(old) == 1
    told = [one for one in findings(LOSSES.replace(old, new), tmp_path) if one.severity != "note"]
    assert [(one.key, one.severity) for one in told] == ([(key, severity)] if key else [])
    assert all(words in one.says for one in told)


@pytest.mark.parametrize(
    ("picture", "key"),
    [
        ('{bars: ["[max(gap) + min(train), 3]"]}', "picture.bars[0]"),
        ('{table: [train, "max(gap) + min(train)"]}', "picture.table[1]"),
    ],
)
def test_bars_and_tables_do_not_tell_the_number_either(picture, key, tmp_path):
    at = LOSSES.index("picture:")
    text = LOSSES[:at] + f"picture: {picture}\n" + LOSSES[LOSSES.index("show:") :]
    assert [(one.key, one.severity) for one in findings(text, tmp_path) if one.severity != "note"] == [(key, "error")]


def pictured(picture):
    at = LOSSES.index("picture:")
    return LOSSES[:at] + f"picture: {picture}\n" + LOSSES[LOSSES.index("show:") :]


def test_a_number_of_a_picture_that_is_the_answer_by_chance_gives_nothing_away(tmp_path):
    """Among many numbers one is always near: told is what is the answer with other numbers, too."""
    answer = float(ask(made()).part("worst").expected)
    by_chance = pictured(f'{{heatmap: ["[[{answer!r}, 3], [1, 2]]"]}}')
    always = pictured('{heatmap: ["[[max(gap) + min(train), 3], [1, 2]]"]}')
    assert [one.key for one in findings(by_chance, tmp_path) if one.severity == "error"] == []
    assert [one.key for one in findings(always, tmp_path) if one.severity == "error"] == ["picture.heatmap[0]"]


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("title: Two loss curves", "titel: Two", ["titel"]),
        ("picture: {lines", "picture: {linse", ["picture.linse"]),
        ("picture: {lines: [train, validation]", "picture: {lines: [train, valid]", ["picture.lines[1]"]),
        ("{lines: [train, gap]}", "{lines: [train], table: [gap]}", ["show[1]"]),
        ("validation - train", "validation - * train", ["steps[0].let"]),
    ],
)
def test_of_a_broken_file_the_rest_is_looked_at(old, new, keys, tmp_path):
    text = LOSSES.replace('level: "0.5"', 'level: "worst"').replace("title: the gap", "titel: x")
    told = [one.key for one in findings(text.replace(old, new), tmp_path) if one.severity == "error"]
    hidden = {"picture"} if keys in (["picture.linse"], ["steps[0].let"]) else set()
    assert set(told) == {*keys, *({"picture", "show[0].titel"} - hidden)}
