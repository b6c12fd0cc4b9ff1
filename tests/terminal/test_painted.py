"""What is sent is checked by a terminal of its own: pyte must show what was painted, however little was sent."""

import random
import re

import pyte
import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, InlineUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from rnn_tutor.tui.terminal.frame_diff import Painted, _sgr

CONSOLE = Console(color_system="truecolor", force_terminal=True, width=40)
STYLES = [
    Style(),
    Style.parse("default on default"),
    Style.parse("bold"),
    Style.parse("reverse"),
    Style.parse("red on blue"),
    Style.parse("color(39) on color(49)"),  # 256-colour numbers that look like "the terminal's own"
    Style.parse("#ff2731 on #274931"),
]
PLAIN = ["", " ", "abc", "   ", "x" * 30]
TEXTS = [*PLAIN, "λ = 0.5", "漢字", "a漢b", "é", "─────"]


def line_of(chance, width, texts=TEXTS):
    """Segments of exactly this width."""
    strip = Strip([Segment(chance.choice(texts), chance.choice(STYLES)) for _ in range(chance.randrange(8))])
    return strip.adjust_cell_length(width, Style())


def shown(screen):
    """Characters, and the styles of what is not blank (a blank's ink cannot be seen)."""
    found = []
    for y in range(screen.lines):
        row = []
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            seen = (cell.bg, cell.reverse, *((cell.fg, cell.bold) if cell.data.strip() or cell.reverse else ()))
            row.append((cell.data, seen))
        found.append(row)
    return found


def whole(lines, width):
    """The screen as a terminal shows it that gets every line whole, as Textual sends it."""
    screen = pyte.Screen(width, len(lines))
    stream = pyte.Stream(screen)
    for y, strip in enumerate(lines):
        stream.feed(f"\x1b[{y + 1};1H" + Strip(list(strip)).render(CONSOLE))
    return screen


def part(chance, painted, lines):
    """Paint over a part of a line; what is sent, and what Textual itself would send."""
    width, height = lines[0].cell_length, len(lines)
    y, x1 = chance.randrange(height), chance.randrange(width)
    x2 = chance.randrange(x1, width) + 1
    fresh = line_of(chance, width, PLAIN).crop(x1, x2)
    chops = [{} for _ in range(height)]
    ends = [[] for _ in range(height)]
    chops[y], ends[y] = ({0: None, x1: fresh}, [x1, x2]) if x1 else ({0: fresh}, [x2])
    update = ChopsUpdate(chops, [(y, x1, x2)], ends)
    return painted.changes(update, (width, height), CONSOLE), f"\x1b[{y + 1};{x1 + 1}H{Strip(fresh).render(CONSOLE)}"


@pytest.mark.parametrize("seed", [*range(15), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(15, 60))])
def test_a_terminal_shows_what_was_painted(seed):
    chance = random.Random(seed)  # noqa: S311
    width, height = chance.choice([(40, 6), (7, 3), (1, 1), (2, 2)])
    painted = Painted()
    screen = pyte.Screen(width, height)
    stream = pyte.Stream(screen)
    stream.feed("left over from before\r\n" * height)
    texts = chance.choice([PLAIN, TEXTS])
    lines = [line_of(chance, width, texts) for _ in range(height)]
    for _ in range(8):
        lines = [line if chance.random() < 0.5 else line_of(chance, width, texts) for line in lines]
        update = LayoutUpdate([[strip] for strip in lines], Region(0, 0, width, height))
        stream.feed(painted.changes(update, (width, height), CONSOLE))
        assert shown(screen) == shown(whole(lines, width))
        if chance.random() < 0.6:
            sent, textuals = part(chance, painted, lines)
            stream.feed(sent)
            if all(text.isascii() for line in lines for text, _, _ in line):  # terminals cut wide ones each their way
                reference = whole(lines, width)
                pyte.Stream(reference).feed(textuals)
                assert shown(screen) == shown(reference)


def paint(painted, rows, width=40):
    strips = [[Strip([Segment(text, style)]).adjust_cell_length(width, Style())] for text, style in rows]
    return painted.changes(LayoutUpdate(strips, Region(0, 0, width, len(rows))), (width, len(rows)), CONSOLE)


def test_what_did_not_change_is_not_sent():
    painted = Painted()
    rows = [("one", Style()), ("two", Style.parse("bold"))]
    assert "two" in paint(painted, rows)
    assert paint(painted, rows) == ""
    assert paint(painted, [rows[0], ("twin", Style.parse("bold"))]) == "\x1b[m\x1b[2;3H\x1b[1min\x1b[m"


def test_what_is_forgotten_is_sent_whole():
    painted = Painted()
    first = paint(painted, [("one", Style())])
    painted.forget()
    assert paint(painted, [("one", Style())]) == first


def test_another_size_is_sent_whole():
    painted = Painted()
    paint(painted, [("one", Style())])
    assert "one" in paint(painted, [("one", Style())], width=30)


def test_blank_ends_are_erased_and_own_colours_not_named():
    text = paint(Painted(), [("one", Style.parse("default on default"))])
    assert text == "\x1b[m\x1b[1;1Hone\x1b[K"


def test_a_coloured_blank_is_painted():
    assert "\x1b[K" not in paint(Painted(), [(" " * 40, Style.parse("on red"))])


@pytest.mark.parametrize(
    ("style", "codes"),
    [
        ("default on default", ""),
        ("bold default on red", "1;41"),
        ("color(39) on color(49)", "38;5;39;48;5;49"),
        ("#273127 on #493949", "38;2;39;49;39;48;2;73;57;73"),
    ],
)
def test_colour_numbers_are_not_taken_for_the_terminals_own(style, codes):
    assert _sgr(Style.parse(style), ColorSystem.TRUECOLOR) == codes


def test_a_kind_of_update_that_is_not_known_is_left_to_textual():
    painted = Painted()
    first = paint(painted, [("one", Style())])
    assert painted.changes(InlineUpdate([]), (40, 1), CONSOLE) is None
    assert paint(painted, [("one", Style())]) == first


@pytest.mark.parametrize("seed", [*range(10), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(10, 40))])
def test_what_was_made_for_another_size_stays_within_the_terminal(seed):
    """An update that is on its way while the terminal changes its size; wide characters at the edge as well."""
    chance = random.Random(seed)  # noqa: S311
    painted = Painted()
    for _ in range(20):
        size = width, height = chance.randrange(1, 9), chance.randrange(1, 5)
        if chance.random() < 0.3:
            width, height = chance.randrange(1, 30), chance.randrange(1, 9)
        lines = [line_of(chance, width, TEXTS) for _ in range(height)]
        region = Region(chance.choice([0, 0, 0, 3]), chance.choice([0, 0, 2]), width, height)
        if chance.random() < 0.5:
            sent = painted.changes(LayoutUpdate([[strip] for strip in lines], region), size, CONSOLE)
        else:
            spans = [(y, 0, width) for y in range(height)]
            sent = painted.changes(ChopsUpdate([{0: one} for one in lines], spans, [[width]] * height), size, CONSOLE)
        assert [len(line) for line in painted._lines] == [size[0]] * size[1]
        places = [tuple(map(int, one)) for one in re.findall(r"\x1b\[(\d+);(\d+)H", sent)]
        assert all(1 <= y <= size[1] and 1 <= x <= size[0] for y, x in places)
