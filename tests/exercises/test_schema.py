"""The schema for editors says what the model says."""

import json

import msgspec
import pytest

from rnn_tutor.exercises.model import (
    Ask,
    Course,
    DraftExercise,
    Entry,
    Exercise,
    Given,
    LabEntry,
    Mistake,
    Option,
    Show,
    Step,
    Unit,
    Way,
)
from rnn_tutor.exercises.schema import KINDS, schema

MODELS = [Ask, Course, DraftExercise, Entry, Exercise, Given, LabEntry, Mistake, Option, Show, Step, Unit, Way]


def test_it_is_json():
    assert json.loads(json.dumps(schema())) == schema()


@pytest.mark.parametrize("model", MODELS)
def test_every_key_of_the_model_is_completed_and_no_other_allowed(model):
    part = schema()["$defs"][model.__name__]
    fields = msgspec.structs.fields(model)
    assert set(part["properties"]) == {info.encode_name for info in fields}
    assert set(part.get("required", [])) == {info.encode_name for info in fields if info.required}
    assert part["additionalProperties"] is False


def test_there_is_nothing_but_the_model():
    assert set(schema()["$defs"]) == {model.__name__ for model in MODELS}


@pytest.mark.parametrize("model", MODELS)
def test_every_key_says_what_it_is_for(model):
    for key, part in schema()["$defs"][model.__name__]["properties"].items():
        assert part.get("description") or (model is Entry and key == "level") or "$ref" in part, key


def test_every_reference_leads_somewhere():
    text = json.dumps(schema())
    for reference in text.split('"$ref": "')[1:]:
        assert reference[: reference.index('"')].removeprefix("#/$defs/") in schema()["$defs"]


def test_text_that_an_editor_takes_for_a_number_is_allowed():
    value = schema()["$defs"]["Given"]["properties"]["value"]
    text = next(part for part in value["anyOf"] if part.get("type") != "null")
    assert "number" in text["type"]
    assert schema()["$defs"]["Ask"]["properties"]["digits"]["type"] == "integer"
    assert schema()["$defs"]["Ask"]["properties"]["as"]["enum"]


def test_a_course_file_and_an_exercise_are_told_apart():
    made = schema()
    assert made["if"] == {"type": "object", "required": ["units"]}
    assert made["then"] == {"$ref": "#/$defs/Course"}
    assert made["else"] == {
        "if": {"type": "object", "required": ["status"]},
        "then": {"$ref": "#/$defs/DraftExercise"},
        "else": {"$ref": "#/$defs/Exercise"},
    }


def test_something_to_look_at_is_of_one_kind():
    kinds = {one for (one,) in (part["required"] for part in schema()["$defs"]["Show"]["oneOf"])}
    assert kinds == {"heatmap", "lines", "bars", "table", "tree"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_has_a_schema_of_its_own(kind):
    made = schema(kind)
    name = KINDS[kind].__name__
    assert (made["else"] if kind == "exercise" else made)["$ref"] == f"#/$defs/{name}"
    assert set(made["$defs"][name]["properties"]) == set(KINDS[kind].__struct_encode_fields__)


def test_there_is_no_schema_of_anything_else():
    with pytest.raises(KeyError):
        schema("poem")
