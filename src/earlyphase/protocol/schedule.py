"""The schedule of assessments."""

from enum import StrEnum

from pydantic import model_validator

from earlyphase.protocol.stated import Model, Stated


class Anchor(StrEnum):
    """The day from which visits are counted: day 0."""

    INFUSION = "infusion"
    LEUKAPHERESIS = "leukapheresis"
    CONSENT = "consent"


class Visit(Model):
    """One planned visit."""

    name: str
    day: int
    """The planned day. Units: days from the anchor."""
    first: int
    """The first day of the visit window."""
    last: int
    """The last day of the visit window."""
    assessments: tuple[str, ...]
    """What is done: names from the schedule's list of assessments."""

    @model_validator(mode="after")
    def _within(self) -> "Visit":
        if not self.first <= self.day <= self.last:
            raise ValueError(
                f"visit {self.name!r} is planned on day {self.day}, outside its window {self.first} to {self.last}"
            )
        return self


class Schedule(Stated):
    """When participants are seen and what is done."""

    anchor: Anchor = Anchor.INFUSION
    assessments: dict[str, str]
    """The assessments by name, each with what it comprises."""
    visits: tuple[Visit, ...]

    @model_validator(mode="after")
    def _known_assessments(self) -> "Schedule":
        for visit in self.visits:
            for name in visit.assessments:
                if name not in self.assessments:
                    raise ValueError(
                        f"visit {visit.name!r} asks for {name!r}, "
                        f"which is not among the assessments {sorted(self.assessments)}"
                    )
        return self
