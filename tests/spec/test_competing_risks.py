"""What the cumulative incidence says where an event rules another out."""

import pytest

from earlyphase.analysis.aalen_johansen import aalen_johansen, incidence_at, numbers_without_event
from earlyphase.analysis.estimates import IncidenceVariance
from earlyphase.analysis.gray_test import gray_test
from earlyphase.analysis.kaplan_meier import kaplan_meier
from earlyphase.faults import InvalidInput

RELAPSE, DEATH = 1, 2


def test_incidences_of_four_participants_are_those_that_one_counts_by_hand():
    curve = aalen_johansen([2, 3, 5, 7], [RELAPSE, DEATH, 0, RELAPSE])
    assert curve.incidence[0].tolist() == pytest.approx([1 / 4, 1 / 4, 1 / 4, 3 / 4])
    assert curve.incidence[1].tolist() == pytest.approx([0, 1 / 4, 1 / 4, 1 / 4])
    assert curve.event_free.tolist() == pytest.approx([3 / 4, 1 / 2, 1 / 2, 0])
    assert curve.censored.tolist() == [0, 0, 1, 0]
    assert numbers_without_event(curve, [0, 3, 6]) == (4, 3, 1)


def test_counting_deaths_as_censored_overstates_relapse():
    times, ends = [1, 2, 3, 4, 5, 6], [DEATH, RELAPSE, DEATH, RELAPSE, DEATH, RELAPSE]
    competing = aalen_johansen(times, ends).incidence[0, -1]
    censoring = 1 - kaplan_meier(times, [int(end == RELAPSE) for end in ends]).survival[-1]
    assert competing == pytest.approx(0.5)
    assert censoring == pytest.approx(1.0)


def test_one_cause_alone_is_the_complement_of_kaplan_meier_with_the_same_error():
    times, events = [3, 5, 5, 8, 9, 9], [1, 1, 0, 0, 1, 1]
    single, curve = aalen_johansen(times, events), kaplan_meier(times, events)
    assert single.incidence[0].tolist() == pytest.approx((1 - curve.survival).tolist())
    assert single.standard_error[0, :-1].tolist() == pytest.approx(curve.standard_error[:-1].tolist())


def test_nobody_no_events_and_everybody_each_have_a_stated_result():
    assert incidence_at(aalen_johansen([], []), 1, 10).note == "nobody to follow"
    none = incidence_at(aalen_johansen([4, 5], [0, 0], causes=2), 2, 4)
    assert (none.estimate, none.lower, none.upper, none.standard_error) == (0.0, None, None, 0.0)
    everybody = incidence_at(aalen_johansen([4, 5], [1, 1]), 1, 5)
    assert (everybody.estimate, everybody.standard_error, everybody.lower) == (1.0, 0.0, None)
    assert incidence_at(aalen_johansen([0, 0], [0, 0]), 1, 0).estimate == 0.0


def test_incidence_before_the_first_time_is_none_and_beyond_the_last_stands():
    curve = aalen_johansen([4, 5, 6], [1, 2, 0])
    assert incidence_at(curve, 1, 1).estimate == 0.0
    late = incidence_at(curve, 1, 99)
    assert (late.estimate, late.note) == (pytest.approx(1 / 3), "beyond the last follow-up (6): the last value stands")


def test_both_variances_are_named_in_the_value():
    assert aalen_johansen([1, 2], [1, 2]).variance.value == "infinitesimal jackknife"
    assert aalen_johansen([1, 2], [1, 2], variance=IncidenceVariance.AALEN).variance.value == "Aalen"


def test_cause_that_is_not_there_is_refused():
    with pytest.raises(InvalidInput, match="cause: 3 is none of the causes 1 to 2"):
        incidence_at(aalen_johansen([1, 2], [1, 2]), 3, 1)
    with pytest.raises(
        InvalidInput, match=r"events\[0\]: 3.0 does not say how it ended: 0 \(censored\) or a cause from"
    ):
        aalen_johansen([1], [3], causes=2)
    with pytest.raises(InvalidInput, match=r"events\[0\]: 1.5 does not say"):
        aalen_johansen([1], [1.5])


def test_groups_alike_do_not_differ_by_grays_test():
    same = gray_test([1, 2, 3, 1, 2, 3], [1, 2, 0, 1, 2, 0], list("aaabbb"))
    assert same.chi_square == pytest.approx(0, abs=1e-12)
    assert (same.groups, same.events, same.p_value) == (("a", "b"), (1, 1), pytest.approx(1))


@pytest.mark.parametrize(
    ("ends", "groups", "note"),
    [
        ([], [], "fewer than two groups: nothing to compare"),
        ([1, 2], ["a", "a"], "fewer than two groups: nothing to compare"),
        ([0, 2, 2], ["a", "b", "a"], "nobody had the event: nothing to compare"),
        ([1, 1], ["a", "b"], ""),
    ],
)
def test_what_grays_test_cannot_compare_it_says(ends, groups, note):
    found = gray_test(range(1, len(ends) + 1), ends, groups)
    assert found.note == note
    assert (found.chi_square is None) is bool(note)
