"""Reads the facts of persons from FHIR R4 bundles. What could not be used is listed, never dropped in silence."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast, get_args

from pydantic import ValidationError

from earlyphase.eligibility.facts import Fact, Patient
from earlyphase.eligibility.fhir_json import Json, object_of, objects_of, text_of
from earlyphase.eligibility.fhir_mapping import CodeMapping, FhirMapping, ResourceType
from earlyphase.eligibility.fhir_version import foreign_bundle, foreign_resource
from earlyphase.eligibility.vocabulary import Vocabulary
from earlyphase.faults import InvalidInput
from earlyphase.protocol.terms import TermKind

_NOTHING: Json = {}

DATE_LENGTH = 10
"""Characters of a date; what follows is the time of day."""

_MEASURED = frozenset({"final", "amended", "corrected"})
"""Observations of another status are preliminary, cancelled or wrong."""
_DONE = frozenset({"completed", "active", "stopped", "in-progress", "on-hold", "unknown"})
_ACTIVE = frozenset({"active", "recurrence", "relapse"})
_WRONG = frozenset({"refuted", "entered-in-error"})
_SEXES = frozenset({"female", "male"})
_WHEN = (
    "effectiveDateTime", "effectivePeriod", "onsetDateTime", "onsetPeriod", "performedDateTime", "performedPeriod",
    "authoredOn", "recordedDate", "issued",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Skipped:
    """What a bundle holds and could not be used."""

    resource: str
    what: str
    """The code and what it is called."""
    why: str
    count: int


@dataclass(frozen=True, slots=True)
class Intake:
    """What was read from a bundle."""

    patients: tuple[Patient, ...]
    skipped: tuple[Skipped, ...]


class _Unusable(Exception):  # noqa: N818 - it names a resource, not an error
    """A resource that cannot be used, with the reason."""


def is_bundle(content: bytes) -> bool:
    """Tell whether a file holds a FHIR bundle."""
    return b'"resourceType"' in content and b'"Bundle"' in content


def read_bundle(content: bytes, mapping: FhirMapping, known: Vocabulary, place: str = "bundle") -> Intake:
    """Read the persons of a bundle.

    Args:
        content: the bundle as JSON.
        mapping: which codes stand for which terms.
        known: the terms of the study.
        place: what to call the file in a complaint.

    Raises:
        InvalidInput: it is not JSON, no bundle, or holds no patient.
    """
    bundle = _bundle(content, place)
    resources = _resources(bundle)
    people = {name: one for one, name in resources if one.get("resourceType") == "Patient"}
    if not people:
        rule = "holds no Patient."
        raise InvalidInput(place, None, rule, "Give a bundle with the patient and what is known of them.")
    facts: dict[str, list[Fact]] = {name: [] for name in people}
    skipped: Counter[tuple[str, str, str]] = Counter()
    codes = mapping.by_code()
    foreign = foreign_bundle(bundle, (one for one, _ in resources))
    for one, _ in resources:
        kind = text_of(one.get("resourceType")) or "nothing"
        if kind == "Patient":
            continue
        try:
            _require_r4(one, foreign)
            owner, fact = _owner(one, people), _fact(one, kind, codes, known)
            facts[owner].append(fact)
        except _Unusable as reason:
            skipped[kind, _called(one), str(reason)] += 1
    patients = tuple(_patient(name, one, facts[name], place) for name, one in people.items())
    listed = tuple(Skipped(*about, count) for about, count in sorted(skipped.items()))
    return Intake(patients, listed)


def _require_r4(resource: Json, foreign: str | None) -> None:
    told = foreign or foreign_resource(resource)
    if told is not None:
        raise _Unusable(told)


def _bundle(content: bytes, place: str) -> Json:
    try:
        data: Any = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise InvalidInput(place, None, f"is not JSON: {fault}.", "Give a FHIR bundle as JSON.") from None
    bundle = object_of(data)
    if bundle.get("resourceType") != "Bundle":
        raise InvalidInput(place, bundle.get("resourceType"), "is not a FHIR bundle.", "Give a Bundle of R4.")
    return bundle


def _resources(bundle: Json) -> list[tuple[Json, str]]:
    """Give each resource of a bundle with the name by which others refer to it."""
    found: list[tuple[Json, str]] = []
    for entry in objects_of(bundle.get("entry")):
        resource = object_of(entry.get("resource"))
        found.append((resource, text_of(entry.get("fullUrl")) or text_of(resource.get("id")) or ""))
    return found


def _patient(name: str, resource: Json, facts: list[Fact], place: str) -> Patient:
    """Make the person; the name of the person is not taken over, only the identifier of the resource."""
    gender = text_of(resource.get("gender"))
    own = [Fact(term="sex", value=gender, source="Patient")] if gender in _SEXES else []
    given = {"id": text_of(resource.get("id")) or name, "facts": (*own, *facts)}
    try:
        return Patient.model_validate(given | ({"birth_date": text_of(resource.get("birthDate"))}))
    except ValidationError as fault:
        says = fault.errors(include_url=False)[0]["msg"]
        raise InvalidInput(place, given["id"], f"is a Patient that cannot be read: {says}.") from None


def _owner(resource: Json, people: dict[str, Json]) -> str:
    subject = object_of(resource.get("subject") or resource.get("patient"))
    wanted = text_of(subject.get("reference"))
    for name, person in people.items():
        if wanted in {name, f"Patient/{person.get('id')}"}:
            return name
    if wanted is None and len(people) == 1:
        return next(iter(people))
    raise _Unusable("of nobody in this bundle")


def _fact(resource: Json, kind: str, codes: dict[tuple[str, str, str], CodeMapping], known: Vocabulary) -> Fact:
    mapping = _mapped(resource, kind, codes)
    term = known[mapping.term]
    given: Json = {
        "term": mapping.term, "method": mapping.method, "specimen": mapping.specimen, "state": mapping.state,
        "purpose": mapping.purpose, "source": _source(resource, kind, mapping), **_dates(resource),
    }  # fmt: skip
    match kind:
        case "Observation":
            given |= _observed(resource)
        case "Condition":
            given |= _condition(resource, event=term.kind is TermKind.EVENT)
        case _:
            if text_of(resource.get("status")) not in _DONE:
                raise _Unusable(f"status {text_of(resource.get('status')) or 'missing'}")
            given |= {} if term.kind is TermKind.EVENT else {"value": True}
    try:
        return Fact.model_validate(given)
    except ValidationError as fault:
        raise _Unusable(f"not readable: {fault.errors(include_url=False)[0]['msg']}") from None


def _source(resource: Json, kind: str, mapping: CodeMapping) -> str:
    """Name the resource, and whether anybody has confirmed what its code means."""
    doubt = "" if mapping.confirmed else ", by a code that is not confirmed"
    return f"{kind}/{text_of(resource.get('id')) or 'without id'}{doubt}"


def _mapped(resource: Json, kind: str, codes: dict[tuple[str, str, str], CodeMapping]) -> CodeMapping:
    """Find what the codes of a resource stand for."""
    if kind not in get_args(ResourceType):
        raise _Unusable("not a kind of resource that is read")
    coded = list(_codings(resource))
    if not coded:
        raise _Unusable("no code")
    for coding in coded:
        found = codes.get((kind, text_of(coding.get("system")) or "", text_of(coding.get("code")) or ""))
        if found is not None:
            return found
    raise _Unusable("no term for this code")


def _codings(resource: Json) -> Iterator[Json]:
    yield from objects_of(object_of(resource.get("code") or resource.get("medicationCodeableConcept")).get("coding"))


def _called(resource: Json) -> str:
    """Say by which code a resource goes."""
    coding = next(_codings(resource), _NOTHING)
    text = text_of(object_of(resource.get("code")).get("text")) or ""
    return (
        " ".join(filter(None, (text_of(coding.get("code")), text_of(coding.get("display")) or text)))
        or "without a code"
    )


def _observed(resource: Json) -> Json:
    """Read the value of an observation and the laboratory's limits."""
    status = text_of(resource.get("status"))
    if status not in _MEASURED:
        raise _Unusable(f"status {status or 'missing'}")
    limits = next(objects_of(resource.get("referenceRange")), _NOTHING)
    bounds = {"lower_limit": _amount(limits.get("low")), "upper_limit": _amount(limits.get("high"))}
    if quantity := _amount(resource.get("valueQuantity")):
        return {"value": quantity, **bounds}
    for name in ("valueBoolean", "valueInteger"):
        if isinstance(resource.get(name), bool | int):
            return {"value": resource[name], **bounds}
    raise _Unusable("no value that can be used")


