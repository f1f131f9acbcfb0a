"""Nobody is treated at a level that has been found too toxic, even if the product is ready."""

import pytest
from tests.builders import Site, day, rules_of

from earlyphase.journal.entry import Entry


@pytest.fixture
def two_dlts_and_one_ready():
    """Two of two had a DLT; the third has been conditioned."""
    site = Site()
    site.treats("001", day(30))
    site.treats("002", day(58))
    site.admits("003", day(65))
    site.prepares("003", day(86))
    for name, onset in (("001", 35), ("002", 60)):
        event = site.sees(name, day(onset))
        site.finds(name, day(87), "DLT", adverse_event=event.seq)
    return site


def test_a_third_participant_is_not_treated_after_two_dlts_of_two(two_dlts_and_one_ready):
    answer = two_dlts_and_one_ready.infuses("003", day(88))
    assert rules_of(answer) == {"level closed"}
    assert "2 of 2 at dose 1 had a DLT" in str(answer)


def test_after_the_decision_to_go_down_the_level_above_stays_closed(two_dlts_and_one_ready):
    site = two_dlts_and_one_ready
    assert isinstance(site.decides(day(89)), Entry)
    assert rules_of(site.infuses("003", day(90))) == {"level closed"}


def test_an_infusion_at_a_closed_level_that_has_happened_is_recorded_as_a_deviation(two_dlts_and_one_ready):
    answer = two_dlts_and_one_ready.infuses("003", day(88), deviation="the product was in the vein already")
    assert isinstance(answer, Entry)
