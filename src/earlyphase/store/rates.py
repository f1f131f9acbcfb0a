"""How often each check fires among the records of the database: what a finding is held against.

A finding that half of all records have says little of one of them. The rates are measured on a sample of the collection
after every import, because to check a hundred thousand records takes minutes.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg

from earlyphase.registry.checks.catalogue import firing_rates
from earlyphase.registry.model import Record
from earlyphase.store.records_reading import read_stored

SAMPLE = 1000
"""Records. With as many a rate is known to within three percentage points, and they take some five seconds."""

LEAST = 30
"""Records. A share of fewer says nothing of how common something is."""


@dataclass(frozen=True, slots=True)
class Rate:
    """On how many records of a sample a check fires."""

    fired: int
    records: int
    measured_on: dt.date

    @property
    def percent(self) -> float:
        """The share of records on which it fires.

        Units: percent.
        """
        return 100 * self.fired / self.records


def measure_rates(address: str, today: dt.date, tell: Callable[[int], None] | None = None) -> int:
    """Check a sample of the current records and keep how often each check fires.

    Args:
        address: the database, its schema up to date.
        today: the day as of which records are checked.
        tell: told the number of records after each.

    Returns:
        The size of the sample.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        rates = firing_rates(_sample(connection, tell or (lambda _: None)), today)
        rows = [(rate.check.id, rate.fired, rate.records, today) for rate in rates if rate.records]
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("delete from record_rate")
            cursor.executemany(
                'insert into record_rate ("check", fired, records, measured_on) values (%s, %s, %s, %s)', rows
            )
    return rates[0].records


def kept_rates(connection: psycopg.Connection) -> dict[str, Rate]:
    """Give the rates that were measured last, by the id of the check; none of too few records to have a rate."""
    rows = connection.execute(
        'select "check", fired, records, measured_on from record_rate where records >= %s', (LEAST,)
    ).fetchall()
    return {check: Rate(fired, records, on) for check, fired, records, on in rows}


def _sample(connection: psycopg.Connection, tell: Callable[[int], None]) -> Iterator[Record]:
    """Go through a sample that is the same whenever the collection is: ordered by a digest of the number."""
    rows = connection.execute(
        "select v.shape, v.content, v.source from record_index i join record_version v using (nct_id, version)"
        " where i.record in (select record from record_index order by md5(nct_id) limit %s)",
        (SAMPLE,),
    ).fetchall()
    for number, (shape, content, source) in enumerate(rows, start=1):
        yield read_stored(content, shape, source)
        tell(number)
