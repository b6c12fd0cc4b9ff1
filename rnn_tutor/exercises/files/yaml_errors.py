"""PyYAML's errors as sentences for authors: what stands there, and what to write instead.

Most YAML errors of an exercise are one mistake, a text that had to be quoted; the parser notices it later and speaks
of tokens. So the line itself is looked at first, the parser's words second.
"""

import re

import yaml

from rnn_tutor.exercises.files.finding import shown

# `key: value`, `- value`, `- key: value`: what is left is the value.
_BEFORE_VALUE = re.compile(r"^\s*(?:- +)*(?:[\w.-]+ *:(?: +|$))?")
_CLOSED_EARLY = re.compile(r"""(?P<double>"(?:[^"\\]|\\.)*")|(?P<single>'(?:[^']|'')*')""")
_QUESTION = re.compile(r"[^\s\"',\[{][^\"',]*\?")
_NEVER_FIRST = "@`%&*!|>"


def explain(error: Exception, text: str) -> tuple[int, str]:
    """Return the line (from 1) and the sentence for an error that parsing `text` raised."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return 1, f"not valid YAML: {shown(str(error), 120)}"
    problem = error.problem or ""
    mark = error.problem_mark or error.context_mark
    begun = error.context_mark or mark
    line = mark.line if mark else 0
    first = begun.line if begun else line
    lines = text.split("\n")
    line_text = lines[line] if line < len(lines) else ""
    first_text = lines[first] if first < len(lines) else ""
    if "quoted scalar" in (error.context or "") or "escape" in problem:
        return _of_quotes(problem, line, first)
    if problem == "mapping values are not allowed here":
        return _of_colon(line, line_text, mark.column if mark else 0)
    if "could not find expected ':'" in problem:
        return first + 1, f"found '{shown(first_text.strip())}'; expected 'key: value'" + _unquoted(first_text)
    if "flow" in (error.context or "") and (sentence := _of_value(first_text)):
        return first + 1, sentence
    if sentence := _of_value(line_text):
        return line + 1, sentence
    if "flow" in (error.context or "") and _QUESTION.search(line_text):
        return line + 1, "quote the text: between brackets it may not contain '?'"
    if "flow" in (error.context or ""):
        return first + 1, "a bracket that opens here is not closed; close it, or quote the text that it belongs to"
    if "expected <block end>" in problem:
        sentence = f"'{shown(line_text.strip())}' does not fit the lines above it (from line {first + 1} on)"
        return line + 1, f"{sentence}; expected the same indentation as its neighbours"
    if "node content" in problem:
        return line + 1, f"found '{shown(line_text.strip())}' where a value is expected; quote it if it is text"
    return line + 1, f"not valid YAML: {shown(problem, 120)}; quote the text if it has one of : # [ ] {{ }} & * ! | >"


def _of_quotes(problem: str, line: int, first: int) -> tuple[int, str]:
    if "escape" in problem:
        sentence = "a backslash in double quotes that YAML does not know; use single quotes, or double the backslash"
        return line + 1, sentence
    return first + 1, "a quote that opens here is never closed; expected the same quote at the end of the text"


def _of_colon(line: int, line_text: str, column: int) -> tuple[int, str]:
    """Tell an unquoted ': ' within a text from a key that is indented under a text."""
    if ": " in _BEFORE_VALUE.sub("", line_text + " ", count=1):
        return line + 1, "quote the text: it contains ': '"
    key = shown(line_text[:column].strip())
    return line + 1, f"the key '{key}' is indented under a text; expected the indentation of its neighbours"


def _unquoted(line: str) -> str:
    sentence = _of_value(line)
    return f"; {sentence}" if sentence else ""


def _of_value(line: str) -> str:
    """Return what is wrong with a line whose value had to be quoted, "" if it does not look like that."""
    value = _BEFORE_VALUE.sub("", line, count=1).strip()
    if not value:
        return ""
    if value[0] in _NEVER_FIRST:
        return f"quote the text: it starts with '{value[0]}'"
    if value[0] in "[{":
        left = _after_bracket(value)
        if left is None:
            return f"close the bracket, or quote the text: it starts with '{value[0]}'"
        return f"quote the text: it starts with '{value[0]}'" if left else ""
    quoted = _CLOSED_EARLY.match(value)
    if quoted and not re.match(r"\s*(?:#|$|,|:(?:\s|$))", value[quoted.end() :]):
        twice = "''" if quoted["single"] else '\\"'
        return f"text follows the closing quote; within the quotes write {twice} for a quote"
    return ""


def _after_bracket(value: str) -> str | None:
    """Return what follows the bracket that `value` starts with, as in `[1, 2] @ [3, 4]`; None if it never closes."""
    depth = 0
    for place, character in enumerate(value):
        depth += (character in "[{") - (character in "]}")
        if depth == 0:
            return re.sub(r"^\s*#.*", "", value[place + 1 :])
    return None
