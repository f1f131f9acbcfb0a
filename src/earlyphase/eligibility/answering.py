"""What every kind of question needs: unknowns with their cause, the anchor of a window, what a fact says of itself."""

import datetime as dt
from collections.abc import Iterable

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.calendar import Days, days_of
from earlyphase.eligibility.facts import Amount, Fact
from earlyphase.eligibility.person import Person
from earlyphase.eligibility.verdict import Answer, Cause, Evidence, Need, Unknown, Verdict, verdict_of
from earlyphase.quantities import InvalidQuantity, Quantity, ucum

Ordered = float | dt.date


def holds(op: n.Op, order: int) -> bool:
    """Tell whether a comparison holds, from −1, 0 or 1: below, equal, above."""
    match op:
        case n.Op.LESS:
            return order < 0
        case n.Op.AT_MOST:
            return order <= 0
        case n.Op.MORE:
            return order > 0
        case n.Op.AT_LEAST:
            return order >= 0
        case n.Op.EQUAL:
            return order == 0


def compared(value: Ordered, limit: Ordered) -> int:
    """Give −1, 0 or 1: below, equal, above."""
    return (value > limit) - (value < limit)  # type: ignore[operator]  # both are numbers or both are days


def unknown(person: Person, subject: n.Subject, cause: Cause, says: str) -> Answer:
    """Answer that something is unknown, and which test would settle it."""
    term = person.known[subject.term]
    need = Need(term.test, _about(subject, term.en))
    return Answer(Verdict.UNKNOWN, (), (Unknown(cause, subject.term, f"{need.about}: {says}", need),))


def nothing(person: Person, subject: n.Subject) -> Answer:
    """Answer for a term of which there is no fact that can be used."""
    wrong = person.impossible.get(subject.term, ())
    if wrong:
        when = " and ".join(f"{fact.on} to {fact.until}" if fact.until else f"{fact.on}" for fact in wrong)
        says = f"dated {when}, which is in the future, before birth, or ends before it begins."
        return unknown(person, subject, Cause.CONFLICT, says)
    return unknown(person, subject, Cause.MISSING, "nothing is recorded.")


def _about(subject: n.Subject, name: str) -> str:
    words = [one.word for one in subject.having if isinstance(one, n.Coded)]
    return f"{name} ({', '.join(words)})" if words else name


def span_of(person: Person, subject: n.Subject) -> Days | Answer | None:
    """Give the days of a subject's window; the reason where its anchor has no date; None without a window."""
    window = subject.window
    if window is None:
        return None
    anchor = person.anchors.get(window.anchor) or _event_anchor(person, window.anchor)
    if anchor is None:
        return unknown(person, subject, Cause.NOT_DUE, f"the date of {window.anchor} is not known yet.")
    return days_of(window, anchor)


def _event_anchor(person: Person, term: str) -> dt.date | None:
    """Give the last day on which an event is known to have happened, where the day is known."""
    dates = [fact.on for fact in person.usable.get(term, ()) if fact.value is not False and fact.on is not None]
    full = [date.earliest for date in dates if date.complete]
    return max(full) if full and len(full) == len(dates) else None


def counts(person: Person, fact: Fact, subject: n.Subject) -> Verdict:
    """Tell whether a fact says of itself what the subject asks."""
    kept = _all(_condition(person, fact, one) for one in subject.having)
    if not subject.unless or kept is Verdict.NOT_MET:
        return kept
    return _all((kept, _all(_condition(person, fact, one) for one in subject.unless).negated()))


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    if Verdict.NOT_MET in found:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.MET


def _condition(person: Person, fact: Fact, condition: n.Condition) -> Verdict:
    if isinstance(condition, n.Coded):
        said: str | None = getattr(fact, condition.attribute.value)
        return Verdict.UNKNOWN if said is None else verdict_of(said == condition.word)
    if fact.dose is None:
        return Verdict.UNKNOWN
    try:
        return verdict_of(holds(condition.op, entered(fact.dose, None).compare(condition.limit, None, person.rounding)))
    except InvalidQuantity:
        return Verdict.UNKNOWN


def entered(amount: Amount | float, usual: str | None) -> Quantity:
    """Make a quantity of what was entered; a pure number needs no unit where the usual unit is 1.

    Raises:
        InvalidQuantity: the unit is missing or unknown.
    """
    value, unit = (amount.value, amount.unit) if isinstance(amount, Amount) else (amount, None)
    return Quantity(value, "1" if unit is None and usual == "1" else ucum(unit or ""))


def agreed(person: Person, subject: n.Subject, answers: list[Answer]) -> Answer:
    """Give the one answer of several facts of the same day; where they disagree it is unknown."""
    verdicts = {answer.verdict for answer in answers}
    if len(verdicts) == 1:
        return answers[0]
    if Verdict.UNKNOWN in verdicts:
        return next(answer for answer in answers if answer.verdict is Verdict.UNKNOWN)
    values = " and ".join(dict.fromkeys(f"{one.value} ({one.on or 'undated'})" for a in answers for one in a.evidence))
    return unknown(person, subject, Cause.CONFLICT, f"recorded as {values}.")


def evidence(fact: Fact, verdict: Verdict, value: str, because: str) -> Answer:
    """Answer by one fact."""
    when = None if fact.on is None else f"{fact.on} to {fact.until}" if fact.until else str(fact.on)
    return Answer(verdict, (Evidence(fact.term, value, when, fact.source, because, verdict),))
