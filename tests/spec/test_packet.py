"""The packet of a safety review says what the committee decides on, and on what it rests."""

import pytest
from tests.builders import ASSUMED, Site, a_protocol, day, three_treated
from tests.simulated import study_of

from earlyphase.faults import InvalidInput
from earlyphase.reports.packet import packet
from earlyphase.reports.packet_basis import packet_basis
from earlyphase.reports.values import Glance, Label, Statement


def texts(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def table(report, name):
    return next(one for one in report.tables if one.id == name)


def glance(report):
    (shown,) = [part for part in report.sections[0].parts if isinstance(part, Glance)]
    return {figure.label: (figure.value, figure.note) for figure in shown.figures}


def said(report):
    return " ".join(part.text for part in report.sections[0].parts if isinstance(part, Statement))


def two_pending():
    site = Site()
    three_treated(site)
    site.finds("001", day(72))
    return site


def test_the_first_page_says_what_is_recommended_and_whom_the_decision_waits_for():
    report = packet(packet_basis(two_pending().study))
    shown = glance(report)
    assert shown["Level under review"][0] == "Level 1"
    assert shown["DLT"][0] == "0 of 1"
    assert shown["Pending"] == ("2", "002, 003")
    assert shown["Decision"] == ("waits", f"for those who are pending, until {day(100)}")
    assert f"003 is in the DLT window until {day(100)}" in said(report)


def test_every_outcome_of_the_pending_has_its_recommendation_in_words():
    rows = texts(table(packet(packet_basis(two_pending().study)), "what-if"))
    assert [row[:2] for row in rows] == [
        ["all 2 count, none with a DLT", "escalate to level 2"],
        ["all 2 count, 1 with a DLT", "stay at level 1"],
        ["all 2 count, 2 with a DLT", "de-escalate to level −1"],
        ["1 of 2 count, none with a DLT", "stay at level 1"],
        ["1 of 2 count, 1 with a DLT", "stay at level 1"],
        ["none counts", "stay at level 1"],
    ]


def test_a_complete_cohort_can_be_decided_on():
    site = two_pending()
    for name in ("002", "003"):
        site.finds(name, day(101))
    report = packet(packet_basis(site.study))
    assert glance(report)["Recommendation"][0] == "Escalate to level 2"
    assert glance(report)["Decision"][0] == "can be taken"
    assert table(report, "what-if").rows == ()


def test_a_review_is_hidden_until_no_review_is_wanted():
    site = two_pending()
    event = site.sees("002", day(61))
    site.reviews("002", "A. Reviewer", day(100), "DLT", adverse_event=event.seq)
    row = next(row for row in texts(table(packet(packet_basis(site.study)), "dlt-proposals")) if row[0] == "002")
    assert row[4:] == ["1 of 2 in", "–", "–"]
    assert row[2] == "DLT (any-4)", "what the protocol proposes is no secret"


def test_a_finding_that_is_not_as_proposed_is_marked():
    site = two_pending()
    site.sees("002", day(61))
    site.finds("002", day(100))
    row = next(row for row in texts(table(packet(packet_basis(site.study)), "dlt-proposals")) if row[0] == "002")
    assert row[5] == "no DLT (not as proposed)"


def test_what_comes_after_the_cutoff_is_not_in_the_packet():
    site = two_pending()
    site.sees("003", day(80), 4, term="Sepsis")
    for cutoff, terms in ((79, []), (80, ["Sepsis"])):
        report = packet(packet_basis(site.study, day(cutoff)))
        assert [row[1] for row in texts(table(report, "events-level"))] == terms


def test_nobody_evaluable_yet_is_not_called_nobody_treated():
    site = Site()
    site.treats("001", day(30))
    report = packet(packet_basis(site.study))
    assert glance(report)["Recommendation"][0] == "Begin at level 1"
    assert "Nobody is evaluable yet" in said(report)
    assert "treated" not in said(report)


def test_an_event_that_ends_after_the_cutoff_is_ongoing_in_it():
    site = two_pending()
    site.now = site.now.replace(year=2027)
    site.sees("002", day(60), 3, resolved=str(day(90)), course=[{"on": str(day(85)), "grade": 2}])
    site.consents("009", day(200))
    (row,) = texts(table(packet(packet_basis(site.study, day(80))), "events-level"))
    assert (row[2], row[4], row[5]) == ("3", "ongoing", "–")
    (row,) = texts(table(packet(packet_basis(site.study, day(95))), "events-level"))
    assert (row[4], row[5]) == (f"{day(90)}\N{NO-BREAK SPACE}(32)", f"2 on {day(85)}")


def test_a_stopping_rule_that_is_met_stands_on_the_first_page():
    rule = {**ASSUMED, "id": "first", "when": "One has a DLT.", "measure": "dlt", "at_least": 1}
    site = Site(a_protocol(stopping_rules=[rule]))
    site.treats("001", day(30))
    site.finds_dlt("001", day(34))
    report = packet(packet_basis(site.study))
    assert glance(report)["Stopping rules"][0] == "MET: first"
    assert "Stopping rule first is met by 001: One has a DLT." in said(report)


def test_a_comparison_shows_what_was_known_then():
    site = two_pending()
    before = site.study
    site.finds("002", day(86))
    report = packet(packet_basis(site.study, None, (before, day(72))))
    rows = texts(table(report, "changes"))
    assert ["Participant", "002", f"level 1: pending until {day(86)}", "level 1: no DLT"] in rows
    assert f"{before.head.seq} entries" in report.sections[1].lead


def test_the_packet_is_pinned_to_the_head_and_labelled():
    site = two_pending()
    report = packet(packet_basis(site.study))
    assert report.stamp.head == site.study.head.hash
    assert report.stamp.label is Label.TRAINING
    assert site.study.head.hash in report.sections[-1].lead


def test_a_packet_before_anybody_is_enrolled_states_that():
    report = packet(packet_basis(Site().study))
    assert table(report, "cohort").rows == ()
    assert table(report, "dlt-proposals").empty == "Nobody has been enrolled."


def test_a_packet_after_the_escalation_has_no_chances_to_show():
    report = packet(packet_basis(study_of(1)))
    assert glance(report)["Decision"] == ("none is due", "the escalation has ended")
    assert table(report, "from-here").rows == ()


def test_a_cutoff_after_the_last_entry_is_refused():
    with pytest.raises(InvalidInput, match="lies after the last entry"):
        packet_basis(two_pending().study, day(4000))
