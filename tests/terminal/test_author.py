"""Writing an exercise with its screen beside the editor, on a terminal."""

import pytest

from tests.tui.authoring.conftest import DECAY

pytestmark = pytest.mark.slow


def test_saves_are_shown_and_nothing_is_kept(terminal, tmp_path):
    path = tmp_path / "decay.yaml"
    path.write_text(DECAY, encoding="utf-8")
    data = tmp_path / "data"
    session = terminal("author", str(path), "--data", str(data))
    assert session.until_shown("A state is multiplied"), session.text
    assert session.until_shown("nothing to fix"), session.text
    session.send(b"rate * h\r")
    assert session.until_shown("Not yet."), session.text
    other = tmp_path / "other"
    other.write_text(DECAY.replace("rate ** 2", "rate ** 1").replace("A state is", "It is"), encoding="utf-8")
    other.replace(path)
    assert session.until_shown("It is multiplied"), session.text
    assert session.until_shown("Right."), session.text
    path.write_text(DECAY.replace("ask:", "asked:"), encoding="utf-8")
    assert session.until_shown("error: asked"), session.text
    assert "It is multiplied" in session.text and "Right." in session.text
    session.settle(0.5)
    before = len(session.raw)
    session.settle(2.0)
    assert len(session.raw) == before  # looking whether it was saved sends nothing
    session.send(b"\x1b")
    assert session.until_shown("q back")
    session.send(b"q")
    assert session.ended() is not None and session.status == 0
    assert not data.exists()
