"""Everything that a safety review rests on, computed of a study at a cut-off."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.analysis.changes import Change, changes_between
from earlyphase.analysis.cutoff import at_cutoff
from earlyphase.analysis.from_here import FromHere, Scenario, chances_from_here
from earlyphase.analysis.laboratory_grades import GradedLaboratory, graded_laboratory
from earlyphase.analysis.monitoring import Monitored, monitored
from earlyphase.analysis.rates import DltRate, dlt_rates
from earlyphase.analysis.safety import Emergent, emergent
from earlyphase.study.changed_basis import ChangedBasis, changed_bases
from earlyphase.study.cohorts import Escalation, escalation
from earlyphase.study.discordance import Discordance, discordant_decisions
from earlyphase.study.dlt_proposals import ParticipantProposal, dlt_proposals
from earlyphase.study.reporting import Clock, reporting_clocks
from earlyphase.study.standing import Standing
from earlyphase.study.state import Study


@dataclass(frozen=True, slots=True)
class LastReview:
    """What a committee knew when it last met, and what is otherwise now."""

    study: Study
    """As of that day, and at a cut-off of that day."""
    on: dt.date
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class PacketBasis:
    """What a packet shows."""

    study: Study
    """At the cut-off."""
    cutoff: dt.date
    now: Escalation
    level: int
    """The level that is reviewed: the open one, or the last that was."""
    proposals: tuple[ParticipantProposal, ...]
    changed: tuple[ChangedBasis, ...]
    discordant: tuple[Discordance, ...]
    dlt: tuple[DltRate, ...]
    stopping: tuple[Monitored, ...]
    events: Emergent
    laboratory: GradedLaboratory
    clocks: tuple[Clock, ...]
    from_here: tuple[FromHere, ...]
    last: LastReview | None

    @property
    def cohort(self) -> tuple[Standing, ...]:
        """Whoever was enrolled at the level that is reviewed."""
        return tuple(one for one in self.now.standings if one.level == self.level)


def packet_basis(
    study: Study,
    cutoff: dt.date | None = None,
    compared: tuple[Study, dt.date] | None = None,
    scenarios: Sequence[Scenario] = (),
) -> PacketBasis:
    """Compute what a packet shows.

    Args:
        study: the state, as of whichever moment of recording.
        cutoff: the last clinical day that counts; by default the day of the last entry.
        compared: the study as it was known at the last review, and the day of that review.
        scenarios: true probabilities of a DLT for the chances from here; by default illustrative curves.

    Raises:
        InvalidInput: a cut-off lies after the last entry, or a scenario does not fit the levels.
    """
    cut, day = at_cutoff(study, cutoff)
    now = escalation(cut)
    return PacketBasis(
        study=cut,
        cutoff=day,
        now=now,
        level=_reviewed(cut, now),
        proposals=dlt_proposals(cut, day),
        changed=changed_bases(cut, day),
        discordant=discordant_decisions(cut),
        dlt=dlt_rates(cut),
        stopping=monitored(cut),
        events=emergent(cut),
        laboratory=graded_laboratory(cut),
        clocks=reporting_clocks(cut, day),
        from_here=chances_from_here(cut, scenarios),
        last=_last(cut, compared),
    )


def _reviewed(study: Study, now: Escalation) -> int:
    if now.opening.level is not None:
        return now.opening.level
    return now.standings[-1].level if now.standings else study.protocol.doses.start


def _last(study: Study, compared: tuple[Study, dt.date] | None) -> LastReview | None:
    if compared is None:
        return None
    then, day = compared
    known = dt.date.fromisoformat(then.recorded_until[:10]) if then.recorded_until else day
    cut, _ = at_cutoff(then, min(day, known))
    return LastReview(cut, day, changes_between(cut, study))
