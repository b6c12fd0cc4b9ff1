"""Content that is no content: links, huge and binary files, pipes, folders, wrong types; the good exercises stay."""

import os
import subprocess
import sys

import pytest

from .conftest import PROGRAM, ROOT, done, environ, offences, shows

pytestmark = pytest.mark.slow


def link_out(path, _tmp_path):
    path.symlink_to("/etc/passwd")


def link_to_itself(path, _tmp_path):
    path.symlink_to(path.name)


def link_to_nothing(path, _tmp_path):
    path.symlink_to("nothing")


def hard_device(path, _tmp_path):
    path.symlink_to("/dev/zero")


def pipe(path, _tmp_path):
    os.mkfifo(path)


def folder(path, _tmp_path):
    path.mkdir()


def huge(path, _tmp_path):
    path.write_text("format: 1\n" + "# " + "x" * 400_000)


def sparse(path, _tmp_path):
    with path.open("wb") as file:
        file.truncate(1 << 33)


def binary(path, _tmp_path):
    path.write_bytes(bytes(range(256)) * 64)


def empty(path, _tmp_path):
    path.write_bytes(b"")


def a_list(path, _tmp_path):
    path.write_text("- 1\n- 2\n")


def a_number(path, _tmp_path):
    path.write_text("17\n")


def wrong_types(path, _tmp_path):
    path.write_text("format: [1]\nid: {a: b}\ntitle:\n  - x\nprompt: 3\ngiven: []\nsteps: yes\nask: 7\nhints: {a: 1}\n")


def brackets(path, _tmp_path):
    path.write_text("format: 1\nid: sums\nask: " + "[" * 60_000)


def aliases(path, _tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 10)]
    path.write_text("\n".join(lines))


def tags(path, _tmp_path):
    path.write_text("!!python/object/apply:os.system ['touch owned']\n")


def twice(path, _tmp_path):
    path.write_text("format: 1\nid: sums\nid: sums\n")


def documents(path, _tmp_path):
    path.write_text("format: 1\n---\nformat: 1\n")


def hostile_expressions(path, _tmp_path):
    path.write_text(
        "format: 1\nid: sums\ntitle: T\nprompt: P\ngiven:\n"
        "  a: {value: \"__import__('os').system('touch owned')\", means: x}\n"
        '  b: {value: "zeros(10**9)", means: x}\n  c: {value: "9**9**9", means: x}\n'
        '  d: {value: "a.tofile(1)", means: x}\nsteps:\n  - let: "y = ' + "(" * 300 + '"\nask:\n  - {answer: y}\n'
    )


KINDS = [
    *(link_out, link_to_itself, link_to_nothing, hard_device, pipe, folder, huge, sparse, binary, empty),
    *(a_list, a_number, wrong_types, brackets, aliases, tags, twice, documents, hostile_expressions),
]


def run(tmp_path, *words):
    """Run a command with a bound on its time and memory; its status and what it said."""
    bound = ["prlimit", "--as=1500000000", *PROGRAM] if sys.platform == "linux" else PROGRAM
    return subprocess.run(
        [*bound, *map(str, words)],
        capture_output=True,
        timeout=30,
        env=environ(tmp_path, PYTHONPATH=str(ROOT)),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        check=False,
    )


# One of each sort in `make test`, all of them in `make test-long`.
QUICK = (binary, link_out, pipe, huge, brackets, wrong_types, hostile_expressions)
EACH_KIND = [pytest.param(kind, marks=() if kind in QUICK else pytest.mark.long, id=kind.__name__) for kind in KINDS]


@pytest.mark.parametrize("make", EACH_KIND)
def test_a_file_that_is_no_exercise(pack, tmp_path, make):
    there = pack("A course")
    file = there / "unit" / "sums.yaml"
    file.unlink()
    make(file, tmp_path)
    checked = run(tmp_path, "check", there, "--draws", "0")
    assert checked.returncode == 1
    assert "sums.yaml" in checked.stdout.decode() + checked.stderr.decode()
    shown = run(tmp_path, "show", "sums", "--only", "--content", there)
    assert shown.returncode == 2
    for one in (checked, shown):
        assert b"Traceback" not in one.stderr
        assert offences(one.stdout + one.stderr) == []
        assert all(len(line) <= 2_000 for line in (one.stdout + one.stderr).splitlines())
    assert run(tmp_path, "show", "plain", "--only", "--content", there).returncode == 0
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("make", [binary, link_out, pipe, huge, brackets, wrong_types], ids=lambda kind: kind.__name__)
def test_a_course_file_that_is_none(pack, tmp_path, make):
    there = pack("A course")
    (there / "course.yaml").unlink()
    make(there / "course.yaml", tmp_path)
    listed = run(tmp_path, "list", "--only", "--content", there)
    assert b"plain" in listed.stdout
    assert b"course.yaml" in listed.stderr
    assert b"Traceback" not in listed.stderr


@pytest.mark.parametrize("make", [binary, pipe, link_to_nothing], ids=lambda kind: kind.__name__)
def test_the_tutor_goes_on_beside_it(tutor, pack, tmp_path, make):
    there = pack("A course")
    file = there / "unit" / "sums.yaml"
    file.unlink()
    make(file, tmp_path)
    session = tutor("--only", "--content", there)
    shows(session, "A plain one")
    session.send(b"\r")
    shows(session, "sums.yaml")  # the sentence that names the file
    session.send(b"\x1b[B\r")
    shows(session, "What is twice the vector")
    session.send(b"[4, 6]\r")
    shows(session, "Right.")
    assert offences(session.raw) == []


def test_an_exercise_that_changes_while_it_is_worked_on(tutor, pack):
    there = pack("A course")
    session = tutor("--only", "--content", there)
    shows(session, "A plain one")
    session.send(b"\x1b[B\r")
    shows(session, "What is twice the vector")
    (there / "unit" / "plain.yaml").write_bytes(b"\xff\0")
    (there / "unit" / "sums.yaml").unlink()
    session.send(b"[4, 6]\r")
    shows(session, "Right.")
    session.send(b"\x1b[18~")  # F7: the one that is no more
    session.settle(0.3)
    assert session.process.poll() is None
    shows(session, "sums.yaml")


def test_no_content_at_all(tutor, tmp_path):
    (tmp_path / "empty").mkdir()
    session = tutor("--only", "--content", tmp_path / "empty")
    shows(session, "There are no exercises here.")
    session.send(b"q")
    assert done(session) == 0
    for where in (tmp_path / "none", "/etc/passwd"):
        session = tutor("--only", "--content", where)
        assert done(session) == 2
        assert "".join(f"There is no folder {where}.".split()) in "".join(session.text.split())  # wherever it wraps
