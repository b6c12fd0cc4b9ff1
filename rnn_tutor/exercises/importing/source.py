"""A notebook's bytes -> its cells, within bounds that are checked before any library sees the file.

The header of a text notebook is cut off here and the format is fixed: a header could make jupytext start a program, or
keep it busy for half a minute with aliases of YAML.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rnn_tutor.exercises.files.finding import ContentError, shown
from rnn_tutor.exercises.files.source import read_bytes

MAX_BYTES = 10 * 1024 * 1024
MAX_CELLS = 2_000
MAX_CHARACTERS = 200_000  # of a cell
MAX_SOURCE = 2_000_000  # characters of all cells, without what they have put out
MAX_DEPTH = 64
MAX_OUTPUT = 1024 * 1024  # characters of a cell's output that are read
FORMAT = 4  # of nbformat
FORMATS = {".ipynb": "", ".py": "py:percent", ".md": "md"}
INSTALL = "pip install 'rnn-tutor[notebooks]'"

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_CELL_MARK = re.compile(r"^(?:# ?%%|```)", re.MULTILINE)
_PIECES = re.compile(r"^(?:# ?%%|```)|\n\n\n", re.MULTILINE)
_HEADERS = {
    ".py": re.compile(r"\A\s*#\s*---[ \t]*\n(?:#.*\n)*?#\s*---[ \t]*(?:\n|\Z)"),
    ".md": re.compile(r"\A\s*---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)"),
}


class SourceError(Exception):
    """A file that is no notebook, or one beyond the bounds; the text is the sentence that says so."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its place in the notebook from 1, its text, and what its code printed and gave when it was stored."""

    number: int
    kind: Literal["code", "text"]
    text: str
    output: str | None = None  # None where nothing is stored
    failed: bool = False
    error: str = ""  # that it ended with, on one line


def read_cells(file: Path) -> list[Cell]:
    """Return the cells of a notebook. Raises SourceError, whose text says in a sentence what is wrong."""
    if file.suffix not in FORMATS:
        raise SourceError("This is not a notebook: the file has to end in .ipynb, .py or .md.")
    try:
        content = read_bytes(file, most=MAX_BYTES)
    except ContentError as error:
        raise SourceError(_capital(error.findings[0].says)) from None
    return cells_of(content, file.suffix)


def cells_of(content: bytes, suffix: str) -> list[Cell]:
    """Return the cells of a notebook's bytes; `suffix` tells which kind of notebook. Raises SourceError."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SourceError("The file is not text in UTF-8, so it is not a notebook.") from None
    if not text.strip():
        raise SourceError("The file is empty.")
    cells = _of_json(text) if suffix == ".ipynb" else _of_text(text.replace("\r\n", "\n"), suffix)
    if not cells:
        raise SourceError("The notebook has no cells.")
    if sum(len(cell.text) for cell in cells) > MAX_SOURCE:
        raise SourceError(f"The cells have more than {MAX_SOURCE:,} characters together; at most that many are read.")
    return cells


def _capital(sentence: str) -> str:
    return f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}."


def _of_json(text: str) -> list[Cell]:
    _check_depth(text)
    try:
        data = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError, MemoryError):
        raise SourceError("The file is damaged, or it is not a notebook: it is not JSON.") from None
    if not isinstance(data, dict) or "nbformat" not in data:
        raise SourceError("The file is JSON, but not a notebook: it does not say which nbformat it has.")
    if data["nbformat"] != FORMAT:
        raise SourceError("The notebook has another format than nbformat 4; open it in Jupyter and save it again.")
    raw = data.get("cells")
    if not isinstance(raw, list):
        raise SourceError("The notebook is damaged: it has no list of cells.")
    _check_count(len(raw))
    cells = [_cell(number, one) for number, one in enumerate(raw, 1)]
    return _validated([cell for cell in cells if cell is not None])


def _check_depth(text: str) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        sign = match.group()[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > MAX_DEPTH:
            raise SourceError(f"The notebook is nested too deep: at most {MAX_DEPTH} levels are read.")


def _check_count(count: int) -> None:
    if count > MAX_CELLS:
        raise SourceError(f"The notebook has {count:,} cells; at most {MAX_CELLS:,} are read.")


def _cell(number: int, raw: Any) -> Cell | None:  # noqa: ANN401 - whatever JSON has there
    """Return a cell of the JSON, None for one of another kind. Raises SourceError for a damaged one."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("cell_type"), str):
        raise SourceError(f"The notebook is damaged: cell {number} is not a cell.")
    text = _joined(raw.get("source", ""))
    if text is None:
        raise SourceError(f"The notebook is damaged: the text of cell {number} is none.")
    _check_size(number, text)
    if raw["cell_type"] == "markdown":
        return Cell(number, "text", text)
    if raw["cell_type"] != "code":
        return None
    outputs = raw.get("outputs", [])
    outputs = outputs if isinstance(outputs, list) else []
    failed = [one for one in outputs if isinstance(one, Mapping) and one.get("output_type") == "error"]
    return Cell(number, "code", text, _printed(outputs), bool(failed), error_of(failed[0]) if failed else "")


