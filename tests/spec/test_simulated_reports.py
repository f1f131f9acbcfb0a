"""The simulated sponsor sends the expedited reports that its serious events call for, through the same commands."""

import datetime as dt

import pytest
from pydantic import ValidationError
from tests.simulated import a_truth, small, study_of, versions

from earlyphase.journal.payloads.safety import AdverseEvent, SafetyReport
from earlyphase.protocol.dlt import Cause
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import Toxicity
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.reporting import Progress, reporting_clocks
from earlyphase.toxicity.dictionary import find_term

END = dt.date(2050, 1, 1)


def clocks(seed):
    return reporting_clocks(study_of(seed, dlt=0.4), END)


def test_every_report_that_a_finished_study_called_for_was_sent():
    found = [clock for seed in range(1, 5) for clock in clocks(seed)]
    assert len(found) > 20
    assert not [clock for clock in found if clock.progress.open]


def test_reports_are_mostly_in_time_and_sometimes_late():
    found = [clock.progress for seed in range(1, 9) for clock in clocks(seed)]
    late = found.count(Progress.SENT_LATE)
    assert 0 < late < 0.15 * len(found)


def test_the_sponsor_sends_them_to_whom_the_protocol_names():
    study = study_of(2, dlt=0.4)
    sent = {one.jurisdiction for person in study.participants.values() for one in person.every(SafetyReport)}
    assert sent == {"ICH", "US", "EU", "CN"}, "the small protocol names nobody, so every clock runs"
    by = {fact.recorded_by for person in study.participants.values() for fact in person.all(SafetyReport)}
    assert by == {"Simulated sponsor"}


def test_who_never_sends_in_time_is_seen_to_be_late():
    truth = a_truth(0.4, more="report_late: 1.0\n")
    protocols = versions(small())
    found = reporting_clocks(reconstruct(protocols, simulate(protocols, truth, 2).read()), END)
    assert {clock.progress for clock in found} == {Progress.SENT_LATE}


def test_what_is_related_and_has_no_other_cause_is_put_down_to_the_study_product():
    events = [one for person in study_of(2, dlt=0.4).participants.values() for one in person.every(AdverseEvent)]
    related = [one for one in events if one.relatedness != "not related"]
    assert related
    assert all(one.cause for one in related)
    assert Cause.PRODUCT in {one.cause for one in related}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_simulated_events_have_grades_that_their_terms_have(seed):
    for person in study_of(seed, dlt=0.4).participants.values():
        for one in person.every(AdverseEvent):
            if one.scale.startswith("CTCAE"):
                assert one.grade in find_term(one.term).grades, one


def test_a_truth_that_gives_a_term_a_grade_that_it_does_not_have_is_refused():
    fields = {"term": "Febrile neutropenia", "system_class": "Blood", "probability": 1, "related": True}
    span = {"least": 1, "most": 2}
    with pytest.raises(ValidationError, match=r"has a weight for grade 2, which CTCAE v5\.0 does not give it"):
        Toxicity.model_validate(fields | {"grades": [0, 1, 1], "onset": span, "lasts": span})
