"""Landmarks, competing events in both ways, and responses derived from findings beside the investigator's."""

from collections.abc import Sequence

from earlyphase.analysis.competing import Compared, landmarks
from earlyphase.analysis.response import DerivedCourse
from earlyphase.analysis.results import Number, estimated
from earlyphase.analysis.time_to_event import TimeToEvent
from earlyphase.dates import MONTH
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import NONE, counted, number, percent, percent_interval, with_interval
from earlyphase.response.comparing import Difference, rules_that_differ
from earlyphase.response.criteria_set import CriteriaSet


def landmarks_table(times: Sequence[TimeToEvent]) -> Table:
    """Show each curve at its landmarks, with who is still at risk."""
    rows: list[Row] = []
    for one in times:
        who = tuple(each.participant for each in one.follow_ups)
        rows.append(Row((Cell(f"{one.endpoint.title} ({one.endpoint.id})"), counted(who), Cell("")), strong=True))
        for mark in landmarks(one):
            text = with_interval(percent(mark.survival.estimate), percent_interval(mark.survival))
            figures = estimated("without event", mark.survival, "%", 100)
            beyond = " †" if mark.survival.note.startswith("beyond") else ""
            cells = (
                Cell(f"{mark.day / MONTH:.0f} months"),
                number("at risk", mark.at_risk),
                Cell(text + beyond, who, figures),
            )
            rows.append(Row(cells, indent=1))
    notes = (
        "Kaplan–Meier with the interval that each endpoint names in the table of times to event.",
        "† Beyond the last follow-up: the last value stands.",
    )
    columns = (Column("Landmark"), Column("At risk", "number"), Column("Without event (95 % interval)", "number"))
    return Table("landmarks", "Landmarks", columns, tuple(rows), notes, "The protocol has no time to event.", "infused")


def competing_table(found: Sequence[Compared]) -> Table:
    """Show the chance of the event with competing events censored, and competing, and how the two differ."""
    columns = (
        Column("Endpoint"),
        Column("N", "number"),
        Column("Competing events censored: 1 − Kaplan–Meier", "number"),
        Column("Competing: Aalen–Johansen", "number"),
        Column("Difference, percentage points", "number"),
    )
    note = (
        "Chance of the event by the end of the time frame. Censoring answers what would happen if the competing events "
        "could not; competing answers what did happen. The first is never the smaller one."
    )
    rows = tuple(_compared_row(one) for one in found)
    title = "Competing events, censored and competing"
    return Table("competing", title, columns, rows, (note,), "No endpoint has competing events.", "infused")


def _compared_row(one: Compared) -> Row:
    who = tuple(each.participant for each in one.time.follow_ups)
    censored = with_interval(percent(one.censored.estimate), percent_interval(one.censored))
    competing = with_interval(percent(one.competing.estimate), percent_interval(one.competing))
    points = None if one.difference is None else 100 * one.difference
    difference = Number("difference", points, "percentage points", one.censored.note if points is None else "")
    return Row(
        (
            Cell(f"{one.time.endpoint.title} ({one.time.endpoint.id})"),
            counted(who),
            Cell(censored, who, estimated("event, competing events censored", one.censored, "%", 100)),
            Cell(competing, who, estimated("event, competing events competing", one.competing, "%", 100)),
            Cell(NONE if points is None else f"{points:.1f}", who, (difference,)),
        )
    )


def derived_table(
    courses: Sequence[tuple[DerivedCourse, DerivedCourse]], sets: tuple[CriteriaSet, CriteriaSet]
) -> Table:
    """Show the best response that the findings give under each of two sets."""
    firsts, seconds = [one for one, _ in courses], [other for _, other in courses]
    names = dict.fromkeys((*sets[0].names, *sets[1].names))
    rows = [_best_row(name, firsts, seconds) for name in names]
    rows = [row for row in rows if any(cell.participants for cell in row.cells[1:])]
    unknown = [tuple(one.participant for one in part if one.best.response is None) for part in (firsts, seconds)]
    rows.append(Row((Cell("not known"), *(counted(who, len(courses)) for who in unknown))))
    causes = dict.fromkeys(cause for pair in courses for one in pair for cause in _kinds(one))
    notes = [
        f"{one.name}: {one.source}. Not verified against it: {', '.join(one.unverified) or 'nothing'}." for one in sets
    ]
    notes.append(sets[0].windows_note)
    if causes:
        notes.append(f"Not known because of: {', '.join(causes)}.")
    columns = (Column("Best response"), *(Column(one.name, "number", f"N = {len(courses)}") for one in sets))
    title = "Best response derived from marrow, counts and extramedullary findings"
    shown = tuple(rows) if courses else ()
    return Table("response-derived", title, columns, shown, tuple(notes), "Nobody has been infused.", "infused")


def _best_row(name: str, firsts: Sequence[DerivedCourse], seconds: Sequence[DerivedCourse]) -> Row:
    cells = (
        counted((one.participant for one in part if one.best.response == name), len(part)) for part in (firsts, seconds)
    )
    return Row((Cell(name), *cells))


def _kinds(one: DerivedCourse) -> list[str]:
    """Name the causes without the days that they are of."""
    return [cause.split(" of ")[0].split(" on ")[0] for cause in one.best.causes]


def queries_table(courses: Sequence[DerivedCourse]) -> Table:
    """List the responses of investigators that the findings rule out."""
    found = [query for one in courses for query in one.queries]
    rows = tuple(
        Row(
            (
                Cell(one.participant, (one.participant,)),
                Cell(str(one.on)),
                Cell(one.assessed.value),
                Cell(" or ".join(one.derived.possible)),
                Cell(one.because),
            )
        )
        for one in found
    )
    columns = tuple(Column(name) for name in ("Participant", "On", "Investigator", "By the findings", "Why"))
    notes = ("The investigator's response stands in every table; a difference is a question to them.",)
    nothing = "No response of an investigator is ruled out by the findings."
    return Table("response-queries", "Queries on responses", columns, rows, notes, nothing)


def differences_table(found: Sequence[tuple[str, Difference]], sets: tuple[CriteriaSet, CriteriaSet]) -> Table:
    """List the assessments on which two sets differ, and how the sets themselves do."""
    rows = [
        Row(
            (
                Cell(name, (name,)),
                Cell(str(one.first.on)),
                Cell(" or ".join(one.first.possible)),
                Cell(" or ".join(one.second.possible)),
                Cell("; ".join(one.because)),
            )
        )
        for name, one in found
        if not one.agrees
    ]
    columns = tuple(Column(name) for name in ("Participant", "On", sets[0].name, sets[1].name, "Because"))
    notes = tuple(f"{name}: {first} | {second}." for name, first, second in rules_that_differ(*sets))
    title = f"Assessments on which {sets[0].name} and {sets[1].name} differ"
    return Table("response-differences", title, columns, tuple(rows), notes, "The two sets agree on every assessment.")
