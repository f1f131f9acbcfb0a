"""What the exact operating characteristics refuse, and what they say of the simplest case."""

import pytest

from earlyphase.escalation import exact
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import characteristics
from earlyphase.escalation.course import course_of
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.notation import parse_outcomes
from earlyphase.escalation.options import Options
from earlyphase.escalation.paths import paths
from earlyphase.escalation.simulate import simulate
from earlyphase.escalation.three_plus_three import ThreePlusThree, Variant
from earlyphase.faults import InvalidInput

ONE_DOSE = ThreePlusThree(1, Variant.SIX_AT_MTD)


def test_one_dose_by_hand():
    result = characteristics(every_end(ONE_DOSE), [[0.5]])[0]
    # exceeded by 2 or 3 of 3 (1/2); by 1 of 3 (3/8) and 1 or more of 3 (7/8); by 0 of 3 (1/8) and 2 or 3 of 3 (1/2)
    assert result.no_mtd == pytest.approx(1 / 2 + 3 / 8 * 7 / 8 + 1 / 8 * 1 / 2)
    assert dict(result.total_distribution) == pytest.approx({3: 0.5, 6: 0.5})
    assert result.stops_before(6) == pytest.approx(0.5)


def test_certain_truths_have_certain_ends():
    design = ThreePlusThree(2, Variant.LOWEST_STOP)
    safe, toxic = characteristics(every_end(design), [[0, 0], [1, 1]])
    assert (safe.select, safe.total_patients) == ((0, 1), 6)
    assert (toxic.no_mtd, toxic.total_patients) == (1, 3)


def test_those_treated_above_what_is_tolerable_are_counted():
    design = ThreePlusThree(2, Variant.LOWEST_STOP)
    result = characteristics(every_end(design), [[0, 1]], tolerable=0.33)[0]
    assert dict(result.overdosed_distribution)[3] == pytest.approx(1)
    assert result.overdoses_more_than(2) == pytest.approx(1)
    assert result.overdoses_more_than(3) == pytest.approx(0)


def test_from_here_counts_only_those_still_to_be_treated():
    design = ThreePlusThree(2, Variant.LOWEST_STOP)
    course = course_of(design, parse_outcomes("1NNN 2N"))
    result = characteristics(every_end(design, course), [[0, 0]])[0]
    assert result.patients == (0, 2)
    assert result.select == (0, 1)


def test_an_escalation_that_is_over_needs_nobody_more():
    design = ThreePlusThree(2, Variant.LOWEST_STOP)
    result = characteristics(every_end(design, course_of(design, parse_outcomes("1NNN 2TT"))), [[0.1, 0.5]])[0]
    assert result.select == (1, 0)
    assert result.total_patients == 0


@pytest.mark.parametrize(
    ("truth", "said"),
    [([0.1], "has 1 values, but there are 2 doses"), ([0.1, 1.2], "1.2 is not between 0 and 1"), ([-0.1, 0.2], "-0.1")],
)
def test_a_truth_that_cannot_be_is_refused(truth, said):
    design = ThreePlusThree(2, Variant.LOWEST_STOP)
    for act in (lambda: characteristics(every_end(design), [truth]), lambda: simulate(design, truth, 100, 1)):
        with pytest.raises(InvalidInput) as fault:
            act()
        assert said in str(fault.value)


def test_too_many_states_are_refused_with_their_number_and_a_way_out():
    design = build("boin", Options(doses=8, target=0.3, cohorts=60, cohort_size=(1,)))
    with pytest.raises(InvalidInput, match=r"\d+,\d{3},\d{3} states foreseen for 60 participants .*--simulate"):
        every_end(design)


def test_what_is_too_large_to_follow_can_be_simulated():
    design = build("boin", Options(doses=8, target=0.3, cohorts=60, cohort_size=(1,)))
    result = simulate(design, [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], 2_000, 1)
    assert result.method == "simulated"
    assert result.total_patients == pytest.approx(60, abs=2)


def test_states_over_the_limit_are_refused_where_no_maximum_is_known():
    design = build("boin", Options(doses=3, target=0.3))
    with pytest.raises(InvalidInput, match="states after"):
        every_end(design, too_many=50)


def test_a_design_without_an_end_meets_the_end_of_its_table():
    design = build("boin", Options(doses=1, target=0.3))
    with pytest.raises(InvalidInput, match="beyond the decision table"):
        every_end(design)


def test_the_paths_of_the_next_cohort_carry_their_chances():
    now, results = paths(ThreePlusThree(3, Variant.SIX_AT_MTD), cohorts=2, truth=(0.1, 0.2, 0.3))
    assert now.next_dose == 1
    assert [path.word for path in results] == ["1NNN", "1NNT", "1NTT", "1TTT"]
    assert sum(path.chance for path in results) == pytest.approx(1)
    assert [path.word for path in results[0].next] == ["2NNN", "2NNT", "2NTT", "2TTT"]
    assert results[2].next == ()


def test_more_paths_than_anyone_reads_are_refused():
    with pytest.raises(InvalidInput, match="paths"):
        paths(ThreePlusThree(3, Variant.SIX_AT_MTD), cohorts=20)


def test_tallies_too_large_for_one_number_are_compared_by_rows(monkeypatch):
    design = build("boin", Options(doses=3, target=0.3, max_n=9))
    usual = characteristics(every_end(design), [[0.1, 0.3, 0.5]])[0]
    monkeypatch.setattr(exact, "KEY_LIMIT", 0)
    by_rows = characteristics(every_end(design), [[0.1, 0.3, 0.5]])[0]
    assert by_rows.select == pytest.approx(usual.select, abs=1e-14)
