"""What a study refuses, and the reasons that it gives."""

import datetime as dt

import pytest
from tests.builders import UNIT, Site, a_protocol, day, rules_of, three_treated

from earlyphase.faults import InvalidInput
from earlyphase.journal.entry import Entry, Kind
from earlyphase.study.cohorts import Phase, escalation
from earlyphase.study.commands import Correct, Record, Sign, Void
from earlyphase.study.desk import Author
from earlyphase.study.refusal import Refused

COORDINATOR = Author("Li Wei", "coordinator")
INVESTIGATOR = Author("Zhang Min", "investigator")


def sentence(answer):
    assert isinstance(answer, Refused), answer
    return str(answer)


def test_nothing_happens_before_the_protocol_is_active():
    site = Site(active=False)
    assert rules_of(site.consents("001", day(1))) == {"not active"}


def test_a_protocol_is_activated_once():
    assert "once" in rules_of(Site().activate())


def test_a_protocol_file_that_has_changed_is_not_activated():
    assert "version" in rules_of(Site(active=False).activate(sha256="b" * 64))


def test_nothing_is_recorded_of_a_participant_without_consent():
    answer = Site().confirms("001", day(1))
    assert rules_of(answer) == {"consent"}
    assert "Record the consent first" in sentence(answer)


def test_consent_is_given_once():
    site = Site()
    site.consents("001", day(1))
    assert rules_of(site.consents("001", day(2))) == {"once"}


def test_enrolment_waits_for_eligibility():
    site = Site()
    site.consents("001", day(1))
    assert rules_of(site.enrols("001", day(2))) == {"not eligible"}


@pytest.mark.parametrize(
    ("verdict", "rule"),
    [
        (None, "not settled"),
        ({"criterion": "I1", "verdict": "unknown"}, "not settled"),
        ({"criterion": "I1", "verdict": "not met"}, "not eligible"),
        ({"criterion": "I9", "verdict": "met"}, "criterion"),
    ],
)
def test_eligibility_is_not_confirmed_while_a_criterion_is_open(verdict, rule):
    site = Site()
    site.consents("001", day(1))
    assert rule in rules_of(site.confirms("001", day(2), I1=verdict))


def test_an_unknown_criterion_is_settled_by_the_investigators_statement():
    site = Site()
    site.consents("001", day(1))
    said = {"criterion": "I1", "verdict": "unknown", "statement": "marrow read twice, consistent with the disease"}
    assert isinstance(site.confirms("001", day(2), I1=said), Entry)


def test_an_exclusion_that_is_met_is_never_confirmed():
    site = Site()
    site.consents("001", day(1))
    answer = site.confirms("001", day(2), E1={"criterion": "E1", "verdict": "met"})
    assert "A criterion is never waived" in sentence(answer)


def test_only_the_open_level_takes_participants():
    site = Site()
    site.consents("001", day(1))
    site.confirms("001", day(1))
    answer = site.enrols("001", day(1), level=2)
    assert rules_of(answer) == {"wrong level"}
    assert "level 2 is not open; level 1 is" in sentence(answer)


def test_a_fourth_participant_finds_no_slot_in_a_cohort_of_three():
    site = Site()
    for name in ("001", "002", "003"):
        assert isinstance(site.admits(name, day(1)), Entry)
    answer = site.admits("004", day(2))
    assert rules_of(answer) == {"no slot"}
    assert "001 is enrolled and not yet infused" in sentence(answer)


def test_who_has_no_product_is_replaced():
    site = Site()
    for name in ("001", "002", "003"):
        site.admits(name, day(1))
    site.says("leukapheresis", "coordinator", "001", on=day(3))
    site.says("product_failed", "coordinator", "001", on=day(20), because="no expansion")
    assert isinstance(site.admits("004", day(21)), Entry)


def test_an_infusion_needs_release_lymphodepletion_and_re_check():
    site = Site()
    site.admits("001", day(1))
    answer = site.infuses("001", day(10))
    assert rules_of(answer) == {"order", "not released", "re-check"}
    assert "the release of the product is not recorded" in sentence(answer)


def test_a_protocol_without_lymphodepletion_asks_for_none():
    site = Site(a_protocol(lymphodepletion=None))
    site.admits("001", day(9))
    site.says("leukapheresis", "coordinator", "001", on=day(10))
    site.says("product_released", "coordinator", "001", on=day(22), lot="lot-001")
    site.confirms("001", day(30), "infusion")
    assert isinstance(site.infuses("001", day(30)), Entry)


