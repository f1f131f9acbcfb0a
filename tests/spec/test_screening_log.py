"""The screening log: which gate is asked about, what verdicts rest on, what statements settle, what is missing."""

import pytest
from tests.builders import Site, a_protocol, day

from earlyphase.eligibility.screening import Eligibility, Standing
from earlyphase.eligibility.verdict import Verdict
from earlyphase.journal.entry import Entry
from earlyphase.protocol.criteria import Stage
from earlyphase.study.screening_log import Outcome, logged, screening_log

ASSUMED = {"basis": "assumed", "source": {"document": "builder", "place": "tests"}}


def criterion(name, kind, expression, stage="screening"):
    return {
        **ASSUMED,
        "id": name,
        "kind": kind,
        "as_written": name,
        "as_interpreted": f"what {name} asks",
        "stage": stage,
        **({"expression": expression} if expression else {}),
    }


@pytest.fixture
def site():
    """A study with a limit, an undefined criterion and one that only a person can judge."""
    return Site(
        a_protocol(
            criteria=[
                criterion("I1", "inclusion", "lvef >= 50 %"),
                criterion("E1", "exclusion", 'undefined "prolonged QT interval"'),
                criterion("E2", "exclusion", None, "enrolment"),
                criterion("E3", "exclusion", None, "infusion"),
            ]
        )
    )


def measures(site, value, on):
    fact = {"term": "lvef", "value": {"value": value, "unit": "%"}, "on": str(on)}
    answer = site.says("screening_facts", "coordinator", "001", on=on, facts=[fact])
    assert isinstance(answer, Entry), answer
    return answer


def confirms(site, on, *names, stage="enrolment"):
    found = {
        "I1": {"criterion": "I1", "verdict": "met"},
        "E1": {"criterion": "E1", "verdict": "not met", "statement": "QTcF 410 ms; in my judgement it does not bar."},
        "E2": {"criterion": "E2", "verdict": "not met"},
        "E3": {"criterion": "E3", "verdict": "not met"},
    }
    verdicts = [found[name] for name in names]
    return site.says("eligibility_confirmed", "investigator", "001", on=on, stage=stage, verdicts=verdicts)


def line(site, today):
    return logged(site.study, site.study.participants["001"], today)


def standings(one):
    return {each.id: each.standing for each in one.criteria}


def test_without_facts_everything_due_is_unknown_and_the_tests_are_named(site):
    site.consents("001", day(1))
    one = line(site, day(3))
    assert (one.outcome, one.stage, one.on, one.eligibility) == (
        Outcome.SCREENING,
        Stage.ENROLMENT,
        day(3),
        Eligibility.UNSETTLED,
    )
    assert standings(one)["E3"] is Standing.NOT_DUE
    assert {each.id for each in one.unsettled} == {"I1", "E1", "E2"}
    assert any("ejection" in need.about for need in one.next_tests)


def test_a_verdict_leads_to_the_entry_of_its_fact(site):
    site.consents("001", day(1))
    entry = measures(site, 61, day(2))
    first = line(site, day(3)).criteria[0]
    assert (first.verdict, first.standing) == (Verdict.MET, Standing.SATISFIED)
    (shown,) = first.evidence
    assert (shown.entries, shown.evidence.value, shown.evidence.on) == ((entry.seq,), "61 %", str(day(2)))


def test_a_failed_criterion_keeps_out_and_no_test_is_asked_for(site):
    site.consents("001", day(1))
    measures(site, 40, day(2))
    one = line(site, day(3))
    assert one.eligibility is Eligibility.NOT_ELIGIBLE
    assert ([each.id for each in one.failing], one.next_tests) == (["I1"], ())


def test_a_statement_settles_what_the_facts_leave_unknown_and_stays_beside_them(site):
    site.consents("001", day(1))
    measures(site, 61, day(2))
    assert isinstance(confirms(site, day(3), "I1", "E1", "E2"), Entry)
    one = line(site, day(3))
    qt = next(each for each in one.criteria if each.id == "E1")
    assert (qt.verdict, qt.standing, qt.settled) == (Verdict.UNKNOWN, Standing.SATISFIED, True)
    assert (qt.statement.by, qt.statement.on) == ("Li Wei", day(3))
    assert one.eligibility is Eligibility.ELIGIBLE
    assert [each.id for each in one.stated] == ["E1"]


def test_after_enrolment_the_next_gate_is_the_infusion(site):
    site.consents("001", day(1))
    measures(site, 61, day(2))
    confirms(site, day(3), "I1", "E1", "E2")
    site.says("enrolment", "coordinator", "001", on=day(3))
    one = line(site, day(20))
    assert (one.outcome, one.stage, one.on) == (Outcome.ENROLLED, Stage.INFUSION, day(20))
    assert [each.id for each in one.unsettled] == ["E3"]


def test_who_failed_screening_is_shown_as_of_that_day_and_needs_no_test(site):
    site.consents("001", day(1))
    site.says("screen_failure", "investigator", "001", on=day(4), criteria=["E2"], because="Another study.")
    one = line(site, day(90))
    assert (one.outcome, one.on, one.next_tests) == (Outcome.FAILED, day(4), ())
    assert one.ended == f"{day(4)}, E2: Another study."


def test_everybody_who_consented_is_in_the_log_in_order(site):
    site.consents("002", day(1))
    site.consents("001", day(2))
    assert [one.participant for one in screening_log(site.study, day(3))] == ["002", "001"]
