"""A small course with pages and a glossary, a course of somebody else, and one with a lab."""

import sqlite3
from contextlib import asynccontextmanager

import pytest

from tests.exercises.labs_for_tests import course_with_lab
from tests.files_for_tests import write

from ..conftest import settled

EXERCISE = """\
format: 1
id: {id}
title: {title}
prompt: Compute `a`.
given:
  x: {{value: "2", means: a number, draw: "uniform(1, 3)"}}
steps:
  - let: "a = x + 1"
    say: Add one.
ask:
  - {{answer: a, as: scalar}}
hints: [Look at x., One more.]
"""
COURSE = """\
format: 1
title: A course
units:
  - id: first
    title: First steps
    aim: To begin with.
    exercises:
      - {id: one, title: Number one}
      - {id: two, title: Number two}
  - id: second
    title: Second steps
    aim: To go on.
    needs: [first]
    labs: [{id: play, title: Playing with weights}]
    exercises:
      - {id: three, title: Number three}
  - id: third
    title: Third steps
    aim: To end.
    needs: [first, second]
    exercises:
      - {id: four, title: Number four}
"""
PAGE = """\
format: 1
text: |
  What the second unit says, with a `symbol`
  in the middle of a paragraph.

    h[t] = tanh(W @ x[t])

  And a last word on eigenvalues.
sources:
  - A paper of 1997.
"""
GLOSSARY = """\
format: 1
terms:
  - {term: state, symbols: [h, "h[t]"], unit: second, means: What is carried from step to step.}
  - {term: Activation, symbols: [tanh], unit: first, means: What bends a line.}
  - {term: gate, unit: third, means: What opens and shuts.}
"""
OTHER = """\
format: 1
title: Somebody else's course
units:
  - id: first
    title: Other steps
    aim: Another aim.
    exercises:
      - {id: one, title: A one of its own}
      - {id: ten, title: Number ten}
"""


@pytest.fixture
def book(tmp_path):
    homes = {"one": "first", "two": "first", "three": "second", "four": "third"}
    files = {f"{unit}/{name}.yaml": EXERCISE.format(id=name, title=f"Number {name}") for name, unit in homes.items()}
    files |= {"course.yaml": COURSE, "glossary.yaml": GLOSSARY, "second/page.yaml": PAGE}
    files["first/page.yaml"] = "format: 1\ntext: First things.\n"
    return write(tmp_path / "book", files)


@pytest.fixture
def other(tmp_path):
    files = {f"first/{name}.yaml": EXERCISE.format(id=name, title=f"Number {name}") for name in ("one", "ten")}
    return write(tmp_path / "other", {**files, "course.yaml": OTHER, "glossary.yaml": "format: 1\nterms: [\n"})


@pytest.fixture
def folder(tmp_path):
    return course_with_lab(tmp_path / "content")


@pytest.fixture
def open_lab(open_app, folder):
    """Open the app with the lab in front."""

    @asynccontextmanager
    async def opened(lab="decay", **more):
        async with open_app(folder=folder, **more) as (app, pilot):
            app.open_lab(lab)
            await settled(pilot)
            yield app, pilot

    return opened


def rows(tmp_path):
    """All that was stored, in order."""
    con = sqlite3.connect(tmp_path / "progress.sqlite3")
    con.row_factory = sqlite3.Row
    found = con.execute("SELECT * FROM attempt ORDER BY id").fetchall()
    con.close()
    return found


def state(app):
    """What the heatmap on the screen shows."""
    return app.screen._figures[0].items[0].values
