"""What one sitting knows of labs: where the controls stand, what was predicted; no widget in here.

The way of a guess is that of an answer: it is judged, put on disk, and only then told.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from rnn_tutor.exercises.trouble import why_not
from rnn_tutor.tui.visits import LabVisit, TroubleError, Visits

if TYPE_CHECKING:
    from rnn_tutor.engine.training.run import Run
    from rnn_tutor.exercises.labs.controls import Setting, Typed
    from rnn_tutor.exercises.labs.predict import Told
    from rnn_tutor.exercises.labs.training import Runs
    from rnn_tutor.exercises.load import Library
    from rnn_tutor.exercises.verdict import Reading
    from rnn_tutor.figures.figure import Figure
    from rnn_tutor.progress.store import Attempt

T = TypeVar("T")


class Labs:
    """The labs of one sitting."""

    def __init__(self, library: "Library", save: "Callable[[Attempt], None]", failed: set[str]) -> None:
        self._library = library
        self._save = save
        self.visits = Visits("lab", lambda lab: library.lab(lab).lab, LabVisit.begin, failed)

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
        """Return how a guess is understood; it is kept as typed. None where the lab itself has a fault."""
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.labs import predict

        visit.texts[visit.place] = text
        try:
            return predict.read(visit.bench, visit.place, text)
        except ExerciseError:
            return None

    def guess(self, visit: LabVisit, text: str) -> "Told":
        """Judge a guess, store the attempt, put the controls where it asks about, and only then return what is said.

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
        digest = self._library.lab(visit.id).hash
        self._save(
            attempt_of_prediction(visit.bench, digest, outcome, visit.run, looked_up=visit.place in visit.looked_up)
        )
        visit.outcomes[visit.place], visit.judging = outcome, None
        for name, setting in visit.bench.asked_at(visit.bench.lab.predict[visit.place]).items():
            self.move(visit, name, setting)
        return outcome
