"""What a run is made of: the task, the network, and how it is trained."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from rnn_tutor.engine.errors import EngineError, exact
from rnn_tutor.engine.training import limits

CellName: TypeAlias = Literal["rnn", "lstm", "gru"]
Optimiser: TypeAlias = Literal["adam", "sgd", "momentum"]
Start: TypeAlias = Literal["uniform", "orthogonal", "identity", "small", "large"]

CELLS: tuple[str, ...] = get_args(CellName)
OPTIMISERS: tuple[str, ...] = get_args(Optimiser)
STARTS: tuple[str, ...] = get_args(Start)


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a run depends on, beside its seed. Raises EngineError("value") for what is out of bounds.

    task: a name of `tasks.TASKS`. cell: tanh RNN, LSTM, or a GRU in PyTorch's form. units: H. length: time steps of a
    sequence. optimiser: "momentum" is SGD with 0.9. rate: learning rate. clip: limit of the global norm, 0 for none.
    forget: bias of the gate that keeps (f of an LSTM, z of a GRU) at the start. start: how the recurrent weights begin.
    text: what the task `text` is about.
    """

    task: str = "adding"
    cell: CellName = "rnn"
    units: int = 16
    length: int = 20
    optimiser: Optimiser = "adam"
    rate: float = 0.01
    clip: float = 0.0
    forget: float = 0.0
    start: Start = "uniform"
    text: str = ""

    def __post_init__(self) -> None:
        for name, known in (("cell", CELLS), ("optimiser", OPTIMISERS), ("start", STARTS)):
            if getattr(self, name) not in known:
                raise EngineError("value", f"{name} must be one of: {', '.join(known)}.")
        for name, least, most in (
            ("units", limits.LEAST_UNITS, limits.MOST_UNITS),
            ("length", limits.LEAST_LENGTH, limits.MOST_LENGTH),
            ("rate", 0.0, limits.MOST_RATE),
            ("clip", 0.0, limits.MOST_CLIP),
            ("forget", -limits.MOST_FORGET, limits.MOST_FORGET),
        ):
            if not least <= getattr(self, name) <= most:
                raise EngineError("value", f"{name} must be from {exact(least)} to {exact(most)}.")
        if len(self.text) > limits.MOST_CHARACTERS:
            raise EngineError("limit", f"A text to train on has at most {limits.MOST_CHARACTERS:,} characters.")

    @property
    def press(self) -> int:
        """How many updates a press of a key makes."""
        return limits.press(self.units, self.length)
