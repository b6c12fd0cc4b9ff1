"""solve and sheet into files: what stands in them, that nothing in them acts, and that no file is lost."""

import errno
import os
import re
import stat
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from markdown_it import MarkdownIt

from rnn_tutor.cli import main
from rnn_tutor.commands.paper import document, html, markdown, page, sheets, solved
from rnn_tutor.commands.paper.document import Document, Section
from rnn_tutor.exercises.drawing import ask
from rnn_tutor.exercises.load import Library
from rnn_tutor.exercises.mark import mark
from rnn_tutor.figures import numbers
from rnn_tutor.figures.figure import Figure, Item

CONTENT = Path(__file__).parents[1] / "content"
EXERCISE = """\
format: 1
id: blend
title: A blend of a <b>GRU</b> & more
level: 2
prompt: |
  Blend the old state with the candidate: `h = (1-z)*h_prev + z*h_tilde`.

  <script>alert("1")</script> [here](javascript:alert(2)) ![](x) *not emphasised* | a | table

    z = sigmoid(a)
given:
  z: { value: "[0.25, 0.75]", means: "update <gate>", axes: [unit], draw: "uniform(0.1, 0.9)" }
  h_prev: { value: "[1.0, -1.0]", means: old state, axes: [unit], draw: "normal(0, 1)" }
  h_tilde: { value: "[0.0, 0.5]", means: candidate, axes: [unit], draw: "normal(0, 1)" }
  knob: { value: "2.0", means: a hidden knob, draw: "uniform(1, 2)", hidden: true }
steps:
  - let: "kept = (1 - z) * h_prev"
    say: What stays of the old state.
  - let: "h = kept + z * h_tilde"
    say: The blend itself.
  - let: "curve = knob * arange(4) ** 2"
    say: A curve to read.
  - let: "outer_h = outer(h, h)"
    say: All products.
ask:
  - { answer: h, as: vector, prompt: "`h`, the new state" }
  - answer: keeps
    as: choice
    prompt: Which gate keeps the old state?
    options:
      - { text: "z near 0 `z`", right: true, why: In this convention the old state has 1 - z. }
      - { text: "z near 1", why: that is PyTorch. }
mistakes:
  - { value: "z * h_prev + (1 - z) * h_tilde", say: The shares have changed places., answer: h }
hints: ["Which gate belongs to what?", Two products and a sum.]
picture: { lines: [curve], title: "a <curve>" }
show:
  - heatmap: [z, h, outer_h]
  - bars: [h]
    title: the new state
  - table: [h, z]
sources: ["Chung et al. 2014, <i>Empirical</i> evaluation."]
"""
ACTS = (
    "a[/b] <img src=x onerror=alert(1)> \x1b[31m \x1b]52;c;aGk=\x07 \x9b1m \u202e evil ]]> --> ``` &lt; \"'` [x](y) _x_"
)
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "div", "span", "section", "footer", "code",
    "b", "pre", "ul", "li", "ol", "table", "tbody", "tr", "td", "figure", "svg", "g", "rect", "line", "polyline",
    "circle", "text", "tspan",
}  # fmt: skip


