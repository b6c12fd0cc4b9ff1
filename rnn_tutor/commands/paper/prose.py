"""Foreign prose as paragraphs of plain and code spans, for writers."""

from collections.abc import Iterator
from dataclasses import dataclass

from rnn_tutor.printable import flowing, plain

Spans = tuple[tuple[str, bool], ...]  # text, and whether it is code


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. formula: a line that was indented, kept as it stands; item: one of a list."""

    spans: Spans
    formula: bool = False
    item: bool = False

    @property
    def text(self) -> str:
        """The paragraph without its marks."""
        return "".join(text for text, _ in self.spans)


def paragraphs(text: str, *, ascii_only: bool = False) -> Iterator[Paragraph]:
    """Give the paragraphs of foreign prose, printable; what is in `backticks` is code."""
    for line in flowing(plain(text, ascii_only=ascii_only, lines=True)).split("\n"):
        if not line.strip():
            continue
        if line.startswith(" "):
            yield Paragraph(((line.strip(), False),), formula=True)
        elif line.startswith(("- ", "* ")):
            yield Paragraph(spans(line[2:].strip()), item=True)
        else:
            yield Paragraph(spans(line.strip()))


def spans(line: str) -> Spans:
    """Return the spans of a line of printable prose; a backtick that is left over stands for itself."""
    pieces = line.split("`")
    if len(pieces) % 2 == 0:
        return ((line, False),)
    return tuple((piece, bool(at % 2)) for at, piece in enumerate(pieces) if piece)
