"""A small course of real files, and the app on it."""

import threading
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from textual import events
from textual.keys import key_to_character

from rnn_tutor.exercises.load import Library
from rnn_tutor.progress.attempt import Attempt
from rnn_tutor.progress.store import Store
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal

# What a hostile file or learner may try: markup, an escape, the clipboard (OSC 52), a title, text turned round.
HOSTILE = "a[/b] [red]x[/] \x1b[31m \x1b]52;c;aGk=\x07 \x9b1m \u202e evil [/"

COURSE = """\
format: 1
title: A small course
closing: Memory wants long paths, and gradients do not.
units:
  - id: sequences
    title: Sequences
    aim: What a model of sequences computes.
    exercises:
      - {id: sequence-probability, title: Sequence probability}
      - {id: task-shapes, title: Task shapes, level: 2}
  - id: gates
    title: Gates
    aim: What is kept and what is let in.
    exercises:
      - {id: lstm-cell, title: LSTM cell update}
      - {id: wide, title: Numbers of many dimensions, level: 2}
      - {id: debug-checklist, title: Debug checklist, level: 3}
"""

FILES = {
    "sequences/sequence-probability": """\
format: 1
id: sequence-probability
title: Sequence probability
prompt: |
  Each token has a probability, given
  those before it. What is `p`, the probability of all of them, and what is its logarithm?
given:
  probs: {value: "[0.8, 0.6, 0.5]", means: probability of each token, axes: [time], draw: "uniform(0.1, 0.9)"}
steps:
  - let: "p = prod(probs)"
    say: The chain rule multiplies them.
  - let: "logp = log(p)"
    say: A sum of logarithms does not underflow.
ask:
  - {answer: p, as: scalar, prompt: The probability of the sequence}
  - {answer: logp, as: scalar, prompt: Its natural logarithm}
hints: [Multiply., Sum the logarithms.]
""",
    "sequences/task-shapes": """\
format: 1
id: task-shapes
title: Task shapes
prompt: What is the shape of the logits?
given:
  B: {value: "3", means: sequences}
  T: {value: "5", means: steps}
  V: {value: "100", means: words}
steps:
  - let: "logits = (B, T, V)"
    say: One score for each word, at each step of each sequence.
ask:
  - {answer: logits, as: shape, axes: [batch, time, word]}
hints: [Count what there is a score for.]
""",
    "gates/lstm-cell": """\
format: 1
id: lstm-cell
title: LSTM cell update
prompt: |
  The forget gate `f` scales the old cell, the input gate `i` scales the candidate. Compute the new cell `c`.
given:
  f: {value: "[0.9, 0.2]", means: forget gate, axes: [unit], draw: "uniform(0.05, 0.95)"}
  c_prev: {value: "[1.0, -1.0]", means: old cell, axes: [unit], draw: "normal(0, 1)"}
  i: {value: "[0.1, 0.8]", means: input gate, axes: [unit], draw: "uniform(0.05, 0.95)"}
  cand: {value: "[0.5, 0.25]", means: candidate, axes: [unit], draw: "normal(0, 1)"}
steps:
  - let: "kept = f * c_prev"
    say: What the forget gate keeps of the old cell.
  - let: "new = i * cand"
    say: What the input gate lets in.
  - let: "c = kept + new"
    say: Where `f` is near 1, the gradient survives.
ask:
  - {answer: c, as: vector}
mistakes:
  - value: "i * c_prev + f * cand"
    say: The gates have changed places.
hints:
  - Which gate belongs to the old cell?
  - Two products, element by element, and a sum.
show:
  - heatmap: [f, c_prev, kept, c]
""",
    "gates/wide": """\
format: 1
id: wide
title: Numbers of many dimensions
prompt: What is the sum of the long vector?
given:
  X: {value: "[[[1, 2], [3, 4]], [[5, 6], [7, -8]]]", means: three axes, axes: [batch, time, unit]}
  W: {shape: "(30, 40)", value: "outer(arange(30) - 15, arange(40)) / 100", means: a large matrix}
  v: {value: "arange(40) / 4", means: a long vector}
steps:
  - let: "s = sum(v)"
    say: All of them.
ask:
  - {answer: s, as: scalar}
hints: [Add.]
show:
  - heatmap: [X, W, v]
""",
    "gates/debug-checklist": """\
format: 1
id: debug-checklist
title: Debug checklist
prompt: Which two would you look at first?
ask:
  - answer: checks
    as: checklist
    options:
      - {text: Padding is masked before the loss is averaged, right: true}
      - {text: The hidden size is doubled, why: That changes the model before the fault is known.}
      - {text: Gradient norms are tracked through time, right: true}
hints: [Look for what can be measured.]
""",
}

HOSTILE_COURSE = """\
format: 1
title: HERE
closing: HERE
units:
  - {id: unit, title: HERE, aim: HERE, exercises: [{id: hostile, title: HERE}]}
"""

