"""Foreign YAML, read safely: a file becomes mappings, lists and text, each with its line, or a ContentError.

Only parse events are used, never PyYAML's loaders: no object is built, no alias expanded, no scalar guessed to be a
number, a date or a truth value. What data has no need of (anchors, aliases, tags, merge keys, directives, a second
document) is refused, and so is what is beyond the limits, before it can cost anything.

libyaml's event parser, where PyYAML has it, reads a file ten times faster than the pure-Python one. Only its clean
result is taken: at the first thing that is odd or wrong the file is read again by the pure-Python parser, which
alone says what is wrong. So every machine accepts the same files and says the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from rnn_tutor.exercises.files.finding import UNSHOWABLE, ContentError, Finding, join, line_of, shown
from rnn_tutor.exercises.files.source import EXERCISE_LIMITS, MOST_FINDINGS, Limits, refuse
from rnn_tutor.exercises.files.yaml_errors import explain

Data: TypeAlias = "str | list[Data] | dict[str, Data]"
_Valued: TypeAlias = ScalarEvent | MappingStartEvent | SequenceStartEvent

_LONGEST_KEY = 100  # a name has 40 at most; every key path holds the keys above it
_DEEPEST_BRACKETS = 64  # opened with none closed between: an expression's own brackets (32) fit, an attack does not
_DEEPEST_INDENT = 200  # columns
_TOO_DEEP_INDENT = re.compile(rf"^ {{{_DEEPEST_INDENT}}}|^ *(?:[-?:] +){{13}}", re.MULTILINE)
_BRACKETS = re.compile(r"[\[{]|[\]}]")

# Read differently by the two parsers, or only by one; measured with 1.5 million generated texts, see the tests.
_PARSERS_DISAGREE = re.compile(r"[|>][-+0-9]*#")


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's content: nested mappings, lists and text, and the line (from 1) of every key path.

    `findings` is what was wrong in a file that could be read to its end; `refused` are the key paths where an empty
    text stands for what was refused.
    """

    file: Path
    data: Data
    lines: Mapping[str, int]
    findings: tuple[Finding, ...] = ()
    refused: frozenset[str] = frozenset()

    def line(self, key: str) -> int:
        """Return the line of `key`, or of the nearest key above it that the file has."""
        return line_of(self.lines, key)


def parse(text: str, file: Path, limits: Limits = EXERCISE_LIMITS) -> Tree:
    """Return the tree of a YAML text (as `decode` gives it), with what was refused in it.

    Raises ContentError where reading cannot go on.
    """
    _check_depth(text, file)
    if _fast is not None and not _PARSERS_DISAGREE.search(text):
        try:
            return _Builder(file, limits, strict=True).build(_events(text, _fast))
        except (_OddError, yaml.YAMLError, ValueError, OverflowError):
            pass  # the pure-Python parser has the last word
    builder = _Builder(file, limits, text=text)
    try:
        return builder.build(_events(text, _pure))
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # ValueError: an escape such as \\UFFFFFFFF
        line, sentence = explain(error, text)
        builder.note(line, sentence)
        raise ContentError(builder.findings) from None


def _check_depth(text: str, file: Path) -> None:
    """Refuse what only an attack nests so deep, before any parser sees it."""
    opened = 0
    for bracket in _BRACKETS.finditer(text):
        opened = opened + 1 if bracket.group() in "[{" else 0
        if opened > _DEEPEST_BRACKETS:
            line = text.count("\n", 0, bracket.start()) + 1
            refuse(file, f"more than {_DEEPEST_BRACKETS} brackets are opened in a row with none closed", line)
    deep = _TOO_DEEP_INDENT.search(text)
    if deep:
        line = text.count("\n", 0, deep.start()) + 1
        refuse(file, f"nested too deep: more than {_DEEPEST_INDENT} columns, or 12 dashes on one line", line)


_pure: Any = yaml.SafeLoader  # used for its events only
_fast: Any = getattr(yaml, "CSafeLoader", None)  # absent where PyYAML was built without libyaml


def _events(text: str, parser: type[Any]) -> Iterator[Event]:
    loader = parser(text)
    try:
        yield from iter(loader.get_event, None)  # as yaml.parse, which asks twice for each: a third of the time
    finally:
        loader.dispose()


