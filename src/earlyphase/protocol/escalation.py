"""The plan of the dose escalation: the rule, who waits for whom, who counts, who is replaced."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from earlyphase.protocol.stated import Stated

Days = Annotated[int, Field(ge=0)]


class Variant(StrEnum):
    """The three rules that are called "3+3". They find different doses, so a protocol must name one."""

    LOWEST_STOP = "lowest_stop"
    """Stop when a dose is exceeded; the dose below is the MTD as it stands."""
    EXPAND_BELOW = "expand_below"
    """The dose below is filled to six; the top dose is accepted on none of three."""
    SIX_AT_MTD = "six_at_mtd"
    """Six participants are observed at whatever dose becomes the MTD, the top dose included."""


class ThreePlusThreeRule(Stated):
    """The 3+3 rule in one of its variants."""

    rule: Literal["3+3"]
    variant: Variant
    """Which of the three rules that are called 3+3."""


class Stagger(Stated):
    """How long participants wait for one another."""

    after_first_of_level: Days
    """Between the infusion of a level's first participant and the next one at that level. Units: days."""
    between_others: Days
    """Between the later participants of a level during the escalation. Units: days."""
    in_expansion: Days = 0
    """Between participants of the expansion. Units: days."""


class NotEvaluable(StrEnum):
    """Why a participant cannot count towards the DLT rate."""

    NOT_INFUSED = "not infused"
    UNDER_DOSED = "under-dosed"
    PROGRESSION = "progression or relapse before the end of the window"
    DISEASE_DEATH = "death from the disease before the end of the window"
    WITHDRAWAL = "withdrawal before the end of the window"
    LOST = "lost to follow-up before the end of the window"


class Evaluability(Stated):
    """Who is DLT-evaluable, and who is replaced."""

    minimum_dose_percent: Annotated[float, Field(gt=0, le=100)]
    """The least share of the assigned dose. Units: percent. A DLT counts whatever the dose."""
    replaced: frozenset[NotEvaluable]
    """The reasons for which a participant who is not evaluable is replaced."""


class EscalationPlan(Stated):
    """How the dose is escalated."""

    rule: ThreePlusThreeRule
    """The rule; other designs join this union."""
    cohort_size: Annotated[int, Field(ge=1)]
    """Participants treated at a level before its first review."""
    one_level_open: Literal[True] = True
    """Only one dose level takes participants at a time."""
    stagger: Stagger
    evaluability: Evaluability


class Expansion(Stated):
    """Participants treated at the recommended dose after the escalation."""

    total: Annotated[int, Field(ge=1)]
    """Participants of the whole study, escalation included."""
