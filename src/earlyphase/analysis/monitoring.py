"""The stopping rules of a protocol, watched after every participant: where each stands, and how it behaves."""

from dataclasses import dataclass

from earlyphase.analysis.stopping_rules import Boundary, Characteristics, Concern, Look, operating_characteristics
from earlyphase.protocol.model import Protocol, StoppingRule
from earlyphase.study.state import Study
from earlyphase.study.stopping import StoppingState, stopping_states

TRUE_RATES = (0.05, 0.1, 0.2, 0.3, 0.4)
"""The true rates at which a rule's behaviour is shown: an illustration, and no threshold."""


@dataclass(frozen=True, slots=True)
class Monitored:
    """A stopping rule of the protocol at a cut-off."""

    state: StoppingState
    infused: int
    """Of those whom the rule is about: how many have been infused."""
    boundary: Boundary
    """The rule worked out for every number of participants."""
    behaviour: tuple[Characteristics, ...]
    """How it behaves at each true rate, over the whole study."""

    @property
    def left(self) -> int:
        """How many more participants with the event would halt the study."""
        return max(0, self.state.rule.at_least - len(self.state.participants))


def monitored(study: Study, rates: tuple[float, ...] = TRUE_RATES) -> tuple[Monitored, ...]:
    """Give every stopping rule of the protocol, with where it stands and its operating characteristics.

    Source: the protocol's `stopping_rules`; for the characteristics, Schultz JR et al. Biometrics 1973;29:293.
    """
    infused = sum(person.infusion is not None for person in study.participants.values())
    found: list[Monitored] = []
    for state in stopping_states(study):
        boundary = boundary_of(state.rule, study.protocol)
        of_these = min(infused, state.rule.among_first or infused)
        behaviour = tuple(operating_characteristics(boundary, rate) for rate in rates)
        found.append(Monitored(state, of_these, boundary, behaviour))
    return tuple(found)


def boundary_of(rule: StoppingRule, protocol: Protocol) -> Boundary:
    """Work a rule out as a boundary: one looks after every participant, from the first at whom it can be met.

    A rule that counts among all participants is worked out for as many as are planned.

    Source: the rule, as the protocol states it.
    """
    last = max(rule.among_first or protocol.planned_enrolment.count, rule.at_least)
    looks = tuple(Look(n, rule.at_least) for n in range(rule.at_least, last + 1))
    return Boundary(Concern.TOXICITY, rule.when, looks)
