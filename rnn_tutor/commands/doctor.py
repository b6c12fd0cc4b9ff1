"""doctor: what the terminal can do, what the tutor chose and why, where everything lives, and whether that works."""

import argparse
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from rnn_tutor.figures import heatmap
from rnn_tutor.figures.characters import draw
from rnn_tutor.figures.characters.canvas import text_of
from rnn_tutor.figures.figure import Figure, Item
from rnn_tutor.paths import PROGRESS, PathError, cache_folder, content_folders, progress_file, settings_file, shown
from rnn_tutor.printable import plain
from rnn_tutor.progress.database import StoreError
from rnn_tutor.progress.events import is_event
from rnn_tutor.progress.hosts import host_of, others
from rnn_tutor.progress.store import Store
from rnn_tutor.settings import Settings
from rnn_tutor.tui.terminal import capabilities as terminal
from rnn_tutor.tui.terminal.capabilities import Options, Terminal

from .asking import Answers, ask
from .output import ascii_only, coloured, fitted
from .sent import class_at

_LEAST_FREE = 10_000_000  # bytes: below that a full disk is near
_NARROW = (60, 20)
_PLOT = 30  # columns of a sample plot: two fit beside each other
_SAMPLE = np.linspace(-1.0, 1.0, 9)


class Report:
    """Lines for a reader, and how many of them tell of something wrong."""

    def __init__(self, plain_ascii: bool) -> None:
        self.wrong = 0
        self._ascii = plain_ascii

    def head(self, title: str) -> None:
        """Begin a part."""
        self._write(f"\n{title}")

    def row(self, name: str, sentence: str) -> None:
        """Say what a thing is."""
        self._write(f"  {name:<12} {sentence}", " " * 15)

    def trouble(self, name: str, sentence: str) -> None:
        """Say what is wrong."""
        self.wrong += 1
        self.row(name, f"WRONG: {sentence}")

    def drawn(self, name: str, picture: str) -> None:
        """Show a picture, escapes and all: our own, nothing foreign."""
        sys.stdout.write(f"  {name:<12} {picture}\n")

    def _write(self, text: str, indent: str = "") -> None:
        sys.stdout.write(fitted(plain(text, ascii_only=self._ascii, lines=True), sys.stdout, indent) + "\n")


def doctor(options: argparse.Namespace) -> int:
    """Print what is known of this machine; 1 where something would keep the tutor from working."""
    character_options = Options("ascii" if options.ascii else "utf8" if options.utf8 else None)
    encoding = getattr(sys.__stderr__, "encoding", None) or "ascii"
    can = terminal.terminal(os.environ, encoding, character_options)
    report = Report(can.ascii_only or ascii_only())
    _versions(report)
    _terminal(report, encoding)
    _chosen(report, can, character_options, encoding)
    _places(report, options)
    report.head("Heatmaps from -1 to 1 in each style (m changes the style while you look)")
    for name, picture in _pictures(can):
        report.drawn(name, picture)
    report.head("Lines and bars, in ASCII and, if the terminal can show them, with finer marks")
    for picture in _plots(can.ascii_only or ascii_only()):
        report.drawn("", picture)
    return 1 if report.wrong else 0


def _versions(report: Report) -> None:
    report.row("rnn-tutor", _version("rnn-tutor"))
    report.row("Python", f"{platform.python_version()} on {platform.system()} {platform.release()}, {sys.executable}")
    report.row("with", ", ".join(f"{name} {_version(name)}" for name in ("textual", "numpy", "rich", "msgspec")))
    report.row("SQLite", sqlite3.sqlite_version)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"


