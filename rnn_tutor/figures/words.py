"""How shapes are said, wherever an array is shown."""

from collections.abc import Sequence

from rnn_tutor.engine.shapes import Shape, in_words


def shape_with_axes(shape: Shape, axes: Sequence[str]) -> str:
    """Return a shape with the names of its axes: (time 3, unit 2); plain where no name is known."""
    if not shape:
        return "a number"
    if not any(axes) or len(axes) != len(shape):
        return in_words(shape)
    return "(" + ", ".join(f"{axis} {length}".strip() for length, axis in zip(shape, axes, strict=True)) + ")"
