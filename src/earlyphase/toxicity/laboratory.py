"""Grades of laboratory values and vital signs: computed from value, unit, normal range and baseline.

Where the value alone cannot tell, the answer is a range. A range has one of two causes, never mixed: symptoms separate
the grades (the investigator settles it), or something is missing (`missing` names it).
"""

from dataclasses import dataclass

from earlyphase.faults import InvalidInput
from earlyphase.quantities import Quantity
from earlyphase.toxicity.criteria import Criteria, criteria_of, find_criteria, load_criteria
from earlyphase.toxicity.dictionary import find_term, load_dictionary
from earlyphase.toxicity.ladders import Background, Limit, climb, possible_in, table_unit


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


def grade_lab(
    term: str, value: Quantity, against: Background | None = None, measured: str | None = None, version: str = "5.0"
) -> LabGrade:
    """Grade a laboratory value or vital sign under a term.

    Args:
        term: the term, in any case: `Hypokalemia`.
        value: the value as entered.
        against: normal range and baseline, as far as they are known.
        measured: what was measured, for a term that is graded from several measurements.
        version: the version of CTCAE.

    Returns:
        The grade as a range, with every limit that was used and what is missing.

    Raises:
        InvalidInput: unknown term or unit, an impossible value, limits the wrong way round.

    Source: CTCAE, NCI, in the version that is asked for; each result names document, class and term.
    """
    table = load_criteria("CTCAE", version)
    return grade_by(find_criteria(term, measured, table), value, against or Background())


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
    book = load_dictionary(*criteria.book)
    term = find_term(criteria.term, book)
    steps = [
        climb(ladder, criteria, value, unit, against) for ladder in criteria.ladders if ladder.unit in (None, unit)
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
