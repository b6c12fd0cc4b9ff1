"""A file's screens made anew, with the cursor, the step and the lines in view where they were."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import msgspec
from textual.screen import Screen
from textual.widget import Widget

from rnn_tutor.exercises.book import Glossary, Page, sort_key
from rnn_tutor.exercises.solution import solve
from rnn_tutor.figures.pages import pages
from rnn_tutor.tui.authoring.screens import FindingsScreen
from rnn_tutor.tui.lab_screens import lab_screen
from rnn_tutor.tui.screens.code import CodeScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.frame import FrameScreen, Scroll
from rnn_tutor.tui.screens.glossary import GlossaryScreen
from rnn_tutor.tui.screens.help import HelpScreen
from rnn_tutor.tui.screens.lab import LabScreen
from rnn_tutor.tui.screens.lab_steps import LabStepsScreen
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.screens.page import PageScreen
from rnn_tutor.tui.screens.solution import SolutionScreen
from rnn_tutor.tui.screens.words import WordsScreen
from rnn_tutor.tui.visits import ExerciseVisit, LabVisit, TroubleError
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.lines import Lines
from rnn_tutor.tui.widgets.options import Options

if TYPE_CHECKING:
    from rnn_tutor.tui.app import Tutor
    from rnn_tutor.tui.authoring.author_session import AuthorSession
    from rnn_tutor.tui.authoring.draft import Draft
    from rnn_tutor.tui.visits import AnyVisit


async def show(app: "Tutor", draft: "Draft", visit: "AnyVisit | None") -> None:
    """Put a file's screen in the place of the one that is there, and on top of it what was on top of that."""
    stack = app.screen_stack[1:]
    first = stack[0] if stack else None
    places = [_place(old_screen) for old_screen in stack]
    with app.batch_update():
        while len(app.screen_stack) > 2:
            await app.pop_screen()
        screen = _screen_of(app, draft, visit, first)
        await (app.push_screen(screen) if first is None else app.switch_screen(screen))
        if type(screen) is type(first):
            _settle(screen, places[0])
            _keep_hidden(screen, first)
        for (below, old_screen), place in zip(pairwise(stack), places[1:], strict=True):
            if not await _reopen(app, old_screen, below, visit, place):
                break


def _screen_of(app: "Tutor", draft: "Draft", visit: "AnyVisit | None", old: Screen[None] | None) -> FrameScreen:
    if isinstance(visit, ExerciseVisit):
        typing = not isinstance(old, ExerciseScreen) or old.types
        return ExerciseScreen(visit, typing=typing)
    if isinstance(visit, LabVisit):
        return lab_screen(visit)
    library = cast("AuthorSession", app.session).library
    if isinstance(draft.content, Page):
        return PageScreen(library.own_unit(), draft.content)
    assert isinstance(draft.content, Glossary)  # noqa: S101 - there is no other kind
    row = old.list.current if isinstance(old, GlossaryScreen) else None
    terms = sorted(draft.content.terms, key=sort_key)
    return GlossaryScreen(msgspec.structs.replace(draft.content, terms=terms), row.id if row is not None else None)


@dataclass(frozen=True)
class _Place:
    """Where one was on a screen: what was in view, and what had the focus (which of its kind, and the cursor in it)."""

    scrolled: tuple[float, ...]
    kind: type[Widget] | None = None
    position: int = 0
    cursor: int | tuple[int, int] = 0


def _place(old: Screen[None]) -> _Place:
    """Return where one is on a screen; to be asked before it is left, as it then loses its focus."""
    scrolled = tuple(column.scroll_y for column in old.query(Scroll))
    focused = old.focused
    if not isinstance(focused, AnswerLine | Lines | Options):
        return _Place(scrolled)
    position = list(old.query(type(focused))).index(focused)
    match focused:
        case AnswerLine():
            return _Place(scrolled, AnswerLine, position, focused.cursor_position)
        case Lines():
            return _Place(scrolled, type(focused), position, focused.cursor_location)
        case Options():
            return _Place(scrolled, Options, position, focused.cursor)


