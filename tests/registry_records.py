"""Builds registry records for tests, and finds the real ones."""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.reference import reference

from earlyphase.protocol.library import study_folder
from earlyphase.registry.model import Record
from earlyphase.registry.reading import read_record, read_records

OURS = "NCT06633354"


@cache
def the_record() -> Record:
    """Give the record of the study that comes with the package."""
    return read_record(study_folder(OURS) / "record.json")


def our_record_with(**modules: dict[str, Any]) -> Record:
    """Give that record with some fields of some modules replaced; a field set to None is taken out."""
    data = json.loads((study_folder(OURS) / "record.json").read_text(encoding="utf-8"))
    return Record.model_validate(_merged(data, modules))


def a_record(**modules: dict[str, Any]) -> Record:
    """Give a small record with these modules and nothing else."""
    return Record.model_validate(_merged({"protocolSection": {}}, modules))


def a_small_record(number: str, **fields: str) -> dict[str, Any]:
    """Give a small record as the registry sends it."""
    return {
        "protocolSection": {
            "identificationModule": {"nctId": number, "briefTitle": fields.get("title", "A study of cells")},
            "statusModule": {
                "overallStatus": fields.get("status", "RECRUITING"),
                "startDateStruct": {"date": fields.get("start", "2025-01-01")},
                "lastUpdateSubmitDate": fields.get("updated", "2026-01-01"),
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": fields.get("sponsor", "Some Hospital")}},
            "conditionsModule": {"conditions": [fields.get("condition", "T-ALL")]},
            "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE1"], "enrollmentInfo": {"count": 12}},
            "armsInterventionsModule": {"interventions": [{"type": "BIOLOGICAL", "name": "CAR-T cells"}]},
            "eligibilityModule": {
                "eligibilityCriteria": fields.get(
                    "criteria", "Inclusion Criteria:\n\n* ECOG 0-1\n* <b>bold</b> claims"
                ),
                "sex": "FEMALE",
                "minimumAge": "18 Years",
            },
            "contactsLocationsModule": {
                "locations": [
                    {
                        "facility": "Site",
                        "city": "Hangzhou",
                        "country": "China",
                        "geoPoint": {"lat": 30.3, "lon": 120.2},
                    }
                ]
            },
        }
    }


def a_record_with_criteria(text: str) -> Record:
    """Give a record that has nothing but eligibility criteria."""
    return a_record(eligibilityModule={"eligibilityCriteria": text})


def real_records() -> tuple[Record, ...]:
    """Give the 68 real records of the reference folder, or skip."""
    return _records(reference("registry/records-68.jsonl.xz"))


@cache
def _records(path: Path) -> tuple[Record, ...]:
    return tuple(record for record in read_records(path) if isinstance(record, Record))


def _merged(data: dict[str, Any], modules: dict[str, dict[str, Any]]) -> dict[str, Any]:
    made = copy.deepcopy(data)
    for module, fields in modules.items():
        target = made["protocolSection"].setdefault(module, {})
        target.update(fields)
        for name in [name for name, value in target.items() if value is None]:
            del target[name]
    return made


def a_sound_record(**modules: dict[str, Any]) -> Record:
    """Give a record of a dose-escalation study in which no check finds anything, with some fields replaced."""
    return Record.model_validate(_merged(_sound(), modules))


def _sound() -> dict[str, Any]:
    criteria = (
        "Inclusion Criteria:\n\n* Age 18 to 70 years\n* CD19 on \\>90% of marrow blasts by flow cytometry\n"
        "* Bilirubin ≤ 51 µmol/L and creatinine ≤ 2 mg/dL within 14 days before enrolment\n* ECOG 0 to 2\n"
        "* Written informed consent\n\nExclusion Criteria:\n\n* Pregnant or lactating women\n* QTc \\> 480 ms\n"
        "* Any condition that in the opinion of the investigator makes participation unsuitable; the reason is recorded"
    )
    escalation = (
        "Participants receive 0.5, 1 or 2 x 10\\^6 CAR-T cells/kg. The starting dose is 0.5 x 10\\^6 cells/kg. "
        "Escalation follows a 3+3 at 3 dose levels until the maximum tolerated dose is known, then an expansion "
        "cohort. Where two of six suffer toxicity the dose de-escalates."
    )
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": "NCT09999999",
                "orgStudyIdInfo": {"id": "SOUND-1"},
                "briefTitle": "CD19 CAR-T Cells in Relapsed Lymphoma",
                "officialTitle": "A Phase 1 Study of Autologous CD19 CAR-T Cells in Adults With Relapsed Lymphoma",
            },
            "statusModule": {
                "statusVerifiedDate": "2026-03",
                "overallStatus": "RECRUITING",
                "startDateStruct": {"date": "2026-02-01"},
                "completionDateStruct": {"date": "2041-02"},
                "studyFirstSubmitDate": "2026-01-05",
                "lastUpdatePostDateStruct": {"date": "2026-03-10"},
            },
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": "A University", "class": "OTHER"},
                "collaborators": [{"name": "A Foundation"}],
            },
            "descriptionModule": {"briefSummary": "Cells are taught to find the lymphoma, and given back."},
            "conditionsModule": {"conditions": ["Lymphoma"], "keywords": ["CAR-T"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE1"],
                "designInfo": {"allocation": "NA", "interventionModel": "SINGLE_GROUP"},
                "enrollmentInfo": {"count": 30, "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {
                "armGroups": [{"label": "CD19 CAR-T cells", "description": escalation}],
                "interventions": [{"type": "BIOLOGICAL", "name": "CD19 CAR-T cells", "description": "One infusion."}],
            },
            "outcomesModule": {
                "primaryOutcomes": [an_outcome("Number of participants with a DLT", "28 days after infusion", DLT)],
                "secondaryOutcomes": [
                    an_outcome("Progression-free survival", "2 years after infusion", "Time to progression or death."),
                    an_outcome("Overall survival", "15 years after infusion", "Time to death from any cause."),
                    an_outcome("CRS and ICANS by ASTCT grade", "1 year after infusion", "Worst grade by participant."),
                ],
            },
            "eligibilityModule": {
                "eligibilityCriteria": criteria,
                "minimumAge": "18 Years",
                "maximumAge": "70 Years",
                "stdAges": ["ADULT", "OLDER_ADULT"],
            },
            "contactsLocationsModule": {
                "centralContacts": [{"name": "Dr A", "phone": "1"}],
                "overallOfficials": [{"name": "Dr B"}],
                "locations": [{"facility": "A Hospital", "country": "China"}],
            },
            "ipdSharingStatementModule": {"ipdSharing": "NO"},
        }
    }


DLT = "A DLT is defined as CRS grade 4 or other related toxicity of grade 3 for more than 7 days."


def an_outcome(measure: str, time_frame: str | None, description: str | None = None) -> dict[str, str]:
    """Give an outcome measure."""
    given = {"measure": measure, "timeFrame": time_frame, "description": description}
    return {name: text for name, text in given.items() if text is not None}


def sound_criteria_with(*changes: tuple[str, str]) -> dict[str, Any]:
    """Give the eligibility module of the sound record with some words of its criteria replaced."""
    module = copy.deepcopy(_sound()["protocolSection"]["eligibilityModule"])
    for old, new in changes:
        assert old in module["eligibilityCriteria"], old
        module["eligibilityCriteria"] = module["eligibilityCriteria"].replace(old, new)
    return module
