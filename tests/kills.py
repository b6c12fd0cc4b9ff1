"""The tutor killed in the middle of answering, again and again: each verdict that was seen is on the disk.

    python tests/kills.py 1000

A sitting is begun on a terminal and answers are typed one after the other. At a moment drawn by chance, between Enter
and twice the time that the verdict before took, the program is killed (SIGKILL: it can do nothing more). Then all that
it has written is read. Every answer whose verdict was shown has to be in the file, and no answer is in it twice.
`make test-long` does twenty of them.
"""

import sys
import tempfile
import time
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from benchmarks.pty_session import Session, environ  # noqa: E402
from rnn_tutor.progress.store import Store  # noqa: E402

PROGRAM = str(Path(sys.executable).with_name("rnn-tutor"))
ENTER = b"\r"
MOST_ANSWERS = 4


def kill_once(home: Path, chance: Random) -> tuple[int, int]:
    """Answer, kill, and return how many verdicts were seen, and how many answers are in the file that were not there.

    Raises AssertionError where one that was seen is not there.
    """
    file = home / "data" / "progress.sqlite3"
    before = [attempt.text for attempt in Store.open(file).attempts()] if file.exists() else []
    with Session((PROGRAM,), environ(home, "xterm-256color", met=True), (80, 24), home) as session:
        assert session.until_shown("level 1"), session.text
        session.send(b"/lstm-cell")
        assert session.until_shown("1 exercise"), session.text
        session.send(ENTER)
        assert session.until_shown("Enter check"), session.text
        texts = [f"[0.{chance.randrange(10**8):08}, 1]" for _ in range(chance.randrange(2, MOST_ANSWERS + 1))]
        seen = texts[:-1]
        took = [_answered(session, text) for text in seen][-1]
        _type(session, texts[-1])
        session.send(ENTER)
        end = time.monotonic() + chance.uniform(0, 2 * took)
        while (left := end - time.monotonic()) > 0:
            session.pump(left)
        session.process.kill()
        session.process.wait()
        while session.pump(0.05):
            pass
        if _judged(session):
            seen = texts
    store = Store.open(file)
    kept = [attempt.text for attempt in store.attempts()]
    assert kept[: len(before)] == before, "what was there before is not there as it was"
    new = kept[len(before) :]
    assert new in (texts, texts[:-1]), f"answered {texts}, and {new} is there"
    assert new[: len(seen)] == seen, f"seen {seen}, and {new} is there"
    assert sum(tally.tries for tally in store.tallies()) == len(kept)
    return len(seen), len(new)


def _type(session: Session, text: str) -> None:
    """Put an answer on the line in the place of the last one, whose verdict is that of an earlier answer then."""
    session.send(b"\x15")  # Ctrl+U: the line is emptied
    session.send(text.encode())
    assert session.until(lambda one: text in one.text and not _judged(one)), session.text


def _answered(session: Session, text: str) -> float:
    """Answer and return how long the verdict took."""
    _type(session, text)
    session.send(ENTER)
    began = time.monotonic()
    assert session.until(_judged), session.text
    return time.monotonic() - began


def _judged(session: Session) -> bool:
    """Whether the verdict of what stands on the line is on the screen."""
    return "Not yet." in session.text and "Your earlier answer" not in session.text


def main(times: int) -> None:
    """Kill so many sittings of one learner, one after the other."""
    chance = Random(times)  # noqa: S311
    in_time = 0
    with tempfile.TemporaryDirectory(prefix="rnn-tutor-kills-") as folder:
        for number in range(1, times + 1):
            seen, kept = kill_once(Path(folder), chance)
            in_time += seen == kept
            if number % 50 == 0 or number == times:
                sys.stdout.write(f"{number} killed: each verdict seen is kept; {number - in_time} killed in between\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
