"""What the course cites is cited as it was looked up: the table in sources.yaml says where."""

import re
from functools import cache
from pathlib import Path

import yaml

CONTENT = Path(__file__).parents[2] / "content"
KNOWN = {entry["cites"] for entry in yaml.safe_load(Path(__file__).with_name("sources.yaml").read_text("utf-8"))}
QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where PyYAML was built with it
ASIDE = re.compile(r" \([^()]*\)\.$")  # what the work is cited for, at the end


@cache
def cited() -> dict[str, set[str]]:
    """Each source of the course without its aside, with the files that cite it."""
    found: dict[str, set[str]] = {}
    for path in sorted(CONTENT.rglob("*.yaml")):
        data = yaml.load(path.read_text("utf-8"), QUICK)  # noqa: S506 - it is a safe one
        for source in data.get("sources", ()) if isinstance(data, dict) else ():
            work = ASIDE.sub("", source) if ASIDE.search(source) else source
            found.setdefault(work if work.endswith((".", "?")) else f"{work}.", set()).add(path.stem)
    return found


def test_every_source_was_looked_up() -> None:
    found = cited()
    assert len(found) > 50
    assert {work: files for work, files in found.items() if work not in KNOWN} == {}


def test_nothing_is_in_the_table_that_nobody_cites() -> None:
    assert KNOWN - cited().keys() == set()
