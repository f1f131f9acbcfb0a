"""Counts the records that match, by status, phase, type and country."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import psycopg

from earlyphase.store.search_rows import Selection


@dataclass(frozen=True, slots=True)
class Facets:
    """How many records have each value, the most frequent first. A record may have several phases and countries."""

    total: int
    statuses: dict[str, int]
    phases: dict[str, int]
    types: dict[str, int]
    countries: dict[str, int]


def count_facets(connection: psycopg.Connection, selection: Selection) -> Facets:
    """Count what matches. Records that agree in everything are counted together, which is quick."""
    query = f"""
        select status, study_type, phases, countries, records from (
            select facet, count(*) as records {selection.source} group by facet
        ) counted join record_facet using (facet)
    """  # noqa: S608 - the selection is our own text
    statuses, types, phases, countries = (Counter[str]() for _ in range(4))
    total = 0
    for status, kind, has_phases, has_countries, records in connection.execute(query.encode(), selection.values):
        total += records
        statuses[status] += records
        types[kind] += records
        _add(phases, has_phases, records)
        _add(countries, has_countries, records)
    return Facets(total, *map(_sorted, (statuses, phases, types, countries)))


def _add(counter: Counter[str], values: Iterable[str], records: int) -> None:
    for value in values:
        counter[value] += records


def _sorted(counter: Counter[str]) -> dict[str, int]:
    named = ((value, records) for value, records in counter.items() if value)
    return dict(sorted(named, key=lambda one: (-one[1], one[0])))
