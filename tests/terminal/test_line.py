"""What arrives on a real line: nothing of it ends the session, kills the keyboard, or lands where it was not typed."""

import os
import select
import sqlite3
import time

import pytest

from tests.terminal.fuzz_line import DRAFT

pytestmark = pytest.mark.slow

ENTER, ESC = b"\r", b"\x1b"
MARKS = b"\x1b[200~%s\x1b[201~"


def opened(session, exercise=b"lstm-cell", shows="Enter check"):
    assert session.until_shown("level 1"), session.text
    session.send(b"/" + exercise)
    assert session.until_shown("1 exercise"), session.text
    session.send(ENTER)
    assert session.until_shown(shows), session.text
    session.settle(0.2)
    return session


def works(session, tmp_path):
    """The answer is typed, is right, and is the only one that was given; nothing was painted that is no screen."""
    session.send(b"\x15[0.95, 0]")
    assert session.until_shown("[0.95, 0]"), session.text
    session.send(ENTER)
    assert session.until_shown("Right."), session.text
    assert b"Traceback" not in session.raw
    assert attempts(tmp_path) == ["[0.95, 0]"]


def attempts(tmp_path):
    with sqlite3.connect(tmp_path / "data" / "progress.sqlite3") as store:
        return [
            text
            for (text,) in store.execute(
                "SELECT text FROM attempt WHERE verdict NOT IN ('draft', 'note') ORDER BY rowid"
            )
        ]


def send_all(session, data):
    """Send more than the line holds at once, and take in what comes meanwhile."""
    sent = 0
    while sent < len(data):
        session.pump(0)
        if select.select([], [session.master], [], 0.05)[1]:
            sent += os.write(session.master, data[sent : sent + 4096])


def at_rest(session):
    """Wait until all is done that was asked for: keys that paint nothing take time too."""
    used = -1.0
    while session.cpu() - used > 0.02:
        used = session.cpu()
        session.settle(0.5)
        time.sleep(0.5)


ODD = {
    "half a character": [b"\xc3", b"\xa9"],
    "a paste with its end mark cut": [b"\x1b[200~0123456789\x1b[20", b"1~"],
    "a paste in many reads": [b"\x1b[200~", *[b"y" * 200] * 82, b"\x1b[201~"],
    "text in many reads": [b"y" * 200] * 82,
    "no character": [b"\x1b[99999999;5u"],
    "twenty digits": [b"\x1b[12345678901234567890;12345678901234567890u"],
    "no pixels": [b"\x1b[48;24;80;0;0t", b"\x1b[<0;10;5M", b"\x1b[<0;10;5m"],
    "no size": [b"\x1b[48;0;0;0;0t"],
    "a surrogate": [b"\x1b[55296u"],
    "a mouse from nowhere": [b"\x1b[<0;99999999999999;99999999999999M", b"\x1b[<3;1;1m"],
}


QUICK = ("half a character", "a paste with its end mark cut", "no pixels", "a surrogate")  # the others: test-long


@pytest.mark.parametrize("name", [pytest.param(one, marks=() if one in QUICK else pytest.mark.long) for one in ODD])
def test_nothing_ends_the_session(terminal, tmp_path, name):
    session = opened(terminal())
    for data in ODD[name]:
        session.send(data)
        session.settle(0.02)
    session.settle(0.3)
    works(session, tmp_path)


ANSWERS = [
    b"\x1b[?62;22c",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1bP>|XTerm(397)\x1b\\",
    b"\x1b[?997;1n",
    b"\x1b[?25u",
    b"\x1b_Gi=31;OK\x1b\\",
]


@pytest.mark.parametrize("cut", [None, 4])
def test_the_terminals_late_answers_are_not_typed(terminal, tmp_path, cut):
    session = opened(terminal())
    session.send(b"[0.9")
    for answer in ANSWERS:
        for piece in (answer[:cut], answer[cut:]) if cut else (answer,):
            session.send(piece)
            session.settle(0.06)
    session.send(b"5, 0]" + ENTER)
    assert session.until_shown("Right."), session.text
    assert attempts(tmp_path) == ["[0.95, 0]"]


def test_escape_and_a_letter_in_one_packet(terminal):
    session = opened(terminal())
    session.send(b"[0.9")
    assert session.until_shown("[0.9"), session.text
    session.send(ESC + b"h")
    assert session.until_shown("forget gate", most=3), session.text
    assert "[0.9h" not in session.text
    session.send(ESC + b"q")
    assert session.until_shown("choose"), session.text


def test_lines_without_marks_are_a_paste_and_no_attempts(terminal, tmp_path):
    session = opened(terminal())
    session.send(b"0.95\r0\r")
    assert session.until_shown("0.95"), session.text
    session.settle(0.3)
    assert "Not yet." not in session.text
    works(session, tmp_path)


def test_of_an_endless_paste_the_rest_is_thrown_away_as_it_comes(terminal, tmp_path):
    session = opened(terminal())
    began = time.monotonic()
    send_all(session, MARKS % (b"9 " * 700_000))
    assert session.until_shown("You pasted 1,400,000 characters", most=5), session.text
    assert time.monotonic() - began < 5
    works(session, tmp_path)


def test_of_keys_without_end_the_rest_is_thrown_away_as_well(terminal, tmp_path):
    session = opened(terminal())
    send_all(session, b"\x1b[C" * 20_000)
    assert session.until_shown("More than 500 keys arrived at once"), session.text
    at_rest(session)
    works(session, tmp_path)


def test_while_a_sequence_is_waited_for_nothing_is_burnt(terminal):
    session = opened(terminal())
    for begun in (b"\x1b[1", b"\x1b]11;rgb\x1b[200~x", b"\xc3"):
        session.send(begun)
        session.settle(2.2)
        cpu, sent = session.cpu(), len(session.raw)
        time.sleep(1)
        session.settle(0.1)
        assert len(session.raw) == sent
        assert session.cpu() - cpu < 0.02


@pytest.mark.parametrize("author", [False, True])
def test_keys_behind_the_one_that_leaves_do_not_keep_it(terminal, tmp_path, author):
    """An author's glossary, opened while the session ended, was waited for without end."""
    (tmp_path / "draft.yaml").write_text(DRAFT, encoding="utf-8")
    session = terminal("author", str(tmp_path / "draft.yaml")) if author else terminal()
    assert session.until_shown("twice" if author else "level 1"), session.text
    session.send(ESC)
    session.settle(0.3)
    session.send(b"qgq")
    assert session.ended(5) is not None, session.text
    assert (session.status, session.restored()) == (0, [])
