"""Listings of a safety review: adverse events, laboratory grades, stopping rules, expedited reports."""

import datetime as dt
import itertools
from collections.abc import Sequence

from earlyphase.analysis.laboratory_grades import GradedLaboratory, GradedValue
from earlyphase.analysis.monitoring import Monitored
from earlyphase.analysis.safety import SEVERE
from earlyphase.dates import PartialDate, days_from
from earlyphase.faults import InvalidInput
from earlyphase.journal.payloads.safety import AdverseEvent
from earlyphase.quantities import Quantity
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import NONE, counted, level
from earlyphase.study.dlt_proposals import graded, known_until
from earlyphase.study.reporting import Clock, Progress
from earlyphase.study.state import Fact, Participant, Study
from earlyphase.toxicity.clocks import load_jurisdictions
from earlyphase.toxicity.emergence import emergence

_EVENT_COLUMNS = (
    Column("Participant"),
    Column("Event"),
    Column("Grade", "number"),
    Column("From (day)"),
    Column("Until (day)"),
    Column("Course"),
    Column("TEAE"),
    Column("Related"),
    Column("Serious"),
    Column("Entry", "number"),
)


def events_table(study: Study, number: int, cutoff: dt.date) -> Table:
    """List every adverse event of the participants of one level, by participant and onset, as known at a cut-off."""
    people = [person for person in study.participants.values() if person.level == number]
    rows = tuple(_event_row(person, fact, cutoff) for person in people for fact in _by_onset(person))
    title = f"Adverse events of participants at {level(number).lower()}"
    return Table("events-level", title, _EVENT_COLUMNS, rows, _EVENT_NOTES, "No adverse event was recorded.")


_EVENT_NOTES = (
    "Grade: the worst, as the investigator gave it. Course: later changes of grade.",
    "Day: from the infusion (day 0). TEAE: treatment-emergent, it began or worsened after the infusion.",
    "Bold: grade 3 or more, or serious.",
)


def other_events_table(study: Study, number: int, cutoff: dt.date) -> Table:
    """List the severe and the serious events of every level but one."""
    people = [person for person in study.participants.values() if person.level != number]
    facts = [(person, fact) for person in people for fact in _by_onset(person) if _grave(fact.payload)]
    return Table(
        "events-others",
        f"Serious adverse events, and those of grade 3 or more, outside {level(number).lower()}",
        _EVENT_COLUMNS,
        tuple(_event_row(person, fact, cutoff, bold=False) for person, fact in facts),
        _EVENT_NOTES[:-1],
        "There is none.",
    )


def _grave(event: AdverseEvent) -> bool:
    return event.serious or event.grade >= SEVERE


def _by_onset(person: Participant) -> list[Fact[AdverseEvent]]:
    return sorted(person.adverse_events, key=lambda fact: (fact.payload.onset.earliest, fact.entry))


def _event_row(person: Participant, fact: Fact[AdverseEvent], cutoff: dt.date, *, bold: bool = True) -> Row:
    event = fact.payload
    cause = f" ({event.cause})" if event.cause else ""
    over = event.resolved is not None and event.resolved.earliest <= cutoff
    texts = (
        person.id,
        event.term,
        str(_grade(fact, cutoff)),
        _dated(person, event.onset, event.onset_at),
        _dated(person, event.resolved, event.resolved_at) if over and event.resolved else "ongoing",
        ", ".join(f"{change.grade} on {change.on}{_at(change.at)}" for change in event.course if change.on <= cutoff)
        or NONE,
        _emergent(person, fact),
        f"{event.relatedness}{cause}",
        _serious(event),
        str(fact.latest),
    )
    return Row(tuple(Cell(text) for text in texts), strong=bold and _grave(event))


def _grade(fact: Fact[AdverseEvent], cutoff: dt.date) -> int:
    """Give the worst grade by a cut-off; of an event on an unknown scale, the one that was recorded."""
    try:
        return known_until(graded(fact), cutoff).worst_max
    except InvalidInput:
        return fact.payload.grade


def _at(time: dt.time | None) -> str:
    return f"\N{NO-BREAK SPACE}{time:%H:%M}" if time is not None else ""


def _dated(person: Participant, day: PartialDate, at: dt.time | None = None) -> str:
    if person.infusion is None or not day.complete:
        return str(day)
    return f"{day}{_at(at)}\N{NO-BREAK SPACE}({days_from(person.infusion.on, day.earliest)})".replace("(-", "(−")


def _serious(event: AdverseEvent) -> str:
    if not event.serious:
        return NONE
    return f"yes, aware {event.aware_on}" if event.aware_on else "yes"


def _emergent(person: Participant, fact: Fact[AdverseEvent]) -> str:
    if person.infusion is None:
        return NONE
    try:
        found = emergence(graded(fact), person.infusion.on).emergence.emergent
    except InvalidInput:
        return "unknown"
    return {True: "yes", False: "no", None: "unknown"}[found]


