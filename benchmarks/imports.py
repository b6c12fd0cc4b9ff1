"""What is imported by when, for CI to print (`python benchmarks/imports.py [--quick]`): a slower start shows here."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.pty_session import Session, environ

PYTHON = sys.executable
ROUNDS = 1 if "--quick" in sys.argv else 5
# Writes what is loaded when the screen has been painted for the first time, and leaves.
_FIRST_FRAME = """
import json, sys
from rnn_tutor import cli
from rnn_tutor.tui.terminal.endings import Endings
def begin(app):
    with open(sys.argv[1], "w") as out:
        json.dump(sorted(sys.modules), out)
    app.exit(0)
real = Endings.__enter__
def enter(self):
    from rnn_tutor.tui.app import Tutor
    Tutor._begin = begin
    return real(self)
Endings.__enter__ = enter
sys.exit(cli.main([]))
"""


def first_frame(home: Path, settings: str = "") -> list[str]:
    """The modules that are loaded when the first frame is painted, by who has started before and has these settings."""
    home.mkdir(parents=True, exist_ok=True)
    if settings:
        file = home / ".config" / "rnn-tutor" / "settings.toml"
        file.parent.mkdir(parents=True)
        file.write_text(settings, "utf-8")
    with Session((PYTHON, "-m", "rnn_tutor"), environ(home, met=True)) as session:  # it keeps what the course lists
        if not session.until(lambda _: any(home.rglob("*.index"))):
            raise RuntimeError(f"nothing was kept:\n{session.text}")
    out = home / "modules.json"
    with Session((PYTHON, "-c", _FIRST_FRAME, str(out)), environ(home, met=True)) as session:
        if session.ended(30) is None or session.status != 0:
            raise RuntimeError(f"the tutor did not start:\n{session.text}")
    return json.loads(out.read_text("utf-8"))


def seconds(code: str) -> float:
    """The shortest of a few runs of a line of Python."""
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run([PYTHON, "-c", code], check=True)
        found.append(time.perf_counter() - began)
    return min(found)


def count(code: str) -> int:
    """How many modules are loaded after a line of Python."""
    return int(subprocess.check_output([PYTHON, "-c", f"{code}\nimport sys; print(len(sys.modules))"]))


def main() -> None:
    python = seconds("pass")
    rows = [
        ("rnn-tutor list, show, ...: the command line", "import rnn_tutor.cli"),
        ("a bare Textual app", "import textual.app; from textual.widgets import Footer, Header, Static"),
        ("the tutor's first screen", "import rnn_tutor.cli, rnn_tutor.tui.app"),
        ("all that an exercise needs", "import rnn_tutor.exercises.mark, rnn_tutor.tui.screens.exercise"),
    ]
    print(f"{'imports':<46}{'ms':>6}{'modules':>9}")
    for name, code in rows:
        print(f"{name:<46}{(seconds(code) - python) * 1e3:>6.0f}{count(code):>9}")
    with tempfile.TemporaryDirectory() as folder:
        modules = first_frame(Path(folder))
    own = sum(name.startswith("rnn_tutor") for name in modules)
    print(f"{'loaded when the first frame is painted':<46}{'':>6}{len(modules):>9}, {own} of them rnn_tutor's")


if __name__ == "__main__":
    main()
