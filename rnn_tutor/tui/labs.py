"""What one sitting knows of labs: where the controls stand, what was predicted; no widget in here.

The way of a guess is that of an answer: it is judged, put on disk, and only then told.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.tui.visits import LabVisit, TroubleError, Visits

if TYPE_CHECKING:
    from rnn_tutor.engine.training.run import Run
    from rnn_tutor.exercises.labs.controls import Dial, Setting, Typed
    from rnn_tutor.exercises.labs.predict import Told, Word
    from rnn_tutor.exercises.labs.training import Runs
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.verdict import Reading
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.progress.store import Attempt

T = TypeVar("T")


class Record(Protocol):
    """What a sitting knows of answers, as far as its labs ask."""

    @property
    def stores(self) -> bool:
        """Whether another sitting will have what is saved in this one."""

    def drafts_of(self, exercise: str) -> "Mapping[str, Attempt]":
        """Return what was typed and not checked, by part."""

    def save(self, attempt: "Attempt", left: "Attempt | None" = None) -> None:
        """Save an attempt, and with it how it leaves the lab."""

    def save_draft(self, draft: "Attempt") -> None:
        """Keep what is no attempt."""


class Labs:
    """The labs of one sitting."""

    def __init__(self, library: "Library", seed: int | None, record: Record, failed: set[str]) -> None:
        """Open labs with the numbers drawn from a seed (None: the original ones); failed: as in `Exercises`."""
        self._library = library
        self._seed = seed
        self._record = record
        self.own_text = ""  # what networks learn to write where a learner has named a file
        self.visits = Visits(
            "lab", lambda lab: library.lab(lab).lab, lambda lab, seed: LabVisit.begin(lab, seed, self.own_text), failed
        )

    def visit(self, lab: str) -> LabVisit:
        """Return a lab as it was left, also by an earlier sitting, or with its first numbers. Raises TroubleError."""
        if lab in self.visits:
            return self.visits[lab]
        place = self._place(lab)
        visit = self.visits.open(lab, self._first_seed(place))
        self._library.labs.opened(lab)
        self._go_on(visit, place)
        return visit

    def ahead(self, lab: str) -> LabVisit | None:
        """Return what `visit` would, for making ready what may be opened; nothing of it counts before `enter`.

        None where it cannot be opened, which is told when it is, and of a lab that trains: that has too much to do.
        """
        if lab in self.visits:
            return self.visits[lab]
        if not self._library.labs.read_ahead(lab) or self._library.lab(lab).lab.train is not None:
            return None
        place = self._place(lab)
        visit = self.visits.ahead(lab, self._first_seed(place))
        if visit is not None:
            self._go_on(visit, place)
        return visit

    def enter(self, visit: LabVisit) -> bool:
        """Take a visit that was made ahead, as it is opened now; False where it would be another one now."""
        known = self.visits.get(visit.id)
        if known is None and self._library.labs.opened(visit.id):
            known = self.visits[visit.id] = visit
        return known is visit

    def _first_seed(self, place: "Attempt | None") -> int | None:
        return place.seed if place is not None and self._seed is None else self._seed

    def _go_on(self, visit: LabVisit, place: "Attempt | None") -> None:
        """Go on from where an earlier sitting has left a lab, if it has the same numbers here."""
        if place is not None and place.seed == visit.seed:
            self._resume(visit, place)
            visit.settings |= visit.bench.read(self.own_text)

    def _place(self, lab: str) -> "Attempt | None":
        """Return how an earlier sitting has left a lab, if that was this one: its file may be another now."""
        from rnn_tutor.progress.drafts import PLACE

        place = self._record.drafts_of(lab).get(PLACE) if lab in self._library.labs else None
        return place if place is not None and place.content_hash == self._library.lab(lab).hash else None

    def _resume(self, visit: LabVisit, place: "Attempt") -> None:
        """Put controls and guesses back, with what was said to them."""
        from rnn_tutor.exercises.labs.model import part_name
        from rnn_tutor.exercises.labs.predict import Told
        from rnn_tutor.exercises.verdict import Reading
        from rnn_tutor.progress.drafts import left_lab

        left, count = left_lab(place), len(visit.bench.lab.predict)
        for at, text in left.guesses.items():
            if at < count:
                visit.texts[at] = text
            if at < count and at in left.judged:
                verdict, guess, truth = left.judged[at]
                word: Word = "right" if verdict == "right" else "wrong"
                says = visit.bench.lab.predict[at].say
                visit.outcomes[at] = Told(part_name(at), text, word, Reading(text, ""), guess, truth, says)
        visit.looked_up = {at for at in left.looked_up if at < count}
        for name, dial in visit.bench.dials.items():
            if name in left.settings and _can_stand(dial, left.settings[name]):
                visit.settings[name] = left.settings[name]
        visit.place = min(left.place, count - 1) if count else 0
        visit.control, visit.figure = min(left.control, len(visit.bench.dials) - 1), left.figure
        visit.resumed = True

    def keep(self, visit: LabVisit) -> None:
        """Keep how a lab is left, so that another sitting has it."""
        if (left := self._left(visit)) is not None:
            self._record.save_draft(left)

    def _left(self, visit: LabVisit) -> "Attempt | None":
        """Return how a lab is left; of one where all is predicted, that nothing is. None where that is kept already."""
        from rnn_tutor.progress.drafts import PLACE, LabLeft
        from rnn_tutor.progress.record import draft_of_lab

        if not self._record.stores or self.visits.get(visit.id) is not visit:  # it has other numbers by now
            return None
        begun = bool(
            visit.outcomes or any(visit.texts.values()) or visit.looked_up or visit.settings != visit.bench.start
        )
        begun = (begun or visit.seed != self._seed) and visit.next_open is not None
        front = visit.place, visit.control, visit.figure
        judged = {at: (str(told.verdict), told.guess, told.truth) for at, told in visit.outcomes.items()}
        looked_up = frozenset(visit.looked_up)
        text = LabLeft(visit.settings, visit.texts, judged, looked_up, *front).text if begun else ""
        before = self._record.drafts_of(visit.id).get(PLACE)
        if begun if before is None else (before.text, before.seed) != (text, visit.seed):
            return draft_of_lab(visit.bench, self._library.lab(visit.id).hash, PLACE, text)
        return None

    @staticmethod
    def figures(visit: LabVisit) -> "list[Figure]":
        """Return what there is to see where the controls stand. Raises TroubleError."""
        from rnn_tutor.exercises.compiled import ExerciseError

        try:
            scene = visit.bench.scene(visit.settings)
            return [scene.figure(place) for place in range(len(visit.bench.lab.show))]
        except ExerciseError as error:
            raise TroubleError(f"There is nothing to see with these controls: {error.says}") from error

    @staticmethod
    def move(visit: LabVisit, control: str, setting: "Setting") -> bool:
        """Put a control somewhere; tell whether it was elsewhere. A prediction that is looked up so was seen first."""
        if visit.settings[control] == setting:
            return False
        visit.settings[control] = setting
        if visit.bench.lab.train is not None and control == visit.bench.lab.train.own and visit.bench.runs is not None:
            visit.bench.runs.own_text = ""  # what is typed takes the place of a file
        Labs._note_looked_up(visit)
        return True

    @staticmethod
    def _note_looked_up(visit: LabVisit) -> None:
        """Note which predictions are seen now; the one that is being judged was made before."""
        for place in range(len(visit.bench.lab.predict)):
            open_still = place not in visit.outcomes and place != visit.judging
            if open_still and visit.bench.looked_up(place, visit.settings):
                visit.looked_up.add(place)

    @staticmethod
    def run(visit: LabVisit) -> "Run":
        """Return how far the network where the controls stand has come. Raises TroubleError."""
        return Labs._of_runs(visit, lambda runs: runs.run(visit.settings))

    @staticmethod
    def train(visit: LabVisit, updates: int) -> "Run":
        """Make some updates of the network where the controls stand, and return how far it has come.

        Raises TroubleError.
        """
        run = Labs._of_runs(visit, lambda runs: runs.advance(visit.settings, updates))
        Labs._note_looked_up(visit)
        return run

    @staticmethod
    def sample(visit: LabVisit) -> str:
        """Return a text drawn from the network where the controls stand, "" of one that learns none.

        Raises TroubleError.
        """
        return Labs._of_runs(visit, lambda runs: runs.sample(visit.settings))

    @staticmethod
    def train_again(visit: LabVisit) -> None:
        """Begin the network where the controls stand anew. Raises TroubleError."""
        Labs._of_runs(visit, lambda runs: runs.again(visit.settings))

    @staticmethod
    def _of_runs(visit: LabVisit, found: "Callable[[Runs], T]") -> T:
        from rnn_tutor.exercises.compiled import ExerciseError

        runs = visit.bench.runs
        if runs is None:
            raise TroubleError("Nothing is trained in this lab.")
        try:
            return found(runs)
        except ExerciseError as error:
            raise TroubleError(why_not("lab", visit.id, error)) from error

    def begin_judging(self, visit: LabVisit) -> int:
        """Put the controls where the prediction asks about, and return how many updates it takes to judge it.

        From now on it is not seen first, whatever is shown. Raises TroubleError.
        """
        from rnn_tutor.exercises.compiled import ExerciseError

        try:
            updates = visit.bench.to_train(visit.place)
        except ExerciseError as error:
            raise TroubleError(why_not("lab", visit.id, error)) from error
        if updates:
            visit.judging = visit.place
            prediction = visit.bench.lab.predict[visit.place]
            for name, setting in visit.bench.asked_at(prediction).items():
                self.move(visit, name, setting)
            if self.run(visit).updates > (prediction.after or 0):
                self.train_again(visit)
        return updates

    @staticmethod
    def typed(visit: LabVisit, control: str, text: str) -> "Typed":
        """Return what is kept of a text that is typed into a control."""
        return visit.bench.dials[control].typed(text)

    @staticmethod
    def read(visit: LabVisit, text: str) -> "Reading | None":
        """Return how a guess is understood; it is kept as typed. None if it is empty, or the lab has a fault."""
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.labs import predict

        visit.texts[visit.place] = text
        if not text.strip():
            return None
        try:
            return predict.read(visit.bench, visit.place, text)
        except ExerciseError:
            return None

    def guess(self, visit: LabVisit, text: str) -> "Told":
        """Judge a guess, put the controls where it asks about, and store the attempt before what is said can be seen.

        Only the first guess at a prediction counts; it is not stored where it was not understood. Raises TroubleError.
        """
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.labs import predict
        from rnn_tutor.progress.record import attempt_of_prediction

        visit.texts[visit.place] = text
        try:
            outcome = predict.tell(visit.bench, visit.place, text)
        except ExerciseError as error:
            raise TroubleError(why_not("lab", visit.id, error)) from error
        if outcome.verdict == "not_understood":
            return outcome
        digest, looked_up = self._library.lab(visit.id).hash, visit.place in visit.looked_up
        attempt = attempt_of_prediction(visit.bench, digest, outcome, visit.run, looked_up=looked_up)
        visit.outcomes[visit.place], visit.judging = outcome, None
        for name, setting in visit.bench.asked_at(visit.bench.lab.predict[visit.place]).items():
            self.move(visit, name, setting)
        self._record.save(attempt, self._left(visit))
        return outcome


def _can_stand(dial: "Dial", setting: "Setting") -> bool:
    """Tell whether a control can stand there: a place that it has, or a text of its characters."""
    if isinstance(setting, str):
        return dial.kind == "text" and bool(setting) and dial.typed(setting).text == setting
    return dial.kind != "text" and 0 <= setting <= dial.last
