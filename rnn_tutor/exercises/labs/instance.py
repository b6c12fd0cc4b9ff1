"""A lab with its numbers: where the controls stand -> the graph, and from it what there is to see.

Steps that no control moves are evaluated once for a set of numbers, the others for each place of the controls; and of
these only those that lead to what is shown, or to the prediction that is judged. A control that changes numbers only
leaves the graph as it is and has its values computed again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from rnn_tutor.engine.draw import Bits, holds
from rnn_tutor.engine.errors import EngineError, exact
from rnn_tutor.engine.expression import Expr, names_in
from rnn_tutor.engine.graph.axes import Axes, axes_of
from rnn_tutor.engine.graph.dependencies import Dependencies
from rnn_tutor.engine.graph.graph import Graph, Node, as_numbers
from rnn_tutor.engine.graph.rerun import branch, with_givens
from rnn_tutor.engine.graph.steps import Program, ProgramError, resume, run
from rnn_tutor.engine.reading.language import parse
from rnn_tutor.engine.remember import remembered
from rnn_tutor.engine.training.names import ALONG, AXES, UPDATE
from rnn_tutor.exercises.compiled import Compiled, ExerciseError, compiled
from rnn_tutor.exercises.drawing import one_draw
from rnn_tutor.exercises.figure import evaluator, figure
from rnn_tutor.exercises.labs.controls import Dial, Setting, dial
from rnn_tutor.exercises.labs.model import OWN, Lab, Prediction
from rnn_tutor.exercises.question import Givens, original_givens
from rnn_tutor.figures.figure import Figure, Labels

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.training import Runs

MAX_TRIES = 100
_PASSAGE = "the passage"  # an axis along which the characters of a text stand; no name has a space
_NO_UPDATE = "no update yet"
_SPACE = "␣"  # so that a space can be seen where a character stands alone

Settings = Mapping[str, Setting]


@dataclass(frozen=True)
class Expectations:
    """What of a lab's predictions is read once: the conditions of options, or the number that is asked for."""

    whens: tuple[Expr, ...]
    answer: Expr | None

    @property
    def reads(self) -> set[str]:
        parts = [*self.whens, *([self.answer] if self.answer is not None else [])]
        return set[str]().union(*map(names_in, parts))


@dataclass(frozen=True)
class Scene:
    """A lab with its controls somewhere."""

    bench: "Bench"
    settings: Settings
    graph: Graph
    _axes: dict[Node, Axes] = field(default_factory=dict, repr=False, compare=False)  # of all nodes on the way to one
    _along: dict[Node, Axes] = field(default_factory=dict, repr=False, compare=False)  # the same for texts

    def figure(self, place: int) -> Figure:
        """Return what the file shows at a place of `show`, with its numbers. Raises ExerciseError."""
        show = self.bench.source.shows[place]
        picture = figure(show, evaluator(self.graph), self.axes, self.labels)
        if picture is None:
            raise ExerciseError(show.key, EngineError("value", "Nothing in it has numbers."))
        if self.bench.runs is not None and picture.across == UPDATE and picture.points == 1:
            return replace(picture, instead=_NO_UPDATE)
        return picture

    def axes(self, node: Node) -> Axes:
        """Return a name, or "", for each axis of a node; wherever the controls stand, it is looked for once."""
        key = node.name, node.expr, node.shape
        axes_known = self.bench.axes_known
        if key not in axes_known:
            axes_known[key] = axes_of(node, self.bench.axes, self._axes)
        return axes_known[key]

    def labels(self, node: Node) -> tuple[Labels, ...]:
        """Return for each axis of a node the characters that stand at its places, () where it is of no typed text."""
        texts = {name: setting for name, setting in self.settings.items() if isinstance(setting, str)}
        along: dict[str, Axes] = {name: (name,) for name in texts}
        if self.bench.runs is not None:
            texts[_PASSAGE] = self.bench.runs.passage(self.settings)
            along |= dict.fromkeys(ALONG, ("", _PASSAGE))
        if not texts:
            return ()
        key = "text", node.name, node.expr, node.shape
        axes_known = self.bench.axes_known
        if key not in axes_known:
            axes_known[key] = axes_of(node, along, self._along)
        visible = (texts.get(name, "").replace(" ", _SPACE) for name in axes_known[key])
        return tuple(tuple(text) if len(text) == size else () for text, size in zip(visible, node.shape, strict=True))

    def number(self, expr: Expr, key: str) -> float:
        """Return the one number that an expression has here. Raises ExerciseError, with the key."""
        try:
            value = as_numbers(self.graph.evaluate(expr).number)
            if value.size != 1:
                raise EngineError("shape", "The answer must be a single number; this is an array.")
        except EngineError as error:
            raise ExerciseError(key, error) from None
        return float(value.reshape(()))

    def holds(self, expr: Expr, key: str) -> bool:
        """Tell whether a condition holds here. Raises ExerciseError, with the key."""
        try:
            with np.errstate(all="ignore"):
                return holds(self.graph, expr)
        except EngineError as error:
            raise ExerciseError(key, error) from None


