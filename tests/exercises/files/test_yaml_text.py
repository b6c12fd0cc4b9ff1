"""The reader on concrete files: what stays text, what is refused and in which words, what is beyond the limits."""

import os
import time
from pathlib import Path

import pytest

from rnn_tutor.exercises.files import yaml_text
from rnn_tutor.exercises.files.finding import ContentError
from rnn_tutor.exercises.files.source import Limits, decode, read_bytes
from rnn_tutor.exercises.files.yaml_text import Tree, parse

FILE = Path("some.yaml")


def read(text: str | bytes) -> Tree:
    return parse(decode(text if isinstance(text, bytes) else text.encode(), FILE), FILE)


def refused(text: str | bytes) -> list[tuple[int, str, str]]:
    """Return (line, key, sentence) of everything that is wrong with a text."""
    try:
        findings = read(text).findings
    except ContentError as error:
        findings = tuple(error.findings)
    return [(found.line, found.key, found.says) for found in findings]


@pytest.mark.parametrize(
    "text",
    ["no", "yes", "on", "null", "~", "010", "0x1F", "1_000", "1:30", "2024-01-01", "1e3", ".inf", "0.10", "=", "true"],
)
def test_scalars_stay_what_the_author_wrote(text):
    assert read(f"a: {text}\n").data == {"a": text}
    assert read(f"{text}: a\n").data == {text: "a"}


def test_every_key_path_has_its_line():
    tree = read(
        "given:\n"
        "  f:\n"
        "    value: '[0.9, 0.2]'\n"
        "    axes: [unit]\n"
        "# a comment\n"
        "steps:\n"
        "- let: a = 1\n"
        "  say: |\n"
        "    first\n"
        "    second\n"
        "- for: t in range(T)\n"
        "  do:\n"
        "    - say: x\n"
        "      let: h[t] = x[t]\n"
    )
    assert tree.data == {
        "given": {"f": {"value": "[0.9, 0.2]", "axes": ["unit"]}},
        "steps": [
            {"let": "a = 1", "say": "first\nsecond\n"},
            {"for": "t in range(T)", "do": [{"say": "x", "let": "h[t] = x[t]"}]},
        ],
    }
    lines = {"given": 1, "given.f": 2, "given.f.value": 3, "given.f.axes": 4, "given.f.axes[0]": 4, "steps": 6}
    lines |= {"steps[0]": 7, "steps[0].let": 7, "steps[0].say": 8, "steps[1]": 11, "steps[1].do[0].let": 14}
    for key, line in lines.items():
        assert tree.lines[key] == line, key
    assert tree.line("steps[1].do[0].nothing") == 13  # the nearest there is
    assert tree.line("nowhere") == 1


@pytest.mark.parametrize("text", ["\ufeffa: b\nc: d\n", "a: b\r\nc: d\r\n", "a: b\rc: d\r", "---\na: b\nc: d\n...\n"])
def test_marks_and_line_ends_of_other_systems_are_no_matter(text):
    tree = read(text)
    assert tree.data == {"a": "b", "c": "d"}
    assert tree.lines["c"] - tree.lines["a"] == 1


def test_a_block_text_has_the_same_line_ends_everywhere():
    assert read("a: |\r\n  x\r\n  y\r\n").data == {"a": "x\ny\n"}


def test_an_empty_value_is_an_empty_text():
    assert read("a:\nb: ''\nc: [ ]\nd: {}\ne:\n-\n- x\n").data == {"a": "", "b": "", "c": [], "d": {}, "e": ["", "x"]}


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line", "key", "words"),
    [
        ("a: &x [1]\n", 1, "a", "'&x' is a YAML anchor"),
        ("a: b\nc: *x\n", 2, "c", "quote the text if it starts with '*'"),
        ("a: !!python/object:os.system x\n", 1, "a", "is a YAML tag"),
        ("a: !!python/object/apply:os.system ['echo']\n", 1, "a", "is a YAML tag"),
        ("a: !int 3\n", 1, "a", "is a YAML tag"),
        ("a: ! 3\n", 1, "a", "is a YAML tag"),
        ("a: b\n<<: {c: d}\n", 2, "<<", "merge key"),
        ("%YAML 1.1\n---\na: b\n", 1, "", "directive"),
        ("%TAG ! tag:x,2000:\n---\na: b\n", 1, "", "directive"),
        ("a: b\nc: d\na: e\n", 3, "a", "'a' appears twice (first on line  1)"),
        ("a: {b: c, b: d}\n", 1, "a.b", "appears twice"),
        ("a: b\n---\nc: d\n", 2, "", "second document"),
        ("? [a, b]\n: c\n", 1, "", "a list or mapping is used as a key"),
        ("a: b\n\tc: d\n", 2, "", "a tab"),
        ("a:\tb\n", 1, "", "a tab"),
        ("a: b\0\n", 1, "", "NUL"),
        (b"a: b\nc: \xff\n", 2, "", "byte 0xFF is not UTF-8"),
        ("a: b".encode("utf-16"), 1, "", "expected YAML in UTF-8"),
        ("a: \x1b[31mred\n", 1, "", "U+001B"),
        ("a: \u202eder\n", 1, "", "U+202E"),
        ("a: x\u2028y\n", 1, "", "U+2028"),
        ('a: "\\e[31mred"\n', 1, "a", "U+001B"),
        ('a: "\\ud800"\n', 1, "a", "U+D800"),
        ('a: "\\UFFFFFFFF"\n', 1, "", "not valid YAML"),
        ("", 1, "", "empty"),
        ("# nothing\n", 1, "", "empty"),
        ("a: " + "x" * 20_001 + "\n", 1, "a", "20,001 characters; at most 20,000"),
        ("x" * 101 + ": a\n", 1, "", "a key of 101 characters"),
        ("a: " + "[" * 13 + "]" * 13 + "\n", 1, "a" + "[0]" * 11, "deeper than 12"),
        ("a: [" * 20 + "]" * 20 + "\n", 1, "", "deeper than 12"),
        ("[" * 60_000, 1, "", "more than 64 brackets"),
        ("a: b\n" + "{a: " * 60_000, 2, "", "more than 64 brackets"),
        ("- " * 60_000, 1, "", "nested too deep"),
        ("? " * 60_000, 1, "", "nested too deep"),
        ("".join(" " * depth + "a:\n" for depth in range(500)), 201, "", "nested too deep"),
        ("".join(" " * depth + "a:\n" for depth in range(30)), 13, ".".join("a" * 12), "deeper than 12"),
        ("- a\n" * 20_000, 19_999, "", "more than 20,000"),
    ],
)
def test_what_is_refused_is_named_with_its_line_and_key(text, line, key, words):
    found = refused(text)
    assert any((line, key) == (at, path) and words in says for at, path, says in found) or (
        key == "" and any(line == at and words in says for at, _, says in found)
    ), found


