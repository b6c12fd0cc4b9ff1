"""What a release is made with: that it stops in time, and that the recipes ask for what the package asks for."""

import importlib.util
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
import trove_classifiers
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RECIPE = (ROOT / "packaging" / "recipe.yaml").read_text("utf-8")
FORMULA = (ROOT / "packaging" / "rnn-tutor.rb").read_text("utf-8")


@pytest.fixture(scope="module")
def release():
    spec = importlib.util.spec_from_file_location("release_of_rnn_tutor", ROOT / "packaging" / "release.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # dataclasses look for it there
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_classifiers_are_known_and_tell_which_pythons_are_tried(release):
    assert set(PROJECT["classifiers"]) <= trove_classifiers.classifiers
    assert release.promised(PROJECT["classifiers"])[0] == PROJECT["requires-python"].removeprefix(">=")
    assert {"3.11", "3.12", "3.13"} <= set(release.promised(PROJECT["classifiers"]))


def test_a_python_that_is_missing_is_named_before_anything_is_built(release, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(release, "promised", lambda _: ["3.97", f"3.{sys.version_info[1]}", "3.98"])
    monkeypatch.setattr(release, "built", lambda _: pytest.fail("something was built"))
    assert release.main(["--python", sys.executable]) == 1
    says = "No release: there is no Python 3.97 and no Python 3.98 here. Install it, or name it:"
    assert capsys.readouterr().out.startswith(says)


def test_an_interpreter_is_taken_only_if_it_runs_and_is_what_its_name_says(release, monkeypatch, tmp_path):
    """A shim of pyenv is on PATH for versions that are not chosen; it fails."""
    shim = tmp_path / "python3.97"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert release.interpreter("3.97") is None
    shim.unlink()
    shim.symlink_to(sys.executable)
    assert release.interpreter("3.97") is None
    assert release.asked(sys.executable).minor == f"3.{sys.version_info[1]}"


def test_the_changelog_begins_with_this_version(release):
    assert release.day_of((ROOT / "CHANGELOG.md").read_text("utf-8"), PROJECT["version"])
    assert release.day_of("# Changelog\n\n## 1.0.0 (2026-12-01)\n\n## 0.1 (2025-01-01)\n", "1.0.0") == "2026-12-01"
    with pytest.raises(release.ReleaseError, match=r"the first section of CHANGELOG.md is '## 0.9.0 \(x\)'"):
        release.day_of("## 0.9.0 (x)\n\n## 1.0.0 (y)\n", "1.0.0")


def test_what_is_not_known_stays_open(release):
    known = {"VERSION": "1.0.0", "SHA256": "12ab"}
    text = release.filled(RECIPE, known)
    assert 'version: "1.0.0"' in text and 'sha256: "12ab"' in text
    assert set(re.findall(r"@[A-Z0-9_]+@", text)) == {"@SDIST_URL@", "@HOMEPAGE@", "@MAINTAINER@"}
    assert not re.search(r"[0-9a-f]{32}", RECIPE + FORMULA)  # checksums are computed, not written here


def _requirements(lines):
    return {re.sub(r"[-_]", "-", line.partition(" ")[0]): line.partition(" ")[2] for line in lines}


def test_the_recipe_asks_for_what_the_package_asks_for():
    recipe = yaml.safe_load(RECIPE)
    spaced = [re.sub(r"(?<=[\w-])(?=[<>=])", " ", one, count=1) for one in PROJECT["dependencies"]]
    run = _requirements(recipe["requirements"]["run"])
    assert run.pop("python") == ">=${{ python_min }}"
    assert run == _requirements(spaced)
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    host = _requirements(recipe["requirements"]["host"])
    assert set(host) == {"python", "pip"} | {re.split("[<>=]", one)[0] for one in build}
    assert recipe["about"]["license"] == PROJECT["license"]
    assert recipe["about"]["summary"] == PROJECT["description"]


def test_the_sdist_has_all_that_its_own_documents_name():
    """What the image is built of, and what a release is made with: an unpacked sdist is enough for both."""
    included = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["sdist"]
    assert {"docs", "packaging", "CHANGELOG.md", "Makefile", ".ci"} <= set(included["include"])
    image = (ROOT / "docs" / "lab" / "Containerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", image, re.M)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
        assert name == "pyproject.toml" or name.partition("/")[0] in included["include"], name
