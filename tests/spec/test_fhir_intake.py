"""Facts from FHIR bundles: what the mapping names is taken, everything else is listed with its reason."""
# ruff: noqa: E501 - a table is read by its rows

import json

import pytest
from tests.reference import reference

from earlyphase.cli.main import run
from earlyphase.eligibility.fhir import is_bundle, read_bundle
from earlyphase.eligibility.fhir_mapping import read_mapping
from earlyphase.eligibility.vocabulary import shared_terms
from earlyphase.faults import InvalidInput
from earlyphase.protocol.library import study_folder

FOLDER = study_folder("NCT06633354")
MAPPING = read_mapping(FOLDER, shared_terms())
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1980-03"}
ACTIVE = {"coding": [{"code": "active"}]}


def a_bundle(*resources: object) -> bytes:
    entries = [{"resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def coded(system: str, code: str) -> dict:
    return {"coding": [{"system": system, "code": code, "display": "what it is called"}]}


def an_observation(code: str = "1975-2", value: object = 1.1, unit: str | None = "mg/dL", **more) -> dict:
    return {
        "resourceType": "Observation", "id": "o1", "status": "final", "code": coded(LOINC, code),
        "effectiveDateTime": "2026-04-01T08:00:00+08:00", "valueQuantity": {"value": value, "unit": unit, "code": unit}, **more,
    }  # fmt: skip


def a_condition(code: str, **more) -> dict:
    return {"resourceType": "Condition", "code": coded(SNOMED, code), "clinicalStatus": ACTIVE, **more}


def taken(*resources: object):
    """Give the facts that are taken besides the sex."""
    return read_bundle(a_bundle(PATIENT, *resources), MAPPING, shared_terms()).patients[0].facts[1:]


def skipped(*resources: object) -> list[str]:
    return [one.why for one in read_bundle(a_bundle(PATIENT, *resources), MAPPING, shared_terms()).skipped]


def test_the_person_is_known_by_number_sex_and_birth_alone():
    person = read_bundle(a_bundle(PATIENT | {"name": [{"family": "Li"}]}), MAPPING, shared_terms()).patients[0]
    assert (person.id, str(person.birth_date)) == ("p1", "1980-03")
    assert [(fact.term, fact.value) for fact in person.facts] == [("sex", "female")]
    assert "Li" not in person.model_dump_json()


def test_a_laboratory_value_keeps_unit_day_limits_and_source():
    limits = [{"low": {"value": 0.1, "unit": "mg/dL"}, "high": {"value": 1.2, "unit": "mg/dL"}}]
    (fact,) = taken(an_observation(referenceRange=limits))
    assert (fact.term, fact.value.value, fact.value.unit, str(fact.on)) == (
        "total_bilirubin",
        1.1,
        "mg/dL",
        "2026-04-01",
    )
    assert (fact.lower_limit.value, fact.upper_limit.value, fact.source) == (0.1, 1.2, "Observation/o1")


def test_a_value_without_a_unit_is_taken_without_one():
    (fact,) = taken(an_observation(unit=None))
    assert fact.value.unit is None


def test_a_code_may_imply_the_method():
    assert [fact.method for fact in taken(an_observation("18043-0", 60, "%"), an_observation("10230-1", 60, "%"))] == [
        "echocardiography",
        None,
    ]


def test_an_active_diagnosis_is_a_status_and_a_past_one_is_no_denial():
    (fact,) = taken(a_condition("66071002", onsetDateTime="2026-01-02"))
    assert (fact.term, fact.value) == ("active_hepatitis_b", True)
    assert skipped(a_condition("66071002", clinicalStatus={"coding": [{"code": "resolved"}]})) == ["not active"]


def test_a_diagnosis_of_an_event_lasts_until_its_end():
    (fact,) = taken(a_condition("84757009", onsetDateTime="2019-05", abatementDateTime="2021-01-01T00:00:00Z"))
    assert (fact.term, fact.value, str(fact.on), str(fact.until)) == ("epilepsy", None, "2019-05", "2021-01-01")


def test_a_procedure_is_an_event_of_its_period():
    period = {"start": "2026-04-01T09:00:00Z", "end": "2026-04-05"}
    procedure = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": coded(SNOMED, "108290001"),
        "performedPeriod": period,
    }
    (fact,) = taken(procedure)
    assert (fact.term, str(fact.on), str(fact.until)) == ("radiotherapy", "2026-04-01", "2026-04-05")


UNUSABLE = {
    "no code": ({"resourceType": "Observation", "status": "final"}, "no code"),
    "another code": (an_observation("99999-9"), "no term for this code"),
    "preliminary": (an_observation(status="preliminary"), "status preliminary"),
    "no value": (an_observation() | {"valueQuantity": None}, "no value that can be used"),
    "a value in words": (an_observation(value="1.1"), "no value that can be used"),
    "no such day": (an_observation(effectiveDateTime="2026-02-31"), "not readable"),
    "refuted": (a_condition("84757009", verificationStatus={"coding": [{"code": "refuted"}]}), "refuted, or entered in error"),
    "an older version": (a_condition("84757009", clinicalStatus="active"), "another version of FHIR"),
    "of somebody else": (an_observation(subject={"reference": "Patient/p9"}), "of nobody in this bundle"),
    "another kind": ({"resourceType": "Claim"}, "not a kind of resource that is read"),
    "no resource": (None, "not a kind of resource that is read"),
    "a resource that is a list": ([], "not a kind of resource that is read"),
    "a procedure not done": ({"resourceType": "Procedure", "status": "not-done", "code": coded(SNOMED, "108290001")}, "status not-done"),
}  # fmt: skip


FOREIGN = {
    "a procedure of R5": ({"resourceType": "Procedure", "status": "completed", "code": coded(SNOMED, "108290001"), "occurrenceDateTime": "2026-04-01"}, "occurrenceDateTime is of R5"),
    "a medication of R5": ({"resourceType": "MedicationRequest", "status": "active", "medication": {"concept": coded(SNOMED, "1")}}, "medication is of R5"),
    "an observation of STU3": (an_observation(context={"reference": "Encounter/1"}), "context is of STU3"),
    "a procedure of STU3": ({"resourceType": "Procedure", "status": "completed", "notDone": True, "code": coded(SNOMED, "108290001")}, "notDone is of STU3"),
    "a condition of DSTU2": (a_condition("84757009", dateRecorded="2015-01-01"), "dateRecorded is of DSTU2"),
    "a profile of another version": (an_observation(meta={"profile": ["http://hl7.org/fhir/STU3/StructureDefinition/vitalsigns"]}), "its profile is of STU3"),
    "a profile of R5": (an_observation(meta={"profile": ["http://hl7.org/fhir/5.0/StructureDefinition/bp"]}), "its profile is of 5.0"),
}  # fmt: skip


@pytest.mark.parametrize(("resource", "why"), FOREIGN.values(), ids=list(FOREIGN))
def test_a_resource_of_another_version_is_listed_and_not_read(resource, why):
    assert len(taken(resource)) == 0
    assert skipped(resource) == [f"another version of FHIR: {why}"]


def test_a_profile_of_this_version_is_no_obstacle():
    for profile in (
        "http://hl7.org/fhir/R4/x",
        "http://hl7.org/fhir/4.0/x",
        "http://hl7.org/fhir/StructureDefinition/bp",
    ):
        assert len(taken(an_observation(meta={"profile": [profile]}))) == 1
    assert len(taken(an_observation(meta="none"), an_observation(meta={"profile": [1]}))) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"fhirVersion": "5.0.0"},
        {"meta": {"fhirVersion": "3.0.2"}},
        {"meta": {"profile": ["http://hl7.org/fhir/R5/Bundle"]}},
    ],
)
def test_of_a_bundle_of_another_version_only_the_person_is_taken(more):
    bundle = json.loads(a_bundle(PATIENT, an_observation())) | more
    intake = read_bundle(json.dumps(bundle).encode(), MAPPING, shared_terms())
    assert [fact.term for fact in intake.patients[0].facts] == ["sex"]
    assert [one.what for one in intake.skipped] == ["1975-2 what it is called"]
    assert intake.skipped[0].why.startswith("another version of FHIR")


