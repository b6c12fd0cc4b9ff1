"""The README's table of keys, which is made from the bindings: `make keys` writes it anew."""

from itertools import zip_longest
from pathlib import Path

from rnn_tutor.tui import keys
from rnn_tutor.tui.keymap import places

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- keys: written by `make keys` -->\n", "<!-- end of keys -->\n"
SECTIONS = (keys.EXERCISE, keys.LETTERS, keys.EVERYWHERE)


def table() -> str:
    """The keys of an exercise as the help has them, in two columns."""
    told = dict(keys.sections(places(), {}))
    rows = list(dict.fromkeys(row for section in SECTIONS for row in told[section.description]))
    half = (len(rows) + 1) // 2
    pairs = zip_longest(rows[:half], rows[half:], fillvalue=("", ""))
    lines = [f"| {left} | {does} | {right} | {does_too} |" for (left, does), (right, does_too) in pairs]
    return "\n".join(["| key | | key | |", "| --- | --- | --- | --- |", *lines, ""])


def written(readme: str) -> str:
    """The README with the table of these bindings. Raises ValueError where it has no place for one."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"README.md has no lines {BEGIN.strip()} and {END.strip()}")
    return f"{before}{begin}\n{table()}\n{end}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
