"""Foreign text in a quiz: no markup, no script, no TeX, no gap of its own, and no end of one."""

from pathlib import Path

import msgspec
import pytest

from rnn_tutor.commands.quiz.items import item
from rnn_tutor.commands.quiz.moodle import document
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.read import load_exercise

from . import moodle

EVIL = (
    "<script>alert(1)</script> ]]> & &amp; &lt; {1:SHORTANSWER:=free} {#1} }~=right#{ \\} \\# \\~ %100%all "
    "\\(\\href{javascript:alert(1)}{x}\\) \\[x\\] $$\\input{/etc/passwd}$$ [tex]x[/tex] @@PLUGINFILE@@/x.svg "
    "<img src=x onerror=alert(1)> http://evil.example/ end"
)
CODE = "`{1:MC:=a~b}` `\\(x\\)` `x` `</code><b>`"
FILE = """\
format: 1
id: evil
title: "<b>/evil {{1:NM:=1}} \\\\(x\\\\)"
prompt: "{evil} {code}"
given:
  x: {{value: "[0.5, 0.25]", means: "{short}"}}
steps:
  - {{let: "y = 2 * x", say: "{evil}"}}
  - {{let: "z = sum(y)", say: "{evil}"}}
ask:
  - {{answer: z, as: scalar, prompt: "{evil}"}}
  - {{answer: y, as: vector, prompt: "{evil}"}}
  - answer: c
    as: choice
    prompt: "{evil}"
    options:
      - {{text: "={short}", right: true, why: "{evil}"}}
      - {{text: "=%100%wrong}}~#\\\\", why: "{evil} {code}"}}
  - answer: d
    as: checklist
    prompt: "{evil}"
    options:
      - {{text: "a {short}", right: true, why: "{evil}"}}
      - {{text: "b", right: true, why: "}}"}}
      - {{text: "%50%c~", why: "#"}}
mistakes:
  - {{answer: z, value: "mean(y)", say: "{evil}"}}
  - {{answer: y, value: "x", say: "{evil} {code}"}}
hints: ["{evil}"]
picture: {{bars: [x], title: "{short}"}}
"""


def written(folder: Path) -> Path:
    evil = EVIL.replace("\\", "\\\\")
    text = FILE.format(evil=evil, code=CODE.replace("\\", "\\\\"), short=evil[:150].rstrip("\\"))
    path = folder / "evil.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(name="read")
def _read(tmp_path: Path) -> moodle.Read:
    exercise = load_exercise(written(tmp_path))
    hidden = exercise.prompt + " \x1b[31m \u202e \x07 \x00 \ufffe"  # no file may hold these
    exercise = msgspec.structs.replace(exercise, prompt=hidden)
    (read,) = moodle.read(document([(("a/b // {c}", exercise.title), [item(ask(exercise))])]))
    return read


def test_gaps_are_those_that_are_asked_for_and_no_others(read: moodle.Read) -> None:
    kinds = [gap.kind for gap in read.gaps]
    assert kinds == ["NUMERICAL"] * 3 + ["MULTICHOICE", "MULTIRESPONSE"]
    assert [len(gap.answers) for gap in read.gaps[3:]] == [2, 3]
    assert [one.fraction for one in read.gaps[3].answers] == [100, 0]
    assert [one.fraction for one in read.gaps[4].answers] == [50, 50, -50]


def test_texts_are_whole_and_seen_as_they_are(read: moodle.Read) -> None:
    """Every sign of the file's texts is there to be seen, in the question, its feedback and its options."""
    everywhere = [read.text, read.worked, *read.hints, *(one.feedback for one in read.gaps[3].answers)]
    for text in everywhere:
        assert EVIL in moodle.words(text)
    assert "\u241b[31m <U+202E> \u2407 \u2400 <U+FFFE>" in moodle.words(read.text)
    assert moodle.words(read.gaps[3].answers[1].text) == "=%100%wrong}~#\\"
    assert moodle.words(read.gaps[4].answers[2].text) == "%50%c~"
    assert moodle.words(read.gaps[4].answers[1].feedback) == "}"
    assert moodle.words(read.gaps[4].answers[2].feedback) == "#"
    assert EVIL in moodle.words(read.gaps[0].of_number(0.75)[1])


def test_formulas_of_foreign_text_are_no_tex(read: moodle.Read) -> None:
    everything = [read.text, read.worked, *read.hints, *(one.feedback for gap in read.gaps for one in gap.answers)]
    for text in everything:
        for run in moodle.pieces(text).runs:
            assert "href" not in "".join(moodle.TEX.findall(run))


def test_a_category_has_as_many_names_as_it_was_given(read: moodle.Read) -> None:
    assert len(read.category) == 2


def test_names_are_seen_as_they_are(read: moodle.Read) -> None:
    """Moodle takes tags out of names, and then shows them as HTML."""
    assert read.name == "<b>/evil {1:NM:=1} \\(x\\)"
    assert read.category[1] == "<b> / evil {1:NM:=1} \\(x\\)"


@pytest.mark.parametrize("title", ["loss < 1", "h<W", "a <= b & c", "R&D &lt; &amp;", "<" * 250, "/" * 250, "x" * 300])
def test_a_name_of_any_title_is_whole_or_cut(title: str, tmp_path: Path) -> None:
    exercise = msgspec.structs.replace(load_exercise(written(tmp_path)), title=title)
    (read,) = moodle.read(document([((title, title), [item(ask(exercise))])]))
    assert title.startswith(read.name)
    assert read.name == title or len(read.name) > 45
    assert [name.replace(" ", "") for name in read.category] == [read.category[0].replace(" ", "")] * 2


def test_the_picture_has_no_markup_of_the_files(read: moodle.Read) -> None:
    (content,) = set(read.files.values())
    root = moodle.ET.fromstring(content)
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {
        "svg",
        "title",
        "g",
        "text",
        "tspan",
        "rect",
        "line",
        "polyline",
        "path",
    }
