"""What a task became -> the text of an exercise file; and the course file of the folder."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rnn_tutor.exercises.importing.building import Asked, Built, Looped, reads
from rnn_tutor.exercises.importing.sections import without_points
from rnn_tutor.printable import plain

MOST_ID = 60
LEAST_HINTS, MOST_HINTS = 2, 4
_OF_LISTS = frozenset(("array", "stack", "reshape", "concat"))  # they only put numbers in order
_OPERATIONS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.MatMult: "@",
               ast.FloorDiv: "//"}  # fmt: skip
_RESERVED = frozenset(("course", "page", "glossary", "labs", "retired", "con", "nul", "aux", "prn"))
_NUMBERED = re.compile(
    r"^(?:(?:exercise|problem|task|question|challenge|aufgabe|part|q)?[ .]*\d+(?:\.\d+)*[a-z]?"
    r"|(?:exercise|problem|task|question|challenge|part)[ ]+[A-H])[ .):-]+(?=.)",
                       re.IGNORECASE)  # fmt: skip


def slug(text: str) -> str:
    """Return a text as an id: small letters, digits and hyphens; "" where nothing is left."""
    import unicodedata

    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:MOST_ID].strip("-")


def own_title(title: str) -> str:
    """Return a title without "Exercise 3:" before it and "(4 points)" in it, if something is left."""
    title = without_points(title)
    return " ".join(_NUMBERED.sub("", title).split())[:200].strip().rstrip(".:") or title


def new_id(title: str, prefix: str, taken: set[str]) -> str:
    """Return an id that is not taken, made from a title by the rule: the notebook's name, then the title."""
    base = slug(own_title(title)) or slug(title) or "exercise"
    base = f"{prefix}-{base}" if prefix and not base.startswith(f"{prefix}-") else base
    base = base[:MOST_ID].strip("-") or "exercise"
    found, number = base, 2
    while found in taken or found in _RESERVED:
        found, number = f"{base[: MOST_ID - 5].rstrip('-')}-{number}", number + 1
    taken.add(found)
    return found


def scalar(text: str) -> str:
    """Return a text in quotes, as one scalar of YAML that reads as it is."""
    return json.dumps(plain(text, lines=True, ascii_only=False), ensure_ascii=False)


def block(key: str, text: str, indent: int = 0) -> list[str]:
    """Return the lines of a key with a longer text."""
    text = "\n".join(line.rstrip() for line in plain(text, lines=True, ascii_only=False).strip().split("\n"))
    if "\n" not in text or text.startswith((" ", "\t")) or "\t" in text:
        return [f"{' ' * indent}{key}: {scalar(text)}"]
    return [f"{' ' * indent}{key}: |-", *(f"{' ' * (indent + 2)}{line}".rstrip() for line in text.split("\n"))]


def exercise_text(
    made: Built, ident: str, source: str, given: Mapping[str, "GivenText"], conditions: Sequence[str] = ()
) -> str:
    """Return an exercise file's text."""
    about = plain(f"Imported from {source}, cell {made.cell}.", lines=False, ascii_only=False)
    lines = [f"# {about}", "format: 1", f"id: {ident}", f"title: {scalar(title_of(made))}"]
    if made.status == "draft":
        lines += ["status: draft", "needs:", *(f"  - {scalar(need[:900])}" for need in made.needs)]
    lines += [f"level: {level_of(made)}", *block("prompt", made.prompt)]
    if made.givens:
        lines.append("given:")
    for name, text in made.givens.items():
        lines += _given(name, text, given[name])
    if conditions and any(one.draw for one in given.values()):
        lines += ["conditions:  # a proposal", *(f"  - {scalar(one)}" for one in conditions)]
    if made.steps:
        lines.append("steps:")
    for one in made.steps:
        if isinstance(one, Looped):
            lines += _looped(made, one)
        else:
            name, text = one
            lines += [f"  - let: {scalar(f'{name} = {text}')}", f"    say: {scalar(say_of(made, name, text))}"]
    if made.asked:
        lines.append("ask:")
    for each in made.asked:
        lines += _asked(each)
    return "\n".join(lines) + "\n"


def _looped(made: Built, one: Looped) -> list[str]:
    lines: list[str] = []
    if one.starts:
        lines.append("  - start:")
        lines += [f"      {name}: {scalar(text)}" for name, text in one.starts.items()]
        lines.append(f"    say: {scalar('This is what is there before the first turn.')}")
    lines += [f"  - for: {scalar(one.head)}", "    do:"]
    for name, text in one.steps:
        lines.append(f"      - let: {scalar(f'{name}[{one.variable}] = {text}')}")
        lines.append(f"        say: {scalar(say_of(made, name, text))}")
    return lines


