"""Has nbgrader release and grade an assignment, in a course folder of its own: where `make test-notebooks` has it."""

import json
import os
import subprocess
import sys
from pathlib import Path

# nbgrader looks for alembic, and Jupyter for a kernel, where a shell with this environment would find them.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


def nbgrader(course: Path, *words: str) -> None:
    """Run a command of nbgrader in a course."""
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=course, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def released(course: Path, text: str) -> dict:
    """Put a notebook into a course as an assignment, and return what nbgrader releases of it."""
    source = course / "source" / "week" / "week.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(text, encoding="utf-8")
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n", "utf-8")
    nbgrader(course, "generate_assignment", "week", "--create")
    return json.loads((course / "release" / "week" / "week.ipynb").read_text("utf-8"))


def hand_in(course: Path, student: str, notebook: dict) -> None:
    """Put what a student made of an assignment where nbgrader looks for it."""
    target = course / "submitted" / student / "week" / "week.ipynb"
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps(notebook), encoding="utf-8")


def scores(course: Path) -> dict[str, tuple[float, float]]:
    """Grade what was handed in, and return the points of each student and the most there are."""
    from nbgrader.api import Gradebook

    nbgrader(course, "autograde", "week")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {one.student.id: (one.score, one.max_score) for one in book.assignment_submissions("week")}
