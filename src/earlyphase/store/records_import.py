"""Takes registry records into the database: every version that was seen, once, and the index of the current ones.

Records go in batches, and each batch in one transaction: an import that was interrupted is run again, and passes over
what is there. While one batch is written, the next is read.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg

from earlyphase.faults import InvalidInput
from earlyphase.registry.irregular import Irregularity, irregularities
from earlyphase.store.records_reading import Known, identify, read_stored
from earlyphase.store.records_row import IndexRow, index_row, plain
from earlyphase.store.records_source import Given
from earlyphase.store.records_writing import Writer

BATCH = 500
"""Records. Large enough for the database, small enough that little is done again after an interruption."""

BATCH_SIZE = 8 * 2**20
"""Units: bytes. A batch of large records is written sooner."""

MOST_KINDS = 1000
"""Kinds of irregularity that are told apart; absurd files have more."""


@dataclass(slots=True)
class Tally:
    """What has become of the records so far."""

    read: int = 0
    new: int = 0
    """Records that were not known before."""
    changed: int = 0
    """Further versions of records that were known."""
    known: int = 0
    """Versions that had been seen before."""
    refused: int = 0
    irregular: int = 0
    """Records, among the new and changed, with something that the registry's description does not have."""
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    """Where an irregularity stands, and why it is one; with how many records have it."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A version that is new, ready to be written."""

    known: Known
    place: str
    irregular: int
    row: IndexRow


@dataclass(frozen=True, slots=True)
class Watch:
    """Whom an import tells how it goes."""

    tally: Callable[[Tally], None]
    """After every batch."""
    refused: Callable[[InvalidInput], None]
    """At every record that was refused."""


def import_records(
    address: str, given: Iterable[Given | InvalidInput], seen_at: dt.datetime, watch: Watch | None = None
) -> Tally:
    """Take records into the database.

    Args:
        address: the database, its schema up to date.
        given: the records, and what could not be read.
        seen_at: the moment that a new version is marked with.
        watch: whom to tell.
    """
    tally, watch = Tally(), watch or Watch(lambda _: None, lambda _: None)
    with (
        psycopg.connect(address, autocommit=True) as reader,
        Writer(address, seen_at) as writer,
        ThreadPoolExecutor(1) as beside,
    ):
        pending: Future[tuple[int, int]] | None = None
        for batch in _batches(_identified(given, tally, watch)):
            prepared = [*_prepared(_unknown(reader, batch, tally), tally, watch)]
            _count(pending, tally, watch)
            pending = beside.submit(writer.write, prepared)
        _count(pending, tally, watch)
        writer.finish()
    return tally


def _count(pending: Future[tuple[int, int]] | None, tally: Tally, watch: Watch) -> None:
    """Wait for the batch that is being written, and count it."""
    if pending:
        new, changed = pending.result()
        tally.new += new
        tally.changed += changed
        watch.tally(tally)


def _identified(given: Iterable[Given | InvalidInput], tally: Tally, watch: Watch) -> Iterator[tuple[Given, Known]]:
    for one in given:
        tally.read += 1
        try:
            if isinstance(one, InvalidInput):
                raise one
            yield one, identify(one.content, one.place)
        except InvalidInput as fault:
            tally.refused += 1
            watch.refused(fault)


def _batches(given: Iterable[tuple[Given, Known]]) -> Iterator[list[tuple[Given, Known]]]:
    batch: list[tuple[Given, Known]] = []
    size = 0
    for one in given:
        batch.append(one)
        size += len(one[0].content)
        if len(batch) >= BATCH or size >= BATCH_SIZE:
            yield batch
            batch, size = [], 0
    yield batch


def _unknown(
    reader: psycopg.Connection, batch: list[tuple[Given, Known]], tally: Tally
) -> Iterator[tuple[Given, Known]]:
    """Pass over what is in the database, and what comes twice in the batch."""
    query = "select nct_id, digest from record_version where nct_id = any(%s)"
    rows = reader.execute(query, ([known.nct_id for _, known in batch],)).fetchall()
    seen = {(nct_id, bytes(digest)) for nct_id, digest in rows}
    for given, known in batch:
        if (known.nct_id, known.digest) in seen:
            tally.known += 1
        else:
            seen.add((known.nct_id, known.digest))
            yield given, known


def _prepared(batch: Iterable[tuple[Given, Known]], tally: Tally, watch: Watch) -> Iterator[Prepared]:
    for given, known in batch:
        try:
            record = read_stored(known.text, known.shape, given.place)
        except InvalidInput as fault:
            tally.refused += 1
            watch.refused(fault)
        else:
            found = irregularities(record)
            _tell_irregular(found, tally)
            row = index_row(record)
            yield Prepared(known, plain(given.place), len(found), row)


def _tell_irregular(found: tuple[Irregularity, ...], tally: Tally) -> None:
    tally.irregular += bool(found)
    for kind in {(_without_numbers(one.field), one.why) for one in found}:
        if kind in tally.kinds or len(tally.kinds) < MOST_KINDS:
            tally.kinds[kind] += 1


def _without_numbers(path: str) -> str:
    """Leave out which element of a list it was."""
    first, *rest = path.split("[")
    return first + "".join(f"[]{part.partition(']')[2]}" for part in rest)