HOSTILE_FILE = """\
format: 1
id: hostile
title: HERE
prompt: HERE `HERE` HERE
given:
  a: {value: "[2, 3]", means: HERE, axes: [HERE]}
steps:
  - let: "y = a * 2"
    say: HERE
ask:
  - {answer: y, as: vector, axes: [HERE], prompt: HERE}
  - answer: pick
    as: choice
    prompt: HERE
    options: [{text: HERE, why: HERE}, {text: HERE too, right: true, why: HERE}]
mistakes:
  - {value: "a", say: HERE}
hints: [HERE]
"""


class HostileLibrary(Library):
    """What a loader that lets everything through would give: HOSTILE wherever the files say HERE."""

    def __init__(self, folders):
        super().__init__(folders)
        self.course = _hostile(self.course)
        self.sections = tuple(
            replace(
                one,
                title=_hostile(one.title),
                closing=_hostile(one.closing),
                findings=tuple(replace(f, says=HOSTILE) for f in one.findings),
            )
            for one in self.sections
        )

    def unit(self, unit):
        return _hostile(super().unit(unit))

    def page(self, unit):
        return _hostile(super().page(unit))

    def glossary(self):
        return _hostile(super().glossary())

    def exercise(self, exercise):
        return _hostile(super().exercise(exercise))


def _hostile(data):
    """Put HOSTILE into the data past the model's own checks."""
    if isinstance(data, str):
        return data.replace("HERE", HOSTILE)
    if isinstance(data, list):
        return [_hostile(one) for one in data]
    if isinstance(data, dict):
        return {name: _hostile(value) for name, value in data.items()}
    if isinstance(data, msgspec.Struct):
        return type(data)(**{name: _hostile(getattr(data, name)) for name in data.__struct_fields__})
    return data


def answered(exercise, days, part="c", verdict="right", parts=1, givens="{}"):
    """An answer of so many days ago."""
    return Attempt(
        exercise=exercise, content_hash="", seed=None, givens=givens, part=part, text="1", verdict=verdict, score=1.0,
        diagnosis="", hints=0, seconds=1.0, at=datetime.now(UTC) - timedelta(days=days), parts=parts,
    )  # fmt: skip


def stored(tmp_path, *attempts):
    """Put answers where the app looks for them."""
    store = Store.open(tmp_path / "progress.sqlite3")
    for attempt in attempts:
        store.add(attempt)
    store.close()


FULL = Terminal(colours=TRUECOLOUR)
PATIENCE = 15.0  # seconds


@pytest.fixture(scope="session")
def content(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("content")
    (folder / "course.yaml").write_text(COURSE, encoding="utf-8")
    for name, text in FILES.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def open_app(content, tmp_path):
    """Start the app, wait until the course is there; more exercises can be written into a folder of its own."""

    @asynccontextmanager
    async def opened(
        size=(80, 24),
        *,
        folder=content,
        library=Library,
        terminal=FULL,
        store=None,
        exercise=None,
        seed=None,
        questions=None,
        review=False,
    ):
        app = Tutor(
            lambda: library([folder]),
            store or tmp_path / "progress.sqlite3",
            terminal,
            Options(exercise=exercise, seed=seed, questions=questions, review=review),
        )
        async with app.run_test(size=size) as pilot:
            await course_read(pilot)
            await settled(pilot)
            yield app, pilot

    return opened


async def course_read(pilot) -> None:
    """Wait until what earlier sittings have left is read: that begins in the first pause."""
    end = time.monotonic() + PATIENCE
    while pilot.app.ready and not pilot.app.session.past_is_read and time.monotonic() < end:
        await pilot.pause(0.01)
    while any(thread.name == "rnn-tutor-late" for thread in threading.enumerate()) and time.monotonic() < end:
        await pilot.pause(0.01)


async def until(pilot, condition) -> None:
    """Wait for what comes in a pause, or from a thread: on a busy machine that may take long."""
    end = time.monotonic() + 4 * PATIENCE
    while not condition():
        assert time.monotonic() < end, f"it does not come:\n{screen_text(pilot.app)}"
        await pilot.pause(0.01)


async def settled(pilot) -> None:
    """Wait for workers, and for what they set off."""
    await pilot.app.workers.wait_for_complete()
    for _ in range(3):
        await pilot.pause()


async def type_in(pilot, text) -> None:
    """Type a text on the line that has the focus, at once (a key that is pressed costs a test 50 ms)."""
    pilot.app.focused.insert_text_at_cursor(text)
    await pilot.pause()


async def burst(pilot, *keys) -> None:
    """Send keys all at once, as a slow line delivers them; each is handled before the next."""
    for key in keys:
        pilot.app.post_message(events.Key(key, "\r" if key == "enter" else key_to_character(key)))
    await settled(pilot)


def screen_text(app) -> str:
    """What is on the screen, as text."""
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


def flat(app) -> str:
    """What is on the screen, without line ends."""
    return " ".join(screen_text(app).split())
