"""A lab that is right, as text, and what can be made of it."""

from pathlib import Path

from rnn_tutor.exercises.labs.load import read_lab
from rnn_tutor.exercises.labs.model import Lab
from tests.files_for_tests import write

TEXT = """\
format: 1
id: decay
title: A state that decays
prompt: Watch what is left of `h0` after `T` steps.
given:
  h0: {value: "[1.0, -0.5]", means: first state, axes: [unit], draw: "uniform(0.2, 1)"}
controls:
  - {name: T, means: time steps, from: 5, to: 50, step: 5, start: 10}
  - {name: w, means: weight, from: 0.5, to: 1.5, step: 0.05, start: 0.9}
  - {name: kind, means: activation, choices: [linear, tanh], start: linear}
  - {name: word, means: your word, text: abba, alphabet: "abc "}
steps:
  - let: "still = h0 * 2"
    say: No control moves this.
  - start: {h: "still"}
  - for: t in range(T)
    do:
      - let: "h[t] = where(kind == 1, tanh(w * h[t-1]), w * h[t-1])"
        say: The state, weighted.
  - let: "left = h[-1][0]"
    say: What is left.
  - let: "count = one_hot(word, 4).sum(axis=0)"
    say: How often each letter stands there.
show:
  - heatmap: [h]
    title: the state
  - bars: [count]
predict:
  - ask: What becomes of it at 1.1?
    at: {w: 1.1}
    options:
      - {text: it grows, when: "left > still[0]"}
      - {text: it shrinks, when: "left <= still[0]"}
    say: More than 1 is more than 1.
  - ask: How much is left with a weight of 0.8?
    at: {w: 0.8, kind: tanh}
    answer: left
    within: 0.2
    say: A power, and the tanh as well.
"""


def lab_of(folder: Path, text: str = TEXT, name: str = "decay") -> Lab:
    """Write a lab file and read it."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return read_lab(path).lab


COURSE = """\
format: 1
title: Labs
units:
  - {id: memory, title: Memory, aim: What is left., labs: [{id: decay, title: A state that decays}]}
"""


def course_with_lab(folder: Path) -> Path:
    """Write a course of one lab into a folder, and return the folder."""
    return write(folder, {"course.yaml": COURSE, "memory/labs/decay.yaml": TEXT})


TRAINING = """\
format: 1
id: learn
title: Learn
prompt: Press t.
controls:
  - {name: task, means: the task, choices: [adding, copy, flip-flop], start: flip-flop}
  - {name: cell, means: the cell, choices: [rnn, lstm, gru], start: rnn}
  - {name: units, means: units, from: 4, to: 8, step: 2, start: 4}
train: {task: task, cell: cell, units: units, length: "10", rate: "0.03", clip: "1"}
steps:
  - let: "recent = mean(loss[-10:])"
    say: The loss of the last batches.
show:
  - lines: [loss]
    level: baseline
  - heatmap: [keep]
  - table: [updates, recent]
predict:
  - ask: Is it below the baseline after 60 updates?
    at: {units: 8}
    after: 60
    options:
      - {text: below, when: "recent < baseline"}
      - {text: not below, when: "recent >= baseline"}
    say: One step back is enough.
  - ask: And the copy task?
    at: {task: copy, cell: gru}
    after: 20
    options:
      - {text: below half of it, when: "recent < baseline / 2"}
      - {text: above half of it, when: "recent >= baseline / 2"}
    say: It takes longer.
"""


def course_that_trains(folder: Path) -> Path:
    """Write a course of one lab that trains into a folder, and return the folder."""
    text = COURSE.replace("id: decay, title: A state that decays", "id: learn, title: Learn")
    return write(folder, {"course.yaml": text, "memory/labs/learn.yaml": TRAINING})
