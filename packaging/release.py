"""Build what a release consists of and test it: `make release`. Nothing is uploaded.

    python packaging/release.py [--python PATH]...

1. An interpreter of each Python that pyproject.toml names has to be there; if one is not, nothing is begun.
2. The sdist is built, and the wheel of it; twine checks both.
3. With each Python, sdist and wheel are each installed in an environment of their own, far from this checkout, and
   tried there: `installed.py` beside this file, and the tests in TESTS. One wheel checks the whole course.
4. The recipes for conda-forge and Homebrew are filled in with what was computed.

All is done in build/release, and what was tested is in dist. docs/releasing.md says what comes before and after.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
WORK = ROOT / "build" / "release"
TESTS = (  # a few hundred tests without a screen: the language, the cells, files, marking, what is named of mistakes
    "tests/engine/test_compare.py",
    "tests/engine/test_language_table.py",
    "tests/engine/cells",
    "tests/exercises/test_mark.py",
    "tests/exercises/test_load_library.py",
    "tests/progress/test_migration.py",
)
TOOLS = ("build>=1.2", "twine>=6.1")
FOR_TESTS = ("pytest>=8", "pytest-asyncio>=1", "hypothesis>=6.100")
MAY_BE_MISSING = {"3.14"}  # tried where it is there: what we promise is in the classifiers
_CLASSIFIER = re.compile(r"Programming Language :: Python :: (3\.\d+)")


class ReleaseError(Exception):
    """Why there is no release, in a sentence."""


@dataclass(frozen=True)
class Interpreter:
    """A Python that was run once. minor: such as 3.12."""

    minor: str
    path: str


def main(words: Sequence[str] | None = None) -> int:
    """Do it all; 1, with a sentence, as soon as something is not as it has to be."""
    parser = argparse.ArgumentParser(description="Build, check and test sdist and wheel. Nothing is uploaded.")
    parser.add_argument("--python", action="append", default=[], help="an interpreter that is not on PATH")
    options = parser.parse_args(words)
    try:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        dated = day_of((ROOT / "CHANGELOG.md").read_text("utf-8"), project["version"])
        interpreters = all_interpreters(project["classifiers"], options.python)
        say(f"rnn-tutor {project['version']} with Python {', '.join(one.minor for one in interpreters)}")
        sdist, wheel = built(project["version"])
        for interpreter in interpreters:
            for package in (sdist, wheel):
                tried(interpreter, package, sdist, project["version"])
        whole_course(interpreters[-1])
        open_places = filled_in(project, sdist, interpreters[-1])
    except ReleaseError as error:
        say(f"No release: {error}")
        return 1
    say(f"Tested, in dist: {sdist.name}, {wheel.name}.")
    for place in open_places:
        say(f"Still open in build/release: {place}")
    today = datetime.now(UTC).date().isoformat()
    if dated != today:
        say(f"A rehearsal: CHANGELOG.md has to say {today}, the day of the release, in place of {dated!r}.")
    return 0


# what has to be there


def day_of(changelog: str, version: str) -> str:
    """Return what the first section of the changelog says after its version: a day, or that there is none yet."""
    first = next((line for line in changelog.splitlines() if line.startswith("## ")), "")
    found = re.fullmatch(rf"## {re.escape(version)} \((.+)\)", first)
    if found is None:
        raise ReleaseError(f"the first section of CHANGELOG.md is {first!r}, and not '## {version} (...)'.")
    return found[1]


def promised(classifiers: Iterable[str]) -> list[str]:
    """Return the Pythons that the classifiers name, such as 3.11, in order."""
    found = {match[1] for one in classifiers if (match := _CLASSIFIER.fullmatch(one))}
    return sorted(found, key=lambda minor: int(minor.partition(".")[2]))


def all_interpreters(classifiers: Iterable[str], named: Sequence[str] = ()) -> list[Interpreter]:
    """Return one interpreter for each Python that is promised, and of those that may be missing what is there."""
    needed = promised(classifiers)
    given = {found.minor: found for path in named if (found := asked(path))}
    found = {minor: given.get(minor) or interpreter(minor) for minor in [*needed, *sorted(MAY_BE_MISSING - {*needed})]}
    missing = [minor for minor in needed if found[minor] is None]
    if missing:
        raise ReleaseError(
            f"there is no Python {' and no Python '.join(missing)} here. Install it, or name it: "
            "python packaging/release.py --python PATH."
        )
    return [one for one in found.values() if one is not None]


def interpreter(minor: str) -> Interpreter | None:
    """Look for a Python on PATH, and where pyenv and uv keep theirs."""
    homes = [os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv")) + "/versions"]
    homes.append(os.environ.get("UV_PYTHON_INSTALL_DIR", str(Path.home() / ".local/share/uv/python")))
    places = [f"python{minor}"]
    for home in homes:
        places += [str(path) for path in sorted(Path(home).glob(f"*{minor}.*/bin/python{minor}"))]
    return next((found for place in places if (found := asked(place)) and found.minor == minor), None)


def asked(path: str) -> Interpreter | None:
    """Run an interpreter; None for one that does not run, as a shim of pyenv for a version that is not chosen."""
    code = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    try:
        process = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    minor, _, executable = process.stdout.strip().partition(" ")
    return Interpreter(minor, executable) if process.returncode == 0 and executable else None


# building and trying


def built(version: str) -> tuple[Path, Path]:
    """Build the sdist, of it the wheel, and have twine check both."""
    for folder in (WORK, DIST):
        shutil.rmtree(folder, ignore_errors=True)
    WORK.mkdir(parents=True)
    python = environment(WORK / "tools", sys.executable, TOOLS)
    run("build", [python, "-m", "build", "--outdir", str(DIST), str(ROOT)])
    packages = [DIST / f"rnn_tutor-{version}.tar.gz", DIST / f"rnn_tutor-{version}-py3-none-any.whl"]
    there = sorted(path.name for path in DIST.iterdir())
    if there != sorted(path.name for path in packages):
        raise ReleaseError(f"what was built is {there}.")
    run("twine check", [python, "-m", "twine", "check", "--strict", *map(str, packages)])
    return packages[0], packages[1]


def tried(interpreter: Interpreter, package: Path, sdist: Path, version: str) -> None:
    """Install a package in a fresh environment, and try it there and in a folder with nothing of ours but tests."""
    begun = time.monotonic()
    kind = "wheel" if package.suffix == ".whl" else "sdist"
    name = f"{interpreter.minor} {kind}"
    folder = WORK / name.replace(" ", "-")
    python = environment(folder / "environment", interpreter.path, [str(package), *FOR_TESTS])
    away = folder / "away"
    away.mkdir()
    run(f"{name}: the command", [python, "-I", str(ROOT / "packaging" / "installed.py"), version], cwd=away)
    tests = tests_alone(sdist, folder)
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", "-m", "not long and not notebooks", *TESTS]
    told = run(f"{name}: tests", command, cwd=tests)
    say(f"{name}: {told.splitlines()[-1].strip()} ({time.monotonic() - begun:.0f} s in all)")


def whole_course(interpreter: Interpreter) -> None:
    """Have one of the wheels check the whole course, as CI does with the checkout."""
    folder = WORK / f"{interpreter.minor}-wheel"
    python = folder / "environment" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    told = run("rnn-tutor check", [str(python), "-I", "-m", "rnn_tutor", "check", "--draws", "5"], cwd=folder / "away")
    say(f"rnn-tutor check: {told.splitlines()[-1]}")


def environment(folder: Path, python: str, packages: Sequence[str]) -> str:
    """Make an environment with packages, and return its Python."""
    run("venv", [python, "-m", "venv", str(folder)])
    made = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    run(f"pip install {' '.join(packages)}", [made, "-m", "pip", "install", "--quiet", *packages])
    return made


def tests_alone(sdist: Path, folder: Path) -> Path:
    """Unpack the tests of an sdist, without the package: what they import is what was installed."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    unpacked = folder / sdist.name.removesuffix(".tar.gz")
    shutil.rmtree(unpacked / "rnn_tutor")
    return unpacked


