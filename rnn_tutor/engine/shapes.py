"""What a shape is, and how one is written. Needs no NumPy: screens speak of shapes before it is imported."""

from typing import TypeAlias

Shape: TypeAlias = tuple[int, ...]


def in_words(shape: Shape) -> str:
    """Return a shape as this program writes it: (2), (3, 4), or scalar."""
    return "(" + ", ".join(map(str, shape)) + ")" if shape else "scalar"
