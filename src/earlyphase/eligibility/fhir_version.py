"""Tells bundles and resources of another version of FHIR than R4: the same field may mean another thing there."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from earlyphase.eligibility.fhir_json import Json

_FIELDS: Mapping[str, Mapping[str, str]] = {
    "Observation": {
        "context": "STU3", "comment": "STU3", "comments": "DSTU2", "triggeredBy": "R5", "bodyStructure": "R5",
    },
    "Condition": {"context": "STU3", "dateRecorded": "DSTU2", "patient": "DSTU2", "participant": "R5"},
    "Procedure": {
        "context": "STU3", "notDone": "STU3", "notPerformed": "DSTU2", "occurrenceDateTime": "R5",
        "occurrencePeriod": "R5",
    },
    "MedicationRequest": {"context": "STU3", "medication": "R5"},
    "MedicationAdministration": {
        "notGiven": "STU3", "wasNotGiven": "DSTU2", "medication": "R5", "occurenceDateTime": "R5",
        "occurencePeriod": "R5",
    },
    "MedicationStatement": {
        "taken": "STU3", "notTaken": "STU3", "wasNotTaken": "DSTU2", "medication": "R5", "adherence": "R5",
    },
}  # fmt: skip
"""Fields that R4 does not have, and the version that has them. Source: HL7, FHIR R4 and FHIR R5, the pages of each
resource, "R3 Diff" and "R4 Diff"."""

_PROFILE = re.compile(r"hl7\.org/fhir/(DSTU2|STU3|R4B?|R5|R6|\d+\.\d+)/", re.IGNORECASE)
_SAME = ("4.0", "R4")


def foreign_bundle(bundle: Json, resources: Iterable[Json]) -> str | None:
    """Say why a whole bundle is of another version; None where nothing says so."""
    statements = (one for one in resources if one.get("resourceType") == "CapabilityStatement")
    for said in (bundle, bundle.get("meta"), *statements):
        version = said.get("fhirVersion") if isinstance(said, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if isinstance(version, str) and not _same(version):
            return f"another version of FHIR: the bundle says {version}"
    return _by_profile(bundle)


def foreign_resource(resource: Json) -> str | None:
    """Say why a resource is of another version; None where nothing says so."""
    if (told := _by_profile(resource)) is not None:
        return told
    if isinstance(resource.get("clinicalStatus"), str):
        return "another version of FHIR: clinicalStatus is a word"
    fields = _FIELDS.get(str(resource.get("resourceType")), {})
    for name, version in fields.items():
        if name in resource:
            return f"another version of FHIR: {name} is of {version}"
    return None


def _by_profile(resource: Json) -> str | None:
    """Find a profile that names a version in its address."""
    meta: Any = resource.get("meta")
    profiles: Any = meta.get("profile") if isinstance(meta, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    for profile in profiles if isinstance(profiles, list) else []:  # pyright: ignore[reportUnknownVariableType]
        found = _PROFILE.search(profile) if isinstance(profile, str) else None
        if found is not None and not _same(found[1]):
            return f"another version of FHIR: its profile is of {found[1]}"
    return None


def _same(version: str) -> bool:
    return version.upper() in _SAME or version.startswith("4.0.")
