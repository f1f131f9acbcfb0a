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
from earlyphase.study.reconstruct import Reconstruction, reconstruct
from earlyphase.study.status import status_of

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


def changed_at_random(entries, places):
    """Go on with a journal by taking out some of its facts and recording visits, where that is not refused."""
    journal = MemoryJournal("S1", entries)
    desk, by = Desk(journal, versions(small())), Author("Li Wei", "coordinator")
    for place in places:
        people = [*desk.study.participants.values()]
        facts = [(person.id, fact) for person in people for some in person.facts.values() for fact in some]
        if facts:
            person, fact = facts[place % len(facts)]
            void = Void(command="void", entry=fact.latest, reason="entered by mistake")
            visit = Record(command="visit", participant=person, payload={"on": str(LATE), "name": "unscheduled"})
            for command in (void, visit):
                desk.do(command, by, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    return journal.read()


@given(SEEDS, st.lists(st.floats(0, 1), max_size=4), st.lists(st.integers(0, 10_000), max_size=12))
@settings(max_examples=40)
def test_who_goes_on_from_what_was_read_sees_what_who_reads_all_of_it_sees(seed, cuts, places):
    entries, protocols = changed_at_random(entries_of(seed, until=LATE), places), versions(small())
    read, known = Reconstruction(protocols), 0
    for until in sorted({1 + int(cut * (len(entries) - 1)) for cut in cuts} | {len(entries)}):
        elsewhere, what_if = read.copy(), changed_at_random(entries[:known], places[:2]) if known else ()
        for entry in what_if[known:]:  # it never comes to be
            elsewhere.add(entry)
        assert elsewhere.study() == reconstruct(protocols, what_if)
        further = read.copy()
        for entry in entries[known:until]:
            further.add(entry)
        anew = reconstruct(protocols, entries[:until])
        assert further.study() == anew
        assert status_of(further.study(), LATE) == status_of(anew, LATE)
        assert read.study() == reconstruct(protocols, entries[:known])
        read, known = further, until


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
