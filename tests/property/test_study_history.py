"""History is never rewritten: what was known at a moment stays so, whatever is entered later."""

import datetime as dt
import json
from collections import Counter

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.simulated import entries_of, growing, small, versions

from earlyphase.journal.entry import Entry
from earlyphase.journal.payloads import write_payload
from earlyphase.journal.payloads.observations import Laboratory, Marrow, Visit, VitalSigns
from earlyphase.journal.store import MemoryJournal
from earlyphase.study.commands import Correct, Record, Void
from earlyphase.study.desk import Author, Desk
from earlyphase.study.reconstruct import reconstruct

SEEDS = st.integers(0, 5)
MEASURED = (Laboratory, Marrow, Visit, VitalSigns)
LATE = dt.date(2025, 9, 30)


@given(SEEDS, st.floats(0, 1))
@settings(max_examples=60)
def test_later_entries_never_change_what_was_known(seed, share):
    entries = entries_of(seed)
    known = entries[: 1 + int(share * (len(entries) - 1))]
    moment = dt.datetime.fromisoformat(known[-1].recorded_at)
    protocols = versions(small())
    assert reconstruct(protocols, entries, as_of=moment) == reconstruct(protocols, known)


@given(SEEDS)
@settings(max_examples=6)
def test_the_state_that_grows_by_one_entry_is_the_state_from_the_beginning(seed):
    entries, protocols = entries_of(seed), versions(small())
    for number, study in enumerate(growing(small(), entries), start=1):
        if number % 41 == 0 or number == len(entries):
            assert study == reconstruct(protocols, entries[:number])


def clinical_content(desk):
    """What the study says of its participants, without who entered it when."""
    return Counter(
        (person.id, write_payload(fact.payload))
        for person in desk.study.participants.values()
        for facts in person.facts.values()
        for fact in facts
    )


@given(SEEDS, st.integers(0, 10_000), st.integers(-3, 3))
@settings(max_examples=40)
def test_voiding_and_recording_anew_says_what_a_correction_says(seed, which, days):
    entries = entries_of(seed, until=LATE)
    desks = [Desk(MemoryJournal("S1", entries), versions(small())) for _ in range(2)]
    facts = [
        (person.id, fact)
        for person in desks[0].study.participants.values()
        for kind in MEASURED
        for fact in person.all(kind)
    ]
    assume(facts)
    person, fact = facts[which % len(facts)]
    changed = json.loads(write_payload(fact.payload))
    changed["on"] = str(dt.date.fromisoformat(changed["on"]) + dt.timedelta(days))
    assume(changed["on"] <= str(LATE) and days)
    at, by = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), Author("Li Wei", "coordinator")
    corrected = desks[0].do(Correct(command="correct", entry=fact.latest, payload=changed, reason="the source"), by, at)
    voided = desks[1].do(Void(command="void", entry=fact.latest, reason="the source"), by, at)
    anew = desks[1].do(Record(command=fact.payload.record, participant=person, payload=changed), by, at)
    assert isinstance(voided, Entry)
    assert isinstance(corrected, Entry) == isinstance(anew, Entry)
    assert (clinical_content(desks[0]) == clinical_content(desks[1])) == isinstance(corrected, Entry)
