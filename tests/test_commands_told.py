"""docs/commands.md and the man page list the commands that there are, with their options."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_commands", ROOT / "docs" / "make_commands.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_list_of_commands_is_that_of_the_parser(maker):
    text = maker.FILE.read_text("utf-8")
    assert maker.page(text) == text, "run python docs/make_commands.py"
    assert "### `rnn-tutor practice [ID]`" in text
    assert "| `--plain` |" in text


def test_the_man_page_is_that_of_the_parser(maker):
    text = maker.MAN.read_text("utf-8")
    assert maker.man() == text, "run python docs/make_commands.py"
    assert ".SS rnn\\-tutor practice [ID]\n" in text
    assert "\\fB\\-\\-plain\\fR" in text


def test_text_for_the_man_page_is_never_a_request(maker):
    assert maker._roff(".TH x") == "\\&.TH x"
    assert maker._roff("a\\b -c") == "a\\eb \\-c"


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man")
def test_man_reads_it(maker):
    found = subprocess.run(["man", "--warnings", "-l", maker.MAN], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    assert "SYNOPSIS" in found.stdout
