"""Endpoints as specifications: from what, to what, against what, until when."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from earlyphase.protocol.stated import Model, Stated


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
    FIRST_REMISSION = "first remission"
    """The first of the endpoint's `responses`."""


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
    MID_P = "mid-p"
    WILSON = "wilson"
    PLAIN = "plain"
    LOG = "log"
    LOG_LOG = "log-log"
    LOGIT = "logit"
    ARCSIN = "arcsin"

    @property
    def of_a_proportion(self) -> bool:
        """Whether it is made for a proportion, and not for a curve."""
        return self in (IntervalType.CLOPPER_PEARSON, IntervalType.MID_P, IntervalType.WILSON)


class Prior(Model):
    """What was believed of a rate before the study: a beta distribution, worth `responders + others` participants."""

    responders: Annotated[float, Field(gt=0)]
    """The first parameter, alpha."""
    others: Annotated[float, Field(gt=0)]
    """The second parameter, beta."""


class Variation(Model):
    """Another choice of what ends a time to event: a sensitivity analysis."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: str
    why: str
    source: str
    only_for: tuple[str, ...] = ()
    """The endpoints that it is made for; all that it changes when empty."""
    event: frozenset[Happening] = frozenset()
    """What now is an event."""
    competing: frozenset[Happening] = frozenset()
    """What now competes."""
    censored_at: frozenset[Happening] = frozenset()
    """What now censors."""
    ignored: frozenset[Happening] = frozenset()
    """What now changes nothing: follow-up goes on."""
    set: "Settings | None" = None
    """What else is set otherwise."""


class Settings(Model):
    """Choices on what is not known, as a variation sets them; what is absent stays as the endpoint has it."""

    failure_on: Literal["origin", "deadline"] | None = None
    missed_assessments: Annotated[int, Field(gt=0)] | None = None
    lost: Literal["censored", "event"] | None = None


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
    """For a response rate: which best responses count. With `remission_within_days`: which are a remission."""
    remission_within_days: Annotated[int, Field(gt=0)] | None = None
    """For event-free survival: who has no remission by then has had the event. Units: days from the origin."""
    failure_on: Literal["origin", "deadline"] = "origin"
    """Whether that event is dated on day 0, or on the deadline."""
    missed_assessments: Annotated[int, Field(gt=0)] | None = None
    """An event of the disease that comes after so many missed assessments in a row is censored before them."""
    lost: Literal["censored", "event"] = "censored"
    """What it is to withdraw from the study or be lost to follow-up."""
    sensitivity: tuple[Variation, ...] = ()
    """The sensitivity analyses to be made; the usual ones when empty."""
    prior: Prior | None = None
    """For a response rate: the prior of its posterior."""
    null_rate: Annotated[float, Field(ge=0, le=1)] | None = None
    """For a response rate: the rate that the study wants to exceed. Units: share of 1."""
    horizon_days: Annotated[int, Field(gt=0)]
    """Until when it is counted. Units: days from the origin."""
    interval: IntervalType
    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.95
    by: Literal["dose level"] | None = None

    @model_validator(mode="after")
    def _says_what_it_counts(self) -> "Endpoint":
        if not self.events and not self.responses:
            raise ValueError(f"endpoint {self.id} names neither events nor responses: say what it counts")
        if self.interval.of_a_proportion is (self.measure == "time to event"):
            what = "curve" if self.measure == "time to event" else "proportion"
            fit = ", ".join(one.value for one in IntervalType if one.of_a_proportion is (what == "proportion"))
            raise ValueError(f"endpoint {self.id} is a {what}: its interval is one of {fit}")
        if self.remission_within_days is not None and not self.responses:
            raise ValueError(f"endpoint {self.id} has a deadline for a remission: name the `responses` that are one")
        if both := self.events & self.competing:
            raise ValueError(f"endpoint {self.id} has {sorted(both)} both as event and as competing event")
        return self
