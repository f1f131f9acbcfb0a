"""Finds records: full text with weights, facets with counts, places, sorting, and pages that do not shift.

A search with words gives the records first that have them all in their conditions, title or interventions, then those
that have them anywhere. Within each, the best match comes first; where more records match than can be weighed one by
one, the one last updated. A page begins after the last row of the one before, so that nothing shifts when records are
added.
"""

import hashlib
import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

import psycopg

from earlyphase.faults import InvalidInput
from earlyphase.store.search_chinese import in_english
from earlyphase.store.search_corrections import correct
from earlyphase.store.search_facets import Facets, count_facets
from earlyphase.store.search_filters import Near, box_around, read_codes, read_countries
from earlyphase.store.search_page import Place, read_place
from earlyphase.store.search_query import Wanted, read_query
from earlyphase.store.search_rows import MOST_WEIGHED, Hit, Order, Selection, count, page_of

Connection = psycopg.Connection
"""A connection for searches, for those who only pass it on."""

LARGEST_PAGE = 200

SETTINGS = {
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "work_mem": "32MB",
    "plan_cache_mode": "force_custom_plan",
    "enable_seqscan": "off",  # to read every text from the disk is never the best way, though it looks like it
    "client_min_messages": "error",  # it remarks on words that are too common to be searched
}
"""What a connection for searches is set to: short ones, each planned for what it asks."""


class Sort(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    UPDATED = "updated"
    STARTED = "started"
    ENROLMENT = "enrolment"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for. Of several values of one filter any will do."""

    text: str = ""
    phases: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    near: Near | None = None
    sort: Sort = Sort.RELEVANCE
    size: int = 20
    page: str | None = None
    """The end of the page before, from its answer."""

    @property
    def digest(self) -> str:
        """What pages of one question share."""
        asked = asdict(replace(self, page=None, size=0))
        return hashlib.sha256(json.dumps(asked).encode("utf-8", "surrogatepass")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of records, and what is known of all that match."""

    total: int
    hits: tuple[Hit, ...]
    next_page: str | None
    facets: Facets | None
    notes: tuple[str, ...]
    """What was searched other than it was typed, and why."""
    meanings: dict[str, str]
    """What was typed, to the thing that it names, under all whose names it was searched; or to its English."""


@contextmanager
def searching(address: str) -> Generator[psycopg.Connection]:
    """Connect to a database for searches: short ones, each planned for what it asks."""
    with psycopg.connect(address, autocommit=True) as connection:
        prepare_search(connection)
        yield connection


def prepare_search(connection: psycopg.Connection) -> None:
    """Set a connection up for searches."""
    for name, value in SETTINGS.items():
        connection.execute("select set_config(%s, %s, false)", (name, value))


def search(connection: psycopg.Connection, question: Question, *, facets: bool = True) -> Answer:
    """Answer a question.

    Args:
        connection: as `searching` gives it.
        question: what is asked.
        facets: whether to count by facet as well.

    Raises:
        InvalidInput: a filter, the sorting or the page makes no sense.
    """
    _check(question)
    filtered, notes = _filtered(connection, question)
    question, translated = _in_english(connection, question, filtered)
    wanted = read_query(question.text)
    place = read_place(question.page, question.digest) if question.page else None
    selection = replace(filtered, query=wanted.query())
    meanings = translated | {term.shown: term.meaning for term in wanted.included if term.meaning}
    total, counted = _count(connection, selection, facets=facets)
    if total == 0 and selection.query:
        selection, more = _instead(connection, wanted, selection)
        notes = (*notes, *more)
        total, counted = _count(connection, selection, facets=facets) if more else (total, counted)
    order = Order(place.order) if place else _order(connection, selection, question, total)
    hits, more_follow = page_of(connection, selection, order, question.size, place)
    return Answer(total, hits, _next(question, order, hits) if more_follow else None, counted, notes, meanings)


def _check(question: Question) -> None:
    if not 1 <= question.size <= LARGEST_PAGE:
        raise InvalidInput("--size", question.size, f"should be from 1 to {LARGEST_PAGE}.")
    if question.sort is Sort.DISTANCE and question.near is None:
        raise InvalidInput("--sort", "distance", "needs a place to measure from.", "Add --near.")


def _filtered(connection: psycopg.Connection, question: Question) -> tuple[Selection, tuple[str, ...]]:
    """Find out which facets and places are asked for."""
    countries, notes = read_countries(connection, question.countries)
    conditions: dict[str, Sequence[str]] = {
        "phases && %(phases)s": read_codes(connection, "phase", question.phases),
        "status = any(%(statuses)s)": read_codes(connection, "status", question.statuses),
        "study_type = any(%(types)s)": read_codes(connection, "type", question.types),
        "countries && %(countries)s": countries,
    }
    asked = {"phases": question.phases, "statuses": question.statuses, "types": question.types}
    names = (*asked, "countries")
    values = {name: list(codes) for name, codes in zip(names, conditions.values(), strict=True)}
    said = [text for text, codes in conditions.items() if codes]
    near, box = question.near, box_around(question.near) if question.near else None
    if question.countries and not countries:
        return Selection("", [], near, box), tuple(notes)
    if not said:
        return Selection("", None, near, box), tuple(notes)
    query = f"select facet from record_facet where {' and '.join(said)}"  # noqa: S608 - our own conditions
    rows = connection.execute(query.encode(), values).fetchall()
    return Selection("", [row[0] for row in rows], near, box), tuple(notes)


def _in_english(
    connection: psycopg.Connection, question: Question, filtered: Selection
) -> tuple[Question, dict[str, str]]:
    """Ask in English what was asked in Chinese, where no record has it as it was typed."""
    said = in_english(question.text)
    if said is None or count(connection, replace(filtered, query=read_query(question.text).query())):
        return question, {}
    return replace(question, text=said), {question.text: said}


def _says_something(connection: psycopg.Connection, query: str) -> bool:
    row = connection.execute("select numnode(to_tsquery('english', %s))", (query,)).fetchone()
    return row is not None and row[0] > 0


def _count(connection: psycopg.Connection, selection: Selection, *, facets: bool) -> tuple[int, Facets | None]:
    if not facets:
        return count(connection, selection), None
    counted = count_facets(connection, selection)
    return counted.total, counted


def _instead(connection: psycopg.Connection, wanted: Wanted, selection: Selection) -> tuple[Selection, tuple[str, ...]]:
    """Say what to search where no record has all that was typed."""
    if not _says_something(connection, selection.query):
        return replace(selection, query=""), ("The words are too common to be searched: everything is shown.",)
    corrected, notes = correct(connection, wanted)
    again = replace(selection, query=corrected.query())
    if len(corrected.included) > 1 and not (notes and count(connection, again)):
        any_of = replace(selection, query=corrected.query(any_of=True))
        return any_of, (*notes, "No record has all of it: records that have some of it are shown.")
    return again, notes


def _order(connection: psycopg.Connection, selection: Selection, question: Question, total: int) -> Order:
    """Say how the rows are put in order: as asked, and by relevance as finely as their number allows."""
    if question.sort is not Sort.RELEVANCE:
        return Order(question.sort.value)
    if not selection.query:
        return Order.DISTANCE if question.near else Order.UPDATED
    if total <= MOST_WEIGHED:
        return Order.WEIGHED
    close = count(connection, selection, column="head")
    return Order.HEAD_WEIGHED if close <= MOST_WEIGHED else Order.NEWEST


def _next(question: Question, order: Order, hits: tuple[Hit, ...]) -> str | None:
    last = hits[-1]
    return str(Place(question.digest, order.value, last.tier, last.key, last.nct_id))
