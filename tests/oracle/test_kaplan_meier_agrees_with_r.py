"""Kaplan–Meier, quantiles, landmarks, restricted mean, log-rank and hazard ratio against R `survival` 3.5-3."""

import json
from pathlib import Path

import numpy as np
import pytest

from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.hazard_ratio import hazard_ratio
from earlyphase.analysis.kaplan_meier import kaplan_meier, numbers_at_risk, reverse_kaplan_meier, survival_at
from earlyphase.analysis.log_rank import log_rank
from earlyphase.analysis.restricted_mean import restricted_mean
from earlyphase.analysis.survival_quantiles import median, quantile

SETS = json.loads((Path(__file__).parent / "data" / "survival" / "km_oracle.json").read_text())
CURVES = [(name, interval) for name, data in SETS.items() for interval in data["km"]]
GROUPED = [name for name, data in SETS.items() if data["group"]]
COLUMNS = {
    "times": "time",
    "at_risk": "n.risk",
    "events": "n.event",
    "survival": "surv",
    "standard_error": "std.err",
    "lower": "lower",
    "upper": "upper",
}


def figures(values):
    """Take R's numbers, its missing values (null) as NaN."""
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def agrees(mine, theirs):
    np.testing.assert_allclose(figures(mine), figures(theirs), rtol=0, atol=1e-9)


def parts(estimates: list[Estimate], part: str):
    return [getattr(estimate, part) for estimate in estimates]


def test_all_twelve_sets_and_five_interval_types_are_compared():
    assert len(SETS) == 12
    assert {interval for _, interval in CURVES} == {"plain", "log", "log-log", "logit", "arcsin"}
    assert len(CURVES) == 60


@pytest.mark.parametrize(("name", "interval"), CURVES)
def test_curve_and_its_limits_are_those_of_r(name, interval):
    data = SETS[name]
    curve = kaplan_meier(data["time"], data["status"], interval=interval)
    for mine, theirs in COLUMNS.items():
        agrees(getattr(curve, mine).tolist(), data["km"][interval][theirs])


@pytest.mark.parametrize(("name", "interval"), CURVES)
def test_quartiles_and_their_limits_are_those_of_r(name, interval):
    data = SETS[name]
    curve = kaplan_meier(data["time"], data["status"], interval=interval)
    quartiles = [quantile(curve, probability) for probability in (0.25, 0.5, 0.75)]
    agrees(parts(quartiles, "estimate"), data["km"][interval]["quant"])
    agrees(parts(quartiles, "lower"), data["km"][interval]["q.lower"])
    agrees(parts(quartiles, "upper"), data["km"][interval]["q.upper"])


@pytest.mark.parametrize(("name", "interval"), CURVES)
def test_landmark_survival_is_that_of_r_within_and_beyond_follow_up(name, interval):
    data, expected = SETS[name], SETS[name]["km"][interval]["land"]
    curve = kaplan_meier(data["time"], data["status"], interval=interval)
    landmarks = [survival_at(curve, time) for time in expected["time"]]
    for mine, theirs in {"estimate": "surv", "lower": "lower", "upper": "upper", "standard_error": "se"}.items():
        agrees(parts(landmarks, mine), expected[theirs])
    assert list(numbers_at_risk(curve, expected["time"])) == expected["n.risk"]


@pytest.mark.parametrize("name", SETS)
def test_restricted_mean_up_to_the_last_follow_up_is_that_of_r(name):
    data = SETS[name]
    mean = restricted_mean(kaplan_meier(data["time"], data["status"]), max(data["time"]))
    agrees([mean.estimate, mean.standard_error], data["rmean"])


@pytest.mark.parametrize("name", SETS)
def test_median_follow_up_is_that_of_r(name):
    data = SETS[name]
    expected = data["revkm_median"]
    agrees([median(reverse_kaplan_meier(data["time"], data["status"])).estimate], [expected])


@pytest.mark.parametrize("name", GROUPED)
def test_log_rank_and_peto_tests_are_those_of_r(name):
    data = SETS[name]
    result = log_rank(data["time"], data["status"], data["group"])
    expected = data["logrank"]
    agrees([result.chi_square, result.p_value], [expected["chisq"], expected["p"]])
    assert result.degrees_of_freedom == expected["df"]
    agrees([log_rank(data["time"], data["status"], data["group"], weight=1).chi_square], [data["peto"]])


@pytest.mark.parametrize("name", GROUPED)
def test_hazard_ratio_is_that_of_coxph(name):
    data, expected = SETS[name], SETS[name]["cox"]
    compared = [group == max(data["group"]) for group in data["group"]]
    ratio = hazard_ratio(data["time"], data["status"], compared)
    agrees(
        [ratio.log_ratio, ratio.standard_error, ratio.likelihood_ratio],
        [expected["coef"], expected["se"], expected["loglik"]],
    )
