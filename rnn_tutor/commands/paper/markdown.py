"""A document as Markdown (CommonMark, with the task lists and tables of most hosts); figures as text in ASCII.

Foreign text cannot become markup: what Markdown or HTML would act on is escaped, fences are longer than any inside.
"""

import re
from collections.abc import Iterable, Iterator

from rnn_tutor.figures import arrays
from rnn_tutor.printable import plain

from ..pictures import figure_lines
from .document import Answer, Block, Choices, Code, Document, Drawn, Given, Givens, Heading, Prose, Room, Step
from .prose import Paragraph, paragraphs

_WIDTH = 78
_LINE = r"\_" * 40  # to write on
_SHORT = r"\_" * 20
_ACTS = re.compile(r"[\\`*_\[\]<>|~&$#]")
_BEGINS = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")


def markdown(document: Document, *, ascii_only: bool = False) -> str:
    """Return a document as Markdown text. ascii_only: where it goes to something that cannot carry more."""
    return Writer(ascii_only).document(document)


class Writer:
    """Writes blocks as lines of Markdown. What is code in prose, `formula` may write as mathematics."""

    def __init__(self, ascii_only: bool) -> None:
        self._ascii = ascii_only

    def formula(self, text: str, *, alone: bool = False) -> str | None:
        """Return a piece of code in prose as mathematics, None where it stays code. alone: on lines of its own."""
        return None

    def document(self, document: Document) -> str:
        lines = [f"# {self.text(document.title)}"]
        if document.subtitle:
            lines += ["", f"*{self.text(document.subtitle)}*"]
        if document.fields:
            lines += ["", "    ".join(f"{self.text(field)}: {_SHORT}" for field in document.fields)]
        for section in document.sections:
            for block in section.blocks:
                lines += ["", *self.block(block)]
        if document.foot:
            lines += ["", "---", "", f"*{self.text(document.foot)}*"]
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def text(self, text: str) -> str:
        """Return one line of foreign text that is nothing but text."""
        line = _ACTS.sub(r"\\\g<0>", plain(text, ascii_only=self._ascii).strip())
        return _BEGINS.sub(lambda match: match[0] + "\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}", line)

    def code(self, text: str) -> str:
        """Return foreign text as a code span."""
        printable = plain(text, ascii_only=self._ascii)
        longest = max((len(run) for run in re.findall("`+", printable)), default=0)
        fence = "`" * (longest + 1)
        pad = " " if printable.startswith("`") or printable.endswith("`") or not printable.strip() else ""
        return f"{fence}{pad}{printable}{pad}{fence}"

    def fenced(self, lines: Iterable[str]) -> list[str]:
        """Return lines as they stand."""
        printable = [plain(line, ascii_only=self._ascii) for line in lines]
        longest = max((len(run) for line in printable for run in re.findall("`+", line)), default=0)
        fence = "`" * max(3, longest + 1)
        return [f"{fence}text", *printable, fence]

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                aside = f" ({self.text(block.aside)})" if block.aside else ""
                yield f"{'#' * (block.level + 1)} {self.text(block.text)}{aside}"
            case Prose():
                yield from self.prose(block.text)
            case Givens():
                yield from self.givens(block)
            case Drawn():
                yield from self.fenced(figure_lines(block.figure, _WIDTH, plainly=True))
            case Code():
                yield from self.fenced(block.lines)
            case Step():
                yield from self.step(block)
            case Choices():
                yield from self.choices(block)
            case Answer():
                form = f", {self.text(block.form)}" if block.form else ""
                yield f"- {self.code(f'{block.name} = {block.value}')}{form}"
            case Room():
                if block.name:
                    form = f" ({self.text(block.form)})" if block.form else ""
                    yield f"{self.code(block.name)} = {_LINE}{form}"

    def prose(self, text: str) -> Iterator[str]:
        """Give paragraphs, an empty line between them; formulas in fences."""
        before: Paragraph | None = None
        for paragraph in paragraphs(text, ascii_only=self._ascii):
            if before is not None and not (before.item and paragraph.item):
                yield ""
            before = paragraph
            if paragraph.formula:
                formula = self.formula(paragraph.text, alone=True)
                yield from self.fenced([paragraph.text]) if formula is None else [formula]
            else:
                line = self.spans(paragraph)
                yield f"- {line}" if paragraph.item else self.first(line)

    def spans(self, paragraph: Paragraph) -> str:
        """Return a paragraph as one line."""
        return "".join(
            (self.formula(text) or self.code(text)) if code else self.inner(text) for text, code in paragraph.spans
        )

    def inner(self, text: str) -> str:
        """Return a piece of a line: the spaces at its ends stay."""
        return _ACTS.sub(r"\\\g<0>", plain(text, ascii_only=self._ascii))

    @staticmethod
    def first(line: str) -> str:
        """Return a line that does not begin a list, a rule or a heading."""
        return _BEGINS.sub(lambda match: match[0] + "\\" if match[2].isdigit() else f"{match[1]}\\{match[2]}", line)

    def givens(self, block: Givens) -> Iterator[str]:
        yield "| | given | |"
        yield "| --- | --- | --- |"
        for given in block.entries:
            shape = f"{given.shape}, see the picture" if given.pictured else given.shape
            yield f"| {self.code(given.name)} | {self.text(given.means)} | {self.text(shape)} |"
        with_numbers = [given for given in block.entries if given.value is not None and not given.pictured]
        if with_numbers:
            wide = max(len(given.name) for given in with_numbers)
            yield ""
            yield from self.fenced([line for given in with_numbers for line in _numbers(given, wide)])

    def step(self, step: Step) -> Iterator[str]:
        symbols = self.code(step.symbols) if step.formula else self.text(step.symbols)
        yield f"**{step.number}.** {symbols}"
        if step.say:
            yield ""
            yield from self.prose(step.say)
        if step.numbers:
            yield ""
            yield from self.fenced(step.numbers)
        if step.result:
            shape = f", {self.text(step.shape)}" if step.shape else ""
            yield ""
            yield f"{self.code(step.result)}{shape}"

    def choices(self, block: Choices) -> Iterator[str]:
        for option in block.options:
            mark = "x" if block.told and option.right else " "
            text = " ".join(option.text.split())
            line = "".join(map(self.spans, paragraphs(text, ascii_only=self._ascii)))
            why = f" - {self.inner(' '.join(option.why.split()))}" if option.why else ""
            yield f"- [{mark}] {option.number}\\. {line}{why}" if block.told else f"- [{mark}] {self.first(line)}{why}"


def _numbers(given: Given, wide: int) -> list[str]:
    """Return the numbers of a given as aligned lines behind its name."""
    lines: list[str] = []
    assert given.value is not None  # noqa: S101 - as chosen above
    for block in arrays.blocks(given.value):
        widths = [max(len(row[at]) for row in block.rows if at < len(row)) for at in range(max(map(len, block.rows)))]
        rows = [
            "  ".join(number.rjust(width) for number, width in zip(row, widths, strict=False)) for row in block.rows
        ]
        lines += [f"{given.name}{block.caption}"] if block.caption else []
        lines += rows
    head = f"{given.name:<{wide}} = "
    if any(block.caption for block in arrays.blocks(given.value)):
        return lines
    return [(head if at == 0 else " " * len(head)) + line for at, line in enumerate(lines)]
