"""collect: reads what a class has handed in, marks it again, and tells what came of it."""

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnn_tutor.commands.classes.files import FileNote
from rnn_tutor.commands.classes.telling import check_forms, tell, terms_of
from rnn_tutor.commands.output import complain, say_json
from rnn_tutor.commands.source import UseError, library_of
from rnn_tutor.exercises.lint.processes import one_by_one
from rnn_tutor.exercises.load import ContentError
from rnn_tutor.paths import PathError, content_folders, log_file, shown
from rnn_tutor.progress import handin
from rnn_tutor.progress.class_report import ClassReport

from .checking import Done, FileTold, Job, Marker, Source

if TYPE_CHECKING:
    from rnn_tutor.progress.class_report import Report

ENDING = ".jsonl"
MOST_FILES = 20_000
_BAR = 30  # columns
_PAUSE = 0.2  # seconds between two looks of the bar


def collect(options: argparse.Namespace) -> int:
    """Mark hand-ins again and tell what the class did; 1 where something is wrong with a file."""
    try:
        check_forms(options)
        files = _files(options.files)
        library = library_of(options)
        assignment = Path(options.assignment) if options.assignment is not None else None
        terms = terms_of(library, assignment)
        folders = tuple(content_folders(options.content, only=options.only))
    except (UseError, ContentError, PathError) as error:
        return complain(str(error))
    jobs, told = _jobs(files)
    source = Source(folders, terms, log_file(options.data), tuple(job.learner for job in jobs))
    report = ClassReport(terms)
    for done in _shown(one_by_one(Marker, source, _work, jobs, _cores()), jobs, len(told)):
        told += done.files
        report.merge(done.report)
    told.sort(key=lambda one: one.name)
    try:
        _tell(report.result(), told, options)
    except UseError as error:
        return complain(str(error))
    return 1 if any(one.state for one in told) else 0


def _work(marker: Marker, job: Job) -> Done:
    return marker.work(job)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _files(names: Iterable[str]) -> list[Path]:
    """Return the files that are named, each once, and of folders those in them. Raises UseError."""
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        if not _is_there(path):
            raise UseError(f"There is no file {shown(path)}.")
        try:
            inside = sorted(path.rglob(f"*{ENDING}")) if path.is_dir() else [path]
        except (OSError, ValueError):
            inside = [path]  # told as any other file is that cannot be read
        if not inside:
            raise UseError(f"There is no hand-in in {shown(path)}: their names end in {ENDING}.")
        found |= dict.fromkeys(inside)
    if len(found) > MOST_FILES:
        raise UseError(f"These are {len(found):,} files; collect at most {MOST_FILES:,} at once.")
    return list(found)


def _is_there(path: Path) -> bool:
    """Tell whether there is something at a path; what is there and cannot be looked at is told when it is read."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def _jobs(files: Sequence[Path]) -> tuple[list[Job], list[FileTold]]:
    """Return the files of each learner, and what is said of those that are nobody's."""
    by_learner: dict[str, list[Path]] = {}
    told: list[FileTold] = []
    for path in files:
        head = handin.head_of(path)
        if head is not None:
            by_learner.setdefault(head.learner, []).append(path)
            continue
        trouble = handin.read(path).trouble or handin.Trouble("damaged", "it changed while it was read")
        told.append(FileTold(str(path), "", trouble.kind, (trouble.says,), 0))
    return [Job(learner, tuple(paths)) for learner, paths in sorted(by_learner.items())], told


def _tell(report: "Report", told: Sequence[FileTold], options: argparse.Namespace) -> None:
    """Tell the report, and beside it what is wrong with files. Raises UseError."""
    if options.json:
        from rnn_tutor.commands.classes.table import as_json

        say_json({**as_json(report), "files": [_as_json(one) for one in told]})
    else:
        tell(report, options, [FileNote(one.learner, _SHORT[one.state], _sentence(one)) for one in told if one.state])
    sys.stdout.flush()
    for one in told:
        if one.says:
            complain(_sentence(one))


def _sentence(told: FileTold) -> str:
    """Return what is said of a file that is not in order, or has something in it to note."""
    counts = "" if told.answers or told.state in ("", "refused", "foreign") else " None of it counts."
    part = " in full" if told.state == "foreign" and told.answers else ""
    return f"{shown(Path(told.name))} {_STATES[told.state]}{part}: {'; '.join(told.says)}.{counts}"


_STATES = {
    "": "is whole",
    "unsure": "cannot be confirmed in full",
    "damaged": "is damaged",
    "altered": "was altered",
    "foreign": "does not belong here",
    "refused": "was not read",
}
_SHORT = {
    "unsure": "file not confirmed in full",
    "damaged": "file damaged",
    "altered": "file altered: nothing in it counts",
    "foreign": "some answers of the file do not belong here",
    "refused": "file not read",
}


def _as_json(told: FileTold) -> dict[str, Any]:
    return {
        "file": told.name,
        "learner": told.learner or None,
        "state": told.state or "whole",
        "says": list(told.says),
        "answers": told.answers,
    }


def _shown(results: Iterable[Done], jobs: Sequence[Job], known: int) -> Iterator[Done]:
    """Yield results, with a bar on the terminal that shows how far they are; nothing where that is none."""
    if not sys.stderr.isatty():
        yield from results
        return
    count, last, bar = known, 0.0, ""
    total = known + sum(len(job.files) for job in jobs)
    try:
        for done in results:
            count += len(done.files)
            if time.monotonic() - last > _PAUSE or count == total:
                last = time.monotonic()
                full = _BAR * count // max(1, total)
                bar = f"[{'#' * full}{'.' * (_BAR - full)}] {count:,} of {total:,} files"
                sys.stderr.write(f"\r{bar}")
                sys.stderr.flush()
            yield done
    finally:
        sys.stderr.write(f"\r{' ' * len(bar)}\r")
        sys.stderr.flush()
