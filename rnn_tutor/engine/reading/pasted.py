"""What stands around pasted text and is no part of it: code fences, backticks, and the prompts of a Python session.

Everything here is blanked, so that places stay where they were; each look is one pass over the lines.
"""

import re

MOST = 10_000  # what is longer is refused by every reader

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})[ \t]*[\w+.-]{0,20}[ \t]*")
_INPUT = re.compile(r"\s*(?:>>>?(?= |$)|In ?\[\d{0,6}\]:)")
_MORE = re.compile(r"\s*(?:\.\.\.:?(?= |$))")
_OUTPUT = re.compile(r"\s*Out ?\[\d{0,6}\]:")
_TICKS = re.compile(r"\s*(`{1,3})(?P<inside>[^`]+)\1\s*")


def unpasted(text: str, *, program: bool = False) -> str:
    """Return a text of the same length without fences and prompts.

    What a session printed below its input stands for the value of an answer, which the input is not; in a `program`
    it is the other way round.
    """
    if len(text) > MOST or not any(mark in text for mark in ("```", "~~~", "`", ">>", "In", "Out")):
        return text
    ticks = _TICKS.fullmatch(text) if "\n" not in text else None
    if ticks is not None:
        start, end = ticks.span("inside")
        return " " * start + text[start:end] + " " * (len(text) - end)
    lines = text.split("\n")
    kinds = _kinds(lines)
    if "input" in kinds and "output" in kinds:
        left_out = {"output"} if program else {"input"}
        lines = [" " * len(line) if kind in left_out else line for line, kind in zip(lines, kinds, strict=True)]
    return "\n".join(_bare(line, kind) for line, kind in zip(lines, kinds, strict=True))


def _kinds(lines: list[str]) -> list[str]:
    """Tell of each line what it is: `fence`, `input`, `output` of a session, or `text`."""
    kinds: list[str] = []
    session = False
    for line in lines:
        if _FENCE.fullmatch(line):
            kinds.append("fence")
        elif _INPUT.match(line) or (session and _MORE.match(line)):
            kinds.append("input")
            session = True
        elif _OUTPUT.match(line) or (session and line.strip()):
            kinds.append("output")
            session = session or line.lstrip().startswith("Out")
        else:
            kinds.append("text")
    return kinds


def _bare(line: str, kind: str) -> str:
    if kind == "fence":
        return " " * len(line)
    for pattern in (_INPUT, _MORE) if kind == "input" else (_OUTPUT,) if kind == "output" else ():
        match = pattern.match(line)
        if match is not None:
            return " " * match.end() + line[match.end() :]
    return line
