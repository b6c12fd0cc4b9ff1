"""The network that a lab trains: what its file and its controls say -> a recipe, and how far its runs have come.

Runs are kept by their recipe, so that a control that goes forth and back finds its network as it was.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.functions import Array
from rnn_tutor.engine.training.limits import LEAST_TEMPERATURE, MOST_TEMPERATURE
from rnn_tutor.engine.training.recipe import CELLS, OPTIMISERS, STARTS, Recipe
from rnn_tutor.engine.training.results import results
from rnn_tutor.engine.training.run import Run, advanced, begin
from rnn_tutor.engine.training.sample import sample
from rnn_tutor.engine.training.tasks import TASKS
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.files.finding import listed, shown
from rnn_tutor.exercises.labs.controls import Dial, Setting
from rnn_tutor.exercises.labs.model import OWN, TRAIN_KEYS, Lab, Train
from rnn_tutor.exercises.labs.texts import text_named

WORDS: dict[str, tuple[str, ...]] = {
    "task": tuple(TASKS),
    "cell": CELLS,
    "optimiser": OPTIMISERS,
    "start": STARTS,
}
OFF = "off"  # a clip that clips nothing
_MOST_KEPT = 6  # runs; one has some hundred kilobytes


def value_of(key: str, text: str) -> str | int | float:
    """Return the value of a key from how it is written. Raises EngineError with what is expected."""
    known = WORDS.get(key)
    if known is not None:
        if text not in known:
            raise EngineError("value", f"found '{shown(text)}'; expected {listed(known)}, or the name of a control")
        return text
    try:
        if key == "temperature":
            return _temperature(text)
        number = 0.0 if key == "clip" and text == OFF else float(text)
        if key in ("units", "length") and not number.is_integer():
            raise ValueError
    except ValueError:
        kind = "a whole number" if key in ("units", "length") else "a number"
        raise EngineError("value", f"found '{shown(text)}'; expected {kind}, or the name of a control") from None
    return int(number) if key in ("units", "length") else number


def _temperature(text: str) -> float:
    number = float(text)
    if not LEAST_TEMPERATURE <= number <= MOST_TEMPERATURE:
        raise EngineError("value", f"temperature must be from {LEAST_TEMPERATURE} to {MOST_TEMPERATURE:g}.")
    return number


def checked(key: str, text: str) -> str:
    """Return what is wrong with what is written for a key, "" for nothing."""
    try:
        if key == "temperature":
            value_of(key, text)
            return ""
        Recipe(**{key: value_of(key, text)})  # type: ignore[arg-type]  # each is told by its own key
    except EngineError as error:
        return error.says
    return ""


def recipe_of(texts: Mapping[str, str], text: str = "") -> Recipe:
    """Return the recipe of a network. `texts` has what is written for each key, `text` is what it learns to write.

    Raises ExerciseError with the key of the file.
    """
    for key in TRAIN_KEYS:
        says = checked(key, texts[key])
        if says:
            raise ExerciseError(f"train.{key}", EngineError("value", says))
    values = {key: value_of(key, texts[key]) for key in TRAIN_KEYS}
    return Recipe(**values, text=text)  # type: ignore[arg-type]  # each was read as what its key is


def written(train: Train, dials: Mapping[str, Dial], settings: Mapping[str, Setting]) -> dict[str, str]:
    """Return what stands for each key, where the controls stand: that of the file, or what a control shows."""
    found = {}
    for key in (*TRAIN_KEYS, "text", "temperature"):
        text: str = getattr(train, key) or ""
        found[key] = dials[text].shown(settings[text]) if text in dials else text
    return found


@dataclass
class Runs:
    """The runs of a lab with one seed."""

    lab: Lab
    dials: Mapping[str, Dial]
    seed: int
    own_text: str = ""  # the learner's, where it was not typed into the control
    _runs: "OrderedDict[Recipe, Run]" = field(default_factory=OrderedDict)

    def recipe(self, settings: Mapping[str, Setting]) -> Recipe:
        """Return what is trained where the controls stand. Raises ExerciseError."""
        train = self.lab.train
        assert train is not None  # noqa: S101 - only a lab that trains has runs
        texts = written(train, self.dials, settings)
        if texts["task"] != "text":
            return recipe_of(texts)
        if texts["text"] != OWN:
            return recipe_of(texts, text_named(texts["text"]))
        own = self.own_text or str(settings[train.own or ""])
        return recipe_of(texts, own)

    def run(self, settings: Mapping[str, Setting]) -> Run:
        """Return the run where the controls stand, as far as it has come. Raises ExerciseError."""
        recipe = self.recipe(settings)
        if recipe not in self._runs:
            try:
                self._keep(begin(recipe, self.seed))
            except EngineError as error:
                raise ExerciseError("train", error) from None
        self._runs.move_to_end(recipe)
        return self._runs[recipe]

    def advance(self, settings: Mapping[str, Setting], updates: int) -> Run:
        """Make so many more updates where the controls stand. Raises ExerciseError."""
        run = advanced(self.run(settings), updates)
        self._keep(run)
        return run

    def again(self, settings: Mapping[str, Setting]) -> None:
        """Begin anew where the controls stand. Raises ExerciseError."""
        self._runs.pop(self.recipe(settings), None)

    def after(self, settings: Mapping[str, Setting], updates: int) -> Run:
        """Return the run with exactly so many updates, or with as many as it can have. Raises ExerciseError.

        One that has come further is left as it is: it is computed anew.
        """
        run = self.run(settings)
        if run.updates > updates:
            return advanced(begin(run.recipe, self.seed), updates)
        return self.advance(settings, updates - run.updates)

    def seen(self, settings: Mapping[str, Setting], updates: int | None) -> dict[str, Array]:
        """Return what there is to see as the run is now, or after so many updates. Raises ExerciseError."""
        return results(self.run(settings) if updates is None else self.after(settings, updates))

    def sample(self, settings: Mapping[str, Setting]) -> str:
        """Return a text that is drawn from the network where the controls stand, "" of one that learns no text.

        The same network draws the same. Raises ExerciseError.
        """
        train = self.lab.train
        assert train is not None  # noqa: S101 - only a lab that trains has runs
        temperature = value_of("temperature", written(train, self.dials, settings)["temperature"])
        return sample(self.run(settings), float(temperature))

    def passage(self, settings: Mapping[str, Setting]) -> str:
        """Return the characters along which the units are shown, "" of a network that learns no text."""
        corpus = self.run(settings).task.corpus
        return "" if corpus is None else corpus.decoded(corpus.passage[:-1])

    def _keep(self, run: Run) -> None:
        self._runs[run.recipe] = run
        while len(self._runs) > _MOST_KEPT:
            self._runs.popitem(last=False)
