"""What holds for every follow-up that can be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlyphase.analysis.aalen_johansen import aalen_johansen
from earlyphase.analysis.estimates import CurveInterval, IncidenceVariance
from earlyphase.analysis.kaplan_meier import kaplan_meier, numbers_at_risk, reverse_kaplan_meier, survival_at
from earlyphase.analysis.log_rank import log_rank
from earlyphase.analysis.restricted_mean import restricted_mean
from earlyphase.analysis.survival_quantiles import quantile

DAYS = st.integers(0, 40)
INTERVALS = st.sampled_from(CurveInterval)
ROUNDING = 1e-9


def follow_up(causes: int = 1, least: int = 0, most: int = 40):
    """Follow-up of some participants: how long, and how it ended."""
    return st.lists(st.tuples(DAYS, st.integers(0, causes)), min_size=least, max_size=most)


def columns(rows):
    return [float(time) for time, _ in rows], [end for _, end in rows]


@given(follow_up(), INTERVALS, st.sampled_from([0.5, 0.9, 0.95]))
def test_survival_never_rises_and_lies_between_its_limits(rows, interval, level):
    curve = kaplan_meier(*columns(rows), interval=interval, level=level)
    assert np.all(np.diff(curve.survival) <= 0)
    assert np.all((curve.survival >= 0) & (curve.survival <= 1))
    known = np.isfinite(curve.lower)
    assert np.array_equal(known, np.isfinite(curve.upper))
    assert np.all(curve.lower[known] <= curve.survival[known] + ROUNDING)
    assert np.all(curve.survival[known] <= curve.upper[known] + ROUNDING)
    assert np.all((curve.lower[known] >= 0) & (curve.upper[known] <= 1))


@given(st.lists(DAYS, min_size=1, max_size=40), DAYS)
def test_survival_without_censoring_is_the_share_that_is_left(days, moment):
    share = sum(day > moment for day in days) / len(days)
    landmark = survival_at(kaplan_meier(days, [1] * len(days)), moment)
    assert landmark.estimate == pytest.approx(share)
    assert landmark.standard_error == (pytest.approx((share * (1 - share) / len(days)) ** 0.5) if share else None)


@given(follow_up(least=1))
def test_everybody_at_risk_leaves_by_event_or_censoring(rows):
    curve = kaplan_meier(*columns(rows))
    left = curve.at_risk - curve.events - curve.censored
    assert left.tolist() == [*curve.at_risk[1:].tolist(), 0]
    assert curve.at_risk[0] == len(rows) == numbers_at_risk(curve, [0])[0]


@given(follow_up(), st.randoms())
def test_order_of_participants_does_not_matter(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    here, there = kaplan_meier(*columns(rows)), kaplan_meier(*columns(shuffled))
    assert here.survival.tolist() == there.survival.tolist()
    assert here.times.tolist() == there.times.tolist()


@given(follow_up(), INTERVALS, st.floats(0.01, 0.99))
def test_quantile_lies_between_its_limits_and_where_the_curve_crosses(rows, interval, share):
    curve = kaplan_meier(*columns(rows), interval=interval)
    found = quantile(curve, share)
    if found.estimate is None:
        assert found.note
        assert not np.any(1 - curve.survival >= share)
        return
    assert survival_at(curve, found.estimate).estimate <= 1 - share + ROUNDING
    before = curve.survival[curve.times < found.estimate]
    assert np.all(before >= 1 - share - 1e-7)


@given(follow_up(least=1), st.integers(2, 1000))
def test_unit_of_time_does_not_matter(rows, factor):
    times, events = columns(rows)
    days, other = kaplan_meier(times, events), kaplan_meier([time * factor for time in times], events)
    assert other.survival.tolist() == days.survival.tolist()
    middle, scaled = quantile(days, 0.5).estimate, quantile(other, 0.5).estimate
    assert (scaled is None) == (middle is None)
    assert middle is None or scaled == pytest.approx(middle * factor)


@given(follow_up(least=1))
def test_reverse_of_the_reverse_is_the_curve(rows):
    times, events = columns(rows)
    again = reverse_kaplan_meier(times, [1 - event for event in events])
    assert again.survival.tolist() == kaplan_meier(times, events).survival.tolist()


@given(follow_up(least=1), st.integers(1, 60))
def test_restricted_mean_is_at_most_the_horizon(rows, horizon):
    mean = restricted_mean(kaplan_meier(*columns(rows)), horizon)
    assert 0 <= mean.estimate <= horizon + ROUNDING
    assert mean.standard_error >= 0


@given(st.lists(DAYS, min_size=1, max_size=40))
def test_restricted_mean_without_censoring_is_the_mean(days):
    mean = restricted_mean(kaplan_meier(days, [1] * len(days)), 41)
    assert mean.estimate == pytest.approx(np.mean(days))
    assert mean.standard_error == pytest.approx(np.std(days) / len(days) ** 0.5, abs=1e-7)


@given(follow_up(causes=3), st.sampled_from(IncidenceVariance))
def test_incidences_and_event_free_chance_add_up_to_one(rows, variance):
    curve = aalen_johansen(*columns(rows), causes=3, variance=variance)
    total = curve.incidence.sum(axis=0) + curve.event_free
    assert total.tolist() == pytest.approx([1.0] * curve.times.size)
    assert np.all(np.diff(curve.incidence, axis=1) >= 0)
    assert np.all(curve.standard_error >= 0)


@given(follow_up(causes=2))
def test_incidence_of_any_cause_is_the_complement_of_kaplan_meier(rows):
    times, ends = columns(rows)
    both = aalen_johansen(times, ends, causes=2)
    curve = kaplan_meier(times, [min(end, 1) for end in ends])
    assert both.event_free.tolist() == pytest.approx(curve.survival.tolist())


@given(follow_up(causes=2, least=1, most=12))
def test_jackknife_error_is_what_leaving_a_little_of_each_participant_out_gives(rows):
    times, ends = (np.array(column) for column in columns(rows))
    curve = aalen_johansen(times, ends, causes=2)
    influence = [influence_of(times, ends, participant) for participant in range(len(rows))]
    expected = np.sqrt(np.sum(np.square(influence), axis=0))
    np.testing.assert_allclose(curve.standard_error[0], expected, atol=1e-6)


def influence_of(times, ends, participant, step=1e-5):
    """Differentiate the incidence of cause 1 by the weight of one participant."""
    more, less = np.ones(len(times)), np.ones(len(times))
    more[participant] += step
    less[participant] -= step
    return (weighted_incidence(times, ends, more) - weighted_incidence(times, ends, less)) / (2 * step)


def weighted_incidence(times, ends, weights):
    """Estimate the incidence of cause 1 the slow way, with weights."""
    free, incidence, column = 1.0, 0.0, []
    for moment in np.unique(times):
        at_risk = weights[times >= moment].sum()
        now = times == moment
        incidence += free * weights[now & (ends == 1)].sum() / at_risk
        free *= 1 - weights[now & (ends > 0)].sum() / at_risk
        column.append(incidence)
    return np.array(column)


@given(follow_up(least=2), st.data())
def test_log_rank_does_not_depend_on_names_or_order_of_groups(rows, data):
    times, events = columns(rows)
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=len(rows), max_size=len(rows)))
    result = log_rank(times, events, groups)
    renamed = log_rank(times[::-1], events[::-1], [{"a": "z", "b": "y", "c": "x"}[group] for group in groups][::-1])
    assert (result.chi_square is None) == (renamed.chi_square is None)
    if result.chi_square is not None:
        assert result.chi_square >= -ROUNDING
        assert renamed.chi_square == pytest.approx(result.chi_square, abs=1e-7)
        assert 0 <= result.p_value <= 1
    assert sum(group.observed for group in result.groups) == pytest.approx(
        sum(group.expected for group in result.groups)
    )
