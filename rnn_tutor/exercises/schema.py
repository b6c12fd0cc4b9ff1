"""The JSON Schema of the content files, made from the typed model, for completion and checking in editors.

An editor's YAML parser guesses types (`value: 0.8` is a number to it) where ours keeps the text; so wherever the model
takes text, the schema takes numbers and truth values too.
"""

from typing import Any

import msgspec

from rnn_tutor.exercises.model import Course, Exercise

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return one schema for both kinds of file: one with `units` is a course file, any other an exercise."""
    _, definitions = msgspec.json.schema_components([Exercise, Course], ref_template="#/$defs/{name}")
    loose = {name: _loosened(definition) for name, definition in definitions.items()}
    return {
        "$schema": DIALECT,
        "title": "rnn-tutor: an exercise, or course.yaml",
        "if": {"type": "object", "required": ["units"]},
        "then": {"$ref": "#/$defs/Course"},
        "else": {"$ref": "#/$defs/Exercise"},
        "$defs": dict(sorted(loose.items())),
    }


def _loosened(part: Any) -> Any:  # noqa: ANN401  (JSON is any of its types)
    """Return a part of a schema in which free text may look like a number or a truth value."""
    if isinstance(part, list):
        return [_loosened(item) for item in part]
    if not isinstance(part, dict):
        return part
    rest = {key: _loosened(value) for key, value in part.items() if key != "propertyNames"}
    if "propertyNames" in part:  # keys are names: nothing to loosen
        rest["propertyNames"] = part["propertyNames"]
    if rest.get("type") == "string" and "enum" not in rest:
        rest["type"] = ["string", "number", "boolean"]
    return rest
