"""The escalation as it stands: the open level, its slots, who is pending, what is recommended, if a decision is due."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.escalation.design import Act, Design, DoseTally, Recommendation, Tally
from earlyphase.escalation.three_plus_three import ThreePlusThree
from earlyphase.escalation.three_plus_three import Variant as DesignVariant
from earlyphase.journal.payloads.conduct import SeenRecommendation
from earlyphase.protocol.model import Protocol
from earlyphase.study.standing import DltState, Standing, standings
from earlyphase.study.state import Study


class Phase(StrEnum):
    """What the open level is for."""

    ESCALATION = "escalation"
    EXPANSION = "expansion"
    CLOSED = "closed"
    """No level takes participants."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The level that takes participants, and how many it is to have."""

    phase: Phase
    level: int | None
    wanted: int
    """In the escalation: evaluable participants at the level. In the expansion: enrolled participants in all."""
    since: int
    """The entry of the decision that opened it; 0 for the start."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """The escalation as it stands."""

    opening: Opening
    standings: tuple[Standing, ...]
    """Every enrolled participant, the expansion included."""
    tally: Tally
    """DLT-evaluable participants of the escalation, by dose counted from 1."""
    recommendation: Recommendation
    """The design's answer to the tally as it is known now."""
    seen: SeenRecommendation
    """The same in the level numbers of the protocol."""
    unresolved: tuple[Standing, ...]
    """Who is awaited at the open level."""
    settled: bool
    """Whether no outcome of those who are awaited can change the recommendation."""
    slots_free: int

    @property
    def decision_due(self) -> bool:
        """Whether the committee can decide now."""
        complete = self.slots_free == 0 and self.settled
        return self.opening.phase is Phase.ESCALATION and complete


def design_of(protocol: Protocol) -> Design:
    """Give the design that a protocol names, as a value."""
    doses = protocol.doses
    variant = DesignVariant(protocol.escalation.rule.variant.value)
    return ThreePlusThree(doses=len(doses.levels), variant=variant, start=doses.index(doses.start))


def escalation(study: Study) -> Escalation:
    """Compute the escalation as it stands from the state of a study."""
    protocol, design = study.protocol, design_of(study.protocol)
    everyone, opening = standings(study), opening_of(study)
    counted = tuple(one for one in everyone if _in_escalation(study, one))
    tally = tally_of(protocol, counted, opening)
    recommendation = design.recommend(tally)
    here = tuple(one for one in counted if one.level == opening.level)
    unresolved = tuple(one for one in here if one.unresolved)
    return Escalation(
        opening=opening,
        standings=everyone,
        tally=tally,
        recommendation=recommendation,
        seen=in_levels(protocol, recommendation),
        unresolved=unresolved if opening.phase is Phase.ESCALATION else (),
        settled=_settled(design, tally, recommendation, protocol, unresolved),
        slots_free=_slots_free(opening, here, everyone, recommendation),
    )


def opening_of(study: Study) -> Opening:
    """Find the level that takes participants now, from the last decision or the protocol's start."""
    protocol, decisions = study.protocol, study.decisions
    if not decisions:
        return Opening(Phase.ESCALATION, protocol.doses.start, protocol.escalation.cohort_size, 0)
    last = decisions[-1]
    decided = last.payload
    if decided.next_level is not None:
        before = sum(
            one.evaluable
            for one in standings(study)
            if one.level == decided.next_level and one.enrolled_entry < last.entry
        )
        return Opening(Phase.ESCALATION, decided.next_level, before + decided.cohort_size, last.entry)
    if decided.rp2d is not None and protocol.expansion is not None:
        return Opening(Phase.EXPANSION, decided.rp2d, protocol.expansion.total, last.entry)
    return Opening(Phase.CLOSED, None, 0, last.entry)


def tally_of(protocol: Protocol, counted: tuple[Standing, ...], opening: Opening) -> Tally:
    """Count evaluable participants and DLTs by dose, lowest first, with the protocol's names for the doses."""
    doses = counts(protocol, counted)
    level = opening.level if opening.phase is Phase.ESCALATION else _last_level(counted)
    begun = opening.since or any(dose.evaluable for dose in doses)
    current = protocol.doses.index(level) if level is not None and begun else None
    return Tally(doses, current, level_names(protocol))


