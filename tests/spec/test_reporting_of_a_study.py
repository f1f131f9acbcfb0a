"""Which expedited reports a study's serious events call for, until when, and which were sent."""

import pytest
from tests.builders import Site, day, rules_of

from earlyphase.faults import InvalidInput
from earlyphase.study.reporting import Progress, reporting_clocks

INFUSED, AWARE = 30, 40


def with_event(**changes):
    site = Site()
    site.treats("001", day(INFUSED))
    fields = {"serious": True, "aware_on": str(day(AWARE))} | changes
    site.now = site.now.replace(year=2027)
    event = site.sees("001", day(fields.pop("began", INFUSED + 3)), fields.pop("grade", 3), **fields)
    return site, event


def clocks(site, on=AWARE, where=("EU",)):
    return reporting_clocks(site.study, day(on), where)


def test_a_serious_related_event_is_due_fifteen_days_after_awareness():
    site, event = with_event()
    (clock,) = clocks(site)
    assert (clock.entry, clock.deadline.due, clock.progress) == (event.seq, day(AWARE + 15), Progress.DUE)
    assert clocks(site, AWARE + 16)[0].progress is Progress.OVERDUE


def test_a_life_threatening_event_is_due_in_seven_days_with_eight_more_for_the_rest():
    site, _ = with_event(grade=4)
    assert [(one.deadline.report, one.deadline.day) for one in clocks(site)] == [
        ("first report", 7),
        ("follow-up report", 15),
    ]


def test_an_event_that_led_to_death_is_fatal_whatever_its_grade():
    site, event = with_event()
    site.says("death", "investigator", "001", on=day(AWARE), cause="adverse event", cause_text="shock",
              adverse_event=event.seq)  # fmt: skip
    assert clocks(site)[0].deadline.day == 7


@pytest.mark.parametrize(
    "changes", [{"serious": False}, {"relatedness": "not related"}, {"expected": True}, {"began": 20}]
)
def test_what_is_not_a_serious_unexpected_reaction_starts_no_clock(changes):
    site, _ = with_event(**changes)
    assert clocks(site) == ()


def test_awareness_that_is_not_recorded_is_taken_from_the_entry_and_said():
    site, event = with_event(aware_on=None)
    (clock,) = clocks(site)
    assert str(clock.aware_on) == site.study.participants["001"].adverse_events[0].recorded_at[:10]
    assert clock.assumed == f"awareness is not recorded: day 0 is taken from entry {event.seq}"


@pytest.mark.parametrize(("sent", "progress"), [(15, Progress.SENT), (16, Progress.SENT_LATE)])
def test_a_report_that_was_sent_stops_its_clock(sent, progress):
    site, event = with_event()
    site.says("safety_report", "sponsor", "001", on=day(AWARE + sent), adverse_event=event.seq, jurisdiction="EU",
              report="report")  # fmt: skip
    (clock,) = clocks(site, AWARE + 60)
    assert (clock.progress, clock.sent_on) == (progress, day(AWARE + sent))
    assert clocks(site, AWARE + 60, ("US",))[0].progress is Progress.OVERDUE


def test_a_report_names_an_event_and_an_authority_that_are_known():
    site, event = with_event()
    given = {"on": day(AWARE), "report": "report", "jurisdiction": "EU"}
    assert rules_of(site.says("safety_report", "sponsor", "001", adverse_event=3, **given)) == {"no event"}
    given["jurisdiction"] = "Mars"
    answer = site.says("safety_report", "sponsor", "001", adverse_event=event.seq, **given)
    assert rules_of(answer) == {"jurisdiction"}


def test_a_report_can_be_sent_after_death_and_tells_nothing_of_being_alive():
    site, event = with_event(grade=5)
    site.says("death", "investigator", "001", on=day(AWARE), cause="adverse event", cause_text="shock",
              adverse_event=event.seq)  # fmt: skip
    answer = site.says("safety_report", "sponsor", "001", on=day(AWARE + 5), adverse_event=event.seq,
                       jurisdiction="EU", report="first report")  # fmt: skip
    assert rules_of(answer) == set()


def test_what_is_open_comes_first_by_its_due_day():
    site, event = with_event(grade=4)
    site.says("safety_report", "sponsor", "001", on=day(AWARE), adverse_event=event.seq, jurisdiction="EU",
              report="first report")  # fmt: skip
    assert [one.progress for one in clocks(site)] == [Progress.DUE, Progress.SENT]


def test_a_jurisdiction_that_is_not_known_is_named():
    site, _ = with_event()
    with pytest.raises(InvalidInput, match="Atlantis"):
        clocks(site, where=("Atlantis",))
