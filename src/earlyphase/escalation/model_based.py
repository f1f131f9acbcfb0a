"""What designs that follow a model share: from the dose that the model wants to the step that is taken."""

from typing import Protocol

import numpy as np

from earlyphase.escalation.batch import Ints, States, Steps
from earlyphase.escalation.design import Act, Recommendation, Tally
from earlyphase.escalation.notation import require_tally


class ModelDesign(Protocol):
    """What is asked of such a design."""

    @property
    def doses(self) -> int:
        """How many doses there are."""
        ...

    @property
    def start(self) -> int:
        """The dose of the first cohort."""
        ...

    @property
    def cohort_size(self) -> int:
        """Participants of a cohort."""
        ...


def first_step(design: ModelDesign, tally: Tally) -> Recommendation | None:
    """Give the step of a study in which nobody has been treated; None where somebody has.

    Raises:
        InvalidInput: the tally does not fit the design.

    Source: a study begins at its starting dose, whatever the model.
    """
    require_tally(tally, design.doses)
    if tally.current is not None:
        return None
    reason = f"Nobody has been treated: start at dose {tally.name(design.start)}."
    return Recommendation(Act.START, design.start, design.cohort_size, None, reason)


def act_of(tally: Tally, dose: int) -> Act:
    """Say what it is to go from the current dose of a tally to another.

    Source: the words of the design's step.
    """
    current = tally.current or 0
    return Act.ESCALATE if dose > current else Act.STAY if dose == current else Act.DE_ESCALATE


def steps_to(design: ModelDesign, states: States, wanted: Ints) -> Steps:
    """Give the steps of many tallies from the doses that the model wants; 0 ends a study without an MTD.

    Source: as `first_step`.
    """
    dose = np.where(states.current == 0, design.start, wanted)
    return Steps(dose, np.where(dose > 0, design.cohort_size, 0), np.zeros_like(dose))
