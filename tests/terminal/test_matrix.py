"""The tutor on every kind of terminal: the course opens, an exercise is answered right, a heatmap is readable.

Or it says in one sentence what to do. What reaches the terminal is looked at as bytes, and read as a screen by pyte.
"""

import os
import re
import sqlite3
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DOWN, ENTER, ESC, F5 = b"\x1b[B", b"\r", b"\x1b", b"\x1b[15~"
ANSWER = b"[0.95, 0]"  # c = f * c_prev + i * cand = [0.9 * 1 + 0.1 * 0.5, 0.2 * -1 + 0.8 * 0.25]
OPTION = b"2"  # with both gates at 1 the cell grows without end
PLAIN_LOCALE = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}  # as where there is no C.UTF-8 to fall back on
COLOUR = re.compile(rb"\x1b\[(?:[0-9]+;)*(?:3[0-7]|4[0-7]|38;[25]|48;[25])[0-9;]*m")
TRUE = re.compile(rb"[34]8;2;[0-9]+;[0-9]+;[0-9]+")
CUBE = re.compile(rb"[34]8;5;[0-9]+")

UTF8, ASCII = "utf8", "ascii"
NONE, SIXTEEN, CUBED, FULL = "none", "16", "256", "truecolor"

WORKING = {
    "xterm-256color": ({"term": "xterm-256color"}, UTF8, CUBED),
    "truecolor": ({"term": "xterm-256color", "COLORTERM": "truecolor"}, UTF8, FULL),
    "xterm": ({"term": "xterm"}, UTF8, SIXTEEN),
    "screen": ({"term": "screen"}, UTF8, SIXTEEN),
    "tmux": ({"term": "tmux-256color"}, UTF8, CUBED),
    "linux": ({"term": "linux"}, ASCII, SIXTEEN),
    "vt100": ({"term": "vt100"}, ASCII, NONE),
    "no-color": ({"term": "xterm-256color", "NO_COLOR": "1", "COLORTERM": "truecolor"}, UTF8, NONE),
    "lang-c": ({"term": "xterm-256color", "LANG": "C", **PLAIN_LOCALE}, ASCII, CUBED),
    "lang-c-coerced": ({"term": "xterm-256color", "LANG": "C"}, ASCII, CUBED),
    "no-lang": ({"term": "xterm", "LANG": None, **PLAIN_LOCALE}, ASCII, SIXTEEN),
    "latin-1": ({"term": "xterm-256color", "PYTHONIOENCODING": "latin-1"}, ASCII, CUBED),
    "unanswering": ({"term": "xterm-256color", "answers": False}, UTF8, CUBED),
}


def work(session):
    """Open the cell update, answer it right, look at its heatmap, come back and leave."""
    assert session.until_shown("level 1")
    session.send(b"/lstm-cell")
    assert session.until_shown("1 exercise"), session.text
    session.send(ENTER)
    assert session.until_shown("Enter check"), session.text
    session.settle(0.1)
    session.send(ANSWER)
    assert session.until_shown("read as"), session.text
    session.send(ENTER)
    # On 40x12 what is right is folded to its line at once, the next part follows, and the rule says how many are right.
    seen = ("Right.", "+ c = [", "1 of 2 parts")
    assert session.until(lambda shown: any(word in shown.text for word in seen)), session.text
    session.send(OPTION)
    assert session.until_shown("option 2"), session.text
    session.send(ENTER)
    assert session.until_shown("no tanh bounds"), session.text
    session.send(F5)
    assert session.until_shown("f[0] = 0.9"), session.text
    session.settle(0.05)
    return session.text


def leave(session):
    """Go back to the course from the heatmap, and leave."""
    session.send(b"q")
    assert session.until_shown("Solved."), session.text
    session.press(ESC, quiet=0.15)
    session.send(b"q")
    assert session.until_shown("choose"), session.text
    assert re.search(r"1 of \d+ done", session.text)
    session.send(b"q")
    assert session.ended(5) is not None
    assert session.status == 0
    assert session.restored() == []


def attempts(tmp_path):
    with sqlite3.connect(tmp_path / "data" / "progress.sqlite3") as store:
        return [
            text
            for (text,) in store.execute(
                "SELECT text FROM attempt WHERE verdict NOT IN ('draft', 'note') ORDER BY rowid"
            )
        ]


QUICK = ("truecolor", "screen", "linux", "no-color", "unanswering")  # the others are for `make test-long`


