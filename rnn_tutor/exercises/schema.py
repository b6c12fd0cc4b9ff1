"""The JSON Schema of the content files, made from the typed model, for completion and checking in editors.

An editor's YAML parser guesses types (`value: 0.8` is a number to it) where ours keeps the text; so wherever the model
takes text, the schema takes numbers and truth values too.
"""

from typing import Any

import msgspec

from rnn_tutor.exercises.assignment import Assignment
from rnn_tutor.exercises.book import Glossary, Page
from rnn_tutor.exercises.files.rules import FIGURES
from rnn_tutor.exercises.labs.model import Lab
from rnn_tutor.exercises.model import Course, DraftExercise, Exercise

DIALECT = "https://json-schema.org/draft/2020-12/schema"

KINDS: dict[str, type[msgspec.Struct]] = {
    "exercise": Exercise,
    "course": Course,
    "page": Page,
    "glossary": Glossary,
    "lab": Lab,
    "assignment": Assignment,
}


def schema(kind: str | None = None) -> dict[str, Any]:
    """Return the schema of one kind of file (of KINDS).

    Without a kind, one schema for exercises and course files: what has `units` is a course file. KeyError for another.
    """
    models = [Exercise, DraftExercise, Course] if kind is None else [KINDS[kind]]
    models += [DraftExercise] if kind == "exercise" else []
    _, definitions = msgspec.json.schema_components(models, ref_template="#/$defs/{name}")
    loose = {name: _loosened(definition) for name, definition in definitions.items()}
    if "Show" in loose:
        loose["Show"]["oneOf"] = [{"required": [kind]} for kind in FIGURES]
    defs = dict(sorted(loose.items()))
    exercise = {
        "if": {"type": "object", "required": ["status"]},
        "then": {"$ref": "#/$defs/DraftExercise"},
        "else": {"$ref": "#/$defs/Exercise"},
    }
    if kind == "exercise":
        return {"$schema": DIALECT, "title": f"rnn-tutor: {kind}", **exercise, "$defs": defs}
    if kind is not None:
        return {
            "$schema": DIALECT,
            "title": f"rnn-tutor: {kind}",
            "$ref": f"#/$defs/{models[0].__name__}",
            "$defs": defs,
        }
    return {
        "$schema": DIALECT,
        "title": "rnn-tutor: an exercise, or course.yaml",
        "if": {"type": "object", "required": ["units"]},
        "then": {"$ref": "#/$defs/Course"},
        "else": exercise,
        "$defs": defs,
    }


def _loosened(part: Any) -> Any:  # noqa: ANN401  (JSON is any of its types)
    """Return a part of a schema in which free text may look like a number or a truth value."""
    if isinstance(part, list):
        return [_loosened(item) for item in part]
    if not isinstance(part, dict):
        return part
    loosened = {key: _loosened(value) for key, value in part.items() if key != "propertyNames"}
    if "propertyNames" in part:  # keys are names: nothing to loosen
        loosened["propertyNames"] = part["propertyNames"]
    if loosened.get("type") == "string" and "enum" not in loosened:
        loosened["type"] = ["string", "number", "boolean"]
    return loosened
