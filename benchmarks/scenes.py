"""What is done with a program on a pty, and what is measured while it is done: one function for each scene."""

import os
import random
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.pty_session import Answered, Session, environ, gather

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ENTER, ESC, UP, DOWN, RIGHT, LEFT = b"\r", b"\x1b", b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"
F3, F5, F8 = b"\x1bOR", b"\x1b[15~", b"\x1b[19~"
WRONG = ("0.123", "[0.5, 0.25]", "[0.1, 0.2, 0.3]", "1 2")  # something wrong for every kind of exercise
FORMULA = "f * c_prev + i * cand"
CELL = "lstm-cell"
_TITLED = re.compile(r" *(?:\[.\]|[-+]) (\S.*?)(?:  |$)")  # a unit or an exercise in the list
_LISTED = re.compile(r"^ +- \{id: ([a-z0-9-]+),.*level: ", re.MULTILINE)


def exercises(count: int, *, programs: bool = True, trees: Sequence[Path] = (ROOT,)) -> list[str]:
    """The ids of so many exercises from all over the course; `programs` False: none that is answered by one.

    trees: the checkouts that are to have them all, so that each opens the same.
    """
    course = ROOT / "content"
    listed = [set(_LISTED.findall((tree / "content" / "course.yaml").read_text("utf-8"))) for tree in trees]
    every = _LISTED.findall((course / "course.yaml").read_text("utf-8"))
    every = [name for name in every if all(name in names for names in listed)]
    if not programs:
        every = [name for name in every if "as: program" not in _text(name)]
    return every[:: max(1, len(every) // count)][:count]


def _text(exercise: str) -> str:
    (path,) = (ROOT / "content").glob(f"*/{exercise}.yaml")
    return path.read_text("utf-8")


@dataclass(frozen=True)
class Program:
    """A program to measure: its command, a text that its first screen ends with, a key that changes the screen.

    python: of another environment, with its own format of what is stored; None: that of this checkout.
    """

    name: str
    command: tuple[str, ...]
    ready: str
    key: bytes
    python: Path | None = None


BARE = Program("bare", (str(BIN / "python"), str(ROOT / "benchmarks" / "bare.py")), "A bare Textual app", b"x")
# To measure another state of the program beside this one: BENCH_TREE=/folder/with/rnn_tutor python benchmarks/run.py
TREE = os.environ.get("BENCH_TREE")
_RUN = f"import sys; sys.path.insert(0, {TREE!r}); from rnn_tutor.cli import main; sys.exit(main())"
TUTOR = Program("tutor", (str(BIN / "python"), "-c", _RUN) if TREE else (str(BIN / "rnn-tutor"),), "level ", DOWN)
_WELCOMED = """
import sys
from pathlib import Path
try:
    from rnn_tutor.progress.notes import WELCOMED
except ImportError:  # this one has no first screen
    sys.exit()
from rnn_tutor.progress.record import note_of
from rnn_tutor.progress.store import Store
Store.open(Path(sys.argv[1]) / "progress.sqlite3").add(note_of(WELCOMED))
"""
OPENED = 0.09  # seconds without a byte after which an exercise is open: after 0.1 pauses begin, in which more may come
REST = 0.4  # seconds that the cursor rests before what is under it is opened


def installed(name: str, python: Path) -> Program:
    """The tutor of another environment: of another commit's worktree, or of a wheel."""
    return Program(name, (str(python.parent / "rnn-tutor"),), TUTOR.ready, DOWN, python)


def with_content(folder: Path, program: Program = TUTOR) -> Program:
    """The tutor on another course."""
    return Program(program.name, (*program.command, "--only", "--content", str(folder)), program.ready, DOWN)


def with_last_title(program: Program, home: Path, size: tuple[int, int]) -> Program:
    """The tutor, of which the first screen ends with the last title in view: found out by a look at it."""
    with running(program, home, size) as session:
        rows = [found for line in session.lines if (found := _TITLED.match(line))]
        return replace(program, ready=rows[-1][1])


def installed_wheel(folder: Path) -> Path:
    """Build the wheel and install it elsewhere, without the network: the Python of that environment.

    What it depends on is lent to it by a .pth file (see tests/test_wheel.py).
    """
    run = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run([BIN / "python", "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT])
    run([BIN / "python", "-m", "venv", "--without-pip", folder / "environment"])
    python = folder / "environment" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    run([BIN / "python", "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel])
    (site,) = folder.glob("environment/lib/python*/site-packages")
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "lent.pth").write_text("\n".join(lent), "utf-8")
    return python


def of_one_who_was_here(program: Program, home: Path, **more: str) -> dict[str, str]:
    """The environment of a learner who has met the program's first screen, if it has one, and done nothing since.

    Stored by the program itself: an older one cannot write to what a newer one has stored, and is then quicker.
    """
    if program.python is None:
        return environ(home, met=True, **more)
    if not (home / "data").exists():
        # -P: its own rnn_tutor, not that of the folder which this is run in.
        subprocess.run([program.python, "-P", "-c", _WELCOMED, home / "data"], check=True)
    return environ(home, **more)


@contextmanager
def running(program: Program, home: Path, size: tuple[int, int] = (120, 40), **more: str) -> Iterator[Session]:
    """The program, its first screen settled."""
    with Session(program.command, of_one_who_was_here(program, home, **more), size) as session:
        _need(session.until_text(program.ready), session, f"{program.name} did not start")
        session.settle()
        yield session


def _need(done: object, session: Session, says: str) -> None:
    if not done:
        raise RuntimeError(f"{says}; the screen:\n{session.text}")


def start(program: Program, home: Path, size: tuple[int, int] = (120, 40)) -> dict[str, float]:
    """Start and leave. Painted: what the first screen ends with is there; usable: so is the answer to a key then."""
    with Session(program.command, of_one_who_was_here(program, home), size) as session:
        _need(session.until_text(program.ready), session, f"{program.name} did not start")
        painted = session.last
        session.press(program.key)
        usable, _, cpu = session.stamps[-1]
        first = session.first_words()
        session.settle()
        found = {
            "first": first,
            "painted": painted,
            "bytes": len(session.raw),
            "usable": usable - session.began,
            "cpu": cpu,
            "threads": session.threads(),
        }
        session.send(b"q")
        found["quit"] = session.ended()
        _need(session.status == 0, session, f"{program.name} ended with {session.status}")
    return found


def untouched(program: Program, home: Path, size: tuple[int, int] = (120, 40)) -> dict[str, float]:
    """What the first screen takes, nothing pressed."""
    with running(program, home, size) as session:
        time.sleep(1.0)  # and what is done in the first pauses
        session.settle()
        found = {"bytes": len(session.raw), "pss": session.pss(), "threads": session.threads()}
        session.press(program.key)
        time.sleep(2.5)
        return {**found, "pss after": session.pss()}


def idle(programs: Sequence[Program], home: Path, seconds: float) -> dict[str, dict[str, float]]:
    """What each sends and burns while nothing is typed, side by side."""
    sessions = {one.name: Session(one.command, environ(home, met=True)) for one in programs}
    try:
        for one in programs:
            _need(sessions[one.name].until_text(one.ready), sessions[one.name], "did not start")
            sessions[one.name].settle(1.0)
        before = {name: (session.cpu(), len(session.raw)) for name, session in sessions.items()}
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            gather(list(sessions.values()), left)
        return {
            name: {"cpu": session.cpu() - before[name][0], "bytes": len(session.raw) - before[name][1]}
            for name, session in sessions.items()
        }
    finally:
        for session in sessions.values():
            session.close()


def pressed(session: Session, keys: Sequence[bytes]) -> list[Answered]:
    """Press keys one after the other, each when the one before has been answered."""
    return [session.press(key) for key in keys]


def moving(home: Path, program: Program = TUTOR) -> list[Answered]:
    """Walk down and up in the course list, nothing scrolling."""
    with running(program, home) as session:
        return pressed(session, [DOWN] * 5 + [UP] * 5)


def typing(home: Path, program: Program = TUTOR) -> tuple[list[Answered], list[Answered], dict[str, float]]:
    """Type an answer key by key; then walk in the heatmap. Also what the process costs by then."""
    with running(program, home) as session:
        open_cell(session)
        keys = pressed(session, [char.encode() for char in FORMULA])
        keys += pressed(session, [b"\x7f"] * 5)
        cost = {"pss": session.pss(), "threads": session.threads()}
        session.press(F5, quiet=0.3)
        return keys, pressed(session, [RIGHT, LEFT] * 6), cost


def open_cell(session: Session) -> None:
    """From the course, open the cell update."""
    found(session, CELL)
    session.press(ENTER, quiet=0.4)
    _need("c_prev" in session.text, session, "the exercise did not open")


def found(session: Session, exercise: str) -> None:
    """From the course, search for an exercise, so that Enter opens it."""
    session.press(b"/", quiet=0.2)
    session.press(exercise.encode(), quiet=0.25)


def opening(program: Program, home: Path, names: Sequence[str], rest: float) -> list[Answered]:
    """Search for exercises and open them, once the cursor has rested on each (0: at once)."""
    answers = []
    with running(program, home) as session:
        pressed(session, [DOWN, UP])
        time.sleep(1.0)
        for exercise in names:
            session.press(b"/", quiet=0.15)
            session.press(exercise.encode(), quiet=0.03)
            time.sleep(rest)
            answers.append(session.press(ENTER, quiet=OPENED))
            session.settle(0.12)
            back_to_course(session)
    return answers


def opening_at_once(program: Program, home: Path) -> Answered:
    """Press Enter as the very first key, a while after the first screen."""
    with running(program, home) as session:
        time.sleep(0.8)
        return session.press(ENTER, quiet=OPENED)


def searching(program: Program, home: Path) -> tuple[list[Answered], list[Answered]]:
    """Open the search and look for something that nearly everything has; then type on."""
    opened, typed = [], []
    with running(program, home) as session:
        pressed(session, [DOWN, UP])
        time.sleep(1.5)
        for _ in range(3):
            opened.append(session.press(b"/", quiet=0.15))
            typed += pressed(session, [key.encode() for key in "cell"])
            session.press(ESC, quiet=0.2)
    return opened, typed


def back_to_course(session: Session) -> None:
    """Leave the line, where there is one, and the exercise."""
    for _ in range(3):
        if "choose" in session.lines[-1]:
            return
        session.press(ESC, quiet=0.2)
    _need("choose" in session.lines[-1], session, "the course did not come back")


def answering(program: Program, home: Path, names: Sequence[str]) -> tuple[list[Answered], list[Answered]]:
    """Answer wrongly in exercises, then walk through the solution of each."""
    verdicts, steps = [], []
    with running(program, home) as session:
        for exercise in names:
            found(session, exercise)
            session.press(ENTER, quiet=0.3)
            # On options letters and digits are keys once an answer was wrong: what is typed then is no second answer.
            for text in WRONG[: 1 if "options:" in _text(exercise) else None]:
                session.press(text.encode(), quiet=0.08)
                verdicts.append(session.press(ENTER, quiet=0.1, most=1.0))
                session.press(b"\x15", quiet=0.08)  # Ctrl+U: the line is empty again
            session.press(F3, quiet=0.2)
            steps += [session.press(RIGHT, quiet=0.08, most=1.0) for _ in range(3)]
            session.press(b"q", quiet=0.15)
            back_to_course(session)
    # No frame: nothing new was to be said, as where an option's number is wanted and something else was typed.
    return [one for one in verdicts if one.frames], [one for one in steps if one.frames]


def many(program: Program, home: Path, count: int, seconds: float, rate: float = 2.0) -> dict[str, float]:
    """Start `count` at once; the last one usable; their memory; then all type, each `rate` keys a second."""
    sessions = [Session(program.command, environ(home / f"learner-{at}", met=True)) for at in range(count)]
    try:
        began = sessions[0].began
        usable = _all_usable(sessions, program) - began
        _drain(sessions, 1.0)
        memory = sum(session.pss() for session in sessions)
        _typing_place(sessions, program)
        keys = _all_type(sessions, program, seconds, rate)
        return {"usable": usable, "memory": memory, "key": keys}
    finally:
        for session in sessions:
            session.close()


def _all_usable(sessions: Sequence[Session], program: Program) -> float:
    """Press a key in each as soon as it is there; the time of the last one's answer."""
    waiting = {id(session): session for session in sessions}
    sent: dict[int, int] = {}
    last = 0.0
    end = time.perf_counter() + 120
    while waiting and time.perf_counter() < end:
        for session in gather(list(sessions), 0.5):
            one = id(session)
            if one in sent and one in waiting and len(session.raw) > sent[one]:
                last = session.stamps[-1][0]
                del waiting[one]
            elif one not in sent and program.ready.encode() in session.words():
                sent[one] = len(session.raw)
                session.send(program.key)
    if waiting:
        raise RuntimeError(f"{len(waiting)} of {len(sessions)} did not start")
    return last


def _drain(sessions: Sequence[Session], quiet: float) -> None:
    while gather(sessions, quiet):
        pass


def _typing_place(sessions: Sequence[Session], program: Program) -> None:
    if program is BARE:
        return
    for key in (b"/", CELL.encode(), ENTER):
        for session in sessions:
            session.send(key)
        _drain(sessions, 0.6)
    end = time.perf_counter() + 60  # all of them import at once, and nothing is painted meanwhile
    while time.perf_counter() < end and not all("c_prev" in session.text for session in sessions):
        gather(list(sessions), 0.5)
    for session in sessions:
        _need("c_prev" in session.text, session, "the exercise did not open")


def _all_type(sessions: Sequence[Session], program: Program, seconds: float, rate: float) -> float:
    """Seconds from a key to its first frame, the 95th percentile, all typing at their own moments."""
    chance = random.Random(1)
    now = time.perf_counter()
    due = {id(session): now + chance.random() / rate for session in sessions}
    typed = {id(session): 0 for session in sessions}
    sent: dict[int, tuple[float, int]] = {}
    found: list[float] = []
    end = now + seconds
    while (now := time.perf_counter()) < end:
        for session in sessions:
            one = id(session)
            if due[one] <= now and one not in sent:
                key = program.key if program is BARE else FORMULA[typed[one] % len(FORMULA)].encode()
                sent[one] = (time.perf_counter(), len(session.raw))
                session.send(key)
                typed[one] += 1
                due[one] += 1 / rate
        for session in gather(sessions, max(0.0, min(due.values()) - time.perf_counter())):
            one = id(session)
            if one in sent and len(session.raw) > sent[one][1]:
                found.append(session.stamps[-1][0] - sent.pop(one)[0])
    return percentile(found, 95)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(share) // 100) - 1)]
