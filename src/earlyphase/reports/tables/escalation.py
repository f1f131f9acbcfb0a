"""The escalation: DLT by dose level, the history of decisions, and what departed from the protocol."""

from collections.abc import Sequence

from earlyphase.analysis.rates import DltRate
from earlyphase.analysis.results import estimated
from earlyphase.escalation.design import Act
from earlyphase.journal.payloads.conduct import DoseDecision, SeenRecommendation
from earlyphase.protocol.model import Protocol
from earlyphase.reports.values import Cell, Column, Row, Table
from earlyphase.reports.wording import NONE, counted, level, percent, percent_interval
from earlyphase.study.deviations import deviations, not_eligible
from earlyphase.study.state import Study

_HASH = 12


def dlt_table(rates: Sequence[DltRate], protocol: Protocol) -> Table:
    """Show the DLT rate at every planned dose level."""
    columns = (
        Column("Dose level"),
        Column("Dose"),
        *(Column(name, "number") for name in ("Enrolled", "Infused", "Evaluable", "DLT", "Pending", "Not evaluable")),
        Column("DLT rate", "number"),
        Column("95 % interval", "number"),
    )
    notes = (
        f"DLT window: {protocol.dlt.window_days} days from the infusion.",
        f"Rate: participants with a DLT among the DLT-evaluable. Interval: {rates[-1].estimate.interval}.",
        "Pending: enrolled and not yet infused, in the window, or not yet adjudicated.",
    )
    return Table(
        "dlt",
        "Dose-limiting toxicity by dose level",
        columns,
        tuple(_dlt_row(one, protocol) for one in rates),
        notes,
        population="enrolled",
    )


def _dlt_row(rate: DltRate, protocol: Protocol) -> Row:
    every = rate.level is None
    name = "All levels" if rate.level is None else level(rate.level)
    dose = "" if rate.level is None else str(protocol.doses.dose(rate.level))
    groups = (rate.enrolled, rate.infused, rate.evaluable, rate.dlts, rate.pending, rate.not_evaluable)
    return Row((Cell(name), Cell(dose), *(counted(group) for group in groups), *_estimated(rate)), strong=every)


def _estimated(rate: DltRate) -> tuple[Cell, Cell]:
    figure, *limits = estimated("DLT rate", rate.estimate, "%", 100)
    who = rate.evaluable
    return (
        Cell(percent(rate.estimate.estimate), who, (figure,)),
        Cell(percent_interval(rate.estimate), who, tuple(limits)),
    )


def decisions_table(study: Study) -> Table:
    """Show every decision beside the advice that was seen."""
    columns = tuple(
        Column(name)
        for name in (
            "Decided on",
            "Recommended, as seen",
            "Decided",
            "Because it differs",
            "By",
            "Based on head",
            "Protocol",
        )
    )
    rows = tuple(_decision_row(fact.payload) for fact in study.decisions)
    notes = ("Recommended: what the design answered to the journal at the head that the committee saw.",)
    return Table("decisions", "History of dose decisions", columns, rows, notes, "The committee has not decided yet.")


def _decision_row(decision: DoseDecision) -> Row:
    seen = decision.recommended
    texts = (
        str(decision.on),
        f"{advised(seen)}. {seen.reason}",
        decided(decision),
        decision.differs_because or NONE,
        ", ".join(decision.members),
        f"{decision.based_on[:_HASH]}…",
        decision.protocol_version,
    )
    return Row(tuple(Cell(text) for text in texts))


def advised(seen: SeenRecommendation) -> str:
    """Say what a design recommended."""
    if seen.decision is Act.STOP:
        return f"stop, MTD {level(seen.mtd).lower()}" if seen.mtd is not None else "stop, no MTD"
    if seen.next_level is None:
        return seen.decision.value
    place = "at" if seen.decision in (Act.STAY, Act.START) else "to"
    return f"{seen.decision.value} {place} {level(seen.next_level).lower()}"


def decided(decision: DoseDecision) -> str:
    """Say what a committee decided."""
    if decision.decision is Act.STOP:
        return f"stop, RP2D {level(decision.rp2d).lower()}" if decision.rp2d is not None else "stop, no RP2D"
    return f"{decision.decision.value}: {decision.cohort_size} more at {level(decision.next_level).lower()}"


def deviations_table(study: Study) -> Table:
    """Show what was done although the protocol says no, and who is in although the facts keep them out."""
    rows = [
        Row((Cell(one.participant, (one.participant,)), Cell(one.act), Cell(str(one.on)), Cell(one.because)))
        for one in deviations(study)
    ]
    rows += [
        Row((Cell(one.participant, (one.participant,)), Cell("eligibility"), Cell(str(one.on)), Cell(one.what)))
        for one in not_eligible(study)
    ]
    rows += [
        Row((Cell("Study"), Cell("dose decision"), Cell(str(fact.payload.on)), Cell(fact.payload.differs_because)))
        for fact in study.decisions
        if fact.payload.differs_because
    ]
    columns = tuple(Column(name) for name in ("Participant", "Act", "On", "Reason"))
    return Table("deviations", "Deviations", columns, tuple(rows), (), "No deviation was recorded.")
