"""What Kaplan–Meier says where follow-up is short, empty, tied or wrong."""

import numpy as np
import pytest

from earlyphase.analysis.estimates import Estimate
from earlyphase.analysis.kaplan_meier import kaplan_meier, numbers_at_risk, reverse_kaplan_meier, survival_at
from earlyphase.analysis.restricted_mean import restricted_mean
from earlyphase.analysis.survival_quantiles import median, quantile
from earlyphase.faults import InvalidInput


def test_four_participants_make_the_curve_that_one_draws_by_hand():
    curve = kaplan_meier([3, 5, 5, 8], [1, 1, 0, 0])
    assert curve.times.tolist() == [3, 5, 8]
    assert curve.at_risk.tolist() == [4, 3, 1]
    assert curve.events.tolist() == [1, 1, 0]
    assert curve.censored.tolist() == [0, 1, 1]
    assert curve.survival.tolist() == pytest.approx([3 / 4, 1 / 2, 1 / 2])


def test_interval_type_is_log_log_unless_named_and_stands_in_every_estimate():
    assert kaplan_meier([1, 2], [1, 1]).interval == "log-log"
    curve = kaplan_meier([1, 2, 3], [1, 1, 1], interval="plain", level=0.9)
    for estimate in (median(curve), survival_at(curve, 1)):
        assert (estimate.interval, estimate.level) == ("plain", 0.9)


@pytest.mark.parametrize(
    ("who", "times", "events", "middle", "why"),
    [
        ("nobody", [], [], None, "not estimable: nobody to follow"),
        ("one with the event", [5], [1], 5.0, ""),
        ("one without the event", [5], [0], None, "not reached: nobody had the event"),
        ("all censored on day 0", [0, 0, 0], [0, 0, 0], None, "not reached: nobody had the event"),
        ("all with the event on day 0", [0, 0, 0], [1, 1, 1], 0.0, ""),
        ("nobody with the event", [4, 5, 6], [0, 0, 0], None, "not reached: nobody had the event"),
        ("everybody with the event", [4, 5, 6], [1, 1, 1], 5.0, ""),
        ("too few events", [4, 5, 6], [1, 0, 0], None, "not reached: survival stays above 0.5"),
    ],
)
def test_median_is_stated_for(who, times, events, middle, why):  # noqa: ARG001 - names the case
    result = median(kaplan_meier(times, events))
    assert (result.estimate, result.note) == (middle, why)


def test_nobody_makes_a_curve_without_rows_and_estimates_that_say_so():
    curve = kaplan_meier([], [])
    assert (curve.n, curve.times.size, numbers_at_risk(curve, [0, 10])) == (0, 0, (0, 0))
    nobody = Estimate(None, None, None, "log-log", 0.95, None, "nobody to follow")
    assert survival_at(curve, 10) == nobody
    assert restricted_mean(curve, 10).note == "nobody to follow"


def test_survival_without_events_has_no_log_log_limits_but_plain_ones():
    log_log = survival_at(kaplan_meier([4, 5], [0, 0]), 4)
    plain = survival_at(kaplan_meier([4, 5], [0, 0], interval="plain"), 4)
    assert (log_log.estimate, log_log.lower, log_log.upper) == (1.0, None, None)
    assert (plain.estimate, plain.lower, plain.upper) == (1.0, 1.0, 1.0)


def test_survival_beyond_the_last_follow_up_stands_and_says_so():
    late = survival_at(kaplan_meier([3, 8], [1, 0]), 20)
    assert (late.estimate, late.note) == (0.5, "beyond the last follow-up (8): the last value stands")
    assert survival_at(kaplan_meier([3, 8], [1, 0]), 8).note == ""


def test_median_of_a_curve_that_stays_at_exactly_one_half_is_the_middle_of_the_flat_stretch():
    assert median(kaplan_meier([1, 2, 6, 7], [1, 1, 1, 0])).estimate == 4
    assert median(kaplan_meier([1, 2, 6, 7], [1, 1, 0, 0])).estimate == 4.5


def test_flat_stretch_counts_as_one_half_in_spite_of_rounding():
    curve = kaplan_meier([*range(1, 13), *range(21, 33)], [1] * 24)
    assert curve.survival[11] != 0.5
    assert median(curve).estimate == (12 + 21) / 2


