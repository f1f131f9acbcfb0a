"""Criteria that admit what they mean to bar, or stand in both lists."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern
from earlyphase.registry.criteria import SectionKind
from earlyphase.registry.markup import letters

_ALIKE = 0.9
_SHORTEST = 12


def _pregnancy(case: Case) -> Iterator[Remark]:
    for item in case.items_of(SectionKind.INCLUSION):
        opening = item.text.split(",")[0].split(" or ")[0]
        if pattern("pregnancy_opening").search(item.text) and not pattern("pregnancy_denied").search(opening):
            yield Remark(
                "An inclusion criterion opens with pregnant or lactating women, so that read literally it admits them: "
                "move them to the exclusion criteria and ask for a negative test.",
                case.item_span(item),
            )


def _both_lists(case: Case) -> Iterator[Remark]:
    exclusions = [(letters(item.text.lower()), item) for item in case.items_of(SectionKind.EXCLUSION)]
    for item in case.items_of(SectionKind.INCLUSION):
        said = letters(item.text.lower())
        if len(said) >= _SHORTEST and any(_alike(said, other) for other, _ in exclusions):
            yield Remark(
                "The same words stand among the inclusion and the exclusion criteria, so that nobody can take part: "
                "keep them in one list.",
                case.item_span(item),
            )


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


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
