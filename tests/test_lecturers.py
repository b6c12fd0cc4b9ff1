"""The page for lecturers shows what the program says now, and names only what there is."""

import importlib.util
import re

import pytest

from rnn_tutor.tui.screens.exercise import ExerciseScreen
from tests.test_picture import ROOT, texts

PAGE = ROOT / "docs" / "lecturers.md"
PICTURES = ROOT / "docs" / "lecturers"


def test_the_page_shows_each_picture_and_each_link_leads_to_a_file():
    links = set(re.findall(r"\]\(([^)#]+)\)", PAGE.read_text("utf-8")))
    assert {f"lecturers/{picture.name}" for picture in PICTURES.glob("*.svg")} <= links
    assert [link for link in sorted(links) if not (PAGE.parent / link).is_file()] == []


def test_the_page_is_named_in_the_readme():
    assert "(docs/lecturers.md)" in (ROOT / "README.md").read_text("utf-8")


def test_the_keys_that_it_tells_learners_work_in_an_exercise():
    page = PAGE.read_text("utf-8")
    told = set(re.findall(r"\b(?:Ctrl\+[A-Z]|F\d+)\b", page[page.index("## 4. ") : page.index("## 6. ")]))
    bound = {key.strip() for way in ExerciseScreen.BINDINGS for key in way.key.split(",")}
    assert told and {key.lower() for key in told} <= bound


@pytest.mark.long
async def test_the_pictures_are_what_the_program_says_now(tmp_path):
    spec = importlib.util.spec_from_file_location("make_lecturers", ROOT / "docs" / "make_lecturers.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    await maker.draw(tmp_path)
    drawn = sorted(picture.name for picture in tmp_path.glob("*.svg"))
    assert drawn == sorted(picture.name for picture in PICTURES.glob("*.svg"))
    stale = [name for name in drawn if texts(tmp_path / name) != texts(PICTURES / name)]
    assert stale == [], "they are stale: run `python docs/make_lecturers.py` and look at docs/lecturers"