def test_a_capability_statement_tells_the_version_of_its_bundle():
    statement = {"resourceType": "CapabilityStatement", "fhirVersion": "5.0.0"}
    assert taken(an_observation(), statement) == ()
    assert len(taken(an_observation(), statement | {"fhirVersion": "4.0.1"})) == 1


def test_evidence_says_where_a_code_is_not_confirmed():
    sources = [fact.source for fact in taken(an_observation("18043-0", 60, "%"), an_observation("10230-1", 60, "%"))]
    assert sources == ["Observation/o1, by a code that is not confirmed", "Observation/o1"]


def test_every_code_is_confirmed_or_says_why_not():
    text = (FOLDER / "fhir.yaml").read_text(encoding="utf-8")
    unconfirmed = [one for one in MAPPING.mappings if not one.confirmed]
    assert text.count("# Not confirmed: ") == len(unconfirmed) == 2


@pytest.mark.parametrize(("resource", "why"), UNUSABLE.values(), ids=list(UNUSABLE))
def test_what_cannot_be_used_is_listed_with_its_reason(resource, why):
    assert len(taken(resource)) == 0
    assert [one for one in skipped(resource) if one.startswith(why)]


def test_facts_of_two_persons_in_one_bundle_stay_apart():
    other = {"resourceType": "Patient", "id": "p2", "gender": "male"}
    values = (an_observation(value=n, subject={"reference": f"Patient/p{n}"}) for n in (1, 2))
    found = read_bundle(a_bundle(PATIENT, other, *values), MAPPING, shared_terms()).patients
    assert [(one.id, one.facts[1].value.value) for one in found] == [("p1", 1), ("p2", 2)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{", "is not JSON"),
        (b'{"resourceType": "Patient"}', "is not a FHIR bundle"),
        (b"[]", "is not a FHIR bundle"),
        (a_bundle(), "holds no Patient"),
        (a_bundle(PATIENT | {"birthDate": "1980-13"}), "is a Patient that cannot be read"),
    ],
)
def test_what_is_no_bundle_is_refused(content, expected):
    with pytest.raises(InvalidInput, match=expected):
        read_bundle(content, MAPPING, shared_terms())


