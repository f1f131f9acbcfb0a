"""What holds for every response rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlyphase.analysis.estimates import ProportionInterval
from earlyphase.analysis.proportions import BetaBelief, chance_of_at_least, posterior, proportion

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
INTERVALS = st.sampled_from(ProportionInterval)
LEVELS = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])


@given(COUNTS, INTERVALS, LEVELS)
def test_interval_contains_the_rate(counts, interval, level):
    rate = proportion(*counts, interval=interval, level=level)
    assert 0 <= rate.lower <= rate.estimate <= rate.upper <= 1


@given(COUNTS, INTERVALS)
def test_higher_level_gives_a_wider_interval(counts, interval):
    wide, narrow = (proportion(*counts, interval=interval, level=level) for level in (0.95, 0.8))
    assert wide.lower <= narrow.lower
    assert wide.upper >= narrow.upper


@given(COUNTS, LEVELS)
def test_exact_interval_is_never_narrower_than_mid_p(counts, level):
    exact, mid = (proportion(*counts, interval=way, level=level) for way in ("clopper-pearson", "mid-p"))
    assert exact.lower <= mid.lower + 1e-12
    assert exact.upper >= mid.upper - 1e-12


@given(COUNTS, INTERVALS, LEVELS)
def test_interval_of_those_who_did_not_respond_is_the_mirror(counts, interval, level):
    responders, n = counts
    rate, rest = (proportion(count, n, interval=interval, level=level) for count in (responders, n - responders))
    assert (rest.lower, rest.upper) == pytest.approx((1 - rate.upper, 1 - rate.lower), abs=1e-9)


@given(COUNTS, st.floats(0.01, 0.99))
def test_exact_test_and_exact_limit_agree(counts, rate):
    responders, n = counts
    excluded = proportion(responders, n, side="lower").lower > rate
    chance = chance_of_at_least(responders, n, rate)
    assert excluded == (chance < 0.05) or chance == pytest.approx(0.05, abs=1e-9)


@given(COUNTS, st.floats(0.1, 5), st.floats(0.1, 5))
def test_belief_moves_towards_what_was_seen(counts, alpha, beta):
    responders, n = counts
    prior = BetaBelief(alpha, beta)
    after = posterior(prior, responders, n).mean
    low, high = sorted((prior.mean, responders / n))
    assert low - 1e-12 <= after <= high + 1e-12
