"""Dose levels and what counts as having received one."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from earlyphase.protocol.stated import Model, Stated
from earlyphase.quantities import Quantity


class DoseLevel(Model):
    """One planned dose level."""

    level: int
    """Its number: 1, 2, 3 upwards from the starting level; −1 for a planned step below. There is no level 0."""
    dose: Quantity
    """The dose, with its UCUM unit."""

    @field_validator("level")
    @classmethod
    def _no_level_zero(cls, level: int) -> int:
        if level == 0:
            raise ValueError("there is no dose level 0: number planned levels from 1, steps below from -1")
        return level

    @field_validator("dose")
    @classmethod
    def _positive(cls, dose: Quantity) -> Quantity:
        if dose.value <= 0:
            raise ValueError(f"a dose is more than nothing, not {dose}")
        return dose


class Doses(Stated):
    """The dose levels of a study, lowest first."""

    of: str
    """What is counted: `CAR+ T cells`."""
    levels: Annotated[tuple[DoseLevel, ...], Field(min_length=1)]
    """The levels, lowest first, a planned level −1 before level 1."""
    start: int = 1
    """The level at which the first participant is treated."""
    tolerance_percent: Annotated[float, Field(ge=0, lt=100)]
    """How far an administered dose may lie from the assigned one and still be that dose. Units: percent."""

    @model_validator(mode="after")
    def _ascending(self) -> "Doses":
        for lower, upper in zip(self.levels, self.levels[1:], strict=False):
            if upper.level <= lower.level or upper.dose.to(lower.dose.unit).value <= lower.dose.value:
                raise ValueError(
                    f"dose levels ascend, but level {upper.level} ({upper.dose}) "
                    f"follows level {lower.level} ({lower.dose})"
                )
        if self.start not in self.numbers:
            raise ValueError(f"the starting level {self.start} is not among the levels {list(self.numbers)}")
        return self

    @property
    def numbers(self) -> tuple[int, ...]:
        """The level numbers, lowest first."""
        return tuple(entry.level for entry in self.levels)

    def dose(self, level: int) -> Quantity:
        """Give the dose of a level.

        Raises:
            KeyError: there is no such level.
        """
        return next((entry.dose for entry in self.levels if entry.level == level), None) or _no_level(level)

    def index(self, level: int) -> int:
        """Count a level from 1, the lowest planned one, as designs do."""
        return self.numbers.index(level) + 1

    def level(self, index: int) -> int:
        """Give the level number of a dose that a design counts from 1."""
        return self.numbers[index - 1]


def _no_level(level: int) -> Quantity:
    raise KeyError(f"dose level {level}")
