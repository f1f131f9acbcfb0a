"""Criteria that admit what they mean to bar, or stand in both lists."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case, item_text
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern, table
from earlyphase.registry.criteria import SectionKind
from earlyphase.registry.markup import letters


def _pregnancy(case: Case) -> Iterator[Remark]:
    subjects = [*(title.text for title in case.titles), *case.section.conditions_module.conditions]
    if any(pattern("pregnancy_studied").search(subject) for subject in subjects):
        return
    for item in case.items_of(SectionKind.INCLUSION):
        opening = item.text.split(",")[0].split(" or ")[0]
        if pattern("pregnancy_opening").search(item.text) and not pattern("pregnancy_denied").search(opening):
            yield Remark(
                "An inclusion criterion opens with pregnant or lactating women, so that read literally it admits them: "
                "move them to the exclusion criteria and ask for a negative test.",
                case.item_span(item),
            )


def _both_lists(case: Case) -> Iterator[Remark]:
    exclusions = {letters(item_text(item).lower()) for item in case.items_of(SectionKind.EXCLUSION)}
    for item in case.items_of(SectionKind.INCLUSION):
        said = letters(item_text(item).lower())
        if len(said) >= table("limits")["same_words"]["shortest"] and said in exclusions:
            yield Remark(
                "The same words stand among the inclusion and the exclusion criteria, so that nobody can take part: "
                "keep them in one list.",
                case.item_span(item),
            )


PREGNANCY_OPENS_INCLUSION = Check(
    "pregnancy-opens-inclusion",
    8,
    Severity.MAJOR,
    "ClinicalTrials.gov Protocol Registration Quality Control Review Criteria, eligibility",
    _pregnancy,
)
IN_BOTH_LISTS = Check(
    "in-both-lists",
    8,
    Severity.MAJOR,
    "ClinicalTrials.gov Protocol Registration Quality Control Review Criteria, eligibility",
    _both_lists,
)
