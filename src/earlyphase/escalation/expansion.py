"""What a planned number of participants buys: whom the escalation leaves for an expansion at the dose it found."""

from dataclasses import dataclass

import numpy as np

from earlyphase.escalation.exact import Ends
from earlyphase.faults import InvalidInput


@dataclass(frozen=True, slots=True)
class Expanded:
    """A study of a planned size whose escalation is followed by an expansion, under one truth. Units: participants."""

    found: float
    """The chance that there is a dose to expand."""
    escalation: float
    """Treated in the escalation, on average."""
    expansion: float
    """Left for the expansion on average, where a dose is found."""
    most_in_escalation: int
    at_dose: tuple[tuple[int, float], ...]
    """Each number treated in all at the dose that was found, with its chance given that one is."""

    @property
    def fewest_at_dose(self) -> int:
        """Give the least number at the dose that was found.

        Source: arithmetic.
        """
        return self.at_dose[0][0]

    @property
    def mean_at_dose(self) -> float:
        """Give the average number at the dose that was found.

        Source: arithmetic.
        """
        return sum(number * chance for number, chance in self.at_dose)


def expanded(ends: Ends, truth: tuple[float, ...], planned: int) -> Expanded:
    """Say what a planned number buys, exactly.

    Args:
        ends: from `every_end`, from the beginning.
        truth: the true DLT probability at each dose.
        planned: participants of the whole study.

    Units: participants; probability.

    Raises:
        InvalidInput: the escalation alone may need more.

    Source: sums over the ends of a finite Markov chain; the rest of the planned number is treated at the dose found.
    """
    total = ends.total()
    if (most := int(total.max())) > planned:
        rule = f"participants are planned, but the escalation alone may need {most}."
        raise InvalidInput("planned enrolment", planned, rule, "Plan more, or fewer dose levels.")
    p = np.asarray(truth)
    chance = ends.weight * np.prod(p**ends.dlts * (1 - p) ** (ends.evaluable - ends.dlts), axis=1)
    some = np.flatnonzero(ends.mtd > 0)
    here = ends.evaluable[some, ends.mtd[some] - 1].astype(np.int64)
    found, left = float(chance[some].sum()), planned - total[some]
    masses = np.bincount(here + left, chance[some])
    share = 1 / found if found else 0.0
    return Expanded(
        found=found,
        escalation=float(chance @ total),
        expansion=float(chance[some] @ left) * share,
        most_in_escalation=most,
        at_dose=tuple((int(at), float(masses[at]) * share) for at in np.flatnonzero(masses)),
    )
