"""What was seen at the bedside in one moment: all that CRS and ICANS are graded from. The grades are computed."""

import datetime as dt
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.payload import Payload, Sentence
from earlyphase.quantities import Quantity
from earlyphase.toxicity.crs import CrsFindings, Oxygen, grade_crs
from earlyphase.toxicity.icans import IcansFindings, Motor, Pressure, Seizure, Wakes, grade_icans

Score = Annotated[int, Field(ge=0)]


class BedsideChart(Payload):
    """One row of the chart for cytokine release and neurotoxicity. What was not looked at is left out."""

    record: ClassVar[str] = "bedside_chart"
    on: dt.date
    at: dt.time
    temperature: Quantity | None = None
    other_cause: bool = False
    """Whether a fever is put down to another cause."""
    hypotension: bool | None = None
    """Whether the pressure is low, or would be without treatment."""
    vasopressors: Score | None = None
    """How many run, vasopressin not counted."""
    vasopressin: bool = False
    oxygen: Oxygen | None = None
    flow: Quantity | None = None
    """The flow of a nasal cannula."""
    treated: bool = False
    """Whether an antipyretic, tocilizumab or a steroid was given since the row before: fever is no longer needed."""
    ice: Score | None = None
    """The ICE score, 0 to 10."""
    capd: Score | None = None
    """The CAPD score, 0 to 32, instead of ICE in a young child."""
    capd_impossible: bool = False
    """Whether the child was too unwell to be assessed."""
    wakes: Wakes | None = None
    seizure: Seizure | None = None
    motor: Motor | None = None
    pressure: Pressure | None = None
    """Oedema of the brain, or raised intracranial pressure."""
    note: Sentence | None = None

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        """Refuse findings that contradict each other, in the words of the scales."""
        try:
            grade_crs(self.crs)
            grade_icans(self.icans)
        except InvalidInput as fault:
            raise ValueError(str(fault)) from None
        if not self.looked_at:
            raise ValueError("nothing was looked at: a row holds at least one finding")
        return self

    @property
    def moment(self) -> dt.datetime:
        """Give the moment, in the time of the ward."""
        return dt.datetime.combine(self.on, self.at.replace(tzinfo=None))

    @property
    def crs(self) -> CrsFindings:
        """Give what cytokine release is graded from."""
        return CrsFindings(
            temperature=self.temperature,
            hypotension=self.hypotension,
            vasopressors=self.vasopressors,
            vasopressin=self.vasopressin,
            oxygen=self.oxygen,
            flow=self.flow,
            other_cause=self.other_cause,
        )

    @property
    def icans(self) -> IcansFindings:
        """Give what neurotoxicity is graded from."""
        return IcansFindings(
            ice=self.ice,
            capd=self.capd,
            capd_impossible=self.capd_impossible,
            wakes=self.wakes,
            seizure=self.seizure,
            motor=self.motor,
            pressure=self.pressure,
        )

    @property
    def looked_at(self) -> frozenset[str]:
        """Name the scales of which anything was looked at."""
        neuro = (self.ice, self.capd, self.wakes, self.seizure, self.motor, self.pressure)
        body = (self.temperature, self.hypotension, self.vasopressors, self.oxygen)
        found = {"ICANS"} if self.capd_impossible or any(one is not None for one in neuro) else set[str]()
        return frozenset(found | ({"CRS"} if self.vasopressin or any(one is not None for one in body) else set[str]()))
