"""A hand-in as a file: what was written comes back, and whatever else stands there is told in one sentence."""

import json
import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnn_tutor.progress import events, handin
from rnn_tutor.progress.attempt import bounded

HEAD = handin.Head("ada", "week-7", "0.1.0")


@pytest.fixture
def answers(made):
    texts = ("[0.95, 0]", "tanh(W @ x) — ħ", "\x1b[2J\x07", "0.5", "line\nand line")
    return [bounded(made(hours=at, text=text, seed=at or None)) for at, text in enumerate(texts)]


@pytest.fixture
def file(answers, tmp_path):
    path = tmp_path / "hand-in-ada-week-7.jsonl"
    path.write_bytes(b"".join(handin.lines(HEAD, answers)))
    return path


def told(path, kind, says):
    trouble = handin.read(path).trouble
    assert trouble is not None and trouble.kind == kind
    assert says in trouble.says and "\n" not in trouble.says and trouble.says.isprintable()


def test_what_was_written_comes_back(file, answers):
    handed = handin.read(file)
    assert (handed.head, handed.attempts, handed.trouble) == (HEAD, answers, None)
    assert [one.uid for one in handed.attempts] == [one.uid for one in answers]
    assert handin.head_of(file) == HEAD


def test_it_is_json_lines_in_utf_8_that_act_on_no_terminal(file):
    text = file.read_bytes().decode("utf-8")
    assert all(line.isprintable() and json.loads(line) for line in text.splitlines())
    assert json.loads(text.splitlines()[0])["version"] == handin.VERSION
    assert "ħ" in text


def test_drafts_notes_and_marks_are_left_out(answers, made, tmp_path):
    others = [bounded(made(verdict=verdict)) for verdict in ("draft", "note", "reset", "undo", "rated")]
    path = tmp_path / "file.jsonl"
    path.write_bytes(b"".join(handin.lines(HEAD, [*others, *answers])))
    assert handin.read(path).attempts == answers


def test_a_file_that_was_cut_off_holds_what_stands_before(file, answers):
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.index(b"\n", 2_000) - 3])
    told(file, "damaged", "cut off in line")
    found = handin.read(file).attempts
    assert 0 < len(found) < len(answers) and found == answers[: len(found)]
    lines = whole.splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:3]))
    told(file, "damaged", "its end is missing")
    assert handin.read(file).attempts == answers[:2]
    file.write_bytes(whole[:-2])
    told(file, "damaged", "cut off in line 7")


def test_lines_that_were_changed_moved_or_put_in_are_told(file):
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], lines[3], lines[2], *lines[4:]]))
    told(file, "altered", "line 3 does not follow")
    file.write_bytes(b"".join([*lines[:2], lines[1], *lines[2:]]))
    told(file, "altered", "line 3 does not follow")
    file.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    told(file, "altered", "line 3 does not follow")
    file.write_bytes(b"".join([*lines, lines[-1]]))
    told(file, "altered", "after its last line")
    file.write_bytes(lines[0].replace(b'"ada"', b'"bob"') + b"".join(lines[1:]))
    told(file, "altered", "line 2 does not follow")


def test_an_answer_that_stands_there_twice_is_told(answers, tmp_path):
    path = tmp_path / "twice.jsonl"
    path.write_bytes(b"".join(handin.lines(HEAD, [*answers, answers[0]])))
    told(path, "altered", "stands there twice")


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b"", "damaged", "it is empty"),
        (b"\xef\xbb\xbf\r\n \n", "damaged", "it is empty"),
        (b"hello\n", "foreign", "not a hand-in"),
        (b"\x00" * 5_000, "foreign", "not a hand-in"),
        (b"[" * 1_999, "foreign", "not a hand-in"),
        (b'{"rnn-tutor":"backup","version":1}\n', "foreign", "not a hand-in"),
        (b'{"rnn-tutor":"hand-in","version":2}\n', "foreign", "another rnn-tutor"),
        (b'{"rnn-tutor":"hand-in","version":true}\n', "foreign", "not a hand-in"),
        (b'{"rnn-tutor":"hand-in","version":1}\n', "damaged", "first line"),
        (
            b'{"rnn-tutor":"hand-in","version":1,"learner":"../x","assignment":"","program":""}\n',
            "damaged",
            "no learner",
        ),
        (
            b'{"rnn-tutor":"hand-in","version":1,"learner":"Ada","assignment":"","program":""}\n',
            "damaged",
            "no learner",
        ),
        (b'{"rnn-tutor":"hand-in","version":1,"learner":"ada","assignment":5,"program":""}\n', "damaged", "first line"),
    ],
    ids=lambda one: str(one)[:60],
)
def test_what_is_no_hand_in_is_told(content, kind, says, tmp_path):
    path = tmp_path / "file.jsonl"
    path.write_bytes(content)
    told(path, kind, says)
    assert handin.head_of(path) is None


