"""Writes versions of records and their index, a batch in a transaction."""

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

import psycopg

from earlyphase.faults import InvalidInput

if TYPE_CHECKING:
    from earlyphase.store.records_import import Prepared

_INDEXES = {"record_index_words": "words", "record_index_head": "head"}
"""The two that are slow to keep and quick to build."""

_STAGE = """
create temp table staged (
    number int, nct_id text, digest bytea, shape text, last_update text, irregular int, place text, content text,
    facet_digest bytea, status text, study_type text, phases text[], countries text[], updated text, started text,
    enrolment bigint, card text, a text, b text, c text, d text, words text[]
);
create temp table staged_site (
    number int, facility text, city text, country text, latitude double precision, longitude double precision
)
"""

_STAGED = (
    *("int4", "text", "bytea", "text", "text", "int4", "text", "text"),
    *(
        "bytea",
        "text",
        "text",
        "text[]",
        "text[]",
        "text",
        "text",
        "int8",
        "text",
        "text",
        "text",
        "text",
        "text",
        "text[]",
    ),
)
"""The types of the columns of `staged`."""

_VERSIONS = """
with fresh as (
    select distinct on (nct_id, digest) * from staged s
    where not exists (select from record_version v where v.nct_id = s.nct_id and v.digest = s.digest)
    order by nct_id, digest, number
), last as (
    select nct_id, max(version) as version from record_version
    where nct_id in (select nct_id from staged) group by nct_id
)
insert into record_version (nct_id, version, digest, shape, last_update, irregular, seen_at, source, content)
select nct_id, coalesce(last.version, 0) + row_number() over (partition by nct_id order by number),
    digest, shape, last_update, irregular, %s, place, content
from fresh left join last using (nct_id)
returning version = 1
"""

_FACETS = """
insert into record_facet (digest, status, study_type, phases, countries)
select distinct on (facet_digest) facet_digest, status, study_type, phases, countries from staged
on conflict (digest) do nothing
"""

# The current version is the one last updated; of two of the same date, the one seen last.
_CURRENT = """
create temp table fresh_index on commit drop as
select s.number, s.nct_id, v.version from (
    select distinct on (nct_id) nct_id, version, digest from record_version
    where nct_id in (select nct_id from staged) order by nct_id, last_update desc nulls last, version desc
) v
join lateral (
    select number, nct_id from staged where nct_id = v.nct_id and digest = v.digest order by number limit 1
) s on true
where not exists (select from record_index i where i.nct_id = v.nct_id and i.version = v.version)
"""

_INDEX = """
insert into record_index (nct_id, version, facet, updated, started, enrolment, card, head, words)
select nct_id, version, facet, updated, started, enrolment, card, head,
    head || setweight(to_tsvector('english', b), 'B') || setweight(to_tsvector('english', c), 'C')
        || setweight(to_tsvector('english', d), 'D')
from (
    select s.nct_id, f.version, r.facet, s.updated, s.started, s.enrolment, s.card, s.b, s.c, s.d,
        setweight(to_tsvector('english', s.a), 'A') as head
    from fresh_index f join staged s using (number) join record_facet r on r.digest = s.facet_digest
    offset 0
) texts
on conflict (nct_id) do update set version = excluded.version, facet = excluded.facet, updated = excluded.updated,
    started = excluded.started, enrolment = excluded.enrolment, card = excluded.card, head = excluded.head,
    words = excluded.words
"""

_SITES = """
delete from record_site where record in (select record from record_index join fresh_index using (nct_id));
insert into record_site (record, facility, city, country, latitude, longitude)
select record, facility, city, country, latitude, longitude
from staged_site join fresh_index using (number) join record_index using (nct_id);
with fresh as (
    insert into record_word (word)
    select distinct given.word from staged, unnest(words) given (word)
    where not exists (select from record_word known where known.word = given.word)
    on conflict do nothing
    returning word
)
insert into record_word_piece (piece, word) select word_pieces(word), word from fresh
"""


class Writer:
    """A connection that writes batches."""

    def __init__(self, address: str, seen_at: dt.datetime) -> None:
        """Name the database and the moment that versions are marked with."""
        self._address = address
        self._seen_at = seen_at
        self._words: set[str] = set()

    def __enter__(self) -> Self:
        """Connect. A first import builds the large indexes at its end, which is quicker.

        Raises:
            InvalidInput: another import is at work on the database.
        """
        self._connection = psycopg.connect(self._address, autocommit=True)
        alone = self._connection.execute("select pg_try_advisory_lock(hashtext('earlyphase import'))").fetchone()
        if alone != (True,):
            self._connection.close()
            raise InvalidInput("database", None, "is taking in records already.", "Wait until that import has ended.")
        for setting in ("synchronous_commit = off", "maintenance_work_mem = '256MB'", "jit = off"):
            self._connection.execute(f"set {setting}".encode())
        self._connection.execute("set client_min_messages = error")  # words too long for the index are left out
        self._connection.execute(_STAGE)
        if self._connection.execute("select not exists (select from record_index)").fetchone() == (True,):
            for name in _INDEXES:
                self._connection.execute(f"drop index if exists {name}".encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let other imports in, and disconnect."""
        with suppress(psycopg.Error):
            self._connection.execute("select pg_advisory_unlock_all()")
        self._connection.close()

    def write(self, batch: Sequence["Prepared"]) -> tuple[int, int]:
        """Write a batch, all or nothing.

        Returns:
            How many records are new, and how many have a further version.

        Raises:
            InvalidInput: the database cannot take it.
        """
        if not batch:
            return 0, 0
        try:
            with self._connection.transaction(), self._connection.cursor() as cursor:
                cursor.execute("truncate staged, staged_site")
                self._stage(cursor, batch)
                first = [row[0] for row in cursor.execute(_VERSIONS, (self._seen_at,)).fetchall()]
                for step in (_FACETS, _CURRENT, _INDEX, _SITES):
                    cursor.execute(step)
        except psycopg.DatabaseError as fault:
            places = f"{batch[0].place} to {batch[-1].place}"
            rule = f"cannot be stored: {fault}. What comes before is stored."
            raise InvalidInput(places, None, rule, "Run the import again when it is put right.") from None
        return sum(first), len(first) - sum(first)

    def _stage(self, cursor: psycopg.Cursor, batch: Sequence["Prepared"]) -> None:
        with cursor.copy("copy staged from stdin (format binary)") as copy:
            copy.set_types(_STAGED)
            for number, one in enumerate(batch):
                row, known = one.row, one.known
                fresh = row.words - self._words
                self._words |= fresh
                facets = (row.facet_digest, row.status, row.study_type, [*row.phases], [*row.countries])
                facts = (row.updated, row.started, row.enrolment, row.card)
                version = (known.nct_id, known.digest, known.shape, row.updated or None, one.irregular)
                copy.write_row((number, *version, one.place, known.text, *facets, *facts, *row.texts, [*fresh]))
        with cursor.copy("copy staged_site from stdin") as copy:
            for number, one in enumerate(batch):
                for site in one.row.sites:
                    names = (site.facility, site.city, site.country)
                    copy.write_row((number, *names, site.latitude, site.longitude))

    def finish(self) -> None:
        """Build what is missing of the index, and let the database look at what it holds."""
        for name, column in _INDEXES.items():
            self._connection.execute(f"create index if not exists {name} on record_index using gin ({column})".encode())
        for table in ("record_version", "record_facet", "record_site", "record_word", "record_word_piece"):
            self._connection.execute(f"analyze {table}".encode())
        self._connection.execute("vacuum (analyze) record_index")
