"""Where a page of results ends, as a short text that can be typed or put in a link: the next begins just after it."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import cast

from earlyphase.faults import InvalidInput

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Place:
    """The end of a page: what was asked, how it was ordered, and the last row that was shown."""

    asked: str
    """The digest of the question, so that a page of another question is not taken for one of this."""
    order: str
    tier: int
    """How close the last row was: 1 in the head, 0 anywhere."""
    key: float | str
    nct_id: str

    def __str__(self) -> str:
        """Write it as a text."""
        fields = [self.asked, self.order, self.tier, self.key, self.nct_id]
        return base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).decode().rstrip("=")


def read_place(text: str, asked: str) -> Place:
    """Read the end of a page that belongs to a question.

    Raises:
        InvalidInput: it is none, or it belongs to another question.
    """
    padded = text[:LONGEST] + "=" * (-len(text) % 4)
    try:
        fields = cast("object", json.loads(base64.b64decode(padded, altchars=b"-_", validate=True)))
    except (binascii.Error, ValueError, RecursionError):
        fields = None
    match fields:
        case [str(whose), str(order), int(tier), (str() | int() | float()) as key, str(nct_id)] if whose == asked:
            return Place(asked, order, tier, key, nct_id)
        case [str(), str(), int(), str() | int() | float(), str()]:
            raise InvalidInput("page", text, "belongs to another search.", "Take it from the answer before.")
        case _:
            raise InvalidInput("page", text[:40], "is no page.", "Leave it out for the first page.")