def _amount(given: object) -> Json | None:
    quantity = object_of(given)
    value = quantity.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return {"value": value, "unit": text_of(quantity.get("code")) or text_of(quantity.get("unit"))}


def _condition(resource: Json, *, event: bool) -> Json:
    """Read a diagnosis: an event that happened, or a status where it is active."""
    clinical = resource.get("clinicalStatus")
    if _codes_of(resource.get("verificationStatus")) & _WRONG:
        raise _Unusable("refuted, or entered in error")
    if event:
        return {"until": (text_of(resource.get("abatementDateTime")) or "")[:DATE_LENGTH] or None}
    if not _codes_of(clinical) & _ACTIVE:
        raise _Unusable("not active")
    return {"value": True}


def _codes_of(concept: object) -> set[str]:
    return {text_of(coding.get("code")) or "" for coding in objects_of(object_of(concept).get("coding"))}


def _dates(resource: Json) -> Json:
    """Give the first date that a resource has; of a period also its end."""
    for name in _WHEN:
        given = resource.get(name)
        if isinstance(given, str):
            return {"on": given[:DATE_LENGTH]}
        if isinstance(given, dict):
            period = object_of(cast("object", given))
            ends = {"on": text_of(period.get("start")), "until": text_of(period.get("end"))}
            return {key: value[:DATE_LENGTH] for key, value in ends.items() if value}
    return {}
