"""What an author wants to know about a lab before a learner meets it.

Wherever the controls can stand there has to be something finite to see; every prediction has one answer, with the
original numbers and with new ones; everything in the file leads somewhere.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, product
from pathlib import Path

import msgspec
import numpy as np

from rnn_tutor.engine.clocks import CLOCKS
from rnn_tutor.engine.errors import EngineError
from rnn_tutor.engine.training.names import RESULTS
from rnn_tutor.exercises.compiled import ExerciseError, compiled
from rnn_tutor.exercises.files.convert import related
from rnn_tutor.exercises.files.finding import Finding, Severity, line_of, shown
from rnn_tutor.exercises.files.rules import let_name, lets
from rnn_tutor.exercises.known import known_part
from rnn_tutor.exercises.labs.controls import Dial, Setting
from rnn_tutor.exercises.labs.instance import Bench, Settings, answer, expectations, numbered, with_numbers
from rnn_tutor.exercises.labs.known import KnownLab, known_lab, texts_of
from rnn_tutor.exercises.labs.load import LoadedLab
from rnn_tutor.exercises.labs.model import Lab, named_by
from rnn_tutor.exercises.model import Show

TRAINED_DRAWS = 2  # of a lab that trains: a network is begun at every end and in every corner
MOST_DRAWS = 20  # each evaluates the lab for every prediction and at every end
_CORNERS, _TRAINED_CORNERS = 64, 8
SLOW = 0.2  # CPU seconds for one place of the controls: a key should be answered in 0.05


@dataclass(slots=True)
class _Notes:
    """What was told of a file, by the keys of the file; at what is blamed nothing is evaluated any more."""

    blamed: set[str]
    found: dict[tuple[str, Severity], str] = field(default_factory=dict)

    def say(self, key: str, sentence: str, severity: Severity = "error") -> None:
        """Tell something that leaves the rest as it is; of each key the first such thing is told."""
        if not related(key, self.blamed):
            self.found.setdefault((key, severity), sentence)

    def fault(self, key: str, sentence: str) -> bool:
        """Tell of what cannot be had; return whether that is news: without it there may be more to see."""
        if related(key, self.blamed):
            return False
        self.say(key, sentence)
        self.blamed.add(key)
        return True


def examine(
    loaded: LoadedLab,
    file: Path,
    draws: int = 10,
    blamed: Collection[str] = (),
    unknown: Iterable[str] = (),
) -> list[Finding]:
    """Return what is to be said about a lab, all of it; `draws` is how often new numbers are drawn, at most 20.

    Of a file that could be read in part, `blamed` are the keys that were told of already, `unknown` the names that its
    author made and of which nothing else is known.
    """
    lab, notes = loaded.lab, _Notes(set(blamed))
    _written(notes, lab)
    if _reads(notes, lab, unknown) and not blamed:
        _leads_somewhere(notes, lab)
    _predicted(notes, lab)
    opened = _opened(notes, lab, None)
    if opened is not None:
        _everywhere(notes, lab, *opened, thorough=True)
        _drawn(notes, lab, min(draws, MOST_DRAWS if lab.train is None else TRAINED_DRAWS))
    findings = [
        Finding(file, line_of(loaded.lines, key), shown(key, 120), sentence, severity)
        for (key, severity), sentence in notes.found.items()
    ]
    return sorted(findings, key=lambda finding: (finding.line, finding.key))


def _written(notes: _Notes, lab: Lab) -> None:
    for key, step in lets(lab.steps):
        if not step.say.strip():
            name = shown(let_name(step.let or "") or "this step")
            notes.say(f"{key}.say", f"{name} has no sentence; expected one that says what the step does and why")
    for index, prediction in enumerate(lab.predict):
        settings = prediction.at, prediction.after
        same = next((k for k in range(index) if (lab.predict[k].at, lab.predict[k].after) == settings), None)
        if same is not None:
            sentence = (
                f"the controls are set as for predict[{same}], so its answer shows this one; expected other settings"
            )
            notes.say(f"predict[{index}].at", sentence, "warning")


def _reads(notes: _Notes, lab: Lab, unknown: Iterable[str]) -> bool:
    """Tell all that is wrong wherever the controls stand; return whether every expression reads."""
    texts = [text for k, prediction in enumerate(lab.predict) for text in texts_of(prediction, f"predict[{k}]").items()]
    show_key = f"show[{len(lab.show)}].table"
    places = {f"{show_key}[{place}]": key for place, (key, _) in enumerate(texts)}
    shows = [*lab.show, Show(table=[text for _, text in texts])]
    exercise = msgspec.structs.replace(lab.as_exercise, show=shows)
    blamed = [*notes.blamed, *(mine for mine, key in places.items() if related(key, notes.blamed))]

    def told(error: ExerciseError) -> None:
        notes.fault(places.get(error.key, error.key), error.says)

    names = [*unknown, *(control.name for control in lab.controls), *(RESULTS if lab.train is not None else ())]
    return known_part(exercise, told, blamed, names).reads


def _leads_somewhere(notes: _Notes, lab: Lab) -> None:
    """Every given, control and step leads to what is shown or predicted."""
    source = compiled(lab.as_exercise)
    wanted = set[str]().union(
        *(show.reads for show in source.shows), *(expected.reads for expected in expectations(lab))
    )
    program = source.dependencies.leading_to(wanted)
    made, read = program.reads.keys(), wanted | program.needs
    for key, step in lets(lab.steps):
        name = let_name(step.let or "")
        if name is not None and name not in made:
            notes.say(f"{key}.let", f"{shown(name)} is not used by any picture or prediction", "warning")
    read_by_givens = set[str]().union(*(given.reads for given in source.givens))
    for name in lab.given:
        if name not in read | read_by_givens:
            notes.say(f"given.{name}", "is not used by any picture or prediction; expected every given to be used")
    trained = named_by(lab.train, [control.name for control in lab.controls])
    for index, control in enumerate(lab.controls):
        if control.name not in read | trained:
            notes.say(f"controls[{index}].name", "nothing changes when it is moved; expected a step to use it")


def _predicted(notes: _Notes, lab: Lab) -> None:
    """Every prediction has one answer with the original numbers: each is tried, whatever is wrong with the others."""
    opened = _opened(notes, lab, None)
    if opened is None:
        return
    known, bench = opened
    for place, prediction in enumerate(bench.lab.predict):
        try:
            answer(bench, place)
        except ExerciseError as error:
            where = "" if error.key.startswith("predict") else f"with {_where(bench, bench.asked_at(prediction))}: "
            notes.fault(known.place(error.key), where + error.says)


def _opened(notes: _Notes, lab: Lab, seed: int | None) -> tuple[KnownLab, Bench] | None:
    """Return what is known of a lab with the numbers of a seed; None if that is nothing. What is in the way is told."""
    while True:
        known = known_lab(lab, notes.blamed)
        try:
            return known, numbered(known.lab, seed)
        except (ExerciseError, EngineError) as error:
            when = "" if seed is None else f"seed {seed}: "
            if not notes.fault(known.place(getattr(error, "key", "given")), when + error.says):
                return None


def _everywhere(notes: _Notes, lab: Lab, known: KnownLab, bench: Bench, *, thorough: bool, when: str = "") -> bool:
    """There is something finite to see wherever the controls stand: at each end of each, and in the corners.

    What cannot be had at one place is told, and the rest is looked at without it. Return whether it was quick.
    """
    slowest = 0.0
    for settings in _places(bench, thorough):
        where = _where(bench, settings)
        began = CLOCKS.cpu()
        while True:
            try:
                scene = bench.scene(settings)
                figures = [scene.figure(place) for place in range(len(bench.source.shows))]
                break
            except ExerciseError as error:
                if not notes.fault(known.place(error.key), f"{when}with {where}: {error.says}"):
                    return True
                known = known_lab(lab, notes.blamed)
                bench = with_numbers(known.lab, {name: bench.givens[name] for name in known.lab.given}, bench.seed)
        slowest = max(slowest, _least(CLOCKS.cpu() - began, partial(_shown_at, bench, settings)))
        for show, figure in zip(bench.source.shows, figures, strict=True):
            for item in (*figure.items, *(part for part in (figure.x, figure.level) if part is not None)):
                if not np.isfinite(item.values).all():
                    sentence = f"{when}with {where}: {shown(item.name)} is not finite everywhere"
                    notes.say(known.place(show.key), sentence)
    if slowest > SLOW:
        sentence = f"{when}one setting of controls takes {slowest * 1e3:.0f} ms; expected less than {SLOW * 1e3:.0f}"
        notes.say("steps", sentence, "warning")
    return slowest <= SLOW


def _shown_at(bench: Bench, settings: Settings) -> None:
    scene = bench.scene(settings)
    for place in range(len(bench.source.shows)):
        scene.figure(place)


def _least(took: float, again: Callable[[], None]) -> float:
    """Return the CPU seconds that something takes: of what seems too slow the lesser of two, as the first imports."""
    if took <= SLOW:
        return took
    began = CLOCKS.cpu()
    again()
    return min(took, CLOCKS.cpu() - began)


def _where(bench: Bench, settings: Settings) -> str:
    return ", ".join(f"{name} = {shown(bench.dials[name].shown(setting), 30)}" for name, setting in settings.items())


def _places(bench: Bench, thorough: bool) -> Iterator[Settings]:
    start = bench.start
    yield start
    for name, dial in bench.dials.items():
        for setting in _ends(dial):
            yield start | {name: setting}
    if thorough and len(bench.dials) > 1:
        ends = [_ends(dial)[:4] for dial in bench.dials.values()]
        for corner in islice(product(*ends), _CORNERS if bench.runs is None else _TRAINED_CORNERS):
            yield dict(zip(bench.dials, corner, strict=True))


def _ends(dial: Dial) -> list[Setting]:
    if dial.kind == "choice":
        return list(range(dial.last + 1))
    if dial.kind == "number":
        return [0, dial.last]
    alphabet = dial.control.alphabet or ""
    return [alphabet[0], alphabet[-1] * dial.most, (alphabet * dial.most)[: dial.most]]


def _drawn(notes: _Notes, lab: Lab, draws: int) -> None:
    """New numbers can be drawn, and the same holds with them as with the original ones."""
    draws = draws if lab.train is not None or any(given.draw is not None for given in lab.given.values()) else 0
    for seed in range(draws):
        opened = _opened(notes, lab, seed)
        if opened is None or not _everywhere(notes, lab, *opened, thorough=False, when=f"seed {seed}, "):
            return
