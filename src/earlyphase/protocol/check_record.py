"""Checks a protocol against its registry record: quotes, criteria, counts, doses, horizons."""

import re
from collections.abc import Iterator
from typing import Any, cast

from earlyphase.protocol.check_conduct import upwards
from earlyphase.protocol.criteria import Criterion
from earlyphase.protocol.findings import Finding, FindingKind
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.stated import Basis
from earlyphase.protocol.statements import Statement, statements
from earlyphase.registry.criteria import Item, parse_criteria
from earlyphase.registry.markup import unescape
from earlyphase.registry.model import Record
from earlyphase.registry.part import as_json

RECORD = "record"
"""How a source names the registry record."""

_EARLY = {"EARLY_PHASE1", "PHASE1"}
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_SLACK_DAYS = 1.0
"""A year is 365 or 366 days, a month 30 or 31: so much is no contradiction."""
_LEVELS = re.compile(
    r"\b(\d+|two|three|four|five|six|seven|eight)\s+(?:different\s+)?dose[\s-]levels?\b", re.IGNORECASE
)
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_DESIGNS = {
    "3+3": r"\b3\s*\+\s*3\b",
    "BOIN": r"\bBOIN\b",
    "CRM": r"\bCRM\b|continual reassessment",
    "mTPI": r"\bm?TPI\b",
}


def check_record(protocol: Protocol, record: Record) -> Iterator[Finding]:
    """Find where a protocol and its registry record do not say the same."""
    yield from _identity(protocol, record)
    yield from _design(protocol, record)
    for statement in statements(protocol):
        yield from _quote(statement, record)
    yield from _criteria(protocol, record)
    yield from _time_frames(protocol, record)


def _contradiction(place: str, says: str, record_place: str) -> Finding:
    return Finding(FindingKind.CONTRADICTION, place, says, f"{RECORD}, {record_place}")


def _identity(protocol: Protocol, record: Record) -> Iterator[Finding]:
    section = record.protocol_section
    if record.nct_id and record.nct_id != protocol.study:
        says = f"The protocol is of study {protocol.study}, the record of {record.nct_id}."
        yield _contradiction("study", says, "protocolSection.identificationModule.nctId")
    info = section.design_module.enrollment_info
    if info and info.count is not None and info.count != protocol.planned_enrolment.count:
        says = f"The protocol plans {protocol.planned_enrolment.count} participants, the record {info.count}."
        yield _contradiction("planned_enrolment.count", says, "protocolSection.designModule.enrollmentInfo.count")
    names = [one.name for one in section.arms_interventions_module.interventions if one.name]
    if names and not any(_same_words(protocol.product, name) for name in names):
        says = f"The protocol's product is {protocol.product}; the record's interventions are {', '.join(names)}."
        yield _contradiction("product", says, "protocolSection.armsInterventionsModule.interventions")


def _design(protocol: Protocol, record: Record) -> Iterator[Finding]:
    section = record.protocol_section
    phases = section.design_module.phases
    if phases and not _EARLY & set(phases):
        says = f"The protocol escalates the dose, but the record's phase is {', '.join(phases)}."
        yield _contradiction("escalation", says, "protocolSection.designModule.phases")
    arms = section.arms_interventions_module.arm_groups
    if len(arms) > 1:
        says = f"The protocol has one arm, the record {len(arms)}."
        yield _contradiction("escalation", says, "protocolSection.armsInterventionsModule.armGroups")
    for position, arm in enumerate(arms):
        place = f"protocolSection.armsInterventionsModule.armGroups[{position}].description"
        yield from _arm(protocol, arm.description or "", place)


def _arm(protocol: Protocol, text: str, place: str) -> Iterator[Finding]:
    rule, planned = protocol.escalation.rule.rule, len(upwards(protocol))
    named = [name for name, pattern in _DESIGNS.items() if re.search(pattern, text)]
    if named and rule not in named:
        yield _contradiction(
            "escalation.rule", f"The protocol's rule is {rule}, the record's {', '.join(named)}.", place
        )
    for found in _LEVELS.finditer(text):
        word = found[1].lower()
        said = _NUMBERS.get(word) or int(word)
        if said != planned:
            says = f"The protocol has {planned} dose levels from the starting one upwards, the record {said}."
            yield _contradiction("doses.levels", says, place)


