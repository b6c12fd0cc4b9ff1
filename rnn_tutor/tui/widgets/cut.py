"""A text that has only so many lines: what has no room is told, and how one comes to all of it."""

from textual.content import Content


def cut(text: Content, width: int, height: int, more: str) -> Content:
    """Return as many lines of a text as fit; the last one then says `more`. With room for hardly any: nothing."""
    lines = text.wrap(max(1, width))
    if len(lines) <= height:
        return text
    if height < _LEAST:
        return Content()
    return Content("\n").join([*lines[: height - 1], Content.styled(f"... {more}", "dim")])


_LEAST = 4  # lines
