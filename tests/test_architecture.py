"""What holds for the whole house, whoever builds in it."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("architecture")  # one worker, so that the sources are parsed once

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


@cache
def tree_of(path):
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes_of(path):
    return list(ast.walk(tree_of(path)))


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in SOURCES}


@cache
def imported(module):
    """The modules of ours that one imports: at its top, late in its functions, for types only, and from `.`."""
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    asked = set()
    for node in nodes_of(MODULES[module]):
        if isinstance(node, ast.Import):
            asked.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = node.module
            if node.level:
                source = ".".join(
                    [*package.split(".")[: len(package.split(".")) + 1 - node.level], *filter(None, [source])]
                )
            asked.update(full if (full := f"{source}.{alias.name}") in MODULES else source for alias in node.names)
    return frozenset(name for name in asked if name in MODULES and name != module)


def circle_in(imports):
    """Return the modules of one circle of imports, [] where there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def test_a_circle_of_imports_is_found():
    assert set(circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == set("abc")
    assert circle_in({"a": {"b"}, "b": set()}) == []
    assert "rnn_tutor.commands.output" in imported("rnn_tutor.commands.source"), "it is imported from `.`"
    assert "rnn_tutor.tui.host" in imported("rnn_tutor.tui.screens.frame"), "it is imported for its types"


def test_no_import_runs_in_a_circle():
    """A type that is imported for its name only couples two modules as well: a Protocol stands where it would."""
    assert circle_in({module: imported(module) for module in MODULES}) == []


def test_screens_and_widgets_know_the_app_by_what_they_may_ask_it():
    apps = {f"rnn_tutor.tui.{name}" for name in ("app", "kiosk", "navigation", "late_reading", "authoring.app")}
    below = [name for name in MODULES if name.startswith(("rnn_tutor.tui.screens.", "rnn_tutor.tui.widgets."))]
    assert {name: found for name in below if (found := imported(name) & apps)} == {}


BASES = {f"rnn_tutor.tui.screens.{name}" for name in ("frame", "text", "play")}  # what screens are made of


def test_what_opens_another_screen_asks_the_app_for_it():
    screens = {name for name in MODULES if name.startswith("rnn_tutor.tui.screens.")} - BASES
    made_of = {
        "rnn_tutor.tui.screens.question": {"rnn_tutor.tui.screens.exercise"},  # it is one, without help
        "rnn_tutor.tui.screens.train": {"rnn_tutor.tui.screens.lab"},  # it is one, with a network
    }
    assert {name: found for name in screens if (found := (imported(name) & screens) - made_of.get(name, set()))} == {}


def test_no_module_uses_the_private_names_of_another():
    """ruff's SLF001 sees to attributes; this is about what is imported."""
    private = {
        f"{module_of(path)}: {alias.name}"
        for path in SOURCES
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("rnn_tutor")
        for alias in node.names
        if any(part.startswith("_") and not part.endswith("__") for part in f"{node.module}.{alias.name}".split("."))
    }
    assert private == set()


def test_private_attributes_are_checked_by_the_linter():
    found = run(sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "SLF001", "rnn_tutor")
    assert found.returncode == 0, found.stdout + found.stderr


def test_whoever_makes_a_graph_has_it_from_where_its_table_is_filled():
    """A Graph from graph.py alone knows no expression."""
    origins = {}
    for path in SOURCES:
        nodes = nodes_of(path)
        if any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Graph" for node in nodes):
            imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
            origins[module_of(path)] = {
                node.module for node in imports for alias in node.names if alias.name == "Graph"
            } or {module_of(path)}
    assert origins.pop("rnn_tutor.engine.graph.graph")
    assert origins
    assert {module: found for module, found in origins.items() if found != {"rnn_tutor.engine.graph.evaluate"}} == {}


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
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Attempt"
    }
    assert made == {"progress/record.py", "progress/attempt.py"}


def test_the_time_of_day_is_asked_in_one_place():
    """So that sixty days can be played in a moment; the log of the program's own mistakes stands below all."""
    asking = {
        path.name for path in SOURCES if re.search(r"(datetime|date)\.(now|today|utcnow)\(", path.read_text("utf-8"))
    }
    assert asking == {"clock.py", "crash_log.py"}


def test_functions_are_short_enough_to_be_read(tracked):
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": lines
        for path in tracked
        if path in SOURCES
        for node in nodes_of(path)
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


def test_what_the_architecture_names_is_there():
    """Paths of the package, with or without their ending, and of tests, as docs/architecture.md writes them."""
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_0-9.*]*)`", (ROOT / "docs" / "architecture.md").read_text("utf-8"))
    homes = (
        ROOT,
        *(ROOT / "rnn_tutor" / folder for folder in (".", "engine", "figures", "exercises", "tui", "commands")),
    )
    missing = [
        path
        for path in named
        if not any(list(home.glob(path.rstrip("/") + ending)) for home in homes for ending in ("", ".py"))
    ]
    assert len(named) > 80
    assert missing == []
