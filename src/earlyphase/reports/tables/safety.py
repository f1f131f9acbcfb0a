"""Treatment-emergent adverse events: overview, by class, term and dose level, and by worst grade."""

from collections.abc import Callable

from earlyphase.analysis.safety import SEVERE, Emergent, EmergentEvent, TermRow, by_row, term_rows, worst_grades
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import counted, level, number

_ANY = "Any\N{NO-BREAK SPACE}grade"
INFUSED = "infused"
"""The safety population, as the results data name it."""
_GRADES = ("1", "2", "3", "4", "5")


def overview_table(emergent: Emergent) -> Table:
    """Count the participants with any event, and with those that matter most, by dose level."""
    levels = _levels(emergent)
    rows = tuple(
        Row((Cell(name), *(counted(emergent.who(meets, one), len(emergent.at(one))) for one in levels)))
        for name, meets in _KINDS
    )
    events = Row((Cell("Events"), *(_events(emergent, one) for one in levels)), strong=True)
    columns = (Column("Participants with"), *(Column(_heading(emergent, one), "number") for one in levels))
    return Table(
        "teae-overview",
        "Treatment-emergent adverse events: overview",
        columns,
        (*rows, events) if emergent.at(None) else (),
        _notes(emergent),
        "Nobody has been infused.",
        INFUSED,
    )


_KINDS: tuple[tuple[str, Callable[[EmergentEvent], bool]], ...] = (
    ("Any event", lambda one: True),  # noqa: ARG005 - any
    ("Any related event", lambda one: one.related),
    ("Any event of grade 3 or higher", lambda one: one.event.grade >= SEVERE),
    ("Any related event of grade 3 or higher", lambda one: one.related and one.event.grade >= SEVERE),
    ("Any serious event", lambda one: one.event.serious),
    ("Any serious related event", lambda one: one.event.serious and one.related),
    ("Any fatal event (grade 5)", lambda one: one.event.grade == int(_GRADES[-1])),
)


def by_level_table(emergent: Emergent) -> Table:
    """Count participants by class, term and dose level, at any grade and at grade 3 or higher."""
    levels = _levels(emergent)
    columns = [Column("System organ class, term")]
    for one in levels:
        group = _heading(emergent, one)
        columns += [
            Column(_ANY, "number", group),
            Column("Grade\N{NO-BREAK SPACE}≥\N{NO-BREAK SPACE}3", "number", group),
        ]
    parts = by_row(emergent)
    rows = tuple(_level_row(parts[row], row, levels) for row in term_rows(emergent.events))
    return Table(
        "teae-level",
        "Treatment-emergent adverse events by class, term and dose level",
        tuple(columns),
        rows,
        _notes(emergent),
        _nothing(emergent),
        INFUSED,
    )


def _level_row(emergent: Emergent, row: TermRow, levels: tuple[int | None, ...]) -> Row:
    cells = [Cell(row.term or row.system_class)]
    for one in levels:
        of = len(emergent.at(one))
        cells.append(counted(emergent.who(row.holds, one), of))
        cells.append(counted(emergent.who(lambda each: row.holds(each) and each.event.grade >= SEVERE, one), of))
    return Row(tuple(cells), indent=int(row.term is not None), strong=row.term is None)


def by_grade_table(emergent: Emergent) -> Table:
    """Count participants by class, term and worst grade, over all levels."""
    of, parts = len(emergent.at(None)), by_row(emergent)
    columns = (
        Column("System organ class, term"),
        *(Column(f"Grade\N{NO-BREAK SPACE}{grade}", "number", "Worst grade") for grade in _GRADES),
        Column(_ANY, "number"),
        Column("Events", "number"),
    )
    rows = tuple(
        Row(
            (
                Cell(row.term or row.system_class),
                *(counted(who, of) for _, who in worst_grades(parts[row])),
                counted(parts[row].who(row.holds), of),
                number("events", len(parts[row].events), parts[row].who(row.holds)),
            ),
            indent=int(row.term is not None),
            strong=row.term is None,
        )
        for row in term_rows(emergent.events)
    )
    return Table(
        "teae-grade",
        "Treatment-emergent adverse events by class, term and worst grade",
        columns,
        rows,
        ("Each participant is counted once in a row, at their worst grade.", *_notes(emergent)),
        _nothing(emergent),
        INFUSED,
    )


def _levels(emergent: Emergent) -> tuple[int | None, ...]:
    """Give the levels at which anybody was infused, then all of them together."""
    return (*(number for number, names in emergent.infused if names), None)


def _heading(emergent: Emergent, number: int | None) -> str:
    name = "All levels" if number is None else level(number)
    return f"{name} (N = {len(emergent.at(number))})"


def _events(emergent: Emergent, level_number: int | None) -> Cell:
    names = set(emergent.at(level_number))
    found = [one for one in emergent.events if one.participant in names]
    return number("events", len(found), emergent.who(lambda one: True, level_number))  # noqa: ARG005 - any event


def _nothing(emergent: Emergent) -> str:
    if not emergent.at(None):
        return "Nobody has been infused."
    return f"None of {len(emergent.at(None))} infused participants had a treatment-emergent adverse event."


def _notes(emergent: Emergent) -> tuple[str, ...]:
    until = f" up to day {emergent.horizon_days}" if emergent.horizon_days is not None else ""
    scales = sorted({one.event.scale for one in emergent.events})
    graded = f" Grades as the investigator gave them ({', '.join(scales)})." if scales else ""
    empty = [level(number) for number, names in emergent.infused if not names]
    nobody = f" Nobody was infused at {', '.join(empty).lower()}." if empty else ""
    what = "Participants (percent of those infused) with an event that began, or worsened, from the infusion (day 0)"
    return (f"{what}{until}.{graded}{nobody}",)
