"""The steps of a lab as lines: a loop's head, then what is in it, deeper."""

from rnn_tutor.exercises.labs.told import StepLine, lines_of
from rnn_tutor.exercises.model import Step


def test_a_loop_stands_before_its_steps_and_a_start_says_when() -> None:
    steps = [
        Step(start={"h": "0", "c": "1"}, say="Both begin somewhere."),
        Step(for_="t in range(3)", do=[Step(let="h[t] = h[t-1] + 1", say="One more.")]),
        Step(let="y = h[-1]"),
    ]
    assert list(lines_of(steps)) == [
        StepLine(0, "at the start ", "h = 0, c = 1", "Both begin somewhere."),
        StepLine(0, "", "for t in range(3)", loop=True),
        StepLine(1, "", "h[t] = h[t-1] + 1", "One more."),
        StepLine(0, "", "y = h[-1]"),
    ]
