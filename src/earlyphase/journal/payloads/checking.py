"""What others ask about the data and find in the source: queries, their answers, verification against the source."""

import datetime as dt
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from earlyphase.journal.payloads.payload import EntryNumber, Name, Payload, Sentence


class Query(Payload):
    """A question to the site about something that was recorded, or that is missing."""

    record: ClassVar[str] = "query"
    on: dt.date
    entry: EntryNumber | None = None
    """The entry that is asked about; none where something is missing."""
    asks: Sentence
    """What is asked."""
    arose: Literal["by reading", "by computation"] = "by reading"
    """Whether a person came upon it, or a computation that a person agreed with."""


class QueryAnswer(Payload):
    """The site's answer to a query. What was wrong is corrected by an entry of its own."""

    record: ClassVar[str] = "query_answer"
    on: dt.date
    query: EntryNumber
    """The entry of the query."""
    answer: Sentence


class QueryClosed(Payload):
    """Who asks is content: the query is closed."""

    record: ClassVar[str] = "query_closed"
    on: dt.date
    query: EntryNumber
    """The entry of the query."""
    because: Sentence
    """What settled it."""


class SourceVerified(Payload):
    """Entries were compared with the source, and agree. A later correction needs to be verified anew."""

    record: ClassVar[str] = "source_verified"
    on: dt.date
    entries: Annotated[tuple[EntryNumber, ...], Field(min_length=1)]
    """The entries that were compared."""
    source: Name
    """What they were compared with: the hospital's record, a laboratory print."""
