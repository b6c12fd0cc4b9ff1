"""What is loaded when the first frame is painted: what is not needed for it must not hold it up."""

import pytest

from benchmarks.imports import first_frame

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("terminal")]

# Each of these costs tens of milliseconds or megabytes, and none of them paints anything on the first screen.
NOT_YET = (
    "numpy",
    "yaml",
    "ssl",
    "hashlib",
    "_hashlib",
    "secrets",
    "platformdirs",
    "subprocess",
    "logging",
    "pickle",
    "random",
    "platform",
    "difflib",
    "mimetypes",
    "urllib.parse",
    "msgspec.inspect",
    "rich.table",
    "tempfile",
    "shutil",
    "argparse",
    "fsrs",
    "uniplot",
    "markdown_it",
    "textual._markdown",
    "textual.widgets._markdown",
    "textual.widgets._text_area",
    "pygments.lexers",
    "pygments.formatters",
    "tree_sitter",
    "tomllib",
    "tomlkit",
    "rnn_tutor.engine",
    "rnn_tutor.exercises.book",
    "rnn_tutor.exercises.compiled",
    "rnn_tutor.exercises.files.convert",
    "rnn_tutor.exercises.files.yaml_text",
    "rnn_tutor.exercises.read",
    "rnn_tutor.progress.review",
    "rnn_tutor.settings_file",
    "rnn_tutor.tui.exercises",
    "rnn_tutor.tui.screens.exercise",
    "rnn_tutor.tui.visits",
)


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    return first_frame(tmp_path_factory.mktemp("first"))


SETTINGS = """\
# what most would write
theme = "nord"  # at night
digits = 6
pictures = 'blocks'

[keys]
review = "w"
hint = "f10,k"
"""


def test_with_settings_it_waits_for_nothing_but_what_reads_them(modules, tmp_path):
    more = set(first_frame(tmp_path, SETTINGS)) - set(modules)
    assert {name for name in more if name.startswith("rnn_tutor.")} == {
        "rnn_tutor.settings_file", "rnn_tutor.settings_lines", "rnn_tutor.tui.keymap", "rnn_tutor.tui.terminal.theme",
        "rnn_tutor.figures", "rnn_tutor.figures.colours",
    }  # fmt: skip
    assert len(more) < 10


@pytest.mark.parametrize("name", NOT_YET)
def test_the_first_frame_does_not_wait_for(modules, name):
    assert not [one for one in modules if one == name or one.startswith(f"{name}.")]


def test_what_was_looked_at_is_the_tutor(modules):
    assert {"rnn_tutor.tui.app", "rnn_tutor.tui.screens.course", "textual.drivers.linux_driver"} <= set(modules)


def test_hardly_more_is_loaded_than_a_bare_app_needs(modules):
    own = [one for one in modules if one.startswith("rnn_tutor")]
    assert len(own) < 65  # the course is in the first frame: its folder, what is done and noted of it, the settings
    assert len(modules) - len(own) < 410  # Textual's own start loads 380