def test_a_mapping_to_an_unknown_term_is_refused(tmp_path):
    text = (FOLDER / "fhir.yaml").read_text(encoding="utf-8")
    (tmp_path / "fhir.yaml").write_text(text.replace("term: alt", "term: altt"), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"'altt' is not a known term\. Did you mean alt"):
        read_mapping(tmp_path, shared_terms())


@pytest.mark.parametrize(
    ("name", "sex", "weights"),
    [
        ("Gayla_Ferry_259bc6c6-9c1d-43e9-bd25-7539cf07f8ac.json", "female", 10),
        ("Brady_Kuhlman_79ef6ec3-e86a-441b-bb6b-c15936ee8be9.json", "male", 6),
    ],
)
def test_a_whole_synthetic_history_is_read_and_screened(name, sex, weights, capsys):
    path = reference(f"fhir/{name}")
    content = path.read_bytes()
    assert is_bundle(content)
    intake = read_bundle(content, MAPPING, shared_terms())
    facts = intake.patients[0].facts
    assert facts[0].value == sex
    assert sum(fact.term == "weight" for fact in facts) == weights
    assert len(facts) - 1 + sum(one.count for one in intake.skipped) == len(json.loads(content)["entry"]) - 1
    with pytest.raises(SystemExit):
        run(["screen", "NCT06633354", str(path), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["patients"][0]["eligibility"] == "unsettled"
    assert sum(one["count"] for one in answer["skipped"]) == sum(one.count for one in intake.skipped)
