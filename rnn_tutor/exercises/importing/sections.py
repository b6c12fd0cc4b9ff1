"""Cells -> tasks: what is asked in prose, where a learner starts, and what the solution is.

Notebooks differ. A task begins with a heading, a bold or numbered beginning, or with prose after code. Its solution is
a cell with a mark, a cell after a starter, the cell straight after the prose, code that is folded in the prose, or
stands at the end of the notebook.
"""

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rnn_tutor.exercises.importing.mathematics import put_away, put_back
from rnn_tutor.exercises.importing.source import Cell

Role = Literal["starter", "solution", "other"]

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_POINTS = re.compile(
    r"[ \t]*[(\[][ \t]*\d{1,3}(?:[.,]\d{1,2})?[ \t]*(?:pts?|points?|marks?|credits?|punkte?|p|%)\.?[ \t]*[)\]]",
    re.IGNORECASE,
)
_RULE = re.compile(r"[>\s]*(?:[-*_][ \t]*){3,}\s*")  # a line across the page
MOST_PROSE = 10_000  # characters of a cell that are looked at: a prompt has less than half of them
_EXERCISE = re.compile(
    r"\b(?:exercise|problem|task|question|challenge|assignment|puzzle"
    r"|exercice|aufgabe|übung|uebung|ejercicio|quiz|drill|checkpoint)s?\b|^\W*(?:q|ex)\.? ?\d+", re.IGNORECASE,
)  # fmt: skip
_SOLUTION = re.compile(
    r"\b(?:solutions?|answers?|lösung(?:en)?|corrigé|solución|answer key|model answers?)\b", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"^\W*(?:(?:exercise|problem|task|question|aufgabe|challenge|part|ex|q)\.? ?(?:\d+(?:\.\d+)*[a-z]?|[A-H])\b"
    r"|\(?\d{1,3}(?:\.\d+)*[.):] |\(?[a-h]\) |\*\*\(?\d{1,3}(?:\.\d+)*[.):]?\s)", re.IGNORECASE,
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?\b")
_YOURS = re.compile(
    "|".join((
        r"your (?:own )?(?:code|solution|answer|turn|work|implementation)", r"\btodo\b", "to ?do:",
        "write (?:your|the) ", "fill (?:in|this)", "start code here", "code here", "insert code",
        "complete (?:the|this)", "implement (?:this|here|me)", "replace (?:this|none|the)",
    )),
    re.IGNORECASE,
)  # fmt: skip
_SOLVED = re.compile(
    r"^[ \t]*#\W*(?:(?:sample|reference|possible|model|one|the|example) )?(?:solution|answer|lösung)s?\b(?!.*your)",
    re.IGNORECASE | re.MULTILINE)  # fmt: skip
_BEGIN = re.compile(r"^[ \t]*#+[ \t]*BEGIN SOLUTION.*$", re.IGNORECASE)
_END = re.compile(r"^[ \t]*#+[ \t]*END SOLUTION.*$", re.IGNORECASE)
_TESTS = re.compile(
    r"BEGIN (?:HIDDEN )?TESTS|^[ \t]*#\W*(?:tests?|check|checks|autograder|do not (?:edit|change|modify))\b",
                    re.IGNORECASE | re.MULTILINE)  # fmt: skip
_FENCE = re.compile(r"```[ \t]*(?:python|py|python3|\{code-cell\}[^\n]*)?[ \t]*\n(.*?)```", re.DOTALL | re.IGNORECASE)
_DETAILS = re.compile(r"<details[^>]{0,200}>(.*?)</details>", re.DOTALL | re.IGNORECASE)
_SUMMARY = re.compile(r"<summary[^>]{0,200}>.*?</summary>", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(
    r"</?(?:details|summary|br|p|div|span|b|i|em|strong|center|font|a|img|h\d|ul|ol|li|code|pre)\b[^>]{0,1000}>|<!--.*?-->",
    re.DOTALL | re.IGNORECASE,
)


@dataclass
class Piece:
    """Code of a task with its role; `number` is the cell that it stands in."""

    number: int
    text: str
    role: Role
    output: str | None = None
    failed: bool = False
    error: str = ""


@dataclass
class Task:
    """What may become an exercise: its title, prose and code, and the heading that it stands below."""

    title: str
    unit: str
    number: int  # the cell that it begins with
    prose: str = ""
    label: str = ""  # its number, where it has one
    marked: bool = False  # called an exercise, or with a place for an answer
    pieces: list[Piece] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)  # what stands below "Solution" in words
    asked: bool = True  # False: it only leads up to others

    def of(self, role: Role) -> list[Piece]:
        """Return its code of one role."""
        return [piece for piece in self.pieces if piece.role == role]


@dataclass
class _Reader:
    """Goes through the cells; `title` and `unit` are the headings that stand above."""

    tasks: list[Task] = field(default_factory=list)
    course: str = ""
    unit: str = ""
    title: str = ""
    level: int = 0
    solving: bool = False  # below a heading "Solution"
    solutions: bool = False  # below a heading "Solutions" for several
    fresh: bool = False  # nothing but prose since the last task began
    exercise_level: int = 9

    @property
    def task(self) -> Task | None:
        return self.tasks[-1] if self.tasks else None


def tasks_of(cells: Sequence[Cell]) -> tuple[str, list[Task]]:
    """Return the title of a notebook and its tasks, in order; all of its code stands in them."""
    reader = _Reader()
    for cell in cells:
        if cell.kind == "text":
            for part in _parts(cell.text):
                _prose(reader, part, cell.number)
        elif cell.text.strip():
            _code(reader, cell)
    tasks = [task for task in reader.tasks if task.pieces or task.answers or (task.marked and task.prose)]
    _with_roles(tasks)
    _matched(tasks)
    if any(task.marked for task in tasks):
        tasks = [replace(task, asked=task.asked and task.marked) for task in tasks]
    return reader.course, tasks


def _parts(text: str) -> list[str]:
    """Return a text cut before each of its headings."""
    starts = [0, *(match.start() for match in _HEADING.finditer(_without_fences(text))), len(text)]
    return [part for a, b in itertools.pairwise(starts) if (part := text[a:b]).strip()]


def _without_fences(text: str) -> str:
    return re.sub(r"```.*?```", lambda match: re.sub(r"[^\n]", " ", match.group()), text, flags=re.DOTALL)


def _prose(reader: _Reader, text: str, number: int) -> None:
    text = text[:MOST_PROSE]
    if _RULE.fullmatch(text):
        return
    folded = [code for match in _DETAILS.finditer(text) for code in _FENCE.findall(match[1])]
    words = [_SUMMARY.sub("", match[1]) for match in _DETAILS.finditer(text) if not _FENCE.search(match[1])]
    plain = _DETAILS.sub("", text)
    heading = _HEADING.match(plain.lstrip())
    if heading is not None:
        _headed(reader, plain.lstrip(), heading, number)
    else:
        _unheaded(reader, plain.strip(), number)
    task = reader.task
    if task is not None:
        task.pieces += [Piece(number, code, "solution") for code in folded]
        task.answers += [plain_text(word) for word in words if plain_text(word)]
        task.marked = task.marked or bool(folded)


def _headed(reader: _Reader, text: str, heading: re.Match[str], number: int) -> None:
    level, title = len(heading[1]), plain_text(heading[2])
    prose = text[heading.end() :].strip()
    if _is_solution(reader, title):
        _solution_heading(reader, title, prose, number)
        return
    if (
        re.match(r"(?:hints?|tips?|notes?|expected output|test cases?|tests?|tipps?)\b", title, re.IGNORECASE)
        and reader.task
    ):
        if not reader.solving:
            reader.task.prose += f"\n\n{prose}"
        return
    reader.solving = reader.solutions = False
    if level == 1 and not reader.course:
        reader.course = title
    if level < 3 and not _NUMBERED.match(title):
        reader.unit = title
    reader.title, reader.level = title, level
    marked = _is_exercise(title)
    if marked:
        reader.exercise_level = level
    elif level > reader.exercise_level and reader.task is not None and reader.task.marked:
        marked = True  # a part of an exercise
    elif level <= reader.exercise_level:
        reader.exercise_level = 9
    reader.tasks.append(Task(title, reader.unit, number, prose, _label(title), marked))


def _is_exercise(title: str) -> bool:
    return bool(_EXERCISE.search(title)) and not re.search(r"\bexercises\b", title, re.IGNORECASE)


def _is_solution(reader: _Reader, title: str) -> bool:
    """Tell whether a heading says that a solution follows, and not what is to be solved."""
    if not _SOLUTION.search(title) or re.search(r"\byour\b", title, re.IGNORECASE):
        return False
    if re.match(rf"(?:sample |possible |reference |model |example |the |one )?(?:{_SOLUTION.pattern})", title, re.I):
        return bool(reader.tasks)
    ends = re.search(rf"(?:{_SOLUTION.pattern})\W*$", title, re.I) is not None
    return ends and bool(reader.tasks) and (_of_another(reader, title) or not _is_exercise(title)) and (
        len(title.split()) <= 4 or _of_another(reader, title))  # fmt: skip


def _of_another(reader: _Reader, title: str) -> bool:
    return any(task.label and task.label == _label(title) for task in reader.tasks)


def _solution_heading(reader: _Reader, title: str, prose: str, number: int) -> None:
    reader.solving = True
    label = _label(title)
    if label or re.search(r"solutions|answers|lösungen", title, re.IGNORECASE) or reader.solutions:
        reader.solutions = True
        reader.tasks.append(Task(title, reader.unit, number, prose, label, asked=False))
        return
    if reader.task is not None:
        reader.task.marked = True
        if prose:
            reader.task.pieces += [Piece(number, code, "solution") for code in _FENCE.findall(prose)]
            if not _FENCE.search(prose):
                reader.task.answers.append(plain_text(prose))


def _unheaded(reader: _Reader, text: str, number: int) -> None:
    if not text:
        return
    first = plain_text(text.split("\n", 1)[0])
    task = reader.task
    if _SOLUTION.match(first) and len(first) < 40:
        _solution_heading(reader, first, text.partition("\n")[2].strip(), number)
        return
    bold = re.match(r"\s*(?:>\s*)?(\*\*|__)(.+?)\1", text)
    named = bold is not None and _is_exercise(plain_text(bold[2]))
    numbered = bool(_NUMBERED.match(first)) or named
    if reader.solving and reader.solutions:
        reader.tasks.append(Task(first, reader.unit, number, text, _label(first), asked=False))
        return
    if reader.solving and task is not None and not numbered and not task.of("solution"):
        task.answers.append(plain_text(text))
        return
    if task is None or numbered or task.pieces or task.answers:
        reader.solving = False
        inherits = task is not None and task.marked and reader.exercise_level < 9
        title = _title(first)
        reader.tasks.append(Task(title, reader.unit, number, text, _label(first) if numbered else "",
                                 named or numbered or inherits))  # fmt: skip
        return
    task.prose = f"{task.prose}\n\n{text}".strip()


def without_points(title: str) -> str:
    """Return a title without "(4 points)", if something is left."""
    return " ".join(_POINTS.sub("", title).split()) or title


def _label(title: str) -> str:
    match = _NUMBER.search(title)
    return match.group() if match else ""


def _title(first: str) -> str:
    """Return a title of the first line of a prose: its first sentence, cut."""
    sentence = re.split(r"(?<=[.?!:])\s", first, maxsplit=1)[0]
    if len(sentence) < 12 or _NUMBERED.fullmatch(sentence + " "):
        sentence = first
    return sentence if len(sentence) <= 80 else f"{sentence[:77].rsplit(' ', 1)[0]}..."


def plain_text(text: str) -> str:
    """Return Markdown as text of a prompt: without tags, stars, links and pictures, and formulas as code."""
    text, kept = put_away(text)
    text = re.sub(r"!\[[^\]]{0,300}\]\([^)]{0,1000}\)", "", text)
    text = re.sub(r"\[([^\]]{1,300})\]\([^)]{0,1000}\)", r"\1", text)
    text = _TAGS.sub("", text)  # fmt: skip
    text = re.sub(r"(\*\*|__)(?=\S)(.{1,1000}?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])", r"\1", text)
    text = re.sub(r"^[ \t]*>[ \t]?", "", text, flags=re.MULTILINE)
    text = re.sub(r"^#{1,6}[ \t]+", "", text, flags=re.MULTILINE)
    return put_back(text, kept).strip()


def _code(reader: _Reader, cell: Cell) -> None:
    if reader.task is None:
        reader.tasks.append(Task(reader.title, reader.unit, cell.number, asked=True))
    task = reader.task
    assert task is not None  # noqa: S101 - made above
    role: Role = "solution" if reader.solving else "other"
    task.pieces.append(Piece(cell.number, cell.text, role, cell.output, cell.failed, cell.error))


# -- which code is what ---------------------------------------------------------------------------------------


def _with_roles(tasks: list[Task]) -> None:
    """Tell starters from solutions, in every task."""
    for task in tasks:
        pieces: list[Piece] = []
        for piece in task.pieces:
            pieces += _split(piece)
        task.pieces = pieces
        marks = [_mark(piece) for piece in pieces]
        task.marked = task.marked or any(mark is not None for mark in marks)
        solved = any(mark == "solution" for mark in marks)
        for k, (piece, mark) in enumerate(zip(pieces, marks, strict=True)):
            if mark == "solution":
                piece.role = "solution"
            elif is_open(piece.text):
                piece.role = "starter"
            elif mark == "starter":
                later = any(one.role == "solution" or not is_open(one.text) for one in pieces[k + 1 :])
                bare = only_givens(piece.text)
                piece.role = "starter" if (later and (solved or bare)) or solved or (bare and later) else "solution"
            elif piece.role == "other" and not _TESTS.search(piece.text):
                piece.role = "other" if solved and not any(one.role == "solution" for one in pieces[:k]) else "solution"


def _split(piece: Piece) -> Iterator[Piece]:
    """Give what is left without its solution as a starter, then the whole as the solution."""
    lines = piece.text.split("\n")
    if not any(_BEGIN.match(line) for line in lines):
        yield piece
        return
    starter: list[str] = []
    inside = False
    for line in lines:
        if _BEGIN.match(line):
            inside = True
            starter.append(f"{line[: len(line) - len(line.lstrip())]}pass")
        elif _END.match(line):
            inside = False
        elif not inside:
            starter.append(line)
    yield Piece(piece.number, "\n".join(starter), "starter")
    whole = "\n".join(line for line in lines if not _BEGIN.match(line) and not _END.match(line))
    yield replace(piece, text=whole, role="solution")


def _mark(piece: Piece) -> Role | None:
    """Return which role a piece says that it has, None where it says nothing."""
    if piece.role == "solution":
        return "solution"
    comments = "\n".join(line for line in piece.text.split("\n") if line.lstrip().startswith("#"))
    if _YOURS.search(comments):
        return "starter"
    if _SOLVED.search(comments):
        return "solution"
    return None


def only_givens(text: str) -> bool:
    """Tell whether code only assigns what is written down, and prints text."""
    try:
        body = ast.parse(_completed(text)).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Pass):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant | ast.Call):
            call = node.value
            if isinstance(call, ast.Constant) or all(isinstance(arg, ast.Constant) for arg in call.args):
                continue
        if isinstance(node, ast.Assign) and not any(
                isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load) and one.id not in ("np", "numpy", "math")
                for one in ast.walk(node.value)):  # fmt: skip
            continue
        return False
    return True


