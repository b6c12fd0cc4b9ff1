"""check and schema: for those who write exercises."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from rnn_tutor.exercises.files.finding import Finding, listed
from rnn_tutor.exercises.lint import Report
from rnn_tutor.exercises.lint import check as checked
from rnn_tutor.exercises.lint.assignments import assignment, is_assignment
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.schema import KINDS, schema
from rnn_tutor.paths import content_folder, content_folders
from rnn_tutor.progress.clock import now

from .output import complain, say, say_json


def print_schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema of a kind of file, or of exercises and course files."""
    if options.kind is not None and options.kind not in KINDS:
        return complain(f"There is no file kind {options.kind}: {listed(KINDS)}.")
    say_json(schema(options.kind))
    return 0


def check(options: argparse.Namespace) -> int:
    """Print everything that is wrong with the files named, or with the course; 1 where anything is an error."""
    paths = options.paths or options.content or [content_folder()]
    missing = [path for path in paths if not path.exists()]
    if missing:
        return complain(f"There is no file or folder {missing[0]}.")
    reports = [
        _of_assignment(path, options) if is_assignment(path) else checked(path, options.draws, _processors())
        for path in paths
    ]
    clashes = _clashes(paths, reports)
    if clashes:
        reports.append(Report(tuple(clashes), 0))
    errors = sum(report.errors for report in reports)
    if options.json:
        findings = [_as_json(finding) for report in reports for finding in report.findings]
        covered = [report.coverage.as_json() for report in reports if report.coverage is not None]
        exercises = sum(report.exercises for report in reports)
        drafts = sum(report.drafts for report in reports)
        say_json({"exercises": exercises, "drafts": drafts, "findings": findings, "coverage": covered})
    else:
        for report in reports:
            _say_report(report)
    return 1 if errors else 0


def _of_assignment(path: Path, options: argparse.Namespace) -> Report:
    library = Library(content_folders(options.content, only=options.only))
    findings, exercises = assignment(path, library, now())
    return Report(tuple(findings), exercises)


def _processors() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


def _clashes(paths: Sequence[Path], reports: Sequence[Report]) -> list[Finding]:
    """Return what is wrong with several folders only together: ids that stand in two of them."""
    folders = [path for path in paths if path.is_dir()]
    in_reports = {finding for report in reports for finding in report.findings}
    return [clash for clash in Library(folders).findings if clash not in in_reports] if len(folders) > 1 else []


def _say_report(report: Report) -> None:
    of_course = report.coverage is not None
    notes = 0
    for finding in report.findings:
        if of_course and finding.severity == "note":
            notes += 1
        else:
            say(str(finding), "bad" if finding.severity == "error" else "")
    if notes:
        of_what = "mistakes that the numbers hide or the engine finds by itself"
        say(f"{notes} notes on {of_what}: `rnn-tutor check FILE` lists those of a file")
    if report.coverage is not None:
        say()
        say(str(report.coverage))
        say()
    say(report.total, "bad" if report.errors else "")


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "file": str(finding.file),
        "line": finding.line,
        "key": finding.key,
        "says": finding.says,
        "severity": finding.severity,
    }
