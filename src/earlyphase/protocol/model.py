"""The computable protocol as a whole: one version of what a study must do."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from earlyphase.protocol.criteria import Criterion
from earlyphase.protocol.dlt import DltDefinition
from earlyphase.protocol.doses import Doses
from earlyphase.protocol.endpoints import Endpoint
from earlyphase.protocol.escalation import EscalationPlan, Expansion
from earlyphase.protocol.reporting import Reporting
from earlyphase.protocol.schedule import Schedule
from earlyphase.protocol.stated import Model, Stated
from earlyphase.protocol.terms import Comparison, Term, TermName


class PlannedEnrolment(Stated):
    """How many participants are planned."""

    count: Annotated[int, Field(ge=1)]


class Lymphodepletion(Stated):
    """The conditioning before the infusion."""

    agents: tuple[str, ...]
    """Each agent with its daily dose, as it is prescribed."""
    first_day: int
    """Units: days from the infusion."""
    last_day: int


class StoppingRule(Stated):
    """A rule that halts the study for a review."""

    id: str
    when: str
    """What halts it, as a sentence."""
    measure: Literal["dlt", "death", "grade 5"]
    at_least: Annotated[int, Field(ge=1)]
    """How many participants with it halt the study."""
    among_first: Annotated[int, Field(ge=1)] | None = None
    """Of the first so many infused; of all when absent."""


class Protocol(Model):
    """One version of a study's protocol."""

    model_config: ClassVar[ConfigDict] = ConfigDict(title="earlyphase protocol")

    format: Literal[1] = Field(alias="schema")
    """The version of this file format."""
    study: str
    """The registration number or short name of the study."""
    title: str
    version: str
    """The version of the protocol; an amendment has a new one."""
    record: str | None = None
    """The registry record beside this file that it is validated against."""
    disease: str
    product: str
    planned_enrolment: PlannedEnrolment
    doses: Doses
    escalation: EscalationPlan
    dlt: DltDefinition
    lymphodepletion: Lymphodepletion | None = None
    schedule: Schedule
    terms: dict[TermName, Term] = Field(default_factory=dict)
    """Terms of the criteria language that only this study has."""
    translations: dict[str, str] = Field(default_factory=dict)
    """The Chinese of what criteria quote."""
    comparison: Comparison | None = None
    """How values are compared with limits; unrounded where it is absent."""
    criteria: tuple[Criterion, ...]
    endpoints: tuple[Endpoint, ...]
    expansion: Expansion | None = None
    stopping_rules: tuple[StoppingRule, ...] = ()
    reporting: Reporting | None = None
    """To whom serious events are reported; every clock that is known runs where it is absent."""

    @model_validator(mode="after")
    def _unique_names(self) -> "Protocol":
        for what, names in (("criterion", [c.id for c in self.criteria]), ("endpoint", [e.id for e in self.endpoints])):
            for name in names:
                if names.count(name) > 1:
                    raise ValueError(f"there are two {what} items named {name}: give each its own")
        return self

    @model_validator(mode="after")
    def _expansion_adds(self) -> "Protocol":
        if self.expansion and self.expansion.total > self.planned_enrolment.count:
            raise ValueError(
                f"the expansion goes to {self.expansion.total} participants, "
                f"but {self.planned_enrolment.count} are planned"
            )
        return self
