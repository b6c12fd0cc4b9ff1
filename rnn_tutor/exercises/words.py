"""How values and shapes are said: the same words in the terminal, in the commands and in the marking."""

from collections.abc import Sequence

from rnn_tutor.engine.shapes import Shape, in_words
from rnn_tutor.figures.words import shape_with_axes

ORIGINAL = "original numbers"


def numbers_of(seed: int | None) -> str:
    """Return which numbers a question has."""
    return ORIGINAL if seed is None else f"numbers of seed {seed}"


def remarks(sentences: Sequence[str]) -> str:
    """Return how something was read that can be read in two ways, in brackets behind what was understood."""
    return f" ({'; '.join(sentences)})" if sentences else ""


def kind_of(shape: Shape) -> str:
    """Return what an array of a shape is called: a number, a vector, a matrix, an array of 3 axes."""
    if len(shape) <= 2:
        return ("number", "vector", "matrix")[len(shape)]
    return f"array of {len(shape)} axes"


def a_kind(shape: Shape) -> str:
    """Return "a number", "a vector (3)", "a matrix (2, 3)"."""
    if not shape:
        return "a number"
    kind = kind_of(shape)
    return f"{'an' if kind[0] == 'a' else 'a'} {kind} {in_words(shape)}"


def enumerated(items: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(items) <= 1:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def times(count: int, word: str) -> str:
    """Return "one step", "2 steps"."""
    return f"one {word}" if count == 1 else f"{count} {word}s"


def points(value: float) -> str:
    """Return points as they are told: a third of one is 0.33."""
    return f"{value:.2f}".rstrip("0").removesuffix(".")


def of_elements(count: int, size: int) -> str:
    """Return a subject with its verb: "1 of the 3 elements is", "2 of the 3 elements are"."""
    return f"{count} of the {size} elements {'is' if count == 1 else 'are'}"


def cell_name(name: str, at: Sequence[int]) -> str:
    """Return the name of a cell: c[1], h[2, 0]; of a scalar, its own."""
    return f"{name}[{', '.join(map(str, at))}]" if len(at) else name


def wrong_shape(got: Shape, want: Shape, axes: Sequence[str], name: str) -> str:
    """Return in words what is wrong with a shape; the two differ. Axes without a name are "axis 0"."""
    named = [axes[k] if k < len(axes) and axes[k] else f"axis {k}" for k in range(len(want))]
    kind = kind_of(want)
    wanted = f"{name} is {'an' if kind[0] == 'a' else 'a'} {kind} {shape_with_axes(want, axes)}"
    if not want:
        return f"The answer is a single number; yours is {a_kind(got)}."
    if not got:
        return f"Yours is a single number; {wanted}."
    if sorted(got) == sorted(want):
        return f"The axes are in the wrong order: {wanted}; yours is {in_words(got)}."
    if len(got) == len(want) - 1:
        absent = [k for k in range(len(want)) if want[:k] + want[k + 1 :] == got]
        if absent:
            missing = f"Axis {absent[0]}" if named[absent[0]].startswith("axis ") else f"The axis {named[absent[0]]}"
            return f"{missing} is missing: {wanted}; yours is {in_words(got)}."
    if len(got) == len(want) + 1:
        extra = [k for k in range(len(got)) if got[:k] + got[k + 1 :] == want]
        if extra:
            return f"There is one axis too many (axis {extra[0]}, of length {got[extra[0]]}): {wanted}."
    if len(got) == len(want):
        differing = [k for k in range(len(want)) if got[k] != want[k]]
        own = enumerated([f"{times_of(got[k])} along {named[k]}" for k in differing])
        return f"Yours has {own}; {wanted}."
    return f"Yours is {a_kind(got)}; {wanted}."


def times_of(length: int) -> str:
    """Return "1 entry", "3 entries"."""
    return "1 entry" if length == 1 else f"{length} entries"


def wrong_sizes(got: Shape, want: Shape, axes: Sequence[str], name: str) -> str:
    """Return what is wrong with a shape that was asked for, without telling a size that is still to find."""
    named = [axes[k] if k < len(axes) and axes[k] else f"axis {k}" for k in range(len(want))]
    if len(got) == len(want):
        differing = [named[k] for k in range(len(want)) if got[k] != want[k]]
        right = [named[k] for k in range(len(want)) if got[k] == want[k]]
        clause = f" {enumerated(right)} {'is' if len(right) == 1 else 'are'} right." if right else ""
        if sorted(got) == sorted(want):
            subject = "size is" if len(want) == 1 else "sizes are"
            return f"The {subject} right, but in the wrong order: look at {enumerated(differing)}.{clause}"
        return f"Not the right size for {enumerated(differing)}.{clause}"
    count = times(len(want), "axis").replace("axiss", "axes")
    if len(got) == len(want) - 1:
        absent = [k for k in range(len(want)) if want[:k] + want[k + 1 :] == got]
        if absent:
            return f"An axis is missing ({named[absent[0]]}): {name} has {count}. The others are right."
    if len(got) == len(want) + 1:
        extra = [k for k in range(len(got)) if got[:k] + got[k + 1 :] == want]
        if extra:
            return f"There is one axis too many: number {extra[0] + 1} of yours, of size {got[extra[0]]}."
    return f"{name} has {count}; yours has {len(got)}."