def counts(protocol: Protocol, counted: Iterable[Standing]) -> tuple[DoseTally, ...]:
    """Count evaluable participants and DLTs at every level, lowest first."""
    people = tuple(counted)
    return tuple(
        DoseTally(
            sum(one.evaluable for one in people if one.level == level),
            sum(one.state is DltState.DLT for one in people if one.level == level),
        )
        for level in protocol.doses.numbers
    )


def level_names(protocol: Protocol) -> tuple[str, ...]:
    """Give the names of the levels for sentences, lowest first."""
    return tuple(level_name(number) for number in protocol.doses.numbers)


def level_name(level: int) -> str:
    """Write a level number for people: −1 with a true minus sign."""
    return str(level).replace("-", "−")


def in_levels(protocol: Protocol, recommendation: Recommendation) -> SeenRecommendation:
    """Put a recommendation into the level numbers of the protocol."""
    level = protocol.doses.level
    return SeenRecommendation(
        decision=recommendation.decision,
        next_level=level(recommendation.next_dose) if recommendation.next_dose else None,
        mtd=level(recommendation.mtd) if recommendation.mtd else None,
        reason=recommendation.reason,
    )


def what_if(design: Design, tally: Tally, dose: int, pending: int) -> dict[tuple[int, int], Recommendation]:
    """Answer every way in which pending participants at a dose can turn out.

    Returns:
        The recommendation by (how many of them are evaluable, how many have a DLT).
    """
    return {
        (evaluable, dlts): design.recommend(_with(tally, dose, evaluable, dlts))
        for evaluable, dlts in itertools.product(range(pending + 1), repeat=2)
        if dlts <= evaluable
    }


def _with(tally: Tally, dose: int, evaluable: int, dlts: int) -> Tally:
    doses = list(tally.doses)
    seen = doses[dose - 1]
    doses[dose - 1] = DoseTally(seen.evaluable + evaluable, seen.dlts + dlts)
    return Tally(tuple(doses), dose, tally.names)


def _settled(
    design: Design, tally: Tally, now: Recommendation, protocol: Protocol, unresolved: tuple[Standing, ...]
) -> bool:
    if not unresolved:
        return True
    dose = protocol.doses.index(unresolved[0].level)
    answers = what_if(design, tally, dose, len(unresolved))
    return all(_aim(_with(tally, dose, *outcome), answer) == _aim(tally, now) for outcome, answer in answers.items())


def _aim(tally: Tally, advice: Recommendation) -> tuple[Act, int | None, int | None, int]:
    """Say what a recommendation comes to: the act, the dose, the MTD, and how many evaluable the dose is to have."""
    there = tally.doses[advice.next_dose - 1].evaluable if advice.next_dose else 0
    return advice.decision, advice.next_dose, advice.mtd, there + advice.cohort_size


def _slots_free(
    opening: Opening, here: tuple[Standing, ...], everyone: tuple[Standing, ...], now: Recommendation
) -> int:
    match opening.phase:
        case Phase.CLOSED:
            return 0
        case Phase.EXPANSION:
            return max(0, opening.wanted - len(everyone))
        case Phase.ESCALATION:
            if now.decision in (Act.DE_ESCALATE, Act.STOP):
                return 0
            return max(0, opening.wanted - sum(_takes_a_place(one, opening) for one in here))


def _takes_a_place(one: Standing, opening: Opening) -> bool:
    """Tell whether a participant fills one of the places that were last decided on.

    Who is not evaluable and not replaced fills a place of the cohort that they were enrolled into, and of no later one.
    """
    return one.evaluable or one.unresolved or (not one.replaced and one.enrolled_entry > opening.since)


def _in_escalation(study: Study, one: Standing) -> bool:
    stop = next((fact.entry for fact in study.decisions if fact.payload.decision is Act.STOP), None)
    return stop is None or one.enrolled_entry < stop


def _last_level(counted: tuple[Standing, ...]) -> int | None:
    return counted[-1].level if counted else None
