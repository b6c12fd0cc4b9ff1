import importlib
import subprocess
import sys

import pytest

from rnn_tutor.tui.terminal import lean_app


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


def test_what_comes_late_is_there_when_it_is_used():
    done = run("""
import sys
from rnn_tutor import cli
from rnn_tutor.tui.terminal import lean_app
lean_app.stand_for_types()
types = sys.modules["typing_extensions"]
lean_app.import_asyncio()
lean_app.import_app()
from rnn_tutor.tui.widgets import line
assert sys.modules["typing_extensions"] is types
late = {name for name in lean_app._LATE} | {"pickle", "random"}
assert not late & set(sys.modules), late & set(sys.modules)
app, notifications, validation = (sys.modules[f"textual.{name}"] for name in ("app", "notifications", "validation"))
assert app.uuid.uuid4().hex != notifications.uuid4().hex
assert app.mimetypes.guess_type("a.svg")[0] == "image/svg+xml"
assert validation.URL().validate("https://a.example/").is_valid
from textual.suggestions import get_suggestion
assert get_suggestion("colr", ["color", "width"]) == "color"
from rich.style import Style
assert Style(meta={"@click": "quit"}).meta == {"@click": "quit"}
import pickle
from textual.style import Style
assert pickle.loads(pickle.dumps(Style.from_meta({"a": 1}))).meta == {"a": 1}
from textual.dom import DOMNode
assert DOMNode().tree.label
for name in late:
    __import__(name)
""")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("count", [1, 8, 24, 31])
def test_numbers_by_chance_have_as_many_bits_as_are_asked_for(count):
    found = {lean_app._bits(count) for _ in range(300)}
    assert max(found) < 2**count
    assert len(found) > 1 and max(found) >= 2 ** (count - 1)


def test_functions_that_come_late_are_functions():
    for name, functions in lean_app._LATE.items():
        for function in functions:
            assert callable(getattr(importlib.import_module(name), function))


def test_types_are_those_that_python_has_until_others_are_asked_for():
    done = run("""
import sys, typing
from importlib.util import find_spec
from rnn_tutor.tui.terminal.lean_app import import_msgspec, stand_for_types
stand_for_types()
stand_in = sys.modules["typing_extensions"]
from typing_extensions import Protocol, Self, override
assert Protocol is typing.Protocol and Self is typing.Self
assert override(lambda: None).__override__
assert find_spec("typing_extensions") is not None
import_msgspec()
assert sys.modules["typing_extensions"] is stand_in
from typing_extensions import deprecated
assert sys.modules["typing_extensions"] is not stand_in and stand_in.deprecated is deprecated
""")
    assert done.returncode == 0, done.stderr


def test_msgspec_is_there_without_what_describes_types_and_that_for_who_wants_it():
    done = run("""
import sys
from rnn_tutor.tui.terminal.lean_app import import_msgspec, stand_for_types
stand_for_types()
import_msgspec()
import msgspec
assert not {"msgspec.inspect", "msgspec.toml", "msgspec.yaml", "platform"} & set(sys.modules)
assert msgspec.json.decode(b'[1, "a"]', type=tuple[int, str]) == (1, "a")
import uuid
one = uuid.uuid4()
assert msgspec.convert(str(one), uuid.UUID) == one
assert msgspec.json.schema(int) == {"type": "integer"}
assert msgspec.inspect.type_info(int) == msgspec.inspect.IntType()
assert msgspec.msgpack.decode(msgspec.msgpack.encode({"a": 1})) == {"a": 1}
assert msgspec.toml.decode("a = 1") == {"a": 1}
assert msgspec.yaml.decode("a: 1") == {"a": 1}
""")
    assert done.returncode == 0, done.stderr