def error_of(output: Mapping[str, Any]) -> str:
    """Return the error of an output as one line: "No module named 'x'", or its kind and what it says."""
    kind, says = (" ".join(str(output.get(key) or "").split()) for key in ("ename", "evalue"))
    return shown(says if kind == "ModuleNotFoundError" and says else ": ".join(filter(None, (kind, says))), 160)


def _check_size(number: int, text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise SourceError(f"Cell {number} has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.")


def _joined(text: Any) -> str | None:  # noqa: ANN401
    if isinstance(text, str):
        return text
    if isinstance(text, list) and all(isinstance(line, str) for line in text):
        return "".join(text)
    return None


def _printed(outputs: list[Any]) -> str | None:
    """Return what a cell printed on its standard output, and its value as text; None where it has no output."""
    pieces: list[str] = []
    for one in outputs:
        if not isinstance(one, Mapping):
            continue
        if one.get("output_type") == "stream" and one.get("name") == "stdout":
            pieces.append(_joined(one.get("text")) or "")
        elif one.get("output_type") == "execute_result" and isinstance(one.get("data"), Mapping):
            pieces.append(_joined(one["data"].get("text/plain")) or "")
    return "\n".join(pieces)[:MAX_OUTPUT] if pieces else None


def _validated(cells: list[Cell]) -> list[Cell]:
    """Return the cells as nbformat has them; it sees only their kinds and texts."""
    try:
        from nbformat import v4  # late: an optional group
    except ImportError:
        raise SourceError(f"Reading notebooks needs nbformat: {INSTALL}") from None
    make: dict[str, Callable[[str], object]] = {"code": v4.new_code_cell, "text": v4.new_markdown_cell}
    for cell in cells:
        make[cell.kind](cell.text)
    return cells


def _of_text(text: str, suffix: str) -> list[Cell]:
    """Return the cells of py:percent or Markdown, without its header."""
    while (header := _HEADERS[suffix].match(text)) is not None:
        text = text[header.end() :]
    if suffix == ".md" and re.match(r"\s*---[ \t]*\n", text):
        text = re.sub(r"\A\s*---[ \t]*\n", "", text)
    _check_count(sum(1 for _ in _CELL_MARK.finditer(text)))
    for number, piece in enumerate(_PIECES.split(text), 1):  # jupytext takes half a minute for a cell of megabytes
        _check_size(number, piece)
    try:
        import jupytext  # type: ignore[import-untyped]  # late: an optional group
    except ImportError:
        raise SourceError(f"Reading a notebook from .py or .md needs jupytext: {INSTALL}") from None
    try:
        notebook = jupytext.reads(text, fmt=FORMATS[suffix])
    except Exception as error:  # noqa: BLE001 - whatever jupytext stumbles over in foreign text
        raise SourceError(f"The file cannot be read as a notebook in text ({type(error).__name__}).") from None
    _check_count(len(notebook.cells))
    cells = [Cell(number, "code" if one.cell_type == "code" else "text", str(one.source))
             for number, one in enumerate(notebook.cells, 1)]  # fmt: skip
    for cell in cells:
        _check_size(cell.number, cell.text)
    return cells
