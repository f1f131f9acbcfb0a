"""Climbs the ladders of a criteria table: which limits a value crosses, which it may cross, and what is missing."""

from dataclasses import dataclass
from typing import NamedTuple

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Conversion, InvalidQuantity, Quantity, conversion
from earlyphase.toxicity.criteria import Against, Comparator, Criteria, Cut, Ladder, Of, When

SAME = 1e-12
"""Numbers that differ by less than this share of them are equal: binary arithmetic, no finding."""


@dataclass(frozen=True, slots=True)
class Background:
    """What a value is seen against. None is "not known", and the grade says what hangs on it."""

    lln: Quantity | None = None
    """The laboratory's lower limit of normal."""
    uln: Quantity | None = None
    """The laboratory's upper limit of normal."""
    baseline: Quantity | None = None
    """The participant's value before treatment."""
    baseline_abnormal: bool | None = None
    """Whether the baseline was beyond the limit; found from baseline and limit when absent."""
    anticoagulated: bool | None = None
    """Whether the participant takes an anticoagulant (for INR)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit that a value was held against."""

    grade: str
    """The grade that lies beyond it: `2`, or `2–3`."""
    rule: str
    """`> 3 × ULN (120 U/L)`; without the figure where something is missing."""
    limit: Quantity | None
    """The figure itself; None where something is missing."""
    crossed: bool | None
    """Whether the value crosses it; None where that cannot be told."""
    of: str = "value"
    """What was compared: the value, or its change."""
    when: str = "always"
    """When the limit holds."""


class Numbers(NamedTuple):
    """A value and what it is seen against, as bare numbers in one unit."""

    value: float
    lln: float | None
    uln: float | None
    baseline: float | None


def possible_in(criteria: Criteria, unit: str) -> tuple[float, float]:
    """Give the least and the most that a body can have, in a unit.

    Source: the criteria table; an amount is not below zero.
    """
    if criteria.possible == (0.0, float("inf")) or not criteria.units:
        return criteria.possible
    factor, offset = conversion(criteria.units[0], unit, criteria.analyte)
    least, most = (bound * factor + offset for bound in criteria.possible)
    return least - SAME * abs(least), most + SAME * abs(most)


def table_unit(criteria: Criteria, unit: str) -> str | None:
    """Choose, among the units of the criteria, the one that a value converts to most directly.

    Returns: the unit; None where the criteria hold in any unit.

    Raises:
        InvalidInput: the unit converts to none of them.

    Source: the criteria's own source.
    """
    if not criteria.units or unit in criteria.units:
        return unit if criteria.units else None
    for analyte in (None, criteria.analyte):
        for candidate in criteria.units:
            if line_to(unit, candidate, analyte) is not None:
                return candidate
    raise InvalidInput(f"{criteria.measured}, unit", unit, f"does not convert to {' or '.join(criteria.units)}.",
                       f"Give {criteria.measured} in {criteria.units[0]}.")  # fmt: skip


def line_to(unit: str, target: str, analyte: str | None) -> Conversion | None:
    """Find the conversion between two units, if there is one.

    Source: UCUM; molar masses as in `earlyphase.quantities`.
    """
    try:
        return conversion(unit, target, analyte)
    except InvalidQuantity:
        return None


class Step(NamedTuple):
    """What one ladder says."""

    grade_min: int
    grade_max: int
    missing: frozenset[str]
    limits: tuple[Limit, ...]


class _Rung(NamedTuple):
    """One cut, and whether the value reaches it; None where that cannot be told."""

    cut: Cut
    reached: bool | None
    missing: frozenset[str]
    limit: Limit


def climb(ladder: Ladder, criteria: Criteria, value: Quantity, unit: str | None, against: Background) -> Step:
    """Climb one ladder.

    Args:
        ladder: the ladder.
        criteria: the criteria that it belongs to.
        value: the value as entered.
        unit: the unit of the criteria's numbers; None where they hold in any unit.
        against: normal range and baseline.

    Returns:
        The grades that the ladder gives, what is missing, and every limit.

    Source: the criteria's own source.
    """
    into = unit if ladder.unit and unit else value.unit
    numbers = _numbers(criteria, value, into, against)
    holds, undecided = _holds(ladder, numbers, against)
    compared, lacks = _compared(ladder.of, numbers)
    rungs: list[_Rung] = []
    for cut in ladder.cuts:
        limit, without = _limit(cut, numbers)
        crossed = None if compared is None or limit is None else crosses(cut.comparator, compared, limit, numbers.value)
        missing = undecided if crossed is not None else undecided | lacks | without
        reached = crossed if holds or crossed is False else holds
        rungs.append(_Rung(cut, reached, missing, _shown(ladder, cut, limit, into, reached)))
    return _sum_up(rungs) if holds is not False else Step(0, 0, frozenset(), ())


