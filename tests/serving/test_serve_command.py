"""`rnn-tutor serve` as it is begun."""

import pytest

from rnn_tutor.cli import main
from rnn_tutor.commands.serving import command
from rnn_tutor.commands.serving.visitors import Visitors


def test_without_its_packages_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    assert main(["serve"]) == 2
    assert "pip install 'rnn-tutor[serve]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--port 0", "a port is"),
        ("--visitors 0", "number of visitors"),
        ("--public-url ftp://x", "needs an address such as"),
        ("--public-url https://x/y", "needs an address such as"),
        ("--content /nowhere", "no folder"),
        ("--key /nowhere/key", "cannot be used"),
        ("--kiosk", "cannot be used with a command"),
    ],
)
def test_what_it_cannot_do_is_one_sentence(tmp_path, capsys, words, says):
    assert main(["serve", "--data", str(tmp_path), *words.split()]) == 2
    assert says in capsys.readouterr().err


def test_a_kept_key_is_private_and_stays(tmp_path):
    path = tmp_path / "key"
    assert command._kept_key(path, "x" * 22) == "x" * 22
    assert path.stat().st_mode & 0o777 == 0o600
    assert command._kept_key(path, "y" * 22) == "x" * 22
    path.write_text("short\n")
    with pytest.raises(ValueError, match="no key of at least 22"):
        command._kept_key(path, "y" * 22)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        command._kept_key(link, "y" * 22)


def test_tokens_do_not_pile_up():
    visitors = Visitors("k", 2, 60.0)
    first = visitors.admitted("k")
    for _ in range(100):
        visitors.admitted("k")
    assert visitors.of(first.token) is None
    assert len(visitors._by_token) <= 20