def test_a_protocol_with_lymphodepletion_asks_for_it():
    site = Site()
    site.admits("001", day(9))
    site.says("leukapheresis", "coordinator", "001", on=day(10))
    site.says("product_released", "coordinator", "001", on=day(22), lot="lot-001")
    site.confirms("001", day(30), "infusion")
    answer = site.infuses("001", day(30))
    assert rules_of(answer) == {"order"}
    assert "lymphodepletion is not recorded" in sentence(answer)


def test_lymphodepletion_ends_before_the_infusion():
    site = Site()
    site.treats("001", day(30))
    site.now = dt.datetime.combine(day(40), dt.time(8), dt.UTC)
    late = {"on": str(day(33)), "first_day": str(day(31)), "agents": ["fludarabine"]}
    command = Record(command="lymphodepletion", participant="001", payload=late)
    assert "order" in rules_of(site.desk.do(command, COORDINATOR, site.now))


def test_a_second_product_finds_no_place_once_the_slot_was_given_away():
    site = Site()
    for name in ("001", "002", "003"):
        site.admits(name, day(1))
    site.says("leukapheresis", "coordinator", "001", on=day(3))
    site.says("product_failed", "coordinator", "001", on=day(20), because="no expansion")
    site.admits("004", day(21))
    answer = site.says("product_released", "coordinator", "001", on=day(30), lot="second")
    assert rules_of(answer) == {"slot given away"}


def test_a_second_product_is_released_while_the_slot_is_free():
    site = Site()
    for name in ("001", "002", "003"):
        site.admits(name, day(1))
    site.says("leukapheresis", "coordinator", "001", on=day(3))
    site.says("product_failed", "coordinator", "001", on=day(20), because="no expansion")
    assert isinstance(site.says("product_released", "coordinator", "001", on=day(30), lot="second"), Entry)
    assert rules_of(site.admits("004", day(31))) == {"no slot"}


def test_a_protocol_without_criteria_enrols_whoever_consents():
    site = Site(a_protocol(criteria=()))
    site.consents("001", day(1))
    assert isinstance(site.enrols("001", day(2)), Entry)


def test_lymphodepletion_waits_for_the_release_of_the_product():
    site = Site()
    site.admits("001", day(1))
    site.says("leukapheresis", "coordinator", "001", on=day(3))
    answer = site.says(
        "lymphodepletion", "coordinator", "001", on=day(9), first_day=day(7), agents=["fludarabine 30 mg/m2"]
    )
    assert rules_of(answer) == {"not released"}


def test_second_participant_waits_for_the_first_of_the_level():
    site = Site()
    site.treats("001", day(30))
    site.admits("002", day(31))
    site.prepares("002", day(57))
    answer = site.infuses("002", day(57))
    assert rules_of(answer) == {"stagger"}
    assert f"the earliest day is {day(58)}, 28 days after the first participant of level 1" in sentence(answer)


def test_third_participant_waits_for_the_stagger_interval():
    site = Site()
    site.treats("001", day(30))
    site.treats("002", day(58))
    site.admits("003", day(45))
    site.prepares("003", day(71))
    assert rules_of(site.infuses("003", day(71))) == {"stagger"}


def test_an_infusion_on_the_first_legal_day_is_recorded():
    site = Site()
    site.treats("001", day(30))
    assert isinstance(site.treats("002", day(58)), Entry)


def test_what_was_done_against_the_stagger_is_recorded_as_a_deviation():
    site = Site()
    site.treats("001", day(30))
    site.admits("002", day(29))
    site.prepares("002", day(50))
    answer = site.infuses("002", day(50), deviation="infused early by mistake, reported on the same day")
    assert isinstance(answer, Entry)
    assert site.study.participants["002"].infusion.deviation.startswith("infused early")


def test_no_deviation_makes_an_infusion_possible_without_a_product():
    site = Site()
    site.admits("001", day(1))
    assert "not released" in rules_of(site.infuses("001", day(10), deviation="in a hurry"))


def test_the_assigned_level_is_that_of_the_enrolment():
    site = Site()
    site.admits("001", day(9))
    site.prepares("001", day(30))
    assigned = {"value": 1.0, "unit": UNIT}
    assert "wrong level" in rules_of(site.infuses("001", day(30), level=2, assigned=assigned))


@pytest.mark.parametrize(("dose", "rule"), [(0, "dose"), (-0.5, "dose")])
def test_a_dose_is_more_than_nothing(dose, rule):
    site = Site()
    site.admits("001", day(9))
    site.prepares("001", day(30))
    assert rule in rules_of(site.infuses("001", day(30), given=dose))


