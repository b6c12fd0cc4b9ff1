"""The files of docs/lab: what they start is what there is. They were tried by hand; docs/lab.md says how."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from rnn_tutor import cli

LAB = Path(__file__).parents[1] / "docs" / "lab"
UNIT = (LAB / "rnn-tutor.service").read_text("utf-8")
IMAGE = (LAB / "Containerfile").read_text("utf-8")


def served(words):
    """The options that rnn-tutor has of such words."""
    assert words[:4] == ["/opt/rnn-tutor/bin/python", "-I", "-m", "rnn_tutor"]
    return cli._parsed(words[4:])


def test_the_unit_starts_a_server_with_options_that_there_are():
    variables = dict(re.findall(r"^Environment=(\w+)=(.*)$", UNIT, re.M))
    line = re.search(r"^ExecStart=(.*)$", UNIT, re.M)[1]
    options = served([re.sub(r"\$\{(\w+)\}", lambda name: variables[name[1]], word) for word in line.split()])
    assert (options.command, options.host, options.visitors) == ("serve", "127.0.0.1", 40)
    assert options.data == "/var/lib/rnn-tutor" and "StateDirectory=rnn-tutor\n" in UNIT


def test_the_image_starts_a_server_that_the_host_can_reach():
    first, words = (json.loads(re.search(rf"^{name} (\[.*\])$", IMAGE, re.M)[1]) for name in ("ENTRYPOINT", "CMD"))
    options = served(first + words)
    assert (options.command, options.host, options.public_url) == ("serve", "0.0.0.0", "http://localhost:8000")  # noqa: S104
    assert f"VOLUME {options.data}\n" in IMAGE
    assert IMAGE.rindex("USER 10001:10001") > IMAGE.rindex("\nFROM ")


def test_the_unit_leaves_little_open(tmp_path):
    """As systemd rates it: 0 to 10."""
    if (tool := shutil.which("systemd-analyze")) is None:
        pytest.skip("there is no systemd-analyze here")
    found = subprocess.run(
        [tool, "security", "--offline=true", "--no-pager", LAB / "rnn-tutor.service"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    rating = re.search(r"Overall exposure level for rnn-tutor\.service: ([\d.]+)", found.stdout)
    assert rating is not None, found.stdout[-400:] + found.stderr
    assert float(rating[1]) < 1.5


def test_what_the_page_for_labs_links_to_is_there():
    text = (LAB.parent / "lab.md").read_text("utf-8")
    links = re.findall(r"\]\((lab/[^)]+)\)", text)
    assert {LAB.parent / link for link in links} == set(LAB.iterdir())
