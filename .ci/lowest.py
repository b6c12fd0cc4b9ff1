"""Print the lowest version of each thing that rnn-tutor needs, as pip takes them: `textual==8.2.0`.

pip always takes the newest; `make test-lowest` tries what pyproject.toml promises.
"""

import re
import tomllib
from pathlib import Path

_LOWEST = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?>=([\d.]+)(?:,<[\d.]+)?$")


def lowest(requirements: list[str]) -> list[str]:
    """Return each requirement with its lowest version and no other. ValueError for one that states none."""
    found = [_LOWEST.match(one.replace(" ", "")) for one in requirements]
    if None in found:
        raise ValueError(f"no lowest version: {requirements[found.index(None)]}")
    return [f"{one[1]}=={one[2]}" for one in found if one is not None]


if __name__ == "__main__":
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    print(*lowest(project["dependencies"]))  # noqa: T201 - for the shell
