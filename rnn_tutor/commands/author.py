"""author: a file as the learner will see it, read again whenever it is saved."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rnn_tutor.paths import content_folders, log_file, settings_file, shown
from rnn_tutor.settings import Settings
from rnn_tutor.tui import start
from rnn_tutor.tui.terminal.capabilities import Characters, Options

from .output import complain

if TYPE_CHECKING:
    from rnn_tutor.exercises.load import Library


def author(options: argparse.Namespace) -> int:
    """Show a file until its author leaves; 2 where there is nothing to show, or nothing to show it on."""
    path: Path = options.file
    reason = why_not(path)
    if reason is not None:
        return complain(reason)
    folders = content_folders(options.content, only=options.only)

    def library() -> "Library":
        from rnn_tutor.tui.authoring.author_session import DraftLibrary, folders_around

        return DraftLibrary(folders_around(path, folders), path)

    characters: Characters | None = "ascii" if options.ascii else "utf8" if options.utf8 else None
    author_options = Options(
        characters, seed=options.seed, author=path, log=log_file(options.data), settings=Settings(settings_file())
    )
    return start.run(library, None, options=author_options)


def why_not(path: Path) -> str | None:
    """Return why a file cannot be shown whatever stands in it, as one sentence, or None."""
    name = shown(path)
    try:
        exists, is_folder = path.exists(), path.is_dir()
    except OSError as error:
        return f"{name} cannot be read: {error.strerror}."
    if is_folder:
        return f"{name} is a folder: author takes one file. Use rnn-tutor check for folders."
    if path.name == "course.yaml":
        return f"{name} lists a course: author takes an exercise, a lab, page.yaml or glossary.yaml."
    if not exists:
        return f"There is no file {name}. Save a first line, such as format: 1, and try again."
    return None