def test_a_dose_in_another_dimension_is_refused():
    site = Site()
    site.admits("001", day(9))
    site.prepares("001", day(30))
    assert rules_of(site.infuses("001", day(30), administered={"value": 5, "unit": "mg"})) == {"unit"}


def test_a_dose_without_a_unit_is_not_a_dose():
    site = Site()
    site.admits("001", day(9))
    site.prepares("001", day(30))
    with pytest.raises(InvalidInput, match=r"administered\.unit"):
        site.infuses("001", day(30), administered={"value": 0.5})


def test_no_dlt_cannot_be_found_while_the_window_is_open():
    site = Site()
    site.treats("001", day(30))
    answer = site.finds("001", day(57))
    assert rules_of(answer) == {"window open"}
    assert f"until {day(58)}" in sentence(answer)


def test_a_dlt_can_be_found_as_soon_as_it_happens():
    site = Site()
    site.treats("001", day(30))
    assert isinstance(site.finds_dlt("001", day(33)), Entry)


@pytest.mark.parametrize("onset", [29, 59])
def test_an_event_outside_the_window_is_no_dlt(onset):
    site = Site()
    site.treats("001", day(30))
    event = site.sees("001", day(onset))
    answer = site.finds("001", day(60), "DLT", adverse_event=event.seq)
    assert rules_of(answer) == {"outside the window"}


def test_two_reviewers_adjudicate():
    site = Site()
    site.treats("001", day(30))
    assert rules_of(site.finds("001", day(58), reviewers=["A. Reviewer", "A. Reviewer"])) == {"reviewers"}


def test_a_decision_waits_for_the_pending_and_says_for_whom_and_until_when():
    site = Site()
    three_treated(site)
    site.finds("001", day(58))
    site.finds("002", day(86))
    answer = site.decides(day(90))
    assert rules_of(answer) == {"pending"}
    assert f"003 is in the DLT window until {day(100)}" in sentence(answer)


def test_a_decision_that_no_pending_outcome_can_change_need_not_wait():
    site = Site()
    three_treated(site)
    site.finds_dlt("002", day(73))
    site.finds_dlt("003", day(74))
    now = escalation(site.study)
    assert now.settled
    assert [one.participant for one in now.unresolved] == ["001"]
    assert isinstance(site.decides(day(75)), Entry)
    assert escalation(site.study).opening.level == -1


def test_none_of_three_opens_the_next_level():
    site = Site()
    three_treated(site)
    for name in ("001", "002", "003"):
        site.finds(name, day(100))
    assert isinstance(site.decides(day(101)), Entry)
    now = escalation(site.study)
    assert (now.opening.level, now.slots_free) == (2, 3)
    assert "escalate to dose 2" in site.study.decisions[-1].payload.recommended.reason


def test_one_of_three_asks_for_three_more_at_the_level():
    site = Site()
    three_treated(site)
    site.finds_dlt("003", day(73))
    for name in ("001", "002"):
        site.finds(name, day(100))
    site.decides(day(101))
    now = escalation(site.study)
    assert (now.opening.level, now.slots_free) == (1, 3)


def test_an_under_dosed_participant_without_a_dlt_is_replaced():
    site = Site()
    site.admits("001", day(9))
    site.prepares("001", day(30))
    site.infuses("001", day(30), given=0.3)
    site.finds("001", day(58))
    now = escalation(site.study)
    assert now.standings[0].not_evaluable == "under-dosed"
    assert now.slots_free == 3


def test_a_dlt_counts_in_an_under_dosed_participant():
    site = Site()
    site.admits("001", day(9))
    site.prepares("001", day(30))
    site.infuses("001", day(30), given=0.3)
    site.finds_dlt("001", day(33))
    assert escalation(site.study).tally.doses[1] == (1, 1)


def test_a_decision_against_the_advice_says_why():
    site = Site()
    three_treated(site)
    for name in ("001", "002", "003"):
        site.finds(name, day(100))
    other = {"decision": "stay", "next_level": 1, "cohort_size": 3}
    assert rules_of(site.decides(day(101), **other)) == {"differs"}
    assert isinstance(site.decides(day(101), differs_because="two grade 3 events that just miss a DLT", **other), Entry)
    assert escalation(site.study).opening.wanted == 6


