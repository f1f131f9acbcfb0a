"""Dose-limiting toxicity: the definition of the example protocol, clause by clause, and what the proposal hangs on."""

import datetime as dt
import re

import pytest
from pydantic import ValidationError
from tests.checkout import ROOT
from tests.spec.test_crs_and_icans import COURSE, after

from earlyphase.dates import PartialDate
from earlyphase.faults import InvalidInput
from earlyphase.protocol.dlt import Cause, DltClause, DltDefinition, DltException, Lasting, Scale
from earlyphase.protocol.reading import read_protocol
from earlyphase.quantities import Quantity
from earlyphase.toxicity.dlt import Fires, Verdict, propose_dlt
from earlyphase.toxicity.episodes import crs_episodes
from earlyphase.toxicity.events import GradedEvent, Step, episode_event, graded_event, overlaps, scale_of

INFUSED = dt.date(2026, 5, 3)
CLASSES = {
    "Neutrophil count decreased": "Investigations",
    "Platelet count decreased": "Investigations",
    "Hypokalemia": "Metabolism and nutrition disorders",
    "Fever": "General disorders and administration site conditions",
    "Tumor lysis syndrome": "Metabolism and nutrition disorders",
    "Lung infection": "Infections and infestations",
    "Febrile neutropenia": "Blood and lymphatic system disorders",
    "Hepatic failure": "Hepatobiliary disorders",
}


@pytest.fixture(scope="module")
def definition():
    return read_protocol(next((ROOT / "studies").glob("*/protocol.yaml"))).dlt


def day(number):
    return INFUSED + dt.timedelta(days=number)


def event(term, grade, begins=5, ends=None, **more):
    """An event that the investigator found related, unless the test says otherwise."""
    asks = {"related": True, "cause": Cause.OTHER, "system_class": CLASSES.get(term)} | more
    scale = "CTCAE v5.0" if term not in {"CRS", "ICANS"} else "ASTCT 2019"
    onset = begins if not isinstance(begins, int) else day(begins)
    resolved = day(ends) if isinstance(ends, int) else ends
    return graded_event(term, scale, grade, onset, resolved=resolved, **asks)


def propose(definition, *events, until=60):
    return propose_dlt(definition, events, INFUSED, day(until))


@pytest.mark.parametrize(
    ("events", "verdict", "clause"),
    [
        ([event("CRS", 4, 2, 6)], "DLT", "crs-4"),
        ([event("CRS", 5, 2, 6)], "DLT", "crs-4"),
        ([event("CRS", 3, 2, 9)], "no DLT", None),
        ([event("CRS", 3, 2, 10)], "DLT", "crs-3"),
        ([event("CRS", 3, 2, 20, course=[(day(6), 2)])], "no DLT", None),
        ([event("CRS", 3, 2, 20, course=[(day(4), 3), (day(11), 1)])], "no DLT", None),
        ([event("CRS", 3, 2, 20, course=[(day(4), 3), (day(12), 1)])], "DLT", "crs-3"),
        ([event("CRS", 2, 2, 28)], "no DLT", None),
        ([event("ICANS", 4, 6, 7)], "DLT", "icans-4"),
        ([event("ICANS", 3, 6, 8)], "no DLT", None),
        ([event("ICANS", 3, 6, 10)], "DLT", "icans-3"),
        ([event("Hepatic failure", 3, 10, 17)], "no DLT", None),
        ([event("Hepatic failure", 3, 10, 18)], "DLT", "other-3"),
        ([event("Hepatic failure", 4, 10, 12)], "no DLT", None),
        ([event("Hepatic failure", 3, 10, 30, related=False)], "no DLT", None),
        ([event("Fever", 3, 1, 20)], "no DLT", None),
        ([event("Tumor lysis syndrome", 4, 1, 20)], "no DLT", None),
        ([event("Hypokalemia", 4, 1, 20)], "no DLT", None),
        ([event("Febrile neutropenia", 4, 1, 27)], "no DLT", None),
        ([event("Lung infection", 3, 5, 20, cause=Cause.LYMPHODEPLETION)], "no DLT", None),
        ([event("Lung infection", 3, 5, 20, cause=Cause.OTHER)], "DLT", "other-3"),
        ([event("Neutrophil count decreased", 4, 3, 42)], "no DLT", None),
        ([event("Neutrophil count decreased", 4, 3, 43)], "no DLT", None),
        ([event("Neutrophil count decreased", 4, 3, 44)], "DLT", "cytopenia-4"),
        ([event("Platelet count decreased", 4, 3)], "DLT", "cytopenia-4"),
        ([event("Platelet count decreased", 3, 3)], "no DLT", None),
        ([event("Hepatic failure", 5, 10, 12)], "DLT", "other-3"),
        ([event("Lung infection", 5, 10, 12, related=False)], "DLT", "death"),
        ([event("Lung infection", 5, 10, 12, related=False, cause=Cause.DISEASE)], "no DLT", None),
        ([event("Hepatic failure", 3, 29, 50)], "no DLT", None),
        ([event("Hepatic failure", 3, 28, 50)], "DLT", "other-3"),
        ([event("Hepatic failure", 3, -2, 20)], "no DLT", None),
        ([event("Hepatic failure", 4, -2, 20, course=[(day(3), 4)])], "DLT", "other-3"),
        ([event("Hepatic failure", 3, -5, 30, course=[(day(-3), 3), (day(-1), 2), (day(4), 3)])], "no DLT", None),
        ([], "no DLT", None),
    ],
)
def test_the_definition_of_the_protocol_decides(definition, events, verdict, clause):
    proposal = propose(definition, *events)
    assert proposal.verdict == verdict, proposal
    assert (proposal.fired.clause.id if proposal.fired else None) == clause


