"""Figures as values: each function takes what was computed and answers with a `Figure`."""

from earlyphase.reports.figures.flow import Loss, Step, participant_flow
from earlyphase.reports.figures.flow_cohorts import Cohort, Stage, cohort_flow
from earlyphase.reports.figures.funnel import attrition_funnel
from earlyphase.reports.figures.ladder import Rung, Turn, escalation_ladder
from earlyphase.reports.figures.survival import TimeAxis, kaplan_meier
from earlyphase.reports.figures.swimmer import Lane, Mark, swimmer

__all__ = [
    "Cohort",
    "Lane",
    "Loss",
    "Mark",
    "Rung",
    "Stage",
    "Step",
    "TimeAxis",
    "Turn",
    "attrition_funnel",
    "cohort_flow",
    "escalation_ladder",
    "kaplan_meier",
    "participant_flow",
    "swimmer",
]
