"""What the log-rank test says, and when it says nothing."""

import pytest

from earlyphase.analysis.log_rank import log_rank
from earlyphase.faults import InvalidInput


def test_observed_events_add_up_to_the_expected_ones():
    result = log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 1, 1], ["a", "a", "b", "b", "c", "c"])
    assert [group.group for group in result.groups] == ["a", "b", "c"]
    assert sum(group.observed for group in result.groups) == pytest.approx(
        sum(group.expected for group in result.groups)
    )
    assert result.degrees_of_freedom == 2


def test_groups_that_fare_alike_do_not_differ():
    result = log_rank([1, 2, 3, 1, 2, 3], [1, 0, 1, 1, 0, 1], ["a"] * 3 + ["b"] * 3)
    assert result.chi_square == pytest.approx(0)
    assert result.p_value == pytest.approx(1)


@pytest.mark.parametrize(
    ("times", "events", "groups", "why"),
    [
        ([], [], [], "fewer than two groups: nothing to compare"),
        ([1, 2], [1, 1], ["a", "a"], "fewer than two groups: nothing to compare"),
        ([1, 2], [0, 0], ["a", "b"], "nobody had the event: nothing to compare"),
        ([1, 2], [0, 1], ["a", "b"], "at each event everybody at risk was of one group, or had it: nothing to compare"),
        ([1, 1], [1, 1], ["a", "b"], "at each event everybody at risk was of one group, or had it: nothing to compare"),
    ],
)
def test_nothing_to_compare_is_said(times, events, groups, why):
    result = log_rank(times, events, groups)
    assert (result.chi_square, result.p_value, result.note) == (None, None, why)


def test_group_that_left_before_the_first_event_takes_no_degree_of_freedom():
    result = log_rank([0, 2, 3, 4, 5], [0, 1, 1, 1, 1], ["early", "a", "a", "b", "b"])
    assert result.degrees_of_freedom == 1
    assert result.chi_square == pytest.approx(log_rank([2, 3, 4, 5], [1, 1, 1, 1], list("aabb")).chi_square)


def test_each_follow_up_needs_a_group():
    with pytest.raises(InvalidInput, match="groups: '1 groups for 2 times' each follow-up needs one group"):
        log_rank([1, 2], [1, 1], ["a"])