class GivenText:
    """What is written of a given beside its value: what it means, its axes and its draw, each a guess."""

    def __init__(self, means: str, says: str = "", axes: Sequence[str] = (), draw: str = "", decimals: int = 2) -> None:
        self.means, self.says, self.axes, self.draw, self.decimals = means, says, tuple(axes), draw, decimals


def _given(name: str, text: str, one: GivenText) -> list[str]:
    lines = [f"  {name}:", f"    value: {scalar(text)}"]
    lines.append(f"    means: {scalar(one.means[:200])}" + (f"  # {one.says}" if one.says else ""))
    if one.axes:
        lines.append(f"    axes: [{', '.join(scalar(axis) for axis in one.axes)}]  # a guess")
    if one.draw:
        lines.append(f"    draw: {scalar(one.draw)}  # a proposal")
        if one.decimals != 2:
            lines.append(f"    decimals: {one.decimals}")
    return lines


def _asked(one: Asked) -> list[str]:
    lines = [f"  - answer: {scalar(one.name)}", f"    as: {one.kind}"]
    if one.prompt:
        lines.append(f"    prompt: {scalar(one.prompt)}")
    if one.function:
        lines.append(f"    function: {scalar(one.function)}")
    if one.starter:
        lines.append(f"    starter: {scalar(one.starter)}")
    if one.options:
        lines.append("    options:")
        lines += [f"      - {{text: {scalar(text)}, right: true, why: {scalar(text)}}}" for text in one.options]
    return lines


def title_of(made: Built) -> str:
    """Return the title of an exercise: one printable line."""
    return " ".join(plain(own_title(made.title), lines=False, ascii_only=False).split())[:200] or "Untitled"


def level_of(made: Built) -> int:
    """Return how hard an exercise probably is, by its number of steps."""
    return 3 if made.kind == "program" else 1 if len(made.steps) <= 2 else 2


def hints_of(made: Built) -> list[str]:
    """Return the sentences of the first steps, which lead to the others; of a single one also what it is made of.

    None where these are too few for hints.
    """
    says = list(dict.fromkeys(say_of(made, name, text) for name, text in made.lets()))[:MOST_HINTS]
    if len(says) < LEAST_HINTS:
        says += _made_of([text for _, text in made.lets()])
    return says if len(says) >= LEAST_HINTS else []


def _made_of(texts: Sequence[str]) -> Iterator[str]:
    """Give a sentence that names the functions of some expressions, or else their operations."""
    nodes = [node for text in texts for node in ast.walk(ast.parse(text, mode="eval"))]
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    names = [one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in called]
    functions = [one for one in dict.fromkeys(names) if one and one not in _OF_LISTS]
    operations = list(dict.fromkeys(_OPERATIONS[type(node.op)] for node in nodes
                                    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS))  # fmt: skip
    if functions or operations:
        yield f"What helps here: {', '.join(f'`{one}`' for one in (functions or operations)[:MOST_HINTS])}."


def hints_text(hints: Sequence[str]) -> str:
    """Return the lines of hints, to stand at the end of a file."""
    return "".join(["hints:\n", *(f"  - {scalar(hint)}\n" for hint in hints)])


def say_of(made: Built, name: str, text: str) -> str:
    """Return a sentence for a step: the notebook's own comment, or what it is computed from."""
    comment = made.comments.get(name, "")
    if comment:
        return comment if comment.endswith((".", "!", "?")) else f"{comment[:1].upper()}{comment[1:]}."
    names = sorted(reads(text) & (set(made.givens) | {one for one, _ in made.lets()}) - {name})
    if not names:
        return f"Compute `{name}`."
    listed = ", ".join(f"`{one}`" for one in names[:-1])
    return f"Compute `{name}` from {f'{listed} and ' if listed else ''}`{names[-1]}`."


def course_text(title: str, units: Iterable[tuple[str, str, Sequence[tuple[str, str, int, bool]]]], source: str) -> str:
    """Return the course file: its units with id, title and exercises (id, title, level, whether a draft)."""
    lines = [
        f"# {plain(f'Imported from {source}.', lines=False, ascii_only=False)}",
        "format: 1",
        f"title: {scalar(title)}",
    ]
    lines.append("units:")
    for ident, name, exercises in units:
        lines += [
            f"  - id: {ident}",
            f"    title: {scalar(name)}",
            f"    aim: {scalar(f'Do the exercises of {name}.')}",
        ]
        lines.append("    exercises:")
        for one, said, level, draft in exercises:
            status = ", status: draft" if draft else ""
            lines.append(f"      - {{id: {one}, title: {scalar(said)}, level: {level}{status}}}")
    return "\n".join(lines) + "\n"
