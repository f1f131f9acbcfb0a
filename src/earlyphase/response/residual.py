"""Measurable residual disease: negative, positive, or unknown because the method cannot tell."""

from dataclasses import dataclass
from enum import StrEnum

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.response.criteria_set import CriteriaSet


class Residual(StrEnum):
    """What a measurement of residual disease says."""

    COMPLETE = "negative, none detectable"
    NEGATIVE = "negative"
    POSITIVE = "positive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ResidualFinding:
    """The status with its sentence."""

    status: Residual
    says: str


def residual_status(
    criteria: CriteriaSet, *, detected: bool, level: Quantity | None = None, sensitivity: Quantity | None = None
) -> ResidualFinding:
    """Call a measurement of residual disease.

    Args:
        criteria: the set whose limit counts.
        detected: whether anything was seen.
        level: the share of leukaemic cells.
        sensitivity: the least share that the method can see.

    Raises:
        InvalidInput: the set has no limit for residual disease.

    Source:
        The criteria set: negative is below 0.01 %, complete is none detectable, in ELN 2024 and NCI 2010.
    """
    if criteria.residual is None:
        raise InvalidInput("response criteria", criteria.name, "have no limit for residual disease.")
    limit = criteria.residual.negative_below
    if not detected:
        if sensitivity is None:
            return ResidualFinding(Residual.UNKNOWN, "missing: how little the method can see")
        if sensitivity.compare(limit) > 0:
            return ResidualFinding(
                Residual.UNKNOWN, f"the method sees {sensitivity} at the least, the limit is {limit}"
            )
        return ResidualFinding(Residual.COMPLETE, f"none detected; the method sees {sensitivity}")
    if level is None:
        return ResidualFinding(Residual.UNKNOWN, "missing: the level of what was detected")
    if level.compare(limit) < 0:
        return ResidualFinding(Residual.NEGATIVE, f"{level} is below {limit}")
    return ResidualFinding(Residual.POSITIVE, f"{level} is not below {limit}")