def test_a_decision_rests_on_the_advice_of_today():
    site = Site()
    three_treated(site)
    stale = escalation(site.study).seen.model_dump(mode="json")
    for name in ("001", "002", "003"):
        site.finds(name, day(100))
    assert "advice" in rules_of(site.decides(day(101), recommended=stale))


def test_a_level_that_the_protocol_lacks_is_not_opened():
    site = Site()
    three_treated(site)
    for name in ("001", "002", "003"):
        site.finds(name, day(100))
    answer = site.decides(day(101), "escalate", next_level=7, cohort_size=3, differs_because="faster")
    assert rules_of(answer) == {"wrong level"}


def test_after_the_mtd_the_expansion_opens_up_to_the_planned_number():
    site = Site(a_protocol(levels=((1, 0.5),), variant="lowest_stop"))
    three_treated(site)
    for name in ("001", "002", "003"):
        site.finds(name, day(100))
    assert isinstance(site.decides(day(101)), Entry)
    now = escalation(site.study)
    assert (now.opening.phase, now.opening.level, now.slots_free) == (Phase.EXPANSION, 1, 27)


def test_a_lowest_level_exceeded_closes_the_study():
    site = Site(a_protocol(levels=((1, 0.5), (2, 1.0))))
    three_treated(site)
    site.finds_dlt("002", day(73))
    site.finds_dlt("003", day(74))
    site.decides(day(75))
    assert escalation(site.study).opening.phase is Phase.CLOSED
    assert rules_of(site.admits("004", day(80))) == {"no level open"}


def test_while_the_study_is_suspended_nobody_is_enrolled():
    site = Site()
    site.consents("001", day(1))
    site.confirms("001", day(1))
    site.says("study_suspended", "sponsor", on=day(2), because="a death under review")
    assert rules_of(site.enrols("001", day(3))) == {"suspended"}
    site.says("study_resumed", "sponsor", on=day(4), because="the review is over")
    assert isinstance(site.enrols("001", day(5)), Entry)


def test_after_the_lock_nothing_is_recorded_or_corrected():
    site = Site()
    consent = site.consents("001", day(1))
    site.says("data_lock", "statistician", on=day(2), because="the final analysis")
    assert rules_of(site.confirms("001", day(3))) == {"locked"}
    change = Correct(command="correct", entry=consent.seq, payload={"on": "2026-01-07", "version": "2.0"}, reason="x")
    assert "locked" in rules_of(site.desk.do(change, COORDINATOR, site.now))


def test_facts_do_not_lie_in_the_future():
    site = Site()
    command = Record(command="consent", participant="001", payload={"on": str(day(9)), "version": "1.0"})
    assert rules_of(site.desk.do(command, COORDINATOR, site.now)) == {"future"}


def test_dates_out_of_order_are_refused():
    site = Site()
    site.consents("001", day(5))
    site.now = dt.datetime.combine(day(9), dt.time(8), dt.UTC)
    answer = site.confirms("001", day(4))
    assert rules_of(answer) == {"order"}
    assert f"before consent on {day(5)}" in sentence(answer)


def test_nothing_is_dated_after_death():
    site = Site()
    site.consents("001", day(1))
    site.says("death", "coordinator", "001", on=day(3), cause="disease", cause_text="progression")
    assert rules_of(site.says("visit", "coordinator", "001", on=day(4), name="screening")) == {"after death"}


@pytest.mark.parametrize("role", ["coordinator", "monitor", "statistician", "nobody"])
def test_only_the_committee_decides_on_the_dose(role):
    site = Site()
    answer = site.says("dose_decision", role, on=day(1), decision="as recommended", members=["X"])
    assert "role" in rules_of(answer)


def test_a_clock_set_back_is_noticed():
    site = Site()
    site.consents("001", day(5))
    site.now = dt.datetime.combine(day(4), dt.time(8), dt.UTC)
    assert rules_of(site.consents("002", day(3))) == {"clock"}


def test_a_real_study_takes_its_time_from_the_clock_alone():
    site = Site(active=False)
    site.activate(purpose="study")
    early = dt.datetime.combine(day(1), dt.time(8), dt.UTC)
    command = Record(
        command="consent", participant="001", payload={"on": str(day(1)), "version": "1.0"}, recorded_at=early
    )
    assert rules_of(site.desk.do(command, COORDINATOR, early)) == {"clock"}


