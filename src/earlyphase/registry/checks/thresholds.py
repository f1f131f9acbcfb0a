"""Criteria that name a quantity but not how to judge it."""

import re
from collections.abc import Iterator
from functools import cache

from earlyphase.registry.checks.case import Case, item_text
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern, table, words


@cache
def _concepts() -> re.Pattern[str]:
    return re.compile("|".join(words("numeric_concepts")), re.IGNORECASE)


@cache
def _analytes() -> re.Pattern[str]:
    rows: list[dict[str, str]] = table("units")["analyte"]
    return re.compile("|".join(row["pattern"] for row in rows) + r"|\bneutrophil|\bplatelet", re.IGNORECASE)


def _no_threshold(case: Case) -> Iterator[Remark]:
    for item in case.items:
        text = item_text(item)
        found = _concepts().search(text)
        if found and not re.search(r"\d", text) and not pattern("judged_otherwise").search(text):
            yield Remark(
                f'"{found.group()}" has no limit, formula or grade, so that nobody can evaluate it as published: '
                "state the limit.",
                case.item_span(item),
            )


def _no_window(case: Case) -> Iterator[Remark]:
    limits = [
        item for item in case.items if _analytes().search(text := item_text(item)) and pattern("limit").search(text)
    ]
    heading = " ".join(section.heading for section in case.criteria.sections)
    timed = any(pattern("window").search(text) for text in [heading, *(item_text(item) for item in limits)])
    if limits and not timed:
        yield Remark(
            "Laboratory limits are given without saying when the sample is to be taken: add a window, such as within "
            "14 days before enrolment.",
            case.item_span(limits[0]),
        )


def _no_method(case: Case) -> Iterator[Remark]:
    for item in case.items:
        text = item_text(item)
        if pattern("marker_limit").search(text) and not pattern("named_specimen").search(text):
            yield Remark(
                "A marker must pass a limit, but neither specimen nor method is named: say in what and by which assay.",
                case.item_span(item),
            )


def _ambiguous(case: Case) -> Iterator[Remark]:
    for item in case.items:
        text = item_text(item)
        found = pattern("joined_limits").search(text) or pattern("joined_analytes").search(text)
        if found:
            joint = '"and/or"' if "and/or" in found.group() else '"/"'
            yield Remark(f"{joint} joins two limits, which can mean both or either: write which.", case.item_span(item))


_TESTABLE = "SPIRIT 2013, item 10: criteria that can be applied"
NUMERIC_WITHOUT_THRESHOLD = Check("numeric-without-threshold", 10, Severity.MAJOR, _TESTABLE, _no_threshold)
LAB_LIMIT_WITHOUT_WINDOW = Check(
    "lab-limit-without-window", 10, Severity.ADVISORY, "SPIRIT 2013, items 10 and 13", _no_window
)
ASSAY_WITHOUT_METHOD = Check("assay-without-method", 10, Severity.ADVISORY, "REMARK (McShane 2005)", _no_method)
SLASH_IN_THRESHOLD = Check("slash-in-threshold", 10, Severity.ADVISORY, "Ross 2010, AMIA", _ambiguous)