@pytest.fixture
def pack(tmp_path, monkeypatch):
    folder = tmp_path / "pack" / "gru"
    folder.mkdir(parents=True)
    (folder / "blend.yaml").write_text(EXERCISE, "utf-8")
    (folder / "sum.yaml").write_text(SUM, "utf-8")
    monkeypatch.setenv("RNN_TUTOR_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return str(tmp_path / "pack")


SUM = """\
format: 1
id: sum
title: A sum
prompt: Add.
given: { x: { value: "[1.0, 2.5]", means: numbers, draw: "normal(0, 1)" } }
steps: [{ let: "s = sum(x)", say: All of them. }]
ask: [{ answer: s, as: scalar }]
hints: [One., Two.]
"""


@pytest.fixture
def run(capsys, pack):
    def call(*words):
        status = main([*words, "--content", pack, "--only"])
        out = capsys.readouterr()
        return status, out.out, out.err

    return call


class Strict(HTMLParser):
    """Collects the text, and refuses what could run or load."""

    def __init__(self, text):
        super().__init__()
        self.texts = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in {"href", "src", "xlink:href", "data", "action"}, name
            assert "url(" not in (value or "")

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return " ".join("".join(self.texts).split())


def of_svg(text):
    """Every text of an SVG file, which has nothing in it but what is drawn."""
    root = ElementTree.fromstring(text)  # noqa: S314 - our own output
    tags = {one.tag.removeprefix("{http://www.w3.org/2000/svg}") for one in root.iter()}
    assert tags <= ALLOWED, tags
    assert text.count("http") == 1  # the name space
    return " ".join("".join(root.itertext()).split())


def of_markdown(text):
    """The text that a reader of Markdown sees; nothing in it is HTML, a link or a picture."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    seen = []
    for token in parser.parse(text):
        parts = token.children if token.children is not None else [token]
        for one in parts:
            assert one.type not in {"html_block", "html_inline", "link_open", "image"}, one
        shown = {"text", "code_inline", "fence", "code_block"}
        seen.append("".join(one.content if one.type in shown else " " * (one.type == "softbreak") for one in parts))
    return " ".join(" ".join(seen).split())


READERS = {"--md": of_markdown, "--html": lambda text: Strict(text).text, "--svg": of_svg}


@pytest.mark.parametrize("form", READERS)
def test_a_solution_has_everything_in_it(run, form):
    status, out, err = run("solve", "blend", form, "-")
    assert (status, err) == (0, "")
    text = READERS[form](out)
    for piece in (
        "A blend of a <b>GRU</b> & more", "Level 2, original numbers", "update <gate>", "old state", "0.25",
        "z = sigmoid(a)", "h = kept + z * h_tilde", "h[0] = 0.75 + 0.25 * 0 = 0.75", "The blend itself.",
        "h = 0.75 0.125",
        "a <curve>", "a hidden knob (behind the picture)", "z near 0", "In this convention", "Wrong: that is PyTorch.",
        "outer_h", "the new state", "<i>Empirical</i> evaluation.", '<script>alert("1")</script>',
    ):  # fmt: skip
        assert piece in text, piece
    assert "The shares have changed places" not in text
    assert out == run("solve", "blend", form, "-")[1]


def test_numbers_of_a_seed_are_said_and_are_other_numbers(run):
    book, drawn = run("solve", "blend", "--md", "-")[1], run("solve", "blend", "--md", "-", "--seed", "7")[1]
    assert "numbers of seed 7" in drawn
    assert "0.25  0.75" in book
    assert "0.25  0.75" not in drawn


def test_one_picture_alone(run):
    status, out, _ = run("solve", "blend", "--svg", "-", "--picture", "outer_h")
    assert status == 0
    assert "0.562" in of_svg(out)  # 0.75 squared
    assert "Solution" not in of_svg(out)
    assert "the new state" in of_svg(run("solve", "blend", "--svg", "-", "--picture", "the new state")[1])
    assert "kept" in of_svg(run("solve", "blend", "--svg", "-", "--picture", "kept")[1])  # a step that no figure shows


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("solve", "blend", "--svg", "-", "--picture", "outer_g"), "Did you mean outer_h?"),
        (("solve", "sum", "--svg", "-", "--picture", "q"), "There is no picture q. There are x and s."),
        (("solve", "blend", "--picture", "h"), "--picture can only be used with --svg"),
        (("solve", "blend", "--md", "-", "--json"), "--json prints"),
        (("solve", "blend", "--md", "a.md", "--html", "a.html"), "not allowed with argument"),
        (("solve", "blend", "--md", ""), "Give a file name"),
        (("solve", "blend", "--md", "nowhere/a.md"), "There is no folder nowhere to write into."),
        (("solve", "blend", "--md", "pack"), "pack is a folder"),
        (("solve", "blend", "--md", "/dev/null"), "not an ordinary file"),
        (("solve", "blend", "--md", "a\0b"), "cannot be written"),
        (("solve", "blend", "--md", "a" * 300), "File name too long"),
        (("solve", "blnd", "--md", "a.md"), "Did you mean blend?"),
        (("sheet", "blend"), "required"),
        (("sheet", "--md", "-"), "required"),
        (("sheet", "sum", "blnd", "--md", "-"), "There is no exercise or unit blnd. Did you mean blend?"),
        (("sheet", "blend", "--md", "a.md", "--key", "./a.md"), "give the key another file"),
        (("sheet", "blend", "--md", "-", "--key", "-"), "give the key another file"),
        (("sheet", "nothing.yaml", "--md", "a.md"), "nothing.yaml"),
    ],
)
def test_bad_use_is_a_sentence_and_no_file(run, tmp_path, words, said):
    before = sorted(tmp_path.iterdir())
    status, out, err = run(*words)
    assert status == 2
    assert said in err
    assert out == ""
    assert sorted(tmp_path.iterdir()) == before


def test_a_file_is_written_over_with_force_only(run, tmp_path):
    target = tmp_path / "a.md"
    assert run("solve", "blend", "--md", "a.md")[0] == 0
    assert target.read_text("utf-8") == run("solve", "blend", "--md", "-")[1]
    target.write_text("mine", "utf-8")
    target.chmod(0o640)
    status, _, err = run("solve", "blend", "--md", "a.md")
    assert (status, target.read_text("utf-8")) == (2, "mine")
    assert "--force writes over it" in err
    assert run("solve", "blend", "--md", "a.md", "--force")[0] == 0
    assert target.read_text("utf-8").startswith("# A blend")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_force_writes_through_a_link(run, tmp_path):
    (tmp_path / "real.md").write_text("old", "utf-8")
    (tmp_path / "a.md").symlink_to("real.md")
    assert run("solve", "blend", "--md", "a.md", "--force")[0] == 0
    assert (tmp_path / "a.md").is_symlink()
    assert (tmp_path / "real.md").read_text("utf-8").startswith("# A blend")


def test_a_full_disk_leaves_what_was_there(run, tmp_path, monkeypatch):
    target = tmp_path / "a.md"
    target.write_text("mine", "utf-8")

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    status, _, err = run("solve", "blend", "--md", "a.md", "--force")
    assert (status, target.read_text("utf-8")) == (2, "mine")
    assert "No space left" in err
    assert list(tmp_path.glob(".*.part")) == []


def test_a_file_made_meanwhile_is_not_written_over(run, tmp_path, monkeypatch):
    target = tmp_path / "a.md"
    sync = os.fsync

    def slow(number):
        target.write_text("somebody else's", "utf-8")
        sync(number)

    monkeypatch.setattr(os, "fsync", slow)
    assert run("solve", "blend", "--md", "a.md")[0] == 2
    assert target.read_text("utf-8") == "somebody else's"


def test_where_files_cannot_be_linked_one_is_written_all_the_same(run, tmp_path, monkeypatch):
    def none(*_):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", none)
    assert run("solve", "blend", "--md", "a.md")[0] == 0
    assert (tmp_path / "a.md").read_text("utf-8").startswith("# A blend")
    assert run("solve", "blend", "--md", "a.md")[0] == 2


@pytest.mark.parametrize("words", [("--kiosk", "solve", "blend"), ("sheet", "blend", "--kiosk"), ("sheet", "gru")])
def test_a_kiosk_writes_no_file(pack, tmp_path, capsys, words):
    words = words if "--kiosk" in words else ("--kiosk", *words)
    assert main([*words, "--md", str(tmp_path / "a.md"), "--content", pack]) == 2
    assert "cannot be used with a command" in capsys.readouterr().err
    assert not (tmp_path / "a.md").exists()


@pytest.mark.parametrize("form", ["--md", "--html"])
def test_a_sheet_asks_and_the_key_tells(run, tmp_path, form):
    assert run("sheet", "gru", form, "sheet", "--key", "key", "--seed", "4", "--title", "Week <3>")[0] == 0
    asked = READERS[form]((tmp_path / "sheet").read_text("utf-8"))
    told = READERS[form]((tmp_path / "key").read_text("utf-8"))
    for piece in ("Week <3>", "Name", "1. A blend", "(a) h, the new state", "update <gate>", "(b) Which gate",
                  "z near 1", "2. A sum", "blend, sum; numbers of seed 4"):  # fmt: skip
        assert piece in asked, piece
    for piece in ("knob", "PyTorch.", "stays of the old", "kept", "Which gate belongs", "have changed places"):
        assert piece not in asked, piece
    questions = [ask(Library([tmp_path / "pack"]).exercise(name), 4) for name in ("blend", "sum")]
    value = numbers.rounded(float(questions[1].parts[0].expected), 3)
    assert f"s = {value}" in told
    assert value not in asked
    assert "Week <3>: key" in told
    assert "keeps = 1" in told
    again = (tmp_path / "sheet").read_text("utf-8")
    assert run("sheet", "gru", form, "-", "--seed", "4", "--title", "Week <3>")[1] == again
    assert run("sheet", "gru", form, "-", "--seed", "5", "--title", "Week <3>")[1] != again


def test_units_exercises_and_files_may_be_mixed_and_each_stands_once(run, pack):
    out = run("sheet", "sum", "gru", f"{pack}/gru/sum.yaml", "--md", "-")[1]
    assert out.count("A sum") == 1
    assert out.index("A sum") < out.index("A blend")
    assert "# Problem sheet" in out
    assert run("sheet", "gru", "--md", "-")[1].startswith("# Gru\n")


def test_where_stdout_is_ascii_everything_is(run, monkeypatch):
    monkeypatch.setattr("rnn_tutor.commands.export.ascii_only", lambda: True)
    monkeypatch.setattr("rnn_tutor.commands.written.is_utf8", lambda *_: False)
    for form in ("--md", "--html", "--svg"):
        assert run("solve", "blend", form, "-")[1].isascii()


def everything():
    """A document with every kind of block, and what could act wherever text can stand."""
    value = np.arange(24.0).reshape(2, 3, 4)
    item = Item(ACTS, value, (ACTS, ACTS, ACTS))
    line = Item(ACTS, np.array([1.0, np.nan, np.inf, -2.0]), (ACTS,))
    figures = [
        Figure("heatmap", (item, Item("big", np.ones((60, 70)))), ACTS),
        Figure("lines", (line, line), ACTS, x=Item(ACTS, np.arange(4.0)), level=Item(ACTS, np.array(0.5))),
        Figure("bars", (line, Item(ACTS, np.array(1.0))), ACTS, log=True),
        Figure("table", (item, line), ACTS),
    ]
    blocks = [
        document.Heading(ACTS, aside=ACTS),
        document.Prose(f"{ACTS}\n\n  {ACTS}\n- {ACTS}\n1. {ACTS}\n# {ACTS}\n---\n> {ACTS}\n+ {ACTS}\n    {ACTS}"),
        document.Givens(
            (
                document.Given(ACTS, ACTS, ACTS, value),
                document.Given("v", ACTS, value=np.array(2.0)),
                document.Given(ACTS, ACTS),
            )
        ),
        *map(document.Drawn, figures),
        document.Code((ACTS, "~~~~", "````")),
        document.Step(1, ACTS, ACTS, (ACTS,), ACTS, ACTS),
        document.Step(2, ACTS, formula=False),
        document.Choices((document.Choice(1, ACTS, True, ACTS), document.Choice(2, "- x")), several=True, told=True),
        document.Choices((document.Choice(1, f"# {ACTS}"),)),
        document.Answer(ACTS, ACTS, ACTS),
        document.Room(2, ACTS, ACTS),
        document.Room(2),
    ]
    return Document(ACTS, ACTS, tuple(Section((block,)) for block in blocks), ACTS, (ACTS,))


@pytest.mark.parametrize("form", READERS)
def test_hostile_text_stands_for_itself(form):
    write = {"--md": markdown.markdown, "--html": html.html, "--svg": page.page}[form]
    text = write(everything())
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
    seen = READERS[form](text)
    assert seen.count("onerror=alert(1)") > 20
    assert "<U+202E> evil" in seen


@pytest.mark.parametrize("seeds", [(), pytest.param((None, 2), marks=pytest.mark.long)], ids=["some", "all"])
def test_every_exercise_of_the_course_can_be_written(seeds):
    """Of each: all forms are well-formed, the sheet gives nothing away, and what the key says is right when typed."""
    library = Library([CONTENT])
    some = [(name, (None, 2)[place % 2]) for place, name in enumerate(library.ids[::5])]
    for name, seed in [(name, seed) for name in library.ids for seed in seeds] or some:
        question = ask(library.exercise(name), seed)
        worked, asked, told = solved.solved(question), sheets.sheet("T", [question]), sheets.key("T", [question])
        of_svg(page.page(worked))
        for one in (worked, asked, told):
            Strict(html.html(one))
            of_markdown(markdown.markdown(one))
        sheet = of_markdown(markdown.markdown(asked))
        exercise = question.exercise
        says = [step.say for step in solved.computed(question)] + [one.say for one in exercise.mistakes]
        says += [option.why for part in exercise.ask for option in part.options if option.why] + exercise.hints
        for said in says:
            assert " ".join(said.split()).replace("`", "") not in sheet.replace("`", "") or len(said) < 12, (
                name,
                said,
            )
        for answer, part in zip(solved.answers(question), question.parts, strict=True):
            if part.kind != "program" and "..." not in answer.value:
                text = answer.value.replace(",", " ") if part.ask.options else answer.value
                assert mark(question, part.name, text).verdict == "right", (name, seed, part.name, answer.value)
