"""The grade of an adverse event computed from what was measured while it ran, beside the one that was assigned.

A difference is a question to the investigator. It changes nothing: the assigned grade stands until they change it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from earlyphase.dates import days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.observations import Laboratory, VitalSigns
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.protocol.dlt import Scale
from earlyphase.quantities import Quantity
from earlyphase.study.bedside import Charted, charted
from earlyphase.study.icaht import icaht_of
from earlyphase.study.state import Fact, Participant
from earlyphase.toxicity.criteria import Criteria, criteria_of
from earlyphase.toxicity.episodes import Episode
from earlyphase.toxicity.icaht_scale import load_icaht
from earlyphase.toxicity.laboratory import LabGrade, assigned_differs, grade_by
from earlyphase.toxicity.ladders import Background
from earlyphase.toxicity.syndromes import syndrome_of


@dataclass(frozen=True, slots=True)
class ComputedGrade:
    """What the recorded values say of one event's grade."""

    event: int
    """The entry that first recorded the event."""
    assigned: int
    grade_min: int
    grade_max: int
    because: str
    rests_on: int | None
    """The entry of the value that decides; None where several moments of a chart do."""
    differs: str | None
    """How the assigned grade differs; None where it does not."""

    @property
    def shown(self) -> str:
        """The grade, or the range: `3`, `1–2`."""
        same = self.grade_min == self.grade_max
        return str(self.grade_min) if same else f"{self.grade_min}–{self.grade_max}"


@dataclass(frozen=True, slots=True)
class Sampled:
    """One measurement of a participant."""

    on: dt.date
    entry: int
    name: str
    value: Quantity
    against: Background


def computed_grades(person: Participant, today: dt.date) -> dict[int, ComputedGrade]:
    """Compute the grade of every event of which anything was measured, by the entry of the event.

    Args:
        person: the participant.
        today: the last day that counts; an event that is not resolved runs until then.

    Source: CTCAE v5.0 for what is measured; ASTCT consensus, Lee et al. 2019, for CRS and ICANS.
    """
    if not person.adverse_events:
        return {}
    samples, chart = tuple(samples_of(person)), charted(person)
    found = (_computed(fact, person, samples, chart, today) for fact in person.adverse_events)
    return {one.event: one for one in found if one is not None}


def samples_of(person: Participant) -> Iterator[Sampled]:
    """Give every measurement with its normal range and baseline, in order of the days.

    Source: the baseline is the last value up to the day of the infusion: ADaMIG 1.3, section 3.3.4.
    """
    day_0 = person.infusion.on if person.infusion else None
    baseline: dict[str, Quantity] = {}
    for fact in sorted(person.all(Laboratory), key=lambda fact: (fact.payload.on, fact.entry)):
        on, before = fact.payload.on, day_0 is None or fact.payload.on <= day_0
        for one in fact.payload.results:
            base = one.value if before else baseline.get(one.analyte)
            abnormal = False if before else None
            if before:
                baseline[one.analyte] = one.value
            yield Sampled(
                on, fact.latest, one.analyte, one.value, Background(one.lower_limit, one.upper_limit, base, abnormal)
            )
    for fact in person.all(VitalSigns):
        for sign in fact.payload.signs:
            yield Sampled(fact.payload.on, fact.latest, sign.sign, sign.value, Background())


def _computed(
    fact: Fact[AdverseEvent], person: Participant, samples: tuple[Sampled, ...], chart: Charted, today: dt.date
) -> ComputedGrade | None:
    event = fact.payload
    if (syndrome := syndrome_of(event.scale, event.term)) is not None:
        if syndrome.scale is Scale.ICAHT:
            return _from_counts(fact, person)
        return _from_chart(fact, chart.episodes(syndrome.scale.value), today)
    last, term = event.resolved.latest if event.resolved else today, event.term.casefold()
    grading = {name: found for name in {one.name for one in samples} if (found := _by_term(name).get(term))}
    during = [one for one in samples if one.name in grading and event.onset.earliest <= one.on <= last]
    graded = [(one, grade) for one in during for grade in _grades(one, grading[one.name])]
    if not graded:
        return None
    sample, worst = max(graded, key=lambda pair: (pair[1].grade_max, pair[1].grade_min))
    because = f"{worst.reason} ({sample.on})"
    differs = assigned_differs(worst, event.grade)
    return ComputedGrade(fact.entry, event.grade, worst.grade_min, worst.grade_max, because, sample.entry, differs)


def _grades(sample: Sampled, by: tuple[Criteria, ...]) -> Iterator[LabGrade]:
    for criteria in by:
        try:
            yield grade_by(criteria, sample.value, sample.against)
        except InvalidInput:
            continue  # a value that cannot be graded is shown where it was measured


@lru_cache(maxsize=512)
def _by_term(measured: str) -> Mapping[str, tuple[Criteria, ...]]:
    """Give the criteria that a measurement can answer, by their terms in small letters."""
    found: dict[str, tuple[Criteria, ...]] = {}
    for one in criteria_of(measured):
        term = one.term.casefold()
        found[term] = (*found.get(term, ()), one)
    return found


def _from_chart(fact: Fact[AdverseEvent], episodes: tuple[Episode, ...], today: dt.date) -> ComputedGrade | None:
    event = fact.payload
    last = event.resolved.latest if event.resolved else today
    during = [
        one
        for one in episodes
        if one.onset.date() <= last and (one.resolved is None or one.resolved.date() >= event.onset.earliest)
    ]
    if not during:
        return None
    worst = max(during, key=lambda one: (one.worst_max, one.worst_min))
    return _of_syndrome(fact, worst.worst_min, worst.worst_max, worst.reason)


def _from_counts(fact: Fact[AdverseEvent], person: Participant) -> ComputedGrade | None:
    """Hold ICAHT against the counts: the phase in which the event began."""
    found, infusion = icaht_of(person), person.infusion
    if found is None or infusion is None:
        return None
    early = days_from(infusion.on, fact.payload.onset.earliest) <= load_icaht().early.last_day
    graded = found.early if early else found.late
    return _of_syndrome(fact, graded.grade_min, graded.grade_max, graded.reason)


def _of_syndrome(fact: Fact[AdverseEvent], low: int, high: int, because: str) -> ComputedGrade:
    given = fact.payload.grade
    differs = None if low <= given <= high else f"Grade {given} was given, but by what was recorded: {because}"
    return ComputedGrade(fact.entry, given, low, high, because, None, differs)
