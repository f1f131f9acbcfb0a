"""Who is counted, and why the others are not."""

import datetime as dt

import pytest
from tests.builders import Site, day

from earlyphase.analysis.cutoff import at_cutoff
from earlyphase.analysis.populations import Members, populations
from earlyphase.faults import InvalidInput


def reasons(members: Members) -> dict[str, tuple[str, ...]]:
    return {lost.reason: lost.participants for lost in members.lost}


def test_everybody_lost_on_the_way_is_counted_once_with_a_reason():
    site = Site()
    site.consents("001", day(1))
    site.says("screen_failure", "coordinator", "001", on=day(2), criteria=["I1"], because="no disease")
    site.consents("002", day(3))
    site.admits("003", day(4))
    site.says("leukapheresis", "coordinator", "003", on=day(10))
    site.says("product_failed", "coordinator", "003", on=day(20), because="no growth")
    site.treats("004", day(60))
    found = populations(site.study)
    assert found.consented.participants == ("001", "002", "003", "004")
    assert reasons(found.enrolled) == {"in screening": ("002",), "screen failure (I1)": ("001",)}
    assert reasons(found.infused) == {"product failed": ("003",)}
    assert reasons(found.dlt_evaluable) == {"DLT window not yet over or not yet adjudicated": ("004",)}
    assert reasons(found.efficacy_evaluable) == {"not yet assessed": ("004",)}
    for wide, narrow in ((found.consented, found.enrolled), (found.enrolled, found.infused)):
        lost = [name for each in narrow.lost for name in each.participants]
        assert sorted([*lost, *narrow.participants]) == sorted(wide.participants)


def test_adjudicated_participants_are_dlt_evaluable_unless_under_dosed():
    site = Site()
    site.treats("001", day(30))
    site.finds("001", day(58))
    site.admits("002", day(60))
    site.prepares("002", day(90))
    site.infuses("002", day(90), 0.1)
    site.finds("002", day(118))
    found = populations(site.study).dlt_evaluable
    assert found.participants == ("001",)
    assert reasons(found) == {"under-dosed": ("002",)}


def test_a_response_makes_a_responder_and_no_response_does_not():
    site = Site()
    site.treats("001", day(30))
    site.treats("002", day(60))
    site.says("response_assessment", "investigator", "001", on=day(88), response="CRi", criteria="ELN 2024")
    site.says("response_assessment", "investigator", "002", on=day(88), response="no response", criteria="ELN 2024")
    found = populations(site.study)
    assert found.efficacy_evaluable.participants == ("001", "002")
    assert found.responders.participants == ("001",)
    assert reasons(found.responders) == {"no such response": ("002",)}


def test_nobody_is_a_result():
    found = populations(Site(active=False).study)
    assert [members.count for members in found.all] == [0] * 6
    assert not any(members.lost for members in found.all)


def test_the_cut_off_hides_what_happened_later_though_it_is_known():
    site = Site()
    site.treats("001", day(30))
    site.treats("002", day(60))
    study, cutoff = at_cutoff(site.study, day(45))
    assert cutoff == day(45)
    assert populations(study).infused.participants == ("001",)
    assert populations(study).enrolled.participants == ("001", "002")
    assert study.head == site.study.head


def test_the_cut_off_is_by_default_the_day_of_the_last_entry():
    site = Site()
    site.treats("001", day(30))
    _, cutoff = at_cutoff(site.study)
    assert cutoff == day(30)


def test_a_cut_off_after_the_last_entry_is_refused():
    site = Site()
    with pytest.raises(InvalidInput, match="lies after the last entry"):
        at_cutoff(site.study, dt.date(2030, 1, 1))
