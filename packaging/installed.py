"""Try the rnn-tutor that is installed in the environment of this Python: `python -I installed.py VERSION`.

It stands alone: nothing of a checkout or of the tests is imported. The first thing that is not as it has to be ends it
with status 1.
"""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

PROGRAM = Path(sysconfig.get_path("scripts")) / ("rnn-tutor.exe" if os.name == "nt" else "rnn-tutor")

FILES = ("lstm/lstm-cell.yaml", "recurrence/rnn-update.yaml", "masks/frozen-state.yaml")


def told(*words: str, status: int = 0, module: bool = False) -> str:
    """Run rnn-tutor for a user who has never run it, and return what it prints."""
    command = [sys.executable, "-I", "-m", "rnn_tutor"] if module else [str(PROGRAM)]
    with tempfile.TemporaryDirectory() as home:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LC_ALL", "SYSTEMROOT"}}
        process = subprocess.run(
            [*command, *words],
            cwd=home,
            env=kept | {"HOME": home, "USERPROFILE": home},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    if process.returncode != status:
        sys.exit(f"rnn-tutor {' '.join(words)}: status {process.returncode}\n{process.stdout}{process.stderr}")
    return process.stdout


def it_says_its_version(version: str) -> bool:
    """As a command, as a module, and to whoever asks for what is installed."""
    line = f"rnn-tutor {version}\n"
    return told("--version") == told("--version", module=True) == line and distribution("rnn-tutor").version == version


def it_is_what_was_installed(_version: str) -> bool:
    """And not a checkout that happens to be near; it has its course, its looks and its licence."""
    import rnn_tutor
    from rnn_tutor.paths import INDEX, content_folder

    package = Path(str(rnn_tutor.__file__)).parent
    there = ("tui/app.tcss", INDEX, "content/course.yaml", "content/glossary.yaml")
    licence = [one for one in distribution("rnn-tutor").files or [] if one.name == "LICENSE"]
    return (
        package.is_relative_to(sys.prefix)
        and content_folder() == package / "content"
        and all((package / name).is_file() for name in there)
        and bool(licence)
    )


def its_man_page_is_where_man_looks(_version: str) -> bool:
    """Beside the folder of the command."""
    return (Path(sysconfig.get_path("data")) / "share" / "man" / "man1" / "rnn-tutor.1").is_file()


def its_exercises_have_no_fault(_version: str) -> bool:
    """`rnn-tutor check` draws each and marks it. `release.py` has one Python check the whole course."""
    from rnn_tutor.paths import content_folder

    return bool(told("check", *(str(content_folder() / name) for name in FILES)))


def its_course_opens_without_yaml(_version: str) -> bool:
    """By the index that was made with the package."""
    code = (
        "import sys; from rnn_tutor.exercises.kept import Kept; from rnn_tutor.exercises.load import Library; "
        "from rnn_tutor.paths import content_folder, index_files; "
        "library = Library([content_folder()], Kept(index_files())); "
        "sys.exit(library.findings != [] or len(library.ids) < 100 or 'yaml' in sys.modules)"
    )
    return subprocess.run([sys.executable, "-I", "-c", code], check=False).returncode == 0


def it_marks(_version: str) -> bool:
    """Right, wrong and not understood, with their exit statuses; and it names the mistake.

    c = f * c_prev + i * cand = [0.9 * 1 + 0.1 * 0.5, 0.2 * -1 + 0.8 * 0.25] = [0.95, 0]
    """
    right = json.loads(told("answer", "lstm-cell", "[0.95, 0]", "--json"))["parts"][0]
    wrong = json.loads(told("answer", "lstm-cell", "[0.59, -0.6]", "--json", status=1))["parts"][0]
    told("answer", "lstm-cell", "[0.95, ", status=2)
    return right["verdict"] == "right" and wrong["verdict"] == "wrong" and bool(wrong["diagnosis"])


def it_lists_and_shows(_version: str) -> bool:
    """Every command that reads the course."""
    exercises = json.loads(told("list", "--json"))
    return (
        "lstm-cell" in json.dumps(exercises)
        and "c_prev" in told("show", "lstm-cell")
        and "0.95" in told("solve", "lstm-cell")
        and "import" in told("code", "lstm-cell", "--numpy")
        and bool(told("glossary", "gradient"))
    )


def it_needs_a_terminal(_version: str) -> bool:
    """And says so in one sentence, with status 2."""
    return told(status=2) == ""


CHECKS: tuple[Callable[[str], bool], ...] = (
    it_says_its_version,
    it_is_what_was_installed,
    its_man_page_is_where_man_looks,
    its_course_opens_without_yaml,
    it_lists_and_shows,
    it_marks,
    it_needs_a_terminal,
    its_exercises_have_no_fault,
)


if __name__ == "__main__":
    for check in CHECKS:
        if not check(sys.argv[1]):
            sys.exit(f"not so: {check.__name__.replace('_', ' ')}")
