"""What holds for every stopping rule."""

from itertools import pairwise, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from earlyphase.analysis.proportions import BetaBelief
from earlyphase.analysis.stopping_rules import (
    Concern,
    bayesian_futility,
    bayesian_toxicity,
    exact_futility,
    exact_toxicity,
    operating_characteristics,
)

RATES = st.floats(0.05, 0.9)
LOOKS = st.sets(st.integers(1, 9), min_size=1).map(lambda looks: tuple(sorted(looks)))


@st.composite
def boundaries(draw):
    """Any rule, worked out."""
    rate, looks = draw(RATES), draw(LOOKS)
    if draw(st.booleans()):
        make, error = draw(st.sampled_from([exact_toxicity, exact_futility])), draw(st.floats(0.01, 0.4))
        return make(rate, error, looks)
    prior, certainty = BetaBelief(draw(st.floats(0.2, 3)), draw(st.floats(0.2, 3))), draw(st.floats(0.5, 0.99))
    if draw(st.booleans()):
        assume(prior.chance_above(rate) <= certainty)
        return bayesian_toxicity(rate, certainty, prior, looks)
    assume(prior.chance_above(rate) >= 1 - certainty)
    return bayesian_futility(rate, certainty, prior, looks)


@given(boundaries(), RATES)
def test_characteristics_are_those_of_all_courses_written_out(boundary, rate):
    last = boundary.looks[-1].n
    stops = size = events = 0.0
    for course in product((0, 1), repeat=last):
        weight = rate ** sum(course) * (1 - rate) ** (last - sum(course))
        end = next((n for n in range(1, last + 1) if boundary.stops(n, sum(course[:n]))), None)
        stops += weight * (end is not None)
        size += weight * (end or last)
        events += weight * sum(course[: end or last])
    behaviour = operating_characteristics(boundary, rate)
    assert behaviour.stops == pytest.approx(stops)
    assert behaviour.expected_n == pytest.approx(size)
    assert behaviour.expected_events == pytest.approx(events)


@given(boundaries())
def test_toxicity_stops_more_often_and_futility_less_often_as_the_rate_rises(boundary):
    chances = [operating_characteristics(boundary, step / 10).stops for step in range(11)]
    rising = chances if boundary.concern is Concern.TOXICITY else chances[::-1]
    assert all(later >= earlier - 1e-12 for earlier, later in pairwise(rising))


@given(RATES, st.floats(0.01, 0.4), LOOKS, st.sampled_from([exact_toxicity, exact_futility]))
def test_exact_rule_keeps_its_error(rate, error, looks, make):
    assert operating_characteristics(make(rate, error, looks), rate).stops <= error


@given(boundaries())
def test_more_events_never_undo_a_stop_for_toxicity_nor_fewer_one_for_futility(boundary):
    for look in boundary.looks:
        stops = [boundary.stops(look.n, events) for events in range(look.n + 1)]
        assert sorted(stops) == (stops if boundary.concern is Concern.TOXICITY else stops[::-1])


@given(boundaries())
def test_nobody_is_stopped_for_toxicity_without_one_nor_for_futility_when_all_respond(boundary):
    for look in boundary.looks:
        assert not boundary.stops(look.n, 0 if boundary.concern is Concern.TOXICITY else look.n)
