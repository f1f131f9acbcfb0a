"""The SQL of a search: which rows match, in which order they come, and the page of them that is shown."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import psycopg
from psycopg.rows import dict_row

from earlyphase.store.search_filters import Box, Near
from earlyphase.store.search_page import Place

MOST_WEIGHED = 600
"""Records. As many can be ranked in a few milliseconds; of more, the newest come first."""

_WEIGHTS = "'{0.05, 0.2, 0.5, 1.0}'"
"""How much a word counts: in other text, in summaries, in official titles and keywords, in the head."""

_RANK = "(1e6 * ts_rank({weights}, {column}, to_tsquery('english', %(query)s), 1))::bigint"
"""Divided by the logarithm of the length: a short record on the matter comes before a long one that mentions it."""


class Order(StrEnum):
    """How rows are put in order. Every order is descending, then by number, so that no two rows are equal."""

    WEIGHED = "weighed"
    """By closeness, then rank."""
    HEAD_WEIGHED = "head_weighed"
    """Those with all words in the head by rank; then the others, the newest first."""
    NEWEST = "newest"
    """By closeness, then the newest first."""
    UPDATED = "updated"
    STARTED = "started"
    ENROLMENT = "enrolment"
    DISTANCE = "distance"

    @property
    def tiered(self) -> bool:
        """Whether the two tiers are fetched one after the other."""
        return self in (Order.HEAD_WEIGHED, Order.NEWEST)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records match."""

    query: str
    """For `to_tsquery`; empty where no words are asked for."""
    facets: list[int] | None
    """The facets that will do; None where any will."""
    near: Near | None
    box: Box | None

    @property
    def values(self) -> dict[str, Any]:
        """The values of its parameters."""
        given: dict[str, Any] = {"query": self.query, "facets": self.facets}
        if self.near and self.box:
            given |= {"lat": self.near.latitude, "lon": self.near.longitude, "km": self.near.kilometres}
            given |= {name: getattr(self.box, name) for name in ("south", "north", "west", "east", "west2", "east2")}
        return given

    @property
    def source(self) -> str:
        """The rows, as `from … where …`."""
        return self.rows("words")

    def rows(self, column: str) -> str:
        """Give `from … where …` for the rows that have the words in a column of the index."""
        said = ["true"]
        if self.query:
            said.append(f"{column} @@ to_tsquery('english', %(query)s)")
        if self.facets is not None:
            said.append("facet = any(%(facets)s::int[])")
        near = f"join ({_NEAR}) near using (record)" if self.near else ""
        return f"from record_index {near} where {' and '.join(said)}"


_NEAR = """
    select record, min(distance_km(latitude, longitude, %(lat)s, %(lon)s)) as km from record_site
    where latitude between %(south)s and %(north)s
        and (longitude between %(west)s and %(east)s or longitude between %(west2)s and %(east2)s)
        and distance_km(latitude, longitude, %(lat)s, %(lon)s) <= %(km)s
    group by record
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found."""

    nct_id: str
    version: int
    title: str
    conditions: tuple[str, ...]
    interventions: tuple[str, ...]
    sponsor: str
    status: str
    study_type: str
    phases: tuple[str, ...]
    countries: tuple[str, ...]
    sites: int
    started: str | None
    updated: str | None
    enrolment: int | None
    kilometres: float | None
    """How far the nearest site is from the place that was asked for."""
    nearest_site: str | None
    tier: int
    """1 where the head of the record has all words, 0 otherwise."""
    key: int | str
    """What it was put in order by."""


def count(connection: psycopg.Connection, selection: Selection, column: str = "words") -> int:
    """Count the rows that match, or that have the words in another column of the index."""
    query = f"select count(*) {selection.rows(column)}"
    row = connection.execute(query.encode(), selection.values).fetchone()
    return row[0] if row else 0


def page_of(
    connection: psycopg.Connection, selection: Selection, order: Order, size: int, after: Place | None
) -> tuple[tuple[Hit, ...], bool]:
    """Give a page of what matches, and whether more follows."""
    wanted, hits = size + 1, list[Hit]()
    for tier in (1, 0) if order.tiered else (None,):
        if len(hits) < wanted and not (tier == 1 and after and after.tier == 0):
            begin = after if after and tier in (None, after.tier) else None
            hits += _fetch(connection, selection, order, tier, wanted - len(hits), begin)
    return tuple(hits[:size]), len(hits) > size


def _fetch(
    connection: psycopg.Connection,
    selection: Selection,
    order: Order,
    tier: int | None,
    limit: int,
    after: Place | None,
) -> list[Hit]:
    """Fetch rows of one tier, or of all."""
    rows = selection.rows("head" if tier == 1 else "words")
    if tier == 0:
        rows += f" and record not in (select record {selection.rows('head')})"
    begin = "where (tier, key, nct_id) < (%(tier)s, %(key)s, %(nct_id)s)" if after else ""
    distance = "km" if selection.near else "null::double precision"
    query = f"""
        with page as (
            select * from (
                select record, nct_id, {_tier(order, tier)} as tier, {_key(order, tier)} as key, {distance} as km {rows}
                offset 0
            ) matched {begin} order by tier desc, key desc, nct_id desc limit %(limit)s
        )
        select nct_id, version, card, status, study_type, phases, countries, started, updated, enrolment, km,
            {_nearest(selection)} as nearest_site, tier, key
        from page join record_index using (record, nct_id) join record_facet using (facet)
        order by tier desc, key desc, nct_id desc
    """  # noqa: S608 - as above
    place = {"tier": after.tier, "key": after.key, "nct_id": after.nct_id} if after else {}
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(query.encode(), {**selection.values, **place, "limit": limit}).fetchall()
    return [_hit(row) for row in found]


def _tier(order: Order, tier: int | None) -> str:
    if order is Order.WEIGHED:
        return "(head @@ to_tsquery('english', %(query)s))::int"
    return str(tier or 0)


def _key(order: Order, tier: int | None) -> str:
    match order:
        case Order.WEIGHED:
            return _RANK.format(weights=_WEIGHTS, column="words")
        case Order.HEAD_WEIGHED if tier == 1:
            return _RANK.format(weights=_WEIGHTS, column="head")
        case Order.HEAD_WEIGHED | Order.NEWEST | Order.UPDATED:
            return "updated"
        case Order.STARTED:
            return "started"
        case Order.ENROLMENT:
            return "enrolment"
        case Order.DISTANCE:
            return "(-1000 * km)::bigint"


def _nearest(selection: Selection) -> str:
    if selection.near is None:
        return "null"
    return """(
        select facility || ', ' || city from record_site where record = page.record
        order by distance_km(latitude, longitude, %(lat)s, %(lon)s), facility limit 1
    )"""


def _hit(row: dict[str, Any]) -> Hit:
    told: dict[str, Any] = json.loads(row.pop("card"))
    lists = {name: tuple(told.pop(name)) for name in ("conditions", "interventions")}
    lists |= {name: tuple(row.pop(name)) for name in ("phases", "countries")}
    enrolment, started, updated, km = (row.pop(name) for name in ("enrolment", "started", "updated", "km"))
    return Hit(
        started=started or None,
        updated=updated or None,
        enrolment=None if enrolment < 0 else enrolment,
        kilometres=None if km is None else round(km, 1),
        **lists,
        **told,
        **row,
    )
