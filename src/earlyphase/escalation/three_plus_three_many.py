"""The 3+3 on many tallies at once: the same steps as one by one, for its exact operating characteristics."""

import numpy as np

from earlyphase.escalation.batch import States, Steps
from earlyphase.escalation.three_plus_three import COHORT, EXCEEDED, FULL, ThreePlusThree, Variant


def steps(design: ThreePlusThree, states: States) -> Steps:
    """Answer each tally with the next step of the 3+3.

    Source: as `ThreePlusThree`.
    """
    evaluable, dlts = states.evaluable.T.astype(np.int64), states.dlts.T.astype(np.int64)
    rows = np.arange(len(states.current))
    limit = np.full(len(rows), design.doses)
    for below in range(design.doses - 1, -1, -1):
        limit[dlts[below] >= EXCEEDED] = below
    cleared = ((dlts == 0) & (evaluable >= COHORT)) | ((dlts < EXCEEDED) & (evaluable >= FULL))
    dose = np.minimum(states.current, limit).astype(np.int64)
    for at in range(design.doses):
        dose += (dose == at + 1) & (dose < limit) & cleared[at]
    here = np.maximum(dose, 1) - 1
    seen = evaluable[here, rows]
    accepted = (dose == limit) & cleared[here, rows] & (seen >= _enough(design, limit))
    over = (accepted | (limit == 0)) & (states.current > 0)
    size = np.where(seen < COHORT, COHORT - seen, FULL - seen)
    begins = states.current == 0
    dose, size = np.where(begins, design.start, dose), np.where(begins, COHORT, size)
    return Steps(np.where(over, 0, dose), np.where(over, 0, size), np.where(over, limit, 0))


def _enough(
    design: ThreePlusThree, limit: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give how many must have been treated at the highest dose that is allowed before it is the MTD."""
    match design.variant:
        case Variant.LOWEST_STOP:
            return np.full_like(limit, COHORT)
        case Variant.EXPAND_BELOW:
            return np.where(limit == design.doses, COHORT, FULL)
        case Variant.SIX_AT_MTD:
            return np.full_like(limit, FULL)
