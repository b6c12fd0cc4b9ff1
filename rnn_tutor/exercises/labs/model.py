"""The typed form of a lab file: givens, steps and pictures as in an exercise; controls and predictions beside them.

What types cannot say is in `rnn_tutor.exercises.labs.rules`.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from rnn_tutor.engine.training.limits import MOST_AFTER
from rnn_tutor.exercises.model import Code, Exercise, Given, Id, Name, Show, Step, Text, Title

MOST_TEXT = 200  # characters that a learner may type into a control, if its file does not say another number
LONGEST_TEXT = 4_000  # that a file may say
MOST_CHOICES = 12
WITHIN = 0.1
OWN = "own"  # the text of the learner, among those that a network learns to write

_Long = Annotated[str, Meta(max_length=MOST_TEXT)]
_Short = Annotated[str, Meta(max_length=100)]
_Share = Annotated[float, Meta(gt=0, le=1)]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all that a file may hold: immutable, and a misspelt key is an error."""


class Control(_Data, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Something that a learner moves: `from`, `to` and `step`; or `choices`; or `text` with its `alphabet`.

    Steps use it by its name: as a number, as the place (0, 1, ...) of the choice, as the vector of the characters'
    places in the alphabet.
    """

    name: Name
    means: Annotated[str, Meta(min_length=1, max_length=80, description="what it is, in a few words")]
    from_: Annotated[float | None, Meta(description="for a number: the smallest value")] = None
    to: Annotated[float | None, Meta(description="for a number: the largest value")] = None
    step: Annotated[float | None, Meta(description="for a number: how far an arrow key moves it")] = None
    choices: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=40)]],
        Meta(max_length=MOST_CHOICES, description="for a choice: the options, e.g. [linear, tanh]"),
    ] = []
    text: Annotated[_Long | None, Meta(description="for a text: the text at the start")] = None
    alphabet: Annotated[_Short | None, Meta(description="for a text: the characters it may have, in order")] = None
    most: Annotated[
        Annotated[int, Meta(ge=1, le=LONGEST_TEXT)] | None,
        Meta(description="for a text: how many characters it may have, 200 if left out"),
    ] = None
    start: Annotated[_Short | None, Meta(description="its value at the start: a number, or one of the choices")] = None


class Train(_Data, frozen=True, kw_only=True):
    """A network that a lab trains: each key has a value, or the name of a control that gives it.

    What comes of it has the names of `engine.training.RESULTS` in steps, pictures and predictions.
    """

    task: Annotated[_Short, Meta(description="adding, copy, flip-flop or text")]
    cell: Annotated[_Short, Meta(description="rnn, lstm or gru")]
    units: Annotated[_Short, Meta(description="how many units, such as 16")]
    length: Annotated[_Short, Meta(description="time steps of a sequence, such as 20")]
    rate: Annotated[_Short, Meta(description="learning rate, such as 0.01")]
    optimiser: Annotated[_Short, Meta(description="adam, sgd, or momentum (SGD with 0.9)")] = "adam"
    clip: Annotated[_Short, Meta(description="limit of the global gradient norm; 0 or off: none")] = "off"
    forget: Annotated[_Short, Meta(description="bias at the start of the gate that keeps (LSTM, GRU)")] = "0"
    start: Annotated[_Short, Meta(description="recurrent weights: uniform, orthogonal, identity, small, large")] = (
        "uniform"
    )
    text: Annotated[_Short | None, Meta(description="for the task text: a text that comes along, or `own`")] = None
    own: Annotated[Name | None, Meta(description="for the task text: the control with the learner's own text")] = None
    temperature: Annotated[
        _Short, Meta(description="for the task text: what logits are divided by before a character is drawn")
    ] = "1"


class Outcome(_Data, frozen=True, kw_only=True):
    """One thing that may come of it: a learner predicts which."""

    text: Annotated[str, Meta(min_length=1, max_length=200, description="what the learner can predict")]
    when: Annotated[Code, Meta(description="the condition for this outcome; exactly one option must hold")]


class Prediction(_Data, frozen=True, kw_only=True):
    """A question that is asked before a control is moved: with `options`, or for the number under `answer`."""

    ask: Text
    at: Annotated[dict[Name, str], Meta(min_length=1, description="the settings of the controls for it")]
    options: Annotated[list[Outcome], Meta(description="the possible outcomes; exactly one holds")] = []
    answer: Annotated[Code | None, Meta(description="instead of options: the number to predict")] = None
    within: Annotated[_Share | None, Meta(description="for a number: right within this fraction of it, or 0.1")] = None
    after: Annotated[
        Annotated[int, Meta(ge=0, le=MOST_AFTER)] | None,
        Meta(description="of a lab that trains: the number of updates after which it is judged"),
    ] = None
    say: Annotated[Text, Meta(description="why this happens, in a sentence or two")]


class Lab(_Data, frozen=True, kw_only=True):
    """One lab file."""

    format: Annotated[Literal[1], Meta(description="the version of this file format")]
    id: Annotated[Id, Meta(description="the file's name without .yaml: small letters, digits, hyphens; never changes")]
    title: Title
    prompt: Annotated[str, Meta(min_length=1, max_length=2000, description="what to change and what to watch")]
    given: Annotated[dict[Name, Given], Meta(description="the numbers to start from, by name")] = {}
    controls: Annotated[list[Control], Meta(min_length=1, description="what the learner can change")]
    train: Annotated[Train | None, Meta(description="a network to train while the learner watches")] = None
    steps: Annotated[list[Step], Meta(min_length=1, description="what to compute from givens and controls")]
    show: Annotated[list[Show], Meta(min_length=1, description="what to show")]
    predict: Annotated[list[Prediction], Meta(description="two or three questions, asked before a control is moved")]
    sources: Annotated[list[Text], Meta(description="papers and books that it comes from")] = []

    @property
    def as_exercise(self) -> Exercise:
        """Its givens, steps and pictures as an exercise of which nothing is asked: they are read and checked alike."""
        return Exercise(
            format=1, id=self.id, title=self.title, prompt=self.prompt, given=self.given, steps=self.steps, ask=[],
            show=self.show, sources=self.sources,
        )  # fmt: skip


TRAIN_KEYS = ("task", "cell", "units", "length", "optimiser", "rate", "clip", "forget", "start")


def named_by(train: Train | None, names: Iterable[str]) -> set[str]:
    """Return which of some names a network is made of: the controls that it depends on."""
    if train is None:
        return set()
    written = {getattr(train, key) for key in (*TRAIN_KEYS, "text", "own", "temperature")}
    return {name for name in names if name in written}


def part_name(number: int) -> str:
    """Return the name under which the answers to a prediction are kept: predict-1, ..."""
    return f"predict-{number + 1}"
