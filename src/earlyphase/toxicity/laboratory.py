"""Grades of laboratory values and vital signs: computed from value, unit, normal range and baseline.

Where the value alone cannot tell, the answer is a range. A range has one of two causes, never mixed: symptoms separate
the grades (the investigator settles it), or something is missing (`missing` names it).
"""

from dataclasses import dataclass
from typing import NamedTuple

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Conversion, InvalidQuantity, Quantity, conversion
from earlyphase.toxicity.criteria import (
    Against,
    Comparator,
    Criteria,
    Cut,
    Ladder,
    Of,
    When,
    criteria_of,
    find_criteria,
)
from earlyphase.toxicity.dictionary import find_term, load_dictionary

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


@dataclass(frozen=True, slots=True)
class LabGrade:
    """The grade of one value under one term. Grade 0 is none."""

    term: str
    system_class: str
    dictionary: str
    """Dictionary and version: `CTCAE v5.0`."""
    measured: str
    value: Quantity
    """As entered."""
    grade_min: int
    grade_max: int
    missing: tuple[str, ...]
    """What would narrow the range; empty where only symptoms separate the grades."""
    clinical: tuple[int, ...]
    """Higher grades of the term that rest on clinical findings alone."""
    limits: tuple[Limit, ...]
    source: str
    note: str | None = None

    @property
    def grade(self) -> int | None:
        """The grade, where the value alone decides it; else None."""
        return self.grade_min if self.grade_min == self.grade_max else None

    @property
    def reason(self) -> str:
        """One sentence that says how the grade came about."""
        shown = str(self.grade_min) if self.grade is not None else f"{self.grade_min}–{self.grade_max}"
        beyond = [limit for limit in self.limits if limit.crossed]
        worst = max(beyond, key=lambda limit: limit.grade, default=None)
        why = f"{worst.of} {worst.rule}" if worst else "no limit is crossed"
        if self.missing:
            return f"{self.term}: {self.value} is grade {shown}: {why}; open without {' and '.join(self.missing)}."
        settle = "" if self.grade is not None else "; symptoms separate these grades, the investigator settles it"
        return f"{self.term}: {self.value} is grade {shown}: {why}{settle}."


class Numbers(NamedTuple):
    """A value and what it is seen against, as bare numbers in one unit."""

    value: float
    lln: float | None
    uln: float | None
    baseline: float | None


def grade_lab(term: str, value: Quantity, against: Background | None = None, measured: str | None = None) -> LabGrade:
    """Grade a laboratory value or vital sign under a term.

    Args:
        term: the term, in any case: `Hypokalemia`.
        value: the value as entered.
        against: normal range and baseline, as far as they are known.
        measured: what was measured, for a term that is graded from several measurements.

    Returns:
        The grade as a range, with every limit that was used and what is missing.

    Raises:
        InvalidInput: unknown term or unit, an impossible value, limits the wrong way round.

    Source: CTCAE v5.0, NCI, 27 November 2017; each result names class and term.
    """
    return grade_by(find_criteria(term, measured), value, against or Background())


def grade_measurement(measured: str, value: Quantity, against: Background | None = None) -> tuple[LabGrade, ...]:
    """Grade one value under every term that its measurement can grade: potassium as hyper- and as hypokalemia.

    Args:
        measured: the measurement, by its name or an alias: `potassium`, `ANC`, `total_bilirubin`.
        value: the value as entered.
        against: normal range and baseline, as far as they are known.

    Returns:
        A grade for each term; none where nothing is graded from that measurement.

    Raises:
        InvalidInput: unknown unit, an impossible value, limits the wrong way round.

    Source: CTCAE v5.0, NCI, 27 November 2017; each result names class and term.
    """
    return tuple(grade_by(criteria, value, against or Background()) for criteria in criteria_of(measured))


def assigned_differs(computed: LabGrade, assigned: int) -> str | None:
    """Say how a grade that an investigator gave differs from what the value says; None where it does not.

    A grade within the range, or a higher one that rests on clinical findings, does not differ.

    Source: the criteria of the computed grade.
    """
    if computed.grade_min <= assigned <= computed.grade_max or assigned in computed.clinical:
        return None
    return f"Grade {assigned} was given, but {computed.reason[0].lower()}{computed.reason[1:]}"


def grade_by(criteria: Criteria, value: Quantity, against: Background) -> LabGrade:
    """Grade a value by given criteria.

    Raises:
        InvalidInput: unknown unit, an impossible value, limits the wrong way round.

    Source: the criteria's own source.
    """
    unit = table_unit(criteria, value.unit)
    require_possible(criteria, value, against)
    term, book = find_term(criteria.term), load_dictionary()
    steps = [
        _climb(ladder, criteria, value, unit, against) for ladder in criteria.ladders if ladder.unit in (None, unit)
    ]
    low = max(step.grade_min for step in steps)
    high = max(step.grade_max for step in steps)
    open_for = {name for step in steps if step.grade_max > low for name in step.missing}
    return LabGrade(
        term=term.name,
        system_class=term.system_class,
        dictionary=book.label,
        measured=criteria.measured,
        value=value,
        grade_min=low,
        grade_max=high,
        missing=tuple(sorted(open_for)),
        clinical=tuple(grade for grade in term.grades if grade > high and grade not in criteria.graded),
        limits=tuple(limit for step in steps for limit in step.limits),
        source=criteria.source,
        note=criteria.note,
    )


def require_possible(criteria: Criteria, value: Quantity, against: Background) -> None:
    """Refuse a value that cannot be, and limits that contradict each other.

    Raises:
        InvalidInput: an amount below zero or beyond what a body can have, or a lower limit above the upper one.

    Source: the criteria table; LLN ≤ ULN.
    """
    least, most = possible_in(criteria, value.unit)
    seen = {"LLN": against.lln, "ULN": against.uln, "baseline": against.baseline}
    limits = {"value": (value, least, most), **{name: (one, 0.0, float("inf")) for name, one in seen.items()}}
    for name, (quantity, low, high) in limits.items():
        if quantity is not None and not low <= quantity.value <= high:
            rule = f"is {'below' if quantity.value < low else 'above'} what is possible."
            raise InvalidInput(f"{criteria.measured}, {name}", str(quantity), rule, "Check value and unit.")
    if against.lln and against.uln and against.lln.compare(against.uln, criteria.analyte) > 0:
        raise InvalidInput(
            f"{criteria.measured}, LLN", str(against.lln), f"is above the ULN of {against.uln}.", "Swap them?"
        )


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


class _Step(NamedTuple):
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


def _climb(ladder: Ladder, criteria: Criteria, value: Quantity, unit: str | None, against: Background) -> _Step:
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
    return _sum_up(rungs) if holds is not False else _Step(0, 0, frozenset(), ())


def _sum_up(rungs: list[_Rung]) -> _Step:
    low = max((rung.cut.grade_min for rung in rungs if rung.reached), default=0)
    sure = max((rung.cut.grade_max for rung in rungs if rung.reached), default=0)
    could = [rung for rung in rungs if rung.reached is None and (rung.cut.grade_max > sure or rung.cut.grade_min > low)]
    high = max((rung.cut.grade_max for rung in could), default=sure)
    missing = frozenset(name for rung in could for name in rung.missing)
    return _Step(low, max(sure, high), missing, tuple(rung.limit for rung in rungs))


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
