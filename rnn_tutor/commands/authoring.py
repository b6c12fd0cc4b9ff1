"""check and schema: for those who write exercises."""

import argparse

from rnn_tutor.exercises.files.finding import Finding
from rnn_tutor.exercises.lint import check as checked
from rnn_tutor.exercises.schema import schema
from rnn_tutor.paths import content_folder

from .output import complain, say, say_json


def print_schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema of exercise files."""
    say_json(schema())
    return 0


def check(options: argparse.Namespace) -> int:
    """Print everything that is wrong with the files named, or with the course; 1 where anything is an error."""
    paths = options.paths or options.content or [content_folder()]
    missing = [path for path in paths if not path.exists()]
    if missing:
        return complain(f"There is no file or folder {missing[0]}.")
    reports = [checked(path, options.draws) for path in paths]
    errors = sum(report.errors for report in reports)
    if options.json:
        findings = [_as_json(finding) for report in reports for finding in report.findings]
        say_json({"exercises": sum(report.exercises for report in reports), "findings": findings})
    else:
        for report in reports:
            say(str(report), "bad" if report.errors else "")
    return 1 if errors else 0


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "file": str(finding.file),
        "line": finding.line,
        "key": finding.key,
        "says": finding.says,
        "severity": finding.severity,
    }
