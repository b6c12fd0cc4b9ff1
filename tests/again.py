"""Try the tests again that failed, alone, and say which: run by `make test` after the tests on real terminals.

    python tests/again.py [PYTEST ARGUMENTS]

Those tests wait for a screen or for an end. One that missed its deadline on a busy machine may pass when it is alone.
When more than MOST have failed, the machine is not to blame, and they fail at once. What is tried again is printed, so
that you see every test that passes only at the second try.
"""

import json
import subprocess
import sys
from pathlib import Path

MOST = 2
FAILED = Path(".pytest_cache/v/cache/lastfailed")


def failed(cache: Path = FAILED) -> list[str]:
    """Return the tests that failed last, as pytest remembers them."""
    try:
        return sorted(json.loads(cache.read_text("utf-8")))
    except FileNotFoundError:
        return []


def main(arguments: list[str], cache: Path = FAILED) -> int:
    """Run them again, if there are not too many; return pytest's exit status."""
    names = failed(cache)
    if not names:
        print("Tests failed, and pytest did not say which: nothing can be tried again.")
        return 1
    if len(names) > MOST:
        print(f"{len(names)} tests failed; only up to {MOST} are tried again.")
        return 1
    print("\n".join(["Failed, and tried again alone:", *(f"  {name}" for name in names)]), flush=True)
    command = [sys.executable, "-m", "pytest", "-n", "1", "--dist", "loadgroup", "--last-failed", *arguments]
    return subprocess.run([*command, "--last-failed-no-failures", "none"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