def _settle(screen: FrameScreen, place: _Place) -> None:
    """Go where one was on a screen like this one."""
    for column, line in zip(screen.query(Scroll), place.scrolled, strict=False):
        column.call_after_refresh(column.scroll_to, y=line, animate=False, immediate=True)
    candidates = list(screen.query(place.kind)) if place.kind is not None else []
    if place.kind is None and isinstance(screen, ExerciseScreen):
        screen.set_focus(None)
    if not candidates:
        return
    widget = candidates[min(place.position, len(candidates) - 1)]
    screen.set_focus(widget, scroll_visible=False)
    if isinstance(widget, AnswerLine) and isinstance(place.cursor, int):
        widget.cursor_position = min(place.cursor, len(widget.value))
    elif isinstance(widget, Lines) and isinstance(place.cursor, tuple):
        widget.move_cursor(place.cursor)
    elif isinstance(widget, Options) and isinstance(place.cursor, int):
        widget.cursor = min(place.cursor, len(widget.texts) - 1)


def _keep_hidden(screen: FrameScreen, old: Screen[None] | None) -> None:
    """A lab's text that was hidden for its picture stays so while it is the same text."""
    if isinstance(screen, LabScreen) and isinstance(old, LabScreen):
        same_prompt = screen.visit.bench.lab.prompt == old.visit.bench.lab.prompt
        screen.prompt.display = old.prompt.display or not same_prompt


async def _reopen(
    app: "Tutor", old: Screen[None], below: Screen[None], visit: "AnyVisit | None", place: _Place
) -> bool:
    """Open again what was on top of a screen; False for what belongs to numbers that are gone."""
    screen = _made_anew(app, old, below, visit)
    if screen is None:
        return False
    await app.push_screen(screen)
    _settle(screen, place)
    return True


def _made_anew(app: "Tutor", old: Screen[None], below: Screen[None], visit: "AnyVisit | None") -> FrameScreen | None:
    match old:
        case HelpScreen():
            return HelpScreen()
        case FindingsScreen():
            return FindingsScreen(old.file_state)
        case PageScreen():
            return PageScreen(old.unit, old.page, beside=old.beside)
        case CodeScreen() if isinstance(visit, ExerciseVisit):
            return CodeScreen(visit)
        case WordsScreen() if visit is not None:
            return WordsScreen(visit.source, app.session.ground_of(visit.source))
        case LabStepsScreen() if isinstance(visit, LabVisit):
            return LabStepsScreen(visit)
        case SolutionScreen() if isinstance(visit, ExerciseVisit):
            return _solution(old, visit)
        case LookScreen() if isinstance(below, ExerciseScreen) and isinstance(visit, ExerciseVisit):
            return _look(app, old, visit)
        case LookScreen() if isinstance(below, LabScreen) and isinstance(visit, LabVisit):
            return _look_at_lab(app, old, visit)
        case _:
            return None


def _solution(old: SolutionScreen, visit: ExerciseVisit) -> SolutionScreen:
    screen = SolutionScreen(visit, solve(visit.question))
    screen.number = max(0, min(old.number, len(screen.steps) - 1))
    screen.with_gradient = old.with_gradient
    return screen


def _look(app: "Tutor", old: LookScreen, visit: ExerciseVisit) -> LookScreen | None:
    figures = app.session.exercises.all_to_look_at(visit)
    return app.look_screen(visit, figures, min(old.place, len(figures) - 1)) if figures else None


def _look_at_lab(app: "Tutor", old: LookScreen, visit: LabVisit) -> LookScreen | None:
    try:
        figures = pages(app.session.labs.figures(visit))
    except TroubleError:  # the lab's own screen says it
        return None
    return LookScreen(visit.bench.lab.title, figures, first_page=min(old.place, len(figures) - 1)) if figures else None
