"""The worked solution as one text, as it stands beside an exercise."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

if TYPE_CHECKING:
    from rnn_tutor.exercises.solution import Worked

    Show = Callable[..., Content]


def whole(steps: "Sequence[Worked]", show: "Show", prose: "Callable[[object], Content]") -> Content:
    """Return all steps: in symbols, with numbers put in, the result, and what is said of it."""
    lines: list[Content] = [Content.styled("Solution", "bold")] if steps else []
    for step in steps:
        lines.append(show(step.symbols, style="bold"))
        lines += [show(f"  {line}") for line in step.numbers]
        if step.result:
            lines.append(show(step.result, style="bold ansi_cyan"))
        if step.say:
            lines.append(prose(step.say).stylize("dim"))
        lines.append(Content())
    return Content("\n").join(lines[:-1])
