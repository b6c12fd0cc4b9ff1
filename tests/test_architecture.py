"""What holds for the whole house, whoever builds in it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "rnn_tutor").rglob("*.py"))
MOST_FUNCTION_LINES = 60

# Folders of the machines that this was written on; put together here so that this file passes its own test.
MACHINES = ["/" + name for name in ("work/", "root/", "tmp/team")]


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tracked():
    """Every file of the repository that is there; an unpacked archive has no list of them."""
    found = run("git", "ls-files", "-z")
    if found.returncode != 0:
        pytest.skip("not a git repository")
    return [path for name in found.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_imports_point_one_way():
    """The contracts stand in pyproject.toml; late imports inside functions count as well."""
    found = run(Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache")
    assert found.returncode == 0, found.stdout + found.stderr
    assert " 0 broken" in found.stdout


def test_the_package_root_imports_nothing():
    tree = ast.parse((ROOT / "rnn_tutor" / "__init__.py").read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize(
    ("module", "late"),
    [
        ("rnn_tutor.cli", {"numpy", "textual", "yaml", "msgspec", "sqlite3", "platformdirs", "fsrs"}),
        ("rnn_tutor.paths", {"numpy", "textual", "yaml", "msgspec", "sqlite3", "platformdirs"}),
        ("rnn_tutor.progress.store", {"numpy", "platformdirs", "fsrs"}),
        ("rnn_tutor.progress.review", {"numpy", "sqlite3", "fsrs"}),
    ],
)
def test_what_takes_long_to_import_is_imported_late(module, late):
    """`--version` or a first frame must not wait for what it does not use."""
    found = run(sys.executable, "-c", f"import sys, {module}; print(*sys.modules)")
    assert found.returncode == 0, found.stderr
    assert module in found.stdout.split()
    assert late & {name.partition(".")[0] for name in found.stdout.split()} == set()


def test_an_attempt_is_made_in_one_place():
    """Else a screen and a command would keep different things of the same answer. A stored row becomes one again."""
    made = {
        path.relative_to(ROOT / "rnn_tutor").as_posix()
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Attempt"
    }
    assert made == {"progress/record.py", "progress/attempt.py"}


def test_functions_are_short_enough_to_be_read(tracked):
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": lines
        for path in tracked
        if path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := node.end_lineno - node.lineno + 1) > MOST_FUNCTION_LINES
    }
    assert long == {}


def test_no_file_knows_the_machine_it_was_written_on(tracked):
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in tracked
        for name in MACHINES
        if name.encode() in path.read_bytes()
    }
    assert found == set()