def test_what_is_no_file_is_not_waited_for(tmp_path):
    told(tmp_path, "refused", "not a file")
    told(tmp_path / "nothing", "refused", "No such file")
    told(tmp_path / "null\0", "refused", "not the name of a file")
    os.mkfifo(tmp_path / "pipe")
    told(tmp_path / "pipe", "refused", "not a file")


def test_bounds_are_told(answers, tmp_path, monkeypatch):
    path = tmp_path / "large.jsonl"
    with path.open("wb") as file:
        file.truncate(handin.MOST_FILE + 1)
    told(path, "refused", "more than 50")
    monkeypatch.setattr(handin, "MOST_ANSWERS", 3)
    path.write_bytes(b"".join(handin.lines(HEAD, answers)))
    told(path, "refused", "more than 3 answers")
    monkeypatch.setattr(events, "MOST_LINE", 200)
    told(path, "refused", "line 2 is longer than")


def bared(content):
    """Return a file as lines without the white space that editors and mail change."""
    return [line for one in content.removeprefix(b"\xef\xbb\xbf").split(b"\n") if (line := one.rstrip())]


@pytest.mark.parametrize(
    "saved",
    [
        lambda content: content + b"\n",
        lambda content: content + b" \r\n\t\n\n",
        lambda content: content[:-1],
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\r\r\n"),
        lambda content: content.replace(b"\n", b"\n\n"),
        lambda content: content.replace(b"\n", b"  \n"),
        lambda content: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"),
        lambda content: b"\n" + content,
    ],
    ids=["line", "lines", "no end", "CRLF", "CR CRLF", "double", "blanks", "mark", "first"],
)
def test_what_editors_and_mail_do_to_white_space_is_read_and_noted(file, answers, saved):
    assert not handin.read(file).saved
    file.write_bytes(saved(file.read_bytes()))
    handed = handin.read(file)
    assert (handed.head, handed.attempts, handed.trouble, handed.saved) == (HEAD, answers, None, True)
    assert handin.head_of(file) == HEAD
    content = file.read_bytes().split(b"\n")
    assert all(one.uid.encode() in content[line - 1] for one, line in zip(handed.attempts, handed.lines, strict=True))


def test_white_space_within_a_line_is_a_change(file):
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"[0.95, 0]"', b'"[0.95,  0]"', 1))
    told(file, "altered", "line 3 does not follow")
    file.write_bytes(whole.replace(b'":"', b'": "', 1))
    told(file, "foreign", "not a hand-in")
    file.write_bytes(whole.replace(b"\n", b"\n ", 1))
    told(file, "damaged", "line 2: it is not written as")


def test_many_lines_with_nothing_in_them_are_not_read(tmp_path):
    path = tmp_path / "file.jsonl"
    path.write_bytes(b"".join(handin.lines(HEAD, [])) + b"\n" * (handin.MOST_LINES + 1))
    told(path, "refused", "more than 100,000 lines")


@pytest.fixture(scope="module")
def of_all():
    """A file whose every byte is changed in turn, and what it held."""
    from rnn_tutor.progress.attempt import Attempt
    from tests.progress.conftest import MONDAY

    one = Attempt("e", "ab", 7, '{"x": 1}', "h", "0.5", "wrong", 0.5, "none", 1, 2.5, MONDAY, 2, uid="0f" * 16)
    both = [bounded(one), bounded(replace(one, text="0.7 — ħ", verdict="right", uid="1f" * 16))]
    return b"".join(handin.lines(HEAD, both)), both


def test_any_byte_that_is_changed_is_told(of_all, tmp_path):
    whole, answers = of_all
    path = tmp_path / "file.jsonl"
    for at in range(len(whole)):
        flip = (1, 32, 128)[at % 3]
        path.write_bytes(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :])
        handed = handin.read(path)
        assert handed.trouble is not None, (at, flip)
        assert handed.trouble.kind == "altered" or handed.attempts == answers[: len(handed.attempts)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(data=st.data())
def test_whatever_is_done_to_a_file_it_is_told_or_is_the_same(data, of_all, tmp_path):
    """Bytes put in, taken out, doubled and moved."""
    whole, answers = of_all
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 300)))
    instead = data.draw(
        st.one_of(st.binary(max_size=40), st.just(whole[start:end] * 2), st.just(whole[end : end + 50]))
    )
    path = tmp_path / "file.jsonl"
    path.write_bytes(changed := whole[:start] + instead + whole[end:])
    handed = handin.read(path)
    if bared(changed) == bared(whole):
        assert (handed.trouble, handed.attempts, handed.saved) == (None, answers, changed != whole)
    else:
        assert handed.trouble is not None
        assert handed.trouble.says.isprintable() and len(handed.trouble.says) < 200
