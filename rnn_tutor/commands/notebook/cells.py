"""What a notebook is made of, before nbformat makes it one."""

from dataclasses import dataclass
from typing import Literal

SCHEMA = 3  # of nbgrader's metadata


@dataclass(frozen=True)
class Graded:
    """What nbgrader has to know of a cell: a task of its own kind, with an id that no other cell of the notebook has.

    answer: learners write there, and what it has is taken out between its marks; test: it gives the points.
    """

    grade_id: str
    role: Literal["answer", "test", "fixed"]
    points: float = 0.0

    def metadata(self, kind: str) -> dict[str, object]:
        """Return it as nbgrader writes it."""
        data: dict[str, object] = {
            "schema_version": SCHEMA,
            "grade": self.role == "test",
            "grade_id": self.grade_id,
            "locked": self.role != "answer",
            "solution": self.role == "answer",
            "task": False,
            "cell_type": kind,
        }
        return data | ({"points": self.points} if self.role == "test" else {})


@dataclass(frozen=True)
class Cell:
    """A cell: its text, whether its text is folded away, and whether what is below this heading is."""

    kind: Literal["markdown", "code"]
    text: str
    folded: bool = False
    closed: bool = False
    graded: Graded | None = None
    tags: tuple[str, ...] = ()

    @property
    def metadata(self) -> dict[str, object]:
        """What stands beside the text: as JupyterLab and nbgrader have it."""
        data: dict[str, object] = {}
        if self.folded:
            data["jupyter"] = {"source_hidden": True}
        if self.closed:
            data["jp-MarkdownHeadingCollapsed"] = True
        if self.tags:
            data["tags"] = list(self.tags)
        if self.graded is not None:
            data["nbgrader"] = self.graded.metadata(self.kind)
        return data
