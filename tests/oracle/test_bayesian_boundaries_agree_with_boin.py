"""The Bayesian toxicity boundary against the elimination of doses in BOIN 2.7.2, prior beta(1, 1)."""

import csv
from pathlib import Path

import pytest

from earlyphase.analysis.proportions import UNIFORM
from earlyphase.analysis.stopping_rules import bayesian_toxicity

TABLE = Path(__file__).parent / "data" / "designs" / "boin_boundaries.csv"
ROWS = list(csv.DictReader(TABLE.read_text().splitlines()))
RULES = sorted({(row["target"], row["cutoff_eli"]) for row in ROWS})


@pytest.mark.parametrize(("target", "certainty"), RULES)
def test_doses_are_eliminated_at_the_same_counts(target, certainty):
    rows = [row for row in ROWS if (row["target"], row["cutoff_eli"]) == (target, certainty) and int(row["n"]) >= 3]
    expected = {int(row["n"]): None if row["eliminate_if_ge"] == "NA" else int(row["eliminate_if_ge"]) for row in rows}
    rule = bayesian_toxicity(float(target), float(certainty), UNIFORM, sorted(expected))
    assert {look.n: look.stop_at for look in rule.looks} == expected
