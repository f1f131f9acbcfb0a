"""Catch-alls, and criteria that come too late."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case, item_text
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern, table
from earlyphase.registry.criteria import SectionKind

_BASIS = "ICH E8(R1), study population"


def _catch_alls(case: Case) -> Iterator[Remark]:
    found = [item for item in case.items_of(SectionKind.EXCLUSION) if pattern("catch_all").search(item.text)]
    longest: int = table("limits")["catch_all"]["longest"]
    short = [item for item in found if len(item.text) <= longest]
    if len(short) > 1:
        yield Remark(
            f"{len(short)} exclusion criteria leave the matter to the investigator in other words: keep one, and ask "
            "for the reason to be recorded.",
            case.item_span(short[1]),
        )


def _too_late(case: Case) -> Iterator[Remark]:
    for item in case.items:
        if pattern("after_enrolment").search(item_text(item)):
            yield Remark(
                "This can only be assessed on cells that are collected after consent: make it a condition of infusion, "
                "and say when it is tested.",
                case.item_span(item),
            )


DUPLICATE_CATCH_ALL = Check("duplicate-catch-all", 11, Severity.ADVISORY, _BASIS, _catch_alls)
ASSESSED_AFTER_ENROLMENT = Check("assessed-after-enrolment", 11, Severity.MAJOR, _BASIS, _too_late)
