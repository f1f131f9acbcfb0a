"""What the designs that depend on time take from a user's options."""

from earlyphase.escalation.behaving import max_participants
from earlyphase.escalation.interval import doses_of
from earlyphase.escalation.options import Options
from earlyphase.faults import InvalidInput

NO_MAXIMUM = 1_000
"""Participants at most where no maximum was given: as good as none."""


def ladder(options: Options, doses: int | None = None) -> tuple[int, int]:
    """Give the number of doses and the dose of the first participant.

    Raises:
        InvalidInput: there is no such dose.

    Source: the protocol's dose levels.
    """
    count = doses_of(options) if doses is None else doses
    start = options.start or 1
    if not 1 <= start <= count:
        raise InvalidInput("--start", start, f"is not one of the {count} doses.", f"Give 1 to {count}.")
    return count, start


def most_of(options: Options) -> int:
    """Give how many participants are treated at most.

    Raises:
        InvalidInput: the number is not positive.

    Source: the protocol's sample size.
    """
    for place, value in (("--max-n", options.max_n), ("--cohorts", options.cohorts), ("--stop-at", options.stop_at)):
        if value is not None and value < 1:
            raise InvalidInput(place, value, "is not a number of participants.", "Give 1 or more.")
    return max_participants(options) or NO_MAXIMUM