def test_censored_at_the_time_of_an_event_is_still_at_risk_then():
    assert kaplan_meier([5, 5], [1, 0]).survival.tolist() == [0.5]


def test_times_that_differ_by_rounding_are_tied():
    curve = kaplan_meier([0.1 + 0.2, 0.3, 0.5], [1, 1, 0])
    assert curve.times.size == 2
    assert curve.events.tolist() == [2, 0]
    assert numbers_at_risk(curve, [0.3]) == (3,)


def test_numbers_at_risk_count_who_is_followed_up_to_the_time():
    curve = kaplan_meier([3, 5, 5, 8], [1, 1, 0, 0])
    assert numbers_at_risk(curve, [0, 3, 4, 5, 8, 9]) == (4, 4, 3, 3, 1, 0)


def test_follow_up_of_who_had_the_event_is_censored_in_reverse():
    curve = reverse_kaplan_meier([3, 5, 5, 8], [1, 1, 0, 0])
    assert curve.events.tolist() == [0, 1, 1]
    assert curve.censored.tolist() == [1, 1, 0]


def test_quartile_is_read_where_a_quarter_had_the_event():
    curve = kaplan_meier([2, 4, 6, 8, 10], [1] * 5)
    assert (quantile(curve, 0.25).estimate, quantile(curve, 0.75).estimate) == (4, 8)
    assert quantile(curve, 0.75).note == ""
    assert quantile(kaplan_meier([2, 9], [1, 0]), 0.75).note == "not reached: survival stays above 0.25"


def test_curve_cannot_be_altered():
    curve = kaplan_meier([3, 5], [1, 1])
    with pytest.raises(ValueError, match="read-only"):
        curve.survival[0] = 1.0


@pytest.mark.parametrize(
    ("times", "events", "sentence"),
    [
        ([1, -2], [0, 1], r"times\[1\]: -2.0 is not a follow-up time: it must be a finite number, 0 or more."),
        ([1, np.nan], [0, 1], r"times\[1\]: nan is not a follow-up time"),
        ([np.inf], [0], r"times\[0\]: inf is not a follow-up time"),
        ([1, 2], [0, 2], r"events\[1\]: 2.0 does not say how it ended: 0 \(censored\) or 1 \(event\)."),
        ([1, 2], [0, 0.5], r"events\[1\]: 0.5 does not say"),
        ([1, 2], [0], "events: '1 events for 2 times' each follow-up needs one time and one event."),
        (["x"], [0], "times: holds what is not a number"),
        ([[1]], [0], "times: 'an array of 2 dimensions' must be a plain list"),
    ],
)
def test_follow_up_that_cannot_be_is_refused(times, events, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        kaplan_meier(times, events)


def test_level_quantile_and_interval_that_cannot_be_are_refused():
    with pytest.raises(InvalidInput, match=r"confidence level: 95 must lie between 0 and 1. Write 0.95 for 95 %."):
        kaplan_meier([1], [1], level=95)
    with pytest.raises(
        InvalidInput, match=r"interval type: 'loglog' is not one of plain, log, log-log, logit, arcsin."
    ):
        kaplan_meier([1], [1], interval="loglog")
    with pytest.raises(InvalidInput, match="quantile: 50 must lie between 0 and 1"):
        quantile(kaplan_meier([1], [1]), 50)


def test_landmark_before_day_0_is_refused():
    with pytest.raises(InvalidInput, match=r"time: -5 is no time of follow-up: it must be a finite number, 0 or more."):
        survival_at(kaplan_meier([1], [1]), -5)
    with pytest.raises(InvalidInput, match="horizon: nan is no time of follow-up"):
        restricted_mean(kaplan_meier([1], [1]), float("nan"))


def test_restricted_mean_is_the_area_under_the_curve():
    mean = restricted_mean(kaplan_meier([2, 4], [1, 1]), 3)
    assert mean.estimate == pytest.approx(2 * 1 + 1 * 0.5)
    assert (
        restricted_mean(kaplan_meier([2, 4], [0, 0]), 6).note == "beyond the last follow-up (4): the last value stands"
    )
