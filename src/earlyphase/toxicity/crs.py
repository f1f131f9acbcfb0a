"""Cytokine release syndrome, graded from temperature, vasopressors and oxygen."""

from dataclasses import dataclass
from enum import StrEnum

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity.astct import DEATH, Component, Graded, Scales, component, decided_by, load_scales, worst

SCALE = "CRS"


class Oxygen(StrEnum):
    """How oxygen is given."""

    ROOM_AIR = "room air"
    BLOW_BY = "blow-by"
    CANNULA = "cannula"
    """A nasal cannula: its flow decides."""
    FACE_MASK = "face mask"
    NON_REBREATHER = "non-rebreather mask"
    VENTURI = "Venturi mask"
    POSITIVE_PRESSURE = "positive pressure"
    """CPAP, BiPAP, or intubation and ventilation."""


@dataclass(frozen=True, slots=True)
class CrsFindings:
    """What was seen at the bedside. None is "not assessed"."""

    temperature: Quantity | None = None
    hypotension: bool | None = None
    """Whether the blood pressure is low, or would be without treatment."""
    vasopressors: int | None = None
    """How many vasopressors run, vasopressin not counted."""
    vasopressin: bool = False
    oxygen: Oxygen | None = None
    flow: Quantity | None = None
    """The flow of a cannula."""
    other_cause: bool = False
    """Whether the fever is put down to another cause."""
    died: bool = False
    """Whether the participant died of it."""


def grade_crs(findings: CrsFindings, *, fever_required: bool = True) -> Graded:
    """Grade CRS from one set of findings.

    Args:
        findings: what was seen.
        fever_required: False once CRS has begun with fever and an antipyretic, tocilizumab or a steroid was given.

    Returns:
        The grade as a range, with its components. Without fever, where fever is required, it is 0.

    Raises:
        InvalidInput: findings that contradict each other, such as a flow without a cannula.

    Source: ASTCT consensus, Lee et al. 2019, Biol Blood Marrow Transplant 25:625, table 2.
    """
    scales = load_scales()
    feverish = fever(findings, scales)
    organs = (hypotension(findings, scales), hypoxia(findings, scales))
    components = (_fever_component(findings, feverish, scales), *organs)
    low, high, missing = worst(components)
    if findings.died:
        return _graded(scales, DEATH, DEATH, components, (), "died of it")
    if fever_required and feverish is False:
        return _graded(scales, 0, 0, components, (), _no_fever(findings, max(one.grade_max for one in organs), scales))
    if fever_required and feverish is None:
        missing = tuple(dict.fromkeys(("temperature", *missing)))
        return _graded(scales, 0, high, components, missing, "the temperature was not measured")
    return _graded(scales, low, high, components, missing, decided_by(components, low) or "no component is abnormal")


def fever(findings: CrsFindings, scales: Scales) -> bool | None:
    """Tell whether there is fever in the sense of the scale; None without a temperature.

    Raises:
        InvalidInput: no body has that temperature.

    Source: ASTCT consensus, Lee et al. 2019: at least 38 °C, not attributable to another cause.
    """
    measured = findings.temperature
    if measured and (measured.compare(scales.coldest) < 0 or measured.compare(scales.hottest) > 0):
        raise InvalidInput("temperature", str(measured), "is not a body temperature.", "Check its unit: °C or °F?")
    if findings.other_cause:
        return False
    return None if measured is None else measured.compare(scales.fever) >= 0


def hypotension(findings: CrsFindings, scales: Scales) -> Component:
    """Grade the row of hypotension.

    Raises:
        InvalidInput: vasopressors without hypotension, or fewer than none.

    Source: ASTCT consensus, Lee et al. 2019, table 2; vasopressin is not counted among several.
    """
    count, low, grades = findings.vasopressors, findings.hypotension, scales.crs["hypotension"]
    if count is not None and count < 0:
        raise InvalidInput("vasopressors", count, "is below zero.", "Count those that run, without vasopressin.")
    if low is False and (count or findings.vasopressin):
        raise InvalidInput(
            "hypotension", "no", "contradicts the vasopressors.", "A pressure that they hold counts as low."
        )
    if count is None and (low or findings.vasopressin):
        least = grades["vasopressin alone" if findings.vasopressin else "no vasopressor"]
        return Component("hypotension", "low", least.low, grades["several vasopressors"].high, "vasopressors")
    return component("hypotension", _pressure(count, low, findings.vasopressin), grades)


def _pressure(count: int | None, low: bool | None, vasopressin: bool) -> str | None:  # noqa: FBT001 - three-valued
    if count:
        return "one vasopressor" if count == 1 else "several vasopressors"
    if vasopressin:
        return "vasopressin alone"
    if low is None:
        return None
    return "no vasopressor" if low else "none"


def hypoxia(findings: CrsFindings, scales: Scales) -> Component:
    """Grade the row of hypoxia.

    Raises:
        InvalidInput: a flow without a cannula.

    Source: ASTCT consensus, Lee et al. 2019, table 2: low flow is at most 6 L/min.
    """
    grades = scales.crs["oxygen"]
    if findings.flow is not None and findings.oxygen is not Oxygen.CANNULA:
        raise InvalidInput("flow", str(findings.flow), "belongs to a nasal cannula.", "Give the oxygen as a cannula.")
    if findings.oxygen is not Oxygen.CANNULA:
        return component("hypoxia", findings.oxygen, grades)
    if findings.flow is None:
        slow, fast = grades["low-flow cannula"], grades["high-flow cannula"]
        return Component("hypoxia", "cannula", slow.low, fast.high, "flow")
    slow = findings.flow.compare(scales.low_flow) <= 0
    return component("hypoxia", "low-flow cannula" if slow else "high-flow cannula", grades)


def _fever_component(findings: CrsFindings, feverish: bool | None, scales: Scales) -> Component:  # noqa: FBT001 - three-valued
    grade = scales.onset_grade
    if feverish is None:
        return Component("fever", None, 0, grade, "temperature")
    shown = str(findings.temperature) if findings.temperature else "none"
    if findings.other_cause:
        shown += ", another cause"
    return Component("fever", shown, grade if feverish else 0, grade if feverish else 0)


def _no_fever(findings: CrsFindings, organs: int, scales: Scales) -> str:
    why = "its fever has another cause" if findings.other_cause else f"there is no fever of {scales.fever}"
    return f"{why}, which CRS needs until it is treated" if organs else why


def _graded(
    scales: Scales, low: int, high: int, components: tuple[Component, ...], missing: tuple[str, ...], why: str
) -> Graded:  # fmt: skip
    return Graded(
        SCALE, scales.label, low, high, components, missing, f"CRS {_shown(low, high)}: {why}.", scales.source
    )


def _shown(low: int, high: int) -> str:
    return f"grade {low}" if low == high else f"grade {low}–{high}"
