"""The wheel has beside the course what its course file says, so that it opens without a word of YAML being read."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes the index of the course."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put it into the package; a checkout has none, and keeps it where it keeps those of other courses."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from rnn_tutor.exercises.kept import Kept, encoded
        from rnn_tutor.exercises.pack import Pack, source
        from rnn_tutor.paths import INDEX

        pack = Pack(root / "content", kept=Kept())
        pack.course()
        if pack.findings or pack.listed is None:
            raise RuntimeError(f"the course cannot be read: {[str(finding) for finding in pack.findings]}")
        self._folder = tempfile.TemporaryDirectory()
        index = Path(self._folder.name) / INDEX
        index.write_bytes(encoded(source(root / "content"), pack.listed))
        build_data["force_include"][str(index)] = f"rnn_tutor/{INDEX}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        if version != "editable":
            self._folder.cleanup()
