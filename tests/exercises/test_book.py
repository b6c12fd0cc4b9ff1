"""Pages, the glossary, what units need: read as safely as exercises, merged over folders, checked line by line."""

import time
from pathlib import Path

import pytest

from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.lint import check
from rnn_tutor.exercises.lint.book import book
from rnn_tutor.exercises.load import Library
from tests.files_for_tests import write

EXERCISE = """\
format: 1
id: {id}
title: Add
prompt: Compute `a`.
given:
  x: {{value: "2", means: a number, draw: "uniform(1, 3)"}}
steps:
  - let: "a = x + 1"
    say: Add one.
ask:
  - {{answer: a, as: scalar}}
hints: [Look at x., One more.]
"""
COURSE = """\
format: 1
title: The course
units:
  - id: first
    title: First unit
    aim: To begin.
    exercises:
      - {id: one, title: Add}
  - id: second
    title: Second unit
    aim: To go on.
    needs: [first]
    exercises:
      - {id: two, title: Add}
"""
WITH_LAB = COURSE.replace("    needs: [first]\n", "    needs: [first]\n    labs: [{id: play, title: Playing}]\n")
PROSE = "Word word word. " * 50
PAGE = f"""\
format: 1
text: |
  {PROSE}

    h[t] = tanh(a)
sources: [A book.]
"""
GLOSSARY = """\
format: 1
terms:
  - {term: state, symbols: [h, "h[t]"], unit: second, means: What is carried on.}
  - {term: Activation, unit: first, means: A bend.}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    files = {"course.yaml": COURSE, "glossary.yaml": GLOSSARY}
    for unit, name in (("first", "one"), ("second", "two")):
        files |= {f"{unit}/{name}.yaml": EXERCISE.format(id=name), f"{unit}/page.yaml": PAGE}
    return write(tmp_path / "pack", files)


def told(folder: Path) -> list[tuple[str, int, str, str]]:
    """The findings about anything but exercises."""
    found = check(folder, 1).findings
    return [(one.file.name, one.line, one.key, one.severity) for one in found if one.key != "given"]


def test_nothing_is_said_of_what_is_good(pack: Path) -> None:
    assert told(pack) == []


def test_a_page_is_read_when_it_is_asked_for(pack: Path) -> None:
    library = Library([pack])
    assert library.has_page("first") and library.has_page("second")
    (pack / "first" / "page.yaml").write_text("format: 1\ntext: Later.\n")
    page = library.page("first")
    assert (page.text, page.sources) == ("Later.", [])
    assert library.page("first") is page
    assert library.page("second").sources == ["A book."]
    assert library.page("second").text.splitlines()[-1] == "  h[t] = tanh(a)"
    with pytest.raises(KeyError):
        library.page("third")


def test_a_bad_page_is_told_once_and_hides_nothing(pack: Path) -> None:
    (pack / "first" / "page.yaml").write_text("format: 1\ntxt: x\n")
    library = Library([pack])
    for _ in range(2):
        with pytest.raises(ContentError, match="did you mean 'text'"):
            library.page("first")
    assert [(one.line, one.key) for one in library.findings] == [(2, "txt")]
    assert library.page("second").text


def test_a_page_may_not_link_out_of_its_pack(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text(PAGE)
    (pack / "first" / "page.yaml").unlink()
    (pack / "first" / "page.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(ContentError, match="outside its folder"):
        Library([pack]).page("first")


def test_the_glossary_is_sorted_and_read_once(pack: Path) -> None:
    library = Library([pack])
    terms = library.glossary().terms
    assert [(one.term, one.unit, one.symbols) for one in terms] == [
        ("Activation", "first", []),
        ("state", "second", ["h", "h[t]"]),
    ]
    (pack / "glossary.yaml").unlink()
    assert library.glossary().terms is terms
    assert Library([pack]).glossary().terms == []


NOTATION = """\
notation:
  - {sign: h, shape: "(H,)", means: Hidden state.}
  - {sign: H, shape: number, means: Units.}
