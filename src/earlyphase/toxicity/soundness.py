"""Proves a criteria table free of gaps and overlaps: each fault is a sentence about one row of it."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from earlyphase.quantities import conversion
from earlyphase.toxicity.criteria import Against, Criteria, Cut, Ladder, When, load_criteria
from earlyphase.toxicity.dictionary import find_term, load_dictionary

UNITS_AGREE = 0.10
"""A dictionary rounds its limits in each unit by itself; two units of one limit may differ by this share, no more."""


def faults(table: Iterable[Criteria] | None = None) -> tuple[str, ...]:
    """Find what is wrong with a criteria table.

    A ladder of cuts gives every value exactly one grade (or range) when its limits go one way, each grade is worse than
    the one before, and no grade that the term has is stepped over. Then no value falls between two grades or in both.

    Returns: a sentence for each fault; none for a sound table.

    Source: the table's own; which grades exist comes from the dictionary's terms.
    """
    return tuple(f"{row.term} from {row.measured}: {fault}" for row in table or load_criteria() for fault in _of(row))


def _of(row: Criteria) -> Iterator[str]:
    for ladder in row.ladders:
        yield from _of_ladder(ladder)
    yield from _of_grades(row)
    yield from _of_baselines(row)
    yield from _of_units(row)


def _of_ladder(ladder: Ladder) -> Iterator[str]:
    for mild, severe in pairwise(ladder.cuts):
        if mild.comparator.upward != severe.comparator.upward:
            yield f"{mild} and {severe} look in opposite directions."
        if mild.against is severe.against and not _further(mild, severe):
            yield f"{severe} is not beyond {mild}: their grades overlap."
        if severe.against in (Against.LLN, Against.ULN) and mild.against is Against.NUMBER:
            yield f"{severe} follows the number {mild}: nobody knows which is further."
        if (severe.grade_min, severe.grade_max) <= (mild.grade_min, mild.grade_max):
            yield f"beyond {severe} the grade is {severe.grade}, not worse than {mild.grade} beyond {mild}."


def _further(mild: Cut, severe: Cut) -> bool:
    return severe.factor > mild.factor if mild.comparator.upward else severe.factor < mild.factor


def _of_grades(row: Criteria) -> Iterator[str]:
    exist = find_term(row.term, load_dictionary(*row.book)).grades
    for ladder in row.ladders:
        for cut in ladder.cuts:
            yield from (f"{cut} gives grade {one}, which the term does not have."
                        for one in (cut.grade_min, cut.grade_max) if one not in exist)  # fmt: skip
    graded = row.graded
    for grade in exist:
        if min(graded) < grade < max(graded) and grade not in graded:
            yield f"no value reaches grade {grade}: there is a gap."


def _of_baselines(row: Criteria) -> Iterator[str]:
    held = {ladder.when for ladder in row.ladders}
    for one, other in ((When.BASELINE_NORMAL, When.BASELINE_ABNORMAL), (When.BASELINE_ABNORMAL, When.BASELINE_NORMAL)):
        if one in held and other not in held:
            yield f"there are limits for a {one}, none for a {other}."


def _of_units(row: Criteria) -> Iterator[str]:
    first, *others = [ladder for ladder in row.ladders if ladder.unit and ladder.when is When.ALWAYS] or [None]
    for other in others:
        if first is None or other is None or first.unit is None or other.unit is None or first.of is not other.of:
            continue
        line = conversion(other.unit, first.unit, row.analyte)
        for mine, theirs in zip(first.cuts, other.cuts, strict=False):
            if (mine.grade, mine.against, mine.comparator) != (theirs.grade, theirs.against, theirs.comparator):
                yield f"{mine} {first.unit} and {theirs} {other.unit} are not the same step."
            elif mine.against is Against.NUMBER:
                converted = theirs.factor * line.factor + line.offset
                if abs(converted - mine.factor) > UNITS_AGREE * mine.factor:
                    yield f"{theirs} {other.unit} is {converted:.4g} {first.unit}, not {mine.factor:g}."
