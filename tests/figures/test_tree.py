"""Trees: which node lies on which row, and the same in characters, as a drawing and in words."""

import re

import numpy as np
import pytest

from rnn_tutor.figures.characters import draw
from rnn_tutor.figures.characters.canvas import text_of
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.pages import lines_of
from rnn_tutor.figures.svg import heatmaps
from rnn_tutor.figures.told import in_words
from rnn_tutor.figures.tree import MOST_LEVELS, fault, tree_chart

PARENTS = np.array([[0, -1, 0], [0, 0, 2], [1, 1, -1], [0, 0, 1]], dtype=float)
TEXTS = np.array([[1, 0, 2], [3, 4, 5], [6, 77, 0], [8, 9, 1]], dtype=float)


def tree(*arrays, title="a tree"):
    return Figure("tree", tuple(Item(f"a{at}", np.asarray(one, float)) for at, one in enumerate(arrays)), title)


def drawn(figure, width=40, height=12, *, ascii_only=False):
    return text_of(draw(figure, width, height, ascii_only=ascii_only))


def test_each_leaf_has_a_row_and_hangs_from_its_parent():
    assert drawn(tree(PARENTS, TEXTS, TEXTS / 10)) == [
        "a tree",
        "1┬3       0.3",
        " └4┬6─┬8  0.8",
        "   │  └9  0.9",
        "   └77─1  0.1",
        "2─5       0.5",
    ]


def test_in_ascii():
    lines = drawn(tree(PARENTS, TEXTS), ascii_only=True)
    assert lines[2] == " +4+6-+8"
    assert "".join(lines).isascii()


def test_without_texts_a_node_is_a_mark():
    assert drawn(tree(PARENTS[:2]))[1:] == ["o┬o", " └o", "o─o"]


def test_rows_that_have_no_room_are_counted():
    wide = np.zeros((2, 30))
    wide[0, 1:] = -1
    assert drawn(tree(wide), height=8)[-1] == "24 more rows"
    assert len(drawn(tree(wide), height=8)) == 8
    assert lines_of(tree(wide)) == (8, 31)


def test_a_tree_without_a_node_is_empty():
    nothing = tree(np.full((2, 2), -1))
    assert drawn(nothing) == ["a tree", "empty"]
    assert "empty" in "".join(heatmaps.draw(nothing, 600).parts)
    assert in_words(nothing)[1].startswith("0 leaves")


def test_in_words_each_leaf_is_told_with_its_way():
    assert in_words(tree(PARENTS, TEXTS, TEXTS / 10)) == [
        "Tree: a tree.",
        "5 leaves, each with the nodes from its root:",
        "  1, 3: 0.3",
        "  1, 4, 6, 8: 0.8",
        "  1, 4, 6, 9: 0.9",
        "  1, 4, 77, 1: 0.1",
        "  2, 5: 0.5",
    ]
    assert in_words(tree(PARENTS, TEXTS), 2)[-1] == "  3 more are not told."


def test_in_a_drawing_each_node_but_a_root_has_a_line_to_its_parent():
    parts = "".join(heatmaps.draw(tree(PARENTS, TEXTS, TEXTS / 10), 600).parts)
    assert parts.count("<polyline") == len(tree_chart(tree(PARENTS)).nodes) - 2
    places = {text: float(x) for x, text in re.findall(r'<text x="([\d.]+)"[^>]*>([^<]+)<', parts)}
    assert places["1"] < places["0.1"]
    assert places["3"] < places["6"] < places["8"] < places["0.8"]


@pytest.mark.parametrize(
    ("parents", "words"),
    [
        ([[0], [1]], "At [1, 0] is 1, and there is no node"),
        ([[-1, 0], [0, -1]], "At [1, 0] is 0, and there is no node"),
        ([[0], [0.5]], "At [1, 0] is 0.5; expected the place of a parent"),
        ([[0], [-2]], "expected the place of a parent"),
        ([[np.nan]], "expected the place of a parent"),
        (np.zeros((MOST_LEVELS + 1, 1)), "at most 100 levels"),
        (np.zeros((2, 600)), "1,200"),
    ],
)
def test_what_is_no_tree_is_told(parents, words):
    assert words in fault(np.array(parents, dtype=float))
    assert fault(PARENTS) == ""


def test_the_deepest_tree_is_drawn():
    assert fault(np.zeros((MOST_LEVELS, 1))) == ""
    deep = tree(np.zeros((MOST_LEVELS, 1)), title="")
    assert drawn(deep, width=300) == ["─".join("o" * MOST_LEVELS)]
