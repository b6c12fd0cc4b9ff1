"""What an author wants to know about a lab before a learner meets it.

Wherever the controls can stand there has to be something finite to see; every prediction has one answer, with the
book's numbers and with new ones; everything in the file leads somewhere.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np

from rnn_tutor.engine.clocks import CLOCKS
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.exercises.compiled import ExerciseError
from rnn_tutor.exercises.files.finding import Finding, Severity, line_of, shown
from rnn_tutor.exercises.files.rules import let_name, lets
from rnn_tutor.exercises.labs.controls import Dial, Setting
from rnn_tutor.exercises.labs.instance import Bench, Settings, answer, book, drawn
from rnn_tutor.exercises.labs.load import LoadedLab
from rnn_tutor.exercises.labs.model import MOST_TEXT, Lab

MOST_DRAWS = 20  # each evaluates the lab for every prediction and at every end
SLOW = 0.2  # CPU seconds for one place of the controls: a key should be answered in 0.05


def examine(loaded: LoadedLab, file: Path, draws: int = 10) -> list[Finding]:
    """Return what is to be said about a lab; `draws` is how often new numbers are drawn, at most 20."""
    remarks = dict.fromkeys(_said(loaded.lab, min(draws, MOST_DRAWS)))
    findings = [
        Finding(file, line_of(loaded.lines, key), shown(key, 120), sentence, severity)
        for key, sentence, severity in remarks
    ]
    return sorted(findings, key=lambda finding: (finding.line, finding.key))


_Said = tuple[str, str, Severity]


def _said(lab: Lab, draws: int) -> Iterator[_Said]:
    yield from _written(lab)
    try:
        bench = book(lab)
        yield from _leads_somewhere(bench)
        yield from _everywhere(bench, thorough=True)
        for place in range(len(lab.predict)):
            answer(bench, place)
    except (ExerciseError, EngineError) as error:
        yield getattr(error, "key", ""), error.says, "error"
        return
    yield from _drawn(bench, draws)


def _written(lab: Lab) -> Iterator[_Said]:
    for key, step in lets(lab.steps):
        if not step.say.strip():
            name = shown(let_name(step.let or "") or "this step")
            yield f"{key}.say", f"no sentence for {name}; expected what the step does and why", "error"
    for index, prediction in enumerate(lab.predict):
        same = next((k for k in range(index) if lab.predict[k].at == prediction.at), None)
        if same is not None:
            sentence = (
                f"the controls stand as for predict[{same}], whose answer shows them there; expected another place"
            )
            yield f"predict[{index}].at", sentence, "warning"


def _leads_somewhere(bench: Bench) -> Iterator[_Said]:
    """Every given, control and step leads to what is shown or predicted."""
    lab = bench.lab
    wanted = set[str]().union(
        *(show.reads for show in bench.source.shows), *(expectations.reads for expectations in bench.expected)
    )
    leading = bench.source.dependencies.leading_to(wanted)
    made_names, read = leading.reads.keys(), wanted | leading.needs
    for key, step in lets(lab.steps):
        name = let_name(step.let or "")
        if name is not None and name not in made_names:
            yield f"{key}.let", f"{shown(name)} leads to no picture and no prediction", "warning"
    read_by_givens = set[str]().union(*(given.reads for given in bench.source.givens))
    for name in lab.given:
        if name not in read | read_by_givens:
            yield f"given.{name}", "leads to no picture and no prediction; expected every given to matter", "error"
    for index, control in enumerate(lab.controls):
        if control.name not in read:
            yield f"controls[{index}].name", "nothing changes when it is moved; expected a step to use it", "error"


def _everywhere(bench: Bench, *, thorough: bool) -> Iterator[_Said]:
    """There is something finite to see wherever the controls stand: at each end of each, and in the corners."""
    slowest = 0.0
    for settings in _places(bench, thorough):
        began = CLOCKS.cpu()
        where = ", ".join(
            f"{name} = {shown(bench.dials[name].shown(setting), 30)}" for name, setting in settings.items()
        )
        try:
            scene = bench.scene(settings)
            figures = [scene.figure(place) for place in range(len(bench.source.shows))]
        except ExerciseError as error:
            yield error.key, f"with {where}: {error.says}", "error"
            return
        slowest = max(slowest, CLOCKS.cpu() - began)
        for show, figure in zip(bench.source.shows, figures, strict=True):
            parts = [*figure.items, *(part for part in (figure.x, figure.level) if part is not None)]
            for item in parts:
                if not np.isfinite(item.values).all():
                    yield show.key, f"with {where}: {shown(item.name)} is not finite everywhere", "error"
                    return
    if slowest > SLOW:
        sentence = f"a place of the controls takes {slowest * 1e3:.0f} ms; expected less than {SLOW * 1e3:.0f}"
        yield "steps", sentence, "warning"


def _places(bench: Bench, thorough: bool) -> Iterator[Settings]:
    start = bench.start
    yield start
    for name, dial in bench.dials.items():
        for setting in _ends(dial):
            yield start | {name: setting}
    if thorough and len(bench.dials) > 1:
        ends = [_ends(dial)[:4] for dial in bench.dials.values()]
        for corner in list(product(*ends))[:64]:
            yield dict(zip(bench.dials, corner, strict=True))


def _ends(dial: Dial) -> list[Setting]:
    if dial.kind == "choice":
        return list(range(dial.last + 1))
    if dial.kind == "number":
        return [0, dial.last]
    alphabet = dial.control.alphabet or ""
    return [alphabet[0], alphabet[-1] * MOST_TEXT, (alphabet * MOST_TEXT)[:MOST_TEXT]]


def _drawn(bench: Bench, draws: int) -> Iterator[_Said]:
    if not bench.draws:
        return
    for seed in range(draws):
        try:
            drawn_bench = drawn(bench, seed)
        except (ExerciseError, EngineError) as error:
            yield getattr(error, "key", "given"), f"seed {seed}: {error.says}", "error"
            return
        trouble = list(_everywhere(drawn_bench, thorough=False))
        if trouble:
            key, sentence, severity = trouble[0]
            yield key, f"seed {seed}, {sentence}", severity
            return