class _OddError(Exception):
    """The fast parser met something that is not plainly good."""


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being filled; `path` is where it stands, `key` the key that waits for its value."""

    path: str
    data: list[Data] | dict[str, Data]
    flow: bool
    key: str | None = None
    duplicate: bool = False


@dataclass(slots=True)
class _Builder:
    """Makes a Tree from events, without recursion. `strict`: raise _OddError instead of collecting findings."""

    file: Path
    limits: Limits
    strict: bool = False
    text: str = ""
    findings: list[Finding] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    stack: list[_Open] = field(default_factory=list)
    root: "Data | None" = None

    def note(self, line: int, sentence: str, key: str = "") -> None:
        """Note a problem; when there are too many, stop with those."""
        if self.strict:
            raise _OddError
        self.findings.append(Finding(self.file, line, shown(key, 120), sentence))
        if len(self.findings) >= MOST_FINDINGS:
            raise ContentError(self.findings)

    def build(self, events: Iterator[Event]) -> Tree:
        """Read all events; raises ContentError, _OddError (strict) or what the parser raises."""
        documents = 0
        for count, event in enumerate(events):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if count > self.limits.events:
                self.note(line, f"more than {self.limits.events:,} values and keys in one file")
                raise ContentError(self.findings)
            if isinstance(event, ScalarEvent):
                self.scalar(event, line)
            elif isinstance(event, MappingStartEvent | SequenceStartEvent):
                self.open(event, line)
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                self.stack.pop()
            elif isinstance(event, AliasEvent):
                sentence = f"'*{shown(event.anchor or '')}' is a YAML alias, which is not read"
                self.note(
                    line, f"{sentence}; quote the text if it starts with '*', or write the value out", self.where()
                )
                self.refused.add(self.where())
                self.put("", line)
            elif isinstance(event, DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self.note(line, "a YAML directive (%...); expected none, the file starts with its first key")
                if documents > 1:
                    self.note(line, "'---' begins a second document; expected one document per file")
                    raise ContentError(self.findings)
        if self.root is None or self.root == "":
            self.note(1, "the file is empty; expected keys and values")
        return Tree(
            self.file, "" if self.root is None else self.root, self.lines, tuple(self.findings), frozenset(self.refused)
        )

    def where(self) -> str:
        """Return the key path of the value that comes next."""
        if not self.stack:
            return ""
        top = self.stack[-1]
        return join(top.path, len(top.data) if isinstance(top.data, list) else top.key or "")

    def properties(self, event: _Valued, line: int) -> None:
        """Refuse an anchor or a tag before a value."""
        if event.anchor is not None:
            sentence = f"'&{shown(event.anchor)}' is a YAML anchor, which is not read"
            self.note(line, f"{sentence}; quote the text if it starts with '&'", self.where())
        if event.tag is not None:
            sentence = f"'{shown(event.tag)}' is a YAML tag, which is not read"
            self.note(line, f"{sentence}; quote the text if it starts with '!'", self.where())

    def open(self, event: MappingStartEvent | SequenceStartEvent, line: int) -> None:
        """Begin a mapping or a list."""
        self.properties(event, line)
        path = self.where()
        if len(self.stack) >= self.limits.depth:
            self.note(line, f"nested deeper than {self.limits.depth} levels", path)
            raise ContentError(self.findings)
        data: list[Data] | dict[str, Data] = {} if isinstance(event, MappingStartEvent) else []
        if self.stack and isinstance(self.stack[-1].data, dict) and self.stack[-1].key is None:
            self.note(line, "a list or mapping is used as a key; expected a name (quote it if it is text)", path)
        self.put(data, line)
        self.stack.append(_Open(path, data, bool(getattr(event, "flow_style", False))))

    def scalar(self, event: ScalarEvent, line: int) -> None:
        """Take a scalar: a key if one is due, else a value."""
        self.properties(event, line)
        value = event.value
        plain = not event.style
        top = self.stack[-1] if self.stack else None
        if self.strict and plain and top is not None:
            # The parsers differ in the line of an empty item, and in '?' within plain text between brackets.
            odd = "?" in value or not value if top.flow else not value and isinstance(top.data, list)
            if odd:
                raise _OddError
        if len(value) > self.limits.scalar:
            sentence = f"a text of {len(value):,} characters; at most {self.limits.scalar:,} are read"
            self.note(line, sentence, self.where())
            self.refused.add(self.where())
            value = ""
        elif not value.isprintable() and UNSHOWABLE.search(value):
            code = ord(UNSHOWABLE.search(value).group())  # type: ignore[union-attr]
            self.note(line, f"an escape that gives the invisible character U+{code:04X}; expected text", self.where())
            value = UNSHOWABLE.sub("?", value)
        if plain and not value and top is not None and top.flow and isinstance(top.data, dict):
            self.comma(top, top.data, event, line)
        self.put(value, line, plain=plain)

    def comma(self, top: _Open, data: dict[str, Data], event: ScalarEvent, line: int) -> None:
        """Tell a key that has neither a colon nor a value: within { } it is what follows a comma in a text."""
        at = event.start_mark.index if event.start_mark else 0
        before = self.text[at - 1 : at]
        if top.key is None or before == ":":
            return
        last = next((name for name in reversed(data) if name != top.key), None)
        if last is None or not isinstance(data[last], str):
            return
        path, key = self.where(), shown(top.key, 30)
        self.refused.add(path)
        if join(top.path, last) in self.refused:
            return  # what follows the next comma of the same text
        quoted = f'{shown(last, 30)}: "{shown(str(data[last]), 30)}, {key}"'
        sentence = f"'{key}' has no value; quote the text of '{shown(last, 30)}' if the comma is part of it: {quoted}"
        self.note(line, sentence, path)

    def put(self, value: Data, line: int, *, plain: bool = False) -> None:
        """Put a value where it belongs: the root, a list, a waiting key; or make it the waiting key."""
        if not self.stack:
            self.root = value
            self.lines[""] = line
            return
        top = self.stack[-1]
        if isinstance(top.data, list):
            self.lines.setdefault(join(top.path, len(top.data)), line)
            top.data.append(value)
        elif top.key is None:
            self.key(top, top.data, value, line, plain=plain)
        else:
            if not top.duplicate:
                top.data[top.key] = value
            top.key = None

    def key(self, top: _Open, data: dict[str, Data], value: Data, line: int, *, plain: bool) -> None:
        """Make `value` the key that waits, if it can be one."""
        top.key = value if isinstance(value, str) else "?"
        if len(top.key) > _LONGEST_KEY:
            self.note(line, f"a key of {len(top.key):,} characters; expected at most {_LONGEST_KEY}", top.path)
            top.key = shown(top.key, 20)
        path = join(top.path, top.key)
        if plain and value == "<<":
            self.note(line, "'<<' is a YAML merge key, which is not read; write the keys out", path)
        top.duplicate = top.key in data
        if top.duplicate:
            first = self.lines[path]
            self.note(line, f"the key '{shown(top.key)}' appears twice (first on line  {first}); expected once", path)
        else:
            self.lines.setdefault(path, line)  # what a duplicate holds must not displace the first one's lines
            data[top.key] = ""  # known from here on, even if the value is refused
