"""How the criteria are numbered."""

import re
from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.criteria import Item

_BASIS = "ClinicalTrials.gov Protocol Registration Quality Control Review Criteria, formatting"


def _mixed(case: Case) -> Iterator[Remark]:
    for section in case.criteria.sections:
        styles = {_style(case, item): item for item in reversed(section.items) if not item.orphan}
        styles.pop("bullet", None)
        if len(styles) > 1:
            odd = min(styles.values(), key=lambda item: -item.start)
            listed = " and ".join(f'"{style}"' for style in sorted(styles))
            yield Remark(
                f"The criteria are numbered in {len(styles)} ways ({listed}), which portals print as separate lists: "
                "number them in one way.",
                case.item_span(odd),
            )


def _style(case: Case, item: Item) -> str:
    """Give the form of an item's number as it stands in the text."""
    raw = case.criteria_text.text[item.start : item.end]
    found = re.match(r"(?:[*+-]\s+)?(\(?)(\d{1,2}|[a-zA-Z]{1,4})(\\?)([.)、])(\s?)", raw)
    if not found or not item.label:
        return "bullet"
    letter = "1" if found[2].isdigit() else "a"
    return f"{found[1]}{letter}{found[4]}{' ' if found[5] else ''}x"


def _orphans(case: Case) -> Iterator[Remark]:
    for item in _all_items(case.items):
        if item.orphan:
            yield Remark(
                f'"{item.label}" stands outside the list that it belongs to: put it into the list, numbered like it.',
                case.item_span(item),
            )


def _all_items(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _all_items(item.items)


MIXED_NUMBERING = Check("mixed-numbering", 9, Severity.ADVISORY, _BASIS, _mixed)
ORPHAN_LABEL = Check("orphan-label", 9, Severity.ADVISORY, _BASIS, _orphans)
