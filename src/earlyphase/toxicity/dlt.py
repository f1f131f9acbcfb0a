"""Dose-limiting toxicity: a protocol's definition, evaluated on graded events. It proposes; reviewers decide."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from earlyphase.protocol.dlt import DltClause, DltDefinition, DltException, Lasting
from earlyphase.toxicity.astct import DEATH
from earlyphase.toxicity.events import GradedEvent, Span, Step, span


class Fires(StrEnum):
    """Whether a clause makes an event a DLT."""

    YES = "DLT"
    PENDING = "pending"
    """It will, unless something happens in time."""
    UNKNOWN = "unknown"
    """It hangs on something that was not recorded."""
    NO = "no"


class Verdict(StrEnum):
    """What the rule proposes for a participant."""

    DLT = "DLT"
    PENDING = "pending"
    UNKNOWN = "unknown"
    NO_DLT = "no DLT"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one clause says of one event."""

    event: GradedEvent
    clause: DltClause
    fires: Fires
    reason: str
    """One sentence with the event, the dates and the clause."""
    until: dt.date | None = None
    """For a pending one: the last day that can still change it."""


@dataclass(frozen=True, slots=True)
class DltProposal:
    """What the protocol's definition proposes for one participant, with every clause that was near."""

    verdict: Verdict
    reason: str
    fired: Finding | None
    """The clause that makes it a DLT."""
    findings: tuple[Finding, ...]
    """What fired, is pending or unknown, and what was spared and why; clauses about something else are left out."""
    until: dt.date | None = None
    """While the window or a clause is open: the day after which it is closed."""


class FollowUp(NamedTuple):
    """What a judgement needs besides the event: day 0, the length of the window, and until when the record reaches."""

    infused_on: dt.date
    window_days: int
    observed_until: dt.date


class Check(NamedTuple):
    """One condition of a clause, judged."""

    fires: Fires
    reason: str
    until: dt.date | None = None


def propose_dlt(
    definition: DltDefinition, events: Iterable[GradedEvent], infused_on: dt.date, observed_until: dt.date
) -> DltProposal:
    """Propose whether a participant had a DLT.

    Args:
        definition: the protocol's definition.
        events: the participant's graded events.
        infused_on: the day of the infusion, day 0.
        observed_until: the last day up to which the record counts: the cut-off, or when follow-up ended.

    Returns:
        A proposal with the clause that fired. It is pending while the window or a clause is open, and unknown where it
        hangs on something that was not recorded.

    Source: the protocol's own definition of DLT, clause by clause.
    """
    followed = FollowUp(infused_on, definition.window_days, observed_until)
    judged = [judge(clause, event, followed) for event in events for clause in definition.clauses]
    findings = tuple(finding for finding in judged if finding is not None)
    by_kind = {kind: [one for one in findings if one.fires is kind] for kind in Fires}
    end = infused_on + dt.timedelta(days=definition.window_days)
    if fired := by_kind[Fires.YES]:
        return DltProposal(Verdict.DLT, fired[0].reason, fired[0], findings)
    if unknown := by_kind[Fires.UNKNOWN]:
        return DltProposal(Verdict.UNKNOWN, unknown[0].reason, None, findings, end if observed_until < end else None)
    if pending := by_kind[Fires.PENDING]:
        until = max([one.until for one in pending if one.until] + [end])
        return DltProposal(Verdict.PENDING, pending[0].reason, None, findings, until)
    if observed_until < end:
        reason = f"No DLT up to {observed_until}; the window is open until {end} (day {definition.window_days})."
        return DltProposal(Verdict.PENDING, reason, None, findings, end)
    reason = f"No clause fired from {infused_on} to {end} (day {definition.window_days})."
    return DltProposal(Verdict.NO_DLT, reason, None, findings)


