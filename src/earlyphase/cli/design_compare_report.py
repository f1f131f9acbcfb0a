"""The report of `earlyphase design compare`: tables, figures, and a protocol's statistics section for each design."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from earlyphase import __version__
from earlyphase.escalation.comparison import Compared, average, judge
from earlyphase.escalation.conduct import Conduct
from earlyphase.escalation.protocol_text import statistics_section
from earlyphase.escalation.scenarios import true_mtd
from earlyphase.faults import InvalidInput
from earlyphase.reports.figures.theme import WIDTH, titled
from earlyphase.reports.page import page
from earlyphase.reports.palette import BLUE, LINE, ORANGE, SERIES, VERMILION
from earlyphase.reports.values import Cell, Column, Figure, Part, Report, Row, Section, Stamp, Statement, Table

OUTCOMES = (("MTD found", BLUE), ("too low", ORANGE), ("too high", VERMILION), ("none chosen", LINE))
"""What can come of an escalation, with its colour."""


def write_comparison(
    found: dict[str, tuple[Compared, ...]], target: float, conduct: Conduct | None, path: Path
) -> None:
    """Write the report of a comparison.

    Raises:
        InvalidInput: the file cannot be written.
    """
    names = ", ".join(one.name for one in found["fixed"])
    stamp = Stamp("Comparison of designs", "", "", 0, "", "", __version__, None)
    sections = [_curves(found["fixed"], target)]
    sections += [_set(name, each, target) for name, each in found.items()]
    sections += [_text(one, target) for one in found["fixed"]]
    if conduct is not None:
        sections.append(_conduct(conduct))
    report = Report(f"Dose escalation: {names}", f"Designs compared at a target of {target:g}", stamp, tuple(sections))
    try:
        path.write_text(page(report), "utf-8")
    except OSError as fault:
        raise InvalidInput("--report", str(path), f"cannot be written: {fault.strerror}.") from None


def _curves(each: tuple[Compared, ...], target: float) -> Section:
    """Show the fixed curves."""
    truths = [result.counts.truth for result in each[0].results]
    columns = (
        Column("Curve"),
        *(Column(f"Dose {dose + 1}", "number") for dose in range(len(truths[0]))),
        Column("MTD"),
    )
    rows = tuple(
        _row(f"{number}", *(f"{p:.2f}" for p in truth), str(true_mtd(truth, target) or "none"))
        for number, truth in enumerate(truths, start=1)
    )
    table = Table("curves", "True DLT probabilities", columns, rows)
    lead = "The MTD of a curve is the dose nearest to the target; there is none where the lowest is clearly too toxic."
    return Section("true-curves", "The curves", (table,), lead)


def _set(name: str, each: tuple[Compared, ...], target: float) -> Section:
    """Show how the designs do over one set of curves."""
    parts: list[Part] = [_average(name, each, target), _outcomes(name, each, target)]
    if name == "fixed":
        parts.append(_by_curve(each, target))
    else:
        parts.append(_spread(each, target))
    number = len(each[0].results)
    how = {
        "fixed": f"{number} curves, each design under every one.",
        "random": f"{number} random curves by the pseudo-uniform generator of Clertant & O'Quigley 2017: every dose is "
        "as likely as another to be the MTD.",
    }[name]
    methods = ", ".join(f"{one.name} {one.method}" for one in each)
    return Section(f"over-{name}", f"Over {name} curves", tuple(parts), f"{how} Figures: {methods}.")


def _average(name: str, each: tuple[Compared, ...], target: float) -> Table:
    """Average over a set of curves."""
    headings = ("MTD found", "Too low", "Too high", "None chosen", "Treated at MTD", "Treated above", "With a DLT")
    columns = (Column("Design"), *(Column(heading, "number") for heading in (*headings, "Participants", "Days")))
    rows: list[Row] = []
    for one in each:
        mean = average([judge(result, target) for result in one.results])
        shares = (mean.correct, mean.too_low, mean.too_high, mean.none, mean.at_mtd, mean.above, mean.dlts)
        days = "–" if mean.days is None else f"{mean.days:.0f}"
        rows.append(_row(one.name, *(f"{share:.1%}" for share in shares), f"{mean.participants:.1f}", days))
    notes = () if each[0].method == "exact" else ("Simulated figures carry a Monte Carlo error.",)
    return Table(f"average-{name}", f"On average over the {name} curves", columns, tuple(rows), notes)


def _by_curve(each: tuple[Compared, ...], target: float) -> Table:
    """Show each design under each curve."""
    doses = len(each[0].results[0].counts.truth)
    picked = [Column(f"{dose}", "number", "Chance that the dose is chosen") for dose in range(1, doses + 1)]
    columns = (Column("Curve and design"), *picked, Column("none", "number", "Chance that the dose is chosen"))
    columns += (Column("Participants", "number"), Column("Standard error at most", "number"))
    rows: list[Row] = []
    for at, first in enumerate(each[0].results):
        mtd = true_mtd(first.counts.truth, target) or "none"
        rows.append(Row((Cell(f"Curve {at + 1}, MTD {mtd}"), *[Cell("")] * (doses + 3)), strong=True))
        for one in each:
            counts = one.results[at].counts
            shares = [f"{share:.1%}" for share in (*counts.select, counts.no_mtd)]
            error = f"{max(counts.mcse.no_mtd, *counts.mcse.select):.1%}" if counts.mcse else "exact"
            cells = (one.name, *shares, f"{counts.total_patients:.1f}", error)
            rows.append(Row(tuple(map(Cell, cells)), indent=1))
    return Table("by-curve", "Each design under each curve", columns, tuple(rows))


def _outcomes(name: str, each: tuple[Compared, ...], target: float) -> Figure:
    """Draw what comes of each design, on average."""
    values: list[dict[str, Any]] = []
    for one in each:
        mean = average([judge(result, target) for result in one.results])
        shares = zip(OUTCOMES, (mean.correct, mean.too_low, mean.too_high, mean.none), strict=True)
        values += [
            {"design": one.name, "outcome": outcome, "share": share, "order": order}
            for order, ((outcome, _), share) in enumerate(shares)
        ]
    colour = {"domain": [outcome for outcome, _ in OUTCOMES], "range": [shade.light for _, shade in OUTCOMES]}
    encoding = {
        "y": {"field": "design", "type": "nominal", "sort": [one.name for one in each], "axis": {"title": None}},
        "x": {"field": "share", "type": "quantitative", "axis": {"title": "Chance", "format": "%"}},
        "color": {"field": "outcome", "type": "nominal", "scale": colour, "legend": {"title": None}},
        "order": {"field": "order"},
    }
    best = max(each, key=lambda one: average([judge(result, target) for result in one.results]).correct)
    spec = titled(width=WIDTH - 80, height=34 * len(each), data={"values": values}, mark="bar", encoding=encoding)
    said = f"{best.name} finds the MTD most often."
    return Figure(
        f"outcomes-{name}", f"What comes of each design, {name} curves", said, "On average over the set.", spec
    )


def _spread(each: tuple[Compared, ...], target: float) -> Figure:
    """Draw how often the MTD is found, curve by curve."""
    values = [{"design": one.name, "correct": judge(result, target).correct} for one in each for result in one.results]
    encoding = {
        "y": {"field": "design", "type": "nominal", "sort": [one.name for one in each], "axis": {"title": None}},
        "x": {
            "field": "correct",
            "type": "quantitative",
            "axis": {"title": "Chance that the MTD is found", "format": "%"},
        },
    }
    mark = {"type": "boxplot", "extent": "min-max", "size": 18, "color": SERIES[0].light}
    spec = titled(width=WIDTH - 80, height=34 * len(each), data={"values": values}, mark=mark, encoding=encoding)
    middle = {one.name: sorted(judge(r, target).correct for r in one.results)[len(one.results) // 2] for one in each}
    said = "; ".join(f"{name} {share:.0%} in the middle" for name, share in middle.items()) + "."
    title = "How often the MTD is found, curve by curve"
    return Figure("spread", title, said, "Box: the middle half of the curves; line: all of them.", spec)


def _text(one: Compared, target: float) -> Section:
    """Write a protocol's statistics section for one design."""
    counts = tuple(result.counts for result in one.results)
    paragraphs = statistics_section(one.name, one.options, target, counts)
    parts = tuple(Statement(paragraph) for paragraph in paragraphs)
    return Section(f"protocol-{one.name.replace('+', '-')}", f"Text for a protocol: {one.name}", parts)


def _conduct(conduct: Conduct) -> Section:
    """Show the conduct that durations hold for."""
    rows = tuple(_row(name.replace("_", " "), f"{value}") for name, value in asdict(conduct).items())
    table = Table(
        "conduct",
        "The conduct that the durations hold for (days; shares of 1)",
        (Column("What"), Column("How much", "number")),
        rows,
    )
    return Section("conduct-of-studies", "Conduct", (table,))


def _row(*cells: str) -> Row:
    """Make a row of texts."""
    return Row(tuple(map(Cell, cells)))
