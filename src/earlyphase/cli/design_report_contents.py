"""What the report of `earlyphase design report` says: a study's 3+3 in its variants, its size, and other designs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from earlyphase import __version__
from earlyphase.analysis.proportions import chance_of_at_least, proportion
from earlyphase.escalation.behaving import core
from earlyphase.escalation.catalogue import build
from earlyphase.escalation.characteristics import Characteristics, characteristics
from earlyphase.escalation.comparison import Compared, Result, compare, judge, own_options
from earlyphase.escalation.crm import Crm
from earlyphase.escalation.design import Design, Recommendation
from earlyphase.escalation.exact import every_end
from earlyphase.escalation.expansion import Expanded, expanded
from earlyphase.escalation.notation import parse_outcomes, tally
from earlyphase.escalation.options import Options
from earlyphase.escalation.planning import Curve, Planning, from_start
from earlyphase.escalation.protocol_text import statistics_section
from earlyphase.escalation.scenarios import true_mtd
from earlyphase.escalation.three_plus_three import FULL, Variant
from earlyphase.protocol.model import Protocol
from earlyphase.reports.figures.theme import WIDTH, titled
from earlyphase.reports.palette import BLUE, LINE, ORANGE, VERMILION
from earlyphase.reports.values import Cell, Column, Figure, Part, Report, Row, Section, Stamp, Statement, Table

OUTCOMES = (("MTD found", BLUE), ("too low", ORANGE), ("too high", VERMILION), ("none chosen", LINE))
"""What can come of an escalation, with its colour."""

EXAMPLES = ("1NNT", "1NTT", "1NNN 2NNT", "1NNN 2NTT", "1NNN 2NNT 2NNT", "1NNN 2NNN 3NNN", "1NNN 2NNN 3NTT")
"""Outcomes after which designs are asked what they advise: the first and second dose, and the third."""

HARMS = (0.01, 0.05, 0.1)
"""True rates of a harm that an expansion may or may not see, chosen as round figures."""


@dataclass(frozen=True, slots=True)
class _Basis:
    """What every section rests on."""

    protocol: Protocol
    planning: Planning
    levels: tuple[int, ...]
    """From the starting level upwards."""

    @property
    def variant(self) -> Variant:
        """The protocol's own."""
        return Variant(self.protocol.escalation.rule.variant.value)

    @property
    def planned(self) -> int:
        """The planned number of participants."""
        return self.protocol.planned_enrolment.count

    @property
    def truths(self) -> tuple[tuple[float, ...], ...]:
        """The curves over the levels."""
        return tuple(curve.over(self.levels) for curve in self.planning.curves)

    def options(self, most: int) -> Options:
        """The settings that the compared designs share, with a maximum."""
        size, doses = self.protocol.escalation.cohort_size, len(self.levels)
        return Options(
            doses=doses,
            variant=self.variant.value,
            target=self.planning.target,
            cohort_size=(size,),
            max_n=most,
            prior_mtd=(doses + 1) // 2,
        )


def design_report(protocol: Protocol, planning: Planning) -> Report:
    """Make the report."""
    basis = _Basis(protocol, planning, from_start(protocol.doses))
    variants = {each: characteristics(every_end(_variant(basis, each)), basis.truths) for each in Variant}
    most = FULL * len(basis.levels)
    sections = [_assumed(basis), _what_it_means(basis, variants)]
    if basis.levels != protocol.doses.numbers:
        sections.append(_level_below(basis))
    sections.append(_what_it_buys(basis))
    sections.append(_other_designs(basis, sorted({min(most, basis.planned), basis.planned})))
    sections.append(_text(basis, variants[basis.variant]))
    stamp = Stamp(f"{protocol.study}: the design of its dose escalation", "", "", 0, "", "", __version__, None)
    return Report(f"Dose escalation of {protocol.study}", protocol.title, stamp, tuple(sections))


def _variant(basis: _Basis, variant: Variant) -> Design:
    return build("3+3", Options(doses=len(basis.levels), variant=variant.value))


