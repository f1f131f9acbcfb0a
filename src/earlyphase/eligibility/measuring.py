"""Questions that the latest fact answers: a measured value, a status, a code."""

from earlyphase.eligibility import nodes as n
from earlyphase.eligibility.answering import agreed, counts, entered, evidence, holds, nothing, span_of, unknown
from earlyphase.eligibility.calendar import Days
from earlyphase.eligibility.facts import Amount, Fact
from earlyphase.eligibility.person import Person
from earlyphase.eligibility.showing import show_asked
from earlyphase.eligibility.verdict import Answer, Cause, Verdict, verdict_of
from earlyphase.quantities import InvalidQuantity, Quantity, RoundingPolicy


def measured(person: Person, leaf: n.Measured) -> Answer:
    """Compare the latest value with its limit."""
    facts = latest(person, leaf.subject)
    if isinstance(facts, Answer):
        return facts
    return agreed(person, leaf.subject, [_compared(person, leaf, fact) for fact in facts])


def coded(person: Person, leaf: n.OneOf) -> Answer:
    """Tell whether the latest code is among some."""
    facts = latest(person, leaf.subject)
    if isinstance(facts, Answer):
        return facts
    return agreed(person, leaf.subject, [_code(person, leaf, fact) for fact in facts])


def status(person: Person, leaf: n.Holds) -> Answer:
    """Tell whether the latest status is yes."""
    facts = latest(person, leaf.subject)
    if isinstance(facts, Answer):
        return facts
    return agreed(person, leaf.subject, [_status(person, leaf.subject, fact) for fact in facts])


def latest(person: Person, subject: n.Subject) -> tuple[Fact, ...] | Answer:
    """Find the facts that can be the latest one; several where days are unknown or equal."""
    usable = person.usable.get(subject.term, ())
    if not usable:
        return nothing(person, subject)
    facts = _asked_for(person, subject, usable)
    if isinstance(facts, Answer):
        return facts
    if subject.window is not None:
        facts = _in_window(person, subject, facts)
        if isinstance(facts, Answer):
            return facts
    dated = [fact.on.earliest for fact in facts if fact.on is not None]
    if len(facts) == 1 or not dated:
        return facts
    newest = max(dated)
    return tuple(fact for fact in facts if fact.on is None or fact.on.latest >= newest)


def _asked_for(person: Person, subject: n.Subject, facts: tuple[Fact, ...]) -> tuple[Fact, ...] | Answer:
    """Keep the facts that say of themselves what is asked."""
    if not subject.having and not subject.unless:
        return facts
    verdicts = [counts(person, fact, subject) for fact in facts]
    kept = tuple(fact for fact, verdict in zip(facts, verdicts, strict=True) if verdict is Verdict.MET)
    if kept:
        return kept
    asked = ", ".join(one.attribute.value for one in (*subject.having, *subject.unless))
    if Verdict.UNKNOWN in verdicts:
        return unknown(person, subject, Cause.MISSING, f"recorded without its {asked}.")
    return unknown(person, subject, Cause.MISSING, f"recorded, but not with the {asked} that is asked for.")


def _in_window(person: Person, subject: n.Subject, facts: tuple[Fact, ...]) -> tuple[Fact, ...] | Answer:
    """Keep the facts of the days that are asked for."""
    days = span_of(person, subject)
    if not isinstance(days, Days):
        return days or facts
    if days.first > person.today:
        return unknown(person, subject, Cause.NOT_DUE, f"due from {days.first} on.")
    undated = [fact for fact in facts if fact.on is None]
    verdicts = [(fact, days.holds(fact.on.earliest, fact.on.latest)) for fact in facts if fact.on is not None]
    kept = tuple(fact for fact, verdict in verdicts if verdict is Verdict.MET)
    if kept:
        return kept
    if undated or any(verdict is Verdict.UNKNOWN for _, verdict in verdicts):
        return unknown(person, subject, Cause.MISSING, "recorded without the day, so that its age is not known.")
    last = max(fact.on.latest for fact, _ in verdicts if fact.on is not None)
    if last > days.last:
        return unknown(person, subject, Cause.MISSING, f"nothing is recorded of {days.first} to {days.last}.")
    return unknown(person, subject, Cause.STALE, f"last recorded on {last}; it must be of {days.first} or later.")