def test_the_alias_bomb_is_answered_at_once():
    assert len(BOMB) < 980
    started = time.perf_counter()
    found = refused(BOMB)
    assert time.perf_counter() - started < 10
    assert sum("alias" in says for _, _, says in found) > 30


def test_all_that_is_odd_is_found_not_only_the_first():
    text = "a: &x b\nc: *x\nd: !t e\na: f\ng:\n  h: i\n  h: j\n"
    assert [(line, key) for line, key, _ in refused(text)] == [(1, "a"), (2, "c"), (3, "d"), (4, "a"), (7, "g.h")]


def test_the_lines_of_a_key_that_stands_twice_are_those_of_the_first():
    tree = read("f:\n  value: 1\nf:\n  value: 2\n")
    assert (tree.data, tree.lines["f.value"]) == ({"f": {"value": "1"}}, 2)


def test_no_file_gives_more_findings_than_anyone_reads():
    assert len(refused("- &a\n" * 5_000)) == yaml_text.MOST_FINDINGS
    assert len(refused("a: \x07\n" * 5_000)) == yaml_text.MOST_FINDINGS


def test_what_is_said_about_foreign_text_can_be_shown():
    for text in ["a: &\u0416\x1b x\n", 'a: b\n"x\\e": &y c\n"x\\e": d\n', "a: !<\x9b> b\n", "\x1b[31m"]:
        for _, key, says in refused(text):
            assert says.isprintable(), says
            assert key.isprintable(), key
            assert len(says) < 300


# Only a regular file within the folder, and no more of it than the limit


def file_refused(file: Path, **more) -> str:
    with pytest.raises(ContentError) as error:
        read_bytes(file, **more)
    (finding,) = error.value.findings
    return finding.says


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path):
    most = Limits().size
    file = tmp_path / "a.yaml"
    file.write_bytes(b"#" * most)
    assert len(read_bytes(file)) == most
    file.write_bytes(b"#" * (most + 1))
    assert "262,145 bytes; at most 262,144" in file_refused(file)


def test_only_regular_files_are_opened(tmp_path):
    assert "no such file" in file_refused(tmp_path / "none.yaml")
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    assert file_refused(folder)
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    assert "not a regular file" in file_refused(pipe)  # and does not wait for a writer
    assert file_refused(tmp_path / "a\0b.yaml")


def test_a_device_is_not_read(tmp_path):
    link = tmp_path / "zero.yaml"
    link.symlink_to("/dev/zero")
    assert "outside its folder" in file_refused(link)
    assert "not a regular file" in file_refused(Path("/dev/zero"))


def test_a_link_may_stay_within_the_folder_but_not_leave_it(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "unit").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.yaml").write_text("a: b\n")
    (inside / "real.yaml").write_text("a: b\n")
    (inside / "unit" / "good.yaml").symlink_to(inside / "real.yaml")
    (inside / "unit" / "bad.yaml").symlink_to(outside / "secret.yaml")
    (inside / "away").symlink_to(outside)
    (inside / "loop.yaml").symlink_to(inside / "loop.yaml")
    assert read_bytes(inside / "unit" / "good.yaml", inside) == b"a: b\n"
    assert "outside its folder" in file_refused(inside / "unit" / "bad.yaml", inside=inside)
    assert "outside its folder" in file_refused(inside / "away" / "secret.yaml", inside=inside)
    assert file_refused(inside / "loop.yaml", inside=inside)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_one_sentence(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("a: b\n")
    file.chmod(0)
    assert "cannot be read" in file_refused(file)
