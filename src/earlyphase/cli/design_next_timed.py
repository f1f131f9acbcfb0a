"""The part of `earlyphase design next` for designs that depend on time: who is pending counts."""

from dataclasses import asdict
from typing import NamedTuple

from earlyphase.cli.design_options import numbers
from earlyphase.escalation.notation import parse_outcomes, tally
from earlyphase.escalation.options import Options
from earlyphase.escalation.timed_advice import Pending, Seen, TimedRecommendation, advise_underway
from earlyphase.escalation.timed_catalogue import build_timed
from earlyphase.faults import InvalidInput


class Told(NamedTuple):
    """What the user told of the study."""

    outcomes: str
    pending: str
    window: float | None
    responses: str
    dlt_days: str
    current: int | None


def answer_timed(design: str, options: Options, told: Told, *, as_json: bool) -> None:
    """Advise, and print the advice."""
    planned = build_timed(design, options)
    seen = seen_by(told, planned.doses)
    beside = seen.pending and max(each.dose for each in seen.pending) < (seen.tally.current or 0)
    if design == "bf-boin" and beside and told.current is None:
        rule = "is missing: those pending may be a cohort after a lower dose was chosen, or backfill."
        raise InvalidInput("--current", None, rule, "Say at which dose the escalation stands.")
    said = advise_underway(planned, seen)
    if as_json:
        import orjson  # noqa: PLC0415 - kept out of the start-up

        print(orjson.dumps(asdict(said) | {"next_cohort": []}).decode())
        return
    _show(said)


def seen_by(told: Told, doses: int) -> Seen:
    """Read what was seen.

    Raises:
        InvalidInput: it cannot be read, or days are given without the window.
    """
    if (told.pending or told.dlt_days) and not (told.window or 0) > 0:
        raise InvalidInput("--window", told.window, "is needed to weigh days.", "Give the days of the DLT window.")
    window = told.window or 1.0
    pending = tuple(_pending(word, window) for word in told.pending.replace(",", " ").split())
    responses = numbers(told.responses, "--responses", int) if told.responses else ()
    came = tuple(days / window for days in numbers(told.dlt_days, "--dlt-days")) if told.dlt_days else ()
    if came and not 0 <= min(came) <= max(came) <= 1:
        raise InvalidInput("--dlt-days", told.dlt_days, "do not lie within the window.", "Give days up to --window.")
    outcomes = tally(parse_outcomes(told.outcomes, doses, "--outcomes"), doses)
    return Seen(outcomes, pending, responses, came, told.current)


def _pending(word: str, window: float) -> Pending:
    """Read one of the pending, such as 2:14."""
    dose, colon, days = word.partition(":")
    if not (colon and dose.isdigit() and days.replace(".", "", 1).isdigit()):
        rule = "is not a dose and the days since the infusion."
        raise InvalidInput("--pending", word, rule, "As in 2:14, for dose 2 and day 14.")
    if float(days) >= window:
        rule = f"has reached the end of the window of {window:g} days: the outcome is known."
        raise InvalidInput("--pending", word, rule, "Write it among the outcomes.")
    return Pending(int(dose), float(days) / window)


def _show(said: TimedRecommendation) -> None:
    """Print the advice for a reader."""
    if said.decision == "wait":
        print("Next: nobody yet (wait)")
    elif said.next_dose is None:
        print(f"Escalation over: {'no dose is chosen' if said.mtd is None else f'dose {said.mtd} is chosen'}")
    else:
        print(f"Next: {said.cohort_size} at dose {said.next_dose} ({said.decision})")
    print(said.reason)
