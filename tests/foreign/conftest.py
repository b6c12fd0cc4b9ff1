"""Foreign text, end to end: the real program on a pty, and every byte that it sends looked at."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks/ is no package of the program's

from benchmarks.pty_session import Session, environ  # noqa: E402

PROGRAM = (sys.executable, "-m", "rnn_tutor")

# Sequences that the program itself never sends; any of them on the wire came out of foreign text.
_ACTS = (
    "\x1b]52;c;aGk=\x07",  # the clipboard
    "\x1b]0;owned\x07",  # the title
    "\x1b]8;;http://evil\x1b\\",  # a link
    "\x1bP+q544e\x1b\\",  # a question, answered as if typed
    "\x1b[6n",
    "\x1b[31;7;5m",
    "\x1b[2J",
    "\x1bc",
    "\x1b_G\x1b\\",
    "\x9b31m",
    "\x07\x08\x0e\x7f",
    "\u202eevil\u2066\u200b\u2028",
)
MARKUP = "a[/b] [red]x[/] [@click=app.quit]y[/] [/ [link=http://evil]z {0} %s $(id)"
HOSTILE = MARKUP + "".join(_ACTS)

# What the program's own screens are made of: moves, erasing, colours, modes; textual's mouse pointer.
_OWN = re.compile(
    rb"\x1b\[(?:[0-9;]*[HmKu]|[?][0-9;]*(?:[hl]|[$]p)|[<>][0-9]*u)|\x1b\]22;[a-z]*\x07|\x1b\[m|\r\n|\n",
)


def offences(raw):
    """Return what of the bytes sent could act on a terminal and is not the program's own."""
    rest = _OWN.sub(b"", bytes(raw)).decode("utf-8", "replace")
    odd = [char for char in rest if not char.isprintable()]
    found = [act for act in _ACTS if act.encode() in bytes(raw)]
    return [*map(repr, odd[:5]), *map(repr, found)]


COURSE = """\
format: 1
title: {quoted}
closing: {quoted}
units:
  - id: unit
    title: {quoted}
    aim: {quoted}
    exercises:
      - {{id: sums, title: {quoted}}}
      - {{id: plain, title: A plain one}}
"""

SUMS = """\
format: 1
id: sums
title: {quoted}
prompt: {quoted}
given:
  a: {{value: "[2, 3]", means: {quoted}, axes: [unit], draw: "integers(1, 9)"}}
steps:
  - let: "y = a * 2"
    say: {quoted}
ask:
  - {{answer: y, as: vector, axes: [unit], prompt: {quoted}}}
  - answer: pick
    as: choice
    prompt: {quoted}
    options: [{{text: {quoted}, why: {quoted}}}, {{text: Another, right: true, why: {quoted}}}]
mistakes:
  - {{value: "a * 3", say: {quoted}}}
hints: [{quoted}]
show:
  - heatmap: [a, y]
"""

PLAIN = """\
format: 1
id: plain
title: A plain one
prompt: What is twice the vector?
given:
  a: {value: "[2, 3]", means: a vector, axes: [unit]}
steps:
  - let: "y = a * 2"
    say: Each is doubled.
ask:
  - {answer: y, as: vector, axes: [unit]}
hints: [Double.]
"""


def quoted(text):
    """Return a text as a YAML scalar in double quotes, with escapes for what YAML does not take as it is."""
    body = "".join(char if " " <= char <= "~" and char not in '"\\' else f"\\U{ord(char):08X}" for char in text)
    return f'"{body}"'


@pytest.fixture
def pack(tmp_path):
    """Write a course in which a text stands wherever a text may stand."""

    def write(text):
        folder = tmp_path / "pack"
        (folder / "unit").mkdir(parents=True, exist_ok=True)
        (folder / "course.yaml").write_text(COURSE.format(quoted=quoted(text)))
        (folder / "unit" / "sums.yaml").write_text(SUMS.format(quoted=quoted(text)))
        (folder / "unit" / "plain.yaml").write_text(PLAIN)
        return folder

    return write


@pytest.fixture
def tutor(tmp_path):
    """Start a command of rnn-tutor (or the tutor itself) on a terminal."""
    made = []

    def start(*words, size=(100, 40), program=PROGRAM, **more):
        session = Session((*program, *map(str, words)), environ(tmp_path, PYTHONPATH=str(ROOT), **more), size, tmp_path)
        made.append(session)
        return session

    yield start
    for session in made:
        session.close()


def shows(session, text, most=30.0):
    there = session.until_shown(text, most)
    assert there, f"{text!r} is not shown, but:\n{session.text}"


def done(session):
    """Wait for a command's end; its status, after what it sent was looked at."""
    assert session.ended(60) is not None, "it does not end"
    assert offences(session.raw) == []
    assert b"Traceback" not in session.raw
    return session.status
