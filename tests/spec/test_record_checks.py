"""What the checks find, each on a record in which nothing else is wrong."""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.registry_records import (
    DLT,
    OURS,
    a_sound_record,
    an_outcome,
    our_record_with,
    sound_criteria_with,
    the_record,
)

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.catalogue import CHECKS, check_record
from earlyphase.registry.checks.finding import Finding
from earlyphase.registry.checks.tables import table
from earlyphase.registry.checks.time_frames import horizon
from earlyphase.registry.checks.who import State, who_data_set
from earlyphase.registry.reading import write_record
from earlyphase.registry.twins import find_twins, twin_findings, twins_of

TODAY = dt.date(2026, 11, 22)

NOT_ON_OURS = {
    "submitted-after-start",
    "age-groups-contradict",
    "in-both-lists",
    "primary-without-time-frame",
    "primary-without-description",
    "unspecific-outcome",
    "run-together",
}


def ids(findings: Iterable[Finding]) -> set[str]:
    return {finding.id for finding in findings}


def test_a_sound_record_has_no_findings():
    assert [finding.sentence for finding in check_record(a_sound_record(), TODAY)] == []


def test_every_defect_that_reviewers_saw_in_the_study_is_found():
    assert ids(check_record(the_record(), TODAY)) == {check.id for check in CHECKS} - NOT_ON_OURS


def test_every_group_but_registration_dates_and_twins_fires_on_the_study():
    groups = {finding.group for finding in check_record(the_record(), TODAY)}
    assert set(range(1, 26)) - groups == {3, 23}


def criteria(*changes: tuple[str, str]) -> dict[str, Any]:
    return {"eligibilityModule": sound_criteria_with(*changes)}


def outcomes(primary: list[dict[str, str]] | None = None, **others: list[dict[str, str]]) -> dict[str, Any]:
    given = {"primaryOutcomes": primary} if primary else {}
    return {"outcomesModule": {**given, **others}}


CRS = an_outcome("CRS and ICANS by ASTCT grade", "15 years after infusion", "Worst grade by participant.")


