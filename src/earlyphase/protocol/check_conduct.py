"""Checks that a protocol can be conducted: every dose that its rule can ask for, every day that its endpoints need."""

from collections.abc import Iterator

from earlyphase.protocol.endpoints import Happening
from earlyphase.protocol.findings import Finding, FindingKind
from earlyphase.protocol.model import Protocol
from earlyphase.protocol.schedule import Anchor

COHORT = 3
"""Participants in a cohort of the 3+3 rule."""

MOST_AT_A_DOSE = 6
"""The most participants that the 3+3 rule observes at one dose."""


def check_conduct(protocol: Protocol) -> Iterator[Finding]:
    """Find what a protocol cannot carry out, or leaves undecided."""
    yield from _doses(protocol)
    yield from _numbers(protocol)
    yield from _evaluability(protocol)
    yield from _schedule(protocol)
    yield from _horizons(protocol)


def usable(protocol: Protocol) -> int:
    """Count the participants whom the escalation can use at most, from the starting level upwards."""
    return MOST_AT_A_DOSE * len(upwards(protocol))


def upwards(protocol: Protocol) -> tuple[int, ...]:
    """Give the levels from the starting one upwards."""
    return tuple(level for level in protocol.doses.numbers if level >= protocol.doses.start)


def _doses(protocol: Protocol) -> Iterator[Finding]:
    doses, size = protocol.doses, protocol.escalation.cohort_size
    start = level_name(doses.start)
    if doses.start == doses.numbers[0]:
        says = f"When the starting level {start} is exceeded no dose is left: no level below it is planned."
        yield Finding(FindingKind.UNDECIDED, "doses.levels", says)
    if doses.start == doses.numbers[-1]:
        says = f"The escalation starts at level {start}, the highest: there is no dose to escalate to."
        yield Finding(FindingKind.CONTRADICTION, "doses.start", says)
    if size != COHORT:
        says = f"The rule 3+3 treats {COHORT} at a time, but a cohort has {size}."
        yield Finding(FindingKind.CONTRADICTION, "escalation.cohort_size", says)


def _numbers(protocol: Protocol) -> Iterator[Finding]:
    planned, most, levels = protocol.planned_enrolment.count, usable(protocol), len(upwards(protocol))
    below = MOST_AT_A_DOSE * (len(protocol.doses.levels) - levels)
    extra = f" (and {below} below the starting level)" if below else ""
    arithmetic = f"{planned} participants are planned, and {levels} levels of 3+3 use at most {most}{extra}"
    if planned > most:
        total = protocol.expansion.total if protocol.expansion else 0
        says = f"{arithmetic}: the escalation alone leaves {planned - most} without a dose."
        resolved = f"The rest are the expansion at the recommended dose, up to {total}." if total == planned else ""
        yield Finding(FindingKind.CONTRADICTION, "planned_enrolment", says, resolved=resolved)
    elif planned < most:
        says = f"{arithmetic}: the escalation can end before it has found a dose."
        yield Finding(FindingKind.CONTRADICTION, "planned_enrolment", says)


def _evaluability(protocol: Protocol) -> Iterator[Finding]:
    least, lowest = protocol.escalation.evaluability.minimum_dose_percent, 100 - protocol.doses.tolerance_percent
    if least > lowest:
        says = f"A dose of {lowest:g} % is within the tolerance, but is evaluable only from {least:g} %."
        yield Finding(FindingKind.CONTRADICTION, "escalation.evaluability.minimum_dose_percent", says)


def _schedule(protocol: Protocol) -> Iterator[Finding]:
    schedule, window = protocol.schedule, protocol.dlt.window_days
    if schedule.anchor is not Anchor.INFUSION or not schedule.visits:
        return
    if not any(visit.first <= window <= visit.last for visit in schedule.visits):
        says = f"The DLT window ends on day {window}, and no visit can fall on that day."
        yield Finding(FindingKind.CONTRADICTION, "schedule.visits", says)
    last = max(visit.last for visit in schedule.visits)
    for endpoint in protocol.endpoints:
        if endpoint.horizon_days > last:
            says = f"{endpoint.id} is followed to day {endpoint.horizon_days}, but the last visit ends on day {last}."
            yield Finding(FindingKind.CONTRADICTION, f"endpoints.{endpoint.id}", says)


def _horizons(protocol: Protocol) -> Iterator[Finding]:
    """Find a death that is followed for a shorter time alone than together with progression."""
    deaths = [one for one in protocol.endpoints if one.events == frozenset({Happening.DEATH})]
    for survival in deaths:
        for other in protocol.endpoints:
            longer = other.horizon_days > survival.horizon_days and Happening.PROGRESSION in other.events
            if longer and other.origin is survival.origin and Happening.DEATH in other.events:
                says = (
                    f"Deaths count for {other.id} to day {other.horizon_days}, for {survival.id} to day "
                    f"{survival.horizon_days} only: survival is known for longer than it is reported."
                )
                yield Finding(FindingKind.CONTRADICTION, f"endpoints.{survival.id}", says)


def level_name(level: int) -> str:
    """Write a level number with a true minus sign."""
    return str(level).replace("-", "−")
