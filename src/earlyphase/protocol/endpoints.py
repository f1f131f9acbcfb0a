"""Endpoints as specifications: from what, to what, against what, until when."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from earlyphase.protocol.stated import Stated


class Population(StrEnum):
    """Who is counted."""

    ENROLLED = "enrolled"
    INFUSED = "infused"
    DLT_EVALUABLE = "DLT-evaluable"
    EFFICACY_EVALUABLE = "efficacy-evaluable"
    RESPONDERS = "responders"


class Origin(StrEnum):
    """The day 0 of a time to event."""

    ENROLMENT = "enrolment"
    LEUKAPHERESIS = "leukapheresis"
    INFUSION = "infusion"
    FIRST_RESPONSE = "first response"


class Happening(StrEnum):
    """What can end a time to event: as an event, as a competing event, or as the reason for censoring."""

    DLT = "adjudicated DLT"
    TEAE = "treatment-emergent adverse event"
    RELAPSE = "relapse"
    PROGRESSION = "progression"
    DEATH = "death"
    DISEASE_DEATH = "death from the disease"
    OTHER_DEATH = "death from another cause"
    TRANSPLANT = "transplant"
    NEW_THERAPY = "new anti-tumour therapy"


class IntervalType(StrEnum):
    """How the confidence interval of a proportion or a curve is made."""

    CLOPPER_PEARSON = "clopper-pearson"
    PLAIN = "plain"
    LOG = "log"
    LOG_LOG = "log-log"


class Endpoint(Stated):
    """One endpoint."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
    """A short name: `ORR`, `OS`."""
    title: str
    role: Literal["primary", "secondary", "exploratory"]
    measure: Literal["proportion", "incidence", "time to event"]
    population: Population
    origin: Origin
    events: Annotated[frozenset[Happening], Field(min_length=0)] = frozenset()
    """What counts as the event."""
    competing: frozenset[Happening] = frozenset()
    """What makes the event impossible or meaningless; shown censored and competing."""
    censored_at: frozenset[Happening] = frozenset()
    """What ends observation without being an event."""
    responses: frozenset[str] = frozenset()
    """For a response rate: which best responses count."""
    horizon_days: Annotated[int, Field(gt=0)]
    """Until when it is counted. Units: days from the origin."""
    interval: IntervalType
    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.95
    by: Literal["dose level"] | None = None

    @model_validator(mode="after")
    def _says_what_it_counts(self) -> "Endpoint":
        if not self.events and not self.responses:
            raise ValueError(f"endpoint {self.id} names neither events nor responses: say what it counts")
        if both := self.events & self.competing:
            raise ValueError(f"endpoint {self.id} has {sorted(both)} both as event and as competing event")
        return self
