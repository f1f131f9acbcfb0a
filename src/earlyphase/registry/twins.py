"""Finds records of a collection that are twins: one study registered twice, or two that share a plan."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from earlyphase.registry.checks.finding import Finding, Severity
from earlyphase.registry.checks.tables import table
from earlyphase.registry.markup import letters
from earlyphase.registry.model import Record

_ID = "twin-record"
_GROUP = 23
_BASIS = "ICMJE: one study is registered once, and studies that share a plan name each other"


@dataclass(frozen=True, slots=True)
class Twin:
    """Two records that look like one."""

    first: str
    second: str
    shared: tuple[str, ...]
    """What they share besides the sponsor."""

    def other(self, number: str) -> str:
        """Give the number of the other of the two."""
        return self.second if self.first == number else self.first


@dataclass(frozen=True, slots=True)
class _Traits:
    """What two records are compared by."""

    number: str
    sponsor: str
    start: str
    enrolment: int | None
    title: str


def find_twins(records: Iterable[Record]) -> tuple[Twin, ...]:
    """Find the twins of a collection.

    Twins have the same lead sponsor and two of: the same start date, the same enrolment, titles that are nearly alike.
    """
    groups: dict[tuple[str, object], list[_Traits]] = defaultdict(list)
    for record in records:
        traits = _traits(record)
        if traits.sponsor:
            groups[traits.sponsor, traits.start or None].append(traits)
            groups[traits.sponsor, traits.enrolment].append(traits)
    found = {
        twin
        for (_, trait), group in groups.items()
        if trait is not None
        for one, other in combinations(group, 2)
        for twin in _compare(one, other)
    }
    return tuple(sorted(found, key=lambda twin: (twin.first, twin.second)))


def twins_of(record: Record, collection: Iterable[Record]) -> tuple[Twin, ...]:
    """Find the twins that one record has in a collection."""
    number = _traits(record).number
    others = [other for other in collection if other.nct_id != record.nct_id]
    return tuple(twin for twin in find_twins([record, *others]) if number in {twin.first, twin.second})


def twin_findings(record: Record, twins: Iterable[Twin]) -> tuple[Finding, ...]:
    """Tell of the twins of a record as findings."""
    number = _traits(record).number
    return tuple(_finding(twin.other(number), twin.shared) for twin in twins)


def _finding(other: str, shared: tuple[str, ...]) -> Finding:
    sentence = (
        f"{other} has the same sponsor, {' and '.join(shared)}: say in both records how the studies differ and whether "
        "they share participants, doses or one protocol."
    )
    return Finding(_ID, _GROUP, Severity.ADVISORY, _BASIS, sentence, None)


def _traits(record: Record) -> _Traits:
    section = record.protocol_section
    names, start = section.identification_module, section.status_module.start_date_struct
    sponsor = section.sponsor_collaborators_module.lead_sponsor
    enrolment = section.design_module.enrollment_info
    return _Traits(
        record.nct_id or names.brief_title or "a record without a number",
        letters((sponsor.name or "").lower()) if sponsor else "",
        (start.date or "") if start else "",
        enrolment.count if enrolment else None,
        letters((names.brief_title or names.official_title or "").lower()),
    )


def _compare(one: _Traits, other: _Traits) -> Iterator[Twin]:
    shared = [
        *(["start date"] if one.start and one.start == other.start else []),
        *(["enrolment"] if one.enrolment is not None and one.enrolment == other.enrolment else []),
    ]
    if len(shared) == 1 and _alike(one.title, other.title):
        shared.append("nearly the same title")
    if len(shared) > 1 and one.number != other.number:
        first, second = sorted((one.number, other.number))
        yield Twin(first, second, tuple(shared))


def _alike(one: str, other: str) -> bool:
    least: float = table("limits")["twins"]["title_alike"]
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least
