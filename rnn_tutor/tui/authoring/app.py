"""The app of an author: the learner's screens on one file, which is read again whenever it is saved."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import Screen
from textual.widget import Widget
from typing_extensions import override

from rnn_tutor.tui import keys
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.authoring.latest_worker import Lane
from rnn_tutor.tui.authoring.panel import Panel, State
from rnn_tutor.tui.authoring.screens import FindingsScreen
from rnn_tutor.tui.authoring.watch import POLL, Watch
from rnn_tutor.tui.late_imports import TURN, Warm
from rnn_tutor.tui.pauses import REST

if TYPE_CHECKING:
    from rnn_tutor.exercises.files.finding import Finding
    from rnn_tutor.tui.authoring.author_session import AuthorSession
    from rnn_tutor.tui.authoring.draft import Draft
    from rnn_tutor.tui.session import Following
    from rnn_tutor.tui.visits import AnyVisit

DRAWS = 10  # of the check: it is for the next minute, not for handing the file out
_ALONE = "This is one file. To open the course, run rnn-tutor alone."
_MORE = (
    "rnn_tutor.exercises.lint",
    "rnn_tutor.tui.authoring.draft",
    "rnn_tutor.tui.authoring.author_session",
    "rnn_tutor.tui.authoring.answers",
    "rnn_tutor.tui.authoring.restore_screens",
    "rnn_tutor.tui.screens.lab",
    "rnn_tutor.tui.screens.page",
    "rnn_tutor.tui.screens.glossary",
)


@dataclass(frozen=True)
class _Request:
    """What is to be shown next: the numbers of a seed; `read`: of what stands in the file now."""

    read: bool
    seed: int | None
    old: "AnyVisit | None"

    def then(self, later: "_Request") -> "_Request":
        """Return what is to be done where both were asked for."""
        return _Request(self.read or later.read, later.seed, later.old)


class Author(Tutor):
    """The tutor on one file. Nothing that is answered here is kept."""

    CSS_PATH = "../app.tcss"
    OWN_SCREENS = (FindingsScreen,)
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.told(
            keys.WRITE,
            "the next draw (seed 0, 1, 2, ...), the previous one; answers are marked again",
            ("next-draw", "ctrl+n", "draw(1)", "the next draw"),
            ("draw-before", "ctrl+p", "draw(-1)", "the draw before"),
            priority=True,
        ),
        *keys.told(
            keys.WRITE,
            "the original numbers",
            ("book-numbers", "ctrl+o", "original_numbers", "the original numbers"),
            priority=True,
        ),
        *keys.told(
            keys.WRITE,
            "show or hide the expected answers for these numbers",
            ("answers", "ctrl+g", "answers", "the expected answers"),
            priority=True,
        ),
        *keys.told(
            keys.WRITE,
            "everything that was found in the file",
            ("findings", "ctrl+l", "findings", "all findings"),
            priority=True,
        ),
        *keys.told(
            keys.WRITE,
            "hide the author's panel, to see the screen as a learner does; or show it",
            ("panel", "ctrl+t", "panel", "hide or show the panel"),
            priority=True,
        ),
    ]

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as Tutor is made
        super().__init__(*args, **options)
        assert self.options.author is not None  # noqa: S101 - it is what this app is for
        self.path: Path = self.options.author
        self._early = None
        self._warm = Warm(_MORE)
        self._watch = Watch(self.path)
        self._loading: Lane[_Request] = Lane("rnn-tutor-load", self._load, self._lane_failed, _Request.then)
        self._checking: Lane[int] = Lane("rnn-tutor-check", self._check, self._lane_failed)
        self._version = 0  # how often the file was saved so far
        self._seed = self.options.seed  # of the numbers that are wanted
        self._draft: Draft | None = None  # what is on the screen
        self._latest: Draft | None = None  # what was read last; the loading thread's
        self._seed_on_screen: int | None = None  # the seed of the numbers that were put on the screen
        self._read_findings: Sequence[Finding] = ()
        self._check_findings: Sequence[Finding] = ()
        self._checked = False
        self._answers = False
        self._hidden = False
        self._read_at = ""
        self._sentence = ""

    # what there is to say

    def state(self) -> State:
        """Return what there is to say of the file."""
        unread_keys = {(finding.line, finding.key, finding.says) for finding in self._read_findings}
        findings = [
            *self._read_findings,
            *(
                finding
                for finding in self._check_findings
                if (finding.line, finding.key, finding.says) not in unread_keys
            ),
        ]
        expected: list[str] = []
        if self._answers:
            from rnn_tutor.tui.authoring.answers import expected as answers_of

            expected = answers_of(self._visit)
        seed = _seed_of(self._visit)
        heading_words = ["" if seed is None else f"seed {seed}", f"read {self._read_at}" if self._read_at else ""]
        heading = ", ".join(word for word in heading_words if word)
        return State(
            self.path.name,
            self._trouble(),
            heading,
            not self._checked,
            findings,
            expected,
            list(self._keys_now()),
            self._key("findings"),
        )

    def _keys_now(self) -> Iterator[tuple[str, str]]:
        """Give the author's keys that do something now."""
        if self._visit is not None and self._visit.draws:
            yield keys.together(map(self._key, ("next-draw", "draw-before"))), "draw"
        if _seed_of(self._visit) is not None:
            yield self._key("book-numbers"), "original"
        if self._visit is not None:
            yield self._key("answers"), "hide answers" if self._answers else "answers"
        yield self._key("findings"), "findings"
        yield self._key("panel"), "hide"

    def _key(self, name: str) -> str:
        return keys.key_on(type(self), name, self.keymap)

    def _trouble(self) -> str:
        """Return why what is shown is not what was asked for, "" where it is."""
        if self._watch.gone:
            return "The file is gone. You still see its last version; when it is back, it is read again."
        if self._read_findings and self._draft is not None:
            return f"The file cannot be shown as it is now; you see its version of {self._read_at}."
        return self._sentence

    def _refill(self) -> None:
        """Say on every screen what is known now."""
        for screen in self.screen_stack:
            for panel in screen.query(Panel):
                self._show(panel)
                panel.fill()
            if isinstance(screen, FindingsScreen):
                screen.fill()

    @override
    def beneath(self) -> Iterable[Widget]:
        """Put the author's panel beneath a screen."""
        panel = Panel(self.state, self.terminal.ascii_only)
        self._show(panel)
        return (panel,)

    def _show(self, panel: Panel) -> None:
        """Show or hide a panel; that the screen is not what the file is, is always told."""
        panel.display = not self._hidden or bool(self._trouble())

    # beginning

    @override
    def get_default_screen(self) -> "Screen[object]":
        """Begin with what is known of the file, which is nothing."""
        return cast("Screen[object]", FindingsScreen(self.state, id="_default"))

    @override
    def _begin(self) -> None:
        self.begin_with_settings()
        self._warm.begin()
        self._read_again()
        self.set_interval(POLL, self._look)

    def _look(self) -> None:
        if self._watch.changed():
            if self._watch.gone:
                self._refill()
            else:
                self._read_again()

    def _read_again(self) -> None:
        self._version += 1
        self._checked = False
        self._request(read=True)
        self._checking.ask(self._version)
        self._refill()

    def _request(self, *, read: bool) -> None:
        visit = self._visit
        self._loading.ask(_Request(read, self._requested_seed(), visit.copied() if visit is not None else None))

    @property
    @override
    def saved(self) -> str:
        """What is safe when the program has to stop."""
        return "Your file is as you saved it."

    @property
    def quiet(self) -> bool:
        """Whether nothing is under way."""
        return not self._loading.busy and not self._checking.busy

    @override
    def on_unmount(self) -> None:
        """Begin nothing more."""
        self.pauses.stop()
        self._loading.stop()
        self._checking.stop()

    # in the threads

    def _load(self, request: _Request) -> None:
        """Read the file and make a visit of it; what comes of it is told by calls in the app's own thread."""
        self._warm.wait()
        try:
            self._load_it(request)
        except Exception as error:  # noqa: BLE001 - whatever a file that is half written brings about, one goes on
            self._tell(self._refuse, request, [self._mistake(error)])

    def _load_it(self, request: _Request) -> None:
        from rnn_tutor.exercises.compiled import ExerciseError
        from rnn_tutor.exercises.files.finding import ContentError
        from rnn_tutor.tui.authoring import draft as drafts
        from rnn_tutor.tui.authoring.author_session import AuthorSession

        if self._session is None:
            self._session = AuthorSession(self._library())
        try:
            draft = drafts.read(self.path) if request.read or self._latest is None else self._latest
        except ContentError as error:
            self._tell(self._refuse, request, error.findings)
            return
        sentence = ""
        try:
            try:
                visit = drafts.visited(draft, request.seed, request.old)
            except ExerciseError as error:
                if request.seed is None:
                    raise
                sentence = f"seed {request.seed}: {error.says}"
                if not request.read:
                    self._tell(self._undrawn, sentence)
                    return
                sentence += " These are the original numbers."
                visit = drafts.visited(draft, None, request.old)
        except ExerciseError as error:
            evaluable = drafts.evaluable_part(draft)
            if evaluable is None:
                self._tell(self._refuse, request, [draft.finding(error)])
                return
            sentence, draft = f"{error.key} cannot be evaluated; everything that depends on it is left out.", evaluable
            visit = drafts.visited(draft, None, request.old)
        self._latest = draft
        self._tell(self._arrived_draft, request, draft, visit, sentence)

    def _check(self, version: int) -> None:
        """Check the file as `rnn-tutor check` does, with fewer draws."""
        self._warm.wait()
        from rnn_tutor.exercises.lint import check

        switch_interval = sys.getswitchinterval()
        sys.setswitchinterval(TURN)
        try:
            findings = check(self.path, DRAWS).findings
        except Exception as error:  # noqa: BLE001 - as in _load
            findings = (self._mistake(error),)
        finally:
            sys.setswitchinterval(switch_interval)
        self._tell(self._take_findings, version, findings)

    def _lane_failed(self, error: Exception) -> None:
        self.failed(error, "reading or checking a file")

    def _mistake(self, error: Exception) -> "Finding":
        from rnn_tutor.exercises.files.finding import Finding
        from rnn_tutor.paths import whose

        written = self.mistakes.note(error, "reading or checking a file")
        sentence = f"{whose(type(error).__name__)}; {self.details(written)}"
        return Finding(self.path, 1, "", sentence)

    def _tell(self, callback: Callable[..., object], *arguments: object) -> None:
        with suppress(RuntimeError):  # the author has left meanwhile
            self.call_later(callback, *arguments)

    # what comes of it

    def _refuse(self, request: _Request, findings: "Sequence[Finding]") -> None:
        """Leave on the screen what is there, and say why."""
        if not self._watch.moving:
            self._read_findings = findings
            self._sentence = ""
            self._refill()
            self._at_rest()

    def _undrawn(self, sentence: str) -> None:
        """Say that there are no such numbers; those before stay."""
        self._sentence = sentence
        self._refill()

    def _take_findings(self, version: int, findings: "Sequence[Finding]") -> None:
        """Take what the check found, if it is about what stands in the file now."""
        if version == self._version and not self._watch.moving:
            self._check_findings, self._checked = findings, True
            self._refill()

    async def _arrived_draft(self, request: _Request, draft: "Draft", visit: "AnyVisit | None", sentence: str) -> None:
        """Show what was read or drawn."""
        if request.read and self._watch.moving:
            return
        from rnn_tutor.tui.authoring.restore_screens import show

        cast("AuthorSession", self.session).library.draft = draft
        self._sentence = sentence
        if request.read:
            self._read_findings = ()
            self._read_at = time.strftime("%H:%M:%S")
        unchanged = (
            self._draft is not None and self._draft.content == draft.content and self._seed_on_screen == _seed_of(visit)
        )
        self._draft = draft
        if not unchanged:
            if visit is not None:
                visit.catch_up(self._visit, request.old)
            self._seed_on_screen = _seed_of(visit)
            await show(self, draft, visit)
        self._refill()
        self._at_rest()

    @property
    def _visit(self) -> "AnyVisit | None":
        """What is on the screen, with what is typed there."""
        return getattr(self.screen_stack[1], "visit", None) if len(self.screen_stack) > 1 else None

    def _requested_seed(self) -> int | None:
        """Return the seed of the numbers that are wanted; F4 and b may have brought others than the app did."""
        seed = _seed_of(self._visit)
        if self._visit is not None and seed != self._seed_on_screen:
            self._seed = self._seed_on_screen = seed
        return self._seed

    # keys

    def action_draw(self, by: int) -> None:
        """Go to the next draw, or the one before; before the first come the original numbers."""
        seed = self._requested_seed()
        if self._visit is None or not self._visit.draws:
            self.say("There are no random numbers here, so nothing can be drawn.")
        elif seed is None and by < 0:
            self.say(f"These are the original numbers. {self._key('next-draw')} draws others: seed 0, 1, 2, ...")
        else:
            self._draw(0 if seed is None else seed + by if seed + by >= 0 else None)

    def action_original_numbers(self) -> None:
        """Go back to the original numbers."""
        if self._requested_seed() is not None:
            self._draw(None)

    def _draw(self, seed: int | None) -> None:
        self._seed = seed
        self._request(read=False)

    @override
    def choose_keys(self, name: str, asked: str | None) -> str:
        """Give a binding other keys; the panel tells them too."""
        trouble = super().choose_keys(name, asked)
        self._refill()
        return trouble

    def action_answers(self) -> None:
        """Show or hide what is expected."""
        self._answers = not self._answers
        self._hidden = self._hidden and not self._answers
        self._refill()

    def action_findings(self) -> None:
        """Open all findings, or close them."""
        if not isinstance(self.screen, FindingsScreen):
            self.push_screen(FindingsScreen(self.state))
        elif len(self.screen_stack) > 1:
            self.pop_screen()

    def action_panel(self) -> None:
        """Hide what is beneath the learner's screen, or show it."""
        self._hidden = not self._hidden
        self._refill()

    # one file, and not the course around it

    @override
    def pop_screen(self) -> AwaitComplete:
        """Go back; from the file's own screen, leave."""
        if len(self.screen_stack) > 2:
            return super().pop_screen()
        self.exit(0)
        return AwaitComplete()

    @override
    def open_exercise(self, exercise: str, *, instead: bool = False, typing: bool = True) -> None:
        """Stay."""
        self.say(_ALONE)

    @override
    def expect(self, name: str | None, *, rest: float = REST) -> None:
        """Make nothing ready: nothing else is opened here."""

    @override
    def open_lab(self, lab: str, *, instead: bool = False) -> None:
        """Stay."""
        self.say(_ALONE)

    @override
    def go_on(self, following: "Following", *, typing: bool = True) -> None:
        """Stay, and say where a learner would be now."""
        continuation = f" A learner goes on to {following.title}." if following.title else ""
        self.say(_ALONE + continuation)

    @override
    async def action_search(self) -> None:
        """Stay."""
        self.say(_ALONE)


def _seed_of(visit: "AnyVisit | None") -> int | None:
    return visit.seed if visit is not None else None
