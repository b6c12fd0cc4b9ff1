"""Write docs/notation.md from the notation in content/glossary.yaml: `python docs/make_notation.py`."""

from pathlib import Path

from rnn_tutor.exercises.book import Sign, read_glossary
from rnn_tutor.paths import content_folder

FILE = Path(__file__).with_name("notation.md")
INTRODUCTION = """# Notation

One name means one thing in the whole course. This table is kept in `content/glossary.yaml`, under `notation`; the
tutor shows it in the glossary (`g`, then `/ notation`), and `rnn-tutor glossary notation` prints it. To change it,
edit that file and run `python docs/make_notation.py`.

A matrix of weights stands on the left of what it multiplies, and its first axis is the one of the result. Where data
are rows and the matrix stands on the right, its name ends in `_T`. Names of parts never change, as progress hangs on
them; a given that is renamed keeps its old name under `was` in its file.

| name | shape | what it is |
| --- | --- | --- |
"""


def table(signs: list[Sign]) -> str:
    """Return the notation as a page of Markdown."""
    rows = [f"| `{sign.sign}` | {sign.shape} | {sign.means} |" for sign in signs]
    return INTRODUCTION + "\n".join(rows) + "\n"


if __name__ == "__main__":
    FILE.write_text(table(read_glossary(content_folder() / "glossary.yaml")[0].notation), "utf-8")
