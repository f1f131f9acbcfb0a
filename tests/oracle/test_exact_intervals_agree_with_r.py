"""Clopper–Pearson limits and the exact one-sided test against `binom.test` of R."""

import csv
from pathlib import Path

import pytest

from earlyphase.analysis.proportions import chance_of_at_least, proportion

TABLE = Path(__file__).parent / "data" / "survival" / "clopper_pearson_oracle.csv"
ROWS = list(csv.DictReader(TABLE.read_text().splitlines()))


def test_the_whole_table_is_compared():
    assert len(ROWS) == 267


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['x']} of {row['n']}")
def test_exact_limits_and_test_are_those_of_r(row):
    x, n = int(row["x"]), int(row["n"])
    wide, narrow = proportion(x, n), proportion(x, n, level=0.9)
    assert (wide.lower, wide.upper) == pytest.approx((float(row["lo95"]), float(row["hi95"])), abs=1e-9)
    assert (narrow.lower, narrow.upper) == pytest.approx((float(row["lo90"]), float(row["hi90"])), abs=1e-9)
    assert chance_of_at_least(x, n, 0.2) == pytest.approx(float(row["p_greater_0.2"]), rel=1e-9, abs=1e-12)
