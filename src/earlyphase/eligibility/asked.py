"""What an interview asks for: the criteria of a protocol, or of a record for which there is no protocol."""

import re
from collections.abc import Iterator

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.criteria_set import CriteriaSet
from earlyphase.eligibility.interview import Asked
from earlyphase.registry.criteria import Item, parse_criteria
from earlyphase.registry.model import Record

_AGE = re.compile(r"(\d{1,3}) (Year|Month|Week|Day|Hour)s?")
_UNITS = {"Year": n.Span.YEARS, "Month": n.Span.MONTHS, "Week": n.Span.WEEKS, "Day": n.Span.DAYS, "Hour": n.Span.HOURS}


def asked_of_protocol(criteria: CriteriaSet) -> tuple[Asked, ...]:
    """Ask for the criteria of a protocol, as they are interpreted."""
    return tuple(Asked(rule.id, rule.inclusion, rule.criterion.as_interpreted, rule.node) for rule in criteria.rules)


def asked_of_record(record: Record) -> tuple[Asked, ...]:
    """Ask for what a record says: its age and sex, and each criterion in its own words, to be answered yes or no."""
    module = record.protocol_section.eligibility_module
    criteria = parse_criteria(module.eligibility_criteria or "")
    lists = ((criteria.inclusion, "I", True), (criteria.exclusion, "E", False))
    return (
        *_ages(module.minimum_age, module.maximum_age),
        *_sex(module.sex),
        *(
            _item(f"{letter}{at}", item, kind)
            for items, letter, kind in lists
            for at, item in enumerate(items, start=1)
        ),
    )


def _ages(lowest: str | None, highest: str | None) -> Iterator[Asked]:
    for name, text, op in (("minimum age", lowest, n.Op.AT_LEAST), ("maximum age", highest, n.Op.AT_MOST)):
        found = _AGE.fullmatch(text or "")
        if found:
            node = n.Aged(op, n.Time(int(found[1]), _UNITS[found[2]]))
            yield Asked(name, True, f"{name}: {text}", node)  # noqa: FBT003 - it is an inclusion criterion


def _sex(sex: str | None) -> Iterator[Asked]:
    if sex in ("FEMALE", "MALE"):
        word = sex.lower()
        yield Asked("sex", True, f"sex: {word}", n.OneOf(n.Subject("sex"), (word,)))  # noqa: FBT003 - as above


def _item(name: str, item: Item, inclusion: bool) -> Asked:  # noqa: FBT001 - which of the two lists it is of
    text = " ".join(_words(item))
    return Asked(name, inclusion, text, n.Stated(n.Saying.ATTEST, text, None) if text else None)


def _words(item: Item) -> Iterator[str]:
    yield from filter(None, (item.text,))
    for part in item.content:
        if isinstance(part, Item):
            yield " ".join(filter(None, (part.label, *_words(part))))
        else:
            yield part.text
