"""Sensitivity of times to an event to what is done with who leaves, is transplanted, or is treated otherwise."""

from collections.abc import Sequence

from earlyphase.analysis.results import Number, estimated
from earlyphase.analysis.sensitivity import Varied, without_event
from earlyphase.analysis.time_to_event import End, TimeToEvent
from earlyphase.dates import MONTH
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import NONE, counted, months, months_interval, percent, percent_interval, with_interval


def sensitivity_table(found: Sequence[tuple[TimeToEvent, Sequence[Varied]]]) -> Table:
    """Show each endpoint as specified, then under each other choice, with how much that changes."""
    columns = (
        Column("Specification"),
        *(Column(name, "number") for name in ("Events", "Competing", "Censored", "Ends otherwise")),
        Column("Median, months (interval)", "number"),
        Column("Without event (interval)", "number"),
        Column("Difference, points", "number"),
    )
    rows = [row for time, variations in found if time.curve.n for row in _rows(time, variations)]
    told = dict.fromkeys(one.variation for _, variations in found for one in variations)
    general = (
        "Without event: at the end of the endpoint's time frame; where something competes, 1 − cumulative incidence "
        "(Aalen–Johansen), else Kaplan–Meier. Difference: percentage points from the endpoint as specified. Ends "
        "otherwise: whose time ends on another day, or as something else."
    )
    notes = (
        general,
        *(f"{one.title}: {_sentence(one.why)} ({one.source})" for one in told),
    )
    title = "Times to an event under other choices of censoring"
    return Table("sensitivity", title, columns, tuple(rows), notes, "There is nobody to follow.", "infused")


def _sentence(text: str) -> str:
    return text[0].lower() + text[1:]


def _rows(time: TimeToEvent, variations: Sequence[Varied]) -> list[Row]:
    people = len(time.follow_ups)
    name = f"{time.endpoint.title} ({time.endpoint.id}, N = {people}), as specified"
    ends = _figures(time)
    main = Row((Cell(name), *ends[:3], Cell(NONE), *ends[3:], Cell(NONE)), strong=True)
    return [main, *(_varied(one) for one in variations)]


def _varied(one: Varied) -> Row:
    ends = _figures(one.time)
    points = None if one.difference is None else 100 * one.difference
    shown = NONE if points is None else "0.0" if not one.changed else f"{points:+.1f}".replace("-", "−")
    who, note = one.changed, without_event(one.time).note if points is None else ""
    difference = Cell(shown, who, (Number("difference", points, "percentage points", note),))
    return Row((Cell(one.variation.title), *ends[:3], counted(who), *ends[3:], difference), indent=1)


def _figures(time: TimeToEvent) -> tuple[Cell, ...]:
    who = tuple(one.participant for one in time.follow_ups)
    middle, share = time.median, without_event(time)
    return (
        *(counted(time.who(end)) for end in (End.EVENT, End.COMPETING, End.CENSORED)),
        Cell(
            with_interval(months(middle.estimate), months_interval(middle)),
            who,
            estimated("median", middle, "months", 1 / MONTH),
        ),
        Cell(
            with_interval(percent(share.estimate), percent_interval(share)),
            who,
            estimated("without event", share, "%", 100),
        ),
    )
