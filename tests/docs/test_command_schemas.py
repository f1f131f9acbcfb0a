"""The JSON Schema of each command says what it takes: the worked course of the documentation holds to it."""

import json

import pytest
from jsonschema import Draft202012Validator
from tests.checkout import ROOT
from tests.docs.test_code_blocks import fences

from earlyphase.study.commands import command_schemas

PAGE = ROOT / "docs" / "how-to" / "record-a-course.md"
SCHEMAS = command_schemas()
LINES = [
    line
    for _, (language, *names), content in fences(PAGE)
    if language == "json" and names
    for line in content.splitlines()
]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_one(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("line", LINES, ids=lambda line: json.loads(line)["command"])
def test_each_command_of_the_worked_course_holds_to_its_schema(line):
    command = json.loads(line)
    Draft202012Validator(SCHEMAS[command["command"]]).validate(command)


@pytest.mark.parametrize(
    "changed",
    [
        {"participant": None, "payload": {}},
        {"payload": {"on": "2026-01-12"}},
        {"payload": {"on": "2026-01-12", "version": "1.0", "colour": "red"}},
        {"colour": "red"},
    ],
)
def test_what_a_command_does_not_take_its_schema_does_not_take(changed):
    consent = next(json.loads(line) for line in LINES if json.loads(line)["command"] == "consent")
    assert not Draft202012Validator(SCHEMAS["consent"]).is_valid(consent | changed)
