"""One notation for the course: the table in the glossary, and the page made of it."""

import importlib.util
from pathlib import Path

from rnn_tutor.exercises.book import read_glossary
from rnn_tutor.paths import content_folder

ROOT = Path(__file__).parents[2]
NOTATION = read_glossary(content_folder() / "glossary.yaml")[0].notation


def test_the_page_on_notation_is_what_the_glossary_shows() -> None:
    spec = importlib.util.spec_from_file_location("make_notation", ROOT / "docs" / "make_notation.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    assert maker.FILE.read_text("utf-8") == maker.table(NOTATION), "run python docs/make_notation.py"


def test_a_name_stands_once() -> None:
    names = [name for sign in NOTATION for name in sign.sign.split(", ")]
    assert {"D", "H", "V", "B", "T", "S", "h", "hs", "W_xh", "W_hh", "weights", "mask"} <= set(names)
    twice = {name for name in names if names.count(name) > 1}
    assert twice == {"V", "B", "b"}  # words and values; batch and a state space model's B; an index and the bias
