"""Rules for any finding on a DLT window, a review or the adjudication: what can be found, and when."""

from collections.abc import Iterator

from earlyphase.dates import days_from
from earlyphase.journal.payloads.safety import DltAdjudication, DltReview, DltVerdict
from earlyphase.protocol.escalation import NotEvaluable
from earlyphase.study.refusal import Reason
from earlyphase.study.standing import dlt_window_end, never_to_be_infused
from earlyphase.study.state import Participant, Study

Finding = DltReview | DltAdjudication


def keeps_to_window(study: Study, person: Participant, finding: Finding) -> Iterator[Reason]:
    """No DLT is found only when the window is over, a DLT only by an event that began within it."""
    until = dlt_window_end(study.protocol, person.infusion)
    match finding.verdict:
        case DltVerdict.NO_DLT if until and finding.on < until:
            yield Reason(
                "window open",
                f'{person.id}: the DLT window is open until {until}; "no DLT" cannot be found on {finding.on}.',
                "dlt.window_days",
                f"Wait until {until}.",
            )
        case DltVerdict.DLT:
            yield from _event_in_window(study, person, finding)
        case DltVerdict.NOT_EVALUABLE if finding.not_evaluable is NotEvaluable.NOT_INFUSED and not never_to_be_infused(
            person
        ):
            yield Reason(
                "not evaluable",
                f"{person.id} was infused, or may still be.",
                "escalation.evaluability",
                "Record the withdrawal or the failure of the product first.",
            )
        case _:
            return


def _event_in_window(study: Study, person: Participant, finding: Finding) -> Iterator[Reason]:
    event = next((fact.payload for fact in person.adverse_events if fact.entry == finding.adverse_event), None)
    if event is None:
        yield Reason(
            "no event",
            f"{person.id}: entry {finding.adverse_event} is not an adverse event of this participant.",
            "dlt",
            "Name the entry of the event that is the DLT.",
        )
    elif person.infusion is not None:
        first, last = (days_from(person.infusion.on, day) for day in (event.onset.earliest, event.onset.latest))
        if last < 0 or first > study.protocol.dlt.window_days:
            yield Reason(
                "outside the window",
                f"{person.id}: {event.term} began on {event.onset}, day {first}; the window is days 0 to "
                f"{study.protocol.dlt.window_days}.",
                "dlt.window_days",
                "An event outside the window is not a DLT.",
            )
