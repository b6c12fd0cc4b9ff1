import subprocess
import sys

import pytest


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_app_is_there_without_the_palette_and_the_palette_for_who_wants_it():
    done = run("""
import sys
from rnn_tutor.tui.terminal.lean_app import import_app
import_app()
assert "textual.app" in sys.modules and "textual.command" not in sys.modules
assert not {"textual.widgets._select", "textual.widgets._tree", "textual.widgets._option_list"} & set(sys.modules)
from textual.command import CommandPalette
from textual.screen import Screen
assert issubclass(CommandPalette, Screen)
""")
    assert done.returncode == 0, done.stderr


def test_ctrl_p_opens_nothing():
    done = run("""
import asyncio
from rnn_tutor.tui.terminal.lean_app import import_app
import_app()
from textual.app import App
class Bare(App):
    ENABLE_COMMAND_PALETTE = False
async def main():
    app = Bare()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p")
        app.action_command_palette()
        await pilot.pause()
        assert len(app.screen_stack) == 1
asyncio.run(main())
""")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("before", ["import textual.app", "import textual.command"])
def test_what_is_there_already_stays(before):
    done = run(f"""
import sys
{before}
there = {{name: sys.modules[name] for name in ("textual.app", "textual.command") if name in sys.modules}}
from rnn_tutor.tui.terminal.lean_app import import_app
import_app()
assert all(sys.modules[name] is module for name, module in there.items())
""")
    assert done.returncode == 0, done.stderr


def test_where_textual_wants_more_of_it_it_is_imported_as_ever():
    done = run("""
import sys
from rnn_tutor.tui.terminal import lean_app
lean_app._NAMES = lean_app._NAMES[1:]
lean_app.import_app()
assert "textual.app" not in sys.modules
import textual.app
import textual.command
assert textual.app.CommandPalette is textual.command.CommandPalette
assert textual.theme.Provider is textual.command.Provider
""")
    assert done.returncode == 0, done.stderr