def open_functions(text: str) -> dict[str, ast.FunctionDef]:
    """Return the functions that code leaves open, by name."""
    try:
        body = ast.parse(_completed(text)).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return {}
    return {node.name: node for node in body if isinstance(node, ast.FunctionDef) and is_open_body(node.body)}


def _completed(text: str) -> str:
    """Return code in which a function of nothing but comments has a `pass`."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith(("%", "!"))]
    done: list[str] = []
    for k, line in enumerate(lines):
        done.append(line)
        if re.match(r"[ \t]*def .*:\s*(?:#.*)?$", line):
            depth = len(line) - len(line.lstrip())
            rest = next((one for one in lines[k + 1 :] if one.strip() and not one.lstrip().startswith("#")), "")
            if len(rest) - len(rest.lstrip()) <= depth:
                done.append(" " * (depth + 4) + "pass")
    return "\n".join(done)


def is_open_body(body: Sequence[ast.stmt]) -> bool:
    """Tell whether the body of a function leaves something to do."""
    rest = [node for node in body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    if not rest:
        return True
    for node in rest:
        match node:
            case ast.Pass() | ast.Raise(exc=ast.Name(id="NotImplementedError")):
                return True
            case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
                return True
            case ast.Return(value=None) | ast.Return(value=ast.Constant(value=None)):
                return len(rest) <= 2
            case ast.Assign(value=ast.Constant(value=value)) if value in (None, ...):
                return True
            case ast.Return(value=ast.Constant(value=value)) if value is ...:
                return True
    last = rest[-1]
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant) and last.value.value is ...


def is_open(text: str) -> bool:
    """Tell whether code leaves something to do: nothing but comments, an open function, or None for a value."""
    lines = [line for line in text.split("\n") if line.strip() and not line.lstrip().startswith(("#", "%", "!"))]
    if not lines or open_functions(text):
        return True
    try:
        body = ast.parse(_completed(text)).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return "..." in text or "____" in text
    for node in body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value in (None, ...):
            return True
        if isinstance(node, ast.Raise) or "____" in ast.dump(node):
            return True
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...:
            return True
    return False


# -- solutions that stand elsewhere ---------------------------------------------------------------------------


def _matched(tasks: list[Task]) -> None:
    """Give solutions that are collected at the end to their tasks: by number, then by title, then by order."""
    collected = [task for task in tasks if not task.asked and (task.pieces or task.answers)]
    if not collected:
        return
    waiting = [task for task in tasks if task.asked and not task.answers and (
        all(only_givens(piece.text) for piece in task.of("solution")))]  # fmt: skip
    for one in collected:
        for piece in one.pieces:
            piece.role = "solution"
        home = next((task for task in waiting if one.label and task.label == one.label), None)
        home = home or next((task for task in waiting if _words(one.title) & _words(task.title)), None)
        if home is None and len(collected) == len(waiting):
            home = waiting[0]
        if home is not None:
            waiting.remove(home)
            for piece in home.of("solution"):
                piece.role = "starter"
            home.pieces += one.pieces
            home.answers += one.answers
            if one.prose and not one.pieces and not one.answers:
                home.answers.append(plain_text(one.prose))
            home.marked = True
            one.pieces, one.answers = [], []


def _words(title: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", title.lower())) - {
        "solution", "solutions", "answer", "answers", "exercise", "problem", "task", "question", "compute", "with",
    }  # fmt: skip
