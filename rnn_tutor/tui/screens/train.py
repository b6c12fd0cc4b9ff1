"""A lab that trains a network: the same screen, with keys for updates, which are made in slices between keys."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from rnn_tutor.engine.clocks import CLOCKS
from rnn_tutor.engine.training.limits import PRESSES
from rnn_tutor.tui import keys
from rnn_tutor.tui.screens.frame import Items
from rnn_tutor.tui.screens.lab import LabScreen
from rnn_tutor.tui.visits import TroubleError
from rnn_tutor.tui.widgets.line import AnswerLine

if TYPE_CHECKING:
    from rnn_tutor.exercises.labs.controls import Setting

_SLICE = 0.03  # seconds of updates between two looks at what was typed
_PAUSE = 0.004  # seconds for keys and for painting after each
_EVERY = 0.25  # seconds between two pictures of what is being learnt


class TrainScreen(LabScreen):
    """A lab with a network. What is under way ends with its updates, with Esc, with a control that moves, or unseen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.LAB,
            f"train: some updates of the network, or {PRESSES} times as many",
            ("train", "t", "train(1)", "train"),
            ("train-long", "T", f"train({PRESSES})", f"train {PRESSES} times as long"),
        ),
        *keys.told(keys.LAB, "train from the start again", ("train-again", "a", "train_again", "start again")),
    ]
    _goal = 0  # updates that are being made towards; 0: nothing is under way
    _at_once = 1  # updates of a slice
    _next_picture = 0.0  # when it is due; 0: the bar tells of the first updates before any
    _judge: "Callable[[], None] | None" = None

    # what it writes

    @override
    def above(self) -> Iterable[Widget]:
        """Return the text that is drawn from the network, if it learns one."""
        self.written = Static(id="written", markup=False)
        return (self.written,)

    @override
    def _look(self) -> None:
        super()._look()
        try:
            text = self.labs.sample(self.visit)
        except TroubleError:  # the pictures have told it
            text = ""
        self.written.display = bool(text)
        self.written.update(Content.assemble(("It writes: ", "bold"), self.show(text)))

    # keys

    @override
    def key_items(self) -> Items:
        """Return the keys that work where one is; while it trains, what ends that comes first."""
        items = list(super().key_items())
        if self._goal:
            return [("leave", "stop"), *(item for item in items if item[0] not in ("leave", "back"))]
        return items if isinstance(self.focused, AnswerLine) else [("train train-long", "train"), *items]

    def action_train(self, presses: int) -> None:
        """Make the updates of some presses; while some are being made, as many more."""
        try:
            run = self.labs.run(self.visit)
        except TroubleError as error:
            self.say(error)
            return
        if run.ended:
            self.say(f"{run.ended} {self.key('train-again')} starts again.")
            return
        most = run.updates + PRESSES * run.recipe.press
        self._begin(min(most, max(self._goal, run.updates) + presses * run.recipe.press))

    def action_train_again(self) -> None:
        """Begin the network where the controls stand anew."""
        self._stop()
        try:
            self.labs.train_again(self.visit)
        except TroubleError as error:
            self.say(error)
            return
        self.hush()
        self._look()

    @override
    def action_leave(self) -> None:
        """Stop what is under way; else leave the line, or the lab."""
        if self._goal:
            self._stop()
        else:
            super().action_leave()

    @override
    def _put(self, setting: "Setting") -> None:
        self._stop()
        super()._put(setting)

    @override
    def _text_typed(self, control: str, text: str) -> None:
        self._stop()
        super()._text_typed(control, text)

    # predicting

    @override
    def _submit(self) -> None:
        """Take a guess: first train the network that it is about, before the learner's eyes."""
        text = self.guess.line.value
        reading = self.labs.read(self.visit, text)
        if reading is None or reading.error is not None:
            super()._submit()
            return
        self._stop()
        try:
            updates = self.labs.begin_judging(self.visit)
        except TroubleError as error:
            self.say(error)
            return
        if not updates:
            super()._submit()
            return

        def judge() -> None:
            self.guess.line.value = text
            super(TrainScreen, self)._submit()

        self.set_focus(None)
        self._make_room()
        self._look()
        self._judge = judge
        self._begin(self.visit.source.predict[self.visit.place].after or 0)

    # slices

    def _begin(self, goal: int) -> None:
        self.hush()
        self._make_room()
        if not self._goal:
            self._at_once, self._next_picture = 1, 0.0
        self._goal = goal
        self._tell()
        self.refresh_keys()
        self.tutor.later("train", self._slice, rest=_PAUSE)

    def _stop(self) -> None:
        """End what is under way where it is; a prediction that waits for it is open again."""
        if self._goal:
            self._goal, self._judge, self.visit.judging = 0, None, None
            self._tell()
            self.refresh_keys()
            self._look()

    def _slice(self) -> None:
        """Make some updates, show now and then what they did, and plan the next ones; unseen, nothing is trained."""
        if not self._goal:
            return
        if not self.is_current:
            self._stop()
            return
        began = CLOCKS.wall()
        try:
            done = self.labs.run(self.visit).updates
            run = self.labs.train(self.visit, min(self._at_once, self._goal - done))
        except TroubleError as error:
            self._stop()
            self.say(error)
            return
        took = max(CLOCKS.wall() - began, 1e-6)
        self._at_once = max(1, min(4 * self._at_once, int(self._at_once * _SLICE / took)))
        if run.updates >= self._goal or run.ended:
            self._finish(run.ended)
            return
        if not self._next_picture:  # a picture takes longer than an update, so it waits for the next slice
            self._next_picture = CLOCKS.wall()
            self._tell()
        elif CLOCKS.wall() >= self._next_picture:
            self._look()
            self._next_picture = CLOCKS.wall() + _EVERY
            self._tell()
        self.tutor.later("train", self._slice, rest=_PAUSE)

    def _finish(self, ended: str) -> None:
        judge, self._judge, self._goal = self._judge, None, 0
        self._tell()
        self.refresh_keys()
        self._look()
        if ended:
            self.say(ended)
        if judge is not None:
            judge()

    def _tell(self) -> None:
        """Say in the bar how far it is."""
        words = [word for word in self.about(self.visit.asked_as) if word]
        if self._goal:
            done = self.labs.run(self.visit).updates
            words = [f"training: {done:,} of {self._goal:,} updates"]
        self.bar.right = Content("   ".join(words))