def _compared(person: Person, leaf: n.Measured, fact: Fact) -> Answer:
    term = person.known[leaf.subject.term]
    if fact.value is None or isinstance(fact.value, bool | str):
        said = "without a value" if fact.value is None else f"as {fact.value!r}, which is no measured value"
        return unknown(person, leaf.subject, Cause.UNIT, f"recorded {said}.")
    try:
        value = entered(fact.value, term.unit)
        limit = _limit(leaf.limit, fact, term.unit)
        if limit is None:
            which = "upper" if isinstance(leaf.limit, n.Multiple) and leaf.limit.of is n.Normal.UPPER else "lower"
            says = f"the laboratory's {which} limit of normal is not recorded."
            return unknown(person, leaf.subject, Cause.MISSING, says)
        order = value.compare(limit, term.analyte, person.rounding)
    except InvalidQuantity as wrong:
        which = f"{wrong.place} {wrong.value}" if wrong.value else wrong.place
        says = f"recorded as {_as_entered(fact.value)}{_with_normal(leaf, fact)}: {which} {wrong.rule}"
        return unknown(person, leaf.subject, Cause.UNIT, says)
    verdict = verdict_of(holds(leaf.op, order))
    return evidence(fact, verdict, _shown(value, limit, term.analyte), _because(person, leaf, value, limit))


def _with_normal(leaf: n.Measured, fact: Fact) -> str:
    """Name the laboratory's limit of normal, where the value is held against it."""
    if isinstance(leaf.limit, Quantity):
        return ""
    normal = fact.upper_limit if leaf.limit.of is n.Normal.UPPER else fact.lower_limit
    return f" with {leaf.limit.of} {_as_entered(normal)}" if normal else ""


def _limit(limit: Quantity | n.Multiple, fact: Fact, usual: str | None) -> Quantity | None:
    """Give the limit as a quantity; None where the laboratory's limit of normal is not recorded."""
    if isinstance(limit, Quantity):
        return limit
    normal = fact.upper_limit if limit.of is n.Normal.UPPER else fact.lower_limit
    if normal is None:
        return None
    bound = entered(normal, usual)
    return Quantity(limit.factor * bound.value, bound.unit)


def _because(person: Person, leaf: n.Measured, value: Quantity, limit: Quantity) -> str:
    """Say what a value was compared with, and the rounding where it can decide."""
    asked = show_asked(leaf.op, leaf.limit)
    multiple = f" = {limit}" if isinstance(leaf.limit, n.Multiple) else ""
    rounded = person.rounding is RoundingPolicy.DECIMALS_OF_LIMIT and value.unit != limit.unit
    return f"{asked}{multiple}{', rounded to the decimals of the limit' if rounded else ''}"


def _shown(value: Quantity, limit: Quantity, analyte: str | None) -> str:
    """Write a value as entered, with the converted one where units differ."""
    return str(value) if value.unit == limit.unit else f"{value} = {value.to(limit.unit, analyte)}"


def _as_entered(value: Amount | float) -> str:
    return f"{value.value} {value.unit or 'without a unit'}" if isinstance(value, Amount) else f"{value} without a unit"


def _code(person: Person, leaf: n.OneOf, fact: Fact) -> Answer:
    choices = person.known[leaf.subject.term].choices
    if not isinstance(fact.value, str) or fact.value not in choices:
        says = f"recorded as {fact.value!r}, which is none of {', '.join(choices)}."
        return unknown(person, leaf.subject, Cause.MISSING, says)
    return evidence(fact, verdict_of(fact.value in leaf.words), fact.value, f"asked for: {' or '.join(leaf.words)}")


def _status(person: Person, subject: n.Subject, fact: Fact) -> Answer:
    if not isinstance(fact.value, bool):
        said = "without a value" if fact.value is None else f"as {fact.value!r}, which is neither yes nor no"
        return unknown(person, subject, Cause.MISSING, f"recorded {said}.")
    return evidence(fact, verdict_of(fact.value), "yes" if fact.value else "no", "as recorded")
