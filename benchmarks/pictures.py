"""What looking costs: a key in a 512 x 512 heatmap (its handler, render, strips), and figures drawn at 100 x 30.

    python benchmarks/pictures.py

Milliseconds of this process's own time, so that a busy machine counts less.
"""

import asyncio
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from textual.geometry import Region

from rnn_tutor.exercises.load import Library
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.paths import content_folder
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.screens.look import LookScreen
from rnn_tutor.tui.terminal.capabilities import TRUECOLOUR, Options, Terminal
from rnn_tutor.tui.widgets.figure import content

CAN = Terminal(colours=TRUECOLOUR)
RNG = np.random.default_rng(0)


def heatmap(size: int = 512, columns: int = 120, rows: int = 40) -> dict[str, list[float]]:
    """Return the milliseconds of each kind of key in a size x size heatmap on a terminal."""
    figure = Figure("heatmap", (Item("W", RNG.normal(size=(size, size))),))
    keys = {
        "move": ["action_move:0:1"] * 30 + ["action_move:1:0"] * 60,
        "page down, right": ["action_page:1:0"] * 6 + ["action_page:0:1"] * 6,
        "zoom out": ["action_zoom:2"] * 6,
        "move in the whole": ["action_move:0:1"] * 20,
        "zoom in": ["action_zoom:0"] * 6,
    }
    found: dict[str, list[float]] = {}

    async def run() -> None:
        app = Tutor(lambda: Library([content_folder()]), Path("/nonexistent/progress"), CAN, Options())
        async with app.run_test(size=(columns, rows)) as pilot:
            await pilot.app.workers.wait_for_complete()
            app.push_screen(LookScreen("benchmark", [figure]))
            await pilot.pause()
            widget = app.screen.heatmap
            for kind, actions in keys.items():
                found[kind] = []
                for action in actions:
                    name, *args = action.split(":")
                    start = time.process_time()
                    getattr(widget, name)(*map(int, args))
                    widget._dirty_regions.clear()
                    widget._set_dirty()
                    widget.render_lines(Region(0, 0, *widget.size))
                    found[kind].append((time.process_time() - start) * 1000)
                await pilot.pause()

    asyncio.run(run())
    return found


def figures(width: int = 100, height: int = 30) -> dict[str, list[float]]:
    """Return the milliseconds that figures take to be drawn, the first (which imports uniplot) apart."""

    def made(kind: str, count: int, points: int) -> Figure:
        items = (Item(f"v{at}", np.cumsum(RNG.normal(size=points)), ("time",)) for at in range(count))
        return Figure(kind, tuple(items), "a title")

    cases = {
        "the first plot": made("lines", 1, 30),
        "2 lines of 30": made("lines", 2, 30),
        "6 lines of 2,000": made("lines", 6, 2_000),
        "8 bars": made("bars", 1, 8),
        "2,000 bars": made("bars", 1, 2_000),
        "a table of 2,000": made("table", 2, 2_000),
    }
    return {
        name: timed(lambda figure=figure: content(figure, width, height, CAN, "colour"), 1 if "first" in name else 20)
        for name, figure in cases.items()
    }


def timed(work: Callable[[], object], times: int) -> list[float]:
    """Return the milliseconds of each of some turns."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append((time.process_time() - start) * 1000)
    return found


def main() -> None:
    """Print all of it."""
    for title, rows in (("figures at 100 x 30", figures()), ("keys in a 512 x 512 heatmap, 120 x 40", heatmap())):
        print(title)
        for name, times in rows.items():
            late = sorted(times)[int(0.95 * (len(times) - 1))]
            print(f"  {name:<20} median {statistics.median(times):5.1f}   95% {late:5.1f}   most {max(times):5.1f} ms")


if __name__ == "__main__":
    main()
