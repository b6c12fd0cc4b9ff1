"""What the program and its documents say is plain English, by the patterns that `rnn-tutor check` has for courses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rnn_tutor.exercises.labs.load import read_lab
from rnn_tutor.exercises.lint.language import hits, texts, texts_of_lab, told
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder

ROOT = Path(__file__).parents[1]
FEWEST_WORDS = 3
_WORDS = re.compile(r"[A-Za-z]{2,}")
_NO_PROSE = re.compile(r"\{[^}]*;|^[a-z ]*_[a-z_ ]*$")  # a style sheet, a list of names


def sources() -> list[Path]:
    """The files that people read, or whose strings they are shown."""
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [*sorted((ROOT / "rnn_tutor").rglob("*.py")), *documents]


def strings(file: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file, with their lines: of a program the strings that are words, of a document its prose."""
    if file.suffix == ".md":
        yield from _prose(file.read_text("utf-8"))
        return
    tree = ast.parse(file.read_text("utf-8"))
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    inside |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    inside |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}  # words.split()
    for node in ast.walk(tree):
        text = _text(node) if id(node) not in inside else ""
        if len(_WORDS.findall(text)) >= FEWEST_WORDS and " " in text and not _NO_PROSE.search(text):
            yield node.lineno, text


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "`x`" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _prose(text: str) -> Iterator[tuple[int, str]]:
    """Each paragraph, item and row of a table by itself, without what is code."""
    text = re.sub(r"```.*?```", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    line = 1
    for block in re.split(r"(\n(?=\s*\n|\s*[-*|#] ?|\d+\. ))", text):
        if block.strip():
            yield line, re.sub(r"^[-*#|\s]+", "", block.replace("|", "\n\n"))
        line += block.count("\n")


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("file", sources(), ids=_name)
def test_what_the_program_says_is_plain_english(file: Path) -> None:
    assert not [f"line {line}: {hit.says}" for line, text in strings(file) for hit in hits(text)]


def test_what_the_course_says_is_plain_english() -> None:
    """As `rnn-tutor check` tells it, without the numbers, which take minutes."""
    library = Library([content_folder()])
    written = [(name, texts(library.exercise(name))) for name in library.ids]
    written += [(name, texts_of_lab(read_lab(library.labs.path(name)).lab)) for name in library.labs]
    written += [(unit.id, [("page", library.page(unit.id).text)]) for unit in library.course.units]
    written += [(unit.id, [("aim", unit.aim)]) for unit in library.course.units]
    written += [("glossary", [(term.term, term.means) for term in library.glossary().terms])]
    written += [("notation", [(sign.sign, sign.means) for sign in library.glossary().notation])]
    written += [("closing", [("closing", library.course.closing)])]
    assert not [
        f"{name}: {key}: {hit.says}"
        for name, pairs in written
        for key, hit in told(pairs, content_folder() / "course.yaml")
    ]