def judge(clause: DltClause, event: GradedEvent, followed: FollowUp) -> Finding | None:
    """Judge one event by one clause.

    Returns: the finding; None where the clause is about something else.

    Source: the clause, as the protocol states it.
    """
    if not _is_about(clause, event) or event.worst_max < clause.min_grade:
        return None
    checks = [
        _grade(clause, event),
        _in_window(clause, event, followed),
        _related(clause, event),
        *(_spared(exception, event) for exception in clause.exceptions),
        _lasts(clause, event, followed),
        _beyond(clause, event, followed),
    ]
    for kind in (Fires.NO, Fires.UNKNOWN, Fires.PENDING):
        if decisive := [check for check in checks if check is not None and check.fires is kind]:
            until = max((check.until for check in decisive if check.until), default=None)
            return Finding(event, clause, kind, _sentence(event, clause, decisive), until)
    return Finding(event, clause, Fires.YES, _sentence(event, clause, [check for check in checks if check is not None]))


def _sentence(event: GradedEvent, clause: DltClause, checks: Iterable[Check]) -> str:
    why = "; ".join(check.reason for check in checks)
    return f"{event.name}: {why} (clause {clause.id}: {clause.says.rstrip('.')})."


def _is_about(clause: DltClause, event: GradedEvent) -> bool:
    return (
        clause.scale == event.scale
        and _names(clause.terms, event.term)
        and _names(clause.system_classes, event.system_class or "")
    )


def _names(wanted: Iterable[str], given: str) -> bool:
    names = {name.lower() for name in wanted}
    return not names or given.lower() in names


def _grade(clause: DltClause, event: GradedEvent) -> Check:
    sure = max(step.grade_min for step in event.steps)
    if sure >= clause.min_grade:
        return Check(Fires.YES, f"{event.version} grade {sure}")
    settle = f"grade {sure}–{event.worst_max} is not settled: the investigator chooses"
    return Check(Fires.UNKNOWN, settle)


def _in_window(clause: DltClause, event: GradedEvent, followed: FollowUp) -> Check:
    first, last = _beginning(clause, event, followed).days(followed.infused_on)
    end = followed.window_days
    if last < 0:
        return Check(Fires.NO, f"it began {-last} days before the infusion and did not worsen after it")
    if first > end:
        return Check(Fires.NO, f"it began on day {first}, after the window (day {end})")
    if first < 0 or last > end:
        return Check(
            Fires.UNKNOWN, f"its onset {event.onset} can be day {first} to {last}, the window is day 0 to {end}"
        )
    return Check(Fires.YES, f"began on day {first}" if first == last else f"began on day {first} to {last}")


def _beginning(clause: DltClause, event: GradedEvent, followed: FollowUp) -> Span:
    """Find when an event began; one that was there before the infusion begins when it worsens to the grade."""
    onset = span(event.onset)
    if onset.days(followed.infused_on)[1] >= 0:
        return onset
    before = max(step.grade_max for step in event.steps if span(step.start).days(followed.infused_on)[0] < 0)
    for step in event.steps:
        after = span(step.start).days(followed.infused_on)[1] >= 0
        if after and step.grade_max >= clause.min_grade and step.grade_max > before:
            return span(step.start)
    return onset


def _related(clause: DltClause, event: GradedEvent) -> Check | None:
    if not clause.related_only:
        return None
    match event.related:
        case True:
            return Check(Fires.YES, "related")
        case False:
            return Check(Fires.NO, "it is not related to the study product")
        case None:
            return Check(Fires.UNKNOWN, "whether it is related to the study product is not recorded")


def _spared(exception: DltException, event: GradedEvent) -> Check | None:
    if not (_names(exception.terms, event.term) and _names(exception.system_classes, event.system_class or "")):
        return None
    if exception.cause is None or exception.cause is event.cause:
        return Check(Fires.NO, f"it is spared: {exception.says}")
    if event.cause is None:
        return Check(Fires.UNKNOWN, f"its cause is not recorded, and {exception.says} is spared")
    return None


class Spell(NamedTuple):
    """A time at or above a grade: when it began and, if it did, when it was back."""

    begun: Span
    back: Span | None


def spells(steps: Iterable[Step], grade: int, back_to: int, *, sure: bool) -> tuple[Spell, ...]:
    """Find the times from reaching a grade until being back at a lower one.

    Args:
        steps: the grades over time.
        grade: the grade to reach.
        back_to: the grade to be back at, or below.
        sure: where grades are ranges, take the low ends (the shortest times); else the high ends (the longest).

    Source: the clause that asks for them.
    """
    found: list[Spell] = []
    begun: Span | None = None
    for step in steps:
        level = step.grade_min if sure else step.grade_max
        if begun is None and level >= grade:
            begun = span(step.start)
        elif begun is not None and level <= back_to:
            found.append(Spell(begun, span(step.start)))
            begun = None
    return (*found, Spell(begun, None)) if begun else tuple(found)


