"""Run all scripts of a folder, each with names of its own: `PYTHON tests/scripts/run.py FOLDER`. It needs no rnn-tutor.

A script raises where the library gives another value than the exercise. The exit status is 1 if any did.
"""

import contextlib
import io
import sys
import traceback
from pathlib import Path


def main(folder: Path) -> int:
    """Run the scripts; print each that fails, with its line, and how many ran."""
    failed = 0
    paths = sorted(folder.glob("*.py"))
    for path in paths:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {"__name__": "__main__"})
            if " agrees: " not in said.getvalue():
                raise AssertionError("It compares nothing.")
        except Exception as error:  # noqa: BLE001 - whatever a script raises, the others run too
            failed += 1
            lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
            place = f", line {lines[-1].lineno}: {lines[-1].line}" if lines else ""
            print(f"{path.name}{place}\n    {type(error).__name__}: {' '.join(str(error).split())[:300]}")
    print(f"{len(paths)} scripts ran, {failed} of them failed.")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
