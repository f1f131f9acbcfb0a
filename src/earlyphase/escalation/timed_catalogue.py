"""Every design of the catalogue in calendar time."""

from earlyphase.escalation.behaving import max_participants
from earlyphase.escalation.catalogue import build, find
from earlyphase.escalation.options import Options, needed
from earlyphase.escalation.three_plus_three import FULL
from earlyphase.escalation.timed_advice import Known
from earlyphase.escalation.underway import TimedDesign, WhenComplete


def build_timed(name: str, options: Options) -> TimedDesign:
    """Make a design for calendar time from its name and a user's options; a count-driven one waits for its cohorts.

    Raises:
        InvalidInput: the name is unknown, or an option is missing, wrong, or not one of this design's.

    Source: as each design.
    """
    entry, built = find(name), build(name, options)
    if isinstance(built, Known):
        return built.design
    most = max_participants(options) if "max_n" in entry.options else FULL * built.doses
    return WhenComplete(built, needed(most, "--cohorts", "Give --cohorts, or --max-n."))