def _lasts(clause: DltClause, event: GradedEvent, followed: FollowUp) -> Check | None:
    lasting = clause.lasting
    if lasting is None:
        return None
    if any(step.grade_min == DEATH for step in event.steps):
        return Check(Fires.YES, "it was fatal")
    least, most = (
        _worst(
            _lasted(spell, lasting, followed)
            for spell in spells(event.steps, clause.min_grade, lasting.not_back_to, sure=sure)
        )
        for sure in (True, False)
    )
    return (
        least
        if least.fires is most.fires
        else Check(Fires.UNKNOWN, "how long it lasted hangs on a grade that is not settled")
    )


def _worst(checks: Iterable[Check]) -> Check:
    """Pick the check that decides; where there is nothing to check, the grade was not reached."""
    order = (Fires.YES, Fires.UNKNOWN, Fires.PENDING, Fires.NO)
    return min(checks, key=lambda check: order.index(check.fires), default=Check(Fires.NO, "the grade was not reached"))


def _lasted(spell: Spell, lasting: Lasting, followed: FollowUp) -> Check:
    """Hold one spell against the time that it has."""
    allowed = lasting.allowed
    back = spell.back or Span(*(span(followed.observed_until).latest,) * 2)
    by_day = lasting.within.unit == "d"
    least, most = _elapsed(spell.begun, back, by_day=by_day)
    to = f"grade ≤ {lasting.not_back_to} within {lasting.within}"
    if spell.back is None:
        if least > allowed:
            return Check(Fires.YES, f"not back to {to}, no return recorded up to {followed.observed_until}")
        until = (spell.begun.latest + allowed).date()
        return Check(Fires.PENDING, f"it may still be back to {to}, until {until}", until)
    if least > allowed:
        return Check(Fires.YES, f"not back to {to}, but only on {spell.back.earliest.date()}")
    if most <= allowed:
        return Check(Fires.NO, f"it was back to {to}, on {spell.back.latest.date()}")
    return Check(Fires.UNKNOWN, f"whether it was back to {to} hangs on {_range(least, most, by_day=by_day)}")


def _range(least: dt.timedelta, most: dt.timedelta, *, by_day: bool) -> str:
    """Say what a verdict hangs on, and between which ends the time lies."""
    if by_day:
        return f"the dates: it took {max(least.days, 0)} to {most.days} days"
    hours = (max(one.total_seconds(), 0) / 3600 for one in (least, most))
    return "the times of day: it took {:.0f} to {:.0f} h".format(*hours)


def _elapsed(begun: Span, back: Span, *, by_day: bool) -> tuple[dt.timedelta, dt.timedelta]:
    if by_day:
        return back.earliest.date() - begun.latest.date(), back.latest.date() - begun.earliest.date()
    return back.earliest - begun.latest, back.latest - begun.earliest


def _beyond(clause: DltClause, event: GradedEvent, followed: FollowUp) -> Check | None:
    if clause.beyond_day is None:
        return None
    limit = followed.infused_on + dt.timedelta(days=clause.beyond_day)
    last = spells(event.steps, clause.min_grade, clause.min_grade - 1, sure=False)[-1]
    if last.back is None:
        if followed.observed_until > limit:
            return Check(Fires.YES, f"still there after day {clause.beyond_day} ({limit})")
        return Check(Fires.PENDING, f"it may still be back by day {clause.beyond_day} ({limit})", limit)
    first_day, last_day = last.back.days(followed.infused_on)
    if first_day > clause.beyond_day + 1:
        return Check(Fires.YES, f"still there after day {clause.beyond_day}, until day {first_day}")
    if last_day <= clause.beyond_day + 1:
        return Check(Fires.NO, f"it was back on day {last_day}, not beyond day {clause.beyond_day}")
    return Check(Fires.UNKNOWN, f"it was back on day {first_day} to {last_day}: the date must be known")