def test_a_correction_keeps_both_and_the_state_has_the_new_one():
    site = Site()
    consent = site.consents("001", day(5))
    change = Correct(
        command="correct", entry=consent.seq, payload={"on": str(day(4)), "version": "1.0"}, reason="misread date"
    )
    entry = site.desk.do(change, COORDINATOR, site.now)
    assert (entry.kind, entry.supersedes, entry.reason) == (Kind.CORRECTED, consent.seq, "misread date")
    assert site.study.participants["001"].consent.on == day(4)
    assert len(site.journal.read()) == 3


def test_a_correction_without_a_reason_is_no_command():
    with pytest.raises(ValueError, match="reason"):
        Correct.model_validate({"command": "correct", "entry": 2, "payload": {}})


def test_what_was_corrected_is_corrected_by_its_latest_entry():
    site = Site()
    consent = site.consents("001", day(5))
    first = Correct(command="correct", entry=consent.seq, payload={"on": str(day(4)), "version": "1.0"}, reason="x")
    latest = site.desk.do(first, COORDINATOR, site.now)
    again = Correct(command="correct", entry=consent.seq, payload={"on": str(day(3)), "version": "1.0"}, reason="y")
    answer = site.desk.do(again, COORDINATOR, site.now)
    assert rules_of(answer) == {"superseded"}
    assert f"Name entry {latest.seq}" in sentence(answer)


def test_a_correction_that_makes_the_course_impossible_is_refused():
    site = Site()
    consent = site.consents("001", day(5))
    site.confirms("001", day(6))
    later = Correct(command="correct", entry=consent.seq, payload={"on": str(day(7)), "version": "1.0"}, reason="x")
    site.now += dt.timedelta(days=5)
    assert rules_of(site.desk.do(later, COORDINATOR, site.now)) == {"order"}


def test_a_correction_moves_nobody_to_a_level_that_is_not_open():
    site = Site()
    enrolled = site.admits("001", day(1))
    change = Correct(
        command="correct", entry=enrolled.seq, payload={"on": str(day(1)), "level": 2}, reason="meant another level"
    )
    assert "wrong level" in rules_of(site.desk.do(change, COORDINATOR, site.now))


def test_a_corrected_finding_keeps_to_the_window_too():
    site = Site()
    site.treats("001", day(30))
    finding = site.finds("001", day(58))
    early = {"on": str(day(40)), "verdict": "no DLT", "reviewers": ["A. Reviewer", "B. Reviewer"], "because": "x"}
    change = Correct(command="correct", entry=finding.seq, payload=early, reason="misread date")
    assert "window open" in rules_of(site.desk.do(change, Author("C. Chair", "committee"), site.now))


def test_a_consent_that_others_rest_on_is_not_voided():
    site = Site()
    consent = site.consents("001", day(5))
    site.confirms("001", day(6))
    void = Void(command="void", entry=consent.seq, reason="wrong participant")
    assert "consent" in rules_of(site.desk.do(void, COORDINATOR, site.now))


def test_a_void_takes_the_fact_out_and_keeps_its_history():
    site = Site()
    site.treats("001", day(30))
    event = site.sees("001", day(33))
    void = Void(command="void", entry=event.seq, reason="entered for another participant")
    assert isinstance(site.desk.do(void, INVESTIGATOR, site.now), Entry)
    assert site.study.participants["001"].adverse_events == ()
    assert any(entry.seq == event.seq for entry in site.journal.read())


def test_a_decision_is_never_corrected():
    site = Site()
    three_treated(site)
    for name in ("001", "002", "003"):
        site.finds(name, day(100))
    decision = site.decides(day(101))
    void = Void(command="void", entry=decision.seq, reason="regret")
    assert rules_of(site.desk.do(void, Author("C. Chair", "committee"), site.now)) == {"final"}


def test_a_signature_covers_the_head_that_was_seen():
    site = Site()
    consent = site.consents("001", day(5))
    sign = Sign(command="sign", meaning="I have reviewed these data", printed_name="Zhang Min")
    entry = site.desk.do(sign, INVESTIGATOR, site.now)
    assert entry.kind == Kind.SIGNED
    assert consent.hash in entry.payload


def test_two_desks_at_one_head_one_is_told_to_look_again():
    site = Site()
    other = Site.__new__(Site)
    other.__dict__ |= site.__dict__
    other.desk = type(site.desk)(site.journal, site.protocols)
    site.consents("001", day(1))
    answer = other.consents("002", day(1))
    assert rules_of(answer) == {"changed"}
    assert "look again" in sentence(answer)


def test_an_unknown_record_is_answered_with_the_nearest():
    with pytest.raises(InvalidInput, match="Did you mean 'infusion'"):
        Site().says("infussion", "coordinator", "001")
