"""A screen mounted, laid out and drawn before it is shown, so that showing it is painting it.

Gain, openings of 40 exercises: 16.5 ms at the median where it takes 37 with the visit alone made beforehand. Textual
8.2 has no public way to begin a screen that is not pushed, nor to lay it out: where it has these parts no more, a
screen is begun when it is pushed, as any other is.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

from rnn_tutor.tui.terminal.key_order import drained

_ROUNDS = 4  # layouts until nothing moves any more: what is filled in when a size is known may need another


def can_be_unseen(screen: Screen[Any], app: App[Any]) -> bool:
    """Tell whether Textual has the parts that this needs."""
    return all(hasattr(screen, name) for name in ("_refresh_layout", "_layout_required", "_compositor")) and hasattr(
        app, "_get_screen"
    )


async def lay_out(screen: Screen[Any], app: App[Any], goes_on: Callable[[], Awaitable[bool]]) -> None:
    """Mount a screen, lay it out for the size of the app and draw its lines; where it is shown meanwhile, leave it.

    goes_on: waits, between two steps, until there is time for the next; False where nobody wants the screen any more.
    """
    _, mounted = app._get_screen(screen)
    await mounted
    for _ in range(_ROUNDS):
        if not await goes_on() or screen.is_current:
            return
        screen._layout_required = False
        screen._refresh_layout(app.size)
        await _at_rest(screen)
        if not screen._layout_required:
            break
    if await goes_on() and not screen.is_current and screen.size == app.size:
        screen._compositor.render_strips()  # kept by the widgets until something about them changes


async def drop(screen: Screen[Any]) -> None:
    """Take a screen away that was never shown."""
    if screen.is_attached and not screen.is_current:
        await screen.remove()


async def _at_rest(screen: Screen[Any]) -> None:
    """Wait until all of a screen has handled what it was sent."""
    await asyncio.gather(*(drained(widget) for widget in (*screen.walk_children(Widget), screen)))