@dataclass(frozen=True)
class Bench:
    """A lab with numbers; `seed` is None for the original ones. `axes` names the axes of givens and texts.

    runs: how far the networks of a lab that trains have come; None for any other lab.
    """

    lab: Lab
    seed: int | None
    givens: Givens
    source: Compiled
    dials: Mapping[str, Dial]
    expected: tuple[Expectations, ...]
    axes: Mapping[str, Axes]
    runs: "Runs | None" = field(default=None, repr=False, compare=False)
    axes_known: dict[object, Axes] = field(default_factory=dict, repr=False, compare=False)
    _scenes: dict[object, Scene] = field(default_factory=dict, repr=False, compare=False)
    _plans: "dict[frozenset[str], _Plan]" = field(default_factory=dict, repr=False, compare=False)

    @property
    def start(self) -> dict[str, Setting]:
        """Where the controls stand first."""
        return {name: dial.start for name, dial in self.dials.items()}

    @property
    def draws(self) -> bool:
        """Whether new numbers can be drawn."""
        return self.source.draws or self.runs is not None

    def scene(self, settings: Settings) -> Scene:
        """Return the lab with its controls there, as far as it is shown. Raises ExerciseError."""
        reads = set[str]().union(*(show.reads for show in self.source.shows))
        return self._evaluated(settings, reads)

    def asked(self, place: int) -> Scene:
        """Return the lab as a prediction asks about it, evaluated once; a network is trained for it.

        Raises ExerciseError.
        """
        if place not in self._scenes:
            prediction = self.lab.predict[place]
            self._scenes[place] = self._evaluated(
                self.asked_at(prediction), self.expected[place].reads, prediction.after or 0
            )
        return self._scenes[place]

    def untrained(self, place: int) -> Scene:
        """Return the lab as a prediction asks about it, before any network is trained for it. Raises ExerciseError."""
        if self.runs is None:
            return self.asked(place)
        key = "untrained", place
        if key not in self._scenes:
            at = self.asked_at(self.lab.predict[place])
            self._scenes[key] = self._evaluated(at, self.expected[place].reads, 0)
        return self._scenes[key]

    def to_train(self, place: int) -> int:
        """Return how many updates are to be made before a prediction can be judged. Raises ExerciseError."""
        if self.runs is None or place in self._scenes:
            return 0
        prediction = self.lab.predict[place]
        run = self.runs.run(self.asked_at(prediction))
        after = prediction.after or 0
        return 0 if run.ended and run.updates <= after else after - run.updates if run.updates <= after else after

    def asked_at(self, prediction: Prediction) -> dict[str, Setting]:
        """Return where the controls stand for a prediction: as it says, the others where they start."""
        return self.start | {name: self.dials[name].at(text) for name, text in prediction.at.items()}

    def looked_up(self, place: int, settings: Settings) -> bool:
        """Tell whether controls stand where a prediction asks about: every one that it names.

        Of a network, half of the updates that it asks about show how it goes on.
        """
        prediction = self.lab.predict[place]
        there = all(settings[name] == self.dials[name].at(text) for name, text in prediction.at.items())
        if not there or self.runs is None:
            return there
        return 2 * self.runs.run(settings).updates >= max(1, prediction.after or 0)

    def read(self, own_text: str) -> dict[str, Setting]:
        """Have networks learn a learner's own text, and return where that puts the controls: {} if none learns one."""
        train = self.lab.train
        if not own_text or self.runs is None or train is None or train.own is None:
            return {}
        self.runs.own_text = own_text
        dial = self.dials.get(train.text or "")
        return {} if dial is None else {dial.name: dial.at(OWN)}

    @property
    def results(self) -> Mapping[str, Axes]:
        """The names that a network gives to steps, with their axes."""
        return {} if self.runs is None else AXES

    def _evaluated(self, settings: Settings, names: set[str], updates: int | None = None) -> Scene:
        """Evaluate what leads to some names; with a network as it is now, or after so many updates."""
        key = frozenset(names)
        if key not in self._plans:
            self._plans[key] = self._plan(key)
        plan = self._plans[key]
        try:
            if not self._moved(plan, settings):
                self._run(plan, settings, updates)
        except ProgramError as error:
            plan.settings = None
            raise ExerciseError(error.key or "steps", error) from None
        plan.settings = dict(settings)
        assert plan.graph is not None  # noqa: S101 - both ways lead to one
        return Scene(self, plan.settings, plan.graph)

    def _plan(self, names: frozenset[str]) -> "_Plan":
        steps = self.source.dependencies.leading_to(names)
        still, moving = steps.split({*self.dials, *self.results})
        return _Plan(steps, still, moving)

    def _reaches_further(self, plan: "_Plan", control: str) -> bool:
        """Tell whether more than numbers hangs on a control; found out when it is first moved."""
        if control not in plan.further:
            steps, is_text = plan.steps, self.dials[control].kind == "text"
            plan.further[control] = is_text or not steps.structural.isdisjoint(steps.moved_by({control}))
        return plan.further[control]

    def _run(self, plan: "_Plan", settings: Settings, updates: int | None) -> None:
        if plan.base is None:
            plan.base = run(plan.still, self.givens)
        graph = branch(plan.base)
        for name, lab_dial in self.dials.items():
            graph.leaf(name, lab_dial.value(settings[name]))
        if self.runs is not None:
            for name, value in self.runs.seen(settings, updates).items():
                graph.leaf(name, value)
        resume(graph, plan.moving)
        plan.graph, plan.count = graph, len(graph.nodes)

    def _moved(self, plan: "_Plan", settings: Settings) -> bool:
        """Put controls elsewhere in the graph that is there, if numbers are all that they reach; tell whether so."""
        if plan.settings is None or plan.graph is None or self.runs is not None:
            return False
        moved = {name for name, setting in settings.items() if setting != plan.settings[name]}
        if not moved:
            return True
        if any(self._reaches_further(plan, name) for name in moved):
            return False
        values = {name: self.dials[name].value(settings[name]) for name in moved}
        try:
            plan.graph = with_givens(plan.graph, values, plan.count)
        except EngineError:
            return False  # running it says where
        return True


