"""The chance of each MTD from where an escalation stands, under stated truths."""

import pytest
from tests.builders import Site, a_protocol, day, three_treated

from earlyphase.analysis.from_here import Scenario, chances_from_here, scenarios_of
from earlyphase.faults import InvalidInput

SAFE = (Scenario("safe", (0.0, 0.0, 0.0, 0.0)),)


def test_a_study_that_has_not_begun_starts_at_its_starting_level():
    (safe,) = chances_from_here(Site().study, SAFE)
    assert safe.chances.select == (0.0, 0.0, 0.0, 1.0)
    assert safe.chances.patients == (0, 3, 3, 6), "six are observed at the level that becomes the MTD"


def test_who_counts_already_is_not_observed_again():
    site = Site()
    three_treated(site)
    site.finds("001", day(100))
    (safe,) = chances_from_here(site.study, SAFE)
    assert safe.chances.patients == (0, 2, 3, 6)


def test_the_chance_is_that_of_the_tally_as_it_stands():
    site = Site(a_protocol(levels=((1, 0.5), (2, 1.0)), variant="lowest_stop"))
    three_treated(site)
    site.finds("001", day(100))
    site.finds_dlt("002", day(60))
    site.finds("003", day(100))
    (found,) = chances_from_here(site.study, (Scenario("half", (0.5, 1.0)),))
    tolerated = 0.5**3
    assert found.chances.no_mtd == pytest.approx(1 - tolerated), "one DLT of three: none of three more may have one"
    assert found.chances.select == pytest.approx((tolerated, 0.0))


def test_a_level_that_was_decided_on_and_has_nobody_is_open_for_a_cohort():
    site = Site()
    three_treated(site)
    for name in ("001", "002", "003"):
        site.finds(name, day(100))
    site.decides(day(101))
    (safe,) = chances_from_here(site.study, SAFE)
    assert safe.chances.patients == (0, 0, 3, 6)


def test_chances_always_add_up_and_illustrative_curves_rise_with_the_dose():
    for one in chances_from_here(Site().study):
        assert one.chances.no_mtd + sum(one.chances.select) == pytest.approx(1)
        assert list(one.scenario.truth) == sorted(one.scenario.truth)


def test_each_level_is_once_the_one_at_25_percent():
    named = {one.name: one.truth for one in scenarios_of(a_protocol())}
    levels = [0, 1, 2, 3]
    assert [named[f"level {name} at 25 %"][at] for at, name in zip(levels, ("−1", "1", "2", "3"), strict=True)] == [
        0.25
    ] * 4


def test_a_scenario_of_another_length_is_named():
    with pytest.raises(InvalidInput, match="--scenario"):
        chances_from_here(Site().study, (Scenario("short", (0.1, 0.2)),))
