"""`earlyphase screen` and `study compare` from the command line: what is wrong with facts, counts, and versions."""
# ruff: noqa: E501 - a table is read by its rows

import json

import pytest

from earlyphase.cli.main import run
from earlyphase.eligibility.cases import read_cases
from earlyphase.protocol.library import study_folder

FOLDER = study_folder("NCT06633354")
TEXT = (FOLDER / "protocol.yaml").read_text(encoding="utf-8")


def answer_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run([str(one) for one in arguments])
    printed = capsys.readouterr()
    return int(left.value.code or 0), printed.out, printed.err


def json_of(capsys, *arguments):
    code, out, err = answer_of(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


@pytest.fixture
def patients(tmp_path):
    path = tmp_path / "patients.ndjson"
    cases = read_cases(FOLDER).values()
    path.write_text("\n".join(case.patient.model_dump_json(by_alias=True, exclude_none=True) for case in cases))
    return path


def a_study(folder, **versions: str):
    folder.mkdir()
    for name, text in versions.items():
        file = "protocol.yaml" if name == "first" else f"protocol-{name[1:]}.0.yaml"
        (folder / file).write_text(text, encoding="utf-8")
    (folder / "record.json").write_bytes((FOLDER / "record.json").read_bytes())
    (folder / "fhir.yaml").write_bytes((FOLDER / "fhir.yaml").read_bytes())
    return folder


BILIRUBIN = {"term": "total_bilirubin", "value": {"value": 12, "unit": "umol/L"}, "on": "2026-04-01"}
WINDOWED = "total_bilirubin <= 51 umol/L within 7 days before screening and alt <= 3 ULN and ast <= 3 ULN"
UNUSABLE = {
    "nothing": ([], "missing", "nothing is recorded"),
    "a stale value": ([BILIRUBIN | {"on": "2026-02-01"}], "stale", "last recorded on 2026-02-01; it must be of 2026-03-26 or later"),
    "two values of one day": ([BILIRUBIN, BILIRUBIN | {"value": {"value": 80, "unit": "umol/L"}}], "conflict", "recorded as 12 µmol/L (2026-04-01) and 80 µmol/L (2026-04-01)"),
    "no unit": ([BILIRUBIN | {"value": 12}], "unit", "recorded as 12 without a unit"),
    "an empty unit": ([BILIRUBIN | {"value": {"value": 12, "unit": ""}}], "unit", "without a unit"),
    "a unit that does not convert": ([BILIRUBIN | {"value": {"value": 12, "unit": "mmol/kg"}}], "unit", "does not convert"),
    "a unit that nobody knows": ([BILIRUBIN | {"value": {"value": 12, "unit": "umoll"}}], "unit", "is not a UCUM unit"),
    "a value of the future": ([BILIRUBIN | {"on": "2026-04-09"}], "conflict", "dated 2026-04-09, which is in the future"),
    "a value before birth": ([BILIRUBIN | {"on": "1969-04-09"}], "conflict", "before birth"),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "cause", "says"), UNUSABLE.values(), ids=list(UNUSABLE))
def test_a_value_that_cannot_be_used_is_unknown_with_its_cause(capsys, tmp_path, facts, cause, says):
    study = a_study(
        tmp_path / "study",
        first=TEXT.replace("expression: total_bilirubin <= 51 umol/L and", f"expression: {WINDOWED} and"),
    )
    file = tmp_path / "one.ndjson"
    person = {"id": "P", "birth_date": "1980", "anchors": {"screening": "2026-04-02"}, "facts": facts}
    file.write_text(json.dumps(person), encoding="utf-8")
    (found,) = json_of(capsys, "screen", study, file, "--on", "2026-04-02")["patients"]
    (i5,) = [one for one in found["results"] if one["id"] == "I5"]
    (unknown,) = [one for one in i5["unknowns"] if one["about"] == "total_bilirubin"]
    assert (i5["verdict"], unknown["cause"]) == ("unknown", cause)
    assert says in unknown["says"]


def test_an_analyte_without_a_molar_mass_is_unknown_by_its_unit(capsys, tmp_path):
    terms = "\nterms:\n  ferritin_level: { kind: quantity, unit: ug/L, analyte: ferritin, en: ferritin, zh: 铁蛋白, test: blood }\n"
    text = TEXT.replace("\nterms:\n", terms, 1).replace(
        "expression: ecog <= 2", "expression: ferritin_level <= 300 ug/L"
    )
    study, file = a_study(tmp_path / "study", first=text), tmp_path / "one.ndjson"
    value = {"term": "ferritin_level", "value": {"value": 2, "unit": "nmol/L"}, "on": "2026-04-01"}
    file.write_text(json.dumps({"id": "P", "facts": [value]}), encoding="utf-8")
    (found,) = json_of(capsys, "screen", study, file, "--on", "2026-04-02")["patients"]
    (i9,) = [one for one in found["results"] if one["id"] == "I9"]
    assert i9["unknowns"][0]["cause"] == "unit"
    assert "ferritin has no known molar mass" in i9["unknowns"][0]["says"]


def test_a_number_beyond_all_measure_is_refused_with_its_place(capsys, tmp_path):
    file = tmp_path / "one.ndjson"
    file.write_text('{"id": "P", "facts": [{"term": "alt", "value": 1' + "0" * 400 + "}]}", encoding="utf-8")
    for more in ((), ("--population",)):
        code, _, err = answer_of(capsys, "screen", "NCT06633354", file, *more)
        assert code == 2
        assert "one.ndjson:1, fact 1" in err
        assert "is not a value" in err


