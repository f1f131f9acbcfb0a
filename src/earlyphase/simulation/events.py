"""Adverse events of virtual participants: those that are dose-limiting by the protocol, and those that are not."""

from dataclasses import dataclass, replace

from earlyphase.protocol.dlt import Cause, DltClause, DltException, Scale
from earlyphase.protocol.model import Protocol
from earlyphase.simulation.chance import Chance
from earlyphase.simulation.truth import Severe, Toxicity, Truth
from earlyphase.toxicity.dictionary import load_dictionary
from earlyphase.toxicity.syndromes import load_syndromes, syndrome_of

CTCAE = "CTCAE v5.0"
CLASSES = {
    Scale.ICANS: "Nervous system disorders",
    Scale.ICAHT: "Blood and lymphatic system disorders",
    Scale.IEC_HS: "Immune system disorders",
}
"""The classes of the syndromes that the dictionary does not have. Source: CTCAE v5.0, the classes of their signs."""

FEVER_GRADE = 2
FATAL = 5
SERIOUS = 4
LONGEST_ONSET = 14
"""A dose-limiting toxicity begins by this day. Units: days from the infusion."""


@dataclass(frozen=True, slots=True)
class Event:
    """One adverse event. Units: days from the infusion."""

    term: str
    system_class: str
    dictionary: str
    scale: str
    grade: int
    onset: int
    ends: int | None
    """None where it does not."""
    related: bool
    cause: Cause | None = None
    serious: bool = False
    steps: tuple[tuple[int, int], ...] = ()
    """Later changes of grade: day and grade."""

    def grade_on(self, day: int) -> int:
        """Give the grade on a day; 0 when it is not there."""
        if day < self.onset or (self.ends is not None and day >= self.ends):
            return 0
        return next((grade for at, grade in reversed(self.steps) if at <= day), self.grade)

    def cut(self, end: int) -> "Event":
        """Give the event as it is known when observation ends."""
        steps = tuple(step for step in self.steps if step[0] <= end)
        return replace(self, ends=self.ends if self.ends is not None and self.ends <= end else None, steps=steps)


@dataclass(frozen=True, slots=True)
class Limiting:
    """A dose-limiting toxicity."""

    event: Event
    known: int
    """The day on which it is clear that it is one."""
    death: int | None = None
    """The day of death, where it is fatal."""


def harmless(toxicity: Toxicity, protocol: Protocol, chance: Chance) -> Event | None:
    """Draw an event that is not dose-limiting; None where it does not happen."""
    if not chance.happens(toxicity.probability):
        return None
    grade = chance.weighted(dict(enumerate(toxicity.grades, start=1)))
    onset = chance.days(toxicity.onset)
    event = Event(
        term=toxicity.term,
        system_class=toxicity.system_class,
        dictionary=toxicity.dictionary,
        scale=toxicity.scale,
        grade=grade,
        onset=onset,
        ends=onset + max(1, chance.days(toxicity.lasts)),
        related=toxicity.related,
        cause=toxicity.cause or (Cause.PRODUCT if toxicity.related else None),
        serious=(grade >= SERIOUS and toxicity.system_class != "Investigations")
        or (grade == SERIOUS - 1 and chance.happens(toxicity.serious)),
    )
    return _tamed(event, protocol)


def limiting(truth: Truth, protocol: Protocol, chance: Chance) -> Limiting:
    """Draw a dose-limiting toxicity: one that a clause of the protocol describes."""
    clause = _clause(truth, protocol, chance)
    named = _named(clause, truth, chance)
    onset = 1 + int(chance.between(0, min(protocol.dlt.window_days, LONGEST_ONSET)))
    syndrome = load_syndromes().get(clause.scale)
    scale = syndrome.label if syndrome else CTCAE
    dictionary = CTCAE if named.term.lower() in load_dictionary().terms else scale
    holds = _holds_for(clause, onset) + int(chance.between(1, 6))
    event = Event(named.term, named.system_class, dictionary, scale, clause.min_grade, onset, None, related=True,
                  cause=Cause.PRODUCT, serious=True)  # fmt: skip
    if clause.min_grade == FATAL:
        return Limiting(event, onset + holds, onset + holds)
    back = _existing(event, min(clause.lasting.not_back_to if clause.lasting else 1, clause.min_grade - 1))
    event = replace(event, steps=((onset + holds, back),) if back else (), ends=onset + holds + (7 if back else 0))
    return Limiting(event, onset + _holds_for(clause, onset))