def test_the_proposal_names_the_event_and_the_clause_that_fired(definition):
    proposal = propose(definition, event("CRS", 3, 2, 10, name="entry 41, CRS"))
    assert proposal.reason == (
        "entry 41, CRS: ASTCT 2019 grade 3; began on day 2; not back to grade ≤ 2 within 7 d, but only on 2026-05-13 "
        "(clause crs-3: Cytokine release syndrome of grade 3 that is not back to grade 2 within 7 days)."
    )


def test_what_was_spared_is_shown_with_its_reason(definition):
    (finding,) = propose(definition, event("Fever", 3, 1, 20)).findings
    assert (finding.fires, "it is spared: fever" in finding.reason) == (Fires.NO, True)


def test_a_grade_three_that_may_still_resolve_is_pending_until_its_day(definition):
    proposal = propose(definition, event("CRS", 3, 25), until=30)
    assert (proposal.verdict, proposal.until) == ("pending", day(32))
    assert propose(definition, event("CRS", 3, 25), until=32).verdict == "pending"
    assert propose(definition, event("CRS", 3, 25), until=33).verdict == "DLT"


def test_a_participant_without_events_is_pending_while_the_window_is_open(definition):
    proposal = propose(definition, until=27)
    assert (proposal.verdict, proposal.until) == ("pending", day(28))
    assert propose(definition, until=28).verdict == "no DLT"


def test_a_lasting_cytopenia_is_pending_beyond_the_window(definition):
    proposal = propose(definition, event("Neutrophil count decreased", 4, 3), until=30)
    assert (proposal.verdict, proposal.until) == ("pending", day(42))


def test_hours_counted_from_dates_alone_leave_the_proposal_unknown(definition):
    proposal = propose(definition, event("ICANS", 3, 6, 9))
    assert proposal.verdict is Verdict.UNKNOWN
    assert "hangs on the times of day" in proposal.reason


@pytest.mark.parametrize(("hours", "verdict"), [(72, "no DLT"), (72.1, "DLT")])
def test_with_times_of_day_72_hours_are_exact(definition, hours, verdict):
    begun = dt.datetime(2026, 5, 9, 14, 0)  # noqa: DTZ001 - the site's own clock
    assert propose(definition, event("ICANS", 3, begun, begun + dt.timedelta(hours=hours))).verdict == verdict


def test_a_partial_onset_date_leaves_open_only_what_hangs_on_it(definition):
    hanging = propose(definition, event("Hepatic failure", 3, PartialDate(2026, 5), 55), until=60)
    assert (hanging.verdict, "can be day -2 to 28" in hanging.reason) == ("unknown", True)
    assert propose(definition, event("CRS", 2, PartialDate(2026, 5), 30)).verdict == "no DLT"
    assert propose(definition, event("CRS", 4, PartialDate(2026, 6), 70), until=80).verdict == "no DLT"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            event("Hepatic failure", 3, 5, 20, related=None),
            "whether it is related to the study product is not recorded",
        ),
        (event("Lung infection", 3, 5, 20, cause=None), "its cause is not recorded, and infection explained by"),
        (event("Lung infection", 5, 5, 6, related=False, cause=None), "and death from the leukaemia is spared"),
    ],
)
def test_what_is_not_recorded_leaves_the_proposal_unknown(definition, given, says):
    proposal = propose(definition, given)
    assert proposal.verdict == "unknown"
    assert says in proposal.reason