def worst_laboratory_table(found: GradedLaboratory, infused: Sequence[str]) -> Table:
    """Count participants by laboratory term and worst grade after the infusion."""
    worst = sorted(found.worst(), key=lambda one: one.grade.term)
    columns = (
        Column("Term"),
        *(Column(f"Grade\N{NO-BREAK SPACE}{grade}", "number", "Worst grade, participants") for grade in range(1, 5)),
        Column("Any", "number"),
    )
    rows: list[Row] = []
    for term, group in itertools.groupby(worst, key=lambda one: one.grade.term):
        values = list(group)
        by_grade = (counted([v.participant for v in values if v.grade.grade_max == grade]) for grade in range(1, 5))
        rows.append(Row((Cell(term), *by_grade, counted(v.participant for v in values))))
    notes = (
        f"Computed from {found.graded} values of {len(infused)} infused participants by CTCAE v5.0.",
        "Limits: the normal range recorded with each value.",
        "Baseline: the last value up to the day of the infusion.",
        "Where symptoms or a missing limit leave a range, its upper end is counted.",
        *found.faults[:_FAULTS],
    )
    return Table(
        "laboratory-worst",
        "Laboratory grades, computed: the worst of each participant",
        columns,
        tuple(rows),
        notes,
        "No laboratory value after an infusion has a grade above 0.",
    )


_FAULTS = 5


def severe_laboratory_table(found: GradedLaboratory, number: int) -> Table:
    """List each participant's worst laboratory value of grade 3 or more at a level."""
    values = [one for one in found.worst() if one.level == number and one.grade.grade_max >= SEVERE]
    columns = (
        Column("Participant"),
        Column("Term"),
        Column("Value", "number"),
        Column("Baseline", "number"),
        Column("Day", "number"),
        Column("Grade", "number"),
        Column("By"),
    )
    return Table(
        "laboratory-severe",
        f"Laboratory values of grade 3 or more at {level(number).lower()}: the worst of each participant",
        columns,
        tuple(_severe_row(one) for one in values),
        ("Day: from the infusion (day 0).",),
        "There is none.",
    )


def _severe_row(one: GradedValue) -> Row:
    grade = one.grade
    shown = str(grade.grade) if grade.grade is not None else f"{grade.grade_min}–{grade.grade_max}"
    crossed = max((limit for limit in grade.limits if limit.crossed), key=lambda limit: limit.grade, default=None)
    why = f"{crossed.of} {crossed.rule}" if crossed else NONE
    if grade.missing:
        why = f"{why}; open without {' and '.join(grade.missing)}"
    texts = (
        one.participant,
        grade.term,
        _unbroken(grade.value),
        _unbroken(one.baseline) if one.baseline else NONE,
        str(one.day),
        shown,
        why,
    )
    return Row(tuple(Cell(text) for text in texts))


def _unbroken(value: Quantity) -> str:
    """Write a quantity so that no line breaks within it."""
    return str(value).replace(" ", "\N{NO-BREAK SPACE}").replace("/", "\N{WORD JOINER}/\N{WORD JOINER}")


def stopping_table(rules: Sequence[Monitored]) -> Table:
    """Show where every stopping rule stands, and how it behaves."""
    rates = [each.rate for each in rules[0].behaviour] if rules else []
    group = "Chance of a halt, were the true rate"
    columns = (
        Column("Rule"),
        Column("So far", "number"),
        Column("Halts at", "number"),
        Column("State"),
        *(Column(f"{100 * rate:.0f} %", "number", group) for rate in rates),
    )
    rows = tuple(_stopping_row(one) for one in rules)
    notes = (
        "Watched after every participant. The chance of a halt is exact, over all participants whom the rule is about.",
    )
    return Table("stopping", "Stopping rules", columns, rows, notes, "The protocol has no stopping rule.")


def _stopping_row(one: Monitored) -> Row:
    rule = one.state.rule
    if one.state.met:
        state = "met: the study must halt" if one.state.must_halt else "met, and reviewed"
    else:
        state = f"{one.left} more would halt the study"
    return Row(
        (
            Cell(f"{rule.id}: {rule.when}"),
            Cell(f"{len(one.state.participants)} of {one.infused}", one.state.participants),
            Cell(str(rule.at_least)),
            Cell(state),
            *(Cell(f"{100 * each.stops:.0f}\N{NO-BREAK SPACE}%") for each in one.behaviour),
        ),
        strong=one.state.must_halt,
    )


def clocks_table(clocks: Sequence[Clock]) -> Table:
    """Show for each serious event when it is due where."""
    known = load_jurisdictions()
    codes = [code for code in known if any(one.deadline.jurisdiction == code for one in clocks)]
    columns = (
        Column("Participant"),
        Column("Event"),
        Column("Grade", "number"),
        Column("Aware on (day 0)"),
        *(Column(code, group="Due, by jurisdiction") for code in codes),
    )
    rows: list[Row] = []
    for _, group in itertools.groupby(sorted(clocks, key=lambda one: one.entry), key=lambda one: one.entry):
        own = list(group)
        first = own[0]
        cells = [first.participant, f"{first.term} (entry {first.entry})", str(first.grade), str(first.aware_on)]
        cells += ["; ".join(_due(one) for one in own if one.deadline.jurisdiction == code) or NONE for code in codes]
        rows.append(
            Row(tuple(Cell(text) for text in cells), strong=any(one.progress is Progress.OVERDUE for one in own))
        )
    notes = (
        "Overdue: the day has passed, and no report is recorded.",
        "Causality or expectedness that is not recorded does not stop a clock.",
        *dict.fromkeys(f"Entry {one.entry}: {one.assumed}." for one in clocks if one.assumed),
        *(f"{known[code].name}: {known[code].source}. Confirmed: {known[code].confirmed}." for code in codes),
    )
    return Table("clocks", "Expedited reports", columns, tuple(rows), notes, "No event calls for an expedited report.")


def _due(one: Clock) -> str:
    name = "" if one.deadline.report == "report" else f"{one.deadline.report} "
    if one.sent_on:
        return f"{name}{one.progress} {one.sent_on}"
    return f"{name}{one.deadline.due}{', overdue' if one.progress is Progress.OVERDUE else ''}"