def _assumed(basis: _Basis) -> Section:
    """Show what the report rests on."""
    protocol, planning = basis.protocol, basis.planning
    doses, rule = protocol.doses, protocol.escalation.rule
    quote = f" (“{rule.source.quote}”)" if rule.source and rule.source.quote else ""
    dlts = [
        Column(f"{level}".replace("-", "−"), "number", "Assumed DLT probability at level") for level in doses.numbers
    ]
    rows = [
        _row(
            curve.name,
            *(f"{p:.0%}" for p in curve.over(doses.numbers)),
            _level(basis, true_mtd(curve.over(basis.levels), planning.target)),
            curve.why,
        )
        for curve in planning.curves
    ]
    amounts = "; ".join(f"level {one.level}: {one.dose}".replace("-", "−") for one in doses.levels)
    columns = (Column("Curve"), *dlts, Column("MTD"), Column("Why"))
    note = f"MTD: the level nearest to the target of {planning.target:.0%}, from the starting level upwards."
    parts: tuple[Part, ...] = (
        Statement(f"Dose levels, {doses.basis}: {amounts} ({doses.of}); the start is level {doses.start}."),
        Statement(f"Rule, {rule.basis}: {rule.rule}, variant {rule.variant}{quote}. {rule.why or ''}"),
        Statement(f"Planned participants, {protocol.planned_enrolment.basis}: {basis.planned}."),
        Statement(f"Target, assumed: a DLT probability of {planning.target:.0%}. {planning.why}"),
        Table("curves", "True curves, assumed", columns, tuple(rows), (note,)),
    )
    lead = "The levels, the rule and the size are the protocol's. The true DLT probabilities are unknown, and assumed."
    return Section("assumptions", "What this rests on", parts, lead)


def _what_it_means(basis: _Basis, variants: dict[Variant, tuple[Characteristics, ...]]) -> Section:
    """Show the variants side by side."""
    rows: list[Row] = []
    for at, curve in enumerate(basis.planning.curves):
        rows.append(_heading(_named(basis, curve), 3 + len(basis.levels)))
        rows += [_chances(_own(basis, each), found[at]) for each, found in variants.items()]
    table = Table(
        "variants",
        "What each of the three rules does",
        _columns(basis, "Curve and rule"),
        tuple(rows),
        ("Exact: every path was followed. Units: chances in percent; participants.",),
    )
    compared = [Compared(_own(basis, each), Options(), tuple(map(Result, found))) for each, found in variants.items()]
    drawn = _outcomes("variants-outcomes", "What comes of each rule", compared, basis)
    designs = {each.value: _variant(basis, each) for each in Variant}
    advice = _advice("variants-advice", "What each rule advises", designs, basis)
    lead = f"Three rules are called “3+3”. {_spread(basis, variants)}"
    return Section(
        "what-3-plus-3-means", f"What its “{basis.protocol.escalation.rule.rule}” means", (table, drawn, advice), lead
    )


def _spread(basis: _Basis, variants: dict[Variant, tuple[Characteristics, ...]]) -> str:
    """Say by how much the variants differ, curve by curve."""
    said: list[str] = []
    for at, curve in enumerate(basis.planning.curves):
        chosen = [(found[at].no_mtd, *found[at].select) for found in variants.values()]
        widest = max(max(column) - min(column) for column in zip(*chosen, strict=True))
        said.append(f"{100 * widest:.1f} under “{curve.name}”")
    return f"Between them the chance of a level differs by up to {', '.join(said)} (percentage points)."


def _level_below(basis: _Basis) -> Section:
    """Show what the protocol's own rule does with the levels below the start."""
    doses, rows = basis.protocol.doses, list[Row]()
    start = doses.index(doses.start)
    design = build("3+3", Options(doses=len(doses.levels), variant=basis.variant.value, start=start))
    found = characteristics(every_end(design), [curve.over(doses.numbers) for curve in basis.planning.curves])
    for curve, one in zip(basis.planning.curves, found, strict=True):
        rows.append(_chances(curve.name, one))
    table = Table(
        "level-below",
        f"{basis.variant}, with every level that is planned",
        _columns(basis, "Curve", doses.numbers),
        tuple(rows),
        ("Exact. Units: chances in percent; participants.",),
    )
    lead = "A level below the start is used only when the starting level is exceeded. The other tables leave it out."
    return Section("level-below", "With the level below the start", (table,), lead)


def _what_it_buys(basis: _Basis) -> Section:
    """Show what the planned number of participants buys."""
    ends = every_end(_variant(basis, basis.variant))
    bought = [expanded(ends, truth, basis.planned) for truth in basis.truths]
    columns = ("A level is found", "In the escalation", "Left for the expansion", "At the level found", "At least")
    rows = tuple(_buys(curve, one) for curve, one in zip(basis.planning.curves, bought, strict=True))
    size = Table(
        "planned",
        f"Where the {basis.planned} are treated, rule {basis.variant}",
        (Column("Curve"), *(Column(heading, "number") for heading in columns)),
        rows,
        ("Exact averages. The expansion, and the number at the level, are of studies in which a level is found.",),
    )
    most, fewest = bought[0].most_in_escalation, min(one.fewest_at_dose for one in bought)
    numbers = sorted({FULL, fewest, round(bought[0].mean_at_dose), basis.planned})
    lead = (
        f"The escalation takes at most {most} of the {basis.planned} participants; the rest is an expansion at the "
        f"level that was found, where at least {fewest} are then treated in all."
    )
    return Section("what-the-size-buys", f"What {basis.planned} participants buy", (size, _precision(numbers)), lead)


