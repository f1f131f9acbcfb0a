"""Decisions that today's facts no longer support: a grade or a finding was changed after the committee met."""

from dataclasses import dataclass

from earlyphase.escalation.design import Tally
from earlyphase.journal.payloads.conduct import DoseDecision, SeenRecommendation
from earlyphase.study.cohorts import counts, design_of, in_levels, level_name, level_names
from earlyphase.study.standing import Standing, standings
from earlyphase.study.state import Fact, Study


@dataclass(frozen=True, slots=True)
class Discordance:
    """A decision, and what the design would recommend on the same participants as they are known now."""

    entry: int
    """The entry of the decision."""
    level: int
    """The level that was reviewed."""
    then: SeenRecommendation
    now: SeenRecommendation

    def __str__(self) -> str:
        """Say what has changed."""
        return (
            f"The decision of entry {self.entry}, after level {level_name(self.level)}, rested on: {self.then.reason} "
            f"By what is known now it would be: {self.now.reason}"
        )


def discordant_decisions(study: Study, everyone: tuple[Standing, ...] | None = None) -> tuple[Discordance, ...]:
    """Find the decisions whose recommendation would be another one by the facts as they stand now.

    Args:
        study: the state.
        everyone: the standings to hold the decisions against; by default those of the state.
    """
    everyone = standings(study) if everyone is None else everyone
    level = study.protocol.doses.start
    found: list[Discordance] = []
    for fact in study.decisions:
        now = _advice_now(study, everyone, fact, level)
        then = fact.payload.recommended
        if (now.decision, now.next_level, now.mtd) != (then.decision, then.next_level, then.mtd):
            found.append(Discordance(fact.entry, level, then, now))
        level = fact.payload.next_level or level
    return tuple(found)


def _advice_now(
    study: Study, everyone: tuple[Standing, ...], fact: Fact[DoseDecision], level: int
) -> SeenRecommendation:
    protocol = study.protocols[fact.payload.protocol_version].protocol
    reviewed = [one for one in everyone if one.enrolled_entry < fact.entry]
    tally = Tally(counts(protocol, reviewed), protocol.doses.index(level), level_names(protocol))
    return in_levels(protocol, design_of(protocol).recommend(tally))
