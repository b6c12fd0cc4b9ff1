"""What is rendered of a few lines is what Textual renders of them, with a part of the work."""

import random

import pytest
from textual._compositor import Compositor
from textual.filter import LineFilter
from textual.geometry import Region

from rnn_tutor.tui.terminal.screen import DirtyLines
from tests.tui.conftest import settled


def chops(compositor, regions):
    """The pieces of the lines of some regions, as they are painted."""
    spans = list(compositor._regions_to_spans(regions))
    crop = Region.from_union(regions).intersection(compositor.size.region)
    found = compositor._render_chops(crop, {y for y, _, _ in spans}.__contains__)
    ends = compositor.cuts
    return {
        y: {
            cut: list(strip)
            for (cut, strip), end in zip(found[y].items(), ends[y][1:], strict=True)
            if cut < crop.right and end > crop.x
        }
        for y, _, _ in spans
    }


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_any_region_is_painted_as_textual_paints_it(open_app, size):
    chance = random.Random(1)  # noqa: S311 - no secret
    async with open_app(size=size) as (app, pilot):
        app.open_exercise("lstm-cell")
        await pilot.press("1")
        await settled(pilot)
        compositor = app.screen._compositor
        assert isinstance(compositor, DirtyLines)
        columns, rows = size
        for _ in range(60):
            regions = set()
            for _ in range(chance.randint(1, 3)):
                x, y = chance.randrange(columns), chance.randrange(rows)
                wide, high = chance.randint(1, columns - x), chance.randint(1, min(4, rows - y))
                regions.add(Region(x, y, wide, high))
            ours = chops(compositor, regions)
            theirs = chops(_plain(compositor), regions)
            assert ours == theirs


def _plain(compositor):
    """Textual's own compositor with the same widgets."""
    plain = Compositor()
    vars(plain).update(vars(compositor))
    return plain


def _rendered(screen, monkeypatch):
    """Note which lines of which widgets are rendered."""
    asked = []
    for widget in screen._compositor.visible_widgets:
        lines = widget.render_lines

        def render_lines(crop, widget=widget, lines=lines):
            asked.append((widget, crop))
            return lines(crop)

        monkeypatch.setattr(widget, "render_lines", render_lines)
    return asked


async def test_of_one_line_one_line_is_rendered(open_app, monkeypatch):
    async with open_app(size=(120, 40)) as (app, pilot):
        app.open_exercise("lstm-cell")
        await settled(pilot)
        asked = _rendered(app.screen, monkeypatch)
        line = app.focused.region
        app.focused.refresh()
        chops(app.screen._compositor, {line})
        assert [widget for widget, _ in asked] == [app.focused]
        assert all(crop.height == 1 for _, crop in asked)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_nothing_is_rendered_that_stands_behind_something_else(open_app, monkeypatch, size):
    """Of a whole screen each cell is rendered about once: a widget that is seen beside another has its whole line."""
    async with open_app(size=size) as (app, pilot):
        app.open_exercise("lstm-cell")
        await settled(pilot)
        asked = _rendered(app.screen, monkeypatch)
        for widget in app.screen._compositor.visible_widgets:
            widget.refresh()
        app.screen._compositor.render_full_update()
        assert sum(crop.area for _, crop in asked) < 2 * size[0] * size[1]


async def test_what_has_only_moved_is_not_rendered_again(open_app, monkeypatch):
    """A verdict comes between a part and what stands below it, of which nothing else changes."""
    async with open_app(size=(120, 40)) as (app, pilot):
        app.open_exercise("lstm-cell")
        await pilot.press("1")
        await settled(pilot)
        app.screen.prompt.styles.margin = 0
        await settled(pilot)
        asked = _rendered(app.screen, monkeypatch)
        before = app.focused.region
        app.screen.prompt.styles.margin = (1, 0, 0, 0)
        await settled(pilot)
        assert app.focused.region.y == before.y + 1
        assert app.focused not in [widget for widget, _ in asked]
        app.focused.value = "2"
        await settled(pilot)
        assert app.focused in [widget for widget, _ in asked]
        ours = chops(app.screen._compositor, {app.screen.region})
        assert ours == chops(_plain(app.screen._compositor), {app.screen.region})


async def test_what_goes_through_a_filter_is_rendered(open_app, monkeypatch):
    """What was drawn is kept without it: a theme or an ASCII terminal has it exchanged on its way out."""
    async with open_app(size=(120, 40)) as (app, pilot):
        app.open_exercise("lstm-cell")
        await settled(pilot)
        monkeypatch.setattr(type(app), "get_line_filters", lambda self: [Upper()])
        asked = _rendered(app.screen, monkeypatch)
        found = chops(app.screen._compositor, {app.screen.prompt.region})
        assert asked
        text = "".join(segment.text for line in found.values() for segments in line.values() for segment in segments)
        assert text.strip()
        assert text == text.upper()


class Upper(LineFilter):
    def apply(self, segments, _background):
        return [segment._replace(text=segment.text.upper()) for segment in segments]