@dataclass
class _Plan:
    """How some names are evaluated, and what that gave last.

    steps: those that lead to the names; still, moving: those that no control moves, and the others. further: whether a
    control reaches so far that these have to be run. base: what the still ones gave; graph: all, of which the first
    `count` nodes are the steps', at `settings`.
    """

    steps: Dependencies
    still: Program
    moving: Program
    further: dict[str, bool] = field(default_factory=dict)
    base: Graph | None = None
    graph: Graph | None = None
    count: int = 0
    settings: Settings | None = None


def numbered(lab: Lab, seed: int | None) -> Bench:
    """Return a lab with the numbers of a seed, None: those of its file. Raises ExerciseError."""
    stated = original(lab)
    return stated if seed is None else drawn(stated, seed)


def original(lab: Lab) -> Bench:
    """Return a lab with the numbers that its file states. Raises ExerciseError."""
    return with_numbers(lab, original_givens(_compiled(lab)), None)


@remembered(8)
def _compiled(lab: Lab) -> Compiled:
    """Return a lab's expressions, read once: as an exercise it is another object each time."""
    return compiled(lab.as_exercise)


def with_numbers(lab: Lab, givens: Givens, seed: int | None) -> Bench:
    """Return a lab with numbers that are known. Raises ExerciseError for an expression that does not read."""
    source = _compiled(lab)
    dials = {control.name: dial(control) for control in lab.controls}
    axes = dict(source.axes) | {name: ("character",) for name, dial in dials.items() if dial.kind == "text"}
    runs = None
    if lab.train is not None:
        from rnn_tutor.exercises.labs.training import Runs  # the cells and tasks: few labs train

        axes |= AXES
        runs = Runs(lab, dials, 0 if seed is None else seed + 1)
    return Bench(lab, seed, givens, source, dials, expectations(lab), axes, runs)