@pytest.mark.parametrize(
    ("found", "change"),
    [
        ("summary-repeats-title", {"descriptionModule": {"briefSummary": "CD19 CAR-T cells in relapsed lymphoma."}}),
        ("submitted-after-start", {"statusModule": {"studyFirstSubmitDate": "2026-03-01"}}),
        ("recruiting-before-start", {"statusModule": {"startDateStruct": {"date": "2026-04"}}}),
        (
            "not-updated",
            {
                "statusModule": {
                    "statusVerifiedDate": "2025-09",
                    "lastUpdatePostDateStruct": None,
                    "startDateStruct": None,
                }
            },
        ),
        ("age-limits-missing", {"eligibilityModule": {"minimumAge": None, "maximumAge": None, "stdAges": None}}),
        ("age-groups-contradict", {"eligibilityModule": {"maximumAge": "60 Years"}}),
        ("unit-implausible", criteria(("51 µmol/L", "51 (mol/L)"))),
        ("unit-implausible", criteria(("creatinine ≤ 2 mg/dL", "haemoglobin ≥ 90 g/dL"))),
        ("pregnancy-opens-inclusion", criteria(("Age 18", "Pregnant women, or fertile ones\n* Age 18"))),
        ("in-both-lists", criteria(("* QTc", "* Written informed consent\n* QTc"))),
        ("mixed-numbering", criteria(("* Age", "* 1\\. Age"), ("* CD19", "* 2.CD19"))),
        ("orphan-label", criteria(("\n\nExclusion", "\n\nc.Assent\n\nExclusion"))),
        ("numeric-without-threshold", criteria(("QTc \\> 480 ms", "Prolonged QT interval"))),
        ("lab-limit-without-window", criteria((" within 14 days before enrolment", ""))),
        ("assay-without-method", criteria((" of marrow blasts by flow cytometry", ""), ("CD19 on", "CD19 expression"))),
        ("slash-in-threshold", criteria(("Bilirubin ≤", "ALT/AST ≤ 3 x ULN, bilirubin ≤"))),
        ("slash-in-threshold", criteria(("\\> 480 ms", "\\> 480 ms and/or \\> 500 ms"))),
        (
            "duplicate-catch-all",
            criteria(("* QTc", "* Any situation that researchers believe may interfere with the results\n* QTc")),
        ),
        ("assessed-after-enrolment", criteria(("* QTc", "* Expansion rate below 5 after CD3/CD28\n* QTc"))),
        ("unlikely-word", criteria(("marrow blasts", "marrow larvae and blasts"))),
        ("misspelt-word", criteria(("lactating", "lactanting"))),
        ("primary-without-time-frame", outcomes([an_outcome("Number of DLTs", None, DLT)])),
        ("primary-without-description", outcomes([an_outcome("Number of events", "28 days")])),
        ("circular-description", outcomes([an_outcome("Rate of relapse", "28 days", "The rate of relapse \\[a\\] ")])),
        ("unspecific-outcome", outcomes([an_outcome("Safety", "28 days", "Grade 3 events by CTCAE v5.0")])),
        ("randomization-in-single-arm", outcomes([an_outcome("Relapse", "1 year", "Time from randomization.")])),
        (
            "survival-shorter-than-progression",
            outcomes(
                secondaryOutcomes=[
                    an_outcome("PFS", "Up to 2 years after infusion", "Progression or death."),
                    an_outcome("OS", "Up to 1 year after infusion", "Death."),
                    CRS,
                ]
            ),
        ),
        (
            "mixed-time-zero",
            outcomes(
                secondaryOutcomes=[
                    an_outcome("PFS", "2 years after enrolment", "Progression or death."),
                    an_outcome("OS", "2 years after infusion", "Death."),
                    CRS,
                ]
            ),
        ),
        (
            "solid-tumour-wording",
            {
                "conditionsModule": {"conditions": ["Acute Lymphoblastic Leukemia"]},
                **outcomes([an_outcome("Relapse", "1 year", "Objective tumor progression.")]),
            },
        ),
        ("response-without-criteria", outcomes([an_outcome("ORR", "12 weeks", "Share with CR or PR.")])),
        (
            "duration-ignores-deaths",
            outcomes([an_outcome("Duration of response", "1 year", "From CR to relapse or death due to disease.")]),
        ),
        (
            "escalation-not-described",
            {
                "armsInterventionsModule": {
                    "armGroups": [{"label": "A", "description": "A 3+3 design finds the recommended dose."}],
                }
            },
        ),
        ("dlt-undefined", outcomes([an_outcome("Number of DLT", "28 days", "Assessed with CTCAE v5.0")])),
        (
            "enrolment-beyond-design",
            {
                "armsInterventionsModule": {
                    "armGroups": [
                        {
                            "label": "A",
                            "description": "3+3 at three dose levels, starting dose 1 mg, up to the MTD.",
                        }
                    ],
                }
            },
        ),
        (
            "no-dose-objective",
            {
                "armsInterventionsModule": {
                    "armGroups": [
                        {
                            "label": "A",
                            "description": "Dose escalation from 1 to 2 mg; starting dose 1 mg; stopping rules and "
                            "de-escalation are laid down.",
                        }
                    ],
                }
            },
        ),
        (
            "car-t-without-crs-icans",
            outcomes(
                [an_outcome("Number of DLTs", "28 days", "A DLT is defined as toxicity of grade 3 or more.")],
                secondaryOutcomes=[an_outcome("OS", "15 years after infusion", "Death.")],
            ),
        ),
        ("no-long-term-follow-up", outcomes(secondaryOutcomes=[{**CRS, "timeFrame": "5 years after infusion"}])),
        (
            "safety-claimed",
            {"descriptionModule": {"briefSummary": "Its safety has been clarified, so that efficacy is studied."}},
        ),
        ("phase-against-endpoints", {"designModule": {"phases": ["EARLY_PHASE1"]}}),
        (
            "intervention-not-described",
            {"armsInterventionsModule": {"interventions": [{"type": "BIOLOGICAL", "name": "CD19 CAR-T cells"}]}},
        ),
        (
            "arm-label-is-action",
            {"armsInterventionsModule": {"armGroups": [{"label": "Infusion of cells", "description": "MTD of 1 mg."}]}},
        ),
        ("no-ipd-statement", {"ipdSharingStatementModule": {"ipdSharing": None}}),
        ("no-secondary-number", {"identificationModule": {"orgStudyIdInfo": None}}),
        ("no-contact", {"contactsLocationsModule": {"centralContacts": None}}),
        ("no-completion-date", {"statusModule": {"completionDateStruct": None}}),
        ("no-keywords", {"conditionsModule": {"keywords": []}}),
        ("left-markup", {"descriptionModule": {"briefSummary": "Cells are taught &nbsp; to find the lymphoma."}}),
        (
            "run-together",
            criteria(("* Written", "* 1. Adults with lymphoma; 2. Creatinine normal; 3. No fever\n* Written")),
        ),
        ("wrong-plural", outcomes([an_outcome("Relapse", "1 years after infusion", "Relapse by Lugano.")])),
    ],
)
def test_a_check_finds_its_defect_and_nothing_else(found, change):
    assert ids(check_record(a_sound_record(**change), TODAY)) == {found}


