"""How many of a population each criterion takes: one after the other, and each alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.eligibility.criteria_set import CriteriaSet
from earlyphase.eligibility.screening import Eligibility, Screening, Standing


@dataclass(frozen=True, slots=True)
class CriterionCount:
    """What one criterion does to a population."""

    id: str
    remaining: int
    """Who is left after this criterion and all before it: those who have failed none so far."""
    failed_here: int
    """Who fails this one, of those who were left."""
    unsettled_here: int
    """Who is left and unsettled on this one."""
    failed: int
    """Who fails this one, of all."""
    unsettled: int
    """Who is unsettled on this one, of all."""
    only_obstacle: int
    """Who fails this one and no other."""


@dataclass(frozen=True, slots=True)
class Attrition:
    """How a population narrows."""

    screened: int
    criteria: tuple[CriterionCount, ...]
    """The criteria that are due, in the order of the protocol."""
    eligible: int
    unsettled: int
    not_eligible: int


def attrition(criteria: CriteriaSet, screenings: Sequence[Screening]) -> Attrition:
    """Count how a population narrows, criterion by criterion."""
    due = {one.id for screening in screenings for one in screening.results if one.standing is not Standing.NOT_DUE}
    standings = [{one.id: one.standing for one in screening.results} for screening in screenings]
    failures = [sum(standing is Standing.FAILED for standing in person.values()) for person in standings]
    left = set(range(len(standings)))
    counts: list[CriterionCount] = []
    for rule in (rule for rule in criteria.rules if rule.id in due):
        failed = {who for who, person in enumerate(standings) if person[rule.id] is Standing.FAILED}
        unsettled = {who for who, person in enumerate(standings) if person[rule.id] is Standing.UNSETTLED}
        here, left = left & failed, left - failed
        only = sum(failures[who] == 1 for who in failed)
        counts.append(
            CriterionCount(rule.id, len(left), len(here), len(left & unsettled), len(failed), len(unsettled), only)
        )
    ends = [screening.eligibility for screening in screenings]
    eligible, unsettled_all = ends.count(Eligibility.ELIGIBLE), ends.count(Eligibility.UNSETTLED)
    return Attrition(len(ends), tuple(counts), eligible, unsettled_all, ends.count(Eligibility.NOT_ELIGIBLE))
