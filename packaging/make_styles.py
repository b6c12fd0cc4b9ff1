"""Make the file of parsed styles (`make styles`), after a change of a style sheet or of Textual."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

import rnn_tutor.tui
from rnn_tutor.tui.app import Tutor
from rnn_tutor.tui.terminal.capabilities import Options, Terminal
from rnn_tutor.tui.terminal.parsed_styles import FILE, Sheet, encoded


def made() -> bytes:
    """Return the file as it should be with the Textual that is installed."""
    variables = an_app().get_css_variables()
    return encoded(version("textual"), variables, {sheet: parsed(sheet, variables) for sheet in sheets()})


def an_app() -> Tutor:
    """Return an app that is not run, with the theme that it begins with."""
    return Tutor(lambda: (_ for _ in ()).throw(AssertionError), None, Terminal(), Options())


def sheets() -> set[Sheet]:
    """Return the style sheets of the app and of all its widgets, each with the class that it is about."""
    for module in pkgutil.walk_packages(rnn_tutor.tui.__path__, "rnn_tutor.tui."):
        import_module(module.name)
    own = {(path.read_text(encoding="utf-8"), "") for path in an_app().css_path}
    ours = [one for one in _kinds(DOMNode) if one.__module__.startswith("rnn_tutor.")]
    bases = {base for one in ours for base in one.__mro__ if "DEFAULT_CSS" in base.__dict__}
    return own | {_sheet(base) for base in bases if base.__dict__["DEFAULT_CSS"]}


def parsed(sheet: Sheet, variables: dict[str, str]) -> list[RuleSet]:
    """Return what Textual's own parser says."""
    css, scope = sheet
    return Stylesheet(variables=variables)._parse_rules(css, ("", ""), scope=scope)  # noqa: SLF001 - as a sheet is asked


def _sheet(kind: type[DOMNode]) -> Sheet:
    scoped = kind.__dict__.get("SCOPED_CSS", True)
    return kind.DEFAULT_CSS, kind._css_type_name if scoped else ""  # noqa: SLF001 - as Textual asks it


def _kinds(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)


if __name__ == "__main__":
    FILE.write_bytes(made())
