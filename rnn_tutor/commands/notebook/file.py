"""Questions -> the text of an .ipynb file. nbformat makes it, and is imported late: nothing else here needs it."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rnn_tutor.engine.writing.pieces import UnwrittenError
from rnn_tutor.exercises.question import Question
from rnn_tutor.exercises.words import times
from rnn_tutor.printable import plain

from ..source import UseError
from .carried import checks_text
from .cells import Cell, Graded
from .exercise import Written, graded_cells, notebook_cells, without_marks
from .mathematics import NotebookWriter

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_CELLS = 2_000  # what `import` reads too
NBFORMAT = "Notebooks need nbformat: pip install 'rnn-tutor[notebooks]'."
_ABOUT = (
    "Run the cells from top to bottom. Write your answers where it says `...`, then run the cell below: it says "
    "whether the answer is right, for these numbers. This notebook needs NumPy and matplotlib, and not the tutor."
)
_GRADED = (
    "Write your answers where it says so. This notebook needs NumPy and matplotlib; the tutor itself is not needed."
)


def notebook(title: str, questions: Sequence[Question], *, solutions: bool = False, graded: bool = False) -> str:
    """Return a notebook as text. graded: as an assignment that nbgrader releases. Raises UseError."""
    try:
        import nbformat
    except ImportError:
        raise UseError(NBFORMAT) from None
    cells = list(_cells(title, questions, solutions=solutions, graded=graded))
    if len(cells) > MOST_CELLS:
        raise UseError(f"A notebook has at most {MOST_CELLS:,} cells; these exercises make {len(cells):,}.")
    made: NotebookNode = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=[_made(cell, at) for at, cell in enumerate(cells)]
    )
    made.metadata.kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made.metadata.language_info = {"name": "python"}
    nbformat.validate(made)
    text: str = nbformat.writes(made)  # type: ignore[no-untyped-call]
    return f"{text}\n"


def _made(cell: Cell, at: int) -> "NotebookNode":
    """Return a cell as nbformat has it; its id is made of its text, so that the same notebook is the same file."""
    from nbformat import v4

    own = hashlib.sha256(f"{at} {cell.text}".encode()).hexdigest()[:12]
    new = v4.new_markdown_cell if cell.kind == "markdown" else v4.new_code_cell
    made: NotebookNode = new(cell.text, metadata=cell.metadata, id=own)  # type: ignore[no-untyped-call]
    return made


def _cells(title: str, questions: Sequence[Question], *, solutions: bool, graded: bool) -> Iterator[Cell]:
    written = [_written(at, question, solutions=solutions, graded=graded) for at, question in enumerate(questions, 1)]
    helpers = dict.fromkeys(text for one in written for text in one.helpers)
    writer = NotebookWriter()
    count = times(len(questions), "exercise")
    title = without_marks(title) if graded else title
    yield Cell("markdown", f"# {writer.text(title)}\n\n{_GRADED if graded else _ABOUT}\n\n{count}, by rnn-tutor.")
    imports = "import numpy as np\nimport matplotlib.pyplot as plt"
    yield Cell("code", imports, graded=Graded("imports", "fixed") if graded else None)
    checks = f"# Checks: run this cell; there is nothing to change in it.\n{checks_text()}"
    yield Cell("code", checks, folded=True, graded=Graded("checks", "fixed") if graded else None, tags=("checks",))
    if helpers:
        texts = "\n\n\n".join("\n".join(text) for text in helpers)
        yield Cell("code", f"# Functions that NumPy lacks.\n{texts}")
    for one in written:
        yield from one.cells


def _written(number: int, question: Question, *, solutions: bool, graded: bool) -> Written:
    try:
        if graded:
            return graded_cells(number, question)
        return notebook_cells(number, question, solutions=solutions)
    except UnwrittenError as error:
        raise UseError(f"{plain(question.exercise.id)} cannot be written in NumPy: {error.says}") from None
