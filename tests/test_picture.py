"""The picture of the README shows what the program shows now."""

import html
import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def texts(file):
    """What is written in a picture; where, and in which colours, is for the eye."""
    found = re.findall(r"<text[^>]*>(.*?)</text>", file.read_text("utf-8"), flags=re.DOTALL)
    return [html.unescape(re.sub("<[^>]*>", "", one)).replace("\xa0", " ").strip() for one in found]


async def test_the_picture_of_the_readme_is_what_the_program_shows_now(tmp_path):
    spec = importlib.util.spec_from_file_location("make_picture", ROOT / "docs" / "make_picture.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    await maker.draw(tmp_path / "now.svg")
    now = texts(tmp_path / "now.svg")
    assert any("LSTM" in one for one in now)
    assert any("Not yet." in one for one in now)
    assert texts(maker.FILE) == now, "it is stale: run `python docs/make_picture.py` and look at docs/exercise.svg"
