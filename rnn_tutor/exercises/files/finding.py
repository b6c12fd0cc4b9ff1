"""What is wrong with a content file: where, and in one sentence what was found and what is expected."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Severity = Literal["error", "draft", "warning", "note"]  # draft: what a draft still needs

# Control characters, the separators that some programs take for line ends, marks that reorder text (an author's
# editor would show something else than what is there), the byte order mark, halves of surrogate pairs, non-characters.
UNSHOWABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an author should know about one place of a content file.

    `line` counts from 1 (1 also where only the file as a whole is meant); `key` is a key path such as
    `steps[2].do[0].let`, empty for the whole file.
    """

    file: Path
    line: int
    key: str
    says: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """Return `file:line: key: sentence`, the form that editors and terminals make clickable."""
        where = f"{shown(str(self.file), 300)}:{self.line}: "
        kind = "" if self.severity == "error" else f"{self.severity}: "
        key = f"{self.key}: " if self.key else ""
        return f"{where}{kind}{key}{self.says}"

    @property
    def brief(self) -> str:
        """The same for a reader who does not edit the file: its name alone, no folder."""
        key = f"{self.key}: " if self.key else ""
        return f"{shown(self.file.name, 200)}, line {self.line}: {key}{self.says}"


class ContentError(Exception):
    """A content file cannot be used; `findings` says why, in the order of the file and never empty."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = sorted(findings, key=lambda finding: (str(finding.file), finding.line, finding.key))
        super().__init__("; ".join(str(finding) for finding in self.findings[:3]))

    @property
    def told(self) -> list[Finding]:
        """What is to be said of it: see `told_once`."""
        return told_once(self.findings)


FEW = 4  # findings of one kind, in one file, that are each told
_THIS_ONE = re.compile(r"'[^']*'|\d[\d,]*")  # what makes a sentence another one of the same kind


def told_once(findings: Iterable[Finding], *, of_all_files: bool = False) -> list[Finding]:
    """Return findings without the many that say the same of one file: the first speaks for all, and says how many.

    However large a file is, and whatever stands in it, what is said of it can then be read. `of_all_files`: nor does
    what is said of many files stand there for each.
    """
    kinds: dict[tuple[Path | None, Severity, str], list[Finding]] = {}
    for finding in findings:
        file = None if of_all_files else finding.file
        kinds.setdefault((file, finding.severity, _THIS_ONE.sub("", finding.says)), []).append(finding)
    told: list[Finding] = []
    for alike in kinds.values():
        if len(alike) <= FEW:
            told += alike
        else:
            files = len({finding.file for finding in alike})
            where = f"in {files} files" if files > 1 else f"down to line {max(finding.line for finding in alike)}"
            sentence = f"{alike[0].says} (and {len(alike) - 1} more of this kind, {where})"
            told.append(replace(alike[0], says=sentence))
    return sorted(told, key=lambda finding: (str(finding.file), finding.line, finding.key))


def shown(text: str, most: int = 60) -> str:
    """Return foreign text fit for a one-line message: nothing unprintable, no line ends, at most `most` characters."""
    cut = text if len(text) <= most else text[: most - 3] + "..."
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in cut.replace("\n", "\\n"))


def line_of(lines: Mapping[str, int], key: str) -> int:
    """Return the line of a key path, or of the nearest one above it that the file has; 1 if there is none."""
    while key not in lines and key:
        key = key[: max(key.rfind("."), key.rfind("["), 0)]
    return lines.get(key, 1)


def join(path: str, key: str | int) -> str:
    """Return the key path of `key` (a mapping's key, or a list's index) beneath `path`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return `a, b or c`."""
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end