def test_a_dlt_outweighs_what_is_unknown(definition):
    proposal = propose(definition, event("Lung infection", 3, 5, 20, cause=None), event("CRS", 4, 2, 6))
    assert proposal.fired.clause.id == "crs-4"


def ranged(*steps):
    made = tuple(Step(day(at), low, high) for at, low, high in steps)
    return GradedEvent("CRS", "CRS", None, Scale.CRS, "ASTCT 2019", made, related=True)


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [
        ([(2, 3, 4), (5, 0, 0)], "unknown"),
        ([(2, 2, 3), (10, 0, 0)], "unknown"),
        ([(2, 2, 3), (9, 0, 0)], "no DLT"),
        ([(2, 3, 3), (5, 2, 3), (12, 0, 0)], "unknown"),
        ([(2, 3, 3), (12, 0, 1)], "DLT"),
    ],
)
def test_a_grade_that_is_not_settled_leaves_open_what_hangs_on_it(definition, steps, verdict):
    assert propose(definition, ranged(*steps)).verdict == verdict


def test_an_episode_of_crs_is_judged_by_its_course(definition):
    (episode,) = crs_episodes(COURSE, [after(13)])
    assert propose(definition, episode_event(episode)).verdict == "no DLT"
    (stuck,) = crs_episodes([*COURSE[:3], (after(24 + 169), COURSE[2][1]), (after(240), COURSE[-1][1])], [after(13)])
    assert propose(definition, episode_event(stuck)).fired.clause.id == "crs-3"


def test_clauses_may_name_terms_and_classes():
    clause = DltClause(id="liver", says="Liver injury.", scale=Scale.CTCAE, min_grade=3,
                       system_classes=("Hepatobiliary disorders",), terms=("hepatic FAILURE",))  # fmt: skip
    source = {"document": "a protocol", "place": "5.2"}
    made = DltDefinition.model_validate(
        {"basis": "as written", "source": source, "window_days": 21, "clauses": (clause,)}
    )
    assert propose(made, event("Hepatic failure", 3, 5, 20)).verdict == "DLT"
    assert propose(made, event("Hepatic failure", 2, 5, 20)).verdict == "no DLT"
    assert propose(made, event("Lung infection", 4, 5, 20)).verdict == "no DLT"
    assert propose(made, event("Hepatic failure", 3, 22, 25)).verdict == "no DLT"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: event("CRS", 3, 9, 5), "comes before 2026-05-12, which it follows"),
        (lambda: event("CRS", 2, 3, 9, course=[(day(5), 3)]), "The grade of an event is its worst"),
        (lambda: scale_of("WHO 1979", "Nausea"), "is no scale that is known"),
        (lambda: scale_of("ASTCT 2019", "Nausea"), "does not grade 'Nausea'"),
    ],
)
def test_an_event_that_cannot_be_is_refused(wrong, says):
    with pytest.raises(InvalidInput, match=re.escape(says)):
        wrong()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: DltException(says="nothing"), "would spare every event"),
        (lambda: Lasting(not_back_to=2, within=Quantity(7, "kg")), "in days (d) or hours (h), not 7 kg"),
        (lambda: DltClause(id="x", says="x", scale=Scale.CRS, min_grade=2, lasting=Lasting(not_back_to=2,
                           within=Quantity(7, "d"))), "not_back_to must lie below min_grade"),
    ],
)  # fmt: skip
def test_a_clause_that_says_nothing_is_refused(wrong, says):
    with pytest.raises(ValidationError, match=re.escape(says)):
        wrong()


def test_one_course_that_was_recorded_twice_is_found():
    first, second, later = event("CRS", 2, 2, 6), event("CRS", 3, 4, 8), event("CRS", 1, 9, 10)
    assert overlaps([later, second, first, event("ICANS", 1, 4, 6)]) == ((first, second),)
    assert overlaps([event("CRS", 2, 2), event("CRS", 1, 20, 21)]), "the first was never resolved"
    assert overlaps([event("CRS", 2, 2, 6), event("CRS", 2, 6, 8)]) == ()
    assert overlaps([event("CRS", 2, 2, 6), event("CRS", 1, PartialDate(2026, 5), 30)]) == ()
