"""What the investigator finds of the criteria, and the facts of screening."""

from typing import Any

from earlyphase.journal.payloads.entering import Verdict
from earlyphase.protocol.criteria import Criterion, Stage
from earlyphase.simulation.chance import Chance
from earlyphase.simulation.patient import Patient
from earlyphase.simulation.site import Site
from earlyphase.simulation.truth import Finding
from earlyphase.study.roles import Role
from earlyphase.study.rules_entering import due_at


def confirm(site: Site, patient: Patient, stage: Stage) -> None:
    """Confirm eligibility at a stage: every criterion that is due, settled the right way."""
    verdicts = [_verdict(site, patient, criterion) for criterion in due_at(site.study, stage)]
    if verdicts:
        site.record(
            Role.INVESTIGATOR, "eligibility_confirmed", patient.number, on=site.today, stage=stage, verdicts=verdicts
        )


def _verdict(site: Site, patient: Patient, criterion: Criterion) -> dict[str, Any]:
    if criterion.defect and patient.paper.happens(site.truth.left_unknown):
        statement = (
            f"Cannot be settled as the criterion is written ({criterion.defect}) In my judgement it does not bar."
        )
        return {"criterion": criterion.id, "verdict": Verdict.UNKNOWN, "statement": statement}
    right = Verdict.MET if criterion.kind == "inclusion" else Verdict.NOT_MET
    return {"criterion": criterion.id, "verdict": right}


def fact(finding: Finding, chance: Chance, on: str) -> dict[str, Any]:
    """Draw one screening fact."""
    value: Any
    if finding.words:
        value = chance.one_of(finding.words)
    elif finding.yes_with is not None:
        value = chance.happens(finding.yes_with)
    else:
        number = round(chance.between(finding.least, finding.most), finding.decimals)
        value = {"value": number if finding.decimals else int(number), "unit": finding.unit}
    found: dict[str, Any] = {"term": finding.term, "value": value, "on": on}
    upper = {"value": finding.high, "unit": finding.unit} if finding.high is not None else None
    extra = {"method": finding.method, "specimen": finding.specimen, "upper_limit": upper}
    return found | {name: given for name, given in extra.items() if given}


def blasts_found(patient: Patient, on: str) -> dict[str, Any]:
    """Give the screening fact of the marrow."""
    share = {"value": patient.blasts, "unit": "%"}
    return {"term": "marrow_blasts", "value": share, "on": on, "method": "morphology", "specimen": "marrow"}