"""


def test_the_notation_keeps_its_order_and_is_that_of_one_course(pack: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", {"course.yaml": COURSE, "glossary.yaml": GLOSSARY + NOTATION.replace("H,", "D,")})
    assert Library([pack]).glossary().notation == []
    assert [one.shape for one in Library([pack, other]).glossary().notation] == ["(D,)", "number"]
    (pack / "glossary.yaml").write_text(GLOSSARY + NOTATION)
    assert [one.sign for one in Library([pack, other]).glossary().notation] == ["h", "H"]
    assert Library([pack, other]).glossary().notation[0].shape == "(H,)"
    assert not check(pack / "glossary.yaml").findings


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("sign: H", "sign: h", 7, "notation[1].sign", "line 6"),
        ("means: Units.", "means: ' '", 7, "notation[1].means", "only spaces"),
        ("means: Units.", f"means: {'Units. ' * 60}", 7, "notation[1].means", "419 characters"),
        ("means: Units.", "mean: Units.", 7, "notation[1].mean", "did you mean 'means'"),
    ],
)
def test_the_notation_is_checked(pack: Path, old: str, new: str, line: int, key: str, words: str) -> None:
    (pack / "glossary.yaml").write_text(GLOSSARY + NOTATION.replace(old, new))
    found = check(pack / "glossary.yaml").findings[0]
    assert (found.line, found.key) == (line, key)
    assert words in found.says


def test_of_two_glossaries_the_first_has_the_word_and_units_are_those_of_their_own_course(pack, tmp_path) -> None:
    mine = GLOSSARY.replace("Activation", "Zero").replace("What is carried on.", "Mine.")
    other = write(tmp_path / "other", {"course.yaml": COURSE, "glossary.yaml": mine.replace("unit: first", "unit: no")})
    bad = write(tmp_path / "bad", {"course.yaml": COURSE, "glossary.yaml": "format: 2\n"})
    library = Library([pack, other, bad])
    before = len(library.findings)
    terms = {one.term: one for one in library.glossary().terms}
    assert [*terms] == ["Activation", "state", "Zero"]
    assert terms["state"].means == "What is carried on."
    assert terms["Zero"].unit == ""  # `no` is no unit
    assert {one.file for one in library.findings[before:]} == {bad / "glossary.yaml"}
    assert Library([other]).glossary().terms[0].unit == "second"
    assert Library([tmp_path, other]).glossary().terms[0].unit == "second"
    assert next(one for one in Library([pack, other]).glossary().terms if one.term == "state").unit == "second"
    assert next(one for one in Library([bad, other]).glossary().terms if one.term == "state").unit == "second-2"


def test_labs_are_listed_found_and_never_taken_for_exercises(pack: Path) -> None:
    (pack / "course.yaml").write_text(WITH_LAB)
    write(
        pack,
        {
            "second/labs/play.yaml": "title: Playing\n",
            "first/labs/odd.yaml": "title: Odd one\n",
            "first/labs/x y.yaml": "",
        },
    )
    library = Library([pack])
    assert [(unit.id, [(lab.id, lab.title) for lab in unit.labs]) for unit in library.course.units] == [
        ("first", [("odd", "Odd one")]),
        ("second", [("play", "Playing")]),
    ]
    assert (library.labs.path("play"), library.labs.inside("play")) == (pack / "second" / "labs" / "play.yaml", pack)
    assert list(library.ids) == ["one", "two"]
    (pack / "course.yaml").unlink()
    library = Library([pack])
    assert list(library.ids) == ["one", "two"]
    assert [lab.id for unit in library.course.units for lab in unit.labs] == ["odd", "play"]


def test_an_id_belongs_to_one_lab_or_exercise(pack: Path, tmp_path: Path) -> None:
    (pack / "course.yaml").write_text(WITH_LAB)
    files = dict.fromkeys(("more/labs/play.yaml", "more/labs/two.yaml", "more/play.yaml"), "")
    other = write(tmp_path / "other", {**files, "more/labs/new.yaml": "title: [\n"})
    library = Library([pack, other])
    more = library.unit("more")
    assert ([one.title for one in more.labs], more.exercises) == (["New"], [])
    assert {one.file for one in library.findings} == {other / name for name in files}


@pytest.mark.parametrize("name", ["page", "glossary", "course"])
def test_a_reserved_name_is_no_exercise(pack: Path, name: str) -> None:
    (pack / "course.yaml").write_text(COURSE.replace("{id: one,", f"{{id: {name},"))
    library = Library([pack])
    assert list(library.ids) == ["two"]
    assert [(one.line, one.key) for one in library.findings] == [(8, "units[0].exercises[0]")]


def test_a_unit_may_not_be_called_labs(pack: Path) -> None:
    (pack / "course.yaml").write_text(COURSE.replace("id: first", "id: labs").replace("[first]", "[labs]"))
    assert [(one.line, one.key) for one in Library([pack]).findings] == [(4, "units[0].id")]


# what check says


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "severity", "words"),
    [
        ("needs: [first]", "needs: [frist]", 12, "units[1].needs[0]", "error", "Did you mean first?"),
        ("needs: [first]", "needs: [second]", 12, "units[1].needs[0]", "error", "second needs second"),
        (
            "To begin.",
            "To begin.\n    needs: [second]",
            7,
            "units[0].needs[0]",
            "error",
            "first needs second needs first;",
        ),
        (
            "To begin.",
            "To begin.\n    needs: [third]",
            7,
            "units[0].needs[0]",
            "error",
            "first needs third needs first;",
        ),
        ("needs: [first]", "needs: [first, third]", 12, "units[1].needs[1]", "warning", "comes after"),
    ],
)
def test_needs_are_checked(pack: Path, old: str, new: str, line: int, key: str, severity: str, words: str) -> None:
    text = COURSE.replace(old, new) + "  - {id: third, title: Third, aim: To end., needs: [first]}\n"
    (pack / "course.yaml").write_text(text)
    found = [one for one in check(pack, 1).findings if one.key == key]
    assert [(one.line, one.severity) for one in found] == [(line, severity)]
    assert words in found[0].says
    assert [one.title for one in Library([pack]).course.units][:2] == ["First unit", "Second unit"]


def test_circles_of_a_large_course_are_told_a_few_times_and_soon(tmp_path: Path) -> None:
    units = [f"  - {{id: u{k}, title: U, aim: a, needs: [u{(k + 1) % 3000}, u{(k + 7) % 3000}]}}" for k in range(3000)]
    (tmp_path / "course.yaml").write_text("format: 1\ntitle: T\nunits:\n" + "\n".join(units) + "\n")
    started = time.process_time()
    found = [one for one in book(Library([tmp_path])) if one.severity == "error"]
    assert time.process_time() - started < 10  # 0.2 s, where nothing else runs
    assert 1 <= len(found) < 20  # not one for each of its 6,000 needs


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Too short.", "2 words"),
        ("Word word word. " * 107, "321 words"),
        (PROSE + "\n\n    " + "x" * 75, "wider than 76"),
        (PROSE + "`h", "backtick"),
    ],
)
def test_pages_are_checked(pack: Path, text: str, words: str) -> None:
    file = pack / "first" / "page.yaml"
    file.write_text("format: 1\ntext: |\n  " + text + "\n")
    (found,) = check(file).findings
    assert (found.line, found.key, found.severity) == (2, "text", "warning")
    assert words in found.says
    assert ("page.yaml", 2, "text", "warning") in told(pack)


def test_a_unit_without_a_page_is_told_where_others_have_one(pack: Path) -> None:
    (pack / "second" / "page.yaml").unlink()
    assert told(pack) == [("page.yaml", 1, "", "warning")]
    (pack / "first" / "page.yaml").unlink()
    assert told(pack) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ("unit: second", "unit: secnd", 3, "terms[0].unit", "Did you mean second?"),
        ("Activation", "STATE", 4, "terms[1].term", "line 3"),
        ("means: A bend.", "means: ' '", 4, "terms[1].means", "only spaces"),
        ("means: A bend.", f"means: {'A bend. ' * 60}", 4, "terms[1].means", "479 characters"),
        ("means: A bend.", "mean: A bend.", 4, "terms[1].mean", "did you mean 'means'"),
    ],
)
def test_the_glossary_is_checked(pack: Path, old: str, new: str, line: int, key: str, words: str) -> None:
    (pack / "glossary.yaml").write_text(GLOSSARY.replace(old, new))
    severity = "warning" if "characters" in words else "error"
    (found,) = check(pack / "glossary.yaml").findings
    assert (found.line, found.key, found.severity) == (line, key, severity)
    assert words in found.says
    assert told(pack) == [("glossary.yaml", line, key, severity)]
