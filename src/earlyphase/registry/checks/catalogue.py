"""Every check, in the order of its group, and how to run them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from earlyphase.registry.checks.ages import (
    ADULT_SCALE_FOR_CHILDREN,
    AGE_GROUPS_CONTRADICT,
    AGE_LIMITS_MISSING,
    CHILDREN_WITHOUT_ASSENT,
)
from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.cell_therapy import CAR_T_WITHOUT_GRADING
from earlyphase.registry.checks.contradictions import IN_BOTH_LISTS, PREGNANCY_OPENS_INCLUSION
from earlyphase.registry.checks.dose_escalation import (
    DLT_UNDEFINED,
    ENROLMENT_BEYOND_DESIGN,
    ESCALATION_NOT_DESCRIBED,
    NO_DOSE_OBJECTIVE,
)
from earlyphase.registry.checks.endpoints import (
    DURATION_IGNORES_DEATHS,
    RESPONSE_WITHOUT_CRITERIA,
    SOLID_TUMOUR_WORDING,
)
from earlyphase.registry.checks.exclusions import ASSESSED_AFTER_ENROLMENT, DUPLICATE_CATCH_ALL
from earlyphase.registry.checks.finding import Check, Finding
from earlyphase.registry.checks.interventions import ARM_LABEL_IS_ACTION, INTERVENTION_NOT_DESCRIBED
from earlyphase.registry.checks.language import MISSPELT_WORD, UNLIKELY_WORD
from earlyphase.registry.checks.missing import (
    NO_COMPLETION_DATE,
    NO_CONTACT,
    NO_IPD_STATEMENT,
    NO_KEYWORDS,
    NO_SECONDARY_NUMBER,
)
from earlyphase.registry.checks.numbering import MIXED_NUMBERING, ORPHAN_LABEL
from earlyphase.registry.checks.outcome_measures import (
    CIRCULAR_DESCRIPTION,
    PRIMARY_WITHOUT_DESCRIPTION,
    PRIMARY_WITHOUT_TIME_FRAME,
    UNSPECIFIC_OUTCOME,
)
from earlyphase.registry.checks.phase import PHASE_AGAINST_ENDPOINTS, SAFETY_CLAIMED
from earlyphase.registry.checks.rendering import LEFT_MARKUP, RUN_TOGETHER, WRONG_PLURAL
from earlyphase.registry.checks.single_arm import RANDOMIZATION_IN_SINGLE_ARM
from earlyphase.registry.checks.status import NOT_UPDATED, RECRUITING_BEFORE_START, SUBMITTED_AFTER_START
from earlyphase.registry.checks.thresholds import (
    ASSAY_WITHOUT_METHOD,
    LAB_LIMIT_WITHOUT_WINDOW,
    NUMERIC_WITHOUT_THRESHOLD,
    SLASH_IN_THRESHOLD,
)
from earlyphase.registry.checks.time_frames import (
    MIXED_TIME_ZERO,
    NO_LONG_TERM_FOLLOW_UP,
    SURVIVAL_SHORTER_THAN_PROGRESSION,
)
from earlyphase.registry.checks.titles import SUMMARY_REPEATS_TITLE
from earlyphase.registry.checks.units import UNIT_IMPLAUSIBLE
from earlyphase.registry.checks.who import WHO_DATA_SET
from earlyphase.registry.model import Record

CHECKS: tuple[Check, ...] = (
    WHO_DATA_SET,
    SUMMARY_REPEATS_TITLE,
    SUBMITTED_AFTER_START,
    RECRUITING_BEFORE_START,
    NOT_UPDATED,
    AGE_LIMITS_MISSING,
    AGE_GROUPS_CONTRADICT,
    ADULT_SCALE_FOR_CHILDREN,
    CHILDREN_WITHOUT_ASSENT,
    UNIT_IMPLAUSIBLE,
    PREGNANCY_OPENS_INCLUSION,
    IN_BOTH_LISTS,
    MIXED_NUMBERING,
    ORPHAN_LABEL,
    NUMERIC_WITHOUT_THRESHOLD,
    LAB_LIMIT_WITHOUT_WINDOW,
    ASSAY_WITHOUT_METHOD,
    SLASH_IN_THRESHOLD,
    DUPLICATE_CATCH_ALL,
    ASSESSED_AFTER_ENROLMENT,
    UNLIKELY_WORD,
    MISSPELT_WORD,
    PRIMARY_WITHOUT_TIME_FRAME,
    PRIMARY_WITHOUT_DESCRIPTION,
    CIRCULAR_DESCRIPTION,
    UNSPECIFIC_OUTCOME,
    RANDOMIZATION_IN_SINGLE_ARM,
    SURVIVAL_SHORTER_THAN_PROGRESSION,
    MIXED_TIME_ZERO,
    SOLID_TUMOUR_WORDING,
    RESPONSE_WITHOUT_CRITERIA,
    DURATION_IGNORES_DEATHS,
    ESCALATION_NOT_DESCRIBED,
    DLT_UNDEFINED,
    ENROLMENT_BEYOND_DESIGN,
    NO_DOSE_OBJECTIVE,
    CAR_T_WITHOUT_GRADING,
    NO_LONG_TERM_FOLLOW_UP,
    SAFETY_CLAIMED,
    PHASE_AGAINST_ENDPOINTS,
    INTERVENTION_NOT_DESCRIBED,
    ARM_LABEL_IS_ACTION,
    NO_IPD_STATEMENT,
    NO_SECONDARY_NUMBER,
    NO_CONTACT,
    NO_COMPLETION_DATE,
    NO_KEYWORDS,
    LEFT_MARKUP,
    RUN_TOGETHER,
    WRONG_PLURAL,
)
"""Group 23, the twin record, needs a collection: see `earlyphase.registry.twins`."""


@dataclass(frozen=True, slots=True)
class FiringRate:
    """On how many records a check fires."""

    check: Check
    fired: int
    records: int


def check_record(record: Record, today: dt.date) -> tuple[Finding, ...]:
    """Run every check on a record."""
    case = Case(record, today)
    return tuple(finding for check in CHECKS for finding in _run(check, case))


def firing_rates(records: Iterable[Record], today: dt.date) -> tuple[FiringRate, ...]:
    """Count on how many records each check fires."""
    fired: Counter[str] = Counter()
    records_seen = 0
    for records_seen, record in enumerate(records, start=1):  # noqa: B007 - the last number is the count
        fired.update({finding.id for finding in check_record(record, today)})
    return tuple(FiringRate(check, fired[check.id], records_seen) for check in CHECKS)


def _run(check: Check, case: Case) -> Iterator[Finding]:
    for remark in check.find(case):
        yield Finding(check.id, check.group, check.severity, check.basis, remark.sentence, remark.span)
