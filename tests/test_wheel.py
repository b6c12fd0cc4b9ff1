"""What users get: a wheel, built and installed without the network, far from this repository."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]  # one worker, so that it is built once


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def done(*command, **options):
    found = run(*command, **options)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built with the development environment's own hatchling: isolation would want the network."""
    folder = tmp_path_factory.mktemp("dist")
    done(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel, tmp_path_factory):
    """The command rnn-tutor of an environment elsewhere that has nothing of ours but the wheel.

    What the wheel depends on is lent to it by a .pth file that names the site-packages of this environment. Python
    reads no .pth file in a folder that was named by one, so the editable install of this repository (itself a .pth
    file in there) is not lent, and the environment's own site-packages come first in any case.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "environment"
    done(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    done(sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", "--quiet", wheel)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}), "utf-8")
    return folder / "bin" / "rnn-tutor"


@pytest.fixture
def clean(tmp_path):
    """Options of a run from another folder, for a user who has never run it."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL"}}
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    return {"cwd": here, "env": {**kept, "HOME": str(home)}, "stdin": subprocess.DEVNULL}


def test_the_wheel_holds_the_program_its_looks_and_its_exercises(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    content = {path.relative_to(ROOT).as_posix() for path in (ROOT / "content").rglob("*") if path.is_file()}
    assert "content/course.yaml" in content
    assert {f"rnn_tutor/{name}" for name in content} <= names
    assert {"rnn_tutor/cli.py", "rnn_tutor/__main__.py", "rnn_tutor/tui/app.tcss"} <= names
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"rnn_tutor"}
    assert [name for name in names if name.endswith(".data/data/share/man/man1/rnn-tutor.1")]
    assert not [name for name in names if name.endswith(".pyc") or "/tests/" in name]


def test_it_says_whose_it_is(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA")]
        about = Parser().parsestr(archive.read(name).decode("utf-8"))
        assert [one for one in archive.namelist() if one.endswith("/licenses/LICENSE")]
    assert about["Name"] == "rnn-tutor"
    assert about["License-Expression"] == "MIT"
    assert about["Requires-Python"] == ">=3.11"


def test_it_runs_what_was_installed_and_not_this_repository(program, clean):
    code = "import rnn_tutor, rnn_tutor.paths as p; print(rnn_tutor.__file__); print(p.content_folder())"
    where, content = done(program.with_name("python"), "-c", code, **clean).splitlines()
    assert Path(where).is_relative_to(program.parents[1])
    assert Path(content) == Path(where).with_name("content")


def test_its_man_page_is_where_man_looks_beside_the_program(program):
    page = program.parents[1] / "share" / "man" / "man1" / "rnn-tutor.1"
    assert page.read_text("utf-8") == (ROOT / "docs" / "rnn-tutor.1").read_text("utf-8")


def test_it_marks_an_answer(program, clean):
    """c = f * c_prev + i * cand = [0.9 * 1 + 0.1 * 0.5, 0.2 * -1 + 0.8 * 0.25] = [0.95, 0]."""
    found = json.loads(done(program, "answer", "lstm-cell", "[0.95, 0]", "--json", **clean))
    (part,) = found["parts"]
    assert (found["exercise"], found["seed"], part["part"], part["verdict"]) == ("lstm-cell", None, "c", "right")
    assert part["expected"] == pytest.approx([0.95, 0.0], abs=1e-9)
    wrong = run(program, "answer", "lstm-cell", "[0.95, 1]", "--json", **clean)
    assert wrong.returncode == 1, wrong.stderr
    assert json.loads(wrong.stdout)["parts"][0]["verdict"] == "wrong"


def test_it_starts_as_a_module_too_and_says_its_version(program, wheel, clean):
    version = wheel.name.split("-")[1]
    assert version in done(program, "--version", **clean)
    assert version in done(program.with_name("python"), "-m", "rnn_tutor", "--version", **clean)


def test_every_exercise_that_is_installed_is_listed(program, clean):
    listed = done(program, "list", **clean)
    files = [path for path in (ROOT / "content").rglob("*.yaml") if path.stem not in ("course", "glossary", "page")]
    retired = {path.stem for path in files if path.parent.name == "retired"}
    exercises = {path.stem for path in files} - retired
    assert len(exercises) >= 10
    assert {name for name in exercises if name not in listed} == set()
    assert {name for name in retired if name in listed.split()} == set()
    for name in sorted(retired)[:1]:
        assert json.loads(done(program, "show", name, "--json", **clean))["exercise"] == name


def test_the_course_of_the_wheel_is_listed_without_reading_yaml(program, clean):
    code = """
import sys
from rnn_tutor.exercises.kept import Kept
from rnn_tutor.exercises.load import Library
from rnn_tutor.paths import content_folder, index_files
library = Library([content_folder()], Kept(index_files()))
assert len(library.ids) > 100 and not library.findings
assert "yaml" not in sys.modules
assert list(library.ids) == list(Library([content_folder()]).ids)
assert "yaml" in sys.modules
"""
    done(program.with_name("python"), "-c", code, **clean)


def test_who_works_in_a_version_stays_in_it_when_a_link_is_led_to_the_next_one(program, clean, tmp_path):
    """As docs/lab.md updates a lab: what is imported after that comes from where it began."""
    link = tmp_path / "rnn-tutor"
    link.symlink_to(program.parents[1])
    code = f"""
import pathlib, sys
sys.argv = ["rnn-tutor", "--version"]
from rnn_tutor.cli import main
assert main() == 0
link = pathlib.Path({str(link)!r})
assert sys.prefix == str(link)
link.unlink()
link.symlink_to("nowhere")
import rnn_tutor.exercises.mark, rnn_tutor.tui.app, yaml
assert not rnn_tutor.tui.app.__file__.startswith(str(link))
"""
    done(link / "bin" / "python", "-I", "-c", code, **clean)
