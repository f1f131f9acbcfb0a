"""A journal that a released version wrote is still read: the same hashes, and the same study as that version saw.

The files under data/journals/VERSION are never changed. A new release adds a folder.
"""

import datetime as dt
import gzip
import json

import pytest
from tests.checkout import ROOT

from earlyphase.journal.file import open_lines
from earlyphase.protocol.reading import read_protocols
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.status import status_of
from earlyphase.study.verification import verify

RELEASES = sorted((ROOT / "tests" / "oracle" / "data" / "journals").iterdir())


def read(folder):
    protocols = read_protocols(folder)
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    lines = gzip.decompress((folder / "journal.jsonl.gz").read_bytes())
    return protocols, open_lines(lines, "the journal", expected["study"]), expected


@pytest.fixture(scope="module", params=RELEASES, ids=lambda folder: folder.name)
def released(request):
    return read(request.param)


def seen(state):
    """Say what a study comes to, in the words of the frozen answers."""
    found = status_of(state, dt.date.fromisoformat(state.recorded_until[:10]))
    facts = [(kind.record, len(held)) for person in state.participants.values() for kind, held in person.facts.items()]
    return {
        "recorded_until": state.recorded_until,
        "head": state.head.hash,
        "purpose": found.purpose,
        "protocol_version": found.protocol_version,
        "participants": len(state.participants),
        "phase": found.phase.value,
        "open_level": found.open_level,
        "locked": found.locked,
        "levels": [[one.level, one.enrolled, one.infused, one.evaluable, one.dlts] for one in found.levels],
        "decisions": [[one.entry, one.decision.value, one.next_level, one.rp2d] for one in found.decisions],
        "facts": {name: sum(count for other, count in facts if other == name) for name in {name for name, _ in facts}},
    }


def test_the_frozen_journal_verifies_with_its_head_hash(released):
    protocols, entries, expected = released
    found = verify(entries, protocols, expected["states"][-1]["head"])
    assert (found.sound, found.entries) == (True, expected["entries"])
    assert found.head.hash == expected["states"][-1]["head"]


def test_every_entry_still_says_what_it_said_as_of_then_and_now(released):
    protocols, entries, expected = released
    for state in expected["states"]:
        moment = dt.datetime.fromisoformat(state["recorded_until"])
        assert seen(reconstruct(protocols, entries, moment)) == state


def test_there_is_a_frozen_journal_and_every_kind_of_entry_is_in_it(released):
    _, entries, _ = released
    assert RELEASES
    assert {entry.kind for entry in entries} == {"recorded", "corrected", "voided", "signed"}
