"""What the hazard ratio of two groups says, and when there is none."""

import pytest

from earlyphase.analysis.hazard_ratio import hazard_ratio
from earlyphase.faults import InvalidInput


def test_group_that_fares_alike_has_a_ratio_of_one():
    result = hazard_ratio([1, 2, 3, 1, 2, 3], [1, 0, 1, 1, 0, 1], [False] * 3 + [True] * 3)
    assert result.ratio.estimate == pytest.approx(1)
    assert result.likelihood_ratio == pytest.approx(0)
    assert (result.ratio.interval, result.ratio.level) == ("Wald, log scale", 0.95)


def test_ratio_of_four_participants_is_the_one_that_algebra_gives():
    # The slope of the likelihood, 2 events less the expected ones, is 0 at the ratio.
    result = hazard_ratio([1, 2, 3, 4], [1, 1, 1, 1], [True, False, False, True])
    r = result.ratio.estimate
    assert 2 * r / (2 * r + 2) + r / (r + 2) + r / (r + 1) + 1 == pytest.approx(2)


def test_swapping_the_groups_turns_the_ratio_over():
    times, events, compared = [1, 2, 2, 4, 5, 7], [1, 1, 1, 0, 1, 1], [True, False, True, True, False, False]
    one = hazard_ratio(times, events, compared)
    other = hazard_ratio(times, events, [not member for member in compared])
    assert other.log_ratio == pytest.approx(-one.log_ratio)
    assert (other.ratio.lower, other.ratio.upper) == pytest.approx((1 / one.ratio.upper, 1 / one.ratio.lower))


@pytest.mark.parametrize(
    ("times", "events", "compared"),
    [
        ([], [], []),
        ([1, 2], [0, 0], [True, False]),
        ([1, 2], [1, 1], [True, True]),
        ([1, 2, 3, 4], [1, 1, 1, 1], [True, True, False, False]),
        ([1, 2, 3, 4], [1, 1, 0, 0], [False, False, True, True]),
    ],
)
def test_ratio_that_has_no_maximum_is_not_estimated_and_says_so(times, events, compared):
    result = hazard_ratio(times, events, compared)
    assert (result.ratio.estimate, result.log_ratio, result.standard_error) == (None, None, None)
    assert result.ratio.note.startswith("not estimable: no event shows")


def test_each_follow_up_needs_a_group():
    with pytest.raises(InvalidInput, match="groups: '1 groups for 2 times'"):
        hazard_ratio([1, 2], [1, 1], [True])