def _clause(truth: Truth, protocol: Protocol, chance: Chance) -> DltClause:
    fatal = [clause for clause in protocol.dlt.clauses if clause.min_grade == FATAL]
    others = [clause for clause in protocol.dlt.clauses if clause.min_grade < FATAL]
    early = [clause for clause in others if clause.beyond_day is None]
    if fatal and chance.happens(truth.fatal_share_of_dlt):
        return chance.one_of(fatal)
    return chance.one_of(early or others or fatal)


def _named(clause: DltClause, truth: Truth, chance: Chance) -> Severe:
    if (syndrome := load_syndromes().get(clause.scale)) is not None:
        term = syndrome.terms[0]
        return Severe(term=term, system_class=CLASSES.get(clause.scale) or _class_of(term))
    if clause.terms:
        term = chance.one_of([term for term in clause.terms if _can_be(term, clause.min_grade)] or clause.terms)
        return Severe(term=term, system_class=_class_of(term))
    classes = clause.system_classes
    known = [one for one in truth.severe if not classes or one.system_class in classes]
    known = [one for one in known if _can_be(one.term, clause.min_grade)]
    known = [
        one for one in known if not any(_spared(each, one.term, one.system_class, None) for each in clause.exceptions)
    ]
    if known:
        return chance.one_of(known)
    terms = [term for term in load_dictionary().terms.values() if not classes or term.system_class in classes]
    terms = [term for term in terms if clause.min_grade in term.grades] or terms
    return Severe(term=terms[0].name, system_class=terms[0].system_class)


def _can_be(term: str, grade: int) -> bool:
    known = load_dictionary().terms.get(term.lower())
    return known is None or grade in known.grades


def _class_of(term: str) -> str:
    known = load_dictionary().terms.get(term.lower())
    return known.system_class if known else "Nervous system disorders"


def _holds_for(clause: DltClause, onset: int) -> int:
    """Give the days after which a clause is met.

    Units: days.
    """
    if clause.lasting:
        return int(-(-clause.lasting.within.to("d").value // 1)) + 1
    return max(clause.beyond_day + 1 - onset, 1) if clause.beyond_day else 1


def _tamed(event: Event, protocol: Protocol) -> Event | None:
    """Take from an event what would make it dose-limiting."""
    for clause in protocol.dlt.clauses:
        if event.grade < clause.min_grade or not _speaks_of(clause, event):
            continue
        if clause.lasting:
            back = max(1, int(clause.lasting.within.to("d").value) - 1)
            event = _falling(event, event.onset + back, clause.lasting.not_back_to)
        elif clause.beyond_day:
            event = _falling(event, clause.beyond_day - 1, clause.min_grade - 1)
        elif (milder := _existing(event, clause.min_grade - 1)) == 0:
            return None
        else:
            event = replace(event, grade=milder, steps=(), serious=False)
    return event


def _existing(event: Event, most: int) -> int:
    """Give the worst grade up to one that the term has; 0 where it has none."""
    known = load_dictionary().terms.get(event.term.lower()) if event.scale == CTCAE else None
    return max((grade for grade in range(1, most + 1) if known is None or grade in known.grades), default=0)


def _falling(event: Event, day: int, grade: int) -> Event:
    if event.ends is not None and event.ends <= day:
        return event
    back = _existing(event, min(grade, event.grade))
    return replace(event, steps=((day, back),)) if back else replace(event, ends=day)


def _speaks_of(clause: DltClause, event: Event) -> bool:
    syndrome = syndrome_of(event.scale, event.term)
    return (
        clause.scale is (syndrome.scale if syndrome else Scale.CTCAE)
        and (not clause.terms or event.term in clause.terms)
        and (not clause.system_classes or event.system_class in clause.system_classes)
        and (event.related or not clause.related_only)
        and not any(_spared(each, event.term, event.system_class, event.cause) for each in clause.exceptions)
    )


def _spared(exception: DltException, term: str, system_class: str, cause: Cause | None) -> bool:
    return (
        (not exception.terms or term in exception.terms)
        and (not exception.system_classes or system_class in exception.system_classes)
        and (exception.cause is None or exception.cause is cause)
    )
