"""The recording of the README: what the program shows now, and nothing that could run."""

import importlib.util
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "session.svg"
USED = "{http://www.w3.org/1999/xlink}href"
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def frames(file):
    """The lines of each frame, from the top; a day is any day."""
    root = ET.parse(file).getroot()  # noqa: S314 - our own
    lines = {one.attrib["id"]: one for one in root.iter() if one.attrib.get("id", "").startswith("line-")}
    found = []
    for frame in (one for one in root if one.attrib.get("class") == "frame"):
        texts = [text for use in frame for text in lines[use.attrib[USED][1:]].iter() if text.tag.endswith("}text")]
        texts.sort(key=lambda text: (float(text.attrib["y"]), float(text.attrib["x"])))
        found.append([DATE.sub("DAY", "".join(text.itertext()).replace("\xa0", " ").rstrip()) for text in texts])
    return found


@pytest.mark.slow
@pytest.mark.long
async def test_it_shows_what_the_program_shows_now(tmp_path):
    spec = importlib.util.spec_from_file_location("make_recording", ROOT / "docs" / "make_recording.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    await maker.record(tmp_path / "now.svg")
    assert frames(FILE) == frames(tmp_path / "now.svg"), "it is stale: run `python docs/make_recording.py`"


def test_it_tells_of_an_answer_and_of_coming_back():
    shown = [" ".join(frame) for frame in frames(FILE)]
    for words in ("Not yet. ", "Right.", "1 due (r)", "The review is done"):
        assert any(words in frame for frame in shown), words
    assert "two days later" in shown[-1] and "two days later" not in shown[0]


def test_it_is_small_and_nothing_in_it_runs_or_is_loaded():
    text = FILE.read_text("utf-8")
    assert len(text) < 300_000
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert {one.tag.partition("}")[2] for one in root.iter()} <= {"svg", "style", "defs", "rect", "g", "use", "text"}
    for one in root.iter():
        assert not [name for name in one.attrib if name.lower().startswith("on")]
        assert one.attrib.get(USED, "#").startswith("#")
    assert "url(" not in text and "@import" not in text and "<!" not in text


def test_who_wants_no_motion_sees_one_frame():
    moving = FILE.read_text("utf-8").partition("@media (prefers-reduced-motion: no-preference)")
    assert moving[1] and "animation" not in moving[0]
    assert re.findall(r"#frame-\d+ \{ visibility: visible; \}", moving[0])


def test_the_readme_has_it():
    assert "(docs/session.svg)" in (ROOT / "README.md").read_text("utf-8")
