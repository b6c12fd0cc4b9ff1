"""A file's screens made anew, with the cursor, the step and the lines in view where they were."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from textual.screen import Screen
from textual.widget import Widget

from rnn_tutor.exercises.book import Glossary, Page, sort_key
from rnn_tutor.exercises.solution import solve
from rnn_tutor.tui.authoring.screens import FindingsScreen
from rnn_tutor.tui.labs import LabVisit
from rnn_tutor.tui.screens.code import CodeScreen
from rnn_tutor.tui.screens.exercise import ExerciseScreen
from rnn_tutor.tui.screens.frame import FrameScreen, Scroll
from rnn_tutor.tui.screens.glossary import GlossaryScreen
from rnn_tutor.tui.screens.help import HelpScreen
from rnn_tutor.tui.screens.lab import LabScreen
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.screens.page import PageScreen
from rnn_tutor.tui.screens.solution import SolutionScreen
from rnn_tutor.tui.session import Visit
from rnn_tutor.tui.widgets.line import AnswerLine
from rnn_tutor.tui.widgets.lines import Lines
from rnn_tutor.tui.widgets.options import Options

if TYPE_CHECKING:
    from rnn_tutor.tui.authoring.app import Author
    from rnn_tutor.tui.authoring.draft import Draft
    from rnn_tutor.tui.authoring.sitting import AuthorSession
    from rnn_tutor.tui.authoring.visits import AnyVisit


async def show(app: "Author", draft: "Draft", visit: "AnyVisit") -> None:
    """Put a file's screen in the place of the one that is there, and on top of it what was on top of that."""
    stack = app.screen_stack[1:]
    first = stack[0] if stack else None
    with app.batch_update():
        while len(app.screen_stack) > 2:
            await app.pop_screen()
        screen = _screen_of(app, draft, visit, first)
        await (app.push_screen(screen) if first is None else app.switch_screen(screen))
        if first is not None:
            _settle(screen, first)
        for below, one in pairwise(stack):
            if not await _again(app, one, below, visit):
                break


def _screen_of(app: "Author", draft: "Draft", visit: "AnyVisit", old: Screen[None] | None) -> FrameScreen:
    if isinstance(visit, Visit):
        typing = not isinstance(old, ExerciseScreen) or old.focused is not None
        return ExerciseScreen(visit, typing=typing)
    if isinstance(visit, LabVisit):
        return LabScreen(visit)
    library = cast("AuthorSession", app.session).library
    if isinstance(draft.content, Page):
        return PageScreen(library.own_unit(), draft.content)
    assert isinstance(draft.content, Glossary)  # noqa: S101 - there is no other kind
    here = old.list.current if isinstance(old, GlossaryScreen) else None
    return GlossaryScreen(sorted(draft.content.terms, key=sort_key), here.id if here is not None else None)


def _settle(screen: FrameScreen, old: Screen[None]) -> None:
    """Put the cursor and what is in view where they were."""
    for new_column, old_column in zip(screen.query(Scroll), old.query(Scroll), strict=False):
        _scroll(new_column, old_column.scroll_y)
    if type(screen) is not type(old) or old.focused is None:
        return
    if isinstance(screen, ExerciseScreen) and isinstance(old, ExerciseScreen):
        if old.pad is not None and old.focused is old.pad.lines and screen.pad is not None:
            _focus(screen, screen.pad.lines, old.focused)
        for place, box in enumerate(old.boxes):
            if place < len(screen.boxes):
                same = screen.boxes[place]
                if old.focused is box.entry:
                    _focus(screen, same.entry, old.focused)
                elif isinstance(old.focused, Options) and old.focused is box.options:
                    _focus(screen, same.first, old.focused)
    elif isinstance(screen, LabScreen) and isinstance(old, LabScreen) and old.focused is old.guess.line:
        _focus(screen, screen.guess.line, old.focused)


def _scroll(column: Scroll, line: float) -> None:
    column.call_after_refresh(column.scroll_to, y=line, animate=False, immediate=True)


def _focus(screen: FrameScreen, new: Widget, old: Widget) -> None:
    screen.set_focus(new, scroll_visible=False)
    if isinstance(new, AnswerLine) and isinstance(old, AnswerLine):
        new.cursor_position = min(old.cursor_position, len(new.value))
    elif isinstance(new, Lines) and isinstance(old, Lines):
        new.move_cursor(old.cursor_location)
    elif isinstance(new, Options) and isinstance(old, Options):
        new.cursor = min(old.cursor, len(new.texts) - 1)


async def _again(app: "Author", old: Screen[None], below: Screen[None], visit: "AnyVisit") -> bool:
    """Open again what was on top of a screen; False for what belongs to numbers that are gone."""
    if isinstance(old, SolutionScreen) and isinstance(visit, Visit):
        screen = SolutionScreen(visit, solve(visit.question))
        screen.at = max(0, min(old.at, len(screen.steps) - 1))
        screen.with_gradient = old.with_gradient
        await app.push_screen(screen)
        return True
    if isinstance(old, LookScreen) and isinstance(visit, Visit) and isinstance(below, ExerciseScreen):
        figures = app.session.all_to_look_at(visit)
        app.open_look(visit, figures, min(old.at, max(0, len(figures) - 1)))
        return bool(figures)
    made = _MADE.get(type(old))
    if made is None or (isinstance(old, CodeScreen) and not isinstance(visit, Visit)):
        return False
    await app.push_screen(made(app, old, visit))
    return True


_MADE: dict[type, Callable[["Author", Screen[None], "AnyVisit"], FrameScreen]] = {
    HelpScreen: lambda _app, _old, _visit: HelpScreen(),
    FindingsScreen: lambda app, _old, _visit: FindingsScreen(app.state),
    CodeScreen: lambda _app, _old, visit: CodeScreen(cast("Visit", visit)),
    PageScreen: lambda _app, old, _visit: _page(cast("PageScreen", old)),
}


def _page(old: PageScreen) -> PageScreen:
    return PageScreen(old.unit, old.page, beside=old.beside)
