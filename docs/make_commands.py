"""Write the list of commands in docs/commands.md from the parser: `python docs/make_commands.py`."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from rnn_tutor import cli

FILE = Path(__file__).with_name("commands.md")
BEGINS = "<!-- made by docs/make_commands.py -->\n"
INTRODUCTION = """## All commands

`rnn-tutor COMMAND --help` prints the same. Nearly all of them take `--content DIR`, `--only` and `--data DIR`.
"""
COMMON = ("help", "content", "only", "data")


def page(text: str) -> str:
    """Return the page with its list made anew; what stands before the list stays."""
    return text.partition(BEGINS)[0] + BEGINS + "\n".join([INTRODUCTION, *_commands()])


def _commands() -> Iterator[str]:
    parser = cli._parser()  # noqa: SLF001 - the parser is no part of what others may use
    (commands,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))  # noqa: SLF001
    for name, sub in commands.choices.items():
        options = [one for one in sub._actions if one.dest not in COMMON]  # noqa: SLF001
        takes = " ".join(_metavar(one) for one in options if not one.option_strings)
        yield f"### `{f'rnn-tutor {name} {takes}'.strip()}`\n\n{sub.description}\n"
        rows = [f"| `{_written(one)}` | {one.help or ''} |" for one in options]
        if rows:
            yield "| | |\n| --- | --- |\n" + "\n".join(rows) + "\n"


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