def test_a_bundle_of_another_version_is_listed_and_leaves_everything_unknown(capsys, tmp_path):
    weight = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "valueQuantity": {"value": 70, "unit": "kg"},
    }
    bundle = {"resourceType": "Bundle", "fhirVersion": "5.0.0", "entry": [{"resource": {"resourceType": "Patient", "id": "P"}}, {"resource": weight}]}  # fmt: skip
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(bundle), encoding="utf-8")
    answer = json_of(capsys, "screen", "NCT06633354", file)
    assert [(one["resource"], one["why"]) for one in answer["skipped"]] == [
        ("Observation", "another version of FHIR: the bundle says 5.0.0")
    ]
    counted = json_of(capsys, "screen", "NCT06633354", file, "--population")
    assert counted["attrition"]["screened"] == 1
    assert counted["skipped"] == answer["skipped"]


def test_a_population_is_counted_as_its_single_screenings_are(capsys, patients):
    options = (
        "screen",
        "NCT06633354",
        patients,
        "--on",
        "2026-05-04",
        "--stage",
        "infusion",
        "--what-if",
        "I6: lvef >= 45 %",
    )
    single, together = json_of(capsys, *options), json_of(capsys, *options, "--population")
    assert together["attrition"] == single["attrition"]
    assert together["what_if"] == single["what_if"]
    assert together["patients"] == [
        {"patient": one["patient"], "eligibility": one["eligibility"]} for one in single["patients"]
    ]


def test_the_counts_of_a_population_stand_side_by_side(capsys, patients):
    code, out, _ = answer_of(
        capsys, "screen", "NCT06633354", patients, "--on", "2026-04-02", "--population", "--what-if", "I5: alt <= 1 ULN"
    )
    assert code == 0
    assert "Beside it: what if I5: alt <= 1 ULN" in out
    assert "have another verdict on some criterion" in out
    code, _, err = answer_of(capsys, "screen", "NCT06633354", patients, "--population", "--html")
    assert (code, "cannot be given with --population" in err) == (2, True)


@pytest.fixture
def amended(tmp_path):
    second = (
        TEXT.replace('version: "1.0"', 'version: "2.0"')
        .replace("lvef >= 50 %", "lvef >= 65 %")
        .replace("expression: ecog <= 2", "expression: not ecog > 2")
    )
    return a_study(tmp_path / "study", first=TEXT, v2=second)


def test_two_versions_of_a_protocol_are_compared_by_meaning_with_whom_it_touches(capsys, amended, patients):
    options = (
        "study",
        "compare",
        f"{amended}@1.0",
        f"{amended}@2.0",
        "--patients",
        patients,
        "--on",
        "2026-05-04",
        "--stage",
        "infusion",
    )
    answer = json_of(capsys, *options)
    assert [(one["criterion"], one["effect"]) for one in answer["changes"]] == [
        ("I6", "tighter"),
        ("I9", "reworded, of the same meaning"),
    ]
    assert "left ventricular ejection fraction" in answer["changes"][0]["example"]
    moved = answer["population"]["moved"]
    assert {"patient": "case-1", "before": "eligible", "after": "not eligible", "criteria": ["I6"]} in moved
    assert answer["population"]["before"]["eligible"] > answer["population"]["after"]["eligible"]
    _, out, _ = answer_of(capsys, *options)
    assert "I6: tighter" in out
    assert "case-1: eligible → not eligible (by I6)" in out


def test_a_protocol_says_of_its_own_record_the_same(capsys, amended):
    answer = json_of(capsys, "study", "compare", amended / "record.json", f"{amended}@1.0")
    assert answer["changes"] == []
    assert answer["before"].endswith("record")


def test_two_versions_of_a_record_are_compared_by_what_the_protocol_reads_in_them(capsys, amended, patients):
    record = json.loads((amended / "record.json").read_bytes())
    module = record["protocolSection"]["eligibilityModule"]
    lines = (
        module["eligibilityCriteria"]
        .replace("≥50%", "≥45%")
        .replace("ECOG 0-2", "Weight over 3 kg and head circumference over 40 cm")
    )
    module["eligibilityCriteria"] = lines
    later = amended / "later.json"
    later.write_text(json.dumps(record), encoding="utf-8")
    answer = json_of(
        capsys, "study", "compare", amended / "record.json", later, "--patients", patients, "--on", "2026-05-04"
    )
    found = {one["criterion"]: (one["was"], one["effect"]) for one in answer["changes"]}
    assert found["I6"] == ("I6", "changed in words, and not read by anybody yet")
    assert set(found) == {"I6", "I9"}
    assert all(one["after"] != "eligible" for one in answer["population"]["moved"])
    back = json_of(capsys, "study", "compare", later, amended / "record.json", "--reading", str(amended))
    assert {one["criterion"] for one in back["changes"]} >= {"I6", "I9"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("NCT06633354@9.9", "NCT06633354"), "is not a version of the protocol. There are 1.0"),
        (("NCT0663335", "NCT06633354"), "NCT0663335"),
        (("nowhere.json", "NCT06633354"), "nowhere.json"),
        (("NCT06633354", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_cannot_be_compared_is_refused(capsys, arguments, expected):
    code, _, err = answer_of(capsys, "study", "compare", *arguments)
    assert code == 2
    assert expected in err