@pytest.mark.parametrize(
    "change",
    [
        {"statusModule": {"overallStatus": "COMPLETED", "lastUpdatePostDateStruct": {"date": "2026-01"}}},
        {"statusModule": {"startDateStruct": {"date": "2026"}}},
        {"eligibilityModule": {"minimumAge": "216 Months", "maximumAge": None}},
        criteria(("51 µmol/L", "3 mg/dL")),
        criteria(("creatinine ≤ 2 mg/dL", "haemoglobin ≥ 90 g/L; testosterone ≤ 50 ng/dL")),
        criteria(("Age 18", "Not pregnant\n* Age 18")),
        criteria(("QTc \\> 480 ms", "Drugs known to prolong the QT interval")),
        criteria(("QTc \\> 480 ms", "Ejection fraction below the lower limit of normal")),
        criteria(("* Age", "* 1\\. Age"), ("* CD19", "* 2\\. CD19")),
        outcomes([an_outcome("Relapse", "1 year", "This is a non-randomized study.")]),
        outcomes([an_outcome("ORR", "12 weeks", "Share with CR or PR by Lugano 2014.")]),
        outcomes([an_outcome("Relapse", "11 years, 21 days", "Relapse by Lugano.")]),
    ],
)
def test_what_is_right_is_left_alone(change):
    assert (
        ids(check_record(a_sound_record(**change), TODAY)) - {"age-groups-contradict", "submitted-after-start"} == set()
    )


def test_children_need_a_scale_and_assent_of_their_own():
    change = {"eligibilityModule": {"minimumAge": "2 Years", "stdAges": ["CHILD", "ADULT", "OLDER_ADULT"]}}
    found = ids(check_record(a_sound_record(**change), TODAY))
    assert found == {"adult-scale-for-children", "children-without-assent"}


def test_an_empty_record_gives_few_of_the_24_items():
    found = check_record(our_record_with(outcomesModule={"primaryOutcomes": None, "secondaryOutcomes": None}), TODAY)
    assert "who-data-set" in ids(found)


def test_the_study_gives_thirteen_of_the_24_items_in_full():
    items = who_data_set(Case(the_record(), TODAY))
    assert [item.number for item in items] == list(range(1, 25))
    states = {state: [item.number for item in items if item.state is state] for state in State}
    assert states == {
        State.GIVEN: [1, 5, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19, 20],
        State.PARTLY: [4, 13],
        State.ABSENT: [2, 3, 7, 8, 22, 24],
        State.NOT_DUE: [6, 23],
        State.NOT_CARRIED: [21],
    }


def test_the_days_until_the_status_becomes_unknown_are_told():
    def sentence(today: dt.date) -> list[str]:
        return [found.sentence for found in check_record(the_record(), today) if found.id == "not-updated"]

    assert sentence(dt.date(2025, 10, 9)) == []
    assert "366 days ago" in sentence(dt.date(2025, 10, 10))[0]
    assert "in 364 days" in sentence(dt.date(2025, 10, 10))[0]
    assert "due to become unknown" in sentence(dt.date(2026, 11, 22))[0]


