"""The phase against what the record claims and measures."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern

_BASIS = "ClinicalTrials.gov data element definitions, study phase"


def _claims(case: Case) -> Iterator[Remark]:
    phases = case.section.design_module.phases
    if "EARLY_PHASE1" in phases or "PHASE1" in phases:
        for span in list(case.spans(pattern("safety_known"), case.prose))[:1]:
            yield Remark(
                f'"{span.quoted}" contradicts a first study whose primary outcome is safety: correct the phase or the '
                "claim, and cite the earlier study.",
                span,
            )


def _therapeutic(case: Case) -> Iterator[Remark]:
    if "EARLY_PHASE1" in case.section.design_module.phases:
        span = next(case.spans(pattern("efficacy_measure"), case.outcome_texts), None)
        if span and case.escalates:
            yield Remark(
                "Early Phase 1 means limited exposure without therapeutic intent, but the study escalates a dose and "
                "measures efficacy: this is Phase 1.",
                span,
            )


SAFETY_CLAIMED = Check("safety-claimed", 21, Severity.ADVISORY, _BASIS, _claims)
PHASE_AGAINST_ENDPOINTS = Check("phase-against-endpoints", 21, Severity.ADVISORY, _BASIS, _therapeutic)
