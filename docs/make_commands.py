"""Write the list of commands in docs/commands.md, and the man page, from the parser: `python docs/make_commands.py`."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from rnn_tutor import cli

FILE = Path(__file__).with_name("commands.md")
MAN = Path(__file__).with_name("rnn-tutor.1")
BEGINS = "<!-- made by docs/make_commands.py -->\n"
INTRODUCTION = """## All commands

`rnn-tutor COMMAND --help` prints the same. Nearly all of them take `--content DIR`, `--only` and `--data DIR`.
"""
COMMON = ("help", "content", "only", "data")
SUBJECT = "a terminal tutor for the mathematics of recurrent networks"
SECTIONS = {
    "FILES": (
        ("~/.local/share/rnn-tutor", "Your answers. rnn-tutor doctor says where they are on your system."),
        ("~/.cache/rnn-tutor", "A cache, so that courses open sooner. You may delete it."),
    ),
    "ENVIRONMENT": (
        ("RNN_TUTOR_DATA", "The folder of your answers, as --data DIR."),
        ("RNN_TUTOR_HOST", "A name for this machine, which then writes a progress file of its own."),
        ("NO_COLOR", "If it is set, nothing is coloured."),
    ),
    "EXIT STATUS": (
        ("0", "Done. For answer: right."),
        ("1", "Not right, nothing found, or something was found wrong."),
        ("2", "Not understood, or a command that cannot be done as it was given."),
    ),
}


def page(text: str) -> str:
    """Return the page with its list made anew; what stands before the list stays."""
    return text.partition(BEGINS)[0] + BEGINS + "\n".join([INTRODUCTION, *_commands()])


def _commands() -> Iterator[str]:
    for name, takes, sub, options in _described():
        yield f"### `{f'rnn-tutor {name} {takes}'.strip()}`\n\n{sub.description}\n"
        rows = [f"| `{_written(one)}` | {one.help or ''} |" for one in options]
        if rows:
            yield "| | |\n| --- | --- |\n" + "\n".join(rows) + "\n"


def _described(
    parser: argparse.ArgumentParser | None = None, before: str = ""
) -> Iterator[tuple[str, str, argparse.ArgumentParser, list[argparse.Action]]]:
    """Yield each command: its name, what it takes, its parser, and its options but for the common ones."""
    for name, sub in _commands_of(parser or _parser()).items():
        if _commands_of(sub):
            yield from _described(sub, f"{before}{name} ")
        else:
            options = [one for one in sub._actions if one.dest not in COMMON]  # noqa: SLF001
            takes = " ".join(_metavar(one) for one in options if not one.option_strings)
            yield f"{before}{name}", takes, sub, options


def _commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]  # noqa: SLF001
    return dict(found[0].choices) if found else {}


def _parser() -> argparse.ArgumentParser:
    return cli._parser()  # noqa: SLF001 - the parser is no part of what others may use


def man() -> str:
    """Return the man page."""
    parser = _parser()
    own = [one for one in parser._actions if one.option_strings]  # noqa: SLF001
    lines = ['.TH RNN-TUTOR 1 "" "rnn-tutor" "User Commands"', ".SH NAME"]
    lines += [_roff(f"rnn-tutor - {SUBJECT}"), ".SH SYNOPSIS", ".B rnn-tutor"]
    lines += [_roff("[OPTIONS] [COMMAND ...]"), ".SH DESCRIPTION", *map(_roff, parser.description.split("\n"))]
    lines += [".SH OPTIONS", *_items((_written(one), one.help) for one in own), ".SH COMMANDS"]
    lines += [_roff("Nearly all commands take --content DIR, --only and --data DIR, as above.")]
    for name, takes, sub, options in _described():
        lines += [f".SS {_roff(f'rnn-tutor {name} {takes}'.strip())}", _roff(sub.description or "")]
        lines += _items((_written(one), one.help) for one in options)
    for title, rows in SECTIONS.items():
        lines += [f".SH {title}", *_items(rows)]
    return "\n".join(lines) + "\n"


def _items(rows: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    for name, text in rows:
        yield from (".TP", f"\\fB{_roff(name)}\\fR", _roff(text or ""))


def _roff(text: str) -> str:
    """Return text as it stands in a line of a man page: a hyphen that can be copied, nothing that is a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _metavar(option: argparse.Action) -> str:
    name = str(option.metavar or option.dest)
    return {"?": f"[{name}]", "*": f"[{name} ...]", "+": f"{name} ..."}.get(str(option.nargs), name)


def _written(option: argparse.Action) -> str:
    if not option.option_strings:
        return _metavar(option)
    if option.nargs == 0:
        return option.option_strings[0]
    if option.choices is not None:
        return f"{option.option_strings[0]} {{{','.join(map(str, option.choices))}}}"
    return f"{option.option_strings[0]} {option.metavar}"


if __name__ == "__main__":
    FILE.write_text(page(FILE.read_text("utf-8")), "utf-8")
    MAN.write_text(man(), "utf-8")
