"""Whether what is written for learners reads as plain English: patterns that a regular expression can see.

The patterns, what to write instead and the good English that they would blame stand in `language.yaml`; the rules that
they stand for in docs/authoring.md. A hit is a warning: it is for the author to judge.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from rnn_tutor.exercises.files.finding import shown
from rnn_tutor.exercises.labs.model import Lab
from rnn_tutor.exercises.model import Ask, Exercise, Given, Step
from rnn_tutor.exercises.read import read_as
from rnn_tutor.paths import PathError, content_folder

OF_TERMS = 6
"""The rule of one term for one thing."""
MOST_SHOWN = 100  # characters of a sentence that is blamed

_CODE = re.compile(r"`[^`\n]*(?:\n(?!\s*\n)[^`\n]*)?`")  # it may go on in the next line
_ENDS = re.compile(r"(?<=[.!?:;])[\"')]*\s+(?=[\"'(]*[A-Z\d`])|\n\s*\n")
_ABBREVIATED = re.compile(r"\b(?:et al|e\.g|i\.e|vs|cf|No|Fig|Eq)\.$")
_WORD = re.compile(r"[A-Za-z]{2,}|\b[aAI]\b")


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Immutable, and a misspelt key is an error."""


class But(_Data, frozen=True, kw_only=True):
    """Good English that a pattern would blame, as a regular expression, with the reason why it is good."""

    text: str
    reason: str


class Pattern(_Data, frozen=True, kw_only=True):
    """What to look for in a sentence: a regular expression, the number of the rule it breaks, what to write instead."""

    find: str
    rule: int
    instead: str
    but: list[But] = []


class Language(_Data, frozen=True, kw_only=True):
    """The file language.yaml."""

    format: Literal[1]
    longest: int
    patterns: list[Pattern]


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that breaks a rule, the part of it that does, and what to write instead."""

    sentence: str
    found: str
    rule: int
    instead: str

    @property
    def says(self) -> str:
        """The sentence for the author."""
        where = f"'{shown(self.sentence, MOST_SHOWN)}'"
        return f"{where} has '{shown(self.found, 40)}'; expected {self.instead} (rule {self.rule})"


@cache
def _language() -> Language:
    return read_as(Path(__file__).with_name("language.yaml"), Language)[0]


@cache
def _patterns() -> tuple[tuple[Pattern, re.Pattern[str], tuple[re.Pattern[str], ...]], ...]:
    return tuple(
        (pattern, re.compile(pattern.find), tuple(re.compile(but.text) for but in pattern.but))
        for pattern in _language().patterns
    )


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, code in backticks as it stands; lines that are indented, formulas, are none."""
    prose = "\n".join("" if line.startswith("  ") else line for line in text.split("\n"))
    start = 0
    for end in [*_ENDS.finditer(_without_code(prose)), None]:
        sentence = prose[start : end.start() if end else len(prose)]
        if end is not None and _ABBREVIATED.search(sentence):
            continue
        start = end.end() if end else len(prose)
        if sentence.strip():
            yield " ".join(sentence.split())


def _is_ours(file: Path) -> bool:
    """Tell whether a file is of the course that comes along."""
    folder = _own_folder()
    return folder is not None and folder in file.resolve().parents


@cache
def _own_folder() -> Path | None:
    try:
        return content_folder().resolve()
    except PathError:
        return None


def _without_code(text: str) -> str:
    """Return a text with what stands in backticks blotted out, in as many characters."""
    return _CODE.sub(lambda code: "`" + "_" * (len(code[0]) - 2) + "`", text)


def hits(text: str, *, ours: bool = True) -> Iterator[Hit]:
    """Yield what breaks a rule in the sentences of a text; what stands in backticks is code, and is not looked at.

    ours: whether it is of the course that comes along. Which word is its term for a thing is no rule for other courses.
    """
    for sentence in sentences(text):
        plain = _without_code(sentence)
        for pattern, find, good in _patterns():
            if pattern.rule == OF_TERMS and not ours:
                continue
            spans = [found.span() for one in good for found in one.finditer(plain)]
            for found in find.finditer(plain):
                if not any(start <= found.start() and found.end() <= end for start, end in spans):
                    yield Hit(sentence, sentence[found.start() : found.end()].strip(), pattern.rule, pattern.instead)
        words = len(_WORD.findall(_CODE.sub("", plain)))
        if words > _language().longest:
            yield Hit(sentence, f"{words} words", 9, f"at most {_language().longest}, better 20: two sentences")


def unfinished(say: str) -> Hit | None:
    """Return what is to be said of a step's sentence that goes on in the next step: each is shown alone."""
    if say.rstrip().endswith(","):
        return Hit(say.strip(), say.strip()[-20:], 5, "a whole sentence, as each step is shown alone")
    return None


def texts(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Yield what an exercise says to learners, with its key path; sources are titles, which others have written."""
    yield from (("title", exercise.title), ("prompt", exercise.prompt))
    yield from _of_givens(exercise.given)
    yield from of_steps(exercise.steps)
    for index, ask in enumerate(exercise.ask):
        yield from _of_part(ask, f"ask[{index}]")
    yield from ((f"mistakes[{index}].say", mistake.say) for index, mistake in enumerate(exercise.mistakes))
    yield from ((f"hints[{index}]", hint) for index, hint in enumerate(exercise.hints))
    yield from ((f"show[{index}].title", show.title) for index, show in enumerate(exercise.show))


def texts_of_lab(lab: Lab) -> Iterator[tuple[str, str]]:
    """Yield what a lab says to learners, with its key path."""
    yield from (("title", lab.title), ("prompt", lab.prompt))
    yield from _of_givens(lab.given)
    yield from ((f"controls[{index}].means", control.means) for index, control in enumerate(lab.controls))
    yield from of_steps(lab.steps)
    yield from ((f"show[{index}].title", show.title) for index, show in enumerate(lab.show))
    for index, guess in enumerate(lab.predict):
        key = f"predict[{index}]"
        yield from ((f"{key}.ask", guess.ask), (f"{key}.say", guess.say))
        yield from ((f"{key}.options[{at}].text", option.text) for at, option in enumerate(guess.options))


def of_steps(steps: list[Step], key: str = "steps") -> Iterator[tuple[str, str]]:
    """Yield what steps say, those within loops too."""
    for index, step in enumerate(steps):
        yield f"{key}[{index}].say", step.say
        yield from of_steps(step.do or [], f"{key}[{index}].do")


def _of_givens(givens: dict[str, Given]) -> Iterator[tuple[str, str]]:
    yield from ((f"given.{name}.means", given.means) for name, given in givens.items())


def _of_part(ask: Ask, key: str) -> Iterator[tuple[str, str]]:
    yield f"{key}.prompt", ask.prompt
    for index, option in enumerate(ask.options):
        yield f"{key}.options[{index}].text", option.text
        yield f"{key}.options[{index}].why", option.why
        yield f"{key}.options[{index}].missed", option.missed


def told(written: Iterable[tuple[str, str]], file: Path) -> Iterator[tuple[str, Hit]]:
    """Yield what is to be said of the texts of a file, with their keys."""
    ours = _is_ours(file)
    for key, text in written:
        yield from ((key, hit) for hit in hits(text, ours=ours))
        if key.endswith(".say") and key.startswith("steps") and (hit := unfinished(text)) is not None:
            yield key, hit
