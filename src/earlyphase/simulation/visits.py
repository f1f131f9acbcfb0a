"""Visits of the protocol's schedule: who was seen, what was measured, and the slips of those who write it down."""

from typing import Any

from earlyphase.journal.payloads.observations import Response
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.schedule import Anchor, Visit
from earlyphase.simulation.disease import blood_blasts, outside_the_marrow
from earlyphase.simulation.fate import COMPLETE
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site
from earlyphase.simulation.truth import Measure
from earlyphase.study.roles import Role

ALSO_CALLED = {
    "marrow": ("marrow", "extramedullary"),
    "laboratory": ("blood_count", "chemistry"),
    "response": ("extramedullary", "response"),
    "response_assessment": ("extramedullary", "response"),
}
"""Assessments that mean others: by the name of a record, or because a response rests on them."""

MRD_LIMIT = 0.01
"""Residual disease below this share is not seen. Units: percent. Source: ELN 2024, MRD negativity."""


def pre_infusion_visits(protocol: Protocol) -> tuple[Visit, ...]:
    """Give the visits before the infusion: the first at screening, the last at conditioning."""
    if protocol.schedule.anchor is not Anchor.INFUSION:
        return ()
    return tuple(sorted((visit for visit in protocol.schedule.visits if visit.day < 0), key=lambda visit: visit.day))


def assessments(visit: Visit) -> tuple[str, ...]:
    """Give what is done at a visit, each by the name that measurements go by."""
    return tuple(dict.fromkeys(name for given in visit.assessments for name in ALSO_CALLED.get(given, (given,))))


def examine(site: Site, patient: Patient, visit: Visit) -> None:
    """Hold a visit today; it is written down within the next days."""
    done = assessments(visit)
    findings: list[tuple[str, dict[str, Any]]] = [("visit", {"name": visit.name})]
    panels = [measure for name in done for measure in site.truth.laboratory.get(name, ())]
    if "vital_signs" in done:
        findings.append(("vital_signs", {"signs": [_sign(site, patient, one) for one in site.truth.vital_signs]}))
    if panels:
        blasts = [blood_blasts(patient, site.today)] if "blood_count" in done else []
        findings.append(("laboratory", {"results": [*(_result(site, patient, one) for one in panels), *blasts]}))
    findings += [(_RECORD.get(name, name), _DISEASE[name](site, patient)) for name in done if name in _DISEASE]
    on = site.today
    site.calendar.on(site.entered(patient, on), lambda: _enter(site, patient, [
        (record, {"on": on, **payload}) for record, payload in findings if payload
    ]))  # fmt: skip


def _enter(site: Site, patient: Patient, findings: list[tuple[str, dict[str, Any]]]) -> None:
    for record, payload in findings:
        if record == "laboratory":
            _enter_with_slips(site, patient, payload)
        else:
            role = Role.INVESTIGATOR if record == "response_assessment" else Role.COORDINATOR
            site.record(role, record, patient.number, **payload)


def _enter_with_slips(site: Site, patient: Patient, payload: dict[str, Any]) -> None:
    chance, truth = patient.paper, site.truth
    found = chance.days(truth.found_after_days)
    if chance.happens(truth.slip_of_the_pen):
        entry = site.record(
            Role.COORDINATOR, "laboratory", patient.number, **_with_a_slip(payload, chance.happens(0.5))
        )
        reason = "Transcription error, found when the source was compared: the decimal point was misplaced."
        site.calendar.after(found, lambda: site.correct(Role.COORDINATOR, entry.seq, reason, payload) and None)
        return
    site.record(Role.COORDINATOR, "laboratory", patient.number, **payload)
    if chance.happens(truth.entered_twice):
        again = site.record(Role.COORDINATOR, "laboratory", patient.number, **payload)
        reason = f"Entered twice: the same sampling is entry {again.seq - 1}."
        site.calendar.after(found, lambda: site.void(Role.COORDINATOR, again.seq, reason) and None)


def _with_a_slip(payload: dict[str, Any], up: bool) -> dict[str, Any]:  # noqa: FBT001 - which way the point went
    first, *rest = payload["results"]
    quantity = first["value"]
    slipped = {"value": quantity["value"] * 10 if up else quantity["value"] / 10, "unit": quantity["unit"]}
    return {**payload, "results": [{**first, "value": slipped}, *rest]}


def _sign(site: Site, patient: Patient, measure: Measure) -> dict[str, Any]:
    value = patient.value(measure, site.today)
    return {"sign": measure.analyte, "value": {"value": value, "unit": measure.unit}}


def _result(site: Site, patient: Patient, measure: Measure) -> dict[str, Any]:
    limits = {"lower_limit": measure.low, "upper_limit": measure.high}
    given = {name: {"value": limit, "unit": measure.unit} for name, limit in limits.items() if limit is not None}
    value = patient.value(measure, site.today)
    return {"analyte": measure.analyte, "value": {"value": value, "unit": measure.unit}, **given}


def _marrow(site: Site, patient: Patient) -> dict[str, Any]:
    blasts = patient.marrow_blasts(site.today)
    return {"blasts": {"value": blasts, "unit": "%"}, "method": "morphology"}


def _mrd(site: Site, patient: Patient) -> dict[str, Any]:
    method = {"method": "flow cytometry", "sensitivity": {"value": MRD_LIMIT, "unit": "%"}}
    negative = patient.fate is not None and patient.fate.disease.mrd_negative
    if negative and patient.response(site.today) in COMPLETE:
        return {"detected": False, **method}
    level = round(patient.paper.between(0.02, 0.9), 2) if patient.response(site.today) in COMPLETE else patient.blasts
    return {"detected": True, "level": {"value": level, "unit": "%"}, **method}


def _response(site: Site, patient: Patient) -> dict[str, Any]:
    response = patient.response(site.today)
    if response is None:
        return {}
    day = patient.day(site.today) or 0
    if response is Response.CR and day < EARLY and patient.paper.happens(site.truth.late_recovery):
        response = Response.CRI
    return {"response": response, "criteria": site.truth.response_criteria}


EARLY = 45
"""Until then counts may not have recovered, and a CR is a CRi. Units: days from the infusion."""

_DISEASE = {"marrow": _marrow, "mrd": _mrd, "extramedullary": outside_the_marrow, "response": _response}
"""What tells of the disease, by the assessment that asks for it."""

_RECORD = {"response": "response_assessment", "extramedullary": "extramedullary_finding"}
"""Assessments whose record has another name."""
