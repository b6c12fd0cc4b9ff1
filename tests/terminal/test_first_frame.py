"""What is loaded when the first frame is painted: what is not needed for it must not hold it up."""

import pytest

from benchmarks.imports import first_frame

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("terminal")]

# Each of these costs tens of milliseconds or megabytes, and none of them paints anything on the first screen.
NOT_YET = (
    "numpy",
    "yaml",
    "msgspec",
    "sqlite3",
    "fsrs",
    "uniplot",
    "markdown_it",
    "textual._markdown",
    "textual.widgets._markdown",
    "textual.widgets._text_area",
    "pygments.lexers",
    "pygments.formatters",
    "tree_sitter",
    "rnn_tutor.engine",
    "rnn_tutor.exercises",
    "rnn_tutor.progress",
    "rnn_tutor.tui.screens.exercise",
    "rnn_tutor.tui.session",
)


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    return first_frame(tmp_path_factory.mktemp("first"))


@pytest.mark.parametrize("name", NOT_YET)
def test_the_first_frame_does_not_wait_for(modules, name):
    assert not [one for one in modules if one == name or one.startswith(f"{name}.")]


def test_what_was_looked_at_is_the_tutor(modules):
    assert {"rnn_tutor.tui.app", "rnn_tutor.tui.screens.course", "textual.drivers.linux_driver"} <= set(modules)


def test_hardly_more_is_loaded_than_a_bare_app_needs(modules):
    own = [one for one in modules if one.startswith("rnn_tutor")]
    assert len(own) < 40
    assert len(modules) - len(own) < 410  # Textual's own start loads 380
