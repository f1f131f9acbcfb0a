"""Rules for checking the data: queries, their answers and their end, verification against the source, the lock."""

from collections.abc import Iterator

from earlyphase.journal.payloads.checking import Query, QueryAnswer, QueryClosed, SourceVerified
from earlyphase.journal.payloads.conduct import DataLock
from earlyphase.study.queries import QueryState, open_queries, query_named
from earlyphase.study.refusal import Reason
from earlyphase.study.source_verification import verification_of
from earlyphase.study.state import Participant, Study


def query(study: Study, person: Participant, asked: Query) -> Iterator[Reason]:
    """A query is about an entry of the participant that stands."""
    del study
    numbers = {number for facts in person.facts.values() for fact in facts for number in (fact.entry, fact.latest)}
    if asked.entry is not None and asked.entry not in numbers:
        yield Reason(
            "no entry",
            f"{person.id}: entry {asked.entry} is not an entry of this participant that stands.",
            remedy="Name the entry that is asked about, or none where something is missing.",
        )


def query_goes_on(study: Study, person: Participant, said: QueryAnswer | QueryClosed) -> Iterator[Reason]:
    """An answer, and an end, belong to a query of the participant that is not closed."""
    del study
    found = query_named(person, said.query)
    if found is None:
        yield Reason(
            "no query", f"{person.id}: entry {said.query} is not a query of this participant.", remedy="Look again."
        )
    elif found.state is QueryState.CLOSED and found.closed is not None:
        yield Reason(
            "closed",
            f"{person.id}: the query of entry {said.query} was closed by entry {found.closed.latest}.",
            remedy="Open a new query.",
        )


def source_verified(study: Study, person: Participant, done: SourceVerified) -> Iterator[Reason]:
    """What is compared with the source is what the site recorded, as it stands now, and is compared once."""
    del study
    state = verification_of(person)
    waiting = {fact.latest for fact in state.to_verify}
    compared = {fact.latest for fact in state.verified}
    for entry in done.entries:
        if entry in compared:
            yield Reason("verified", f"{person.id}: entry {entry} is verified already.", remedy="Leave it out.")
        elif entry not in waiting:
            yield Reason(
                "no entry",
                f"{person.id}: entry {entry} is not an entry of this participant that has a source and stands.",
                remedy="Look again: it may have been corrected.",
            )


def data_lock(study: Study, lock: DataLock) -> Iterator[Reason]:
    """Data are locked when nothing is being asked about them any more."""
    del lock
    found = open_queries(study)
    if found:
        entries = ", ".join(str(one.query.entry) for one in found)
        yield Reason("open queries", f"queries are not closed: entry {entries}.", remedy="Close them first.")
