"""Whether a condition is met on a day: met, not met, or unknown with its cause. Nothing is guessed."""

import datetime as dt
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from earlyphase.quantities import InvalidQuantity, Quantity
from earlyphase.response.criteria_set import Change, Condition, CriteriaSet, FindingRule, From, Way


class Met(StrEnum):
    """Whether a condition is met. UNKNOWN never becomes either of the others."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of one day."""

    name: str
    """As the criteria set calls it: `marrow blasts`."""
    on: dt.date
    value: Quantity | str
    """A quantity with its unit, or a word such as `absent`."""
    of: str = ""
    """Which lesion, for what is measured of each."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a condition is met, not met or unknown."""

    condition: Condition
    met: Met
    says: str
    """The finding that decided, or the cause of the unknown, in words."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one participant."""

    criteria: CriteriaSet
    findings: tuple[Finding, ...]
    treated_from: dt.date
    """The first day of treatment: the last finding up to it is the baseline."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A value that was found, or why there is none."""

    value: float | None
    says: str
    word: str = ""


_COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq}


def evaluate(case: Case, condition: Condition, day: dt.date) -> Evidence:
    """Tell whether a condition is met on the day of an assessment.

    Source:
        The criteria set of the case.
    """
    rule = case.criteria.findings[condition.finding]
    known = _changed(case, condition, rule, day) if condition.change else _found(case, rule, day)
    if condition.limit is None:
        met = Met.UNKNOWN if not known.word else Met.MET if known.word == condition.word else Met.NOT_MET
    elif known.value is None:
        met = Met.UNKNOWN
    else:
        met = Met.MET if _COMPARE[condition.comparator](known.value, condition.limit) else Met.NOT_MET
    return Evidence(condition, met, known.says)


def evaluate_way(case: Case, way: Way, day: dt.date) -> tuple[Met, tuple[Evidence, ...]]:
    """Tell whether conditions are met together; what is measured of each lesion, in one and the same lesion.

    Returns:
        The evidence of the lesion that decides: of one in which they are met, else of the first that leaves it open.

    Source:
        The criteria set of the case.
    """
    each = {one.finding for one in way if case.criteria.findings[one.finding].of_each}
    lesions = dict.fromkeys(one.of for one in case.findings if one.name in each) if each else {}
    tried: list[tuple[Met, tuple[Evidence, ...]]] = []
    for lesion in lesions or ("",):
        mine = tuple(one for one in case.findings if one.name not in each or one.of == lesion)
        evidence = tuple(evaluate(replace(case, findings=mine), condition, day) for condition in way)
        tried.append((all_met(evidence), evidence))
    order = (Met.MET, Met.UNKNOWN, Met.NOT_MET)
    return min(tried, key=lambda one: order.index(one[0]))


def all_met(evidence: Iterable[Evidence]) -> Met:
    """Tell whether all are met: one that is not settles it, then one that is unknown leaves it open.

    Source:
        Kleene SC. Introduction to Metamathematics 1952, section 64: the strong logic of three values.
    """
    seen = {one.met for one in evidence}
    return next((value for value in (Met.NOT_MET, Met.UNKNOWN) if value in seen), Met.MET)


def any_met(evidence: Iterable[Evidence]) -> Met:
    """Tell whether at least one is met: one that is settles it, then one that is unknown leaves it open.

    Source:
        Kleene SC. Introduction to Metamathematics 1952, section 64: the strong logic of three values.
    """
    seen = {one.met for one in evidence}
    return next((value for value in (Met.MET, Met.UNKNOWN) if value in seen), Met.NOT_MET)


def _found(case: Case, rule: FindingRule, day: dt.date) -> _Known:
    """Take the finding nearest to a day, within the set's window; where two are as near, the later one."""
    here = [one for one in case.findings if one.name == rule.name]
    near = [one for one in here if abs((one.on - day).days) <= rule.within_days]
    if not near:
        return _Known(None, _missing(rule, here, day))
    distance = min(abs((one.on - day).days) for one in near)
    nearest = [one for one in near if abs((one.on - day).days) == distance]
    last = max(one.on for one in nearest)
    return _one_of([one for one in nearest if one.on == last], rule)


def _one_of(findings: Sequence[Finding], rule: FindingRule) -> _Known:
    """Read the findings of one day; where they contradict each other nothing is known."""
    if len({str(one.value) for one in findings}) > 1:
        values = " and ".join(str(one.value) for one in findings)
        return _Known(None, f"conflict: {rule.name} of {findings[0].on} are {values}")
    return _read(findings[0], rule)


def _read(one: Finding, rule: FindingRule) -> _Known:
    if isinstance(one.value, str):
        if one.value in rule.words:
            return _Known(None, f"{rule.name} {one.value} on {one.on}", one.value)
        return _Known(None, f"underspecified: {rule.name} on {one.on} is {one.value!r}")
    try:
        return _Known(one.value.to(rule.unit).value, f"{rule.name} {one.value} on {one.on}")
    except InvalidQuantity:
        return _Known(None, f"unit: {rule.name} {one.value} on {one.on} is not in {rule.unit or 'words'}")


def _missing(rule: FindingRule, here: Sequence[Finding], day: dt.date) -> str:
    if not here:
        return f"missing: {rule.name}"
    nearest = min((one.on for one in here), key=lambda on: abs((on - day).days))
    return f"stale: {rule.name} of {nearest} is more than {rule.within_days} days from {day}"


def _changed(case: Case, condition: Condition, rule: FindingRule, day: dt.date) -> _Known:
    itself: dict[Change | None, From] = {Change.FIRST: From.BASELINE, Change.LEAST: From.NADIR}
    if condition.change in itself:
        return _reference(case, itself[condition.change], rule, day)
    now = _beyond(_found(case, rule, day), condition.beyond)
    if now.value is None:
        return now
    before = _beyond(_reference(case, condition.since, rule, day), condition.beyond)
    if before.value is None:
        return before
    told = f"{now.says}, {condition.since} {before.value:g} {rule.unit}".rstrip()
    if condition.change is Change.ABSOLUTE:
        return _Known(now.value - before.value, told)
    return _in_percent(now.value - before.value, before.value, condition, told)


def _in_percent(difference: float, before: float, condition: Condition, told: str) -> _Known:
    if before:
        return _Known(100 * difference / before, f"{told}: {100 * difference / before:+.0f} %")
    if condition.since is From.NADIR:  # what was gone has come back, or stays away
        return _Known(math.inf if difference else 0.0, told)
    why = f"underspecified: the {condition.since} of {condition.finding} is 0, so no percent change is defined"
    return _Known(None, why)


def _beyond(known: _Known, limit: float) -> _Known:
    """Keep of a value what lies beyond a limit."""
    return known if known.value is None or not limit else replace(known, value=max(0.0, known.value - limit))


def _reference(case: Case, since: From, rule: FindingRule, day: dt.date) -> _Known:
    """Give the baseline, or the least value from it to the day before."""
    here = sorted((one for one in case.findings if one.name == rule.name), key=lambda one: one.on)
    before = [one for one in here if one.on <= case.treated_from]
    if not before:
        return _Known(None, f"missing: no {rule.name} before treatment")
    base = _one_of([one for one in before if one.on == before[-1].on], rule)
    if since is From.BASELINE or base.value is None:
        return base
    later = [_read(one, rule) for one in here if before[-1].on < one.on < day]
    return min((base, *(one for one in later if one.value is not None)), key=lambda one: one.value or 0.0)
