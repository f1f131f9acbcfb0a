"""Age limits, and what children need."""

import re
from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity
from earlyphase.registry.checks.tables import pattern, table

_YEARS = {"year": 1.0, "month": 1 / 12, "week": 1 / 52, "day": 1 / 365, "hour": 0.0, "minute": 0.0}


def _missing(case: Case) -> Iterator[Remark]:
    module = case.section.eligibility_module
    if not module.minimum_age and not module.maximum_age:
        groups = ", ".join(group.lower().replace("_", " ") for group in module.std_ages)
        so = f", so that all groups count as eligible ({groups})" if groups else ""
        yield Remark(f"Neither a minimum nor a maximum age is given{so}: state the limits of the protocol.")


def _contradicts(case: Case) -> Iterator[Remark]:
    module, limits = case.section.eligibility_module, table("limits")["ages"]
    least, most = _in_years(module.minimum_age, 0.0), _in_years(module.maximum_age, 200.0)
    if not module.std_ages or (module.minimum_age is None and module.maximum_age is None):
        return
    child, old = limits["child_below"], limits["older_adult_from"]
    spans = {"CHILD": (0.0, child), "ADULT": (child, old), "OLDER_ADULT": (old, 200.0)}
    for group, (low, high) in spans.items():
        eligible = least < high and most >= low
        if eligible != (group in module.std_ages):
            name = group.lower().replace("_", " ")
            yield Remark(
                f"The age limits ({module.minimum_age or 'none'} to {module.maximum_age or 'none'}) "
                f"{'include' if eligible else 'leave out'} the group {name}, the age groups say otherwise: correct one."
            )


def _in_years(text: str | None, otherwise: float) -> float:
    found = re.match(r"\s*(\d+)\s*(year|month|week|day|hour|minute)", text or "", re.IGNORECASE)
    return int(found[1]) * _YEARS[found[2].lower()] if found else otherwise


def _adult_scale(case: Case) -> Iterator[Remark]:
    if case.takes_children and not case.says("paediatric_scale"):
        for span in list(case.spans(pattern("ecog"), [case.criteria_text]))[:1]:
            yield Remark(
                "Children are eligible but performance is judged on a scale for adults: name the scale for children, "
                "such as Lansky.",
                span,
            )


def _no_assent(case: Case) -> Iterator[Remark]:
    if case.takes_children and not case.says("assent"):
        for span in list(case.spans(pattern("consent"), [case.criteria_text]))[:1]:
            yield Remark(
                "Children are eligible but only the participant's own consent is asked for: add the consent of a "
                "legal representative and the child's assent.",
                span,
            )


AGE_LIMITS_MISSING = Check(
    "age-limits-missing", 6, Severity.MAJOR, "ClinicalTrials.gov data element definitions, age limits", _missing
)
AGE_GROUPS_CONTRADICT = Check(
    "age-groups-contradict", 6, Severity.ADVISORY, "ClinicalTrials.gov data element definitions, age", _contradicts
)
ADULT_SCALE_FOR_CHILDREN = Check("adult-scale-for-children", 6, Severity.ADVISORY, "Lansky 1987", _adult_scale)
CHILDREN_WITHOUT_ASSENT = Check(
    "children-without-assent", 6, Severity.MAJOR, "Declaration of Helsinki 2024, free and informed consent", _no_assent
)