def test_a_finding_quotes_the_text_as_written():
    (bilirubin, creatinine) = [found for found in check_record(the_record(), TODAY) if found.id == "unit-implausible"]
    assert bilirubin.span is not None
    assert creatinine.span is not None
    assert (bilirubin.span.quoted, creatinine.span.quoted) == ("51 (mol/L", "176.8 (mol/L")
    text = the_record().protocol_section.eligibility_module.eligibility_criteria or ""
    assert text[bilirubin.span.start : bilirubin.span.end] == "51 (mol/L"


def test_every_check_has_its_own_name_and_every_table_its_source():
    names = [check.id for check in CHECKS]
    assert len(set(names)) == len(names)
    for name in ("phrases", "words", "limits"):
        for entry, row in table(name).items():
            assert row["source"], (name, entry)
    assert table("units")["source"]
    assert table("who")["source"]


@pytest.mark.parametrize(
    ("text", "days"),
    [("Up to 28 days", 28), ("12 weeks and 1 year", 365.25), ("two years", 730.5), ("at follow-up", None), ("", None)],
)
def test_the_horizon_of_a_time_frame_is_its_longest_time(text, days):
    assert horizon(text) == days


def the_twin(**modules: dict[str, Any]):
    title = "Targeting CD5 CAR-T Cells in the Treatment of r/r CD5+ T-Lymphoma"
    return our_record_with(identificationModule={"nctId": "NCT06633341", "briefTitle": title}, **modules)


def test_a_twin_has_the_same_sponsor_dates_and_enrolment():
    (twin,) = find_twins([the_record(), a_sound_record(), the_twin()])
    assert (twin.first, twin.second, twin.shared) == ("NCT06633341", OURS, ("start date", "enrolment"))


def test_one_shared_trait_needs_a_title_that_is_nearly_the_same():
    later = {"startDateStruct": {"date": "2025-01-01"}}
    (twin,) = find_twins([the_record(), the_twin(statusModule=later)])
    assert twin.shared == ("enrolment", "nearly the same title")
    assert find_twins([the_record(), the_twin(statusModule=later, designModule={"enrollmentInfo": {"count": 9}})]) == ()


def test_another_sponsor_or_the_record_itself_is_no_twin():
    other = {"leadSponsor": {"name": "Another University"}}
    assert find_twins([the_record(), the_twin(sponsorCollaboratorsModule=other), the_record()]) == ()


def test_the_twin_of_a_record_is_a_finding():
    (finding,) = twin_findings(the_record(), twins_of(the_record(), [a_sound_record(), the_twin(), the_record()]))
    assert (finding.group, finding.id) == (23, "twin-record")
    assert finding.sentence.startswith("NCT06633341 has the same sponsor, start date and enrolment")


def earlyphase(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "earlyphase.cli.main", "record", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def one_line(path: Path, *records: bytes) -> str:
    path.write_bytes(b"\n".join(json.dumps(json.loads(record)).encode() for record in records) + b"\n{bad\n")
    return str(path)


def test_the_command_lists_findings_and_the_twin(tmp_path):
    among = one_line(tmp_path / "others.jsonl", write_record(the_twin()))
    answer = earlyphase(OURS, "--json", "--today", "2026-11-22", "--among", among)
    found = json.loads(answer.stdout)
    assert [row["group"] for row in found] == sorted(row["group"] for row in found)
    assert "twin-record" in {row["id"] for row in found}
    assert set(found[0]) == {"id", "group", "severity", "basis", "sentence", "span"}
    assert "passed over:" in answer.stderr
    assert "line 2" in answer.stderr


def test_the_command_counts_how_often_each_check_fires(tmp_path):
    rates = earlyphase(
        "--rates", one_line(tmp_path / "two.jsonl", write_record(the_record()), write_record(the_twin()))
    )
    assert "How often each check fires on 2 records" in rates.stdout
    assert "50" not in rates.stdout


def test_the_command_goes_through_the_who_data_set():
    assert "Ethics review" in earlyphase(OURS, "--who").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give a record"),
        ([OURS, "--today", "yesterday"], "--today: 'yesterday' is not a date"),
        (["--rates", "nowhere.jsonl"], "nowhere.jsonl: does not exist"),
    ],
)
def test_the_command_says_what_is_wrong_with_what_it_was_given(arguments, said):
    answer = earlyphase(*arguments)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
