"""One token of a text: a number, a name or an operator, with where it stood."""

from dataclasses import dataclass, replace

from rnn_tutor.engine.expression import Span


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a name or an operator, with its span in the text that was given.

    `space` tells whether white space stands before it, `line` whether a line break does; `library` is what stood
    before a name: `np`, `torch.linalg`.
    """

    kind: str
    text: str
    start: int
    end: int
    space: bool = False
    line: bool = False
    library: str = ""

    @property
    def span(self) -> Span:
        return (self.start, self.end)

    def becomes(self, kind: str, text: str) -> "Token":
        """Return another token that stands at the same place."""
        return replace(self, kind=kind, text=text)
