"""A program's text -> its logical lines: comments and docstrings blanked, brackets kept together, places kept.

The limits of the whole text come first, so that nothing later meets a text that could hurt it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rnn_tutor.engine.errors import EngineError, ErrorKind
from rnn_tutor.engine.reading.characters import UNSEEN
from rnn_tutor.engine.reading.notation import check_length
from rnn_tutor.engine.reading.pasted import unpasted

MAX_PROGRAM = 8_000
MAX_LINES = 200
TAB = 4

_IMPORT = re.compile(  # of what is there already, under the name that it has here
    r"\s*(?:import\s+(?:numpy(?:\s+as\s+np)?|math|torch|torch\.nn\.functional\s+as\s+F|torch\.nn\s+as\s+nn)"
    r"|from\s+torch\s+import\s+nn|from\s+torch\.nn\s+import\s+functional\s+as\s+F)\s*"
)
_OPEN, _CLOSE = "([", ")]"


@dataclass(frozen=True, slots=True)
class Line:
    """One logical line: its number (from 1) and first character in the program, and its text without comments."""

    number: int
    start: int
    indent: int
    text: str

    def number_at(self, at: int) -> int:
        """Return the number of the line on which a character of the text stands."""
        return self.number + self.text.count("\n", 0, max(0, at))


class LineError(EngineError):
    """An EngineError at a line of a program: `line` counts from 1, `at` is the span in the whole text."""

    def __init__(self, kind: ErrorKind, says: str, line: int, at: tuple[int, int]) -> None:
        super().__init__(kind, f"Line {line}: {says}", at)
        self.line = line


def located(error: EngineError, line: Line) -> LineError:
    """Return an error of a line's text as one of the whole program."""
    if isinstance(error, LineError):
        return error
    body = len(line.text) - len(line.text.lstrip())
    first, last = error.at if error.at is not None else (body, len(line.text.rstrip()))
    return LineError(error.kind, error.says, line.number_at(first), (line.start + first, line.start + last))


def logical_lines(text: str) -> list[Line]:
    """Return the lines of a program that say something. Raises LineError."""
    if len(text) > MAX_PROGRAM:
        sentence = f"The program is {len(text):,} characters long; {MAX_PROGRAM:,} is the most."
        raise LineError("limit", sentence, 1, (0, 0))
    text = unpasted(text.replace("\r\n", " \n").replace("\r", "\n"), program=True)
    count = text.rstrip().count("\n") + 1
    if count > MAX_LINES:
        raise LineError("limit", f"The program has {count} lines; {MAX_LINES} is the most.", MAX_LINES + 1, (0, 0))
    seen = [place for place, char in enumerate(text) if char not in UNSEEN]
    lines = list(_split(text if len(seen) == len(text) else "".join(text[place] for place in seen)))
    if len(seen) < len(text):  # each begins where it was typed
        lines = [replace(line, start=seen[line.start]) for line in lines if line.text]
    for line in lines:
        check_line(line)
    lines = [one for line in lines for one in _statements(line)]
    if len(lines) > MAX_LINES:
        raise LineError("limit", f"The program has more than {MAX_LINES} statements.", lines[MAX_LINES].number, (0, 0))
    kept = [line for line in lines if line.text.strip() and not _IMPORT.fullmatch(line.text)]
    if not kept:
        raise LineError("notation", "Nothing is written there yet.", 1, (0, len(text)))
    return kept


def _statements(line: Line) -> Iterator[Line]:
    """Yield the statements of a line that a ; separates, each in its place; those behind a : stay on one line."""
    if ";" not in line.text or _COMPOUND.match(line.text) or NOTHING_DONE.fullmatch(line.text):
        yield line
        return
    depth, start = 0, 0
    for place, char in enumerate(f"{line.text};"):
        depth += (char in _OPEN) - (char in _CLOSE)
        if char == ";" and (depth == 0 or place == len(line.text)):
            before = "".join(one if one == "\n" else " " for one in line.text[:start])
            text = before + line.text[start:place]
            if text.strip():
                yield replace(line, text=text)
            start = place + 1


NOTHING_DONE = re.compile(r"\s*(?:print\s*\(.*\)|assert\b.*)\s*", re.DOTALL)  # reads and tells, and changes nothing
_COMPOUND = re.compile(r"\s*(?:for|while|if|elif|else|def)\b")


def check_line(line: Line) -> None:
    """Raise LineError (`limit`) for a line that is too long to be looked at."""
    try:
        check_length(line.text)
    except EngineError as error:
        raise located(error, line) from None


def _split(text: str) -> Iterator[Line]:
    """Yield the logical lines: a line ends where a line break stands outside brackets."""
    plain = list(text)
    start = position = 0
    opened: list[int] = []
    said = False  # whether this line has anything but space yet
    while position < len(text):
        char = text[position]
        if char == "#":
            end = _until(text, "\n", position)
            plain[position:end] = " " * (end - position)
            position = end
            continue
        if char in "\"'" and not said:
            end = _docstring(text, position)
            plain[position:end] = [one if one == "\n" else " " for one in text[position:end]]
            position = end
            continue
        if char in _OPEN:
            opened.append(position)
        elif char in _CLOSE and opened:
            opened.pop()
        elif char == "\n" and not opened:
            yield _line(text, plain, start, position)
            start, said = position + 1, False
        said = said or not char.isspace()
        position += 1
    if opened:
        at = opened[-1]
        sentence = f"The {text[at]} here is not closed yet."
        raise LineError("notation", sentence, text.count("\n", 0, at) + 1, (at, at + 1))
    yield _line(text, plain, start, len(text))


def _line(text: str, plain: list[str], start: int, end: int) -> Line:
    """Return the line of these characters; what a docstring left blank before it is no part of it."""
    written = "".join(plain[start:end])
    blank = len(written) - len(written.lstrip())
    start += written.rfind("\n", 0, blank) + 1
    written = "".join(plain[start:end])
    return Line(text.count("\n", 0, start) + 1, start, _indent(written), written)


def _indent(written: str) -> int:
    """Return how far a line is indented: a tab goes on to the next multiple of four."""
    wide = 0
    for char in written:
        if char == "\t":
            wide += TAB - wide % TAB
        elif char.isspace():
            wide += 1
        else:
            break
    return wide


def _until(text: str, end: str, start: int) -> int:
    place = text.find(end, start)
    return len(text) if place < 0 else place


def _docstring(text: str, start: int) -> int:
    """Return where a text in quotation marks that stands by itself ends: it is read over, as a comment is."""
    quote = text[start] * 3 if text.startswith(text[start] * 3, start) else text[start]
    end = text.find(quote, start + len(quote))
    if end < 0 or (len(quote) == 1 and "\n" in text[start:end]):
        sentence = f"The text that begins with {quote} here has no end."
        raise LineError("notation", sentence, text.count("\n", 0, start) + 1, (start, start + len(quote)))
    return end + len(quote)
