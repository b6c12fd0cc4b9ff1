"""The texts that come along, to train on: each is read when a network needs it. docs/data.md has their sources."""

from functools import cache

from rnn_tutor.paths import content_folder

TEXTS: dict[str, str] = {"alice": "alice.txt"}
"""The file of each text, in the folder `texts` of the course."""


@cache
def text_named(name: str) -> str:
    """Return a text that comes along. KeyError where there is none of that name; OSError where it cannot be read."""
    return (content_folder() / "texts" / TEXTS[name]).read_text(encoding="utf-8")