def _terminal(report: Report, encoding: str) -> None:
    report.head("The terminal")
    for name, stream in (("keyboard", sys.__stdin__), ("screen", sys.__stderr__)):
        is_terminal = stream is not None and stream.isatty()
        stream_name = "standard input" if name == "keyboard" else "standard error"
        report.row(name, f"{stream_name}, {'a terminal' if is_terminal else 'not a terminal'}")
    size = _size()
    if size is not None:
        small = size[0] < _NARROW[0] or size[1] < _NARROW[1]
        report.row("size", f"{size[0]} x {size[1]}" + (" (small: you will have to scroll)" if small else ""))
    names = ("TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "PYTHONIOENCODING", "TMUX", "SSH_TTY")
    settings = [f"{name}={os.environ[name]}" for name in names if name in os.environ]
    report.row("says", " ".join(settings) or "nothing: neither TERM nor a locale is set")
    report.row("encoding", f"{encoding}, by the locale")
    answers = _ask_terminal()
    if not answers.answered:
        report.row("asked", "no answer, which does no harm")
        return
    report.row("frames", "each is shown at once" if answers.frames else "may be shown in pieces")
    if answers.cells is not None:
        report.row("UTF-8", "shown" if answers.cells == 1 else f"not shown: one character took {answers.cells} cells")


def _ask_terminal() -> Answers:
    keyboard, screen = sys.__stdin__, sys.__stderr__
    if keyboard is None or screen is None or not (keyboard.isatty() and screen.isatty()):
        return Answers()
    if os.environ.get("TERM", "") in terminal.NO_SCREEN:
        return Answers()
    return ask(keyboard.fileno(), screen.fileno(), old=os.environ.get("TERM", "") in terminal.ASCII_TERMS)


def _size() -> tuple[int, int] | None:
    for stream in (sys.__stderr__, sys.__stdin__, sys.__stdout__):
        if stream is not None and stream.isatty():
            return os.get_terminal_size(stream.fileno())
    return None


def _chosen(report: Report, can: Terminal, character_options: Options, encoding: str) -> None:
    report.head("What the tutor chose")
    reason = terminal.why_not(sys.__stdin__, sys.__stderr__, os.environ)
    if reason is None:
        report.row("screens", "are shown")
    else:
        report.trouble("screens", reason)
    characters = "ASCII" if can.ascii_only else "UTF-8"
    report.row("characters", f"{characters}, because {_why_characters(can, character_options, encoding)}")
    colours = {0: "none", terminal.TRUECOLOUR: "16.8 million"}.get(can.colours, str(can.colours))
    report.row("colours", f"{colours}, because {_why_colours()}")
    drawn = {"ascii": "ASCII", "colour": "colours"}.get(can.drawn, can.drawn)
    report.row("heatmaps", f"drawn with {drawn} at first")


def _why_characters(can: Terminal, character_options: Options, encoding: str) -> str:
    if character_options.characters is not None:
        return f"--{character_options.characters} was given"
    term = os.environ.get("TERM", "")
    if term in terminal.ASCII_TERMS:
        return f"TERM={term} has few other characters (--utf8 overrides this)"
    if can.ascii_only:
        named = "not one of UTF-8" if encoding.lower().replace("-", "") == "utf8" else encoding
        return f"the locale's encoding is {named} (LANG=C.UTF-8 or --utf8 overrides this)"
    return "the locale's encoding is UTF-8 (--ascii overrides this)"


def _why_colours() -> str:
    term = os.environ.get("TERM", "")
    if os.environ.get("NO_COLOR"):
        return "NO_COLOR is set"
    if term.startswith("vt"):
        return f"TERM={term} has none"
    colour_term = os.environ.get("COLORTERM", "")
    if colour_term.strip().lower() in ("truecolor", "24bit"):
        return f"COLORTERM={colour_term}"
    over_ssh = "; over SSH, set COLORTERM=truecolor yourself" if "SSH_TTY" in os.environ else ""
    return f"of TERM={term}{over_ssh}" if term else "TERM is not set"


def _places(report: Report, options: argparse.Namespace) -> None:
    report.head("Where files are kept")
    _content(report, options)
    cache = cache_folder()
    if cache is not None:
        report.row("cache", str(cache))
        report.row("", "a cache, so that courses open sooner; you may delete it")
    _settings(report)
    try:
        file = progress_file(options.data)
    except PathError as error:
        report.trouble("progress", str(error))
        return
    _progress(report, file)
    if joined := class_at(file):
        report.row("class", f"{joined.server.title}, on {joined.server.host}, as {joined.server.learner}")
        report.row("", joined.state())


def _settings(report: Report) -> None:
    path = settings_file()
    if path is None:
        return
    settings = Settings(path)
    settings.read()
    report.row("settings", str(path))
    if settings.problems:
        report.trouble("", f"{settings.problems[0]} `rnn-tutor settings` tells all")
    else:
        report.row("", "there are some" if path.exists() else "there are none yet; F9 and then s in the tutor")


def _content(report: Report, options: argparse.Namespace) -> None:
    from rnn_tutor.exercises.load import Library

    try:
        folders = content_folders(options.content, only=options.only)
    except PathError as error:
        report.trouble("exercises", str(error))
        return
    library = Library(folders)
    for folder, section in zip(folders, library.sections, strict=True):
        report.row("exercises", str(folder))
        units = [unit for unit in map(library.unit, section.units) if unit.exercises]
        exercises = sum(len(unit.exercises) for unit in units)
        counted = f"{exercises} exercises in {len(units)} units"
        if section.findings:
            count = len(section.findings)
            problems = "there is 1 problem" if count == 1 else f"there are {count} problems"
            report.trouble("", f"{counted}, but {problems}; `rnn-tutor check {shown(folder)}` lists them")
        elif not exercises:
            report.trouble("", "there are no exercises in it")
        else:
            report.row("", counted)


def _progress(report: Report, file: Path) -> None:
    report.row("progress", str(file))
    try:
        exists = file.exists()
    except OSError:
        exists = False
    if not exists:
        home = _nearest(file.parent)
        if home is None or not os.access(home, os.W_OK | os.X_OK):
            report.trouble("", f"{home or file.parent} cannot be written: name another folder with --data DIR")
            return
        report.row("", "not there yet; your first answer creates it")
    else:
        try:
            store = Store.open(file)
            count = sum(1 for attempt in store.attempts() if is_event(attempt))
            trouble = store.trouble or " ".join(sorted(store.missing))
            store.close()
        except StoreError as error:
            report.trouble("", str(error))
            return
        if trouble or not os.access(file, os.W_OK) or not os.access(file.parent, os.W_OK):
            report.trouble("", trouble or f"it can be read but not written: {file}")
            return
        more = _read_too(file)
        for sentence in more:
            report.row("", sentence)
        answers = "1 answer is" if count == 1 else f"{count} answers are"
        report.row("", f"{answers} kept {'in all of them' if more else 'there'}; it can be written")
    free = shutil.disk_usage(_nearest(file.parent) or "/").free
    if free < _LEAST_FREE:
        report.trouble("", f"the disk is nearly full: {free / 1e6:.1f} MB are free")


def _read_too(file: Path) -> list[str]:
    """Return which files count beside the one that is written here: of other machines, of assignments."""
    beside = others(file)
    machines = sorted({host_of(other) for other in beside if other.name != file.name} - {""})
    assignments = sorted({other.parent.parent.name for other in beside if other.parent != file.parent})
    told = []
    if machines:
        told.append(f"the files of other machines are read too: {', '.join(machines)}")
    if file.with_name(PROGRESS) in beside:
        told.append(f"{PROGRESS} is read too: it is from before each machine had a file of its own")
    if assignments:
        told.append(f"answers to assignments are in files of their own: {', '.join(assignments)}")
    return told


def _nearest(folder: Path) -> Path | None:
    """Return the folder, or the first above it that is there."""
    for candidate in (folder, *folder.parents):
        try:
            if candidate.is_dir():
                return candidate
        except OSError:
            return None
    return None


def _pictures(can: Terminal) -> Iterator[tuple[str, str]]:
    """Yield each style's name and its marks; what this terminal cannot show says so."""
    ((*cells,),) = heatmap.marks(_SAMPLE, "ascii", 1.0)
    yield "ASCII", "  ".join(cells)
    if can.ascii_only or ascii_only():
        yield "blocks", "need UTF-8"
    else:
        ((*cells,),) = heatmap.marks(_SAMPLE, "blocks", 1.0)
        yield "blocks", "  ".join(cells)
    if not coloured() or can.colours < 16:
        yield "colour", "needs a terminal with colours" if can.colours < 16 else "is shown on a terminal"
    else:
        yield "colour", _in_colour(can)


def _plots(only_ascii: bool) -> Iterator[str]:
    """Yield lines of sample plots: in ASCII at the left, and beside them as UTF-8 terminals show them."""
    steps = np.arange(12.0)
    kept_share = Item("kept", 0.8**steps)
    lines = Figure("lines", (kept_share, Item("forgotten", 1 - 0.8**steps)), level=Item("half", np.array(0.5)))
    bars = Figure("bars", (Item("kept", kept_share.values[:3]), Item("change", kept_share.values[:3] - 0.9)))
    for sample, height in ((lines, 8), (bars, 7)):
        plain_one = text_of(draw(sample, _PLOT, height, ascii_only=True))
        finer = plain_one if only_ascii else text_of(draw(sample, _PLOT, height, ascii_only=False))
        for left, right in zip(plain_one, finer, strict=True):
            yield left if only_ascii else f"{left:<{_PLOT}}   {right}"


def _in_colour(can: Terminal) -> str:
    from rich.color import ColorSystem
    from textual.strip import Strip

    from rnn_tutor.tui import palette

    painted = can.colours >= 256
    count = palette.level_count(can.colours) if painted else heatmap.COLOUR_LEVELS
    system = {16: ColorSystem.STANDARD, 256: ColorSystem.EIGHT_BIT}.get(can.colours, ColorSystem.TRUECOLOR)
    cells = []
    for level in heatmap.levels(_SAMPLE, count, 1.0).tolist():
        style = palette.style(level, count, can.colours, painted).rich_style
        mark = heatmap.text(level, "colour", count, 3)
        codes = Strip.render_ansi(style, system)
        cells.append(f"\x1b[{codes}m{mark}\x1b[m" if codes else mark)
    return " ".join(cells)
