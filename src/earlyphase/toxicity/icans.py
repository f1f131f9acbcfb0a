"""Neurotoxicity of immune effector cells (ICANS), graded from ICE or CAPD, waking, seizures, motor and pressure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from earlyphase.faults import InvalidInput
from earlyphase.toxicity.astct import DEATH, Component, Graded, Range, Scales, component, decided_by, load_scales, worst

SCALE = "ICANS"

ICE_POINTS = {"orientation": 4, "naming": 3, "command": 1, "writing": 1, "attention": 1}
"""The tasks of the ICE score and their points. Source: Lee et al. 2019, table 5."""


class Wakes(StrEnum):
    """How the participant wakes."""

    SPONTANEOUSLY = "spontaneously"
    TO_VOICE = "to voice"
    TO_TOUCH = "to touch only"
    UNAROUSABLE = "only to vigorous stimuli, or not"


class Seizure(StrEnum):
    """The worst seizure."""

    NONE = "none"
    RESOLVES = "resolves rapidly"
    EEG_ONLY = "on EEG only"
    LONG = "longer than 5 min"
    REPEATED = "repeated without return to baseline"


class Motor(StrEnum):
    """Motor findings."""

    NONE = "none"
    DEEP_WEAKNESS = "deep focal weakness"


class Pressure(StrEnum):
    """Oedema of the brain and raised intracranial pressure."""

    NONE = "none"
    FOCAL_OEDEMA = "focal oedema on imaging"
    DIFFUSE_OEDEMA = "diffuse oedema on imaging"
    POSTURING = "decerebrate or decorticate posturing"
    SIXTH_NERVE = "sixth-nerve palsy"
    PAPILLOEDEMA = "papilloedema"
    CUSHING = "Cushing's triad"


@dataclass(frozen=True, slots=True)
class IcansFindings:
    """What was found on examination. None is "not assessed"."""

    ice: int | None = None
    """The ICE score, 0 to 10."""
    capd: int | None = None
    """The CAPD score, 0 to 32, instead of ICE in a young child."""
    capd_impossible: bool = False
    """Whether the child was too unwell to be assessed."""
    wakes: Wakes | None = None
    seizure: Seizure | None = None
    motor: Motor | None = None
    pressure: Pressure | None = None
    died: bool = False
    """Whether the participant died of it."""


def ice_score(**points: int) -> int:
    """Add up an ICE score from its tasks.

    Args:
        **points: points for orientation, naming, command, writing and attention.

    Returns: 0 to 10.

    Raises:
        InvalidInput: a task is missing, unknown, or has more points than it can.

    Source: ASTCT consensus, Lee et al. 2019, table 5.
    """
    for task in {**ICE_POINTS, **points}:
        most, given = ICE_POINTS.get(task), points.get(task)
        if most is None or given is None or not 0 <= given <= most:
            rule = "is not a task of the ICE score." if most is None else f"has 0 to {most} points."
            raise InvalidInput(f"ICE, {task}", given, rule, f"The tasks are {', '.join(ICE_POINTS)}.")
    return sum(points.values())


def grade_icans(findings: IcansFindings) -> Graded:
    """Grade ICANS from one set of findings.

    Returns:
        The grade as a range, with its components: the worst of them decides.

    Raises:
        InvalidInput: a score that cannot be, or both ICE and CAPD.

    Source: ASTCT consensus, Lee et al. 2019, Biol Blood Marrow Transplant 25:625, tables 6 and 7.
    """
    scales = load_scales()
    components = (
        _score(findings, scales),
        component("wakes", findings.wakes, scales.icans["wakes"]),
        component("seizure", findings.seizure, scales.icans["seizure"]),
        component("motor", findings.motor, scales.icans["motor"]),
        component("pressure", findings.pressure, scales.icans["pressure"]),
    )
    low, high, missing = worst(components)
    if findings.died:
        low, high, missing = DEATH, DEATH, ()
    why = "died of it" if findings.died else decided_by(components, low) or "no component is abnormal"
    shown = f"grade {low}" if low == high else f"grade {low}–{high}"
    return Graded(SCALE, scales.label, low, high, components, missing, f"ICANS {shown}: {why}.", scales.source)


def _score(findings: IcansFindings, scales: Scales) -> Component:
    child = findings.capd is not None or findings.capd_impossible
    if child and findings.ice is not None:
        raise InvalidInput(
            "ICE", findings.ice, "stands beside a CAPD score.", "Give one: CAPD replaces ICE in young children."
        )
    if child:
        return _capd(findings, scales)
    return _ice(findings, scales)


def _capd(findings: IcansFindings, scales: Scales) -> Component:
    """Grade CAPD; where the score is of two grades, waking decides: it has a row of its own for the worse one."""
    if findings.capd_impossible:
        return component("CAPD", "cannot be done", scales.icans["capd"])
    scored = _scored("CAPD", findings.capd or 0, 32, scales.icans["capd"])
    if findings.wakes is None:
        return scored
    return replace(scored, grade_max=scored.grade_min)


def _ice(findings: IcansFindings, scales: Scales) -> Component:
    grades = scales.icans["ice"]
    if findings.ice is None:
        return component("ICE", None, grades)
    if findings.ice != 0:
        return _scored("ICE", findings.ice, 10, grades)
    if findings.wakes is None:
        return Component(
            "ICE", "0, waking not assessed", grades["0, awake"].low, grades["0, unarousable"].high, "wakes"
        )
    return component("ICE", "0, unarousable" if findings.wakes is Wakes.UNAROUSABLE else "0, awake", grades)


def _scored(name: str, score: int, most: int, grades: Mapping[str, Range]) -> Component:
    for band, grade in grades.items():
        low, _, high = band.partition("-")
        if low.isdigit() and int(low) <= score <= int(high or low):
            return Component(name, str(score), grade.low, grade.high)
    raise InvalidInput(name, score, f"is not a score from 0 to {most}.", "Check the score.")