def _sum_up(rungs: list[_Rung]) -> Step:
    low = max((rung.cut.grade_min for rung in rungs if rung.reached), default=0)
    sure = max((rung.cut.grade_max for rung in rungs if rung.reached), default=0)
    could = [rung for rung in rungs if rung.reached is None and (rung.cut.grade_max > sure or rung.cut.grade_min > low)]
    high = max((rung.cut.grade_max for rung in could), default=sure)
    missing = frozenset(name for rung in could for name in rung.missing)
    return Step(low, max(sure, high), missing, tuple(rung.limit for rung in rungs))


def _shown(ladder: Ladder, cut: Cut, limit: float | None, unit: str, crossed: bool | None) -> Limit:  # noqa: FBT001 - three-valued
    if limit is None:
        return Limit(cut.grade, str(cut), None, crossed, ladder.of.value, ladder.when.value)
    number = float(f"{limit:.12g}")
    shown = Quantity(int(number) if number.is_integer() else number, "%" if ladder.of.relative else unit)
    rule = f"{cut.comparator.sign} {shown}" if cut.against is Against.NUMBER else f"{cut} ({shown})"
    return Limit(cut.grade, rule, shown, crossed, ladder.of.value, ladder.when.value)


def _numbers(criteria: Criteria, value: Quantity, unit: str, against: Background) -> Numbers:
    def number(quantity: Quantity | None) -> float | None:
        if quantity is None:
            return None
        factor, offset = conversion(quantity.unit, unit, criteria.analyte)
        return quantity.value * factor + offset

    factor, offset = conversion(value.unit, unit, criteria.analyte)
    mine = value.value * factor + offset
    return Numbers(mine, number(against.lln), number(against.uln), number(against.baseline))


def crosses(comparator: Comparator, compared: float, limit: float, value: float) -> bool:
    """Tell whether a number crosses a limit; what differs by less than binary arithmetic does is equal.

    Source: the comparators of the criteria; a bound belongs to the grade that is written with it.
    """
    same = SAME * (abs(limit) + abs(value))
    match comparator:
        case Comparator.ABOVE:
            return compared > limit + same
        case Comparator.FROM:
            return compared >= limit - same
        case Comparator.BELOW:
            return compared < limit - same
        case Comparator.DOWN_TO:
            return compared <= limit + same


def _limit(cut: Cut, numbers: Numbers) -> tuple[float | None, frozenset[str]]:
    match cut.against:
        case Against.NUMBER:
            return cut.factor, frozenset()
        case Against.LLN:
            return _times(cut.factor, numbers.lln, "LLN")
        case Against.ULN:
            return _times(cut.factor, numbers.uln, "ULN")
        case Against.BASELINE:
            return _times(cut.factor, numbers.baseline, "baseline")


def _times(factor: float, number: float | None, name: str) -> tuple[float | None, frozenset[str]]:
    return (None, frozenset({name})) if number is None else (factor * number, frozenset())


def _compared(of: Of, numbers: Numbers) -> tuple[float | None, frozenset[str]]:
    if of is Of.VALUE:
        return numbers.value, frozenset()
    if of is Of.ABOVE_ULN:
        return (None, frozenset({"ULN"})) if numbers.uln is None else (numbers.value - numbers.uln, frozenset())
    if numbers.baseline is None or (of.relative and numbers.baseline == 0):
        return None, frozenset({"baseline"})
    change = numbers.value - numbers.baseline
    fall = of in (Of.DECREASE, Of.PERCENT_DECREASE)
    change = -change if fall else change
    return (100 * change / numbers.baseline if of.relative else change), frozenset()


def _holds(ladder: Ladder, numbers: Numbers, against: Background) -> tuple[bool | None, frozenset[str]]:
    match ladder.when:
        case When.ALWAYS:
            return True, frozenset()
        case When.ANTICOAGULATED:
            known = against.anticoagulated
            return known, frozenset({"anticoagulation"}) if known is None else frozenset()
        case When.BASELINE_ABNORMAL:
            return _abnormal(ladder, numbers, against)
        case When.BASELINE_NORMAL:
            abnormal, missing = _abnormal(ladder, numbers, against)
            return (None if abnormal is None else not abnormal), missing
        case When.BELOW_LLN:
            return _beyond(Comparator.BELOW, numbers.value, numbers.lln, "LLN")
        case When.ABOVE_BASELINE:
            return _beyond(Comparator.ABOVE, numbers.value, numbers.baseline, "baseline")


def _abnormal(ladder: Ladder, numbers: Numbers, against: Background) -> tuple[bool | None, frozenset[str]]:
    """Tell whether the baseline was beyond the limit of normal on the side that the ladder is about."""
    if against.baseline_abnormal is not None:
        return against.baseline_abnormal, frozenset()
    limit, name = (numbers.uln, "ULN") if ladder.upward else (numbers.lln, "LLN")
    if numbers.baseline is None:
        return None, frozenset({"baseline"})
    comparator = Comparator.ABOVE if ladder.upward else Comparator.BELOW
    return _beyond(comparator, numbers.baseline, limit, name)


def _beyond(comparator: Comparator, value: float, limit: float | None, name: str) -> tuple[bool | None, frozenset[str]]:
    if limit is None:
        return None, frozenset({name})
    return crosses(comparator, value, limit, value), frozenset()
