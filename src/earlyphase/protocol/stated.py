"""What every item of a protocol says of itself: how it is known, and where it stands."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Basis(StrEnum):
    """How an item is known. The three are never mixed."""

    AS_WRITTEN = "as written"
    """The cited source says so."""
    AS_INTERPRETED = "as interpreted"
    """The cited source is read so, for a stated reason."""
    ASSUMED = "assumed"
    """The sources are silent: every report prints it among its assumptions."""


class Model(BaseModel):
    """The settings of every protocol model: frozen, and nothing unknown is let in."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Source(Model):
    """Where an item stands."""

    document: str
    """The document: `record` for the registry record, else a title with its version."""
    place: str
    """The section, page or, for the record, the path of the field."""
    quote: str | None = None
    """The words that say it. A quote from the record must stand at that place."""


class Stated(Model):
    """An item that says how it is known and cites its place."""

    basis: Basis
    """Whether it is as written, as interpreted or assumed."""
    source: Source
    """Where it is written, or where it should have been."""
    why: str | None = Field(default=None)
    """Why it is read, or assumed, so."""
