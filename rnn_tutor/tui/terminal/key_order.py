"""Keys in turn: each finds the screen as the keys before it have left it, however fast they come.

Textual hands a key to the widget that has the focus when it arrives, and runs what is bound to it some messages later:
what is typed ahead (on a slow line, or pasted as keys) then lands on the part just checked, or on the screen just left.
A key that means nothing on its screen comes back to the app behind all these messages. Bindings are looked for here
alone, so that it means nothing on the next screen either.
"""

import asyncio
from typing import Any

from textual import events
from textual.app import App
from textual.widget import Widget

_PATIENCE = 5.0  # seconds; what is bound to a key is then run, whatever a widget is still busy with


async def in_turn(app: App[Any], key: events.Key) -> bool:
    """Run what is bound to a key, at once, after what was typed before it; False leaves the key to its widget alone."""
    if app.screen.focused is None:
        await drained(app.screen)  # it may not be mounted yet
    target: Widget = app.focused or app.screen
    if target.check_consume_key(key.key, key.character):
        return False  # text: it waits behind the text before it
    await drained(target)
    if not (await app._check_bindings(key.key, priority=True) or await app._check_bindings(key.key)):
        return False
    await drained(app.screen)
    return True


async def drained(widget: Widget) -> bool:
    """Wait until a widget has handled all messages that were sent to it so far; False if it does not get there."""
    handled = asyncio.Event()
    if not widget.call_later(handled.set):
        return False
    try:
        await asyncio.wait_for(handled.wait(), _PATIENCE)
    except TimeoutError:
        return False
    return True
