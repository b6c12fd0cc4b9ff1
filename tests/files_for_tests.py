"""Files of a course, written for a test."""

from pathlib import Path


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write texts into a folder, each under its path, and return the folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder
