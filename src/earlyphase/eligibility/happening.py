"""Questions about events: whether one happened, how often, how long it lasted.

An event that is not recorded has not therefore not happened: it takes a fact of the value false, dated late enough, to
say that there was none, or none besides those recorded.
"""

import datetime as dt
import math

from earlyphase.dates import PartialDate
from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import agreed, compared, counts, evidence, holds, nothing, span_of, unknown
from earlyphase.eligibility.calendar import Days, shifted
from earlyphase.eligibility.facts import Fact
from earlyphase.eligibility.person import Person
from earlyphase.eligibility.showing import show_time
from earlyphase.eligibility.verdict import Answer, Cause, Verdict, verdict_of


def happened(person: Person, leaf: n.Holds) -> Answer:
    """Tell whether an event happened, in the time that is asked for."""
    found = _found(person, leaf.subject)
    if isinstance(found, Answer):
        return found
    sure, possible, none_else = found
    if sure:
        return evidence(sure[0], Verdict.MET, "happened", "it happened")
    if possible:
        return _unsure(person, leaf.subject, possible[0])
    return none_else


def counted(person: Person, leaf: n.Counted) -> Answer:
    """Compare how often an event happened with a number: the least and the most that it can be must agree."""
    found = _found(person, leaf.subject)
    if isinstance(found, Answer):
        return found
    sure, possible, none_else = found
    closed = none_else.verdict is not Verdict.UNKNOWN
    most = len(sure) + len(possible) if closed else math.inf
    lowest = holds(leaf.op, compared(len(sure), leaf.limit))
    highest = holds(leaf.op, compared(most, leaf.limit))
    certain = len(sure) == most or (lowest == highest and leaf.op is not n.Op.EQUAL)
    if not certain and not (leaf.op is n.Op.EQUAL and len(sure) > leaf.limit):
        return _unsure(person, leaf.subject, possible[0]) if closed and possible else none_else
    verdict = verdict_of(lowest)
    value = f"{len(sure)} recorded" + ("" if closed else ", perhaps more")
    basis = sure[-1:] or [fact for fact in person.usable.get(leaf.subject.term, ()) if fact.value is False][-1:]
    because = f"count {leaf.op} {leaf.limit}"
    return evidence(basis[0], verdict, value, because) if basis else Answer(verdict)


def lasted(person: Person, leaf: n.Lasted) -> Answer:
    """Compare how long an event lasted with a length of time. What never happened did not last."""
    found = _found(person, leaf.subject)
    if isinstance(found, Answer):
        return found
    sure, possible, none_else = found
    events = [*sure, *possible]
    if not events:
        return none_else
    return agreed(person, leaf.subject, [_length(person, leaf, fact) for fact in events])


def _found(person: Person, subject: n.Subject) -> tuple[list[Fact], list[Fact], Answer] | Answer:
    """Sort the events of a term: those that surely count, those that may, and whether there are no others."""
    facts = person.usable.get(subject.term, ())
    if not facts and subject.term in person.impossible:
        return nothing(person, subject)
    days = span_of(person, subject)
    if isinstance(days, Answer):
        return days
    events = [fact for fact in facts if fact.value is not False]
    verdicts = [(fact, _counts(person, fact, subject, days)) for fact in events]
    sure = [fact for fact, verdict in verdicts if verdict is Verdict.MET]
    possible = [fact for fact, verdict in verdicts if verdict is Verdict.UNKNOWN]
    return sure, possible, _none_else(person, subject, facts, days)


def _counts(person: Person, fact: Fact, subject: n.Subject, days: Days | None) -> Verdict:
    said = counts(person, fact, subject)
    if days is None or said is Verdict.NOT_MET:
        return said
    if fact.on is None:
        return Verdict.UNKNOWN
    within = days.touches(fact.on, fact.until or fact.on)
    return said if within is Verdict.MET else within


def _none_else(person: Person, subject: n.Subject, facts: tuple[Fact, ...], days: Days | None) -> Answer:
    """Answer NOT_MET where somebody said, late enough, that there was none, or none besides those recorded."""
    if days is not None and days.last > person.today:
        says = f"asked about {days.first} to {days.last}, which is not over."
        return unknown(person, subject, Cause.NOT_DUE, says)
    denials = [fact for fact in facts if fact.value is False]
    if not denials:
        return nothing(person, subject)
    needed = days.last if days else _last_event(facts)
    for fact in denials:
        if needed is None or (fact.on is not None and fact.on.earliest >= needed) or (days is None and fact.on is None):
            return evidence(fact, Verdict.NOT_MET, "none" if needed is None or days else "no other", "none recorded")
    asked = max((fact.on for fact in denials if fact.on is not None), default=None, key=_latest)
    if asked is None:
        return unknown(person, subject, Cause.MISSING, "denied on an unknown day.")
    return unknown(person, subject, Cause.STALE, f"last denied on {asked}; it must be asked on {needed} or later.")


def _last_event(facts: tuple[Fact, ...]) -> dt.date | None:
    return max((fact.on.earliest for fact in facts if fact.value is not False and fact.on is not None), default=None)


def _latest(date: PartialDate) -> dt.date:
    return date.latest


def _unsure(person: Person, subject: n.Subject, fact: Fact) -> Answer:
    when = f"recorded on {fact.on}" if fact.on else "recorded without a date"
    asked = [one.attribute.value for one in (*subject.having, *subject.unless)]
    detail = f" or its {', '.join(asked)}" if asked else ""
    return unknown(person, subject, Cause.MISSING, f"{when}; the day{detail} is not known well enough.")


def _length(person: Person, leaf: n.Lasted, fact: Fact) -> Answer:
    """Compare the shortest and the longest time that an event can have lasted."""
    if fact.on is None:
        return unknown(person, leaf.subject, Cause.MISSING, "its first day is not recorded.")
    over = fact.until is not None
    first_end, last_end = (fact.until.earliest, fact.until.latest) if fact.until else (person.today, dt.date.max)
    shortest = holds(leaf.op, compared(first_end, shifted(fact.on.latest, leaf.limit, 1)))
    longest = holds(leaf.op, compared(last_end, shifted(fact.on.earliest, leaf.limit, 1)))
    if shortest == longest and (over or leaf.op is not n.Op.EQUAL):
        value = f"{fact.on} to {fact.until or 'now'}"
        return evidence(fact, verdict_of(shortest), value, f"duration {leaf.op} {show_time(leaf.limit)}")
    if not over:
        return unknown(person, leaf.subject, Cause.NOT_DUE, "it still lasts, or its last day is not recorded.")
    return unknown(person, leaf.subject, Cause.MISSING, f"from {fact.on} to {fact.until}: the days are not known.")
