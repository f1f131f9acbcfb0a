"""Response and time to event."""

from collections.abc import Sequence

from earlyphase.analysis.aalen_johansen import incidence_at
from earlyphase.analysis.rates import ResponseRate
from earlyphase.analysis.results import estimated
from earlyphase.analysis.time_to_event import End, TimeToEvent
from earlyphase.dates import MONTH
from earlyphase.journal.payloads.observations import Response
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import NONE, counted, months, months_interval, percent, percent_interval, with_interval


def response_table(rate: ResponseRate) -> Table:
    """Show the best responses and the rate of those that count."""
    of, endpoint = len(rate.best), rate.endpoint
    seen = [response for response in Response if rate.who(response) or response.value in endpoint.responses]
    rows = [Row((Cell(response.value), counted(rate.who(response), of), Cell(""))) for response in seen]
    if rate.who(None):
        rows.append(Row((Cell("no assessment"), counted(rate.who(None), of), Cell(""))))
    total = (Cell(endpoint.title), counted(rate.responders, of), _limits(rate))
    interval = f"{100 * rate.estimate.level:g} % interval ({rate.estimate.interval})"
    counts = ", ".join(response.value for response in Response if response.value in endpoint.responses)
    who = f"{endpoint.title} counts {counts} among the {endpoint.population.value}"
    missing = "who was not assessed counts as not responding"
    return Table(
        f"response-{endpoint.id.lower()}",
        f"Best response and {endpoint.title.lower()}",
        (Column("Best response"), Column(f"Participants (N = {of})", "number"), Column(interval, "number")),
        (*rows, Row(total, strong=True)) if of else (),
        (f"Best response within {endpoint.horizon_days} days of the infusion.", f"{who}; {missing}."),
        f"Nobody is {endpoint.population.value}: there is no rate.",
        endpoint.population.value,
    )


def _limits(rate: ResponseRate) -> Cell:
    numbers = estimated(rate.endpoint.title, rate.estimate, "%", 100)
    return Cell(percent_interval(rate.estimate), tuple(one.participant for one in rate.best), numbers)


def time_table(estimates: Sequence[TimeToEvent]) -> Table:
    """Show every time-to-event endpoint: events, median, the chance of being without the event at the horizon."""
    columns = (
        Column("Endpoint"),
        *(Column(name, "number") for name in ("N", "Events", "Competing", "Censored")),
        Column("Median, months (interval)", "number"),
        Column("Time frame, months", "number"),
        Column("Without event by then (interval)", "number"),
        Column("Follow-up, months", "number"),
    )
    notes = tuple(note for one in estimates for note in _notes(one))
    general = (
        "Kaplan–Meier; a competing event censors. Median at the middle of a flat stretch at exactly one half. "
        "Follow-up: median by reverse Kaplan–Meier. Time is cut at the end of the time frame."
    )
    rows = tuple(_time_row(one) for one in estimates)
    return Table(
        "time-to-event", "Time to event", columns, rows, (general, *notes), "The protocol has no such endpoint."
    )


def _time_row(one: TimeToEvent) -> Row:
    horizon, empty = one.at_horizon, one.curve.n == 0
    who = tuple(each.participant for each in one.follow_ups)
    return Row(
        (
            Cell(f"{one.endpoint.title} ({one.endpoint.id})"),
            counted(who),
            *(counted(one.who(end)) for end in (End.EVENT, End.COMPETING, End.CENSORED)),
            Cell(
                "nobody to follow"
                if empty
                else with_interval(months(one.median.estimate), months_interval(one.median)),
                who,
                estimated("median", one.median, "months", 1 / MONTH),
            ),
            Cell(months(one.endpoint.horizon_days)),
            Cell(
                NONE if empty else with_interval(percent(horizon.estimate), percent_interval(horizon)),
                who,
                estimated("without event", horizon, "%", 100),
            ),
            Cell(
                NONE if empty else months(one.follow_up.estimate),
                who,
                estimated("median follow-up", one.follow_up, "months", 1 / MONTH),
            ),
        )
    )


def _notes(one: TimeToEvent) -> tuple[str, ...]:
    """Say of one endpoint how its interval is made, what counts, and what the estimate cannot say."""
    endpoint = one.endpoint
    events = ", ".join(sorted(happening.value for happening in endpoint.events))
    if endpoint.remission_within_days is not None:
        events += f", no {'/'.join(sorted(endpoint.responses))} within {endpoint.remission_within_days} days"
        events += f" (dated on {'day 0' if endpoint.failure_on == 'origin' else 'the deadline'})"
    competing = (
        f"; competing: {', '.join(sorted(happening.value for happening in endpoint.competing))}"
        if endpoint.competing
        else ""
    )
    censored = (
        f"; censored at {', '.join(sorted(happening.value for happening in endpoint.censored_at))}"
        if endpoint.censored_at
        else ""
    )
    interval = f"{100 * endpoint.confidence:g} % intervals: {one.curve.interval.value}."
    told = f"{endpoint.id}: from {endpoint.origin.value} to {events}{competing}{censored}. {interval}"
    return (f"{told}{_caveats(one)}",)


def _caveats(one: TimeToEvent) -> str:
    said: list[str] = []
    if one.without_origin:
        said.append(f"{len(one.without_origin)} without {one.endpoint.origin.value} are not counted.")
    if one.at_horizon.note:
        last = float(one.curve.times[-1]) if one.curve.n else 0.0
        said.append(f"Nobody is followed beyond {months(last)} months: the last value stands." if one.curve.n else "")
    if one.incidence is not None and one.curve.n:
        found = incidence_at(one.incidence, 1, one.endpoint.horizon_days)
        said.append(
            f"Cumulative incidence of the event, with competing events (Aalen–Johansen): {percent(found.estimate)} "
            f"({percent_interval(found)}) at the end of the time frame."
        )
    return "".join(f" {sentence}" for sentence in said if sentence)
