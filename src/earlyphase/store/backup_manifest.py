"""What a backup says of itself: which tables it holds, how many rows, which hashes, where each journal ends."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

MANIFEST = "manifest.json"

JOURNAL = "journal_entry"
"""The table that is kept as the lines of journals, one file for each study."""

NOT_KEPT = frozenset({"django_session", "operations_asked"})
"""Tables that a restored site begins anew: nobody is logged in, nobody has asked yet."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeptTable(_Model):
    """A table as it was copied."""

    file: str
    columns: tuple[str, ...]
    rows: int
    sha256: Digest
    """Over the bytes of the file."""


class KeptJournal(_Model):
    """A study's journal as it was copied: the file is one that `earlyphase study verify` reads."""

    file: str
    entries: int
    head: Digest
    sha256: Digest


class Manifest(_Model):
    """All that a backup holds."""

    format: Literal[1] = 1
    software: str
    """The version that wrote it."""
    made_at: str
    steps: tuple[str, ...]
    """The steps of the schema of journals and records."""
    migrations: tuple[tuple[str, str], ...]
    """The steps of the tables of people, tokens and identity, in the order in which they were taken."""
    tables: dict[str, KeptTable]
    journals: dict[str, KeptJournal]
