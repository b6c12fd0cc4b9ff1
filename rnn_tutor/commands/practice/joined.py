"""The class that was joined, in plain mode: what is sent to whom, told before anything is, and the answer to it."""

from typing import TYPE_CHECKING

from rnn_tutor.commands.output import say
from rnn_tutor.commands.practice.place import say_prose

if TYPE_CHECKING:
    from rnn_tutor.tui.sending import Sending

_HOW = "Type :class yes to send your answers, or :class no to send nothing."


def begin_to_send(sending: "Sending") -> None:
    """Send from now on, or tell first what would be sent, where the learner was not asked yet."""
    if sending.problem:
        say_prose(sending.problem)
    if sending.asks:
        tell(sending)
        say()
    else:
        sending.begin()


def tell(sending: "Sending") -> None:
    """Tell what is sent to whom, and what holds now."""
    if sending.joined is not None:
        for heading, text in sending.joined.question():
            say_prose(f"{heading}: {text}")
        say_prose(f"{sending.state()} {_HOW}")


def answer(sending: "Sending", text: str) -> None:
    """Take what stands behind :class."""
    word = text.strip().lower()
    if word not in ("yes", "no"):
        tell(sending)
        return
    trouble = sending.answer(send=word == "yes")
    say_prose(trouble or ("Your answers are sent." if word == "yes" else "Nothing is sent from now on."))
