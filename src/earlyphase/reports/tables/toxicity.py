"""Severe events, CRS and ICANS with their times, and shifts of laboratory grades."""

from collections.abc import Mapping, Sequence

from earlyphase.analysis.laboratory_grades import Shift
from earlyphase.analysis.safety import SEVERE, Emergent, TermRow, by_row, term_rows
from earlyphase.analysis.syndromes import Course, courses_of
from earlyphase.reports.tables.safety import INFUSED
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import counted, named_level, spread
from earlyphase.toxicity.astct import load_scales

_GRADES = range(1, 6)


def _levels(emergent: Emergent) -> tuple[int | None, ...]:
    return (*(number for number, names in emergent.infused if names), None)


def severe_table(emergent: Emergent) -> Table:
    """Count the participants with events of grade 3 or higher, by class, term and dose level."""
    severe = [one for one in emergent.events if one.event.grade >= SEVERE]
    levels = _levels(emergent)
    columns = (
        Column("System organ class, term"),
        *(Column(named_level(one, len(emergent.at(one))), "number") for one in levels),
        Column("Related", "number"),
    )
    parts = by_row(emergent)
    rows = tuple(_severe_row(parts[row], row, levels) for row in term_rows(severe))
    of = len(emergent.at(None))
    nothing = (
        f"None of {of} infused participants had an event of grade 3 or higher." if of else "Nobody has been infused."
    )
    title = "Treatment-emergent adverse events of grade 3 or higher"
    note = "Participants (percent of those infused). Related: over all levels, related or possibly related."
    return Table("teae-severe", title, columns, rows, (note,), nothing, INFUSED)


def _severe_row(emergent: Emergent, row: TermRow, levels: Sequence[int | None]) -> Row:
    cells = [
        counted(
            emergent.who(lambda one: row.holds(one) and one.event.grade >= SEVERE, number), len(emergent.at(number))
        )
        for number in levels
    ]
    related = emergent.who(lambda one: row.holds(one) and one.event.grade >= SEVERE and one.related)
    cells.append(counted(related, len(emergent.at(None))))
    return Row((Cell(row.term or row.system_class), *cells), indent=int(row.term is not None), strong=row.term is None)


def syndromes_table(emergent: Emergent) -> Table:
    """Show CRS and ICANS: worst grades, time to onset, duration."""
    levels = _levels(emergent)
    scales = load_scales()
    rows = [row for name, terms in scales.terms.items() for row in _syndrome(emergent, name, terms, levels)]
    times = (
        "Onset: days from the infusion (day 0) to the first event. Duration: from the first day to the last, in days, "
        "of courses that are over. Median (least to most)."
    )
    notes = (
        times,
        f"Grades as the investigator gave them; scale: {scales.label}.",
    )
    columns = (
        Column("Syndrome"),
        *(Column(named_level(one, len(emergent.at(one))), "number") for one in levels),
    )
    shown = tuple(rows) if emergent.at(None) else ()
    title = "Cytokine release syndrome and ICANS"
    return Table("crs-icans", title, columns, shown, notes, "Nobody has been infused.", INFUSED)


def _syndrome(emergent: Emergent, name: str, terms: tuple[str, ...], levels: Sequence[int | None]) -> list[Row]:
    found = [courses_of(emergent, terms, level) for level in levels]
    of = [len(emergent.at(level)) for level in levels]

    def count(title: str, least: int, most: int) -> Row:
        cells = (
            counted((one.participant for one in courses if least <= one.worst <= most), n)
            for courses, n in zip(found, of, strict=True)
        )
        return Row((Cell(title), *cells), indent=1)

    seen = {one.worst for one in found[-1]}
    going = ((one.participant for one in courses if one.lasted is None) for courses in found)
    return [
        Row(
            (
                Cell(name),
                *(counted((one.participant for one in courses), n) for courses, n in zip(found, of, strict=True)),
            ),
            strong=True,
        ),
        *(count(f"worst grade {grade}", grade, grade) for grade in _GRADES if grade in seen),
        count("grade 3 or higher", SEVERE, 5),
        Row(
            (Cell("onset, days"), *(_times({one.participant: one.onset for one in courses}) for courses in found)),
            indent=1,
        ),
        Row((Cell("duration, days"), *(_times(_over(courses)) for courses in found)), indent=1),
        Row((Cell("still going on"), *(counted(names) for names in going)), indent=1),
    ]


def _over(courses: Sequence[Course]) -> dict[str, int]:
    return {one.participant: one.lasted for one in courses if one.lasted is not None}


def _times(values: Mapping[str, float]) -> Cell:
    return spread(values, "days", 0)


def shift_table(shifts: Sequence[Shift]) -> Table:
    """Show the worst laboratory grade after the infusion by the grade before it, for each term."""
    columns = (
        Column("Term, grade before"),
        Column("Participants", "number"),
        *(Column(str(grade), "number", "Worst grade after the infusion") for grade in range(5)),
        Column("not known", "number", "Worst grade after the infusion"),
    )
    rows: list[Row] = []
    for term in dict.fromkeys(one.term for one in shifts):
        here = [one for one in shifts if one.term == term]
        if not any(one.baseline or one.worst for one in here):
            continue
        rows.append(
            Row((Cell(term), counted(one.participant for one in here), *(Cell("") for _ in range(6))), strong=True)
        )
        before = sorted({one.baseline for one in here}, key=lambda grade: 9 if grade is None else grade)
        rows += [_shift_row(grade, [one for one in here if one.baseline == grade]) for grade in before]
    graded = (
        "Laboratory grades of CTCAE v5.0, computed from value, unit, normal range and baseline; where only symptoms "
        "separate two grades the higher one counts. Terms without any grade above 0 are left out."
    )
    notes = (
        graded,
        "Before: the last value up to the day of the infusion, graded against the normal range.",
        "Not known: not measured, or a limit is missing.",
    )
    title = "Shift of laboratory grades from before the infusion to the worst after it"
    return Table("lab-shift", title, columns, tuple(rows), notes, "No laboratory value was graded above 0.", INFUSED)


def _shift_row(grade: int | None, here: Sequence[Shift]) -> Row:
    worst = (0, 1, 2, 3, 4, None)
    cells = (counted(one.participant for one in here if one.worst == after) for after in worst)
    name = "not known" if grade is None else f"grade {grade}"
    return Row((Cell(name), counted(one.participant for one in here), *cells), indent=1)
