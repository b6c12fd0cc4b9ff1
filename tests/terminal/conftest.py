"""The harness of benchmarks/, for tests: a program on a real pty, and pyte to read its screen."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks/ is no package of the program's

from benchmarks.pty_session import Session, environ  # noqa: E402

PROGRAM = str(Path(sys.executable).with_name("rnn-tutor"))


@pytest.fixture
def terminal(tmp_path):
    """Start rnn-tutor on a terminal of a size, with words, in an environment."""
    made = []

    def start(*words, size=(80, 24), command=None, term="xterm-256color", **more):
        ends = {name: more.pop(name) for name in ("stdin", "stdout", "stderr", "answers") if name in more}
        met = not {"doctor", "author"} & set(words)  # these make no progress file
        where = environ(tmp_path, term, met=met, **more)
        session = Session(command or (PROGRAM, *words), where, size, tmp_path, **ends)
        made.append(session)
        return session

    yield start
    for session in made:
        session.close()
