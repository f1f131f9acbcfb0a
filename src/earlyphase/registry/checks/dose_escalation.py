"""What a record that announces dose escalation must tell."""

from collections.abc import Iterator

from earlyphase.registry.checks.case import Case
from earlyphase.registry.checks.finding import Check, Remark, Severity, Span
from earlyphase.registry.checks.tables import pattern, table

_DEFINE = "SPIRIT-DEFINE (Yap 2023, BMJ 383:e076386)"
_ELEMENTS = {
    "the doses with their unit": "dose_with_unit",
    "the starting dose": "starting_dose",
    "when escalation stops": "stopping_rule",
    "when the dose goes down": "de_escalation",
}
_LEVELS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}


def _where(case: Case) -> Span | None:
    return next(case.spans(pattern("escalation"), case.texts), None)


def _incomplete(case: Case) -> Iterator[Remark]:
    if not case.escalates:
        return
    missing = [what for what, name in _ELEMENTS.items() if not _told(case, name)]
    if len(missing) > table("limits")["escalation"]["tolerable_gaps"]:
        listed = "; ".join(missing)
        yield Remark(f"Dose escalation is announced but not described; still to be given: {listed}.", _where(case))


def _told(case: Case, name: str) -> bool:
    """Tell whether an element of the escalation is given; doses count where the treatment is described."""
    if name != "dose_with_unit":
        return case.says(name)
    texts = [*(text.text for text in case.prose), *(one.words for one in case.outcomes)]
    return any(pattern(name).search(text) for text in texts)


def _undefined_dlt(case: Case) -> Iterator[Remark]:
    span = next(case.spans(pattern("dlt"), case.texts), None)
    if span and not any(pattern("dlt_definition").search(text.text) for text in (*case.prose, *case.outcome_texts)):
        yield Remark(
            "Dose-limiting toxicity is named but not defined: say which events count, and of what grade.", span
        )


def _arithmetic(case: Case) -> Iterator[Remark]:
    enrolment = case.section.design_module.enrollment_info
    levels = pattern("dose_levels").search(case.everything)
    if not (case.says("three_plus_three") and levels and enrolment and enrolment.count):
        return
    count = _LEVELS.get(levels[1].lower()) or int(levels[1])
    most = count * table("limits")["three_plus_three"]["most_per_level"]
    if enrolment.count > most and not case.says("expansion"):
        span = next(case.spans(pattern("dose_levels"), case.texts), None)
        yield Remark(
            f"{enrolment.count} participants are planned, but {count} levels of 3+3 treat at most {most}: say what the "
            "others are for.",
            span,
        )


def _no_objective(case: Case) -> Iterator[Remark]:
    if case.escalates and not case.says("dose_objective"):
        yield Remark(
            "The dose is escalated, but finding a maximum tolerated or recommended dose is no objective: add it, or "
            "say what decides the dose.",
            _where(case),
        )


ESCALATION_NOT_DESCRIBED = Check("escalation-not-described", 17, Severity.MAJOR, _DEFINE, _incomplete)
DLT_UNDEFINED = Check("dlt-undefined", 17, Severity.MAJOR, _DEFINE, _undefined_dlt)
ENROLMENT_BEYOND_DESIGN = Check(
    "enrolment-beyond-design", 18, Severity.MAJOR, "arithmetic of the 3+3 design (Storer 1989)", _arithmetic
)
NO_DOSE_OBJECTIVE = Check("no-dose-objective", 19, Severity.ADVISORY, _DEFINE, _no_objective)
