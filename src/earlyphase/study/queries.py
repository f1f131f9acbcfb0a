"""Queries about the data: what was asked, what the site answered, what is closed, and what could be asked."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from earlyphase.journal.payloads.checking import Query, QueryAnswer, QueryClosed
from earlyphase.study.computed_grades import computed_grades
from earlyphase.study.state import Fact, Participant, Study


class QueryState(StrEnum):
    """Where a query stands."""

    OPEN = "open"
    """The site has not answered."""
    ANSWERED = "answered"
    """Who asked has not closed it."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class AskedQuery:
    """One query with what followed."""

    participant: str
    query: Fact[Query]
    answers: tuple[Fact[QueryAnswer], ...]
    closed: Fact[QueryClosed] | None
    changed: int | None
    """The entry that has corrected the one that is asked about, since it was asked."""

    @property
    def state(self) -> QueryState:
        """Where it stands."""
        if self.closed is not None:
            return QueryState.CLOSED
        return QueryState.ANSWERED if self.answers else QueryState.OPEN


@dataclass(frozen=True, slots=True)
class ProposedQuery:
    """What could be asked: a person who may ask decides."""

    participant: str
    entry: int
    """The entry that it is about."""
    asks: str


def queries_of(person: Participant) -> tuple[AskedQuery, ...]:
    """Give a participant's queries, in the order in which they were asked."""
    return tuple(_asked(person, fact) for fact in person.all(Query))


def queries(study: Study) -> tuple[AskedQuery, ...]:
    """Give every query of a study: what is open first, then what is answered, then what is closed."""
    found = [one for person in study.participants.values() for one in queries_of(person)]
    order = list(QueryState)
    return tuple(sorted(found, key=lambda one: (order.index(one.state), one.query.entry)))


def open_queries(study: Study) -> tuple[AskedQuery, ...]:
    """Give the queries that are not closed."""
    return tuple(one for one in queries(study) if one.state is not QueryState.CLOSED)


def proposed_queries(study: Study, today: dt.date) -> Iterator[ProposedQuery]:
    """Propose to ask where an assigned grade is not the one that the measured values give, and nobody has asked yet.

    Args:
        study: the state.
        today: the last day that counts.
    """
    for person in study.participants.values():
        asked = {fact.payload.entry for fact in person.all(Query)}
        grades = computed_grades(person, today)
        for fact in person.adverse_events:
            found = grades.get(fact.entry)
            if found is not None and found.differs is not None and fact.latest not in asked:
                yield ProposedQuery(person.id, fact.latest, f"{fact.payload.term}: {found.differs}")


def query_named(person: Participant, entry: int) -> AskedQuery | None:
    """Find a query by an entry that says it."""
    return next((one for one in queries_of(person) if entry in (one.query.entry, one.query.latest)), None)


def _asked(person: Participant, fact: Fact[Query]) -> AskedQuery:
    numbers = (fact.entry, fact.latest)
    answers = tuple(one for one in person.all(QueryAnswer) if one.payload.query in numbers)
    closed = next((one for one in person.all(QueryClosed) if one.payload.query in numbers), None)
    return AskedQuery(person.id, fact, answers, closed, _changed(person, fact))


def _changed(person: Participant, query: Fact[Query]) -> int | None:
    about = query.payload.entry
    for facts in person.facts.values():
        for fact in facts:
            if about in (fact.entry, fact.latest):
                return fact.latest if fact.latest > query.entry else None
    return None
