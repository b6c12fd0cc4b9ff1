"""import: a notebook -> exercise files, and a table of what became of each of its exercises."""

import argparse
import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rnn_tutor.exercises.files.finding import shown
from rnn_tutor.exercises.importing.notebook import Entry, Imported, imported
from rnn_tutor.exercises.importing.source import Cell, SourceError, read_cells

from .output import complain, say, say_json
from .running import Ran, RunError, run_code
from .source import UseError, agreed
from .written import check_target, write

_RUNS = "The code of {name} will run as you, and may do whatever you may do, to compare its values. Run it?"
_NOT_RUN = "Nothing was run, and nothing is imported."
_NO_MODULE = "No module named"
_STATES = ("imported", "draft", "refused")


def import_notebook(options: argparse.Namespace) -> int:
    """Import a notebook and tell what became of it; status 1 where nothing of it is an exercise yet."""
    file, folder = Path(options.file), Path(options.output)
    if file.is_dir():
        return complain(f"{shown(str(file))} is a folder: name the notebook in it.")
    try:
        cells = read_cells(file)
        if options.runs:
            if not agreed(_RUNS.format(name=shown(file.name)), options, otherwise=_NOT_RUN):
                return 1
            cells = _ran(cells)
            _say_missing(cells)
        result = imported(cells, file.stem)
        _write(result, folder, force=options.force)
    except SourceError as error:
        return complain(f"{shown(file.name)}: {error}")
    except (UseError, RunError) as error:
        return complain(str(error))
    _tell(result, folder, json=options.json, run=options.runs)
    return 0 if any(one.status == "imported" for one in result.entries) else 1


def _ran(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells of a notebook with what their code gives now, in place of what was stored. Raises RunError."""
    code = [cell for cell in cells if cell.kind == "code"]
    ran = dict(zip((cell.number for cell in code), run_code([(cell.number, cell.text) for cell in code]), strict=True))
    return [_with(cell, ran[cell.number]) if cell.number in ran else cell for cell in cells]


def _say_missing(cells: Sequence[Cell]) -> None:
    """Say which modules the code did not find: what such a cell defines is missing in those after it."""
    for cell in cells:
        if cell.error.startswith(_NO_MODULE):
            complain(f"Cell {cell.number}: {cell.error}. `pip install` it where rnn-tutor is installed.")


def _with(cell: Cell, ran: Ran) -> Cell:
    return replace(cell, output=ran.text, failed=ran.failed, error=ran.error)


def _write(result: Imported, folder: Path, *, force: bool) -> None:
    """Write all files, or none where one of them cannot be. Raises UseError."""
    if not result.files:
        return
    units = {Path(name).parent for name in result.files}
    for place in (folder, *(folder / unit for unit in sorted(units))):
        _check_folder(place)
    for name in result.files:
        target = folder / name
        if target.is_symlink():
            raise UseError(f"{shown(str(target))} is a link: no link is followed.")
        if target.exists() and not force:
            raise UseError(f"{shown(str(target))} is there already; --force writes over it.")
        if target.exists():
            check_target(str(target), force=True)
    try:
        for unit in (Path(), *sorted(units)):
            (folder / unit).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UseError(f"{shown(str(folder))} cannot be made: {error.strerror}.") from None
    for name, text in result.files.items():
        write(os.fspath(folder / name), text, force=force)


def _check_folder(place: Path) -> None:
    try:
        mode = place.lstat().st_mode
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        raise UseError(f"{shown(str(place))} cannot be used as a folder.") from None
    if stat.S_ISLNK(mode):
        raise UseError(f"{shown(str(place))} is a link: no link is followed. Name the folder itself.")
    if not stat.S_ISDIR(mode):
        raise UseError(f"{shown(str(place))} is there, and no folder.")


def _tell(result: Imported, folder: Path, *, json: bool, run: bool) -> None:
    counts = {state: sum(one.status == state for one in result.entries) for state in _STATES}
    if json:
        say_json({
            "title": result.title, "folder": str(folder), "run": run, **counts,
            "exercises": [_as_data(one) for one in result.entries],
        })  # fmt: skip
        return
    for line in _table(result.entries):
        say(line)
    if result.entries:
        say()
    compared = sum(one.compared for one in result.entries if one.status == "imported")
    say(", ".join(f"{counts[state]} {state}" for state in _STATES) + ".")
    if counts["imported"]:
        others = counts["imported"] - compared
        says = f"{compared} of them agree with {'what its code gives' if run else 'the outputs stored in the notebook'}"
        if not compared:
            says = "The notebook's code gives" if run else "The notebook has"
            say(f"{says} no {'' if run else 'stored '}outputs with numbers to compare with.")
        else:
            say(
                f"{says}." if not others else f"{says}; the other {others} have no output with numbers to compare with."
            )
    if result.files:
        say(f"The files are in {folder}. What is guessed or proposed in them says so; look at it before you use them.")
    if not result.entries:
        say("There is nothing in the notebook that could be an exercise.")


def _table(entries: Sequence[Entry]) -> list[str]:
    wide = max((len(f"cell {one.cell}") for one in entries), default=0)
    lines: list[str] = []
    for one in entries:
        place = f"cell {one.cell}".ljust(wide)
        lines.append(f"{one.status:<8}  {place}  {one.id or '-'}: {one.title}")
        lines += [f"{'':<8}  {'':<{wide}}  {says}" for says in (*one.reasons, *one.notes)]
    return lines


def _as_data(one: Entry) -> dict[str, object]:
    return {
        "status": one.status, "id": one.id, "title": one.title, "cell": one.cell, "file": one.file, "kind": one.kind,
        "compared": one.compared, "reasons": list(one.reasons), "notes": list(one.notes),
    }  # fmt: skip
