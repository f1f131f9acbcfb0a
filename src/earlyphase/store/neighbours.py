"""Finds the records near one: its twins, and those on the same matter."""

import psycopg

from earlyphase.registry.model import Record
from earlyphase.registry.twins import Twin, twins_of
from earlyphase.store.records import stored_record
from earlyphase.store.search import Question, search
from earlyphase.store.search_query import read_query
from earlyphase.store.search_rows import Hit

MOST_CANDIDATES = 60
"""Records that are read whole to look for twins: those of the sponsor that start on the day, or are as large."""


def stored_twins(connection: psycopg.Connection, record: Record) -> tuple[Twin, ...]:
    """Find the twins that a record has in the database.

    Args:
        connection: as `searching` gives it.
        record: the record, in the database or not.
    """
    section = record.protocol_section
    sponsor = section.sponsor_collaborators_module.lead_sponsor
    start, enrolment = section.status_module.start_date_struct, section.design_module.enrollment_info
    query = read_query(f'"{sponsor.name}"').query() if sponsor and sponsor.name else ""
    if not query:
        return ()
    rows = connection.execute(
        "select nct_id from record_index where words @@ to_tsquery('english', %s) and nct_id <> %s"
        " and (started = %s and started <> '' or enrolment = %s and enrolment >= 0) order by updated desc limit %s",
        (
            query,
            record.nct_id or "",
            (start.date if start else None) or "",
            enrolment.count if enrolment and enrolment.count is not None else -1,
            MOST_CANDIDATES,
        ),
    ).fetchall()
    return twins_of(record, (stored_record(connection, row[0]) for row in rows))


def similar_to(connection: psycopg.Connection, record: Record, size: int = 5) -> tuple[Hit, ...]:
    """Find records on the same condition with the same kind of intervention, or else on the same condition.

    Args:
        connection: as `searching` gives it.
        record: the record, in the database or not.
        size: how many.
    """
    section = record.protocol_section
    condition = next(iter(section.conditions_module.conditions or ()), "")
    interventions = section.arms_interventions_module.interventions or ()
    intervention = next((one.name for one in interventions if one.name), "")
    for text in (f"{condition} {intervention}", condition):
        if text.strip():
            hits = search(connection, Question(text=text[:400], size=size + 1), facets=False).hits
            others = tuple(hit for hit in hits if hit.nct_id != record.nct_id)
            if others:
                return others[:size]
    return ()
