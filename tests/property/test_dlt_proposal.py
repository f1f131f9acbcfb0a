"""What holds of every proposal about dose-limiting toxicity."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checkout import ROOT

from earlyphase.protocol.dlt import Cause
from earlyphase.protocol.reading import read_protocol
from earlyphase.toxicity.dlt import Verdict, propose_dlt
from earlyphase.toxicity.events import graded_event

INFUSED = dt.date(2026, 5, 3)
DEFINITION = read_protocol(next((ROOT / "studies").glob("*/protocol.yaml"))).dlt
SETTLED = (Verdict.DLT, Verdict.NO_DLT)
TERMS = ("Hepatic failure", "Lung infection", "Neutrophil count decreased", "Fever", "CRS", "ICANS")


@st.composite
def events(draw):
    term = draw(st.sampled_from(TERMS))
    begins = INFUSED + dt.timedelta(days=draw(st.integers(-5, 40)))
    resolved = draw(st.one_of(st.none(), st.integers(0, 50).map(lambda days: begins + dt.timedelta(days=days))))
    return graded_event(
        term,
        "ASTCT 2019" if term in {"CRS", "ICANS"} else "CTCAE v5.0",
        draw(st.integers(1, 5)),
        begins,
        resolved=resolved,
        system_class="Infections and infestations" if "infection" in term else None,
        related=draw(st.sampled_from([True, False, None])),
        cause=draw(st.sampled_from([None, *Cause])),
    )


def propose(found, day):
    return propose_dlt(DEFINITION, found, INFUSED, INFUSED + dt.timedelta(days=day))


LATE = 120


@settings(max_examples=120, deadline=None)
@given(st.lists(events(), max_size=4), events(), st.integers(0, LATE))
def test_another_event_never_takes_a_dlt_away(found, another, day):
    if propose(found, day).verdict is Verdict.DLT:
        assert propose([*found, another], day).verdict is Verdict.DLT


@settings(max_examples=120, deadline=None)
@given(st.lists(events(), max_size=4))
def test_nothing_stays_pending_for_ever(found):
    assert propose(found, LATE).verdict is not Verdict.PENDING


@settings(max_examples=120, deadline=None)
@given(st.lists(events(), max_size=4))
def test_the_order_of_events_does_not_change_the_verdict(found):
    assert propose(found, LATE).verdict is propose(found[::-1], LATE).verdict


@settings(max_examples=120, deadline=None)
@given(st.lists(events(), max_size=4), st.integers(0, LATE))
def test_a_pending_proposal_says_until_when_and_is_settled_after_it(found, day):
    proposal = propose(found, day)
    if proposal.verdict is Verdict.PENDING:
        after = (proposal.until - INFUSED).days + 1
        assert propose(found, after).verdict is not Verdict.PENDING


@settings(max_examples=120, deadline=None)
@given(st.lists(events(), max_size=4), st.integers(0, LATE))
def test_a_dlt_has_the_finding_that_fired(found, day):
    proposal = propose(found, day)
    assert (proposal.fired is not None) is (proposal.verdict is Verdict.DLT)
    assert proposal.reason
