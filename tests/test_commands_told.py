"""docs/commands.md lists the commands that there are, with their options."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_list_of_commands_is_that_of_the_parser():
    spec = importlib.util.spec_from_file_location("make_commands", ROOT / "docs" / "make_commands.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    text = maker.FILE.read_text("utf-8")
    assert maker.page(text) == text, "run python docs/make_commands.py"
    assert "### `rnn-tutor practice [ID]`" in text
    assert "| `--plain` |" in text
