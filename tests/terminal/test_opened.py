"""What opening paints: an exercise is there in one frame, with what is said above it, and nothing moves after that."""

import time

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("terminal")]

ENTER = b"\r"


@pytest.mark.parametrize("rest", [0.0, 2.5], ids=["at once", "made ready"])
def test_an_exercise_of_a_new_unit_is_there_in_one_frame(terminal, rest):
    session = terminal()
    assert session.until_text("level ")
    session.settle()
    session.press(b"/", quiet=0.5)
    session.press(b"gru-step", quiet=0.5 if rest else 0.03)
    time.sleep(rest)
    opened = session.press(ENTER, quiet=1.0, most=20)
    assert "This unit is new to you." in session.text
    assert opened.frames == 1
