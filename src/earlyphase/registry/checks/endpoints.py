"""Endpoints in the terms of their disease."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern

_ENDPOINTS = "FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics, 2018"


def _solid_words(case: Case) -> Iterator[Remark]:
    conditions = case.section.conditions_module.conditions
    if conditions and all(pattern("leukaemia").search(condition) for condition in conditions):
        for span in list(case.spans(pattern("solid_tumour"), case.outcome_texts))[:1]:
            yield Remark(
                f'"{span.quoted}" is a term of solid tumours; in leukaemia say relapse, blasts or refractory disease.',
                span,
            )


def _undefined_response(case: Case) -> Iterator[Remark]:
    responses = " ".join(one.words for one in case.outcomes if pattern("response").search(one.words))
    if not pattern("response_criteria").search(responses):
        for span in list(case.spans(pattern("partial_response"), case.outcome_texts))[:1]:
            yield Remark(
                "Partial response counts as an outcome but no response criteria are named: name the criteria and their "
                "version.",
                span,
            )


def _deaths_ignored(case: Case) -> Iterator[Remark]:
    for one in case.outcomes:
        if pattern("remission_duration").search(one.measure.text):
            for span in case.spans(pattern("death_by_disease_only"), [one.description]):
                yield Remark(
                    "Duration of response ends only with death from the disease: say whether other deaths and "
                    "transplant compete or are censored.",
                    span,
                )


SOLID_TUMOUR_WORDING = Check("solid-tumour-wording", 16, Severity.ADVISORY, _ENDPOINTS, _solid_words)
RESPONSE_WITHOUT_CRITERIA = Check("response-without-criteria", 16, Severity.MAJOR, _ENDPOINTS, _undefined_response)
DURATION_IGNORES_DEATHS = Check("duration-ignores-deaths", 16, Severity.ADVISORY, _ENDPOINTS, _deaths_ignored)