def _buys(curve: Curve, one: Expanded) -> Row:
    figures = (one.escalation, one.expansion, one.mean_at_dose)
    return _row(curve.name, f"{one.found:.2%}", *(f"{each:.2f}" for each in figures), f"{one.fewest_at_dose}")


def _precision(numbers: Sequence[int]) -> Table:
    """Say what so many at one level can tell."""
    rows: list[Row] = []
    for n in numbers:
        seen = [proportion(count, n) for count in (round(n / 6), n // 2)]
        known = [f"{one.estimate:.0%} ({one.lower:.0%} to {one.upper:.0%})" for one in seen]
        rows.append(_row(f"{n}", *(f"{chance_of_at_least(1, n, harm):.0%}" for harm in HARMS), *known))
    harms = [Column(f"{harm:.0%}", "number", "Chance to see a harm whose true rate is") for harm in HARMS]
    columns = (
        Column("Participants"),
        *harms,
        Column("One in six with a DLT", "number"),
        Column("Half respond", "number"),
    )
    note = "Observed rates with 95 % intervals by Clopper–Pearson."
    return Table("precision", "What so many participants at one level can tell", columns, tuple(rows), (note,))


def _other_designs(basis: _Basis, sizes: Sequence[int]) -> Section:
    """Show what BOIN and CRM would have done with the same participants."""
    rule = f"3+3 {basis.variant}"
    [own] = compare(["3+3"], basis.options(sizes[-1]), basis.truths)
    compared = [Compared(rule, own.options, own.results)]
    for most in sizes:
        both = compare(["boin", "crm"], basis.options(most), basis.truths)
        compared += [Compared(f"{one.name.upper()}, {most}", one.options, one.results) for one in both]
    rows: list[Row] = []
    for at, curve in enumerate(basis.planning.curves):
        rows.append(_heading(_named(basis, curve), 5 + len(basis.levels)))
        rows += [_performance(one, at, basis) for one in compared]
    columns = (
        *_columns(basis, "Curve and design"),
        Column("Treated above the MTD", "number"),
        Column("DLTs", "number"),
    )
    notes = (
        "Exact: every path was followed. A number beside a design is its maximum, all of it used for the escalation.",
        f"Cohorts of {basis.protocol.escalation.cohort_size}; {_skeleton(basis)}",
    )
    table = Table("designs", "BOIN and CRM with the same participants", columns, tuple(rows), notes)
    shared = basis.options(sizes[-1])
    designs = {rule: _variant(basis, basis.variant)}
    designs |= {name.upper(): build(name, own_options(name, shared)) for name in ("boin", "crm")}
    advice = _advice("designs-advice", "What each design advises", designs, basis)
    drawn = _outcomes("designs-outcomes", "What comes of each design", compared, basis)
    lead = (
        "BOIN and CRM aim at the target itself, and may use every planned participant to find it. "
        "Whom they use in the escalation is not left for an expansion."
    )
    return Section("other-designs", "What BOIN or CRM would have done", (table, drawn, advice), lead)


def _skeleton(basis: _Basis) -> str:
    """Name the settings of the CRM."""
    crm = core(build("crm", own_options("crm", basis.options(basis.planned))))
    if not isinstance(crm, Crm):
        raise TypeError("the catalogue's crm is no CRM")
    values = ", ".join(f"{p:.3f}" for p in crm.model.skeleton)
    return f"CRM: empiric model, skeleton {values} (indifference intervals of ± 5 points); BOIN: its default limits."


def _performance(one: Compared, at: int, basis: _Basis) -> Row:
    counts, verdict = one.results[at].counts, judge(one.results[at], basis.planning.target)
    chances = _chances(one.name, counts)
    return Row((*chances.cells, Cell(f"{verdict.above:.1%}"), Cell(f"{sum(counts.dlts):.2f}")), indent=1)


def _text(basis: _Basis, found: tuple[Characteristics, ...]) -> Section:
    """Write the protocol's statistics section."""
    options = Options(doses=len(basis.levels), variant=basis.variant.value)
    paragraphs = statistics_section("3+3", options, basis.planning.target, found)
    return Section("protocol-text", "Text for a protocol", tuple(map(Statement, paragraphs)))


def _advice(name: str, title: str, designs: dict[str, Design], basis: _Basis) -> Table:
    """Ask the designs what they advise after some outcomes."""
    rows: list[Row] = []
    for outcomes in EXAMPLES:
        cohorts = parse_outcomes(outcomes)
        if max(cohort.dose for cohort in cohorts) > len(basis.levels):
            continue
        seen = tally(cohorts, len(basis.levels))
        words = " ".join(f"{basis.levels[cohort.dose - 1]}{cohort.outcomes}" for cohort in cohorts)
        rows.append(_row(words, *(_says(design.recommend(seen), basis) for design in designs.values())))
    columns = (Column("After"), *(Column(each) for each in designs))
    note = "Each word is a cohort at a level: N no DLT, T a DLT."
    return Table(name, title, columns, tuple(rows), (note,))


def _says(advice: Recommendation, basis: _Basis) -> str:
    """Say a recommendation in a few words."""
    if advice.next_dose is None:
        return f"over, MTD level {basis.levels[advice.mtd - 1]}" if advice.mtd else "over, no MTD"
    return f"{advice.decision}, {advice.cohort_size} at level {basis.levels[advice.next_dose - 1]}"


def _outcomes(name: str, title: str, compared: Sequence[Compared], basis: _Basis) -> Figure:
    """Draw what comes of each design under each curve."""
    names = [curve.name for curve in basis.planning.curves]
    values: list[dict[str, Any]] = []
    for one in compared:
        for curve, result in zip(names, one.results, strict=True):
            verdict = judge(result, basis.planning.target)
            shares = (verdict.correct, verdict.too_low, verdict.too_high, verdict.none)
            values += [
                {"curve": curve, "design": one.name, "outcome": outcome, "share": share, "order": order}
                for order, ((outcome, _), share) in enumerate(zip(OUTCOMES, shares, strict=True))
            ]
    colour = {"domain": [outcome for outcome, _ in OUTCOMES], "range": [shade.light for _, shade in OUTCOMES]}
    header = {"title": None, "labelAnchor": "start", "labelFontSize": 11, "labelPadding": 4}
    axis = {"title": None, "labelLimit": 200}
    encoding = {
        "facet": {"field": "curve", "type": "nominal", "columns": 1, "sort": names, "spacing": 8, "header": header},
        "y": {"field": "design", "type": "nominal", "sort": [one.name for one in compared], "axis": axis},
        "x": {
            "field": "share",
            "type": "quantitative",
            "scale": {"domain": [0, 1]},
            "axis": {"title": "Chance", "format": "%"},
        },
        "color": {"field": "outcome", "type": "nominal", "scale": colour, "legend": {"title": None}},
        "order": {"field": "order"},
    }
    spec = titled(width=WIDTH - 130, height={"step": 22}, data={"values": values}, mark="bar", encoding=encoding)
    first = "; ".join(f"{one.name}: {judge(one.results[0], basis.planning.target).correct:.1%}" for one in compared)
    said = f"Chance that the MTD is found under “{names[0]}”: {first}."
    return Figure(
        name, title, said, "One panel for each curve. Where no level is the MTD, to choose none is right.", spec
    )


def _columns(basis: _Basis, first: str, levels: tuple[int, ...] | None = None) -> tuple[Column, ...]:
    """Give the columns of a table of chances."""
    group = "Chance that the level is chosen"
    picked = [Column(f"{level}".replace("-", "−"), "number", group) for level in levels or basis.levels]
    return (Column(first), Column("no MTD", "number", group), *picked, Column("Participants", "number"))


def _chances(name: str, one: Characteristics) -> Row:
    shares = [f"{100 * share:.2f}" for share in (one.no_mtd, *one.select)]
    return Row((Cell(name), *map(Cell, shares), Cell(f"{one.total_patients:.2f}")), indent=1)


def _heading(text: str, cells: int) -> Row:
    return Row((Cell(text), *[Cell("")] * (cells - 1)), strong=True)


def _named(basis: _Basis, curve: Curve) -> str:
    """Name a curve with its probabilities and its MTD."""
    truth = curve.over(basis.levels)
    mtd = true_mtd(truth, basis.planning.target)
    values = ", ".join(f"{p:g}" for p in truth)
    return f"{curve.name}: {values}; MTD {_level(basis, mtd)}"


def _level(basis: _Basis, mtd: int) -> str:
    return f"level {basis.levels[mtd - 1]}" if mtd else "none"


def _own(basis: _Basis, variant: Variant) -> str:
    """Mark the protocol's own variant."""
    return f"{variant} (protocol)" if variant is basis.variant else variant.value


def _row(*cells: str) -> Row:
    return Row(tuple(map(Cell, cells)))
