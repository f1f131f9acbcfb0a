"""The chance of each MTD from where an escalation stands, were the true probabilities of a DLT so and so."""

from collections.abc import Sequence
from dataclasses import dataclass

from earlyphase.escalation.characteristics import Characteristics, characteristics, checked_truths
from earlyphase.escalation.course import Course
from earlyphase.escalation.exact import every_end
from earlyphase.protocol.model import Protocol
from earlyphase.study.cohorts import Escalation, Phase, design_of, escalation, level_name
from earlyphase.study.state import Study

TARGET, ODDS, LOW, HIGH = 0.25, 2.25, 0.05, 0.5
"""What the scenario curves are drawn with: an illustration, no belief about the product and no threshold."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """True probabilities of a DLT, one for each level from the lowest, with what they stand for."""

    name: str
    truth: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FromHere:
    """What the rest of the escalation does under one scenario. Computed exactly."""

    scenario: Scenario
    chances: Characteristics
    """Counts are of those who are still to be observed."""


def scenarios_of(protocol: Protocol) -> tuple[Scenario, ...]:
    """Give scenario curves: every level little toxic, each level in turn at 25 %, the lowest already at 50 %.

    From one level to the next the odds of a DLT rise by a constant factor.

    Source:
        The curves are ours, for illustration; the logit-linear form is that of Storer 1989, Biometrics 45:925.
    """
    levels = protocol.doses.numbers
    named = [(f"level {level_name(level)} at {TARGET:.0%}".replace("%", " %"), at) for at, level in enumerate(levels)]
    found = [Scenario("every level at 5 %", (LOW,) * len(levels))]
    found += [Scenario(name, _curve(TARGET, at, len(levels))) for name, at in reversed(named)]
    return (*found, Scenario(f"level {level_name(levels[0])} already at 50 %", _curve(HIGH, 0, len(levels))))


def _curve(rate: float, at: int, doses: int) -> tuple[float, ...]:
    odds = [rate / (1 - rate) * ODDS ** (dose - at) for dose in range(doses)]
    return tuple(round(one / (1 + one), 3) for one in odds)


def chances_from_here(study: Study, scenarios: Sequence[Scenario] = ()) -> tuple[FromHere, ...]:
    """Give the chance of each MTD from the tally of those who count today; () when the escalation is over.

    Who is in the window counts as still to be observed. The committee is taken to follow the design.

    Args:
        study: the state.
        scenarios: true probabilities; by default those of `scenarios_of`.

    Raises:
        InvalidInput: a scenario has another number of levels, or something that is no probability.

    Source:
        Every possible result, cohort by cohort: the escalation as a finite Markov chain, as for the 3+3 in Lin & Shih
        2001, Biostatistics 2:203.
    """
    now = escalation(study)
    if now.opening.phase is not Phase.ESCALATION:
        return ()
    given = tuple(scenarios) or scenarios_of(study.protocol)
    design = design_of(study.protocol)
    truths = checked_truths([one.truth for one in given], design.doses, "--scenario")
    ends = every_end(design, _course(now))
    found = characteristics(ends, truths.tolist())
    return tuple(FromHere(scenario, chances) for scenario, chances in zip(given, found, strict=True))


def _course(now: Escalation) -> Course | None:
    """Say where the escalation stands: what is still to be observed in the open cohort is open."""
    current = now.tally.current
    if current is None:
        return None
    return Course(now.tally, max(0, now.opening.wanted - now.tally.doses[current - 1].evaluable))
