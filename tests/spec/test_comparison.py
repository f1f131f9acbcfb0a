"""Curves to judge designs by, and what the judgement says."""

from collections import Counter

import pytest

from earlyphase.escalation.catalogue import CATALOGUE
from earlyphase.escalation.comparison import Calendar, average, compare, judge, own_options
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.options import Options
from earlyphase.escalation.protocol_text import references, statistics_section
from earlyphase.escalation.scenarios import fixed_scenarios, random_scenarios, true_mtd
from earlyphase.faults import InvalidInput

SHARED = Options(doses=3, target=0.25, variant="six_at_mtd", prior_mtd=2, cohorts=5)


def test_the_fixed_curves_have_each_dose_as_the_mtd_once_and_none_once():
    curves = fixed_scenarios(0.25, 4)
    assert [true_mtd(curve, 0.25) for curve in curves] == [1, 2, 3, 4, 0]
    assert all(list(curve) == sorted(curve) for curve in curves)
    assert curves[1][1] == pytest.approx(0.25)


def test_random_curves_rise_and_have_every_dose_as_the_mtd():
    curves = random_scenarios(400, 0.3, 4, seed=2)
    assert all(list(curve) == sorted(curve) for curve in curves)
    nearest = Counter(min(range(4), key=lambda at, curve=curve: abs(curve[at] - 0.3)) for curve in curves)
    assert all(70 <= nearest[dose] <= 130 for dose in range(4))
    assert random_scenarios(400, 0.3, 4, seed=2) == curves


def test_each_design_takes_its_own_options():
    assert own_options("3+3", SHARED) == Options(doses=3, variant="six_at_mtd")
    assert own_options("boin", SHARED) == Options(doses=3, target=0.25, cohorts=5)


def test_a_verdict_accounts_for_everything_that_can_be_chosen():
    for one in compare(["3+3", "boin", "crm"], SHARED, fixed_scenarios(0.25, 3)):
        assert one.method == "exact"
        for result in one.results:
            verdict = judge(result, 0.25)
            assert verdict.correct + verdict.too_low + verdict.too_high + verdict.none == pytest.approx(1)
            assert 0 <= verdict.at_mtd + verdict.above <= 1 + 1e-12
            assert verdict.days is None


def test_where_no_dose_is_tolerable_to_choose_none_is_right():
    [boin] = compare(["boin"], SHARED, [(0.7, 0.8, 0.9)])
    verdict = judge(boin.results[0], 0.25)
    assert verdict.correct == boin.results[0].counts.no_mtd > 0.9
    assert (verdict.none, verdict.at_mtd, verdict.above) == (0, 0, pytest.approx(1))


def test_with_calendar_time_every_design_has_its_duration():
    plan = Calendar(Conduct(accrual=10, window=60), 200)
    boin, tite = compare(["boin", "tite-boin"], SHARED, [(0.1, 0.25, 0.4)], plan)
    assert (boin.method, tite.method) == ("exact", "simulated")
    assert tite.results[0].duration.mean < boin.results[0].duration.mean
    assert average([judge(tite.results[0], 0.25)]).days == pytest.approx(tite.results[0].duration.mean)


def test_every_design_has_its_references():
    assert set(references()) == set(CATALOGUE)
    assert [name for name, cited in references().items() if not cited] == ["table"]


def test_the_statistics_section_names_design_settings_figures_and_references():
    [crm] = compare(["crm"], SHARED, [(0.1, 0.25, 0.4)])
    said = statistics_section("crm", crm.options, 0.25, (crm.results[0].counts,))
    assert "CRM, the continual reassessment method" in said[0]
    assert "target 0.25" in said[0]
    assert "prior mtd 2" in said[0]
    assert "computed exactly" in said[1]
    assert f"dose 2 is chosen with a chance of {crm.results[0].counts.select[1]:.1%}" in said[1]
    assert said[2].startswith("O'Quigley J")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: fixed_scenarios(1.0, 3), "--target: 1.0"),
        (lambda: fixed_scenarios(0.3, 0), "--doses: 0"),
        (lambda: random_scenarios(0, 0.3, 3, 1), "--random: 0"),
    ],
)
def test_bad_input_is_a_sentence(act, said):
    with pytest.raises(InvalidInput) as fault:
        act()
    assert said in str(fault.value)
