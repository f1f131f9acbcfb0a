"""What a study of CAR-T cells must say about safety."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity


def _ungraded(case: Case) -> Iterator[Remark]:
    if not (case.interventional and case.says("car_t")):
        return
    missing = [
        name
        for name, phrase in (("cytokine release syndrome", "crs"), ("neurotoxicity (ICANS)", "icans"))
        if not case.says(phrase)
    ]
    if missing:
        yield Remark(
            f"CAR-T cells are given, but the record says nothing of {' and '.join(missing)}: name the outcome and the "
            "grading, such as ASTCT."
        )


CAR_T_WITHOUT_GRADING = Check("car-t-without-crs-icans", 20, Severity.MAJOR, "ASTCT consensus (Lee 2019)", _ungraded)
