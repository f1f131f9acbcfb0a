"""The product chain: leukapheresis, release or failure, lymphodepletion, infusion."""

import datetime as dt
from typing import ClassVar

from earlyphase.journal.payloads.payload import Level, Name, Payload, Sentence
from earlyphase.quantities import Quantity


class Leukapheresis(Payload):
    """The starting material was collected."""

    record: ClassVar[str] = "leukapheresis"
    on: dt.date
    collection: Name | None = None
    """The identifier of the collection."""


class ProductReleased(Payload):
    """The manufactured product was released for infusion."""

    record: ClassVar[str] = "product_released"
    on: dt.date
    lot: Name
    available: Quantity | None = None
    """The dose that it holds."""
    out_of_specification: Sentence | None = None
    """What is out of specification, where it was released all the same."""


class ProductFailed(Payload):
    """Manufacturing failed: there is no product."""

    record: ClassVar[str] = "product_failed"
    on: dt.date
    lot: Name | None = None
    because: Sentence


class Lymphodepletion(Payload):
    """Conditioning was given."""

    record: ClassVar[str] = "lymphodepletion"
    on: dt.date
    """The last day."""
    first_day: dt.date
    """The first day."""
    agents: tuple[Name, ...]


class Infusion(Payload):
    """The product was given. It is day 0. The assigned and the administered dose are different facts."""

    record: ClassVar[str] = "infusion"
    on: dt.date
    level: Level
    """The dose level that was assigned."""
    assigned: Quantity
    """The dose that was assigned."""
    administered: Quantity
    """The dose that was given."""
    lot: Name
    deviation: Sentence | None = None
    """Why this was done although the protocol says no; it is shown everywhere as a deviation."""