@pytest.mark.parametrize("name", [pytest.param(one, marks=() if one in QUICK else pytest.mark.long) for one in WORKING])
def test_it_works(terminal, tmp_path, name):
    env, characters, colours = WORKING[name]
    session = terminal(**env)
    look = work(session)
    assert "0.9" in look, "the cell under the cursor is read out"
    assert re.search(r"\[ ?0\.9\]", look), f"the cell under the cursor is the one in brackets\n{look}"
    leave(session)
    raw = bytes(session.raw)
    if characters == ASCII:
        assert raw.isascii(), "only ASCII may be sent here"
    else:
        assert "─".encode() in raw
        raw.decode("utf-8")
    seen = {FULL: TRUE.search(raw), CUBED: CUBE.search(raw), SIXTEEN: COLOUR.search(raw), NONE: None}
    kinds = [NONE, SIXTEEN, CUBED, FULL]
    for kind in kinds[1:]:
        if kinds.index(kind) > kinds.index(colours):
            assert not seen[kind], f"{kind} colours were sent to a terminal that has none"
    assert colours == NONE or seen[colours], f"no {colours} colours were sent"
    assert attempts(tmp_path) == [ANSWER.decode(), OPTION.decode()]


@pytest.mark.parametrize(
    "size", [(40, 12), (200, 60), *(pytest.param(one, marks=pytest.mark.long) for one in ((60, 20), (120, 40)))]
)
def test_it_works_at_a_size(terminal, size):
    session = terminal(size=size)
    work(session)
    leave(session)


def test_one_cell_is_survived_and_what_comes_after_it_works(terminal):
    session = terminal(size=(1, 1))
    assert session.until(lambda one: b"\x1b[?1049h" in one.raw)  # it is there; no word fits on one cell
    session.settle(1.0)
    for key in (DOWN, ENTER, b"0", ESC, b"q"):
        session.press(key, quiet=0.05, most=0.3)
    session.resize(80, 24)
    assert session.until_shown("choose"), session.text
    session.send(b"q")
    assert session.ended(5) is not None
    assert (session.status, session.restored()) == (0, [])


def test_it_is_resized_while_one_works(terminal):
    session = terminal()
    assert session.until_shown("level 1")
    session.send(b"/lstm-cell")
    assert session.until_shown("1 exercise"), session.text
    session.send(ENTER)
    assert session.until_shown("c_prev")
    session.send(b"[0.9")
    for columns, rows in ((40, 12), (3, 2), (200, 60), (1, 1), (80, 24)):
        session.resize(columns, rows)
        session.settle(0.1)
    session.send(b"5, 0]")
    assert session.until_shown("[0.95, 0]"), session.text
    session.send(ENTER)
    assert session.until_shown("Right."), session.text
    session.settle(0.3)  # the keys that are told at the foot change a moment later
    before = session.text
    # The same size again (a window dragged there and back): everything is painted anew.
    session.screen.reset()
    session.signal(28)  # SIGWINCH
    session.settle(0.3)
    assert session.text == before


def test_keys_pressed_before_the_course_is_there_wait_for_it(terminal):
    session = terminal()
    assert session.until(lambda one: one.first_words() is not None)
    session.send(DOWN + ENTER)
    assert session.until_shown("Enter check"), session.text


def test_a_paste_whose_end_is_lost_takes_no_keys(terminal):
    session = terminal()
    assert session.until_shown("level 1")
    session.send(b"\x1b[200~" + b"x" * 3000)
    time.sleep(3)  # silence: the end will not come any more
    session.send(b"q")
    assert session.ended(5) is not None
    assert (session.status, session.restored()) == (0, [])


REFUSED = {
    "dumb": ({"term": "dumb"}, "cannot show screens"),
    "unset": ({"term": None}, "cannot show screens"),
    "unknown": ({"term": "unknown"}, "cannot show screens"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_says_what_to_do_where_there_are_no_screens(terminal, name):
    env, says = REFUSED[name]
    session = terminal(**env)
    assert session.ended(10) is not None
    assert session.status == 2
    assert says in " ".join(session.text.split())
    assert b"\x1b" not in session.raw
    assert "Traceback" not in session.text


def test_without_a_keyboard_it_says_so(terminal):
    with Path(os.devnull).open() as nothing:
        session = terminal(stdin=nothing.fileno())
        assert session.ended(10) is not None
    assert session.status == 2
    assert "needs a keyboard" in " ".join(session.text.split())


def test_with_a_pipe_for_a_keyboard_it_says_so(terminal):
    read, write = os.pipe()
    os.write(write, b"q\n")
    os.close(write)
    session = terminal(stdin=read)
    assert session.ended(10) is not None
    assert session.status == 2
    os.close(read)


def test_with_its_screen_in_a_file_it_says_so_there(terminal, tmp_path):
    with (tmp_path / "err").open("wb") as file:
        session = terminal(stderr=file.fileno())
        assert session.ended(10) is not None
    assert session.status == 2
    said = (tmp_path / "err").read_text("utf-8")
    assert "not a terminal" in said
    assert "\x1b" not in said


def test_standard_output_may_go_elsewhere(terminal):
    with Path(os.devnull).open("wb") as nothing:
        session = terminal(stdout=nothing.fileno())
        assert session.until_shown("level 1")
        session.send(b"q")
        assert session.ended(5) is not None
    assert session.status == 0
