"""The protocol's definition of DLT, evaluated on the adverse events of a journal."""

import pytest
from tests.builders import Site, a_protocol, day
from tests.simulated import study_of

from earlyphase.study.dlt_proposals import Proposed, dlt_proposal, dlt_proposals
from earlyphase.study.standing import standings

INFUSED, OVER = 30, 58
LASTING = {
    "id": "other-3",
    "says": "Grade 3 that is not back to grade 2 within 7 days",
    "scale": "CTCAE",
    "min_grade": 3,
    "lasting": {"not_back_to": 2, "within": {"value": 7, "unit": "d"}},
}


def infused(clause=None):
    assumed = {"basis": "assumed", "source": {"document": "builder", "place": "tests"}}
    changes = {"dlt": {**assumed, "window_days": 28, "clauses": [clause]}} if clause else {}
    site = Site(a_protocol(**changes))
    site.treats("001", day(INFUSED))
    return site


def proposal(site, on=OVER, name="001"):
    return dlt_proposal(site.study.protocol, site.study.participants[name], day(on))


def test_a_quiet_window_is_pending_until_its_last_day_and_then_no_dlt():
    site = infused()
    found = proposal(site, OVER - 1)
    assert (found.proposed, found.until) == (Proposed.PENDING, day(OVER))
    assert proposal(site, OVER).proposed is Proposed.NO_DLT


def test_an_event_that_meets_a_clause_is_proposed_with_the_clause_and_its_entry():
    site = infused()
    event = site.sees("001", day(INFUSED + 3))
    found = proposal(site)
    assert (found.proposed, found.clause, found.entry) == (Proposed.DLT, "any-4", event.seq)
    assert f"Seizure (entry {event.seq})" in found.reason


def test_an_event_after_the_window_is_stated_and_no_dlt():
    site = infused()
    site.sees("001", day(OVER + 1))
    found = proposal(site, OVER + 5)
    assert found.proposed is Proposed.NO_DLT
    assert "began on day 29, after the window (day 28)" in found.findings[0].reason


def test_an_event_before_the_infusion_is_stated_and_no_dlt():
    site = infused()
    site.sees("001", day(INFUSED - 2))
    found = proposal(site)
    assert found.proposed is Proposed.NO_DLT
    assert "began 2 days before the infusion" in found.findings[0].reason


def test_an_event_that_worsens_after_the_infusion_counts_from_then_on():
    site = infused()
    site.sees("001", day(INFUSED - 2), 4, course=[{"on": str(day(INFUSED + 2)), "grade": 4}])
    assert proposal(site).proposed is Proposed.DLT


@pytest.mark.parametrize(("back", "proposed"), [(7, Proposed.NO_DLT), (8, Proposed.DLT)])
def test_a_grade_that_must_last_hangs_on_the_day_on_which_it_is_back(back, proposed):
    site = infused(LASTING)
    site.sees("001", day(INFUSED + 3), 3, course=[{"on": str(day(INFUSED + 3 + back)), "grade": 2}])
    assert proposal(site).proposed is proposed


def test_what_happened_after_the_cutoff_is_not_known_at_the_cutoff():
    site = infused(LASTING)
    site.sees("001", day(INFUSED + 3), 3, course=[{"on": str(day(INFUSED + 12)), "grade": 2}])
    found = proposal(site, INFUSED + 6)
    assert found.proposed is Proposed.PENDING
    assert f"until {day(INFUSED + 10)}" in found.reason


def test_a_partial_onset_is_imputed_visibly_and_the_verdict_says_that_it_hangs_on_it():
    site = infused()
    site.now = site.now.replace(year=2027)
    event = site.says("adverse_event", "investigator", "001", term="Seizure", system_class="Nervous system disorders",
                      grade=4, onset=str(day(OVER))[:7], relatedness="related")  # fmt: skip
    found = proposal(site, OVER + 60)
    (taken,) = found.imputed
    assert (taken.entry, taken.field, taken.recorded, taken.taken) == (event.seq, "onset", "2026-03", day(55))
    assert found.proposed is Proposed.UNKNOWN
    assert found.hangs_on_dates
    assert found.reason.endswith(f"the onset of entry {event.seq} (2026-03) taken as {day(55)} it would be: DLT.")


def test_a_partial_onset_that_cannot_change_the_verdict_does_not_hang_on_it():
    site = infused()
    site.now = site.now.replace(year=2027)
    site.says("adverse_event", "investigator", "001", term="Seizure", system_class="Nervous system disorders", grade=4,
              onset="2026-06", relatedness="related")  # fmt: skip
    found = proposal(site, 300)
    assert (found.proposed, found.hangs_on_dates, len(found.imputed)) == (Proposed.NO_DLT, False, 1)


def test_who_leaves_before_the_end_of_the_window_is_not_evaluable_unless_there_was_a_dlt():
    site = infused()
    site.says("withdrawal", "investigator", "001", on=day(INFUSED + 9), leaves="study", because="moved away")
    found = proposal(site)
    assert (found.proposed, found.not_evaluable) == (
        Proposed.NOT_EVALUABLE,
        "withdrawal before the end of the window",
    )
    site.sees("001", day(INFUSED + 3))
    assert proposal(site).proposed is Proposed.DLT


def test_who_got_too_little_is_not_evaluable_without_a_dlt():
    site = Site()
    site.admits("001", day(9))
    site.prepares("001", day(INFUSED))
    site.infuses("001", day(INFUSED), given=0.3, deviation="the product fell short")
    found = proposal(site)
    assert (found.proposed, found.not_evaluable) == (Proposed.NOT_EVALUABLE, "under-dosed")
    assert "60 % of the assigned dose" in found.reason


def test_who_was_not_infused_has_no_window():
    site = Site()
    site.admits("001", day(9))
    assert proposal(site).proposed is Proposed.NOT_INFUSED
    site.says("withdrawal", "investigator", "001", on=day(12), leaves="study", because="moved away")
    assert proposal(site).proposed is Proposed.NOT_EVALUABLE


def test_one_course_recorded_twice_is_remarked_upon():
    site = infused()
    site.now = site.now.replace(year=2027)
    for _ in range(2):
        site.sees("001", day(INFUSED + 3), 2, resolved=str(day(INFUSED + 6)))
    assert "one course was recorded twice" in proposal(site).remarks[0]


def test_a_scale_that_is_not_known_is_remarked_upon_and_hides_no_other_event():
    site = infused()
    site.sees("001", day(INFUSED + 3))
    person = site.study.participants["001"]
    from_before = person.adverse_events[0].payload.model_copy(update={"scale": "Bedside 1999"})
    found = dlt_proposal(site.study.protocol, person.adding(from_before), day(OVER))
    assert found.proposed is Proposed.DLT
    assert "Bedside 1999" in found.remarks[0]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_proposals_are_what_simulated_reviewers_find(seed):
    study = study_of(seed)
    proposed = {one.participant: one.proposed.value for one in dlt_proposals(study, day(3000))}
    found = {one.participant: one.state.value for one in standings(study) if not one.unresolved}
    assert {name: proposed[name] for name in found} == found
