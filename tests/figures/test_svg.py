"""Drawings for paper: nothing is cut and nothing lies on another, by the real widths of the font's letters."""

import re
from html import unescape
from itertools import pairwise

import numpy as np
import pytest

from rnn_tutor.figures.chart import cell_numbers
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.figures.svg import charts, heatmaps

DIGIT, BOLD = 0.636, 0.69  # of the font's size: digits of DejaVu Sans, and its bold letters on average


def texts(drawing):
    """Give each text with its left and right end and its base line; digits, dots and signs only are measured."""
    for attributes, text in re.findall(r"<text ([^>]*)>([^<]*)", "".join(drawing.parts)):
        known = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        size = float(known["font-size"])
        wide = sum(0.318 if char == "." else DIGIT for char in unescape(text)) * size
        left = float(known["x"]) - {"start": 0, "middle": wide / 2, "end": wide}[known.get("text-anchor", "start")]
        yield unescape(text), left, left + wide, float(known["y"])


def test_numbers_at_bars_side_by_side_lie_on_no_other_and_below_on_no_name():
    items = tuple(Item(name, np.array([1.0, -0.9203, 1.0])) for name in ("e", "dh", "da"))
    drawing = charts.bars(Figure("bars", items), 640)
    numbers = sorted((y, left, right) for text, left, right, y in texts(drawing) if re.fullmatch(r"-?\d\.\d{4}", text))
    assert len(numbers) == 9
    for (y, _, right), (next_y, left, _) in pairwise(numbers):
        assert abs(y - next_y) > 10 or right < left
    places = [y for text, _, _, y in texts(drawing) if text == "1"]
    assert min(places) - max(y for y, _, _ in numbers) > 8


def test_numbers_stand_at_all_bars_or_at_none():
    items = tuple(Item(f"v{at}", np.array([1.0, 0.1234] * 16)) for at in range(4))
    drawing = charts.bars(Figure("bars", items), 640)
    assert not [text for text, *_ in texts(drawing) if re.fullmatch(r"\d\.\d{4}", text)]


@pytest.mark.parametrize("number", [1600, 53760, 98816])
def test_numbers_behind_lying_bars_are_whole(number):
    drawing = charts.bars(Figure("bars", (Item("4 * H", np.array(float(number))), Item("H", np.array(1.0)))), 640)
    assert max(right for text, _, right, _ in texts(drawing) if text == str(number)) <= drawing.width


def test_a_title_is_whole():
    title = "mean loss of each sequence"
    drawing = charts.bars(Figure("bars", (Item("means", np.array([0.52, 1.3])),), title), 640)
    assert drawing.width >= len(title) * 12.5 * BOLD * 0.9


@pytest.mark.parametrize(("shape", "numbered"), [((6, 8), True), ((8, 8), False), ((13, 2), False), ((1, 30), False)])
def test_numbers_stand_in_the_cells_on_paper_by_the_rule_of_the_screen(shape, numbered):
    values = np.full(shape, 0.125)
    written = [text for text, *_ in texts(heatmaps.draw(Figure("heatmap", (Item("W", values),)), 640))]
    assert (written.count("0.125") >= values.size) == numbered
    if shape != (1, 30):  # few enough, and no room for all
        assert (cell_numbers(values) is not None) == numbered


def test_lines_with_an_x_of_their_own_are_closed_where_they_end_where_they_began():
    turn = np.linspace(0, 2 * np.pi, 21)
    x = np.stack([np.cos(turn), np.zeros(21)], axis=1)
    drawing = charts.lines(
        Figure("lines", (Item("circle", np.sin(turn)), Item("middle", turn * 0)), x=Item("x", x)), 600
    )
    drawn = re.findall(r'<polyline points="([^"]*)"', "".join(drawing.parts))
    points = next(line.split() for line in drawn if len(line.split()) == 21)
    assert points[0] == points[-1]
    assert len(set(points)) > 15


def test_what_is_said_instead_is_written_and_nothing_is_drawn():
    empty = Figure("lines", (Item("loss", np.array([1.0])),), "the loss", instead="nothing yet")
    drawing = charts.lines(empty, 640)
    assert [text for text, *_ in texts(drawing)] == ["the loss", "nothing yet"]
    assert "<line" not in "".join(drawing.parts)