def run(what: str, command: Sequence[str], cwd: Path = ROOT) -> str:
    """Run a command and return what it printed. ReleaseError, with its last lines, for one that fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    process = subprocess.run(
        command, cwd=cwd, env=kept | {"LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False
    )
    if process.returncode:
        last = "\n".join((process.stdout + process.stderr).splitlines()[-40:])
        raise ReleaseError(f"{what}: exit status {process.returncode}.\n{last}")
    return process.stdout


# the recipes


def filled_in(project: Mapping[str, object], sdist: Path, newest: Interpreter) -> Iterator[str]:
    """Write both recipes into build/release; what nobody could know is named."""
    digest = hashlib.sha256(sdist.read_bytes()).hexdigest()
    urls = project.get("urls", {})
    known = {"VERSION": str(project["version"]), "SHA256": digest}
    if isinstance(urls, dict) and "Homepage" in urls:
        known["HOMEPAGE"] = str(urls["Homepage"])
    if "SDIST_URL" in os.environ:
        known["SDIST_URL"] = os.environ["SDIST_URL"]
    known["PYTHON"] = newest.minor
    try:
        known["RESOURCES"] = resources(project, newest)
    except ReleaseError as error:  # an index may lack a build tool of one of them; brew can write them too
        say(f"The formula has no resources: {str(error).splitlines()[0]}")
    for name in ("recipe.yaml", "rnn-tutor.rb"):
        text = filled((ROOT / "packaging" / name).read_text("utf-8"), known)
        (WORK / name).write_text(text, "utf-8")
        yield from (f"{name} needs {place}" for place in sorted(set(re.findall(r"@[A-Z0-9_]+@", text))))


def resources(project: Mapping[str, object], newest: Interpreter) -> str:
    """Return what Homebrew builds beside the package: the sdist of all that it needs, and of what that needs.

    Versions are those that were tested. NumPy is left out, as Homebrew has it by itself.
    """
    python = str(WORK / f"{newest.minor}-wheel" / "environment" / "bin" / "python")
    report = [python, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"]
    needed = json.loads(run("what it needs", [*report, *map(str, _list(project["dependencies"]))]))["install"]
    tested = {one["metadata"]["name"]: one["metadata"]["version"] for one in needed}
    tested.pop("numpy", None)
    names = [f"{name}=={version}" for name, version in sorted(tested.items())]
    sdists = [*report, "--no-deps", "--no-binary", ",".join(tested), *names]
    found = json.loads(run("the sources of what it needs", sdists))["install"]
    return "\n\n".join(_resource(one) for one in sorted(found, key=lambda one: str(one["metadata"]["name"]).lower()))


def _resource(found: Mapping[str, Any]) -> str:
    """Return the lines of the formula for a package, as pip reports it."""
    info = found["download_info"]
    return "\n".join(
        (
            f'  resource "{found["metadata"]["name"].lower()}" do',
            f'    url "{info["url"]}"',
            f'    sha256 "{info["archive_info"]["hashes"]["sha256"]}"',
            "  end",
        )
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def filled(template: str, known: Mapping[str, str]) -> str:
    """Put what is known in its places, written @NAME@; others stay."""
    return re.sub(r"@([A-Z0-9_]+)@", lambda match: known.get(match[1], match[0]), template)


def say(sentence: str) -> None:
    """Print a line at once: what is done takes minutes."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