def drawn(stated: Bench, seed: int) -> Bench:
    """Return a lab with numbers drawn from a seed, such that every prediction has an answer.

    stated: the lab with any numbers. Raises ExerciseError where none of many draws is fit. A network is not trained to
    find out: the options of a lab that trains are such that one of them comes true with any numbers.
    """
    source, bits = stated.source, Bits(seed)
    numbers = original_givens(source)
    if stated.runs is not None:
        return with_numbers(stated.lab, one_draw(source, bits, numbers) if source.draws else numbers, seed)
    if not source.draws:
        return original(stated.lab)
    for _ in range(MAX_TRIES):
        givens = one_draw(source, bits, numbers)
        bench = Bench(stated.lab, seed, givens, source, stated.dials, stated.expected, stated.axes)
        try:
            for place in range(len(stated.lab.predict)):
                answer(bench, place)
        except ExerciseError as error:
            last = error
        else:
            return bench
    raise ExerciseError(last.key, EngineError("value", f"In {MAX_TRIES} draws no numbers were suitable: {last.says}"))


def answer(bench: Bench, place: int) -> int | float:
    """Return what a prediction's answer is: the place of the option that holds (from 0), or the number.

    Raises ExerciseError where not exactly one option holds, or the number is 0 or not finite.
    """
    expected, scene = bench.expected[place], bench.asked(place)
    prediction_key = f"predict[{place}]"
    if expected.answer is not None:
        value = scene.number(expected.answer, f"{prediction_key}.answer")
        if not np.isfinite(value) or value == 0:
            sentence = f"The number to predict is {exact(value)}; expected a number that a guess can come near."
            raise ExerciseError(f"{prediction_key}.answer", EngineError("value", sentence))
        return value
    holding = [k for k, when in enumerate(expected.whens) if scene.holds(when, f"{prediction_key}.options[{k}].when")]
    if len(holding) != 1:
        clause = (
            "None of the options holds" if not holding else f"The options {', '.join(str(k + 1) for k in holding)} hold"
        )
        raise ExerciseError(f"{prediction_key}.options", EngineError("value", f"{clause}; expected exactly one."))
    return holding[0]


def expectations(lab: Lab) -> tuple[Expectations, ...]:
    """Return what of each prediction is read. Raises ExerciseError at the first that does not read."""
    return tuple(
        Expectations(
            tuple(_read(option.when, f"predict[{k}].options[{j}].when") for j, option in enumerate(prediction.options)),
            None if prediction.answer is None else _read(prediction.answer, f"predict[{k}].answer"),
        )
        for k, prediction in enumerate(lab.predict)
    )


def _read(text: str, key: str) -> Expr:
    try:
        return parse(text)
    except EngineError as error:
        raise ExerciseError(key, error) from None
