"""What screening found, as one page: the population, then each patient with every verdict and what it rests on."""

from collections import Counter
from collections.abc import Sequence

from earlyphase import __version__
from earlyphase.eligibility.attrition import Attrition, attrition
from earlyphase.eligibility.comparing import moved
from earlyphase.eligibility.criteria_set import CriteriaSet
from earlyphase.eligibility.fhir import Skipped
from earlyphase.eligibility.screening import CriterionResult, Screening, Standing
from earlyphase.reports.figures.funnel import attrition_funnel
from earlyphase.reports.values import (
    Cell,
    Column,
    Glance,
    KeyFigure,
    Part,
    Report,
    Row,
    Section,
    Stamp,
    Statement,
    Table,
)


def screening_report(
    criteria: CriteriaSet,
    found: Sequence[Screening],
    changed: Sequence[Screening] = (),
    beside: str = "",
    skipped: Sequence[Skipped] = (),
) -> Report:
    """Report a screening.

    Args:
        criteria: the criteria of the study.
        found: what screening found, patient by patient.
        changed: the same patients under a changed criterion, or under another version of the protocol.
        beside: what that reading is called: `what if I6: lvef >= 45 %`.
        skipped: what a bundle held that could not be used.
    """
    subject = f"{criteria.study}, protocol {criteria.version}"
    stamp = Stamp(subject, "", "", 0, "", "", __version__, None)
    sections = [_population(criteria, found, changed, beside), _patients(criteria, found)]
    if skipped:
        sections.append(Section("not-used", "What was not used", (_skipped(skipped),)))
    when = f"{found[0].stage} on {found[0].on}" if len({(one.stage, one.on) for one in found}) == 1 else "several days"
    return Report(f"Screening for {criteria.study}", f"Eligibility at {when}", stamp, tuple(sections))


def _population(
    criteria: CriteriaSet, found: Sequence[Screening], changed: Sequence[Screening], beside: str
) -> Section:
    now = attrition(criteria, found)
    readings = [("as the protocol reads" if changed else "", now)]
    parts: list[Part] = [_glance(now)]
    if changed:
        then = attrition(criteria, changed)
        readings.append((beside, then))
        parts.append(_side_by_side(now, then, beside))
    parts += [attrition_funnel(readings), _attrition(criteria, now)]
    if changed:
        parts.append(_moved(found, changed, beside))
    lead = f"Values meet limits: {criteria.rounding}. What is unknown never becomes a yes or a no."
    return Section("population", "The population", tuple(parts), lead)


def _glance(now: Attrition) -> Glance:
    counts = (
        ("Screened", now.screened),
        ("Eligible", now.eligible),
        ("Unsettled", now.unsettled),
        ("Not eligible", now.not_eligible),
    )
    return Glance(tuple(KeyFigure(label, str(count)) for label, count in counts))


def _side_by_side(now: Attrition, then: Attrition, beside: str) -> Table:
    rows = [
        _row("Eligible", now.eligible, then.eligible),
        _row("Unsettled", now.unsettled, then.unsettled),
        _row("Not eligible", now.not_eligible, then.not_eligible),
    ]
    columns = (Column(""), Column("As the protocol reads", "number"), Column("Beside it", "number"))
    return Table("what-if", f"Beside it: {beside}", columns, tuple(rows))


def _attrition(criteria: CriteriaSet, now: Attrition) -> Table:
    headings = ("Left", "Fail here", "Fail in all", "Only obstacle", "Unsettled in all")
    columns = (Column("Criterion"), Column("Asks for"), *(Column(heading, "number") for heading in headings))
    rows = [
        _row(
            one.id,
            criteria.rule(one.id).criterion.as_interpreted,
            one.remaining,
            one.failed_here,
            one.failed,
            one.only_obstacle,
            one.unsettled,
        )
        for one in now.criteria
    ]
    notes = ("Left: whom neither this criterion nor one before it takes; who is unsettled stays in.",)
    return Table("attrition", "Attrition, criterion by criterion", columns, tuple(rows), notes)


def _moved(found: Sequence[Screening], changed: Sequence[Screening], beside: str) -> Table:
    columns = tuple(Column(name) for name in ("Patient", "As the protocol reads", "Beside it", "By"))
    rows = [_row(one.patient, one.before, one.after, ", ".join(one.criteria)) for one in moved(found, changed)]
    return Table("moved", f"Whom it moves: {beside}", columns, tuple(rows), (), "It moves nobody.")


def _patients(criteria: CriteriaSet, found: Sequence[Screening]) -> Section:
    parts: list[Part] = [_patient(criteria, one, number) for number, one in enumerate(found, start=1)]
    return Section("patients", "The patients", tuple(parts) or (Statement("Nobody was screened."),))


def _patient(criteria: CriteriaSet, one: Screening, number: int) -> Table:
    columns = tuple(Column(name) for name in ("Criterion", "Asks for", "Verdict", "Evidence, or the cause"))
    rows = [_verdict(criteria, result) for result in one.results]
    notes = [f"Fewest tests that could settle it: {_tests(one)}."] if one.next_tests else []
    notes += [f"Wait: {wait.says}" for wait in one.waits]
    if one.ignored:
        notes.append(f"No criterion knows {', '.join(one.ignored)}: is it spelt rightly?")
    title = f"{one.patient} at {one.stage} on {one.on}: {one.eligibility}"
    return Table(f"patient-{number}", title, columns, tuple(rows), tuple(notes))


def _verdict(criteria: CriteriaSet, result: CriterionResult) -> Row:
    due = f" (due at {result.stage})" if result.standing is Standing.NOT_DUE else ""
    asked = criteria.rule(result.id).criterion.as_interpreted
    failed = result.standing is Standing.FAILED
    said = f"{result.verdict}: keeps the patient out" if failed else str(result.verdict)
    row = _row(result.id, asked, said, "; ".join(result.basis) + due)
    return Row(row.cells, strong=failed)


def _tests(one: Screening) -> str:
    tests: dict[str, list[str]] = {}
    for need in one.next_tests:
        tests.setdefault(need.test, []).append(need.about)
    return "; ".join(f"{test} ({', '.join(about)})" for test, about in tests.items())


def _skipped(skipped: Sequence[Skipped]) -> Table:
    counts: Counter[tuple[str, str]] = Counter()
    for one in skipped:
        counts[one.resource, one.why] += one.count
    columns = (Column("Resource"), Column("Why"), Column("How many", "number"))
    rows = [_row(resource, why, count) for (resource, why), count in sorted(counts.items())]
    return Table("skipped", "What the bundle holds and could not be used", columns, tuple(rows))


def _row(*cells: str | int) -> Row:
    return Row(tuple(Cell(str(cell)) for cell in cells))
