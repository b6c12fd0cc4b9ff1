"""A lab of the size that the goal speaks of, T = 50 and H = 32, and what a move of its control costs."""

from pathlib import Path

from benchmarks.pty_session import Answered, Session
from benchmarks.scenes import DOWN, ENTER, LEFT, RIGHT, Program, _need, pressed, running, with_content

COURSE = """\
format: 1
title: A lab
units:
  - {id: gates, title: Gates, aim: Speed., labs: [{id: large, title: Fifty steps of 32 units}]}
"""

LAB = """\
format: 1
id: large
title: Fifty steps of 32 units
prompt: Move the bias.
given:
  x: {value: "reshape(sin(arange(1, 401) ** 2), 50, 8)", means: inputs}
  W: {value: "reshape(sin(3 * arange(1, 1025) ** 2), 8, 128)", means: input weights}
  U: {value: "reshape(sin(5 * arange(1, 4097) ** 2), 4, 32, 32) / 6", means: recurrent weights}
controls:
  - {name: bias, means: of the forget gates, from: -2, to: 4, step: 0.25, start: 0}
  - {name: size, means: of the inputs, from: 0.1, to: 1, step: 0.1, start: 0.3}
steps:
  - let: "inputs = size * reshape(x @ W, 50, 4, 32) + bias * [[0], [1], [0], [0]]"
    say: All gates.
  - start: {c: "zeros(32)", h: "zeros(32)"}
    say: Empty.
  - for: t in range(50)
    do:
      - let: "a[t] = inputs[t] + U @ h[t-1]"
        say: What each gate sees.
      - let: "c[t] = sigmoid(a[t][1]) * c[t-1] + sigmoid(a[t][0]) * tanh(a[t][2])"
        say: The cell.
      - let: "h[t] = sigmoid(a[t][3]) * tanh(c[t])"
        say: The state.
  - let: "forget = sigmoid(a[:, 1]).T"
    say: Unit by time.
  - let: "total = norm(grad(sum(c[-1]), c), axis=1)"
    say: Back through all steps.
show:
  - lines: [total]
    log: true
  - heatmap: [forget]
predict:
  - ask: What is the mean of the gates at a bias of 1?
    at: {bias: 1}
    answer: mean(forget)
    say: About sigmoid(1).
  - ask: And at 2?
    at: {bias: 2}
    answer: mean(forget)
    say: About sigmoid(2).
"""


def course(folder: Path) -> Path:
    """A course of this one lab."""
    (folder / "gates" / "labs").mkdir(parents=True)
    (folder / "course.yaml").write_text(COURSE, encoding="utf-8")
    (folder / "gates" / "labs" / "large.yaml").write_text(LAB, encoding="utf-8")
    return folder


def moving(home: Path, size: tuple[int, int] = (120, 40), moves: int = 12) -> list[Answered]:
    """Move the control to and fro, each key when the one before has been answered."""
    command = with_content(course(home / "content")).command
    with running(Program("tutor", command, "Fifty steps", DOWN), home, size) as session:
        _open(session)
        pressed(session, [RIGHT, LEFT] * 2)
        return pressed(session, [RIGHT] * moves + [LEFT] * moves)


def _open(session: Session) -> None:
    session.press(DOWN)
    session.press(ENTER, quiet=0.6)
    _need("Move the bias" in session.text, session, "the lab did not open")
