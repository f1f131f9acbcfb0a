"""What holds of every laboratory grade."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earlyphase.quantities import Quantity
from earlyphase.toxicity.columns import Columns, grade_rows, grade_values
from earlyphase.toxicity.criteria import Criteria, load_criteria
from earlyphase.toxicity.laboratory import Background, grade_by
from earlyphase.toxicity.ladders import possible_in

TABLE = load_criteria()
CRITERIA = st.sampled_from(TABLE)
MAYBE = st.one_of(st.none(), st.booleans())
UNITS = {"mmol/L": ("mmol/L", "umol/L"), "10*9/L": ("10*9/L", "/uL"), "g/L": ("g/L", "g/dL"), "Cel": ("Cel", "[degF]")}


def bounds_of(criteria: Criteria) -> list[float]:
    return sorted({cut.factor for ladder in criteria.ladders for cut in ladder.cuts})


def possible(criteria: Criteria, value: float, unit: str) -> float:
    least, most = possible_in(criteria, unit)
    return min(max(value, least), most)


@st.composite
def rows(draw, criteria=CRITERIA):
    """A value near the bounds of its criteria, and what it is seen against, some of it missing."""
    one = draw(criteria)
    base = st.sampled_from([round(a * b, 6) for a in bounds_of(one) for b in (0.5, 0.9, 1.0, 1.1, 2.0)])
    number = st.one_of(base, st.floats(min_value=0.001, max_value=1000))
    lln, uln = sorted((draw(number), draw(number)))
    hide = st.booleans()
    against = {
        "lln": None if draw(hide) else lln,
        "uln": None if draw(hide) else uln,
        "baseline": None if draw(hide) else draw(st.one_of(number, st.just(uln), st.just(0.0))),
    }
    anchor = st.sampled_from([known for known in against.values() if known] or [1.0])
    multiple = st.builds(lambda known, factor: known * factor, anchor, st.sampled_from(bounds_of(one)))
    value = draw(st.one_of(number, multiple, anchor))
    unit = draw(st.sampled_from((*one.units, *UNITS.get(one.units[0], ())) if one.units else ("U/L",)))
    value = possible(one, value, unit)
    return one, value, unit, against, draw(MAYBE), draw(MAYBE)


def one_by_one(row):
    criteria, value, unit, against, abnormal, anticoagulated = row
    known = {name: None if number is None else Quantity(number, unit) for name, number in against.items()}
    background = Background(**known, baseline_abnormal=abnormal, anticoagulated=anticoagulated)
    return grade_by(criteria, Quantity(value, unit), background)


def as_columns(row):
    _, _, _, against, abnormal, anticoagulated = row
    return Columns(*(np.nan if one is None else float(one) for one in (*against.values(), abnormal, anticoagulated)))


@settings(max_examples=400, deadline=None)
@given(rows())
def test_a_column_of_values_is_graded_as_each_value_by_itself(row):
    criteria, value, unit, *_ = row
    single = one_by_one(row)
    many = grade_values(criteria.term, [value, value], unit, as_columns(row), criteria.measured)
    assert list(many.grade_min) == [single.grade_min] * 2
    assert list(many.grade_max) == [single.grade_max] * 2


@settings(max_examples=30, deadline=None)
@given(st.lists(rows(), min_size=1, max_size=12))
def test_a_table_of_mixed_rows_is_graded_as_each_row_by_itself(table):
    table = [row for row in table if row[0] is next(c for c in TABLE if c.term == row[0].term)] or [table[0]][:0]
    columns = Columns(*(np.array(column) for column in zip(*(as_columns(row) for row in table), strict=True)))
    many = grade_rows([row[0].term for row in table], [row[1] for row in table], [row[2] for row in table], columns)
    assert list(zip(many.grade_min, many.grade_max, strict=True)) == [
        (single.grade_min, single.grade_max) for single in map(one_by_one, table)
    ]


@settings(max_examples=150, deadline=None)
@given(rows(), st.data())
def test_what_is_learned_only_narrows_the_range(row, data):
    criteria, value, unit, against, abnormal, anticoagulated = row
    known = {
        name: number if number is not None else data.draw(st.floats(min_value=0.01, max_value=100))
        for name, number in against.items()
    }
    known["lln"], known["uln"] = (
        (known["lln"], max(known["lln"], known["uln"]))
        if against["uln"] is None
        else (min(known["lln"], known["uln"]), known["uln"])
    )
    before = one_by_one(row)
    told = data.draw(st.booleans()) if anticoagulated is None else anticoagulated
    after = one_by_one((criteria, value, unit, known, abnormal, told))
    assert before.grade_min <= after.grade_min <= after.grade_max <= before.grade_max


@settings(max_examples=150, deadline=None)
@given(rows())
def test_a_range_always_has_a_cause(row):
    single = one_by_one(row)
    one_cut = any(limit.grade == f"{single.grade_min}–{single.grade_max}" for limit in single.limits)
    shared = any("–" in limit.grade for limit in single.limits)
    assert single.grade is not None or single.missing or one_cut or shared


@settings(max_examples=150, deadline=None)
@given(rows(), st.floats(min_value=1, max_value=3))
def test_a_worse_value_never_has_a_lower_grade(row, worse):
    criteria, value, unit, against, abnormal, anticoagulated = row
    upward = criteria.ladders[0].upward
    further = possible(criteria, value * worse if upward else value / worse, unit)
    before = one_by_one(row)
    after = one_by_one((criteria, further, unit, against, abnormal, anticoagulated))
    assert after.grade_min >= before.grade_min
    assert after.grade_max >= before.grade_max


def test_where_there_is_no_value_there_is_no_grade():
    grades = grade_values("Hypokalemia", [2.0, math.nan], "mmol/L")
    assert list(grades.grade_min) == [4, -1]


@pytest.mark.parametrize("column", ["lln", "uln", "baseline"])
def test_a_column_without_a_number_is_missing_not_zero(column):
    grades = grade_values("Creatinine increased", [100.0], "umol/L", Columns(**{column: [math.nan]}))
    assert (grades.grade_min[0], grades.grade_max[0]) == (0, 4)
