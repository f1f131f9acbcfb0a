"""Words of a randomised study in one that has a single arm."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern


def _randomized(case: Case) -> Iterator[Remark]:
    design = case.section.design_module.design_info
    allocation = design.allocation if design else None
    if case.single_arm and allocation != "RANDOMIZED" and not case.says("not_randomized"):
        for span in list(case.spans(pattern("randomization"), [*case.outcome_texts, *case.prose]))[:1]:
            yield Remark(
                f'"{span.quoted}" stands in a study of a single arm: name the real time zero or action instead.', span
            )


RANDOMIZATION_IN_SINGLE_ARM = Check(
    "randomization-in-single-arm",
    14,
    Severity.MAJOR,
    "WHO Trial Registration Data Set 1.3.1, items 15 and 19",
    _randomized,
)
