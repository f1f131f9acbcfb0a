"""How long it takes to verify a long journal, and to reconstruct the study from it."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.measurement import Measurement, seconds

from earlyphase.journal.entry import EMPTY, Draft, Entry
from earlyphase.journal.file import FileJournal
from earlyphase.journal.store import MemoryJournal
from earlyphase.protocol.library import known_studies
from earlyphase.protocol.reading import read_protocols
from earlyphase.simulation.run import simulate
from earlyphase.simulation.truth import default_truth
from earlyphase.simulation.writing import draft_of, write_journal
from earlyphase.study.reconstruct import reconstruct
from earlyphase.study.state import Study

ENTRIES = 30_000
SEED = 8
AIM = 0.3


def run() -> list[Measurement]:
    """Measure a journal of 30,000 entries."""
    protocols = read_protocols(next(iter(known_studies().values())))
    journal = long_journal(simulate(protocols, default_truth(), SEED), ENTRIES)
    entries = journal.read()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.jsonl"
        write_journal(path, journal)
        stored = FileJournal(path, journal.study)
        size = path.stat().st_size / 2**20
        return [
            Measurement(f"verify {ENTRIES:,} entries of a file ({size:.0f} MiB)", seconds(stored.read), "s", AIM),
            Measurement(f"reconstruct {ENTRIES:,} entries", seconds(lambda: reconstruct(protocols, entries)), "s", AIM),
            Measurement(
                f"reconstruct {ENTRIES:,} entries and read every payload",
                seconds(lambda: every_payload(reconstruct(protocols, entries))),
                "s",
            ),
        ]


def every_payload(study: Study) -> int:
    """Read what is otherwise read when it is asked for."""
    facts = (fact for person in study.participants.values() for found in person.facts.values() for fact in found)
    return sum(fact.payload.about == "participant" for fact in facts)


def long_journal(simulated: MemoryJournal, length: int) -> MemoryJournal:
    """Lengthen a simulated journal: its participants come again and again, under new numbers."""
    entries = simulated.read()
    journal = MemoryJournal(simulated.study)
    journal.append([draft_of(entries[0]), *_copies(entries, length - 1)], EMPTY)
    return journal


def _copies(entries: tuple[Entry, ...], length: int) -> Iterator[Draft]:
    """Give drafts of participants' entries; those that name an entry name that of their own copy."""
    people = [entry for entry in entries if entry.participant is not None]
    for copy in range(1 + length // len(people)):
        seqs = {entry.seq: 2 + copy * len(people) + at for at, entry in enumerate(people)}
        for entry in people[: length - copy * len(people)]:
            yield _renamed(entry, copy, seqs)


def _renamed(entry: Entry, copy: int, seqs: dict[int, int]) -> Draft:
    payload = json.loads(entry.payload)
    if "adverse_event" in payload:
        payload["adverse_event"] = seqs[payload["adverse_event"]]
    return replace(
        draft_of(entry),
        participant=f"{copy}-{entry.participant}",
        payload=json.dumps(payload, separators=(",", ":"), ensure_ascii=False),
        supersedes=seqs[entry.supersedes] if entry.supersedes else None,
    )
