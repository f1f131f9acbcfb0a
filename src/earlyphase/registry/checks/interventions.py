"""How arms and interventions are named and described."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity, TextAt
from earlyphase.registry.checks.tables import pattern

_ARMS = "protocolSection.armsInterventionsModule"


def _undescribed(case: Case) -> Iterator[Remark]:
    for index, one in enumerate(case.section.arms_interventions_module.interventions):
        if case.interventional and not (one.description or "").strip():
            name = TextAt(f"{_ARMS}.interventions[{index}].name", one.name or "")
            yield Remark(
                f'"{name.text}" is not described: give form, dose, frequency and duration, enough to tell it from '
                "others.",
                name.whole(),
            )


def _action(case: Case) -> Iterator[Remark]:
    for index, arm in enumerate(case.section.arms_interventions_module.arm_groups):
        label = TextAt(f"{_ARMS}.armGroups[{index}].label", arm.label or "")
        if pattern("action_label").search(label.text):
            yield Remark("The label of an arm is an action: name the arm.", label.whole())


INTERVENTION_NOT_DESCRIBED = Check(
    "intervention-not-described",
    22,
    Severity.MAJOR,
    "WHO Trial Registration Data Set 1.3.1, item 13",
    _undescribed,
)
ARM_LABEL_IS_ACTION = Check(
    "arm-label-is-action", 22, Severity.ADVISORY, "ClinicalTrials.gov data element definitions, arm title", _action
)
