"""Which screen a lab has: one that trains has keys of its own."""

from typing import TYPE_CHECKING

from rnn_tutor.tui.screens.lab import LabScreen

if TYPE_CHECKING:
    from rnn_tutor.tui.visits import LabVisit


def lab_screen(visit: "LabVisit", sentence: str = "") -> LabScreen:
    """Return the screen of a lab."""
    if visit.bench.runs is None:
        return LabScreen(visit, sentence)
    from rnn_tutor.tui.screens.train import TrainScreen  # few labs train

    return TrainScreen(visit, sentence)
