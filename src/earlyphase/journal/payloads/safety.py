"""What harmed a participant, and what the reviewers made of it."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from earlyphase.dates import PartialDate
from earlyphase.journal.payloads.payload import EntryNumber, Name, Payload, Sentence
from earlyphase.protocol.dlt import Cause
from earlyphase.protocol.escalation import NotEvaluable
from earlyphase.protocol.stated import Model

Grade = Annotated[int, Field(ge=1, le=5)]


class Relatedness(StrEnum):
    """The investigator's view of cause."""

    RELATED = "related"
    POSSIBLY = "possibly related"
    UNRELATED = "not related"


class GradeChange(Model):
    """A later change of grade; 0 is resolution."""

    on: dt.date
    at: dt.time | None = None
    """The time of day at the site, where it is known: a limit in hours hangs on it."""
    grade: Annotated[int, Field(ge=0, le=5)]


class AdverseEvent(Payload):
    """An adverse event with the grade that the investigator gave it."""

    record: ClassVar[str] = "adverse_event"
    term: Name
    """The term, in the words of the dictionary."""
    system_class: Name
    """The system organ class."""
    dictionary: Name = "CTCAE v5.0"
    """Whose terms these are."""
    scale: Name = "CTCAE v5.0"
    """Whose grades these are: `CTCAE v5.0`, `ASTCT 2019`, `EHA/EBMT 2023`, `ASTCT 2023`."""
    grade: Grade
    """The worst grade."""
    onset: PartialDate
    onset_at: dt.time | None = None
    """The time of day of the onset, where it is known."""
    resolved: PartialDate | None = None
    resolved_at: dt.time | None = None
    """The time of day of the end, where it is known."""
    course: tuple[GradeChange, ...] = ()
    """Later changes of grade, in order, where they matter."""
    relatedness: Relatedness
    """Whether the study product caused it."""
    cause: Cause | None = None
    """What it is put down to: the study product alone, or what else."""
    serious: bool = False
    aware_on: dt.date | None = None
    """The day on which the sponsor became aware of a serious event: day 0 of the reporting clock."""
    expected: bool | None = None
    """Whether the reference safety information names it, at this severity; not yet judged when absent."""
    note: Sentence | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "AdverseEvent":
        if self.resolved is not None and self.resolved.latest < self.onset.earliest:
            raise ValueError(
                f"the event is resolved on {self.resolved}, before its onset on {self.onset}: correct one of the dates"
            )
        days = [change.on for change in self.course]
        if days != sorted(days) or (days and days[0] < self.onset.earliest):
            raise ValueError("the changes of grade are not in the order of their dates, from the onset on")
        if any(change.grade > self.grade for change in self.course):
            raise ValueError(f"a later grade is above {self.grade}: `grade` is the worst grade of the event")
        return self

    @model_validator(mode="after")
    def _times_have_days(self) -> "AdverseEvent":
        for field, day, at in (
            ("onset", self.onset, self.onset_at),
            ("resolved", self.resolved, self.resolved_at),
        ):
            if at is not None and (day is None or not day.complete):
                raise ValueError(f"`{field}_at` is the time of a day, and the day of `{field}` is not known")
        return self

    @model_validator(mode="after")
    def _caused_by_one(self) -> "AdverseEvent":
        if self.cause is Cause.PRODUCT and self.relatedness is Relatedness.UNRELATED:
            raise ValueError(
                "the cause is the study product, yet the event is not related to it: change one of the two"
            )
        return self

    def clinical_date(self) -> dt.date:
        """Give the last day on which the onset can lie."""
        return self.onset.latest if self.onset.complete else self.onset.earliest


class DltVerdict(StrEnum):
    """What the reviewers found."""

    DLT = "DLT"
    NO_DLT = "no DLT"
    NOT_EVALUABLE = "not evaluable"


class _DltFinding(Payload):
    """What a finding on a DLT window says, whoever makes it."""

    on: dt.date
    verdict: DltVerdict
    adverse_event: EntryNumber | None = None
    """The entry of the event that is the DLT."""
    not_evaluable: NotEvaluable | None = None
    """Why the participant is not evaluable."""
    because: Sentence

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.verdict is DltVerdict.DLT) != (self.adverse_event is not None):
            raise ValueError("a DLT names the entry of its adverse event, and nothing else does")
        if (self.verdict is DltVerdict.NOT_EVALUABLE) != (self.not_evaluable is not None):
            raise ValueError(
                "a participant who is not evaluable has the reason in `not_evaluable`, and nobody else has one"
            )
        return self


class DltReview(_DltFinding):
    """One reviewer's own finding on one participant's DLT window, made without knowing the others'."""

    record: ClassVar[str] = "dlt_review"
    reviewer: Name


class DltAdjudication(_DltFinding):
    """The reviewers' common finding on one participant's DLT window."""

    record: ClassVar[str] = "dlt_adjudication"
    reviewers: Annotated[tuple[Name, ...], Field(min_length=1)]


class Death(Payload):
    """The participant died."""

    record: ClassVar[str] = "death"
    on: dt.date
    cause: Literal["disease", "adverse event", "other"]
    """`disease` is death from progression of the disease under study."""
    cause_text: Sentence
    adverse_event: EntryNumber | None = None
    """The entry of the fatal event."""


class SafetyReport(Payload):
    """An expedited report on an adverse event was sent."""

    record: ClassVar[str] = "safety_report"
    on: dt.date
    adverse_event: EntryNumber
    """The entry of the event."""
    jurisdiction: Name
    """Whom it was sent to: `ICH`, `US`, `EU`, `CN`."""
    report: Literal["first report", "follow-up report", "report"]
    reference: Name | None = None
    """What the authority calls it."""
