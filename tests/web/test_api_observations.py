"""A laboratory's message becomes entries: all of it or nothing, in known units, and only once."""

import pytest
from tests.web.test_api import by

from earlyphase.exchange.fhir_observations import codes
from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity

UCUM = "http://unitsofmeasure.org"


def measured(value, unit):
    return {"value": value, "unit": unit, "code": unit, "system": UCUM}


def an_observation(code="2823-3", value=4.1, unit="mmol/L", identifier="1", **changes):
    return {
        "resourceType": "Observation",
        "id": f"o{identifier}",
        "identifier": [{"system": "urn:lab", "value": identifier}],
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": "2026-01-07T08:30:00+08:00",
        "valueQuantity": measured(value, unit),
    } | changes


def a_message(*observations):
    patient = {"resourceType": "Patient", "name": [{"family": "Nobody", "given": ["Named"]}]}
    resources = (patient, *observations)
    return {"resourceType": "Bundle", "type": "message", "entry": [{"resource": one} for one in resources]}


def sends(study, body, role="coordinator", participant="001"):
    return by(study, role).sends(f"participants/{participant}/observations", body)


def taken_in(study):
    return [one for one in study.entries() if one.record in ("laboratory/1", "vital_signs/1")]


def test_a_laboratory_message_becomes_an_entry_of_its_day(begun):
    limits = {"referenceRange": [{"low": measured(3.5, "mmol/L"), "high": measured(5.3, "mmol/L")}]}
    message = a_message(
        an_observation(identifier="1", **limits),
        an_observation("14631-6", 12, "umol/L", "2"),
        an_observation("2823-3", 4.4, "mmol/L", "3", effectiveDateTime="2026-01-08"),
    )
    answer = sends(begun, message)
    assert answer.status_code == 201, answer.content
    first, second = (one["payload"] for one in answer.json()["entries"])
    assert (first["on"], [one["analyte"] for one in first["results"]]) == ("2026-01-07", ["potassium", "bilirubin"])
    assert first["results"][0]["lower_limit"] == {"value": 3.5, "unit": "mmol/L"}
    assert (second["on"], second["results"][0]["value"]["value"]) == ("2026-01-08", 4.4)
    assert len(taken_in(begun)) == 2
    assert "Nobody" not in "".join(one.payload for one in begun.entries())


def test_vital_signs_of_one_moment_make_one_entry_and_a_panel_is_taken_apart(begun):
    pressure = an_observation("85354-9", identifier="bp") | {
        "component": [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                "valueQuantity": measured(value, "mm[Hg]"),
            }
            for code, value in (("8480-6", 118), ("8462-4", 76))
        ]
    }
    answer = sends(begun, a_message(pressure, an_observation("8310-5", 38.4, "Cel", "t")))
    assert answer.status_code == 201, answer.content
    (entry,) = answer.json()["entries"]
    assert (entry["record"], entry["payload"]["at"]) == ("vital_signs/1", "08:30:00")
    signs = {one["sign"]: one["value"]["value"] for one in entry["payload"]["signs"]}
    assert signs == {"systolic blood pressure": 118, "diastolic blood pressure": 76, "temperature": 38.4}


def test_a_message_that_comes_again_is_not_recorded_again(begun):
    message = a_message(an_observation(identifier="1"), an_observation("2951-2", 140, "mmol/L", "2"))
    assert sends(begun, message).status_code == 201
    again = sends(begun, message)
    assert (again.status_code, again.json()["entries"]) == (200, [])
    assert set(again.json()["known_before"]) == {"urn:lab|1", "urn:lab|2"}
    more = sends(begun, a_message(an_observation(identifier="1"), an_observation(identifier="9")))
    assert (more.status_code, list(more.json()["taken"])) == (201, ["urn:lab|9"])
    assert len(taken_in(begun)) == 2


def test_an_observation_that_changed_is_refused_with_the_entry_to_correct(begun):
    assert sends(begun, an_observation()).status_code == 201
    number = taken_in(begun)[0].seq
    changed = sends(begun, an_observation(value=14.1, status="corrected"))
    assert (changed.status_code, f"Correct entry {number}" in changed.json()["remedy"]) == (409, True)
    assert len(taken_in(begun)) == 1


WRONG = {
    "an unmapped code": (
        {"code": {"coding": [{"system": "http://loinc.org", "code": "99999-9"}]}},
        "is known for its code",
    ),
    "a code of another system": (
        {"code": {"coding": [{"system": "urn:own", "code": "2823-3"}]}},
        "is known for its code",
    ),
    "a unit of another kind": ({"valueQuantity": measured(4.1, "mg")}, "does not fit potassium"),
    "a unit that UCUM does not know": ({"valueQuantity": measured(4.1, "furlong")}, "does not fit potassium"),
    "a unit that is not coded": ({"valueQuantity": {"value": 4.1, "unit": "mmol/L"}}, "no UCUM code"),
    "a value below a limit": ({"valueQuantity": {**measured(4.1, "mmol/L"), "comparator": "<"}}, "is not exact"),
    "a text for a value": ({"valueQuantity": None, "valueString": "haemolysed"}, "no numeric valueQuantity"),
    "a preliminary value": ({"status": "preliminary"}, "status is preliminary"),
    "no identifier": ({"identifier": []}, "has no identifier"),
    "no day": ({"effectiveDateTime": "2026-01"}, "is no date with a day"),
    "no date at all": ({"effectiveDateTime": None}, "no effectiveDateTime"),
}


@pytest.mark.parametrize(("change", "says"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_recorded_is_listed_and_nothing_is_recorded(begun, change, says):
    answer = sends(begun, a_message(an_observation(identifier="good"), an_observation() | change))
    assert answer.status_code == 422
    (listed,) = answer.json()["unusable"]
    assert says in listed["why"]
    assert listed["observation"] == "Observation o1"
    assert taken_in(begun) == []


def test_the_rules_of_the_study_hold_for_messages_too(begun):
    future = sends(begun, an_observation(effectiveDateTime="2099-01-01"))
    assert (future.status_code, "has not come yet" in future.json()["what"]) == (409, True)
    assert sends(begun, an_observation(), role="monitor").status_code == 403
    assert sends(begun, an_observation(), participant="999").status_code == 404
    assert sends(begun, b"[1]").status_code == 422
    assert sends(begun, {"resourceType": "Bundle", "entry": []}).status_code == 422
    assert taken_in(begun) == []


@pytest.mark.parametrize("code", sorted(codes()))
def test_the_unit_of_each_code_is_one_that_converts(code):
    coded = codes()[code]
    assert Quantity(1, coded.unit).to(coded.unit, coded.substance).value == 1
    with pytest.raises(InvalidInput):
        Quantity(1, "furlong").to(coded.unit, coded.substance)
