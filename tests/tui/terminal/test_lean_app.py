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
assert "textual.app" in sys.modules
assert not {"textual.command", "platformdirs", "tempfile", "shutil"} & set(sys.modules)
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


@pytest.mark.parametrize("before", ["import textual.app", "import textual.command", "import platformdirs"])
def test_what_is_there_already_stays(before):
    done = run(f"""
import sys
{before}
names = ("textual.app", "textual.command", "platformdirs")
there = {{name: sys.modules[name] for name in names if name in sys.modules}}
from rnn_tutor.tui.terminal.lean_app import import_app
import_app()
assert all(sys.modules[name] is module for name, module in there.items())
""")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "asked"), [("textual.command", "CommandPalette"), ("platformdirs", "user_downloads_path")]
)
def test_where_textual_wants_more_of_it_it_is_imported_as_ever(name, asked):
    done = run(f"""
import sys
from rnn_tutor.tui.terminal import lean_app
del lean_app._STAND_INS[{name!r}][{asked!r}]
lean_app.import_app()
assert not {{"textual.app", "textual.command", "platformdirs"}} & set(sys.modules)
import platformdirs
import textual.app
import textual.command
assert textual.app.CommandPalette is textual.command.CommandPalette
assert textual.theme.Provider is textual.command.Provider
assert textual.app.user_downloads_path is platformdirs.user_downloads_path
""")
    assert done.returncode == 0, done.stderr


def test_textual_has_its_folder_when_it_asks_for_it():
    done = run("""
import sys
from rnn_tutor.tui.terminal.lean_app import import_app
import_app()
there = sys.modules["textual.app"].user_downloads_path()
import platformdirs
assert there == platformdirs.user_downloads_path()
assert platformdirs.user_data_path("x").name == "x"
""")
    assert done.returncode == 0, done.stderr