def _quote(statement: Statement, record: Record) -> Iterator[Finding]:
    """Look for a quote at its place."""
    source = statement.item.source
    if source.document != RECORD:
        return
    try:
        found = at(record, source.place)
    except LookupError:
        yield _contradiction(statement.place, "The place that it cites is not in the record.", source.place)
        return
    if source.quote and _plain(source.quote) not in _plain(_text(found)):
        says = f"It quotes “{source.quote}”, which does not stand at the place that it cites."
        yield _contradiction(statement.place, says, source.place)
    if statement.item.basis is Basis.AS_WRITTEN and not source.quote and not isinstance(statement.item, Criterion):
        says = "It is said to be as written, but quotes no words."
        yield _contradiction(statement.place, says, source.place)


def at(record: Record, place: str) -> Any:  # noqa: ANN401 - any JSON
    """Give what stands at a place such as `protocolSection.outcomesModule.primaryOutcomes[0].timeFrame`.

    Raises:
        LookupError: there is no such place.
    """
    here: Any = as_json(record)
    for step in re.findall(r"[^.\[\]]+", place):
        if isinstance(here, list):
            here = cast("list[Any]", here)[int(step)] if step.isdecimal() else _nowhere(step)
        else:
            here = cast("dict[str, Any]", here)[step] if isinstance(here, dict) else _nowhere(step)
    return here


def _nowhere(step: str) -> Any:  # noqa: ANN401 - never returns
    raise LookupError(step)


def _criteria(protocol: Protocol, record: Record) -> Iterator[Finding]:
    text = record.protocol_section.eligibility_module.eligibility_criteria
    if text is None:
        return
    written = parse_criteria(text)
    place = "protocolSection.eligibilityModule.eligibilityCriteria"
    for kind, items in (("inclusion", written.inclusion), ("exclusion", written.exclusion)):
        own = [criterion for criterion in protocol.criteria if criterion.kind == kind]
        if len(own) != len(items):
            says = f"The protocol has {len(own)} {kind} criteria, the record {len(items)}."
            yield _contradiction("criteria", says, place)
        by_number = dict(enumerate(items, 1))
        for criterion in own:
            yield from _criterion(criterion, by_number.get(int(criterion.id[1:])), place)


def _criterion(criterion: Criterion, item: Item | None, place: str) -> Iterator[Finding]:
    own = f"criteria.{criterion.id}"
    if item is None:
        yield _contradiction(own, f"The record has no {criterion.kind} criterion {criterion.id[1:]}.", place)
        return
    if _plain(criterion.as_written) != _plain(item.text):
        says = f"Its text as written is not the record's: “{item.text}”."
        yield _contradiction(own, says, place)
    if len(criterion.items) != len(item.items):
        says = f"The protocol gives it {len(criterion.items)} parts, the record {len(item.items)}."
        yield _contradiction(own, says, place)
    for part, written in zip(criterion.items, item.items, strict=False):
        if _plain(part.as_written) != _plain(written.text):
            says = f"The text of its part {part.id} as written is not the record's: “{written.text}”."
            yield _contradiction(own, says, place)


def _time_frames(protocol: Protocol, record: Record) -> Iterator[Finding]:
    """Compare each endpoint's horizon with the time frame of the outcome that it cites."""
    for endpoint in protocol.endpoints:
        cites = re.match(r"protocolSection\.outcomesModule\.\w+\[\d+\]", endpoint.source.place)
        if endpoint.source.document != RECORD or cites is None:
            continue
        try:
            frame = str(at(record, f"{cites[0]}.timeFrame"))
        except LookupError:
            continue
        days = in_days(frame)
        if days is not None and abs(days - endpoint.horizon_days) > _SLACK_DAYS:
            says = f"{endpoint.id} is counted to day {endpoint.horizon_days}; the record says “{frame}”, {days:g} days."
            yield _contradiction(f"endpoints.{endpoint.id}", says, f"{cites[0]}.timeFrame")


def in_days(time_frame: str) -> float | None:
    """Read how long a time frame such as `Up to 12 weeks after the infusion` is.

    Units: days.

    Returns: None where it names no time, or more than one.
    """
    found = re.findall(r"(\d+(?:\.\d+)?)\s*(day|week|month|year)s?\b", time_frame, re.IGNORECASE)
    if len(found) != 1:
        return None
    count, unit = found[0]
    return float(count) * _DAYS[unit.lower()]


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return " ".join(_text(one) for one in cast("dict[str, Any]", value).values())
    if isinstance(value, list):
        return " ".join(_text(one) for one in cast("list[Any]", value))
    return str(value)


def _plain(text: str) -> str:
    """Compare words, not markup, line breaks or runs of blanks."""
    return " ".join(unescape(text).split())


def _same_words(one: str, other: str) -> bool:
    """Tell whether two names have the same words: `CD19 CAR-T cells` and `CD19 CAR T-cells` do."""
    return re.sub(r"[\W_]+", "", one).lower() == re.sub(r"[\W_]+", "", other).lower()
