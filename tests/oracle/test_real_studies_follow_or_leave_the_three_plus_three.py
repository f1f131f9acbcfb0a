"""Published phase 1 studies, cohort by cohort: the 3+3 gives the decision that was taken, or names the rule it left."""

import csv
from typing import NamedTuple

import pytest
from tests.reference import reference

from earlyphase.escalation.departure import Rule, departure
from earlyphase.escalation.design import DoseTally, Tally
from earlyphase.escalation.three_plus_three import ThreePlusThree, Variant

FILE = "trials/real_trials_cohort_sequences.csv"
AGREES = "agrees"
NOT_PRINTED = "counts not printed"
ENDS_HERE = "no decision printed"


class Course(NamedTuple):
    """A study: its ladder (what stands in the column of doses, lowest first), where it began, what is expected."""

    ladder: tuple[str, ...]
    start: int
    taken: tuple[int | None, ...]
    """After each cohort the dose that was decided for the next, None for the end."""
    expected: tuple[str | Rule, ...]
    mtd: int | None = None


STUDIES = {
    "HiDAC->clofarabine": Course(("CLOF 30", "CLOF 40"), 1, (1, 2, None), (AGREES, AGREES, AGREES), mtd=2),
    "Clofarabine+idarubicin": Course(
        ("C 15 x5d / I 8", "C 18 x5d / I 10", "C 22.5 x5d / I 10", "C 22.5 x5d / I 12"),
        4,
        (1, 2, 3, None),
        (Rule.ONE_DOSE_AT_A_TIME, AGREES, AGREES, ENDS_HERE),
    ),
    "iPAD": Course(
        ("bortezomib 1.0", "bortezomib 1.3"), 1, (2, None), (Rule.TWO_DLTS_EXCEED, Rule.TWO_DLTS_EXCEED), mtd=1
    ),
    "Bortezomib+IV Bu+Mel": Course(("0.7", "1.0", "1.3"), 1, (2, 3, None), (AGREES, AGREES, AGREES), mtd=3),
    "Clofarabine+busulfan": Course(("30", "40", "50", "60"), 1, (2, 3, 4, None), (NOT_PRINTED,) * 4),
    "bb2121": Course(("5e7", "15e7", "45e7"), 1, (2, 3, None), (NOT_PRINTED,) * 3),
    "SL105": Course(("0.5e6", "1e6", "2e6"), 1, (2, 3, None), (NOT_PRINTED,) * 3),
    "CD5.CAR MAGENTA": Course(("1e7", "5e7"), 1, (2, None), (Rule.THREE_BEFORE_ESCALATION, NOT_PRINTED)),
    "WU-CART-007": Course(("900e6",), 1, (None,), (NOT_PRINTED,)),
}
MODEL_BASED = ("Levy", "Neuenschwander", "Buparlisib", "CD5 CAR-T donor-derived")


def rows_of(name):
    with reference(FILE).open() as file:
        return [row for row in csv.DictReader(file) if row["trial"].startswith(name)]


def possible_counts(row):
    """Give what may have been seen: one pair where both counts are printed, every pair that fits where one is."""
    evaluable, dlts = row["n"], row["dlt"]
    if not evaluable and not dlts:
        return []
    numbers = [int(evaluable)] if evaluable else range(max(int(dlts), 1), 7)
    return [(n, y) for n in numbers for y in ([int(dlts)] if dlts else range(n + 1))]


def after(tallies, dose, row):
    """Give every tally that may stand after a cohort."""
    return [
        (*before[:dose], DoseTally(before[dose].evaluable + evaluable, before[dose].dlts + dlts), *before[dose + 1 :])
        for before in tallies
        for evaluable, dlts in possible_counts(row)
    ]


def verdict(design, tallies, current, taken, mtd):
    """Say what the 3+3 says of a decision: the same for every tally that may have been seen, or not printed."""
    said = set()
    for doses in tallies:
        left = departure(design, Tally(doses, current), taken, mtd)
        said.add(left.rule if left else AGREES)
    if said == {Rule.THREE_BEFORE_ESCALATION, Rule.TWO_DLTS_EXCEED}:
        said.discard(Rule.TWO_DLTS_EXCEED)  # with two of two DLTs it would have left this rule too
    return said.pop() if len(said) == 1 else NOT_PRINTED


@pytest.mark.parametrize("name", STUDIES)
def test_each_decision_agrees_or_its_departure_is_named(name):
    course, rows = STUDIES[name], rows_of(name)
    design = ThreePlusThree(len(course.ladder), Variant.LOWEST_STOP, course.start)
    tallies = [(DoseTally(0, 0),) * design.doses]
    said = []
    for row, taken in zip(rows, course.taken, strict=True):
        dose = next(at for at, text in enumerate(course.ladder) if row["dose"].startswith(text))
        tallies = after(tallies, dose, row)
        answer = verdict(design, tallies, dose + 1, taken, course.mtd if row is rows[-1] else None)
        said.append(ENDS_HERE if row["decision_taken_after_cohort"] == "(abstract ends)" else answer)
    assert tuple(said) == course.expected


def test_no_study_is_left_out():
    with reference(FILE).open() as file:
        trials = {row["trial"] for row in csv.DictReader(file)}
    known = (*STUDIES, *MODEL_BASED)
    assert [trial for trial in trials if not trial.startswith(known)] == []
